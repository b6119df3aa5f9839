"""The dossier read back, as a page and as a workbook: the numbers and the words of each part, and that nothing unproved is called impossible.

The school: 8 rombel; IPA 5 JP (40 in all) for G01 to G03, Matematika 4 JP for G04, PJOK 1 JP for G05. G01 teaches 15 and has 12 more
(kepala laboratorium) = 27, G02 15 + 12 (wakasek) = 27, G04 32 + 2 (guru wali) = 34. G03 has 10 + 2 (wali kelas) + 2 (guru wali) = 14 and
G05 8 + 2 = 10: both below 24.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.diagnose.explain import explain
from scheduler.domain.entities import Teacher
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
from scheduler.domain.instance import Settings
from scheduler.domain.plan import Status
from scheduler.domain.proof import Conclusion, Number, Operation, Proof, Relation
from scheduler.domain.rules import Part
from scheduler.domain.solving import SolveOptions
from scheduler.formats.workbook import read_workbook_with_places
from scheduler.policy.case import Case
from scheduler.policy.load import load_law
from scheduler.policy.schema import DutyKind
from scheduler.report import explanation_proofs, explanation_repairs
from scheduler.report.excel.explanation import write_explanation_workbook
from scheduler.report.excel.paper import F4
from scheduler.report.explanation import Dossier
from scheduler.report.html import page, write_explanation_html
from scheduler.report.names import Names
from scheduler.report.proofs import proof_lines
from scheduler.report.repairs import repair_sentence
from scheduler.report.staffing import Staffing
from scheduler.report.text import LANGUAGES, Text
from tests import build
from tests.test_report_tables import held, plan_of

INSTANCES = Path(__file__).parent.parent / "instances"
ARTICLE = "Pasal 20 ayat (1) huruf a"
NIP, NUPTK = "198001012005011001", "1234567890123456"
SHEETS = ["Ringkasan", "Guru", "Analisis Kebutuhan", "Bukti", "Perbaikan", "Sumber"]
COUNTED, SEARCHED = (Basis.COUNTING, Basis.SEARCH), (Basis.SEARCH, Basis.SECOND_SEARCH)


@pytest.fixture(autouse=True)
def plain_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentences of proofs and repairs have tests of their own; here a stand-in shows that they are there."""
    monkeypatch.setattr(explanation_proofs, "proof_lines", claimed_lines)
    monkeypatch.setattr(explanation_repairs, "repair_sentence", lambda text, case, repair, brief=False: f"Usulan {repair.kind}.")


def claimed_lines(text: Text, case: Case, proof: Proof, places: Callable[[str], str]) -> list[str]:
    return ["Klaim.", *(f"{n.id} = {n.value} [{', '.join(map(places, n.paths))}]" for n in proof.numbers), "Jadi."]


# --- the school and its explanation ---------------------------------------------------------------------------------------------------------------


@cache
def school_case() -> Case:
    def person(code: str, certificate: str, **fields: object) -> Teacher:
        return build.teacher(code, certificate, **fields)

    teachers = (
        person("G01", "ipa"),
        person("G02", "ipa"),
        replace(person("G03", "ipa", nip=NIP, nuptk=NUPTK), name="Ani <b> & Budi"),
        person("G04", "matematika"),
        replace(person("G05", "pjok"), name="=SUM(A1)"),
    )
    letterhead = {"Nama Kepala Sekolah": "Kepala Rekaan", "NIP Kepala Sekolah": "197001011995011001"}
    settings = Settings("2026/2027", "Ganjil", letterhead=letterhead)
    return build.case({"ipa": (4, 1), "matematika": 4, "pjok": 1}, teachers, settings=settings)


