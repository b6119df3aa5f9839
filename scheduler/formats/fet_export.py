"""Weeks as FET files, with every lesson locked where the plan has it, so that FET shows, prints or changes them.

A class is a year of FET's students; where it parts into groups that meet at the same time (religion), the groups are groups of that year, and their
meeting points subgroups. Periods that a day does not have are break times. What FET has no word for is told, never dropped in silence.

Reference: FET 6.8.5, files of "Official" mode; https://lalescu.ro/liviu/fet/
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from pathlib import Path
from typing import Any

from scheduler.domain.timetabling import (
    AssignResources,
    AssignTimes,
    AvoidClashes,
    AvoidUnavailableTimes,
    Constraint,
    DistributeSplitEvents,
    Event,
    LimitPlaceChanges,
    LinkEvents,
    Meeting,
    PreferResources,
    PreferTimes,
    SpreadEvents,
    Time,
    TimetablingProblem,
)
from scheduler.formats.fet import read_fet
from scheduler.formats.files import write_bytes

FET_VERSION = "6.8.5"
CLASS, TEACHER, ROOM = "class", "teacher", "room"
"""Types of the resources of a school's week."""

ALWAYS, WISH = 100, 50
"""Weight percentages: FET keeps a constraint of 100 always, of less where it finds it easy."""

LARGEST_ROOM = 30000
"""FET's own capacity of a room of which none is known: which class fits where is settled in the plan."""

Cell = tuple[str, str]
"""Names of a day and an hour."""


