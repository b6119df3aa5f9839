"""Duties are held at the home school."""

from tests import build
from tests.rules import plans

SCHOOLS = (build.school("1"), build.school("2"))
TEACHERS = [build.teacher("A", "ipa"), build.teacher("B", "ipa", home="2")]
CASE = plans.small_case({"ipa": 5}, TEACHERS, duties=[build.duty("pembina_osis")], schools=SCHOOLS)
GOOD = plans.plan(CASE, {"1/7A/IPA": "A"})


def test_duty_at_home_is_accepted() -> None:
    plans.assert_good(CASE, plans.with_duty(CASE, GOOD, "pembina_osis", "1", "A"))


def test_duty_at_another_school_is_reported() -> None:
    violation = plans.assert_only("duty_at_home", CASE, plans.with_duty(CASE, GOOD, "pembina_osis", "1", "B"))
    assert (violation.facts["school"], violation.facts["home"]) == ("1", "2")


def test_pemegang_of_the_workbook_stands() -> None:
    pinned = plans.small_case({"ipa": 5}, TEACHERS, duties=[build.duty("pembina_osis", holders=("B",))], schools=SCHOOLS)
    plans.assert_good(pinned, plans.plan(pinned, {"1/7A/IPA": "A"}, [("pembina_osis", "1", "B")]))
