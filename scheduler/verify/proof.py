"""A bukti hitung done again: every line from its operands, every comparison, and whether the claim follows from them.

``faults`` needs the proof alone; ``premise_faults`` also asks whether each premise is what the file and the ruleset say. Neither knows how the proof
was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from scheduler.domain.entities import Position
from scheduler.domain.plan import PartnerAlone
from scheduler.domain.proof import Assumption, Conclusion, Number, Operation, Proof, Relation
from scheduler.policy.case import Case, DutyPost, Need, NeedKind
from scheduler.policy.schema import DutyKind, Policy, Source

PART = "part:"
"""An operand ``part:ID`` is the claim of the part with this id."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a proof: ``rule`` is the key of its sentence, ``number`` the line concerned (or "")."""

    rule: str
    proof: str
    number: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)


# --- the operations ------------------------------------------------------------------------------------------------------------------


def worked_out(operation: Operation, operands: Sequence[int]) -> int | None:
    """The value of an operation, None where it has none (no classes reach the target, not so many teachers, a malformed line)."""
    if operation is Operation.GIVEN or (not operands and operation is not Operation.SUM):
        return None
    return OPERATIONS[operation](operands)


def product(operands: Sequence[int]) -> int:
    value = 1
    for operand in operands:
        value *= operand
    return value


