"""The week of a plan, read against the bell times: which lessons stand at times that exist, and who is where.

A lesson lies on the bell pattern of its first rombel; an open hour (Jam Mitra) on that of its school. A school without a pattern in Waktu uses the
Sekolah Utama's; where that has none either, the school is not timetabled and no lesson is expected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduler.domain.entities import AvailabilityKind, Slot, SlotKind
from scheduler.domain.plan import Lesson
from scheduler.policy.case import Need, NeedKind
from scheduler.verify.reading import Reading


@dataclass(frozen=True, slots=True)
class Placed:
    """A lesson at a time that exists. ``first`` and ``last`` are period numbers of ``pattern``; the clock is None where a slot has none."""

    lesson: Lesson
    need: Need
    teacher: str | None
    pattern: str
    first: int
    last: int
    start: int | None
    end: int | None

    @property
    def school(self) -> str:
        return self.need.school

    @property
    def day(self) -> str:
        return self.lesson.day

    @property
    def periods(self) -> range:
        return range(self.first, self.last + 1)


@dataclass(frozen=True)
class Week:
    """Indexes over the lessons of a plan; every look-up is built once."""

    reading: Reading

    # --- bell times ----------------------------------------------------------------------------------------------------------------

    @cached_property
    def lesson_slots(self) -> Mapping[tuple[str, str], Mapping[int, Slot]]:
        """Slots that carry lessons, by period number, for every (pattern, day) that has any."""
        slots: dict[tuple[str, str], dict[int, Slot]] = defaultdict(dict)
        for slot in self.reading.case.instance.slots:
            if slot.kind is SlotKind.LESSON:
                slots[slot.pattern, slot.day].setdefault(slot.period, slot)
        return dict(slots)

    @cached_property
    def days_in(self) -> Mapping[str, int]:
        """Number of days with lessons, for every pattern that has any."""
        days: dict[str, int] = defaultdict(int)
        for pattern, _ in self.lesson_slots:
            days[pattern] += 1
        return days

    @cached_property
    def pauses(self) -> Mapping[tuple[str, str], Sequence[int]]:
        """Places in the day (``order``) of what is no lesson, by (pattern, day)."""
        orders = defaultdict(list)
        for slot in self.reading.case.instance.slots:
            if slot.kind is not SlotKind.LESSON:
                orders[slot.pattern, slot.day].append(slot.order)
        return orders

    def straddles(self, placed: Placed) -> bool:
        """Whether a break (or anything else that is no lesson) lies inside the lesson."""
        slots = self.lesson_slots[placed.pattern, placed.day]
        return any(slots[placed.first].order < order < slots[placed.last].order for order in self.pauses.get((placed.pattern, placed.day), ()))

    @cached_property
    def _rombel_bells(self) -> Mapping[tuple[str, str], str]:
        return {(rombel.school, rombel.name): rombel.bell for rombel in self.reading.case.instance.rombels}

    def pattern_of(self, need: Need) -> str:
        """Bell pattern of a need, "" where its school is not timetabled."""
        case = self.reading.case
        rombel = need.rombels[0] if need.rombels and need.kind is NeedKind.LESSON else ""
        main = case.schools.get(case.main_school)
        wanted = (self._rombel_bells.get((need.school, rombel), ""), case.schools[need.school].bell, main.bell if main else "")
        return next((bell for bell in wanted if bell in self.days_in), "")

    def way(self, origin: str, destination: str) -> int | None:
        """Minutes between two schools, None where they are not known."""
        if (origin, destination) not in self._ways:
            self._ways[origin, destination] = self.reading.case.travel_minutes(origin, destination)
        return self._ways[origin, destination]

    @cached_property
    def _ways(self) -> dict[tuple[str, str], int | None]:
        return {}

    # --- lessons -------------------------------------------------------------------------------------------------------------------

    @cached_property
    def timetabled(self) -> Mapping[str, Need]:
        """Needs that have lessons in the week: every lesson need with JP, taught or not, and every open hour that is taught."""
        return {
            need.id: need
            for need in self.reading.case.needs
            if need.jp > 0
            and (need.kind is NeedKind.LESSON or (need.kind is NeedKind.OPEN_HOURS and self.reading.teacher_of.get(need.id) is not None))
            and self.pattern_of(need)
        }

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """Lessons of timetabled needs at times that exist, in the order of the plan."""
        return tuple(placed for lesson in self.reading.plan.lessons if (placed := self._place(lesson)) is not None)

    def _place(self, lesson: Lesson) -> Placed | None:
        """The lesson at its time, or None: ``length`` consecutive period numbers must all exist on the day."""
        need = self.timetabled.get(lesson.need)
        if need is None or lesson.length < 1:
            return None
        pattern, last = self.pattern_of(need), lesson.period + lesson.length - 1
        slots = self.lesson_slots.get((pattern, lesson.day), {})
        # The ends first: a malformed file may state a length of millions.
        if lesson.period not in slots or last not in slots or not all(period in slots for period in range(lesson.period, last + 1)):
            return None
        start, end = slots[lesson.period].start, slots[last].end
        return Placed(lesson, need, self.reading.teacher_of.get(need.id), pattern, lesson.period, last, start, end)

    @cached_property
    def lessons_of(self) -> Mapping[str, Sequence[Placed]]:
        """Placed lessons of every timetabled need, none included."""
        lessons: dict[str, list[Placed]] = {need_id: [] for need_id in self.timetabled}
        for placed in self.placed:
            lessons[placed.need.id].append(placed)
        return lessons

    def is_complete(self, need: Need) -> bool:
        """Whether the placed lessons of a need add up to its JP."""
        return sum(placed.lesson.length for placed in self.lessons_of[need.id]) == need.jp

    @cached_property
    def by_teacher(self) -> Mapping[tuple[str, str], Sequence[Placed]]:
        """Placed lessons by (teacher, day)."""
        lessons = defaultdict(list)
        for placed in self.placed:
            if placed.teacher is not None:
                lessons[placed.teacher, placed.day].append(placed)
        return lessons

    @cached_property
    def by_rombel(self) -> Mapping[tuple[str, str, str], Sequence[Placed]]:
        """Placed lessons by (school, rombel, day); an open hour without a rombel belongs to none."""
        lessons = defaultdict(list)
        for placed in self.placed:
            for rombel in placed.need.rombels:
                lessons[placed.school, rombel, placed.day].append(placed)
        return lessons

    @cached_property
    def by_room(self) -> Mapping[tuple[str, str, str], Sequence[Placed]]:
        """Placed lessons with a room by (school, room, day)."""
        lessons = defaultdict(list)
        for placed in self.placed:
            if placed.lesson.room:
                lessons[placed.school, placed.lesson.room, placed.day].append(placed)
        return lessons

    # --- teachers ------------------------------------------------------------------------------------------------------------------

    @cached_property
    def days_of(self) -> Mapping[str, frozenset[str]]:
        """Days with lessons of every teacher who has any."""
        days = defaultdict(set)
        for teacher, day in self.by_teacher:
            days[teacher].add(day)
        return {teacher: frozenset(found) for teacher, found in days.items()}

    @cached_property
    def idle_hours(self) -> Mapping[tuple[str, str], int]:
        """Free lesson periods between the first and the last lesson, by (teacher, day), where there are any.

        Counted by the period numbers of the bell pattern, so that breaks are no gap; for a teacher at two schools (or in two shifts) a day
        inside each one's lessons only.
        """
        idle: dict[tuple[str, str], int] = defaultdict(int)
        for (teacher, day), lessons in self.by_teacher.items():
            places: dict[tuple[str, str], set[int]] = defaultdict(set)
            for placed in lessons:
                places[placed.school, placed.pattern].update(placed.periods)
            for (_, pattern), busy in places.items():
                slots = self.lesson_slots[pattern, day]
                free = sum(min(busy) < period < max(busy) and period not in busy for period in slots)
                if free:
                    idle[teacher, day] += free
        return dict(idle)

    @cached_property
    def _wishes(self) -> Mapping[AvailabilityKind, frozenset[tuple[str, str, int | None]]]:
        rows = self.reading.case.instance.availability
        return {kind: frozenset((r.teacher, r.day, r.period) for r in rows if r.kind is kind) for kind in AvailabilityKind}

    def periods_against(self, kind: AvailabilityKind) -> Iterator[tuple[Placed, int]]:
        """(lesson, period) of everything taught at a time the teacher has named in Ketersediaan; period numbers are the lesson's own pattern's."""
        wishes = self._wishes[kind]
        for placed in self.placed if wishes else ():
            for period in placed.periods:
                code = placed.teacher
                if code is not None and ((code, placed.day, period) in wishes or (code, placed.day, None) in wishes):
                    yield placed, period
