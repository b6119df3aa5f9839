"""What the week forbids, by counting alone: class hours against the grid, locked hours against open slots, blocks against days, rooms.

A CP-SAT model may leave "24 hours in 20 slots" undecided for minutes; a sum says it at once, and everybody can check it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from scheduler.counting.capacity import bell_pattern, lesson_slots, most_disjoint, open_slots
from scheduler.counting.finding import Facts, Finding, loudest_first
from scheduler.counting.staff import staff_findings
from scheduler.domain.entities import Rombel, Slot, SlotKind
from scheduler.domain.instance import DAYS
from scheduler.policy.case import Case, Need, NeedKind


def findings(case: Case) -> tuple[Finding, ...]:
    """All that counting finds, hard ones first. An empty result proves nothing: only the solve decides then."""
    week = WeekCount(case)
    checks = (bell_times, class_hours, blocks_and_days, locked_hours, locked_days, parallel_groups, room_hours, teachers_present, unknown_ways)
    return loudest_first([*(finding for check in checks for finding in check(week)), *staff_findings(case)])


@dataclass(frozen=True)
class WeekCount:
    """The case with what several counts share: the pattern of each rombel, and the needs that stand in the week."""

    case: Case

    @cached_property
    def pattern(self) -> Mapping[tuple[str, str], str]:
        """(school, rombel) → bell pattern, "" without one."""
        return {(rombel.school, rombel.name): bell_pattern(self.case, rombel) for rombel in self.case.instance.rombels}

    @cached_property
    def slots(self) -> Mapping[str, tuple[Slot, ...]]:
        """Lesson slots of each pattern in use."""
        return {pattern: lesson_slots(self.case, (pattern,)) for pattern in set(self.pattern.values()) if pattern}

    @cached_property
    def lessons(self) -> tuple[Need, ...]:
        """Needs that take time in a grid that is known: lessons with hours, of rombels with a bell pattern."""
        return tuple(n for n in self.case.needs if n.kind is NeedKind.LESSON and n.jp > 0 and self.pattern_of(n))

    @cached_property
    def of_rombel(self) -> Mapping[tuple[str, str], list[Need]]:
        of_rombel = defaultdict(list)
        for need in self.lessons:
            for rombel in need.rombels:
                of_rombel[need.school, rombel].append(need)
        return of_rombel

    @cached_property
    def locked(self) -> Mapping[str, list[Need]]:
        """Lessons that Kunci binds to a teacher, by teacher."""
        locked = defaultdict(list)
        for need in self.lessons:
            if need.locked:
                locked[need.locked].append(need)
        return locked

    def pattern_of(self, need: Need) -> str:
        return self.pattern.get((need.school, need.rombels[0]), "") if need.rombels else ""

    def class_jp(self, rombel: Rombel) -> int:
        """Periods a week the rombel is taught; groups that run at the same time take their time once."""
        alone = 0
        parallel: dict[str, int] = defaultdict(int)
        for need in self.of_rombel.get((rombel.school, rombel.name), ()):
            if need.parallel:
                parallel[need.parallel] = max(parallel[need.parallel], need.jp)
            else:
                alone += need.jp
        return alone + sum(parallel.values())

    def school_name(self, npsn: str) -> str:
        return self.case.schools[npsn].name


def bell_times(week: WeekCount) -> Iterator[Finding]:
    """Schools whose rombels have no times in Waktu; hard where no rombel of the file has any."""
    without: dict[str, list[str]] = defaultdict(list)
    for (school, rombel), pattern in week.pattern.items():
        if not pattern:
            without[school].append(rombel)
    nothing = bool(without) and not any(week.pattern.values())
    for school, names in without.items():
        facts: Facts = {"npsn": school, "school": week.school_name(school), "count": len(names)}
        yield Finding("no_bell_times", facts, hard=nothing, excess=len(names))


def class_hours(week: WeekCount) -> Iterator[Finding]:
    """Hours of each class against its grid: more is impossible, fewer a note (per school and difference)."""
    below: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for rombel in week.case.instance.rombels:
        pattern = week.pattern[rombel.school, rombel.name]
        if not pattern:
            continue
        jp, periods = week.class_jp(rombel), len(week.slots[pattern])
        if jp > periods:
            facts: Facts = {"npsn": rombel.school, "school": week.school_name(rombel.school), "rombel": rombel.name, "jp": jp, "periods": periods}
            yield Finding("class_hours_exceed_grid", facts, hard=True, excess=jp - periods)
        elif jp < periods:
            below[rombel.school, jp, periods].append(rombel.name)
    for (school, jp, periods), names in below.items():
        shown: Facts = {"npsn": school, "school": week.school_name(school), "rombels": ", ".join(names), "jp": jp, "periods": periods}
        yield Finding("class_hours_below_grid", {**shown, "empty": periods - jp}, excess=periods - jp)


def blocks_and_days(week: WeekCount) -> Iterator[Finding]:
    """No lesson longer than the longest stretch of a day; more lessons than days is a note: some days have the subject twice."""
    straddle = week.case.instance.settings.blocks_may_straddle_breaks
    longest = {pattern: longest_stretch(week.case, pattern, straddle) for pattern in week.slots}
    for need in week.lessons:
        pattern = week.pattern_of(need)
        days = len({slot.day for slot in week.slots[pattern]})
        facts = need_facts(week, need)
        if len(need.blocks) > days:
            yield Finding("more_lessons_than_days", {**facts, "lessons": len(need.blocks), "days": days}, excess=len(need.blocks) - days)
        if max(need.blocks) > longest[pattern]:
            counted: Facts = {**facts, "length": max(need.blocks), "periods": longest[pattern]}
            yield Finding("lesson_longer_than_day", counted, hard=True, excess=max(need.blocks) - longest[pattern])


def longest_stretch(case: Case, pattern: str, straddle: bool) -> int:
    """Most consecutive lesson periods on any day; a break between them ends the stretch unless lessons may run over it."""
    longest = 0
    for day in DAYS:
        of_day = [slot for slot in case.instance.slots if slot.pattern == pattern and slot.day == day]
        periods = sorted((slot for slot in of_day if slot.kind is SlotKind.LESSON), key=lambda slot: slot.period)
        pauses = [slot.order for slot in of_day if slot.kind is not SlotKind.LESSON]
        stretch = min(1, len(periods))
        longest = max(longest, stretch)
        for before, after in pairwise(periods):
            cut = not straddle and any(before.order < order < after.order for order in pauses)
            stretch = stretch + 1 if after.period == before.period + 1 and not cut else 1
            longest = max(longest, stretch)
    return longest


def locked_hours(week: WeekCount) -> Iterator[Finding]:
    """A teacher's locked hours against the slots in which the teacher is free."""
    for code, needs in week.locked.items():
        patterns = {week.pattern_of(need) for need in needs}
        jp, periods = sum(need.jp for need in needs), most_disjoint(open_slots(week.case, code, patterns))
        if jp > periods:
            facts: Facts = {"teacher": code, "name": week.case.teachers[code].name, "jp": jp, "periods": periods}
            yield Finding("locked_hours_exceed_open_slots", facts, hard=True, excess=jp - periods)


