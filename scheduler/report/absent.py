"""The words on a day's substitutes, for the terminal and the notice board."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduler.domain.absence import Offer, OfferKind, Proposal
from scheduler.domain.plan import Lesson
from scheduler.policy.case import Case
from scheduler.report.text import Text

OTHERS_SHOWN = 3
"""Further offers that are named beside the chosen one."""


@dataclass(frozen=True, slots=True)
class SubstituteRow:
    """One lesson: when, which class and subject, who takes it, why this one, and who else could."""

    hours: str
    classes: str
    subject: str
    who: str
    why: str
    others: str


def substitute_rows(text: Text, case: Case, proposals: Sequence[Proposal]) -> Iterator[SubstituteRow]:
    subjects = {subject.id: subject.name for subject in case.instance.subjects}
    for proposal in proposals:
        others = [offer for offer in proposal.offers if offer != proposal.chosen]
        yield SubstituteRow(
            hours_of(proposal.lesson),
            ", ".join(proposal.lesson.rombels),
            subjects.get(proposal.lesson.subject, proposal.lesson.subject),
            who(text, case, proposal.chosen) if proposal.chosen else text.say("absent.nobody"),
            why(text, case, proposal.chosen) if proposal.chosen else text.say("absent.nobody_why"),
            "; ".join(who(text, case, offer) for offer in others[:OTHERS_SHOWN]),
        )


def hours_of(lesson: Lesson) -> str:
    last = lesson.period + lesson.length - 1
    return str(lesson.period) if last == lesson.period else f"{lesson.period}-{last}"


def who(text: Text, case: Case, offer: Offer) -> str:
    name = f"{case.teachers[offer.teacher].name} ({offer.teacher})" if offer.teacher else ""
    return text.say(f"absent.who_{offer.kind}", teacher=name)


def why(text: Text, case: Case, offer: Offer) -> str:
    """What speaks for the offer: for a colleague each of the four grounds, for a swap which lesson comes forward."""
    if offer.kind is OfferKind.SUBSTITUTE:
        grounds = [("linear" if offer.linear else "able", True), ("knows_class", offer.knows_class), ("there", offer.there)]
        grounds += [("adjacent", offer.adjacent), ("outside", offer.outside), ("jp", True)]
        return ", ".join(text.say(f"absent.ground_{ground}", jp=offer.jp) for ground, holds in grounds if holds)
    if offer.instead is None:
        return text.say("absent.why_at_the_end")
    subjects = {subject.id: subject.name for subject in case.instance.subjects}
    name = subjects.get(offer.instead.subject, offer.instead.subject)
    return text.say("absent.why_swap", subject=name, hours=hours_of(offer.instead))
