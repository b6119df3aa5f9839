"""At most 40 JTM a week, or JP Maks."""

from tests import build
from tests.rules import plans


def test_forty_hours_are_accepted_and_one_class_more_is_reported() -> None:
    # 9 rombel x 5 JP = 45: A may have 8 of them (40), not all nine.
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa"), build.teacher("B", "ipa")], {7: 9})
    lessons = [need.id for need in case.needs if need.jp]
    good = plans.plan(case, dict.fromkeys(lessons[:8], "A") | {lessons[8]: "B"})
    plans.assert_good(case, good)
    violation = plans.assert_only("max_jtm", case, plans.reassigned(case, good, lessons[8], "A"))
    assert violation.facts == {"teacher": "A", "jp": 45, "most": 40}


def test_hours_outside_the_file_leave_less() -> None:
    # 40 - 36 held outside = 4 < 5.
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa", outside_jtm=36), build.teacher("B", "ipa")])
    good = plans.plan(case, {"1/7A/IPA": "B"})
    plans.assert_good(case, good)
    assert plans.assert_only("max_jtm", case, plans.reassigned(case, good, "1/7A/IPA", "A")).facts["most"] == 4


def test_jp_maks_is_kept() -> None:
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa", max_jp=4), build.teacher("B", "ipa")])
    good = plans.plan(case, {"1/7A/IPA": "B"})
    plans.assert_good(case, good)
    plans.assert_only("max_jtm", case, plans.reassigned(case, good, "1/7A/IPA", "A"))
