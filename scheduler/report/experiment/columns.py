"""The columns of the table that answers the study's question, the same on the sheet and on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from scheduler.report.experiment.answers import Answers
from scheduler.report.experiment.gathered import Tally


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key of its heading, the sums it is taken from by place of the main axis, and how."""

    key: str
    points: Mapping[int, Tally]
    number: Callable[[Tally], float | None]
    percent: bool = False

    def at(self, place: int) -> float | None:
        """Its number at one value of the main axis; None where nothing is known."""
        return self.number(self.points[place]) if place in self.points else None


def answer_columns(answers: Answers) -> Iterator[Column]:
    """Teachers, then schools where there are several, missing hours, and small schools against others where there are both."""
    points = answers.line.points
    yield Column("teachers_valid", points, lambda tally: tally.valid)
    yield Column("teachers_counted", points, lambda tally: tally.counted)
    yield Column("share", points, lambda tally: tally.share, percent=True)
    if answers.gathered.has_partners:
        yield Column("main_share", points, lambda tally: tally.main_share, percent=True)
    if answers.gathered.units > 1:
        yield Column("schools", points, lambda tally: tally.schools)
        yield Column("schools_full", points, lambda tally: tally.nearly[0])
        yield Column("schools_share", points, lambda tally: tally.schools_share, percent=True)
        yield Column("schools_nearly", points, lambda tally: tally.nearly[1])
    else:
        yield Column("teachers_below", points, lambda tally: tally.below)
    yield Column("missing", points, lambda tally: tally.missing_jtm)
    if any(tally.uncovered_jp for tally in points.values()):
        yield Column("uncovered", points, lambda tally: tally.uncovered_jp)
    if answers.has_both_sizes:
        yield Column("small_share", answers.small[True], lambda tally: tally.share, percent=True)
        yield Column("others_share", answers.small[False], lambda tally: tally.share, percent=True)
