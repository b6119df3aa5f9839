"""FET files: what a plan says in them, and that FET itself takes them as complete timetables."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from instances.build import IMPOSSIBLE, INSTANCES
from scheduler.app.exits import Exit
from scheduler.app.exporting import SchoolWeeks, export_fet
from scheduler.cli.commands import build as build_commands
from scheduler.domain.entities import Availability, AvailabilityKind, Distance, Group, OpenHours, Rombel, Room, Slot, SlotKind
from scheduler.domain.instance import Settings
from scheduler.domain.plan import WEEK_LEVELS, Lesson, Status
from scheduler.domain.timetabling import LimitWorkload, Meeting
from scheduler.formats.fet import read_fet, read_fet_timetable
from scheduler.formats.fet_export import fet_file, fet_with_timetable
from scheduler.formats.json import read_plan, write_plan
from scheduler.formats.workbook import read_workbook
from scheduler.policy.case import Case
from scheduler.verify.cost import evaluate
from tests import build
from tests.benchmarks.fetcl import FET_CL, is_complete, read_activities, read_plain, run_fet
from tests.timetable_weeks import assignments

ROOT = Path(__file__).resolve().parent.parent
SOLVED = tuple(name for name in INSTANCES if name not in IMPOSSIBLE)
EXAMPLES = Path(os.environ.get("SCHEDULER_FET", "/usr/share/doc/fet-data/examples"))
needs_fet = pytest.mark.skipif(FET_CL is None, reason="fet-cl is not installed (apt-get install fet)")

TEACHING = {"1/7A/IPA": "A", "1/7A/IPS": "B"}


def small(jp: int = 2, periods: Sequence[int] = (2, 2), **parts: object) -> Case:
    """Class 7A with IPA by A and one JP of IPS by B."""
    teachers = (build.teacher("A", "ipa"), build.teacher("B", "ips"))
    return build.case({"ipa": jp, "ips": 1}, teachers, {7: 1}, **{"slots": build.week(periods), **parts})  # type: ignore[arg-type]


def written(
    case: Case, lessons: Sequence[Lesson] = (), locked: bool = True, place: str = build.HOME, teaching: dict[str, str] | None = None
) -> ET.Element:
    weeks = SchoolWeeks(case, assignments(case, TEACHING if teaching is None else teaching), lessons)
    return ET.fromstring(fet_file(weeks.of(place), locked).content)


def lesson(need: str, day: str, period: int, length: int = 1, teacher: str = "", room: str = "") -> Lesson:
    school, *_ = need.split("/")
    return Lesson(need, school, (), "", teacher or None, day, period, length, room)


def all_of(root: ET.Element, tag: str) -> list[dict[str, object]]:
    """Every element of a tag as {child: text}, with a list where a child stands several times."""
    found = []
    for element in root.iter(tag):
        row: dict[str, object] = {}
        for child in element:
            value: object = "/".join(part.text or "" for part in child) if len(child) else child.text or ""
            row[child.tag] = [*values, value] if isinstance(values := row.get(child.tag), list) else [values, value] if values is not None else value
        found.append(row)
    return found


def names(root: ET.Element, path: str) -> list[str | None]:
    return [element.findtext("Name") for element in root.iterfind(path)]


# --- what the file says ------------------------------------------------------------------------------------------------------------------------


def test_lessons_are_locked_where_the_plan_has_them() -> None:
    root = written(small(), [lesson("1/7A/IPA", "Selasa", 1, 2, "A"), lesson("1/7A/IPS", "Senin", 2, 1, "B")])
    assert [(a["Teacher"], a["Subject"], a["Students"], a["Duration"]) for a in all_of(root, "Activity")] == [
        ("A", "IPA", "7A", "2"),
        ("B", "IPS", "7A", "1"),
    ]
    locks = all_of(root, "ConstraintActivityPreferredStartingTime")
    assert [(lock["Activity_Id"], lock["Preferred_Day"], lock["Preferred_Hour"]) for lock in locks] == [("1", "Selasa", "1"), ("2", "Senin", "2")]
    assert {lock["Permanently_Locked"] for lock in locks} == {"true"}


def test_unlocked_lessons_have_no_time() -> None:
    root = written(small(), [lesson("1/7A/IPA", "Selasa", 1, 2, "A")], locked=False)
    assert all_of(root, "ConstraintActivityPreferredStartingTime") == []


def test_lessons_without_a_time_are_split_by_their_blocks_and_stand_on_different_days() -> None:
    root = written(small(jp=5, periods=(2, 2, 2)))
    assert [a["Duration"] for a in all_of(root, "Activity")] == ["2", "2", "1", "1"]  # IPA 5 = 2+2+1, IPS 1
    assert [a["Activity_Group_Id"] for a in all_of(root, "Activity")] == ["1", "1", "1", "0"]
    (apart,) = all_of(root, "ConstraintMinDaysBetweenActivities")
    assert (apart["Activity_Id"], apart["MinDays"]) == (["1", "2", "3"], "1")


def test_periods_that_a_day_does_not_have_are_breaks() -> None:
    root = written(small(periods=(3, 2)))
    assert names(root, "Hours_List/Hour") == ["1", "2", "3"]
    (breaks,) = all_of(root, "ConstraintBreakTimes")
    assert breaks["Break_Time"] == "Selasa/3"


def test_a_block_starts_only_where_no_break_cuts_it() -> None:
    slots = [Slot("pagi", "Senin", period, SlotKind.LESSON, order=order) for period, order in ((1, 1), (2, 2), (3, 4), (4, 5))]
    cut = [*slots, Slot("pagi", "Senin", 0, SlotKind.BREAK, order=3)]
    root = written(small(slots=tuple(cut), settings=Settings(blocks_may_straddle_breaks=False)))
    (limits,) = all_of(root, "ConstraintActivitiesPreferredStartingTimes")
    assert (limits["Duration"], limits["Preferred_Starting_Time"]) == ("2", ["Senin/1", "Senin/3"])  # 2-3 lies over the break
    assert all_of(written(small(slots=tuple(cut))), "ConstraintActivitiesPreferredStartingTimes") == []


def test_each_shift_has_its_own_hours_and_a_tag_that_keeps_its_lessons_there() -> None:
    slots = (*build.week((2, 2)), *(replace(slot, pattern="siang", start=(slot.start or 0) + 300) for slot in build.week((2, 2))))
    rombels = (Rombel(build.HOME, "7A", 7, "k"), Rombel(build.HOME, "7B", 7, "k", bell="siang"))
    root = written(small(slots=slots, rombels=rombels))
    assert names(root, "Hours_List/Hour") == ["pagi 1", "pagi 2", "siang 1", "siang 2"]
    assert {(a["Students"], a["Activity_Tag"]) for a in all_of(root, "Activity")} == {("7A", "pagi"), ("7B", "siang")}
    limits = {
        (r["Activity_Tag_Name"], r["Duration"]): r["Preferred_Starting_Time"] for r in all_of(root, "ConstraintActivitiesPreferredStartingTimes")
    }
    assert limits["siang", "2"] == ["Senin/siang 1", "Selasa/siang 1"]
    assert limits["pagi", "1"] == ["Senin/pagi 1", "Senin/pagi 2", "Selasa/pagi 1", "Selasa/pagi 2"]


RELIGION = (Group("I", "1", ("7A",), "pabp_islam", 2), Group("K", "1", ("7A",), "pabp_kristen", 2, parallel="I"))


def religion_case() -> Case:
    teachers = tuple(build.teacher(code) for code in "ABC")
    return build.case({"ipa": 1, "pabp_islam": 2, "pabp_kristen": 2}, teachers, {7: 1}, slots=build.week((3, 3)), groups=RELIGION)


def test_parallel_groups_are_parts_of_their_class_that_start_together() -> None:
    root = written(religion_case(), teaching={"1/7A/IPA": "A", "1/I/PAI": "B", "1/K/PAK": "C"})
    assert names(root, "Students_List/Year") == ["7A"]
    assert names(root, "Students_List/Year/Group") == ["7A PAI", "7A PAK"]
    assert [(a["Id"], a["Students"]) for a in all_of(root, "Activity")] == [("1", "7A"), ("2", "7A PAI"), ("3", "7A PAK")]
    assert [same["Activity_Id"] for same in all_of(root, "ConstraintActivitiesSameStartingTime")] == [["2", "3"]]


def test_two_sets_of_parallel_groups_meet_in_subgroups() -> None:
    craft = (Group("X", "1", ("7A",), "ipa", 1), Group("Y", "1", ("7A",), "ips", 1, parallel="X"))
    teachers = tuple(build.teacher(code) for code in "ABCD")
    jp = {"ipa": 1, "ips": 1, "pabp_islam": 2, "pabp_kristen": 2}
    root = written(build.case(jp, teachers, {7: 1}, slots=build.week((3, 3)), groups=(*RELIGION, *craft)), teaching={})
    groups = {group.findtext("Name"): names(group, "Subgroup") for group in root.iterfind("Students_List/Year/Group")}
    # Religion × craft = 4 subgroups; each of the 4 groups has the 2 in which its pupils are.
    assert groups == {"7A PAI": ["7A #1", "7A #2"], "7A PAK": ["7A #3", "7A #4"], "7A IPA": ["7A #1", "7A #3"], "7A IPS": ["7A #2", "7A #4"]}


def test_rooms_of_a_subject_are_its_choice_and_a_lesson_keeps_its_own() -> None:
    rooms = (Room("1", "Lab 1", subjects=("ipa",)), Room("1", "Lab 2", subjects=("ipa",)))
    root = written(small(rooms=rooms), [lesson("1/7A/IPA", "Senin", 1, 2, "A", room="Lab 2")])
    assert names(root, "Rooms_List/Room") == ["Lab 1", "Lab 2"]
    (choice,) = all_of(root, "ConstraintActivityPreferredRooms")
    assert choice["Preferred_Room"] == ["Lab 1", "Lab 2"]
    (lock,) = all_of(root, "ConstraintActivityPreferredRoom")
    assert (lock["Activity_Id"], lock["Room"], lock["Permanently_Locked"]) == ("1", "Lab 2", "true")


def test_absent_teachers_are_not_available_and_unwanted_hours_a_wish() -> None:
    absences = (Availability("A", "Senin", 1, AvailabilityKind.IMPOSSIBLE), Availability("B", "Senin", None, AvailabilityKind.UNWANTED))
    teachers = (build.teacher("A", "ipa", mgmp_day="Selasa"), build.teacher("B", "ips"))
    root = written(build.case({"ipa": 1, "ips": 1}, teachers, {7: 1}, slots=build.week((2, 2)), availability=absences))
    (closed,) = all_of(root, "ConstraintTeacherNotAvailableTimes")
    assert (closed["Teacher"], closed["Not_Available_Time"]) == ("A", ["Senin/1", "Selasa/1", "Selasa/2"])
    (wish,) = all_of(root, "ConstraintActivitiesPreferredTimeSlots")
    assert (wish["Weight_Percentage"], wish["Teacher_Name"], wish["Preferred_Time_Slot"]) == ("50", "B", ["Selasa/1", "Selasa/2"])


def test_hours_at_another_school_and_the_way_there_are_not_available() -> None:
    """A teaches at school 2 from 07.55 to 08.35; with 30 minutes of way both ways 07.25-09.05 is taken: the hours of 07.15, 07.55 and 08.35."""
    case = small(
        periods=(4, 4),
        schools=(build.school(), build.school("2", partner=True)),
        distances=(Distance("1", "2", minutes=30),),
        open_hours=(OpenHours("2", "ipa", 1, row=1),),
        settings=Settings(main_school="1"),
    )
    there = next(need.id for need in case.needs if need.school == "2")
    teaching = {**TEACHING, there: "A"}
    lessons = [lesson("1/7A/IPA", "Selasa", 1, 2, "A"), lesson(there, "Senin", 2, 1, "A")]
    root = written(case, lessons, teaching=teaching)
    (closed,) = all_of(root, "ConstraintTeacherNotAvailableTimes")
    assert (closed["Teacher"], closed["Not_Available_Time"]) == ("A", ["Senin/1", "Senin/2", "Senin/3"])
    assert [a["Comments"] for a in all_of(written(case, lessons, place="2", teaching=teaching), "Activity")] == [there]


def test_what_fet_cannot_say_is_told() -> None:
    week = SchoolWeeks(small(), assignments(small(), TEACHING)).of(build.HOME)
    strange = LimitWorkload(id="strange", resources=("A",), minimum=0, maximum=1)
    found = fet_file(replace(week, problem=replace(week.problem, constraints=(*week.problem.constraints, strange))))
    assert "strange" in found.left_out
    assert "limit_idle_times" in found.left_out  # FET knows gaps as a limit, not as a wish


def test_the_same_week_gives_the_same_bytes() -> None:
    first, second = (fet_file(SchoolWeeks(small(), assignments(small(), TEACHING)).of(build.HOME)).content for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", SOLVED)
def test_nothing_personal_is_in_an_exported_file(name: str, tmp_path: Path) -> None:
    exported = export(name, tmp_path)
    teachers = read_workbook(ROOT / "instances" / name / "sekolah.xlsx")[0].teachers
    personal = {words for t in teachers for words in (t.name, t.nip, t.nuptk) if len(words) > 4}
    for file in exported:
        content = file.read_text(encoding="utf-8")
        assert [words for words in personal if words in content] == []


# --- a timetable put into a file of FET --------------------------------------------------------------------------------------------------------

TINY_FET = """<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.8.5"><Mode>Official</Mode><Institution_Name>x</Institution_Name><Comments></Comments>
<Days_List><Number_of_Days>2</Number_of_Days><Day><Name>D1</Name></Day><Day><Name>D2</Name></Day></Days_List>
<Hours_List><Number_of_Hours>2</Number_of_Hours><Hour><Name>H1</Name></Hour><Hour><Name>H2</Name></Hour></Hours_List>
<Subjects_List><Subject><Name>S</Name><Comments></Comments></Subject></Subjects_List><Activity_Tags_List></Activity_Tags_List>
<Teachers_List><Teacher><Name>T</Name><Comments></Comments></Teacher></Teachers_List>
<Students_List><Year><Name>Y</Name><Number_of_Students>0</Number_of_Students><Comments></Comments></Year></Students_List>
<Activities_List>
<Activity><Teacher>T</Teacher><Subject>S</Subject><Students>Y</Students><Duration>1</Duration><Total_Duration>1</Total_Duration><Id>1</Id>
<Activity_Group_Id>0</Activity_Group_Id><Active>true</Active><Comments></Comments></Activity>
<Activity><Teacher>T</Teacher><Subject>S</Subject><Students>Y</Students><Duration>2</Duration><Total_Duration>2</Total_Duration><Id>2</Id>
<Activity_Group_Id>0</Activity_Group_Id><Active>true</Active><Comments></Comments></Activity>
</Activities_List><Buildings_List></Buildings_List>
<Rooms_List><Room><Name>R</Name><Building></Building><Capacity>30</Capacity><Virtual>false</Virtual><Comments></Comments></Room>
<Room><Name>Q</Name><Building></Building><Capacity>30</Capacity><Virtual>false</Virtual><Comments></Comments></Room></Rooms_List>
<Time_Constraints_List>
<ConstraintBasicCompulsoryTime><Weight_Percentage>100</Weight_Percentage><Active>true</Active><Comments></Comments></ConstraintBasicCompulsoryTime>
<ConstraintActivityPreferredStartingTime><Weight_Percentage>50</Weight_Percentage><Activity_Id>1</Activity_Id><Preferred_Day>D2</Preferred_Day>
<Preferred_Hour>H1</Preferred_Hour><Permanently_Locked>false</Permanently_Locked><Active>true</Active><Comments></Comments>
</ConstraintActivityPreferredStartingTime></Time_Constraints_List>
<Space_Constraints_List>
<ConstraintBasicCompulsorySpace><Weight_Percentage>100</Weight_Percentage><Active>true</Active><Comments></Comments></ConstraintBasicCompulsorySpace>
<ConstraintActivityPreferredRooms><Weight_Percentage>100</Weight_Percentage><Activity_Id>1</Activity_Id>
<Number_of_Preferred_Rooms>2</Number_of_Preferred_Rooms><Preferred_Room>R</Preferred_Room><Preferred_Room>Q</Preferred_Room><Active>true</Active>
<Comments></Comments></ConstraintActivityPreferredRooms></Space_Constraints_List></fet>
"""


def tiny_with_timetable(folder: Path, content: str = TINY_FET) -> Path:
    """Activity 1 on D1 at H2 in room Q, activity 2 on D2 from H1."""
    source, out = folder / "tiny.fet", folder / "locked.fet"
    source.write_text(content, encoding="utf-8")
    fet = read_fet(source)
    at = {slot: time for time, slot in fet.slots.items()}
    room = next(resource for resource, name in fet.rooms.items() if name == "Q")
    role = next(needed.role for needed in fet.problem.events[0].resources if needed.resource is None)
    meetings = (Meeting("1", at["D1", "H2"], 1, {role: room}), Meeting("2", at["D2", "H1"], 2))
    assert fet_with_timetable(source, meetings, out) == 2
    return out


def test_a_timetable_of_a_fet_file_becomes_its_locks(tmp_path: Path) -> None:
    root = ET.fromstring(tiny_with_timetable(tmp_path).read_bytes())
    locks = all_of(root, "ConstraintActivityPreferredStartingTime")
    # The wish for D2 H1, which the timetable does not fulfil, has given way.
    assert [(lock["Activity_Id"], lock["Preferred_Day"], lock["Preferred_Hour"], lock["Weight_Percentage"]) for lock in locks] == [
        ("1", "D1", "H2", "100"),
        ("2", "D2", "H1", "100"),
    ]
    assert [(lock["Activity_Id"], lock["Room"]) for lock in all_of(root, "ConstraintActivityPreferredRoom")] == [("1", "Q")]


def test_locks_bear_the_names_of_the_file_blank_for_blank(tmp_path: Path) -> None:
    """FET knows no day ``D1`` where the file calls it ``D1 ``; the reader leaves such blanks out."""
    root = ET.fromstring(tiny_with_timetable(tmp_path, TINY_FET.replace(">D1<", ">D1 <").replace(">Q<", "> Q<")).read_bytes())
    assert [lock["Preferred_Day"] for lock in all_of(root, "ConstraintActivityPreferredStartingTime")] == ["D1 ", "D2"]
    assert [lock["Room"] for lock in all_of(root, "ConstraintActivityPreferredRoom")] == [" Q"]


@needs_fet
def test_fet_takes_a_file_with_a_timetable_as_complete(tmp_path: Path) -> None:
    run = run_fet(tiny_with_timetable(tmp_path), 10, tmp_path / "results")
    assert run.complete
    assert read_activities(run.result) == {1: ("D1", "H2", "Q"), 2: ("D2", "H1", "")}


@needs_fet
def test_fet_takes_its_own_example_with_a_timetable_as_complete(tmp_path: Path) -> None:
    """SMK Arahan: FET's timetable, read as ours, put into the file, is the one FET then gives again."""
    source = next(EXAMPLES.rglob("netura_2016-2017.fet"), None)
    if source is None:
        pytest.skip(f"no examples of FET in {EXAMPLES} (SCHEDULER_FET)")
    first = run_fet(source, 60, tmp_path / "first")
    assert first.complete and first.result is not None
    fet = read_fet(source)
    meetings = read_fet_timetable(first.result, fet)
    assert evaluate(fet.problem, meetings).infeasibility == 0
    locked = tmp_path / "locked.fet"
    assert fet_with_timetable(source, meetings, locked) == len(read_plain(source).activities)
    again = run_fet(locked, 60, tmp_path / "again")
    assert again.complete
    assert read_activities(again.result) == read_activities(first.result)


