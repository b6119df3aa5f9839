"""One scope from the first solution down through its levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scheduler.cp.lexico import Budget, Descent, Target
from scheduler.cp.run import Parameters
from scheduler.domain.plan import Level, Plan, Status
from scheduler.domain.solving import Listener, SolveOptions, silent
from scheduler.workload.classes import HandOut, hand_out, start_from, start_from_plan, wali_elsewhere
from scheduler.workload.improvement import Improvement
from scheduler.workload.levels import LEVELS, MINOR_LEVELS, ends_the_choice
from scheduler.workload.model import PARAMETERS, built
from scheduler.workload.priority import choose_by_priority
from scheduler.workload.scope import Scope
from scheduler.workload.variables import Variables

MAJOR_SHARE = 0.5
SHARES: Mapping[str, float] = {"below_minimum": 0.3, "optional_duty_units": 0.25, **dict.fromkeys(MINOR_LEVELS, 0.15)}
"""Part of the time left that one level may take, of 1a to 5b and of those that get less: of a large district ``below_minimum`` is within a hundredth
of its bound (counted in valid teachers), and ``optional_duty_units`` within a twentieth, long before time has brought either nearer."""

BY_PARTS = frozenset({"shortfall_jtm"})
"""Levels of which the subject families, each solved by itself, prove more than the relaxation of the whole: of visits, say, they do not."""

SEVERAL_WORKERS: Parameters = {**PARAMETERS, "subsolvers": ("max_lp_sym", "reduced_costs", "quick_restart", "core")}
"""CP-SAT's own choice for two workers has no full relaxation among them. The one that knows symmetries (``_sym``) takes a cut found for one
teacher to all who are alike: of 63 visits in the largest part of the kabupaten of 88 it proves 54 in 15 s, ``max_lp`` 36 in 40 s."""

MANY_TEACHERS = 150
"""From so many teachers on, a part of the sharing graph is also improved by freeing some teachers at a time."""


@dataclass(frozen=True, slots=True)
class Division:
    """The work of one scope divided: levels, teachers of needs, holders of units; empty but for the status where there is no plan."""

    status: Status
    levels: tuple[Level, ...] = ()
    variables: Variables | None = None
    values: tuple[int, ...] = ()
    handed_out: HandOut | None = None
    priority_proved: bool = False


def heard(scope: Scope, listener: Listener) -> Listener:
    """Nobody wants to hear of a part without teachers or without needs: there is nothing to decide in it."""
    return listener if scope.teachers and scope.groups else silent


def divide(
    scope: Scope,
    names: Sequence[str],
    options: SolveOptions,
    listener: Listener = silent,
    by_priority: bool = True,
    start: Sequence[HandOut] = (),
    plan: Plan | None = None,
) -> Division:
    """Minimise the named levels in their order; by Prioritas in between.

    Returns OPTIMAL only where every level and the choice by Prioritas are proved. A limit of time gives FEASIBLE (or UNKNOWN), with a value and
    a bound for every level. ``start`` are divisions of single schools and ``plan`` is a plan of the whole to begin with: nothing worse comes out.
    """
    variables = built(scope)
    targets = [Target(name, LEVELS[name](variables), SHARES.get(name, MAJOR_SHARE), name in BY_PARTS) for name in names]
    parameters = PARAMETERS if options.workers == 1 else SEVERAL_WORKERS
    budget = Budget(options)
    is_large = len(scope.teachers) >= MANY_TEACHERS
    around = Improvement(variables, targets, options.seed) if is_large else None
    part_of = {variable.index: scope.case.family_of(t) for t, variable in variables.of_teachers()} if is_large else None
    decisions = variables.decisions()
    descent = Descent(variables.builder, targets, decisions, budget, heard(scope, listener), label_of(scope), parameters, around, part_of)
    starts = [start_from(variables, start)] if start else []
    starts += [start_from_plan(variables, plan)] if plan is not None else []
    begun = descent.begin(*starts)
    if begun in (Status.INFEASIBLE, Status.UNKNOWN):
        return Division(begun)
    priority_proved = True
    for target in targets:
        descent.minimise(target)
        if by_priority and target.name == ends_the_choice(tuple(names)):
            priority_proved = choose_by_priority(descent, variables)
    descent.measure()
    handed_out = hand_out(variables, descent.values)
    levels = tuple(with_value(level, wali_elsewhere(handed_out)) if level.name == "wali_elsewhere" else level for level in descent.levels())
    proved = priority_proved and all(level.proved for level in levels)
    return Division(Status.OPTIMAL if proved else Status.FEASIBLE, levels, variables, descent.values, handed_out, priority_proved)


def with_value(level: Level, value: int) -> Level:
    """The level with what it comes to in the end; its bound still holds."""
    return replace(level, value=value, proved=value == level.bound)


def label_of(scope: Scope) -> str:
    """Name of the part's first school, and how many more there are."""
    if not scope.schools:
        return ""
    first = scope.case.schools[scope.schools[0]].name
    return first if len(scope.schools) == 1 else f"{first} +{len(scope.schools) - 1}"
