"""Calon of a duty, and the posts that are given none."""

import pytest

from scheduler.domain.entities import Position
from tests import build
from tests.rules import plans

TEACHERS = [
    build.teacher("A", "ipa"),
    build.teacher("B", "ipa"),
    build.teacher("H", "ipa", position=Position.PRINCIPAL),
    build.teacher("P", "ipa", position=Position.ACTING_PRINCIPAL),
]
CASE = plans.small_case(
    {"ipa": 5}, TEACHERS, duties=[build.duty("pembina_osis", candidates=("A",)), build.duty("wakasek"), build.duty("koord_kinerja")]
)
GOOD = plans.plan(CASE, {"1/7A/IPA": "A"})


def test_candidate_is_accepted() -> None:
    plans.assert_good(CASE, plans.with_duty(CASE, GOOD, "pembina_osis", "1", "A"))


def test_who_is_no_candidate_is_reported() -> None:
    violation = plans.assert_only("duty_candidates", CASE, plans.with_duty(CASE, GOOD, "pembina_osis", "1", "B"))
    assert violation.entities == ("pembina_osis", "B")


@pytest.mark.parametrize("duty", ["wakasek", "koord_kinerja"])
def test_principal_with_a_duty_is_reported(duty: str) -> None:
    plans.assert_only("duty_candidates", CASE, plans.with_duty(CASE, GOOD, duty, "1", "H"))


def test_acting_principal_may_hold_a_small_duty_but_no_main_one() -> None:
    plans.assert_good(CASE, plans.with_duty(CASE, GOOD, "koord_kinerja", "1", "P"))
    plans.assert_only("duty_candidates", CASE, plans.with_duty(CASE, GOOD, "wakasek", "1", "P"))
