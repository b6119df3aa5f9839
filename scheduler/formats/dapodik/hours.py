"""JJM of Dapodik held against the curriculum: the rows of Struktur."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from scheduler.domain.entities import Rombel, StructureRow
from scheduler.errors import PolicyError
from scheduler.formats.building import shipped_structure
from scheduler.formats.dapodik.doubts import Doubts
from scheduler.formats.dapodik.reading import NOWHERE, Place
from scheduler.formats.dapodik.subjects import Subjects
from scheduler.formats.dapodik.vocabulary import words
from scheduler.policy.case import GUIDANCE
from scheduler.policy.load import load_curriculum
from scheduler.policy.schema import Curriculum

STRUCTURE: Final = ("structure", 0, "")


@dataclass(slots=True)
class ClassHours:
    """What Dapodik registers for one class: JJM by subject, and whether it has rows of kokurikuler beside them."""

    jjm: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    has_kokurikuler: bool = False
    place: Place = NOWHERE


def structure_of(rombels: Sequence[Rombel], hours: Mapping[str, ClassHours], subjects: Subjects, doubts: Doubts) -> tuple[StructureRow, ...]:
    """Struktur of every curriculum and grade that the school has, from the shipped curriculum and what Dapodik registers.

    Kokurikuler counts once: where JJM is the curriculum's total it is in there; where JJM is intrakurikuler and the class has rows of
    kokurikuler beside it, the curriculum's own part stands for those rows; where it has none, the school has registered no kokurikuler.
    """
    grades: dict[tuple[str, int], list[Rombel]] = defaultdict(list)
    for rombel in rombels:
        grades[rombel.curriculum, rombel.grade].append(rombel)
    differing = Differences(subjects)
    structure: list[StructureRow] = []
    for (curriculum, grade), members in grades.items():
        of_grade = [hours[rombel.name] for rombel in members if hours.get(rombel.name) and hours[rombel.name].jjm]
        shipped = {row.subject: row for row in shipped_rows(curriculum, grade)}
        builder = GradeBuilder(curriculum, grade, shipped, of_grade, differing)
        structure += builder.rows(subjects)
        rows = {row.subject: row for row in structure if (row.curriculum, row.grade) == (curriculum, grade)}
        report_odd_classes(members, hours, rows, subjects, doubts)
    differing.report(doubts)
    return tuple(structure)


def shipped_rows(curriculum: str, grade: int) -> list[StructureRow]:
    """The curriculum's rows, those on request too, with what they count at most."""
    known = shipped(curriculum)
    if known is None:
        return []
    usual = shipped_structure(known, grade)
    on_request = [
        StructureRow(known.id, grade, row.subject, row.intra_jp, row.koku_jp, row.blocks, True, row.intra_jp + row.koku_jp)
        for row in known.rows
        if row.grade == grade and row.elective
    ]
    return usual + on_request


def shipped(curriculum: str) -> Curriculum | None:
    try:
        return load_curriculum(curriculum)
    except PolicyError:
        return None


