"""Every XHSTT archive of a folder: what the engine reaches, beside the best published solution in the file itself.

Run ``python -m tests.benchmarks.xhstt --seconds 600 --runs 3``. The folder is SCHEDULER_XHSTT, by default beside the project. Costs are those of
``scheduler.verify.cost``, which counts the published solutions too.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scheduler.domain.solving import SolveOptions
from scheduler.formats.xhstt import XhsttArchive, read_xhstt
from scheduler.verify.cost import evaluate
from tests.benchmarks.measuring import at, measured, median_run, print_table, tell, write_csv

FOLDER = Path(os.environ.get("SCHEDULER_XHSTT", Path(__file__).resolve().parents[3] / "shared" / "benchmarks" / "xhstt"))
MOMENTS = (10, 60, 120, 300)
HEADINGS = (
    "instance",
    "hard",
    "soft",
    "best published",
    "bound",
    "feasible after s",
    *(f"at {moment} s" for moment in MOMENTS),
    "best after s",
    "MB",
)


def measure(path: Path, instance: str, options: SolveOptions) -> dict[str, Any]:
    """One run; ``curve`` holds (seconds, hard, soft) of every better timetable."""
    from scheduler.engine.solve import Solved, solve_problem

    problem = read_xhstt(path).instances[instance]
    started, curve = time.monotonic(), []

    def hear(solved: Solved) -> None:
        curve.append((round(time.monotonic() - started, 1), solved.infeasibility, solved.objective))

    solved = solve_problem(problem, options, on_better=hear)
    cost = evaluate(problem, solved.meetings)
    return {
        "status": solved.status.value,
        "hard": cost.infeasibility,
        "soft": cost.objective,
        "agrees": (cost.infeasibility, cost.objective) == (solved.infeasibility, solved.objective),
        "bound": solved.bound,
        "feasible_after": solved.feasible_after,
        "best_after": solved.best_after,
        "curve": curve,
    }


def best_published(archive: XhsttArchive, instance: str) -> tuple[int, int] | None:
    """(hard, soft) of the best solution in the archive."""
    problem = archive.instances[instance]
    costs = [evaluate(problem, solution.meetings) for solution in archive.solutions if solution.instance == instance]
    return min(((cost.infeasibility, cost.objective) for cost in costs), default=None)


def quality(run: Mapping[str, Any]) -> tuple[int, int]:
    return run["hard"], run["soft"]


def row_of(instance: str, best: tuple[int, int] | None, run: Mapping[str, Any]) -> list[object]:
    published = "" if best is None else written(best)
    if "error" in run:
        return [instance, run["error"], "", published, *[""] * (len(MOMENTS) + 3), run["memory_mb"]]
    moments = [None if (point := at(run["curve"], moment)) is None else written((int(point[1]), int(point[2]))) for moment in MOMENTS]
    feasible = "-" if run["feasible_after"] is None else round(run["feasible_after"], 1)
    hard = f"{run['hard']}{'' if run['agrees'] else ' (the engine counts otherwise)'}"
    return [instance, hard, run["soft"], published, run["bound"], feasible, *moments, round(run["best_after"], 1), run["memory_mb"]]


def written(cost: tuple[int, int]) -> str:
    """Soft cost alone where nothing hard is broken, else ``hard + soft``."""
    hard, soft = cost
    return f"{hard} + {soft}" if hard else str(soft)


def rows(asked: argparse.Namespace) -> Iterator[list[object]]:
    for path in sorted(FOLDER.glob("*.xml")):
        archive = read_xhstt(path)
        for instance in archive.instances:
            if asked.instances and not {instance, path.stem} & set(asked.instances):
                continue
            limits = ["--file", path, "--instances", instance, "--seconds", asked.seconds, "--workers", asked.workers]
            runs = [measured("tests.benchmarks.xhstt", [*limits, "--seed", seed]) for seed in range(asked.seed, asked.seed + asked.runs)]
            row = row_of(path.stem if len(archive.instances) == 1 else instance, best_published(archive, instance), median_run(runs, quality))
            print(*row, sep=" | ", flush=True)
            yield row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--instances", nargs="*", default=[], help="only these (file or instance id)")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3, help="runs with seeds that follow each other; the median is shown")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--file", type=Path, help="with --one: the archive")
    parser.add_argument("--one", action="store_true", help="measure once in this process and print JSON")
    asked = parser.parse_args()
    if asked.one:
        tell(measure(asked.file, asked.instances[0], SolveOptions(asked.seconds, asked.workers, asked.seed)))
        return
    if not FOLDER.is_dir():
        parser.exit(2, f"there is no folder {FOLDER}: name that of the archives in SCHEDULER_XHSTT\n")
    found = list(rows(asked))
    print_table(HEADINGS, found)
    write_csv(asked.csv, HEADINGS, found)


if __name__ == "__main__":
    main()
