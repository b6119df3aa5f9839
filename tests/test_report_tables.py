"""The plan as plain rows: sums that agree with the structure, words that agree with the ruleset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from scheduler.domain.entities import Distance, Group, OpenHours, Position, Rombel, Slot, SlotKind, StructureRow, Teacher
from scheduler.domain.instance import Settings
from scheduler.domain.plan import Assignment, DutyHolding, Lesson, PartnerAlone, Plan, PlanStatus, PolicyUsed, Status
from scheduler.policy.case import Case
from scheduler.policy.load import load_curriculum
from scheduler.report.law import LawPart, curriculum_rows, doubts, policy_rows
from scheduler.report.loads import DutyRemark, Standing, VisitStanding
from scheduler.report.names import shortened
from scheduler.report.tables import Tables
from scheduler.report.weeks import day_slots, grid_of
from scheduler.verify.hours import teacher_loads
from tests import build


def plan_of(
    case: Case,
    taught: Mapping[str, str],
    duties: Iterable[DutyHolding] = (),
    lessons: Iterable[Lesson] = (),
    partners: Iterable[PartnerAlone] = (),
) -> Plan:
    """A plan from need → teacher; needs left out are taught by nobody."""
    assignments = tuple(Assignment(n.id, n.school, n.rombels, n.subject, n.jp, n.recognised_jp, taught.get(n.id)) for n in case.needs)
    plan = Plan(
        PolicyUsed(case.policy.id, case.policy.overrides),
        "",
        PlanStatus(Status.OPTIMAL, Status.UNKNOWN),
        (),
        assignments,
        tuple(duties),
        lessons=tuple(lessons),
        partners=tuple(partners),
    )
    return replace(plan, teachers=teacher_loads(case, plan))


def everything(case: Case, subject_teachers: Mapping[str, str]) -> dict[str, str]:
    """Each subject taught by one teacher at every school."""
    return {need.id: subject_teachers[need.subject] for need in case.needs if need.subject in subject_teachers}


def held(case: Case, duty: str, unit: str, teacher: str, npsn: str = build.HOME) -> DutyHolding:
    """A holding as the models write it: what counts of it is computed by the checker."""
    rule = case.policy.duty(duty)
    assert rule is not None
    return DutyHolding(npsn, duty, unit, teacher, rule.jtm, rule.jtm)


SMALL: dict[str, int | tuple[int, int]] = {"ipa": (4, 1), "matematika": 4}
"""5 + 4 = 9 JP a class."""


def small_case(**parts: object) -> Case:
    """Two classes, 7A and 8A; G01 teaches IPA, G02 mathematics."""
    teachers = (build.teacher("G01", "ipa"), build.teacher("G02", "matematika"))
    return build.case(SMALL, teachers, {7: 1, 8: 1}, **parts)  # type: ignore[arg-type]


# --- Pembagian Tugas -------------------------------------------------------------------------------------------------------------------------


def test_class_totals_equal_the_structure() -> None:
    case = small_case()
    matrix = Tables(case, plan_of(case, everything(case, {"ipa": "G01", "matematika": "G02"}))).matrix(build.HOME)
    assert matrix.rombels == ("7A", "8A")
    assert matrix.class_jp == (9, 9)
    assert [line.total_jp for teacher in matrix.teachers for line in teacher.lines] == [10, 8]


def test_columns_of_the_matrix_sum_to_the_class_totals() -> None:
    case = small_case()
    matrix = Tables(case, plan_of(case, everything(case, {"ipa": "G01"}))).matrix(build.HOME)
    lines = [*matrix.uncovered, *(line for teacher in matrix.teachers for line in teacher.lines)]
    columns = [[line.cells[i] for line in lines] for i in range(2)]
    assert tuple(sum(cell.jp for cell in column if cell is not None) for column in columns) == matrix.class_jp


def test_a_subject_without_a_teacher_has_a_line_of_its_own() -> None:
    case = small_case()
    matrix = Tables(case, plan_of(case, everything(case, {"ipa": "G01"}))).matrix(build.HOME)
    assert [(line.subject, line.total_jp) for line in matrix.uncovered] == [("matematika", 8)]
    assert matrix.class_jp == (9, 9)


def test_parallel_groups_count_once_for_the_class_and_fully_for_each_teacher() -> None:
    jp: dict[str, int | tuple[int, int]] = {"ipa": 5, "pabp_islam": 3, "pabp_kristen": 3}
    groups = (
        Group("A1", build.HOME, ("7A", "8A"), "pabp_islam", 3, parallel="A2"),
        Group("A2", build.HOME, ("7A", "8A"), "pabp_kristen", 3),
    )
    teachers = (build.teacher("G01", "pai"), build.teacher("G02", "kristen"), build.teacher("G03", "ipa"))
    structure = build.structure({"ipa": 5, "pabp_islam": 3})
    case = build.case(jp, teachers, {7: 1, 8: 1}, groups=groups, structure=structure)
    taught = everything(case, {"ipa": "G03", "pabp_islam": "G01", "pabp_kristen": "G02"})
    matrix = Tables(case, plan_of(case, taught)).matrix(build.HOME)
    # A class has 5 IPA + 3 religion; each religion teacher teaches one group of both classes, 3 JP.
    assert matrix.class_jp == (8, 8)
    assert [teacher.lines[0].total_jp for teacher in matrix.teachers] == [3, 3, 10]
    assert matrix.has_shared_hours


def partner_case() -> Case:
    """Main school "1" with class 7A, partner "2" with class 7A and no IPA teacher of its own."""
    teachers = (build.teacher("G01", "ipa"), build.teacher("G02", "matematika"), build.teacher("M01", "matematika", home="2"))
    return build.case(
        SMALL,
        teachers,
        {7: 1},
        settings=Settings(main_school="1"),
        schools=(build.school(), build.school("2", partner=True)),
        rombels=(*build.rombels({7: 1}), *build.rombels({7: 1}, "2")),
        distances=(Distance("1", "2", 12.5, 30, "motor"),),
    )


def partner_plan(case: Case) -> Plan:
    taught = {"1/7A/IPA": "G01", "2/7A/IPA": "G01", "1/7A/MTK": "G02", "2/7A/MTK": "M01"}
    return plan_of(case, taught, partners=(PartnerAlone("2", 0, ("2/7A/IPA",)),))


def test_hours_at_a_partner_school_stand_in_sklh_lain_and_with_the_visitors() -> None:
    case = partner_case()
    tables = Tables(case, partner_plan(case))
    (at_home,) = tables.matrix("1").teachers[0].lines
    assert (at_home.here_jp, at_home.elsewhere_jp) == (5, 5)
    (visitor,) = tables.matrix("2").visitors
    assert (visitor.teacher, visitor.total, visitor.lines[0].code) == ("G01", 5, "IPA-G01")


def test_hours_held_outside_the_file_stand_in_sklh_lain() -> None:
    case = build.case({"ipa": 5}, [build.teacher("G01", "ipa", outside_jtm=6)], {7: 1})
    (teacher,) = Tables(case, plan_of(case, everything(case, {"ipa": "G01"}))).matrix(build.HOME).teachers
    assert [(line.subject, line.elsewhere_jp) for line in teacher.lines] == [("ipa", 0), ("", 6)]
    # 5 taught + 6 outside + 2 guru wali
    assert teacher.total == 13


@pytest.mark.parametrize(
    ("codes", "short"),
    [
        (("G01", "G02", "G12"), ("01", "02", "12")),
        (("1", "2"), ("1", "2")),
        (("ADI", "ANI"), ("ADI", "ANI")),
        (("G1", "H1"), ("G1", "H1")),
        (("G01",), ("G01",)),
    ],
)
def test_codes_lose_what_all_of_a_school_have_in_common(codes: tuple[str, ...], short: tuple[str, ...]) -> None:
    assert shortened(codes) == short


# --- Beban Guru ------------------------------------------------------------------------------------------------------------------------------


def test_the_parts_of_a_load_sum_to_what_is_recognised() -> None:
    case = build.case({"ipa": (4, 1)}, [build.teacher("G01", "ipa")], {7: 3})
    duties = [held(case, "wali_kelas", "7A", "G01"), held(case, "pembina_osis", "1", "G01")]
    (row,) = Tables(case, plan_of(case, everything(case, {"ipa": "G01"}), duties)).loads
    # 3 × 5 linear, wali kelas 2 + OSIS 2, guru wali 2: 21 of 24.
    assert (row.linear_jtm, row.main_duty_jtm, row.other_duty_jtm, row.guru_wali_jtm, row.recognised_jtm) == (15, 0, 4, 2, 21)
    assert row.standing in (Standing.BELOW, Standing.EXCEPTED)


def test_hours_outside_the_certificate_are_admitted_and_not_linear() -> None:
    case = build.case({"ipa": 5, "matematika": 4}, [build.teacher("G01", "ipa", may_teach=("matematika",))], {7: 1})
    (row,) = Tables(case, plan_of(case, everything(case, {"ipa": "G01", "matematika": "G01"}))).loads
    assert (row.curriculum_jp, row.dapodik_jp, row.admitted_jp, row.linear_jtm) == (9, 9, 9, 5)


def test_kokurikuler_that_does_not_count_is_taught_and_not_admitted() -> None:
    case = build.case({"ipa": (4, 1)}, [build.teacher("G01", "ipa")], {7: 1}, settings=Settings(count_kokurikuler=False))
    (row,) = Tables(case, plan_of(case, everything(case, {"ipa": "G01"}))).loads
    assert (row.curriculum_jp, row.dapodik_jp, row.admitted_jp, row.linear_jtm) == (5, 5, 4, 4)


@pytest.mark.parametrize(
    ("teacher", "grades", "standing"),
    [
        (build.teacher("G01", "ipa"), {7: 5}, Standing.MET),  # 25 + 2
        (build.teacher("G01", "ipa"), {7: 8}, Standing.OVER),  # 40 + 2 guru wali is more than 40
        (build.teacher("G01", None, may_teach=("ipa",)), {7: 5}, Standing.NOT_COUNTED),
        (build.teacher("G01", "ipa", position=Position.PRINCIPAL), {7: 1}, Standing.NOT_COUNTED),
    ],
)
def test_the_standing_of_a_teacher(teacher: Teacher, grades: dict[int, int], standing: Standing) -> None:
    case = build.case({"ipa": 5}, [teacher], grades)
    (row,) = Tables(case, plan_of(case, everything(case, {"ipa": "G01"}))).loads
    assert row.standing is standing


def test_who_is_below_is_shown_with_the_colleagues_who_reach_the_minimum() -> None:
    teachers = [build.teacher("G01", "ipa"), build.teacher("G02", "ipa"), build.teacher("G03", "ipa")]
    case = build.case({"ipa": 5}, teachers, {7: 6})
    taught = {f"1/7{letter}/IPA": "G01" for letter in "ABCDE"} | {"1/7F/IPA": "G02"}
    peers = {row.teacher: row.met_peers for row in Tables(case, plan_of(case, taught)).loads}
    # G01 has 25 + 2; G02 5 + 2; G03 2.
    assert peers == {"G01": (), "G02": ("G01",), "G03": ("G01",)}


# --- Tugas Tambahan --------------------------------------------------------------------------------------------------------------------------


def remark_of(case: Case, duties: Iterable[DutyHolding], duty: str) -> DutyRemark:
    plan = plan_of(case, {}, duties)
    return next(row.remark for row in Tables(case, plan).duties if row.rule.id == duty and row.teacher)


def test_a_duty_beside_a_main_duty_says_why_it_counts_nothing() -> None:
    case = small_case()
    duties = [held(case, "wakasek", "1", "G01"), replace(held(case, "wali_kelas", "7A", "G01"), counted_jtm=0)]
    assert remark_of(case, duties, "wali_kelas") is DutyRemark.BESIDE_MAIN_DUTY
    assert remark_of(case, duties, "wakasek") is DutyRemark.NONE


def test_a_duty_above_the_cap_says_why_it_counts_less() -> None:
    case = small_case()
    duties = [replace(held(case, "pembina_osis", "1", "G01"), counted_jtm=1)]
    assert remark_of(case, duties, "pembina_osis") is DutyRemark.OVER_CAP


def test_a_duty_above_the_quota_says_why_it_counts_nothing() -> None:
    case = small_case(duties=(build.duty("pembina_osis", maximum=2),))
    duties = [held(case, "pembina_osis", "1", "G01"), replace(held(case, "pembina_osis", "+1", "G02"), counted_jtm=0)]
    rows = [row for row in Tables(case, plan_of(case, {}, duties)).duties if row.rule.id == "pembina_osis"]
    assert [(row.teacher, row.remark) for row in rows] == [("G01", DutyRemark.NONE), ("G02", DutyRemark.OVER_QUOTA)]


def test_a_duty_of_a_counsellor_counts_in_rombels() -> None:
    case = build.case(SMALL, [build.counsellor("G01")], {7: 1, 8: 1})
    assert remark_of(case, [held(case, "pembina_osis", "1", "G01")], "pembina_osis") is DutyRemark.COUNSELLOR


def test_a_required_duty_without_a_holder_is_listed_as_empty() -> None:
    case = small_case(duties=(build.duty("pembina_osis", minimum=1),))
    empty = [row for row in Tables(case, plan_of(case, {})).duties if row.rule.id == "pembina_osis"]
    assert [(row.teacher, row.remark) for row in empty] == [("", DutyRemark.EMPTY)]


# --- Jam Mitra -------------------------------------------------------------------------------------------------------------------------------


def test_a_visit_tells_the_way_and_how_far_the_order_has_come() -> None:
    case = partner_case()
    (visit,) = Tables(case, partner_plan(case)).visits
    assert (visit.teacher, visit.school, visit.subject, visit.rombels, visit.jp) == ("G01", "2", "ipa", ("7A",), 5)
    assert (visit.km, visit.minutes, visit.mode, visit.standing) == (12.5, 30, "motor", VisitStanding.PROPOSED)


def test_a_partner_school_is_shown_with_what_it_reaches_alone() -> None:
    case = partner_case()
    (partner,) = Tables(case, partner_plan(case)).partners
    assert (partner.school, partner.valid_alone, dict(partner.open_jp), partner.visited_jp) == ("2", 0, {"ipa": 5}, 5)


def test_open_hours_that_nobody_takes_are_no_uncovered_lessons() -> None:
    case = small_case(schools=(build.school(), build.school("3", partner=True)), open_hours=(OpenHours("3", "ipa", 4, "7A", 1),))
    plan = plan_of(case, everything(case, {"matematika": "G02"}) | {"1/7A/IPA": "G01", "1/8A/IPA": "G01"})
    assert [row.uncovered_jp for row in Tables(case, plan).summary.schools] == [0]


# --- the week --------------------------------------------------------------------------------------------------------------------------------


def bells(monday_ceremony: int) -> tuple[Slot, ...]:
    """Two days of two hours; Monday begins with a ceremony of so many minutes, and there is a break after the first hour."""
    slots = []
    for day, ceremony in (("Senin", monday_ceremony), ("Selasa", 0)):
        at = 420
        if ceremony:
            slots.append(Slot("pagi", day, 0, SlotKind.CEREMONY, at, at + ceremony, 0))
            at += ceremony
        kinds = ((1, SlotKind.LESSON, 40), (0, SlotKind.BREAK, 15), (2, SlotKind.LESSON, 40))
        for order, (period, kind, minutes) in enumerate(kinds, 1):
            slots.append(Slot("pagi", day, period, kind, at, at + minutes, order))
            at += minutes
    return tuple(slots)


def test_days_with_the_same_clock_share_one_column_of_times() -> None:
    assert grid_of(day_slots(small_case(slots=bells(0)).instance, "pagi")).day_groups == (("Senin", "Selasa"),)
    assert grid_of(day_slots(small_case(slots=bells(40)).instance, "pagi")).day_groups == (("Senin",), ("Selasa",))


def test_a_grid_lines_up_hours_and_breaks_of_all_days() -> None:
    grid = grid_of(day_slots(small_case(slots=bells(40)).instance, "pagi"))
    # The ceremony before the first hour, hour 1, the break, hour 2.
    assert [row.period for row in grid.rows] == [0, 1, 0, 2]
    assert [sorted(row.slots) for row in grid.rows] == [["Senin"], ["Selasa", "Senin"], ["Selasa", "Senin"], ["Selasa", "Senin"]]


def test_every_bell_pattern_has_a_block_of_its_own() -> None:
    case = small_case(
        slots=(*build.week((2, 2)), *build.week((2, 2), "siang")),
        rombels=(Rombel(build.HOME, "7A", 7, "k"), Rombel(build.HOME, "8A", 8, "k", bell="siang")),
    )
    blocks = Tables(case, plan_of(case, {})).master_blocks(build.HOME)
    assert [(block.pattern, block.rombels) for block in blocks] == [("pagi", ("7A",)), ("siang", ("8A",))]


def test_a_lesson_stands_in_each_of_its_hours() -> None:
    case = small_case(slots=build.week((3, 3)))
    lesson = Lesson("1/7A/IPA", "1", ("7A",), "ipa", "G01", "Senin", 2, 2)
    (block,) = Tables(case, plan_of(case, {"1/7A/IPA": "G01"}, lessons=[lesson])).master_blocks(build.HOME)
    assert [row.cells[0] for row in block.days["Senin"]] == [(), (lesson,), (lesson,)]
    assert block.legend == ("G01",)


def test_a_teacher_at_two_schools_has_a_grid_for_each() -> None:
    case = partner_case()
    case = replace(case, instance=replace(case.instance, slots=build.week((3, 3))))
    lessons = [Lesson("1/7A/IPA", "1", ("7A",), "ipa", "G01", "Senin", 1, 2), Lesson("2/7A/IPA", "2", ("7A",), "ipa", "G01", "Selasa", 1, 2)]
    (week,) = Tables(case, replace(partner_plan(case), lessons=tuple(lessons))).teacher_weeks
    assert [(place.school, sorted(place.lessons)) for place in week.places] == [
        ("1", [("Senin", 1), ("Senin", 2)]),
        ("2", [("Selasa", 1), ("Selasa", 2)]),
    ]


# --- Dasar Hukum -----------------------------------------------------------------------------------------------------------------------------


def test_every_number_of_a_ruleset_has_a_row_with_its_source() -> None:
    policy = small_case().policy
    rows = policy_rows(policy)
    assert {row.name for row in rows if row.part is LawPart.NUMBER} == set(policy.sources)
    assert {row.name for row in rows if row.part is LawPart.DUTY_JTM} == {duty.id for duty in policy.duties}
    assert all(row.source.article for row in rows)


def test_an_overridden_number_is_a_doubt() -> None:
    case = small_case(overrides={"min_jtm": "20"})
    found = doubts(Tables(case, plan_of(case, {})).names)
    assert [(row.name, row.value) for row in found.overridden] == [("min_jtm", 20)]


def test_numbers_for_counsellors_are_unused_where_there_are_none() -> None:
    case = small_case()
    assert not any(row.used for row in Tables(case, plan_of(case, {})).law if row.name.startswith("bk_"))


def test_a_duty_is_used_where_somebody_holds_it() -> None:
    case = small_case(duties=build.no_duties(duty.id for duty in small_case().policy.duties))
    assert not any(row.used for row in Tables(case, plan_of(case, {})).law if row.duty)
    case = small_case()
    rows = Tables(case, plan_of(case, {}, [held(case, "pembina_osis", "1", "G01")])).law
    assert {row.name for row in rows if row.duty and row.used} >= {"pembina_osis"}


def test_hours_that_are_not_the_curriculum_s_own_have_no_source() -> None:
    curriculum = "merdeka_smp_2025"
    own = next(row for row in load_curriculum(curriculum).rows if row.grade == 7 and row.subject == "ipa")
    right = StructureRow(curriculum, 7, "ipa", own.intra_jp, own.koku_jp)
    wrong = StructureRow(curriculum, 7, "matematika", 9, 0)
    case = small_case(rombels=(Rombel(build.HOME, "7A", 7, curriculum),), structure=(right, wrong))
    sources = {row.subject: row.source for row in curriculum_rows(case.instance)}
    assert sources["ipa"] is not None
    assert sources["matematika"] is None
