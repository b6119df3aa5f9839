"""What a counting bound says each teacher needs, against the case: nothing that would lessen it, and no hours he may have, are left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from scheduler.domain.entities import Position
from scheduler.domain.proof import Number, Operation, Proof
from scheduler.policy.case import Case, DutyPost, Need
from scheduler.policy.schema import DutyKind, OutsidePattern
from scheduler.verify import units

if TYPE_CHECKING:
    from scheduler.verify.premises import PremiseCheck

PLAIN_CREDITS = frozenset({"special_jtm", "main_duty_jtm", "outside_jtm", "max_jp", "max_jtm"})
"""Given numbers that may lessen a need, beside those of the law; everything else that does is a sum of classes or of duties."""

BESIDE_HOURS = frozenset({"special_jtm", "law_guru_wali_jtm", "law_ttle_cap_jtm", "small_most"})
"""What lessens the hours that a teacher without a main duty needs."""


@dataclass(frozen=True)
class NeedLine:
    """One teacher's need, one way: ``target`` in hours or JTM, then perhaps in whole classes (``pairs`` of count and hours)."""

    teacher: str
    way: str
    line: Number
    target: Number
    pairs: tuple[tuple[str, str], ...] | None
    pool: Number | None
    """what the need is compared with; None where that is the most the teacher may teach"""


