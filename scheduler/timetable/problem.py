"""A case and its division of work as a timetabling problem: which needs, at which times, with whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import permutations

from scheduler.domain.entities import AvailabilityKind, Slot, SlotKind
from scheduler.domain.instance import DAYS
from scheduler.domain.plan import Assignment
from scheduler.domain.timetabling import (
    AssignResources,
    AssignTimes,
    AvoidClashes,
    AvoidUnavailableTimes,
    ClusterBusyTimes,
    Constraint,
    DistributeSplitEvents,
    Event,
    EventResource,
    LimitIdleTimes,
    LimitPlaceChanges,
    LinkEvents,
    PreferResources,
    PreferTimes,
    Resource,
    SpreadEvents,
    Time,
    TimeGroup,
    TimetablingProblem,
)
from scheduler.policy.case import Case, Need, NeedKind
from scheduler.timetable.kept import Kept, kept_constraints
from scheduler.timetable.pinned import Pins, pin_constraints
from scheduler.timetable.week_rules import OwnRules

CLASS, TEACHER, ROOM = "class", "teacher", "room"

SHIFT = "@"
"""Stands between a room and the bell of its shift."""

Bell = tuple[str, str]
"""(school, bell pattern): the same pattern at two schools gives different times."""


class WeekProblem:
    """Builds the problem; events bear the needs' ids, teachers their codes.

    Needs of a school without any bell pattern are left out: that school has no week. ``kept`` = only a part of a former week is built anew.
    ``schools`` = only their needs, of all where it is None. ``away`` are the days on which a teacher is at none of them. ``pins`` are hours that
    somebody has laid down.
    """

    def __init__(
        self,
        case: Case,
        assignments: Sequence[Assignment],
        kept: Kept | None = None,
        schools: Set[str] | None = None,
        away: Mapping[str, Set[str]] | None = None,
        pins: Pins | None = None,
    ) -> None:
        self.case = case
        self.kept, self.pins = kept, pins
        self.schools, self.away = schools, away or {}
        self.teacher_of = {row.need: row.teacher for row in assignments if row.teacher in case.teachers}

    def build(self) -> TimetablingProblem:
        places = sorted({need.school for need in self.needs})
        travel = {pair: way for pair in permutations(places, 2) if (way := self.case.travel_minutes(*pair)) is not None}
        return TimetablingProblem(self.times, tuple(self._resources()), tuple(self._events()), tuple(self._constraints()), travel)

    # --- times ---------------------------------------------------------------------------------------------------------------------

    @cached_property
    def slots(self) -> Mapping[str, Mapping[str, Mapping[int, Slot]]]:
        """Lesson slots by pattern, day and period number."""
        found: dict[str, dict[str, dict[int, Slot]]] = defaultdict(lambda: defaultdict(dict))
        for slot in self.case.instance.slots:
            if slot.kind is SlotKind.LESSON:
                found[slot.pattern][slot.day].setdefault(slot.period, slot)
        return found

    @cached_property
    def needs(self) -> Mapping[Need, Bell]:
        """Needs of the week with their bell: lesson needs, taught or not, and open hours that are taught."""
        return {
            need: (need.school, pattern)
            for need in self.case.needs
            if need.jp > 0
            and (self.schools is None or need.school in self.schools)
            and (need.kind is NeedKind.LESSON or (need.kind is NeedKind.OPEN_HOURS and need.id in self.teacher_of))
            and (pattern := self._pattern(need))
        }

    def _pattern(self, need: Need) -> str:
        """Pattern of the first rombel (second shift), else of the school, else of the Sekolah Utama; "" where none has times."""
        case = self.case
        own = [r.bell for r in case.instance.rombels_of(need.school) if need.kind is NeedKind.LESSON and r.name in need.rombels[:1]]
        main = case.schools.get(case.main_school)
        wanted = (*own, case.schools[need.school].bell, main.bell if main else "")
        return next((bell for bell in wanted if bell in self.slots), "")

    @cached_property
    def times(self) -> tuple[Time, ...]:
        return tuple(time for bell in sorted(set(self.needs.values())) for day in DAYS for time in self._times_of(bell, day))

    def _times_of(self, bell: Bell, day: str) -> Iterator[Time]:
        """The lesson periods of a day. One runs on into the next number, over a break only where the school lets blocks straddle breaks."""
        school, pattern = bell
        slots = self.slots[pattern].get(day, {})
        pauses = [s.order for s in self.case.instance.slots if s.pattern == pattern and s.day == day and s.kind is not SlotKind.LESSON]
        straddle = self.case.instance.settings.blocks_may_straddle_breaks
        for period in sorted(slots):
            slot, before = slots[period], slots.get(period - 1)
            runs_on = before is not None and (straddle or not any(before.order < order < slot.order for order in pauses))
            yield Time(time_id(bell, day, period), day, period, school, pattern, runs_on, slot.start, slot.end)

    def time_of(self, identity: str) -> Time:
        return self._time_by_id[identity]

    @cached_property
    def _time_by_id(self) -> Mapping[str, Time]:
        return {time.id: time for time in self.times}

    @cached_property
    def day_groups(self) -> Mapping[Bell, tuple[TimeGroup, ...]]:
        """The days of each bell."""
        groups: dict[Bell, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for time in self.times:
            groups[time.place, time.bell][time.day].append(time.id)
        return {bell: tuple(TimeGroup(day, tuple(times)) for day, times in days.items()) for bell, days in groups.items()}

    # --- events --------------------------------------------------------------------------------------------------------------------

    def _resources(self) -> Iterator[Resource]:
        rombels = dict.fromkeys((need.school, rombel) for need in self.needs for rombel in need.rombels)
        yield from (Resource(class_id(*rombel), CLASS) for rombel in rombels)
        yield from (Resource(code, TEACHER) for code in self.taught)
        yield from (Resource(room, ROOM) for room in self.rooms)
        yield from self.own_rules.resources()

    def _events(self) -> Iterator[Event]:
        for need in self.needs:
            classes = tuple(EventResource(CLASS, class_id(need.school, rombel), shared=bool(need.parallel)) for rombel in need.rombels)
            teacher = (EventResource(TEACHER, self.teacher_of[need.id]),) if need.id in self.teacher_of else ()
            room = (EventResource(ROOM, role=ROOM),) if self.rooms_for(need) else ()
            yield Event(need.id, need.jp, classes + teacher + room + self.own_rules.resources_of(need))

    @cached_property
    def taught(self) -> Mapping[str, Sequence[Need]]:
        """Needs of the week by teacher, in the order of the sheet."""
        found: dict[str, list[Need]] = {code: [] for code in self.case.teachers}
        for need in self.needs:
            if need.id in self.teacher_of:
                found[self.teacher_of[need.id] or ""].append(need)
        return {code: needs for code, needs in found.items() if needs}

    def rooms_for(self, need: Need) -> tuple[str, ...]:
        """Rooms of the school that name the need's subject; none = no room to be chosen."""
        rooms = (room for room in self.case.instance.rooms if room.school == need.school and need.subject in room.subjects)
        return tuple(room_id(room.school, room.name) + self._shift(self.needs[need]) for room in rooms)

    def _shift(self, bell: Bell) -> str:
        """Two shifts of a school without a clock are taken to follow each other: each has the rooms for itself."""
        clocked = all(time.start is not None and time.end is not None for time in self.times if (time.place, time.bell) == bell)
        return "" if clocked or sum(other[0] == bell[0] for other in self.day_groups) < 2 else f"{SHIFT}{bell[1]}"

    @cached_property
    def rooms(self) -> tuple[str, ...]:
        """Rooms that any lesson may take."""
        return tuple(dict.fromkeys(room for need in self.needs for room in self.rooms_for(need)))

    # --- constraints ---------------------------------------------------------------------------------------------------------------

    def _constraints(self) -> Iterator[Constraint]:
        events = tuple(need.id for need in self.needs)
        yield AssignTimes(id="assign_times", events=events)
        yield from self._blocks()
        for bell, groups in self.day_groups.items():
            times = tuple(time for group in groups for time in group.times)
            yield PreferTimes(id="assign_times", events=tuple(need.id for need, own in self.needs.items() if own == bell), times=times)
        classes = tuple(dict.fromkeys(class_id(need.school, rombel) for need in self.needs for rombel in need.rombels))
        yield AvoidClashes(id="avoid_clashes", resources=(*classes, *self.taught))
        if self.rooms:
            yield AvoidClashes(id="assign_resources", resources=self.rooms)
        yield LimitPlaceChanges(id="one_change_of_school", resources=tuple(self.taught), time_groups=self.whole_days)
        yield from self._links()
        yield from self._spread()
        yield from self._unavailable()
        yield from self._rooms()
        yield from self.own_rules.constraints()
        if self.kept is not None:
            yield from kept_constraints(self, self.kept)
        if self.pins is not None:
            yield from pin_constraints(self, self.pins)
        yield from self._wishes()

    @cached_property
    def own_rules(self) -> OwnRules:
        return OwnRules(self)

    def _blocks(self) -> Iterator[Constraint]:
        """The lengths of every need's lessons: exactly its block pattern."""
        by_blocks: dict[tuple[int, int], list[str]] = defaultdict(list)
        for need in self.needs:
            for length, count in Counter(need.blocks).items():
                by_blocks[length, count].append(need.id)
        for (length, count), events in by_blocks.items():
            yield DistributeSplitEvents(id="split_events", events=tuple(events), length=length, minimum=count, maximum=count)

    def _links(self) -> Iterator[Constraint]:
        parallel: dict[str, list[str]] = defaultdict(list)
        for need in self.needs:
            if need.parallel:
                parallel[need.parallel].append(need.id)
        groups = tuple(tuple(events) for events in parallel.values() if len(events) > 1)
        if groups:
            yield LinkEvents(id="link_events", event_groups=groups, starts_only=True)

    def _spread(self) -> Iterator[Constraint]:
        """A class has a subject once a day; where its blocks outnumber the days, ⌈blocks / days⌉ times. Parallel groups count once."""
        subjects: dict[tuple[str, ...], list[Need]] = defaultdict(list)
        for need in self.needs:
            subjects[(need.school, need.subject, *need.rombels) if need.rombels else (need.id,)].append(need)
        groups: dict[tuple[Bell, int], list[tuple[str, ...]]] = defaultdict(list)
        for needs in subjects.values():
            blocks: dict[str, int] = {}
            for need in needs:
                key = need.parallel or need.id
                blocks[key] = max(blocks.get(key, 0), len(need.blocks))
            bell = self.needs[needs[0]]
            most = max(1, -(-sum(blocks.values()) // len(self.day_groups[bell])))
            groups[bell, most].append(tuple(need.id for need in needs))
        for (bell, most), event_groups in groups.items():
            yield SpreadEvents(id="spread_events", event_groups=tuple(event_groups), time_groups=self.day_groups[bell], maximum=most)

    def _unavailable(self) -> Iterator[Constraint]:
        """Tidak Bisa of Ketersediaan (period numbers are those of each lesson's own bell) and the whole MGMP day."""
        for code in self.taught:
            closed_day = self.case.teachers[code].mgmp_day
            closed_days = {closed_day, *self.away.get(code, ())}
            closed = {*self._named_times(code, AvailabilityKind.IMPOSSIBLE), *(time.id for time in self.times if time.day in closed_days)}
            if closed:
                yield AvoidUnavailableTimes(id="avoid_unavailable_times", resources=(code,), times=tuple(sorted(closed)))

    def _named_times(self, code: str, kind: AvailabilityKind) -> Iterable[str]:
        rows = {(row.day, row.period) for row in self.case.instance.availability if row.teacher == code and row.kind is kind}
        return [time.id for time in self.times if (time.day, time.period) in rows or (time.day, None) in rows] if rows else []

    def _rooms(self) -> Iterator[Constraint]:
        by_rooms: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for need in self.needs:
            if rooms := self.rooms_for(need):
                by_rooms[rooms].append(need.id)
        for rooms, events in by_rooms.items():
            yield AssignResources(id="assign_resources", events=tuple(events), role=ROOM)
            yield PreferResources(id="assign_resources", events=tuple(events), role=ROOM, resources=rooms)

    def _wishes(self) -> Iterator[Constraint]:
        """No idle hours first, then few teaching days, no unwanted times, and the school's own wishes: one weighs more than all after it together."""
        unwanted = {code: times for code in self.taught if (times := tuple(self._named_times(code, AvailabilityKind.UNWANTED)))}
        hours = {code: sum(need.jp for need in needs) for code, needs in self.taught.items()}
        unwanted_weight = 1 + self.own_rules.worst
        day_weight = unwanted_weight * (1 + sum(hours[code] for code in unwanted))
        days = {code: {time.day for time in self.times if (time.place, time.bell) in self.bells_of(code)} for code in self.taught}
        idle_weight = day_weight * (1 + sum(min(len(days[code]), hours[code]) for code in self.taught))
        for code in self.taught:
            yield LimitIdleTimes(id="limit_idle_times", required=False, weight=idle_weight, resources=(code,), time_groups=self.days_of(code))
        yield ClusterBusyTimes(id="cluster_busy_times", required=False, weight=day_weight, resources=tuple(self.taught), time_groups=self.whole_days)
        for code, times in unwanted.items():
            yield AvoidUnavailableTimes(id="prefer_times", required=False, weight=unwanted_weight, resources=(code,), times=times)
        yield from self.own_rules.wishes

    def days_of(self, code: str) -> tuple[TimeGroup, ...]:
        """The days of every bell by which the teacher teaches."""
        return tuple(group for bell in self.bells_of(code) for group in self.day_groups[bell])

    def bells_of(self, code: str) -> Sequence[Bell]:
        return sorted({self.needs[need] for need in self.taught[code]})

    @cached_property
    def whole_days(self) -> tuple[TimeGroup, ...]:
        """Each day with the times of every bell."""
        times = {day: tuple(time.id for time in self.times if time.day == day) for day in DAYS}
        return tuple(TimeGroup(day, ids) for day, ids in times.items() if ids)


def time_id(bell: Bell, day: str, period: int) -> str:
    return f"{bell[0]}/{bell[1]}/{day}/{period}"


def class_id(school: str, rombel: str) -> str:
    return f"{CLASS}:{school}/{rombel}"


def room_id(school: str, room: str) -> str:
    return f"{ROOM}:{school}/{room}"
