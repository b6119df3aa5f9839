"""Sertifikasi as Dapodik writes it, as a field of certificate: with how much confidence."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final

from scheduler.formats.columns import key
from scheduler.formats.dapodik.answers import Answers
from scheduler.formats.dapodik.doubts import Doubts
from scheduler.formats.dapodik.people import Member
from scheduler.formats.dapodik.vocabulary import is_one_of, words
from scheduler.policy.load import find_certificate, load_certificates

SIMILAR: Final = 0.8
CODE: Final = re.compile(r"\b\d{3}\b")


def certificate_of(member: Member, answers: Answers, doubts: Doubts) -> str | None:
    """The field of a teacher's certificate, None for who has none or where it must be asked."""
    target = ("teachers", member.index, "certificate")
    place = next((row.place for row in member.rows if row.certificate), member.rows[0].place)
    text = member.first("certificate")
    if not text or is_one_of(text, "answers", "nothing"):
        return None
    field_unknown = is_one_of(text, "answers", "certified")
    question = f"sertifikat:{member.name if field_unknown else text}"
    answer = answers.to(question)
    if answer is not None:
        if is_one_of(answer.text, "answers", "nothing"):
            return None
        named = find_certificate(answer.text)
        if named is None:
            answers.refuse(answer, "answer_no_certificate", suggestion=nearest(answer.text) or "-")
        return named
    found = () if field_unknown else readings(text)
    if len(found) == 1:
        if not is_exact(text):
            doubts.check("certificate_read_as", place, target, name=member.name, value=text, certificate=name_of(found[0]))
        return found[0]
    competence = find_certificate(member.first("competence")) if member.first("competence") else None
    facts = {"name": member.name, "value": text}
    if found:
        doubts.ask("certificate_several", question, place, target, suggestion=", ".join(name_of(one) for one in found), **facts)
    else:
        near = name_of(competence) if competence else nearest(text)
        doubts.ask("certificate_near" if near else "certificate_unknown", question, place, target, suggestion=near or "-", **facts)
    return None


def readings(text: str) -> tuple[str, ...]:
    """The fields that the text can name: as a whole, without the words around the field, by its code, or part by part."""
    whole = find_certificate(text)
    if whole is not None:
        return (whole,)
    by_code = {found for code in CODE.findall(text) if (found := find_certificate(code)) is not None}
    by_name = {found for part in (text, *re.split(r"[;|/\n]|\bdan\b|,", text)) if (found := find_certificate(bare(part))) is not None}
    if bare(text) and find_certificate(bare(text)) is not None:
        by_name = {str(find_certificate(bare(text)))}
    # A code and a name that say two things say nothing for certain.
    return tuple(sorted(by_code | by_name))


def bare(text: str) -> str:
    """Without codes and without the words that stand around a field."""
    filler = {key(word) for word in words()["certificate"]["filler"]}
    return " ".join(word for word in re.findall(r"[^\W\d_][\w'.&-]*", text) if key(word) not in filler)


def is_exact(text: str) -> bool:
    """Whether the text is the field's own name, code or alias."""
    return find_certificate(re.sub(r"[()]", " ", text)) is not None


def nearest(text: str) -> str:
    known = {key(name): c.name for c in load_certificates().values() for name in (c.name, *c.aliases)}
    near = get_close_matches(key(bare(text) or text), known, n=1, cutoff=SIMILAR)
    return known[near[0]] if near else ""


def name_of(certificate: str) -> str:
    return load_certificates()[certificate].name
