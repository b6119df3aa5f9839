"""What a column is: its names, what its cells hold, and its bounds. The sheets made of them stand in ``sheets``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a cell holds. The catalogue describes each under ``kind_<value>``."""

    TEXT = "text"
    TEXT_OR_DATE = "text_or_date"
    """Kept as text; a date is kept in ISO form (letterhead)."""
    CODE = "code"
    """A short name that others refer to; a whole number is read as its digits."""
    DIGITS = "digits"
    """NIP, NUPTK: digits as text, never a number."""
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    CLOCK = "clock"
    YES_NO = "yes_no"
    COUNT_OR_YES = "count_or_yes"
    CHOICE = "choice"
    GRADE = "grade"
    BLOCKS = "blocks"
    DAY = "day"
    SCHOOL = "school"
    ROMBEL = "rombel"
    CLASS = "class"
    """A rombel, or the code of a teaching group."""
    GROUP = "group"
    TEACHER = "teacher"
    SUBJECT = "subject"
    CERTIFICATE = "certificate"
    DUTY = "duty"
    CURRICULUM = "curriculum"
    BELL = "bell"
    ROOM = "room"
    POLICY = "policy"
    LINEARITY = "linearity"
    REMARK = "remark"
    """Free text for people; not read."""
    VALUE = "value"
    """Nilai of Pengaturan: what it may be depends on the key."""
    COMPUTED = "computed"
    """A formula for people; not read."""


REFERENCES: Final = frozenset(
    {
        Kind.SCHOOL,
        Kind.ROMBEL,
        Kind.CLASS,
        Kind.GROUP,
        Kind.TEACHER,
        Kind.SUBJECT,
        Kind.CERTIFICATE,
        Kind.DUTY,
        Kind.CURRICULUM,
        Kind.BELL,
        Kind.ROOM,
        Kind.POLICY,
        Kind.LINEARITY,
    }
)
"""Kinds that name something else."""

UNREAD: Final = frozenset({Kind.REMARK, Kind.COMPUTED})


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a closed list: as the workbook writes it, as the program keeps it, and other ways to write it."""

    label: str
    value: object
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column (or a key of Pengaturan).

    Parameters
    ----------
    field
        name of the entity's field; for a column that is not read, a name of its own
    name, english
        the header, and its English alias
    many
        several values in a cell, separated by comma or semicolon
    least, most
        bounds of a number, both allowed
    choices
        the closed list of a CHOICE or YES_NO; for free text only what the dropdown proposes
    """

    field: str
    name: str
    english: str
    kind: Kind = Kind.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    many: bool = False
    least: float | None = None
    most: float | None = None

    @property
    def header(self) -> str:
        """The header as the template writes it: a required column carries a star."""
        return f"{self.name}*" if self.required else self.name

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, self.english, *self.aliases)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet; ``table`` is the field of ``Instance`` that it fills."""

    table: str
    name: str
    english: str
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns that become fields of the entity."""
        return tuple(column for column in self.columns if column.kind not in UNREAD)

    def column(self, field: str) -> Column:
        return next(column for column in self.columns if column.field == field)

    def text_key(self, column: Column) -> str:
        """Key of the column's meaning in the text catalogue."""
        return column.field if column.kind is Kind.REMARK else f"{self.table}_{column.field}"


def key(text: str) -> str:
    """A name without capitals, blanks, punctuation and the star of required columns: what two spellings of one name have in common."""
    return re.sub(r"[^\w]|_", "", text.casefold())
