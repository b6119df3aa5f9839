"""``population``: a public table of schools as workbooks with an invented staff."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from scheduler.app.exits import Exit
from scheduler.app.outputs import OutputRefusedError, refuse_file, refuse_input
from scheduler.domain.instance import Instance
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.population.build import Part, instance_of, part_of
from scheduler.population.filling import Filled
from scheduler.population.schools import Method, facts_of_schools, notes, read_method, unshared

ONE_FILE = "sekolah.xlsx"
ENDINGS = (".xlsx", ".json")

MOST_IN_ONE_FILE = 500
"""More schools than this in one file take minutes to open in Excel."""

PROGRESS_SECONDS = 2.0


def say_nothing(done: int) -> None:
    """For who does not want to hear how it goes."""


@dataclass(frozen=True, slots=True)
class PopulationWishes:
    """What is asked for. ``method`` is a file of the user's own; ``each`` = one workbook a school; ``tell`` hears every few seconds how far it is."""

    seed: int = 0
    method: Path | None = None
    radius_km: float | None = None
    schools: int | None = None
    scale_to: int | None = None
    repeated: str = "refuse"
    each: bool = False
    tell: Callable[[int], None] = say_nothing


@dataclass(slots=True)
class Made:
    """What was made. ``invented`` counts the schools whose rombel, pupils or teachers the table has not."""

    exit: Exit
    title: str
    note: str
    notes: tuple[Problem, ...]
    out: Path | None = None
    files: int = 0
    schools: int = 0
    rombel: int = 0
    students: int = 0
    teachers: int = 0
    invented: Counter[str] = field(default_factory=Counter)

    def add(self, school: Filled) -> None:
        self.schools += 1
        self.rombel += school.rombel
        self.students += school.students
        self.teachers += school.teachers
        self.invented.update(school.invented)


def make_population(table: Path, out: Path | None, wishes: PopulationWishes) -> Made:
    """Build the schools of ``table``: into one file, or with ``each`` into a folder; without ``out`` they are only counted.

    Raises
    ------
    InputError
        everything wrong with the table or the method, or more schools than one file takes
    OutputRefusedError
        the output exists already, is the table itself, or is neither .xlsx nor .json nor a folder
    OSError
        a file cannot be read or written
    """
    method = method_of(wishes)
    one_file = None if out is None or wishes.each else place_of(out, table)
    if wishes.each and out is not None:
        if out.suffix.lower() in ENDINGS:
            raise InputError([Problem("population.each_needs_folder", sheet="-o")])
        refuse_file(out)
    schools = facts_of_schools(table, method)
    made = Made(Exit.OK, method.stated.title, method.stated.note, notes(table, method))
    if one_file is not None:
        made.out, made.files = one_file, 1
        instance = instance_of(parts_for_one_file(schools, method, made, wishes.tell), method)
        made.notes += tuple(unshared(table, instance))
        write(instance, one_file)
        return made
    if out is not None:
        made.out = out
        for school in facts_of_schools(table, method):
            refuse_existing(out / file_name(school))  # before the first is written
    for school in told(schools, made, wishes.tell):
        if out is not None:
            write(instance_of([part_of(school, method)], method), out / file_name(school))
            made.files += 1
    return made


def method_of(wishes: PopulationWishes) -> Method:
    method = Method(wishes.seed, radius_km=wishes.radius_km, schools=wishes.schools, scale_to=wishes.scale_to, repeated=wishes.repeated)
    return replace(method, stated=read_method(wishes.method)) if wishes.method else method


def place_of(out: Path, table: Path) -> Path:
    """The one file that is written: ``sekolah.xlsx`` within a folder."""
    path = out if out.suffix.lower() in ENDINGS else out / ONE_FILE
    if out.suffix and path != out and not out.is_dir():
        raise InputError([Problem("population.output_kind", sheet="-o", facts={"name": out.name})])
    refuse_input(path, table)
    refuse_existing(path)
    if path != out:
        refuse_file(out)
    return path


def file_name(school: Filled) -> str:
    return f"{school.facts.npsn}.xlsx"


def refuse_existing(path: Path) -> None:
    """Somebody may have filled in the file that is there."""
    if path.exists():
        raise OutputRefusedError("exists", path)


def parts_for_one_file(schools: Iterable[Filled], method: Method, made: Made, tell: Callable[[int], None]) -> list[Part]:
    parts: list[Part] = []
    for school in told(schools, made, tell):
        if made.schools <= MOST_IN_ONE_FILE:
            parts.append(part_of(school, method))
    if made.schools > MOST_IN_ONE_FILE:
        facts: dict[str, str | int] = {"count": made.schools, "most": MOST_IN_ONE_FILE}
        raise InputError([Problem("population.too_many_for_file", sheet="-o", facts=facts)])
    return parts


def told(schools: Iterable[Filled], made: Made, tell: Callable[[int], None]) -> Iterable[Filled]:
    """The schools, counted as they go by."""
    said_at = time.monotonic()
    for school in schools:
        made.add(school)
        yield school
        if time.monotonic() - said_at >= PROGRESS_SECONDS:
            said_at = time.monotonic()
            tell(made.schools)


def write(instance: Instance, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".json":
        from scheduler.formats.json import write_instance

        write_instance(instance, path)
        return
    from scheduler.formats.workbook_writer import write_workbook

    write_workbook(instance, path)
