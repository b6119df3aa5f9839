"""A subject once a day."""

from scheduler.domain.entities import AssignmentKind, AssignmentRow, Group
from tests import build
from tests.rules import plans

NEED = "1/7A/PJOK"
TEACHERS = [build.teacher("A", "pjok"), build.teacher("B", "pjok")]


def test_subject_twice_a_day_is_reported() -> None:
    case = plans.small_case({"pjok": 3}, TEACHERS, slots=build.week((4, 4)))
    good = plans.plan(case, {NEED: "A"}, lessons=[(NEED, "Senin", 1, 2), (NEED, "Selasa", 1, 1)])
    plans.assert_good(case, good)
    violation = plans.assert_only("spread_events", case, plans.with_lesson(case, good, 1, day="Senin", period=4))
    assert violation.facts == {"need": NEED, "subject": "pjok", "day": "Senin", "times": 2, "most": 1}


def test_more_blocks_than_days_may_share_a_day() -> None:
    # 5 JP = 2+2+1, three blocks on two days: at most two a day, three are reported.
    case = plans.small_case({"ipa": 5}, [build.teacher("A", "ipa")], slots=build.week((8, 8)))
    ipa = "1/7A/IPA"
    good = plans.plan(case, {ipa: "A"}, lessons=[(ipa, "Senin", 1, 2), (ipa, "Senin", 4, 2), (ipa, "Selasa", 1, 1)])
    plans.assert_good(case, good)
    plans.assert_only("spread_events", case, plans.with_lesson(case, good, 2, day="Senin", period=7))


def test_parts_of_a_split_subject_count_together() -> None:
    # 3 JP split 2 + 1 between A and B: still one subject of 7A.
    split = AssignmentRow(build.HOME, "7A", "pjok", "A", AssignmentKind.LOCK, jp=2)
    case = plans.small_case({"pjok": 3}, TEACHERS, slots=build.week((4, 4)), assignments=(split,))
    teaching = {f"{NEED}#1": "A", f"{NEED}#2": "B"}
    good = plans.plan(case, teaching, lessons=[(f"{NEED}#1", "Senin", 1, 2), (f"{NEED}#2", "Selasa", 1, 1)])
    plans.assert_good(case, good)
    plans.assert_only("spread_events", case, plans.with_lesson(case, good, 1, day="Senin", period=3))


def test_parallel_groups_of_one_subject_count_once() -> None:
    groups = (Group("P", build.HOME, ("7A",), "pjok", 2), Group("Q", build.HOME, ("7A",), "pjok", 2, parallel="P"))
    case = plans.small_case({"pjok": 2}, TEACHERS, slots=build.week((4, 4)), groups=groups)
    first, second = (need.id for need in case.needs)
    plans.assert_good(case, plans.plan(case, {first: "A", second: "B"}, lessons=[(first, "Senin", 1, 2), (second, "Senin", 1, 2)]))
