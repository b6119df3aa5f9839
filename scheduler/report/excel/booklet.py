"""The workbook as one booklet: every sheet with the same head, foot, names and signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook

from scheduler.report.excel.paper import F4, PAPER_SIZES, Look, Paper, PaperSize
from scheduler.report.words import Words

PAPER_KEY = "Ukuran Kertas"
"""Key of Pengaturan that chooses the paper of all sheets."""

SIGN = Look(frame=False, wrap=False)
SIGN_NAME = Look(frame=False, wrap=False, bold=True)


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
