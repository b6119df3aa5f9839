"""A teacher is absent for a day: what can be done with each lesson, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scheduler.domain.plan import Lesson


class OfferKind(StrEnum):
    SUBSTITUTE = "substitute"
    """a colleague who may teach it and is free takes the lesson"""
    AT_THE_END = "at_the_end"
    """the lesson is the last of the class's day already"""
    SWAP = "swap"
    """it changes places with the last lesson of the class's day, whose teacher is free"""


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to deal with a lesson; the smaller the ``cost``, the smaller the change.

    ``teacher`` takes the lesson over, or teaches the ``instead`` that comes forward; "" where nothing changes. ``linear``: the subject belongs to the
    certificate. ``knows_class``: teaches the class something. ``there``: has lessons at the school on the day. ``adjacent``: has one just before or
    after. ``outside``: has to be sent over from another school. ``jp`` are the teacher's hours of the week.
    """

    kind: OfferKind
    cost: int
    teacher: str = ""
    linear: bool = False
    knows_class: bool = False
    there: bool = False
    adjacent: bool = False
    outside: bool = False
    jp: int = 0
    instead: Lesson | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A lesson of the absent teacher, every way to deal with it, the best first, and the one chosen for the day as a whole (None = nobody can)."""

    lesson: Lesson
    offers: tuple[Offer, ...]
    chosen: Offer | None