@cache
def school_explanation() -> Explanation:
    case = school_case()
    ipa = {"7A": "G01", "7B": "G01", "7C": "G01", "8A": "G02", "8B": "G02", "8C": "G02", "9A": "G03", "9B": "G03"}
    alone = {"matematika": "G04", "pjok": "G05"}
    taught = {need.id: alone.get(need.subject) or ipa[need.rombels[0]] for need in case.needs}
    duties = (
        held(case, "kepala_laboratorium", "1", "G01"),
        held(case, "wakasek", "1", "G02"),
        held(case, "wali_kelas", "9A", "G03"),
    )
    plan = plan_of(case, taught, duties)
    load = {row.teacher: row for row in plan.teachers}
    proof, sure, guess = family_proof(), repair(1, becomes=("G03",)), repair(4, loses=("G04",), unverified=True, proved=False)
    return Explanation(
        policy=plan.policy,
        instance_sha256="",
        status=Status.OPTIMAL,
        largest=Largest("", "", ("G01", "G02", "G03", "G04", "G05"), 3, 3, True, COUNTED, proof="B01"),
        groups=(Largest(build.HOME, "ipa", ("G01", "G02", "G03"), 2, 2, True, COUNTED, proof="B01"),),
        teachers=(
            TeacherCase("G03", load["G03"], 42, 0, "B01", "", 1, None, 14, ("G01",)),
            TeacherCase("G05", load["G05"], 16, 8, "", "K01", None, None, None),
        ),
        proofs=(proof,),
        conflicts=(conflict(),),
        repairs=(sure, repair(2), repair(3), guess),
        exceptions=(exception(),),
        thresholds=(Threshold(0, 10, True), Threshold(1, 14, False)),
        replacements=(Replacement("G03", ("G01",)),),
        loads=plan.teachers,
        assignments=plan.assignments,
        duties=plan.duties,
        week_status=Status.OPTIMAL,
    )


def family_proof(confidence: str = "A") -> Proof:
    """40 JP in fives: not more than two of three."""
    numbers = (
        Number("jp", "given", 40, paths=("structure[0].intra_jp",)),
        Number("least", "given", 24, article="Pasal 9", source="naskah", confidence=confidence),
        Number("most", "most", 2, Operation.SUM, ("jp",)),
    )
    conclusion = Conclusion("least", Relation.LESS_THAN, "jp")
    return Proof("B01", "family", build.HOME, ("G01", "G02", "G03"), numbers, (conclusion,), at_most="most", family="ipa")


def conflict(bases: tuple[Basis, ...] = SEARCHED, minimal: bool = True) -> Conflict:
    members = (Member("max_jtm", {"teacher": "G05"}, {"most": 40}), Member("needs_covered", {}, {"jp": 0}))
    return Conflict("K01", Part.WORKLOAD, members, minimal, bases)


def repair(number: int, becomes: tuple[str, ...] = (), loses: tuple[str, ...] = (), unverified: bool = False, proved: bool = True) -> Repair:
    after = 3 + len(becomes) - len(loses)
    return Repair(number, f"kind{number}", (Edit("x"),), 10 * number, becomes, loses, 3, after, 24, 14, 0, 0, proved, unverified)


def exception() -> ExceptionCase:
    """8 × 1 = 8 JP, 8 : 24 = 0,33: one teacher."""
    rows = (NeedRow("pjok", 8, 1, 8),)
    return ExceptionCase("G05", "exception_curriculum_structure", "pjok", rows, 8, 24, 1, ("G05",), ARTICLE, "A")


def places(path: str) -> str:
    return {"structure[0].intra_jp": "Struktur!D5"}.get(path, path)


def dossier(explanation: Explanation | None = None, only_teacher: str = "", lang: str = "id") -> Dossier:
    return Dossier(school_case(), explanation or school_explanation(), places, Text(lang), only_teacher)


# --- reading what was written ---------------------------------------------------------------------------------------------------------------------


