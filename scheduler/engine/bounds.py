"""What no timetable can be better than."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import replace

from scheduler.cp.run import run_once
from scheduler.domain.solving import SolveOptions
from scheduler.engine.frame import Frame
from scheduler.engine.model import SubModel
from scheduler.engine.points import ClashPoint, ResourcePoint
from scheduler.engine.scope import Freed

RESOURCE_WORK = 2.0
"""Deterministic time for the bound of one resource."""


def objective_bound(frame: Frame, options: SolveOptions) -> int:
    """Σ over resources of the least that each must cost if it alone were timetabled.

    Every wish belongs to one resource at most: its own, or the first that attends all its events. A resource alone keeps everything required that
    concerns its own lessons only, and that nobody is in two of them at once; so its least cost is a bound, and bounds of different wishes add up.
    Resources that events may choose are left out: what they might be given besides is not known.
    """
    ends = None if options.seconds is None else time.monotonic() + options.seconds
    total = 0
    for resource, wishes in wishes_by_resource(frame).items():
        left = None if ends is None else ends - time.monotonic()
        if options.stop.is_set() or (left is not None and left <= 0):
            break
        limits = replace(options, seconds=left, workers=1, deterministic_limit=RESOURCE_WORK)
        total += least_alone(frame, lessons_with(frame, resource), resource, wishes, limits)
    return total


def wishes_by_resource(frame: Frame) -> dict[int, set[int]]:
    """Wished points of each resource, those first that have most of their own."""
    found: dict[int, set[int]] = {}
    for index, point in enumerate(frame.points):
        if (
            isinstance(point, ResourcePoint)
            and not point.required
            and lessons_with(frame, point.resource).issuperset(frame.events_of[point.resource])
        ):
            found.setdefault(point.resource, set()).add(index)
    own = {resource: lessons_with(frame, resource) for resource in found}
    for index, point in enumerate(frame.points):
        if not isinstance(point, ResourcePoint) and not point.required:
            holder = next((resource for resource, events in own.items() if events.issuperset(point.events)), None)
            if holder is not None:
                found[holder].add(index)
    return found


def lessons_with(frame: Frame, resource: int) -> frozenset[int]:
    """Events that have the resource preassigned, with those of the same bundles."""
    own = (event for event, fixed in enumerate(frame.fixed) if any(other == resource for other, _ in fixed))
    return frozenset(member for event in own for member in frame.bundles[frame.bundle_of[event]].events)


def least_alone(frame: Frame, events: Collection[int], resource: int, wishes: Collection[int], options: SolveOptions) -> int:
    """A lower bound of what the wishes cost when only these events are timetabled."""
    sub = alone(frame, events, resource, wishes)
    sub.minimise()
    return bound_of(sub, options)


def sums_alone(
    frame: Frame, events: Collection[int], resource: int, groups: Sequence[Collection[int]], most: Sequence[int], options: SolveOptions
) -> int:
    """A lower bound of the last group of wishes, counted without their weights, when only these events are timetabled.

    ``most`` limits the groups before it in the same way, one after the other.
    """
    sub = alone(frame, events, resource, frozenset(index for group in groups for index in group))
    sums = [sub.costs.unweighted([frame.points[index] for index in group]) for group in groups]
    for total, limit in zip(sums, most, strict=False):
        sub.model.add(total <= limit)
    sub.model.minimize(sums[-1])
    return bound_of(sub, options)


def alone(frame: Frame, events: Collection[int], resource: int, wishes: Collection[int]) -> SubModel:
    """The model of these events without all others, with what is required of them and these wishes."""
    empty = frame.empty_week()
    week = [meets if event in events else () for event, meets in enumerate(empty)]
    kept = {index for index, point in enumerate(frame.points) if index in wishes or (point.required and holds_alone(point, resource, events))}
    freed = Freed({event: empty[event] for event in sorted(events)}, choose=frozenset(events))
    return SubModel(frame, week, [0] * len(frame.points), freed, pruned=False, only=kept)


def bound_of(sub: SubModel, options: SolveOptions) -> int:
    return max(0, run_once(sub.model, options, parameters={"linearization_level": 2}).bound or 0) if sub.complete else 0


def holds_alone(point: object, resource: int, events: Collection[int]) -> bool:
    """Whether a required point still binds when all other events are left out."""
    if isinstance(point, ResourcePoint):
        return point.resource == resource or isinstance(point, ClashPoint)
    return all(event in events for event in getattr(point, "events", ()))
