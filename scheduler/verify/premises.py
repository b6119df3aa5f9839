"""The premises of a counting bound against the case: rebuilt from the file and the ruleset, not from the finder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from scheduler.domain.entities import SlotKind
from scheduler.domain.plan import PartnerAlone
from scheduler.domain.proof import Assumption, Number, Operation, Proof
from scheduler.policy.case import Case, DutyPost, Need, NeedKind
from scheduler.policy.schema import DutyKind
from scheduler.verify import units
from scheduler.verify.needs import NeedCheck

KINDS: frozenset[str] = frozenset(
    {"teacher_alone", "teacher_alone_without", "teacher_alone_with", "shared_hours", "shared_duties", "shared_main_duties"}
)
"""Kinds of proofs that bound the number of valid teachers."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a proof: ``rule`` is the key of its sentence, ``number`` the line concerned (or "")."""

    rule: str
    proof: str
    number: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)


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
    return tuple(premise_faults_within(case, partners, proof, ""))


def premise_faults_within(case: Case, partners: Sequence[PartnerAlone], proof: Proof, whole: str) -> tuple[Fault, ...]:
    """``whole`` is the kind of the proof that this one is a part of, "" for none."""
    found = [fault for part in proof.parts for fault in premise_faults_within(case, partners, part, proof.kind)]
    if proof.kind not in KINDS:
        return (*found, *cell_faults(case, proof))
    unknown = [t for t in proof.teachers if t not in case.counted]
    if unknown:
        return (*found, *(Fault("premise_not_so", proof.id, "", {"says": "teachers", "teacher": t}) for t in unknown))
    opened = frozenset(need for partner in partners for need in partner.open_needs)
    return (*found, *PremiseCheck(case, proof, opened, whole == "shared_main_duties").faults())


def rests_on_open_needs(case: Case, proof: Proof) -> bool:
    """Whether the premises of a proof (or of its parts) change with what is open to visitors at other schools."""
    if proof.kind in KINDS and all(t in case.teachers for t in proof.teachers):
        closed, opened = (PremiseCheck(case, proof, frozenset(ids)) for ids in ((), (need.id for need in case.needs)))
        if closed.may_have != opened.may_have:
            return True
    return any(rests_on_open_needs(case, part) for part in proof.parts)


def cell_faults(case: Case, proof: Proof) -> Iterator[Fault]:
    """Of a proof about classes and times: places that do not exist, and premises that are not what their own cells or the ruleset say."""
    for number in proof.numbers:
        name = number.says.rpartition(".")[2]
        is_so = all(value_at(case, path) is not None for path in number.paths)
        if is_so and name in SUM_OF_ROW and number.paths:
            rows: dict[str, int] = {}
            for path in number.paths:
                value = value_at(case, path)
                rows[path.rpartition(".")[0]] = rows.get(path.rpartition(".")[0], 0) + (value if isinstance(value, int) else 0)
            is_so = set(rows.values()) == {number.value}
        elif is_so and name == "day_periods" and number.paths and number.paths[0].startswith("slots["):
            first = case.instance.slots[int(number.paths[0].partition("[")[2].partition("]")[0])]
            alike = [slot for slot in case.instance.slots if (slot.pattern, slot.day, slot.kind) == (first.pattern, first.day, SlotKind.LESSON)]
            is_so = len({slot.period for slot in alike}) == number.value
        elif name == "law_max_jtm":
            is_so = number.value == case.policy.max_jtm
        if not is_so:
            yield Fault("premise_not_so", proof.id, number.id, {"says": number.says, "value": number.value})


SUM_OF_ROW = frozenset({"class_subject", "class_parallel", "lesson_hours", "free_hours", "max_jp", "min_jp", "outside_jtm"})
"""Premises that are what each row they name says, its intrakurikuler and kokurikuler together."""


