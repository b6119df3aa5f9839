"""Dapodik's downloads become a school: every trap of the real files, each with what must come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from random import Random

import pytest
from openpyxl import load_workbook

from scheduler.domain.entities import AssignmentKind, Position, Teacher
from scheduler.domain.instance import Instance
from scheduler.errors import InputError
from scheduler.formats.dapodik import Answer, Imported, Urgency, assemble, gather, read_file
from scheduler.formats.dapodik.assemble import UNKNOWN_HOME
from scheduler.formats.dapodik.identity import NIP_DIGITS, NUPTK_DIGITS, Number, number_of
from scheduler.formats.dapodik.source import term_of
from scheduler.formats.dapodik.vocabulary import class_key, person_key
from scheduler.report.text import Text
from tests.dapodik_files import (
    CLASSES,
    HOURS,
    NPSN,
    TEACHERS,
    Ajar,
    Kelas,
    Ptk,
    lessons,
    nip,
    nuptk,
    plain_school,
    spoil,
    with_ptk,
    write_daftar,
    write_profil,
    write_rekap,
)
from tests.seeds import SEED_NUMBER

MATHS, RELIGION = "Matematika (Umum)", "Pendidikan Agama Islam dan Budi Pekerti"


def imported(
    folder: Path,
    people: Sequence[Ptk] = TEACHERS,
    classes: Sequence[Kelas] = CLASSES,
    rows: Sequence[Ajar | str] | None = None,
    answers: Mapping[str, str] | None = None,
) -> Imported:
    """The school of these people, classes and lessons, through files."""
    folder.mkdir(exist_ok=True)
    files = (write_profil(folder / "profil.xlsx", people, classes), write_rekap(folder / "rekap.xlsx", lessons() if rows is None else rows))
    return of_files(*files, answers=answers)


def of_files(*files: Path, answers: Mapping[str, str] | None = None) -> Imported:
    given = [Answer(question, text) for question, text in (answers or {}).items()]
    return assemble(gather(sheet for file in files for sheet in read_file(file)), given)


def kinds(made: Imported) -> set[str]:
    return {doubt.kind for doubt in made.doubts}


def questions(made: Imported) -> set[str]:
    return {doubt.question for doubt in made.doubts if doubt.urgency is Urgency.QUESTION}


def teacher(made: Imported, name: str) -> Teacher:
    return next(t for t in made.instance.teachers if name in t.name)


def former(made: Imported, rombel: str, subject: str) -> list[str]:
    names = {t.code: t.name for t in made.instance.teachers}
    rows = (row for row in made.instance.assignments if row.kind is AssignmentKind.FORMER)
    return [names[row.teacher] for row in rows if (row.rombel, row.subject) == (rombel, subject)]


def hours(instance: Instance, grade: int, subject: str) -> tuple[int, int] | None:
    return next(((row.intra_jp, row.koku_jp) for row in instance.structure if (row.grade, row.subject) == (grade, subject)), None)


def changed(rows: Sequence[Ajar | str], rombel: str, subject: str, /, **changes: object) -> list[Ajar | str]:
    """The lessons with those of one class's subject changed."""
    return [replace(r, **changes) if isinstance(r, Ajar) and (r.rombel, r.subject) == (rombel, subject) else r for r in rows]  # type: ignore[arg-type]


# --- the whole -----------------------------------------------------------------------------------------------------------------------------------


def test_two_downloads_become_a_school_in_whatever_order(tmp_path: Path) -> None:
    profil, rekap = plain_school(tmp_path)
    made = of_files(profil, rekap)
    assert of_files(rekap, profil).instance == made.instance
    instance = made.instance
    assert (instance.schools[0].npsn, instance.schools[0].kecamatan, instance.schools[0].latitude) == (NPSN, "Contoh Raya", -1.4757)
    assert [rombel.name for rombel in instance.rombels] == ["VII-A", "VIII-A", "IX-A"]
    assert [rombel.students for rombel in instance.rombels] == [30, 29, 27]
    assert len(instance.teachers) == 10  # eleven PTK, one of them tata usaha
    assert (instance.settings.school_year, instance.settings.semester) == ("2026/2027", "Ganjil")
    assert teacher(made, "FAUZI").name == "Drs. AHMAD FAUZI, M.Pd"
    assert instance.settings.letterhead["Nama Kepala Sekolah"] == "Drs. AHMAD FAUZI, M.Pd"


def test_present_teachers_become_wishes_of_continuity(tmp_path: Path) -> None:
    made = imported(tmp_path)
    # three classes of ten subjects, each with one teacher
    assert len(made.instance.assignments) == 30
    assert former(made, "VII-A", "matematika") == ["Joko Susilo"]
    assert "matematika" in teacher(made, "Joko").may_teach


def test_headings_are_found_on_other_rows(tmp_path: Path) -> None:
    plain = imported(tmp_path / "a")
    shifted = of_files(write_profil(tmp_path / "profil.xlsx", TEACHERS, CLASSES, shift=4), write_rekap(tmp_path / "rekap.xlsx", lessons(), shift=7))
    assert shifted.instance == plain.instance


