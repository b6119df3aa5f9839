"""Weeks whose answer is known beforehand: full grids, what counting refuses, former weeks, and the time that is never called impossible."""

from __future__ import annotations

import threading
from dataclasses import replace

from scheduler.domain.entities import Availability, AvailabilityKind, Group
from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.timetable.solve import solve_week
from tests import build
from tests.timetable_weeks import OPTIONS, assert_agrees, assignments, levels, solved

SUBJECTS = ("ipa", "ips", "matematika", "bahasa_indonesia", "bahasa_inggris", "pjok", "informatika", "pendidikan_pancasila")


def eight_full_classes(absent_on_friday: int = 0) -> tuple[Case, dict[str, str | None]]:
    """8 rombel, 5 × 8 periods, 8 subjects of 5 JP: two teachers for each subject, four classes each; the first teachers are away on Friday."""
    codes = [f"{subject}-{half}" for subject in SUBJECTS for half in (1, 2)]
    case = build.case(
        dict.fromkeys(SUBJECTS, 5),
        [build.teacher(code, code.rpartition("-")[0]) for code in codes],
        grades={7: 4, 8: 4},
        slots=build.week((8,) * 5),
        availability=[Availability(code, "Jumat", None, AvailabilityKind.IMPOSSIBLE) for code in codes[:absent_on_friday]],
    )
    teaching: dict[str, str | None] = {need.id: f"{need.subject}-{1 if need.grade == 7 else 2}" for need in case.needs}
    return case, teaching


def test_every_lesson_of_eight_full_classes_is_placed() -> None:
    case, teaching = eight_full_classes()
    outcome = solve_week(case, assignments(case, teaching), SolveOptions(seconds=8, workers=2))
    assert outcome.status in (Status.OPTIMAL, Status.FEASIBLE)
    # 64 needs of 5 JP in lessons of 2 + 2 + 1.
    assert len(outcome.lessons) == 64 * 3
    assert_agrees(case, teaching, outcome)


def test_nine_of_sixteen_teachers_absent_on_friday_leave_no_week_for_eight_full_classes() -> None:
    # 8 classes need 8 teachers at each hour of Friday; 7 are there.
    case, teaching = eight_full_classes(absent_on_friday=9)
    outcome = solved(case, teaching)
    assert outcome.status is Status.INFEASIBLE
    assert outcome.conflict


def test_lessons_of_two_hours_do_not_fill_days_of_three() -> None:
    # 6 classes x 2 JP in one lesson = 12 of 15 periods, but each of 5 days of 3 periods holds one such lesson only.
    case = build.case({"ips": 2}, [build.teacher("A", "ips")], grades={7: 6}, slots=build.week((3,) * 5))
    outcome = solved(case, {need.id: "A" for need in case.needs})
    assert outcome.status is Status.INFEASIBLE
    assert len(outcome.conflict) == 6
    five = {need.id: "A" if index else None for index, need in enumerate(case.needs)}
    assert solved(case, five).status is Status.OPTIMAL


def test_twenty_four_hours_in_twenty_open_slots_are_refused_by_counting() -> None:
    # 6 classes × 4 JP = 24; Senin to Kamis have 4 × 5 = 20 periods, Jumat is closed to the teacher.
    case = build.case(
        {"ips": 4},
        [build.teacher("A", "ips")],
        grades={7: 6},
        slots=build.week((5,) * 5),
        availability=[Availability("A", "Jumat", None, AvailabilityKind.IMPOSSIBLE)],
    )
    outcome = solved(case, {need.id: "A" for need in case.needs})
    assert outcome.status is Status.INFEASIBLE
    # 4 JP are two lessons of 2 hours, of which a day of 5 holds two: 8 in four days, enough for four classes. Any five of them are too many.
    assert len(outcome.conflict) == 5


def test_the_hours_of_a_teacher_who_could_come_every_day_are_packed_without_a_gap() -> None:
    # One class, 2 × 4 periods, all 8 JP by one teacher: no idle hour, two days.
    case = build.case({"ips": 4, "ipa": 4}, [build.teacher("A", "ips", may_teach=("ipa",))], grades={7: 1}, slots=build.week((4, 4)))
    outcome = solved(case, {need.id: "A" for need in case.needs})
    assert levels(outcome) == (0, 2, 0)
    assert outcome.status is Status.OPTIMAL


