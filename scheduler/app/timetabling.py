"""``timetable``: any timetabling problem of another format, solved, checked and written; ``verify`` of such timetables."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.app.exits import Exit
from scheduler.app.interrupt import stopping
from scheduler.app.outputs import OutputRefusedError, refuse_folder, refuse_input, refuse_other_ending, refuse_unwritable
from scheduler.app.plan import say_nothing
from scheduler.domain.plan import Status
from scheduler.domain.problem import Problem
from scheduler.domain.solving import Listener, SolveOptions, silent
from scheduler.domain.timetabling import Meeting, TimetablingProblem
from scheduler.errors import InputError
from scheduler.formats.xhstt import Solution, XhsttArchive, read_root, read_xhstt, write_xhstt, write_xhstt_solution
from scheduler.verify.cost import Cost, evaluate

if TYPE_CHECKING:
    from scheduler.engine.solve import Solved
    from scheduler.formats.fet import Unknown

XHSTT, FET = ".xml", ".fet"

DEFAULT_SECONDS = 60.0
SCHOOL_FILES = (".xlsx", ".xlsm", ".json")
"""Endings of the files that describe a school: another command plans it."""

SECONDS_BETWEEN_WRITES = 1.0
"""Better timetables that follow each other faster are checked and written together; the last always is."""

SHARE_OF_KEEPING = 0.05
"""Of the time, at most, where a file is so large that checking and writing take long."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A problem as a file states it; ``solutions`` are those it holds, ``unknown`` is what of a FET file has no place in it."""

    path: Path
    instance: str
    problem: TimetablingProblem
    solutions: tuple[Solution, ...] = ()
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a timetable is asked for: of which instance, from which solution on, and within which limits."""

    instance: str = ""
    former: Path | None = None
    options: SolveOptions = field(default_factory=SolveOptions)
    listener: Listener = silent
    on_stop: Callable[[], None] = say_nothing


@dataclass(frozen=True, slots=True)
class Timetabled:
    """What came of it. ``best`` is what was written and ``cost`` its checked cost; both None where nothing was.

    ``disagreement``: (required, wishes) that the search counted for a timetable of another checked cost; that one was not written.
    """

    exit: Exit
    stated: Stated
    out: Path
    best: Solved | None = None
    cost: Cost | None = None
    stopped: bool = False
    disagreement: tuple[int, int] | None = None

    @property
    def proved(self) -> bool:
        return self.best is not None and self.best.status is Status.OPTIMAL


def make_timetable(path: Path, out: Path, wishes: Wishes) -> Timetabled:
    """Solve the problem of an XHSTT archive (or a FET file), and write each better timetable as it is found, after it was checked.

    ``out`` is the archive again with our solution; of a FET file it is a whole archive.

    Raises
    ------
    InputError
        a file cannot be understood, or does not have the instance
    OutputRefusedError
        ``out`` is the file that is read, a folder, not an .xml, or a file other than the one to go on from
    """
    refuse_input(out, path)
    refuse_folder(out)
    refuse_other_ending(out, XHSTT)
    refuse_foreign_archive(out)
    refuse_other_timetable(out, wishes.former)
    stated = open_problem(path, wishes.instance)
    former = former_of(stated, wishes.former)
    refuse_unwritable(out.parent)
    out.parent.mkdir(parents=True, exist_ok=True)

    from scheduler.engine.solve import Solved, solve_problem

    options = wishes.options
    if options.seconds is None and options.deterministic_limit is None:
        options = replace(options, seconds=DEFAULT_SECONDS)
    keeper = Keeper(stated, out, options)
    if former:
        known = evaluate(stated.problem, former)
        keeper.keep(Solved(Status.FEASIBLE, former, known.infeasibility, known.objective, 0, None, 0.0))
    with stopping(options.stop, wishes.on_stop):
        try:
            solved = solve_problem(stated.problem, options, wishes.listener, former, keeper.keep)
            keeper.keep(solved)
        finally:
            keeper.write()
    best = keeper.best
    if keeper.disagreement is not None:
        code = Exit.REFUSED
    else:
        code = Exit.OK if keeper.cost is not None and keeper.cost.infeasibility == 0 else Exit.NO_PLAN_YET
    if best is not None:
        best = replace(best, bound=solved.bound, feasible_after=solved.feasible_after)
    return Timetabled(code, stated, out, best, keeper.cost, keeper.asked_to_stop(), keeper.disagreement)


class Keeper:
    """Keeps the best timetable so far in its file, each one checked before it is written.

    The search's own numbers must be the checker's; where they are not, the search is ended and that timetable is not written.
    """

    def __init__(self, stated: Stated, out: Path, options: SolveOptions) -> None:
        self.stated, self.out, self.options = stated, out, options
        self.best: Solved | None = None
        self.cost: Cost | None = None
        self.disagreement: tuple[int, int] | None = None
        self._found: Solved | None = None
        self._next_write = float("-inf")

    def keep(self, solved: Solved) -> None:
        if solved.status in (Status.UNKNOWN, Status.INFEASIBLE):
            return
        if self._found is None or rank(solved) < rank(self._found):
            self._found = solved
            if time.monotonic() >= self._next_write:
                self.write()

    def write(self) -> None:
        """Check the best found, and write it if it is not in the file already."""
        found, started = self._found, time.monotonic()
        if found is None or found is self.best or self.disagreement is not None:
            return
        cost = evaluate(self.stated.problem, found.meetings)
        if value_of(cost) != (found.infeasibility, found.objective):
            self.disagreement = (found.infeasibility, found.objective)
            self.options.stop.set()
            return
        before, self.best, self.cost = self.best, found, cost
        if before is None or before.meetings != found.meetings:
            write_result(self.stated, found.meetings, cost, self.out)
        now = time.monotonic()
        self._next_write = now + max(SECONDS_BETWEEN_WRITES, (now - started) / SHARE_OF_KEEPING)

    def asked_to_stop(self) -> bool:
        return self.options.stop.is_set() and self.disagreement is None


def write_result(stated: Stated, meetings: Sequence[Meeting], cost: Cost, out: Path) -> None:
    """The archive with the timetable in it; of a FET file a whole archive."""
    if stated.path.suffix.lower() == FET:
        write_xhstt(out, stated.problem, stated.instance, {"scheduler": meetings})
        return
    description = f"infeasibility {cost.infeasibility}, objective {cost.objective}"
    write_xhstt_solution(stated.path, stated.instance, meetings, out, date=date.today().isoformat(), description=description)


def rank(solved: Solved) -> tuple[int, int, bool]:
    """Less is better: what is required, the wishes, and the same with a proof before the same without."""
    return solved.infeasibility, solved.objective, solved.status is not Status.OPTIMAL


def value_of(cost: Cost) -> tuple[int, int]:
    return cost.infeasibility, cost.objective


# --- files -------------------------------------------------------------------------------------------------------------------------------------


def open_problem(path: Path, instance: str = "") -> Stated:
    """The problem of a file, by its ending; ``instance`` names one of several.

    Raises
    ------
    InputError
        the file cannot be understood, has no instance, or several and none is named
    """
    if path.suffix.lower() == FET:
        from scheduler.formats.fet import read_fet

        fet = read_fet(path)
        return Stated(path, path.stem, fet.problem, unknown=fet.unknown)
    if path.suffix.lower() in SCHOOL_FILES:
        raise InputError([Problem("problem_is_school", path.name, facts={"file": path.name})])
    archive = read_xhstt(path)
    if not archive.instances:
        raise InputError([Problem("xhstt_no_instance", path.name)])
    known = ", ".join(archive.instances)
    if not instance and len(archive.instances) > 1:
        raise InputError([Problem("xhstt_several_instances", path.name, facts={"known": known})])
    if instance and instance not in archive.instances:
        raise InputError([Problem("xhstt_unknown_instance", path.name, facts={"value": instance, "known": known})])
    name = instance or next(iter(archive.instances))
    solutions = tuple(solution for solution in archive.solutions if solution.instance == name)
    return Stated(path, name, archive.instances[name], solutions)


def former_of(stated: Stated, path: Path | None) -> tuple[Meeting, ...]:
    """The best timetable of the instance in another archive."""
    if path is None:
        return ()
    archive = read_xhstt(path, {stated.instance: stated.problem})
    mine = [solution.meetings for solution in archive.solutions if solution.instance == stated.instance]
    if not mine:
        raise InputError(archive.notes or [Problem("xhstt_no_solution_of", path.name, facts={"value": stated.instance})])
    return min(mine, key=lambda meetings: value_of(evaluate(stated.problem, meetings)))


def refuse_foreign_archive(path: Path) -> None:
    """Refuse to replace a file that is no XHSTT archive."""
    if path.is_file():
        try:
            read_root(path)
        except InputError:
            raise OutputRefusedError("not_an_archive", path) from None


def refuse_other_timetable(path: Path, former: Path | None) -> None:
    """Refuse to replace an archive that the search does not go on from: its timetable may be better than what will be found."""
    if path.exists() and (former is None or not path.samefile(former)):
        raise OutputRefusedError("has_timetable", path)


# --- verify ------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A solution of a file with its cost."""

    solution: Solution
    cost: Cost


