"""Contradictions in Penugasan and Kelompok: what is pinned must be possible, and be said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from scheduler.domain.entities import AssignmentKind, AssignmentRow, Group
from scheduler.domain.problem import Problem
from scheduler.formats.columns import Kind
from scheduler.formats.contradictions import Check, twice
from scheduler.formats.view import View
from scheduler.policy.case import GUIDANCE, Case, is_present

ClassSubject = tuple[str, str, str]
"""(school, rombel or group code, subject)"""

PINNED = ("school", "rombel", "subject", "teacher", "kind")


def assignments_are_distinct(view: View) -> Iterator[Problem]:
    yield from twice(
        view,
        "duplicate_assignment",
        "assignments",
        "teacher",
        PINNED,
        lambda row: (row.school, row.rombel, row.subject, row.teacher, row.kind),
    )


def nothing_is_both_locked_and_forbidden(view: View) -> Iterator[Problem]:
    rows = [(index, row, (need_of(view, row), row.teacher)) for index, row in view.rows("assignments", *PINNED)]
    locked = {about: index for index, row, about in rows if row.kind is AssignmentKind.LOCK}
    for index, row, about in rows:
        if row.kind is AssignmentKind.FORBID and about in locked:
            other = view.place("assignments", locked[about], "kind")
            yield view.problem("locked_and_forbidden", "assignments", index, "kind", value=row.teacher, rombel=row.rombel, other_cell=other)


def need_of(view: View, row: AssignmentRow) -> ClassSubject:
    """What the row is about: the class's subject, or the group that teaches it to the class."""
    for group in view.instance.groups:
        if (group.school, group.subject) == (row.school, row.subject) and row.rombel in (group.code, *group.rombels):
            return (row.school, group.code, row.subject)
    return (row.school, row.rombel, row.subject)


def subjects_are_taught_there(view: View) -> Iterator[Problem]:
    """The class of a row has the subject. What was taught last semester may have ended since: ``remarks`` says so."""
    if not hours_are_known(view):
        return
    hours = class_hours(view)
    for index, row in view.rows("assignments", "school", "rombel", "subject", "kind"):
        known = row.rombel in view.names.directory(Kind.CLASS, row.school).ids
        if known and row.kind is not AssignmentKind.FORMER and row.subject != GUIDANCE and (row.school, row.rombel, row.subject) not in hours:
            yield view.problem("subject_not_in_class", "assignments", index, "subject", value=subject_name(view, row.subject), rombel=row.rombel)


def locks_fit_the_hours(view: View) -> Iterator[Problem]:
    """A class's subject has one Kunci, or several that each say their JP and stay within the subject's hours."""
    hours = class_hours(view)
    locks: dict[ClassSubject, list[tuple[int, AssignmentRow]]] = defaultdict(list)
    for index, row in view.rows("assignments", *PINNED, "jp"):
        if row.kind is AssignmentKind.LOCK:
            locks[need_of(view, row)].append((index, row))
        elif row.jp is not None:
            yield view.problem("jp_without_lock", "assignments", index, "jp", value=row.jp)
    for need, rows in locks.items():
        whole = [(index, row) for index, row in rows if row.jp is None]
        if len(rows) > 1 and whole:
            (index, row), (other, _) = whole[-1], next(pair for pair in rows if pair[0] != whole[-1][0])
            facts = {"rombel": row.rombel, "other_cell": view.place("assignments", other, "teacher")}
            yield view.problem("two_locks", "assignments", index, "teacher", value=row.teacher, **facts)
        locked = sum(row.jp or 0 for _, row in rows)
        if need in hours and locked > hours[need] and hours_are_known(view):
            index, row = rows[-1]
            yield view.problem("split_above_hours", "assignments", index, "jp", value=locked, rombel=row.rombel, limit=hours[need])


def locked_teachers_may_teach(view: View) -> Iterator[Problem]:
    """A Kunci names somebody who is at work, and certified for the subject or able to teach it (Mapel Diampu)."""
    case = view.case if view.places.is_whole("teachers", "position", "certificate", "may_teach") else None
    for index, row in view.rows("assignments", *PINNED):
        teacher = next((t for t in view.instance.teachers if t.code == row.teacher), None)
        if row.kind is not AssignmentKind.LOCK or teacher is None:
            continue
        if not is_present(teacher, view.instance.settings.start_date):
            yield view.problem("locked_teacher_absent", "assignments", index, "teacher", value=teacher.name, presence=teacher.presence)
        elif row.subject == GUIDANCE and case is not None and not case.is_counsellor(row.teacher):
            yield view.problem("guidance_without_counsellor", "assignments", index, "teacher", value=teacher.name)
        elif case is not None and not may_teach(case, row):
            subject = subject_name(view, row.subject)
            yield view.problem("locked_teacher_may_not_teach", "assignments", index, "teacher", value=teacher.name, subject=subject)


def may_teach(case: Case, row: AssignmentRow) -> bool:
    teacher = case.teachers[row.teacher]
    return row.subject == GUIDANCE or case.is_linear(row.teacher, row.subject) or row.subject in teacher.may_teach


