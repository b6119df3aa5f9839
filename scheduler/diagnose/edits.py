"""Changes of a workbook, each a small pure function from one Instance to the next.

``EDITS`` lists them by ``Edit.kind``. What an edit needs stands in its ``facts``; further facts (JP, km) are there for its price and its sentence.
The changed instance is one that the workbook reader accepts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from scheduler.domain.entities import AssignmentKind, AssignmentRow, DutySetting, Extracurricular, Group, OpenHours, Rombel, Teacher
from scheduler.domain.explanation import Edit
from scheduler.domain.instance import Instance
from scheduler.formats.building import subjects_used

Facts = Mapping[str, str | int | float]

FIRST_LETTER, LAST_LETTER = "A", "Z"


def applied(instance: Instance, edits: Sequence[Edit]) -> Instance:
    """The instance with all edits in place, one after the other; the one given stays as it is.

    Raises
    ------
    KeyError
        an edit of a kind that does not exist, or without a fact it needs
    """
    for edit in edits:
        instance = EDITS[edit.kind](instance, edit.facts)
    return instance


# --- hours elsewhere -----------------------------------------------------------------------------------------------------------------------


def partner_class(instance: Instance, facts: Facts) -> Instance:
    """Penugasan, Dinas: a class of another school is opened to this visitor."""
    row = AssignmentRow(text(facts, "school"), text(facts, "rombel"), text(facts, "subject"), text(facts, "teacher"), AssignmentKind.DINAS)
    return instance if row in instance.assignments else replace(instance, assignments=(*instance.assignments, row))


def partner_hours(instance: Instance, facts: Facts) -> Instance:
    """Jam Mitra: one class's hours of a subject at a school of which no classes are known."""
    number = max((row.row for row in instance.open_hours), default=0) + 1
    row = OpenHours(text(facts, "school"), text(facts, "subject"), whole(facts, "jp"), row=number)
    return with_subjects(replace(instance, open_hours=(*instance.open_hours, row)), (row.subject,))


def outside_hours(instance: Instance, facts: Facts) -> Instance:
    """JTM di Luar: recognised hours at a school that is not in the file."""
    more = whole(facts, "jtm")
    return with_teacher(instance, text(facts, "teacher"), lambda t: replace(t, outside_jtm=t.outside_jtm + more))


def willing(instance: Instance, facts: Facts) -> Instance:
    """Bersedia ke Mitra: Ya. Needs the teacher's consent."""
    return with_teacher(instance, text(facts, "teacher"), lambda t: replace(t, willing=True))


# --- duties --------------------------------------------------------------------------------------------------------------------------------


def laboratory(instance: Instance, facts: Facts) -> Instance:
    """One laboratory more at the school."""
    npsn = text(facts, "school")
    return replace(instance, schools=tuple(replace(s, laboratories=s.laboratories + 1) if s.npsn == npsn else s for s in instance.schools))


def library(instance: Instance, facts: Facts) -> Instance:
    """The school has a library."""
    npsn = text(facts, "school")
    return replace(instance, schools=tuple(replace(s, has_library=True) if s.npsn == npsn else s for s in instance.schools))


def duty_post(instance: Instance, facts: Facts) -> Instance:
    """Maksimal of a duty that was switched off or kept small, up to what the ruleset recognises."""
    most = whole(facts, "maximum")
    return with_duty_rows(instance, facts, lambda row: row if row.maximum is None else replace(row, maximum=most))


def duty_candidates(instance: Instance, facts: Facts) -> Instance:
    """Calon of a duty: the whole staff instead of those who were named."""
    return with_duty_rows(instance, facts, lambda row: replace(row, candidates=()))


def extracurricular(instance: Instance, facts: Facts) -> Instance:
    """One ekskul more."""
    club = Extracurricular(text(facts, "school"), text(facts, "name"))
    return replace(instance, extracurriculars=(*instance.extracurriculars, club))


# --- what counts ---------------------------------------------------------------------------------------------------------------------------


def kokurikuler(instance: Instance, facts: Facts) -> Instance:
    """Hitung Kokurikuler: Ya."""
    return replace(instance, settings=replace(instance.settings, count_kokurikuler=True))


def unverified_linearity(instance: Instance, facts: Facts) -> Instance:
    """Linearitas C: Ya, the rows of the linearity table that nobody has confirmed yet."""
    return replace(instance, settings=replace(instance.settings, unverified_linearity=True))


