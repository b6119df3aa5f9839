"""The week of a division of work: built, improved until the limit, with what is proved about it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scheduler.cp.builder import Builder
from scheduler.cp.run import Run, run
from scheduler.domain.plan import WEEK_LEVELS, Assignment, Lesson, Level, Status
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent
from scheduler.policy.case import Case
from scheduler.timetable.frame import Frame, Week
from scheduler.timetable.lns import Search
from scheduler.timetable.objectives import build_objective
from scheduler.timetable.problem import WeekProblem
from scheduler.timetable.rooms import meetings_with_rooms
from scheduler.timetable.rules import post_rules
from scheduler.timetable.variables import Scope, Variables

FEASIBILITY = {"linearization_level": 0}
"""Parameters of a search without an objective: clauses alone are far quicker than with their linear relaxation."""


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


def solve_week(
    case: Case, assignments: Sequence[Assignment], options: SolveOptions, listener: Listener = silent, former: Sequence[Lesson] = ()
) -> WeekOutcome:
    started = time.monotonic()
    problem = WeekProblem(case, assignments).build()
    if not problem.events:
        return WeekOutcome(Status.UNKNOWN)
    frame = Frame(problem)
    first, week = first_week(frame, options)
    if week is None:
        return WeekOutcome(first.status)

    def tell(cost: int) -> None:
        listener(Progress("week", cost, 0, time.monotonic() - started))

    tell(frame.cost(week))
    compact = compact_week(frame, replace(left(options, started), deterministic_limit=20.0))
    week = compact or week
    search = Search(frame, left(options, started), week, 0, lambda _, cost: tell(cost))
    search.run()
    lessons = tuple(lessons_of(case, assignments, frame, search.week))
    return WeekOutcome(Status.FEASIBLE, lessons, ())


def left(options: SolveOptions, started: float) -> SolveOptions:
    if options.seconds is None:
        return options
    return replace(options, seconds=max(0.0, options.seconds - (time.monotonic() - started)))


def first_week(frame: Frame, options: SolveOptions) -> tuple[Run, Week | None]:
    builder = Builder()
    variables = Variables(builder.model, Scope.whole(frame))
    post_rules(builder, variables)
    found = run(builder.model, replace(options, workers=1), parameters=FEASIBILITY)
    return found, variables.read(found.values) if found.found else None


def compact_week(frame: Frame, options: SolveOptions) -> Week | None:
    """A week without any idle hour, where one is found soon."""
    builder = Builder()
    variables = Variables(builder.model, Scope.whole(frame))
    post_rules(builder, variables)
    build_objective(variables, 0)
    found = run(builder.model, replace(options, workers=1), parameters=FEASIBILITY)
    return variables.read(found.values) if found.found else None


def lessons_of(case: Case, assignments: Sequence[Assignment], frame: Frame, week: Week):
    teacher_of = {row.need: row.teacher for row in assignments}
    for meeting, room in meetings_with_rooms(frame, week):
        need, at = case.need[meeting.event], frame.times[frame.time_index[meeting.time]]
        yield Lesson(
            need.id, need.school, need.rombels, need.subject, teacher_of.get(need.id), at.day, at.period, meeting.length, room.rpartition("/")[2]
        )
