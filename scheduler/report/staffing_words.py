"""The analysis of need in words: how many teachers each subject needs, who is there, and what is left over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from scheduler.policy.case import Case
from scheduler.policy.schema import NeedRounding
from scheduler.report.explanation_rows import StaffingLine
from scheduler.report.names import Names
from scheduler.report.staffing import SchoolStaffing, Staffing, StaffingRow
from scheduler.report.words import Words, held_words

STAFFING_HEADS: Final = (
    "number", "subject", "jp_a_class", "classes", "total_jp", "exactly", "needed", "certified", "count", "others", "taught", "duties", "duty_jtm",
    "collective", "left", "to_reduce", "to_add", "remark",
)  # fmt: skip


@dataclass(frozen=True)
class StaffingWords:
    """The analysis of need of a plan, told in one language; the dossier and the plan's own workbook show it alike."""

    words: Words

    @property
    def case(self) -> Case:
        return self.words.tables.case

    @property
    def names(self) -> Names:
        return self.words.names

    def say(self, key: str, /, **facts: object) -> str:
        """A sentence of ``explain.toml``."""
        return self.words.text.say(f"explain.{key}", **facts)

    @cached_property
    def schools(self) -> tuple[SchoolStaffing, ...]:
        return Staffing(self.names).schools

    def quotient(self, total: int, divisor: int) -> str:
        """``total / divisor`` with two decimals, halves up, as on paper: 15 : 24 = 0,63."""
        return self.words.text.number((200 * total + divisor) // (2 * divisor) / 100, 2)

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(self.say(f"head_{key}") for key in STAFFING_HEADS)

    @property
    def note(self) -> str:
        policy = self.case.policy
        return self.say("staffing_note", divisor=policy.min_jtm, how=self.say(f"rounding_{policy.need_rounding.value}"))

    def line(self, row: StaffingRow) -> StaffingLine:
        held: dict[str, list[str]] = {}
        for duty in row.held:
            held.setdefault(duty.teacher, []).append(held_words(self.words, duty.duty, duty.unit, duty.school))
        duties = "; ".join(f"{code}: {', '.join(words)}" for code, words in held.items())
        difference = len(row.certified) - row.needed
        return StaffingLine(
            subject=self.words.text.joined(self.words.subject(subject) for subject in row.subjects),
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
        rows = (row for school in self.schools for row in school.rows)
        return self.say("case_by_case") if any(self.is_case_by_case(row.total_jp, row.divisor_jtm, row.needed) for row in rows) else ""

    def jp_a_class(self, row: StaffingRow) -> str:
        """``5`` where every grade has as many, else ``VII 5, VIII 4``; of several subjects each with its code."""
        words = []
        for subject, grades in row.jp_by_grade.items():
            values = set(grades.values())
            hours = str(values.pop()) if len(values) == 1 else ", ".join(self.say("grade_jp", grade=grade, jp=jp) for grade, jp in grades.items())
            words.append(hours if len(row.jp_by_grade) == 1 else f"{self.names.subjects[subject].short} {hours}")
        return "; ".join(words)
