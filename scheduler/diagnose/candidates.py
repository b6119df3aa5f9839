"""Changes that could help one teacher below the minimum, before any of them is solved; and what counting alone says of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from scheduler.counting.staff import StaffCount, best_alone
from scheduler.diagnose.edits import applied
from scheduler.diagnose.reach import Reached
from scheduler.domain.entities import Teacher
from scheduler.domain.explanation import Edit
from scheduler.domain.instance import Instance
from scheduler.policy.case import Case, DutyPost, Need, NeedKind
from scheduler.policy.load import load_law

Facts = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change that has not been tried yet: ``kind`` is that of the repair it would be, ``facts`` those of its sentence."""

    kind: str
    edits: tuple[Edit, ...]
    facts: Facts = field(default_factory=dict)
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of change in rising amounts, and where to begin: with as much as is missing."""

    candidates: tuple[Candidate, ...]
    start: int = 0


@dataclass(frozen=True)
class Ground:
    """What candidates are made from: the case as it is, and what it reaches."""

    case: Case
    before: Reached

    @property
    def instance(self) -> Instance:
        return self.case.instance

    @cached_property
    def open_needs(self) -> frozenset[str]:
        """Needs that their own school leaves to visitors."""
        return frozenset(need for partner in self.before.plan.partners for need in partner.open_needs)

    @cached_property
    def teacher_of(self) -> Mapping[str, str | None]:
        return {row.need: row.teacher for row in self.before.plan.assignments}

    @cached_property
    def below(self) -> tuple[str, ...]:
        """Counted teachers below the minimum: those of the Sekolah Utama first, then by Prioritas."""
        missing = [code for code in self.case.by_priority if code in self.case.counted and code not in self.before.valid]
        return tuple(sorted(missing, key=lambda code: bool(self.case.main_school) and self.case.teachers[code].home != self.case.main_school))

    def missing(self, code: str) -> int:
        """JTM missing in the plan that is best now."""
        return self.before.load[code].shortfall

    def may_visit(self, code: str, npsn: str) -> bool:
        """Whether the teacher may be sent there, or might be with consent."""
        return self.consenting.may_visit(code, npsn)

    @cached_property
    def consenting(self) -> Case:
        """The case in which everybody is willing to visit."""
        willing = tuple(replace(t, willing=True) for t in self.instance.teachers)
        return replace(self.case, instance=replace(self.instance, teachers=willing))

    def way(self, origin: str, destination: str) -> Facts:
        """Km of one way as far as they are known; for the price, that they are not."""
        km = self.case.distance_km(origin, destination)
        return {"km_unknown": 1} if km is None else {"km": round(km, 1)}

    def by_way(self, code: str, schools: Sequence[str]) -> list[str]:
        """Schools from the nearest to the farthest, those of unknown distance last."""
        home = self.case.teachers[code].home
        known = {npsn: self.case.distance_km(home, npsn) for npsn in schools}
        return sorted(schools, key=lambda npsn: (known[npsn] is None, known[npsn] or 0.0, schools.index(npsn)))

    def weight(self, need: Need) -> int:
        """What a need brings a linear teacher, in JTM (a guided rombel: its part of the minimum, rounded up)."""
        if need.kind is not NeedKind.GUIDANCE:
            return need.recognised_jp
        return -(-self.case.guidance_weight(need) * self.case.policy.min_jtm // max(1, self.case.policy.bk_min))

    def start_of(self, code: str, weights: Sequence[int]) -> int:
        """Index of the first amount that reaches what is missing beside small duties that would still count; the largest where none does."""
        got = self.free_credit(code)
        for index, weight in enumerate(weights):
            got += weight
            if got >= self.missing(code):
                return index
        return len(weights) - 1

    @cached_property
    def needs_at(self) -> Mapping[str, list[Need]]:
        """Needs by school, in the order of the sheets."""
        found: dict[str, list[Need]] = {npsn: [] for npsn in self.case.schools}
        for need in self.case.needs:
            found[need.school].append(need)
        return found

    @cached_property
    def staff_at(self) -> Mapping[str, list[str]]:
        """Counted teachers by home school, in the order of the sheet."""
        found: dict[str, list[str]] = {}
        for code, teacher in self.case.teachers.items():
            if code in self.case.counted:
                found.setdefault(teacher.home, []).append(code)
        return found

    def family(self, npsn: str, subject: str) -> tuple[str, ...]:
        """Counted teachers of a school whose certificate covers the subject."""
        return tuple(code for code in self.staff_at.get(npsn, ()) if self.case.is_linear(code, subject))

    def free_credit(self, code: str) -> int:
        """JTM of small duties that would still count for the teacher."""
        return max(0, self.case.policy.ttle_cap_jtm - self.before.load[code].duty_jtm)

    def slack(self, npsn: str, subject: str) -> int:
        """JTM of a subject that a school's staff could do without, by the plan that is best now: hours above the minimum, small duties that would
        still count, hours of who is below the minimum anyway, hours taught by others or by nobody. Rough: it only says what is worth a solve."""
        staff = self.family(npsn, subject)
        spare = 0
        for code in staff:
            load = self.before.load[code]
            spare += load.recognised_jtm - load.required_jtm + self.free_credit(code) if load.met else load.linear_jtm
        mine = (need for need in self.needs_at[npsn] if need.subject == subject)
        return spare + sum(need.recognised_jp for need in mine if self.teacher_of.get(need.id) not in staff)


def edited_case(case: Case, edits: Sequence[Edit]) -> Case:
    """The case with the edits in place, under the law of its settings."""
    instance = applied(case.instance, edits)
    if instance.settings == case.instance.settings:
        return Case(instance, case.law)
    return Case(instance, load_law(instance.settings, [subject.id for subject in instance.subjects if subject.own]))


# --- counting ------------------------------------------------------------------------------------------------------------------------------


def missing_alone(case: Case, code: str, closed: Collection[str]) -> int:
    """JTM that a teacher misses even with every hour and duty that could be given: more than 0 means that no plan makes the teacher valid.

    ``closed`` are needs at other schools that are not open to the teacher. Where the ruleset wants an order of the Dinas, only classes with such
    an order, Jam Mitra, and what may be left open count.
    """
    return best_alone(OneTeacher(case, code, frozenset(closed)), code).shortfall


@dataclass(frozen=True)
class OneTeacher(StaffCount):
    """What one teacher could be given at most."""

    code: str = ""
    closed: frozenset[str] = frozenset()

    @cached_property
    def may_have(self) -> Mapping[str, list[Need]]:
        """Needs that the teacher may teach and that are not locked to another, at other schools only those that could be open."""
        case, code = self.case, self.code
        mine = (need for need in case.needs if need.locked in ("", code) and (need.id not in self.closed or code in need.dinas))
        return {code: [need for need in mine if case.may_teach(code, need)]}

    @cached_property
    def posts_of(self) -> Mapping[str, list[DutyPost]]:
        return {self.code: [post for post in self.case.duty_posts if self.case.may_hold(self.code, post)]}


def closed_to(ground: Ground, teacher: Teacher) -> frozenset[str]:
    """Needs at other schools that their own staff keeps, by the plan that is best now."""
    if not ground.case.policy.outside_needs_assignment:
        return frozenset()
    away = (need for need in ground.case.needs if need.school != teacher.home and need.kind is not NeedKind.OPEN_HOURS)
    return frozenset(need.id for need in away if need.id not in ground.open_needs and need.locked != teacher.code)
