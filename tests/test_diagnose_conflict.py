"""Conflicts of the division of work: impossible together, possible without any one member, both found without the search that found them.

``SCHEDULER_TINY_INSTANCES`` says how many random cases are drawn, ``SCHEDULER_SEED`` which; the seed is printed with every failure.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

import pytest

from scheduler.cp import run as cp_run
from scheduler.cp.lexico import Budget
from scheduler.diagnose.conflict import Switched, no_plan_conflicts, search_again, workload_conflicts
from scheduler.diagnose.members import Coverage, Key
from scheduler.domain.entities import OpenHours
from scheduler.domain.explanation import Basis, Conflict, Member
from scheduler.domain.instance import Settings
from scheduler.domain.plan import PartnerAlone, Plan, Status
from scheduler.domain.rules import RULES, Kept, Part
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.report.conflicts import member_sentence
from scheduler.report.text import LANGUAGES, Text, catalogue
from scheduler.verify.hours import loads_of
from scheduler.verify.levels import workload_levels_of
from scheduler.verify.reading import Reading
from scheduler.verify.workload import violations
from scheduler.workload.scope import joint_scope
from scheduler.workload.solve import solve_workload
from tests import build
from tests.brute_force import every_plan
from tests.rules import plans
from tests.seeds import SEED
from tests.test_workload_brute_force import in_short
from tests.tiny_instances import tiny_case

COUNT = int(os.environ.get("SCHEDULER_TINY_INSTANCES", "30"))
IN_ONE_TEST = 10
OPTIONS = SolveOptions(workers=1)

ENTITY_OF = {
    "max_jtm": ("teacher",),
    "min_jp_wanted": ("teacher",),
    "one_main_duty": ("teacher",),
    "duty_max_per_teacher": ("duty", "teacher"),
    "duty_holders": ("school", "duty"),
    "partner_floor": ("school",),
}
"""Which of a violation's entities a member names, rule by rule; the rules of pairs (certificate, Kunci …) are kept in every test."""


# --- random cases against exhaustive search --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", range(0, COUNT, IN_ONE_TEST))
def test_conflicts_agree_with_exhaustive_search(first: int) -> None:
    for index in range(first, min(first + IN_ONE_TEST, COUNT)):
        case, _ = tiny_case(f"{SEED}-{index}")
        try:
            assert_agrees(case)
        except AssertionError as error:
            raise AssertionError(f"SCHEDULER_SEED={SEED}, case {index}: {error}\n{in_short(case)}") from None


def assert_agrees(case: Case) -> None:
    outcome = solve_workload(case, OPTIONS)
    if outcome.status is Status.INFEASIBLE:
        found = list(islice(no_plan_conflicts(case, outcome.partners, OPTIONS), 2))
        assert found, "no plan, and no conflict says why"
        assert_smallest(case, outcome.partners, found, (), Coverage())
        return
    uncovered, unfilled = outcome.levels[0].value, outcome.levels[1].value
    wanted = [t for t in case.teachers if t in case.counted]
    seen = [Seen(case, plan) for plan in every_plan(case, outcome.partners)]
    possible = any(s.is_legal and s.uncovered <= uncovered and s.unfilled <= unfilled and s.valid >= set(wanted) for s in seen)
    found = list(islice(workload_conflicts(case, outcome.partners, wanted, OPTIONS, uncovered, unfilled), 4))
    assert bool(found) is not possible
    status = search_again(case, outcome.partners, wanted, len(wanted), OPTIONS, uncovered, unfilled)
    assert status is (Status.OPTIMAL if possible else Status.INFEASIBLE)
    assert_smallest(case, outcome.partners, found, seen, Coverage(uncovered, unfilled))


def assert_smallest(case: Case, partners: tuple[PartnerAlone, ...], found: Sequence[Conflict], seen: Sequence[Seen], coverage: Coverage) -> None:
    """Every conflict differs from the others, is impossible, and without any one of its members possible."""
    assert len({frozenset(keys(conflict)) for conflict in found}) == len(found)
    for conflict in found:
        assert conflict.minimal
        assert len(set(conflict.bases)) == 2
        members = keys(conflict)
        assert not any(plan.keeps(members, coverage) for plan in seen), f"a plan keeps {members}"
        for dropped in members:
            rest = [key for key in members if key != dropped]
            assert any(plan.keeps(rest, coverage) for plan in seen) or solved(case, partners, rest, coverage), f"{dropped} is superfluous"
        for lang in LANGUAGES:
            assert all(member_sentence(Text(lang), case, member) for member in conflict.members)


def keys(conflict: Conflict) -> list[Key]:
    return [(member.rule, tuple(sorted(member.entities.items()))) for member in conflict.members]


