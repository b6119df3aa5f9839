"""Dropdowns: every list is a named range on the hidden sheet ``Daftar``, because Excel cuts lists written into a cell at 255 characters."""

from __future__ import annotations

import re
from typing import Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.formats.columns import Choice, Column, Kind, Sheet
from scheduler.formats.live import LAST_ROW, MOST_JP_NAME, Formula, column_letter, lock, title_of
from scheduler.formats.sheet_texts import sheet_texts
from scheduler.formats.sheets import BY_TABLE, LISTS
from scheduler.formats.writing import Wording
from scheduler.policy.load import curriculum_ids, linearity_ids, policy_ids

MOST_NAMED: Final = 500
"""Rows of Sekolah, Rombel, Guru and so on that lists show."""

TITLE_LIMIT: Final = 32
PROMPT_LIMIT: Final = 255
ERROR_LIMIT: Final = 224

DEFINING: Final = {
    Kind.SCHOOL: ("schools", "npsn"),
    Kind.ROMBEL: ("rombels", "name"),
    Kind.CLASS: ("rombels", "name"),
    Kind.GROUP: ("groups", "code"),
    Kind.ROOM: ("rooms", "name"),
    Kind.BELL: ("slots", "pattern"),
}
"""Kinds whose list is a column of another sheet, as the user fills it."""


