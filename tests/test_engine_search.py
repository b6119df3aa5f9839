"""The search betters a week step by step, the same way every time where it is asked to, and no process of it stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from scheduler.domain.solving import SolveOptions
from scheduler.engine import processes, search
from scheduler.engine.frame import Frame, Week
from scheduler.engine.model import StepLimits, whole
from scheduler.engine.processes import Crew, Task
from scheduler.engine.search import Search
from scheduler.engine.state import State
from scheduler.verify.cost import evaluate
from tests.small_school import school, with_rooms

PROBLEM = school(classes=5, teachers=8, days=5, periods=4)
"""Five full classes; each of 8 teachers has 2 or 3 of them."""


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame(PROBLEM)


@pytest.fixture(scope="module")
def first(frame: Frame) -> Week:
    """A week that breaks no rule, found without looking at wishes."""
    week = frame.empty_week()
    _, found = whole(frame, week, StepLimits(deterministic=20.0))
    assert found
    return [found[event] for event in range(len(week))]


def searched(frame: Frame, week: Week, options: SolveOptions, bound: int = 0) -> tuple[State, list[tuple[int, int]]]:
    """The state at the end, and the cost at every improvement."""
    state, heard = State(frame, week), []
    Search(frame, state, options, bound, lambda better: heard.append(better.total)).run()
    return state, heard


def test_week_gets_better_and_costs_what_the_evaluator_says(frame: Frame, first: Week) -> None:
    before = State(frame, first).total
    state, _ = searched(frame, first, SolveOptions(workers=1, deterministic_limit=1.5))
    cost = evaluate(PROBLEM, tuple(frame.meetings_of(state.week)))
    assert state.total < before
    assert (cost.infeasibility, cost.objective) == state.total


def test_every_report_is_better_than_the_one_before(frame: Frame, first: Week) -> None:
    _, heard = searched(frame, first, SolveOptions(workers=1, deterministic_limit=1.5))
    assert heard
    assert heard == sorted(set(heard), reverse=True)


def test_one_worker_finds_the_same_week_again(frame: Frame, first: Week) -> None:
    options = SolveOptions(workers=1, seed=5, deterministic_limit=1.0)
    one, other = searched(frame, first, options)[0], searched(frame, first, options)[0]
    assert one.week == other.week


def test_lessons_without_a_place_are_placed(frame: Frame, first: Week) -> None:
    # what has no place counts before every wish
    week = list(first)
    for event in range(4):
        week[event] = tuple(meet._replace(start=None) for meet in week[event])
    state, _ = searched(frame, week, SolveOptions(workers=1, deterministic_limit=10.0), bound=10**6)
    assert State(frame, week).infeasibility > 0
    assert state.infeasibility == 0


def test_rooms_are_found(first: Week) -> None:
    # 5 classes at each time, 5 rooms: every lesson has one, and no room has two
    frame = Frame(with_rooms(PROBLEM, rooms=5))
    week = [tuple(meet._replace(resources=(None,)) for meet in meets) for meets in first]
    state, _ = searched(frame, week, SolveOptions(workers=1, deterministic_limit=10.0), bound=10**6)
    assert state.infeasibility == 0


def test_week_at_the_bound_is_not_searched(frame: Frame, first: Week) -> None:
    state = State(frame, first)
    after, heard = searched(frame, first, SolveOptions(workers=2, seconds=60.0), bound=state.objective)
    assert after.week == first
    assert heard == []


def taken_apart(first: Week) -> Week:
    """The week without the places of its first event's lessons."""
    return [tuple(meet._replace(start=None) for meet in meets) if event == 0 else meets for event, meets in enumerate(first)]


@pytest.mark.parametrize(
    ("is_broken", "barren", "share", "wide"),
    [
        (True, 39, 0.0, False),
        (True, 40, 0.0, True),  # 40 steps without gain: small ones do not mend it
        (True, 40, 0.5, True),
        (True, 40, 0.6, False),  # wide ones have had more than half of the search
        (False, 40, 0.0, False),  # nothing is broken
    ],
)
def test_stalled_search_tries_wide_steps_where_a_rule_is_broken(
    frame: Frame, first: Week, is_broken: bool, barren: int, share: float, wide: bool
) -> None:
    stalled = Search(frame, State(frame, taken_apart(first) if is_broken else first), SolveOptions(workers=1))
    stalled._barren, stalled._spent, stalled._spent_wide = barren, 10.0, 10.0 * share
    assert stalled._next_task().wide == wide


def test_wide_steps_alone_mend_a_week_and_are_the_same_every_time(frame: Frame, first: Week, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "STALLED_STEPS", 0)
    monkeypatch.setattr(search, "WIDE_SHARE", 1.0)
    options = SolveOptions(workers=1, seed=3, deterministic_limit=10.0)
    one, other = (searched(frame, taken_apart(first), options, bound=10**6)[0] for _ in range(2))
    assert one.infeasibility == 0
    assert one.week == other.week


