"""The annexes of the decree: who teaches what (a column a class, or the formal table with Sklh Lain), who holds which duty, who is wali."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scheduler.domain.entities import Teacher
from scheduler.domain.plan import Assignment, DutyHolding
from scheduler.formats.cells import ROMAN
from scheduler.policy.case import GUIDANCE
from scheduler.policy.schema import Confidence
from scheduler.policy.schema import DutyHolding as Holding
from scheduler.report.letters.desk import Desk, Form
from scheduler.report.letters.division import Division
from scheduler.report.letters.grid import Cell, Row, one_line
from scheduler.report.letters.paper import Letter, Size
from scheduler.report.loads import DutyRow
from scheduler.report.matrix import ClassMatrix, MatrixCell, MatrixLine, MatrixTeacher
from scheduler.report.words import held_words, unit_words

TICK = "✓"
"""A class that is guided by a guru BK."""
MISSING_FILL = "F4CCCC"

LEAST_DUTY_MM = 26.0
"""Least width of TUGAS TAMBAHAN: what leaves less room for it is too wide."""
LONGEST_CLASS = 20
"""Letters of a class's name that a heading holds when it is written upwards."""
LEAST_CLASS_MM = 4.2
"""Least width of a class's column: with narrower ones Lampiran I is the formal table."""

ROMAN_NUMERALS = {number: roman for roman, number in ROMAN.items()}


def teaching_annex(desk: Desk, letter: Letter, division: Division) -> None:
    """Lampiran I: the division of teaching and guidance."""
    annex_title(desk, letter, "annex_teaching")
    form = MatrixForm(desk, letter, division.matrix)
    if desk.form is Form.MATRIX and form.fits:
        matrix_table(form, letter, division)
    else:
        formal_table(desk, letter, division)
    if division.matrix.has_shared_hours:
        letter.line(desk.say("shared_note"), points=8, keep=True)
    if any(line.guided for person in division.people for line in person.lines):
        letter.line(desk.say("guided_note", tick=TICK), points=8, keep=True)


def annex_title(desk: Desk, letter: Letter, key: str) -> None:
    term = desk.say("annex_term", semester=desk.letterhead.semester.upper(), year=desk.letterhead.school_year)
    desk.title(letter, desk.say(key), term)
    letter.gap(4, keep=True)


# --- a column a class ------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in mm of the columns left of the classes, of a class, and of SKLH LAIN, JML, JAM TAM and TOTAL; ``points`` of the letters."""

    names: tuple[float, ...]
    subject: tuple[float, ...]
    code: float
    a_class: float
    right: tuple[float, ...]
    points: float

    @property
    def left(self) -> tuple[float, ...]:
        return (NUMBER_MM, *self.names, *self.subject, self.code)

    def duty(self, width: float, classes: int) -> float:
        """What is left for TUGAS TAMBAHAN."""
        return width - sum(self.left) - self.a_class * classes - sum(self.right)


NUMBER_MM = 7.0
WIDE_RIGHT, NARROW_RIGHT = (11.0, 9.0, 10.0, 13.0), (9.0, 8.0, 8.5, 11.0)
LAYOUTS = (
    Columns((40.0, 34.0, 21.0), (30.0,), 15.0, 7.0, WIDE_RIGHT, 8.0),
    Columns((40.0, 34.0, 21.0), (30.0,), 15.0, 6.0, WIDE_RIGHT, 8.0),
    Columns((46.0,), (30.0,), 13.0, 6.0, NARROW_RIGHT, 7.0),
    Columns((46.0,), (30.0,), 13.0, 5.2, NARROW_RIGHT, 7.0),
    Columns((44.0,), (), 13.0, 5.2, NARROW_RIGHT, 7.0),
    Columns((42.0,), (), 13.0, 4.6, NARROW_RIGHT, 7.0),
    Columns((42.0,), (), 13.0, LEAST_CLASS_MM, NARROW_RIGHT, 7.0),
)
"""From roomy to narrow: names, NIP and rank in columns of their own, then in one; then without MATA PELAJARAN, whose code remains."""