def minimum(instance: Instance, facts: Facts) -> Instance:
    """Another minimum (JTM a week) in the place of the ruleset's."""
    overrides = {**instance.settings.overrides, "min_jtm": str(whole(facts, "min_jtm"))}
    return replace(instance, settings=replace(instance.settings, overrides=overrides))


def max_jp(instance: Instance, facts: Facts) -> Instance:
    """JP Maks of a teacher left blank, so that only the ruleset's most holds."""
    return with_teacher(instance, text(facts, "teacher"), lambda t: replace(t, max_jp=None))


# --- classes and homes ---------------------------------------------------------------------------------------------------------------------


def rombel_more(instance: Instance, facts: Facts) -> Instance:
    """One rombel more in a grade: a copy of the grade's last one, its name follows on, the grade's pupils are shared out again.

    With the fact ``new_pupils`` the others keep theirs, and the new one has as many as the last.
    It joins the groups (Kelompok) of the rombel that it copies; it has no room of its own yet, and no rows of Penugasan.
    """
    npsn, grade = text(facts, "school"), whole(facts, "grade")
    last = rombels_of_grade(instance, npsn, grade)[-1]
    taken = {r.name for r in instance.rombels_of(npsn)} | {g.code for g in instance.groups if g.school == npsn}
    new = replace(last, name=following_name(last.name, taken), room="")
    place = instance.rombels.index(last) + 1
    groups = tuple(replace(g, rombels=(*g.rombels, new.name)) if g.school == npsn and last.name in g.rombels else g for g in instance.groups)
    longer = replace(instance, rombels=(*instance.rombels[:place], new, *instance.rombels[place:]), groups=groups)
    return longer if facts.get("new_pupils") else shared_out(longer, npsn, grade, pupils(instance, npsn, grade))


def rombel_less(instance: Instance, facts: Facts) -> Instance:
    """The last rombel of a grade dissolved, its pupils shared out among the grade's others; what named it names it no more."""
    npsn, grade = text(facts, "school"), whole(facts, "grade")
    gone = rombels_of_grade(instance, npsn, grade)[-1]
    shorter = replace(
        instance,
        rombels=tuple(r for r in instance.rombels if r != gone),
        assignments=tuple(row for row in instance.assignments if (row.school, row.rombel) != (npsn, gone.name)),
        duties=tuple(kept for row in instance.duties if (kept := without_unit(row, npsn, gone.name)) is not None),
        open_hours=tuple(replace(row, rombel="") if (row.school, row.rombel) == (npsn, gone.name) else row for row in instance.open_hours),
    )
    return shared_out(without_rombel_in_groups(shorter, gone), npsn, grade, pupils(instance, npsn, grade))


def teacher_moved(instance: Instance, facts: Facts) -> Instance:
    """Another home school. What was pinned to the teacher at the old one is free again; an order of the Dinas for the new one falls away."""
    code, npsn = text(facts, "teacher"), text(facts, "school")
    old = instance.teacher(code).home
    moved = with_teacher(instance, code, lambda t: replace(t, home=npsn))
    return replace(
        moved,
        duties=tuple(kept for row in moved.duties if (kept := without_holder(row, old, code)) is not None),
        extracurriculars=tuple(replace(e, leader="") if (e.school, e.leader) == (old, code) else e for e in moved.extracurriculars),
        assignments=tuple(row for row in moved.assignments if row.teacher != code or not falls_away(row, old, npsn)),
    )


def falls_away(row: AssignmentRow, old: str, new: str) -> bool:
    return (row.kind is AssignmentKind.LOCK and row.school == old) or (row.kind is AssignmentKind.DINAS and row.school == new)


# --- parts of an edit ------------------------------------------------------------------------------------------------------------------------


def text(facts: Facts, name: str) -> str:
    return str(facts[name])


def whole(facts: Facts, name: str) -> int:
    return int(facts[name])


def with_teacher(instance: Instance, code: str, change: Callable[[Teacher], Teacher]) -> Instance:
    return replace(instance, teachers=tuple(change(t) if t.code == code else t for t in instance.teachers))


def with_duty_rows(instance: Instance, facts: Facts, change: Callable[[DutySetting], DutySetting]) -> Instance:
    place = text(facts, "school"), text(facts, "duty")
    return replace(instance, duties=tuple(change(row) if (row.school, row.duty) == place else row for row in instance.duties))


