"""A scope too large to be improved as a whole is improved part by part: some teachers freed, all others standing (large neighbourhood search)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from scheduler.cp.lexico import LEVELS_AHEAD, Budget, Descent, Target
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.workload.classes import Counts
from scheduler.workload.levels import LEVELS
from scheduler.workload.model import PARAMETERS, built
from scheduler.workload.neighbourhoods import Choice, Part, freed
from scheduler.workload.variables import Variables

STEP_WORK = 1.0
STEP_SECONDS = 10.0
"""Most that one step may take; the second only where the machine is far slower than usual, for it would make the outcome depend on it."""


SUMS_OF_PARTS = frozenset(
    {
        "uncovered_jp",
        "unfilled_duties",
        "below_minimum",
        "below_minimum_partners",
        "shortfall_jtm",
        "nonlinear_jp",
        "optional_duty_units",
        "visits",
        "travel",
        "teachers_without_hours",
    }
)
"""Levels whose gain in a part is the gain of the whole; ``changes`` asks which need of a group is whose, ``spread_jp`` for a school's whole staff."""


@dataclass(frozen=True, slots=True)
class Step:
    """A part made better: its counts, its valid teachers, and the gain in the level asked for."""

    counts: Counts
    valid: set[str]
    gain: int


class Improvement:
    """Frees some teachers after the others, as long as a round over the scope gains anything: small models, each solved in a moment."""

    def __init__(self, variables: Variables, names: Sequence[str], seed: int) -> None:
        self.variables, self.scope = variables, variables.scope
        self.names = tuple(takewhile(SUMS_OF_PARTS.__contains__, names))
        self.choice = Choice(variables.scope, seed)

    def __call__(self, place: int, to_gain: int, values: Sequence[int], limits: SolveOptions, budget: Budget) -> Mapping[int, int]:
        """Better decisions for the level at ``place`` and those after it, none above it made worse."""
        counts = Counts.read(self.variables, values)
        valid = {t for t, meets in self.variables.meets_minimum.items() if values[meets.index]}
        clock, gained = Budget(limits), place < len(self.names)
        while gained and to_gain > 0 and not clock.is_used_up(1.0):
            gained = False
            for teachers in self.choice.round():
                if to_gain <= 0 or clock.is_used_up(1.0):
                    break
                part = freed(self.scope, counts, teachers, valid)
                step = self._step(part, counts, place, clock)
                if step is not None:
                    counts = part.merged(counts, step.counts)
                    valid = valid - teachers | step.valid
                    to_gain -= step.gain
                    gained = True
        budget.work += clock.work
        return counts.values(self.variables)

    def _step(self, part: Part, counts: Counts, place: int, clock: Budget) -> Step | None:
        """The part made better; None where it could not be."""
        variables = built(part.scope)
        names = self.names[: place + LEVELS_AHEAD]
        targets = [Target(name, LEVELS[name](variables)) for name in names]
        limits = clock.part(1.0)
        seconds = STEP_SECONDS if limits.seconds is None else min(STEP_SECONDS, limits.seconds)
        work = STEP_WORK if limits.deterministic_limit is None else min(STEP_WORK, limits.deterministic_limit)
        own = Budget(replace(limits, seconds=seconds, deterministic_limit=work, workers=1))
        descent = Descent(variables.builder, targets, variables.decisions(), own, parameters=PARAMETERS)
        if descent.begin(part.inside(counts).values(variables)) in (Status.INFEASIBLE, Status.UNKNOWN):
            return None
        descent.measure()
        for target in targets[:place]:
            descent.hold(target)
        before = descent.value(targets[place])
        better = any(descent.vector()[place:]) and descent.minimise_together(targets[place:])
        clock.work += own.work
        if not better:
            return None
        descent.measure()
        met = {t for t, meets in variables.meets_minimum.items() if descent.values[meets.index]}
        return Step(Counts.read(variables, descent.values), met, before - descent.value(targets[place]))
