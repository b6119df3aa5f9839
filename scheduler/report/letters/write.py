"""All letters of a plan: what they are called, and their bytes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from scheduler.domain.plan import TeacherLoad
from scheduler.report.letters.decree import Part, decree
from scheduler.report.letters.desk import Desk
from scheduler.report.letters.division import division, refuse_wrong_sums
from scheduler.report.letters.partner import order, statement, visits_of

FILE_NAMES: Mapping[Part, str] = {Part.ALL: "SK-pembagian-tugas", Part.TEACHING: "SK-tugas-mengajar", Part.DUTIES: "SK-tugas-tambahan"}


@dataclass(frozen=True, slots=True)
class Written:
    """A letter: its file name, what it is, whom it is about, and the .docx file.

    With several schools the name begins with the folder of its school; ``kind`` is a key of ``letters.toml``; ``teacher`` is "" for a decree.
    """

    name: str
    kind: str
    school: str
    teacher: str
    content: bytes


def write_letters(desk: Desk, loads: Iterable[TeacherLoad], schools: Collection[str], two_decrees: bool) -> tuple[Written, ...]:
    """The decrees of these schools, then for each teacher who teaches at another school, one of the two being among them, order and statements.

    ``loads`` are the independent checker's; sums that differ from them refuse everything.
    """
    loads = tuple(loads)
    divisions = [division(desk.words.tables, npsn) for npsn in schools]
    refuse_wrong_sums(desk.words.tables, divisions, loads)
    parts = (Part.TEACHING, Part.DUTIES) if two_decrees else (Part.ALL,)
    written = [
        Written(f"{FILE_NAMES[part]}-{safe(d.matrix.school)}.docx", f"decree_{part.value}", d.matrix.school, "", decree(desk, d, part).content())
        for d in divisions
        for part in parts
    ]
    written += partner_letters(desk, {load.teacher: load for load in loads}, schools)
    if len(schools) > 1:
        written = [replace(letter, name=f"{safe(letter.school)}/{letter.name}") for letter in written]
    return tuple(numbered(written))


def partner_letters(desk: Desk, loads: Mapping[str, TeacherLoad], schools: Collection[str]) -> Iterator[Written]:
    for code, visits in visits_of(desk).items():
        teacher = desk.case.teachers[code]
        concerned = {npsn: taught for npsn, taught in visits.items() if npsn in schools or teacher.home in schools}
        if not concerned:
            continue
        yield Written(f"Surat-tugas-{safe(code)}.docx", "order", teacher.home, code, order(desk, teacher, visits, loads[code]).content())
        for npsn, taught in concerned.items():
            name = f"Keterangan-mengajar-{safe(code)}-{safe(npsn)}.docx"
            yield Written(name, "statement", npsn, code, statement(desk, teacher, npsn, taught).content())


def safe(code: str) -> str:
    """What of a code every file system takes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", code).strip("._")[:LONGEST_CODE] or "_"


LONGEST_CODE = 40


def numbered(written: Iterable[Written]) -> Iterator[Written]:
    """The same letters with names that differ, whatever the codes were made of and whatever their capitals."""
    taken: set[str] = set()
    for letter in written:
        name, stem, count = letter.name, letter.name.removesuffix(".docx"), 1
        while name.casefold() in taken:
            count += 1
            name = f"{stem}-{count}.docx"
        taken.add(name.casefold())
        yield replace(letter, name=name)
