"""Changes of a workbook: each writes what it says, and the reader takes the changed workbook as it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.diagnose.edits import EDITS, applied, following_name
from scheduler.domain.entities import AssignmentKind, AssignmentRow, DutySetting, Extracurricular, Group, Rombel, School
from scheduler.domain.explanation import Edit
from scheduler.domain.instance import Instance, Settings
from scheduler.formats.workbook import read_workbook
from scheduler.formats.workbook_writer import write_workbook
from tests.build import case, duty, locked, rombels, school, teacher

EXAMPLES: dict[str, dict[str, str | int | float]] = {
    "partner_class": {"teacher": "G1", "school": "2", "rombel": "7A", "subject": "ipa", "jp": 5, "km": 3.5},
    "partner_hours": {"teacher": "G1", "school": "3", "subject": "matematika", "jp": 5, "number": 1},
    "outside_hours": {"teacher": "G1", "jtm": 4},
    "willing": {"teacher": "G2"},
    "laboratory": {"school": "1"},
    "library": {"school": "1"},
    "duty_post": {"school": "1", "duty": "kepala_laboratorium", "maximum": 1},
    "duty_candidates": {"school": "1", "duty": "wakasek"},
    "extracurricular": {"school": "1", "name": "Ekskul Baru 1"},
    "kokurikuler": {},
    "unverified_linearity": {},
    "minimum": {"min_jtm": 20, "jtm": 4},
    "max_jp": {"teacher": "G2"},
    "rombel_more": {"school": "1", "grade": 7},
    "rombel_less": {"school": "1", "grade": 7},
    "teacher_moved": {"teacher": "G2", "school": "2", "km": 3.5},
}


def instance() -> Instance:
    """A school of 3 rombel with a partner of one rombel and a partner of which no classes are known."""
    built = case(
        {"ipa": (4, 1), "ips": 4},
        [
            teacher("G1", "ipa"),
            teacher("G2", "ips", willing=False, max_jp=20),
            teacher("G3", "ipa", "2"),
        ],
        settings=Settings(count_kokurikuler=False, main_school="1"),
    ).instance
    return replace(
        built,
        schools=(school(has_library=False, bell=""), school("2", partner=True, bell=""), school("3", partner=True, bell="")),
        rombels=(*rombels({7: 2, 8: 1}), Rombel("2", "7A", 7, "k", 25)),
        duties=(
            DutySetting("1", "kepala_laboratorium", 0, 0),
            DutySetting("1", "wakasek", candidates=("G1",)),
            DutySetting("1", "wali_kelas", holders=("G2",), unit="7B"),
        ),
        extracurriculars=(Extracurricular("1", "Pramuka", 30, "G2"),),
        assignments=(
            locked("G1", "7B", "ipa"),
            AssignmentRow("2", "7A", "ips", "G2", AssignmentKind.DINAS),
            AssignmentRow("1", "8A", "ips", "G2", AssignmentKind.LOCK),
        ),
        groups=(Group("K1", "1", ("7A", "7B"), "ips", 4),),
    )


def as_the_reader_has_it(before: Instance, tmp_path: Path) -> Instance:
    path = tmp_path / "sekolah.xlsx"
    write_workbook(before, path)
    return read_workbook(path)[0]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """The instance as the reader has it."""
    return as_the_reader_has_it(instance(), tmp_path_factory.mktemp("edits"))


def change(before: Instance, kind: str) -> Instance:
    return applied(before, [Edit(kind, EXAMPLES[kind])])


def test_every_kind_of_edit_has_an_example_here() -> None:
    assert EXAMPLES.keys() == EDITS.keys()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_reader_gives_a_changed_instance_back(kind: str, read: Instance, tmp_path: Path) -> None:
    after = change(read, kind)
    assert after != read
    assert as_the_reader_has_it(after, tmp_path) == after


def test_all_edits_together_are_a_workbook_too(read: Instance, tmp_path: Path) -> None:
    after = applied(read, [Edit(kind, facts) for kind, facts in EXAMPLES.items()])
    assert as_the_reader_has_it(after, tmp_path) == after


def test_the_instance_given_stays_as_it_was() -> None:
    before = instance()
    for kind in EXAMPLES:
        change(before, kind)
    assert before == instance()


def test_an_order_of_the_dinas_opens_one_class_to_one_visitor() -> None:
    row = change(instance(), "partner_class").assignments[-1]
    assert row == AssignmentRow("2", "7A", "ipa", "G1", AssignmentKind.DINAS)


def test_the_same_order_twice_is_written_once() -> None:
    edit = Edit("partner_class", EXAMPLES["partner_class"])
    assert len(applied(instance(), [edit, edit]).assignments) == len(instance().assignments) + 1


def test_partner_hours_come_after_the_rows_there_are() -> None:
    twice = applied(instance(), [Edit("partner_hours", {**EXAMPLES["partner_hours"], "number": number}) for number in (1, 2)])
    assert [(row.row, row.jp) for row in twice.open_hours] == [(1, 5), (2, 5)]
    assert "matematika" in {subject.id for subject in twice.subjects}


def test_a_duty_goes_back_to_what_the_ruleset_recognises() -> None:
    assert change(instance(), "duty_post").duties[0] == DutySetting("1", "kepala_laboratorium", 0, 1)


def test_a_rombel_more_takes_the_next_name_and_its_share_of_the_pupils() -> None:
    after = change(instance(), "rombel_more")
    # 2 × 25 = 50 pupils in three rombel: 17 + 17 + 16.
    assert [(r.name, r.students) for r in after.rombels_of("1") if r.grade == 7] == [("7A", 17), ("7B", 17), ("7C", 16)]
    assert after.groups[0].rombels == ("7A", "7B", "7C")


def test_a_rombel_for_new_pupils_leaves_the_others_theirs() -> None:
    after = applied(instance(), [Edit("rombel_more", {"school": "1", "grade": 7, "new_pupils": 1})])
    assert [r.students for r in after.rombels_of("1") if r.grade == 7] == [25, 25, 25]


def test_a_rombel_less_takes_along_what_names_it() -> None:
    after = change(instance(), "rombel_less")
    assert [(r.name, r.students) for r in after.rombels_of("1") if r.grade == 7] == [("7A", 50)]
    assert after.groups[0].rombels == ("7A",)
    assert all(row.rombel != "7B" for row in after.assignments)
    assert all(row.unit != "7B" for row in after.duties)


def test_a_group_of_the_dissolved_rombel_alone_is_dissolved_with_it() -> None:
    before = replace(instance(), groups=(Group("K1", "1", ("7B",), "ips", 4), Group("K2", "1", ("7A",), "ips", 4, parallel="K1")))
    assert change(before, "rombel_less").groups == (Group("K2", "1", ("7A",), "ips", 4),)


def test_a_teacher_who_moves_leaves_pins_and_locks_behind() -> None:
    after = change(instance(), "teacher_moved")
    assert after.teacher("G2").home == "2"
    # The lock at the old school and the order of the Dinas for the new one fall away; the other teacher's lock stays.
    assert [row.teacher for row in after.assignments] == ["G1"]
    assert all("G2" not in row.holders for row in after.duties)
    assert after.extracurriculars[0].leader == ""


def test_a_duty_row_that_says_more_than_its_holder_stays_when_the_holder_moves() -> None:
    row = DutySetting("1", "wali_kelas", minimum=1, holders=("G2",), unit="7B")
    after = change(replace(instance(), duties=(row,)), "teacher_moved")
    assert after.duties == (DutySetting("1", "wali_kelas", minimum=1),)


def test_a_school_gets_a_laboratory_more() -> None:
    assert [s.laboratories for s in change(instance(), "laboratory").schools] == [2, 1, 1]


def test_an_unknown_edit_is_refused() -> None:
    with pytest.raises(KeyError):
        applied(instance(), [Edit("magic", {})])


@pytest.mark.parametrize(
    ("last", "taken", "expected"),
    [
        ("7C", ["7A", "7B", "7C"], "7D"),
        ("7C", ["7C", "7d"], "7E"),
        ("VII-2", ["VII-1", "VII-2"], "VII-3"),
        ("VII", ["VII"], "VII-2"),
        ("7Z", ["7Z"], "7Z-2"),
    ],
)
def test_the_name_of_a_new_rombel_follows_on(last: str, taken: list[str], expected: str) -> None:
    assert following_name(last, taken) == expected


def test_a_library_is_written_at_its_school_only() -> None:
    before = replace(instance(), schools=(School("1", "A", has_library=False), School("2", "B", has_library=False)))
    assert [s.has_library for s in change(before, "library").schools] == [True, False]


def test_candidates_of_other_duties_stay() -> None:
    before = replace(instance(), duties=(*instance().duties, duty("kepala_perpustakaan", candidates=("G1",))))
    after = change(before, "duty_candidates")
    assert [row.candidates for row in after.duties if row.duty in ("wakasek", "kepala_perpustakaan")] == [(), ("G1",)]
