"""An instance checked as a whole: names first, then what they let one conclude."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import Final

from scheduler.domain.instance import Instance
from scheduler.domain.problem import Problem
from scheduler.errors import PolicyError
from scheduler.formats import contradictions, duties, pins, week_rules
from scheduler.formats.cells import CellFaultError, parse, within_bounds, without_control
from scheduler.formats.columns import Kind, key
from scheduler.formats.names import Names
from scheduler.formats.places import Places
from scheduler.formats.references import unknown_names
from scheduler.formats.remarks import REMARKS
from scheduler.formats.settings import placed
from scheduler.formats.sheets import BY_TABLE, SHEETS
from scheduler.formats.view import View
from scheduler.policy.load import find_certificate, find_subject, load_certificates, load_law, load_subjects
from scheduler.policy.schema import Law

NEVER_EMPTY: Final = ("schools", "rombels", "teachers")
"""Tables without which there is nothing to plan. Struktur is not one of them: a shipped curriculum may fill it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Places with what the checks find broken besides: names that name nothing, and tables that must not be empty."""

    places: Places
    empty: tuple[str, ...] = ()
    unknown: set[tuple[str, int, str]] = field(default_factory=set)

    @property
    def file(self) -> str:
        return self.places.file

    def of(self, table: str, index: int, field: str) -> tuple[str, str]:
        return self.places.of(table, index, field)

    def is_broken(self, table: str, index: int, field: str) -> bool:
        return (table, index, field) in self.unknown or self.places.is_broken(table, index, field)

    def is_whole(self, table: str, *fields: str) -> bool:
        if table in self.empty:
            return False
        return self.places.is_whole(table, *fields) and not any(name == table and field in fields for name, _, field in self.unknown)


def check_instance(view: View) -> tuple[list[Problem], View]:
    """Every Problem of the instance, and the view with unknown names marked broken, for the remarks."""
    empty = tuple(table for table in NEVER_EMPTY if not getattr(view.instance, table) and view.places.is_whole(table))
    problems = [view.problem("empty_sheet", table, 0, "", value=BY_TABLE[table].name) for table in empty]
    seen = Seen(view.places, empty)
    view = View(view.instance, view.names, seen, view.law)
    for place, problem in unknown_names(view):
        seen.unknown.add(place)  # what comes later in the order of the sheets sees it
        problems.append(problem)
    for check in (*contradictions.CHECKS, *pins.CHECKS, *duties.CHECKS, *week_rules.CHECKS):
        problems += check(view)
    return problems, view


def remarks(view: View) -> Iterator[Problem]:
    """Every note about an instance without Problems."""
    return chain.from_iterable(remark(view) for remark in REMARKS)


# --- an instance that did not come from a workbook -------------------------------------------------------------------------------------


class DottedPlaces:
    """Places in JSON: ``teachers[3].home``."""

    def __init__(self, file: str) -> None:
        self.file = file

    def of(self, table: str, index: int, field: str) -> tuple[str, str]:
        if not field:
            return table, ""
        return (f"{table}.{field}" if table == "settings" else f"{table}[{index}].{field}"), ""

    def is_broken(self, table: str, index: int, field: str) -> bool:
        return False

    def is_whole(self, table: str, *fields: str) -> bool:
        return True


def check_json_instance(instance: Instance, file: str) -> list[Problem]:
    """Problems of an instance whose shape is right."""
    try:
        law: Law | None = load_law(instance.settings, [s.id for s in instance.subjects if s.own])
        problems: list[Problem] = []
    except PolicyError as error:
        law, problems = None, placed(error, file, "settings", "")
    view = View(instance, names_of(instance, law), DottedPlaces(file), law)
    return problems + list(values_out_of_bounds(view)) + check_instance(view)[0]


def values_out_of_bounds(view: View) -> Iterator[Problem]:
    """What a workbook's cells are held to while they are read: required values, bounds of numbers, names of days, short codes."""
    yield from unprintable_names(view)
    yield from contradictions.twice(view, "duplicate_short", "subjects", "short", (), lambda subject: key(subject.short))
    for sheet in SHEETS[1:]:
        for column in sheet.stored:
            for index, entity in view.rows(sheet.table):
                value = getattr(entity, column.field)
                try:
                    for text in value if isinstance(value, tuple) else (value,):
                        if isinstance(text, str):
                            without_control(column.name, text)
                    if value in ("", ()) and column.required:
                        raise CellFaultError("missing_value", column=column.name)
                    if isinstance(value, int | float):
                        within_bounds(column, value)
                    if column.kind is Kind.DAY and value:
                        parse(column, value)
                except CellFaultError as fault:
                    yield view.problem(fault.kind, sheet.table, index, column.field, **fault.facts)


def unprintable_names(view: View) -> Iterator[Problem]:
    """Texts that are in no column of a sheet: settings, what letters print, and the school's own subjects."""
    settings = view.instance.settings
    texts = [("settings", 0, name, value) for name, value in vars_of(settings)]
    texts += [("settings", 0, f"letterhead.{name}", value) for name, value in settings.letterhead.items()]
    texts += [("subjects", i, name, value) for i, subject in enumerate(view.instance.subjects) for name, value in vars_of(subject)]
    for table, index, name, value in texts:
        try:
            without_control(name, value)
        except CellFaultError as fault:
            yield view.problem(fault.kind, table, index, name, **fault.facts)


def vars_of(entity: object) -> Iterator[tuple[str, str]]:
    """The fields of an entity that hold text."""
    for entry in fields(entity):  # type: ignore[arg-type]
        value = getattr(entity, entry.name)
        if isinstance(value, str):
            yield entry.name, value


def names_of(instance: Instance, law: Law | None) -> Names:
    """The directories of an instance that is already complete."""
    names = Names()
    names.add_schools(instance.schools)
    names.add_ids(Kind.CURRICULUM, (row.curriculum for row in instance.structure))
    names.add_bells(instance.slots)
    names.add_rooms(instance.rooms)
    names.set_fallback(Kind.SUBJECT, find_subject)
    names.set_fallback(Kind.CERTIFICATE, find_certificate)
    names.add_certificates(load_certificates())
    names.add_subjects(load_subjects().values())
    names.add_subjects(instance.subjects)
    names.add_rombels(instance.rombels)
    names.add_teachers(instance.teachers)
    names.add_groups(instance.groups)
    if law is not None:
        names.add_duties(law.policy)
    return names
