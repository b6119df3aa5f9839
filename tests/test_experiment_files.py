"""The files of a policy experiment read back: sheets, charts, pages, the table, and that no name becomes a formula or a tag."""

from __future__ import annotations

import csv
import errno
import re
import sqlite3
import tracemalloc
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from scheduler.domain.experiment import Run
from scheduler.report.excel.paper import F4
from scheduler.report.experiment import answers, figures, gathered, workbook
from scheduler.report.experiment.write import write_answers
from scheduler.report.text import LANGUAGES, Text
from tests.experiment_runs import AXES, NEW, axes_of, background, district, nothing_network, renamed

SHEETS = ("Ringkasan", "Guru Valid", "Peta Panas", "Perubahan", "Kecamatan", "Data", "Cara Membaca")
FILES = ("ringkasan.html", "kebijakan.html", "kebijakan.xlsx", "kebijakan.csv")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("kebijakan")
    write_answers(AXES, district(), out, Text(), background(invented=True))
    return out


@pytest.fixture(scope="module")
def book(folder: Path) -> Workbook:
    return load_workbook(folder / "kebijakan.xlsx")


@pytest.fixture
def drawing() -> None:
    """For tests that are about the figures too."""


@pytest.fixture(autouse=True)
def _without_figures(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes most of the time; ``folder`` has the figures, which are drawn once."""
    if "drawing" not in request.fixturenames:
        monkeypatch.setattr(figures, "find_spec", lambda name: None)


def named(tmp_path: Path, name: str) -> Path:
    """Answers where every school has this name, and every code begins like a formula."""
    coded = [replace(one, valid=signed(one.valid), below=signed(one.below)) for one in district((NEW,))]
    runs = renamed(coded, name)
    write_answers(axes_of((NEW,)), runs, tmp_path, Text(), background((NEW,)))
    return tmp_path


def signed(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"={code}" for code in codes)


def cells(book: Workbook) -> Iterator[object]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


def rows(path: Path, separator: str = ";") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


class Tags(HTMLParser):
    """Every tag of a page, and whether each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.captions = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)
        if tag not in ("meta", "rect", "line", "path", "polyline"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
        self.open.pop()


# --- the folder --------------------------------------------------------------------------------------------------------------------------------


def test_files_are_named_in_the_order_in_which_people_should_open_them(tmp_path: Path) -> None:
    written = write_answers(AXES, district(), tmp_path / "new", Text(), background())
    assert tuple(path.name for path in written[:4]) == FILES
    assert all(path.is_file() for path in written)


@pytest.mark.usefixtures("drawing")
def test_the_same_runs_in_another_order_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    written = write_answers(AXES, reversed(district()), tmp_path, Text(), background(invented=True))
    for path in written:
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes(), path.name


def test_nothing_is_left_beside_the_files(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} <= {*FILES, "grafik"}


def test_a_folder_that_cannot_be_written_keeps_the_old_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_answers(AXES, district(), tmp_path, Text(), background())
    before = (tmp_path / "kebijakan.xlsx").read_bytes()

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scheduler.formats.files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_answers(axes_of((NEW,)), district((NEW,)), tmp_path, Text(), background((NEW,)))
    assert (tmp_path / "kebijakan.xlsx").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} <= {*FILES, "grafik"}


def test_a_full_folder_for_temporary_files_is_said_like_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(gathered.Gathered, "tally", full)
    with pytest.raises(OSError, match="No space") as caught:
        write_answers(AXES, district(), tmp_path, Text(), background())
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_runs_at_all_still_give_every_file(lang: str, tmp_path: Path) -> None:
    written = write_answers(AXES, [], tmp_path, Text(lang), background())
    assert tuple(path.name for path in written) == FILES


# --- the workbook ------------------------------------------------------------------------------------------------------------------------------


def test_every_question_has_its_sheet(book: Workbook) -> None:
    assert tuple(book.sheetnames) == SHEETS


def test_charts_are_native_and_read_their_numbers_from_the_sheet(book: Workbook) -> None:
    charts: Mapping[str, int] = {sheet.title: len(sheet._charts) for sheet in book.worksheets}  # type: ignore[attr-defined]
    assert charts == {"Ringkasan": 2, "Guru Valid": 3, "Peta Panas": 0, "Perubahan": 1, "Kecamatan": 0, "Data": 0, "Cara Membaca": 0}
    chart = book["Guru Valid"]._charts[0]  # type: ignore[attr-defined]
    assert [series.val.numRef.f.startswith("'Guru Valid'!") for series in chart.series] == [True, True]
    # Dash and mark differ, so that grey paper tells the lines apart.
    assert len({(series.graphicalProperties.line.dashStyle, series.marker.symbol) for series in chart.series}) == 2


