"""Tugas Tambahan: units found by the ruleset, and contradictions among the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from scheduler.domain.entities import DutySetting
from scheduler.domain.instance import Instance
from scheduler.domain.problem import Problem
from scheduler.formats.columns import key
from scheduler.formats.contradictions import Check
from scheduler.formats.names import arabic
from scheduler.formats.references import listed
from scheduler.formats.view import View
from scheduler.policy.case import Case
from scheduler.policy.schema import DutyHolding, Law


def with_settled_units(instance: Instance, law: Law) -> Instance:
    """The rows of Tugas Tambahan with Satuan as the ruleset names it: ``VII-A`` is 7A, ``Senin`` the first free unit of that day."""
    case = Case(instance, law)
    taken: set[tuple[str, str, str]] = {(row.school, row.duty, row.unit) for row in instance.duties}
    settled = []
    for row in instance.duties:
        unit = settled_unit(row, units_of(case, row), taken)
        taken.add((row.school, row.duty, unit))
        settled.append(replace(row, unit=unit))
    return replace(instance, duties=tuple(settled))


def settled_unit(row: DutySetting, units: tuple[str, ...], taken: set[tuple[str, str, str]]) -> str:
    if not row.unit or row.unit in units:
        return row.unit
    alike = [unit for unit in units if key(unit) in (key(row.unit), key(arabic(row.unit)))]
    of_day = [unit for unit in units if key(unit.rpartition(" ")[0]) == key(row.unit) and (row.school, row.duty, unit) not in taken]
    return next(iter(alike + of_day), row.unit)


def units_of(case: Case, row: DutySetting) -> tuple[str, ...]:
    """Units of the row's duty at its school; none where either is unknown or the duty is personal."""
    rule = case.policy.duty(row.duty)
    if rule is None or row.school not in case.schools or rule.holding is DutyHolding.PERSONAL:
        return ()
    return case.duty_units(case.schools[row.school], rule)


def units_exist(view: View) -> Iterator[Problem]:
    """Satuan is a rombel, an ekskul, a weekday or a number that the duty has at the school."""
    case = view.case
    if case is None or not view.places.is_whole("rombels", "school", "name"):
        return
    for index, row in view.rows("duties", "school", "duty", "unit"):
        rule = case.policy.duty(row.duty)
        units = units_of(case, row)
        if not row.unit or row.unit in units or rule is None or row.school not in case.schools:
            continue
        near = get_close_matches(row.unit, units, n=1)
        if near:
            yield view.problem("unknown_unit_near", "duties", index, "unit", value=row.unit, duty=rule.name, suggestion=near[0])
        else:
            yield view.problem("unknown_unit", "duties", index, "unit", value=row.unit, duty=rule.name, known=listed(units))


def numbers_fit_the_holders(view: View) -> Iterator[Problem]:
    for index, row in view.rows("duties", "minimum", "maximum", "holders"):
        if row.minimum is not None and row.maximum is not None and row.minimum > row.maximum:
            yield view.problem("minimum_above_maximum", "duties", index, "minimum", value=row.duty, least=row.minimum, most=row.maximum)
        if row.maximum is not None and len(row.holders) > row.maximum:
            yield view.problem("more_holders_than_maximum", "duties", index, "holders", value=len(row.holders), limit=row.maximum)


def numbers_are_said_once(view: View) -> Iterator[Problem]:
    """Rows of one duty at one school do not give it two minima or two maxima."""
    said: dict[tuple[str, str, str], tuple[int, int]] = {}
    for index, row in view.rows("duties", "school", "duty", "minimum", "maximum"):
        for field, number in (("minimum", row.minimum), ("maximum", row.maximum)):
            if number is None:
                continue
            first, other = said.setdefault((row.school, row.duty, field), (number, index))
            if first != number:
                facts = {"value": number, "other": first, "other_cell": view.place("duties", other, field)}
                yield view.problem("duty_numbers_differ", "duties", index, field, **facts)


def units_have_one_holder(view: View) -> Iterator[Problem]:
    """A unit that is named has one holder, and nobody is pinned to more units of a duty than the ruleset allows."""
    if not view.places.is_whole("teachers", "code", "name"):
        return
    held: dict[tuple[str, str, str], tuple[str, int]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for index, row in view.rows("duties", "school", "duty", "unit", "holders"):
        for holder in row.holders:
            first, other = held.setdefault((row.school, row.duty, row.unit), (holder, index)) if row.unit else (holder, index)
            if first != holder:
                facts = {"value": row.unit, "holder": holder, "other": first, "other_cell": view.place("duties", other, "holders")}
                yield view.problem("two_holders_of_one_unit", "duties", index, "holders", **facts)
            counts[row.duty, holder] += 1
            rule = view.law.policy.duty(row.duty) if view.law else None
            if rule is not None and rule.max_per_teacher is not None and counts[row.duty, holder] == rule.max_per_teacher + 1:
                facts = {"value": holder, "duty": rule.name, "limit": rule.max_per_teacher}
                yield view.problem("too_many_units", "duties", index, "holders", **facts)


CHECKS: Final[tuple[Check, ...]] = (units_exist, numbers_fit_the_holders, numbers_are_said_once, units_have_one_holder)
