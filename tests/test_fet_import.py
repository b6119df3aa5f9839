"""Every rule of FET on a file of our own: what a hand-made timetable costs, with the number derived beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.cli.commands import build
from scheduler.errors import InputError
from scheduler.formats.fet import FetFile, Unknown, read_fet_timetable
from scheduler.formats.fet.source import Mode
from scheduler.formats.xhstt import read_xhstt
from scheduler.verify.cost import evaluate
from tests.fet_files import cost, fet_text, lesson, read, rule, slots, tag

MA = "Mornings_Afternoons"

# One row a rule: the rule, what keeps it, what breaks it, and the deviation of what breaks it. Lessons 1, 2 and 3 are of class A and teacher T,
# lesson 3 takes two hours; lessons 1 and 2 have the tag g.
RULES = [
    # 1 outside its one time
    (rule("ActivityPreferredStartingTime", Activity_Id=1, Preferred_Day="d1", Preferred_Hour="h2"), "d1 h2,d2 h1,d3 h1", "d1 h1,d2 h1,d3 h1", 1),
    (rule("ActivityPreferredDay", Activity_Id=1, Preferred_Day="d1"), "d1 h4,d2 h1,d3 h1", "d2 h4,d2 h1,d3 h1", 1),
    (
        rule(
            "ActivityPreferredStartingTimes",
            slots("Preferred_Starting_Time", ["d1 h1", "d1 h2"], "Preferred_Starting_Day", "Preferred_Starting_Hour"),
            Activity_Id=1,
        ),
        "d1 h2,d2 h1,d3 h1",
        "d1 h3,d2 h1,d3 h1",
        1,
    ),
    # the lesson of two hours would end outside h1 and h2 if it began at h2: both its hours
    (
        rule("ActivitiesPreferredTimeSlots", slots("Preferred_Time_Slot", ["d3 h1", "d3 h2"], "Preferred_Day", "Preferred_Hour"), Duration=2),
        "d1 h1,d2 h1,d3 h1",
        "d1 h1,d2 h1,d3 h2",
        2,
    ),
    # two of the three start on one day
    (rule("MinDaysBetweenActivities", Activity_Id=[1, 2, 3], MinDays=1), "d1 h1,d2 h1,d3 h1", "d1 h1,d1 h2,d3 h1", 1),
    # two days apart at least: d1 and d2 lie in one window of two days
    (rule("MinDaysBetweenActivities", Activity_Id=[1, 2], MinDays=2), "d1 h1,d3 h1,d4 h1", "d1 h1,d2 h1,d4 h1", 1),
    # at most one day apart: d1 and d3 lie on both sides of one cut only
    (rule("MaxDaysBetweenActivities", Activity_Id=[1, 2], MaxDays=1), "d1 h1,d2 h1,d3 h1", "d1 h1,d3 h1,d4 h1", 1),
    # h1-h2 has both of them
    (rule("MinGapsBetweenActivities", Activity_Id=[1, 2], MinGaps=1), "d1 h1,d1 h3,d3 h1", "d1 h1,d1 h2,d3 h1", 1),
    (rule("ActivitiesSameStartingDay", Activity_Id=[1, 2]), "d1 h1,d1 h3,d3 h1", "d1 h1,d2 h3,d3 h1", 1),
    (rule("ActivitiesSameStartingHour", Activity_Id=[1, 2]), "d1 h1,d2 h1,d3 h1", "d1 h1,d2 h2,d3 h1", 1),
    # one free hour between
    (rule("TwoActivitiesGrouped", First_Activity_Id=1, Second_Activity_Id=2), "d1 h2,d1 h1,d3 h1", "d1 h3,d1 h1,d3 h1", 1),
    # two days instead of one
    (rule("ThreeActivitiesGrouped", First_Activity_Id=1, Second_Activity_Id=2, Third_Activity_Id=3), "d1 h1,d1 h2,d1 h3", "d1 h1,d1 h2,d2 h3", 1),
    # in the wrong order: the second ends two hours before the first begins, 2 below 0 between them
    (rule("TwoActivitiesConsecutive", First_Activity_Id=1, Second_Activity_Id=2), "d1 h1,d1 h2,d3 h1", "d1 h2,d1 h1,d3 h1", 2),
    # a wrong order counts once (step): weight 1
    (rule("TwoActivitiesOrdered", First_Activity_Id=1, Second_Activity_Id=2), "d1 h1,d4 h2,d3 h1", "d2 h1,d1 h1,d3 h1", 1),
    # lesson 2 is one hour after lesson 1 on its day
    (rule("ActivityEndsStudentsDay", Activity_Id=1), "d1 h2,d1 h1,d3 h1", "d1 h1,d1 h4,d3 h1", 1),
    (
        rule("ActivitiesEndStudentsDay", Teacher_Name="T", Students_Name="", Subject_Name="S", Activity_Tag_Name="g"),
        "d1 h2,d2 h1,d3 h1",
        "d1 h1,d2 h1,d2 h2",
        2,
    ),
    # h2 and h3 between h1 and h4
    (rule("TeacherMaxGapsPerWeek", Teacher_Name="T", Max_Gaps=1), "d1 h1,d1 h3,d3 h1", "d1 h1,d1 h4,d3 h1", 1),
    (rule("TeachersMaxGapsPerDay", Max_Gaps=0), "d1 h1,d1 h2,d3 h1", "d1 h1,d1 h4,d3 h1", 2),
    (rule("StudentsMaxGapsPerWeek", Max_Gaps=0), "d1 h1,d1 h2,d3 h1", "d1 h1,d1 h4,d3 h1", 2),
    # two days begin at the second hour, one may
    (rule("StudentsEarlyMaxBeginningsAtSecondHour", Max_Beginnings_At_Second_Hour=1), "d1 h1,d2 h2,d3 h1", "d1 h2,d2 h2,d3 h1", 1),
    # from the third hour on: one hour beyond the second, and one late day too many
    (rule("StudentsSetEarlyMaxBeginningsAtSecondHour", Students="A", Max_Beginnings_At_Second_Hour=0), "d1 h1,d2 h1,d3 h1", "d1 h3,d2 h1,d3 h1", 2),
    (rule("TeacherMaxDaysPerWeek", Teacher_Name="T", Max_Days_Per_Week=2), "d1 h1,d1 h4,d3 h1", "d1 h1,d2 h4,d3 h1", 1),
    (rule("TeacherMinDaysPerWeek", Teacher_Name="T", Minimum_Days_Per_Week=3), "d1 h1,d2 h1,d3 h1", "d1 h1,d1 h4,d3 h1", 1),
    # h2 is in the interval on d1 only / on d1 and, by the second hour of lesson 3, on d3
    (
        rule("TeacherIntervalMaxDaysPerWeek", Teacher_Name="T", Interval_Start_Hour="h2", Interval_End_Hour="h3", Max_Days_Per_Week=1),
        "d1 h2,d2 h1,d3 h3",
        "d1 h2,d2 h1,d3 h1",
        1,
    ),
    # four hours on d1
    (rule("TeachersMaxHoursDaily", Maximum_Hours_Daily=3), "d1 h1,d2 h2,d1 h3", "d1 h1,d1 h2,d1 h3", 1),
    # one hour on d1 and one on d2, of two each
    (rule("StudentsMinHoursDaily", Minimum_Hours_Daily=2, Allow_Empty_Days="true"), "d1 h1,d1 h2,d3 h1", "d1 h1,d2 h2,d3 h1", 2),
    # d4 is empty, though every day has an hour otherwise
    (rule("StudentsMinHoursDaily", Minimum_Hours_Daily=1, Allow_Empty_Days="false"), None, "d1 h1,d2 h1,d3 h1", 1),
    # h1 to h3 in a row
    (rule("TeacherMaxHoursContinuously", Teacher_Name="T", Maximum_Hours_Continuously=2), "d1 h1,d2 h2,d3 h1", "d3 h3,d2 h2,d3 h1", 1),
    (
        rule("TeacherActivityTagMaxHoursDaily", Teacher_Name="T", Activity_Tag_Name="g", Maximum_Hours_Daily=1),
        "d1 h1,d2 h1,d1 h3",
        "d1 h1,d1 h4,d3 h1",
        1,
    ),
    (
        rule("StudentsActivityTagMaxHoursContinuously", Activity_Tag_Name="g", Maximum_Hours_Continuously=1),
        "d1 h1,d1 h3,d3 h1",
        "d1 h1,d1 h2,d3 h1",
        1,
    ),
    # from h1 to h4 of d1
    (rule("StudentsMaxSpanPerDay", Max_Span=3), "d1 h1,d1 h3,d3 h1", "d1 h1,d1 h4,d3 h1", 1),
    # no hour between d1 h4 and d2 h1: with one free hour asked for, one pair of groups
    (rule("TeacherMinRestingHours", Teacher_Name="T", Minimum_Resting_Hours=1, Circular="false"), "d1 h3,d2 h1,d3 h2", "d1 h4,d2 h1,d3 h2", 1),
    (rule("TeacherNotAvailableTimes", slots("Not_Available_Time", ["d1 h1", "d3 h2"]), Teacher="T"), "d1 h2,d2 h1,d3 h3", "d1 h1,d2 h1,d3 h1", 2),
    # a break under the lesson of two hours: both its hours are misplaced
    (rule("BreakTimes", slots("Break_Time", ["d3 h2"])), "d1 h2,d2 h1,d3 h3", "d1 h1,d2 h1,d3 h1", 2),
    # both selected slots are taken, one may be
    (
        rule(
            "ActivitiesOccupyMaxTimeSlotsFromSelection",
            slots("Selected_Time_Slot", ["d1 h1", "d2 h1"], "Selected_Day", "Selected_Hour"),
            Activity_Id=[1, 2],
            Max_Number_of_Occupied_Time_Slots=1,
        ),
        "d1 h1,d3 h4,d3 h1",
        "d1 h1,d2 h1,d3 h1",
        1,
    ),
    (
        rule(
            "MaxTotalActivitiesFromSetInSelectedTimeSlots",
            slots("Selected_Time_Slot", ["d1 h1", "d2 h1"], "Selected_Day", "Selected_Hour"),
            Activity_Id=[1, 2],
            Max_Total_Number_of_Activities=1,
        ),
        "d1 h1,d3 h4,d3 h1",
        "d1 h1,d2 h1,d3 h1",
        1,
    ),
]


def three(folder: Path, *rules: str, mode: str = "Official", **more: str) -> FetFile:
    return read(folder, [lesson(1, tags=["g"]), lesson(2, tags=["g"]), lesson(3, 2)], rules, mode=mode, **more)


@pytest.mark.parametrize(
    ("text", "good", "bad", "deviation"), RULES, ids=[row[0].split("<", 2)[1].split(">")[0].removeprefix("Constraint") for row in RULES]
)
def test_each_rule_costs_nothing_where_it_is_kept_and_its_deviation_where_it_is_broken(
    tmp_path: Path, text: str, good: str | None, bad: str, deviation: int
) -> None:
    fet = three(tmp_path, text)
    assert fet.unknown == ()
    if good is not None:
        assert cost(fet, good.split(",")).infeasibility == 0
    assert cost(fet, bad.split(",")).infeasibility == deviation


# --- mornings and afternoons: d1 and d3 are mornings, d2 and d4 their afternoons ----------------------------------------------------------------

HALF_DAYS = [
    # idle hours from the first lesson of the morning to the last of the afternoon: h2 and h4 of d1
    (
        rule("TeacherMaxGapsPerRealDay", Teacher_Name="T", Max_Gaps=1, Allow_One_Day_Exception_of_Plus_One="false"),
        "d1 h2,d1 h4,d2 h1",
        "d1 h1,d1 h3,d2 h1",
        1,
    ),
    (rule("TeachersMaxZeroGapsPerAfternoon"), "d1 h1,d1 h4,d2 h1", "d2 h1,d2 h4,d3 h1", 2),
    (rule("TeacherMaxRealDaysPerWeek", Teacher_Name="T", Max_Days_Per_Week=1), "d1 h1,d1 h2,d2 h1", "d1 h1,d1 h4,d3 h1", 1),
    (rule("TeachersMaxHoursDailyRealDays", Maximum_Hours_Daily=3), "d1 h1,d3 h2,d2 h1", "d1 h1,d1 h2,d2 h1", 1),
    (rule("TeacherMaxMorningsPerWeek", Teacher_Name="T", Max_Mornings_Per_Week=1), "d1 h1,d2 h2,d4 h1", "d1 h1,d3 h1,d4 h1", 1),
    (rule("TeachersMaxAfternoonsPerWeek", Max_Afternoons_Per_Week=1), "d1 h1,d2 h2,d3 h1", "d1 h1,d2 h1,d4 h1", 1),
    # all four half days in a row
    (rule("TeachersMaxThreeConsecutiveDays", Allow_Afternoon_Morning_Afternoon_Morning_Exception="false"), "d1 h1,d2 h2,d3 h1", None, 0),
    # h4 of the morning and h1 of the afternoon
    (rule("TeachersMinRestingHoursBetweenMorningAndAfternoon", Minimum_Resting_Hours=1), "d1 h4,d2 h2,d3 h1", "d1 h4,d2 h1,d3 h1", 1),
    # days between activities are real days here
    (rule("MinDaysBetweenActivities", Activity_Id=[1, 2], MinDays=1), "d1 h1,d3 h1,d4 h1", "d1 h1,d2 h1,d4 h1", 1),
    # the second real day is empty, its halves may be
    (rule("StudentsMinHoursDaily", Minimum_Hours_Daily=1, Allow_Empty_Days="false"), "d1 h1,d1 h2,d4 h1", "d1 h1,d1 h2,d2 h1", 1),
]


@pytest.mark.parametrize(("text", "good", "bad", "deviation"), HALF_DAYS, ids=[row[0].split("<", 2)[1].split(">")[0] for row in HALF_DAYS])
def test_mornings_and_afternoons_count_half_days_and_real_days(tmp_path: Path, text: str, good: str, bad: str | None, deviation: int) -> None:
    fet = three(tmp_path, text, mode=MA)
    assert fet.unknown == ()
    assert cost(fet, good.split(",")).infeasibility == 0
    if bad is not None:
        assert cost(fet, bad.split(",")).infeasibility == deviation


@pytest.mark.parametrize(("behaviour", "deviation"), [("Unrestricted", 0), ("Exclusive", 2), ("One day exception", 1), ("Two days exception", 0)])
def test_a_teacher_with_morning_or_afternoon_only_may_have_both_on_the_days_excepted(tmp_path: Path, behaviour: str, deviation: int) -> None:
    fet = read(tmp_path, [lesson(n) for n in (1, 2, 3, 4)], mode=MA, behaviour=behaviour)
    assert cost(fet, ["d1 h1", "d2 h1", "d3 h1", "d4 h1"]).infeasibility == deviation  # both halves on both real days


def test_days_of_a_moroccan_file_of_fet_5_are_real_days(tmp_path: Path) -> None:
    most = rule("TeacherMaxDaysPerWeek", Teacher_Name="T", Max_Days_Per_Week=1)
    fet = three(tmp_path, most, mode="", version="5.42.2-morocco8")
    assert fet.mode is Mode.MORNINGS_AFTERNOONS
    assert cost(fet, ["d1 h1", "d2 h1", "d2 h2"]).infeasibility == 0
    assert cost(fet, ["d1 h1", "d2 h1", "d3 h2"]).infeasibility == 1


def test_terms_are_groups_of_days(tmp_path: Path) -> None:
    rules = [
        rule("ActivitiesOccupyMaxTerms", Activity_Id=[1, 2], Max_Number_of_Occupied_Terms=1),
        rule("ActivitiesMaxInATerm", Activity_Id=[1, 2, 3], Max_Number_of_Activities_in_A_Term=2),
    ]
    fet = three(tmp_path, *rules, mode="Terms")  # two days a term
    assert cost(fet, ["d1 h1", "d2 h1", "d3 h1"]).infeasibility == 0
    assert cost(fet, ["d1 h1", "d3 h1", "d4 h1"]).infeasibility == 1  # lessons 1 and 2 in two terms; two in the second term
    assert cost(fet, ["d1 h1", "d2 h1", "d2 h2"]).infeasibility == 1  # three in the first term


# --- wishes ------------------------------------------------------------------------------------------------------------------------------------


def test_a_weight_below_100_is_a_wish_of_as_many_and_0_is_none(tmp_path: Path) -> None:
    place = {"Activity_Id": 1, "Preferred_Day": "d1", "Preferred_Hour": "h1"}
    for weight, objective in ((95, 95), (99.75, 100), (0, 0)):
        found = cost(three(tmp_path, rule("ActivityPreferredStartingTime", weight=weight, **place)), ["d2 h1", "d1 h2", "d3 h1"])
        assert (found.infeasibility, found.objective) == (0, objective)


def test_a_broken_wish_of_days_between_counts_as_fet_counts_it(tmp_path: Path) -> None:
    fet = three(tmp_path, rule("MinDaysBetweenActivities", weight=95, Activity_Id=[1, 2], MinDays=2, Consecutive_If_Same_Day="true"))
    assert cost(fet, ["d1 h1", "d3 h1", "d4 h1"]).objective == 0
    assert cost(fet, ["d1 h1", "d2 h1", "d4 h1"]).objective == 95  # one day too close
    assert cost(fet, ["d1 h1", "d1 h2", "d4 h1"]).objective == 190  # two days too close
    apart = cost(fet, ["d1 h1", "d1 h3", "d4 h1"])
    assert (apart.infeasibility, apart.objective) == (1, 190)  # on one day they follow each other, wish or not: one idle hour


# --- students ----------------------------------------------------------------------------------------------------------------------------------


def test_a_year_meets_as_all_its_groups(tmp_path: Path) -> None:
    fet = read(tmp_path, [lesson(1, students="Y", teacher="T"), lesson(2, students="A", teacher="U")])
    assert cost(fet, ["d1 h1", "d1 h2"]).infeasibility == 0
    assert cost(fet, ["d1 h1", "d1 h1"]).infeasibility == 1  # class A at two places


def test_groups_that_share_a_subgroup_cannot_meet_apart(tmp_path: Path) -> None:
    path = tmp_path / "overlap.fet"
    shared = tag("Subgroup", Name="both")
    year = tag("Year", tag("Group", shared, tag("Subgroup", Name="a only"), Name="A"), tag("Group", shared, Name="B"), Name="Y")
    text = fet_text([lesson(1, students="A", teacher="T"), lesson(2, students="B", teacher="U")])
    path.write_text(text[: text.index("<Year>")] + year + text[text.index("</Students_List>") :], encoding="utf-8")
    from scheduler.formats.fet import read_fet

    assert cost(read_fet(path), ["d1 h1", "d1 h1"]).infeasibility == 1


def test_students_whom_nothing_tells_apart_are_one_resource(tmp_path: Path) -> None:
    fet = read(tmp_path, [lesson(1, students="Y"), lesson(2, students="Y")])
    assert [resource.type for resource in fet.problem.resources].count("Students") == 1


def test_inactive_activities_and_rules_are_left_out(tmp_path: Path) -> None:
    off = rule("TeacherMaxDaysPerWeek", active="false", Teacher_Name="T", Max_Days_Per_Week=0)
    fet = read(tmp_path, [lesson(1), lesson(2, Active="false")], [off, rule("MinDaysBetweenActivities", Activity_Id=[1, 2], MinDays=1)])
    assert [event.id for event in fet.problem.events] == ["1"]
    assert cost(fet, ["d1 h1"]).infeasibility == 0
    assert fet.unknown == ()


def test_a_gap_at_a_break_or_when_nobody_is_there_is_none(tmp_path: Path) -> None:
    rules = [
        rule("TeachersMaxGapsPerWeek", Max_Gaps=0),
        rule("BreakTimes", slots("Break_Time", ["d1 h2"])),
        rule("TeacherNotAvailableTimes", slots("Not_Available_Time", ["d1 h3"]), Teacher="T"),
    ]
    assert cost(three(tmp_path, *rules), ["d1 h1", "d1 h4", "d3 h1"]).infeasibility == 0


def test_activities_follow_each_other_over_a_break(tmp_path: Path) -> None:
    rules = [rule("TwoActivitiesConsecutive", First_Activity_Id=1, Second_Activity_Id=2), rule("BreakTimes", slots("Break_Time", ["d1 h2"]))]
    assert cost(three(tmp_path, *rules), ["d1 h1", "d1 h3", "d3 h1"]).infeasibility == 0


# --- several classes at once -----------------------------------------------------------------------------------------------------------------


def two_classes(folder: Path, *rules: str) -> FetFile:
    return read(folder, [lesson(1, students="A", teacher="T", tags=["x"]), lesson(2, 2, students="B", teacher="U", tags=["y"])], rules)


def test_activities_that_start_together_may_last_differently(tmp_path: Path) -> None:
    fet = two_classes(tmp_path, rule("ActivitiesSameStartingTime", Activity_Id=[1, 2]))
    assert cost(fet, ["d1 h1", "d1 h1"]).infeasibility == 0
    assert cost(fet, ["d1 h2", "d1 h1"]).infeasibility > 0


@pytest.mark.parametrize(
    "text",
    [
        rule("ActivitiesNotOverlapping", Activity_Id=[1, 2]),
        rule("ActivityTagsNotOverlapping", Activity_Tag=["x", "y"]),
        rule(
            "ActivitiesMaxSimultaneousInSelectedTimeSlots",
            slots("Selected_Time_Slot", ["d1 h1", "d1 h2"], "Selected_Day", "Selected_Hour"),
            Activity_Id=[1, 2],
            Max_Number_of_Simultaneous_Activities=1,
        ),
    ],
    ids=["activities", "tags", "simultaneous"],
)
def test_activities_that_must_not_run_at_once(tmp_path: Path, text: str) -> None:
    fet = two_classes(tmp_path, text)
    assert cost(fet, ["d1 h3", "d1 h1"]).infeasibility == 0
    assert cost(fet, ["d1 h2", "d1 h1"]).infeasibility == 1  # the second hour of lesson 2 and lesson 1


def test_a_selected_slot_that_is_used_is_used_by_enough(tmp_path: Path) -> None:
    chosen = slots("Selected_Time_Slot", ["d1 h1"], "Selected_Day", "Selected_Hour")
    least = {"Activity_Id": [1, 2], "Min_Number_of_Simultaneous_Activities": 2, "Allow_Empty_Slots": "true"}
    fet = two_classes(tmp_path, rule("ActivitiesMinSimultaneousInSelectedTimeSlots", chosen, **least))
    assert cost(fet, ["d2 h1", "d2 h1"]).infeasibility == 0
    assert cost(fet, ["d1 h1", "d2 h1"]).infeasibility == 1


# --- rooms -------------------------------------------------------------------------------------------------------------------------------------


def with_rooms(folder: Path, *space: str, **more: str) -> FetFile:
    return read(folder, [lesson(1), lesson(2, students="B", teacher="U", subject="X")], space=space, **more)


def test_one_required_room_is_preassigned_and_cannot_hold_two_lessons(tmp_path: Path) -> None:
    rooms = [rule("ActivityPreferredRoom", Activity_Id=n, Room="r", Permanently_Locked="true") for n in (1, 2)]
    fet = with_rooms(tmp_path, *rooms)
    assert [needed.resource for event in fet.problem.events for needed in event.resources if needed.type == "Room"] == ["r", "r"]
    assert cost(fet, ["d1 h1", "d1 h2"]).infeasibility == 0
    assert cost(fet, ["d1 h1", "d1 h1"]).infeasibility == 1


def test_a_lesson_takes_one_of_its_subjects_rooms_that_is_large_enough(tmp_path: Path) -> None:
    rooms = tag("Room", Name="r", Capacity=30) + tag("Room", Name="q", Capacity=30) + tag("Room", Name="small", Capacity=19)
    fet = with_rooms(tmp_path, rule("SubjectPreferredRooms", Subject="S", Preferred_Room=["r", "q", "small"]), rooms=rooms)
    assert cost(fet, ["d1 h1", "d1 h1"], {1: "q"}).infeasibility == 0
    assert cost(fet, ["d1 h1", "d1 h1"]).infeasibility == 1  # no room
    assert "small" not in fet.rooms  # 20 students


def test_a_home_room_counts_where_nothing_else_is_preferred(tmp_path: Path) -> None:
    home = rule("StudentsSetHomeRoom", Students="A", Room="r")
    fet = with_rooms(tmp_path, home)
    assert [needed.resource for needed in fet.problem.events[0].resources if needed.type == "Room"] == ["r"]
    fet = with_rooms(tmp_path, home, rule("ActivityPreferredRoom", Activity_Id=1, Room="q"))
    assert [needed.resource for needed in fet.problem.events[0].resources if needed.type == "Room"] == ["q"]


def test_a_preferred_room_as_a_wish_may_be_left(tmp_path: Path) -> None:
    fet = with_rooms(tmp_path, rule("ActivityPreferredRoom", weight=80, Activity_Id=1, Room="r"))
    assert cost(fet, ["d1 h1", "d1 h1"], {1: "r"}).objective == 0
    found = cost(fet, ["d1 h1", "d1 h1"])
    assert (found.infeasibility, found.objective) == (0, 80)


def test_a_closed_room_and_one_room_for_all(tmp_path: Path) -> None:
    both = (
        rule("ActivityPreferredRooms", Activity_Id=1, Preferred_Room=["r", "q"]),
        rule("ActivityPreferredRooms", Activity_Id=2, Preferred_Room=["r", "q"]),
    )
    closed = rule("RoomNotAvailableTimes", slots("Not_Available_Time", ["d1 h1"]), Room="r")
    one = rule("ActivitiesOccupyMaxDifferentRooms", Activity_Id=[1, 2], Max_Number_of_Different_Rooms=1)
    fet = with_rooms(tmp_path, *both, closed, one)
    assert cost(fet, ["d1 h2", "d1 h3"], {1: "r", 2: "r"}).infeasibility == 0
    assert cost(fet, ["d1 h1", "d1 h3"], {1: "r", 2: "r"}).infeasibility == 1  # closed at h1
    assert cost(fet, ["d1 h2", "d1 h3"], {1: "r", 2: "q"}).infeasibility == 1  # two rooms


def test_a_virtual_room_takes_a_real_room_of_each_of_its_sets(tmp_path: Path) -> None:
    sets = tag("Set_of_Real_Rooms", Real_Room=["r"]) + tag("Set_of_Real_Rooms", Real_Room=["q", "p"])
    rooms = "".join(tag("Room", Name=name) for name in "rqp") + tag("Room", sets, Name="both", Virtual="true")
    fet = with_rooms(tmp_path, rule("ActivityPreferredRoom", Activity_Id=1, Room="both"), rooms=rooms)
    needed = [(need.role, need.resource) for need in fet.problem.events[0].resources if need.type == "Room"]
    assert (needed, dict(fet.virtual)) == ([("Room 1", "r"), ("Room 2", None)], {"1": "both"})


def test_a_teacher_has_time_to_walk_between_buildings(tmp_path: Path) -> None:
    space = [rule("ActivityPreferredRoom", Activity_Id=n, Room=room) for n, room in ((1, "r"), (2, "q"))]
    way = rule("TeacherMinGapsBetweenBuildingChanges", Teacher="T", Min_Gaps_Between_Building_Changes=1)
    fet = read(tmp_path, [lesson(1), lesson(2)], space=[*space, way])
    assert cost(fet, ["d1 h1", "d1 h3"]).infeasibility == 0
    assert cost(fet, ["d1 h1", "d1 h2"]).infeasibility == 1
    fet = read(tmp_path, [lesson(1), lesson(2)], space=[*space, rule("TeachersMaxBuildingChangesPerDay", Max_Building_Changes_Per_Day=0)])
    assert cost(fet, ["d1 h1", "d2 h1"]).infeasibility == 0
    assert cost(fet, ["d1 h1", "d1 h4"]).infeasibility == 1
    fet = read(
        tmp_path, [lesson(1), lesson(2)], space=[*space, rule("TeacherMaxBuildingChangesPerWeek", Teacher="T", Max_Building_Changes_Per_Week=0)]
    )
    assert cost(fet, ["d1 h1", "d2 h1"]).infeasibility == 0  # overnight is no change
    assert cost(fet, ["d1 h1", "d1 h4"]).infeasibility == 1


def test_changes_are_counted_where_the_building_of_a_lesson_is_still_open(tmp_path: Path) -> None:
    rooms = rule("SubjectPreferredRooms", Subject="S", Preferred_Room=["r", "q"])
    lessons = [lesson(1), lesson(2), lesson(3)]

    def infeasibility(limit: str, places: str, chosen: str) -> int:
        fet = read(tmp_path, lessons, space=[rooms, limit])
        assert fet.unknown == ()
        return cost(fet, places.split(","), dict(enumerate(chosen, 1))).infeasibility

    once_a_day = rule("TeachersMaxBuildingChangesPerDay", Max_Building_Changes_Per_Day=1)
    assert infeasibility(once_a_day, "d1 h1,d1 h2,d1 h4", "rqq") == 0
    assert infeasibility(once_a_day, "d1 h1,d1 h2,d1 h4", "rqr") == 1  # there and back
    assert infeasibility(once_a_day, "d1 h1,d1 h2,d2 h1", "rqr") == 0  # overnight is no change
    never_a_week = rule("StudentsMaxRoomChangesPerWeek", Max_Room_Changes_Per_Week=0)
    assert infeasibility(never_a_week, "d1 h1,d1 h2,d2 h1", "rrq") == 0
    assert infeasibility(never_a_week, "d1 h1,d2 h1,d2 h3", "rrq") == 1
    way = rule("StudentsSetMinGapsBetweenRoomChanges", Students="A", Min_Gaps_Between_Room_Changes=2)
    assert infeasibility(way, "d1 h1,d1 h4,d2 h1", "rqr") == 0  # h2 and h3 are free
    assert infeasibility(way, "d1 h1,d1 h3,d1 h4", "rqq") == 1  # h2 alone


def test_changes_of_a_virtual_room_in_two_buildings_are_told_as_not_understood(tmp_path: Path) -> None:
    sets = tag("Set_of_Real_Rooms", Real_Room=["r"]) + tag("Set_of_Real_Rooms", Real_Room=["q"])
    rooms = tag("Room", Name="r", Building="east") + tag("Room", Name="q", Building="west") + tag("Room", sets, Name="both", Virtual="true")
    space = [rule("ActivityPreferredRoom", Activity_Id=1, Room="both"), rule("TeachersMaxBuildingChangesPerDay", Max_Building_Changes_Per_Day=0)]
    fet = read(tmp_path, [lesson(1), lesson(2)], space=space, rooms=rooms)
    assert fet.unknown == (Unknown("ConstraintTeachersMaxBuildingChangesPerDay", 1, "place_changes"),)


# --- nothing is dropped silently ----------------------------------------------------------------------------------------------------------------


def test_what_is_not_understood_is_named_with_its_reason(tmp_path: Path) -> None:
    rules = [
        rule("TeachersMaxSomethingNew"),
        rule("TeachersMaxSomethingNew"),
        rule("TeacherMaxDaysPerWeek", Teacher_Name="nobody", Max_Days_Per_Week=1),
    ]
    span = rule("TeachersMaxSpanPerDay", Max_Span=2, Allow_One_Day_Exception_of_Plus_One="true")
    assert three(tmp_path, *rules, span).unknown == (
        Unknown("ConstraintTeacherMaxDaysPerWeek", 1, "names"),
        Unknown("ConstraintTeachersMaxSomethingNew", 2, "not_known"),
        Unknown("ConstraintTeachersMaxSpanPerDay", 1, "exception"),
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<fet", "fet_broken"),
        ("<html></html>", "fet_expected"),
        ('<fet version="6.8.5"></fet>', "fet_missing"),
        (fet_text([lesson(1)], mode="Party"), "fet_unknown_mode"),
        (fet_text([lesson(1, teacher="nobody")]), "fet_unknown_reference"),
        (fet_text(["<Activity><Id>x</Id></Activity>"]), "fet_not_whole"),
        (fet_text([lesson(1)], [rule("TeachersMaxDaysPerWeek", Max_Days_Per_Week="many")]), "fet_not_whole"),
    ],
)
def test_a_file_that_is_none_of_fets_is_refused_in_a_sentence(tmp_path: Path, text: str, kind: str) -> None:
    path = tmp_path / "bad.fet"
    path.write_text(text, encoding="utf-8")
    from scheduler.formats.fet import read_fet

    with pytest.raises(InputError) as refused:
        read_fet(path)
    assert [problem.kind for problem in refused.value.problems] == [kind]
    answer = CliRunner().invoke(build("id"), ["import", "fet", str(path), "-o", str(tmp_path / "out.xml")])
    assert answer.exit_code == 65
    assert "Traceback" not in answer.output


# --- timetables and the command ---------------------------------------------------------------------------------------------------------------


def test_a_timetable_of_fet_is_read_in_both_of_its_forms(tmp_path: Path) -> None:
    fet = with_rooms(tmp_path, rule("ActivityPreferredRooms", Activity_Id=1, Preferred_Room=["r", "q"]))
    listed = tmp_path / "school_activities.xml"
    placed = [tag("Activity", Id=1, Day="d1", Hour="h2", Room="q"), tag("Activity", Id=2, Day="d3", Hour="h1", Room="")]
    listed.write_text(tag("Activities_Timetable", *placed), encoding="utf-8")
    locked = tmp_path / "school_data_and_timetable.fet"
    times = [
        rule("ActivityPreferredStartingTime", Activity_Id=n, Preferred_Day=d, Preferred_Hour=h) for n, d, h in ((1, "d1", "h2"), (2, "d3", "h1"))
    ]
    locked.write_text(fet_text([lesson(1)], times, [rule("ActivityPreferredRoom", Activity_Id=1, Room="q")]), encoding="utf-8")
    assert read_fet_timetable(listed, fet) == read_fet_timetable(locked, fet)
    meetings = read_fet_timetable(listed, fet)
    assert [(meeting.event, meeting.time, dict(meeting.resources)) for meeting in meetings] == [("1", "d1 h2", {"Room": "q"}), ("2", "d3 h1", {})]
    assert evaluate(fet.problem, meetings).infeasibility == 0


def test_the_command_writes_an_archive_of_the_same_problem_and_names_what_is_lost(tmp_path: Path) -> None:
    source, out = tmp_path / "school.fet", tmp_path / "school.xml"
    rules = [rule("StudentsEarlyMaxBeginningsAtSecondHour", Max_Beginnings_At_Second_Hour=0), rule("TeachersMaxSomethingNew")]
    source.write_text(fet_text([lesson(1), lesson(2, 2)], rules), encoding="utf-8")
    answer = CliRunner().invoke(build("id"), ["import", "fet", str(source), "-o", str(out)])
    assert answer.exit_code == 0
    assert "ConstraintTeachersMaxSomethingNew, 1 kali: jenis aturan ini belum dikenal" in answer.output
    strict = CliRunner().invoke(build("en"), ["import", "fet", str(source), "-o", str(tmp_path / "strict.xml"), "--strict"])
    assert strict.exit_code == 65
    (problem,) = read_xhstt(out).instances.values()
    fet = read(tmp_path, [lesson(1), lesson(2, 2)], rules)
    late = ["d1 h2", "d2 h1"]  # one day begins at the second hour
    assert cost(fet, late).infeasibility == 1
    from scheduler.domain.timetabling import Meeting

    meetings = [Meeting(event.id, place, event.duration) for event, place in zip(problem.events, late, strict=True)]
    assert evaluate(problem, meetings).infeasibility == 1


def test_the_command_never_replaces_a_file(tmp_path: Path) -> None:
    source, out = tmp_path / "school.fet", tmp_path / "school.xml"
    source.write_text(fet_text([lesson(1)]), encoding="utf-8")
    out.write_text("<mine/>", encoding="utf-8")
    refused = CliRunner().invoke(build("en"), ["import", "fet", str(source), "-o", str(out)])
    assert (refused.exit_code, "not overwritten" in refused.output) == (2, True)
    assert out.read_text(encoding="utf-8") == "<mine/>"


def test_an_archive_is_sent_to_the_command_that_solves_it(tmp_path: Path) -> None:
    source = tmp_path / "archive.xml"
    source.write_text("<HighSchoolTimetableArchive/>", encoding="utf-8")
    told = CliRunner().invoke(build("en"), ["import", "fet", str(source), "-o", str(tmp_path / "out.xml")])
    assert (told.exit_code, "scheduler timetable archive.xml" in told.output) == (65, True)
