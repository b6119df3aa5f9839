"""Target: under PP 74/2008 nobody is valid below the home school's own minimum, whatever is taught elsewhere."""

from scheduler.domain.entities import OpenHours
from scheduler.domain.instance import Settings
from tests import build
from tests.rules import plans

# Home: two classes of 3 JP = 6, the ruleset's home minimum; elsewhere: four classes of 5 JP = 20. Together 26 of 24.
CASE = plans.small_case(
    {"bahasa_indonesia": 3},
    [build.teacher("A", "bahasa_indonesia"), build.teacher("B", may_teach=("bahasa_indonesia",))],
    {7: 2},
    policy="pp74_2008",
    schools=(build.school("1"), build.school("2", partner=True)),
    open_hours=tuple(OpenHours("2", "bahasa_indonesia", 5, row=row) for row in range(1, 5)),
    settings=Settings(main_school="1"),
)
NEEDS = [need.id for need in CASE.needs]
GOOD = plans.plan(CASE, dict.fromkeys(NEEDS, "A"))


def test_six_hours_at_home_reach_the_target() -> None:
    plans.assert_reaches_all_targets(CASE, GOOD)


def test_too_few_hours_at_home_are_reported_beside_the_minimum_they_cost() -> None:
    # 3 at home + 20 elsewhere = 23: one short of 24, and three short of 6 at home, which is the larger shortfall.
    shortfalls = plans.assert_good(CASE, plans.reassigned(CASE, GOOD, NEEDS[0], "B")).shortfalls
    assert [shortfall.rule for shortfall in shortfalls] == ["minimum_hours", "home_school_minimum"]
    assert shortfalls[0].facts["shortfall"] == 3
    assert shortfalls[1].facts == {"teacher": "A", "home": 3, "least": 6}