# --- the command -------------------------------------------------------------------------------------------------------------------------------


def export(name: str, folder: Path, locked: bool = True) -> list[Path]:
    """The files of a shipped solution."""
    exported = export_fet(ROOT / "instances" / name / "sekolah.xlsx", ROOT / "solutions" / name / "plan.json", folder / f"{name}.fet", locked)
    assert exported.exit is Exit.OK
    return [file.path for file in exported.files]


@needs_fet
@pytest.mark.parametrize("name", SOLVED)
def test_fet_places_every_lesson_of_a_shipped_plan_where_it_is_locked(name: str, tmp_path: Path) -> None:
    for file in export(name, tmp_path):
        run = run_fet(file, 60, tmp_path / file.stem)
        assert is_complete(tmp_path / file.stem)
        locks = {
            int(str(lock["Activity_Id"])): (lock["Preferred_Day"], lock["Preferred_Hour"])
            for lock in all_of(ET.fromstring(file.read_bytes()), "ConstraintActivityPreferredStartingTime")
        }
        assert {activity: cell[:2] for activity, cell in read_activities(run.result).items()} == locks
        assert locks.keys() == read_plain(file).activities.keys()


def test_every_lesson_of_a_plan_stands_in_a_file_of_its_school(tmp_path: Path) -> None:
    files = export("taman-rajo", tmp_path)
    plan = read_plan(ROOT / "solutions" / "taman-rajo" / "plan.json")
    assert [file.name for file in files] == [f"taman-rajo-{school}.fet" for school in sorted({lesson.school for lesson in plan.lessons})]
    exported = {
        (str(a["Comments"]), int(str(a["Duration"])))
        for file in files
        for a in all_of(ET.fromstring(file.read_bytes()), "Activity")
        if "Comments" in a
    }
    assert exported == {(lesson.need, lesson.length) for lesson in plan.lessons}


