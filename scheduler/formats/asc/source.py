"""A file of aSc as it stands: names, lessons and where their cards lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AscPeriod:
    """A period; minutes after midnight, None where the file gives none."""

    number: int
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class AscName:
    """A subject, teacher, room or class; ``partner`` is the id that the program had which wrote the file."""

    id: str
    name: str
    short: str
    partner: str = ""


@dataclass(frozen=True, slots=True)
class AscClass:
    """A class; ``homeroom`` is the id of its wali kelas, ``grade`` as the file states it."""

    id: str
    name: str
    short: str
    grade: str = ""
    homeroom: str = ""


@dataclass(frozen=True, slots=True)
class AscGroup:
    """A part of a class; groups of one division may meet at the same time."""

    id: str
    classroom: str
    name: str
    whole: bool
    division: str
    students: int | None = None


@dataclass(frozen=True, slots=True)
class AscLesson:
    """Lessons of one length; ``hours`` are all its periods of a week."""

    id: str
    subject: str
    classes: tuple[str, ...]
    groups: tuple[str, ...]
    teachers: tuple[str, ...]
    length: int
    hours: float
    partner: str = ""


@dataclass(frozen=True, slots=True)
class AscCard:
    """A placed lesson: ``day`` counts from 0, ``period`` is its first."""

    lesson: str
    day: int
    period: int
    rooms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AscFile:
    """Everything by id. ``unplaced`` cards have no time, ``alternating`` cards lie in some weeks or terms only."""

    school: str
    days: tuple[str, ...]
    periods: tuple[AscPeriod, ...]
    subjects: Mapping[str, AscName]
    teachers: Mapping[str, AscName]
    rooms: Mapping[str, AscName]
    classes: Mapping[str, AscClass]
    groups: Mapping[str, AscGroup]
    lessons: Mapping[str, AscLesson]
    cards: tuple[AscCard, ...]
    unplaced: int = 0
    alternating: int = 0
