"""From counts to classes: which need of a group each teacher takes, and which unit of a post each holder.

The model counts; here the counts are handed out. What a former plan or last semester had is kept as far as the counts allow, which is exactly as
far as the levels ``changes`` and ``not_continued`` say; then wali kelas are given rombels that they teach (level ``wali_elsewhere``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.domain.plan import Plan
from scheduler.policy.case import DutyPost, Need
from scheduler.verify.levels import WALI_KELAS
from scheduler.workload.scope import Scope
from scheduler.workload.variables import Variables


@dataclass(frozen=True, slots=True)
class Counts:
    """A solution of the count model: ``classes[t, g]``, ``units[t, p]`` (beside the pinned ones), ``beyond[t, p]`` of them beyond the quota."""

    classes: Mapping[tuple[str, int], int]
    units: Mapping[tuple[str, int], int]
    beyond: Mapping[tuple[str, int], int]

    @staticmethod
    def read(variables: Variables, values: Sequence[int]) -> Counts:
        return Counts(
            {place: values[variable.index] for place, variable in variables.classes.items()},
            {place: values[variable.index] for place, variable in variables.units.items()},
            {place: values[variable.index] for place, variable in variables.beyond.items()},
        )

    def values(self, variables: Variables) -> dict[int, int]:
        """The counts as values of decisions, by index of the variable."""
        found = {variable.index: self.classes.get(place, 0) for place, variable in variables.classes.items()}
        found |= {variable.index: self.units.get(place, 0) for place, variable in variables.units.items()}
        return found | {variable.index: self.beyond.get(place, 0) for place, variable in variables.beyond.items()}


@dataclass
class HandOut:
    """Needs and units on their way to their teachers."""

    scope: Scope
    counts: Counts
    teacher_of: dict[str, str | None] = field(default_factory=dict)
    left: Counter[tuple[str, int]] = field(default_factory=Counter)
    holders: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        by_rombel: dict[tuple[str, str], list[tuple[int, Need]]] = defaultdict(list)
        for g, group in enumerate(self.scope.groups):
            for need in group.needs:
                for rombel in need.rombels:
                    by_rombel[need.school, rombel].append((g, need))
        self._by_rombel = by_rombel

    def run(self) -> HandOut:
        self.left = Counter({place: count for place, count in self.counts.classes.items() if count})
        self.teacher_of = {need.id: t for need, t in self.scope.fixed}
        self._keep_former()
        self.holders = [self._units(p, post) for p, post in enumerate(self.scope.posts)]
        self._fill()
        return self

    # --- needs -------------------------------------------------------------------------------------------------------------------------

    def _keep_former(self) -> None:
        """Leave needs with whom they had: the former plan's teacher first, then last semester's."""
        former = self.scope.former.teachers if self.scope.former is not None else {}
        for g, group in enumerate(self.scope.groups):
            nobody = group.size - sum(self.left[t, g] for t in group.key.eligible)
            for need in group.needs:
                if need.id in former and former[need.id] is None and nobody > 0:
                    self.teacher_of[need.id] = None
                    nobody -= 1
            for need in group.needs:
                self._give(need, former.get(need.id), g)
            for need in group.needs:
                self._give(need, need.former, g)

    def _give(self, need: Need, t: str | None, g: int) -> bool:
        """Give the need to the teacher if it is free and the count allows one more."""
        if not t or need.id in self.teacher_of or self.left[t, g] == 0:
            return False
        self.teacher_of[need.id] = t
        self.left[t, g] -= 1
        return True

    def _fill(self) -> None:
        """What is left, in the order of the sheet."""
        for g, group in enumerate(self.scope.groups):
            takers = [t for t in group.key.eligible for _ in range(self.left[t, g])]
            for need in group.needs:
                if need.id not in self.teacher_of:
                    self.teacher_of[need.id] = takers.pop(0) if takers else None

    # --- duty units ----------------------------------------------------------------------------------------------------------------------

    def _units(self, p: int, post: DutyPost) -> dict[str, str]:
        """Holder of every held unit of a post: pinned units, then pinned holders without a unit, then the others, recognised ones first."""
        holder_of = {unit: t for unit, t in post.pinned if unit}
        takers = [t for unit, t in post.pinned if not unit]
        free = [t for t in self.scope.holders[p] for _ in range(self.counts.units.get((t, p), 0) - self.counts.beyond.get((t, p), 0))]
        beyond = [t for t in self.scope.holders[p] for _ in range(self.counts.beyond.get((t, p), 0))]
        units = [unit for unit in post.units if unit not in holder_of]
        if post.duty == WALI_KELAS and not beyond:
            self._teach_own_rombel(post, holder_of.items())
            chosen = self._rombels_they_teach(post, units, [*takers, *free])
        else:
            chosen = dict(zip(units, [*takers, *free, *beyond], strict=False))
        return {unit: (holder_of | chosen)[unit] for unit in post.units if unit in holder_of or unit in chosen}

    def _rombels_they_teach(self, post: DutyPost, units: Sequence[str], takers: Sequence[str]) -> dict[str, str]:
        """Units for wali kelas so that as many as possible teach their rombel; a largest matching (Kuhn 1955) by augmenting paths."""
        possible = [[unit for unit in units if self._could_teach(t, post.school, unit)] for t in takers]
        taker_of: dict[str, int] = {}

        def find_unit(taker: int, seen: set[str]) -> bool:
            for unit in possible[taker]:
                if unit not in seen:
                    seen.add(unit)
                    if unit not in taker_of or find_unit(taker_of[unit], seen):
                        taker_of[unit] = taker
                        return True
            return False

        unmatched = [t for taker, t in enumerate(takers) if not find_unit(taker, set())]
        chosen = {unit: takers[taker] for unit, taker in taker_of.items()}
        self._teach_own_rombel(post, chosen.items())
        return chosen | dict(zip((unit for unit in units if unit not in chosen), unmatched, strict=False))

    def _teach_own_rombel(self, post: DutyPost, pairs: Iterable[tuple[str, str]]) -> None:
        for unit, t in pairs:
            if not self._teaches(t, post.school, unit):
                any(self._give(need, t, g) for g, need in self._needs_of(post.school, unit))

    def _could_teach(self, t: str, school: str, rombel: str) -> bool:
        if self._teaches(t, school, rombel):
            return True
        return any(self.left[t, g] > 0 and need.id not in self.teacher_of for g, need in self._needs_of(school, rombel))

    def _teaches(self, t: str, school: str, rombel: str) -> bool:
        fixed = any(t == holder and need.school == school and rombel in need.rombels for need, holder in self.scope.fixed)
        return fixed or any(self.teacher_of.get(need.id) == t for _, need in self._needs_of(school, rombel))

    def _needs_of(self, school: str, rombel: str) -> Sequence[tuple[int, Need]]:
        return self._by_rombel.get((school, rombel), ())


def hand_out(variables: Variables, values: Sequence[int]) -> HandOut:
    """Classes and units of a solution of the count model."""
    return HandOut(variables.scope, Counts.read(variables, values)).run()


def start_from(variables: Variables, divisions: Iterable[HandOut]) -> dict[int, int]:
    """The decisions of single schools' divisions put together, as values of the variables (by index) of a model that holds them all."""
    taught: Counter[tuple[str | None, int]] = Counter()
    held: Counter[tuple[str, str, str]] = Counter()
    beyond: Counter[tuple[str, str, str]] = Counter()
    group_of = {need.id: g for g, group in enumerate(variables.scope.groups) for need in group.needs}
    for division in divisions:
        taught.update((t, group_of[need]) for need, t in division.teacher_of.items() if need in group_of)
        for (t, p), units in division.counts.units.items():
            held[t, division.scope.posts[p].school, division.scope.posts[p].duty] += units
        for (t, p), units in division.counts.beyond.items():
            beyond[t, division.scope.posts[p].school, division.scope.posts[p].duty] += units
    posts = variables.scope.posts
    start = {variable.index: taught[t, g] for (t, g), variable in variables.classes.items()}
    start |= {variable.index: held[t, posts[p].school, posts[p].duty] for (t, p), variable in variables.units.items()}
    return start | {variable.index: beyond[t, posts[p].school, posts[p].duty] for (t, p), variable in variables.beyond.items()}