def run(*arguments: object, lang: str = "en") -> Result:
    return CliRunner().invoke(build_commands(lang), ["export", "fet", *map(str, arguments)])


def shipped(name: str) -> tuple[Path, Path]:
    return ROOT / "instances" / name / "sekolah.xlsx", ROOT / "solutions" / name / "plan.json"


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_command_tells_what_it_wrote_and_what_fet_has_no_place_for(lang: str, tmp_path: Path) -> None:
    done = run(*shipped("tiny-ips"), "-o", tmp_path / "a.fet", lang=lang)
    assert done.exit_code == Exit.OK
    assert "16" in done.output  # lessons, all locked
    assert {"en": "free hours", "id": "jam kosong"}[lang] in done.output


def test_an_existing_file_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "a.fet"
    out.write_text("made in FET", encoding="utf-8")
    assert run(*shipped("tiny-ips"), "-o", out).exit_code == Exit.WRONG_USAGE
    assert out.read_text(encoding="utf-8") == "made in FET"


def test_a_file_for_fet_ends_in_fet(tmp_path: Path) -> None:
    done = run(*shipped("tiny-ips"), "-o", tmp_path / "a.xml")
    assert done.exit_code == Exit.WRONG_USAGE
    assert list(tmp_path.iterdir()) == []


