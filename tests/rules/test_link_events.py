"""Parallel groups start together."""

from scheduler.domain.entities import Group
from scheduler.policy.case import Case
from tests import build
from tests.rules import plans

TEACHERS = [build.teacher("A", "pai"), build.teacher("B", "kristen")]


def case_with(islam_jp: int, kristen_jp: int) -> Case:
    groups = (
        Group("I", build.HOME, ("7A",), "pabp_islam", islam_jp),
        Group("K", build.HOME, ("7A",), "pabp_kristen", kristen_jp, parallel="I"),
    )
    return plans.small_case({"pabp_islam": islam_jp, "pabp_kristen": kristen_jp}, TEACHERS, slots=build.week((4, 4, 4)), groups=groups)


def test_groups_that_start_together_are_accepted_and_others_reported() -> None:
    case = case_with(3, 3)
    islam, kristen = (need.id for need in case.needs)
    lessons = [(need, day, 1, length) for need in (islam, kristen) for day, length in (("Senin", 2), ("Selasa", 1))]
    good = plans.plan(case, {islam: "A", kristen: "B"}, lessons=lessons)
    plans.assert_good(case, good)
    violation = plans.assert_only("link_events", case, plans.with_lesson(case, good, 3, day="Rabu"))
    assert violation.entities == (islam, kristen)


def test_longest_block_goes_with_the_longest() -> None:
    # 3 JP = 2+1 beside 2 JP = 2: the pair starts with the pair, not with the single hour.
    case = case_with(3, 2)
    islam, kristen = (need.id for need in case.needs)
    good = plans.plan(case, {islam: "A", kristen: "B"}, lessons=[(islam, "Senin", 1, 2), (islam, "Selasa", 1, 1), (kristen, "Senin", 1, 2)])
    plans.assert_good(case, good)
    plans.assert_only("link_events", case, plans.with_lesson(case, good, 2, day="Selasa"))
