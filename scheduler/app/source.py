"""From the user's file to a case: read, put the wishes of the command line over its settings, load the law."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from scheduler.domain.instance import Instance
from scheduler.domain.plan import PolicyUsed
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
    """A file that was understood; ``notes`` are the reader's remarks that stop nothing.

    ``place`` names where a path of the instance stands: ``structure[3].intra_jp`` in a workbook is ``Struktur!D5``; in JSON the path itself.
    """

    path: Path
    case: Case
    notes: tuple[Problem, ...]
    place: Callable[[str], str] = str


def open_case(path: Path, choice: LawChoice = AS_IN_FILE) -> Opened:
    """Read a workbook, or an instance in JSON, and see it under its law.

    Raises
    ------
    InputError
        the file cannot be understood, or its law is not known
    OSError
        the file cannot be read
    """
    instance, notes, place = _read(path)
    return Opened(path, case_under(instance, choice), notes, place)


def open_under(path: Path, used: PolicyUsed, choice: LawChoice = AS_IN_FILE) -> Opened:
    """A file under the law that a plan or an explanation of it names.

    ``choice`` says where the ruleset is, if it is neither shipped nor the one of the file's Pengaturan; numbers it replaces come on top.
    """
    overrides = {**used.overrides, **choice.overrides}
    opened = open_case(path, LawChoice(choice.policy, overrides))
    if choice.policy or opened.case.policy.id == used.id:
        return opened
    return replace(opened, case=case_under(opened.case.instance, LawChoice(used.id, overrides)))


def case_under(instance: Instance, choice: LawChoice) -> Case:
    """The instance with the chosen ruleset and numbers in its settings, under that law."""
    settings = replace(
        instance.settings,
        policy=choice.policy or instance.settings.policy,
        overrides={**instance.settings.overrides, **choice.overrides},
    )
    own_subjects = [subject.id for subject in instance.subjects if subject.own]
    return Case(replace(instance, settings=settings), load_law(settings, own_subjects))


def _read(path: Path) -> tuple[Instance, tuple[Problem, ...], Callable[[str], str]]:
    if path.suffix.lower() == ".json":
        from scheduler.formats.json import read_instance

        return read_instance(path), (), str
    from scheduler.formats.workbook import read_workbook_with_places

    return read_workbook_with_places(path)
