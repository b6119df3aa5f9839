"""The hard rules of the division of work, one generator each, and its targets.

A generator bears the name of its rule in ``domain.rules``, reads a plan of any kind without raising, and yields one Violation for each breach. The
sentences stand in ``report/text/*/rules.toml`` under the same name. Targets yield what they miss as Violations too: Shortfalls, which do not
refuse the plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain

from scheduler.domain.entities import Position
from scheduler.domain.plan import Plan, Violation
from scheduler.policy.case import Case, DutyPost, Need, NeedKind
from scheduler.policy.schema import DutyHolding, DutyKind
from scheduler.verify.hours import loads_of, tally_of, teacher_loads
from scheduler.verify.reading import Reading, kept_pins
from scheduler.verify.recognition import missing_at_home

__all__ = ["RULES", "TARGETS", "shortfalls", "teacher_loads", "violations"]

Generator = Callable[[Reading], Iterator[Violation]]


def violations(case: Case, plan: Plan) -> Iterator[Violation]:
    """Every breach of a hard rule of the workload, rule by rule."""
    reading = Reading(case, plan)
    return chain.from_iterable(rule(reading) for rule in RULES)


def shortfalls(case: Case, plan: Plan) -> Iterator[Violation]:
    """What the plan leaves open of the targets: needs without a teacher, duties without a holder, teachers below the minimum."""
    reading = Reading(case, plan)
    return chain.from_iterable(target(reading) for target in TARGETS)


# --- who teaches ---------------------------------------------------------------------------------------------------------------------


def one_teacher_per_need(reading: Reading) -> Iterator[Violation]:
    """A class's subject has one teacher: every need of the file stands in the plan exactly once, and nothing else does.

    |{rows of need n}| = 1 for n in N, 0 otherwise. Source: one subject of one rombel under two teachers makes its hours unrecognised (premise
    of every proof); a split stands in the file as needs of its own.
    """
    found = Counter(row.need for row in reading.plan.assignments)
    for need_id in chain(reading.case.need, (need_id for need_id in found if need_id not in reading.case.need)):
        expected = int(need_id in reading.case.need)
        if found[need_id] != expected:
            yield Violation("one_teacher_per_need", (need_id,), {"need": need_id, "found": found[need_id], "expected": expected})


def qualified_teacher(reading: Reading) -> Iterator[Violation]:
    """Who teaches a subject is certified for it, or at home able to teach it (Mapel Diampu); who is sent to another school is certified for it.

    A Kunci of the school stands above this. Only guru BK guide rombels. Source: ps. 13 with the linearity table.
    """
    case = reading.case
    for need, code in _pairs(reading):
        teacher = case.teachers[code]
        if need.kind is NeedKind.GUIDANCE and teacher.position is not Position.COUNSELLOR:
            able = False
        else:
            at_home = teacher.home == need.school and need.subject in teacher.may_teach
            able = need.locked == code or at_home or case.is_linear(code, need.subject)
        if not able:
            yield Violation("qualified_teacher", (need.id, code), {"need": need.id, "teacher": code, "subject": need.subject})


def active_teacher(reading: Reading) -> Iterator[Violation]:
    """Only teachers of the file who are at work at the start of the plan teach or are given duties (a pinned holder stays)."""
    case = reading.case
    for row in reading.plan.assignments:
        if row.teacher is not None and row.teacher not in case.active:
            yield Violation("active_teacher", (row.need, row.teacher), {"what": row.need, "teacher": row.teacher})
    for duty in reading.plan.duties:
        post = reading.posts.get((duty.school, duty.duty))
        pinned = post is not None and _is_pinned(post, duty.teacher)
        if duty.teacher not in case.active and not pinned:
            what = _unit_name(duty.duty, duty.unit)
            yield Violation("active_teacher", (what, duty.teacher), {"what": what, "teacher": duty.teacher})


def max_jtm(reading: Reading) -> Iterator[Violation]:
    """Nobody teaches more than the greatest load, hours held outside the file included, or than JP Maks.

    Σ jp[n] over n taught by t ≤ min(max_jtm − outside_jtm[t], max_jp[t]). Source: ps. 13 (1).
    """
    for code, needs in reading.taught.items():
        jp, most = sum(need.jp for need in needs), reading.case.max_jp(code)
        if jp > most:
            yield Violation("max_jtm", (code,), {"teacher": code, "jp": jp, "most": most})


def min_jp_wanted(reading: Reading) -> Iterator[Violation]:
    """Who has a JP Min in the workbook and is at work teaches at least that: Σ jp[n] over n taught by t ≥ min_jp[t]."""
    for code, needs in reading.taught.items():
        least = reading.case.teachers[code].min_jp
        jp = sum(need.jp for need in needs)
        if least is not None and code in reading.case.active and jp < least:
            yield Violation("min_jp_wanted", (code,), {"teacher": code, "jp": jp, "least": least})


def locked_assignment(reading: Reading) -> Iterator[Violation]:
    """A Kunci of Penugasan is kept. Where its teacher may not teach the need at all, nobody else may take it either."""
    for need in reading.case.needs:
        code = reading.teacher_of.get(need.id)
        if not need.locked or need.id not in reading.teacher_of or code == need.locked:
            continue
        possible = need.locked in reading.case.teachers and reading.case.may_teach(need.locked, need)
        if possible or code is not None:
            yield Violation("locked_assignment", (need.id, need.locked), {"need": need.id, "teacher": need.locked, "instead": code or "-"})


def forbidden_assignment(reading: Reading) -> Iterator[Violation]:
    """A Larang of Penugasan is kept: its teacher does not teach the need."""
    for need, code in _pairs(reading):
        if code in need.forbidden:
            yield Violation("forbidden_assignment", (need.id, code), {"need": need.id, "teacher": code})


def _pairs(reading: Reading) -> Iterator[tuple[Need, str]]:
    """(need, teacher) of everything that is taught."""
    for need_id, code in reading.teacher_of.items():
        if code is not None:
            yield reading.case.need[need_id], code


# --- who holds duties ----------------------------------------------------------------------------------------------------------------


def duty_holders(reading: Reading) -> Iterator[Violation]:
    """A duty has the units and at most the number of holders that the ruleset or the workbook gives it, and each unit one holder.

    Σ held units ≤ maximum; a unit that does not exist has a maximum of 0. Personal duties have a rule of their own.
    """
    rows = Counter((duty.school, duty.duty, duty.unit) for duty in reading.plan.duties if not _is_personal(reading, duty.duty))
    for (school, duty_id, unit), held in rows.items():
        post = reading.posts.get((school, duty_id))
        most = int(post is not None and unit in post.units)
        if held > most:
            yield _holders(school, duty_id, unit, held, most)
    for (school, duty_id), units in reading.held.items():
        most = reading.posts[school, duty_id].maximum
        if len(units) > most and not _is_personal(reading, duty_id):
            yield _holders(school, duty_id, "", len(units), most)


def _holders(school: str, duty: str, unit: str, held: int, most: int) -> Violation:
    what = _unit_name(duty, unit)
    return Violation("duty_holders", (school, duty, unit), {"school": school, "what": what, "held": held, "most": most})


def duty_at_home(reading: Reading) -> Iterator[Violation]:
    """Duties are held at the home school only (satminkal); the workbook's own Pemegang stands."""
    for holding in reading.holdings:
        post, home = holding.post, reading.case.teachers[holding.teacher].home
        if home != post.school and not _is_pinned(post, holding.teacher) and not _is_personal(reading, post.duty):
            yield Violation("duty_at_home", (post.duty, holding.teacher), {**_facts(post, holding.unit, holding.teacher), "home": home})


