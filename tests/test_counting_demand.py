"""Supply against demand in sentences: subjects, families, main duties, home hours, open periods, whole classes."""

from __future__ import annotations

import pytest

from scheduler.counting.finding import Finding
from scheduler.counting.staff import StaffCount, best_alone
from scheduler.counting.week import findings
from scheduler.domain.entities import Availability, AvailabilityKind, Distance, OpenHours, Presence, Rombel, Slot, StructureRow
from scheduler.domain.instance import DAYS, Settings
from scheduler.domain.rules import Part
from scheduler.policy.case import Case
from scheduler.policy.load import load_policy
from tests.build import HOME, case, locked, no_duties, school, teacher, week

MAIN_DUTIES = ("wakasek", "kepala_perpustakaan", "kepala_laboratorium")
ALL_DUTIES = [rule.id for rule in load_policy("permendikdasmen11_2025").duties]


def found(of: Case, kind: str) -> list[Finding]:
    return [finding for finding in findings(of) if finding.kind == kind]


def closed(code: str, *days: str) -> tuple[Availability, ...]:
    return tuple(Availability(code, day, None, AvailabilityKind.IMPOSSIBLE) for day in days)


# --- subjects ------------------------------------------------------------------------------------------------------------------------------------


def test_hours_above_what_the_teachers_may_teach_are_a_note() -> None:
    # 8 × 6 = 48 JP, one teacher of 40.
    (note,) = found(case({"bahasa_indonesia": 6}, [teacher("A", "bahasa_indonesia")]), "subject_hours_exceed_teachers")
    assert (note.hard, note.facts["jp"], note.facts["available"], note.facts["missing"]) == (False, 48, 40, 8)


def test_subjects_that_share_a_teacher_are_counted_together() -> None:
    # Each of 8 × 3 = 24 JP fits A alone, both together do not: 48 against 40.
    shared = case({"informatika": 3, "matematika": 3}, [teacher("A", may_teach=("informatika", "matematika"))])
    (note,) = found(shared, "subject_hours_exceed_teachers")
    assert (note.facts["subjects"], note.facts["missing"]) == ("Informatika, Matematika", 8)


def test_a_second_teacher_of_one_of_them_is_enough() -> None:
    staff = [teacher("A", may_teach=("informatika", "matematika")), teacher("B", may_teach=("matematika",))]
    assert not found(case({"informatika": 3, "matematika": 3}, staff), "subject_hours_exceed_teachers")


def test_a_subject_has_no_more_hours_than_its_teachers_are_there() -> None:
    # 8 × 4 = 32 JP; A is there on three days of 8 periods = 24.
    away = case({"ips": 4}, [teacher("A", "ips")], availability=closed("A", "Senin", "Selasa"), slots=week())
    (note,) = found(away, "subject_hours_exceed_open_periods")
    assert (note.facts["jp"], note.facts["available"], note.facts["missing"]) == (32, 24, 8)


def test_a_lesson_none_of_whose_teachers_is_there_long_enough() -> None:
    # 5 JP; both teachers have four days of one period each, so neither can take the class, though together they have eight periods.
    staff = [teacher("A", "ipa"), teacher("B", "ipa")]
    short = case({"ipa": 5}, staff, {7: 1}, availability=(*closed("A", "Senin"), *closed("B", "Senin")), slots=week((1, 1, 1, 1, 1)))
    (note,) = found(short, "lesson_exceeds_open_periods")
    assert (note.facts["jp"], note.facts["periods"], note.facts["missing"]) == (5, 4, 5)


# --- one teacher ---------------------------------------------------------------------------------------------------------------------------------


def test_a_wanted_minimum_above_the_open_periods_leaves_no_week() -> None:
    # MGMP on Monday, away on Tuesday: 24 periods for JP Min 25.
    busy = case({"ipa": 5}, [teacher("A", "ipa", min_jp=25, mgmp_day="Senin")], availability=closed("A", "Selasa"), slots=week())
    (over,) = found(busy, "minimum_jp_exceeds_open_periods")
    assert (over.hard, over.part, over.facts["jp"], over.facts["periods"]) == (True, Part.WEEK, 25, 24)


