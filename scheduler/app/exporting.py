"""``export``: a plan in the formats of other programs, one file for each school."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scheduler.app.exits import Exit
from scheduler.app.outputs import OutputRefusedError, refuse_folder, refuse_input, refuse_other_ending
from scheduler.app.verify import Verified, verify_files
from scheduler.domain.clashes import clash
from scheduler.domain.plan import Assignment, Lesson
from scheduler.domain.timetabling import AvoidUnavailableTimes, Constraint, Meeting, PreferResources, TimeGroup, TimetablingProblem
from scheduler.formats.fet_export import ROOM, TEACHER, FetWeek, WrittenFet, fet_file
from scheduler.formats.files import write_bytes
from scheduler.policy.case import Case
from scheduler.timetable.problem import WeekProblem, class_id, room_id, time_id

FET_ENDING = ".fet"


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of one school; ``left_out`` are the rules of its week that the other program has no word for."""

    path: Path
    school: str
    activities: int
    locked: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """``files`` is empty where the checker refuses the plan: ``verified`` says why."""

    exit: Exit
    verified: Verified
    files: tuple[ExportedFile, ...] = ()


def export_fet(path: Path, plan_path: Path, out: Path, locked: bool = True, policy: str = "") -> Exported:
    """Write a plan as a FET file; with several schools each gets a file of its own, its NPSN in the name.

    Raises
    ------
    InputError
        a file cannot be understood, or the plan was made for another one
    OutputRefusedError
        the result would replace a file
    """
    refuse_other_ending(out, FET_ENDING)
    for source in (path, plan_path):
        refuse_input(out, source)
    verified = verify_files(path, plan_path, policy=policy)
    if verified.report.violations:
        return Exported(Exit.REFUSED, verified)
    weeks = school_weeks(verified.opened.case, verified)
    targets = {school: out if len(weeks) == 1 else out.with_name(f"{out.stem}-{school}{out.suffix}") for school in weeks}
    for target in targets.values():
        refuse_folder(target)
        if target.exists():
            raise OutputRefusedError("exists", target)  # it may hold what somebody has changed in FET
    written = {school: fet_file(week, locked) for school, week in weeks.items()}
    for school, file in written.items():
        write_bytes(file.content, targets[school])
    return Exported(Exit.OK, verified, tuple(exported(targets[school], school, file) for school, file in written.items()))


def exported(path: Path, school: str, file: WrittenFet) -> ExportedFile:
    return ExportedFile(path, school, file.activities, file.locked, file.left_out)


def school_weeks(case: Case, verified: Verified) -> Mapping[str, FetWeek]:
    """The week of every school that has one, by NPSN."""
    plan = verified.plan
    weeks = SchoolWeeks(case, plan.assignments, plan.lessons)
    return {place: weeks.of(place) for place in weeks.places}


