"""The command line: help, exit codes, languages, and an ending in words whatever happens."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import scheduler.app.source
import scheduler.planning
from scheduler.app.exits import Exit
from scheduler.app.plan_files import FALLBACK_FOLDER, PLAN_FILE, WITHOUT_WEEK_FOLDER, WORKBOOK_FILE
from scheduler.cli.commands import build
from scheduler.cli.progress import ProgressPrinter
from scheduler.cli.reference import FILES, reference
from scheduler.cli.speaking import language
from scheduler.domain.plan import WEEK_LEVELS, WEEK_WISHES, WORKLOAD_LEVELS, Plan, PlanStatus, Status, TeacherLoad
from scheduler.domain.solving import Progress, SolveOptions
from scheduler.formats.json import read_plan, write_instance, write_plan
from scheduler.policy.case import Case
from scheduler.report.text import LANGUAGES, Text
from tests.build import case, school, small_case, teacher, week

ROOT = Path(__file__).parents[1]
HEAVY = ("ortools", "pandas", "numpy", "openpyxl", "pydantic")


@pytest.fixture
def crowded_file(tmp_path: Path) -> Path:
    """A school with 12 JP in a week of 10 periods."""
    path = tmp_path / "penuh.json"
    write_instance(small_case(jp=8).instance, path)
    return path


def run(*arguments: object, lang: str = "id") -> Result:
    return CliRunner().invoke(build(lang), [str(argument) for argument in arguments])


def all_commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from all_commands(command, (*path, name))


COMMANDS = [path for path, _ in all_commands(build("id"))]


# --- help and languages ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help_and_an_example(path: tuple[str, ...], lang: str) -> None:
    shown = run(*path, "--help", lang=lang)
    text = Text(lang)
    assert shown.exit_code == Exit.OK
    assert text.say("cli.example") in shown.output
    assert f"scheduler {' '.join(path)}" in shown.output.split(text.say("cli.example"))[1]
    assert text.say(f"cli.{'_'.join(path)}_help").split()[0] in shown.output


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_option_has_help(lang: str) -> None:
    options = [(path, option) for path, command in all_commands(build(lang)) for option in command.params if isinstance(option, click.Option)]
    assert [(path, option.opts) for path, option in options if not option.help] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reference_page_is_that_of_the_commands(lang: str) -> None:
    """If this fails: ``python -m scheduler.cli.reference docs``."""
    assert (ROOT / "docs" / FILES[lang]).read_text(encoding="utf-8") == reference(lang)


def test_the_language_is_the_options_before_the_environments() -> None:
    assert language([], {}) == "id"
    assert language([], {"SCHEDULER_LANG": "en"}) == "en"
    assert language(["plan", "--lang", "id"], {"SCHEDULER_LANG": "en"}) == "id"
    assert language(["--lang=en", "plan"], {}) == "en"
    assert language(["--lang"], {"SCHEDULER_LANG": "jv"}) == "id"


def test_without_a_command_the_help_is_shown() -> None:
    shown = run()
    assert shown.exit_code == Exit.OK
    assert "policies" in shown.output


# --- speed -------------------------------------------------------------------------------------------------------------------------------------


TELL_MODULES = """
import sys
from scheduler.cli import main
try:
    main()
except SystemExit:
    print("MODULES", *{module.split(".")[0] for module in sys.modules})
