"""A plan's timetable read back from its file of aSc, where somebody may have moved the cards."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.domain.plan import Lesson, Plan
from scheduler.formats.asc.periods import AscWeek
from scheduler.formats.asc.source import AscFile
from scheduler.formats.asc.writing import identity
from scheduler.policy.case import Case


def lessons_of(asc: AscFile, case: Case, plan: Plan, npsn: str) -> tuple[Lesson, ...]:
    """The lessons of school ``npsn`` at the times that the file gives them, in the order of its cards.

    Lessons are known by the ids that the export gave them; cards of other lessons (upacara, what was added in aSc) are not of the plan.
    """
    week = AscWeek(case.instance, npsn)
    periods = {number: own for (_, own), number in week.numbers.items()}
    assignments = {row.need: row for row in plan.assignments if row.school == npsn}
    needs: Mapping[str, str] = {identity("L", need): need for need in assignments}
    lessons = []
    for card in asc.cards:
        row = assignments.get(needs.get(card.lesson.rpartition("_")[0], ""))
        if row is None or card.period not in periods or card.day >= len(asc.days):
            continue
        room = asc.rooms[card.rooms[0]].partner or asc.rooms[card.rooms[0]].name if card.rooms else ""
        length = asc.lessons[card.lesson].length
        day, period = asc.days[card.day], periods[card.period]
        lessons.append(Lesson(row.need, npsn, row.rombels, row.subject, row.teacher, day, period, length, room))
    return tuple(lessons)
