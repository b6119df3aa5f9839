"""What can be wrong with the rows of Aturan Jadwal: columns that the rule needs or has no use for, and rules that could bind nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scheduler.domain.entities import WeekRuleKind
from scheduler.domain.problem import Problem
from scheduler.formats.sheets import BY_TABLE
from scheduler.formats.view import View

TABLE: Final = "week_rules"


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns a rule needs and may have besides; ``least`` is its smallest Angka, ``wish`` whether it can be a wish."""

    needs: tuple[str, ...] = ()
    may_have: tuple[str, ...] = ()
    least: int = 0
    wish: bool = True


SHAPES: Final[Mapping[WeekRuleKind, Shape]] = {
    WeekRuleKind.AT_ONCE: Shape(("subject", "amount"), ("school",), least=1, wish=False),
    WeekRuleKind.LAST_HOUR: Shape(("subject",), ("school", "rombel", "amount")),
    WeekRuleKind.FIRST_HOURS: Shape(("subject", "amount"), ("school", "rombel"), least=1),
    WeekRuleKind.FIXED: Shape(("school", "rombel", "subject", "day"), ("period",)),
    WeekRuleKind.IDLE_HOURS: Shape((), ("teacher", "amount")),
    WeekRuleKind.DAY_HOURS: Shape(("amount",), ("teacher",), least=1),
    WeekRuleKind.DAYS: Shape(("amount",), ("teacher",), least=1),
    WeekRuleKind.NO_FIRST_HOUR: Shape(("teacher",)),
    WeekRuleKind.NO_LAST_HOUR: Shape(("teacher",)),
}

NARROWING: Final = ("school", "rombel", "subject", "teacher", "day", "period", "amount")
"""The columns that not every rule has a use for, in the order of the sheet."""


def rules_have_their_columns(view: View) -> Iterator[Problem]:
    """A rule has what it needs, and nothing that it would silently pass over; a class is named with its school."""
    for index, rule in view.rows(TABLE, "kind"):
        shape = SHAPES[rule.kind]
        for field in NARROWING:
            if view.places.is_broken(TABLE, index, field):
                continue
            stated = getattr(rule, field) not in ("", None)
            needed = field in shape.needs or (field == "school" and rule.rombel)
            if needed and not stated:
                yield view.problem("rule_column_missing", TABLE, index, field, rule=label(rule), column=header(field))
            elif stated and field not in (*shape.needs, *shape.may_have):
                yield view.problem("rule_column_unused", TABLE, index, field, rule=label(rule), column=header(field))


def rules_can_be_kept(view: View) -> Iterator[Problem]:
    """Angka is no number that leaves nothing, and only what can be weighed is a wish."""
    for index, rule in view.rows(TABLE, "kind", "required", "amount"):
        shape = SHAPES[rule.kind]
        if rule.amount is not None and "amount" in (*shape.needs, *shape.may_have) and rule.amount < shape.least:
            yield view.problem("rule_amount_too_small", TABLE, index, "amount", value=rule.amount, rule=label(rule), least=shape.least)
        if not rule.required and not shape.wish:
            yield view.problem("rule_is_no_wish", TABLE, index, "required", rule=label(rule))


def rules_name_lessons(view: View) -> Iterator[Problem]:
    """A rule for one class's subject names hours that exist, and a subject that the class has."""
    if not any(rule.rombel or rule.period for rule in view.instance.week_rules):
        return
    taught = set(subjects_of_classes(view)) if view.places.is_whole("rombels") and view.places.is_whole("structure") else None
    known = {(slot.day, slot.period) for slot in view.instance.slots} if view.places.is_whole("slots", "day", "period") else set()
    for index, rule in view.rows(TABLE, *NARROWING):
        stated = rule.rombel and rule.school and rule.subject
        if stated and taught is not None and (rule.school, rule.rombel, rule.subject) not in taught:
            yield view.problem("rule_without_lessons", TABLE, index, "subject", value=rule.subject, rombel=rule.rombel)
        if known and rule.period is not None and (rule.day, rule.period) not in known:
            yield view.problem("unknown_period", TABLE, index, "period", value=rule.period, day=rule.day)


def subjects_of_classes(view: View) -> Iterator[tuple[str, str, str]]:
    """(school, class, subject) of what stands in Struktur and Kelompok."""
    rows = view.instance.structure
    for rombel in view.instance.rombels:
        yield from ((rombel.school, rombel.name, row.subject) for row in rows if (row.curriculum, row.grade) == (rombel.curriculum, rombel.grade))
    yield from ((group.school, rombel, group.subject) for group in view.instance.groups for rombel in group.rombels)


def label(rule: Any) -> str:
    """The rule as the sheet calls it."""
    return next(choice.label for choice in BY_TABLE[TABLE].column("kind").choices if choice.value is rule.kind)


def header(field: str) -> str:
    return BY_TABLE[TABLE].column(field).name


CHECKS: Final[tuple[Callable[[View], Iterator[Problem]], ...]] = (rules_have_their_columns, rules_can_be_kept, rules_name_lessons)
