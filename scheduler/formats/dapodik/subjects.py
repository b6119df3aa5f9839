"""Names of subjects in Dapodik: those of the registry, those of the school's own, and those that must be asked."""

from __future__ import annotations

from difflib import get_close_matches

from scheduler.domain.entities import Subject
from scheduler.formats.building import RESEMBLANCE, free_short, slug
from scheduler.formats.columns import key
from scheduler.formats.dapodik.answers import Answers
from scheduler.formats.dapodik.doubts import Doubts
from scheduler.formats.dapodik.reading import Place
from scheduler.formats.dapodik.vocabulary import is_one_of
from scheduler.policy.load import find_subject, load_subjects


class Subjects:
    """Finds subjects by the names of Dapodik; ``own`` are those that the registry does not know."""

    def __init__(self, answers: Answers, doubts: Doubts) -> None:
        self.answers = answers
        self.doubts = doubts
        self.own: dict[str, Subject] = {}
        self.taken = {key(subject.short) for subject in load_subjects().values()}

    def find(self, name: str, place: Place) -> str | None:
        """Id of the subject; None where it is left out or must be asked."""
        known = find_subject(name) or next((s.id for s in self.own.values() if key(s.name) == key(name)), None)
        if known is not None:
            return known
        near = get_close_matches(key(name), {key(s.name): s for s in load_subjects().values()}, n=1, cutoff=RESEMBLANCE)
        question = f"mapel:{name}"
        answer = self.answers.to(question)
        if answer is not None:
            if is_one_of(answer.text, "answers", "leave_out"):
                return None
            return find_subject(answer.text) or self.invent(answer.text)
        if near:
            suggestion = next(s.name for s in load_subjects().values() if key(s.name) == near[0])
            self.doubts.ask("subject_near", question, place, None, value=name, suggestion=suggestion)
            return None
        own = self.invent(name)
        self.doubts.check("own_subject", place, None, value=name, short=self.own[own].short)
        return own

    def invent(self, name: str) -> str:
        identity = slug(name)
        if identity not in self.own:
            short = free_short(name, self.taken)
            self.taken.add(key(short))
            self.own[identity] = Subject(identity, name, short, own=True)
        return identity

    def name(self, subject: str) -> str:
        return self.own[subject].name if subject in self.own else load_subjects()[subject].name

    def all(self) -> dict[str, Subject]:
        return {**load_subjects(), **self.own}
