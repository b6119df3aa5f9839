"""What the staff allows, by counting: supply and demand, limits of one teacher, duties, and minima out of reach."""

from __future__ import annotations

import pytest

from scheduler.counting.finding import Finding
from scheduler.counting.supply import supply
from scheduler.counting.week import findings
from scheduler.domain.entities import Extracurricular, Position, Presence
from scheduler.domain.rules import Part
from scheduler.policy.case import Case
from scheduler.policy.load import load_policy
from tests.build import HOME, case, counsellor, duty, locked, no_duties, school, teacher, week

ALL_DUTIES = [rule.id for rule in load_policy("permendikdasmen11_2025").duties]


def found(of: Case, kind: str) -> list[Finding]:
    return [finding for finding in findings(of) if finding.kind == kind]


# --- supply and demand -------------------------------------------------------------------------------------------------------------------------


def test_supply_of_a_subject_counts_linear_and_able_teachers_apart() -> None:
    # 8 rombel × 5 JP = 40, 4 of each recognised where kokurikuler does not count; A is linear, B able without a certificate, C neither.
    staff = [teacher("A", "ipa"), teacher("B", may_teach=("ipa",)), teacher("C", "ips")]
    (row,) = supply(case({"ipa": (4, 1)}, staff, overrides={"count_kokurikuler": "Tidak"})).subjects
    assert (row.classes, row.jp, row.recognised_jp) == (8, 40, 32)
    assert (row.linear, row.able, row.capacity_jp, row.missing_jp) == (("A",), ("B",), 80, 0)


def test_missing_hours_are_those_above_what_the_teachers_may_teach() -> None:
    # 48 JP, one teacher of at most 40.
    (row,) = supply(case({"bahasa_indonesia": 6}, [teacher("A", "bahasa_indonesia")])).subjects
    assert row.missing_jp == 8


def test_a_family_with_more_certified_teachers_than_its_need_has_a_surplus() -> None:
    # IPS 32 JP / 24 = 1.33, rounded to 1; two certified teachers.
    (row,) = supply(case({"ips": 4}, [teacher("A", "ips"), teacher("B", "geografi")])).families
    assert (row.jp, row.divisor_jtm, row.needed, row.certified, row.surplus) == (32, 24, 1, ("A", "B"), 1)


def test_a_school_of_eight_rombels_has_three_main_duties() -> None:
    (row,) = supply(case({"ipa": 5}, [teacher("A", "ipa")])).duties
    assert row.main_duty_slots == 3


def test_a_duty_switched_off_is_no_supply() -> None:
    (row,) = supply(case({"ipa": 5}, [teacher("A", "ipa")], duties=[duty("wakasek", maximum=0)])).duties
    assert row.main_duty_slots == 2


# --- limits that leave no plan -----------------------------------------------------------------------------------------------------------------


def test_locked_hours_above_the_legal_most_forbid_the_division_of_work() -> None:
    # 8 × 6 = 48 JP locked, at most 40.
    rows = tuple(locked("A", name, "ipa") for name in ("7A", "7B", "7C", "8A", "8B", "8C", "9A", "9B"))
    (over,) = found(case({"ipa": 6}, [teacher("A", "ipa")], assignments=rows), "locked_hours_exceed_maximum")
    assert (over.hard, over.part, over.facts["jp"], over.facts["limit"]) == (True, Part.WORKLOAD, 48, 40)


def test_a_wanted_minimum_above_all_that_may_be_taught_forbids_the_division_of_work() -> None:
    # One class of 5 JP, JP Min 6.
    (over,) = found(case({"ipa": 5}, [teacher("A", "ipa", min_jp=6)], {7: 1}), "minimum_jp_out_of_reach")
    assert (over.hard, over.part, over.facts["limit"]) == (True, Part.WORKLOAD, 5)


def test_a_wanted_minimum_of_an_absent_teacher_is_no_finding() -> None:
    away = teacher("A", "ipa", min_jp=6, presence=Presence.LEAVE)
    assert not found(case({"ipa": 5}, [away], {7: 1}), "minimum_jp_out_of_reach")


def test_two_main_duties_named_for_one_teacher_are_impossible() -> None:
    named = [duty("wakasek", holders=("A",)), duty("kepala_perpustakaan", holders=("A",))]
    (over,) = found(case({"ipa": 5}, [teacher("A", "ipa")], duties=named), "pinned_main_duties")
    assert (over.hard, over.part, over.facts["limit"]) == (True, Part.WORKLOAD, 1)


