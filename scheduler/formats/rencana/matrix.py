"""Pembagian Tugas: who teaches which subject of which class, one line a teacher and subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.formats.rencana.codes import Code, CodeFaultError, code_of, unknown_name
from scheduler.formats.rencana.master import school_above
from scheduler.formats.rencana.pages import Page, Problems, folded, of_headings, shown, superfluous, whole_number
from scheduler.formats.rencana.vocabulary import Vocabulary

TICK = "✓"
KEYS = ("name", "subject", "code")


@dataclass(frozen=True, slots=True)
class TaughtCell:
    """A filled cell of a line: the class's hours with this teacher. ``jp`` is None for a tick (guidance)."""

    school: str
    rombel: str
    code: Code
    jp: int | None
    text: str
    place: str
    page: Page = field(repr=False)
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class DutyWords:
    """What the line of a teacher says of his duties."""

    teacher: str
    text: str
    page: Page = field(repr=False)
    row: int
    column: int


@dataclass(frozen=True)
class Head:
    """A header: its first row, and the row with the classes below it; the table ends where the next one begins."""

    page: Page
    school: str
    row: int
    end: int
    cells: Mapping[int, object]
    below: tuple[int, Mapping[int, object]]
    columns: Mapping[str, int]


@dataclass
class MatrixReader:
    """Reads every sheet with the columns NAMA GURU, MATA PELAJARAN, KODE and classes."""

    vocabulary: Vocabulary
    problems: Problems
    cells: list[TaughtCell] = field(default_factory=list)
    duty_words: list[DutyWords] = field(default_factory=list)
    schools: dict[str, Page] = field(default_factory=dict)
    """Schools whose division of work was found."""

    def read(self, pages: Sequence[Page]) -> list[TaughtCell]:
        heads = [head for page in pages for head in self.heads_of(page)]
        titles: dict[object, list[str]] = {}
        for head in heads:
            titles.setdefault(head.school, []).append(head.page.title)
        left_out, doubtful = superfluous(titles, self.vocabulary.titles["matrix"] | self.vocabulary.titles["matrix_partners"])
        self.problems.several_sheets(heads[0].page.file if heads else "", doubtful)
        for head in heads:
            if head.page.title not in left_out:
                self.read_table(head)
        return self.cells

    def heads_of(self, page: Page) -> Iterator[Head]:
        """The headers of a sheet, which may stand again on each printed page."""
        wanted = {key: self.vocabulary.headings[key] for key in KEYS}
        heads = [(row, cells, found) for row, cells in page.lines if (found := of_headings(cells, wanted))]
        for index, (row, cells, found) in enumerate(heads):
            below = next(((number, line) for number, line in page.lines if number > row), (row, cells))
            if any(self.vocabulary.any_class_named(value) for value in (*below[1].values(), *cells.values())):
                npsn = school_above(page, self.vocabulary, row, below[1])
                if npsn is None:
                    self.problems.add(page, "school_not_named", row, found["code"])
                else:
                    yield Head(page, npsn, row, heads[index + 1][0] if index + 1 < len(heads) else page.last_row, cells, below, found)

    def read_table(self, at: Head) -> None:
        page, npsn, head, end, cells, below, found = at.page, at.school, at.row, at.end, at.cells, at.below, at.columns
        headings = {**cells, **below[1]}
        columns = {c: name for c, value in headings.items() if c > found["code"] and (name := self.vocabulary.class_named(npsn, value))}
        for name in self.vocabulary.classes[npsn]:
            places = [column for column, named in columns.items() if named == name]
            if not places:
                self.problems.add(page, "class_missing", head, found["code"], value=name)
            for column in places[1:]:
                self.problems.add(page, "class_twice", below[0], column, value=name, other_cell=page.place(below[0], places[0]))
        duty = next((c for c, value in cells.items() if folded(value) in self.vocabulary.headings["duty"]), 0)
        self.schools[npsn] = page
        for row in range(head + 1, end):
            if row != below[0]:
                self.read_line(page, npsn, row, found, columns, duty)

    def read_line(self, page: Page, npsn: str, row: int, found: Mapping[str, int], columns: Mapping[int, str], duty: int) -> None:
        """One line; a row without a code has no hours of classes, but for the sums."""
        stated = page.take(row, found["code"])
        if stated is None or page.anchor(row, found["code"])[1] != found["code"]:
            filled = [c for c in columns if page.value(row, c) is not None and page.anchor(row, c) == (row, c)]
            if filled and page.value(row, found["subject"]) is not None and page.anchor(row, found["subject"])[1] == found["subject"]:
                self.problems.add(page, "line_without_code", row, found["code"], value=shown(page.value(row, found["subject"])))
            return
        try:
            code = self.line_code(npsn, stated)
        except CodeFaultError as fault:
            self.problems.add(page, fault.kind, row, found["code"], **fault.facts)
            return
        self.check_name(page, row, found, code)
        if duty and code.teachers and (words := page.take(row, duty)) is not None:
            self.duty_words.append(DutyWords(code.teachers[0], shown(words), page, row, duty))
        for column, rombel in columns.items():
            value = page.take(row, column)
            if value is not None:
                self.read_hours(page, npsn, row, column, rombel, code, value)

    def line_code(self, npsn: str, stated: object) -> Code:
        """``MTK-12``, or the subject's code alone on the line of what nobody teaches."""
        if folded(stated) in self.vocabulary.subjects:
            return Code(self.vocabulary.subjects[folded(stated)], ())
        if not isinstance(stated, str):
            raise CodeFaultError("not_a_code", value=shown(stated))
        return code_of(self.vocabulary, npsn, stated)

    def check_name(self, page: Page, row: int, found: Mapping[str, int], code: Code) -> None:
        """The name on the line, where there is one, is that of the code's teacher; and the subject that of its subject."""
        name = page.take(row, found["name"])
        known = self.vocabulary.names.get(folded(name), ()) or self.vocabulary.names.get(folded(str(name or "").split("(")[0]), ())
        if known and not set(known) & set(code.teachers):
            self.problems.add(page, "name_and_code_differ", row, found["name"], value=shown(name), code=shown(page.value(row, found["code"])))
        elif name is not None and not known and folded(name) not in self.vocabulary.nobody:
            kind, facts = unknown_name(name, self.vocabulary.spelled)
            self.problems.add(page, kind, row, found["name"], value=shown(name), **facts)
        subject = page.take(row, found["subject"])
        stated = self.vocabulary.subjects.get(folded(subject)) or self.vocabulary.subjects.get(folded(str(subject or "").split("(")[0]))
        if subject is not None and stated != code.subject:
            self.problems.add(
                page, "subject_and_code_differ", row, found["subject"], value=shown(subject), code=shown(page.value(row, found["code"]))
            )

    def read_hours(self, page: Page, npsn: str, row: int, column: int, rombel: str, code: Code, value: object) -> None:
        text = shown(value)
        jp = whole_number(str(value).replace("*", "")) if not isinstance(value, float) else whole_number(value)
        if jp is None and text != TICK:
            self.problems.add(page, "not_hours", row, column, value=text, rombel=rombel)
            return
        self.cells.append(TaughtCell(npsn, rombel, code, jp, text, page.place(row, column), page, row, column))
