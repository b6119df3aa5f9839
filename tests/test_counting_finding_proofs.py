"""Every hard finding that rests on a sum has its proof: it stands, any changed number is noticed, and it can be told in both languages."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from scheduler.counting.finding import Finding
from scheduler.counting.finding_proofs import BUILDERS, finding_proofs
from scheduler.counting.week import findings
from scheduler.domain.entities import Availability, AvailabilityKind, Group, Room, StructureRow
from scheduler.domain.proof import Number, Proof
from scheduler.policy.case import Case
from scheduler.report.proofs import proof_lines
from scheduler.report.text import LANGUAGES, Text
from scheduler.verify.proof import faults, premise_faults
from tests.build import HOME, case, duty, locked, registry_subjects, teacher, week
from tests.test_counting_soundness import IN_ONE_TEST, SEED, random_presence


def away(code: str, *days: str) -> tuple[Availability, ...]:
    return tuple(Availability(code, day, None, AvailabilityKind.IMPOSSIBLE) for day in days)


ROWS = tuple(locked("A", name, "ipa") for name in ("7A", "7B", "7C", "8A", "8B", "8C", "9A", "9B"))
BOTH_RELIGIONS = (
    Group("AI", HOME, ("7A",), "pabp_islam", 3, parallel="AK"),
    Group("AK", HOME, ("7A",), "pabp_kristen", 3, parallel="AI"),
)

EXAMPLES: dict[str, Case] = {
    "class_hours_exceed_grid": case({"ipa": (30, 10), "ips": 4}, [teacher("A", "ipa")], {7: 1}, slots=week()),
    "lesson_longer_than_day": case(
        {"ipa": 5}, [teacher("A", "ipa")], {7: 1}, structure=(StructureRow("k", 7, "ipa", 5, blocks=(5,)),), slots=week((4,) * 5)
    ),
    "class_blocks_exceed_days": case(
        {"ipa": 4, "ips": 4, "pjok": 4},
        [teacher("A", "ipa")],
        {7: 1},
        structure=tuple(StructureRow("k", 7, subject, 4, blocks=(2, 2)) for subject in ("ipa", "ips", "pjok")),
        slots=week((3,) * 5),
    ),
    "room_hours_exceed_rooms": case(
        {"ipa": 20, "informatika": 8},
        [teacher("A", "ipa")],
        {7: 3},
        rooms=(Room(HOME, "Lab 1", "lab", subjects=("ipa",)), Room(HOME, "Lab 2", "lab", subjects=("ipa", "informatika"))),
        slots=week(),
    ),
    "locked_hours_exceed_open_slots": case({"ipa": 5}, [teacher("A", "ipa")], availability=away("A", "Senin"), assignments=ROWS, slots=week()),
    "locked_hours_exceed_maximum": case({"ipa": 6}, [teacher("A", "ipa", outside_jtm=2)], assignments=ROWS, slots=week()),
    "locked_lessons_exceed_teacher_days": case(
        {"ipa": 5}, [teacher("A", "ipa")], {7: 1}, availability=away("A", "Senin", "Selasa", "Rabu"), assignments=ROWS[:1], slots=week()
    ),
    "locked_blocks_exceed_open_periods": case(
        {"ipa": 8},
        [teacher("A", "ipa")],
        {7: 1},
        structure=(StructureRow("k", 7, "ipa", 8, blocks=(2, 2, 2, 2)),),
        availability=tuple(Availability("A", day, 2, AvailabilityKind.IMPOSSIBLE) for day in ("Senin", "Selasa", "Rabu", "Kamis", "Jumat")),
        assignments=ROWS[:1],
        slots=week((3, 3, 3, 3, 3)),
    ),
    "minimum_jp_out_of_reach": case({"ipa": 5}, [teacher("A", "ipa", min_jp=6)], {7: 1}, slots=week()),
    "minimum_jp_between_classes": case({"ipa": 5}, [teacher("A", "ipa", min_jp=16, max_jp=19)], assignments=ROWS[:1], slots=week()),
    "minimum_jp_exceeds_open_periods": case(
        {"ipa": 5}, [teacher("A", "ipa", min_jp=25, mgmp_day="Senin")], availability=away("A", "Selasa"), slots=week()
    ),
    "parallel_groups_one_teacher": case(
        {"ipa": 5},
        [teacher("A", "pai")],
        {7: 1},
        groups=BOTH_RELIGIONS,
        assignments=(locked("A", "AI", "pabp_islam"), locked("A", "AK", "pabp_kristen")),
        subjects=registry_subjects(["ipa", "pabp_islam", "pabp_kristen"]),
        slots=week(),
    ),
    "pinned_too_often": case(
        {"ipa": 5},
        [teacher("A", "ipa")],
        duties=[duty("wali_kelas", holders=("A",), unit="7A"), duty("wali_kelas", holders=("A",), unit="7B")],
        slots=week(),
    ),
    "pinned_main_duties": case(
        {"ipa": 5}, [teacher("A", "ipa")], duties=[duty("wakasek", holders=("A",)), duty("kepala_perpustakaan", holders=("A",))], slots=week()
    ),
    "pinned_above_maximum": case(
        {"ipa": 5}, [teacher("A", "ipa"), teacher("B", "ipa")], duties=[duty("wakasek", maximum=1, holders=("A", "B"))], slots=week()
    ),
    "locked_lessons_without_teacher": case(
        {"ipa": 5, "ips": 5},
        [teacher("A", "ipa"), teacher("B", "ips")],
        {7: 1},
        availability=(*away("A", "Jumat"), *away("B", "Jumat")),
        assignments=(locked("A", "7A", "ipa"), locked("B", "7A", "ips")),
        slots=week((2,) * 5),
    ),
    "class_without_its_teachers": case(
        {"ipa": 8, "ips": 2},
        [teacher("A", "ipa"), teacher("C", "ipa"), teacher("D", "ipa"), teacher("E", "ips", max_jp=1)],
        {7: 2},
        availability=away("A", "Jumat"),
        assignments=ROWS[:1],
        slots=week((2,) * 5),
    ),
    "too_few_teacher_hours": case(
        {"ipa": 10},
        [teacher("A", "ipa"), teacher("B", "ipa"), teacher("C", "ipa", max_jp=2)],
        {7: 2},
        availability=away("A", "Kamis", "Jumat"),
        slots=week((2,) * 5),
    ),
    "too_few_teachers_present": case({"ipa": 40}, [teacher("A", "ipa"), teacher("B", "ipa")], {7: 2}, availability=away("B", "Jumat"), slots=week()),
}
"""A small case for each kind of finding that has a proof."""


def of_kind(of: Case, kind: str) -> tuple[Finding, Proof]:
    finding = next(finding for finding in findings(of) if finding.kind == kind)
    (proof,) = finding_proofs(of, [finding])
    return finding, proof


def test_there_is_an_example_of_every_proof() -> None:
    assert EXAMPLES.keys() == BUILDERS.keys()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_proof_of_a_finding_stands(kind: str) -> None:
    _, proof = of_kind(EXAMPLES[kind], kind)
    assert proof.kind == f"finding_proofs.{kind}"
    assert proof.at_most == ""
    assert faults(proof) == ()
    assert premise_faults(EXAMPLES[kind], (), proof) == ()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_proof_misses_by_what_the_finding_says(kind: str) -> None:
    """The two sides of the conclusion differ by the finding's excess, except where whole classes overshoot."""
    finding, proof = of_kind(EXAMPLES[kind], kind)
    values = {number.id: number.value for number in proof.numbers}
    (conclusion,) = proof.conclusions
    difference = values[conclusion.left] - values[conclusion.right]
    assert difference == finding.excess or kind in ("minimum_jp_between_classes", "parallel_groups_one_teacher")


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_changed_number_is_noticed(kind: str) -> None:
    _, proof = of_kind(EXAMPLES[kind], kind)
    unnoticed = [number.says for changed, number in changed_numbers(proof) if not faults(changed)]
    assert unnoticed == []


