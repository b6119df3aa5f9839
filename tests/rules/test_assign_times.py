"""Every need's JP stand in the week, at times that exist."""

from dataclasses import replace

from scheduler.domain.entities import OpenHours
from scheduler.domain.instance import Settings
from tests import build
from tests.rules import plans

CASE = plans.small_case({"pjok": 3}, [build.teacher("A", "pjok"), build.teacher("B", "pjok")], slots=build.week((4, 4)))
NEED = "1/7A/PJOK"
GOOD = plans.plan(CASE, {NEED: "A"}, lessons=[(NEED, "Senin", 3, 2), (NEED, "Selasa", 1, 1)])


def test_complete_need_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_missing_lesson_is_reported() -> None:
    violation = plans.assert_only("assign_times", CASE, plans.recorded(CASE, replace(GOOD, lessons=GOOD.lessons[:1])))
    assert violation.facts == {"need": NEED, "placed": 2, "jp": 3, "nowhere": 0}


def test_week_without_a_lesson_is_reported() -> None:
    # The status says that there is a week.
    plans.assert_only("assign_times", CASE, plans.recorded(CASE, replace(GOOD, lessons=())))


def test_lesson_that_runs_over_the_end_of_the_day_is_reported() -> None:
    # Monday has periods 1-4; a lesson of two from period 4 would need the 5th.
    violation = plans.assert_only("assign_times", CASE, plans.with_lesson(CASE, GOOD, 0, period=4))
    assert violation.facts == {"need": NEED, "placed": 1, "jp": 3, "nowhere": 1}


def test_lesson_on_a_day_without_school_is_reported() -> None:
    plans.assert_only("assign_times", CASE, plans.with_lesson(CASE, GOOD, 1, day="Minggu"))


def test_need_without_a_teacher_is_timetabled_all_the_same() -> None:
    uncovered = plans.plan(CASE, {}, lessons=[(NEED, "Senin", 3, 2), (NEED, "Selasa", 1, 1)])
    plans.assert_good(CASE, uncovered)


def test_open_hours_have_lessons_only_when_they_are_taught() -> None:
    case = plans.small_case(
        {"pjok": 3},
        [build.teacher("A", "pjok")],
        rombels=(),
        schools=(build.school("1"), build.school("2", partner=True)),
        slots=build.week((4, 4)),
        settings=Settings(main_school="1"),
        open_hours=(OpenHours("2", "pjok", 1, row=1),),
    )
    taught = plans.plan(case, {"2/mitra1/PJOK": "A"}, lessons=[("2/mitra1/PJOK", "Senin", 1, 1)])
    plans.assert_good(case, taught)
    open_still = plans.reassigned(case, taught, "2/mitra1/PJOK", None)
    assert plans.assert_only("assign_times", case, open_still).facts["jp"] == 0


def test_school_without_bell_times_has_no_lessons() -> None:
    case = plans.small_case({"pjok": 3}, [build.teacher("A", "pjok")])
    untimed = plans.plan(case, {NEED: "A"})
    plans.assert_good(case, untimed)
    extra = replace(untimed, lessons=(plans.lesson(case, {NEED: "A"}, NEED, "Senin", 1, 3),))
    assert plans.assert_only("assign_times", case, plans.recorded(case, extra)).facts == {"need": NEED, "placed": 0, "jp": 0, "nowhere": 1}