"""


def modules_after(*arguments: str) -> set[str]:
    """Top-level modules that a command has imported when it ends, in a Python of its own."""
    done = subprocess.run([sys.executable, "-c", TELL_MODULES, *arguments], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split("MODULES")[1].split())


@pytest.mark.parametrize("arguments", [("--help",), ("plan", "--help")], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert modules_after(*arguments) & set(HEAVY) == set()


def test_check_and_verify_load_no_solver(school_file: Path, tmp_path: Path) -> None:
    run("assign", school_file, "-o", tmp_path / "plan.json")
    assert not modules_after("check", str(school_file)) & {"ortools", "pandas"}
    assert not modules_after("verify", str(school_file), str(tmp_path / "plan.json")) & {"ortools", "pandas"}


@pytest.mark.skipif(sys.platform == "win32", reason="processor time of a child process")
def test_help_takes_less_than_four_tenths_of_a_second() -> None:
    """Of processor time, the best of three: the clock on the wall would measure what else the machine is doing."""
    import resource

    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "scheduler", "--help"], capture_output=True, check=True, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < 0.4


# --- wrong usage (2) ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["rencana"], "Perintah rencana tidak dikenal"),
        (["plan"], "FILE belum diisi"),
        (["plan", "tidak-ada.xlsx"], "berkas tidak-ada.xlsx tidak ada"),
        (["check", "--rahasia"], "Pilihan --rahasia tidak dikenal"),
        (["check", __file__, "--set", "min_jtm"], "min_jtm bukan bentuk KUNCI=NILAI"),
        (["plan", __file__, "--workers", "0"], "0 terlalu kecil"),
        (["plan", __file__, "--time-limit", "lama"], "lama bukan bilangan"),
        (["template", "baru.xlsx"], "--rombel belum diisi"),
        (["template", "baru.xlsx", "--rombel", "7=3,7=2"], "7=3,7=2 bukan bentuk"),
        (["template", __file__, "--rombel", "7=3"], "sudah ada dan tidak ditimpa"),
        (["template", "baru.xlsx", "--rombel", "7=3,8=0"], "tingkat 8 ditulis tanpa rombel"),
        (["template", "baru.xlsx", "--rombel", "7=12,8=11,9=11"], "34 rombel terlalu banyak untuk satu sekolah; paling banyak 33"),
        (["template", "baru.xls", "--rombel", "7=3"], "beri nama yang berakhiran .xlsx"),
        (["template", "baru", "--rombel", "7=3"], "beri nama yang berakhiran .xlsx"),
        (["template", str(ROOT / "tests"), "--rombel", "7=3"], "adalah folder"),
        (["plan", str(ROOT / "tests")], "adalah folder"),
        (["assign", __file__], "-o belum diisi"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_wrong_usage_is_said_in_words(arguments: Sequence[str], sentence: str) -> None:
    wrong = run(*arguments)
    assert wrong.exit_code == Exit.WRONG_USAGE
    assert sentence in wrong.stderr
    assert "--help" in wrong.stderr


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("sekolah.json", None, "adalah berkas yang dibaca"),
        ("hasil.xlsx", None, "berakhiran .json"),
        ("hasil", None, "berakhiran .json"),
        ("lama.json", "{}", "bukan plan.json"),
        ("catatan.json", "daftar belanja", "bukan plan.json"),
    ],
)
def test_assign_writes_over_nothing_but_a_plan(
    name: str, content: str | None, sentence: str, school_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = school_file.parent / name
    if content is not None:
        out.write_text(content, encoding="utf-8")
    before = out.read_bytes() if out.exists() else None
    monkeypatch.setattr(scheduler.planning, "make_plan", lambda *given, **named: pytest.fail("solved before the place was looked at"))
    refused = run("assign", school_file, "-o", out)
    assert refused.exit_code == Exit.WRONG_USAGE
    assert sentence in refused.stderr
    assert (out.read_bytes() if out.exists() else None) == before


def test_assign_writes_into_no_folder(school_file: Path, tmp_path: Path) -> None:
    refused = run("assign", school_file, "-o", tmp_path)
    assert refused.exit_code == Exit.WRONG_USAGE
    assert "adalah folder" in refused.stderr


def test_assign_replaces_its_own_earlier_plan(school_file: Path, tmp_path: Path) -> None:
    assert [run("assign", school_file, "-o", tmp_path / "plan.json").exit_code for _ in range(2)] == [Exit.OK, Exit.OK]


@pytest.mark.parametrize("name", [PLAN_FILE, WORKBOOK_FILE])
def test_plan_does_not_write_over_the_file_that_it_reads(name: str, tmp_path: Path) -> None:
    source = tmp_path / name
    write_instance(small_case().instance, source)
    before = source.read_bytes()
    refused = run("plan", source, "-o", tmp_path)
    assert refused.exit_code == Exit.WRONG_USAGE
    assert "adalah berkas yang dibaca" in refused.stderr
    assert source.read_bytes() == before


def test_a_link_to_the_input_is_the_input(school_file: Path, tmp_path: Path) -> None:
    link = tmp_path / "hasil.json"
    try:
        link.symlink_to(school_file)
    except OSError:
        pytest.skip("no links on this system")
    assert run("assign", school_file, "-o", link).exit_code == Exit.WRONG_USAGE


# --- files that cannot be understood (65) ------------------------------------------------------------------------------------------------------


def test_a_broken_file_is_not_understood(tmp_path: Path) -> None:
    broken = tmp_path / "rusak.json"
    broken.write_text("{", encoding="utf-8")
    wrong = run("check", broken)
    assert (wrong.exit_code, wrong.stdout) == (Exit.NOT_UNDERSTOOD, "")
    assert "rusak.json" in wrong.stderr


def test_problems_come_as_data_where_json_is_asked_for(tmp_path: Path) -> None:
    broken = tmp_path / "rusak.json"
    broken.write_text("{", encoding="utf-8")
    told = json.loads(run("check", broken, "--json").stdout)
    assert told["exit_code"] == Exit.NOT_UNDERSTOOD
    assert [problem["kind"] for problem in told["problems"]] == ["json_broken"]


def test_a_grade_that_the_curriculum_lacks_is_said_without_a_file(tmp_path: Path) -> None:
    wrong = run("template", tmp_path / "baru.xlsx", "--rombel", "10=3")
    assert wrong.exit_code == Exit.NOT_UNDERSTOOD
    heading, line = wrong.stderr.splitlines()
    assert heading == "Yang diminta tidak dapat dikerjakan:"
    assert line.startswith("  --rombel: kurikulum")


def test_one_thing_is_not_called_things(tmp_path: Path) -> None:
    broken = tmp_path / "rusak.json"
    broken.write_text("{", encoding="utf-8")
    assert "1 thing in rusak.json" in run("check", broken, lang="en").stderr


@pytest.mark.parametrize("arguments", [["verify", "{file}", "{other}"], ["plan", "{file}", "--from", "{other}"]], ids=lambda a: a[0])
@pytest.mark.parametrize("content", [b"PK\x03\x04\xff\xfe", b'{"settings": {}}'], ids=["workbook", "instance"])
def test_another_file_in_the_place_of_a_plan_is_named_as_such(content: bytes, arguments: list[str], school_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "lain"
    other.write_bytes(content)
    wrong = run(*(argument.format(file=school_file, other=other) for argument in arguments))
    assert wrong.exit_code == Exit.NOT_UNDERSTOOD
    assert "yang diperlukan di sini adalah plan.json" in wrong.stderr


def test_a_plan_in_the_place_of_the_workbook_is_named_as_such(school_file: Path, tmp_path: Path) -> None:
    run("assign", school_file, "-o", tmp_path / "plan.json")
    wrong = run("check", tmp_path / "plan.json")
    assert wrong.exit_code == Exit.NOT_UNDERSTOOD
    assert "yang diperlukan di sini adalah buku kerja sekolah" in wrong.stderr
    assert len(wrong.stderr.splitlines()) == 2


def test_a_school_without_teachers_is_not_planned(tmp_path: Path) -> None:
    path = tmp_path / "kosong.json"
    write_instance(replace(small_case().instance, teachers=()), path)
    wrong = run("check", path)
    assert wrong.exit_code == Exit.NOT_UNDERSTOOD
    assert 'teachers: lembar "Guru" belum ada isinya' in wrong.stderr


def test_an_unknown_ruleset_is_not_understood(school_file: Path) -> None:
    wrong = run("check", school_file, "--policy", "permendikdasmen11_2026")
    assert wrong.exit_code == Exit.NOT_UNDERSTOOD
    assert "permendikdasmen11_2025" in wrong.stderr


def test_an_unknown_number_is_not_understood(school_file: Path) -> None:
    assert run("check", school_file, "--set", "min_jtn=20").exit_code == Exit.NOT_UNDERSTOOD


# --- counting (0 and 66) -----------------------------------------------------------------------------------------------------------------------


def test_check_counts_and_ends_well(school_file: Path) -> None:
    checked = run("check", school_file)
    assert checked.exit_code == Exit.OK
    # 2 classes × 4 JP of each subject.
    assert "Guru linier" in checked.stdout


def test_hours_above_the_grid_are_impossible_with_the_sum(crowded_file: Path) -> None:
    checked = run("check", crowded_file)
    assert checked.exit_code == Exit.IMPOSSIBLE
    assert "12 JP untuk kelas 7A (SMP 1), seminggu hanya 10 jam" in checked.stdout


def test_plan_stops_where_counting_proves_that_there_is_none(crowded_file: Path, tmp_path: Path) -> None:
    planned = run("plan", crowded_file, "-o", tmp_path / "hasil")
    assert planned.exit_code == Exit.IMPOSSIBLE
    assert not (tmp_path / "hasil").exists()


def test_assign_goes_on_where_only_the_week_is_impossible(crowded_file: Path, tmp_path: Path) -> None:
    assigned = run("assign", crowded_file, "-o", tmp_path / "plan.json")
    assert assigned.exit_code == Exit.OK
    assert "seminggu hanya 10 jam" in assigned.stdout
    assert read_plan(tmp_path / "plan.json").status.timetable is Status.UNKNOWN


def test_check_as_data_has_findings_and_supply(crowded_file: Path) -> None:
    told = json.loads(run("check", crowded_file, "--json").stdout)
    assert (told["exit_code"], told["findings"][0]["kind"]) == (Exit.IMPOSSIBLE, "class_hours_exceed_grid")
    assert [row["jp"] for row in told["supply"]["subjects"]] == [16, 8]


# --- plans -------------------------------------------------------------------------------------------------------------------------------------


def test_plan_writes_a_pair_that_verify_accepts(school_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hasil"
    planned = run("plan", school_file, "-o", folder, "--workers", 1)
    assert planned.exit_code == Exit.OK, planned.output
    assert sorted(path.name for path in folder.iterdir()) == [PLAN_FILE, WORKBOOK_FILE]
    # 2 classes × 8 JP, all placed.
    assert sum(lesson.length for lesson in read_plan(folder / PLAN_FILE).lessons) == 16
    verified = run("verify", school_file, folder / PLAN_FILE)
    assert verified.exit_code == Exit.OK, verified.output
    assert "0 pelanggaran" in verified.stdout
    assert "adalah pasangan" in verified.stdout


def test_strict_ends_with_ten_where_a_teacher_stays_below(school_file: Path, tmp_path: Path) -> None:
    # 8 JP each for two certified teachers: far below 24.
    assert run("plan", school_file, "-o", tmp_path, "--strict").exit_code == Exit.BELOW_MINIMUM
    assert run("verify", school_file, tmp_path / PLAN_FILE, "--strict").exit_code == Exit.BELOW_MINIMUM


def test_the_ruleset_and_numbers_of_the_command_line_stand_in_the_plan(school_file: Path, tmp_path: Path) -> None:
    run("assign", school_file, "-o", tmp_path / "plan.json", "--policy", "pp74_2008", "--set", "min_jtm=8")
    plan = read_plan(tmp_path / "plan.json")
    assert (plan.policy.id, plan.policy.overrides) == ("pp74_2008", {"min_jtm": "8"})
    # Verified under the plan's own law: with a minimum of 8 both teachers are valid, under the workbook's 24 none is.
    verified = run("verify", school_file, tmp_path / "plan.json", "--strict")
    assert verified.exit_code == Exit.OK
    assert "sudah berubah" not in verified.stdout


def test_a_plan_under_a_ruleset_of_ones_own_is_verified_under_it(school_file: Path, tmp_path: Path) -> None:
    own = tmp_path / "sendiri.toml"
    shipped = (ROOT / "scheduler" / "policy" / "rulesets" / "pp74_2008.toml").read_text(encoding="utf-8")
    own.write_text(shipped.replace('id = "pp74_2008"', 'id = "sendiri"', 1), encoding="utf-8")
    assert run("assign", school_file, "-o", tmp_path / "plan.json", "--policy", own).exit_code == Exit.OK
    assert run("verify", school_file, tmp_path / "plan.json", "--policy", own).exit_code == Exit.OK
    unknown = run("verify", school_file, tmp_path / "plan.json")
    assert unknown.exit_code == Exit.NOT_UNDERSTOOD
    assert "sendiri" in unknown.stderr


def test_planning_again_from_a_plan_keeps_it(school_file: Path, tmp_path: Path) -> None:
    run("plan", school_file, "-o", tmp_path / "satu")
    again = run("plan", school_file, "-o", tmp_path / "dua", "--from", tmp_path / "satu" / PLAN_FILE)
    assert again.exit_code == Exit.OK, again.output
    changes = next(level for level in read_plan(tmp_path / "dua" / PLAN_FILE).levels if level.name == "changes")
    assert changes.value == 0


def test_plan_as_data_has_levels_and_files(school_file: Path, tmp_path: Path) -> None:
    told = json.loads(run("plan", school_file, "-o", tmp_path / "hasil", "--json").stdout)
    assert told["exit_code"] == Exit.OK
    assert [Path(file).name for file in told["files"]] == [PLAN_FILE, WORKBOOK_FILE]
    assert told["levels"][0]["name"] == "uncovered_jp"


def test_a_changed_workbook_is_noted(school_file: Path, tmp_path: Path) -> None:
    run("assign", school_file, "-o", tmp_path / "plan.json")
    changed = small_case().instance
    write_instance(replace(changed, teachers=tuple(replace(t, note="baru") for t in changed.teachers)), school_file)
    verified = run("verify", school_file, tmp_path / "plan.json")
    assert verified.exit_code == Exit.OK
    assert "sudah berubah" in verified.stdout


def test_a_plan_that_breaks_a_rule_is_refused_by_verify(school_file: Path, tmp_path: Path) -> None:
    run("assign", school_file, "-o", tmp_path / "plan.json")
    plan = read_plan(tmp_path / "plan.json")
    wrong = tuple(replace(a, teacher="B") if a.subject == "ipa" else a for a in plan.assignments)
    write_plan(replace(plan, assignments=wrong), tmp_path / "plan.json")
    verified = run("verify", school_file, tmp_path / "plan.json")
    assert verified.exit_code == Exit.REFUSED
    assert "B tidak boleh mengajar" in verified.stdout
    assert not [line for line in verified.stdout.splitlines() if re.search(r"[a-z]_[a-z]", line.replace(str(tmp_path), "").split("Peraturan:")[0])]
    told = json.loads(run("verify", school_file, tmp_path / "plan.json", "--json").stdout)
    assert "qualified_teacher" in {violation["rule"] for violation in told["violations"]}


def test_a_plan_of_another_school_is_one_sentence(school_file: Path, tmp_path: Path) -> None:
    run("assign", school_file, "-o", tmp_path / "plan.json")
    other = tmp_path / "lain.json"
    write_instance(case({"matematika": 4}, [teacher("A", "matematika")], {8: 2}, slots=week((2, 2, 2, 2, 2))).instance, other)
    wrong = run("verify", other, tmp_path / "plan.json")
    assert (wrong.exit_code, wrong.stdout) == (Exit.NOT_UNDERSTOOD, "")
    # All 4 lessons of the plan (2 classes x 2 subjects) are unknown there.
    assert "bukan untuk lain.json: 4 dari 4" in wrong.stderr
    assert len(wrong.stderr.splitlines()) == 2


@pytest.mark.parametrize(("part", "words"), [("teachers", "daftar beban guru"), ("levels", "daftar sasaran")])
def test_a_plan_file_without_what_it_comes_to_is_refused(part: str, words: str, school_file: Path, tmp_path: Path) -> None:
    run("assign", school_file, "-o", tmp_path / "plan.json")
    write_plan(replace(read_plan(tmp_path / "plan.json"), **{part: ()}), tmp_path / "plan.json")  # type: ignore[arg-type]
    verified = run("verify", school_file, tmp_path / "plan.json")
    assert verified.exit_code == Exit.REFUSED
    assert words in verified.stdout
    assert "1 pelanggaran:" in verified.stdout


def test_a_number_that_does_not_agree_is_told_in_words(school_file: Path, tmp_path: Path) -> None:
    run("assign", school_file, "-o", tmp_path / "plan.json")
    plan = read_plan(tmp_path / "plan.json")
    levels = tuple(replace(level, value=9, bound=9) if level.name == "spread_jp" else level for level in plan.levels)
    write_plan(replace(plan, levels=levels), tmp_path / "plan.json")
    # Both teachers have 8 JP: no spread.
    expected = "Rencana mencatat nilai dari selisih jam terbanyak dan tersedikit di tiap sekolah = 9, hasil hitung ulang = 0."
    assert expected in run("verify", school_file, tmp_path / "plan.json").stdout


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_of_a_plan_that_is_compared_has_its_words(lang: str) -> None:
    compared = [field.name for field in fields(TeacherLoad) if field.name != "teacher"] + ["value", "bound", "proved", "counted_jtm", "open_needs"]
    assert [name for name in compared if not Text(lang).has(f"cli.field_{name}")] == []


def test_a_mixed_pair_is_named_as_such(school_file: Path, tmp_path: Path) -> None:
    run("plan", school_file, "-o", tmp_path / "satu")
    run("plan", school_file, "-o", tmp_path / "dua", "--set", "min_jtm=8")
    (tmp_path / "dua" / WORKBOOK_FILE).replace(tmp_path / "satu" / WORKBOOK_FILE)
    verified = run("verify", school_file, tmp_path / "satu" / PLAN_FILE)
    assert verified.exit_code == Exit.NOT_UNDERSTOOD
    assert "BUKAN pasangan" in verified.stdout


def test_a_missing_workbook_is_said(school_file: Path, tmp_path: Path) -> None:
    run("plan", school_file, "-o", tmp_path / "satu")
    (tmp_path / "satu" / WORKBOOK_FILE).unlink()
    verified = run("verify", school_file, tmp_path / "satu" / PLAN_FILE)
    assert verified.exit_code == Exit.OK
    assert "tidak ada di sebelahnya" in verified.stdout


# --- no plan, and what must not happen ---------------------------------------------------------------------------------------------------------


def returns(monkeypatch: pytest.MonkeyPatch, change: object) -> None:
    """Let planning return the plan it makes, changed."""
    make_plan = scheduler.planning.make_plan
    monkeypatch.setattr(scheduler.planning, "make_plan", lambda *given, **named: change(make_plan(*given, **named)))  # type: ignore[operator]


def test_time_running_out_is_not_called_impossible(school_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    returns(monkeypatch, lambda plan: replace(plan, status=PlanStatus(Status.UNKNOWN, Status.UNKNOWN), assignments=(), duties=(), lessons=()))
    planned = run("plan", school_file, "-o", tmp_path / "hasil")
    assert planned.exit_code == Exit.NO_PLAN_YET
    assert "bukan bukti bahwa rencana mustahil" in planned.stdout
    assert list((tmp_path / "hasil").iterdir()) == []


def test_a_workload_without_a_week_is_kept_and_ends_with_75(school_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    returns(monkeypatch, without_week)
    planned = run("plan", school_file, "-o", tmp_path)
    assert planned.exit_code == Exit.NO_PLAN_YET, planned.output
    kept = read_plan(tmp_path / PLAN_FILE)
    assert (kept.status.timetable, len(kept.assignments)) == (Status.UNKNOWN, 4)
    assert run("verify", school_file, tmp_path / PLAN_FILE).exit_code == Exit.OK


def without_week(plan: Plan) -> Plan:
    levels = tuple(level for level in plan.levels if level.name not in WEEK_LEVELS)
    return replace(plan, status=PlanStatus(plan.status.workload, Status.UNKNOWN), lessons=(), levels=levels)


def test_a_plan_without_a_week_does_not_replace_one_that_has_it(school_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "hasil"
    run("plan", school_file, "-o", folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    returns(monkeypatch, without_week)
    for _ in range(2):
        planned = run("plan", school_file, "-o", folder)
        assert planned.exit_code == Exit.NO_PLAN_YET, planned.output
        assert "sudah berjadwal dan tidak diganti" in planned.stdout
        assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert sorted(path.name for path in (folder / WITHOUT_WEEK_FOLDER).iterdir()) == [PLAN_FILE, WORKBOOK_FILE]
    assert run("verify", school_file, folder / WITHOUT_WEEK_FOLDER / PLAN_FILE).exit_code == Exit.OK


def test_who_stopped_the_week_is_not_told_to_give_more_time(school_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_plan = scheduler.planning.make_plan

    def stopped(given: Case, options: SolveOptions, *others: object, **named: object) -> Plan:
        plan = make_plan(given, options, *others, **named)  # type: ignore[arg-type]
        options.stop.set()
        return without_week(plan)

    monkeypatch.setattr(scheduler.planning, "make_plan", stopped)
    planned = run("plan", school_file, "-o", tmp_path / "hasil")
    assert planned.exit_code == Exit.NO_PLAN_YET
    assert "belum tersusun karena dihentikan" in planned.stdout
    assert "--time-limit" not in planned.stdout


def test_hours_without_a_teacher_are_said_first(tmp_path: Path) -> None:
    path = tmp_path / "kurang.json"
    write_instance(case({"ipa": 4, "ips": 4}, [teacher("A", "ipa")], {7: 2}, slots=week((2, 2, 2, 2, 2))).instance, path)
    told = run("assign", path, "-o", tmp_path / "plan.json").stdout
    # Nobody teaches IPS: 2 classes x 4 JP.
    assert "PERHATIAN: 8 JP wajib belum ada gurunya." in told
    assert told.index("PERHATIAN") < told.index("Pembagian tugas:")


def test_the_sum_of_a_teacher_below_stands_in_the_terminal_as_in_ringkasan(school_file: Path, tmp_path: Path) -> None:
    told = run("assign", school_file, "-o", tmp_path / "plan.json").stdout
    load = next(load for load in read_plan(tmp_path / "plan.json").teachers if load.teacher == "A")
    assert f"  A Guru A: {load.linear_jtm} linier" in told
    assert f"= {load.recognised_jtm} dari 24." in told


def test_columns_of_the_workload_add_up(school_file: Path, tmp_path: Path) -> None:
    told = run("assign", school_file, "-o", tmp_path / "plan.json").stdout.splitlines()
    heading = next(line for line in told if "Linier" in line)
    assert heading.split()[2:6] == ["Mengajar", "Linier", "Tugas", "Guru"]
    row = next(line for line in told if re.match(r"  A  +Guru A ", line))
    _, linear, duties, wali, recognised = (int(cell) for cell in row.split()[3:8])
    assert linear + duties + wali == recognised


def test_names_with_line_breaks_and_long_ones_keep_their_line(tmp_path: Path) -> None:
    path = tmp_path / "panjang.json"
    teachers = [teacher("A", "ipa", name="Ani\n\tSari"), teacher("B", "ips", name="Budi " * 20)]
    written = case({"ipa": 4, "ips": 4}, teachers, {7: 2}, slots=week((2, 2, 2, 2, 2)), schools=(school(name="SMP\nSatu"),))
    write_instance(written.instance, path)
    told = run("assign", path, "-o", tmp_path / "plan.json").stdout
    assert "Ani Sari" in told
    assert "..." in told
    assert "Budi " * 8 not in told


def test_control_characters_in_names_are_refused_and_never_reach_the_screen(tmp_path: Path) -> None:
    path = tmp_path / "kendali.json"
    schools = (school(name="SMP \x1b[31mSatu"),)
    write_instance(case({"ipa": 4}, [teacher("A", "ipa")], {7: 1}, schools=schools).instance, path)
    ran = run("check", path)
    assert ran.exit_code == 65
    assert "schools[0].name" in ran.output
    assert "\x1b" not in ran.output


def test_proved_impossible_by_the_models_ends_with_66(school_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    returns(monkeypatch, lambda plan: replace(plan, status=PlanStatus(Status.INFEASIBLE, Status.UNKNOWN), assignments=(), duties=(), lessons=()))
    planned = run("plan", school_file, "-o", tmp_path / "hasil")
    assert planned.exit_code == Exit.IMPOSSIBLE
    assert "Terbukti" in planned.stdout


def test_a_plan_that_our_checker_refuses_is_kept_aside_and_not_shown(school_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    returns(monkeypatch, lambda plan: replace(plan, lessons=plan.lessons[1:]))
    planned = run("plan", school_file, "-o", tmp_path / "hasil")
    assert planned.exit_code == Exit.REFUSED
    assert "JP ada di jadwal" in planned.stdout
    assert "memenuhi beban kerja" not in planned.stdout
    assert [path.name for path in (tmp_path / "hasil").iterdir()] == ["plan.ditolak.json"]


def test_an_error_of_ours_ends_in_a_sentence(school_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(scheduler.app.source, "load_law", lambda *given: 1 / 0)
    failed = run("check", school_file)
    assert (failed.exit_code, failed.stdout) == (Exit.REFUSED, "")
    assert "ZeroDivisionError" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert not (tmp_path / "scheduler-debug.log").exists()


def test_debug_writes_the_details_of_an_error(school_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(scheduler.app.source, "load_law", lambda *given: 1 / 0)
    failed = run("check", school_file, "--debug")
    assert "scheduler-debug.log" in failed.stderr
    assert "Traceback" in (tmp_path / "scheduler-debug.log").read_text(encoding="utf-8")


def test_a_folder_that_is_a_file_is_said_before_computing(school_file: Path) -> None:
    planned = run("plan", school_file, "-o", school_file)
    assert planned.exit_code == Exit.NO_PLAN_YET
    assert "itu berkas, bukan folder" in planned.stderr


@pytest.mark.parametrize(
    ("command", "solver"),
    [
        (("plan",), "scheduler.planning.make_plan"),
        (("explain",), "scheduler.diagnose.explain.explain"),
        (("redistribute", "--make", "1"), "scheduler.diagnose.transfers.redistribute"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_folder_that_cannot_be_written_is_said_before_computing(
    command: tuple[str, ...], solver: str, school_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(dir: Path) -> None:
        raise PermissionError(13, "read only", str(dir / "tmp1"))

    monkeypatch.setattr("scheduler.app.outputs.tempfile.TemporaryFile", refuse)
    monkeypatch.setattr(solver, lambda *given, **named: pytest.fail("solved before the place was looked at"))
    refused = run(*command, school_file, "-o", tmp_path / "out")
    assert refused.exit_code == Exit.NO_PLAN_YET
    assert str(tmp_path / "out") in refused.stderr
    assert "tmp1" not in refused.stderr


def test_a_workbook_open_in_excel_loses_nothing(school_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace a file that another program has open."""
    run("plan", school_file, "-o", tmp_path)
    old = (tmp_path / WORKBOOK_FILE).read_bytes()
    replace_file = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if Path(target) == (tmp_path / WORKBOOK_FILE).resolve():
            raise PermissionError(13, "used by another process", str(path), None, str(target))
        return replace_file(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    planned = run("plan", school_file, "-o", tmp_path, "--set", "min_jtm=8")
    assert planned.exit_code == Exit.OK, planned.output
    assert (tmp_path / WORKBOOK_FILE).read_bytes() == old
    assert sorted(path.name for path in (tmp_path / FALLBACK_FOLDER).iterdir()) == [PLAN_FILE, WORKBOOK_FILE]
    assert "sedang dibuka program lain" in planned.stdout
    assert run("verify", school_file, tmp_path / PLAN_FILE).exit_code == Exit.OK


# --- the other commands ------------------------------------------------------------------------------------------------------------------------


def test_policies_lists_the_rulesets_with_the_default() -> None:
    listed = run("policies")
    assert listed.exit_code == Exit.OK
    assert "permendikdasmen11_2025" in listed.stdout
    assert "(baku)" in listed.stdout
    assert len(json.loads(run("policies", "--json").stdout)["policies"]) == 5


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("policy", [p["id"] for p in json.loads(run("policies", "--json").stdout)["policies"]])
def test_policies_show_has_every_number_with_its_article(policy: str, lang: str) -> None:
    shown = run("policies", "show", policy, lang=lang)
    assert shown.exit_code == Exit.OK
    numbers = json.loads(run("policies", "show", policy, "--json").stdout)["numbers"]
    assert len(numbers) > 25
    assert all(f"  {row['key']} = " in shown.stdout and row["source"]["article"] in shown.stdout for row in numbers)


def test_a_replaced_number_is_marked_as_such() -> None:
    shown = run("policies", "show", "pp74_2008", "--set", "min_jtm=20").stdout
    assert "min_jtm = 20  [diganti]" in shown
    assert "      di peraturan: 24\n" in shown
    assert "\n      24\n" not in shown


def test_policies_show_ends_with_linearity_and_curricula() -> None:
    shown = run("policies", "show", "permendikdasmen11_2025").stdout
    rows = shown.split("Tabel linieritas")[1]
    described = json.loads(run("policies", "show", "permendikdasmen11_2025", "--json").stdout)["linearity"]
    # Every row is one "subject [confidence]".
    assert len(re.findall(r"\[[ABC]\]", rows)) == len(described["rows"]) + len(described["switched_off"])
    assert "merdeka_smp_2025:" in rows
    assert "tingkat 7: " in rows


def test_personal_duties_are_not_said_to_be_one_a_school() -> None:
    shown = run("policies", "show", "permendikdasmen11_2025").stdout
    (line,) = (line for line in shown.splitlines() if line.startswith("  organisasi_nasional:"))
    assert "hanya bila disebut di buku kerja" in line


def test_template_makes_a_workbook_that_check_reads(tmp_path: Path) -> None:
    book = tmp_path / "sekolah.xlsx"
    assert run("template", book, "--rombel", "7=3,8=3,9=2").exit_code == Exit.OK
    assert run("check", book).exit_code in (Exit.OK, Exit.IMPOSSIBLE)


def test_the_demo_is_the_shipped_school() -> None:
    shipped = ROOT / "scheduler" / "demo" / "sekolah.xlsx"
    assert shipped.read_bytes() == (ROOT / "instances" / "taman-rajo" / "sekolah.xlsx").read_bytes()


def test_python_can_run_the_package_itself() -> None:
    environment = {**os.environ, "SCHEDULER_LANG": "en"}
    done = subprocess.run([sys.executable, "-m", "scheduler", "--help"], capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    assert "Usage: scheduler" in done.stdout


# --- progress ----------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("level", [*WORKLOAD_LEVELS, *WEEK_LEVELS, WEEK_WISHES])
def test_every_level_is_told_in_words_and_with_a_unit(level: str, lang: str) -> None:
    line = ProgressPrinter(Text(lang)).line(Progress(level, best=5, bound=2), 7)
    assert Text(lang).say(f"levels.{level}") in line
    assert line.count(Text(lang).say(f"progress.{level}_unit")) >= 2


def test_every_other_stage_is_told_in_words() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "scheduler").rglob("*.py")]
    stages = {stage for source in sources for stage in re.findall(r'(?:Progress|\.stage)\("(\w+)"', source)} | {"priority"}
    assert {"partners", "week", "reading"} <= stages
    assert [stage for stage in sorted(stages) if not Text("id").has(f"progress.{stage}")] == []


def test_progress_says_how_far_the_best_possible_can_be() -> None:
    line = ProgressPrinter(Text("id")).line(Progress("shortfall_jtm", best=10, bound=7), 12)
    assert line.startswith("[12 dtk]")
    assert line.endswith("10 JTM, paling jauh 3 JTM dari yang terbaik yang mungkin")


def test_progress_is_not_said_twice(capsys: pytest.CaptureFixture[str]) -> None:
    printer = ProgressPrinter(Text("id"))
    for _ in range(3):
        printer(Progress("visits", best=2, bound=2))
    assert len(capsys.readouterr().err.splitlines()) == 1
