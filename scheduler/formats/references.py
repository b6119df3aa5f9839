"""Whether every name in an instance names something: schools, rombels, teachers, subjects, duties, bell patterns and the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from scheduler.domain.problem import Problem
from scheduler.formats.columns import REFERENCES, Kind
from scheduler.formats.sheets import SHEETS
from scheduler.formats.view import View

DEFINED_BY: Final[Mapping[Kind, tuple[tuple[str, ...], ...]]] = {
    Kind.SCHOOL: (("schools", "npsn", "name"),),
    Kind.ROMBEL: (("rombels", "school", "name"),),
    Kind.CLASS: (("rombels", "school", "name"), ("groups", "school", "code")),
    Kind.GROUP: (("groups", "school", "code"),),
    Kind.TEACHER: (("teachers", "code", "name"),),
    Kind.SUBJECT: (("structure", "subject"),),
    Kind.CURRICULUM: (("structure", "curriculum"),),
    Kind.BELL: (("slots", "pattern"),),
    Kind.ROOM: (("rooms", "school", "name"),),
}
"""Tables and fields that define a kind: where one is a Problem itself, references to it are not reported one by one."""

LISTED_AT_MOST: Final = 12

NPSN_FORM: Final = re.compile(r"[A-Z]?\d+")
"""Digits; courses and new schools have a letter in front (P9908123)."""

SETTLED_ELSEWHERE: Final = frozenset({Kind.POLICY, Kind.LINEARITY})
"""Files of the law, reported by whoever reads them."""


def unknown_names(view: View) -> Iterator[tuple[tuple[str, int, str], Problem]]:
    """Every name that names nothing, as (table, index, field) and its Problem ``unknown_<kind>`` or, with a suggestion, ``unknown_<kind>_near``."""
    if view.instance.settings.main_school and is_defined(view, Kind.SCHOOL, "settings"):
        yield from unknown(view, "settings", 0, "main_school", Kind.SCHOOL, view.instance.settings.main_school, "")
    for sheet in SHEETS:
        for column in sheet.stored if sheet.table != "settings" else ():
            if column.kind not in REFERENCES or not is_defined(view, column.kind, sheet.table):
                continue
            exempt = EXEMPTIONS.get((sheet.table, column.field), never)
            for index, entity in view.rows(sheet.table, column.field):
                if exempt(view, entity):
                    continue
                value = getattr(entity, column.field)
                for text in value if column.many else (value,):
                    yield from unknown(view, sheet.table, index, column.field, column.kind, text, getattr(entity, "school", ""))


def unknown(
    view: View, table: str, index: int, field: str, kind: Kind, text: str | None, school: str
) -> Iterator[tuple[tuple[str, int, str], Problem]]:
    directory = view.names.directory(kind, school)
    if not text or text in directory.ids or (kind is Kind.DUTY and view.law is None):
        return
    nearest = directory.nearest(text)
    if nearest:
        problem = view.problem(f"unknown_{kind}_near", table, index, field, value=text, suggestion=nearest)
    else:
        problem = view.problem(f"unknown_{kind}", table, index, field, value=text, known=listed(directory.ids))
    yield (table, index, field), problem


def is_defined(view: View, kind: Kind, table: str) -> bool:
    """Whether all names of the kind could be read; a table's references within itself need nothing else."""
    return all(name == table or view.places.is_whole(name, *fields) for name, *fields in DEFINED_BY.get(kind, ()))


def listed(names: Iterable[str]) -> str:
    """What there is, cut where it would be a page."""
    known = list(names)
    return ", ".join(known[:LISTED_AT_MOST]) + (" …" if len(known) > LISTED_AT_MOST else "") or "-"


# --- where a name need not be known ----------------------------------------------------------------------------------------------------


def never(view: View, entity: Any) -> bool:
    return False


def home_is_an_npsn(view: View, teacher: Any) -> bool:
    """A school outside the file: the teacher was entered to be shared in. A name that is no NPSN is a school of the file, misspelt."""
    return NPSN_FORM.fullmatch(teacher.home) is not None


def school_is_unknown(view: View, entity: Any) -> bool:
    """The school itself is reported; what is inside it cannot be known."""
    return entity.school not in view.names.directory(Kind.SCHOOL).ids


def school_without_rombels(view: View, entity: Any) -> bool:
    """A partner school of which no more is known than its open hours."""
    return school_is_unknown(view, entity) or not view.instance.rombels_of(entity.school)


def school_without_rooms(view: View, entity: Any) -> bool:
    """Ruang of a rombel is a label where the school's rooms are not listed."""
    return school_is_unknown(view, entity) or all(room.school != entity.school for room in view.instance.rooms)


def no_bells(view: View, entity: Any) -> bool:
    """Pola Waktu is a label where there is no Waktu at all: such a workbook is good for the division of work alone."""
    return not view.instance.slots


EXEMPTIONS: Final[Mapping[tuple[str, str], Callable[[View, Any], bool]]] = {
    ("teachers", "home"): home_is_an_npsn,
    ("distances", "origin"): lambda view, row: row.origin in homes_outside(view),
    ("distances", "destination"): lambda view, row: row.destination in homes_outside(view),
    ("schools", "bell"): no_bells,
    ("rombels", "bell"): no_bells,
    ("rombels", "room"): school_without_rooms,
    ("open_hours", "rombel"): school_without_rombels,
    ("assignments", "rombel"): school_is_unknown,
    ("groups", "rombels"): school_is_unknown,
    ("groups", "parallel"): school_is_unknown,
    ("week_rules", "rombel"): school_is_unknown,
}


def homes_outside(view: View) -> set[str]:
    return {teacher.home for teacher in view.instance.teachers}
