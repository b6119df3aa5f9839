"""A partner school keeps the valid teachers it has alone."""

from scheduler.domain.instance import Settings
from scheduler.domain.plan import PartnerAlone
from tests import build
from tests.rules import plans

# Four classes of 6 JP: X alone has 24, valid. With one class given away 18 + 2 (guru wali) = 20, not valid.
NEEDS = [f"2/7{letter}/BIN" for letter in "ABCD"]
CASE = plans.small_case(
    {"bahasa_indonesia": 6},
    [build.teacher("A", "bahasa_indonesia"), build.teacher("X", "bahasa_indonesia", home="2")],
    schools=(build.school("1"), build.school("2", partner=True)),
    rombels=build.rombels({7: 4}, "2"),
    settings=Settings(main_school="1"),
)
GOOD = plans.plan(CASE, dict.fromkeys(NEEDS, "X"), partners=(PartnerAlone("2", 1, tuple(NEEDS)),))


def test_partner_that_keeps_its_valid_teacher_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_partner_that_loses_its_valid_teacher_is_reported() -> None:
    violation = plans.assert_only("partner_floor", CASE, plans.reassigned(CASE, GOOD, NEEDS[0], "A"))
    assert violation.facts == {"school": "2", "valid": 0, "alone": 1}
