"""Beban Guru, Tugas Tambahan and Jam Mitra as rows: what each teacher has, how the ruleset reads it, and who goes where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scheduler.domain.entities import Position
from scheduler.domain.plan import Assignment, DutyHolding, TeacherLoad
from scheduler.policy.case import GUIDANCE, DutyPost, Need, NeedKind
from scheduler.policy.schema import DutyKind, DutyRule
from scheduler.report.names import Names
from scheduler.verify.reading import recognised_units


class Standing(StrEnum):
    """The word a teacher reads first."""

    MET = "sesuai"
    OVER = "lebih"
    BELOW = "kurang"
    EXCEPTED = "dikecualikan"
    NOT_COUNTED = "tidak_dihitung"


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One teacher's hours in the words of Info GTK.

    ``curriculum_jp``: hours that the structure gives for what is taught. ``dapodik_jp``: hours as taught and typed in. ``admitted_jp`` (diakui):
    what of it is recognised, linear or not. ``linear_jtm``: recognised and linear. The parts ``linear_jtm``, ``main_duty_jtm``,
    ``other_duty_jtm``, ``guru_wali_jtm`` and ``post_jtm`` sum to ``recognised_jtm``, but for a guru BK, who is counted in ``guidance``.
    ``met_peers`` are, for a teacher below the minimum, the colleagues of the same family and home school who reach it: Prioritas chose them.
    """

    teacher: str
    standing: Standing
    curriculum_jp: int
    dapodik_jp: int
    admitted_jp: int
    linear_jtm: int
    main_duty_jtm: int
    other_duty_jtm: int
    guru_wali_jtm: int
    post_jtm: int
    recognised_jtm: int
    required_jtm: int
    load: TeacherLoad
    met_peers: tuple[str, ...] = ()


def load_rows(names: Names) -> tuple[LoadRow, ...]:
    """Every teacher of the file, school by school in the order of the papers, then those who come from outside the file."""
    order = {school.npsn: index for index, school in enumerate((*names.class_schools, *names.case.instance.schools))}
    codes = sorted(names.loads, key=lambda code: order.get(names.case.teachers[code].home, len(order)))
    return tuple(load_row(names, code) for code in codes)


def load_row(names: Names, code: str) -> LoadRow:
    load = names.loads[code]
    taught = [names.case.need[a.need] for a in names.plan.assignments if a.teacher == code]
    nonlinear = sum(need.recognised_jp for need in taught if not names.case.is_linear(code, need.subject))
    outside = names.case.teachers[code].outside_jtm
    main = sum(d.counted_jtm for d in names.plan.duties if d.teacher == code and duty_rule(names, d.duty).kind is DutyKind.TTU)
    return LoadRow(
        teacher=code,
        standing=standing(names, load),
        curriculum_jp=sum(structure_jp(names, need) for need in taught) + outside,
        dapodik_jp=sum(need.jp for need in taught) + outside,
        admitted_jp=load.linear_jtm + nonlinear,
        linear_jtm=load.linear_jtm,
        main_duty_jtm=min(main, load.duty_jtm),
        other_duty_jtm=max(0, load.duty_jtm - main),
        guru_wali_jtm=load.guru_wali_jtm,
        post_jtm=names.case.policy.principal_jtm if names.case.teachers[code].position is Position.PRINCIPAL else 0,
        recognised_jtm=load.recognised_jtm,
        required_jtm=load.required_jtm,
        load=load,
        met_peers=met_peers(names, load),
    )


def met_peers(names: Names, load: TeacherLoad) -> tuple[str, ...]:
    if load.met or not load.counted:
        return ()
    family = names.case.certified_of_family(load.home_school, names.case.family_of(load.teacher))
    return tuple(code for code in family if code in names.loads and names.loads[code].met)


