"""The exact thresholds: the greatest minimum under which everybody, or everybody but a few, is valid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scheduler.cp.lanes import in_lanes
from scheduler.cp.lexico import Budget
from scheduler.diagnose.candidates import edited_case, missing_alone
from scheduler.diagnose.conflict import search_again
from scheduler.diagnose.reach import Reached, reached
from scheduler.domain.explanation import Edit, Threshold
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case

LONGEST_CONFIRMING = 0.1
"""Part of the time that one second search may take."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a minimum reaches: how many stay below it (at least), who is valid in the plan found, and whether it is confirmed on two bases that no
    more teachers can be valid. Where counting alone says so no plan was looked for."""

    below: int
    valid: frozenset[str]
    confirmed: bool


def thresholds(case: Case, before: Reached, options: SolveOptions) -> tuple[tuple[Threshold, ...], Mapping[str, int | None], bool]:
    """Scan the minimum downwards from the ruleset's, hour by hour, each value solved and checked, until nobody is below it.

    All counted teachers count, those of partner schools too; ``ttu_min_real_jtm`` and the other numbers stay as they are.

    Returns
    -------
    a Threshold for everybody but 0, 1, … as many as are below now; for each teacher below now the greatest minimum at which the plan found
    has this teacher valid (None: none found); and whether time did not cut the scan short
    """
    below = [code for code in case.by_priority if code in case.counted and code not in before.valid]
    if not before.found:
        return (), dict.fromkeys(below), True
    scan = Scan(case, before, options)
    scan.run()
    own = {code: next((value for value, step in scan.found.items() if code in step.valid), None) for code in below}
    return tuple(scan.threshold(count) for count in range(len(below) + 1)), own, not scan.cut_short


class Scan:
    """The values looked at so far, the greatest first."""

    def __init__(self, case: Case, before: Reached, options: SolveOptions) -> None:
        self.case, self.options = case, options
        self.clock = Budget(options)
        self.counted = [code for code in case.by_priority if code in case.counted]
        self.cut_short = False
        self.left = [code for code in self.counted if code not in before.valid]
        """Teachers who were valid under no minimum yet."""
        self.found: dict[int, Scanned] = {case.policy.min_jtm: self.scanned(case, before)}

    def run(self) -> None:
        lanes = max(1, self.options.workers)
        value = self.case.policy.min_jtm
        while value > 1 and self.found[value].below > 0:
            values = [lower for lower in range(value - 1, value - 1 - lanes, -1) if lower >= 1]
            for lower, step in zip(values, in_lanes(self.step, values, self.options), strict=True):
                if step is None:
                    self.cut_short = True
                    return
                self.found[lower] = step
                self.left = [code for code in self.left if code not in step.valid]
                value = lower
                if step.below == 0:
                    return

    def step(self, value: int) -> Scanned | None:
        """One value counted or solved, checked and confirmed; None where time did not allow it."""
        if self.is_over:
            return None
        less = self.case.policy.min_jtm - value
        case = edited_case(self.case, (Edit("minimum", {"min_jtm": value, "jtm": less}),))
        if len(self.left) == self.fewest and self.out_of_reach(case, self.left):
            return Scanned(self.fewest, frozenset(), True)
        after = reached(case, replace(self.options, workers=1, seconds=self.clock.seconds_left))
        return self.scanned(case, after) if after.found else None

    @property
    def fewest(self) -> int:
        """Fewest teachers below under any minimum looked at so far."""
        return min(step.below for step in self.found.values())

    def out_of_reach(self, case: Case, codes: Sequence[str]) -> bool:
        """Whether counting shows of each of them alone that no plan makes the teacher valid."""
        return all(missing_alone(case, code, frozenset()) > 0 for code in codes)

    def scanned(self, case: Case, after: Reached) -> Scanned:
        return Scanned(len(self.counted) - len(after.valid), after.valid, self.confirmed(case, after))

    @property
    def is_over(self) -> bool:
        left = self.clock.seconds_left
        return self.options.stop.is_set() or (left is not None and left <= 0)

    def confirmed(self, case: Case, after: Reached) -> bool:
        """Whether no more teachers can be valid than are: proved by the search that found the plan, and a second time by counting or by another
        search that may neither leave more lessons nor more duties open."""
        if not after.proved:
            return False
        below = [code for code in self.counted if code not in after.valid]
        if not below or self.out_of_reach(case, below):
            return True
        if self.is_over:
            return False
        left, whole = self.clock.seconds_left, self.options.seconds
        seconds = None if left is None or whole is None else min(left, LONGEST_CONFIRMING * whole)
        more = len(after.valid) + 1
        again = search_again(
            case, after.plan.partners, self.counted, more, replace(self.options, workers=1, seconds=seconds), after.uncovered, after.unfilled
        )
        return again is Status.INFEASIBLE

    def threshold(self, below: int) -> Threshold:
        """The greatest value at which no more than so many stay below; proved where at every greater one more are confirmed to."""
        values = list(self.found)
        value = next((value for value in values if self.found[value].below <= below), None)
        if value is None:
            return Threshold(below, None, False)
        greater = values[: values.index(value)]
        return Threshold(below, value, all(self.found[other].confirmed for other in greater))
