"""One need, one row, one teacher."""

from dataclasses import replace

from tests import build
from tests.rules import plans

CASE = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa"), build.teacher("B", "ipa")])
GOOD = plans.plan(CASE, {"1/7A/IPA": "A"})


def test_each_need_once_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_two_teachers_for_one_need_are_reported() -> None:
    second = replace(GOOD.assignments[0], teacher="B")
    violation = plans.assert_only("one_teacher_per_need", CASE, replace(GOOD, assignments=(*GOOD.assignments, second)))
    assert violation.facts == {"need": "1/7A/IPA", "found": 2, "expected": 1}


def test_need_missing_from_the_plan_is_reported() -> None:
    violation = plans.assert_only("one_teacher_per_need", CASE, plans.recorded(CASE, replace(GOOD, assignments=())))
    assert violation.facts == {"need": "1/7A/IPA", "found": 0, "expected": 1}


def test_need_that_the_file_does_not_have_is_reported() -> None:
    unknown = replace(GOOD.assignments[0], need="1/7Z/IPA")
    violation = plans.assert_only("one_teacher_per_need", CASE, replace(GOOD, assignments=(*GOOD.assignments, unknown)))
    assert violation.facts == {"need": "1/7Z/IPA", "found": 1, "expected": 0}
