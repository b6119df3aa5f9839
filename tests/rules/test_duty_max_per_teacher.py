"""Most units of one duty in one hand."""

from tests import build
from tests.rules import plans

TEACHERS = [build.teacher("A", "ipa"), build.teacher("B", "ipa")]


def test_second_wali_kelas_is_reported() -> None:
    case = plans.small_case({"ipa": 5}, TEACHERS, {7: 2}, duties=[build.duty("wali_kelas")])
    good = plans.plan(case, {"1/7A/IPA": "A", "1/7B/IPA": "B"}, [("wali_kelas", "7A", "A")])
    plans.assert_good(case, good)
    violation = plans.assert_only("duty_max_per_teacher", case, plans.with_duty(case, good, "wali_kelas", "7B", "A"))
    assert violation.facts == {"duty": "wali_kelas", "teacher": "A", "held": 2, "most": 1}


def test_projek_of_three_rombels_is_accepted_and_of_four_reported() -> None:
    case = plans.small_case({"ipa": 5}, TEACHERS, {7: 4}, duties=[build.duty("koord_projek")])
    good = plans.plan(case, {}, [("koord_projek", rombel, "A") for rombel in ("7A", "7B", "7C")])
    plans.assert_good(case, good)
    violation = plans.assert_only("duty_max_per_teacher", case, plans.with_duty(case, good, "koord_projek", "7D", "A"))
    assert (violation.facts["held"], violation.facts["most"]) == (4, 3)
