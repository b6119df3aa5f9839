"""The meetings of a timetable, looked up by event, resource and time; refuses what is no timetable of its problem."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from scheduler.domain.clashes import Clashes, find_clashes
from scheduler.domain.timetabling import Event, EventResource, LinkEvents, Meeting, TimeGroup, TimetablingProblem

NOBODY: Mapping[int, int] = {}
"""Busy times of a resource that attends nothing."""


class MalformedTimetableError(ValueError):
    """A timetable that is none.

    An unknown event, time, role or resource; lessons longer than their event, or empty; a lesson beyond the week, or into a time that it cannot run
    on into; another time or resource than the preassigned one.
    """


class Timetable:
    """The meetings of a problem.

    Where those of an event are shorter than its duration (or there are none), what is left stands as one more lesson without a place.

    Raises
    ------
    MalformedTimetableError
        the meetings are not a timetable of this problem; names the event
    """

    def __init__(self, problem: TimetablingProblem, meetings: Iterable[Meeting]) -> None:
        self.problem = problem
        self.place = {time.id: index for index, time in enumerate(problem.times)}
        self.events = {event.id: event for event in problem.events}
        self.types = {resource.id: resource.type for resource in problem.resources}
        self._indices: dict[tuple[str, ...], list[int]] = {}
        self.meetings: dict[str, list[Meeting]] = {event.id: [] for event in problem.events}
        for meeting in meetings:
            if meeting.event not in self.meetings:
                raise MalformedTimetableError(meeting.event)
            self.meetings[meeting.event].append(meeting)
        for event in problem.events:
            self._complete(event)
            for lesson in self.meetings[event.id]:
                self._refuse_malformed(event, lesson)

    def _complete(self, event: Event) -> None:
        lessons = self.meetings[event.id]
        left = event.duration - sum(lesson.length for lesson in lessons)
        if left < 0:
            raise MalformedTimetableError(event.id)
        if left:
            lessons.append(Meeting(event.id, None, left))

    def _refuse_malformed(self, event: Event, lesson: Meeting) -> None:
        start = self.start(lesson)
        moved = event.time is not None and lesson.time not in (None, event.time)
        if lesson.length < 1 or moved or (start is not None and not self._runs_on(start, lesson.length)):
            raise MalformedTimetableError(event.id)
        for role, resource in lesson.resources.items():
            needed = next((r for r in event.resources if r.role == role), None)
            if needed is None or resource not in self.types or needed.resource not in (None, resource):
                raise MalformedTimetableError(event.id)

    def _runs_on(self, start: int, length: int) -> bool:
        """Whether so many times follow each other from this one on."""
        times = self.problem.times
        return start + length <= len(times) and all(times[time].runs_on for time in range(start + 1, start + length))

    # --- one lesson --------------------------------------------------------------------------------------------------------------------

    def start(self, lesson: Meeting) -> int | None:
        """Index of the lesson's first time: its own, else its event's; None where it has none."""
        time = lesson.time if lesson.time is not None else self.events[lesson.event].time
        if time is None:
            return None
        if time not in self.place:
            raise MalformedTimetableError(lesson.event)
        return self.place[time]

    def covered(self, lesson: Meeting) -> range:
        start = self.start(lesson)
        return range(0) if start is None else range(start, start + lesson.length)

    def of_role(self, lesson: Meeting, role: str) -> str | None:
        """The resource that a lesson has for a role of its event: preassigned, else chosen."""
        stated = next((r.resource for r in self.events[lesson.event].resources if r.role == role), None)
        return stated if stated is not None else lesson.resources.get(role)

    def is_open(self, event: str, role: str) -> bool:
        """Whether the event has this role, and nobody is preassigned to it."""
        return any(r.role == role and r.resource is None for r in self.events[event].resources)

    def attending(self, lesson: Meeting) -> Iterator[tuple[str, EventResource]]:
        """Every resource of a lesson, with what its event says of it."""
        for needed in self.events[lesson.event].resources:
            resource = needed.resource if needed.resource is not None else lesson.resources.get(needed.role)
            if resource is not None:
                yield resource, needed

    # --- resources ---------------------------------------------------------------------------------------------------------------------

    @cached_property
    def busy(self) -> Mapping[str, Mapping[int, int]]:
        """How many lessons each resource attends at each time; only times with one."""
        busy: dict[str, Counter[int]] = defaultdict(Counter)
        for lessons in self.meetings.values():
            for lesson in lessons:
                covered = self.covered(lesson)
                for resource, _ in self.attending(lesson) if covered else ():
                    busy[resource].update(covered)
        return busy

    @cached_property
    def crowds(self) -> Mapping[str, Mapping[int, int]]:
        """As ``busy``, at every point of ``clashes``; what a resource shares counts once: of the linked events the one with most lessons there."""
        if not self.has_shared and not self.clashes.pause_after:
            return self.busy
        crowds: dict[str, Counter[int]] = defaultdict(Counter)
        shared: dict[tuple[str, int | str], dict[str, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
        for event, lessons in self.meetings.items():
            for lesson in lessons:
                points = self.points(lesson)
                for resource, needed in self.attending(lesson) if points else ():
                    crowd = shared[resource, self.link_of.get(event, event)][event] if needed.shared else crowds[resource]
                    crowd.update(points)
        for (resource, _), of_event in shared.items():
            most: Counter[int] = Counter()
            for crowd in of_event.values():
                most |= crowd
            crowds[resource].update(most)
        return crowds

    @cached_property
    def has_shared(self) -> bool:
        return any(needed.shared for event in self.problem.events for needed in event.resources)

    @cached_property
    def link_of(self) -> Mapping[str, int]:
        """A number for each set of events that are linked with each other, directly or over others."""
        found: dict[str, int] = {}
        groups = [group for c in self.problem.constraints if isinstance(c, LinkEvents) for group in c.event_groups]
        for number, group in enumerate(groups):
            joined = {found[event] for event in group if event in found}
            found.update({event: number for event, old in found.items() if old in joined})
            found.update(dict.fromkeys(group, number))
        return found

    @cached_property
    def clashes(self) -> Clashes:
        return find_clashes(self.problem)

    def points(self, lesson: Meeting) -> list[int]:
        """The times of a lesson, and the pauses it runs over in which another bell has times."""
        covered = self.covered(lesson)
        return [*covered, *(self.clashes.pause_after[time] for time in covered[:-1] if time in self.clashes.pause_after)]

    @cached_property
    def workload(self) -> Mapping[str, Fraction]:
        """What each resource's lessons weigh together: Σ event's workload × length / duration."""
        parts: dict[str, Counter[int]] = defaultdict(Counter)
        for lessons in self.meetings.values():
            for lesson in lessons:
                event = self.events[lesson.event]
                whole = event.workload if event.workload is not None else event.duration
                for resource, needed in self.attending(lesson):
                    parts[resource][event.duration] += (whole if needed.workload is None else needed.workload) * lesson.length
        return {resource: sum((Fraction(n, d) for d, n in by_duration.items()), Fraction()) for resource, by_duration in parts.items()}

    # --- time groups -------------------------------------------------------------------------------------------------------------------

    def in_order(self, groups: Sequence[TimeGroup]) -> list[list[int]]:
        """Indices of each group's times, in order."""
        for group in groups:
            if group.times not in self._indices:
                self._indices[group.times] = sorted({self.place[time] for time in group.times})
        return [self._indices[group.times] for group in groups]
