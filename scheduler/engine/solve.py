"""A timetabling problem solved: a first timetable, then ever better ones until the limit, with what is proved about the best."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from scheduler.domain.plan import Status
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent
from scheduler.domain.timetabling import Meeting, TimetablingProblem
from scheduler.engine.bounds import objective_bound
from scheduler.engine.first import NEARLY_PLACED, Building
from scheduler.engine.frame import Frame, Week
from scheduler.engine.model import AtOnce, StepLimits, at_once, events_at_once, nearest, whole
from scheduler.engine.points import ClusterPoint, IdlePoint, ResourcePoint
from scheduler.engine.search import Search
from scheduler.engine.state import State
from scheduler.engine.week_outline import whole_outlines

FIRST_SHARE, FIRST_SECONDS, FIRST_WORK = 0.3, 40.0, 20.0
"""The whole model gets at most this share of the time, so many seconds, or so much of CP-SAT's own work, for a timetable without broken rules."""

ANEW_SECONDS = 3600.0
"""Lessons are placed one by one beside a search for as long as that runs, whatever this says."""

PATIENCE_SECONDS = 5.0
"""So long without fewer waiting lessons, and a search for the whole week begins beside placing them one by one."""

FAR_BEHIND, REST_SECONDS = 2.0, 0.5
"""Placing one by one rests, looking up so often, while it lacks more lessons than this many for each unit that the search beside it lacks, and a
few: the processors are the search's then."""

ANEW_PATIENCE_SECONDS = 10.0
"""So long without fewer waiting lessons beside a search, and that search's week may be the better beginning."""

BOUND_SHARE, BOUND_SECONDS = 0.05, 15.0
"""Of the time, for what no timetable can be better than."""

MOST_CHOICES, MOST_CHOICES_AT_ONCE = 400_000, 2_500
"""A whole model of more starts and choices would take longer to build than lessons take to be placed one by one; and one of more is not worth trying
to be solved to the end."""

OUTLINE_SHARE, OUTLINE_SECONDS, OUTLINE_WORK = 0.35, 40.0, 20.0
"""What whole weeks in two stages get."""

AT_ONCE_SHARE, AT_ONCE_SECONDS, AT_ONCE_WORK = 0.2, 20.0, 10.0
"""What the whole of a small problem gets for the proof that nothing is better."""


@dataclass(frozen=True, slots=True)
class Solved:
    """How the search for a timetable ended.

    ``status`` is OPTIMAL only where nothing required is broken and the objective is proved; FEASIBLE is a timetable, whatever it breaks
    (``infeasibility``); UNKNOWN is none; INFEASIBLE, only where a broken rule is no timetable (``whole_only``): two searches have shown that none
    keeps every rule. ``bound`` is a proved lower bound of the objective of every timetable without infeasibility. ``feasible_after`` and
    ``best_after`` are seconds since the start (None = never). ``wishes``: Σ f(deviation) without weights, by constraint id, those of 0 left out.
    """

    status: Status
    meetings: tuple[Meeting, ...]
    infeasibility: int
    objective: int
    bound: int
    feasible_after: float | None
    best_after: float
    wishes: Mapping[str, int] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        return self.status in (Status.OPTIMAL, Status.FEASIBLE)


OnBetter = Callable[[Solved], None]


class Either(threading.Event):
    """Set when it is set itself or another event is."""

    def __init__(self, other: threading.Event) -> None:
        super().__init__()
        self.other = other

    def is_set(self) -> bool:
        return super().is_set() or self.other.is_set()


def solve_problem(
    problem: TimetablingProblem,
    options: SolveOptions,
    listener: Listener = silent,
    start: Sequence[Meeting] = (),
    on_better: OnBetter | None = None,
    whole_only: bool = False,
    bounded: bool = True,
) -> Solved:
    """Solve until the bound is reached, or ``options.seconds``, ``options.deterministic_limit`` or ``options.stop`` ends the search.

    Parameters
    ----------
    start
        a timetable to go on from; events that it leaves out have no place yet
    on_better
        told of every better timetable; it may save it
    whole_only
        a timetable that breaks a rule is none: UNKNOWN where only such ones were found, INFEASIBLE where there is none other
    bounded
        whether the last part of the time goes to a bound of the objective
    """
    return Solving(Frame(problem), options, listener, on_better, whole_only, bounded).run(start)


