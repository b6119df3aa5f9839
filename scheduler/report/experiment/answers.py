"""The questions of a policy experiment as plain rows: what share is valid at which threshold, where, and who gains or loses.

One axis runs along the tables and charts (the *main* axis: the threshold where it is varied); every combination of the others is a *line*. One line
and one value of the main axis are the *reference*: the law in force, as far as the experiment has it.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from scheduler.domain.experiment import Axis
from scheduler.domain.instance import Settings
from scheduler.report.experiment.gathered import Change, Gathered, Key, Tally
from scheduler.report.experiment.words import Words

THRESHOLD: Final = "min_jtm"
POLICY: Final = "policy"

IN_FORCE: Final = Settings().policy
"""The ruleset in force: what a workbook that names none is read by."""

NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")

MOST_LINES: Final = 6
"""More lines than that nobody tells apart, least of all in grey."""

MOST_ROMBEL_ROWS: Final = 24
"""Above that the heat map joins three rombel counts to a row."""

ROMBEL_BAND: Final = 3

MOST_CHANGES: Final = 300
"""Schools in the list of who gains and loses; the others stand in the sums and in the CSV."""


@dataclass(frozen=True, slots=True)
class Line:
    """One combination of the other axes.

    ``values`` are the places of its values by axis, those of the axes that no line varies included; ``where`` picks its runs; ``points`` are its
    sums by place of the main axis' value.
    """

    name: str
    values: Mapping[int, int]
    where: str
    points: Mapping[int, Tally]


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of a table over the main axis: its name, how many schools it has, and its sums by place."""

    name: str
    schools: int
    cells: Mapping[int, Tally]