def solved(case: Case, partners: tuple[PartnerAlone, ...], members: Sequence[Key], coverage: Coverage) -> bool:
    """Whether a model of the whole file finds a plan that keeps these members, in one run."""
    scope = joint_scope(case, partners)
    wanted = [dict(entities)["teacher"] for rule, entities in members if rule == "minimum_hours"]
    switched = Switched(scope, wanted, coverage, Budget(OPTIONS))
    switched.keep(members)
    return cp_run.run_once(switched.variables.model, OPTIONS).found


class Seen:
    """A plan of the exhaustive search with what the checker says of it."""

    def __init__(self, case: Case, plan: Plan) -> None:
        self.broken = list(violations(case, plan))
        reading = Reading(case, plan)
        loads = loads_of(reading)
        levels = workload_levels_of(reading, loads, None)
        self.uncovered, self.unfilled = levels["uncovered_jp"], levels["unfilled_duties"]
        self.valid = {load.teacher for load in loads if load.counted and load.met}

    @property
    def is_legal(self) -> bool:
        return not self.broken

    def keeps(self, members: Sequence[Key], coverage: Coverage) -> bool:
        """Whether the plan keeps what these members ask, and every rule about single pairs; other rules may be broken."""
        kept = set(members)
        asked = {dict(entities)["teacher"] for rule, entities in members if rule == "minimum_hours"}
        for violation in self.broken:
            names = ENTITY_OF.get(violation.rule)
            if names is None:
                return False
            entities = tuple(sorted((name, str(violation.facts.get(name, ""))) for name in names))
            if violation.rule == "duty_holders":
                entities = (("duty", violation.entities[1]), ("school", violation.entities[0]))
            if (violation.rule, entities) in kept:
                return False
        covered = ("needs_covered", ()) not in kept or self.uncovered <= (coverage.uncovered or 0)
        filled = ("duties_filled", ()) not in kept or self.unfilled <= (coverage.unfilled or 0)
        return covered and filled and asked <= self.valid


# --- by hand ---------------------------------------------------------------------------------------------------------------------------


@cache
def three_ipa_teachers() -> Case:
    """40 JP in whole classes of 5 for three teachers who need 4 classes each: 24 - 2 (guru wali) = 22 real hours, 5 x 5 = 25 of them; no duty."""
    return plans.small_case({"ipa": 5}, [build.teacher(code, "ipa") for code in "ABC"], {7: 3, 8: 3, 9: 2})


def rules_of(conflict: Conflict) -> list[str]:
    return [member.rule for member in conflict.members]


def conflicts(case: Case, wanted: Sequence[str], options: SolveOptions = OPTIONS) -> Iterator[Conflict]:
    return workload_conflicts(case, (), wanted, options, 0, 0)


def test_two_of_three_teachers_are_too_many_for_forty_hours() -> None:
    # 2 x 25 = 50 > 40: any two teachers are a conflict, and there are three pairs.
    found = list(conflicts(three_ipa_teachers(), "ABC"))
    teachers = [{m.entities["teacher"] for m in conflict.members if m.rule == "minimum_hours"} for conflict in found]
    assert sorted(map(sorted, teachers)) == [["A", "B"], ["A", "C"], ["B", "C"]]
    assert all(rules_of(conflict) == ["minimum_hours", "minimum_hours", "one_teacher_per_need"] for conflict in found)
    assert found[0].members[-1].facts == {"classes": 8, "jp": 40}
    assert found[0].bases == (Basis.SEARCH, Basis.SECOND_SEARCH)


def test_one_teacher_alone_is_no_conflict() -> None:
    assert list(conflicts(three_ipa_teachers(), "A")) == []


def test_teacher_who_cannot_reach_the_minimum_alone_is_told_what_is_missing() -> None:
    # Two classes of 5 = 10, guru wali 2: 12 of 24.
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa")], {7: 2})
    (conflict,) = conflicts(case, "A")
    assert conflict.members == (Member("minimum_hours", {"teacher": "A"}, {"least": 24, "missing": 12}),)


def test_only_the_home_minimum_keeps_partner_hours_from_counting() -> None:
    # Home: one class of 3 JP, the ruleset asks for 6 there; elsewhere four classes of 6 = 24, enough without that rule.
    case = plans.small_case(
        {"ipa": 3},
        [build.teacher("A", "ipa")],
        {7: 1},
        policy="pp74_2008",
        schools=(build.school("1"), build.school("2", partner=True)),
        open_hours=tuple(OpenHours("2", "ipa", 6, row=row) for row in range(1, 5)),
        settings=Settings(main_school="1"),
    )
    (conflict,) = conflicts(case, "A")
    assert rules_of(conflict) == ["minimum_hours", "home_school_minimum"]
    assert conflict.members[1].facts == {"least": 6}


