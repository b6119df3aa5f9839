"""One solve of a CP-SAT model, with limits, a stop that is never lost, and a status that is never a guess."""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from scheduler.domain.plan import Status
from scheduler.domain.solving import SolveOptions

POLL_SECONDS = 0.05
"""How often a running solve looks at the stop event and passes on its progress."""

Parameters = Mapping[str, int | bool | float | tuple[str, ...]]
"""Fields of CP-SAT's ``SatParameters``; a tuple fills a repeated field."""

OTHER_WAY: Parameters = {"num_workers": 1, "cp_model_presolve": False, "symmetry_level": 0}
"""Parameters of the run that must confirm an INFEASIBLE (or-tools #5295: a false one was seen with many workers and no presolve)."""

Heard = Callable[[int | None, int | None], None]
"""Called with the best value and the bound so far, in the thread that asked for the solve."""


@dataclass(frozen=True, slots=True)
class Run:
    """How one solve ended.

    ``values`` is the whole solution, variable by variable in the order of the model; empty where there is none. ``bound`` is a proved lower
    bound of a minimised objective, None without an objective. ``deterministic_time`` is CP-SAT's own measure of the work done.
    """

    status: Status
    values: tuple[int, ...] = ()
    objective: int | None = None
    bound: int | None = None
    deterministic_time: float = 0.0
    core: tuple[int, ...] = ()
    """With INFEASIBLE under assumptions: indexes of literals that the solver names as enough for it. A hint: it may be wrong (or-tools #5141)."""

    @property
    def found(self) -> bool:
        return self.status in (Status.OPTIMAL, Status.FEASIBLE)


def run(
    model: cp_model.CpModel,
    options: SolveOptions,
    heard: Heard | None = None,
    parameters: Parameters | None = None,
    other_way: Parameters = OTHER_WAY,
) -> Run:
    """Solve once; INFEASIBLE only after a second run of one worker with other parameters has said so too.

    A limit of time or work gives FEASIBLE or UNKNOWN. Where the second run does not end with a verdict the answer is UNKNOWN; where it finds a
    solution, that solution is the answer.

    Parameters
    ----------
    options
        ``seconds`` and ``deterministic_limit`` bound this one solve (twice at most, for the confirming run)
    parameters
        further fields of CP-SAT's ``SatParameters``
    other_way
        those of the confirming run that differ
    """
    first = run_once(model, options, heard, parameters)
    if first.status is not Status.INFEASIBLE:
        return first
    second = run_once(model, replace(options, seed=options.seed + 1), heard, {**(parameters or {}), **other_way})
    return replace(second, deterministic_time=first.deterministic_time + second.deterministic_time)


def run_once(model: cp_model.CpModel, options: SolveOptions, heard: Heard | None = None, parameters: Parameters | None = None) -> Run:
    """Solve once, in a thread of its own, so that the calling thread stays free for signals, the stop event and progress."""
    if options.stop.is_set():
        return Run(Status.UNKNOWN)
    solver = configured_solver(options, parameters or {})
    progress: queue.SimpleQueue[tuple[int | None, int | None]] = queue.SimpleQueue()
    worker = SolveThread(model, solver, progress)
    worker.start()
    try:
        while not worker.done.wait(POLL_SECONDS):
            pass_on(progress, heard)
            if options.stop.is_set():
                solver.stop_search()  # again and again: one that comes before the search has begun is lost (or-tools #3621)
    except BaseException:
        stop_and_join(worker, solver)
        raise
    worker.join()
    pass_on(progress, heard)
    if worker.error is not None:
        raise worker.error
    return outcome_of(model, solver, worker.status)


def configured_solver(options: SolveOptions, parameters: Parameters) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    settings = solver.parameters
    settings.num_workers = max(1, options.workers)
    settings.random_seed = options.seed
    settings.catch_sigint_signal = False
    if options.seconds is not None:
        settings.max_time_in_seconds = max(0.01, options.seconds)
    if options.deterministic_limit is not None:
        settings.max_deterministic_time = max(0.001, options.deterministic_limit)
    for name, value in parameters.items():
        if isinstance(value, tuple):
            getattr(settings, name).extend(value)
        else:
            setattr(settings, name, value)
    return solver


class SolveThread(threading.Thread):
    """Runs the solver; its callbacks only append to a queue, for an exception in one of them would abort Python."""

    def __init__(self, model: cp_model.CpModel, solver: cp_model.CpSolver, progress: queue.SimpleQueue[tuple[int | None, int | None]]) -> None:
        super().__init__(name="cp-sat", daemon=True)
        self.model, self.solver = model, solver
        self.callback = QueueingCallback(progress)
        self.done = threading.Event()
        self.error: BaseException | None = None
        self.status = cp_model.UNKNOWN
        solver.best_bound_callback = lambda bound: progress.put((None, whole_bound(bound)))

    def run(self) -> None:
        try:
            self.status = self.solver.solve(self.model, self.callback)
        except BaseException as error:
            self.error = error
        finally:
            self.done.set()


class QueueingCallback(cp_model.CpSolverSolutionCallback):
    def __init__(self, progress: queue.SimpleQueue[tuple[int | None, int | None]]) -> None:
        super().__init__()
        self._progress = progress

    def on_solution_callback(self) -> None:
        self._progress.put((round(self.objective_value), whole_bound(self.best_objective_bound)))


def pass_on(progress: queue.SimpleQueue[tuple[int | None, int | None]], heard: Heard | None) -> None:
    """Tell the listener the newest value and bound, once for all that came in since the last look."""
    best: int | None = None
    bound: int | None = None
    news = False
    while not progress.empty():
        newer_best, newer_bound = progress.get_nowait()
        best, bound, news = (best if newer_best is None else newer_best), (bound if newer_bound is None else newer_bound), True
    if news and heard is not None:
        heard(best, bound)


def stop_and_join(worker: SolveThread, solver: cp_model.CpSolver) -> None:
    """End the search before an exception (Ctrl+C) leaves this frame: the model must not be read while it is being changed."""
    deadline = time.monotonic() + 5.0
    while not worker.done.wait(POLL_SECONDS) and time.monotonic() < deadline:
        solver.stop_search()


def whole_bound(bound: float) -> int | None:
    """The bound as a whole number: rounded up, less the solver's own rounding error."""
    return math.ceil(bound - 1e-6) if math.isfinite(bound) else None


def outcome_of(model: cp_model.CpModel, solver: cp_model.CpSolver, status: cp_model.CpSolverStatus) -> Run:
    if status == cp_model.MODEL_INVALID:
        raise ValueError(model.validate())
    work = solver.deterministic_time
    if status == cp_model.INFEASIBLE:
        return Run(Status.INFEASIBLE, deterministic_time=work, core=tuple(solver.sufficient_assumptions_for_infeasibility()))
    if status == cp_model.UNKNOWN:
        bound = whole_bound(solver.best_objective_bound) if model.has_objective() else None
        return Run(Status.UNKNOWN, bound=bound, deterministic_time=work)
    values = tuple(solver.response_proto.solution)
    if not model.has_objective():
        return Run(Status.OPTIMAL, values, deterministic_time=work)
    objective = round(solver.objective_value)
    bound = objective if status == cp_model.OPTIMAL else whole_bound(solver.best_objective_bound)
    return Run(Status.OPTIMAL if status == cp_model.OPTIMAL else Status.FEASIBLE, values, objective, bound, work)
