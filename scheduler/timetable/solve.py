"""The week of a division of work: built by the general engine, improved until the limit, with what is proved about it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scheduler.domain.plan import WEEK_LEVELS, WEEK_WISHES, Assignment, Lesson, Level, Status
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent
from scheduler.domain.timetabling import Constraint, CostFunction, Meeting, PreferTimes, TimetablingProblem
from scheduler.engine.solve import Solved, has_timetable, solve_problem
from scheduler.policy.case import Case
from scheduler.timetable.attendance import Attendance
from scheduler.timetable.bound import LEVEL_RULES, counted_bounds, week_bounds
from scheduler.timetable.conflict import smallest_conflict, smallest_counted_conflict
from scheduler.timetable.counting import counted_conflict
from scheduler.timetable.kept import Kept
from scheduler.timetable.pinned import Pins
from scheduler.timetable.problem import ROOM, SHIFT, TEACHER, WeekProblem, room_id

BOUND_SHARE, BOUND_SECONDS = 0.08, 10.0
"""Kept back of the time for the bounds of the levels."""

STAYS = "former_week"
"""Name of the wish that a lesson is where it was."""


@dataclass(frozen=True, slots=True)
class WeekOutcome:
    """How the search for a week ended.

    ``levels`` are those of ``WEEK_LEVELS`` in order (and ``WEEK_WISHES`` where the school has wishes of its own), each bound under the values before
    it; empty without lessons. ``conflict`` is filled when INFEASIBLE: (need, teacher) pairs that no week can hold together; empty there means that no
    week exists whoever teaches. ``further`` are other such conflicts, found at the same time. ``without_week``
    are schools of a district that got none (UNKNOWN).
    """

    status: Status
    lessons: tuple[Lesson, ...] = ()
    levels: tuple[Level, ...] = ()
    conflict: tuple[tuple[str, str], ...] = ()
    further: tuple[tuple[tuple[str, str], ...], ...] = ()
    without_week: tuple[str, ...] = ()


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
    pins: Pins | None = None,
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
        lessons to be kept where they were: as many hours as the rules allow, before all wishes
    kept
        lessons that stay exactly where they are: only the rest of the week is built
    pins
        hours in which a need is taught, or is not; no more is laid down of them

    Returns
    -------
    WeekOutcome
        UNKNOWN also where the case has no bell times at all
    """
    limits = Limits(options)
    stated = WeekProblem(case, assignments, kept, pins=pins)
    problem = stated.build()
    if not problem.events:
        return WeekOutcome(Status.UNKNOWN)
    week = Attendance(problem)
    counted = counted_conflict(week, TEACHER)
    if counted is not None:
        return WeekOutcome(Status.INFEASIBLE, conflict=smallest_counted_conflict(problem, TEACHER, counted))
    names = level_names(case)
    lowest = lowest_levels(week, names)

    def tell(better: Solved) -> None:
        level = next((level for level in levels_of(names, better.wishes, lowest) if not level.proved), None)
        if level is not None and not better.infeasibility:
            listener(Progress(level.name, level.value, level.bound, limits.elapsed))

    near = tuple(former_meetings(stated, former))
    wanted = staying(problem, near) if near else problem
    keep_back = 0.0 if options.seconds is None else min(BOUND_SECONDS, BOUND_SHARE * options.seconds)
    solved = solve_problem(wanted, limits.left(keep_back), start=near, on_better=tell, whole_only=True, bounded=False)
    if not solved.found:
        conflict = smallest_conflict(problem, TEACHER, limits.left_if_any) if solved.status is Status.INFEASIBLE else ()
        return WeekOutcome(solved.status, conflict=conflict)
    levels = proved_levels(week, levels_of(names, solved.wishes, lowest), solved, limits)
    status = Status.OPTIMAL if all(level.proved for level in levels) else Status.FEASIBLE
    return WeekOutcome(status, tuple(lessons_of(stated, solved.meetings)), levels)


def has_week(case: Case, assignments: Sequence[Assignment], options: SolveOptions, pins: Pins | None = None) -> Status:
    """Whether a division of work has a week at all: FEASIBLE, INFEASIBLE (by counting, or found twice), or UNKNOWN."""
    problem = WeekProblem(case, assignments, pins=pins).build()
    if not problem.events:
        return Status.UNKNOWN
    week = Attendance(problem)
    if counted_conflict(week, TEACHER) is not None:
        return Status.INFEASIBLE
    return has_timetable(week.frame, options)


# --- levels ------------------------------------------------------------------------------------------------------------------------------------


