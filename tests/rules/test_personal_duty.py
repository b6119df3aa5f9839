"""Facts about a person are not handed out."""

from tests import build
from tests.rules import plans

DUTY = "organisasi_kabupaten"
CASE = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa"), build.teacher("B", "ipa")], duties=[build.duty(DUTY, holders=("A",))])
GOOD = plans.plan(CASE, {"1/7A/IPA": "A"}, [(DUTY, "1", "A")])


def test_named_holder_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_holder_whom_the_workbook_does_not_name_is_reported() -> None:
    violation = plans.assert_only("personal_duty", CASE, plans.with_duty(CASE, GOOD, DUTY, "2", "B"))
    assert (violation.facts["held"], violation.facts["named"]) == (1, 0)


def test_named_holder_more_often_than_named_is_reported() -> None:
    violation = plans.assert_only("personal_duty", CASE, plans.with_duty(CASE, GOOD, DUTY, "2", "A"))
    assert (violation.facts["held"], violation.facts["named"]) == (2, 1)
