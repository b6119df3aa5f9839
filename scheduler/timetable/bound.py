"""What no week can be better than: bounds of idle hours, teaching days and unwanted times.

Teacher by teacher: a week's cost is a sum over teachers, so the sum of what each could have if all the others stood aside is a bound of the whole.
And all together by the outline of the week, which every week has: what no outline can have, no week can.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ortools.sat.python import cp_model

from scheduler.cp.builder import Builder
from scheduler.cp.run import run_once
from scheduler.domain.solving import SolveOptions
from scheduler.timetable.counting import fewest_days
from scheduler.timetable.first import FEASIBILITY, limited
from scheduler.timetable.frame import Frame, Week, days_in, idle_in
from scheduler.timetable.objectives import build_costs
from scheduler.timetable.outline import Outline
from scheduler.timetable.rules import post_rules
from scheduler.timetable.variables import Scope, Variables

OUTLINE_WORK = 5.0
"""Deterministic time for the bound of one level by the outline."""

TEACHER_WORK = 2.0
"""Deterministic time for the bound of one teacher."""


Wishes = tuple[int, int, int]
"""Idle hours, teaching days and unwanted times, in the order of the levels; of one resource or of all."""

LEVELS = range(3)
IDLE, DAYS = 0, 1


def wishes_of(frame: Frame, week: Week) -> dict[int, Wishes]:
    """What each resource with wishes has in a week."""
    busy = frame.busy_points(week)
    return {
        resource: (
            sum(idle_in(term, busy[resource]) for term in frame.idle_terms if term.resource == resource),
            sum(days_in(term, busy[resource]) for term in frame.days_terms if term.resource == resource),
            sum(time in busy[resource] for other, time in frame.unwanted if other == resource),
        )
        for resource in frame.wishers
    }


def total(wishes: Mapping[int, Wishes]) -> Wishes:
    idle, days, unwanted = (sum(own[level] for own in wishes.values()) for level in LEVELS)
    return idle, days, unwanted


def lowest_cost(frame: Frame, bounds: Mapping[int, Wishes]) -> int:
    """A bound of the week's cost from everybody's bounds, each counted at the least weight that the resource's terms of the level have."""
    weights: dict[int, tuple[list[int], list[int], list[int]]] = {resource: ([], [], []) for resource in bounds}
    for idle in frame.idle_terms:
        weights[idle.resource][0].append(idle.weight)
    for days in frame.days_terms:
        weights[days.resource][1].append(days.weight)
    for (resource, _), weight in frame.unwanted.items():
        weights[resource][2].append(weight)
    return sum(min(weights[resource][level], default=0) * own[level] for resource, own in bounds.items() for level in LEVELS)


def counted_bounds(frame: Frame) -> dict[int, Wishes]:
    """Bounds by counting alone, for a week's days (time groups that are days)."""
    bounds: dict[int, Wishes] = {}
    for resource in frame.wishers:
        hours = sum(frame.hours_of(resource).values())
        welcome = sum((resource, time) not in frame.unwanted for time in frame.coverable(resource))
        bounds[resource] = (0, fewest_days(frame, resource), max(0, hours - welcome))
    return bounds


def exact_bounds(
    frame: Frame, found: Mapping[int, Wishes], counted: Mapping[int, Wishes], options: Callable[[], SolveOptions | None]
) -> dict[int, Wishes]:
    """Bounds of every resource, each level under the values found on the levels before it.

    Only where a resource has more than counting demands is its own week solved, without all the others. On the levels before, a resource may have
    no more than what the others' bounds leave of the total found: Σ found - Σ bounds of the others.

    Parameters
    ----------
    options
        the limits that are left, None when there is nothing left; then the counted bounds stand
    """
    bounds = dict(counted)
    for level in LEVELS:
        slack = [total(found)[before] - total(bounds)[before] for before in range(level)]
        for resource, own in found.items():
            left = options()
            if own[level] > bounds[resource][level] and left is not None:
                most = [bounds[resource][before] + slack[before] for before in range(level)]
                least = least_alone(frame, resource, level, bounds[resource][level], most, left)
                if least > bounds[resource][level]:
                    improved = list(bounds[resource])
                    improved[level] = least
                    bounds[resource] = (improved[0], improved[1], improved[2])
    return bounds


def outlined_bounds(frame: Frame, found: Wishes, bounds: Wishes, options: Callable[[], SolveOptions | None]) -> Wishes:
    """Totals of idle hours and days raised to what the outline of the whole week needs, each under the totals found before it.

    No day of a week that is at least as good has more idle times than were found in all.
    """
    raised = list(bounds)
    for level in (IDLE, DAYS):
        left = options()
        if found[level] > raised[level] and left is not None:
            outline = Outline(Scope.whole(frame), dict.fromkeys(frame.idle_terms, found[IDLE]))
            idle, days = (cp_model.LinearExpr.sum([count for _, count in parts]) for parts in (outline.costs.idle, outline.costs.days))
            outline.model.add(idle <= found[IDLE])
            outline.model.minimize(idle if level == IDLE else days)
            run = run_once(outline.model, replace(left, deterministic_limit=OUTLINE_WORK))
            if run.bound is not None:
                raised[level] = min(found[level], max(raised[level], run.bound))
    return raised[0], raised[1], raised[2]


def least_alone(frame: Frame, resource: int, level: int, known: int, most: Sequence[int], options: SolveOptions) -> int:
    """Least value of one level that a resource could have if it alone were timetabled, with at most ``most`` on the levels before.

    ``known`` is a bound already. Mostly it can be reached, and a search without an objective shows that soonest.
    """
    limits = limited(options, TEACHER_WORK)
    builder, _ = alone(frame, resource, (*most, known))
    if run_once(builder.model, limits, parameters=FEASIBILITY).found:
        return known
    builder, counts = alone(frame, resource, most)
    builder.model.add(counts[level] >= known)
    builder.model.minimize(counts[level])
    return max(known, run_once(builder.model, limits).bound or 0)


def alone(frame: Frame, resource: int, most: Sequence[int]) -> tuple[Builder, Sequence[cp_model.LinearExprT]]:
    """The model of one resource's lessons without all others, with its idle hours, days and unwanted times; limited by ``most`` as far as it goes."""
    builder = Builder()
    lessons = {bundle: frame.bundles[bundle].counts for bundle in frame.bundles_of[resource]}
    variables = Variables(builder.model, Scope(frame, [() for _ in frame.bundles], lessons))
    post_rules(builder, variables)
    costs = build_costs(variables, most[0] if most else None, only=resource)
    counts = [cp_model.LinearExpr.sum([count for _, count in parts]) for parts in (costs.idle, costs.days, costs.unwanted)]
    for count, limit in zip(counts, most, strict=False):
        builder.model.add(count <= limit)
    return builder, counts
