"""The variables of the workload model, each readable as a claim, and the sums of hours that rules and levels speak of.

Only legal variables exist: ``classes[t, g]`` has a key only where the teacher may teach the group, ``units[t, p]`` only where the teacher may
hold a unit of the post. All hours are whole JP or JTM a week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ortools.sat.python import cp_model

from scheduler.cp.builder import Builder, bounds, total
from scheduler.domain.entities import Position
from scheduler.policy.case import GUIDANCE, Need
from scheduler.policy.schema import DutyKind
from scheduler.workload.scope import Scope

Expression = cp_model.LinearExpr
Term = tuple[int, cp_model.LinearExpr]


class Variables:
    """Decisions and measures of one scope.

    Attributes
    ----------
    classes
        ``classes[t, g]``: how many needs of group ``g`` the teacher takes
    units
        ``units[t, p]``: how many units of post ``p`` the teacher holds beside the pinned ones
    beyond
        ``beyond[t, p]``: how many of those are beyond the post's quota and count 0; only where the post has room beyond it
    has_ttu
        ``has_ttu[t]``: the counted teacher holds a recognised tugas tambahan utama; only where that is possible
    meets_minimum, shortfall
        for every counted teacher: the minimum is met; JTM missing
    visits
        ``visits[t, school]``: the teacher teaches there, away from home
    """

    def __init__(self, builder: Builder, scope: Scope) -> None:
        self.builder, self.model, self.scope, self.case = builder, builder.model, scope, scope.case
        self.fixed_needs: dict[str, list[Need]] = defaultdict(list)
        for need, t in scope.fixed:
            if t is not None:
                self.fixed_needs[t].append(need)
        self.groups_of: dict[str, list[int]] = defaultdict(list)
        self.posts_of: dict[str, list[int]] = defaultdict(list)
        self.classes = self._classes()
        self.units: dict[tuple[str, int], cp_model.IntVar] = {}
        self.beyond: dict[tuple[str, int], cp_model.IntVar] = {}
        self.pinned: dict[tuple[str, int], int] = defaultdict(int)
        self.pinned_beyond: dict[tuple[str, int], int] = defaultdict(int)
        self._duties()
        self.has_ttu = {t: self._bool(f"has_ttu[{t}]") for t in scope.counted if self.ttu_posts(t)}
        self.shortfall = {t: self._int(self.most_shortfall(t), f"shortfall[{t}]") for t in scope.counted}
        self.meets_minimum = {t: self._bool(f"meets_minimum[{t}]") for t in scope.counted}
        self.visits = self._visits()

    # --- making variables ------------------------------------------------------------------------------------------------------------

    def _int(self, most: int, name: str) -> cp_model.IntVar:
        return self.model.new_int_var(0, max(0, most), name)

    def _bool(self, name: str) -> cp_model.IntVar:
        return self.model.new_bool_var(name)

    def _classes(self) -> dict[tuple[str, int], cp_model.IntVar]:
        found = {}
        for g, group in enumerate(self.scope.groups):
            for t in group.key.eligible:
                most = group.size
                if group.key.jp and not self.builder.is_switched:  # no more than max_jtm leaves
                    most = min(group.size, self.case.max_jp(t) // group.key.jp)
                if most > 0:
                    found[t, g] = self._int(most, f"classes[{t}, {group.label}]")
                    self.groups_of[t].append(g)
        return found

    def _duties(self) -> None:
        for p, post in enumerate(self.scope.posts):
            place = 0
            for unit, t in post.pinned:
                self.pinned[t, p] += 1
                self.pinned_beyond[t, p] += unit in post.unrecognised or place >= post.quota
                place += unit not in post.unrecognised
            for t in self.scope.holders[p]:
                most = self._free_units_at_most(t, p)
                if most > 0:
                    self.units[t, p] = self._int(most, f"units[{t}, {post.duty}, {post.school}]")
                    if post.maximum > post.quota:
                        self.beyond[t, p] = self._int(most, f"beyond[{t}, {post.duty}, {post.school}]")
                if most > 0 or self.pinned[t, p]:
                    self.posts_of[t].append(p)

    def _free_units_at_most(self, t: str, p: int) -> int:
        """Units of the post beside the pinned ones that the rules leave a single teacher: all that there are, where the rules can be left out."""
        post = self.scope.posts[p]
        if self.builder.is_switched:
            return max(post.maximum, post.minimum, len(post.units)) - len(post.pinned)
        room = max(post.maximum, post.minimum) - len(post.pinned)
        limit = post.rule.max_per_teacher
        return room if limit is None else min(room, max(0, limit - self.pinned[t, p]))

    def _visits(self) -> dict[tuple[str, str], cp_model.IntVar]:
        places = {(t, self.scope.groups[g].key.school) for t, g in self.classes} | {
            (t, need.school) for t, needs in self.fixed_needs.items() for need in needs
        }
        order = {t: index for index, t in enumerate(self.scope.teachers)}
        away = sorted((place for place in places if self.case.teachers[place[0]].home != place[1]), key=lambda place: (order[place[0]], place[1]))
        return {(t, k): self._bool(f"visits[{t}, {k}]") for t, k in away}

    # --- what a teacher teaches --------------------------------------------------------------------------------------------------------

    def jp(self, t: str) -> Expression:
        """Every hour of this plan the teacher teaches, linear or not."""
        return total(((self.scope.groups[g].key.jp, self.classes[t, g]) for g in self.groups_of[t]), sum(need.jp for need in self.fixed_needs[t]))

    def linear_jtm(self, t: str, at_home: bool) -> Expression:
        """Recognised hours of linear needs at home or elsewhere; hours held outside the file count as home hours of who has no home in it."""
        home, terms, constant = self.case.teachers[t].home, [], 0
        for g in self.groups_of[t]:
            key = self.scope.groups[g].key
            if (key.school == home) is at_home and key.recognised_jp and self.case.is_linear(t, key.subject):
                terms.append((key.recognised_jp, self.classes[t, g]))
        for need in self.fixed_needs[t]:
            if (need.school == home) is at_home and self.case.is_linear(t, need.subject):
                constant += need.recognised_jp
        if at_home is not (home in self.case.schools):
            constant += self.case.teachers[t].outside_jtm
        return total(terms, constant)

    def guided(self, t: str, at_home_only: bool = False) -> Expression:
        """Rombels (or pupils) that a guru BK guides; none with a certificate of another field."""
        if not self.case.is_linear(t, GUIDANCE):
            return total([])
        home = self.case.teachers[t].home
        terms = [
            (self.scope.groups[g].key.guidance, self.classes[t, g])
            for g in self.groups_of[t]
            if not at_home_only or self.scope.groups[g].key.school == home
        ]
        constant = sum(self.case.guidance_weight(n) for n in self.fixed_needs[t] if not at_home_only or n.school == home)
        return total(terms, constant)

    def uncovered(self, g: int) -> Expression:
        """Needs of the group that nobody teaches."""
        group = self.scope.groups[g]
        return total(((-1, self.classes[t, g]) for t in group.key.eligible if (t, g) in self.classes), group.size)

    # --- what a teacher holds ----------------------------------------------------------------------------------------------------------

    def ttu_posts(self, t: str) -> list[int]:
        return [p for p in self.posts_of[t] if self.scope.posts[p].rule.kind is DutyKind.TTU]

    def held(self, t: str, p: int) -> Expression:
        """Units of the post in the teacher's hands, pinned ones included."""
        return total(self._free_units(t, p), self.pinned[t, p])

    def counted_units(self, t: str, p: int) -> Expression:
        """Units of the post that the ruleset recognises."""
        beyond = [(-1, self.beyond[t, p])] if (t, p) in self.beyond else []
        return total([*self._free_units(t, p), *beyond], self.pinned[t, p] - self.pinned_beyond[t, p])

    def _free_units(self, t: str, p: int) -> list[Term]:
        return [(1, self.units[t, p])] if (t, p) in self.units else []

    def duty_units(self, t: str, kind: DutyKind) -> Expression:
        """Recognised units of all duties of a kind."""
        return total((1, self.counted_units(t, p)) for p in self._posts_of_kind(t, kind))

    def duty_jtm(self, t: str, kind: DutyKind) -> Expression:
        """Hours of the recognised units of a kind, before caps."""
        return total((self.scope.posts[p].rule.jtm, self.counted_units(t, p)) for p in self._posts_of_kind(t, kind))

    def most_units(self, t: str, p: int) -> int:
        """Most units of the post the teacher could hold."""
        return self.pinned[t, p] + (bounds(self.units[t, p])[1] if (t, p) in self.units else 0)

    def _posts_of_kind(self, t: str, kind: DutyKind) -> Iterable[int]:
        return [p for p in self.posts_of[t] if self.scope.posts[p].rule.kind is kind]

    # --- measures ------------------------------------------------------------------------------------------------------------------------

    def most_shortfall(self, t: str) -> int:
        """Largest shortfall the ruleset can ask of the teacher."""
        policy = self.case.policy
        if self.case.teachers[t].position is Position.PRINCIPAL:
            return max(policy.principal_min_real_jtm, policy.home_min_jtm or 0)
        if self.case.is_counsellor(t):
            most_missing = max(policy.bk_min, policy.bk_home_min or 0)
            return -(-most_missing * policy.min_jtm // max(1, policy.bk_min))
        return max(policy.min_jtm, policy.ttu_min_real_jtm, policy.home_min_jtm or 0)

    def is_guru_mapel_here(self, t: str) -> bool:
        """Active guru mapel of a school of the file: those of the levels ``teachers_without_hours`` and ``spread_jp``."""
        teacher = self.case.teachers[t]
        own = teacher.position in (Position.SUBJECT_TEACHER, Position.ACTING_PRINCIPAL)
        return own and t in self.case.active and teacher.home in self.case.schools

    def decisions(self) -> list[cp_model.IntVar]:
        """The variables that make up a plan; all others only measure them."""
        return [*self.classes.values(), *self.units.values(), *self.beyond.values()]

    def of_teachers(self) -> Iterator[tuple[str, cp_model.IntVar]]:
        """Every decision and measure that is one teacher's, with the teacher."""
        for by_place in (self.classes, self.units, self.beyond, self.visits):
            yield from ((t, variable) for (t, _), variable in by_place.items())
        for by_teacher in (self.has_ttu, self.shortfall, self.meets_minimum):
            yield from by_teacher.items()
