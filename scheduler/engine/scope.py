"""What one step of the search may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.engine.frame import Meet


@dataclass(frozen=True, slots=True)
class Freed:
    """Lessons that are taken out of a week, to be put back better.

    Attributes
    ----------
    meets
        by event; what an event keeps stays where it is. Events of one bundle are freed together, lesson by lesson
    move
        whether lessons may get other times (and be split in another way); else only their resources are chosen anew
    choose
        events whose open roles may get another resource; the others keep those they have
    window
        times that the lessons may take (None = the whole week)
    """

    meets: Mapping[int, tuple[Meet, ...]]
    move: bool = True
    choose: frozenset[int] = frozenset()
    window: frozenset[int] | None = None
