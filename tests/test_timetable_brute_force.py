"""The engine against every week of random tiny cases: the same verdict, the same best levels.

``SCHEDULER_SEED`` says which cases are drawn (tests/seeds.py). The seed is part of each test's name.
"""

from __future__ import annotations

import os

import pytest

from scheduler.domain.plan import WEEK_LEVELS, Level, Status
from scheduler.timetable.attendance import Attendance
from scheduler.timetable.bound import counted_bounds, week_bounds
from scheduler.timetable.problem import WeekProblem
from tests import timetable_weeks as weeks
from tests.seeds import SEED_NUMBER

CASES = int(os.environ.get("SCHEDULER_WEEK_CASES", "40"))


@pytest.mark.parametrize("seed", range(SEED_NUMBER, SEED_NUMBER + CASES))
def test_best_week_equals_exhaustive_search(seed: int) -> None:
    case, teaching = weeks.random_case(seed)
    best = weeks.best_levels(case, teaching)
    outcome = weeks.solved(case, teaching)
    if not outcome.lessons and best == (0, 0, 0):
        return  # nothing to place
    if best is None:
        assert outcome.status is Status.INFEASIBLE
        assert_conflict_holds(case, teaching, outcome.conflict)
    else:
        assert outcome.status is Status.OPTIMAL
        assert weeks.levels(outcome) == best
        assert_bounds_hold(case, teaching, best)


def assert_conflict_holds(case: weeks.Case, teaching: dict[str, str | None], conflict: tuple[tuple[str, str], ...]) -> None:
    """Even when only the attendances of the conflict stand, no week keeps the rules."""
    assert all(teaching[need] == code for need, code in conflict)
    named = {need for need, _ in conflict}
    lightened = {need: code if need in named or case.need[need].kind.value == "open_hours" else None for need, code in teaching.items()}
    assert weeks.best_levels(case, lightened) is None


def assert_bounds_hold(case: weeks.Case, teaching: dict[str, str | None], best: tuple[int, ...]) -> None:
    """No bound of idle hours or days is above the best, whatever worse week was found."""
    week = Attendance(WeekProblem(case, weeks.assignments(case, teaching)).build())
    worse = [Level(name, value + more, 0, False) for name, value, more in zip(WEEK_LEVELS, best, (1, 2, 1), strict=True)]
    counted = [sum(own[number] for own in counted_bounds(week).values()) for number in range(len(WEEK_LEVELS))]
    for bounds in (counted, week_bounds(week, worse, lambda: weeks.OPTIONS)):
        assert bounds[0] <= best[0]
        assert bounds[1] <= best[1]
