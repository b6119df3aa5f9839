"""``explain``, ``explain --apply`` and ``verify --proof``: what is written, what is said, and with which exit code."""

from __future__ import annotations

import errno
import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import scheduler.diagnose.explain
from scheduler.app import dossier
from scheduler.app.dossier import DOSSIER, EXPLANATION_FILE, FALLBACK_FOLDER, PAGE_FILE, SHEETS_FILE
from scheduler.app.exits import Exit
from scheduler.app.plan_files import file_sha256
from scheduler.cli.commands import build
from scheduler.cli.reference import PROOF_PAGES, with_proof
from scheduler.domain.explanation import Edit, Explanation, Repair
from scheduler.domain.plan import PolicyUsed, Status
from scheduler.domain.solving import SolveOptions
from scheduler.formats.json import canonical, instance_sha256, read_explanation, write_explanation, write_instance
from scheduler.formats.workbook import read_workbook
from scheduler.formats.workbook_writer import write_workbook
from scheduler.policy.case import Case
from scheduler.report.text import LANGUAGES, Text
from tests.build import case, duty, small_case, teacher
from tests.killing import DYING
from tests.test_cli import modules_after

ROOT = Path(__file__).parents[1]
MAIN_DUTIES = ("wakasek", "kepala_perpustakaan", "kepala_laboratorium")


def ipa_case() -> Case:
    """Three IPA teachers on 8 classes × 5 JP = 40 JP, without main duties and without bell times.

    Beside 6 JTM of other duties and 2 of guru wali each needs 16 JTM, in fives 20 JP: 40 / 20 = at most two of them.
    """
    return case({"ipa": 5}, [teacher(f"G{n}", "ipa") for n in (1, 2, 3)], duties=[duty(name, minimum=0, maximum=0) for name in MAIN_DUTIES])


@pytest.fixture
def ipa_file(tmp_path: Path) -> Path:
    path = tmp_path / "sekolah.xlsx"
    write_workbook(ipa_case().instance, path)
    return path


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Result]:
    """The file, its dossier's folder and what was said: one real explanation for the tests that only read it."""
    folder = tmp_path_factory.mktemp("penjelasan")
    write_workbook(ipa_case().instance, folder / "sekolah.xlsx")
    said = run("explain", folder / "sekolah.xlsx", "-o", folder / "hasil", "--workers", 1)
    return folder / "sekolah.xlsx", folder / "hasil", said


def run(*arguments: object, lang: str = "id") -> Result:
    return CliRunner().invoke(build(lang), [str(argument) for argument in arguments])


def outside(code: str = "G3", number: int = 1, jtm: int = 16) -> Repair:
    """Hours at a school outside the file, which make one more teacher valid."""
    return Repair(number, "outside_hours", (Edit("outside_hours", {"teacher": code, "jtm": jtm}),), 72, (code,), (), 2, 3, 5, 0, 0, 0, True)


def answers(monkeypatch: pytest.MonkeyPatch, answer: Callable[[Case, SolveOptions], Explanation]) -> None:
    """Let the search answer at once; files, words and exit codes are the command's own."""
    monkeypatch.setattr(scheduler.diagnose.explain, "explain", lambda given, options, *others, **named: answer(given, options))


def of(given: Case, status: Status, **parts: Any) -> Explanation:
    policy = PolicyUsed(given.policy.id, dict(given.policy.overrides), given.law.linearity.id)
    return Explanation(policy, instance_sha256(given.instance), status, **parts)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def recorded(path: Path, folder: Path, **parts: Any) -> Path:
    """A penjelasan.json of the workbook at ``path``."""
    from scheduler.policy.load import load_law

    instance, _ = read_workbook(path)
    write_explanation(of(Case(instance, load_law(instance.settings)), Status.OPTIMAL, **parts), folder / EXPLANATION_FILE)
    return folder / EXPLANATION_FILE


# --- the dossier -------------------------------------------------------------------------------------------------------------------------------


def test_explain_writes_three_files_that_belong_together(explained: tuple[Path, Path, Result]) -> None:
    _, folder, said = explained
    assert said.exit_code == Exit.OK, said.output
    assert sorted(path.name for path in folder.iterdir()) == sorted(DOSSIER)
    explanation = read_explanation(folder / EXPLANATION_FILE)
    assert dict(explanation.files) == {name: file_sha256(folder / name) for name in (PAGE_FILE, SHEETS_FILE)}
    assert dossier.strangers(explanation, folder / EXPLANATION_FILE) == ()


