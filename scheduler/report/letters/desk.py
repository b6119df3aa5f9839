"""What every letter of one run shares: the plan's words, the letterhead, the wording, the paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from scheduler.domain.entities import Position, Teacher
from scheduler.domain.plan import Assignment
from scheduler.policy.case import GUIDANCE, Case
from scheduler.report.letters.grid import one_line
from scheduler.report.letters.letterhead import Letterhead
from scheduler.report.letters.paper import Letter, Size
from scheduler.report.letters.wording import LawItem, Wording, law_of, listed
from scheduler.report.names import Names
from scheduler.report.words import SHEET_NOTE, Words

NAME_POINTS = 15.0
OFFICE_POINTS = 12.0
ADDRESS_POINTS = 9.0
SMALL_SIGNATURE_POINTS, SMALL_SIGNATURE_LINES = 9.5, 3


class Form(StrEnum):
    """How Lampiran I is drawn: a column a class, or a column a grade with Sklh Lain."""

    MATRIX = "matriks"
    FORMAL = "resmi"


@dataclass(frozen=True)
class Desk:
    """Where letters are written. ``logos`` are pictures by NPSN; ``doubted`` collects the items of law that are marked on a letter."""

    letterhead: Letterhead
    wording: Wording
    size: Size = Size.F4
    form: Form = Form.MATRIX
    logos: Mapping[str, bytes] = field(default_factory=dict)
    doubted: dict[LawItem, None] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        return self.letterhead.words

    @property
    def case(self) -> Case:
        return self.words.tables.case

    @property
    def names(self) -> Names:
        return self.words.names

    @cached_property
    def assignments_of(self) -> Mapping[str | None, Sequence[Assignment]]:
        """What each teacher of the plan teaches, wherever; under None what nobody does."""
        found: dict[str | None, list[Assignment]] = {}
        for assignment in self.words.tables.plan.assignments:
            found.setdefault(assignment.teacher, []).append(assignment)
        return found

    def say(self, key: str, /, **facts: object) -> str:
        """A sentence of ``letters.toml``."""
        return self.words.text.say(f"letters.{key}", **facts)

    def heads(self, *keys: str) -> tuple[str, ...]:
        return tuple(self.say(f"head_{key}") for key in keys)

    # --- pages ---------------------------------------------------------------------------------------------------------------------------------

    def letter(self, title: str, npsn: str) -> Letter:
        school = self.names.school(npsn)
        note = self.letterhead.stated.get(SHEET_NOTE, "")
        footer = " · ".join(part for part in (title, one_line(school), note) if part)
        return Letter(self.size, title, school, footer, {"id": "id-ID", "en": "en-GB"}[self.words.text.lang])

    def school_kop(self, letter: Letter, npsn: str) -> None:
        """The heading of a school: its government and office, its name, where it is and how it is reached."""
        head = self.letterhead
        reached = [head.address(npsn)]
        for name in ("Kode Pos", "Telepon", "Email", "Laman"):
            value = head.value(name, npsn)
            reached += [self.say(f"kop_{name.casefold().replace(' ', '_')}", value=value)] if value else []
        school = head.school(npsn)
        reached += [self.say("kop_npsn", value=npsn)] if school else []
        lines = [
            (head.filled("Pemerintah Daerah", npsn).upper(), OFFICE_POINTS, False),
            (head.filled("Dinas", npsn).upper(), OFFICE_POINTS, True),
            (self.names.school(npsn).upper(), NAME_POINTS, True),
            (" · ".join(reached), ADDRESS_POINTS, False),
        ]
        letter.kop(lines, self.logos.get(npsn))

    def dinas_kop(self, letter: Letter, npsn: str) -> None:
        """The heading of the education office that is above a school."""
        head = self.letterhead
        lines = [
            (head.filled("Pemerintah Daerah", npsn).upper(), OFFICE_POINTS, False),
            (head.filled("Dinas", npsn).upper(), NAME_POINTS, True),
            (head.filled("Alamat Dinas", npsn), ADDRESS_POINTS, False),
        ]
        letter.kop(lines)

    def title(self, letter: Letter, *lines: str) -> None:
        for line in lines:
            letter.line(one_line(line), "center", bold=True, keep=True)

    def school_signature(self, letter: Letter, npsn: str, day: str, left: Sequence[str] = (), small: bool = False, place: str = "signed_at") -> None:
        """Place, date, office, name, rank and NIP of a school's head; ``small`` under an annex; ``place`` is the key of the first line."""
        head = self.letterhead
        name, number = head.principal(npsn)
        rank = head.value("Pangkat Kepala Sekolah", npsn)
        above = (
            self.say(place, place=head.filled("Tempat", npsn)),
            self.say("signed_on", date=day),
            self.say("signed_by", head=head.title(npsn), school=one_line(self.names.school(npsn))),
        )
        below = [*([rank] if rank else []), self.say("nip", nip=number)]
        letter.signature(above, one_line(name), below, left, *((SMALL_SIGNATURE_POINTS, SMALL_SIGNATURE_LINES) if small else ()))

    # --- words ---------------------------------------------------------------------------------------------------------------------------------

    def fill(self, sentence: str, npsn: str, wali: str = "") -> str:
        """A sentence of the wording with its braces filled in."""
        return sentence.format_map(Filling(self, npsn, wali))

    def law(self, npsn: str) -> tuple[LawItem, ...]:
        items = law_of(self.wording, self.letterhead.value("Mengingat", npsn), self.case, npsn)
        self.doubted.update(dict.fromkeys(item for item in items if item.is_doubtful))
        return items

    def mark(self, item: LawItem) -> str:
        """What stands behind an item that a reader must look at."""
        if item.replaced_by:
            return " " + self.say("law_replaced", by=item.replaced_by)
        return " " + self.say("law_unverified") if item.is_doubtful else ""

    def noting(self, npsn: str) -> tuple[str, ...]:
        stated = listed(self.letterhead.value("Memperhatikan", npsn))
        return stated or tuple(self.fill(text, npsn) for text in self.wording.memperhatikan)

    def copies(self, npsn: str) -> tuple[str, ...]:
        """Tembusan, numbered under its heading."""
        stated = listed(self.letterhead.value("Tembusan", npsn)) or tuple(self.fill(text, npsn) for text in self.wording.tembusan)
        return (self.say("copies"), *(f"{number}. {text}" for number, text in enumerate(stated, 1))) if stated else ()

    def number_of(self, teacher: Teacher) -> str:
        """``NIP …``, ``NUPTK …`` of who has no NIP, or dots."""
        if teacher.nip:
            return self.say("nip", nip=teacher.nip)
        return self.say("nuptk", nuptk=teacher.nuptk) if teacher.nuptk else self.say("nip", nip=self.letterhead.dots)

    def rank_of(self, teacher: Teacher) -> str:
        return teacher.rank or self.letterhead.dots

    def position_of(self, teacher: Teacher) -> str:
        return self.words.say(f"position_{teacher.position.value}") if teacher.position is not Position.SUBJECT_TEACHER else self.say("teacher")

    def place_of_work(self, npsn: str) -> str:
        return one_line(self.names.school(npsn))

    def subject(self, subject: str) -> str:
        return self.say("guidance") if subject == GUIDANCE else self.words.subject(subject)


class Filling(dict[str, str]):
    """What the braces of a sentence mean for one school; only what a sentence asks for is looked up, so that only that may be missing."""

    def __init__(self, desk: Desk, npsn: str, wali: str) -> None:
        super().__init__(sekolah=one_line(desk.names.school(npsn)), wali=wali)
        self.desk, self.npsn = desk, npsn

    def __missing__(self, name: str) -> str:
        head = self.desk.letterhead
        if name == "tahun_pelajaran":
            return head.school_year
        if name == "semester":
            return head.semester
        if name == "dinas":
            return head.filled("Dinas", self.npsn)
        if name == "tanggal_rapat":
            return head.day("Tanggal Rapat", self.npsn)
        return head.day("Tanggal SK", self.npsn) if name == "tanggal" else head.filled("Nomor SK", self.npsn)
