"""Files are written whole or not at all."""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from scheduler.formats.files import FIXED_DATE, atomic_path, save_workbook


def test_old_file_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("lama")
    with pytest.raises(RuntimeError), atomic_path(path) as written:
        written.write_text("setengah")
        raise RuntimeError
    assert path.read_text() == "lama"
    assert list(tmp_path.iterdir()) == [path]


def test_new_file_takes_the_place_of_the_old_with_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("lama")
    path.chmod(0o640)
    with atomic_path(path) as written:
        written.write_text("baru")
        assert written.parent == tmp_path
        assert path.read_text() == "lama"
    assert path.read_text() == "baru"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    plain = tmp_path / "biasa"
    plain.write_text("")
    with atomic_path(tmp_path / "plan.json") as written:
        written.write_text("")
    assert (tmp_path / "plan.json").stat().st_mode == plain.stat().st_mode


def test_link_leads_to_the_file_that_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "isi.json", tmp_path / "plan.json"
    target.write_text("lama")
    link.symlink_to(target)
    with atomic_path(link) as written:
        written.write_text("baru")
    assert link.is_symlink()
    assert target.read_text() == "baru"


def test_two_files_are_complete_before_either_is_replaced(tmp_path: Path) -> None:
    paths = tmp_path / "plan.json", tmp_path / "rencana.xlsx"
    for path in paths:
        path.write_text("lama")
    with pytest.raises(RuntimeError), atomic_path(paths[0]) as first, atomic_path(paths[1]) as second:
        first.write_text("baru")
        second.write_text("setengah")
        raise RuntimeError
    assert [path.read_text() for path in paths] == ["lama", "lama"]


def test_killed_writer_leaves_the_old_file_and_disturbs_nobody_after_it(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("lama")
    program = (
        "import sys, time; from pathlib import Path; from scheduler.formats.files import atomic_path\n"
        f"with atomic_path(Path({str(path)!r})) as written:\n"
        "    written.write_text('setengah'); print('ditulis', flush=True); time.sleep(60)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent)
    assert writer.stdout is not None
    writer.stdout.readline()
    writer.kill()
    writer.wait()
    writer.stdout.close()
    assert path.read_text() == "lama"
    with atomic_path(path) as written:
        written.write_text("baru")
    assert path.read_text() == "baru"


def test_folder_that_is_not_there_is_an_ordinary_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError), atomic_path(tmp_path / "tidak" / "ada.json") as written:
        written.write_text("")


def test_workbook_is_the_same_on_every_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def saved(name: str) -> bytes:
        book = Workbook()
        book.worksheets[0]["A1"] = "isi"
        save_workbook(book, tmp_path / name)
        return (tmp_path / name).read_bytes()

    first = saved("a.xlsx")
    now = time.time() + 86400
    monkeypatch.setattr(time, "time", lambda: now)
    assert saved("b.xlsx") == first
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {member.date_time for member in archive.infolist()} == {FIXED_DATE.timetuple()[:6]}
        assert b"2025-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_nothing_but_the_file_is_left_in_the_folder(tmp_path: Path) -> None:
    save_workbook(Workbook(), tmp_path / "a.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_an_error_while_writing_names_the_file_that_was_to_be_written(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    with pytest.raises(OSError) as caught, atomic_path(target) as written:
        raise OSError(28, "No space left on device", str(written))
    assert caught.value.filename == str(target)
