"""Counting bounds (bukti hitung): how many teachers can be valid at most, in any division of work, by sums that need no solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scheduler.counting.bounds import Bounds
from scheduler.counting.packing import explaining, most_valid
from scheduler.counting.proof_facts import ProofFacts
from scheduler.domain.plan import PartnerAlone
from scheduler.domain.proof import Proof
from scheduler.policy.case import Case
from scheduler.verify.proof import PART

__all__ = ["explaining", "most_valid", "proofs_of"]


def proofs_of(case: Case, partners: Sequence[PartnerAlone]) -> tuple[Proof, ...]:
    """Every counting bound that excludes something, in the order of the sheet: one teacher, teachers who share, groups that share main duties."""
    return numbered(Bounds(ProofFacts(case, tuple(partners))).all())


def numbered(proofs: Sequence[Proof]) -> tuple[Proof, ...]:
    """Ids ``B01``, ``B02`` … and ``B01.1`` … for the parts, which operands name too."""
    return tuple(with_id(proof, f"B{place + 1:02d}") for place, proof in enumerate(proofs))


def with_id(proof: Proof, new: str) -> Proof:
    ids = {PART + part.id: f"{PART}{new}.{place + 1}" for place, part in enumerate(proof.parts)}
    return replace(
        proof,
        id=new,
        numbers=tuple(replace(n, operands=tuple(ids.get(o, o) for o in n.operands)) for n in proof.numbers),
        parts=tuple(with_id(part, f"{new}.{place + 1}") for place, part in enumerate(proof.parts)),
    )