def duty_candidates(reading: Reading) -> Iterator[Violation]:
    """Only a candidate (Calon) is given a duty that has candidates; none is given to the principal, no TTU to an acting one."""
    for holding in reading.holdings:
        post, position = holding.post, reading.case.teachers[holding.teacher].position
        if _is_pinned(post, holding.teacher) or _is_personal(reading, post.duty):
            continue
        outside_candidates = post.candidates is not None and holding.teacher not in post.candidates
        by_post = position is Position.PRINCIPAL or (position is Position.ACTING_PRINCIPAL and holding.kind is DutyKind.TTU)
        if outside_candidates or by_post:
            yield Violation("duty_candidates", (post.duty, holding.teacher), _facts(post, holding.unit, holding.teacher))


def duty_pinned(reading: Reading) -> Iterator[Violation]:
    """Whom the workbook names as Pemegang holds the duty, in the unit named where one is."""
    for (school, duty_id), post in reading.posts.items():
        kept = kept_pins(post, {unit: code for unit, (_, code) in reading.held[school, duty_id].items()})
        for place, (unit, code) in enumerate(post.pinned):
            if place not in kept:
                yield Violation("duty_pinned", (duty_id, code), _facts(post, unit, code))


def duty_max_per_teacher(reading: Reading) -> Iterator[Violation]:
    """Nobody holds more units of one duty than the ruleset allows: |units of d held by t| ≤ max_per_teacher[d] (wali kelas 1, projek 3 rombel)."""
    for code, holdings in reading.holdings_of.items():
        units = Counter(holding.post.duty for holding in holdings)
        rules = {holding.post.duty: holding.post.rule for holding in holdings}
        for duty_id, held in units.items():
            most = rules[duty_id].max_per_teacher
            if most is not None and held > most:
                yield Violation("duty_max_per_teacher", (duty_id, code), {"duty": duty_id, "teacher": code, "held": held, "most": most})