def test_a_file_that_openpyxl_refuses_is_read_by_the_second_engine(tmp_path: Path) -> None:
    plain = of_files(*plain_school(tmp_path))
    for name in ("profil.xlsx", "rekap.xlsx"):
        spoil(tmp_path / name)
        with pytest.raises(Exception, match=r".*"):
            load_workbook(tmp_path / name)
    again = of_files(tmp_path / "profil.xlsx", tmp_path / "rekap.xlsx")
    assert again.instance == plain.instance
    assert again.doubts == plain.doubts


def test_every_trap_at_once_loses_nothing(tmp_path: Path) -> None:
    """Titles of another height, NUPTK as floats, blank continued cells, merged group rows, files that openpyxl refuses."""
    people = [replace(person, nuptk=float(str(person.nuptk)) if person.nuptk else "") for person in TEACHERS]
    rows: list[Ajar | str] = []
    for row in lessons(people=people):
        assert isinstance(row, Ajar)
        first = row.subject == RELIGION
        rows += [f"Kelas {row.rombel}", row] if first else [replace(row, rombel="")]
    profil = spoil(write_profil(tmp_path / "profil.xlsx", people, CLASSES, shift=3))
    rekap = spoil(write_rekap(tmp_path / "rekap.xlsx", rows, shift=5))
    traps = of_files(rekap, spoil(write_daftar(tmp_path / "guru.xlsx", people, shift=1)), profil)
    plain = of_files(*plain_school(tmp_path / "."), write_daftar(tmp_path / "daftar.xlsx", TEACHERS))
    assert traps.instance == plain.instance
    assert len(traps.instance.assignments) == 30


def test_a_list_of_teachers_adds_what_the_profile_does_not_say(tmp_path: Path) -> None:
    profil, rekap = plain_school(tmp_path)
    daftar = write_daftar(tmp_path / "guru.xlsx", [replace(p, rank="Pembina, IV/a") for p in TEACHERS], shift=2)
    made = of_files(daftar, rekap, profil)
    assert len(made.instance.teachers) == 10
    assert teacher(made, "Joko").rank == "Pembina, IV/a"
    assert teacher(made, "Joko").certificate == "matematika"  # of the profile, though the list was named first


def test_rekap_alone_gives_teachers_and_classes_and_says_what_is_missing(tmp_path: Path) -> None:
    made = of_files(write_rekap(tmp_path / "rekap.xlsx", lessons()))
    assert len(made.instance.rombels) == 3
    assert {"no_certificates", "teacher_not_in_list"} <= kinds(made)


def test_profile_alone_says_that_lessons_are_missing(tmp_path: Path) -> None:
    made = of_files(write_profil(tmp_path / "profil.xlsx", TEACHERS, CLASSES))
    assert "no_lessons" in kinds(made)
    assert hours(made.instance, 7, "matematika") == (4, 1)  # the curriculum's


# --- numbers ---------------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("4002750000020113", Number("4002750000020113")),
        ("'4002 7500 0002 0113", Number("4002750000020113")),
        (4002750000020113, Number("4002750000020113")),
        (4002750000020113.0, Number("4002750000020113")),  # below 2^53: a float holds it exactly
        (402750000020113.0, Number("0402750000020113")),  # fifteen digits: the leading zero was lost
        (4002750000020110, Number("4002750000020110", exact=False)),  # Excel keeps fifteen digits and writes 0 for the rest
        (9402750000020113.0, Number("9402750000020112", exact=False)),  # above 2^53 only even numbers have a float
        ("4.00275E+15", Number("4002750000000000", exact=False)),
        ("-", Number()),
        (0, Number()),
        (None, Number()),
    ],
)
def test_a_nuptk_keeps_its_digits_or_says_that_it_has_lost_some(raw: object, expected: Number) -> None:
    assert number_of(raw, NUPTK_DIGITS) == expected


def test_a_nip_kept_as_a_number_by_excel_has_lost_its_end() -> None:
    assert not number_of(198502152010011000, NIP_DIGITS).exact
    assert number_of(198502152010011007, NIP_DIGITS).exact  # as a generator writes it into the file
    assert not number_of(198502152010011007.0, NIP_DIGITS).exact


def test_lost_digits_are_left_blank_and_said(tmp_path: Path) -> None:
    made = imported(tmp_path, with_ptk(4, nuptk=float(nuptk(5)), nip=int(nip(5)[:15] + "000")))
    joko = teacher(made, "Joko")
    assert (joko.nuptk, joko.nip) == (nuptk(5), "")
    assert "digits_lost" in kinds(made)
    assert former(made, "VII-A", "matematika") == ["Joko Susilo"]


