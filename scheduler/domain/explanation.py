"""Why not 24, and what would mend it: everything ``explain`` finds, as data (the keys of its JSON are these fields)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scheduler.domain.plan import Assignment, DutyHolding, Level, PartnerAlone, PolicyUsed, Status, TeacherLoad
from scheduler.domain.proof import Proof
from scheduler.domain.rules import Part


class Basis(StrEnum):
    """What stands behind an "at most" or an "impossible". Two different ones make it proved."""

    COUNTING = "counting"
    """a Proof that ``verify --proof`` re-checks"""
    SEARCH = "search"
    """the solver's bound equals its value"""
    SECOND_SEARCH = "second_search"
    """another run, one worker and other parameters, found one more impossible too"""


@dataclass(frozen=True, slots=True)
class Largest:
    """How many of some teachers can be valid at once.

    ``value``: what the plan reaches. ``most``: the proved most, or None where nothing is proved. ``proved``: value == most, on two bases.
    ``proof`` is the id of the counting proof that reaches ``most``, ``conflict`` of the conflict shown in its place; "" where there is none.
    ``school`` "" and ``family`` "" = all counted teachers of the file.
    """

    school: str
    family: str
    teachers: tuple[str, ...]
    value: int
    most: int | None
    proved: bool
    bases: tuple[Basis, ...] = ()
    proof: str = ""
    conflict: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One rule about one entity, by the rule's name in ``domain.rules``: ``("max_jtm", {"teacher": "G01"})``."""

    rule: str
    entities: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules and entities that cannot hold together.

    ``minimal``: without any one of the members the rest was shown to be possible; False where time ended the shrinking. ``bases`` says how the
    impossibility was shown (always two runs of different parameters, or counting).
    """

    id: str
    part: Part
    members: tuple[Member, ...]
    minimal: bool
    bases: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of the workbook: ``kind`` says which, ``facts`` hold everything that ``diagnose.edits.applied`` needs."""

    kind: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repair:
    """A change that was solved and checked before anyone sees it.

    Parameters
    ----------
    number
        its rank, from 1: what ``--apply`` takes
    kind
        key of its sentence (``repairs.<kind>``) and of its price; ``combination`` for several together
    price
        in the points of the price table
    becomes_valid, loses
        counted teachers who are valid with it and not without it, and the other way round
    valid_before, valid_after, shortfall_before, shortfall_after, uncovered_before, uncovered_after
        of all counted teachers (JTM, JP); the promised numbers
    proved
        whether the levels down to ``shortfall_jtm`` (and the choice by Prioritas) were proved optimal, so that a new plan gives the same numbers
    unverified
        whether it stands on numbers marked C, or on a rule that the user must have confirmed
    facts
        names and numbers of its sentence
    """

    number: int
    kind: str
    edits: tuple[Edit, ...]
    price: int
    becomes_valid: tuple[str, ...]
    loses: tuple[str, ...]
    valid_before: int
    valid_after: int
    shortfall_before: int
    shortfall_after: int
    uncovered_before: int
    uncovered_after: int
    proved: bool
    unverified: bool = False
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Threshold:
    """The greatest min_jtm under which at most ``below`` counted teachers stay below it; None where none was found down to 1.

    ``proved``: at that minimum a plan was found and checked, and at every greater one (up to the ruleset's) more stay below, on two bases.
    """

    below: int
    min_jtm: int | None
    proved: bool


@dataclass(frozen=True, slots=True)
class Replacement:
    """``teacher`` could be valid in place of the ``instead`` (one or more), at no worse levels 1a to 3: only Prioritas decided."""

    teacher: str
    instead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One subject in the computed need: classes × JP = total."""

    subject: str
    classes: int
    jp: int
    total: int


@dataclass(frozen=True, slots=True)
class ExceptionCase:
    """An exception that covers a teacher below the minimum, with the computed need as the official form shows it.

    ``reason`` is the key of ``reasons.toml``. ``total`` = Σ JP × rombel, ``divisor`` the minimum, ``needed`` teachers after the ruleset's rounding,
    ``certified`` the family's counted teachers at the school.
    """

    teacher: str
    reason: str
    family: str
    rows: tuple[NeedRow, ...]
    total: int
    divisor: int
    needed: int
    certified: tuple[str, ...]
    article: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class TeacherCase:
    """A counted teacher below the minimum: what the best plan gives, why it is not more, and what is the least that would help.

    ``best_jtm``, ``best_missing``: the most that is recognised alone, with every linear hour and the best duties, and what is missing even then.
    ``proof``, ``conflict``: ids of what explains it. ``repair``: number of the cheapest repair that makes this teacher valid, None where none
    was found. ``own_threshold``: the greatest min_jtm at which the best plan, with this order of Prioritas, has the teacher valid; None = not
    found.
    """

    teacher: str
    load: TeacherLoad
    best_jtm: int
    best_missing: int
    proof: str = ""
    conflict: str = ""
    repair: int | None = None
    smallest_change: Repair | None = None
    own_threshold: int | None = None
    could_replace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of it. With ``status`` UNKNOWN nothing is claimed; with INFEASIBLE there is no plan, and ``conflicts`` says why."""

    policy: PolicyUsed
    instance_sha256: str
    status: Status
    levels: tuple[Level, ...] = ()
    largest: Largest | None = None
    groups: tuple[Largest, ...] = ()
    teachers: tuple[TeacherCase, ...] = ()
    proofs: tuple[Proof, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    repairs: tuple[Repair, ...] = ()
    exceptions: tuple[ExceptionCase, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    loads: tuple[TeacherLoad, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    duties: tuple[DutyHolding, ...] = ()
    """The division of work that ``loads`` are of; the dossier counts what is taught and held, and the analysis of need, from it."""
    partners: tuple[PartnerAlone, ...] = ()
    """What each partner school reaches alone: premises of the proofs, which ``verify --proof FILE WORKBOOK`` needs."""
    week_status: Status = Status.UNKNOWN
    """OPTIMAL or FEASIBLE: a week for this division of work exists; INFEASIBLE: none does (a conflict says why); UNKNOWN: not looked for, or no
    verdict in time."""
    unfinished: tuple[str, ...] = ()
    """Parts that the time limit cut short (``repairs``, ``thresholds`` …): keys of sentences."""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of the files written with it, by name; empty where it was not written to a folder."""
    schema: str = "scheduler-explanation/1"
