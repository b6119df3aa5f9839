"""Everything one workbook says, references checked, in one frozen object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

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

DAYS: tuple[str, ...] = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


@dataclass(frozen=True, slots=True)
class Settings:
    """The sheet Pengaturan.

    ``overrides`` replaces single numbers of the policy (key → value as text). ``main_school`` set = one-school mode, empty = district mode.
    ``unverified_linearity`` turns on the rows of the linearity table that are marked C. ``sharing_radius_km`` and ``share_within_kecamatan``
    bound district sharing. ``shortfall_first`` puts level 3 before level 2. ``blocks_may_straddle_breaks``: a lesson of several JP may run
    over a break. ``letterhead`` keeps what documents need (number, place, date, signature), untouched by the models.
    """

    school_year: str = ""
    semester: str = ""
    policy: str = "permendikdasmen11_2025"
    linearity: str = ""
    unverified_linearity: bool = False
    count_kokurikuler: bool = True
    main_school: str = ""
    start_date: date | None = None
    shortfall_first: bool = False
    blocks_may_straddle_breaks: bool = True
    sharing_radius_km: float | None = None
    share_within_kecamatan: bool = False
    overrides: Mapping[str, str] = field(default_factory=dict)
    letterhead: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instance:
    """One school with its partners, or a district. Every tuple keeps the order of the sheet."""

    settings: Settings
    schools: tuple[School, ...]
    rombels: tuple[Rombel, ...]
    subjects: tuple[Subject, ...]
    structure: tuple[StructureRow, ...]
    teachers: tuple[Teacher, ...]
    duties: tuple[DutySetting, ...] = ()
    extracurriculars: tuple[Extracurricular, ...] = ()
    open_hours: tuple[OpenHours, ...] = ()
    distances: tuple[Distance, ...] = ()
    assignments: tuple[AssignmentRow, ...] = ()
    groups: tuple[Group, ...] = ()
    rooms: tuple[Room, ...] = ()
    slots: tuple[Slot, ...] = ()
    availability: tuple[Availability, ...] = ()
    week_rules: tuple[WeekRule, ...] = ()

    def school(self, npsn: str) -> School:
        return next(school for school in self.schools if school.npsn == npsn)

    def teacher(self, code: str) -> Teacher:
        return next(teacher for teacher in self.teachers if teacher.code == code)

    def subject(self, subject_id: str) -> Subject:
        return next(subject for subject in self.subjects if subject.id == subject_id)

    def rombels_of(self, npsn: str) -> tuple[Rombel, ...]:
        return tuple(rombel for rombel in self.rombels if rombel.school == npsn)