def dinas_sends_visitors(view: View) -> Iterator[Problem]:
    homes = {t.code: t.home for t in view.instance.teachers}
    for index, row in view.rows("assignments", *PINNED):
        if row.kind is AssignmentKind.DINAS and homes.get(row.teacher) == row.school:
            yield view.problem("dinas_at_home", "assignments", index, "school", value=row.teacher)


def class_hours(view: View) -> dict[ClassSubject, int]:
    """JP a week of each class's subject: structure, groups (under their code and their rombels), open hours."""
    structure: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
    for row in view.instance.structure:
        structure[row.curriculum, row.grade].append((row.subject, row.jp))
    hours = {(r.school, r.name, subject): jp for r in view.instance.rombels for subject, jp in structure[r.curriculum, r.grade]}
    hours |= {(row.school, row.rombel, row.subject): row.jp for row in view.instance.open_hours if row.rombel}
    hours |= {(group.school, name, group.subject): group.jp for group in view.instance.groups for name in (group.code, *group.rombels)}
    return hours


def hours_are_known(view: View) -> bool:
    """Whether everything that ``class_hours`` adds up could be read."""
    fields = {
        "rombels": ("school", "name", "grade", "curriculum"),
        "structure": ("curriculum", "grade", "subject", "intra_jp", "koku_jp"),
        "groups": ("code", "school", "rombels", "subject", "jp"),
        "open_hours": ("school", "rombel", "subject", "jp"),
    }
    return all(view.places.is_whole(table, *names) for table, names in fields.items())


def subject_name(view: View, subject: str) -> str:
    return next((s.name for s in view.instance.subjects if s.id == subject), subject)


# --- groups ------------------------------------------------------------------------------------------------------------------------------


def groups_are_distinct(view: View) -> Iterator[Problem]:
    yield from twice(view, "duplicate_group", "groups", "code", ("code", "school"), lambda group: (group.school, group.code.casefold()))
    rombels = {(rombel.school, rombel.name) for rombel in view.instance.rombels}
    for index, group in view.rows("groups", "code", "school"):
        if (group.school, group.code) in rombels:
            yield view.problem("group_named_as_rombel", "groups", index, "code", value=group.code)
        if group.parallel and group.parallel == group.code:
            yield view.problem("group_parallel_to_itself", "groups", index, "parallel", value=group.code)


def religions_are_parallel(view: View) -> Iterator[Problem]:
    """Groups of two religions that share a rombel start at the same time: one part of the class cannot wait while the other is taught."""
    religion = {subject.id: subject.religion for subject in view.instance.subjects}
    groups = [(i, g) for i, g in view.rows("groups", "school", "rombels", "subject", "parallel") if religion.get(g.subject)]
    for (_, first), (index, second) in combinations(groups, 2):
        shared = sorted(set(first.rombels) & set(second.rombels))
        meet = first.school == second.school and bool(shared)
        if meet and religion[first.subject] != religion[second.subject] and second.code not in linked(view, first):
            yield view.problem("religions_not_parallel", "groups", index, "parallel", value=second.code, other=first.code, rombel=shared[0])


def religions_have_their_groups(view: View) -> Iterator[Problem]:
    """Where groups teach one religion to a rombel, they teach every religion of its structure: its own religion hours are replaced by groups."""
    religion = {subject.id: subject.religion for subject in view.instance.subjects}
    taught: dict[tuple[str, str], set[str]] = defaultdict(set)
    for group in view.instance.groups:
        for rombel in group.rombels if religion.get(group.subject) else ():
            taught[group.school, rombel].add(group.subject)
    said: set[tuple[str, str, str]] = set()
    for index, group in view.rows("groups", "school", "rombels", "subject") if hours_are_known(view) else ():
        for school, rombel, subject in class_hours(view) if religion.get(group.subject) else ():
            of_class = school == group.school and rombel in group.rombels and bool(religion.get(subject))
            if of_class and subject not in taught[school, rombel] and (school, rombel, subject) not in said:
                said.add((school, rombel, subject))
                facts = {"value": subject_name(view, subject), "rombel": rombel, "other": group.code}
                yield view.problem("religion_without_group", "groups", index, "rombels", **facts)


def linked(view: View, group: Group) -> set[str]:
    """Codes of the groups tied to this one by Serentak Dengan, directly or through others."""
    codes, before = {group.code}, 0
    while len(codes) > before:
        before = len(codes)
        for other in view.instance.groups:
            if other.school == group.school and other.parallel and {other.code, other.parallel} & codes:
                codes |= {other.code, other.parallel}
    return codes


CHECKS: Final[tuple[Check, ...]] = (
    assignments_are_distinct,
    nothing_is_both_locked_and_forbidden,
    subjects_are_taught_there,
    locks_fit_the_hours,
    locked_teachers_may_teach,
    dinas_sends_visitors,
    groups_are_distinct,
    religions_are_parallel,
    religions_have_their_groups,
)
