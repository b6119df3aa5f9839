"""Target: every required need has a teacher."""

from scheduler.domain.entities import OpenHours
from tests import build
from tests.rules import plans

CASE = plans.small_case({"ipa": 5}, [build.teacher("A")])
GOOD = plans.plan(CASE, {})


def test_need_with_a_teacher_reaches_the_target() -> None:
    case = plans.small_case({"ipa": 5}, [build.teacher("A", may_teach=("ipa",))])
    plans.assert_reaches_all_targets(case, plans.plan(case, {"1/7A/IPA": "A"}))


def test_need_without_a_teacher_falls_short() -> None:
    assert plans.assert_falls_short("needs_covered", CASE, GOOD).facts == {"need": "1/7A/IPA", "jp": 5}


def test_optional_need_may_stay_open() -> None:
    # Jam Mitra is there to be filled, not to be covered.
    case = plans.small_case({"ipa": 5}, [], {}, open_hours=(OpenHours("1", "ipa", 5, row=1),), rombels=())
    plans.assert_reaches_all_targets(case, plans.plan(case, {}))
