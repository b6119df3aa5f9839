"""Whole weeks by outline: hours of each day first, then who is where."""

from __future__ import annotations

import threading

from scheduler.engine.first import Building
from scheduler.engine.frame import Frame
from scheduler.engine.model import StepLimits
from scheduler.engine.state import State
from scheduler.engine.week_outline import partitions, whole_outlines
from tests.benchmarks.smp import fewest_days, idle_and_days, smp_problem

LIMITS = StepLimits(deterministic=3.0)


def placed(frame: Frame) -> State:
    building, stop = Building(frame, 0, 40.0, None), threading.Event()
    building.go_on(stop)
    return State(frame, building.week(stop))


def test_a_day_of_four_hours_is_parted_in_five_ways() -> None:
    """4, 3+1, 2+2, 2+1+1, 1+1+1+1."""
    assert sorted(partitions(4, 4)) == [(1, 1, 1, 1), (2, 1, 1), (2, 2), (3, 1), (4,)]


def test_a_school_of_eight_rombel_gets_a_week_without_broken_rules_and_with_far_fewer_idle_hours() -> None:
    problem = smp_problem(8)
    frame = Frame(problem)
    state = placed(frame)
    idle_before, days_before = idle_and_days(problem, frame.meetings_of(state.week))
    weeks = []
    for changes in whole_outlines(frame, state.week, LIMITS):
        outlined = state.copy()
        outlined.apply(changes)
        assert outlined.infeasibility == 0
        weeks.append(idle_and_days(problem, frame.meetings_of(outlined.week)))
    assert weeks and min(idle for idle, _ in weeks) < idle_before / 5
    assert fewest_days(problem) <= min(days for _, days in weeks) < days_before - 10  # by counting 6 × 3 + 4 × 3 + 6 × 2 = 42


def test_the_same_limits_of_work_give_the_same_outlines() -> None:
    frame = Frame(smp_problem(4))
    state = placed(frame)
    first, second = (list(whole_outlines(frame, state.week, StepLimits(deterministic=1.0))) for _ in range(2))
    assert first and first == second


def test_a_search_that_is_to_stop_gets_no_outline() -> None:
    frame = Frame(smp_problem(4))
    stop = threading.Event()
    stop.set()
    assert list(whole_outlines(frame, placed(frame).week, StepLimits(deterministic=6.0, stop=stop))) == []
