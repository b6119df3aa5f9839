"""Why no week exists: a small set of attendances (lesson and teacher) that cannot hold together.

Deletion: leave a part out, and keep it out for good where the rest is still proved impossible. Every verdict is that of two runs with different
parameters (``cp.run``), or of exact counting; a run that ends without a verdict keeps the part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from scheduler.cp.run import run
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.domain.timetabling import Event, TimetablingProblem
from scheduler.engine.model import FIRST, required_model
from scheduler.timetable.attendance import Attendance
from scheduler.timetable.counting import Pair, counted_conflict

MOST_SINGLE_ATTENDANCES = 60
"""Beyond so many attendances only whole resources are left out."""

TEST_WORK = 4.0
"""Deterministic time of one test, some seconds."""


def smallest_conflict(problem: TimetablingProblem, kind: str, options: Callable[[], SolveOptions | None]) -> tuple[Pair, ...]:
    """Attendances of resources of ``kind``, of a problem already proved impossible, that are impossible together.

    First whole resources are left out, in halves, then single attendances. Small rather than smallest: each part that was tried and could not be
    left out stays, and so does everything untried when the limits end. Empty when not even the lessons without those resources have a week.

    Parameters
    ----------
    options
        the limits that are left, None when there is nothing left
    """

    def impossible(wanted: frozenset[Pair]) -> bool:
        left = options()
        return left is not None and is_impossible(only(problem, kind, wanted), kind, left)

    return without_superfluous(frozenset(attendances_of(problem, kind)), impossible)


def smallest_counted_conflict(problem: TimetablingProblem, kind: str, counted: frozenset[Pair]) -> tuple[Pair, ...]:
    """The same for attendances that counting has found, by counting alone."""
    return without_superfluous(counted, lambda wanted: counted_conflict(Attendance(only(problem, kind, wanted)), kind) is not None)


def without_superfluous(kept: frozenset[Pair], impossible: Callable[[frozenset[Pair]], bool]) -> tuple[Pair, ...]:
    if impossible(frozenset()):
        return ()
    by_resource = [frozenset(pair for pair in kept if pair[1] == resource) for resource in sorted({resource for _, resource in kept})]
    kept = frozenset().union(*reduced(by_resource, impossible))
    if len(kept) <= MOST_SINGLE_ATTENDANCES:
        kept = frozenset().union(*reduced([frozenset({pair}) for pair in sorted(kept)], impossible))
    return tuple(sorted(kept))


def reduced(parts: Sequence[frozenset[Pair]], impossible: Callable[[frozenset[Pair]], bool]) -> list[frozenset[Pair]]:
    """Parts without which the rest would not be impossible, found by leaving out ever smaller runs of them."""
    kept = list(parts)
    size = len(kept) // 2
    while size:
        index = 0
        while index < len(kept):
            rest = kept[:index] + kept[index + size :]
            if rest and impossible(frozenset().union(*rest)):
                kept = rest
            else:
                index += size
        size //= 2
    return kept


def attendances_of(problem: TimetablingProblem, kind: str) -> list[Pair]:
    return [(event.id, r.resource) for event in problem.events for r in event.resources if r.type == kind and r.resource is not None]


def only(problem: TimetablingProblem, kind: str, wanted: frozenset[Pair]) -> TimetablingProblem:
    """The problem with only the wanted attendances of the kind: other lessons stay, without their teacher."""

    def lightened(event: Event) -> Event:
        return replace(event, resources=tuple(r for r in event.resources if r.type != kind or (event.id, r.resource) in wanted))

    return replace(problem, events=tuple(lightened(event) for event in problem.events))


def is_impossible(problem: TimetablingProblem, kind: str, options: SolveOptions) -> bool:
    """Whether it is proved that no week exists; False also where the limits ended first, and where the model leaves weeks out."""
    week = Attendance(problem)
    if counted_conflict(week, kind) is not None:
        return True
    sub = required_model(week.frame, week.frame.empty_week())
    return sub.complete and run(sub.model, limited(options, TEST_WORK), parameters=FIRST).status is Status.INFEASIBLE


def limited(options: SolveOptions, work: float) -> SolveOptions:
    """The options with at most so much deterministic time."""
    limit = options.deterministic_limit
    return replace(options, deterministic_limit=work if limit is None else min(limit, work))
