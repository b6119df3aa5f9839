"""Lessons of several JP in a row: what the days of a class, and the open periods of a teacher, have room for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, zip_longest

from scheduler.counting.finding import Facts, Finding
from scheduler.counting.week_count import WeekCount, need_facts
from scheduler.domain.entities import Slot, SlotKind
from scheduler.domain.instance import DAYS
from scheduler.policy.case import Need


def blocks_and_days(week: WeekCount) -> Iterator[Finding]:
    """No lesson longer than the longest stretch of a day; more lessons than days is a note: some days have the subject twice."""
    longest = {pattern: max((length for found in stretches(week, pattern).values() for length in found), default=0) for pattern in week.slots}
    for need in week.lessons:
        pattern = week.pattern_of(need)
        days = len({slot.day for slot in week.slots[pattern]})
        facts = need_facts(week, need)
        if len(need.blocks) > days:
            yield Finding("more_lessons_than_days", {**facts, "lessons": len(need.blocks), "days": days}, excess=len(need.blocks) - days)
        if max(need.blocks) > longest[pattern]:
            counted: Facts = {**facts, "length": max(need.blocks), "periods": longest[pattern]}
            yield Finding("lesson_longer_than_day", counted, hard=True, excess=max(need.blocks) - longest[pattern])


def class_blocks(week: WeekCount) -> Iterator[Finding]:
    """Lessons of so many JP of each class against those that its days have room for; a day of 7 periods has room for three of 2."""
    for rombel in week.case.instance.rombels:
        pattern = week.pattern[rombel.school, rombel.name]
        if pattern:
            lengths = block_lengths(week.of_rombel.get((rombel.school, rombel.name), ()))
            # A lesson that no day has room for is told by blocks_and_days.
            for length, lessons, room in (row for row in too_many(lengths, stretches(week, pattern)) if row[2]):
                facts: Facts = {"npsn": rombel.school, "school": week.school_name(rombel.school), "rombel": rombel.name}
                yield Finding(
                    "class_blocks_exceed_days", {**facts, "length": length, "lessons": lessons, "room": room}, hard=True, excess=lessons - room
                )


def locked_blocks(week: WeekCount) -> Iterator[Finding]:
    """Lessons of so many JP that are locked to a teacher against those that the teacher's open periods have room for, by bell pattern."""
    for code, needs in week.locked.items():
        for pattern in dict.fromkeys(week.pattern_of(need) for need in needs):
            lengths = block_lengths([need for need in needs if week.pattern_of(need) == pattern])
            for length, lessons, room in too_many(lengths, open_stretches(week, code, pattern)):
                facts: Facts = {"teacher": code, "name": week.case.teachers[code].name, "pattern": pattern}
                yield Finding(
                    "locked_blocks_exceed_open_periods",
                    {**facts, "length": length, "lessons": lessons, "room": room},
                    hard=True,
                    excess=lessons - room,
                )


def too_many(lengths: Sequence[int], stretches_of: Mapping[str, Sequence[int]]) -> Iterator[tuple[int, int, int]]:
    """(length, lessons at least so long, how many of them the stretches take) where these are fewer: the first length alone, from two JP on.

    Only where the hours themselves have room: that they have not is told on its own.
    """
    found = [length for of_day in stretches_of.values() for length in of_day]
    if sum(lengths) > sum(found):
        return
    for length in sorted(set(lengths) - {1}):
        lessons, room = sum(own >= length for own in lengths), room_for(length, found)
        if lessons > room:
            yield length, lessons, room
            return


def room_for(length: int, found: Iterable[int]) -> int:
    """Lessons of ``length`` periods that fit into stretches one after the other."""
    return sum(stretch // length for stretch in found)


def block_lengths(needs: Iterable[Need]) -> list[int]:
    """JP of every lesson; groups that run at the same time count once, the longest with the longest."""
    alone: list[int] = []
    parallel: dict[str, list[int]] = {}
    for need in needs:
        if need.parallel:
            together = zip_longest(parallel.get(need.parallel, []), sorted(need.blocks, reverse=True), fillvalue=0)
            parallel[need.parallel] = [max(pair) for pair in together]
        else:
            alone += need.blocks
    return [*alone, *(length for lengths in parallel.values() for length in lengths)]


def open_stretches(week: WeekCount, code: str, pattern: str) -> Mapping[str, Sequence[int]]:
    """Lengths of the teacher's open periods in a row, by day."""
    is_open = week.open_slots(code, pattern)
    return stretches(week, pattern, lambda slot: (slot.day, slot.period) in is_open)


def stretches(week: WeekCount, pattern: str, is_open: Callable[[Slot], bool] = lambda slot: True) -> Mapping[str, Sequence[int]]:
    """Lengths of lesson periods in a row, by day; a break between them ends the stretch unless lessons may run over it."""
    straddle = week.case.instance.settings.blocks_may_straddle_breaks
    found: dict[str, list[int]] = {}
    for day in DAYS:
        of_day = [slot for slot in week.case.instance.slots if slot.pattern == pattern and slot.day == day]
        periods = sorted((slot for slot in of_day if slot.kind is SlotKind.LESSON and is_open(slot)), key=lambda slot: slot.period)
        pauses = [slot.order for slot in of_day if slot.kind is not SlotKind.LESSON]
        if periods:
            found[day] = [1]
        for before, after in pairwise(periods):
            cut = not straddle and any(before.order < order < after.order for order in pauses)
            if after.period == before.period + 1 and not cut:
                found[day][-1] += 1
            else:
                found[day].append(1)
    return found
