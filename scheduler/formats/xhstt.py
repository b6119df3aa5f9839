"""XHSTT archives: the field's format for high school timetabling. Read to TimetablingProblems and their published solutions.

Every element that carries a meaning is read, and one that is not known is refused: an instance read in part would have another cost. Times keep the
order of the file, on which lessons of several times run.

Reference: G. Post et al., "XHSTT: an XML archive for high school timetabling problems in different countries", Annals of Operations Research 218
(2014); J. Kingston, "High School Timetable File Format Specification" (HSEval).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from scheduler.domain.problem import Problem
from scheduler.domain.timetabling import Event, Meeting, TimetablingProblem
from scheduler.errors import InputError
from scheduler.formats.xhstt_elements import Faults, NotUnderstoodError, ids_of, known, reference, refuse_unknown_parts, shown, text_of, whole
from scheduler.formats.xhstt_instance import InstanceReader
from scheduler.formats.xhstt_writer import write_xhstt, write_xhstt_solution

__all__ = ["Solution", "XhsttArchive", "read_xhstt", "write_xhstt", "write_xhstt_solution"]


@dataclass(frozen=True, slots=True)
class Solution:
    """A published timetable of an instance: ``group`` is the name of its solution group."""

    group: str
    instance: str
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class XhsttArchive:
    """Instances by id, and the solutions of all solution groups in the order of the file.

    ``notes``: what is wrong with solutions that are left out; the instances are whole.
    """

    instances: Mapping[str, TimetablingProblem]
    solutions: tuple[Solution, ...]
    notes: tuple[Problem, ...] = ()


def read_xhstt(path: Path, others: Mapping[str, TimetablingProblem] | None = None) -> XhsttArchive:
    """All instances and solutions of an archive.

    Parameters
    ----------
    others
        instances of another archive that the solutions of this one may belong to

    Raises
    ------
    InputError
        the file is no XHSTT archive, or an instance is not understood: every element that has a fault
    OSError
        the file cannot be read
    """
    root = read_root(path)
    problems: list[Problem] = []
    instances: dict[str, TimetablingProblem] = {}
    archive = Faults(path.name, "", problems)
    for name, element in ids_of(root.iterfind("Instances/Instance"), archive).items():
        instances[name] = InstanceReader(element, Faults(path.name, name, problems)).problem()
    if problems:
        raise InputError(problems)
    notes: list[Problem] = []
    solutions = []
    for group in root.iterfind("SolutionGroups/SolutionGroup"):
        for element in group.iterfind("Solution"):
            faults = Faults(path.name, group.get("Id", ""))
            solution = read_solution(group.get("Id", ""), element, {**(others or {}), **instances}, faults)
            notes += faults.problems
            if solution is not None and not faults.problems:
                solutions.append(solution)
    return XhsttArchive(instances, tuple(solutions), tuple(notes))


def read_root(path: Path) -> ET.Element:
    """The archive's root; a namespace that all elements have means nothing."""
    try:
        root = ET.fromstring(path.read_bytes())
    except ET.ParseError as error:
        raise InputError([Problem("xhstt_broken", path.name, facts={"line": error.position[0], "column": error.position[1]})]) from None
    except (LookupError, ValueError):  # an encoding that is not known, or not the file's
        raise InputError([Problem("xhstt_broken", path.name, facts={"line": 1, "column": 0})]) from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    if root.tag != "HighSchoolTimetableArchive":
        raise InputError([Problem("xhstt_expected", path.name, facts={"value": root.tag})])
    return root


# --- solutions ---------------------------------------------------------------------------------------------------------------------------------


def read_solution(group: str, element: ET.Element, instances: Mapping[str, TimetablingProblem], faults: Faults) -> Solution | None:
    """A solution, every lesson of which is possible; None where its instance is not known."""
    with faults.collecting():
        return SolutionReader(known(element, instances), instances[reference(element)], faults).read(group, element)
    return None


class SolutionReader:
    """Reads the solutions of one instance."""

    def __init__(self, instance: str, problem: TimetablingProblem, faults: Faults) -> None:
        self.instance, self.faults = instance, faults
        self.events = {event.id: event for event in problem.events}
        self.place = {time.id: index for index, time in enumerate(problem.times)}
        self.types = {resource.id: resource.type for resource in problem.resources}

    def read(self, group: str, element: ET.Element) -> Solution:
        meetings = []
        lengths: Counter[str] = Counter()
        for lesson in element.iterfind("Events/Event"):
            with self.faults.collecting():
                event = self.events[known(lesson, self.events)]
                meeting = self._meeting(event, lesson)
                lengths[event.id] += meeting.length
                if lengths[event.id] > event.duration >= lengths[event.id] - meeting.length:
                    raise NotUnderstoodError("xhstt_too_long", shown(lesson), limit=event.duration)
                meetings.append(meeting)
        return Solution(group, self.instance, tuple(meetings))

    def _meeting(self, event: Event, lesson: ET.Element) -> Meeting:
        refuse_unknown_parts(lesson, ("Duration", "Time", "Resources"))
        stated = lesson.find("Time")
        time = None if stated is None else known(stated, self.place)
        if time is not None and event.time not in (None, time):
            raise NotUnderstoodError("xhstt_not_as_preassigned", shown(lesson), time, stated=event.time or "")
        length = whole(lesson, "Duration", event.duration, least=1)
        if time is not None and self.place[time] + length > len(self.place):
            raise NotUnderstoodError("xhstt_beyond_week", shown(lesson), time)
        chosen = [self._chosen(event, lesson, resource) for resource in lesson.iterfind("Resources/Resource")]
        return Meeting(event.id, time, length, dict(pair for pair in chosen if pair))

    def _chosen(self, event: Event, lesson: ET.Element, element: ET.Element) -> tuple[str, str] | None:
        """(role, resource); None where it only says what is preassigned."""
        resource = known(element, self.types)
        preassigned: Collection[str | None] = {needed.resource for needed in event.resources}
        if element.find("Role") is None and resource in preassigned:
            return None
        role = text_of(element, "Role")
        needed = next((needed for needed in event.resources if needed.role == role), None)
        if needed is None:
            raise NotUnderstoodError("xhstt_unknown_role", shown(lesson), role)
        if needed.resource is not None and needed.resource != resource:
            raise NotUnderstoodError("xhstt_not_as_preassigned", shown(lesson), resource, stated=needed.resource)
        if self.types[resource] != needed.type:
            raise NotUnderstoodError("xhstt_other_type", shown(lesson), resource, stated=needed.type)
        return None if needed.resource is not None else (role, resource)
