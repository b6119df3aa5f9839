"""Fix and optimise: free a part of the week, solve it exactly, keep what is at least as good; again until time is up.

Sub-models have only what is free. Several workers free different parts of the same week at once; with one worker and a limit of work instead of
time the search is the same every time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random

from ortools.sat.python import cp_model

from scheduler.cp.builder import Builder
from scheduler.cp.run import Run, run_once
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.timetable.first import kept_starts
from scheduler.timetable.frame import Frame, Meet, Week, idle_in
from scheduler.timetable.legality import is_legal
from scheduler.timetable.neighbourhoods import Freed, Neighbourhood, related_teachers, some_classes, some_days
from scheduler.timetable.objectives import build_costs
from scheduler.timetable.outline import solve_outline
from scheduler.timetable.rules import post_rules
from scheduler.timetable.variables import Scope, Variables

STEP_WORK = 0.3
"""Deterministic time of one sub-solve; less than half a second."""

SMALLEST, FIRST_SIZE = 12, 24
"""Lessons freed at least, and at the beginning."""

FIRST_OUTLINE_SIZE = 60
"""The same for steps by outline, which are solved for far more lessons at once."""

BARREN_STEPS = 200
"""Steps in a row without gain after which a search that has no limit ends."""


class Arm:
    """A neighbourhood and how it is solved, with what experience has taught: how many lessons to free, and how often it has paid of late."""

    def __init__(self, neighbourhood: Neighbourhood, by_outline: bool = False) -> None:
        self.neighbourhood, self.by_outline = neighbourhood, by_outline
        self.size = float(FIRST_OUTLINE_SIZE if by_outline else FIRST_SIZE)
        self.merit = 1.0

    def learn(self, run: Run, gained: bool, most: int) -> None:
        """Larger where the step was solved to the end with little work, smaller where it was not."""
        if run.status is not Status.OPTIMAL:
            self.size = max(SMALLEST, self.size * 0.85)
        elif run.deterministic_time < STEP_WORK / 4:
            self.size = min(most, self.size * 1.1)
        self.merit = 0.9 * self.merit + (0.1 if gained else 0.01)


class Search:
    """The best week so far, shared by the workers.

    Parameters
    ----------
    lowest
        a bound of the cost: a week that reaches it ends the search
    former
        lessons of a former week: a change of one costs more than all wishes
    improved
        told of every better week
    """

    def __init__(
        self,
        frame: Frame,
        options: SolveOptions,
        week: Week,
        lowest: int,
        improved: Callable[[Week], None],
        former: Mapping[int, tuple[Meet, ...]] | None = None,
    ) -> None:
        self.frame, self.options, self.lowest, self.improved, self.former = frame, options, lowest, improved, former
        self.week, self.cost, self.proved = week, self.cost_of(week), False
        self._started = time.monotonic()
        self._work_done = 0.0
        self._barren = 0
        self._rng = Random(options.seed)
        self._arms = [Arm(some_days, by_outline=True), Arm(some_classes), Arm(related_teachers), Arm(some_days)]
        self._arms = self._arms[1:] if former else self._arms
        self._lessons = sum(map(len, week))
        self._lock = threading.Lock()

    def cost_of(self, week: Week) -> int:
        """What a week costs; above all else the lessons that are no longer where a former week has them."""
        moved = moved_lessons(week, self.former) if self.former else 0
        return self.frame.cost(week) + moved * cost_of_moving(self.frame)

    def run(self) -> None:
        workers = max(1, self.options.workers)
        if workers == 1:
            self._work()
            return
        with ThreadPoolExecutor(workers) as pool:
            for future in [pool.submit(self._work) for _ in range(workers)]:
                future.result()

    def _work(self) -> None:
        """One worker's loop, until the search is over."""
        while (left := self._left()) is not None:
            self._step(left)

    def _step(self, left: SolveOptions) -> None:
        with self._lock:
            arm = self._rng.choices(self._arms, [arm.merit for arm in self._arms])[0]
            base = self.week
            whole = arm.size >= self._lessons and not arm.by_outline
            freed = Freed(dict(enumerate(base))) if whole else arm.neighbourhood(self.frame, base, self._rng, round(arm.size))
            limits = replace(left, seed=self._rng.randrange(2**31), deterministic_limit=min(STEP_WORK, left.deterministic_limit or STEP_WORK))
        if arm.by_outline:
            run, week = solve_outline(self.frame, base, freed, limits)
        else:
            run, week = solve_part(self.frame, base, freed, limits, self.former, exactly=whole)
        with self._lock:
            self._work_done += run.deterministic_time
            if week is not None and base is not self.week:
                week = self._merged(week, freed)
            gained = self._accept(week)
            self._barren = 0 if gained else self._barren + 1
            arm.learn(run, gained, self._lessons)
            self.proved |= whole and run.status is Status.OPTIMAL and not self.former

    def _left(self) -> SolveOptions | None:
        """Limits of what comes next, or None when the search is over."""
        options = self.options
        if options.stop.is_set() or self.proved or self.cost <= self.lowest or self._is_former():
            return None
        seconds = None if options.seconds is None else options.seconds - (time.monotonic() - self._started)
        work = None if options.deterministic_limit is None else options.deterministic_limit - self._work_done
        if (seconds is not None and seconds <= 0.05) or (work is not None and work <= 0.001):
            return None
        if seconds is None and work is None and self._barren >= BARREN_STEPS:
            return None
        return SolveOptions(seconds, 1, options.seed, work, options.stop)

    def _is_former(self) -> bool:
        """Whether the week is the former one, lesson for lesson: nothing could be changed then that is not a change."""
        return bool(self.former) and sum(map(len, (self.former or {}).values())) == self._lessons and not moved_lessons(self.week, self.former or {})

    def _merged(self, week: Week, freed: Freed) -> Week | None:
        """What was found in the freed part, put into the week that another worker has changed meanwhile; None where they do not go together."""
        merged = list(self.week)
        for bundle in freed.chosen:
            merged[bundle] = week[bundle]
        if is_legal(self.frame, merged):
            return merged
        return week

    def _accept(self, week: Week | None) -> bool:
        """Keep a week that is at least as good; whether it is better."""
        if week is None:
            return False
        cost = self.cost_of(week)
        if cost > self.cost:
            return False
        better = cost < self.cost
        self.week, self.cost = week, cost
        if better:
            self.improved(week)
        return better


