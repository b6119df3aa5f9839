"""A small school with a plan and its workbook, for tests that change the workbook by hand; cells are named by what stands in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.app.edits import Edited, read_edited, read_sheets
from scheduler.app.plan_files import PLAN_FILE, WORKBOOK_FILE, file_sha256
from scheduler.domain.edits import Edit
from scheduler.domain.entities import Slot, SlotKind
from scheduler.domain.instance import DAYS
from scheduler.domain.plan import Lesson, Plan
from scheduler.errors import InputError
from scheduler.formats.json import instance_sha256, read_plan, write_instance, write_plan
from scheduler.formats.rencana.reading import ReadBack
from scheduler.policy.case import Case
from scheduler.report.excel import write_plan_workbook
from scheduler.report.text import Text
from scheduler.verify.check import Report, check
from tests import build
from tests.rules import plans

MASTER, MATRIX, DUTIES = "Jadwal Induk", "Pembagian Tugas", "Tugas Tambahan"

HOURS = {"ipa": 4, "ips": 4, "matematika": 4, "bahasa_indonesia": 3}
SHORT = {"IPA": "G01", "IPS": "G02", "MTK": "G03", "BIN": "G04"}
TEACHING = {f"1/{rombel}/{short}": code for rombel in ("7A", "7B") for short, code in SHORT.items()}
WEEK: Sequence[tuple[str, str, int, int]] = (
    ("1/7A/IPA", "Senin", 1, 2), ("1/7A/IPS", "Senin", 3, 2), ("1/7A/MTK", "Selasa", 1, 2), ("1/7A/BIN", "Selasa", 3, 2),
    ("1/7A/IPA", "Rabu", 1, 2), ("1/7A/IPS", "Rabu", 3, 2), ("1/7A/MTK", "Kamis", 1, 2), ("1/7A/BIN", "Kamis", 3, 1),
    ("1/7B/MTK", "Senin", 1, 2), ("1/7B/BIN", "Senin", 3, 2), ("1/7B/IPA", "Selasa", 1, 2), ("1/7B/IPS", "Selasa", 3, 2),
    ("1/7B/MTK", "Rabu", 1, 2), ("1/7B/BIN", "Rabu", 3, 1), ("1/7B/IPA", "Kamis", 1, 2), ("1/7B/IPS", "Kamis", 3, 2),
)  # fmt: skip
"""Hour 5 of every day is free in both classes, and hour 4 of Kamis in 7A and of Rabu in 7B."""


def bells() -> tuple[Slot, ...]:
    """Four days of five hours, with a break after the second; Senin begins with upacara."""
    slots: list[Slot] = []
    for day in DAYS[:4]:
        kinds = [(1, SlotKind.LESSON), (2, SlotKind.LESSON), (0, SlotKind.BREAK), *((n, SlotKind.LESSON) for n in (3, 4, 5))]
        if day == "Senin":
            kinds.insert(0, (0, SlotKind.CEREMONY))
        slots += [Slot("pagi", day, n, kind, 435 + 40 * order, 475 + 40 * order, order) for order, (n, kind) in enumerate(kinds)]
    return tuple(slots)


def school_case(**parts: Any) -> Case:
    """G01 to G04 have a subject each; G05 may teach MTK too and has nothing yet; two wali kelas."""
    names = {"G01": "Siti Aminah, S.Pd.", "G02": "Budi Santoso", "G03": "Cahya", "G04": "Dewi", "G05": "=Eko"}
    certificates = ("ipa", "ips", "matematika", "bahasa_indonesia", "matematika")
    teachers = [replace(build.teacher(code, certificates[n]), name=name, nip=f"19800101200501100{n}") for n, (code, name) in enumerate(names.items())]
    return plans.small_case(HOURS, teachers, {7: 2}, (build.duty("wali_kelas"),), slots=bells(), **parts)


def school_plan(case: Case, wali: str = "G01") -> Plan:
    """``wali`` is the one of 7A."""
    plan = plans.plan(case, TEACHING, (("wali_kelas", "7A", wali), ("wali_kelas", "7B", "G02")), WEEK)
    return replace(plan, instance_sha256=instance_sha256(case.instance))


@dataclass
class Book:
    """``rencana.xlsx`` with its ``plan.json`` in a folder, and the file of its school."""

    folder: Path
    case: Case
    seen: dict[object, Any] = field(default_factory=dict)
    """What was read of the workbook as it stands: reading takes most of the time of a test."""

    @classmethod
    def written(cls, folder: Path, case: Case, plan: Plan, lang: str = "id") -> Book:
        folder.mkdir(parents=True, exist_ok=True)
        book = cls(folder, case)
        write_instance(case.instance, book.school)
        write_plan_workbook(case, plan, book.path, Text(lang))
        write_plan(replace(plan, workbook_sha256=file_sha256(book.path)), folder / PLAN_FILE)
        return book

    def only_what_counts(self) -> Book:
        """Without the sheets that are not read: opening and saving a workbook takes most of the time of a test."""

        def only(workbook: Any) -> None:
            partners = {f"{MASTER} Mitra", f"{MATRIX} Mitra"}
            for title in set(workbook.sheetnames) - {MASTER, MATRIX, DUTIES, *partners}:
                workbook.remove(workbook[title])

        self.change(only)
        return self

    def copied(self, folder: Path) -> Book:
        shutil.copytree(self.folder, folder)
        return Book(folder, self.case)

    @property
    def path(self) -> Path:
        return self.folder / WORKBOOK_FILE

    @property
    def school(self) -> Path:
        return self.folder / "sekolah.json"

    @property
    def former(self) -> Plan:
        return read_plan(self.folder / PLAN_FILE)

    def read(self) -> Edited:
        """Everything, copies too: they are compared with workbooks written for it."""
        return read_edited(self.case, self.path, self.former)

    @property
    def sheets(self) -> tuple[Plan, ReadBack]:
        """The plan of the three sheets that count, and what was read of them."""
        if "read" not in self.seen:
            self.seen["read"] = read_sheets(self.case, self.path, self.former)
        read: tuple[Plan, ReadBack] = self.seen["read"]
        return read

    @property
    def plan(self) -> Plan:
        return self.sheets[0]

    @property
    def edits(self) -> tuple[Edit, ...]:
        return self.sheets[1].edits

    def refused(self, with_copies: bool = False) -> list[tuple[str, str]]:
        """(kind, place) of every Problem, sorted."""
        try:
            _ = self.read() if with_copies else self.sheets
        except InputError as error:
            return sorted((problem.kind.removeprefix("edits."), problem.place) for problem in error.problems)
        return []

    def checked(self) -> Report:
        return check(self.case, self.plan)

    # --- changing it -----------------------------------------------------------------------------------------------------------------------

    def change(self, work: Callable[[Any], None]) -> None:
        """Do something with the workbook as openpyxl has it, and save it."""
        book = load_workbook(self.path)
        work(book)
        book.save(self.path)
        self.seen.clear()

    def put(self, values: Mapping[str, object]) -> None:
        """Write values into cells (``Jadwal Induk!D8``)."""

        def work(book: Any) -> None:
            for place, value in values.items():
                sheet, _, cell = place.rpartition("!")
                book[sheet][cell].value = value

        self.change(work)

    # --- finding cells ---------------------------------------------------------------------------------------------------------------------

    def sheet(self, title: str) -> Worksheet:
        if "book" not in self.seen:
            self.seen["book"] = load_workbook(self.path)
        sheet: Worksheet = self.seen["book"][title]
        return sheet

    def hour(self, rombel: str, day: str, period: int, title: str = MASTER) -> str:
        """The cell of a class's hour, found as a person would: the day, the hour below it, the class above."""
        sheet = self.sheet(title)
        day_column, head = next((c.column, c.row) for row in sheet.iter_rows() for c in row if c.value == "HARI")
        columns = {cell.value: get_column_letter(cell.column or 1) for cell in sheet[head]}
        row = next(r for r in range(head, sheet.max_row + 1) if sheet.cell(r, day_column).value == day.upper())
        while sheet.cell(row, day_column + 1).value != period:
            row += 1
        return f"{title}!{columns[rombel]}{row}"

    def line(self, code: str, heading: str) -> str:
        """A cell of Pembagian Tugas: the line with this KODE, under a heading."""
        sheet = self.sheet(MATRIX)
        row = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == code)
        column = next(cell.column_letter for line in sheet.iter_rows() for cell in line if cell.value == heading)
        return f"{MATRIX}!{column}{row}"

    def holder(self, unit: str) -> str:
        """The holder's cell of wali kelas of a class."""
        sheet = self.sheet(DUTIES)
        column = next(cell.column_letter for line in sheet.iter_rows() for cell in line if cell.value == "PEMEGANG")
        row = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == unit)
        return f"{DUTIES}!{column}{row}"


def hours_of(lessons: Sequence[Lesson], need: str) -> set[tuple[str, int, int]]:
    return {(lesson.day, lesson.period, lesson.length) for lesson in lessons if lesson.need == need}