def start_from_plan(variables: Variables, plan: Plan) -> dict[int, int]:
    """The decisions of a whole plan, as far as they are this scope's, as values of the variables (by index)."""
    group_of = {need.id: g for g, group in enumerate(variables.scope.groups) for need in group.needs}
    taught = Counter((row.teacher, group_of[row.need]) for row in plan.assignments if row.need in group_of)
    held = Counter((duty.teacher, duty.school, duty.duty) for duty in plan.duties)
    posts, pinned = variables.scope.posts, variables.pinned
    start = {variable.index: taught[t, g] for (t, g), variable in variables.classes.items()}
    start |= {variable.index: max(0, held[t, posts[p].school, posts[p].duty] - pinned.get((t, p), 0)) for (t, p), variable in variables.units.items()}
    return start | {variable.index: 0 for variable in variables.beyond.values()}


def wali_elsewhere(handed_out: HandOut) -> int:
    """6e: wali kelas who teach their rombel nothing; units that name no rombel are not asked."""
    scope = handed_out.scope
    rombels = {(rombel.school, rombel.name) for school in scope.schools for rombel in scope.case.instance.rombels_of(school)}
    taught: dict[str, set[tuple[str, str]]] = defaultdict(set)
    needs = [need for group in scope.groups for need in group.needs] + [need for need, _ in scope.fixed]
    for need in needs:
        t = handed_out.teacher_of[need.id]
        if t is not None:
            taught[t].update((need.school, rombel) for rombel in need.rombels)
    held = [
        ((post.school, unit), t)
        for post, holders in zip(scope.posts, handed_out.holders, strict=True)
        if post.duty == WALI_KELAS
        for unit, t in holders.items()
    ]
    return sum(rombel in rombels and rombel not in taught[t] for rombel, t in held)
