"""FET's own example files: the engine and fet-cl in turn on the same file, in the same run, with the same time.

Run ``python -m tests.benchmarks.fet --named --seconds 120 --runs 3`` (SMK Arahan and the schools of Vietnam), or ``--count 20`` for files from small
to large. The folder is SCHEDULER_FET, by default where ``apt-get install fet-data`` puts it. Both timetables are judged by the same means:
``scheduler.verify.cost`` on the problem as it is read here, and plain counts of gaps and of broken min days from the file itself. What the
importer does not understand is told for each file; such a rule binds fet-cl alone. The engine is also asked for few gaps of teachers, after all
that the file itself wishes: FET knows gaps as a limit only, no wish. With ``--complete`` both have the file's own rules alone and stop at their first
complete timetable.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from scheduler.domain.solving import SolveOptions
from scheduler.domain.timetabling import LimitIdleTimes, Meeting, TimeGroup, TimetablingProblem
from scheduler.formats.fet import FetFile, read_fet, read_fet_timetable
from scheduler.formats.fet.building import TEACHER
from tests.benchmarks.fetcl import (
    FET_CL,
    Placed,
    PlainFet,
    broken_min_days,
    read_plain,
    run_fet,
    teacher_days,
    teacher_gaps,
    unplaced,
)
from tests.benchmarks.measuring import measured, median_run, print_table, tell, write_csv

FOLDER = Path(os.environ.get("SCHEDULER_FET", "/usr/share/doc/fet-data/examples"))
NAMED = ("netura_2016-2017", "VietNamHungYen", "TKB-THCS-DucHop", "Khoi-sang", "Khoi-chieu")
"""SMK Negeri 1 Arahan, and the secondary schools of Vietnam (the last has two shifts, one file each)."""

HEADINGS = (
    "file",
    "by",
    "activities",
    "placed",
    "hard",
    "broken min days",
    "gaps",
    "teacher-days",
    "soft",
    "complete after s",
    "s",
    "MB",
    "not read",
)


# --- both in one form ------------------------------------------------------------------------------------------------------------------------


def placed_of(read: FetFile, meetings: Sequence[Meeting]) -> Placed:
    """A timetable of the problem in FET's words, as far as times go."""
    return {int(meeting.event): (*read.slots[meeting.time], "") for meeting in meetings if meeting.time is not None}


def worth(read: FetFile, fet: PlainFet, meetings: Sequence[Meeting]) -> dict[str, Any]:
    from scheduler.verify.cost import evaluate

    cost, placed = evaluate(read.problem, meetings), placed_of(read, meetings)
    return {
        "activities": len(fet.activities),
        "unplaced": unplaced(fet, placed),
        "hard": cost.infeasibility,
        "hard_by": {name: hard for name, (hard, _) in cost.by_type().items() if hard},
        "soft": cost.objective,
        "min_days": broken_min_days(fet, placed),
        "gaps": teacher_gaps(fet, placed),
        "days": teacher_days(fet, placed),
    }


def with_gap_wish(read: FetFile, fet: PlainFet) -> TimetablingProblem:
    """The problem with the wish for no gaps of teachers, of the smallest weight: whatever the file itself wishes comes first."""
    wishes = []
    for teacher in (resource.id for resource in read.problem.resources if resource.type == TEACHER):
        closed = {(day, hour) for who, day, hour in fet.closed if who in ("", teacher)}
        times = {day: tuple(time for time, slot in read.slots.items() if slot[0] == day and slot not in closed) for day in fet.days}
        groups = tuple(TimeGroup(day, ids) for day, ids in times.items() if ids)
        wishes.append(LimitIdleTimes(id="gaps", required=False, resources=(teacher,), time_groups=groups))
    return replace(read.problem, constraints=(*read.problem.constraints, *wishes))


# --- one run ---------------------------------------------------------------------------------------------------------------------------------


def ours(path: Path, options: SolveOptions, only_complete: bool = False) -> dict[str, Any]:
    from scheduler.engine.solve import Solved, solve_problem

    def stop_when_complete(solved: Solved) -> None:
        if only_complete and solved.infeasibility == 0:
            options.stop.set()

    started = time.monotonic()
    read, fet = read_fet(path), read_plain(path)
    problem = read.problem if only_complete else with_gap_wish(read, fet)
    solved = solve_problem(problem, options, on_better=stop_when_complete)
    wall = round(time.monotonic() - started, 1)
    result = worth(read, fet, solved.meetings)
    return {**result, "complete_after": solved.feasible_after, "seconds": wall, "not_read": len(read.unknown)}


