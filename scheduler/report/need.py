"""The analysis of need of a district in words, for the workbook and the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduler.counting.need import DistrictNeed, Field
from scheduler.report.text import Text


@dataclass(frozen=True)
class NeedWords:
    """One analysis told in one language; the sentences are those of ``need.toml``."""

    need: DistrictNeed
    text: Text

    def say(self, key: str, /, **facts: object) -> str:
        return self.text.say(f"need.{key}", **facts)

    def heads(self, keys: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.say(f"head_{key}", divisor=self.need.case.policy.min_jtm) for key in keys)

    @cached_property
    def subjects(self) -> dict[str, tuple[str, str]]:
        """Name and short code by id."""
        return {subject.id: (subject.name, subject.short) for subject in self.need.case.instance.subjects}

    def field(self, field: Field | None) -> str:
        return self.say("sum") if field is None else self.text.joined(self.subjects[subject][0] for subject in field.subjects)

    def short(self, field: Field) -> str:
        return " ".join(self.subjects[subject][1] for subject in field.subjects)

    def school(self, npsn: str) -> str:
        school = self.need.case.schools[npsn]
        return f"{school.name} ({school.kecamatan})" if school.kecamatan else school.name

    def kecamatan(self, name: str) -> str:
        return name or self.say("no_kecamatan")

    def person(self, code: str) -> str:
        return self.say("person", code=code, name=self.need.case.teachers[code].name)

    def quotient(self, jp: int) -> str:
        """``jp`` divided by the minimum with two decimals, halves up: 15 : 24 = 0,63."""
        divisor = self.need.case.policy.min_jtm
        return self.text.number((200 * jp + divisor) // (2 * divisor) / 100, 2)

    def signed(self, balance: int) -> str:
        return f"{balance:+d}" if balance else "0"

    @property
    def note(self) -> str:
        policy = self.need.case.policy
        rounding = self.text.say(f"explain.rounding_{policy.need_rounding.value}")
        return self.say("note", divisor=policy.min_jtm, how=rounding, policy=policy.title_en if self.text.lang == "en" else policy.title)

    @property
    def remarks(self) -> Iterator[str]:
        """What the figures leave out."""
        yield self.say("remark_duties", divisor=self.need.case.policy.min_jtm)
        yield self.say("remark_counted")
        without = [self.field(field) for field in self.need.fields if not field.families]
        if without:
            yield self.say("remark_nobody", fields=self.text.joined(without))
        if self.need.left_out:
            yield self.say("remark_left_out", count=len(self.need.left_out), names=", ".join(self.school(npsn) for npsn in self.need.left_out[:8]))
