"""Smallest sets that cannot hold together, found by any test: known answers, and tests that give no verdict."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence

import pytest

from scheduler.diagnose.smallest import all_smallest, smallest
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions

MEMBERS = tuple("abcdefghij")
OPTIONS = SolveOptions(workers=1)


def against(*conflicts: str) -> Callable[[Sequence[str]], Status]:
    """A test that knows which sets cannot hold together."""
    return lambda members: Status.INFEASIBLE if any(set(conflict) <= set(members) for conflict in conflicts) else Status.OPTIMAL


def found(conflicts: Iterable[str], stages: Sequence[Sequence[str]] = (MEMBERS,)) -> list[str]:
    return ["".join(each.members) for each in all_smallest(stages, against(*conflicts), lambda: OPTIONS)]


def test_superfluous_members_are_left_out() -> None:
    result = smallest((MEMBERS,), against("bdh"))
    assert (result.members, result.minimal) == (tuple("bdh"), True)


def test_earlier_stages_are_rather_left_out() -> None:
    # Both ab and cd are conflicts: the stage that comes last is kept.
    assert smallest((("a", "b"), ("c", "d")), against("ab", "cd")).members == ("c", "d")
    assert smallest((("c", "d"), ("a", "b")), against("ab", "cd")).members == ("a", "b")


def test_guess_is_only_where_to_begin() -> None:
    # The guess is abc; that ab is enough is found by the test.
    result = smallest((MEMBERS,), against("ab"), guess=lambda stages: "abc")
    assert (result.members, result.minimal) == (("a", "b"), True)


@pytest.mark.parametrize("guess", ["cd", ""])
def test_wrong_guess_is_passed_over(guess: str) -> None:
    result = smallest((MEMBERS,), against("ab"), guess=lambda stages: guess)
    assert (result.members, result.minimal) == (("a", "b"), True)


def test_member_without_a_verdict_stays_and_is_not_called_needed() -> None:
    def test(members: Sequence[str]) -> Status:
        return Status.UNKNOWN if len(members) < 4 else against("ab")(members)

    result = smallest((tuple("abcde"),), test)
    assert set("ab") <= set(result.members)
    assert not result.minimal


def test_every_smallest_set_is_found_once() -> None:
    assert sorted(found(("abc", "cd", "efg", "bg"))) == ["abc", "bg", "cd", "efg"]


@pytest.mark.parametrize("seed", range(20))
def test_smallest_sets_of_random_systems_are_all_found(seed: int) -> None:
    rng = random.Random(seed)
    drawn = {"".join(sorted(rng.sample(MEMBERS, rng.randint(1, 5)))) for _ in range(rng.randint(1, 6))}
    least = {conflict for conflict in drawn if not any(set(other) < set(conflict) for other in drawn)}
    assert sorted(found(drawn)) == sorted(least)


def test_nothing_is_claimed_without_a_verdict() -> None:
    assert list(all_smallest((MEMBERS,), lambda members: Status.UNKNOWN, lambda: OPTIONS)) == []


def test_nothing_is_claimed_without_time() -> None:
    assert list(all_smallest((MEMBERS,), against("a"), lambda: None)) == []


def test_what_is_possible_has_no_conflict() -> None:
    assert found(()) == []
