"""Which lessons to set free together in one step of the search, each a plain function of the week and a random number generator.

``size`` is about how many lessons are freed. The classes are what fills up, so lessons that can change places share classes. Every second choice
begins where the week is worst.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from scheduler.timetable.frame import Frame, Meet, Week, idle_in

TROUBLE_CHANCE = 0.5
"""How often a choice begins where the week is worst, instead of anywhere."""


@dataclass(frozen=True, slots=True)
class Freed:
    """The meets that are taken out, by bundle; ``days`` bounds where they may go back (None = anywhere)."""

    chosen: Mapping[int, Sequence[Meet]]
    days: frozenset[str] | None = None


Neighbourhood = Callable[[Frame, Week, Random, int], Freed]


def some_classes(frame: Frame, week: Week, rng: Random, size: int) -> Freed:
    """All lessons of a few classes that share teachers."""
    resource, _ = starting_point(frame, week, rng)
    return Freed(lessons_of_related(frame, week, rng, size, frame.fillers, class_with(frame, resource, rng)))


def related_teachers(frame: Frame, week: Week, rng: Random, size: int) -> Freed:
    """All lessons of a few teachers who teach the same classes."""
    resource, _ = starting_point(frame, week, rng)
    return Freed(lessons_of_related(frame, week, rng, size, frame.wishers, resource))


def some_days(frame: Frame, week: Week, rng: Random, size: int) -> Freed:
    """The lessons of two days, in classes that share teachers."""
    resource, day = starting_point(frame, week, rng)
    others = [other for other in frame.day_names if other != day]
    days = frozenset({day, *rng.sample(others, min(1, len(others)))})
    return Freed(lessons_of_related(frame, week, rng, size, frame.fillers, class_with(frame, resource, rng), days), days)


def starting_point(frame: Frame, week: Week, rng: Random) -> tuple[int, str]:
    """A teacher and a day: one with idle times, else one of a teacher's shortest days; or any."""
    if rng.random() < TROUBLE_CHANCE:
        busy = frame.busy_points(week)
        idle = [(term.resource, frame.times[term.times[0]].day) for term in frame.idle_terms if idle_in(term, busy[term.resource])]
        if idle:
            return rng.choice(idle)
        hours = {(term.resource, term.times[0]): sum(time in busy[term.resource] for time in term.times) for term in frame.idle_terms}
        short = [(resource, frame.times[time].day) for (resource, time), count in hours.items() if 0 < count <= 3]
        if short:
            return rng.choice(short)
    return (rng.choice(frame.wishers) if frame.wishers else -1), rng.choice(frame.day_names)


def class_with(frame: Frame, resource: int, rng: Random) -> int | None:
    """A class that the teacher teaches, else any; None without classes."""
    own = [other for bundle in frame.bundles_of[resource] for other in frame.attends[bundle] if other in frame.filler_set] if resource >= 0 else []
    choices = own or frame.fillers
    return rng.choice(choices) if choices else None


def lessons_of_related(
    frame: Frame, week: Week, rng: Random, size: int, among: Sequence[int], first: int | None, days: frozenset[str] | None = None
) -> dict[int, Sequence[Meet]]:
    """Meets of related resources, one resource after the other until there are ``size`` of them."""
    chosen: dict[int, Sequence[Meet]] = {}
    picked, done = first, set[int]()
    while picked is not None and picked >= 0:
        done.add(picked)
        for bundle in frame.bundles_of[picked]:
            meets = [meet for meet in week[bundle] if days is None or frame.times[meet[0]].day in days]
            if meets:
                chosen[bundle] = meets
        related = related_counts(frame, chosen, among, done)
        if sum(map(len, chosen.values())) >= size or not related:
            return chosen
        picked = rng.choices(list(related), list(related.values()))[0]
    return chosen


def related_counts(frame: Frame, chosen: Iterable[int], among: Sequence[int], done: set[int]) -> dict[int, int]:
    """How often resources not yet done meet somebody of the chosen lessons."""
    touched = {resource for bundle in chosen for resource in frame.attends[bundle]}
    counts = Counter(resource for other in touched for bundle in frame.bundles_of[other] for resource in frame.attends[bundle])
    return {resource: counts[resource] for resource in among if resource not in done and counts[resource]}
