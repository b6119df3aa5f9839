"""Redistribusi: the cheapest transfers that make more teachers valid, solved and checked."""

from __future__ import annotations

from dataclasses import replace

from scheduler.diagnose.transfers import least_cost, redistribute
from scheduler.domain.entities import Distance
from scheduler.domain.instance import Settings
from scheduler.domain.solving import SolveOptions
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


def test_surplus_teacher_goes_to_the_nearest_school_in_need() -> None:
    # 24 JP are one teacher's minimum: one of two is valid. One moves to NEAR for 5 km; no transfer of this file is shorter.
    found = redistribute(district(), 1, SolveOptions(seconds=20, workers=1))
    assert found is not None
    assert [(transfer.destination, transfer.cost) for transfer in found.transfers] == [(NEAR, 5)]
    assert (found.before, found.after, found.bound, found.proved) == (1, 2, 5, True)


def test_more_than_can_be_made_valid_is_not_called_enough() -> None:
    found = redistribute(district(), 2, SolveOptions(seconds=20, workers=1))
    assert found is not None
    assert (found.after - found.before, found.enough, found.proved) == (1, False, False)


def test_nothing_is_bound_where_the_number_without_transfers_is_not_proved() -> None:
    assert least_cost(district(), 1, uncertain=1) == 0
