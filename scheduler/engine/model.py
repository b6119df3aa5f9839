"""One step of the search: the sub-model of what is freed, built from that alone, solved, and read back."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from ortools.sat.python import cp_model

from scheduler.cp.run import Parameters, Run, run, run_once
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.engine.costs import Costs
from scheduler.engine.frame import Frame, Meet, Week
from scheduler.engine.patterns import Days
from scheduler.engine.points import ClusterPoint, IdlePoint, LinkPoint, ResourcePoint
from scheduler.engine.rules import POSTS, Posting
from scheduler.engine.scope import Freed
from scheduler.engine.variables import Expression, Variables

FIRST: Parameters = {"linearization_level": 0}
"""Feasibility is found fastest without linear relaxations."""

LARGEST_NOISE = 3
"""A step with noise prefers, among equal costs, starts that a die likes."""


@dataclass(frozen=True, slots=True)
class StepLimits:
    """``seconds`` of wall time since the limits were set, or ``deterministic`` work in CP-SAT's own measure.

    ``noise`` looks for another timetable of the same cost too. One worker, except for models of the whole.
    """

    seconds: float | None = None
    deterministic: float | None = None
    seed: int = 0
    noise: bool = False
    workers: int = 1
    stop: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)

    @property
    def options(self) -> SolveOptions:
        """For the solver: what building the model has taken is gone."""
        seconds = None if self.seconds is None else max(0.05, self.seconds - (time.monotonic() - self.began))
        return SolveOptions(seconds=seconds, workers=self.workers, seed=self.seed, deterministic_limit=self.deterministic, stop=self.stop)

    def part(self, share: float) -> SolveOptions:
        """For one of several solves: a share of the limits."""
        whole = replace(self, began=time.monotonic()).options
        deterministic = None if self.deterministic is None else share * self.deterministic
        return replace(whole, seconds=None if self.seconds is None else share * self.seconds, deterministic_limit=deterministic)


@dataclass(frozen=True, slots=True)
class Step:
    """What a step found.

    ``changes`` has all meets of each event that was freed; empty where nothing was found. ``finished``: no better way to put the freed lessons back
    exists. ``work`` in CP-SAT's deterministic time.
    """

    changes: Mapping[int, tuple[Meet, ...]]
    finished: bool
    work: float


class NoLongerWantedError(Exception):
    """Whoever asked for a model has what they need from elsewhere."""


class SubModel:
    """The model of what is freed.

    Parameters
    ----------
    deviations
        of every point in the week as it is; a required point without deviation is kept whole, one with a deviation costs
    wishes
        whether the wishes are paid for
    pruned, most_idle
        leave out days far worse than those of the week as it is; where they are not, those with more idle times than that
    only
        the points that are kept or paid for at all (None = all)
    stop
        where it is set before the model stands, NoLongerWantedError is raised
    """

    def __init__(
        self,
        frame: Frame,
        week: Week,
        deviations: Sequence[int],
        freed: Freed,
        wishes: bool = True,
        pruned: bool = True,
        only: Collection[int] | None = None,
        stop: threading.Event | None = None,
        most_idle: int | None = None,
    ) -> None:
        self.model = cp_model.CpModel()
        strict = [point.required and not deviation for point, deviation in zip(frame.points, deviations, strict=True)]
        if only is not None:
            strict = [keeps and index in only for index, keeps in enumerate(strict)]
        self.variables = Variables(self.model, frame, week, freed, strict)
        self.costs = Costs(self.model)
        self.kept_apart = self.linked_apart = False
        self.days = Days(self.variables, pruned, most_idle)
        posting = Posting(self.variables, self.costs, self.days)
        for event, free in self.variables.events.items():
            self._place_all(event, free.duration)
        for index in self._touched(frame):
            if stop is not None and stop.is_set():
                raise NoLongerWantedError
            point = frame.points[index]
            if (only is None or index in only) and (strict[index] or wishes or point.required):
                self.linked_apart |= isinstance(point, LinkPoint) and point.starts_only and len({frame.bundle_of[e] for e in point.events}) > 1
                POSTS[type(point)](posting, point, strict[index])

    def _place_all(self, event: int, duration: int) -> None:
        """Lessons of all lengths sum to what is free of the event, no two of them at one time."""
        free, frame = self.variables.events[event], self.variables.frame
        placed = [length * literal for (_, length), literals in free.at.items() for literal in literals]
        lost = [length * count for length, counts in free.unplaced.items() for count in counts]
        if len(frame.lengths[event].counts) == 1 and not lost:
            literals = [literal for literals in free.at.values() for literal in literals]
            amount = duration // next(iter(frame.lengths[event].counts))
            if amount == 1 and literals:
                self.model.add_exactly_one(literals)
            else:
                self.model.add(cp_model.LinearExpr.sum(literals) == amount)
        else:
            self.model.add(cp_model.LinearExpr.sum([*placed, *lost]) == duration)
        at_once: dict[int, list[cp_model.IntVar]] = {}
        for (start, length), literals in free.at.items():
            for covered in range(start, start + length):
                at_once.setdefault(covered, []).extend(literals)
        if duration > 1 and not any(resource in self.variables.clash_free for resource, _ in frame.fixed[event]):
            for literals in at_once.values():
                if len(literals) > 1:
                    self.model.add_at_most_one(literals)
            self.kept_apart |= any(length < duration for _, length in free.at)

    def _touched(self, frame: Frame) -> list[int]:
        """Points that the freed lessons can change; idle times first, for their columns serve the others."""
        of_events = (index for event in self.variables.events for index in frame.points_of_event[event])
        of_resources = (index for resource in sorted(self.variables.touched) for index in frame.points_of_resource[resource])
        found = dict.fromkeys((*of_resources, *of_events))
        return sorted(
            found, key=lambda index: (not isinstance(frame.points[index], IdlePoint), not isinstance(frame.points[index], ResourcePoint), index)
        )

    @property
    def complete(self) -> bool:
        """Whether every timetable is among the solutions.

        Left out are those in which a lesson without a place takes a resource, two lessons of an event that no clash keeps apart are at one time, an
        event with a preassigned time is split, linked events are split unlike each other, or unequal ones that only start together do so in part.
        """
        return not (self.kept_apart or self.linked_apart or any(self._is_narrowed(event) for event in self.variables.events))

    def _is_narrowed(self, event: int) -> bool:
        free, frame = self.variables.events[event], self.variables.frame
        return event in frame.narrowed or bool(free.unplaced and free.taken) or (frame.stated_time[event] is not None and frame.durations[event] > 1)

    def minimise(self) -> None:
        self.model.minimize(self.costs.total())

    def minimise_with(self, terms: Sequence[Expression], most: int) -> None:
        """Among equal costs the one with the least sum of the terms, which is ``most`` at the greatest."""
        if self.costs.fits(most + 1):
            self.model.minimize(cp_model.LinearExpr.sum([(most + 1) * self.costs.total(), *terms]))
        else:
            self.minimise()

    def minimise_with_guide(self) -> None:
        """Among equal costs the one with the most uneven days, from which one can be emptied later."""
        self.minimise_with(self.days.guide, self.days.greatest_guide)

    def minimise_with_noise(self, dice: Random) -> None:
        """Among equal costs the one that a die likes."""
        starts = [s for by_shape in self.variables.starts.values() for s in by_shape.values() if s is not self.variables.true]
        chosen = [literal for chosen in self.variables.choices.values() for literal in chosen.values()]
        most = LARGEST_NOISE * sum(free.duration * (1 + len(free.taken)) for free in self.variables.events.values())
        self.minimise_with([dice.randint(0, LARGEST_NOISE) * literal for literal in (*starts, *chosen)], most)


def step(frame: Frame, week: Week, deviations: Sequence[int], freed: Freed, limits: StepLimits) -> Step:
    """Put the freed lessons back as well as possible, everything else fixed."""
    sub = SubModel(frame, week, deviations, freed)
    if not sub.costs.fits():
        sub = SubModel(frame, week, deviations, freed, wishes=False)  # heavy wishes stand back until nothing required is broken
    return put_back(sub, limits, has_days(frame), {"linearization_level": 2})


def wide_step(frame: Frame, week: Week, deviations: Sequence[int], freed: Freed, limits: StepLimits) -> Step:
    """Put what may be most of the week back so that few rules are broken, everything else fixed, wishes aside."""
    return put_back(SubModel(frame, week, deviations, freed, wishes=False), limits, False, FIRST)


def put_back(sub: SubModel, limits: StepLimits, guided: bool, parameters: Parameters) -> Step:
    if limits.noise:
        sub.minimise_with_noise(Random(limits.seed))
    elif sub.days.guide and guided:
        sub.minimise_with_guide()
    else:
        sub.minimise()
    sub.variables.hint()
    return read(sub, run_once(sub.model, limits.options, parameters=parameters))


def has_days(frame: Frame) -> bool:
    """Whether busy days cost something."""
    return any(isinstance(point, ClusterPoint) and not point.required for point in frame.points)


def everything(week: Week) -> Freed:
    return Freed(dict(enumerate(week)), choose=frozenset(range(len(week))))


def required_model(frame: Frame, week: Week, stop: threading.Event | None = None) -> SubModel:
    """Everything free, everything required, nothing wished."""
    return SubModel(frame, week, [0] * len(frame.points), everything(week), wishes=False, pruned=False, stop=stop)


def whole_model(frame: Frame) -> cp_model.CpModel:
    """The model of which any solution is a timetable that keeps everything required."""
    return required_model(frame, frame.empty_week()).model


def whole(frame: Frame, week: Week, limits: StepLimits, confirmed: bool = False) -> tuple[Status, Mapping[int, tuple[Meet, ...]]]:
    """A first timetable that keeps everything required, wishes aside, and how the search for it ended.

    INFEASIBLE is one search's word, or with ``confirmed`` that of two with different parameters.
    """
    try:
        sub = required_model(frame, week, limits.stop)
    except NoLongerWantedError:
        return Status.UNKNOWN, {}
    search = run if confirmed else run_once
    found = search(sub.model, limits.options, parameters=FIRST)
    if found.status is Status.INFEASIBLE and not sub.complete:
        return Status.UNKNOWN, {}
    return found.status, sub.variables.read(found.values) if found.found else {}


def nearest(frame: Frame, start: Week, limits: StepLimits) -> Mapping[int, tuple[Meet, ...]]:
    """A timetable that keeps everything required, with as many lessons as possible where another week has them; empty if none is found."""
    sub = required_model(frame, frame.empty_week())
    kept = []
    hints: dict[int, tuple[cp_model.IntVar, bool]] = {}  # linked events share their literals
    for event, free in sub.variables.events.items():
        now = {(meet.start, meet.length) for meet in start[event]}
        for lesson, literals in free.at.items():
            for literal in literals:
                hints[literal.index] = (literal, lesson in now or hints.get(literal.index, (literal, False))[1])
                if lesson in now:
                    kept.append(literal)
    for literal, wanted in hints.values():
        if literal is not sub.variables.true:
            sub.model.add_hint(literal, wanted)
    sub.model.maximize(cp_model.LinearExpr.sum(kept))
    found = run_once(sub.model, limits.options, parameters={"linearization_level": 1})
    return sub.variables.read(found.values) if found.found else {}


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What the search for a best timetable of the whole has found (``changes`` as in ``Step``) and proved: no objective is below ``bound``."""

    changes: Mapping[int, tuple[Meet, ...]]
    bound: int


def at_once(frame: Frame, week: Week, limits: StepLimits) -> AtOnce:
    """The whole of a problem with all its wishes, from a week without a broken rule on."""
    return best_of(SubModel(frame, week, [0] * len(frame.points), everything(week), pruned=False), limits, {"linearization_level": 2})


def events_at_once(frame: Frame, week: Week, limits: StepLimits) -> AtOnce:
    """The same with the wishes of events alone (spread, splitting, preferred times), as if no resource had any: often solved to the end."""
    only = frozenset(number for number, point in enumerate(frame.points) if point.required or not isinstance(point, ResourcePoint))
    return best_of(SubModel(frame, week, [0] * len(frame.points), everything(week), pruned=False, only=only), limits, FIRST)


def best_of(sub: SubModel, limits: StepLimits, parameters: Parameters) -> AtOnce:
    sub.minimise()
    sub.variables.hint()
    found = run_once(sub.model, limits.options, parameters=parameters)
    return AtOnce(sub.variables.read(found.values) if found.found else {}, max(0, found.bound or 0) if sub.complete else 0)


def read(sub: SubModel, found: Run) -> Step:
    changes = sub.variables.read(found.values) if found.found else {}
    return Step(changes, found.status is Status.OPTIMAL, found.deterministic_time)
