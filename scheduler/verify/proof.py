"""A bukti hitung done again: every line from its operands, every comparison, and whether the claim follows from them.

``faults`` needs the proof alone; ``premise_faults`` also asks whether each premise is what the file and the ruleset say. Neither knows how the proof
was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from scheduler.domain.proof import Conclusion, Operation, Proof, Relation
from scheduler.verify.premises import Fault, premise_faults
from scheduler.verify.sums import worked_out

__all__ = ["PART", "Fault", "faults", "premise_faults"]

PART = "part:"
"""An operand ``part:ID`` is the claim of the part with this id."""

SUPPOSED = "slots_given"
"""Main duties that a split leaves to one of its groups: a number without a cell."""

ONE_WAY: Mapping[str, str] = {"teacher_alone_without": "without", "teacher_alone_with": "with"}
"""Kinds that close one way (without a main duty, with one) to one teacher."""


def faults(proof: Proof) -> tuple[Fault, ...]:
    """Everything wrong with the proof's arithmetic and with what it concludes; its parts included. Empty for a proof that stands."""
    return tuple(faults_within(proof, ""))


def faults_within(proof: Proof, whole: str) -> list[Fault]:
    """``whole`` is the kind of the proof that this one is a part of, "" for none."""
    found = [fault for part in proof.parts for fault in faults_within(part, proof.kind)]
    found += number_faults(proof)
    found += [Fault("wrong_conclusion", proof.id, c.left) for c in proof.conclusions if not holds(proof, c)]
    if not found:
        found += shape_faults(proof)
        # One way alone, and so many main duties as a split leaves, say something only within the proof they are a part of.
        supposes = any(number.says == SUPPOSED for number in proof.numbers)
        if (proof.kind in ONE_WAY and not whole) or (supposes and whole != "shared_main_duties"):
            found.append(Fault("claim_does_not_follow", proof.id))
    return found


def values_of(proof: Proof) -> dict[str, int]:
    """Value of every line, and of every part's claim, by the name operands know it by."""
    claims = {PART + part.id: part.most_valid for part in proof.parts}
    return {number.id: number.value for number in proof.numbers} | {name: claim for name, claim in claims.items() if claim is not None}


def number_faults(proof: Proof) -> Iterator[Fault]:
    """Ids unique, operands earlier, every value what its operation gives."""
    values = {name: value for name, value in values_of(proof).items() if name.startswith(PART)}
    if len({part.id for part in proof.parts}) < len(proof.parts):
        yield Fault("repeated_part", proof.id)
    for number in proof.numbers:
        if number.id in values:
            yield Fault("repeated_number", proof.id, number.id)
        if number.operation is Operation.GIVEN:
            if number.operands:
                yield Fault("premise_with_operands", proof.id, number.id)
        elif any(operand not in values for operand in number.operands):
            yield Fault("unknown_operand", proof.id, number.id)
        else:
            expected = worked_out(number.operation, [values[operand] for operand in number.operands])
            if expected != number.value:
                facts: dict[str, str | int] = {"value": number.value, "expected": "-" if expected is None else expected}
                yield Fault("wrong_number", proof.id, number.id, facts)
        values[number.id] = number.value
    yield from idle_premises(proof)


SENSITIVE = (Operation.SUM, Operation.DIFFERENCE, Operation.PRODUCT)
"""Operations in which a changed operand always changes the value (a product without 0)."""


def idle_premises(proof: Proof) -> Iterator[Fault]:
    """Premises that no sum, difference or product uses: they could be changed unseen."""
    used = {operand for number in proof.numbers if number.operation in SENSITIVE for operand in number.operands}
    for number in proof.numbers:
        is_nobody = number.id == proof.at_most and proof.kind.startswith("teacher_alone")
        if number.operation is Operation.GIVEN and number.id not in used and not is_nobody:
            yield Fault("idle_premise", proof.id, number.id)


def holds(proof: Proof, conclusion: Conclusion) -> bool:
    values = values_of(proof)
    left, right = values.get(conclusion.left), values.get(conclusion.right)
    if left is None or right is None:
        return False
    return {Relation.MORE_THAN: left > right, Relation.LESS_THAN: left < right, Relation.EQUAL: left == right}[conclusion.relation]


# --- whether the claim follows -----------------------------------------------------------------------------------------------------------


def shape_faults(proof: Proof) -> Iterator[Fault]:
    """The claim must follow from the conclusions in the way its kind says."""
    if not proof.conclusions:
        yield Fault("no_conclusion", proof.id)
        return
    shape = SHAPES.get(proof.kind)
    if shape is None:
        # A kind of another part of the program: sums and comparisons, and no claim on a number of valid teachers.
        if proof.at_most:
            yield Fault("unknown_kind", proof.id)
        return
    if proof.most_valid is None or len(set(proof.teachers)) != len(proof.teachers) or not 0 <= proof.most_valid < len(proof.teachers):
        yield Fault("no_claim", proof.id)
        return
    # Only the division of main duties reckons with what its parts claim.
    ends = [end for c in proof.conclusions for end in (c.left, c.right)]
    lines = [operand for number in proof.numbers if number.operation is not Operation.BEST_SPLIT for operand in number.operands]
    if any(end.startswith(PART) for end in (*ends, *lines)):
        yield Fault("claim_does_not_follow", proof.id)
        return
    yield from shape(proof)


