"""The running cost of a week is the evaluator's, for every constraint type, after any change."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.timetabling import (
    AvoidClashes,
    Constraint,
    Event,
    EventResource,
    LimitPlaceChanges,
    LinkEvents,
    Meeting,
    Resource,
    Time,
    TimeGroup,
    TimetablingProblem,
)
from scheduler.engine.frame import Frame, Meet, in_order
from scheduler.engine.state import State
from scheduler.formats.xhstt import read_xhstt
from scheduler.verify.cost import evaluate
from tests.random_timetabling import MAKERS, OURS, random_lessons, random_problem, random_timetable

FOLDER = Path(os.environ.get("SCHEDULER_XHSTT", Path(__file__).resolve().parents[2] / "shared" / "benchmarks" / "xhstt"))
ARCHIVES = sorted(FOLDER.glob("*.xml"))
SEEDS = st.integers(0, 2**32)


def costs(state: State) -> dict[str, tuple[int, int]]:
    """Cost by constraint type, as the evaluator says it."""
    found: dict[str, tuple[int, int]] = {}
    for index, point in enumerate(state.frame.points):
        if cost := state.cost_of(index):
            name = type(state.frame.problem.constraints[point.constraint]).__name__
            hard, soft = found.get(name, (0, 0))
            found[name] = (hard + cost, soft) if point.required else (hard, soft + cost)
    return found


@pytest.mark.parametrize("kind", MAKERS, ids=lambda kind: kind.__name__)
@given(seed=SEEDS)
def test_each_constraint_costs_what_the_evaluator_says(kind: type[Constraint], seed: int) -> None:
    random = Random(seed)
    problem = random_problem(random, [kind, kind])
    lessons = random_timetable(random, problem)
    frame, expected = Frame(problem), evaluate(problem, lessons)
    assert State(frame, frame.week_of(lessons)).total == (expected.infeasibility, expected.objective)


@given(seed=SEEDS, schools=st.booleans())
def test_cost_after_changes_is_the_evaluators_by_type(seed: int, schools: bool) -> None:
    random = Random(seed)
    problem = random_problem(random, schools=schools)
    frame = Frame(problem)
    state = State(frame, frame.empty_week())
    for _ in range(6):
        changed = random.sample(problem.events, random.randint(1, len(problem.events)))
        lessons = [lesson for event in changed for lesson in random_lessons(random, problem, event)]
        week = frame.week_of(lessons)
        state.apply({frame.event_index[event.id]: week[frame.event_index[event.id]] for event in changed})
    expected = evaluate(problem, tuple(frame.meetings_of(state.week)))
    assert costs(state) == expected.by_type()
    assert state.total == (expected.infeasibility, expected.objective)
    assert state.deviations == State(frame, state.week).deviations


@pytest.mark.parametrize("kind", [AvoidClashes, LinkEvents, *OURS], ids=lambda kind: kind.__name__)
@given(seed=SEEDS)
def test_constraints_of_shared_classes_and_schools_cost_what_the_evaluator_says(kind: type[Constraint], seed: int) -> None:
    random = Random(seed)
    problem = random_problem(random, [kind, LinkEvents, kind], schools=True)
    lessons = random_timetable(random, problem)
    frame, expected = Frame(problem), evaluate(problem, lessons)
    assert State(frame, frame.week_of(lessons)).total == (expected.infeasibility, expected.objective)


@given(seed=SEEDS)
def test_change_of_a_copy_leaves_the_week_as_it_was(seed: int) -> None:
    random = Random(seed)
    problem = random_problem(random)
    frame = Frame(problem)
    state = State(frame, frame.week_of(random_timetable(random, problem)))
    before, busy = state.total, [times[:] for times in state.busy]
    week = frame.week_of(random_timetable(random, problem))
    state.copy().apply(dict(enumerate(week)))
    assert (state.total, state.busy) == (before, busy)


@pytest.mark.skipif(not ARCHIVES, reason=f"no public instances at {FOLDER} (set SCHEDULER_XHSTT)")
@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_published_solutions_cost_what_the_evaluator_says(path: Path) -> None:
    archive = read_xhstt(path)
    frames = {name: Frame(problem) for name, problem in archive.instances.items()}
    for solution in archive.solutions:
        frame = frames[solution.instance]
        state, expected = State(frame, frame.week_of(solution.meetings)), evaluate(frame.problem, solution.meetings)
        assert costs(state) == expected.by_type()
        random = Random(1)
        for event in random.sample(range(len(state.week)), 20):
            state.apply({event: in_order(moved(random, frame, event, meet) for meet in state.week[event])})
        assert state.total == State(frame, state.week).total


def moved(random: Random, frame: Frame, event: int, meet: Meet) -> Meet:
    return meet._replace(start=random.choice(frame.starts[event].get(meet.length, (0,))))


# --- what goes beyond XHSTT --------------------------------------------------------------------------------------------------------------------


def total(constraint: Constraint, events: tuple[Event, ...], *lessons: Meeting, times: tuple[Time, ...], travel: int = 0) -> int:
    """Infeasibility of the lessons under one required constraint; the way between schools X and Y takes ``travel`` minutes."""
    resources = (Resource("7A", "class"), Resource("T", "teacher"))
    ways = {("X", "Y"): travel, ("Y", "X"): travel}
    frame = Frame(TimetablingProblem(times, resources, events, (constraint,), ways))
    return State(frame, frame.week_of(lessons)).infeasibility


def clock(place: str, period: int, start: int) -> Time:
    return Time(f"{place}{period}", "Mon", period, place, place, period > 1, start, start + 40)


TWO_SCHOOLS = (*(clock("X", n + 1, 420 + 40 * n) for n in range(4)), *(clock("Y", n + 1, 440 + 40 * n) for n in range(4)))
TEACHER = EventResource("teacher", "T")


def test_times_of_two_schools_clash_by_the_clock_and_the_way() -> None:
    events = (Event("e", 1, (TEACHER,)), Event("f", 1, (TEACHER,)))
    clashes = AvoidClashes(id="c", resources=("T",))
    # X1 is 7:00-7:40; Y1 7:20-8:00 overlaps it, Y2 8:00-8:40 leaves 20 minutes
    assert total(clashes, events, Meeting("e", "X1", 1), Meeting("f", "Y1", 1), times=TWO_SCHOOLS) == 1
    assert total(clashes, events, Meeting("e", "X1", 1), Meeting("f", "Y2", 1), times=TWO_SCHOOLS, travel=20) == 0
    assert total(clashes, events, Meeting("e", "X1", 1), Meeting("f", "Y2", 1), times=TWO_SCHOOLS, travel=21) == 1


def test_changes_of_school_are_counted_by_the_clock() -> None:
    events = tuple(Event(name, 1, (TEACHER,)) for name in "efg")
    day = TimeGroup("Mon", tuple(time.id for time in TWO_SCHOOLS))
    changes = LimitPlaceChanges(id="c", resources=("T",), time_groups=(day,))
    lessons = (Meeting("e", "X1", 1), Meeting("f", "Y2", 1), Meeting("g", "X4", 1))
    assert total(changes, events, *lessons, times=TWO_SCHOOLS) == 1  # X, Y, X: two changes, one is allowed
    assert total(changes, events, lessons[0], Meeting("f", "X2", 1), Meeting("g", "Y4", 1), times=TWO_SCHOOLS) == 0


def linked(shared: bool, first: int = 1, second: int = 1) -> tuple[Event, ...]:
    return tuple(Event(name, duration, (EventResource("class", "7A", shared=shared),)) for name, duration in (("e", first), ("f", second)))


DAY = tuple(Time(f"A{n}", "A", n) for n in (1, 2, 3, 4))


@pytest.mark.parametrize(("shared", "other", "clashes"), [(True, "A1", 0), (False, "A1", 1), (True, "A2", 0)])
def test_shared_class_of_linked_events_is_busy_once(shared: bool, other: str, clashes: int) -> None:
    problem = TimetablingProblem(
        DAY,
        (Resource("7A", "class"),),
        linked(shared),
        (LinkEvents(id="l", event_groups=(("e", "f"),), required=True, weight=100), AvoidClashes(id="c", resources=("7A",))),
    )
    frame = Frame(problem)
    state = State(frame, frame.week_of([Meeting("e", "A1", 1), Meeting("f", other, 1)]))
    apart = 0 if other == "A1" else 200  # two times at which one goes on without the other
    assert state.infeasibility == clashes + apart


def test_linked_events_that_only_start_together_may_end_apart() -> None:
    link = LinkEvents(id="l", event_groups=(("e", "f"),), starts_only=True)
    assert total(link, linked(True, 2, 1), Meeting("e", "A1", 2), Meeting("f", "A1", 1), times=DAY) == 0
    assert total(link, linked(True, 2, 1), Meeting("e", "A1", 2), Meeting("f", "A2", 1), times=DAY) == 1
    # 2+1 and 1+1: the double lesson starts with one of the single ones, the single lesson with the other
    together = (Meeting("e", "A1", 2), Meeting("e", "A4", 1), Meeting("f", "A1", 1), Meeting("f", "A4", 1))
    assert total(link, linked(True, 3, 2), *together, times=DAY) == 0
