"""Smallest sets of members that cannot hold together, by any test that says whether a set is possible.

The test gives a ``Status``: INFEASIBLE only where it is proved, OPTIMAL or FEASIBLE only where a solution was found, UNKNOWN otherwise. UNKNOWN is
never taken for impossible, nor for possible.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ortools.sat.python import cp_model

from scheduler.cp.run import run_once
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions

M = TypeVar("M")

Test = Callable[[Sequence[M]], Status]
"""Whether these members can hold together."""

Guess = Callable[[Sequence[Sequence[M]]], Sequence[M]]
"""Members, of those in the stages, that may well be impossible together; none where there is no guess."""

NO_OBSTACLE = (Status.OPTIMAL, Status.FEASIBLE)


@dataclass(frozen=True, slots=True)
class Smallest(Generic[M]):
    """Members that cannot hold together; ``minimal``: without any one of them the others were found possible."""

    members: tuple[M, ...]
    minimal: bool


def smallest(stages: Sequence[Sequence[M]], test: Test[M], guess: Guess[M] | None = None) -> Smallest[M]:
    """Leave out what is superfluous of members already proved impossible together: deletion, in ever smaller runs, then one by one.

    A member stays where the others are possible without it. What is possible stays possible when more is left out, so that one such finding
    holds to the end: J. W. Chinneck and E. W. Dravnieks, "Locating minimal infeasible constraint sets in linear programs", ORSA Journal on
    Computing 3 (1991).

    Parameters
    ----------
    stages
        the members, those first that are rather left out; one stage is finished before the next begins, together with all of the later ones
    guess
        where to begin; it stands only where ``test`` confirms it
    """
    likely = set(guess(stages)) if guess is not None else set()
    guessed = [[member for member in stage if member in likely] for stage in stages]
    reduced = bool(likely) and test([member for stage in guessed for member in stage]) is Status.INFEASIBLE
    stages = guessed if reduced else stages
    kept: list[M] = []
    minimal = True
    for place, stage in enumerate(stages):
        later = [member for other in stages[place + 1 :] for member in other]
        needed, known = without_superfluous(stage, beside(kept, later, test), 1 if reduced else len(stage))
        kept += needed
        minimal &= known
    return Smallest(tuple(kept), minimal)


def beside(before: Sequence[M], after: Sequence[M], test: Test[M]) -> Test[M]:
    """The test of some members together with others that stay."""
    first, last = tuple(before), tuple(after)
    return lambda members: test([*first, *members, *last])


def without_superfluous(members: Sequence[M], test: Test[M], size: int) -> tuple[list[M], bool]:
    """Members none of which can be left out, and whether each was shown to be needed; runs of ``size`` are tried first, then ever smaller ones."""
    kept, minimal = list(members), True
    while size and kept:
        index = 0
        while index < len(kept):
            rest = kept[:index] + kept[index + size :]
            status = test(rest)
            if status is Status.INFEASIBLE:
                kept = rest
            else:
                minimal &= size > 1 or status in NO_OBSTACLE
                index += size
        size //= 2
    return kept, minimal


def all_smallest(
    stages: Sequence[Sequence[M]], test: Test[M], options: Callable[[], SolveOptions | None], guess: Guess[M] | None = None
) -> Iterator[Smallest[M]]:
    """One smallest set after the other, none twice; the first is the one that ``smallest`` finds.

    MARCO: M. H. Liffiton, A. Previti, A. Malik, J. Marques-Silva, "Fast, flexible MUS enumeration", Constraints 21 (2016). A map of what is not yet
    known gives the largest set unexplored; where that is possible, all its subsets are, and where it is not, it is shrunk and all supersets of the
    result are impossible too. A set without a verdict is passed over with its subsets: nothing is claimed of it.

    Parameters
    ----------
    options
        the limits that are left, None when there is nothing left
    """
    unexplored = Map([member for stage in stages for member in stage])
    while (left := options()) is not None and (seed := unexplored.largest(left)) is not None:
        chosen = set(seed)
        if test(seed) is Status.INFEASIBLE:
            found = smallest([[member for member in stage if member in chosen] for stage in stages], test, guess)
            unexplored.leave_out_supersets(found.members)
            yield found
        else:
            unexplored.leave_out_subsets(seed)


class Map(Generic[M]):
    """The sets of members of which nothing is known yet, as a formula with one claim a member."""

    def __init__(self, members: Sequence[M]) -> None:
        self.model = cp_model.CpModel()
        self.chosen = {member: self.model.new_bool_var(str(member)) for member in members}
        self.model.maximize(cp_model.LinearExpr.sum(list(self.chosen.values())))

    def largest(self, options: SolveOptions) -> list[M] | None:
        """A largest unexplored set, in the order of the members; None where all are explored or the limits ended."""
        found = run_once(self.model, options, parameters={"num_workers": 1})
        return [member for member, chosen in self.chosen.items() if found.values[chosen.index]] if found.found else None

    def leave_out_subsets(self, members: Collection[M]) -> None:
        known = set(members)
        self.model.add_bool_or([chosen for member, chosen in self.chosen.items() if member not in known])

    def leave_out_supersets(self, members: Collection[M]) -> None:
        self.model.add_bool_or([~self.chosen[member] for member in members])
