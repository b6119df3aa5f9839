"""The command line. ``main`` is the entry point of ``scheduler`` and of ``python -m scheduler``."""

from __future__ import annotations

from scheduler.cli.commands import main

__all__ = ["main"]
