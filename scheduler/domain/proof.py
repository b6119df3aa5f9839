"""Bukti hitung: a chain of small sums that anyone can follow with a calculator, kept as data so that ``verify`` can do them again.

("Certificate" is the teacher's; the mathematician's word for it is ``Proof`` here.) A proof holds numbers, each either given (a premise: from the
workbook's cell or the regulation's article) or worked out from earlier ones by one operation, and ends in a comparison that the claim rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Operation(StrEnum):
    """How a number follows from its operands; all whole numbers."""

    GIVEN = "given"
    """a premise, without operands"""
    SUM = "sum"
    """of nothing it is 0"""
    DIFFERENCE = "difference"
    """the first less all the others"""
    PRODUCT = "product"
    LEAST_WHOLE = "least_whole"
    """operands: a target, then (count, hours) pairs of classes: the least sum of whole classes that reaches the target"""
    CHEAPEST = "cheapest"
    """operands: how many, how many slots, then (without slot, with slot) pairs, one a teacher: the least sum of so many different teachers' hours
    when at most so many of them use the smaller second number"""
    BEST_SPLIT = "best_split"
    """operands: slots, then for each group its most valid with 0, 1, … slots (slots + 1 numbers): the most valid of all groups together"""


class Relation(StrEnum):
    """What the conclusion compares."""

    MORE_THAN = ">"
    LESS_THAN = "<"
    EQUAL = "="


@dataclass(frozen=True, slots=True)
class Number:
    """One line of a proof.

    Parameters
    ----------
    id
        unique within the proof; operands name earlier lines by it
    says
        key of the line's sentence (``report/text/*/proofs.toml``); it may use ``{value}``, ``{a}``, ``{b}`` … for the operands, and ``names``
    value
        in JTM, JP, periods, or pieces
    names
        names the sentence needs (teacher, subject, school); never numbers, so that no number stands outside the arithmetic
    paths
        where a premise stands in the instance (``structure[3].intra_jp``); the reports turn them into sheet and cell
    article, source, confidence
        of a premise from the regulation; confidence A, B or C (C is shown as unverified); "" for what the workbook says
    """

    id: str
    says: str
    value: int
    operation: Operation = Operation.GIVEN
    operands: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    article: str = ""
    source: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A premise without a number that the proof stands on (``no_split``: no class's subject is divided between teachers)."""

    says: str
    names: Mapping[str, str] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    article: str = ""
    source: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The comparison that must hold between two lines for the claim to follow."""

    left: str
    relation: Relation
    right: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim with its arithmetic.

    Parameters
    ----------
    id
        unique within an explanation (``B01`` …)
    kind
        key of the claim's sentence: what the arithmetic shows. Only the kinds of ``verify.premises.KINDS`` may bound the number of valid teachers;
        ``verify.proof`` knows how the claim of each must follow from its lines
    school
        NPSN, "" where several schools are concerned
    teachers
        those the claim is about, in the order of the sheet; empty for a claim about classes or times
    at_most
        id of the number that says how many of ``teachers`` can be valid at most; "" for a claim of another kind (no week, no plan)
    family
        family of certificates the claim is about, or ""
    parts
        proofs this one stands on; a line may take its value from a part's claim as ``part:ID``
    names
        names in the claim's sentence
    """

    id: str
    kind: str
    school: str
    teachers: tuple[str, ...]
    numbers: tuple[Number, ...]
    conclusions: tuple[Conclusion, ...]
    assumptions: tuple[Assumption, ...] = ()
    at_most: str = ""
    family: str = ""
    parts: tuple[Proof, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def most_valid(self) -> int | None:
        """The claimed largest number, None for a claim of another kind."""
        return next((number.value for number in self.numbers if number.id == self.at_most), None)
