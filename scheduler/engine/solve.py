"""A timetabling problem solved: a first timetable, then ever better ones until the limit, with what is proved about the best."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scheduler.domain.plan import Status
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent
from scheduler.domain.timetabling import Meeting, TimetablingProblem
from scheduler.engine.bounds import objective_bound
from scheduler.engine.first import constructed
from scheduler.engine.frame import Frame, Week
from scheduler.engine.model import StepLimits, whole
from scheduler.engine.search import Search
from scheduler.engine.state import State

FIRST_SHARE, FIRST_SECONDS, FIRST_WORK = 0.3, 40.0, 20.0
"""The whole model gets at most this share of the time, so many seconds, or so much of CP-SAT's own work, for a timetable without broken rules."""

BOUND_SHARE, BOUND_SECONDS = 0.05, 15.0
"""Of the time, for what no timetable can be better than."""

MOST_CHOICES = 400_000
"""A whole model of more starts and choices would take longer to build than lessons take to be placed one by one."""


@dataclass(frozen=True, slots=True)
class Solved:
    """How the search for a timetable ended.

    ``status`` is OPTIMAL only where nothing required is broken and the objective is proved; FEASIBLE is a timetable, whatever it breaks
    (``infeasibility``); UNKNOWN is none. ``bound`` is a proved lower bound of the objective of every timetable without infeasibility.
    ``feasible_after`` and ``best_after`` are seconds since the start (None = never).
    """

    status: Status
    meetings: tuple[Meeting, ...]
    infeasibility: int
    objective: int
    bound: int
    feasible_after: float | None
    best_after: float


OnBetter = Callable[[Solved], None]


def solve_problem(
    problem: TimetablingProblem,
    options: SolveOptions,
    listener: Listener = silent,
    start: Sequence[Meeting] = (),
    on_better: OnBetter | None = None,
    pinned: Sequence[Meeting] = (),
) -> Solved:
    """Solve until the bound is reached, or ``options.seconds``, ``options.deterministic_limit`` or ``options.stop`` ends the search.

    Parameters
    ----------
    start
        a timetable to go on from; lessons that it leaves out have no place yet
    on_better
        told of every better timetable; it may save it
    pinned
        lessons that stay exactly where they are
    """
    return Solving(Frame(problem), options, listener, on_better).run(start, pinned)


class Solving:
    """One solve, and what it has found so far."""

    def __init__(self, frame: Frame, options: SolveOptions, listener: Listener, on_better: OnBetter | None) -> None:
        self.frame, self.options, self.listener, self.on_better = frame, options, listener, on_better
        self.started = time.monotonic()
        self.bound = 0
        self.feasible_after: float | None = None
        self.best_after = 0.0

    def run(self, start: Sequence[Meeting], pinned: Sequence[Meeting]) -> Solved:
        frame = self.frame
        state = State(frame, self.first_week(frame.week_of(start) if start else None))
        self.better(state)
        self.bound = objective_bound(frame, self.part(BOUND_SHARE, BOUND_SECONDS))
        Search(frame, state, self.left(), self.bound, self.better).run()
        proved = state.infeasibility == 0 and state.objective == self.bound
        return self.solved(state, Status.OPTIMAL if proved else Status.FEASIBLE)

    def first_week(self, start: Week | None) -> Week:
        """The given one if it breaks nothing; else what the whole model finds; else lessons placed one by one."""
        frame = self.frame
        if start is not None and State(frame, start).infeasibility == 0:
            return start
        if choices(frame) <= MOST_CHOICES:
            part = self.part(FIRST_SHARE, FIRST_SECONDS)
            limits = StepLimits(part.seconds, FIRST_WORK if part.deterministic_limit else None, self.options.seed, stop=self.options.stop)
            empty = frame.empty_week()
            changes = whole(frame, empty, limits)[1].changes
            if changes:
                return [changes.get(event, meets) for event, meets in enumerate(empty)]
        return constructed(frame, self.options.seed, self.part(FIRST_SHARE, FIRST_SECONDS).seconds or FIRST_SECONDS, self.options.stop, start)

    # --- limits ----------------------------------------------------------------------------------------------------------------------

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def left(self) -> SolveOptions:
        if self.options.seconds is None:
            return self.options
        return replace(self.options, seconds=max(0.05, self.options.seconds - self.elapsed))

    def part(self, share: float, most: float) -> SolveOptions:
        """A share of what is left of the time."""
        left = self.left()
        return replace(left, seconds=most if left.seconds is None else min(most, share * left.seconds))

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
        return Solved(status, meetings, state.infeasibility, state.objective, self.bound, self.feasible_after, self.best_after)


def choices(frame: Frame) -> int:
    """Starts of all lessons, and resources for each that chooses some."""
    starts = [sum(map(len, bundle.shapes.values())) for bundle in frame.bundles]
    own = ((frame.bundle_of[event], sum(len(role.allowed) for role in roles)) for event, roles in enumerate(frame.open))
    return sum(starts) + sum(starts[bundle] * amount for bundle, amount in own)
