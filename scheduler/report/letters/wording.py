"""The sentences of a decree and the law it rests on, from the shipped files or from the user's own.

``law.toml`` holds the regulations with their sources; ``wording.<language>.toml`` the sentences. A user's file has the form of the latter and may
hold its own ``[[mengingat]]``; the keys Mengingat and Memperhatikan of Pengaturan stand above both.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.files import write_bytes
from scheduler.policy.case import Case
from scheduler.policy.files import toml_place
from scheduler.policy.schema import Confidence

PLACEHOLDERS: Final = frozenset({"sekolah", "tahun_pelajaran", "semester", "tanggal_rapat", "nomor", "tanggal", "dinas", "wali"})
"""What a sentence may leave for the program to fill in."""

ALWAYS: Final = "*"
SEPARATORS: Final = re.compile(r"[;\n]")


@dataclass(frozen=True, slots=True)
class LawItem:
    """One item of Mengingat. ``confidence`` None = the user's own words; ``replaced_by`` names what has taken its place."""

    text: str
    confidence: Confidence | None = None
    source: str = ""
    replaced_by: str = ""

    @property
    def is_doubtful(self) -> bool:
        return self.confidence is Confidence.C or bool(self.replaced_by)


class Shape(BaseModel):
    """A table of a file: every key known, every value of its type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class KnownLaw(Shape):
    """A regulation of ``law.toml``; ``bases`` are the ids of the rulesets, linearity tables and curricula that rest on it."""

    text: str
    bases: list[str] = Field(alias="for")
    confidence: str
    source: str
    number: str = ""
    replaced_by: str = ""

    @property
    def item(self) -> LawItem:
        return LawItem(self.text, Confidence(self.confidence), self.source, self.replaced_by)


class OwnLaw(Shape):
    """An item of ``[[mengingat]]`` in a user's file."""

    teks: str
    keyakinan: str = Field(default="", pattern="^[ABC]?$")
    sumber: str = ""


class DecreeWording(Shape):
    """One decree: what it is about, its considerations, its rulings."""

    tentang: str
    menimbang: list[str]
    menetapkan: list[str]


class Wording(Shape):
    """All sentences: of one decree for everything, or of two."""

    memperhatikan: list[str]
    tembusan: list[str]
    satu: DecreeWording
    mengajar: DecreeWording
    tambahan: DecreeWording
    mengingat: list[OwnLaw] | None = None


@cache
def known_law() -> tuple[KnownLaw, ...]:
    return tuple(TypeAdapter(list[KnownLaw]).validate_python(tomllib.loads(shipped_text("law.toml"))["law"]))


def shipped_text(name: str) -> str:
    return resources.files("scheduler.report.letters").joinpath(name).read_text(encoding="utf-8")


def shipped_wording(lang: str) -> Wording:
    return Wording.model_validate(tomllib.loads(shipped_text(f"wording.{lang}.toml")))


# --- the law -----------------------------------------------------------------------------------------------------------------------------------


def law_in_force(case: Case, npsn: str) -> tuple[LawItem, ...]:
    """The regulations that a school's plan rests on: those of its ruleset, its linearity table and its curricula, in the order of their rank.

    What a ruleset of the user's own names besides is kept, as unverified.
    """
    used = {ALWAYS, case.policy.id, case.law.linearity.id, *(rombel.curriculum for rombel in case.instance.rombels_of(npsn))}
    items = [law.item for law in known_law() if used & set(law.bases)]
    shipped = any(case.policy.id in law.bases for law in known_law())
    beginnings = [item.text.partition(" tentang ")[0] for item in items]
    own = [text for text in case.policy.legal_basis if not shipped and not any(text.startswith(begin) for begin in beginnings)]
    return (*items, *(LawItem(text, Confidence.C) for text in own))


def own_law(text: str) -> LawItem:
    """An item as the user wrote it; one that names a regulation that has been replaced says so."""
    named = (law.replaced_by for law in known_law() if law.number and law.replaced_by and law.number.casefold() in text.casefold())
    return LawItem(text, replaced_by=next(named, ""))


def law_of(wording: Wording, stated: str, case: Case, npsn: str) -> tuple[LawItem, ...]:
    """Mengingat of a school: what Pengaturan states, else what the user's file lists, else the law in force."""
    if stated:
        return tuple(own_law(text) for text in listed(stated))
    if wording.mengingat is None:
        return law_in_force(case, npsn)
    return tuple(own_item(entry) for entry in wording.mengingat)


def own_item(entry: OwnLaw) -> LawItem:
    confidence = Confidence(entry.keyakinan) if entry.keyakinan else None
    return LawItem(entry.teks, confidence, entry.sumber, own_law(entry.teks).replaced_by)


def listed(stated: str) -> tuple[str, ...]:
    """The items of a cell that lists several: one a line, or separated by semicolons."""
    return tuple(part.strip() for part in SEPARATORS.split(stated) if part.strip())


# --- a file of the user's own ------------------------------------------------------------------------------------------------------------------


def read_wording(path: Path) -> Wording:
    """A user's wording.

    Raises
    ------
    InputError
        the file is no TOML, a key is unknown or missing, or a sentence has braces that nothing fills
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise InputError([Problem("sweep.not_utf8", path.name)]) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError([Problem("sweep.not_toml", path.name, facts=toml_place(error, text))]) from error
    try:
        wording = Wording.model_validate(content)
    except ValidationError as error:
        raise InputError([shape_problem(path, fault) for fault in error.errors()]) from error
    known = " ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS))
    problems = [Problem("letters.wording_braces", path.name, place, facts={"value": text, "known": known}) for place, text in strange(wording)]
    if problems:
        raise InputError(problems)
    return wording


def shape_problem(path: Path, fault: Any) -> Problem:
    kinds = {"missing": "letters.wording_missing", "extra_forbidden": "letters.wording_unknown"}
    place = ".".join(str(part) for part in fault["loc"])
    return Problem(kinds.get(fault["type"], "letters.wording_value"), path.name, place, facts={"value": place})


def strange(wording: Wording) -> Iterator[tuple[str, str]]:
    """(place, sentence) of every sentence with braces that nothing fills."""
    for place, text in sentences(wording):
        try:
            fields = {field for _, field, form, conversion in Formatter().parse(text) if field is not None and not form and not conversion}
            plain = all(not form and not conversion for _, _, form, conversion in Formatter().parse(text))
        except ValueError:
            fields, plain = set(), False
        if not plain or fields - PLACEHOLDERS:
            yield place, text


def sentences(wording: Wording) -> Iterator[tuple[str, str]]:
    yield from (("memperhatikan", text) for text in wording.memperhatikan)
    yield from (("tembusan", text) for text in wording.tembusan)
    for name in ("satu", "mengajar", "tambahan"):
        decree: DecreeWording = getattr(wording, name)
        yield f"{name}.tentang", decree.tentang
        yield from ((f"{name}.menimbang", text) for text in decree.menimbang)
        yield from ((f"{name}.menetapkan", text) for text in decree.menetapkan)


def write_wording(lang: str, law: Iterable[LawItem], path: Path) -> None:
    """The shipped wording with the law in force, for the user to change."""
    lines = [shipped_text(f"wording.{lang}.toml").rstrip()]
    for item in law:
        lines += ["", "[[mengingat]]", f"teks = {quoted(item.text)}"]
        lines += [f"keyakinan = {quoted(item.confidence.value)}"] if item.confidence else []
        lines += [f"sumber = {quoted(item.source)}"] if item.source else []
    write_bytes(("\n".join(lines) + "\n").encode(), path)


def quoted(text: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
