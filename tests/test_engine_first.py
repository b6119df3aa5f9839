"""A first week built lesson by lesson: every lesson placed, every required limit kept, wherever there is room."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.solving import SolveOptions
from scheduler.domain.timetabling import (
    AssignResources,
    AssignTimes,
    AvoidClashes,
    AvoidUnavailableTimes,
    ClusterBusyTimes,
    Constraint,
    CostFunction,
    DistributeSplitEvents,
    Event,
    EventResource,
    LastOfDay,
    LimitBusyTimes,
    LimitDoubleShifts,
    LimitIdleTimes,
    LimitLateStarts,
    LimitParallel,
    LimitRoomChanges,
    LimitWorkload,
    LinkEvents,
    OrderEvents,
    PreferResources,
    Resource,
    SplitEvents,
    SpreadEvents,
    Time,
    TimeGroup,
    TimetablingProblem,
)
from scheduler.engine import points
from scheduler.engine.first import Building
from scheduler.engine.frame import Frame, Meet, Week
from scheduler.engine.limits import Filling
from scheduler.engine.solve import Solving
from scheduler.engine.state import State, bits
from scheduler.formats.xhstt import read_xhstt

FOLDER = Path(os.environ.get("SCHEDULER_XHSTT", Path(__file__).resolve().parents[2] / "shared" / "benchmarks" / "xhstt"))
EASY = [path for path in sorted(FOLDER.glob("*.xml")) if path.stem in ("BR1", "BR-SA-00", "GR-H1-97", "AU-TE-99")]
SECONDS = 20

DAYS = tuple(TimeGroup(day, tuple(f"{day}{n}" for n in range(1, 5))) for day in "ABC")
TIMES = tuple(Time(time, day.id, n + 1, runs_on=n > 0) for day in DAYS for n, time in enumerate(day.times))
RESOURCES = (
    *(Resource(name, "class") for name in ("7A", "7B")),
    *(Resource(name, "teacher") for name in "TU"),
    *(Resource(name, "room") for name in "RS"),
)


def lesson(name: str, duration: int, rombel: str | None = "7A", teacher: str | None = "T", room: bool = False) -> Event:
    known = [EventResource(kind, who) for kind, who in (("class", rombel), ("teacher", teacher)) if who]
    return Event(name, duration, (*known, *((EventResource("room", None, "room"),) if room else ())))


def frame_of(events: tuple[Event, ...], *constraints: Constraint, resources: tuple[Resource, ...] = RESOURCES) -> Frame:
    """Three days of four times; every event placed in single lessons, nobody in two at once, and the stated constraints."""
    names = tuple(event.id for event in events)
    single = SplitEvents(id="single", events=names, minimum_length=1, maximum_length=1, minimum_amount=1, maximum_amount=12)
    own = () if any(isinstance(c, (SplitEvents, DistributeSplitEvents)) for c in constraints) else (single,)
    clashes = AvoidClashes(id="clashes", resources=tuple(resource.id for resource in RESOURCES))
    return Frame(TimetablingProblem(TIMES, resources, events, (AssignTimes(id="times", events=names), clashes, *own, *constraints)))


def constructed(frame: Frame, seed: int, seconds: float, stop: threading.Event, start: Week | None = None) -> Week:
    """The week of one go at placing lessons."""
    building = Building(frame, seed, seconds, start)
    building.go_on(stop)
    return building.week(stop)


def infeasibility(frame: Frame, start: Week | None = None) -> int:
    return State(frame, constructed(frame, 1, SECONDS, threading.Event(), start)).infeasibility


def test_full_grid_of_two_classes_and_teachers_is_filled() -> None:
    # 7A and 7B have 12 hours in 12 times, T and U teach 6 of each: every time has T in one class and U in the other
    events = tuple(lesson(f"{rombel}{teacher}", 6, rombel, teacher) for rombel in ("7A", "7B") for teacher in "TU")
    assert infeasibility(frame_of(events)) == 0


def test_placing_hands_over_without_gain_only_while_many_lessons_wait() -> None:
    # T has 12 times, all taken by the lessons of 7A: those of 7B wait for ever (12, few), or those of 7B and of nobody (24, many)
    busy, waiting = tuple(Meet(start, 1, ()) for start in range(12)), (Meet(None, 1, ()),) * 12
    many = tuple(lesson(name, 12, rombel) for name, rombel in (("a", "7A"), ("b", "7B"), ("c", None)))
    for events, hands_over in ((many, True), (many[:2], False)):
        building = Building(frame_of(events), 1, SECONDS, [busy, *(waiting for _ in events[1:])])
        assert building.go_on(threading.Event(), patience=0.0) is hands_over


class Rest(threading.Event):
    """Set as soon as somebody waits for it."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


