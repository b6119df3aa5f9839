"""Exhaustive search over tiny cases: every assignment and every holding of duties, weighed by the checker alone.

Knows nothing of the solver or its model. What may stand in a plan is asked of the rules of ``scheduler.verify``, one pair at a time, and every
whole plan again; levels and valid teachers are what the checker recomputes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from scheduler.domain.plan import WORKLOAD_LEVELS, Assignment, DutyHolding, PartnerAlone, Plan, PlanStatus, PolicyUsed, Status
from scheduler.policy.case import Case, DutyPost
from scheduler.verify.hours import loads_of
from scheduler.verify.levels import workload_levels_of
from scheduler.verify.reading import Reading
from scheduler.verify.workload import violations

COMPARED: tuple[str, ...] = WORKLOAD_LEVELS[: WORKLOAD_LEVELS.index("travel") + 1]
"""Levels 1a to 5b."""

ALONE: tuple[str, ...] = ("uncovered_jp", "unfilled_duties", "below_minimum", "shortfall_jtm", "nonlinear_jp")
"""Levels of a school asked alone."""

Holding = tuple[DutyPost, str, str | None]


@dataclass(frozen=True)
class Best:
    """The best plan: its levels in order, who is valid (in the order of Prioritas), and the plan itself."""

    levels: dict[str, int]
    valid: tuple[str, ...]
    plan: Plan


def best_plan(case: Case, partners: tuple[PartnerAlone, ...] = (), former: Plan | None = None, compared: Sequence[str] = COMPARED) -> Best | None:
    """The lexicographically best plan, the choice by Prioritas between level 3 (or ``changes``) and the levels below; None where none is legal."""
    best: Best | None = None
    best_key: tuple[int, ...] = ()
    for plan in every_plan(case, partners):
        reading = Reading(case, plan)
        loads = loads_of(reading)
        levels = {name: value for name, value in workload_levels_of(reading, loads, former).items() if name in compared}
        met = {load.teacher: load.met for load in loads if load.counted}
        valid = tuple(code for code in case.by_priority if met.get(code))
        key = key_of(case, levels, valid)
        if (best is None or key < best_key) and not any(violations(case, plan)):
            best, best_key = Best(levels, valid, plan), key
    return best


def key_of(case: Case, levels: dict[str, int], valid: Sequence[str]) -> tuple[int, ...]:
    """Levels above the choice by Prioritas, the choice, levels below it."""
    names = list(levels)
    cut = 1 + max(names.index(name) for name in ("below_minimum", "below_minimum_partners", "shortfall_jtm", "changes") if name in names)
    choice = [int(code not in valid) for code in case.by_priority if code in case.counted]
    return (*(levels[name] for name in names[:cut]), *choice, *(levels[name] for name in names[cut:]))


def every_plan(case: Case, partners: tuple[PartnerAlone, ...]) -> Iterator[Plan]:
    """Every combination of single decisions that the checker does not refuse on its own."""
    needs = [legal_teachers(case, need_id, partners) for need_id in case.need]
    units = [(post, unit, legal_holders(case, post, unit, partners)) for post in case.duty_posts for unit in units_to_try(post)]
    for teaching in product(*needs):
        for holding in product(*(holders for _, _, holders in units)):
            held = [(post, unit, code) for (post, unit, _), code in zip(units, holding, strict=True)]
            yield plan_of(case, dict(zip(case.need, teaching, strict=True)), held, partners)


def number_of_plans(case: Case) -> int:
    """How many plans ``every_plan`` would yield at most, to leave out a case that is not tiny."""
    needs = prod(len(legal_teachers(case, need_id, ())) for need_id in case.need)
    return needs * prod(len(legal_holders(case, post, unit, ())) for post in case.duty_posts for unit in units_to_try(post))


def units_to_try(post: DutyPost) -> tuple[str, ...]:
    """All units where some are beyond the quota; else as many as may be held, for units alike give plans alike."""
    if post.maximum > post.quota:
        return post.units
    named = {unit for unit, _ in post.pinned}
    others = [unit for unit in post.units if unit not in named][: post.maximum]
    return tuple(unit for unit in post.units if unit in named or unit in others)


def legal_teachers(case: Case, need_id: str, partners: tuple[PartnerAlone, ...]) -> tuple[str | None, ...]:
    """Nobody, and every teacher whom the rules about a pair do not refuse (the partner schools' open needs are asked of the whole plan)."""
    refused = ("qualified_teacher", "active_teacher", "forbidden_assignment", "partner_visit", "locked_assignment")
    found: list[str | None] = []
    for code in (None, *case.teachers):
        broken = violations(case, plan_of(case, {need_id: code}, [], partners))
        if not any(violation.rule in refused and need_id in (*violation.entities, violation.facts.get("what")) for violation in broken):
            found.append(code)
    return tuple(found)


def legal_holders(case: Case, post: DutyPost, unit: str, partners: tuple[PartnerAlone, ...]) -> tuple[str | None, ...]:
    """Nobody, and every teacher whom the rules about a holder do not refuse; the pinned one alone where the unit is pinned."""
    pinned = tuple(code for name, code in post.pinned if name == unit)
    if pinned:
        return pinned
    refused = ("duty_at_home", "duty_candidates", "personal_duty", "active_teacher")
    found: list[str | None] = [None]
    for code in case.teachers:
        broken = violations(case, plan_of(case, {}, [(post, unit, code)], partners))
        if not any(violation.rule in refused and code in violation.entities for violation in broken):
            found.append(code)
    return tuple(found)


def plan_of(case: Case, teaching: dict[str, str | None], held: Sequence[Holding], partners: tuple[PartnerAlone, ...]) -> Plan:
    """A plan of these decisions; needs that are not named have no teacher."""
    return Plan(
        policy=PolicyUsed(case.policy.id),
        instance_sha256="",
        status=PlanStatus(Status.FEASIBLE, Status.UNKNOWN),
        levels=(),
        assignments=tuple(Assignment(n.id, n.school, n.rombels, n.subject, n.jp, n.recognised_jp, teaching.get(n.id)) for n in case.needs),
        duties=tuple(DutyHolding(post.school, post.duty, unit, code, post.rule.jtm, 0) for post, unit, code in held if code is not None),
        partners=partners,
    )


def school_alone(case: Case, npsn: str) -> Case:
    """The case with one school and its own staff only; nothing that is locked across schools may stand in it."""
    instance = case.instance
    staff = {t.code for t in instance.teachers if t.home == npsn}
    return replace(
        case,
        instance=replace(
            instance,
            settings=replace(instance.settings, main_school=""),
            schools=tuple(school for school in instance.schools if school.npsn == npsn),
            rombels=tuple(rombel for rombel in instance.rombels if rombel.school == npsn),
            teachers=tuple(t for t in instance.teachers if t.code in staff),
            duties=tuple(row for row in instance.duties if row.school == npsn),
            extracurriculars=tuple(club for club in instance.extracurriculars if club.school == npsn),
            open_hours=tuple(row for row in instance.open_hours if row.school == npsn),
            distances=(),
            assignments=tuple(row for row in instance.assignments if row.school == npsn and row.teacher in staff),
            groups=tuple(group for group in instance.groups if group.school == npsn),
        ),
    )


def alone_agrees(case: Case, partner: PartnerAlone) -> None:
    """Assert that a school's record is one of its own optima: the number of valid teachers, and the JP it leaves to visitors."""
    if any(case.teachers[code].home != post.school for post in case.duty_posts for _, code in post.pinned):
        return  # a holder from elsewhere belongs to no school alone
    own = school_alone(case, partner.school)
    best = best_plan(own, compared=ALONE)
    if best is None:
        assert partner.valid_alone == 0
        return
    assert partner.valid_alone == len(best.valid), f"{partner} but {len(best.valid)} are valid alone"
    assert sum(case.need[need_id].jp for need_id in partner.open_needs) <= best.levels["uncovered_jp"] + best.levels["nonlinear_jp"]
