"""Pembelajaran of Dapodik: who teaches what to whom this term, each hour once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Final

from scheduler.domain.entities import AssignmentKind, AssignmentRow, Group, Position, Rombel, StructureRow, Teacher
from scheduler.formats.dapodik.classes import Classes
from scheduler.formats.dapodik.doubts import Doubts
from scheduler.formats.dapodik.hours import ClassHours
from scheduler.formats.dapodik.people import Member, Reference, Staff, match
from scheduler.formats.dapodik.reading import Place
from scheduler.formats.dapodik.source import LessonRow, Sources
from scheduler.formats.dapodik.subjects import Subjects
from scheduler.formats.dapodik.vocabulary import holds_one_of, is_one_of
from scheduler.policy.case import GUIDANCE

ROWS: Final = "rows"
MOST_JJM: Final = 60
"""More hours than a class's week has: a number that slipped into the wrong column."""


@dataclass(slots=True)
class Taught:
    """Everything that the lessons say.

    ``teaching`` is who has how many JJM of a class's subject; ``hours`` what each class has registered; ``left_out`` how many rows were no lessons
    of a class, by reason.
    """

    teaching: dict[tuple[str, str], dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    hours: dict[str, ClassHours] = field(default_factory=dict)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    subjects_of: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    jjm_of: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    left_out: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    rows: int = 0


def taught(sources: Sources, classes: Classes, staff: Staff, subjects: Subjects, doubts: Doubts) -> Taught:
    found = Taught()
    continued: list[LessonRow] = []
    for row in sources.lessons:
        row = with_possible_hours(row, doubts)
        reason = why_left_out(row)
        rombel = classes.find(row.rombel)
        if reason == "kokurikuler" and rombel is not None:
            hours_of(found, rombel, row).has_kokurikuler = True
        if reason:
            found.left_out[reason] += 1
            count_beside(found, row, staff)
            continue
        if rombel is None:
            doubts.check("lesson_without_class", row.place, None, rombel=row.rombel, value=row.subject)
            continue
        subject = subjects.find(row.subject, row.place)
        if subject is None:
            found.left_out["subject"] += 1
            continue
        found.rows += 1
        if row.continued:
            continued.append(row)
        hours_of(found, rombel, row).jjm[subject] += row.jjm or 0
        found.places.setdefault((rombel, subject), row.place)
        member = teacher_of(row, staff, doubts)
        if member is not None:
            found.teaching[rombel, subject][member.code] += row.jjm or 0
            found.subjects_of[member.code].setdefault(subject)
            found.jjm_of[member.code] += row.jjm or 0
    if continued:
        doubts.check("teacher_continued", continued[0].place, None, count=len(continued), cells=", ".join(row.place.cell for row in continued[:12]))
    return found


def count_beside(found: Taught, row: LessonRow, staff: Staff) -> None:
    """Add the hours of a row that is no lesson of a class to what its teacher has in all: the list of teachers counts them too."""
    member, _, _ = match(reference_of(row), staff.members)
    if member is not None and member.code and not row.is_part:
        found.jjm_of[member.code] += row.jjm or 0


def reference_of(row: LessonRow) -> Reference:
    return Reference(row.teacher, row.place, row.subject, row.nuptk, row.nip, row.teacher_id, row.employment, row.is_home)


def with_possible_hours(row: LessonRow, doubts: Doubts) -> LessonRow:
    """The row without a JJM that no week has."""
    if row.jjm is None or row.jjm <= MOST_JJM:
        return row
    doubts.check("jjm_impossible", row.place, None, rombel=row.rombel, value=row.subject, jjm=row.jjm)
    return replace(row, jjm=None)


def why_left_out(row: LessonRow) -> str:
    """Why a row is no lesson of a class, "" where it is one. Kokurikuler is in the hours of the subjects already."""
    if holds_one_of((row.subject, row.status), ROWS, "kokurikuler"):
        return "kokurikuler"
    if (row.kind and is_one_of(row.kind, "rombel_kinds", "club")) or holds_one_of((row.subject,), ROWS, "club"):
        return "club"
    if row.kind and not is_one_of(row.kind, "rombel_kinds", "class"):
        return "other_rombel"
    return "part" if row.is_part else ""


def hours_of(found: Taught, rombel: str, row: LessonRow) -> ClassHours:
    return found.hours.setdefault(rombel, ClassHours(place=row.place))


def teacher_of(row: LessonRow, staff: Staff, doubts: Doubts) -> Member | None:
    if not (row.teacher or row.nuptk or row.teacher_id):
        doubts.note("lesson_without_teacher", row.place, None, rombel=row.rombel, value=row.subject)
        return None
    member = staff.resolve(reference_of(row), may_be_new=True)
    if member is None:
        return None
    if row.is_home is False:
        member.is_home = False
    if not member.code:
        staff.make_teacher(member)
        doubts.check("staff_teaches", row.place, ("teachers", member.index, "position"), value=member.name)
    return member


# --- wishes and groups -----------------------------------------------------------------------------------------------------------------------------


def assignments_of(
    npsn: str, classes: Classes, found: Taught, teachers: Sequence[Teacher], linear: Set[tuple[str, str]], subjects: Subjects, doubts: Doubts
) -> tuple[AssignmentRow, ...]:
    """Semester Lalu for the present teacher of every class's subject.

    One whose satminkal is elsewhere was sent here for the class: Dinas. Where the certificate is another, or there is none, only Kunci keeps the
    class with such a visitor.
    """
    by_code = {t.code: t for t in teachers}
    order = {rombel.name: index for index, rombel in enumerate(classes.rombels)}
    rows: list[AssignmentRow] = []
    for (rombel, subject), by_teacher in sorted(found.teaching.items(), key=lambda item: order[item[0][0]]):
        most = max(by_teacher.values())
        chosen = [code for code, jjm in by_teacher.items() if jjm == most]
        if len(by_teacher) > 1:
            facts = {"rombel": rombel, "value": subjects.name(subject), "names": ", ".join(by_code[code].name for code in by_teacher)}
            doubts.check("split_subject", found.places[rombel, subject], ("assignments", len(rows), "teacher"), **facts)
        if len(chosen) != 1:
            continue
        rows.append(AssignmentRow(npsn, rombel, subject, chosen[0], AssignmentKind.FORMER))
        kind = visiting(by_code[chosen[0]], npsn, subject, linear)
        if kind is not None:
            rows.append(AssignmentRow(npsn, rombel, subject, chosen[0], kind))
        if kind is AssignmentKind.LOCK:
            facts = {"value": by_code[chosen[0]].name, "rombel": rombel, "subject": subjects.name(subject)}
            doubts.check("visitor_locked", found.places[rombel, subject], ("assignments", len(rows) - 1, "kind"), **facts)
    return tuple(rows)


def visiting(teacher: Teacher, npsn: str, subject: str, linear: Set[tuple[str, str]]) -> AssignmentKind | None:
    """What lets a teacher of another school keep a class here; None at home, and for guidance by who is no counsellor."""
    if teacher.home == npsn:
        return None
    if (teacher.certificate or "", subject) in linear:
        return AssignmentKind.DINAS
    return AssignmentKind.LOCK if subject != GUIDANCE or teacher.position is Position.COUNSELLOR else None


def religion_groups(
    npsn: str, rombels: list[Rombel], structure: tuple[StructureRow, ...], hours: Mapping[str, ClassHours], subjects: Subjects, doubts: Doubts
) -> tuple[Group, ...]:
    """Classes with several religions: one group for each, all at the same time."""
    known = subjects.all()
    groups: list[Group] = []
    for rombel in rombels:
        rows = [row for row in structure if (row.curriculum, row.grade) == (rombel.curriculum, rombel.grade) and known[row.subject].religion]
        registered = [subject for subject in (hours[rombel.name].jjm if rombel.name in hours else ()) if known[subject].religion]
        main = rows[0] if rows else None
        if main is None or set(registered) <= {main.subject}:
            continue
        taught_here = [main.subject, *(subject for subject in registered if subject != main.subject)]
        codes = [f"{known[subject].short}-{rombel.name}" for subject in taught_here]
        for subject, code in zip(taught_here, codes, strict=True):
            groups.append(Group(code, npsn, (rombel.name,), subject, main.jp, "" if code == codes[0] else codes[0]))
        doubts.check("religion_groups", hours[rombel.name].place, ("groups", len(groups) - 1, "code"), rombel=rombel.name, value=", ".join(codes))
    return tuple(groups)
