"""Wish: not when Ketersediaan says Sebaiknya Tidak."""

from scheduler.domain.entities import Availability, AvailabilityKind
from tests import build
from tests.rules import plans

WISH = Availability("B", "Senin", 4, AvailabilityKind.UNWANTED)
CASE = plans.small_case({"ipa": 1}, [build.teacher("B", may_teach=("ipa",))], slots=build.week((4,)), availability=(WISH,))
GOOD = plans.plan(CASE, {"1/7A/IPA": "B"}, lessons=[("1/7A/IPA", "Senin", 1, 1)])


def test_lesson_at_another_time_reaches_the_target() -> None:
    plans.assert_reaches_all_targets(CASE, GOOD)


def test_lesson_at_an_unwanted_time_falls_short() -> None:
    shortfall = plans.assert_falls_short("prefer_times", CASE, plans.with_lesson(CASE, GOOD, 0, period=4))
    assert shortfall.facts == {"teacher": "B", "need": "1/7A/IPA", "day": "Senin", "period": 4}
