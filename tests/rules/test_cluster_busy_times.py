"""Wish: few days of attendance."""

from tests import build
from tests.rules import plans

CASE = plans.small_case({"ipa": 1}, [build.teacher("B", may_teach=("ipa",))], {7: 2}, slots=build.week((4, 4)))
GOOD = plans.plan(CASE, dict.fromkeys(("1/7A/IPA", "1/7B/IPA"), "B"), lessons=[("1/7A/IPA", "Senin", 1, 1), ("1/7B/IPA", "Senin", 2, 1)])


def test_lessons_on_one_day_reach_the_target() -> None:
    plans.assert_reaches_all_targets(CASE, GOOD)


def test_lessons_on_more_days_than_needed_fall_short() -> None:
    # Two hours fit in one day of four.
    shortfall = plans.assert_falls_short("cluster_busy_times", CASE, plans.with_lesson(CASE, GOOD, 1, day="Selasa"))
    assert shortfall.facts == {"teacher": "B", "days": 2, "fewest": 1}