class GradeBuilder:
    """The rows of one curriculum and grade."""

    def __init__(
        self, curriculum: str, grade: int, shipped_by_subject: Mapping[str, StructureRow], classes: Sequence[ClassHours], differing: Differences
    ) -> None:
        self.curriculum = curriculum
        self.grade = grade
        self.shipped = shipped_by_subject
        self.classes = classes
        self.differing = differing
        self.has_kokurikuler = any(one.has_kokurikuler for one in classes)

    def rows(self, subjects: Subjects) -> list[StructureRow]:
        registered = {subject for one in self.classes for subject in one.jjm if subject != GUIDANCE}
        wanted = self.without_alternatives(registered, subjects)
        order = [*self.shipped, *(subject for subject in subjects.all() if subject not in self.shipped)]
        return [self.row(subject) for subject in order if subject in wanted]

    def without_alternatives(self, registered: set[str], subjects: Subjects) -> set[str]:
        """The subjects of the grade: what is registered, and what the curriculum asks for beside it; of the religions only the most frequent."""
        religion = {s.id for s in subjects.all().values() if s.religion}
        usual = {row.subject for row in usual_rows(self.curriculum, self.grade)}
        taught = Counter(subject for one in self.classes for subject in one.jjm if subject in religion)
        main = max(taught, key=lambda subject: (taught[subject], subject in usual), default=None)
        wanted = registered - religion | ({main} if main else usual & religion)
        if not registered:
            return usual
        for subject in sorted(usual - wanted - religion):
            if not any(other in registered for other in words()["instead"].get(subject, ())):
                wanted.add(subject)
                self.differing.add("subject_not_registered", self.grade, subject)
        return wanted

    def row(self, subject: str) -> StructureRow:
        shipped = self.shipped.get(subject)
        counts = Counter(one.jjm[subject] for one in self.classes if subject in one.jjm and one.jjm[subject] > 0)
        total = shipped.jp if shipped else 0
        # Most classes' JJM; of two that are as frequent the curriculum's, else the larger.
        jjm = max(counts, key=lambda jp: (counts[jp], jp == total, jp), default=0)
        if shipped is None:
            self.differing.add("subject_not_in_curriculum", self.grade, subject)
            return StructureRow(self.curriculum, self.grade, subject, jjm)
        if jjm in (0, total) or (jjm == shipped.intra_jp and self.has_kokurikuler):
            return shipped
        if jjm == shipped.intra_jp:
            self.differing.add("kokurikuler_not_registered", self.grade, subject)
        else:
            self.differing.add("jjm_differs", self.grade, subject, jjm=jjm, jp=total)
        intra = jjm - shipped.koku_jp if jjm > total else min(jjm, shipped.intra_jp)
        return StructureRow(self.curriculum, self.grade, subject, intra, jjm - intra, (), True, shipped.structure_max_jp)


def usual_rows(curriculum: str, grade: int) -> list[StructureRow]:
    known = shipped(curriculum)
    return shipped_structure(known, grade) if known else []


class Differences:
    """Differences from the curriculum, gathered so that a school of three grades reads one line and not thirty."""

    def __init__(self, subjects: Subjects) -> None:
        self.subjects = subjects
        self.grades: dict[tuple[str, str, tuple[tuple[str, int], ...]], list[int]] = defaultdict(list)

    def add(self, kind: str, grade: int, subject: str, /, **facts: int) -> None:
        self.grades[kind, subject, tuple(facts.items())].append(grade)

    def report(self, doubts: Doubts) -> None:
        together: dict[tuple[str, tuple[tuple[str, int], ...], str], list[str]] = defaultdict(list)
        for (kind, subject, facts), grades in self.grades.items():
            together[kind, facts, ", ".join(map(str, sorted(set(grades))))].append(self.subjects.name(subject))
        for (kind, facts, in_grades), names in together.items():
            for value in names if facts else [", ".join(names)]:
                doubts.check(kind, NOWHERE, STRUCTURE, value=value, grades=in_grades, **dict(facts))


def report_odd_classes(
    members: Sequence[Rombel], hours: Mapping[str, ClassHours], rows: Mapping[str, StructureRow], subjects: Subjects, doubts: Doubts
) -> None:
    """Classes whose JJM is another than that of the rest of their grade: Struktur holds one number for all."""
    for rombel in members:
        own = hours.get(rombel.name)
        if own is None or not own.jjm:
            doubts.check("class_without_lessons", NOWHERE, None, rombel=rombel.name)
            continue
        for subject, jjm in own.jjm.items():
            row = rows.get(subject)
            if row is None or jjm in (row.jp, row.intra_jp):
                continue
            facts: dict[str, str | int] = {"rombel": rombel.name, "value": subjects.name(subject), "jjm": jjm, "jp": row.jp}
            doubts.check("class_differs" if jjm else "jjm_missing", own.place, STRUCTURE, **facts)
