"""The command line. ``main`` is the entry point of ``scheduler`` and of ``python -m scheduler``."""

from __future__ import annotations

import sys
from typing import NoReturn

from scheduler.app.exits import Exit


def main() -> NoReturn:
    """Run the command that the arguments name. The commands are imported here, so that a Ctrl+C during it is no traceback either."""
    try:
        from scheduler.cli.commands import main as run
    except KeyboardInterrupt:
        sys.exit(Exit.NO_PLAN_YET)
    run()
