"""The general timetabling problem: times, resources, events and constraints, in the vocabulary of XHSTT.

A school's week (``timetable.problem``) and files of other formats become a ``TimetablingProblem``; one engine solves it. What goes beyond
XHSTT, because schools that share teachers need it: times carry a place and a clock interval, and two places have a way between them.

Reference: G. Post et al., "XHSTT: an XML archive for high school timetabling problems", Annals of Operations Research 218 (2014).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class CostFunction(StrEnum):
    """How the deviations at one point of application become its cost."""

    LINEAR = "linear"
    QUADRATIC = "quadratic"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Time:
    """One period of the week by the bells of one place ("" = one place, one bell for all).

    ``period`` is its number in the day. ``runs_on``: a lesson may run on into this time from the one listed before it. ``start`` and ``end``
    are minutes after midnight; None = no clock known. Times of one bell never overlap.
    """

    id: str
    day: str
    period: int
    place: str = ""
    bell: str = ""
    runs_on: bool = True
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class TimeGroup:
    """A day, a morning, the times of one bell pattern …: ``times`` are ids in the order of the problem."""

    id: str
    times: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """A class, teacher or room; ``type`` is the problem's own word for the kind."""

    id: str
    type: str


@dataclass(frozen=True, slots=True)
class EventResource:
    """A resource an event needs: preassigned, or (``resource`` None) one of ``type`` to be chosen under ``role``.

    ``shared``: it may attend the events linked with this one at the same time (a class that parts into religion groups). ``workload`` replaces
    the event's for this resource.
    """

    type: str
    resource: str | None = None
    role: str = ""
    shared: bool = False
    workload: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that takes ``duration`` times a week with the same resources, in one or more lessons.

    ``time`` preassigns the start. ``workload`` is what the whole event weighs for a resource (None = its duration).
    """

    id: str
    duration: int
    resources: tuple[EventResource, ...]
    time: str | None = None
    workload: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """What all constraints have: hard (``required``) or a wish of ``weight``; ``id`` is the rule's name in reports."""

    id: str
    required: bool = True
    weight: int = 1
    cost: CostFunction = CostFunction.LINEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTimes(Constraint):
    """Every event's whole duration has times."""

    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitEvents(Constraint):
    """An event is split into ``minimum_amount`` to ``maximum_amount`` lessons, each of ``minimum_length`` to ``maximum_length`` times."""

    events: tuple[str, ...]
    minimum_length: int
    maximum_length: int
    minimum_amount: int
    maximum_amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributeSplitEvents(Constraint):
    """Of the lessons an event is split into, ``minimum`` to ``maximum`` have this ``length``."""

    events: tuple[str, ...]
    length: int
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferTimes(Constraint):
    """Lessons start in ``times`` (only those of ``length``, where one is given)."""

    events: tuple[str, ...]
    times: tuple[str, ...]
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadEvents(Constraint):
    """In each time group start ``minimum`` to ``maximum`` lessons of each event group; ``limits`` are those of each time group where they differ."""

    event_groups: tuple[tuple[str, ...], ...]
    time_groups: tuple[TimeGroup, ...]
    minimum: int = 0
    maximum: int = 1
    limits: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvents(Constraint):
    """The events of a group run at the same times; with ``starts_only`` (ours) they start together: the longest lesson of each with the longest
    of the others, and so on, whatever the lengths."""

    event_groups: tuple[tuple[str, ...], ...]
    starts_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvents(Constraint):
    """``minimum`` to ``maximum`` times lie between the end of the first event of each pair and the start of the second."""

    pairs: tuple[tuple[str, str, int, int | None], ...]
    """(first, second, least times between, most times between or None)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidClashes(Constraint):
    """A resource attends one event at a time; times of different bells or places clash by the clock and the way between."""

    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidUnavailableTimes(Constraint):
    """The resources are not busy in ``times``."""

    resources: tuple[str, ...]
    times: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitIdleTimes(Constraint):
    """In each time group a resource has ``minimum`` to ``maximum`` times without an event between its first and its last."""

    resources: tuple[str, ...]
    time_groups: tuple[TimeGroup, ...]
    minimum: int = 0
    maximum: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterBusyTimes(Constraint):
    """A resource is busy in ``minimum`` to ``maximum`` of the time groups."""

    resources: tuple[str, ...]
    time_groups: tuple[TimeGroup, ...]
    minimum: int = 0
    maximum: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitBusyTimes(Constraint):
    """In each time group in which a resource is busy at all, it is busy at ``minimum`` to ``maximum`` times."""

    resources: tuple[str, ...]
    time_groups: tuple[TimeGroup, ...]
    minimum: int = 0
    maximum: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitWorkload(Constraint):
    """What a resource's lessons weigh together is ``minimum`` to ``maximum``."""

    resources: tuple[str, ...]
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignResources(Constraint):
    """Every event has a resource for ``role``."""

    events: tuple[str, ...]
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferResources(Constraint):
    """The resource that an event takes for ``role`` is one of ``resources``."""

    events: tuple[str, ...]
    role: str
    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidSplitAssignments(Constraint):
    """All lessons of an event group have the same resource for ``role``."""

    event_groups: tuple[tuple[str, ...], ...]
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPlaceChanges(Constraint):
    """In each time group a resource changes its place at most ``maximum`` times (ours: a day's way between schools)."""

    resources: tuple[str, ...]
    time_groups: tuple[TimeGroup, ...]
    maximum: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRoomChanges(Constraint):
    """In each time group (``together``: in all of them) a resource goes at most ``maximum`` times from one of ``places`` to another.

    A place is a set of resources, such as the rooms of one building; what lies in none of them is passed over. A change is every place that the
    resource has at a time and had not at the last time of the group before it with any; with ``gap`` only where fewer than so many times of the
    group lie between the two. Ours: changes of building or room as FET counts them.
    """

    resources: tuple[str, ...]
    places: tuple[tuple[str, ...], ...]
    time_groups: tuple[TimeGroup, ...]
    maximum: int = 0
    together: bool = False
    gap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitLateStarts(Constraint):
    """In each time group in which a resource is busy, it is busy at the group's first time already; in at most ``maximum`` of them only from the
    second on, and never later (ours: a class's day begins in the morning)."""

    resources: tuple[str, ...]
    time_groups: tuple[TimeGroup, ...]
    maximum: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitDoubleShifts(Constraint):
    """On at most ``maximum`` days is a resource busy in more than one of the day's shifts (ours: morning and afternoon)."""

    resources: tuple[str, ...]
    days: tuple[tuple[TimeGroup, ...], ...]
    maximum: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitParallel(Constraint):
    """Within each time group in which any of the event groups goes on, ``minimum`` to ``maximum`` of them do.

    Ours: with the single times as time groups at most two classes on the field at once; with days at most two heavy subjects a day.
    """

    event_groups: tuple[tuple[str, ...], ...]
    time_groups: tuple[TimeGroup, ...]
    maximum: int
    minimum: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LastOfDay(Constraint):
    """In the time group in which an event starts, its resources of ``type`` are not busy after it (ours: the last lesson of a class's day)."""

    events: tuple[str, ...]
    type: str
    time_groups: tuple[TimeGroup, ...]


@dataclass(frozen=True, slots=True)
class TimetablingProblem:
    """A week to be built.

    ``times`` are in order. ``travel`` holds the minutes between two places, in both directions; no entry = not known, then a resource changes
    between them only from day to day.
    """

    times: tuple[Time, ...]
    resources: tuple[Resource, ...]
    events: tuple[Event, ...]
    constraints: tuple[Constraint, ...]
    travel: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One lesson of an event: ``length`` times from ``time`` (None = not placed), with the resources chosen by role."""

    event: str
    time: str | None
    length: int
    resources: Mapping[str, str] = field(default_factory=dict)
