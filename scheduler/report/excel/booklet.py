"""The workbook as one booklet: every sheet with the same head, foot, names and signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook

from scheduler.domain.plan import Plan, PlanStatus, PolicyUsed, Status
from scheduler.policy.case import Case
from scheduler.report.excel.paper import F4, PAPER_SIZES, Look, Paper, PaperSize
from scheduler.report.tables import Tables
from scheduler.report.text import Text
from scheduler.report.words import Words

PAPER_KEY = "Ukuran Kertas"
"""Key of Pengaturan that chooses the paper of all sheets."""

SIGN = Look(frame=False, wrap=False, indent=1)
SIGN_NAME = Look(frame=False, wrap=False, bold=True, indent=1, shrink=True)


@dataclass(frozen=True)
class Booklet(Words):
    """What all sheets share."""

    book: Workbook

    @property
    def paper_size(self) -> PaperSize:
        """F4, or what Pengaturan says."""
        return PAPER_SIZES.get(self.tables.case.instance.settings.letterhead.get(PAPER_KEY, ""), F4)

    # --- sheets ------------------------------------------------------------------------------------------------------------------------

    def paper(self, key: str, widths: Sequence[float], landscape: bool = True) -> Paper:
        """A new sheet; ``key`` names its tab."""
        return Paper(self.book.create_sheet(self.say(f"sheet_{key}")), widths, landscape, self.paper_size)

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

    # --- signatures ----------------------------------------------------------------------------------------------------------------------

    def signatures(self, paper: Paper, npsn: str, left: tuple[int, int], right: tuple[int, int]) -> None:
        """``Mengetahui, Kepala Sekolah`` on the left and ``Waka Kurikulum`` on the right, in the given columns."""
        known = Signature((self.say("sign_known"), self.say("sign_principal")), *self.principal(npsn))
        made = Signature((self.place_and_date, self.say("sign_curriculum")), *self.vice_principal(npsn))
        paper.gap(8)
        write_signatures(self, paper, ((left, known), (right, made)))


def without_plan(case: Case, text: Text) -> Booklet:
    """A booklet that speaks of schools and teachers alone, without a sheet yet."""
    nothing = Plan(PolicyUsed(case.policy.id), "", PlanStatus(Status.UNKNOWN, Status.UNKNOWN), (), (), ())
    booklet = Booklet(Tables(case, nothing), text, Workbook())
    booklet.book.remove(booklet.book.worksheets[0])
    return booklet


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: the two lines above the room to sign in, the name (dots where it is not known) and the NIP."""

    above: tuple[str, str]
    name: str
    nip: str


SIGNATURE_LINES = 6
SIGNATURE_ROW = 13.5
SIGNATURES_POINTS = SIGNATURE_LINES * SIGNATURE_ROW + 8
"""Height of a row of signatures with the gap above it."""


def write_signatures(words: Words, paper: Paper, signing: Sequence[tuple[tuple[int, int], Signature]], least_lines: int = 0) -> None:
    """Signatures side by side, each in its columns; ``least_lines`` rows are closed even where the signatures need fewer."""
    for index in range(max(SIGNATURE_LINES, least_lines)):
        for (first, last), signature in signing:
            lines = (*signature.above, "", "", signature.name or words.say("dots_name"), words.say("sign_nip", nip=signature.nip))
            if index < len(lines):
                paper.put(paper.row, first, lines[index], SIGN_NAME if index == SIGNATURE_LINES - 2 else SIGN, to_column=last)
        paper.advance(SIGNATURE_ROW)
