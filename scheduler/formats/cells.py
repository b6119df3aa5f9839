"""Typed reading of one cell, and its inverse for the writer.

``parse`` takes what openpyxl gives for a cell (never None) and returns the value that the entity keeps; ``present`` turns such a value back
into what a cell should hold. Names of other things (schools, teachers, subjects …) stay text here; ``names`` resolves them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Final

from scheduler.formats.columns import REFERENCES, Choice, Column, Kind, key

SAFE_DIGITS: Final = 15
"""Excel keeps 15 digits of a number; the further ones of a NIP typed as a number are lost."""

MINUTES_A_DAY: Final = 24 * 60

DATE_FORMS: Final = ("%d-%m-%Y", "%Y-%m-%d")
"""Forms of a date in text, after ``/`` and ``.`` are read as ``-``."""

ROMAN: Final = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11, "XII": 12}

ERROR_VALUES: Final = frozenset({"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!"})


CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x00(?:0[0-8BCEFbcef]|1[0-9A-Fa-f])_")
"""Characters that no file of Excel, Word or XML can hold, and the form in which Excel writes some of them all the same."""


class CellFaultError(ValueError):
    """What is wrong with one cell: a kind of Problem and its facts."""

    def __init__(self, kind: str, **facts: str | int) -> None:
        super().__init__(kind)
        self.kind = kind
        self.facts = facts


def shown(raw: object) -> str:
    """A cell's value as a sentence quotes it."""
    if isinstance(raw, datetime | date):
        return raw.strftime("%d-%m-%Y")
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 10**SAFE_DIGITS:
        return str(int(raw))
    return clean(str(raw))


def clean(text: str) -> str:
    """Without blanks at both ends, and with ordinary blanks instead of those that web pages and Word use."""
    return text.replace("\u00a0", " ").replace("\u200b", "").strip()


def parse(column: Column, raw: object) -> object:
    """The value of a cell that is not blank.

    Raises
    ------
    CellFaultError
        the cell holds something else than the column asks for
    """
    if isinstance(raw, str):
        if raw.strip().upper() in ERROR_VALUES:
            raise CellFaultError("formula_error", value=raw.strip())
        without_control(column.name, raw)
    value = PARSERS[column.kind](column, raw)
    if isinstance(value, int | float) and column.kind is not Kind.VALUE:
        within_bounds(column, value)
    return value


def without_control(name: str, text: str) -> None:
    """Refuses text that no output could hold unchanged; line breaks and tabs are not meant."""
    if CONTROL.search(text):
        raise CellFaultError("control_character", column=name, value=CONTROL.sub("?", text))


def is_blank(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not clean(raw))


# --- text -------------------------------------------------------------------------------------------------------------------------


def parse_text(column: Column, raw: object) -> str:
    if isinstance(raw, str):
        return clean(raw)
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        return number_as_text(raw)
    # Excel turns "7-1" into the 7th of January while it is typed: the name that was meant cannot be known any more.
    raise CellFaultError("date_instead_of_text", column=column.name, value=shown(raw))


def parse_text_or_date(column: Column, raw: object) -> str:
    return raw.date().isoformat() if isinstance(raw, datetime) else parse_text(column, raw)


def number_as_text(raw: int | float) -> str:
    if abs(raw) >= 10**SAFE_DIGITS:
        raise CellFaultError("digits_lost", value=str(raw) if isinstance(raw, int) else f"{raw:g}", limit=SAFE_DIGITS)
    return str(int(raw)) if float(raw).is_integer() else str(raw)


def parse_digits(column: Column, raw: object) -> str:
    text = parse_text(column, raw).removeprefix("'")
    if re.fullmatch(r"\d[.,]?\d*[eE]\+?\d+", text):
        raise CellFaultError("digits_lost", value=text, limit=SAFE_DIGITS)
    if text in ("-", "–"):
        return ""
    if not re.fullmatch(r"[\d .]+", text):
        raise CellFaultError("not_digits", column=column.name, value=text)
    return text


# --- numbers ----------------------------------------------------------------------------------------------------------------------


def parse_integer(column: Column, raw: object) -> int:
    number = parse_decimal(column, raw)
    if not float(number).is_integer():
        raise CellFaultError("not_whole_number", column=column.name, value=shown(raw))
    return int(number)