class MatrixForm:
    """The columns of the matrix at a school: the roomiest layout that the page holds; ``fits`` is False where none is."""

    def __init__(self, desk: Desk, letter: Letter, matrix: ClassMatrix) -> None:
        self.desk, self.matrix = desk, matrix
        count = len(matrix.rombels)
        fitting = (columns for columns in LAYOUTS if columns.duty(letter.width, count) >= LEAST_DUTY_MM)
        columns = next(fitting, LAYOUTS[-1])
        duty = columns.duty(letter.width, count)
        self.fits = duty >= LEAST_DUTY_MM and all(len(name) <= LONGEST_CLASS for name in matrix.rombels)
        self.split_names, self.with_subject, self.points = len(columns.names) > 1, bool(columns.subject), columns.points
        self.left = len(columns.left)
        self.widths = (*columns.left, *(columns.a_class,) * count, *columns.right[:2], duty, *columns.right[2:])
        self.turned = any(len(name) > (3 if columns.a_class >= 6 else 2) for name in matrix.rombels)

    def heads(self) -> list[Row]:
        """Two header rows, KELAS above the classes."""
        keys = ["number", *(("name", "nip", "rank") if self.split_names else ("person",)), *(("subject",) if self.with_subject else ()), "code"]
        left = self.desk.heads(*keys)
        right = self.desk.heads("elsewhere", "sum", "duty", "duty_hours", "total")
        top = [*(tall(word, "restart") for word in left)]
        top += [Cell(self.desk.say("head_classes"), "center", span=len(self.matrix.rombels))]
        top += [tall(word, "restart") for word in right]
        bottom = [tall("", "continue")] * len(left)
        bottom += [Cell(one_line(name), "center", turned=self.turned) for name in self.matrix.rombels]
        bottom += [tall("", "continue")] * len(right)
        return [top, bottom]

    def who(self, teacher: Teacher, note: str) -> tuple[str, ...]:
        """The texts of the columns that name a teacher."""
        name = "\n".join(part for part in (one_line(teacher.name), note) if part)
        if not self.split_names:
            return ("\n".join((name, self.desk.number_of(teacher), self.desk.rank_of(teacher))),)
        number = teacher.nip or (self.desk.number_of(teacher) if teacher.nuptk else self.desk.letterhead.dots)
        return name, number, self.desk.rank_of(teacher)

    def person(self, number: int, person: MatrixTeacher, visitor: bool) -> list[Row]:
        """One row a subject; what is the teacher's own is merged over them."""
        teacher = self.desk.case.teachers[person.teacher]
        note = self.desk.say("visitor_from", school=self.desk.place_of_work(teacher.home)) if visitor else ""
        before = (str(number), *self.who(teacher, note))
        duties = "" if visitor else "\n".join(duty_lines(self.desk, person))
        after = (duties, hours(person.additional_jtm), hours(person.total))
        rows: list[Row] = []
        for index, line in enumerate(person.lines):
            down = "" if len(person.lines) == 1 else "continue" if index else "restart"
            own = [Cell(text if down != "continue" else "", down=down) for text in before]
            own[0] = replace(own[0], across="center")
            rest = [Cell(text if down != "continue" else "", down=down) for text in after]
            rest[1:] = [replace(cell, across="center", bold=cell is rest[2]) for cell in rest[1:]]
            rows.append([*own, *self.line(line), *rest])
        return rows

    def line(self, line: MatrixLine, fill: str = "") -> list[Cell]:
        """Subject, code, the classes, hours elsewhere, and their sum."""
        cells = [Cell(subject_words(self.desk, line))] if self.with_subject else []
        cells += [Cell(line.code if self.with_subject or line.code else subject_words(self.desk, line), "center")]
        cells += [Cell(cell_words(cell), "center") for cell in line.cells]
        total = f"{line.guided}{TICK}" if line.guided else hours(line.total_jp)
        cells += [Cell(hours(line.elsewhere_jp), "center"), Cell(total, "center", bold=True)]
        return [replace(cell, fill=fill) for cell in cells]

    def uncovered(self, line: MatrixLine) -> Row:
        """A subject that nobody teaches, so that the classes' sums stay whole."""
        width = self.left - (2 if self.with_subject else 1)
        return [
            Cell(self.desk.say("nobody"), bold=True, span=width, fill=MISSING_FILL),
            *self.line(line, MISSING_FILL),
            Cell(self.desk.say("needs_teacher"), fill=MISSING_FILL),
            Cell(fill=MISSING_FILL),
            Cell(fill=MISSING_FILL),
        ]

    def foot(self, people: Sequence[MatrixTeacher]) -> Row:
        """JUMLAH: each class's week, hours elsewhere, and the sums of the last columns."""
        lines = [*self.matrix.uncovered, *(line for person in people for line in person.lines)]
        sums = [*self.matrix.class_jp, sum(line.elsewhere_jp for line in lines), sum(line.total_jp for line in lines)]
        last = (sum(person.additional_jtm for person in people), sum(person.total for person in people))
        cells = [Cell(self.desk.say("sum"), "right", span=self.left), *(Cell(str(value), "center") for value in sums), Cell()]
        cells += [Cell(str(value), "center") for value in last]
        return [replace(cell, bold=True, fill="E7E6E6") for cell in cells]


