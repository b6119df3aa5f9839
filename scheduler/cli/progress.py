"""What is said on stderr while a plan is computed: the stage in plain words, the best so far, and how far it can be from the best possible."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, field, replace

import click

from scheduler.cli.show import LONGEST_NAME, brief, stage_name
from scheduler.domain.solving import Progress
from scheduler.report.text import Text

LEAST_SECONDS = 1.0
"""News are at least so far apart, but for what is proved of the whole."""


@dataclass
class ProgressPrinter:
    """A listener that prints one line a piece of news; schools that are computed side by side may tell it at the same time."""

    text: Text
    started: float = field(default_factory=time.monotonic)
    _said: set[Progress] = field(default_factory=set)
    _said_at: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, progress: Progress) -> None:
        news, now = replace(progress, seconds=0.0), time.monotonic()
        important = not progress.detail and (progress.best is None or progress.best == progress.bound)
        with self._lock:
            if not progress.stage or news in self._said or (not important and now - self._said_at < LEAST_SECONDS):
                return
            self._said.add(news)
            self._said_at = now
            click.echo(self.line(progress, round(now - self.started)), err=True)

    def line(self, progress: Progress, elapsed: int) -> str:
        stage = stage_name(self.text, progress.stage)
        if progress.detail:
            stage = self.text.say("progress.detail", stage=stage, detail=brief(progress.detail, LONGEST_NAME))
        unit_key = f"progress.{progress.stage}_unit"
        facts = {"elapsed": elapsed, "stage": stage, "best": progress.best, "unit": self.text.say(unit_key) if self.text.has(unit_key) else ""}
        if progress.best is None:
            return self.text.say("progress.line", **facts)
        if progress.bound is None:
            return self.text.say("progress.line_best", **facts)
        if progress.bound == progress.best:
            return self.text.say("progress.line_proved", **facts)
        return self.text.say("progress.line_gap", gap=progress.best - max(0, progress.bound), **facts)

    def stage(self, name: str) -> None:
        """Say that a stage without numbers begins."""
        self(Progress(name))

    def stopping(self) -> None:
        """Said inside a signal handler, where a line half written must not be entered again."""
        with contextlib.suppress(RuntimeError):
            click.echo(self.text.say("progress.stopping"), err=True)
