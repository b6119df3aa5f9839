"""The week of one school as aSc counts it: days as places of a mask, and one row of periods for all bell patterns.

aSc knows one list of periods. A school with one pattern keeps its own numbers; of two shifts the later one's periods follow the earlier one's.
Breaks are no periods: they show as the gap between two clock times. What comes before the first lesson of a day (upacara, pembiasaan) is period 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduler.domain.entities import Rombel, Slot, SlotKind
from scheduler.domain.instance import DAYS, Instance
from scheduler.domain.plan import Lesson

ZERO = 0
"""aSc's own name is zero period: before the first lesson."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period of aSc; ``number`` is its place in the list, ``own`` the number in its bell pattern. Minutes after midnight."""

    number: int
    pattern: str
    own: int
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class SchoolEvent:
    """An upacara or pembiasaan that stands in a period of aSc, for every class of its pattern."""

    kind: SlotKind
    pattern: str
    day: str
    number: int


@dataclass(frozen=True)
class AscWeek:
    """Days, periods and events of one school."""

    instance: Instance
    npsn: str

    @cached_property
    def rombels(self) -> tuple[Rombel, ...]:
        return self.instance.rombels_of(self.npsn)

    def bell(self, rombel: Rombel) -> str:
        """The bell pattern of a class: its own (second shift), else its school's."""
        return rombel.bell or self.instance.school(self.npsn).bell

    def lesson_bell(self, lesson: Lesson) -> str:
        """The pattern that numbers a lesson's periods: that of its first class, else the school's."""
        rombel = next((r for r in self.rombels if r.name in lesson.rombels), None)
        return self.bell(rombel) if rombel else self.instance.school(self.npsn).bell

    @cached_property
    def slots(self) -> Mapping[str, tuple[Slot, ...]]:
        """Slots by bell pattern, the pattern that begins first before the others."""
        used = dict.fromkeys([self.bell(rombel) for rombel in self.rombels] or [self.instance.school(self.npsn).bell])
        found = {pattern: tuple(slot for slot in self.instance.slots if slot.pattern == pattern) for pattern in used}
        known = [pattern for pattern, slots in found.items() if any(slot.kind is SlotKind.LESSON for slot in slots)]
        return {pattern: found[pattern] for pattern in sorted(known, key=lambda pattern: first_minute(found[pattern]))}

    @cached_property
    def days(self) -> tuple[str, ...]:
        """The days that aSc must be set to before the import, in their order."""
        taught = {slot.day for slots in self.slots.values() for slot in slots if slot.kind is SlotKind.LESSON}
        return tuple(day for day in DAYS if day in taught)

    def mask(self, day: str) -> str:
        """``010000``: as long as there are days, or aSc leaves the card unplaced without a word."""
        return "".join("1" if other == day else "0" for other in self.days)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        return (*self._zero_period(), *self._lesson_periods())

    def _lesson_periods(self) -> Iterator[Period]:
        offset = 0
        for pattern, slots in self.slots.items():
            numbers = sorted({slot.period for slot in slots if slot.kind is SlotKind.LESSON})
            for own in numbers:
                yield Period(offset + own, pattern, own, *usual_clock(slots, own))
            offset += numbers[-1]

    def _zero_period(self) -> Iterator[Period]:
        """At its own clock, or just before period 1 where the lessons of the ceremony's day begin later than on the others."""
        zero = [slot for event, slot in self._placed_events if event.number == ZERO]
        if not zero:
            return
        first = next(self._lesson_periods())
        start, end = zero[0].start, zero[0].end
        if start is not None and end is not None and first.start is not None and end > first.start:
            start, end = max(0, first.start - (end - start)), first.start
        yield Period(ZERO, zero[0].pattern, ZERO, start, end)

    @cached_property
    def numbers(self) -> Mapping[tuple[str, int], int]:
        """(pattern, own number) → number in aSc."""
        return {(period.pattern, period.own): period.number for period in self._lesson_periods()}

    # --- what is no lesson -----------------------------------------------------------------------------------------------------------------

    @cached_property
    def events(self) -> tuple[SchoolEvent, ...]:
        return tuple(event for event, _ in self._placed_events)

    @cached_property
    def events_left_out(self) -> int:
        """Upacara, pembiasaan and the like between two lessons, or a second one before the first: aSc has no period for them."""
        return sum(is_event(slot) for slots in self.slots.values() for slot in slots) - len(self._placed_events)

    @cached_property
    def _placed_events(self) -> tuple[tuple[SchoolEvent, Slot], ...]:
        found = []
        for place, (pattern, slots) in enumerate(self.slots.items()):
            own_numbers = {slot.period for slot in slots if slot.kind is SlotKind.LESSON}
            for day in self.days:
                of_day = sorted((slot for slot in slots if slot.day == day), key=lambda slot: slot.order)
                first = next((index for index, slot in enumerate(of_day) if slot.kind is SlotKind.LESSON), len(of_day))
                before = [slot for slot in of_day[:first] if is_event(slot) and slot.period == 0]
                for slot in of_day:
                    if is_event(slot) and slot.period in own_numbers:
                        found.append((SchoolEvent(slot.kind, pattern, day, self.numbers[pattern, slot.period]), slot))
                if before and place == 0:
                    found.append((SchoolEvent(before[-1].kind, pattern, day, ZERO), before[-1]))
        return tuple(found)

    # --- clock times -------------------------------------------------------------------------------------------------------------------------

    @cached_property
    def days_of_other_clock(self) -> tuple[str, ...]:
        """Days on which a lesson begins or ends at another time than in aSc's one list of periods."""
        usual = {(period.pattern, period.own): (period.start, period.end) for period in self.periods}
        other = {
            slot.day
            for slots in self.slots.values()
            for slot in slots
            if slot.kind is SlotKind.LESSON and (slot.start, slot.end) != usual[slot.pattern, slot.period]
        }
        return tuple(day for day in self.days if day in other)


def is_event(slot: Slot) -> bool:
    return slot.kind not in (SlotKind.LESSON, SlotKind.BREAK)


def first_minute(slots: Sequence[Slot]) -> int:
    return min((slot.start for slot in slots if slot.start is not None), default=0)


def usual_clock(slots: Sequence[Slot], own: int) -> tuple[int | None, int | None]:
    """Start and end of a period on most of its days; of equally many the earlier day's."""
    clocks = Counter((slot.start, slot.end) for slot in slots if slot.kind is SlotKind.LESSON and slot.period == own)
    return clocks.most_common(1)[0][0]
