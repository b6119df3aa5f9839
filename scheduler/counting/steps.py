"""Whole classes: hours come in the steps of the classes (5 JP in fives), never in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from scheduler.verify.sums import least_whole


def largest_sum(hours: Iterable[int], most: int, forced: int = 0) -> int:
    """Largest sum of whole classes, ``forced`` hours included, that is at most ``most``; ``forced`` where already they are more."""
    if forced > most:
        return forced
    return forced + sums(hours, most - forced).bit_length() - 1


def least_sum(hours: Iterable[int], target: int) -> int | None:
    """Least sum of whole classes that reaches ``target``; None where all together do not."""
    pairs = ((count, length) for length, count in Counter(hours).items())
    return least_whole((target, *chain.from_iterable(pairs)))


def sums(hours: Iterable[int], most: int) -> int:
    """Bit n is set where some of the classes have n hours together, for n up to ``most``."""
    mask = (1 << (most + 1)) - 1
    found = 1
    for length, count in Counter(h for h in hours if h > 0).items():
        for _ in range(min(count, most // length)):
            found |= (found << length) & mask
    return found


def largest_recognised(classes: Iterable[tuple[int, int]], most: int) -> int:
    """Most recognised hours of whole classes (JP, recognised) that take at most ``most`` JP."""
    best = [0] * (max(0, most) + 1)
    for (jp, recognised), count in Counter(classes).items():
        for _ in range(min(count, most // jp if jp > 0 else 1)):
            for taken in range(most, jp - 1, -1):
                best[taken] = max(best[taken], best[taken - jp] + recognised)
    return best[-1]
