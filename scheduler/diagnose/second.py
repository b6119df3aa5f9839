"""The second, different proof of a bound: one model over the whole file, one worker, no presolve, asked whether one better is possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scheduler.cp.run import OTHER_WAY, run_once
from scheduler.domain.plan import Level, PartnerAlone, Status
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.workload.levels import LEVELS
from scheduler.workload.model import PARAMETERS, built
from scheduler.workload.scope import joint_scope


def confirmed(case: Case, partners: Sequence[PartnerAlone], levels: Sequence[Level], name: str, options: SolveOptions) -> bool:
    """Whether a second search proves that no plan is better in the level ``name`` while the levels before it stay as good.

    Another model than the first search's: not divided into connected parts, nothing held from below, no objective; another seed, no presolve, no
    symmetry. False also where the limits ended first.
    """
    level = next(level for level in levels if level.name == name)
    if level.value <= 0:
        return True  # a count of something: nothing is below nothing
    variables = built(joint_scope(case, partners))
    model = variables.builder.model
    for above in levels[: levels.index(level)]:
        model.add(LEVELS[above.name](variables) <= above.value)
    model.add(LEVELS[name](variables) <= level.value - 1)
    again = replace(options, workers=1, seed=options.seed + 1)
    return run_once(model, again, parameters={**PARAMETERS, **OTHER_WAY}).status is Status.INFEASIBLE
