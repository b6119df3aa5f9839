"""``check``: read, count, and say what is wrong before any solving."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scheduler.app.exits import Exit
from scheduler.app.source import AS_IN_FILE, LawChoice, Opened, open_case
from scheduler.counting.finding import Finding
from scheduler.counting.supply import Supply, supply
from scheduler.counting.week import findings


@dataclass(frozen=True, slots=True)
class Checked:
    exit: Exit
    opened: Opened
    findings: tuple[Finding, ...]
    supply: Supply


def check_file(path: Path, choice: LawChoice = AS_IN_FILE) -> Checked:
    """Problems of the file are raised as ``InputError``; what counting finds is returned."""
    opened = open_case(path, choice)
    found = findings(opened.case)
    return Checked(Exit.IMPOSSIBLE if any(finding.hard for finding in found) else Exit.OK, opened, found, supply(opened.case))
