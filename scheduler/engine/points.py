"""A problem's constraints at their points of application, by numbers: what a deviation is counted from, without names.

Each point costs ``weight × f(deviation)``; its deviation is defined in ``verify.cost`` and counted again by the model (``engine.rules``) and by the
running state of the search (``engine.state``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler.domain.timetabling import CostFunction

Times = tuple[int, ...]
"""Indices of times, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """``constraint`` is the index of the constraint in the problem; ``events`` are those whose lessons count."""

    constraint: int
    rule: str
    required: bool
    weight: int
    cost: CostFunction
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTimePoint(Point):
    """Times of the event's duration without a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignResourcePoint(Point):
    """Times of the event's lessons without a resource for the open role of this number."""

    role: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferTimesPoint(Point):
    times: frozenset[int]
    length: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferResourcesPoint(Point):
    role: int
    resources: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPoint(Point):
    minimum_length: int
    maximum_length: int
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributePoint(Point):
    length: int
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadPoint(Point):
    """``groups``: (times, minimum, maximum) of lessons that start there."""

    groups: tuple[tuple[frozenset[int], int, int | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPoint(Point):
    starts_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPoint(Point):
    """``events`` are (first, second)."""

    minimum: int
    maximum: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitAssignmentPoint(Point):
    """``roles``: number of the open role of each event (None = the event has a preassigned resource for it, ``fixed``)."""

    roles: tuple[int | None, ...]
    fixed: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePoint(Point):
    """``events`` are those that may use the resource."""

    resource: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClashPoint(ResourcePoint):
    """Lessons beyond the first at each time, and pairs of clashing times of different bells with a lesson each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnavailablePoint(ResourcePoint):
    times: Times


@dataclass(frozen=True, slots=True, kw_only=True)
class IdlePoint(ResourcePoint):
    groups: tuple[Times, ...]
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterPoint(ResourcePoint):
    groups: tuple[Times, ...]
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyPoint(ResourcePoint):
    groups: tuple[Times, ...]
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadPoint(ResourcePoint):
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChangePoint(ResourcePoint):
    groups: tuple[Times, ...]
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChangePoint(Point):
    """``events`` are the resource's; ``place_of``: the number of the place of every resource (room) that is in one.

    ``fixed``: the places that each event has in any case; ``roles``: its open roles whose resource may be in one.
    """

    groups: tuple[Times, ...]
    place_of: Mapping[int, int]
    fixed: tuple[frozenset[int], ...]
    roles: tuple[tuple[int, ...], ...]
    maximum: int
    gap: int | None

    def places(self, number: int, chosen: Sequence[int | None]) -> frozenset[int]:
        """The places of a lesson of the event of this number, with the resources chosen for its roles."""
        open_places = [self.place_of[r] for role in self.roles[number] if (r := chosen[role]) is not None and r in self.place_of]
        return self.fixed[number].union(open_places) if open_places else self.fixed[number]

    def changes(self, places_at: Mapping[int, frozenset[int]]) -> int:
        """Changes in all groups together."""
        found = 0
        for times in self.groups:
            before: tuple[int, frozenset[int]] | None = None
            for number, time in enumerate(times):
                here = places_at.get(time)
                if here:
                    if before is not None and (self.gap is None or number - before[0] - 1 < self.gap):
                        found += len(here - before[1])
                    before = number, here
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LateStartPoint(ResourcePoint):
    groups: tuple[Times, ...]
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleShiftPoint(ResourcePoint):
    """``days``: the shifts of each day."""

    days: tuple[tuple[Times, ...], ...]
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelPoint(Point):
    """``groups`` are the event groups of which so many may go on within ``times``."""

    groups: tuple[tuple[int, ...], ...]
    times: frozenset[int]
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LastOfDayPoint(Point):
    """``resources`` are the event's that must have nothing after it."""

    resources: tuple[int, ...]
    groups: tuple[Times, ...]
