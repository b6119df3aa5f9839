"""Supply against demand in sentences: hours that no staff can cover, families with too few hours, and main duties for fewer than depend on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduler.counting.finding import Facts, Finding
from scheduler.counting.flow import lacks
from scheduler.counting.staff import StaffCount, best_alone, best_tallies, recognitions
from scheduler.counting.steps import least_sum
from scheduler.counting.supply import counting_units
from scheduler.counting.week_count import WeekCount
from scheduler.domain.entities import Position
from scheduler.policy.case import Need, NeedKind
from scheduler.policy.schema import DutyKind
from scheduler.verify.recognition import Tally, other_duties_cap
from scheduler.verify.sums import cheapest_sums


def demand_findings(week: WeekCount) -> Iterator[Finding]:
    """Notes, and one that leaves no week: JP Min above the open periods."""
    for check in (open_periods_of_teachers, teachers_of_subjects, windows_of_lessons, hours_of_families, home_hours_of_families, main_duty_slots):
        yield from check(week)


def open_periods_of_teachers(week: WeekCount) -> Iterator[Finding]:
    """A teacher's wanted or required hours against the periods in which the teacher can be there (Ketersediaan, MGMP day)."""
    case, staff = week.case, week.staff
    for code, periods in week.open_periods.items():
        if periods is None:
            continue
        facts: Facts = {**staff.name_facts(code), "periods": periods}
        wanted = case.teachers[code].min_jp
        if wanted is not None and wanted > periods:
            yield Finding("minimum_jp_exceeds_open_periods", {**facts, "jp": wanted}, hard=True, excess=wanted - periods)
        if code not in case.counted or case.is_counsellor(code) or best_alone(staff, code).shortfall:
            continue
        best = best_alone(staff, code, periods)
        if best.shortfall:
            yield Finding("open_periods_below_minimum", {**facts, "most": best.recognised, "missing": best.shortfall}, excess=best.shortfall)


SubjectGroup = tuple[str, str, tuple[str, ...], bool]
"""(school, subject, who may teach it, whether by a Kunci)."""


def teachers_of_subjects(week: WeekCount) -> Iterator[Finding]:
    """Required hours of subjects against what all who may teach them can teach together: JP Maks, and the periods in which they can be there.

    Subjects that share teachers are counted together; hours that nobody may teach, and locked ones, are told of elsewhere.
    """
    case, staff = week.case, week.staff
    demand: dict[SubjectGroup, int] = defaultdict(int)
    for need in case.needs:
        if need.kind is NeedKind.LESSON and need.required and need.jp > 0 and staff.eligible[need.id]:
            demand[need.school, need.subject, staff.eligible[need.id], bool(need.locked)] += need.jp
    codes = {code for group in demand for code in group[2]}
    most = {code: case.max_jp(code) for code in sorted(codes)}
    capacity = {code: jp if (periods := week.open_periods[code]) is None else min(jp, periods) for code, jp in most.items()}
    for lack in lacks(capacity, demand, {(code, group): capacity[code] for group in demand for code in group[2]}):
        if all(locked for *_, locked in lack.demands):
            continue
        people = list(dict.fromkeys(code for group in lack.demands for code in group[2]))
        jp, available = sum(demand[group] for group in lack.demands), sum(capacity[code] for code in people)
        subjects = dict.fromkeys(case.instance.subject(subject).name for _, subject, *_ in lack.demands)
        schools = dict.fromkeys(week.school_name(school) for school, *_ in lack.demands)
        facts: Facts = {"school": ", ".join(schools), "subjects": ", ".join(subjects), "jp": jp, "teachers": len(people)}
        facts |= {"codes": ", ".join(people), "available": available, "missing": lack.missing}
        kind = "subject_hours_exceed_teachers" if available == sum(most[code] for code in people) else "subject_hours_exceed_open_periods"
        yield Finding(kind, facts, excess=lack.missing)