def test_the_list_of_teachers_mends_a_number_that_has_lost_digits(tmp_path: Path) -> None:
    profil = write_profil(tmp_path / "profil.xlsx", with_ptk(4, nip=int(nip(5)[:15] + "000")), CLASSES)
    made = of_files(profil, write_rekap(tmp_path / "rekap.xlsx", lessons()), write_daftar(tmp_path / "guru.xlsx", TEACHERS))
    assert teacher(made, "Joko").nip == nip(5)
    assert "digits_lost" not in kinds(made)


def test_rekap_brings_a_number_that_the_profile_lacks(tmp_path: Path) -> None:
    made = imported(tmp_path, with_ptk(4, nuptk=""))
    assert teacher(made, "Joko").nuptk == nuptk(5)
    assert former(made, "VII-A", "matematika") == ["Joko Susilo"]


def test_a_number_of_two_people_is_taken_from_the_second(tmp_path: Path) -> None:
    made = imported(tmp_path, with_ptk(4, nip=nip(4)))
    assert [teacher(made, name).nip for name in ("Rina", "Joko")] == [nip(4), ""]
    assert "number_twice" in kinds(made)


def test_one_person_who_stands_in_the_list_twice_is_read_once(tmp_path: Path) -> None:
    made = imported(tmp_path, (*TEACHERS, replace(TEACHERS[4], name="Joko Susilo, S.Pd")))
    assert len(made.instance.teachers) == 10
    assert "person_twice" in kinds(made)


def test_the_curriculum_of_a_class_may_stand_in_rekap_alone(tmp_path: Path) -> None:
    made = imported(tmp_path, classes=[replace(c, curriculum="") for c in CLASSES])
    assert {rombel.curriculum for rombel in made.instance.rombels} == {"merdeka_smp_2025"}
    assert questions(made) == set()


# --- who is who ------------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Drs. H. Nur'aini, M.Pd", "NURAINI"),
        ("Budi  Santoso S.Pd.", "budi santoso"),
        ("Hj. Siti Aminah, S.Pd.I", "Siti Aminah"),
        ("Renée Sari", "Renee Sari"),
    ],
)
def test_names_are_compared_without_titles(first: str, second: str) -> None:
    assert person_key(first) == person_key(second)


@pytest.mark.parametrize("name", ["VII-A", "7-A", "7A", "VII A", "Kelas VII.A", "kelas 7 a"])
def test_classes_are_compared_without_their_spelling(name: str) -> None:
    assert class_key(name) == class_key("VII A")


def test_a_number_goes_before_the_name(tmp_path: Path) -> None:
    rows = changed(lessons(), "7-A", MATHS, teacher="J. Susilo Marto")  # with Joko's NUPTK
    made = imported(tmp_path, rows=rows)
    assert former(made, "VII-A", "matematika") == ["Joko Susilo"]


def test_a_number_under_quite_another_name_is_said(tmp_path: Path) -> None:
    made = imported(tmp_path, rows=changed(lessons(), "7-A", MATHS, teacher="Wulan Permata"))
    assert former(made, "VII-A", "matematika") == ["Joko Susilo"]
    assert "number_other_name" in kinds(made)


def test_two_people_of_one_name_are_asked_for_and_never_guessed(tmp_path: Path) -> None:
    people = (*TEACHERS, Ptk("JOKO SUSILO", nuptk(20), nip(20), certificate="Informatika"))
    rows = changed(lessons(), "7-A", MATHS, nuptk="")
    made = imported(tmp_path / "a", people, rows=rows)
    assert former(made, "VII-A", "matematika") == []
    assert former(made, "VIII-A", "matematika") == ["Joko Susilo"]  # that row has a NUPTK
    assert questions(made) == {f"guru:Joko Susilo:{MATHS}"}
    answered = imported(tmp_path / "b", people, rows=rows, answers={f"guru:joko susilo:{MATHS}": "G11"})
    assert former(answered, "VII-A", "matematika") == ["JOKO SUSILO"]
    assert questions(answered) == set()


@pytest.mark.parametrize("answer", ["G05", "Joko Susilo (G05)", "joko susilo, S.Pd", nip(5), nuptk(5)])
def test_an_answer_names_a_teacher_by_code_name_or_number(answer: str, tmp_path: Path) -> None:
    rows = changed(lessons(), "7-A", MATHS, teacher="Joko Susilu", nuptk="")
    assert former(imported(tmp_path / "a", rows=rows), "VII-A", "matematika") == []
    made = imported(tmp_path / "b", rows=rows, answers={f"guru:Joko Susilu:{MATHS}": answer})
    assert former(made, "VII-A", "matematika") == ["Joko Susilo"]


def test_a_similar_name_may_be_somebody_new(tmp_path: Path) -> None:
    rows = changed(lessons(), "7-A", MATHS, teacher="Joko Susilu", nuptk="")
    made = imported(tmp_path, rows=rows, answers={f"guru:Joko Susilu:{MATHS}": "baru"})
    assert former(made, "VII-A", "matematika") == ["Joko Susilu"]
    assert teacher(made, "Susilu").certificate is None


