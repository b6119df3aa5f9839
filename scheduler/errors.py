"""The exceptions a caller may meet.

::

    SchedulerError
    ├── InputError        the files say something that cannot be understood (exit code 65); carries Problems
    ├── PolicyError       a ruleset, curriculum or linearity file is wrong, or an id is unknown (exit code 65)
    └── CheckerDisagreementError  our own checker refuses our own plan (exit code 70): a bug of ours, never the user's

INFEASIBLE and UNKNOWN are statuses of an outcome, not exceptions.
"""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.problem import Problem


class SchedulerError(Exception):
    """Base of every exception this package raises on purpose."""


class InputError(SchedulerError):
    """The input cannot be understood; ``problems`` holds everything that is wrong, sorted by place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems, key=lambda problem: problem.sort_key))
        super().__init__(f"{len(self.problems)} problem(s) in the input")


class PolicyError(InputError):
    """A ruleset, curriculum or linearity table is wrong or unknown."""


class CheckerDisagreementError(SchedulerError):
    """The independent checker found a Violation in a plan that the models called legal."""

    def __init__(self, messages: Sequence[str]) -> None:
        self.messages = tuple(messages)
        super().__init__("; ".join(self.messages))