def matrix_table(form: MatrixForm, letter: Letter, division: Division) -> None:
    rows = form.heads()
    together: list[int] = []
    staff = len(division.matrix.teachers)
    for number, person in enumerate(division.people, 1):
        own = form.person(number, person, visitor=number > staff)
        together += range(len(rows), len(rows) + len(own) - 1)
        rows += own
    rows += [form.uncovered(line) for line in division.matrix.uncovered]
    rows.append(form.foot(division.people))
    letter.grid(form.widths, rows, form.points, heads=2, together=together, keep=True)


def tall(word: str, down: str) -> Cell:
    return Cell(word, "center", down=down)


def hours(count: int) -> str:
    return str(count) if count else ""


def cell_words(cell: MatrixCell | None) -> str:
    """JP, with a star where several classes share them; a tick for a class that is guided."""
    if cell is None:
        return ""
    return f"{cell.jp or TICK}{'*' if cell.shared else ''}"


def subject_words(desk: Desk, line: MatrixLine) -> str:
    if line.subject:
        return desk.subject(line.subject)
    return desk.words.subject("") if line.elsewhere_jp else ""


def duty_lines(desk: Desk, person: MatrixTeacher) -> Iterable[str]:
    """Duties with what they weigh, and what counts of it where that is less; the post of a principal, guru wali."""
    if person.post_jtm:
        yield desk.say("duty_of", duty=desk.position_of(desk.case.teachers[person.teacher]), jtm=person.post_jtm)
    for duty in person.duties:
        yield duty_words(desk, duty)
    if person.guru_wali_jtm:
        yield desk.say("duty_of", duty=desk.say("guru_wali"), jtm=person.guru_wali_jtm)
    elif desk.case.is_guru_wali(person.teacher):
        yield desk.say("duty_less", duty=desk.say("guru_wali"), jtm=desk.case.policy.guru_wali_jtm, counted=0)


def duty_words(desk: Desk, duty: DutyHolding) -> str:
    name = one_line(held_words(desk.words, duty.duty, duty.unit, duty.school))
    if duty.counted_jtm == duty.jtm:
        return desk.say("duty_of", duty=name, jtm=duty.jtm)
    return desk.say("duty_less", duty=name, jtm=duty.jtm, counted=duty.counted_jtm)


# --- the formal table ------------------------------------------------------------------------------------------------------------------------


def formal_table(desk: Desk, letter: Letter, division: Division) -> None:
    """``No | Nama/NIP | Status | Jabatan | Rincian [VII VIII IX Sklh Lain] | Jumlah | Tugas Tambahan [Uraian Jam] | Beban | Keterangan``."""
    grades = sorted({rombel.grade for rombel in desk.case.instance.rombels_of(division.matrix.school)})
    parts = (7.0, 44.0, 13.5, 27.0, *[72.0 / max(1, len(grades))] * len(grades), 24.0, 14.0, 50.0, 9.0, 15.5, 24.0)
    widths = scaled(parts, letter.width)
    rows = formal_heads(desk, grades)
    staff = len(division.matrix.teachers)
    for number, person in enumerate(division.people, 1):
        rows.append(formal_row(desk, division, grades, number, person, visitor=number > staff))
    rows += [uncovered_row(desk, division, grades, line) for line in division.matrix.uncovered]
    rows.append(formal_foot(desk, division, grades))
    letter.grid(widths, rows, FORMAL_POINTS if letter.size is Size.F4 else FORMAL_POINTS - 1, heads=3, keep=True)


FORMAL_POINTS = 8.0


def scaled(parts: Sequence[float], width: float) -> tuple[float, ...]:
    """Widths in these proportions that fill the page."""
    return tuple(part * width / sum(parts) for part in parts)


