"""A scope too large to be improved as a whole is improved part by part: some teachers freed, all others standing (large neighbourhood search)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from scheduler.cp.lexico import LEVELS_AHEAD, Budget, Descent, Target, weighted
from scheduler.cp.relaxation import Relaxation
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

GUIDED_LEVELS = frozenset({"below_minimum", "below_minimum_partners", "shortfall_jtm"})
"""Levels whose relaxation is close to the truth, thanks to ``whole_classes``."""

GUIDED_SHARES = (0.2, 0.05, 0.02)
"""How much of what the relaxation could gain may be left: little change first, then nearly all of it."""

LARGE_EFFORT = 3.0
"""Work of a step that the relaxation proposes, or for a whole family, in that of an ordinary one."""

MOST_GUIDED = 180
"""Teachers freed in such a step: those it would move, and some near them, for whole classes ask for more exchanges than parts of classes."""

GUIDED_TIME = 0.2
"""Part of the time left that one look at the relaxation may take."""

CHANGED = 1e-6
"""A relaxed value further from a whole one than this is another."""

BETWEEN_GUIDED = 60
"""Ordinary steps before the relaxation is asked again."""

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


class Guide:
    """Whom the relaxation of the whole would move, from the solution at hand."""

    def __init__(self, variables: Variables, targets: Sequence[Target], values: Sequence[int]) -> None:
        self.variables = variables
        self.relaxation = Relaxation(variables.model)
        self.objective = weighted(targets)
        self.values = list(values)
        self.valid = {t for t, meets in variables.meets_minimum.items() if values[meets.index]}

    def follow(self, counts: Counts, valid: Collection[str]) -> None:
        """Take note of better decisions; measures stay what they were, which only makes the relaxation's aim a little nearer."""
        for place, value in counts.values(self.variables).items():
            self.values[place] = value
        self.valid = set(valid)

    def moved(self, share: float, limits: SolveOptions) -> frozenset[str]:
        """Teachers whom the nearest relaxed solution with at most ``share`` left to gain would give or take something, and all who are not valid."""
        decided = [variable.index for variable in self.variables.decisions()]
        near = self.relaxation.nearest(self.objective, self.values, decided, share, limits)
        places = [*self.variables.classes.items(), *self.variables.units.items()]
        moved = {t for (t, _), variable in places if near and abs(near[variable.index] - self.values[variable.index]) > CHANGED}
        below = {t for t in self.variables.meets_minimum if t not in self.valid}
        return frozenset(moved | below) if moved else frozenset()


class Improvement:
    """Frees some teachers after the others, as long as a round over the scope gains anything: small models, each solved in a moment.

    First each subject family as a whole, then those whom the linear relaxation of the whole would move: from the solution at hand towards its
    optimum, changing as little as it can. It sees the exchanges over many schools that no neighbourhood of one school holds.
    """

    def __init__(self, variables: Variables, targets: Sequence[Target], seed: int) -> None:
        self.variables, self.scope = variables, variables.scope
        self.targets = tuple(takewhile(lambda target: target.name in SUMS_OF_PARTS, targets))
        self.names = tuple(target.name for target in self.targets)
        self.choice = Choice(variables.scope, seed)

    def __call__(self, place: int, to_gain: int, values: Sequence[int], limits: SolveOptions, budget: Budget) -> Mapping[int, int]:
        """Better decisions for the level at ``place`` and those after it, none above it made worse."""
        counts = Counts.read(self.variables, values)
        valid = {t for t, meets in self.variables.meets_minimum.items() if values[meets.index]}
        clock, gained = Budget(limits), place < len(self.names)
        is_guided = gained and self.names[place] in GUIDED_LEVELS
        guide = Guide(self.variables, self.targets[place : place + 2], values) if is_guided else None
        while gained and to_gain > 0 and not clock.is_used_up(1.0):
            gained = False
            for teachers, effort in self._sets(guide, clock):
                if to_gain <= 0 or clock.is_used_up(1.0):
                    break
                part = freed(self.scope, counts, teachers, valid)
                step = self._step(part, counts, place, clock, effort)
                if step is not None:
                    counts = part.merged(counts, step.counts)
                    valid = valid - teachers | step.valid
                    to_gain -= step.gain
                    gained = True
                    if guide is not None:
                        guide.follow(counts, valid)
        budget.work += clock.work
        return counts.values(self.variables)

    def _sets(self, guide: Guide | None, clock: Budget) -> Iterator[tuple[frozenset[str], float]]:
        """Teachers to free, and how much effort they are worth: families, then whom the relaxation would move and a round over the scope, by turns.

        A family shares little with others, so that all of it is solved in seconds where as many teachers of several families are not.
        """
        yield from ((family, LARGE_EFFORT) for family in self.choice.families())
        ordinary = self.choice.round()
        while True:
            for share in GUIDED_SHARES:
                moved = guide.moved(share, clock.part(GUIDED_TIME)) if guide is not None else frozenset()
                if moved:
                    yield self.choice.with_some_near(moved, MOST_GUIDED), LARGE_EFFORT
            some = list(islice(ordinary, BETWEEN_GUIDED))
            yield from ((teachers, 1.0) for teachers in some)
            if len(some) < BETWEEN_GUIDED:
                return

    def _step(self, part: Part, counts: Counts, place: int, clock: Budget, effort: float = 1.0) -> Step | None:
        """The part made better; None where it could not be."""
        variables = built(part.scope)
        names = self.names[: place + LEVELS_AHEAD]
        targets = [Target(name, LEVELS[name](variables)) for name in names]
        limits = clock.part(1.0)
        seconds = effort * STEP_SECONDS if limits.seconds is None else min(effort * STEP_SECONDS, limits.seconds)
        work = effort * STEP_WORK if limits.deterministic_limit is None else min(effort * STEP_WORK, limits.deterministic_limit)
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
