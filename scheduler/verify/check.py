"""The independent checker: is a plan what it claims to be?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from scheduler.domain.plan import Plan, Status, TeacherLoad, Violation
from scheduler.policy.case import Case
from scheduler.verify import timetable, workload
from scheduler.verify.hours import loads_of
from scheduler.verify.levels import week_levels_of, workload_levels_of
from scheduler.verify.reading import Reading
from scheduler.verify.record import recorded_numbers
from scheduler.verify.week import Week

NO_PLAN = (Status.INFEASIBLE, Status.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Report:
    """What the checker found.

    ``violations`` refuse the plan. ``levels`` are the recomputed values in their order, those of the week only where there is one. ``loads`` are
    all teachers in the order of the sheet. ``shortfalls`` are what the targets miss, in the form of Violations; the plan stands.
    """

    violations: tuple[Violation, ...]
    levels: Mapping[str, int]
    loads: tuple[TeacherLoad, ...]
    shortfalls: tuple[Violation, ...]


def check(case: Case, plan: Plan, former: Plan | None = None) -> Report:
    """Check a plan against every hard rule and recompute its numbers; never raises for a plan that is malformed.

    A plan without a division of work (proved impossible, or none found in time) has none to check; the same holds for its week.

    Parameters
    ----------
    former
        the plan it was to stay close to: without it the level ``changes`` is not recomputed
    """
    reading = Reading(case, plan)
    week = Week(reading)
    loads = loads_of(reading)
    levels: dict[str, int] = {}
    violations: list[Violation] = []
    shortfalls: list[Violation] = []
    if plan.assignments or plan.duties or plan.lessons or plan.status.workload not in NO_PLAN:
        levels |= workload_levels_of(reading, loads, former)
        violations += chain.from_iterable(rule(reading) for rule in workload.RULES)
        shortfalls += chain.from_iterable(target(reading) for target in workload.TARGETS)
    if plan.lessons or plan.status.timetable not in NO_PLAN:
        levels |= week_levels_of(week)
        violations += chain.from_iterable(rule(week) for rule in timetable.RULES)
        shortfalls += chain.from_iterable(target(week) for target in timetable.TARGETS)
    violations += recorded_numbers(reading, loads, levels, former is not None)
    return Report(tuple(violations), levels, loads, tuple(shortfalls))
