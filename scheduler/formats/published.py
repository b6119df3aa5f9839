"""What the repository keeps of the specifications: docs/workbook.md and the JSON Schemas.

``python -m scheduler.formats.published`` writes them anew; a test says when that is due.
"""

from __future__ import annotations

from pathlib import Path

from scheduler.domain.explanation import Explanation
from scheduler.domain.instance import Instance
from scheduler.domain.plan import Plan
from scheduler.formats.columns import Column, Sheet
from scheduler.formats.json import EXPLANATION_SCHEMA, PLAN_SCHEMA, schema
from scheduler.formats.sheet_texts import sheet_texts
from scheduler.formats.sheets import LETTERHEAD, SETTINGS, SHEETS, setting_text_key

PACKAGE = Path(__file__).parent
REPOSITORY = PACKAGE.parent.parent


def published() -> dict[Path, str]:
    """Every generated file with its text."""
    return {
        REPOSITORY / "docs" / "workbook.md": workbook_page(),
        PACKAGE / "instance.schema.json": schema(Instance, "scheduler-instance"),
        PACKAGE / "plan.schema.json": schema(Plan, PLAN_SCHEMA),
        PACKAGE / "explanation.schema.json": schema(Explanation, EXPLANATION_SCHEMA),
    }


def workbook_page() -> str:
    """docs/workbook.md: every sheet with its columns, in both languages."""
    lines = [
        "# sekolah.xlsx",
        "",
        "<!-- Generated from scheduler/formats/sheets.py by `python -m scheduler.formats.published`; do not edit. -->",
        "",
        sheet_texts("id")["page_intro"],
        "",
        sheet_texts("en")["page_intro"],
    ]
    for sheet in SHEETS:
        star = " \\*" if sheet.required else ""
        lines += ["", f"## {sheet.name} ({sheet.english}){star}", ""]
        lines += [sheet_texts("id")[f"sheet_{sheet.table}"], "", f"*{sheet_texts('en')[f'sheet_{sheet.table}']}*", ""]
        lines += column_table(sheet)
        if sheet.table == "settings":
            lines += ["", *settings_table()]
    return "\n".join(lines) + "\n"


def column_table(sheet: Sheet) -> list[str]:
    rows = ((column, sheet.text_key(column)) for column in sheet.columns)
    return [*heading("heading_column"), *(table_row(column, key) for column, key in rows)]


def settings_table() -> list[str]:
    rows = ((column, setting_text_key(column)) for column in (*SETTINGS, *LETTERHEAD))
    return [*heading("heading_key"), *(table_row(column, key) for column, key in rows)]


def heading(first: str) -> list[str]:
    texts, english = sheet_texts("id"), sheet_texts("en")
    names = [texts[first], texts["heading_alias"], texts["heading_kind"], texts["heading_meaning"], english["heading_meaning"]]
    return [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]


def table_row(column: Column, key: str) -> str:
    texts, english = sheet_texts("id"), sheet_texts("en")
    several = f" ({texts['several']})" if column.many else ""
    choices = f": {', '.join(choice.label for choice in column.choices)}" if column.choices and column.kind == "choice" else ""
    holds = f"{texts[f'kind_{column.kind}']}{choices}{several}"
    names = ", ".join(dict.fromkeys((column.english, *column.aliases)))
    header = column.header.replace("*", " \\*")
    return f"| {header} | {names} | {holds} | {texts[key]} | {english[key]} |"


if __name__ == "__main__":
    for path, text in published().items():
        path.write_text(text, encoding="utf-8")
