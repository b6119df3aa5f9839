"""The means of the timetable benchmarks: what they count, and the school they invent."""

from __future__ import annotations

import csv
import os
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scheduler.app.exporting import SchoolWeeks
from scheduler.domain.plan import Assignment
from scheduler.domain.timetabling import Meeting
from scheduler.formats.fet import read_fet, read_fet_timetable
from scheduler.formats.fet_export import fet_file
from scheduler.formats.xhstt import read_xhstt
from scheduler.policy.case import Case
from scheduler.timetable.problem import TEACHER
from tests import build
from tests.benchmarks import fet, smp, xhstt
from tests.benchmarks.fetcl import (
    FET_CL,
    PlainFet,
    broken_min_days,
    is_complete,
    read_activities,
    read_plain,
    result_of,
    run_fet,
    teacher_days,
    teacher_gaps,
    unplaced,
    with_limits,
)
from tests.benchmarks.measuring import at, family, measured, median_run, memory_kb, write_csv

DAYS, HOURS = ("Mon", "Tue", "Wed"), ("1", "2", "3", "4")


def plain(**fields: object) -> PlainFet:
    """Teacher T with three activities of one hour (1, 2, 3), teacher U with one of two hours (4)."""
    activities = {1: (("T",), 1), 2: (("T",), 1), 3: (("T",), 1), 4: (("U",), 2)}
    return replace(PlainFet(DAYS, HOURS, activities, frozenset(), ()), **fields)  # type: ignore[arg-type]


def placed(**cells: str) -> dict[int, tuple[str, str, str]]:
    """``a1="Mon 2"``: activity 1 on Monday in hour 2."""
    return {int(name[1:]): (*cell.split(), "") for name, cell in cells.items()}  # type: ignore[misc]


# --- counters ------------------------------------------------------------------------------------------------------------------------------


def test_free_hours_between_lessons_are_gaps() -> None:
    week = placed(a1="Mon 1", a2="Mon 4", a3="Tue 2", a4="Mon 1")
    assert teacher_gaps(plain(), week) == 2  # T on Monday: hours 2 and 3; U's two hours follow each other
    assert teacher_days(plain(), week) == 3  # T on Monday and Tuesday, U on Monday


def test_breaks_and_hours_that_a_teacher_is_not_there_are_no_gaps() -> None:
    week = placed(a1="Mon 1", a2="Mon 4", a3="Tue 1")
    closed = frozenset({("", "Mon", "2"), ("T", "Mon", "3"), ("U", "Tue", "2")})
    assert teacher_gaps(plain(closed=closed), week) == 0


def test_two_lessons_at_once_fill_one_hour() -> None:
    assert teacher_gaps(plain(), placed(a1="Mon 1", a2="Mon 1", a3="Mon 3")) == 1


def test_pairs_that_stand_too_close_are_counted() -> None:
    rule = ((1, 2, 3), 2, 95.0)
    week = placed(a1="Mon 1", a2="Mon 3", a3="Wed 1")
    # Two days apart asked: Mon-Mon is 0 apart; Mon-Wed is 2 apart, twice.
    assert broken_min_days(plain(min_days=(rule,)), week) == 1


def test_activities_without_a_place_are_counted() -> None:
    assert unplaced(plain(), placed(a1="Mon 1")) == 3


# --- FET's files ---------------------------------------------------------------------------------------------------------------------------


def test_result_of_a_run_is_the_complete_timetable_else_the_highest_stage(tmp_path: Path) -> None:
    highest, complete = (tmp_path / "timetables" / name / "x_activities.xml" for name in ("x-highest", "x"))
    assert result_of(tmp_path, "x") is None
    for file in (highest, complete):
        file.parent.mkdir(parents=True)
    highest.write_text("<Activities_Timetable/>", encoding="utf-8")
    assert result_of(tmp_path, "x") == highest
    complete.write_text("<Activities_Timetable/>", encoding="utf-8")
    assert result_of(tmp_path, "x") == complete