@pytest.mark.parametrize("says", ["class_subject", "day_periods"])
def test_a_premise_that_its_cell_does_not_say_is_refused_though_the_sums_agree(says: str) -> None:
    # 40 + 4 JP in 40 periods; one premise and its sum made one more: the arithmetic stands, the workbook says other.
    _, proof = of_kind(EXAMPLES["class_hours_exceed_grid"], "class_hours_exceed_grid")
    forged = next(number for number in proof.numbers if number.says == f"finding_proofs.{says}")
    raised = {forged.id, *(number.id for number in proof.numbers if forged.id in number.operands)}
    numbers = tuple(replace(number, value=number.value + 1) if number.id in raised else number for number in proof.numbers)
    changed = replace(proof, numbers=numbers)
    assert faults(changed) == ()
    assert [fault.number for fault in premise_faults(EXAMPLES["class_hours_exceed_grid"], (), changed)] == [forged.id]


def test_the_parts_of_a_divided_subject_name_their_own_cells() -> None:
    # 5 JP divided into 3 and 2; the locked 3 stand in Penugasan, not in the structure.
    rows = (replace(ROWS[0], jp=3), replace(ROWS[0], teacher="B", jp=2))
    parted = case({"ipa": 5}, [teacher("A", "ipa", max_jp=2), teacher("B", "ipa")], {7: 1}, assignments=rows, slots=week())
    _, proof = of_kind(parted, "locked_hours_exceed_maximum")
    (hours,) = [number for number in proof.numbers if number.says == "finding_proofs.lesson_hours"]
    assert (hours.value, hours.paths) == (3, ("assignments[0].jp",))
    assert premise_faults(parted, (), proof) == ()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_proof_can_be_told(kind: str, lang: str) -> None:
    _, proof = of_kind(EXAMPLES[kind], kind)
    lines = proof_lines(Text(lang), EXAMPLES[kind], proof)
    assert proof.id in lines[0]
    assert len(lines) >= 4
    assert not [line for line in lines if "{" in line]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_premises_name_cells_of_the_instance(kind: str) -> None:
    _, proof = of_kind(EXAMPLES[kind], kind)
    for path in (path for number in proof.numbers for path in number.paths):
        table, _, rest = path.partition("[")
        index, _, field = rest.partition("].")
        assert hasattr(getattr(EXAMPLES[kind].instance, table)[int(index)], field)


@pytest.mark.parametrize("first", range(0, 60, IN_ONE_TEST))
def test_proofs_of_random_cases_stand_and_notice_changes(first: int) -> None:
    for index in range(first, first + IN_ONE_TEST):
        small = random_presence(random.Random(f"{SEED}-{index}"))
        found = findings(small)
        proofs = finding_proofs(small, found)
        told = f"SCHEDULER_SEED={SEED}, case {index}"
        assert Counter(proof.kind.rpartition(".")[2] for proof in proofs) == Counter(f.kind for f in found if f.kind in BUILDERS), told
        for proof in proofs:
            assert faults(proof) == (), told
            assert premise_faults(small, (), proof) == (), told
            assert all(faults(changed) for changed, _ in changed_numbers(proof)), told


def changed_numbers(proof: Proof) -> Iterator[tuple[Proof, Number]]:
    """The proof with one number one more, for every number."""
    for place, number in enumerate(proof.numbers):
        changed = replace(number, value=number.value + 1)
        yield replace(proof, numbers=(*proof.numbers[:place], changed, *proof.numbers[place + 1 :])), number