def test_the_share_of_each_threshold_is_a_number(book: Workbook) -> None:
    table = {row[0].value: (row[1].value, row[2].value) for row in book["Guru Valid"].iter_rows() if row[0].value in (16, 20, 24)}
    # The last of the three tables is missing JTM, new ruleset first: 2 JTM for each of 5, 2, 0 below; old: 7, 5, 1.
    assert table == {24: (10, 14), 20: (4, 10), 16: (0, 2)}


def test_the_heat_map_is_shaded_by_its_numbers(book: Workbook) -> None:
    sheet = book["Peta Panas"]
    assert len(list(sheet.conditional_formatting)) == 2
    values = {row[0].value: row[4].value for row in sheet.iter_rows(min_row=1, max_row=12) if row[0].value in ("8", "12")}
    assert values == {"8": pytest.approx(4 / 9), "12": 1}


def test_the_tidy_table_has_a_row_a_run_filters_and_frozen_panes(book: Workbook) -> None:
    sheet = book["Data"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "Sumber")
    names = [cell.value for cell in head]
    body = list(sheet.iter_rows(min_row=head[0].row + 1, values_only=True))
    assert len(body) == 18
    assert sheet.freeze_panes == f"D{head[0].row + 1}"
    assert sheet.auto_filter.ref.startswith(f"A{head[0].row}:")
    assert all(
        isinstance(row[names.index(name)], int) for row in body for name in ("Rombel", "Ambang (JTM paling sedikit)", "Guru Valid", "JTM Kurang")
    )


def test_the_tidy_table_is_cut_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_RUNS", 5)
    write_answers(AXES, district(), tmp_path, Text(), background())
    values = [cell.value for cell in cells(load_workbook(tmp_path / "kebijakan.xlsx"))]  # type: ignore[attr-defined]
    assert "Lembar ini memuat 5 percobaan pertama dari 18; semuanya ada di kebijakan.csv." in values
    assert len(rows(tmp_path / "kebijakan.csv")) == 18


