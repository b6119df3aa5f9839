"""From a school in FET's terms to a TimetablingProblem: times, people, activities, and the tools with which each rule is stated.

- A *time* is one hour of one FET day; no lesson runs from one day into the next.
- A *person* is a teacher or a smallest part of the students; parts that no activity and no rule tells apart are one resource.
- An activity is one event of one lesson. Its room is chosen under the role ``ROOM`` where a rule names rooms for it.
- A *set* of activities that a rule speaks of becomes a resource of type ``SET`` which they all attend, so that rules about people state it.

Weights: 100 % is required; below, a wish that weighs as many as its per cents (FET's own factor of a conflict, times 100); 0 % is no rule at all.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from scheduler.domain.timetabling import (
    AssignTimes,
    AvoidClashes,
    Constraint,
    Event,
    EventResource,
    PreferTimes,
    Resource,
    SplitEvents,
    Time,
    TimeGroup,
    TimetablingProblem,
)
from scheduler.formats.fet.source import Activity, Mode, School, text_of

TEACHER: Final = "Teacher"
STUDENTS: Final = "Students"
ROOM: Final = "Room"
SET: Final = "Set"


@dataclass(frozen=True, slots=True)
class Unknown:
    """What of a file has no place in the problem: the element, how often, and why (a key of ``fet.toml`` without its ``why_``)."""

    element: str
    times: int
    why: str


class UnknownNameError(Exception):
    """A rule names a day, an hour, a room or a person that the file has not."""


Slot = tuple[int, int]
"""Day and hour, from 0."""


class Builder:
    """Collects what the rules say; ``problem`` gives the whole."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.day_index = {name: number for number, name in enumerate(school.days)}
        self.hour_index = {name: number for number, name in enumerate(school.hours)}
        self.ids = unique_ids([f"{day} {hour}" for day in school.days for hour in school.hours])
        self.activities = {activity.id: activity for activity in school.activities}
        self.needs: dict[str, list[EventResource]] = {activity.id: [] for activity in school.activities}
        self.resources: list[Resource] = []
        self.constraints: list[Constraint] = []
        self.not_understood: Counter[tuple[str, str]] = Counter()
        self.closed: dict[str, set[Slot]] = defaultdict(set)
        self.breaks: set[Slot] = set()
        self._sets: dict[frozenset[str], str] = {}
        self._taken: Counter[str] = Counter()
        self._rule_ids: Counter[str] = Counter()
        self._add_people()

    # --- times -------------------------------------------------------------------------------------------------------------------------

    @cached_property
    def days(self) -> range:
        return range(len(self.school.days))

    @cached_property
    def hours(self) -> range:
        return range(len(self.school.hours))

    def time(self, day: int, hour: int) -> str:
        return self.ids[day * len(self.school.hours) + hour]

    def group(self, name: str, slots: Iterable[Slot]) -> TimeGroup:
        return TimeGroup(name, tuple(self.time(day, hour) for day, hour in sorted(slots)))

    def day_groups(self, without: Iterable[Slot] = (), days: Iterable[int] | None = None) -> tuple[TimeGroup, ...]:
        """One group for each day (of these), without some of its times."""
        left_out = set(without)
        chosen = self.days if days is None else days
        return tuple(self.group(self.school.days[day], [(day, hour) for hour in self.hours if (day, hour) not in left_out]) for day in chosen)

    @cached_property
    def real_days(self) -> tuple[tuple[int, ...], ...]:
        """FET's days of each real day: morning and afternoon in that mode, else the day itself."""
        if self.school.mode is Mode.MORNINGS_AFTERNOONS:
            return tuple((day, day + 1) for day in range(0, len(self.school.days) - 1, 2))
        return tuple((day,) for day in self.days)

    def real_day_groups(self) -> tuple[TimeGroup, ...]:
        return tuple(self.group(self.school.days[days[0]], [(day, hour) for day in days for hour in self.hours]) for days in self.real_days)

    def slot(self, element: ET.Element, *prefixes: str) -> Slot:
        """The day and hour that an element names."""
        return self.day_of(text_of(element, *(f"{prefix}Day" for prefix in prefixes))), self.hour_of(
            text_of(element, *(f"{prefix}Hour" for prefix in prefixes))
        )

    def day_of(self, name: str) -> int:
        if name not in self.day_index:
            raise UnknownNameError(name)
        return self.day_index[name]

    def hour_of(self, name: str) -> int:
        if name not in self.hour_index:
            raise UnknownNameError(name)
        return self.hour_index[name]

    # --- people ------------------------------------------------------------------------------------------------------------------------

    def _add_people(self) -> None:
        """Teachers and parts of the students that have activities."""
        self.teacher_id: dict[str, str] = {}
        taught = {teacher for activity in self.school.activities for teacher in activity.teachers}
        for teacher in self.school.teachers:
            if teacher in taught:
                self.teacher_id[teacher] = self.new_resource(teacher, TEACHER)
        named = self._named_sets()
        containing: dict[str, list[str]] = defaultdict(list)
        for name in named:
            for part in self.school.subgroups[name]:
                containing[part].append(name)
        alike: dict[tuple[str, ...], str] = {}
        learning = {name for activity in self.school.activities for name in activity.students}
        self.parts: dict[str, list[str]] = defaultdict(list)
        for part, sets in containing.items():
            if learning.isdisjoint(sets):
                continue
            if tuple(sets) not in alike:
                alike[tuple(sets)] = resource = self.new_resource(part, STUDENTS)
                for name in sets:
                    self.parts[name].append(resource)
        for activity in self.school.activities:
            needed = self.needs[activity.id]
            needed += [EventResource(TEACHER, self.teacher_id[teacher]) for teacher in activity.teachers]
            needed += [EventResource(STUDENTS, part) for part in dict.fromkeys(part for name in activity.students for part in self.parts[name])]

    def _named_sets(self) -> list[str]:
        """The years, groups and subgroups that an activity or a rule names."""
        names = {name: None for activity in self.school.activities for name in activity.students}
        for rule in self.school.rules:
            name = text_of(rule, "Students", "Students_Name")
            if name in self.school.subgroups:
                names[name] = None
        return list(names)

    def new_resource(self, name: str, kind: str) -> str:
        """A resource of this name, told apart from others of it by its kind or a number."""
        self._taken[name] += 1
        chosen = name
        if self._taken[name] > 1:
            chosen = f"{name} ({kind})" if not self._taken[f"{name} ({kind})"] else f"{name} ({kind} {self._taken[name]})"
            self._taken[chosen] += 1
        self.resources.append(Resource(chosen, kind))
        return chosen

    def people(self, element: ET.Element, whose: str) -> list[str]:
        """The resources a rule is about: those of the teacher or students it names, or all of them."""
        if whose == "Teachers":
            return list(self.teacher_id.values())
        if whose == "Students":
            return [resource.id for resource in self.resources if resource.type == STUDENTS]
        if whose == "Teacher":
            name = text_of(element, "Teacher_Name", "Teacher")
            if name not in self.school.teachers:
                raise UnknownNameError(name)
            return [self.teacher_id[name]] if name in self.teacher_id else []
        return self.parts_of(text_of(element, "Students", "Students_Name"))

    def parts_of(self, name: str) -> list[str]:
        if name not in self.school.subgroups:
            raise UnknownNameError(name)
        return self.parts[name]

    @cached_property
    def attended(self) -> Mapping[str, list[str]]:
        """Activities of every person."""
        found: dict[str, list[str]] = defaultdict(list)
        for activity, needs in self.needs.items():
            for needed in needs:
                if needed.resource is not None and needed.type in (TEACHER, STUDENTS):
                    found[needed.resource].append(activity)
        return found

    # --- activities --------------------------------------------------------------------------------------------------------------------

    def listed(self, element: ET.Element, *tags: str) -> list[str]:
        """The activities a rule lists by id, without those that are inactive, each once."""
        names = [(child.text or "").strip() for tag in tags or ("Activity_Id",) for child in element.iterfind(tag)]
        return list(dict.fromkeys(name for name in names if name in self.activities))

    def matching(self, element: ET.Element) -> list[str]:
        """The activities with the teacher, students (any part in common), subject, tag and duration that a rule names."""
        teacher, students = text_of(element, "Teacher_Name", "Teacher"), text_of(element, "Students_Name", "Students")
        subject, tag = text_of(element, "Subject_Name", "Subject"), text_of(element, "Activity_Tag_Name", "Activity_Tag")
        duration = text_of(element, "Duration")
        parts = set(self.parts_of(students)) if students else set()
        return [
            activity.id
            for activity in self.school.activities
            if (not teacher or teacher in activity.teachers)
            and (not students or any(not parts.isdisjoint(self.parts[name]) for name in activity.students))
            and (not subject or subject == activity.subject)
            and (not tag or tag in activity.tags)
            and (not duration or int(duration) == activity.duration)
        ]

    def together(self, name: str, activities: Sequence[str]) -> str:
        """A resource that all these activities attend; the same for the same activities."""
        key = frozenset(activities)
        if key not in self._sets:
            same = next((person for person in self._by_activities.get(key, ())), None)
            if same is None:
                same = self.new_resource(name, SET)
                for activity in activities:
                    self.needs[activity].append(EventResource(SET, same))
            self._sets[key] = same
        return self._sets[key]

    @cached_property
    def _by_activities(self) -> Mapping[frozenset[str], list[str]]:
        """People by all their activities: who has just those of a set stands for it."""
        found: dict[frozenset[str], list[str]] = defaultdict(list)
        for person, activities in self.attended.items():
            found[frozenset(activities)].append(person)
        return found

    # --- rules -------------------------------------------------------------------------------------------------------------------------

    def common(self, element: ET.Element, about: str = "") -> dict[str, Any] | None:
        """What every constraint of a rule has; None for a rule of 0 %."""
        percentage = float(text_of(element, "Weight_Percentage") or "100")
        if percentage <= 0:
            return None
        name = element.tag.removeprefix("Constraint") + (f": {about}" if about else "")
        self._rule_ids[name] += 1
        number = self._rule_ids[name]
        weight = {"required": True} if percentage >= 100 else {"required": False, "weight": max(1, round(percentage))}
        return {"id": name if number == 1 else f"{name} ({number})", **weight}

    def add(self, *constraints: Constraint) -> None:
        self.constraints += constraints

    def unknown(self, element: ET.Element, why: str) -> None:
        self.not_understood[element.tag, why] += 1

    def close(self, people: Iterable[str], slots: Iterable[Slot]) -> None:
        """These people are not there: a gap at such a time is none."""
        for person in people:
            self.closed[person].update(slots)

    def by_closed(self, people: Iterable[str]) -> Iterator[tuple[tuple[str, ...], frozenset[Slot]]]:
        """People in groups that are away (or at break) at the same times, with those times."""
        groups: dict[frozenset[Slot], list[str]] = defaultdict(list)
        for person in people:
            groups[frozenset(self.closed.get(person, set()) | self.breaks)].append(person)
        for slots, group in groups.items():
            yield tuple(group), slots

    # --- the whole ---------------------------------------------------------------------------------------------------------------------

    def problem(self) -> TimetablingProblem:
        times = tuple(Time(self.time(day, hour), self.school.days[day], hour + 1, runs_on=hour > 0) for day in self.days for hour in self.hours)
        events = tuple(Event(activity.id, activity.duration, tuple(self.needs[activity.id])) for activity in self.school.activities)
        return TimetablingProblem(times, tuple(self.resources), events, (*self._basic(), *self.constraints))

    def _basic(self) -> Iterator[Constraint]:
        """What FET calls the basic compulsory constraints: every activity whole, within a day, outside the breaks, and nobody at two places."""
        yield AssignTimes(id="Activities", events=tuple(self.activities))
        by_duration: dict[int, list[str]] = defaultdict(list)
        for activity in self.school.activities:
            by_duration[activity.duration].append(activity.id)
        for duration, events in sorted(by_duration.items()):
            one: dict[str, Any] = {"minimum_length": duration, "maximum_length": duration, "minimum_amount": 1, "maximum_amount": 1}
            yield SplitEvents(id=f"One lesson ({duration})", events=tuple(events), **one)
            starts = self.starts(self.open_slots, duration)
            if len(starts) < len(self.ids):
                yield PreferTimes(id=f"BreakTimes ({duration})", events=tuple(events), times=starts)
        people = tuple(resource.id for resource in self.resources if resource.type in (TEACHER, STUDENTS))
        if people:
            yield AvoidClashes(id="BasicCompulsoryTime", resources=people)
        if rooms := tuple(resource.id for resource in self.resources if resource.type == ROOM):
            yield AvoidClashes(id="BasicCompulsorySpace", resources=rooms)

    @cached_property
    def open_slots(self) -> frozenset[Slot]:
        return frozenset((day, hour) for day in self.days for hour in self.hours if (day, hour) not in self.breaks)

    def starts(self, slots: Iterable[Slot], duration: int) -> tuple[str, ...]:
        """Where a lesson of this duration starts that stays within these slots of one day."""
        inside = set(slots)
        return tuple(
            self.time(day, hour) for day in self.days for hour in self.hours if all((day, hour + step) in inside for step in range(duration))
        )

    def activity(self, name: str) -> Activity:
        return self.activities[name]


def unique_ids(names: Sequence[str]) -> list[str]:
    """The names, with a number where one stands twice."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found
