"""What things are called on paper: schools in their order, short codes of teachers, names of subjects and duties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from scheduler.domain.entities import School, Subject
from scheduler.domain.plan import Plan, TeacherLoad
from scheduler.policy.case import Case
from scheduler.policy.schema import DutyRule


@dataclass(frozen=True)
class Names:
    """The names of one plan's people and places, computed once."""

    case: Case
    plan: Plan

    # --- schools ---------------------------------------------------------------------------------------------------------------------

    @cached_property
    def class_schools(self) -> tuple[School, ...]:
        """Schools with rombels in the file: the Sekolah Utama first, then in the order of the sheet."""
        with_classes = {rombel.school for rombel in self.case.instance.rombels}
        schools = [school for school in self.case.instance.schools if school.npsn in with_classes]
        return tuple(sorted(schools, key=lambda school: school.npsn != self.case.main_school))

    @cached_property
    def own_schools(self) -> tuple[School, ...]:
        """Schools whose papers come first: the Sekolah Utama, or every school in district mode."""
        return tuple(school for school in self.class_schools if not self.case.main_school or school.npsn == self.case.main_school)

    @cached_property
    def partner_schools(self) -> tuple[School, ...]:
        """Schools with classes of their own that are partners of the Sekolah Utama."""
        return tuple(school for school in self.class_schools if school not in self.own_schools)

    def school(self, npsn: str) -> str:
        """The school's name; a school that is not in the file is called as the workbook calls it."""
        return self.case.schools[npsn].name if npsn in self.case.schools else npsn

    def rombels(self, npsn: str) -> tuple[str, ...]:
        return tuple(rombel.name for rombel in self.case.instance.rombels_of(npsn))

    # --- teachers --------------------------------------------------------------------------------------------------------------------

    @cached_property
    def staff(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of the teachers by home school, in the order of the sheet."""
        homes: dict[str, list[str]] = {}
        for teacher in self.case.instance.teachers:
            homes.setdefault(teacher.home, []).append(teacher.code)
        return {npsn: tuple(codes) for npsn, codes in homes.items()}

    @cached_property
    def short_codes(self) -> Mapping[str, str]:
        """Each teacher's code without what all codes of the home school have in common: ``G01`` … ``G15`` become ``01`` … ``15``."""
        return {code: short for codes in self.staff.values() for code, short in zip(codes, shortened(codes), strict=True)}

    def label(self, code: str, npsn: str) -> str:
        """What the timetable of school ``npsn`` calls the teacher: its own staff shortened, visitors by their whole code."""
        return self.short_codes[code] if self.case.teachers[code].home == npsn else code

    @cached_property
    def loads(self) -> Mapping[str, TeacherLoad]:
        return {load.teacher: load for load in self.plan.teachers}

    # --- subjects and duties ---------------------------------------------------------------------------------------------------------

    @cached_property
    def subjects(self) -> Mapping[str, Subject]:
        return {subject.id: subject for subject in self.case.instance.subjects}

    def duty_name(self, rule: DutyRule, lang: str) -> str:
        return rule.name_en if lang == "en" and rule.name_en else rule.name


def shortened(codes: tuple[str, ...]) -> tuple[str, ...]:
    """The codes without their common beginning, if digits and nothing else remain of each."""
    beginning = codes[0].rstrip("0123456789") if len(codes) > 1 else ""
    rests = tuple(code.removeprefix(beginning) for code in codes)
    alike = all(code.startswith(beginning) and rest.isdigit() for code, rest in zip(codes, rests, strict=True))
    return rests if alike else codes
