"""What the workbook computes and shows while it is being filled: grey columns, red and green cells, and a protection that anybody may lift.

The formulas keep to functions that Excel 2007, WPS and LibreOffice have. They are for people alone: the reader skips the grey columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.formats.columns import Sheet
from scheduler.formats.sheets import BY_TABLE

WRONG: Final = PatternFill("solid", bgColor="FF9C9C")
DOUBTFUL: Final = PatternFill("solid", bgColor="FFD27F")
FITTING: Final = PatternFill("solid", bgColor="C6E7B8")

LAST_ROW: Final = 1000
"""Row to which the checks, the dropdowns and the lookups reach."""

MOST_JP_NAME: Final = "BatasJP"
"""Name of the cell on Daftar with the most JP that the ruleset lets a teacher teach."""

RULE: Final[Callable[..., Any]] = FormulaRule
"""The stubs know no types of it."""

NIP_DIGITS, NUPTK_DIGITS = 18, 16
"""Length of both numbers, as BKN and Dapodik give them out."""


class Formula(str):
    """Text that Excel computes."""


def put(cell: Cell, value: object) -> None:
    """A value in a cell; text stays text whatever it begins with, and formulas are only those of COMPUTED columns."""
    if isinstance(value, Formula):
        cell.value = value
    elif isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        if value[:1] in ("=", "+", "-", "@"):
            cell.quotePrefix = True
    elif value is not None:
        cell.value = value  # type: ignore[assignment]


def column_letter(sheet: Sheet, field: str) -> str:
    return get_column_letter(1 + [column.field for column in sheet.columns].index(field))


def title_of(sheet: Sheet) -> str:
    """The sheet's name as formulas write it."""
    return f"'{sheet.name}'" if " " in sheet.name else sheet.name


def whole(table: str, field: str, first_row: int = 0) -> str:
    """A column of another sheet: all of it, or from a row on."""
    sheet = BY_TABLE[table]
    letter = column_letter(sheet, field)
    rows = (f"{letter}${first_row}", f"{letter}${LAST_ROW}") if first_row else (letter, letter)
    return f"{title_of(sheet)}!${rows[0]}:${rows[1]}"


# --- grey columns --------------------------------------------------------------------------------------------------------------------------


def formula(specification: Sheet, field: str, row: int, header_row: int) -> Formula:
    """The formula of a grey column in one row; an empty row shows nothing."""
    cells = {column.field: f"{column_letter(specification, column.field)}{row}" for column in specification.columns}
    return Formula("=" + FORMULAS[specification.table, field](cells, header_row + 1))


def total_jp(cell: dict[str, str], first: int) -> str:
    return f'IF({cell["subject"]}="","",{cell["intra_jp"]}+{cell["koku_jp"]})'


def weekly_jp(cell: dict[str, str], first: int) -> str:
    sums = (whole("structure", field) for field in ("total_jp", "curriculum", "grade"))
    total, curriculum, grade = sums
    return f'IF({cell["name"]}="","",SUMIFS({total},{curriculum},{cell["curriculum"]},{grade},{cell["grade"]}))'


def week_hours(cell: dict[str, str], first: int) -> str:
    """Lesson hours of the class's bell pattern: its own, else its school's; nothing where there is no Waktu for it."""
    schools = f"INDEX({whole('schools', 'bell')},MATCH({cell['school']},{whole('schools', 'npsn')},0))"
    pattern = f'IF({cell["bell"]}<>"",{cell["bell"]},IFERROR({schools}&"",""))'
    lesson = next(choice.label for choice in BY_TABLE["slots"].column("kind").choices)
    hours = f'COUNTIFS({whole("slots", "pattern")},{pattern},{whole("slots", "kind")},"{lesson}")'
    return f'IF({cell["name"]}="","",IF({hours}=0,"",{hours}))'


def need_jp(cell: dict[str, str], first: int) -> str:
    """JP of the subject in this class: as typed, else the group's, else the structure's of the class's curriculum and grade."""
    group = f"SUMIFS({whole('groups', 'jp')},{whole('groups', 'school')},{cell['school']},{whole('groups', 'code')},{cell['rombel']})"
    schools, names, grades = (whole("rombels", field) for field in ("school", "name", "grade"))
    grade = f"SUMIFS({grades},{schools},{cell['school']},{names},{cell['rombel']})"
    same = f"({whole('rombels', 'school', first)}={cell['school']})*({whole('rombels', 'name', first)}={cell['rombel']})"
    row = f"MAX(1,SUMPRODUCT({same}*ROW({whole('rombels', 'name', first)})))"
    curriculum = f"INDEX({whole('rombels', 'curriculum')},{row})"
    total, curricula, grades, subjects = (whole("structure", field) for field in ("total_jp", "curriculum", "grade", "subject"))
    structure = f"SUMIFS({total},{curricula},{curriculum},{grades},{grade},{subjects},{cell['subject']})"
    return f'IF({cell["subject"]}="","",IF({cell["jp"]}<>"",{cell["jp"]},{group}+{structure}))'


