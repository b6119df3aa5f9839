"""Aturan Jadwal as constraints: the general evaluator, which reads the problem, and the checker, which reads the plan, find the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from random import Random

import pytest

from scheduler.domain.entities import WeekRule, WeekRuleKind
from scheduler.domain.instance import DAYS
from scheduler.domain.plan import Lesson, Status
from scheduler.domain.timetabling import LimitParallel, Meeting
from scheduler.policy.case import Case
from scheduler.timetable.problem import TEACHER, WeekProblem, time_id
from scheduler.verify import timetable
from scheduler.verify.cost import Cost, evaluate
from scheduler.verify.levels import week_levels
from tests import build
from tests.timetable_weeks import any_random_case, assignments, best_levels, is_small, levels, placements, plan_of, random_case, random_rule, solved

WISHED = tuple(kind for kind in WeekRuleKind if kind is not WeekRuleKind.AT_ONCE)


def cost_of(case: Case, teaching: Mapping[str, str | None], lessons: Sequence[Lesson]) -> Cost:
    week = WeekProblem(case, assignments(case, teaching))
    bells = {need.id: bell for need, bell in week.needs.items()}
    meetings = [Meeting(x.need, time_id(bells[x.need], x.day, x.period), x.length) for x in lessons]
    return evaluate(week.build(), meetings)


def random_week(rng: Random, required: bool, kinds: Sequence[WeekRuleKind]) -> tuple[Case, dict[str, str | None], list[Lesson]]:
    """A tiny case with one rule of each kind, and every block somewhere in it, clashes and all."""
    while True:
        case, teaching = any_random_case(rng)
        case = Case(replace(case.instance, week_rules=tuple(random_rule(rng, case, kind, required) for kind in kinds)), case.law)
        week = WeekProblem(case, assignments(case, teaching))
        times = {(bell, time.day, time.period) for bell in week.needs.values() for time in week.times if (time.place, time.bell) == bell}
        lessons: list[Lesson] = []
        for need, bell in week.needs.items():
            for length in need.blocks:
                fits = [
                    x
                    for x in placements(case, need, length, teaching.get(need.id))
                    if all((bell, x.day, x.period + step) in times for step in range(length))
                ]
                lessons += [rng.choice(fits)] if fits else []
        if sum(x.length for x in lessons) == sum(need.jp for need in week.needs) and not is_muddled(case, teaching, lessons):
            return case, teaching, lessons


def is_muddled(case: Case, teaching: Mapping[str, str | None], lessons: Sequence[Lesson]) -> bool:
    """Two lessons of one person at one time are counted by hours here and by lessons there; over a forbidden break a lesson cannot run on at all."""
    return any(v.rule in ("avoid_clashes", "split_events") for v in timetable.violations(case, plan_of(case, teaching, lessons)))


@pytest.mark.parametrize("seed", range(15))
def test_wishes_cost_what_the_checker_says(seed: int) -> None:
    case, teaching, lessons = random_week(Random(seed), False, WISHED)
    cost = cost_of(case, teaching, lessons)
    ours = sum(d.cost for d in cost.deviations if d.constraint.id == "week_wishes")
    assert ours == week_levels(case, plan_of(case, teaching, lessons))["week_wishes"]


@pytest.mark.parametrize("kind", WeekRuleKind)
def test_a_rule_is_broken_in_the_problem_exactly_where_the_checker_says(kind: WeekRuleKind) -> None:
    rng = Random(7)
    for _ in range(8):
        case, teaching, lessons = random_week(rng, True, (kind,))
        stated = [d for d in cost_of(case, teaching, lessons).deviations if d.constraint.id == "week_rules"]
        found = [v for v in timetable.violations(case, plan_of(case, teaching, lessons)) if v.rule == "week_rules"]
        assert bool(stated) == bool(found), (case.instance.week_rules, lessons)


def test_a_wish_weighs_less_than_anything_else_of_the_week() -> None:
    # One wish of each kind for every teacher: all of them broken to the utmost cost less than one unwanted time, day or idle hour.
    rng = Random(3)
    case, teaching, _ = random_week(rng, False, WISHED)
    week = WeekProblem(case, assignments(case, teaching))
    weights = [c.weight for c in week.build().constraints if not c.required and c.id != "week_wishes"]
    assert min(weights) > week.own_rules.worst > 0


def test_at_most_one_class_at_once_is_one_constraint_of_the_general_problem() -> None:
    rule = WeekRule(WeekRuleKind.AT_ONCE, True, subject="pjok", amount=1)
    case = build.case({"pjok": 2}, [build.teacher("A", may_teach=("pjok",))], {7: 2}, slots=build.week((3, 3)), week_rules=(rule,))
    (limit,) = (c for c in WeekProblem(case, assignments(case, {})).build().constraints if isinstance(c, LimitParallel))
    assert limit.event_groups == (("1/7A/PJOK",), ("1/7B/PJOK",))
    assert (limit.maximum, len(limit.time_groups)) == (1, 6)


def test_a_rule_that_cannot_bind_adds_nothing() -> None:
    # Two days: nobody teaches on more than two anyway.
    rules = (WeekRule(WeekRuleKind.DAYS, True, amount=2), WeekRule(WeekRuleKind.DAY_HOURS, True, amount=3))
    case = build.case({"pjok": 2}, [build.teacher("A", may_teach=("pjok",))], {7: 1}, slots=build.week((3, 3)), week_rules=rules)
    problem = WeekProblem(case, assignments(case, {"1/7A/PJOK": "A"})).build()
    assert all(c.id != "week_rules" for c in problem.constraints)
    assert {r.type for r in problem.resources} == {"class", TEACHER}
    assert {t.day for t in problem.times} == set(DAYS[:2])


@pytest.mark.parametrize("seed", range(18))
def test_best_week_under_own_rules_equals_exhaustive_search(seed: int) -> None:
    rng = Random(seed)
    kind = list(WeekRuleKind)[seed % len(WeekRuleKind)]
    case, teaching = next(found for number in count(seed * 1000) if is_small(*(found := random_case(number))))
    required = kind is WeekRuleKind.AT_ONCE or rng.random() < 0.5
    case = Case(replace(case.instance, week_rules=(random_rule(rng, case, kind, required),)), case.law)
    best, outcome = best_levels(case, teaching), solved(case, teaching)
    if best is None:
        assert outcome.status is Status.INFEASIBLE
    elif outcome.lessons or any(best):
        assert (outcome.status, levels(outcome)) == (Status.OPTIMAL, best)
