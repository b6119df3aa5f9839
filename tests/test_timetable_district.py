"""A district's weeks: shared teachers' days, schools apart, and what is said where a school gets none."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from scheduler.domain.entities import Availability, AvailabilityKind, Distance
from scheduler.domain.plan import Status
from scheduler.domain.solving import Progress, SolveOptions
from scheduler.policy.case import Case
from scheduler.timetable import district
from scheduler.timetable.district import District, solve_weeks, united
from scheduler.timetable.district_days import Refused, Staffing, fixed_days
from scheduler.timetable.problem import WeekProblem
from tests import build
from tests.timetable_weeks import OPTIONS, assert_agrees, assignments

SCHOOLS = ("1", "2", "3")


@pytest.fixture(autouse=True)
def every_size_is_a_district(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(district, "MOST_LESSONS_TOGETHER", 0)


def three_schools(jp: int, distances: tuple[Distance, ...] = ()) -> tuple[Case, dict[str, str | None]]:
    """Three schools of one rombel: IPA by one teacher for all three, IPS by each school's own."""
    case = build.case(
        {"ipa": jp, "ips": 4},
        [build.teacher("A", "ipa", home="1"), *(build.teacher(f"S{npsn}", "ips", home=npsn) for npsn in SCHOOLS)],
        schools=[build.school(npsn, bell="pagi") for npsn in SCHOOLS],
        rombels=[rombel for npsn in SCHOOLS for rombel in build.rombels({7: 1}, npsn)],
        slots=build.week((4,) * 5),
        distances=list(distances),
    )
    return case, {need.id: "A" if need.subject == "ipa" else f"S{need.school}" for need in case.needs}


def test_a_teacher_of_three_schools_is_at_one_a_day() -> None:
    # 2 JP at each school are one block: three days for the three schools.
    case, teaching = three_schools(2)
    outcome = solve_weeks(case, assignments(case, teaching), OPTIONS)
    assert_agrees(case, teaching, outcome)
    assert len({(lesson.day, lesson.school) for lesson in outcome.lessons if lesson.teacher == "A"}) == 3


def test_the_same_weeks_come_from_one_worker_and_a_limit_of_work() -> None:
    case, teaching = three_schools(2)
    first, second = (solve_weeks(case, assignments(case, teaching), OPTIONS).lessons for _ in range(2))
    assert first == second


def test_two_workers_solve_schools_in_processes_that_end() -> None:
    case, teaching = three_schools(2)
    outcome = solve_weeks(case, assignments(case, teaching), SolveOptions(seconds=20, workers=2))
    assert_agrees(case, teaching, outcome)


def test_more_days_than_the_week_has_are_refused_with_the_needs_where_no_way_is_known() -> None:
    # 4 JP are two blocks on two days: 3 schools × 2 days = 6 of 5.
    case, teaching = three_schools(4)
    outcome = solve_weeks(case, assignments(case, teaching), OPTIONS)
    assert outcome.status is Status.INFEASIBLE
    assert {case.need[need].school for need, _ in outcome.conflict} == set(SCHOOLS)


def test_schools_are_built_together_where_a_known_way_lets_a_day_be_shared() -> None:
    ways = tuple(Distance(one, other, minutes=0) for one, other in (("1", "2"), ("1", "3"), ("2", "3")))
    case, teaching = three_schools(4, ways)
    staffing = Staffing(WeekProblem(case, assignments(case, teaching)))
    fixed = fixed_days(staffing, OPTIONS)
    assert fixed is not None and fixed.without == {"A"}
    outcome = solve_weeks(case, assignments(case, teaching), OPTIONS)
    assert_agrees(case, teaching, outcome)


def test_schools_without_a_week_in_time_are_named_and_nothing_is_called_impossible() -> None:
    case, teaching = three_schools(2)
    stop = threading.Event()
    stop.set()
    outcome = solve_weeks(case, assignments(case, teaching), replace(OPTIONS, stop=stop))
    assert (outcome.status, outcome.without_week, outcome.lessons) == (Status.UNKNOWN, SCHOOLS, ())


