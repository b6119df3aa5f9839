"""The lines of a proof: what a teacher needs of a pool of hours, and what the pool holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.counting.proof_facts import Given, Kind, Lot, ProofFacts, Requirement, Way
from scheduler.domain.proof import Conclusion, Number, Operation, Relation
from scheduler.policy.schema import DutyKind
from scheduler.verify.sums import worked_out


@dataclass
class Sheet:
    """Lines in the order in which they are written; the same line is never written twice."""

    numbers: list[Number] = field(default_factory=list)
    values: dict[str, int] = field(default_factory=dict)
    _written: dict[tuple[object, ...], str] = field(default_factory=dict)

    def given(self, given: Given) -> str:
        key = (given.says, given.value, tuple(given.names.items()), given.paths)
        if key not in self._written:
            source = given.source
            article, where, sure = ("", "", "") if source is None else (source.article, source.source, source.confidence.value)
            number = Number(self._next(), given.says, given.value, Operation.GIVEN, (), given.names, given.paths, article, where, sure)
            self._write(key, number)
        return self._written[key]

    def work(self, operation: Operation, says: str, operands: Sequence[str], names: Mapping[str, str] | None = None) -> str | None:
        """A line worked out; None where the operation has no value."""
        found = names or {}
        key = (operation, says, tuple(operands), tuple(found.items()))
        if key not in self._written:
            value = worked_out(operation, [self.values[operand] for operand in operands])
            if value is None:
                return None
            self._write(key, Number(self._next(), says, value, operation, tuple(operands), found))
        return self._written[key]

    def sure(self, operation: Operation, says: str, operands: Sequence[str], names: Mapping[str, str] | None = None) -> str:
        """A line whose operation always has a value."""
        found = self.work(operation, says, operands, names)
        if found is None:
            raise ValueError(f"{operation} of {operands} has no value")
        return found

    def total(self, lots: Iterable[Lot], says: str, names: Mapping[str, str] | None = None) -> str:
        """Count × hours of every lot, and their sum."""
        rows = [self.sure(Operation.PRODUCT, product_says(lot), [self.given(lot.count), self.given(lot.hours)], lot.count.names) for lot in lots]
        return self.sure(Operation.SUM, says, rows, names)

    def pairs(self, lots: Iterable[Lot]) -> list[str]:
        return [number for lot in lots for number in (self.given(lot.count), self.given(lot.hours))]

    def _next(self) -> str:
        return f"n{len(self.numbers) + 1}"

    def _write(self, key: tuple[object, ...], number: Number) -> None:
        self._written[key] = number.id
        self.values[number.id] = number.value
        self.numbers.append(number)


def product_says(lot: Lot) -> str:
    return lot.count.says.removesuffix("_count").removesuffix("_units") + "_hours"


@dataclass(frozen=True, slots=True)
class Pool:
    """Which hours several teachers take from together.

    ``classes``: "all" linear classes, those at the "home" school only, or "none". ``teaching``, ``small``: whether the duties that count as
    teaching, and the TTLE, are shared too; else each teacher is taken to get the most of them.
    """

    classes: str
    teaching: bool = False
    small: bool = False


@dataclass(frozen=True)
class Shared:
    """A pool of some teachers: its lots."""

    pool: Pool
    teachers: tuple[str, ...]
    lots: tuple[Lot, ...]
    alone: bool = False

    @property
    def total(self) -> int:
        return sum(lot.total for lot in self.lots)


def shared(facts: ProofFacts, teachers: Sequence[str], pool: Pool, alone: bool = False) -> Shared:
    """The pool of these teachers. For one teacher ``alone`` the classes locked to him are part of it, else they are his beforehand."""
    lots: list[Lot] = []
    if pool.classes != "none":
        needs = {need.id: need for t in teachers for need in (facts.may_have[t] if alone else facts.free(t))}
        homes = {facts.case.teachers[t].home for t in teachers}
        lots += facts.class_lots(teachers, facts.in_order(n for n in needs.values() if pool.classes == "all" or n.school in homes))
    if pool.teaching:
        lots += facts.duty_lots(teachers, DutyKind.TEACHING)
    if pool.small:
        lots += facts.duty_lots(teachers, DutyKind.TTLE)
    return Shared(pool, tuple(teachers), tuple(lots), alone)


@dataclass(frozen=True)
class Demand:
    """What one teacher needs of a pool at least, one way: a line (``number``) with its ``value``; None = out of reach by this sum alone.

    ``target`` is the line before whole classes, ``lots`` those that may serve it.
    """

    requirement: Requirement
    target: str
    number: str | None
    lots: tuple[Lot, ...]


def demands(facts: ProofFacts, sheet: Sheet, t: str, way: Way, pool: Shared) -> list[Demand]:
    """For every requirement the least that the teacher takes from the pool, in whole classes."""
    found = []
    for requirement in facts.requirements(t, way):
        # All that is needed at home, beside the most TTLE: says nothing of how many TTLE are taken from a pool.
        if requirement.at_home and requirement.small and pool.pool.small:
            continue
        lots = tuple(lot for lot in pool.lots if t in lot.members and serves(facts, lot, t, way, requirement))
        operands = [sheet.given(requirement.start), *credits(facts, sheet, t, way, requirement, pool)]
        target = sheet.sure(Operation.DIFFERENCE, target_says(requirement, pool.pool), operands, {"way": way.value})
        says = f"whole_{what_is_shared(facts, (t,), pool.pool)}"
        number = sheet.work(Operation.LEAST_WHOLE, says, [target, *sheet.pairs(lots)], {"way": way.value})
        found.append(Demand(requirement, target, number, lots))
    return found


def what_is_shared(facts: ProofFacts, teachers: Iterable[str], pool: Pool) -> str:
    """Key of what the pool holds, in the sentences of its sums."""
    if pool.classes == "none":
        return "duties"
    if all(facts.case.is_counsellor(t) for t in teachers):
        return "guidance"
    return "together" if pool.small or pool.teaching else "hours"


def target_says(requirement: Requirement, pool: Pool) -> str:
    """Key of the sentence of a teacher's need: what is asked, and of which pool."""
    if requirement.start.says.startswith("law_bk"):
        return "needed_guidance_home" if requirement.at_home else "needed_guidance"
    if requirement.at_home:
        return "needed_home"
    if requirement.start.says == "law_principal_min_real_jtm":
        return "needed_principal"
    if pool.classes == "none":
        return "needed_duties"
    return "needed_together" if pool.small or pool.teaching else "needed_hours"


