"""Nobody is in two places at once."""

from dataclasses import replace

import pytest

from scheduler.domain.entities import Distance, Group, OpenHours, Room, Slot
from scheduler.domain.instance import Settings
from scheduler.domain.plan import Plan
from scheduler.policy.case import Case
from tests import build
from tests.rules import plans

SLOTS = build.week((4,))
TEACHERS = [build.teacher("A", "ipa"), build.teacher("B", "ips")]


def test_class_with_two_lessons_at_once_is_reported() -> None:
    case = plans.small_case({"ipa": 1, "ips": 1}, TEACHERS, slots=SLOTS)
    good = plans.plan(case, {"1/7A/IPA": "A", "1/7A/IPS": "B"}, lessons=[("1/7A/IPA", "Senin", 1, 1), ("1/7A/IPS", "Senin", 2, 1)])
    plans.assert_good(case, good)
    violation = plans.assert_only("avoid_clashes", case, plans.with_lesson(case, good, 1, period=1))
    assert (violation.facts["resource"], violation.facts["first"], violation.facts["second"]) == ("7A", "1/7A/IPA", "1/7A/IPS")


def test_teacher_with_two_classes_at_once_is_reported() -> None:
    case = plans.small_case({"ipa": 2}, TEACHERS, {7: 2}, slots=SLOTS)
    good = plans.plan(case, {"1/7A/IPA": "A", "1/7B/IPA": "A"}, lessons=[("1/7A/IPA", "Senin", 1, 2), ("1/7B/IPA", "Senin", 3, 2)])
    plans.assert_good(case, good)
    # Periods 1-2 and 2-3 share the second.
    assert plans.assert_only("avoid_clashes", case, plans.with_lesson(case, good, 1, period=2)).facts["resource"] == "A"


def test_room_with_two_classes_at_once_is_reported() -> None:
    case = plans.small_case(
        {"ipa": 1}, [*TEACHERS, build.teacher("C", "ipa")], {7: 2}, slots=SLOTS, rooms=(Room(build.HOME, "Lab", subjects=("ipa",)),)
    )
    lessons = [("1/7A/IPA", "Senin", 1, 1, "Lab"), ("1/7B/IPA", "Senin", 2, 1, "Lab")]
    good = plans.plan(case, {"1/7A/IPA": "A", "1/7B/IPA": "C"}, lessons=lessons)
    plans.assert_good(case, good)
    assert plans.assert_only("avoid_clashes", case, plans.with_lesson(case, good, 1, period=1)).facts["resource"] == "Lab"


def test_parallel_groups_share_their_time() -> None:
    groups = (Group("I", build.HOME, ("7A",), "pabp_islam", 1), Group("K", build.HOME, ("7A",), "pabp_kristen", 1, parallel="I"))
    teachers = [build.teacher("A", "pai"), build.teacher("B", "kristen")]
    case = plans.small_case({"pabp_islam": 1, "pabp_kristen": 1}, teachers, slots=SLOTS, groups=groups)
    islam, kristen = (need.id for need in case.needs)
    good = plans.plan(case, {islam: "A", kristen: "B"}, lessons=[(islam, "Senin", 1, 1), (kristen, "Senin", 1, 1)])
    plans.assert_good(case, good)
    apart = plans.small_case({"pabp_islam": 1, "pabp_kristen": 1}, teachers, slots=SLOTS, groups=tuple(replace(g, parallel="") for g in groups))
    plans.assert_only("avoid_clashes", apart, good)


# --- two schools: 07.15 + 40 minutes a period, 30 minutes on the way -------------------------------------------------------------------

AT_HOME, AWAY = "1/7A/IPA", "2/mitra1/IPA"


def two_schools(slots: tuple[Slot, ...], minutes: int | None) -> Case:
    return plans.small_case(
        {"ipa": 1},
        TEACHERS,
        slots=slots,
        schools=(build.school("1"), build.school("2", partner=True)),
        settings=Settings(main_school="1"),
        open_hours=(OpenHours("2", "ipa", 1, row=1),),
        distances=(Distance("1", "2", km=10, minutes=minutes),),
    )


@pytest.mark.parametrize(("period", "accepted"), [(1, False), (2, False), (3, True)])
def test_way_between_two_schools_is_kept_free(period: int, accepted: bool) -> None:
    # Home ends 07.55; with 30 minutes on the way period 2 (07.55) is too early, period 3 (08.35) is not.
    case = two_schools(SLOTS, 30)
    made = plans.plan(case, {AT_HOME: "A", AWAY: "A"}, lessons=[(AT_HOME, "Senin", 1, 1), (AWAY, "Senin", period, 1)])
    if accepted:
        plans.assert_good(case, made)
    else:
        plans.assert_only("avoid_clashes", case, made)


@pytest.mark.parametrize("known", ["way", "clock"])
def test_without_clock_or_way_a_teacher_is_at_one_school_a_day(known: str) -> None:
    slots = build.week((4, 4))
    without_clock = tuple(replace(slot, start=None, end=None) for slot in slots)
    case = two_schools(without_clock, 30) if known == "way" else two_schools(slots, None)
    good = plans.plan(case, {AT_HOME: "A", AWAY: "A"}, lessons=[(AT_HOME, "Senin", 1, 1), (AWAY, "Selasa", 4, 1)])
    plans.assert_good(case, good)
    plans.assert_only("avoid_clashes", case, plans.with_lesson(case, good, 1, day="Senin"))


# --- two shifts of one school ----------------------------------------------------------------------------------------------------------


def two_shifts(afternoon_start: int | None) -> Case:
    """7A in the morning (07.15-09.55), 7B in the second shift from ``afternoon_start``; both rombels use room R1."""
    afternoon = tuple(
        replace(
            s,
            pattern="siang",
            start=None if afternoon_start is None else afternoon_start + 40 * i,
            end=None if afternoon_start is None else afternoon_start + 40 * (i + 1),
        )
        for i, s in enumerate(SLOTS)
    )
    morning, second = build.rombels({7: 2})
    rombels = (replace(morning, room="R1"), replace(second, room="R1", bell="siang"))
    return plans.small_case({"ipa": 1}, TEACHERS, rombels=rombels, slots=(*SLOTS, *afternoon))


def shifts_plan(case: Case, first: str | None, second: str | None, room: str) -> Plan:
    return plans.plan(case, {"1/7A/IPA": first, "1/7B/IPA": second}, lessons=[("1/7A/IPA", "Senin", 4, 1, room), ("1/7B/IPA", "Senin", 1, 1, room)])


def test_second_shift_clashes_by_the_clock_not_by_the_number() -> None:
    # Morning period 4 is 09.15-09.55: an afternoon from 09.55 (595) follows it, one from 09.35 (575) overlaps.
    follows, overlaps = two_shifts(595), two_shifts(575)
    plans.assert_good(follows, shifts_plan(follows, "A", "A", "R1"))
    assert plans.assert_only("avoid_clashes", overlaps, shifts_plan(overlaps, "A", "A", "")).facts["resource"] == "A"
    assert plans.assert_only("avoid_clashes", overlaps, shifts_plan(overlaps, "A", None, "R1")).facts["resource"] == "R1"


def test_without_a_clock_a_teacher_has_one_shift_a_day_and_rooms_are_taken_to_follow() -> None:
    case = two_shifts(None)
    plans.assert_good(case, shifts_plan(case, "A", None, "R1"))
    plans.assert_only("avoid_clashes", case, shifts_plan(case, "A", "A", ""))
