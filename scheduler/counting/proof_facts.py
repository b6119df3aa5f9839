"""What the proofs count with: which hours and duties each teacher may have in any plan, and what the ruleset asks of whom.

Everything here is an upper limit of what a legal plan can give, or a lower limit of what a teacher needs to be valid. Where the rules are finer
than a sum can be (accepted patterns, quotas, hours that are not whole classes), they are taken more kindly than they are, never more strictly.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from scheduler.counting.units import counting_pins, free_units, most_units, pins_of
from scheduler.domain.entities import AssignmentKind, Position, Rombel
from scheduler.domain.plan import PartnerAlone
from scheduler.policy.case import Case, DutyPost, Need, NeedKind
from scheduler.policy.schema import DutyKind, OutsidePattern, Source
from scheduler.verify.premises import need_path


class Way(StrEnum):
    """How a teacher may become valid: with a tugas tambahan utama, or without one."""

    WITHOUT = "without"
    WITH = "with"


class Kind(StrEnum):
    """What a lot consists of."""

    CLASSES = "classes"
    LOCKED = "locked"
    """classes that the workbook gives to one teacher"""
    TEACHING = "teaching"
    SMALL = "small"
    """TTLE"""
    MAIN = "main"


@dataclass(frozen=True, slots=True)
class Given:
    """A premise: ``says``, value and where it stands."""

    says: str
    value: int
    names: Mapping[str, str] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """Alike classes (or units of a duty): ``count`` of ``hours`` each, and the teachers who may have them."""

    kind: Kind
    school: str
    count: Given
    hours: Given
    members: frozenset[str]

    @property
    def total(self) -> int:
        return self.count.value * self.hours.value


@dataclass(frozen=True, slots=True)
class Requirement:
    """A least sum that a valid teacher must reach: ``start`` less ``credits`` from hours and duties.

    ``at_home``: only hours at the home school count. ``teaching``, ``small``: whether duties that count as teaching, and TTLE, count towards it.
    """

    start: Given
    credits: tuple[Given, ...] = ()
    at_home: bool = False
    teaching: bool = True
    small: bool = False


@dataclass(frozen=True)
class ProofFacts:
    """The case as the proofs see it; every look-up is made once."""

    case: Case
    partners: tuple[PartnerAlone, ...]
    _lots_alone: dict[tuple[tuple[str, ...], DutyKind, str], tuple[Lot, ...]] = field(default_factory=dict)

    # --- hours -------------------------------------------------------------------------------------------------------------------------

    @cached_property
    def open_needs(self) -> frozenset[str]:
        return frozenset(need_id for partner in self.partners for need_id in partner.open_needs)

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Where the workbook says each need."""
        return need_path(self.case)

    def hours(self, need: Need) -> int:
        """What a linear teacher may count of the need: JTM, or what a guided rombel counts."""
        return self.case.guidance_weight(need) if need.kind is NeedKind.GUIDANCE else need.recognised_jp

    @cached_property
    def may_have(self) -> Mapping[str, tuple[Need, ...]]:
        """Needs that each counted teacher may teach and count, without those locked to another, in the order of the case."""
        case, reach = self.case, dict[tuple[str, str], bool]()
        by_place: dict[tuple[str, str], list[Need]] = defaultdict(list)
        for need in case.needs:
            if self.hours(need) > 0:
                by_place[need.school, need.subject].append(need)
        found = {}
        for t in case.teachers:
            if t in case.counted:
                teacher = case.teachers[t]
                needs: list[Need] = []
                for school in case.schools:
                    if school != teacher.home and (teacher.home, school) not in reach:
                        reach[teacher.home, school] = case.in_reach(teacher.home, school)
                    near = school == teacher.home or reach[teacher.home, school]
                    for subject in self.subjects.get(teacher.certificate or "", ()):
                        needs += [n for n in by_place[school, subject] if (near or n.locked == t) and self._may_count(t, n)]
                found[t] = self.in_order(needs)
        return found

    @cached_property
    def subjects(self) -> Mapping[str, tuple[str, ...]]:
        """Subjects that each certificate is linear to."""
        found: dict[str, tuple[str, ...]] = {}
        for certificate, subject in sorted(self.case.linear_pairs):
            found[certificate] = (*found.get(certificate, ()), subject)
        return found

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {need.id: index for index, need in enumerate(self.case.needs)}

    def in_order(self, needs: Iterable[Need]) -> tuple[Need, ...]:
        return tuple(sorted(needs, key=lambda need: self._order[need.id]))

    def _may_count(self, t: str, need: Need) -> bool:
        case = self.case
        if need.locked not in ("", t) or not case.may_teach(t, need) or case.is_counsellor(t) is not (need.kind is NeedKind.GUIDANCE):
            return False
        if need.locked == t or case.teachers[t].home == need.school or need.kind is NeedKind.OPEN_HOURS:
            return True
        return not case.policy.outside_needs_assignment or need.id in self.open_needs or t in need.dinas

    @cached_property
    def reserved(self) -> Mapping[str, tuple[str, ...]]:
        """By subject the rows of Penugasan that keep a class from somebody, as paths."""
        rows: dict[str, list[str]] = defaultdict(list)
        for index, row in enumerate(self.case.instance.assignments):
            if row.kind in (AssignmentKind.LOCK, AssignmentKind.FORBID):
                rows[row.subject].append(f"assignments[{index}].teacher")
        return {subject: tuple(paths) for subject, paths in rows.items()}

    def class_lots(self, members: Sequence[str], needs: Iterable[Need], kind: Kind = Kind.CLASSES) -> tuple[Lot, ...]:
        """These needs taken together where they are alike: school, subject, hours, and who of the members may have them."""
        able: dict[str, set[str]] = defaultdict(set)
        for t in members:
            for need in self.may_have[t]:
                able[need.id].add(t)
        alike: dict[tuple[str, str, int, frozenset[str]], list[Need]] = defaultdict(list)
        for need in needs:
            alike[need.school, need.subject, self.hours(need), frozenset(able[need.id])].append(need)
        return tuple(self._class_lot(kind, found, who) for (*_, who), found in alike.items())

    def _class_lot(self, kind: Kind, needs: Sequence[Need], who: frozenset[str]) -> Lot:
        case, first = self.case, needs[0]
        names = {"school": case.schools[first.school].name, "subject": case.instance.subject(first.subject).name}
        guided = first.kind is NeedKind.GUIDANCE
        says = f"{'guided_' if guided else ''}{kind.value}"
        count = Given(f"{says}_count", len(needs), names, tuple(self.places[need.id] for need in needs))
        hours = Given("guided_hours" if guided else "class_hours", self.hours(first), names, self._hour_paths(needs))
        return Lot(kind, first.school, count, hours, who)

    def _hour_paths(self, needs: Sequence[Need]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path for need in needs for path in self._hour_cells[need.id]))

    @cached_property
    def _hour_cells(self) -> Mapping[str, tuple[str, ...]]:
        """The cells that say a need's hours."""
        return {need.id: self._cells_of(need) for need in self.case.needs}

    def _cells_of(self, need: Need) -> tuple[str, ...]:
        instance, place = self.case.instance, self.places[need.id]
        if need.kind is NeedKind.GUIDANCE:
            return (place.replace(".name", ".students"),) if self.case.policy.bk_unit == "students" else ()
        if not place.startswith("rombels"):
            return (place.replace(".code", ".jp").replace(".teacher", ".jp"),)
        rombel = self._rombels[need.school, need.rombels[0]]
        index = self._structure[rombel.curriculum, rombel.grade, need.subject]
        row, policy = instance.structure[index], self.case.policy
        columns = ["intra_jp"]
        if row.koku_jp and policy.count_kokurikuler and instance.settings.count_kokurikuler:
            columns.append("koku_jp")
        if policy.structure_cap and row.structure_max_jp is not None and need.recognised_jp == row.structure_max_jp < row.jp:
            columns.append("structure_max_jp")
        return tuple(f"structure[{index}].{column}" for column in columns)

    @cached_property
    def _rombels(self) -> Mapping[tuple[str, str], Rombel]:
        return {(rombel.school, rombel.name): rombel for rombel in self.case.instance.rombels}

    @cached_property
    def _structure(self) -> Mapping[tuple[str, int, str], int]:
        return {(row.curriculum, row.grade, row.subject): index for index, row in enumerate(self.case.instance.structure)}

    def free(self, t: str) -> tuple[Need, ...]:
        return tuple(need for need in self.may_have[t] if not need.locked)

    def locked(self, t: str) -> tuple[Need, ...]:
        return tuple(need for need in self.may_have[t] if need.locked)

    def held_outside(self, t: str) -> Given | None:
        """JTM di Luar: hours the teacher already has at a school that is not in the file."""
        jtm = self.case.teachers[t].outside_jtm
        return Given("outside_jtm", jtm, self.person(t), (self.path(t, "outside_jtm"),)) if jtm else None

    def most_jp(self, t: str) -> Given | None:
        """The most JP the teacher may teach, as one premise; None for a guru BK (guidance takes no time)."""
        case, teacher = self.case, self.case.teachers[t]
        if case.is_counsellor(t):
            return None
        if teacher.max_jp is not None and teacher.max_jp == case.max_jp(t):
            return Given("max_jp", teacher.max_jp, self.person(t), (self.path(t, "max_jp"),))
        return Given("max_jtm", case.policy.max_jtm, {}, (), case.policy.sources.get("max_jtm"))

    def person(self, t: str) -> dict[str, str]:
        return {"teacher": t, "name": self.case.teachers[t].name}

    @cached_property
    def _row(self) -> Mapping[str, int]:
        return {teacher.code: index for index, teacher in enumerate(self.case.instance.teachers)}

    def path(self, t: str, column: str) -> str:
        return f"teachers[{self._row[t]}].{column}"

    # --- duties ------------------------------------------------------------------------------------------------------------------------

    @cached_property
    def posts_of(self) -> Mapping[str, tuple[DutyPost, ...]]:
        """Posts of which each counted teacher may hold a unit that counts."""
        at_home: dict[str, list[DutyPost]] = defaultdict(list)
        pinned: dict[str, list[DutyPost]] = defaultdict(list)
        for post in self.case.duty_posts:
            at_home[post.school].append(post)
            for _, holder in post.pinned:
                pinned[holder].append(post)
        found = {}
        for t in self.may_have:
            posts = dict.fromkeys((post.school, post.duty) for post in (*at_home[self.case.teachers[t].home], *pinned[t]))
            known = {(post.school, post.duty): post for post in (*at_home[self.case.teachers[t].home], *pinned[t])}
            found[t] = tuple(known[place] for place in posts if self.case.may_hold(t, known[place]) and most_units(known[place], t) > 0)
        return found

    def own_units(self, t: str, kind: DutyKind) -> tuple[tuple[DutyPost, int], ...]:
        """Units of this kind that the workbook pins to the teacher."""
        return tuple((post, pins_of(post, t)) for post in self.posts_of[t] if post.rule.kind is kind and pins_of(post, t))

    def holds_main_duty(self, t: str) -> bool:
        """Whether every plan gives the teacher a TTU that counts: a pin within the quota."""
        return any(len(counting_pins(post)) <= post.quota for post, _ in self.own_units(t, DutyKind.TTU))

    def may_have_main_duty(self, t: str) -> bool:
        # A pin beyond the quota counts nothing, and yet leaves no room for another main duty.
        allowed = self._main_pins[t] < self.case.policy.ttu_max_per_teacher or bool(self.own_units(t, DutyKind.TTU))
        return allowed and any(post.rule.kind is DutyKind.TTU for post in self.posts_of[t])

    @cached_property
    def _main_pins(self) -> Mapping[str, int]:
        return Counter(holder for post in self.case.duty_posts if post.rule.kind is DutyKind.TTU for _, holder in post.pinned)

    def ways(self, t: str) -> tuple[Way, ...]:
        if self.case.teachers[t].position is Position.PRINCIPAL:
            return (Way.WITHOUT,)
        if self.holds_main_duty(t):
            return (Way.WITH,)
        return (Way.WITHOUT, Way.WITH) if self.may_have_main_duty(t) else (Way.WITHOUT,)

    def duty_lots(self, members: Sequence[str], kind: DutyKind, pinned_to: str = "") -> tuple[Lot, ...]:
        """Free units of the duties of this kind that the members may hold; or the units pinned to one teacher."""
        key = (tuple(members), kind, pinned_to)
        if len(members) > 1:
            return self._duty_lots(*key)
        if key not in self._lots_alone:
            self._lots_alone[key] = self._duty_lots(*key)
        return self._lots_alone[key]

    def _duty_lots(self, members: Sequence[str], kind: DutyKind, pinned_to: str) -> tuple[Lot, ...]:
        lots = []
        for post, free in self.open_units(members, kind):
            units = pins_of(post, pinned_to) if pinned_to else free
            if units > 0 and post.rule.jtm > 0:
                lots.append(self._duty_lot(post, units, frozenset(t for t in members if post in self.posts_of[t])))
        return tuple(lots)

    @staticmethod
    def _units_for(post: DutyPost, members: Sequence[str]) -> int:
        most = post.rule.max_per_teacher
        free = free_units(post)
        return free if most is None else min(free, sum(max(0, most - pins_of(post, t)) for t in members))

    def _duty_lot(self, post: DutyPost, units: int, who: frozenset[str]) -> Lot:
        rule = post.rule
        names = {"school": self.case.schools[post.school].name, "duty": rule.name, "duty_en": rule.name_en or rule.name}
        rows = self._duty_rows.get((post.school, post.duty), ())
        cells = (*(f"duties[{row}].maximum" for row in rows), *(f"duties[{row}].holders" for row in rows if post.pinned))
        kind = {DutyKind.TTU: Kind.MAIN, DutyKind.TTLE: Kind.SMALL}.get(rule.kind, Kind.TEACHING)
        says = "main_duty_units" if kind is Kind.MAIN else "duty_units"
        return Lot(kind, post.school, Given(says, units, names, cells, rule.holders_source), Given("duty_jtm", rule.jtm, names, (), rule.source), who)

    @cached_property
    def _duty_rows(self) -> Mapping[tuple[str, str], tuple[int, ...]]:
        rows: dict[tuple[str, str], tuple[int, ...]] = {}
        for index, row in enumerate(self.case.instance.duties):
            rows[row.school, row.duty] = (*rows.get((row.school, row.duty), ()), index)
        return rows

    def open_units(self, members: Sequence[str], kind: DutyKind) -> list[tuple[DutyPost, int]]:
        """Free units that the members may hold, by post: what ``duty_lots`` counts, without its words."""
        holders: dict[tuple[str, str], list[str]] = defaultdict(list)
        posts: dict[tuple[str, str], DutyPost] = {}
        for t in members:
            for post in self.posts_of[t]:
                if post.rule.kind is kind:
                    posts[post.school, post.duty] = post
                    holders[post.school, post.duty].append(t)
        return [(post, self._units_for(post, holders[place])) for place, post in posts.items()]

    # --- requirements ------------------------------------------------------------------------------------------------------------------

    def law(self, key: str) -> Given:
        return Given(f"law_{key}", int(getattr(self.case.policy, key) or 0), {}, (), self.case.policy.sources.get(key))

    def requirements(self, t: str, way: Way) -> tuple[Requirement, ...]:
        """Every least sum that the teacher must reach to be valid this way."""
        case, policy = self.case, self.case.policy
        if case.is_counsellor(t):
            return self._guidance_requirements(t, way)
        home = () if policy.home_min_jtm is None else (Requirement(self.law("home_min_jtm"), at_home=True),)
        if case.teachers[t].position is Position.PRINCIPAL:
            return (Requirement(self.law("principal_min_real_jtm")), *home)
        wali = (self.law("guru_wali_jtm"),) if case.is_guru_wali(t) else ()
        if way is Way.WITHOUT:
            special = tuple(
                Given("special_jtm", post.rule.jtm * most_units(post, t), self.person(t), self._holder_cells(post), post.rule.source)
                for post in self.posts_of[t]
                if post.rule.kind is DutyKind.SPECIAL
            )
            return (Requirement(self.law("min_jtm"), (*special, *wali), small=True), *home, *self._pattern_requirements(t, (*special, *wali)))
        kept = wali if policy.guru_wali_counts_with_ttu else ()
        return (
            Requirement(self.law("ttu_min_real_jtm")),
            Requirement(self.law("min_jtm"), (*self.main_duty_credits(t), *kept), small=policy.ttle_counts_with_ttu),
            *home,
        )

    def _pattern_requirements(self, t: str, credits: Sequence[Given]) -> tuple[Requirement, ...]:
        """Where hours elsewhere count only with so many at home (15/2018): either these, or all that is needed at home."""
        patterns = self.possible_patterns(t)
        if not patterns:
            return ()
        least = min(patterns, key=lambda pattern: pattern.home_min_jtm)
        all_at_home = self.case.policy.min_jtm - sum(credit.value for credit in credits) - self.most_small(t)
        if least.home_min_jtm <= all_at_home:
            return (Requirement(Given("pattern_home", least.home_min_jtm, source=least.source), at_home=True),)
        return (Requirement(self.law("min_jtm"), tuple(credits), at_home=True, small=True),)

    def most_small(self, t: str) -> int:
        """Most JTM of TTLE that the teacher can hold and have recognised."""
        units = sum(post.rule.jtm * most_units(post, t) for post in self.posts_of[t] if post.rule.kind is DutyKind.TTLE)
        return min(self.case.policy.ttle_cap_jtm, units)

    def possible_patterns(self, t: str) -> list[OutsidePattern]:
        surplus = bool(self.case.policy.outside_patterns) and self.case.has_surplus(t)
        most = self.most_small(t)
        return [p for p in self.case.policy.outside_patterns if p.ttle_min_jtm <= most and not (p.no_surplus and surplus)]

    def _guidance_requirements(self, t: str, way: Way) -> tuple[Requirement, ...]:
        policy, credits = self.case.policy, list[Given]()
        if way is Way.WITH and policy.bk_ttu_equivalent:
            credits.append(self.law("bk_ttu_equivalent"))
        units = sum(most_units(post, t) for post in self.posts_of[t] if post.rule.kind is DutyKind.TTLE)
        if way is Way.WITHOUT and units >= 2 and policy.bk_two_duties_equivalent:
            credits.append(self.law("bk_two_duties_equivalent"))
        home = () if policy.bk_home_min is None else (Requirement(self.law("bk_home_min"), at_home=True, teaching=False),)
        return (Requirement(self.law("bk_min"), tuple(credits), teaching=False), *home)

    def main_duty_credits(self, t: str) -> tuple[Given, ...]:
        """The most JTM that a main duty can give the teacher (as many duties as one may hold)."""
        units = [post for post in self.posts_of[t] if post.rule.kind is DutyKind.TTU for _ in range(most_units(post, t))]
        units.sort(key=lambda post: -post.rule.jtm)
        pinned = sum(count for _, count in self.own_units(t, DutyKind.TTU))
        return tuple(
            Given("main_duty_jtm", post.rule.jtm, {"duty": post.rule.name, "duty_en": post.rule.name_en or post.rule.name}, (), post.rule.source)
            for post in units[: max(pinned, self.case.policy.ttu_max_per_teacher)]
        )

    def _holder_cells(self, post: DutyPost) -> tuple[str, ...]:
        return tuple(f"duties[{row}].holders" for row in self._duty_rows.get((post.school, post.duty), ()))

    def away_counts(self, t: str, way: Way) -> bool:
        """Whether hours at other schools can count at all this way (accepted patterns of 15/2018, a cap of 0)."""
        policy = self.case.policy
        if policy.outside_max_jtm == 0:
            return False
        if not policy.outside_patterns:
            return True
        return way is Way.WITHOUT and bool(self.possible_patterns(t))

    def home_in_file(self, t: str) -> bool:
        return self.case.teachers[t].home in self.case.schools
