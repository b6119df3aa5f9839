"""The words that all papers share: school and term, people, duties, and a teacher's own sum; whatever they are written on."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from scheduler.domain.entities import Position, Teacher
from scheduler.policy.schema import DutyUnitKind
from scheduler.report.law import certificate_name
from scheduler.report.loads import LoadRow
from scheduler.report.names import Names
from scheduler.report.tables import Tables
from scheduler.report.text import Text
from scheduler.verify.hours import reason_facts

SHEET_NOTE = "Catatan Lembar"
"""Key of Pengaturan whose text stands on every sheet."""

SAID_BY_THE_SUM = ("too_few_hours", "too_few_guided")
"""Reasons that only repeat what the teacher's sum shows."""


@dataclass(frozen=True)
class Words:
    """The rows of a plan and the language in which they are told."""

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

    # --- the head of a paper ---------------------------------------------------------------------------------------------------------------

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

    # --- who signs -------------------------------------------------------------------------------------------------------------------------

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


def held_words(words: Words, duty: str, unit: str, npsn: str) -> str:
    rule = words.tables.case.policy.duty(duty)
    name = words.names.duty_name(rule, words.text.lang) if rule else duty
    return " ".join(part for part in (name, unit_words(words, duty, unit, npsn)) if part)


def unit_words(words: Words, duty: str, unit: str, npsn: str) -> str:
    """What a unit is called: the class, the ekskul, the day; nothing where a school has only one of it."""
    rule = words.tables.case.policy.duty(duty)
    post = next((p for p in words.tables.case.duty_posts if (p.school, p.duty) == (npsn, duty)), None)
    if rule is None or post is None or unit.startswith("+"):
        return words.say("unit_extra", number=unit.removeprefix("+")) if unit.startswith("+") else unit
    if rule.unit in (DutyUnitKind.ROMBEL, DutyUnitKind.EKSKUL):
        return unit
    if rule.unit is DutyUnitKind.WEEKDAY:
        day, _, number = unit.rpartition(" ")
        alone = sum(other.rpartition(" ")[0] == day for other in post.units) == 1
        return words.day(day) if alone else f"{words.day(day)} {number}"
    return "" if len(post.units) == 1 else unit


def sum_of(words: Words, row: LoadRow) -> str:
    """The teacher's own sum, part by part: ``18 linier + 4 tugas tambahan + 2 guru wali = 24 dari 24.``; nothing for who has no minimum."""
    if not row.load.counted:
        return ""
    if words.tables.case.is_counsellor(row.teacher):
        unit = words.say(f"guided_{words.tables.case.policy.bk_unit.value}")
        return words.say("sum_guidance", value=row.load.guidance, whole=row.load.required_guidance, unit=unit)
    parts = [(row.linear_jtm, "part_linear"), (row.main_duty_jtm, "part_main_duty"), (row.other_duty_jtm, "part_other_duty")]
    parts += [(row.guru_wali_jtm, "part_guru_wali"), (row.post_jtm, "part_post")]
    if sum(jtm for jtm, _ in parts) != row.recognised_jtm:
        return ""
    shown = " + ".join(words.say(key, jtm=jtm) for jtm, key in parts if jtm or key == "part_linear")
    return words.say("sum_of", parts=shown, value=row.recognised_jtm, whole=row.required_jtm)


def reasons_of(words: Words, row: LoadRow) -> Iterable[str]:
    """Why the minimum is missed (or does not apply), then the exception."""
    facts = reason_facts(words.tables.case, row.load)
    reasons = [key for key in row.load.reasons if key not in SAID_BY_THE_SUM]
    for key in (*reasons, *((row.load.excepted,) if row.load.excepted else ())):
        yield words.text.say(f"reasons.{key}", **facts)


def why_short(words: Words, row: LoadRow) -> str:
    """The teacher's sum, what is missing in it, the exception, and the colleagues who reach the minimum."""
    parts = [sum_of(words, row), *reasons_of(words, row)]
    if row.met_peers:
        parts.append(words.say("met_peers", names=words.text.joined(words.teacher(code) for code in row.met_peers)))
    return " ".join(parts).strip()
