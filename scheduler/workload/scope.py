"""What one workload model is about: interchangeable needs taken together, who may teach them, duty posts, and what is already fixed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from scheduler.counting.teacher_days import TeacherDays
from scheduler.domain.plan import PartnerAlone, Plan
from scheduler.policy.case import Case, DutyPost, Need, NeedKind


@dataclass(frozen=True, slots=True)
class WeekCut:
    """What the week cannot hold: not all of these (need id, teacher) together."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Former:
    """A former plan as the level ``changes`` needs it: who taught each need, and who held how many units of each duty."""

    teachers: Mapping[str, str | None] = field(default_factory=dict)
    holdings: Mapping[tuple[str, str, str], int] = field(default_factory=dict)

    @staticmethod
    def of(plan: Plan) -> Former:
        return Former(
            {assignment.need: assignment.teacher for assignment in plan.assignments},
            Counter((holding.school, holding.duty, holding.teacher) for holding in plan.duties),
        )


@dataclass(frozen=True, slots=True)
class ClassKey:
    """What the model sees of a need; needs with one key are interchangeable and only counted.

    ``guidance`` is the weight of a guided rombel. ``former`` is last semester's teacher where identities would matter twice (a former plan is
    given too), else "". ``own`` is the need's id where a cut of the week speaks of it, else "".
    """

    school: str
    subject: str
    jp: int
    recognised_jp: int
    grade: int
    required: bool
    guidance: int
    eligible: tuple[str, ...]
    former: str
    own: str


@dataclass(frozen=True, slots=True)
class ClassGroup:
    """The needs of one key, in the order of the sheet."""

    key: ClassKey
    needs: tuple[Need, ...]

    @property
    def size(self) -> int:
        return len(self.needs)

    @property
    def label(self) -> str:
        return f"{self.needs[0].id} x{self.size}"


@dataclass(frozen=True)
class Scope:
    """Everything one model is built from.

    ``groups`` are the free needs, ``fixed`` the locked ones with their teacher (None: the locked teacher may not teach it, so nobody does).
    ``floors`` is the number of valid teachers a partner school keeps. ``capacity`` is the most JP the week lets a teacher teach. ``days`` counts
    the days that a shared teacher needs at his schools; None where no week is asked for.
    """

    case: Case
    schools: tuple[str, ...]
    teachers: tuple[str, ...]
    groups: tuple[ClassGroup, ...]
    fixed: tuple[tuple[Need, str | None], ...]
    posts: tuple[DutyPost, ...]
    floors: Mapping[str, int] = field(default_factory=dict)
    cuts: tuple[WeekCut, ...] = ()
    capacity: Mapping[str, int] = field(default_factory=dict)
    former: Former | None = None
    days: TeacherDays | None = None

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """Teachers of the scope whose minimum counts, in the order of the sheet."""
        return tuple(t for t in self.teachers if t in self.case.counted)

    @cached_property
    def holders(self) -> tuple[tuple[str, ...], ...]:
        """For every post who may hold a unit of it, in the order of the sheet."""
        staff = defaultdict(list)
        for t in self.teachers:
            staff[self.case.teachers[t].home].append(t)
        order = {t: index for index, t in enumerate(self.teachers)}
        found = []
        for post in self.posts:
            pinned = {holder for _, holder in post.pinned}
            candidates = pinned.union(staff[post.school])
            found.append(tuple(sorted((t for t in candidates if self.case.may_hold(t, post)), key=order.__getitem__)))
        return tuple(found)


