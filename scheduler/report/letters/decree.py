"""The decree on the division of work: its considerations, its law, its rulings, and its annexes."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from scheduler.report.letters.annexes import ROMAN_NUMERALS, duties_annex, teaching_annex, wali_annex
from scheduler.report.letters.desk import Desk
from scheduler.report.letters.division import Division
from scheduler.report.letters.grid import Cell, Row, one_line
from scheduler.report.letters.paper import Letter
from scheduler.report.letters.wording import DecreeWording

LABEL_MM = 29.0
COLON_MM = 4.0
LETTER_MM = 7.0


class Part(StrEnum):
    """What a decree rules: everything, or one half of two."""

    ALL = "satu"
    TEACHING = "mengajar"
    DUTIES = "tambahan"


NUMBER_KEYS = {Part.ALL: "Nomor SK", Part.TEACHING: "Nomor SK", Part.DUTIES: "Nomor SK Tugas Tambahan"}


def decree(desk: Desk, division: Division, part: Part) -> Letter:
    """One decree of one school, upright, with its annexes lying behind it."""
    npsn = division.matrix.school
    wording: DecreeWording = getattr(desk.wording, part.value)
    wali = desk.say("wali_both" if division.guru_wali else "wali_class")
    letter = desk.letter(desk.say(f"decree_{part.value}"), npsn)
    desk.school_kop(letter, npsn)
    school = one_line(desk.names.school(npsn)).upper()
    number = desk.letterhead.filled(NUMBER_KEYS[part], npsn)
    about = desk.fill(wording.tentang, npsn, wali)
    desk.title(letter, desk.say("decree_of", school=school), desk.say("decree_number", number=number))
    letter.gap(4)
    desk.title(letter, desk.say("about"), about.upper())
    letter.gap(4)
    desk.title(letter, desk.say("head_of", school=school))
    letter.gap(6)
    considerations = [(desk.fill(text, npsn, wali), "") for text in wording.menimbang]
    items = desk.law(npsn)
    law = [(ended(item.text, last=item is items[-1]), desk.mark(item)) for item in items]
    clauses(letter, desk.say("considering"), considerations, letters=True)
    clauses(letter, desk.say("in_view_of"), law)
    clauses(letter, desk.say("noting"), [(text, "") for text in desk.noting(npsn)])
    letter.gap(4)
    letter.line(desk.say("decides"), "center", bold=True, keep=True, after=4)
    rulings(desk, letter, [desk.fill(text, npsn, wali) for text in wording.menetapkan])
    desk.school_signature(letter, npsn, desk.letterhead.day("Tanggal SK", npsn), desk.copies(npsn))
    annexes(desk, letter, division, part, number)
    return letter


def ended(text: str, last: bool) -> str:
    """An item of a list, with the semicolon (or the full stop) that lists of law have."""
    return text.rstrip(" ;.") + ("." if last else ";")


def clauses(letter: Letter, label: str, items: Sequence[tuple[str, str]], letters: bool = False) -> None:
    """``Menimbang : a. …``: the label once, then one row an item with what marks it."""
    rows: list[Row] = []
    for index, (text, mark) in enumerate(items):
        name = chr(ord("a") + index) if letters and index < LETTERS else str(index + 1)
        first = index == 0
        rows.append((Cell(label if first else ""), Cell(":" if first else ""), Cell(f"{name}."), Cell(text, across="both", tail=mark)))
    if rows:
        letter.grid((LABEL_MM, COLON_MM, LETTER_MM, letter.width - LABEL_MM - COLON_MM - LETTER_MM), rows, frame=False)


LETTERS = 26


def rulings(desk: Desk, letter: Letter, sentences: Sequence[str]) -> None:
    """``Menetapkan :`` and below it KESATU, KEDUA, …"""
    rows: list[Row] = [(Cell(desk.say("rules")), Cell(":"), Cell())]
    for number, sentence in enumerate(sentences, 1):
        key = f"ordinal_{number}"
        ordinal = desk.say(key) if desk.words.text.has(f"letters.{key}") else f"{number}."
        rows.append((Cell(ordinal), Cell(":"), Cell(sentence, across="both")))
    letter.grid((LABEL_MM, COLON_MM, letter.width - LABEL_MM - COLON_MM), rows, frame=False, keep=True)


def annexes(desk: Desk, letter: Letter, division: Division, part: Part, number: str) -> None:
    """The annexes of a decree, each on pages of its own: I teaching, II duties, III wali kelas and guru wali, as far as the decree rules them."""
    writers = {
        Part.ALL: (teaching_annex, duties_annex, wali_annex),
        Part.TEACHING: (teaching_annex,),
        Part.DUTIES: (duties_annex, wali_annex),
    }[part]
    npsn = division.matrix.school
    day = desk.letterhead.day("Tanggal SK", npsn)
    for index, write in enumerate(writers):
        letter.new_pages(landscape=True)
        label = desk.say("annex", number=ROMAN_NUMERALS[index + 1]) if len(writers) > 1 else desk.say("annex_only")
        annex_head(desk, letter, npsn, label, number, day)
        write(desk, letter, division)
        desk.school_signature(letter, npsn, day, small=True)


def annex_head(desk: Desk, letter: Letter, npsn: str, label: str, number: str, day: str) -> None:
    """The block at the top right that ties an annex to its decree."""
    decree_name = desk.say("decree_of_plain", head=desk.letterhead.title(npsn), school=one_line(desk.names.school(npsn)))
    facts = ((label, decree_name), (desk.say("number"), number), (desk.say("date"), day))
    widths = (letter.width - 125, 25.0, 4.0, 96.0)
    letter.grid(widths, [(Cell(), Cell(name), Cell(":"), Cell(value)) for name, value in facts], 9, frame=False)
    letter.gap(4)
