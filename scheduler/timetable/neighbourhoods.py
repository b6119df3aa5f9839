"""Which lessons to set free together in one step of the search, each a plain function of the week and a random number generator.

``size`` is about how many lessons are freed. The classes are what fills up, so lessons that can change places share classes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from scheduler.timetable.frame import Frame, Meet, Week


@dataclass(frozen=True, slots=True)
class Freed:
    """The meets that are taken out, by bundle; ``days`` bounds where they may go back (None = anywhere)."""

    chosen: Mapping[int, Sequence[Meet]]
    days: frozenset[str] | None = None


Neighbourhood = Callable[[Frame, Week, Random, int], Freed]


def some_classes(frame: Frame, week: Week, rng: Random, size: int) -> Freed:
    """All lessons of a few classes that share teachers."""
    return Freed(whole_resources(frame, week, rng, size, frame.fillers))


def related_teachers(frame: Frame, week: Week, rng: Random, size: int) -> Freed:
    """All lessons of a few teachers who teach the same classes."""
    return Freed(whole_resources(frame, week, rng, size, frame.wishers))


def some_days(frame: Frame, week: Week, rng: Random, size: int) -> Freed:
    """The lessons of two days, in classes that share teachers."""
    days = frozenset(rng.sample(frame.day_names, min(2, len(frame.day_names))))
    return Freed(whole_resources(frame, week, rng, size, frame.fillers, days), days)


def whole_resources(
    frame: Frame, week: Week, rng: Random, size: int, among: Sequence[int], days: frozenset[str] | None = None
) -> dict[int, Sequence[Meet]]:
    """Meets of related resources, one resource after the other until there are ``size`` of them."""
    chosen: dict[int, Sequence[Meet]] = {}
    if not among:
        return chosen
    picked = rng.choice(among)
    done: set[int] = set()
    while True:
        done.add(picked)
        for bundle in frame.bundles_of[picked]:
            meets = [meet for meet in week[bundle] if days is None or frame.times[meet[0]].day in days]
            if meets:
                chosen[bundle] = meets
        related = related_counts(frame, chosen, among, done)
        if sum(map(len, chosen.values())) >= size or not related:
            return chosen
        picked = rng.choices(list(related), list(related.values()))[0]


def related_counts(frame: Frame, chosen: Iterable[int], among: Sequence[int], done: set[int]) -> dict[int, int]:
    """How often resources not yet done meet somebody of the chosen lessons."""
    touched = {resource for bundle in chosen for resource in frame.attends[bundle]}
    counts = Counter(resource for other in touched for bundle in frame.bundles_of[other] for resource in frame.attends[bundle])
    return {resource: counts[resource] for resource in among if resource not in done and counts[resource]}


