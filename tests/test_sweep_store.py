"""The store of an experiment: no run is lost and none is done twice, whatever ends the program."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.app.exits import Exit
from scheduler.app.sweep import STORE_FILE
from scheduler.cli.commands import build
from scheduler.domain.experiment import Run
from scheduler.domain.plan import Level, Status
from scheduler.errors import InputError
from scheduler.sweep.store import Store, stored_runs

ROOT = Path(__file__).parents[1]
HEADER = {"axes": [{"name": "min_jtm", "values": ["20", "24"]}], "seed": 0}
OVER = "min_jtm=1:40"
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")


def run(threshold: str) -> Run:
    levels = (Level("uncovered_jp", 0, 0, True), Level("below_minimum", 1, 0, False))
    return Run("f.xlsx", "", "SMP 1", "Sungai Besar", "", 8, 190, 17, {"min_jtm": threshold}, Status.FEASIBLE, levels, ("A",), ("B",), facts={"x": 1})


def kinds(path: Path, header: dict[str, object] | None = None) -> list[str]:
    with pytest.raises(InputError) as raised:
        Store(path, header or HEADER)
    return [problem.kind for problem in raised.value.problems]


# --- lines -------------------------------------------------------------------------------------------------------------------------------------


def test_runs_come_back_as_they_were_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    with Store(tmp_path / STORE_FILE, HEADER) as store:
        store.append(1, run("24"))
        store.append(0, run("20"))
    assert list(stored_runs(tmp_path / STORE_FILE)) == [run("20"), run("24")]


def test_store_goes_on_where_it_ended(tmp_path: Path) -> None:
    with Store(tmp_path / STORE_FILE, HEADER) as store:
        store.append(1, run("24"))
    with Store(tmp_path / STORE_FILE, HEADER) as again:
        assert again.done == {1} and not again.torn


def test_torn_last_line_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / STORE_FILE
    with Store(path, HEADER) as store:
        store.append(0, run("20"))
    whole = path.read_bytes()
    for cut in (1, 40, len(whole) // 2):
        path.write_bytes(whole + whole.splitlines(keepends=True)[1][:cut])
        with Store(path, HEADER) as store:
            assert store.torn and store.done == {0}
        assert path.read_bytes() == whole


def test_torn_header_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / STORE_FILE
    Store(path, HEADER).close()
    header = path.read_bytes()
    path.write_bytes(header[:-5])
    with Store(path, HEADER) as store:
        assert store.torn and not store.done
    assert path.read_bytes() == header


def test_line_damaged_in_the_middle_is_named(tmp_path: Path) -> None:
    path = tmp_path / STORE_FILE
    with Store(path, HEADER) as store:
        store.append(0, run("20"))
        store.append(1, run("24"))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"\0" * 20 + b"\n" + lines[2])
    assert kinds(path) == ["sweep.damaged_line"]


def test_store_of_another_experiment_is_refused_and_stays(tmp_path: Path) -> None:
    path = tmp_path / STORE_FILE
    Store(path, HEADER).close()
    before = path.read_bytes()
    assert kinds(path, {"axes": [], "seed": 1}) == ["sweep.other_axes", "sweep.other_seed"]
    assert path.read_bytes() == before


def test_other_rulesets_asked_for_are_not_taken_for_changed_ones(tmp_path: Path) -> None:
    path = tmp_path / STORE_FILE
    Store(path, {**HEADER, "law": "1"}).close()
    assert kinds(path, {**HEADER, "law": "2"}) == ["sweep.other_law"]
    assert kinds(path, {**HEADER, "axes": [], "law": "2"}) == ["sweep.other_axes"]


@pytest.mark.parametrize("content", [b"catatan saya", b"catatan saya\n", b'{"schema":"scheduler-plan/1"}\n'])
def test_file_that_is_no_store_is_refused_and_stays(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / STORE_FILE
    path.write_bytes(content)
    assert kinds(path) == ["sweep.not_a_store"]
    assert path.read_bytes() == content


@needs_posix
def test_second_program_at_one_store_is_refused(tmp_path: Path) -> None:
    with Store(tmp_path / STORE_FILE, HEADER):
        assert kinds(tmp_path / STORE_FILE) == ["sweep.store_in_use"]


# --- the whole program -------------------------------------------------------------------------------------------------------------------------


def sweep(file: Path, folder: Path, *more: str) -> list[str]:
    return ["sweep", str(file), "--over", OVER, "-o", str(folder), "--workers", "2", *more]


def start(file: Path, folder: Path, before: str = "") -> subprocess.Popen[str]:
    script = f"import sys\n{before}\nif __name__ == '__main__':\n    from scheduler.cli import main\n    main()\n"
    (folder.parent / "jalankan.py").write_text(script, encoding="utf-8")
    program = [sys.executable, str(folder.parent / "jalankan.py"), *sweep(file, folder)]
    return subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def lines(folder: Path) -> list[str]:
    path = folder / STORE_FILE
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def wait_for_runs(folder: Path, process: subprocess.Popen[str], count: int) -> None:
    deadline = time.monotonic() + 60
    while len(lines(folder)) <= count and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)


def assert_complete(file: Path, folder: Path) -> None:
    """Run to the end: every run is there once, and all is as in a run that nobody ended."""
    assert CliRunner().invoke(build("id"), sweep(file, folder)).exit_code == Exit.OK
    numbers = [json.loads(line)["n"] for line in lines(folder)[1:]]
    assert sorted(numbers) == list(range(40))
    undisturbed = folder.parent / "utuh"
    assert CliRunner().invoke(build("id"), sweep(file, undisturbed)).exit_code == Exit.OK
    assert sorted(lines(folder)) == sorted(lines(undisturbed))
    assert (folder / "kebijakan.csv").read_bytes() == (undisturbed / "kebijakan.csv").read_bytes()


@needs_posix
def test_killed_program_goes_on_without_losing_or_repeating_a_run(school_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hasil"
    with start(school_file, folder) as process:
        wait_for_runs(folder, process, 5)
        process.kill()
    assert 5 < len(lines(folder)) < 41
    assert_complete(school_file, folder)


@needs_posix
def test_interrupt_keeps_what_is_done_and_says_how_to_go_on(school_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hasil"
    with start(school_file, folder) as process:
        wait_for_runs(folder, process, 5)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert process.returncode == Exit.NO_PLAN_YET
    assert "Berhenti" in errors and "Traceback" not in errors and "Warning" not in errors
    assert "Jalankan perintah yang sama" in output
    assert_complete(school_file, folder)


@needs_posix
def test_full_disk_is_said_in_words_and_loses_nothing(school_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hasil"
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))"
    with start(school_file, folder, limit) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == Exit.NO_PLAN_YET
    assert STORE_FILE in errors and "Traceback" not in errors and "Warning" not in errors
    content = (folder / STORE_FILE).read_bytes()
    assert 0 < len(content) <= 5000 and content.endswith(b"\n")
    assert_complete(school_file, folder)


@needs_posix
def test_workers_end_with_the_program_that_started_them(school_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hasil"
    with start(school_file, folder) as process:
        wait_for_runs(folder, process, 3)
        started = workers_of(process.pid)
        if not started:
            pytest.skip("no /proc to see processes in")
        process.kill()
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{child}").exists() for child in started) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [child for child in started if Path(f"/proc/{child}").exists()] == []


@needs_posix
def test_worker_that_is_killed_is_named_and_its_run_is_done_again(school_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hasil"
    with start(school_file, folder) as process:
        wait_for_runs(folder, process, 3)
        workers = workers_of(process.pid)
        if not workers:
            pytest.skip("no /proc to see processes in")
        os.kill(workers[0], signal.SIGKILL)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == Exit.OK, errors
    assert f"Proses hitung {workers[0]} mati" in errors and "Traceback" not in errors
    assert_complete(school_file, folder)


def workers_of(parent: int) -> list[int]:
    """The computing processes of a sweep (Linux)."""
    children = Path(f"/proc/{parent}/task/{parent}/children")
    found = [int(child) for child in children.read_text().split()] if children.exists() else []
    return [child for child in found if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
