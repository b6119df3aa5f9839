"""What several sheets of the dossier show alike: a proof, a conflict, a computed need, a table of repairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scheduler.report.excel.paper import (
    CELL,
    CENTER,
    GROUP,
    HEAD,
    LINE_POINTS,
    PLAIN,
    PLAIN_SMALL,
    SMALL,
    STRONG_CENTER,
    TOTAL,
    TOTAL_NAME,
    WARN_FILL,
    Look,
    Paper,
)
from scheduler.report.explanation import Dossier
from scheduler.report.explanation_rows import ConflictView, ExceptionView, ProofView, RepairRow

REPAIR_HEADS = ("number", "repair", "price", "gains", "loses", "valid", "shortfall", "uncovered", "proved")
CLAIM = Look(frame=False, up="top", bold=True)


def write_proof(dossier: Dossier, paper: Paper, view: ProofView) -> None:
    """The claim, its sums line by line, and what follows."""
    mark = f" ({dossier.say('unverified')})" if view.unverified else ""
    paper.line((view.claim + mark,), replace(GROUP, fill=WARN_FILL) if mark else GROUP, (paper.columns,))
    for line in view.lines[:-1]:
        paper.sentence(line)
    for line in view.lines[-1:]:
        paper.sentence(line, CLAIM)
    paper.gap(5)


def write_conflict(dossier: Dossier, paper: Paper, view: ConflictView) -> None:
    """The rules and entities that cannot hold together, and how that is known."""
    paper.line((dossier.say("conflict_heading", id=view.id),), GROUP, (paper.columns,))
    paper.sentence(view.lead, CLAIM)
    for member in view.members:
        paper.sentence("• " + member)
    paper.sentence(" ".join(view.notes), PLAIN_SMALL)
    paper.gap(5)


def keep_whole(paper: Paper, lines: Sequence[str]) -> None:
    """Begins a new page where these lines do not fit on this one but would on a new one."""
    width = paper.width(1, paper.columns)
    points = (sum(paper.lines(line, width) for line in lines) + 2) * (LINE_POINTS + 2)
    if points <= paper.page_points:
        paper.keep(points)


def write_exception(dossier: Dossier, paper: Paper, view: ExceptionView, spans: Sequence[int]) -> None:
    """The computed need as the official form shows it; ``spans`` are the columns of subject, classes, JP, total and the rest of the sheet."""
    paper.sentence(" ".join(part for part in (view.reason, view.mark) if part), replace(PLAIN, fill=WARN_FILL) if view.mark else PLAIN)
    *columns, rest = spans
    if view.rows:
        heads = [dossier.say(f"head_need_{key}") for key in ("subject", "classes", "jp", "total")]
        paper.sentence(view.title, replace(PLAIN, italic=True))
        write_narrow(paper, heads, HEAD, columns, rest)
        for row in view.rows:
            write_narrow(paper, (row.subject, row.classes, row.jp, row.total), (CELL, CENTER, CENTER, STRONG_CENTER), columns, rest)
        sums = (dossier.words.say("sum"), view.total)
        write_narrow(paper, sums, (TOTAL_NAME, TOTAL), (sum(columns[:3]), columns[3]), rest)
    paper.sentence(f"{view.division} {view.certified}".strip())
    paper.gap(4)


def write_narrow(paper: Paper, values: Sequence[str | int], looks: Sequence[Look] | Look, spans: Sequence[int], rest: int) -> None:
    """A line that leaves the columns on the right free."""
    styles = (looks,) * len(values) if isinstance(looks, Look) else looks
    paper.line((*values, ""), (*styles, PLAIN), (*spans, rest))


def write_repairs_table(dossier: Dossier, paper: Paper, rows: Sequence[RepairRow], spans: Sequence[int], size: float) -> int:
    """Heading and one line a repair; returns the row of the heading."""
    head = paper.line([dossier.say(f"head_{key}") for key in REPAIR_HEADS], replace(HEAD, size=size - 1), spans, least_points=26)
    text, figure = replace(SMALL, size=size), replace(CENTER, size=size)
    looks = (figure, text, figure, text, text, figure, figure, figure, figure)
    for row in rows:
        what = f"{row.what} ({row.mark})" if row.mark else row.what
        values = (row.number, what, row.price, row.gains, row.loses, row.valid, row.shortfall, row.uncovered, row.proved)
        paper.line(values, [replace(look, fill=WARN_FILL) for look in looks] if row.mark else looks, spans)
    return head
