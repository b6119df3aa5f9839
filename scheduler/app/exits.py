"""Exit codes of every command (docs/cli.md)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from scheduler.domain.plan import TeacherLoad


class Exit(IntEnum):
    OK = 0
    """what was asked for is done; who stays below the minimum stands in the report"""
    WRONG_USAGE = 2
    BELOW_MINIMUM = 10
    """a verified plan, and with ``--strict`` a counted teacher stays below the minimum"""
    NOT_UNDERSTOOD = 65
    """a file cannot be understood, or two files do not belong together"""
    IMPOSSIBLE = 66
    """understood, and proved that the hard rules leave no plan"""
    REFUSED = 70
    """the checker refuses the plan, or an error of ours"""
    NO_PLAN_YET = 75
    """time ran out, it was stopped, or the plan could not be written: trying again may help"""


def verified(loads: Iterable[TeacherLoad], strict: bool) -> Exit:
    """Exit code of a plan that stands."""
    below = any(load.counted and not load.met for load in loads)
    return Exit.BELOW_MINIMUM if strict and below else Exit.OK
