"""From a case to a division of its work: every school alone first, then the connected parts, each down through all levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scheduler.counting.teacher_days import TeacherDays
from scheduler.cp.lanes import in_lanes, one_at_a_time
from scheduler.cp.lexico import Budget
from scheduler.domain.plan import (
    Assignment,
    DutyHolding,
    Level,
    PartnerAlone,
    Plan,
    PlanStatus,
    PolicyUsed,
    Status,
)
from scheduler.domain.solving import Listener, SolveOptions, silent
from scheduler.policy.case import Case
from scheduler.verify.hours import counted_jtm
from scheduler.verify.levels import level_names
from scheduler.verify.reading import Reading
from scheduler.workload.components import connected
from scheduler.workload.descent import Division, divide
from scheduler.workload.greedy import greedy_plan
from scheduler.workload.partners import Alone, alone
from scheduler.workload.scope import Former, Scope, WeekCut, joint_scope

__all__ = ["WeekCut", "WorkloadOutcome", "solve_workload"]

PARTNERS_SHARE = 0.4
"""Part of the time in which every school is asked alone."""


@dataclass(frozen=True, slots=True)
class WorkloadOutcome:
    """The division of work: with INFEASIBLE or UNKNOWN there are no assignments."""

    status: Status
    levels: tuple[Level, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    duties: tuple[DutyHolding, ...] = ()
    partners: tuple[PartnerAlone, ...] = ()
    priority_proved: bool = False


def solve_workload(
    case: Case,
    options: SolveOptions,
    listener: Listener = silent,
    former: Plan | None = None,
    cuts: Sequence[WeekCut] = (),
    capacity: Mapping[str, int] | None = None,
    until: str = "",
    days: TeacherDays | None = None,
) -> WorkloadOutcome:
    """Divide the work of a case as well as its levels say.

    Parameters
    ----------
    options
        ``seconds`` or ``deterministic_limit`` bound the whole; with one worker and no bound on ``seconds`` the outcome is always the same
    former
        a plan to stay close to (level ``changes``)
    cuts
        combinations of (need, teacher) that the week has refused
    capacity
        most JP the week lets a teacher teach
    until
        the last level to minimise, "" for all; who is valid is decided by Prioritas in any case, and no level below it can change that
    days
        what the week asks of shared teachers' days; None where no week is to follow

    Returns
    -------
    WorkloadOutcome
        OPTIMAL: every level and the choice by Prioritas are proved. INFEASIBLE: the hard rules leave no plan, found twice. Where time ended before
        every school's own optimum was known, nothing is proved of the whole: what visitors may teach rests on it.
    """
    clock = Budget(options)
    listener = one_at_a_time(listener)
    before = None if former is None else Former.of(former)
    asked = alone(case, part_of(options, PARTNERS_SHARE), listener, cuts, capacity, days)
    partners = tuple(school.record for school in asked)
    scope = joint_scope(case, partners, before, cuts, capacity, days)
    left = replace(options, seconds=clock.seconds_left)
    names = level_names(case, former is not None)
    asked_for = names[: names.index(until) + 1] if until else names
    greedy = greedy_plan(case) if len(case.schools) > 1 else None
    divisions = divided(connected(scope), asked_for, left, listener, asked, greedy)
    status = overall(division.status for division in divisions)
    all_known = all(partner.proved for partner in partners)
    if status in (Status.INFEASIBLE, Status.UNKNOWN):
        return WorkloadOutcome(status if all_known else Status.UNKNOWN, partners=partners)
    assignments, duties = assignments_of(case, divisions), duties_of(case, divisions)
    return WorkloadOutcome(
        status=status if all_known else Status.FEASIBLE,
        levels=summed(divisions) if all_known else tuple(replace(level, bound=None, proved=False) for level in summed(divisions)),
        assignments=assignments,
        duties=with_counted_hours(case, assignments, duties),
        partners=partners,
        priority_proved=all_known and all(division.priority_proved for division in divisions),
    )


def part_of(options: SolveOptions, share: float) -> SolveOptions:
    """The options with a share of their limits."""
    seconds = None if options.seconds is None else share * options.seconds
    limit = None if options.deterministic_limit is None else share * options.deterministic_limit
    return replace(options, seconds=seconds, deterministic_limit=limit)


def divided(
    scopes: Sequence[Scope],
    names: Sequence[str],
    options: SolveOptions,
    listener: Listener,
    asked: Sequence[Alone],
    greedy: Plan | None,
) -> tuple[Division, ...]:
    """Every part, the small ones first, as many at once as there are workers; one that outweighs all the others comes last and has all workers.

    A part may take twice its share (by size) of the time that is left, for most parts need far less. It begins with what its schools reach
    alone, where that is known, or with the greedy rule's plan where that is better: no part ends worse than it.
    """
    clock = Budget(options)
    order = sorted(range(len(scopes)), key=lambda index: (size_of(scopes[index]), index))
    sizes = [size_of(scopes[index]) for index in order]
    side_by_side = order[:-1] if 2 * sizes[-1] > sum(sizes) else order
    lanes = max(1, min(options.workers, len(side_by_side)))

    def divide_part(place: int) -> Division:
        is_last = place >= len(side_by_side)
        share = 1.0 if is_last else min(1.0, 2.0 * lanes * sizes[place] / sum(sizes[place:]))
        own = replace(part_of(options, share), workers=options.workers if is_last else max(1, options.workers // lanes))
        if clock.seconds_left is not None:
            own = replace(own, seconds=share * clock.seconds_left)
        scope = scopes[order[place]]
        start = [school.handed_out for school in asked if school.record.school in scope.schools and school.handed_out is not None]
        return divide(scope, names, own, listener, start=start, plan=greedy)

    found = in_lanes(divide_part, range(len(side_by_side)), options)
    found += [divide_part(place) for place in range(len(side_by_side), len(order))]
    return tuple(division for _, division in sorted(zip(order, found, strict=True), key=lambda pair: pair[0]))


def size_of(scope: Scope) -> int:
    """Weight of a part in sharing the time."""
    return 1 + sum(len(group.key.eligible) for group in scope.groups)


def overall(statuses: Iterable[Status]) -> Status:
    """The worst of the parts' statuses."""
    found = set(statuses)
    return next((status for status in (Status.INFEASIBLE, Status.UNKNOWN, Status.FEASIBLE) if status in found), Status.OPTIMAL)


