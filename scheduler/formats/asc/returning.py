"""A plan's timetable read back from its file of aSc, where somebody may have moved the cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scheduler.domain.plan import Assignment, Lesson, Plan
from scheduler.formats.asc.periods import AscWeek
from scheduler.formats.asc.source import AscFile, AscLesson
from scheduler.formats.asc.writing import identity
from scheduler.policy.case import Case

Signs = tuple[frozenset[str], str, str]
"""Names of the classes, short code of the subject, code of the teacher: what people see of a lesson."""


def lessons_of(asc: AscFile, case: Case, plan: Plan, npsn: str) -> tuple[Lesson, ...]:
    """The lessons of school ``npsn`` at the times that the file gives them, in the order of its cards.

    Cards of other lessons (upacara, what was added in aSc) are not of the plan.
    """
    week = AscWeek(case.instance, npsn)
    periods = {number: own for (_, own), number in week.numbers.items()}
    known = assignments_of(asc, case, (row for row in plan.assignments if row.school == npsn))
    lessons = []
    for card in asc.cards:
        row = known.get(card.lesson)
        if row is None or card.period not in periods or card.day >= len(asc.days):
            continue
        room = asc.rooms[card.rooms[0]].partner or asc.rooms[card.rooms[0]].name if card.rooms else ""
        length = asc.lessons[card.lesson].length
        day, period = asc.days[card.day], periods[card.period]
        lessons.append(Lesson(row.need, npsn, row.rombels, row.subject, row.teacher, day, period, length, room))
    return tuple(lessons)


def assignments_of(asc: AscFile, case: Case, rows: Iterable[Assignment]) -> Mapping[str, Assignment]:
    """Which row of the plan each lesson of the file is.

    By the id that the export gave it; where aSc has written ids of its own, by the need's id that it keeps as ``partner_id``; else by class, subject
    and teacher, where only one row of the plan has all three.
    """
    rows = tuple(row for row in rows if row.rombels)
    short = {subject.id: subject.short for subject in case.instance.subjects}
    by_id = {identity("L", row.need): row for row in rows} | {row.need: row for row in rows}
    by_signs: dict[Signs, list[Assignment]] = {}
    for row in rows:
        by_signs.setdefault((frozenset(row.rombels), short[row.subject], row.teacher or ""), []).append(row)
    found = {}
    for lesson in asc.lessons.values():
        named = by_id.get(lesson.id.rpartition("_")[0]) or by_id.get(lesson.partner)
        seen = by_signs.get(signs(asc, lesson), [])
        if named is not None or len(seen) == 1:
            found[lesson.id] = named or seen[0]
    return found


def signs(asc: AscFile, lesson: AscLesson) -> Signs:
    classes = frozenset(asc.classes[own].name for own in lesson.classes)
    return classes, asc.subjects[lesson.subject].short, ",".join(asc.teachers[own].short for own in lesson.teachers)


def foreign_cards(asc: AscFile, case: Case, plan: Plan) -> int:
    """Cards with a teacher that are of no lesson of the plan."""
    known = assignments_of(asc, case, plan.assignments)
    return sum(card.lesson not in known and bool(asc.lessons[card.lesson].teachers) for card in asc.cards)
