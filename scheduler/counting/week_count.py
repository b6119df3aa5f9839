"""The case with what several counts of the week share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from scheduler.counting.capacity import bell_pattern, known_patterns, lesson_slots, open_periods, open_slots, school_pattern
from scheduler.counting.finding import Facts
from scheduler.counting.staff import StaffCount
from scheduler.domain.entities import Rombel, Slot
from scheduler.policy.case import Case, Need, NeedKind


@dataclass(frozen=True)
class WeekCount:
    """The case with what several counts share: the pattern of each rombel, and the needs that stand in the week."""

    case: Case

    @cached_property
    def pattern(self) -> Mapping[tuple[str, str], str]:
        """(school, rombel) → bell pattern, "" without one."""
        return {(rombel.school, rombel.name): bell_pattern(self.case, rombel, self.known) for rombel in self.case.instance.rombels}

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
        """Lessons that Kunci binds to a teacher who may teach them, by teacher."""
        timed = {need.id for need in self.lessons}
        bound = {code: [need for need in needs if need.id in timed] for code, needs in self.staff.locked.items()}
        return {code: needs for code, needs in bound.items() if needs}

    @cached_property
    def staff(self) -> StaffCount:
        """Who may teach what."""
        return StaffCount(self.case)

    @cached_property
    def _open(self) -> dict[tuple[str, str], frozenset[tuple[str, int]]]:
        return {}

    def open_slots(self, code: str, pattern: str) -> frozenset[tuple[str, int]]:
        """(day, period) of the pattern's lesson slots in which the teacher can be there."""
        if (code, pattern) not in self._open:
            self._open[code, pattern] = frozenset((slot.day, slot.period) for slot in open_slots(self.case, code, (pattern,)))
        return self._open[code, pattern]

    @cached_property
    def _together(self) -> Mapping[tuple[str, str, tuple[str, ...]], int]:
        """Blocks a week of a class's subject, its split parts counted together."""
        together: dict[tuple[str, str, tuple[str, ...]], int] = defaultdict(int)
        for need in self.lessons:
            together[need.school, need.subject, need.rombels] += len(need.blocks)
        return together

    def lessons_a_day(self, need: Need) -> int:
        """Most blocks of the need a day: a class has a subject at most ⌈blocks / days⌉ times."""
        days = len({slot.day for slot in self.slots[self.pattern_of(need)]})
        return -(-self._together[need.school, need.subject, need.rombels] // days)

    def most_lessons(self, code: str, need: Need) -> int:
        """Most blocks of the need that the teacher's open days can take."""
        return len({day for day, _ in self.open_slots(code, self.pattern_of(need))}) * self.lessons_a_day(need)

    def has_time_for(self, code: str, need: Need) -> bool:
        """Whether the teacher's open periods and days could take the need if it were alone."""
        return len(self.open_slots(code, self.pattern_of(need))) >= need.jp and self.most_lessons(code, need) >= len(need.blocks)

    @cached_property
    def open_periods(self) -> Mapping[str, int | None]:
        """Most lesson periods a week of each active teacher; None where some hours that may be taught stand in no week (a school without Waktu)."""
        return {
            code: open_periods(self.case, code) if all(self.is_timed(need) for need in self.staff.may_have.get(code, ()) if need.jp > 0) else None
            for code in self.case.teachers
            if code in self.case.active
        }

    def is_timed(self, need: Need) -> bool:
        """Whether the need takes periods of a bell pattern."""
        if need.kind is NeedKind.OPEN_HOURS:
            return bool(school_pattern(self.case, self.case.schools[need.school], self.known))
        return bool(self.pattern_of(need))

    @cached_property
    def known(self) -> frozenset[str]:
        """Bell patterns that carry lessons."""
        return known_patterns(self.case)

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


def need_facts(week: WeekCount, need: Need) -> Facts:
    subject = week.case.instance.subject(need.subject)
    return {
        "need": need.id,
        "school": week.school_name(need.school),
        "rombel": ", ".join(need.rombels),
        "subject": subject.name,
        "jp": need.jp,
    }
