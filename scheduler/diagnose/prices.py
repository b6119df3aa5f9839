"""What a change costs, in points: a table that the user may replace, kind by kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from scheduler.domain.explanation import Edit
from scheduler.domain.problem import Problem
from scheduler.errors import PolicyError
from scheduler.policy.files import parse_toml, shown
from scheduler.policy.store import unknown

KEYS: Final = ("points", "per", "reason_id", "reason_en")
REASONS: Final = ("reason_id", "reason_en")

SAME_VISIT: Final[Mapping[str, tuple[str, ...]]] = {"partner_class": ("teacher", "school"), "partner_hours": ("school", "subject")}
"""Kinds of which several edits are one change: classes of one visit, hours of one subject at one school. Points and ways count once for them."""

ONCE: Final = ("km", "km_unknown")


@dataclass(frozen=True, slots=True)
class Price:
    """Points of one kind of change: ``points`` once, ``per`` for each unit of a fact of that name; why, in both languages."""

    points: int
    per: Mapping[str, int] = field(default_factory=dict)
    reason_id: str = ""
    reason_en: str = ""


@dataclass(frozen=True, slots=True)
class Prices:
    """The price of every kind of edit."""

    of_kind: Mapping[str, Price]

    def of(self, edits: Sequence[Edit]) -> int:
        """Points of several edits together, in whole points; ways are rounded to them."""
        seen: set[tuple[object, ...]] = set()
        points = 0.0
        for edit in dict.fromkeys(map(frozen, edits)):
            kind, facts = edit[0], dict(edit[1])
            price = self.of_kind[kind]
            change = (kind, *(facts.get(name) for name in SAME_VISIT.get(kind, sorted(facts))))
            is_first = change not in seen
            seen.add(change)
            points += price.points * is_first
            points += sum(each * float(facts.get(unit, 0)) for unit, each in price.per.items() if is_first or unit not in ONCE)
        return round(points)


def frozen(edit: Edit) -> tuple[str, tuple[tuple[str, str | int | float], ...]]:
    """An edit as something that can be compared: kind, and its facts in order."""
    return edit.kind, tuple(sorted(edit.facts.items()))


def load_prices(path: str | Path | None = None) -> Prices:
    """The shipped prices, with those of the user's file in their place.

    Raises
    ------
    PolicyError
        with a Problem for each fault of the file: no TOML, unknown kinds or keys, numbers that are none
    """
    known = shipped_prices()
    if path is None:
        return Prices(known)
    file = Path(path)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PolicyError([Problem("policy.not_utf8", file.name)]) from None
    except OSError:
        raise PolicyError([Problem("policy.no_such_file", file.name, facts={"value": str(path)})]) from None
    return Prices({**known, **read_prices(text, file.name, known)})


@cache
def shipped_prices() -> Mapping[str, Price]:
    text = resources.files("scheduler.diagnose").joinpath("prices.toml").read_text(encoding="utf-8")
    return read_prices(text, "prices.toml", None)


def read_prices(text: str, file: str, known: Mapping[str, Price] | None) -> dict[str, Price]:
    """Prices of a file. ``known`` are the shipped ones: their kinds and units are all there are; what a kind leaves out stays as they have it."""
    tables = parse_toml(text, file)
    problems = [problem for kind, table in tables.items() for problem in faults(kind, table, file, known)]
    if problems:
        raise PolicyError(problems)
    return {kind: price_of(table, known[kind] if known else Price(0)) for kind, table in tables.items()}


def price_of(table: Mapping[str, Any], shipped: Price) -> Price:
    """One kind's price; what the table leaves out is the shipped one's."""
    return Price(
        table.get("points", shipped.points),
        {**shipped.per, **table.get("per", {})},
        table.get("reason_id", shipped.reason_id),
        table.get("reason_en", shipped.reason_en),
    )


def faults(kind: str, table: Any, file: str, known: Mapping[str, Price] | None) -> Iterable[Problem]:
    if known is not None and kind not in known:
        yield unknown("policy.unknown_key", kind, known, file)
        return
    if not isinstance(table, dict):
        yield Problem("policy.wrong_value", file, kind, facts={"key": kind, "value": shown(table)})
        return
    for key, value in table.items():
        if key not in KEYS:
            yield unknown("policy.unknown_key", key, KEYS, file, kind)
        elif key in REASONS and not isinstance(value, str):
            yield Problem("policy.not_a_text", file, kind, facts={"key": key, "value": shown(value)})
        elif key == "points":
            yield from number_faults(key, value, file, kind)
        elif key == "per":
            yield from unit_faults(value, file, kind, known)


def unit_faults(units: Any, file: str, kind: str, known: Mapping[str, Price] | None) -> Iterable[Problem]:
    if not isinstance(units, dict):
        yield Problem("policy.wrong_value", file, kind, facts={"key": "per", "value": shown(units)})
        return
    for unit, value in units.items():
        if known is not None and unit not in known[kind].per:
            yield unknown("policy.unknown_key", unit, known[kind].per, file, f"{kind}.per")
        else:
            yield from number_faults(unit, value, file, f"{kind}.per")


def number_faults(key: str, value: Any, file: str, place: str) -> Iterable[Problem]:
    """Points are whole numbers from 0 on."""
    if not isinstance(value, int) or isinstance(value, bool):
        yield Problem("policy.not_a_number", file, place, facts={"key": key, "value": shown(value)})
    elif value < 0:
        yield Problem("policy.too_small", file, place, facts={"key": key, "value": value, "limit": 0})
