"""Hours elsewhere only for what the other school leaves open (11/2025)."""

from typing import Any

from scheduler.domain.entities import AssignmentKind, AssignmentRow
from scheduler.domain.instance import Settings
from scheduler.domain.plan import PartnerAlone
from tests import build
from tests.rules import plans

SCHOOLS = (build.school("1"), build.school("2", partner=True))
ROMBELS = build.rombels({7: 2}, "2")
TEACHERS = [build.teacher("A", "ipa"), build.teacher("X", "ipa", home="2")]
ALONE = (PartnerAlone("2", 0, ("2/7B/IPA",)),)


def parts(**more: Any) -> dict[str, Any]:
    return {"schools": SCHOOLS, "rombels": ROMBELS, "settings": Settings(main_school="1"), **more}


CASE = plans.small_case({"ipa": 5}, TEACHERS, **parts())
GOOD = plans.plan(CASE, {"2/7A/IPA": "X", "2/7B/IPA": "A"}, partners=ALONE)


def test_open_need_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_need_that_the_school_covers_itself_is_reported() -> None:
    violation = plans.assert_only("partner_open_needs", CASE, plans.reassigned(CASE, GOOD, "2/7A/IPA", "A"))
    assert violation.facts == {"need": "2/7A/IPA", "teacher": "A", "school": "2"}


def test_order_of_the_dinas_opens_a_class() -> None:
    order = AssignmentRow("2", "7A", "ipa", "A", AssignmentKind.DINAS)
    case = plans.small_case({"ipa": 5}, TEACHERS, **parts(assignments=(order,)))
    plans.assert_good(case, plans.plan(case, {"2/7A/IPA": "A", "2/7B/IPA": "A"}, partners=ALONE))


def test_ruleset_without_orders_leaves_every_need_open() -> None:
    case = plans.small_case({"ipa": 5}, TEACHERS, policy="permendikbudristek25_2024", **parts())
    plans.assert_good(case, plans.plan(case, {"2/7A/IPA": "A", "2/7B/IPA": "A"}, partners=ALONE))
