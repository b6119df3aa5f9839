"""``plan FILE --from rencana.xlsx --keep``: hand edits are kept as they are, and the rest is changed as little as the rules allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.app.edits import Edited, open_edited
from scheduler.app.exits import Exit, verified
from scheduler.app.interrupt import stopping
from scheduler.app.outputs import refuse_foreign_file, refuse_input
from scheduler.app.plan import Planned, Wishes
from scheduler.app.plan_files import FALLBACK_FOLDER, PLAN_FILE, WORKBOOK_FILE, refused_path, save_pair
from scheduler.app.source import Opened
from scheduler.counting.week import findings
from scheduler.domain.edits import Edit, EditKind, Hour
from scheduler.domain.entities import AssignmentKind, AssignmentRow, DutySetting
from scheduler.domain.plan import Lesson, Plan, PlanStatus, Status, Violation
from scheduler.domain.problem import Problem
from scheduler.domain.rules import RULES, Part
from scheduler.domain.solving import SolveOptions
from scheduler.errors import InputError
from scheduler.formats.json import write_plan
from scheduler.policy.case import Case, Need
from scheduler.verify.check import Report, check

if TYPE_CHECKING:
    from scheduler.planning import Clock
    from scheduler.timetable.pinned import Pins

NEVER_MENDED = frozenset(
    {
        "qualified_teacher",
        "active_teacher",
        "locked_assignment",
        "forbidden_assignment",
        "duty_at_home",
        "duty_candidates",
        "duty_pinned",
        "personal_duty",
        "partner_visit",
        "partner_open_needs",
        "avoid_unavailable_times",
    }
)
"""Rules that an edit breaks by itself: nothing else that changes would mend it."""

WORSE = ("uncovered_jp", "unfilled_duties", "below_minimum", "below_minimum_partners")
"""Levels for which the work is divided anew where an edit has raised them; what else the edits cost is their own affair."""

WORKLOAD_RULES = frozenset(rule.name for rule in RULES if rule.part is Part.WORKLOAD)

BLOCK_RULES = ("split_events", "assign_times", "spread_events")

TEST_SECONDS, ALL_TESTS_SECONDS = 15.0, 90.0
"""Most of one test whether edits clash, and of all together."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Edits that cannot be kept (together). ``reasons`` say why, as far as a rule says it. ``smallest`` is False where others may be innocent."""

    edits: tuple[Edit, ...]
    reasons: tuple[Violation, ...] = ()
    smallest: bool = True


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """``planned`` has the plan; with clashes there is none, and nothing was written.

    ``lessons``, ``teachers`` and ``duties`` count what was mended.
    """

    planned: Planned
    edited: Edited
    clashes: tuple[Clash, ...] = ()
    lessons: int = 0
    teachers: int = 0
    duties: int = 0


def make_kept_plan(path: Path, folder: Path, wishes: Wishes, workbook: Path) -> KeptPlan:
    """Keep the edits of a plan's workbook, mend the rest, and write the pair into ``folder``.

    Raises
    ------
    InputError
        a cell cannot be understood, or there is no plan.json beside the workbook
    OutputRefusedError
        the folder holds the workbook that is read, or files that are not ours
    """
    for within in (folder, folder / FALLBACK_FOLDER):
        for source in (path, workbook, workbook.with_name(PLAN_FILE)):
            if source.exists():
                refuse_input(within / PLAN_FILE, source)
                refuse_input(within / WORKBOOK_FILE, source)
        refuse_foreign_file(within / PLAN_FILE)
    opened, edited = open_edited(path, workbook, wishes.law)
    if edited.former is None:
        raise InputError([Problem("edits.keep_without_plan", workbook.name, facts={"value": workbook.name})])
    case = opened.case
    report = check(case, edited.plan)
    clashes = tuple(plain_clashes(case, edited, report))
    planned = Planned(Exit.IMPOSSIBLE, opened, findings(case), impossible=True, part=True)
    if clashes:
        return KeptPlan(planned, edited, clashes)
    return mended(opened, edited, report, folder, wishes, planned)


