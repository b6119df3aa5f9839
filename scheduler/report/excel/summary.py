"""Ringkasan: what the plan reaches, who is valid, excepted or below and why, and what it stands on."""

from __future__ import annotations

from scheduler.domain.plan import WEEK_LEVELS, WEEK_WISHES, Level, Status, Violation
from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.loads import STANDING_LOOKS
from scheduler.report.excel.paper import (
    BAD_FILL,
    CELL,
    CENTER,
    GOOD_FILL,
    GROUP_FILL,
    HEAD,
    LINE_POINTS,
    PLAIN,
    PLAIN_SMALL,
    STRONG_CENTER,
    WARN_FILL,
    Look,
    Paper,
)
from scheduler.report.law_words import law_name, law_value, linearity_words
from scheduler.report.loads import LoadRow, Standing
from scheduler.report.tables import Summary
from scheduler.report.words import why_short

GRID = 12
UNIT = 13.6
"""The sheet stands on twelve equal columns; tables and tiles take several of them."""


def write_summary(booklet: Booklet) -> None:
    paper = booklet.paper("summary", (UNIT,) * GRID)
    booklet.heading(paper, "summary")
    summary = booklet.tables.summary
    write_tiles(booklet, paper, summary)
    write_status(booklet, paper, summary)
    if booklet.tables.loads:
        write_people(booklet, paper, summary)
    if len(summary.schools) > 1:
        write_schools(booklet, paper, summary)
    write_levels(booklet, paper, summary.levels)
    write_basis(booklet, paper, summary)
    booklet.finish(paper)


def write_tiles(booklet: Booklet, paper: Paper, summary: Summary) -> None:
    """Five figures that a principal asks for first, of the Sekolah Utama where there is one."""
    own = [row for row in summary.schools if booklet.tables.case.main_school in ("", row.school)]
    counted, met, excepted, below, uncovered = (
        sum(getattr(row, number) for row in own) for number in ("counted", "met", "excepted", "below", "uncovered_jp")
    )
    tiles = (
        (3, booklet.say("tile_of", value=met, whole=counted), "tile_met", GOOD_FILL),
        (2, str(excepted), "tile_excepted", WARN_FILL if excepted else GROUP_FILL),
        (2, str(below), "tile_below", BAD_FILL if below else GROUP_FILL),
        (2, str(uncovered), "tile_uncovered", BAD_FILL if uncovered else GROUP_FILL),
        (3, str(len(summary.violations)), "tile_violations", BAD_FILL if summary.violations else GOOD_FILL),
    )
    spans = [width for width, *_ in tiles]
    figures = [Look(bold=True, size=20, across="center", fill=fill) for *_, fill in tiles]
    captions = [Look(size=9, across="center", fill=fill) for *_, fill in tiles]
    paper.line([value for _, value, *_ in tiles], figures, spans, least_points=32)
    paper.line([booklet.say(caption) for _, _, caption, _ in tiles], captions, spans, least_points=17)


def write_status(booklet: Booklet, paper: Paper, summary: Summary) -> None:
    """How good the plan is, in words, and that an independent check has read it."""
    paper.section(booklet.say("section_status"))
    rows = [
        ("status_workload", booklet.say(f"workload_{summary.workload.value.lower()}")),
        ("status_week", week_words(booklet, summary)),
        ("status_check", booklet.say("check_passed") if not summary.violations else booklet.say("check_failed", count=len(summary.violations))),
    ]
    if summary.below or summary.excepted:
        rows.append(("status_priority", booklet.say("priority_proved" if summary.priority_proved else "priority_not_proved")))
    for key, words in rows:
        paper.line((booklet.say(key), words), (Look(bold=True, fill=GROUP_FILL), CELL), (2, GRID - 2))
    for violation in summary.violations:
        paper.sentence("• " + violation_words(booklet, violation))
    for cut in summary.weekly_cuts:
        paper.sentence("• " + week_cost_words(booklet, cut))


def week_words(booklet: Booklet, summary: Summary) -> str:
    """What is to be said of the timetable; also used on the sheets that would show it."""
    if not summary.week_jp:
        return booklet.say("week_no_bell_times")
    if not summary.placed_jp:
        return booklet.say("week_unknown")
    optimal = "optimal_rest_kept" if booklet.tables.plan.rest_kept else "optimal"
    quality = optimal if summary.timetable is Status.OPTIMAL else "feasible"
    return booklet.say(f"week_{quality}", placed=summary.placed_jp, whole=summary.week_jp)


def violation_words(booklet: Booklet, violation: Violation) -> str:
    """A broken rule as a sentence; a rule without a sentence is named with whom it concerns."""
    key = f"rules.{violation.rule}"
    if booklet.text.has(key):
        return booklet.text.say(key, **violation.facts)
    return booklet.say("violation", rule=violation.rule, entities=", ".join(violation.entities))


def week_cost_words(booklet: Booklet, cut: Violation) -> str:
    """What the week asked of the division of work."""
    if cut.rule == "week_cost" and cut.entities == ("",):
        return booklet.text.say("planning.week_cost_nothing")
    names = booklet.text.joined(booklet.teacher(code) for code in cut.entities if code in booklet.tables.case.teachers)
    level = booklet.text.say(f"levels.{cut.entities[0]}") if cut.rule == "week_cost" else ""
    return booklet.text.say(f"planning.{cut.rule}", teacher=names, level=level, **cut.facts)


