"""What is worth saying about an instance though it stops nothing: the notes of a reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from scheduler.domain.entities import AssignmentKind, Position, Presence
from scheduler.domain.problem import Problem
from scheduler.formats.pins import class_hours, subject_name
from scheduler.formats.view import View
from scheduler.policy.case import GUIDANCE, is_present
from scheduler.policy.schema import DutyHolding

NIP_DIGITS: Final = 18
NUPTK_DIGITS: Final = 16


def students_outside_range(view: View) -> Iterator[Problem]:
    """A rombel smaller or larger than the ruleset's range."""
    if view.law is None:
        return
    least, most = view.law.policy.rombel_min_students, view.law.policy.rombel_max_students
    for index, rombel in view.rows("rombels", "students"):
        if rombel.students is None:
            continue
        if (least is not None and rombel.students < least) or (most is not None and rombel.students > most):
            facts = {"value": rombel.name, "students": rombel.students, "least": least or 0, "most": "∞" if most is None else most}
            yield view.note("students_outside_range", "rombels", index, "students", **facts)


def structure_without_rombel(view: View) -> Iterator[Problem]:
    """A curriculum and grade of Struktur that no rombel has: one note each."""
    graded = {(rombel.curriculum, rombel.grade) for rombel in view.instance.rombels}
    said = set(graded)
    for index, row in view.rows("structure", "curriculum", "grade"):
        if (row.curriculum, row.grade) not in said:
            said.add((row.curriculum, row.grade))
            yield view.note("structure_without_rombel", "structure", index, "grade", value=row.curriculum, grade=row.grade)


def numbers_of_unusual_length(view: View) -> Iterator[Problem]:
    for index, t in view.rows("teachers", "nip", "nuptk"):
        for field, length in (("nip", NIP_DIGITS), ("nuptk", NUPTK_DIGITS)):
            digits = sum(character.isdigit() for character in getattr(t, field))
            if digits not in (0, length):
                yield view.note("unusual_length", "teachers", index, field, column=field.upper(), digits=digits, limit=length)


def homes_outside(view: View) -> Iterator[Problem]:
    known = {school.npsn for school in view.instance.schools}
    for index, t in view.rows("teachers", "home"):
        if t.home not in known:
            yield view.note("home_outside", "teachers", index, "home", value=t.name, npsn=t.home)


def presence_changes_later(view: View) -> Iterator[Problem]:
    """Keadaan that begins after the start of the plan, or has ended before it: what the plan takes the teacher for."""
    start = view.instance.settings.start_date
    for index, t in view.rows("teachers", "presence", "presence_since", "presence_until"):
        if t.presence is Presence.ACTIVE:
            continue
        if t.presence_since is not None and start is not None and t.presence_since > start:
            yield view.note("presence_begins_later", "teachers", index, "presence_since", value=t.name, date=t.presence_since.strftime("%d-%m-%Y"))
        elif is_present(t, start) and t.presence_until is not None:
            yield view.note("presence_has_ended", "teachers", index, "presence_until", value=t.name, date=t.presence_until.strftime("%d-%m-%Y"))


def several_principals(view: View) -> Iterator[Problem]:
    heads: Counter[str] = Counter()
    for index, t in view.rows("teachers", "position", "home"):
        if t.position in (Position.PRINCIPAL, Position.ACTING_PRINCIPAL):
            heads[t.home] += 1
            if heads[t.home] == 2:
                yield view.note("several_principals", "teachers", index, "position", value=t.name, npsn=t.home)


def schools_without_bell(view: View) -> Iterator[Problem]:
    """A school with staff but no Pola Waktu, where Waktu has patterns: its week cannot be built."""
    staffed = {t.home for t in view.instance.teachers}
    for index, school in view.rows("schools", "bell", "npsn"):
        if view.instance.slots and not school.bell and school.npsn in staffed:
            yield view.note("school_without_bell", "schools", index, "bell", value=school.name)


def personal_duties_without_holder(view: View) -> Iterator[Problem]:
    for index, row in view.rows("duties", "duty", "holders"):
        rule = view.law.policy.duty(row.duty) if view.law else None
        if rule is not None and rule.holding is DutyHolding.PERSONAL and not row.holders:
            yield view.note("personal_duty_without_holder", "duties", index, "holders", value=rule.name)


def holders_from_elsewhere(view: View) -> Iterator[Problem]:
    """A holder whose home is another school: the user's word stands, the regulation asks for duties at home."""
    homes = {t.code: t.home for t in view.instance.teachers}
    for index, row in view.rows("duties", "school", "holders"):
        for holder in row.holders:
            if holder in homes and homes[holder] != row.school:
                yield view.note("holder_from_elsewhere", "duties", index, "holders", value=holder, npsn=homes[holder])


def former_subjects_ended(view: View) -> Iterator[Problem]:
    """Semester Lalu of a subject that the class no longer has: the row says nothing now."""
    hours = class_hours(view)
    for index, row in view.rows("assignments", "school", "rombel", "subject", "kind"):
        if row.kind is AssignmentKind.FORMER and row.subject != GUIDANCE and (row.school, row.rombel, row.subject) not in hours:
            yield view.note("former_subject_ended", "assignments", index, "subject", value=subject_name(view, row.subject), rombel=row.rombel)


def orders_without_effect(view: View) -> Iterator[Problem]:
    """Dinas for a class that the teacher may not teach all the same: not willing, out of reach, or another field."""
    case = view.case
    if case is None:
        return
    needs = {(need.school, rombel, need.subject): need for need in case.needs for rombel in need.rombels}
    for index, row in view.rows("assignments", "school", "rombel", "subject", "teacher", "kind"):
        need = needs.get((row.school, row.rombel, row.subject))
        ordered = row.kind is AssignmentKind.DINAS and need is not None and row.teacher in case.active
        if ordered and need is not None and not case.may_teach(row.teacher, need):
            yield view.note("order_without_effect", "assignments", index, "kind", value=case.teachers[row.teacher].name, rombel=row.rombel)


def parallel_groups_differ(view: View) -> Iterator[Problem]:
    jp = {(group.school, group.code): group.jp for group in view.instance.groups}
    for index, group in view.rows("groups", "jp", "parallel", "school"):
        other = jp.get((group.school, group.parallel), group.jp)
        if other != group.jp:
            yield view.note("parallel_groups_differ", "groups", index, "jp", value=group.code, jp=group.jp, other=group.parallel, other_jp=other)


REMARKS: Final[tuple[Callable[[View], Iterator[Problem]], ...]] = (
    students_outside_range,
    structure_without_rombel,
    numbers_of_unusual_length,
    homes_outside,
    presence_changes_later,
    several_principals,
    schools_without_bell,
    personal_duties_without_holder,
    holders_from_elsewhere,
    former_subjects_ended,
    orders_without_effect,
    parallel_groups_differ,
)
