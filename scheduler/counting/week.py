"""What the week forbids, by counting alone: class hours against the grid, locked hours against open slots, blocks against days, rooms.

A CP-SAT model may leave "24 hours in 20 slots" undecided for minutes; a sum says it at once, and everybody can check it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from scheduler.counting.blocks import blocks_and_days, class_blocks, locked_blocks
from scheduler.counting.capacity import most_disjoint, open_slots
from scheduler.counting.demand import demand_findings
from scheduler.counting.finding import Facts, Finding, loudest_first
from scheduler.counting.presence import teachers_present
from scheduler.counting.rooms import room_hours
from scheduler.counting.staff import staff_findings
from scheduler.counting.week_count import WeekCount, need_facts
from scheduler.policy.case import Case


def findings(case: Case) -> tuple[Finding, ...]:
    """All that counting finds, hard ones first. An empty result proves nothing: only the solve decides then."""
    week = WeekCount(case)
    checks = (
        bell_times,
        class_hours,
        blocks_and_days,
        class_blocks,
        locked_hours,
        locked_days,
        locked_blocks,
        parallel_groups,
        room_hours,
        teachers_present,
        unknown_ways,
    )
    return loudest_first([*(finding for check in checks for finding in check(week)), *staff_findings(week.staff), *demand_findings(week)])


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


def locked_hours(week: WeekCount) -> Iterator[Finding]:
    """A teacher's locked hours against the slots in which the teacher is free: those of each bell pattern, and all together."""
    for code, needs in week.locked.items():
        patterns = sorted({week.pattern_of(need) for need in needs})
        for chosen in dict.fromkeys((tuple(patterns), *((pattern,) for pattern in patterns))):
            jp = sum(need.jp for need in needs if week.pattern_of(need) in chosen)
            periods = most_disjoint(open_slots(week.case, code, chosen))
            if jp > periods:
                facts: Facts = {"teacher": code, "name": week.case.teachers[code].name, "jp": jp, "periods": periods, "patterns": ", ".join(chosen)}
                yield Finding("locked_hours_exceed_open_slots", facts, hard=True, excess=jp - periods)
                break


def locked_days(week: WeekCount) -> Iterator[Finding]:
    """A locked subject's lessons against the days on which its teacher is there.

    A class has a subject at most ⌈lessons / days⌉ times a day, its split parts counted together.
    """
    for code, needs in week.locked.items():
        for need in needs:
            most = week.most_lessons(code, need)
            if len(need.blocks) > most:
                open_days = len({day for day, _ in week.open_slots(code, week.pattern_of(need))})
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
