"""What is said on stderr while a plan is computed: the stage in plain words, the best so far, and how far it can be from the best possible."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field

import click

from scheduler.cli.show import stage_name
from scheduler.domain.solving import Progress
from scheduler.report.text import Text

LEAST_SECONDS = 1.0
"""News of the same stage are at least so far apart."""


@dataclass
class ProgressPrinter:
    """A listener that prints one line a piece of news, and never the same twice."""

    text: Text
    started: float = field(default_factory=time.monotonic)
    _said: tuple[str, str, int | None, int | None] | None = None
    _said_at: float = 0.0

    def __call__(self, progress: Progress) -> None:
        news = (progress.stage, progress.detail, progress.best, progress.bound)
        now = time.monotonic()
        settled = progress.best is not None and progress.best == progress.bound
        same_stage = self._said is not None and self._said[:2] == news[:2]
        if not progress.stage or news == self._said or (same_stage and not settled and now - self._said_at < LEAST_SECONDS):
            return
        self._said, self._said_at = news, now
        click.echo(self.line(progress, round(now - self.started)), err=True)

    def line(self, progress: Progress, elapsed: int) -> str:
        stage = stage_name(self.text, progress.stage)
        if progress.detail:
            stage = self.text.say("progress.detail", stage=stage, detail=progress.detail)
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
