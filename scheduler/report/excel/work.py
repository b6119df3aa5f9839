"""Tugas Tambahan and Jam Mitra: who holds what, and who goes where."""

from __future__ import annotations

from dataclasses import replace

from openpyxl.utils import get_column_letter

from scheduler.policy.schema import DutyKind
from scheduler.report.excel.booklet import Booklet
from scheduler.report.excel.paper import (
    BAD_FILL,
    CELL,
    CENTER,
    HEAD,
    PLAIN,
    PLAIN_SMALL,
    SMALL,
    STRONG_CENTER,
    TEXT_ID,
    TOTAL,
    TOTAL_NAME,
    Look,
    Paper,
    Value,
)
from scheduler.report.loads import DutyRow, VisitRow
from scheduler.report.words import unit_words

# --- Tugas Tambahan --------------------------------------------------------------------------------------------------------------------------

DUTY_WIDTHS = (5, 26, 34, 13, 28, 20, 12, 11, 34, 26)


def write_duties(booklet: Booklet) -> None:
    """Every unit that is held or must be held, with what it weighs, what counts of it, and the article."""
    paper = booklet.paper("duties", DUTY_WIDTHS)
    booklet.heading(paper, "duties")
    heads = ("number", "school", "duty", "unit", "holder", "nip", "equivalence", "counted_jtm", "article", "remark")
    head = paper.line(booklet.heads(*heads), HEAD, least_points=28)
    for number, row in enumerate(booklet.tables.duties, 1):
        write_duty(booklet, paper, number, row)
    last = paper.row - 1
    if not booklet.tables.duties:
        paper.sentence(booklet.say("no_duties"))
    write_guru_wali(booklet, paper)
    booklet.finish(paper, repeat=(head, head), freeze=f"D{head + 1}", filter_range=f"A{head}:{get_column_letter(paper.columns)}{max(head, last)}")


def write_duty(booklet: Booklet, paper: Paper, number: int, row: DutyRow) -> None:
    teacher = booklet.tables.case.teachers[row.teacher] if row.teacher else None
    fill = "" if teacher else BAD_FILL
    holder = teacher.name if teacher else booklet.say("nobody")
    remark = booklet.say(f"duty_{row.remark.value}", cap=booklet.tables.case.policy.ttle_cap_jtm) if row.remark else ""
    main = row.rule.kind is DutyKind.TTU
    values: list[Value] = [number, booklet.names.school(row.school), booklet.names.duty_name(row.rule, booklet.text.lang)]
    values += [unit_words(booklet, row.rule.id, row.unit, row.school), holder, teacher.nip if teacher else ""]
    values += [row.jtm, row.counted_jtm, row.rule.source.article, remark]
    looks = (CENTER, SMALL, Look(bold=main), CENTER, CELL, TEXT_ID, CENTER, STRONG_CENTER, SMALL, SMALL)
    paper.line(values, [replace(look, fill=fill) for look in looks])


def write_guru_wali(booklet: Booklet, paper: Paper) -> None:
    """Guru wali is no duty that is handed out: every guru mapel has it, and the pupils are shared out evenly."""
    policy, case = booklet.tables.case.policy, booklet.tables.case
    if not policy.guru_wali_jtm:
        return
    paper.section(booklet.say("section_guru_wali"))
    for school in booklet.names.class_schools:
        people = sum(case.is_guru_wali(code) for code in booklet.names.staff.get(school.npsn, ()))
        if not people:
            continue
        facts = {"school": school.name, "count": people, "jtm": policy.guru_wali_jtm, "article": policy.sources["guru_wali_jtm"].article}
        paper.sentence(booklet.say("guru_wali_note", **facts) + pupils_each(booklet, school.npsn, people))


def pupils_each(booklet: Booklet, npsn: str, people: int) -> str:
    """How many pupils a guru wali has, where every class says how many it has."""
    students = [rombel.students for rombel in booklet.tables.case.instance.rombels_of(npsn)]
    known = [count for count in students if count is not None]
    if len(known) < len(students) or not known:
        return ""
    return " " + booklet.say("guru_wali_pupils", students=sum(known), each=sum(known) / people)


# --- Jam Mitra -------------------------------------------------------------------------------------------------------------------------------

