"""XHSTT archives: what is read of every element, what is refused in words, and what is written and read again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.domain.timetabling import (
    AssignTimes,
    AvoidUnavailableTimes,
    ClusterBusyTimes,
    CostFunction,
    Event,
    EventResource,
    LastOfDay,
    LimitDoubleShifts,
    LimitLateStarts,
    LimitParallel,
    LimitPlaceChanges,
    LimitRoomChanges,
    LinkEvents,
    Meeting,
    OrderEvents,
    PreferTimes,
    Resource,
    SpreadEvents,
    Time,
    TimeGroup,
    TimetablingProblem,
)
from scheduler.errors import InputError
from scheduler.formats.xhstt import read_xhstt, write_xhstt, write_xhstt_solution
from scheduler.formats.xhstt_writer import beyond_xhstt
from scheduler.report.text import LANGUAGES, Text
from scheduler.verify.cost import evaluate
from tests.test_cost import CASES, DAYS, OPEN, RESOURCES, TAUGHT, TIMES, event

ARCHIVE = """<HighSchoolTimetableArchive><Instances><Instance Id="i"><MetaData/>
<Times><TimeGroups><Week Id="w"/><Day Id="A"/><TimeGroup Id="all"/></TimeGroups>
<Time Id="A1"><Name>A1</Name><Week Reference="w"/><Day Reference="A"/><TimeGroups><TimeGroup Reference="all"/></TimeGroups></Time>
<Time Id="A2"><Day Reference="A"/></Time></Times>
<Resources><ResourceTypes><ResourceType Id="teacher"/><ResourceType Id="room"/></ResourceTypes>
<ResourceGroups><ResourceGroup Id="g"/></ResourceGroups>
<Resource Id="T"><ResourceType Reference="teacher"/><ResourceGroups><ResourceGroup Reference="g"/></ResourceGroups></Resource>
<Resource Id="U"><ResourceType Reference="teacher"/></Resource><Resource Id="R"><ResourceType Reference="room"/></Resource></Resources>
<Events><EventGroups><Course Id="k"/></EventGroups><Event Id="e"><Duration>1</Duration><Course Reference="k"/>
<ResourceGroups><ResourceGroup Reference="g"/></ResourceGroups></Event><Event Id="f"><Duration>1</Duration><Course Reference="k"/>
<Resources><Resource Reference="T"/>
<Resource><Role>extra</Role><ResourceType Reference="teacher"/><Workload>3</Workload></Resource></Resources></Event>
<Event Id="h"><Duration>1</Duration><Time Reference="A2"/><Resources><Resource Reference="U"><Role>main</Role></Resource></Resources></Event></Events>
<Constraints><AvoidClashesConstraint Id="c"><Name>c</Name><Required>true</Required><Weight>5</Weight><CostFunction>Linear</CostFunction>
<AppliesTo><ResourceGroups><ResourceGroup Reference="g"/></ResourceGroups></AppliesTo></AvoidClashesConstraint>
<PreferTimesConstraint Id="d"><Required>false</Required><Weight>2000</Weight><CostFunction>Step</CostFunction>
<AppliesTo><EventGroups><EventGroup Reference="k"/></EventGroups><Events><Event Reference="e"/></Events></AppliesTo>
<TimeGroups><TimeGroup Reference="w"/></TimeGroups><Times><Time Reference="A1"/></Times></PreferTimesConstraint></Constraints></Instance></Instances>
<SolutionGroups><SolutionGroup Id="s"><MetaData/><Solution Reference="i"><Events><Event Reference="e"><Time Reference="A1"/></Event>
<Event Reference="f"><Duration>1</Duration><Time Reference="A1"/><Resources><Resource Reference="U"><Role>extra</Role></Resource></Resources></Event>
</Events></Solution></SolutionGroup></SolutionGroups></HighSchoolTimetableArchive>"""


def written(folder: Path, words: str) -> Path:
    path = folder / "archive.xml"
    path.write_text(words, encoding="utf-8")
    return path


@pytest.fixture
def archive_file(tmp_path: Path) -> Path:
    return written(tmp_path, ARCHIVE)


# --- reading -----------------------------------------------------------------------------------------------------------------------------------


def test_preassigned_resource_groups_clash_too(archive_file: Path) -> None:
    archive = read_xhstt(archive_file)
    found = evaluate(archive.instances["i"], archive.solutions[0].meetings)
    assert found.by_type() == {"AvoidClashes": (5, 0)}  # T at A1 twice; both lessons start at the wished time


def test_course_is_an_event_group_and_a_point_named_twice_stands_twice(archive_file: Path) -> None:
    (_, wish) = read_xhstt(archive_file).instances["i"].constraints
    assert wish == PreferTimes(id="d", required=False, weight=2000, cost=CostFunction.STEP, events=("e", "f", "e"), times=("A1",))


def test_times_know_their_day_and_number(archive_file: Path) -> None:
    assert read_xhstt(archive_file).instances["i"].times == (Time("A1", "A", 1), Time("A2", "A", 2))


def test_resources_of_an_event_are_preassigned_or_open(archive_file: Path) -> None:
    _, f, h = read_xhstt(archive_file).instances["i"].events
    assert f.resources == (EventResource("teacher", "T"), EventResource("teacher", None, "extra", workload=3))
    assert (h.time, h.resources) == ("A2", (EventResource("teacher", "U", "main"),))


def test_resource_is_needed_once_more_for_each_time_it_is_named(tmp_path: Path) -> None:
    twice = ARCHIVE.replace(
        '<Course Reference="k"/>\n<ResourceGroups>', '<Course Reference="k"/><Resources><Resource Reference="T"/></Resources><ResourceGroups>'
    )
    (e, *_) = read_xhstt(written(tmp_path, twice)).instances["i"].events
    assert e.resources == (EventResource("teacher", "T"), EventResource("teacher", "T"))


@pytest.mark.parametrize(
    ("old", "new", "weighed"),
    [("Step", "Quadratic", "quadratic"), ("Step", "Sum", "linear"), ("Step", "SquareSum", "quadratic"), ("Step", "StepSum", "step")],
)
def test_cost_functions_are_read_by_their_names_of_all_years(tmp_path: Path, old: str, new: str, weighed: str) -> None:
    (_, wish) = read_xhstt(written(tmp_path, ARCHIVE.replace(old, new))).instances["i"].constraints
    assert wish.cost == CostFunction(weighed)


@pytest.mark.parametrize(("name", "weighed"), [("SumSquares", "quadratic"), ("SumSquare", "quadratic"), ("SumSteps", "step"), ("SumStep", "step")])
def test_old_functions_of_single_deviations_are_those_of_today(tmp_path: Path, name: str, weighed: str) -> None:
    (_, wish) = read_xhstt(written(tmp_path, ARCHIVE.replace("Step", name))).instances["i"].constraints
    assert wish.cost == CostFunction(weighed)


SPREAD = """<SpreadEventsConstraint Id="s"><Required>false</Required><Weight>3</Weight><CostFunction>SumSquares</CostFunction>
<AppliesTo><EventGroups><EventGroup Reference="k"/></EventGroups></AppliesTo><TimeGroups>
<TimeGroup Reference="w"><Minimum>0</Minimum><Maximum>0</Maximum></TimeGroup>
<TimeGroup Reference="A"><Minimum>3</Minimum><Maximum>3</Maximum></TimeGroup></TimeGroups></SpreadEventsConstraint>"""

BUSY = """<LimitBusyTimesConstraint Id="s"><Required>false</Required><Weight>3</Weight><CostFunction>SumSquares</CostFunction>
<AppliesTo><Resources><Resource Reference="T"/></Resources></AppliesTo><TimeGroups><TimeGroup Reference="w"/><TimeGroup Reference="A"/></TimeGroups>
<Minimum>3</Minimum><Maximum>3</Maximum></LimitBusyTimesConstraint>"""


@pytest.mark.parametrize(
    ("rule", "name", "cost"),
    [
        # both lessons start at A1: two too many in the week (square 4), one too few on the day (square 1)
        (SPREAD, "SpreadEvents", 15),
        # T is busy at A1 alone: two times too few in the week and on the day, 4 + 4
        (BUSY, "LimitBusyTimes", 24),
    ],
)
def test_old_sum_of_squares_weighs_every_time_group_by_itself(tmp_path: Path, rule: str, name: str, cost: int) -> None:
    archive = read_xhstt(written(tmp_path, ARCHIVE.replace("</Constraints>", f"{rule}</Constraints>")))
    found = evaluate(archive.instances["i"], archive.solutions[0].meetings)
    assert found.by_type()[name] == (0, cost)


def test_clashes_that_were_squared_one_by_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_xhstt(written(tmp_path, ARCHIVE.replace("Linear", "SumSquares")))
    assert [problem.kind for problem in refused.value.problems] == ["xhstt_unknown_cost_function"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings_and_namespaces_change_nothing(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "archive.xml"
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    path.write_bytes((declared + ARCHIVE.replace("<HighSchoolTimetableArchive>", '<HighSchoolTimetableArchive xmlns="urn:any">')).encode(encoding))
    found = read_xhstt(path)
    assert found == read_xhstt(written(tmp_path, ARCHIVE))


FAULTS = [
    ("</HighSchoolTimetableArchive>", "", "xhstt_broken"),
    ("<HighSchoolTimetableArchive>", '<?xml version="1.0" encoding="klingon"?><HighSchoolTimetableArchive>', "xhstt_broken"),
    ("HighSchoolTimetableArchive>", "Something>", "xhstt_expected"),
    ('<Course Reference="k"', '<Course Reference="x"', "xhstt_unknown_reference"),
    ('<Day Reference="A"/></Time>', '<Day Reference="x"/></Time>', "xhstt_unknown_reference"),
    ('<ResourceType Reference="room"', '<ResourceType Reference="x"', "xhstt_unknown_reference"),
    ('<Time Reference="A2"/>', '<Time Reference="x"/>', "xhstt_unknown_reference"),
    ("AvoidClashesConstraint", "AvoidMondaysConstraint", "xhstt_unknown_constraint"),
    ("<CostFunction>Linear", "<CostFunction>Cubic", "xhstt_unknown_cost_function"),
    ("<Weight>5</Weight>", "<Weight>five</Weight>", "xhstt_not_whole"),
    ("<Weight>5</Weight>", "<Weight>-5</Weight>", "xhstt_below_limit"),
    ("<Weight>5</Weight>", f"<Weight>{2**31}</Weight>", "xhstt_above_limit"),
    ("<Duration>1</Duration>", "<Duration>0</Duration>", "xhstt_below_limit"),
    ("<Duration>1</Duration>", "<Duration>101</Duration>", "xhstt_above_limit"),
    ("<Weight>5</Weight>", "", "xhstt_missing"),
    ("<Role>extra</Role><ResourceType", "<ResourceType", "xhstt_missing"),
    ("<Required>true", "<Required>perhaps", "xhstt_not_true_or_false"),
    ("<Weight>5</Weight>", "<Weight>5</Weight><Capacity>2</Capacity>", "xhstt_unknown_element"),
    ('<Time Id="A2">', '<Time Id="A1">', "xhstt_duplicate_id"),
    ('<Resource Reference="T"/>', '<Resource Reference="T"><Role>extra</Role></Resource>', "xhstt_duplicate_id"),
    ('<Event Id="h"><Duration>1', '<Event Id="h"><Duration>2', "xhstt_beyond_week"),
]


@pytest.mark.parametrize(("old", "new", "kind"), FAULTS)
def test_archive_that_is_not_understood_is_refused_in_words(tmp_path: Path, old: str, new: str, kind: str) -> None:
    with pytest.raises(InputError) as refused:
        read_xhstt(written(tmp_path, ARCHIVE.replace(old, new)))
    assert kind in {problem.kind for problem in refused.value.problems}
    for lang in LANGUAGES:
        assert all(Text(lang).say(problem.text_key, **problem.facts) for problem in refused.value.problems)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    wrong = ARCHIVE.replace("<Weight>5", "<Weight>five").replace("<Weight>2000", "<Weight>").replace('<Day Reference="A"/></Time>', "<Day/></Time>")
    with pytest.raises(InputError) as refused:
        read_xhstt(written(tmp_path, wrong))
    assert sorted(problem.kind for problem in refused.value.problems) == ["xhstt_missing", "xhstt_missing", "xhstt_not_whole"]


SOLUTION_FAULTS = [
    ('<Event Reference="e"><Time', '<Event Reference="x"><Time', "xhstt_unknown_reference"),
    ('<Solution Reference="i">', '<Solution Reference="x">', "xhstt_unknown_reference"),
    ('<Event Reference="e"><Time', '<Event Reference="e"><Duration>2</Duration><Time', "xhstt_too_long"),
    ('<Event Reference="e"><Time Reference="A1"', '<Event Reference="e"><Duration>3</Duration><Time Reference="A1"', "xhstt_beyond_week"),
    ('<Event Reference="e"><Time', '<Event Reference="h"><Time', "xhstt_not_as_preassigned"),
    (
        '<Event Reference="e"><Time Reference="A1"/>',
        '<Event Reference="h"><Resources><Resource Reference="T"><Role>main</Role></Resource></Resources>',
        "xhstt_not_as_preassigned",
    ),
    ('<Resource Reference="U"><Role>extra', '<Resource Reference="U"><Role>other', "xhstt_unknown_role"),
    ('<Resource Reference="U"><Role>extra', '<Resource Reference="R"><Role>extra', "xhstt_other_type"),
]


@pytest.mark.parametrize(("old", "new", "kind"), SOLUTION_FAULTS)
def test_impossible_solution_is_left_out_and_told_in_words(tmp_path: Path, old: str, new: str, kind: str) -> None:
    archive = read_xhstt(written(tmp_path, ARCHIVE.replace(old, new)))
    assert (list(archive.instances), archive.solutions) == (["i"], ())
    assert {note.kind for note in archive.notes} == {kind}
    for lang in LANGUAGES:
        assert all(Text(lang).say(note.text_key, **note.facts) for note in archive.notes)


def test_solutions_of_another_file_are_read_with_its_instances(archive_file: Path, tmp_path: Path) -> None:
    archive = read_xhstt(archive_file)
    alone = tmp_path / "alone.xml"
    start = ARCHIVE.index("<SolutionGroups>")
    alone.write_text("<HighSchoolTimetableArchive>" + ARCHIVE[start:], encoding="utf-8")
    assert read_xhstt(alone, archive.instances).solutions == archive.solutions


# --- writing -----------------------------------------------------------------------------------------------------------------------------------


def round_trip(folder: Path, problem: TimetablingProblem) -> TimetablingProblem:
    write_xhstt(folder / "out.xml", problem, "week")
    return read_xhstt(folder / "out.xml").instances["week"]


@pytest.mark.parametrize("name", CASES)
def test_problem_written_is_the_problem_read(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    wish = replace(case.constraint, id="wish", required=False, weight=3, cost=CostFunction.QUADRATIC)
    problem = TimetablingProblem(TIMES, RESOURCES, case.events, (case.constraint, wish))
    assert round_trip(tmp_path, problem) == problem
    assert beyond_xhstt(problem) == ()


def test_archive_read_and_written_is_the_same(archive_file: Path, tmp_path: Path) -> None:
    archive = read_xhstt(archive_file)
    (solution,) = archive.solutions
    write_xhstt(tmp_path / "again.xml", archive.instances["i"], "i", {solution.group: solution.meetings})
    assert read_xhstt(tmp_path / "again.xml") == archive


def test_what_xhstt_has_no_word_for_is_kept_too(tmp_path: Path) -> None:
    times = (
        Time("P1", "A", 1, "P", "b", start=420, end=465),
        Time("P3", "A", 3, "P", "b", runs_on=False, start=480, end=525),
        Time("Q1", "A", 1, "Q", "b"),
    )
    shared = tuple(Event(name, 1, (EventResource("class", "K", shared=True),)) for name in "ef")
    constraints = (
        LinkEvents(id="link", event_groups=(("e", "f"),), starts_only=True),
        LimitPlaceChanges(id="ways", resources=("K",), time_groups=(TimeGroup("A", ("P1", "P3", "Q1")),)),
        AvoidUnavailableTimes(id="closed", resources=("K",), times=("P1",)),
        AvoidUnavailableTimes(id="closed", resources=("K",), times=("Q1",)),
    )
    problem = TimetablingProblem(times, (Resource("K", "class"),), shared, constraints, {("P", "Q"): 20, ("Q", "P"): 25})
    assert round_trip(tmp_path, problem) == problem
    assert beyond_xhstt(problem) == ("Place", "Start", "RunsOn", "Shared", "StartsOnly", "LimitPlaceChangesConstraint")


def test_our_own_types_are_kept_too(tmp_path: Path) -> None:
    halves = tuple(tuple(TimeGroup(f"{day}{half}", (f"{day}{half}",)) for half in (1, 2)) for day in "AB")
    constraints = (
        LimitLateStarts(id="1", resources=("T",), time_groups=DAYS, maximum=1),
        LimitDoubleShifts(id="2", resources=("T",), days=halves, maximum=1),
        LimitParallel(id="3", event_groups=(("e",), ("f",)), time_groups=DAYS, maximum=1),
        LastOfDay(id="4", events=("e",), type="teacher", time_groups=DAYS),
        LimitRoomChanges(id="5", resources=("V",), places=(("T",), ("U",)), time_groups=DAYS, maximum=2, together=True),
        LimitRoomChanges(id="6", resources=("V",), places=(("T", "U"),), time_groups=DAYS, gap=1),
    )
    problem = TimetablingProblem(TIMES, RESOURCES, TAUGHT, constraints)
    assert round_trip(tmp_path, problem) == problem
    assert len(beyond_xhstt(problem)) == 5


def test_a_together_that_is_neither_true_nor_false_is_refused(tmp_path: Path) -> None:
    limit = LimitRoomChanges(id="5", resources=("V",), places=(("T",), ("U",)), time_groups=DAYS, together=True)
    file = tmp_path / "problem.xml"
    write_xhstt(file, TimetablingProblem(TIMES, RESOURCES, TAUGHT, (limit,)), "week")
    file.write_bytes(file.read_bytes().replace(b"<Together>true", b"<Together>perhaps"))
    with pytest.raises(InputError) as refused:
        read_xhstt(file)
    assert [problem.kind for problem in refused.value.problems] == ["xhstt_not_true_or_false"]


def test_groups_of_one_name_with_other_times_are_kept_apart(tmp_path: Path) -> None:
    groups = (TimeGroup("morning", ("A1",)), TimeGroup("morning", ("B1",)), TimeGroup("A", ("A1",)), TimeGroup("morning", ("A1",)))
    constraints = tuple(ClusterBusyTimes(id=str(number), resources=("T",), time_groups=(group,)) for number, group in enumerate(groups))
    problem = TimetablingProblem(TIMES, RESOURCES, TAUGHT, constraints)
    assert round_trip(tmp_path, problem) == problem


def test_limits_of_groups_that_differ_are_kept(tmp_path: Path) -> None:
    spread = SpreadEvents(id="c", event_groups=(("e", "f"),), time_groups=DAYS, limits=((0, 1), (1, 2)))
    order = OrderEvents(id="o", pairs=(("e", "f", 1, None), ("f", "e", 0, 4)))
    problem = TimetablingProblem(TIMES, RESOURCES, OPEN, (spread, order))
    assert round_trip(tmp_path, problem) == problem


def test_type_that_is_unknown_to_the_format_is_not_written(tmp_path: Path) -> None:
    class Other(AssignTimes):
        pass

    with pytest.raises(InputError) as refused:
        write_xhstt(tmp_path / "out.xml", TimetablingProblem(TIMES, RESOURCES, TAUGHT, (Other(id="c", events=()),)), "week")
    assert [problem.kind for problem in refused.value.problems] == ["xhstt_not_writable"]
    assert not (tmp_path / "out.xml").exists()


def test_solution_is_added_to_the_published_ones_with_its_origin(archive_file: Path, tmp_path: Path) -> None:
    before = read_xhstt(archive_file)
    lessons = (Meeting("e", "A2", 1), Meeting("f", None, 1, {"extra": "U"}), Meeting("h", "A2", 1))
    out = tmp_path / "out.xml"
    write_xhstt_solution(archive_file, "i", lessons, out, date="2026-07-13", description="infeasibility 0")
    found = read_xhstt(out)
    assert found.instances == before.instances
    assert found.solutions[:1] == before.solutions
    assert [(solution.group, solution.meetings) for solution in found.solutions[1:]] == [("scheduler", lessons)]
    assert "<Date>2026-07-13</Date>" in out.read_text(encoding="utf-8")


def test_second_solution_of_ours_replaces_the_first(archive_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xml"
    write_xhstt_solution(archive_file, "i", (Meeting("e", "A2", 1),), out)
    write_xhstt_solution(out, "i", (Meeting("e", "A1", 1),), out)
    assert [(s.group, s.meetings[0].time) for s in read_xhstt(out).solutions] == [("s", "A1"), ("scheduler", "A1")]


def test_the_same_problem_gives_the_same_bytes(tmp_path: Path) -> None:
    problem = TimetablingProblem(
        TIMES, RESOURCES, (event("e", 2),), tuple(case.constraint for case in CASES.values() if "f" not in str(case.constraint))
    )
    write_xhstt(tmp_path / "a.xml", problem, "week")
    write_xhstt(tmp_path / "b.xml", problem, "week")
    assert (tmp_path / "a.xml").read_bytes() == (tmp_path / "b.xml").read_bytes()
