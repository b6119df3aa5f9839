"""Analisis kebutuhan of a district: hours, teachers needed and teachers there, by field and school, and who could come from where; no solver.

A field is a set of subjects and of families of certificates that are linear to one another (IPA; Quran Hadis with Akidah Akhlak, Fikih and SKI): so
every hour and every teacher belongs to one field only, and sums over schools and fields are true. The count for one school alone, with its duties,
is that of ``report.staffing``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduler.domain.entities import Position
from scheduler.policy.case import Case, NeedKind, rounded_need


@dataclass(frozen=True, slots=True)
class Field:
    """Subjects that the certificates of some families are linear to; ``families`` is empty where nobody counted has one."""

    subjects: tuple[str, ...]
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldNeed:
    """One field at one school.

    ``jp`` are the recognised hours a week of all its classes, ``divisor_jtm`` the ruleset's minimum, ``needed`` = ``jp`` / ``divisor_jtm`` rounded as
    the ruleset says. ``certified`` are the counted teachers of the field at home there.
    """

    school: str
    field: Field
    classes: int
    jp: int
    divisor_jtm: int
    needed: int
    certified: tuple[str, ...]

    @property
    def balance(self) -> int:
        """Teachers more than needed; negative where some are lacking."""
        return len(self.certified) - self.needed

    @property
    def surplus(self) -> int:
        return max(0, self.balance)

    @property
    def shortage(self) -> int:
        return max(0, -self.balance)

    @property
    def full_jp(self) -> int:
        """Hours of its teachers if each had just the minimum."""
        return len(self.certified) * self.divisor_jtm


@dataclass(frozen=True, slots=True)
class FieldSum:
    """One field, or all of them (``field`` None), over some schools."""

    field: Field | None
    jp: int
    divisor_jtm: int
    needed: int
    certified: int
    surplus: int
    shortage: int

    @property
    def full_jp(self) -> int:
        return self.certified * self.divisor_jtm

    @property
    def balance(self) -> int:
        return self.surplus - self.shortage


@dataclass(frozen=True, slots=True)
class Move:
    """Teachers of a field beyond the need of one school who could go where they are lacking; ``cost``: minutes or km, None = unknown."""

    field: Field
    origin: str
    destination: str
    teachers: tuple[str, ...]
    cost: int | None
    same_kecamatan: bool


@dataclass(frozen=True)
class DistrictNeed:
    """The analysis of every school of the file with classes and staff of its own."""

    case: Case

    @cached_property
    def schools(self) -> tuple[str, ...]:
        return tuple(npsn for npsn in self._with_classes if npsn in self._staffed)

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """Schools with classes of which the file has no teacher."""
        return tuple(npsn for npsn in self._with_classes if npsn not in self._staffed)

    @cached_property
    def _with_classes(self) -> tuple[str, ...]:
        known = {rombel.school for rombel in self.case.instance.rombels}
        return tuple(npsn for npsn in self.case.schools if npsn in known)

    @cached_property
    def _staffed(self) -> frozenset[str]:
        return frozenset(teacher.home for teacher in self.case.instance.teachers)

    @cached_property
    def kecamatan(self) -> Mapping[str, tuple[str, ...]]:
        """Schools by kecamatan, in the order of the sheet; "" where the workbook names none."""
        found: dict[str, list[str]] = {}
        for npsn in self.schools:
            found.setdefault(self.case.schools[npsn].kecamatan, []).append(npsn)
        return {name: tuple(schools) for name, schools in found.items()}

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """In the order of the first subject of each; families that are linear to a common subject are one field."""
        here = set(self.schools)
        taught = dict.fromkeys(need.subject for need in self.case.needs if need.kind is NeedKind.LESSON and need.school in here)
        present = dict.fromkeys(self.case.family_of(t) for t in self.case.teachers if t in self.case.counted)
        covers = {family: self.case.family_subjects(family) for family in present if family}
        left, found = dict.fromkeys(taught), []
        while left:
            subjects, families = {next(iter(left))}, set[str]()
            grown = True
            while grown:
                families = {family for family, own in covers.items() if not own.isdisjoint(subjects)}
                more = {subject for family in families for subject in covers[family] if subject in taught} | subjects
                grown, subjects = more != subjects, more
            found.append(Field(tuple(s for s in taught if s in subjects), tuple(f for f in covers if f in families)))
            left = dict.fromkeys(subject for subject in left if subject not in subjects)
        return tuple(found)

    @cached_property
    def rows(self) -> tuple[FieldNeed, ...]:
        """School by school, field by field; only where the school has hours or teachers of the field."""
        field_of = {subject: field for field in self.fields for subject in field.subjects}
        jp: Counter[tuple[str, Field]] = Counter()
        classes: defaultdict[tuple[str, Field], set[tuple[str, str]]] = defaultdict(set)
        for need in self.case.needs:
            if need.kind is NeedKind.LESSON and need.subject in field_of:
                place = need.school, field_of[need.subject]
                jp[place] += need.recognised_jp
                classes[place].update((rombel, need.subject) for rombel in need.rombels)
        return tuple(
            self._row(npsn, field, jp[npsn, field], len(classes[npsn, field]))
            for npsn in self.schools
            for field in self.fields
            if jp[npsn, field] or self._certified(npsn, field)
        )

    def _row(self, npsn: str, field: Field, jp: int, classes: int) -> FieldNeed:
        policy = self.case.policy
        needed = rounded_need(jp, policy.min_jtm, policy.need_rounding)
        return FieldNeed(npsn, field, classes, jp, policy.min_jtm, needed, self._certified(npsn, field))

    def _certified(self, npsn: str, field: Field) -> tuple[str, ...]:
        return tuple(t for family in field.families for t in self.case.certified_of_family(npsn, family))

    def sums(self, schools: Iterable[str] | None = None) -> tuple[FieldSum, ...]:
        """Field by field over these schools (None: all), the sum of all fields last."""
        here = set(self.schools if schools is None else schools)
        rows = [row for row in self.rows if row.school in here]
        return (*(self._sum(field, [row for row in rows if row.field == field]) for field in self.fields), self._sum(None, rows))

    def _sum(self, field: Field | None, rows: Sequence[FieldNeed]) -> FieldSum:
        return FieldSum(
            field=field,
            jp=sum(row.jp for row in rows),
            divisor_jtm=self.case.policy.min_jtm,
            needed=sum(row.needed for row in rows),
            certified=sum(len(row.certified) for row in rows),
            surplus=sum(row.surplus for row in rows),
            shortage=sum(row.shortage for row in rows),
        )

    # --- who could come from where ---------------------------------------------------------------------------------------------------------

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """Surplus to shortage of the same field: the same kecamatan first, then the nearest; nobody is named twice.

        A first look by numbers alone, one pair after the other: not the cheapest set, and not proved to make anybody valid (``diagnose.transfers``).
        """
        return tuple(move for field in self.fields for move in self._moves(field))

    def _moves(self, field: Field) -> Iterator[Move]:
        rows = [row for row in self.rows if row.field == field]
        spare = {row.school: self._to_spare(row) for row in rows if row.surplus}
        lacking = {row.school: row.shortage for row in rows if row.shortage}
        pairs = sorted((self._way(origin, destination), origin, destination) for origin in spare for destination in lacking)
        for (elsewhere, unknown, cost), origin, destination in pairs:
            count = min(len(spare[origin]), lacking[destination])
            if count:
                going, spare[origin] = spare[origin][:count], spare[origin][count:]
                lacking[destination] -= count
                yield Move(field, origin, destination, going, None if unknown else cost, not elsewhere)

    def _to_spare(self, row: FieldNeed) -> tuple[str, ...]:
        """So many teachers as are beyond the need: guru mapel only, who is willing to teach elsewhere first, then the last by Prioritas."""
        teachers = self.case.teachers
        order = {t: place for place, t in enumerate(self.case.by_priority)}
        movable = [t for t in row.certified if teachers[t].position is Position.SUBJECT_TEACHER]
        return tuple(sorted(movable, key=lambda t: (not teachers[t].willing, -order[t]))[: row.surplus])

    def _way(self, origin: str, destination: str) -> tuple[bool, bool, int]:
        """(another kecamatan, way unknown, minutes or km)."""
        case = self.case
        first, second = case.schools[origin].kecamatan, case.schools[destination].kecamatan
        known = case.travel_minutes(origin, destination) is not None or case.distance_km(origin, destination) is not None
        return not first or first != second, not known, case.travel_cost(origin, destination)