def mended(opened: Opened, edited: Edited, report: Report, folder: Path, wishes: Wishes, planned: Planned) -> KeptPlan:
    """Search for the plan, check it, write it."""
    from scheduler.planning import default_seconds, mend_plan

    case, former = opened.case, edited.former
    assert former is not None
    options = wishes.options if wishes.options.seconds else replace(wishes.options, seconds=default_seconds(case))
    with stopping(options.stop, wishes.on_stop):
        pins = pins_of(edited.edits)
        divide = divided_anew(edited, report, check(case, former))
        same_work = all(edit.kind is EditKind.HOUR for edit in edited.edits)
        workload = former.status.workload if same_work else Status.FEASIBLE
        plan = replace(edited.plan, levels=former.levels, status=PlanStatus(workload, Status.FEASIBLE))
        plan = replace(plan, priority_proved=former.priority_proved and same_work)
        pinned = pinned_case(case, edited.edits) if divide else None
        plan = mend_plan(case, options, plan, near(case, edited) if former.lessons else (), pins, wishes.listener, pinned)
        kept = KeptPlan(replace(planned, exit=Exit.NO_PLAN_YET, impossible=False, stopped=options.stop.is_set()), edited)
        if not plan.assignments or (former.lessons and not plan.lessons):
            clash = None if options.stop.is_set() else clash_of(case, edited, plan, options)
            return kept if clash is None else KeptPlan(planned, edited, (clash,))
        result = check(case, plan)
        if result.violations:
            folder.mkdir(parents=True, exist_ok=True)
            refused = refused_path(folder / PLAN_FILE)
            write_plan(replace(plan, violations=result.violations), refused)
            return replace(kept, planned=replace(kept.planned, exit=Exit.REFUSED, files=(refused,), refused=result.violations))
        folder.mkdir(parents=True, exist_ok=True)
        files = save_pair(case, plan, folder, wishes.lang, former, edited.plan)
    done = replace(kept.planned, exit=verified(result.loads, wishes.strict), plan=plan, files=files, former=former)
    lessons, teachers, duties = mends(edited.plan, plan)
    return replace(kept, planned=done, lessons=lessons, teachers=teachers, duties=duties)


def mends(edited: Plan, plan: Plan) -> tuple[int, int, int]:
    """How many lessons, teachers of classes and holders of duties are others than in the edited plan."""
    before, after = ({(x.need, x.day, x.period) for x in each.lessons} for each in (edited, plan))
    teachers = {row.need: row.teacher for row in edited.assignments}
    held = {(d.school, d.duty, d.unit): d.teacher for d in edited.duties}
    now = {(d.school, d.duty, d.unit): d.teacher for d in plan.duties}
    other_teachers = sum(teachers.get(row.need) != row.teacher for row in plan.assignments)
    return len(after - before), other_teachers, sum(held.get(unit) != now.get(unit) for unit in held.keys() | now.keys())


# --- edits as pins -----------------------------------------------------------------------------------------------------------------------------


def pins_of(edits: Sequence[Edit]) -> Pins:
    """Hours as the edited cells have them: what came is taught there, what went is not."""
    from scheduler.timetable.pinned import Pins

    hours = [edit for edit in edits if edit.kind is EditKind.HOUR]
    held = dict.fromkeys(Hour(need, edit.day, edit.period) for edit in hours for need in edit.came)
    freed = dict.fromkeys(Hour(need, edit.day, edit.period) for edit in hours for need in edit.needs if need not in edit.came)
    return Pins(tuple(held), tuple(hour for hour in freed if hour not in held))


def pinned_case(case: Case, edits: Sequence[Edit]) -> Case:
    """The case with edited teachers as Kunci and edited holders as pinned; who was cleared does not come back."""
    assignments, duties = list(case.instance.assignments), list(case.instance.duties)
    for edit in edits:
        if edit.kind is EditKind.TEACHER:
            need = case.need[edit.needs[0]]
            before, after = edit.teachers
            kind = AssignmentKind.LOCK if after else AssignmentKind.FORBID
            if after or before:
                jp = need.jp if "#" in need.id and after else None
                assignments.append(AssignmentRow(need.school, class_of(case, need), need.subject, after or before, kind, jp))
        elif edit.kind is EditKind.DUTY and edit.teachers[1]:
            duties.append(DutySetting(edit.school, edit.duty, holders=(edit.teachers[1],), unit=edit.unit))
    return Case(replace(case.instance, assignments=tuple(assignments), duties=tuple(duties)), case.law)


def class_of(case: Case, need: Need) -> str:
    """What Penugasan calls the class of a need: its group's code, else its rombel."""
    code = need.id.split("/")[1]
    groups = {group.code for group in case.instance.groups if group.school == need.school}
    return code if code in groups else need.rombels[0] if need.rombels else ""


def near(case: Case, edited: Edited) -> tuple[Lesson, ...]:
    """Lessons to stay near: the edited ones; of a need whose edited lessons do not make up its blocks, those of before."""
    former = edited.former.lessons if edited.former else ()
    lengths: dict[str, list[int]] = {}
    for lesson in edited.plan.lessons:
        lengths.setdefault(lesson.need, []).append(lesson.length)
    whole = {need for need, own in lengths.items() if sorted(own) == sorted(case.need[need].blocks)}
    return (*(x for x in edited.plan.lessons if x.need in whole), *(x for x in former if x.need not in whole))


def divided_anew(edited: Edited, report: Report, before: Report) -> bool:
    """Whether the work must be divided anew: a rule of it is broken, or an edit of a teacher or a duty has made somebody or something worse off."""
    if any(violation.rule in WORKLOAD_RULES for violation in report.violations):
        return True
    if all(edit.kind is EditKind.HOUR for edit in edited.edits):
        return False
    return any(report.levels.get(name, 0) > before.levels.get(name, 0) for name in WORSE)


# --- clashes -----------------------------------------------------------------------------------------------------------------------------------


