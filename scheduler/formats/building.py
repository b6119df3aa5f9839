"""From typed rows to entities: names resolved to ids, own subjects defined, the curriculum filled in.

A name that resolves to nothing stays in the entity as it was written; ``references`` reports it afterwards, at its cell and with a suggestion.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Final

from scheduler.domain.entities import (
    AssignmentRow,
    Availability,
    Distance,
    DutySetting,
    Extracurricular,
    Group,
    OpenHours,
    Rombel,
    Room,
    School,
    Slot,
    StructureRow,
    Subject,
    Teacher,
    WeekRule,
)
from scheduler.domain.instance import Instance, Settings
from scheduler.formats.columns import REFERENCES, Column, Kind, key
from scheduler.formats.findings import Findings
from scheduler.formats.names import Names
from scheduler.formats.places import WorkbookPlaces
from scheduler.formats.tables import Table
from scheduler.policy.case import GUIDANCE
from scheduler.policy.load import curriculum_ids, find_certificate, find_subject, load_certificates, load_curriculum, load_subjects
from scheduler.policy.schema import Curriculum, Policy

ENTITIES: Final[Mapping[str, type]] = {
    "schools": School,
    "rombels": Rombel,
    "structure": StructureRow,
    "teachers": Teacher,
    "duties": DutySetting,
    "extracurriculars": Extracurricular,
    "open_hours": OpenHours,
    "distances": Distance,
    "assignments": AssignmentRow,
    "groups": Group,
    "rooms": Room,
    "slots": Slot,
    "availability": Availability,
    "week_rules": WeekRule,
}

BLANK: Final[Mapping[str, dict[str, object]]] = {"slots": {"period": 0}, "availability": {"period": None}}
"""What a blank cell means where the entity itself has no default: a break without number, a whole day."""

RESEMBLANCE: Final = 0.85
"""From this likeness on a new subject's name is taken for a misspelt one, unless its row gives it a short code of its own."""

OWN_SUBJECT: Final = re.compile(r"(?P<name>.*\S)\s*\((?P<short>[^()]*)\)")


