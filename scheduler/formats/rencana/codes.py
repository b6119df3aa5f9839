"""The form ``MTK-12``: a subject's code and a teacher's, as the timetable of one school calls them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from scheduler.formats.rencana.pages import DASHES, folded
from scheduler.formats.rencana.vocabulary import NOBODY, Vocabulary


class CodeFaultError(Exception):
    """A text that is no such code; ``kind`` is the key of its sentence."""

    def __init__(self, kind: str, **facts: str | int) -> None:
        self.kind, self.facts = kind, facts
        super().__init__(kind)


@dataclass(frozen=True, slots=True)
class Code:
    """What the code says. ``teachers`` are all whom the label may mean (one, but for codes that two schools share); () = nobody."""

    subject: str
    teachers: tuple[str, ...]


def codes_in(vocabulary: Vocabulary, school: str, value: object) -> tuple[Code, ...]:
    """Every line of a cell as a code; groups that are taught side by side stand one below the other.

    Raises
    ------
    CodeFaultError
        a line is no code of this school
    """
    if not isinstance(value, str):
        raise CodeFaultError("not_a_code", value=str(value))
    return tuple(code_of(vocabulary, school, line) for line in value.splitlines() if line.strip())


def code_of(vocabulary: Vocabulary, school: str, line: str) -> Code:
    """``MTK-12``, ``mtk - 12`` or ``MTK 12``; ``MTK-?`` for nobody. Codes may have hyphens of their own: every place to part them is tried."""
    text = " ".join(line.translate(DASHES).split())
    if "-" not in text:
        text = re.sub(r" (?=\S+$)", "-", text)
    labels = vocabulary.labels.get(school, {})
    halves = [(folded(text[: match.start()]), folded(text[match.end() :])) for match in re.finditer("-", text)]
    found = {
        Code(vocabulary.subjects[subject], () if label == NOBODY else labels[label])
        for subject, label in halves
        if subject in vocabulary.subjects and (label == NOBODY or label in labels)
    }
    if len(found) == 1:
        return found.pop()
    if found:
        raise CodeFaultError("ambiguous_code", value=line.strip())
    for subject, label in halves:
        if subject in vocabulary.subjects:
            raise CodeFaultError("unknown_teacher", value=line.strip(), teacher=label.upper() or "?", known=near(label, labels))
    for subject, label in halves:
        if label in labels:
            known = near(subject, {s: () for s in vocabulary.subjects if len(s) <= 8})
            raise CodeFaultError("unknown_subject", value=line.strip(), subject=subject.upper(), known=known)
    raise CodeFaultError("not_a_code", value=line.strip())


def near(word: str, known: object) -> str:
    """Words like the one that was written, in capitals; the first ones where none is like it."""
    words = list(known)  # type: ignore[call-overload]
    return ", ".join(match.upper() for match in get_close_matches(word, words, n=3) or words[:5]) or "-"


def near_names(name: object, spelled: Mapping[str, str]) -> str:
    """Names like the one that was written, as the workbook writes them; "-" where none is like it."""
    return ", ".join(spelled[match] for match in get_close_matches(folded(name), list(spelled), n=3)) or "-"
