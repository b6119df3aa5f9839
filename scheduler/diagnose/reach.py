"""What a case reaches: its work divided down to the choice by Prioritas, and checked before anybody hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from scheduler.domain.plan import Level, Plan, PlanStatus, PolicyUsed, Status, TeacherLoad
from scheduler.domain.solving import SolveOptions
from scheduler.errors import CheckerDisagreementError
from scheduler.policy.case import Case
from scheduler.verify.check import Report, check
from scheduler.verify.levels import level_names
from scheduler.workload.levels import ends_the_choice
from scheduler.workload.solve import WorkloadOutcome, solve_workload

NO_PLAN = (Status.INFEASIBLE, Status.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Reached:
    """A division of work and what the checker reads from it.

    ``proved``: every level down to ``shortfall_jtm`` (``changes`` with a former plan) and the choice by Prioritas are proved, so that any new plan
    of the same file has the same valid teachers and the same numbers. ``valid`` are counted teachers who reach the minimum; ``shortfall`` is in JTM
    over all counted teachers, ``uncovered`` in JP; ``levels`` are those that decide who is valid. With INFEASIBLE or UNKNOWN everything is empty
    and ``plan`` has no assignments.
    """

    status: Status
    plan: Plan
    proved: bool = False
    valid: frozenset[str] = frozenset()
    shortfall: int = 0
    uncovered: int = 0
    unfilled: int = 0
    levels: tuple[Level, ...] = ()
    loads: tuple[TeacherLoad, ...] = ()
    load: Mapping[str, TeacherLoad] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        return self.status not in NO_PLAN


def reached(case: Case, options: SolveOptions, former: Plan | None = None, whole: bool = False) -> Reached:
    """Divide the work of a case as far as it decides who is valid.

    The levels below ``shortfall_jtm`` are left out, for they cannot change who is valid; with ``whole`` they are minimised too, as in a plan.

    Raises
    ------
    CheckerDisagreementError
        the checker refuses the division, or reads another number from it than the model did
    """
    last = ends_the_choice(level_names(case, former is not None))
    outcome = solve_workload(case, options, former=former, until="" if whole else last)
    plan = plan_of(case, outcome)
    if outcome.status in NO_PLAN:
        return Reached(outcome.status, plan)
    report = check(case, plan, former)
    refuse_disagreement(outcome, report)
    return read(outcome, replace(plan, teachers=report.loads), report, last)


def plan_of(case: Case, outcome: WorkloadOutcome) -> Plan:
    """The division as a plan without a week; its levels are not recorded, for the lower ones were not minimised."""
    return Plan(
        policy=PolicyUsed(case.policy.id, dict(case.policy.overrides), case.law.linearity.id),
        instance_sha256="",
        status=PlanStatus(outcome.status, Status.UNKNOWN),
        levels=(),
        assignments=outcome.assignments,
        duties=outcome.duties,
        partners=outcome.partners,
        priority_proved=outcome.priority_proved,
    )


def refuse_disagreement(outcome: WorkloadOutcome, report: Report) -> None:
    messages = [f"{violation.rule}: {', '.join(violation.entities)}" for violation in report.violations]
    for level in outcome.levels:
        if report.levels[level.name] != level.value:
            messages.append(f"{level.name}: {level.value}, recomputed {report.levels[level.name]}")
    if messages:
        raise CheckerDisagreementError(messages)


def read(outcome: WorkloadOutcome, plan: Plan, report: Report, last: str) -> Reached:
    names = [level.name for level in outcome.levels]
    deciding = outcome.levels[: names.index(last) + 1]
    counted = [load for load in report.loads if load.counted]
    return Reached(
        status=outcome.status,
        plan=plan,
        proved=outcome.priority_proved and all(level.proved for level in deciding),
        valid=frozenset(load.teacher for load in counted if load.met),
        shortfall=sum(load.shortfall for load in counted),
        uncovered=report.levels["uncovered_jp"],
        unfilled=report.levels["unfilled_duties"],
        levels=deciding,
        loads=report.loads,
        load={load.teacher: load for load in report.loads},
    )