def test_a_run_that_timed_out_is_not_complete(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    for words, complete in (("Time exceeded", False), ("Simulation successful", True)):
        (tmp_path / "logs" / "result.txt").write_text(words, encoding="utf-8")
        assert is_complete(tmp_path) is complete


def test_activities_without_a_day_are_not_placed(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(
        "<Activities_Timetable><Activity><Id>1</Id><Day>Mon</Day><Hour>2</Hour><Room></Room></Activity>"
        "<Activity><Id>2</Id><Day></Day><Hour></Hour><Room></Room></Activity></Activities_Timetable>",
        encoding="utf-8",
    )
    assert read_activities(file) == {1: ("Mon", "2", "")}


def test_a_file_of_fet_is_read_as_far_as_the_counters_need_it(tmp_path: Path) -> None:
    case, assignments = smp_of()
    file = tmp_path / "a.fet"
    file.write_bytes(with_limits(fet_file(SchoolWeeks(case, assignments).of(build.HOME), locked=False).content, gaps=0, days=4))
    read = read_plain(file)
    assert (read.days, read.hours) == (("Senin", "Selasa"), ("1", "2"))
    assert read.activities == {1: (("A",), 2), 2: (("A",), 1)}  # 3 JP of IPA = 2+1
    assert read.min_days == (((1, 2), 1, 100.0),)
    assert "ConstraintTeachersMaxGapsPerWeek" in file.read_text(encoding="utf-8")
    assert "<Max_Days_Per_Week>4</Max_Days_Per_Week>" in file.read_text(encoding="utf-8")


def smp_of() -> tuple[Case, tuple[Assignment, ...]]:
    case = build.case({"ipa": 3}, [build.teacher("A")], {7: 1}, slots=build.week((2, 2)))
    return case, tuple(Assignment(n.id, n.school, n.rombels, n.subject, n.jp, n.recognised_jp, "A" if n.jp else None) for n in case.needs)


# --- the invented school ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rombel", "teachers"), [(8, 16), (16, 30), (24, 42), (36, 65)])
def test_every_class_of_the_invented_school_is_full_and_every_teacher_within_the_load(rombel: int, teachers: int) -> None:
    _, assignments = smp.smp(rombel)
    load: dict[str | None, int] = defaultdict(int)
    for row in assignments:
        load[row.teacher] += row.jp
    assert sum(load.values()) == 40 * rombel
    assert len(load) == teachers
    assert max(load.values()) <= smp.FULL_LOAD
    assert None not in load


def test_eight_classes_ask_for_forty_two_teacher_days_by_counting() -> None:
    """24 JP: PAI, PP, BIN twice, PJOK, INF = 6 × 3 days; 20 JP: MTK and IPA twice each = 4 × 3; 16 JP: IPS, BIG twice each, SBP, MBD = 6 × 2."""
    assert smp.fewest_days(smp.smp_problem(8)) == 42


def test_the_seed_decides_who_teaches_which_class() -> None:
    assert smp.smp(8, seed=1)[1] == smp.smp(8, seed=1)[1]
    assert smp.smp(8, seed=1)[1] != smp.smp(8, seed=2)[1]


def test_the_same_school_goes_to_fet(tmp_path: Path) -> None:
    file = tmp_path / "smp.fet"
    file.write_bytes(smp.smp_fet(8))
    read, problem = read_fet(file), smp.smp_problem(8)
    assert read.unknown == ()
    assert sum(event.duration for event in read.problem.events) == sum(event.duration for event in problem.events) == 320
    assert sum(resource.type == "Teacher" for resource in read.problem.resources) == 16


def test_idle_hours_and_days_are_counted_by_day_and_teacher() -> None:
    problem = smp.smp_problem(8)
    (first, second) = [e.id for e in problem.events if ("ipa-1") in [needed.resource for needed in e.resources if needed.type == TEACHER]][:2]
    monday = [time.id for time in problem.times if time.day == "Senin"]
    assert smp.idle_and_days(problem, [Meeting(first, monday[0], 2), Meeting(second, monday[4], 1)]) == (2, 1)  # hours 3 and 4 of one day


def test_a_weighted_bound_is_told_in_hours_and_days() -> None:
    """8 rombel, nobody with unwanted times: a day weighs 1, an idle hour 1 + Σ min(5 days, hours) = 1 + 16 × 5 = 81."""
    problem = smp.smp_problem(8)
    assert smp.bounds_of(problem, 42) == (0, 42)
    assert smp.bounds_of(problem, 2 * 81 + 3) == (2, 3)


@pytest.mark.skipif(FET_CL is None, reason="fet-cl is not installed (apt-get install fet)")
def test_fet_builds_the_week_of_the_invented_school(tmp_path: Path) -> None:
    found = smp.by_fet(smp.smp_fet(8), {}, 20, seed=1)
    ((_, gaps, days),) = found["curve"]
    assert found["placed"] is not None
    assert 50 < gaps < 200 and 70 <= days <= 80  # nothing was asked: many gaps, almost every teacher on every day


# --- XHSTT -----------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not xhstt.FOLDER.is_dir(), reason="the XHSTT archives are not here (SCHEDULER_XHSTT)")
def test_best_published_solution_is_the_one_the_field_names() -> None:
    archive = read_xhstt(xhstt.FOLDER / "BR1.xml")
    (instance,) = archive.instances
    assert xhstt.best_published(archive, instance) == (0, 41)


def test_a_cost_is_written_with_its_broken_rules_first() -> None:
    assert (xhstt.written((0, 7)), xhstt.written((2, 7))) == ("7", "2 + 7")


# --- FET and ours --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(FET_CL is None, reason="fet-cl is not installed (apt-get install fet)")
def test_both_timetables_are_judged_by_the_same_means(tmp_path: Path) -> None:
    file = tmp_path / "smp.fet"
    file.write_bytes(smp.smp_fet(8))
    run = run_fet(file, 20, tmp_path / "results")
    read, counted = read_fet(file), read_plain(file)
    assert run.result is not None
    found = fet.worth(read, counted, read_fet_timetable(run.result, read))
    assert (found["unplaced"], found["hard"], found["min_days"]) == (0, 0, 0)
    assert found["gaps"] == teacher_gaps(counted, read_activities(run.result))


# --- measuring -------------------------------------------------------------------------------------------------------------------------------


def test_the_median_is_the_middle_run_and_broken_runs_come_last() -> None:
    runs: list[dict[str, Any]] = [{"soft": 3}, {"error": "stopped"}, {"soft": 1}]
    assert median_run(runs, lambda run: run["soft"]) == {"soft": 3}


def test_a_curve_is_read_at_a_moment() -> None:
    curve = [(0.5, 9), (3.0, 4), (12.0, 1)]
    assert [at(curve, seconds) for seconds in (0.1, 3, 10, 60)] == [None, (3.0, 4), (3.0, 4), (12.0, 1)]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_of_this_process_is_seen() -> None:
    assert os.getpid() in family(os.getpid())
    assert memory_kb(os.getpid()) > 1024


def test_a_measurement_that_breaks_is_told() -> None:
    assert "No module named" in measured("tests.benchmarks.missing", [])["error"]


def test_rows_are_written_as_csv(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ("a", "b"), [(1, "x, y")])
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["a", "b"], ["1", "x, y"]]
