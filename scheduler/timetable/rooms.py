"""Which room of its class each lesson takes."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.timetabling import Meeting
from scheduler.timetable.frame import NO_ROOM, Frame, Week


def meetings_with_rooms(frame: Frame, week: Week) -> tuple[tuple[Meeting, str], ...]:
    """Every lesson with its room ("" where none is to be chosen), in the order of the events.

    Lessons take the first free room of their class in the order of their start. That is never more rooms than lessons at once, because lessons
    are intervals (interval graphs are perfect), and the rules keep their number below the number of rooms.
    """
    found: list[tuple[Meeting, str]] = []
    taken: dict[str, list[int]] = {}
    for meeting, room_class in sorted(frame.meetings(week), key=lambda pair: start_of(frame, pair[0])):
        room = ""
        if room_class != NO_ROOM:
            points = frame.covered(frame.time_index[meeting.time], meeting.length)
            room = next(name for name in frame.room_classes[room_class] if is_free(frame, taken.get(name, ()), points))
            taken.setdefault(room, []).extend(points)
        found.append((meeting, room))
    return tuple(sorted(found, key=lambda pair: (frame.event_index[pair[0].event], frame.time_index[pair[0].time])))


def start_of(frame: Frame, meeting: Meeting) -> tuple[str, int, int]:
    time = frame.times[frame.time_index[meeting.time]]
    return time.day, time.start or 0, frame.time_index[meeting.time]


def is_free(frame: Frame, taken: Sequence[int], points: Sequence[int]) -> bool:
    return not any(frame.clashes.in_one_room(point, other) for point in points for other in taken)