@pytest.mark.parametrize("is_stalled", [True, False])
def test_placing_that_is_far_behind_rests_until_the_search_has_stalled_and_goes_on_in_its_week(is_stalled: bool) -> None:
    # the search lacks one lesson of a full grid, placing one by one 24 of 24 (more than 12 + 2 x 1): the only free time is where it goes
    events = tuple(lesson(f"{rombel}{teacher}", 6, rombel, teacher) for rombel in ("7A", "7B") for teacher in "TU")
    frame = frame_of(events)
    early, late = tuple(Meet(start, 1, ()) for start in range(6)), tuple(Meet(start, 1, ()) for start in range(6, 12))
    lacking = State(frame, [(Meet(None, 1, ()), *early[:-1]), late, late, early])
    solving = Solving(frame, SolveOptions(seconds=SECONDS, workers=2))
    solving.building = SimpleNamespace(fewest_waiting=24)  # type: ignore[assignment]
    found = solving.placed_anew(Rest(), SimpleNamespace(state=lacking, is_stalled=is_stalled))  # type: ignore[arg-type]
    assert (None if found is None else found.week) == ([early, late, late, early] if is_stalled else None)


def test_placing_that_gains_nothing_begins_anew_in_the_week_of_a_stalled_search_that_lacks_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    # the search lacks one lesson, placing one by one two: it is not far behind (12 + 2 x 1), but leads no further
    begun: list[Week | None] = []

    class Placing:
        fewest_waiting, is_complete = 2, False

        def __init__(self, frame: Frame, seed: int, seconds: float, start: Week | None = None) -> None:
            begun.append(start)

        def go_on(self, stop: threading.Event, seconds: float, patience: float, few: int) -> bool:
            if begun:
                over.set()
            return True  # it could go on for ever

    over = threading.Event()
    frame = frame_of((lesson("a", 6), lesson("b", 6, teacher="U")))
    week: Week = [tuple(Meet(start, 1, ()) for start in range(6)), (*(Meet(start, 1, ()) for start in range(6, 11)), Meet(None, 1, ()))]
    solving = Solving(frame, SolveOptions(seconds=SECONDS, workers=2))
    solving.building = Placing(frame, 1, SECONDS)  # type: ignore[assignment]
    begun.clear()
    monkeypatch.setattr("scheduler.engine.solve.Building", Placing)
    searched = SimpleNamespace(state=State(frame, week), is_stalled=True)
    assert solving.placed_anew(over, searched) is None  # type: ignore[arg-type]
    assert begun == [week]


def test_lessons_give_way_to_one_with_few_places() -> None:
    # U teaches 7B everywhere except at A1, where 7A's only lesson with U must stand: T's lessons cannot stay there
    events = (lesson("many", 11, "7A", "T"), lesson("one", 1, "7A", "U"))
    closed = AvoidUnavailableTimes(id="closed", resources=("U",), times=tuple(time.id for time in TIMES[1:]))
    frame = frame_of(events, closed)
    busy: Week = [tuple(Meet(start, 1, ()) for start in range(11)), (Meet(None, 1, ()),)]
    week = constructed(frame, 1, SECONDS, threading.Event(), busy)
    assert State(frame, week).infeasibility == 0
    assert week[1] == (Meet(0, 1, ()),)
    assert {meet.start for meet in week[0]} == set(range(1, 12))