@dataclass(frozen=True, slots=True)
class TimetablesVerified:
    """``notes``: solutions that are no timetables of their instance."""

    exit: Exit
    path: Path
    evaluated: tuple[Evaluated, ...]
    notes: tuple[Problem, ...] = ()


def verify_timetables(path: Path, solutions: Path | None = None, strict: bool = False) -> TimetablesVerified:
    """Every solution of an archive, or of another file of solutions to it, with its cost.

    ``strict``: a solution that breaks something required is refused.

    Raises
    ------
    InputError
        a file cannot be understood, or has no solution at all
    """
    is_fet = path.suffix.lower() == FET
    archive = XhsttArchive({path.stem: open_problem(path).problem}, ()) if is_fet else read_xhstt(path)
    instances, file = archive.instances, path
    if solutions is not None:
        archive, file = read_xhstt(solutions, instances), solutions
        instances = {**archive.instances, **instances}
    if not archive.solutions and not archive.notes:
        raise InputError([Problem("xhstt_no_solution", file.name)])
    found = tuple(Evaluated(solution, evaluate(instances[solution.instance], solution.meetings)) for solution in archive.solutions)
    code = Exit.REFUSED if strict and any(one.cost.infeasibility for one in found) else Exit.OK
    return TimetablesVerified(Exit.NOT_UNDERSTOOD if archive.notes else code, file, found, archive.notes)