def solve_part(
    frame: Frame, week: Week, freed: Freed, options: SolveOptions, former: Mapping[int, tuple[Meet, ...]] | None, exactly: bool = False
) -> tuple[Run, Week | None]:
    """The best week that differs from ``week`` only in what is freed, as far as the limits allow.

    With a former week: the one with most lessons where that has them, and of those the best. Without: among equal costs the most uneven days.
    Unless it is to be solved ``exactly``, days far worse than now are left out.
    """
    builder = Builder()
    variables = Variables(builder.model, Scope.freeing(frame, week, freed.chosen, freed.days))
    post_rules(builder, variables)
    costs = build_costs(variables, idle_hours(frame, week), now=None if exactly else frame.busy_points(week))
    if former is None:
        builder.model.minimize(costs.with_guide())
    else:
        kept = kept_starts(variables, former)
        moved = cost_of_moving(frame) * (len(kept) - cp_model.LinearExpr.sum(list(kept.values())))
        builder.model.minimize(cp_model.LinearExpr.sum([costs.weighted(), moved]))
    variables.hint(week)
    run = run_once(builder.model, options, parameters={"linearization_level": 1})
    return run, variables.read(run.values) if run.found else None


def moved_lessons(week: Week, former: Mapping[int, tuple[Meet, ...]]) -> int:
    """Lessons of a former week that are not where they were."""
    return sum(
        len({(time, shape) for time, shape, _ in meets} - {(time, shape) for time, shape, _ in week[bundle]}) for bundle, meets in former.items()
    )


def cost_of_moving(frame: Frame) -> int:
    """More than all wishes of a week can cost together."""
    idle = sum(term.weight * len(term.times) for term in frame.idle_terms)
    days = sum(term.weight * len(term.groups) for term in frame.days_terms)
    return 1 + idle + days + sum(frame.unwanted.values())


def idle_hours(frame: Frame, week: Week) -> int:
    """Idle times of all resources together: with lexicographic weights no better week has a day with more."""
    busy = frame.busy_points(week)
    return sum(idle_in(term, busy[term.resource]) for term in frame.idle_terms)
