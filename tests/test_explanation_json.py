"""penjelasan.json and the file of a single proof; and the names of the cells that their paths speak of."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.explanation import (
    Basis,
    Conflict,
    Edit,
    ExceptionCase,
    Explanation,
    Largest,
    Member,
    NeedRow,
    Repair,
    Replacement,
    TeacherCase,
    Threshold,
)
from scheduler.domain.plan import Assignment, DutyHolding, Level, PartnerAlone, PolicyUsed, Status, TeacherLoad
from scheduler.domain.problem import Problem
from scheduler.domain.proof import Assumption, Conclusion, Number, Operation, Proof, Relation
from scheduler.domain.rules import Part
from scheduler.errors import InputError
from scheduler.formats.json import canonical, read_explanation, read_instance, read_plan, read_proofs, write_explanation
from scheduler.formats.workbook import read_workbook_with_places
from scheduler.formats.workbook_writer import write_workbook
from tests.build import case, teacher
from tests.test_broken_workbooks import say

LOAD = TeacherLoad("G1", "1", True, True, 24, 5, 0, 5, 2, 2, 9, False, "exception_single_teacher", 15, ("too_few_hours",))

PROOF = Proof(
    id="B01",
    kind="shared_hours",
    school="1",
    teachers=("G1", "G2"),
    numbers=(
        Number("classes", "classes", 8, names={"subject": "IPA"}, paths=("structure[3].intra_jp",), article="Pasal 11", source="s", confidence="A"),
        Number("hours", "sum", 40, Operation.PRODUCT, ("classes", "classes")),
    ),
    conclusions=(Conclusion("classes", Relation.LESS_THAN, "hours"),),
    assumptions=(Assumption("no_split", {"subject": "IPA"}, ("structure[3]",)),),
    at_most="classes",
    family="ipa",
    parts=(Proof("B01a", "teacher_alone", "1", ("G1",), (), (), names={"teacher": "Guru"}),),
)

REPAIR = Repair(
    number=1,
    kind="partner_hours",
    edits=(Edit("partner_hours", {"school": "2", "jp": 4, "km": 10.5}),),
    price=34,
    becomes_valid=("G1",),
    loses=(),
    valid_before=1,
    valid_after=2,
    shortfall_before=15,
    shortfall_after=0,
    uncovered_before=0,
    uncovered_after=0,
    proved=True,
    facts={"school": "SMP 2", "jp": 4},
)

EXPLANATION = Explanation(
    policy=PolicyUsed("permendikdasmen11_2025", {"min_jtm": "20"}, "kepmen222_2025"),
    instance_sha256="ab",
    status=Status.OPTIMAL,
    levels=(Level("uncovered_jp", 0, 0, True),),
    largest=Largest("", "", ("G1", "G2"), 1, 1, True, (Basis.COUNTING, Basis.SEARCH), "B01"),
    groups=(Largest("1", "ipa", ("G1",), 0, None, False),),
    teachers=(TeacherCase("G1", LOAD, 18, 6, "B01", "", 1, REPAIR, 18, ("G2",)),),
    proofs=(PROOF,),
    conflicts=(Conflict("K01", Part.WORKLOAD, (Member("max_jtm", {"teacher": "G1"}, {"jtm": 40}),), True, (Basis.SECOND_SEARCH,)),),
    repairs=(REPAIR,),
    exceptions=(ExceptionCase("G1", "exception_single_teacher", "ipa", (NeedRow("ipa", 8, 5, 40),), 40, 24, 2, ("G1",), "Pasal 20", "A"),),
    thresholds=(Threshold(0, 18, True), Threshold(1, None, False)),
    replacements=(Replacement("G1", ("G2",)),),
    loads=(LOAD,),
    assignments=(Assignment("1/7A/IPA", "1", ("7A",), "ipa", 5, 5, None),),
    duties=(DutyHolding("1", "pembina_osis", "1", "G1", 2, 2),),
    partners=(PartnerAlone("2", 1, ("2/7A/IPA",)),),
    week_status=Status.FEASIBLE,
    unfinished=("repairs",),
    files={"penjelasan.html": "cd"},
)


def test_the_example_fills_every_field() -> None:
    """Otherwise a field that cannot come back would not be noticed."""
    assert [field.name for field in fields(Explanation) if not getattr(EXPLANATION, field.name)] == []


def test_explanation_comes_back_from_json(tmp_path: Path) -> None:
    write_explanation(EXPLANATION, tmp_path / "e.json")
    assert read_explanation(tmp_path / "e.json") == EXPLANATION


def test_a_proof_alone_comes_back_and_an_explanation_gives_all_its_proofs(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_bytes(canonical(PROOF))
    assert read_proofs(tmp_path / "b.json") == (PROOF,)
    write_explanation(EXPLANATION, tmp_path / "e.json")
    assert read_proofs(tmp_path / "e.json") == (PROOF,)


def test_the_keys_are_those_of_the_interface(tmp_path: Path) -> None:
    write_explanation(EXPLANATION, tmp_path / "e.json")
    plain = json.loads((tmp_path / "e.json").read_text(encoding="utf-8"))
    assert {"schema", "proofs", "conflicts", "repairs", "exceptions", "thresholds", "instance_sha256", "files"} <= set(plain)
    assert plain["schema"] == "scheduler-explanation/1"


# --- what is wrong -----------------------------------------------------------------------------------------------------------------------------


def problems(read: Callable[[Path], object], path: Path) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read(path)
    for problem in caught.value.problems:
        say(problem)
    return list(caught.value.problems)


def broken(path: Path, change: Callable[[Any], object]) -> list[tuple[str, str]]:
    write_explanation(EXPLANATION, path)
    plain = json.loads(path.read_text(encoding="utf-8"))
    change(plain)
    path.write_text(json.dumps(plain), encoding="utf-8")
    return [(problem.kind, problem.place) for problem in problems(read_explanation, path)]


def test_every_fault_of_shape_is_named_by_its_path(tmp_path: Path) -> None:
    def change(plain: Any) -> None:
        plain["warna"] = 1
        plain["proofs"][0]["numbers"][0]["value"] = "8"
        plain["proofs"][0]["numbers"][1]["operation"] = "guess"
        del plain["repairs"][0]["price"]

    assert sorted(broken(tmp_path / "e.json", change)) == [
        ("json_missing_key", "repairs[0].price"),
        ("json_unknown_key", "warna"),
        ("json_wrong_choice", "proofs[0].numbers[1].operation"),
        ("json_wrong_value", "proofs[0].numbers[0].value"),
    ]


def test_an_explanation_of_another_version_is_a_problem(tmp_path: Path) -> None:
    write_explanation(replace(EXPLANATION, schema="scheduler-explanation/9"), tmp_path / "e.json")
    (problem,) = problems(read_explanation, tmp_path / "e.json")
    assert (problem.kind, problem.facts["value"]) == ("json_wrong_schema", "scheduler-explanation/9")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"{", "json_broken"), (b"{}", "json_missing_key"), (b"\xff\xfe", "explanation_file_expected"), (b"[]", "explanation_file_expected")],
)
def test_a_file_that_is_no_explanation_is_a_problem(content: bytes, kind: str, tmp_path: Path) -> None:
    (tmp_path / "e.json").write_bytes(content)
    assert {problem.kind for problem in problems(read_explanation, tmp_path / "e.json")} == {kind}
    expected = kind.replace("explanation_file", "proof_file")
    assert {problem.kind for problem in problems(read_proofs, tmp_path / "e.json")} == {expected}


def test_an_explanation_in_the_place_of_a_workbook_or_a_plan_is_named_as_such(tmp_path: Path) -> None:
    write_explanation(EXPLANATION, tmp_path / "e.json")
    assert problems(read_instance, tmp_path / "e.json")[0].kind == "explanation_not_expected"
    assert problems(read_plan, tmp_path / "e.json")[0].kind == "plan_file_expected"


# --- the cells behind the paths ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "place"),
    [
        # The header stands in row 1, the rows below it; columns as in docs/workbook.md.
        ("structure[0].intra_jp", "Struktur!D2"),
        ("teachers[1].certificate", "Guru!H3"),
        ("settings.policy", "Pengaturan!B4"),
        ("settings.overrides.min_jtm", "Pengaturan"),
        ("teachers[1]", "Guru!A3"),
        ("open_hours[0].jp", "Jam Mitra"),
        ("structure[99].intra_jp", "Struktur"),
        ("subjects[0]", "subjects[0]"),
    ],
)
def test_a_path_is_named_by_its_cell(path: str, place: str, tmp_path: Path) -> None:
    write_workbook(case({"ipa": 5}, [teacher("A", "ipa"), teacher("B", "ipa")]).instance, tmp_path / "s.xlsx")
    _, _, place_of = read_workbook_with_places(tmp_path / "s.xlsx")
    assert place_of(path) == place


def test_a_row_of_the_curriculum_has_its_curriculum_for_a_place(tmp_path: Path) -> None:
    """Struktur left empty: the reader fills it in, so there is no cell."""
    from scheduler.policy.load import curriculum_ids

    curriculum = curriculum_ids()[0]
    given = case({"ipa": 5}, [teacher("A", "ipa")], {7: 1}).instance
    rombels = tuple(replace(rombel, curriculum=curriculum) for rombel in given.rombels)
    write_workbook(replace(given, rombels=rombels, structure=()), tmp_path / "s.xlsx")
    instance, _, place_of = read_workbook_with_places(tmp_path / "s.xlsx")
    assert instance.structure
    assert place_of("structure[0].intra_jp") == f"Struktur ({curriculum})"
