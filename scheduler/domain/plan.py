"""A plan: who teaches what, who holds which duty, and when; with what was proved about it.

The fields are those of ``plan.json`` (docs/plan-file.md). Only ``assignments``, ``duties`` and ``lessons`` are decisions; ``teachers`` and the
levels' values are recomputed from them by ``verify``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """How a solve ended. The four are never mixed: a limit of time is UNKNOWN or FEASIBLE, never INFEASIBLE."""

    OPTIMAL = "OPTIMAL"
    FEASIBLE = "FEASIBLE"
    INFEASIBLE = "INFEASIBLE"
    UNKNOWN = "UNKNOWN"


WORKLOAD_LEVELS: tuple[str, ...] = (
    "uncovered_jp",
    "unfilled_duties",
    "below_minimum",
    "below_minimum_partners",
    "shortfall_jtm",
    "changes",
    "nonlinear_jp",
    "optional_duty_units",
    "visits",
    "travel",
    "teachers_without_hours",
    "spread_jp",
    "preparations",
    "not_continued",
    "wali_elsewhere",
)
"""Levels of the workload in their usual order (1a 1b 2 2b 3 3b 4a 4b 5a 5b 6a 6b 6c 6d 6e)."""

WEEK_LEVELS: tuple[str, ...] = ("idle_hours", "teacher_days", "unwanted_times")

WEEK_WISHES = "week_wishes"
"""Last level of the week, where Aturan Jadwal has wishes."""


@dataclass(frozen=True, slots=True)
class Level:
    """One criterion of the objective. ``bound`` is a proved lower bound; ``proved`` is True only when value == bound."""

    name: str
    value: int
    bound: int | None
    proved: bool


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who teaches a need; ``teacher`` is None where it stays uncovered. ``recognised_jp`` is the need's, before any question of who teaches it."""

    need: str
    school: str
    rombels: tuple[str, ...]
    subject: str
    jp: int
    recognised_jp: int
    teacher: str | None


@dataclass(frozen=True, slots=True)
class DutyHolding:
    """Who holds a unit of a duty. ``jtm`` is its equivalence, ``counted_jtm`` what of it is recognised after caps."""

    school: str
    duty: str
    unit: str
    teacher: str
    jtm: int
    counted_jtm: int


@dataclass(frozen=True, slots=True)
class TeacherLoad:
    """What one teacher has, and how the ruleset reads it. All hours in JTM a week.

    ``home_jtm`` and ``partner_jtm`` are real hours (every hour taught, linear or not) at home and elsewhere, ``outside_jtm`` of the workbook
    included; ``linear_jtm`` are the linear recognised ones of both after the partner rules. ``duty_jtm`` and ``guru_wali_jtm`` are what counts.
    ``guidance`` is what a guru BK guides (rombels, or pupils under pp74) of ``required_guidance``. ``excepted`` is None or the key of the
    reason in the text catalogue; it never changes ``met``. ``reasons`` are keys of sentences on why ``met`` is false.
    """

    teacher: str
    home_school: str
    certified: bool
    counted: bool
    required_jtm: int
    home_jtm: int
    partner_jtm: int
    linear_jtm: int
    duty_jtm: int
    guru_wali_jtm: int
    recognised_jtm: int
    met: bool
    excepted: str | None
    shortfall: int
    reasons: tuple[str, ...] = ()
    guidance: int = 0
    required_guidance: int = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """One block of a need in the week: ``length`` periods from ``period`` on ``day``, numbered by the bell pattern of its rombels."""

    need: str
    school: str
    rombels: tuple[str, ...]
    subject: str
    teacher: str | None
    day: str
    period: int
    length: int
    room: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken hard rule: ``rule`` is its name in ``domain.rules``, ``entities`` who is concerned, ``facts`` the numbers of its sentence."""

    rule: str
    entities: tuple[str, ...]
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PolicyUsed:
    id: str
    overrides: Mapping[str, str] = field(default_factory=dict)
    linearity: str = ""


@dataclass(frozen=True, slots=True)
class PlanStatus:
    workload: Status
    timetable: Status


@dataclass(frozen=True, slots=True)
class SolverUsed:
    version: str
    seed: int
    workers: int


@dataclass(frozen=True, slots=True)
class PartnerAlone:
    """What a partner school reaches alone: the floor of valid teachers it keeps, and the needs its own linear staff leaves open to visitors.

    ``proved`` is False where time ended before the school's own optimum was known; nothing is then proved of the whole either.
    """

    school: str
    valid_alone: int
    open_needs: tuple[str, ...]
    proved: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan.

    ``priority_proved``: who stays below the minimum is the lexicographically best choice by Prioritas. ``weekly_cuts`` are sentences
    (rule, facts) on what the week forced on the workload. ``rest_kept``: only a part of the week was built anew, and what is proved of the week
    holds with everything else kept.
    """

    policy: PolicyUsed
    instance_sha256: str
    status: PlanStatus
    levels: tuple[Level, ...]
    assignments: tuple[Assignment, ...]
    duties: tuple[DutyHolding, ...]
    teachers: tuple[TeacherLoad, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    partners: tuple[PartnerAlone, ...] = ()
    priority_proved: bool = False
    weekly_cuts: tuple[Violation, ...] = ()
    violations: tuple[Violation, ...] = ()
    solver: SolverUsed = SolverUsed(version="", seed=0, workers=0)
    workbook_sha256: str = ""
    rest_kept: bool = False
    schema: str = "scheduler-plan/1"