def test_an_answer_that_names_nobody_is_refused(tmp_path: Path) -> None:
    rows = changed(lessons(), "7-A", MATHS, teacher="Joko Susilu", nuptk="")
    with pytest.raises(InputError) as refused:
        imported(tmp_path, rows=rows, answers={f"guru:Joko Susilu:{MATHS}": "G99", "guru:siapa:apa": "G01"})
    assert [problem.kind for problem in refused.value.problems] == ["dapodik.answer_names_nobody", "dapodik.answer_not_asked"]


def test_one_name_with_another_number_is_asked_for(tmp_path: Path) -> None:
    made = imported(tmp_path, rows=changed(lessons(), "7-A", MATHS, nuptk=nuptk(77)))
    assert "teacher_number_differs" in kinds(made)
    assert former(made, "VII-A", "matematika") == []


def test_who_teaches_but_stands_in_no_list_is_added(tmp_path: Path) -> None:
    made = imported(tmp_path, rows=changed(lessons(), "7-A", MATHS, teacher="Wulan Permata", nuptk=nuptk(50)))
    assert former(made, "VII-A", "matematika") == ["Wulan Permata"]
    assert teacher(made, "Wulan").nuptk == nuptk(50)
    assert "teacher_not_in_list" in kinds(made)


def test_a_blank_teacher_goes_on_with_the_one_above_and_is_said(tmp_path: Path) -> None:
    rows = lessons()
    rows.sort(key=lambda row: row.teacher if isinstance(row, Ajar) else "")
    rows = [replace(row, teacher="", nuptk="") if i and row.teacher == rows[i - 1].teacher else row for i, row in enumerate(rows)]  # type: ignore[union-attr, type-var]
    made = imported(tmp_path, rows=rows)
    assert made.instance.assignments and len(made.instance.assignments) == 30
    # ten subjects of nine teachers in three classes: each teacher is named once, 30 - 9
    assert next(doubt.facts["count"] for doubt in made.doubts if doubt.kind == "teacher_continued") == 21


def test_a_blank_class_goes_on_with_the_one_above(tmp_path: Path) -> None:
    rows = [row for row in lessons() if isinstance(row, Ajar)]
    merged: list[Ajar | str] = [replace(row, rombel="") if i and row.rombel == rows[i - 1].rombel else row for i, row in enumerate(rows)]
    assert imported(tmp_path / "a", rows=merged).instance == imported(tmp_path / "b").instance


def test_merged_rows_that_head_a_group_are_no_lessons(tmp_path: Path) -> None:
    rows: list[Ajar | str] = []
    for row in lessons():
        assert isinstance(row, Ajar)
        rows += [f"Kelas {row.rombel}", row] if row.subject == RELIGION else [row]
    assert imported(tmp_path / "a", rows=rows).instance == imported(tmp_path / "b").instance


# --- kinds of PTK ----------------------------------------------------------------------------------------------------------------------------------


def test_the_older_vocabulary_of_kinds_is_understood(tmp_path: Path) -> None:
    old = {"Guru": "Guru Mapel", "Kepala Sekolah": "Kepala Sekolah", "Tenaga Kependidikan": "Tenaga Administrasi Sekolah"}
    people = [replace(p, kind=old[p.kind]) for p in TEACHERS]
    assert imported(tmp_path / "a", people).instance == imported(tmp_path / "b").instance


def test_a_counsellor_is_known_in_both_vocabularies(tmp_path: Path) -> None:
    counsellor = Ptk("Ratna Dewi", nuptk(30), nip(30), kind="Guru BK", certificate="Bimbingan dan Konseling")
    rows = [*lessons(), *(Ajar(rombel, "Bimbingan dan Konseling", 0, "Ratna Dewi", nuptk(30), grade=rombel[0]) for rombel in ("7-A", "8-A"))]
    older = imported(tmp_path / "a", (*TEACHERS, counsellor), rows=rows)
    newer = imported(tmp_path / "b", (*TEACHERS, replace(counsellor, kind="Guru")), rows=rows)
    assert teacher(older, "Ratna").position is teacher(newer, "Ratna").position is Position.COUNSELLOR
    assert "counsellor_assumed" in kinds(newer) - kinds(older)
    assert former(newer, "VII-A", "bimbingan_konseling") == ["Ratna Dewi"]
    assert hours(newer.instance, 7, "bimbingan_konseling") is None  # BK is counted in classes, not in hours


def test_a_principal_named_by_duty_is_one(tmp_path: Path) -> None:
    made = imported(tmp_path, with_ptk(0, kind="Guru Mapel", duties="PLT Kepala Sekolah"))
    assert teacher(made, "FAUZI").position is Position.ACTING_PRINCIPAL


def test_staff_who_teach_are_teachers_and_said(tmp_path: Path) -> None:
    made = imported(tmp_path, rows=changed(lessons(), "7-A", "Informatika", teacher="Tono Tata Usaha", nuptk=""))
    assert former(made, "VII-A", "informatika") == ["Tono Tata Usaha"]
    assert "staff_teaches" in kinds(made)


