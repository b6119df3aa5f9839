"""FET's rules about activities: where they start, how far apart they are, which of them go together.

Days between activities are real days in the mode of mornings and afternoons, FET's own days otherwise. Each function states one rule of FET with the
constraints that mean the same; where none do, the builder notes why.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from scheduler.domain.timetabling import (
    AvoidClashes,
    ClusterBusyTimes,
    CostFunction,
    LastOfDay,
    LimitIdleTimes,
    LimitParallel,
    LinkEvents,
    OrderEvents,
    PreferTimes,
    SpreadEvents,
    TimeGroup,
)
from scheduler.formats.fet.building import STUDENTS, Builder, Slot
from scheduler.formats.fet.source import text_of, whole

Rule = Callable[[Builder, ET.Element, dict[str, Any]], None]

# --- where they start ------------------------------------------------------------------------------------------------------------------------


def prefer_starts(builder: Builder, common: dict[str, Any], events: Sequence[str], slots: Iterable[Slot]) -> None:
    """The activities start at one of these slots."""
    if events:
        builder.add(PreferTimes(events=tuple(events), times=tuple(builder.time(*slot) for slot in sorted(set(slots))), **common))


def prefer_slots(builder: Builder, common: dict[str, Any], events: Sequence[str], slots: Iterable[Slot]) -> None:
    """The activities stay within these slots from their first hour to their last."""
    wanted, by_duration = set(slots), defaultdict(list)
    for event in events:
        by_duration[builder.activity(event).duration].append(event)
    for duration, same in sorted(by_duration.items()):
        name = common["id"] if len(by_duration) == 1 else f"{common['id']} ({duration})"
        builder.add(PreferTimes(events=tuple(same), times=builder.starts(wanted, duration), **{**common, "id": name}))


def preferred_starting_time(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    """One activity at one time; without a stated hour at any of that day, without a day at that hour of any."""
    day, hour = (
        text_of(element, "Preferred_Day", "Preferred_Starting_Day", "Day"),
        text_of(element, "Preferred_Hour", "Preferred_Starting_Hour", "Hour"),
    )
    days = [builder.day_of(day)] if day else list(builder.days)
    hours = [builder.hour_of(hour)] if hour else list(builder.hours)
    prefer_starts(builder, common, builder.listed(element), [(d, h) for d in days for h in hours])


def slots_of(builder: Builder, element: ET.Element, tag: str) -> list[Slot]:
    return [builder.slot(child, "Preferred_", "Preferred_Starting_", "Selected_", "") for child in element.iterfind(tag)]


def starting_times(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    prefer_starts(builder, common, chosen(builder, element), slots_of(builder, element, "Preferred_Starting_Time"))


def time_slots(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    prefer_slots(builder, common, chosen(builder, element), slots_of(builder, element, "Preferred_Time_Slot"))


def chosen(builder: Builder, element: ET.Element) -> list[str]:
    """The one activity that a rule names, those that match it, or their component of a number."""
    if element.find("Activity_Id") is not None:
        return builder.listed(element)
    found = builder.matching(element)
    if element.find("Component_Number") is None:
        return found
    component = whole(element, "Component_Number")
    return [event for event in found if builder.activity(event).component == component]


# --- days between ----------------------------------------------------------------------------------------------------------------------------


def windows(builder: Builder, length: int, clipped: bool) -> tuple[TimeGroup, ...]:
    """Every so many days in a row; ``clipped``: also what is left of them at both ends of the week."""
    last = len(builder.real_days) - 1
    starts = range(1 - length, last + 1) if clipped else range(max(1, last - length + 2))
    found = []
    for start in starts:
        inside = [builder.real_days[day] for day in range(max(0, start), min(last, start + length - 1) + 1)]
        slots = [(day, hour) for days in inside for day in days for hour in builder.hours]
        found.append(builder.group(f"{builder.school.days[inside[0][0]]} + {length - 1}", slots))
    return tuple(found)


def min_days(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    """Any two of the activities at least so many days apart; and, broken or not, two on one day follow each other if that is asked for.

    As a wish, two activities d days apart lie together in n − d of the windows of n days, those clipped at the ends included: FET's own count. Two
    on one day that follow each other leave no idle time to the set of them, and three cannot all follow each other.
    """
    events = builder.listed(element)
    days = min(whole(element, "MinDays"), len(builder.real_days) - 1)
    if len(events) < 2 or days < 1:
        return
    clipped = not common["required"] and days > 1
    builder.add(SpreadEvents(event_groups=(tuple(events),), time_groups=windows(builder, days, clipped), maximum=1, **common))
    if text_of(element, "Consecutive_If_Same_Day", "Consecutive_if_same_day").lower() in ("true", "yes", "1") and not common["required"]:
        name = f"{common['id']}, consecutive"
        together = builder.together(f"Activities {', '.join(events)}", events)
        builder.add(LimitIdleTimes(id=name, resources=(together,), time_groups=builder.real_day_groups()))
        if len(events) > 2:
            builder.add(SpreadEvents(id=f"{name}, two", event_groups=(tuple(events),), time_groups=windows(builder, 1, False), maximum=2))


def max_days(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    """Any two of the activities at most so many days apart: not both up to a day and more than so many days after it."""
    events, most = builder.listed(element), whole(element, "MaxDays")
    if len(events) < 2:
        return
    together = builder.together(f"Activities {', '.join(events)}", events)
    for day in range(len(builder.real_days) - most - 1):
        before = [(d, hour) for days in builder.real_days[: day + 1] for d in days for hour in builder.hours]
        after = [(d, hour) for days in builder.real_days[day + most + 1 :] for d in days for hour in builder.hours]
        groups = (builder.group("before", before), builder.group("after", after))
        builder.add(ClusterBusyTimes(resources=(together,), time_groups=groups, maximum=1, **{**common, "id": f"{common['id']}, {day + 1}"}))


def min_gaps(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    """Two of the activities on one day have so many free hours between them: no two go on within any window of one hour more."""
    events = builder.listed(element)
    if len(events) > 1:
        groups = hour_windows(builder, whole(element, "MinGaps") + 1)
        builder.add(LimitParallel(event_groups=tuple((event,) for event in events), time_groups=groups, maximum=1, **common))


def single(times: Iterable[str]) -> tuple[TimeGroup, ...]:
    """Every time as a group of its own."""
    return tuple(TimeGroup(time, (time,)) for time in times)


def hour_windows(builder: Builder, length: int, days: Iterable[int] | None = None) -> tuple[TimeGroup, ...]:
    """Every so many hours in a row of a day."""
    starts = range(max(1, len(builder.hours) - length + 1))
    return tuple(
        builder.group(f"{builder.school.days[day]} {start + 1}+{length}", [(day, h) for h in range(start, min(start + length, len(builder.hours)))])
        for day in (builder.days if days is None else days)
        for start in starts
    )


# --- together --------------------------------------------------------------------------------------------------------------------------------


def same_starting_time(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    events = builder.listed(element)
    if len(events) > 1:
        mixed = len({builder.activity(event).duration for event in events}) > 1
        builder.add(LinkEvents(event_groups=(tuple(events),), starts_only=mixed, **common))


def same_starting_day(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    events = builder.listed(element)
    if len(events) > 1:
        together = builder.together(f"Activities {', '.join(events)}", events)
        builder.add(ClusterBusyTimes(resources=(together,), time_groups=builder.day_groups(), maximum=1, **common))


def same_starting_hour(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    """Activities of one duration that start at one hour keep as many hours of the day busy as one of them does."""
    events = builder.listed(element)
    durations = {builder.activity(event).duration for event in events}
    if len(events) < 2:
        return
    if len(durations) > 1:
        builder.unknown(element, "mixed_durations")
        return
    together = builder.together(f"Activities {', '.join(events)}", events)
    groups = tuple(builder.group(builder.school.hours[hour], [(day, hour) for day in builder.days]) for hour in builder.hours)
    builder.add(ClusterBusyTimes(resources=(together,), time_groups=groups, maximum=durations.pop(), **common))


def not_overlapping(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    events = builder.listed(element)
    if len(events) > 1:
        builder.add(AvoidClashes(resources=(builder.together(f"Activities {', '.join(events)}", events),), **common))


def tags_not_overlapping(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    """At one time run activities of one of the tags only."""
    tags = [(child.text or "").strip() for child in element.iterfind("Activity_Tag")]
    groups = [tuple(activity.id for activity in builder.school.activities if tag in activity.tags) for tag in tags]
    if sum(bool(group) for group in groups) > 1:
        builder.add(LimitParallel(event_groups=tuple(group for group in groups if group), time_groups=single(builder.ids), maximum=1, **common))


def consecutive(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    """The second follows the first on the same day, with nothing between but breaks."""
    first, second = builder.listed(element, "First_Activity_Id"), builder.listed(element, "Second_Activity_Id")
    if first and second:
        grouped(builder, common, [*first, *second])
        order = {**common, "id": f"{common['id']}, in order"}
        builder.add(OrderEvents(pairs=((first[0], second[0], 0, None if builder.breaks else 0),), **order))


def grouped_activities(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    """Two or three activities on one day, one after the other in any order, with nothing between but breaks."""
    events = builder.listed(element, "First_Activity_Id", "Second_Activity_Id", "Third_Activity_Id")
    if len(events) > 1:
        grouped(builder, common, events)


def grouped(builder: Builder, common: dict[str, Any], events: Sequence[str]) -> None:
    """On one day, one after the other: the set of them never has two at once, has one day and no idle time."""
    together = (builder.together(f"Activities {', '.join(events)}", events),)
    name = common["id"]
    builder.add(
        AvoidClashes(resources=together, **{**common, "id": f"{name}, apart"}),
        ClusterBusyTimes(resources=together, time_groups=builder.day_groups(), maximum=1, **{**common, "id": f"{name}, one day"}),
        LimitIdleTimes(resources=together, time_groups=builder.day_groups(builder.breaks), **common),
    )


def ordered(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    first, second = builder.listed(element, "First_Activity_Id"), builder.listed(element, "Second_Activity_Id")
    if first and second:
        builder.add(OrderEvents(pairs=((first[0], second[0], 0, None),), **common, cost=CostFunction.STEP))


def ends_students_day(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    """After the activity its students have nothing more on that day."""
    events = chosen(builder, element)
    if events:
        builder.add(LastOfDay(events=tuple(events), type=STUDENTS, time_groups=builder.day_groups(), **common))


# --- how many in selected slots --------------------------------------------------------------------------------------------------------------


def occupied_slots(field: str, tag: str) -> Rule:
    """A rule on how many of the selected slots hold any of the activities."""

    def state(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
        events, slots = builder.listed(element), slots_of(builder, element, "Selected_Time_Slot")
        if not events:
            return
        together = builder.together(f"Activities {', '.join(events[:3])} …", events)
        groups = single([builder.time(*slot) for slot in dict.fromkeys(slots)])
        limits: dict[str, Any] = {"minimum": 0, "maximum": len(groups), field: whole(element, tag)}
        builder.add(ClusterBusyTimes(resources=(together,), time_groups=groups, **limits, **common))

    return state


def simultaneous(field: str, tag: str) -> Rule:
    """A rule on how many of the activities run at once in each selected slot; a minimum holds where any runs, or everywhere if none may be empty."""

    def state(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
        events, slots = builder.listed(element), slots_of(builder, element, "Selected_Time_Slot")
        if not events:
            return
        limits: dict[str, Any] = {"minimum": 0, "maximum": len(events), field: whole(element, tag)}
        groups = single([builder.time(*slot) for slot in dict.fromkeys(slots)])
        builder.add(LimitParallel(event_groups=tuple((event,) for event in events), time_groups=groups, **limits, **common))
        if field == "minimum" and text_of(element, "Allow_Empty_Slots") == "false":
            together = builder.together(f"Activities {', '.join(events[:3])} …", events)
            every = {**common, "id": f"{common['id']}, every slot"}
            builder.add(ClusterBusyTimes(resources=(together,), time_groups=groups, minimum=len(groups), maximum=len(groups), **every))

    return state


def total_in_slots(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    """At most so many of the activities touch the selected slots; by their starts, where those are the same for all durations."""
    events, slots = builder.listed(element), set(slots_of(builder, element, "Selected_Time_Slot"))
    touching = {
        frozenset((d, h) for d in builder.days for h in builder.hours if not slots.isdisjoint((d, h + step) for step in range(duration)))
        for duration in {builder.activity(event).duration for event in events}
    }
    if len(touching) > 1:
        builder.unknown(element, "mixed_durations")
    elif events:
        most = whole(element, "Max_Total_Number_of_Activities")
        builder.add(SpreadEvents(event_groups=(tuple(events),), time_groups=(builder.group("selected", touching.pop()),), maximum=most, **common))


# --- terms -----------------------------------------------------------------------------------------------------------------------------------


def terms(builder: Builder) -> tuple[TimeGroup, ...]:
    length = builder.school.days_per_term
    return tuple(
        builder.group(f"Term {start // length + 1}", [(day, hour) for day in builder.days[start : start + length] for hour in builder.hours])
        for start in range(0, len(builder.school.days), length)
    )


def occupied_terms(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
    if events := builder.listed(element):
        together = builder.together(f"Activities {', '.join(events[:3])} …", events)
        most = whole(element, "Max_Number_of_Occupied_Terms")
        builder.add(ClusterBusyTimes(resources=(together,), time_groups=terms(builder), maximum=most, **common))


def in_a_term(field: str, tag: str) -> Rule:
    def state(builder: Builder, element: ET.Element, common: dict[str, Any]) -> None:
        if events := builder.listed(element):
            limits: dict[str, Any] = {"minimum": 0, "maximum": len(events), field: whole(element, tag)}
            builder.add(SpreadEvents(event_groups=(tuple(events),), time_groups=terms(builder), **limits, **common))

    return state


ACTIVITY_RULES: Mapping[str, Rule] = {
    "ActivityPreferredStartingTime": preferred_starting_time,
    "ActivityPreferredDay": preferred_starting_time,
    "ActivityPreferredStartingTimes": starting_times,
    "ActivitiesPreferredStartingTimes": starting_times,
    "SubactivitiesPreferredStartingTimes": starting_times,
    "ActivityPreferredTimeSlots": time_slots,
    "ActivitiesPreferredTimeSlots": time_slots,
    "SubactivitiesPreferredTimeSlots": time_slots,
    "MinDaysBetweenActivities": min_days,
    "MaxDaysBetweenActivities": max_days,
    "MinGapsBetweenActivities": min_gaps,
    "ActivitiesSameStartingTime": same_starting_time,
    "ActivitiesSameStartingDay": same_starting_day,
    "ActivitiesSameStartingHour": same_starting_hour,
    "ActivitiesNotOverlapping": not_overlapping,
    "ActivityTagsNotOverlapping": tags_not_overlapping,
    "TwoActivitiesConsecutive": consecutive,
    "TwoActivitiesGrouped": grouped_activities,
    "ThreeActivitiesGrouped": grouped_activities,
    "TwoActivitiesOrdered": ordered,
    "ActivityEndsStudentsDay": ends_students_day,
    "ActivitiesEndStudentsDay": ends_students_day,
    "ActivitiesOccupyMaxTimeSlotsFromSelection": occupied_slots("maximum", "Max_Number_of_Occupied_Time_Slots"),
    "ActivitiesOccupyMinTimeSlotsFromSelection": occupied_slots("minimum", "Min_Number_of_Occupied_Time_Slots"),
    "ActivitiesMaxSimultaneousInSelectedTimeSlots": simultaneous("maximum", "Max_Number_of_Simultaneous_Activities"),
    "ActivitiesMinSimultaneousInSelectedTimeSlots": simultaneous("minimum", "Min_Number_of_Simultaneous_Activities"),
    "MaxTotalActivitiesFromSetInSelectedTimeSlots": total_in_slots,
    "ActivitiesOccupyMaxTerms": occupied_terms,
    "ActivitiesMaxInATerm": in_a_term("maximum", "Max_Number_of_Activities_in_A_Term"),
    "ActivitiesMinInATerm": in_a_term("minimum", "Min_Number_of_Activities_in_A_Term"),
}
