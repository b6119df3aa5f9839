"""Who may be sent to another school."""

from typing import Any

import pytest

from scheduler.domain.entities import OpenHours, Position, Teacher
from scheduler.domain.instance import Settings
from scheduler.domain.plan import PartnerAlone
from scheduler.policy.case import Case
from tests import build
from tests.rules import plans

SCHOOLS = (build.school("1"), build.school("2", partner=True), build.school("3", partner=True))
OPEN = (OpenHours("2", "ipa", 5, row=1),)
NEED = "2/mitra1/IPA"


def case_with(*teachers: Teacher, **parts: Any) -> Case:
    return plans.small_case({"ipa": 5}, teachers, schools=SCHOOLS, open_hours=OPEN, settings=Settings(main_school="1"), **parts)


def test_willing_teacher_is_accepted_and_unwilling_one_reported() -> None:
    case = case_with(build.teacher("A", "ipa"), build.teacher("B", "ipa", willing=False))
    good = plans.plan(case, {NEED: "A"})
    plans.assert_good(case, good)
    violation = plans.assert_only("partner_visit", case, plans.reassigned(case, good, NEED, "B"))
    assert violation.facts == {"need": NEED, "teacher": "B", "home": "1", "school": "2"}


def test_principal_who_is_sent_away_is_reported() -> None:
    case = case_with(build.teacher("A", "ipa", position=Position.PRINCIPAL))
    plans.assert_only("partner_visit", case, plans.plan(case, {NEED: "A"}))


def test_visit_between_two_partners_is_out_of_reach() -> None:
    case = case_with(build.teacher("A", "ipa", home="3"))
    made = plans.plan(case, {NEED: "A"}, partners=(PartnerAlone("3", 0, ()),))
    plans.assert_only("partner_visit", case, made)


@pytest.mark.parametrize(("kecamatan", "accepted"), [("Taman Rajo", True), ("Maro Sebo", False)])
def test_zone_of_15_2018_is_kept(kecamatan: str, accepted: bool) -> None:
    schools = (build.school("1"), build.school("2", partner=True, kecamatan=kecamatan))
    case = plans.small_case(
        {"ipa": 5}, [build.teacher("A", "ipa")], schools=schools, open_hours=OPEN, settings=Settings(main_school="1"), policy="permendikbud15_2018"
    )
    made = plans.plan(case, {NEED: "A"})
    if accepted:
        plans.assert_good(case, made)
    else:
        plans.assert_only("partner_visit", case, made)