def test_a_wanted_minimum_between_two_steps_of_whole_classes_leaves_no_plan() -> None:
    # Classes of 5 JP: 15 or 20, never 16 to 19.
    (over,) = found(case({"ipa": 5}, [teacher("A", "ipa", min_jp=16, max_jp=19)]), "minimum_jp_between_classes")
    assert (over.hard, over.part, over.facts["whole"]) == (True, Part.WORKLOAD, 15)


def test_a_smaller_class_closes_the_gap_between_the_steps() -> None:
    # 3 × 5 + 1 × 3 = 18.
    rows = (StructureRow("k", 7, "ipa", 5), StructureRow("k", 8, "ipa", 5), StructureRow("k", 9, "ipa", 3))
    assert not found(case({"ipa": 5}, [teacher("A", "ipa", min_jp=16, max_jp=19)], structure=rows), "minimum_jp_between_classes")


def test_open_periods_may_keep_a_teacher_below_the_minimum() -> None:
    # Two days of 8 = 16 periods: three classes of 5 JP = 15 real, 15 + 6 + 2 = 23.
    off = no_duties(MAIN_DUTIES)
    rare = case({"ipa": 5}, [teacher("A", "ipa")], duties=off, availability=closed("A", "Senin", "Selasa", "Rabu"), slots=week())
    (note,) = found(rare, "open_periods_below_minimum")
    assert (note.facts["periods"], note.facts["most"], note.facts["missing"]) == (16, 23, 1)


def test_whole_classes_may_keep_a_teacher_below_the_minimum() -> None:
    # JP Maks 19 = three classes of 5: 15 + 6 + 2 = 23, though 19 would be enough.
    (note,) = found(case({"ipa": 5}, [teacher("A", "ipa", max_jp=19)], duties=no_duties(MAIN_DUTIES)), "minimum_out_of_reach")
    assert (note.facts["real"], note.facts["most"], note.facts["missing"]) == (15, 23, 1)


def test_locked_hours_outside_the_certificate_take_their_time() -> None:
    # 6 × 6 = 36 of 40 JP are locked outside the certificate; a class of 5 JP no longer fits beside them.
    rows = tuple(locked("A", name, "ips") for name in ("7A", "7B", "7C", "8A", "8B", "8C"))
    mixed = case({"ipa": 5, "ips": 6}, [teacher("A", "ipa", may_teach=("ips",))], assignments=rows)
    assert best_alone(StaffCount(mixed), "A").real == 0


def test_hours_at_home_below_the_home_minimum_are_told_as_such() -> None:
    # PP 74: one class of 3 JP at home, 7 × 3 at the partner = 24, but 6 at home are asked for.
    schools = (school(), school("2", partner=True))
    opened = tuple(OpenHours("2", "pjok", 3, "", row) for row in range(1, 8))
    ways = (Distance(HOME, "2", 5.0, 20),)
    apart = case(
        {"pjok": 3},
        [teacher("A", "pjok")],
        policy="pp74_2008",
        rombels=(Rombel(HOME, "7A", 7, "k"),),
        settings=Settings(main_school=HOME),
        schools=schools,
        open_hours=opened,
        distances=ways,
    )
    (note,) = found(apart, "home_hours_out_of_reach")
    assert (note.facts["home"], note.facts["minimum"], note.facts["most"], note.facts["missing"]) == (3, 6, 24, 3)
    assert not found(apart, "minimum_out_of_reach")


