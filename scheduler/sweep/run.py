"""One run: a school under one scenario, its work divided and checked. A pure function, the same on every machine."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

from scheduler.domain.experiment import Run
from scheduler.domain.instance import Instance
from scheduler.domain.plan import Level, Plan, PlanStatus, PolicyUsed, Status, TeacherLoad
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.sweep.changes import Applied, CannotApplyError, applied, school_in_question
from scheduler.sweep.scenarios import Scenario

REFUSED = "sweep.error_refused"
DIED = "sweep.error_died"
FAILED = "sweep.error_failed"
"""Errors of a run that are ours, not the scenario's."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a run is taken.

    ``work`` bounds the search in CP-SAT's own deterministic time for each school of the run, so that the same input gives the same result on every
    machine. ``seconds`` is only a net below it: a run that it ends says so (``facts["stopped"]``), and is not reproducible. ``until`` is the last
    level to minimise, "" for all.
    """

    work: float = 10.0
    seconds: float = 600.0
    until: str = "shortfall_jtm"


@dataclass(frozen=True, slots=True)
class Task:
    """Everything one run needs. ``number`` is its place in the experiment."""

    number: int
    source: str
    school: str
    province: str
    instance: Instance
    scenario: Scenario
    limits: Limits
    seed: int = 0


def perform(task: Task) -> Run:
    """Put the scenario to the school, divide its work with one worker, and have the result checked; whatever goes wrong is in the Run."""
    try:
        return divided(task, applied(task.instance, task.scenario.changes, task.seed))
    except CannotApplyError as error:
        return replace(about(task, task.instance), error=error.key)
    except Exception as error:
        return replace(about(task, task.instance), error=FAILED, facts={"kind": type(error).__name__})


def divided(task: Task, found: Applied) -> Run:
    from scheduler.workload.solve import solve_workload

    case, stop = found.case, threading.Event()
    work = task.limits.work * len(case.instance.schools)
    options = SolveOptions(workers=1, seed=task.seed, deterministic_limit=work, stop=stop)
    net = threading.Timer(task.limits.seconds, stop.set)
    net.daemon = True
    net.start()
    try:
        outcome = solve_workload(case, options, until=last_level(case, task.limits.until))
    finally:
        net.cancel()
    run = replace(about(task, case.instance), status=outcome.status, facts=facts_of(found, stop.is_set()))
    if outcome.status in (Status.INFEASIBLE, Status.UNKNOWN):
        return run
    plan = Plan(
        policy=PolicyUsed(case.policy.id, dict(case.policy.overrides), case.law.linearity.id),
        instance_sha256="",
        status=PlanStatus(outcome.status, Status.UNKNOWN),
        levels=outcome.levels,
        assignments=outcome.assignments,
        duties=outcome.duties,
        partners=outcome.partners,
        priority_proved=outcome.priority_proved,
    )
    return verified(run, case, plan)


def last_level(case: Case, until: str) -> str:
    """``below_minimum`` and ``shortfall_jtm`` change places by a setting: where one is the last, both are minimised."""
    return "below_minimum" if until == "shortfall_jtm" and case.instance.settings.shortfall_first else until


def verified(run: Run, case: Case, plan: Plan) -> Run:
    """The run with what the independent checker counts; a plan that it refuses counts for nothing, and says by which rule."""
    from scheduler.verify.check import check

    counted = check(case, replace(plan, levels=())).levels
    minimised = {level.name: level for level in plan.levels}
    levels = tuple(minimised.get(name, Level(name, value, None, False)) for name, value in counted.items())
    report = check(case, replace(plan, levels=levels))
    if report.violations:
        facts = {**run.facts, "rule": report.violations[0].rule}
        return replace(run, status=Status.UNKNOWN, error=REFUSED, violations=len(report.violations), facts=facts)
    counts = [load for load in report.loads if load.counted]
    return replace(
        run,
        levels=plan.levels,
        valid=tuple(load.teacher for load in counts if load.met),
        below=tuple(load.teacher for load in counts if not load.met),
        facts={**run.facts, **more_facts(case, counts)},
    )


def facts_of(found: Applied, stopped: bool) -> Mapping[str, str | int]:
    """Numbers a reader of the run wants beside it: thresholds in force, rows that could not be kept, whether the net of time ended it."""
    policy = found.case.policy
    facts: dict[str, str | int] = {"policy": policy.id, "min_jtm": policy.min_jtm, "ttu_min_real_jtm": policy.ttu_min_real_jtm}
    if found.dropped:
        facts["dropped"] = found.dropped
    if stopped:
        facts["stopped"] = 1
    return facts


def more_facts(case: Case, counted: list[TeacherLoad]) -> Mapping[str, str | int]:
    """Of the main school alone where there are others, and how many of those below are exceptions of the regulation."""
    facts: dict[str, str | int] = {"excepted": sum(load.excepted is not None and not load.met for load in counted)}
    if case.main_school and len(case.instance.schools) > 1:
        own = [load for load in counted if load.home_school == case.main_school]
        facts |= {"counted_main": len(own), "valid_main": sum(load.met for load in own)}
    return facts


def about(task: Task, instance: Instance) -> Run:
    """Who the run is about: the school planned alone, else the Sekolah Utama, else all schools of the file."""
    npsn = school_in_question(instance)
    schools = [school for school in instance.schools if npsn in ("", school.npsn)]
    homes = {school.npsn for school in schools}
    return Run(
        source=task.source,
        school=task.school,
        name=schools[0].name if npsn else task.source,
        kecamatan=schools[0].kecamatan if npsn else "",
        province=task.province,
        rombels=sum(rombel.school in homes for rombel in instance.rombels),
        students=sum(rombel.students or 0 for rombel in instance.rombels if rombel.school in homes),
        teachers=sum(teacher.home in homes for teacher in instance.teachers),
        scenario=task.scenario.values,
    )
