"""FET's own solver, ``fet-cl``, run on a file, and what its timetable is worth, counted from the file alone.

``fet-cl`` ends with exit code 0 also when time is up: what it reached stands in its folder of results, the complete timetable in ``timetables/NAME``,
the stage with most activities placed in ``timetables/NAME-highest``.
"""

from __future__ import annotations

import shutil
import subprocess
import time
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from pathlib import Path

FET_CL = shutil.which("fet-cl")

Placed = Mapping[int, tuple[str, str, str]]
"""Day, hour and room (or "") of each activity that has its place."""

QUIET = [f"--writetimetables{what}=false" for what in ("dayshorizontal", "daysvertical", "timehorizontal", "timevertical", "statistics")]


@dataclass(frozen=True, slots=True)
class FetRun:
    """``complete`` says that every activity is placed; ``result`` is the file of what is (None = nothing)."""

    complete: bool
    seconds: float
    memory_mb: int
    result: Path | None


def run_fet(file: Path, seconds: float, folder: Path, seed: int = 1) -> FetRun:
    """One run of fet-cl on a file, its results under ``folder``."""
    from tests.benchmarks.measuring import MemoryWatch

    seeds = [f"--randomseeds{part}={seed if part == '10' else 1}" for part in ("10", "11", "12", "20", "21", "22")]
    limits = [f"--timelimitseconds={ceil(seconds) + 1}", "--htmllevel=0"]  # it stops up to a second early
    started = time.monotonic()
    command = [FET_CL or "fet-cl", f"--inputfile={file}", f"--outputdir={folder}", *limits, *QUIET, *seeds]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process, MemoryWatch(process.pid) as watch:
        process.wait()
    wall = time.monotonic() - started
    return FetRun(is_complete(folder), round(wall, 2), watch.peak_mb, result_of(folder, file.stem))


def is_complete(folder: Path) -> bool:
    log = folder / "logs" / "result.txt"
    return log.is_file() and "Simulation successful" in log.read_text(encoding="utf-8-sig")


def result_of(folder: Path, name: str) -> Path | None:
    """The file of what fet-cl has placed: the complete timetable, else its highest stage."""
    files = (folder / "timetables" / variant / f"{name}_activities.xml" for variant in (name, f"{name}-highest"))
    return next((file for file in files if file.is_file()), None)


def read_activities(path: Path | None) -> Placed:
    """An ``_activities.xml`` of FET; activities without a day are not placed."""
    if path is None:
        return {}
    rows = ET.fromstring(path.read_bytes()).iterfind("Activity")
    cells = {int(words(row, "Id")): (words(row, "Day"), words(row, "Hour"), words(row, "Room")) for row in rows}
    return {activity: cell for activity, cell in cells.items() if cell[0]}


# --- the file -----------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlainFet:
    """A FET file as far as gaps, days and min days need it. ``activities`` are (teachers, duration) by id, active ones only; ``closed`` are break
    times (teacher "") and not available times; ``min_days`` are (ids, days, weight)."""

    days: tuple[str, ...]
    hours: tuple[str, ...]
    activities: Mapping[int, tuple[tuple[str, ...], int]]
    closed: frozenset[tuple[str, str, str]]
    min_days: tuple[tuple[tuple[int, ...], int, float], ...]


def read_plain(path: Path) -> PlainFet:
    root = ET.fromstring(path.read_bytes())
    activities = {
        int(words(element, "Id")): (tuple((t.text or "").strip() for t in element.iterfind("Teacher")), int(words(element, "Duration")))
        for element in root.iterfind("Activities_List/Activity")
        if is_active(element)
    }
    rules = [element for element in root.iterfind("Time_Constraints_List/*") if is_active(element)]
    closed = {
        (words(element, "Teacher"), words(cell, "Day"), words(cell, "Hour"))
        for element in rules
        if element.tag in ("ConstraintBreakTimes", "ConstraintTeacherNotAvailableTimes")
        for cell in (*element.iterfind("Break_Time"), *element.iterfind("Not_Available_Time"))
    }
    min_days = [
        (
            tuple(int(i.text or 0) for i in e.iterfind("Activity_Id") if int(i.text or 0) in activities),
            int(e.findtext("MinDays", "1")),
            float(e.findtext("Weight_Percentage", "100")),
        )
        for e in rules
        if e.tag == "ConstraintMinDaysBetweenActivities"
    ]
    days, hours = (tuple(words(e, "Name") or (e.text or "").strip() for e in root.iterfind(f"{p}s_List/{p}")) for p in ("Day", "Hour"))
    return PlainFet(days, hours, activities, frozenset(closed), tuple(min_days))


def words(element: ET.Element, tag: str) -> str:
    """Names and numbers without the blanks around them: files differ from themselves in those."""
    return element.findtext(tag, "").strip()


def is_active(element: ET.Element) -> bool:
    return element.findtext("Active", "true").strip().lower() != "false"


# --- what a timetable is worth ---------------------------------------------------------------------------------------------------------------


def unplaced(fet: PlainFet, placed: Placed) -> int:
    return sum(activity not in placed for activity in fet.activities)


def busy_hours(fet: PlainFet, placed: Placed) -> Mapping[tuple[str, str], set[int]]:
    """Numbers of the hours at which each teacher is busy on each day."""
    busy: dict[tuple[str, str], set[int]] = defaultdict(set)
    number = {hour: index for index, hour in enumerate(fet.hours)}
    for activity, (teachers, duration) in fet.activities.items():
        if activity in placed:
            day, hour, _ = placed[activity]
            for teacher in teachers:
                busy[teacher, day].update(range(number[hour], number[hour] + duration))
    return busy


def teacher_gaps(fet: PlainFet, placed: Placed) -> int:
    """Free hours between the first and the last of a teacher's day; as FET counts, breaks and not available hours are no gaps."""
    return sum(1 for _ in gaps(fet, placed))


def gaps(fet: PlainFet, placed: Placed) -> Iterator[tuple[str, str, str]]:
    for (teacher, day), busy in busy_hours(fet, placed).items():
        for number in set(range(min(busy), max(busy))) - busy:
            hour = fet.hours[number]
            if not {("", day, hour), (teacher, day, hour)} & fet.closed:
                yield teacher, day, hour


def teacher_days(fet: PlainFet, placed: Placed) -> int:
    return len(busy_hours(fet, placed))


def broken_min_days(fet: PlainFet, placed: Placed) -> int:
    """Pairs of activities that are fewer days apart than asked for, as FET lists them."""
    number = {day: index for index, day in enumerate(fet.days)}
    return sum(
        abs(number[placed[first][0]] - number[placed[second][0]]) < days
        for activities, days, _ in fet.min_days
        for first, second in combinations([activity for activity in activities if activity in placed], 2)
    )


# --- what FET can be asked -------------------------------------------------------------------------------------------------------------------


def with_limits(content: bytes, gaps: int | None = None, days: int | None = None) -> bytes:
    """A FET file with most gaps a week and most days a week for every teacher."""
    root = ET.fromstring(content)
    rules = root.find("Time_Constraints_List")
    assert rules is not None
    wanted: Sequence[tuple[str, str, int | None]] = (
        ("ConstraintTeachersMaxGapsPerWeek", "Max_Gaps", gaps),
        ("ConstraintTeachersMaxDaysPerWeek", "Max_Days_Per_Week", days),
    )
    for tag, field, most in wanted:
        if most is not None:
            rule = ET.SubElement(rules, tag)
            for name, value in (("Weight_Percentage", 100), (field, most), ("Active", "true"), ("Comments", "")):
                ET.SubElement(rule, name).text = str(value)
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written
