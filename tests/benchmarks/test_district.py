"""The district benchmark as a test."""

from __future__ import annotations

import pytest

from tests.benchmarks.district import first_schools, measure

PROVED_WITHIN = 60.0
"""Seconds on two cores with nothing else running."""


@pytest.mark.slow
@pytest.mark.parametrize("schools", [1, 5, 20])
def test_levels_to_4b_are_proved_and_no_greedy_rule_does_better(schools: int) -> None:
    measured = measure(first_schools(schools, seed=0), PROVED_WITHIN, workers=2)
    proved = {name: value == bound for name, value, bound, _ in measured.levels}
    names = list(proved)
    assert all(proved[name] for name in names[: names.index("optional_duty_units") + 1])
    assert measured.optimum[0] >= measured.greedy[0]
    assert measured.memory_mb < 1024