def serves(facts: ProofFacts, lot: Lot, t: str, way: Way, requirement: Requirement) -> bool:
    """Whether hours of the lot count towards the requirement."""
    if lot.kind is Kind.TEACHING:
        return requirement.teaching
    if lot.kind is Kind.SMALL:
        return requirement.small
    at_home = lot.school == facts.case.teachers[t].home
    return at_home or (not requirement.at_home and (facts.case.is_counsellor(t) or facts.away_counts(t, way)))


def credits(facts: ProofFacts, sheet: Sheet, t: str, way: Way, requirement: Requirement, pool: Shared) -> list[str]:
    """What the teacher may have of the requirement without the pool: each an upper limit."""
    found = [sheet.given(credit) for credit in requirement.credits]
    person = facts.person(t)
    found += class_credits(facts, sheet, t, way, requirement, pool)
    if requirement.teaching:
        own = own_lots(facts, t, DutyKind.TEACHING)
        free = () if pool.pool.teaching else facts.duty_lots((t,), DutyKind.TEACHING)
        found += [sheet.total((*own, *free), "teaching_most", person)] if own or free else []
    if requirement.small:
        own = own_lots(facts, t, DutyKind.TTLE)
        free = () if pool.pool.small else facts.duty_lots((t,), DutyKind.TTLE)
        if sum(lot.total for lot in (*own, *free)) >= facts.case.policy.ttle_cap_jtm > 0:
            found.append(sheet.given(facts.law("ttle_cap_jtm")))
        elif facts.case.policy.ttle_cap_jtm > 0 and (own or free):
            found.append(sheet.total((*own, *free), "small_most", person))
    return found


def own_lots(facts: ProofFacts, t: str, kind: DutyKind) -> tuple[Lot, ...]:
    """Units that the workbook pins to the teacher."""
    return facts.duty_lots((t,), kind, pinned_to=t)


