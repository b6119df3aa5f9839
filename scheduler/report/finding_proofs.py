"""The proofs of what counting finds (``counting.finding_proofs``) in words: every premise on a line with its cell, then the sums."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.proof import Number, Operation
from scheduler.report.proofs import Telling

ABOUT_TEACHERS_PRESENT = ("locked_lessons_without_teacher", "too_few_teacher_hours", "too_few_teachers_present", "class_without_its_teachers")
"""Claims whose conclusion says how many lessons stay without a teacher."""


class FindingTelling(Telling):
    """One such proof in one language."""

    def lines(self) -> Iterator[str]:
        proof = self.proof
        named = self.named(proof.names)
        yield self.text.say("finding_proofs.claim", id=proof.id, claim=self.text.say(proof.kind, **named))
        told = dict.fromkeys(self.line(number) for number in proof.numbers if not self.repeats(number))
        yield from (f"{place + 1}. {line}" for place, line in enumerate(told))
        is_hall = proof.kind.rpartition(".")[2] in ABOUT_TEACHERS_PRESENT
        for conclusion in proof.conclusions:
            left, right = self.values[conclusion.left], self.values[conclusion.right]
            key = "finding_proofs.conclusion_teachers" if is_hall else "finding_proofs.conclusion"
            yield self.text.say(key, left=left, right=right, missing=left - right)

    def line(self, number: Number) -> str:
        """The sentence with its sum (``3 + 3 = 6``), and where a premise stands."""
        facts = self.facts_of(number)
        shown = self.text.say(number.says, **{**facts, "value": facts["value"] if number.operation is Operation.LEAST_WHOLE else facts["sum"]})
        return shown + self.source(number.article, number.confidence, number.paths)

    @staticmethod
    def repeats(number: Number) -> bool:
        """A sum of one number says what the number itself has said."""
        return number.operation is Operation.SUM and len(number.operands) == 1