def locked_jp(cell: dict[str, str], first: int) -> str:
    """JP that Penugasan locks to the teacher, by whichever of the names it calls him."""
    jp, teacher, kind = (whole("assignments", field) for field in ("need_jp", "teacher", "kind"))
    lock = next(choice.label for choice in BY_TABLE["assignments"].column("kind").choices)
    label = f'{cell["name"]}&" ("&IF({cell["nip"]}="",{cell["code"]},{cell["nip"]})&")"'
    sums = "+".join(f'SUMIFS({jp},{teacher},{name},{kind},"{lock}")' for name in (label, cell["code"], cell["name"]))
    return f'IF({cell["code"]}="","",{sums})'


FORMULAS: Final = {
    ("structure", "total_jp"): total_jp,
    ("rombels", "weekly_jp"): weekly_jp,
    ("rombels", "week_hours"): week_hours,
    ("assignments", "need_jp"): need_jp,
    ("teachers", "locked_jp"): locked_jp,
}


# --- colours ---------------------------------------------------------------------------------------------------------------------------------


def colour(sheet: Worksheet, specification: Sheet, header_row: int) -> None:
    """Conditional formats: a required cell that is missing in a row that was begun, things entered twice, and hours that cannot fit."""
    first = header_row + 1
    for field, condition, fill in conditions(specification, first):
        letter = column_letter(specification, field)
        rule = RULE(formula=[condition], fill=fill, stopIfTrue=True)
        sheet.conditional_formatting.add(f"{letter}{first}:{letter}{LAST_ROW}", rule)


def conditions(specification: Sheet, first: int) -> Iterator[tuple[str, str, PatternFill]]:
    """(field, condition in the terms of the first row, fill)"""
    if specification.table != "settings":
        row = f"$A{first}:${get_column_letter(len(specification.columns))}{first}"
        for column in specification.columns:
            if column.required:
                cell = f"${column_letter(specification, column.field)}{first}"
                yield column.field, f"AND(LEN({cell})=0,SUMPRODUCT(LEN({row}))>0)", WRONG
    at = {column.field: f"${column_letter(specification, column.field)}{first}" for column in specification.columns}

    def rows(field: str) -> str:
        letter = column_letter(specification, field)
        return f"${letter}${first}:${letter}${LAST_ROW}"

    if specification.table in ("teachers", "schools"):
        code = "code" if specification.table == "teachers" else "npsn"
        yield code, f"AND(LEN({at[code]})>0,COUNTIF({rows(code)},{at[code]})>1)", WRONG
    if specification.table == "rombels":
        twice = f"COUNTIFS({rows('school')},{at['school']},{rows('name')},{at['name']})>1"
        yield "name", f"AND(LEN({at['name']})>0,{twice})", WRONG
        known = f"ISNUMBER({at['weekly_jp']}),ISNUMBER({at['week_hours']})"
        yield "weekly_jp", f"AND({known},{at['weekly_jp']}>{at['week_hours']})", WRONG
        yield "weekly_jp", f"AND({known},{at['weekly_jp']}<{at['week_hours']})", DOUBTFUL
        yield "weekly_jp", f"AND({known},{at['weekly_jp']}={at['week_hours']})", FITTING
    if specification.table == "teachers":
        for field, digits in (("nip", NIP_DIGITS), ("nuptk", NUPTK_DIGITS)):
            yield field, f'AND(LEN({at[field]})>1,LEN(SUBSTITUTE({at[field]}," ",""))<>{digits})', DOUBTFUL
        most = f"IF(ISNUMBER({at['max_jp']}),{at['max_jp']},{MOST_JP_NAME})"
        yield "locked_jp", f"AND(ISNUMBER({at['locked_jp']}),{at['locked_jp']}>{most})", WRONG
        yield "min_jp", f"AND(ISNUMBER({at['min_jp']}),ISNUMBER({at['max_jp']}),{at['min_jp']}>{at['max_jp']})", WRONG
    if specification.table == "assignments":
        yield "need_jp", f"AND(LEN({at['subject']})>0,{at['need_jp']}=0)", DOUBTFUL


# --- protection ------------------------------------------------------------------------------------------------------------------------------


def protect(sheet: Worksheet, specification: Sheet, header_row: int) -> None:
    """Locks the header, and the keys of Pengaturan, without a password; rows can be filled, put in, deleted, sorted and filtered.

    The grey columns are not locked, because no row with a locked cell can be deleted or sorted; their dropdown refuses what is typed there.
    """
    for position in range(1, len(specification.columns) + 1):
        sheet.column_dimensions[get_column_letter(position)].protection = Protection(locked=False)
    for row in sheet.iter_rows(min_row=header_row, max_row=header_row):
        for cell in row:
            cell.protection = Protection(locked=True)
    if specification.table == "settings":
        for row in sheet.iter_rows(min_row=header_row + 1, max_col=1):
            row[0].protection = Protection(locked=True)
    lock(sheet)


def lock(sheet: Worksheet) -> None:
    """Protection without a password: anybody may lift it."""
    allowed = ("formatCells", "formatColumns", "formatRows", "insertRows", "insertHyperlinks", "deleteRows", "sort", "autoFilter")
    for action in allowed:
        setattr(sheet.protection, action, False)  # False: not forbidden
    sheet.protection.enable()
