"""Conflicts of the week: what leaves a division of work without one, and nothing superfluous."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice

import pytest

from scheduler.cp import run as cp_run
from scheduler.cp.lexico import Budget
from scheduler.diagnose import week as diagnose_week
from scheduler.diagnose.members import Key
from scheduler.diagnose.week import Relaxing, week_conflicts
from scheduler.domain.entities import Availability, AvailabilityKind, Group, Room, WeekRule, WeekRuleKind
from scheduler.domain.explanation import Basis, Conflict, Member
from scheduler.domain.plan import Status
from scheduler.domain.rules import RULES, Kept, Part
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.report.conflicts import member_sentence
from scheduler.report.text import LANGUAGES, Text, catalogue
from tests import build
from tests.seeds import SEED
from tests.timetable_weeks import assignments, best_levels, is_small, random_case, random_rule

COUNT = max(8, int(os.environ.get("SCHEDULER_TINY_INSTANCES", "80")) // 10)
OPTIONS = SolveOptions(workers=1)


def conflicts(case: Case, teaching: Mapping[str, str | None], most: int = 3) -> list[Conflict]:
    """The first conflicts; each can be said in both languages, and is smallest."""
    found = list(islice(week_conflicts(case, assignments(case, teaching), OPTIONS), most))
    for conflict in found:
        assert conflict.minimal
        for lang in LANGUAGES:
            assert all(member_sentence(Text(lang), case, member) for member in conflict.members)
    return found


def rules_of(conflict: Conflict) -> list[str]:
    return [member.rule for member in conflict.members]


def absent(code: str, *days: str) -> tuple[Availability, ...]:
    return tuple(Availability(code, day, None, AvailabilityKind.IMPOSSIBLE) for day in days)


# --- by hand ---------------------------------------------------------------------------------------------------------------------------


def test_class_with_more_hours_than_the_week_is_named_alone() -> None:
    # Two classes of 3 + 2 = 5 JP; the week of 7A's bell has 2 + 2 = 4 periods.
    case = build.case({"ipa": 3, "ips": 2}, [build.teacher("A"), build.teacher("B")], {7: 1}, slots=build.week((2, 2)))
    (conflict,) = conflicts(case, {"1/7A/IPA": "A", "1/7A/IPS": "B"})
    assert conflict.members == (Member("assign_times", {"school": "1", "rombel": "7A"}, {"jp": 5, "times": 4}),)
    assert conflict.bases == (Basis.COUNTING, Basis.SEARCH)


def test_teacher_with_more_hours_than_open_periods_is_named_with_the_absence() -> None:
    # A teaches 4 classes of 2 = 8 JP; 5 days of 2 less Monday and Tuesday leave 6. No class has more than 2 of 10.
    rows = [build.locked("A", f"7{letter}", "ipa") for letter in "ABCD"]
    case = build.case(
        {"ipa": 2}, [build.teacher("A")], {7: 4}, slots=build.week((2,) * 5), availability=absent("A", "Senin", "Selasa"), assignments=tuple(rows)
    )
    (conflict,) = conflicts(case, {need.id: "A" for need in case.needs})
    assert conflict.members == (
        Member("avoid_clashes", {"teacher": "A"}, {"jp": 8, "locked": 8}),
        Member("avoid_unavailable_times", {"teacher": "A"}, {"closed": 4, "open": 6, "days": "Senin, Selasa"}),
    )


def test_too_few_teachers_on_one_day_for_full_classes() -> None:
    # Three classes fill both periods of both days; on Monday A and B are away, so that C alone stands before three classes.
    case = build.case(
        {"ipa": 2, "ips": 1, "matematika": 1},
        [build.teacher(code) for code in "ABC"],
        {7: 3},
        slots=build.week((2, 2)),
        availability=(*absent("A", "Senin"), *absent("B", "Senin")),
    )
    teaching = {f"1/7{letter}/{subject}": code for letter in "ABC" for subject, code in (("IPA", "A"), ("IPS", "B"), ("MTK", "C"))}
    found = conflicts(case, teaching, 10)
    # A's 2 JP a class need both periods of a day together (a block of 2): three classes of A want 6 periods, Tuesday has 2.
    assert ["avoid_clashes", "avoid_unavailable_times"] in [rules_of(conflict) for conflict in found]
    for conflict in found:
        assert {member.entities["teacher"] for member in conflict.members if "teacher" in member.entities} <= set("ABC")


def test_room_that_is_wanted_too_often_is_named() -> None:
    # Three classes of 2 JP in the one laboratory, 4 periods in the week.
    lab = (Room("1", "Lab IPA", subjects=("ipa",)),)
    case = build.case({"ipa": 2}, [build.teacher(code) for code in "ABC"], {7: 3}, slots=build.week((2, 2)), rooms=lab)
    (conflict,) = conflicts(case, {"1/7A/IPA": "A", "1/7B/IPA": "B", "1/7C/IPA": "C"})
    assert conflict.members == (Member("assign_resources", {"school": "1", "rooms": "Lab IPA"}, {"count": 1}),)
    # No counting knows it: two searches of different parameters.
    assert conflict.bases == (Basis.SEARCH, Basis.SECOND_SEARCH)


def test_subject_that_stands_too_often_in_a_day_is_named() -> None:
    # Blocks 2+2 in a week whose second day is too short for a block: both on one day, where once is the most.
    case = build.case({"ipa": 4}, [build.teacher("A")], {7: 1}, slots=build.week((4, 1)))
    (conflict,) = conflicts(case, {"1/7A/IPA": "A"})
    assert rules_of(conflict) == ["spread_events"]


def test_block_that_fits_no_day_is_named_for_itself() -> None:
    case = build.case({"ipa": 2}, [build.teacher("A")], {7: 1}, slots=build.week((1, 1, 1)))
    (conflict,) = conflicts(case, {"1/7A/IPA": "A"})
    assert conflict.members == (Member("split_events", {"school": "1", "subject": "ipa"}, {"blocks": "2"}),)


def test_one_teacher_of_two_parallel_groups_is_named() -> None:
    groups = (Group("I", "1", ("7A",), "pabp_islam", 1, "K"), Group("K", "1", ("7A",), "pabp_kristen", 1))
    subjects = {"pabp_islam": 1, "pabp_kristen": 1}
    case = build.case(subjects, [build.teacher("A")], {7: 1}, slots=build.week((2, 2)), groups=groups)
    (conflict,) = conflicts(case, {need.id: "A" for need in case.needs})
    assert rules_of(conflict) == ["link_events"]


def test_row_of_the_schools_own_rules_is_named() -> None:
    # One field for one class at a time, and PJOK within the first hour of each of two days: three classes of 1 JP find two hours.
    rules = (WeekRule(WeekRuleKind.AT_ONCE, True, subject="pjok", amount=1), WeekRule(WeekRuleKind.FIRST_HOURS, True, subject="pjok", amount=1))
    codes = "ABC"
    case = build.case({"pjok": 1}, [build.teacher(t, may_teach=("pjok",)) for t in codes], {7: 3}, slots=build.week((3, 3)), week_rules=rules)
    (conflict,) = conflicts(case, {f"1/7{letter}/PJOK": letter for letter in codes})
    assert conflict.members == (
        Member("week_rules", {"row": "1", "subject": "pjok"}, {"kind": "bersamaan_maksimal", "amount": 1}),
        Member("week_rules", {"row": "2", "subject": "pjok"}, {"kind": "jam_awal", "amount": 1}),
    )


def test_row_that_asks_too_much_of_a_teacher_is_named_with_the_teacher() -> None:
    # A teaches 3 + 2 = 5 JP; at most 2 JP on each of two days leave room for 4. Without the row there are 8 hours.
    rule = WeekRule(WeekRuleKind.DAY_HOURS, True, teacher="A", amount=2)
    case = build.case({"ipa": 3, "ips": 2}, [build.teacher("A")], {7: 1}, slots=build.week((4, 4)), week_rules=(rule,))
    found = conflicts(case, {"1/7A/IPA": "A", "1/7A/IPS": "A"}, 10)
    # The class, too, is in one lesson at a time: with the row either of the two is enough.
    assert ["assign_times", "week_rules"] in [rules_of(conflict) for conflict in found]
    assert ["avoid_clashes", "week_rules"] in [rules_of(conflict) for conflict in found]
    assert all(conflict.members[-1].entities == {"row": "1", "teacher": "A"} for conflict in found)


def test_row_that_is_a_wish_is_in_no_conflict() -> None:
    rule = WeekRule(WeekRuleKind.DAYS, False, teacher="A", amount=1)
    case = build.case({"ipa": 3}, [build.teacher("A")], {7: 1}, slots=build.week((2, 2)), week_rules=(rule,))
    assert conflicts(case, {"1/7A/IPA": "A"}) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", WeekRuleKind)
def test_every_rule_of_the_schools_own_is_said_for_one_and_for_all(kind: WeekRuleKind, lang: str) -> None:
    case = build.small_case()
    for named in ({}, {"subject": "ipa"}, {"subject": "ipa", "school": "1"}, {"subject": "ipa", "school": "1", "rombel": "7A"}, {"teacher": "A"}):
        for hour in ({}, {"period": 2}) if kind is WeekRuleKind.FIXED else ({},):
            facts = {"kind": str(kind), "amount": 3, "day": "Senin", **hour}
            if "subject" in named or "{subject}" not in catalogue(lang, "conflicts")[f"row_{kind}"]:
                said = member_sentence(Text(lang), case, Member("week_rules", {"row": "7", **named}, facts))
                assert "7" in said and "{" not in said


def test_week_that_exists_has_no_conflict() -> None:
    case = build.small_case()
    assert conflicts(case, {need.id: "A" if need.subject == "ipa" else "B" for need in case.needs}) == []


# --- random cases against exhaustive search --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("own_rules", [False, True])
def test_conflicts_agree_with_exhaustive_search(own_rules: bool) -> None:
    rng = random.Random(f"{SEED}/week")
    for _ in range(COUNT):
        case, teaching = random_case(seed := rng.randrange(10**6))
        while own_rules and not is_small(case, teaching):
            case, teaching = random_case(seed := rng.randrange(10**6))
        if own_rules:
            rules = tuple(random_rule(rng, case, kind, True) for kind in rng.sample(list(WeekRuleKind), 2))
            case = Case(replace(case.instance, week_rules=rules), case.law)
        found = conflicts(case, teaching, 2)
        assert bool(found) is (best_levels(case, teaching) is None), f"seed {seed}: {found}"
        assert_smallest(case, teaching, found)


def assert_smallest(case: Case, teaching: Mapping[str, str | None], found: Sequence[Conflict]) -> None:
    """Without any one member a week is found by another search than the one that shrank the conflict."""
    relaxing = Relaxing(case, assignments(case, teaching), Budget(OPTIONS))
    assert len({frozenset(keys(conflict)) for conflict in found}) == len(found)
    for conflict in found:
        if rules_of(conflict)[0] == "link_events":
            continue  # shown by counting the starts there are
        assert relaxing.test(keys(conflict)) is Status.INFEASIBLE
        for dropped in keys(conflict):
            model = diagnose_week.whole_model(diagnose_week.Frame(relaxing.only([key for key in keys(conflict) if key != dropped])))
            assert cp_run.run_once(model, OPTIONS).found, f"{dropped} is superfluous"


def keys(conflict: Conflict) -> list[Key]:
    return [(member.rule, tuple(sorted(member.entities.items()))) for member in conflict.members]


# --- no proof, no claim ------------------------------------------------------------------------------------------------------------------


def crowded_laboratory() -> tuple[Case, dict[str, str | None]]:
    lab = (Room("1", "Lab IPA", subjects=("ipa",)),)
    case = build.case({"ipa": 2}, [build.teacher(code) for code in "ABC"], {7: 3}, slots=build.week((2, 2)), rooms=lab)
    return case, {"1/7A/IPA": "A", "1/7B/IPA": "B", "1/7C/IPA": "C"}


def test_conflict_is_not_claimed_when_the_second_run_gives_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    case, teaching = crowded_laboratory()
    once = cp_run.run_once

    def without_confirmation(model, options, heard=None, parameters=None):  # type: ignore[no-untyped-def]
        confirming = (parameters or {}).get("cp_model_presolve") is True
        return cp_run.Run(Status.UNKNOWN) if confirming else once(model, options, heard, parameters)

    assert conflicts(case, teaching)
    monkeypatch.setattr(cp_run, "run_once", without_confirmation)
    assert conflicts(case, teaching) == []


def test_no_conflict_is_claimed_without_time() -> None:
    case, teaching = crowded_laboratory()
    assert list(week_conflicts(case, assignments(case, teaching), SolveOptions(seconds=0.001, workers=1))) == []


# --- sentences ---------------------------------------------------------------------------------------------------------------------------


def test_every_rule_of_the_week_has_a_sentence() -> None:
    hard = {rule.name for rule in RULES if rule.part is Part.WEEK and rule.kept in (Kept.POST, Kept.FILTER)}
    assert hard <= set(catalogue("id", "conflicts"))
