"""Fix and optimise: free a part of the week, solve it exactly, keep what is at least as good; again until time is up.

Sub-models have only what is free. Several workers free different parts of the same week at once; with one worker and a limit of work instead of
time the search is the same every time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from random import Random

from scheduler.cp.builder import Builder
from scheduler.cp.run import Run, run_once
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.timetable.frame import Frame, Week
from scheduler.timetable.neighbourhoods import NEIGHBOURHOODS, Freed, Neighbourhood
from scheduler.timetable.objectives import build_objective
from scheduler.timetable.rules import post_rules
from scheduler.timetable.variables import Scope, Variables

STEP_WORK = 1.0
"""Deterministic time of one sub-solve; about a second."""

SMALLEST, FIRST_SIZE = 12, 40
"""Lessons freed at least, and at the beginning."""

IDLE_STEPS = 200
"""Steps without gain after which a search without any limit ends."""


@dataclass
class Arm:
    """A neighbourhood with what experience has taught: how many lessons to free, and how often it has paid of late."""

    neighbourhood: Neighbourhood
    size: float = FIRST_SIZE
    merit: float = 1.0

    def learn(self, run: Run, gained: bool) -> None:
        """Larger where the step was solved to the end with little work, smaller where it was not."""
        if run.status is not Status.OPTIMAL:
            self.size = max(SMALLEST, self.size * 0.9)
        elif run.deterministic_time < STEP_WORK / 4:
            self.size *= 1.1
        self.merit = 0.9 * self.merit + (0.1 if gained else 0.005)


@dataclass
class Search:
    """The best week so far, shared by the workers."""

    frame: Frame
    options: SolveOptions
    week: Week
    lowest: int
    improved: Callable[[Week, int], None]
    started: float = field(default_factory=time.monotonic)
    work: float = 0.0
    barren: int = 0

    def __post_init__(self) -> None:
        self.cost = self.frame.cost(self.week)
        self.rng = Random(self.options.seed)
        self.arms = [Arm(neighbourhood) for neighbourhood in NEIGHBOURHOODS]
        self.lock = threading.Lock()

    def run(self) -> None:
        workers = max(1, self.options.workers)
        if workers == 1:
            self._work()
            return
        with ThreadPoolExecutor(workers) as pool:
            for future in [pool.submit(self._work) for _ in range(workers)]:
                future.result()

    def _work(self) -> None:
        while (left := self._left()) is not None:
            with self.lock:
                arm = self.rng.choices(self.arms, [arm.merit for arm in self.arms])[0]
                week, cost = self.week, self.cost
                freed = arm.neighbourhood(self.frame, week, self.rng, round(arm.size))
                seed = self.rng.randrange(2**31)
            run, found = solve_part(self.frame, week, cost, freed, replace(left, seed=seed))
            with self.lock:
                gained = self._accept(found)
                arm.learn(run, gained)
                self.work += run.deterministic_time
                self.barren = 0 if gained else self.barren + 1

    def _left(self) -> SolveOptions | None:
        """Limits of the next step, or None when the search is over."""
        options = self.options
        if options.stop.is_set() or self.cost <= self.lowest:
            return None
        seconds = None if options.seconds is None else options.seconds - (time.monotonic() - self.started)
        work = STEP_WORK if options.deterministic_limit is None else min(STEP_WORK, options.deterministic_limit - self.work)
        if (seconds is not None and seconds <= 0.05) or work <= 0:
            return None
        if seconds is None and options.deterministic_limit is None and self.barren >= IDLE_STEPS:
            return None
        return SolveOptions(seconds, 1, options.seed, work, options.stop)

    def _accept(self, found: Week | None) -> bool:
        """Keep a week that is at least as good; whether it is better."""
        if found is None:
            return False
        cost = self.frame.cost(found)
        if cost > self.cost:
            return False
        better = cost < self.cost
        self.week, self.cost = found, cost
        if better:
            self.improved(found, cost)
        return better


def solve_part(frame: Frame, week: Week, cost: int, freed: Freed, options: SolveOptions) -> tuple[Run, Week | None]:
    """The best week that differs from ``week`` only in what is freed, as far as the limits allow."""
    builder = Builder()
    variables = Variables(builder.model, Scope.freeing(frame, week, freed.chosen, freed.days))
    post_rules(builder, variables)
    objective = build_objective(variables, cost)
    builder.model.minimize((objective.greatest_guide + 1) * objective.cost + objective.guide)
    variables.hint(week)
    run = run_once(builder.model, options, parameters={"linearization_level": 2})
    return run, variables.read(run.values) if run.found else None
