"""Writing an Instance as the workbook that people fill in: every sheet, dropdowns, and a guide in front.

``read_workbook`` gives the same Instance back.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.domain.instance import Instance
from scheduler.formats.cells import present
from scheduler.formats.columns import Column, Kind, Sheet
from scheduler.formats.dropdowns import Dropdowns
from scheduler.formats.files import save_workbook
from scheduler.formats.guide import write_guide
from scheduler.formats.live import colour, formula, lock, protect, put
from scheduler.formats.look import Styles, cell_at, dress_cell, dress_header, dress_sheet, font
from scheduler.formats.sheet_texts import sheet_texts
from scheduler.formats.sheets import BY_TABLE, LETTERHEAD, SETTINGS, SHEETS, WHOLE_DISTRICT, letterhead_of_schools, setting_text_key
from scheduler.formats.writing import Wording

__all__ = ["put", "workbook_of", "write_workbook"]

SPARE_ROWS: Final = 15
"""Empty rows that are dressed for further entries."""

SHEET_NOTE: Final = "Catatan Lembar"
"""The letterhead's note that stands above every sheet."""


def write_workbook(instance: Instance, path: str | Path) -> None:
    """Write the instance; ``path`` is replaced as a whole or not at all, and the same instance gives the same bytes."""
    save_workbook(workbook_of(instance), Path(path))


def workbook_of(instance: Instance, remarks: Mapping[str, str] | None = None, spare_rows: int = SPARE_ROWS) -> Workbook:
    """The instance as an openpyxl workbook.

    Parameters
    ----------
    remarks
        table → text for the Catatan of each of its rows
    spare_rows
        empty rows dressed below the last of each sheet
    """
    workbook = Workbook()
    writer = WorkbookWriter(workbook, instance, remarks or {}, spare_rows)
    writer.write()
    return workbook


class WorkbookWriter:
    """Writes sheet after sheet by the columns of ``sheets.SHEETS``."""

    def __init__(self, workbook: Workbook, instance: Instance, remarks: Mapping[str, str], spare_rows: int) -> None:
        self.workbook = workbook
        self.instance = instance
        self.remarks = remarks
        self.spare_rows = spare_rows
        self.wording = Wording(instance)
        self.styles: Styles = {}
        self.note = instance.settings.letterhead.get(SHEET_NOTE, "")
        self.header_row = 2 if self.note else 1

    def write(self) -> None:
        first = self.workbook.worksheets[0]
        write_guide(first, self.note)
        sheets = {specification.table: self.workbook.create_sheet(specification.name) for specification in SHEETS}
        dropdowns = Dropdowns(self.workbook, self.wording, self.header_row)
        for specification in SHEETS:
            sheet = sheets[specification.table]
            self.write_header(sheet, specification)
            last = self.write_settings(sheet, dropdowns) if specification.table == "settings" else self.write_table(sheet, specification)
            dress_sheet(sheet, specification.columns, self.header_row, last)
            dropdowns.offer(sheet, specification)
            colour(sheet, specification, self.header_row)
            protect(sheet, specification, self.header_row)
        lock(first)
        dropdowns.finish()

    def write_header(self, sheet: Worksheet, specification: Sheet) -> None:
        if self.note:
            put(cell_at(sheet, 1, 1), self.note)
            cell_at(sheet, 1, 1).font = font(italic=True, color="9C0006")
        for position, column in enumerate(specification.columns, start=1):
            cell = cell_at(sheet, self.header_row, position)
            cell.value = column.header
            dress_header(cell, column)

    def write_table(self, sheet: Worksheet, specification: Sheet) -> int:
        """Rows of one table and the spare ones; the last row's number."""
        entities = getattr(self.instance, specification.table)
        first = self.header_row + 1
        last = first + len(entities) + self.spare_rows - 1
        for row in range(first, last + 1):
            entity = entities[row - first] if row - first < len(entities) else None
            for position, column in enumerate(specification.columns, start=1):
                cell = cell_at(sheet, row, position)
                dress_cell(cell, column, self.styles)
                put(cell, self.value(specification, column, entity, row))
        return last

    def value(self, specification: Sheet, column: Column, entity: Any, row: int) -> object:
        if column.kind is Kind.COMPUTED:
            return formula(specification, column.field, row, self.header_row)
        if entity is None:
            return None
        if column.kind is Kind.REMARK:
            return self.remarks.get(specification.table)
        value = getattr(entity, column.field)
        if (specification.table, column.field) == ("slots", "period") and value == 0:
            return None
        return self.wording.cell(column, value, getattr(entity, "school", ""))

    # --- Pengaturan --------------------------------------------------------------------------------------------------------------------

    def write_settings(self, sheet: Worksheet, dropdowns: Dropdowns) -> int:
        """A row for every key that there is, with what it means; then the policy's numbers that are replaced."""
        row = self.header_row
        texts = sheet_texts("id")
        settings = self.instance.settings
        for column, value in (
            *((column, self.setting(column)) for column in SETTINGS),
            *((column, settings.letterhead.get(column.field)) for column in LETTERHEAD),
            *((column, settings.letterhead[column.field]) for column in letterhead_of_schools(settings.letterhead)),
            *((Column(name, name, name), text) for name, text in settings.overrides.items()),
        ):
            row += 1
            meaning = texts[setting_text_key(column)]
            for position, content in enumerate((column.name, value, meaning), start=1):
                cell = cell_at(sheet, row, position)
                dress_cell(cell, BY_TABLE["settings"].columns[position - 1] if position != 2 else column, self.styles)
                put(cell, content)
            dropdowns.validate(sheet, f"B{row}", column)
        return row

    def setting(self, column: Column) -> object:
        value = getattr(self.instance.settings, column.field)
        if column.field == "main_school" and not value:
            return WHOLE_DISTRICT if any(school.partner for school in self.instance.schools) else None
        return present(column, value)