class Words(HTMLParser):
    """The text of a page, section by section, without its style."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.sections: dict[str, list[str]] = {}
        self.here, self.silent = "", False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag == "style"
        if tag == "section":
            self.here = dict(attrs).get("id") or ""

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.silent:
            self.sections.setdefault(self.here, []).append(data.strip())

    def of(self, section: str) -> str:
        return " ".join(self.sections[section])


def words(explanation: Explanation | None = None, only_teacher: str = "", lang: str = "id") -> Words:
    return Words(page(dossier(explanation, only_teacher, lang)))


def workbook(folder: Path, explanation: Explanation | None = None, only_teacher: str = "", lang: str = "id") -> Workbook:
    path = folder / "penjelasan.xlsx"
    write_explanation_workbook(school_case(), explanation or school_explanation(), places, path, Text(lang), only_teacher)
    return load_workbook(path)


def cells(sheet: Worksheet) -> str:
    return " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def both(folder: Path, explanation: Explanation) -> tuple[str, str]:
    """The principal's page of the web page and of the workbook."""
    return words(explanation).of("summary"), cells(workbook(folder, explanation)["Ringkasan"])


# --- the principal's page -------------------------------------------------------------------------------------------------------------------------


def test_principal_reads_how_many_are_valid_and_who_is_not_in_both_outputs(tmp_path: Path) -> None:
    for text in both(tmp_path, school_explanation()):
        assert "3 dari 5" in text
        assert "14 dari 24" in text
        assert "10 dari 24" in text
        assert f"Ya, {ARTICLE}" in text


@pytest.mark.parametrize("bases", [COUNTED, SEARCHED, ()])
def test_words_of_counting_of_search_and_of_not_proved_are_never_mixed(bases: tuple[Basis, ...], tmp_path: Path) -> None:
    proved = bool(bases)
    largest = replace(school_explanation().largest or Largest("", "", (), 0, None, False), bases=bases, proved=proved, most=3 if proved else None)
    wanted = {COUNTED: "terbukti dengan hitungan", SEARCHED: "dua kali", (): "BELUM TERBUKTI"}
    for text in both(tmp_path, replace(school_explanation(), largest=largest, groups=())):
        assert [word for word in wanted.values() if word in text] == [wanted[bases]]
        assert ("tidak mungkin" in text) == proved


def test_a_bound_above_the_value_is_said_beside_not_proved(tmp_path: Path) -> None:
    largest = replace(school_explanation().largest or Largest("", "", (), 0, None, False), proved=False, most=4)
    for text in both(tmp_path, replace(school_explanation(), largest=largest)):
        assert "tidak lebih dari 4" in text


def test_each_teacher_below_has_one_reason_with_its_proof() -> None:
    reasons = {row.code: row.reason for row in dossier().below}
    # G03: two of three. G05 alone: 8 linear + 2 guru wali + 6 duties = 16, 8 short.
    assert "paling banyak 2" in reasons["G03"] and "B01" in reasons["G03"]
    assert "sedikitnya 8 JTM" in reasons["G05"]


def test_principal_sees_three_repairs_and_the_table_all_four(tmp_path: Path) -> None:
    text = words()
    for number, kind in enumerate(("kind1", "kind2", "kind3", "kind4"), 1):
        assert (f"Usulan {kind}" in text.of("summary")) == (number <= 3)
        assert f"Usulan {kind}" in text.of("repairs")
    book = workbook(tmp_path)
    assert "kind3" in cells(book["Ringkasan"]) and "kind4" not in cells(book["Ringkasan"])
    assert "kind4" in cells(book["Perbaikan"])


def test_a_repair_names_who_gains_who_loses_the_numbers_and_its_doubt() -> None:
    rows = dossier().repairs
    assert (rows[0].gains, rows[0].loses, rows[0].valid, rows[0].shortfall) == ("Ani <b> & Budi", "–", "3 → 4", "24 → 14")
    assert (rows[3].loses, rows[3].valid) == ("Guru G04", "3 → 2")
    assert rows[3].mark == "BELUM TERVERIFIKASI" and rows[3].proved != rows[0].proved


def test_thresholds_stand_in_one_line_and_an_unproved_one_says_so() -> None:
    line = dossier().threshold_line
    assert "10 JTM" in line and "14 JTM" in line
    assert line.count("belum terbukti") == 1


def test_teachers_of_partner_schools_stand_in_one_sentence() -> None:
    case = school_case()
    elsewhere = replace(case.instance, settings=replace(case.instance.settings, main_school="2"))
    view = Dossier(Case(replace(elsewhere, schools=(*elsewhere.schools, build.school("2"))), case.law), school_explanation(), places, Text())
    assert view.below == ()
    assert "SMP 1 (2 guru)" in view.below_elsewhere