@dataclass(frozen=True)
class PremiseCheck:
    """One proof's premises against the case."""

    case: Case
    proof: Proof
    open_needs: frozenset[str]
    in_split: bool = False
    """whether the proof is a part of one that divides the main duties: then that one says how many there are"""

    def faults(self) -> Iterator[Fault]:
        if not self.is_whole:
            yield Fault("claim_does_not_follow", self.proof.id)
            return
        for number in self.proof.numbers:
            if number.operation is Operation.GIVEN and not (self.cells_exist(number.paths) and self.is_so(number)):
                yield Fault("premise_not_so", self.proof.id, number.id, {"says": number.says, "value": number.value})
        for assumption in self.proof.assumptions:
            if not (self.cells_exist(assumption.paths) and self.may_assume(assumption)):
                yield Fault("premise_not_so", self.proof.id, "", {"says": assumption.says})
        for line_id, left_out in dict.fromkeys(("" if left_out else line.id, left_out) for line, left_out in self.needs.wrong()):
            if left_out:
                yield Fault("class_not_counted", self.proof.id, "", {"need": left_out})
            else:
                line = self.needs.numbers[line_id]
                yield Fault("premise_not_so", self.proof.id, line.id, {"says": line.says, "value": line.value})

    @property
    def is_whole(self) -> bool:
        """Whether the lines can be read at all: each operand a line (of a division of main duties: or a part), and as many as the operation takes."""
        known, at = {number.id for number in self.proof.numbers}, len(self.proof.teachers)
        named = {end for c in self.proof.conclusions for end in (c.left, c.right)} | {self.proof.at_most}
        for number in self.proof.numbers:
            is_split = number.operation is Operation.BEST_SPLIT
            named |= set(number.operands[:1] if is_split else number.operands)
            count = len(number.operands)
            sizes = {Operation.LEAST_WHOLE: count % 2 == 1, Operation.CHEAPEST: count == 2 + 2 * at, Operation.DIFFERENCE: count > 0}
            if not sizes.get(number.operation, count > 0 or number.operation in (Operation.GIVEN, Operation.SUM)):
                return False
        first = next((number.operation for number in self.proof.numbers if number.id == self.proof.at_most), None)
        return named <= known and at > 0 and (self.proof.kind != "shared_main_duties" or first is Operation.BEST_SPLIT)

    def cells_exist(self, paths: Iterable[str]) -> bool:
        return all(value_at(self.case, path) is not None for path in paths)

    def is_so(self, number: Number) -> bool:
        if number.says.startswith("law_") or number.says == "max_jtm":
            return self.is_law(number)
        for ending, check in PREMISES.items():
            if number.says.endswith(ending):
                return check(self, number)
        return number.says in FREE and FREE[number.says] in (None, number.value)

    def is_law(self, number: Number) -> bool:
        key = number.says.removeprefix("law_")
        value, source = getattr(self.case.policy, key, None), self.case.policy.sources.get(key)
        stated = source is None or (source.article, source.confidence.value) == (number.article, number.confidence)
        return isinstance(value, int) and value == number.value and stated

    def is_cell(self, number: Number) -> bool:
        return bool(number.paths) and all(value_at(self.case, path) == number.value for path in number.paths)

    def is_pattern(self, number: Number) -> bool:
        return any((p.home_min_jtm, p.source.article) == (number.value, number.article) for p in self.case.policy.outside_patterns)

    @cached_property
    def needs(self) -> NeedCheck:
        return NeedCheck(self)

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

    # --- duties ----------------------------------------------------------------------------------------------------------------------

    def posts_named(self, number: Number) -> list[DutyPost]:
        names, rows = number.names, [int(place) for place in re.findall(r"^duties\[(\d+)\]", "\n".join(number.paths), re.MULTILINE)]
        schools = {s.npsn for s in self.case.instance.schools if s.name == names.get("school", s.name)}
        # Two schools may have one name.
        schools &= {self.case.instance.duties[row].school for row in rows if row < len(self.case.instance.duties)} or schools
        return [post for post in self.case.duty_posts if post.school in schools and post.rule.name == names.get("duty")]

    def is_duty_jtm(self, number: Number) -> bool:
        rules = [rule for rule in self.case.policy.duties if rule.name == number.names.get("duty")]
        return any((rule.jtm, rule.source.article) == (number.value, number.article) for rule in rules)

    def is_units(self, number: Number) -> bool:
        """Free units that count (no more than the teachers may hold together), or the units pinned to one of them; a line of none counts nothing."""
        for post in self.posts_named(number):
            each = [units.free_for(post, t) for t in self.proof.teachers if self.case.may_hold(t, post)]
            pinned = {units.pins_of(post, t) for t in self.proof.teachers}
            if number.value > 0 and number.value in pinned | {min(units.free_units(post), sum(each)), *each}:
                return True
        return False

    def is_special(self, number: Number) -> bool:
        """All units of such a duty that the teacher can have recognised."""
        t = number.names.get("teacher", "")
        special = [p for p in self.case.duty_posts if p.rule.kind is DutyKind.SPECIAL and t in self.proof.teachers and self.case.may_hold(t, p)]
        return any((p.rule.jtm * units.most_units(p, t), p.rule.source.article) == (number.value, number.article) for p in special)

    def may_assume(self, assumption: Assumption) -> bool:
        """Whether nobody may give the teacher a main duty, or the workbook has given one, as is assumed."""
        t = assumption.names.get("teacher", "")
        if assumption.says not in ("holds_main_duty", "no_main_duty"):
            return True
        if t not in self.proof.teachers:
            return False
        if assumption.says == "holds_main_duty":
            return units.holds_main_duty(self.case, t)
        main = [post for post in self.case.duty_posts if post.rule.kind is DutyKind.TTU and self.case.may_hold(t, post)]
        return not (units.may_take_main_duty(self.case, t) and any(units.most_units(post, t) > 0 for post in main))


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

FREE: Mapping[str, int | None] = {"nobody": 0, "one": 1, "most_valid": None, "slots_given": None, "group_size": None}
"""Numbers that are no premises of the file: what they are, or None for the claim itself and for what the shape of the proof checks."""

CELL = re.compile(r"^(\w+)\[(\d+)\]\.(\w+)$")


def value_at(case: Case, path: str) -> object | None:
    """What the instance says at ``structure[3].intra_jp``; "" where the cell is empty, None where there is no such place."""
    match = CELL.match(path)
    rows = getattr(case.instance, match.group(1), None) if match else None
    if match is None or not isinstance(rows, tuple) or int(match.group(2)) >= len(rows) or not hasattr(rows[int(match.group(2))], match.group(3)):
        return None
    value: object = getattr(rows[int(match.group(2))], match.group(3))
    return "" if value is None else value
