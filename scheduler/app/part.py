"""``plan --from PLAN.json --only-class 7A``: a part of a week built anew, everything else exactly as it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.app.exits import Exit, verified
from scheduler.app.interrupt import stopping
from scheduler.app.outputs import refuse_foreign_file, refuse_input
from scheduler.app.plan import Planned, Wishes
from scheduler.app.plan_files import FALLBACK_FOLDER, PLAN_FILE, WORKBOOK_FILE, refused_path, save_pair
from scheduler.app.source import open_case
from scheduler.counting.week import findings
from scheduler.domain.instance import DAYS
from scheduler.domain.plan import Plan, PlanStatus, Status
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.json import read_plan, write_plan
from scheduler.policy.case import Case

if TYPE_CHECKING:
    from scheduler.timetable.kept import Part


@dataclass(frozen=True, slots=True)
class PartWanted:
    """Names of classes, codes of teachers and days, as the user wrote them."""

    classes: tuple[str, ...] = ()
    teachers: tuple[str, ...] = ()
    days: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.classes or self.teachers or self.days)


def make_part(path: Path, folder: Path, wishes: Wishes, wanted: PartWanted) -> Planned:
    """Build a part of ``wishes.former``'s week anew and write the pair into ``folder``.

    Raises
    ------
    InputError
        the former plan has no week, its division of work does not hold for this workbook, or a class, teacher or day is unknown
    """
    for within in (folder, folder / FALLBACK_FOLDER):
        refuse_input(within / PLAN_FILE, path)
        refuse_input(within / WORKBOOK_FILE, path)
        refuse_foreign_file(within / PLAN_FILE)
    opened = open_case(path, wishes.law)
    if wishes.former is None:
        raise InputError([Problem("cli.part_needs_from")])
    former, case = read_plan(wishes.former), opened.case
    part = part_of(case, wanted)
    refuse_outdated(case, former, wishes.former)

    from scheduler.planning import default_seconds, remake_part
    from scheduler.verify.check import check

    options = wishes.options if wishes.options.seconds else replace(wishes.options, seconds=default_seconds(case))
    with stopping(options.stop, wishes.on_stop):
        plan = remake_part(case, options, former, part, wishes.listener)
        planned = Planned(Exit.NO_PLAN_YET, opened, findings(case), stopped=options.stop.is_set(), part=True)
        if plan.status.timetable is Status.INFEASIBLE:
            return replace(planned, exit=Exit.IMPOSSIBLE, impossible=True)
        if not plan.lessons:
            return planned
        folder.mkdir(parents=True, exist_ok=True)
        report = check(case, plan)
        if report.violations:
            refused = refused_path(folder / PLAN_FILE)
            write_plan(replace(plan, violations=report.violations), refused)
            return replace(planned, exit=Exit.REFUSED, files=(refused,), refused=report.violations)
        files = save_pair(case, plan, folder, wishes.lang, former)
    return replace(planned, exit=verified(report.loads, wishes.strict), plan=plan, files=files, former=former)


def part_of(case: Case, wanted: PartWanted) -> Part:
    """The part by its ids; capitals and blanks are no matter."""
    from scheduler.timetable.kept import Part

    problems: list[Problem] = []
    classes = known(wanted.classes, [rombel.name for rombel in case.instance.rombels], "--only-class", problems)
    teachers = known(wanted.teachers, list(case.teachers), "--only-teacher", problems)
    days = known(wanted.days, DAYS, "--only-day", problems)
    if problems:
        raise InputError(problems)
    return Part(classes, teachers, days)


def known(names: Iterable[str], ids: Sequence[str], option: str, problems: list[Problem]) -> frozenset[str]:
    """The ids that the names mean; what means none becomes a Problem."""
    by_name = {identity.casefold(): identity for identity in ids}
    found = {name: by_name.get(name.strip().casefold()) for name in names}
    listed = ", ".join(dict.fromkeys(ids))
    problems += [Problem("cli.part_unknown", sheet=option, facts={"value": name, "known": listed}) for name, i in found.items() if i is None]
    return frozenset(identity for identity in found.values() if identity is not None)


def refuse_outdated(case: Case, former: Plan, path: Path) -> None:
    """Only the week is built anew: a division of work that no longer holds for the workbook wants the whole job again."""
    from scheduler.verify.check import check

    if not former.lessons:
        raise InputError([Problem("cli.part_without_week", path.name)])
    work = replace(former, levels=(), teachers=(), lessons=(), status=PlanStatus(former.status.workload, Status.UNKNOWN))
    broken = check(case, work).violations
    if broken:
        facts: dict[str, str | int] = {"count": len(broken), "rule": broken[0].rule, "entities": ", ".join(broken[0].entities)}
        raise InputError([Problem("cli.part_outdated", path.name, facts=facts)])