def test_a_teacher_of_another_school_keeps_a_home_outside_the_file(tmp_path: Path) -> None:
    rows = [replace(row, home="Tidak") if isinstance(row, Ajar) and row.teacher == "Joko Susilo" else row for row in lessons()]
    made = imported(tmp_path, rows=rows)
    joko = teacher(made, "Joko")
    assert joko.home == UNKNOWN_HOME != NPSN
    # Kepala Laboratorium is no duty of a visitor, and the three classes stay open to him
    assert {"home_unknown", "holder_from_elsewhere"} <= kinds(made)
    assert [row.kind for row in made.instance.assignments if row.teacher == joko.code].count(AssignmentKind.DINAS) == 3


def test_a_visitor_without_a_certificate_keeps_the_class_by_a_lock(tmp_path: Path) -> None:
    made = imported(tmp_path, rows=changed(lessons(), "7-A", MATHS, teacher="Samuel Hutagalung", nuptk=nuptk(41), home="Tidak"))
    samuel = teacher(made, "Samuel")
    assert [row.kind for row in made.instance.assignments if row.teacher == samuel.code] == [AssignmentKind.FORMER, AssignmentKind.LOCK]
    assert "visitor_locked" in kinds(made)


# --- certificates ----------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "certificate", "kind"),
    [
        ("Matematika", "matematika", ""),
        ("094", "matematika", ""),
        ("Ilmu Pengetahuan Alam (IPA)", "ipa", ""),
        ("Guru Mata Pelajaran Matematika SMP/MTs", "matematika", "certificate_read_as"),
        ("180 - Matematika", "matematika", "certificate_read_as"),
        ("Pendidikan Jasmani, Olahraga, dan Kesehatan", "pjok", ""),
        ("Matematika; Informatika", None, "certificate_several"),
        ("157 - Matematika", None, "certificate_several"),
        ("Matematka", None, "certificate_near"),
        ("Tata Boga", None, "certificate_unknown"),
        ("Sudah Sertifikasi", None, "certificate_unknown"),
        ("-", None, ""),
        ("", None, ""),
    ],
)
def test_certificates_are_read_with_confidence_or_asked(text: str, certificate: str | None, kind: str, tmp_path: Path) -> None:
    made = imported(tmp_path, with_ptk(4, certificate=text), rows=[])
    assert teacher(made, "Joko").certificate == certificate
    ordinary = {doubt.kind for doubt in made.doubts if doubt.kind.startswith("certificate") and "Joko" in str(doubt.facts.get("name"))}
    assert ordinary == ({kind} if kind else set())


def test_an_answer_settles_a_certificate(tmp_path: Path) -> None:
    made = imported(tmp_path, with_ptk(4, certificate="Matematka"), answers={"sertifikat:Matematka": "MTK"})
    assert teacher(made, "Joko").certificate == "matematika"


def test_competence_is_proposed_where_the_certificate_names_no_field(tmp_path: Path) -> None:
    made = imported(tmp_path, with_ptk(4, certificate="Sudah", competence="Fisika"))
    assert teacher(made, "Joko").certificate is None
    assert next(doubt.facts["suggestion"] for doubt in made.doubts if doubt.kind == "certificate_near") == "Fisika"


# --- classes, subjects, hours ----------------------------------------------------------------------------------------------------------------------


def test_what_is_no_class_is_left_out_and_a_club_becomes_one(tmp_path: Path) -> None:
    extra = [
        Ajar("Pramuka Putra", "Pramuka", 2, "Maya Sari", nuptk(8), grade=7, kind="Ekstrakurikuler", students=40),
        Ajar("Pilihan 9", "Informatika", 2, "Yusuf Maulana", nuptk(9), grade=9, kind="Matapelajaran Pilihan"),
    ]
    made = imported(tmp_path, classes=(*CLASSES, Kelas("Pramuka Putra", 7, 40)), rows=[*lessons(), *extra])
    assert [rombel.name for rombel in made.instance.rombels] == ["VII-A", "VIII-A", "IX-A"]
    assert made.left_out == {"club": 1, "other_rombel": 1}
    club = made.instance.extracurriculars[0]
    assert (club.name, club.students, club.leader) == ("Pramuka Putra", 40, teacher(made, "Maya").code)
    assert hours(made.instance, 9, "informatika") == (2, 1)  # its own class's three JP, without the two of the other rombel


def test_two_classes_that_differ_in_spelling_alone_are_both_kept_and_said(tmp_path: Path) -> None:
    made = imported(tmp_path, classes=(*CLASSES, Kelas("7A", 7)), rows=lessons((("VII-A", 7), ("8-A", 8), ("9-A", 9), ("7 A", 7))))
    assert [rombel.name for rombel in made.instance.rombels] == ["VII-A", "VIII-A", "IX-A", "7A"]
    assert former(made, "VII-A", "matematika") == ["Joko Susilo"]
    assert former(made, "7A", "matematika") == []  # "7 A" may be either: its rows are said, not guessed
    assert {"rombel_alike", "lesson_without_class"} <= kinds(made)


