"""``scheduler timetable`` and ``scheduler verify`` of XHSTT archives: exit codes, files, and nothing that was not checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import scheduler.engine.solve
from scheduler.app.exits import Exit
from scheduler.app.timetabling import Wishes, make_timetable
from scheduler.cli.commands import build
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.domain.timetabling import AssignTimes, AvoidClashes, LimitIdleTimes, Meeting, PreferTimes, TimetablingProblem
from scheduler.engine.solve import Solved
from scheduler.formats.xhstt import read_xhstt, write_xhstt
from scheduler.verify.cost import evaluate
from tests.fet_files import fet_text, lesson, rule
from tests.test_cost import DAYS, RESOURCES, TIMES, event

EVENTS = tuple(event(name, 1) for name in "ef")
PROBLEM = TimetablingProblem(
    TIMES,
    RESOURCES,
    EVENTS,
    (
        AssignTimes(id="placed", events=("e", "f")),
        AvoidClashes(id="clash", resources=("T",)),
        PreferTimes(id="first", required=False, events=("e", "f"), times=("A1",), weight=2),
        LimitIdleTimes(id="idle", required=False, resources=("T",), time_groups=DAYS),
    ),
)
"""One of both can start at A1, the other costs 2: the best timetable costs 2."""

PUBLISHED = (Meeting("e", "A1", 1), Meeting("f", "A3", 1))
"""Costs 2 and an idle time."""


def run(*arguments: object, lang: str = "en") -> Result:
    return CliRunner().invoke(build(lang), [str(argument) for argument in arguments])


@pytest.fixture
def archive_file(tmp_path: Path) -> Path:
    path = tmp_path / "archive.xml"
    write_xhstt(path, PROBLEM, "week", {"published": PUBLISHED})
    return path


def solved_by(*found: tuple[Sequence[Meeting], int, int]) -> Callable[..., Solved]:
    """A solver that finds these timetables with these numbers, one after the other."""

    def solve(problem, options, listener=None, start=(), on_better=None, pinned=()):  # type: ignore[no-untyped-def]
        solved = [Solved(Status.FEASIBLE, tuple(meetings), hard, soft, 0, 0.0, 0.0) for meetings, hard, soft in found]
        for one in solved:
            on_better(one)
        return solved[-1]

    return solve


# --- timetable ---------------------------------------------------------------------------------------------------------------------------------


def test_timetable_is_written_beside_the_published_ones(archive_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out.xml"
    made = run("timetable", archive_file, "-o", out, "--time-limit", 20, "--workers", 1)
    assert made.exit_code == Exit.OK, made.output
    archive = read_xhstt(out)
    assert archive.instances == {"week": PROBLEM}
    assert [solution.group for solution in archive.solutions] == ["published", "scheduler"]
    assert evaluate(PROBLEM, archive.solutions[1].meetings).objective == 2


def test_the_same_steps_give_the_same_file(archive_file: Path, tmp_path: Path) -> None:
    for name in ("a.xml", "b.xml"):
        assert run("timetable", archive_file, "-o", tmp_path / name, "--steps", 5).exit_code == Exit.OK
    assert (tmp_path / "a.xml").read_bytes() == (tmp_path / "b.xml").read_bytes()


@pytest.mark.parametrize(("lang", "words"), [("id", "jam kosong"), ("en", "idle times")])
def test_cost_is_told_by_type_of_rule_in_words(archive_file: Path, tmp_path: Path, lang: str, words: str) -> None:
    told = run("timetable", archive_file, "-o", tmp_path / "out.xml", "--time-limit", 5, "--workers", 1, lang=lang)
    assert words in told.output


def test_result_as_data_has_the_checked_cost(archive_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler.engine.solve, "solve_problem", solved_by((PUBLISHED, 0, 3)))
    told = json.loads(run("timetable", archive_file, "-o", tmp_path / "out.xml", "--json").stdout)
    assert (told["infeasibility"], told["objective"], told["proved"], told["instance"]) == (0, 3, False, "week")
    assert told["by_type"] == {"PreferTimes": {"infeasibility": 0, "objective": 2}, "LimitIdleTimes": {"infeasibility": 0, "objective": 1}}


def test_broken_required_rules_are_no_success_but_are_written(archive_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = (Meeting("e", "A1", 1), Meeting("f", "A1", 1))
    monkeypatch.setattr(scheduler.engine.solve, "solve_problem", solved_by((both, 1, 0)))
    made = run("timetable", archive_file, "-o", tmp_path / "out.xml")
    assert made.exit_code == Exit.NO_PLAN_YET
    assert read_xhstt(tmp_path / "out.xml").solutions[-1].meetings == both


def test_search_that_counts_otherwise_than_the_checker_is_refused(archive_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler.engine.solve, "solve_problem", solved_by((PUBLISHED, 0, 2)))
    made = run("timetable", archive_file, "-o", tmp_path / "out.xml")
    assert made.exit_code == Exit.REFUSED
    assert not (tmp_path / "out.xml").exists()


def test_better_timetable_is_in_the_file_before_the_search_goes_on(archive_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(problem, options, listener, start, on_better):  # type: ignore[no-untyped-def]
        assert not (tmp_path / "out.xml").exists()
        on_better(Solved(Status.FEASIBLE, (Meeting("e", "A1", 1), Meeting("f", "A1", 1)), 1, 0, 0, 0.0, 0.0))
        assert (tmp_path / "out.xml").exists()
        on_better(Solved(Status.FEASIBLE, PUBLISHED, 0, 3, 0, 0.0, 0.0))
        raise KeyboardInterrupt

    monkeypatch.setattr(scheduler.engine.solve, "solve_problem", killed)
    assert run("timetable", archive_file, "-o", tmp_path / "out.xml").exit_code == Exit.NO_PLAN_YET
    assert read_xhstt(tmp_path / "out.xml").solutions[-1].meetings == PUBLISHED


def test_worse_timetables_never_replace_a_better_one(archive_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worse = (Meeting("e", "B1", 1), Meeting("f", "B2", 1))
    monkeypatch.setattr(scheduler.engine.solve, "solve_problem", solved_by((PUBLISHED, 0, 3), (worse, 0, 4)))
    made = make_timetable(archive_file, tmp_path / "out.xml", Wishes(options=SolveOptions(seconds=1)))
    assert (made.cost is not None, made.cost and made.cost.objective) == (True, 3)
    assert read_xhstt(tmp_path / "out.xml").solutions[-1].meetings == PUBLISHED


def test_former_timetable_is_kept_where_nothing_better_is_found(archive_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler.engine.solve, "solve_problem", solved_by(((Meeting("e", None, 1),), 2, 0)))
    made = run("timetable", archive_file, "-o", tmp_path / "out.xml", "--from", archive_file)
    assert made.exit_code == Exit.OK
    assert read_xhstt(tmp_path / "out.xml").solutions[-1].meetings == PUBLISHED


def test_stopped_search_says_so(archive_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(problem, options, listener, start, on_better):  # type: ignore[no-untyped-def]
        options.stop.set()
        return Solved(Status.UNKNOWN, (), 0, 0, 0, None, 0.0)

    monkeypatch.setattr(scheduler.engine.solve, "solve_problem", stopped)
    made = run("timetable", archive_file, "-o", tmp_path / "out.xml")
    assert (made.exit_code, "Stopped" in made.output, (tmp_path / "out.xml").exists()) == (Exit.NO_PLAN_YET, True, False)


# --- files -------------------------------------------------------------------------------------------------------------------------------------


def two_instances(folder: Path) -> Path:
    path = folder / "two.xml"
    write_xhstt(path, PROBLEM, "week")
    words = path.read_text(encoding="utf-8")
    start, end = words.index("<Instance "), words.index("</Instances>")
    path.write_text(words[:end] + words[start:end].replace('Id="week"', 'Id="other"') + words[end:], encoding="utf-8")
    return path


def test_one_of_several_instances_must_be_named(tmp_path: Path) -> None:
    path = two_instances(tmp_path)
    refused = run("timetable", path, "-o", tmp_path / "out.xml")
    assert (refused.exit_code, "week, other" in refused.output) == (Exit.NOT_UNDERSTOOD, True)
    assert run("timetable", path, "-o", tmp_path / "out.xml", "--instance", "third").exit_code == Exit.NOT_UNDERSTOOD
    assert run("timetable", path, "-o", tmp_path / "out.xml", "--instance", "other", "--time-limit", 5, "--workers", 1).exit_code == Exit.OK
    assert read_xhstt(tmp_path / "out.xml").solutions[-1].instance == "other"


def test_fet_file_is_a_problem_too_and_what_is_not_understood_is_told(tmp_path: Path) -> None:
    path = tmp_path / "school.fet"
    path.write_text(fet_text([lesson(1), lesson(2)], [rule("TeachersSleepWell")]), encoding="utf-8")
    made = run("timetable", path, "-o", tmp_path / "out.xml", "--time-limit", 10, "--workers", 1)
    assert (made.exit_code, "TeachersSleepWell" in made.output) == (Exit.OK, True)
    (solution,) = read_xhstt(tmp_path / "out.xml").solutions
    assert (solution.instance, len(solution.meetings)) == ("school", 2)
    told = json.loads(run("verify", path, tmp_path / "out.xml", "--json").stdout)
    assert [one["infeasibility"] for one in told["solutions"]] == [0]


def test_file_that_is_not_understood_is_told_as_data_too(tmp_path: Path) -> None:
    path = tmp_path / "wrong.xml"
    path.write_text("<HighSchoolTimetableArchive/>", encoding="utf-8")
    told = run("timetable", path, "-o", tmp_path / "out.xml", "--json")
    assert (told.exit_code, json.loads(told.stdout)["problems"][0]["kind"]) == (Exit.NOT_UNDERSTOOD, "xhstt_no_instance")


@pytest.mark.parametrize("name", ["archive.xml", "out.json", "notes.xml", "."])
def test_output_never_replaces_what_is_no_result(archive_file: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.xml").write_text("<notes/>", encoding="utf-8")
    before = archive_file.read_bytes()
    assert run("timetable", archive_file, "-o", tmp_path / name, "--time-limit", 1).exit_code == Exit.WRONG_USAGE
    assert archive_file.read_bytes() == before
    assert (tmp_path / "notes.xml").read_text(encoding="utf-8") == "<notes/>"


def test_timetable_in_the_output_is_kept_unless_the_search_goes_on_from_it(
    archive_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the better one (2) is in the file; another run finds only PUBLISHED (3)
    out, better = tmp_path / "out.xml", (Meeting("e", "A1", 1), Meeting("f", "A2", 1))
    write_xhstt(out, PROBLEM, "week", {"scheduler": better})
    before = out.read_bytes()
    monkeypatch.setattr(scheduler.engine.solve, "solve_problem", solved_by((PUBLISHED, 0, 3)))
    refused = run("timetable", archive_file, "-o", out)
    assert (refused.exit_code, f"--from {out}" in refused.output) == (Exit.WRONG_USAGE, True)
    assert run("timetable", archive_file, "-o", out, "--from", archive_file).exit_code == Exit.WRONG_USAGE
    assert out.read_bytes() == before
    assert run("timetable", archive_file, "-o", out, "--from", out).exit_code == Exit.OK
    assert [s.meetings for s in read_xhstt(out).solutions if s.group == "scheduler"] == [better]


def test_workbook_of_a_school_is_sent_to_the_command_that_plans_it(tmp_path: Path) -> None:
    path = tmp_path / "sekolah.xlsx"
    path.write_bytes(b"PK")
    told = run("timetable", path, "-o", tmp_path / "out.xml")
    assert (told.exit_code, "scheduler plan sekolah.xlsx" in told.output) == (Exit.NOT_UNDERSTOOD, True)


def test_former_without_a_timetable_of_the_instance_is_refused(archive_file: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.xml"
    write_xhstt(alone, PROBLEM, "week")
    refused = run("timetable", archive_file, "-o", tmp_path / "out.xml", "--from", alone)
    assert (refused.exit_code, "week" in refused.output) == (Exit.NOT_UNDERSTOOD, True)


# --- verify ------------------------------------------------------------------------------------------------------------------------------------


def test_every_solution_of_an_archive_is_evaluated(archive_file: Path) -> None:
    told = json.loads(run("verify", archive_file, "--json").stdout)
    (one,) = told["solutions"]
    assert (told["exit_code"], one["group"], one["infeasibility"], one["objective"]) == (0, "published", 0, 3)
    assert "idle times" in run("verify", archive_file).output


def test_solutions_of_another_file_are_evaluated_by_the_archive(archive_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xml"
    write_xhstt(other, replace(PROBLEM, constraints=()), "week", {"theirs": PUBLISHED})
    told = json.loads(run("verify", archive_file, other, "--json").stdout)
    assert [(one["group"], one["objective"]) for one in told["solutions"]] == [("theirs", 3)]


def test_solution_that_breaks_required_rules_is_refused_if_asked(tmp_path: Path) -> None:
    path = tmp_path / "archive.xml"
    write_xhstt(path, PROBLEM, "week", {"bad": (Meeting("e", "A1", 1), Meeting("f", "A1", 1))})
    assert run("verify", path).exit_code == Exit.OK
    assert run("verify", path, "--strict").exit_code == Exit.REFUSED


def test_solution_that_is_no_timetable_is_told(archive_file: Path) -> None:
    words = archive_file.read_text(encoding="utf-8")
    archive_file.write_text(words.replace('<Time Reference="A3"', '<Time Reference="Z9"'), encoding="utf-8")
    told = run("verify", archive_file)
    assert (told.exit_code, "Z9" in told.output) == (Exit.NOT_UNDERSTOOD, True)


def test_archive_without_solutions_has_nothing_to_verify(tmp_path: Path) -> None:
    path = tmp_path / "archive.xml"
    write_xhstt(path, PROBLEM, "week")
    assert run("verify", path).exit_code == Exit.NOT_UNDERSTOOD
