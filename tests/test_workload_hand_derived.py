"""The hand-derived table with the solver: 8 rombel (3+3+2), TTLE enough, koordinator projek off, no partner; and monotony on random cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from scheduler.domain.entities import AssignmentKind, AssignmentRow, DutySetting, Extracurricular
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.workload.solve import WorkloadOutcome, solve_workload
from tests import build
from tests.rules import plans
from tests.seeds import SEED
from tests.test_hand_derived import CURRENT, EKSKUL, KMA, MAIN_DUTIES, P2018, P2024, PP74, RULESETS, school_of, teachers_of
from tests.tiny_instances import tiny_case


def solved(case: Case) -> WorkloadOutcome:
    return solve_workload(case, SolveOptions(workers=1))


def values(outcome: WorkloadOutcome) -> dict[str, int]:
    return {level.name: level.value for level in outcome.levels}


def valid(case: Case) -> int:
    """Number of valid teachers at the optimum, where every class must be covered."""
    outcome = solved(case)
    assert outcome.status is Status.OPTIMAL
    assert values(outcome)["uncovered_jp"] == 0
    return len(case.counted) - values(outcome)["below_minimum"]


def without_main_duties(case: Case) -> Case:
    """The three TTU switched off."""
    others = tuple(row for row in case.instance.duties if row.duty not in MAIN_DUTIES)
    off = tuple(DutySetting(build.HOME, duty, minimum=0, maximum=0) for duty in MAIN_DUTIES)
    return Case(replace(case.instance, duties=(*others, *off)), case.law)


@pytest.mark.parametrize(("policy", "expected"), list(zip(RULESETS, (2, 1, 1, 1, 1), strict=True)))
def test_two_teachers_of_ips(policy: str, expected: int) -> None:
    # 4 JP x 8 = 32. 11/2025: 16 + 6 + 2 each. Elsewhere 16 + 6 = 22 is too little and 20 leaves 12; PP 74: 24 leaves 8.
    assert valid(without_main_duties(school_of(policy, "ips", 4, teachers_of("ips", 2)))) == expected


@pytest.mark.parametrize(("policy", "expected"), list(zip(RULESETS, (2, 2, 2, 1, 2), strict=True)))
def test_three_teachers_of_ipa_without_a_main_duty(policy: str, expected: int) -> None:
    # 5 JP x 8 = 40: 20 and 20 (floors 16 and 18 in whole classes). PP 74: 25 leaves 15.
    assert valid(without_main_duties(school_of(policy, "ipa", 5, teachers_of("ipa", 3)))) == expected


@pytest.mark.parametrize("policy", RULESETS)
def test_three_teachers_of_ipa_with_three_main_duties(policy: str) -> None:
    # 12 real hours are 15 in whole classes, and 3 x 15 = 45 > 40.
    assert valid(school_of(policy, "ipa", 5, teachers_of("ipa", 3))) == 2


@pytest.mark.parametrize("policy", RULESETS)
def test_three_teachers_of_ipa_in_nine_rombels_with_three_main_duties(policy: str) -> None:
    # 5 JP x 9 = 45 = 3 x 15.
    assert valid(school_of(policy, "ipa", 5, teachers_of("ipa", 3), grades={7: 3, 8: 3, 9: 3})) == 3


@pytest.mark.parametrize("policy", RULESETS)
def test_one_teacher_of_ppkn(policy: str) -> None:
    # 3 JP x 8 = 24.
    assert valid(without_main_duties(school_of(policy, "pendidikan_pancasila", 3, teachers_of("ppkn", 1)))) == 1


def test_koordinator_projek_counts_as_teaching_under_25_2024() -> None:
    # 16 + 6 (three rombels of projek, as teaching) + 6 (ekskul) = 28 for both teachers of IPS.
    assert valid(without_main_duties(school_of(P2024, "ips", 4, teachers_of("ips", 2), projek=True))) == 2


@pytest.mark.parametrize(("policy", "expected"), [(CURRENT, 1), (P2024, 1), (P2018, 1), (PP74, 1), (KMA, 1)])
def test_guru_bk_beside_a_main_duty(policy: str, expected: int) -> None:
    # 2 rombels (60 pupils are fewer than 80 under PP 74: 3 rombels of 30), and the post of wakasek: 5 - 3 = 2, 150 - 70 = 80.
    rombels = build.rombels({7: 3 if policy == PP74 else 2}, students=30)
    case = plans.small_case({"ipa": 5}, [build.counsellor("K")], duties=[build.duty("wakasek")], policy=policy, rombels=rombels)
    outcome = solved(case)
    assert len(case.counted) - values(outcome)["below_minimum"] == expected
    assert [duty.duty for duty in outcome.duties] == ["wakasek"]


def test_two_small_duties_spare_a_guru_bk_one_rombel() -> None:
    # 4 rombels + two ekskul (= 1 rombel) = 5; one of the two less, and one rombel = 4.8, rounded up to 5 JTM, is missing.
    def shortfall(clubs: int) -> int:
        rombels = build.rombels({7: 4})
        duties = [build.duty(EKSKUL, maximum=clubs)]
        case = plans.small_case({"ipa": 5}, [build.counsellor("K")], duties=duties, rombels=rombels, extracurriculars=club_list(2))
        return values(solved(case))["shortfall_jtm"]

    assert (shortfall(2), shortfall(1)) == (0, 5)


def club_list(count: int) -> tuple[Extracurricular, ...]:
    return tuple(Extracurricular(build.HOME, f"Ekskul {index + 1}", 25) for index in range(count))


@pytest.mark.parametrize(("colleagues", "expected"), [(0, 12 + 6 + 6), (2, 12 + 6)])
def test_pattern_of_15_2018_asks_that_there_is_no_surplus(colleagues: int, expected: int) -> None:
    # B. Indonesia, two classes of 6 pinned to T1, 6 JTM outside, three ekskul pinned. Alone in the field 12 + 6 + 6 = 24; with two colleagues
    # where 12 JP need one teacher there is a surplus, and the 6 hours outside are lost.
    first, *others = teachers_of("bahasa_indonesia", 1 + colleagues)
    clubs = tuple(Extracurricular(build.HOME, f"Ekskul {index + 1}", 25, "T1") for index in range(3))
    locks = tuple(AssignmentRow(build.HOME, f"7{letter}", "bahasa_indonesia", "T1", AssignmentKind.LOCK) for letter in "AB")
    case = plans.small_case(
        {"bahasa_indonesia": 6},
        [replace(first, outside_jtm=6), *others],
        {7: 2},
        [build.duty(EKSKUL)],
        P2018,
        extracurriculars=clubs,
        assignments=locks,
    )
    outcome = solved(case)
    # Each colleague misses all 24.
    assert values(outcome)["shortfall_jtm"] == 24 - expected + 24 * colleagues


def test_hours_elsewhere_are_lost_beside_a_main_duty_under_15_2018() -> None:
    # 3 classes of 6 = 18 at home and the post of wakasek, both pinned, and 6 JTM outside. Against a minimum of 34 only 18 + 12 = 30 count.
    locks = tuple(AssignmentRow(build.HOME, f"7{letter}", "bahasa_indonesia", "T1", AssignmentKind.LOCK) for letter in "ABC")
    teachers = [replace(teachers_of("bahasa_indonesia", 1)[0], outside_jtm=6)]
    duties = [build.duty("wakasek", holders=("T1",))]
    case = plans.small_case({"bahasa_indonesia": 6}, teachers, {7: 3}, duties, P2018, overrides={"min_jtm": "34"}, assignments=locks)
    assert values(solved(case))["shortfall_jtm"] == 4


# --- monotony ----------------------------------------------------------------------------------------------------------------------------


def single_school(index: int) -> Case:
    """A random tiny case in which no partner school is asked alone and level 2 comes before level 3."""
    for attempt in range(1000):
        case, _ = tiny_case(f"{SEED}-monotony-{index}-{attempt}")
        if not case.main_school and not case.policy.outside_needs_assignment and not case.instance.settings.shortfall_first:
            return case
    raise AssertionError("no such case was drawn")


def with_numbers(case: Case, numbers: Mapping[str, int]) -> Case:
    settings = case.instance.settings
    overrides = {**settings.overrides, **{key: str(number) for key, number in numbers.items()}}
    # Not read anew: a file of the law may not have a maximum below its minimum, the levels are monotone there all the same.
    law = replace(case.law, policy=replace(case.policy, **numbers))  # type: ignore[arg-type]
    return Case(replace(case.instance, settings=replace(settings, overrides=overrides)), law)


def vector(case: Case) -> tuple[int, ...]:
    """(uncovered, unfilled, below), or something worse than any where the hard rules leave no plan."""
    outcome = solved(case)
    if outcome.status is Status.INFEASIBLE:
        return (10**9,)
    found = values(outcome)
    return found["uncovered_jp"], found["unfilled_duties"], found["below_minimum"]


@pytest.mark.parametrize("index", range(15))
def test_a_higher_minimum_never_makes_more_teachers_valid(index: int) -> None:
    case = single_school(index)
    # min_jtm decides nothing above level 2, so that levels 1a and 1b stay and level 2 can only grow.
    assert vector(with_numbers(case, {"min_jtm": case.policy.min_jtm + 2})) >= vector(case), f"SCHEDULER_SEED={SEED}, case {index}"


@pytest.mark.parametrize("index", range(15))
def test_a_lower_cap_never_improves_the_levels(index: int) -> None:
    case = single_school(index)
    before = vector(case)
    for key in ("max_jtm", "ttle_cap_jtm"):
        lowered = with_numbers(case, {key: max(1, getattr(case.policy, key) - 2)}) if getattr(case.policy, key) > 1 else case
        assert vector(lowered) >= before, f"{key}, SCHEDULER_SEED={SEED}, case {index}"


@pytest.mark.parametrize("index", range(15))
def test_removing_an_optional_slot_never_improves_the_levels(index: int) -> None:
    case = single_school(index)
    before = vector(case)
    for post in case.duty_posts:
        if post.maximum > max(post.minimum, len(post.pinned)):
            rows = tuple(
                replace(row, maximum=post.maximum - 1, minimum=post.minimum) if (row.school, row.duty) == (post.school, post.duty) else row
                for row in case.instance.duties
            )
            fewer = Case(replace(case.instance, duties=rows), case.law)
            assert vector(fewer) >= before, f"{post.duty}, SCHEDULER_SEED={SEED}, case {index}"