def test_coverage_is_named_where_it_is_what_stands_against_it() -> None:
    # ipa 4 x 6 = 24, ips 4 x 4 = 16. A (24 JP at most) alone may teach ips; B takes two classes of ipa (12 JP at most). Best covered: A with two
    # classes of ipa and three of ips, 24 JP, so that 4 JP stay open. Valid, A would need 22 real hours: all of ipa, and ips stays open, 16 JP.
    staff = [build.teacher("A", "ipa", may_teach=("ips",), max_jp=24), build.teacher("B", may_teach=("ipa",), max_jp=12)]
    case = plans.small_case({"ipa": 6, "ips": 4}, staff, {7: 4})
    assert solve_workload(case, OPTIONS).levels[0].value == 4
    (conflict,) = workload_conflicts(case, (), "A", OPTIONS, 4, 0)
    assert rules_of(conflict) == ["minimum_hours", "max_jtm", "needs_covered"]
    assert conflict.members[2].facts == {"jp": 4}
    assert list(workload_conflicts(case, (), "A", OPTIONS, 16, 0)) == []


def test_hard_rules_that_leave_no_plan_are_named() -> None:
    # JP Min 12 where two classes of 5 are all there is: at most 10.
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa", min_jp=12)], {7: 2})
    assert solve_workload(case, OPTIONS).status is Status.INFEASIBLE
    (conflict,) = no_plan_conflicts(case, solve_workload(case, OPTIONS).partners, OPTIONS)
    assert conflict.members == (Member("min_jp_wanted", {"teacher": "A"}, {"least": 12}),)


def test_parts_of_a_district_are_asked_apart() -> None:
    # Two schools that share nobody: the conflict of the second names nothing of the first.
    case = plans.small_case(
        {"ipa": 5},
        [build.teacher("A", "ipa"), build.teacher("X", "ipa", home="2"), build.teacher("Y", "ipa", home="2")],
        schools=(build.school("1"), build.school("2")),
        rombels=build.rombels({7: 5}) + build.rombels({7: 6}, "2"),
    )
    (conflict,) = workload_conflicts(case, (), ["A", "X", "Y"], OPTIONS, 0, 0)
    # 6 x 5 = 30 < 2 x 25; the part's own plan covers everything.
    assert [dict(member.entities) for member in conflict.members] == [{"teacher": "X"}, {"teacher": "Y"}, {"school": "2", "subject": "ipa"}]


def test_conflict_about_a_teacher_looks_only_where_the_teacher_shares_anything() -> None:
    # Each school has 5 JP for one teacher of ipa: nobody can be valid, but only X is asked about.
    case = plans.small_case(
        {"ipa": 5},
        [build.teacher("A", "ipa"), build.teacher("X", "ipa", home="2")],
        schools=(build.school("1"), build.school("2")),
        rombels=build.rombels({7: 1}) + build.rombels({7: 1}, "2"),
    )
    found = list(workload_conflicts(case, (), ["A", "X"], OPTIONS, 0, 0, about="X"))
    assert [[dict(member.entities) for member in conflict.members] for conflict in found] == [[{"teacher": "X"}]]


# --- no proof, no claim ------------------------------------------------------------------------------------------------------------------


def test_conflict_is_not_claimed_when_the_second_run_gives_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    once = cp_run.run_once

    def without_confirmation(model, options, heard=None, parameters=None):  # type: ignore[no-untyped-def]
        confirming = (parameters or {}).get("cp_model_presolve") is False
        return cp_run.Run(Status.UNKNOWN) if confirming else once(model, options, heard, parameters)

    monkeypatch.setattr(cp_run, "run_once", without_confirmation)
    assert list(conflicts(three_ipa_teachers(), "ABC")) == []


def test_no_conflict_is_claimed_without_time() -> None:
    assert list(conflicts(three_ipa_teachers(), "ABC", SolveOptions(seconds=0.001, workers=1))) == []
    assert search_again(three_ipa_teachers(), (), "ABC", 2, SolveOptions(seconds=0.001, workers=1), 0, 0) is Status.UNKNOWN


def test_another_search_agrees_on_how_many_can_be_valid() -> None:
    case = three_ipa_teachers()
    assert search_again(case, (), "ABC", 1, OPTIONS, 0, 0) is Status.OPTIMAL
    assert search_again(case, (), "ABC", 2, OPTIONS, 0, 0) is Status.INFEASIBLE


# --- sentences ---------------------------------------------------------------------------------------------------------------------------


def test_every_rule_a_conflict_can_name_has_a_sentence() -> None:
    posted = {rule.name for rule in RULES if rule.part is Part.WORKLOAD and rule.kept is Kept.POST}
    asserted = {"needs_covered", "duties_filled", "minimum_hours", "home_school_minimum"}
    assert posted | asserted <= set(catalogue("id", "conflicts"))
