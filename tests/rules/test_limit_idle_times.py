"""Wish: no free hours between lessons."""

from tests import build
from tests.rules import plans

# B, not certified, so that no other target speaks.
CASE = plans.small_case({"ipa": 1}, [build.teacher("B", may_teach=("ipa",))], {7: 2}, slots=build.week((4,)))
GOOD = plans.plan(CASE, dict.fromkeys(("1/7A/IPA", "1/7B/IPA"), "B"), lessons=[("1/7A/IPA", "Senin", 1, 1), ("1/7B/IPA", "Senin", 2, 1)])


def test_lessons_one_after_another_reach_the_target() -> None:
    plans.assert_reaches_all_targets(CASE, GOOD)


def test_free_hours_between_lessons_fall_short() -> None:
    # Periods 1 and 4: 2 and 3 are free.
    shortfall = plans.assert_falls_short("limit_idle_times", CASE, plans.with_lesson(CASE, GOOD, 1, period=4))
    assert shortfall.facts == {"teacher": "B", "day": "Senin", "hours": 2}