def test_every_sheet_prints_one_page_wide_on_f4(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize in (F4.code, int(F4.code))
        assert sheet.page_setup.fitToWidth == 1 or sheet.page_setup.scale is not None, sheet.title


def test_unverified_numbers_of_the_law_are_marked(book: Workbook) -> None:
    values = [cell.value for cell in cells(book)]  # type: ignore[attr-defined]
    assert "C BELUM TERVERIFIKASI" in values


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_name_that_looks_like_a_formula_stays_text(sign: str, tmp_path: Path) -> None:
    name = f"{sign}SUM(A1:A9)"
    named(tmp_path, name)
    book = load_workbook(tmp_path / "kebijakan.xlsx")
    assert all(cell.data_type != "f" for cell in cells(book))  # type: ignore[attr-defined]
    assert any(cell.value == name for cell in cells(book))  # type: ignore[attr-defined]
    assert {row["Sekolah"] for row in rows(tmp_path / "kebijakan.csv")} == {f"'{name}"}


# --- the pages ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", FILES[:2])
def test_a_page_asks_no_network(page: str, folder: Path) -> None:
    assert list(nothing_network(folder / page)) == []


@pytest.mark.parametrize("page", FILES[:2])
def test_a_page_is_well_formed_and_its_plots_and_tables_have_titles(page: str, folder: Path) -> None:
    text = (folder / page).read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert text.count("<table") == text.count("<caption>") > 0
    plots = re.findall(r"<svg viewBox=\"0 0 480 320\".*?</svg>", text, re.DOTALL)
    assert plots
    for plot in plots:
        root = ET.fromstring(plot)
        assert root.attrib["role"] == "img"
        assert root.find("title") is not None and root.find("desc") is not None


def test_the_page_has_every_answer(folder: Path) -> None:
    text = (folder / "kebijakan.html").read_text(encoding="utf-8")
    for part in ("summary", "plots", "heat", "changes", "areas", "reading"):
        assert f'id="{part}"' in text
    assert "66,7%" in text and "SMP Satu" in text and "Staf rekaan" in text


def test_tags_in_names_stay_words(tmp_path: Path) -> None:
    named(tmp_path, '<b onclick=x>SMP</b> & "Dua"')
    for page in FILES[:2]:
        text = (tmp_path / page).read_text(encoding="utf-8")
        assert "<b onclick" not in text
    assert "&lt;b onclick=x&gt;SMP" in (tmp_path / "kebijakan.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["S" * 300, "SMP 🏫 Harapan 👩‍🏫", "SMP {kurung} $x^2$ %s"])
def test_long_and_strange_names_are_carried_whole(name: str, tmp_path: Path) -> None:
    named(tmp_path, name)
    assert {row["Sekolah"] for row in rows(tmp_path / "kebijakan.csv")} == {name}
    assert any(cell.value == name for cell in cells(load_workbook(tmp_path / "kebijakan.xlsx")))  # type: ignore[attr-defined]
    assert name in (tmp_path / "kebijakan.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("drawing")
def test_a_kecamatan_of_any_name_can_be_drawn(tmp_path: Path) -> None:
    runs = [replace(one, kecamatan=f"$\\frac{{{one.kecamatan}}}$ {'K' * 300}") for one in district((NEW,))]
    write_answers(axes_of((NEW,)), runs, tmp_path, Text(), background((NEW,)))
    assert (tmp_path / "kebijakan.html").is_file()


# --- the table ---------------------------------------------------------------------------------------------------------------------------------


def test_the_csv_opens_in_indonesian_excel(folder: Path) -> None:
    content = (folder / "kebijakan.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfSumber;NPSN;")
    # No decimal sign anywhere: nothing can be misread in another country.
    numbers = [row[name] for row in rows(folder / "kebijakan.csv") for name in ("Guru Valid", "Guru Dihitung", "JTM Kurang")]
    assert all(number.isdigit() for number in numbers)


def test_the_csv_has_the_codes_of_each_run(folder: Path) -> None:
    found = [
        row for row in rows(folder / "kebijakan.csv") if (row["NPSN"], row["Peraturan"], row["Ambang (JTM paling sedikit)"]) == ("101", NEW, "20")
    ]
    assert [(row["Kode Guru Valid"], row["Kode Guru Belum Valid"], row["JTM Kurang"]) for row in found] == [("G1, G2", "G3, G4", "4")]


def test_english_answers_come_from_the_same_catalogue(tmp_path: Path) -> None:
    write_answers(AXES, district(), tmp_path, Text("en"), background())
    assert rows(tmp_path / "kebijakan.csv", ",")[0]["State"] == "Best, proved"
    assert "Three findings" in (tmp_path / "kebijakan.html").read_text(encoding="utf-8")
    assert load_workbook(tmp_path / "kebijakan.xlsx").sheetnames[0] == "Summary"


# --- the figures -------------------------------------------------------------------------------------------------------------------------------


def test_every_chart_is_drawn_as_png_and_svg(folder: Path) -> None:
    pytest.importorskip("matplotlib")
    names = {path.name for path in (folder / "grafik").iterdir()}
    stems = ("guru-valid", "sekolah-valid", "jtm-kurang", "peta-panas", "perubahan", "kecamatan")
    assert names == {f"{stem}.{form}" for stem in stems for form in ("png", "svg")}
    assert (folder / "grafik" / "guru-valid.png").read_bytes().startswith(b"\x89PNG")
    ET.parse(folder / "grafik" / "guru-valid.svg")


def test_without_matplotlib_everything_else_is_the_same(folder: Path, tmp_path: Path) -> None:
    written = write_answers(AXES, district(), tmp_path, Text(), background(invented=True))
    assert tuple(path.name for path in written) == FILES
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


# --- large inputs ------------------------------------------------------------------------------------------------------------------------------


def many(schools: int) -> Iterator[Run]:
    """So many schools of three runs each, made one after the other."""
    for number in range(schools):
        for one in district((NEW,), ("102",)):
            yield replace(one, school=f"{number}", name=f"SMP {number}", kecamatan=f"Kecamatan {number % 20}")


def test_memory_does_not_grow_with_the_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_RUNS", 50)
    monkeypatch.setattr(answers, "MOST_CHANGES", 50)
    peaks = []
    for schools in (200, 200, 800):  # the first warms the caches of catalogue, styles and templates
        tracemalloc.start()
        write_answers(axes_of((NEW,)), many(schools), tmp_path, Text(), background((NEW,)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # 1,800 more runs in Python's own objects would be some 4 MB; SQLite keeps them on disk.
    assert peaks[2] < peaks[1] + 1_000_000
