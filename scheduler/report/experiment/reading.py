"""Cara Membaca: what the figures mean, what is proved and what is not, what was kept, and where the numbers are from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scheduler.domain.plan import Status
from scheduler.policy.schema import Confidence, Policy
from scheduler.report.experiment.answers import POLICY, THRESHOLD, Answers
from scheduler.report.law import LawPart, LawRow, policy_rows
from scheduler.report.law_words import law_value
from scheduler.report.text import Text

REAL_HOURS = "ttu_min_real_jtm"
"""The second threshold of the law, for holders of a main additional duty; it does not move with the first."""


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One criterion: in how many runs its value is proved the best possible, and how far the others may be from it."""

    name: str
    runs: int
    proved: int
    open: int
    gap: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One number of a ruleset. ``doubtful`` = unverified or replaced by the user."""

    name: str
    value: str
    article: str
    source: str
    confidence: str
    note: str
    doubtful: bool


@dataclass(frozen=True)
class LawSpeaker:
    """The words of ``report.toml`` for numbers of the law."""

    text: Text

    def say(self, key: str, /, **facts: object) -> str:
        return self.text.say(f"report.{key}", **facts)

    def yes_no(self, value: bool) -> str:
        return self.say("yes" if value else "no")


@dataclass(frozen=True)
class Reading:
    """The sentences and tables of Cara Membaca."""

    answers: Answers

    def say(self, key: str, /, **facts: object) -> str:
        return self.answers.words.say(key, **facts)

    def count(self, value: int) -> str:
        return self.answers.words.number(value)

    @cached_property
    def varied(self) -> frozenset[str]:
        """All that some run changes: the axes, and what named scenarios stand for."""
        named = (name for changes in self.answers.words.background.scenarios.values() for name in changes)
        return frozenset((*(axis.name for axis in self.answers.axes), *named))

    def scenarios(self) -> Iterator[str]:
        """What each named scenario changes."""
        words = self.answers.words
        for name, changes in words.background.scenarios.items():
            said = ", ".join(words.labelled(axis, value) for axis, value in changes.items())
            yield self.say("scenario_changes", name=name, changes=said) if said else self.say("scenario_plain", name=name)

    @cached_property
    def parts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(heading, sentences) in reading order."""
        parts = (("meaning", self.meaning()), ("proved", self.proved()), ("open", self.open()), ("kept", self.kept()), ("origin", self.origin()))
        listed = ((self.say(f"section_{key}"), tuple(sentences)) for key, sentences in parts)
        return tuple((heading, sentences) for heading, sentences in listed if sentences)

    # --- what the figures mean -----------------------------------------------------------------------------------------------------------

    def meaning(self) -> Iterator[str]:
        answers, size = self.answers, self.answers.words.background.small
        yield self.say("meaning_valid")
        yield self.say("meaning_share")
        yield self.say("meaning_files" if answers.gathered.whole_files else "meaning_schools")
        if answers.gathered.has_partners:
            yield self.say("meaning_partners")
        yield self.say("meaning_small", rombels=size.rombels, students=size.students)
        yield self.say("meaning_missing")
        if answers.tally.uncovered_jp:
            yield self.say("meaning_uncovered", jp=self.count(answers.tally.uncovered_jp), at=answers.at(answers.place))
        if len(answers.lines) > 1:
            yield self.say("meaning_reference", line=answers.line.name)
        yield from self.scenarios()

    # --- what is proved ------------------------------------------------------------------------------------------------------------------

    def proved(self) -> Iterator[str]:
        gathered = self.answers.gathered
        yield self.say("proved_checked", runs=self.count(gathered.count), violations=self.count(gathered.violations))
        yield self.say("proved_runs", usable=self.count(gathered.usable), proved=self.count(gathered.proved))
        unproved = gathered.usable - gathered.proved
        gap = sum(tally.gap for tally in gathered.tally().values())
        if not unproved:
            yield self.say("proved_all")
        else:
            yield self.say("proved_gap" if gap else "proved_no_gap", runs=self.count(unproved), gap=self.count(gap))

    @cached_property
    def proofs(self) -> tuple[ProofRow, ...]:
        """One row a criterion, in the order in which they are met."""
        text = self.answers.words.text
        rows = []
        for name, proof in self.answers.gathered.levels.items():
            gap = self.say("gap_unknown", gap=self.count(proof.gap)) if proof.unbounded else self.count(proof.gap)
            words = text.say(f"levels.{name}") if text.has(f"levels.{name}") else name
            rows.append(ProofRow(words[:1].upper() + words[1:], proof.runs, proof.proved, proof.runs - proof.proved, gap))
        return tuple(rows)

    def open(self) -> Iterator[str]:
        """What the runs do not say: no plan, no proof, no names."""
        gathered = self.answers.gathered
        statuses = gathered.statuses
        for status in (Status.INFEASIBLE, Status.UNKNOWN):
            if statuses[status]:
                yield self.say(f"open_{status.value.casefold()}", runs=self.count(statuses[status]))
        if statuses["error"]:
            reasons = [f"{self.answers.words.error(key, facts)} ({self.count(runs)})" for key, facts, runs in gathered.errors()]
            yield self.say("open_error", runs=self.count(statuses["error"]), reasons="; ".join(reasons))
        if gathered.stopped:
            yield self.say("open_stopped", runs=self.count(gathered.stopped))
        yield self.say("open_persons")
        yield self.say("open_week")

    # --- what was kept, and where it is from -----------------------------------------------------------------------------------------------

    def kept(self) -> Iterator[str]:
        """Numbers that did not move; of the second threshold always, because people expect it to follow the first."""
        words, swept = self.answers.words, self.varied
        if self.answers.fixed:
            yield self.say("kept_fixed", values=self.answers.fixed_words)
        if REAL_HOURS not in swept and words.background.policies:
            values = [self.say("kept_by", value=policy.ttu_min_real_jtm, ruleset=words.short_title(policy)) for policy in words.background.policies]
            yield self.say("kept_real_hours", values=words.text.joined(dict.fromkeys(values)))
        rulesets = words.background.policies
        if POLICY not in swept and rulesets:
            yield self.say("kept_ruleset", rulesets=words.text.joined(dict.fromkeys(words.short_title(policy) for policy in rulesets)))
        for name, value in words.background.kept.items():
            if name not in swept and name != REAL_HOURS:
                yield self.say("kept_number", name=words.axis(name), value=words.value(name, value))
        yield self.say("kept_rest")

    def origin(self) -> Iterator[str]:
        background = self.answers.words.background
        if background.invented:
            yield self.say("invented")
        yield from background.notes

    def sources(self, policy: Policy) -> tuple[SourceRow, ...]:
        """The numbers of a ruleset that are not swept, and of its duties those that are unverified or replaced."""
        rows = [row for row in policy_rows(policy) if row.name not in self.varied or row.name == THRESHOLD]
        return tuple(self.source(row) for row in rows if row.part is LawPart.NUMBER or is_doubtful(row))

    def doubtful(self, policy: Policy) -> tuple[SourceRow, ...]:
        return tuple(row for row in self.sources(policy) if row.doubtful)

    def source(self, row: LawRow) -> SourceRow:
        text = self.answers.words.text
        mark = "confidence_overridden" if row.source.overridden else f"confidence_{row.source.confidence.value.casefold()}"
        value = law_value(LawSpeaker(text), row)
        return SourceRow(
            self.law_name(row), value, row.source.article, row.source.source, text.say(f"report.{mark}"), row.source.note, is_doubtful(row)
        )

    def law_name(self, row: LawRow) -> str:
        text = self.answers.words.text
        if row.duty is not None:
            duty = row.duty.name_en if text.lang == "en" and row.duty.name_en else row.duty.name
            return text.say(f"report.law_{row.part.value}", duty=duty)
        return text.say(f"policy.{row.name}") if row.part is LawPart.NUMBER else text.say("report.law_pattern", pattern=row.name)


def is_doubtful(row: LawRow) -> bool:
    return row.source.overridden or row.source.confidence is Confidence.C
