"""kebutuhan.xlsx: the analysis of need of a district on printed sheets: district, kecamatan, schools, details, who could come from where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from openpyxl.utils import get_column_letter

from scheduler.counting.need import DistrictNeed, FieldNeed, FieldSum
from scheduler.formats.files import save_workbook
from scheduler.report.excel.booklet import Booklet, without_plan
from scheduler.report.excel.paper import (
    BAD_FILL,
    CENTER,
    GOOD_FILL,
    GROUP,
    HEAD,
    PLAIN,
    PLAIN_SMALL,
    SMALL,
    TOTAL,
    TOTAL_NAME,
    Look,
    Paper,
    Value,
)
from scheduler.report.need import NeedWords
from scheduler.report.text import Text

SMALL_CENTER: Final = replace(SMALL, across="center")
SMALL_HEAD: Final = replace(HEAD, size=9)
MORE: Final = replace(CENTER, fill=GOOD_FILL)
FEWER: Final = replace(CENTER, fill=BAD_FILL, bold=True)

SUM_HEADS: Final = ("number", "field", "jp", "exactly", "needed", "certified", "full_jp", "left_jp", "surplus", "shortage", "balance")
SUM_WIDTHS: Final = (5, 34, 10, 12, 12, 13, 13, 12, 11, 12, 11)
DETAIL_HEADS: Final = ("kecamatan", "school", "field", "classes", "jp", "exactly", "needed", "certified", "names", "surplus", "shortage")
DETAIL_WIDTHS: Final = (16, 28, 26, 8, 8, 9, 11, 11, 40, 10, 11)
MOVE_HEADS: Final = ("field", "from", "to", "same_kecamatan", "way", "teachers")
MOVE_WIDTHS: Final = (26, 36, 36, 12, 9, 36)
NAME_WIDTH: Final = 36.0
CELL_WIDTH: Final = 9.5


def write_need_workbook(need: DistrictNeed, path: Path, text: Text) -> None:
    """Write all sheets."""
    case = need.case
    booklet = without_plan(case, text)
    sheets = NeedSheets(booklet, NeedWords(need, text))
    sheets.district()
    sheets.by_kecamatan()
    sheets.by_school()
    sheets.details()
    sheets.moves()
    save_workbook(booklet.book, path)


@dataclass(frozen=True)
class NeedSheets:
    """The sheets of one analysis."""

    booklet: Booklet
    words: NeedWords

    @cached_property
    def need(self) -> DistrictNeed:
        return self.words.need

    def paper(self, key: str, widths: Sequence[float]) -> Paper:
        """A sheet with its head."""
        paper = Paper(self.booklet.book.create_sheet(self.words.say(f"sheet_{key}")), widths, True, self.booklet.paper_size)
        paper.heading(self.words.say(f"title_{key}"), (self.booklet.owner(), self.booklet.term), self.booklet.note)
        return paper

    def finish(self, paper: Paper, head: int, column: int, filtered: bool = False) -> None:
        last = f"{get_column_letter(paper.columns)}{paper.row - 1}"
        self.booklet.finish(paper, (head, head), f"{get_column_letter(column)}{head + 1}", f"A{head}:{last}" if filtered else "")

    # --- sheets ------------------------------------------------------------------------------------------------------------------------------

    def district(self) -> None:
        """The whole district by field, with the sentences that say how to read it."""
        paper = self.paper("district", SUM_WIDTHS)
        paper.sentence(self.words.note, PLAIN)
        head = paper.line(self.words.heads(SUM_HEADS), HEAD, least_points=30)
        self.sums(paper, self.need.sums())
        paper.gap()
        for sentence in self.words.remarks:
            paper.sentence(sentence, PLAIN_SMALL)
        self.finish(paper, head, 3)

    def sums(self, paper: Paper, sums: Sequence[FieldSum]) -> None:
        for number, row in enumerate(sums[:-1], 1):
            looks = (CENTER, Look(), *(CENTER,) * 8, balance_look(row.balance))
            paper.line((number, self.words.field(row.field), *self.figures(row)), looks)
        paper.line((self.words.say("sum"), *self.figures(sums[-1])), (TOTAL_NAME, *(TOTAL,) * 9), (2, *(1,) * 9))

    def figures(self, row: FieldSum) -> tuple[Value, ...]:
        left = row.jp - row.full_jp
        return (
            row.jp,
            self.words.quotient(row.jp),
            row.needed,
            row.certified,
            row.full_jp,
            left,
            row.surplus or None,
            row.shortage or None,
            self.words.signed(row.balance),
        )

    def by_kecamatan(self) -> None:
        rows = [(self.words.kecamatan(name), self.need.sums(schools)) for name, schools in self.need.kecamatan.items()]
        self.matrix("kecamatan", [(name, sums, False) for name, sums in rows], self.need.sums())

    def by_school(self) -> None:
        """Schools below their kecamatan."""
        rows = []
        for name, schools in self.need.kecamatan.items():
            rows.append((self.words.kecamatan(name), self.need.sums(schools), True))
            rows += [(self.booklet.names.school(npsn), self.need.sums((npsn,)), False) for npsn in schools]
        self.matrix("school", rows, self.need.sums())

    def matrix(self, key: str, rows: Sequence[tuple[str, Sequence[FieldSum], bool]], whole: Sequence[FieldSum]) -> None:
        """Teachers more (+) or fewer (-) than needed: a row a place, a column a field."""
        paper = self.paper(key, (NAME_WIDTH, *(CELL_WIDTH,) * (len(self.need.fields) + 3)))
        paper.sentence(self.words.say(f"note_{key}"), PLAIN_SMALL)
        ends = self.words.heads(("surplus", "shortage", "balance"))
        head = paper.line((self.words.say("head_place"), *map(self.words.short, self.need.fields), *ends), SMALL_HEAD, least_points=28)
        for name, sums, group in rows:
            values = [*(self.cell(row) for row in sums[:-1]), sums[-1].surplus, sums[-1].shortage, self.words.signed(sums[-1].balance)]
            fields = [GROUP if group else self.look(row) for row in sums[:-1]]
            across = replace(GROUP, across="center")
            looks = [across if group else look for look in fields] + [across if group else CENTER] * 3
            paper.line((name, *values), (GROUP if group else Look(), *looks))
        values = [*(self.cell(row) for row in whole[:-1]), whole[-1].surplus, whole[-1].shortage, self.words.signed(whole[-1].balance)]
        paper.line((self.words.say("sum"), *values), (TOTAL_NAME, *(TOTAL,) * len(values)))
        self.finish(paper, head, 2)

    def cell(self, row: FieldSum) -> Value:
        """``+2``; a school that has just what it needs stays blank, a kecamatan with both shows them apart: ``+2 / -1``."""
        if row.surplus and row.shortage:
            return f"+{row.surplus} / -{row.shortage}"
        return self.words.signed(row.balance) if row.balance else None

    def look(self, row: FieldSum) -> Look:
        return balance_look(row.balance) if row.balance or not row.shortage else FEWER

    def details(self) -> None:
        """One line a school and field, with names, to be filtered."""
        paper = self.paper("details", DETAIL_WIDTHS)
        head = paper.line(self.words.heads(DETAIL_HEADS), SMALL_HEAD, least_points=28)
        for row in self.need.rows:
            paper.line(self.detail(row), (SMALL, SMALL, SMALL, *(SMALL_CENTER,) * 5, replace(SMALL, size=8), SMALL_CENTER, SMALL_CENTER))
        self.finish(paper, head, 4, filtered=True)

    def detail(self, row: FieldNeed) -> tuple[Value, ...]:
        school = self.need.case.schools[row.school]
        names = "; ".join(map(self.words.person, row.certified))
        figures = (row.classes, row.jp, self.words.quotient(row.jp), row.needed, len(row.certified))
        return (school.kecamatan, school.name, self.words.field(row.field), *figures, names, row.surplus or None, row.shortage or None)

    def moves(self) -> None:
        """Who could come from where."""
        paper = self.paper("moves", MOVE_WIDTHS)
        paper.sentence(self.words.say("note_moves" if self.need.moves else "no_moves"), PLAIN)
        head = paper.line(self.words.heads(MOVE_HEADS), SMALL_HEAD, least_points=28)
        school: Callable[[str], str] = self.words.school
        for move in self.need.moves:
            same = self.words.say("yes" if move.same_kecamatan else "no")
            names = "; ".join(map(self.words.person, move.teachers))
            values = (self.words.field(move.field), school(move.origin), school(move.destination), same, move.cost, names)
            paper.line(values, (SMALL, SMALL, SMALL, SMALL_CENTER, SMALL_CENTER, SMALL))
        self.finish(paper, head, 1, filtered=bool(self.need.moves))


def balance_look(balance: int) -> Look:
    return FEWER if balance < 0 else MORE if balance > 0 else CENTER
