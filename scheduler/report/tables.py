"""A plan as plain rows without words or form: what every paper, page and table is made of.

``Tables`` gathers them; ``matrix``, ``loads``, ``weeks`` and ``law`` hold the rows of their sheets, this module those of the Ringkasan.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from scheduler.domain.plan import Level, Plan, Status, Violation
from scheduler.policy.case import Case, NeedKind
from scheduler.report.law import Doubts, LawRow, doubts, used_rows
from scheduler.report.loads import DutyRow, LoadRow, PartnerRow, Standing, VisitRow, duty_rows, load_rows, partner_rows, visit_rows
from scheduler.report.matrix import ClassMatrix, class_matrix
from scheduler.report.names import Names
from scheduler.report.weeks import ClassWeek, MasterBlock, TeacherWeek, bell_of, class_weeks, master_blocks, teacher_weeks


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One school in numbers. ``counted`` teachers are those whose minimum counts: certified, active, no definitive principal with full hours."""

    school: str
    rombels: int
    teachers: int
    counted: int
    met: int
    excepted: int
    below: int
    uncovered_jp: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands on the first sheet. ``placed_jp`` of ``week_jp`` are in the week; ``week_jp`` is 0 where no school has bell times."""

    workload: Status
    timetable: Status
    placed_jp: int
    week_jp: int
    levels: tuple[Level, ...]
    schools: tuple[SchoolRow, ...]
    below: tuple[LoadRow, ...]
    excepted: tuple[LoadRow, ...]
    violations: tuple[Violation, ...]
    weekly_cuts: tuple[Violation, ...]
    priority_proved: bool
    doubts: Doubts


@dataclass(frozen=True)
class Tables:
    """All rows of one plan, each computed once."""

    case: Case
    plan: Plan

    @cached_property
    def names(self) -> Names:
        return Names(self.case, self.plan)

    @cached_property
    def loads(self) -> tuple[LoadRow, ...]:
        return load_rows(self.names)

    @cached_property
    def duties(self) -> tuple[DutyRow, ...]:
        return duty_rows(self.names)

    @cached_property
    def visits(self) -> tuple[VisitRow, ...]:
        return visit_rows(self.names)

    @cached_property
    def partners(self) -> tuple[PartnerRow, ...]:
        return partner_rows(self.names)

    @cached_property
    def law(self) -> tuple[LawRow, ...]:
        return used_rows(self.names)

    @cached_property
    def class_weeks(self) -> tuple[ClassWeek, ...]:
        return class_weeks(self.names)

    @cached_property
    def teacher_weeks(self) -> tuple[TeacherWeek, ...]:
        return teacher_weeks(self.names)

    def matrix(self, npsn: str) -> ClassMatrix:
        return class_matrix(self.names, npsn)

    def master_blocks(self, npsn: str) -> tuple[MasterBlock, ...]:
        return master_blocks(self.names, npsn)

    @cached_property
    def summary(self) -> Summary:
        plan = self.plan
        return Summary(
            workload=plan.status.workload,
            timetable=plan.status.timetable,
            placed_jp=sum(lesson.length for lesson in plan.lessons),
            week_jp=self._week_jp(),
            levels=plan.levels,
            schools=self._school_rows(),
            below=tuple(row for row in self.loads if row.standing is Standing.BELOW),
            excepted=tuple(row for row in self.loads if row.standing is Standing.EXCEPTED),
            violations=plan.violations,
            weekly_cuts=plan.weekly_cuts,
            priority_proved=plan.priority_proved,
            doubts=doubts(self.names),
        )

    def _week_jp(self) -> int:
        """JP that belong into a week: every lesson of a class, and Jam Mitra that somebody teaches, where there are bell times."""
        instance = self.case.instance
        patterns = {slot.pattern for slot in instance.slots}
        bells = {(rombel.school, rombel.name): bell_of(instance, rombel) for rombel in instance.rombels}
        return sum(
            a.jp
            for a in self.plan.assignments
            if a.teacher is not None or self.case.need[a.need].kind is NeedKind.LESSON
            if bells.get((a.school, a.rombels[0] if a.rombels else ""), self.case.schools[a.school].bell) in patterns
        )

    def _school_rows(self) -> tuple[SchoolRow, ...]:
        """Schools with classes or staff in the file, then home schools outside of it."""
        order = dict.fromkeys((*(school.npsn for school in self.names.class_schools), *self.names.staff))
        return tuple(self._school_row(npsn) for npsn in order)

    def _school_row(self, npsn: str) -> SchoolRow:
        own = [row for row in self.loads if row.load.home_school == npsn]
        standings = [row.standing for row in own]
        uncovered = (a for a in self.plan.assignments if a.school == npsn and a.teacher is None)
        return SchoolRow(
            school=npsn,
            rombels=len(self.names.rombels(npsn)),
            teachers=len(own),
            counted=sum(row.load.counted for row in own),
            met=sum(standing in (Standing.MET, Standing.OVER) for standing in standings),
            excepted=standings.count(Standing.EXCEPTED),
            below=standings.count(Standing.BELOW),
            uncovered_jp=sum(a.jp for a in uncovered if self.case.need[a.need].kind is NeedKind.LESSON),
        )
