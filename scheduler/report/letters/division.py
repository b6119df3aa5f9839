"""The rows of the annexes: who teaches what, who holds which duty; and their sums against those of the independent checker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scheduler.domain.entities import Rombel
from scheduler.domain.plan import TeacherLoad
from scheduler.errors import CheckerDisagreementError
from scheduler.report.loads import DutyRow
from scheduler.report.matrix import ClassMatrix, MatrixTeacher
from scheduler.report.tables import Tables

WALI_KELAS = "wali_kelas"


@dataclass(frozen=True, slots=True)
class WaliRow:
    """A class and its wali kelas; ``teacher`` is "" where it has none."""

    rombel: Rombel
    teacher: str


@dataclass(frozen=True)
class Division:
    """What a school's decree divides.

    ``matrix`` holds its own staff at work and its visitors, ``duties`` everything but the wali kelas, ``wali`` one row a class, ``guru_wali`` the
    teachers who accompany pupils.
    """

    matrix: ClassMatrix
    duties: tuple[DutyRow, ...]
    wali: tuple[WaliRow, ...]
    guru_wali: tuple[str, ...]

    @property
    def people(self) -> tuple[MatrixTeacher, ...]:
        return (*self.matrix.teachers, *self.matrix.visitors)


def division(tables: Tables, npsn: str) -> Division:
    """The division of work at one school; a teacher who is away and has nothing to do is left out."""
    matrix = tables.matrix(npsn)
    present = tuple(person for person in matrix.teachers if person.teacher in tables.case.active or has_work(person))
    held = {row.unit: row.teacher for row in tables.duties if (row.school, row.rule.id) == (npsn, WALI_KELAS)}
    has_wali = tables.case.policy.duty(WALI_KELAS) is not None
    return Division(
        matrix=ClassMatrix(matrix.school, matrix.rombels, present, matrix.visitors, matrix.uncovered, matrix.class_jp),
        duties=tuple(row for row in tables.duties if row.school == npsn and row.rule.id != WALI_KELAS),
        wali=tuple(WaliRow(rombel, held.get(rombel.name, "")) for rombel in tables.case.instance.rombels_of(npsn)) if has_wali else (),
        guru_wali=tuple(person.teacher for person in present if tables.case.is_guru_wali(person.teacher)),
    )


def has_work(person: MatrixTeacher) -> bool:
    return bool(person.total or person.duties or any(line.subject for line in person.lines))


# --- sums ------------------------------------------------------------------------------------------------------------------------------------


def refuse_wrong_sums(tables: Tables, divisions: Iterable[Division], loads: Iterable[TeacherLoad]) -> None:
    """Every total of the annexes is what the independent checker computes of the plan, and every class has the hours of its structure.

    Raises
    ------
    CheckerDisagreementError
        a sum differs: an error of ours, and nothing is written
    """
    by_code = {load.teacher: load for load in loads}
    wrong = [message for division in divisions for message in (*wrong_teachers(tables, division, by_code), *wrong_classes(tables, division))]
    if wrong:
        raise CheckerDisagreementError(wrong)


def wrong_teachers(tables: Tables, division: Division, loads: Mapping[str, TeacherLoad]) -> Iterator[str]:
    """Home hours, hours elsewhere and duties of the school's own staff; hours here of its visitors."""
    npsn = division.matrix.school
    for person in division.matrix.teachers:
        load = loads[person.teacher]
        sums = {
            "home_jtm": (sum(line.here_jp for line in person.lines), load.home_jtm),
            "partner_jtm": (sum(line.elsewhere_jp for line in person.lines), load.partner_jtm),
            "duty_jtm": (person.duty_jtm, load.duty_jtm),
            "duties": (sum(duty.counted_jtm for duty in person.duties), load.duty_jtm),
            "guru_wali_jtm": (person.guru_wali_jtm, load.guru_wali_jtm),
            "total": (person.total, load.home_jtm + load.partner_jtm + load.duty_jtm + load.guru_wali_jtm + person.post_jtm),
        }
        yield from (f"{npsn} {person.teacher} {name}: {ours} != {checked}" for name, (ours, checked) in sums.items() if ours != checked)
    for person in division.matrix.visitors:
        here = sum(a.jp for a in tables.plan.assignments if a.teacher == person.teacher and a.school == npsn)
        if person.total != here:
            yield f"{npsn} {person.teacher}: {person.total} != {here}"


def wrong_classes(tables: Tables, division: Division) -> Iterator[str]:
    """The foot of a class's column is its structure's sum; teaching groups replace subjects of a class and are left to the checker's own rules."""
    instance, npsn = tables.case.instance, division.matrix.school
    grouped = {rombel for group in instance.groups if group.school == npsn for rombel in group.rombels}
    structure: dict[tuple[str, int], int] = defaultdict(int)
    for row in instance.structure:
        structure[row.curriculum, row.grade] += row.jp
    lines = [*division.matrix.uncovered, *(line for person in division.people for line in person.lines)]
    for column, rombel in enumerate(instance.rombels_of(npsn)):
        if rombel.name in grouped or any(row.school == npsn and row.rombel == rombel.name for row in instance.open_hours):
            continue
        written = sum(cell.jp for line in lines if (cell := line.cells[column]) is not None)
        foot, stated = division.matrix.class_jp[column], structure[rombel.curriculum, rombel.grade]
        if not written == foot == stated:
            yield f"{npsn} {rombel.name}: {written}, {foot} != {stated}"