# --- people --------------------------------------------------------------------------------------------------------------------------------


def write_people(booklet: Booklet, paper: Paper, summary: Summary) -> None:
    """Who does not reach the minimum and why, then who does."""
    paper.section(booklet.say("section_people"))
    own = booklet.tables.case.main_school
    short = sorted((*summary.below, *summary.excepted), key=lambda row: own not in ("", row.load.home_school))
    if short:
        spans = (2, 2, 1, 1, 6)
        paper.line(booklet.heads("name", "home", "recognised", "status", "why"), HEAD, spans)
        for row in short:
            write_short_teacher(booklet, paper, row, spans)
    else:
        paper.sentence(booklet.say("all_met"))
    paper.gap(4)
    for npsn in dict.fromkeys(row.load.home_school for row in booklet.tables.loads):
        met = [row for row in booklet.tables.loads if row.load.home_school == npsn and row.standing in (Standing.MET, Standing.OVER)]
        if met:
            people = ", ".join(f"{booklet.teacher(row.teacher)} ({row.recognised_jtm})" for row in met)
            paper.sentence(booklet.say("met_list", school=booklet.names.school(npsn), count=len(met), people=people))


def write_short_teacher(booklet: Booklet, paper: Paper, row: LoadRow, spans: tuple[int, ...]) -> None:
    reached = booklet.say("reached", value=row.recognised_jtm, whole=row.required_jtm)
    words = why_short(booklet, row)
    status = booklet.say(f"standing_{row.standing.value}")
    looks = (CELL, CELL, CENTER, STANDING_LOOKS[row.standing], Look(size=9))
    paper.line((booklet.teacher(row.teacher), booklet.names.school(row.load.home_school), reached, status, words), looks, spans)


def write_schools(booklet: Booklet, paper: Paper, summary: Summary) -> None:
    paper.keep(min(len(summary.schools), 20) * LINE_POINTS * 1.2 + 50)
    paper.section(booklet.say("section_schools"))
    spans = (5, 1, 1, 1, 1, 1, 1, 1)
    paper.line(booklet.heads("school", "rombels", "teachers", "counted", "met", "excepted", "below", "uncovered"), HEAD, spans)
    for row in summary.schools:
        numbers = (row.rombels, row.teachers, row.counted, row.met, row.excepted, row.below, row.uncovered_jp)
        paper.line((booklet.names.school(row.school), *numbers), (CELL, *(CENTER,) * 7), spans)


# --- levels --------------------------------------------------------------------------------------------------------------------------------


def write_levels(booklet: Booklet, paper: Paper, levels: tuple[Level, ...]) -> None:
    """Every criterion with its value, the best value that is possible, and whether that is proved."""
    if not levels:
        return
    paper.keep(len(levels) * LINE_POINTS * 1.2 + 60)
    paper.section(booklet.say("section_levels"))
    paper.sentence(booklet.say("levels_note"), PLAIN_SMALL)
    spans = (1, 6, 1, 2, 2)
    paper.line(booklet.heads("number", "level", "value", "bound", "proof"), HEAD, spans)
    for index, level in enumerate(levels):
        proof = Look(bold=True, across="center", fill=GOOD_FILL) if level.proved else CENTER
        best = booklet.say("dash") if level.bound is None else level.bound
        looks = (CENTER, CELL, STRONG_CENTER, CENTER, proof)
        paper.line((index + 1, sentence_case(booklet.text.say(f"levels.{level.name}")), level.value, best, proof_words(booklet, level)), looks, spans)


def sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def proof_words(booklet: Booklet, level: Level) -> str:
    rest_kept = booklet.tables.plan.rest_kept and level.name in (*WEEK_LEVELS, WEEK_WISHES)
    if level.proved:
        return booklet.say("proved_rest_kept" if rest_kept else "proved")
    if level.bound is None or level.bound >= level.value:
        return booklet.say("not_proved")
    return booklet.say("not_proved_gap_rest_kept" if rest_kept else "not_proved_gap", gap=level.value - level.bound)


# --- what the plan stands on -----------------------------------------------------------------------------------------------------------------


def write_basis(booklet: Booklet, paper: Paper, summary: Summary) -> None:
    """The ruleset, the numbers the school replaced, and the unverified ones this plan depends on."""
    policy, doubts = booklet.tables.case.policy, summary.doubts
    title = policy.title_en if booklet.text.lang == "en" and policy.title_en else policy.title
    paper.keep(6 * LINE_POINTS)
    paper.section(booklet.say("section_basis"))
    paper.sentence(booklet.say("policy_used", title=title, id=policy.id, linearity=booklet.tables.case.law.linearity.title))
    if doubts.overridden:
        numbers = "; ".join(f"{law_name(booklet, row)} = {law_value(booklet, row)}" for row in doubts.overridden)
        paper.sentence(booklet.say("overridden_numbers", numbers=numbers), Look(fill=WARN_FILL, bold=True))
    else:
        paper.sentence(booklet.say("no_overrides"))
    unverified = [f"{law_name(booklet, row)} ({law_value(booklet, row)})" for row in doubts.unverified]
    unverified += [linearity_words(booklet, row) for row in doubts.unverified_linearity]
    if unverified:
        paper.sentence(booklet.say("unverified_numbers", numbers="; ".join(unverified)), Look(fill=WARN_FILL))
    paper.sentence(booklet.say("basis_pointer", sheet=booklet.say("sheet_law")), PLAIN)
