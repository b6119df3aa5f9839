"""The law's TOML files: which keys there are, what may stand under them, and every fault of a file at once.

The rest of ``policy`` imports this module only when a file is read (pydantic costs a tenth of a second). The frozen classes of ``schema`` are used
as they are; the models here add what a file says beyond them: layers, references, several grades in one row.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Annotated, Any, Generic, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model

from scheduler.domain.problem import Problem
from scheduler.errors import PolicyError
from scheduler.policy.schema import Confidence, CurriculumRow, DutyRule, OutsidePattern, Policy, RombelStep, Source
from scheduler.policy.store import unknown

T = TypeVar("T")
File = TypeVar("File", bound=BaseModel)

DIVISORS = frozenset({"min_jtm", "max_jtm", "bk_min"})
"""Numbers that something is divided by, or that no teacher could keep at 0."""

NONE = "none"
"""How a file says "no such rule": TOML has no empty value."""


class Strict(BaseModel):
    """Refuses keys it does not know and values of another type; ``true`` is no number."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Entry(Strict, Generic[T]):
    """One number of the law with its source."""

    value: T
    article: str = Field(min_length=1)
    source: str = Field(min_length=1)
    confidence: Confidence
    note: str = ""

    def as_source(self) -> Source:
        return Source(self.article, self.source, self.confidence, self.note)


class RulesetFile(Strict):
    """A ruleset. The lists say what a file with ``extends`` does with each part of its parent that it does not write itself."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    title_en: str = ""
    in_force: str
    linearity: str = Field(min_length=1)
    legal_basis: tuple[str, ...]
    extends: str = ""
    inherits: tuple[str, ...] = ()
    inherits_duties: tuple[str, ...] = ()
    drops_duties: tuple[str, ...] = ()
    inherits_patterns: tuple[str, ...] = ()
    drops_patterns: tuple[str, ...] = ()
    references: dict[str, str] = {}
    numbers: Any = None
    duties: tuple[DutyRule, ...] = ()
    outside_patterns: tuple[OutsidePattern, ...] = ()


class CurriculumEntry(Strict):
    """Hours of a subject in one or more grades."""

    grades: tuple[int, ...] = Field(min_length=1)
    subject: str
    intra_jp: int = Field(ge=0)
    koku_jp: int = Field(default=0, ge=0)
    blocks: tuple[int, ...]
    source: Source
    elective: bool = False

    def rows(self, source: Source) -> tuple[CurriculumRow, ...]:
        return tuple(CurriculumRow(grade, self.subject, self.intra_jp, self.koku_jp, self.blocks, source, self.elective) for grade in self.grades)


class CurriculumFile(Strict):
    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    title_en: str = ""
    school_levels: tuple[str, ...]
    extra_jp_counted: int = Field(default=0, ge=0)
    references: dict[str, str] = {}
    rows: tuple[CurriculumEntry, ...] = Field(min_length=1)


class SubjectEntry(Strict):
    name: str
    short: str
    religion: str = ""
    aliases: tuple[str, ...] = ()


class SubjectsFile(Strict):
    subjects: dict[str, SubjectEntry]


# --- the numbers of a ruleset ----------------------------------------------------------------------------------------------------------


@cache
def number_keys() -> tuple[str, ...]:
    """Names of the numbers of a ruleset: the fields of ``Policy`` from ``min_jtm`` to ``single_teacher_warning_jtm``."""
    names = [field.name for field in fields(Policy)]
    return tuple(names[names.index("min_jtm") : names.index("single_teacher_warning_jtm") + 1])


@cache
def number_types() -> Mapping[str, Any]:
    """What may stand under each number: the type of the field, a whole number never below 0 (below 1 for ``DIVISORS``)."""
    hints = get_type_hints(Policy)
    return {key: bounded(hints[key], int(key in DIVISORS)) for key in number_keys()}


def optional_numbers() -> frozenset[str]:
    """Numbers of which a ruleset may say that there is no such rule."""
    hints = get_type_hints(Policy)
    return frozenset(key for key in number_keys() if hints[key] == int | None)


def bounded(hint: Any, least: int) -> Any:
    whole = Annotated[int, Field(ge=least, strict=True)]
    if hint is int:
        return whole
    return whole | None if hint == int | None else hint


@cache
def number_adapter(key: str) -> TypeAdapter[Any]:
    """Validates one number alone, as an override gives it."""
    return TypeAdapter(number_types()[key], config=ConfigDict(strict=True))


@cache
def ruleset_model() -> type[RulesetFile]:
    """``RulesetFile`` with an optional entry for each number: whether all are there is a question of the layers."""
    entry: Any = Entry
    entries: dict[str, Any] = {key: (entry[hint] | None, None) for key, hint in number_types().items()}
    numbers = create_model("Numbers", __base__=Strict, **entries)
    return create_model("CompleteRulesetFile", __base__=RulesetFile, numbers=(numbers, Field(default_factory=numbers)))


# --- reading ---------------------------------------------------------------------------------------------------------------------------


def parse(text: str, file: str, model: type[File]) -> File:
    """The file as its model.

    Raises
    ------
    PolicyError
        with a Problem for each fault: no TOML, unknown or missing keys, values of another type
    """
    raw = without_none(parse_toml(text, file))
    try:
        # Through JSON, because only there pydantic's strict mode takes a list for a tuple and a text for an enum.
        return model.model_validate_json(json.dumps(raw, default=str))
    except ValidationError as error:
        raise PolicyError([fault_of(detail, raw, file, model) for detail in telling(error.errors())]) from None


def parse_toml(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError([Problem("policy.not_toml", file, facts=toml_place(error, text))]) from None


def toml_place(error: tomllib.TOMLDecodeError, text: str) -> dict[str, str | int]:
    """Line and column at which reading stopped, the end of the text where it says no other; the parser's own words are English only."""
    said = re.search(r"line (\d+), column (\d+)", str(error))
    if said is not None:
        return {"line": int(said[1]), "column": int(said[2])}
    lines = text.rstrip().split("\n")
    return {"line": len(lines), "column": len(lines[-1]) + 1}


