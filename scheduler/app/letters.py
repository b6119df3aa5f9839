"""``letters``: the decree, the Dinas's orders and the statements of a verified plan, as .docx files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.app.exits import Exit
from scheduler.app.outputs import OutputRefusedError, refuse_file
from scheduler.app.source import Opened
from scheduler.app.verify import Verified, verify_files
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.files import atomic_path

if TYPE_CHECKING:
    from scheduler.report.letters.desk import Desk
    from scheduler.report.letters.wording import LawItem
    from scheduler.report.letters.write import Written

WORDING_ENDING = ".toml"
SHEET_COLUMNS = ("Alamat",)
"""Blanks that are columns of sheet Sekolah, not keys of Pengaturan."""


@dataclass(frozen=True, slots=True)
class LetterWishes:
    """What letters are wanted. ``schools`` empty = the Sekolah Utama, or every school; ``wording`` is read, or written where it is not there."""

    two_decrees: bool = False
    form: str = "matriks"
    paper: str = "f4"
    schools: Sequence[str] = ()
    wording: Path | None = None
    lang: str = "id"
    policy: str = ""


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A letter that was written; ``kind`` is a key of ``letters.toml``, ``teacher`` "" where it is about a school."""

    path: Path
    kind: str
    school: str
    teacher: str


@dataclass(frozen=True, slots=True)
class Lettered:
    """``files`` is empty where the checker refuses the plan: ``verified`` says why.

    ``blanks`` are keys of Pengaturan that became dots, each with the NPSN of the school whose own key is meant ("" = the key as it stands), and
    columns of sheet Sekolah; ``without`` counts teachers without what the named column of sheet Guru holds; ``doubted`` are items of law that are
    marked; ``stale`` are letters of an earlier run that this plan has no more. ``own_wording`` was read, ``new_wording`` was written.
    ``uncovered_jp`` stand in the decrees without a teacher.
    """

    exit: Exit
    verified: Verified
    files: tuple[LetterFile, ...] = ()
    blanks: tuple[tuple[str, str], ...] = ()
    without: Mapping[str, int] = field(default_factory=dict)
    doubted: tuple[LawItem, ...] = ()
    stale: tuple[Path, ...] = ()
    own_wording: Path | None = None
    new_wording: Path | None = None
    uncovered_jp: int = 0


def make_letters(path: Path, plan_path: Path, folder: Path, wishes: LetterWishes) -> Lettered:
    """Write every letter into ``folder``; a plan that the checker refuses has none.

    Raises
    ------
    InputError
        a file cannot be understood, the plan was made for another one or divides nothing, or a school is unknown
    OutputRefusedError
        ``folder`` is a file, or a letter in it was changed by hand
    """
    refuse_file(folder)
    if wishes.wording is not None and wishes.wording.suffix.lower() != WORDING_ENDING:
        raise OutputRefusedError("not_toml", wishes.wording)
    verified = verify_files(path, plan_path, policy=wishes.policy)
    if verified.exit is not Exit.OK:
        return Lettered(verified.exit, verified)
    if not verified.plan.assignments:
        raise InputError([Problem("letters.no_plan", plan_path.name)])

    from scheduler.report.letters.write import write_letters

    desk = desk_of(verified, wishes)
    schools = wanted_schools(desk, wishes.schools)
    written = write_letters(desk, verified.report.loads, schools, wishes.two_decrees)
    folder.mkdir(parents=True, exist_ok=True)
    stale = save(written, folder)
    new_wording = save_wording(desk, schools, wishes)
    files = tuple(LetterFile(folder / letter.name, letter.kind, letter.school, letter.teacher) for letter in written)
    concerned = {letter.teacher for letter in written} | {t.code for t in desk.case.instance.teachers if t.home in schools}
    people = [teacher for code, teacher in desk.case.teachers.items() if code in concerned]
    without = {"Pangkat/Gol": sum(not teacher.rank for teacher in people), "NIP": sum(not (teacher.nip or teacher.nuptk) for teacher in people)}
    own = wishes.wording if wishes.wording is not None and new_wording is None else None
    missing = {column: count for column, count in without.items() if count}
    return Lettered(Exit.OK, verified, files, blanks_of(desk), missing, tuple(desk.doubted), stale, own, new_wording, uncovered_jp(desk, schools))