@pytest.mark.parametrize("subject", ["Projek Penguatan Profil Pelajar Pancasila", "Kokurikuler", "Projek IPAS (P5)"])
def test_kokurikuler_is_not_counted_twice(subject: str, tmp_path: Path) -> None:
    extra = [Ajar(rombel, subject, 2, "Joko Susilo", nuptk(5), grade=rombel[0]) for rombel in ("7-A", "8-A", "9-A")]
    made = imported(tmp_path / "a", rows=[*lessons(), *extra])
    assert made.instance == imported(tmp_path / "b").instance
    assert made.left_out == {"kokurikuler": 3}


def test_kokurikuler_of_a_subject_known_by_its_status_is_not_counted_twice(tmp_path: Path) -> None:
    extra = [Ajar(rombel, MATHS, 1, "Joko Susilo", nuptk(5), grade=rombel[0], status="Matpel Pilihan P5") for rombel in ("7-A", "8-A", "9-A")]
    made = imported(tmp_path, rows=[*lessons(), *extra])
    assert hours(made.instance, 7, "matematika") == (4, 1)


def test_jjm_of_intrakurikuler_with_rows_of_kokurikuler_is_the_curriculums_total(tmp_path: Path) -> None:
    rows: list[Ajar | str] = [replace(row, jjm=4) if isinstance(row, Ajar) and row.subject == MATHS else row for row in lessons()]
    alone = imported(tmp_path / "a", rows=rows)
    assert hours(alone.instance, 7, "matematika") == (4, 0)
    assert "kokurikuler_not_registered" in kinds(alone)
    rows += [Ajar(rombel, "Kokurikuler", 10, "Joko Susilo", nuptk(5), grade=rombel[0]) for rombel in ("7-A", "8-A", "9-A")]
    beside = imported(tmp_path / "b", rows=rows)
    assert hours(beside.instance, 7, "matematika") == (4, 1)


def test_hours_above_the_curriculum_are_kept_and_said(tmp_path: Path) -> None:
    more = {"status": "Matpel Wajib (Tambahan Jam)", "teacher": "Joko Susilo", "nuptk": nuptk(5)}
    extra = [Ajar(rombel, MATHS, 1, grade=rombel[0], **more) for rombel in ("7-A", "8-A", "9-A")]
    made = imported(tmp_path, rows=[*lessons(), *extra])
    assert hours(made.instance, 7, "matematika") == (5, 1)  # six JP, of which the curriculum recognises five
    assert [doubt.facts["grades"] for doubt in made.doubts if doubt.kind == "jjm_differs"] == ["7, 8, 9"]


def test_a_class_with_other_hours_than_its_grade_is_said(tmp_path: Path) -> None:
    classes = (*CLASSES, Kelas("VII-B", 7, 30))
    rows = changed([*lessons(), *lessons((("7-B", 7),))], "7-B", MATHS, jjm=3)
    made = imported(tmp_path, classes=classes, rows=rows)
    assert hours(made.instance, 7, "matematika") == (4, 1)
    assert [(d.facts["rombel"], d.facts["jjm"]) for d in made.doubts if d.kind == "class_differs"] == [("VII-B", 3)]


def test_subjects_beyond_the_curriculum_are_added_and_said(tmp_path: Path) -> None:
    extra = [Ajar(rombel, "Bahasa Melayu Jambi", 2, "Rina Wati", nuptk(4), grade=rombel[0]) for rombel in ("7-A", "8-A", "9-A")]
    made = imported(tmp_path, rows=[*lessons(), *extra])
    own = next(subject for subject in made.instance.subjects if subject.own)
    assert (own.name, own.short) == ("Bahasa Melayu Jambi", "BMJ")
    assert hours(made.instance, 8, own.id) == (2, 0)
    assert {"own_subject", "subject_not_in_curriculum"} <= kinds(made)


def test_a_misspelt_subject_is_asked_for(tmp_path: Path) -> None:
    rows = changed(lessons(), "7-A", MATHS, subject="Matematka")
    made = imported(tmp_path / "a", rows=rows)
    assert questions(made) == {"mapel:Matematka"}
    assert former(made, "VII-A", "matematika") == []
    answered = imported(tmp_path / "b", rows=rows, answers={"mapel:Matematka": "MTK"})
    assert former(answered, "VII-A", "matematika") == ["Joko Susilo"]


def test_prakarya_in_the_place_of_seni_budaya_leaves_no_second_subject(tmp_path: Path) -> None:
    rows: list[Ajar | str] = [replace(r, subject="Prakarya") if isinstance(r, Ajar) and r.subject == "Seni Tari" else r for r in lessons()]
    made = imported(tmp_path, rows=rows)
    assert hours(made.instance, 7, "prakarya") == (2, 1)
    assert hours(made.instance, 7, "seni_budaya") is None


