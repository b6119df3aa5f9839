"""Instances and plans as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.entities import Availability, AvailabilityKind, Group
from scheduler.domain.instance import Instance
from scheduler.domain.plan import (
    Assignment,
    DutyHolding,
    Lesson,
    Level,
    PartnerAlone,
    Plan,
    PlanStatus,
    PolicyUsed,
    SolverUsed,
    Status,
    TeacherLoad,
    Violation,
)
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.json import canonical, instance_sha256, read_instance, read_plan, write_instance, write_plan
from tests import build
from tests.test_broken_workbooks import say

INSTANCE = build.case(
    {"ipa": (4, 1), "pabp_islam": 3},
    [build.teacher("G1", "ipa", nip="198701012010012001"), build.counsellor("B")],
    slots=build.week(),
    duties=[build.duty("pembina_osis", holders=("G1",))],
    availability=[Availability("G1", "Senin", 2, AvailabilityKind.IMPOSSIBLE)],
).instance

PLAN = Plan(
    policy=PolicyUsed("permendikdasmen11_2025", {"min_jtm": "20"}, "kepmen222_2025"),
    instance_sha256="ab",
    status=PlanStatus(Status.OPTIMAL, Status.UNKNOWN),
    levels=(Level("uncovered_jp", 3, 3, True), Level("below_minimum", 2, None, False)),
    assignments=(Assignment("1/7A/IPA", "1", ("7A",), "ipa", 5, 5, "G1"), Assignment("1/7B/IPA", "1", ("7B",), "ipa", 5, 5, None)),
    duties=(DutyHolding("1", "pembina_osis", "1", "G1", 2, 2),),
    teachers=(TeacherLoad("G1", "1", True, True, 24, 5, 0, 5, 2, 2, 9, False, "single_teacher", 15, ("below",), 0, 0),),
    lessons=(Lesson("1/7A/IPA", "1", ("7A",), "ipa", "G1", "Senin", 1, 2),),
    partners=(PartnerAlone("2", 1, ("2/7A/IPA",)),),
    priority_proved=True,
    weekly_cuts=(Violation("week", ("G1",), {"jp": 30, "day": "Senin"}),),
    solver=SolverUsed("0.1.0", 1, 2),
    workbook_sha256="cd",
)


def test_instance_comes_back_from_json(tmp_path: Path) -> None:
    write_instance(INSTANCE, tmp_path / "i.json")
    assert read_instance(tmp_path / "i.json") == INSTANCE


def test_plan_comes_back_from_json(tmp_path: Path) -> None:
    write_plan(PLAN, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == PLAN


def test_plan_has_the_keys_of_the_interface(tmp_path: Path) -> None:
    write_plan(PLAN, tmp_path / "plan.json")
    plain = json.loads((tmp_path / "plan.json").read_text())
    assert plain["schema"] == "scheduler-plan/1"
    assert set(plain["policy"]) >= {"id", "overrides"}
    assert set(plain["levels"][0]) == {"name", "value", "bound", "proved"}
    assert set(plain["assignments"][0]) == {"need", "school", "rombels", "subject", "jp", "recognised_jp", "teacher"}
    assert set(plain["duties"][0]) == {"school", "duty", "unit", "teacher", "jtm", "counted_jtm"}
    assert set(plain["lessons"][0]) == {"need", "school", "rombels", "subject", "teacher", "day", "period", "length", "room"}


def test_equal_plans_give_equal_bytes_whatever_the_order_of_their_mappings() -> None:
    turned = replace(PLAN, policy=replace(PLAN.policy, overrides=dict(reversed([("min_jtm", "20"), ("max_jtm", "40")]))))
    same = replace(PLAN, policy=replace(PLAN.policy, overrides={"min_jtm": "20", "max_jtm": "40"}))
    assert canonical(turned) == canonical(same)


def test_fingerprint_follows_what_the_instance_says() -> None:
    assert instance_sha256(INSTANCE) == instance_sha256(replace(INSTANCE))
    assert instance_sha256(INSTANCE) != instance_sha256(replace(INSTANCE, teachers=INSTANCE.teachers[:1]))


def test_registry_subjects_need_not_be_listed(tmp_path: Path) -> None:
    write_instance(replace(INSTANCE, subjects=()), tmp_path / "i.json")
    assert {subject.id for subject in read_instance(tmp_path / "i.json").subjects} == {"ipa", "pabp_islam", "bimbingan_konseling"}


# --- what is wrong -------------------------------------------------------------------------------------------------------------------------


def problems(read: Callable[[Path], object], path: Path) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read(path)
    for problem in caught.value.problems:
        say(problem)
    return list(caught.value.problems)


def broken_instance(path: Path, change: Callable[[Any], object]) -> list[tuple[str, str]]:
    write_instance(INSTANCE, path)
    plain = json.loads(path.read_text())
    change(plain)
    path.write_text(json.dumps(plain))
    return [(problem.kind, problem.place) for problem in problems(read_instance, path)]


def test_every_fault_of_shape_is_named_by_its_path(tmp_path: Path) -> None:
    def change(plain: Any) -> None:
        plain["warna"] = 1
        del plain["teachers"][0]["home"]
        plain["rombels"][2]["grade"] = "7"
        plain["teachers"][1]["position"] = "tukang"

    assert broken_instance(tmp_path / "i.json", change) == [
        ("json_wrong_value", "rombels[2].grade"),
        ("json_missing_key", "teachers[0].home"),
        ("json_wrong_choice", "teachers[1].position"),
        ("json_unknown_key", "warna"),
    ]


@pytest.mark.parametrize(
    ("change", "kind", "place"),
    [
        (lambda i: i["teachers"][0].update(certificate="ipaa"), "unknown_certificate_near", "teachers[0].certificate"),
        (lambda i: i["rombels"][0].update(school="9"), "unknown_school", "rombels[0].school"),
        (lambda i: i["teachers"][1].update(code="g1"), "duplicate_teacher", "teachers[1].code"),
        (lambda i: i["structure"][0].update(intra_jp=-1), "below_limit", "structure[0].intra_jp"),
        (lambda i: i["structure"][0].update(subject="astronomi"), "unknown_subject", "structure[0].subject"),
        (lambda i: i["availability"][0].update(day="Senen"), "unknown_choice_near", "availability[0].day"),
        (lambda i: i["duties"][0].update(duty="pembina_osiss"), "unknown_duty_near", "duties[0].duty"),
        (lambda i: i["settings"].update(main_school="8"), "unknown_school", "settings.main_school"),
        (lambda i: i["rombels"][0].update(name=""), "missing_value", "rombels[0].name"),
        (lambda i: i["settings"].update(policy="permen"), "policy.unknown_rulesets", "settings"),
    ],
)
def test_references_are_checked_as_those_of_a_workbook(change: Callable[[Any], object], kind: str, place: str, tmp_path: Path) -> None:
    assert (kind, place) in broken_instance(tmp_path / "i.json", change)


def test_two_subjects_of_one_short_code_are_a_problem(tmp_path: Path) -> None:
    found = broken_instance(tmp_path / "i.json", lambda i: i["subjects"][0].update(short="PAI"))
    assert found == [("duplicate_short", "subjects[1].short")]


def test_group_without_rombels_is_a_problem(tmp_path: Path) -> None:
    instance: Instance = replace(INSTANCE, groups=(Group("A", "1", (), "pabp_islam", 3),))
    write_instance(instance, tmp_path / "i.json")
    assert [(p.kind, p.place) for p in problems(read_instance, tmp_path / "i.json")] == [("missing_value", "groups[0].rombels")]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"schools": [', "json_broken"),
        (b"", "json_broken"),
        (b"\xff\xfe\x00", "json_not_utf8"),
        (b"[" * 5000, "json_broken"),
        (b"[]", "json_wrong_value"),
        (b'{"teachers": NaN}', "json_wrong_value"),
    ],
)
def test_file_that_is_no_instance_is_a_problem(content: bytes, kind: str, tmp_path: Path) -> None:
    (tmp_path / "i.json").write_bytes(content)
    assert kind in {problem.kind for problem in problems(read_instance, tmp_path / "i.json")}


def test_missing_file_and_folder_are_problems(tmp_path: Path) -> None:
    assert problems(read_plan, tmp_path / "tidak.json")[0].kind == "file_missing"
    assert problems(read_plan, tmp_path)[0].kind == "file_is_folder"


def test_plan_of_another_version_is_a_problem(tmp_path: Path) -> None:
    write_plan(replace(PLAN, schema="scheduler-plan/9"), tmp_path / "plan.json")
    (problem,) = problems(read_plan, tmp_path / "plan.json")
    assert (problem.kind, problem.facts["value"]) == ("json_wrong_schema", "scheduler-plan/9")


def test_windows_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_plan(PLAN, path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_plan(path) == PLAN
