"""The five shipped schools that say no: each is told by counting alone, with the numbers derived in its README."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from scheduler.counting.finding import Finding
from scheduler.counting.finding_proofs import finding_proofs
from scheduler.counting.proofs import proofs_of
from scheduler.counting.week import findings
from scheduler.domain.plan import Status
from scheduler.domain.proof import Number, Proof
from scheduler.domain.solving import SolveOptions
from scheduler.formats.workbook import read_workbook
from scheduler.planning import make_plan
from scheduler.policy.case import Case
from scheduler.policy.load import load_law
from scheduler.verify.hours import teacher_loads
from scheduler.verify.proof import faults

INSTANCES = Path(__file__).resolve().parent.parent / "instances"
FIVE = ("tiga-guru-ipa", "jam-kelas-berlebih", "guru-terkunci", "jumat-sembilan-absen", "jam-induk-pp74")


@cache
def shipped(name: str) -> Case:
    instance = read_workbook(INSTANCES / name / "sekolah.xlsx")[0]
    return Case(instance, load_law(instance.settings))


def found(name: str, kind: str) -> Finding:
    (finding,) = [finding for finding in findings(shipped(name)) if finding.kind == kind]
    return finding


def proof_of_finding(name: str) -> Proof:
    (proof,) = finding_proofs(shipped(name), findings(shipped(name)))
    return proof


def line(proof: Proof, says: str) -> Number:
    (number,) = [number for number in proof.numbers if number.says.split(".")[-1] == says]
    return number


def compared(proof: Proof) -> tuple[int, int]:
    """The two numbers of the first conclusion."""
    values = {number.id: number.value for number in proof.numbers}
    return values[proof.conclusions[0].left], values[proof.conclusions[0].right]


@pytest.mark.parametrize("name", FIVE)
def test_each_of_the_five_has_its_proof_at_once(name: str) -> None:
    case = shipped(name)
    started = time.monotonic()
    proofs = (*finding_proofs(case, findings(case)), *proofs_of(case, ()))
    assert proofs
    assert [faults(proof) for proof in proofs if faults(proof)] == []
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("name", ["jam-kelas-berlebih", "guru-terkunci", "jumat-sembilan-absen"])
def test_an_impossible_week_is_told_once(name: str) -> None:
    """One hard finding each: no second sentence says the same in other words."""
    assert len([finding for finding in findings(shipped(name)) if finding.hard]) == 1


# --- three teachers of IPA on 40 JP ------------------------------------------------------------------------------------------------------------


def test_three_teachers_of_ipa_need_twenty_hours_each() -> None:
    # 24 - 6 - 2 = 16, with classes of 5 JP 20; 3 × 20 = 60 > 40, 2 × 20 = 40.
    facts = found("tiga-guru-ipa", "family_hours").facts
    assert (facts["teachers"], facts["jp"], facts["real"], facts["whole"], facts["most"]) == (3, 40, 16, 20, 2)


def test_three_teachers_of_ipa_have_a_bound_of_two() -> None:
    (proof,) = proofs_of(shipped("tiga-guru-ipa"), ())
    assert (proof.teachers, proof.most_valid) == (("G01", "G02", "G03"), 2)
    # One more than two: 3 × 20 = 60 hours against 40.
    assert compared(proof) == (60, 40)


def test_the_best_plan_of_three_teachers_of_ipa_is_twenty_and_twenty() -> None:
    case = shipped("tiga-guru-ipa")
    plan = make_plan(case, SolveOptions(seconds=10, workers=1), with_week=False)
    loads = teacher_loads(case, plan)
    assert sorted(load.home_jtm for load in loads) == [0, 20, 20]
    # 6 + 2 = 8 without hours: 16 short.
    assert sorted(load.shortfall for load in loads) == [0, 0, 16]


# --- class hours above the grid ----------------------------------------------------------------------------------------------------------------


def test_a_class_of_48_hours_does_not_fit_a_week_of_47() -> None:
    finding = found("jam-kelas-berlebih", "class_hours_exceed_grid")
    assert (finding.hard, finding.facts["rombel"], finding.facts["jp"], finding.facts["periods"]) == (True, "7A", 48, 47)


def test_the_proof_of_48_hours_names_every_subject_and_day() -> None:
    proof = proof_of_finding("jam-kelas-berlebih")
    assert compared(proof) == (48, 47)
    subjects = [number for number in proof.numbers if number.says == "finding_proofs.class_subject"]
    assert [number.value for number in subjects] == [3, 3, 6, 5, 5, 4, 4, 3, 3, 3, 2, 2, 2, 3]
    assert subjects[3].paths == ("structure[3].intra_jp",)
    assert [number.value for number in proof.numbers if number.says == "finding_proofs.day_periods"] == [8, 8, 8, 8, 7, 8]


# --- a pinned teacher --------------------------------------------------------------------------------------------------------------------------


def test_24_locked_hours_do_not_fit_20_open_slots() -> None:
    finding = found("guru-terkunci", "locked_hours_exceed_open_slots")
    assert (finding.hard, finding.facts["teacher"], finding.facts["jp"], finding.facts["periods"]) == (True, "G01", 24, 20)


def test_the_proof_of_the_pinned_teacher_takes_the_closed_periods_off_the_week() -> None:
    # 40 - 8 (MGMP on Monday) - 8 (Tuesday) - 4 (half of Wednesday) = 20.
    proof = proof_of_finding("guru-terkunci")
    assert compared(proof) == (24, 20)
    assert line(proof, "week_periods").value == 40
    closed = {number.names["day"]: (number.value, number.paths) for number in proof.numbers if number.says == "finding_proofs.closed_day"}
    assert closed["Senin"] == (8, ("teachers[0].mgmp_day",))
    assert closed["Selasa"] == (8, ("availability[0].day",))
    assert closed["Rabu"][0] == 4
    assert len(line(proof, "lessons_count").paths) == 6


def test_with_one_lock_less_the_pinned_teacher_has_a_week() -> None:
    # Five classes of 2 + 2: ten double periods, and Wednesday has two, Thursday four, Friday four.
    case = shipped("guru-terkunci")
    freed = Case(replace(case.instance, assignments=case.instance.assignments[1:]), case.law)
    assert not [finding for finding in findings(freed) if finding.hard]
    plan = make_plan(freed, SolveOptions(seconds=10, workers=1))
    assert plan.lessons
    assert plan.violations == ()


# --- nine of sixteen absent on Friday ----------------------------------------------------------------------------------------------------------


def test_seven_teachers_cannot_teach_eight_full_classes_on_friday() -> None:
    finding = found("jumat-sembilan-absen", "locked_lessons_without_teacher")
    facts = finding.facts
    assert finding.hard
    # 8 × 8 = 64 needed, 7 × 8 = 56 there, nothing unlocked.
    assert (facts["times"], facts["needed"], facts["teachers"], facts["available"]) == ("Jumat 1-8", 64, 7, 56)
    assert (facts["spare"], facts["missing"]) == (0, 8)


def test_the_proof_of_friday_takes_the_absent_off_the_staff() -> None:
    proof = proof_of_finding("jumat-sembilan-absen")
    assert compared(proof) == (64, 56)
    assert (line(proof, "staff").value, line(proof, "away").value, line(proof, "present").value) == (16, 9, 7)
    assert len(line(proof, "away").paths) == 9
    # 8 × 40 periods less 8 × 40 hours: no class has an empty period to spare.
    assert (line(proof, "empty").value, line(proof, "unlocked").value, line(proof, "missing").value) == (0, 0, 8)


def test_without_the_absences_friday_has_its_week() -> None:
    case = shipped("jumat-sembilan-absen")
    everybody = Case(replace(case.instance, availability=()), case.law)
    assert not [finding for finding in findings(everybody) if finding.hard]
    plan = make_plan(everybody, SolveOptions(seconds=5, workers=1))
    assert plan.status.timetable in (Status.OPTIMAL, Status.FEASIBLE)
    assert sum(lesson.length for lesson in plan.lessons) == 320
    assert plan.violations == ()


# --- partner hours under PP 74/2008 ------------------------------------------------------------------------------------------------------------


def test_24_hours_with_three_at_home_are_not_valid_under_pp74() -> None:
    # 3 at home + 7 × 3 = 21 at the partner = 24; 6 must be at home.
    facts = found("jam-induk-pp74", "home_hours_out_of_reach").facts
    assert (facts["teacher"], facts["most"], facts["home"], facts["minimum"], facts["missing"]) == ("G01", 24, 3, 6, 3)


def test_the_home_minimum_has_its_proof() -> None:
    (proof,) = proofs_of(shipped("jam-induk-pp74"), ())
    assert (proof.teachers, proof.most_valid) == (("G01",), 0)
    assert compared(proof) == (6, 3)


@pytest.mark.parametrize(("least", "shortfall"), [("6", 3), ("none", 0)])
def test_only_the_home_minimum_stands_in_the_way(least: str, shortfall: int) -> None:
    # With it 6 - 3 are missing whatever is taught elsewhere; without it 3 + 21 = 24.
    instance = shipped("jam-induk-pp74").instance
    instance = replace(instance, settings=replace(instance.settings, overrides={"home_min_jtm": least}))
    case = Case(instance, load_law(instance.settings))
    (load,) = teacher_loads(case, make_plan(case, SolveOptions(seconds=10, workers=1), with_week=False))
    assert (load.home_jtm, load.shortfall, load.met) == (3, shortfall, shortfall == 0)
    assert shortfall or load.partner_jtm == 21
