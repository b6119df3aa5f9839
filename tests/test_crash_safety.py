"""A kill, a full disk or Ctrl+C leaves every file whole, old or new."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.app import plan_files
from scheduler.app.exits import Exit
from scheduler.app.plan_files import PLAN_FILE, WORKBOOK_FILE, Pair, pair_of
from scheduler.app.verify import verify_files
from scheduler.cli.commands import build
from scheduler.formats.json import read_plan, write_instance
from scheduler.policy.case import Case
from tests.build import case, teacher, week
from tests.killing import DYING

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")

ROOT = Path(__file__).parents[1]


def busy_case() -> Case:
    """Eight classes with full grids of 40 JP: the week can be made better for as long as there is time."""
    subjects = ("bahasa_indonesia", "matematika", "ipa", "ips", "bahasa_inggris", "pjok", "informatika", "seni_budaya")
    staff = [teacher(f"{subject}{n}", subject) for subject in subjects for n in (1, 2)]
    return case(dict.fromkeys(subjects, 5), staff, slots=week())


@pytest.fixture
def busy_file(tmp_path: Path) -> Path:
    path = tmp_path / "ramai.json"
    write_instance(busy_case().instance, path)
    return path


def command(file: Path, folder: Path, *more: str) -> list[str]:
    return ["plan", str(file), "-o", str(folder), "--workers", "1", *more]


def plan(file: Path, folder: Path, *more: str) -> int:
    return CliRunner().invoke(build("id"), command(file, folder, *more)).exit_code


def start(program: list[str], **settings: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, *program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, **settings)  # type: ignore[call-overload, no-any-return]


def assert_whole(file: Path, folder: Path) -> None:
    """Each file is a whole one, and a pair from two runs is named as such."""
    plan_path, workbook = folder / PLAN_FILE, folder / WORKBOOK_FILE
    if workbook.exists():
        assert zipfile.ZipFile(workbook).testzip() is None
    if plan_path.exists():
        verified = verify_files(file, plan_path)
        assert verified.report.violations == ()
        assert verified.exit is (Exit.NOT_UNDERSTOOD if pair_of(read_plan(plan_path), plan_path) is Pair.MIXED else Exit.OK)


# --- kill -9 -----------------------------------------------------------------------------------------------------------------------------------

KILLED_AT_RENAME = (
    DYING
    + """
from scheduler.cli import main

main()
"""
)


@pytest.mark.parametrize("place", range(8))
def test_a_kill_at_every_rename_leaves_whole_files(place: int, school_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hasil"
    assert plan(school_file, folder) == Exit.OK
    killed = start(["-c", KILLED_AT_RENAME, str(place), *command(school_file, folder, "--set", "min_jtm=8")])
    killed.communicate(timeout=60)
    assert_whole(school_file, folder)
    # The next run is not disturbed by what the killed one left behind.
    assert plan(school_file, folder) == Exit.OK
    assert verify_files(school_file, folder / PLAN_FILE).pair is Pair.TOGETHER


def test_a_kill_between_the_two_renames_leaves_a_pair_that_is_named_as_mixed(school_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hasil"
    assert plan(school_file, folder) == Exit.OK
    pairs = set()
    for place in range(8):
        killed = start(["-c", KILLED_AT_RENAME, str(place), *command(school_file, folder, "--set", f"min_jtm={place + 8}")])
        killed.communicate(timeout=60)
        pairs.add(verify_files(school_file, folder / PLAN_FILE).pair)
    assert pairs == {Pair.TOGETHER, Pair.MIXED}


@pytest.mark.slow
def test_kills_at_random_moments_leave_whole_files(school_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hasil"
    began = time.monotonic()
    start(["-m", "scheduler", *command(school_file, folder)]).communicate(timeout=60)
    whole_run = time.monotonic() - began
    rng = random.Random(os.environ.get("SCHEDULER_SEED", "0"))
    for number in range(20):
        killed = start(["-m", "scheduler", *command(school_file, folder, "--set", f"min_jtm={number + 4}")])
        time.sleep(rng.uniform(0.3, 1.1) * whole_run)
        killed.send_signal(signal.SIGKILL)
        killed.communicate(timeout=60)
        assert_whole(school_file, folder)


# --- Ctrl+C ------------------------------------------------------------------------------------------------------------------------------------


def interrupt_while_solving(file: Path, folder: Path, signals: int, number: signal.Signals = signal.SIGINT) -> tuple[int, str]:
    """Send the signal when the first level is told on stderr; (exit code, stderr)."""
    running = start(["-m", "scheduler", *command(file, folder, "--time-limit", "120")])
    assert running.stderr is not None
    told = [running.stderr.readline(), running.stderr.readline()]
    for _ in range(signals):
        running.send_signal(number)
        time.sleep(0.3)
    _, rest = running.communicate(timeout=90)
    return running.returncode, "".join(told) + rest


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_with_a_verified_plan_or_says_that_there_is_none(number: signal.Signals, busy_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hasil"
    began = time.monotonic()
    code, told = interrupt_while_solving(busy_file, folder, signals=1, number=number)
    assert time.monotonic() - began < 60
    assert "Traceback" not in told
    assert "Berhenti" in told
    assert code in (Exit.OK, Exit.NO_PLAN_YET)
    if (folder / PLAN_FILE).exists():
        assert verify_files(busy_file, folder / PLAN_FILE).report.violations == ()
    else:
        assert code == Exit.NO_PLAN_YET


@pytest.mark.slow
def test_a_second_ctrl_c_gives_up_without_touching_old_files(busy_file: Path, school_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hasil"
    assert plan(school_file, folder) == Exit.OK
    code, told = interrupt_while_solving(busy_file, folder, signals=2)
    assert "Traceback" not in told
    assert code in (Exit.OK, Exit.NO_PLAN_YET)
    if code == Exit.NO_PLAN_YET and "Dihentikan" in told:
        assert verify_files(school_file, folder / PLAN_FILE).pair is Pair.TOGETHER


# --- a full disk -------------------------------------------------------------------------------------------------------------------------------


def limit_files() -> None:
    """No file of this process may grow beyond 2,000 bytes: a disk that fills up while writing."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))


def test_a_disk_that_fills_up_while_writing_leaves_the_old_pair(school_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hasil"
    assert plan(school_file, folder) == Exit.OK
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    full = start(["-m", "scheduler", *command(school_file, folder, "--set", "min_jtm=8")], preexec_fn=limit_files)
    _, told = full.communicate(timeout=60)
    assert full.returncode == Exit.NO_PLAN_YET
    assert "Traceback" not in told
    assert "Tidak ada berkas lama yang berubah" in told
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_full_disk_is_said_in_words(school_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / PLAN_FILE))

    monkeypatch.setattr(plan_files, "write_plan", full)
    failed = CliRunner().invoke(build("id"), command(school_file, tmp_path))
    assert failed.exit_code == Exit.NO_PLAN_YET
    assert f"{tmp_path / PLAN_FILE}: penyimpanan penuh" in failed.stderr
    assert not (tmp_path / PLAN_FILE).exists()
    assert not (tmp_path / WORKBOOK_FILE).exists()
