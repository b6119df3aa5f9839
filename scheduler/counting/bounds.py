"""How the counting bounds of ``counting.proofs`` are found.

Three arguments, each an upper limit under every legal plan. One teacher alone: with all hours he may have and the best duties, still below. Teachers
who share hours or duties: the cheapest of one more than so many need more than there is. Groups that share main duties: no division of the
slots makes more of them valid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from scheduler.counting.packing import most_valid
from scheduler.counting.proof_facts import Given, ProofFacts, Way
from scheduler.counting.proof_sums import Demand, Pool, Sheet, closed_way, demands, shared, used_only, what_is_shared
from scheduler.domain.proof import Assumption, Conclusion, Number, Operation, Proof, Relation
from scheduler.policy.case import Case
from scheduler.policy.schema import DutyKind, Source
from scheduler.verify.proof import PART
from scheduler.verify.sums import cheapest_sums

EVERY_SUBSET_UP_TO = 6
"""Of so many teachers every subset is tried; of more, only those whose hours or school are alike."""

POOLS: tuple[Pool, ...] = tuple(
    Pool(classes, teaching, small)
    for classes, teaching, small in (
        ("all", False, False),
        ("home", False, False),
        ("all", False, True),
        ("all", True, False),
        ("all", True, True),
        ("home", False, True),
        ("home", True, True),
        ("none", False, True),
        ("none", True, False),
        ("none", True, True),
    )
)
"""In the order in which a proof is preferred: the simplest first."""


@dataclass
class Bounds:
    """The bounds found so far, and what is known of each teacher alone."""

    facts: ProofFacts
    found: list[Proof] = field(default_factory=list)
    _closed: dict[tuple[str, Way], Proof | None] = field(default_factory=dict)
    _most_needed: dict[tuple[str, Pool], tuple[int, int] | None] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        return self.facts.case

    def all(self) -> list[Proof]:
        alone = {t: self.alone(t) for t in self.facts.may_have}
        self.found = [proof for proof in alone.values() if proof is not None]
        left = [t for t, proof in alone.items() if proof is None]
        for members in self.tied(left):
            for teachers in self.subsets(members):
                self.keep(self.best_shared(teachers, [pool for pool in POOLS if pool.classes != "none"]))
        at_home: dict[str, list[str]] = defaultdict(list)
        for t in left:
            at_home[self.case.teachers[t].home].append(t)
        for staff in at_home.values():
            self.share_duties(staff)
        for homes in self.connected(left):
            self.keep(self.split([t for t in left if self.case.teachers[t].home in homes]))
        return self.found

    def connected(self, teachers: Sequence[str]) -> list[frozenset[str]]:
        """Schools whose teachers share classes: each two of them, and all that hang together (of a few every subset), the small sets first."""
        homes = [frozenset(self.case.teachers[t].home for t in members) for members in self.tied(teachers)]
        found = {frozenset(pair) for shared_by in homes for pair in combinations(sorted(shared_by), 2)}
        whole: list[frozenset[str]] = []
        for shared_by in homes:
            touching = [other for other in whole if other & shared_by]
            whole = [*(other for other in whole if not other & shared_by), shared_by.union(*touching)]
        for schools in whole:
            few = len(schools) <= EVERY_SUBSET_UP_TO
            found |= {frozenset(chosen) for chosen in every_subset(sorted(schools), len(schools))} if few else {schools}
        return sorted((schools for schools in found if len(schools) > 1), key=lambda schools: (len(schools), sorted(schools)))

    def keep(self, proof: Proof | None) -> None:
        """Add a bound that says more than those before it."""
        if proof is not None and (proof.most_valid or 0) < most_valid(self.found, proof.teachers)[0]:
            self.found.append(proof)

    # --- one teacher -------------------------------------------------------------------------------------------------------------------

    def closed(self, t: str, way: Way) -> Proof | None:
        """Proof that the teacher cannot be valid this way."""
        if (t, way) not in self._closed:
            self._closed[t, way] = self._alone(t, f"teacher_alone_{way.value}", (way,))
        return self._closed[t, way]

    def alone(self, t: str) -> Proof | None:
        """Proof that the teacher cannot be valid in any way."""
        ways = self.facts.ways(t)
        return self._alone(t, "teacher_alone", ways) if all(self.closed(t, way) is not None for way in ways) else None

    def _alone(self, t: str, kind: str, ways: Sequence[Way]) -> Proof | None:
        sheet, ends, conclusions = Sheet(), list[str](), list[Conclusion]()
        nobody = sheet.given(Given("nobody", 0))
        for way in ways:
            closed = closed_way(self.facts, sheet, t, way)
            if closed is None:
                return None
            conclusions.append(closed.conclusion)
            ends += [closed.conclusion.left, closed.conclusion.right, *closed.beside]
        numbers = used_only(sheet.numbers, [nobody, *ends])
        assumptions = [*self.assumptions((t,)), *(self.way_assumptions(t) if kind == "teacher_alone" else ())]
        return self.proof(kind, (t,), numbers, conclusions, nobody, assumptions)

    def way_assumptions(self, t: str) -> Iterator[Assumption]:
        """Why only one way is open to the teacher."""
        ways, person = self.facts.ways(t), self.facts.person(t)
        if Way.WITH not in ways:
            yield Assumption("no_main_duty", person)
        if Way.WITHOUT not in ways:
            pinned = [post for post, _ in self.facts.own_units(t, DutyKind.TTU)]
            cells = [
                f"duties[{i}].holders"
                for i, row in enumerate(self.case.instance.duties)
                if any((row.school, row.duty) == (post.school, post.duty) for post in pinned) and t in row.holders
            ]
            yield Assumption("holds_main_duty", person, tuple(cells))

    # --- several teachers --------------------------------------------------------------------------------------------------------------

    def tied(self, teachers: Sequence[str]) -> list[list[str]]:
        """Teachers joined where a class may go to either of them, directly or over others."""
        leader = {t: t for t in teachers}

        def root(t: str) -> str:
            while leader[t] != t:
                leader[t] = leader[leader[t]]
                t = leader[t]
            return t

        first: dict[str, str] = {}
        for t in teachers:
            for need in self.facts.free(t):
                leader[root(t)] = root(first.setdefault(need.id, t))
        groups: dict[str, list[str]] = defaultdict(list)
        for t in teachers:
            groups[root(t)].append(t)
        return [members for members in groups.values() if len(members) > 1]

    def subsets(self, members: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Subsets that may give a bound, the small ones first."""
        if len(members) <= EVERY_SUBSET_UP_TO:
            yield from every_subset(members, len(members))
            return
        alike: dict[object, list[str]] = defaultdict(list)
        for t in members:
            alike["home", self.case.teachers[t].home].append(t)
            alike["family", self.case.teachers[t].home, self.case.family_of(t)].append(t)
            alike["hours", tuple(need.id for need in self.facts.free(t))].append(t)
        sets = {tuple(found) for found in alike.values() if len(found) > 1} | {tuple(members)}
        small = {subset for found in sets if len(found) <= EVERY_SUBSET_UP_TO for subset in every_subset(found, len(found) - 1)}
        order = {t: place for place, t in enumerate(members)}
        yield from sorted(sets | small, key=lambda found: (len(found), [order[t] for t in found]))

    def best_shared(self, teachers: Sequence[str], pools: Iterable[Pool], slots: int | None = None) -> Proof | None:
        """The tightest bound for these teachers over the pools; of equals the simplest."""
        best: Proof | None = None
        for pool in pools:
            proof = self.share(teachers, pool, slots) if self.makes_sense(teachers, pool) and self.may_exclude(teachers, pool, slots) else None
            if proof is not None and (best is None or (proof.most_valid or 0) < (best.most_valid or 0)):
                best = proof
        return best

    def makes_sense(self, teachers: Sequence[str], pool: Pool) -> bool:
        facts = self.facts
        if pool.classes == "home":
            homes = {self.case.teachers[t].home for t in teachers}
            away = any(need.school not in homes for t in teachers for need in facts.free(t))
            if len(homes) > 1 or not (away and (self.case.policy.outside_max_jtm is not None or pool.small)):
                return False
        shares_teaching = any(facts.duty_lots((t,), DutyKind.TEACHING) for t in teachers)
        shares_small = any(facts.duty_lots((t,), DutyKind.TTLE) for t in teachers) and self.case.policy.ttle_cap_jtm > 0
        return (shares_teaching or not pool.teaching) and (shares_small or not pool.small)

    def may_exclude(self, teachers: Sequence[str], pool: Pool, slots: int | None) -> bool:
        """Whether the teachers may need more than the pool holds: by numbers alone, before any line is written."""
        facts, kinds = self.facts, [kind for kind, taken in ((DutyKind.TEACHING, pool.teaching), (DutyKind.TTLE, pool.small)) if taken]
        homes = {self.case.teachers[t].home for t in teachers}
        needs = {need.id: need for t in teachers for need in facts.free(t)} if pool.classes != "none" else {}
        total = sum(facts.hours(need) for need in needs.values() if pool.classes == "all" or need.school in homes)
        total += sum(post.rule.jtm * units for kind in kinds for post, units in facts.open_units(teachers, kind))
        if slots is None:
            slots = sum(units for _, units in facts.open_units(self.open_to_main_duty(teachers), DutyKind.TTU))
        pairs = [self.most_needed(t, pool) for t in teachers]
        if any(pair is None or max(pair) > total for pair in pairs):
            return True
        return cheapest_sums(slots, [pair for pair in pairs if pair is not None])[-1] > total

    def most_needed(self, t: str, pool: Pool) -> tuple[int, int] | None:
        """What the teacher needs of such a pool at most, without and with a main duty; None where a way is closed or not told by numbers alone."""
        if (t, pool) not in self._most_needed:
            sheet, own = Sheet(), shared(self.facts, (t,), pool)
            values: dict[Way, int | None] = {}
            for way in self.facts.ways(t):
                found = [] if self.closed(t, way) is not None else demands(self.facts, sheet, t, way, own)
                told = [sheet.values[demand.number] for demand in found if demand.number is not None]
                values[way] = max(told) if told and len(told) == len(found) else None
            first = values[Way.WITHOUT] if Way.WITHOUT in values else values[Way.WITH]
            second = values.get(Way.WITH, first)
            self._most_needed[t, pool] = None if first is None or second is None else (first, min(first, second))
        return self._most_needed[t, pool]

    def share(self, teachers: Sequence[str], pool: Pool, slots: int | None = None) -> Proof | None:
        """The bound for teachers who take from one pool; None where it excludes nobody.

        ``slots``: as if the school's groups left these teachers so many main duties at most.
        """
        facts, sheet = self.facts, Sheet()
        taken = shared(facts, teachers, pool)
        shares = what_is_shared(facts, teachers, pool)
        total = sheet.total(taken.lots, f"pool_{shares}")
        free_slots = self.slots(sheet, teachers) if slots is None else self.slots_left(sheet, slots)
        beyond = ""
        parts: list[Proof] = []
        pairs: list[str] = []
        for t in teachers:
            by_way: dict[Way, str | None] = {}
            for way in facts.ways(t):
                closed = self.closed(t, way)
                number = None if closed is not None else self.needed(sheet, demands(facts, sheet, t, way, taken))
                if number is None and closed is None:
                    return None
                if closed is not None:
                    beyond = beyond or sheet.sure(Operation.SUM, "out_of_reach", [total, sheet.given(Given("one", 1))])
                    number = beyond
                    parts.append(closed)
                by_way[way] = number
            first = by_way.get(Way.WITHOUT) or by_way.get(Way.WITH) or ""
            second = by_way.get(Way.WITH) or first
            if sheet.values[free_slots] == 0 and Way.WITHOUT in by_way:
                second = first
            pairs += [first, second]
        values = [(sheet.values[a], sheet.values[b]) for a, b in zip(pairs[::2], pairs[1::2], strict=True)]
        sums = cheapest_sums(max(0, sheet.values[free_slots]), values)
        most = next((count - 1 for count, needed in enumerate(sums) if needed > sheet.values[total]), None)
        if most is None:
            return None
        at_most = sheet.given(Given("most_valid", most))
        one_more = sheet.sure(Operation.SUM, "one_more", [at_most, sheet.given(Given("one", 1))])
        needed = sheet.sure(Operation.CHEAPEST, f"cheapest_{shares}", [one_more, free_slots, *pairs])
        numbers = used_only(sheet.numbers, [at_most, needed, total])
        used = {number.id for number in numbers}
        if beyond not in used:
            parts = []
        kind = "shared_duties" if pool.classes == "none" else "shared_hours"
        assumptions = [*self.assumptions(teachers), *self.main_duty_assumptions(teachers)]
        return self.proof(kind, teachers, numbers, [Conclusion(needed, Relation.MORE_THAN, total)], at_most, assumptions, parts)

    @staticmethod
    def needed(sheet: Sheet, found: Sequence[Demand]) -> str | None:
        """The greatest of a teacher's needs; the sum before whole classes where no whole classes of the pool reach it."""
        lines = [demand.number or demand.target for demand in found]
        return max(lines, key=lambda line: sheet.values[line])

    def slots(self, sheet: Sheet, teachers: Sequence[str]) -> str:
        """Main duties that are free to these teachers: those pinned to somebody are not."""
        lots = self.facts.duty_lots(self.open_to_main_duty(teachers), DutyKind.TTU)
        return sheet.sure(Operation.SUM, "slots", [sheet.given(lot.count) for lot in lots])

    def open_to_main_duty(self, teachers: Sequence[str]) -> list[str]:
        return [t for t in teachers if not self.facts.holds_main_duty(t) and Way.WITH in self.facts.ways(t)]

    @staticmethod
    def slots_left(sheet: Sheet, slots: int) -> str:
        return sheet.sure(Operation.SUM, "slots_left", [sheet.given(Given("slots_given", slots))])

    # --- duties of a school ------------------------------------------------------------------------------------------------------------

    def share_duties(self, staff: Sequence[str]) -> None:
        """Bounds for the staff of a school who compete for its small duties, and for its main duties."""
        self.keep(self.split(staff))
        pools = [pool for pool in POOLS if pool.classes == "none"]
        if len(staff) <= EVERY_SUBSET_UP_TO:
            for teachers in every_subset(staff, len(staff)):
                self.keep(self.best_shared(teachers, pools))
        else:
            for pool in pools:
                short = [t for t in staff if self.takes_some(t, pool)]
                if len(short) > 1 and self.makes_sense(short, pool):
                    self.keep(self.share(short, pool))

    def takes_some(self, t: str, pool: Pool) -> bool:
        """Whether the teacher needs something of the pool where he holds no main duty."""
        sheet = Sheet()
        ways = self.facts.ways(t)
        if self.closed(t, ways[0]) is not None:
            return True
        found = demands(self.facts, sheet, t, ways[0], shared(self.facts, (t,), pool))
        return any(sheet.values[demand.target] > 0 for demand in found)

    def split(self, staff: Sequence[str]) -> Proof | None:
        """Groups of a school for whom the number of main duties decides, and the best way to share those there are."""
        groups = [*self.tied(staff)]
        groups += [[t] for t in staff if not any(t in group for group in groups)]
        rows: list[tuple[Sequence[str], list[Proof | None]]] = []
        count = -1
        while True:
            # Slots that only others may hold are none for these: fewer slots may leave more groups unconcerned.
            sheet = Sheet()
            slots = self.slots(sheet, [t for group in groups for t in group])
            if sheet.values[slots] == count or not groups:
                break
            count = sheet.values[slots]
            rows = [(group, [self.with_slots(group, used) for used in range(count + 1)]) for group in groups]
            rows = [(group, row) for group, row in rows if claim_of(group, row[0]) < claim_of(group, row[-1])]
            groups = [list(group) for group, _ in rows]
        if len(rows) < 2:
            return None
        parts, operands, sizes = list[Proof](), list[str](), list[str]()
        for group, row in rows:
            size = sheet.given(Given("group_size", len(group), {"names": self.people(group)}))
            sizes.append(size)
            for part in row:
                if part is None:
                    operands.append(size)
                    continue
                same = next((known for known in parts if replace(known, id="") == replace(part, id="")), None)
                if same is None:
                    same = replace(part, id=f"P{len(parts) + 1}")
                    parts.append(same)
                    sheet.values[PART + same.id] = part.most_valid or 0
                operands.append(PART + same.id)
        at_most = sheet.sure(Operation.BEST_SPLIT, "best_split", [slots, *operands])
        total = sheet.sure(Operation.SUM, "all_teachers", sizes)
        teachers = tuple(t for t in self.facts.may_have if any(t in group for group, _ in rows))
        if sheet.values[at_most] >= len(teachers):
            return None
        numbers = used_only(sheet.numbers, [at_most, total])
        conclusions = [Conclusion(at_most, Relation.LESS_THAN, total)]
        return self.proof("shared_main_duties", teachers, numbers, conclusions, at_most, [*self.main_duty_assumptions(teachers)], parts)

    def with_slots(self, group: Sequence[str], slots: int) -> Proof | None:
        """The bound for a group that has so many main duties at most; None where all of it can be valid."""
        if len(group) == 1:
            t = group[0]
            is_free = not self.facts.holds_main_duty(t)
            return self.closed(t, Way.WITHOUT) if slots == 0 and is_free and Way.WITHOUT in self.facts.ways(t) else None
        return self.best_shared(group, [pool for pool in POOLS if pool.classes != "none"], slots)

    # --- words -------------------------------------------------------------------------------------------------------------------------

    def people(self, teachers: Sequence[str]) -> str:
        return ", ".join(f"{self.case.teachers[t].name} ({t})" for t in teachers)

    def assumptions(self, teachers: Sequence[str]) -> Iterator[Assumption]:
        """What the hours stand on: classes are not divided, and what of the file keeps classes from these teachers."""
        sources = self.case.policy.sources
        yield assumed("no_split", sources.get("split_hours_recognised"))
        visits = any(need.school != self.case.teachers[t].home for t in teachers for need in self.facts.may_have[t])
        if visits and self.case.policy.outside_needs_assignment:
            yield assumed("only_open_needs", sources.get("outside_needs_assignment"))
        subjects = {subject for t in teachers for subject in self.facts.subjects.get(self.case.teachers[t].certificate or "", ())}
        cells = tuple(dict.fromkeys(path for subject in sorted(subjects) for path in self.facts.reserved.get(subject, ())))
        if cells:
            yield Assumption("reserved_classes", {}, cells)

    def main_duty_assumptions(self, teachers: Sequence[str]) -> Iterator[Assumption]:
        if any(Way.WITH in self.facts.ways(t) for t in teachers):
            yield assumed("one_main_duty", self.case.policy.sources.get("ttu_max_per_teacher"))
        for t in teachers:
            if self.facts.holds_main_duty(t):
                yield from self.way_assumptions(t)

    def proof(
        self,
        kind: str,
        teachers: Sequence[str],
        numbers: Sequence[Number],
        conclusions: Sequence[Conclusion],
        at_most: str,
        assumptions: Iterable[Assumption],
        parts: Sequence[Proof] = (),
    ) -> Proof:
        case = self.case
        homes = {case.teachers[t].home for t in teachers}
        families = {case.family_of(t) for t in teachers}
        home = homes.pop() if len(homes) == 1 else ""
        return Proof(
            id="",
            kind=kind,
            school=home,
            teachers=tuple(teachers),
            numbers=tuple(numbers),
            conclusions=tuple(conclusions),
            assumptions=tuple(assumptions),
            at_most=at_most,
            family=families.pop() if len(families) == 1 else "",
            parts=tuple(replace(part, id=part.id or f"P{place + 1}") for place, part in enumerate(parts)),
            names={"names": self.people(teachers), "school": case.schools[home].name if home in case.schools else home},
        )


def every_subset(members: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    for size in range(2, most + 1):
        yield from combinations(members, size)


def claim_of(group: Sequence[str], part: Proof | None) -> int:
    return len(group) if part is None or part.most_valid is None else part.most_valid


def assumed(says: str, source: Source | None) -> Assumption:
    if source is None:
        return Assumption(says)
    return Assumption(says, article=source.article, source=source.source, confidence=source.confidence.value)