def with_subjects(instance: Instance, subjects: Iterable[str]) -> Instance:
    """The instance with these subjects in its list, in the order in which the reader lists them."""
    known = {subject.id for subject in instance.subjects}
    if known.issuperset(subjects):
        return instance
    return replace(instance, subjects=subjects_used(instance, [subject for subject in instance.subjects if subject.own]))


def rombels_of_grade(instance: Instance, npsn: str, grade: int) -> tuple[Rombel, ...]:
    return tuple(rombel for rombel in instance.rombels_of(npsn) if rombel.grade == grade)


def pupils(instance: Instance, npsn: str, grade: int) -> int | None:
    """Pupils of a grade; None where the workbook leaves them out for one of its rombels."""
    students = [rombel.students for rombel in rombels_of_grade(instance, npsn, grade)]
    return None if None in students else sum(number or 0 for number in students)


def shared_out(instance: Instance, npsn: str, grade: int, total: int | None) -> Instance:
    """The grade's pupils in equal parts, the first rombels having one more where they do not divide; unknown numbers stay as they are."""
    if total is None:
        return instance
    names = [rombel.name for rombel in rombels_of_grade(instance, npsn, grade)]
    share = {name: total // len(names) + (index < total % len(names)) for index, name in enumerate(names)}
    changed = (replace(r, students=share[r.name]) if r.school == npsn and r.grade == grade else r for r in instance.rombels)
    return replace(instance, rombels=tuple(changed))


def following_name(name: str, taken: Iterable[str]) -> str:
    """The next free name after a rombel's: 7C → 7D, VII-2 → VII-3; else the name with a number behind it."""
    used = {other.casefold() for other in taken}
    for candidate in name_candidates(name):
        if candidate.casefold() not in used:
            return candidate
    return next(f"{name}-{number}" for number in range(2, len(used) + 3) if f"{name}-{number}".casefold() not in used)


def name_candidates(name: str) -> Iterable[str]:
    number = re.fullmatch(r"(.*\D)(\d+)", name)
    if number:
        yield from (f"{number[1]}{int(number[2]) + step}" for step in range(1, 100))
    elif FIRST_LETTER <= name[-1:].upper() <= LAST_LETTER and not re.fullmatch(r"[IVX]+", name):
        yield from (f"{name[:-1]}{chr(letter)}" for letter in range(ord(name[-1]) + 1, ord(LAST_LETTER if name[-1].isupper() else "z") + 1))


def without_unit(row: DutySetting, npsn: str, unit: str) -> DutySetting | None:
    """A row of Tugas Tambahan that no longer names a unit; None where nothing is left of it."""
    if (row.school, row.unit) != (npsn, unit):
        return row
    return left_over(replace(row, unit="", holders=()))


def without_holder(row: DutySetting, npsn: str, code: str) -> DutySetting | None:
    """A row of Tugas Tambahan that no longer names a holder; None where nothing is left of it."""
    if row.school != npsn or code not in row.holders:
        return row
    left = tuple(holder for holder in row.holders if holder != code)
    return left_over(replace(row, holders=left, unit=row.unit if left else ""))


def left_over(row: DutySetting) -> DutySetting | None:
    says_something = row.holders or row.candidates or row.minimum is not None or row.maximum is not None
    return row if says_something else None


def without_rombel_in_groups(instance: Instance, gone: Rombel) -> Instance:
    """Groups without a rombel; one that had no other falls away, with its rows of Penugasan and the links to it."""
    smaller = [replace(g, rombels=tuple(n for n in g.rombels if n != gone.name)) if g.school == gone.school else g for g in instance.groups]
    empty = {g.code for g in smaller if not g.rombels}
    return replace(
        instance,
        groups=tuple(relinked(group, gone.school, empty) for group in smaller if group.rombels),
        assignments=tuple(row for row in instance.assignments if row.school != gone.school or row.rombel not in empty),
    )


def relinked(group: Group, npsn: str, empty: set[str]) -> Group:
    return replace(group, parallel="") if group.school == npsn and group.parallel in empty else group


EDITS: Final[Mapping[str, Callable[[Instance, Facts], Instance]]] = {
    edit.__name__: edit
    for edit in (
        partner_class,
        partner_hours,
        outside_hours,
        willing,
        laboratory,
        library,
        duty_post,
        duty_candidates,
        extracurricular,
        kokurikuler,
        unverified_linearity,
        minimum,
        max_jp,
        rombel_more,
        rombel_less,
        teacher_moved,
    )
}