def windows_of_lessons(week: WeekCount) -> Iterator[Finding]:
    """Lessons none of whose teachers is there for long enough: each has too few open periods for the JP, or too few days for the blocks.

    Such a lesson stays without a teacher; a locked one is told as impossible elsewhere.
    """
    short: dict[tuple[str, str], list[tuple[Need, int]]] = defaultdict(list)
    for need in week.lessons:
        eligible = week.staff.eligible[need.id]
        if need.locked or not need.required or not eligible:
            continue
        if not any(week.has_time_for(code, need) for code in eligible):
            longest = max(len(week.open_slots(code, week.pattern_of(need))) for code in eligible)
            short[need.school, need.subject].append((need, longest))
    for (school, subject), found in short.items():
        facts: Facts = {"npsn": school, "school": week.school_name(school), "subject": week.case.instance.subject(subject).name}
        facts |= {"rombels": ", ".join(name for need, _ in found for name in need.rombels), "jp": max(need.jp for need, _ in found)}
        missing = sum(need.jp for need, _ in found)
        yield Finding("lesson_exceeds_open_periods", {**facts, "periods": max(p for _, p in found), "missing": missing}, excess=missing)


@dataclass(frozen=True, slots=True)
class FamilyHours:
    """What one family of certificates at one school has, and what one of its teachers needs to be valid, in JTM.

    ``jp`` are all linear hours that any of them may have. ``real`` and ``whole``: hours that the cheapest teacher must teach without a main duty,
    and the least whole classes that reach them; ``real_main`` and ``whole_main`` with one, for which there are ``slots``. ``most`` of ``teachers``
    can be valid.
    """

    school: str
    family: str
    teachers: tuple[str, ...]
    jp: int
    real: int
    whole: int
    real_main: int
    whole_main: int
    slots: int
    most: int


def hours_of_families(week: WeekCount) -> Iterator[Finding]:
    """Too few hours for all certified teachers of a family, whole classes counted: 5 JP come in fives, so 16 needed are 20 taught."""
    for family in families(week.staff):
        if family.most < len(family.teachers):
            facts: Facts = {**family_facts(week, family, family.most), "jp": family.jp, "real": family.real, "whole": family.whole}
            if family.slots:
                facts |= {"whole_main": family.whole_main, "slots": family.slots}
            yield Finding("family_hours_with_main_duties" if family.slots else "family_hours", facts, excess=len(family.teachers) - family.most)


def home_hours_of_families(week: WeekCount) -> Iterator[Finding]:
    """Where the ruleset has a home minimum: too few hours at home for all certified teachers of a family to have it there, in whole classes."""
    least = week.case.policy.home_min_jtm
    for family in families(week.staff) if least is not None else ():
        jp, whole, most = home_hours(week.staff, family, least or 0)
        if most < len(family.teachers):
            facts: Facts = {**family_facts(week, family, most), "jp": jp, "minimum": least or 0, "whole": whole}
            yield Finding("family_home_hours", facts, excess=len(family.teachers) - most)


def home_hours(staff: StaffCount, family: FamilyHours, least: int) -> tuple[int, int, int]:
    """What a family has at the home school, and how many of it can have the minimum there.

    Linear hours that any of them may have; the least whole classes with which one reaches the minimum; most teachers who can.
    """
    case = staff.case
    own = {
        code: [need for need in staff.may_have.get(code, ()) if need.school == family.school and case.is_linear(code, need.subject)]
        for code in family.teachers
    }
    jp = sum(need.recognised_jp for need in {need.id: need for needs in own.values() for need in needs}.values())
    targets = {code: least - best_tallies(staff, code)[0].teaching_duties for code in family.teachers}
    costs = [(least_sum([need.recognised_jp for need in own[code] if need.recognised_jp > 0], targets[code]), None) for code in family.teachers]
    most = most_within(costs, 0, jp)
    return jp, min((whole for whole, _ in costs if whole is not None), default=0), most


def family_facts(week: WeekCount, family: FamilyHours, most: int) -> Facts:
    certificates = dict.fromkeys(week.case.law.certificates[week.case.teachers[code].certificate or ""].name for code in family.teachers)
    return {
        "npsn": family.school,
        "school": week.school_name(family.school),
        "certificates": ", ".join(certificates),
        "teachers": len(family.teachers),
        "most": most,
        "below": len(family.teachers) - most,
    }


def families(staff: StaffCount) -> Iterator[FamilyHours]:
    """Families with two or more counted guru mapel at one school who could each be valid alone; who never can is told of elsewhere."""
    case = staff.case
    members: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code in case.teachers:
        family = case.family_of(code)
        if code in case.counted and family and case.teachers[code].position in (Position.SUBJECT_TEACHER, Position.ACTING_PRINCIPAL):
            members[case.teachers[code].home, family].append(code)
    for (school, family), codes in members.items():
        able = tuple(code for code in codes if best_alone(staff, code).shortfall == 0)
        if school in case.schools and len(able) > 1:
            yield family_hours(staff, school, family, able)


