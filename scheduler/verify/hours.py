"""The load of each teacher: what is taught and held by the plan, what the ruleset recognises of it, and why it is not enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from scheduler.domain.entities import Position, Teacher
from scheduler.domain.plan import Plan, TeacherLoad
from scheduler.policy.case import GUIDANCE, Case, Need
from scheduler.policy.schema import DutyKind
from scheduler.verify import exceptions
from scheduler.verify.reading import Holding, Reading
from scheduler.verify.recognition import (
    Recognition,
    Tally,
    guidance_shortfall,
    missing_at_home,
    other_duties_cap,
    recognise,
    recognise_principal,
    required_guidance,
)


def teacher_loads(case: Case, plan: Plan) -> tuple[TeacherLoad, ...]:
    """What every teacher of the file has under the plan, in the order of the sheet; from ``assignments`` and ``duties`` alone.

    A teacher who is not counted (no certificate, away, at retirement age, a definitive principal) has ``required_jtm`` and ``shortfall`` 0 and
    ``met`` True, and the first of ``reasons`` says why nothing is counted.
    """
    return loads_of(Reading(case, plan))


def loads_of(reading: Reading) -> tuple[TeacherLoad, ...]:
    """``teacher_loads`` of a plan already read."""
    counted_duties: dict[str, int] = dict.fromkeys(reading.case.teachers, 0)
    for row, jtm in counted_jtm(reading).items():
        counted_duties[reading.plan.duties[row].teacher] += jtm
    return tuple(_load(reading, teacher, counted_duties[teacher.code]) for teacher in reading.case.instance.teachers)


def counted_jtm(reading: Reading) -> Mapping[int, int]:
    """What counts of every holding that makes sense, by its row in ``plan.duties``.

    Units beyond the post's quota count 0. The cap of the TTLE is given out in the order of the plan's rows; beside a TTU neither TTLE (unless
    the ruleset says so) nor pembimbing khusus counts, and to a definitive principal only what counts as teaching.
    """
    counted: dict[int, int] = {}
    for code, holdings in reading.holdings_of.items():
        policy = reading.case.policy
        is_principal = reading.case.teachers[code].position is Position.PRINCIPAL
        main_units = sum(h.recognised and h.kind is DutyKind.TTU for h in holdings)
        left = other_duties_cap(policy, main_units)
        for holding in holdings:
            jtm = holding.post.rule.jtm if holding.recognised else 0
            if is_principal and holding.kind is not DutyKind.TEACHING:
                jtm = 0
            if holding.kind is DutyKind.SPECIAL and main_units:
                jtm = 0
            if holding.kind is DutyKind.TTLE:
                jtm = min(jtm, left)
                left -= jtm
            counted[holding.row] = jtm
    return counted


def tally_of(reading: Reading, code: str) -> Tally:
    """What a teacher teaches and holds, sorted by how the rulesets count it.

    Hours already held at a school outside the file (JTM di Luar) are outside hours, or home hours where the home school itself is that school.
    """
    case, teacher = reading.case, reading.case.teachers[code]
    linear = [need for need in reading.taught[code] if case.is_linear(code, need.subject)]
    home_in_file = teacher.home in case.schools
    home = sum(need.recognised_jp for need in linear if need.school == teacher.home)
    elsewhere = sum(need.recognised_jp for need in linear if need.school != teacher.home)
    held = [holding for holding in reading.holdings_of[code] if holding.recognised]
    return Tally(
        home=home + (0 if home_in_file else teacher.outside_jtm),
        outside=elsewhere + (teacher.outside_jtm if home_in_file else 0),
        teaching_duties=_jtm(held, DutyKind.TEACHING),
        main_duties=_jtm(held, DutyKind.TTU),
        main_units=sum(holding.kind is DutyKind.TTU for holding in held),
        special_duties=_jtm(held, DutyKind.SPECIAL),
        other_duties=_jtm(held, DutyKind.TTLE),
        other_units=sum(holding.kind is DutyKind.TTLE for holding in held),
    )


def _jtm(holdings: list[Holding], kind: DutyKind) -> int:
    return sum(holding.post.rule.jtm for holding in holdings if holding.kind is kind)


def recognition_of(reading: Reading, code: str, tally: Tally) -> Recognition:
    """What the ruleset recognises of the tally of this teacher, as guru mapel or as principal."""
    case = reading.case
    # Asked only where a pattern could need it: it looks at the whole school.
    surplus = bool(case.policy.outside_patterns) and tally.outside > 0 and case.has_surplus(code)
    if case.teachers[code].position is Position.PRINCIPAL:
        return recognise_principal(case.policy, tally, surplus)
    return recognise(case.policy, tally, case.is_guru_wali(code), surplus)


def _load(reading: Reading, teacher: Teacher, duty_jtm: int) -> TeacherLoad:
    case, policy, code = reading.case, reading.case.policy, teacher.code
    taught, tally = reading.taught[code], tally_of(reading, code)
    recognition = recognition_of(reading, code, tally)
    counted = code in case.counted
    home_in_file = teacher.home in case.schools
    required, recognised, shortfall, guided, to_guide = policy.min_jtm, recognition.recognised, recognition.shortfall, 0, 0
    if teacher.position is Position.PRINCIPAL:
        required = policy.principal_jtm + policy.principal_min_real_jtm
    if teacher.position is Position.COUNSELLOR:
        guided, to_guide = _guided(case, teacher, taught), required_guidance(policy, tally)
        shortfall = guidance_shortfall(policy, tally, guided, _guided(case, teacher, taught, teacher.home))
        recognised = max(0, policy.min_jtm - shortfall)
    below = counted and shortfall > 0
    return TeacherLoad(
        teacher=code,
        home_school=teacher.home,
        certified=teacher.certificate is not None,
        counted=counted,
        required_jtm=required if counted else 0,
        home_jtm=_jp(taught, teacher.home, True) + (0 if home_in_file else teacher.outside_jtm),
        partner_jtm=_jp(taught, teacher.home, False) + (teacher.outside_jtm if home_in_file else 0),
        linear_jtm=tally.home + recognition.outside,
        duty_jtm=duty_jtm,
        guru_wali_jtm=0 if teacher.position is Position.COUNSELLOR else recognition.guru_wali,
        recognised_jtm=recognised,
        met=not below,
        excepted=exceptions.exception_of(reading, code) if below else None,
        shortfall=shortfall if counted else 0,
        reasons=tuple(_why_not_counted(case, teacher) if not counted else _why_below(reading, teacher, tally, recognition) if below else ()),
        guidance=guided,
        required_guidance=to_guide,
    )


def _jp(taught: tuple[Need, ...], home: str, at_home: bool) -> int:
    return sum(need.jp for need in taught if (need.school == home) is at_home)


def _guided(case: Case, teacher: Teacher, taught: tuple[Need, ...], school: str | None = None) -> int:
    """Rombels (or pupils) guided, at one school or everywhere; none for a guru BK whose certificate is of another field."""
    if not case.is_linear(teacher.code, GUIDANCE):
        return 0
    return sum(case.guidance_weight(need) for need in taught if school is None or need.school == school)


def _why_not_counted(case: Case, teacher: Teacher) -> Iterator[str]:
    """Why nothing is required of a teacher: one key."""
    if teacher.code not in case.active:
        yield "not_active"
    elif teacher.certificate is None:
        yield "not_certified"
    elif teacher.position is Position.PRINCIPAL and case.policy.principal_min_real_jtm == 0:
        yield "principal_post"
    else:
        yield "retirement_age"


def _why_below(reading: Reading, teacher: Teacher, tally: Tally, recognition: Recognition) -> Iterator[str]:
    """Why a counted teacher stays below the minimum: what is missing first, then which hours are not recognised."""
    case, policy, taught = reading.case, reading.case.policy, reading.taught[teacher.code]
    if teacher.position is Position.COUNSELLOR:
        if _guided(case, teacher, taught) < required_guidance(policy, tally):
            yield "too_few_guided"
        if policy.bk_home_min is not None and _guided(case, teacher, taught, teacher.home) < policy.bk_home_min:
            yield "too_few_guided_at_home"
        return
    if teacher.position is Position.PRINCIPAL:
        if recognition.real < policy.principal_min_real_jtm:
            yield "principal_teaches_too_little"
    elif recognition.recognised < policy.min_jtm:
        yield "too_few_hours"
    if tally.main_units and recognition.real < policy.ttu_min_real_jtm:
        yield "too_few_hours_beside_main_duty"
    if missing_at_home(policy, tally) > 0:
        yield "too_few_hours_at_home"
    yield from _what_is_not_recognised(reading, teacher, tally, recognition)


def _what_is_not_recognised(reading: Reading, teacher: Teacher, tally: Tally, recognition: Recognition) -> Iterator[str]:
    case = reading.case
    if teacher.home in case.schools and not exceptions.teaches_field_at_home(reading, teacher.code):
        yield "no_lessons_of_the_field"
    if recognition.outside < tally.outside:
        yield "outside_hours_not_recognised"
    if any(case.nonlinear_jp(teacher.code, need) for need in reading.taught[teacher.code]):
        yield "hours_outside_the_certificate"
    if tally.main_units and tally.other_duties + tally.special_duties > 0 and not case.policy.ttle_counts_with_ttu:
        yield "duties_beside_main_duty"
    elif tally.other_duties > other_duties_cap(case.policy, tally.main_units):
        yield "duties_above_cap"
    if any(not holding.recognised for holding in reading.holdings_of[teacher.code]):
        yield "duties_above_quota"
    if exceptions.is_single_teacher(reading, teacher.code) and recognition.real < case.policy.single_teacher_warning_jtm:
        yield "single_teacher_with_few_hours"


def reason_facts(case: Case, load: TeacherLoad) -> Mapping[str, str | int]:
    """Facts that the sentences of ``reasons.toml`` name: the numbers of the load and those of the ruleset."""
    policy = case.policy
    numbers = {key: value for key, value in asdict(load).items() if isinstance(value, (str, int))}
    law = {
        "min_jtm": policy.min_jtm,
        "ttu_min_real_jtm": policy.ttu_min_real_jtm,
        "ttle_cap_jtm": policy.ttle_cap_jtm,
        "home_min_jtm": policy.home_min_jtm or 0,
        "principal_min_real_jtm": policy.principal_min_real_jtm,
        "bk_home_min": policy.bk_home_min or 0,
        "bk_exempt_below_rombel": policy.bk_exempt_below_rombel or 0,
        "retirement_age": policy.retirement_age,
        "single_teacher_warning_jtm": policy.single_teacher_warning_jtm,
    }
    return {**numbers, **law}