@dataclass(frozen=True, slots=True)
class Grid:
    """A heat map or a table by place. ``head`` names the rows; ``line`` says of which line it is."""

    head: str
    line: str
    rows: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """How many teachers gain and lose from one value of an axis to another."""

    gained: int = 0
    lost: int = 0
    uncounted: int = 0
    schools: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values of one axis, everything else alike.

    ``moved`` has the sums by place of the main axis (by the second value's place where the main axis itself is compared); ``schools`` lists who moved
    at the reference, the schools with most changes first; ``hidden`` is how many schools the list leaves out.
    """

    axis: str
    before: str
    after: str
    at: str
    moved: Mapping[int, Moved]
    total: Moved
    schools: tuple[Change, ...]
    hidden: int


@dataclass(frozen=True)
class Answers:
    """Every table of one experiment, each computed once."""

    gathered: Gathered
    words: Words

    # --- what runs along -----------------------------------------------------------------------------------------------------------------

    @property
    def axes(self) -> tuple[Axis, ...]:
        return self.gathered.axes

    @cached_property
    def varied(self) -> tuple[int, ...]:
        """Axes with more than one value."""
        return tuple(place for place, axis in enumerate(self.axes) if len(axis.values) > 1)

    @cached_property
    def main(self) -> int | None:
        """The axis along tables and charts: the threshold, else a number, else the first that is varied; None without any axis."""
        names = [axis.name for axis in self.axes]
        if THRESHOLD in names and names.index(THRESHOLD) in self.varied:
            return names.index(THRESHOLD)
        numbers = [place for place in self.varied if is_numeric(self.axes[place])]
        return next(iter((*numbers, *self.varied, *range(len(self.axes)))), None)

    @cached_property
    def numeric(self) -> bool:
        return self.main is not None and is_numeric(self.axes[self.main])

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Places of the main axis' values in the order of a chart: numbers upwards, others as asked for."""
        if self.main is None:
            return (0,)
        values = self.axes[self.main].values
        found = tuple(range(len(values)))
        return tuple(sorted(found, key=lambda place: float(values[place]))) if self.numeric else found

    @cached_property
    def column(self) -> str:
        """The main axis' column of the table of runs."""
        return "(NOT usable)" if self.main is None else f"a{self.main}"

    @property
    def main_name(self) -> str:
        return self.words.say("all_runs") if self.main is None else self.words.axis(self.axes[self.main].name)

    @property
    def main_key(self) -> str:
        return "" if self.main is None else self.axes[self.main].name

    def value(self, place: int) -> str:
        """A value of the main axis as it is read in a sentence (``24 JTM``)."""
        return self.words.say("all_runs") if self.main is None else self.words.value(self.main_key, self.axes[self.main].values[place])

    def at(self, place: int) -> str:
        """``pada 24 JTM``, ``menurut PP 74/2008``: the value as part of a sentence."""
        if self.main is None:
            return self.words.say("at_all")
        return self.words.at(self.main_key, self.axes[self.main].values[place])

    def label(self, place: int) -> str | int:
        """The same at the foot of a chart or the head of a column: a whole number alone, anything else in words."""
        value = "" if self.main is None else self.axes[self.main].values[place]
        return int(value) if value.isascii() and value.isdigit() else self.value(place)

    # --- lines ---------------------------------------------------------------------------------------------------------------------------

    @cached_property
    def line_axes(self) -> tuple[int, ...]:
        """Axes whose combinations are the lines; where these are too many, one axis alone, the others fixed."""
        others = tuple(place for place in self.varied if place != self.main)
        if len(self.gathered.tally([f"a{place}" for place in others])) <= MOST_LINES:
            return others
        rulesets = [place for place in others if self.axes[place].name == POLICY]
        few = [place for place in others if len(self.axes[place].values) <= MOST_LINES]
        return tuple((*rulesets, *few, *others)[:1])

    @cached_property
    def fixed(self) -> Mapping[int, int]:
        """Axes that no line varies, each at one value: as it is, else the first that was asked for."""
        others = (place for place in self.varied if place != self.main and place not in self.line_axes)
        return {place: self.base(place) for place in others}

    def base(self, axis: int) -> int:
        """The value that changes nothing, else the first."""
        values = [self.words.value(self.axes[axis].name, value) for value in self.axes[axis].values]
        unchanged = self.words.say("unchanged")
        return values.index(unchanged) if unchanged in values else 0

    @property
    def fixed_words(self) -> str:
        """``Jarak ke sekolah mitra: 5 km``: what every line, table and figure keeps; "" where nothing is kept."""
        axes = [self.axes[place] for place in self.fixed]
        return self.words.setting(axes, [axis.values[value] for axis, value in zip(axes, self.fixed.values(), strict=True)])

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        columns = [f"a{place}" for place in self.line_axes]
        sums = self.gathered.tally([*columns, self.column], condition(self.fixed))
        lines = []
        for key in dict.fromkeys(key[:-1] for key in sums):
            own = [int(value) for value in key]
            values = {**dict(zip(self.line_axes, own, strict=True)), **self.fixed}
            points = {int(found[-1]): tally for found, tally in sums.items() if found[:-1] == key}
            lines.append(Line(self.line_name(own), values, condition(values), points))
        return tuple(lines)

    def line_name(self, values: Sequence[int]) -> str:
        if not values:
            rulesets = {self.words.short_title(policy) for policy in self.words.background.policies}
            return rulesets.pop() if len(rulesets) == 1 else self.words.say("all_runs")
        axes = [self.axes[place] for place in self.line_axes]
        return self.words.setting(axes, [axis.values[value] for axis, value in zip(axes, values, strict=True)])

    # --- the reference -------------------------------------------------------------------------------------------------------------------

    @cached_property
    def line(self) -> Line:
        """The line of the ruleset in force where the experiment has it, else the first."""
        wanted = {place: self.reference_of(place) for place in self.line_axes}
        found = [line for line in self.lines if all(line.values[place] == value for place, value in wanted.items())]
        return next(iter((*found, *self.lines)), Line("", {}, "", {}))

    def reference_of(self, axis: int) -> int:
        """Of an axis that is no threshold: the ruleset in force, else the value that changes nothing, else the first."""
        values = self.axes[axis].values
        return values.index(IN_FORCE) if self.axes[axis].name == POLICY and IN_FORCE in values else self.base(axis)

    @cached_property
    def place(self) -> int:
        """The threshold of the law in force, or the highest one; of other axes what changes nothing, or the first."""
        planned = [place for place in self.places if place in self.line.points] or list(self.places)
        if self.numeric and self.main_key == THRESHOLD:
            law = {policy.min_jtm for policy in self.words.background.policies if THRESHOLD not in policy.overrides}
            return next((place for place in planned if self.label(place) in law), planned[-1])
        wanted = 0 if self.main is None else self.reference_of(self.main)
        return wanted if wanted in planned else planned[-1]

    @property
    def tally(self) -> Tally:
        return self.line.points.get(self.place, Tally())

    @cached_property
    def studied(self) -> tuple[int, ...]:
        """Places that the study asks about, the highest first; without a threshold every place."""
        if self.main_key != THRESHOLD or not self.numeric:
            return self.places
        wanted = [place for place in reversed(self.places) if self.label(place) in self.words.background.studied]
        return tuple(wanted) if len(wanted) > 1 else tuple(reversed(self.places))

    def highest(self, points: Mapping[int, Tally], most_below: int) -> int | None:
        """The highest place at which no school has more than so many teachers below, there and at every lower value."""
        found = None
        for place in self.places:
            tally = points.get(place)
            if tally is None or tally.nearly[most_below] < tally.schools:
                return found
            found = place
        return found

    # --- who is small --------------------------------------------------------------------------------------------------------------------

    @cached_property
    def small(self) -> Mapping[bool, Mapping[int, Tally]]:
        """The sums of the reference line for small schools (True) and the others (False), by place."""
        size = self.words.background.small
        column = f"(rombels <= {size.rombels} AND students < {size.students})"
        sums = self.gathered.tally((column, self.column), self.line.where)
        return {kind: {int(place): tally for (small, place), tally in sums.items() if bool(small) == kind} for kind in (True, False)}

    @property
    def has_both_sizes(self) -> bool:
        return all(kind.get(self.place, Tally()).schools for kind in self.small.values())

    # --- tables over the main axis -------------------------------------------------------------------------------------------------------

    def rombel_grid(self, line: Line) -> Grid:
        """Share of valid teachers by number of rombel."""
        counts = [int(count) for count in self.gathered.distinct("rombels")]
        names: dict[Key, str]
        if len(counts) <= MOST_ROMBEL_ROWS:
            names = {count: str(count) for count in counts}
            return self.grid("rombels", line, names, self.words.say("head_rombels"))
        bands = sorted({(count - 1) // ROMBEL_BAND for count in counts})
        names = {band: self.words.say("band", least=band * ROMBEL_BAND + 1, most=(band + 1) * ROMBEL_BAND) for band in bands}
        return self.grid(f"((rombels - 1) / {ROMBEL_BAND})", line, names, self.words.say("head_rombels"))

    @cached_property
    def area_column(self) -> str:
        """What schools are grouped by on the map-like table: kecamatan, else province; "" where all are from one."""
        return next((column for column in ("kecamatan", "province") if len(self.gathered.distinct(column)) > 1), "")

    def area_grid(self, line: Line) -> Grid:
        """Share of valid teachers by kecamatan, the hardest first."""
        if self.area_column == "kecamatan":
            column = "kecamatan" if len(self.gathered.distinct("province")) < 2 else "kecamatan || ', ' || province"
        else:
            column = self.area_column
        names: dict[Key, str] = {area: str(area) or self.words.say("no_area") for area in self.gathered.distinct(column)}
        grid = self.grid(column, line, names, self.words.say(f"head_{self.area_column}"))
        return Grid(grid.head, grid.line, tuple(sorted(grid.rows, key=self._hardness)))

    def _hardness(self, row: GridRow) -> tuple[float, str]:
        share = row.cells.get(self.place, Tally()).share
        return (2.0 if share is None else share, row.name)

    def grid(self, column: str, line: Line, names: Mapping[Key, str], head: str) -> Grid:
        cells: dict[Key, dict[int, Tally]] = {}
        for (own, place), tally in self.gathered.tally((column, self.column), line.where).items():
            cells.setdefault(own, {})[int(place)] = tally
        rows = [GridRow(names[own], max(tally.runs for tally in sums.values()), sums) for own, sums in cells.items()]
        return Grid(head, line.name, tuple(rows))

    @cached_property
    def heat(self) -> tuple[Grid, ...]:
        """The heat maps, that of the reference first: rombel × main axis for each line, or, for schools of one size, the lines themselves."""
        if len(self.gathered.distinct("rombels")) > 1:
            return tuple(self.rombel_grid(line) for line in self.ordered_lines)
        if len(self.lines) < 2:
            return ()
        rows = tuple(GridRow(line.name, max(tally.runs for tally in line.points.values()), line.points) for line in self.lines)
        return (Grid(self.words.text.joined(self.words.axis(self.axes[place].name) for place in self.line_axes), "", rows),)

    @cached_property
    def areas(self) -> tuple[Grid, ...]:
        return tuple(self.area_grid(line) for line in self.ordered_lines) if self.area_column else ()

    @cached_property
    def ordered_lines(self) -> tuple[Line, ...]:
        """The reference line, then the others."""
        return tuple(sorted(self.lines, key=lambda line: line is not self.line))

    # --- who gains and who loses ---------------------------------------------------------------------------------------------------------

    @cached_property
    def compared_axis(self) -> int | None:
        """The axis whose values are compared by teacher: the ruleset, else another than the main one, else the main one itself."""
        names = {self.axes[place].name: place for place in self.varied}
        if POLICY in names:
            return names[POLICY]
        return next((place for place in self.varied if place != self.main), self.main if self.varied else None)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """The first value of the compared axis against each other one; along the main axis the reference against the studied values below it."""
        axis = self.compared_axis
        if axis is None or not self.lines:
            return ()
        if axis == self.main and self.numeric:
            pairs = [(self.place, place) for place in self.studied if place != self.place]
        else:
            pairs = [(0, place) for place in range(1, len(self.axes[axis].values))]
        return tuple(self.comparison(axis, before, after) for before, after in pairs[:MOST_LINES])

    def comparison(self, axis: int, before: int, after: int) -> Comparison:
        """One pass over the schools that have both runs; in memory only the sums and the schools with most changes."""
        values = self.axes[axis].values
        moved: dict[int, Moved] = {}
        most: list[tuple[int, int, Change]] = []
        listed = 0
        for number, change in enumerate(
            self.gathered.changes(axis, before, after, {other: value for other, value in self.line.values.items() if other != axis})
        ):
            place = 0 if self.main is None else self.axes[self.main].values.index(change.scenario[self.main])
            moved[place] = added(moved.get(place, Moved()), change)
            if not (change.gained or change.lost) or (axis != self.main and place != self.place):
                continue
            listed += 1
            entry = (len(change.gained) + len(change.lost), -number, change)
            if len(most) < MOST_CHANGES:
                heapq.heappush(most, entry)
            else:
                heapq.heappushpop(most, entry)
        schools = tuple(change for _, _, change in sorted(most, reverse=True))
        total = moved.get(after if axis == self.main else self.place, Moved())
        at = "" if axis == self.main else self.at(self.place)
        name = self.axes[axis].name
        words = [self.words.value(name, values[place]) for place in (before, after)]
        return Comparison(name, words[0], words[1], at, dict(sorted(moved.items())), total, schools, listed - len(schools))


def condition(values: Mapping[int, int]) -> str:
    """The runs with these places of values, as a condition on the table."""
    return " AND ".join(f"a{axis} = {value}" for axis, value in values.items())


def added(sums: Moved, change: Change) -> Moved:
    return Moved(sums.gained + len(change.gained), sums.lost + len(change.lost), sums.uncounted + len(change.uncounted), sums.schools + 1)


def is_numeric(axis: Axis) -> bool:
    return all(NUMBER.fullmatch(value) for value in axis.values)
