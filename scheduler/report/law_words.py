"""Numbers of the law in words: what each is, and its value with its unit."""

from __future__ import annotations

from typing import Protocol

from scheduler.policy.schema import LinearityRow, RombelStep
from scheduler.report.law import CurriculumUse, LawPart, LawRow, certificate_name
from scheduler.report.text import Text
from scheduler.report.words import Words


class Speaker(Protocol):
    """Who says a number: the words of a plan, or of an experiment, which has none."""

    @property
    def text(self) -> Text: ...

    def say(self, key: str, /, **facts: object) -> str:
        """A sentence of ``report.toml``."""
        ...

    def yes_no(self, value: bool) -> str: ...


def law_name(words: Words, row: LawRow) -> str:
    """What a number is, in words."""
    if row.part is LawPart.NUMBER:
        return words.say(f"law_{row.name}")
    if row.part is LawPart.PATTERN or row.duty is None:
        return words.say("law_pattern", pattern=row.name)
    name = words.names.duty_name(row.duty, words.text.lang)
    return words.say("law_duty_jtm" if row.part is LawPart.DUTY_JTM else "law_duty_holders", duty=name)


def curriculum_words(words: Words, use: CurriculumUse) -> tuple[str, str]:
    """A subject with its hours by grade, and its JP."""
    hours = words.text.joined(words.say("grade_hours", grade=grade, intra=i, koku=k) for grade, (i, k) in use.hours.items())
    values = "/".join(str(jp) for jp in sorted({intra + koku for intra, koku in use.hours.values()}))
    return words.say("curriculum_hours", subject=words.subject(use.subject), hours=hours), words.say("value_jp", jp=values)


def law_value(words: Speaker, row: LawRow) -> str:
    """A number with its unit; yes and no for switches; words where the ruleset has no such rule."""
    if row.part is LawPart.DUTY_HOLDERS and row.duty is not None:
        unit = words.say(f"unit_{row.duty.unit.value}")
        if row.duty.by_rombel:
            return words.text.joined(step_words(words, step) for step in row.duty.by_rombel)
        return words.say("holders_per_unit", count=row.duty.per_unit, unit=unit)
    if row.part is not LawPart.NUMBER:
        return words.say("value_jtm", jtm=row.value)
    if row.value is None:
        return words.say("no_rule")
    if isinstance(row.value, bool):
        return words.yes_no(row.value)
    if isinstance(row.value, str):
        return words.say(f"value_{row.value}")
    return words.say("value_jtm", jtm=row.value) if row.name.endswith("_jtm") else str(row.value)


def step_words(words: Speaker, step: RombelStep) -> str:
    if step.most is None:
        return words.say("step_from", least=step.least, count=step.count)
    return words.say("step", least=step.least, most=step.most, count=step.count)


def linearity_words(words: Words, row: LinearityRow) -> str:
    certificate = certificate_name(words.tables.case.law.certificates, row.certificate)
    return words.say("linearity_pair", certificate=certificate, subject=words.subject(row.subject))
