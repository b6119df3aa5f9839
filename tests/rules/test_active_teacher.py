"""Only who is at work teaches or is given duties."""

from dataclasses import replace

from scheduler.domain.entities import Presence
from tests import build
from tests.rules import plans

TEACHERS = [build.teacher("A", "ipa"), build.teacher("B", "ipa", presence=Presence.LEAVE)]
CASE = plans.small_case({"ipa": 5}, TEACHERS, duties=[build.duty("pembina_osis")])
GOOD = plans.plan(CASE, {"1/7A/IPA": "A"}, [("pembina_osis", "1", "A")])


def test_teacher_at_work_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_teacher_on_leave_who_teaches_is_reported() -> None:
    violation = plans.assert_only("active_teacher", CASE, plans.reassigned(CASE, GOOD, "1/7A/IPA", "B"))
    assert violation.facts == {"what": "1/7A/IPA", "teacher": "B"}


def test_teacher_who_is_not_in_the_file_is_reported() -> None:
    violation = plans.assert_only("active_teacher", CASE, plans.reassigned(CASE, GOOD, "1/7A/IPA", "Z"))
    assert violation.entities == ("1/7A/IPA", "Z")


def test_teacher_on_leave_who_is_given_a_duty_is_reported() -> None:
    given = replace(GOOD, duties=(plans.holding(CASE, "pembina_osis", "1", "B"),))
    plans.assert_only("active_teacher", CASE, plans.recorded(CASE, given))


def test_pinned_holder_on_leave_stays() -> None:
    pinned = plans.small_case({"ipa": 5}, TEACHERS, duties=[build.duty("pembina_osis", holders=("B",))])
    plans.assert_good(pinned, plans.plan(pinned, {"1/7A/IPA": "A"}, [("pembina_osis", "1", "B")]))