def personal_duty(reading: Reading) -> Iterator[Violation]:
    """A personal duty (union office, instructor, RT/RW …) exists only where the workbook names its holder, and as often."""
    rows = Counter((duty.school, duty.duty, duty.teacher) for duty in reading.plan.duties if _is_personal(reading, duty.duty))
    for (school, duty_id, code), held in rows.items():
        post = reading.posts.get((school, duty_id))
        named = 0 if post is None else sum(holder == code for _, holder in post.pinned)
        if held > named:
            yield Violation("personal_duty", (duty_id, code), {"school": school, "duty": duty_id, "teacher": code, "held": held, "named": named})


def one_main_duty(reading: Reading) -> Iterator[Violation]:
    """Nobody holds more than one TTU (units beyond the quota included): Σ TTU units of t ≤ ttu_max_per_teacher."""
    most = reading.case.policy.ttu_max_per_teacher
    for code, holdings in reading.holdings_of.items():
        held = sum(holding.kind is DutyKind.TTU for holding in holdings)
        if held > most:
            yield Violation("one_main_duty", (code,), {"teacher": code, "held": held, "most": most})


def _facts(post: DutyPost, unit: str, code: str) -> dict[str, str | int]:
    return {"school": post.school, "what": _unit_name(post.duty, unit), "teacher": code}


def _unit_name(duty: str, unit: str) -> str:
    """``wali_kelas 7A``; the duty alone where no unit is meant."""
    return f"{duty} {unit}".strip()


def _is_pinned(post: DutyPost, code: str) -> bool:
    return any(holder == code for _, holder in post.pinned)


def _is_personal(reading: Reading, duty_id: str) -> bool:
    rule = reading.case.policy.duty(duty_id)
    return rule is not None and rule.holding is DutyHolding.PERSONAL


# --- partner schools -----------------------------------------------------------------------------------------------------------------


def partner_visit(reading: Reading) -> Iterator[Violation]:
    """Who teaches at a school that is not the home school is willing, within reach (and zone), and no principal. A Kunci stands above this."""
    for need, code in _pairs(reading):
        home = reading.case.teachers[code].home
        if home != need.school and need.locked != code and not reading.case.may_visit(code, need.school):
            yield Violation("partner_visit", (need.id, code), {"need": need.id, "teacher": code, "home": home, "school": need.school})


