"""Letters for teachers at a school that is not their own: the Dinas's order, and the statement of the school where they teach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scheduler.domain.entities import Teacher
from scheduler.domain.plan import Assignment, TeacherLoad
from scheduler.policy.case import GUIDANCE
from scheduler.policy.schema import Confidence
from scheduler.report.letters.annexes import classes_of
from scheduler.report.letters.desk import Desk
from scheduler.report.letters.grid import Cell, Row, one_line
from scheduler.report.letters.paper import Letter

NAME_MM = 46.0
COLON_MM = 4.0

Visits = Mapping[str, Sequence[Assignment]]
"""What one teacher teaches at other schools, by NPSN."""


def visits_of(desk: Desk) -> Mapping[str, Visits]:
    """Teachers of the plan who teach at a school that is not their own, in the order of the sheet."""
    found: dict[str, dict[str, list[Assignment]]] = {}
    for code, teacher in desk.case.teachers.items():
        for assignment in desk.assignments_of.get(code, ()):
            if assignment.school != teacher.home:
                found.setdefault(code, {}).setdefault(assignment.school, []).append(assignment)
    return found


def order(desk: Desk, teacher: Teacher, visits: Visits, load: TeacherLoad) -> Letter:
    """Surat tugas of the Dinas: on what ground, who, where besides the home school, from when. A draft until the Dinas has signed it."""
    letter = desk.letter(desk.say("order"), teacher.home)
    home, head = teacher.home, desk.letterhead
    desk.dinas_kop(letter, home)
    desk.title(letter, desk.say("order").upper(), desk.say("decree_number", number=head.filled("Nomor Surat Tugas", home)))
    letter.gap(8)
    hosts = desk.words.text.joined(desk.place_of_work(npsn) for npsn in visits)
    grounds = [(desk.say("order_law", article=desk.case.policy.sources["outside_needs_assignment"].article), law_mark(desk))]
    grounds += [(desk.say(f"order_ground_{number}", hosts=hosts, home=desk.place_of_work(home)), "") for number in (1, 2, 3)]
    rows: list[Row] = []
    for number, (text, mark) in enumerate(grounds, 1):
        first = number == 1
        cells = (
            Cell(desk.say("order_grounds") if first else ""),
            Cell(":" if first else ""),
            Cell(f"{number}."),
            Cell(text, tail=mark),
        )
        rows.append(cells)
    letter.grid((24.0, COLON_MM, 7.0, letter.width - 35.0), rows, frame=False)
    letter.gap(4)
    letter.line(desk.say("orders"), "center", bold=True, keep=True, after=4)
    person_table(desk, letter, teacher)
    letter.gap(4)
    letter.line(desk.say("order_to", home=desk.place_of_work(home)), "both", after=4)
    host_table(desk, letter, teacher, visits, load)
    letter.gap(4)
    letter.line(desk.say("order_from", date=head.start, semester=head.semester, year=head.school_year), "both", after=4)
    letter.line(desk.say("order_end"), "both")
    rank = head.value("Pangkat Kepala Dinas", home)
    above = (
        desk.say("issued_at", place=head.filled("Tempat Dinas", home)),
        desk.say("signed_on", date=head.day("Tanggal Surat Tugas", home)),
        desk.say("signed_by_dinas", dinas=head.filled("Dinas", home)),
    )
    nip = desk.say("nip", nip=head.filled("NIP Kepala Dinas", home))
    copies = [desk.say("head_of_school", school=desk.place_of_work(npsn)) for npsn in (home, *visits)] + [desk.say("teacher_concerned")]
    left = (desk.say("copies"), *(f"{index}. {text}" for index, text in enumerate(copies, 1)))
    letter.signature(above, head.filled("Nama Kepala Dinas", home), [*([rank] if rank else []), nip], left)
    return letter


def law_mark(desk: Desk) -> str:
    doubtful = desk.case.policy.sources["outside_needs_assignment"].confidence is Confidence.C
    return " " + desk.say("law_unverified") if doubtful else ""


def statement(desk: Desk, teacher: Teacher, npsn: str, taught: Sequence[Assignment]) -> Letter:
    """Surat keterangan mengajar of the school that is visited: what the teacher teaches there, and how many hours a week."""
    letter = desk.letter(desk.say("statement"), npsn)
    head = desk.letterhead
    desk.school_kop(letter, npsn)
    desk.title(letter, desk.say("statement").upper(), desk.say("decree_number", number=head.filled("Nomor Surat Keterangan", npsn)))
    letter.gap(8)
    letter.line(desk.say("undersigned"), after=3)
    name, number = head.principal(npsn)
    school = desk.place_of_work(npsn)
    facts = ((desk.say("field_name"), one_line(name)), (desk.say("field_nip"), number))
    facts_table(letter, (*facts, (desk.say("field_position"), desk.say("head_of_school", school=school))))
    letter.gap(4)
    letter.line(desk.say("states"), after=3)
    person_table(desk, letter, teacher)
    letter.gap(4)
    letter.line(desk.say("statement_text", school=school, semester=head.semester, year=head.school_year), "both", after=4)
    lessons_table(desk, letter, taught)
    letter.gap(4)
    letter.line(desk.say("statement_basis", number=head.filled("Nomor SK", npsn), school=school), after=4)
    letter.line(desk.say("statement_end"), "both")
    desk.school_signature(letter, npsn, head.day("Tanggal Surat Keterangan", npsn), place="issued_at")
    return letter


def person_table(desk: Desk, letter: Letter, teacher: Teacher) -> None:
    """Who: name, number, rank, post, home school."""
    facts = [(desk.say("field_name"), one_line(teacher.name))]
    if teacher.nip or not teacher.nuptk:
        facts.append((desk.say("field_nip"), teacher.nip or desk.letterhead.dots))
    if teacher.nuptk:
        facts.append((desk.say("field_nuptk"), teacher.nuptk))
    facts += [(desk.say("field_rank"), desk.rank_of(teacher)), (desk.say("field_position"), desk.position_of(teacher))]
    facts_table(letter, [*facts, (desk.say("field_home"), desk.place_of_work(teacher.home))])


def facts_table(letter: Letter, facts: Sequence[tuple[str, str]]) -> None:
    widths = (10.0, NAME_MM, COLON_MM, letter.width - 10.0 - NAME_MM - COLON_MM)
    letter.grid(widths, [(Cell(), Cell(name), Cell(":"), Cell(value)) for name, value in facts], frame=False)


def host_table(desk: Desk, letter: Letter, teacher: Teacher, visits: Visits, load: TeacherLoad) -> None:
    """The home school with its hours, then each other school with subject, classes and hours, and the sum."""
    lines = [(desk.place_of_work(teacher.home), desk.say("home_school"), "", load.home_jtm)]
    for npsn, taught in visits.items():
        words = "\n".join(lesson_words(desk, subject, own) for subject, own in by_subject(taught).items())
        lines.append((desk.place_of_work(npsn), desk.say("other_school"), words, sum(assignment.jp for assignment in taught)))
    elsewhere = load.partner_jtm - sum(assignment.jp for taught in visits.values() for assignment in taught)
    if elsewhere:
        lines.append((desk.words.subject(""), desk.say("other_school"), "", elsewhere))
    rows: list[Row] = [[Cell(word, "center") for word in desk.heads("number", "school", "standing", "subject_classes", "jp_week")]]
    for number, (school, standing, words, jp) in enumerate(lines, 1):
        rows.append([Cell(str(number), "center"), Cell(school), Cell(standing), Cell(words), Cell(str(jp), "center")])
    rows.append([Cell(desk.say("sum"), "right", bold=True, span=4), Cell(str(load.home_jtm + load.partner_jtm), "center", bold=True)])
    letter.grid((10.0, 58.0, 26.0, letter.width - 116.0, 22.0), rows, 10, heads=1)


def lessons_table(desk: Desk, letter: Letter, taught: Sequence[Assignment]) -> None:
    rows: list[Row] = [[Cell(word, "center") for word in desk.heads("number", "subject", "class", "jp_week")]]
    for number, (subject, own) in enumerate(by_subject(taught).items(), 1):
        jp = sum(assignment.jp for assignment in own)
        shown = desk.say("guided_sum", count=len(own)) if subject == GUIDANCE else str(jp)
        rows.append(
            [
                Cell(str(number), "center"),
                Cell(desk.subject(subject)),
                Cell(classes_of(desk, own) or desk.say("dash"), "center"),
                Cell(shown, "center"),
            ]
        )
    rows.append([Cell(desk.say("sum"), "right", bold=True, span=3), Cell(str(sum(a.jp for a in taught)), "center", bold=True)])
    letter.grid((12.0, 72.0, letter.width - 112.0, 28.0), rows, 10, heads=1)


def by_subject(taught: Sequence[Assignment]) -> Mapping[str, Sequence[Assignment]]:
    found: dict[str, list[Assignment]] = {}
    for assignment in taught:
        found.setdefault(assignment.subject, []).append(assignment)
    return found


def lesson_words(desk: Desk, subject: str, taught: Sequence[Assignment]) -> str:
    classes = classes_of(desk, taught)
    return desk.say("subject_at", subject=desk.subject(subject), classes=classes) if classes else desk.subject(subject)
