"""The model of a scope: its variables and every rule posted."""

from __future__ import annotations

from scheduler.cp.builder import Builder
from scheduler.cp.run import Parameters
from scheduler.workload.minimum import home_school_minimum, minimum_hours
from scheduler.workload.rules import POSTED, main_duty_known, visits_known, weekly_cuts
from scheduler.workload.scope import Scope
from scheduler.workload.variables import Variables

PARAMETERS: Parameters = {"linearization_level": 2}
"""The hours of duties are a packing problem: with the full linear relaxation a school's shortfall is proved in 0.1 s, without it not in 60 s."""


def built(scope: Scope, switches: bool = False) -> Variables:
    """The model of a scope with every rule posted, and no level yet."""
    builder = Builder(switches)
    variables = Variables(builder, scope)
    for rule in POSTED.values():
        rule(builder, variables)
    for definition in (main_duty_known, visits_known, weekly_cuts, minimum_hours, home_school_minimum):
        definition(builder, variables)
    return variables
