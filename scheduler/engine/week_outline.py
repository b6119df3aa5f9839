"""A whole week in two stages: how many hours of which lessons each resource has on each day, then day by day who is where.

The first stage knows neither starts nor patterns, so it reaches over the whole week: it makes full days and empty ones. Where every class is busy at
all times of a day, days without idle times can be laid into as many rows as there are classes, each row filled from end to end; so the hours of those
with wishes must be parts that fill such rows. A heuristic: a week that it finds is one like any other, what it does not find may exist.

Reference: M. Sørensen and F. Dahms, "A two-stage decomposition of high school timetabling applied to cases in Denmark", Computers & Operations
Research 43 (2014).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ortools.sat.python import cp_model

from scheduler.cp.run import Parameters, Run, run_once
from scheduler.domain.plan import Status
from scheduler.engine import points as p
from scheduler.engine.frame import Frame, Meet, Week
from scheduler.engine.model import FIRST, StepLimits
from scheduler.engine.outline import DayLessons
from scheduler.engine.scope import Freed

Sum = cp_model.LinearExpr.sum

BY_LNS: Parameters = {"use_lns_only": True, "interleave_search": True, "linearization_level": 1}
"""From a known outline on, CP-SAT's own large neighbourhoods reach within seconds what its other searches seldom reach in a minute."""

LONGEST_ROW = 12
"""A day of more times has too many ways to part it into a teacher's hours (12: 77)."""

FIRST_TRIES, ROUND = (0.05, 0.05, 0.15), 0.1
"""Shares of the limits: of each try for a first outline (a lucky seed takes a tenth of an unlucky one's time), and of the first round after it; each
further round gets twice as much."""


def whole_outlines(frame: Frame, week: Week, limits: StepLimits) -> Iterator[Mapping[int, tuple[Meet, ...]]]:
    """Whole weeks by outline, each from the one before it, until ``limits`` are used up."""
    if frame.apart:
        return
    outline = WeekOutline(frame, week)
    if not outline.busy:
        return
    found, left = outline.first(limits)
    outline.minimise()
    share = ROUND
    while found.found:
        filled = outline.fill(found.values, limits)
        if filled.changes:
            yield filled.changes
        if left <= 0 or limits.stop.is_set():
            return
        found = outline.better(found, limits, min(left, share))
        left, share = left - share, 2 * share


class WeekOutline(DayLessons):
    """The first stage for a whole week.

    Attributes
    ----------
    loads[resource, day][hours]
        a Boolean for each number of hours that one with wishes can have on the day
    busy[resource, day]
        whether there are any
    """

    def __init__(self, frame: Frame, week: Week) -> None:
        super().__init__(frame, week, Freed(dict(enumerate(week))), [point.required for point in frame.points])
        self.loads: dict[tuple[int, str], list[cp_model.IntVar]] = {}
        self.busy: dict[tuple[int, str], cp_model.LinearExpr] = {}
        self._add_all_lessons()
        self.times_on = {resource: self._by_day(times) for resource, times in self.open_times.items()}
        for resource in sorted(self.others):
            for day, times in self.times_on.get(resource, {}).items():
                self.model.add(Sum(self.hours[resource, day]) <= len(times))
        for resource in sorted(self.wishers.intersection(self.times_on)):
            self._add_loads(resource)
            self._keep_and_pay(resource)
        for day in self.days_of_week:
            self._fill_rows(day)

    def _day(self, times: p.Times) -> str:
        """The day of a group of times, which has its times in one day as a rule."""
        return self.frame.times[times[0]].day

    def _by_day(self, times: set[int]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for time in sorted(times):
            found[self.frame.times[time].day].append(time)
        return found

    def _add_loads(self, resource: int) -> None:
        days = []
        for day, times in self.times_on[resource].items():
            loads = self.loads[resource, day] = [self.model.new_bool_var("load") for _ in range(len(times) + 1)]
            self.model.add_exactly_one(loads)
            self.model.add(Sum(self.hours[resource, day]) == Sum([hours * load for hours, load in enumerate(loads)]))
            self.busy[resource, day] = 1 - loads[0]
            for most, lessons in self.lessons[resource, day]:
                self.model.add(lessons <= most * ~loads[0])
            days.append((len(times), self.busy[resource, day]))
        self._need_days(resource, days)

    def _keep_and_pay(self, resource: int) -> None:
        """Rules and wishes for the number of hours a day and of days."""
        for number in self.frame.points_of_resource[resource]:
            point = self.frame.points[number]
            if isinstance(point, p.BusyPoint) and point.required:
                for times in filter(None, point.groups):
                    day = self._day(times)
                    loads = self.loads.get((resource, day), ()) if self.days_of_week[day].issubset(times) else ()
                    for hours, load in enumerate(loads):
                        if hours and not point.minimum <= hours <= point.maximum:
                            self.model.add(load == 0)
            elif isinstance(point, p.ClusterPoint):
                days = Sum([self.busy.get((resource, self._day(times)), 0) for times in filter(None, point.groups)])
                if point.required:
                    self.model.add_linear_constraint(days, point.minimum, point.maximum)
                else:
                    amiss = self.model.new_int_var(0, len(point.groups), "amiss")
                    self.model.add(amiss >= days - point.maximum)
                    self.model.add(amiss >= point.minimum - days)
                    self.costs.append(point.weight * amiss)

    def _fill_rows(self, day: str) -> None:
        """Where all others are busy at all times of a day: the hours of those with wishes fill as many rows from end to end."""
        length = len(self.days_of_week[day])
        rows = [resource for resource in self.others if day in self.times_on.get(resource, {})]
        full = all(len(self.times_on[r][day]) == length and self.freed_hours[r] == len(self.open_times[r]) for r in rows)
        plain = all(self._is_plain(self.frame.attending(self.frame.bundles[bundle].events, shape)) for bundle, shape, on in self.on_day if on == day)
        if not rows or not full or not plain or length > LONGEST_ROW:
            return
        found = [(Counter(parts), self.model.new_int_var(0, len(rows), "rows")) for parts in partitions(length, length)]
        self.model.add(Sum([count for _, count in found]) == len(rows))
        own = [loads for (_, on), loads in self.loads.items() if on == day]
        for hours in range(1, length + 1):
            having = [loads[hours] for loads in own if hours < len(loads)]
            self.model.add(Sum([parts[hours] * count for parts, count in found if parts[hours]]) == Sum(having))

    def minimise(self) -> None:
        self.model.minimize(Sum(self.costs))

    def first(self, limits: StepLimits) -> tuple[Run, float]:
        """An outline whatever it costs, and the share of the limits that is left. More than one worker only slow this down."""
        left = 1.0
        for seed, share in enumerate(FIRST_TRIES, limits.seed):
            left -= share
            found = run_once(self.model, replace(limits, workers=1, seed=seed).part(share), parameters=FIRST)
            if found.status is not Status.UNKNOWN:
                break
        return found, left

    def better(self, known: Run, limits: StepLimits, share: float) -> Run:
        """An outline from a known one on."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for index, value in enumerate(known.values):
            self.model.add_hint(self.model.get_int_var_from_proto_index(index), value)
        return run_once(self.model, limits.part(share), parameters=BY_LNS)


def partitions(total: int, largest: int) -> Iterator[tuple[int, ...]]:
    """The ways to part a number into others, none above ``largest``."""
    if total == 0:
        yield ()
    for first in range(min(total, largest), 0, -1):
        yield from ((first, *rest) for rest in partitions(total - first, first))
