"""The field's public instances: every published solution costs what the reference evaluator says, and survives being written.

Their path is SCHEDULER_XHSTT (default: ``../shared/benchmarks/xhstt``); nothing of them is copied here.
"""

from __future__ import annotations

import csv
import os
from functools import cache
from pathlib import Path

import pytest

from scheduler.formats.xhstt import XhsttArchive, read_xhstt, write_xhstt, write_xhstt_solution
from scheduler.verify.cost import evaluate

FOLDER = Path(os.environ.get("SCHEDULER_XHSTT", Path(__file__).resolve().parents[2] / "shared" / "benchmarks" / "xhstt"))
TABLE = FOLDER / "reference_costs.csv"
OUR_NAMES = {"AssignTimeConstraint": "AssignTimes", "AssignResourceConstraint": "AssignResources"}


def published() -> list[dict[str, str]]:
    if not TABLE.exists():
        return []
    with TABLE.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


ROWS = published()
needs_instances = pytest.mark.skipif(not ROWS, reason=f"no public instances at {FOLDER} (set SCHEDULER_XHSTT)")


@cache
def archive(file: str) -> XhsttArchive:
    return read_xhstt(FOLDER / file)


@needs_instances
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['file']}-{row['solution']}")
def test_published_solution_costs_what_the_reference_evaluator_says(row: dict[str, str]) -> None:
    (solution,) = (s for s in archive(row["file"]).solutions if (s.group, s.instance) == (row["solution"], row["instance"]))
    found = evaluate(archive(row["file"]).instances[row["instance"]], solution.meetings)
    assert (found.infeasibility, found.objective) == (int(row["infeasibility"]), int(row["objective"]))
    stated = dict(part.split("=") for part in row["breakdown"].split(";") if part)
    expected = {OUR_NAMES.get(name, name.removesuffix("Constraint")): tuple(map(int, costs.split("/"))) for name, costs in stated.items()}
    assert found.by_type() == expected


@needs_instances
@pytest.mark.parametrize("file", sorted({row["file"] for row in ROWS}))
def test_public_instance_written_is_the_instance_read(file: str, tmp_path: Path) -> None:
    for name, problem in archive(file).instances.items():
        solutions = {solution.group: solution.meetings for solution in archive(file).solutions if solution.instance == name}
        write_xhstt(tmp_path / "again.xml", problem, name, solutions)
        again = read_xhstt(tmp_path / "again.xml")
        assert again.instances == {name: problem}
        assert again.solutions == archive(file).solutions


@needs_instances
@pytest.mark.parametrize("file", sorted({row["file"] for row in ROWS}))
def test_published_solutions_stay_beside_ours(file: str, tmp_path: Path) -> None:
    (last, out) = archive(file).solutions[-1], tmp_path / "out.xml"
    write_xhstt_solution(FOLDER / file, last.instance, last.meetings, out)
    found = read_xhstt(out)
    assert found.instances == archive(file).instances
    assert [s.meetings for s in found.solutions] == [*(s.meetings for s in archive(file).solutions), last.meetings]
