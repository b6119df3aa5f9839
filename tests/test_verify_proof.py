"""A proof is done again line by line: a changed number, claim, conclusion or premise is refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.app.exits import Exit
from scheduler.app.source import open_case
from scheduler.app.verify import verify_proofs
from scheduler.cli.show_explain import proofs_data, proofs_lines
from scheduler.counting.bounds import Bounds
from scheduler.counting.finding_proofs import finding_proofs
from scheduler.counting.proof_facts import ProofFacts, Way
from scheduler.counting.proof_sums import Pool
from scheduler.counting.proofs import proofs_of
from scheduler.counting.week import findings
from scheduler.domain.entities import StructureRow
from scheduler.domain.explanation import Explanation
from scheduler.domain.instance import Settings
from scheduler.domain.plan import PartnerAlone, PolicyUsed, Status
from scheduler.domain.proof import Assumption, Conclusion, Number, Operation, Proof, Relation
from scheduler.domain.solving import SolveOptions
from scheduler.formats.json import canonical, instance_sha256
from scheduler.formats.workbook_writer import write_workbook
from scheduler.policy.case import Case
from scheduler.policy.load import load_law, load_policy
from scheduler.policy.schema import DutyKind
from scheduler.report.text import Text
from scheduler.verify.premises import KINDS
from scheduler.verify.proof import faults, premise_faults
from scheduler.verify.sums import worked_out
from scheduler.workload.partners import alone
from tests import build
from tests.seeds import SEED
from tests.test_hand_derived import CURRENT, school_of, teachers_of
from tests.test_workload_hand_derived import without_main_duties
from tests.tiny_instances import tiny_case

COUNT = int(os.environ.get("SCHEDULER_TINY_INSTANCES", "40"))
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


# --- forged proofs -------------------------------------------------------------------------------------------------------------------------


def worked_again(proof: Proof, numbers: Sequence[Number]) -> Proof:
    """The proof with these lines, every value worked out from those above it: a forgery of which each sum is right."""
    values: dict[str, int] = {}
    lines = []
    for line in numbers:
        if line.operation is not Operation.GIVEN:
            line = replace(line, value=worked_out(line.operation, [values[operand] for operand in line.operands]) or 0)
        values[line.id] = line.value
        lines.append(line)
    return replace(proof, numbers=tuple(lines))


def line_of(proof: Proof, says: str) -> Number:
    return next(line for line in proof.numbers if line.says == says)


def refused(case: Case, forged: Proof) -> set[str]:
    """Rules by which a proof is refused of which the sums are right."""
    assert faults(forged) == ()
    return {fault.rule for fault in premise_faults(case, (), forged)}


def with_main_duties() -> Case:
    """Three teachers of IPA, 40 JP, and main duties that are free: at most two."""
    return school_of(CURRENT, "ipa", 5, teachers_of("ipa", 3))


def test_a_need_that_is_no_difference_is_refused() -> None:
    # 24 + 24 + 24 = 72 "needed" by each of three: at most none of them.
    proof = proof_of(three_of_ipa())
    law, needed = line_of(proof, "law_min_jtm"), line_of(proof, "cheapest_hours")
    big = Number("x", "needed_hours", 72, Operation.SUM, (law.id,) * 3, {"way": "without"})
    lines = [replace(line, value=0) if line.id == proof.at_most else line for line in proof.numbers if line != needed]
    forged = worked_again(proof, [*lines, big, replace(needed, operands=(*needed.operands[:2], *(big.id,) * 6))])
    assert refused(three_of_ipa(), forged) == {"premise_not_so"}


def test_a_need_lessened_by_a_number_below_nothing_is_refused() -> None:
    # 24 less "nobody", here -50: 74.
    proof = proof_of(three_of_ipa())
    needed = line_of(proof, "needed_hours")
    lines = [replace(line, operands=(*line.operands, "x")) if line == needed else line for line in proof.numbers]
    lines = [replace(line, value=0) if line.id == proof.at_most else line for line in lines if line.operation is not Operation.LEAST_WHOLE]
    cheapest = line_of(proof, "cheapest_hours")
    lines = [replace(line, operands=(*line.operands[:2], *(needed.id,) * 6)) if line == cheapest else line for line in lines]
    forged = worked_again(proof, [Number("x", "nobody", -50), *lines])
    assert refused(three_of_ipa(), forged) == {"premise_not_so"}


@pytest.mark.parametrize("beside", ["most_allowed", "classes_hours"])
def test_a_class_that_the_comparison_does_not_count_is_refused(beside: str) -> None:
    # 5 classes of 8 in the pool; a line on the most a teacher may teach, or on the other classes, stands beside and is used by nothing.
    case = with_main_duties()
    proof = proof_of(case)
    count, hours, source = line_of(proof, "classes_count"), line_of(proof, "class_hours"), case.policy.sources["max_jtm"]
    lines = [replace(line, value=5, paths=line.paths[:5]) if line == count else line for line in proof.numbers]
    lines = [replace(line, value=1) if line.id == proof.at_most else line for line in lines]
    if beside == "most_allowed":
        limit = Number("x", "max_jtm", case.policy.max_jtm, article=source.article, source=source.source, confidence=source.confidence.value)
        lines += [limit, Number("y", "most_allowed", 0, Operation.SUM, ("x",))]
    else:
        lines += [replace(count, id="x", value=3, paths=count.paths[5:]), Number("y", beside, 0, Operation.PRODUCT, ("x", hours.id))]
    assert refused(case, worked_again(proof, lines)) == {"class_not_counted"}


def test_classes_left_out_of_the_rounding_are_refused() -> None:
    # 16 of classes of 5 and of 3 is 16 (5 + 5 + 3 + 3); of the classes of 5 alone it would be 20.
    instance = three_of_ipa().instance
    rows = tuple(replace(row, intra_jp=3) if row.grade == 9 else row for row in instance.structure)
    case = Case(replace(instance, structure=rows), three_of_ipa().law)
    proof = proof_of(case)
    lines = [replace(line, operands=line.operands[:3]) if line.operation is Operation.LEAST_WHOLE else line for line in proof.numbers]
    assert "class_not_counted" in {fault.rule for fault in premise_faults(case, (), worked_again(proof, lines))}


def test_a_supply_of_nothing_is_refused() -> None:
    case = three_of_ipa()
    law = line_of(proof_of(case), "law_min_jtm")
    lines = (
        Number("a", "nobody", 0),
        law,
        Number("b", "available_alone", 0, Operation.SUM, ()),
        Number("c", "needed_hours", 24, Operation.DIFFERENCE, (law.id,), {"way": "without"}),
    )
    t = next(iter(case.counted))
    person = {"teacher": t, "name": case.teachers[t].name}
    forged = Proof("B01", "teacher_alone", "1", (t,), lines, (Conclusion("c", Relation.MORE_THAN, "b"),), (Assumption("no_main_duty", person),), "a")
    assert refused(case, forged) == {"premise_not_so", "class_not_counted"}


def test_fewer_main_duties_than_the_school_has_are_refused() -> None:
    # The proof of the school without main duties, for the one that has them.
    assert refused(with_main_duties(), proof_of(three_of_ipa())) == {"premise_not_so"}


def test_a_teacher_of_whom_only_the_need_without_a_main_duty_is_told_is_refused() -> None:
    # 20 without a main duty, 15 with one of the three: the three need 45 at least, not 60.
    case = with_main_duties()
    proof = proof_of(case)
    cheapest = line_of(proof, "cheapest_hours")
    first = cheapest.operands[2]
    used = {line.id for line in proof.numbers if line.names.get("way") != "with" and line.says != "law_ttu_min_real_jtm"}
    lines = [replace(line, operands=(*line.operands[:2], *(first,) * 6)) if line == cheapest else line for line in proof.numbers if line.id in used]
    assert refused(case, worked_again(proof, lines)) == {"premise_not_so"}


def test_a_need_with_a_main_duty_in_the_place_of_the_one_without_is_refused() -> None:
    case = with_main_duties()
    proof = proof_of(case)
    cheapest = line_of(proof, "cheapest_hours")
    turned = (cheapest.operands[3], cheapest.operands[2])
    lines = [replace(line, operands=(*line.operands[:2], *turned * 3)) if line == cheapest else line for line in proof.numbers]
    assert "premise_not_so" in {fault.rule for fault in premise_faults(case, (), worked_again(proof, lines))}


def test_hours_elsewhere_that_a_pattern_counts_cannot_be_left_out() -> None:
    # Permendikbud 15/2018: 18 at home and 6 elsewhere are 24; 20 at home are not "less than 24" then.
    rules = load_policy("permendikbud15_2018")
    schools = (build.school(), build.school("2", partner=True))
    case = build.case(
        {"ipa": 5},
        [build.teacher("A", "ipa")],
        policy=rules.id,
        schools=schools,
        rombels=(*build.rombels({7: 4}), *build.rombels({7: 2}, "2")),
        duties=build.no_duties(duty.id for duty in rules.duties),
        settings=Settings(main_school=build.HOME, share_within_kecamatan=True),
    )
    assert proofs_of(case, (PartnerAlone("2", 0, tuple(need.id for need in case.needs)),)) == ()
    law = rules.sources["min_jtm"]
    names = {"school": case.schools[build.HOME].name, "subject": case.instance.subject("ipa").name}
    lines = (
        Number("a", "nobody", 0),
        Number("b", "law_min_jtm", 24, article=law.article, source=law.source, confidence=law.confidence.value),
        Number("c", "needed_hours", 24, Operation.DIFFERENCE, ("b",), {"way": "without"}),
        Number("d", "classes_count", 4, names=names, paths=tuple(f"rombels[{row}].name" for row in range(4))),
        Number("e", "class_hours", 5, names=names),
        Number("f", "classes_hours", 20, Operation.PRODUCT, ("d", "e"), names),
        Number("g", "available_home", 20, Operation.SUM, ("f",)),
    )
    person = {"teacher": "A", "name": case.teachers["A"].name}
    ends = (Conclusion("c", Relation.MORE_THAN, "g"),)
    forged = Proof("B01", "teacher_alone", build.HOME, ("A",), lines, ends, (Assumption("no_main_duty", person),), "a")
    assert refused(case, forged) == {"class_not_counted"}


def test_a_teacher_with_a_pinned_main_duty_has_no_way_without_it() -> None:
    instance = with_main_duties().instance
    code = instance.teachers[0].code
    case = Case(replace(instance, duties=(build.duty("kepala_perpustakaan", instance.schools[0].npsn, holders=(code,)),)), with_main_duties().law)
    law = line_of(proof_of(three_of_ipa()), "law_min_jtm")
    lines = (
        Number("a", "nobody", 0),
        law,
        Number("c", "needed_hours", 24, Operation.DIFFERENCE, (law.id,), {"way": "without"}),
        Number("d", "available_alone", 0, Operation.SUM),
    )
    closed = Proof("P1", "teacher_alone_without", "", (code,), lines, (Conclusion("c", Relation.MORE_THAN, "d"),), (), "a")
    assert "c" in {fault.number for fault in premise_faults(case, (), closed)}


def test_main_duties_are_supposed_only_within_a_division_of_them() -> None:
    case = with_main_duties()
    found = Bounds(ProofFacts(case, ())).best_shared(tuple(case.counted), [Pool("all")], 0)
    assert found is not None
    forged = replace(found, id="B01")
    assert {fault.rule for fault in faults(forged)} == {"claim_does_not_follow"}
    assert {fault.facts["says"] for fault in premise_faults(case, (), forged)} == {"slots_left"}


def test_one_way_alone_says_nothing_of_a_teacher() -> None:
    case = school_of(CURRENT, "ipa", 5, teachers_of("ipa", 1), grades={7: 3})
    (t,) = case.counted
    closed = Bounds(ProofFacts(case, ())).closed(t, Way.WITHOUT)
    assert closed is not None
    assert {fault.rule for fault in faults(replace(closed, id="B01"))} == {"claim_does_not_follow"}


@pytest.mark.parametrize("says", ["duty_units", "special_jtm"])
def test_a_duty_counted_as_nothing_is_refused(says: str) -> None:
    case = three_of_ipa()
    t = next(iter(case.counted))
    post = next(post for post in case.duty_posts if post.rule.kind is DutyKind.TTLE and post.quota > 0)
    names = {"duty": post.rule.name, "school": case.schools[post.school].name, "teacher": t}
    none = Number("x", says, 0, names=names, article=post.rule.source.article)
    forged = replace(proof_of(case), numbers=(*proof_of(case).numbers, none))
    assert {fault.facts["says"] for fault in premise_faults(case, (), forged)} == {says}


def test_a_crafted_file_is_refused_and_breaks_nothing() -> None:
    proof = proof_of(three_of_ipa())
    part = replace(proof, id="P1")
    for place, line in enumerate(proof.numbers):
        for at in range(len(line.operands)):
            operands = (*line.operands[:at], "part:P1", *line.operands[at + 1 :])
            forged = worked_again_with_parts(proof, place, operands, part)
            assert faults(forged)
            assert premise_faults(three_of_ipa(), (), forged)
    for kind in KINDS:
        for conclusion in (Conclusion("part:P1", Relation.MORE_THAN, "n1"), Conclusion(proof.conclusions[0].left, Relation.MORE_THAN, "part:P1")):
            assert faults(replace(proof, kind=kind, conclusions=(conclusion,), parts=(part,)))
    assert premise_faults(three_of_ipa(), (), replace(proof, assumptions=(Assumption("no_main_duty"),)))
    assert premise_faults(three_of_ipa(), (), replace(proof, numbers=(*proof.numbers, Number("x", "law_sources", 1))))
    assert cell_of("structure[0].subject") and cell_of("teachers[0].max_jp", "day_periods")


def worked_again_with_parts(proof: Proof, place: int, operands: tuple[str, ...], part: Proof) -> Proof:
    values, lines = {"part:P1": part.most_valid or 0}, []
    for at, line in enumerate(proof.numbers):
        line = replace(line, operands=operands) if at == place else line
        if line.operation is not Operation.GIVEN:
            line = replace(line, value=worked_out(line.operation, [values[operand] for operand in line.operands]) or 0)
        values[line.id] = line.value
        lines.append(line)
    return replace(proof, numbers=tuple(lines), parts=(part,))


def cell_of(path: str, name: str = "max_jp") -> bool:
    """Whether a proof about classes is looked up at a cell that holds no number, and breaks nothing."""
    number = Number("a", f"finding_proofs.{name}", 9, paths=(path,))
    return isinstance(premise_faults(three_of_ipa(), (), Proof("H1", "finding_proofs.any", "1", (), (number,), ())), tuple)


# --- verify --proof of one proof -----------------------------------------------------------------------------------------------------------


def test_a_proof_about_classes_is_one_that_counting_the_workbook_gives(tmp_path: Path) -> None:
    file, one = INSTANCES / "jam-kelas-berlebih" / "sekolah.xlsx", tmp_path / "bukti.json"
    case = open_case(file).case
    genuine = finding_proofs(case, findings(case))
    assert genuine
    for proof in genuine:
        one.write_bytes(canonical(proof))
        assert verify_proofs(one, file).exit == Exit.OK
    # 99 hours in 0 periods, of any class: every sum is right, and no workbook says so.
    numbers = (
        Number("a", "finding_proofs.anything", 99),
        Number("b", "finding_proofs.any", 99, Operation.SUM, ("a",)),
        Number("c", "x", 0, Operation.SUM),
    )
    conclusion = Conclusion("b", Relation.MORE_THAN, "c")
    for kind in ("finding_proofs.class_hours_exceed_grid", "finding_proofs.pinned_above_maximum", "anything"):
        one.write_bytes(canonical(replace(genuine[0], kind=kind, numbers=numbers, conclusions=(conclusion,))))
        (check,) = verify_proofs(one, file).checks
        assert [fault.rule for fault in check.faults] == ["proof_of_nothing"]
        assert verify_proofs(one).exit == Exit.OK


def beside_a_partner() -> Case:
    """Two teachers of 20 JP at home; a school near by, of which one teacher may not teach all its classes."""
    schools = (build.school(), build.school("2", partner=True))
    teachers = [build.teacher("A", "ipa"), build.teacher("B", "ipa"), build.teacher("E", "ipa", "2", max_jp=20)]
    rombels = (*build.rombels({7: 4}, "1"), *build.rombels({7: 8}, "2"))
    settings = Settings(main_school="1", share_within_kecamatan=True)
    return build.case({"ipa": 5}, teachers, schools=schools, rombels=rombels, settings=settings)


def test_a_proof_on_open_classes_of_other_schools_is_not_looked_up_without_them(tmp_path: Path) -> None:
    case, file, one = beside_a_partner(), tmp_path / "sekolah.xlsx", tmp_path / "bukti.json"
    write_workbook(case.instance, file)
    proof = proofs_of(case, ())[0]
    # Without the assumption it rests on them no less.
    for told in (proof, replace(proof, assumptions=tuple(a for a in proof.assumptions if a.says != "only_open_needs"))):
        one.write_bytes(canonical(told))
        verified = verify_proofs(one, file)
        assert [(check.faults, check.unchecked, check.on_open_needs) for check in verified.checks] == [((), True, True)]
        assert verified.exit == Exit.NOT_UNDERSTOOD
    for lang in ("id", "en"):
        lines = list(proofs_lines(Text(lang), verified))
        assert any(Text(lang).say("cli.proof_unchecked") in line for line in lines)
        assert not any(Text(lang).say("cli.proofs_hold_one") in line for line in lines)
        (row,) = proofs_data(Text(lang), verified)["proofs"]
        assert (row["holds"], row["notes"]) == (None, [Text(lang).say("cli.proof_open_needs_unknown")])


def test_open_classes_are_said_to_be_those_of_the_file_itself(tmp_path: Path) -> None:
    case, file, whole = beside_a_partner(), tmp_path / "sekolah.xlsx", tmp_path / "penjelasan.json"
    write_workbook(case.instance, file)
    used = PolicyUsed(case.policy.id, dict(case.policy.overrides), case.law.linearity.id)
    explanation = Explanation(used, instance_sha256(case.instance), Status.UNKNOWN, partners=(PartnerAlone("2", 0, ()),), proofs=proofs_of(case, ()))
    whole.write_bytes(canonical(explanation))
    verified = verify_proofs(whole, file)
    assert verified.exit == Exit.OK
    for lang in ("id", "en"):
        assert any(Text(lang).say("cli.proof_open_needs") in line for line in proofs_lines(Text(lang), verified))
        assert proofs_data(Text(lang), verified)["proofs"][0]["notes"] == [Text(lang).say("cli.proof_open_needs")]
