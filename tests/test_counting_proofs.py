"""Counting proofs: hand-derived bounds, and never more than any legal plan of random cases allows."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from scheduler.app.source import open_case
from scheduler.counting.proofs import explaining, most_valid, proofs_of
from scheduler.domain.entities import DutySetting, Extracurricular, OpenHours, Position
from scheduler.domain.instance import Settings
from scheduler.domain.plan import PartnerAlone
from scheduler.domain.proof import Number, Operation, Proof
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.report.proofs import proof_lines
from scheduler.report.text import LANGUAGES, Text
from scheduler.verify.hours import loads_of, teacher_loads
from scheduler.verify.premises import KINDS
from scheduler.verify.proof import faults, premise_faults
from scheduler.verify.reading import Reading
from scheduler.verify.workload import violations
from scheduler.workload.partners import alone
from scheduler.workload.solve import solve_workload
from tests import build
from tests.brute_force import every_plan
from tests.rules import plans
from tests.seeds import SEED
from tests.test_hand_derived import CURRENT, EKSKUL, MAIN_DUTIES, P2018, P2024, PP74, RULESETS, school_of, teachers_of
from tests.test_workload_brute_force import in_short, plan_of
from tests.test_workload_hand_derived import without_main_duties
from tests.tiny_instances import tiny_case

COUNT = int(os.environ.get("SCHEDULER_TINY_INSTANCES", "40"))
IN_ONE_TEST = 10
INSTANCES = Path(__file__).parent.parent / "instances"


def bound(case: Case, partners: tuple[PartnerAlone, ...] = ()) -> int:
    """The proved most valid teachers of the whole case, every proof re-checked."""
    proofs = proofs_of(case, partners)
    for proof in proofs:
        assert faults(proof) == ()
        assert premise_faults(case, partners, proof) == ()
    return most_valid(proofs, case.counted)[0]


def only_proof(case: Case, partners: tuple[PartnerAlone, ...] = ()) -> Proof:
    (proof,) = proofs_of(case, partners)
    return proof


def number(proof: Proof, says: str, way: str = "") -> Number:
    return next(n for n in proof.numbers if n.says == says and (not way or n.names.get("way") == way))


# --- the hand-derived table ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("policy", "valid"), list(zip(RULESETS, (2, 1, 1, 1, 1), strict=True)))
def test_two_teachers_of_ips(policy: str, valid: int) -> None:
    # 4 JP x 8 = 32. 11/2025: 24 - 6 - 2 = 16, 2 x 16 = 32. Elsewhere 24 - 6 = 18, in whole classes 20: 40 > 32. PP 74: 24, 48 > 32.
    assert bound(without_main_duties(school_of(policy, "ips", 4, teachers_of("ips", 2)))) == valid


@pytest.mark.parametrize(("policy", "valid"), list(zip(RULESETS, (2, 2, 2, 1, 2), strict=True)))
def test_three_teachers_of_ipa_without_a_main_duty(policy: str, valid: int) -> None:
    # 5 JP x 8 = 40. 16 or 18 in whole classes are 20: 3 x 20 = 60 > 40. PP 74: 24 is 25, 2 x 25 = 50 > 40.
    assert bound(without_main_duties(school_of(policy, "ipa", 5, teachers_of("ipa", 3)))) == valid


@pytest.mark.parametrize("policy", RULESETS)
def test_three_teachers_of_ipa_with_three_main_duties(policy: str) -> None:
    # 12 in whole classes are 15: 3 x 15 = 45 > 40.
    assert bound(school_of(policy, "ipa", 5, teachers_of("ipa", 3))) == 2


@pytest.mark.parametrize("policy", RULESETS)
def test_nothing_is_proved_where_everybody_can_be_valid(policy: str) -> None:
    # 5 JP x 9 = 45 = 3 x 15; 3 JP x 8 = 24 for one teacher.
    assert proofs_of(school_of(policy, "ipa", 5, teachers_of("ipa", 3), grades={7: 3, 8: 3, 9: 3}), ()) == ()
    assert proofs_of(without_main_duties(school_of(policy, "pendidikan_pancasila", 3, teachers_of("ppkn", 1))), ()) == ()


def test_koordinator_projek_counts_as_teaching_under_25_2024() -> None:
    # 24 - 6 (projek) - 6 = 12: 2 x 12 <= 32, nobody is excluded.
    assert bound(without_main_duties(school_of(P2024, "ips", 4, teachers_of("ips", 2), projek=True))) == 2


# --- one teacher -----------------------------------------------------------------------------------------------------------------------


def test_nine_hours_are_too_few_with_and_without_a_main_duty() -> None:
    # 3 classes of 3 = 9. Without: 24 - 6 - 2 = 16 > 9. With: 12 > 9.
    proof = only_proof(school_of(CURRENT, "pjok", 3, teachers_of("pjok", 1), grades={7: 1, 8: 1, 9: 1}))
    assert (proof.kind, proof.teachers, proof.most_valid) == ("teacher_alone", ("T1",), 0)
    assert number(proof, "needed_hours", "without").value == 16
    assert number(proof, "needed_hours", "with").value == 12
    assert number(proof, "available_alone").value == 9
    assert faults(proof) == ()


def test_a_teacher_who_may_hold_no_main_duty_has_one_way_only() -> None:
    case = without_main_duties(school_of(CURRENT, "pjok", 3, teachers_of("pjok", 1), grades={7: 1, 8: 1, 9: 1}))
    proof = only_proof(case)
    assert len(proof.conclusions) == 1
    assert "no_main_duty" in {assumption.says for assumption in proof.assumptions}


def test_hours_held_outside_count_for_the_teacher() -> None:
    # 16 - 6 outside = 10 > 9; with 7 outside 9 are enough.
    def provable(outside: int) -> int:
        teachers = [replace(t, outside_jtm=outside) for t in teachers_of("pjok", 1)]
        return len(proofs_of(without_main_duties(school_of(CURRENT, "pjok", 3, teachers, grades={7: 1, 8: 1, 9: 1})), ()))

    assert (provable(6), provable(7)) == (1, 0)


def test_classes_locked_to_a_colleague_cannot_be_had() -> None:
    # 8 classes of 3 = 24; two are locked to T2, who then has 6 himself. 24 - 2 = 22 > 18 for T1 where there are no duties.
    locks = tuple(build.locked("T2", rombel, "pjok") for rombel in ("7A", "7B"))
    case = plans.small_case({"pjok": 3}, teachers_of("pjok", 2), {7: 3, 8: 3, 9: 2}, (), CURRENT, assignments=locks)
    proof = next(p for p in proofs_of(case, ()) if p.teachers == ("T1",))
    assert number(proof, "available_alone").value == 18
    assert "reserved_classes" in {assumption.says for assumption in proof.assumptions}


def test_a_most_of_hours_that_whole_classes_jump_over() -> None:
    # 16 needs four classes of 5 = 20, and JP Maks is 18.
    case = without_main_duties(school_of(CURRENT, "ipa", 5, [replace(teachers_of("ipa", 1)[0], max_jp=18)]))
    proof = only_proof(case)
    assert (number(proof, "whole_hours").value, number(proof, "most_allowed").value) == (20, 18)


def test_partner_hours_that_only_the_minimum_at_home_keeps_from_counting() -> None:
    # PP 74: one class of 5 at home, 20 JP open at the partner: 25 >= 24, but 6 must be taught at home, and 5 < 6.
    case = school_of(
        PP74,
        "ipa",
        5,
        teachers_of("ipa", 1),
        grades={7: 1},
        schools=(build.school("1"), build.school("2", partner=True)),
        open_hours=tuple(OpenHours("2", "ipa", 5, row=row) for row in range(1, 5)),
        settings=Settings(main_school="1"),
    )
    proof = only_proof(without_main_duties(case))
    assert (number(proof, "needed_home").value, number(proof, "available_home").value) == (6, 5)


def test_a_principal_under_pp74_has_a_rule_of_his_own() -> None:
    # 6 JTM besides the post; one class of 5.
    case = school_of(PP74, "ipa", 5, [build.teacher("T1", "ipa", position=Position.PRINCIPAL)], grades={7: 1})
    assert number(only_proof(case), "needed_principal").value == 6


def test_counsellors_share_rombels() -> None:
    # 8 rombels, two counsellors: 5 each without duties, 10 > 8; with a TTU for one 5 + 2 = 7.
    counsellors = [build.counsellor("K1"), build.counsellor("K2")]
    case = plans.small_case({"ipa": 5}, counsellors, {7: 3, 8: 3, 9: 2}, (), CURRENT)
    assert (bound(case), only_proof(case).kind) == (1, "shared_hours")
    assert proofs_of(plans.small_case({"ipa": 5}, counsellors, {7: 3, 8: 3, 9: 2}, [build.duty("wakasek")], CURRENT), ()) == ()


def test_hours_of_a_partner_count_only_where_it_leaves_them_open() -> None:
    # One class of 6 at home (with the 8 that are recognised besides: 14), four at the partner: open 6 + 24 = 30, else nothing.
    case = school_of(
        CURRENT,
        "bahasa_indonesia",
        6,
        [*teachers_of("bahasa_indonesia", 1), build.teacher("X", home="2")],
        schools=(build.school("1"), build.school("2", partner=True)),
        rombels=(*build.rombels({7: 1}), *build.rombels({7: 4}, "2")),
        settings=Settings(main_school="1"),
    )
    open_needs = tuple(need.id for need in case.needs if need.school == "2" and need.jp)
    assert bound(case, (PartnerAlone("2", 0, open_needs),)) == 1
    assert bound(case, (PartnerAlone("2", 0, ()),)) == 0


# --- what a school shares --------------------------------------------------------------------------------------------------------------


def small_school(duties: tuple[DutySetting, ...], clubs: int = 0, hours: Mapping[str, int] | None = None) -> Case:
    """Three rombels, one teacher of each subject, and these duties."""
    lessons = dict(hours or {"ipa": 5, "matematika": 5, "ips": 4, "bahasa_inggris": 4})
    teachers = [build.teacher(subject.upper(), subject) for subject in lessons]
    ekskul = tuple(Extracurricular(build.HOME, f"Ekskul {index + 1}", 25) for index in range(clubs))
    return plans.small_case(lessons, teachers, {7: 1, 8: 1, 9: 1}, duties, CURRENT, extracurriculars=ekskul)


def test_four_teachers_who_need_a_main_duty_share_three() -> None:
    # 15, 15, 12, 12 JP: without a main duty 16 are needed, with one 12.
    proof = only_proof(small_school(tuple(build.duty(duty) for duty in MAIN_DUTIES), clubs=4))
    assert (proof.kind, proof.most_valid, len(proof.teachers)) == ("shared_main_duties", 3, 4)
    assert {part.kind for part in proof.parts} == {"teacher_alone_without"}


def test_small_duties_run_out() -> None:
    # 18 JP each, so 24 - 2 - 18 = 4 JTM of TTLE for each of three teachers: 12 > 3 ekskul x 2 = 6.
    case = small_school((build.duty(EKSKUL),), clubs=3, hours={"bahasa_indonesia": 6, "matematika": 6, "ipa": 6})
    proofs = proofs_of(case, ())
    assert most_valid(proofs, case.counted)[0] == 1
    proof = next(p for p in proofs if p.kind == "shared_duties")
    assert number(proof, "pool_duties").value == 6
    assert number(proof, "cheapest_duties").value == 4 * number(proof, "one_more").value


def test_hours_and_small_duties_together_are_tighter_than_hours_alone() -> None:
    # IPS 4 x 8 = 32, two teachers: 2 x 16 = 32 hours are enough, but 2 x 22 = 44 > 32 + 3 ekskul x 2 = 38.
    clubs = tuple(Extracurricular(build.HOME, f"Ekskul {index + 1}", 25) for index in range(3))
    grades = {7: 3, 8: 3, 9: 2}
    case = plans.small_case({"ips": 4}, teachers_of("ips", 2), grades, [build.duty(EKSKUL)], CURRENT, extracurriculars=clubs)
    proof = only_proof(case)
    assert (number(proof, "pool_together").value, number(proof, "cheapest_together").value) == (38, 44)


# --- using them ------------------------------------------------------------------------------------------------------------------------


def test_most_valid_uses_proofs_about_different_teachers_once() -> None:
    case = school_of(CURRENT, "ipa", 5, teachers_of("ipa", 3))
    proof = only_proof(case)
    again = replace(proof, id="B02")
    assert most_valid((proof, again), case.counted) == (2, ("B01",))
    assert most_valid((proof,), ["T1", "T2"]) == (2, ())
    assert most_valid((), ["T1"]) == (1, ())


def test_a_proof_explains_only_where_it_is_tight() -> None:
    case = school_of(CURRENT, "ipa", 5, teachers_of("ipa", 3))
    proofs = proofs_of(case, ())
    assert explaining(proofs, "T3", {"T1", "T2"}) == proofs[0]
    assert explaining(proofs, "T3", {"T1"}) is None
    assert explaining(proofs, "T1", {"T1", "T2"}) is None


def test_every_teacher_below_the_minimum_of_taman_rajo_has_a_tight_proof() -> None:
    case = open_case(INSTANCES / "taman-rajo" / "sekolah.xlsx").case
    outcome = solve_workload(case, SolveOptions(workers=1))
    proofs = proofs_of(case, outcome.partners)
    loads = [load for load in teacher_loads(case, plan_of(case, outcome)) if load.counted]
    valid = {load.teacher for load in loads if load.met}
    assert most_valid(proofs, case.counted)[0] == len(valid) == 26
    assert [load.teacher for load in loads if not load.met and explaining(proofs, load.teacher, valid) is None] == []
    assert [fault for proof in proofs for fault in (*faults(proof), *premise_faults(case, outcome.partners, proof))] == []


# --- random cases ----------------------------------------------------------------------------------------------------------------------


@cache
def tiny(index: int) -> tuple[Case, tuple[PartnerAlone, ...], tuple[Proof, ...]]:
    case, _ = tiny_case(f"{SEED}-proofs-{index}")
    partners = tuple(asked.record for asked in alone(case, SolveOptions(workers=1)))
    return case, partners, proofs_of(case, partners)


@pytest.mark.parametrize("first", range(0, COUNT, IN_ONE_TEST))
def test_no_legal_plan_has_more_valid_teachers_than_a_proof_says(first: int) -> None:
    for index in range(first, min(first + IN_ONE_TEST, COUNT)):
        case, partners, proofs = tiny(index)
        told = f"SCHEDULER_SEED={SEED}, case {index}\n{in_short(case)}"
        most = most_valid(proofs, case.counted)[0]
        claims = [(frozenset(proof.teachers), proof.most_valid or 0, proof.id) for proof in proofs]
        for plan in every_plan(case, partners) if proofs else ():
            valid = {load.teacher for load in loads_of(Reading(case, plan)) if load.counted and load.met}
            broken = [name for members, claim, name in claims if len(members & valid) > claim]
            if broken or len(valid) > most:
                assert any(violations(case, plan)), f"{told}\n{broken}: {valid}"


@pytest.mark.parametrize("first", range(0, COUNT, IN_ONE_TEST))
def test_proofs_of_random_cases_stand_and_can_be_told(first: int) -> None:
    for index in range(first, min(first + IN_ONE_TEST, COUNT)):
        case, partners, proofs = tiny(index)
        for proof in proofs:
            assert (*faults(proof), *premise_faults(case, partners, proof)) == (), f"SCHEDULER_SEED={SEED}, case {index}"
            for lang in LANGUAGES:
                assert all(line and "{" not in line for line in proof_lines(Text(lang), case, proof))


# --- in words --------------------------------------------------------------------------------------------------------------------------


def test_a_proof_can_be_followed_with_a_calculator() -> None:
    case = without_main_duties(school_of(CURRENT, "ipa", 5, teachers_of("ipa", 3)))
    told = "\n".join(proof_lines(Text("id"), case, only_proof(case)))
    for shown in (
        "8 kelas x 5 JP = 40 JP",
        "= 16 JTM",
        "16 dibulatkan ke kelas utuh 5 JP: 20",
        "2 x 20 = 40",
        "3 x 20 = 60",
        "60 > 40",
        "Permendikdasmen 11/2025 ps. 16",
    ):
        assert shown in told


def test_cells_are_shown_as_the_reader_knows_them() -> None:
    case = school_of(CURRENT, "pjok", 3, teachers_of("pjok", 1), grades={7: 1, 8: 1, 9: 1})
    told = "\n".join(proof_lines(Text("en"), case, only_proof(case), places=lambda path: f"<{path}>"))
    assert "<rombels[0].name>; <rombels[1].name>; <rombels[2].name>" in told


def test_unverified_numbers_are_marked() -> None:
    # KMA 890/2019: "at most 6" is marked C.
    case = without_main_duties(school_of("kma890_2019", "ipa", 5, teachers_of("ipa", 3)))
    assert any("(belum terverifikasi)" in line for line in proof_lines(Text("id"), case, only_proof(case)))


def test_names_hold_no_numbers_of_the_sums() -> None:
    case = school_of(P2018, "ipa", 5, teachers_of("ipa", 3))
    for proof in proofs_of(case, ()):
        for line in proof.numbers:
            assert not {str(n.value) for n in proof.numbers if n.operation is Operation.GIVEN} & set(line.names.values())
            assert not any(re.fullmatch(r"\d+", name) for key, name in line.names.items() if key not in ("school",))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sum_has_a_sentence(lang: str) -> None:
    shared = [f"{what}_{pool}" for what in ("pool", "cheapest", "whole") for pool in ("hours", "guidance", "together", "duties")]
    needed = [f"needed_{of}_{way}" for of in ("hours", "together", "duties", "guidance") for way in ("without", "with")]
    alone = [
        "needed_home",
        "needed_principal",
        "needed_guidance_home",
        "own_classes",
        "classes_elsewhere",
        "small_most",
        "teaching_most",
        "most_allowed",
    ]
    there = [f"available_{where}" for where in ("alone", "home", "guidance", "guidance_home")]
    lots = ["classes_hours", "locked_hours", "guided_classes_hours", "guided_locked_hours", "duty_hours", "slots", "slots_left", "best_split"]
    claims = [f"claim_{kind}" for kind in KINDS]
    missing = [key for key in (*shared, *needed, *alone, *there, *lots, *claims, "all_teachers") if not Text(lang).has(f"proofs.{key}")]
    assert missing == []
