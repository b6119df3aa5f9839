"""The words of ``rencana.xlsx`` in every language, for reading it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from scheduler.domain.entities import Slot
from scheduler.domain.instance import DAYS
from scheduler.domain.plan import Plan
from scheduler.formats.rencana.pages import folded
from scheduler.formats.rencana.vocabulary import Vocabulary
from scheduler.policy.case import Case
from scheduler.report.names import Names
from scheduler.report.tables import Tables
from scheduler.report.text import LANGUAGES, Text
from scheduler.report.weeks import bell_of, day_slots
from scheduler.report.words import Words, unit_words

HEADINGS = ("day", "period", "time", "hour", "name", "nip", "subject", "code", "school", "duty", "unit", "holder")
SHEETS = ("matrix", "matrix_partners", "master", "master_partners", "duties", "classes", "teachers")
SLOTS = ("upacara", "istirahat", "pembiasaan", "lain")


def vocabulary(case: Case, plan: Plan) -> Vocabulary:
    """Every word that a plan of this case may be written with."""
    names = Names(case, plan)
    texts = [Text(lang) for lang in LANGUAGES]
    words = [Words(Tables(case, plan), text) for text in texts]

    def said(*keys: str) -> frozenset[str]:
        return frozenset(folded(text.say(f"report.{key}")) for text in texts for key in keys)

    subjects = {folded(word): s.id for s in case.instance.subjects for word in (s.name, s.short)}
    return Vocabulary(
        headings={key: said(f"head_{key}") for key in HEADINGS},
        titles={key: said(f"sheet_{key}") for key in SHEETS},
        days={folded(text.say(f"report.day_{day.casefold()}")): day for text in texts for day in DAYS},
        nobody=said("nobody", "dash", "needs_teacher"),
        schools=gathered((folded(school.name), school.npsn) for school in case.instance.schools),
        subjects=subjects,
        labels={school.npsn: labels(names, school.npsn) for school in names.class_schools},
        names=gathered((folded(teacher.name), code) for code, teacher in case.teachers.items()),
        spelled={folded(teacher.name): teacher.name for teacher in case.teachers.values()},
        duties={folded(names.duty_name(rule, text.lang)): rule.id for text in texts for rule in case.policy.duties},
        units={(post.school, post.duty): units(words, post.school, post.duty, post.units) for post in case.duty_posts},
        blocks=dict(blocks(names)),
        classes={school.npsn: names.rombels(school.npsn) for school in names.class_schools},
        special=said(*(f"slot_{slot}" for slot in SLOTS)),
    )


def gathered(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for word, identity in pairs:
        if identity not in found[word]:
            found[word] += (identity,)
    return dict(found)


def labels(names: Names, npsn: str) -> Mapping[str, tuple[str, ...]]:
    """What a school's papers call each teacher; a whole code, or a number without its zeros, is understood where nobody else is called so."""
    found = dict(gathered((folded(names.label(code, npsn)), code) for code in names.case.teachers))
    for shorter in (lambda code: code, lambda code: names.label(code, npsn).lstrip("0")):
        more = gathered((folded(shorter(code)), code) for code in names.case.teachers)
        found |= {word: codes for word, codes in more.items() if word and word not in found and len(codes) == 1}
    return found


def units(words: Sequence[Words], npsn: str, duty: str, of_post: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    return gathered((folded(unit_words(each, duty, unit, npsn)), unit) for each in words for unit in of_post)


def blocks(names: Names) -> Iterable[tuple[tuple[str, str], Mapping[str, tuple[Slot, ...]]]]:
    """The classes of Jadwal Induk with their days: those whose bell pattern Waktu knows."""
    instance = names.case.instance
    known: dict[str, Mapping[str, tuple[Slot, ...]]] = {}
    for school in names.class_schools:
        for rombel in instance.rombels_of(school.npsn):
            bell = bell_of(instance, rombel)
            if bell not in known:
                known[bell] = day_slots(instance, bell)
            if known[bell]:
                yield (school.npsn, rombel.name), known[bell]


def cell_text(case: Case, plan: Plan, text: Text) -> Callable[[str, Sequence[tuple[str, str | None]]], str]:
    """What a cell of Jadwal Induk looks like, its lines side by side."""
    names = Names(case, plan)

    def written(school: str, lessons: Sequence[tuple[str, str | None]]) -> str:
        return " ".join(code(names.subjects[subject].short, teacher, school) for subject, teacher in lessons)

    def code(short: str, teacher: str | None, school: str) -> str:
        known = teacher is not None and teacher in case.teachers
        return f"{short}-{names.label(teacher or '', school)}" if known else text.say("report.code_without_teacher", subject=short)

    return written
