"""What the commands print: plain text tables that every console can show, and the same as data for ``--json``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scheduler.domain.plan import Status
from scheduler.domain.problem import Problem
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.check import Checked
    from scheduler.app.plan import Planned
    from scheduler.app.source import Opened
    from scheduler.app.verify import Verified
    from scheduler.counting.finding import Finding
    from scheduler.counting.supply import Supply
    from scheduler.domain.plan import Level, Plan, Violation
    from scheduler.policy.case import Case

RECORDED_NUMBERS = "recorded_numbers"
"""The rule whose facts are names of the plan file itself."""

RECORDED_AS_KEYS = ("reasons", "excepted")
"""Fields of a load whose values are keys of sentences, which say nothing to people by themselves."""

BELOW_FINDINGS = frozenset(
    {
        "minimum_out_of_reach",
        "guidance_out_of_reach",
        "open_periods_below_minimum",
        "home_hours_out_of_reach",
        "family_hours",
        "family_hours_with_main_duties",
        "main_duties_short",
    }
)
"""Kinds of findings that say that somebody stays below the minimum."""

Row = Sequence[str | int]

LONGEST_CELL = 96
LONGEST_NAME = 32
"""Letters of a person's name in a table; the workbook has the whole name."""


def table(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Columns side by side, numbers to the right; nothing but ASCII drawn around them, and no cell breaks its line."""
    cells = [[brief(str(cell), LONGEST_CELL) for cell in row] for row in rows]
    numeric = [bool(cells) and all(is_number(row[i]) for row in cells) for i in range(len(headings))]
    widths = [max(len(line[i]) for line in [headings, *cells]) for i in range(len(headings))]
    for line in [list(headings), ["-" * width for width in widths], *cells]:
        aligned = (cell.rjust(width) if right else cell.ljust(width) for cell, width, right in zip(line, widths, numeric, strict=True))
        yield ("  " + "  ".join(aligned)).rstrip()


def brief(words: str, longest: int) -> str:
    """In one line, and not wider than ``longest`` letters."""
    line = " ".join(words.split())
    return line if len(line) <= longest else line[: longest - 3] + "..."


def is_number(cell: str) -> bool:
    return cell.lstrip("+-").isdigit() or cell in ("", "-")


# --- problems and findings ---------------------------------------------------------------------------------------------------------------------


def problem_lines(text: Text, problems: Iterable[Problem]) -> list[str]:
    """One line a problem: the place, then the sentence."""
    return ["  " + " ".join(f"{problem.place}: {text.say(problem.text_key, **problem.facts)}".split()) for problem in problems]


def finding_lines(text: Text, findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        mark = text.say("cli.impossible_mark" if finding.hard else "cli.note_mark")
        yield f"  [{mark}] {finding_sentence(text, finding)}"


def finding_sentence(text: Text, finding: Finding) -> str:
    return text.say(f"findings.{finding.kind}", **finding.facts)


def violation_lines(text: Text, violations: Iterable[Violation]) -> list[str]:
    return ["  " + violation_sentence(text, violation) for violation in violations]


def violation_sentence(text: Text, violation: Violation) -> str:
    facts = dict(violation.facts)
    if violation.rule == RECORDED_NUMBERS:
        in_keys = facts["field"] in RECORDED_AS_KEYS
        facts = {name: recorded_word(text, name, value) for name, value in facts.items()}
        if in_keys:
            return text.say("cli.recorded_differs", **facts)
    return " ".join(text.say(f"rules.{violation.rule}", **{"entities": ", ".join(violation.entities), **facts}).split())


def recorded_word(text: Text, fact: str, value: str | int) -> str | int:
    """What the plan file calls something, in the words that people read elsewhere; names of people and classes as they are."""
    keys = {
        "item": (f"levels.{value}", f"cli.part_{value}"),
        "field": (f"cli.field_{value}", f"policy.{value}"),
        "recorded": (f"cli.value_{value}",),
        "computed": (f"cli.value_{value}",),
    }
    return next((text.say(key) for key in keys.get(fact, ()) if text.has(key)), value)


# --- the file and its counts -------------------------------------------------------------------------------------------------------------------


def opened_lines(text: Text, opened: Opened) -> Iterator[str]:
    instance, policy = opened.case.instance, opened.case.policy
    counts = {"schools": len(instance.schools), "rombels": len(instance.rombels), "teachers": len(instance.teachers)}
    yield text.say("cli.opened", file=opened.path, policy=policy.id, **counts)
    if policy.overrides:
        yield text.say("cli.overridden", changes=", ".join(f"{key}={value}" for key, value in policy.overrides.items()))
    if opened.notes:
        yield text.say("cli.notes")
        yield from problem_lines(text, opened.notes)


def checked_lines(text: Text, checked: Checked) -> Iterator[str]:
    yield from opened_lines(text, checked.opened)
    yield ""
    yield from supply_lines(text, checked.opened.case, checked.supply)
    yield text.say("cli.findings" if checked.findings else "cli.no_findings")
    yield from finding_lines(text, checked.findings)
    if checked.exit:
        yield text.say("cli.impossible_found")
    if any(finding.hard or finding.kind in BELOW_FINDINGS for finding in checked.findings):
        yield text.say("cli.explain_hint", file=checked.opened.path)


def supply_lines(text: Text, case: Case, supply: Supply) -> Iterator[str]:
    """Tables of the Sekolah Utama, or of every school in district mode."""
    shown = [npsn for npsn in case.schools if not case.main_school or npsn == case.main_school]
    for npsn in shown:
        subjects = [row for row in supply.subjects if row.school == npsn]
        families = [row for row in supply.families if row.school == npsn]
        if subjects:
            yield text.say("cli.subjects_title", school=case.schools[npsn].name)
            yield from table(
                headings(text, "subject", "classes", "jp", "recognised", "linear", "able", "capacity", "missing"),
                (
                    (case.instance.subject(s.subject).name, s.classes, s.jp, s.recognised_jp, len(s.linear), len(s.able), s.capacity_jp, s.missing_jp)
                    for s in subjects
                ),
            )
            yield ""
        if families:
            yield text.say("cli.families_title", school=case.schools[npsn].name)
            yield from table(
                headings(text, "family", "jp", "needed", "certified", "surplus"),
                ((family_name(case, f.family), f.jp, f.needed, len(f.certified), f"{f.surplus:+d}") for f in families),
            )
            yield ""
    duties = [row for row in supply.duties if row.school in shown]
    if duties:
        yield text.say("cli.duties_title")
        yield from table(
            headings(text, "school", "main_slots", "small_units", "small_jtm"),
            ((case.schools[d.school].name, d.main_duty_slots, d.small_duty_units, d.small_duty_jtm) for d in duties),
        )
        yield ""


def family_name(case: Case, family: str) -> str:
    """A family is called like its first certificate."""
    return next((c.name for c in case.law.certificates.values() if c.family == family), family)


def headings(text: Text, *columns: str) -> list[str]:
    return [text.say(f"cli.column_{column}") for column in columns]


# --- plans -------------------------------------------------------------------------------------------------------------------------------------


def planned_lines(text: Text, planned: Planned, with_week: bool) -> Iterator[str]:
    """The result of ``plan`` and ``assign``: the plan, or why there is none."""
    from scheduler.app.plan_files import FALLBACK_FOLDER

    yield from opened_lines(text, planned.opened)
    told = [finding for finding in planned.findings if finding.hard or not planned.plan]
    if told:
        yield text.say("cli.findings")
        yield from finding_lines(text, told)
    if planned.refused:
        yield text.say("cli.refused", file=planned.files[0])
        yield from violation_lines(text, planned.refused)
    elif planned.impossible:
        counted = any(finding.hard for finding in planned.findings)
        yield text.say("cli.impossible_found" if counted else "cli.part_impossible" if planned.part else "cli.proved_impossible")
    elif planned.plan is None:
        yield text.say("cli.no_plan_stopped" if planned.stopped else "cli.no_plan_yet")
    else:
        yield ""
        yield from plan_lines(text, planned.opened.case, planned.plan, with_week, planned.stopped, planned.former)
        if planned.stopped:
            yield text.say("cli.stopped")
        if planned.kept is not None:
            yield text.say("cli.week_kept", old=planned.kept.parent, folder=planned.files[0].parent)
        if planned.files[0].parent.name == FALLBACK_FOLDER:
            yield text.say("cli.fallback_used", folder=planned.files[0].parent)
        for file in planned.files:
            yield text.say("cli.written", file=file)
    if planned.impossible or (planned.plan is not None and any(load.counted and not load.met for load in planned.plan.teachers)):
        yield text.say("cli.explain_hint", file=planned.opened.path)


def plan_lines(text: Text, case: Case, plan: Plan, with_week: bool, stopped: bool = False, former: Plan | None = None) -> Iterator[str]:
    """What is left without a teacher, status, targets, and the workload of every teacher with a minimum."""
    uncovered = next((level.value for level in plan.levels if level.name == "uncovered_jp"), 0)
    if uncovered:
        yield text.say("cli.uncovered", jp=uncovered)
    yield text.say(f"cli.workload_{plan.status.workload}")
    yield week_sentence(text, plan, with_week, stopped)
    yield from cut_lines(text, plan)
    yield ""
    yield from level_lines(text, plan.levels)
    yield ""
    if plan.lessons:
        from scheduler.report.quality import Quality, quality_lines

        yield from quality_lines(text, Quality(case, plan, former))
        yield ""
    yield from load_lines(text, case, plan)


def week_sentence(text: Text, plan: Plan, with_week: bool, stopped: bool) -> str:
    """How far the week came; who stopped it is not told to give it more time."""
    if not with_week:
        return text.say("cli.timetable_not_asked")
    if stopped and not plan.lessons:
        return text.say("cli.timetable_stopped")
    if plan.rest_kept and plan.status.timetable is Status.OPTIMAL:
        return text.say("cli.timetable_best_rest_kept")
    return text.say(f"cli.timetable_{plan.status.timetable}")


def cut_lines(text: Text, plan: Plan) -> Iterator[str]:
    """What the week forced on the division of work."""
    for cut in plan.weekly_cuts:
        if cut.rule == "week_cost":
            level = cut.entities[0]
            key = "planning.week_cost" if level else "planning.week_cost_nothing"
            yield "  " + text.say(key, level=stage_name(text, level), **cut.facts)
        else:
            yield "  " + text.say(f"planning.{cut.rule}", teacher=", ".join(cut.entities), **cut.facts)


def level_lines(text: Text, levels: Sequence[Level]) -> Iterator[str]:
    rows = ((stage_name(text, v.name), v.value, "-" if v.bound is None else v.bound, text.say("cli.yes" if v.proved else "cli.no")) for v in levels)
    yield from table(headings(text, "target", "value", "bound", "proved"), rows)


def stage_name(text: Text, level: str) -> str:
    """A level, or another stage of the work, in plain words; its own name where it has none."""
    return next((text.say(key) for key in (f"levels.{level}", f"progress.{level}") if text.has(key)), level)


def load_lines(text: Text, case: Case, plan: Plan) -> Iterator[str]:
    """How many meet their workload, the hours of those the terminal has room for, and why each one below the minimum is there.

    In one-school mode the teachers of the Sekolah Utama, and the partners as numbers; of a district those below; all in the workbook.
    """
    from scheduler.report.tables import Tables
    from scheduler.report.words import Words, why_short

    tables = Tables(case, plan)
    counted = [row for row in tables.loads if row.load.counted]
    schools = [row for row in tables.summary.schools if row.counted]
    if case.main_school:
        shown = [row for row in counted if row.load.home_school == case.main_school]
        yield from (text.say("cli.met_at", school=tables.names.school(row.school), met=row.met, counted=row.counted) for row in schools)
    else:
        shown = [row for row in counted if len(schools) == 1 or not row.load.met]
        yield text.say("cli.met", met=sum(row.load.met for row in counted), counted=len(counted))
    yield text.say("cli.teachers_title")
    yield from table(
        headings(text, "code", "name", "taught", "linear_jtm", "duties", "wali", "recognised", "required", "standing"),
        (
            (
                row.teacher,
                brief(case.teachers[row.teacher].name, LONGEST_NAME),
                row.load.home_jtm + row.load.partner_jtm,
                row.linear_jtm,
                row.load.duty_jtm,
                row.load.guru_wali_jtm,
                row.recognised_jtm,
                row.required_jtm,
                text.say(f"cli.standing_{row.standing}"),
            )
            for row in shown
        ),
    )
    below = [row for row in shown if not row.load.met]
    if below:
        yield ""
        yield text.say("cli.below_title")
    words = Words(tables, text)
    for row in below:
        name = brief(case.teachers[row.teacher].name, LONGEST_NAME)
        yield f"  {row.teacher} {name}: {why_short(words, row)}"


def verified_lines(text: Text, verified: Verified) -> Iterator[str]:
    yield from opened_lines(text, verified.opened)
    if not verified.same_instance:
        yield text.say("cli.other_instance", file=verified.opened.path)
    yield text.say(f"cli.pair_{verified.pair}")
    if verified.report.violations:
        count = len(verified.report.violations)
        yield text.say("cli.violations_one" if count == 1 else "cli.violations", count=count)
        yield from violation_lines(text, verified.report.violations)
        return
    yield text.say("cli.verified")
    counted = [load for load in verified.report.loads if load.counted]
    yield text.say("cli.met", met=sum(load.met for load in counted), counted=len(counted))


# --- the same as data --------------------------------------------------------------------------------------------------------------------------


def checked_data(text: Text, checked: Checked) -> Mapping[str, Any]:
    from dataclasses import asdict

    return {
        "exit_code": int(checked.exit),
        **opened_data(text, checked.opened),
        "findings": [finding_data(text, finding) for finding in checked.findings],
        "supply": asdict(checked.supply),
    }


def opened_data(text: Text, opened: Opened) -> Mapping[str, Any]:
    policy = opened.case.policy
    return {
        "file": str(opened.path),
        "policy": {"id": policy.id, "overrides": dict(policy.overrides)},
        "notes": [
            {"kind": note.kind, "place": note.place, "sentence": line.strip()}
            for note, line in zip(opened.notes, problem_lines(text, opened.notes), strict=True)
        ],
    }


def finding_data(text: Text, finding: Finding) -> Mapping[str, Any]:
    return {
        "kind": finding.kind,
        "hard": finding.hard,
        "part": str(finding.part),
        "facts": dict(finding.facts),
        "sentence": finding_sentence(text, finding),
    }


def violation_data(text: Text, violation: Violation) -> Mapping[str, Any]:
    facts = dict(violation.facts)
    return {"rule": violation.rule, "entities": list(violation.entities), "facts": facts, "sentence": violation_sentence(text, violation)}


def quality_data(case: Case, plan: Plan, former: Plan | None) -> Sequence[Mapping[str, Any]]:
    """The measures of the whole week: name, value, bound, value of the former week."""
    from dataclasses import asdict

    from scheduler.report.quality import Quality

    return [asdict(total) for total in Quality(case, plan, former).totals]


def planned_data(text: Text, planned: Planned) -> Mapping[str, Any]:
    from dataclasses import asdict

    plan = planned.plan
    return {
        "exit_code": int(planned.exit),
        **opened_data(text, planned.opened),
        "findings": [finding_data(text, finding) for finding in planned.findings],
        "impossible": planned.impossible,
        "stopped": planned.stopped,
        "files": [str(file) for file in planned.files],
        "kept": None if planned.kept is None else str(planned.kept),
        "status": None if plan is None else asdict(plan.status),
        "levels": [] if plan is None else [asdict(level) for level in plan.levels],
        "teachers": [] if plan is None else [asdict(load) for load in plan.teachers],
        "quality": [] if plan is None or not plan.lessons else quality_data(planned.opened.case, plan, planned.former),
        "violations": [violation_data(text, violation) for violation in planned.refused],
    }


def verified_data(text: Text, verified: Verified) -> Mapping[str, Any]:
    from dataclasses import asdict

    report = verified.report
    return {
        "exit_code": int(verified.exit),
        **opened_data(text, verified.opened),
        "same_instance": verified.same_instance,
        "pair": str(verified.pair),
        "violations": [violation_data(text, violation) for violation in report.violations],
        "levels": dict(report.levels),
        "teachers": [asdict(load) for load in report.loads],
    }
