"""The runs of an experiment in a table on disk: written in one pass, asked in sums, never held in memory as a whole.

SQLite's own temporary database (the empty name) lives in a file that the system removes with the process, so that 126,000 runs take no more memory
than a hundred and a kill leaves nothing behind. Every answer is sorted: the order in which the runs arrive, and so the number of workers, changes
nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Final, Self

from scheduler.domain.experiment import Axis, Run
from scheduler.domain.plan import Status

USABLE: Final = (Status.OPTIMAL, Status.FEASIBLE)
"""A run with a plan; how far it is proved is shown beside it."""

VALIDITY_LEVELS: Final = ("below_minimum", "below_minimum_partners")
"""Levels whose distance to their bound says how many more teachers could be valid."""

Key = str | int
"""A value of a column that sums are grouped by."""

NEARLY: Final = (0, 1, 2)
"""At most so many teachers below the minimum: "all valid", "all but one", "all but two"."""

SCHEMA: Final = """
CREATE TABLE runs (
  source TEXT, school TEXT, name TEXT, kecamatan TEXT, province TEXT, rombels INTEGER, students INTEGER, teachers INTEGER, {axes}
  status TEXT, usable INTEGER, valid INTEGER, below INTEGER, missing INTEGER, uncovered INTEGER, gap INTEGER, excepted INTEGER,
  main_valid INTEGER, main_counted INTEGER, proved INTEGER, violations INTEGER,
  error TEXT, facts TEXT, valid_codes TEXT, below_codes TEXT
)
"""

SUMS: Final = ", ".join(
    (
        "COUNT(*)",
        "SUM(valid + below > 0)",
        *(f"SUM(valid + below > 0 AND below <= {most})" for most in NEARLY),
        "SUM(valid)",
        "SUM(below)",
        "SUM(missing)",
        "SUM(uncovered)",
        "SUM(gap)",
        "SUM(excepted)",
        "SUM(main_valid)",
        "SUM(main_counted)",
        "SUM(proved)",
    )
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over runs that have a plan.

    ``schools`` are the runs with at least one counted teacher; of these ``nearly[k]`` have at most k teachers below the minimum. ``missing_jtm``
    and ``uncovered_jp`` are sums of the levels; ``gap`` is how many teachers more could be valid at the very best where that is not proved;
    ``excepted`` are those below the minimum for whom the regulation has an exception; ``main_valid`` and
    ``main_counted`` are those of the main school where its partners are in the file too; ``proved`` counts runs whose every level is proved.
    """

    runs: int = 0
    schools: int = 0
    nearly: tuple[int, ...] = (0,) * len(NEARLY)
    valid: int = 0
    below: int = 0
    missing_jtm: int = 0
    uncovered_jp: int = 0
    gap: int = 0
    excepted: int = 0
    main_valid: int = 0
    main_counted: int = 0
    proved: int = 0

    @property
    def counted(self) -> int:
        return self.valid + self.below

    @property
    def share(self) -> float | None:
        """Valid teachers of the counted ones, 0 to 1; None where nobody is counted."""
        return self.valid / self.counted if self.counted else None

    @property
    def main_share(self) -> float | None:
        """The same of the main school alone, where its partners are in the file too."""
        return self.main_valid / self.main_counted if self.main_counted else None

    @property
    def schools_share(self) -> float | None:
        """Schools all of whose counted teachers are valid, 0 to 1."""
        return self.nearly[0] / self.schools if self.schools else None


@dataclass(slots=True)
class LevelProof:
    """How often one criterion reached its best possible value with proof; ``gap`` sums what is not proved."""

    runs: int = 0
    proved: int = 0
    gap: int = 0
    unbounded: int = 0


@dataclass(frozen=True, slots=True)
class Unit:
    """What was planned in one go: a school alone, or a whole file."""

    source: str
    school: str
    name: str
    kecamatan: str
    province: str
    rombels: int
    students: int
    teachers: int