def standing(names: Names, load: TeacherLoad) -> Standing:
    """Sesuai, Lebih (above the most of the ruleset), Kurang, Dikecualikan; teachers without a minimum are not counted."""
    if not load.counted:
        return Standing.NOT_COUNTED
    if load.met:
        return Standing.OVER if load.recognised_jtm > names.case.policy.max_jtm else Standing.MET
    return Standing.EXCEPTED if load.excepted else Standing.BELOW


def structure_jp(names: Names, need: Need) -> int:
    """Hours the structure gives for the need; the need's own where the structure says nothing of it (groups, Jam Mitra)."""
    if len(need.rombels) != 1 or "#" in need.id:
        return need.jp
    instance = names.case.instance
    rombel = next((r for r in instance.rombels if r.school == need.school and r.name == need.rombels[0]), None)
    if rombel is None:
        return need.jp
    key = (rombel.curriculum, rombel.grade, need.subject)
    row = next((row for row in instance.structure if (row.curriculum, row.grade, row.subject) == key), None)
    if row is None or row.structure_max_jp is None:
        return need.jp if row is None else row.jp
    return min(row.jp, row.structure_max_jp)


def duty_rule(names: Names, duty: str) -> DutyRule:
    """The ruleset's rule of a duty that the plan names."""
    rule = names.case.policy.duty(duty)
    if rule is None:
        raise KeyError(f"the ruleset {names.case.policy.id} has no duty {duty!r}")
    return rule


# --- duties ----------------------------------------------------------------------------------------------------------------------------------


class DutyRemark(StrEnum):
    """Why a unit counts less than its equivalence, or what is missing."""

    NONE = ""
    EMPTY = "kosong"
    OVER_QUOTA = "lebih_kuota"
    BESIDE_MAIN_DUTY = "di_samping_utama"
    OVER_CAP = "lebih_batas"
    COUNSELLOR = "guru_bk"
    PRINCIPAL = "kepala_sekolah"
    IN_LESSONS = "sebagai_mengajar"


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One unit of a duty; ``teacher`` is "" where a unit that must have a holder has none."""

    school: str
    rule: DutyRule
    unit: str
    teacher: str
    jtm: int
    counted_jtm: int
    remark: DutyRemark


def duty_rows(names: Names) -> tuple[DutyRow, ...]:
    """Held units in the order of the ruleset and of the units, and for each post the units that are missing."""
    rows: list[DutyRow] = []
    schools = (*names.class_schools, *(s for s in names.case.instance.schools if s not in names.class_schools))
    for school in schools:
        for post in (p for p in names.case.duty_posts if p.school == school.npsn):
            held = [d for d in names.plan.duties if d.school == post.school and d.duty == post.duty]
            held.sort(key=lambda d: post.units.index(d.unit) if d.unit in post.units else len(post.units))
            rows += [DutyRow(d.school, post.rule, d.unit, d.teacher, d.jtm, d.counted_jtm, duty_remark(names, post, d)) for d in held]
            free = [unit for unit in post.units if unit not in {d.unit for d in held}]
            missing = max(0, post.minimum - len(held))
            rows += [DutyRow(post.school, post.rule, unit, "", post.rule.jtm, 0, DutyRemark.EMPTY) for unit in free[:missing]]
    return tuple(rows)


def duty_remark(names: Names, post: DutyPost, held: DutyHolding) -> DutyRemark:
    """The reason that a held unit counts less than it weighs, by the ruleset's own rules."""
    if post.rule.kind is DutyKind.TEACHING:
        return DutyRemark.IN_LESSONS
    if names.case.is_counsellor(held.teacher):
        return DutyRemark.COUNSELLOR
    if held.counted_jtm >= held.jtm:
        return DutyRemark.NONE
    if names.case.teachers[held.teacher].position is Position.PRINCIPAL:
        return DutyRemark.PRINCIPAL
    units = {d.unit: d.teacher for d in names.plan.duties if d.school == post.school and d.duty == post.duty}
    if held.unit not in recognised_units(post, units):
        return DutyRemark.OVER_QUOTA
    own = [duty_rule(names, d.duty).kind for d in names.plan.duties if d.teacher == held.teacher]
    if DutyKind.TTU in own and post.rule.kind is not DutyKind.TTU and not names.case.policy.ttle_counts_with_ttu:
        return DutyRemark.BESIDE_MAIN_DUTY
    return DutyRemark.OVER_CAP


