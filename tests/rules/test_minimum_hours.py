"""Target: every certified teacher reaches the minimum."""

from tests import build
from tests.rules import plans

# Four classes of 6 JP = 24 for A; B is there to take one.
CASE = plans.small_case(
    {"bahasa_indonesia": 6}, [build.teacher("A", "bahasa_indonesia"), build.teacher("B", may_teach=("bahasa_indonesia",))], {7: 4}
)
NEEDS = [need.id for need in CASE.needs if need.jp]
GOOD = plans.plan(CASE, dict.fromkeys(NEEDS, "A"))


def test_twenty_four_hours_reach_the_target() -> None:
    plans.assert_reaches_all_targets(CASE, GOOD)


def test_teacher_below_minimum_is_reported() -> None:
    # 3 x 6 = 18, guru wali 2: 20 of 24.
    facts = plans.assert_falls_short("minimum_hours", CASE, plans.reassigned(CASE, GOOD, NEEDS[0], "B")).facts
    assert facts == {"teacher": "A", "recognised": 20, "required": 24, "shortfall": 4}
