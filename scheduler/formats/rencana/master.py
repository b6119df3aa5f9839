"""Jadwal Induk: what every class has in every hour of the week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.domain.entities import SlotKind
from scheduler.formats.rencana.codes import Code, CodeFaultError, codes_in
from scheduler.formats.rencana.pages import Page, Problems, folded, of_headings, shown, superfluous, whole_number
from scheduler.formats.rencana.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class HourCell:
    """One class in one hour. ``text`` is the cell as it stands, "" where it is blank."""

    school: str
    rombel: str
    day: str
    period: int
    codes: tuple[Code, ...]
    text: str
    place: str
    page: Page = field(repr=False)
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it: the same columns until the next header."""

    page: Page
    school: str
    head: int
    end: int
    day: int
    period: int
    columns: Mapping[int, str]


@dataclass
class MasterReader:
    """Reads every sheet that has the header HARI and JAM KE."""

    vocabulary: Vocabulary
    problems: Problems
    cells: list[HourCell] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def read(self, pages: Sequence[Page]) -> list[HourCell]:
        for page in pages:
            self.tables += self.tables_of(page)
        self.leave_copies_out()
        rows: dict[tuple[str, str, str], list[tuple[Table, int]]] = {}
        for table in self.tables:
            for day, row in self.rows_of(table):
                for rombel in table.columns.values():
                    rows.setdefault((table.school, rombel, day), []).append((table, row))
        self.missing_classes()
        for (school, rombel, day), own in rows.items():
            self.read_day(school, rombel, day, own)
        return self.cells

    def leave_copies_out(self) -> None:
        titles: dict[object, list[str]] = {}
        for table in self.tables:
            for rombel in table.columns.values():
                titles.setdefault((table.school, rombel), []).append(table.page.title)
        left_out, doubtful = superfluous(titles, self.vocabulary.titles["master"] | self.vocabulary.titles["master_partners"])
        self.problems.several_sheets(self.tables[0].page.file if self.tables else "", doubtful)
        self.tables = [table for table in self.tables if table.page.title not in left_out]

    # --- tables ----------------------------------------------------------------------------------------------------------------------------

    def tables_of(self, page: Page) -> list[Table]:
        wanted = {key: self.vocabulary.headings[key] for key in ("day", "period")}
        heads = [(row, cells, found) for row, cells in page.lines if (found := of_headings(cells, wanted))]
        tables = []
        for index, (row, cells, found) in enumerate(heads):
            end = heads[index + 1][0] if index + 1 < len(heads) else page.last_row
            npsn = school_above(page, self.vocabulary, row, cells)
            if npsn is None:
                self.problems.add(page, "school_not_named", row, found["day"])
                continue
            columns = {column: name for column, value in cells.items() if (name := self.vocabulary.class_named(npsn, value))}
            self.check_headings(page, npsn, row, cells, columns, found, end)
            tables.append(Table(page, npsn, row, end, found["day"], found["period"], columns))
        return tables

    def check_headings(
        self, page: Page, npsn: str, row: int, cells: Mapping[int, object], columns: Mapping[int, str], found: Mapping[str, int], end: int
    ) -> None:
        """A class stands in one column; a column that holds lessons bears the name of a class."""
        for column, name in columns.items():
            first = next(c for c, n in columns.items() if n == name)
            if column != first:
                self.problems.add(page, "class_twice", row, column, value=name, other_cell=page.place(row, first))
        for column in {c for _, line in page.lines for c in line} - set(columns) - set(found.values()):
            texts = [(r, line[column]) for r, line in page.lines if row < r < end and column in line]
            lesson = next((r for r, value in texts if column > max(found.values()) and self.is_lesson(npsn, value)), None)
            if lesson is not None and page.anchor(lesson, column) == (lesson, column):
                self.problems.add(page, "unknown_class", row, column, value=shown(cells.get(column)) or "-", lesson=page.place(lesson, column))

    def is_lesson(self, npsn: str, value: object) -> bool:
        try:
            return bool(codes_in(self.vocabulary, npsn, value))
        except CodeFaultError:
            return False

    def missing_classes(self) -> None:
        """Every class with bell times has its column, as long as there is a timetable of its school at all."""
        shown_classes = {(table.school, name) for table in self.tables for name in table.columns.values()}
        for school, rombel in self.vocabulary.blocks:
            table = next((t for t in self.tables if t.school == school), None)
            if table is not None and (school, rombel) not in shown_classes:
                self.problems.add(table.page, "class_missing", table.head, table.day, value=rombel)

    # --- rows ------------------------------------------------------------------------------------------------------------------------------

    def rows_of(self, table: Table) -> Iterator[tuple[str, int]]:
        """The rows of a table with their day. The name of a day holds for the rows below it that have an hour or a clock beside it."""
        page, day = table.page, ""
        for row in range(table.head + 1, table.end):
            named = page.take(row, table.day)
            has_hour = page.value(row, table.period) is not None
            if named is not None:
                if folded(named) not in self.vocabulary.days:
                    if not has_hour or page.anchor(row, table.day) == page.anchor(row, table.period):
                        return  # the list of codes, the signatures
                    self.problems.add(page, "unknown_day", row, table.day, value=shown(named))
                    return
                day = self.vocabulary.days[folded(named)]
            elif not any(page.value(row, column) is not None for column in (table.period, *table.columns)):
                continue
            elif has_hour and whole_number(page.value(row, table.period)) is None and not self.has_lessons(table, row):
                return  # signatures
            if day:
                yield day, row

    def has_lessons(self, table: Table, row: int) -> bool:
        return any(self.is_lesson(table.school, table.page.value(row, column)) for column in table.columns)

    def read_day(self, school: str, rombel: str, day: str, rows: Sequence[tuple[Table, int]]) -> None:
        """One class's day: every hour of Waktu has its row, in order."""
        slots = self.vocabulary.blocks.get((school, rombel), {}).get(day, ())
        hours = [slot.period for slot in slots if slot.kind is SlotKind.LESSON]
        special = {slot.period for slot in slots if slot.kind is not SlotKind.LESSON}
        done: dict[int, int] = {}
        for table, row in rows:
            column = next(c for c, name in table.columns.items() if name == rombel)
            stated = table.page.take(row, table.period)
            period = whole_number(stated)
            if period is None or period not in hours or (period in special and period in done):
                self.read_special(table, row, column, stated, period in special or stated is None, day)
                continue
            if period in done or any(other > period for other in done):
                self.problems.add(table.page, "hour_out_of_order", row, table.period, period=period, day=day)
                continue
            done[period] = row
            self.read_cell(table, school, rombel, day, period, row, column)
        missing = [period for period in hours if period not in done]
        if missing:
            table, row = rows[0]
            self.problems.add(table.page, "hour_missing", row, table.day, day=day, periods=", ".join(map(str, missing)))

    def read_special(self, table: Table, row: int, column: int, stated: object, expected: bool, day: str) -> None:
        """A row without lessons has none; an hour that Waktu does not know has no row."""
        page = table.page
        if not expected:
            self.problems.add(page, "no_such_hour", row, table.period, value=shown(stated), day=day)
            return
        value = page.take(row, column)
        inside = page.anchor(row, column)[0] == row
        if value is not None and inside and folded(value) not in self.vocabulary.special and page.anchor(row, column)[1] in table.columns:
            self.problems.add(page, "lesson_in_break", row, column, value=shown(value), day=day)

    def read_cell(self, table: Table, school: str, rombel: str, day: str, period: int, row: int, column: int) -> None:
        page, value = table.page, table.page.take(row, column)
        codes: tuple[Code, ...] = ()
        if value is not None:
            try:
                codes = codes_in(self.vocabulary, school, value)
            except CodeFaultError as fault:
                self.problems.add(page, fault.kind, row, column, **fault.facts)
                return
        self.cells.append(HourCell(school, rombel, day, period, codes, shown(value), page.place(row, column), page, row, column))


def school_above(page: Page, vocabulary: Vocabulary, row: int, cells: Mapping[int, object]) -> str | None:
    """The school whose name stands nearest above a header; the only one with these classes where none is named."""
    for number, line in reversed([entry for entry in page.lines if entry[0] < row]):
        if number < row:
            for value in line.values():
                for part in (str(value), *str(value).split(" · ")):
                    named = vocabulary.schools.get(folded(part), ())
                    if len(named) == 1:
                        return named[0]
    with_classes = [npsn for npsn in vocabulary.classes if any(vocabulary.class_named(npsn, value) for value in cells.values())]
    return with_classes[0] if len(with_classes) == 1 else None
