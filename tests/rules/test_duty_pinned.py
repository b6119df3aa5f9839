"""Pemegang of the workbook."""

from dataclasses import replace

from scheduler.domain.entities import Extracurricular
from tests import build
from tests.rules import plans

TEACHERS = [build.teacher("A", "ipa"), build.teacher("B", "ipa")]
CASE = plans.small_case({"ipa": 5}, TEACHERS, duties=[build.duty("pembina_osis", holders=("A",))])
GOOD = plans.plan(CASE, {"1/7A/IPA": "A"}, [("pembina_osis", "1", "A")])


def test_pinned_holder_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_another_holder_is_reported() -> None:
    instead = replace(GOOD, duties=(plans.holding(CASE, "pembina_osis", "1", "B"),))
    violation = plans.assert_only("duty_pinned", CASE, plans.recorded(CASE, instead))
    assert violation.entities == ("pembina_osis", "A")


def test_pin_that_names_a_rombel_is_kept_there() -> None:
    duties = [build.duty("wali_kelas", holders=("A",), unit="7A")]
    case = plans.small_case({"ipa": 5}, TEACHERS, {7: 2}, duties=duties)
    teaching = {"1/7A/IPA": "A", "1/7B/IPA": "B"}
    plans.assert_good(case, plans.plan(case, teaching, [("wali_kelas", "7A", "A"), ("wali_kelas", "7B", "B")]))
    swapped = plans.plan(case, teaching, [("wali_kelas", "7B", "A"), ("wali_kelas", "7A", "B")])
    assert plans.assert_only("duty_pinned", case, swapped).facts["what"] == "wali_kelas 7A"


def test_pembina_of_an_ekskul_is_pinned_to_it() -> None:
    clubs = (Extracurricular(build.HOME, "Pramuka", 40, leader="A"),)
    case = plans.small_case({"ipa": 5}, TEACHERS, duties=[build.duty("pembina_ekskul")], extracurriculars=clubs)
    plans.assert_good(case, plans.plan(case, {"1/7A/IPA": "A"}, [("pembina_ekskul", "Pramuka", "A")]))
    plans.assert_only("duty_pinned", case, plans.plan(case, {"1/7A/IPA": "A"}, [("pembina_ekskul", "Pramuka", "B")]))
