"""The law from its files: rulesets, curricula, linearity tables, registries.

Shipped files are named by their id, a user's own by a path. Every function raises ``PolicyError`` with a Problem for each fault it finds.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from scheduler.domain.instance import Settings
from scheduler.domain.problem import Problem
from scheduler.errors import PolicyError
from scheduler.policy.registry import find_certificate, find_duty, find_subject, load_certificates, load_subjects
from scheduler.policy.schema import Confidence, Curriculum, Law, Linearity, LinearityRow, Policy, Source
from scheduler.policy.store import LawFile, Part, locate, shipped_ids, unknown

if TYPE_CHECKING:
    from scheduler.policy.files import CurriculumEntry

__all__ = [
    "curriculum_ids",
    "find_certificate",
    "find_duty",
    "find_subject",
    "linearity_ids",
    "load_certificates",
    "load_curriculum",
    "load_law",
    "load_linearity",
    "load_policy",
    "load_subjects",
    "policy_ids",
]

LINEARITY_COLUMNS = ("certificate", "subject", "article", "source", "confidence")


def policy_ids() -> tuple[str, ...]:
    """Ids of the shipped rulesets."""
    return shipped_ids(Part.RULESETS)


def curriculum_ids() -> tuple[str, ...]:
    """Ids of the shipped curricula."""
    return shipped_ids(Part.CURRICULA)


def linearity_ids() -> tuple[str, ...]:
    """Ids of the shipped linearity tables."""
    return shipped_ids(Part.LINEARITY)


def load_policy(id_or_path: str, overrides: Mapping[str, str] | None = None) -> Policy:
    """A ruleset with all its layers, and the user's own numbers over it.

    Parameters
    ----------
    id_or_path
        an id of ``policy_ids()``, or the path of a TOML file of the same form
    overrides
        number → value as text: a whole number, ``Ya``/``Tidak``, ``tidak ada``, or one of the number's own words
    """
    from scheduler.policy.layers import overridden, read_ruleset

    policy = read_ruleset(id_or_path)
    return overridden(policy, overrides) if overrides else policy


def check_number(key: str, text: str) -> None:
    """Whether a number of a ruleset may have this value by itself; PolicyError where none may."""
    from scheduler.policy.layers import refuse_number

    refuse_number(key, text)


def load_curriculum(id_or_path: str) -> Curriculum:
    """A curriculum's weekly structure, by id or path of a TOML file."""
    if id_or_path in curriculum_ids():
        return shipped_curriculum(id_or_path)
    return curriculum_from(locate(Part.CURRICULA, id_or_path))


def load_linearity(id_or_path: str, unverified: bool = False, own_subjects: Iterable[str] = ()) -> Linearity:
    """A linearity table, by id or path of a CSV file.

    Parameters
    ----------
    unverified
        True puts the rows marked C in force as well
    own_subjects
        ids of subjects that the workbook defines, which the table may name beside those of the registry
    """
    if id_or_path in linearity_ids():
        return shipped_linearity(id_or_path, unverified)
    return linearity_from(locate(Part.LINEARITY, id_or_path), unverified, frozenset(own_subjects))


def load_law(settings: Settings, own_subjects: Iterable[str] = ()) -> Law:
    """Everything of the law that a plan with these settings uses."""
    policy = load_policy(settings.policy, settings.overrides)
    linearity = load_linearity(settings.linearity or policy.linearity, settings.unverified_linearity, own_subjects)
    return Law(policy, linearity, load_certificates())


# --- curricula -------------------------------------------------------------------------------------------------------------------------


@cache
def shipped_curriculum(curriculum_id: str) -> Curriculum:
    return curriculum_from(locate(Part.CURRICULA, curriculum_id))


def curriculum_from(location: LawFile) -> Curriculum:
    from scheduler.policy.files import Citations, CurriculumFile, parse

    written = parse(location.text(), location.name, CurriculumFile)
    citations = Citations(written.references, location.name)
    rows = tuple(row for entry in written.rows for row in entry.rows(citations.cite(entry.source, f"rows.{entry.subject}")))
    problems = [*citations.problems, *curriculum_problems(written.rows, location.name)]
    if problems:
        raise PolicyError(problems)
    return Curriculum(written.id, written.title, written.school_levels, rows, written.extra_jp_counted, written.title_en)


