"""The week of a division of work: built, improved until the limit, with what is proved about it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from scheduler.domain.plan import WEEK_LEVELS, Assignment, Lesson, Level, Status
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent
from scheduler.policy.case import Case
from scheduler.timetable.bound import Wishes, counted_bounds, exact_bounds, lowest_cost, outlined_bounds, total, wishes_of
from scheduler.timetable.conflict import smallest_conflict, smallest_counted_conflict
from scheduler.timetable.counting import counted_conflict
from scheduler.timetable.days import week_by_days
from scheduler.timetable.first import FIRST_WORK, closest_week, first_week, limited
from scheduler.timetable.frame import NO_ROOM, Frame, Meet, Week
from scheduler.timetable.kept import Kept
from scheduler.timetable.lns import Search
from scheduler.timetable.problem import TEACHER, WeekProblem, room_id
from scheduler.timetable.rooms import meetings_with_rooms

BOUND_SECONDS, OUTLINE_SECONDS = 0.1, 4.0
"""Kept back for each teacher's bound, and for that of the week's outline …"""

BOUND_SHARE = 0.1
"""… but no more than this share of the time."""


@dataclass(frozen=True, slots=True)
class WeekOutcome:
    """How the search for a week ended.

    ``levels`` are those of ``WEEK_LEVELS`` in order, each bound under the values before it; empty without lessons. ``conflict`` is filled when
    INFEASIBLE: (need, teacher) pairs that no week can hold together; empty there means that no week exists whoever teaches.
    """

    status: Status
    lessons: tuple[Lesson, ...] = ()
    levels: tuple[Level, ...] = ()
    conflict: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Limits:
    """What is left of the time since the solve began."""

    options: SolveOptions
    started: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def left(self, keep_back: float = 0.0) -> SolveOptions:
        if self.options.seconds is None:
            return self.options
        return replace(self.options, seconds=max(0.01, self.options.seconds - self.elapsed - keep_back))

    def left_if_any(self) -> SolveOptions | None:
        """None when the time is up or a stop was asked for."""
        if self.options.stop.is_set() or (self.options.seconds is not None and self.elapsed >= self.options.seconds):
            return None
        return self.left()


def solve_week(
    case: Case,
    assignments: Sequence[Assignment],
    options: SolveOptions,
    listener: Listener = silent,
    former: Sequence[Lesson] = (),
    kept: Kept | None = None,
) -> WeekOutcome:
    """Place every lesson, then lessen idle hours, teaching days and unwanted times, in this order, until the limit.

    Parameters
    ----------
    options
        at the end of ``seconds``, or on ``stop``, the best week so far is returned. ``deterministic_limit`` bounds the search in CP-SAT's own
        measure instead; then one worker gives the same week again
    listener
        hears the first level that is not yet at its bound
    former
        lessons to be kept where they were: as many as the rules allow, before all wishes
    kept
        lessons that stay exactly where they are: only the rest of the week is built

    Returns
    -------
    WeekOutcome
        UNKNOWN also where the case has no bell times at all
    """
    limits = Limits(options)
    problem = WeekProblem(case, assignments, kept).build()
    if not problem.events:
        return WeekOutcome(Status.UNKNOWN)
    frame = Frame(problem)
    counted = counted_conflict(frame, TEACHER)
    if counted is not None:
        return WeekOutcome(Status.INFEASIBLE, conflict=smallest_counted_conflict(problem, TEACHER, counted))
    near = former_meets(frame, former)
    status, week = any_week(frame, near, limits)
    if week is None:
        conflict = smallest_conflict(problem, TEACHER, limits.left_if_any) if status is Status.INFEASIBLE else ()
        return WeekOutcome(status, conflict=conflict)
    week, levels = improved(frame, week, near, limits, listener)
    status = Status.OPTIMAL if all(level.proved for level in levels) else Status.FEASIBLE
    return WeekOutcome(status, tuple(lessons_of(case, assignments, frame, week)), levels)


def has_week(case: Case, assignments: Sequence[Assignment], options: SolveOptions) -> Status:
    """Whether a division of work has a week at all: FEASIBLE, INFEASIBLE (by counting, or found twice), or UNKNOWN."""
    problem = WeekProblem(case, assignments).build()
    if not problem.events:
        return Status.UNKNOWN
    frame = Frame(problem)
    if counted_conflict(frame, TEACHER) is not None:
        return Status.INFEASIBLE
    status, week = any_week(frame, {}, Limits(options))
    return status if week is None else Status.FEASIBLE


def any_week(frame: Frame, kept: Mapping[int, tuple[Meet, ...]], limits: Limits) -> tuple[Status, Week | None]:
    """A first week: near the former one, else at once, else day by day, else by the whole model until the limit or a proof that there is none."""
    week = closest_week(frame, kept, limits.left())[1] if kept else None
    if week is not None:
        return Status.FEASIBLE, week
    found, week = first_week(frame, limited(limits.left(), FIRST_WORK))
    if found.status is not Status.UNKNOWN:
        return found.status, week
    week = week_by_days(frame, limits.left())
    if week is not None:
        return Status.FEASIBLE, week
    found, week = first_week(frame, limits.left())
    return found.status, week


def improved(frame: Frame, week: Week, kept: Mapping[int, tuple[Meet, ...]], limits: Limits, listener: Listener) -> tuple[Week, tuple[Level, ...]]:
    """The best week found from this one, and its levels."""
    counted = counted_bounds(frame)

    def tell(better: Week) -> None:
        level = next((level for level in levels_of(total(wishes_of(frame, better)), total(counted)) if not level.proved), None)
        if level is not None:
            listener(Progress(level.name, level.value, level.bound, limits.elapsed))

    tell(week)
    keep_back = BOUND_SECONDS * len(frame.wishers) + OUTLINE_SECONDS
    if limits.options.seconds is not None:
        keep_back = min(keep_back, BOUND_SHARE * (limits.options.seconds - limits.elapsed))
    lowest = lowest_cost(frame, counted)
    search = Search(frame, limits.left(keep_back), week, lowest, tell, kept or None)
    search.run()
    found = wishes_of(frame, search.week)
    values = total(found)
    if search.proved:
        return search.week, levels_of(values, values)
    bounds = total(exact_bounds(frame, found, counted, limits.left_if_any))
    return search.week, levels_of(values, outlined_bounds(frame, values, bounds, limits.left_if_any))


def levels_of(values: Wishes, bounds: Wishes) -> tuple[Level, ...]:
    return tuple(Level(name, value, bound, value == bound) for name, value, bound in zip(WEEK_LEVELS, values, bounds, strict=True))


def former_meets(frame: Frame, former: Sequence[Lesson]) -> dict[int, tuple[Meet, ...]]:
    """Where the lessons of a former week stand in this problem, as far as its needs and times still exist."""
    starts: dict[int, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for lesson in former:
        event = frame.event_index.get(lesson.need)
        if event is not None:
            bundle = frame.bundle_of[event]
            for time in frame.coverable_by(bundle):
                if (frame.times[time].day, frame.times[time].period) == (lesson.day, lesson.period):
                    starts[bundle][time][event] = lesson.length
    return {
        bundle: tuple(
            (time, tuple(lengths.get(event, 0) for event in frame.bundles[bundle].events), (NO_ROOM,)) for time, lengths in sorted(times.items())
        )
        for bundle, times in starts.items()
    }


def lessons_of(case: Case, assignments: Sequence[Assignment], frame: Frame, week: Week) -> Sequence[Lesson]:
    """The week in the plan's words, in the order of the needs and then of the week."""
    teacher_of = {row.need: row.teacher for row in assignments}
    lessons = []
    for meeting, room in meetings_with_rooms(frame, week):
        need, at = case.need[meeting.event], frame.times[frame.time_index[meeting.time]]
        lessons.append(
            Lesson(
                need.id,
                need.school,
                need.rombels,
                need.subject,
                teacher_of.get(need.id),
                at.day,
                at.period,
                meeting.length,
                room.removeprefix(room_id(need.school, "")),
            )
        )
    return lessons