def test_teacher_with_hours_enough_but_too_few_at_home_is_not_called_short_of_hours() -> None:
    found = replace(school_explanation().teachers[1], best_jtm=24, best_missing=3)
    load = replace(found.load, reasons=("too_few_hours_at_home",))
    changed = replace(school_explanation(), teachers=(replace(found, load=load),), loads=(*school_explanation().loads[:-1], load))
    reason = dossier(changed).below[0].reason
    assert "sekolah induk" in reason and "kurang 3" not in reason


def test_a_school_without_certified_teachers_is_not_told_that_all_are_valid() -> None:
    text = words(replace(school_explanation(), largest=Largest("", "", (), 0, 0, True), teachers=(), groups=())).of("summary")
    assert "Tidak ada guru bersertifikat" in text and "Semua" not in text


# --- what is not claimed --------------------------------------------------------------------------------------------------------------------------


def test_unknown_claims_nothing_in_any_part(tmp_path: Path) -> None:
    unknown = Explanation(school_explanation().policy, "", Status.UNKNOWN)
    for text in both(tmp_path, unknown):
        assert "tidak menyatakan apa pun" in text
        assert not re.search(r"\d+ dari \d+", text)
    assert set(words(unknown).sections) == {"", "summary", "proofs", "sources"}


def test_without_a_plan_the_conflict_stands_in_place_of_the_answer(tmp_path: Path) -> None:
    impossible = Explanation(school_explanation().policy, "", Status.INFEASIBLE, conflicts=(conflict(),))
    for text in both(tmp_path, impossible):
        assert "Tidak ada pembagian tugas" in text
        assert "Pertentangan K01" in text and "paling banyak 40 JP" in text


def test_without_a_plan_and_a_conflict_the_proof_stands_there(tmp_path: Path) -> None:
    impossible = Explanation(school_explanation().policy, "", Status.INFEASIBLE, proofs=(replace(family_proof(), at_most=""),))
    for text in both(tmp_path, impossible):
        assert "Klaim." in text


def test_a_conflict_shown_once_only_is_not_called_impossible() -> None:
    view = dossier(replace(school_explanation(), conflicts=(conflict((Basis.SEARCH,)),))).conflicts[0]
    assert "belum terbukti" in view.lead
    assert not any("Terbukti" in note for note in view.notes)


def test_unfinished_parts_are_named() -> None:
    text = words(replace(school_explanation(), unfinished=("repairs", "thresholds"), repairs=(), thresholds=())).of("summary")
    assert "usulan perbaikan dan batas beban" in text
    assert "sebelum waktu hitung habis" in text


def test_a_division_of_work_without_a_week_is_said_on_the_first_page_with_its_conflict(tmp_path: Path) -> None:
    member = Member("assign_times", {"rombel": "7A", "school": build.HOME}, {"jp": 48, "times": 47})
    week = Conflict("K02", Part.WEEK, (member,), True, (Basis.COUNTING,))
    for text in both(tmp_path, replace(school_explanation(), week_status=Status.INFEASIBLE, conflicts=(conflict(), week))):
        assert "tidak dapat dijadikan jadwal" in text
        assert "48 JP" in text and "47" in text
        assert "Ubah salah satu butir" in text
    assert "tidak dapat dijadikan jadwal" not in words(replace(school_explanation(), week_status=Status.UNKNOWN)).of("summary")


# --- a teacher's page -----------------------------------------------------------------------------------------------------------------------------


def test_teacher_reads_the_hours_in_the_words_of_info_gtk() -> None:
    view = next(view for view in dossier().teachers if view.code == "G03")
    # 2 × (4 + 1) JP of IPA, kokurikuler counted; wali kelas 2, guru wali 2; 24 - 14 = 10 short.
    assert dict(view.hours) == {
        "Kurikulum": 10,
        "Dapodik": 10,
        "Diakui": 10,
        "Linier": 10,
        "Tugas utama": 0,
        "Tugas lain": 2,
        "Guru wali": 2,
        "Jumlah diakui": 14,
        "Wajib": 24,
        "Kurang": 10,
    }
    assert [(line.subject, line.classes, line.jp) for line in view.taught] == [("Ilmu Pengetahuan Alam", "9A, 9B", 10)]