@pytest.mark.parametrize(
    ("hours", "constraint"),
    [
        (6, SpreadEvents(id="c", event_groups=(("e", "f"),), time_groups=DAYS, maximum=4)),  # 6 + 6 hours in three days: exactly four a day
        (4, LimitBusyTimes(id="c", resources=("T",), time_groups=DAYS, maximum=3)),  # 8 hours of T, at most 9
        (4, ClusterBusyTimes(id="c", resources=("T",), time_groups=DAYS, maximum=2)),  # 8 hours of T fill two days
        (5, LimitIdleTimes(id="c", resources=("T", "7A", "7B"), time_groups=DAYS)),
        (5, OrderEvents(id="c", pairs=(("e", "f", 0, None),))),  # 5 hours after 5 hours, in 12 times
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Constraint) else str(value),
)
def test_required_limits_are_kept(hours: int, constraint: Constraint) -> None:
    assert infeasibility(frame_of((lesson("e", hours), lesson("f", hours, "7B")), constraint)) == 0


@pytest.mark.parametrize(
    ("gap", "maximum", "together"),
    [
        (None, 0, False),  # e's days are not f's: 4 hours of the one, 4 of the other, three days
        (None, 1, False),  # a day's hours in R before those in S, or after them
        (None, 1, True),
        (1, 0, False),  # an hour between: at most three of a day's four hours where both have some
    ],
)
@pytest.mark.parametrize("is_open", [False, True])
def test_rooms_of_two_buildings_are_not_changed_too_often(gap: int | None, maximum: int, together: bool, is_open: bool) -> None:
    # 7A has 4 hours in R and 4 in S; where it may choose the room of those 4 as well, S is closed for three of the twelve times
    room_of = {"e": "R", "f": None if is_open else "S"}
    events = tuple(
        replace(event, resources=(*event.resources, EventResource("room", room_of[event.id], "room"))) for event in (lesson("e", 4), lesson("f", 4))
    )
    limit = LimitRoomChanges(id="ways", resources=("7A",), places=(("R",), ("S",)), time_groups=DAYS, maximum=maximum, together=together, gap=gap)
    rooms = AssignResources(id="rooms", events=("f",), role="room")
    closed = AvoidUnavailableTimes(id="closed", resources=("S",), times=("A1", "B1", "C1"))
    assert infeasibility(frame_of(events, limit, *((rooms, closed) if is_open else ()))) == 0


SHIFTS = tuple((TimeGroup(f"{day.id}-early", day.times[:2]), TimeGroup(f"{day.id}-late", day.times[2:])) for day in DAYS)


@pytest.mark.parametrize(
    ("hours", "constraint"),
    [
        (3, LimitBusyTimes(id="c", resources=("T",), time_groups=DAYS, minimum=3, maximum=4)),  # 6 hours of T: two days of three
        (4, LimitLateStarts(id="c", resources=("T", "7A", "7B"), time_groups=DAYS)),  # every day begins with its first time
        (4, LimitLateStarts(id="c", resources=("T",), time_groups=DAYS, maximum=1)),
        (3, LimitDoubleShifts(id="c", resources=("T",), days=SHIFTS)),  # 6 hours of T: a shift of two times a day
        (2, LastOfDay(id="c", events=("e",), type="class", time_groups=DAYS)),
        (4, LimitParallel(id="c", event_groups=(("e",), ("f",)), time_groups=tuple(TimeGroup(t.id, (t.id,)) for t in TIMES), maximum=1)),
        (3, ClusterBusyTimes(id="c", resources=("T",), time_groups=DAYS, minimum=3, maximum=3)),  # 6 hours of T on all three days
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Constraint) else str(value),
)
def test_required_shapes_of_days_are_kept(hours: int, constraint: Constraint) -> None:
    assert infeasibility(frame_of((lesson("e", hours), lesson("f", hours, "7B"), lesson("g", 2, "7A", "U")), constraint)) == 0


