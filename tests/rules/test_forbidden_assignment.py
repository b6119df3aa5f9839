"""Larang of Penugasan."""

from scheduler.domain.entities import AssignmentKind, AssignmentRow
from tests import build
from tests.rules import plans

FORBID = AssignmentRow(build.HOME, "7A", "ipa", "B", AssignmentKind.FORBID)
CASE = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa"), build.teacher("B", "ipa")], assignments=(FORBID,))
GOOD = plans.plan(CASE, {"1/7A/IPA": "A"})


def test_another_teacher_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_forbidden_teacher_is_reported() -> None:
    violation = plans.assert_only("forbidden_assignment", CASE, plans.reassigned(CASE, GOOD, "1/7A/IPA", "B"))
    assert violation.facts == {"need": "1/7A/IPA", "teacher": "B"}
