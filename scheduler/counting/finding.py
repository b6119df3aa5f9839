"""What counting alone can say of a case, as data; the sentences stand in ``report/text/*/findings.toml`` under ``kind``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scheduler.domain.rules import Part

Facts = dict[str, str | int]
"""Numbers and names of a sentence, by the name it knows them by."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of counting.

    Parameters
    ----------
    kind
        key of the sentence
    facts
        the numbers and names that the sentence names
    hard
        True: the hard rules leave no plan (exit code 66), proved by the sum in ``facts``; False: a note
    part
        what a hard finding forbids: the week only (the work can still be divided), or already the division of work
    excess
        by how much the sum is missed, in hours or pieces: the order of loudness
    """

    kind: str
    facts: Mapping[str, str | int]
    hard: bool = False
    part: Part = Part.WEEK
    excess: int = 0


def loudest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Hard ones first, then by what is missed; equals keep the order of the sheets."""
    return tuple(sorted(findings, key=lambda finding: (not finding.hard, -finding.excess)))