class Dropdowns:
    """Puts lists on ``Daftar`` when they are first asked for, and validations on the columns that use them."""

    def __init__(self, workbook: Workbook, wording: Wording, header_row: int) -> None:
        self.workbook = workbook
        self.wording = wording
        self.header_row = header_row
        self.sheet: Worksheet = workbook.create_sheet(LISTS)
        self.sheet.sheet_state = "hidden"
        self.texts = sheet_texts("id")
        self.names: dict[object, str] = {}

    def offer(self, sheet: Worksheet, specification: Sheet) -> None:
        """A dropdown for every column that has a list, a hint at every header."""
        for position, column in enumerate(specification.columns, start=1):
            letter = get_column_letter(position)
            self.hint(sheet, f"{letter}{self.header_row}", column, self.texts[specification.text_key(column)])
            if column.kind is Kind.COMPUTED:
                self.refuse(sheet, f"{letter}{self.header_row + 1}:{letter}{LAST_ROW}", column)
            elif column.field != "key":
                self.validate(sheet, f"{letter}{self.header_row + 1}:{letter}{LAST_ROW}", column)

    def hint(self, sheet: Worksheet, cells: str, column: Column, meaning: str) -> None:
        validation = DataValidation(showInputMessage=True, promptTitle=column.name[:TITLE_LIMIT], prompt=meaning[:PROMPT_LIMIT])
        validation.add(cells)
        sheet.add_data_validation(validation)

    def refuse(self, sheet: Worksheet, cells: str, column: Column) -> None:
        """Nothing can be typed over what is computed."""
        validation = DataValidation(type="custom", formula1="FALSE", showErrorMessage=True, errorStyle="stop", errorTitle=column.name[:TITLE_LIMIT])
        validation.error = self.texts["dropdown_computed"][:ERROR_LIMIT]
        validation.add(cells)
        sheet.add_data_validation(validation)

    def validate(self, sheet: Worksheet, cells: str, column: Column) -> None:
        """A closed list refuses other values; a list of names only warns, because other spellings are understood too."""
        name = None if column.many else self.list_of(column)
        if name is None:
            return
        closed = column.kind in (Kind.CHOICE, Kind.YES_NO, Kind.DAY)
        validation = DataValidation(
            type="list",
            formula1=name,
            allow_blank=True,
            showErrorMessage=column.kind is not Kind.TEXT and column.kind is not Kind.COUNT_OR_YES,
            errorStyle="stop" if closed else "warning",
            errorTitle=column.name[:TITLE_LIMIT],
            error=self.texts["dropdown_closed" if closed else "dropdown_open"][:ERROR_LIMIT],
        )
        validation.add(cells)
        sheet.add_data_validation(validation)

    def finish(self) -> None:
        """The limit that formulas name, and the protection of the lists."""
        law = self.wording.law
        letter = self.next_column(MOST_JP_NAME, ("",))
        if law:
            self.sheet[f"{letter}2"] = law.policy.max_jtm
        self.workbook.defined_names[MOST_JP_NAME] = DefinedName(MOST_JP_NAME, attr_text=f"{LISTS}!${letter}$2")
        lock(self.sheet)

    # --- lists -------------------------------------------------------------------------------------------------------------------------

    def list_of(self, column: Column) -> str | None:
        """The name of the column's list, or None for a column without one."""
        if column.choices and column.kind is not Kind.COUNT_OR_YES:
            return self.fixed(column.choices, column.name, tuple(choice.label for choice in column.choices))
        if column.kind in DEFINING:
            return self.defined_elsewhere(*DEFINING[column.kind])
        if column.kind is Kind.TEACHER:
            return self.teachers()
        offered = self.offered(column.kind)
        return self.fixed(column.kind, column.kind.value, offered) if offered else None

    def offered(self, kind: Kind) -> tuple[str, ...]:
        if kind is Kind.CURRICULUM:
            return tuple(dict.fromkeys([*(rombel.curriculum for rombel in self.wording.instance.rombels), *curriculum_ids()]))
        if kind is Kind.POLICY:
            return policy_ids()
        if kind is Kind.LINEARITY:
            return linearity_ids()
        return self.wording.choices(kind) if kind in (Kind.SUBJECT, Kind.CERTIFICATE, Kind.DUTY) else ()

    def fixed(self, identity: tuple[Choice, ...] | Kind, title: str, values: tuple[str, ...]) -> str:
        if identity not in self.names:
            letter = self.next_column(title, values)
            self.name(identity, title, f"{LISTS}!${letter}$2:${letter}${len(values) + 1}")
        return self.names[identity]

    def teachers(self) -> str:
        """``Nama (NIP)`` of whoever stands in Guru (``Nama (Kode)`` without a NIP), kept by formulas as the sheet is filled."""
        if Kind.TEACHER not in self.names:
            guru, first = BY_TABLE["teachers"], self.header_row + 1
            code, name, nip = (f"{guru.name}!{column_letter(guru, field)}" for field in ("code", "name", "nip"))
            rows = range(first, first + MOST_NAMED)
            formulas = tuple(Formula(f'=IF({code}{r}="","",{name}{r}&" ("&IF({nip}{r}="",{code}{r},{nip}{r})&")")') for r in rows)
            letter = self.next_column(guru.name, formulas)
            letters = f"${column_letter(guru, 'code')}${first}:${column_letter(guru, 'code')}${first + MOST_NAMED - 1}"
            counted = f"COUNTA({guru.name}!{letters})"
            self.name(Kind.TEACHER, guru.name, f"OFFSET({LISTS}!${letter}$2,0,0,MAX(1,{counted}),1)")
        return self.names[Kind.TEACHER]

    def defined_elsewhere(self, table: str, field: str) -> str:
        """The column of the sheet that defines the things, as far as it is filled."""
        if table not in self.names:
            sheet, first = BY_TABLE[table], self.header_row + 1
            letter = column_letter(sheet, field)
            title = title_of(sheet)
            counted = f"COUNTA({title}!${letter}${first}:${letter}${first + MOST_NAMED - 1})"
            self.name(table, f"{sheet.name} {field}", f"OFFSET({title}!${letter}${first},0,0,MAX(1,{counted}),1)")
        return self.names[table]

    def next_column(self, title: str, values: tuple[str, ...]) -> str:
        position = 1 if self.sheet["A1"].value is None else self.sheet.max_column + 1
        self.sheet.cell(1, position, title)
        for row, value in enumerate(values, start=2):
            cell = self.sheet.cell(row, position, value)
            if not isinstance(value, Formula):
                cell.data_type = "s"
        return get_column_letter(position)

    def name(self, identity: object, title: str, reference: str) -> None:
        wanted = f"Daftar{re.sub(r'[^0-9A-Za-z]', '', title.title())}"
        name = wanted if wanted not in self.names.values() else f"{wanted}{len(self.names)}"
        self.workbook.defined_names[name] = DefinedName(name, attr_text=reference)
        self.names[identity] = name
