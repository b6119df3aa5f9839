"""From a school's numbers to its part of a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from scheduler.domain.entities import Extracurricular, Rombel, School, Slot, SlotKind, StructureRow, Subject, Teacher
from scheduler.domain.instance import Instance, Settings
from scheduler.policy.case import GUIDANCE
from scheduler.policy.load import load_curriculum, load_subjects
from scheduler.population.filling import Filled
from scheduler.population.method import Method
from scheduler.population.staff import staff_of
from scheduler.population.table import letters

NOTE = "Catatan Lembar"
"""The key of Pengaturan that is written above every sheet."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one school adds to a workbook."""

    school: School
    rombels: tuple[Rombel, ...]
    teachers: tuple[Teacher, ...]
    clubs: tuple[Extracurricular, ...]


def part_of(school: Filled, method: Method) -> Part:
    facts, stated = school.facts, method.stated
    structure = structure_of(method)
    rombels = rombels_of(school, method)
    return Part(
        School(
            facts.npsn,
            facts.name,
            ownership=facts.status,
            kecamatan=facts.kecamatan,
            kabupaten=facts.kabupaten or facts.province,
            laboratories=-(-school.rombel // method.whole("rombel_per_laboratory")),
            bell=stated.week.bell,
            latitude=facts.latitude,
            longitude=facts.longitude,
        ),
        rombels,
        staff_of(school, rombels, structure, method),
        clubs_of(school, method),
    )


def rombels_of(school: Filled, method: Method) -> tuple[Rombel, ...]:
    """The rombel spread over the grades, the pupils over the rombel; the first take what does not divide."""
    grades = sorted({row.grade for row in structure_of(method)})
    found: list[Rombel] = []
    for order, grade in enumerate(grades):
        here = school.rombel // len(grades) + (order < school.rombel % len(grades))
        found += [Rombel(school.facts.npsn, f"{grade}{letters(index)}", grade, method.stated.curriculum) for index in range(here)]
    share, rest = divmod(school.students, school.rombel)
    return tuple(Rombel(rombel.school, rombel.name, rombel.grade, rombel.curriculum, share + (index < rest)) for index, rombel in enumerate(found))


def clubs_of(school: Filled, method: Method) -> tuple[Extracurricular, ...]:
    names = method.stated.words.clubs
    count = min(len(names), 2 + school.rombel // method.whole("rombel_per_club"))
    return tuple(Extracurricular(school.facts.npsn, name, method.whole("club_students")) for name in names[:count])


def instance_of(parts: Sequence[Part], method: Method) -> Instance:
    """A workbook of these schools; one alone is its Sekolah Utama, several share within the radius or the kecamatan."""
    structure = structure_of(method)
    return Instance(
        settings=settings_of(parts, method),
        schools=tuple(part.school for part in parts),
        rombels=tuple(rombel for part in parts for rombel in part.rombels),
        subjects=subjects_of(tuple(structure)),
        structure=structure,
        teachers=tuple(teacher for part in parts for teacher in part.teachers),
        extracurriculars=tuple(club for part in parts for club in part.clubs),
        slots=slots_of(method),
    )


def settings_of(parts: Sequence[Part], method: Method) -> Settings:
    stated = method.stated
    alone = len(parts) == 1
    return Settings(
        school_year=stated.school_year,
        semester=stated.semester,
        start_date=date.fromisoformat(stated.start_date),
        policy=stated.policy,
        main_school=parts[0].school.npsn if alone else "",
        sharing_radius_km=None if alone else method.radius_km,
        share_within_kecamatan=not alone and method.radius_km is None,
        letterhead={NOTE: stated.note},
    )


def structure_of(method: Method) -> tuple[StructureRow, ...]:
    return weekly_structure(method.stated.curriculum, method.stated.subjects_left_out, method.stated.electives)


@lru_cache(maxsize=8)
def weekly_structure(curriculum: str, left_out: tuple[str, ...], electives: tuple[str, ...]) -> tuple[StructureRow, ...]:
    """The curriculum's compulsory subjects but those left out, and the electives asked for."""
    return tuple(
        StructureRow(curriculum, row.grade, row.subject, row.intra_jp, row.koku_jp, row.blocks, True, row.intra_jp + row.koku_jp)
        for row in load_curriculum(curriculum).rows
        if row.subject not in left_out and (not row.elective or row.subject in electives)
    )


@lru_cache(maxsize=8)
def subjects_of(structure: tuple[StructureRow, ...]) -> tuple[Subject, ...]:
    known = load_subjects()
    return tuple(known[subject] for subject in dict.fromkeys([*(row.subject for row in structure), GUIDANCE]))


def slots_of(method: Method) -> tuple[Slot, ...]:
    """The week of the method, with its breaks and the ceremony at the start of its day."""
    week = method.stated.week
    breaks = {pause.after: pause.minutes for pause in week.breaks}
    slots: list[Slot] = []
    for day, hours in week.hours.items():
        pieces = [(0, SlotKind.CEREMONY, week.lesson_minutes)] if day == week.ceremony_day else []
        for period in range(1, hours + 1):
            pieces.append((period, SlotKind.LESSON, week.lesson_minutes))
            if period in breaks and period < hours:
                pieces.append((0, SlotKind.BREAK, breaks[period]))
        clock = week.first_minute
        for order, (period, kind, minutes) in enumerate(pieces):
            slots.append(Slot(week.bell, day, period, kind, clock, clock + minutes, order))
            clock += minutes
    return tuple(slots)