def theirs(path: Path, options: SolveOptions, only_complete: bool = False) -> dict[str, Any]:
    """fet-cl always stops at its first complete timetable; its seconds are the wall time of the process, reading and writing included."""
    read, fet = read_fet(path), read_plain(path)
    with tempfile.TemporaryDirectory() as folder:
        run = run_fet(path, options.seconds or 60, Path(folder), options.seed)
        meetings = read_fet_timetable(run.result, read) if run.result else ()
        result = worth(read, fet, meetings)
    complete = run.seconds if run.complete else None
    return {**result, "complete_after": complete, "seconds": run.seconds, "fet_memory_mb": run.memory_mb, "not_read": len(read.unknown)}


SOLVERS = {"ours": ours, "FET": theirs}


# --- the table -------------------------------------------------------------------------------------------------------------------------------


def quality(run: Mapping[str, Any]) -> tuple[int, ...]:
    return run["unplaced"], run["hard"], run["min_days"], run["gaps"]


def row_of(path: Path, who: str, run: Mapping[str, Any]) -> list[object]:
    if "error" in run:
        return [path.stem, who, run["error"], *[""] * (len(HEADINGS) - 5), run["memory_mb"], ""]
    complete = "-" if run["complete_after"] is None else round(run["complete_after"], 1)
    counts = [run["activities"], run["activities"] - run["unplaced"], run["hard"], run["min_days"], run["gaps"], run["days"], run["soft"]]
    return [path.stem, who, *counts, complete, run["seconds"], run.get("fet_memory_mb", run["memory_mb"]), run["not_read"]]


def chosen(asked: argparse.Namespace) -> list[Path]:
    """Named files, or so many from the smallest to the largest."""
    files = sorted(FOLDER.rglob("*.fet"), key=lambda path: (path.stat().st_size, path.name))
    if asked.named or asked.files:
        wanted = asked.files or NAMED
        return [path for name in wanted for path in files if path.stem.startswith(name)]
    count = min(asked.count, len(files))
    return [files[round(index * (len(files) - 1) / max(1, count - 1))] for index in range(count)]


def rows(asked: argparse.Namespace) -> Iterator[list[object]]:
    for path in chosen(asked):
        for who in SOLVERS if FET_CL else ("ours",):
            limits = ["--files", path, "--by", who, "--seconds", asked.seconds, "--workers", asked.workers]
            limits += ["--complete"] if asked.complete else []
            runs = [measured("tests.benchmarks.fet", [*limits, "--seed", seed]) for seed in range(asked.seed, asked.seed + asked.runs)]
            shown = median_run(runs, quality) if not asked.best else min((run for run in runs if "error" not in run), key=quality, default=runs[0])
            row = row_of(path, who, shown)
            print(*row, sep=" | ", flush=True)
            if shown.get("hard_by"):
                print("   ", ", ".join(f"{name} {hard}" for name, hard in shown["hard_by"].items()))
            yield row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--named", action="store_true", help="SMK Arahan and the schools of Vietnam")
    parser.add_argument("--files", nargs="*", default=[], help="files by the beginning of their names")
    parser.add_argument("--count", type=int, default=20, help="so many files from the smallest to the largest")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--complete", action="store_true", help="stop at the first complete timetable, as fet-cl does")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=1, help="runs with seeds that follow each other; the median is shown")
    parser.add_argument("--best", action="store_true", help="show the best run of each instead of the median")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--by", choices=SOLVERS, help="with --one: who solves")
    parser.add_argument("--one", action="store_true", help="measure once in this process and print JSON")
    asked = parser.parse_args()
    if asked.one:
        tell(SOLVERS[asked.by](Path(asked.files[0]), SolveOptions(asked.seconds, asked.workers, asked.seed), asked.complete))
        return
    if not FOLDER.is_dir():
        parser.exit(2, f"there is no folder {FOLDER}: name that of the .fet files in SCHEDULER_FET\n")
    if FET_CL is None:
        print("fet-cl is not installed: FET is left out")
    found = list(rows(asked))
    print_table(HEADINGS, found)
    write_csv(asked.csv, HEADINGS, found)


if __name__ == "__main__":
    main()