def formal_heads(desk: Desk, grades: Sequence[int]) -> list[Row]:
    """Three header rows: the load, its classes and other schools, the grades."""
    left, right = desk.heads("number", "person", "status", "position"), desk.heads("workload", "remark")
    top = [tall(word, "restart") for word in left]
    top += [Cell(desk.say("head_detail"), "center", span=len(grades) + 1), tall(desk.say("head_teaching_sum"), "restart")]
    top += [Cell(desk.say("head_duty"), "center", span=2), *(tall(word, "restart") for word in right)]
    middle = [*[tall("", "continue")] * 4, Cell(desk.say("head_rombel"), "center", span=len(grades))]
    middle += [tall(desk.say("head_elsewhere"), "restart"), tall("", "continue")]
    middle += [*(tall(word, "restart") for word in desk.heads("description", "hours")), *[tall("", "continue")] * 2]
    bottom = [*[tall("", "continue")] * 4, *(Cell(ROMAN_NUMERALS.get(grade, str(grade)), "center") for grade in grades)]
    bottom += [tall("", "continue")] * 6
    return [top, middle, bottom]


def formal_row(desk: Desk, division: Division, grades: Sequence[int], number: int, person: MatrixTeacher, visitor: bool) -> Row:
    npsn = division.matrix.school
    teacher = desk.case.teachers[person.teacher]
    taught = desk.assignments_of.get(person.teacher, ())
    here = [a for a in taught if a.school == npsn]
    subjects = list(dict.fromkeys(line.subject for line in person.lines if line.subject))
    who = "\n".join((one_line(teacher.name), desk.number_of(teacher), desk.rank_of(teacher)))
    guided = sum(line.guided for line in person.lines)
    total = sum(line.total_jp for line in person.lines)
    shown = "\n".join(part for part in (hours(total), desk.say("guided_sum", count=guided) if guided else "") if part)
    cells = [
        Cell(str(number), "center"),
        Cell(who),
        Cell(one_line(teacher.employment) or desk.letterhead.dots),
        Cell(post_words(desk, teacher, subjects)),
    ]
    cells += [Cell(classes_words(desk, [a for a in here if grade_of(desk, a) == grade], len(subjects) > 1), "center") for grade in grades]
    cells += [Cell("" if visitor else elsewhere_words(desk, teacher, taught), "center"), Cell(shown, "center", bold=True)]
    cells += [Cell("" if visitor else "\n".join(duty_lines(desk, person))), Cell(hours(person.additional_jtm), "center")]
    remark = desk.say("visitor_from", school=desk.place_of_work(teacher.home)) if visitor else ""
    return [*cells, Cell(hours(person.total), "center", bold=True), Cell(remark)]


def post_words(desk: Desk, teacher: Teacher, subjects: Sequence[str]) -> str:
    """``Guru Matematika``: the post, and what is taught."""
    names = ", ".join(desk.subject(subject) for subject in subjects if subject != GUIDANCE)
    post = desk.position_of(teacher)
    return desk.say("post_of", post=post, subjects=names) if names else post


def grade_of(desk: Desk, assignment: Assignment) -> int:
    return desk.case.need[assignment.need].grade


def classes_words(desk: Desk, assignments: Sequence[Assignment], several: bool) -> str:
    """``7A, 7B`` and below it ``(10)``; one pair a subject, with its code where a teacher has several."""
    by_subject: dict[str, list[Assignment]] = {}
    for assignment in assignments:
        by_subject.setdefault(assignment.subject, []).append(assignment)
    return "\n".join(class_line(desk, subject, own, several) for subject, own in by_subject.items())


def class_line(desk: Desk, subject: str, assignments: Sequence[Assignment], several: bool) -> str:
    classes = classes_of(desk, assignments)
    short = desk.names.subjects[subject].short
    jp = sum(assignment.jp for assignment in assignments)
    names = " ".join(part for part in (short if several or not classes else "", classes) if part)
    return desk.say("classes_jp", classes=names, jp=jp) if jp else names


def classes_of(desk: Desk, assignments: Sequence[Assignment]) -> str:
    """The classes of assignments at one school, in the order of its classes."""
    named = {rombel for assignment in assignments for rombel in assignment.rombels}
    order = desk.names.rombels(assignments[0].school)
    return ", ".join(one_line(name) for name in sorted(named, key=lambda name: (order.index(name) if name in order else len(order), name)))


def elsewhere_words(desk: Desk, teacher: Teacher, taught: Sequence[Assignment]) -> str:
    """Sklh Lain: each other school with its classes, then hours at a school outside the file."""
    away: dict[str, list[Assignment]] = {}
    for assignment in taught:
        if assignment.school != teacher.home:
            away.setdefault(assignment.school, []).append(assignment)
    lines = [f"{desk.place_of_work(npsn)}: {classes_words(desk, own, True)}" for npsn, own in away.items()]
    if teacher.outside_jtm:
        lines.append(desk.say("outside_jp", jp=teacher.outside_jtm))
    return "\n".join(lines)


