"""Redistribusi: the cheapest transfers that make more teachers valid, solved and checked."""

from __future__ import annotations

from dataclasses import replace

from scheduler.cp.lexico import Budget
from scheduler.diagnose.redivide import divided
from scheduler.diagnose.transfers import Goal, Search, least_cost, most_without, redistribute
from scheduler.domain.entities import Distance
from scheduler.domain.instance import Settings
from scheduler.domain.plan import Assignment, Level, Status
from scheduler.domain.solving import SolveOptions
from scheduler.domain.transfer import Transfer
from scheduler.policy.case import Case
from tests.build import HOME, case, no_duties, rombels, school, teacher

NEAR, FAR = "20000002", "20000003"


def district() -> Case:
    """HOME has 24 JP of IPA and two teachers of it, NEAR (5 km) and FAR (30 km) 24 JP and none; no duties, nobody is sent anywhere."""
    built = case({"ipa": 6}, [teacher("A", "ipa", willing=False), teacher("B", "ipa", willing=False)], {7: 4}, policy="pp74_2008")
    instance = built.instance
    instance = replace(
        instance,
        settings=Settings(policy="pp74_2008"),
        schools=(*instance.schools, school(NEAR), school(FAR)),
        rombels=(*instance.rombels, *rombels({7: 4}, NEAR), *rombels({7: 4}, FAR)),
        duties=tuple(row for npsn in (HOME, NEAR, FAR) for row in no_duties((rule.id for rule in built.policy.duties), npsn)),
        distances=(Distance(HOME, NEAR, km=5), Distance(HOME, FAR, km=30), Distance(NEAR, FAR, km=26)),
    )
    return Case(instance, built.law)


OPTIONS = SolveOptions(seconds=20, workers=1)


def test_surplus_teacher_goes_to_the_nearest_school_in_need() -> None:
    # 24 JP are one teacher's minimum: one of two is valid. One moves to NEAR for 5 km; no transfer of this file is shorter.
    found = redistribute(district(), Goal(1), OPTIONS)
    assert found is not None
    assert [(transfer.destination, transfer.cost) for transfer in found.transfers] == [(NEAR, 5)]
    assert (found.before, found.after, found.bound, found.status) == (1, 2, 5, Status.OPTIMAL)


def test_more_than_there_are_teachers_is_impossible() -> None:
    found = redistribute(district(), Goal(2), OPTIONS)
    assert found is not None
    assert (found.after - found.before, found.status) == (1, Status.INFEASIBLE)


def test_set_that_is_not_found_is_unknown_and_not_impossible() -> None:
    # A third teacher of IPA at FAR, whose 24 JP become 6 with one class of four: C is not valid there, and A or B could not be either. NEAR's 24
    # JP make one more valid; a second is not found, and that three of three teachers cannot share 54 JP is not what the search can prove.
    found = redistribute(with_third_teacher(), Goal(2), OPTIONS)
    assert found is not None
    assert (found.before, found.after, found.status) == (1, 2, Status.UNKNOWN)


def test_most_without_transfers_takes_only_bounds_that_hold_beside_other_plans() -> None:
    # Two are counted. One surely below of the Sekolah Utama leaves one; what is proved of partners, or under a shortfall that comes first, holds
    # only beside the levels above, which other plans need not keep: two.
    below, partners = Level("below_minimum", 1, 1, True), Level("below_minimum_partners", 1, 1, True)
    built = district()
    settings = replace(built.instance.settings, shortfall_first=True)
    assert most_without(built, (below, replace(partners, bound=0))) == most_without(built, (below, partners)) == 1
    assert most_without(Case(replace(built.instance, settings=settings), built.law), (below,)) == 2
    assert most_without(built, ()) == 2


def test_as_many_as_possible_with_a_limited_number_of_transfers() -> None:
    # One transfer makes both teachers valid, and there are no more: proved.
    found = redistribute(district(), Goal(at_most=3), OPTIONS)
    assert found is not None
    assert (len(found.transfers), found.after, found.after_most, found.status) == (1, 2, 2, Status.OPTIMAL)


def test_without_time_to_move_anybody_the_number_found_is_not_called_proved() -> None:
    found = redistribute(with_third_teacher(), Goal(at_most=1), OPTIONS)
    assert found is not None
    assert (found.after, found.after_most, found.status) == (2, 3, Status.FEASIBLE)


def test_transfer_counts_only_what_its_schools_cannot_have_without_it() -> None:
    # HOME's own 24 JP make one valid. A division in hand where nobody teaches them is no reason to move anybody: staying gains as much.
    built = district()
    nobody = tuple(Assignment(n.id, n.school, n.rombels, n.subject, n.jp, n.recognised_jp, None) for n in built.needs)
    search = Search(divided(built, {}, nobody, ()), Goal(1), Budget(OPTIONS))
    search.consider(Transfer("A", HOME, NEAR, 5))
    assert len(search.base.valid) == 1  # HOME divided anew makes one valid already
    assert (len(search.chosen), len(search.now.valid)) == (1, 2)


def with_third_teacher() -> Case:
    built = district()
    rows = [row for row in built.instance.rombels if row.school != FAR]
    far = [row for row in built.instance.rombels if row.school == FAR]
    instance = replace(built.instance, teachers=(*built.instance.teachers, teacher("C", "ipa", home=FAR, willing=False)), rombels=(*rows, far[0]))
    return Case(instance, built.law)


def test_nothing_is_bound_where_the_number_without_transfers_is_not_proved() -> None:
    assert least_cost(district(), 1, uncertain=1) == 0


def test_stated_ways_are_found_in_both_directions_and_the_first_row_that_states_one_stands() -> None:
    built = district()
    rows = (Distance(HOME, NEAR, km=5), Distance(NEAR, HOME, km=7, minutes=20), Distance(FAR, HOME, minutes=90))
    ways = Case(replace(built.instance, distances=rows), built.law)
    assert (ways.distance_km(NEAR, HOME), ways.travel_minutes(HOME, NEAR)) == (5, 20)
    assert (ways.distance_km(HOME, FAR), ways.travel_cost(HOME, FAR)) == (None, 90)
    assert ways.in_reach(FAR, HOME) and not ways.in_reach(FAR, NEAR)
