"""What a step of the search sets free: lessons that belong together, of the part of the week that the neighbourhood is about."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.timetabling import PreferTimes, TimetablingProblem
from scheduler.engine.frame import Frame
from scheduler.engine.neighbourhoods import COSTLY, Relations, lessons_within
from scheduler.engine.scope import Freed
from scheduler.engine.state import State
from tests.random_timetabling import random_problem, random_timetable
from tests.small_school import school, with_rooms

SEEDS = st.integers(0, 2**32)


def names(problem: TimetablingProblem, resources: list[int]) -> list[str]:
    return [problem.resources[resource].id for resource in resources]


def freed_by(problem: TimetablingProblem, name: str, size: float, seed: int = 0) -> Freed:
    frame = Frame(problem)
    relations, state = Relations(frame), State(frame, frame.empty_week())
    return relations.neighbourhoods[name](relations, state, Random(seed), size)


@given(seed=SEEDS, size=st.integers(1, 200), schools=st.booleans())
def test_freed_lessons_are_of_the_week_and_of_whole_bundles(seed: int, size: int, schools: bool) -> None:
    random = Random(seed)
    problem = random_problem(random, schools=schools)
    frame = Frame(problem)
    state, relations = State(frame, frame.week_of(random_timetable(random, problem))), Relations(frame)
    for choose in relations.neighbourhoods.values():
        freed = choose(relations, state, random, size)
        for event, meets in freed.meets.items():
            assert meets
            assert set(meets) <= set(state.week[event])
            assert freed.meets.keys() >= set(frame.bundles[frame.bundle_of[event]].events)
        assert freed.choose <= freed.meets.keys()
        assert all(frame.open[event] for event in freed.choose)


@given(seed=SEEDS, schools=st.booleans())
def test_freed_lessons_lie_in_the_window(seed: int, schools: bool) -> None:
    random = Random(seed)
    problem = random_problem(random, schools=schools)
    frame = Frame(problem)
    state, relations = State(frame, frame.week_of(random_timetable(random, problem))), Relations(frame)
    for choose in relations.neighbourhoods.values():
        freed = choose(relations, state, random, 50)
        placed = [meet for meets in freed.meets.values() for meet in meets if meet.start is not None]
        assert freed.window is None or all(freed.window.issuperset(range(meet.start or 0, (meet.start or 0) + meet.length)) for meet in placed)


def test_full_resources_are_crowded_whatever_their_type() -> None:
    # every class has 12 lessons in 12 times; 9 times a teacher are dealt out to 5 of them, so nobody has more than 8
    problem = school(classes=3, teachers=5, days=4, periods=3)
    relations = Relations(Frame(problem))
    assert names(problem, relations.crowded) == ["class 0", "class 1", "class 2"]


def test_resources_with_idle_times_to_limit_are_wishers() -> None:
    problem = school(classes=3, teachers=5, days=4, periods=3)
    assert names(problem, Relations(Frame(problem)).wishers) == ["teacher 0", "teacher 1", "teacher 2", "teacher 3", "teacher 4"]


def test_clashes_and_closed_times_make_no_wisher() -> None:
    # 3 classes and 5 teachers: without idle times and days to limit nobody cares how the week lies, and everybody with lessons stands in
    problem = school(classes=3, teachers=5, days=4, periods=3)
    rules = tuple(constraint for constraint in problem.constraints if constraint.required)
    assert len(Relations(Frame(replace(problem, constraints=rules))).wishers) == 8


def test_larger_step_frees_more() -> None:
    problem = school(classes=6, teachers=8, days=5, periods=4)
    small, large = (sum(map(len, freed_by(problem, "crowded", size).meets.values())) for size in (50, 1000))
    assert small < large


def test_same_die_frees_the_same() -> None:
    problem = with_rooms(school(classes=3, teachers=5, days=4, periods=3), rooms=2)
    for name in Relations(Frame(problem)).neighbourhoods:
        assert freed_by(problem, name, 100, seed=7) == freed_by(problem, name, 100, seed=7)


def test_resources_are_chosen_only_where_a_role_is_open() -> None:
    problem = school(classes=3, teachers=5, days=4, periods=3)
    assert "chosen" not in Relations(Frame(problem)).neighbourhoods
    assert "chosen" in Relations(Frame(with_rooms(problem, rooms=2))).neighbourhoods


def test_step_about_resources_moves_no_lesson() -> None:
    problem = with_rooms(school(classes=3, teachers=5, days=4, periods=3), rooms=2)
    freed = freed_by(problem, "chosen", 10)
    assert not freed.move
    assert freed.choose


def test_lessons_of_a_bundle_that_stand_apart_are_not_freed_in_part() -> None:
    # two events that must start together stand at times 0 and 2; of the window {0, 1} only one of them would be free
    problem = school(classes=2, teachers=2, days=2, periods=2)
    frame = Frame(problem)
    week = frame.empty_week()
    week[0], week[1] = ((week[0][0]._replace(start=0, length=1),), (week[1][0]._replace(start=2, length=1),))
    assert lessons_within(week, (0, 1), frozenset({0, 1})) == {}
    assert lessons_within(week, (0, 1), None) == {0: week[0], 1: week[1]}


def test_lesson_with_one_start_is_freed_as_long_as_it_has_no_place() -> None:
    # three classes with three lessons each in one day; the first lesson may only be at 0.0: where it stands there, nothing can be done about it
    problem = school(classes=3, teachers=3, days=1, periods=3)
    only_start = PreferTimes(id="only start", events=(problem.events[0].id,), times=("0.0",))
    frame = Frame(replace(problem, constraints=(*problem.constraints, only_start)))
    relations, week = Relations(frame), frame.empty_week()
    waiting = relations.neighbourhoods[COSTLY](relations, State(frame, week), Random(0), 1000)
    week[0] = tuple(meet._replace(start=0) for meet in week[0])
    standing = relations.neighbourhoods[COSTLY](relations, State(frame, week), Random(0), 1000)
    assert waiting.meets.keys() == set(range(9))
    assert standing.meets.keys() == set(range(1, 9))
