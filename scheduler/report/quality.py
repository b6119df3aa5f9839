"""How good a week is, in numbers that people feel: idle hours, days at school, hard subjects late, the same last hour; per teacher and class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduler.domain.entities import WeekRuleKind
from scheduler.domain.plan import Level, Plan
from scheduler.policy.case import Case
from scheduler.report.text import Text
from scheduler.verify.reading import Reading
from scheduler.verify.week import Placed, Week

HARD_SUBJECTS = ("matematika", "ipa", "bahasa_inggris")
"""Hard subjects of a workbook whose Aturan Jadwal names none for its hours of the day."""

LATE_HOURS = 2
"""So many hours at the end of each day are late."""


@dataclass(frozen=True, slots=True)
class TeacherQuality:
    """A teacher's week: ``fewest_days`` are those that the hours would fill of the longest days, ``most_jp`` the hours of the fullest day."""

    teacher: str
    jp: int
    days: int
    fewest_days: int
    idle: int
    most_jp: int


@dataclass(frozen=True, slots=True)
class ClassQuality:
    """A class's week: ``late_jp`` of ``hard_jp`` hours of hard subjects are late. On ``same_last`` days the last hour is ``last_subject``."""

    school: str
    rombel: str
    hard_jp: int
    late_jp: int
    same_last: int
    last_subject: str


@dataclass(frozen=True, slots=True)
class Total:
    """One measure of the whole week; ``bound`` is proved, None where nothing is; ``former`` is the former week's, None without one."""

    name: str
    value: int
    bound: int | None = None
    former: int | None = None


@dataclass(frozen=True)
class Quality:
    """The quality of one plan's week, beside that of a former plan where one is given."""

    case: Case
    plan: Plan
    former: Plan | None = None

    @cached_property
    def week(self) -> Week:
        return Week(Reading(self.case, self.plan))

    @cached_property
    def before(self) -> Quality | None:
        return Quality(self.case, self.former) if self.former is not None and self.former.lessons else None

    @cached_property
    def hard_subjects(self) -> frozenset[str]:
        """Subjects that Aturan Jadwal wants early or out of the last hour, PJOK apart; else those that people usually call hard."""
        kinds = (WeekRuleKind.LAST_HOUR, WeekRuleKind.FIRST_HOURS)
        stated = {rule.subject for rule in self.case.instance.week_rules if rule.kind in kinds} - {"pjok"}
        return frozenset(stated or HARD_SUBJECTS)

    @cached_property
    def teachers(self) -> tuple[TeacherQuality, ...]:
        """Every teacher with lessons, in the order of the sheet."""
        return tuple(self._teacher(code) for code in self.case.teachers if code in self.week.days_of)

    def _teacher(self, code: str) -> TeacherQuality:
        days = {day: self.week.by_teacher[code, day] for day in self.week.days_of[code]}
        hours = [sum(placed.lesson.length for placed in lessons) for lessons in days.values()]
        patterns = {placed.pattern for lessons in days.values() for placed in lessons}
        longest = max(len(slots) for (pattern, _), slots in self.week.lesson_slots.items() if pattern in patterns)
        idle = sum(self.week.idle_hours.get((code, day), 0) for day in days)
        return TeacherQuality(code, sum(hours), len(days), -(-sum(hours) // longest), idle, max(hours))

    @cached_property
    def classes(self) -> tuple[ClassQuality, ...]:
        """Every class with lessons, in the order of the sheet."""
        taught = {(school, rombel) for school, rombel, _ in self.week.by_rombel}
        return tuple(self._class(r.school, r.name) for r in self.case.instance.rombels if (r.school, r.name) in taught)

    def _class(self, school: str, rombel: str) -> ClassQuality:
        lessons = [p for (s, r, _), placed in self.week.by_rombel.items() if (s, r) == (school, rombel) for p in placed]
        hard = [p for p in lessons if p.need.subject in self.hard_subjects]
        last = Counter(subject for _, subject in sorted({(p.day, p.need.subject) for p in lessons if self._last_hours(p, 1)}))
        subject, days = last.most_common(1)[0] if last else ("", 0)
        return ClassQuality(school, rombel, sum(p.lesson.length for p in hard), sum(self._last_hours(p, LATE_HOURS) for p in hard), days, subject)

    def _last_hours(self, placed: Placed, count: int) -> int:
        """Periods of the lesson among the last ``count`` of the day."""
        late = set(sorted(self.week.lesson_slots[placed.pattern, placed.day])[-count:])
        return sum(period in late for period in placed.periods)

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """The measures of the whole week; the bounds are those that the search proved."""
        levels: dict[str, Level] = {level.name: level for level in self.plan.levels}
        bounds = {name: level.bound for name, level in levels.items()}
        values = self._values
        before = self.before._values if self.before is not None else {}
        return tuple(Total(name, value, bounds.get(name), before.get(name)) for name, value in values.items())

    @property
    def _values(self) -> dict[str, int]:
        return {
            "idle_hours": sum(row.idle for row in self.teachers),
            "teacher_days": sum(row.days for row in self.teachers),
            "late_jp": sum(row.late_jp for row in self.classes),
            "same_last": sum(row.same_last > 1 for row in self.classes),
        }


def quality_lines(text: Text, quality: Quality) -> Iterator[str]:
    """A line a measure for the terminal, and who is worst off."""
    subjects = {subject.id: subject.name for subject in quality.case.instance.subjects}
    yield text.say("quality.title")
    for total in quality.totals:
        yield "  " + total_words(text, quality, total)
    most = max(quality.teachers, key=lambda row: row.idle, default=None)
    if most is not None and most.idle:
        yield "  " + text.say("quality.most_idle", name=quality.case.teachers[most.teacher].name, code=most.teacher, idle=most.idle)
    same = max(quality.classes, key=lambda row: row.same_last, default=None)
    if same is not None and same.same_last > 1:
        subject = subjects.get(same.last_subject, same.last_subject)
        yield "  " + text.say("quality.most_same_last", rombel=same.rombel, subject=subject, days=same.same_last)


def total_words(text: Text, quality: Quality, total: Total) -> str:
    """``Jam kosong guru: 3 (terbukti paling sedikit 0; rencana lama 12)``."""
    notes = []
    if total.bound is not None:
        notes.append(text.say("quality.bound_rest_kept" if quality.plan.rest_kept else "quality.bound", value=total.bound))
    if total.former is not None:
        notes.append(text.say("quality.former", value=total.former))
    words = text.say(f"quality.total_{total.name}", value=total.value, hours=LATE_HOURS, subjects=hard_words(quality))
    return f"{words} ({'; '.join(notes)})" if notes else words


def hard_words(quality: Quality) -> str:
    """The hard subjects that are taught, by their names."""
    return ", ".join(subject.name for subject in quality.case.instance.subjects if subject.id in quality.hard_subjects)


def former_of(rows: Iterable[TeacherQuality] | None, code: str) -> TeacherQuality | None:
    return next((row for row in rows or () if row.teacher == code), None)


def former_class(rows: Sequence[ClassQuality] | None, row: ClassQuality) -> ClassQuality | None:
    return next((other for other in rows or () if (other.school, other.rombel) == (row.school, row.rombel)), None)
