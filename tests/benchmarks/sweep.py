"""How fast an experiment goes: its rate, what a second worker adds, what a kill costs, and whether memory stays flat over thousands of schools.

Run ``python -m tests.benchmarks.sweep local`` (or ``dask``, ``kill``, ``memory``, ``all``). The machine should have nothing else to do: one and two
workers take turns, so that a change of its mood hits both, but two busy cores have no second worker to measure.

``--file`` is a district whose schools are planned alone, one run for each school and threshold (default: the kabupaten of 88 schools that is
shipped). A measurement is at least ``--runs`` runs after a warm-up in which every worker loads what it needs, written to a store as they would be;
the efficiency from one to two workers is rate(2) / (2 × rate(1)), the median over ``--rounds``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median

from scheduler.app.source import open_case
from scheduler.app.sweep import STORE_FILE
from scheduler.sweep.executors import ClusterWorkers, LocalWorkers, Workers, finished
from scheduler.sweep.run import Limits, Task
from scheduler.sweep.scenarios import planned
from scheduler.sweep.sources import Unit, schools_alone, tasks
from scheduler.sweep.store import Store
from tests.benchmarks.measuring import family, memory_kb, print_table, write_csv

ROOT = Path(__file__).resolve().parents[2]
DISTRICT = ROOT / "instances" / "kabupaten-88" / "sekolah.xlsx"
TABLE = ROOT / "scheduler" / "population" / "provinces.csv"
THRESHOLDS = "min_jtm=12:24:1"
COUNTRY_SCHOOLS, COUNTRY_THRESHOLDS, MANY_WORKERS = 42_000, 3, 100
WARM_UP = 4
"""Runs a worker does before the clock starts."""


def quiet(kind: str, **facts: object) -> None:
    """A measurement says nothing."""


def district_tasks(file: Path) -> list[Task]:
    """Every school of the file alone, under every threshold."""
    units = [Unit(file.name, npsn, school) for npsn, school in schools_alone(open_case(file).case.instance)]
    return list(tasks(units, planned((THRESHOLDS,)).scenarios, Limits(), 0, frozenset()))


def rate(workers: Callable[[], Workers], count: int, waiting: Sequence[Task], runs: int) -> float:
    """Runs a minute of so many workers, without the time in which they start."""
    warm, began = WARM_UP * count, 0.0
    if warm + runs > len(waiting):
        sys.exit(f"{len(waiting)} runs are too few to measure {runs} after a warm-up of {warm}")
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / STORE_FILE, {}) as store:
        ended = finished(workers(), iter(waiting[: warm + runs]), threading.Event(), quiet)
        for place, (number, run) in enumerate(ended, start=1):
            store.append(number, run)
            if place == warm:
                began = time.monotonic()
        return 60 * runs / (time.monotonic() - began)


def efficiency(name: str, measure: Callable[[int], float], rounds: int, table: list[list[object]]) -> None:
    """One and two workers in turns."""
    found = []
    for number in range(1, rounds + 1):
        order = (1, 2) if number % 2 else (2, 1)
        rates = {count: measure(count) for count in order}
        found.append(rates[2] / (2 * rates[1]))
        table.append([name, number, round(rates[1]), round(rates[2]), f"{found[-1]:.2f}"])
    table.append([name, "median", "", "", f"{median(found):.2f}"])


def local(options: argparse.Namespace) -> list[list[object]]:
    waiting, table = district_tasks(options.file), []
    efficiency("processes", lambda count: rate(lambda: LocalWorkers(count), count, waiting, options.runs), options.rounds, table)
    return table


# --- Dask --------------------------------------------------------------------------------------------------------------------------------------


@contextmanager
def cluster(count: int) -> Iterator[str]:
    """A Dask scheduler and so many workers of one thread on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    commands = [["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]]
    commands += [["worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]] * count
    started = [
        subprocess.Popen([sys.executable, "-m", "dask", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) for words in commands
    ]
    try:
        from distributed import Client

        with Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)
        yield address
    finally:
        for process in started:
            process.kill()  # a worker that is told to end politely may wait for its scheduler for ever
            process.wait()


def dask(options: argparse.Namespace) -> list[list[object]]:
    waiting, table = district_tasks(options.file), []

    def measure(count: int) -> float:
        with cluster(count) as address:
            return rate(lambda: ClusterWorkers(address, quiet), count, waiting, options.runs)

    efficiency("dask", measure, options.rounds, table)
    return table


# --- a kill in the middle ----------------------------------------------------------------------------------------------------------------------


def kill(options: argparse.Namespace) -> list[list[object]]:
    """The whole experiment once undisturbed and once killed in the middle and resumed: the same lines, each once, the same table."""
    total = len(district_tasks(options.file))
    with tempfile.TemporaryDirectory() as place:
        whole, killed = Path(place) / "utuh", Path(place) / "terputus"
        began = time.monotonic()
        subprocess.run(sweep_command(options.file, whole), check=True, capture_output=True)
        undisturbed = time.monotonic() - began
        process = subprocess.Popen(sweep_command(options.file, killed), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while stored(killed) < total // 2 and process.poll() is None:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        kept = stored(killed)
        subprocess.run(sweep_command(options.file, killed), check=True, capture_output=True)
        numbers = [json.loads(line)["n"] for line in lines(killed)[1:]]
        same_runs = sorted(lines(whole)) == sorted(lines(killed))
        same_table = (whole / "kebijakan.csv").read_bytes() == (killed / "kebijakan.csv").read_bytes()
        rate_per_minute = round(60 * total / undisturbed)
    return [
        [total, f"{undisturbed:.0f} s", rate_per_minute, kept, len(set(numbers)), len(numbers) - len(set(numbers)), yes(same_runs), yes(same_table)]
    ]


def sweep_command(file: Path, folder: Path) -> list[str]:
    program = [sys.executable, "-c", "if __name__ == '__main__':\n    from scheduler.cli import main\n    main()"]
    return [*program, "sweep", str(file), "--by-school", "--over", THRESHOLDS, "-o", str(folder), "--workers", "2"]


def lines(folder: Path) -> list[bytes]:
    path = folder / STORE_FILE
    return path.read_bytes().splitlines() if path.exists() else []


def stored(folder: Path) -> int:
    return max(0, len(lines(folder)) - 1)


def yes(value: bool) -> str:
    return "yes" if value else "NO"


# --- memory ------------------------------------------------------------------------------------------------------------------------------------


def memory(options: argparse.Namespace) -> list[list[object]]:
    """Schools made one by one by the population method, under three thresholds: memory and rate at every tenth of the way."""
    from scheduler.population.schools import Method, schools

    plan = planned(("min_jtm=16,20,24",))
    total = options.schools * len(plan.scenarios)
    made = islice(schools(options.table, Method(scale_to=options.schools)), options.schools)
    units = (Unit(options.table.name, instance.schools[0].npsn, instance) for instance in made)
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / STORE_FILE, {}) as store:
        began = time.monotonic()
        waiting = tasks(units, plan.scenarios, Limits(), 0, frozenset())
        for place, (number, run) in enumerate(finished(LocalWorkers(options.workers), waiting, threading.Event(), quiet), start=1):
            store.append(number, run)
            if place % max(1, total // 10) == 0:
                own, *children = (memory_kb(process) // 1024 for process in family(os.getpid()))
                rows.append([place, own, max(children, default=0), round(60 * place / (time.monotonic() - began))])
    each = (time.monotonic() - began) / len(store.done) * options.workers
    worked = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"\n{extrapolated(each, options.workers)}; of it processor time {(worked.ru_utime + worked.ru_stime) / len(store.done):.3f} s a run")
    return rows


def extrapolated(seconds: float, workers: int) -> str:
    """The country at so many seconds a run of one worker."""
    runs = COUNTRY_SCHOOLS * COUNTRY_THRESHOLDS
    here, many = runs * seconds / workers / 3600, runs * seconds / MANY_WORKERS / 60
    return (
        f"{runs:,} runs at {seconds:.3f} s of one worker: {here:.1f} h with {workers} workers here, "
        f"{many:.0f} min with {MANY_WORKERS} such workers (extrapolated, without the network)"
    )


MEASUREMENTS: dict[str, tuple[Callable[[argparse.Namespace], list[list[object]]], Sequence[str]]] = {
    "local": (local, ("workers", "round", "runs a minute, 1", "runs a minute, 2", "efficiency 1 → 2")),
    "dask": (dask, ("workers", "round", "runs a minute, 1", "runs a minute, 2", "efficiency 1 → 2")),
    "kill": (kill, ("runs", "undisturbed", "runs a minute", "kept at the kill", "runs in the end", "done twice", "same runs", "same table")),
    "memory": (memory, ("runs", "MB of the program", "MB of its largest worker", "runs a minute")),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=[*MEASUREMENTS, "all"])
    parser.add_argument("--file", type=Path, default=DISTRICT)
    parser.add_argument("--table", type=Path, default=TABLE, help="the table of which schools are drawn (memory)")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--schools", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--csv", type=Path, help="folder for one CSV a measurement")
    options = parser.parse_args()
    for name in MEASUREMENTS if options.what == "all" else [options.what]:
        measure, headings = MEASUREMENTS[name]
        rows = measure(options)
        print_table(headings, rows)
        if options.csv is not None:
            options.csv.mkdir(parents=True, exist_ok=True)
            write_csv(options.csv / f"sweep-{name}.csv", headings, rows)


if __name__ == "__main__":
    main()