def test_two_of_three_is_proved_by_counting(explained: tuple[Path, Path, Result]) -> None:
    explanation = read_explanation(explained[1] / EXPLANATION_FILE)
    assert explanation.largest is not None
    assert (explanation.largest.value, explanation.largest.most, explanation.largest.proved) == (2, 2, True)
    (below,) = explanation.teachers
    assert below.proof in {proof.id for proof in explanation.proofs}


def test_the_screen_shows_who_why_what_mends_and_the_files(explained: tuple[Path, Path, Result]) -> None:
    _, folder, said = explained
    explanation = read_explanation(folder / EXPLANATION_FILE)
    below = explanation.teachers[0].teacher
    lines = said.stdout.splitlines()
    assert any("2 dari 3" in line for line in lines)
    assert any(line.startswith(f"  {below} Guru {below}") for line in lines)
    assert explanation.repairs
    for repair in explanation.repairs:
        assert any(line.startswith(f"  {repair.number}. ") for line in lines)
    for name in DOSSIER:
        assert f"Ditulis: {folder / name}" in lines


@pytest.mark.parametrize("lang", LANGUAGES)
def test_as_data_the_keys_are_those_of_the_interface(lang: str, ipa_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, lambda given, options: of(given, Status.OPTIMAL, repairs=(outside(),)))
    monkeypatch.setattr(dossier, "_save_dossier", lambda *given: ())
    told = json.loads(run("explain", ipa_file, "-o", tmp_path / "hasil", "--json", lang=lang).stdout)
    assert {"proofs", "conflicts", "repairs", "exceptions", "thresholds", "exit_code", "files", "findings"} <= set(told)
    assert told["repairs"][0]["sentence"]


def test_only_one_teacher_is_explained(explained: tuple[Path, Path, Result], tmp_path: Path) -> None:
    file, folder, _ = explained
    below = read_explanation(folder / EXPLANATION_FILE).teachers[0].teacher
    said = run("explain", file, "-o", tmp_path, "--workers", 1, "--teacher", below)
    assert said.exit_code == Exit.OK, said.output
    assert [row.teacher for row in read_explanation(tmp_path / EXPLANATION_FILE).teachers] == [below]
    assert f"  {below} Guru {below}" in said.stdout


def test_a_teacher_who_is_valid_needs_no_explanation(explained: tuple[Path, Path, Result], tmp_path: Path) -> None:
    file, folder, _ = explained
    below = read_explanation(folder / EXPLANATION_FILE).teachers[0].teacher
    valid = next(code for code in ("G1", "G2", "G3") if code != below)
    said = run("explain", file, "-o", tmp_path, "--workers", 1, "--teacher", valid)
    assert said.exit_code == Exit.OK, said.output
    assert f"{valid} Guru {valid} tidak di bawah minimum" in said.stdout


def test_an_unknown_teacher_is_named_with_the_nearest(ipa_file: Path, tmp_path: Path) -> None:
    wrong = run("explain", ipa_file, "-o", tmp_path / "hasil", "--teacher", "g33")
    assert wrong.exit_code == Exit.NOT_UNDERSTOOD
    assert 'tidak ada guru berkode "g33"' in wrong.stderr
    assert 'maksud Anda "G3"' in wrong.stderr
    assert not (tmp_path / "hasil").exists()


