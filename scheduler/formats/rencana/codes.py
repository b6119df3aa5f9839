"""The form ``MTK-12``: a subject's code and a teacher's, as the timetable of one school calls them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
            kind, facts = like_it("unknown_teacher", [match.upper() for match in get_close_matches(label, labels)])
            raise CodeFaultError(kind, value=line.strip(), teacher=label.upper() or "?", **facts)
    for subject, label in halves:
        if label in labels:
            codes = [word for word in vocabulary.subjects if len(word) <= 8]
            kind, facts = like_it("unknown_subject", [match.upper() for match in get_close_matches(subject, codes)])
            raise CodeFaultError(kind, value=line.strip(), subject=subject.upper(), **facts)
    raise CodeFaultError("not_a_code", value=line.strip())


def like_it(kind: str, near: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The problem and its facts with the words that are like the one that was written, where there are any."""
    return (f"{kind}_near", {"known": ", ".join(near)}) if near else (kind, {})


def unknown_name(name: object, spelled: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The problem and its facts of a name that nobody bears, with those like it as the workbook writes them."""
    return like_it("unknown_name", [spelled[match] for match in get_close_matches(folded(name), spelled)])
