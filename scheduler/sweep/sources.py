"""The schools of an experiment one by one, and its runs in their fixed order, made only when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from scheduler.domain.entities import DutySetting
from scheduler.domain.instance import Instance
from scheduler.sweep.run import Limits, Task
from scheduler.sweep.scenarios import Scenario


@dataclass(frozen=True, slots=True)
class Unit:
    """What one scenario is put to: a whole file, or one school. ``school`` is the NPSN of a school planned alone, else ""."""

    source: str
    school: str
    instance: Instance
    province: str = ""


Units = Callable[[], Iterable[Unit]]
"""Gives all units from the start, in the same order each time."""


def tasks(units: Iterable[Unit], scenarios: tuple[Scenario, ...], limits: Limits, seed: int, done: Collection[int]) -> Iterator[Task]:
    """The runs that are not done yet: unit by unit, scenario by scenario; the place in this order is a run's number."""
    for place, unit in enumerate(units):
        for index, scenario in enumerate(scenarios):
            number = place * len(scenarios) + index
            if number not in done:
                yield Task(number, unit.source, unit.school, unit.province, unit.instance, scenario, limits, seed)


def schools_alone(instance: Instance) -> Iterator[tuple[str, Instance]]:
    """Every school of the file that has rombels and staff, alone, with its NPSN."""
    staffed = {teacher.home for teacher in instance.teachers}
    taught = {rombel.school for rombel in instance.rombels}
    for school in instance.schools:
        if school.npsn in staffed & taught:
            yield school.npsn, school_alone(instance, school.npsn)


def school_alone(instance: Instance, npsn: str) -> Instance:
    """The school with its own staff only: nobody comes from elsewhere and nobody goes, whatever the file says of other schools."""
    staff = {teacher.code for teacher in instance.teachers if teacher.home == npsn}
    return replace(
        instance,
        settings=replace(instance.settings, main_school=npsn),
        schools=tuple(replace(school, partner=False) for school in instance.schools if school.npsn == npsn),
        rombels=instance.rombels_of(npsn),
        teachers=tuple(teacher for teacher in instance.teachers if teacher.code in staff),
        duties=tuple(among(row, staff) for row in instance.duties if row.school == npsn),
        extracurriculars=tuple(
            replace(club, leader=club.leader if club.leader in staff else "") for club in instance.extracurriculars if club.school == npsn
        ),
        open_hours=(),
        distances=(),
        assignments=tuple(row for row in instance.assignments if row.school == npsn and row.teacher in staff),
        groups=tuple(group for group in instance.groups if group.school == npsn),
        rooms=tuple(room for room in instance.rooms if room.school == npsn),
        availability=tuple(row for row in instance.availability if row.teacher in staff),
        week_rules=(),
    )


def among(row: DutySetting, staff: Collection[str]) -> DutySetting:
    """A row of Tugas Tambahan as far as it names these teachers."""
    return replace(
        row,
        holders=tuple(code for code in row.holders if code in staff),
        candidates=tuple(code for code in row.candidates if code in staff),
    )
