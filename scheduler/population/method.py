"""The stated method as data: a TOML file with every share, its source and how sure it is, read with all its faults at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import Field

from scheduler.domain.instance import DAYS
from scheduler.domain.problem import Problem
from scheduler.errors import InputError, PolicyError
from scheduler.policy.files import Strict, parse
from scheduler.policy.load import load_curriculum, load_policy
from scheduler.policy.schema import Confidence
from scheduler.policy.store import LawFile

SHIPPED = "method.toml"

Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0)]
Whole = Annotated[int, Field(ge=1)]


class Stated(Strict):
    """Where a number is from and how sure it is."""

    confidence: Confidence
    source: str = Field(min_length=1)


class StatedShare(Stated):
    value: Share


class StatedAmount(Stated):
    value: Amount


class StatedWhole(Stated):
    value: Whole


class Numbers(Strict):
    """Every number of the method; what each means stands in its ``source``."""

    certified_share: StatedShare
    second_subject_share: StatedShare
    willing_share: StatedShare
    subject_blur: StatedAmount
    rombel_per_counsellor: StatedWhole
    rombel_per_laboratory: StatedWhole
    rombel_per_club: StatedWhole
    club_students: StatedWhole
    teachers_constant: StatedAmount
    teachers_per_rombel: StatedAmount
    teachers_spread: StatedShare
    pupils_per_rombel: StatedAmount
    pupils_spread: StatedShare
    far_km: StatedAmount


class Words(Strict):
    """Names that the invented staff and clubs bear; ``{number}`` and ``{name}`` are filled in."""

    principal: str
    teacher: str
    counsellor: str
    drawn_school: str
    repeated_school: str
    public_certified: str
    public_uncertified: str
    private: str
    clubs: tuple[str, ...] = Field(min_length=2)


class Break(Strict):
    """A break of ``minutes`` after the period ``after``."""

    after: Whole
    minutes: Whole


class Week(Strict):
    """The bell times that every school gets."""

    bell: str = Field(min_length=1)
    first_bell: str
    lesson_minutes: Whole
    ceremony_day: str = ""
    hours: dict[str, Whole] = Field(min_length=1)
    breaks: tuple[Break, ...] = ()

    @property
    def first_minute(self) -> int:
        """The first bell in minutes after midnight."""
        hours, _, minutes = self.first_bell.partition(":")
        return int(hours) * 60 + int(minutes)


class MethodFile(Strict):
    """The whole file."""

    title: str = Field(min_length=1)
    note: str = Field(min_length=1)
    policy: str
    curriculum: str
    subjects_left_out: tuple[str, ...] = ()
    electives: tuple[str, ...] = ()
    school_year: str
    semester: str
    start_date: str
    words: Words
    week: Week
    numbers: Numbers

    def number(self, name: str) -> float:
        """The value of a number by its name."""
        return float(getattr(self.numbers, name).value)

    def whole(self, name: str) -> int:
        return int(getattr(self.numbers, name).value)


@cache
def shipped_method() -> MethodFile:
    """The method that comes with the program."""
    return parse(resources.files(__package__).joinpath(SHIPPED).read_text(encoding="utf-8"), SHIPPED, MethodFile)


def read_method(path: Path) -> MethodFile:
    """A user's own method.

    Raises
    ------
    InputError
        with a Problem for each fault: no TOML, unknown or missing keys, numbers out of range, days or times that are none
    """
    try:
        found = parse(LawFile(path.name, path, path.parent).text(), path.name, MethodFile)
        problems = list(faults(found, path.name))
    except PolicyError as error:
        raise InputError(error.problems) from None  # it is the method that is wrong, not the law
    if problems:
        raise InputError(problems)
    return found


def faults(method: MethodFile, file: str) -> Iterable[Problem]:
    """What the types cannot say: days, times, dates, and words with a place for what the model has no name for."""
    for day in method.week.hours:
        if day not in DAYS:
            yield Problem("population.method_day", file, "week.hours", facts={"value": day, "known": ", ".join(DAYS)})
    if method.week.ceremony_day and method.week.ceremony_day not in DAYS:
        yield Problem("population.method_day", file, "week.ceremony_day", facts={"value": method.week.ceremony_day, "known": ", ".join(DAYS)})
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", method.week.first_bell):
        yield Problem("population.method_time", file, "week.first_bell", facts={"value": method.week.first_bell})
    try:
        date.fromisoformat(method.start_date)
    except ValueError:
        yield Problem("population.method_date", file, "start_date", facts={"value": method.start_date})
    for key, value in method.words:
        if isinstance(value, str):
            for name in re.findall(r"\{(.*?)\}", value):
                if name not in ("number", "name"):
                    yield Problem("population.method_word", file, f"words.{key}", facts={"value": f"{{{name}}}"})
    yield from week_faults(method, file)


def week_faults(method: MethodFile, file: str) -> Iterable[Problem]:
    """A week with fewer hours than the curriculum asks for would leave no school a timetable."""
    load_policy(method.policy)
    left_out, electives = set(method.subjects_left_out), set(method.electives)
    asked: dict[int, int] = {}
    for row in load_curriculum(method.curriculum).rows:
        if row.subject not in left_out and (not row.elective or row.subject in electives):
            asked[row.grade] = asked.get(row.grade, 0) + row.intra_jp + row.koku_jp
    hours = sum(method.week.hours.values())
    if hours < max(asked.values(), default=0):
        yield Problem("population.method_week_short", file, "week.hours", facts={"hours": hours, "asked": max(asked.values())})


@dataclass(frozen=True, slots=True)
class Method:
    """How a population is made.

    Parameters
    ----------
    seed
        another seed is another staff; every school's own follows from the seed and its NPSN alone
    stated
        the method file's shares and words
    radius_km
        schools share teachers within so many km; None = within the kecamatan
    schools
        only the first so many schools
    scale_to
        so many schools are drawn from the table instead of taken from it
    repeated
        a row whose NPSN was there before: ``refuse`` names it as a fault, ``skip`` leaves it out, ``keep`` takes it as a school of its own
    """

    seed: int = 0
    stated: MethodFile = field(default_factory=shipped_method)
    radius_km: float | None = None
    schools: int | None = None
    scale_to: int | None = None
    repeated: str = "refuse"

    def number(self, name: str) -> float:
        return self.stated.number(name)

    def whole(self, name: str) -> int:
        return self.stated.whole(name)
