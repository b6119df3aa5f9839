"""Building a part of a week anew: which lessons of a former week stay exactly, and what keeps them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.domain.plan import Lesson
from scheduler.domain.timetabling import Constraint, PreferTimes, SpreadEvents, TimeGroup
from scheduler.policy.case import Case

if TYPE_CHECKING:
    from scheduler.policy.case import Need
    from scheduler.timetable.problem import WeekProblem

KEPT = "kept_lessons"


@dataclass(frozen=True, slots=True)
class Part:
    """What is built anew: the lessons of these classes and of these teachers (all where neither is named), on these days (all where none is).

    Lessons of named days stay on them.
    """

    classes: frozenset[str] = frozenset()
    teachers: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()

    def frees(self, lesson: Lesson) -> bool:
        concerned = not (self.classes or self.teachers) or lesson.teacher in self.teachers or not self.classes.isdisjoint(lesson.rombels)
        return concerned and (not self.days or lesson.day in self.days)


@dataclass(frozen=True, slots=True)
class Kept:
    """``lessons`` stay exactly where they are; everything else lies on ``days`` (empty = any)."""

    lessons: tuple[Lesson, ...] = ()
    days: frozenset[str] = frozenset()


def kept_by(case: Case, former: Sequence[Lesson], part: Part) -> Kept:
    """The lessons of a former week that a part does not free. Parallel groups are freed together: their lessons start together."""
    parallel = {case.need[x.need].parallel for x in former if x.need in case.need and part.frees(x)} - {""}

    def is_free(lesson: Lesson) -> bool:
        linked = lesson.need in case.need and case.need[lesson.need].parallel in parallel
        return part.frees(lesson) or (linked and (not part.days or lesson.day in part.days))

    return Kept(tuple(lesson for lesson in former if not is_free(lesson)), part.days)


def kept_constraints(week: WeekProblem, kept: Kept) -> Iterator[Constraint]:
    """Every kept lesson at its time, by general constraints alone.

    The lessons of a length start where the kept ones did, or on the open days if some of that length are free; and no day has more of them than it
    had. As many lessons as are kept find exactly their old times then: a class has no two lessons at once. A need whose kept lessons are none of its
    block pattern's any more, or stand at hours that are gone, is built anew.
    """
    by_need: dict[str, list[Lesson]] = {}
    for lesson in kept.lessons:
        by_need.setdefault(lesson.need, []).append(lesson)
    for need in week.needs:
        yield from _kept_of(week, need, by_need.get(need.id, ()), kept.days)


def _kept_of(week: WeekProblem, need: Need, lessons: Sequence[Lesson], days: frozenset[str]) -> Iterator[Constraint]:
    times = {(t.day, t.period): t.id for group in week.day_groups[week.needs[need]] for t in map(week.time_of, group.times)}
    own = Counter(lesson.length for lesson in lessons)
    can_stay = own <= Counter(need.blocks) and all((lesson.day, lesson.period) in times for lesson in lessons)
    stay = lessons if can_stay else ()
    free = Counter(need.blocks) - Counter(lesson.length for lesson in stay)
    if not stay and not days:
        return
    open_days = [time for (day, _), time in times.items() if not days or day in days]
    for length in sorted(set(need.blocks)):
        old = [times[lesson.day, lesson.period] for lesson in stay if lesson.length == length]
        starts = tuple(dict.fromkeys([*old, *(open_days if free[length] else ())]))
        yield PreferTimes(id=KEPT, events=(need.id,), times=starts, length=length)
    if stay and free:
        on = Counter(lesson.day for lesson in stay)
        yield from (_at_most(need, day, (t for (d, _), t in times.items() if d == day), count) for day, count in on.items())
        yield _at_most(need, "open", (time for time in open_days if week.time_of(time).day not in on), free.total())


def _at_most(need: Need, name: str, times: Iterable[str], count: int) -> Constraint:
    return SpreadEvents(id=KEPT, event_groups=((need.id,),), time_groups=(TimeGroup(name, tuple(times)),), maximum=count)
