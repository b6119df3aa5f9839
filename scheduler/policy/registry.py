"""The registries that every ruleset shares: subjects and fields of sertifikat pendidik, and how the names in files are recognised."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from scheduler.domain.entities import Subject
from scheduler.policy.schema import Certificate, DutyRule, Policy
from scheduler.policy.store import shipped

if TYPE_CHECKING:
    from scheduler.policy.files import SubjectEntry

LIST_SEPARATOR = "|"


@cache
def load_subjects() -> Mapping[str, Subject]:
    """All subjects of the registry by id, in its order."""
    return {key: Subject(key, entry.name, entry.short, entry.religion) for key, entry in subject_entries().items()}


@cache
def load_certificates() -> Mapping[str, Certificate]:
    """All fields of sertifikat pendidik by id, in the order of the file."""
    lines = shipped("certificates.csv").read_text(encoding="utf-8").splitlines()
    return {row["id"]: certificate_of(row) for row in csv.DictReader(lines)}


def certificate_of(row: Mapping[str, str]) -> Certificate:
    return Certificate(row["id"], row["name"], row["family"], listed(row["codes"]), listed(row["aliases"]), row["payer"])


def listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(LIST_SEPARATOR) if part)


def find_subject(text: str) -> str | None:
    """Id of the subject that a file calls ``text``: its id, name, short code or an alias, whatever the capitals, blanks and punctuation."""
    return first_match(text, subject_names())


def find_certificate(text: str) -> str | None:
    """Id of the certificate that a file calls ``text``: its id, name, code (``094``, also without the leading 0) or an alias."""
    return first_match(text, certificate_names())


def find_duty(policy: Policy, text: str) -> str | None:
    """Id of the ruleset's duty that a file calls ``text``: its id, its name in the regulation or an alias (the names of Dapodik)."""
    return first_match(text, {normalised(name): duty.id for duty in policy.duties for name in duty_names(duty)})


def duty_names(duty: DutyRule) -> tuple[str, ...]:
    return (duty.id, duty.name, duty.name_en, *duty.aliases)


@cache
def subject_names() -> Mapping[str, str]:
    """Normalised name → subject id."""
    return {normalised(n): key for key, entry in subject_entries().items() for n in (key, entry.name, entry.short, *entry.aliases)}


@cache
def certificate_names() -> Mapping[str, str]:
    """Normalised name or code → certificate id."""
    return {normalised(n): c.id for c in load_certificates().values() for n in (c.id, c.name, *c.codes, *c.aliases)}


def first_match(text: str, names: Mapping[str, str]) -> str | None:
    return next((names[form] for form in readings(text) if form in names), None)


def readings(text: str) -> Iterator[str]:
    """How a name may be read: as it stands, without its parentheses (``Matematika (Umum)``), and what is inside them (``(IPS)``)."""
    yield normalised(text)
    yield normalised(re.sub(r"\(.*?\)", "", text))
    yield from (normalised(part) for part in re.findall(r"\((.*?)\)", text))


def normalised(text: str) -> str:
    """Letters and digits alone, in small letters; numbers without leading zeros."""
    plain = re.sub(r"[\W_]+", "", text.casefold().replace("&", "dan"))
    return plain.lstrip("0") if plain.isdigit() else plain


@cache
def subject_entries() -> Mapping[str, SubjectEntry]:
    from scheduler.policy.files import SubjectsFile, parse

    return parse(shipped("subjects.toml").read_text(encoding="utf-8"), "subjects.toml", SubjectsFile).subjects
