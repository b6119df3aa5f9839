"""A small district in runs written by hand: three schools, two rulesets, three thresholds; the numbers of the tests are counted from this table.

| school | kecamatan | rombel | pupils | counted | 24 old | 24 new | 20 old | 20 new | 16 old | 16 new |
|---|---|---|---|---|---|---|---|---|---|---|
| 101 | Utara   | 8  | 160 | 4 | G2     | G1     | G2     | G1 G2  | G1-G3  | G1-G4 |
| 102 | Utara   | 8  | 240 | 5 | G1-G2  | G1-G3  | G1-G3  | G1-G5  | G1-G5  | G1-G5 |
| 103 | Selatan | 12 | 300 | 6 | G1-G5  | G1-G6  | G1-G6  | G1-G6  | G1-G6  | G1-G6 |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from scheduler.domain.experiment import Axis, Run
from scheduler.domain.plan import Level, Status
from scheduler.policy.load import load_policy
from scheduler.report.experiment.answers import Answers
from scheduler.report.experiment.background import Background
from scheduler.report.experiment.gathered import Gathered
from scheduler.report.experiment.words import Words
from scheduler.report.text import Text

OLD, NEW = "permendikbud15_2018", "permendikdasmen11_2025"
AXES = (Axis("min_jtm", ("16", "20", "24")), Axis("policy", (OLD, NEW)))

SCHOOLS = (("101", "SMP Satu", "Utara", 8, 160, 4), ("102", "SMP Dua", "Utara", 8, 240, 5), ("103", "SMP Tiga", "Selatan", 12, 300, 6))

VALID = {
    ("101", "24", OLD): (2,),
    ("101", "24", NEW): (1,),
    ("101", "20", OLD): (2,),
    ("101", "20", NEW): (1, 2),
    ("101", "16", OLD): (1, 2, 3),
    ("101", "16", NEW): (1, 2, 3, 4),
    ("102", "24", OLD): (1, 2),
    ("102", "24", NEW): (1, 2, 3),
    ("102", "20", OLD): (1, 2, 3),
    ("102", "20", NEW): (1, 2, 3, 4, 5),
    ("102", "16", OLD): (1, 2, 3, 4, 5),
    ("102", "16", NEW): (1, 2, 3, 4, 5),
    ("103", "24", OLD): (1, 2, 3, 4, 5),
    ("103", "24", NEW): (1, 2, 3, 4, 5, 6),
    ("103", "20", OLD): (1, 2, 3, 4, 5, 6),
    ("103", "20", NEW): (1, 2, 3, 4, 5, 6),
    ("103", "16", OLD): (1, 2, 3, 4, 5, 6),
    ("103", "16", NEW): (1, 2, 3, 4, 5, 6),
}


def run(school: Sequence[object], threshold: str, policy: str, valid: Sequence[int]) -> Run:
    """One run; every teacher below the minimum misses 2 JTM, and everything is proved."""
    npsn, name, kecamatan, rombels, students, counted = school
    codes = [f"G{number}" for number in range(1, int(str(counted)) + 1)]
    met = tuple(f"G{number}" for number in valid)
    below = tuple(code for code in codes if code not in met)
    levels = (
        Level("uncovered_jp", 0, 0, True),
        Level("below_minimum", len(below), len(below), True),
        Level("shortfall_jtm", *[2 * len(below)] * 2, True),
    )
    return Run(
        source="kabupaten.csv",
        school=str(npsn),
        name=str(name),
        kecamatan=str(kecamatan),
        province="Jambi",
        rombels=int(str(rombels)),
        students=int(str(students)),
        teachers=len(codes) + 1,
        scenario={"min_jtm": threshold, "policy": policy},
        status=Status.OPTIMAL,
        levels=levels,
        valid=met,
        below=below,
    )


def district(policies: Sequence[str] = (OLD, NEW), schools: Sequence[str] = ("101", "102", "103")) -> list[Run]:
    """The runs of the table above, as far as they are asked for."""
    places = {school[0]: school for school in SCHOOLS}
    return [
        run(places[npsn], threshold, policy, valid) for (npsn, threshold, policy), valid in VALID.items() if policy in policies and npsn in schools
    ]


def axes_of(policies: Sequence[str] = (OLD, NEW)) -> tuple[Axis, ...]:
    return AXES[0], Axis("policy", tuple(policies))


def background(policies: Sequence[str] = (OLD, NEW), invented: bool = False) -> Background:
    """Rulesets as they are when the threshold is varied, not replaced."""
    return Background(policies=tuple(load_policy(policy) for policy in policies), invented=invented)


def answered(runs: Iterable[Run], axes: Sequence[Axis] = AXES, lang: str = "id", about: Background | None = None) -> Answers:
    """Answers whose table stays open as long as they are kept."""
    gathered = Gathered(axes, runs).__enter__()
    return Answers(gathered, Words(Text(lang), about or background()))


def renamed(runs: Sequence[Run], name: str) -> list[Run]:
    return [replace(one, name=name) for one in runs]


def nothing_network(path: Path) -> Iterator[str]:
    """Parts of a page that would ask a network: none are allowed."""
    page = path.read_text(encoding="utf-8")
    body = page.split("<body", 1)[0]
    yield from (mark for mark in ("<script", "<link", "@import", "src=", "url(http", "//cdn") if mark in page)
    yield from (mark for mark in ("http://", "https://") if mark in body)
