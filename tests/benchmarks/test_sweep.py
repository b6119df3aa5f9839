"""The benchmark of experiments measures what it says: it runs, on a small scale."""

from __future__ import annotations

from argparse import Namespace

import pytest

from scheduler.sweep.executors import LocalWorkers
from scheduler.sweep.run import Limits
from scheduler.sweep.scenarios import planned
from scheduler.sweep.sources import Unit, tasks
from tests.benchmarks.sweep import TABLE, extrapolated, memory, rate
from tests.build import small_case


def test_rate_needs_as_many_runs_as_it_measures() -> None:
    waiting = list(tasks([Unit("f", "", small_case().instance)], planned(("min_jtm=1:10",)).scenarios, Limits(), 0, frozenset()))
    assert rate(lambda: LocalWorkers(1), 1, waiting, 6) > 0
    with pytest.raises(SystemExit):
        rate(lambda: LocalWorkers(1), 1, waiting, 7)


@pytest.mark.slow
def test_memory_is_told_at_every_tenth() -> None:
    # 10 schools under three thresholds are 30 runs: a row every 3.
    rows = memory(Namespace(table=TABLE, schools=10, workers=1))
    assert [row[0] for row in rows] == list(range(3, 31, 3))


def test_country_is_extrapolated_from_the_seconds_of_a_run() -> None:
    # 42,000 schools × 3 thresholds = 126,000 runs; at 0.1 s 12,600 s: 3.5 h of one worker, 1.75 h of two, 2.1 min of a hundred.
    assert "3.5 h with 1 workers" in extrapolated(0.1, 1)
    assert "1.8 h with 2 workers here, 2 min with 100" in extrapolated(0.1, 2)
