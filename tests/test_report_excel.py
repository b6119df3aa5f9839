"""``rencana.xlsx`` read back: sheets, sums, merged days, page setup, and that no text became a formula."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.domain.entities import Group, Position, Presence, Rombel, Slot, SlotKind
from scheduler.domain.instance import DAYS, Settings
from scheduler.domain.plan import Lesson, Level, Plan, PlanStatus, Status, Violation
from scheduler.policy.case import Case
from scheduler.policy.load import policy_ids
from scheduler.report.excel import write_plan_workbook
from scheduler.report.excel.paper import A4, F4, GREYS, SUBJECT_FILLS
from scheduler.report.text import LANGUAGES, Text
from tests import build
from tests.test_report_tables import everything, held, partner_case, partner_plan, plan_of, small_case

SHEETS = (
    "Ringkasan",
    "Pembagian Tugas",
    "Beban Guru",
    "Grafik Beban",
    "Kebutuhan Guru",
    "Tugas Tambahan",
    "Lampiran SK",
    "Jam Mitra",
    "Jadwal Induk",
    "Jadwal Kelas",
    "Jadwal Guru",
    "Mutu Jadwal",
    "Dasar Hukum",
)
NOTE = "Contoh: staf rekaan."


def school_week() -> tuple[Slot, ...]:
    """Monday begins with upacara; both days have hours 1 and 2, a break, and hours 3 and 4."""
    slots = []
    for day in DAYS[:2]:
        kinds = [(1, SlotKind.LESSON), (2, SlotKind.LESSON), (0, SlotKind.BREAK), (3, SlotKind.LESSON), (4, SlotKind.LESSON)]
        if day == DAYS[0]:
            kinds.insert(0, (0, SlotKind.CEREMONY))
        for order, (period, kind) in enumerate(kinds):
            slots.append(Slot("pagi", day, period, kind, 435 + 40 * order, 475 + 40 * order, order))
    return tuple(slots)


def full_case() -> Case:
    """Two classes with a week; the name of G02 looks like a formula."""
    settings = Settings("2026/2027", "Ganjil", letterhead={"Catatan Lembar": NOTE, "Tempat": "Kemingking Dalam", "Tanggal SK": "2026-07-13"})
    teachers = (build.teacher("G01", "ipa", nip="198001012005011001"), replace(build.teacher("G02", "matematika"), name="=SUM(A1:A9)"))
    return build.case({"ipa": (4, 1), "matematika": 4}, teachers, {7: 1, 8: 1}, settings=settings, slots=school_week())


def full_plan(case: Case) -> Plan:
    """IPA of 7A in the first hours of Monday, mathematics of 8A after the break."""
    lessons = (
        Lesson("1/7A/IPA", "1", ("7A",), "ipa", "G01", "Senin", 1, 2),
        Lesson("1/8A/MTK", "1", ("8A",), "matematika", "G02", "Senin", 3, 2),
    )
    plan = plan_of(case, everything(case, {"ipa": "G01", "matematika": "G02"}), [held(case, "wali_kelas", "7A", "G01")], lessons)
    return replace(plan, levels=(Level("uncovered_jp", 0, 0, True), Level("shortfall_jtm", 20, 18, False)))


def written(case: Case, plan: Plan, folder: Path, lang: str = "id") -> Workbook:
    path = folder / f"rencana-{lang}.xlsx"
    write_plan_workbook(case, plan, path, Text(lang))
    return load_workbook(path)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    case = full_case()
    return written(case, full_plan(case), tmp_path_factory.mktemp("rencana"))


def texts(sheet: Worksheet) -> Iterator[str]:
    yield from (str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def merged(sheet: Worksheet, value: str) -> list[str]:
    """Merged ranges whose first cell has this value."""
    return [str(area) for area in sheet.merged_cells.ranges if sheet.cell(area.min_row, area.min_col).value == value]


def column_under(sheet: Worksheet, head: str) -> list[object]:
    """Cells below a heading."""
    place = next(cell for row in sheet.iter_rows() for cell in row if cell.value == head)
    return [sheet.cell(row, place.column).value for row in range(place.row + 1, sheet.max_row + 1)]


# --- the book as a whole ---------------------------------------------------------------------------------------------------------------------


def test_sheets_stand_in_the_order_of_the_work(book: Workbook) -> None:
    assert tuple(book.sheetnames) == SHEETS


def test_no_cell_is_a_formula_even_where_a_name_looks_like_one(book: Workbook) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell for cell in cells if cell.value == "=SUM(A1:A9)"]


def test_every_sheet_is_f4_with_its_width_on_one_page(book: Workbook) -> None:
    for sheet in book:
        assert str(sheet.page_setup.paperSize) == F4.code, sheet.title
        assert sheet.page_setup.orientation == ("portrait" if sheet.title in ("Jadwal Guru", "Lampiran SK") else "landscape")
        fitted = sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert bool(fitted) != bool(sheet.row_breaks.brk), "a sheet with page breaks is scaled, any other is fitted"


def test_tables_repeat_their_header_and_can_be_filtered(book: Workbook) -> None:
    for title in ("Pembagian Tugas", "Beban Guru", "Tugas Tambahan", "Jam Mitra", "Dasar Hukum"):
        assert book[title].print_title_rows, title
        assert book[title].freeze_panes, title
        assert book[title].auto_filter.ref, title


def test_every_sheet_names_school_year_semester_and_the_note(book: Workbook) -> None:
    for sheet in book:
        shown = set(texts(sheet))
        assert any("SMP 1" in text for text in shown), sheet.title
        assert any("2026/2027" in text and "Semester Ganjil" in text for text in shown), sheet.title
        assert NOTE in shown, sheet.title


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    case = full_case()
    for name in ("first.xlsx", "second.xlsx"):
        write_plan_workbook(case, full_plan(case), tmp_path / name)
    assert (tmp_path / "first.xlsx").read_bytes() == (tmp_path / "second.xlsx").read_bytes()


def test_the_book_speaks_english_when_asked(tmp_path: Path) -> None:
    case = full_case()
    book = written(case, full_plan(case), tmp_path, "en")
    assert book.sheetnames[:2] == ["Summary", "Class Matrix"]
    assert "FLAG CEREMONY" in texts(book["Master Timetable"])
    assert not [text for sheet in book for text in texts(sheet) if "JUMLAH" in text]


def test_a_plan_without_anything_is_still_a_book(tmp_path: Path) -> None:
    case = build.case({"ipa": 4}, [], {7: 1})
    nothing = replace(plan_of(case, {}), assignments=(), status=PlanStatus(Status.UNKNOWN, Status.UNKNOWN))
    book = written(case, nothing, tmp_path)
    assert any("Ini bukan bukti" in text for text in texts(book["Ringkasan"]))
    assert "Belum ada pembagian tugas." in texts(book["Pembagian Tugas"])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("policy", policy_ids())
def test_every_ruleset_has_the_words_it_needs(policy: str, lang: str, tmp_path: Path) -> None:
    """Kepala sekolah, Plt, guru BK, the uncertified, the absent, every duty held once, hours outside, and a class without a teacher."""
    teachers = (
        build.teacher("G01", "ipa", position=Position.PRINCIPAL),
        build.teacher("G02", "matematika", position=Position.ACTING_PRINCIPAL),
        build.counsellor("G03"),
        build.teacher("G04", None, may_teach=("ipa",)),
        build.teacher("G05", "ipa", presence=Presence.LEAVE),
        build.teacher("G06", "ipa", outside_jtm=4, may_teach=("matematika",)),
    )
    case = build.case({"ipa": (4, 1), "matematika": 4, "bahasa_inggris": 4}, teachers, {7: 2}, policy, overrides={"min_jtm": "23"})
    duties = [held(case, post.duty, post.units[0], "G06") for post in case.duty_posts if post.units]
    plan = plan_of(case, {"1/7A/IPA": "G06", "1/7A/MTK": "G06", "1/7B/IPA": "G04", "1/7B/MTK": "G02", "1/7A/BK": "G03"}, duties)
    book = written(case, plan, tmp_path, lang)
    assert book.sheetnames[0] == ("Ringkasan" if lang == "id" else "Summary")


# --- Ringkasan -------------------------------------------------------------------------------------------------------------------------------


def test_ringkasan_says_who_is_below_and_shows_the_sum(book: Workbook) -> None:
    shown = list(texts(book["Ringkasan"]))
    # G01: 10 linear + wali kelas 2 + guru wali 2; G02: 8 + 2.
    assert any("10 linier + 2 tugas tambahan lain + 2 guru wali = 14 dari 24." in text for text in shown)
    assert "0 dari 2" in shown


def test_ringkasan_says_what_is_proved_and_how_far_the_rest_may_be(book: Workbook) -> None:
    proofs = column_under(book["Ringkasan"], "BUKTI")
    assert proofs[:2] == ["Terbukti terbaik", "Belum terbukti; paling jauh 2 dari yang terbaik"]


def test_ringkasan_shows_the_checker_s_verdict(tmp_path: Path, book: Workbook) -> None:
    assert any(text.startswith("0 pelanggaran") for text in texts(book["Ringkasan"]))
    case = full_case()
    broken = replace(full_plan(case), violations=(Violation("max_jtm", ("G01",), {"teacher": "G01", "jp": 41, "most": 40}),))
    shown = list(texts(written(case, broken, tmp_path)["Ringkasan"]))
    assert any(text.startswith("1 pelanggaran") for text in shown)
    assert any("G01 mengajar 41 JP seminggu, paling banyak 40." in text for text in shown)


def test_ringkasan_and_dasar_hukum_name_replaced_and_unverified_numbers(tmp_path: Path) -> None:
    case = small_case(overrides={"min_jtm": "20"})
    book = written(case, plan_of(case, {}), tmp_path)
    shown = list(texts(book["Ringkasan"]))
    assert any("DIGANTI" in text and "20 JTM" in text for text in shown)
    assert any("BELUM TERVERIFIKASI" in text for text in shown)
    assert {"DIGANTI SEKOLAH", "C BELUM TERVERIFIKASI"} <= set(texts(book["Dasar Hukum"]))


def test_what_the_week_cost_is_said_in_words(tmp_path: Path) -> None:
    case = full_case()
    cost = Violation("week_cost", ("shortfall_jtm",), {"before": 4, "after": 6, "rounds": 1})
    shown = texts(written(case, replace(full_plan(case), weekly_cuts=(cost,)), tmp_path)["Ringkasan"])
    assert any("jumlah JTM yang kurang berubah dari 4 menjadi 6" in text for text in shown)


# --- Pembagian Tugas -------------------------------------------------------------------------------------------------------------------------


def test_the_matrix_sums_each_class_to_its_structure(book: Workbook) -> None:
    sheet = book["Pembagian Tugas"]
    total = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "JUMLAH")
    for rombel in ("7A", "8A"):
        head = next(cell for row in sheet.iter_rows() for cell in row if cell.value == rombel)
        hours = [int(str(sheet.cell(row, head.column).value or 0)) for row in range(head.row + 1, total)]
        assert sum(hours) == sheet.cell(total, head.column).value == 9


def test_the_matrix_gives_codes_duties_and_nips_as_text(book: Workbook) -> None:
    shown = list(texts(book["Pembagian Tugas"]))
    assert {"IPA-01", "MTK-02", "198001012005011001"} <= set(shown)
    assert any("7A (2)" in text and "Guru Wali (2)" in text for text in shown)


def test_a_district_has_one_block_a_school(tmp_path: Path) -> None:
    case = partner_case()
    case = replace(case, instance=replace(case.instance, settings=replace(case.instance.settings, main_school="")))
    book = written(case, partner_plan(case), tmp_path)
    assert list(texts(book["Pembagian Tugas"])).count("JUMLAH") == 2
    assert "Pembagian Tugas Mitra" not in book.sheetnames


def test_partner_schools_with_classes_have_sheets_of_their_own(tmp_path: Path) -> None:
    case = partner_case()
    book = written(case, partner_plan(case), tmp_path)
    assert list(texts(book["Pembagian Tugas"])).count("JUMLAH") == 1
    assert "GURU DARI SEKOLAH LAIN" in texts(book["Pembagian Tugas Mitra"])
    assert "diusulkan" in texts(book["Jam Mitra"])


# --- the week --------------------------------------------------------------------------------------------------------------------------------


def test_the_master_timetable_merges_days_and_special_hours(book: Workbook) -> None:
    sheet = book["Jadwal Induk"]
    (monday,) = merged(sheet, "SENIN")
    (tuesday,) = merged(sheet, "SELASA")
    first, last = (int("".join(filter(str.isdigit, corner))) for corner in monday.split(":"))
    # Monday: upacara, four hours and a break.
    assert last - first + 1 == 6
    assert int(tuesday[1:].split(":")[0]) == last + 2, "a blank line between the days"
    assert [area.split(":")[0][0] + area.split(":")[1][0] for area in merged(sheet, "UPACARA BENDERA")] == ["DE"]


def test_the_master_timetable_shows_codes_clocks_and_the_legend(book: Workbook) -> None:
    shown = list(texts(book["Jadwal Induk"]))
    assert shown.count("IPA-01") == 2
    assert "07.15 - 07.55" in shown
    assert "01 = Guru G01 (IPA)" in shown


def test_class_and_teacher_sheets_show_a_lesson_of_two_hours_as_one_cell(book: Workbook) -> None:
    (area,) = merged(book["Jadwal Kelas"], "Ilmu Pengetahuan Alam\nGuru G01")
    assert area.split(":")[0][1:] != area.split(":")[1][1:]
    assert merged(book["Jadwal Guru"], "7A\nIPA")


def test_parallel_groups_share_one_cell_of_the_class(tmp_path: Path) -> None:
    groups = (Group("A1", "1", ("7A", "8A"), "pabp_islam", 2, parallel="A2"), Group("A2", "1", ("7A", "8A"), "pabp_kristen", 2))
    jp: dict[str, int | tuple[int, int]] = {"ipa": 2, "pabp_islam": 2, "pabp_kristen": 2}
    teachers = (build.teacher("G01", "pai"), build.teacher("G02", "kristen"))
    case = build.case(jp, teachers, {7: 1, 8: 1}, groups=groups, structure=build.structure({"ipa": 2, "pabp_islam": 2}), slots=school_week())
    lessons = (
        Lesson("1/A1/PAI", "1", ("7A", "8A"), "pabp_islam", "G01", "Senin", 1, 2),
        Lesson("1/A2/PAK", "1", ("7A", "8A"), "pabp_kristen", "G02", "Senin", 1, 2),
    )
    book = written(case, plan_of(case, everything(case, {"pabp_islam": "G01", "pabp_kristen": "G02"}), lessons=lessons), tmp_path)
    assert "PAI-01\nPAK-02" in texts(book["Jadwal Induk"])
    assert len(merged(book["Jadwal Kelas"], "PAI: Guru G01\nPAK: Guru G02")) == 2, "once in each class"
    assert merged(book["Jadwal Guru"], "7A, 8A\nPAI")


def test_every_class_begins_a_page(book: Workbook) -> None:
    assert len(book["Jadwal Kelas"].row_breaks.brk) == 1


def test_several_bell_patterns_have_a_block_each(tmp_path: Path) -> None:
    case = full_case()
    siang = tuple(replace(slot, pattern="siang") for slot in school_week())
    rombels = (Rombel("1", "7A", 7, "k"), Rombel("1", "8A", 8, "k", bell="siang"))
    case = replace(case, instance=replace(case.instance, slots=(*school_week(), *siang), rombels=rombels))
    shown = list(texts(written(case, full_plan(case), tmp_path)["Jadwal Induk"]))
    assert [text for text in shown if "POLA WAKTU" in text] == ["JADWAL PELAJARAN (POLA WAKTU: pagi)", "JADWAL PELAJARAN (POLA WAKTU: siang)"]


def test_a_plan_without_a_week_says_so(tmp_path: Path) -> None:
    case = full_case()
    plan = replace(full_plan(case), lessons=())
    book = written(case, plan, tmp_path)
    for title in ("Jadwal Induk", "Jadwal Kelas", "Jadwal Guru"):
        assert "Jadwal belum tersusun. Rencana ini baru memuat pembagian tugas." in texts(book[title])


def test_a_workbook_without_bell_times_is_said_so(tmp_path: Path) -> None:
    case = small_case()
    book = written(case, plan_of(case, {}), tmp_path)
    assert any("lembar Waktu" in text for text in texts(book["Jadwal Induk"]))


# --- paper, colours, chart, analysis, annexes ---------------------------------------------------------------------------------------------------


def test_the_paper_is_a4_where_the_school_says_so(tmp_path: Path) -> None:
    case = full_case()
    settings = replace(case.instance.settings, letterhead={**case.instance.settings.letterhead, "Ukuran Kertas": "A4"})
    case = replace(case, instance=replace(case.instance, settings=settings))
    assert {str(sheet.page_setup.paperSize) for sheet in written(case, full_plan(case), tmp_path)} == {A4.code}


def test_eighteen_subjects_differ_on_grey_paper() -> None:
    """Six greys a line, at least 5 % of brightness apart, and three lines that differ in print."""

    def brightness(fill: str) -> float:
        red, green, blue = (int(fill[at : at + 2], 16) for at in (0, 2, 4))
        return (0.299 * red + 0.587 * green + 0.114 * blue) / 255

    lines = [SUBJECT_FILLS[first : first + GREYS] for first in range(0, len(SUBJECT_FILLS), GREYS)]
    assert len(lines) == 3
    for line in lines:
        greys = sorted(brightness(fill) for fill in line)
        assert all(darker + 0.05 < lighter for darker, lighter in pairwise(greys))
        # Black letters on the darkest grey: (0.66 ** 2.2 + 0.05) / 0.05 = 9, above the 7 of the strictest rule of readability.
        assert greys[0] > 0.65


def test_the_chart_is_drawn_from_the_table_below_it(book: Workbook) -> None:
    sheet = book["Grafik Beban"]
    (chart,) = sheet._charts
    assert len(chart.series) == 5, "the parts of a bar; the line of the minimum is a chart of its own upon it"
    # G01: 10 linear, wali kelas 2, guru wali 2 = 14, that is 10 less than 24.
    head = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "KODE")
    assert [cell.value for cell in sheet[head + 1]] == ["01", "Guru G01", 10, 0, 2, 2, 0, 24, 14, -10, "Dikecualikan"]


def test_the_analysis_of_need_stands_in_the_plan_too(book: Workbook) -> None:
    shown = set(texts(book["Kebutuhan Guru"]))
    assert {"KEBUTUHAN GURU", "JJTT", "JJM KOLEKTIF", "SISA JAM", "PERLU DITAMBAH"} <= shown


def test_each_annex_begins_a_page_with_number_and_date(tmp_path: Path) -> None:
    case = full_case()
    letterhead = {**case.instance.settings.letterhead, "Nomor SK": "800/12/2026"}
    case = replace(case, instance=replace(case.instance, settings=replace(case.instance.settings, letterhead=letterhead)))
    sheet = written(case, full_plan(case), tmp_path)["Lampiran SK"]
    shown = list(texts(sheet))
    assert [text for text in shown if text.startswith("Lampiran")] == [f"Lampiran {number} : Keputusan Kepala SMP 1" for number in ("I", "II", "III")]
    assert shown.count("Nomor : 800/12/2026") == 3
    assert shown.count("Tanggal : 13 Juli 2026") == 3
    assert len(sheet.row_breaks.brk) == 2
    assert "7A, 8A (5 JP)" in shown


def test_a_slip_shows_hours_duties_and_their_sum_and_two_signatures(book: Workbook) -> None:
    shown = list(texts(book["Jadwal Guru"]))
    assert {"Wali kelas 7A", "Guru Wali", "Jumlah diakui, dari 24: Dikecualikan"} <= set(shown)
    assert shown.count("Yang Bersangkutan,") == 2
    assert shown.count("Kepala Sekolah,") == 2


def test_the_load_table_ends_with_the_sum_of_the_school(book: Workbook) -> None:
    sheet = book["Beban Guru"]
    row = next(row for row in sheet.iter_rows(values_only=True) if "JUMLAH" in row)
    # Taught: 2 classes of IPA with 5 JP and of mathematics with 4 JP.
    assert next(value for value in row[row.index("JUMLAH") + 1 :] if value is not None) == 18
