"""From a case to a checked plan, and what the week sends back to the division of work."""

from __future__ import annotations

from scheduler.domain.entities import Availability, AvailabilityKind
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.planning import make_plan
from scheduler.policy.load import load_policy
from tests import build

OPTIONS = SolveOptions(seconds=20, workers=2)
NO_DUTIES = build.no_duties(rule.id for rule in load_policy("permendikdasmen11_2025").duties)


def value(levels: object, name: str) -> int:
    return next(level.value for level in levels if level.name == name)  # type: ignore[attr-defined]


def test_a_plan_is_complete_and_breaks_no_rule() -> None:
    plan = make_plan(build.small_case(), OPTIONS)
    assert plan.violations == ()
    assert plan.status.workload is Status.OPTIMAL
    assert plan.lessons


def test_hours_beyond_the_open_periods_go_back_to_the_division_of_work() -> None:
    """A has 20 open periods (4 days of 5): of 8 classes of 3 JP he can keep 6 (18 JP), 18 + 2 guru wali = 20 of 22 JTM; with all 8 he had 26."""
    case = build.case(
        {"ips": 3},
        [build.teacher("A", "ips"), build.teacher("B", None, may_teach=("ips",))],
        overrides={"min_jtm": "22"},
        duties=NO_DUTIES,
        slots=build.week((5,) * 5),
        availability=[Availability("A", "Jumat", None, AvailabilityKind.IMPOSSIBLE)],
    )
    plan = make_plan(case, OPTIONS)
    assert plan.violations == ()
    assert sum(lesson.length for lesson in plan.lessons) == 24
    assert value(plan.levels, "below_minimum") == 1
    capacity, cost = plan.weekly_cuts
    assert (capacity.rule, capacity.entities, capacity.facts["open"]) == ("week_capacity", ("A",), 20)
    assert (cost.rule, cost.entities, cost.facts["before"], cost.facts["after"]) == ("week_cost", ("below_minimum",), 0, 1)


def test_a_conflict_of_the_week_goes_back_as_a_cut() -> None:
    """A teacher who comes on Senin only cannot hold both lessons (2 + 1, on two days) of the one class: B, without a certificate, takes them."""
    case = build.case(
        {"ips": 3},
        [build.teacher("A", "ips"), build.teacher("B", None, may_teach=("ips",))],
        grades={7: 1},
        overrides={"min_jtm": "3"},
        duties=NO_DUTIES,
        slots=build.week((4, 4)),
        availability=[Availability("A", "Selasa", None, AvailabilityKind.IMPOSSIBLE)],
    )
    plan = make_plan(case, OPTIONS)
    assert {assignment.teacher for assignment in plan.assignments} == {"B"}
    assert "week_conflict" in {cut.rule for cut in plan.weekly_cuts}
    assert plan.violations == ()


def test_without_a_week_the_timetable_is_unknown() -> None:
    plan = make_plan(build.small_case(), OPTIONS, with_week=False)
    assert plan.status.timetable is Status.UNKNOWN
    assert plan.lessons == ()
    assert plan.violations == ()
