"""What an explanation claims rests on two bases: where either fails, it says "not proved"; time that ended proves nothing."""

from __future__ import annotations

import pytest

from scheduler.diagnose import explain as module
from scheduler.diagnose import week as week_module
from scheduler.diagnose.explain import explain
from scheduler.domain.explanation import Basis, Explanation
from scheduler.domain.instance import Settings
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.timetable import solve as timetable_solve
from scheduler.verify.proof import Fault
from scheduler.workload import partners
from scheduler.workload.descent import Division
from tests.build import case, locked, no_duties, rombels, school, teacher, week

ONE = SolveOptions(workers=1)
NO_MAIN_DUTIES = ("wakasek", "kepala_perpustakaan", "kepala_laboratorium")


def three_ipa_teachers() -> Case:
    """8 classes of 5 JP for three teachers without a main duty: 16 real hours are 20 in whole classes, and 3 x 20 = 60 > 40."""
    staff = [teacher(code, "ipa") for code in "ABC"]
    return case({"ipa": (4, 1)}, staff, duties=no_duties(NO_MAIN_DUTIES))


def explained(of: Case, options: SolveOptions = ONE) -> Explanation:
    return explain(of, options)


def test_two_of_three_is_proved_by_counting_and_by_search() -> None:
    largest = explained(three_ipa_teachers()).largest
    assert largest is not None
    assert (largest.value, largest.most, largest.proved) == (2, 2, True)
    assert set(largest.bases) == {Basis.COUNTING, Basis.SEARCH}


def test_without_a_counting_proof_a_second_search_and_a_conflict_stand_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "proofs_of", lambda *_: ())
    explanation = explained(three_ipa_teachers())
    assert explanation.largest is not None
    assert explanation.largest.proved and set(explanation.largest.bases) == {Basis.SEARCH, Basis.SECOND_SEARCH}
    (below,) = explanation.teachers
    assert (below.proof, below.conflict) == ("", "K01")
    (conflict,) = explanation.conflicts
    assert [member.rule for member in conflict.members].count("minimum_hours") == 3


def test_a_proof_whose_sums_do_not_hold_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "faults", lambda proof: (Fault("wrong_number", proof.id),))
    explanation = explained(three_ipa_teachers())
    assert explanation.proofs == ()
    assert explanation.largest is not None and Basis.COUNTING not in explanation.largest.bases


def test_one_basis_alone_is_not_called_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "proofs_of", lambda *_: ())
    monkeypatch.setattr(module, "confirmed", lambda *_: False)
    largest = explained(three_ipa_teachers()).largest
    assert largest is not None
    assert (largest.bases, largest.proved) == ((Basis.SEARCH,), False)


def test_a_group_that_no_second_search_confirms_is_not_called_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "search_again", lambda *_: Status.UNKNOWN)
    (group,) = explained(three_ipa_teachers()).groups
    assert (group.most, group.bases, group.proved) == (2, (Basis.COUNTING,), False)


def test_time_that_ended_first_proves_nothing() -> None:
    explanation = explained(three_ipa_teachers(), SolveOptions(seconds=0.0, workers=1))
    assert explanation.status in (Status.UNKNOWN, Status.FEASIBLE)
    assert explanation.largest is None or not explanation.largest.proved
    assert (explanation.conflicts, explanation.repairs) == ((), ())
    assert explanation.status is Status.UNKNOWN or "repairs" in explanation.unfinished


def test_hard_rules_that_leave_no_plan_are_a_conflict() -> None:
    # JP Min 10 of the only two teachers of 16 JP: 10 + 10 > 16, and a class cannot be divided.
    staff = [teacher("A", "ipa", min_jp=10), teacher("B", "ipa", min_jp=10)]
    explanation = explained(case({"ipa": 4}, staff, {7: 4}))
    assert explanation.status is Status.INFEASIBLE
    (conflict,) = explanation.conflicts
    assert conflict.minimal
    assert sorted(member.rule for member in conflict.members) == ["min_jp_wanted", "min_jp_wanted", "one_teacher_per_need"]


def test_division_of_work_without_a_week_is_said_with_its_conflict() -> None:
    # 10 JP locked to a teacher in a week of 8 periods.
    rows = tuple(locked("A", rombel, "ipa") for rombel in ("7A", "7B"))
    explanation = explained(case({"ipa": 5}, [teacher("A", "ipa")], {7: 2}, slots=week((2, 2, 2, 2)), assignments=rows))
    assert explanation.week_status is Status.INFEASIBLE
    assert explanation.conflicts


def test_a_partner_school_whose_own_optimum_is_unknown_leaves_nothing_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    # The partner leaves 4 of its 8 classes open (one teacher, JP Maks 20); with them A and B of the main school are valid too: 3 of 3.
    staff = [teacher("A", "ipa"), teacher("B", "ipa"), teacher("E", "ipa", "2", max_jp=20)]
    parts = {"schools": (school(), school("2", partner=True)), "rombels": (*rombels({7: 4}), *rombels({7: 8}, "2"))}
    two = case({"ipa": 5}, staff, settings=Settings(main_school="1"), **parts)
    known = explained(two).largest
    assert known is not None
    assert (known.value, known.proved) == (3, True)
    monkeypatch.setattr(partners, "divide", lambda *_, **__: Division(Status.UNKNOWN))
    unknown = explained(two)
    assert unknown.status is Status.FEASIBLE
    assert unknown.largest is not None and not unknown.largest.proved
    assert not any(group.proved for group in unknown.groups)
    assert "partners" in unknown.unfinished


def test_a_count_that_is_wrong_about_a_week_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    of = case({"ipa": 4}, [teacher("A", "ipa")], {7: 2}, slots=week((2, 2, 2, 2, 2)))
    assert explained(of).week_status is Status.FEASIBLE
    for place in (timetable_solve, week_module):
        monkeypatch.setattr(place, "counted_conflict", lambda *_: frozenset())
    explanation = explained(of)
    assert explanation.week_status is Status.UNKNOWN
    assert explanation.conflicts == ()
    assert "week" in explanation.unfinished


def test_a_class_of_more_hours_than_times_is_named_though_no_rule_left_out_would_help() -> None:
    # 5 JP in a week of 4 times: IPA alone has no room.
    explanation = explained(case({"ipa": 5}, [teacher("A", "ipa")], {7: 1}, slots=week((4,))))
    assert explanation.week_status is Status.INFEASIBLE
    assert [[member.rule for member in conflict.members] for conflict in explanation.conflicts] == [["assign_times"]]
