"""Target: every required duty has its holders."""

from tests import build
from tests.rules import plans

CASE = plans.small_case({"ipa": 5}, [build.teacher("A", may_teach=("ipa",))], duties=[build.duty("pembina_osis", minimum=1)])


def test_held_duty_reaches_the_target() -> None:
    plans.assert_reaches_all_targets(CASE, plans.plan(CASE, {"1/7A/IPA": "A"}, [("pembina_osis", "1", "A")]))


def test_empty_duty_falls_short() -> None:
    facts = plans.assert_falls_short("duties_filled", CASE, plans.plan(CASE, {"1/7A/IPA": "A"})).facts
    assert facts == {"school": "1", "duty": "pembina_osis", "held": 0, "least": 1}
