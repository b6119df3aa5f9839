"""Analisis kebutuhan guru: hours, teachers and duties of each field at each school, in the form that district offices compare schools by.

The columns are those of the SMP form (hours a class, classes, hours, teachers needed, teachers there, to be reduced, to be added) with those of
the "simulasi kebutuhan" beside them: teachers by name, hours taught, hours of duties (JJTT), both together (JJM kolektif), and hours left over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduler.domain.plan import DutyHolding
from scheduler.policy.case import Need, NeedKind, rounded_need
from scheduler.report.names import Names


@dataclass(frozen=True, slots=True)
class StaffingRow:
    """One field at one school.

    ``jp_by_grade`` holds, for each subject, the JP of one class by grade. ``total_jp`` is Σ JP × rombel of what is recognised; ``needed`` =
    ``total_jp`` / ``divisor_jtm``, rounded as the ruleset says. ``certified`` are the counted teachers of the field whose home is the school;
    ``others`` teach it there too (without a certificate of the field, definitive principals, guests). ``taught_jtm`` and ``duty_jtm`` (guru wali
    included) are those of ``certified``: hours of the field at the school, and what counts of their duties.
    """

    school: str
    family: str
    subjects: tuple[str, ...]
    jp_by_grade: Mapping[str, Mapping[int, int]]
    classes: int
    total_jp: int
    divisor_jtm: int
    needed: int
    certified: tuple[str, ...]
    others: tuple[str, ...]
    taught_jtm: int
    held: tuple[DutyHolding, ...]
    duty_jtm: int

    @property
    def collective_jtm(self) -> int:
        """JJM kolektif: hours taught and hours of duties together."""
        return self.taught_jtm + self.duty_jtm

    @property
    def left_jtm(self) -> int:
        """Sisa jam: hours of the field that its certified teachers do not teach."""
        return self.total_jp - self.taught_jtm

    @property
    def to_reduce(self) -> int:
        return max(0, len(self.certified) - self.needed)

    @property
    def to_add(self) -> int:
        return max(0, self.needed - len(self.certified))


@dataclass(frozen=True, slots=True)
class StaffingSums:
    """The last line. Hours that belong to two fields count once."""

    total_jp: int
    needed: int
    certified: int
    taught_jtm: int
    duty_jtm: int
    to_reduce: int
    to_add: int


@dataclass(frozen=True, slots=True)
class SchoolStaffing:
    school: str
    rombels: int
    rows: tuple[StaffingRow, ...]
    sums: StaffingSums


@dataclass(frozen=True)
class Staffing:
    """The analysis of every school with classes and staff of its own, the Sekolah Utama first."""

    names: Names

    @cached_property
    def schools(self) -> tuple[SchoolStaffing, ...]:
        return tuple(self.school(school.npsn) for school in self.names.class_schools if self.names.staff.get(school.npsn))

    def school(self, npsn: str) -> SchoolStaffing:
        lessons = self.lessons[npsn]
        rows = tuple(self.row(npsn, family, subjects) for family, subjects in self.fields(npsn))
        people = {code for row in rows for code in row.certified}
        sums = StaffingSums(
            total_jp=sum(need.recognised_jp for need in lessons),
            needed=sum(row.needed for row in rows),
            certified=len(people),
            taught_jtm=sum(need.recognised_jp for need in lessons if self.is_of_field(npsn, need)),
            duty_jtm=sum(self.duty_jtm(code) for code in people),
            to_reduce=sum(row.to_reduce for row in rows),
            to_add=sum(row.to_add for row in rows),
        )
        return SchoolStaffing(npsn, len(self.names.rombels(npsn)), rows, sums)

    @cached_property
    def lessons(self) -> Mapping[str, Sequence[Need]]:
        """Class lessons by school, in the order of the sheets."""
        found: dict[str, list[Need]] = defaultdict(list)
        for need in self.names.case.needs:
            if need.kind is NeedKind.LESSON:
                found[need.school].append(need)
        return found

    @cached_property
    def teacher_of(self) -> Mapping[str, str | None]:
        return {assignment.need: assignment.teacher for assignment in self.names.plan.assignments}

    def fields(self, npsn: str) -> Iterable[tuple[str, tuple[str, ...]]]:
        """(family, its subjects taught at the school) in the order of the subjects; a subject of no family that has staff stands alone."""
        case = self.names.case
        families = dict.fromkeys(case.family_of(code) for code in self.names.staff.get(npsn, ()) if code in case.counted)
        staffed = {family: case.family_subjects(family) for family in families if family}
        taught = dict.fromkeys(need.subject for need in self.lessons[npsn])
        seen: set[str] = set()
        for subject in taught:
            own = [family for family, subjects in staffed.items() if subject in subjects]
            for family in own:
                if family not in seen:
                    seen.add(family)
                    yield family, tuple(other for other in taught if other in staffed[family])
            if not own:
                yield "", (subject,)

    def row(self, npsn: str, family: str, subjects: tuple[str, ...]) -> StaffingRow:
        case = self.names.case
        needs = [need for need in self.lessons[npsn] if need.subject in subjects]
        total = sum(need.recognised_jp for need in needs)
        certified = case.certified_of_family(npsn, family) if family else ()
        teaching = dict.fromkeys(self.teacher_of.get(need.id) for need in needs)
        held = tuple(duty for duty in self.names.plan.duties if duty.teacher in certified)
        return StaffingRow(
            school=npsn,
            family=family,
            subjects=subjects,
            jp_by_grade={subject: jp_by_grade(need for need in needs if need.subject == subject) for subject in subjects},
            classes=len({(rombel, need.subject) for need in needs for rombel in need.rombels}),
            total_jp=total,
            divisor_jtm=case.policy.min_jtm,
            needed=rounded_need(total, case.policy.min_jtm, case.policy.need_rounding),
            certified=certified,
            others=tuple(code for code in teaching if code is not None and code not in certified),
            taught_jtm=sum(need.recognised_jp for need in needs if self.teacher_of.get(need.id) in certified),
            held=held,
            duty_jtm=sum(self.duty_jtm(code) for code in certified),
        )

    def duty_jtm(self, code: str) -> int:
        load = self.names.loads.get(code)
        return load.duty_jtm + load.guru_wali_jtm if load else 0

    def is_of_field(self, npsn: str, need: Need) -> bool:
        """Whether a counted teacher of the school teaches the need by the certificate."""
        case, code = self.names.case, self.teacher_of.get(need.id)
        return code is not None and code in case.counted and case.teachers[code].home == npsn and case.is_linear(code, need.subject)


def jp_by_grade(needs: Iterable[Need]) -> Mapping[int, int]:
    """JP of one class by grade; parts of a divided subject are put together again."""
    by_class: dict[tuple[int, tuple[str, ...]], int] = defaultdict(int)
    for need in needs:
        by_class[need.grade, need.rombels] += need.recognised_jp
    return {grade: jp for (grade, _), jp in sorted(by_class.items())}