def test_two_teachers_share_too_few_hours_at_home_for_the_home_minimum() -> None:
    # PP 74: three classes of 3 JP at home are 9; each of two needs 6 there, 2 × 6 = 12. The partner's 14 × 3 hours do not count for it.
    opened = tuple(OpenHours("2", "pjok", 3, "", row) for row in range(1, 15))
    apart = case(
        {"pjok": 3},
        [teacher("A", "pjok"), teacher("B", "pjok")],
        policy="pp74_2008",
        rombels=tuple(Rombel(HOME, name, 7, "k") for name in ("7A", "7B", "7C")),
        settings=Settings(main_school=HOME),
        schools=(school(), school("2", partner=True)),
        open_hours=opened,
        distances=(Distance(HOME, "2", 5.0, 20),),
    )
    (note,) = found(apart, "family_home_hours")
    assert (note.facts["jp"], note.facts["whole"], note.facts["most"]) == (9, 6, 1)
    assert not found(apart, "family_hours")


# --- families and main duties ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("grades", "most"), [({7: 3, 8: 3, 9: 2}, 2), ({7: 4, 8: 4, 9: 4}, None)])
def test_a_family_of_three_needs_sixty_hours_of_ipa(grades: dict[int, int], most: int | None) -> None:
    # 24 - 8 = 16, in classes of 5 JP 20: 8 rombel = 40 JP carry two, 12 rombel = 60 all three.
    staff = [teacher(code, "ipa") for code in "ABC"]
    notes = found(case({"ipa": 5}, staff, grades, duties=no_duties(MAIN_DUTIES)), "family_hours")
    assert [note.facts["most"] for note in notes] == ([] if most is None else [most])


def test_main_duties_let_fewer_hours_do() -> None:
    # With a main duty 12 real hours, in classes of 5 JP 15: 15 + 15 = 30 of 40 leave 10 for the third.
    staff = [teacher(code, "ipa") for code in "ABC"]
    (note,) = found(case({"ipa": 5}, staff), "family_hours_with_main_duties")
    assert (note.facts["slots"], note.facts["whole_main"], note.facts["most"]) == (3, 15, 2)


def test_more_teachers_who_need_a_main_duty_than_there_are() -> None:
    # 8 × 2 = 16 JP a subject and no other duties: 16 + 2 = 18 without a main duty, 16 + 12 = 28 with one, of which one is left.
    staff = [teacher("A", "seni_budaya"), teacher("B", "informatika")]
    off = no_duties([duty for duty in ALL_DUTIES if duty != "wakasek"])
    (note,) = found(case({"seni_budaya": 2, "informatika": 2}, staff, duties=off), "main_duties_short")
    assert (note.facts["teachers"], note.facts["slots"], note.facts["below"]) == (2, 1, 1)


def test_a_lock_to_an_absent_teacher_binds_no_hours() -> None:
    # A is on leave: the locked hours stay without a teacher, and his closed week matters to nobody.
    rows = (locked("A", "7A", "ipa"),)
    staff = [teacher("A", "ipa", presence=Presence.LEAVE), teacher("B", "ipa")]
    note = case({"ipa": 5}, staff, {7: 1}, assignments=rows, availability=closed("A", *DAYS[:5]), slots=week())
    assert not found(note, "locked_hours_exceed_open_slots")


def test_a_class_with_a_pattern_of_its_own_leaves_the_others_on_the_main_schools() -> None:
    # 7B has the afternoon, 7A no pattern that is known: it uses the Sekolah Utama's, and both count for the teacher.
    slots: tuple[Slot, ...] = (*week((4,) * 5, "siang"), *week((8,) * 5, "pagi"))
    schools = (school("1", bell="pagi"), school("2", bell="tidak ada"))
    rombels = (Rombel("2", "7A", 7, "k"), Rombel("2", "7B", 7, "k", bell="siang"))
    staff = [teacher("A", "ipa", home="2", min_jp=35)]
    rows = (StructureRow("k", 7, "ipa", 18),)
    two = case({"ipa": 18}, staff, rombels=rombels, schools=schools, structure=rows, slots=slots, settings=Settings(main_school="1"))
    assert not found(two, "minimum_jp_exceeds_open_periods")
