"""The analysis of need and the exceptions in words: how many teachers a subject needs, and whom a shortage of hours excuses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from scheduler.domain.explanation import ExceptionCase
from scheduler.policy.schema import Confidence
from scheduler.report.explanation_base import Told
from scheduler.report.explanation_rows import ExceptionView, NeedLine
from scheduler.report.staffing_words import StaffingWords


class StaffingTold(Told):
    """The part Analisis Kebutuhan."""

    @cached_property
    def need(self) -> StaffingWords:
        return StaffingWords(self.words)

    @cached_property
    def exception_of(self) -> Mapping[str, ExceptionCase]:
        return {row.teacher: row for row in self.explanation.exceptions}

    @cached_property
    def exceptions(self) -> tuple[ExceptionView, ...]:
        return tuple(self.exception(row) for row in self.explanation.exceptions)

    def exception(self, row: ExceptionCase) -> ExceptionView:
        lines = tuple(NeedLine(self.words.subject(line.subject), line.classes, line.jp, line.total) for line in row.rows)
        load = self.names.loads.get(row.teacher)
        reason = self.text.say(f"reasons.{row.reason}", bk_exempt_below_rombel=self.case.policy.bk_exempt_below_rombel) if load else ""
        return ExceptionView(
            teacher=self.words.teacher(row.teacher),
            title=self.say("exception_title", article=row.article) if row.article else self.say("exception_title_practice"),
            reason=reason,
            rows=lines,
            total=row.total,
            division=self.division(row) if lines else "",
            certified=self.say("exception_certified", names=self.people(row.certified), count=len(row.certified)) if row.certified else "",
            mark=self.say("unverified") if row.confidence == Confidence.C else "",
        )

    def division(self, row: ExceptionCase) -> str:
        """Σ JP × rombel / 24 and its rounding, in words."""
        how = self.say(f"rounding_{self.case.policy.need_rounding.value}")
        exactly = self.need.quotient(row.total, row.divisor)
        words = self.say("exception_division", total=row.total, divisor=row.divisor, exactly=exactly, how=how, needed=row.needed)
        return f"{words} {self.say('case_by_case')}" if self.need.is_case_by_case(row.total, row.divisor, row.needed) else words