def test_spans_of_days_are_kept() -> None:
    # At most three times from the first to the last: never the first and the fourth of a day. 7 hours of T in three days of three.
    pairs = (
        ClusterBusyTimes(id=day.id, resources=("T",), time_groups=(TimeGroup("1", day.times[:1]), TimeGroup("4", day.times[3:])), maximum=1)
        for day in DAYS
    )
    assert infeasibility(frame_of((lesson("e", 4), lesson("f", 3, "7B")), *pairs)) == 0


def test_lessons_of_a_set_follow_each_other_though_others_may_lie_at_their_times() -> None:
    # e and f are one set without idle times, though 7A and 7B each have their own lesson of it: the set is in two lessons at once where both stand
    group = Resource("set", "set")
    events = tuple(replace(event, resources=(*event.resources, EventResource("set", "set"))) for event in (lesson("e", 3), lesson("f", 3, "7B", "U")))
    frame = frame_of(events, LimitIdleTimes(id="c", resources=("set",), time_groups=DAYS), resources=(*RESOURCES, group))
    assert infeasibility(frame) == 0


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_what_days_need_never_refuses_the_part_of_a_good_week(data: st.DataObject) -> None:
    """Any part of a week that keeps every rule leaves as many hours over as ``Filling`` says that it needs."""
    groups = [tuple(range(day * 4, day * 4 + 4)) for day in range(3)]
    busy = data.draw(st.sets(st.integers(0, 11), min_size=1))
    days = [[time % 4 for time in group if time in busy] for group in groups]
    idle = sum(max(day) - min(day) + 1 - len(day) for day in days if day)
    late = [min(day) for day in days if day]
    common: dict[str, Any] = {"constraint": 0, "rule": "c", "required": True, "weight": 1, "cost": CostFunction.LINEAR, "events": (), "resource": 0}
    filling = Filling(0, groups)
    filling.add(points.BusyPoint(groups=tuple(groups), minimum=min(len(day) for day in days if day), maximum=4, **common))
    filling.add(points.IdlePoint(groups=tuple(groups), minimum=0, maximum=idle, **common))
    for group, day in zip(groups, days, strict=True):
        most = max(day) - min(day) + 1 - len(day) if day else 0
        filling.add(points.IdlePoint(groups=(group,), minimum=0, maximum=most, **common))
    filling.add(points.ClusterPoint(groups=tuple(groups), minimum=sum(map(bool, days)), maximum=3, **common))
    if max(late) <= 1:
        filling.add(points.LateStartPoint(groups=tuple(groups), maximum=sum(start > 0 for start in late), **common))
    part = data.draw(st.sets(st.sampled_from(sorted(busy))))
    assert filling.need(bits(part)) <= len(busy) - len(part)


def test_linked_lessons_are_placed_together() -> None:
    events = (lesson("e", 3), lesson("f", 3, "7B", "U"), lesson("g", 9))
    week = constructed(frame_of(events, LinkEvents(id="l", event_groups=(("e", "f"),))), 1, SECONDS, threading.Event())
    assert [meet.start for meet in week[0]] == [meet.start for meet in week[1]]
    assert len({meet.start for event in (0, 2) for meet in week[event]} - {None}) == 12  # T and 7A: 3 + 9 hours in 12 times


def test_splitting_that_cannot_be_placed_is_left_for_another() -> None:
    # the wish is for two lessons of two times, but U is there at A1, A3, B1, B3 only: four lessons of one time
    open_times = {"A1", "A3", "B1", "B3"}
    closed = AvoidUnavailableTimes(id="closed", resources=("U",), times=tuple(time.id for time in TIMES if time.id not in open_times))
    lengths = SplitEvents(id="s", events=("e",), minimum_length=1, maximum_length=2, minimum_amount=2, maximum_amount=4)
    doubles = DistributeSplitEvents(id="d", events=("e",), length=2, minimum=2, maximum=2, required=False)
    frame = frame_of((lesson("e", 4, "7A", "U"),), closed, lengths, doubles)
    week = constructed(frame, 1, SECONDS, threading.Event())
    assert [meet[:2] for meet in week[0]] == [(0, 1), (2, 1), (4, 1), (6, 1)]


