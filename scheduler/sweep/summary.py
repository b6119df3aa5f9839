"""What an experiment comes to, scenario by scenario, counted while its runs pass by in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from scheduler.domain.experiment import Run
from scheduler.domain.plan import Status
from scheduler.sweep.run import DIED, FAILED, REFUSED

OUR_ERRORS = (REFUSED, DIED, FAILED)
THRESHOLD = "min_jtm"
VALIDITY = ("below_minimum", "below_minimum_partners")
"""Levels that say how many teachers stay below: proved, they prove the number of valid teachers."""


@dataclass
class Row:
    """One scenario over all schools. ``unproved`` runs have a plan whose number of valid teachers is not proved to be the most."""

    scenario: Mapping[str, str]
    runs: int = 0
    valid: int = 0
    counted: int = 0
    uncovered_jp: int = 0
    unproved: int = 0
    without_plan: int = 0


@dataclass(frozen=True, slots=True)
class Rise:
    """A higher threshold with more valid teachers, both proved; ``lower`` and ``higher`` are (threshold, valid)."""

    school: str
    others: Mapping[str, str]
    lower: tuple[int, int]
    higher: tuple[int, int]


@dataclass
class Summary:
    """``errors`` counts runs by the key of their error. ``rises`` counts what should not be, ``first_rise`` shows one."""

    rows: dict[tuple[str, ...], Row] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    dropped: int = 0
    stopped: int = 0
    rises: int = 0
    first_rise: Rise | None = None
    chains: int = 0
    """Sequences of thresholds that were looked through for a rise."""
    kept: dict[str, set[int]] = field(default_factory=dict)
    """Values of numbers that readers ask for beside a threshold, over all runs."""

    @property
    def total(self) -> int:
        return sum(row.runs for row in self.rows.values())

    @property
    def failed(self) -> int:
        """Runs with an error that is ours."""
        return sum(count for error, count in self.errors.items() if error in OUR_ERRORS)


def summed(runs: Iterable[Run]) -> Summary:
    """The sums over runs in the order of the store's numbers: all of one school come together."""
    summary = Summary()
    for _, of_one in groupby(runs, key=lambda run: (run.source, run.school)):
        known = list(of_one)
        for run in known:
            add(summary, run)
        for chain in chains(known):
            summary.chains += 1
            for rise in rises(chain):
                summary.rises += 1
                summary.first_rise = summary.first_rise or rise
    return summary


def add(summary: Summary, run: Run) -> None:
    row = summary.rows.setdefault(tuple(run.scenario.values()), Row(run.scenario))
    row.runs += 1
    if run.error:
        summary.errors[run.error] = summary.errors.get(run.error, 0) + 1
    if not has_plan(run):
        row.without_plan += 1
        return
    row.valid += len(run.valid)
    row.counted += len(run.valid) + len(run.below)
    row.uncovered_jp += sum(level.value for level in run.levels if level.name == "uncovered_jp")
    row.unproved += not is_proved(run)
    summary.dropped += int(run.facts.get("dropped", 0))
    summary.stopped += int(run.facts.get("stopped", 0))
    if "ttu_min_real_jtm" in run.facts:
        summary.kept.setdefault("ttu_min_real_jtm", set()).add(int(run.facts["ttu_min_real_jtm"]))


def has_plan(run: Run) -> bool:
    return not run.error and run.status in (Status.OPTIMAL, Status.FEASIBLE)


def is_proved(run: Run) -> bool:
    """Whether the number of valid teachers is proved: every level down to it has the value of its bound."""
    names = [level.name for level in run.levels]
    last = max((names.index(name) for name in VALIDITY if name in names), default=-1)
    return last >= 0 and all(level.proved for level in run.levels[: last + 1])


# --- the threshold -----------------------------------------------------------------------------------------------------------------------------


def chains(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Proved runs of one school that differ in the threshold alone, by rising threshold."""
    found: dict[tuple[tuple[str, str], ...], list[Run]] = {}
    for run in runs:
        if has_plan(run) and is_proved(run) and run.scenario.get(THRESHOLD, "").isdecimal():
            found.setdefault(tuple((k, v) for k, v in run.scenario.items() if k != THRESHOLD), []).append(run)
    for chain in found.values():
        if len(chain) > 1:
            yield sorted(chain, key=threshold)


def threshold(run: Run) -> int:
    return int(run.scenario[THRESHOLD])


def rises(chain: Iterable[Run]) -> Iterator[Rise]:
    """Neighbours of which the higher threshold has more valid teachers."""
    for low, high in pairwise(chain):
        if len(high.valid) > len(low.valid):
            others = {name: value for name, value in low.scenario.items() if name != THRESHOLD}
            yield Rise(low.name, others, (threshold(low), len(low.valid)), (threshold(high), len(high.valid)))
