"""From a case to a verified plan: the workload, the week, and what the week sends back to the workload.

Knows no files. Every plan it returns has been through the independent checker; what that found stands in ``Plan.violations``.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from itertools import takewhile

from scheduler.counting.capacity import open_periods
from scheduler.counting.teacher_days import TeacherDays
from scheduler.domain.plan import WEEK_LEVELS, WEEK_WISHES, Assignment, Lesson, Level, Plan, PlanStatus, PolicyUsed, SolverUsed, Status, Violation
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent
from scheduler.formats.json import instance_sha256
from scheduler.policy.case import Case
from scheduler.timetable.district import solve_weeks
from scheduler.timetable.kept import Part, kept_by
from scheduler.timetable.pinned import Pins
from scheduler.timetable.solve import WeekOutcome, solve_week
from scheduler.verify.check import check
from scheduler.verify.hours import counted_jtm
from scheduler.verify.reading import Reading
from scheduler.workload.solve import WeekCut, WorkloadOutcome, solve_workload

WALI_ELSEWHERE = "wali_elsewhere"
"""The one level of the work that depends on which class a wali has."""

MOST_WEEKLY_ROUNDS = 10
"""Rounds between week and workload before the week is given up as UNKNOWN."""

WEEK_LEVEL_NAMES = frozenset({*WEEK_LEVELS, WEEK_WISHES})

WORKLOAD_SHARE = 0.5
"""Share of the time that the division of work may take before the week must begin."""


def default_seconds(case: Case) -> float:
    """Time a plan may take when the user says nothing.

    45 s for up to 20 rombel, 12 s more for each further one up to 150 s; a district of more than 80 rombel 1.8 s for each, at most 18 minutes: with
    reading, checking and writing on top the whole takes 20 at most.
    """
    rombels = len(case.instance.rombels)
    return max(min(150.0, 45.0 + 12.0 * max(0, rombels - 20)), min(1080.0, 1.8 * rombels))


def make_plan(
    case: Case,
    options: SolveOptions,
    listener: Listener = silent,
    former: Plan | None = None,
    with_week: bool = True,
    pins: Pins | None = None,
    on_first: Callable[[Plan], None] | None = None,
) -> Plan:
    """Divide the work, build the week, and check both.

    Parameters
    ----------
    options
        ``seconds`` bounds the whole: at most half of it goes to the workload. On ``stop`` the best so far is returned.
    former
        a plan to stay close to: level ``changes``, and lessons kept where possible
    with_week
        False gives the workload only; ``status.timetable`` is then UNKNOWN and ``lessons`` empty
    pins
        hours of the week that somebody has laid down
    on_first
        given a district's plan as soon as every school has a week: minutes of bettering follow, which nobody should lose the plan in

    Returns
    -------
    Plan
        with ``status.workload`` INFEASIBLE or UNKNOWN there are no assignments; with ``status.timetable`` UNKNOWN or INFEASIBLE no lessons
    """
    clock = Clock(options)
    cuts: list[WeekCut] = []
    rounds = 0
    costs: list[Violation] = []
    before: WorkloadOutcome | None = None
    # One school is divided anew in a moment, and its plan says what the week has cost; of a district the week's own conditions are kept at once.
    days = TeacherDays.of_case(case) if with_week and len(case.schools) > 1 and not case.main_school else None
    capacity: Mapping[str, int] | None = None if days is None else all_capacities(case)
    while True:
        workload = solve_workload(case, clock.share(WORKLOAD_SHARE), listener, former=former, cuts=tuple(cuts), capacity=capacity, days=days)
        if days is not None and workload.status is Status.INFEASIBLE:
            days = None  # The workbook itself has given somebody too many days: the week says whom.
            continue
        if workload.status is Status.UNKNOWN and before is not None:
            return finished(case, options, before, None, costs, former)
        if workload.status in (Status.INFEASIBLE, Status.UNKNOWN):
            return finished(case, options, workload, None, costs, former)
        if before is not None:
            costs.append(week_cost(before, workload, rounds))
        if not with_week:
            return finished(case, options, workload, None, costs, former)
        if capacity is None and (crowded := crowded_teachers(case, workload.assignments)):
            capacity = all_capacities(case)
            costs += [Violation("week_capacity", (code,), {"jp": jp, "open": capacity[code]}) for code, jp in crowded.items()]
            before = workload
            continue
        listener(Progress("week"))
        tell = None if on_first is None else partial(tell_first, on_first, partial(finished, case, options, workload, costs=costs, former=former))
        week = solve_weeks(case, workload.assignments, clock.share(1.0), listener, former.lessons if former else (), pins, tell)
        if week.status is not Status.INFEASIBLE or not week.conflict or rounds == MOST_WEEKLY_ROUNDS or clock.is_over:
            return finished(case, options, workload, week, costs, former)
        rounds += 1
        for conflict in (week.conflict, *week.further):
            cuts.append(WeekCut(conflict))
            costs.append(Violation("week_conflict", tuple(sorted({code for _, code in conflict})), {"lessons": len(conflict)}))
        before = workload


def tell_first(on_first: Callable[[Plan], None], plan_of: Callable[..., Plan], week: WeekOutcome) -> None:
    """Pass on the plan of a first week."""
    on_first(plan_of(week=week))


def remake_part(case: Case, options: SolveOptions, former: Plan, part: Part, listener: Listener = silent) -> Plan:
    """A plan with a part of its week built anew: every other lesson, the division of work and the duties stay exactly.

    Of the part as many lessons as the rules allow stay where they were, before all wishes.

    Returns
    -------
    Plan
        ``status.timetable`` is INFEASIBLE where no week keeps everything else; it has no lessons then
    """
    listener(Progress("week"))
    week = solve_week(case, former.assignments, options, listener, former=former.lessons, kept=kept_by(case, former.lessons, part))
    return with_other_week(case, options, former, week)


def with_other_week(case: Case, options: SolveOptions, former: Plan, week: WeekOutcome) -> Plan:
    """A plan with its division of work and another week for it; what was proved of the former division is kept as far as it still holds."""
    bare = replace(
        former,
        instance_sha256=instance_sha256(case.instance),
        workbook_sha256="",
        status=PlanStatus(former.status.workload, week.status),
        levels=(),
        teachers=(),
        lessons=week.lessons,
        weekly_cuts=(),
        violations=(),
        solver=SolverUsed(f"ortools {version('ortools')}", options.seed, options.workers),
        rest_kept=True,
    )
    values = check(case, bare).levels
    # What was proved of the division of work was proved of the former workbook: where a value is another one now, nothing is.
    workload = tuple(level for level in former.levels if values.get(level.name, level.value) == level.value and level.name not in WEEK_LEVEL_NAMES)
    known = {level.name: level for level in (*workload, *week.levels)}
    levels = [known.get(name, Level(name, value, None, False)) for name, value in values.items()]
    report = check(case, plan := replace(bare, levels=tuple(levels)))
    return replace(plan, teachers=report.loads, violations=report.violations)


def mend_plan(
    case: Case,
    options: SolveOptions,
    edited: Plan,
    near: Sequence[Lesson],
    pins: Pins,
    listener: Listener = silent,
    pinned: Case | None = None,
) -> Plan:
    """A plan that keeps what somebody has laid down, and is otherwise as near to an edited plan as the rules allow.

    Parameters
    ----------
    edited
        the plan with the edits; its ``levels`` are those of the plan before them, for what is proved of the division of work
    near
        lessons to be kept where they are if possible
    pinned
        the case with the edited teachers and holders fixed: the rest of the work is divided anew. None keeps the edited division of work

    Returns
    -------
    Plan
        checked against ``case``; without assignments or without lessons where there is none, as ``make_plan`` says
    """
    if pinned is None:
        proved = still_proved(case, edited)
        if check(case, replace(edited, levels=(), teachers=())).violations:
            listener(Progress("week"))
            week = solve_weeks(case, edited.assignments, options, listener, former=near, pins=pins)
        else:  # nothing has to change at all
            week = WeekOutcome(edited.status.timetable, edited.lessons, tuple(level for level in proved if level.name in WEEK_LEVEL_NAMES))
        return with_other_week(case, options, replace(edited, levels=proved), week)
    plan = make_plan(pinned, options, listener, former=replace(edited, lessons=tuple(near), levels=()), with_week=bool(near), pins=pins)
    if plan.status.workload in (Status.INFEASIBLE, Status.UNKNOWN):
        return plan
    known = {level.name: level for level in plan.levels if level.name in WEEK_LEVEL_NAMES}
    # What is proved beside the pins is proved of no other division of work: without them a better one may exist.
    status = PlanStatus(Status.FEASIBLE, plan.status.timetable)
    bare = replace(plan, status=status, instance_sha256=instance_sha256(case.instance), levels=(), teachers=(), priority_proved=False, rest_kept=True)
    bare = with_former_units(case, bare, edited)
    values = check(case, bare).levels
    levels = tuple(known.get(name, Level(name, value, None, False)) for name, value in values.items())
    report = check(case, bare := replace(bare, levels=levels))
    return replace(bare, teachers=report.loads, violations=report.violations)


def with_former_units(case: Case, plan: Plan, former: Plan) -> Plan:
    """The plan with each holder in the unit that he had: the search counts holders, and would give a class another wali for a smaller wish."""
    before = {(d.school, d.duty, d.unit): d.teacher for d in former.duties}
    left = Counter((d.school, d.duty, d.teacher) for d in plan.duties)
    kept: dict[tuple[str, str, str], str] = {}
    for duty in plan.duties:
        unit, teacher = (duty.school, duty.duty, duty.unit), before.get((duty.school, duty.duty, duty.unit), "")
        if left[duty.school, duty.duty, teacher] > 0:
            kept[unit] = teacher
            left[duty.school, duty.duty, teacher] -= 1
    others: dict[tuple[str, str], deque[str]] = defaultdict(deque)
    for (school, duty_id, teacher), count in left.items():
        others[school, duty_id].extend([teacher] * count)
    duties = tuple(replace(d, teacher=kept.get((d.school, d.duty, d.unit)) or others[d.school, d.duty].popleft()) for d in plan.duties)
    hours = counted_jtm(Reading(case, replace(plan, duties=duties)))
    changed = replace(plan, duties=tuple(replace(duty, counted_jtm=hours.get(row, 0)) for row, duty in enumerate(duties)))
    was, now = check(case, plan), check(case, changed)
    worse = any(now.levels.get(name, 0) > value for name, value in was.levels.items() if name != WALI_ELSEWHERE)
    return plan if now.violations or worse else changed


def still_proved(case: Case, edited: Plan) -> tuple[Level, ...]:
    """The levels down to the first that the edits changed, which keeps its bound: each was proved under the values before it."""
    values = check(case, replace(edited, levels=(), teachers=())).levels
    same = tuple(takewhile(lambda level: values.get(level.name) == level.value, edited.levels))
    changed = edited.levels[len(same) : len(same) + 1]
    worse = ((level, values[level.name]) for level in changed if level.bound is not None and values.get(level.name, -1) >= level.bound)
    return (*same, *(Level(level.name, value, level.bound, value == level.bound) for level, value in worse))


@dataclass(frozen=True)
class Clock:
    """Hands out what is left of the wall time."""

    options: SolveOptions
    started: float = -1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "started", time.monotonic())

    @property
    def is_over(self) -> bool:
        return self.options.stop.is_set() or (self.options.seconds is not None and time.monotonic() - self.started >= self.options.seconds)

    def share(self, part: float) -> SolveOptions:
        """The options with ``part`` of the seconds that are left (at least one)."""
        if self.options.seconds is None:
            return self.options
        left = self.options.seconds - (time.monotonic() - self.started)
        return replace(self.options, seconds=max(1.0, part * left))


def all_capacities(case: Case) -> dict[str, int]:
    """Most JP the week lets each teacher teach; teachers of schools without Waktu are left out."""
    capacities = {code: open_periods(case, code) for code in case.teachers}
    return {code: periods for code, periods in capacities.items() if periods is not None}


def crowded_teachers(case: Case, assignments: Sequence[Assignment]) -> dict[str, int]:
    """Teachers who were given more JP than the week has open periods for them, with the JP."""
    hours: dict[str, int] = {}
    for assignment in assignments:
        if assignment.teacher is not None:
            hours[assignment.teacher] = hours.get(assignment.teacher, 0) + assignment.jp
    return {code: jp for code, jp in hours.items() if (most := open_periods(case, code)) is not None and jp > most}


def week_cost(before: WorkloadOutcome, after: WorkloadOutcome, rounds: int) -> Violation:
    """What the week made worse: the first level whose value rose, with both values ("" where nothing did)."""
    former = {level.name: level.value for level in before.levels}
    for level in after.levels:
        if level.value != former.get(level.name, level.value):
            return Violation("week_cost", (level.name,), {"before": former[level.name], "after": level.value, "rounds": rounds})
    return Violation("week_cost", ("",), {"before": 0, "after": 0, "rounds": rounds})


def named(case: Case, schools: Sequence[str]) -> str:
    """Schools by name and NPSN."""
    return ", ".join(f"{case.schools[npsn].name} ({npsn})" for npsn in schools)


def finished(
    case: Case,
    options: SolveOptions,
    workload: WorkloadOutcome,
    week: WeekOutcome | None,
    costs: Sequence[Violation],
    former: Plan | None,
) -> Plan:
    """The plan with everything the checker recomputes: teachers' hours and violations."""
    levels: tuple[Level, ...] = workload.levels
    timetable = Status.UNKNOWN
    if week is not None:
        # A week refused again and again may still have another division of work: that is not a proof of impossibility.
        timetable = Status.UNKNOWN if week.status is Status.INFEASIBLE else week.status
        if week.without_week:
            costs = (
                *costs,
                Violation("week_schools", week.without_week, {"count": len(week.without_week), "schools": named(case, week.without_week)}),
            )
        levels += week.levels if week.lessons else ()
    plan = Plan(
        policy=PolicyUsed(case.policy.id, dict(case.policy.overrides), case.law.linearity.id),
        instance_sha256=instance_sha256(case.instance),
        status=PlanStatus(workload.status, timetable),
        levels=levels,
        assignments=workload.assignments,
        duties=workload.duties,
        lessons=week.lessons if week is not None else (),
        partners=workload.partners,
        priority_proved=workload.priority_proved,
        weekly_cuts=tuple(costs),
        solver=SolverUsed(f"ortools {version('ortools')}", options.seed, options.workers),
    )
    if workload.status in (Status.INFEASIBLE, Status.UNKNOWN):
        return plan
    report = check(case, plan, former)
    return replace(plan, teachers=report.loads, violations=report.violations)