UNIT: Final = ("source", "school", "name", "kecamatan", "province", "rombels", "students", "teachers")
"""Its columns."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run as it is written out. ``scenario`` gives the value of each axis in the order of the axes."""

    unit: Unit
    scenario: tuple[str, ...]
    status: str
    usable: bool
    valid: int
    below: int
    missing_jtm: int | None
    uncovered_jp: int | None
    excepted: int
    proved: bool
    violations: int
    error: str
    facts: Mapping[str, str | int]
    valid_codes: tuple[str, ...]
    below_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One school under two values of an axis: who is valid under the second only, and under the first only.

    ``uncounted`` are valid under one of the two and not counted under the other (a principal, for instance): neither gained nor lost.
    """

    unit: Unit
    scenario: tuple[str, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    uncounted: tuple[str, ...]
    before: int
    after: int


@dataclass
class Gathered:
    """All runs of one experiment. Use as a context; afterwards the table is gone."""

    asked: Sequence[Axis]
    runs: Iterable[Run]
    levels: dict[str, LevelProof] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    stopped: int = 0

    def __enter__(self) -> Self:
        self._places = [{value: place for place, value in enumerate(axis.values)} for axis in self.asked]
        self._table = sqlite3.connect("", isolation_level=None)
        columns = "".join(f"a{index} INTEGER, " for index in range(len(self.asked)))
        self._table.execute(SCHEMA.format(axes=columns))
        marks = ", ".join("?" * (24 + len(self.asked)))
        self._table.execute("BEGIN")
        self._table.executemany(f"INSERT INTO runs VALUES ({marks})", (self._row(run) for run in self.runs))
        self._table.execute("CREATE INDEX by_school ON runs (source, school)")
        self._table.execute("COMMIT")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._table.close()

    def _row(self, run: Run) -> tuple[str | int | None, ...]:
        levels = {level.name: level for level in run.levels}
        usable = run.error == "" and run.status in USABLE
        self.stopped += "stopped" in run.facts
        self.statuses["error" if run.error else str(run.status)] += 1
        for level in run.levels:
            proof = self.levels.setdefault(level.name, LevelProof())
            proof.runs += 1
            proof.proved += level.proved
            proof.gap += max(0, level.value - level.bound) if level.bound is not None else 0
            proof.unbounded += level.bound is None
        open_levels = [levels[name] for name in VALIDITY_LEVELS if name in levels and not levels[name].proved]
        missing, uncovered = (levels[name].value if name in levels else None for name in ("shortfall_jtm", "uncovered_jp"))
        return (
            *(run.source, run.school, run.name, run.kecamatan, run.province, run.rombels, run.students, run.teachers),
            *(self._index(axis, run) for axis in range(len(self.asked))),
            *(str(run.status), usable, len(run.valid), len(run.below)),
            *(missing, uncovered),
            sum(level.value - (level.bound or 0) for level in open_levels),
            *(int(run.facts.get(fact, 0)) for fact in ("excepted", "valid_main", "counted_main")),
            all(level.proved for level in run.levels),
            *(run.violations, run.error, json.dumps(dict(run.facts), sort_keys=True), json.dumps(sorted(run.valid)), json.dumps(sorted(run.below))),
        )

    def _index(self, axis: int, run: Run) -> int:
        """The place of the run's value among the axis' values; a value nobody announced comes last."""
        places = self._places[axis]
        return places.setdefault(run.scenario.get(self.asked[axis].name, ""), len(places))

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The axes with every value that occurs."""
        return tuple(Axis(axis.name, tuple(places)) for axis, places in zip(self.asked, self._places, strict=True))

    # --- sums ------------------------------------------------------------------------------------------------------------------------------

    def tally(self, by: Sequence[str] = (), where: str = "") -> Mapping[tuple[Key, ...], Tally]:
        """Sums over the usable runs, by columns of the table or expressions of them (``a0`` = first axis), sorted."""
        condition = f"usable AND ({where})" if where else "usable"
        columns = "".join(f"{column}, " for column in by)
        group = f"GROUP BY {', '.join(str(place) for place in range(1, len(by) + 1))} ORDER BY {', '.join(by)}" if by else ""
        answer = self._table.execute(f"SELECT {columns}{SUMS} FROM runs WHERE {condition} {group}")
        return {tuple(row[: len(by)]): tally_of(row[len(by) :]) for row in answer}

    def distinct(self, column: str, usable: bool = True) -> tuple[Key, ...]:
        """Every value of one column, sorted."""
        condition = "WHERE usable" if usable else ""
        return tuple(value for (value,) in self._table.execute(f"SELECT DISTINCT {column} FROM runs {condition} ORDER BY 1"))

    @cached_property
    def count(self) -> int:
        return sum(self.statuses.values())

    @cached_property
    def usable(self) -> int:
        return self._number("SELECT COUNT(*) FROM runs WHERE usable")

    @cached_property
    def proved(self) -> int:
        """Usable runs whose every criterion has reached its best possible value with proof."""
        return self._number("SELECT COUNT(*) FROM runs WHERE usable AND proved")

    @cached_property
    def violations(self) -> int:
        return self._number("SELECT COALESCE(SUM(violations), 0) FROM runs")

    @cached_property
    def units(self) -> int:
        """Different schools (or whole files) that were tried, with or without a plan."""
        return self._number("SELECT COUNT(*) FROM (SELECT DISTINCT source, school FROM runs)")

    @cached_property
    def whole_files(self) -> bool:
        """Every run planned a whole file, no school alone."""
        return self.count > 0 and self._number("SELECT COUNT(*) FROM runs WHERE school <> ''") == 0

    @cached_property
    def has_partners(self) -> bool:
        """Some run counts the staff of partner schools beside the main school's own."""
        return self._number("SELECT COUNT(*) FROM runs WHERE usable AND main_counted > 0") > 0

    @cached_property
    def only_name(self) -> str:
        """Name of the one school or file; "" where there are several."""
        return str(self.distinct("name", usable=False)[0]) if self.units == 1 else ""

    def errors(self, most: int = 10) -> tuple[tuple[str, Mapping[str, str | int], int], ...]:
        """(key, facts, runs) of what kept scenarios from being put to schools, the most frequent first."""
        question = f"SELECT error, facts, COUNT(*) FROM runs WHERE error <> '' GROUP BY error, facts ORDER BY 3 DESC, 1, 2 LIMIT {most}"
        return tuple((error, json.loads(facts), count) for error, facts, count in self._table.execute(question))

    def _number(self, question: str) -> int:
        return int(self._table.execute(question).fetchone()[0])

    # --- single runs -----------------------------------------------------------------------------------------------------------------------

    def each(self) -> Iterator[StoredRun]:
        """Every run, by source, school and scenario."""
        order = ", ".join(("source", "school", *(f"a{axis}" for axis in range(len(self.axes)))))
        for row in self._table.execute(f"SELECT * FROM runs ORDER BY {order}"):
            places, found = row[len(UNIT) : len(UNIT) + len(self.axes)], row[len(UNIT) + len(self.axes) :]
            status, usable, valid, below, missing, uncovered, _, excepted, _, _, proved, violations, error, facts, valid_codes, below_codes = found
            yield StoredRun(
                unit=Unit(*row[: len(UNIT)]),
                scenario=self.scenario(places),
                status=status,
                usable=bool(usable),
                valid=valid,
                below=below,
                missing_jtm=missing,
                uncovered_jp=uncovered,
                excepted=excepted,
                proved=bool(usable and proved),
                violations=violations,
                error=error,
                facts=json.loads(facts),
                valid_codes=tuple(json.loads(valid_codes)),
                below_codes=tuple(json.loads(below_codes)),
            )

    def scenario(self, places: Sequence[int]) -> tuple[str, ...]:
        return tuple(axis.values[place] for axis, place in zip(self.axes, places, strict=True))

    def changes(self, axis: int, before: int, after: int, others_at: Mapping[int, int]) -> Iterator[Change]:
        """Every school that was planned under both values of one axis, everything else alike; ``others_at`` are places of other axes' values."""
        others = [f"a{other}" for other in range(len(self.axes)) if other != axis]
        alike = "".join(f" AND x.{other} = y.{other}" for other in others)
        kept = "".join(f" AND x.a{other} = {value}" for other, value in others_at.items())
        order = ", ".join(("x.source", "x.school", *(f"x.{other}" for other in others)))
        columns = ", ".join((*(f"y.{column}" for column in UNIT), *(f"y.a{place}" for place in range(len(self.axes)))))
        question = (
            f"SELECT x.valid_codes, x.below_codes, y.valid_codes, y.below_codes, {columns} FROM runs x JOIN runs y"
            f" ON x.source = y.source AND x.school = y.school{alike}"
            f" WHERE x.usable AND y.usable AND x.a{axis} = ? AND y.a{axis} = ?{kept} ORDER BY {order}"
        )
        for row in self._table.execute(question, (before, after)):
            valid_before, below_before, valid_after, below_after = (frozenset(json.loads(codes)) for codes in row[:4])
            yield Change(
                unit=Unit(*row[4 : 4 + len(UNIT)]),
                scenario=self.scenario(row[4 + len(UNIT) :]),
                gained=tuple(sorted(valid_after & below_before)),
                lost=tuple(sorted(valid_before & below_after)),
                uncounted=tuple(sorted((valid_after - valid_before - below_before) | (valid_before - valid_after - below_after))),
                before=len(valid_before),
                after=len(valid_after),
            )


def tally_of(sums: Sequence[int | None]) -> Tally:
    runs, schools, *rest = (value or 0 for value in sums)
    return Tally(runs, schools, tuple(rest[: len(NEARLY)]), *rest[len(NEARLY) :])