def test_rooms_are_chosen_free_of_clashes_and_of_those_allowed() -> None:
    # both classes have all 12 hours in a room; e may be in R only, so that f is in S
    events = (lesson("e", 12, "7A", "T", room=True), lesson("f", 12, "7B", "U", room=True))
    needed = AssignResources(id="a", events=("e", "f"), role="room")
    only = PreferResources(id="p", events=("e",), role="room", resources=("R",))
    frame = frame_of(events, needed, only)
    week = constructed(frame, 1, SECONDS, threading.Event())
    assert State(frame, week).infeasibility == 0
    assert {meet.resources for meet in week[1]} == {(frame.resource_index["S"],)}


def test_resources_are_chosen_within_their_workload() -> None:
    # 8 hours of two classes; R may have 4 of them, so that S has the other 4
    events = (lesson("e", 4, "7A", "T", room=True), lesson("f", 4, "7B", "U", room=True))
    needed = AssignResources(id="a", events=("e", "f"), role="room")
    assert infeasibility(frame_of(events, needed, LimitWorkload(id="w", resources=("R", "S"), minimum=0, maximum=4))) == 0


def test_what_has_no_place_is_left_out_and_the_rest_stands() -> None:
    # 13 hours of 7A in 12 times: one of them cannot be placed, whether it counts as unplaced or as a clash
    frame = frame_of((lesson("e", 6), lesson("f", 7)))
    assert State(frame, constructed(frame, 1, 0.5, threading.Event())).infeasibility == 1


def test_building_ends_when_it_is_stopped() -> None:
    stop = threading.Event()
    stop.set()
    frame = frame_of((lesson("e", 6),))
    assert len(constructed(frame, 1, 1000, stop)[0]) == 6


def test_same_seed_builds_the_same_week() -> None:
    events = tuple(lesson(f"{rombel}{teacher}", 6, rombel, teacher) for rombel in ("7A", "7B") for teacher in "TU")
    first, second = (constructed(frame_of(events), 3, SECONDS, threading.Event()) for _ in range(2))
    assert first == second


@pytest.mark.skipif(not EASY, reason=f"no public instances at {FOLDER} (set SCHEDULER_XHSTT)")
@pytest.mark.parametrize("path", EASY, ids=lambda path: path.stem)
def test_public_instance_gets_a_week_that_breaks_nothing(path: Path) -> None:
    for problem in read_xhstt(path).instances.values():
        assert infeasibility(Frame(problem)) == 0


def many_that_must_clash() -> Frame:
    """1500 lessons of one class in twelve times; that of the event "given" has its time stated."""
    given = replace(lesson("given", 1, None, None), time="B2")
    return frame_of((given, *(lesson(f"e{number}", 1) for number in range(1500))))


def test_lessons_that_must_clash_do_not_hold_up_the_first_week() -> None:
    # 1500 lessons at twelve places each would be 18000 counts of the cost; the time asked for is over long before
    frame = many_that_must_clash()
    started = time.monotonic()
    week = constructed(frame, 1, 0.3, threading.Event())
    assert time.monotonic() - started < 3
    assert any(meet.start is None for meets in week for meet in meets)


def test_first_week_that_is_stopped_ends_at_once_and_keeps_given_times() -> None:
    frame, stop = many_that_must_clash(), threading.Event()
    stop.set()
    started = time.monotonic()
    week = constructed(frame, 1, 600, stop)
    assert time.monotonic() - started < 3
    assert {event.id for event, meets in zip(frame.problem.events, week, strict=True) if meets[0].start is not None} == {"given"}