def class_credits(facts: ProofFacts, sheet: Sheet, t: str, way: Way, requirement: Requirement, pool: Shared) -> list[str]:
    """Hours of classes that do not come from the pool: locked ones, those held outside the file, those of other schools, as far as they count."""
    case, person = facts.case, facts.person(t)
    is_counsellor, home = case.is_counsellor(t), case.teachers[t].home
    away_counts = is_counsellor or facts.away_counts(t, way)
    taken = pool.pool.classes
    own = () if pool.alone and taken != "none" else facts.locked(t)
    at_home = [need for need in own if need.school == home]
    away = [need for need in own if need.school != home]
    if taken == "none":
        at_home += [need for need in facts.free(t) if need.school == home]
    if taken in ("none", "home"):
        away = [need for need in facts.may_have[t] if need.school != home] if pool.alone and taken == "home" else away
        away += [need for need in facts.free(t) if need.school != home and need not in away]
    outside = None if is_counsellor else facts.held_outside(t)
    found: list[str] = []
    if outside is not None and not facts.home_in_file(t):
        found.append(sheet.given(outside))
        outside = None
    if at_home:
        found.append(sheet.total(facts.class_lots((t,), at_home, Kind.LOCKED if taken != "none" else Kind.CLASSES), "own_classes", person))
    if requirement.at_home or not away_counts or (not away and outside is None):
        return capped_by_most(facts, sheet, t, found) if taken == "none" else found
    cap = None if is_counsellor else case.policy.outside_max_jtm
    elsewhere = sum(facts.hours(need) for need in away) + (outside.value if outside else 0)
    if cap is not None and cap < elsewhere:
        found.append(sheet.given(facts.law("outside_max_jtm")))
    else:
        found += [sheet.given(outside)] if outside else []
        found += [sheet.total(facts.class_lots((t,), away), "classes_elsewhere", person)] if away else []
    return capped_by_most(facts, sheet, t, found) if taken == "none" else found


def capped_by_most(facts: ProofFacts, sheet: Sheet, t: str, found: list[str]) -> list[str]:
    """The hours of all classes, or the most the teacher may teach where that is less."""
    most, held = facts.most_jp(t), facts.held_outside(t)
    if most is None:
        return found
    # JP Maks is of this file alone; the ruleset's most hours hold those outside too.
    limit = [most] if held is None or most.says == "max_jtm" else [most, held]
    return [sheet.given(part) for part in limit] if sum(sheet.values[number] for number in found) > sum(part.value for part in limit) else found


@dataclass(frozen=True, slots=True)
class Closed:
    """Why one way is closed to one teacher: the comparison, and lines that must stand beside it."""

    conclusion: Conclusion
    beside: tuple[str, ...] = ()


def closed_way(facts: ProofFacts, sheet: Sheet, t: str, way: Way) -> Closed | None:
    """The comparison that shows that the teacher cannot be valid this way, alone on everything; None where no sum shows it."""
    for classes in ("all", "home"):
        if classes == "home" and facts.case.policy.outside_max_jtm is None:
            continue
        pool = shared(facts, (t,), Pool(classes), alone=True)
        for demand in demands(facts, sheet, t, way, pool):
            needed, available = sheet.values[demand.target], sum(lot.total for lot in demand.lots)
            if needed > available:
                total = sheet.total(demand.lots, available_says(demand, pool), facts.person(t))
                return Closed(Conclusion(demand.target, Relation.MORE_THAN, total))
            most = most_classes(facts, sheet, t)
            if most is not None and demand.number is not None and sheet.values[demand.number] > sheet.values[most]:
                whole = demand.number if needed <= sheet.values[most] else demand.target
                total = sheet.total(demand.lots, available_says(demand, pool), facts.person(t))
                return Closed(Conclusion(whole, Relation.MORE_THAN, most), (total,))
    return None


def most_classes(facts: ProofFacts, sheet: Sheet, t: str) -> str | None:
    """The most JP of classes in this file: the ruleset's less what is held outside, or JP Maks."""
    most, held = facts.most_jp(t), facts.held_outside(t)
    if most is None:
        return None
    taken = [sheet.given(held)] if held is not None and most.says == "max_jtm" else []
    return sheet.sure(Operation.DIFFERENCE, "most_allowed", [sheet.given(most), *taken], facts.person(t))


def available_says(demand: Demand, pool: Shared) -> str:
    if demand.requirement.start.says.startswith("law_bk"):
        return "available_guidance_home" if demand.requirement.at_home else "available_guidance"
    return "available_home" if demand.requirement.at_home or pool.pool.classes == "home" else "available_alone"


def used_only(numbers: Sequence[Number], ends: Iterable[str]) -> tuple[Number, ...]:
    """The lines that the conclusions stand on, renumbered nowhere: others fall away."""
    by_id = {number.id: number for number in numbers}
    wanted: set[str] = set()
    stack = list(ends)
    while stack:
        name = stack.pop()
        if name in by_id and name not in wanted:
            wanted.add(name)
            stack += by_id[name].operands
    return tuple(number for number in numbers if number.id in wanted)
