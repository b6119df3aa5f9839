"""Tugas Tambahan: who holds which unit of which duty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.formats.rencana.codes import unknown_name
from scheduler.formats.rencana.pages import Page, Problems, folded, of_headings, shown, superfluous
from scheduler.formats.rencana.vocabulary import Vocabulary

KEYS = ("school", "duty", "unit", "holder")


@dataclass(frozen=True, slots=True)
class HolderCell:
    """Who holds a unit; ``teachers`` are all who bear the name that stands there, () = nobody."""

    school: str
    duty: str
    unit: str
    teachers: tuple[str, ...]
    text: str
    nip: str
    place: str
    page: Page = field(repr=False)
    row: int
    column: int


@dataclass
class DutyReader:
    """Reads the sheets with the columns SEKOLAH, TUGAS TAMBAHAN, UNIT and PEMEGANG."""

    vocabulary: Vocabulary
    problems: Problems
    found: Page | None = None

    def read(self, pages: Sequence[Page]) -> list[HolderCell]:
        wanted = {key: self.vocabulary.headings[key] for key in KEYS}
        cells: list[HolderCell] = []
        heads = [(page, head, line, found) for page in pages for head, line in page.lines if (found := of_headings(line, wanted))]
        left_out, doubtful = superfluous({"": [page.title for page, *_ in heads]}, self.vocabulary.titles["duties"])
        self.problems.several_sheets(heads[0][0].file if heads else "", doubtful)
        for page, head, line, columns in heads:
            if page.title not in left_out:
                nip = next((c for c, value in line.items() if folded(value) in self.vocabulary.headings["nip"]), 0)
                self.found = page
                cells += self.read_rows(page, head, columns, nip)
        return cells

    def read_rows(self, page: Page, head: int, columns: Mapping[str, int], nip: int) -> list[HolderCell]:
        cells: list[HolderCell] = []
        used: Counter[tuple[str, str, str]] = Counter()
        for row, line in page.lines:
            stated = line.get(columns["duty"])
            page.taken.update((row, column) for column in columns.values())
            if row <= head or stated is None or page.anchor(row, columns["duty"])[1] != columns["duty"]:
                continue
            schools = self.vocabulary.schools.get(folded(page.value(row, columns["school"])), ())
            if len(schools) != 1:
                self.problems.add(page, "unknown_school", row, columns["school"], value=shown(page.value(row, columns["school"])))
                continue
            duty = self.vocabulary.duties.get(folded(stated))
            if duty is None:
                self.problems.add(page, "unknown_duty", row, columns["duty"], value=shown(stated))
                continue
            unit = self.unit_of(page, row, columns["unit"], schools[0], duty, used)
            if unit is not None:
                cells.append(self.holder(page, row, columns, nip, schools[0], duty, unit))
        return cells

    def unit_of(self, page: Page, row: int, column: int, school: str, duty: str, used: Counter[tuple[str, str, str]]) -> str | None:
        """The unit that a row is about: units of one name (two of a school) in their order."""
        words = folded(page.value(row, column))
        units = self.vocabulary.units.get((school, duty), {}).get(words, ())
        number = used[school, duty, words]
        used[school, duty, words] += 1
        if number < len(units):
            return units[number]
        kind = "unit_twice" if units else "unknown_unit"
        self.problems.add(page, kind, row, column, value=shown(page.value(row, column)) or "-", duty=shown(page.value(row, column - 1)))
        return None

    def holder(self, page: Page, row: int, columns: Mapping[str, int], nip: int, school: str, duty: str, unit: str) -> HolderCell:
        column = columns["holder"]
        value = page.value(row, column)
        teachers: tuple[str, ...] = ()
        if value is not None and folded(value) not in self.vocabulary.nobody:
            teachers = self.vocabulary.names.get(folded(value), ()) or self.vocabulary.labels.get(school, {}).get(folded(value), ())
            if not teachers:
                kind, facts = unknown_name(value, self.vocabulary.spelled)
                self.problems.add(page, kind, row, column, value=shown(value), **facts)
        number = folded(page.value(row, nip)) if nip else ""
        return HolderCell(school, duty, unit, teachers, shown(value), number, page.place(row, column), page, row, column)
