"""Where runs are done: on processes of this machine, or on the workers of a Dask cluster. Both through one narrow function, ``finished``.

A worker does one run at a time. One that dies takes nothing with it: its run is done again by another, once; if that one dies too, the run is
recorded as an error.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from multiprocessing import active_children, connection, get_context, parent_process
from typing import Any, Final, Protocol

from scheduler import __version__
from scheduler.domain.experiment import Run
from scheduler.errors import SchedulerError
from scheduler.sweep.run import DIED, Task, about, perform

POLL_SECONDS: Final = 0.2
"""How often the wish to stop is looked at while runs are under way."""

MOST_DEATHS: Final = 6
"""So many workers dead one after the other, without one finished run between them, are no accident of a run."""

CONNECT_SECONDS: Final = 15
RUNS_AHEAD: Final = 2
"""Runs sent to every thread of a cluster at a time, so that none waits for the network."""

ASK_SECONDS: Final = 3.0
"""How often a cluster is asked how many workers it has."""

Tell = Callable[..., None]
"""Hears ``(kind, **facts)``: the key of a sentence and what it names."""


class WorkersLostError(SchedulerError):
    """No run can be done any more; ``kind`` is the key of the sentence."""

    def __init__(self, kind: str, **facts: str | int) -> None:
        self.kind, self.facts = kind, facts
        super().__init__(kind)


class Workers(Protocol):
    """What does runs: ``free`` workers take one each, and a future tells how it ended."""

    def free(self, busy: int) -> bool:
        """Whether one more run may be sent while so many are under way."""

    def send(self, task: Task) -> Future[Run]: ...

    def died(self, future: Future[Run]) -> str | None:
        """The name of the worker that died over this run, None where it did not; another takes its place."""

    def close(self, abandon: bool) -> None:
        """End; ``abandon`` what is under way, or nothing is."""


def finished(workers: Workers, tasks: Iterator[Task], stop: threading.Event, tell: Tell) -> Iterator[tuple[int, Run]]:
    """Each run's number and the run, as they finish. After ``stop`` those under way are still waited for; no further one is begun.

    ``tasks`` is asked for a run only when a worker is free for it, so that a country need not fit into memory.
    """
    under_way: dict[Future[Run], tuple[Task, bool]] = {}
    deaths, exhausted = 0, False
    try:
        while True:
            while not (stop.is_set() or exhausted) and workers.free(len(under_way)):
                following = next(tasks, None)
                if following is None:
                    exhausted = True
                else:
                    under_way[workers.send(following)] = (following, False)
            if not under_way:
                return
            done, _ = wait(under_way, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                task, repeated = under_way.pop(future)
                worker = workers.died(future)
                if worker is None:
                    deaths = 0
                    yield task.number, future.result()
                    continue
                deaths += 1
                if stop.is_set():
                    continue
                if deaths >= MOST_DEATHS:
                    raise WorkersLostError("sweep.workers_keep_dying", worker=worker)
                tell("worker_died_again" if repeated else "worker_died", worker=worker, run=label(task))
                if repeated:
                    yield task.number, replace(about(task, task.instance), error=DIED)
                else:
                    under_way[workers.send(task)] = (task, True)
    finally:
        workers.close(abandon=bool(under_way))


def label(task: Task) -> str:
    """A run in words: whom it is about, and the values of its scenario."""
    values = ", ".join(f"{name}={value}" for name, value in task.scenario.values.items())
    return f"{task.school or task.source} {values}"


# --- processes of this machine -----------------------------------------------------------------------------------------------------------------


class LocalWorkers:
    """So many processes, each a pool of one: of a pool of several nobody could say whose run killed it."""

    def __init__(self, count: int) -> None:
        self._idle = [Process() for _ in range(count)]
        self._busy: dict[Future[Run], Process] = {}

    def free(self, busy: int) -> bool:
        return bool(self._idle)

    def send(self, task: Task) -> Future[Run]:
        process = self._idle.pop()
        future = process.pool.submit(perform, task)
        self._busy[future] = process
        return future

    def died(self, future: Future[Run]) -> str | None:
        process = self._busy.pop(future)
        if not isinstance(future.exception(), BrokenProcessPool):
            self._idle.append(process)
            return None
        process.close(abandon=True)
        self._idle.append(Process())
        return process.name

    def close(self, abandon: bool) -> None:
        for process in (*self._idle, *self._busy.values()):
            process.close(abandon)
        self._idle.clear()
        self._busy.clear()
        gc.collect()  # gives the pools' semaphores back now: a program that ends by ``os._exit`` would leave them to a warning


class Process:
    """A process that does one run after the other, named by its number.

    It ends with its parent, in whatever way that ends, and leaves Ctrl+C to it.
    """

    def __init__(self) -> None:
        self.pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=prepare)
        before = {child.pid for child in active_children()}
        with ignoring_interrupts():
            self.pool.submit(os.getpid)  # starts it
        self.name = next((str(child.pid) for child in active_children() if child.pid not in before), "?")

    def close(self, abandon: bool) -> None:
        ended = not abandon
        if abandon and self.name != "?":
            with suppress(OSError):
                os.kill(int(self.name), signal.SIGTERM)
            ended = True
        self.pool.shutdown(wait=ended, cancel_futures=True)


def prepare() -> None:
    """In a new process: leave Ctrl+C to the parent, end with it, and load what every run needs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=end_with, args=(parent.sentinel,), daemon=True).start()
    import scheduler.workload.solve  # noqa: F401


