"""Instances, plans and explanations as JSON: read strictly, written in one canonical form.

The shape is that of the dataclasses; pydantic checks it at the border: unknown keys, missing keys and values of another type are Problems with
their dotted path. The schemas shipped beside this module come from the same adapters (``schema``).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from scheduler.domain.explanation import Explanation
from scheduler.domain.instance import Instance
from scheduler.domain.plan import Plan
from scheduler.domain.problem import Problem
from scheduler.domain.proof import Proof
from scheduler.errors import InputError
from scheduler.formats.files import write_bytes

Shape = Instance | Plan | Explanation | Proof
T = TypeVar("T", Instance, Plan, Explanation, Proof)

PLAN_SCHEMA: Final = "scheduler-plan/1"
EXPLANATION_SCHEMA: Final = "scheduler-explanation/1"
SCHEMA_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

FAULTS: Final = {
    "unexpected_keyword_argument": "json_unknown_key",
    "extra_forbidden": "json_unknown_key",
    "missing": "json_missing_key",
    "missing_argument": "json_missing_key",
    "enum": "json_wrong_choice",
}
"""Kinds of Problem by pydantic's types of error; any other type is ``json_wrong_value``."""


@cache
def adapters() -> dict[type, TypeAdapter[Any]]:
    """The strict readers and writers of these dataclasses and everything in them.

    A dataclass of the standard library takes pydantic's settings from what it stands in, so it stands in a tuple of one.
    """
    strict = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    return {
        Instance: TypeAdapter(tuple[Instance], config=strict),
        Plan: TypeAdapter(tuple[Plan], config=strict),
        Explanation: TypeAdapter(tuple[Explanation], config=strict),
        Proof: TypeAdapter(tuple[Proof], config=strict),
    }


# --- instances -------------------------------------------------------------------------------------------------------------------------


def read_instance(path: Path) -> Instance:
    """An instance, its references and contradictions checked as those of a workbook are. Subjects of the registry need not be listed in it.

    Raises
    ------
    InputError
        everything that is wrong, each Problem with its dotted path in ``sheet``
    """
    from scheduler.formats.checking import check_json_instance

    if is_explanation(path):
        raise InputError([Problem("explanation_not_expected", path.name)])
    if is_plan(path):
        raise InputError([Problem("plan_not_expected", path.name)])
    instance = with_registry_subjects(read_shape(path, Instance))
    problems = check_json_instance(instance, path.name)
    if problems:
        raise InputError(problems)
    return instance


def with_registry_subjects(instance: Instance) -> Instance:
    from scheduler.formats.building import subjects_used

    known = {subject.id for subject in instance.subjects}
    return replace(instance, subjects=instance.subjects + tuple(s for s in subjects_used(instance, ()) if s.id not in known))


def write_instance(instance: Instance, path: Path) -> None:
    write_bytes(canonical(instance), path)


def instance_sha256(instance: Instance) -> str:
    """Fingerprint of what the instance says; defaults count as unsaid, so a later field with a default changes no fingerprint."""
    return hashlib.sha256(canonical(instance, exclude_defaults=True)).hexdigest()


# --- plans -----------------------------------------------------------------------------------------------------------------------------


def read_plan(path: Path) -> Plan:
    """A plan file; whether the plan is right is the checker's question.

    Raises
    ------
    InputError
        the file is no plan, or one of another version
    """
    if not may_be_plan(path):
        raise InputError([Problem("plan_file_expected", path.name)])
    plan = read_shape(path, Plan)
    if plan.schema != PLAN_SCHEMA:
        raise InputError([Problem("json_wrong_schema", path.name, "schema", "", {"value": plan.schema, "known": PLAN_SCHEMA})])
    return plan


def may_be_plan(path: Path) -> bool:
    """False for what is plainly something else: a workbook, a picture, another JSON file of ours. Damaged JSON is for ``read_shape`` to name."""
    try:
        return not {"settings", "proofs"} & keys_of(path)
    except (UnicodeDecodeError, TypeError):
        return False


def is_plan(path: Path) -> bool:
    """Whether somebody gives a plan where an instance belongs."""
    return holds(path, {"schema", "levels"})


def is_explanation(path: Path) -> bool:
    """Whether the file is a penjelasan.json, of whatever version."""
    return holds(path, {"schema", "proofs", "status"})


def holds(path: Path, expected: set[str]) -> bool:
    """Whether the file is a whole JSON object with these keys."""
    try:
        return expected <= keys_of(path)
    except (UnicodeDecodeError, TypeError):
        return False


