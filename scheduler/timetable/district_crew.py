"""Schools' weeks solved side by side: one child process a worker, each solving one school after the other with one solver worker.

A school that is alone has all workers, and needs no child. A child is a Python of its own that reads tasks from its standard input and ends when
that ends: none outlives the district's solve. It is in a session of its own, so that Ctrl+C reaches the parent alone.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions
from scheduler.domain.timetabling import Meeting, TimetablingProblem
from scheduler.engine.processes import PATIENCE_SECONDS, own_group, read_until_the_end, send
from scheduler.engine.solve import Either, Solved, solve_problem

START_CHILD = "from scheduler.timetable.district_crew import serve; serve()"

POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Task:
    """One group of schools' week: ``key`` says whose. ``first_only`` = end with the first week that breaks nothing. ``workers`` = solver workers."""

    key: int
    problem: TimetablingProblem
    start: tuple[Meeting, ...]
    seconds: float | None
    work: float | None
    seed: int
    first_only: bool
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Answer:
    key: int
    status: Status
    meetings: tuple[Meeting, ...] = ()


Begin = Callable[[int], Task | None]
"""States the task of a key, with the time that it may take now; None where none is left."""


def perform(task: Task, stop: threading.Event) -> Answer:
    """Solve a task here."""
    enough = Either(stop)

    def heard(better: Solved) -> None:
        if task.first_only and not better.infeasibility:
            enough.set()

    options = SolveOptions(task.seconds, task.workers, task.seed, task.work, enough)
    solved = solve_problem(task.problem, options, start=task.start, on_better=heard, whole_only=True, bounded=False)
    return Answer(task.key, solved.status, solved.meetings if solved.found else ())


def solved_side_by_side(keys: Sequence[int], options: SolveOptions, begin: Begin) -> Iterator[Answer]:
    """Answers as they come, tasks begun in the order of the keys; with one worker here, one after the other.

    A task whose child dies is UNKNOWN. After ``options.stop`` the children are ended and nothing further is answered.
    """
    if options.workers == 1 or len(keys) == 1:
        for key in keys:
            task = None if options.stop.is_set() else begin(key)
            if task is not None:
                yield perform(task, options.stop)
        return
    with Crew(min(options.workers, len(keys))) as crew:
        waiting = list(reversed(keys))
        while (waiting or crew.busy) and not options.stop.is_set():
            while waiting and crew.idle:
                task = begin(waiting.pop())
                if task is not None:
                    crew.give(task)
            if not crew.children:
                yield from (Answer(key, Status.UNKNOWN) for key in waiting)
                return
            answer = crew.hear(POLL_SECONDS) if crew.busy else None
            if answer is not None:
                yield answer


# --- in the child ------------------------------------------------------------------------------------------------------------------------------


def serve() -> None:
    """A child's life: one task after the other."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may come between the answers
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=read_until_the_end, args=(sys.stdin.buffer, tasks), daemon=True).start()
    while True:
        send(answers, perform(tasks.get(), threading.Event()))


# --- in the parent -----------------------------------------------------------------------------------------------------------------------------


class Child:
    """A process and the task that it is at."""

    def __init__(self, heard: queue.SimpleQueue[tuple[Child, object]]) -> None:
        self.task: Task | None = None
        self.deadline = 0.0
        self.process = subprocess.Popen(
            [sys.executable, "-c", START_CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)},
            **own_group(),
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.stdin: IO[bytes] = self.process.stdin
        self.stdout: IO[bytes] = self.process.stdout
        threading.Thread(target=self._listen, args=(heard,), daemon=True).start()

    def _listen(self, heard: queue.SimpleQueue[tuple[Child, object]]) -> None:
        """Pass on answers; an exception as the last message means that the child has died."""
        try:
            while True:
                heard.put((self, pickle.load(self.stdout)))
        except Exception as error:
            heard.put((self, error))

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.stdin, self.stdout):
            try:
                pipe.close()
            except OSError:
                continue


class Crew:
    """The children of one round. Used as a context: none of them outlives it."""

    def __init__(self, workers: int) -> None:
        self.heard: queue.SimpleQueue[tuple[Child, object]] = queue.SimpleQueue()
        self.children: list[Child] = []
        for _ in range(workers):
            try:
                self.children.append(Child(self.heard))
            except OSError:
                break

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self.children:
            child.end()
        self.children.clear()

    @property
    def idle(self) -> list[Child]:
        return [child for child in self.children if child.task is None]

    @property
    def busy(self) -> list[Child]:
        return [child for child in self.children if child.task is not None]

    def give(self, task: Task) -> None:
        """Hand a task to an idle child; one that has died meanwhile is heard of by its last message."""
        child = self.idle[0]
        child.task = task
        child.deadline = float("inf") if task.seconds is None else time.monotonic() + task.seconds + PATIENCE_SECONDS
        try:
            send(child.stdin, task)
        except OSError:
            return

    def hear(self, seconds: float) -> Answer | None:
        """The next answer, if one comes in time; UNKNOWN of a child that has died, or says nothing for too long."""
        try:
            child, message = self.heard.get(timeout=seconds)
        except queue.Empty:
            late = next((child for child in self.busy if time.monotonic() > child.deadline), None)
            return self._given_up(late) if late is not None else None
        if child not in self.children:
            return None
        if isinstance(message, Answer):
            child.task = None
            return message
        return self._given_up(child)

    def _given_up(self, child: Child) -> Answer | None:
        child.end()
        self.children.remove(child)
        return None if child.task is None else Answer(child.task.key, Status.UNKNOWN)
