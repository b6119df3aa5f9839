"""``scheduler redistribute``: the files it writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from scheduler.app.exits import Exit
from scheduler.app.outputs import OutputRefusedError
from scheduler.app.redistribute import TransferWishes, redistribute_file
from scheduler.domain.solving import SolveOptions
from scheduler.formats.workbook import read_workbook
from scheduler.formats.workbook_writer import write_workbook
from tests.test_transfers import NEAR, district

OPTIONS = SolveOptions(seconds=20, workers=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_workbook(district().instance, tmp_path / "sekolah.xlsx")
    return tmp_path / "sekolah.xlsx"


def test_the_set_is_written_as_table_as_json_and_into_a_new_workbook(file: Path, tmp_path: Path) -> None:
    new = tmp_path / "baru.xlsx"
    done = redistribute_file(file, tmp_path / "out", TransferWishes(1, new, options=OPTIONS))
    assert done.exit is Exit.OK and done.found is not None
    moved = done.found.transfers[0].teacher
    assert json.loads((tmp_path / "out/redistribusi.json").read_text())["transfers"][0]["destination"] == NEAR
    assert load_workbook(tmp_path / "out/redistribusi.xlsx").active["A2"].value == moved
    assert read_workbook(new)[0].teacher(moved).home == NEAR


def test_too_few_is_no_success(file: Path, tmp_path: Path) -> None:
    done = redistribute_file(file, tmp_path / "out", TransferWishes(2, options=OPTIONS))
    assert done.exit is Exit.NO_PLAN_YET


def test_the_input_is_not_written_over(file: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputRefusedError):
        redistribute_file(file, tmp_path / "out", TransferWishes(1, file, options=OPTIONS))