def summed(divisions: Sequence[Division]) -> tuple[Level, ...]:
    """The levels of all parts, added up: parts share nothing, so the sums are exact."""
    levels = []
    for same in zip(*(division.levels for division in divisions), strict=True):
        value, bound = sum(level.value for level in same), sum(level.bound or 0 for level in same)
        levels.append(Level(same[0].name, value, bound, value == bound))
    return tuple(levels)


def assignments_of(case: Case, divisions: Sequence[Division]) -> tuple[Assignment, ...]:
    """Who teaches each need, in the order of the case's needs."""
    teacher_of: dict[str, str | None] = {}
    for division in divisions:
        if division.handed_out is not None:
            teacher_of |= division.handed_out.teacher_of
    return tuple(
        Assignment(need.id, need.school, need.rombels, need.subject, need.jp, need.recognised_jp, teacher_of[need.id]) for need in case.needs
    )


def duties_of(case: Case, divisions: Sequence[Division]) -> tuple[DutyHolding, ...]:
    """Who holds each unit, in the order of the case's posts and their units; counted hours are not known yet."""
    holders: dict[tuple[str, str], dict[str, str]] = {}
    for division in divisions:
        if division.handed_out is not None:
            for post, held in zip(division.handed_out.scope.posts, division.handed_out.holders, strict=True):
                holders[post.school, post.duty] = held
    return tuple(
        DutyHolding(post.school, post.duty, unit, t, post.rule.jtm, 0)
        for post in case.duty_posts
        for unit, t in holders[post.school, post.duty].items()
    )


def with_counted_hours(case: Case, assignments: tuple[Assignment, ...], duties: tuple[DutyHolding, ...]) -> tuple[DutyHolding, ...]:
    """The holdings with what the ruleset recognises of each, read as the checker reads a plan."""
    plan = Plan(PolicyUsed(case.policy.id), "", PlanStatus(Status.FEASIBLE, Status.UNKNOWN), (), assignments, duties)
    counted = counted_jtm(Reading(case, plan))
    return tuple(replace(duty, counted_jtm=counted.get(row, 0)) for row, duty in enumerate(duties))