def test_a_plan_that_the_checker_refuses_is_not_exported(tmp_path: Path) -> None:
    workbook, plan_path = shipped("tiny-ips")
    plan = read_plan(plan_path)
    first, second, *rest = plan.lessons
    write_plan(replace(plan, lessons=(replace(first, day=second.day, period=second.period), second, *rest)), tmp_path / "plan.json")
    assert run(workbook, tmp_path / "plan.json", "-o", tmp_path / "a.fet").exit_code == Exit.REFUSED
    assert not (tmp_path / "a.fet").exists()


def test_a_division_of_work_alone_is_exported_for_fet_to_find_its_week(tmp_path: Path) -> None:
    workbook, plan_path = shipped("tiny-ips")
    plan = read_plan(plan_path)
    levels = tuple(level for level in plan.levels if level.name not in WEEK_LEVELS)
    status = replace(plan.status, timetable=Status.UNKNOWN)
    write_plan(replace(plan, lessons=(), levels=levels, status=status), tmp_path / "plan.json")
    done = run(workbook, tmp_path / "plan.json", "-o", tmp_path / "a.fet")
    assert done.exit_code == Exit.OK
    assert "no timetable" in done.output
    root = ET.fromstring((tmp_path / "a.fet").read_bytes())
    assert sum(int(str(a["Duration"])) for a in all_of(root, "Activity")) == 8 * 4  # eight classes with 4 JP of IPS
    assert all_of(root, "ConstraintActivityPreferredStartingTime") == []
