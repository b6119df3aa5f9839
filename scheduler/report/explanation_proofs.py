"""Proofs and conflicts in words: why not everybody can be valid, and why there is no plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from scheduler.domain.explanation import Basis, Conflict
from scheduler.domain.plan import Status
from scheduler.domain.proof import Assumption, Number, Proof
from scheduler.domain.rules import Part
from scheduler.policy.schema import Confidence
from scheduler.report.conflicts import member_sentence
from scheduler.report.explanation_base import Told
from scheduler.report.explanation_rows import ConflictView, ProofView
from scheduler.report.proofs import proof_lines


class ProofsTold(Told):
    """The part Bukti."""

    @cached_property
    def proof_of(self) -> Mapping[str, Proof]:
        return {proof.id: proof for proof in self.explanation.proofs}

    @cached_property
    def proofs(self) -> tuple[ProofView, ...]:
        return tuple(self.proof(proof) for proof in self.explanation.proofs)

    def proof(self, proof: Proof, most_lines: int | None = None) -> ProofView:
        """The proof in words; one of more than ``most_lines`` without the proofs that it stands on, which have their place among all proofs."""
        unverified = any(premise.confidence == Confidence.C for premise in premises_of(proof))
        claim, *lines = proof_lines(self.text, self.case, proof, self.places)
        title = claim if proof.id in claim else self.say("proof_claim", id=proof.id, claim=claim)
        if most_lines is not None and len(lines) > most_lines:
            pointer = self.say("proof_pointer", id=proof.id, part=self.say("sheet_proofs"))
            lines = [pointer, *(line for line in lines if not line.startswith(" "))]
        return ProofView(proof.id, title, tuple(lines), unverified)

    @cached_property
    def conflicts(self) -> tuple[ConflictView, ...]:
        return tuple(self.conflict(conflict) for conflict in self.explanation.conflicts)

    def conflict(self, conflict: Conflict) -> ConflictView:
        """A conflict as a list of requirements. Without two bases it is not called impossible."""
        sure = len(set(conflict.bases)) > 1
        alone = len(conflict.members) == 1
        lead = self.say(f"conflict_{'alone' if alone else conflict.part.value}" if sure else "conflict_open")
        basis = self.say("conflict_counted" if Basis.COUNTING in conflict.bases else "conflict_searched") if sure else ""
        size = self.say("conflict_minimal" if conflict.minimal else "conflict_not_minimal")
        notes = (basis,) if alone else (size, basis)
        members = tuple(member_sentence(self.text, self.case, member) for member in conflict.members)
        return ConflictView(conflict.id, lead, members, tuple(note for note in notes if note))

    @property
    def reasons_for_none(self) -> tuple[tuple[ConflictView, ...], tuple[ProofView, ...]]:
        """Why there is no plan, or no week: the conflicts, and the proofs where there is no conflict."""
        made = self.explanation
        if Status.INFEASIBLE not in (made.status, made.week_status):
            return (), ()
        conflicts = [conflict for conflict in made.conflicts if made.status is Status.INFEASIBLE or conflict.part is Part.WEEK]
        proofs = [proof for proof in made.proofs if proof.most_valid is None]
        return tuple(map(self.conflict, conflicts)), () if conflicts else tuple(map(self.proof, proofs))


def premises_of(proof: Proof) -> Iterator[Number | Assumption]:
    """Every number and assumption of the proof and of those it stands on."""
    yield from proof.numbers
    yield from proof.assumptions
    for part in proof.parts:
        yield from premises_of(part)
