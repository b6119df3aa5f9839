"""From a file of aSc to a workbook's instance, and the list of what the file does not say.

The file knows classes, subjects, teachers, hours, groups, homerooms and the week. It does not know certificates, employment, duties, partner schools
or who cannot come when: a workbook made from it is a beginning. Who teaches what is kept as last semester's division, so that a new plan goes on
with it where it can.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Final

from scheduler.domain.entities import (
    AssignmentKind,
    AssignmentRow,
    DutySetting,
    Group,
    Position,
    Rombel,
    Room,
    School,
    Slot,
    SlotKind,
    StructureRow,
    Subject,
    Teacher,
)
from scheduler.domain.instance import Instance, Settings
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.asc.source import AscCard, AscFile, AscGroup, AscLesson, AscName
from scheduler.formats.building import free_short, slug, subjects_used
from scheduler.formats.columns import key
from scheduler.formats.dapodik.doubts import Doubt, Doubts
from scheduler.formats.dapodik.reading import NOWHERE
from scheduler.formats.dapodik.source import grade_of
from scheduler.policy.case import GUIDANCE
from scheduler.policy.load import find_subject, load_subjects

UNKNOWN_NPSN: Final = "00000000"
PATTERN: Final = "asc"
CURRICULUM: Final = "asc"
HOMEROOM: Final = "wali_kelas"
LOWER_SECONDARY: Final = range(7, 10)


@dataclass(frozen=True, slots=True)
class AscImported:
    """An instance made from a file of aSc, and everything to be looked at in it."""

    instance: Instance
    doubts: tuple[Doubt, ...]


@dataclass(slots=True)
class Hours:
    """What one set of classes (or groups) has in one subject: the lengths of its lessons, and JP by teacher."""

    lengths: list[int] = field(default_factory=list)
    teachers: dict[str, int] = field(default_factory=dict)
    times: set[tuple[int, int]] = field(default_factory=set)

    @property
    def jp(self) -> int:
        return sum(self.lengths)


GroupKey = tuple[tuple[str, ...], tuple[str, ...], str]
"""Classes, groups that are no entire class, subject; each by its id in aSc, the subject by ours."""


def instance_of(asc: AscFile, file: str, npsn: str = "", school: str = "", locked: bool = False) -> AscImported:
    """The instance of one school; ``locked`` keeps every teacher (Kunci) where it would else be remembered (Semester Lalu).

    Raises
    ------
    InputError
        the grade of a class is not known
    """
    return AscAssembler(asc, file, npsn or UNKNOWN_NPSN, school, locked).build()


class AscAssembler:
    """One file: names first, then hours, then the week."""

    def __init__(self, asc: AscFile, file: str, npsn: str, school: str, locked: bool) -> None:
        self.asc, self.file, self.npsn = asc, file, npsn
        self.kind = AssignmentKind.LOCK if locked else AssignmentKind.FORMER
        self.school = school or asc.school or file
        self.doubts = Doubts()
        self.codes = unique({teacher.id: teacher.short for teacher in asc.teachers.values()}, "G")
        self.rombels = unique({row.id: row.name for row in asc.classes.values()}, "K")
        self.own: dict[str, Subject] = {}
        self.events = {lesson.id: kind for lesson in asc.lessons.values() if (kind := self.event_of(lesson)) is not None}
        self.subjects = self.find_subjects()
        self.hours = self.hours_of_all()
        self.grades = self.grades_of_all()

    def build(self) -> AscImported:
        curricula, structure = self.structure()
        groups = self.groups()
        instance = Instance(
            settings=Settings(main_school=self.npsn),
            schools=(School(self.npsn, self.school, self.level(), bell=PATTERN),),
            rombels=tuple(Rombel(self.npsn, name, self.grades[own], curricula[own], self.students(own)) for own, name in self.rombels.items()),
            subjects=(),
            structure=structure,
            teachers=tuple(self.teacher(teacher) for teacher in self.asc.teachers.values()),
            duties=tuple(self.homerooms()),
            assignments=tuple(self.assignments(groups)),
            groups=tuple(groups.values()),
            rooms=tuple(Room(self.npsn, name) for name in dict.fromkeys(room.name for room in self.asc.rooms.values())),
            slots=tuple(self.slots()),
        )
        self.say_what_is_missing()
        return AscImported(replace(instance, subjects=subjects_used(instance, tuple(self.own.values()))), self.doubts.sorted())

    def check(self, kind: str, target: tuple[str, int, str] | None = None, **facts: str | int) -> None:
        self.doubts.check(f"asc_{kind}", NOWHERE, target, **facts)

    # --- what the names mean -----------------------------------------------------------------------------------------------------------------

    def event_of(self, lesson: AscLesson) -> SlotKind | None:
        """Upacara and the like: a lesson without a teacher whose subject says so."""
        subject = self.asc.subjects.get(lesson.subject)
        if lesson.teachers or subject is None:
            return None
        names = {key(subject.name), key(subject.short), *(key(word) for word in subject.name.split())}
        return next((SlotKind(kind) for kind, words in event_words().items() if names & words), None)

    def find_subjects(self) -> Mapping[str, str]:
        """Our id of each subject that is taught; what the registry does not know becomes a subject of the school's own."""
        used = {lesson.subject for lesson in self.asc.lessons.values() if lesson.id not in self.events}
        taken = {key(subject.short) for subject in load_subjects().values()}
        found = {}
        for subject in (subject for own, subject in self.asc.subjects.items() if own in used):
            known = find_subject(subject.name) or find_subject(subject.short)
            found[subject.id] = known or self.invent(subject, taken)
        return found

    def invent(self, subject: AscName, taken: set[str]) -> str:
        identity = slug(subject.name) or slug(subject.short)
        if identity not in self.own:
            short = subject.short if key(subject.short) not in taken and len(subject.short) <= 8 else free_short(subject.name, taken)
            taken.add(key(short))
            self.own[identity] = Subject(identity, subject.name, short, own=True)
            self.check("own_subject", value=subject.name, short=short)
        return identity

    def grades_of_all(self) -> Mapping[str, int]:
        grades = {own: grade_of(self.asc.classes[own].grade, self.asc.classes[own].name) for own in self.rombels}
        unknown = [own for own, grade in grades.items() if grade is None]
        if unknown:
            raise InputError([Problem("export.asc_no_grade", self.file, "classes", facts={"value": self.asc.classes[own].name}) for own in unknown])
        return {own: grade for own, grade in grades.items() if grade is not None}

    def level(self) -> str:
        level = "SMP" if set(self.grades.values()) <= set(LOWER_SECONDARY) else "SMA" if min(self.grades.values()) > 9 else "SD"
        self.check("level", ("schools", 0, "level"), level=level)
        return level

    def students(self, own: str) -> int | None:
        return next((group.students for group in self.asc.groups.values() if group.classroom == own and group.whole), None)

    # --- hours -------------------------------------------------------------------------------------------------------------------------------

    def hours_of_all(self) -> Mapping[GroupKey, Hours]:
        found: dict[GroupKey, Hours] = defaultdict(Hours)
        cards: dict[str, list[AscCard]] = defaultdict(list)
        for card in self.asc.cards:
            cards[card.lesson].append(card)
        for lesson in self.asc.lessons.values():
            if lesson.id in self.events or self.subjects[lesson.subject] == GUIDANCE:
                continue
            if not lesson.classes:
                self.check("no_class", value=self.asc.subjects[lesson.subject].name)
                continue
            parts = tuple(group for group in lesson.groups if not self.asc.groups[group].whole)
            hours = found[tuple(sorted(lesson.classes, key=list(self.rombels).index)), parts, self.subjects[lesson.subject]]
            count = round(lesson.hours / lesson.length)
            if count * lesson.length != lesson.hours:
                self.check("odd_hours", value=self.asc.subjects[lesson.subject].name, hours=str(lesson.hours), length=lesson.length)
            hours.lengths += [lesson.length] * max(1, count)
            hours.times |= {(card.day, card.period) for card in cards[lesson.id]}
            for teacher in lesson.teachers[:1]:
                hours.teachers[teacher] = hours.teachers.get(teacher, 0) + max(1, count) * lesson.length
            if len(lesson.teachers) > 1:
                names = ", ".join(self.asc.teachers[teacher].name for teacher in lesson.teachers)
                self.check("several_teachers", value=self.asc.subjects[lesson.subject].name, names=names, kept=self.codes[lesson.teachers[0]])
        return dict(found)

    def structure(self) -> tuple[Mapping[str, str], tuple[StructureRow, ...]]:
        """The curriculum of each class, and the rows of all: classes of a grade with the same hours share one."""
        kinds: dict[tuple[int, tuple[tuple[str, tuple[int, ...]], ...]], str] = {}
        numbers: dict[int, int] = defaultdict(int)
        curricula = {}
        for own in self.rombels:
            content = (self.grades[own], tuple(self.class_hours(own).items()))
            if content not in kinds:
                numbers[self.grades[own]] += 1
                kinds[content] = CURRICULUM if numbers[self.grades[own]] == 1 else f"{CURRICULUM}_{numbers[self.grades[own]]}"
            curricula[own] = kinds[content]
        rows = (StructureRow(name, grade, subject, sum(blocks), 0, blocks) for (grade, hours), name in kinds.items() for subject, blocks in hours)
        return curricula, tuple(rows)

    def class_hours(self, own: str) -> Mapping[str, tuple[int, ...]]:
        """Blocks of each subject of a class; of religions taught side by side the first stands for all."""
        blocks: dict[str, tuple[int, ...]] = {}
        religion = False
        for (classes, parts, subject), hours in self.hours.items():
            if own not in classes:
                continue
            own_part = bool(parts) and bool(load_subjects()[subject].religion if subject in load_subjects() else "")
            if (own_part and religion) or (parts and subject in blocks):
                continue
            religion = religion or own_part
            blocks[subject] = tuple(sorted((*blocks.get(subject, ()), *hours.lengths), reverse=True))
        return blocks

    def groups(self) -> Mapping[GroupKey, Group]:
        """Lessons of parts of a class, or of several classes together; parallel where they lie at the same times, or share a division."""
        groups: dict[GroupKey, Group] = {}
        for found, hours in self.hours.items():
            classes, parts, subject = found
            if not parts and len(classes) == 1:
                continue
            rombels = tuple(self.rombels[own] for own in classes)
            name = self.asc.groups[parts[0]].name if parts else ""
            code = free_code(f"{name or subject.upper()}-{rombels[0]}", {group.code for group in groups.values()})
            beside = next((g.code for other, g in groups.items() if self.is_beside(found, other)), "")
            groups[found] = Group(code, self.npsn, rombels, subject, hours.jp, beside)
            self.check("group", ("groups", len(groups) - 1, "code"), code=code, rombels=", ".join(rombels))
        return groups

    def is_beside(self, first: GroupKey, second: GroupKey) -> bool:
        if not (first[1] and second[1]) or not set(first[0]) & set(second[0]):
            return False
        times = self.hours[first].times, self.hours[second].times
        if all(times):
            return times[0] == times[1]

        def divisions(parts: Sequence[str]) -> set[tuple[str, str]]:
            rows: Iterator[AscGroup] = (self.asc.groups[part] for part in parts)
            return {(row.classroom, row.division) for row in rows}

        return bool(divisions(first[1]) & divisions(second[1]))

    # --- people ------------------------------------------------------------------------------------------------------------------------------

    def teacher(self, teacher: AscName) -> Teacher:
        subjects = [self.subjects[row.subject] for row in self.asc.lessons.values() if teacher.id in row.teachers]
        counsellor = bool(subjects) and set(subjects) == {GUIDANCE}
        may_teach = tuple(subject for subject in dict.fromkeys(subjects) if subject != GUIDANCE)
        position = Position.COUNSELLOR if counsellor else Position.SUBJECT_TEACHER
        return Teacher(self.codes[teacher.id], teacher.name, self.npsn, position, may_teach=may_teach)

    def homerooms(self) -> Iterator[DutySetting]:
        taken: set[str] = set()
        for own, name in self.rombels.items():
            homeroom = self.asc.classes[own].homeroom
            if homeroom in taken:
                self.check("homeroom_twice", value=self.asc.teachers[homeroom].name, rombel=name)
            elif homeroom:
                taken.add(homeroom)
                yield DutySetting(self.npsn, HOMEROOM, holders=(self.codes[homeroom],), unit=name)

    def assignments(self, groups: Mapping[GroupKey, Group]) -> Iterator[AssignmentRow]:
        """Who teaches what; a class's subject with two teachers is split only where teachers are locked."""
        for found, hours in self.hours.items():
            classes, _, subject = found
            name = groups[found].code if found in groups else self.rombels[classes[0]]
            split = len(hours.teachers) > 1
            for place, (teacher, jp) in enumerate(hours.teachers.items()):
                if place == 0 or self.kind is AssignmentKind.LOCK:
                    part = jp if split and self.kind is AssignmentKind.LOCK else None
                    yield AssignmentRow(self.npsn, name, subject, self.codes[teacher], self.kind, part)
            if split:
                names = ", ".join(self.asc.teachers[teacher].name for teacher in hours.teachers)
                self.check("split", rombel=name, value=subject, names=names)

    # --- the week ----------------------------------------------------------------------------------------------------------------------------

    def slots(self) -> Iterator[Slot]:
        """Each day up to its last lesson; a gap in the clock is a break, and a period that begins before the one before has ended has no clock."""
        shift = int(any(card.period == 0 and card.lesson not in self.events for card in self.asc.cards))
        for day, name in enumerate(self.asc.days):
            last = self.last_period(day)
            before = None
            order = 0
            for period in (period for period in self.asc.periods if period.number <= last):
                kind = self.kind_at(day, period.number)
                if period.number == 0 and not shift and kind is SlotKind.LESSON:
                    continue
                start, end = (period.start, period.end) if before is None or period.start is None or period.start >= before else (None, None)
                if before is not None and start is not None and before < start:
                    yield Slot(PATTERN, name, 0, SlotKind.BREAK, before, start, order)
                    order += 1
                number = period.number + shift if kind is SlotKind.LESSON else 0
                yield Slot(PATTERN, name, number, kind, start, end, order)
                order += 1
                before = end if end is not None else before

    def kind_at(self, day: int, period: int) -> SlotKind:
        kinds = [self.events[card.lesson] for card in self.asc.cards if (card.day, card.period) == (day, period) and card.lesson in self.events]
        return kinds[0] if kinds else SlotKind.LESSON

    def last_period(self, day: int) -> int:
        ends = [card.period + self.asc.lessons[card.lesson].length - 1 for card in self.asc.cards if card.day == day]
        return max(ends, default=max((period.number for period in self.asc.periods), default=0))

    # --- what the file does not say ----------------------------------------------------------------------------------------------------------

    def say_what_is_missing(self) -> None:
        if self.npsn == UNKNOWN_NPSN:
            self.check("npsn", ("schools", 0, "npsn"), npsn=self.npsn)
        self.check("certificates", ("teachers", 0, "certificate"), count=len(self.asc.teachers))
        self.check("term", ("settings", 0, "school_year"))
        self.check("curriculum", ("structure", 0, "curriculum"), name=CURRICULUM)
        self.check("week", ("slots", 0, "pattern"))
        self.check("duties", ("duties", 0, "duty"))
        for kind, count in (("unplaced", self.asc.unplaced), ("alternating", self.asc.alternating)):
            if count:
                self.check(kind, count=count)


@cache
def event_words() -> Mapping[str, frozenset[str]]:
    path = resources.files("scheduler.formats.asc").joinpath("words.toml")
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return {kind: frozenset(key(word) for word in words) for kind, words in found.items()}


def unique(names: Mapping[str, str], letter: str) -> Mapping[str, str]:
    """Each thing's own name, with a number where another has it already; one without a name is called by letter and number."""
    taken: set[str] = set()
    found = {}
    for number, (own, name) in enumerate(names.items(), start=1):
        found[own] = free_code(name or f"{letter}{number:02d}", taken)
        taken.add(found[own])
    return found


def free_code(name: str, taken: set[str]) -> str:
    known = {key(other) for other in taken}
    candidates = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(candidate for candidate in candidates if key(candidate) not in known)
