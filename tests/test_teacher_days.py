"""Days and hours that a shared teacher needs at his schools: counted, kept by the division of work, and never more than a week asks for."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from scheduler.app.plan import Wishes, make_full_plan
from scheduler.app.plan_files import PLAN_FILE, WORKBOOK_FILE
from scheduler.app.verify import verify_files
from scheduler.counting.teacher_days import TeacherDays, days_for, fullest
from scheduler.cp.builder import Builder
from scheduler.cp.run import run
from scheduler.domain.entities import Availability, AvailabilityKind, Distance, WeekRule, WeekRuleKind
from scheduler.domain.instance import Settings
from scheduler.domain.plan import Plan, Status
from scheduler.domain.solving import SolveOptions
from scheduler.formats.json import read_plan, write_instance
from scheduler.planning import make_plan
from scheduler.policy.case import Case
from scheduler.policy.load import load_policy
from scheduler.timetable import district
from scheduler.timetable.solve import has_week
from scheduler.workload.rules import weekly_cuts
from scheduler.workload.scope import ClassGroup, ClassKey, Scope
from scheduler.workload.solve import solve_workload
from scheduler.workload.variables import Variables
from tests import build
from tests.seeds import SEED
from tests.timetable_weeks import OPTIONS, assignments, random_case, random_rule

COUNT = int(os.environ.get("SCHEDULER_TINY_INSTANCES", "200"))
ONE = SolveOptions(workers=1)
SCHOOLS = ("1", "2", "3")


def shared_case(jp: int, distances: tuple[Distance, ...] = (), periods: tuple[int, ...] = (6,) * 5, **parts: object) -> Case:
    """Three schools of one rombel in one kecamatan; only A has a certificate, for IPA: he may teach it at all three."""
    duties = [duty for npsn in SCHOOLS for duty in build.no_duties((rule.id for rule in load_policy("permendikdasmen11_2025").duties), npsn)]
    return build.case(
        {"ipa": jp},
        [build.teacher("A", "ipa", willing=True)],
        settings=Settings(share_within_kecamatan=True),
        schools=tuple(build.school(npsn) for npsn in SCHOOLS),
        rombels=tuple(rombel for npsn in SCHOOLS for rombel in build.rombels({7: 1}, npsn)),
        slots=build.week(periods),
        distances=distances,
        duties=duties,
        **parts,  # type: ignore[arg-type]
    )


def schools_taught(case: Case, days: bool = True) -> int:
    outcome = solve_workload(case, ONE, days=TeacherDays.of_case(case) if days else None)
    assert outcome.status is Status.OPTIMAL
    return sum(row.teacher is not None for row in outcome.assignments)


# --- counting ------------------------------------------------------------------------------------------------------------------------------


def test_a_day_holds_whole_lessons_only() -> None:
    # 9 hours of lessons of 2: four of them, 8 hours; with one of 1 beside them 9.
    assert fullest(9, [{2}] * 9) == 8
    assert fullest(9, [{2}] * 9 + [{1}]) == 9


def test_of_each_kind_one_lesson_a_day() -> None:
    # 2+2+1 of one class gives 2 or 1 a day, never 3.
    assert fullest(9, [{2, 1}]) == 2


def test_hours_take_the_longest_days_first() -> None:
    assert days_for(12, {"Senin": 4, "Selasa": 8, "Rabu": 6}) == 2
    assert days_for(100, {"Senin": 4}) == 1


def test_lessons_of_a_class_need_a_day_each() -> None:
    case = shared_case(5)  # 2+2+1
    days = TeacherDays.of_case(case)
    assert {days.days_of(need) for need in case.needs if need.jp} == {3}


def test_schools_with_a_known_way_are_one_place() -> None:
    days = TeacherDays.of_case(shared_case(4, (Distance("1", "2", minutes=10), Distance("2", "3", km=4.0))))
    # A way in km alone says nothing of minutes.
    assert days.apart(SCHOOLS) == [frozenset("12"), frozenset("3")]


# --- the division of work ------------------------------------------------------------------------------------------------------------------


def test_more_schools_than_days_are_not_given_where_no_way_is_known() -> None:
    # 4 JP are two lessons on two days: 2 schools take 4 of 5 days, 3 would take 6.
    assert schools_taught(shared_case(4)) == 2
    assert schools_taught(shared_case(4), days=False) == 3


def test_a_known_way_lets_a_day_be_shared() -> None:
    # 2+3 share their days: two for them, two for 1.
    assert schools_taught(shared_case(4, (Distance("2", "3", minutes=10),))) == 3


def test_a_day_off_counts() -> None:
    # 2 JP are one lesson: three schools, three days; with three days off two are left.
    off = [Availability("A", day, None, AvailabilityKind.IMPOSSIBLE) for day in ("Senin", "Selasa", "Rabu")]
    assert schools_taught(shared_case(2)) == 3
    assert schools_taught(shared_case(2, availability=off)) == 2


def test_fewer_days_by_a_rule_of_the_schools_count() -> None:
    rule = WeekRule(WeekRuleKind.DAYS, True, teacher="A", amount=2)
    assert schools_taught(shared_case(2, week_rules=(rule,))) == 2


def test_long_days_are_there_once() -> None:
    # 3 JP in one lesson of 3 at each school, but only Senin and Selasa have three hours.
    case = shared_case(3, periods=(3, 3, 2, 2, 2))
    case = Case(replace(case.instance, structure=tuple(replace(row, blocks=(3,)) for row in case.instance.structure)), case.law)
    assert schools_taught(case) == 2


def test_hours_that_whole_lessons_cannot_fill_are_not_counted() -> None:
    # Three days of three periods have 9 hours, of which lessons of 2 hours fill 6: 2 JP at each school on its own day, but no second class.
    case = shared_case(2, periods=(3, 3, 3))
    more = build.rombels({7: 2}, "1")[1:]
    case = Case(replace(case.instance, rombels=(*case.instance.rombels, *more)), case.law)
    assert schools_taught(case) == 3


def accepted(case: Case, teaching: dict[str, str | None]) -> bool:
    """Whether the rule lets this division of work stand."""
    groups = tuple(
        ClassGroup(ClassKey(need.school, need.subject, need.jp, need.recognised_jp, need.grade, need.required, 0, (code,), "", need.id), (need,))
        for need in case.needs
        if (code := teaching.get(need.id))
    )
    builder = Builder()
    variables = Variables(builder, Scope(case, tuple(case.schools), tuple(case.teachers), groups, (), (), days=TeacherDays.of_case(case)))
    weekly_cuts(builder, variables)
    for taken in variables.classes.values():
        builder.model.add(taken == 1)
    return run(builder.model, ONE).found


@pytest.mark.parametrize("part", range(4))
def test_no_division_of_work_that_has_a_week_is_lost(part: int) -> None:
    for seed in range(part, COUNT, 4):
        rng = Random(f"{SEED}-{seed}")
        case, teaching = random_case(rng.randrange(10**9))
        if any(need.jp and need.rombels for need in case.needs):
            kind = rng.choice((WeekRuleKind.DAYS, WeekRuleKind.DAY_HOURS))
            case = Case(replace(case.instance, week_rules=(random_rule(rng, case, kind, required=True),)), case.law)
        if has_week(case, assignments(case, teaching), OPTIONS) is Status.FEASIBLE:
            assert accepted(case, teaching), f"SCHEDULER_SEED={SEED}, case {seed}"


# --- the whole plan ------------------------------------------------------------------------------------------------------------------------


def test_a_district_whose_shared_teacher_had_too_many_days_gets_its_weeks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(district, "MOST_LESSONS_TOGETHER", 0)
    plan = make_plan(shared_case(4), SolveOptions(seconds=20, workers=1))
    assert plan.violations == ()
    assert {lesson.school for lesson in plan.lessons} == set(SCHOOLS)
    assert len({(lesson.school, lesson.day) for lesson in plan.lessons if lesson.teacher == "A"}) == 4


def test_the_way_between_schools_is_kept_where_a_day_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(district, "MOST_LESSONS_TOGETHER", 0)
    # Two days, three schools of one lesson each: one day must be shared, and 60 minutes are more than one period.
    ways = tuple(Distance(one, other, minutes=60) for one, other in (("1", "2"), ("1", "3"), ("2", "3")))
    plan = make_plan(shared_case(2, ways, periods=(6, 6)), SolveOptions(seconds=20, workers=1))
    assert plan.violations == ()
    assert sum(lesson.teacher == "A" for lesson in plan.lessons) == 3


def test_the_same_district_gives_the_same_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(district, "MOST_LESSONS_TOGETHER", 0)
    options = SolveOptions(workers=1, deterministic_limit=20.0)
    first, second = (make_plan(shared_case(4), options) for _ in range(2))
    assert (first.assignments, first.lessons) == (second.assignments, second.lessons)


def test_a_districts_first_weeks_are_handed_out_before_they_are_bettered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(district, "MOST_LESSONS_TOGETHER", 0)
    heard: list[Plan] = []
    make_plan(shared_case(4), SolveOptions(seconds=20, workers=1), on_first=heard.append)
    (first,) = heard
    assert first.violations == ()
    assert {lesson.school for lesson in first.lessons} == set(SCHOOLS)


def test_a_districts_first_weeks_outlast_a_kill_while_they_are_bettered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(district, "MOST_LESSONS_TOGETHER", 0)

    def killed(solve: district.District) -> None:
        raise KeyboardInterrupt

    write_instance(shared_case(4).instance, tmp_path / "sekolah.json")
    wishes, folder = Wishes(options=SolveOptions(seconds=20, workers=1)), tmp_path / "keluaran"
    with monkeypatch.context() as dying:
        dying.setattr(district.District, "better", killed)
        with pytest.raises(KeyboardInterrupt):
            make_full_plan(tmp_path / "sekolah.json", folder, wishes)
    kept = folder / "plan.sementara.json"
    assert {lesson.school for lesson in read_plan(kept).lessons} == set(SCHOOLS)
    assert verify_files(tmp_path / "sekolah.json", kept).report.violations == ()
    # The next run to its end needs it no more.
    make_full_plan(tmp_path / "sekolah.json", folder, wishes)
    assert sorted(path.name for path in folder.iterdir()) == [PLAN_FILE, WORKBOOK_FILE]