@dataclass(frozen=True, slots=True)
class FetWeek:
    """What becomes one file: the week of one school.

    Parameters
    ----------
    problem
        times of one place, in one bell pattern or several; classes, teachers and rooms
    meetings
        lessons that have their time; an event without any is split as its blocks say
    subjects
        the subject of each event
    labels
        names of resources; those that are not named bear their id
    """

    title: str
    problem: TimetablingProblem
    subjects: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)
    meetings: tuple[Meeting, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenFet:
    """A file's content; ``left_out`` are the ids of constraints that FET cannot say."""

    content: bytes
    activities: int
    locked: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """One lesson in FET's sense; ``group`` is the id of the first of its event's."""

    id: int
    group: int
    event: Event
    length: int
    meeting: Meeting | None = None


def fet_file(week: FetWeek, locked: bool = True) -> WrittenFet:
    """The week as a FET file; ``locked`` keeps each lesson at its time and in its room."""
    return FetBuilder(week, locked).build()


class FetBuilder:
    """One file: names first, then activities, then constraints."""

    def __init__(self, week: FetWeek, locked: bool) -> None:
        self.week, self.problem, self.locked = week, week.problem, locked
        self.left_out: list[str] = []
        self.root = ET.Element("fet", version=FET_VERSION)
        self.types = {resource.id: resource.type for resource in self.problem.resources}

    def build(self) -> WrittenFet:
        add(self.root, "Mode", "Official")
        add(self.root, "Institution_Name", self.week.title)
        add(self.root, "Comments")
        self._write_names()
        self._write_students()
        self._write_activities()
        self._write_rooms()
        self.times_list = constraint_list(self.root, "Time")
        self.space_list = constraint_list(self.root, "Space")
        self._write_grid()
        self._write_constraints()
        if self.locked:
            self._write_locks()
        locked = sum(activity.meeting is not None for activity in self.activities) if self.locked else 0
        return WrittenFet(content_of(self.root), len(self.activities), locked, tuple(dict.fromkeys(self.left_out)))

    def label(self, resource: str) -> str:
        return self.week.labels.get(resource, resource)

    # --- the grid ----------------------------------------------------------------------------------------------------------------------

    @cached_property
    def bells(self) -> tuple[str, ...]:
        """Bell patterns, the earliest first."""
        first = {time.bell: time.start or 0 for time in reversed(self.problem.times)}
        return tuple(sorted(first, key=lambda bell: (first[bell], bell)))

    def hour(self, bell: str, period: int) -> str:
        return f"{bell} {period}" if len(self.bells) > 1 else str(period)

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """Day and hour of each time."""
        return {time.id: (time.day, self.hour(time.bell, time.period)) for time in self.problem.times}

    @cached_property
    def days(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(time.day for time in self.problem.times))

    @cached_property
    def hours(self) -> tuple[str, ...]:
        periods = {bell: sorted({time.period for time in self.problem.times if time.bell == bell}) for bell in self.bells}
        return tuple(self.hour(bell, period) for bell in self.bells for period in periods[bell])

    def _write_grid(self) -> None:
        """Break times, and where lessons of each length may start, wherever the grid alone would allow more (a break between, a second shift)."""
        missing = [cell for cell in product(self.days, self.hours) if cell not in set(self.cells.values())]
        if missing:
            breaks = constraint(self.times_list, "ConstraintBreakTimes")
            add(breaks, "Number_of_Break_Times", len(missing))
            for cell in missing:
                named_cell(breaks, "Break_Time", cell)
        lengths = {(bell, activity.length) for activity in self.activities if (bell := self.bell_of(activity.event)) is not None}
        for bell, length in sorted(lengths):
            starts = [self.cells[time.id] for time in self.starts(bell, length)]
            if len(self.bells) > 1 or len(starts) < self.free_starts(length):
                limits = constraint(self.times_list, "ConstraintActivitiesPreferredStartingTimes")
                self._filter(limits, tag=bell if len(self.bells) > 1 else "")
                add(limits, "Duration", length)
                self._starting_times(limits, starts)

    def starts(self, bell: str, length: int) -> Iterator[Time]:
        """Times at which a lesson of this length may start: each of its further times runs on from the one before."""
        times = [time for time in self.problem.times if time.bell == bell]
        for first, time in enumerate(times):
            covered = times[first : first + length]
            if len(covered) == length and all(later.day == time.day and later.runs_on for later in covered[1:]):
                yield time

    def free_starts(self, length: int) -> int:
        """In how many cells a lesson of this length may start for all that the grid says."""
        taken = set(self.cells.values())
        runs = [[(day, hour) in taken for hour in self.hours] for day in self.days]
        return sum(all(row[first : first + length]) for row in runs for first in range(len(row) - length + 1))

    @cached_property
    def preferred(self) -> Mapping[str, Sequence[PreferTimes]]:
        """Hard preferred times by event."""
        found = defaultdict(list)
        for rule in self.problem.constraints:
            if isinstance(rule, PreferTimes) and rule.required:
                for event in rule.events:
                    found[event].append(rule)
        return found

    def bell_of(self, event: Event) -> str | None:
        """The bell pattern an event is bound to: that of its preferred times, else the only one there is."""
        bell = {time.id: time.bell for time in self.problem.times}
        bound = [{bell[time] for time in rule.times if time in bell} for rule in self.preferred.get(event.id, ())]
        left = set(self.bells).intersection(*bound) if bound else set(self.bells)
        return left.pop() if len(left) == 1 else None

    # --- who and what ------------------------------------------------------------------------------------------------------------------

    def _write_names(self) -> None:
        named_list(self.root, "Day", self.days)
        named_list(self.root, "Hour", self.hours)
        subjects = ET.SubElement(self.root, "Subjects_List")
        for subject in dict.fromkeys(self.week.subjects[event.id] for event in self.problem.events):
            named(subjects, "Subject", subject)
        tags = ET.SubElement(self.root, "Activity_Tags_List")
        for bell in self.bells if len(self.bells) > 1 else ():
            add(named(tags, "Activity_Tag", bell, comments=False), "Printable", "false")
        teachers = ET.SubElement(self.root, "Teachers_List")
        hours: Counter[str] = Counter()
        for event in self.problem.events:
            hours.update(dict.fromkeys(self.attending(event, TEACHER), event.duration))
        for teacher in self.of_type(TEACHER):
            element = named(teachers, "Teacher", self.label(teacher), comments=False)
            add(element, "Target_Number_of_Hours", hours[teacher])
            add(element, "Qualified_Subjects")

    def of_type(self, kind: str) -> list[str]:
        return [resource.id for resource in self.problem.resources if resource.type == kind]

    def attending(self, event: Event, kind: str) -> list[str]:
        return [needed.resource for needed in event.resources if needed.resource is not None and self.types.get(needed.resource) == kind]

    @cached_property
    def link_groups(self) -> tuple[tuple[str, ...], ...]:
        return tuple(group for rule in self.problem.constraints if isinstance(rule, LinkEvents) and rule.required for group in rule.event_groups)

    @cached_property
    def parts(self) -> Mapping[str, Sequence[Mapping[str, str]]]:
        """For each class, each set of parallel events it parts into: the name of the part that attends each event."""
        found: dict[str, list[Mapping[str, str]]] = defaultdict(list)
        shared = {(event.id, needed.resource) for event in self.problem.events for needed in event.resources if needed.shared}
        for class_ in self.of_type(CLASS):
            for group in self.link_groups:
                events = [event for event in group if (event, class_) in shared]
                if len(events) > 1:
                    found[class_].append(dict(zip(events, self._part_names(class_, events), strict=True)))
        return found

    def _part_names(self, class_: str, events: Sequence[str]) -> list[str]:
        """``7A PAI``; with a number where two parts have the same subject."""
        subjects = [self.week.subjects[event] for event in events]
        repeated = len(set(subjects)) < len(subjects)
        return [f"{self.label(class_)} {subject}{f' {number}' if repeated else ''}" for number, subject in enumerate(subjects, 1)]

    def _write_students(self) -> None:
        students = ET.SubElement(self.root, "Students_List")
        for class_ in self.of_type(CLASS):
            year = students_set(students, "Year", self.label(class_))
            add(year, "Number_of_Categories", 0)
            add(year, "Separator", " ")
            sets = [list(part.values()) for part in self.parts.get(class_, ())]
            meeting_points = {names: f"{self.label(class_)} #{number}" for number, names in enumerate(product(*sets), 1)} if len(sets) > 1 else {}
            for part in (name for names in sets for name in names):
                group = students_set(year, "Group", part)
                for names, subgroup in meeting_points.items():
                    if part in names:
                        students_set(group, "Subgroup", subgroup)

    def students_of(self, event: Event) -> Iterator[str]:
        for class_ in self.attending(event, CLASS):
            yield next((part[event.id] for part in self.parts.get(class_, ()) if event.id in part), self.label(class_))

    # --- lessons -----------------------------------------------------------------------------------------------------------------------

    @cached_property
    def activities(self) -> tuple[Activity, ...]:
        """The lessons of every event, numbered from 1: as they are placed, else by its blocks."""
        placed = defaultdict(list)
        for meeting in self.week.meetings:
            if meeting.time in self.cells:
                placed[meeting.event].append(meeting)
        order = {time.id: index for index, time in enumerate(self.problem.times)}
        found: list[Activity] = []
        for event in self.problem.events:
            lessons = sorted(placed[event.id], key=lambda meeting: order[meeting.time or ""])
            first = len(found) + 1
            if sum(lesson.length for lesson in lessons) == event.duration:
                found += [Activity(first + index, first, event, lesson.length, lesson) for index, lesson in enumerate(lessons)]
            else:
                found += [Activity(first + index, first, event, length) for index, length in enumerate(self.blocks(event))]
        return tuple(found)

    def blocks(self, event: Event) -> list[int]:
        """The lengths that the constraints fix, the longest first; what they leave open is one more lesson."""
        amounts = {
            rule.length: rule.minimum
            for rule in self.problem.constraints
            if isinstance(rule, DistributeSplitEvents) and rule.required and event.id in rule.events
        }
        lengths = sorted((length for length, amount in amounts.items() for _ in range(amount)), reverse=True)
        rest = event.duration - sum(lengths)
        return [*lengths, rest] if rest > 0 else lengths

    @cached_property
    def of_event(self) -> Mapping[str, Sequence[Activity]]:
        found = defaultdict(list)
        for activity in self.activities:
            found[activity.event.id].append(activity)
        return found

    def _write_activities(self) -> None:
        written = ET.SubElement(self.root, "Activities_List")
        for activity in self.activities:
            element, event = ET.SubElement(written, "Activity"), activity.event
            for teacher in self.attending(event, TEACHER):
                add(element, "Teacher", self.label(teacher))
            add(element, "Subject", self.week.subjects[event.id])
            if len(self.bells) > 1 and (bell := self.bell_of(event)) is not None:
                add(element, "Activity_Tag", bell)
            for students in self.students_of(event):
                add(element, "Students", students)
            add(element, "Duration", activity.length)
            add(element, "Total_Duration", event.duration)
            add(element, "Id", activity.id)
            add(element, "Activity_Group_Id", activity.group if len(self.of_event[event.id]) > 1 else 0)
            add(element, "Active", "true")
            add(element, "Comments", event.id)

    def _write_rooms(self) -> None:
        add(self.root, "Buildings_List")
        rooms = ET.SubElement(self.root, "Rooms_List")
        chosen = [room for activity in self.activities if activity.meeting is not None for room in activity.meeting.resources.values()]
        for room in dict.fromkeys([*self.of_type(ROOM), *chosen]):
            element = named(rooms, "Room", self.label(room), comments=False)
            add(element, "Building")
            add(element, "Capacity", LARGEST_ROOM)
            add(element, "Virtual", "false")
            add(element, "Comments")

    # --- constraints -------------------------------------------------------------------------------------------------------------------

    def _write_constraints(self) -> None:
        for rule in self.problem.constraints:
            say = SAYINGS.get(type(rule))
            if say is None or not say(self, rule):
                self.left_out.append(rule.id)

    def say_nothing(self, rule: Constraint) -> bool:
        """What FET does anyway, or the list of activities says."""
        return rule.required

    def say_preferred_times(self, rule: PreferTimes) -> bool:
        """Starts of single activities, where the events may not use the whole of their bell pattern."""
        for activity in (activity for event in rule.events for activity in self.of_event.get(event, ()) if rule.length in (None, activity.length)):
            bell = self.bell_of(activity.event)
            whole = [time.id for time in self.starts(bell, activity.length)] if bell is not None else list(self.cells)
            allowed = [self.cells[time] for time in whole if time in set(rule.times)]
            if len(allowed) < len(whole):
                limits = constraint(self.times_list, "ConstraintActivityPreferredStartingTimes", ALWAYS if rule.required else WISH)
                add(limits, "Activity_Id", activity.id)
                self._starting_times(limits, allowed)
        return True

    def say_unavailable(self, rule: AvoidUnavailableTimes) -> bool:
        """Hours of a teacher, class or room that are closed; of a teacher's wish, the hours that are left, as preferred ones."""
        closed = {self.cells[time] for time in rule.times if time in self.cells}
        resources = [resource for resource in rule.resources if resource in self.types]
        if not rule.required and any(self.types[resource] != TEACHER for resource in resources):
            return False
        for resource in resources if closed else ():
            if rule.required:
                self._closed_hours(resource, [cell for cell in product(self.days, self.hours) if cell in closed])
                continue
            wish = constraint(self.times_list, "ConstraintActivitiesPreferredTimeSlots", WISH)
            self._filter(wish, teacher=self.label(resource))
            add(wish, "Duration")
            left = [cell for cell in product(self.days, self.hours) if cell in set(self.cells.values()) - closed]
            add(wish, "Number_of_Preferred_Time_Slots", len(left))
            for cell in left:
                named_cell(wish, "Preferred_Time_Slot", cell, "Preferred_")
        return True

    def _closed_hours(self, resource: str, cells: Sequence[Cell]) -> None:
        """All closed hours of one resource in one constraint: FET takes no second one."""
        kind, tag = {TEACHER: ("Teacher", "Teacher"), CLASS: ("StudentsSet", "Students"), ROOM: ("Room", "Room")}[self.types[resource]]
        into = self.space_list if kind == "Room" else self.times_list
        name = f"Constraint{kind}NotAvailableTimes"
        former = next((element for element in into.iterfind(name) if element.findtext(tag) == self.label(resource)), None)
        known = [(e.findtext("Day", ""), e.findtext("Hour", "")) for e in former.iterfind("Not_Available_Time")] if former is not None else []
        if former is not None:
            into.remove(former)
        closed = constraint(into, name)
        add(closed, tag, self.label(resource))
        cells = [cell for cell in product(self.days, self.hours) if cell in {*known, *cells}]
        add(closed, "Number_of_Not_Available_Times", len(cells))
        for cell in cells:
            named_cell(closed, "Not_Available_Time", cell)

    def say_links(self, rule: LinkEvents) -> bool:
        """Lessons that start together: as they are placed, else the longest with the longest."""
        for group in rule.event_groups if rule.required else ():
            rows = [self.of_event[event] for event in group if event in self.of_event]
            for together in self._together(max(rows, key=len, default=()), rows):
                same = constraint(self.times_list, "ConstraintActivitiesSameStartingTime")
                add(same, "Number_of_Activities", len(together))
                for activity in together:
                    add(same, "Activity_Id", activity.id)
        return rule.required

    @staticmethod
    def _together(lead: Sequence[Activity], rows: Sequence[Sequence[Activity]]) -> Iterator[list[Activity]]:
        by_length = [sorted(row, key=lambda activity: -activity.length) for row in rows]
        for place, first in enumerate(sorted(lead, key=lambda activity: -activity.length)):
            if first.meeting is not None:
                time = first.meeting.time
                found = [activity for row in rows for activity in row if activity.meeting is not None and activity.meeting.time == time]
            else:
                found = [row[place] for row in by_length if place < len(row)]
            if len(found) > 1:
                yield found

    def say_spread(self, rule: SpreadEvents) -> bool:
        """At most one lesson a day as a day between any two; of events that start together, the one with most lessons stands for all."""
        days = {day: {time.id for time in self.problem.times if time.day == day} for day in self.days}
        is_daily = all(set(group.times) <= next((times for times in days.values() if times & set(group.times)), set()) for group in rule.time_groups)
        if not rule.required or rule.maximum != 1 or rule.minimum or rule.limits or not is_daily:
            return False
        for group in rule.event_groups:
            leads, others = self._leads([event for event in group if event in self.of_event])
            for events in (leads, *([event] for event in others)):
                activities = [activity for event in events for activity in self.of_event[event]]
                if len(activities) > 1:
                    self._min_days(activities)
        return True

    def _leads(self, events: Sequence[str]) -> tuple[list[str], list[str]]:
        """One event of each link group among these, and the others."""
        leads = list(events)
        for first, second in combinations(events, 2):
            if first in leads and second in leads and any(first in group and second in group for group in self.link_groups):
                leads.remove(min(second, first, key=lambda event: len(self.of_event[event])))
        return leads, [event for event in events if event not in leads]

    def _min_days(self, activities: Sequence[Activity]) -> None:
        apart = constraint(self.times_list, "ConstraintMinDaysBetweenActivities")
        add(apart, "Consecutive_If_Same_Day", "true")
        add(apart, "Number_of_Activities", len(activities))
        for activity in activities:
            add(apart, "Activity_Id", activity.id)
        add(apart, "MinDays", 1)

    def say_rooms(self, rule: PreferResources) -> bool:
        if not rule.required:
            return False
        for activity in (activity for event in rule.events for activity in self.of_event.get(event, ())):
            choice = constraint(self.space_list, "ConstraintActivityPreferredRooms")
            add(choice, "Activity_Id", activity.id)
            add(choice, "Number_of_Preferred_Rooms", len(rule.resources))
            for room in rule.resources:
                add(choice, "Preferred_Room", self.label(room))
        return True

    def _write_locks(self) -> None:
        for activity in self.activities:
            if activity.meeting is not None:
                lock_time(self.times_list, activity.id, self.cells[activity.meeting.time or ""])
                for room in activity.meeting.resources.values():
                    lock_room(self.space_list, activity.id, self.label(room))

    def _filter(self, into: ET.Element, teacher: str = "", tag: str = "") -> None:
        for name, value in (("Teacher_Name", teacher), ("Students_Name", ""), ("Subject_Name", ""), ("Activity_Tag_Name", tag)):
            add(into, name, value)

    def _starting_times(self, into: ET.Element, cells: Sequence[Cell]) -> None:
        add(into, "Number_of_Preferred_Starting_Times", len(cells))
        for cell in cells:
            named_cell(into, "Preferred_Starting_Time", cell, "Preferred_Starting_")


SAYINGS: Mapping[type[Constraint], Callable[[FetBuilder, Any], bool]] = {
    AssignTimes: FetBuilder.say_nothing,
    AssignResources: FetBuilder.say_nothing,
    AvoidClashes: FetBuilder.say_nothing,
    DistributeSplitEvents: FetBuilder.say_nothing,
    LimitPlaceChanges: FetBuilder.say_nothing,
    PreferTimes: FetBuilder.say_preferred_times,
    AvoidUnavailableTimes: FetBuilder.say_unavailable,
    LinkEvents: FetBuilder.say_links,
    SpreadEvents: FetBuilder.say_spread,
    PreferResources: FetBuilder.say_rooms,
}
"""How each constraint type is said in FET; False = it cannot be."""


# --- a timetable put into a file of FET --------------------------------------------------------------------------------------------------------


def fet_with_timetable(fet_path: Path, meetings: Iterable[Meeting], out: Path) -> int:
    """Write a FET file again with each activity locked where ``meetings`` of the problem that was read from it place it; how many locks there are.

    Starting times that single activities had so far give way to the locks; so do rooms, where the timetable chooses one.

    Raises
    ------
    InputError
        the file is not understood
    """
    fet = read_fet(fet_path)
    placed = {meeting.event: meeting for meeting in meetings if meeting.time is not None}
    roles = {event.id: [needed for needed in event.resources if needed.role] for event in fet.problem.events}
    rooms = {
        event: tuple(fet.rooms[needed.resource or meeting.resources[needed.role]] for needed in roles[event])
        for event, meeting in placed.items()
        if meeting.resources and all(needed.resource or needed.role in meeting.resources for needed in roles[event])
    }
    root = ET.fromstring(fet_path.read_bytes())
    days, hours, known_rooms = (names_as_written(root, path) for path in ("Days_List/Day", "Hours_List/Hour", "Rooms_List/Room"))
    times, space = (list_of(root, f"{kind}_Constraints_List") for kind in ("Time", "Space"))
    for into, tag, instead in ((times, "ConstraintActivityPreferredStartingTime", placed), (space, "ConstraintActivityPreferredRoom", rooms)):
        for former in [element for element in into.iterfind(tag) if element.findtext("Activity_Id", "").strip() in instead]:
            into.remove(former)
    for event, meeting in placed.items():
        day, hour = fet.slots[meeting.time or ""]
        lock_time(times, event, (days[day], hours[hour]))
    for event, names in rooms.items():
        named_rooms = [known_rooms[name] for name in names]
        if event in fet.virtual:
            lock_room(space, event, known_rooms[fet.virtual[event]], named_rooms)
        else:
            lock_room(space, event, named_rooms[0])
    write_bytes(content_of(root), out)
    return len(placed)


def names_as_written(root: ET.Element, path: str) -> Mapping[str, str]:
    """Names as FET compares them: with the blanks around them that a reader leaves out."""
    names = [element.findtext("Name", "") for element in root.iterfind(path)]
    return {name.strip(): name for name in names}


def list_of(root: ET.Element, tag: str) -> ET.Element:
    found = root.find(tag)
    return ET.SubElement(root, tag) if found is None else found


# --- elements ----------------------------------------------------------------------------------------------------------------------------------


def add(parent: ET.Element, tag: str, value: object = "") -> ET.Element:
    element = ET.SubElement(parent, tag)
    element.text = str(value) or None
    return element


def named(parent: ET.Element, tag: str, name: str, comments: bool = True) -> ET.Element:
    element = ET.SubElement(parent, tag)
    add(element, "Name", name)
    if comments:
        add(element, "Comments")
    return element


def named_list(root: ET.Element, tag: str, names: Sequence[str]) -> None:
    """``<Days_List><Number_of_Days>5…<Day><Name>Senin``."""
    element = ET.SubElement(root, f"{tag}s_List")
    add(element, f"Number_of_{tag}s", len(names))
    for name in names:
        named(element, tag, name, comments=False)


def students_set(parent: ET.Element, tag: str, name: str) -> ET.Element:
    element = named(parent, tag, name, comments=False)
    add(element, "Number_of_Students", 0)
    add(element, "Comments")
    return element


def named_cell(parent: ET.Element, tag: str, cell: Cell, prefix: str = "") -> None:
    element = ET.SubElement(parent, tag)
    add(element, f"{prefix}Day", cell[0])
    add(element, f"{prefix}Hour", cell[1])


def constraint_list(root: ET.Element, kind: str) -> ET.Element:
    """The list of time or space constraints, with the one that FET asks for in every file."""
    found = ET.SubElement(root, f"{kind}_Constraints_List")
    constraint(found, f"ConstraintBasicCompulsory{kind}")
    return found


def constraint(into: ET.Element, tag: str, weight: int = ALWAYS) -> ET.Element:
    element = ET.SubElement(into, tag)
    add(element, "Weight_Percentage", weight)
    add(element, "Active", "true")
    add(element, "Comments")
    return element


def lock_time(into: ET.Element, activity: object, cell: Cell) -> None:
    lock = constraint(into, "ConstraintActivityPreferredStartingTime")
    add(lock, "Activity_Id", activity)
    add(lock, "Preferred_Day", cell[0])
    add(lock, "Preferred_Hour", cell[1])
    add(lock, "Permanently_Locked", "true")


def lock_room(into: ET.Element, activity: object, room: str, real_rooms: Sequence[str] = ()) -> None:
    """``real_rooms`` are those of a virtual room."""
    lock = constraint(into, "ConstraintActivityPreferredRoom")
    add(lock, "Activity_Id", activity)
    add(lock, "Room", room)
    if real_rooms:
        add(lock, "Number_of_Real_Rooms", len(real_rooms))
        for real in real_rooms:
            add(lock, "Real_Room", real)
    add(lock, "Permanently_Locked", "true")


def content_of(root: ET.Element) -> bytes:
    ET.indent(root, "\t")
    content: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content + b"\n"
