"""Tidak Bisa and the MGMP day."""

from dataclasses import replace

from scheduler.domain.entities import Availability, AvailabilityKind
from scheduler.policy.case import Case
from tests import build
from tests.rules import plans

NEED = "1/7A/PJOK"
LESSONS = [(NEED, "Senin", 2, 2), (NEED, "Selasa", 1, 1)]


def case_with(*rows: Availability, mgmp_day: str = "") -> Case:
    return plans.small_case({"pjok": 3}, [build.teacher("A", "pjok", mgmp_day=mgmp_day)], slots=build.week((4, 4, 4)), availability=rows)


def away(day: str, period: int | None) -> Availability:
    return Availability("A", day, period, AvailabilityKind.IMPOSSIBLE)


def test_lesson_at_another_time_is_accepted_and_at_the_hour_reported() -> None:
    case = case_with(away("Senin", 3))
    good = plans.plan(case, {NEED: "A"}, lessons=[(NEED, "Senin", 1, 2), LESSONS[1]])
    plans.assert_good(case, good)
    violation = plans.assert_only("avoid_unavailable_times", case, plans.with_lesson(case, good, 0, period=2))
    assert violation.facts == {"teacher": "A", "need": NEED, "day": "Senin", "period": 3}


def test_whole_day_away_is_kept() -> None:
    case = case_with(away("Rabu", None))
    good = plans.plan(case, {NEED: "A"}, lessons=LESSONS)
    plans.assert_good(case, good)
    plans.assert_only("avoid_unavailable_times", case, plans.with_lesson(case, good, 1, day="Rabu"))


def test_mgmp_day_is_free_of_lessons() -> None:
    case = case_with(mgmp_day="Rabu")
    good = plans.plan(case, {NEED: "A"}, lessons=LESSONS)
    plans.assert_good(case, good)
    plans.assert_only("avoid_unavailable_times", case, plans.with_lesson(case, good, 1, day="Rabu"))


def test_wish_is_no_rule() -> None:
    wish = replace(away("Senin", 2), kind=AvailabilityKind.UNWANTED)
    case = case_with(wish)
    plans.assert_good(case, plans.plan(case, {NEED: "A"}, lessons=LESSONS))
