"""Kunci of Penugasan."""

from scheduler.domain.entities import AssignmentKind, AssignmentRow, Presence
from tests import build
from tests.rules import plans

LOCK = AssignmentRow(build.HOME, "7A", "ipa", "A", AssignmentKind.LOCK)
CASE = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa"), build.teacher("B", "ipa")], assignments=(LOCK,))
GOOD = plans.plan(CASE, {"1/7A/IPA": "A"})


def test_locked_teacher_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_another_teacher_is_reported() -> None:
    violation = plans.assert_only("locked_assignment", CASE, plans.reassigned(CASE, GOOD, "1/7A/IPA", "B"))
    assert violation.facts == {"need": "1/7A/IPA", "teacher": "A", "instead": "B"}


def test_locked_need_without_a_teacher_is_reported() -> None:
    plans.assert_only("locked_assignment", CASE, plans.reassigned(CASE, GOOD, "1/7A/IPA", None))


def test_need_locked_to_a_teacher_on_leave_stays_open() -> None:
    away = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa", presence=Presence.LEAVE), build.teacher("B", "ipa")], assignments=(LOCK,))
    good = plans.plan(away, {})
    plans.assert_good(away, good)
    plans.assert_only("locked_assignment", away, plans.reassigned(away, good, "1/7A/IPA", "B"))