class SchoolWeeks:
    """The weeks of single schools, out of the one problem of all; ``lessons`` may be empty."""

    def __init__(self, case: Case, assignments: Sequence[Assignment], lessons: Sequence[Lesson] = ()) -> None:
        self.case = case
        builder = WeekProblem(case, assignments)
        self.problem = builder.build()
        self.places = sorted({time.place for time in self.problem.times})
        self.times = {time.id: time for time in self.problem.times}
        self.bells = {need.id: bell for need, bell in builder.needs.items()}
        self.meetings = tuple(meeting for lesson in lessons if (meeting := self._meeting(lesson)) is not None)
        self.teachers = {row.need: row.teacher for row in assignments if row.teacher in case.teachers}

    def _meeting(self, lesson: Lesson) -> Meeting | None:
        """A plan's lesson at its time of the problem; None where there is no such time."""
        if lesson.need not in self.bells:
            return None
        time = time_id(self.bells[lesson.need], lesson.day, lesson.period)
        rooms = {ROOM: room_id(lesson.school, lesson.room)} if lesson.room else {}
        return Meeting(lesson.need, time, lesson.length, rooms) if time in self.times else None

    def of(self, place: str) -> FetWeek:
        """One school's week; hours that its teachers have at other schools (and the way there) are closed."""
        case = self.case
        part = part_of(self.problem, place, frozenset(need for need, (school, _) in self.bells.items() if school == place))
        here = {event.id for event in part.events}
        subjects = {subject.id: subject.short for subject in case.instance.subjects}
        rooms = [(room.school, room.name) for room in case.instance.rooms] + [(rombel.school, rombel.room) for rombel in case.instance.rombels]
        labels = {room_id(*room): room[1] for room in rooms}
        labels |= {class_id(rombel.school, rombel.name): rombel.name for rombel in case.instance.rombels}
        return FetWeek(
            title=case.schools[place].name,
            problem=replace(part, constraints=(*part.constraints, *self._closed_elsewhere(part))),
            subjects={event.id: subjects[case.need[event.id].subject] for event in part.events},
            labels=labels,
            meetings=tuple(meeting for meeting in self.meetings if meeting.event in here),
        )

    def _closed_elsewhere(self, part: TimetablingProblem) -> Iterator[Constraint]:
        """For each teacher of a school, its times that stand against the teacher's lessons at other schools."""
        here = {event.id for event in part.events}
        order = [time.id for time in self.problem.times]
        for teacher in (resource.id for resource in part.resources if resource.type == TEACHER):
            away = [meeting for meeting in self.meetings if meeting.event not in here and self.teachers.get(meeting.event) == teacher]
            starts = [(order.index(meeting.time or ""), meeting.length) for meeting in away]
            busy = [self.times[time] for start, length in starts for time in order[start : start + length]]
            closed = tuple(time.id for time in part.times if any(clash(time, other, self.problem.travel) for other in busy))
            if closed:
                yield AvoidUnavailableTimes(id="avoid_clashes", resources=(teacher,), times=closed)


def part_of(problem: TimetablingProblem, place: str, events: Collection[str]) -> TimetablingProblem:
    """Times, events and constraints of one school; of the resources those that attend its events, and its rooms."""
    kept = tuple(event for event in problem.events if event.id in events)
    times = tuple(time for time in problem.times if time.place == place)
    attending = {needed.resource for event in kept for needed in event.resources}
    rooms = {room for rule in problem.constraints if isinstance(rule, PreferResources) and set(rule.events) & set(events) for room in rule.resources}
    resources = tuple(resource for resource in problem.resources if resource.id in attending | rooms)
    within = (frozenset(events), frozenset(resource.id for resource in resources), frozenset(time.id for time in times))
    constraints = (part_of_constraint(rule, *within) for rule in problem.constraints)
    return TimetablingProblem(times, resources, kept, tuple(rule for rule in constraints if rule is not None))


def part_of_constraint(rule: Constraint, events: Collection[str], resources: Collection[str], times: Collection[str]) -> Constraint | None:
    """A constraint on these events, resources and times alone; None where nothing of it is left."""
    changes: dict[str, Any] = {}
    for name, kept in (("events", events), ("resources", resources), ("times", times)):
        if hasattr(rule, name):
            changes[name] = tuple(item for item in getattr(rule, name) if item in kept)
    if hasattr(rule, "event_groups"):
        groups = (tuple(event for event in group if event in events) for group in rule.event_groups)
        changes["event_groups"] = tuple(group for group in groups if group)
    if hasattr(rule, "time_groups"):
        groups_of_times = (TimeGroup(group.id, tuple(time for time in group.times if time in times)) for group in rule.time_groups)
        changes["time_groups"] = tuple(group for group in groups_of_times if group.times)
    if hasattr(rule, "pairs"):
        changes["pairs"] = tuple(pair for pair in rule.pairs if pair[0] in events and pair[1] in events)
    return replace(rule, **changes) if all(changes.values()) else None
