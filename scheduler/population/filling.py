"""What a table leaves out of a school, by the stated method: rombel, then pupils, then teachers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from scheduler.population.drawing import shipped_provinces, shipped_sizes, weighted
from scheduler.population.method import Method
from scheduler.population.table import MOST, Facts, ProvinceRow, plain


@dataclass(frozen=True, slots=True)
class Filled:
    """A school with all its numbers; ``invented`` names those the table has not."""

    facts: Facts
    rombel: int
    students: int
    teachers: int
    invented: tuple[str, ...]


def filled(facts: Facts, method: Method) -> Filled:
    """The school with its numbers. Each missing one has its own chance, so that a number more in the table changes no other."""
    province = facts.means or province_of(facts.province)
    invented: list[str] = []

    def stated(field: str, value: int | None, draw: Callable[[random.Random], int]) -> int:
        if value is not None:
            return value
        invented.append(field)
        return draw(random.Random(f"{method.seed}/{facts.npsn}/{field}"))

    rombel = stated("rombel", facts.rombel, lambda rng: drawn_rombel(facts, method, province, rng))
    students = stated("students", facts.students, lambda rng: drawn_students(rombel, method, province, rng))
    teachers = stated("teachers", facts.teachers, lambda rng: drawn_teachers(rombel, method, province, rng))
    return Filled(facts, rombel, students, teachers, tuple(invented))


def province_of(name: str) -> ProvinceRow | None:
    """The province of the shipped table, None where it is not among them."""
    return next((row for row in shipped_provinces() if plain(row.name) == plain(name)), None)


def pupils_per_rombel(method: Method, province: ProvinceRow | None) -> float:
    return method.number("pupils_per_rombel") if province is None else province.students / province.rombel


def drawn_rombel(facts: Facts, method: Method, province: ProvinceRow | None, rng: random.Random) -> int:
    """As many as the pupils fill; where they are not known either, a size of the shipped distribution for schools of the same status."""
    if facts.students:
        return min(MOST["rombel"], max(1, round(facts.students / pupils_per_rombel(method, province))))
    sizes = [row for row in shipped_sizes() if row.status == facts.status] or shipped_sizes()
    return weighted(sizes, lambda row: row.weight).at(rng.random()).rombel


def drawn_students(rombel: int, method: Method, province: ProvinceRow | None, rng: random.Random) -> int:
    mean = rombel * pupils_per_rombel(method, province)
    return max(rombel, round(mean * blur(method.number("pupils_spread"), rng)))


def drawn_teachers(rombel: int, method: Method, province: ProvinceRow | None, rng: random.Random) -> int:
    """``teachers_constant`` + ``teachers_per_rombel`` × rombel, stretched so that the province's mean school has the province's mean staff."""
    constant, each = method.number("teachers_constant"), method.number("teachers_per_rombel")
    line = constant + each * rombel
    if province is not None:
        line *= province.teachers / (constant * province.schools + each * province.rombel)
    return min(MOST["teachers"], max(1, round(line * blur(method.number("teachers_spread"), rng))))


def blur(spread: float, rng: random.Random) -> float:
    """A factor about 1 with this standard deviation, never farther off than two of them."""
    return 1 + max(-2.0, min(2.0, rng.gauss(0.0, 1.0))) * spread