def test_a_subject_of_the_curriculum_without_lessons_stays_and_is_said(tmp_path: Path) -> None:
    made = imported(tmp_path, rows=[row for row in lessons() if isinstance(row, Ajar) and row.subject != "Informatika"])
    assert hours(made.instance, 7, "informatika") == (2, 1)
    assert "subject_not_registered" in kinds(made)


def test_two_religions_in_a_class_meet_at_the_same_time(tmp_path: Path) -> None:
    extra = Ajar("7-A", "Pendidikan Agama Kristen dan Budi Pekerti", 3, "Samuel Hutagalung", nuptk(40), grade=7, students=4)
    made = imported(tmp_path, rows=[*lessons(), extra])
    groups = made.instance.groups
    assert [(group.subject, group.rombels, group.jp) for group in groups] == [("pabp_islam", ("VII-A",), 3), ("pabp_kristen", ("VII-A",), 3)]
    assert groups[1].parallel == groups[0].code
    assert former(made, "VII-A", "pabp_kristen") == ["Samuel Hutagalung"]


def test_a_subject_of_two_teachers_is_said_and_the_greater_part_wished_for(tmp_path: Path) -> None:
    rows = [*changed(lessons(), "7-A", MATHS, jjm=3), Ajar("7-A", MATHS, 2, "Dewi Lestari", nuptk(6), grade=7)]
    made = imported(tmp_path, rows=rows)
    assert former(made, "VII-A", "matematika") == ["Joko Susilo"]
    assert hours(made.instance, 7, "matematika") == (4, 1)  # 3 + 2 JJM are the five of the curriculum
    assert "split_subject" in kinds(made)


def test_the_curriculum_of_2013_and_an_unknown_one(tmp_path: Path) -> None:
    older = imported(tmp_path / "a", classes=[replace(c, curriculum="Kurikulum SMP 2013") for c in CLASSES], rows=[])
    assert {rombel.curriculum for rombel in older.instance.rombels} == {"k13_smp"}
    odd = imported(tmp_path / "b", classes=[replace(c, curriculum="Kurikulum Cambridge") for c in CLASSES], rows=[])
    assert questions(odd) == {"kurikulum:Kurikulum Cambridge"}


def test_hours_that_dapodik_and_rekap_count_otherwise_are_said(tmp_path: Path) -> None:
    # Joko has three classes of 5 JJM and 2 of kokurikuler here; the profile says 21
    rows = [*lessons(), Ajar("7-A", "Kokurikuler", 2, "Joko Susilo", nuptk(5), grade=7)]
    made = imported(tmp_path / "a", with_ptk(4, jjm=21), rows=rows)
    assert [(doubt.facts["jjm"], doubt.facts["here"]) for doubt in made.doubts if doubt.kind == "other_hours"] == [(21, 17)]
    assert "other_hours" not in kinds(imported(tmp_path / "b", with_ptk(4, jjm=17), rows=rows))


# --- duties ----------------------------------------------------------------------------------------------------------------------------------------


def test_duties_and_class_teachers_are_held_by_whom_dapodik_names(tmp_path: Path) -> None:
    made = imported(tmp_path)
    names = {t.code: t.name for t in made.instance.teachers}
    held = {(row.duty, row.unit): names[row.holders[0]] for row in made.instance.duties if row.holders}
    assert held == {
        ("wakasek", ""): "Budi Santoso",
        ("kepala_laboratorium", ""): "Joko Susilo",
        ("pembina_osis", ""): "Maya Sari",
        ("wali_kelas", "VII-A"): "Siti Aminah, S.Pd.I",
        ("wali_kelas", "VIII-A"): "Rina Wati",
        ("wali_kelas", "IX-A"): "Dewi Lestari",
    }
    assert [row.maximum for row in made.instance.duties if row.duty == "kepala_perpustakaan"] == [0]  # a tenaga kependidikan has it


def test_what_one_teacher_may_not_hold_together_is_said(tmp_path: Path) -> None:
    people = with_ptk(4, duties="Kepala Laboratorium; Wakil Kepala Sekolah Kesiswaan\nBendahara BOS")
    made = imported(tmp_path, people, classes=[replace(c, homeroom="Rina Wati") for c in CLASSES])
    assert {"two_main_duties", "duty_too_often", "duty_without_hours"} <= kinds(made)
    assert [row.unit for row in made.instance.duties if row.duty == "wali_kelas"] == ["VII-A"]


def test_a_class_teacher_of_an_unclear_name_is_asked_for(tmp_path: Path) -> None:
    made = imported(tmp_path, classes=(replace(CLASSES[0], homeroom="Siti Aminnah"), *CLASSES[1:]))
    assert questions(made) == {"guru:Siti Aminnah:wali VII-A"}


