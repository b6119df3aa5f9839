"""What a plan changes of a former one, row by row: lessons, teachers, duties; and whether somebody wanted it or it had to be adapted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.domain.instance import DAYS
from scheduler.domain.plan import Lesson, Plan
from scheduler.policy.case import Case

At = tuple[str, int, int]
"""(day, period, length)"""


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A lesson of a need: where it was and where it is (None = it was not, or is no longer)."""

    need: str
    teacher: str | None
    before: At | None
    after: At | None
    by_hand: bool


@dataclass(frozen=True, slots=True)
class TeacherRow:
    need: str
    before: str | None
    after: str | None
    by_hand: bool


@dataclass(frozen=True, slots=True)
class HolderRow:
    school: str
    duty: str
    unit: str
    before: str
    after: str
    by_hand: bool


@dataclass(frozen=True)
class Changes:
    """``edited`` is the former plan with what people changed in it by hand, None where nobody did."""

    case: Case
    former: Plan
    plan: Plan
    edited: Plan | None = None

    @property
    def moved(self) -> Iterator[MovedRow]:
        """Lessons that were somewhere else, need by need; the first that went with the first that came of the same length."""
        was, now = at_of(self.former.lessons), at_of(self.plan.lessons)
        wanted = at_of(self.edited.lessons) if self.edited else {}
        teachers = {row.need: row.teacher for row in self.plan.assignments}
        for need in [need.id for need in self.case.needs if need.id in was or need.id in now]:
            went = [at for at in was.get(need, ()) if at not in now.get(need, ())]
            came = [at for at in now.get(need, ()) if at not in was.get(need, ())]
            for at in went:
                to = next((other for other in came if other[2] == at[2]), came[0] if came else None)
                if to is not None:
                    came.remove(to)
                yield MovedRow(need, teachers.get(need), at, to, to in wanted.get(need, ()))
            yield from (MovedRow(need, teachers.get(need), None, to, to in wanted.get(need, ())) for to in came)

    @property
    def teachers(self) -> Iterator[TeacherRow]:
        was = {row.need: row.teacher for row in self.former.assignments}
        wanted = {row.need: row.teacher for row in self.edited.assignments} if self.edited else was
        for row in self.plan.assignments:
            if row.need in was and was[row.need] != row.teacher:
                by_hand = wanted.get(row.need) == row.teacher and wanted.get(row.need) != was[row.need]
                yield TeacherRow(row.need, was[row.need], row.teacher, by_hand)

    @property
    def holders(self) -> Iterator[HolderRow]:
        was, now = holders_of(self.former), holders_of(self.plan)
        wanted = holders_of(self.edited) if self.edited else was
        for unit in dict.fromkeys([*was, *now]):
            if was.get(unit, "") != now.get(unit, ""):
                by_hand = wanted.get(unit, "") == now.get(unit, "")
                yield HolderRow(*unit, was.get(unit, ""), now.get(unit, ""), by_hand)


def at_of(lessons: Sequence[Lesson]) -> Mapping[str, list[At]]:
    found: dict[str, list[At]] = defaultdict(list)
    for lesson in sorted(lessons, key=lambda lesson: (DAYS.index(lesson.day) if lesson.day in DAYS else len(DAYS), lesson.period)):
        found[lesson.need].append((lesson.day, lesson.period, lesson.length))
    return found


def holders_of(plan: Plan) -> Mapping[tuple[str, str, str], str]:
    return {(d.school, d.duty, d.unit): d.teacher for d in plan.duties}
