"""FET's rules about people: when they are there, how long and how compact their days are.

FET has each rule four times (one teacher, all teachers, one students set, all students); here it stands once. A gap at a break, or at a time at
which the person is not there, is none.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scheduler.domain.timetabling import (
    AvoidUnavailableTimes,
    ClusterBusyTimes,
    CostFunction,
    LimitBusyTimes,
    LimitDoubleShifts,
    LimitIdleTimes,
    LimitLateStarts,
    LimitParallel,
    TimeGroup,
)
from scheduler.formats.fet.activities import hour_windows
from scheduler.formats.fet.building import TEACHER, Builder, Slot
from scheduler.formats.fet.source import text_of, whole

Rule = Callable[[Builder, ET.Element, Sequence[str], dict[str, Any]], None]
Groups = Callable[[Builder], tuple[TimeGroup, ...]]

# --- which part of the week ------------------------------------------------------------------------------------------------------------------


def days(builder: Builder) -> tuple[TimeGroup, ...]:
    return builder.day_groups()


def real_days(builder: Builder) -> tuple[TimeGroup, ...]:
    return builder.real_day_groups()


def mornings(builder: Builder) -> tuple[TimeGroup, ...]:
    return builder.day_groups(days=builder.days[0::2])


def afternoons(builder: Builder) -> tuple[TimeGroup, ...]:
    return builder.day_groups(days=builder.days[1::2])


# --- rules -----------------------------------------------------------------------------------------------------------------------------------


def not_available(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
    """The people are not there at these times."""
    slots = [builder.slot(child, "", "Preferred_") for child in element.iterfind("Not_Available_Time")]
    if people and slots:
        builder.close(people, slots)
        builder.add(AvoidUnavailableTimes(resources=tuple(people), times=tuple(builder.time(*slot) for slot in sorted(set(slots))), **common))


def gaps_a_week(chosen: Callable[[Builder], Sequence[int]], most: Callable[[ET.Element], int]) -> Rule:
    """At most so many idle hours over all these days."""

    def state(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
        for group, closed in builder.by_closed(people):
            builder.add(LimitIdleTimes(resources=group, time_groups=builder.day_groups(closed, chosen(builder)), maximum=most(element), **common))

    return state


def gaps_a_day(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
    """At most so many idle hours on each day."""
    most = whole(element, "Max_Gaps")
    for group, closed in builder.by_closed(people):
        for day, name in zip(builder.days, builder.school.days, strict=True):
            one = builder.day_groups(closed, [day])
            builder.add(LimitIdleTimes(resources=group, time_groups=one, maximum=most, **{**common, "id": f"{common['id']}, {name}"}))


def gaps_a_real_day(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
    """At most so many idle hours on each real day, from its first lesson to its last, over noon as well."""
    if excepted(builder, element):
        return
    most = whole(element, "Max_Gaps")
    for group, closed in builder.by_closed(people):
        for halves in builder.real_days:
            one = builder.group(builder.school.days[halves[0]], [slot for slot in of_day(builder, halves) if slot not in closed])
            name = {**common, "id": f"{common['id']}, {one.id}"}
            builder.add(LimitIdleTimes(resources=group, time_groups=(one,), maximum=most, **name))


def excepted(builder: Builder, element: ET.Element) -> bool:
    """Whether one day may have one more, which has no place here; noted."""
    if text_of(element, "Allow_One_Day_Exception_of_Plus_One", "Allow_One_Day_Exception_of_Plus_One_Hour") != "true":
        return False
    builder.unknown(element, "exception")
    return True


def early(groups: Callable[[Builder], Sequence[int]]) -> Rule:
    """The first hour at which they can be there is busy on every day they come; on at most so many days only the second."""

    def state(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
        most = whole(element, "Max_Beginnings_At_Second_Hour")
        for group, closed in builder.by_closed(people):
            builder.add(LimitLateStarts(resources=group, time_groups=builder.day_groups(closed, groups(builder)), maximum=most, **common))

    return state


def busy_groups(groups: Groups, field: str, tag: str) -> Rule:
    """They have hours in at most, or at least, so many of these groups."""

    def state(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
        parts = groups(builder)
        limits: dict[str, Any] = {"minimum": 0, "maximum": len(parts), field: whole(element, tag)}
        if people:
            builder.add(ClusterBusyTimes(resources=tuple(people), time_groups=parts, **limits, **common))

    return state


def interval(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
    """They have hours between these hours of the day on at most so many days; no stated end is the end of the day."""
    start, end = text_of(element, "Interval_Start_Hour"), text_of(element, "Interval_End_Hour")
    hours = range(builder.hour_of(start), builder.hour_of(end) if end else len(builder.hours))
    groups = tuple(builder.group(f"{builder.school.days[day]} {start}-{end}", [(day, hour) for hour in hours]) for day in builder.days)
    if people and hours:
        most = whole(element, "Max_Days_Per_Week")
        builder.add(ClusterBusyTimes(resources=tuple(people), time_groups=groups, maximum=most, **common))


def most_hours(groups: Groups) -> Rule:
    """At most so many hours a day; as a wish each day beyond it counts once, however far beyond, as FET counts it."""

    def state(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
        most = whole(element, "Maximum_Hours_Daily")
        parts = groups(builder) if people else ()
        if common["required"] and parts:
            builder.add(LimitBusyTimes(resources=tuple(people), time_groups=parts, maximum=most, **common))
            return
        for part in parts:
            one = {**common, "id": f"{common['id']}, {part.id}"}
            builder.add(LimitBusyTimes(resources=tuple(people), time_groups=(part,), maximum=most, **one, cost=CostFunction.STEP))

    return state


def least_hours(groups: Groups, tag: str, empty: str, whole_days: Groups) -> Rule:
    """At least so many hours on each day they come; where none of ``whole_days`` may be empty, they come on all of those."""

    def state(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
        if not people:
            return
        parts, wanted = groups(builder), whole_days(builder)
        every = max(len(part.times) for part in parts)
        builder.add(LimitBusyTimes(resources=tuple(people), time_groups=parts, minimum=whole(element, tag), maximum=every, **common))
        if text_of(element, empty) == "false":
            all_days = {**common, "id": f"{common['id']}, every day"}
            builder.add(ClusterBusyTimes(resources=tuple(people), time_groups=wanted, minimum=len(wanted), maximum=len(wanted), **all_days))

    return state


def continuously(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
    """At most so many hours in a row: in any window of one hour more one is free."""
    most = whole(element, "Maximum_Hours_Continuously")
    if people and most < len(builder.hours):
        builder.add(LimitBusyTimes(resources=tuple(people), time_groups=hour_windows(builder, most + 1), maximum=most, **common))


def with_tag(rule: Rule) -> Rule:
    """The rule for a person's activities with a tag only."""

    def state(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
        tag = text_of(element, "Activity_Tag_Name", "Activity_Tag")
        sets = []
        for person in people:
            events = [event for event in builder.attended.get(person, ()) if tag in builder.activity(event).tags]
            if events:
                sets.append(builder.together(f"{person}: {tag}", events))
        rule(builder, element, tuple(dict.fromkeys(sets)), common)

    return state


def span(groups: Callable[[Builder], Sequence[Sequence[int]]]) -> Rule:
    """From the first hour of a day to the last at most so many: not both up to an hour and so many hours after it."""

    def state(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
        if excepted(builder, element) or not people:
            return
        most = whole(element, "Max_Span")
        for day in groups(builder):
            hours = [(half, hour) for half in day for hour in builder.hours]
            for place in range(len(hours) - most):
                both = (builder.group("before", hours[: place + 1]), builder.group("after", hours[place + most :]))
                name = f"{common['id']}, {builder.school.days[day[0]]} {place + 1}"
                builder.add(ClusterBusyTimes(resources=tuple(people), time_groups=both, maximum=1, **{**common, "id": name}))

    return state


def each_day(builder: Builder) -> Sequence[Sequence[int]]:
    return [(day,) for day in builder.days]


def each_real_day(builder: Builder) -> Sequence[Sequence[int]]:
    return builder.real_days


def resting(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
    """So many free hours from the last lesson of a day to the first of the next; ``Circular``: also from the last day to the first."""
    pairs = list(zip(builder.real_days, builder.real_days[1:], strict=False))
    if text_of(element, "Circular") == "true":
        pairs.append((builder.real_days[-1], builder.real_days[0]))
    rest_between(builder, element, people, common, [(of_day(builder, before), of_day(builder, after)) for before, after in pairs])


def resting_at_noon(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
    """So many free hours between morning and afternoon."""
    pairs = [(of_day(builder, (morning,)), of_day(builder, (afternoon,))) for morning, afternoon in builder.real_days]
    rest_between(builder, element, people, common, pairs)


def of_day(builder: Builder, halves: Sequence[int]) -> list[Slot]:
    return [(half, hour) for half in halves for hour in builder.hours]


def rest_between(
    builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any], pairs: Sequence[tuple[list[Slot], list[Slot]]]
) -> None:
    """Never busy both in the last hours before and the first after that have fewer than the asked for between them."""
    least = whole(element, "Minimum_Resting_Hours")
    for number, (before, after) in enumerate(pairs, 1):
        for first in range(min(least, len(after)) if people else 0):
            groups = (builder.group("late", before[-(least - first) :]), builder.group("early", after[: first + 1]))
            name = f"{common['id']}, {number}.{first + 1}"
            builder.add(ClusterBusyTimes(resources=tuple(people), time_groups=groups, maximum=1, **{**common, "id": name}))


def three_days(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
    """Not on four of FET's days in a row, which are two mornings and two afternoons; with the exception, from an afternoon on they may."""
    groups = builder.day_groups()
    step = 2 if text_of(element, "Allow_Afternoon_Morning_Afternoon_Morning_Exception") == "true" else 1
    for start in range(0, len(groups) - 3 if people else 0, step):
        name = f"{common['id']}, {groups[start].id}"
        builder.add(ClusterBusyTimes(resources=tuple(people), time_groups=groups[start : start + 4], maximum=3, **{**common, "id": name}))


def two_tags(groups: Groups) -> Rule:
    """Activities of at most two of the tags N1, N2 and N3 a day."""

    def state(builder: Builder, element: ET.Element, people: Sequence[str], common: dict[str, Any]) -> None:
        for person in people:
            own = builder.attended.get(person, ())
            tagged = [tuple(event for event in own if tag in builder.activity(event).tags) for tag in ("N1", "N2", "N3")]
            if all(tagged):
                one = {**common, "id": f"{common['id']}, {person}"}
                builder.add(LimitParallel(event_groups=tuple(tagged), time_groups=groups(builder), maximum=2, **one))

    return state


def every_day(builder: Builder) -> Sequence[int]:
    return builder.days


def every_morning(builder: Builder) -> Sequence[int]:
    return builder.days[0::2]


def every_afternoon(builder: Builder) -> Sequence[int]:
    return builder.days[1::2]


def stated_gaps(element: ET.Element) -> int:
    return whole(element, "Max_Gaps")


def no_gap(_: ET.Element) -> int:
    return 0


PEOPLE_RULES: Mapping[str, Rule] = {
    "NotAvailableTimes": not_available,
    "MaxGapsPerWeek": gaps_a_week(every_day, stated_gaps),
    "MaxGapsPerDay": gaps_a_day,
    "MaxGapsPerRealDay": gaps_a_real_day,
    "MaxZeroGapsPerAfternoon": gaps_a_week(every_afternoon, no_gap),
    "EarlyMaxBeginningsAtSecondHour": early(every_day),
    "MorningsEarlyMaxBeginningsAtSecondHour": early(every_morning),
    "AfternoonsEarlyMaxBeginningsAtSecondHour": early(every_afternoon),
    "MaxDaysPerWeek": busy_groups(days, "maximum", "Max_Days_Per_Week"),
    "MinDaysPerWeek": busy_groups(days, "minimum", "Minimum_Days_Per_Week"),
    "MaxRealDaysPerWeek": busy_groups(real_days, "maximum", "Max_Days_Per_Week"),
    "MinRealDaysPerWeek": busy_groups(real_days, "minimum", "Minimum_Days_Per_Week"),
    "MaxMorningsPerWeek": busy_groups(mornings, "maximum", "Max_Mornings_Per_Week"),
    "MinMorningsPerWeek": busy_groups(mornings, "minimum", "Minimum_Mornings_Per_Week"),
    "MaxAfternoonsPerWeek": busy_groups(afternoons, "maximum", "Max_Afternoons_Per_Week"),
    "MinAfternoonsPerWeek": busy_groups(afternoons, "minimum", "Minimum_Afternoons_Per_Week"),
    "IntervalMaxDaysPerWeek": interval,
    "MaxHoursDaily": most_hours(days),
    "MaxHoursDailyRealDays": most_hours(real_days),
    "MinHoursDaily": least_hours(days, "Minimum_Hours_Daily", "Allow_Empty_Days", real_days),
    "MinHoursDailyRealDays": least_hours(real_days, "Minimum_Hours_Daily", "Allow_Empty_Days", real_days),
    "MinHoursPerMorning": least_hours(mornings, "Minimum_Hours_Per_Morning", "Allow_Empty_Mornings", mornings),
    "MaxHoursContinuously": continuously,
    "ActivityTagMaxHoursDaily": with_tag(most_hours(days)),
    "ActivityTagMaxHoursDailyRealDays": with_tag(most_hours(real_days)),
    "ActivityTagMinHoursDaily": with_tag(least_hours(days, "Minimum_Hours_Daily", "Allow_Empty_Days", real_days)),
    "ActivityTagMaxHoursContinuously": with_tag(continuously),
    "MaxSpanPerDay": span(each_day),
    "MaxSpanPerRealDay": span(each_real_day),
    "MinRestingHours": resting,
    "MinRestingHoursBetweenMorningAndAfternoon": resting_at_noon,
    "MaxThreeConsecutiveDays": three_days,
    "MaxTwoActivityTagsPerDayFromN1N2N3": two_tags(days),
    "MaxTwoActivityTagsPerRealDayFromN1N2N3": two_tags(real_days),
}
"""The rules by FET's names without whose they are."""

OLD_NAMES: Mapping[str, str] = {
    "MaxDaysPerWeek": "MaxRealDaysPerWeek",
    "MinDaysPerWeek": "MinRealDaysPerWeek",
    "MaxHoursDaily": "MaxHoursDailyRealDays",
    "MaxHoursDailyHalfDays": "MaxHoursDaily",
    "ActivityTagMaxHoursDaily": "ActivityTagMaxHoursDailyRealDays",
    "MaxSpanPerDay": "MaxSpanPerRealDay",
    "MaxRoomChangesPerDay": "MaxRoomChangesPerRealDay",
}
"""What rules of FET 5 for mornings and afternoons, where a day was a real day, are called since FET 6, where it is half of one."""


def mornings_or_afternoons(builder: Builder) -> None:
    """Teachers who have morning and afternoon of one day on so many days at most (FET's behaviour of each teacher)."""
    shifts = tuple(builder.day_groups(days=halves) for halves in builder.real_days)
    for days_excepted in sorted(set(builder.school.exceptions.values())):
        teachers = [
            builder.teacher_id[name] for name, most in builder.school.exceptions.items() if most == days_excepted and name in builder.teacher_id
        ]
        if not teachers:
            continue
        name = f"{TEACHER} mornings or afternoons, {days_excepted} days excepted"
        if days_excepted:
            builder.add(LimitDoubleShifts(id=name, resources=tuple(teachers), days=shifts, maximum=days_excepted))
            continue
        for halves, groups in zip(builder.real_days, shifts, strict=True):
            one = f"{name}, {builder.school.days[halves[0]]}"
            builder.add(ClusterBusyTimes(id=one, resources=tuple(teachers), time_groups=groups, maximum=1))
