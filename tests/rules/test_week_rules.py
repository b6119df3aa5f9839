"""Hard: the school's own rules (Aturan Jadwal, Wajib). One teacher A of PJOK and IPA; the week has two days of three hours unless said otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scheduler.domain.entities import WeekRule, WeekRuleKind
from scheduler.domain.plan import Plan, Violation
from scheduler.policy.case import Case
from tests import build
from tests.rules import plans

TEACHERS = (build.teacher("A", may_teach=("pjok", "ipa")), build.teacher("B", may_teach=("pjok", "ipa")))
IPA, PJOK, PJOK_B = "1/7A/IPA", "1/7A/PJOK", "1/7B/PJOK"


def ruled(rule: WeekRule, jp: Mapping[str, int], classes: int = 1, periods: Sequence[int] = (3, 3)) -> Case:
    return plans.small_case(jp, TEACHERS, {7: classes}, slots=build.week(periods), week_rules=(rule,))


def required(kind: WeekRuleKind, **fields: object) -> WeekRule:
    return WeekRule(kind, True, **fields)  # type: ignore[arg-type]


def broken(case: Case, good: Plan, index: int, **moved: object) -> Violation:
    """The good plan keeps every rule; one step breaks this one alone."""
    plans.assert_good(case, good)
    return plans.assert_only("week_rules", case, plans.with_lesson(case, good, index, **moved))


def test_two_classes_on_one_field_are_reported() -> None:
    case = ruled(required(WeekRuleKind.AT_ONCE, subject="pjok", amount=1), {"pjok": 2}, classes=2)
    good = plans.plan(case, {PJOK: "A", PJOK_B: "B"}, lessons=[(PJOK, "Senin", 1, 2), (PJOK_B, "Selasa", 1, 2)])
    # 7A has hours 1 and 2 of Senin, 7B now 2 and 3: at hour 2 they are two at once.
    violation = broken(case, good, 1, day="Senin", period=2)
    assert (violation.facts["who"], violation.facts["found"], violation.facts["limit"]) == ("pjok Senin 2", 2, 1)


def test_two_classes_on_a_field_for_two_are_right() -> None:
    case = ruled(required(WeekRuleKind.AT_ONCE, subject="pjok", amount=2), {"pjok": 2}, classes=2)
    plans.assert_good(case, plans.plan(case, {PJOK: "A", PJOK_B: "B"}, lessons=[(PJOK, "Senin", 1, 2), (PJOK_B, "Senin", 1, 2)]))


def test_subject_in_the_last_hour_too_often_is_reported() -> None:
    # 3 JP stand as 2+1. Lasting to the third hour on one of two days is allowed, on both it is not.
    case = ruled(required(WeekRuleKind.LAST_HOUR, subject="ipa", amount=1), {"ipa": 3})
    good = plans.plan(case, {IPA: "A"}, lessons=[(IPA, "Senin", 2, 2), (IPA, "Selasa", 1, 1)])
    violation = broken(case, good, 1, period=3)
    assert (violation.facts["who"], violation.facts["found"], violation.facts["limit"]) == (IPA, 2, 1)


def test_subject_after_the_first_hours_is_reported() -> None:
    case = ruled(required(WeekRuleKind.FIRST_HOURS, subject="pjok", amount=2), {"pjok": 2})
    good = plans.plan(case, {PJOK: "A"}, lessons=[(PJOK, "Senin", 1, 2)])
    # Hours 2 and 3: one of them lies beyond the first two.
    assert broken(case, good, 0, period=2).facts["found"] == 1


def test_fixed_hour_that_is_not_kept_is_reported() -> None:
    case = ruled(required(WeekRuleKind.FIXED, school="1", rombel="7A", subject="pjok", day="Selasa", period=1), {"pjok": 2})
    good = plans.plan(case, {PJOK: "A"}, lessons=[(PJOK, "Selasa", 1, 2)])
    assert broken(case, good, 0, period=2).facts["who"] == "7A pjok Selasa 1"


def test_idle_hours_above_the_limit_are_reported() -> None:
    case = ruled(required(WeekRuleKind.IDLE_HOURS, amount=0), {"ipa": 1, "pjok": 1})
    good = plans.plan(case, {IPA: "A", PJOK: "A"}, lessons=[(IPA, "Senin", 1, 1), (PJOK, "Senin", 2, 1)])
    violation = broken(case, good, 1, period=3)
    assert (violation.facts["who"], violation.facts["found"]) == ("A", 1)


def test_too_many_hours_a_day_are_reported() -> None:
    case = ruled(required(WeekRuleKind.DAY_HOURS, teacher="A", amount=2), {"ipa": 2, "pjok": 1})
    good = plans.plan(case, {IPA: "A", PJOK: "A"}, lessons=[(IPA, "Senin", 1, 2), (PJOK, "Selasa", 3, 1)])
    violation = broken(case, good, 1, day="Senin")
    assert (violation.facts["who"], violation.facts["found"], violation.facts["limit"]) == ("A Senin", 3, 2)


def test_too_many_days_are_reported() -> None:
    case = ruled(required(WeekRuleKind.DAYS, teacher="A", amount=1), {"ipa": 2, "pjok": 1})
    good = plans.plan(case, {IPA: "A", PJOK: "A"}, lessons=[(IPA, "Senin", 1, 2), (PJOK, "Senin", 3, 1)])
    assert broken(case, good, 1, day="Selasa").facts["found"] == 2


def test_first_hour_is_reported_to_who_must_not_have_it() -> None:
    case = ruled(required(WeekRuleKind.NO_FIRST_HOUR, teacher="A"), {"ipa": 2})
    good = plans.plan(case, {IPA: "A"}, lessons=[(IPA, "Senin", 2, 2)])
    assert broken(case, good, 0, period=1).facts["found"] == 1


def test_last_hour_is_reported_to_who_must_not_have_it() -> None:
    case = ruled(required(WeekRuleKind.NO_LAST_HOUR, teacher="A"), {"ipa": 2})
    good = plans.plan(case, {IPA: "A"}, lessons=[(IPA, "Senin", 1, 2)])
    assert broken(case, good, 0, period=2).facts["found"] == 1
