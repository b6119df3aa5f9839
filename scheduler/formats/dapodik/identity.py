"""NUPTK and NIP as a cell holds them: digits, and whether all of them can be trusted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from scheduler.formats.cells import SAFE_DIGITS, clean

NUPTK_DIGITS: Final = 16
NIP_DIGITS: Final = 18
WHOLE_FLOAT: Final = 2**53
"""Up to here every whole number has a float of its own."""

BLANKS: Final = ("", "-", "–", "0")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a person; ``exact`` is False where a program kept it as a number and the last digits may be others."""

    digits: str = ""
    exact: bool = True

    def __bool__(self) -> bool:
        return bool(self.digits)

    @property
    def text(self) -> str:
        """The number as a workbook may keep it: nothing where a digit is in doubt."""
        return self.digits if self.exact else ""

    def agrees(self, other: Number) -> bool:
        """Whether both can be one number: all digits, or the first 15 where one of them has lost the others."""
        if not self or not other or len(self.digits) != len(other.digits):
            return False
        if self.exact and other.exact:
            return self.digits == other.digits
        return self.digits[:SAFE_DIGITS] == other.digits[:SAFE_DIGITS]


NO_NUMBER: Final = Number()


def number_of(raw: object, length: int, typed_exactly: bool = True) -> Number:
    """A NUPTK (16 digits) or NIP (18) from a cell's value.

    Parameters
    ----------
    length
        digits that the number has: leading zeros that a number has lost are put back
    typed_exactly
        False where the reader turns every number into a float
    """
    if isinstance(raw, bool) or raw is None:
        return NO_NUMBER
    if isinstance(raw, int | float):
        return from_figure(raw, length, typed_exactly)
    text = clean(str(raw)).lstrip("'")
    if text in BLANKS:
        return NO_NUMBER
    if re.fullmatch(r"\d[.,]?\d*[eE]\+?\d+", text):
        return from_figure(float(text.replace(",", ".")), length, False)
    if re.fullmatch(r"\d+\.0", text):
        text = text[:-2]
    return Number(re.sub(r"\D", "", text))


def from_figure(raw: int | float, length: int, typed_exactly: bool) -> Number:
    """Excel keeps 15 digits and fills up with zeros; a float keeps whole numbers below 2^53."""
    digits = str(int(raw))
    if int(raw) <= 0:
        return NO_NUMBER
    kept = (isinstance(raw, int) and typed_exactly) or raw < WHOLE_FLOAT
    cut = len(digits) > SAFE_DIGITS and set(digits[SAFE_DIGITS:]) == {"0"}
    return Number(digits.zfill(length), kept and not cut)
