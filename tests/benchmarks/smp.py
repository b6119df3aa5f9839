"""How a week grows with the school: an invented SMP of 8 to 36 rombel, every grid full, by us and by FET.

Run ``python -m tests.benchmarks.smp --rombel 8 --seconds 60 --fet``. Each class has 40 JP in 5 days of 8 periods; the division of work is fixed.
With eight rombel there are 16 teachers: six of 24 JP, four of 20 and six of 16, so that by counting they come on 6 × 3 + 4 × 3 + 6 × 2 = 42 days.
FET is asked in five ways, with several seeds, one run after the other on the same machine.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from scheduler.app.exporting import SchoolWeeks
from scheduler.domain.plan import Assignment
from scheduler.domain.solving import Progress, SolveOptions
from scheduler.domain.timetabling import ClusterBusyTimes, LimitIdleTimes, Meeting, TimetablingProblem
from scheduler.formats.fet_export import fet_file
from scheduler.policy.case import Case
from scheduler.timetable.problem import TEACHER, WeekProblem
from tests import build
from tests.benchmarks.fetcl import FET_CL, read_activities, read_plain, run_fet, teacher_days, teacher_gaps, unplaced, with_limits
from tests.benchmarks.measuring import at, measured, median_run, print_table, tell, write_csv

SIZES = (8, 16, 24, 36)
MOMENTS = (3, 10, 20, 60)

JP: Mapping[str, int] = {
    "pabp_islam": 3,
    "pendidikan_pancasila": 3,
    "bahasa_indonesia": 6,
    "matematika": 5,
    "ipa": 5,
    "ips": 4,
    "bahasa_inggris": 4,
    "pjok": 3,
    "informatika": 3,
    "seni_prakarya": 2,
    "bahasa_daerah": 2,
}
"""JP of each class, 40 in all: every lesson of the week is taken. Blocks are the usual ones: 5 = 2+2+1."""

FULL_LOAD = 24
"""JP that no teacher of this school has more of."""

ASKED: Mapping[str, Mapping[str, int]] = {
    "nothing": {},
    "gaps 0": {"gaps": 0},
    "gaps 0, 4 days": {"gaps": 0, "days": 4},
    "gaps <= 1": {"gaps": 1},
    "3 days": {"days": 3},
}
"""What FET is asked of every teacher."""

HEADINGS = ("rombel", "teachers", "by", "placed s", *(f"idle / days at {moment} s" for moment in MOMENTS), "bound", "best after s", "MB")


# --- the school ----------------------------------------------------------------------------------------------------------------------------


def smp(rombel: int, seed: int = 1) -> tuple[Case, tuple[Assignment, ...]]:
    """A school of so many rombel with its division of work.

    Of each subject there are as few teachers as can have at most FULL_LOAD; its classes are dealt to them in random order, evenly.
    """
    grades = {grade: rombel // 3 + (grade - 7 < rombel % 3) for grade in (7, 8, 9)}
    staff = {subject: -(-rombel // (FULL_LOAD // jp)) for subject, jp in JP.items()}
    teachers = [build.teacher(f"{subject}-{number}") for subject, count in staff.items() for number in range(1, count + 1)]
    case = build.case(JP, teachers, grades, slots=build.week())
    rng, teacher_of = Random(seed), {}
    needs = defaultdict(list)
    for need in case.needs:
        if need.jp:
            needs[need.subject].append(need.id)
    for subject, ids in needs.items():
        rng.shuffle(ids)
        for index, need_id in enumerate(ids):
            teacher_of[need_id] = f"{subject}-{index % staff[subject] + 1}"
    rows = (Assignment(n.id, n.school, n.rombels, n.subject, n.jp, n.recognised_jp, teacher_of.get(n.id)) for n in case.needs)
    return case, tuple(rows)


def smp_problem(rombel: int, seed: int = 1) -> TimetablingProblem:
    return WeekProblem(*smp(rombel, seed)).build()


def smp_fet(rombel: int, seed: int = 1) -> bytes:
    """The same school as a FET file without any lesson placed."""
    weeks = SchoolWeeks(*smp(rombel, seed))
    return fet_file(weeks.of(build.HOME), locked=False).content


def fewest_days(problem: TimetablingProblem) -> int:
    """Counting bound of the teacher-days: hours over the longest day, and as many days as a class's subject has lessons."""
    longest = max(len([time for time in problem.times if time.day == day]) for day in {time.day for time in problem.times})
    hours: dict[str, int] = defaultdict(int)
    lessons: dict[str, int] = defaultdict(int)
    for event in problem.events:
        for teacher in (needed.resource for needed in event.resources if needed.type == TEACHER and needed.resource):
            hours[teacher] += event.duration
            lessons[teacher] = max(lessons[teacher], -(-event.duration // 2))
    return sum(max(-(-jp // longest), lessons[teacher]) for teacher, jp in hours.items())


# --- ours ----------------------------------------------------------------------------------------------------------------------------------


def idle_and_days(problem: TimetablingProblem, meetings: Sequence[Meeting]) -> tuple[int, int]:
    """Idle hours and teacher-days of a timetable, counted anew."""
    order = {time.id: index for index, time in enumerate(problem.times)}
    teachers = {event.id: [needed.resource for needed in event.resources if needed.type == TEACHER and needed.resource] for event in problem.events}
    busy: dict[tuple[str, str], set[int]] = defaultdict(set)
    for meeting in meetings:
        if meeting.time is not None:
            first = order[meeting.time]
            for teacher in teachers[meeting.event]:
                busy[teacher, problem.times[first].day].update(problem.times[place].period for place in range(first, first + meeting.length))
    return sum(max(periods) - min(periods) + 1 - len(periods) for periods in busy.values()), len(busy)


def by_engine(rombel: int, school: int, options: SolveOptions) -> dict[str, Any]:
    """The general problem, solved by the engine."""
    from scheduler.engine.solve import Solved, solve_problem

    problem = smp_problem(rombel, school)
    started, curve = time.monotonic(), []

    def hear(solved: Solved) -> None:
        if solved.infeasibility == 0:
            curve.append((round(time.monotonic() - started, 2), *idle_and_days(problem, solved.meetings)))

    solved = solve_problem(problem, options, on_better=hear)
    if solved.infeasibility == 0 and solved.meetings:
        curve.append((round(time.monotonic() - started, 2), *idle_and_days(problem, solved.meetings)))
    return {
        "placed": solved.feasible_after,
        "curve": curve,
        "bound": bounds_of(problem, solved.bound),
        "best_after": round(solved.best_after, 1),
        "seconds": round(time.monotonic() - started, 1),
    }


def bounds_of(problem: TimetablingProblem, bound: int) -> tuple[int, int | None]:
    """What a bound of the weighted objective says of idle hours, and of teacher-days while there are no more idle hours than that."""
    idle = max(rule.weight for rule in problem.constraints if isinstance(rule, LimitIdleTimes))
    day = max(rule.weight for rule in problem.constraints if isinstance(rule, ClusterBusyTimes))
    return bound // idle, -(-(bound % idle) // day)


def by_school(rombel: int, school: int, options: SolveOptions) -> dict[str, Any]:
    """The school's own path, as ``scheduler plan`` takes it; its listener tells one level at a time."""
    from scheduler.timetable.solve import solve_week

    case, assignments = smp(rombel, school)
    started, curve, told = time.monotonic(), [], {"idle_hours": 0}

    def hear(progress: Progress) -> None:
        if progress.stage == "idle_hours":
            told["idle_hours"] = progress.best or 0
            told["least"] = progress.bound or 0
        elif progress.stage == "teacher_days":
            told["idle_hours"], told["teacher_days"] = told.get("least", 0), progress.best or 0
        curve.append((round(time.monotonic() - started, 2), told["idle_hours"], told.get("teacher_days")))

    outcome = solve_week(case, assignments, options, hear)
    wall = round(time.monotonic() - started, 2)
    levels = {level.name: level for level in outcome.levels}
    if not levels:
        return {"placed": None, "curve": [], "bound": (None, None), "best_after": None, "seconds": wall}
    best_after = curve[-1][0] if curve else wall
    curve.append((wall, levels["idle_hours"].value, levels["teacher_days"].value))
    bound = (levels["idle_hours"].bound, levels["teacher_days"].bound)
    return {"placed": curve[0][0], "curve": curve, "bound": bound, "best_after": best_after, "seconds": wall}


PATHS = {"engine": by_engine, "school": by_school}


# --- FET -----------------------------------------------------------------------------------------------------------------------------------


def by_fet(content: bytes, limits: Mapping[str, int], seconds: float, seed: int) -> dict[str, Any]:
    """One run of fet-cl; only a complete timetable counts."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "smp.fet")
        file.write_bytes(with_limits(content, **limits))
        run, fet = run_fet(file, seconds, Path(folder, "results"), seed), read_plain(file)
        placed = read_activities(run.result)
    if unplaced(fet, placed):
        return {"placed": None, "curve": [], "bound": None, "best_after": None, "memory_mb": run.memory_mb}
    worth = (run.seconds, teacher_gaps(fet, placed), teacher_days(fet, placed))
    return {"placed": run.seconds, "curve": [worth], "bound": None, "best_after": run.seconds, "memory_mb": run.memory_mb}


# --- the table -----------------------------------------------------------------------------------------------------------------------------


def quality(run: Mapping[str, Any]) -> tuple[float, ...]:
    """Worth of a run: placed at all, then idle hours, then days."""
    if not run["curve"]:
        return (1, 0, 0)
    _, idle, days = run["curve"][-1]
    return (0, idle, days or 0)


def row_of(rombel: int, teachers: int, who: str, run: Mapping[str, Any]) -> list[object]:
    if "error" in run:
        return [rombel, teachers, who, run["error"], *[""] * len(MOMENTS), "", "", run["memory_mb"]]
    seen = [at(run["curve"], moment) for moment in MOMENTS]
    cells = ["-" if point is None else f"{point[1]} / {'?' if point[2] is None else point[2]}" for point in seen]
    bound = "" if run["bound"] is None else " / ".join("?" if value is None else str(value) for value in run["bound"])
    return [rombel, teachers, who, "-" if run["placed"] is None else round(run["placed"], 2), *cells, bound, run["best_after"], run["memory_mb"]]


def rows_of(rombel: int, asked: argparse.Namespace) -> Iterator[list[object]]:
    """One size: our paths, then FET."""
    problem = smp_problem(rombel, asked.school)
    teachers = sum(resource.type == TEACHER for resource in problem.resources)
    print(
        f"{rombel} rombel, {teachers} teachers, {sum(event.duration for event in problem.events)} JP, fewest days {fewest_days(problem)}", flush=True
    )
    seeds = range(asked.seed, asked.seed + asked.runs)
    limits = ["--rombel", rombel, "--school", asked.school, "--seconds", asked.seconds, "--workers", asked.workers]
    for path in asked.path:
        runs = [measured("tests.benchmarks.smp", [*limits, "--seed", seed, "--path", path]) for seed in seeds]
        yield row_of(rombel, teachers, f"ours ({path})", median_run(runs, quality))
    if asked.fet and FET_CL is None:
        print("fet-cl is not installed: FET is left out")
    elif asked.fet:
        content = smp_fet(rombel, asked.school)
        for name in asked.asked:
            runs = [by_fet(content, ASKED[name], asked.seconds, seed) for seed in seeds]
            yield row_of(rombel, teachers, f"FET: {name}", median_run(runs, quality))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rombel", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3, help="runs with seeds 1, 2 …; the median is shown")
    parser.add_argument("--school", type=int, default=1, help="another school of the same size")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--path", choices=PATHS, nargs="*", default=["school"], help="the school's own path, or the engine on the general problem")
    parser.add_argument("--fet", action="store_true", help="fet-cl too, in the same run")
    parser.add_argument("--asked", choices=ASKED, nargs="*", default=list(ASKED), help="what FET is asked")
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--one", action="store_true", help="measure once in this process and print JSON")
    asked = parser.parse_args()
    if asked.one:
        tell(PATHS[asked.path[0]](asked.rombel[0], asked.school, SolveOptions(asked.seconds, asked.workers, asked.seed)))
        return
    rows = [row for rombel in asked.rombel for row in rows_of(rombel, asked)]
    print_table(HEADINGS, rows)
    write_csv(asked.csv, HEADINGS, rows)


if __name__ == "__main__":
    main()
