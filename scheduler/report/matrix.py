"""Pembagian Tugas as rows: who teaches what in which class, one line a teacher and subject, beside the duties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scheduler.domain.entities import Position
from scheduler.domain.plan import Assignment, DutyHolding
from scheduler.policy.case import GUIDANCE, Need, NeedKind
from scheduler.report.names import Names


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """JP of one subject in one class. ``shared``: taught to several classes together or beside a parallel group, so a line counts it once."""

    jp: int
    shared: bool = False


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One subject of one teacher. ``subject`` is "" for hours held at a school outside the file. ``guided`` counts rombels of a guru BK."""

    subject: str
    code: str
    cells: tuple[MatrixCell | None, ...]
    here_jp: int
    elsewhere_jp: int
    guided: int = 0

    @property
    def total_jp(self) -> int:
        return self.here_jp + self.elsewhere_jp


@dataclass(frozen=True, slots=True)
class MatrixTeacher:
    """A teacher's lines, duties and totals. ``post_jtm`` is what the post of a principal gives. ``total`` adds lessons and what duties count."""

    teacher: str
    lines: tuple[MatrixLine, ...]
    duties: tuple[DutyHolding, ...]
    guru_wali_jtm: int
    post_jtm: int
    duty_jtm: int

    @property
    def additional_jtm(self) -> int:
        return self.duty_jtm + self.guru_wali_jtm + self.post_jtm

    @property
    def total(self) -> int:
        return sum(line.total_jp for line in self.lines) + self.additional_jtm


@dataclass(frozen=True, slots=True)
class ClassMatrix:
    """The division of work at one school. ``uncovered`` are subjects nobody teaches; ``class_jp`` is each class's week, as the structure has it."""

    school: str
    rombels: tuple[str, ...]
    teachers: tuple[MatrixTeacher, ...]
    visitors: tuple[MatrixTeacher, ...]
    uncovered: tuple[MatrixLine, ...]
    class_jp: tuple[int, ...]

    @property
    def has_shared_hours(self) -> bool:
        people = (*self.teachers, *self.visitors)
        lines = [*self.uncovered, *(line for person in people for line in person.lines)]
        return any(cell.shared for line in lines for cell in line.cells if cell is not None)


def class_matrix(names: Names, npsn: str) -> ClassMatrix:
    """The division of work at one school: its own staff in the order of the sheet, then visitors, then what nobody teaches."""
    by_teacher: dict[str | None, list[Assignment]] = defaultdict(list)
    for assignment in names.plan.assignments:
        by_teacher[assignment.teacher].append(assignment)
    staff = names.staff.get(npsn, ())
    visiting = [t.code for t in names.case.instance.teachers if t.code not in staff and any(a.school == npsn for a in by_teacher[t.code])]
    uncovered = [a for a in by_teacher[None] if a.school == npsn and names.case.need[a.need].kind is NeedKind.LESSON]
    return ClassMatrix(
        school=npsn,
        rombels=names.rombels(npsn),
        teachers=tuple(matrix_teacher(names, code, npsn, by_teacher[code]) for code in staff),
        visitors=tuple(matrix_teacher(names, code, npsn, by_teacher[code]) for code in visiting),
        uncovered=tuple(matrix_lines(names, "", npsn, uncovered)),
        class_jp=tuple(class_jp(names, npsn, rombel) for rombel in names.rombels(npsn)),
    )


def matrix_teacher(names: Names, code: str, npsn: str, assignments: Sequence[Assignment]) -> MatrixTeacher:
    """A teacher's part of a school's matrix; a visitor is shown with the hours at this school alone."""
    teacher = names.case.teachers[code]
    at_home = teacher.home == npsn
    taught = [a for a in assignments if at_home or a.school == npsn]
    lines = list(matrix_lines(names, code, npsn, taught))
    if at_home and teacher.outside_jtm:
        lines.append(MatrixLine("", "", (None,) * len(names.rombels(npsn)), 0, teacher.outside_jtm))
    load = names.loads[code]
    return MatrixTeacher(
        teacher=code,
        lines=tuple(lines) or (MatrixLine("", "", (None,) * len(names.rombels(npsn)), 0, 0),),
        duties=tuple(d for d in names.plan.duties if d.teacher == code) if at_home else (),
        guru_wali_jtm=load.guru_wali_jtm if at_home else 0,
        post_jtm=names.case.policy.principal_jtm if at_home and teacher.position is Position.PRINCIPAL else 0,
        duty_jtm=load.duty_jtm if at_home else 0,
    )


def matrix_lines(names: Names, code: str, npsn: str, assignments: Iterable[Assignment]) -> Iterable[MatrixLine]:
    """The lines of one teacher (or of nobody, code ""), one a subject, in the order of the subjects in the file."""
    by_subject: dict[str, list[Assignment]] = defaultdict(list)
    for assignment in assignments:
        by_subject[assignment.subject].append(assignment)
    for subject in [s for s in names.subjects if s in by_subject]:
        here = [a for a in by_subject[subject] if a.school == npsn]
        yield MatrixLine(
            subject=subject,
            code=f"{names.subjects[subject].short}-{names.label(code, npsn)}" if code else names.subjects[subject].short,
            cells=tuple(matrix_cell(names, here, rombel) for rombel in names.rombels(npsn)),
            here_jp=sum(a.jp for a in here),
            elsewhere_jp=sum(a.jp for a in by_subject[subject] if a.school != npsn),
            guided=len(by_subject[subject]) if subject == GUIDANCE else 0,
        )


def matrix_cell(names: Names, assignments: Sequence[Assignment], rombel: str) -> MatrixCell | None:
    """What the class has of the assignments; None where it has none of them."""
    here = [a for a in assignments if rombel in a.rombels]
    if not here:
        return None
    return MatrixCell(sum(a.jp for a in here), any(is_shared(names.case.need[a.need]) for a in here))


def is_shared(need: Need) -> bool:
    return len(need.rombels) > 1 or bool(need.parallel)


def class_jp(names: Names, npsn: str, rombel: str) -> int:
    """A class's week in JP, taught or not: parallel groups run at the same time and count once, with their longest."""
    parallel: dict[str, int] = {}
    alone = 0
    for assignment in names.plan.assignments:
        need = names.case.need[assignment.need]
        if assignment.school != npsn or rombel not in assignment.rombels or (need.kind is not NeedKind.LESSON and assignment.teacher is None):
            continue
        if need.parallel:
            parallel[need.parallel] = max(parallel.get(need.parallel, 0), assignment.jp)
        else:
            alone += assignment.jp
    return alone + sum(parallel.values())
