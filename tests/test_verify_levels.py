"""Every level recomputed from the plan alone, each on its smallest school."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scheduler.domain.entities import AssignmentKind, AssignmentRow, Availability, AvailabilityKind, Distance, OpenHours, Presence
from scheduler.domain.instance import Settings
from scheduler.domain.plan import Plan
from scheduler.policy.case import Case
from scheduler.verify.levels import level_names, week_levels, workload_levels
from tests import build
from tests.rules import plans


def levels(case: Case, made: Plan, former: Plan | None = None) -> dict[str, int]:
    return workload_levels(case, made, former)


# --- coverage and duties ---------------------------------------------------------------------------------------------------------------


def test_uncovered_jp_counts_required_needs_without_a_teacher() -> None:
    # 5 + 4 JP, IPS has nobody; the open hours of 3 JP are not required.
    case = plans.small_case({"ipa": 5, "ips": 4}, [build.teacher("A", "ipa")], open_hours=(OpenHours("1", "ipa", 3, row=1),))
    assert levels(case, plans.plan(case, {"1/7A/IPA": "A"}))["uncovered_jp"] == 4


def test_unfilled_and_optional_duties_are_counted_in_units() -> None:
    # Wali kelas: 3 rombels, all required, 1 held: 2 empty. OSIS: not required, 1 held.
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa")], {7: 3}, [build.duty("wali_kelas"), build.duty("pembina_osis")])
    found = levels(case, plans.plan(case, {}, [("wali_kelas", "7A", "A"), ("pembina_osis", "1", "A")]))
    assert (found["unfilled_duties"], found["optional_duty_units"]) == (2, 1)


# --- the minimum -----------------------------------------------------------------------------------------------------------------------


def test_teachers_below_the_minimum_and_their_shortfall() -> None:
    # A 5 + 2 = 7 of 24: 17 short. B nothing but guru wali: 22 short. C is not certified, D on leave.
    teachers = [build.teacher("A", "ipa"), build.teacher("B", "ipa"), build.teacher("C"), build.teacher("D", "ipa", presence=Presence.LEAVE)]
    case = plans.small_case({"ipa": 5}, teachers)
    found = levels(case, plans.plan(case, {"1/7A/IPA": "A"}))
    assert (found["below_minimum"], found["shortfall_jtm"]) == (2, 17 + 22)


def two_schools(**parts: Any) -> Case:
    """A at the main school 1, X at the partner 2, V shared in from outside the file."""
    teachers = [build.teacher("A", "ipa"), build.teacher("X", "ipa", home="2"), build.teacher("V", "ipa", home="99")]
    parts.setdefault("settings", Settings(main_school="1"))
    return plans.small_case({"ipa": 5}, teachers, schools=(build.school("1"), build.school("2", partner=True)), **parts)


def test_partner_teachers_below_have_a_level_of_their_own_in_one_school_mode() -> None:
    # A and V (no school of the file) stand in the first, X in the second.
    case = two_schools()
    found = levels(case, plans.plan(case, {}))
    assert (found["below_minimum"], found["below_minimum_partners"]) == (2, 1)
    district = two_schools(settings=Settings())
    found = levels(district, plans.plan(district, {}))
    assert found["below_minimum"] == 3
    assert "below_minimum_partners" not in found


def test_shortfall_first_swaps_the_order() -> None:
    case = two_schools(settings=Settings(main_school="1", shortfall_first=True))
    names = level_names(case, replanned=False)
    assert names[2:5] == ("shortfall_jtm", "below_minimum", "below_minimum_partners")
    assert tuple(levels(case, plans.plan(case, {}))) == names


# --- changes ---------------------------------------------------------------------------------------------------------------------------


def test_changes_count_moved_needs_and_lost_duties() -> None:
    # 7A moves from A to B (1), 7B stays, 7C is found a teacher (1), OSIS goes from A to B (1 lost).
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa"), build.teacher("B", "ipa")], {7: 3}, [build.duty("pembina_osis")])
    former = plans.plan(case, {"1/7A/IPA": "A", "1/7B/IPA": "A"}, [("pembina_osis", "1", "A")])
    now = plans.plan(case, {"1/7A/IPA": "B", "1/7B/IPA": "A", "1/7C/IPA": "B"}, [("pembina_osis", "1", "B")])
    assert levels(case, now, former)["changes"] == 3
    assert levels(case, now, now)["changes"] == 0
    assert "changes" not in levels(case, now)


# --- who teaches what ------------------------------------------------------------------------------------------------------------------


def test_nonlinear_jp_counts_certified_teachers_only() -> None:
    # A (IPS) teaches 5 JP of IPA, C is not certified.
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ips", may_teach=("ipa",)), build.teacher("C", may_teach=("ipa",))], {7: 2})
    assert levels(case, plans.plan(case, {"1/7A/IPA": "A", "1/7B/IPA": "C"}))["nonlinear_jp"] == 5


def test_visits_and_travel_count_each_teacher_and_school_once() -> None:
    # A gives two lessons at school 2: one visit of 25 minutes. V comes to school 1 from outside the file: a visit without a known way.
    hours = (OpenHours("2", "ipa", 4, row=1), OpenHours("2", "ipa", 4, row=2))
    case = two_schools(open_hours=hours, distances=(Distance("2", "1", km=9.5, minutes=25),))
    found = levels(case, plans.plan(case, {"2/mitra1/IPA": "A", "2/mitra2/IPA": "A", "1/7A/IPA": "V"}))
    assert (found["visits"], found["travel"]) == (2, 25)


def test_travel_is_in_km_where_no_minutes_are_known() -> None:
    case = two_schools(open_hours=(OpenHours("2", "ipa", 4, row=1),), distances=(Distance("2", "1", km=9.6),))
    assert levels(case, plans.plan(case, {"2/mitra1/IPA": "A"}))["travel"] == 10


def test_teachers_without_hours_and_spread_are_per_school() -> None:
    # School 1: A 10, B 5, C 0: spread 10, one without hours. K (guru BK), L (on leave) and V (from outside) are not asked.
    teachers = [build.teacher(code, "ipa") for code in "ABC"]
    teachers += [build.counsellor("K"), build.teacher("L", "ipa", presence=Presence.LEAVE), build.teacher("V", "ipa", home="99")]
    case = plans.small_case({"ipa": 5}, teachers, {7: 3})
    found = levels(case, plans.plan(case, {"1/7A/IPA": "A", "1/7B/IPA": "A", "1/7C/IPA": "B"}))
    assert (found["teachers_without_hours"], found["spread_jp"]) == (1, 10)


def test_preparations_are_subject_and_grade_per_teacher() -> None:
    # A: IPA in 7 (two classes) and in 8: 2. K guides 7A: no preparation.
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa"), build.counsellor("K")], {7: 2, 8: 1})
    found = levels(case, plans.plan(case, {"1/7A/IPA": "A", "1/7B/IPA": "A", "1/8A/IPA": "A", "1/7A/BK": "K"}))
    assert found["preparations"] == 2


@pytest.mark.parametrize(("teacher", "value"), [("A", 0), ("B", 1), (None, 1)])
def test_not_continued_counts_classes_that_change_hands(teacher: str | None, value: int) -> None:
    former = AssignmentRow(build.HOME, "7A", "ipa", "A", AssignmentKind.FORMER)
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa"), build.teacher("B", "ipa")], assignments=(former,))
    assert levels(case, plans.plan(case, {"1/7A/IPA": teacher}))["not_continued"] == value


def test_not_continued_ignores_a_former_teacher_who_is_away() -> None:
    former = AssignmentRow(build.HOME, "7A", "ipa", "A", AssignmentKind.FORMER)
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa", presence=Presence.LEAVE)], assignments=(former,))
    assert levels(case, plans.plan(case, {}))["not_continued"] == 0


def test_wali_elsewhere_counts_wali_kelas_who_teach_their_class_nothing() -> None:
    # A teaches 7A and is wali of 7B; K is wali of 7A and guides it.
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa"), build.counsellor("K")], {7: 2}, [build.duty("wali_kelas")])
    made = plans.plan(case, {"1/7A/IPA": "A", "1/7A/BK": "K"}, [("wali_kelas", "7B", "A"), ("wali_kelas", "7A", "K")])
    assert levels(case, made)["wali_elsewhere"] == 1


# --- the week --------------------------------------------------------------------------------------------------------------------------


def test_levels_of_the_week() -> None:
    # A on Monday 1-2 and 5: periods 3 and 4 are idle; on Tuesday 2. Two days. Monday 2 and 5 are unwanted, so is Tuesday as a whole: 3 periods.
    wishes = [("Senin", 2), ("Senin", 5), ("Selasa", None)]
    case = plans.small_case(
        {"ipa": 2},
        [build.teacher("A", "ipa")],
        {7: 2},
        slots=build.week((6, 6)),
        availability=[Availability("A", day, period, AvailabilityKind.UNWANTED) for day, period in wishes],
        structure=(replace(build.structure({"ipa": 2}, (7,))[0], blocks=(2,)),),
    )
    lessons = [("1/7A/IPA", "Senin", 1, 2), ("1/7B/IPA", "Senin", 5, 1), ("1/7B/IPA", "Selasa", 2, 1)]
    made = plans.plan(case, dict.fromkeys(("1/7A/IPA", "1/7B/IPA"), "A"), lessons=lessons)
    assert week_levels(case, made) == {"idle_hours": 2, "teacher_days": 2, "unwanted_times": 3}


def test_break_is_no_idle_hour_and_two_schools_are_counted_apart() -> None:
    # A: school 1 period 1, school 2 periods 4 and 6: only period 5 at school 2 is idle.
    case = two_schools(open_hours=(OpenHours("2", "ipa", 1, row=1), OpenHours("2", "ipa", 1, row=2)), slots=build.week((8,)))
    lessons = [("1/7A/IPA", "Senin", 1, 1), ("2/mitra1/IPA", "Senin", 4, 1), ("2/mitra2/IPA", "Senin", 6, 1)]
    made = plans.plan(case, dict.fromkeys([need for need, *_ in lessons], "A"), lessons=lessons)
    assert week_levels(case, made)["idle_hours"] == 1