def keys_of(path: Path) -> set[str]:
    """Keys of the JSON object in the file, none where it is damaged; TypeError where it is no object."""
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, json.JSONDecodeError, RecursionError):
        return set()
    if not isinstance(content, dict):
        raise TypeError(type(content).__name__)
    return set(content)


def write_plan(plan: Plan, path: Path) -> None:
    write_bytes(canonical(plan), path)


# --- explanations ----------------------------------------------------------------------------------------------------------------------


def read_explanation(path: Path) -> Explanation:
    """A penjelasan.json; whether its proofs are right is the question of ``verify --proof``.

    Raises
    ------
    InputError
        the file is no explanation, or one of another version
    """
    if not (is_explanation(path) or is_damaged(path)):
        raise InputError([Problem("explanation_file_expected", path.name)])
    explanation = read_shape(path, Explanation)
    if explanation.schema != EXPLANATION_SCHEMA:
        facts: dict[str, str | int] = {"value": explanation.schema, "known": EXPLANATION_SCHEMA}
        raise InputError([Problem("json_wrong_schema", path.name, "schema", "", facts)])
    return explanation


def read_proofs(path: Path) -> tuple[Proof, ...]:
    """Every proof of a penjelasan.json, or the one that the file holds.

    Raises
    ------
    InputError
        the file is neither
    """
    if holds(path, {"numbers", "conclusions"}):
        return (read_shape(path, Proof),)
    if not (is_explanation(path) or is_damaged(path)):
        raise InputError([Problem("proof_file_expected", path.name)])
    return read_explanation(path).proofs


def is_damaged(path: Path) -> bool:
    """Whether nothing can be said of the file before ``read_shape`` names what is wrong with it."""
    try:
        return not keys_of(path)
    except (UnicodeDecodeError, TypeError):
        return False


def write_explanation(explanation: Explanation, path: Path) -> None:
    write_bytes(canonical(explanation), path)


# --- all -------------------------------------------------------------------------------------------------------------------------------


def canonical(thing: Shape, exclude_defaults: bool = False) -> bytes:
    """Sorted keys, two blanks a level, UTF-8: equal things give equal bytes."""
    return (json.dumps(plain(thing, exclude_defaults), ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode("utf-8")


def plain(thing: Shape, exclude_defaults: bool = False) -> dict[str, Any]:
    """The thing as what JSON has: objects, lists, texts, numbers."""
    content: dict[str, Any]
    (content,) = adapters()[type(thing)].dump_python((thing,), mode="json", exclude_defaults=exclude_defaults)
    return content


def read_shape(path: Path, shape: type[T]) -> T:
    """The file's content as ``shape``, or an InputError with every fault."""
    text = text_of(path)
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError([Problem("json_broken", path.name, "", "", {"line": error.lineno, "column": error.colno})]) from None
    except RecursionError:
        raise InputError([Problem("json_broken", path.name, "", "", {"line": 1, "column": 1})]) from None
    try:
        validated: tuple[T] = adapters()[shape].validate_json(f"[{text}]")
    except ValidationError as error:
        raise InputError([fault_of(detail, path.name) for detail in error.errors()]) from None
    return validated[0]


def text_of(path: Path) -> str:
    if not path.exists():
        raise InputError([Problem("file_missing", path.name)])
    if path.is_dir():
        raise InputError([Problem("file_is_folder", path.name)])
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError([Problem("json_not_utf8", path.name)]) from None
    except OSError:
        raise InputError([Problem("file_unreadable", path.name)]) from None


def fault_of(detail: Any, file: str) -> Problem:
    """A Problem from one of pydantic's error details."""
    loc = detail["loc"][1:]  # the first step is the tuple of one
    kind = FAULTS.get(detail["type"], "json_wrong_value")
    facts: dict[str, str | int] = {"key": str(loc[-1]) if loc else "", "value": shortened(detail["input"])}
    if kind == "json_wrong_choice":
        facts["choices"] = detail["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
    return Problem(kind, file, dotted(loc), "", facts)


def dotted(loc: tuple[str | int, ...]) -> str:
    """``teachers[3].home``"""
    path = ""
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def shortened(value: object, longest: int = 60) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def schema(shape: type[T], title: str) -> str:
    """The JSON Schema of a file, as it is shipped."""
    full = adapters()[shape].json_schema()
    (reference,) = full["prefixItems"]
    named = {"$schema": SCHEMA_DIALECT, "title": title, **reference, "$defs": full["$defs"]}
    return json.dumps(named, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
