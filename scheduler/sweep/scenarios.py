"""The scenarios of an experiment: the full grid of its axes, times a list of named ones from a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from scheduler.domain.experiment import Axis
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.policy.files import toml_place
from scheduler.sweep.axes import axis_kind, checked, contradictions, known_axes, parse_over, problem

SCENARIO_AXIS = "scenario"
"""Name of the axis whose values are the names of scenarios."""

TABLES = ("skenario", "scenario")
NAMES = ("nama", "name")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way to change a school and its law.

    ``values`` gives every axis its value, as ``Run.scenario`` has it; ``changes`` is all that is changed (axis → value), what a named scenario
    stands for included.
    """

    values: Mapping[str, str]
    changes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """The axes in the order asked for, and every scenario, the last axis changing fastest."""

    axes: tuple[Axis, ...]
    scenarios: tuple[Scenario, ...]

    @property
    def varied(self) -> frozenset[str]:
        """All that some scenario changes, the contents of named ones included."""
        return frozenset(name for scenario in self.scenarios for name in scenario.changes)

    @property
    def named(self) -> Mapping[str, Mapping[str, str]]:
        """Name → what the named scenario itself changes."""
        named = (scenario for scenario in self.scenarios if SCENARIO_AXIS in scenario.values)
        return {s.values[SCENARIO_AXIS]: {name: value for name, value in s.changes.items() if name not in s.values} for s in named}


def planned(over: Sequence[str], file: Path | None = None) -> Plan:
    """The experiment that ``--over`` and ``--scenarios`` ask for.

    Raises
    ------
    InputError
        everything that is wrong with either
    """
    axes, problems = parse_over(over)
    named: Mapping[str, Mapping[str, str]] = {}
    if file is not None:
        named, faults = read_scenarios(file)
        problems += faults
    problems += contradictions([axis.name for axis in axes] + [key for changes in named.values() for key in changes])
    for name, changes in named.items():
        problems += [problem("sweep.axis_in_scenario", name, key=axis.name) for axis in axes if axis.name in changes]
    if not axes and file is None:
        problems.append(problem("sweep.nothing_varied", "--over", known=known_axes()))
    if problems:
        raise InputError(problems)
    if file is not None:
        axes = (Axis(SCENARIO_AXIS, tuple(named)), *axes)
    grid = (dict(zip([axis.name for axis in axes], values, strict=True)) for values in product(*(axis.values for axis in axes)))
    return Plan(axes, tuple(Scenario(values, all_changes(values, named)) for values in grid))


def all_changes(values: Mapping[str, str], named: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    own = named.get(values[SCENARIO_AXIS], {}) if SCENARIO_AXIS in values else {}
    return {**own, **{name: value for name, value in values.items() if name != SCENARIO_AXIS}}


# --- the list of scenarios ---------------------------------------------------------------------------------------------------------------------


def read_scenarios(file: Path) -> tuple[Mapping[str, Mapping[str, str]], list[Problem]]:
    """Name → changes of every ``[[skenario]]`` of the file, in its order, and everything that is wrong in it."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
        content = tomllib.loads(text)
    except UnicodeDecodeError:
        return {}, [Problem("sweep.not_utf8", file.name)]
    except tomllib.TOMLDecodeError as error:
        return {}, [Problem("sweep.not_toml", file.name, facts=toml_place(error, text))]
    tables = [row for table in TABLES for row in listed(content.get(table, []))]
    problems = [Problem("sweep.unknown_table", file.name, key, facts={"key": key}) for key in content if key not in TABLES]
    found: dict[str, Mapping[str, str]] = {}
    for number, row in enumerate(tables, start=1):
        name, changes = read_scenario(row, number, file.name, problems)
        if name in found:
            problems.append(Problem("sweep.repeated_scenario", file.name, name, facts={"value": name}))
        found[name] = changes
    if not tables:
        problems.append(Problem("sweep.no_scenarios", file.name))
    return found, problems


def read_scenario(row: Any, number: int, file: str, problems: list[Problem]) -> tuple[str, Mapping[str, str]]:
    """One table: its name, and each other key as the axis it means."""
    if not isinstance(row, dict):
        problems.append(Problem("sweep.no_scenarios", file))
        return str(number), {}
    name = next((str(row[key]).strip() for key in NAMES if str(row.get(key, "")).strip()), "")
    if not name:
        problems.append(Problem("sweep.scenario_without_name", file, f"skenario {number}", facts={"number": number}))
    place = name or f"skenario {number}"
    changes: dict[str, str] = {}
    for key, value in row.items():
        if key in NAMES:
            continue
        axis = axis_kind(key)
        if axis is None:
            problems.append(Problem("sweep.unknown_axis", file, place, facts={"key": key, "known": known_axes()}))
            continue
        spelled, faults = checked(axis, written(value), place)
        problems += [Problem(fault.kind, file, place, facts=fault.facts) for fault in faults]
        if axis.name in changes:
            problems.append(Problem("sweep.repeated_axis", file, place, facts={"key": axis.name}))
        changes[axis.name] = spelled or ""
    return name or str(number), changes


def listed(value: Any) -> list[Any]:
    """The rows of a table of tables; a single table is one row."""
    return value if isinstance(value, list) else [value]


def written(value: Any) -> str:
    """A value of TOML as it would stand after ``--over``."""
    return ("ya" if value else "tidak") if isinstance(value, bool) else str(value)
