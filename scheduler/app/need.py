"""``need``: surplus and shortage of teachers by field, school and kecamatan, as a workbook and as JSON; counted, without a solver."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.app.exits import Exit
from scheduler.app.outputs import refuse_file
from scheduler.app.source import AS_IN_FILE, LawChoice, Opened, open_case
from scheduler.counting.need import DistrictNeed, FieldSum
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.files import write_bytes
from scheduler.report.text import Text

BOOK, RECORD = "kebutuhan.xlsx", "kebutuhan.json"


@dataclass(frozen=True, slots=True)
class NeedAnalysed:
    """The analysis and the files written."""

    exit: Exit
    opened: Opened
    need: DistrictNeed
    files: tuple[Path, ...]


def analyse_need(path: Path, folder: Path | None, law: LawChoice = AS_IN_FILE, lang: str = "id") -> NeedAnalysed:
    """Count, and write the workbook and the JSON into ``folder`` (None: nothing is written).

    Raises
    ------
    InputError
        the file cannot be understood, or no school of it has classes and teachers
    OutputRefusedError
        ``folder`` is a file
    """
    if folder is not None:
        refuse_file(folder)
    opened = open_case(path, law)
    need = DistrictNeed(opened.case)
    if not need.rows:
        raise InputError([Problem("need.nothing", path.name)])
    if folder is None:
        return NeedAnalysed(Exit.OK, opened, need, ())
    from scheduler.report.excel.need import write_need_workbook

    folder.mkdir(parents=True, exist_ok=True)
    files = folder / BOOK, folder / RECORD
    write_need_workbook(need, files[0], Text(lang))
    write_bytes((json.dumps(record(need), ensure_ascii=False, indent=1) + "\n").encode(), files[1])
    return NeedAnalysed(Exit.OK, opened, need, files)


def record(need: DistrictNeed) -> Mapping[str, Any]:
    """The analysis as ``kebutuhan.json`` has it; schools by NPSN, teachers by code, subjects by id."""
    case = need.case
    return {
        "policy": case.policy.id,
        "divisor_jtm": case.policy.min_jtm,
        "need_rounding": case.policy.need_rounding.value,
        "fields": [{"subjects": field.subjects, "families": field.families} for field in need.fields],
        "district": [summed(row) for row in need.sums()],
        "kecamatan": [
            {"name": name, "schools": schools, "sums": [summed(s) for s in need.sums(schools)]} for name, schools in need.kecamatan.items()
        ],
        "schools": [
            {
                "npsn": row.school,
                "subjects": row.field.subjects,
                "classes": row.classes,
                "jp": row.jp,
                "needed": row.needed,
                "certified": row.certified,
                "surplus": row.surplus,
                "shortage": row.shortage,
            }
            for row in need.rows
        ],
        "moves": [
            {
                "subjects": move.field.subjects,
                "from": move.origin,
                "to": move.destination,
                "teachers": move.teachers,
                "cost": move.cost,
                "same_kecamatan": move.same_kecamatan,
            }
            for move in need.moves
        ],
        "left_out": need.left_out,
    }


def summed(row: FieldSum) -> Mapping[str, Any]:
    """One sum; ``subjects`` null for all fields together."""
    return {
        "subjects": None if row.field is None else row.field.subjects,
        "jp": row.jp,
        "needed": row.needed,
        "certified": row.certified,
        "full_jp": row.full_jp,
        "surplus": row.surplus,
        "shortage": row.shortage,
    }
