"""A policy experiment: scenarios, and what one verified run of one says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.domain.plan import Level, Status


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that is varied, with its values in the order asked for (numbers as text, as in the sheet Pengaturan)."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of one scenario found, ready for one line of the store.

    ``source`` is the workbook or population it came from, ``school`` the NPSN where one school was planned alone ("" = the whole file). ``scenario``
    gives every axis its value. ``valid`` and ``below`` are the codes of the counted certified teachers with and without a full workload; who is in
    neither is not counted. ``violations`` is what the independent checker found (0 in every run that is kept). ``error`` names by a key of the text
    catalogue why a scenario could not be put to this school ("" = it could); nothing else is filled then.
    """

    source: str
    school: str
    name: str
    kecamatan: str
    province: str
    rombels: int
    students: int
    teachers: int
    scenario: Mapping[str, str]
    status: Status = Status.UNKNOWN
    levels: tuple[Level, ...] = ()
    valid: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    violations: int = 0
    error: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """What makes the run the only one of its kind in a store."""
        return self.source, self.school, tuple(self.scenario.items())
