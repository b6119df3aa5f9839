"""``scheduler redistribute``: the files it writes, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from scheduler.app.exits import Exit
from scheduler.app.outputs import OutputRefusedError
from scheduler.app.plan import Wishes, make_workload
from scheduler.app.redistribute import TransferWishes, redistribute_file
from scheduler.app.verify import verify_files
from scheduler.domain.plan import Lesson
from scheduler.domain.solving import SolveOptions
from scheduler.errors import InputError
from scheduler.formats.json import read_plan, write_plan
from scheduler.formats.workbook import read_workbook
from scheduler.formats.workbook_writer import write_workbook
from tests.build import HOME, teacher
from tests.test_transfers import FAR, NEAR, district

OPTIONS = SolveOptions(seconds=20, workers=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_workbook(district().instance, tmp_path / "sekolah.xlsx")
    return tmp_path / "sekolah.xlsx"


def test_the_set_is_written_as_table_as_json_and_into_a_new_workbook(file: Path, tmp_path: Path) -> None:
    new = tmp_path / "baru.xlsx"
    done = redistribute_file(file, tmp_path / "out", TransferWishes(1, apply=new, options=OPTIONS))
    assert done.exit is Exit.OK and done.found is not None
    moved = done.found.transfers[0].teacher
    assert json.loads((tmp_path / "out/redistribusi.json").read_text())["transfers"][0]["destination"] == NEAR
    assert (1, moved) in load_workbook(tmp_path / "out/redistribusi.xlsx").active.iter_rows(max_col=2, values_only=True)
    assert read_workbook(new)[0].teacher(moved).home == NEAR


def test_checker_takes_the_division_after_the_transfers_for_the_new_workbook(file: Path, tmp_path: Path) -> None:
    # As a user asks it: scheduler verify baru.xlsx out/plan.json. A and B are both valid then, with 24 JP each.
    new = tmp_path / "baru.xlsx"
    redistribute_file(file, tmp_path / "out", TransferWishes(1, apply=new, options=OPTIONS))
    verified = verify_files(new, tmp_path / "out/plan.json")
    assert (verified.report.violations, verified.same_instance) == ((), True)
    assert sum(load.met for load in verified.report.loads if load.counted) == 2


def test_plan_of_the_district_is_where_the_search_begins(file: Path, tmp_path: Path) -> None:
    # The division before is A's 24 JP; the transfer is the same as without a plan, and the bound of the plan's own level makes it proved.
    make_workload(file, tmp_path / "plan.json", Wishes(options=OPTIONS))
    done = redistribute_file(file, tmp_path / "out", TransferWishes(1, before=tmp_path / "plan.json", options=OPTIONS))
    assert done.found is not None
    assert (done.found.before, done.found.before_most, done.found.after, done.found.proved) == (1, 1, 2, True)


def test_plan_that_the_checker_refuses_is_no_beginning(file: Path, tmp_path: Path) -> None:
    make_workload(file, tmp_path / "plan.json", Wishes(options=OPTIONS))
    plan = read_plan(tmp_path / "plan.json")
    strangers = tuple(replace(row, teacher="X") for row in plan.assignments)
    write_plan(replace(plan, assignments=strangers), tmp_path / "plan.json")
    with pytest.raises(InputError):
        redistribute_file(file, tmp_path / "out", TransferWishes(1, before=tmp_path / "plan.json", options=OPTIONS))


def test_goal_must_be_given(file: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        redistribute_file(file, tmp_path / "out", TransferWishes(options=OPTIONS))


def test_more_than_there_are_teachers_is_impossible(file: Path, tmp_path: Path) -> None:
    # Two teachers are counted and one is valid: two more cannot be.
    done = redistribute_file(file, tmp_path / "out", TransferWishes(2, options=OPTIONS))
    assert done.exit is Exit.IMPOSSIBLE


def test_teachers_of_partner_schools_count_in_one_school_mode(tmp_path: Path) -> None:
    # HOME is the Sekolah Utama: A and B share its 24 JP, one is valid and no more can be; C is alone at NEAR with 24 JP and valid: 2 of 3, proved.
    # FAR has 24 JP and nobody: one of A and B goes there, and all three are valid.
    base = district()
    staff = (*base.instance.teachers, teacher("C", "ipa", home=NEAR, willing=False))
    instance = replace(base.instance, settings=replace(base.instance.settings, main_school=HOME), teachers=staff)
    write_workbook(instance, tmp_path / "sekolah.xlsx")
    done = redistribute_file(tmp_path / "sekolah.xlsx", tmp_path / "out", TransferWishes(1, options=OPTIONS))
    assert done.exit is Exit.OK and done.found is not None
    assert [transfer.destination for transfer in done.found.transfers] == [FAR]
    assert (done.found.before, done.found.before_most, done.found.after) == (2, 2, 3)


def test_plan_with_a_timetable_is_not_written_over(file: Path, tmp_path: Path) -> None:
    make_workload(file, tmp_path / "plan.json", Wishes(options=OPTIONS))
    plan = read_plan(tmp_path / "plan.json")
    (tmp_path / "out").mkdir()
    row = plan.assignments[0]
    lesson = Lesson(row.need, row.school, row.rombels, row.subject, row.teacher, "senin", 1, 1)
    write_plan(replace(plan, lessons=(lesson,)), tmp_path / "out/plan.json")
    before = (tmp_path / "out/plan.json").read_bytes()
    with pytest.raises(OutputRefusedError):
        redistribute_file(file, tmp_path / "out", TransferWishes(1, apply=tmp_path / "baru.xlsx", options=OPTIONS))
    assert (tmp_path / "out/plan.json").read_bytes() == before


@pytest.mark.slow
def test_transfers_of_a_whole_kabupaten_stand_before_the_checker(tmp_path: Path) -> None:
    new = tmp_path / "baru.xlsx"
    wishes = TransferWishes(5, apply=new, options=SolveOptions(seconds=300, workers=2))
    done = redistribute_file(Path("instances/kabupaten-88/sekolah.xlsx"), tmp_path / "out", wishes)
    assert done.exit is Exit.OK and done.found is not None and done.found.bound <= done.found.cost
    verified = verify_files(new, tmp_path / "out/plan.json")
    assert (verified.report.violations, verified.same_instance) == ((), True)
    assert sum(load.met for load in verified.report.loads if load.counted) == done.found.after >= done.found.before + 5


def test_the_input_is_not_written_over(file: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputRefusedError):
        redistribute_file(file, tmp_path / "out", TransferWishes(1, apply=file, options=OPTIONS))
