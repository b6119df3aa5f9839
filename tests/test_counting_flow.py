"""Flow and whole classes against trying everything."""

from __future__ import annotations

import random
from itertools import chain, combinations

import pytest

from scheduler.counting.flow import lacks
from scheduler.counting.steps import largest_recognised, largest_sum, least_sum


def test_everything_met_lacks_nothing() -> None:
    assert lacks({"A": 3}, {"x": 2, "y": 1}, {("A", "x"): 2, ("A", "y"): 1}) == ()


def test_the_smallest_set_that_is_missed_is_named() -> None:
    # x asks for 5 and only A gives to it, at most 3; B can give y everything.
    (lack,) = lacks({"A": 9, "B": 9}, {"x": 5, "y": 2}, {("A", "x"): 3, ("B", "y"): 2})
    assert (lack.demands, lack.missing) == (("x",), 2)


def test_an_exchange_frees_who_alone_can_help() -> None:
    # A could give to both, B to x alone: A must go to y.
    assert lacks({"A": 1, "B": 1}, {"x": 1, "y": 1}, {("A", "x"): 1, ("B", "x"): 1, ("A", "y"): 1}) == ()


def test_two_short_sets_that_share_nobody_are_told_apart() -> None:
    found = lacks({"A": 1, "B": 1}, {"x": 2, "y": 3}, {("A", "x"): 2, ("B", "y"): 3})
    assert [(lack.demands, lack.missing) for lack in found] == [(("x",), 1), (("y",), 2)]


@pytest.mark.parametrize("seed", range(60))
def test_flow_misses_what_the_worst_set_misses(seed: int) -> None:
    """Max over all sets S of Σ demand - Σ min(supply, Σ most), by trying every set."""
    rng = random.Random(seed)
    supply = {code: rng.randint(0, 6) for code in "ABCD"[: rng.randint(1, 4)]}
    demand = {wanted: rng.randint(0, 5) for wanted in "vwxyz"[: rng.randint(1, 5)]}
    most = {(code, wanted): rng.randint(0, 4) for code in supply for wanted in demand if rng.random() < 0.6}
    sets = chain.from_iterable(combinations(demand, size) for size in range(len(demand) + 1))
    worst = max(missed(supply, demand, most, chosen) for chosen in sets)
    found = lacks(supply, demand, most)
    assert sum(lack.missing for lack in found) == worst
    assert all(missed(supply, demand, most, lack.demands) == lack.missing for lack in found)


def missed(supply: dict[str, int], demand: dict[str, int], most: dict[tuple[str, str], int], chosen: tuple[str, ...]) -> int:
    given = sum(min(hours, sum(most.get((code, wanted), 0) for wanted in chosen)) for code, hours in supply.items())
    return sum(demand[wanted] for wanted in chosen) - given


def test_sixteen_hours_in_classes_of_five_are_twenty() -> None:
    assert least_sum([5] * 8, 16) == 20


def test_no_number_of_classes_reaches_more_than_all() -> None:
    assert least_sum([5, 5], 11) is None


@pytest.mark.parametrize("seed", range(40))
def test_sums_of_whole_classes_are_those_of_all_choices(seed: int) -> None:
    rng = random.Random(seed)
    hours = [rng.randint(1, 6) for _ in range(rng.randint(1, 7))]
    target, most, forced = rng.randint(1, 20), rng.randint(0, 20), rng.randint(0, 4)
    choices = [choice for size in range(len(hours) + 1) for choice in combinations(range(len(hours)), size)]
    totals = {sum(hours[index] for index in choice) for choice in choices}
    assert least_sum(hours, target) == min((total for total in totals if total >= target), default=None)
    reached = max((forced + total for total in totals if forced + total <= most), default=forced)
    assert largest_sum(hours, most, forced) == reached
    recognised = [rng.randint(0, jp) for jp in hours]
    fitting = [sum(recognised[i] for i in choice) for choice in choices if sum(hours[i] for i in choice) <= most]
    assert largest_recognised(zip(hours, recognised, strict=True), most) == max(fitting)
