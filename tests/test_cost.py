"""Each constraint type on the smallest timetable that breaks it, as a number derived by hand, under each of the three cost functions.

Two days of three times: A1 A2 A3 B1 B2 B3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

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
    LimitPlaceChanges,
    LimitRoomChanges,
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
from scheduler.verify.cost import Cost, MalformedTimetableError, UnknownConstraintError, evaluate

TIMES = tuple(Time(f"{day}{period}", day, period) for day in "AB" for period in (1, 2, 3))
DAY_A, DAY_B = (TimeGroup(day, tuple(f"{day}{period}" for period in (1, 2, 3))) for day in "AB")
DAYS = (DAY_A, DAY_B)
RESOURCES = tuple(Resource(name, "teacher") for name in ("T", "U", "V"))


def event(name: str, duration: int, teacher: str | None = "T", **fields: object) -> Event:
    """An event of a teacher who is preassigned, or to be chosen for the role ``r``."""
    return Event(name, duration, (EventResource("teacher", teacher, "" if teacher else "r"),), **fields)  # type: ignore[arg-type]


def at(name: str, time: str | None, length: int = 1, **resources: str) -> Meeting:
    return Meeting(name, time, length, resources)


TAUGHT = (event("e", 2), event("f", 2, "U"))
OPEN = (event("e", 2, None), event("f", 2, None))


@dataclass(frozen=True)
class Broken:
    """A constraint, a timetable that breaks it, and its deviations other than 0, one for each point of application."""

    constraint: Constraint
    events: tuple[Event, ...]
    lessons: tuple[Meeting, ...]
    deviations: tuple[int, ...]


CASES = {
    # e: one of its two times; f, of which nothing is said: both
    "unplaced_times": Broken(AssignTimes(id="c", events=("e", "f")), TAUGHT, (at("e", "A1"), at("e", None)), (1, 2)),
    # e: one time of two; f has the role, but somebody preassigned
    "times_without_resource": Broken(
        AssignResources(id="c", events=("e", "f"), role="r"), (OPEN[0], event("f", 2, "U")), (at("e", "A1", r="T"), at("e", "A2")), (1,)
    ),
    # lessons of length 2 only: e's starts at A2; f has lessons of length 1
    "unwanted_start_by_length": Broken(
        PreferTimes(id="c", events=("e", "f"), times=("A1", "B1"), length=2), TAUGHT, (at("e", "A2", 2), at("f", "A3"), at("f", "B1")), (2,)
    ),
    # any length: e starts once at A2 (1 time); f is not placed, which costs nothing here
    "unwanted_start": Broken(PreferTimes(id="c", events=("e", "f"), times=("A1",)), TAUGHT, (at("e", "A1"), at("e", "A2")), (1,)),
    # e has T for both times, U was preferred; f has nobody, which costs nothing here
    "unwanted_resource": Broken(
        PreferResources(id="c", events=("e", "f"), role="r", resources=("U",)), OPEN, (at("e", "A1", 2, r="T"), at("f", "A1", 2)), (2,)
    ),
    # e: its one lesson is too long, and one lesson is missing
    "split": Broken(
        SplitEvents(id="c", events=("e", "f"), minimum_length=1, maximum_length=1, minimum_amount=2, maximum_amount=2),
        TAUGHT,
        (at("e", "A1", 2), at("f", "A1"), at("f", "B1")),
        (2,),
    ),
    # four lessons of 1 where two are allowed: two too many; the second is short of one lesson of length 4
    "distributed_too_many": Broken(
        DistributeSplitEvents(id="c", events=("e",), length=1, minimum=0, maximum=2),
        (event("e", 4),),
        (at("e", "A1"), at("e", "A2"), at("e", "B1"), at("e", "B2")),
        (2,),
    ),
    "distributed_too_few": Broken(DistributeSplitEvents(id="c", events=("e",), length=1, minimum=2, maximum=9), TAUGHT, (at("e", "A1", 2),), (2,)),
    # three teachers in one group: two beyond the first
    "split_assignment": Broken(
        AvoidSplitAssignments(id="c", event_groups=(("e", "f"),), role="r"),
        OPEN,
        (at("e", "A1", r="T"), at("e", "A2", r="U"), at("f", "B1", 2, r="V")),
        (2,),
    ),
    # A: three starts where one is allowed (2 too many); B: none where one is wanted (1 too few)
    "spread": Broken(
        SpreadEvents(id="c", event_groups=(("e", "f"),), time_groups=DAYS, limits=((0, 1), (1, 2))),
        TAUGHT,
        (at("e", "A1"), at("e", "A3"), at("f", "A2", 2)),
        (3,),
    ),
    # A1 is e's alone, A3 is f's alone, A2 is shared
    "linked": Broken(LinkEvents(id="c", event_groups=(("e", "f"),)), TAUGHT, (at("e", "A1", 2), at("f", "A2", 2)), (2,)),
    # one time (A3) lies between; four are wanted, then none is allowed
    "order_too_near": Broken(OrderEvents(id="c", pairs=(("e", "f", 4, None),)), TAUGHT, (at("e", "A1", 2), at("f", "B1", 2)), (3,)),
    "order_too_far": Broken(OrderEvents(id="c", pairs=(("e", "f", 0, 0),)), TAUGHT, (at("e", "A1", 2), at("f", "B2", 2)), (2,)),
    # from the end of B2 back to A1 there are 0 - 4 - 1 = -5 times
    "order_reversed": Broken(OrderEvents(id="c", pairs=(("f", "e", 0, None),)), TAUGHT, (at("e", "A1", 2), at("f", "B1", 2)), (5,)),
    # three lessons of T at A1 (2 beyond the first) and two at A2 (1)
    "clashes": Broken(
        AvoidClashes(id="c", resources=("T", "U")),
        (event("e", 2), event("f", 2), event("g", 1)),
        (at("e", "A1", 2), at("f", "A1", 2), at("g", "A1")),
        (3,),
    ),
    # A1 counts once, though two lessons are there; A2 too
    "unavailable": Broken(
        AvoidUnavailableTimes(id="c", resources=("T",), times=("A1", "A2", "B1")),
        (event("e", 2), event("f", 2)),
        (at("e", "A1", 2), at("f", "A1", 2)),
        (2,),
    ),
    # T: A2 and B2 are idle, none is allowed; U has none
    "idle_too_many": Broken(
        LimitIdleTimes(id="c", resources=("T", "U"), time_groups=DAYS),
        (event("e", 4), event("f", 2, "U")),
        (at("e", "A1"), at("e", "A3"), at("e", "B1"), at("e", "B3"), at("f", "B1", 2)),
        (2,),
    ),
    # T has one idle time of the three wanted, U none
    "idle_too_few": Broken(
        LimitIdleTimes(id="c", resources=("T", "U"), time_groups=DAYS, minimum=3, maximum=9),
        TAUGHT,
        (at("e", "A1"), at("e", "A3"), at("f", "B1", 2)),
        (2, 3),
    ),
    # T on three of the four groups where one is allowed; U on none, as wanted
    "cluster_too_many": Broken(
        ClusterBusyTimes(
            id="c", resources=("T",), time_groups=(*DAYS, TimeGroup("first", ("A1", "B1")), TimeGroup("third", ("A3", "B3"))), maximum=1
        ),
        TAUGHT,
        (at("e", "A1"), at("e", "B1")),
        (2,),
    ),
    "cluster_too_few": Broken(
        ClusterBusyTimes(id="c", resources=("T", "U"), time_groups=DAYS, minimum=2, maximum=2), TAUGHT, (at("e", "A1", 2), at("f", "A1", 2)), (1, 1)
    ),
    # T: two on A where three are wanted, and none on B, which is a free day; U: one on each of the two days
    "busy_too_few": Broken(
        LimitBusyTimes(id="c", resources=("T", "U"), time_groups=DAYS, minimum=3, maximum=3),
        TAUGHT,
        (at("e", "A1", 2), at("f", "A1"), at("f", "B1")),
        (1, 4),
    ),
    "busy_too_many": Broken(LimitBusyTimes(id="c", resources=("T",), time_groups=DAYS, maximum=0), TAUGHT, (at("e", "A1", 2),), (2,)),
    # e weighs 3: half of it is 1.5 for T and for U; 0.5 above 1 counts as 1
    "workload_too_great": Broken(
        LimitWorkload(id="c", resources=("T", "U"), minimum=0, maximum=1),
        (event("e", 2, None, workload=3),),
        (at("e", "A1", r="T"), at("e", "A2", r="U")),
        (1, 1),
    ),
    # 1.5 is 0.5 short of 2, which counts as 1; V has nothing
    "workload_too_small": Broken(
        LimitWorkload(id="c", resources=("T", "V"), minimum=2, maximum=9),
        (event("e", 2, None, workload=3),),
        (at("e", "A1", r="T"), at("e", "A2", r="U")),
        (1, 2),
    ),
}

FUNCTIONS = {CostFunction.LINEAR: lambda d: d, CostFunction.QUADRATIC: lambda d: d * d, CostFunction.STEP: lambda d: 1}


@pytest.mark.parametrize("function", CostFunction)
@pytest.mark.parametrize("name", CASES)
def test_deviations_of_each_point_cost_weight_times_their_function(name: str, function: CostFunction) -> None:
    case = CASES[name]
    wish = replace(case.constraint, required=False, weight=1001, cost=function)
    found = evaluated(case.events, case.lessons, case.constraint, wish)
    weighed = [FUNCTIONS[function](deviation) for deviation in case.deviations]
    assert found.infeasibility == sum(case.deviations)
    assert found.objective == 1001 * sum(weighed)
    assert [d.deviation for d in found.deviations] == [*case.deviations, *case.deviations]
    assert found.by_type() == {type(wish).__name__: (found.infeasibility, found.objective)}


def test_every_type_has_a_case() -> None:
    assert len({type(case.constraint) for case in CASES.values()}) == 16


# --- what is no point of application -----------------------------------------------------------------------------------------------------------


def test_preassigned_time_is_no_wish() -> None:
    fixed = (event("e", 2, time="A2"),)
    assert evaluated(fixed, (), PreferTimes(id="c", events=("e",), times=("A1",))).infeasibility == 0


def test_preassigned_resource_is_no_choice() -> None:
    fixed = (Event("e", 2, (EventResource("teacher", "T", "r"),)),)
    chosen = evaluated(
        fixed,
        (at("e", "A1", 2),),
        PreferResources(id="c", events=("e",), role="r", resources=("U",)),
        AssignResources(id="d", events=("e",), role="r"),
    )
    assert chosen.infeasibility == 0


def test_preassigned_resource_of_the_role_counts_as_one_of_its_group() -> None:
    group = (Event("e", 2, (EventResource("teacher", "T", "r"),)), event("f", 2, None))
    lessons = (at("e", "A1", 2), at("f", "B1", 2, r="U"))
    assert evaluated(group, lessons, AvoidSplitAssignments(id="c", event_groups=(("e", "f"),), role="r")).infeasibility == 1


def test_order_of_events_that_are_not_all_placed_costs_nothing() -> None:
    assert evaluated(TAUGHT, (at("e", "B3"), at("f", "A1", 2)), OrderEvents(id="c", pairs=(("e", "f", 0, None),))).infeasibility == 0


def test_point_that_is_named_twice_costs_twice() -> None:
    assert evaluated(TAUGHT, (), AssignTimes(id="c", events=("e", "e"))).infeasibility == 4


def test_resource_that_is_needed_twice_clashes_with_itself() -> None:
    twice = (Event("e", 2, (EventResource("teacher", "T"), EventResource("teacher", "T"))),)
    assert evaluated(twice, (at("e", "A1", 2),), AvoidClashes(id="c", resources=("T",))).infeasibility == 2


def test_own_workload_of_a_resource_replaces_the_event_s() -> None:
    heavy = (Event("e", 2, (EventResource("teacher", "T", workload=5), EventResource("teacher", "U")), workload=3),)
    found = evaluated(heavy, (), LimitWorkload(id="c", resources=("T", "U"), minimum=0, maximum=0))
    assert [d.deviation for d in found.deviations] == [5, 3]


def test_preassigned_times_stand_without_a_lesson_in_the_solution() -> None:
    fixed = (event("e", 2, time="A2"),)
    assert evaluated(fixed, (), AvoidUnavailableTimes(id="c", resources=("T",), times=("A3",))).infeasibility == 1


def test_rest_of_an_event_stands_as_one_lesson_without_a_place() -> None:
    found = evaluated((event("e", 4),), (at("e", "A1"),), DistributeSplitEvents(id="c", events=("e",), length=3, minimum=0, maximum=0))
    assert found.infeasibility == 1


def test_weight_of_nothing_costs_nothing_and_is_no_part_of_the_breakdown() -> None:
    found = evaluated(TAUGHT, (), AssignTimes(id="c", events=("e",), weight=0))
    assert (found.infeasibility, found.by_type()) == (0, {})


# --- our own additions -------------------------------------------------------------------------------------------------------------------------

STARTS = LinkEvents(id="c", event_groups=(("e", "f"),), starts_only=True)


def test_joint_starts_count_lessons_that_do_not_start_with_their_partner() -> None:
    longer = (event("e", 3), event("f", 2, "U"))
    assert evaluated(longer, (at("e", "A1", 2), at("e", "B1"), at("f", "B1"), at("f", "A1")), STARTS).infeasibility == 0
    assert evaluated(longer, (at("e", "A1", 2), at("e", "B1"), at("f", "A2"), at("f", "B1")), STARTS).infeasibility == 1  # f's longest, at A2
    assert evaluated(longer, (at("e", "A1", 2), at("e", "B1"), at("f", "B1", 2)), STARTS).infeasibility == 1  # the longest with the shortest


def test_lessons_of_linked_events_share_a_resource() -> None:
    shared = tuple(Event(name, 2, (EventResource("class", "T", shared=True),)) for name in "efg")
    lessons = tuple(at(name, "A1", 2) for name in "efg")
    clashes = AvoidClashes(id="d", resources=("T",))
    assert evaluated(shared, lessons, STARTS, clashes).infeasibility == 2  # g is not linked: A1 and A2 are used twice
    assert evaluated(shared, (*lessons[:2], at("g", "B1", 2)), STARTS, clashes).infeasibility == 0


def test_two_lessons_of_one_event_clash_even_where_it_shares_its_class() -> None:
    shared = tuple(Event(name, 2, (EventResource("class", "T", shared=True),)) for name in "ef")
    lessons = (at("e", "A1"), at("e", "A1"), at("f", "A1"), at("f", "A2"))
    found = evaluated(shared, lessons, STARTS, AvoidClashes(id="d", resources=("T",)))
    assert found.by_type()["AvoidClashes"] == (1, 0)


def two_schools(way: int | None, clock: bool = True) -> TimetablingProblem:
    """Times P1 P2 of one school at 7:00 and 8:00, Q1 Q2 of another at 8:00 and 9:00, each 45 minutes; T teaches e and f."""

    def time(id: str, hour: int, place: str) -> Time:
        return Time(id, "A", int(id[1]), place, "b", start=hour * 60 if clock else None, end=hour * 60 + 45 if clock else None)

    times = (time("P1", 7, "P"), time("P2", 8, "P"), time("Q1", 8, "Q"), time("Q2", 9, "Q"))
    travel = {} if way is None else {("P", "Q"): way, ("Q", "P"): way}
    return TimetablingProblem(times, RESOURCES, (event("e", 1), event("f", 1)), (AvoidClashes(id="c", resources=("T",)),), travel)


def test_lessons_at_two_schools_clash_by_the_clock_and_the_way() -> None:
    assert evaluate(two_schools(15), (at("e", "P1"), at("f", "Q1"))).infeasibility == 0  # 7:45 to 8:00 is a way of 15 minutes
    assert evaluate(two_schools(16), (at("e", "P1"), at("f", "Q1"))).infeasibility == 1
    assert evaluate(two_schools(0), (at("e", "P2"), at("f", "Q1"))).infeasibility == 1  # both at 8:00
    assert evaluate(two_schools(None), (at("e", "P1"), at("f", "Q2"))).infeasibility == 1  # no way is known
    assert evaluate(two_schools(0, clock=False), (at("e", "P1"), at("f", "Q2"))).infeasibility == 1


def test_lesson_over_a_pause_clashes_with_what_another_bell_has_in_it() -> None:
    times = (
        Time("P1", "A", 1, "P", "b", start=420, end=465),
        Time("P2", "A", 2, "P", "b", start=480, end=525),
        Time("Q1", "A", 1, "P", "c", start=466, end=479),
    )
    problem = TimetablingProblem(times, RESOURCES, (event("e", 2), event("f", 1)), (AvoidClashes(id="c", resources=("T",)),))
    assert evaluate(problem, (at("e", "P1", 2), at("f", "Q1"))).infeasibility == 1
    assert evaluate(problem, (at("e", "P1"), at("e", "P2"), at("f", "Q1"))).infeasibility == 0


def test_changes_of_place_are_counted_by_the_clock() -> None:
    times = tuple(Time(f"{place}{hour}", "A", 1, place, "b", start=hour * 60, end=hour * 60 + 45) for place in "PQ" for hour in (7, 8, 9))
    day = (TimeGroup("A", tuple(time.id for time in times)),)
    events = tuple(event(name, 1) for name in "efg")
    problem = TimetablingProblem(times, RESOURCES, events, (LimitPlaceChanges(id="c", resources=("T",), time_groups=day),))
    assert evaluate(problem, (at("e", "P7"), at("f", "Q8"), at("g", "P9"))).infeasibility == 1  # there and back, once is allowed
    assert evaluate(problem, (at("e", "P7"), at("f", "P8"), at("g", "Q9"))).infeasibility == 0


@pytest.mark.parametrize(
    ("more", "deviation"),
    [
        ({}, 3),  # R, S, R, S: three changes
        ({"maximum": 2}, 1),
        ({"gap": 1}, 2),  # the last one has a free time before it
        ({"gap": 2}, 3),
        ({"maximum": 3}, 0),
    ],
)
def test_changes_of_room_are_counted_from_lesson_to_lesson(more: Mapping[str, Any], deviation: int) -> None:
    times = tuple(Time(f"A{hour}", "A", hour) for hour in range(1, 6))
    day = (TimeGroup("A", tuple(time.id for time in times)),)
    rooms = (Resource("R", "room"), Resource("S", "room"))
    events = tuple(Event(name, 1, (EventResource("teacher", "T"), EventResource("room", None, "room"))) for name in "efgh")
    limit = LimitRoomChanges(id="c", resources=("T",), places=(("R",), ("S",)), time_groups=day, **more)
    problem = TimetablingProblem(times, (*RESOURCES, *rooms), events, (limit,))
    lessons = (Meeting(e, f"A{n}", 1, {"room": room}) for e, n, room in zip("efgh", (1, 2, 3, 5), "RSRS", strict=True))
    assert evaluate(problem, lessons).infeasibility == deviation


# --- what is no timetable ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lesson",
    [
        at("nobody", "A1", 2),
        at("e", "A1", 3),
        at("e", "A1", 0),
        at("e", "B3", 2),
        at("e", "C1", 2),
        at("e", "A1", 2, r="X"),
        at("e", "A1", 2, s="T"),
        at("f", "A1", 2),
    ],
    ids=lambda lesson: str(lesson),
)
def test_lessons_that_are_no_timetable_are_refused(lesson: Meeting) -> None:
    with pytest.raises(MalformedTimetableError):
        evaluated((event("e", 2, None), event("f", 2, time="A2")), (lesson,), AssignTimes(id="c", events=("e",)))


def test_lesson_does_not_run_into_a_time_that_begins_anew() -> None:
    times = (*TIMES[:3], replace(TIMES[3], runs_on=False), *TIMES[4:])
    problem = TimetablingProblem(times, RESOURCES, TAUGHT, ())
    with pytest.raises(MalformedTimetableError):
        evaluate(problem, (at("e", "A3", 2),))
    assert evaluate(problem, (at("e", "B1", 2),)).deviations == ()


def test_type_without_an_evaluation_is_refused() -> None:
    with pytest.raises(UnknownConstraintError):
        evaluated(TAUGHT, (), Constraint(id="c"))


def evaluated(events: tuple[Event, ...], lessons: tuple[Meeting, ...], *constraints: Constraint) -> Cost:
    return evaluate(TimetablingProblem(TIMES, RESOURCES, events, constraints), lessons)
