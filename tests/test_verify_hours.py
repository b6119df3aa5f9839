"""Readings of a teacher's hours that the hand-derived table does not reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from scheduler.domain.entities import Extracurricular, Position, Presence
from scheduler.domain.instance import Settings
from scheduler.domain.plan import TeacherLoad
from scheduler.policy.case import Case
from scheduler.report.text import LANGUAGES, Text, catalogue
from scheduler.verify.hours import reason_facts
from scheduler.verify.reading import Reading
from scheduler.verify.workload import teacher_loads
from tests import build
from tests.rules import plans


def loads(case: Case, teaching: dict[str, str | None], held: list[plans.Held] | None = None) -> dict[str, TeacherLoad]:
    return {load.teacher: load for load in teacher_loads(case, plans.plan(case, teaching, held or []))}


# --- who is counted --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"certificate": None}, "not_certified"),
        ({"presence": Presence.STUDY}, "not_active"),
        ({"birth_date": date(1966, 7, 13)}, "retirement_age"),
        ({"age": 60}, "retirement_age"),
        ({"position": Position.PRINCIPAL}, "principal_post"),
    ],
)
def test_nothing_is_required_of_who_is_not_counted(fields: dict[str, object], reason: str) -> None:
    # 60 on the day the plan starts.
    teacher = replace(build.teacher("A", "ipa"), **fields)  # type: ignore[arg-type]
    case = plans.small_case({"ipa": 5}, [teacher], settings=Settings(start_date=date(2026, 7, 13)))
    load = loads(case, {})["A"]
    assert (load.counted, load.required_jtm, load.shortfall, load.met, load.reasons) == (False, 0, 0, True, (reason,))


def test_teacher_of_fifty_nine_is_counted() -> None:
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa", birth_date=date(1966, 7, 14))], settings=Settings(start_date=date(2026, 7, 13)))
    assert loads(case, {})["A"].counted


# --- real and recognised hours -----------------------------------------------------------------------------------------------------------


def test_hours_outside_the_certificate_are_real_but_not_recognised() -> None:
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ips", may_teach=("ipa",))])
    load = loads(case, {"1/7A/IPA": "A"})["A"]
    # Guru wali 2.
    assert (load.home_jtm, load.linear_jtm, load.recognised_jtm) == (5, 0, 2)
    assert "hours_outside_the_certificate" in load.reasons


def test_hours_at_a_home_school_outside_the_file_count_as_home() -> None:
    # 20 at home (not in the file), 5 here, guru wali 2; a home minimum of 6 (PP 74) is met by the 20.
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa", home="99", outside_jtm=20)])
    load = loads(case, {"1/7A/IPA": "A"})["A"]
    assert (load.home_jtm, load.partner_jtm, load.recognised_jtm, load.met) == (20, 5, 27, True)
    assert loads(plans.small_case({"ipa": 5}, [build.teacher("A", "ipa", home="99", outside_jtm=20)], policy="pp74_2008"), {})["A"].shortfall == 4


def test_recognised_hours_are_the_sum_of_their_parts() -> None:
    duties = [build.duty("wali_kelas"), build.duty("pembina_osis"), build.duty("koord_projek")]
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa")], {7: 3}, duties, policy="permendikbudristek25_2024")
    held: list[plans.Held] = [("wali_kelas", "7A", "A"), ("pembina_osis", "1", "A"), ("koord_projek", "7A", "A")]
    load = loads(case, dict.fromkeys(("1/7A/IPA", "1/7B/IPA"), "A"), held)["A"]
    # 10 taught + 4 TTLE + 2 projek, which count as teaching.
    assert (load.linear_jtm, load.duty_jtm, load.guru_wali_jtm, load.recognised_jtm) == (10, 6, 0, 16)


def test_reading_the_loads_twice_gives_the_same() -> None:
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa")])
    made = plans.plan(case, {"1/7A/IPA": "A"})
    assert teacher_loads(case, made) == teacher_loads(case, made) == made.teachers


# --- duty units --------------------------------------------------------------------------------------------------------------------------


def test_pinned_units_are_recognised_before_the_others() -> None:
    # Two ekskul may have a holder, the ruleset recognises one (the other has 8 pupils): the pinned leader of the small one stands behind.
    clubs = (Extracurricular(build.HOME, "Catur", 8, leader="B"), Extracurricular(build.HOME, "Pramuka", 40, leader="A"))
    case = plans.small_case(
        {"ipa": 5}, [build.teacher("A", "ipa"), build.teacher("B", "ipa")], {7: 1}, [build.duty("pembina_ekskul")], extracurriculars=clubs
    )
    made = plans.plan(case, {}, [("pembina_ekskul", "Catur", "B"), ("pembina_ekskul", "Pramuka", "A")])
    plans.assert_good(case, made)
    assert [(duty.unit, duty.counted_jtm) for duty in made.duties] == [("Catur", 0), ("Pramuka", 2)]


def test_a_club_with_too_few_students_counts_nothing_for_its_leader() -> None:
    # 8 pupils of the 20 that the ruleset asks for: no hours, though the place of the larger club is free.
    clubs = (Extracurricular(build.HOME, "Catur", 8, leader="A"), Extracurricular(build.HOME, "Pramuka", 40))
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa")], {7: 1}, [build.duty("pembina_ekskul")], extracurriculars=clubs)
    made = plans.plan(case, {}, [("pembina_ekskul", "Catur", "A")])
    plans.assert_good(case, made)
    assert [(duty.unit, duty.counted_jtm) for duty in made.duties] == [("Catur", 0)]


def test_pin_without_a_unit_takes_the_first_free_unit_of_its_holder() -> None:
    # Quota 1, three holders: the two pinned in their order, then the third; only the first counts.
    duty = build.duty("wakasek", maximum=3, holders=("B", "C"))
    teachers = [build.teacher(code, "ipa") for code in "ABC"]
    case = plans.small_case({"ipa": 5}, teachers, duties=[duty])
    made = plans.plan(case, {}, [("wakasek", "1", "A"), ("wakasek", "+1", "C"), ("wakasek", "+2", "B")])
    assert {holding.teacher: holding.recognised for holding in Reading(case, made).holdings} == {"A": False, "C": False, "B": True}


# --- words -------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_can_be_said_of_any_load(lang: str) -> None:
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa")])
    load = loads(case, {})["A"]
    for key in catalogue(lang, "reasons"):
        assert Text(lang).say(f"reasons.{key}", **reason_facts(case, load))


def test_facts_of_a_reason_are_the_load_and_the_law() -> None:
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa")])
    load = loads(case, {"1/7A/IPA": "A"})["A"]
    facts = reason_facts(case, load)
    assert (facts["recognised_jtm"], facts["required_jtm"], facts["ttle_cap_jtm"]) == (7, 24, 6)