def test_teacher_page_has_proof_change_threshold_replacement_and_signatures(tmp_path: Path) -> None:
    parts = ("Bukti B01", "Struktur!D5", "Usulan kind1", "beban minimumnya 14 JTM, bukan 24", "sebagai ganti Guru G01", NIP)
    signatures = ("Kepala Rekaan", "197001011995011001", "Pengawas Sekolah")
    for text in (words().of("teacher-G03"), cells(workbook(tmp_path)["Guru"])):
        for part in (*parts, *signatures):
            assert part in text, part


def test_exception_is_counted_as_on_the_official_form(tmp_path: Path) -> None:
    for text in (words().of("teacher-G05"), cells(workbook(tmp_path)["Guru"])):
        assert ARTICLE in text
        assert "8 JP : 24 JTM = 0,33" in text
        assert "menjadi 1 guru" in text


def test_numbers_of_a_person_stand_on_that_persons_page_only(tmp_path: Path) -> None:
    text, book = words(), workbook(tmp_path)
    for number in (NIP, NUPTK):
        assert [name for name, found in text.sections.items() if number in " ".join(found)] == ["teacher-G03"]
        assert [sheet.title for sheet in book if number in cells(sheet)] == ["Guru"]


def test_a_teacher_who_is_asked_about_gets_a_page_though_valid(tmp_path: Path) -> None:
    text = words(only_teacher="G04")
    assert [name for name in text.sections if name.startswith("teacher-")] == ["teacher-G04"]
    assert "memenuhi beban kerja" in text.of("teacher-G04")
    assert "Hanya Guru G04" in text.of("summary")
    assert "34" in cells(workbook(tmp_path, only_teacher="G04")["Guru"])


# --- the analysis of need -------------------------------------------------------------------------------------------------------------------------


def test_analysis_of_need_sums_hours_teachers_and_duties_of_a_field() -> None:
    names = dossier().names
    ipa = next(row for row in Staffing(names).schools[0].rows if row.family == "ipa")
    # 8 × 5 = 40 JP; 40 : 24 = 1,67, which the SKB leaves to judgement, counted as 2; three there, so one too many.
    assert (ipa.classes, ipa.total_jp, ipa.needed, len(ipa.certified), ipa.to_reduce, ipa.to_add) == (8, 40, 2, 3, 1, 0)
    # All 40 are taught by them. JJTT: 12 (laboratorium) + 12 (wakasek) + 2 (wali kelas) + 2 (guru wali of G03; beside a main duty none counts).
    assert (ipa.taught_jtm, ipa.duty_jtm, ipa.collective_jtm, ipa.left_jtm) == (40, 28, 68, 0)
    line = dossier().need.line(ipa)
    assert (line.jp_a_class, line.exactly) == ("5", "1,67")
    assert line.remark == "lebih 1 *" and dossier().need.case_by_case_note


def test_sums_of_the_analysis_are_those_of_its_rows() -> None:
    school = Staffing(dossier().names).schools[0]
    # 40 + 32 + 8 JP; JJTT 28 + 2 + 2 (guru wali of G04 and G05).
    assert (school.sums.total_jp, school.sums.taught_jtm, school.sums.duty_jtm, school.sums.certified) == (80, 80, 32, 5)
    assert school.sums.needed == sum(row.needed for row in school.rows)


def test_a_subject_without_certified_teacher_has_a_row_and_a_teacher_to_add() -> None:
    case = build.case({"ipa": 5, "matematika": 4}, [build.teacher("A", "ipa"), build.teacher("B", None, may_teach=("matematika",))])
    plan = plan_of(case, {need.id: "A" if need.subject == "ipa" else "B" for need in case.needs})
    row = next(row for row in Staffing(Names(case, plan)).schools[0].rows if row.subjects == ("matematika",))
    # 32 : 24 = 1,33, one teacher; B teaches it without the certificate, so all 32 hours are left over.
    assert (row.needed, row.certified, row.others, row.left_jtm, row.to_add) == (1, (), ("B",), 32, 1)