def without_none(value: Any) -> Any:
    """The same tables and lists with None for ``"none"``."""
    if isinstance(value, dict):
        return {key: without_none(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_none(item) for item in value]
    return None if value == NONE else value


def telling(details: Sequence[Any]) -> list[Any]:
    """The details without "list too short" where the list is only short because its items are wrong."""
    places = [detail["loc"] for detail in details]
    return [d for d in details if d["type"] != "too_short" or not any(p != d["loc"] and p[: len(d["loc"])] == d["loc"] for p in places)]


def fault_of(detail: Any, raw: dict[str, Any], file: str, model: type[BaseModel]) -> Problem:
    """A Problem from one of pydantic's error details."""
    *parents, key = (str(part) for part in named_place(detail["loc"], raw))
    place = ".".join(parents)
    if detail["type"] in {"extra_forbidden", "unexpected_keyword_argument"}:
        return unknown("policy.unknown_key", key, keys_at(detail["loc"], model), file, place)
    if detail["type"] == "missing":
        return Problem("policy.missing_key", file, place, facts={"value": key})
    return wrong_value(detail, key, file, place)


def wrong_value(detail: Any, key: str, file: str, place: str) -> Problem:
    """A Problem on a value that has the wrong type, is too small, or is not among the words allowed."""
    name = place.rpartition(".")[2] if key == "value" else key
    facts: dict[str, str | int] = {"key": name, "value": shown(detail["input"])}
    if detail["type"] == "enum":
        facts["known"] = detail["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        return Problem("policy.wrong_choice", file, place, facts=facts)
    kind = VALUE_PROBLEMS.get(detail["type"], "policy.wrong_value")
    if kind == "policy.not_a_number" and name in optional_numbers():
        kind = "policy.not_a_number_or_none"
    if kind == "policy.too_small":
        facts["limit"] = detail["ctx"]["ge"]
    return Problem(kind, file, place, facts=facts)


VALUE_PROBLEMS = {
    "int_type": "policy.not_a_number",
    "bool_type": "policy.not_a_bool",
    "string_type": "policy.not_a_text",
    "greater_than_equal": "policy.too_small",
    "string_too_short": "policy.empty_value",
    "too_short": "policy.empty_value",
}


def shown(value: Any) -> str:
    """A value as the file has it."""
    return NONE if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def named_place(loc: tuple[str | int, ...], raw: Any) -> Iterable[str | int]:
    """The place of a fault with the ids of list items instead of their indices: ``duties.wali_kelas.jtm``."""
    for part in loc:
        raw = item_of(raw, part)
        own_name = raw.get("id") or raw.get("subject") if isinstance(part, int) and isinstance(raw, dict) else None
        yield own_name or part


def item_of(raw: Any, part: str | int) -> Any:
    try:
        return raw[part]
    except (KeyError, IndexError, TypeError):
        return None


def keys_at(loc: tuple[str | int, ...], model: type[BaseModel]) -> Sequence[str]:
    """The keys that may stand where one stands that is not known."""
    tables = [part for part in loc[:-1] if isinstance(part, str)]
    if not tables:
        return tuple(model.model_fields)
    if tables[0] == "numbers":
        return number_keys() if len(tables) == 1 else tuple(Entry.model_fields)
    classes = {"source": Source, "holders_source": Source, "by_rombel": RombelStep, "duties": DutyRule, "outside_patterns": OutsidePattern}
    if tables[-1] in classes:
        return tuple(field.name for field in fields(classes[tables[-1]]) if field.name != "overridden")
    return tuple((SubjectEntry if tables[0] == "subjects" else CurriculumEntry).model_fields)


# --- references ------------------------------------------------------------------------------------------------------------------------


class Citations:
    """Puts the full texts of ``[references]`` in the place of their short names, and keeps the names that are missing there."""

    def __init__(self, references: Mapping[str, str], file: str) -> None:
        self.references = references
        self.file = file
        self.problems: list[Problem] = []

    def cite(self, source: Source, place: str) -> Source:
        """The source with ``"gurune; pakagus"`` written out. A single word must be a reference; anything longer is its own text."""
        parts = [part.strip() for part in source.source.split(";")]
        for part in parts:
            if part not in self.references and re.fullmatch(r"\w+", part):
                self.problems.append(unknown("policy.unknown_reference", part, self.references, self.file, place))
        return replace(source, source="; ".join(self.references.get(part, part) for part in parts), overridden=False)