def plain_clashes(case: Case, edited: Edited, report: Report) -> Iterator[Clash]:
    """Edits that break a rule by themselves or by two, whatever else changes: each with the rule's own sentence."""
    from scheduler.timetable.pinned import runs_of, unfit

    pins = pins_of(edited.edits)
    held = set(pins.held)
    for violation in report.violations:
        if violation.rule in NEVER_MENDED:
            guilty = tuple(edit for edit in edited.edits if concerns(edit, violation))
        elif violation.rule == "avoid_clashes":
            guilty = tuple(dict.fromkeys(edit for hours in clashing_hours(violation, edited.plan) for edit in edits_in(edited.edits, hours & held)))
            guilty = guilty if all(hours <= held for hours in clashing_hours(violation, edited.plan)) else ()
        else:
            continue
        if guilty:
            yield Clash(guilty, (violation,))
    for need_id in dict.fromkeys(hour.need for hour in pins.held):
        if unfit(case.need[need_id], runs_of(pins, need_id)):
            guilty = tuple(edit for edit in edited.edits if need_id in edit.came)
            yield Clash(guilty, tuple(v for v in report.violations if need_id in v.entities and v.rule in BLOCK_RULES))


def concerns(edit: Edit, violation: Violation) -> bool:
    facts = violation.facts
    if edit.kind is EditKind.HOUR:
        return violation.rule == "avoid_unavailable_times" and facts.get("need") in edit.came and facts.get("day") == edit.day
    if edit.kind is EditKind.TEACHER:
        return violation.rule != "avoid_unavailable_times" and edit.needs[0] in violation.entities
    return edit.duty in violation.entities and bool({*edit.teachers} - {""} & {*violation.entities})


def clashing_hours(violation: Violation, plan: Plan) -> tuple[set[Hour], set[Hour]]:
    """The hours in which the two lessons of a clash lie upon each other; all hours of both where they do not."""
    day = str(violation.facts["day"])
    lessons = []
    for name in ("first", "second"):
        need, period = str(violation.facts[name]), violation.facts[f"{name}_period"]
        length = next((x.length for x in plan.lessons if (x.need, x.day, x.period) == (need, day, period)), 1)
        lessons.append((need, set(range(int(period), int(period) + length))))
    common = lessons[0][1] & lessons[1][1]
    first, second = ({Hour(need, day, period) for period in common or own} for need, own in lessons)
    return first, second


def edits_in(edits: Sequence[Edit], hours: set[Hour]) -> Iterator[Edit]:
    yield from (edit for edit in edits if any(Hour(need, edit.day, edit.period) in hours for need in edit.came))


def clash_of(case: Case, edited: Edited, plan: Plan, options: SolveOptions) -> Clash | None:
    """Which edits leave no plan together, by leaving out one after the other; None where it is not proved that they do."""
    from scheduler.planning import Clock

    clock = Clock(replace(options, seconds=ALL_TESTS_SECONDS))
    if plan.status.workload is Status.INFEASIBLE:
        guilty = [edit for edit in edited.edits if edit.kind is not EditKind.HOUR]
        test = no_division(case, clock)
    else:
        guilty = [edit for edit in edited.edits if edit.kind is not EditKind.DUTY]
        test = no_week(case, edited, plan, clock)
        if not test(guilty):
            return None
    smallest = True
    for edit in tuple(guilty):
        rest = [other for other in guilty if other != edit]
        if clock.is_over:
            smallest = False
        elif test(rest):
            guilty = rest
    return Clash(tuple(guilty), smallest=smallest)


def no_division(case: Case, clock: Clock) -> Callable[[Sequence[Edit]], bool]:
    from scheduler.workload.solve import solve_workload

    def test(edits: Sequence[Edit]) -> bool:
        options = replace(clock.share(1.0), seconds=TEST_SECONDS)
        return solve_workload(pinned_case(case, edits), options, until="below_minimum").status is Status.INFEASIBLE

    return test


def no_week(case: Case, edited: Edited, plan: Plan, clock: Clock) -> Callable[[Sequence[Edit]], bool]:
    """Whether no week holds the hours of some edits. Where the work was divided anew, only the edited teachers are looked at: others may change."""
    from scheduler.timetable.solve import has_week

    pinned = {edit.needs[0] for edit in edited.edits if edit.kind is EditKind.TEACHER}
    fixed = plan.status.timetable is Status.INFEASIBLE

    def test(edits: Sequence[Edit]) -> bool:
        options = replace(clock.share(1.0), seconds=TEST_SECONDS)
        kept = {edit.needs[0] for edit in edits if edit.kind is EditKind.TEACHER}
        rows = edited.plan.assignments
        if not fixed:
            rows = tuple(row if row.need in kept else replace(row, teacher=None) for row in rows)
        else:
            rows = tuple(replace(row, teacher=None) if row.need in pinned - kept else row for row in rows)
        return has_week(case, rows, options, pins_of(edits)) is Status.INFEASIBLE

    return test
