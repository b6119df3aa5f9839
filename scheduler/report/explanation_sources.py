"""The sources in words: every number of the law that the explanation stands on, and how sure each is."""

from __future__ import annotations

from functools import cached_property

from scheduler.policy.schema import Confidence, Source
from scheduler.report.explanation_base import Told
from scheduler.report.explanation_proofs import premises_of
from scheduler.report.explanation_rows import SourceRow
from scheduler.report.law import curriculum_rows, linearity_rows
from scheduler.report.law_words import curriculum_words, law_name, law_value, linearity_words


class SourcesTold(Told):
    """The part Sumber."""

    @cached_property
    def sources(self) -> tuple[tuple[str, tuple[SourceRow, ...]], ...]:
        """(title, rows): the ruleset's numbers, the duties, the linearity and the curriculum, as far as this explanation stands on them."""
        say = self.words.say
        law = [row for row in self.words.tables.law if row.used or row.source.overridden or (row.source.article, row.source.source) in self.cited]
        numbers = tuple(SourceRow(law_name(self.words, row), law_value(self.words, row), row.source) for row in law if row.duty is None)
        duties = tuple(SourceRow(law_name(self.words, row), law_value(self.words, row), row.source) for row in law if row.duty is not None)
        linear = tuple(SourceRow(linearity_words(self.words, row), say("linear"), row.source) for row in linearity_rows(self.names))
        groups = [(say("law_numbers"), numbers), (say("law_duties"), duties)]
        groups.append((say("law_linearity", title=self.case.law.linearity.title), linear))
        uses = curriculum_rows(self.case.instance)
        for curriculum in dict.fromkeys(use.curriculum for use in uses):
            rows = tuple(SourceRow(*curriculum_words(self.words, use), use.source) for use in uses if use.curriculum == curriculum)
            groups.append((say("law_curriculum", curriculum=curriculum), rows))
        return tuple((title, rows) for title, rows in groups if rows)

    @property
    def policy_words(self) -> str:
        policy = self.case.policy
        title = policy.title_en if self.text.lang == "en" and policy.title_en else policy.title
        return self.words.say("policy_used", title=title, id=policy.id, linearity=self.case.law.linearity.title)

    @cached_property
    def cited(self) -> frozenset[tuple[str, str]]:
        """(article, source) of everything that a proof names."""
        premises = [premise for proof in self.explanation.proofs for premise in premises_of(proof)]
        return frozenset((premise.article, premise.source) for premise in premises if premise.article)

    @cached_property
    def has_unverified(self) -> bool:
        in_sources = any(is_doubtful(row.source) for _, rows in self.sources for row in rows)
        return in_sources or any(repair.unverified for repair in self.explanation.repairs)

    def confidence(self, source: Source | None) -> str:
        """How sure a number is, in words."""
        if source is None:
            return self.words.say("confidence_own")
        return self.words.say("confidence_overridden" if source.overridden else f"confidence_{source.confidence.value.lower()}")


def is_doubtful(source: Source | None) -> bool:
    """Whether a number is to be marked: unverified, or replaced by the school."""
    return source is not None and (source.overridden or source.confidence is Confidence.C)
