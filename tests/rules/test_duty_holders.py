"""As many holders as there may be, one a unit."""

from scheduler.domain.entities import Extracurricular
from tests import build
from tests.rules import plans

TEACHERS = [build.teacher("A", "ipa"), build.teacher("B", "ipa")]
CASE = plans.small_case({"ipa": 5}, TEACHERS, duties=[build.duty("pembina_osis")])
GOOD = plans.plan(CASE, {"1/7A/IPA": "A"}, [("pembina_osis", "1", "A")])


def test_one_holder_of_one_unit_is_accepted() -> None:
    plans.assert_good(CASE, GOOD)


def test_second_holder_of_a_unit_is_reported() -> None:
    violation = plans.assert_only("duty_holders", CASE, plans.with_duty(CASE, GOOD, "pembina_osis", "1", "B"))
    assert violation.facts == {"school": "1", "what": "pembina_osis 1", "held": 2, "most": 1}


def test_unit_that_does_not_exist_is_reported() -> None:
    violation = plans.assert_only("duty_holders", CASE, plans.with_duty(CASE, GOOD, "pembina_osis", "2", "B"))
    assert violation.facts["most"] == 0


def test_duty_that_is_switched_off_is_reported() -> None:
    plans.assert_only("duty_holders", CASE, plans.with_duty(CASE, GOOD, "wakasek", "1", "B"))


def test_more_holders_than_maksimal_are_reported() -> None:
    # Two ekskul, Maksimal 1.
    clubs = plans.small_case(
        {"ipa": 5},
        TEACHERS,
        duties=[build.duty("pembina_ekskul", maximum=1)],
        extracurriculars=tuple(Extracurricular(build.HOME, name, students=20) for name in ("Pramuka", "PMR")),
    )
    good = plans.plan(clubs, {"1/7A/IPA": "A"}, [("pembina_ekskul", "Pramuka", "A")])
    plans.assert_good(clubs, good)
    violation = plans.assert_only("duty_holders", clubs, plans.with_duty(clubs, good, "pembina_ekskul", "PMR", "B"))
    assert (violation.facts["held"], violation.facts["most"]) == (2, 1)
