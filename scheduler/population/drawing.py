"""Schools drawn from a table of sizes, of provinces or of other schools: the n-th is always the same, however many are drawn.

School n takes two points of the additive recurrence R2 (the golden ratio's sister in two dimensions): one picks the province or the row, one the
size. A few dozen schools are then spread over the provinces and the sizes nearly as the whole table is, which independent draws would not give.
Source: M. Roberts, "The Unreasonable Effectiveness of Quasirandom Sequences" (2018); both constants are powers of the real root of x³ = x + 1.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Generic, TypeVar

from scheduler.population.method import Method
from scheduler.population.table import Facts, ProvinceRow, SizeRow, Table, TableKind, open_table, provinces_of, schools_of, sizes_of

T = TypeVar("T")

PLASTIC = 1.32471795724474602596
"""The real root of x³ = x + 1."""

STEPS = 1 / PLASTIC, 1 / PLASTIC**2


@dataclass(frozen=True, slots=True)
class Weighted(Generic[T]):
    """Things with weights; a point between 0 and 1 picks one."""

    things: tuple[T, ...]
    sums: tuple[int, ...]

    def at(self, point: float) -> T:
        return self.things[min(bisect_right(self.sums, point * self.sums[-1]), len(self.things) - 1)]


def weighted(things: Sequence[T], weight: Callable[[T], int]) -> Weighted[T]:
    return Weighted(tuple(things), tuple(accumulate(weight(thing) for thing in things)))


def points(number: int, seed: int) -> tuple[float, float]:
    """The two points of the ``number``-th school, each in [0, 1)."""
    rng = random.Random(f"{seed}/points")
    first, second = ((rng.random() + number * step) % 1.0 for step in STEPS)
    return first, second


@cache
def shipped_sizes() -> tuple[SizeRow, ...]:
    """Sizes of the 76 different schools of Kabupaten Banjar."""
    with resources.as_file(resources.files(__package__).joinpath("rombel.csv")) as path:
        return sizes_of(open_table(path))


@cache
def shipped_provinces() -> tuple[ProvinceRow, ...]:
    """Totals of the provinces, Dapodik 2022/23."""
    with resources.as_file(resources.files(__package__).joinpath("provinces.csv")) as path:
        return provinces_of(open_table(path))


def drawn(table: Table, method: Method, rename: Callable[[str, int], str]) -> Iterator[Facts]:
    """The schools that ``scale_to`` asks for; without it as many as the table counts."""
    pick, count = drawer(table, method, rename)
    wanted = method.scale_to if method.scale_to is not None else count
    for number in range(1, wanted + 1):
        npsn = f"R{number:07d}"
        first, second = points(number, method.seed)
        name = method.stated.words.drawn_school.format(number=number)
        yield replace(pick(first, second, random.Random(f"{method.seed}/{npsn}/size")), npsn=npsn, name=name)


Pick = Callable[[float, float, random.Random], Facts]


def drawer(table: Table, method: Method, rename: Callable[[str, int], str]) -> tuple[Pick, int]:
    """What picks a school by two points, and how many schools the table counts."""
    if table.kind is TableKind.PROVINCES:
        return of_provinces(provinces_of(table))
    if table.kind is TableKind.DISTRIBUTION:
        sizes = weighted(sizes_of(table), lambda row: row.weight)
        return (lambda first, second, rng: like_size(sizes.at(first))), sizes.sums[-1]
    rows = tuple(schools_of(table, method.repeated, rename, []))
    equal = weighted(rows, lambda row: 1)
    return (lambda first, second, rng: elsewhere(equal.at(first))), len(rows)


def of_provinces(rows: Sequence[ProvinceRow]) -> tuple[Pick, int]:
    """A province by its number of schools; a size of the shipped distribution, stretched to the province's mean."""
    provinces = weighted(rows, lambda row: row.schools)
    sizes = weighted(shipped_sizes(), lambda row: row.weight)
    mean = sum(row.rombel * row.weight for row in sizes.things) / sizes.sums[-1]

    def pick(first: float, second: float, rng: random.Random) -> Facts:
        province, size = provinces.at(first), sizes.at(second)
        stretched = size.rombel * (province.rombel / province.schools) / mean
        # Rounded up as often as the fraction says, so that the mean stays the province's.
        rombel = max(1, int(stretched + rng.random()))
        return replace(like_size(size), province=province.name, rombel=rombel, means=province)

    return pick, provinces.sums[-1]


def like_size(row: SizeRow) -> Facts:
    return Facts("", "", row.status, province=row.region, rombel=row.rombel)


def elsewhere(row: Facts) -> Facts:
    """A school with the same numbers, of no known place: who is near whom is not copied."""
    return replace(row, kecamatan="", latitude=None, longitude=None)
