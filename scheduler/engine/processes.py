"""Steps of the search on several processes at once.

A child is a Python of its own that builds the frame once from the pickled problem, keeps the week as it was last told, and answers one task after
the other over its standard input and output. It ends when its input ends: also when its parent dies in any way. It is in a session (on Windows: a
process group) of its own, so Ctrl+C reaches the parent alone, which ends all children at once.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import IO, Any

from scheduler.domain.timetabling import TimetablingProblem
from scheduler.engine.frame import Frame, Meet, Week
from scheduler.engine.model import StepLimits, step, wide_step
from scheduler.engine.neighbourhoods import OUTLINE, Relations
from scheduler.engine.outline import outlined
from scheduler.engine.state import State

START_CHILD = "from scheduler.engine.processes import serve; serve()"

PATIENCE_SECONDS = 60.0
"""A child that is silent for so long beyond its task's limit is ended."""

MOST_DEATHS = 3
"""So many children may die before no further ones are started."""

Changes = Mapping[int, tuple[Meet, ...]]


@dataclass(frozen=True, slots=True)
class Task:
    """One step: a neighbourhood, about how many choices it has, and limits of wall time and of work (CP-SAT's deterministic time).

    ``noise`` looks for another week of the same cost too; ``wide`` leaves wishes aside.
    """

    neighbourhood: str
    size: float
    seconds: float | None
    work: float
    seed: int
    noise: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a step changed and what it took: ``work`` in CP-SAT's deterministic time, ``seconds`` of wall time."""

    task: Task
    changes: Changes
    finished: bool
    work: float
    seconds: float


def perform(relations: Relations, state: State, task: Task, stop: threading.Event) -> Answer:
    """Free what the task's neighbourhood chooses and solve it; the state stays as it is."""
    began = time.monotonic()
    freed = relations.neighbourhoods[task.neighbourhood](relations, state, Random(task.seed), task.size)
    if not any(freed.meets.values()):
        return Answer(task, {}, True, 0.0, time.monotonic() - began)
    solve = outlined if task.neighbourhood == OUTLINE else wide_step if task.wide else step
    found = solve(relations.frame, state.week, state.deviations, freed, StepLimits(task.seconds, task.work, task.seed, task.noise, stop=stop))
    changes = {event: meets for event, meets in found.changes.items() if meets != state.week[event]}
    return Answer(task, changes, found.finished, found.work, time.monotonic() - began)


def differences(week: Week, known: Week) -> Changes:
    return {event: meets for event, (meets, before) in enumerate(zip(week, known, strict=True)) if meets is not before and meets != before}


# --- in the child ------------------------------------------------------------------------------------------------------------------------------


def serve() -> None:
    """A child's life: problem and week first, then (changes of the week, task) one after the other."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may come between the answers
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=read_until_the_end, args=(sys.stdin.buffer, tasks), daemon=True).start()
    problem, week = tasks.get()
    frame = Frame(problem)
    relations, state, stop = Relations(frame), State(frame, week), threading.Event()
    send(answers, None)
    while True:
        changes, task = tasks.get()
        state.apply(changes)
        send(answers, perform(relations, state, task, stop))


def read_until_the_end(source: IO[bytes], tasks: queue.SimpleQueue[Any]) -> None:
    """Pass on what comes; end the process when nothing can come any more, whatever it is at."""
    try:
        while True:
            tasks.put(pickle.load(source))
    except Exception:
        os._exit(0)


def send(sink: IO[bytes], message: object) -> None:
    pickle.dump(message, sink, protocol=pickle.HIGHEST_PROTOCOL)
    sink.flush()


# --- in the parent -----------------------------------------------------------------------------------------------------------------------------


class Child:
    """A process, what it is at, and the week that it knows."""

    def __init__(self, problem: TimetablingProblem, week: Week, heard: queue.SimpleQueue[tuple[Child, object]]) -> None:
        self.known = list(week)
        self.task: Task | None = None
        self.ready = False
        self.deadline = time.monotonic() + PATIENCE_SECONDS
        self.process = subprocess.Popen(
            [sys.executable, "-c", START_CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)},
            **own_group(),
        )
        threading.Thread(target=self._listen, args=(heard,), daemon=True).start()
        self._tell((problem, week))

    def _listen(self, heard: queue.SimpleQueue[tuple[Child, object]]) -> None:
        """Pass on answers; an exception as the last message means that the child has died."""
        assert self.process.stdout is not None
        try:
            while True:
                heard.put((self, pickle.load(self.process.stdout)))
        except Exception as error:
            heard.put((self, error))

    def _tell(self, message: object) -> None:
        """A child that has died meanwhile is heard of by its last message."""
        assert self.process.stdin is not None
        try:
            send(self.process.stdin, message)
        except OSError:
            return

    def give(self, week: Week, task: Task) -> None:
        self._tell((differences(week, self.known), task))
        self.known, self.task = list(week), task
        self.deadline = time.monotonic() + PATIENCE_SECONDS + (task.seconds or 0.0)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue


def own_group() -> dict[str, Any]:
    """Ctrl+C at the terminal must not reach the children."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


class Crew:
    """The children that work for one search. Used as a context: none of them outlives it."""

    def __init__(self, frame: Frame, workers: int) -> None:
        self.frame, self.workers = frame, workers
        self.children: list[Child] = []
        self.deaths = 0
        self._heard: queue.SimpleQueue[tuple[Child, object]] = queue.SimpleQueue()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self.children:
            child.end()
        self.children.clear()

    def fill(self, week: Week) -> None:
        """Start children until there are as many as asked for, or too many have died."""
        while len(self.children) < self.workers and self.deaths < MOST_DEATHS:
            try:
                self.children.append(Child(self.frame.problem, week, self._heard))
            except OSError:
                self.deaths = MOST_DEATHS

    @property
    def idle(self) -> list[Child]:
        return [child for child in self.children if child.ready and child.task is None]

    @property
    def ready(self) -> bool:
        return any(child.ready for child in self.children)

    def hear(self, seconds: float) -> Answer | None:
        """The next answer, if one comes in time. A child that has died, or says nothing for too long, is ended and given up."""
        try:
            child, message = self._heard.get(timeout=seconds)
        except queue.Empty:
            for silent in [child for child in self.children if time.monotonic() > child.deadline and not (child.ready and child.task is None)]:
                self._give_up(silent)
            return None
        if child not in self.children:
            return None
        if isinstance(message, Exception):
            self._give_up(child)
            return None
        child.ready = True
        if not isinstance(message, Answer) or child.task is None:
            return None
        child.task = None
        return message

    def _give_up(self, child: Child) -> None:
        child.end()
        self.children.remove(child)
        self.deaths += 1