def end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


@contextmanager
def ignoring_interrupts() -> Iterator[None]:
    """Processes started here ignore Ctrl+C from their first moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# --- a cluster ---------------------------------------------------------------------------------------------------------------------------------


class OtherVersionError(Exception):
    """A worker of a cluster has other versions, which it names."""


@cache
def versions() -> str:
    """What decides about results: this program and the solver; read once, for every run carries it."""
    return f"scheduler {__version__}, ortools {version('ortools')}"


def perform_with(wanted: str, task: Task) -> Run:
    """The run, where the worker has the versions of who asks."""
    if versions() != wanted:
        raise OtherVersionError(versions())
    return perform(task)


class ClusterWorkers:
    """The workers of a Dask cluster, as many as there are at any moment. Dask itself sends a run again when a worker is lost.

    Raises
    ------
    WorkersLostError
        the extra is not installed, or nobody answers at the address
    """

    def __init__(self, address: str, tell: Tell) -> None:
        try:
            import distributed
        except ImportError:
            raise WorkersLostError("sweep.cluster_not_installed") from None
        connect: Any = distributed.Client  # has no types
        for name in list(logging.root.manager.loggerDict):
            if name.startswith("distributed"):
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what goes wrong is said here, once and in words
        self.address, self.tell = address, tell
        try:
            self.client: Any = connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError):
            raise WorkersLostError("sweep.cluster_unreachable", address=address) from None
        self.executor: Executor = self.client.get_executor(pure=False)
        self._told_empty = False
        self._asked_at = float("-inf")
        self._known: dict[str, int] = {}

    def free(self, busy: int) -> bool:
        threads = self._threads()
        if threads == 0 and not self._told_empty:
            self.tell("cluster_empty", address=self.address)
        self._told_empty = threads == 0
        return busy < max(1, RUNS_AHEAD * threads)

    def _threads(self) -> int:
        """Threads of all workers there are, asked for every few seconds; who is gone since then is named."""
        if time.monotonic() - self._asked_at >= ASK_SECONDS:
            self._asked_at = time.monotonic()
            try:
                now = dict(self.client.nthreads())
            except (OSError, TimeoutError, RuntimeError):
                raise WorkersLostError("sweep.cluster_lost", address=self.address) from None
            for worker in self._known.keys() - now.keys():
                self.tell("cluster_worker_gone", worker=worker)
            self._known = now
        return sum(self._known.values())

    def send(self, task: Task) -> Future[Run]:
        return self.executor.submit(perform_with, versions(), task)

    def died(self, future: Future[Run]) -> str | None:
        from distributed import KilledWorker

        if future.cancelled():
            raise WorkersLostError("sweep.cluster_lost", address=self.address)
        error = future.exception()
        if error is None:
            return None
        if isinstance(error, KilledWorker):
            return str(getattr(error.last_worker, "address", "?"))
        if isinstance(error, OtherVersionError):
            raise WorkersLostError("sweep.cluster_other_version", address=self.address, theirs=str(error), ours=versions())
        if isinstance(error, CancelledError | OSError):
            raise WorkersLostError("sweep.cluster_lost", address=self.address)
        raise WorkersLostError("sweep.cluster_failed", address=self.address, message=f"{type(error).__name__}: {error}")

    def close(self, abandon: bool) -> None:
        with suppress(Exception):
            self.executor.shutdown(wait=not abandon)
        with suppress(Exception):
            self.client.close(timeout=CONNECT_SECONDS)