def uncovered_row(desk: Desk, division: Division, grades: Sequence[int], line: MatrixLine) -> Row:
    npsn = division.matrix.school
    open_needs = [a for a in desk.assignments_of.get(None, ()) if (a.school, a.subject) == (npsn, line.subject)]
    cells = [Cell(), Cell(desk.say("nobody"), bold=True), Cell(), Cell(desk.subject(line.subject))]
    cells += [Cell(classes_words(desk, [a for a in open_needs if grade_of(desk, a) == grade], False), "center") for grade in grades]
    cells += [Cell(), Cell(hours(line.total_jp), "center", bold=True), Cell(), Cell(), Cell(), Cell(desk.say("needs_teacher"))]
    return [replace(cell, fill=MISSING_FILL) for cell in cells]


def formal_foot(desk: Desk, division: Division, grades: Sequence[int]) -> Row:
    """JUMLAH JAM MENGAJAR: hours given in each grade, hours elsewhere, and the sums of the columns after them."""
    matrix = division.matrix
    grade_jp = dict.fromkeys(grades, 0)
    for assignment in desk.words.tables.plan.assignments:
        if assignment.school == matrix.school and grade_of(desk, assignment) in grade_jp:
            grade_jp[grade_of(desk, assignment)] += assignment.jp
    lines = [*matrix.uncovered, *(line for person in division.people for line in person.lines)]
    elsewhere, total = sum(line.elsewhere_jp for line in lines), sum(line.total_jp for line in lines)
    duties, load = sum(person.additional_jtm for person in division.people), sum(person.total for person in division.people)
    cells = [Cell(desk.say("sum_teaching"), "right", span=4), *(Cell(str(jp), "center") for jp in grade_jp.values())]
    cells += [Cell(str(value), "center") for value in (elsewhere, total)]
    cells += [Cell(), Cell(str(duties), "center"), Cell(str(load), "center"), Cell()]
    return [replace(cell, bold=True, fill="E7E6E6") for cell in cells]


# --- duties ----------------------------------------------------------------------------------------------------------------------------------


def duties_annex(desk: Desk, letter: Letter, division: Division) -> None:
    """Lampiran II: every duty but the wali kelas, teacher by teacher in the order of Lampiran I; then those that nobody holds yet."""
    annex_title(desk, letter, "annex_duties")
    widths = scaled((9.0, 60.0, 30.0, 34.0, 77.0, 26.0, 20.0, 44.0), letter.width)
    rows: list[Row] = [
        [Cell(word, "center") for word in desk.heads("number", "person_two", "rank", "position", "duty", "equivalence", "counted", "basis")]
    ]
    together: list[int] = []
    by_teacher: dict[str, list[DutyRow]] = {}
    for row in division.duties:
        if row.teacher:
            by_teacher.setdefault(row.teacher, []).append(row)
    order = [person.teacher for person in division.people]
    holders = sorted(by_teacher, key=lambda code: order.index(code) if code in order else len(order))
    for number, code in enumerate(holders, 1):
        own = holder_rows(desk, number, desk.case.teachers[code], by_teacher[code])
        together += range(len(rows), len(rows) + len(own) - 1)
        rows += own
    rows += [empty_duty(desk, row) for row in division.duties if not row.teacher]
    if len(rows) == 1:
        rows.append([Cell(desk.say("no_duties"), "center", span=len(widths))])
    letter.grid(widths, rows, 9, heads=1, together=together, keep=True)


def holder_rows(desk: Desk, number: int, teacher: Teacher, duties: Sequence[DutyRow]) -> list[Row]:
    rows: list[Row] = []
    before = (str(number), f"{one_line(teacher.name)}\n{desk.number_of(teacher)}", desk.rank_of(teacher), desk.position_of(teacher))
    for index, duty in enumerate(duties):
        down = "" if len(duties) == 1 else "continue" if index else "restart"
        own = [Cell(text if down != "continue" else "", down=down) for text in before]
        own[0] = replace(own[0], across="center")
        name = f"{index + 1}. {duty_name(desk, duty)}" if len(duties) > 1 else duty_name(desk, duty)
        rows.append([*own, Cell(name), Cell(str(duty.jtm), "center"), Cell(str(duty.counted_jtm), "center"), basis_cell(desk, duty)])
    return rows