def least_whole(operands: Sequence[int]) -> int | None:
    """The least sum of whole classes that reaches the target; ``operands`` are the target, then (count, hours) pairs."""
    target, pairs = operands[0], paired(operands[1:])
    if pairs is None:
        return None
    if target <= 0:
        return 0
    reached = {0}
    for count, hours in pairs:
        for _ in range(min(count, -(-target // max(1, hours)))):
            reached |= {total + hours for total in reached if total < target}
    return min((total for total in reached if total >= target), default=None)


def cheapest(operands: Sequence[int]) -> int | None:
    """The least sum of so many teachers' hours; ``operands`` are how many, how many slots, then (without slot, with slot) pairs."""
    pairs = paired(operands[2:]) if len(operands) >= 2 else None
    if pairs is None:
        return None
    wanted, slots = operands[0], max(0, operands[1])
    least = cheapest_sums(slots, pairs)
    return least[wanted] if 0 <= wanted < len(least) else None


def cheapest_sums(slots: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """For 0, 1, … teachers the least sum of their hours, at most ``slots`` of them with their second number."""
    slots = min(slots, len(pairs))
    least: dict[tuple[int, int], int] = {(0, 0): 0}
    for without, using in pairs:
        longer = dict(least)
        for (count, used), total in least.items():
            more = ((count + 1, used), total + without), ((count + 1, used + 1), total + using)
            for state, hours in more:
                if state[1] <= slots and hours < longer.get(state, hours + 1):
                    longer[state] = hours
        least = longer
    return [min(total for (count, _), total in least.items() if count == wanted) for wanted in range(len(pairs) + 1)]


def best_split(operands: Sequence[int]) -> int | None:
    """The most valid of all groups; ``operands`` are the slots, then for each group its most valid with 0, 1, … slots."""
    slots = operands[0]
    if slots < 0 or (len(operands) - 1) % (slots + 1):
        return None
    best = [0] * (slots + 1)
    for start in range(1, len(operands), slots + 1):
        group = operands[start : start + slots + 1]
        best = [max(best[total - own] + group[own] for own in range(total + 1)) for total in range(slots + 1)]
    return max(best)


def paired(operands: Sequence[int]) -> list[tuple[int, int]] | None:
    return list(zip(operands[::2], operands[1::2], strict=True)) if len(operands) % 2 == 0 else None


OPERATIONS: Mapping[Operation, Callable[[Sequence[int]], int | None]] = {
    Operation.SUM: sum,
    Operation.DIFFERENCE: lambda operands: operands[0] - sum(operands[1:]),
    Operation.PRODUCT: product,
    Operation.SMALLEST: min,
    Operation.LARGEST: max,
    Operation.LEAST_WHOLE: least_whole,
    Operation.CHEAPEST: cheapest,
    Operation.BEST_SPLIT: best_split,
}


# --- the arithmetic --------------------------------------------------------------------------------------------------------------------


def faults(proof: Proof) -> tuple[Fault, ...]:
    """Everything wrong with the proof's arithmetic and with what it concludes; its parts included. Empty for a proof that stands."""
    found = [fault for part in proof.parts for fault in faults(part)]
    found += number_faults(proof)
    found += [Fault("wrong_conclusion", proof.id, c.left) for c in proof.conclusions if not holds(proof, c)]
    if not found:
        found += shape_faults(proof)
    return tuple(found)


def values_of(proof: Proof) -> dict[str, int]:
    """Value of every line, and of every part's claim, by the name operands know it by."""
    claims = {PART + part.id: part.most_valid for part in proof.parts}
    return {number.id: number.value for number in proof.numbers} | {name: claim for name, claim in claims.items() if claim is not None}


def number_faults(proof: Proof) -> Iterator[Fault]:
    """Ids unique, operands earlier, every value what its operation gives."""
    values = {name: value for name, value in values_of(proof).items() if name.startswith(PART)}
    if len({part.id for part in proof.parts}) < len(proof.parts):
        yield Fault("repeated_part", proof.id)
    for number in proof.numbers:
        if number.id in values:
            yield Fault("repeated_number", proof.id, number.id)
        if number.operation is Operation.GIVEN:
            if number.operands:
                yield Fault("premise_with_operands", proof.id, number.id)
        elif any(operand not in values for operand in number.operands):
            yield Fault("unknown_operand", proof.id, number.id)
        else:
            expected = worked_out(number.operation, [values[operand] for operand in number.operands])
            if expected != number.value:
                facts: dict[str, str | int] = {"value": number.value, "expected": "-" if expected is None else expected}
                yield Fault("wrong_number", proof.id, number.id, facts)
        values[number.id] = number.value
    yield from idle_premises(proof)


SENSITIVE = (Operation.SUM, Operation.DIFFERENCE, Operation.PRODUCT)
"""Operations in which a changed operand always changes the value (a product without 0)."""


def idle_premises(proof: Proof) -> Iterator[Fault]:
    """Premises that no sum, difference or product uses: they could be changed unseen."""
    used = {operand for number in proof.numbers if number.operation in SENSITIVE for operand in number.operands}
    for number in proof.numbers:
        is_nobody = number.id == proof.at_most and proof.kind.startswith("teacher_alone")
        if number.operation is Operation.GIVEN and number.id not in used and not is_nobody:
            yield Fault("idle_premise", proof.id, number.id)


def holds(proof: Proof, conclusion: Conclusion) -> bool:
    values = values_of(proof)
    left, right = values.get(conclusion.left), values.get(conclusion.right)
    if left is None or right is None:
        return False
    return {Relation.MORE_THAN: left > right, Relation.LESS_THAN: left < right, Relation.EQUAL: left == right}[conclusion.relation]


# --- whether the claim follows -----------------------------------------------------------------------------------------------------------


def shape_faults(proof: Proof) -> Iterator[Fault]:
    """The claim must follow from the conclusions in the way its kind says."""
    if not proof.conclusions:
        yield Fault("no_conclusion", proof.id)
        return
    shape = SHAPES.get(proof.kind)
    if shape is None:
        # A kind of another part of the program: sums and comparisons, and no claim on a number of valid teachers.
        if proof.at_most:
            yield Fault("unknown_kind", proof.id)
        return
    if proof.most_valid is None or len(set(proof.teachers)) != len(proof.teachers) or not 0 <= proof.most_valid < len(proof.teachers):
        yield Fault("no_claim", proof.id)
        return
    yield from shape(proof)


def out_of_reach_shape(proof: Proof) -> Iterator[Fault]:
    """One teacher: for each way (without a main duty, with one) a requirement that is more than what there is."""
    ways = [number_of(proof, c.left).names.get("way", "") for c in proof.conclusions]
    wanted = {"teacher_alone_without": {"without"}, "teacher_alone_with": {"with"}}.get(proof.kind)
    excluded = {WAY_EXCLUDED[a.says] for a in proof.assumptions if a.says in WAY_EXCLUDED}
    expected = wanted if wanted is not None else {"without", "with"} - excluded
    is_more = all(c.relation is Relation.MORE_THAN for c in proof.conclusions)
    if len(proof.teachers) != 1 or proof.most_valid != 0 or not is_more or set(ways) != expected or len(ways) != len(expected):
        yield Fault("claim_does_not_follow", proof.id)


WAY_EXCLUDED: Mapping[str, str] = {"no_main_duty": "with", "holds_main_duty": "without"}
"""Assumptions that leave one teacher only one way: nobody may give him a main duty, or the workbook has given him one."""


def shared_shape(proof: Proof) -> Iterator[Fault]:
    """Several teachers: the cheapest of one more than the claim need more than there is."""
    numbers = {number.id: number for number in proof.numbers}
    conclusion = proof.conclusions[0]
    needed, pool = numbers.get(conclusion.left), conclusion.right
    if len(proof.conclusions) != 1 or conclusion.relation is not Relation.MORE_THAN or needed is None or needed.operation is not Operation.CHEAPEST:
        yield Fault("claim_does_not_follow", proof.id)
        return
    if len(needed.operands) != 2 + 2 * len(proof.teachers):
        yield Fault("claim_does_not_follow", proof.id, needed.id)
        return
    one_more, slots = numbers[needed.operands[0]], numbers[needed.operands[1]]
    if one_more.operation is not Operation.SUM or one_more.operands[:1] != (proof.at_most,) or one_more.value != (proof.most_valid or 0) + 1:
        yield Fault("claim_does_not_follow", proof.id, one_more.id)
    for place, teacher in enumerate(proof.teachers):
        without, using = (numbers[operand] for operand in needed.operands[2 + 2 * place : 4 + 2 * place])
        ways = [(without, "teacher_alone_without"), (using, "teacher_alone_with")]
        for number, kind in ways if slots.value > 0 else ways[:1]:
            # More than there is: only where a part shows that the teacher is out of reach that way.
            if number.says == "out_of_reach" and (pool not in number.operands or not out_of_reach(proof, teacher, kind)):
                yield Fault("claim_does_not_follow", proof.id, number.id)


def out_of_reach(proof: Proof, teacher: str, kind: str) -> bool:
    return any(part.teachers == (teacher,) and part.kind == kind for part in proof.parts)


def split_shape(proof: Proof) -> Iterator[Fault]:
    """Groups that share main duties: the claim is the best division, and each group's numbers are the claims of parts with so many duties."""
    numbers, parts = {number.id: number for number in proof.numbers}, {PART + part.id: part for part in proof.parts}
    best = numbers[proof.at_most]
    if best.operation is not Operation.BEST_SPLIT:
        yield Fault("claim_does_not_follow", proof.id, best.id)
        return
    slots = numbers[best.operands[0]].value
    members: list[str] = []
    for start in range(1, len(best.operands), slots + 1):
        row = best.operands[start : start + slots + 1]
        group = group_of(row, numbers, parts)
        members += group
        for used, operand in enumerate(row):
            part = parts.get(operand)
            if part is None:
                stands = operand in numbers and numbers[operand].value == len(group)
            else:
                stands = part.teachers == group and slots_of(part) >= used
            if not stands:
                yield Fault("claim_does_not_follow", proof.id, operand)
    if sorted(members) != sorted(proof.teachers):
        yield Fault("claim_does_not_follow", proof.id, best.id)


def group_of(row: Sequence[str], numbers: Mapping[str, Number], parts: Mapping[str, Proof]) -> tuple[str, ...]:
    """Teachers of one group: those of the parts that stand for it."""
    return next((parts[operand].teachers for operand in row if operand in parts), ())


def slots_of(part: Proof) -> int:
    """With how many main duties the part's claim stands; one that excludes nothing stands with any number."""
    if part.kind == "teacher_alone_without":
        return 0
    if part.kind == "teacher_alone":
        return len(part.numbers)
    needed = next((n for n in part.numbers if n.operation is Operation.CHEAPEST), None)
    return -1 if needed is None else number_of(part, needed.operands[1]).value


def number_of(proof: Proof, number_id: str) -> Number:
    return next(number for number in proof.numbers if number.id == number_id)


SHAPES: Mapping[str, Callable[[Proof], Iterator[Fault]]] = {
    "teacher_alone": out_of_reach_shape,
    "teacher_alone_without": out_of_reach_shape,
    "teacher_alone_with": out_of_reach_shape,
    "shared_hours": shared_shape,
    "shared_duties": shared_shape,
    "shared_main_duties": split_shape,
}
"""How the claim of each kind of counting bound follows from its lines."""


# --- the premises ------------------------------------------------------------------------------------------------------------------------


def policy_source(policy: Policy, key: str) -> Source | None:
    return policy.sources.get(key)


def need_path(case: Case) -> Mapping[str, str]:
    """Where the workbook says each need: ``rombels[2].name``, ``groups[1].code``, ``open_hours[0].jp``; a part with hours of its own
    ``assignments[4].teacher``."""
    instance = case.instance
    rombels = {(r.school, r.name): f"rombels[{i}].name" for i, r in enumerate(instance.rombels)}
    groups = {(g.school, g.code): f"groups[{i}].code" for i, g in enumerate(instance.groups)}
    opened = {(row.school, row.row, row.subject): f"open_hours[{i}].jp" for i, row in enumerate(instance.open_hours)}
    locks = {(r.school, r.rombel, r.subject, r.teacher): f"assignments[{i}].teacher" for i, r in enumerate(instance.assignments) if r.jp is not None}
    paths = {}
    for need in case.needs:
        code = need.id.split("/")[1]
        names = (code, *need.rombels)
        part = next((locks[key] for name in names if (key := (need.school, name, need.subject, need.locked)) in locks), "") if "#" in need.id else ""
        if part:
            paths[need.id] = part
        elif need.kind is NeedKind.OPEN_HOURS:
            paths[need.id] = opened[need.school, int(code.removeprefix("mitra")), need.subject]
        else:
            paths[need.id] = groups.get((need.school, code)) or rombels[need.school, need.rombels[0]]
    return paths


def premise_faults(case: Case, partners: Sequence[PartnerAlone], proof: Proof) -> tuple[Fault, ...]:
    """Premises of the proof (and of its parts) that the file or the ruleset does not bear out; rebuilt from the case, not from the finder.

    Law numbers with their articles, the teachers' own cells, classes and their hours, duties and their units; and whether every class that these
    teachers may have was counted.
    """
    found = [fault for part in proof.parts for fault in premise_faults(case, partners, part)]
    if proof.kind not in SHAPES:
        return tuple(found)
    unknown = [t for t in proof.teachers if t not in case.counted]
    if unknown:
        return (*found, *(Fault("premise_not_so", proof.id, "", {"says": "teachers", "teacher": t}) for t in unknown))
    return (*found, *PremiseCheck(case, proof, frozenset(n for partner in partners for n in partner.open_needs)).faults())


@dataclass(frozen=True)
class PremiseCheck:
    """One proof's premises against the case."""

    case: Case
    proof: Proof
    open_needs: frozenset[str]

    def faults(self) -> Iterator[Fault]:
        for number in self.proof.numbers:
            if number.operation is Operation.GIVEN and not (self.cells_exist(number.paths) and self.is_so(number)):
                yield Fault("premise_not_so", self.proof.id, number.id, {"says": number.says, "value": number.value})
        for assumption in self.proof.assumptions:
            if not (self.cells_exist(assumption.paths) and self.may_assume(assumption)):
                yield Fault("premise_not_so", self.proof.id, "", {"says": assumption.says})
        yield from self.uncounted_classes()

    def cells_exist(self, paths: Iterable[str]) -> bool:
        return all(value_at(self.case, path) is not None for path in paths)

    def is_so(self, number: Number) -> bool:
        if number.says.startswith("law_") or number.says == "max_jtm":
            return self.is_law(number)
        for ending, check in PREMISES.items():
            if number.says.endswith(ending):
                return check(self, number)
        return number.says in FREE

    def is_law(self, number: Number) -> bool:
        key = number.says.removeprefix("law_")
        value, source = getattr(self.case.policy, key, None), self.case.policy.sources.get(key)
        stated = source is None or (source.article, source.confidence.value) == (number.article, number.confidence)
        return value is not None and int(value) == number.value and stated

    def is_cell(self, number: Number) -> bool:
        return bool(number.paths) and all(value_at(self.case, path) == number.value for path in number.paths)

    def is_pattern(self, number: Number) -> bool:
        return any((p.home_min_jtm, p.source.article) == (number.value, number.article) for p in self.case.policy.outside_patterns)

    # --- classes ---------------------------------------------------------------------------------------------------------------------

    def needs_at(self, number: Number) -> list[Need]:
        """Needs that a line on classes names: those of its subject at its cells that some of the teachers may have."""
        wanted, paths = (number.names.get("school"), number.names.get("subject")), frozenset(number.paths)
        return [n for n in self.may_have if self.path_of(n) in paths and wanted == self.names_of(n)]

    def names_of(self, need: Need) -> tuple[str, str]:
        return self.case.schools[need.school].name, self.case.instance.subject(need.subject).name

    def path_of(self, need: Need) -> str:
        return self.places[need.id]

    @cached_property
    def places(self) -> Mapping[str, str]:
        return need_path(self.case)

    @cached_property
    def may_have(self) -> tuple[Need, ...]:
        """Needs that one of the proof's teachers may teach and count."""
        return tuple(need for need in self.case.needs if self.hours(need) > 0 and any(self.may_count(t, need) for t in self.proof.teachers))

    def hours(self, need: Need) -> int:
        return self.case.guidance_weight(need) if need.kind is NeedKind.GUIDANCE else need.recognised_jp

    def may_count(self, t: str, need: Need) -> bool:
        case = self.case
        if not case.is_linear(t, need.subject) or case.is_counsellor(t) is not (need.kind is NeedKind.GUIDANCE) or not case.may_teach(t, need):
            return False
        if need.locked:
            return need.locked == t
        is_visit = case.teachers[t].home != need.school and need.kind is not NeedKind.OPEN_HOURS and case.policy.outside_needs_assignment
        return not is_visit or need.id in self.open_needs or t in need.dinas

    def is_class_count(self, number: Number) -> bool:
        return number.value == len(set(number.paths)) == len(self.needs_at(number))

    def is_class_hours(self, number: Number) -> bool:
        """The hours of every class of the lines that are multiplied with these."""
        numbers = {n.id: n for n in self.proof.numbers}
        counts = [numbers[n.operands[0]] for n in self.proof.numbers if n.operation is Operation.PRODUCT and n.operands[1:] == (number.id,)]
        return bool(counts) and all({self.hours(need) for need in self.needs_at(count)} == {number.value} for count in counts)

    def uncounted_classes(self) -> Iterator[Fault]:
        """Classes that the teachers may have and no line counts; elsewhere only where nothing limits the hours of other schools."""
        says = {number.says for number in self.proof.numbers}
        if says & {"max_jp", "max_jtm"} or self.proof.kind == "shared_main_duties":
            return
        only_home = bool(self.case.policy.outside_patterns) or "law_outside_max_jtm" in says or any(name.endswith("_home") for name in says)
        homes = {self.case.teachers[t].home for t in self.proof.teachers}
        counted = {need.id for n in self.proof.numbers if n.says.endswith("_count") for need in self.needs_at(n)}
        for need in self.may_have:
            if need.id not in counted and (need.school in homes or not only_home):
                yield Fault("class_not_counted", self.proof.id, "", {"need": need.id})

    # --- duties ----------------------------------------------------------------------------------------------------------------------

    def posts_named(self, number: Number) -> list[DutyPost]:
        names = number.names
        schools = {s.npsn for s in self.case.instance.schools if s.name == names.get("school", s.name)}
        return [post for post in self.case.duty_posts if post.school in schools and post.rule.name == names.get("duty")]

    def is_duty_jtm(self, number: Number) -> bool:
        rules = [rule for rule in self.case.policy.duties if rule.name == number.names.get("duty")]
        return any((rule.jtm, rule.source.article) == (number.value, number.article) for rule in rules)

    def is_units(self, number: Number) -> bool:
        """Free units that count (no more than the teachers may hold together), or the units pinned to one of them."""
        for post in self.posts_named(number):
            counting = [holder for unit, holder in post.pinned if unit not in post.unrecognised]
            free = max(0, min(post.quota - len(counting), post.maximum - len(post.pinned)))
            holders = [t for t in self.proof.teachers if self.case.may_hold(t, post)]
            most = post.rule.max_per_teacher
            each = [free if most is None else max(0, most - min(post.quota, counting.count(t))) for t in holders]
            pinned = {min(post.quota, counting.count(t)) for t in self.proof.teachers}
            if number.value in pinned | {min(free, sum(each))} | {min(free, own) for own in each}:
                return True
        return False

    def is_special(self, number: Number) -> bool:
        t = number.names.get("teacher", "")
        special = [post.rule for post in self.case.duty_posts if post.rule.kind is DutyKind.SPECIAL and t in {holder for _, holder in post.pinned}]
        return any(rule.jtm and number.value % rule.jtm == 0 and rule.source.article == number.article for rule in special)

    def may_assume(self, assumption: Assumption) -> bool:
        """Whether nobody may give the teacher a main duty, or the workbook has given one, as is assumed."""
        t = assumption.names.get("teacher", "")
        main = [post for post in self.case.duty_posts if post.rule.kind is DutyKind.TTU]
        if assumption.says == "holds_main_duty":
            return any(t in {holder for unit, holder in post.pinned if unit not in post.unrecognised} for post in main)
        if assumption.says != "no_main_duty" or self.case.teachers[t].position is Position.PRINCIPAL:
            return True
        pins = sum(holder == t for post in main for _, holder in post.pinned)
        if pins >= self.case.policy.ttu_max_per_teacher:
            return True
        return not any(self.case.may_hold(t, post) and min(post.quota - self.counting(post), post.maximum - len(post.pinned)) > 0 for post in main)

    @staticmethod
    def counting(post: DutyPost) -> int:
        return sum(unit not in post.unrecognised for unit, _ in post.pinned)


PREMISES: Mapping[str, Callable[[PremiseCheck, Number], bool]] = {
    "outside_jtm": PremiseCheck.is_cell,
    "max_jp": PremiseCheck.is_cell,
    "pattern_home": PremiseCheck.is_pattern,
    "_count": PremiseCheck.is_class_count,
    "class_hours": PremiseCheck.is_class_hours,
    "guided_hours": PremiseCheck.is_class_hours,
    "duty_jtm": PremiseCheck.is_duty_jtm,
    "duty_units": PremiseCheck.is_units,
    "special_jtm": PremiseCheck.is_special,
}
"""How each kind of premise is checked, by the end of its key."""

FREE = ("nobody", "one", "most_valid", "slots_given", "group_size")
"""Numbers that are no premises of the file: the claim itself, and what the shape of the proof checks."""

CELL = re.compile(r"^(\w+)\[(\d+)\]\.(\w+)$")


def value_at(case: Case, path: str) -> object | None:
    """What the instance says at ``structure[3].intra_jp``; "" where the cell is empty, None where there is no such place."""
    match = CELL.match(path)
    rows = getattr(case.instance, match.group(1), None) if match else None
    if match is None or not isinstance(rows, tuple) or int(match.group(2)) >= len(rows) or not hasattr(rows[int(match.group(2))], match.group(3)):
        return None
    value: object = getattr(rows[int(match.group(2))], match.group(3))
    return "" if value is None else value