class Builder:
    """Builds the tables in the order in which they refer to each other."""

    def __init__(self, tables: Mapping[str, Table], places: WorkbookPlaces, findings: Findings) -> None:
        self.tables = tables
        self.places = places
        self.findings = findings
        self.names = Names()
        self.curricula = {identity: load_curriculum(identity) for identity in curriculum_ids()}

    def build(self, settings: Settings, policy: Policy | None, whole_district: bool) -> Instance:
        """The instance as the workbook has it, whatever is still wrong with it."""
        schools: tuple[School, ...] = self.entities("schools")
        self.names.add_schools(schools)
        settings = self.with_main_school(settings, schools, whole_district)
        schools = self.with_roles(schools, settings)
        self.name_curricula()
        slots = in_order(self.entities("slots"))
        self.names.add_bells(slots)
        self.name_rooms_and_groups()
        self.names.set_fallback(Kind.SUBJECT, find_subject)
        self.names.set_fallback(Kind.CERTIFICATE, find_certificate)
        self.names.add_certificates(load_certificates())
        self.names.add_subjects(load_subjects().values())
        own_subjects = self.own_subjects()
        self.names.add_subjects(own_subjects)
        if policy is not None:
            self.names.add_duties(policy)
        rombels: tuple[Rombel, ...] = self.entities("rombels")
        self.names.add_rombels(rombels)
        teachers: tuple[Teacher, ...] = self.entities("teachers")
        self.names.add_teachers(teachers)
        instance = Instance(
            settings=settings,
            schools=schools,
            rombels=rombels,
            subjects=(),
            structure=self.completed(self.entities("structure"), rombels),
            teachers=teachers,
            duties=self.duties(),
            extracurriculars=self.entities("extracurriculars"),
            open_hours=tuple(replace(row, row=index + 1) for index, row in enumerate(self.entities("open_hours"))),
            distances=self.entities("distances"),
            assignments=self.entities("assignments"),
            groups=self.entities("groups"),
            rooms=self.entities("rooms"),
            slots=slots,
            availability=self.entities("availability"),
            week_rules=self.entities("week_rules"),
        )
        return replace(instance, subjects=subjects_used(instance, own_subjects))

    # --- one table ---------------------------------------------------------------------------------------------------------------------

    def entities(self, table: str) -> tuple[Any, ...]:
        """The table's rows as entities, every name that is known resolved to its id."""
        found = self.tables.get(table)
        if found is None:
            return ()
        return tuple(ENTITIES[table](**BLANK.get(table, {}) | self.resolved(found, row.values)) for row in found.rows)

    def resolved(self, table: Table, values: Mapping[str, object]) -> dict[str, object]:
        school = ""  # names that hold within a school come after its NPSN in every sheet's specification
        resolved: dict[str, object] = {}
        for column in table.sheet.stored:
            if column.field not in values:
                continue
            value = values[column.field]
            resolved[column.field] = self.resolve(column, value, school) if column.kind in REFERENCES and isinstance(value, str) else value
            if column.field == "school":
                school = str(resolved[column.field])
        return resolved

    def resolve(self, column: Column, text: str, school: str) -> object:
        if column.many:
            return self.names.find_all(column.kind, text, school)
        return self.names.find(column.kind, text, school) or text

    # --- schools -----------------------------------------------------------------------------------------------------------------------

    def with_main_school(self, settings: Settings, schools: Sequence[School], whole_district: bool) -> Settings:
        """Sekolah Utama as an NPSN. Where it is blank, the only Induk among Mitra is meant, and a note says so."""
        if settings.main_school:
            return replace(settings, main_school=self.names.find(Kind.SCHOOL, settings.main_school) or settings.main_school)
        homes = [school for school in schools if not school.partner]
        if whole_district or len(homes) != 1 or len(schools) == 1:
            return settings
        sheet, _ = self.places.of("settings", 0, "main_school")
        self.findings.note("main_school_assumed", sheet, "", value=homes[0].name, npsn=homes[0].npsn)
        return replace(settings, main_school=homes[0].npsn)

    def with_roles(self, schools: tuple[School, ...], settings: Settings) -> tuple[School, ...]:
        """In one-school mode a school without Peran is a partner, unless it is the main one."""
        if "schools" not in self.tables or not settings.main_school:
            return schools
        rows = self.tables["schools"].rows
        return tuple(
            school if "partner" in row.values else replace(school, partner=school.npsn != settings.main_school)
            for school, row in zip(schools, rows, strict=True)
        )

    def name_rooms_and_groups(self) -> None:
        """Names of rooms and groups, straight from their rows, because rows before and among them refer to them."""
        self.names.add_rooms(Room(school, name) for school, name in self.named("rooms", "name"))
        self.names.add_groups(Group(name, school, (), "", 0) for school, name in self.named("groups", "code"))

    def named(self, table: str, field: str) -> Iterator[tuple[str, str]]:
        """(NPSN, name) of each row of a table."""
        for row in self.tables[table].rows if table in self.tables else ():
            school = str(row.values["school"])
            yield self.names.find(Kind.SCHOOL, school) or school, str(row.values[field])

    # --- subjects and curriculum -------------------------------------------------------------------------------------------------------

    def name_curricula(self) -> None:
        """Shipped curricula by id and title, then the workbook's own as Struktur spells them first."""
        directory = self.names.directory(Kind.CURRICULUM)
        for curriculum in self.curricula.values():
            directory.add(curriculum.id, curriculum.title, curriculum.title_en)
        for row in self.tables["structure"].rows if "structure" in self.tables else ():
            text = str(row.values["curriculum"])
            if directory.find(text) is None:
                directory.add(text)

    def own_subjects(self) -> tuple[Subject, ...]:
        """Subjects of Struktur that the registry does not know: a name, with its short code in parentheses if one is wanted."""
        own: dict[str, Subject] = {}
        taken = {key(subject.short) for subject in load_subjects().values()}
        for index, row in enumerate(self.tables["structure"].rows if "structure" in self.tables else ()):
            text = str(row.values["subject"])
            match = OWN_SUBJECT.fullmatch(text)
            name, short = (match["name"], match["short"].strip()) if match else (text, "")
            if not key(name) or find_subject(text) or key(name) in own or key(text) in {key(s.short) for s in own.values()}:
                continue
            near = None if short else self.resembling(name)
            if near is not None:
                sheet, cell = self.places.of("structure", index, "subject")
                self.findings.error("subject_resembles", sheet, cell, value=name, suggestion=near)
                self.places.broken.add(("structure", index, "subject"))
                continue
            if short and key(short) in taken:
                sheet, cell = self.places.of("structure", index, "subject")
                self.findings.error("duplicate_short", sheet, cell, value=short)
            short = short or free_short(name, taken)
            taken.add(key(short))
            own[key(name)] = Subject(slug(name), name, short, own=True)
            sheet, cell = self.places.of("structure", index, "subject")
            self.findings.note("own_subject", sheet, cell, value=name, short=short)
        return tuple(own.values())

    def resembling(self, name: str) -> str | None:
        """Name of the registry's subject that the new name can be a misspelling of."""
        known = {key(subject.name): subject.name for subject in load_subjects().values()}
        near = get_close_matches(key(name), known, n=1, cutoff=RESEMBLANCE)
        return known[near[0]] if near else None

    def completed(self, structure: tuple[StructureRow, ...], rombels: Iterable[Rombel]) -> tuple[StructureRow, ...]:
        """The rows of Struktur with the curriculum's limits, and after them the shipped rows of grades that Struktur leaves out."""
        by_class: dict[tuple[str, int], list[StructureRow]] = defaultdict(list)
        for row in structure:
            by_class[row.curriculum, row.grade].append(row)
        limits = {
            (curriculum, grade, subject): limit
            for (curriculum, grade), rows in by_class.items()
            if curriculum in self.curricula
            for subject, limit in recognised_limits(self.curricula[curriculum], rows).items()
        }
        stated = tuple(replace(r, structure_max_jp=limits.get((r.curriculum, r.grade, r.subject))) for r in structure)
        shipped: list[StructureRow] = []
        for curriculum, grade in dict.fromkeys((r.curriculum, r.grade) for r in rombels):
            if (curriculum, grade) not in by_class and curriculum in self.curricula:
                rows = shipped_structure(self.curricula[curriculum], grade)
                if rows:
                    sheet, _ = self.places.of("structure", 0, "")
                    self.findings.note("structure_from_curriculum", sheet, "", value=curriculum, grade=grade)
                shipped += rows
        return stated + tuple(shipped)

    # --- duties --------------------------------------------------------------------------------------------------------------------

    def duties(self) -> tuple[DutySetting, ...]:
        """Rows of Tugas Tambahan; ``Wali Kelas 7A`` in Tugas is the duty with its Satuan."""
        return tuple(self.with_unit(row) for row in self.entities("duties"))

    def with_unit(self, row: DutySetting) -> DutySetting:
        words = row.duty.split()
        if row.duty in self.names.directory(Kind.DUTY).ids or row.unit:
            return row
        for count in range(len(words) - 1, 0, -1):
            duty = self.names.find(Kind.DUTY, " ".join(words[:count]))
            if duty is not None:
                return replace(row, duty=duty, unit=" ".join(words[count:]))
        return row


