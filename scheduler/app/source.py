"""From the user's file to a case: read, put the wishes of the command line over its settings, load the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from scheduler.domain.instance import Instance
from scheduler.domain.problem import Problem
from scheduler.policy.case import Case
from scheduler.policy.load import load_law


@dataclass(frozen=True, slots=True)
class LawChoice:
    """What replaces the workbook's settings: another ruleset, single numbers of it (key → value as text)."""

    policy: str = ""
    overrides: Mapping[str, str] = field(default_factory=dict)


AS_IN_FILE = LawChoice()


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was understood; ``notes`` are the reader's remarks that stop nothing."""

    path: Path
    case: Case
    notes: tuple[Problem, ...]


def open_case(path: Path, choice: LawChoice = AS_IN_FILE) -> Opened:
    """Read a workbook, or an instance in JSON, and see it under its law.

    Raises
    ------
    InputError
        the file cannot be understood, or its law is not known
    OSError
        the file cannot be read
    """
    instance, notes = _read(path)
    return Opened(path, case_under(instance, choice), notes)


def case_under(instance: Instance, choice: LawChoice) -> Case:
    """The instance with the chosen ruleset and numbers in its settings, under that law."""
    settings = replace(
        instance.settings,
        policy=choice.policy or instance.settings.policy,
        overrides={**instance.settings.overrides, **choice.overrides},
    )
    own_subjects = [subject.id for subject in instance.subjects if subject.own]
    return Case(replace(instance, settings=settings), load_law(settings, own_subjects))


def _read(path: Path) -> tuple[Instance, tuple[Problem, ...]]:
    if path.suffix.lower() == ".json":
        from scheduler.formats.json import read_instance

        return read_instance(path), ()
    from scheduler.formats.workbook import read_workbook

    return read_workbook(path)
