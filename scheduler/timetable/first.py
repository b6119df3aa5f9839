"""The first weeks: any that keeps the rules, and one close to a former week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ortools.sat.python import cp_model

from scheduler.cp.builder import Builder
from scheduler.cp.run import Run, run, run_once
from scheduler.domain.solving import SolveOptions
from scheduler.timetable.frame import Frame, Meet, Shape, Week
from scheduler.timetable.rules import post_rules
from scheduler.timetable.variables import Scope, Variables

FEASIBILITY: Mapping[str, int] = {"linearization_level": 0, "symmetry_level": 0}
"""Parameters of a search without an objective: clauses alone are far quicker than with their linear relaxation or with symmetries sought for."""

FIRST_WORK = 2.0
"""Deterministic time for filling all grids at once; 27 full classes of short lessons take 1, and where it takes longer it may take very long."""

CLOSER_WORK = 4.0
"""Deterministic time for coming close to a former week."""


def whole_model(frame: Frame) -> tuple[Builder, Variables]:
    builder = Builder()
    variables = Variables(builder.model, Scope.whole(frame))
    post_rules(builder, variables)
    return builder, variables


def first_week(frame: Frame, options: SolveOptions) -> tuple[Run, Week | None]:
    """Any week that keeps the rules; INFEASIBLE only when two runs have proved it."""
    builder, variables = whole_model(frame)
    found = run(builder.model, replace(options, workers=1), parameters=FEASIBILITY)
    return found, variables.read(found.values) if found.found else None


def closest_week(frame: Frame, former: Mapping[int, tuple[Meet, ...]], options: SolveOptions) -> tuple[Run, Week | None]:
    """A week with as many lessons as possible where they were."""
    builder, variables = whole_model(frame)
    kept = kept_starts(variables, former)
    for key, start in variables.starts.items():
        builder.model.add_hint(start, key in kept)
    builder.model.maximize(cp_model.LinearExpr.sum(list(kept.values())))
    found = run_once(builder.model, limited(options, CLOSER_WORK))
    return found, variables.read(found.values) if found.found else None


def kept_starts(variables: Variables, former: Mapping[int, tuple[Meet, ...]]) -> dict[tuple[int, Shape, int], cp_model.IntVar]:
    """The starts of lessons where they were in the former week."""
    wanted = {(bundle, shape, time) for bundle, meets in former.items() for time, shape, _ in meets}
    return {key: start for key, start in variables.starts.items() if key in wanted}


def limited(options: SolveOptions, work: float) -> SolveOptions:
    """The options for one worker and at most so much work."""
    return replace(options, workers=1, deterministic_limit=min(work, options.deterministic_limit or work))