def test_strict_ends_with_ten_where_a_teacher_stays_below(
    explained: tuple[Path, Path, Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, folder, _ = explained
    kept = read_explanation(folder / EXPLANATION_FILE)
    answers(monkeypatch, lambda given, options: kept)
    assert run("explain", file, "-o", tmp_path / "hasil", "--strict").exit_code == Exit.BELOW_MINIMUM


# --- impossible, and not known -----------------------------------------------------------------------------------------------------------------


def test_hours_above_the_grid_end_with_66_and_a_dossier(tmp_path: Path) -> None:
    write_instance(small_case(jp=8).instance, tmp_path / "penuh.json")
    said = run("explain", tmp_path / "penuh.json", "-o", tmp_path / "hasil", "--workers", 1)
    assert said.exit_code == Exit.IMPOSSIBLE, said.output
    # 8 + 4 = 12 JP in a week of 10 periods.
    assert "12 JP untuk kelas 7A (SMP 1), seminggu hanya 10 jam" in said.stdout
    assert "Terbukti" in said.stdout
    assert read_explanation(tmp_path / "hasil" / EXPLANATION_FILE).proofs


def test_hard_rules_that_leave_no_division_of_work_end_with_66_and_their_conflict(tmp_path: Path) -> None:
    """Three teachers who must have 20 JP each, of 40 JP: each alone is possible, so no single sum of the precheck shows it."""
    given = ipa_case().instance
    write_workbook(replace(given, teachers=tuple(replace(t, min_jp=20) for t in given.teachers)), tmp_path / "sekolah.xlsx")
    said = run("explain", tmp_path / "sekolah.xlsx", "-o", tmp_path / "hasil", "--workers", 1)
    assert said.exit_code == Exit.IMPOSSIBLE, said.output
    explanation = read_explanation(tmp_path / "hasil" / EXPLANATION_FILE)
    assert explanation.status is Status.INFEASIBLE
    (conflict,) = explanation.conflicts
    assert {member.entities.get("teacher") for member in conflict.members if member.rule == "min_jp_wanted"} == {"G1", "G2", "G3"}
    assert f"  {conflict.id}: " in said.stdout
    assert run("explain", tmp_path / "sekolah.xlsx", "--apply", 1, "-o", tmp_path / "baru.xlsx", "--workers", 1).exit_code == Exit.IMPOSSIBLE
    assert not (tmp_path / "baru.xlsx").exists()


@pytest.mark.parametrize(("lang", "words"), [("id", "Ini tidak menyatakan apa pun"), ("en", "This says nothing")])
def test_time_that_ended_first_claims_nothing(lang: str, words: str, ipa_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, lambda given, options: of(given, Status.UNKNOWN))
    said = run("explain", ipa_file, "-o", tmp_path / "hasil", lang=lang)
    assert said.exit_code == Exit.NO_PLAN_YET
    assert words in said.stdout
    assert "Terbukti" not in said.stdout and "Proved" not in said.stdout
    assert not (tmp_path / "hasil").exists()


def test_a_tiny_time_limit_is_never_called_impossible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A district that takes minutes, in no time at all: 75, or an answer that was checked; never 66."""
    real = scheduler.diagnose.explain.explain
    monkeypatch.setattr(
        scheduler.diagnose.explain,
        "explain",
        lambda given, options, *others, **named: real(given, replace(options, seconds=0.01), *others, **named),
    )
    said = run("explain", ROOT / "instances" / "taman-rajo" / "sekolah.xlsx", "-o", tmp_path / "hasil", "--workers", 1)
    assert said.exit_code == Exit.NO_PLAN_YET, said.output
    assert re.search("bukan bahwa sesuatu mustahil|bukan bukti bahwa lebih dari itu mustahil", said.stdout)
    if (tmp_path / "hasil").exists():
        largest = read_explanation(tmp_path / "hasil" / EXPLANATION_FILE).largest
        assert largest is not None and not largest.proved


def test_what_was_found_before_ctrl_c_is_written(
    ipa_file: Path, tmp_path: Path, explained: tuple[Path, Path, Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = read_explanation(explained[1] / EXPLANATION_FILE)

    def stopped(given: Case, options: SolveOptions) -> Explanation:
        options.stop.set()
        return replace(kept, status=Status.FEASIBLE, unfinished=("repairs",))

    answers(monkeypatch, stopped)
    said = run("explain", ipa_file, "-o", tmp_path / "hasil")
    assert said.exit_code == Exit.OK, said.output
    assert "Dihentikan atas permintaan" in said.stdout
    assert sorted(path.name for path in (tmp_path / "hasil").iterdir()) == sorted(DOSSIER)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_in_the_midst_of_the_repairs_writes_what_was_found(tmp_path: Path) -> None:
    file = ROOT / "instances" / "taman-rajo" / "sekolah.xlsx"
    arguments = [sys.executable, "-m", "scheduler", "explain", str(file), "-o", str(tmp_path), "--workers", "1"]
    running = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert running.stderr is not None
    for line in running.stderr:
        if Text().say("progress.repairs") in line:
            running.send_signal(signal.SIGINT)
            break
    said, told = running.communicate(timeout=60)
    assert running.returncode == Exit.OK, told
    assert "Traceback" not in told
    assert "Dihentikan atas permintaan" in said
    assert "repairs" in read_explanation(tmp_path / EXPLANATION_FILE).unfinished
    assert dossier.strangers(read_explanation(tmp_path / EXPLANATION_FILE), tmp_path / EXPLANATION_FILE) == ()


# --- nothing of others is written over -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOSSIER)
def test_files_that_are_not_ours_are_not_written_over(name: str, ipa_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, lambda given, options: pytest.fail("solved before the place was looked at"))
    (tmp_path / "hasil").mkdir()
    (tmp_path / "hasil" / name).write_text("milik orang lain", encoding="utf-8")
    refused = run("explain", ipa_file, "-o", tmp_path / "hasil")
    assert refused.exit_code == Exit.WRONG_USAGE
    assert "bukan bagian penjelasan yang dibuat program ini" in refused.stderr
    assert contents(tmp_path / "hasil") == {name: b"milik orang lain"}


def test_the_input_is_not_written_over(tmp_path: Path) -> None:
    write_workbook(ipa_case().instance, tmp_path / SHEETS_FILE)
    before = (tmp_path / SHEETS_FILE).read_bytes()
    refused = run("explain", tmp_path / SHEETS_FILE, "-o", tmp_path)
    assert refused.exit_code == Exit.WRONG_USAGE
    assert "adalah berkas yang dibaca" in refused.stderr
    assert (tmp_path / SHEETS_FILE).read_bytes() == before


def test_an_older_dossier_is_replaced_as_a_whole(explained: tuple[Path, Path, Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = read_explanation(explained[1] / EXPLANATION_FILE)
    answers(monkeypatch, lambda given, options: replace(kept, unfinished=("repairs",)))
    for path in explained[1].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    before = contents(tmp_path)
    assert run("explain", explained[0], "-o", tmp_path).exit_code == Exit.OK
    after = contents(tmp_path)
    assert sorted(after) == sorted(before)
    assert after[EXPLANATION_FILE] != before[EXPLANATION_FILE]
    assert dossier.strangers(read_explanation(tmp_path / EXPLANATION_FILE), tmp_path / EXPLANATION_FILE) == ()


def test_a_file_that_is_open_elsewhere_sends_the_dossier_beside(
    explained: tuple[Path, Path, Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = read_explanation(explained[1] / EXPLANATION_FILE)
    answers(monkeypatch, lambda given, options: kept)
    for path in explained[1].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    before = contents(tmp_path)
    rename = Path.replace

    def locked(path: Path, target: Path) -> Path:
        if Path(target) == tmp_path / SHEETS_FILE:
            raise PermissionError(13, "open in Excel", str(target))
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", locked)
    said = run("explain", explained[0], "-o", tmp_path)
    assert said.exit_code == Exit.OK, said.output
    assert "sedang dibuka program lain" in said.stdout
    assert contents(tmp_path) == before
    assert sorted(path.name for path in (tmp_path / FALLBACK_FOLDER).iterdir()) == sorted(DOSSIER)


KILLED_AT_RENAME = (
    DYING
    + """
import scheduler.diagnose.explain as search
from scheduler.cli import main
from scheduler.formats.json import read_explanation

kept = read_explanation(Path(sys.argv.pop(1)))
search.explain = lambda *given, **named: kept
main()
"""
)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("place", range(5, 11))
def test_a_kill_at_a_rename_leaves_whole_files(place: int, explained: tuple[Path, Path, Result], tmp_path: Path) -> None:
    """Three renames while the files are written beside, three more while they take their places."""
    file, folder, _ = explained
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    changed = tmp_path / "lain.json"
    write_explanation(replace(read_explanation(folder / EXPLANATION_FILE), unfinished=("repairs",)), changed)
    old, new = contents(tmp_path), run_killed(changed, place, file, tmp_path)
    assert new.returncode != 0
    for name in DOSSIER:
        assert (tmp_path / name).stat().st_size > 0
    found = read_explanation(tmp_path / EXPLANATION_FILE)
    unmixed = {name: (tmp_path / name).read_bytes() == old[name] for name in DOSSIER}
    if len(set(unmixed.values())) > 1:
        # The page and the workbook of the new one stand beside the old penjelasan.json, which says so.
        assert {path.name for path in dossier.strangers(found, tmp_path / EXPLANATION_FILE)} <= {PAGE_FILE, SHEETS_FILE}
    assert run("verify", "--proof", tmp_path / EXPLANATION_FILE).exit_code == Exit.OK


def run_killed(kept: Path, place: int, file: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-c", KILLED_AT_RENAME, str(place), str(kept), "explain", str(file), "-o", str(folder)]
    return subprocess.run(arguments, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)


def test_a_full_disk_leaves_the_old_dossier(explained: tuple[Path, Path, Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = read_explanation(explained[1] / EXPLANATION_FILE)
    answers(monkeypatch, lambda given, options: kept)
    for path in explained[1].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    before = contents(tmp_path)

    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / EXPLANATION_FILE))

    monkeypatch.setattr(dossier, "write_explanation", full)
    failed = run("explain", explained[0], "-o", tmp_path)
    assert failed.exit_code == Exit.NO_PLAN_YET
    assert "penyimpanan penuh" in failed.stderr
    assert contents(tmp_path) == before


# --- a repair in place -------------------------------------------------------------------------------------------------------------------------


def test_a_recorded_repair_is_put_into_a_new_workbook(ipa_file: Path, tmp_path: Path) -> None:
    kept = recorded(ipa_file, tmp_path, repairs=(outside(),))
    before = ipa_file.read_bytes()
    said = run("explain", ipa_file, "--apply", 1, "-o", tmp_path / "baru.xlsx", "--from", kept)
    assert said.exit_code == Exit.OK, said.output
    # The third row of Guru below the header; JTM di Luar is its twelfth column.
    assert "  Guru!L4 JTM di Luar: 0 -> 16" in said.stdout.splitlines()
    assert "guru yang memenuhi 2 -> 3, JTM yang kurang 5 -> 0" in said.stdout
    assert read_workbook(tmp_path / "baru.xlsx")[0].teacher("G3").outside_jtm == 16
    assert ipa_file.read_bytes() == before


def test_without_a_record_the_repair_is_computed_anew(ipa_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, lambda given, options: of(given, Status.OPTIMAL, repairs=(outside(), outside("G2", 2))))
    assert run("explain", ipa_file, "--apply", 2, "-o", tmp_path / "baru.xlsx").exit_code == Exit.OK
    assert read_workbook(tmp_path / "baru.xlsx")[0].teacher("G2").outside_jtm == 16


def test_applying_a_real_repair_and_planning_again_gives_the_promised_numbers(explained: tuple[Path, Path, Result], tmp_path: Path) -> None:
    file, folder, _ = explained
    repair = read_explanation(folder / EXPLANATION_FILE).repairs[0]
    assert repair.proved
    assert run("explain", file, "--apply", 1, "-o", tmp_path / "baru.xlsx", "--from", folder / EXPLANATION_FILE).exit_code == Exit.OK
    told = json.loads(run("assign", tmp_path / "baru.xlsx", "-o", tmp_path / "plan.json", "--workers", 1, "--json").stdout)
    counted = [row for row in told["teachers"] if row["counted"]]
    assert sum(row["met"] for row in counted) == repair.valid_after
    assert sum(row["shortfall"] for row in counted) == repair.shortfall_after


def test_the_law_of_the_command_line_goes_into_the_new_workbook(ipa_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, lambda given, options: of(given, Status.OPTIMAL, repairs=(outside(),)))
    said = run("explain", ipa_file, "--set", "ttle_cap_jtm=5", "--apply", 1, "-o", tmp_path / "baru.xlsx")
    assert said.exit_code == Exit.OK, said.output
    assert dict(read_workbook(tmp_path / "baru.xlsx")[0].settings.overrides) == {"ttle_cap_jtm": "5"}


def test_a_workbook_that_the_asked_ruleset_cannot_read_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PP 74/2008 has no wali kelas; the row stands in the file's Tugas Tambahan."""
    given = ipa_case().instance
    write_workbook(replace(given, duties=(*given.duties, duty("wali_kelas", maximum=4))), tmp_path / "sekolah.xlsx")
    answers(monkeypatch, lambda given, options: of(given, Status.OPTIMAL, repairs=(outside(),)))
    wrong = run("explain", tmp_path / "sekolah.xlsx", "--policy", "pp74_2008", "--apply", 1, "-o", tmp_path / "baru.xlsx")
    assert wrong.exit_code == Exit.NOT_UNDERSTOOD, wrong.output
    assert "Tugas Tambahan!B5: " in wrong.stderr
    assert not (tmp_path / "baru.xlsx").exists()


def test_a_changed_workbook_has_no_recorded_repairs(ipa_file: Path, tmp_path: Path) -> None:
    kept = recorded(ipa_file, tmp_path, repairs=(outside(),))
    changed = ipa_case().instance
    write_workbook(replace(changed, teachers=tuple(replace(t, note="baru") for t in changed.teachers)), ipa_file)
    wrong = run("explain", ipa_file, "--apply", 1, "-o", tmp_path / "baru.xlsx", "--from", kept)
    assert wrong.exit_code == Exit.NOT_UNDERSTOOD
    assert "bukan untuk isi sekolah.xlsx yang sekarang" in wrong.stderr
    assert not (tmp_path / "baru.xlsx").exists()


def test_a_repair_of_another_ruleset_is_not_applied(ipa_file: Path, tmp_path: Path) -> None:
    kept = recorded(ipa_file, tmp_path, repairs=(outside(),))
    wrong = run("explain", ipa_file, "--apply", 1, "-o", tmp_path / "baru.xlsx", "--from", kept, "--policy", "pp74_2008")
    assert wrong.exit_code == Exit.NOT_UNDERSTOOD
    assert "dihitung dengan peraturan permendikdasmen11_2025, bukan pp74_2008" in wrong.stderr


def test_a_repair_that_is_not_there_is_said(ipa_file: Path, tmp_path: Path) -> None:
    kept = recorded(ipa_file, tmp_path, repairs=(outside(),))
    wrong = run("explain", ipa_file, "--apply", 4, "-o", tmp_path / "baru.xlsx", "--from", kept)
    assert wrong.exit_code == Exit.NOT_UNDERSTOOD
    assert "tidak ada perbaikan nomor 4; yang ada: 1" in wrong.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [("sekolah.xlsx", "adalah berkas yang dibaca"), ("ada.xlsx", "sudah ada dan tidak ditimpa"), ("baru.xls", "berakhiran .xlsx")],
)
def test_a_repair_is_written_over_nothing(name: str, words: str, ipa_file: Path, tmp_path: Path) -> None:
    (tmp_path / "ada.xlsx").write_text("milik orang lain", encoding="utf-8")
    kept = recorded(ipa_file, tmp_path, repairs=(outside(),))
    before = contents(tmp_path)
    refused = run("explain", ipa_file, "--apply", 1, "-o", tmp_path / name, "--from", kept)
    assert refused.exit_code == Exit.WRONG_USAGE
    assert words in refused.stderr
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--apply", "1"], "--apply memerlukan -o"),
        (["--from", "{file}"], "--from hanya dipakai bersama --apply"),
        (["--conflicts", "0"], "terlalu kecil"),
    ],
)
def test_wrong_usage_is_said_in_words(arguments: list[str], words: str, ipa_file: Path) -> None:
    wrong = run("explain", ipa_file, *(argument.format(file=ipa_file) for argument in arguments))
    assert wrong.exit_code == Exit.WRONG_USAGE
    assert words in wrong.stderr


