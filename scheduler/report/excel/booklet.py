"""The workbook as one booklet: every sheet with the same head, foot, names and signatures."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from openpyxl import Workbook

from scheduler.domain.entities import Position, Teacher
from scheduler.policy.schema import DutyUnitKind
from scheduler.report.excel.paper import Look, Paper
from scheduler.report.law import certificate_name
from scheduler.report.names import Names
from scheduler.report.tables import Tables
from scheduler.report.text import Text

SHEET_NOTE = "Catatan Lembar"
"""Key of Pengaturan whose text stands on every sheet."""

SIGN = Look(frame=False, wrap=False)
SIGN_NAME = Look(frame=False, wrap=False, bold=True)


@dataclass(frozen=True)
class Booklet:
    """What all sheets share."""

    book: Workbook
    tables: Tables
    text: Text

    @property
    def names(self) -> Names:
        return self.tables.names

    def say(self, key: str, /, **facts: object) -> str:
        """A sentence of ``report.toml``."""
        return self.text.say(f"report.{key}", **facts)

    def heads(self, *keys: str) -> tuple[str, ...]:
        """Column headings."""
        return tuple(self.say(f"head_{key}") for key in keys)

    # --- sheets ------------------------------------------------------------------------------------------------------------------------

    def paper(self, key: str, widths: Sequence[float], landscape: bool = True) -> Paper:
        """A new sheet; ``key`` names its tab."""
        return Paper(self.book.create_sheet(self.say(f"sheet_{key}")), widths, landscape)

    def heading(self, paper: Paper, key: str, npsn: str = "", **facts: object) -> None:
        """Title, school, year and semester, and the note of the file."""
        paper.heading(self.say(f"title_{key}", **facts), (self.owner(npsn), self.term), self.note)

    def short_heading(self, paper: Paper, key: str, npsn: str, **facts: object) -> None:
        """The same with school and year in one line, for slips."""
        place = " · ".join(part for part in (self.owner(npsn), self.term) if part)
        paper.heading(self.say(f"title_{key}", **facts), (place,), self.note)

    def finish(self, paper: Paper, repeat: tuple[int, int] | None = None, freeze: str = "", filter_range: str = "") -> None:
        footer = " · ".join(part for part in (self.owner(), self.term, self.note) if part)
        paper.finish(footer, self.say("page_of", page="&P", pages="&N"), repeat, freeze, filter_range)

    @property
    def note(self) -> str:
        return self.tables.case.instance.settings.letterhead.get(SHEET_NOTE, "")

    @property
    def term(self) -> str:
        """School year and semester, as far as the workbook states them."""
        settings = self.tables.case.instance.settings
        year = self.say("school_year", year=settings.school_year) if settings.school_year else ""
        semester = self.say("semester", semester=self.semester) if settings.semester else ""
        return " · ".join(part for part in (year, semester) if part)

    @property
    def semester(self) -> str:
        stated = self.tables.case.instance.settings.semester
        key = f"semester_{stated.casefold()}"
        return self.say(key) if self.text.has(f"report.{key}") else stated

    def owner(self, npsn: str = "") -> str:
        """The school a sheet is about: the named one, else the Sekolah Utama, else how many schools the file has."""
        case = self.tables.case
        if npsn or case.main_school:
            return self.names.school(npsn or case.main_school)
        schools = self.names.class_schools
        if len(schools) == 1:
            return schools[0].name
        places = {school.kabupaten for school in schools}
        if len(places) == 1 and "" not in places:
            return self.say("owner_district", count=len(schools), place=places.pop())
        return self.say("owner_schools", count=len(schools))

    # --- names -------------------------------------------------------------------------------------------------------------------------

    def teacher(self, code: str) -> str:
        return self.tables.case.teachers[code].name

    def certificate(self, teacher: Teacher) -> str:
        """The field of the teacher's certificate, a dash without one."""
        if teacher.certificate is None:
            return self.say("dash")
        return certificate_name(self.tables.case.law.certificates, teacher.certificate)

    def subject(self, subject: str) -> str:
        """A subject's name; hours at a school outside the file have none."""
        return self.names.subjects[subject].name if subject else self.say("outside_hours")

    def subject_in_cell(self, subject: str, longest: int = 22) -> str:
        """A subject's name where it is short enough for a cell, else its code."""
        entry = self.names.subjects[subject]
        return entry.name if len(entry.name) <= longest else entry.short

    def day(self, day: str) -> str:
        return self.say(f"day_{day.casefold()}")

    def yes_no(self, value: bool) -> str:
        return self.say("yes" if value else "no")

    def clock(self, start: int | None, end: int | None) -> str:
        """``07.15 - 07.55``; empty where the workbook gives no times."""
        if start is None or end is None:
            return ""
        return f"{start // 60:02d}.{start % 60:02d} - {end // 60:02d}.{end % 60:02d}"

    # --- signatures ----------------------------------------------------------------------------------------------------------------------

    @cached_property
    def place_and_date(self) -> str:
        """``Kemingking Dalam, 13 Juli 2026`` of the letterhead; dots to fill in by hand where it says nothing."""
        letterhead = self.tables.case.instance.settings.letterhead
        place, day = letterhead.get("Tempat", ""), letterhead.get("Tanggal SK", "")
        with suppress(ValueError):
            day = self.text.date(date.fromisoformat(day))
        return f"{place or self.say('dots')}, {day or self.say('dots')}"

    def principal(self, npsn: str) -> tuple[str, str]:
        """Name and NIP of who signs for a school: the letterhead's for the Sekolah Utama, else the principal of the sheet Guru."""
        letterhead = self.tables.case.instance.settings.letterhead
        own = self.tables.case.main_school in ("", npsn) and len(self.names.own_schools) == 1
        if own and letterhead.get("Nama Kepala Sekolah"):
            return letterhead["Nama Kepala Sekolah"], letterhead.get("NIP Kepala Sekolah", "")
        heads = (Position.PRINCIPAL, Position.ACTING_PRINCIPAL)
        staff = (t for t in self.tables.case.instance.teachers if t.home == npsn and t.position in heads)
        head = next(staff, None)
        return (head.name, head.nip) if head else ("", "")

    def vice_principal(self, npsn: str) -> tuple[str, str]:
        """Name and NIP of the Waka Kurikulum: the letterhead's, else the only wakasek of the plan."""
        letterhead = self.tables.case.instance.settings.letterhead
        own = self.tables.case.main_school in ("", npsn) and len(self.names.own_schools) == 1
        if own and letterhead.get("Nama Waka Kurikulum"):
            return letterhead["Nama Waka Kurikulum"], letterhead.get("NIP Waka Kurikulum", "")
        holders = [d.teacher for d in self.tables.plan.duties if d.school == npsn and d.duty == "wakasek"]
        if len(holders) != 1:
            return "", ""
        teacher = self.tables.case.teachers[holders[0]]
        return teacher.name, teacher.nip

    def signatures(self, paper: Paper, npsn: str, left: tuple[int, int], right: tuple[int, int]) -> None:
        """``Mengetahui, Kepala Sekolah`` on the left and ``Waka Kurikulum`` on the right, in the given columns."""
        head, deputy = self.principal(npsn), self.vice_principal(npsn)
        rows = (
            (self.say("sign_known"), self.place_and_date),
            (self.say("sign_principal"), self.say("sign_curriculum")),
            ("", ""),
            ("", ""),
            (head[0] or self.say("dots_name"), deputy[0] or self.say("dots_name")),
            (self.say("sign_nip", nip=head[1]), self.say("sign_nip", nip=deputy[1])),
        )
        paper.gap(8)
        for index, (first, second) in enumerate(rows):
            look = SIGN_NAME if index == 4 else SIGN
            paper.put(paper.row, left[0], first, look, to_column=left[1])
            paper.put(paper.row, right[0], second, look, to_column=right[1])
            paper.advance(14.5)


def held_words(booklet: Booklet, duty: str, unit: str, npsn: str) -> str:
    rule = booklet.tables.case.policy.duty(duty)
    name = booklet.names.duty_name(rule, booklet.text.lang) if rule else duty
    return " ".join(part for part in (name, unit_words(booklet, duty, unit, npsn)) if part)


def unit_words(booklet: Booklet, duty: str, unit: str, npsn: str) -> str:
    """What a unit is called: the class, the ekskul, the day; nothing where a school has only one of it."""
    rule = booklet.tables.case.policy.duty(duty)
    post = next((p for p in booklet.tables.case.duty_posts if (p.school, p.duty) == (npsn, duty)), None)
    if rule is None or post is None or unit.startswith("+"):
        return booklet.say("unit_extra", number=unit.removeprefix("+")) if unit.startswith("+") else unit
    if rule.unit in (DutyUnitKind.ROMBEL, DutyUnitKind.EKSKUL):
        return unit
    if rule.unit is DutyUnitKind.WEEKDAY:
        day, _, number = unit.rpartition(" ")
        alone = sum(other.rpartition(" ")[0] == day for other in post.units) == 1
        return booklet.day(day) if alone else f"{booklet.day(day)} {number}"
    return "" if len(post.units) == 1 else unit