def duty_name(desk: Desk, duty: DutyRow) -> str:
    name = desk.names.duty_name(duty.rule, desk.words.text.lang)
    return one_line(" ".join(part for part in (name, unit_words(desk.words, duty.rule.id, duty.unit, duty.school)) if part))


def basis_cell(desk: Desk, duty: DutyRow) -> Cell:
    """The article of the equivalence, marked where it is unverified; a personal duty is set by somebody else's letter."""
    text = duty.rule.source.article
    if duty.rule.holding is Holding.PERSONAL:
        text = desk.say("personal_duty", article=text)
    return Cell(text, tail=" " + desk.say("law_unverified") if duty.rule.source.confidence is Confidence.C else "", size=8)


def empty_duty(desk: Desk, duty: DutyRow) -> Row:
    cells = [
        Cell(),
        Cell(desk.letterhead.dots),
        Cell(),
        Cell(),
        Cell(duty_name(desk, duty)),
        Cell(str(duty.jtm), "center"),
        Cell(),
        Cell(desk.say("no_holder")),
    ]
    return [replace(cell, fill=MISSING_FILL) for cell in cells]


# --- wali ------------------------------------------------------------------------------------------------------------------------------------


def wali_annex(desk: Desk, letter: Letter, division: Division) -> None:
    """Lampiran III: A. wali kelas, B. guru wali."""
    both = bool(division.guru_wali)
    annex_title(desk, letter, "annex_wali_both" if both else "annex_wali")
    if both:
        letter.line(desk.say("section_wali_kelas"), bold=True, keep=True, after=3)
    wali_table(desk, letter, division)
    if both:
        letter.gap(6)
        guru_wali_table(desk, letter, division)


def wali_table(desk: Desk, letter: Letter, division: Division) -> None:
    widths = scaled((10.0, 36.0, 118.0, 62.0, 40.0, 34.0), letter.width)
    rows: list[Row] = [[Cell(word, "center") for word in desk.heads("number", "rombel_long", "wali_name", "nip_nuptk", "room", "students")]]
    for number, row in enumerate(division.wali, 1):
        teacher = desk.case.teachers.get(row.teacher)
        name, nip = (one_line(teacher.name), desk.number_of(teacher)) if teacher else (desk.letterhead.dots, "")
        cells = [Cell(str(number), "center"), Cell(one_line(row.rombel.name), "center"), Cell(name), Cell(nip)]
        cells += [Cell(one_line(row.rombel.room) or desk.letterhead.dots, "center")]
        cells += [Cell(desk.letterhead.dots if row.rombel.students is None else str(row.rombel.students), "center")]
        rows.append(cells if teacher else [replace(cell, fill=MISSING_FILL) for cell in cells])
    letter.grid(widths, rows, 9, heads=1, keep=True)


def guru_wali_table(desk: Desk, letter: Letter, division: Division) -> None:
    """Every guru wali; which pupils each accompanies is the school's to decide, so that column stays open."""
    letter.line(desk.say("section_guru_wali"), bold=True, keep=True, after=3)
    letter.line(guru_wali_note(desk, division), points=9, keep=True, after=3)
    widths = scaled((10.0, 126.0, 62.0, 44.0, 58.0), letter.width)
    rows: list[Row] = [[Cell(word, "center") for word in desk.heads("number", "name", "nip_nuptk", "rank", "accompanied")]]
    for number, code in enumerate(division.guru_wali, 1):
        teacher = desk.case.teachers[code]
        cells = [Cell(str(number), "center"), Cell(one_line(teacher.name)), Cell(desk.number_of(teacher)), Cell(desk.rank_of(teacher))]
        rows.append([*cells, Cell(desk.letterhead.dots, "center")])
    letter.grid(widths, rows, 9, heads=1, keep=True)


def guru_wali_note(desk: Desk, division: Division) -> str:
    """How many pupils each has, where every class says how many it has: pupils shared evenly among the guru wali."""
    policy = desk.case.policy
    article = policy.sources["guru_wali_jtm"].article
    people = len(division.guru_wali)
    students = [row.rombel.students for row in division.wali]
    known = [count for count in students if count is not None]
    if not known or len(known) < len(students):
        return desk.say("guru_wali_note", jtm=policy.guru_wali_jtm, article=article)
    least, rest = divmod(sum(known), people)
    each = desk.say("each_or", least=least, most=least + 1) if rest else str(least)
    return desk.say("guru_wali_note_pupils", jtm=policy.guru_wali_jtm, article=article, students=sum(known), people=people, each=each)
