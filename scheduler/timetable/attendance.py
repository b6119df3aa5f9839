"""Hours, times and days of a school's week, read off the frame of its problem: what counting needs, without a model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from scheduler.domain.clashes import Grid
from scheduler.domain.timetabling import TimetablingProblem
from scheduler.engine.frame import Frame, Shape
from scheduler.engine.points import ClusterPoint, IdlePoint, SpreadPoint, UnavailablePoint


@dataclass(frozen=True, slots=True)
class SpreadTerm:
    """At most ``maximum`` lessons of the bundles start in each group of times."""

    bundles: tuple[int, ...]
    groups: tuple[frozenset[int], ...]
    maximum: int


class Attendance:
    """The frame of a school's week, all of whose lessons have settled lengths (block patterns).

    Attributes
    ----------
    counts[bundle]
        how many lessons of each shape there are
    bundles_of[resource]
        the bundles that a resource attends
    """

    def __init__(self, problem: TimetablingProblem) -> None:
        self.problem, self.frame = problem, Frame(problem)
        frame = self.frame
        self.counts: list[Mapping[Shape, int]] = [
            Counter(zip_longest(*(frame.blocks(event) or () for event in bundle.events), fillvalue=0)) for bundle in frame.bundles
        ]
        self.bundles_of: list[list[int]] = [[] for _ in problem.resources]
        for index, bundle in enumerate(frame.bundles):
            for resource in sorted({resource for attending in bundle.attending.values() for resource, _ in attending}):
                self.bundles_of[resource].append(index)
        self._coverable: dict[int, frozenset[int]] = {}

    @cached_property
    def wishers(self) -> tuple[int, ...]:
        """Resources whose idle times or days cost something (teachers), with lessons."""
        found = {point.resource for point in self.frame.points if isinstance(point, IdlePoint | ClusterPoint) and not point.required}
        return tuple(sorted(resource for resource in found if self.bundles_of[resource]))

    @cached_property
    def fillers(self) -> tuple[int, ...]:
        """The other resources that attend one event at a time (classes), with lessons."""
        return tuple(sorted(r for r in self.frame.single if r not in set(self.wishers) and self.bundles_of[r]))

    @cached_property
    def spreads(self) -> tuple[SpreadTerm, ...]:
        """Subjects once a day; the groups are days."""
        return tuple(self._spreads())

    def _spreads(self) -> Iterator[SpreadTerm]:
        for point in self.frame.points:
            if (
                isinstance(point, SpreadPoint)
                and point.rule == "spread_events"
                and (maximum := point.groups[0][2] if point.groups else None) is not None
            ):
                bundles = dict.fromkeys(self.frame.bundle_of[event] for event in point.events)
                if all(high == maximum for _, _, high in point.groups):
                    yield SpreadTerm(tuple(bundles), tuple(times for times, _, _ in point.groups), maximum)

    @cached_property
    def unwanted(self) -> frozenset[tuple[int, int]]:
        """(resource, time) at which a wish would rather have it free."""
        return frozenset(
            (point.resource, time)
            for point in self.frame.points
            if isinstance(point, UnavailablePoint) and not point.required
            for time in point.times
        )

    def hours_of(self, resource: int) -> dict[int, int]:
        """Hours a week of a resource in each of its bundles."""
        hours: dict[int, int] = defaultdict(int)
        for index in self.bundles_of[resource]:
            for shape, count in self.counts[index].items():
                hours[index] += sum(length * count for attendee, length in self.frame.bundles[index].attending[shape] if attendee == resource)
        return dict(hours)

    def coverable(self, resource: int) -> frozenset[int]:
        """Times at which the resource can be in a lesson."""
        if resource not in self._coverable:
            lessons = (item for bundle in self.bundles_of[resource] for item in self.frame.bundles[bundle].legal.items())
            self._coverable[resource] = frozenset(time for shape, starts in lessons for start in starts for time in range(start, start + max(shape)))
        return self._coverable[resource]

    def daily_times(self, resource: int) -> dict[str, int]:
        """Most times on each day at which the resource can be in a lesson, no two of them overlapping by the clock."""
        by_day: dict[str, list[int]] = defaultdict(list)
        for time in sorted(self.coverable(resource)):
            by_day[self.frame.times[time].day].append(time)
        return {day: self._most_apart(times) for day, times in by_day.items()}

    def _most_apart(self, times: Sequence[int]) -> int:
        """An upper bound of how many of the times do not clash: by earliest end where all have a clock, else the longest bell of the day.

        Ways between schools are left out, so the true number may be smaller, never larger.
        """
        frame = self.frame
        bells = Counter(frame.clashes.grid(time) for time in times)
        if len(bells) < 2:
            return len(times)
        if any(frame.times[time].start is None or frame.times[time].end is None for time in times):
            return max(bells.values()) if all(self._exclude(times, grid) for grid in bells) else len(times)
        count, last_end = 0, -1
        for start, end in sorted(((frame.times[time].start or 0, frame.times[time].end or 0) for time in times), key=lambda clock: clock[1]):
            if start >= last_end:
                count, last_end = count + 1, end
        return max(count, *bells.values())

    def _exclude(self, times: Sequence[int], grid: Grid) -> bool:
        """Whether every time of the grid clashes with every time outside it."""
        clashes = self.frame.clashes
        others = frozenset(time for time in times if clashes.grid(time) != grid)
        return all(clashes.clashing[time] >= others for time in times if clashes.grid(time) == grid)
