"""Which times of different bells and schools stand against each other, by the clock and the way between the schools.

A *point* is a time, or the pause inside which another bell has times: a lesson that runs over the pause keeps its teacher from those as well.
Points 0 … n-1 are the problem's times; the pauses follow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler.domain.timetabling import Time, TimetablingProblem

Grid = tuple[str, str, str]
"""(day, place, bell)."""


@dataclass(frozen=True)
class Clashes:
    """Points, and for each of them the other points that nobody can attend besides it.

    ``pause_after[time]`` is the point of the pause between a time and the next one, where there is such a point.
    """

    points: tuple[Time, ...]
    pause_after: Mapping[int, int]
    clashing: tuple[frozenset[int], ...]

    def grid(self, point: int) -> Grid:
        time = self.points[point]
        return time.day, time.place, time.bell

    def in_one_room(self, first: int, second: int) -> bool:
        """Whether two points stand against each other in a room: two shifts without a clock are taken to follow each other."""
        if first == second:
            return True
        one, other = self.points[first], self.points[second]
        return second in self.clashing[first] and one.place == other.place and None not in (one.start, one.end, other.start, other.end)


def find_clashes(problem: TimetablingProblem) -> Clashes:
    """Clashes between the bells of each day; the times of one bell never clash."""
    points = list(problem.times)
    pause_after: dict[int, int] = {}
    for index, (time, following) in enumerate(zip(problem.times, problem.times[1:], strict=False)):
        if following.runs_on and time.end is not None and following.start is not None and time.end < following.start:
            pause = Time(f"{time.id}+", time.day, time.period, time.place, time.bell, start=time.end, end=following.start)
            if any(clash(pause, other, problem.travel) for other in problem.times):
                pause_after[index] = len(points)
                points.append(pause)
    return Clashes(tuple(points), pause_after, clashing_points(points, problem.travel))


def clashing_points(points: Sequence[Time], travel: Mapping[tuple[str, str], int]) -> tuple[frozenset[int], ...]:
    by_day: dict[str, list[int]] = defaultdict(list)
    for index, point in enumerate(points):
        by_day[point.day].append(index)
    found: list[frozenset[int]] = [frozenset()] * len(points)
    for indices in by_day.values():
        for index in indices:
            found[index] = frozenset(other for other in indices if clash(points[index], points[other], travel))
    return tuple(found)


def clash(first: Time, second: Time, travel: Mapping[tuple[str, str], int]) -> bool:
    """Whether nobody can attend both of two times that differ in bell or place.

    Same day, and the clock intervals, widened by the way between the places, overlap; without a clock or a known way the whole day.
    """
    if first.day != second.day or (first.place, first.bell) == (second.place, second.bell):
        return False
    way = 0 if first.place == second.place else travel.get((first.place, second.place))
    if way is None or first.start is None or first.end is None or second.start is None or second.end is None:
        return True
    return first.start < second.end + way and second.start < first.end + way