def has_timetable(frame: Frame, options: SolveOptions) -> Status:
    """Whether a timetable without a broken rule exists: FEASIBLE, INFEASIBLE (two searches have said so), or UNKNOWN."""
    solving = Solving(frame, options, whole_only=True)
    status, week = solving.first_week(None)
    if week is None or status is Status.FEASIBLE:
        return status
    return Status.FEASIBLE if solving.repaired(State(frame, week)).infeasibility == 0 else Status.UNKNOWN


class Solving:
    """One solve, and what it has found so far."""

    def __init__(
        self,
        frame: Frame,
        options: SolveOptions,
        listener: Listener = silent,
        on_better: OnBetter | None = None,
        whole_only: bool = False,
        bounded: bool = True,
    ) -> None:
        self.frame, self.options, self.listener, self.on_better = frame, options, listener, on_better
        self.whole_only, self.bounded = whole_only, bounded
        self.started = time.monotonic()
        self.bound = 0
        self.building: Building | None = None
        self.feasible_after: float | None = None
        self.best_after = 0.0

    def run(self, start: Sequence[Meeting]) -> Solved:
        frame = self.frame
        status, week = self.first_week(frame.week_of(start) if start else None)
        if week is None:
            return Solved(status, (), 0, 0, 0, None, self.elapsed)
        state = State(frame, week)
        self.better(state)
        kept_back = 0.0 if self.options.seconds is None or not self.bounded else min(BOUND_SECONDS, BOUND_SHARE * self.options.seconds)
        if self.options.workers > 1:
            state = self.repaired(state, kept_back)
        if state.infeasibility == 0:
            if not start:
                self.try_outlines(state)
            self.try_events_at_once(state)
            self.try_at_once(state)
        if not self.proved(state):
            Search(frame, state, self.left(kept_back), self.bound, self.better).run()
        if state.infeasibility == 0 and not self.proved(state) and self.bounded:
            self.bound = max(self.bound, objective_bound(frame, self.left()))
        if self.whole_only and state.infeasibility:
            return Solved(Status.UNKNOWN, (), 0, 0, 0, None, self.elapsed)
        return self.solved(state, Status.OPTIMAL if self.proved(state) else Status.FEASIBLE)

    def first_week(self, start: Week | None) -> tuple[Status, Week | None]:
        """The given one if it breaks nothing (FEASIBLE); else what the whole model finds; else lessons placed one by one (UNKNOWN)."""
        frame = self.frame
        if self.whole_only and hopeless(frame):
            return Status.INFEASIBLE, None
        if start is not None and State(frame, start).infeasibility == 0:
            return Status.FEASIBLE, start
        if choices(frame) <= MOST_CHOICES:
            limits = self.step_limits(FIRST_SHARE, FIRST_SECONDS, FIRST_WORK)
            empty = frame.empty_week()
            changes = nearest(frame, start, limits) if start is not None else {}
            if changes:
                return Status.FEASIBLE, [changes.get(event, meets) for event, meets in enumerate(empty)]
            if self.options.workers > 1:
                return self.race(start)
            status, week = self.by_the_whole(limits)
            if week is not None or (self.whole_only and status is Status.INFEASIBLE):
                return status, week
        return Status.UNKNOWN, self.one_by_one(start, self.options.stop)

    def by_the_whole(self, limits: StepLimits) -> tuple[Status, Week | None]:
        """What the whole model finds: FEASIBLE, or UNKNOWN where that breaks rules which it leaves out; None with INFEASIBLE or UNKNOWN."""
        empty = self.frame.empty_week()
        status, changes = whole(self.frame, empty, limits, confirmed=self.whole_only)
        if not changes:
            return status, None
        found = [changes.get(event, meets) for event, meets in enumerate(empty)]
        return (Status.UNKNOWN if State(self.frame, found).infeasibility else Status.FEASIBLE), found

    def one_by_one(self, start: Week | None, stop: threading.Event, patience: float = math.inf) -> Week:
        """Lessons placed one by one."""
        self.building = Building(self.frame, self.options.seed, self.part(FIRST_SHARE, FIRST_SECONDS).seconds or FIRST_SECONDS, start)
        if not self.building.go_on(stop, patience=patience):
            week, self.building = self.building.week(stop), None
            return week
        return self.building.week(stop)

    def race(self, start: Week | None) -> tuple[Status, Week | None]:
        """The whole model and lessons placed one by one, side by side: which of them succeeds first differs from problem to problem."""
        over = Either(self.options.stop)
        limits = replace(self.step_limits(FIRST_SHARE, FIRST_SECONDS, FIRST_WORK), workers=self.options.workers - 1, stop=over)
        with ThreadPoolExecutor(1) as pool:
            model = pool.submit(self.by_the_whole, limits)
            model.add_done_callback(lambda done: over.set() if done.exception() or self.is_verdict(*done.result()) else None)
            try:
                placed = self.one_by_one(start, over, math.inf if self.whole_only else PATIENCE_SECONDS)
                if State(self.frame, placed).infeasibility == 0:
                    return Status.FEASIBLE, placed
                status, week = model.result(timeout=0) if model.done() else (Status.UNKNOWN, None)
            finally:
                over.set()
        return (status, week) if self.is_verdict(status, week) else (Status.UNKNOWN, placed)

    def is_verdict(self, status: Status, week: Week | None) -> bool:
        """Whether nothing further need be looked for."""
        return week is not None or (self.whole_only and status is Status.INFEASIBLE)

    def repaired(self, state: State, kept_back: float = 0.0) -> State:
        """Search until nothing required is broken, wishes aside; with several workers, lessons are placed one by one anew beside it."""
        if state.infeasibility == 0:
            return state
        if self.options.workers <= 1 or choices(self.frame) > MOST_CHOICES:
            return Search(self.frame, state, self.left(kept_back), sys.maxsize, self.better).run()
        over = Either(self.options.stop)
        search = Search(self.frame, state, replace(self.left(kept_back), stop=over), sys.maxsize, self.better, self.is_nearly_placed)
        with ThreadPoolExecutor(1) as pool:
            searching = pool.submit(search.run)
            searching.add_done_callback(lambda done: over.set())
            try:
                placed = self.placed_anew(over, search)
            finally:
                over.set()
            searching.result()
        return state if placed is None or state.infeasibility == 0 else placed

    def is_nearly_placed(self) -> bool:
        """Whether placing lessons one by one lacks little."""
        building = self.building
        return building is not None and building.fewest_waiting <= NEARLY_PLACED

    def is_far_behind(self, searched: State) -> bool:
        """Whether placing lessons one by one lacks far more than the week of the search."""
        return self.building is not None and self.building.fewest_waiting > NEARLY_PLACED + FAR_BEHIND * searched.infeasibility

    def placed_anew(self, over: threading.Event, search: Search) -> State | None:
        """Go on placing lessons one by one, from another beginning when that leads no further, until every one has its place.

        The other beginning is the week in which the search has stalled, where that lacks no more; else an empty one, or each in turn where every
        turn is used up.
        """
        seed, in_its_week = self.options.seed, False
        while not over.is_set():
            is_far_behind = self.is_far_behind(search.state)
            if is_far_behind and not search.is_stalled:
                over.wait(REST_SECONDS)
                continue
            if self.building is None or is_far_behind:
                seed += 1
                start = list(search.state.week) if in_its_week or is_far_behind else None
                self.building = Building(self.frame, seed, ANEW_SECONDS, start)
            goes_on = self.building.go_on(over, ANEW_SECONDS, ANEW_PATIENCE_SECONDS, few=0)
            if self.building.is_complete:
                found = State(self.frame, self.building.week(over))
                if found.infeasibility == 0:
                    self.better(found)
                    return found
            lacks_no_more = search.is_stalled and search.state.infeasibility <= self.building.fewest_waiting
            if lacks_no_more or not goes_on:
                in_its_week = search.is_stalled and (goes_on or not in_its_week)
                self.building = None
        return None

    def try_at_once(self, state: State) -> None:
        """Solve the whole of a small problem to the end, or as far as its share of the time goes."""
        if choices(self.frame) > MOST_CHOICES_AT_ONCE or self.proved(state):
            return
        self.take(state, at_once(self.frame, state.week, self.step_limits(AT_ONCE_SHARE, AT_ONCE_SECONDS, AT_ONCE_WORK)))

    def try_outlines(self, state: State) -> None:
        """Whole weeks in two stages, where idle times or busy days of resources cost something."""
        points = zip(self.frame.points, state.deviations, strict=True)
        if choices(self.frame) <= MOST_CHOICES and any(deviation and isinstance(point, IdlePoint | ClusterPoint) for point, deviation in points):
            for changes in whole_outlines(self.frame, state.week, self.step_limits(OUTLINE_SHARE, OUTLINE_SECONDS, OUTLINE_WORK)):
                before = state.total
                self.take(state, AtOnce(changes, 0))
                if state.total == before:
                    return

    def try_events_at_once(self, state: State) -> None:
        """Solve the wishes of events for the whole, where they cost something: the search for those of resources begins from there."""
        points = self.frame.points
        costs = (deviation and not isinstance(point, ResourcePoint) for point, deviation in zip(points, state.deviations, strict=True))
        if choices(self.frame) <= MOST_CHOICES and any(costs):
            self.take(state, events_at_once(self.frame, state.week, self.step_limits(AT_ONCE_SHARE, AT_ONCE_SECONDS, AT_ONCE_WORK)))

    def take(self, state: State, found: AtOnce) -> None:
        """Keep what a model of the whole has found, if it is better, and its bound."""
        self.bound = max(self.bound, found.bound)
        if found.changes:
            better = state.copy()
            better.apply(found.changes)
            if better.total < state.total:
                state.apply(found.changes)
                self.better(state)

    def proved(self, state: State) -> bool:
        return state.infeasibility == 0 and state.objective == self.bound

    # --- limits ----------------------------------------------------------------------------------------------------------------------

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def left(self, kept_back: float = 0.0) -> SolveOptions:
        if self.options.seconds is None:
            return self.options
        return replace(self.options, seconds=max(0.05, self.options.seconds - self.elapsed - kept_back))

    def part(self, share: float, most: float) -> SolveOptions:
        """A share of what is left of the time."""
        left = self.left()
        return replace(left, seconds=most if left.seconds is None else min(most, share * left.seconds))

    def step_limits(self, share: float, seconds: float, work: float) -> StepLimits:
        """Of one large step: by the clock, or by work where the search is to be the same every time."""
        options = self.options
        deterministic = None if options.deterministic_limit is None else min(work, options.deterministic_limit)
        wall = None if deterministic is not None and options.seconds is None else self.part(share, seconds).seconds
        return StepLimits(wall, deterministic, options.seed, workers=1 if deterministic else options.workers, stop=options.stop)

    # --- telling ---------------------------------------------------------------------------------------------------------------------

    def better(self, state: State) -> None:
        self.best_after = self.elapsed
        if state.infeasibility == 0 and self.feasible_after is None:
            self.feasible_after = self.elapsed
        self.listener(Progress("timetable", state.objective, self.bound, self.elapsed, detail=str(state.infeasibility)))
        if self.on_better is not None:
            self.on_better(self.solved(state, Status.FEASIBLE))

    def solved(self, state: State, status: Status) -> Solved:
        meetings = tuple(self.frame.meetings_of(state.week))
        wishes: dict[str, int] = defaultdict(int)
        for index, point in enumerate(self.frame.points):
            if state.deviations[index] and point.weight and not point.required:
                wishes[point.rule] += state.cost_of(index) // point.weight
        return Solved(status, meetings, state.infeasibility, state.objective, self.bound, self.feasible_after, self.best_after, dict(wishes))


def hopeless(frame: Frame) -> bool:
    """Whether something is required of a resource that no event can ever have: a least number of busy days, say."""
    state = State(frame, frame.empty_week())
    points = zip(frame.points, state.deviations, strict=True)
    return any(p.required and deviation and isinstance(p, ResourcePoint) and not frame.events_of[p.resource] for p, deviation in points)


def choices(frame: Frame) -> int:
    """Starts of all lessons, and resources for each that chooses some."""
    starts = [sum(map(len, bundle.shapes.values())) for bundle in frame.bundles]
    own = ((frame.bundle_of[event], sum(len(role.allowed) for role in roles)) for event, roles in enumerate(frame.open))
    return sum(starts) + sum(starts[bundle] * amount for bundle, amount in own)