# --- sources --------------------------------------------------------------------------------------------------------------------------------------


def test_sources_name_article_and_mark_unverified_numbers() -> None:
    rows = [row for _, group in dossier().sources for row in group]
    assert all(row.source.article for row in rows if row.source is not None)
    names = " ".join(row.name for row in rows)
    lab = next(duty for duty in school_case().policy.duties if duty.kind is DutyKind.TTU and duty.id == "kepala_laboratorium")
    assert lab.name in names


def test_a_proof_on_an_unverified_number_is_marked() -> None:
    assert not dossier().proofs[0].unverified
    doubtful = replace(school_explanation(), proofs=(family_proof("C"),))
    assert dossier(doubtful).proofs[0].unverified
    assert "BELUM TERVERIFIKASI" in words(doubtful).of("proofs")


# --- form -----------------------------------------------------------------------------------------------------------------------------------------


def test_page_needs_no_network_and_names_are_not_markup() -> None:
    markup = page(dossier())
    assert not re.search(r"<(script|link|img|iframe)|src=|url\(|@import", markup)
    assert not re.search(r'href="(?!#)', markup)
    assert "Ani &lt;b&gt; &amp; Budi" in markup and "Ani <b>" not in markup


def test_page_links_lead_to_parts_that_are_there() -> None:
    markup = page(dossier())
    assert set(re.findall(r'href="#([^"]+)"', markup)) <= set(re.findall(r'id="([^"]+)"', markup))


def test_workbook_has_its_sheets_on_f4_and_a_page_for_each_teacher(tmp_path: Path) -> None:
    book = workbook(tmp_path)
    assert book.sheetnames == SHEETS
    assert {str(sheet.page_setup.paperSize) for sheet in book} == {F4.code}
    assert len(book["Guru"].row_breaks.brk) == 1  # two teachers below the minimum: one break between their pages
    for title in ("Analisis Kebutuhan", "Bukti", "Perbaikan", "Sumber"):
        assert book[title].print_title_rows and book[title].freeze_panes, title


def test_no_cell_is_a_formula_even_where_a_name_looks_like_one(tmp_path: Path) -> None:
    found = [cell for sheet in workbook(tmp_path) for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in found if cell.data_type == "f"]
    assert [cell for cell in found if cell.value == "=SUM(A1)"]


@pytest.mark.parametrize("write", [write_explanation_html, write_explanation_workbook])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_same_explanation_gives_the_same_bytes(write: Callable[..., None], lang: str, tmp_path: Path) -> None:
    contents = []
    for name in ("first", "second"):
        write(school_case(), school_explanation(), places, tmp_path / name, Text(lang))
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["first", "second"]


# --- the real sentences ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_three_ipa_teachers_on_forty_hours_read_their_own_sum(lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanation_proofs, "proof_lines", proof_lines)
    monkeypatch.setattr(explanation_repairs, "repair_sentence", repair_sentence)
    instance, _, place = read_workbook_with_places(INSTANCES / "tiga-guru-ipa" / "sekolah.xlsx")
    case = Case(instance, load_law(instance.settings))
    found = explain(case, SolveOptions(seconds=30, workers=1))
    markup = page(Dossier(case, found, place, Text(lang)))
    write_explanation_workbook(case, found, place, tmp_path / "penjelasan.xlsx", Text(lang))
    sheet = cells(load_workbook(tmp_path / "penjelasan.xlsx").worksheets[1])
    # Each needs 24 - 2 (guru wali) - 6 (duties) = 16 JTM, in fives 20; three would need 60 of 40.
    for text in (Words(markup).of("teacher-G03"), sheet):
        assert "60 > 40" in text
        assert "Rombel!" in text and "Struktur!" in text
