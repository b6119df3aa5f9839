"""By which names a workbook may call things, and which name was probably meant.

A school may be called by NPSN or name, a teacher by code, name, NIP, ``Nama (NIP)`` or ``Nama (Kode)``, a subject by id, short code, name or
alias. ``Names`` turns each into the id that entities keep, and suggests the nearest name where it knows none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from scheduler.domain.entities import Group, Rombel, Room, School, Slot, Subject, Teacher
from scheduler.formats.cells import ROMAN
from scheduler.formats.columns import Kind, key
from scheduler.policy.schema import Certificate, Policy

LIST_SEPARATORS: Final = re.compile(r"\s*[,;\n]\s*")


class Directory:
    """The names of one kind of thing, and the ids they stand for."""

    def __init__(self, fallback: Callable[[str], str | None] | None = None) -> None:
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._loose: dict[str, set[str]] = defaultdict(set)
        self._labels: dict[str, str] = {}
        self._fallback = fallback
        self.ids: dict[str, None] = {}
        """Known ids, in the order they were added."""

    def add(self, identity: str, *names: str, label: str = "") -> None:
        """Adds a thing; ``label`` is the name that suggestions show (default: the id)."""
        if not identity:
            return
        self.ids[identity] = None
        for name in (identity, *names):
            if name:
                self._exact[name.strip()].add(identity)
                self._loose[key(name)].add(identity)
                self._labels.setdefault(key(name), label or identity)

    def find(self, text: str) -> str | None:
        """The id, where the text names one thing and no other."""
        found = self._of(text)
        if found is None and text.endswith(")"):
            outside, _, inside = text[:-1].rpartition("(")
            found = self._of(inside.strip()) or self._of(outside.strip())
        return found or (self._fallback(text) if self._fallback else None)

    def _of(self, text: str) -> str | None:
        for ids in (self._exact.get(text), self._loose.get(key(text)) if key(text) else None):
            if ids and len(ids) == 1:
                return next(iter(ids))
        return None

    def nearest(self, text: str) -> str | None:
        """The label of the name that resembles the text most, or None where none does."""
        near = get_close_matches(key(text), self._labels, n=1)
        return self._labels[near[0]] if near else None


class Names:
    """The directories of everything that cells may name; those of rombels, groups and rooms are a school's own."""

    def __init__(self) -> None:
        self._common: dict[Kind, Directory] = defaultdict(Directory)
        self._of_school: dict[tuple[Kind, str], Directory] = defaultdict(Directory)

    def directory(self, kind: Kind, school: str = "") -> Directory:
        return self._of_school[kind, school] if kind in SCHOOL_KINDS else self._common[kind]

    def find(self, kind: Kind, text: str, school: str = "") -> str | None:
        """The id of the thing that the text names, or None. A rombel may be written in Roman or Arabic numerals."""
        directory = self.directory(kind, school)
        found = directory.find(text)
        return directory.find(arabic(text)) if found is None and kind in ROMBEL_KINDS else found

    def find_all(self, kind: Kind, text: str, school: str = "") -> tuple[str, ...]:
        """The ids of a list in a cell; parts that name nothing stay as they are.

        Names may hold commas themselves (``Budi, S.Pd``), so the longest run of parts that names something is taken each time.
        """
        separators = [match.group() for match in LIST_SEPARATORS.finditer(text)]
        parts = LIST_SEPARATORS.split(text)
        found: list[str] = []
        start = 0
        while start < len(parts):
            for end in range(len(parts), start, -1):
                run = "".join(part + (separators[i] if i < end - 1 else "") for i, part in enumerate(parts[start:end], start))
                identity = self.find(kind, run, school)
                if identity is not None or end == start + 1:
                    found.append(run if identity is None else identity)
                    break
            start = end
        return tuple(dict.fromkeys(part for part in found if part))

    def set_fallback(self, kind: Kind, fallback: Callable[[str], str | None]) -> None:
        self._common[kind] = Directory(fallback)

    # --- what is added as it is read -------------------------------------------------------------------------------------------------

    def add_schools(self, schools: Iterable[School]) -> None:
        for school in schools:
            self._common[Kind.SCHOOL].add(school.npsn, school.name, f"{school.name} ({school.npsn})")

    def add_teachers(self, teachers: Iterable[Teacher]) -> None:
        for t in teachers:
            with_nip = f"{t.name} ({t.nip})" if t.nip else ""
            self._common[Kind.TEACHER].add(t.code, t.name, f"{t.name} ({t.code})", with_nip, t.nip, label=f"{t.name} ({t.code})")

    def add_subjects(self, subjects: Iterable[Subject]) -> None:
        for subject in subjects:
            self._common[Kind.SUBJECT].add(subject.id, subject.name, subject.short, f"{subject.name} ({subject.short})", label=subject.name)

    def add_certificates(self, certificates: Mapping[str, Certificate]) -> None:
        for certificate in certificates.values():
            self._common[Kind.CERTIFICATE].add(certificate.id, certificate.name, *certificate.codes, *certificate.aliases, label=certificate.name)

    def add_duties(self, policy: Policy) -> None:
        for duty in policy.duties:
            self._common[Kind.DUTY].add(duty.id, duty.name, duty.name_en, *duty.aliases, label=duty.name)

    def add_rombels(self, rombels: Iterable[Rombel]) -> None:
        for rombel in rombels:
            for kind in ROMBEL_KINDS:
                self._of_school[kind, rombel.school].add(rombel.name, arabic(rombel.name))

    def add_groups(self, groups: Iterable[Group]) -> None:
        for group in groups:
            for kind in (Kind.GROUP, Kind.CLASS):
                self._of_school[kind, group.school].add(group.code)

    def add_rooms(self, rooms: Iterable[Room]) -> None:
        for room in rooms:
            self._of_school[Kind.ROOM, room.school].add(room.name)

    def add_bells(self, slots: Iterable[Slot]) -> None:
        for slot in slots:
            self._common[Kind.BELL].add(slot.pattern)

    def add_ids(self, kind: Kind, ids: Iterable[str]) -> None:
        for identity in ids:
            self._common[kind].add(identity)


SCHOOL_KINDS: Final = frozenset({Kind.ROMBEL, Kind.CLASS, Kind.GROUP, Kind.ROOM})
"""Kinds whose names hold within one school."""

ROMBEL_KINDS: Final = (Kind.ROMBEL, Kind.CLASS)


def arabic(name: str) -> str:
    """``VII-A`` → ``7-A``; a name that begins with no grade in Roman numerals stays."""
    match = re.match(r"[IVX]+", name)
    return f"{ROMAN[match[0]]}{name[match.end() :]}" if match and match[0] in ROMAN else name
