"""Levels one below the other: minimise the first, hold it, minimise the next, with a value and a proved bound for each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ortools.sat.python import cp_model

from scheduler.cp.builder import Builder, least_value, total, value_of
from scheduler.cp.decomposition import Decomposition
from scheduler.cp.relaxation import Relaxation
from scheduler.cp.run import Parameters, Run, run, run_once
from scheduler.domain.plan import Level, Status
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent

FIRST_LOOK = 0.2
AROUND_SHARE = 0.7
"""Parts of a level's share for a first bound of the whole model, and then for improving it part by part, where that can be done."""

LOOK_WORK = 5.0
"""Most deterministic work of that first look: a whole model that gives no proof soon gives none for long."""

LEVELS_AHEAD = 4
LEVEL_WEIGHT = 30
"""A part is improved in a level and the next three together, each with a thirtieth of the weight of the one above it."""

LEAST_SECONDS = 0.02
LEAST_WORK = 1e-4
MEASURING_SECONDS = 30.0
"""For a step in which every decision stands and only measures are read off; it takes a fraction of it, also after Ctrl+C."""


@dataclass(frozen=True, slots=True)
class Target:
    """A level to minimise: a count of something, never below 0.

    ``share`` is the part of the time still left that it may take; ``by_parts``: parts of the model, solved one by one, prove more of it than its
    relaxation, and it is worth their time.
    """

    name: str
    expression: cp_model.LinearExpr
    share: float = 0.5
    by_parts: bool = False

    @property
    def least(self) -> int:
        """What it cannot go below, by the domains of its variables alone."""
        return max(0, least_value(self.expression))


@dataclass
class Budget:
    """Time (and, where asked for, deterministic work) of a chain of solves."""

    options: SolveOptions
    started: float = field(default_factory=time.monotonic)
    work: float = 0.0

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    @property
    def seconds_left(self) -> float | None:
        return None if self.options.seconds is None else max(0.0, self.options.seconds - self.elapsed)

    def part(self, share: float) -> SolveOptions:
        """Options of one solve that may take ``share`` of what is left."""
        seconds = None if self.seconds_left is None else share * self.seconds_left
        limit = self.options.deterministic_limit
        return replace(self.options, seconds=seconds, deterministic_limit=None if limit is None else share * max(0.0, limit - self.work))

    def is_used_up(self, share: float) -> bool:
        """Whether ``share`` of what is left is too little for a solve."""
        return self.options.stop.is_set() or exhausted(self.part(share))

    def charge(self, done: Run) -> None:
        self.work += done.deterministic_time


Around = Callable[[int, int, Sequence[int], SolveOptions, Budget], Mapping[int, int]]
"""(place of the level, most it can still gain, values of the solution at hand, limits, budget to charge) → better values of decisions."""


