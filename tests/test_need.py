"""scheduler need: surplus and shortage of teachers by field and school, and who could go where."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from scheduler.app.need import analyse_need
from scheduler.counting.need import DistrictNeed
from scheduler.domain.instance import Settings
from scheduler.errors import InputError
from scheduler.formats.workbook_writer import write_workbook
from scheduler.policy.case import Case
from tests.build import HOME, case, rombels, school, small_case, teacher

EAST, WEST = "20000002", "20000003"


def three_schools() -> Case:
    """IPA 6 JP in 4 classes = 24 JP at each school: one teacher. HOME has three, EAST (Kumpeh, as HOME) and WEST (Jaluko) none but others."""
    staff = [
        teacher("A", "ipa"),
        teacher("B", "ipa", priority=1),
        teacher("C", "fisika", willing=False),
        teacher("E", None, home=EAST),
        teacher("W", "matematika", home=WEST),
    ]
    built = case({"ipa": 6}, staff, {7: 4}, policy="pp74_2008")
    home = replace(built.instance.schools[0], kecamatan="Kumpeh")
    instance = replace(
        built.instance,
        settings=Settings(policy="pp74_2008"),
        schools=(home, school(EAST, kecamatan="Kumpeh"), school(WEST, kecamatan="Jaluko")),
        rombels=(*built.instance.rombels, *rombels({7: 4}, EAST), *rombels({7: 4}, WEST)),
    )
    return Case(instance, built.law)


def test_surplus_and_shortage_are_counted_school_by_school() -> None:
    need = DistrictNeed(three_schools())
    assert [(row.school, row.jp, row.needed, len(row.certified), row.balance) for row in need.rows] == [
        (HOME, 24, 1, 3, 2),  # IPA and Fisika are one family
        (EAST, 24, 1, 0, -1),  # a teacher without a certificate is none
        (WEST, 24, 1, 0, -1),
    ]


def test_sums_keep_surplus_and_shortage_apart() -> None:
    need = DistrictNeed(three_schools())
    assert [(row.jp, row.needed, row.certified, row.surplus, row.shortage, row.balance) for row in need.sums()] == [(72, 3, 3, 2, 2, 0)] * 2
    kumpeh = need.sums(need.kecamatan["Kumpeh"])[-1]
    assert (kumpeh.surplus, kumpeh.shortage) == (2, 1)


def test_nearest_school_of_the_kecamatan_is_named_first_and_nobody_twice() -> None:
    # Two of three are beyond the need: who is willing first, the last by Prioritas before the others (B has Prioritas 1: A goes first).
    need = DistrictNeed(three_schools())
    assert [(move.destination, move.teachers, move.same_kecamatan) for move in need.moves] == [(EAST, ("A",), True), (WEST, ("B",), False)]


def test_fields_that_share_a_family_are_one() -> None:
    # KMA 890/2019: certificates of Quran Hadis and Fikih are of one family at a madrasah; nobody has one of IPS.
    subjects = {"quran_hadis": 2, "matematika": 4, "fikih": 2, "ips": 4}
    built = case(subjects, [teacher("A", "fikih"), teacher("B", "matematika")], {7: 1}, policy="kma890_2019")
    fields = [(field.subjects, bool(field.families)) for field in DistrictNeed(built).fields]
    assert fields == [(("quran_hadis", "fikih"), True), (("matematika",), True), (("ips",), False)]


def test_school_without_data_of_teachers_is_named_and_not_counted() -> None:
    built = three_schools()
    less = Case(replace(built.instance, teachers=tuple(t for t in built.instance.teachers if t.home != WEST)), built.law)
    need = DistrictNeed(less)
    assert (need.schools, need.left_out) == ((HOME, EAST), (WEST,))


@pytest.mark.parametrize("lang", ["id", "en"])
def test_workbook_and_json_say_the_same(tmp_path: Path, lang: str) -> None:
    write_workbook(three_schools().instance, tmp_path / "kabupaten.xlsx")
    done = analyse_need(tmp_path / "kabupaten.xlsx", tmp_path / "out", lang=lang)
    told = json.loads((tmp_path / "out/kebutuhan.json").read_text())
    assert [(row["npsn"], row["surplus"], row["shortage"]) for row in told["schools"]] == [(HOME, 2, 0), (EAST, 0, 1), (WEST, 0, 1)]
    book = load_workbook(tmp_path / "out/kebutuhan.xlsx")
    assert len(book.sheetnames) == 5
    total = next(row for row in book.worksheets[0].iter_rows(values_only=True) if row[0] in ("Jumlah", "Sum"))
    assert total[2:6] == (72, "3", 3, 3)
    assert [move["teachers"] for move in told["moves"]] == [["A"], ["B"]] and done.files[0].exists()


def test_file_without_classes_is_refused(tmp_path: Path) -> None:
    built = small_case()
    write_workbook(replace(built.instance, rombels=()), tmp_path / "kosong.xlsx")
    with pytest.raises(InputError):
        analyse_need(tmp_path / "kosong.xlsx", None)
