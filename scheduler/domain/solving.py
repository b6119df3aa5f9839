"""How a solve is asked for and how it speaks while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SolveOptions:
    """Limits of a solve.

    ``seconds`` bounds the wall time of the whole (None = no bound); ``deterministic_limit`` bounds the search by CP-SAT's own deterministic time
    instead, so that one worker gives the same plan again. ``stop`` is set from outside (Ctrl+C) to end with the best so far.
    """

    seconds: float | None = None
    workers: int = 2
    seed: int = 0
    deterministic_limit: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of progress: a stage (key of the text catalogue), its best value and bound so far, and seconds since the start."""

    stage: str
    best: int | None = None
    bound: int | None = None
    seconds: float = 0.0
    detail: str = ""


Listener = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """A listener that hears nothing."""
