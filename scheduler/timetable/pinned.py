"""Hours of a week that somebody has laid down: which need is taught in them, and in which it is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.domain.edits import Hour
from scheduler.domain.timetabling import Constraint, PreferTimes, SpreadEvents, TimeGroup

if TYPE_CHECKING:
    from scheduler.policy.case import Need
    from scheduler.timetable.problem import WeekProblem

PINNED = "pinned_hours"


@dataclass(frozen=True, slots=True)
class Pins:
    """``held``: in these hours the need is taught. ``freed``: in these it is not. Which of its lessons covers a held hour is left open."""

    held: tuple[Hour, ...] = ()
    freed: tuple[Hour, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.held or self.freed)


@dataclass(frozen=True, slots=True)
class Run:
    """Held hours of one need that follow each other on a day: one lesson covers them all."""

    day: str
    first: int
    last: int

    def covered_by(self, day: str, start: int, length: int) -> bool:
        return day == self.day and start <= self.first and start + length - 1 >= self.last


def runs_of(pins: Pins, need: str) -> tuple[Run, ...]:
    """The held hours of a need, day by day, as runs."""
    days: dict[str, list[int]] = defaultdict(list)
    for hour in pins.held:
        if hour.need == need and hour.period not in days[hour.day]:
            days[hour.day].append(hour.period)
    found: list[Run] = []
    for day, periods in days.items():
        start = before = min(periods)
        for period in [*sorted(periods)[1:], -1]:
            if period != before + 1:
                found.append(Run(day, start, before))
                start = period
            before = period
    return tuple(found)


def unfit(need: Need, runs: Sequence[Run]) -> bool:
    """Whether no lesson of the need is long enough for one of the runs, or the runs are more than its lessons."""
    longest = max(need.blocks, default=0)
    return len(runs) > len(need.blocks) or any(run.last - run.first + 1 > longest for run in runs)


def pin_constraints(week: WeekProblem, pins: Pins) -> Iterator[Constraint]:
    """Every pin by general constraints: on a day with held hours the need's lessons cover them, and one does; none covers a freed hour."""
    concerned = {hour.need for hour in (*pins.held, *pins.freed)}
    for need in week.needs:
        if need.id in concerned:
            yield from _pins_of(week, need, runs_of(pins, need.id), [(hour.day, hour.period) for hour in pins.freed if hour.need == need.id])


def _pins_of(week: WeekProblem, need: Need, runs: Sequence[Run], freed: Sequence[tuple[str, int]]) -> Iterator[Constraint]:
    starts = [(time.day, time.period, time.id) for group in week.day_groups[week.needs[need]] for time in map(week.time_of, group.times)]
    held_days = {run.day for run in runs}

    def allowed(day: str, period: int, length: int) -> bool:
        if any(day == d and period <= p < period + length for d, p in freed):
            return False
        return day not in held_days or any(run.covered_by(day, period, length) for run in runs)

    for length in sorted(set(need.blocks)):
        yield PreferTimes(id=PINNED, events=(need.id,), times=tuple(i for day, period, i in starts if allowed(day, period, length)), length=length)
    for run in runs:
        times = tuple(i for day, period, i in starts if any(run.covered_by(day, period, length) for length in need.blocks))
        group = TimeGroup(f"{run.day} {run.first}", times)
        yield SpreadEvents(id=PINNED, event_groups=((need.id,),), time_groups=(group,), minimum=1, maximum=len(need.blocks))