def locked_days(week: WeekCount) -> Iterator[Finding]:
    """A locked subject's lessons against the days on which its teacher is there.

    A class has a subject at most ⌈lessons / days⌉ times a day, its split parts counted together.
    """
    for code, needs in week.locked.items():
        for need in needs:
            pattern = week.pattern_of(need)
            days = len({slot.day for slot in week.slots[pattern]})
            open_days = len({slot.day for slot in open_slots(week.case, code, (pattern,))})
            together = sum(len(n.blocks) for n in week.lessons if (n.school, n.subject, n.rombels) == (need.school, need.subject, need.rombels))
            most = open_days * -(-together // days)
            if len(need.blocks) > most:
                facts: Facts = {**need_facts(week, need), "teacher": code, "name": week.case.teachers[code].name}
                shown: Facts = {**facts, "lessons": len(need.blocks), "days": open_days}
                yield Finding("locked_lessons_exceed_teacher_days", shown, hard=True, excess=len(need.blocks) - most)


def parallel_groups(week: WeekCount) -> Iterator[Finding]:
    """Groups that start at the same time cannot be locked to one teacher."""
    for code, needs in week.locked.items():
        parallel = sorted((need for need in needs if need.parallel), key=lambda need: need.parallel)
        for first, second in pairwise(parallel):
            if first.parallel == second.parallel:
                facts: Facts = {"teacher": code, "name": week.case.teachers[code].name, "first": first.id, "second": second.id}
                yield Finding("parallel_groups_one_teacher", facts, hard=True, excess=1)


def room_hours(week: WeekCount) -> Iterator[Finding]:
    """Hours of the subjects that need a special room against the periods of those rooms, for rooms that share subjects together."""
    for school in week.case.instance.schools:
        special = [room for room in week.case.instance.rooms if room.school == school.npsn and room.subjects]
        patterns = {pattern for (npsn, _), pattern in week.pattern.items() if npsn == school.npsn and pattern}
        periods = most_room_periods(lesson_slots(week.case, patterns))
        for subjects, rooms in connected_rooms([frozenset(room.subjects) for room in special]):
            jp = sum(need.jp for need in week.lessons if need.school == school.npsn and need.subject in subjects)
            if jp > rooms * periods:
                names = ", ".join(week.case.instance.subject(subject).name for subject in sorted(subjects))
                facts: Facts = {"npsn": school.npsn, "school": school.name, "subjects": names, "jp": jp, "rooms": rooms, "periods": rooms * periods}
                yield Finding("room_hours_exceed_rooms", facts, hard=True, excess=jp - rooms * periods)


def most_room_periods(slots: Sequence[Slot]) -> int:
    """Most periods a week one room can be used; shifts without a clock are taken to follow each other."""
    clocked = [slot for slot in slots if slot.start is not None and slot.end is not None]
    return most_disjoint(clocked) + len(slots) - len(clocked)


def connected_rooms(subjects_of: Sequence[frozenset[str]]) -> Iterator[tuple[frozenset[str], int]]:
    """Rooms that share a subject, directly or over others: (their subjects, how many rooms they are)."""
    clusters: list[tuple[frozenset[str], int]] = []
    for subjects in subjects_of:
        joined, count = subjects, 1
        apart = []
        for cluster in clusters:
            if cluster[0] & joined:
                joined, count = joined | cluster[0], count + cluster[1]
            else:
                apart.append(cluster)
        clusters = [*apart, (joined, count)]
    yield from clusters


def teachers_present(week: WeekCount) -> Iterator[Finding]:
    """Hall's condition, slot by slot: classes that must be in lesson against teachers who can be there.

    Only classes whose hours fill their grid must be in lesson in every slot; classes taught together with others are left out. The plan
    stands all the same, with lessons without a teacher: a note, one a school and day, at the day's worst period.
    """
    together = {(need.school, rombel) for need in week.lessons if len(need.rombels) > 1 for rombel in need.rombels}
    for school in week.case.instance.schools:
        full: dict[str, int] = defaultdict(int)
        for rombel in week.case.instance.rombels_of(school.npsn):
            pattern = week.pattern[rombel.school, rombel.name]
            if pattern and (school.npsn, rombel.name) not in together and week.class_jp(rombel) >= len(week.slots[pattern]):
                full[pattern] += 1
        staff = [code for code in week.case.teachers if full and may_work_at(week.case, code, school.npsn)]
        for pattern, classes in full.items():
            yield from missing_teachers(week, school.npsn, pattern, classes, staff)


def missing_teachers(week: WeekCount, npsn: str, pattern: str, classes: int, staff: Sequence[str]) -> Iterator[Finding]:
    present: dict[tuple[str, int], int] = dict.fromkeys(((slot.day, slot.period) for slot in week.slots[pattern]), 0)
    for code in staff:
        for slot in open_slots(week.case, code, (pattern,)):
            present[slot.day, slot.period] += 1
    for day in DAYS:
        periods = {period: count for (slot_day, period), count in present.items() if slot_day == day and count < classes}
        if periods:
            worst = min(periods, key=lambda period: (periods[period], period))
            missing = sum(classes - count for count in periods.values())
            facts: Facts = {
                "npsn": npsn,
                "school": week.school_name(npsn),
                "day": day,
                "period": worst,
                "teachers": periods[worst],
                "classes": classes,
            }
            yield Finding("too_few_teachers_present", {**facts, "missing": missing}, excess=missing)


def unknown_ways(week: WeekCount) -> Iterator[Finding]:
    """Schools that may share a teacher though nobody has said how long the way takes: he changes between them only from day to day."""
    case = week.case
    staff: dict[str, list[str]] = defaultdict(list)
    for teacher in case.instance.teachers:
        if teacher.home in case.schools:
            staff[teacher.home].append(teacher.code)
    shared = {
        home: [
            s.name for s in case.instance.schools if any(case.may_visit(code, s.npsn) for code in codes) and case.travel_minutes(home, s.npsn) is None
        ]
        for home, codes in staff.items()
    }
    told: set[frozenset[str]] = set()
    for home, names in shared.items():
        first = case.schools[home].name
        new = [name for name in names if frozenset((first, name)) not in told]
        told |= {frozenset((first, name)) for name in new}
        if new and case.instance.slots:
            yield Finding("way_unknown", {"first": first, "schools": ", ".join(new), "count": len(new)})


def may_work_at(case: Case, code: str, npsn: str) -> bool:
    return code in case.active and (case.teachers[code].home == npsn or case.may_visit(code, npsn))


def need_facts(week: WeekCount, need: Need) -> Facts:
    subject = week.case.instance.subject(need.subject)
    return {
        "need": need.id,
        "school": week.school_name(need.school),
        "rombel": ", ".join(need.rombels),
        "subject": subject.name,
        "jp": need.jp,
    }
