"""Each of XHSTT's 16 constraint types on the smallest timetable that breaks it, and every published solution of the field's instances.

Two days of three times: A1 A2 A3 B1 B2 B3. The path of the public instances is SCHEDULER_XHSTT (default: ``../shared/benchmarks/xhstt``).
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from scheduler.domain.timetabling import (
    AssignResources,
    AssignTimes,
    AvoidClashes,
    AvoidSplitAssignments,
    AvoidUnavailableTimes,
    ClusterBusyTimes,
    Constraint,
    CostFunction,
    DistributeSplitEvents,
    Event,
    EventResource,
    LimitBusyTimes,
    LimitIdleTimes,
    LimitWorkload,
    LinkEvents,
    Meeting,
    OrderEvents,
    PreferResources,
    PreferTimes,
    Resource,
    SplitEvents,
    SpreadEvents,
    Time,
    TimeGroup,
    TimetablingProblem,
)
from scheduler.errors import InputError
from scheduler.formats.xhstt import read_xhstt, write_xhstt_solution
from scheduler.verify.cost import MalformedTimetableError, evaluate

FOLDER = Path(os.environ.get("SCHEDULER_XHSTT", Path(__file__).resolve().parents[2] / "shared" / "benchmarks" / "xhstt"))

TIMES = tuple(Time(f"{day}{period}", day, period) for day in "AB" for period in (1, 2, 3))
DAY_A, DAY_B = (TimeGroup(day, tuple(f"{day}{period}" for period in (1, 2, 3))) for day in "AB")
DAYS = (DAY_A, DAY_B)
TEACHERS = tuple(Resource(name, "teacher") for name in ("T", "U"))


def event(name: str, duration: int, teacher: str | None = "T", **fields: object) -> Event:
    """An event of a teacher who is preassigned, or to be chosen for the role ``r``."""
    return Event(name, duration, (EventResource("teacher", teacher, "" if teacher else "r"),), **fields)  # type: ignore[arg-type]


def cost(constraint: Constraint, *lessons: Meeting, events: tuple[Event, ...] = (event("e", 2), event("f", 2, "U"))) -> int:
    """Cost of the lessons under one required constraint."""
    found = evaluate(TimetablingProblem(TIMES, TEACHERS, events, (constraint,)), lessons)
    assert found.objective == 0
    return found.infeasibility


def at(name: str, time: str | None, length: int = 1, **resources: str) -> Meeting:
    return Meeting(name, time, length, resources)


def test_hours_without_a_time_are_counted() -> None:
    assert cost(AssignTimes(id="c", events=("e", "f")), at("e", "A1"), at("e", None)) == 1 + 2  # one of e's two, and f, of which nothing is said


def test_hours_without_a_resource_are_counted_where_the_role_exists() -> None:
    free = (event("e", 2, None), event("f", 2, "U"))
    assert cost(AssignResources(id="c", events=("e", "f"), role="r"), at("e", "A1", r="T"), at("e", "A2"), events=free) == 1


def test_hours_that_start_at_other_times_are_counted_by_length() -> None:
    wish = PreferTimes(id="c", events=("e", "f"), times=("A1", "B1"), length=2)
    assert cost(wish, at("e", "A2", 2), at("f", "A3"), at("f", "B1")) == 2  # the lessons of length 1 are not meant


def test_hours_with_other_resources_are_counted() -> None:
    free = (event("e", 2, None),)
    assert cost(PreferResources(id="c", events=("e",), role="r", resources=("U",)), at("e", "A1", 2, r="T"), events=free) == 2


def test_lessons_too_long_and_too_few_are_counted() -> None:
    split = SplitEvents(id="c", events=("e", "f"), minimum_length=1, maximum_length=1, minimum_amount=2, maximum_amount=2)
    assert cost(split, at("e", "A1", 2), at("f", "A1"), at("f", "B1")) == 2  # e: one too long, one too few


def test_lessons_of_a_length_too_many_are_counted() -> None:
    assert cost(DistributeSplitEvents(id="c", events=("e",), length=1, minimum=0, maximum=1), at("e", "A1"), at("e", "B1")) == 1


def test_second_resource_of_a_group_is_counted() -> None:
    free = (event("e", 2, None), event("f", 1, None))
    lessons = (at("e", "A1", r="T"), at("e", "A2", r="U"), at("f", "B1", r="T"))
    assert cost(AvoidSplitAssignments(id="c", event_groups=(("e", "f"),), role="r"), *lessons, events=free) == 1


def test_lessons_on_one_day_beyond_its_limit_are_counted() -> None:
    spread = SpreadEvents(id="c", event_groups=(("e", "f"),), time_groups=DAYS, limits=((0, 1), (1, 2)))
    assert cost(spread, at("e", "A1"), at("e", "A3"), at("f", "A2", 2)) == 3  # A: 3 starts, 2 too many; B: none, 1 too few


def test_times_that_linked_events_do_not_share_are_counted() -> None:
    assert cost(LinkEvents(id="c", event_groups=(("e", "f"),)), at("e", "A1", 2), at("f", "A2", 2)) == 2  # A1 and A3


def test_times_between_ordered_events_are_counted() -> None:
    lessons = (at("e", "A1", 2), at("f", "B1", 2))  # A3 lies between: one time
    assert cost(OrderEvents(id="c", pairs=(("e", "f", 2, None),)), *lessons) == 1
    assert cost(OrderEvents(id="c", pairs=(("e", "f", 0, 0),)), *lessons) == 1
    assert cost(OrderEvents(id="c", pairs=(("f", "e", 0, None),)), *lessons) == 5  # from after B2 back to A1: 0 - 4 - 1 = -5


def test_second_lesson_at_a_time_is_counted() -> None:
    both = (event("e", 2), event("f", 2))
    assert cost(AvoidClashes(id="c", resources=("T", "U")), at("e", "A1", 2), at("f", "A1", 2), events=both) == 2


def test_busy_unavailable_times_are_counted_once() -> None:
    both = (event("e", 2), event("f", 2))
    assert cost(AvoidUnavailableTimes(id="c", resources=("T",), times=("A1", "B1")), at("e", "A1", 2), at("f", "A1", 2), events=both) == 1


def test_idle_times_are_counted_over_all_days() -> None:
    lessons = (at("e", "A1"), at("e", "A3"), at("f", "B1"), at("f", "B3"))
    assert cost(LimitIdleTimes(id="c", resources=("T", "U"), time_groups=DAYS), *lessons) == 2
    assert cost(LimitIdleTimes(id="c", resources=("T", "U"), time_groups=DAYS, minimum=2, maximum=3), *lessons) == 2  # one too few each


def test_busy_days_are_counted() -> None:
    lessons = (at("e", "A1"), at("e", "B3"), at("f", "B1", 2))
    assert cost(ClusterBusyTimes(id="c", resources=("T", "U"), time_groups=DAYS, minimum=0, maximum=1), *lessons) == 1


def test_days_without_a_lesson_have_no_least_number_of_lessons() -> None:
    lessons = (at("e", "A1"), at("e", "B1"), at("f", "A1", 2))
    limit = LimitBusyTimes(id="c", resources=("T", "U"), time_groups=DAYS, minimum=2, maximum=2)
    assert cost(limit, *lessons) == 2  # T: one too few on both days; U: two on A, and B is free


def test_workload_is_shared_out_by_length_and_rounded_up() -> None:
    heavy = (event("e", 2, None, workload=3),)
    limit = LimitWorkload(id="c", resources=("T", "U"), minimum=0, maximum=1)
    assert cost(limit, at("e", "A1", r="T"), at("e", "A2", r="U"), events=heavy) == 2  # 3 x 1/2 = 1.5, as 2, one too many for each


def test_cost_functions_weigh_each_point_by_itself() -> None:
    lessons = (at("e", "A1"), at("e", "A3"), at("f", "B1"), at("f", "B3"))
    for function, weighed in ((CostFunction.LINEAR, 2 * 3), (CostFunction.QUADRATIC, 2 * 9), (CostFunction.STEP, 2 * 1)):
        limit = LimitIdleTimes(id="c", resources=("T", "U"), time_groups=DAYS, minimum=4, maximum=9, required=False, weight=1, cost=function)
        found = evaluate(TimetablingProblem(TIMES, TEACHERS, (event("e", 2), event("f", 2, "U")), (limit,)), lessons)
        assert (found.infeasibility, found.objective) == (0, weighed)  # one idle time each, three too few


def test_preassigned_times_stand_without_a_lesson_in_the_solution() -> None:
    fixed = (event("e", 2, time="A2"),)
    assert cost(AvoidUnavailableTimes(id="c", resources=("T",), times=("A3",)), events=fixed) == 1


@pytest.mark.parametrize(
    "lesson", [at("nobody", "A1", 2), at("e", "A1", 1), at("e", "B3", 2), at("e", "C1", 2), at("e", "A1", 2, r="X")], ids=lambda lesson: str(lesson)
)
def test_lessons_that_are_no_timetable_are_refused(lesson: Meeting) -> None:
    with pytest.raises(MalformedTimetableError):
        cost(AssignTimes(id="c", events=("e",)), lesson)


# --- files -----------------------------------------------------------------------------------------------------------------------------------

ARCHIVE = """<HighSchoolTimetableArchive><Instances><Instance Id="i"><MetaData/>
<Times><TimeGroups><Day Id="A"/><TimeGroup Id="all"/></TimeGroups>
<Time Id="A1"><Day Reference="A"/><TimeGroups><TimeGroup Reference="all"/></TimeGroups></Time><Time Id="A2"><Day Reference="A"/></Time></Times>
<Resources><ResourceTypes><ResourceType Id="teacher"/></ResourceTypes><ResourceGroups><ResourceGroup Id="g"/></ResourceGroups>
<Resource Id="T"><ResourceType Reference="teacher"/><ResourceGroups><ResourceGroup Reference="g"/></ResourceGroups></Resource></Resources>
<Events><EventGroups><Course Id="k"/></EventGroups><Event Id="e"><Duration>1</Duration><Course Reference="k"/>
<ResourceGroups><ResourceGroup Reference="g"/></ResourceGroups></Event><Event Id="f"><Duration>1</Duration><Course Reference="k"/>
<Resources><Resource Reference="T"/></Resources></Event></Events>
<Constraints><AvoidClashesConstraint Id="c"><Required>true</Required><Weight>5</Weight><CostFunction>Linear</CostFunction>
<AppliesTo><ResourceGroups><ResourceGroup Reference="g"/></ResourceGroups></AppliesTo></AvoidClashesConstraint></Constraints></Instance></Instances>
<SolutionGroups><SolutionGroup Id="s"><Solution Reference="i"><Events><Event Reference="e"><Time Reference="A1"/></Event>
<Event Reference="f"><Time Reference="A1"/></Event></Events></Solution></SolutionGroup></SolutionGroups></HighSchoolTimetableArchive>"""


def test_preassigned_resource_groups_clash_too(tmp_path: Path) -> None:
    archive = read_xhstt(written(tmp_path, ARCHIVE))
    assert evaluate(archive.instances["i"], archive.solutions[0].meetings).infeasibility == 5


def test_solution_written_is_the_solution_read(tmp_path: Path) -> None:
    source = written(tmp_path, ARCHIVE)
    lessons = (Meeting("e", "A2", 1), Meeting("f", None, 1))
    write_xhstt_solution(source, "i", lessons, tmp_path / "out.xml")
    found = read_xhstt(tmp_path / "out.xml").solutions
    assert [(solution.group, solution.meetings) for solution in found][1:] == [("scheduler", lessons)]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("</HighSchoolTimetableArchive>", "", "xhstt_broken"),
        ("HighSchoolTimetableArchive>", "Something>", "xhstt_expected"),
        ('Reference="k"', 'Reference="x"', "xhstt_unknown_reference"),
        ("AvoidClashesConstraint", "AvoidMondaysConstraint", "xhstt_unknown_constraint"),
        ("<CostFunction>Linear", "<CostFunction>Cubic", "xhstt_unknown_cost_function"),
        ("<Weight>5</Weight>", "<Weight>five</Weight>", "xhstt_not_whole"),
        ("<Weight>5</Weight>", "", "xhstt_missing"),
        ("<Required>true", "<Required>perhaps", "xhstt_not_true_or_false"),
        ('<Event Reference="e">', '<Event Reference="x">', "xhstt_unknown_reference"),
    ],
)
def test_archive_that_is_not_understood_is_refused_in_words(tmp_path: Path, old: str, new: str, kind: str) -> None:
    with pytest.raises(InputError) as refused:
        read_xhstt(written(tmp_path, ARCHIVE.replace(old, new)))
    assert {problem.kind for problem in refused.value.problems} == {kind}


def written(folder: Path, words: str) -> Path:
    path = folder / "archive.xml"
    path.write_text(words, encoding="utf-8")
    return path


def published() -> list[dict[str, str]]:
    table = FOLDER / "reference_costs.csv"
    if not table.exists():
        return []
    with table.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


OUR_NAMES = {"AssignTimeConstraint": "AssignTimes", "AssignResourceConstraint": "AssignResources"}


@pytest.mark.skipif(not published(), reason=f"no public instances at {FOLDER} (set SCHEDULER_XHSTT)")
@pytest.mark.parametrize("row", published(), ids=lambda row: f"{row['file']}-{row['solution']}")
def test_published_solution_costs_what_the_reference_evaluator_says(row: dict[str, str]) -> None:
    archive = read_xhstt(FOLDER / row["file"])
    (solution,) = (s for s in archive.solutions if (s.group, s.instance) == (row["solution"], row["instance"]))
    found = evaluate(archive.instances[row["instance"]], solution.meetings)
    assert (found.infeasibility, found.objective) == (int(row["infeasibility"]), int(row["objective"]))
    stated = dict(part.split("=") for part in row["breakdown"].split(";") if part)
    expected = {OUR_NAMES.get(name, name.removesuffix("Constraint")): tuple(map(int, costs.split("/"))) for name, costs in stated.items()}
    assert found.by_type() == expected
