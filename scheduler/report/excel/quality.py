"""Mutu Jadwal: the quality of the week in numbers, beside the bound and the former week."""

from __future__ import annotations

from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.paper import BAD_FILL, CELL, CENTER, GOOD_FILL, HEAD, PLAIN_SMALL, SMALL, STRONG_CENTER, WARN_FILL, Look, Paper, Value
from scheduler.report.quality import Quality, former_class, former_of, hard_words, total_words

WIDTHS = (6, 9, 34, 9, 9, 12, 12, 12, 14, 14)


def write_quality(booklet: Booklet, quality: Quality) -> None:
    """Totals in words, then every teacher, then every class; what the former week had stands in the last columns."""
    paper = booklet.paper("quality", WIDTHS)
    booklet.heading(paper, "quality")
    for total in quality.totals:
        paper.sentence("• " + total_words(booklet.text, quality, total))
    paper.sentence(booklet.text.say("quality.note", subjects=hard_words(quality)), PLAIN_SMALL)
    paper.section(booklet.text.say("quality.section_teachers"))
    head = write_teachers(booklet, paper, quality)
    paper.section(booklet.text.say("quality.section_classes"))
    write_classes(booklet, paper, quality)
    booklet.finish(paper, freeze=f"D{head + 1}")


def write_teachers(booklet: Booklet, paper: Paper, quality: Quality) -> int:
    """The most idle hours first."""
    keys = ("number", "code", "name", "jp", "days", "fewest_days", "most_jp", "idle", "former_idle", "former_days")
    head = paper.line([booklet.text.say(f"quality.head_{key}") for key in keys], HEAD, least_points=30)
    former = quality.before.teachers if quality.before is not None else None
    for number, row in enumerate(sorted(quality.teachers, key=lambda row: -row.idle), 1):
        old = former_of(former, row.teacher)
        values: list[Value] = [number, row.teacher, booklet.teacher(row.teacher), row.jp, row.days, row.fewest_days, row.most_jp, row.idle]
        values += [old.idle if old else "", old.days if old else ""]
        idle = STRONG_CENTER if not row.idle else Look(bold=True, across="center", fill=WARN_FILL if row.idle < 3 else BAD_FILL)
        days = CENTER if row.days > row.fewest_days else Look(across="center", fill=GOOD_FILL)
        paper.line(values, (CENTER, CENTER, CELL, CENTER, days, CENTER, CENTER, idle, CENTER, CENTER))
    return head


def write_classes(booklet: Booklet, paper: Paper, quality: Quality) -> None:
    keys = ("number", "rombel", "school", "hard_jp", "late_jp", "same_last", "last_subject", "former_late", "former_same")
    spans = (1, 1, 1, 1, 1, 1, 2, 1, 1)
    paper.line([booklet.text.say(f"quality.head_{key}") for key in keys], HEAD, spans, least_points=30)
    former = quality.before.classes if quality.before is not None else None
    for number, row in enumerate(quality.classes, 1):
        old = former_class(former, row)
        subject = booklet.subject(row.last_subject) if row.last_subject else ""
        values: list[Value] = [number, row.rombel, booklet.names.school(row.school), row.hard_jp, row.late_jp, row.same_last, subject]
        values += [old.late_jp if old else "", old.same_last if old else ""]
        same = CENTER if row.same_last < 3 else Look(across="center", fill=WARN_FILL)
        paper.line(values, (CENTER, CENTER, SMALL, CENTER, CENTER, same, SMALL, CENTER, CENTER), spans)
