"""What somebody changed in a plan's workbook by hand, cell by cell, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EditKind(StrEnum):
    HOUR = "hour"
    """what a class has in one hour of the week"""
    TEACHER = "teacher"
    """who teaches a subject of a class"""
    DUTY = "duty"
    """who holds a unit of a duty"""


@dataclass(frozen=True, slots=True)
class Edit:
    """One changed cell.

    ``place`` is the cell (``Jadwal Induk!E9``). ``before`` and ``after`` are as the sheet has them, "" = blank. ``needs`` are those concerned: of
    an hour those that went and those that ``came``. ``teachers`` are the codes that went and came, "" = nobody. ``rombel``, ``day`` and ``period``
    are those of an hour; ``duty`` and ``unit`` those of a duty.
    """

    kind: EditKind
    place: str
    before: str
    after: str
    needs: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    teachers: tuple[str, str] = ("", "")
    school: str = ""
    rombel: str = ""
    day: str = ""
    period: int = 0
    duty: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Hour:
    """One period of the week in which a need is taught."""

    need: str
    day: str
    period: int
