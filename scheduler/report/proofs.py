"""A bukti hitung in words: every sum on a line that can be followed with a calculator, with the cell or the article of each number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.domain.proof import Assumption, Conclusion, Number, Operation, Proof
from scheduler.policy.case import Case
from scheduler.report.text import Text
from scheduler.verify.proof import PART

SILENT = frozenset({"one_more", "out_of_reach"})
"""Lines that only tie the claim to the sums; the sentences around them say it."""

MOST_CELLS = 3
"""More cells than this are shown as the first and the last."""


def proof_lines(text: Text, case: Case, proof: Proof, places: Callable[[str], str] = str) -> list[str]:
    """The proof as lines: the claim, what it assumes, the proofs it stands on, the sums in their order, the conclusion.

    Parameters
    ----------
    places
        turns a path (``structure[3].intra_jp``) into what the reader knows the cell by
    """
    if "." in proof.kind:
        from scheduler.report.finding_proofs import FindingTelling

        return list(FindingTelling(text, case, proof, places).lines())
    return list(Telling(text, case, proof, places).lines())


@dataclass(frozen=True)
class Telling:
    """One proof in one language."""

    text: Text
    case: Case
    proof: Proof
    places: Callable[[str], str]

    def lines(self) -> Iterator[str]:
        proof = self.proof
        yield self.say(f"claim_{proof.kind}", **self.claim_facts())
        if proof.assumptions:
            yield self.say("assumptions")
            yield from (f"- {self.assumption(assumption)}" for assumption in proof.assumptions)
        for part in proof.parts:
            yield from (f"   {line}" for line in Telling(self.text, self.case, part, self.places).lines())
        # Two lines may say the same of different classes: said once.
        sums = dict.fromkeys(line for number in proof.numbers for line in self.sum_lines(number))
        yield from (f"{place + 1}. {line}" for place, line in enumerate(sums))
        yield from (self.conclusion(conclusion) for conclusion in proof.conclusions)

    def claim_facts(self) -> dict[str, str | int]:
        most = self.proof.most_valid
        return {**self.named(self.proof.names), "id": self.proof.id, "most": 0 if most is None else most, "count": len(self.proof.teachers)}

    # --- lines -----------------------------------------------------------------------------------------------------------------------

    def sum_lines(self, number: Number) -> Iterator[str]:
        """The lines of one number; premises stand inside the sums that use them."""
        if number.operation is Operation.GIVEN or number.says in SILENT:
            return
        if number.operation is Operation.CHEAPEST:
            yield from self.needs_of_teachers(number)
        if number.operation is Operation.BEST_SPLIT:
            yield from self.groups(number)
        facts = self.facts_of(number)
        premises = [] if number.operation is Operation.LEAST_WHOLE else [self.numbers[o] for o in number.operands if o in self.numbers]
        yield self.say(self.key_of(number), **facts) + self.sources(premises)

    def key_of(self, number: Number) -> str:
        """The sentence: with the way it speaks of, or for a number that needs another word (nothing more is needed, nothing is there)."""
        ways = (f"{number.says}_{number.names.get('way', '')}", number.says)
        key = next((key for key in ways if self.text.has(f"proofs.{key}")), number.says)
        if number.value <= 0 and self.text.has(f"proofs.{key}_nothing"):
            return f"{key}_nothing"
        if number.operation is Operation.PRODUCT and self.values[number.operands[0]] == 1 and self.text.has(f"proofs.{key}_one"):
            return f"{key}_one"
        if number.operation is Operation.LEAST_WHOLE and number.value == self.values[number.operands[0]] and self.text.has(f"proofs.{key}_exactly"):
            return f"{key}_exactly"
        return key

    def facts_of(self, number: Number) -> dict[str, str | int]:
        operands = number.operands
        values = [self.values[operand] for operand in operands]
        signs = {Operation.DIFFERENCE: " - ", Operation.PRODUCT: " x "}
        shown = [self.term(operand) for operand in operands] if number.operation is Operation.DIFFERENCE else [str(value) for value in values]
        if number.operation is Operation.CHEAPEST:
            shown = self.repeated(self.chosen(number, values[0]))
        letters = {chr(ord("a") + place): value for place, value in enumerate(values[:26])}
        terms = signs.get(number.operation, " + ").join(shown)
        worked = str(number.value) if terms in ("", str(number.value)) else f"{terms} = {number.value}"
        # Of whole classes: how many hours each has.
        hours = " / ".join(str(size) for size in dict.fromkeys(values[2::2]))
        return {**self.named(number.names), **letters, "sum": worked, "value": number.value, "hours": hours}

    def term(self, operand: str) -> str:
        """A number with what it is: ``24 (beban minimum)``."""
        number = self.numbers.get(operand)
        label = f"label_{number.says}" if number is not None else ""
        shown = self.values[operand]
        return f"{shown} ({self.say(label, **self.named(number.names))})" if number is not None and self.text.has(f"proofs.{label}") else str(shown)

    @staticmethod
    def repeated(hours: Sequence[int]) -> list[str]:
        """``2 x 20`` for what is added twice; one number alone stands by itself."""
        times = Counter(hours)
        return [f"{count} x {value}" if count > 1 else str(value) for value, count in times.items()]

    def chosen(self, number: Number, count: int) -> list[int]:
        """The hours of the cheapest teachers, as many as are asked for."""
        slots, pairs = self.values[number.operands[1]], self.pairs(number)
        best: dict[tuple[int, int], tuple[int, list[int]]] = {(0, 0): (0, [])}
        for without, using in pairs:
            longer = dict(best)
            for (taken, used), (total, hours) in best.items():
                for state, more in (((taken + 1, used), without), ((taken + 1, used + 1), using)):
                    if state[1] <= max(0, slots) and (state not in longer or total + more < longer[state][0]):
                        longer[state] = total + more, [*hours, more]
            best = longer
        found = [entry for (taken, _), entry in best.items() if taken == count]
        return min(found)[1] if found else []

    def pairs(self, number: Number) -> list[tuple[int, int]]:
        values = [self.values[operand] for operand in number.operands[2:]]
        return list(zip(values[::2], values[1::2], strict=True))

    def needs_of_teachers(self, number: Number) -> Iterator[str]:
        """What each of the teachers needs, those alike together; and what as many as can be valid need."""
        alike: dict[tuple[int, int, bool], list[str]] = {}
        operands = number.operands[2:]
        for teacher, (first, second) in zip(self.proof.teachers, zip(operands[::2], operands[1::2], strict=True), strict=True):
            is_closed = self.numbers[first].says == "out_of_reach"
            alike.setdefault((self.values[first], self.values[second], is_closed), []).append(teacher)
        for (without, using, is_closed), teachers in alike.items():
            keys = ("need_shut", "need_closed") if is_closed else ("need_same", "need_both")
            yield self.say(keys[without != using], names=self.people(teachers), without=without, using=using)
        most = self.proof.most_valid or 0
        if most > 0:
            enough = self.chosen(number, most)
            terms, value = " + ".join(self.repeated(enough)), sum(enough)
            yield self.say("enough", count=most, sum=str(value) if terms == str(value) else f"{terms} = {value}")

    def people(self, teachers: Iterable[str]) -> str:
        """Names and codes; a code that is not in this file (a proof of another one) stands alone."""
        known = self.case.teachers
        return self.text.joined(f"{known[t].name} ({t})" if t in known else t for t in teachers)

    def groups(self, number: Number) -> Iterator[str]:
        """How many of each group can be valid with each number of main duties."""
        slots = self.values[number.operands[0]]
        parts = {PART + part.id: part for part in self.proof.parts}
        for start in range(1, len(number.operands), slots + 1):
            row = number.operands[start : start + slots + 1]
            ids = self.text.joined(dict.fromkeys(parts[operand].id for operand in row if operand in parts))
            teachers = next(parts[operand].teachers for operand in row if operand in parts)
            most = [self.values[operand] for operand in row]
            told = [used for used in range(slots + 1) if used == 0 or most[used] != most[used - 1]]
            numbers = "; ".join(self.say("with_so_many", slots=used, most=most[used]) for used in told)
            yield self.say("group", names=self.people(teachers), numbers=numbers, proofs=ids)

    # --- words -----------------------------------------------------------------------------------------------------------------------

    def assumption(self, assumption: Assumption) -> str:
        return self.say(assumption.says, **self.named(assumption.names)) + self.source(assumption.article, assumption.confidence, assumption.paths)

    def conclusion(self, conclusion: Conclusion) -> str:
        left, right = self.values[conclusion.left], self.values[conclusion.right]
        keys = (f"conclusion_{self.proof.kind}_{self.way_of(conclusion)}", f"conclusion_{self.proof.kind}")
        key = next((key for key in keys if self.text.has(f"proofs.{key}")), "conclusion")
        one_more = (self.proof.most_valid or 0) + 1
        return self.say(key, left=left, right=right, relation=conclusion.relation.value, one_more=one_more, **self.claim_facts())

    def way_of(self, conclusion: Conclusion) -> str:
        number = self.numbers.get(conclusion.left)
        return number.names.get("way", "") if number is not None else ""

    def sources(self, premises: Iterable[Number]) -> str:
        """Where the premises of a line stand, in brackets; of sums nothing, for they have lines of their own."""
        shown = [self.stated(p.article, p.confidence, p.paths) for p in premises if p.operation is Operation.GIVEN]
        return self.bracketed(part for parts in shown for part in parts)

    def source(self, article: str, confidence: str, paths: Sequence[str]) -> str:
        return self.bracketed(self.stated(article, confidence, paths))

    def stated(self, article: str, confidence: str, paths: Sequence[str]) -> list[str]:
        cells = [self.places(path) for path in paths]
        if len(cells) > MOST_CELLS:
            cells = [self.say("cells", first=cells[0], last=cells[-1], count=len(cells))]
        law = [article + (self.say("unverified") if confidence == "C" else "")] if article else []
        return [*law, *cells]

    @staticmethod
    def bracketed(parts: Iterable[str]) -> str:
        found = "; ".join(dict.fromkeys(parts))
        return f" [{found}]" if found else ""

    def named(self, names: Mapping[str, str]) -> dict[str, str | int]:
        """Names in this language: ``duty`` is the regulation's own, ``duty_en`` its translation."""
        chosen = {key: value for key, value in names.items() if key != "way"}
        if self.text.lang != "id" and chosen.get("duty_en"):
            chosen["duty"] = chosen["duty_en"]
        return dict(chosen)

    def say(self, key: str, **facts: str | int) -> str:
        return self.text.say(f"proofs.{key}", **facts)

    @property
    def numbers(self) -> Mapping[str, Number]:
        return {number.id: number for number in self.proof.numbers}

    @property
    def values(self) -> Mapping[str, int]:
        claims = {PART + part.id: part.most_valid or 0 for part in self.proof.parts}
        return {number.id: number.value for number in self.proof.numbers} | claims