class Descent:
    """Walks down the levels of a model with a whole solution in hand at every step.

    A level's bound holds among all solutions that are as good in the levels above as this one. A level whose value is already the least its
    variables' domains allow is proved without a solve. Earlier levels may take more of the time; every level gets a value, for the first
    solution has one.

    Parameters
    ----------
    targets
        the levels, in their order
    decisions
        the variables that make up a plan; all others only measure them, from above, and are brought down to what they measure before a level is
        read off
    parameters
        fields of CP-SAT's ``SatParameters`` for every solve of the chain
    around
        improves the decisions part by part, for a model too large to be improved as a whole
    part_of
        name of the part to which a variable (by its index) belongs, where the model falls into parts that share little: for better bounds
    """

    def __init__(
        self,
        builder: Builder,
        targets: Sequence[Target],
        decisions: Sequence[cp_model.IntVar],
        budget: Budget,
        listener: Listener = silent,
        detail: str = "",
        parameters: Parameters | None = None,
        around: Around | None = None,
        part_of: Mapping[int, str] | None = None,
    ) -> None:
        self.builder, self.budget = builder, budget
        self.targets, self.decisions = tuple(targets), tuple(decisions)
        self.listener, self.detail = listener, detail
        self.parameters, self.around, self.part_of = parameters or {}, around, part_of or {}
        self.values: tuple[int, ...] = ()
        self.bounds: dict[str, int] = {}

    def begin(self, *starts: Mapping[int, int]) -> Status:
        """Find a first solution; OPTIMAL here means only that there is one.

        ``starts`` are values of the decisions (index of the variable → value) to begin with: the best of those that are legal, level by level.
        """
        found = [done.values for start in starts if start and (done := self._with_decisions(start)).found]
        if not found:
            first = run(self.builder.model, self.budget.part(1.0), parameters=self.parameters)
            self.budget.charge(first)
            self.values = first.values
            return first.status
        self.values = found[0] if len(found) == 1 else min(map(self._measured, found), key=self._vector_of)
        return Status.OPTIMAL

    def minimise(self, target: Target) -> None:
        """Minimise a level as far as its share of the time goes, and hold what was reached."""
        bound = target.least
        if self.value(target) > bound:
            self.measure()
        if self.value(target) > bound and self.around is not None:
            bound = self._look_and_improve(target, self.around, bound)
        if self.value(target) > bound:
            bound = self._solve(target, target.share, bound)
        value = self.value(target)
        self.hold(target)
        self.builder.model.add(target.expression >= bound)
        self.bounds[target.name] = bound
        self.listener(Progress(target.name, value, bound, self.budget.elapsed, self.detail))

    def hold(self, target: Target) -> None:
        """From here on the level may not become worse than it is."""
        self.builder.model.add(target.expression <= self.value(target))

    def value(self, target: Target) -> int:
        """Value of a level in the solution at hand."""
        return value_of(target.expression, self.values)

    def _solve(self, target: Target, share: float, bound: int, most_work: float | None = None) -> int:
        """Minimise over the whole model; returns the best bound known."""
        self.builder.model.minimize(target.expression)
        self.builder.hint(self.values)
        done = self._run(share, target.name, most_work=most_work)
        self.builder.model.clear_objective()  # type: ignore[no-untyped-call]
        self._accept(target, done)
        return bound if done.bound is None else max(bound, min(self.value(target), done.bound))

    def _accept(self, target: Target, done: Run) -> None:
        """Take a solution that is better; one that is only as good may be far worse in the levels below."""
        if done.found and done.objective is not None and done.objective < self.value(target):
            self.values = done.values

    def _look_and_improve(self, target: Target, around: Around, bound: int) -> int:
        """First bounds from the whole model, then improve part by part down to them; what the first look found is taken only where it is better.

        For a solution of the whole is good in this level alone, and parts keep what is good in those below it.
        """
        at_hand = self.values
        bound = self._solve(target, FIRST_LOOK * target.share, bound, LOOK_WORK)
        seen, self.values = self.values, at_hand
        if value_of(target.expression, seen) > bound:
            bound = max(bound, self._relaxed_bound(target))
        if self.value(target) > bound:
            limits = self.budget.part(AROUND_SHARE * target.share)
            better = around(self.targets.index(target), self.value(target) - bound, self.values, limits, self.budget)
            self._take_if_better(better)
        if value_of(target.expression, seen) < self.value(target):
            self.values = seen
        return bound

    def _relaxed_bound(self, target: Target) -> int:
        """What the relaxation of the whole proves, and what its prices prove of the parts; the least there can be where the time is too short."""
        model, share = self.builder.model, AROUND_SHARE * target.share
        found = [Relaxation(model).bound(target.expression, self.budget.part(share))]
        if target.by_parts and self.part_of and not self.budget.is_used_up(share):
            found.append(Decomposition(model, target.expression, self.part_of).bound(self.budget.part(share)))
        return max((bound for bound in found if bound is not None), default=target.least)

    def _take_if_better(self, decisions: Mapping[int, int]) -> None:
        before, values = self.vector(), self.values
        done = self._with_decisions(decisions)
        if done.found:
            self.values = done.values
            self.measure()
            if self.vector() > before:
                self.values = values

    def vector(self) -> tuple[int, ...]:
        """Values of all levels in the solution at hand."""
        return self._vector_of(self.values)

    def _vector_of(self, values: Sequence[int]) -> tuple[int, ...]:
        return tuple(value_of(target.expression, values) for target in self.targets)

    def _measured(self, values: tuple[int, ...]) -> tuple[int, ...]:
        """The solution with its measures brought down to what they measure."""
        self.values = values
        self.measure()
        return self.values

    def minimise_together(self, targets: Sequence[Target]) -> bool:
        """Minimise some levels in one solve, each with more weight than the next; take what is better level by level, and say whether it is.

        Minimising one level alone would lay waste to all that is good in those below it.
        """
        before, values = self.vector(), self.values
        self.builder.model.minimize(weighted(targets))
        self.builder.hint(self.values)
        done = self._run(1.0, "")
        self.builder.model.clear_objective()  # type: ignore[no-untyped-call]
        if done.found:
            self.values = done.values
            if self.vector() >= before:
                self.values = values
        return self.values is not values

    def prefer(self, claims: Sequence[cp_model.IntVar], share: float, stage: str) -> bool:
        """Make the claims true in order of their rank: the first wherever possible, then the second …; returns whether each choice is proved.

        A claim that holds in the solution at hand is held without a solve; for the others one solve each asks whether it could hold, all of them
        together in their ``share`` of the time left.
        """
        self.measure()
        open_claims = sum(self.values[claim.index] == 0 for claim in claims)
        proved = True
        for claim in claims:
            known = self.values[claim.index] == 1 or self._try(claim, share / max(1, open_claims), stage)
            proved &= known
            if known:  # an open claim may be true of the decisions at hand, though no solve has measured it yet
                self.builder.model.add(claim == self.values[claim.index])
        return proved

    def _try(self, claim: cp_model.IntVar, share: float, stage: str) -> bool:
        self.builder.model.maximize(claim)
        self.builder.hint(self.values)
        self.listener(Progress(stage, seconds=self.budget.elapsed, detail=self.detail))
        done = self._run(share, "")
        self.builder.model.clear_objective()  # type: ignore[no-untyped-call]
        if done.found and done.values[claim.index] == 1:
            self.values = done.values
            return True
        return done.status is Status.OPTIMAL

    def measure(self) -> None:
        """With the decisions fixed, bring the variables that only measure them down to what they measure, also after Ctrl+C.

        What one level measures does not hinder another, so that their sum brings each of them down.
        """
        if any(self.value(t) > self.bounds.get(t.name, t.least) for t in self.targets):
            # All of them: what is left out of the sum may rise, also from the least it can be.
            self.builder.model.minimize(total((1, target.expression) for target in self.targets))
            done = self._with_decisions({decision.index: self.values[decision.index] for decision in self.decisions})
            self.builder.model.clear_objective()  # type: ignore[no-untyped-call]
            if done.found:
                self.values = done.values

    def _with_decisions(self, values: Mapping[int, int]) -> Run:
        """A solve in which the decisions stand."""
        options = replace(self.budget.options, seconds=MEASURING_SECONDS, deterministic_limit=None, workers=1, stop=threading.Event())
        self.builder.hint(values.values(), values.keys())
        return run_once(self.builder.model, options, parameters={"fix_variables_to_their_hinted_value": True})

    def levels(self) -> tuple[Level, ...]:
        """Name, value, bound and proof of every level that was minimised, the values read from the solution at hand."""
        done = [target for target in self.targets if target.name in self.bounds]
        values = [(target.name, self.value(target), self.bounds[target.name]) for target in done]
        return tuple(Level(name, value, bound, value == bound) for name, value, bound in values)

    def _run(self, share: float, stage: str, parameters: Parameters | None = None, most_work: float | None = None) -> Run:
        def heard(best: int | None, bound: int | None) -> None:
            self.listener(Progress(stage, best, bound, self.budget.elapsed, self.detail))

        options = self.budget.part(share)
        if exhausted(options):
            return Run(Status.UNKNOWN)
        if most_work is not None:
            options = replace(options, deterministic_limit=min(most_work, options.deterministic_limit or most_work))
        done = run_once(self.builder.model, options, heard if stage else None, {**self.parameters, **(parameters or {})})
        self.budget.charge(done)
        return done


def weighted(targets: Sequence[Target]) -> cp_model.LinearExpr:
    """Some levels in one sum, each with more weight than the next."""
    return total((LEVEL_WEIGHT ** (len(targets) - 1 - place), target.expression) for place, target in enumerate(targets))


def exhausted(options: SolveOptions) -> bool:
    """Whether so little is left of the limits that a solve would only cost its own preparation."""
    no_time = options.seconds is not None and options.seconds < LEAST_SECONDS
    return no_time or (options.deterministic_limit is not None and options.deterministic_limit < LEAST_WORK)
