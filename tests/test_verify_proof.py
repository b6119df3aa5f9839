"""A proof is done again line by line: a changed number, claim, conclusion or premise is refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from scheduler.app.source import open_case
from scheduler.counting.proofs import proofs_of
from scheduler.domain.entities import StructureRow
from scheduler.domain.plan import PartnerAlone
from scheduler.domain.proof import Conclusion, Number, Operation, Proof, Relation
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.policy.load import load_law
from scheduler.verify.proof import faults, premise_faults
from scheduler.verify.sums import worked_out
from scheduler.workload.partners import alone
from tests.test_hand_derived import CURRENT, school_of, teachers_of
from tests.test_workload_hand_derived import without_main_duties
from tests.tiny_instances import tiny_case

COUNT = int(os.environ.get("SCHEDULER_TINY_INSTANCES", "40"))
SEED = os.environ.get("SCHEDULER_SEED", date.today().isoformat())
INSTANCES = Path(__file__).parent.parent / "instances"


def three_of_ipa() -> Case:
    return without_main_duties(school_of(CURRENT, "ipa", 5, teachers_of("ipa", 3)))


def proof_of(case: Case) -> Proof:
    (proof,) = proofs_of(case, ())
    return proof


# --- the operations ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "operands", "value"),
    [
        (Operation.SUM, (), 0),
        (Operation.SUM, (8, 7), 15),
        (Operation.DIFFERENCE, (24, 6, 2), 16),
        (Operation.PRODUCT, (8, 5), 40),
        (Operation.SMALLEST, (8, 6), 6),
        (Operation.LARGEST, (8, 6), 8),
        # 16 of classes of 5: 20; with two classes of 3 besides: 5 + 5 + 3 + 3 = 16; 16 of two classes of 5: not to be reached.
        (Operation.LEAST_WHOLE, (16, 8, 5), 20),
        (Operation.LEAST_WHOLE, (16, 8, 5, 2, 3), 16),
        (Operation.LEAST_WHOLE, (16, 2, 5), None),
        (Operation.LEAST_WHOLE, (-3,), 0),
        # Two of three teachers, one of them with a main duty: 12 + 16, not 15 + 16; none with one: 16 + 20.
        (Operation.CHEAPEST, (2, 1, 20, 15, 16, 12, 20, 15), 15 + 16),
        (Operation.CHEAPEST, (2, 2, 20, 15, 16, 12, 20, 15), 12 + 15),
        (Operation.CHEAPEST, (2, 0, 20, 15, 16, 12, 20, 15), 16 + 20),
        (Operation.CHEAPEST, (4, 0, 20, 15, 16, 12, 20, 15), None),
        # Two groups, one slot: 2 + 3 either way.
        (Operation.BEST_SPLIT, (1, 2, 3, 2, 3), 5),
        (Operation.BEST_SPLIT, (2, 2, 3, 3, 2, 3, 3), 6),
        (Operation.BEST_SPLIT, (1, 2, 3, 2), None),
    ],
)
def test_operations_give_what_a_calculator_gives(operation: Operation, operands: Sequence[int], value: int | None) -> None:
    assert worked_out(operation, operands) == value


# --- changed proofs ----------------------------------------------------------------------------------------------------------------------


def changed(proof: Proof, build: Callable[[Proof], Proof] = lambda proof: proof) -> Iterator[tuple[str, Proof]]:
    """The proof with one number one more or less, one conclusion or part dropped, one operand dropped; in its parts too."""
    for place, line in enumerate(proof.numbers):
        for step in (1, -1):
            numbers = (*proof.numbers[:place], replace(line, value=line.value + step), *proof.numbers[place + 1 :])
            yield f"{proof.kind}: {line.says} {step:+}", build(replace(proof, numbers=numbers))
    for place in range(len(proof.conclusions)):
        yield f"{proof.kind}: a conclusion dropped", build(replace(proof, conclusions=proof.conclusions[:place] + proof.conclusions[place + 1 :]))
    for place, part in enumerate(proof.parts):
        others = (proof.parts[:place], proof.parts[place + 1 :])
        yield f"{proof.kind}: a part dropped", build(replace(proof, parts=(*others[0], *others[1])))
        yield from changed(part, lambda new, others=others: build(replace(proof, parts=(*others[0], new, *others[1]))))  # type: ignore[misc]


def accepted(proof: Proof) -> list[str]:
    """The changes that are not refused."""
    return [what for what, mutant in changed(proof) if not faults(mutant)]


def test_every_changed_number_of_random_proofs_is_refused() -> None:
    for index in range(COUNT):
        case, _ = tiny_case(f"{SEED}-changed-{index}")
        partners = tuple(asked.record for asked in alone(case, SolveOptions(workers=1)))
        for proof in proofs_of(case, partners):
            assert faults(proof) == ()
            assert accepted(proof) == [], f"SCHEDULER_SEED={SEED}, case {index}"


@pytest.mark.parametrize("name", ["taman-rajo", "smp-3", "smp-27"])
def test_every_changed_number_of_the_shipped_instances_is_refused(name: str) -> None:
    case = open_case(INSTANCES / name / "sekolah.xlsx").case
    proofs = proofs_of(case, partners_without_solving(case))
    assert proofs
    for proof in proofs:
        assert faults(proof) == ()
        assert accepted(proof) == []


def partners_without_solving(case: Case) -> tuple[PartnerAlone, ...]:
    """Every class of every school open to visitors: other bounds, and no solver."""
    return tuple(PartnerAlone(npsn, 0, tuple(need.id for need in case.needs if need.school == npsn)) for npsn in case.schools)


def test_a_claim_cannot_be_made_smaller() -> None:
    # "At most 1 of 3" with its own sum changed too: 2 x 20 = 40 is not more than 40.
    proof = proof_of(three_of_ipa())
    by_says = {line.says: line for line in proof.numbers}
    smaller = {by_says["most_valid"].id: 1, by_says["one_more"].id: 2, by_says["cheapest_hours"].id: 40}
    forged = replace(proof, numbers=tuple(replace(line, value=smaller.get(line.id, line.value)) for line in proof.numbers))
    assert {fault.rule for fault in faults(forged)} == {"wrong_conclusion"}


def test_a_teacher_cannot_be_added_to_the_claim() -> None:
    proof = proof_of(three_of_ipa())
    assert faults(replace(proof, teachers=(*proof.teachers, "T4")))
    assert faults(replace(proof, teachers=proof.teachers[:2]))


def test_a_proof_of_an_unknown_kind_claims_nothing_of_teachers() -> None:
    proof = proof_of(three_of_ipa())
    assert {fault.rule for fault in faults(replace(proof, kind="whatever"))} == {"unknown_kind"}


def test_a_proof_without_a_claim_is_its_comparison() -> None:
    # 48 JP in a week of 47 periods.
    numbers = (
        Number("a", "classes_count", 6),
        Number("b", "class_hours", 8),
        Number("c", "classes_hours", 48, Operation.PRODUCT, ("a", "b")),
        Number("d", "periods", 47),
        Number("e", "grid", 47, Operation.SUM, ("d",)),
    )
    proof = Proof("B01", "class_hours_exceed_grid", "1", (), numbers, (Conclusion("c", Relation.MORE_THAN, "e"),))
    assert faults(proof) == ()
    assert {fault.rule for fault in faults(replace(proof, conclusions=()))} == {"no_conclusion"}
    assert accepted(proof) == []


# --- premises ------------------------------------------------------------------------------------------------------------------------------


def test_premises_of_another_file_are_refused() -> None:
    case = three_of_ipa()
    proof = proof_of(case)
    assert premise_faults(case, (), proof) == ()
    wider = replace(case.instance, structure=tuple(StructureRow("k", grade, "ipa", 6) for grade in (7, 8, 9)))
    assert {fault.facts["says"] for fault in premise_faults(Case(wider, case.law), (), proof)} == {"class_hours"}
    more = replace(case.instance, rombels=(*case.instance.rombels, replace(case.instance.rombels[0], name="7Z")))
    assert "class_not_counted" in {fault.rule for fault in premise_faults(Case(more, case.law), (), proof)}


def test_premises_of_another_ruleset_are_refused() -> None:
    case = three_of_ipa()
    proof = proof_of(case)
    settings = replace(case.instance.settings, overrides={"ttle_cap_jtm": "4"})
    other = Case(replace(case.instance, settings=settings), load_law(settings))
    assert {fault.facts["says"] for fault in premise_faults(other, (), proof)} == {"law_ttle_cap_jtm"}


def test_a_premise_at_a_cell_that_does_not_exist_is_refused() -> None:
    case = three_of_ipa()
    proof = proof_of(case)
    lost = replace(proof, numbers=tuple(replace(line, paths=("rombels[99].name",)) if line.paths else line for line in proof.numbers))
    assert premise_faults(case, (), lost)


def test_a_need_that_forgets_what_lessens_it_is_refused() -> None:
    # 24 - 6 = 18 in place of 24 - 6 - 2 = 16: in whole classes of 5 both are 20, so every sum is right, but the guru wali was forgotten.
    case = three_of_ipa()
    proof = proof_of(case)
    wali = next(line for line in proof.numbers if line.says == "law_guru_wali_jtm")
    forgetful = tuple(
        replace(line, value=18, operands=tuple(o for o in line.operands if o != wali.id)) if line.says == "needed_hours" else line
        for line in proof.numbers
        if line != wali
    )
    forged = replace(proof, numbers=forgetful)
    assert faults(forged) == ()
    assert {fault.facts["says"] for fault in premise_faults(case, (), forged)} == {"needed_hours"}


def test_a_need_that_starts_from_another_rule_is_refused() -> None:
    # The 12 hours beside a main duty say nothing of a teacher without one.
    case = without_main_duties(school_of(CURRENT, "pjok", 3, teachers_of("pjok", 1), grades={7: 1, 8: 1, 9: 1}))
    proof = proof_of(case)
    source = case.policy.sources["ttu_min_real_jtm"]
    start = next(line for line in proof.numbers if line.says == "law_min_jtm")
    floor = replace(start, says="law_ttu_min_real_jtm", value=12, article=source.article, source=source.source, confidence=source.confidence.value)
    lines = [floor if line == start else line for line in proof.numbers]
    forged = tuple(replace(line, value=line.value - start.value + 12) if line.says == "needed_hours" else line for line in lines)
    assert premise_faults(case, (), replace(proof, numbers=forged))
