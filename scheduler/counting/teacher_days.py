"""On how many days a teacher has to be at a school for what he teaches there, and how many days there are: counting only, no solver.

Every number is a necessary condition: no week has a teacher at a school on fewer days, or for more hours on a day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from scheduler.counting.capacity import bell_pattern, known_patterns, school_pattern
from scheduler.domain.entities import AvailabilityKind, SlotKind, WeekRuleKind
from scheduler.domain.instance import DAYS
from scheduler.policy.case import Case, Need, NeedKind

NEVER: Set[int | None] = frozenset()


@dataclass(frozen=True)
class TeacherDays:
    """``bells`` are the bell patterns of the needs that the week holds."""

    case: Case
    bells: Mapping[Need, str]

    @staticmethod
    def of_case(case: Case) -> TeacherDays:
        """Of everything that might be taught; needs without a bell pattern have no week.

        More lessons than there will be in the end only lessen what is asked (``most_a_day``).
        """
        known = known_patterns(case)
        pattern = {school.npsn: school_pattern(case, school, known) for school in case.instance.schools}
        of_rombel = {(rombel.school, rombel.name): bell_pattern(case, rombel, known) for rombel in case.instance.rombels}

        def bell(need: Need) -> str:
            first = (need.school, need.rombels[0]) if need.rombels and need.kind is NeedKind.LESSON else None
            return of_rombel.get(first, pattern[need.school]) if first else pattern[need.school]

        in_week = [need for need in case.needs if need.jp > 0 and need.kind in (NeedKind.LESSON, NeedKind.OPEN_HOURS)]
        return TeacherDays(case, {need: own for need in in_week if (own := bell(need))})

    # --- what is asked ---------------------------------------------------------------------------------------------------------------

    def days_of(self, need: Need) -> int:
        """Fewest days on which a need's lessons can stand; 0 where it has no week."""
        return -(-len(need.blocks) // self.most_a_day(need)) if need in self.bells else 0

    def most_a_day(self, need: Need) -> int:
        """Most lessons a day of a class's subject: one, unless there are more of them than days (``spread_events``; groups are not told apart)."""
        return max(1, -(-self._lessons_of[course(need)] // max(1, len(self.periods[self.bells[need]]))))

    @cached_property
    def _lessons_of(self) -> Mapping[tuple[str, ...], int]:
        """Lessons a week of each class's subject."""
        found: Counter[tuple[str, ...]] = Counter()
        for need in self.bells:
            found[course(need)] += len(need.blocks)
        return found

    # --- what there is -----------------------------------------------------------------------------------------------------------------

    @cached_property
    def periods(self) -> Mapping[str, Mapping[str, frozenset[int]]]:
        """Numbers of the lesson periods by pattern and day."""
        found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for slot in self.case.instance.slots:
            if slot.kind is SlotKind.LESSON:
                found[slot.pattern][slot.day].add(slot.period)
        return {pattern: {day: frozenset(numbers) for day, numbers in days.items()} for pattern, days in found.items()}

    def open_hours(self, code: str, needs: Iterable[Need]) -> dict[str, int]:
        """Periods of each day at which the teacher could teach these needs; days without any are left out."""
        bells = {(need.school, self.bells[need]) for need in needs if need in self.bells}
        found: dict[str, int] = {}
        for day in DAYS:
            closed = self._closed.get((code, day), NEVER)
            free = sum(len(self.periods[pattern].get(day, frozenset()) - closed) for _, pattern in bells) if None not in closed else 0
            if free and day != self.case.teachers[code].mgmp_day:
                found[day] = min(free, self._most_a_day.get(code, self._most_a_day.get("", free)))
        return found

    @cached_property
    def _closed(self) -> Mapping[tuple[str, str], set[int | None]]:
        """Periods at which a teacher cannot come, by (teacher, day); None = the whole day."""
        found: dict[tuple[str, str], set[int | None]] = defaultdict(set)
        for row in self.case.instance.availability:
            if row.kind is AvailabilityKind.IMPOSSIBLE:
                found[row.teacher, row.day].add(row.period)
        return found

    @cached_property
    def _most_a_day(self) -> Mapping[str, int]:
        return self._least(WeekRuleKind.DAY_HOURS)

    def most_days(self, code: str) -> int:
        """Aturan Jadwal: most days a week of the teacher, all schools together."""
        return self._most_days.get(code, self._most_days.get("", len(DAYS)))

    @cached_property
    def _most_days(self) -> Mapping[str, int]:
        return self._least(WeekRuleKind.DAYS)

    def _least(self, kind: WeekRuleKind) -> Mapping[str, int]:
        """The strictest binding row for each teacher, "" = who has none of his own."""
        rules = [rule for rule in self.case.instance.week_rules if rule.kind is kind and rule.required and rule.amount is not None]
        everybody = [rule.amount or 0 for rule in rules if not rule.teacher]
        found = {rule.teacher: min([*everybody, *(r.amount or 0 for r in rules if r.teacher == rule.teacher)]) for rule in rules if rule.teacher}
        return found | ({"": min(everybody)} if everybody else {})

    # --- schools between which a day can be shared ---------------------------------------------------------------------------------------

    def apart(self, schools: Sequence[str]) -> list[frozenset[str]]:
        """Schools in groups: who is at schools of two groups needs a day for each, for no way is known between them."""
        groups: list[frozenset[str]] = []
        for school in schools:
            near = [group for group in groups if any(frozenset((school, other)) in self._ways for other in group)]
            groups = [group for group in groups if group not in near] + [frozenset((school,)).union(*near)]
        return groups

    @cached_property
    def _ways(self) -> Collection[frozenset[str]]:
        """Pairs of schools with a known way in minutes."""
        return {frozenset((row.origin, row.destination)) for row in self.case.instance.distances if row.minutes is not None}


def course(need: Need) -> tuple[str, ...]:
    """One subject of one class."""
    return (need.school, need.subject, *need.rombels) if need.rombels else (need.id,)


def fullest(hours: int, lessons: Iterable[Collection[int]]) -> int:
    """The most of a day's hours that lessons can fill; of each kind at most one of the lengths given. Sums are the bits of one number."""
    sums = 1
    for lengths in lessons:
        reached = sums
        for length in lengths:
            reached |= sums << length
        sums = reached
    return (sums & ((2 << hours) - 1)).bit_length() - 1


def days_for(hours: int, most: Mapping[str, int]) -> int:
    """As many days as so many hours need, the longest first; all there are where they are too few."""
    longest = sorted(most.values(), reverse=True)
    return next((count for count in range(len(longest) + 1) if sum(longest[:count]) >= hours), len(longest))
