"""What a plan file says of itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scheduler.domain.plan import Level, PartnerAlone, Plan, PolicyUsed
from tests import build
from tests.rules import plans

CASE = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa")], duties=[build.duty("pembina_osis")], slots=build.week())
TIMES = [("1/7A/IPA", "Senin", 1, 2), ("1/7A/IPA", "Selasa", 1, 2), ("1/7A/IPA", "Rabu", 1, 1)]
GOOD = plans.plan(CASE, {"1/7A/IPA": "A"}, [("pembina_osis", "1", "A")], TIMES)


def with_level(name: str, **changed: Any) -> Plan:
    return replace(GOOD, levels=tuple(replace(level, **changed) if level.name == name else level for level in GOOD.levels))


def test_plan_that_agrees_with_itself_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_level_with_another_value_is_reported() -> None:
    # A has 5 + 2 (OSIS) + 2 (guru wali) = 9: one teacher below.
    violation = plans.assert_only("recorded_numbers", CASE, with_level("below_minimum", value=0, bound=0))
    assert violation.facts == {"item": "below_minimum", "field": "value", "recorded": 0, "computed": 1}


MUTATIONS: dict[str, Callable[[], Plan]] = {
    "proved without equal bound": lambda: with_level("below_minimum", bound=0),
    "proved without a bound": lambda: with_level("below_minimum", bound=None),
    "equal bound not called proved": lambda: with_level("below_minimum", proved=False),
    "bound above the value": lambda: with_level("below_minimum", bound=2, proved=False),
    "level left out": lambda: replace(GOOD, levels=GOOD.levels[1:]),
    "level twice": lambda: replace(GOOD, levels=(*GOOD.levels, GOOD.levels[0])),
    "level that does not exist": lambda: replace(GOOD, levels=(*GOOD.levels, Level("beauty", 0, 0, True))),
    "teacher's hours": lambda: replace(GOOD, teachers=(replace(GOOD.teachers[0], recognised_jtm=24),)),
    "teacher who does not exist": lambda: replace(GOOD, teachers=(*GOOD.teachers, replace(GOOD.teachers[0], teacher="Z"))),
    "counted JTM of a duty": lambda: replace(GOOD, duties=(replace(GOOD.duties[0], counted_jtm=0),)),
    "JTM of a duty": lambda: replace(GOOD, duties=(replace(GOOD.duties[0], jtm=6),)),
    "JP of a need": lambda: replace(GOOD, assignments=(replace(GOOD.assignments[0], jp=4), *GOOD.assignments[1:])),
    "teacher of a lesson": lambda: replace(GOOD, lessons=(replace(GOOD.lessons[0], teacher=None), *GOOD.lessons[1:])),
    "ruleset": lambda: replace(GOOD, policy=PolicyUsed("pp74_2008")),
    "number of the ruleset": lambda: replace(GOOD, policy=PolicyUsed(GOOD.policy.id, {"min_jtm": "20"})),
    "open need of no school": lambda: replace(GOOD, partners=(PartnerAlone("1", 0, ("2/7A/IPA",)),)),
}


@pytest.mark.parametrize("what", MUTATIONS)
def test_record_that_disagrees_is_reported(what: str) -> None:
    plans.assert_only("recorded_numbers", CASE, MUTATIONS[what]())


def test_level_not_proved_with_a_lower_bound_is_accepted() -> None:
    plans.assert_good(CASE, with_level("below_minimum", bound=0, proved=False))


def test_plan_that_has_recorded_nothing_yet_is_accepted() -> None:
    plans.assert_good(CASE, replace(GOOD, levels=(), teachers=()))


def test_changes_are_recomputed_beside_the_former_plan_only() -> None:
    moved = replace(plans.reassigned(CASE, GOOD, "1/7A/IPA", None))
    recorded = plans.recorded(CASE, moved, former=GOOD)
    assert [level.value for level in recorded.levels if level.name == "changes"] == [1]
    plans.assert_good(CASE, recorded, former=GOOD)
    plans.assert_good(CASE, recorded)
    wrong = replace(recorded, levels=tuple(replace(level, value=0, bound=0) if level.name == "changes" else level for level in recorded.levels))
    plans.assert_only("recorded_numbers", CASE, wrong, former=GOOD)