def family_hours(staff: StaffCount, school: str, family: str, codes: tuple[str, ...]) -> FamilyHours:
    """The sum of one family. A lower limit of what each needs, so an upper limit of how many can be valid."""
    case = staff.case
    linear = {code: [n for n in staff.may_have.get(code, ()) if n.recognised_jp > 0 and case.is_linear(code, n.subject)] for code in codes}
    needs = {need.id: need for own in linear.values() for need in own}
    jp = sum(need.recognised_jp for need in needs.values())
    slots = main_slots(staff, codes)
    wanted = {code: real_hours_needed(staff, code) for code in codes}
    costs = []
    for code in codes:
        hours = [need.recognised_jp for need in linear[code]]
        without, beside = (None if target is None else least_sum(hours, target) for target in wanted[code])
        costs.append((without, beside))
    most = most_within(costs, slots, jp)
    real = min((target for target, _ in wanted.values() if target is not None), default=0)
    real_main = min((target for _, target in wanted.values() if target is not None), default=0)
    whole = min((without for without, _ in costs if without is not None), default=0)
    whole_main = min((beside for _, beside in costs if beside is not None), default=0)
    return FamilyHours(school, family, codes, jp, real, whole, real_main, whole_main, slots, most)


def real_hours_needed(staff: StaffCount, code: str) -> tuple[int | None, int | None]:
    """Linear hours of lessons that a teacher needs at least to be valid: without a TTU, and with one (None where none may be held)."""
    policy = staff.case.policy
    tallies = best_tallies(staff, code)
    wali = policy.guru_wali_jtm if staff.case.is_guru_wali(code) else 0
    held = staff.case.teachers[code].outside_jtm
    plain = tallies[0]
    without = policy.min_jtm - min(other_duties_cap(policy, 0), plain.other_duties) - plain.special_duties - plain.teaching_duties - wali - held
    if len(tallies) == 1:
        return max(0, without), None
    return max(0, without), max(0, beside_main_duty(staff, code, tallies[1]) - held)


def beside_main_duty(staff: StaffCount, code: str, tally: Tally) -> int:
    """The same with a TTU, before hours held elsewhere."""
    policy = staff.case.policy
    wali = policy.guru_wali_jtm if policy.guru_wali_counts_with_ttu and staff.case.is_guru_wali(code) else 0
    others = min(other_duties_cap(policy, 1), tally.other_duties)
    return max(policy.ttu_min_real_jtm, policy.min_jtm - tally.main_duties - others - wali) - tally.teaching_duties


def main_slots(staff: StaffCount, codes: Sequence[str]) -> int:
    """Main duties that count and that one of these teachers may hold: those of the home school, and where the workbook names one elsewhere."""
    known = frozenset(codes)
    posts = [(post, len(known.intersection(candidates))) for post, candidates in staff.candidates if post.rule.kind is DutyKind.TTU]
    return sum(min(counting_units(post), count) for post, count in posts)


def most_within(costs: Sequence[tuple[int | None, int | None]], slots: int, hours: int) -> int:
    """Most teachers whose hours are there together, the cheapest first, when at most ``slots`` of them use the second number; None = cannot be."""
    never = hours + 1
    pairs = [(never if without is None else without, never if beside is None else beside) for without, beside in costs]
    return max(count for count, least in enumerate(cheapest_sums(slots, pairs)) if least <= hours)


def main_duty_slots(week: WeekCount) -> Iterator[Finding]:
    """Teachers who reach the minimum only with a main duty, against the main duties of their school."""
    case, staff = week.case, week.staff
    dependent: dict[str, list[str]] = defaultdict(list)
    for code in case.teachers:
        if code in case.counted and not case.is_counsellor(code) and case.teachers[code].position is not Position.PRINCIPAL:
            without, *beside = (recognition.shortfall == 0 for recognition in recognitions(staff, code))
            if any(beside) and not without:
                dependent[case.teachers[code].home].append(code)
    for school, codes in dependent.items():
        slots = main_slots(staff, codes)
        if len(codes) > slots and school in case.schools:
            names = ", ".join(f"{case.teachers[code].name} ({code})" for code in codes)
            facts: Facts = {"npsn": school, "school": week.school_name(school), "teachers": len(codes), "names": names, "slots": slots}
            yield Finding("main_duties_short", {**facts, "below": len(codes) - slots}, excess=len(codes) - slots)