def level_names(case: Case) -> tuple[str, ...]:
    return (*WEEK_LEVELS, WEEK_WISHES) if any(not rule.required for rule in case.instance.week_rules) else WEEK_LEVELS


def lowest_levels(week: Attendance, names: Sequence[str]) -> tuple[int, ...]:
    """Bounds that counting gives at once."""
    bounds = counted_bounds(week).values()
    return tuple(sum(own[number] for own in bounds) if number < len(WEEK_LEVELS) else 0 for number in range(len(names)))


def levels_of(names: Sequence[str], wishes: Mapping[str, int], bounds: Sequence[int]) -> tuple[Level, ...]:
    values = [wishes.get(LEVEL_RULES[name], 0) for name in names]
    return tuple(Level(name, value, bound, value == bound) for name, value, bound in zip(names, values, bounds, strict=True))


def proved_levels(week: Attendance, levels: Sequence[Level], solved: Solved, limits: Limits) -> tuple[Level, ...]:
    """The levels with the best bounds: their own values where nothing is better at all."""
    values = [level.value for level in levels]
    bounds = values if solved.status is Status.OPTIMAL else week_bounds(week, levels, limits.left_if_any)
    return tuple(Level(level.name, level.value, bound, level.value == bound) for level, bound in zip(levels, bounds, strict=True))


# --- a former week -----------------------------------------------------------------------------------------------------------------------------


def former_meetings(stated: WeekProblem, former: Sequence[Lesson]) -> Iterator[Meeting]:
    """The lessons of a former week in this problem's words, as far as its needs, times and block patterns still exist."""
    times = {((time.place, time.bell), time.day, time.period): time.id for time in stated.times}
    lessons: dict[str, list[Meeting]] = defaultdict(list)
    for lesson in former:
        need = stated.case.need.get(lesson.need)
        time = times.get((stated.needs[need], lesson.day, lesson.period)) if need is not None and need in stated.needs else None
        if need is not None and time is not None:
            room = next((room for room in stated.rooms_for(need) if plain_room(room, need.school) == lesson.room), None)
            lessons[lesson.need].append(Meeting(lesson.need, time, lesson.length, {} if room is None else {ROOM: room}))
    for need_id, meetings in lessons.items():
        if sorted(meeting.length for meeting in meetings) == sorted(stated.case.need[need_id].blocks):
            yield from meetings


def staying(problem: TimetablingProblem, former: Sequence[Meeting]) -> TimetablingProblem:
    """The problem with the wish, before all others, that lessons start where they did."""
    starts: dict[tuple[str, int], list[str]] = defaultdict(list)
    for meeting in former:
        starts[meeting.event, meeting.length].append(meeting.time or "")
    weight = 1 + sum(most_cost(problem, constraint) for constraint in problem.constraints if not constraint.required)
    wishes = [
        PreferTimes(id=STAYS, required=False, weight=weight, events=(event,), times=tuple(times), length=length)
        for (event, length), times in starts.items()
    ]
    return replace(problem, constraints=(*problem.constraints, *wishes))


def most_cost(problem: TimetablingProblem, constraint: Constraint) -> int:
    """More than a wish of a week can cost: every point of application at every time."""
    points = len(getattr(constraint, "resources", ())) or len(getattr(constraint, "events", ())) or len(getattr(constraint, "event_groups", ())) or 1
    deviation = len(problem.times)
    worst = deviation * deviation if constraint.cost is CostFunction.QUADRATIC else deviation
    return constraint.weight * points * worst


# --- lessons -----------------------------------------------------------------------------------------------------------------------------------


def lessons_of(stated: WeekProblem, meetings: Sequence[Meeting]) -> Iterator[Lesson]:
    """The week in the plan's words, in the order of the needs and then of the week."""
    order = {need.id: number for number, need in enumerate(stated.needs)}
    times = {time.id: number for number, time in enumerate(stated.times)}
    for meeting in sorted(meetings, key=lambda meeting: (order[meeting.event], times[meeting.time or ""])):
        need, at = stated.case.need[meeting.event], stated.time_of(meeting.time or "")
        room = plain_room(meeting.resources[ROOM], need.school) if ROOM in meeting.resources else ""
        yield Lesson(need.id, need.school, need.rombels, need.subject, stated.teacher_of.get(need.id), at.day, at.period, meeting.length, room)


def plain_room(room: str, school: str) -> str:
    """The name of a room that the problem may have for each shift."""
    return room.removeprefix(room_id(school, "")).partition(SHIFT)[0]