def solving(case: Case, teaching: dict[str, str | None]) -> District:
    given = assignments(case, teaching)
    solve = District(case, given, OPTIONS, lambda progress: None, (), WeekProblem(case, given))
    assert solve.fixed(united(SCHOOLS, ())) == united(SCHOOLS, ())
    return solve


def test_a_school_without_a_week_with_the_fixed_days_gets_other_days() -> None:
    # A has 2 JP at each school: one block, which Jumat with one period does not hold. Days of 1: Jumat only, by mistake.
    case, teaching = three_schools(2)
    case = Case(replace(case.instance, slots=build.week((4, 4, 4, 4, 1))), case.law)
    solve = solving(case, teaching)
    first = frozenset("1")
    solve.days = {**solve.days, ("A", "1"): frozenset({"Jumat"})}
    failed = solve.first_weeks(united(SCHOOLS, ()))
    assert failed == {first: Status.INFEASIBLE}
    assert solve.refusal(first, failed[first]) is None
    assert {(code, school) for code, school, _ in solve.refused[0].lacking} == {("A", "1")}
    # The two other weeks stay as they are.
    kept = dict(solve.weeks)
    assert solve.fixed([*solve.weeks, first]) == [first]
    assert solve.weeks == kept
    assert solve.first_weeks([first]) == {}
    solve.counted()
    assert_agrees(case, teaching, solve.outcome())


def test_who_is_not_to_blame_for_a_school_without_a_week_is_not_named() -> None:
    # Besides A, at all three, B teaches IPS at 1 and 2; only A's day at 1 is one that does not hold his lesson.
    case, teaching = three_schools(2)
    case = Case(replace(case.instance, slots=build.week((4, 4, 4, 4, 1))), case.law)
    teaching = {need: "S1" if code == "S2" else code for need, code in teaching.items()}
    solve = solving(case, teaching)
    solve.days = {**solve.days, ("A", "1"): frozenset({"Jumat"})}
    first = frozenset("1")
    assert set(solve.away(first)) == {"A", "S1"}
    assert solve.blamed(first, solve.away(first)) == {"A"}


def test_a_school_without_a_week_whatever_the_days_is_a_conflict() -> None:
    # 6 JP of IPA are three lessons on three days, and A comes on two.
    case, teaching = three_schools(2)
    structure = tuple(replace(row, intra_jp=6) if row.subject == "ipa" else row for row in case.instance.structure)
    away = [Availability("A", day, None, AvailabilityKind.IMPOSSIBLE) for day in ("Senin", "Selasa", "Rabu")]
    case = Case(replace(case.instance, structure=structure, availability=tuple(away)), case.law)
    given = assignments(case, teaching)
    solve = District(case, given, OPTIONS, lambda progress: None, (), WeekProblem(case, given))
    assert {code for _, code in solve.refusal(frozenset("1"), Status.INFEASIBLE) or ()} == {"A"}


def test_a_school_whose_week_was_only_not_found_is_tried_again_before_its_days_change() -> None:
    case, teaching = three_schools(2)
    solve = solving(case, teaching)
    first = frozenset("1")
    assert solve.refusal(first, Status.UNKNOWN) is None
    assert not solve.refused
    assert solve.refusal(first, Status.UNKNOWN) is None
    assert [each.schools for each in solve.refused] == [first]


def test_days_that_no_week_can_heed_bring_schools_together() -> None:
    case, teaching = three_schools(2)
    solve = solving(case, teaching)
    solve.refused = [Refused(frozenset("1"), frozenset())]
    # A teaches at all three.
    assert solve.fixed(united(SCHOOLS, ())) == [frozenset(SCHOOLS)]


def test_it_is_told_how_many_schools_are_done_and_how_much_time_is_left() -> None:
    case, teaching = three_schools(2)
    heard: list[Progress] = []
    solve_weeks(case, assignments(case, teaching), SolveOptions(seconds=20, workers=1), heard.append)
    assert [progress.detail.split(", ")[0] for progress in heard if progress.stage == "district_weeks"] == ["1/3", "2/3", "3/3"]
    assert all(progress.detail.endswith(" s") for progress in heard if progress.stage == "district_weeks")


def test_schools_named_together_are_one_group() -> None:
    assert united("abcde", ("ab", "de", "bc")) == [frozenset("abc"), frozenset("de")]
