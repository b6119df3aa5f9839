"""The analysis of need and the exceptions in words: how many teachers a subject needs, and whom a shortage of hours excuses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from scheduler.domain.explanation import ExceptionCase
from scheduler.policy.schema import Confidence, NeedRounding
from scheduler.report.explanation_base import Told
from scheduler.report.explanation_rows import ExceptionView, NeedLine, StaffingLine
from scheduler.report.staffing import SchoolStaffing, Staffing, StaffingRow
from scheduler.report.words import held_words

STAFFING_HEADS: Final = (
    "number", "subject", "jp_a_class", "classes", "total_jp", "exactly", "needed", "certified", "count", "others", "taught", "duties", "duty_jtm",
    "collective", "left", "to_reduce", "to_add", "remark",
)  # fmt: skip


class StaffingTold(Told):
    """The part Analisis Kebutuhan."""

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
        exactly = self.quotient(row.total, row.divisor)
        words = self.say("exception_division", total=row.total, divisor=row.divisor, exactly=exactly, how=how, needed=row.needed)
        return f"{words} {self.say('case_by_case')}" if self.is_case_by_case(row.total, row.divisor, row.needed) else words

    @cached_property
    def staffing(self) -> tuple[SchoolStaffing, ...]:
        return Staffing(self.names).schools

    def quotient(self, total: int, divisor: int) -> str:
        """``total / divisor`` with two decimals, halves up, as on paper: 15 : 24 = 0,63."""
        return self.text.number((200 * total + divisor) // (2 * divisor) / 100, 2)

    @property
    def staffing_heads(self) -> tuple[str, ...]:
        return tuple(self.say(f"head_{key}") for key in STAFFING_HEADS)

    @property
    def staffing_note(self) -> str:
        policy = self.case.policy
        return self.say("staffing_note", divisor=policy.min_jtm, how=self.say(f"rounding_{policy.need_rounding.value}"))

    def staffing_line(self, row: StaffingRow) -> StaffingLine:
        held: dict[str, list[str]] = {}
        for duty in row.held:
            held.setdefault(duty.teacher, []).append(held_words(self.words, duty.duty, duty.unit, duty.school))
        duties = "; ".join(f"{code}: {', '.join(words)}" for code, words in held.items())
        difference = len(row.certified) - row.needed
        return StaffingLine(
            subject=self.text.joined(self.words.subject(subject) for subject in row.subjects),
            jp_a_class=self.jp_a_class(row),
            classes=row.classes,
            total_jp=row.total_jp,
            exactly=self.quotient(row.total_jp, row.divisor_jtm),
            needed=row.needed,
            certified="; ".join(self.say("person", code=code, name=self.words.teacher(code)) for code in row.certified),
            count=len(row.certified),
            others="; ".join(self.say("person", code=code, name=self.words.teacher(code)) for code in row.others),
            taught_jtm=row.taught_jtm,
            duties=duties,
            duty_jtm=row.duty_jtm,
            collective_jtm=row.collective_jtm,
            left_jtm=row.left_jtm,
            to_reduce=row.to_reduce,
            to_add=row.to_add,
            remark=self.need_remark(row, difference),
        )

    def need_remark(self, row: StaffingRow, difference: int) -> str:
        words = self.say("need_fits" if difference == 0 else "need_more" if difference > 0 else "need_less", count=abs(difference))
        return words + self.say("case_by_case_mark") if self.is_case_by_case(row.total_jp, row.divisor_jtm, row.needed) else words

    def is_case_by_case(self, total: int, divisor: int, needed: int) -> bool:
        """Whether the SKB 2011 leaves the rounding up to a second teacher to be judged from case to case."""
        return self.case.policy.need_rounding is NeedRounding.SKB2011 and needed > 1 and total < needed * divisor

    @property
    def case_by_case_note(self) -> str:
        rows = (row for school in self.staffing for row in school.rows)
        return self.say("case_by_case") if any(self.is_case_by_case(row.total_jp, row.divisor_jtm, row.needed) for row in rows) else ""

    def jp_a_class(self, row: StaffingRow) -> str:
        """``5`` where every grade has as many, else ``VII 5, VIII 4``; of several subjects each with its code."""
        words = []
        for subject, grades in row.jp_by_grade.items():
            values = set(grades.values())
            hours = str(values.pop()) if len(values) == 1 else ", ".join(self.say("grade_jp", grade=grade, jp=jp) for grade, jp in grades.items())
            words.append(hours if len(row.jp_by_grade) == 1 else f"{self.names.subjects[subject].short} {hours}")
        return "; ".join(words)
