"""``scheduler timetable``: problems of other formats solved; and ``verify`` of timetables in XHSTT archives."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.app.exits import Exit
from scheduler.cli.import_fet import unknown_lines
from scheduler.cli.making import command, output
from scheduler.cli.options import ExistingFile, Whole, default_workers, file_argument, json_option, option, search_options
from scheduler.cli.progress import LEAST_SECONDS, ProgressPrinter
from scheduler.cli.show import problem_lines, table
from scheduler.domain.solving import Progress
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.timetabling import Evaluated, Stated, Timetabled, TimetablesVerified
    from scheduler.domain.timetabling import TimetablingProblem
    from scheduler.verify.cost import Cost

PROBLEM_FILES = (".xml", ".fet")
"""Endings of the files that state a timetabling problem, not a school."""


def timetable_command(text: Text) -> click.Command:
    @command(text, "timetable")
    @file_argument(text)
    @option(text, "-o", "out", key="timetable_out", type=click.Path(path_type=Path), required=True, metavar="OUT.xml")
    @option(text, "--instance", key="instance", metavar="ID", default="")
    @option(text, "--from", "former", key="timetable_from", type=ExistingFile(text), metavar="SOLUTION.xml")
    @search_options(text, time_limit="timetable_time_limit")
    @option(text, "--steps", key="steps", type=Whole(text, 1), metavar="N")
    @json_option(text)
    def timetable(file: Path, out: Path, as_json: bool, **settings: Any) -> Exit:
        from scheduler.app.timetabling import Wishes, make_timetable
        from scheduler.domain.solving import SolveOptions

        printer = TimetablePrinter(text)
        printer.stage("reading")
        workers = settings["workers"] or (1 if settings["steps"] else default_workers())
        options = SolveOptions(settings["time_limit"], workers, settings["seed"], settings["steps"])
        made = make_timetable(file, out, Wishes(settings["instance"], settings["former"], options, printer, printer.stopping))
        output(timetabled_lines(text, made), timetabled_data(made) if as_json else None)
        return made.exit

    return timetable


class TimetablePrinter(ProgressPrinter):
    """Tells every better timetable: what it breaks, what the wishes cost, and what they cost at least."""

    def __call__(self, progress: Progress) -> None:
        if progress.best is None or not progress.detail.isdecimal():
            super().__call__(progress)
            return
        with self._lock:
            now = time.monotonic()
            if now - self._said_at >= LEAST_SECONDS or progress.best == progress.bound:
                self._said_at = now
                click.echo(self.news(progress, round(now - self.started)), err=True)

    def news(self, progress: Progress, elapsed: int) -> str:
        broken = int(progress.detail)
        kept = self.text.say("timetable.progress_broken" if broken else "timetable.progress_kept", broken=broken)
        key = "timetable.progress_gap" if progress.bound else "timetable.progress"
        return self.text.say(key, elapsed=elapsed, broken=kept, best=progress.best, bound=progress.bound)


# --- the result --------------------------------------------------------------------------------------------------------------------------------


def timetabled_lines(text: Text, made: Timetabled) -> Iterator[str]:
    yield from stated_lines(text, made.stated)
    if made.best is not None and made.cost is not None:
        yield ""
        yield from cost_lines(text, made.stated.problem, made.cost)
        yield ""
        yield result_sentence(text, made)
        if made.best.feasible_after is not None:
            moments = {"first": round(made.best.feasible_after), "best": round(made.best.best_after)}
            yield text.say("timetable.moments", **moments)
        yield text.say("timetable.written", file=made.out)
    elif made.disagreement is None:
        yield text.say("timetable.nothing_stopped" if made.stopped else "timetable.nothing")
    if made.disagreement is not None:
        yield text.say("timetable.disagreement", broken=made.disagreement[0], value=made.disagreement[1])


def stated_lines(text: Text, stated: Stated) -> Iterator[str]:
    problem = stated.problem
    sizes = {"events": len(problem.events), "times": len(problem.times), "resources": len(problem.resources), "rules": len(problem.constraints)}
    yield text.say("timetable.stated", file=stated.path, instance=stated.instance, **sizes)
    if stated.unknown:
        yield from unknown_lines(text, stated.unknown)


def result_sentence(text: Text, made: Timetabled) -> str:
    assert made.best is not None and made.cost is not None
    facts = {"broken": made.cost.infeasibility, "value": made.cost.objective, "bound": made.best.bound}
    if made.cost.infeasibility:
        return text.say("timetable.broken", **facts)
    return text.say("timetable.kept_proved" if made.proved else "timetable.kept", **facts)


def cost_lines(text: Text, problem: TimetablingProblem, cost: Cost) -> Iterator[str]:
    """Every type of rule that the problem states, and the sum."""
    from scheduler.report.timetabling import cost_rows, kind_words

    rows = cost_rows(problem, cost)
    cells = [(kind_words(text, row.kind), row.rules, row.places, row.infeasibility, row.objective) for row in rows]
    total = (text.say("timetable.total"), len(problem.constraints), len(cost.deviations), cost.infeasibility, cost.objective)
    columns = ("kind", "rules", "places", "required", "wishes")
    yield from table([text.say(f"timetable.column_{column}") for column in columns], [*cells, total])


def timetabled_data(made: Timetabled) -> Mapping[str, Any]:
    from scheduler.report.timetabling import by_type_data

    best, cost = made.best, made.cost
    return {
        "exit_code": int(made.exit),
        "file": str(made.stated.path),
        "instance": made.stated.instance,
        "out": str(made.out) if best is not None else None,
        "status": "UNKNOWN" if best is None else str(best.status),
        "infeasibility": None if cost is None else cost.infeasibility,
        "objective": None if cost is None else cost.objective,
        "bound": None if best is None else best.bound,
        "proved": made.proved,
        "feasible_after": None if best is None else best.feasible_after,
        "best_after": None if best is None else best.best_after,
        "stopped": made.stopped,
        "by_type": {} if cost is None else by_type_data(cost),
        "unknown": [{"element": unknown.element, "times": unknown.times} for unknown in made.stated.unknown],
        "disagreement": made.disagreement,
    }


# --- verify ------------------------------------------------------------------------------------------------------------------------------------


def tell_timetables(text: Text, file: Path, solutions: Path | None, strict: bool, as_json: bool) -> Exit:
    """``verify`` of an archive, or of a file of solutions to it."""
    from scheduler.app.timetabling import verify_timetables

    verified = verify_timetables(file, solutions, strict)
    output(verified_lines(text, verified), verified_data(text, verified) if as_json else None)
    return verified.exit


def verified_lines(text: Text, verified: TimetablesVerified) -> Iterator[str]:
    count = len(verified.evaluated)
    yield text.say("timetable.evaluated_one" if count == 1 else "timetable.evaluated", file=verified.path, count=count)
    if verified.evaluated:
        columns = ("instance", "group", "required", "wishes")
        yield from table([text.say(f"timetable.column_{column}") for column in columns], (solution_row(one) for one in verified.evaluated))
    for one in verified.evaluated:
        if by_type := one.cost.by_type():
            yield ""
            yield f"{one.solution.instance}, {one.solution.group}:"
            yield from by_type_lines(text, by_type)
    if verified.notes:
        yield ""
        yield text.say("timetable.not_timetables")
        yield from problem_lines(text, verified.notes)


def solution_row(one: Evaluated) -> tuple[str, str, int, int]:
    return one.solution.instance, one.solution.group, one.cost.infeasibility, one.cost.objective


def by_type_lines(text: Text, by_type: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    from scheduler.report.timetabling import kind_words

    columns = [text.say(f"timetable.column_{column}") for column in ("kind", "required", "wishes")]
    yield from table(columns, ((kind_words(text, kind), hard, soft) for kind, (hard, soft) in by_type.items()))


def verified_data(text: Text, verified: TimetablesVerified) -> Mapping[str, Any]:
    from scheduler.report.timetabling import by_type_data

    return {
        "exit_code": int(verified.exit),
        "file": str(verified.path),
        "solutions": [
            {
                "instance": one.solution.instance,
                "group": one.solution.group,
                "infeasibility": one.cost.infeasibility,
                "objective": one.cost.objective,
                "by_type": by_type_data(one.cost),
            }
            for one in verified.evaluated
        ],
        "notes": [
            {"kind": note.kind, "place": note.place, "sentence": line.strip()}
            for note, line in zip(verified.notes, problem_lines(text, verified.notes), strict=True)
        ],
    }
