"""One TTU a teacher."""

from tests import build
from tests.rules import plans

CASE = plans.small_case(
    {"ipa": 5}, [build.teacher("A", "ipa"), build.teacher("B", "ipa")], duties=[build.duty("wakasek"), build.duty("kepala_perpustakaan")]
)
GOOD = plans.plan(CASE, {"1/7A/IPA": "A"}, [("wakasek", "1", "A")])


def test_one_main_duty_each_is_accepted() -> None:
    plans.assert_good(CASE, plans.with_duty(CASE, GOOD, "kepala_perpustakaan", "1", "B"))


def test_second_main_duty_is_reported() -> None:
    violation = plans.assert_only("one_main_duty", CASE, plans.with_duty(CASE, GOOD, "kepala_perpustakaan", "1", "A"))
    assert violation.facts == {"teacher": "A", "held": 2, "most": 1}
