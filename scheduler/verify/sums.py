"""The operations of a bukti hitung on plain whole numbers: what a calculator gives, and what takes a little trying by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from scheduler.domain.proof import Operation


def worked_out(operation: Operation, operands: Sequence[int]) -> int | None:
    """The value of an operation, None where it has none (no classes reach the target, not so many teachers, a malformed line)."""
    if operation is Operation.GIVEN or (not operands and operation is not Operation.SUM):
        return None
    return OPERATIONS[operation](operands)


def product(operands: Sequence[int]) -> int:
    value = 1
    for operand in operands:
        value *= operand
    return value


def least_whole(operands: Sequence[int]) -> int | None:
    """The least sum of whole classes that reaches the target; ``operands`` are the target, then (count, hours) pairs."""
    target, pairs = operands[0], paired(operands[1:])
    if pairs is None:
        return None
    if target <= 0:
        return 0
    reached = {0}
    for count, hours in pairs:
        for _ in range(min(count, -(-target // max(1, hours)))):
            reached |= {total + hours for total in reached if total < target}
    return min((total for total in reached if total >= target), default=None)


def cheapest(operands: Sequence[int]) -> int | None:
    """The least sum of so many teachers' hours; ``operands`` are how many, how many slots, then (without slot, with slot) pairs."""
    pairs = paired(operands[2:]) if len(operands) >= 2 else None
    if pairs is None:
        return None
    wanted, slots = operands[0], max(0, operands[1])
    least = cheapest_sums(slots, pairs)
    return least[wanted] if 0 <= wanted < len(least) else None


def cheapest_sums(slots: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """For 0, 1, … teachers the least sum of their hours, at most ``slots`` of them with their second number."""
    slots = min(slots, len(pairs))
    least: dict[tuple[int, int], int] = {(0, 0): 0}
    for without, using in pairs:
        longer = dict(least)
        for (count, used), total in least.items():
            more = ((count + 1, used), total + without), ((count + 1, used + 1), total + using)
            for state, hours in more:
                if state[1] <= slots and hours < longer.get(state, hours + 1):
                    longer[state] = hours
        least = longer
    return [min(total for (count, _), total in least.items() if count == wanted) for wanted in range(len(pairs) + 1)]


def best_split(operands: Sequence[int]) -> int | None:
    """The most valid of all groups; ``operands`` are the slots, then for each group its most valid with 0, 1, … slots."""
    slots = operands[0]
    if slots < 0 or (len(operands) - 1) % (slots + 1):
        return None
    best = [0] * (slots + 1)
    for start in range(1, len(operands), slots + 1):
        group = operands[start : start + slots + 1]
        best = [max(best[total - own] + group[own] for own in range(total + 1)) for total in range(slots + 1)]
    return max(best)


def paired(operands: Sequence[int]) -> list[tuple[int, int]] | None:
    return list(zip(operands[::2], operands[1::2], strict=True)) if len(operands) % 2 == 0 else None


OPERATIONS: Mapping[Operation, Callable[[Sequence[int]], int | None]] = {
    Operation.SUM: sum,
    Operation.DIFFERENCE: lambda operands: operands[0] - sum(operands[1:]),
    Operation.PRODUCT: product,
    Operation.LEAST_WHOLE: least_whole,
    Operation.CHEAPEST: cheapest,
    Operation.BEST_SPLIT: best_split,
}
