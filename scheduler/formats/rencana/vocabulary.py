"""The words by which the sheets are recognised, in every language a plan is written in; ``report`` fills them from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.domain.entities import Slot
from scheduler.formats.rencana.pages import folded

NOBODY = "?"
"""In place of a teacher's code: ``MTK-?``."""


@dataclass(frozen=True)
class Vocabulary:
    """All words are folded (``pages.folded``).

    ``headings`` are the words of each column heading by key. ``titles`` are the tabs' names by key. ``days`` are the days' words. ``nobody`` are the
    words for a subject or a duty without a teacher. ``schools`` are NPSN by the school's name. ``subjects`` are subject ids by code and name.
    ``labels`` are the teachers that a school's timetable calls so, ``names`` those of the file who bear a name and ``spelled`` the names as the
    file writes them. ``duties`` are duty ids by name, ``units`` the units of (school, duty) by their words. ``blocks`` are the classes that
    Jadwal Induk shows, by (school, class) with the slots of
    their days in order; ``classes`` all classes of a school on Pembagian Tugas. ``special`` are words that stand in rows without lessons.
    """

    headings: Mapping[str, frozenset[str]]
    titles: Mapping[str, frozenset[str]]
    days: Mapping[str, str]
    nobody: frozenset[str]
    schools: Mapping[str, tuple[str, ...]]
    subjects: Mapping[str, str]
    labels: Mapping[str, Mapping[str, tuple[str, ...]]]
    names: Mapping[str, tuple[str, ...]]
    spelled: Mapping[str, str]
    duties: Mapping[str, str]
    units: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]]
    blocks: Mapping[tuple[str, str], Mapping[str, tuple[Slot, ...]]]
    classes: Mapping[str, tuple[str, ...]]
    special: frozenset[str]

    def is_sheet(self, key: str, title: str) -> bool:
        return folded(title) in self.titles[key]

    def class_named(self, school: str, value: object) -> str:
        """The class of a school that a heading names, "" for none."""
        return next((name for name in self.classes.get(school, ()) if folded(name) == folded(value)), "")

    def any_class_named(self, value: object) -> bool:
        return any(self.class_named(school, value) for school in self.classes)