@dataclass(frozen=True)
class NeedCheck:
    """The needs of one proof."""

    premises: PremiseCheck

    @property
    def case(self) -> Case:
        return self.premises.case

    @property
    def proof(self) -> Proof:
        return self.premises.proof

    @cached_property
    def numbers(self) -> Mapping[str, Number]:
        return {number.id: number for number in self.proof.numbers}

    def wrong(self) -> Iterator[tuple[Number, str]]:
        """Lines that do not say what the case says, and the class left out of them ("" for another fault)."""
        if self.proof.kind == "shared_main_duties":
            yield from ((line, "") for line in self.wrong_slots(self.numbers[self.proof.at_most].operands[0]))
            return
        for conclusion in self.proof.conclusions:
            pool = self.numbers[conclusion.right]
            limit = pool.says == "most_allowed"
            if not (self.is_most_allowed(pool) if limit else self.is_total(pool) and self.is_whole_pool(pool)):
                yield pool, ""
                continue
            yield from ((line, "") for line in self.ways_left_out(self.numbers[conclusion.left]))
            for need in self.needs(self.numbers[conclusion.left], None if limit else pool):
                yield from ((need.target, fault) for fault in self.faults_of(need))
            if self.numbers[conclusion.left].operation is Operation.CHEAPEST and not self.premises.in_split:
                yield from ((line, "") for line in self.wrong_slots(self.numbers[conclusion.left].operands[1]))

    def needs(self, left: Number, pool: Number | None) -> Iterator[NeedLine]:
        """The need that is compared alone, or those that are added up."""
        if left.operation is not Operation.CHEAPEST:
            yield self.need_line(self.proof.teachers[0], left.names.get("way", ""), left, pool)
            return
        for place, t in enumerate(self.proof.teachers):
            first, second = (self.numbers[operand] for operand in left.operands[2 + 2 * place : 4 + 2 * place])
            holds = units.holds_main_duty(self.case, t)
            # A line out of reach is tied to a part by the shape of the proof.
            if first.says != "out_of_reach":
                yield self.need_line(t, "with" if holds else "without", first, pool)
            if second.says != "out_of_reach" and second != first:
                yield self.need_line(t, "with", second, pool)

    def ways_left_out(self, left: Number) -> Iterator[Number]:
        """Needs of teachers who might have a main duty, and of whom only the need without one is told."""
        if left.operation is not Operation.CHEAPEST or self.numbers[left.operands[1]].value <= 0:
            return
        for place, t in enumerate(self.proof.teachers):
            without, using = left.operands[2 + 2 * place : 4 + 2 * place]
            if without == using and self.numbers[without].says != "out_of_reach" and self.may_take_one(t):
                yield self.numbers[without]

    def may_take_one(self, t: str) -> bool:
        return units.may_take_main_duty(self.case, t) and any(units.free_for(post, t) > 0 for post in self.posts_of(t, DutyKind.TTU))

    def need_line(self, t: str, way: str, line: Number, pool: Number | None) -> NeedLine:
        if line.operation is not Operation.LEAST_WHOLE:
            return NeedLine(t, way, line, line, None, pool)
        pairs = tuple(zip(line.operands[1::2], line.operands[2::2], strict=True))
        return NeedLine(t, way, line, self.numbers.get(line.operands[0], line), pairs, pool)

    # --- one need ----------------------------------------------------------------------------------------------------------------------

    def faults_of(self, need: NeedLine) -> Iterator[str]:
        """A "" for each fault of the need itself, or the class that no line counts."""
        target = need.target
        if target.operation is not Operation.DIFFERENCE or target.names.get("way", "") != need.way:
            yield ""
            return
        start, *taken = (self.numbers[operand] for operand in target.operands)
        starts = start.operation is Operation.GIVEN and start.says in self.starts_of(need)
        # Whoever holds a main duty for certain has no way without one; a pattern asks for no more at home than all that is needed.
        starts = starts and not (need.way == "without" and units.holds_main_duty(self.case, need.teacher))
        starts = starts and (start.says != "pattern_home" or start.value <= self.least_at_home(need.teacher))
        if not (starts and all(self.may_lessen(number) for number in taken)) or self.is_too_much(need, start.says, taken):
            yield ""
        if need.pairs is not None and not set(need.pairs) <= self.products:
            yield ""
        elif not any(number.says in ("max_jp", "max_jtm") for number in taken):
            yield from (left_out.id for left_out in self.left_out(need, start.says, taken))

    @cached_property
    def products(self) -> set[tuple[str, ...]]:
        return {number.operands for number in self.proof.numbers if number.operation is Operation.PRODUCT}

    def starts_of(self, need: NeedLine) -> set[str]:
        """Where a need of the teacher may start: the ruleset's own minimum for this kind of teacher, and for this way."""
        t = need.teacher
        if self.case.is_counsellor(t):
            return {"law_bk_min", "law_bk_home_min"}
        if self.case.teachers[t].position is Position.PRINCIPAL:
            return {"law_principal_min_real_jtm", "law_home_min_jtm"}
        return {"law_min_jtm", "law_home_min_jtm", "law_ttu_min_real_jtm" if need.way == "with" else "pattern_home"}

    def may_lessen(self, number: Number) -> bool:
        if number.operation is Operation.GIVEN:
            return number.value >= 0 and (number.says in PLAIN_CREDITS or number.says.startswith("law_"))
        return self.is_total(number)

    def is_total(self, number: Number) -> bool:
        """A sum of count × hours; of a duty both of the same one."""
        rows = [self.numbers.get(operand) for operand in number.operands]
        if number.operation is not Operation.SUM:
            return False
        for row in rows:
            if row is None or row.operation is not Operation.PRODUCT or len(row.operands) != 2:
                return False
            count, hours = (self.numbers[operand] for operand in row.operands)
            if not count.says.endswith(("_count", "duty_units")) or hours.says not in ("class_hours", "guided_hours", "duty_jtm"):
                return False
            if count.says.endswith("duty_units") and (hours.says != "duty_jtm" or count.names != hours.names):
                return False
        return True

    def is_too_much(self, need: NeedLine, start: str, taken: Sequence[Number]) -> bool:
        """Whether something that lessens the need is missing, or is less than it may be."""
        case, policy, t, is_with = self.case, self.case.policy, need.teacher, need.way == "with"
        sums: dict[str, int] = {}
        for number in taken:
            sums[number.says] = sums.get(number.says, 0) + number.value
        if case.is_counsellor(t):
            key = "law_bk_ttu_equivalent" if is_with else "law_bk_two_duties_equivalent"
            counts = is_with or sum(units.most_units(post, t) for post in self.posts_of(t, DutyKind.TTLE)) >= 2
            return start == "law_bk_min" and counts and bool(getattr(policy, key.removeprefix("law_"))) and key not in sums
        if self.outside_forgotten(t, start, sums) or sums.get("teaching_most", 0) < self.jtm_beside(need, DutyKind.TEACHING):
            return True
        if start != "law_min_jtm":
            return False
        if is_with and sums.get("main_duty_jtm", 0) < self.main_duty_jtm(t):
            return True
        if not is_with and sums.get("special_jtm", 0) < sum(p.rule.jtm * units.most_units(p, t) for p in self.posts_of(t, DutyKind.SPECIAL)):
            return True
        if case.is_guru_wali(t) and (not is_with or policy.guru_wali_counts_with_ttu) and "law_guru_wali_jtm" not in sums:
            return True
        small = policy.ttle_cap_jtm > 0 and (not is_with or policy.ttle_counts_with_ttu) and "law_ttle_cap_jtm" not in sums
        return small and sums.get("small_most", 0) < self.jtm_beside(need, DutyKind.TTLE)

    def outside_forgotten(self, t: str, start: str, sums: Mapping[str, int]) -> bool:
        """Hours outside the file, where they count; and the most the teacher may teach, where it stands for all his hours."""
        case, policy, jtm = self.case, self.case.policy, self.case.teachers[t].outside_jtm
        limited = [says for says in ("max_jp", "max_jtm") if says in sums]
        if limited:
            return sums[limited[0]] + sums.get("outside_jtm", 0) < min(policy.max_jtm, case.max_jp(t) + jtm)
        if not jtm or sums.get("outside_jtm", 0) >= jtm:
            return False
        if case.teachers[t].home not in case.schools:
            return True
        counts = not policy.outside_patterns and policy.outside_max_jtm != 0 and not start.endswith("home_min_jtm") and start != "pattern_home"
        return counts and "law_outside_max_jtm" not in sums

    def posts_of(self, t: str, kind: DutyKind) -> list[DutyPost]:
        return [post for post in self.case.duty_posts if post.rule.kind is kind and self.case.may_hold(t, post)]

    def jtm_beside(self, need: NeedLine, kind: DutyKind) -> int:
        """JTM of such duties that the teacher may have beside those of the pool."""
        shared = self.posts_in(need.pool)
        own = ((post, units.pins_of(post, need.teacher), units.free_for(post, need.teacher)) for post in self.posts_of(need.teacher, kind))
        return sum(post.rule.jtm * (pins + (0 if (post.school, post.duty) in shared else free)) for post, pins, free in own)

    def main_duty_jtm(self, t: str) -> int:
        """The most JTM that main duties can give the teacher."""
        posts = self.posts_of(t, DutyKind.TTU)
        jtm = sorted((post.rule.jtm for post in posts for _ in range(units.most_units(post, t))), reverse=True)
        return sum(jtm[: max(self.case.policy.ttu_max_per_teacher, sum(units.pins_of(post, t) for post in posts))])

    # --- classes and duties that no line counts ------------------------------------------------------------------------------------------

    def left_out(self, need: NeedLine, start: str, taken: Sequence[Number]) -> Iterator[Need]:
        """Classes that the teacher may have and count towards the need, and neither what lessens it nor the pool holds."""
        beside = {found.id for number in taken for found in self.classes_in(number)}
        held = [beside | {found.id for found in self.classes_in(need.pool)}] if need.pool is not None else []
        if need.pairs is not None:
            counts = [self.numbers[count] for count, _ in need.pairs]
            held.append(beside | {found.id for count in counts for found in self.premises.needs_at(count)})
        only_home = self.only_home(need, start, taken)
        for found in self.premises.may_have:
            is_near = found.school == self.case.teachers[need.teacher].home or not only_home
            if is_near and self.premises.may_count(need.teacher, found) and any(found.id not in counted for counted in held):
                yield found

    def only_home(self, need: NeedLine, start: str, taken: Sequence[Number]) -> bool:
        """Whether hours of other schools do not count, or are limited in another line."""
        policy, t = self.case.policy, need.teacher
        if start.endswith(("home_min_jtm", "bk_home_min")) or start == "pattern_home":
            return True
        if self.case.is_counsellor(t):
            return False
        if policy.outside_max_jtm == 0 or any(number.says == "law_outside_max_jtm" for number in taken):
            return True
        patterns = self.patterns_of(t) if need.way == "without" else []
        if not policy.outside_patterns or not patterns:
            return bool(policy.outside_patterns)
        # Without a pattern everything is needed at home; with one, more than that.
        least = min(pattern.home_min_jtm for pattern in patterns)
        return start == "law_min_jtm" and policy.min_jtm - sum(number.value for number in taken if number.says in BESIDE_HOURS) <= least

    def patterns_of(self, t: str) -> list[OutsidePattern]:
        """Patterns of hours at home and elsewhere that the teacher might reach."""
        surplus = bool(self.case.policy.outside_patterns) and self.case.has_surplus(t)
        most = self.most_small(t)
        return [p for p in self.case.policy.outside_patterns if p.ttle_min_jtm <= most and not (p.no_surplus and surplus)]

    def most_small(self, t: str) -> int:
        posts = self.posts_of(t, DutyKind.TTLE)
        return min(self.case.policy.ttle_cap_jtm, sum(post.rule.jtm * units.most_units(post, t) for post in posts))

    def least_at_home(self, t: str) -> int:
        """Hours at home that a teacher without a main duty needs at least: those of a pattern, or all that his duties leave."""
        policy = self.case.policy
        special = sum(post.rule.jtm * units.most_units(post, t) for post in self.posts_of(t, DutyKind.SPECIAL))
        wali = policy.guru_wali_jtm if self.case.is_guru_wali(t) else 0
        return min([policy.min_jtm - special - wali - self.most_small(t), *(pattern.home_min_jtm for pattern in self.patterns_of(t))])

    def counts_in(self, total: Number | None) -> list[Number]:
        """The lines that say how many classes or units a sum holds."""
        rows = [self.numbers[o] for o in total.operands] if total is not None and self.is_total(total) else []
        return [self.numbers[row.operands[0]] for row in rows]

    def classes_in(self, total: Number | None) -> list[Need]:
        return [need for count in self.counts_in(total) if count.says.endswith("_count") for need in self.premises.needs_at(count)]

    def posts_in(self, total: Number | None) -> set[tuple[str, str]]:
        counts = (count for count in self.counts_in(total) if count.says.endswith("duty_units"))
        return {(post.school, post.duty) for count in counts for post in self.premises.posts_named(count)}

    def is_whole_pool(self, pool: Number) -> bool:
        """Whether of each duty of the pool all units are counted that its teachers may hold."""
        for count in self.counts_in(pool):
            if count.says.endswith("duty_units"):
                for post in self.premises.posts_named(count):
                    if count.value < min(units.free_units(post), sum(units.free_for(post, t) for t in self.holders(post))):
                        return False
        return True

    def holders(self, post: DutyPost) -> list[str]:
        return [t for t in self.proof.teachers if self.case.may_hold(t, post)]

    # --- limits and main duties ----------------------------------------------------------------------------------------------------------

    def is_most_allowed(self, line: Number) -> bool:
        """The most the teacher may teach in this file: JP Maks, or the ruleset's less what is held outside."""
        t = self.proof.teachers[0]
        if line.operation is not Operation.DIFFERENCE or len(self.proof.teachers) != 1 or self.case.is_counsellor(t):
            return False
        says = [self.numbers[operand].says for operand in line.operands]
        return says[0] in ("max_jp", "max_jtm") and says[1:] in ([], ["outside_jtm"]) and (line.value >= self.case.max_jp(t) or line.value < 0)

    def wrong_slots(self, line_id: str) -> Iterator[Number]:
        """The main duties that are free to these teachers, where the line counts fewer: each post's free units, no more than could hold one."""
        line = self.numbers[line_id]
        able = [t for t in self.proof.teachers if units.may_take_main_duty(self.case, t)]
        posts = [post for post in self.case.duty_posts if post.rule.kind is DutyKind.TTU and post.rule.jtm > 0]
        free = sum(min(units.free_units(post), sum(self.case.may_hold(t, post) and units.free_for(post, t) > 0 for t in able)) for post in posts)
        if line.value < free:
            yield line
