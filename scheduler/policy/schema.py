"""What a ruleset, a curriculum and a linearity table hold, as frozen data.

Every number carries its ``Source``: article, where it was read, and how sure we are (A: text of the regulation or two independent
sources; B: one detailed source; C: unverified, shown so and editable). Numbers that follow from others (16 and 18 real hours) are computed
where they are shown and never stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Confidence(StrEnum):
    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number stands. ``overridden`` is True where the user replaced the ruleset's own number."""

    article: str
    source: str
    confidence: Confidence
    note: str = ""
    overridden: bool = False


class DutyKind(StrEnum):
    """How the hours of a duty count."""

    TTU = "ttu"
    """Tugas tambahan utama: 12 JTM beside ``ttu_min_real_jtm`` real hours; one a teacher."""
    TTLE = "ttle"
    """Tugas tambahan lain yang ekuivalen: together at most ``ttle_cap_jtm``, and only without a TTU."""
    TEACHING = "teaching"
    """Counts as ordinary teaching hours (koordinator projek until TA 2024/25)."""
    SPECIAL = "special"
    """Pembimbing khusus: 6 JTM outside the TTLE cap, not together with a TTU."""


class DutyHolding(StrEnum):
    ASSIGNED = "assigned"
    PERSONAL = "personal"
    """A fact about a person: exists only where the workbook names the holder."""


class DutyUnitKind(StrEnum):
    """What a duty exists once for."""

    SCHOOL = "school"
    ROMBEL = "rombel"
    EKSKUL = "ekskul"
    WEEKDAY = "weekday"
    LIBRARY = "library"
    LABORATORY = "laboratory"


@dataclass(frozen=True, slots=True)
class RombelStep:
    """``count`` holders for a school of ``least`` to ``most`` rombel (``most`` None = and above)."""

    least: int
    most: int | None
    count: int


@dataclass(frozen=True, slots=True)
class DutyRule:
    """A duty of the regulation's table.

    Parameters
    ----------
    id, name
        stable id (``wali_kelas``) and the regulation's own words
    jtm
        equivalence in JTM a week of one unit
    unit
        what there is one (or ``per_unit``) of; ``by_rombel`` replaces ``per_unit`` where the number depends on the school's size
    required
        True: every unit must have a holder unless the workbook's Minimal says otherwise (a target: an empty one counts in ``unfilled_duties``)
    max_per_teacher
        most units one teacher may hold; None = no limit known
    min_students
        an ekskul with fewer students is no unit
    school_levels
        jenjang that have the duty; empty = all
    source, holders_source
        for the hours, and for the number of holders
    """

    id: str
    name: str
    kind: DutyKind
    holding: DutyHolding
    unit: DutyUnitKind
    jtm: int
    source: Source
    holders_source: Source
    name_en: str = ""
    per_unit: int = 1
    by_rombel: tuple[RombelStep, ...] = ()
    required: bool = False
    max_per_teacher: int | None = None
    min_students: int | None = None
    school_levels: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutsidePattern:
    """Under which conditions hours outside the home school are recognised at all (15/2018, the SKTP verification list).

    All of: at least ``home_min_jtm`` at home, at least ``ttle_min_jtm`` recognised TTLE, and, with ``no_surplus``, the home school has no more
    certified teachers of the family than it needs. A ruleset without patterns recognises them always; with patterns one of them must hold, and
    none holds beside a TTU.
    """

    id: str
    home_min_jtm: int
    ttle_min_jtm: int
    no_surplus: bool
    source: Source


class NeedRounding(StrEnum):
    """How ΣJP / 24 becomes a number of teachers."""

    SKB2011 = "skb2011"
    """Below 1: 1; 1.00-1.66: 1; 1.67-1.99: case by case (taken as 2, and said so); from 2: down."""
    DOWN = "down"


class CounsellorUnit(StrEnum):
    ROMBEL = "rombel"
    STUDENTS = "students"


@dataclass(frozen=True, slots=True)
class Policy:
    """A ruleset, complete: every number is here, whatever file of the ``extends`` chain it came from.

    ``None`` for a number means "no such rule" and is written out in the file. ``sources`` has a Source for every field from ``min_jtm`` to
    ``single_teacher_warning_jtm``. ``overrides`` are the numbers that the user replaced (key → value as the user wrote it).
    """

    id: str
    title: str
    in_force: str
    linearity: str
    min_jtm: int
    max_jtm: int
    ttu_min_real_jtm: int
    ttu_max_per_teacher: int
    ttle_cap_jtm: int
    ttle_counts_with_ttu: bool
    guru_wali_jtm: int
    guru_wali_counts_with_ttu: bool
    home_min_jtm: int | None
    outside_max_jtm: int | None
    outside_same_zone: bool
    outside_needs_assignment: bool
    split_hours_recognised: bool
    count_kokurikuler: bool
    structure_cap: bool
    principal_jtm: int
    principal_min_real_jtm: int
    bk_unit: CounsellorUnit
    bk_min: int
    bk_ttu_equivalent: int
    bk_two_duties_equivalent: int
    bk_home_min: int | None
    bk_exempt_below_rombel: int | None
    retirement_age: int
    need_rounding: NeedRounding
    rombel_min_students: int | None
    rombel_max_students: int | None
    exception_curriculum_structure: bool
    exception_staffing_matches_need: bool
    exception_single_teacher: bool
    single_teacher_warning_jtm: int
    duties: tuple[DutyRule, ...]
    outside_patterns: tuple[OutsidePattern, ...]
    sources: Mapping[str, Source]
    overrides: Mapping[str, str] = field(default_factory=dict)
    legal_basis: tuple[str, ...] = ()
    title_en: str = ""

    def duty(self, duty_id: str) -> DutyRule | None:
        return next((duty for duty in self.duties if duty.id == duty_id), None)


@dataclass(frozen=True, slots=True)
class CurriculumRow:
    """Weekly hours of a subject in a grade, with the source. ``elective`` rows are not filled into a template unless asked for."""

    grade: int
    subject: str
    intra_jp: int
    koku_jp: int
    blocks: tuple[int, ...]
    source: Source
    elective: bool = False


@dataclass(frozen=True, slots=True)
class Curriculum:
    """A curriculum's weekly structure. ``extra_jp_counted`` are hours above the class's whole structure that are recognised (K13: 2)."""

    id: str
    title: str
    school_levels: tuple[str, ...]
    rows: tuple[CurriculumRow, ...]
    extra_jp_counted: int = 0
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A field of sertifikat pendidik. ``codes`` are its numbers of old and new, ``family`` joins fields that share subjects (IPA: fisika, kimia …).

    ``payer`` is ``kemenag`` for religion teachers, who are validated and paid by another ministry.
    """

    id: str
    name: str
    family: str
    codes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    payer: str = "kemendikdasmen"


@dataclass(frozen=True, slots=True)
class LinearityRow:
    certificate: str
    subject: str
    source: Source


@dataclass(frozen=True, slots=True)
class Linearity:
    """Which certificate is linear to which subject. ``rows`` are those in force; ``switched_off`` the ones marked C that the user did not turn on."""

    id: str
    title: str
    rows: tuple[LinearityRow, ...]
    switched_off: tuple[LinearityRow, ...] = ()

    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset((row.certificate, row.subject) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Law:
    """Everything of the law one plan uses: the ruleset, the linearity table, the fields of certificates."""

    policy: Policy
    linearity: Linearity
    certificates: Mapping[str, Certificate]