# --- partner schools -------------------------------------------------------------------------------------------------------------------------


class VisitStanding(StrEnum):
    """How far the order of the Dinas has come."""

    ORDERED = "ditugaskan"
    LOCKED = "dikunci"
    PROPOSED = "diusulkan"


@dataclass(frozen=True, slots=True)
class VisitRow:
    """Hours of one teacher in one subject at a school that is not the home school."""

    teacher: str
    home: str
    school: str
    subject: str
    rombels: tuple[str, ...]
    jp: int
    km: float | None
    minutes: int | None
    mode: str
    standing: VisitStanding


def visit_rows(names: Names) -> tuple[VisitRow, ...]:
    """Teachers in the order of the sheet, their schools and subjects in the order of the file."""
    groups: dict[tuple[str, str, str, VisitStanding], list[Assignment]] = {}
    for code, teacher in names.case.teachers.items():
        for assignment in names.plan.assignments:
            if assignment.teacher == code and assignment.school != teacher.home:
                key = (code, assignment.school, assignment.subject, visit_standing(names.case.need[assignment.need], code))
                groups.setdefault(key, []).append(assignment)
    return tuple(visit_row(names, *key, assignments) for key, assignments in groups.items())


def visit_row(names: Names, code: str, npsn: str, subject: str, reached: VisitStanding, assignments: Iterable[Assignment]) -> VisitRow:
    taught = tuple(assignments)
    home = names.case.teachers[code].home
    modes = (row.mode for row in names.case.instance.distances if {row.origin, row.destination} == {home, npsn} and row.mode)
    return VisitRow(
        teacher=code,
        home=home,
        school=npsn,
        subject=subject,
        rombels=tuple(rombel for assignment in taught for rombel in assignment.rombels),
        jp=sum(assignment.jp for assignment in taught),
        km=names.case.distance_km(home, npsn),
        minutes=names.case.travel_minutes(home, npsn),
        mode=next(modes, ""),
        standing=reached,
    )


def visit_standing(need: Need, code: str) -> VisitStanding:
    if code in need.dinas:
        return VisitStanding.ORDERED
    return VisitStanding.LOCKED if need.locked == code else VisitStanding.PROPOSED


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """What a partner school reaches with its own staff alone, and in the plan. Hours in JP; ``open_jp`` by subject id."""

    school: str
    rombels: int
    counted: int
    valid_alone: int
    valid_now: int
    open_jp: Mapping[str, int]
    visited_jp: int
    uncovered_jp: int


def partner_rows(names: Names) -> tuple[PartnerRow, ...]:
    return tuple(partner_row(names, p.school, p.valid_alone, p.open_needs) for p in names.plan.partners)


def partner_row(names: Names, npsn: str, valid_alone: int, open_needs: Iterable[str]) -> PartnerRow:
    open_jp: dict[str, int] = {}
    for need in (names.case.need[need_id] for need_id in open_needs):
        open_jp[need.subject] = open_jp.get(need.subject, 0) + need.jp
    own = [load for load in names.plan.teachers if load.home_school == npsn and load.counted]
    here = [a for a in names.plan.assignments if a.school == npsn]
    return PartnerRow(
        school=npsn,
        rombels=len(names.rombels(npsn)),
        counted=len(own),
        valid_alone=valid_alone,
        valid_now=sum(load.met for load in own),
        open_jp={subject: jp for subject, jp in open_jp.items() if subject != GUIDANCE},
        visited_jp=sum(a.jp for a in here if a.teacher is not None and names.case.teachers[a.teacher].home != npsn),
        uncovered_jp=sum(a.jp for a in here if a.teacher is None and names.case.need[a.need].kind is NeedKind.LESSON),
    )
