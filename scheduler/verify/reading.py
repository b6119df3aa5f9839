"""A plan read against its case: who teaches what and who holds what, as far as the plan makes sense.

Nothing here raises for a malformed plan. What does not make sense (unknown needs, teachers and duties, the same thing twice) is left out, and the
rules of ``verify.workload`` report it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduler.domain.plan import Plan
from scheduler.policy.case import Case, DutyPost, Need, NeedKind
from scheduler.policy.schema import DutyKind


@dataclass(frozen=True, slots=True)
class Holding:
    """A unit of a duty in a teacher's hands.

    ``row`` is its place in ``plan.duties``. ``recognised`` is False for a unit beyond the post's quota, whose hours count 0.
    """

    row: int
    post: DutyPost
    unit: str
    teacher: str
    recognised: bool

    @property
    def kind(self) -> DutyKind:
        return self.post.rule.kind


@dataclass(frozen=True)
class Reading:
    """Indexes over the decisions of a plan; every look-up is built once."""

    case: Case
    plan: Plan

    @cached_property
    def teacher_of(self) -> Mapping[str, str | None]:
        """Teacher of every need that stands in the plan: of its first row, None where that names nobody of the file."""
        found: dict[str, str | None] = {}
        for row in self.plan.assignments:
            if row.need in self.case.need:
                found.setdefault(row.need, row.teacher if row.teacher in self.case.teachers else None)
        return found

    @cached_property
    def taught(self) -> Mapping[str, tuple[Need, ...]]:
        """Needs of every teacher of the file, in the order of the plan."""
        needs: dict[str, list[Need]] = {code: [] for code in self.case.teachers}
        for need_id, code in self.teacher_of.items():
            if code is not None:
                needs[code].append(self.case.need[need_id])
        return {code: tuple(taught) for code, taught in needs.items()}

    @cached_property
    def posts(self) -> Mapping[tuple[str, str], DutyPost]:
        """Posts by (school, duty)."""
        return {(post.school, post.duty): post for post in self.case.duty_posts}

    @cached_property
    def posts_at(self) -> Mapping[str, Sequence[DutyPost]]:
        """Posts of every school that has any."""
        found = defaultdict(list)
        for post in self.case.duty_posts:
            found[post.school].append(post)
        return found

    @cached_property
    def lessons_at(self) -> Mapping[str, Sequence[Need]]:
        """Lesson needs of every school that has any."""
        found = defaultdict(list)
        for need in self.case.needs:
            if need.kind is NeedKind.LESSON:
                found[need.school].append(need)
        return found

    @cached_property
    def held(self) -> Mapping[tuple[str, str], Mapping[str, tuple[int, str]]]:
        """For every post its held units, each with the row of the plan and the teacher: the first row where a unit stands twice."""
        held: dict[tuple[str, str], dict[str, tuple[int, str]]] = {place: {} for place in self.posts}
        for row, duty in enumerate(self.plan.duties):
            post = self.posts.get((duty.school, duty.duty))
            if post is not None and duty.unit in post.units and duty.teacher in self.case.teachers:
                held[duty.school, duty.duty].setdefault(duty.unit, (row, duty.teacher))
        return held

    @cached_property
    def holdings(self) -> tuple[Holding, ...]:
        """Every holding that makes sense, in the order of ``plan.duties``."""
        found = []
        for place, units in self.held.items():
            post = self.posts[place]
            recognised = recognised_units(post, {unit: teacher for unit, (_, teacher) in units.items()})
            found += [Holding(row, post, unit, teacher, unit in recognised) for unit, (row, teacher) in units.items()]
        return tuple(sorted(found, key=lambda holding: holding.row))

    @cached_property
    def holdings_of(self) -> Mapping[str, tuple[Holding, ...]]:
        """Holdings of every teacher of the file, in the order of ``plan.duties``."""
        held: dict[str, list[Holding]] = {code: [] for code in self.case.teachers}
        for holding in self.holdings:
            held[holding.teacher].append(holding)
        return {code: tuple(holdings) for code, holdings in held.items()}


def kept_pins(post: DutyPost, teacher_of_unit: Mapping[str, str]) -> Mapping[int, str]:
    """By which held unit each pin of a post is kept: the pin's place → unit; a pin that is not kept has no key.

    Pins that name a unit go first, the others take their holder's first unit that is left.
    """
    kept: dict[int, str] = {}
    for names_unit in (True, False):
        for place, (pinned_unit, teacher) in enumerate(post.pinned):
            if bool(pinned_unit) is names_unit:
                wanted = (pinned_unit,) if names_unit else post.units
                taken = set(kept.values())
                unit = next((u for u in wanted if u not in taken and teacher_of_unit.get(u) == teacher), None)
                if unit is not None:
                    kept[place] = unit
    return kept


def recognised_units(post: DutyPost, teacher_of_unit: Mapping[str, str]) -> frozenset[str]:
    """The held units that count: as many as the ruleset recognises, pinned ones first, then in the order of the units."""
    held = frozenset(teacher_of_unit) - post.unrecognised
    if len(held) <= post.quota:
        return held
    pins = kept_pins(post, teacher_of_unit)
    pinned = [pins[place] for place in sorted(pins) if pins[place] in held]
    free = [unit for unit in post.units if unit in held and unit not in pinned]
    return frozenset((pinned + free)[: post.quota])
