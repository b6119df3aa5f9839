"""Certified for the subject, or able to teach it at home."""

from dataclasses import replace

from scheduler.domain.entities import AssignmentKind, AssignmentRow
from tests import build
from tests.rules import plans

TEACHERS = (
    build.teacher("A", "ipa"),
    build.teacher("B", "ips"),
    build.teacher("C", "ips", may_teach=("ipa",)),
    build.counsellor("K"),
)
CASE = plans.small_case({"ipa": 5}, TEACHERS)
GOOD = plans.plan(CASE, {"1/7A/IPA": "A", "1/7A/BK": "K"})


def test_certified_teacher_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_teacher_of_another_field_is_reported() -> None:
    violation = plans.assert_only("qualified_teacher", CASE, plans.reassigned(CASE, GOOD, "1/7A/IPA", "B"))
    assert violation.entities == ("1/7A/IPA", "B")


def test_mapel_diampu_is_accepted_at_home() -> None:
    plans.assert_good(CASE, plans.reassigned(CASE, GOOD, "1/7A/IPA", "C"))


def test_kunci_stands_above_the_certificate() -> None:
    lock = AssignmentRow(build.HOME, "7A", "ipa", "B", AssignmentKind.LOCK)
    locked = plans.small_case({"ipa": 5}, TEACHERS, assignments=(lock,))
    plans.assert_good(locked, plans.plan(locked, {"1/7A/IPA": "B", "1/7A/BK": "K"}))


def test_guidance_by_a_guru_mapel_is_reported() -> None:
    plans.assert_only("qualified_teacher", CASE, plans.reassigned(CASE, GOOD, "1/7A/BK", "A"))


def test_mapel_diampu_does_not_open_another_school() -> None:
    # C is able to teach IPA, but is certified for IPS: at home that is enough, as a visitor it is not.
    lent = replace(TEACHERS[2], home="2")
    case = plans.small_case({"ipa": 5}, (TEACHERS[0], lent), policy="permendikbudristek25_2024")
    plans.assert_only("qualified_teacher", case, plans.plan(case, {"1/7A/IPA": "C"}))