def test_a_class_guardian_of_two_classes_is_impossible() -> None:
    named = [duty("wali_kelas", holders=("A",), unit="7A"), duty("wali_kelas", holders=("A",), unit="7B")]
    (over,) = found(case({"ipa": 5}, [teacher("A", "ipa")], duties=named), "pinned_too_often")
    assert (over.facts["units"], over.facts["limit"]) == (2, 1)


# --- notes -------------------------------------------------------------------------------------------------------------------------------------


def test_hours_that_nobody_may_teach_are_a_note_per_subject() -> None:
    # 8 × 4 = 32 JP.
    (note,) = found(case({"ipa": 5, "ips": 4}, [teacher("A", "ipa")]), "nobody_may_teach")
    assert (note.hard, note.facts["classes"], note.facts["jp"]) == (False, 8, 32)


def test_a_lock_to_an_absent_teacher_is_a_note() -> None:
    staff = [teacher("A", "ipa", presence=Presence.LEAVE), teacher("B", "ipa")]
    (note,) = found(case({"ipa": 5}, staff, assignments=(locked("A", "7A", "ipa"),)), "locked_teacher_not_available")
    assert (note.hard, note.facts["jp"]) == (False, 5)


def test_a_required_duty_without_enough_candidates_is_a_note() -> None:
    # Eight classes need eight guardians; one teacher may be one of them.
    notes = found(case({"ipa": 5}, [teacher("A", "ipa")]), "duty_without_candidates")
    assert {(note.facts["minimum"], note.facts["candidates"]) for note in notes} == {(8, 1)}


def test_a_teacher_whom_the_minimum_is_out_of_reach_is_a_note() -> None:
    # 3 classes × 3 JP = 9: 9 + 12 main duty = 21, 3 short, as are the 9 of 12 real hours beside it; 9 + 2 guru wali + 6 other duties = 17 is worse.
    (note,) = found(case({"pabp_kristen": 3}, [teacher("A", "kristen")], {7: 3}), "minimum_out_of_reach")
    assert (note.hard, note.facts["real"], note.facts["most"], note.facts["missing"]) == (False, 9, 21, 3)


def test_without_duties_even_sixteen_hours_are_out_of_reach() -> None:
    # 16 + 2 guru wali = 18 of 24.
    bare = case({"ips": 4}, [teacher("A", "ips")], {7: 4}, duties=no_duties(ALL_DUTIES))
    (note,) = found(bare, "minimum_out_of_reach")
    assert (note.facts["real"], note.facts["missing"]) == (16, 6)


def test_a_main_duty_brings_the_minimum_into_reach() -> None:
    # 12 real + 12 = 24.
    assert not found(case({"pjok": 3}, [teacher("A", "pjok")], {7: 4}), "minimum_out_of_reach")


def test_hours_held_outside_the_file_count_towards_the_minimum() -> None:
    # 9 + 7 outside = 16, + 2 + 6 = 24.
    assert not found(case({"pabp_kristen": 3}, [teacher("A", "kristen", outside_jtm=7)], {7: 3}), "minimum_out_of_reach")


def test_a_teacher_without_certificate_has_no_minimum() -> None:
    assert not found(case({"ipa": 1}, [teacher("A", may_teach=("ipa",))], {7: 1}), "minimum_out_of_reach")


@pytest.mark.parametrize(("rombels", "noted"), [(1, True), (2, False)])
def test_a_counsellor_needs_rombels_to_guide(rombels: int, noted: bool) -> None:
    # 5 rombel, less 3 beside a main duty: 2 are enough, 1 is not.
    assert bool(found(case({"ipa": 5}, [counsellor("K")], {7: rombels}), "guidance_out_of_reach")) is noted


def test_a_principal_of_2008_must_teach_six_hours() -> None:
    # PP 74: one class of 3 JP, 6 real hours asked for.
    principal = teacher("P", "pjok", position=Position.PRINCIPAL)
    (note,) = found(case({"pjok": 3}, [principal], {7: 1}, policy="pp74_2008"), "minimum_out_of_reach")
    assert note.facts["missing"] == 3


def test_a_whole_school_in_order_has_no_hard_finding() -> None:
    staff = [teacher(f"G{n:02}", "ipa") for n in range(8)]
    clubs = tuple(Extracurricular(HOME, f"Ekskul {n}", 25) for n in range(3))
    fine = case({"ipa": 40}, staff, schools=(school(),), extracurriculars=clubs, slots=week())
    assert not [finding for finding in findings(fine) if finding.hard]
