"""What no week can be better than: bounds of idle hours, teaching days, unwanted times and the school's own wishes.

Teacher by teacher: a week's cost is a sum over teachers, so the sum of what each could have if all the others stood aside is a bound of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from scheduler.domain.plan import Level
from scheduler.domain.solving import SolveOptions
from scheduler.engine.bounds import RESOURCE_WORK, lessons_with, sums_alone
from scheduler.engine.points import ResourcePoint
from scheduler.timetable.attendance import Attendance
from scheduler.timetable.counting import fewest_days

LEVEL_RULES: Mapping[str, str] = {
    "idle_hours": "limit_idle_times",
    "teacher_days": "cluster_busy_times",
    "unwanted_times": "prefer_times",
    "week_wishes": "week_wishes",
}
"""The wishes of each level of the week, by the name of their constraints."""

Bounds = dict[int, list[int]]
"""By resource, in the order of the levels."""


def counted_bounds(week: Attendance) -> Bounds:
    """Bounds of the first three levels by counting alone."""
    bounds: Bounds = {}
    for resource in week.wishers:
        hours = sum(week.hours_of(resource).values())
        welcome = sum((resource, time) not in week.unwanted for time in week.coverable(resource))
        bounds[resource] = [0, fewest_days(week, resource), max(0, hours - welcome)]
    return bounds


def week_bounds(week: Attendance, values: Sequence[Level], options: Callable[[], SolveOptions | None]) -> tuple[int, ...]:
    """A bound of each level under the values found on the levels before it.

    Only where a teacher may need more than counting shows is his or her own week solved, without all the others. On the levels before, a teacher may
    have no more than what the others' bounds leave of the total found: Σ found - Σ bounds of the others.

    Parameters
    ----------
    values
        the levels of the week that was found
    options
        the limits that are left, None when there is nothing left; then the counted bounds stand
    """
    bounds = counted_bounds(week)
    wishes = wishes_of(week, [LEVEL_RULES[level.name] for level in values])
    for own in bounds.values():
        own += [0] * (len(values) - len(own))
    for number, level in enumerate(values):
        for resource, own in bounds.items():
            left = options()
            total = sum(of[number] for of in bounds.values())
            if total >= level.value or left is None:
                break
            spare = [values[before].value - sum(of[before] for of in bounds.values()) for before in range(number)]
            most = [own[before] + spare[before] for before in range(number)]
            own[number] = max(own[number], least_alone(week, resource, wishes, number, most, left))
    totals = [sum(own[number] for own in bounds.values()) for number in range(len(values))]
    return tuple(total if total <= level.value else 0 for total, level in zip(totals, values, strict=True))


def wishes_of(week: Attendance, rules: Sequence[str]) -> list[dict[int, list[int]]]:
    """Wished points of each level, by resource."""
    found: list[dict[int, list[int]]] = [{} for _ in rules]
    for index, point in enumerate(week.frame.points):
        if isinstance(point, ResourcePoint) and not point.required and point.rule in rules:
            found[rules.index(point.rule)].setdefault(point.resource, []).append(index)
    return found


def least_alone(
    week: Attendance, resource: int, wishes: Sequence[Mapping[int, Collection[int]]], level: int, most: Sequence[int], options: SolveOptions
) -> int:
    """Least value of one level that a resource could have if it alone were timetabled, with at most ``most`` on the levels before."""
    if not wishes[level].get(resource):
        return 0
    groups = [wishes[number].get(resource, ()) for number in range(level + 1)]
    limits = replace(options, workers=1, deterministic_limit=RESOURCE_WORK)
    return sums_alone(week.frame, lessons_with(week.frame, resource), resource, groups, most, limits)