def partner_open_needs(reading: Reading) -> Iterator[Violation]:
    """Where hours elsewhere need the Dinas's assignment (ps. 6, 12), a visitor teaches only what the other school's own staff leaves open.

    That is: the open needs recorded for the school, Jam Mitra, what Penugasan marks Dinas for this visitor, and what is locked to them.
    """
    if not reading.case.policy.outside_needs_assignment:
        return
    open_needs = {need_id for partner in reading.plan.partners for need_id in partner.open_needs}
    for need, code in _pairs(reading):
        is_visit = reading.case.teachers[code].home != need.school and need.kind is not NeedKind.OPEN_HOURS
        if is_visit and need.id not in open_needs and code not in need.dinas and need.locked != code:
            yield Violation("partner_open_needs", (need.id, code), {"need": need.id, "teacher": code, "school": need.school})


def partner_floor(reading: Reading) -> Iterator[Violation]:
    """In one-school mode every other school keeps at least as many valid teachers as it reaches alone."""
    if not reading.case.main_school:
        return
    valid = Counter(load.home_school for load in loads_of(reading) if load.counted and load.met)
    for partner in reading.plan.partners:
        if partner.school != reading.case.main_school and valid[partner.school] < partner.valid_alone:
            facts: dict[str, str | int] = {"school": partner.school, "valid": valid[partner.school], "alone": partner.valid_alone}
            yield Violation("partner_floor", (partner.school,), facts)


# --- targets -------------------------------------------------------------------------------------------------------------------------


def needs_covered(reading: Reading) -> Iterator[Violation]:
    """Every need that must be covered has a teacher (level ``uncovered_jp``)."""
    for need in reading.case.needs:
        if need.required and reading.teacher_of.get(need.id) is None:
            yield Violation("needs_covered", (need.id,), {"need": need.id, "jp": need.jp})


def duties_filled(reading: Reading) -> Iterator[Violation]:
    """Every duty has the least number of holders (level ``unfilled_duties``)."""
    for (school, duty_id), post in reading.posts.items():
        held = len(reading.held[school, duty_id])
        if held < post.minimum:
            yield Violation("duties_filled", (school, duty_id), {"school": school, "duty": duty_id, "held": held, "least": post.minimum})


def minimum_hours(reading: Reading) -> Iterator[Violation]:
    """Every certified teacher reaches the minimum load (levels ``below_minimum`` and ``shortfall_jtm``). Source: ps. 13 (1)."""
    for load in loads_of(reading):
        if load.counted and not load.met:
            hours: dict[str, str | int] = {"recognised": load.recognised_jtm, "required": load.required_jtm, "shortfall": load.shortfall}
            yield Violation("minimum_hours", (load.teacher,), {"teacher": load.teacher, **hours})


def home_school_minimum(reading: Reading) -> Iterator[Violation]:
    """Where the ruleset has a home minimum, nobody is valid below it, whatever is taught elsewhere: home[t] ≥ home_min_jtm.

    Counts in the levels of ``minimum_hours``, whose shortfall it is part of; guru BK have a minimum of their own. Source: PP 74/2008 ps. 52.
    """
    case, least = reading.case, reading.case.policy.home_min_jtm
    for code in case.teachers if least is not None else ():
        if code in case.counted and not case.is_counsellor(code):
            tally = tally_of(reading, code)
            if missing_at_home(case.policy, tally) > 0:
                yield Violation("home_school_minimum", (code,), {"teacher": code, "home": tally.at_home, "least": least or 0})


RULES: tuple[Generator, ...] = (
    one_teacher_per_need,
    qualified_teacher,
    active_teacher,
    max_jtm,
    min_jp_wanted,
    locked_assignment,
    forbidden_assignment,
    duty_holders,
    duty_at_home,
    duty_candidates,
    duty_pinned,
    duty_max_per_teacher,
    personal_duty,
    one_main_duty,
    partner_visit,
    partner_open_needs,
    partner_floor,
)

TARGETS: tuple[Generator, ...] = (needs_covered, duties_filled, minimum_hours, home_school_minimum)