def in_order(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """Slots with their place in the day: by clock where every row of the day has one, else by the order of the rows."""
    by_day: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, slot in enumerate(slots):
        by_day[slot.pattern, slot.day].append(index)
    order: dict[int, int] = {}
    for indices in by_day.values():
        if all(slots[index].start is not None for index in indices):
            indices = sorted(indices, key=lambda index: slots[index].start or 0)
        order |= {index: position for position, index in enumerate(indices)}
    return tuple(replace(slot, order=order[index]) for index, slot in enumerate(slots))


def subjects_used(instance: Instance, own: Sequence[Subject]) -> tuple[Subject, ...]:
    """Subjects that the instance speaks of: in the order of Struktur, then as other sheets name them, and BK at the end."""
    tables = (instance.structure, instance.groups, instance.open_hours, instance.assignments, instance.week_rules)
    named = [row.subject for table in tables for row in table if row.subject]
    named += [subject for teacher in instance.teachers for subject in teacher.may_teach]
    named += [subject for room in instance.rooms for subject in room.subjects]
    known = {**load_subjects(), **{subject.id: subject for subject in own}}
    return tuple(known[subject] for subject in dict.fromkeys([*named, GUIDANCE]) if subject in known)


def shipped_structure(curriculum: Curriculum, grade: int) -> list[StructureRow]:
    """A grade's rows of a shipped curriculum, without those that are only on request."""
    return [
        StructureRow(curriculum.id, grade, r.subject, r.intra_jp, r.koku_jp, r.blocks, True, r.intra_jp + r.koku_jp)
        for r in curriculum.rows
        if r.grade == grade and not r.elective
    ]


def recognised_limits(curriculum: Curriculum, rows: Sequence[StructureRow]) -> dict[str, int]:
    """Most JP of each subject that the curriculum recognises in a class with these rows.

    The curriculum's own total; hours above it as far as the class's extra hours reach (``extra_jp_counted``, K13: 2), in the order of the rows.
    A subject that the curriculum does not name has no limit.
    """
    totals = {row.subject: row.intra_jp + row.koku_jp for row in curriculum.rows if row.grade == rows[0].grade}
    left = curriculum.extra_jp_counted
    limits = {}
    for row in rows:
        if row.subject in totals:
            extra = min(left, max(0, row.jp - totals[row.subject]))
            left -= extra
            limits[row.subject] = totals[row.subject] + extra
    return limits


def slug(name: str) -> str:
    """Id of an own subject: its name in small letters, joined by underscores."""
    return re.sub(r"\W+", "_", name.casefold()).strip("_")


def free_short(name: str, taken: set[str]) -> str:
    """Initials of the words (``Bahasa Melayu Jambi`` → BMJ), three letters of a single word, with a number where they are taken."""
    words = [word for word in re.findall(r"\w+", name) if word.casefold() not in ("dan", "dalam", "untuk")] or [name]
    base = ("".join(word[0] for word in words) if len(words) > 1 else words[0][:3]).upper()
    candidates = [base, *(f"{base}{number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in candidates if key(candidate) not in taken)