def test_a_former_week_stands_where_nothing_forbids_it() -> None:
    case, teaching = eight_full_classes()
    rows = assignments(case, teaching)
    first = solve_week(case, rows, SolveOptions(seconds=5, workers=2))
    second = solve_week(case, rows, SolveOptions(seconds=5, workers=2), former=first.lessons)
    assert set(second.lessons) == set(first.lessons)


def test_only_what_must_move_leaves_its_place_in_a_former_week() -> None:
    # Two days of 2 periods for a need of 2 × 1 JP: the lesson of the closed day must go, the other stays.
    case = build.case({"ips": 2}, [build.teacher("A", "ips")], grades={7: 1}, slots=build.week((2, 2, 2)))
    case = Case(replace(case.instance, structure=tuple(replace(row, blocks=(1, 1)) for row in case.instance.structure)), case.law)
    teaching: dict[str, str | None] = {need.id: "A" for need in case.needs}
    first = solved(case, teaching)
    closed = first.lessons[0].day
    away = (Availability("A", closed, None, AvailabilityKind.IMPOSSIBLE),)
    changed = Case(replace(case.instance, availability=away), case.law)
    second = solve_week(changed, assignments(changed, teaching), OPTIONS, former=first.lessons)
    assert first.lessons[1] in second.lessons
    assert closed not in {lesson.day for lesson in second.lessons}


def test_a_search_that_was_stopped_is_unknown_and_never_impossible() -> None:
    case, teaching = eight_full_classes()
    stop = threading.Event()
    stop.set()
    assert solve_week(case, assignments(case, teaching), SolveOptions(seconds=5, stop=stop)).status is Status.UNKNOWN


def test_one_worker_and_a_limit_of_work_give_the_same_week_again() -> None:
    teachers = [build.teacher(code, code) for code in ("ips", "ipa", "matematika")]
    case = build.case({"ips": 4, "ipa": 5, "matematika": 5}, teachers, grades={7: 3}, slots=build.week((5, 5, 4)))
    rows = assignments(case, {need.id: need.subject for need in case.needs})
    options = SolveOptions(workers=1, deterministic_limit=1.0)
    assert solve_week(case, rows, options).lessons == solve_week(case, rows, options).lessons


def test_the_bound_of_a_teachers_days_counts_only_lessons_that_need_the_teacher() -> None:
    # Islam has 2 + 1 JP, Kristen beside it only the 2: the teacher of Kristen comes on one day, though the group meets on two.
    groups = (Group("I", build.HOME, ("7A",), "pabp_islam", 3, "K"), Group("K", build.HOME, ("7A",), "pabp_kristen", 2, "I"))
    case = build.case(
        {"pabp_islam": 3},
        [build.teacher("C", "kristen")],
        grades={7: 1},
        groups=groups,
        subjects=build.registry_subjects(["pabp_islam", "pabp_kristen"]),
        slots=build.week((3, 3)),
    )
    outcome = solved(case, {need.id: "C" if need.subject == "pabp_kristen" else None for need in case.needs})
    assert levels(outcome) == (0, 1, 0)
    assert outcome.status is Status.OPTIMAL


def test_hours_at_which_one_parallel_group_stands_alone_need_no_teacher_of_the_other() -> None:
    # Two days of two periods, both classes full. 7B: a block of 2 with B, who is away in the last period, so on Senin; then A twice on Selasa.
    # 7A: Kristen (A, a block of 2) beside Islam on Senin; Selasa: IPA with B, then Islam's third hour alone, while A is with 7B.
    groups = (Group("I", build.HOME, ("7A",), "pabp_islam", 3, "K"), Group("K", build.HOME, ("7A",), "pabp_kristen", 2, "I"))
    case = build.case(
        {"ipa": 1, "pabp_islam": 1, "pabp_kristen": 2},
        [build.teacher("A"), build.teacher("B")],
        grades={7: 2},
        groups=groups,
        slots=build.week((2, 2)),
        availability=[Availability("B", "Selasa", 2, AvailabilityKind.IMPOSSIBLE)],
    )
    teaching = {"1/7A/IPA": "B", "1/K/PAK": "A", "1/7B/IPA": "A", "1/7B/PAI": "A", "1/7B/PAK": "B"}
    assert solved(case, teaching).status is Status.OPTIMAL
