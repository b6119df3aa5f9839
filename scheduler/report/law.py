"""Dasar Hukum as rows: every number of the law that a plan stands on, with article, source and how sure we are of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from scheduler.domain.entities import Position
from scheduler.domain.instance import Instance
from scheduler.errors import PolicyError
from scheduler.policy.load import load_curriculum
from scheduler.policy.schema import Certificate, Confidence, Curriculum, CurriculumRow, DutyRule, LinearityRow, Policy, Source
from scheduler.report.names import Names

Value = int | bool | str | None
"""None = the ruleset says that there is no such rule."""


class LawPart(StrEnum):
    NUMBER = "number"
    DUTY_JTM = "duty_jtm"
    DUTY_HOLDERS = "duty_holders"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class LawRow:
    """One number. ``name`` is a policy field, a duty id or a pattern id; ``used`` tells whether this plan depends on it."""

    part: LawPart
    name: str
    value: Value
    source: Source
    used: bool = True
    duty: DutyRule | None = None


@dataclass(frozen=True, slots=True)
class CurriculumUse:
    """Hours of one subject as the workbook has them, by grade, and the curriculum's row where they are its own."""

    curriculum: str
    subject: str
    hours: Mapping[int, tuple[int, int]]
    source: Source | None


def policy_rows(policy: Policy) -> tuple[LawRow, ...]:
    """Every number of a ruleset, in the order of the schema, then the accepted patterns, then the duties."""
    numbers = tuple(
        LawRow(LawPart.NUMBER, field.name, shown(getattr(policy, field.name)), policy.sources[field.name])
        for field in fields(policy)
        if field.name in policy.sources
    )
    patterns = tuple(LawRow(LawPart.PATTERN, pattern.id, pattern.home_min_jtm, pattern.source) for pattern in policy.outside_patterns)
    return numbers + patterns + tuple(row for rule in policy.duties for row in duty_law(rule))


def duty_law(rule: DutyRule) -> tuple[LawRow, LawRow]:
    """A duty's equivalence, and how many holders are recognised."""
    return (
        LawRow(LawPart.DUTY_JTM, rule.id, rule.jtm, rule.source, duty=rule),
        LawRow(LawPart.DUTY_HOLDERS, rule.id, rule.per_unit, rule.holders_source, duty=rule),
    )


def shown(value: object) -> Value:
    return str(value) if isinstance(value, StrEnum) else value  # type: ignore[return-value]


def used_rows(names: Names) -> tuple[LawRow, ...]:
    """The ruleset's numbers, each marked whether this plan depends on it."""
    held = {d.duty for d in names.plan.duties} | {post.duty for post in names.case.duty_posts if post.minimum > 0}
    silent = silent_numbers(names)
    return tuple(replace(row, used=row.name in held if row.duty else not row.name.startswith(silent)) for row in policy_rows(names.case.policy))


def silent_numbers(names: Names) -> tuple[str, ...]:
    """Beginnings of the names of numbers that say nothing about this plan: nobody is concerned."""
    case, plan = names.case, names.plan
    positions = {teacher.position for teacher in case.instance.teachers}
    shares_staff = any(a.teacher and case.teachers[a.teacher].home != a.school for a in plan.assignments)
    shares_staff = shares_staff or any(teacher.outside_jtm for teacher in case.instance.teachers)
    splits = any("#" in need.id for need in case.needs)
    unused = {
        "bk_": Position.COUNSELLOR not in positions,
        "principal_": Position.PRINCIPAL not in positions,
        "outside_": not (shares_staff or plan.partners),
        "split_hours": not splits,
        "rombel_": all(rombel.students is None for rombel in case.instance.rombels),
        "guru_wali_": case.policy.guru_wali_jtm == 0,
    }
    return tuple(beginning for beginning, is_unused in unused.items() if is_unused)


def linearity_rows(names: Names) -> tuple[LinearityRow, ...]:
    """The rows of the linearity table by which an assignment of this plan is recognised, in the order of the table."""
    used = {(names.case.teachers[a.teacher].certificate, a.subject) for a in names.plan.assignments if a.teacher}
    return tuple(row for row in names.case.law.linearity.rows if (row.certificate, row.subject) in used)


def certificate_name(certificates: Mapping[str, Certificate], certificate: str) -> str:
    return certificates[certificate].name if certificate in certificates else certificate


# --- the curriculum ----------------------------------------------------------------------------------------------------------------------------


def curriculum_rows(instance: Instance) -> tuple[CurriculumUse, ...]:
    """The structure as the workbook has it, one row a subject; the source only where every grade's hours are the curriculum's own."""
    uses = []
    for curriculum in dict.fromkeys(rombel.curriculum for rombel in instance.rombels):
        known = known_curriculum(curriculum)
        rows = [row for row in instance.structure if row.curriculum == curriculum and row.jp > 0]
        for subject in dict.fromkeys(row.subject for row in rows):
            hours = {row.grade: (row.intra_jp, row.koku_jp) for row in rows if row.subject == subject}
            uses.append(CurriculumUse(curriculum, subject, hours, curriculum_source(known, subject, hours)))
    return tuple(uses)


def known_curriculum(curriculum: str) -> Curriculum | None:
    """The shipped curriculum of this id; None for a school's own."""
    try:
        return load_curriculum(curriculum)
    except PolicyError:
        return None


def curriculum_source(curriculum: Curriculum | None, subject: str, hours: Mapping[int, tuple[int, int]]) -> Source | None:
    """The least certain source among the subject's rows, if the hours are the curriculum's in every grade."""
    rows: Iterable[CurriculumRow] = () if curriculum is None else curriculum.rows
    own = {row.grade: row for row in rows if row.subject == subject and row.grade in hours}
    if any(grade not in own or (own[grade].intra_jp, own[grade].koku_jp) != stated for grade, stated in hours.items()):
        return None
    return max((own[grade].source for grade in hours), key=lambda source: source.confidence)


# --- what a reader must know -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Doubts:
    """What of the law under a plan was replaced by the user, and what is unverified."""

    overridden: tuple[LawRow, ...]
    unverified: tuple[LawRow, ...]
    unverified_linearity: tuple[LinearityRow, ...]


def doubts(names: Names) -> Doubts:
    """Overridden numbers, whether used or not; unverified ones (C) only where this plan depends on them."""
    rows = used_rows(names)
    return Doubts(
        overridden=tuple(row for row in rows if row.source.overridden),
        unverified=tuple(row for row in rows if row.used and row.source.confidence is Confidence.C and not row.source.overridden),
        unverified_linearity=tuple(row for row in linearity_rows(names) if row.source.confidence is Confidence.C),
    )
