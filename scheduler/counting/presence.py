"""Teachers present against classes, for every set of slots at once: the slots that are missed most are found by flow, not by trying sets.

Classes must be in lesson in every slot but those that their hours leave empty. In a set S of slots k classes need k·|S| teacher hours; a teacher t
gives at most min(open slots of t in S, hours of t), where the hours of t are JP Maks less what is locked elsewhere, and no more than the lessons of
these classes that t may teach at all (P. Hall 1935, with amounts).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from scheduler.counting.finding import Facts, Finding
from scheduler.counting.flow import lacks
from scheduler.counting.week_count import WeekCount
from scheduler.domain.entities import Rombel, Slot
from scheduler.domain.instance import DAYS
from scheduler.policy.case import Need

SlotKey = tuple[str, int]
"""(day, period) of one bell pattern."""

NOBODY = ""
"""Stands for the slots that may be empty, or in lesson without a teacher."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """A set of slots in which the classes cannot all have a teacher.

    ``needed`` = classes × slots, ``given`` what each teacher gives to these slots at most, ``spare`` what may be empty or without a teacher;
    ``missing`` = needed - Σ given - spare.
    """

    slots: tuple[SlotKey, ...]
    needed: int
    given: Mapping[str, int]
    spare: int
    missing: int


@dataclass(frozen=True)
class Presence:
    """Some classes of one school and bell pattern."""

    week: WeekCount
    npsn: str
    pattern: str
    rombels: tuple[Rombel, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        return self.week.slots[self.pattern]

    @property
    def full(self) -> Presence:
        """Those of the classes whose hours fill their grid."""
        return replace(self, rombels=tuple(rombel for rombel in self.rombels if self.week.class_jp(rombel) >= len(self.slots)))

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        return tuple(need for rombel in self.rombels for need in self.week.of_rombel.get((rombel.school, rombel.name), ()))

    @property
    def empty(self) -> int:
        """Periods that the classes' hours leave empty."""
        return sum(max(0, len(self.slots) - self.week.class_jp(rombel)) for rombel in self.rombels)

    @property
    def unlocked_jp(self) -> int:
        """Hours that a plan may leave without a teacher: all that no Kunci binds to somebody who may teach them."""
        return sum(need.jp for need in self.needs if not need.locked or not self.week.staff.eligible[need.id])

    @property
    def unteachable_jp(self) -> int:
        """Hours that nobody may teach: told elsewhere, and never with a teacher."""
        return sum(need.jp for need in self.needs if not self.week.staff.eligible[need.id])

    @cached_property
    def hours(self) -> Mapping[str, int]:
        """Most JP each teacher can teach in these classes."""
        teachable: dict[str, int] = defaultdict(int)
        for need in self.needs:
            for code in self.week.staff.eligible[need.id]:
                teachable[code] += need.jp
        here = {need.id for need in self.needs}
        locked_elsewhere = {code: sum(need.jp for need in self.week.staff.locked.get(code, ()) if need.id not in here) for code in teachable}
        case = self.week.case
        most = {code: min(jp, case.max_jp(code) - locked_elsewhere[code]) for code, jp in teachable.items()}
        return {code: max(0, most[code]) for code in case.teachers if code in most}

    @cached_property
    def open(self) -> Mapping[str, frozenset[SlotKey]]:
        """Slots of the pattern in which each of these teachers can be there."""
        return {code: self.week.open_slots(code, self.pattern) for code in self.hours}

    @cached_property
    def alike(self) -> Mapping[frozenset[str], tuple[SlotKey, ...]]:
        """Slots by who can be there: for the sums, slots with the same people are one."""
        always = frozenset(code for code, times in self.open.items() if len(times) == len(self.slots))
        others = [(code, times) for code, times in self.open.items() if code not in always]
        found: dict[frozenset[str], list[SlotKey]] = defaultdict(list)
        for slot in self.slots:
            key = (slot.day, slot.period)
            found[frozenset(code for code, times in others if key in times)].append(key)
        return {people | always: tuple(keys) for people, keys in found.items()}

    def present(self, slot: SlotKey) -> int:
        return sum(slot in times for times in self.open.values())

    def shortage(self, spare: int) -> Shortage | None:
        """The slots that are missed most when ``spare`` class hours may go without a teacher; None where all can be had."""
        classes = len(self.rombels)
        most = {(code, people): len(keys) for people, keys in self.alike.items() for code in self.hours if code in people}
        most |= {(NOBODY, people): classes * len(keys) for people, keys in self.alike.items()}
        found = lacks({**self.hours, NOBODY: spare}, {people: classes * len(keys) for people, keys in self.alike.items()}, most)
        if not found:
            return None
        order = {(slot.day, slot.period): index for index, slot in enumerate(self.slots)}
        slots = sorted((key for lack in found for people in lack.demands for key in self.alike[people]), key=order.__getitem__)
        within = frozenset(slots)
        given = {code: min(hours, len(within & self.open[code])) for code, hours in self.hours.items()}
        needed = classes * len(slots)
        spent = min(spare, needed)
        return Shortage(tuple(slots), needed, {code: hours for code, hours in given.items() if hours}, spent, needed - sum(given.values()) - spent)


def teachers_present(week: WeekCount) -> Iterator[Finding]:
    """Slots in which the classes cannot all have a teacher.

    Hard where more lessons than the ones without a Kunci would stay without a teacher; otherwise the plan stands, and it is a note. Classes that
    are taught together with others are left out.
    """
    for classes in groups_of_classes(week):
        locked = locked_shortage(classes)
        if locked is not None:
            yield locked_finding(classes, locked)
            continue
        slots_told, told = slot_by_slot(classes)
        yield from told
        yield from over_sets(classes, slots_told)
        yield from single_classes(classes)


