"""The rows of the dossier, in words: what every output of an explanation shows, without its form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scheduler.policy.schema import Source
from scheduler.report.loads import Standing


class Verdict(StrEnum):
    """How sure an "at most" is. The words of one are never used for another."""

    ALL = "all"
    """nobody is below, so nothing is to be proved"""
    COUNTED = "counted"
    SEARCHED = "searched"
    OPEN = "open"
    """time ended first"""


@dataclass(frozen=True, slots=True)
class Tile:
    """One large figure of the first page; ``tone``: good, warn, bad or plain."""

    figure: str
    caption: str
    tone: str


@dataclass(frozen=True, slots=True)
class BelowRow:
    """A teacher who stays below, on the principal's page."""

    code: str
    name: str
    school: str
    reached: str
    reason: str
    exception: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """How many of one field at one school can be valid."""

    school: str
    family: str
    value: int
    whole: int
    most: str
    verdict: str


@dataclass(frozen=True, slots=True)
class RepairRow:
    number: int
    what: str
    price: int
    gains: str
    loses: str
    valid: str
    shortfall: str
    uncovered: str
    proved: str
    mark: str


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    below: str
    jtm: str
    proved: str


@dataclass(frozen=True, slots=True)
class ProofView:
    """A proof: its claim, and as lines what it stands on, the numbered sums, and what follows."""

    id: str
    claim: str
    lines: tuple[str, ...]
    unverified: bool


@dataclass(frozen=True, slots=True)
class ConflictView:
    id: str
    lead: str
    members: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeedLine:
    subject: str
    classes: int
    jp: int
    total: int


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """The computed need as the official form shows it, and the sentences on it."""

    teacher: str
    title: str
    reason: str
    rows: tuple[NeedLine, ...]
    total: int
    division: str
    certified: str
    mark: str


@dataclass(frozen=True, slots=True)
class TaughtLine:
    subject: str
    school: str
    classes: str
    jp: int
    linear: str


@dataclass(frozen=True, slots=True)
class HeldLine:
    duty: str
    jtm: int
    counted_jtm: int


@dataclass(frozen=True, slots=True)
class TeacherPage:
    """Everything that is said of one teacher. ``facts`` and ``hours`` are (word, value) pairs."""

    code: str
    name: str
    standing: Standing
    status: str
    facts: tuple[tuple[str, str], ...]
    hours: tuple[tuple[str, int], ...]
    sums: str
    remarks: tuple[str, ...]
    taught: tuple[TaughtLine, ...]
    held: tuple[HeldLine, ...]
    why: str
    proof: ProofView | None
    conflict: ConflictView | None
    change: str
    change_effect: str
    threshold: str
    replacement: str
    exception: ExceptionView | None
    home: str
    is_below: bool
    place: str
    sign_principal: str
    principal: tuple[str, str]


@dataclass(frozen=True, slots=True)
class StaffingLine:
    """A row of the analysis of need, in words and numbers, in the order of its columns after the number."""

    subject: str
    jp_a_class: str
    classes: int
    total_jp: int
    exactly: str
    needed: int
    certified: str
    count: int
    others: str
    taught_jtm: int
    duties: str
    duty_jtm: int
    collective_jtm: int
    left_jtm: int
    to_reduce: int
    to_add: int
    remark: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    name: str
    value: str
    source: Source | None
