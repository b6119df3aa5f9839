"""Every school alone, with its own staff: how many are valid then, and what it leaves open to visitors."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scheduler.counting.teacher_days import TeacherDays
from scheduler.cp.lanes import in_lanes
from scheduler.cp.lexico import Budget
from scheduler.domain.plan import PartnerAlone, Status
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent
from scheduler.policy.case import Case, DutyPost, Need, NeedKind
from scheduler.verify.levels import level_names
from scheduler.workload.classes import HandOut
from scheduler.workload.descent import Division, divide, heard
from scheduler.workload.scope import Eligibility, Scope, WeekCut, whole_scope


@dataclass(frozen=True, slots=True)
class Alone:
    """A school asked alone: what is recorded of it, and its own division of work where one was found."""

    record: PartnerAlone
    handed_out: HandOut | None


LEVELS_ALONE = ("uncovered_jp", "unfilled_duties", "below_minimum", "below_minimum_partners", "shortfall_jtm", "nonlinear_jp")


FIRST_PASS = 0.5
"""Part of its time that a school may take the first time it is asked; the rest is for those that end without a proof."""


def schools_to_ask(case: Case) -> tuple[str, ...]:
    """Schools whose own optimum matters: who keeps a floor (one-school mode), and whose needs visitors could take if they are left open."""
    asked = {case.teachers[t].home for t in case.counted} - {case.main_school} if case.main_school else set()
    if case.policy.outside_needs_assignment:
        eligibility = Eligibility(case, {})
        asked |= {need.school for need in case.needs if could_be_open(need) and eligibility.could_be_visited(need)}
    return tuple(npsn for npsn in case.schools if npsn in asked)


def could_be_open(need: Need) -> bool:
    return need.kind is NeedKind.GUIDANCE or (need.kind is NeedKind.LESSON and need.required)


def alone(
    case: Case,
    options: SolveOptions,
    listener: Listener = silent,
    cuts: Sequence[WeekCut] = (),
    capacity: Mapping[str, int] | None = None,
    days: TeacherDays | None = None,
) -> tuple[Alone, ...]:
    """What each school reaches alone (levels to ``nonlinear_jp``, own teachers only), in the order of the sheet.

    Always with one worker, so that the needs left open do not depend on a race. A school of which nothing was found in time keeps no floor and
    leaves open what nobody of its staff is certified for; it is not ``proved`` then, nor is one whose optimum is not known to be one.
    """
    asked = schools_to_ask(case)
    if not asked:
        return ()
    names = [name for name in level_names(case, False) if name in LEVELS_ALONE]
    whole = whole_scope(case, Eligibility(case, {}, visitors=False), cuts=cuts, capacity=capacity, days=days)
    lanes = min(options.workers, len(asked))
    limit = None if options.deterministic_limit is None else options.deterministic_limit / len(asked)
    clock = Budget(options)

    def ask(npsn: str, order: Sequence[str], share: float) -> Alone:
        """One school, in at most twice its share of the time that is left: most of them need far less."""
        left, still = clock.seconds_left, len(order) - order.index(npsn)
        seconds = None if left is None else share * min(left, 2 * left * lanes / still)
        scope = of_one_school(whole, npsn)
        heard(scope, listener)(Progress("partners", detail=case.schools[npsn].name))
        division = divide(scope, names, replace(options, workers=1, seconds=seconds, deterministic_limit=limit), by_priority=False)
        return Alone(read(npsn, scope, division), division.handed_out)

    found = dict(zip(asked, in_lanes(lambda npsn: ask(npsn, asked, FIRST_PASS), asked, options), strict=True))
    # One school without a proof takes the bounds of the whole district with it: what the others left of the time goes to those schools.
    again = [npsn for npsn in asked if not found[npsn].record.proved]
    if again and clock.seconds_left is not None and not options.stop.is_set():
        second = in_lanes(lambda npsn: ask(npsn, again, 1.0), again, options)
        found |= {npsn: school for npsn, school in zip(again, second, strict=True) if school.record.proved or found[npsn].handed_out is None}
    return tuple(found[npsn] for npsn in asked)


def of_one_school(whole: Scope, npsn: str) -> Scope:
    """The school's own teachers with its own needs, and with what is locked or pinned to them elsewhere; needs locked to others are theirs."""
    posts = tuple(post for post in whole.posts if post.school == npsn)
    pinned = {holder for post in posts for _, holder in post.pinned}
    teachers = tuple(t for t in whole.teachers if whole.case.teachers[t].home == npsn or t in pinned)
    posts += tuple(pinned_to(post, teachers) for post in whole.posts if post.school != npsn and any(t in teachers for _, t in post.pinned))
    return replace(
        whole,
        schools=(npsn,),
        teachers=teachers,
        groups=tuple(group for group in whole.groups if group.key.school == npsn),
        fixed=tuple((need, t) for need, t in whole.fixed if t in teachers),
        posts=posts,
        cuts=tuple(cut for cut in whole.cuts if all(t in teachers for _, t in cut.pairs)),
    )


def pinned_to(post: DutyPost, teachers: Collection[str]) -> DutyPost:
    """A post of another school as far as the workbook has already given it to these teachers."""
    own = tuple(pair for pair in post.pinned if pair[1] in teachers)
    recognised = [pair for pair in post.pinned if pair[0] not in post.unrecognised][: post.quota]
    counted = sum(pair in recognised for pair in own)
    return replace(post, pinned=own, minimum=len(own), maximum=len(own), quota=counted, candidates=frozenset())


def read(npsn: str, scope: Scope, division: Division) -> PartnerAlone:
    """The floor and the open needs of a school from its own optimum."""
    case, handed_out = scope.case, division.handed_out
    proved = division.status in (Status.OPTIMAL, Status.INFEASIBLE)
    needs = [need for group in scope.groups for need in group.needs if could_be_open(need)]
    if division.status in (Status.INFEASIBLE, Status.UNKNOWN) or handed_out is None or division.variables is None:
        return PartnerAlone(npsn, 0, in_order(case, (need for need in needs if not has_linear_staff(scope, need))), proved)
    variables = division.variables
    staff = [t for t in scope.counted if case.teachers[t].home == npsn]
    valid = sum(division.values[variables.meets_minimum[t].index] for t in staff)
    taught_by = {need.id: handed_out.teacher_of[need.id] for need in needs}
    left_open = (need for need in needs if (t := taught_by[need.id]) is None or case.nonlinear_jp(t, need) > 0)
    return PartnerAlone(npsn, valid, in_order(case, left_open), proved)


def has_linear_staff(scope: Scope, need: Need) -> bool:
    return any(scope.case.is_linear(t, need.subject) for t in scope.teachers if t in scope.case.active)


def in_order(case: Case, needs: Iterable[Need]) -> tuple[str, ...]:
    """Ids in the order of the case's needs."""
    ids = {need.id for need in needs}
    return tuple(need.id for need in case.needs if need.id in ids)
