"""What letters print of Pengaturan, school by school; what is not there becomes dots to fill in by hand, and is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Final

from scheduler.domain.entities import Position, School
from scheduler.formats.cells import DATE_FORMS
from scheduler.report.words import Words

SHARED: Final = frozenset(
    {
        "Tanggal SK",
        "Tembusan",
        "Mengingat",
        "Memperhatikan",
        "Nomor Surat Tugas",
        "Tanggal Surat Tugas",
        "Alamat Dinas",
        "Tempat Dinas",
        "Nama Kepala Dinas",
        "NIP Kepala Dinas",
        "Pangkat Kepala Dinas",
    }
)
"""Keys that hold for every school of the file; any other key holds for the school that the workbook is about, and with its NPSN for another one."""

OF_THE_GOVERNMENT: Final = frozenset({"Pemerintah Daerah", "Dinas"})
"""Keys that hold for the public schools of one kabupaten."""

SCHOOL_YEAR: Final = "Tahun Pelajaran"
START_DATE: Final = "Tanggal Mulai"
ADDRESS: Final = "Alamat"
"""Blanks that are no keys of the letterhead."""


@dataclass(frozen=True)
class Letterhead:
    """The settings of the letters. ``blanks`` collects (key, NPSN) of everything that was asked for and is not there, in the order asked."""

    words: Words
    blanks: dict[tuple[str, str], None] = field(default_factory=dict)

    @property
    def dots(self) -> str:
        return self.words.text.say("letters.dots")

    @cached_property
    def stated(self) -> Mapping[str, str]:
        return self.words.tables.case.instance.settings.letterhead

    @cached_property
    def own(self) -> str:
        """NPSN of the school that keys without an NPSN are about; "" where the file is about several."""
        schools = self.words.names.own_schools
        return schools[0].npsn if len(schools) == 1 else self.words.tables.case.main_school

    # --- one key -----------------------------------------------------------------------------------------------------------------------------

    def value(self, name: str, npsn: str) -> str:
        """What Pengaturan says for a school, "" where it says nothing."""
        stated = self.stated.get(f"{name} ({npsn})", "")
        return stated or (self.stated.get(name, "") if self.holds(name, npsn) else "")

    def holds(self, name: str, npsn: str) -> bool:
        """Whether a key without an NPSN is about this school."""
        if name in SHARED or npsn == self.own:
            return True
        return name in OF_THE_GOVERNMENT and self.is_public(npsn)

    def is_public(self, npsn: str) -> bool:
        """Whether a school is run by the same local government as the file's own: no private school, no madrasah, no other kabupaten."""
        schools = self.words.tables.case.schools
        school, own = schools.get(npsn), schools.get(self.own)
        if school is None or school.ownership.casefold() == "swasta" or school.level.casefold().startswith("m"):
            return False
        return own is None or not own.kabupaten or not school.kabupaten or own.kabupaten == school.kabupaten

    def filled(self, name: str, npsn: str) -> str:
        """The value, or dots."""
        return self.value(name, npsn) or self.blank(name, npsn)

    def blank(self, name: str, npsn: str = "") -> str:
        """Dots for what is not known, remembered."""
        self.blanks[name, "" if name in SHARED else npsn] = None
        return self.dots

    def day(self, name: str, npsn: str) -> str:
        """A date in words, whatever form it was typed in; other words as they stand."""
        return self.in_words(self.filled(name, npsn))

    def in_words(self, stated: str) -> str:
        for form in (*DATE_FORMS, "%d/%m/%Y", "%d.%m.%Y"):
            with suppress(ValueError):
                return self.words.text.date(datetime.strptime(stated.strip(), form).date())
        return stated

    # --- schools and people ------------------------------------------------------------------------------------------------------------------

    def school(self, npsn: str) -> School | None:
        return self.words.tables.case.schools.get(npsn)

    def address(self, npsn: str) -> str:
        school = self.school(npsn)
        return school.address if school and school.address else self.blank(ADDRESS, npsn)

    def principal(self, npsn: str) -> tuple[str, str]:
        """Name and NIP of who signs for a school: of Pengaturan, else of sheet Guru, else dots."""
        name, number = self.value("Nama Kepala Sekolah", npsn), self.value("NIP Kepala Sekolah", npsn)
        if not name:
            name, on_sheet = self.principal_of_the_sheet(npsn)
            number = number or on_sheet
        return name or self.blank("Nama Kepala Sekolah", npsn), number or self.blank("NIP Kepala Sekolah", npsn)

    def principal_of_the_sheet(self, npsn: str) -> tuple[str, str]:
        heads = (Position.PRINCIPAL, Position.ACTING_PRINCIPAL)
        case = self.words.tables.case
        head = next((t for t in case.instance.teachers if t.home == npsn and t.position in heads and t.code in case.active), None)
        return (head.name, head.nip or head.nuptk) if head else ("", "")

    def title(self, npsn: str) -> str:
        """``Kepala`` or ``Plt. Kepala`` of who signs."""
        case = self.words.tables.case
        acting = any(t.home == npsn and t.position is Position.ACTING_PRINCIPAL and t.code in case.active for t in case.instance.teachers)
        return self.words.text.say("letters.head_acting" if acting and not self.value("Nama Kepala Sekolah", npsn) else "letters.head")

    # --- the term ----------------------------------------------------------------------------------------------------------------------------

    @property
    def school_year(self) -> str:
        return self.words.tables.case.instance.settings.school_year or self.blank(SCHOOL_YEAR)

    @property
    def semester(self) -> str:
        return self.words.semester or self.blank("Semester")

    @property
    def start(self) -> str:
        start: date | None = self.words.tables.case.instance.settings.start_date
        return self.words.text.date(start) if start else self.blank(START_DATE)
