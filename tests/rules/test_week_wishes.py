"""Wish: the school's own wishes (Aturan Jadwal, Sebaiknya), and the level that they are."""

from __future__ import annotations

from scheduler.domain.entities import WeekRule, WeekRuleKind
from scheduler.verify.levels import week_levels
from tests import build
from tests.rules import plans

IPA, PJOK, IPS = "1/7A/IPA", "1/7A/PJOK", "1/7A/IPS"
TEACHERS = (build.teacher("A", may_teach=("pjok", "ipa")), build.teacher("B", may_teach=("ips",)))
MORNING = WeekRule(WeekRuleKind.FIRST_HOURS, False, subject="pjok", amount=2)
CASE = plans.small_case({"pjok": 2}, TEACHERS, slots=build.week((4,)), week_rules=(MORNING,))
GOOD = plans.plan(CASE, {PJOK: "A"}, lessons=[(PJOK, "Senin", 1, 2)])


def test_subject_in_the_morning_reaches_the_target() -> None:
    plans.assert_reaches_all_targets(CASE, GOOD)
    assert week_levels(CASE, GOOD)["week_wishes"] == 0


def test_subject_later_in_the_day_falls_short() -> None:
    late = plans.with_lesson(CASE, GOOD, 0, period=3)
    # Hours 3 and 4: both lie beyond the first two.
    assert plans.assert_falls_short("week_wishes", CASE, late).facts["found"] == 2
    assert week_levels(CASE, late)["week_wishes"] == 2


def test_idle_hours_of_a_wish_count_squared() -> None:
    fair = WeekRule(WeekRuleKind.IDLE_HOURS, False)
    case = plans.small_case({"pjok": 1, "ipa": 1, "ips": 2}, TEACHERS, slots=build.week((4,)), week_rules=(fair,))
    week = plans.plan(case, {PJOK: "A", IPA: "A", IPS: "B"}, lessons=[(PJOK, "Senin", 1, 1), (IPS, "Senin", 2, 2), (IPA, "Senin", 4, 1)])
    # A waits for hours 2 and 3: two idle hours, 2² = 4.
    assert week_levels(case, week) == {"idle_hours": 2, "teacher_days": 2, "unwanted_times": 0, "week_wishes": 4}


def test_week_without_wishes_has_no_such_level() -> None:
    case = plans.small_case({"pjok": 2}, TEACHERS, slots=build.week((4,)))
    assert "week_wishes" not in week_levels(case, plans.plan(case, {PJOK: "A"}, lessons=[(PJOK, "Senin", 3, 2)]))
