"""The school's own rules for its week (Aturan Jadwal), each kind one generator that knows no solver.

A *course* is one subject of one class or group, whoever teaches its parts. Hours are counted by their place among the lesson hours of the day, so
that a day whose numbers begin at 2 has a first hour too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.domain.entities import WeekRule, WeekRuleKind
from scheduler.domain.plan import Violation
from scheduler.policy.case import Need
from scheduler.verify.week import Placed, Week


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a rule is not kept: ``who`` by how much over (or under) its ``limit``; ``cost`` is what it adds to level ``week_wishes``."""

    who: str
    found: int
    limit: int
    cost: int


def week_rules(week: Week) -> Iterator[Violation]:
    """Every row of Aturan Jadwal that is Wajib is kept."""
    for row, rule, breach in breaches(week):
        if rule.required:
            yield _violation("week_rules", row, rule, breach)


def week_wishes(week: Week) -> Iterator[Violation]:
    """The rows that are Sebaiknya are kept as far as they can be (level ``week_wishes``)."""
    for row, rule, breach in breaches(week):
        if not rule.required:
            yield _violation("week_wishes", row, rule, breach)


def wishes_cost(week: Week) -> int | None:
    """Level ``week_wishes``: the cost of all breaches of wishes; None where the workbook has no wish."""
    if all(rule.required for rule in week.reading.case.instance.week_rules):
        return None
    return sum(breach.cost for _, rule, breach in breaches(week) if not rule.required)


def breaches(week: Week) -> Iterator[tuple[int, WeekRule, Breach]]:
    """(number of the row, rule, breach), row by row."""
    for row, rule in enumerate(week.reading.case.instance.week_rules, start=1):
        for breach in KINDS[rule.kind](week, rule):
            yield row, rule, breach


def _violation(name: str, row: int, rule: WeekRule, breach: Breach) -> Violation:
    facts: dict[str, str | int] = {"row": row, "rule": str(rule.kind).replace("_", " "), "who": breach.who}
    return Violation(name, (breach.who,), {**facts, "found": breach.found, "limit": breach.limit})


# --- subjects ------------------------------------------------------------------------------------------------------------------------


def at_once(week: Week, rule: WeekRule) -> Iterator[Breach]:
    """At most n lessons of the subject go on at one time in a school; the worst moment of each day is told."""
    by_day: dict[tuple[str, str], list[Placed]] = defaultdict(list)
    for placed in week.placed:
        if placed.need.subject == rule.subject and rule.school in ("", placed.school):
            by_day[placed.school, placed.day].append(placed)
    most = rule.amount or 0
    for (_, day), lessons in by_day.items():
        moments = {(p.pattern, period): sum(_goes_on(week, q, p.pattern, period) for q in lessons) for p in lessons for period in p.periods}
        (_, period), together = max(moments.items(), key=lambda moment: moment[1])
        if together > most:
            yield Breach(f"{rule.subject} {day} {period}", together, most, together - most)


def _goes_on(week: Week, lesson: Placed, pattern: str, period: int) -> bool:
    """Whether a lesson goes on when an hour of its day begins; two shifts without a clock are taken to follow each other."""
    if lesson.pattern == pattern:
        return period in lesson.periods
    moment = week.lesson_slots[pattern, lesson.day][period].start
    slots = (week.lesson_slots[lesson.pattern, lesson.day][own] for own in lesson.periods)
    return moment is not None and any(s.start is not None and s.end is not None and s.start <= moment < s.end for s in slots)


def last_hour(week: Week, rule: WeekRule) -> Iterator[Breach]:
    """A course lies in the last hour of at most n days."""
    most = rule.amount or 0
    for name, lessons in _courses(week, rule).items():
        found = sum(p.last == max(week.lesson_slots[p.pattern, p.day]) for p in lessons)
        if found > most:
            yield Breach(name, found, most, found - most)


def first_hours(week: Week, rule: WeekRule) -> Iterator[Breach]:
    """A course lies within the first n hours of the day: periods beyond them."""
    for name, lessons in _courses(week, rule).items():
        late = sum(place >= (rule.amount or 0) for p in lessons for place in _places(week, p))
        if late:
            yield Breach(name, late, 0, late)


