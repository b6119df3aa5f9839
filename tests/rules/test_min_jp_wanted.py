"""JP Min of the workbook."""

from tests import build
from tests.rules import plans

CASE = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa", min_jp=5), build.teacher("B", "ipa")])
GOOD = plans.plan(CASE, {"1/7A/IPA": "A"})


def test_enough_hours_are_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_fewer_hours_than_wanted_are_reported() -> None:
    violation = plans.assert_only("min_jp_wanted", CASE, plans.reassigned(CASE, GOOD, "1/7A/IPA", "B"))
    assert violation.facts == {"teacher": "A", "jp": 0, "least": 5}