class Eligibility:
    """Who may teach a need, by look-up per school and subject instead of trying every teacher.

    ``open_needs`` are, by school, the needs that visitors may teach where the ruleset wants an order of the Dinas; ``visitors`` False
    leaves every school to its own staff.
    """

    def __init__(self, case: Case, open_needs: Mapping[str, frozenset[str]], visitors: bool = True) -> None:
        self.case, self.open_needs, self.visitors = case, open_needs, visitors
        self.order = {t: index for index, t in enumerate(case.teachers)}
        self.staff: dict[str, list[str]] = defaultdict(list)
        self.linear: dict[str, list[str]] = defaultdict(list)
        by_certificate = defaultdict(list)
        for t, teacher in case.teachers.items():
            if t in case.active:
                self.staff[teacher.home].append(t)
                if teacher.certificate is not None and teacher.willing:
                    by_certificate[teacher.certificate].append(t)
        for certificate, subject in sorted(case.linear_pairs):
            self.linear[subject] += by_certificate[certificate]
        self._reach: dict[tuple[str, str], bool] = {}
        self._kinds: dict[tuple[str, str, bool], tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def eligible(self, need: Need) -> tuple[str, ...]:
        """Teachers who may teach the free need, in the order of the sheet."""
        own, visitors = self._own_and_visitors(need)
        welcome = visitors if self.is_open(need) else tuple(t for t in visitors if t in need.dinas)
        return tuple(sorted((t for t in (*own, *welcome) if t not in need.forbidden), key=self.order.__getitem__))

    def could_be_visited(self, need: Need) -> bool:
        """Whether any visitor could teach the need if it were open."""
        return any(t not in need.forbidden for t in self._own_and_visitors(need)[1])

    def is_open(self, need: Need) -> bool:
        if not self.case.policy.outside_needs_assignment or need.kind is NeedKind.OPEN_HOURS:
            return True
        return need.id in self.open_needs.get(need.school, frozenset())

    def _own_and_visitors(self, need: Need) -> tuple[tuple[str, ...], tuple[str, ...]]:
        kind = (need.school, need.subject, need.kind is NeedKind.GUIDANCE)
        if kind not in self._kinds:
            plain = replace(need, forbidden=frozenset(), locked="")
            own = tuple(t for t in self.staff[need.school] if self.case.may_teach(t, plain))
            self._kinds[kind] = own, tuple(self._visitors(plain))
        return self._kinds[kind]

    def _visitors(self, need: Need) -> Iterable[str]:
        if not self.visitors:
            return
        for t in dict.fromkeys(self.linear[need.subject]):
            home = self.case.teachers[t].home
            if home != need.school and self._in_reach(home, need.school) and self.case.may_teach(t, need):
                yield t

    def _in_reach(self, home: str, school: str) -> bool:
        if (home, school) not in self._reach:
            self._reach[home, school] = self.case.in_reach(home, school)
        return self._reach[home, school]


def whole_scope(
    case: Case,
    eligibility: Eligibility,
    former: Former | None = None,
    cuts: Sequence[WeekCut] = (),
    capacity: Mapping[str, int] | None = None,
    floors: Mapping[str, int] | None = None,
    days: TeacherDays | None = None,
) -> Scope:
    """The scope of every school of the file together."""
    named = {need for cut in cuts for need, _ in cut.pairs}
    free = [need for need in case.needs if not need.locked]
    fixed = tuple((need, need.locked if case.may_teach(need.locked, need) else None) for need in case.needs if need.locked)
    return Scope(
        case=case,
        schools=tuple(case.schools),
        teachers=teachers_of(case, fixed),
        groups=grouped(case, free, eligibility, former, named),
        fixed=fixed,
        posts=case.duty_posts,
        floors=dict(floors or {}),
        cuts=tuple(cuts),
        capacity=dict(capacity or {}),
        former=former,
        days=days,
    )


def joint_scope(
    case: Case,
    partners: Sequence[PartnerAlone],
    former: Former | None = None,
    cuts: Sequence[WeekCut] = (),
    capacity: Mapping[str, int] | None = None,
    days: TeacherDays | None = None,
) -> Scope:
    """The scope of every school once each has been asked alone: their open needs are open to visitors, and in one-school mode they keep a floor."""
    open_needs = {partner.school: frozenset(partner.open_needs) for partner in partners}
    floors = {partner.school: partner.valid_alone for partner in partners if case.main_school and partner.school != case.main_school}
    return whole_scope(case, Eligibility(case, open_needs), former, cuts, capacity, floors, days)


def teachers_of(case: Case, fixed: Iterable[tuple[Need, str | None]]) -> tuple[str, ...]:
    """Teachers the model must know: who works, and who is pinned to something all the same."""
    pinned = {holder for post in case.duty_posts for _, holder in post.pinned} | {t for _, t in fixed if t is not None}
    return tuple(t for t in case.teachers if t in case.active or t in pinned)


def grouped(case: Case, needs: Iterable[Need], eligibility: Eligibility, former: Former | None, named: set[str]) -> tuple[ClassGroup, ...]:
    """Free needs by key, in the order of their first need."""
    groups: dict[ClassKey, list[Need]] = defaultdict(list)
    for need in needs:
        key = ClassKey(
            school=need.school,
            subject=need.subject,
            jp=need.jp,
            recognised_jp=need.recognised_jp,
            grade=need.grade,
            required=need.required,
            guidance=case.guidance_weight(need),
            eligible=eligibility.eligible(need),
            former=need.former if former is not None else "",
            own=need.id if need.id in named else "",
        )
        groups[key].append(need)
    return tuple(ClassGroup(key, tuple(members)) for key, members in groups.items())
