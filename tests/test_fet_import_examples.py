"""FET's own example files, read where FET has put them (SCHEDULER_FET), and timetables that fet-cl makes of them, judged by our evaluator.

A timetable that FET calls complete keeps all its required rules, so every required constraint that we state costs nothing for it, and the wishes that
it breaks cost what FET says they do.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scheduler.formats.fet import read_fet, read_fet_timetable
from scheduler.verify.cost import evaluate

FOLDER = Path(os.environ.get("SCHEDULER_FET", "/usr/share/doc/fet-data/examples"))
FILES = sorted(FOLDER.rglob("*.fet"), key=lambda path: (path.stat().st_size, str(path)))
FET = shutil.which("fet-cl")
WITHOUT_LOSS = 219
"""Of the 236 files of fet-data 6.8.5 those that are read without losing a rule."""

SOLVED_AT_ONCE = (
    "FET-5-official/Brazil/2/EEBLJ-Noturno.fet",
    "FET-5-terms/1/simple.fet",
    "FET-5-mornings-afternoons/Morocco-old-format/1/sample-morocco.fet",
)
"""Small files whose timetable fet-cl finds in a second or two."""

needs_examples = pytest.mark.skipif(not FILES, reason=f"no example files of FET at {FOLDER} (set SCHEDULER_FET)")
needs_fet = pytest.mark.skipif(FET is None, reason="fet-cl is not installed")


@needs_examples
def test_small_example_files_are_read_without_losing_a_rule() -> None:
    assert [path.name for path in FILES[:30] if read_fet(path).unknown] == []


@pytest.mark.slow
@needs_examples
def test_most_example_files_are_read_without_losing_a_rule() -> None:
    """Every file is read; the rest say which rules they lose."""
    if len(FILES) != 236:
        pytest.skip(f"{len(FILES)} example files instead of the 236 of fet-data 6.8.5")
    assert sum(not read_fet(path).unknown for path in FILES) >= WITHOUT_LOSS


@pytest.mark.slow
@needs_examples
@needs_fet
@pytest.mark.parametrize("name", SOLVED_AT_ONCE)
def test_a_complete_timetable_of_fet_breaks_no_required_rule_and_the_same_wishes(name: str, tmp_path: Path) -> None:
    source = FOLDER / name
    if not source.exists():
        pytest.skip(f"{name} is not among the examples")
    arguments = [str(FET), f"--inputfile={source}", f"--outputdir={tmp_path}", "--timelimitseconds=60"]
    assert "Simulation successful" in subprocess.run(arguments, capture_output=True, text=True, errors="replace", check=False).stdout
    (result,) = tmp_path.rglob("*_activities.xml")
    (conflicts,) = tmp_path.rglob("*_soft_conflicts.txt")
    said = re.search(r"Total soft conflicts: ([\d.]+)", conflicts.read_text(encoding="utf-8-sig"))
    fet = read_fet(source)
    found = evaluate(fet.problem, read_fet_timetable(result, fet))
    assert found.infeasibility == 0
    assert said is not None
    assert found.objective == pytest.approx(100 * float(said[1]), rel=0.2, abs=1)  # three lessons in one window count less than three pairs