@pytest.mark.parametrize(
    ("is_outdone", "barren", "children", "busy", "more"),
    [
        (True, 39, 2, 0, 2),
        (True, 40, 2, 0, 1),  # 40 steps without gain: one of two is left idle …
        (True, 40, 2, 1, 0),
        (True, 40, 1, 0, 1),  # … but never the last one
        (False, 40, 2, 0, 2),  # what runs beside it is far from the end
    ],
)
def test_stalled_search_leaves_a_processor_to_what_runs_beside_it(
    frame: Frame, first: Week, is_outdone: bool, barren: int, children: int, busy: int, more: int
) -> None:
    stalled = Search(frame, State(frame, first), SolveOptions(workers=2), is_outdone=lambda: is_outdone)
    stalled._barren = barren
    crew = Crew(frame, 2)
    crew.children = [SimpleNamespace(ready=True, task=None if number >= busy else "a step") for number in range(children)]  # type: ignore[misc]
    assert stalled._more_at_work(crew) == more


def test_stop_ends_the_search_and_its_processes_at_once(frame: Frame, first: Week, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "CHILDREN_AFTER_SECONDS", 0.0)
    crews: list[Crew] = []
    enter = Crew.__enter__
    monkeypatch.setattr(Crew, "__enter__", lambda crew: crews.append(crew) or enter(crew))
    started: list[subprocess.Popen[bytes]] = []
    fill = Crew.fill

    def noted(crew: Crew, week: Week) -> None:
        fill(crew, week)
        started.extend(child.process for child in crew.children if child.process not in started)

    monkeypatch.setattr(Crew, "fill", noted)
    options = SolveOptions(workers=2, seconds=60.0)
    threading.Timer(4.0, options.stop.set).start()
    began = time.monotonic()
    searched(frame, first, options)
    assert time.monotonic() - began < 15.0
    assert started
    assert all(process.poll() is not None for process in started)


def test_search_goes_on_where_no_process_can_be_started(frame: Frame, first: Week, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "CHILDREN_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(processes, "START_CHILD", "raise SystemExit(3)")
    state, _ = searched(frame, first, SolveOptions(workers=2, seconds=4.0))
    assert state.total < State(frame, first).total


# --- processes ---------------------------------------------------------------------------------------------------------------------------------


def task(seconds: float = 5.0) -> Task:
    return Task("crowded", 200.0, seconds, seconds, seed=1)


def await_ready(crew: Crew) -> None:
    deadline = time.monotonic() + 60.0
    while not crew.idle and time.monotonic() < deadline:
        crew.hear(0.1)


def test_child_answers_what_the_parent_would(frame: Frame, first: Week) -> None:
    with Crew(frame, 1) as crew:
        crew.fill(first)
        await_ready(crew)
        crew.idle[0].give(first, task(60.0))
        answer = None
        while answer is None:
            answer = crew.hear(1.0)
    state = State(frame, first)
    here = processes.perform(search.Relations(frame), state, task(60.0), threading.Event())
    assert answer.changes == here.changes


def test_killed_child_is_replaced(frame: Frame, first: Week) -> None:
    with Crew(frame, 1) as crew:
        crew.fill(first)
        await_ready(crew)
        killed = crew.children[0]
        killed.give(first, task())
        killed.process.kill()
        while killed in crew.children:
            crew.hear(0.5)
        crew.fill(first)
        await_ready(crew)
        assert crew.idle
        assert crew.idle[0] is not killed


def test_children_that_die_again_and_again_are_given_up(frame: Frame, first: Week, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "START_CHILD", "raise SystemExit(3)")
    with Crew(frame, 1) as crew:
        for _ in range(processes.MOST_DEATHS):
            crew.fill(first)
            while crew.children:
                crew.hear(0.5)
        crew.fill(first)
        assert crew.children == []


def test_silent_child_is_ended(frame: Frame, first: Week, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "START_CHILD", "import time; time.sleep(600)")
    monkeypatch.setattr(processes, "PATIENCE_SECONDS", 0.3)
    with Crew(frame, 1) as crew:
        crew.fill(first)
        while crew.children:
            crew.hear(0.1)
        assert crew.deaths == 1


PARENT = """
import sys, time
from scheduler.engine.frame import Frame
from scheduler.engine.processes import Crew
from tests.small_school import school
frame = Frame(school(classes=2, teachers=2, days=2, periods=2))
with Crew(frame, 1) as crew:
    crew.fill(frame.empty_week())
    while not crew.ready:
        crew.hear(0.1)
    print(crew.children[0].process.pid, flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="asks by POSIX signals whether a process lives")
def test_child_ends_when_its_parent_is_killed() -> None:
    root = Path(__file__).resolve().parents[1]
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20.0
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_alive(child)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