def test_the_leader_of_a_club_named_by_duty_leads_it(tmp_path: Path) -> None:
    made = imported(tmp_path, with_ptk(7, duties="Pembina Pramuka Putri"))
    assert [(club.name, club.leader) for club in made.instance.extracurriculars] == [("Pramuka Putri", teacher(made, "Maya").code)]


@pytest.mark.parametrize(
    ("text", "duty", "club", "said"),
    [
        ("Kepala Laboratorium Fisika", "kepala_laboratorium", "", "duty_read_as"),
        ("Wakil Kepala Sekolah Humas", "wakasek", "", ""),
        ("Pembina PMR", "", "PMR", "duty_read_as"),
        ("Pembina Ekskul Futsal", "", "Futsal", "duty_read_as"),
        ("Wali Kelas VII-A", "", "", ""),  # the list of rombel names another
        ("Bendahara BOS", "", "", "duty_without_hours"),
    ],
)
def test_a_duty_of_many_words_is_read_and_said(text: str, duty: str, club: str, said: str, tmp_path: Path) -> None:
    made = imported(tmp_path, with_ptk(5, duties=text), classes=[replace(c, homeroom="Siti Aminah") for c in CLASSES[:1]], rows=[])
    code = teacher(made, "Dewi").code
    assert [row.duty for row in made.instance.duties if code in row.holders] == ([duty] if duty else [])
    assert [row.name for row in made.instance.extracurriculars if row.leader == code] == ([club] if club else [])
    assert {"duty_read_as", "duty_without_hours"} & kinds(made) == ({said} if said else set())


# --- what stops an import --------------------------------------------------------------------------------------------------------------------------


def test_files_of_two_schools_are_refused(tmp_path: Path) -> None:
    profil, rekap = write_profil(tmp_path / "p.xlsx", TEACHERS, CLASSES), write_rekap(tmp_path / "r.xlsx", lessons(), npsn="69900002")
    with pytest.raises(InputError) as refused:
        of_files(profil, rekap)
    assert [problem.kind for problem in refused.value.problems] == ["dapodik.two_schools"]


def test_lists_that_lack_what_nothing_can_be_made_without_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        of_files(write_daftar(tmp_path / "guru.xlsx", TEACHERS))
    assert {problem.kind for problem in refused.value.problems} == {"dapodik.no_classes", "dapodik.no_npsn"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026/2027 Ganjil", ("2026/2027", "Ganjil")),
        ("Genap 2026/2027", ("2026/2027", "Genap")),
        ("20262", ("2026/2027", "Genap")),
        ("2026/2027-1", ("2026/2027", "Ganjil")),
        ("", ("", "")),
    ],
)
def test_terms_of_dapodik(text: str, expected: tuple[str, str]) -> None:
    assert term_of(text) == expected


ODD: Sequence[object] = (
    *(
        None,
        0,
        -3,
        3.7,
        1e30,
        True,
        datetime(2026, 1, 7),
        time(7, 15),
        "#REF!",
        "🌺",
        "-",
        "x" * 500,
        "a\nb",
        "4 jam",
        "IX",
        "Tidak",
        nuptk(3),
        nip(4),
    ),
    *("Joko Susilo", "JOKO SUSILO", "Kepala Sekolah", "Guru BK", "Ekstrakurikuler", "Kokurikuler", "Bimbingan dan Konseling", "Muatan Lokal"),
    *("Kurikulum 2013", "Pendidikan Agama Kristen dan Budi Pekerti", "Wakil Kepala Sekolah", "Pembina Pramuka", float(nuptk(5)), "VII-A", "7-A", 99),
)


@pytest.mark.parametrize("start", range(SEED_NUMBER, SEED_NUMBER + 20))
def test_whatever_stands_in_the_cells_the_import_ends_in_a_school_or_in_words(start: int, tmp_path: Path) -> None:
    chance = Random(start)
    files = plain_school(tmp_path)
    for file in files:
        book = load_workbook(file)
        for sheet in book.worksheets[:3]:
            for merged in list(sheet.merged_cells.ranges):
                sheet.unmerge_cells(str(merged))
            for _ in range(chance.choice((2, 6, 20))):
                cell = sheet.cell(chance.randint(1, sheet.max_row), chance.randint(1, sheet.max_column))
                cell.value = chance.choice(ODD)  # type: ignore[assignment]
        book.save(file)
    try:
        made = of_files(*files)
    except InputError as refused:
        assert all(Text().has(problem.text_key) for problem in refused.problems)
        return
    assert all(Text(lang).say(f"dapodik.{doubt.kind}", **doubt.facts) for lang in ("id", "en") for doubt in made.doubts)
    assert made.instance.teachers and made.instance.rombels


def test_every_hour_of_the_plain_school_is_the_curriculums(tmp_path: Path) -> None:
    made = imported(tmp_path)
    # the curriculum's totals sum to 39 JP in each grade
    assert sum(HOURS.values()) == 39
    for grade in (7, 8, 9):
        assert sum(row.jp for row in made.instance.structure if row.grade == grade) == 39
