"""A large part of a district is divided in the same way again: one worker, a limit of work and no limit of time."""

from __future__ import annotations

import pytest

from scheduler.domain.solving import SolveOptions
from scheduler.workload import descent as descending
from scheduler.workload.solve import solve_workload
from tests.benchmarks.district import first_schools


@pytest.mark.slow
def test_a_part_improved_piece_by_piece_comes_out_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descending, "MANY_TEACHERS", 20)
    case = first_schools(4, seed=1)
    first, second = (solve_workload(case, SolveOptions(workers=1, deterministic_limit=6.0), until="shortfall_jtm") for _ in range(2))
    assert (first.levels, first.assignments, first.duties) == (second.levels, second.assignments, second.duties)
