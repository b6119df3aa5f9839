"""Reading the workbook: everything wrong at once, with sheet and cell; otherwise an Instance with its references checked."""

from __future__ import annotations

from pathlib import Path

from scheduler.domain.instance import Instance, Settings
from scheduler.domain.problem import Problem
from scheduler.errors import InputError, PolicyError
from scheduler.formats.building import Builder
from scheduler.formats.checking import check_instance, remarks
from scheduler.formats.duties import with_settled_units
from scheduler.formats.findings import Findings
from scheduler.formats.opening import open_workbook
from scheduler.formats.places import PathNames, WorkbookPlaces
from scheduler.formats.settings import SettingsRead, SettingsReader, placed
from scheduler.formats.tables import Table, read_tables
from scheduler.formats.view import View
from scheduler.policy.load import load_certificates, load_linearity, load_policy
from scheduler.policy.schema import Law, Linearity, Policy


def read_workbook(path: str | Path) -> tuple[Instance, tuple[Problem, ...]]:
    """A workbook as an Instance, with the notes of the reading.

    Raises
    ------
    InputError
        everything that is wrong with the file, each Problem with sheet and cell
    """
    instance, notes, _ = read_workbook_with_places(path)
    return instance, notes


def read_workbook_with_places(path: str | Path) -> tuple[Instance, tuple[Problem, ...], PathNames]:
    """As ``read_workbook``, and with what names the cell behind each path of the instance."""
    path = Path(path)
    findings = Findings(path.name)
    tables = read_tables(open_workbook(path), findings)
    read = read_settings(tables, findings)
    places = WorkbookPlaces(findings.file, tables, read.rows)
    policy = read_policy(read.settings, places, findings)
    builder = Builder(tables, places, findings)
    instance = builder.build(read.settings, policy, read.whole_district)
    linearity = read_linearity(instance, policy, places, findings)
    law = Law(policy, linearity, load_certificates()) if policy is not None and linearity is not None else None
    if law is not None:
        instance = with_settled_units(instance, law)
    problems, seen = check_instance(View(instance, builder.names, places, law))
    findings.problems += problems
    if findings.problems:
        raise InputError(findings.problems)
    findings.notes += remarks(seen)
    return instance, findings.sorted_notes, PathNames(places, tuple(row.curriculum for row in instance.structure))


def read_settings(tables: dict[str, Table], findings: Findings) -> SettingsRead:
    table = tables.get("settings")
    return SettingsReader(table, findings).read() if table else SettingsRead(Settings(), {})


def read_policy(settings: Settings, places: WorkbookPlaces, findings: Findings) -> Policy | None:
    """The ruleset with the workbook's numbers; a Problem at Kebijakan and None where there is none."""
    try:
        return load_policy(settings.policy, settings.overrides)
    except PolicyError as error:
        findings.problems += placed(error, findings.file, *places.of("settings", 0, "policy"))
        return None


def read_linearity(instance: Instance, policy: Policy | None, places: WorkbookPlaces, findings: Findings) -> Linearity | None:
    """The linearity table of the settings, or of the ruleset; a Problem at Linearitas and None where it cannot be read."""
    settings = instance.settings
    if policy is None and not settings.linearity:
        return None
    own = [subject.id for subject in instance.subjects if subject.own]
    try:
        return load_linearity(settings.linearity or (policy.linearity if policy else ""), settings.unverified_linearity, own)
    except PolicyError as error:
        findings.problems += placed(error, findings.file, *places.of("settings", 0, "linearity"))
        return None
