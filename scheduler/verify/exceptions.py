"""Who may be paid although the hours are not reached. An exception never changes ``met`` and no level: it is said beside them.

Permendikdasmen 11/2025 ps. 20 (1) a and b (older rulesets by their own switches); guru tunggal is a practice of Info GTK; guru BK of a school with
few rombels ps. 20 (2).
"""

from __future__ import annotations

from scheduler.domain.entities import Position
from scheduler.policy.schema import DutyKind
from scheduler.verify.reading import Reading
from scheduler.verify.recognition import Tally, recognise

CURRICULUM_STRUCTURE = "exception_curriculum_structure"
STAFFING_MATCHES_NEED = "exception_staffing_matches_need"
SINGLE_TEACHER = "exception_single_teacher"
FEW_ROMBELS = "exception_few_rombels"


def exception_of(reading: Reading, code: str) -> str | None:
    """Key of the first exception that covers a counted teacher who stays below the minimum, or None.

    Article 20's own exceptions come before the practice of guru tunggal. Nobody is excepted whose home school is not in the file or has no
    lesson in the teacher's field: there is nothing to compute the need from.
    """
    case, policy = reading.case, reading.case.policy
    if case.teachers[code].home not in case.schools or case.teachers[code].position is Position.PRINCIPAL:
        return None
    if case.is_counsellor(code):
        return FEW_ROMBELS if has_few_rombels(reading, code) else None
    if not teaches_field_at_home(reading, code):
        return None
    if policy.exception_curriculum_structure and misses_even_alone(reading, code):
        return CURRICULUM_STRUCTURE
    if policy.exception_staffing_matches_need and not case.has_surplus(code):
        return STAFFING_MATCHES_NEED
    if policy.exception_single_teacher and is_single_teacher(reading, code):
        return SINGLE_TEACHER
    return None


def has_few_rombels(reading: Reading, code: str) -> bool:
    """Whether the home school of a guru BK has too few rombels for anybody to reach the minimum."""
    least = reading.case.policy.bk_exempt_below_rombel
    return least is not None and len(reading.case.instance.rombels_of(reading.case.teachers[code].home)) < least


def teaches_field_at_home(reading: Reading, code: str) -> bool:
    """Whether the home school has a lesson linear to the teacher's certificate."""
    home = reading.case.teachers[code].home
    return any(reading.case.is_linear(code, need.subject) for need in reading.lessons_at.get(home, ()))


def misses_even_alone(reading: Reading, code: str) -> bool:
    """Ps. 20 (1) a: with all linear lessons of the home school and the best duties the teacher would still be below the minimum."""
    case = reading.case
    lessons = reading.lessons_at.get(case.teachers[code].home, ())
    hours = sum(need.recognised_jp for need in lessons if case.is_linear(code, need.subject))
    return all(recognise(case.policy, tally, case.is_guru_wali(code), surplus=False).shortfall > 0 for tally in best_tallies(reading, code, hours))


def best_tallies(reading: Reading, code: str, home: int) -> tuple[Tally, ...]:
    """The most a teacher could have beside ``home`` hours at the home school: without a TTU, and with one where one could be held."""
    jtm = dict.fromkeys(DutyKind, 0)
    main = 0
    for post in reading.posts_at.get(reading.case.teachers[code].home, ()):
        if not reading.case.may_hold(code, post):
            continue
        pinned_to_others = sum(holder != code and unit not in post.unrecognised for unit, holder in post.pinned)
        units = max(0, min(post.quota, post.maximum) - pinned_to_others)
        if post.rule.max_per_teacher is not None:
            units = min(units, post.rule.max_per_teacher)
        jtm[post.rule.kind] += units * post.rule.jtm
        if post.rule.kind is DutyKind.TTU and units:
            main = max(main, post.rule.jtm)
    without = Tally(home, 0, jtm[DutyKind.TEACHING], special_duties=jtm[DutyKind.SPECIAL], other_duties=jtm[DutyKind.TTLE])
    if not main:
        return (without,)
    return without, Tally(home, 0, jtm[DutyKind.TEACHING], main_duties=main, main_units=1, other_duties=jtm[DutyKind.TTLE])


def is_single_teacher(reading: Reading, code: str) -> bool:
    """Guru tunggal: the only certified teacher of the field at the home school."""
    case = reading.case
    return case.certified_of_family(case.teachers[code].home, case.family_of(code)) == (code,)