def uncovered_jp(desk: Desk, schools: Sequence[str]) -> int:
    return sum(line.total_jp for npsn in schools for line in desk.words.tables.matrix(npsn).uncovered)


def blanks_of(desk: Desk) -> tuple[tuple[str, str], ...]:
    """(key, NPSN) of each blank in the order of the keys; no NPSN where the key holds for every school or for the workbook's own."""
    head = desk.letterhead
    blanks = [(name, "" if head.holds(name, npsn) and name not in SHEET_COLUMNS else npsn) for name, npsn in head.blanks]
    first = list(dict.fromkeys(name for name, _ in blanks))
    return tuple(sorted(dict.fromkeys(blanks), key=lambda blank: first.index(blank[0])))


def desk_of(verified: Verified, wishes: LetterWishes) -> Desk:
    from scheduler.report.letters.desk import Desk, Form
    from scheduler.report.letters.letterhead import Letterhead
    from scheduler.report.letters.paper import Size
    from scheduler.report.letters.wording import read_wording, shipped_wording
    from scheduler.report.tables import Tables
    from scheduler.report.text import Text
    from scheduler.report.words import Words

    own = wishes.wording is not None and wishes.wording.exists()
    wording = read_wording(wishes.wording) if own and wishes.wording is not None else shipped_wording(wishes.lang)
    head = Letterhead(Words(Tables(verified.opened.case, verified.plan), Text(wishes.lang)))
    return Desk(head, wording, Size(wishes.paper), Form(wishes.form), logos_of(verified.opened))


def logos_of(opened: Opened) -> Mapping[str, bytes]:
    """The logo of each school that states one; a file name is looked for beside the workbook."""
    from scheduler.report.letters.paper import readable_image

    stated = opened.case.instance.settings.letterhead
    logos: dict[str, bytes] = {}
    for npsn in opened.case.schools:
        own = f"Logo ({npsn})"
        name = stated.get(own) or (stated.get("Logo", "") if opened.case.main_school in ("", npsn) else "")
        if name:
            content = readable_image(opened.path.parent / name)
            if content is None:
                place = opened.place(f"settings.letterhead.{own if stated.get(own) else 'Logo'}")
                raise InputError([Problem("letters.no_picture", opened.path.name, place, facts={"value": name})])
            logos[npsn] = content
    return logos


def wanted_schools(desk: Desk, asked: Sequence[str]) -> tuple[str, ...]:
    known = {school.npsn: school for school in desk.names.class_schools}
    unknown = [npsn for npsn in asked if npsn not in known]
    if unknown:
        raise InputError([Problem("letters.unknown_school", sheet="--school", facts={"value": npsn, "known": ", ".join(known)}) for npsn in unknown])
    return tuple(dict.fromkeys(asked)) or tuple(school.npsn for school in desk.names.own_schools)


def save(written: Sequence[Written], folder: Path) -> tuple[Path, ...]:
    """Every letter is complete before the first takes its place; returns the letters of an earlier run that are no longer of this plan."""
    from scheduler.report.letters.paper import is_untouched_letter

    targets = {folder / letter.name: letter for letter in written}
    for target in targets:
        if target.is_dir():
            raise OutputRefusedError("is_folder", target)
        if target.exists() and not is_untouched_letter(target):
            raise OutputRefusedError("letter_changed", target)  # somebody has written in it
    with ExitStack() as stack:
        for target, letter in targets.items():
            target.parent.mkdir(exist_ok=True)
            stack.enter_context(atomic_path(target)).write_bytes(letter.content)
    return tuple(path for path in sorted((*folder.glob("*.docx"), *folder.glob("*/*.docx"))) if path not in targets and is_untouched_letter(path))


def save_wording(desk: Desk, schools: Sequence[str], wishes: LetterWishes) -> Path | None:
    """The wording to be changed, where a file was named that is not there yet."""
    if wishes.wording is None or wishes.wording.exists():
        return None
    from scheduler.report.letters.wording import law_in_force, write_wording

    wishes.wording.parent.mkdir(parents=True, exist_ok=True)
    write_wording(wishes.lang, law_in_force(desk.case, schools[0]), wishes.wording)
    return wishes.wording