def test_a_price_table_with_faults_is_not_understood(ipa_file: Path, tmp_path: Path) -> None:
    (tmp_path / "harga.toml").write_text("[teleportasi]\npoints = 1\n", encoding="utf-8")
    wrong = run("explain", ipa_file, "-o", tmp_path / "hasil", "--prices", tmp_path / "harga.toml")
    assert wrong.exit_code == Exit.NOT_UNDERSTOOD
    assert "teleportasi" in wrong.stderr


# --- verify --proof ----------------------------------------------------------------------------------------------------------------------------


def test_proofs_hold_by_arithmetic_and_against_the_workbook(explained: tuple[Path, Path, Result]) -> None:
    file, folder, _ = explained
    for more in ([], [file]):
        verified = run("verify", "--proof", folder / EXPLANATION_FILE, *more)
        assert verified.exit_code == Exit.OK, verified.output
        assert "[berlaku]" in verified.stdout
        assert "1 bukti dihitung ulang: berlaku." in verified.stdout


def test_a_changed_number_is_refused(explained: tuple[Path, Path, Result], tmp_path: Path) -> None:
    explanation = read_explanation(explained[1] / EXPLANATION_FILE)
    proof = next(proof for proof in explanation.proofs if proof.numbers)
    for place, number in enumerate(proof.numbers):
        numbers = (*proof.numbers[:place], replace(number, value=number.value + 1), *proof.numbers[place + 1 :])
        (tmp_path / "b.json").write_bytes(canonical(replace(proof, numbers=numbers)))
        verified = run("verify", "--proof", tmp_path / "b.json")
        assert verified.exit_code == Exit.REFUSED, number
        assert "[DITOLAK]" in verified.stdout
        told = json.loads(run("verify", "--proof", tmp_path / "b.json", "--json").stdout)
        assert [row["holds"] for row in told["proofs"]] == [False]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_fault_of_a_proof_has_its_words(lang: str) -> None:
    files = [*(ROOT / "scheduler" / "verify").glob("*.py"), ROOT / "scheduler" / "app" / "verify.py"]
    sources = [path.read_text(encoding="utf-8") for path in files]
    rules = {rule for source in sources for rule in re.findall(r'Fault\(\s*"(\w+)"', source)}
    assert {"wrong_number", "premise_not_so"} <= rules
    assert [rule for rule in sorted(rules) if not Text(lang).has(f"cli.fault_{rule}")] == []


