"""The five shipped schools that say no: their conflicts name what their READMEs derive, and nothing superfluous."""

from __future__ import annotations

from scheduler.diagnose.conflict import search_again, workload_conflicts
from scheduler.diagnose.week import week_conflicts
from scheduler.domain.explanation import Conflict, Member
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.workload.solve import solve_workload
from tests.test_five_cases import shipped

OPTIONS = SolveOptions(workers=1)


def all_valid(name: str) -> Conflict:
    """Why not all counted teachers can be valid with the best plan's coverage: the one conflict there is."""
    case = shipped(name)
    outcome = solve_workload(case, OPTIONS)
    wanted = [t for t in case.teachers if t in case.counted]
    coverage = outcome.levels[0].value, outcome.levels[1].value
    (conflict,) = workload_conflicts(case, outcome.partners, wanted, OPTIONS, *coverage)
    assert search_again(case, outcome.partners, wanted, len(wanted), OPTIONS, *coverage) is Status.INFEASIBLE
    assert conflict.minimal
    return conflict


def without_week(name: str) -> Conflict:
    """Why its division of work has no week: the first conflict."""
    case = shipped(name)
    conflict = next(week_conflicts(case, solve_workload(case, OPTIONS).assignments, OPTIONS))
    assert conflict.minimal
    return conflict


def entities(conflict: Conflict, rule: str, name: str) -> list[str]:
    return [member.entities[name] for member in conflict.members if member.rule == rule]


def test_three_teachers_of_ipa_share_forty_hours() -> None:
    conflict = all_valid("tiga-guru-ipa")
    assert entities(conflict, "minimum_hours", "teacher") == ["G01", "G02", "G03"]
    assert conflict.members[3].rule == "one_teacher_per_need"
    assert conflict.members[3].facts == {"classes": 8, "jp": 40}
    assert len(conflict.members) == 4


def test_the_home_minimum_alone_keeps_partner_hours_from_counting() -> None:
    assert [member.rule for member in all_valid("jam-induk-pp74").members] == ["minimum_hours", "home_school_minimum"]


def test_a_class_of_48_hours_in_a_week_of_47_is_the_whole_conflict() -> None:
    (member,) = without_week("jam-kelas-berlebih").members
    assert (member.rule, member.entities["rombel"], member.facts) == ("assign_times", "7A", {"jp": 48, "times": 47})


def test_the_pinned_teacher_and_the_absences_are_the_whole_conflict() -> None:
    assert without_week("guru-terkunci").members == (
        Member("avoid_clashes", {"teacher": "G01"}, {"jp": 24, "locked": 24}),
        Member("avoid_unavailable_times", {"teacher": "G01"}, {"closed": 20, "open": 20, "days": "Senin, Selasa, Rabu"}),
    )


def test_friday_names_eight_classes_seven_present_and_nine_absent() -> None:
    conflict = without_week("jumat-sembilan-absen")
    assert len(entities(conflict, "assign_times", "rombel")) == 8
    assert len(entities(conflict, "avoid_clashes", "teacher")) == 7
    assert len(entities(conflict, "avoid_unavailable_times", "teacher")) == 9
    assert len(conflict.members) == 24