def curriculum_problems(entries: Sequence[CurriculumEntry], file: str) -> Iterable[Problem]:
    """Unknown subjects, a subject twice in a grade, blocks that do not sum to the hours."""
    seen = set()
    for entry in entries:
        place = f"rows.{entry.subject}"
        if entry.subject not in load_subjects():
            yield unknown("policy.unknown_subject", entry.subject, load_subjects(), file, place)
        jp = entry.intra_jp + entry.koku_jp
        if sum(entry.blocks) != jp or min(entry.blocks, default=1) < 1:
            yield Problem("policy.blocks_do_not_sum", file, place, facts={"value": "+".join(map(str, entry.blocks)), "jp": jp})
        for grade in entry.grades:
            if (grade, entry.subject) in seen:
                yield Problem("policy.repeated_row", file, place, facts={"value": entry.subject, "grade": grade})
            seen.add((grade, entry.subject))


# --- linearity -------------------------------------------------------------------------------------------------------------------------


@cache
def shipped_linearity(table_id: str, unverified: bool) -> Linearity:
    return linearity_from(locate(Part.LINEARITY, table_id), unverified, frozenset())


def linearity_from(location: LawFile, unverified: bool, own_subjects: frozenset[str]) -> Linearity:
    """The table of a CSV file: a first line ``# title``, the column names, the rows. Excel's semicolons are understood."""
    lines = location.text().splitlines()
    titles = [line.lstrip("# ").rstrip(";, ") for line in lines if line.startswith("#")]
    header = next((index for index, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    separator = ";" if ";" in "".join(lines[header : header + 1]) else ","
    table = csv.DictReader(lines[header:], delimiter=separator)
    check_columns(table.fieldnames or (), location.name)
    rows, problems = [], []
    for number, cells in enumerate(table, start=header + 2):
        cleaned = {column: (cells[column] or "").strip() for column in LINEARITY_COLUMNS}
        if not any(cleaned.values()):
            continue
        faults = list(linearity_faults(cleaned, location.name, f"{number}", own_subjects))
        problems += faults
        if not faults:
            rows.append(linearity_row(cleaned))
    problems += repeated_pairs(rows, location.name)
    if problems:
        raise PolicyError(problems)
    off = () if unverified else tuple(row for row in rows if row.source.confidence is Confidence.C)
    return Linearity(location.stem, titles[0] if titles else location.stem, tuple(row for row in rows if row not in off), off)


def check_columns(columns: Sequence[str], file: str) -> None:
    problems = [Problem("policy.missing_column", file, facts={"value": name}) for name in LINEARITY_COLUMNS if name not in columns]
    problems += [unknown("policy.unknown_column", name, LINEARITY_COLUMNS, file) for name in columns if name and name not in LINEARITY_COLUMNS]
    if problems:
        raise PolicyError(problems)


def linearity_faults(cells: Mapping[str, str], file: str, line: str, own_subjects: frozenset[str]) -> Iterable[Problem]:
    subjects = {*load_subjects(), *own_subjects}
    if cells["certificate"] not in load_certificates():
        yield unknown("policy.unknown_certificate", cells["certificate"], load_certificates(), file, line)
    if cells["subject"] not in subjects:
        yield unknown("policy.unknown_subject", cells["subject"], subjects, file, line)
    if cells["confidence"] not in tuple(Confidence):
        yield Problem("policy.wrong_choice", file, line, facts={"key": "confidence", "value": cells["confidence"], "known": ", ".join(Confidence)})


def linearity_row(cells: Mapping[str, str]) -> LinearityRow:
    return LinearityRow(cells["certificate"], cells["subject"], Source(cells["article"], cells["source"], Confidence(cells["confidence"])))


def repeated_pairs(rows: Sequence[LinearityRow], file: str) -> Iterable[Problem]:
    seen = set()
    for row in rows:
        if (row.certificate, row.subject) in seen:
            yield Problem("policy.repeated_pair", file, facts={"certificate": row.certificate, "subject": row.subject})
        seen.add((row.certificate, row.subject))
