"""Policy experiments: what may be varied, how a school is re-sized, and that every run is verified and the same wherever it is done."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.app.exits import Exit
from scheduler.app.sweep import STORE_FILE, Progress, SweepWishes, make_sweep, opened
from scheduler.cli.commands import build
from scheduler.domain.entities import AssignmentKind, AssignmentRow, DutySetting, Group
from scheduler.domain.experiment import Run
from scheduler.domain.instance import Instance
from scheduler.domain.plan import Level, Status
from scheduler.errors import InputError
from scheduler.formats.json import write_instance
from scheduler.sweep.changes import CannotApplyError, applied
from scheduler.sweep.executors import ClusterWorkers, LocalWorkers, OtherVersionError, WorkersLostError, finished, perform_with
from scheduler.sweep.resizing import next_name, resized
from scheduler.sweep.run import DIED, FAILED, REFUSED, Limits, Task, perform
from scheduler.sweep.scenarios import Scenario, planned
from scheduler.sweep.sources import Unit, schools_alone, tasks
from scheduler.sweep.store import stored_runs
from scheduler.sweep.summary import summed
from tests.build import HOME, case, duty, locked, rombels, school, small_case, teacher

ROOT = Path(__file__).parents[1]
TAMAN_RAJO = ROOT / "instances" / "taman-rajo" / "sekolah.xlsx"


def values(*over: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(axis.name, axis.values) for axis in planned(over).axes]


def kinds(*over: str) -> list[str]:
    with pytest.raises(InputError) as raised:
        planned(over)
    return [problem.kind for problem in raised.value.problems]


def task(instance: Instance, number: int = 0, **changes: str) -> Task:
    return Task(number, "sekolah.json", "", "", instance, Scenario(changes, changes), Limits())


@pytest.mark.parametrize("over", [("min_jtm=24,41",), ("min_jtm=30", "max_jtm=29:35")])
def test_minimum_above_the_maximum_is_refused_before_anything_is_computed(school_file: Path, tmp_path: Path, over: tuple[str, ...]) -> None:
    # The ruleset's own maximum is 40; 30 stands against 29 only, once.
    with pytest.raises(InputError) as raised:
        make_sweep((school_file,), None, tmp_path / "hasil", SweepWishes(over=over))
    assert [problem.kind for problem in raised.value.problems] == ["policy.minimum_above_maximum"]
    assert not (tmp_path / "hasil").exists()


def test_named_scenario_with_a_minimum_above_the_maximum_is_refused_by_name(school_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "usulan.toml"
    file.write_text('[[skenario]]\nnama = "Terlalu tinggi"\nmin_jtm = 30\nmax_jtm = 28\n', encoding="utf-8")
    with pytest.raises(InputError) as raised:
        make_sweep((school_file,), None, tmp_path / "hasil", SweepWishes(scenarios=file))
    (problem,) = raised.value.problems
    assert (problem.sheet, problem.facts) == ("Terlalu tinggi", {"least": 30, "most": 28})


def test_numbers_that_are_legal_together_are_taken() -> None:
    assert values("min_jtm=41", "max_jtm=45") == [("min_jtm", ("41",)), ("max_jtm", ("45",))]


def test_scenario_file_that_is_no_toml_names_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "usulan.toml"
    file.write_text("[[skenario]]\nnama = Sekarang\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        planned((), file)
    (problem,) = raised.value.problems
    assert (problem.kind, problem.facts) == ("sweep.not_toml", {"line": 2, "column": 8})


# --- axes --------------------------------------------------------------------------------------------------------------------------------------


def test_range_holds_both_ends() -> None:
    assert values("min_jtm=12:24:4") == [("min_jtm", ("12", "16", "20", "24"))]


def test_range_without_step_goes_by_one_and_also_down() -> None:
    assert values("min_jtm=14:12") == [("min_jtm", ("14", "13", "12"))]


def test_signed_range_keeps_its_signs() -> None:
    assert values("rombel=-1:+1") == [("rombel", ("-1", "+0", "+1"))]


def test_share_is_read_as_decimal_or_percent() -> None:
    assert values("certified=80%,0.90,1") == [("certified", ("0.8", "0.9", "1"))]


def test_axes_have_names_of_the_workbook_too() -> None:
    assert values("Kebijakan=pp74_2008", "Mitra=Tidak,Ya", "Waka=0,+1") == [
        ("policy", ("pp74_2008",)),
        ("partners", ("tidak", "ya")),
        ("wakasek", ("+0", "+1")),
    ]


def test_grid_holds_every_combination_with_the_last_axis_fastest() -> None:
    grid = planned(("min_jtm=20,24", "partners=ya,tidak")).scenarios
    assert [tuple(scenario.values.values()) for scenario in grid] == [("20", "ya"), ("20", "tidak"), ("24", "ya"), ("24", "tidak")]


def test_everything_wrong_with_the_arguments_is_named_at_once() -> None:
    over = (
        "min_jtn=3",
        "min_jtm=24:12:2,banyak",
        "rombel=0",
        "certified=120%",
        "radius=jauh",
        "policy=belum_ada",
        "partners=mungkin",
        "wakasek=2",
        "x",
    )
    assert sorted(kinds(*over)) == [
        "policy.not_a_number",
        "policy.unknown_rulesets",
        "sweep.empty_range",
        "sweep.not_a_change",
        "sweep.not_a_count",
        "sweep.not_a_number",
        "sweep.not_a_share",
        "sweep.not_key_values",
        "sweep.not_yes_or_no",
        "sweep.unknown_axis",
    ]


def test_axis_or_value_named_twice_is_wrong() -> None:
    assert sorted(kinds("min_jtm=20,20", "Min JTM=18")) == ["sweep.repeated_axis", "sweep.repeated_value"]


def test_two_axes_that_change_the_same_are_wrong() -> None:
    assert kinds("partners=ya,tidak", "outside_max_jtm=0,6") == ["sweep.contradicting_axes"]


def test_nothing_varied_is_wrong() -> None:
    assert kinds() == ["sweep.nothing_varied"]


# --- scenarios in TOML -------------------------------------------------------------------------------------------------------------------------


def scenario_file(folder: Path, content: str) -> Path:
    path = folder / "skenario.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_named_scenarios_are_one_axis_beside_the_others(tmp_path: Path) -> None:
    file = scenario_file(tmp_path, '[[skenario]]\nnama = "Sekarang"\n[[skenario]]\nnama = "Usulan"\nmin_jtm = 18\nmitra = false\n')
    plan = planned(("certified=0.8,1",), file)
    assert [(axis.name, axis.values) for axis in plan.axes] == [("scenario", ("Sekarang", "Usulan")), ("certified", ("0.8", "1"))]
    assert plan.scenarios[-1].values == {"scenario": "Usulan", "certified": "1"}
    assert plan.scenarios[-1].changes == {"min_jtm": "18", "partners": "tidak", "certified": "1"}
    assert plan.named == {"Sekarang": {}, "Usulan": {"min_jtm": "18", "partners": "tidak"}}
    assert plan.varied == {"min_jtm", "partners", "certified"}


def test_file_of_scenarios_that_is_not_utf8_is_said_in_words(tmp_path: Path) -> None:
    file = tmp_path / "skenario.toml"
    file.write_bytes('[[skenario]]\nnama = "Usulan é"\n'.encode("latin-1"))
    with pytest.raises(InputError) as raised:
        planned((), file)
    assert [problem.kind for problem in raised.value.problems] == ["sweep.not_utf8"]


def test_everything_wrong_with_a_file_of_scenarios_is_named_at_once(tmp_path: Path) -> None:
    content = 'lain = 1\n[[skenario]]\nmin_jtm = 18\n[[skenario]]\nnama = "A"\nmin_jtn = 18\n[[skenario]]\nnama = "A"\nrombel = "x"\n'
    with pytest.raises(InputError) as raised:
        planned(("min_jtm=20",), scenario_file(tmp_path, content))
    assert sorted(problem.kind for problem in raised.value.problems) == [
        "sweep.axis_in_scenario",
        "sweep.not_a_count",
        "sweep.repeated_scenario",
        "sweep.scenario_without_name",
        "sweep.unknown_axis",
        "sweep.unknown_table",
    ]


# --- a school re-sized -------------------------------------------------------------------------------------------------------------------------


def names(instance: Instance) -> list[str]:
    return [rombel.name for rombel in instance.rombels]


def sized(grades: dict[int, int], wanted: int, **parts: object) -> Instance:
    instance = replace(small_case().instance, rombels=rombels(grades), **parts)  # type: ignore[arg-type]
    found = resized(instance, HOME, wanted)
    assert found is not None
    return found.instance


def test_rombel_more_goes_to_the_lowest_of_the_smallest_grades() -> None:
    # 3 + 3 + 2: grade 9 is the smallest. Then 3 + 3 + 3: grade 7 is the lowest of three.
    assert names(sized({7: 3, 8: 3, 9: 2}, 10)) == ["7A", "7B", "7C", "7D", "8A", "8B", "8C", "9A", "9B", "9C"]


def test_rombel_fewer_is_the_last_of_the_highest_of_the_largest_grades() -> None:
    # 3 + 3 + 3: grade 9 gives 9C. Then 3 + 3 + 2: grade 8 is the higher of the two largest.
    assert names(sized({7: 3, 8: 3, 9: 3}, 7)) == ["7A", "7B", "7C", "8A", "8B", "9A", "9B"]


def test_one_more_and_one_fewer_undo_each_other() -> None:
    instance = replace(small_case().instance, rombels=rombels({7: 3, 8: 3, 9: 2}, students=24))
    larger = resized(instance, HOME, 9)
    assert larger is not None
    smaller = resized(larger.instance, HOME, 8)
    assert smaller is not None and smaller.instance == instance


def test_pupils_of_the_grade_are_spread_over_its_rombels() -> None:
    # Grade 7 has 2 × 25 = 50 pupils: over three rombels 17 + 17 + 16.
    assert [rombel.students for rombel in sized({7: 2}, 3).rombels] == [17, 17, 16]


def test_grade_keeps_its_last_rombel() -> None:
    assert resized(replace(small_case().instance, rombels=rombels({7: 1, 8: 1, 9: 1})), HOME, 2) is None


def test_what_was_fixed_for_a_rombel_that_is_gone_is_dropped_and_counted() -> None:
    instance = replace(
        small_case().instance,
        rombels=rombels({7: 3}),
        assignments=(locked("A", "7C", "ipa"), locked("A", "7A", "ipa"), AssignmentRow(HOME, "ISL-C", "ipa", "A", AssignmentKind.LOCK)),
        duties=(duty("wali_kelas", holders=("A",), unit="7C"), duty("wali_kelas", holders=("B",), unit="7B")),
        groups=(Group("ISL-C", HOME, ("7C",), "ipa", 4), Group("ISL-AC", HOME, ("7A", "7C"), "ips", 4)),
    )
    found = resized(instance, HOME, 2)
    assert found is not None
    # Gone: two rows of Penugasan, one wali kelas, one group. The group of 7A and 7C keeps 7A.
    assert found.dropped == 4
    assert [row.rombel for row in found.instance.assignments] == ["7A"]
    assert [row.unit for row in found.instance.duties] == ["7B"]
    assert [(group.code, group.rombels) for group in found.instance.groups] == [("ISL-AC", ("7A",))]


@pytest.mark.parametrize(("name", "following"), [("9B", "9C"), ("VII-2", "VII-3"), ("9 Z", "9 Z-2"), ("VIII-9", "VIII-10")])
def test_new_rombel_is_named_after_the_last(name: str, following: str) -> None:
    assert next_name(name, {name}) == following


def test_next_name_passes_over_one_that_is_taken() -> None:
    assert next_name("9A", {"9A", "9B"}) == "9C"


# --- a scenario put to a school ----------------------------------------------------------------------------------------------------------------


def test_certified_share_takes_and_gives_one_row_of_teachers() -> None:
    staff = [teacher("A", "ipa"), teacher("B", "ips"), teacher("C", "matematika"), teacher("D", None, may_teach=("bahasa_inggris",))]
    instance = case({"ipa": 4, "ips": 4, "bahasa_inggris": 4}, staff).instance

    def certified(share: str) -> set[str]:
        return {t.code for t in applied(instance, {"certified": share}).case.instance.teachers if t.certificate}

    # Of four teachers half are two, 0.7 × 4 = 2.8 are three: those who have one come first.
    assert len(certified("0.5")) == 2
    assert certified("0.5") < certified("0.7") == {"A", "B", "C"} < certified("1") == {"A", "B", "C", "D"}
    everybody = applied(instance, {"certified": "1"}).case.instance
    assert everybody.teacher("D").certificate == "bahasa_inggris"
    nobody = applied(instance, {"certified": "0"}).case.instance
    assert nobody.teacher("A").certificate is None and "ipa" in nobody.teacher("A").may_teach


def test_one_wakasek_more_is_one_unit_more_that_counts() -> None:
    instance = small_case().instance
    posts = {value: next(post for post in applied(instance, {"wakasek": value}).case.duty_posts if post.duty == "wakasek") for value in ("+0", "+1")}
    # Eight or fewer rombel: the ruleset recognises one.
    assert (posts["+0"].quota, posts["+1"].quota) == (1, 2)
    assert posts["+1"].units == ("1", "2")


def test_stated_maximum_of_a_duty_moves_along_but_a_duty_switched_off_stays_off() -> None:
    for maximum, units in ((1, 2), (0, 0)):
        instance = replace(small_case().instance, duties=(DutySetting(HOME, "wakasek", maximum=maximum),))
        found = [len(post.units) for post in applied(instance, {"wakasek": "+1"}).case.duty_posts if post.duty == "wakasek"]
        assert found == ([units] if units else [])


def test_without_partners_nobody_may_visit() -> None:
    instance = replace(small_case().instance, schools=(school(), school("2", partner=True)))
    instance = replace(instance, settings=replace(instance.settings, main_school=HOME))
    assert applied(instance, {"partners": "ya"}).case.may_visit("A", "2")
    assert not applied(instance, {"partners": "tidak"}).case.may_visit("A", "2")


def test_other_curriculum_brings_its_own_hours_and_keeps_the_schools_own_subject() -> None:
    instance = case({"ipa": (4, 1), "koding_ka": 2, "bahasa_daerah": 2}, [teacher("A", "ipa")], {7: 1}).instance
    found = applied(instance, {"curriculum": "k13_smp"}).case
    hours = {row.subject: row.jp for row in found.instance.structure}
    # K13 has 5 JP of IPA and Bahasa Daerah for schools that have it; it knows no Koding.
    assert hours["ipa"] == 5 and "bahasa_daerah" in hours and "koding_ka" not in hours
    assert {need.subject for need in found.needs} <= set(hours)


def test_curriculum_of_another_kind_of_school_cannot_be_put_to_it() -> None:
    with pytest.raises(CannotApplyError):
        applied(small_case().instance, {"curriculum": "k13_mts"})


def test_run_that_cannot_be_says_why_and_fills_in_nothing_else() -> None:
    run = perform(task(replace(small_case().instance, rombels=rombels({7: 1, 8: 1})), rombel="1"))
    assert (run.error, run.status, run.valid, run.below) == ("sweep.error_rombel", Status.UNKNOWN, (), ())


# --- one run -----------------------------------------------------------------------------------------------------------------------------------


def test_run_names_who_is_valid_and_who_is_not() -> None:
    # IPA 2 × 4 = 8 JP, and so IPS: both teachers reach 8, nobody 24.
    assert perform(task(small_case().instance, min_jtm="8")).valid == ("A", "B")
    far = perform(task(small_case().instance, min_jtm="40"))
    assert (far.valid, far.below, far.status) == ((), ("A", "B"), Status.OPTIMAL)
    assert far.facts["min_jtm"] == 40


def test_run_that_the_checker_refuses_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    import scheduler.workload.solve as solving

    honest = solving.solve_workload

    def lying(*arguments: object, **settings: object) -> solving.WorkloadOutcome:
        outcome = honest(*arguments, **settings)  # type: ignore[arg-type]
        return replace(outcome, levels=tuple(replace(level, value=level.value + 1, bound=level.value + 1) for level in outcome.levels))

    monkeypatch.setattr(solving, "solve_workload", lying)
    run = perform(task(small_case().instance, min_jtm="8"))
    assert (run.error, run.valid, run.status) == (REFUSED, (), Status.UNKNOWN)
    assert run.violations > 0 and run.facts["rule"] == "recorded_numbers"


def test_run_that_breaks_is_recorded_with_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    import scheduler.workload.solve as solving

    def breaking(*arguments: object, **settings: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(solving, "solve_workload", breaking)
    run = perform(task(small_case().instance, min_jtm="8"))
    assert (run.error, run.facts["kind"]) == (FAILED, "ZeroDivisionError")


def test_limit_of_time_is_said() -> None:
    from scheduler.app.source import open_case

    instance = open_case(TAMAN_RAJO).case.instance
    run = perform(replace(task(instance, min_jtm="20"), limits=Limits(seconds=0.01)))
    assert run.facts["stopped"] == 1
    assert run.status in (Status.FEASIBLE, Status.UNKNOWN)


def test_schools_planned_alone_have_their_own_staff_only() -> None:
    from scheduler.app.source import open_case

    alone = dict(schools_alone(open_case(TAMAN_RAJO).case.instance))
    # 17 teachers in Kemingking Dalam, and four partners.
    assert len(alone) == 5
    assert next(len(school.teachers) for school in alone.values()) == 17
    assert all({t.home for t in instance.teachers} == {npsn} for npsn, instance in alone.items())


# --- the summary -------------------------------------------------------------------------------------------------------------------------------


def ran(threshold: str, valid: int, proved: bool = True) -> Run:
    level = Level("below_minimum", 5 - valid, 5 - valid if proved else 0, proved)
    codes = tuple(f"T{index}" for index in range(5))
    return Run("f", "1", "SMP 1", "", "", 8, 180, 5, {"min_jtm": threshold}, Status.OPTIMAL, (level,), codes[:valid], codes[valid:])


def test_more_valid_teachers_at_a_higher_threshold_are_told() -> None:
    summary = summed([ran("20", 3), ran("22", 4), ran("24", 2)])
    assert summary.rises == 1 and summary.first_rise is not None
    assert (summary.first_rise.lower, summary.first_rise.higher) == ((20, 3), (22, 4))


def test_what_is_not_proved_neither_rises_nor_falls() -> None:
    summary = summed([ran("20", 3, proved=False), ran("22", 4)])
    assert (summary.rises, summary.chains) == (0, 0)
    assert [row.unproved for row in summary.rows.values()] == [1, 0]


def test_refused_run_counts_neither_valid_nor_counted() -> None:
    summary = summed([replace(ran("20", 3), error=REFUSED, valid=(), below=())])
    row = next(iter(summary.rows.values()))
    assert (row.runs, row.counted, row.without_plan, summary.failed) == (1, 0, 1, 1)


# --- the whole, and where it is done -----------------------------------------------------------------------------------------------------------


def swept(file: Path, folder: Path, workers: int = 1, **wishes: object) -> list[Run]:
    asked = replace(SweepWishes(over=("min_jtm=4:12:4", "partners=ya,tidak"), workers=workers), **wishes)  # type: ignore[arg-type]
    found = make_sweep((file,), None, folder, asked)
    assert found.exit is Exit.OK
    return list(stored_runs(folder / STORE_FILE))


def test_same_runs_whatever_the_number_of_workers(school_file: Path, tmp_path: Path) -> None:
    one, two = swept(school_file, tmp_path / "satu"), swept(school_file, tmp_path / "dua", workers=2)
    assert one == two
    assert [run.scenario["min_jtm"] for run in one] == ["4", "4", "8", "8", "12", "12"]
    assert (tmp_path / "satu" / "kebijakan.csv").read_bytes() == (tmp_path / "dua" / "kebijakan.csv").read_bytes()


class Deadly(str):
    """A text that ends every process that is sent it."""

    def __reduce__(self) -> object:
        import os

        return os._exit, (9,)


def test_run_that_kills_its_worker_twice_is_an_error_and_the_others_are_done() -> None:
    instance, told = small_case().instance, []
    waiting = [task(instance, number, min_jtm=str(number)) for number in range(1, 5)]
    waiting[1] = replace(waiting[1], province=Deadly())
    found = dict(finished(LocalWorkers(1), iter(waiting), threading.Event(), lambda kind, **facts: told.append(kind)))
    assert sorted(found) == [1, 2, 3, 4]
    assert [number for number, run in found.items() if run.error] == [2]
    assert found[2].error == DIED
    assert told == ["worker_died", "worker_died_again"]


def test_runs_are_the_same_on_a_cluster(school_file: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, protocol="tcp://", dashboard_address=None) as cluster:
        on_cluster = swept(school_file, tmp_path / "dask", cluster=cluster.scheduler_address)
    assert on_cluster == swept(school_file, tmp_path / "lokal")


def test_worker_of_another_version_computes_nothing() -> None:
    with pytest.raises(OtherVersionError):
        perform_with("scheduler 0.0", task(small_case().instance, min_jtm="8"))


TABLE = "npsn,nama,status,kecamatan,rombel,siswa,guru\n10000001,SMPN 1,Negeri,Astambul,3,60,8\n10000002,SMPN 2,Negeri,Aluh-Aluh,6,150,14\n"


def test_population_is_swept_school_by_school(tmp_path: Path) -> None:
    table = tmp_path / "sekolah.csv"
    table.write_text(TABLE, encoding="utf-8")
    found = make_sweep((), table, tmp_path / "hasil", SweepWishes(over=("min_jtm=12,24",)))
    assert found.exit is Exit.OK and found.total == 4
    runs = list(stored_runs(tmp_path / "hasil" / STORE_FILE))
    assert [(run.school, run.kecamatan, run.rombels, run.scenario["min_jtm"]) for run in runs] == [
        ("10000001", "Astambul", 3, "12"),
        ("10000001", "Astambul", 3, "24"),
        ("10000002", "Aluh-Aluh", 6, "12"),
        ("10000002", "Aluh-Aluh", 6, "24"),
    ]


def test_files_and_population_are_not_swept_together(school_file: Path, tmp_path: Path) -> None:
    table = tmp_path / "sekolah.csv"
    table.write_text(TABLE, encoding="utf-8")
    for files, population in (((school_file,), table), ((), None)):
        with pytest.raises(InputError) as raised:
            make_sweep(files, population, tmp_path / "hasil", SweepWishes(over=("min_jtm=12",)))
        assert [problem.kind for problem in raised.value.problems] == ["sweep.files_or_population"]


def test_schools_of_a_country_are_made_only_when_a_worker_is_free() -> None:
    made: list[int] = []

    def endless() -> Iterator[Unit]:
        for number in itertools.count():
            made.append(number)
            yield Unit("tabel.csv", str(number), small_case().instance)

    waiting = tasks(endless(), planned(("min_jtm=8",)).scenarios, Limits(), 0, frozenset())
    stop = threading.Event()
    for done, _ in enumerate(finished(LocalWorkers(1), waiting, stop, lambda kind, **facts: None)):
        if done == 2:
            stop.set()
    assert len(made) <= 4


def test_nobody_at_the_address_is_said_and_the_store_stays(school_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    monkeypatch.setattr("scheduler.sweep.executors.CONNECT_SECONDS", 1)
    wishes = SweepWishes(over=("min_jtm=8",), cluster="tcp://127.0.0.1:9")
    found = make_sweep((school_file,), None, tmp_path / "hasil", wishes)
    assert found.exit is Exit.NO_PLAN_YET and found.lost is not None and found.lost.kind == "sweep.cluster_unreachable"


@contextmanager
def dask_processes(workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a cluster of processes; the first process is its scheduler."""
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    commands = [["scheduler", "--host", "127.0.0.1", "--port", address.rsplit(":", 1)[1], "--no-dashboard"]]
    commands += [["worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]] * workers
    started = [subprocess.Popen([sys.executable, "-m", "dask", *words], stderr=subprocess.DEVNULL, cwd=ROOT) for words in commands]
    try:
        with distributed.Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
        yield address, started
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_worker_of_a_cluster_that_dies_is_named_and_costs_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.sweep.executors.ASK_SECONDS", 0.1)
    instance, told = small_case().instance, []
    waiting = [task(instance, number, min_jtm=str(1 + number % 24)) for number in range(1, 61)]
    with dask_processes(2) as (address, processes):
        found = []
        for number, run in finished(ClusterWorkers(address, lambda kind, **facts: told.append(kind)), iter(waiting), threading.Event(), print):
            found.append((number, run.error))
            if len(found) == 5:
                processes[-1].kill()
    assert sorted(found) == [(number, "") for number in range(1, 61)]
    assert told == ["cluster_worker_gone"]


@pytest.mark.slow
def test_cluster_that_goes_away_is_said() -> None:
    instance = small_case().instance
    waiting = [task(instance, number, min_jtm=str(1 + number % 24)) for number in range(1, 61)]
    with dask_processes(1) as (address, processes), pytest.raises(WorkersLostError) as raised:
        for place, _ in enumerate(finished(ClusterWorkers(address, print), iter(waiting), threading.Event(), print)):
            if place == 5:
                processes[0].kill()
    assert raised.value.kind == "sweep.cluster_lost"


def test_axes_that_can_change_nothing_are_refused(school_file: Path, tmp_path: Path) -> None:
    for over, kind in (("partners=ya,tidak", "partners_without_effect"), ("radius=5", "sharing_without_effect")):
        with pytest.raises(InputError) as raised:
            make_sweep((school_file,), None, tmp_path / "hasil", SweepWishes(over=(over,), by_school=True))
        assert [problem.kind for problem in raised.value.problems] == [f"sweep.{kind}"]


def test_rombels_of_a_district_are_varied_school_by_school(tmp_path: Path) -> None:
    instance = replace(small_case().instance, schools=(school(), school("2")))
    file = tmp_path / "kabupaten.json"
    write_instance(instance, file)
    with pytest.raises(InputError) as raised:
        make_sweep((file,), None, tmp_path / "hasil", SweepWishes(over=("rombel=+1",)))
    assert [problem.kind for problem in raised.value.problems] == ["sweep.rombel_needs_school"]


def test_file_named_twice_is_refused_however_it_is_written(school_file: Path, tmp_path: Path) -> None:
    (tmp_path / "lain").mkdir(exist_ok=True)
    with pytest.raises(InputError) as raised:
        make_sweep((school_file, tmp_path / "lain" / ".." / school_file.name), None, tmp_path / "hasil", SweepWishes(over=("min_jtm=12",)))
    assert [problem.kind for problem in raised.value.problems] == ["sweep.repeated_file"]


def test_schools_that_cannot_be_planned_alone_are_named(tmp_path: Path) -> None:
    instance = replace(small_case().instance, schools=(school(), school("2")))  # school 2 has neither rombels nor staff
    file, heard = tmp_path / "kabupaten.json", []
    write_instance(instance, file)
    wishes = SweepWishes(over=("min_jtm=12",), by_school=True, tell=lambda kind, **facts: heard.append((kind, facts)))
    make_sweep((file,), None, tmp_path / "hasil", wishes)
    assert ("left_out", {"file": "kabupaten.json", "count": 1, "names": school("2").name}) in heard


def test_file_without_a_school_to_plan_alone_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "kabupaten.json"
    case = small_case().instance  # all rombels are at school 2, all teachers at the other
    elsewhere = tuple(replace(rombel, school="2") for rombel in case.rombels)
    write_instance(replace(case, schools=(school(), school("2")), rombels=elsewhere), file)
    with pytest.raises(InputError) as raised:
        opened((file,), None, SweepWishes(by_school=True))
    assert [problem.kind for problem in raised.value.problems] == ["sweep.no_schools"]


def test_runs_that_end_together_have_no_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    moments, heard = iter((10.0, 10.00001, 13.0)), []
    monkeypatch.setattr("scheduler.app.sweep.time.monotonic", lambda: next(moments))
    progress = Progress(0, 5, lambda kind, **facts: heard.append(facts))
    for _ in range(3):
        progress.one_more()
    # Only the third is said: 2 runs in the 3 s since the first are 40 a minute, and 2 more at that rate take 3 s.
    assert heard == [{"done": 3, "total": 5, "rate": 40.0, "left": "0:03"}]


def test_command_prints_a_table_and_names_the_number_that_stays(school_file: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(build("id"), ["sweep", str(school_file), "--over", "min_jtm=8,24", "-o", str(tmp_path / "hasil"), "--workers", "1"])
    assert result.exit_code == Exit.OK, result.output
    assert "ttu_min_real_jtm tidak divariasikan: tetap 12" in result.output
    assert "tidak pernah naik" in result.output


def test_table_on_the_screen_names_duties_and_rulesets_as_people_do(school_file: Path, tmp_path: Path) -> None:
    over = ["--over", "wakasek=0,+1", "--over", "policy=pp74_2008", "--lang", "en"]
    result = CliRunner().invoke(build("en"), ["sweep", str(school_file), *over, "-o", str(tmp_path / "hasil"), "--workers", "1"])
    assert result.exit_code == Exit.OK, result.output
    assert "Vice principal" in result.output and "as it is" in result.output
    assert "wakasek" not in result.output and "pp74_2008" not in result.output


def test_number_that_stays_is_named_under_a_scenario_with_another_threshold_too(school_file: Path, tmp_path: Path) -> None:
    for changes, named in (("min_jtm = 8", True), ("min_jtm = 8\nttu_min_real_jtm = 6", False)):
        file, out = scenario_file(tmp_path, f'[[skenario]]\nnama = "Usulan"\n{changes}\n'), tmp_path / str(named)
        result = CliRunner().invoke(build("id"), ["sweep", str(school_file), "--scenarios", str(file), "-o", str(out), "--workers", "1"])
        assert result.exit_code == Exit.OK, result.output
        assert ("ttu_min_real_jtm tidak divariasikan: tetap 12" in result.output) is named


def test_command_names_every_fault_and_ends_with_65(school_file: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(build("id"), ["sweep", str(school_file), "--over", "min_jtn=8", "--over", "rombel=0", "-o", str(tmp_path / "hasil")])
    assert result.exit_code == Exit.NOT_UNDERSTOOD
    assert "min_jtn" in result.output and "rombel" in result.output
    assert not (tmp_path / "hasil").exists()


@pytest.mark.slow
def test_thirteen_thresholds_under_two_rulesets_fall_and_are_proved(tmp_path: Path) -> None:
    wishes = SweepWishes(over=("min_jtm=12:24:1", "policy=permendikbud15_2018,permendikdasmen11_2025"), workers=2)
    found = make_sweep((TAMAN_RAJO,), None, tmp_path, wishes)
    assert found.summary is not None
    assert (found.summary.total, found.summary.rises, found.summary.chains) == (26, 0, 2)
    assert sum(row.unproved + row.without_plan for row in found.summary.rows.values()) == 0