def test_a_workbook_of_which_a_premise_is_no_longer_true_is_refused(explained: tuple[Path, Path, Result], tmp_path: Path) -> None:
    instance = ipa_case().instance
    write_workbook(replace(instance, structure=tuple(replace(row, intra_jp=6) for row in instance.structure)), tmp_path / "lain.xlsx")
    verified = run("verify", "--proof", explained[1] / EXPLANATION_FILE, tmp_path / "lain.xlsx")
    assert verified.exit_code == Exit.REFUSED, verified.output
    assert "sudah berubah" in verified.stdout


def test_a_page_of_another_dossier_is_named(explained: tuple[Path, Path, Result], tmp_path: Path) -> None:
    (tmp_path / EXPLANATION_FILE).write_bytes((explained[1] / EXPLANATION_FILE).read_bytes())
    (tmp_path / PAGE_FILE).write_text("halaman lain", encoding="utf-8")
    assert f"{tmp_path / PAGE_FILE} bukan dari penjelasan yang sama" in run("verify", "--proof", tmp_path / EXPLANATION_FILE).stdout


def test_verifying_proofs_loads_no_solver(explained: tuple[Path, Path, Result]) -> None:
    file, folder, _ = explained
    assert not modules_after("verify", "--proof", str(folder / EXPLANATION_FILE)) & {"ortools", "pandas", "openpyxl"}
    assert not modules_after("verify", "--proof", str(folder / EXPLANATION_FILE), str(file)) & {"ortools", "pandas"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [([], "FILE belum diisi"), (["{file}"], "PLAN.json belum diisi"), (["{file}", "{file}", "--proof", "{file}"], "--proof memeriksa satu berkas")],
)
def test_verify_without_what_it_needs_is_wrong_usage(arguments: list[str], words: str, ipa_file: Path) -> None:
    wrong = run("verify", *(argument.format(file=ipa_file) for argument in arguments))
    assert wrong.exit_code == Exit.WRONG_USAGE
    assert words in wrong.stderr


def test_another_file_in_the_place_of_a_proof_is_named_as_such(ipa_file: Path) -> None:
    wrong = run("verify", "--proof", ipa_file)
    assert wrong.exit_code == Exit.NOT_UNDERSTOOD
    assert "yang diperlukan di sini adalah penjelasan.json" in wrong.stderr


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_the_proof_of_the_shipped_school(lang: str) -> None:
    """If this fails: ``python -m scheduler.cli.reference docs``."""
    page = (ROOT / "docs" / PROOF_PAGES[lang]).read_text(encoding="utf-8")
    assert "40 JP" in page
    assert with_proof(page, lang) == page


# --- the other commands point to it ------------------------------------------------------------------------------------------------------------


def test_the_other_commands_point_to_explain_where_somebody_stays_below(ipa_file: Path, tmp_path: Path) -> None:
    hint = f"scheduler explain {ipa_file}"
    assert hint in run("assign", ipa_file, "-o", tmp_path / "plan.json", "--workers", 1).stdout
    assert hint not in run("assign", ipa_file, "-o", tmp_path / "plan.json", "--workers", 1, "--set", "min_jtm=8").stdout
