"""An instance seen under the law: the needs, who may teach them, and the duty units that exist.

``Case`` is what the checker, the precheck, the models and the reports share. It holds facts that follow from the files by look-up and
multiplication; every rule that weighs hours stands in ``verify`` (as the specification) and again in the models.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from math import asin, cos, radians, sin, sqrt

from scheduler.domain.entities import (
    AssignmentKind,
    AssignmentRow,
    Group,
    Position,
    Presence,
    School,
    SlotKind,
    StructureRow,
    Teacher,
)
from scheduler.domain.instance import DAYS, Instance
from scheduler.policy.schema import CounsellorUnit, DutyHolding, DutyKind, DutyRule, DutyUnitKind, Law, NeedRounding, Policy

GUIDANCE = "bimbingan_konseling"
"""Subject id of BK: needs of 0 JP, one a rombel."""

EARTH_RADIUS_KM = 6371.0


class NeedKind(StrEnum):
    LESSON = "lesson"
    OPEN_HOURS = "open_hours"
    """A row of Jam Mitra: a class of a partner school of which no more is known."""
    GUIDANCE = "guidance"
    """A rombel to be guided by a guru BK; 0 JP, not in the week."""


@dataclass(frozen=True, slots=True)
class Need:
    """One subject of one rombel or group, taught by one teacher.

    ``jp`` is timetabled and counts against the 40; ``recognised_jp`` is what a linear teacher may count. ``required`` needs count as uncovered
    when nobody teaches them. ``locked`` is the teacher of a Kunci, ``former`` the teacher of last semester. ``students`` is the rombel's number.
    ``dinas`` are visitors the Dinas has assigned to it. ``parallel`` needs (religion groups) share one start: the key is common to them.
    """

    id: str
    school: str
    rombels: tuple[str, ...]
    subject: str
    jp: int
    recognised_jp: int
    grade: int
    blocks: tuple[int, ...]
    kind: NeedKind = NeedKind.LESSON
    required: bool = True
    locked: str = ""
    former: str = ""
    forbidden: frozenset[str] = frozenset()
    dinas: frozenset[str] = frozenset()
    students: int = 0
    parallel: str = ""


@dataclass(frozen=True, slots=True)
class DutyPost:
    """A duty at a school: its units (in order), how many must and may have holders, and who.

    ``quota`` is how many holders the ruleset recognises there: units beyond it count 0. ``pinned`` is (unit, teacher); unit "" = any unit.
    ``unrecognised`` units are held by a pin but never count (an ekskul with too few students).
    """

    school: str
    rule: DutyRule
    units: tuple[str, ...]
    minimum: int
    maximum: int
    quota: int
    candidates: frozenset[str] | None
    pinned: tuple[tuple[str, str], ...]
    unrecognised: frozenset[str] = frozenset()

    @property
    def duty(self) -> str:
        return self.rule.id


@dataclass(frozen=True)
class Case:
    """Instance and law together. Derived facts are computed once and kept."""

    instance: Instance
    law: Law

    @property
    def policy(self) -> Policy:
        return self.law.policy

    # --- schools -------------------------------------------------------------------------------------------------------------------

    @cached_property
    def schools(self) -> Mapping[str, School]:
        return {school.npsn: school for school in self.instance.schools}

    @property
    def main_school(self) -> str:
        """The NPSN of the Sekolah Utama, or "" in district mode."""
        return self.instance.settings.main_school

    @cached_property
    def _stated_ways(self) -> Mapping[frozenset[str], tuple[float | None, int | None]]:
        """(km, minutes) of the rows of Jarak by their two schools; of several rows for one pair the first that states it."""
        found: dict[frozenset[str], tuple[float | None, int | None]] = {}
        for row in self.instance.distances:
            pair = frozenset((row.origin, row.destination))
            km, minutes = found.get(pair, (None, None))
            found[pair] = (row.km if km is None else km, row.minutes if minutes is None else minutes)
        return found

    def distance_km(self, origin: str, destination: str) -> float | None:
        """Stated distance, else the straight line between the coordinates, else None."""
        km, _ = self._stated_ways.get(frozenset((origin, destination)), (None, None))
        if km is not None:
            return km
        first, second = self.schools.get(origin), self.schools.get(destination)
        if first is None or second is None or None in (first.latitude, first.longitude, second.latitude, second.longitude):
            return None
        return haversine_km(first, second)

    def travel_minutes(self, origin: str, destination: str) -> int | None:
        """Stated travel time in minutes, else None."""
        _, minutes = self._stated_ways.get(frozenset((origin, destination)), (None, None))
        return minutes

    def travel_cost(self, origin: str, destination: str) -> int:
        """What a visit adds to level ``travel``: minutes where given, else whole km, else 0."""
        minutes = self.travel_minutes(origin, destination)
        if minutes is not None:
            return minutes
        km = self.distance_km(origin, destination)
        return 0 if km is None else round(km)

    def in_reach(self, origin: str, destination: str) -> bool:
        """Whether staff may be shared between two schools.

        One-school mode: whenever one of them is the Sekolah Utama. District mode: inside the stated radius or kecamatan; where neither is
        stated, along the rows of Jarak. A home school outside the file reaches every school (its teacher was entered to be shared in).
        """
        if origin not in self.schools:
            return True
        if self.main_school:
            return self.main_school in (origin, destination)
        settings = self.instance.settings
        first, second = self.schools[origin], self.schools[destination]
        if settings.share_within_kecamatan and first.kecamatan and first.kecamatan == second.kecamatan:
            return True
        if settings.sharing_radius_km is not None:
            km = self.distance_km(origin, destination)
            return km is not None and km <= settings.sharing_radius_km
        if settings.share_within_kecamatan:
            return False
        return frozenset((origin, destination)) in self._stated_ways

    def same_zone(self, origin: str, destination: str) -> bool:
        """Zone of 15/2018, read as kecamatan. A school outside the file is taken to be in the zone."""
        if origin not in self.schools or destination not in self.schools:
            return True
        return self.schools[origin].kecamatan == self.schools[destination].kecamatan

    # --- teachers ------------------------------------------------------------------------------------------------------------------

    @cached_property
    def teachers(self) -> Mapping[str, Teacher]:
        return {teacher.code: teacher for teacher in self.instance.teachers}

    @cached_property
    def by_priority(self) -> tuple[str, ...]:
        """Codes in the order of Prioritas, then of the sheet."""
        order = {teacher.code: index for index, teacher in enumerate(self.instance.teachers)}
        return tuple(sorted(order, key=lambda code: (rank(self.teachers[code].priority), order[code])))

    @cached_property
    def active(self) -> frozenset[str]:
        """Codes of the teachers who work at the start of the plan."""
        start = self.instance.settings.start_date
        return frozenset(t.code for t in self.instance.teachers if is_present(t, start))

    def age(self, teacher: Teacher) -> int | None:
        """Age in years at the start date; None where nothing is known."""
        start = self.instance.settings.start_date
        if teacher.birth_date is not None and start is not None:
            before_birthday = (start.month, start.day) < (teacher.birth_date.month, teacher.birth_date.day)
            return start.year - teacher.birth_date.year - before_birthday
        return teacher.age

    @cached_property
    def counted(self) -> frozenset[str]:
        """Codes of the teachers whose minimum counts: certified, active, below the retirement age, no definitive principal with full hours."""
        return frozenset(code for code in self.active if self._is_counted(self.teachers[code]))

    def _is_counted(self, teacher: Teacher) -> bool:
        if teacher.certificate is None:
            return False
        age = self.age(teacher)
        if age is not None and age >= self.policy.retirement_age:
            return False
        return not (teacher.position is Position.PRINCIPAL and self.policy.principal_min_real_jtm == 0)

    def is_counsellor(self, code: str) -> bool:
        return self.teachers[code].position is Position.COUNSELLOR

    def is_guru_wali(self, code: str) -> bool:
        """Every active guru mapel is guru wali; neither the principal nor guru BK."""
        position = self.teachers[code].position
        return self.policy.guru_wali_jtm > 0 and code in self.active and position in (Position.SUBJECT_TEACHER, Position.ACTING_PRINCIPAL)

    def max_jp(self, code: str) -> int:
        """Most JP of this plan the teacher may teach: the ruleset's (less what is held outside) or JP Maks if smaller."""
        teacher = self.teachers[code]
        legal = max(0, self.policy.max_jtm - teacher.outside_jtm)
        return legal if teacher.max_jp is None else min(legal, teacher.max_jp)

    def family_of(self, code: str) -> str:
        """Family of the teacher's certificate, "" without one."""
        certificate = self.teachers[code].certificate
        known = self.law.certificates.get(certificate) if certificate else None
        return known.family if known else (certificate or "")

    # --- who may teach ---------------------------------------------------------------------------------------------------------------

    @cached_property
    def linear_pairs(self) -> frozenset[tuple[str, str]]:
        """(certificate, subject) pairs in force."""
        return self.law.linearity.pairs()

    def is_linear(self, code: str, subject: str) -> bool:
        certificate = self.teachers[code].certificate
        return certificate is not None and (certificate, subject) in self.linear_pairs

    def may_teach(self, code: str, need: Need) -> bool:
        """Whether the pair exists at all (rules ``qualified_teacher``, ``active_teacher``, ``forbidden_assignment``, ``partner_visit``)."""
        teacher = self.teachers[code]
        if code not in self.active or code in need.forbidden:
            return False
        if need.kind is NeedKind.GUIDANCE and not self.is_counsellor(code):
            return False
        linear = self.is_linear(code, need.subject)
        if need.locked == code:
            return True
        if teacher.home == need.school:
            return linear or need.subject in teacher.may_teach
        return linear and self.may_visit(code, need.school)

    def may_visit(self, code: str, npsn: str) -> bool:
        """Whether the teacher may be sent to a school that is not the home school (rule ``partner_visit``)."""
        teacher = self.teachers[code]
        if teacher.home == npsn or not teacher.willing or teacher.position is Position.PRINCIPAL:
            return False
        if self.policy.outside_max_jtm == 0 or not self.in_reach(teacher.home, npsn):
            return False
        return not self.policy.outside_same_zone or self.same_zone(teacher.home, npsn)

    def nonlinear_jp(self, code: str, need: Need) -> int:
        """JP of the need that count in level ``nonlinear_jp``: a certified teacher outside the certificate."""
        return need.jp if self.teachers[code].certificate is not None and not self.is_linear(code, need.subject) else 0

    # --- needs ---------------------------------------------------------------------------------------------------------------------

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """All needs, in the order of the sheets: rombels, then groups, then Jam Mitra, then BK."""
        return tuple(NeedBuilder(self).build())

    @cached_property
    def need(self) -> Mapping[str, Need]:
        return {need.id: need for need in self.needs}

    def eligible(self, need: Need) -> tuple[str, ...]:
        """Codes of the teachers who may teach the need, in the order of the sheet; the locked one alone where there is one."""
        if need.locked:
            return (need.locked,) if self.may_teach(need.locked, need) else ()
        return tuple(t.code for t in self.instance.teachers if self.may_teach(t.code, need))

    def guidance_weight(self, need: Need) -> int:
        """What a guided rombel counts: 1, or its pupils where the ruleset counts pupils."""
        if need.kind is not NeedKind.GUIDANCE:
            return 0
        return need.students if self.policy.bk_unit is CounsellorUnit.STUDENTS else 1

    def computed_need(self, npsn: str, family: str) -> tuple[int, int, int]:
        """(ΣJP, divisor, teachers needed) of a family's subjects at a school, rounded as the ruleset says (ps. 20 (1) b)."""
        jp = self._family_jp.get((npsn, family), 0)
        return jp, self.policy.min_jtm, rounded_need(jp, self.policy.min_jtm, self.policy.need_rounding)

    @cached_property
    def _family_jp(self) -> Mapping[tuple[str, str], int]:
        """Recognised JP of the lessons of each school by family; a subject may belong to several families."""
        families = {c.family for c in self.law.certificates.values()}
        families_of = defaultdict(list)
        for family in sorted(families):
            for subject in self.family_subjects(family):
                families_of[subject].append(family)
        jp: dict[tuple[str, str], int] = defaultdict(int)
        for need in self.needs:
            if need.kind is NeedKind.LESSON:
                for family in families_of[need.subject]:
                    jp[need.school, family] += need.recognised_jp
        return jp

    def family_subjects(self, family: str) -> frozenset[str]:
        members = {c.id for c in self.law.certificates.values() if c.family == family}
        return frozenset(subject for certificate, subject in self.linear_pairs if certificate in members)

    def certified_of_family(self, npsn: str, family: str) -> tuple[str, ...]:
        """Counted teachers of the family at the school, in the order of the sheet."""
        return self._certified_by_family.get((npsn, family), ())

    @cached_property
    def _certified_by_family(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for teacher in self.instance.teachers:
            if teacher.code in self.counted:
                key = (teacher.home, self.family_of(teacher.code))
                found[key] = (*found.get(key, ()), teacher.code)
        return found

    def has_surplus(self, code: str) -> bool:
        """Whether the home school has more certified teachers of this teacher's family than the computed need."""
        home, family = self.teachers[code].home, self.family_of(code)
        return len(self.certified_of_family(home, family)) > self.computed_need(home, family)[2]

    # --- duties --------------------------------------------------------------------------------------------------------------------

    @cached_property
    def duty_posts(self) -> tuple[DutyPost, ...]:
        """Duties that may be handed out or are held, school by school in the ruleset's order."""
        staffed = {t.home for t in self.instance.teachers}
        return tuple(
            post
            for school in self.instance.schools
            if school.npsn in staffed
            for rule in self.policy.duties
            if (post := self._duty_post(school, rule)) is not None
        )

    def _duty_post(self, school: School, rule: DutyRule) -> DutyPost | None:
        if rule.school_levels and school.level not in rule.school_levels:
            return None
        rows = [row for row in self.instance.duties if row.school == school.npsn and row.duty == rule.id]
        pinned = tuple((row.unit, holder) for row in rows for holder in row.holders)
        leaders = self._ekskul_leaders(school, rule)
        pinned += tuple(pair for pair in leaders if pair not in pinned)
        if rule.holding is DutyHolding.PERSONAL:
            numbered = tuple((f"{index + 1}", holder) for index, (_, holder) in enumerate(pinned))
            units = tuple(unit for unit, _ in numbered)
            return DutyPost(school.npsn, rule, units, len(units), len(units), len(units), None, numbered) if units else None
        recognised = self.duty_units(school, rule)
        quota = len(recognised)
        # A pin may name what the ruleset does not recognise (an ekskul with too few students): such a unit exists after the recognised ones.
        unrecognised = tuple(dict.fromkeys(unit for unit, _ in pinned if unit and unit not in recognised))
        pinned = tuple(sorted(pinned, key=lambda pair: pair[0] in unrecognised))
        units = recognised + unrecognised
        stated_maximum = first_stated(row.maximum for row in rows)
        maximum = max(len(units), len(pinned)) if stated_maximum is None else stated_maximum
        units += tuple(f"+{index + 1}" for index in range(maximum - len(units)))
        stated_minimum = first_stated(row.minimum for row in rows)
        default_minimum = min(quota, maximum) if rule.required else 0
        minimum = max(default_minimum if stated_minimum is None else stated_minimum, len(pinned))
        candidates = frozenset(code for row in rows for code in row.candidates)
        if maximum == 0 and minimum == 0:
            return None
        return DutyPost(school.npsn, rule, units, minimum, maximum, quota, candidates or None, pinned, frozenset(unrecognised))

    def _ekskul_leaders(self, school: School, rule: DutyRule) -> tuple[tuple[str, str], ...]:
        if rule.unit is not DutyUnitKind.EKSKUL:
            return ()
        return tuple((e.name, e.leader) for e in self.instance.extracurriculars if e.school == school.npsn and e.leader)

    def duty_units(self, school: School, rule: DutyRule) -> tuple[str, ...]:
        """Names of the units that the ruleset recognises at the school: rombels, ekskul, ``Senin``, or ``1``, ``2`` … for the school itself."""
        rombels = self.instance.rombels_of(school.npsn)
        if rule.unit is DutyUnitKind.ROMBEL:
            return tuple(rombel.name for rombel in rombels)
        if rule.unit is DutyUnitKind.EKSKUL:
            clubs = [e for e in self.instance.extracurriculars if e.school == school.npsn]
            return tuple(e.name for e in clubs if rule.min_students is None or e.students is None or e.students >= rule.min_students)
        if rule.unit is DutyUnitKind.WEEKDAY:
            return tuple(f"{day} {index + 1}" for day in self.school_days(school.npsn) for index in range(self._count(rule, len(rombels))))
        count = self._count(rule, len(rombels))
        if rule.unit is DutyUnitKind.LIBRARY:
            count = min(count, int(school.has_library))
        if rule.unit is DutyUnitKind.LABORATORY:
            count = min(count, school.laboratories)
        return tuple(str(index + 1) for index in range(count))

    @staticmethod
    def _count(rule: DutyRule, rombels: int) -> int:
        if not rule.by_rombel:
            return rule.per_unit
        return next((s.count for s in rule.by_rombel if s.least <= rombels and (s.most is None or rombels <= s.most)), 0)

    def school_days(self, npsn: str) -> tuple[str, ...]:
        """Days with lessons at the school, by its bell pattern; Senin-Jumat where the workbook has no Waktu for it."""
        patterns = {self.schools[npsn].bell} | {r.bell for r in self.instance.rombels_of(npsn) if r.bell}
        days = {slot.day for slot in self.instance.slots if slot.pattern in patterns and slot.kind is SlotKind.LESSON}
        return tuple(day for day in DAYS if day in days) or DAYS[:5]

    def may_hold(self, code: str, post: DutyPost) -> bool:
        """Whether the teacher may be given a unit (rules ``duty_at_home``, ``duty_candidates``, ``personal_duty``, ``active_teacher``)."""
        teacher = self.teachers[code]
        if code in {holder for _, holder in post.pinned}:
            return True
        if post.rule.holding is DutyHolding.PERSONAL or code not in self.active or teacher.home != post.school:
            return False
        if teacher.position is Position.PRINCIPAL:
            return False
        if teacher.position is Position.ACTING_PRINCIPAL and post.rule.kind is DutyKind.TTU:
            return False
        return post.candidates is None or code in post.candidates


class NeedBuilder:
    """Turns structure, groups, Penugasan and Jam Mitra into needs, in a stable order."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.instance = case.instance
        self.rows: Mapping[tuple[str, int], list[StructureRow]] = self._structure_by_class()
        self.assignments: Mapping[tuple[str, str, str], list[AssignmentRow]] = self._assignments_by_need()
        self.short = {subject.id: subject.short for subject in self.instance.subjects}
        self.religion = {subject.id: subject.religion for subject in self.instance.subjects}

    def _structure_by_class(self) -> dict[tuple[str, int], list[StructureRow]]:
        rows = defaultdict(list)
        for row in self.instance.structure:
            rows[row.curriculum, row.grade].append(row)
        return rows

    def _assignments_by_need(self) -> dict[tuple[str, str, str], list[AssignmentRow]]:
        rows = defaultdict(list)
        for row in self.instance.assignments:
            rows[row.school, row.rombel, row.subject].append(row)
        return rows

    def build(self) -> Iterable[Need]:
        for rombel in self.instance.rombels:
            replaced = self._replaced_subjects(rombel.school, rombel.name)
            for row in self.rows[rombel.curriculum, rombel.grade]:
                if row.subject not in replaced and row.jp > 0:
                    base = Need(
                        id=f"{rombel.id}/{self.short[row.subject]}",
                        school=rombel.school,
                        rombels=(rombel.name,),
                        subject=row.subject,
                        jp=row.jp,
                        recognised_jp=self.recognised_jp(row),
                        grade=rombel.grade,
                        blocks=row.blocks or default_blocks(row.jp),
                        required=row.must_be_covered,
                        students=rombel.students or 0,
                    )
                    yield from self._with_assignments(base, self.assignments[rombel.school, rombel.name, row.subject])
        yield from self._group_needs()
        yield from self._open_hours()
        yield from self._guidance()

    def recognised_jp(self, row: StructureRow) -> int:
        """Hours of a structure row that count: kokurikuler by ruleset and switch, cut at the curriculum's own total."""
        counts_koku = self.case.policy.count_kokurikuler and self.instance.settings.count_kokurikuler
        jp = row.intra_jp + (row.koku_jp if counts_koku else 0)
        if self.case.policy.structure_cap and row.structure_max_jp is not None:
            return min(jp, row.structure_max_jp)
        return jp

    def _replaced_subjects(self, npsn: str, rombel: str) -> set[str]:
        """Subjects of a rombel that groups teach: the group's own, and with a religion group every religion subject."""
        replaced = {g.subject for g in self.instance.groups if g.school == npsn and rombel in g.rombels}
        if any(self.religion.get(subject) for subject in replaced):
            replaced |= {subject for subject, religion in self.religion.items() if religion}
        return replaced

    def _with_assignments(self, base: Need, rows: list[AssignmentRow]) -> Iterable[Need]:
        """The need with its Kunci, Larang, Semester Lalu and Dinas; split into parts where Kunci rows have their own JP."""
        forbidden = frozenset(r.teacher for r in rows if r.kind is AssignmentKind.FORBID)
        dinas = frozenset(r.teacher for r in rows if r.kind is AssignmentKind.DINAS)
        former = next((r.teacher for r in rows if r.kind is AssignmentKind.FORMER), "")
        locks = [r for r in rows if r.kind is AssignmentKind.LOCK]
        base = replace(base, forbidden=forbidden, dinas=dinas, former=former)
        parts = [r for r in locks if r.jp is not None and r.jp < base.jp]
        if not parts:
            yield replace(base, locked=locks[0].teacher if locks else "")
            return
        counts = self.case.policy.split_hours_recognised
        left = base.jp
        for index, row in enumerate(parts):
            jp = min(row.jp or 0, left)
            left -= jp
            yield self._part(base, index, jp, row.teacher, counts)
        if left > 0:
            yield self._part(base, len(parts), left, "", counts)

    @staticmethod
    def _part(base: Need, index: int, jp: int, teacher: str, counts: bool) -> Need:
        return replace(
            base,
            id=f"{base.id}#{index + 1}",
            jp=jp,
            recognised_jp=min(jp, base.recognised_jp) if counts else 0,
            blocks=default_blocks(jp),
            locked=teacher,
        )

    def _group_needs(self) -> Iterable[Need]:
        grades = {rombel.id: rombel for rombel in self.instance.rombels}
        for group in self.instance.groups:
            first = grades[f"{group.school}/{group.rombels[0]}"]
            row = self._row_of(group, self.rows[first.curriculum, first.grade])
            cap = None if row is None else self.recognised_jp(row)
            base = Need(
                id=f"{group.school}/{group.code}/{self.short[group.subject]}",
                school=group.school,
                rombels=group.rombels,
                subject=group.subject,
                jp=group.jp,
                recognised_jp=group.jp if cap is None else min(group.jp, cap),
                grade=first.grade,
                blocks=row.blocks if row is not None and row.blocks and sum(row.blocks) == group.jp else default_blocks(group.jp),
                students=0,
                parallel=self._parallel_key(group),
            )
            rows = [r for name in (group.code, *group.rombels) for r in self.assignments[group.school, name, group.subject]]
            yield from self._with_assignments(base, rows)

    def _row_of(self, group: Group, rows: list[StructureRow]) -> StructureRow | None:
        """The structure row that a group teaches: its own subject's, else that of a group beside it (one religion stands for all)."""
        key = self._parallel_key(group)
        beside = [g.subject for g in self.instance.groups if key and self._parallel_key(g) == key]
        return next((row for subject in (group.subject, *beside) for row in rows if row.subject == subject), None)

    def _parallel_key(self, group: Group) -> str:
        """Common key of all groups that are linked to this one by Serentak Dengan, "" for a group that stands alone."""
        linked, grown = {group.code}, True
        peers = [g for g in self.instance.groups if g.school == group.school and g.parallel]
        while grown:
            more = {code for g in peers for code in (g.code, g.parallel) if {g.code, g.parallel} & linked}
            grown = not more <= linked
            linked |= more
        return f"{group.school}/{min(linked)}" if len(linked) > 1 else ""

    def _open_hours(self) -> Iterable[Need]:
        grades = {rombel.id: rombel.grade for rombel in self.instance.rombels}
        for row in self.instance.open_hours:
            base = Need(
                id=f"{row.school}/mitra{row.row}/{self.short[row.subject]}",
                school=row.school,
                rombels=(row.rombel,) if row.rombel else (),
                subject=row.subject,
                jp=row.jp,
                recognised_jp=row.jp,
                grade=grades.get(f"{row.school}/{row.rombel}", 0),
                blocks=default_blocks(row.jp),
                kind=NeedKind.OPEN_HOURS,
                required=False,
            )
            yield from self._with_assignments(base, self.assignments[row.school, row.rombel, row.subject] if row.rombel else [])

    def _guidance(self) -> Iterable[Need]:
        if not any(teacher.position is Position.COUNSELLOR for teacher in self.instance.teachers):
            return
        for rombel in self.instance.rombels:
            base = Need(
                id=f"{rombel.id}/BK",
                school=rombel.school,
                rombels=(rombel.name,),
                subject=GUIDANCE,
                jp=0,
                recognised_jp=0,
                grade=rombel.grade,
                blocks=(),
                kind=NeedKind.GUIDANCE,
                required=False,
                students=rombel.students or 0,
            )
            yield from self._with_assignments(base, self.assignments[rombel.school, rombel.name, GUIDANCE])


def default_blocks(jp: int) -> tuple[int, ...]:
    """Lessons of two JP, and one of the odd JP: 5 → 2+2+1."""
    return (2,) * (jp // 2) + (1,) * (jp % 2)


def rank(priority: int | None) -> int:
    """Sort key of Prioritas: those without one come after all with one."""
    return 1_000_000 if priority is None else priority


def first_stated(values: Iterable[int | None]) -> int | None:
    return next((value for value in values if value is not None), None)


def is_present(teacher: Teacher, start: date | None) -> bool:
    """Whether the teacher works at the start date.

    Active teachers do, until a stated ``Sejak`` that has come; others do not, unless their absence has ended (``Sampai`` before the start) or
    not begun (``Sejak`` after it).
    """
    if teacher.presence is Presence.ACTIVE:
        return True
    if start is None:
        return False
    if teacher.presence_since is not None and teacher.presence_since > start:
        return True
    return teacher.presence_until is not None and teacher.presence_until < start


def rounded_need(jp: int, hours: int, rounding: NeedRounding) -> int:
    """Teachers needed for ``jp`` hours at ``hours`` each.

    SKB 5 Menteri 2011: below one whole teacher 1; up to 1.66 still 1; 1.67-1.99 case by case, taken as 2; from 2 on rounded down.
    """
    if jp <= 0 or hours <= 0:
        return 0
    if rounding is NeedRounding.DOWN or jp >= 2 * hours:
        return max(1, jp // hours) if rounding is NeedRounding.SKB2011 else jp // hours
    return 2 if 100 * jp >= 166.5 * hours else 1


def haversine_km(first: School, second: School) -> float:
    """Great-circle distance in km; both schools must have coordinates."""
    latitudes = radians(first.latitude or 0.0), radians(second.latitude or 0.0)
    half_chord = (
        sin((latitudes[1] - latitudes[0]) / 2) ** 2
        + cos(latitudes[0]) * cos(latitudes[1]) * sin(radians((second.longitude or 0.0) - (first.longitude or 0.0)) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half_chord))
