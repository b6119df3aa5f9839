"""Several independent chains of solves side by side, one worker each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from scheduler.cp.run import POLL_SECONDS
from scheduler.domain.solving import Listener, Progress, SolveOptions

Task = TypeVar("Task")
Answer = TypeVar("Answer")


def in_lanes(answer: Callable[[Task], Answer], tasks: Sequence[Task], options: SolveOptions) -> list[Answer]:
    """The answers to all tasks, in their order, at most ``options.workers`` of them at work at any time.

    The calling thread stays free for signals; an exception there, or in a task, sets ``options.stop`` so that the others end soon.
    """
    lanes = min(options.workers, len(tasks))
    if lanes <= 1:
        return [answer(task) for task in tasks]
    with ThreadPoolExecutor(lanes) as pool:
        waiting: list[Future[Answer]] = [pool.submit(answer, task) for task in tasks]
        try:
            await_all(waiting)
        except BaseException:
            options.stop.set()
            raise
    return [future.result() for future in waiting]


def await_all(waiting: Sequence[Future[Answer]]) -> None:
    """Wait in short steps, and raise what a task raised."""
    left = set(waiting)
    while left:
        done, left = wait(left, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
        for future in done:
            future.result()


def one_at_a_time(listener: Listener) -> Listener:
    """A listener that never hears two lanes at once."""
    lock = threading.Lock()

    def heard(progress: Progress) -> None:
        with lock:
            listener(progress)

    return heard
