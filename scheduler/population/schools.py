"""A public table as schools: one Instance a school, streamed, or a whole district in one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from math import hypot
from pathlib import Path
from statistics import median

from scheduler.domain.instance import Instance
from scheduler.domain.problem import Problem, Severity
from scheduler.errors import InputError
from scheduler.population.build import instance_of, part_of
from scheduler.population.drawing import drawn
from scheduler.population.filling import Filled, filled
from scheduler.population.method import Method, read_method
from scheduler.population.table import Facts, Table, TableKind, open_table, schools_of

__all__ = ["Method", "district", "facts_of_schools", "notes", "read_method", "schools", "unshared"]

KM_A_DEGREE = 111.2
"""Near the equator, where Indonesia lies, of latitude and of longitude alike."""


def schools(table: Path, method: Method) -> Iterator[Instance]:
    """The schools of the table one after another, each as a workbook of its own.

    Memory does not grow with their number. A school depends on the seed, the method, its NPSN and its row, on nothing else.

    Raises
    ------
    InputError
        before the first school: everything wrong with the table
    """
    for school in facts_of_schools(table, method):
        yield instance_of([part_of(school, method)], method)


def district(table: Path, method: Method) -> Instance:
    """All schools of the table in one workbook, sharing within the radius, or else within the kecamatan."""
    return instance_of([part_of(school, method) for school in facts_of_schools(table, method)], method)


def facts_of_schools(path: Path, method: Method) -> Iterator[Filled]:
    """The schools with all their numbers. Everything wrong with the table is raised before the first."""
    table = open_table(path)
    if table.kind is TableKind.SCHOOLS:
        refuse_faults(table, method)
    return (filled(facts, method) for facts in islice(rows_of(table, method), method.schools))


def rows_of(table: Table, method: Method) -> Iterator[Facts]:
    if table.kind is TableKind.SCHOOLS and method.scale_to is None:
        return schools_of(table, method.repeated, renaming(method), Ignored())
    return drawn(table, method, renaming(method))


class Ignored(list[Problem]):
    """Problems that were raised before and are not kept a second time."""

    def append(self, problem: Problem, /) -> None:
        """Keep nothing."""


def renaming(method: Method) -> Callable[[str, int], str]:
    return lambda name, times: method.stated.words.repeated_school.format(name=name, number=times)


def refuse_faults(table: Table, method: Method) -> None:
    """Read the table once, keeping no row."""
    problems: list[Problem] = []
    count = sum(1 for _ in schools_of(table, method.repeated, renaming(method), problems))
    wrong = [problem for problem in problems if problem.severity is Severity.ERROR]
    if not wrong and not count:
        wrong.append(table.problem("no_schools"))
    if wrong:
        raise InputError(wrong)


# --- notes -----------------------------------------------------------------------------------------------------------------------------------


def notes(path: Path, method: Method) -> tuple[Problem, ...]:
    """What a reader should know of the table: columns and rows left out, numbers that the method fills, coordinates that cannot be right."""
    table = open_table(path)
    found: list[Problem] = []
    if table.unused:
        found.append(table.note("columns_unused", columns=", ".join(table.unused)))
    if table.kind is TableKind.SCHOOLS:
        problems: list[Problem] = []
        rows = list(schools_of(table, method.repeated, renaming(method), problems))
        found += [problem for problem in problems if problem.severity is Severity.NOTE]
        if method.scale_to is None:
            found += same_place(table, rows)
            found += far_places(table, rows, method.number("far_km"))
    return tuple(found)


def unshared(path: Path, instance: Instance) -> Iterator[Problem]:
    """How many schools of a workbook can share nobody, because the table does not say where they are."""
    if len(instance.schools) == 1:
        return
    by_radius = instance.settings.sharing_radius_km is not None
    count = sum(school.latitude is None if by_radius else not school.kecamatan for school in instance.schools)
    if count:
        kind = "population.without_coordinates" if by_radius else "population.without_kecamatan"
        yield Problem(kind, path.name, facts={"count": count, "total": len(instance.schools)}, severity=Severity.NOTE)


def same_place(table: Table, rows: Iterable[Facts]) -> Iterator[Problem]:
    """Two schools at the very same coordinates: one of them was filled in for the other."""
    there: dict[tuple[float, float], Facts] = {}
    for row in rows:
        if row.latitude is None or row.longitude is None:
            continue
        place = row.latitude, row.longitude
        if place in there:
            other = there[place]
            yield table.note("same_place", npsn=row.npsn, name=row.name, other_npsn=other.npsn, other=other.name)
        else:
            there[place] = row


def far_places(table: Table, rows: Iterable[Facts], far_km: float) -> Iterator[Problem]:
    """Schools farther than ``far_km`` from the middle (median) of the schools of their own kecamatan."""
    by_kecamatan: dict[str, list[tuple[Facts, float, float]]] = defaultdict(list)
    for row in rows:
        if row.kecamatan and row.latitude is not None and row.longitude is not None:
            by_kecamatan[row.kecamatan].append((row, row.latitude, row.longitude))
    for kecamatan, placed in by_kecamatan.items():
        middle = median(latitude for _, latitude, _ in placed), median(longitude for _, _, longitude in placed)
        for row, latitude, longitude in placed:
            km = hypot(latitude - middle[0], longitude - middle[1]) * KM_A_DEGREE
            if km > far_km:
                yield table.note("far_place", npsn=row.npsn, name=row.name, kecamatan=kecamatan, km=round(km))