def fixed(week: Week, rule: WeekRule) -> Iterator[Breach]:
    """A lesson of the class's subject starts on the day, at the hour where one is given."""
    needs = [need for need in week.timetabled.values() if _concerns(rule, need)]
    placed = [p for need in needs for p in week.lessons_of[need.id]]
    if needs and not any(p.day == rule.day and rule.period in (None, p.first) for p in placed):
        yield Breach(f"{rule.rombel} {rule.subject} {rule.day} {rule.period or ''}".strip(), 0, 1, 1)


def _concerns(rule: WeekRule, need: Need) -> bool:
    return need.subject == rule.subject and rule.school in ("", need.school) and (not rule.rombel or rule.rombel in need.rombels)


def _courses(week: Week, rule: WeekRule) -> Mapping[str, Sequence[Placed]]:
    """Lessons of every course that the rule is about; an open hour without a rombel stands alone."""
    found: dict[tuple[str, ...], list[Need]] = defaultdict(list)
    for need in week.timetabled.values():
        if _concerns(rule, need):
            found[(need.school, need.subject, *need.rombels) if need.rombels else (need.id,)].append(need)
    return {needs[0].id: [p for need in needs for p in week.lessons_of[need.id]] for needs in found.values()}


def _places(week: Week, placed: Placed) -> Iterator[int]:
    """Place of each period of the lesson among the day's lesson hours, from 0."""
    hours = sorted(week.lesson_slots[placed.pattern, placed.day])
    return (hours.index(period) for period in placed.periods)


# --- teachers ------------------------------------------------------------------------------------------------------------------------


def idle_hours(week: Week, rule: WeekRule) -> Iterator[Breach]:
    """A teacher's idle hours a week are at most n; as a wish the excess is squared, so that three with one each are better than one with three."""
    idle: Counter[str] = Counter()
    for (teacher, _), hours in week.idle_hours.items():
        idle[teacher] += hours
    for teacher in _teachers(week, rule):
        excess = idle[teacher] - (rule.amount or 0)
        if excess > 0:
            yield Breach(teacher, idle[teacher], rule.amount or 0, excess if rule.required else excess * excess)


def day_hours(week: Week, rule: WeekRule) -> Iterator[Breach]:
    """A teacher teaches at most n JP a day, at all schools together."""
    most = rule.amount or 0
    for teacher in _teachers(week, rule):
        for day in sorted(week.days_of[teacher]):
            hours = sum(p.lesson.length for p in week.by_teacher[teacher, day])
            if hours > most:
                yield Breach(f"{teacher} {day}", hours, most, hours - most)


def days(week: Week, rule: WeekRule) -> Iterator[Breach]:
    """A teacher teaches on at most n days."""
    most = rule.amount or 0
    for teacher in _teachers(week, rule):
        found = len(week.days_of[teacher])
        if found > most:
            yield Breach(teacher, found, most, found - most)


def no_first_hour(week: Week, rule: WeekRule) -> Iterator[Breach]:
    """A teacher does not teach in the first lesson hour of any day."""
    return _at_the_edge(week, rule, lambda p: p.first == min(week.lesson_slots[p.pattern, p.day]))


def no_last_hour(week: Week, rule: WeekRule) -> Iterator[Breach]:
    """A teacher does not teach in the last lesson hour of any day."""
    return _at_the_edge(week, rule, lambda p: p.last == max(week.lesson_slots[p.pattern, p.day]))


def _at_the_edge(week: Week, rule: WeekRule, is_there: Callable[[Placed], bool]) -> Iterator[Breach]:
    for teacher in _teachers(week, rule):
        found = sum(is_there(p) for day in week.days_of[teacher] for p in week.by_teacher[teacher, day])
        if found:
            yield Breach(teacher, found, 0, found)


def _teachers(week: Week, rule: WeekRule) -> Sequence[str]:
    """The rule's teacher, or every one who has lessons, in the order of the sheet."""
    return [code for code in week.reading.case.teachers if code in week.days_of and rule.teacher in ("", code)]


KINDS: Mapping[WeekRuleKind, Callable[[Week, WeekRule], Iterator[Breach]]] = {
    WeekRuleKind.AT_ONCE: at_once,
    WeekRuleKind.LAST_HOUR: last_hour,
    WeekRuleKind.FIRST_HOURS: first_hours,
    WeekRuleKind.FIXED: fixed,
    WeekRuleKind.IDLE_HOURS: idle_hours,
    WeekRuleKind.DAY_HOURS: day_hours,
    WeekRuleKind.DAYS: days,
    WeekRuleKind.NO_FIRST_HOUR: no_first_hour,
    WeekRuleKind.NO_LAST_HOUR: no_last_hour,
}