def parse_decimal(column: Column, raw: object) -> float:
    """A number, or a text that is one (with a decimal comma too)."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw)
    text = clean(raw).replace(",", ".") if isinstance(raw, str) else ""
    if not re.fullmatch(r"[-+]?\d+(\.\d+)?", text):
        raise CellFaultError("not_a_number", column=column.name, value=shown(raw))
    return float(text)


def within_bounds(column: Column, value: int | float) -> None:
    if column.least is not None and value < column.least:
        raise CellFaultError("below_limit", column=column.name, value=shown(value), limit=shown(column.least))
    if column.most is not None and value > column.most:
        raise CellFaultError("above_limit", column=column.name, value=shown(value), limit=shown(column.most))


def parse_grade(column: Column, raw: object) -> int:
    if isinstance(raw, str):
        words = clean(raw).upper().removeprefix("KELAS").strip()
        if words in ROMAN:
            return ROMAN[words]
        raw = words
    return parse_integer(column, raw)


def parse_count_or_yes(column: Column, raw: object) -> int:
    if isinstance(raw, bool) or (isinstance(raw, str) and not clean(raw)[:1].isdigit() and not clean(raw).startswith("-")):
        return int(bool(parse_choice(column, raw)))
    return parse_integer(column, raw)


def parse_blocks(column: Column, raw: object) -> tuple[int, ...]:
    text = shown(raw).replace(" ", "")
    if not re.fullmatch(r"[1-9]\d?(\+[1-9]\d?)*", text):
        raise CellFaultError("wrong_blocks", value=shown(raw))
    return tuple(int(part) for part in text.split("+"))


# --- days and clocks --------------------------------------------------------------------------------------------------------------


def parse_date(column: Column, raw: object) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = re.sub(r"[/.]", "-", clean(raw)) if isinstance(raw, str) else ""
    for form in DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise CellFaultError("wrong_date", column=column.name, value=shown(raw))


def parse_clock(column: Column, raw: object) -> int:
    """Minutes after midnight: an Excel time, ``07.15``, ``07:15``, or the number 7.15 that Excel made of it."""
    if isinstance(raw, datetime):
        raw = raw.time()
    if isinstance(raw, time):
        return raw.hour * 60 + raw.minute
    if isinstance(raw, timedelta):
        return clock_within_day(column, round(raw.total_seconds() / 60), raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        if 0 < raw < 1:
            return round(raw * MINUTES_A_DAY)
        raw = f"{raw:.2f}"
    match = re.fullmatch(r"(\d{1,2})[.:](\d{2})(?:[.:]00)?", clean(raw)) if isinstance(raw, str) else None
    if match is None or int(match[2]) >= 60:
        raise CellFaultError("wrong_clock", column=column.name, value=shown(raw))
    return clock_within_day(column, int(match[1]) * 60 + int(match[2]), raw)


def clock_within_day(column: Column, minutes: int, raw: object) -> int:
    if not 0 <= minutes < MINUTES_A_DAY:
        raise CellFaultError("wrong_clock", column=column.name, value=shown(raw))
    return minutes


# --- closed lists -----------------------------------------------------------------------------------------------------------------


def parse_choice(column: Column, raw: object) -> object:
    text = shown(raw)
    by_key = {key(name): choice for choice in column.choices for name in (choice.label, *choice.aliases)}
    choice = by_key.get(key(text))
    if choice is not None:
        return choice.value
    near = get_close_matches(key(text), by_key, n=1)
    facts = {"column": column.name, "value": text, "choices": ", ".join(choice.label for choice in column.choices)}
    if near:
        raise CellFaultError("unknown_choice_near", suggestion=by_key[near[0]].label, **facts)
    raise CellFaultError("unknown_choice", **facts)


def placeholder(column: Column) -> object:
    """What stands in an entity for a cell that could not be read; it never leaves the reader, because the cell is a Problem."""
    if column.many or column.kind is Kind.BLOCKS:
        return ()
    if column.choices and column.kind is not Kind.TEXT:
        return column.choices[0].value
    return 0 if column.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.GRADE) else ""


PARSERS: Final[Mapping[Kind, Callable[[Column, object], object]]] = {
    Kind.TEXT: parse_text,
    Kind.TEXT_OR_DATE: parse_text_or_date,
    Kind.CODE: parse_text,
    Kind.DIGITS: parse_digits,
    Kind.INTEGER: parse_integer,
    Kind.DECIMAL: parse_decimal,
    Kind.DATE: parse_date,
    Kind.CLOCK: parse_clock,
    Kind.YES_NO: parse_choice,
    Kind.COUNT_OR_YES: parse_count_or_yes,
    Kind.CHOICE: parse_choice,
    Kind.GRADE: parse_grade,
    Kind.BLOCKS: parse_blocks,
    Kind.DAY: parse_choice,
    Kind.VALUE: lambda column, raw: raw,
    **dict.fromkeys(REFERENCES, parse_text),
}


# --- the way back -----------------------------------------------------------------------------------------------------------------


def present(column: Column, value: object) -> object:
    """What a cell holds for an entity's value; None for a blank cell. The inverse of ``parse``, but for references."""
    if value is None or value == "" or value == ():
        return None
    if column.kind is Kind.BLOCKS and isinstance(value, tuple):
        return "+".join(map(str, value))
    if column.kind is Kind.CLOCK and isinstance(value, int):
        return time(value // 60, value % 60)
    if column.kind in (Kind.CHOICE, Kind.YES_NO, Kind.DAY):
        return label_of(column.choices, value)
    return value


def label_of(choices: tuple[Choice, ...], value: object) -> str:
    return next((choice.label for choice in choices if choice.value == value), str(value))
