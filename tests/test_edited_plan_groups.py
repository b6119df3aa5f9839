"""Hand edits where one word may mean several: religion groups, a subject divided between two, classes of one name at two schools."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.app.keep import make_kept_plan
from scheduler.app.plan import Wishes
from scheduler.domain.entities import AssignmentKind, AssignmentRow, Group
from scheduler.domain.instance import Settings
from scheduler.domain.plan import PartnerAlone
from scheduler.domain.solving import SolveOptions
from scheduler.errors import InputError
from scheduler.policy.case import Case
from tests import build
from tests.edited_plan import MASTER, Book, bells, hours_of
from tests.rules import plans

PARTNER_MASTER = "Jadwal Induk Mitra"


def book_of(folder: Path, case: Case, teaching: dict[str, str], lessons: list[tuple[str, str, int, int]], **parts: tuple[PartnerAlone, ...]) -> Book:
    return Book.written(folder / "keluaran", case, plans.plan(case, teaching, (), lessons, **parts))


# --- religion groups ---------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def groups(tmp_path: Path) -> Book:
    """7A and 7B together: Islam with A1, Kristen with A2 at the same time; IPA alone."""
    together = ("7A", "7B")
    case = plans.small_case(
        {"ipa": 2, "pabp_islam": 2, "pabp_kristen": 2},
        [build.teacher("A1", "pai"), build.teacher("A2", "kristen"), build.teacher("A3", "ipa")],
        {7: 2},
        slots=bells(),
        structure=build.structure({"ipa": 2, "pabp_islam": 2}, (7,)),
        groups=(Group("I", "1", together, "pabp_islam", 2, parallel="K"), Group("K", "1", together, "pabp_kristen", 2)),
    )
    teaching = {"1/I/PAI": "A1", "1/K/PAK": "A2", "1/7A/IPA": "A3", "1/7B/IPA": "A3"}
    lessons = [("1/I/PAI", "Senin", 1, 2), ("1/K/PAK", "Senin", 1, 2), ("1/7A/IPA", "Selasa", 1, 2), ("1/7B/IPA", "Rabu", 1, 2)]
    return book_of(tmp_path, case, teaching, lessons)


def test_groups_of_several_classes_are_read_back(groups: Book) -> None:
    groups.put({groups.hour("7A", "Senin", 5): None})  # saved again, nothing else
    assert not groups.edits
    assert groups.checked().violations == ()


def test_groups_moved_in_both_classes_are_understood(groups: Book) -> None:
    value = groups.sheet(MASTER)[groups.hour("7A", "Senin", 1).rpartition("!")[2]].value
    new = {groups.hour(rombel, "Kamis", period): value for rombel in ("7A", "7B") for period in (1, 2)}
    old = {groups.hour(rombel, "Senin", period): None for rombel in ("7A", "7B") for period in (1, 2)}
    groups.put({**old, **new})
    assert hours_of(groups.plan.lessons, "1/I/PAI") == hours_of(groups.plan.lessons, "1/K/PAK") == {("Kamis", 1, 2)}
    assert groups.checked().violations == ()


def test_groups_moved_in_one_class_only_are_named(groups: Book) -> None:
    place = groups.hour("7A", "Senin", 1)
    groups.put({place: None})
    assert groups.refused() == [("group_parted", groups.hour("7B", "Senin", 1))]


def test_one_of_two_groups_taken_out_breaks_their_common_time(groups: Book) -> None:
    cells = [groups.hour(rombel, "Senin", period) for rombel in ("7A", "7B") for period in (1, 2)]
    groups.put(dict.fromkeys(cells, "PAI-1"))
    assert hours_of(groups.plan.lessons, "1/K/PAK") == set()
    assert {violation.entities for violation in groups.checked().violations} == {("1/K/PAK",)}


def test_a_lesson_is_mended_beside_groups_that_run_together(groups: Book, tmp_path: Path) -> None:
    """7A's IPA is put where A3 teaches 7B: 7B's must go, and the groups, which share their times, stay."""
    moved = {groups.hour("7A", "Rabu", period): "IPA-3" for period in (1, 2)}
    groups.put({**{groups.hour("7A", "Selasa", period): None for period in (1, 2)}, **moved})
    wishes = Wishes(options=SolveOptions(seconds=60.0, deterministic_limit=1.0, workers=1))
    made = make_kept_plan(groups.school, tmp_path / "baru", wishes, groups.path)
    assert made.planned.plan is not None
    assert hours_of(made.planned.plan.lessons, "1/7A/IPA") == {("Rabu", 1, 2)}
    assert hours_of(made.planned.plan.lessons, "1/I/PAI") == {("Senin", 1, 2)}
    assert made.lessons == 1


# --- a subject divided between two ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def divided(tmp_path: Path) -> Book:
    """4 JP of IPA in 7A: 2 with A1, 2 with A2, as Penugasan says."""
    locks = tuple(AssignmentRow("1", "7A", "ipa", code, AssignmentKind.LOCK, 2) for code in ("A1", "A2"))
    case = plans.small_case({"ipa": 4}, [build.teacher("A1", "ipa"), build.teacher("A2", "ipa")], slots=bells(), assignments=locks)
    return book_of(tmp_path, case, {"1/7A/IPA#1": "A1", "1/7A/IPA#2": "A2"}, [("1/7A/IPA#1", "Senin", 1, 2), ("1/7A/IPA#2", "Selasa", 1, 2)])


def test_parts_of_a_subject_are_told_apart_by_their_teachers(divided: Book) -> None:
    moved = {divided.hour("7A", "Rabu", period): "IPA-2" for period in (1, 2)}
    divided.put({**{divided.hour("7A", "Selasa", period): None for period in (1, 2)}, **moved})
    assert hours_of(divided.plan.lessons, "1/7A/IPA#1") == {("Senin", 1, 2)}
    assert hours_of(divided.plan.lessons, "1/7A/IPA#2") == {("Rabu", 1, 2)}


def test_a_divided_subject_is_divided_in_the_workbook_only(divided: Book) -> None:
    place = divided.line("IPA-2", "7A")
    divided.put({place: None, divided.line("IPA-1", "7A"): 4})
    assert {kind for kind, _ in divided.refused()} == {"divided_subject"}


# --- partner schools ---------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def partners(tmp_path: Path) -> Book:
    """7A at the Sekolah Utama, and another 7A at the partner, where G01 visits for IPA."""
    case = build.case(
        {"ipa": 2, "matematika": 2},
        [build.teacher("G01", "ipa"), build.teacher("G02", "matematika"), build.teacher("M01", "matematika", home="2")],
        {7: 1},
        settings=Settings(main_school="1"),
        schools=(build.school(), replace(build.school("2", partner=True), name="SMP Mitra")),
        rombels=(*build.rombels({7: 1}), *build.rombels({7: 1}, "2")),
        slots=bells(),
    )
    teaching = {"1/7A/IPA": "G01", "2/7A/IPA": "G01", "1/7A/MTK": "G02", "2/7A/MTK": "M01"}
    lessons = [("1/7A/IPA", "Senin", 1, 2), ("1/7A/MTK", "Selasa", 1, 2), ("2/7A/IPA", "Rabu", 1, 2), ("2/7A/MTK", "Kamis", 1, 2)]
    return book_of(tmp_path, case, teaching, lessons, partners=(PartnerAlone("2", 0, ("2/7A/IPA",)),))


def test_classes_of_one_name_at_two_schools_are_told_apart(partners: Book) -> None:
    partners.put({partners.hour("7A", "Senin", 5): None})
    assert not partners.edits
    partners.put({partners.hour("7A", "Rabu", 3, PARTNER_MASTER): "MTK-M01"})
    assert [(edit.school, edit.came) for edit in partners.edits] == [("2", ("2/7A/MTK",))]


def test_the_sheet_of_partner_schools_is_missed_too(partners: Book) -> None:
    partners.change(lambda workbook: workbook.remove(workbook[PARTNER_MASTER]))
    with pytest.raises(InputError) as refused:
        _ = partners.sheets
    assert [(problem.kind, dict(problem.facts)) for problem in refused.value.problems] == [("edits.missing_master", {"schools": "SMP Mitra"})]


def test_a_visitor_is_called_by_the_whole_code(partners: Book) -> None:
    place = partners.hour("7A", "Rabu", 1, PARTNER_MASTER)
    assert partners.sheet(PARTNER_MASTER)[place.rpartition("!")[2]].value == "IPA-G01"
    partners.put({place: "IPA-01"})
    assert partners.refused() == [("unknown_teacher_near", place)]
