"""Who stays below the minimum is not left to chance: among the optima to level 3 (3b), the choice that is best by Prioritas."""

from __future__ import annotations

from scheduler.cp.lexico import Descent
from scheduler.workload.variables import Variables

SHARE = 0.3
"""Part of the time left that all these questions together may take."""


def choose_by_priority(descent: Descent, variables: Variables) -> bool:
    """Hold the lexicographically best set of valid teachers in the order of Prioritas (default: of the sheet); returns whether it is proved.

    The first teacher is valid if any optimum has it so; then the second, given the first; and so on. This breaks the symmetry of equal
    colleagues too.
    """
    claims = [variables.meets_minimum[t] for t in variables.case.by_priority if t in variables.meets_minimum]
    return descent.prefer(claims, SHARE, "priority")
