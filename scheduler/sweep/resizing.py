"""A school with more or fewer rombels: which grade gives or takes one, and what becomes of everything that speaks of classes.

The method, one rombel at a time: a rombel more goes to the grade that has fewest, the lowest of several; a rombel fewer is taken from the grade that
has most, the highest of several, and there it is the last of the sheet. So one more and one fewer undo each other, and a school of 3 + 3 + 3 becomes
3 + 3 + 2. A grade keeps its last rombel, and its pupils: they are spread again evenly over its rombels. Teachers and duties stay. What was fixed
for a rombel that is gone (Penugasan, Kelompok, wali kelas, Jam Mitra, Aturan Jadwal) is dropped, and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from scheduler.domain.entities import Rombel
from scheduler.domain.instance import Instance


@dataclass(frozen=True, slots=True)
class Resized:
    """``dropped`` rows of the workbook spoke of rombels that are gone."""

    instance: Instance
    dropped: int


def wanted_rombels(instance: Instance, npsn: str, value: str) -> int:
    """How many rombels ``8``, ``+1`` or ``-1`` mean for the school."""
    return len(instance.rombels_of(npsn)) + int(value) if value[0] in "+-" else int(value)


def resized(instance: Instance, npsn: str, wanted: int) -> Resized | None:
    """The school with so many rombels; None where a grade would be left without any."""
    rombels = list(instance.rombels_of(npsn))
    if wanted < len({rombel.grade for rombel in rombels}) or not rombels:
        return None
    while len(rombels) < wanted:
        rombels = with_one_more(rombels)
    gone: list[str] = []
    while len(rombels) > wanted:
        counts = Counter(rombel.grade for rombel in rombels)
        grade = max(counts, key=lambda g: (counts[g], g))
        last = [rombel for rombel in rombels if rombel.grade == grade][-1]
        rombels.remove(last)
        gone.append(last.name)
    if rombels == list(instance.rombels_of(npsn)):
        return Resized(instance, 0)
    spread = with_pupils(rombels, instance.rombels_of(npsn))
    place = next(index for index, rombel in enumerate(instance.rombels) if rombel.school == npsn)
    others = [rombel for rombel in instance.rombels if rombel.school != npsn]
    before = sum(rombel.school != npsn for rombel in instance.rombels[:place])
    changed = replace(instance, rombels=(*others[:before], *spread, *others[before:]))
    return without(changed, npsn, frozenset(gone))


def with_one_more(rombels: Sequence[Rombel]) -> list[Rombel]:
    """One rombel more, behind the last of the grade that has fewest."""
    counts = Counter(rombel.grade for rombel in rombels)
    grade = min(counts, key=lambda g: (counts[g], g))
    place = max(index for index, rombel in enumerate(rombels) if rombel.grade == grade)
    like = rombels[place]
    new = replace(like, name=next_name(like.name, {rombel.name for rombel in rombels}), room="")
    return [*rombels[: place + 1], new, *rombels[place + 1 :]]


def next_name(name: str, taken: Collection[str]) -> str:
    """``9B`` → ``9C``, ``VII-2`` → ``VII-3``; a number behind it where neither letters nor digits go on."""
    match = re.fullmatch(r"(.*?)(\d+|[A-Ya-y])", name)
    stem, last = (match[1], match[2]) if match else (f"{name}-", "1")
    while True:
        last = str(int(last) + 1) if last.isdecimal() else chr(ord(last) + 1)
        if stem + last not in taken:
            return stem + last
        if last in ("Z", "z"):
            stem, last = f"{stem}{last}-", "1"


def with_pupils(rombels: Sequence[Rombel], before: Sequence[Rombel]) -> list[Rombel]:
    """The pupils of every grade that gained or lost a rombel spread evenly, the first rombels taking what does not divide.

    Nothing is spread in a grade where the number of pupils of some rombel is not known.
    """
    former, now = Counter(r.grade for r in before), Counter(r.grade for r in rombels)
    found = list(rombels)
    for grade in now:
        if now[grade] == former[grade]:
            continue
        known = [rombel.students for rombel in before if rombel.grade == grade]
        places = [index for index, rombel in enumerate(found) if rombel.grade == grade]
        total = None if any(students is None for students in known) else sum(students or 0 for students in known)
        for order, index in enumerate(places):
            students = None if total is None else total // len(places) + (order < total % len(places))
            found[index] = replace(found[index], students=students)
    return found


def without(instance: Instance, npsn: str, gone: frozenset[str]) -> Resized:
    """The instance without the rows that speak of rombels that are gone; a group over several rombels keeps the others."""
    if not gone:
        return Resized(instance, 0)
    groups = tuple(
        replace(group, rombels=tuple(name for name in group.rombels if name not in gone)) if group.school == npsn else group
        for group in instance.groups
    )
    emptied = {group.code for group in groups if not group.rombels}
    names = gone | emptied
    kept = replace(
        instance,
        groups=tuple(replace(g, parallel="" if g.parallel in emptied and g.school == npsn else g.parallel) for g in groups if g.rombels),
        assignments=tuple(row for row in instance.assignments if not (row.school == npsn and row.rombel in names)),
        duties=tuple(row for row in instance.duties if not (row.school == npsn and row.unit in gone)),
        open_hours=tuple(row for row in instance.open_hours if not (row.school == npsn and row.rombel in gone)),
        week_rules=tuple(row for row in instance.week_rules if not (row.school in ("", npsn) and row.rombel in names)),
    )
    tables = ("groups", "assignments", "duties", "open_hours", "week_rules")
    return Resized(kept, sum(len(getattr(instance, table)) - len(getattr(kept, table)) for table in tables))
