"""Rombel of Dapodik: the ordinary classes of Profil and Rekap as one list, and what is no class."""

from __future__ import annotations

from dataclasses import dataclass, field

from scheduler.domain.entities import Rombel
from scheduler.formats.dapodik.answers import Answers
from scheduler.formats.dapodik.doubts import Doubts
from scheduler.formats.dapodik.reading import Place
from scheduler.formats.dapodik.source import ClassRow, LessonRow, Sources, grade_of
from scheduler.formats.dapodik.vocabulary import class_key, is_one_of, words
from scheduler.formats.names import Directory
from scheduler.policy.load import curriculum_ids, load_curriculum


@dataclass(slots=True)
class Classes:
    """The classes, each with the row it was read from; ``clubs`` are rombel of ekstrakurikuler by name."""

    rombels: list[Rombel] = field(default_factory=list)
    homerooms: dict[str, ClassRow] = field(default_factory=dict)
    clubs: dict[str, LessonRow] = field(default_factory=dict)
    by_key: dict[str, list[str]] = field(default_factory=dict)

    def find(self, name: str) -> str | None:
        """Name of the class that a row means; None for no class or for one of two spelled alike."""
        named = self.by_key.get(class_key(name), [])
        if name in named:
            return name
        return named[0] if len(named) == 1 else None


def classes_of(sources: Sources, npsn: str, level: str, answers: Answers, doubts: Doubts) -> Classes:
    """The ordinary classes; a rombel of another kind is left out and said."""
    reader = ClassReader(sources, npsn, Curricula(level, answers, doubts), doubts)
    for row in sources.classes:
        reader.take(row, listed=True)
    for lesson in sources.lessons:
        reader.take(as_class(lesson), listed=False)
        if is_one_of(lesson.kind, "rombel_kinds", "club"):
            reader.classes.clubs.setdefault(lesson.rombel, lesson)
    return reader.classes


class ClassReader:
    """Takes the rows one by one: those of the list of rombel first, then those that only lessons name."""

    def __init__(self, sources: Sources, npsn: str, curricula: Curricula, doubts: Doubts) -> None:
        self.classes = Classes()
        self.npsn = npsn
        self.curricula = curricula
        self.doubts = doubts
        self.kinds = rombel_kinds(sources)
        self.stated = {class_key(lesson.rombel): lesson.curriculum for lesson in reversed(sources.lessons) if lesson.curriculum}
        self.has_lessons = bool(sources.lessons)

    def take(self, row: ClassRow, listed: bool) -> None:
        identity = class_key(row.name)
        known = self.classes.find(row.name)
        spelled_alike = self.classes.by_key.get(identity, [])
        if known == row.name or (spelled_alike and not listed):
            # A lesson that may be of either of two classes is said where it is read.
            if known is not None:
                complete(self.classes, known, row)
            return
        if spelled_alike:
            self.doubts.check("rombel_alike", row.place, None, value=row.name, other=spelled_alike[0])
        kind = row.kind or self.kinds.get(identity, "")
        if not is_class(row, kind, known_from_lessons=identity in self.kinds, has_lessons=self.has_lessons):
            if listed or is_one_of(kind, "rombel_kinds", "club"):
                self.doubts.note("rombel_left_out", row.place, None, value=row.name, kind=kind or "-")
        elif row.grade is None:
            self.doubts.check("rombel_without_grade", row.place, None, value=row.name)
        else:
            self.add(row, row.grade, identity)

    def add(self, row: ClassRow, grade: int, identity: str) -> None:
        curriculum = self.curricula.find(row.curriculum or self.stated.get(identity, ""), row.place)
        self.classes.rombels.append(Rombel(self.npsn, row.name, grade, curriculum, row.students, row.room))
        self.classes.homerooms[row.name] = row
        self.classes.by_key.setdefault(identity, []).append(row.name)


def complete(classes: Classes, name: str, row: ClassRow) -> None:
    """What a later row knows of a class and the earlier ones did not say."""
    index = next(i for i, rombel in enumerate(classes.rombels) if rombel.name == name)
    rombel = classes.rombels[index]
    if rombel.students is None and row.students is not None:
        classes.rombels[index] = Rombel(rombel.school, name, rombel.grade, rombel.curriculum, row.students, rombel.room)


def as_class(lesson: LessonRow) -> ClassRow:
    return ClassRow(lesson.place, lesson.rombel, lesson.grade, lesson.kind, lesson.students, curriculum=lesson.curriculum)


def rombel_kinds(sources: Sources) -> dict[str, str]:
    """Jenis Rombel by class, as the lessons state it; an ordinary class beside another kind of the same name is one."""
    kinds: dict[str, str] = {}
    for lesson in sources.lessons:
        identity = class_key(lesson.rombel)
        if identity not in kinds or is_one_of(lesson.kind, "rombel_kinds", "class"):
            kinds[identity] = lesson.kind
    return kinds


def is_class(row: ClassRow, kind: str, known_from_lessons: bool, has_lessons: bool) -> bool:
    """An ordinary class: so said by Jenis Rombel; where nothing says so, one whose name begins with its grade."""
    if kind:
        return is_one_of(kind, "rombel_kinds", "class")
    if known_from_lessons or not has_lessons:
        return row.grade is not None
    return row.grade is not None and grade_of("", row.name) == row.grade


class Curricula:
    """Kurikulum of Dapodik as one of ours: by its words, by an answer, else the school's own with the hours of Dapodik."""

    def __init__(self, level: str, answers: Answers, doubts: Doubts) -> None:
        self.level = level
        self.answers = answers
        self.doubts = doubts
        self.directory = Directory()
        for identity in curriculum_ids():
            curriculum = load_curriculum(identity)
            self.directory.add(identity, curriculum.title, curriculum.title_en)

    def find(self, text: str, place: Place) -> str:
        known = self.directory.find(text) if text else None
        if known is not None:
            return known
        entries = [entry for entry in words()["curricula"] if self.level in entry["levels"]]
        named = next((e["id"] for e in entries if any(word in text.casefold() for word in e["words"])), None)
        if named is not None:
            return str(named)
        question = f"kurikulum:{text or '-'}"
        answer = self.answers.to(question)
        if answer is not None:
            chosen = self.directory.find(answer.text)
            if chosen is not None:
                return chosen
            self.answers.refuse(answer, "answer_no_curriculum", known=", ".join(curriculum_ids()))
        default = str(entries[-1]["id"]) if entries else text or self.level
        self.doubts.ask("curriculum_unknown", question, place, None, value=text or "-", suggestion=default)
        return default