def out_of_reach_shape(proof: Proof) -> Iterator[Fault]:
    """One teacher: for each way (without a main duty, with one) a requirement that is more than what there is."""
    numbers = {number.id: number for number in proof.numbers}
    ways = [numbers[c.left].names.get("way", "") for c in proof.conclusions]
    excluded = {WAY_EXCLUDED[a.says] for a in proof.assumptions if a.says in WAY_EXCLUDED}
    expected = {ONE_WAY[proof.kind]} if proof.kind in ONE_WAY else {"without", "with"} - excluded
    is_more = all(c.relation is Relation.MORE_THAN for c in proof.conclusions)
    if len(proof.teachers) != 1 or proof.most_valid != 0 or not is_more or set(ways) != expected or len(ways) != len(expected):
        yield Fault("claim_does_not_follow", proof.id)


WAY_EXCLUDED: Mapping[str, str] = {"no_main_duty": "with", "holds_main_duty": "without"}
"""Assumptions that leave one teacher only one way: nobody may give him a main duty, or the workbook has given him one."""


def shared_shape(proof: Proof) -> Iterator[Fault]:
    """Several teachers: the cheapest of one more than the claim need more than there is."""
    numbers = {number.id: number for number in proof.numbers}
    conclusion = proof.conclusions[0]
    needed, pool = numbers.get(conclusion.left), conclusion.right
    if len(proof.conclusions) != 1 or conclusion.relation is not Relation.MORE_THAN or needed is None or needed.operation is not Operation.CHEAPEST:
        yield Fault("claim_does_not_follow", proof.id)
        return
    if len(needed.operands) != 2 + 2 * len(proof.teachers):
        yield Fault("claim_does_not_follow", proof.id, needed.id)
        return
    one_more, slots = numbers[needed.operands[0]], numbers[needed.operands[1]]
    if one_more.operation is not Operation.SUM or one_more.operands[:1] != (proof.at_most,) or one_more.value != (proof.most_valid or 0) + 1:
        yield Fault("claim_does_not_follow", proof.id, one_more.id)
    for place, teacher in enumerate(proof.teachers):
        without, using = (numbers[operand] for operand in needed.operands[2 + 2 * place : 4 + 2 * place])
        ways = [(without, "teacher_alone_without"), (using, "teacher_alone_with")]
        for number, kind in ways if slots.value > 0 else ways[:1]:
            # More than there is: only where a part shows that the teacher is out of reach that way.
            if number.says == "out_of_reach" and (pool not in number.operands or not out_of_reach(proof, teacher, kind)):
                yield Fault("claim_does_not_follow", proof.id, number.id)


def out_of_reach(proof: Proof, teacher: str, kind: str) -> bool:
    return any(part.teachers == (teacher,) and part.kind == kind for part in proof.parts)


def split_shape(proof: Proof) -> Iterator[Fault]:
    """Groups that share main duties: the claim is the best division, and each group's numbers are the claims of parts with so many duties."""
    numbers, parts = {number.id: number for number in proof.numbers}, {PART + part.id: part for part in proof.parts}
    best = numbers[proof.at_most]
    if best.operation is not Operation.BEST_SPLIT or best.operands[0] not in numbers or len(proof.teachers) < 2:
        yield Fault("claim_does_not_follow", proof.id, best.id)
        return
    slots = numbers[best.operands[0]].value
    members: list[str] = []
    for start in range(1, len(best.operands), slots + 1):
        row = best.operands[start : start + slots + 1]
        group = group_of(row, parts)
        members += group
        for used, operand in enumerate(row):
            part = parts.get(operand)
            if part is None:
                stands = operand in numbers and numbers[operand].value == len(group)
            else:
                stands = part.teachers == group and slots_of(part) >= used
            if not stands:
                yield Fault("claim_does_not_follow", proof.id, operand)
    if sorted(members) != sorted(proof.teachers):
        yield Fault("claim_does_not_follow", proof.id, best.id)


def group_of(row: Sequence[str], parts: Mapping[str, Proof]) -> tuple[str, ...]:
    """Teachers of one group: those of the parts that stand for it."""
    return next((parts[operand].teachers for operand in row if operand in parts), ())


def slots_of(part: Proof) -> int:
    """With how many main duties the part's claim stands; one that excludes nothing stands with any number."""
    if part.kind == "teacher_alone_without":
        return 0
    if part.kind == "teacher_alone":
        return len(part.numbers)
    numbers = {number.id: number for number in part.numbers}
    needed = numbers.get(part.conclusions[0].left)
    slots = numbers.get(needed.operands[1]) if needed is not None and needed.operation is Operation.CHEAPEST else None
    return -1 if slots is None else slots.value


SHAPES: Mapping[str, Callable[[Proof], Iterator[Fault]]] = {
    "teacher_alone": out_of_reach_shape,
    "teacher_alone_without": out_of_reach_shape,
    "teacher_alone_with": out_of_reach_shape,
    "shared_hours": shared_shape,
    "shared_duties": shared_shape,
    "shared_main_duties": split_shape,
}
"""How the claim of each kind of counting bound follows from its lines."""