def groups_of_classes(week: WeekCount) -> Iterator[Presence]:
    """The classes of each school and bell pattern that are taught alone."""
    together = {(need.school, rombel) for need in week.lessons if len(need.rombels) > 1 for rombel in need.rombels}
    for school in week.case.instance.schools:
        of_pattern: dict[str, list[Rombel]] = defaultdict(list)
        for rombel in week.case.instance.rombels_of(school.npsn):
            pattern = week.pattern[rombel.school, rombel.name]
            if pattern and (school.npsn, rombel.name) not in together:
                of_pattern[pattern].append(rombel)
        for pattern, rombels in of_pattern.items():
            yield Presence(week, school.npsn, pattern, tuple(rombels))


def any_shortage(classes: Presence) -> Shortage | None:
    """The shortage that every plan has: slots in which lessons that somebody may teach stay without a teacher."""
    return classes.shortage(classes.empty + classes.unteachable_jp)


def locked_shortage(classes: Presence) -> Shortage | None:
    """The shortage that no plan can have: lessons without a teacher though all but so many are locked.

    Over the whole week it says no more than that somebody is locked to more hours than the week has for him, which is told by name.
    """
    found = None if any_shortage(classes) is None else classes.shortage(classes.empty + classes.unlocked_jp)
    return None if found is None or len(found.slots) == len(classes.slots) else found


def locked_finding(classes: Presence, lack: Shortage) -> Finding:
    facts: Facts = {
        **place_facts(classes, lack.slots),
        "needed": lack.needed,
        "teachers": len(lack.given),
        "available": sum(lack.given.values()),
        "spare": lack.spare,
        "missing": lack.missing,
    }
    return Finding("locked_lessons_without_teacher", facts, hard=True, excess=lack.missing)


def slot_by_slot(classes: Presence) -> tuple[int, list[Finding]]:
    """Each slot on its own, for classes whose grid is full: one note a day, at its worst period. With what they miss together."""
    full = classes.full
    told, missed = [], 0
    for day in DAYS if full.rombels else ():
        lack = slots_of_day(full, day)
        if lack is not None:
            worst = min(lack.slots, key=lambda slot: (full.present(slot), slot[1]))
            facts: Facts = {"npsn": full.npsn, "school": full.week.school_name(full.npsn), "pattern": full.pattern, "day": day, "period": worst[1]}
            facts |= {"teachers": full.present(worst), "classes": len(full.rombels), "missing": lack.missing}
            told.append(Finding("too_few_teachers_present", facts, excess=lack.missing))
            missed += lack.missing
    return missed, told


def slots_of_day(full: Presence, day: str) -> Shortage | None:
    """The periods of a day in which fewer teachers than classes can be there."""
    classes = len(full.rombels)
    slots = tuple((slot.day, slot.period) for slot in full.slots if slot.day == day and full.present((slot.day, slot.period)) < classes)
    if not slots:
        return None
    within = frozenset(slots)
    given = {code: count for code, times in full.open.items() if (count := len(within & times))}
    return Shortage(slots, classes * len(slots), given, 0, classes * len(slots) - sum(given.values()))


def over_sets(classes: Presence, told: int) -> Iterator[Finding]:
    """The set of slots that misses more than its slots one by one: people who are there all the time, but have too few hours.

    Over the whole week the subjects miss as much, and there it is told with their names.
    """
    lack = any_shortage(classes)
    if lack is not None and told < lack.missing and len(lack.slots) < len(classes.slots):
        facts = {**place_facts(classes, lack.slots), "needed": lack.needed - lack.spare, "teachers": len(lack.given)}
        yield Finding("too_few_teacher_hours", {**facts, "available": sum(lack.given.values()), "missing": lack.missing}, excess=lack.missing)


def single_classes(classes: Presence) -> Iterator[Finding]:
    """One class on its own: slots in which too few hours of its own teachers can be. Hard where its lessons are locked; alike classes in one note."""
    alike: dict[tuple[tuple[SlotKey, ...], int, int, bool], list[str]] = defaultdict(list)
    for rombel in classes.rombels:
        alone = Presence(classes.week, classes.npsn, classes.pattern, (rombel,))
        lack, hard = locked_shortage(alone), True
        if lack is None:
            lack, hard = any_shortage(alone), False
        if lack is not None and (hard or len(lack.slots) < len(alone.slots)):
            alike[lack.slots, lack.needed - lack.spare, lack.missing, hard].append(rombel.name)
    for (slots, needed, missing, hard), names in alike.items():
        facts = {**place_facts(classes, slots), "rombels": ", ".join(names), "needed": needed, "available": needed - missing, "missing": missing}
        yield Finding("class_without_its_teachers", facts, hard=hard, excess=missing)


def place_facts(classes: Presence, slots: Sequence[SlotKey]) -> Facts:
    return {
        "npsn": classes.npsn,
        "school": classes.week.school_name(classes.npsn),
        "pattern": classes.pattern,
        "times": times_in_words(slots),
        "slots": len(slots),
        "classes": len(classes.rombels),
    }


def times_in_words(slots: Sequence[SlotKey]) -> str:
    """``Jumat 1-8, Sabtu 1, 3-4``: the same in both languages, as the sheet Waktu names the days."""
    words = []
    for day in DAYS:
        periods = [period for slot_day, period in slots if slot_day == day]
        runs: list[list[int]] = []
        for period in sorted(periods):
            if runs and period == runs[-1][-1] + 1:
                runs[-1].append(period)
            else:
                runs.append([period])
        if runs:
            words.append(f"{day} " + ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs))
    return "; ".join(words)