VISIT_WIDTHS = (5, 26, 19.5, 24, 20, 26, 26, 16, 7, 9, 9, 16, 20)


def write_visits(booklet: Booklet) -> None:
    """Who teaches at another school, as a proposal to the Dinas; and what each partner school reaches alone."""
    paper = booklet.paper("visits", VISIT_WIDTHS)
    booklet.heading(paper, "visits")
    paper.sentence(visits_rule(booklet))
    paper.gap(4)
    visits = booklet.tables.visits
    heads = ("number", "name", "nip", "home", "certificate", "visited", "subject", "class", "jp", "km", "minutes", "mode", "order")
    head = paper.line(booklet.heads(*heads), HEAD, least_points=28)
    for number, row in enumerate(visits, 1):
        write_visit(booklet, paper, number, row)
    last = paper.row - 1
    if visits:
        paper.line((booklet.say("sum"), sum(row.jp for row in visits), ""), (TOTAL_NAME, TOTAL, TOTAL), (8, 1, 4))
    else:
        paper.sentence(booklet.say("no_visits"), replace(PLAIN, frame=True))
    if booklet.tables.partners:
        write_partners(booklet, paper)
    booklet.finish(paper, repeat=(head, head), freeze=f"C{head + 1}", filter_range=f"A{head}:{get_column_letter(paper.columns)}{max(head, last)}")


def visits_rule(booklet: Booklet) -> str:
    """When the ruleset recognises hours at another school, with its articles."""
    policy = booklet.tables.case.policy
    words = []
    if policy.outside_needs_assignment:
        words.append(booklet.say("visits_by_order", article=policy.sources["outside_needs_assignment"].article))
    if policy.outside_max_jtm is not None:
        words.append(booklet.say("visits_capped", jtm=policy.outside_max_jtm, article=policy.sources["outside_max_jtm"].article))
    if policy.home_min_jtm is not None:
        words.append(booklet.say("visits_home_first", jtm=policy.home_min_jtm, article=policy.sources["home_min_jtm"].article))
    return " ".join(words) or booklet.say("visits_free")


def write_visit(booklet: Booklet, paper: Paper, number: int, row: VisitRow) -> None:
    teacher = booklet.tables.case.teachers[row.teacher]
    values: list[Value] = [
        number,
        teacher.name,
        teacher.nip,
        booklet.names.school(row.home),
        booklet.certificate(teacher),
        booklet.names.school(row.school),
    ]
    values += [booklet.subject(row.subject), ", ".join(row.rombels) or booklet.say("dash"), row.jp]
    values += [None if row.km is None else round(row.km, 1), row.minutes, row.mode, booklet.say(f"visit_{row.standing.value}")]
    looks = (CENTER, CELL, TEXT_ID, SMALL, SMALL, CELL, SMALL, CENTER, STRONG_CENTER, CENTER, CENTER, SMALL, SMALL)
    paper.line(values, looks)


def write_partners(booklet: Booklet, paper: Paper) -> None:
    """Each partner school with its own staff: what it reaches alone is its floor, and what it cannot cover itself is open to visitors."""
    paper.section(booklet.say("section_partners"))
    paper.sentence(booklet.say("partners_note"), PLAIN_SMALL)
    spans = (1, 2, 1, 1, 1, 3, 2, 2)
    heads = ("number", "school", "rombels", "counted", "valid_alone", "open_hours", "visited_hours", "uncovered")
    paper.line(booklet.heads(*heads), HEAD, spans, least_points=28)
    partners = [row for row in booklet.tables.partners if row.school != booklet.tables.case.main_school]
    for number, row in enumerate(partners, 1):
        shorts = ((booklet.names.subjects[subject].short, jp) for subject, jp in row.open_jp.items())
        open_hours = ", ".join(booklet.say("subject_jp", subject=short, jp=jp) for short, jp in shorts) or booklet.say("partner_full")
        alone = booklet.say("valid_alone_now", alone=row.valid_alone, now=row.valid_now)
        values: list[Value] = [number, booklet.names.school(row.school), row.rombels, row.counted, alone]
        values += [open_hours, row.visited_jp, row.uncovered_jp]
        paper.line(values, (CENTER, CELL, CENTER, CENTER, CENTER, SMALL, CENTER, CENTER), spans)
