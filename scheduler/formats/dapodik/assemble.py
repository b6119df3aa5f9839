"""From what Dapodik knows to a workbook's instance, and the list of what must still be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from scheduler.domain.entities import Position, School, StructureRow, Teacher
from scheduler.domain.instance import Instance, Settings
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.building import subjects_used
from scheduler.formats.choices import LEVELS
from scheduler.formats.columns import key
from scheduler.formats.dapodik.answers import Answer, Answers
from scheduler.formats.dapodik.certificates import certificate_of
from scheduler.formats.dapodik.classes import Classes, classes_of
from scheduler.formats.dapodik.doubts import Doubt, Doubts
from scheduler.formats.dapodik.duties import Duties
from scheduler.formats.dapodik.hours import structure_of
from scheduler.formats.dapodik.lessons import MOST_JJM, Taught, assignments_of, religion_groups, taught
from scheduler.formats.dapodik.people import Member, Staff
from scheduler.formats.dapodik.reading import NOWHERE
from scheduler.formats.dapodik.source import SchoolFacts, Sources, term_of
from scheduler.formats.dapodik.subjects import Subjects
from scheduler.formats.sheet_texts import sheet_texts
from scheduler.formats.template import bell_pattern
from scheduler.policy.case import GUIDANCE
from scheduler.policy.load import find_subject, load_law

UNKNOWN_HOME: Final = "00000000"
"""NPSN Induk of a teacher whose satminkal is another school: Dapodik's downloads do not name it."""

COUNSELLING: Final = "bk"


@dataclass(frozen=True, slots=True)
class Imported:
    """An instance made from Dapodik; ``left_out`` counts the rows that are no lessons of a class, by reason."""

    instance: Instance
    doubts: tuple[Doubt, ...]
    lesson_rows: int
    left_out: dict[str, int]


def assemble(sources: Sources, given: Sequence[Answer] = ()) -> Imported:
    """The instance of one school.

    Raises
    ------
    InputError
        the files are of two schools, or lack what nothing can be made without; an answer names nobody; all at once
    """
    refuse_incomplete(sources)
    answers, doubts = Answers(given), Doubts()
    school = school_of(sources, doubts)
    staff = Staff(sources.people, answers, doubts)
    classes = classes_of(sources, school.npsn, school.level, answers, doubts)
    subjects = Subjects(answers, doubts)
    found = taught(sources, classes, staff, subjects, doubts)
    structure = structure_of(classes.rombels, found.hours, subjects, doubts)
    settings = settings_of(sources, school, staff)
    duties = Duties(school.npsn, load_law(settings).policy, staff, doubts)
    duties.take(classes)
    groups = religion_groups(school.npsn, classes.rombels, structure, found.hours, subjects, doubts)
    teachers = tuple(teacher_of(member, school.npsn, found, answers, doubts) for member in staff.teachers)
    linear = load_law(settings, subjects.own).linearity.pairs()
    assignments = assignments_of(school.npsn, classes, found, teachers, linear, subjects, doubts)
    refuse_empty(teachers, classes, answers)
    say_what_is_missing(sources, doubts)
    bell = sheet_texts("id")["sample_bell"]
    instance = Instance(
        settings=settings,
        schools=(replace(school, bell=bell),),
        rombels=tuple(classes.rombels),
        subjects=(),
        structure=structure,
        teachers=without_numbers_twice(teachers, doubts),
        duties=tuple(duties.rows),
        extracurriculars=tuple(duties.clubs.values()),
        assignments=assignments,
        groups=groups,
        slots=bell_pattern(bell, longest_week(classes, structure)),
    )
    instance = replace(instance, subjects=subjects_used(instance, tuple(subjects.own.values())))
    return Imported(instance, doubts.sorted(), found.rows, dict(found.left_out))


# --- what nothing can be made without ------------------------------------------------------------------------------------------------------------


def refuse_incomplete(sources: Sources) -> None:
    problems = []
    if not sources.people and not sources.lessons:
        problems.append(Problem("dapodik.no_people"))
    if not sources.classes and not sources.lessons:
        problems.append(Problem("dapodik.no_classes"))
    numbers = {school.npsn: school for school in sources.schools if school.npsn}
    if not numbers:
        problems.append(Problem("dapodik.no_npsn"))
    for npsn, school in list(numbers.items())[1:]:
        first = next(iter(numbers.values()))
        facts = {"value": npsn, "other": first.npsn, "other_file": str(first.place)}
        problems.append(Problem("dapodik.two_schools", school.place.file, school.place.sheet, "", facts))
    if problems:
        raise InputError(problems)


def refuse_empty(teachers: Sequence[Teacher], classes: Classes, answers: Answers) -> None:
    answers.refuse_unasked()
    problems = list(answers.problems)
    if not teachers:
        problems.append(Problem("dapodik.no_people"))
    if not classes.rombels:
        problems.append(Problem("dapodik.no_classes"))
    if problems:
        raise InputError(problems)


# --- the school ------------------------------------------------------------------------------------------------------------------------------------


def school_of(sources: Sources, doubts: Doubts) -> School:
    """One school from all that describe it; the description that says most comes first."""
    facts = sorted(sources.schools, key=lambda school: -sum(bool(getattr(school, name)) for name in SchoolFacts.__slots__))
    first = facts[0]

    def said(name: str) -> str:
        return next((value for school in facts if (value := getattr(school, name))), "")

    npsn = said("npsn")
    level = level_of(said("level"), said("name"))
    if level is None:
        level = str(LEVELS[0].value)
        doubts.check("level_assumed", first.place, ("schools", 0, "level"), value=said("level") or "-", level=level)
    place = next(((s.latitude, s.longitude) for s in facts if s.latitude is not None and s.longitude is not None), (None, None))
    doubts.check("rooms_assumed", NOWHERE, ("schools", 0, "has_library"))
    return School(
        npsn,
        said("name") or npsn,
        level,
        said("ownership").title(),
        kecamatan=said("kecamatan"),
        kabupaten=said("kabupaten"),
        address=said("address"),
        latitude=place[0],
        longitude=place[1],
    )


def level_of(stated: str, name: str) -> str | None:
    """Jenjang as one of ours: as stated, else by the first word of the school's name."""
    levels = {key(str(choice.value)): str(choice.value) for choice in LEVELS}
    candidates = [key(stated), *(key(word) for word in (*stated.split(), *name.split()[:1]))]
    return next((levels[word] for word in candidates if word in levels), None)


def settings_of(sources: Sources, school: School, staff: Staff) -> Settings:
    term = next((facts.term for facts in sources.schools if facts.term), "")
    year, semester = term_of(term)
    head = next((m for m in staff.teachers if m.is_home and m.position in (Position.PRINCIPAL, Position.ACTING_PRINCIPAL)), None)
    letterhead = {}
    if head is not None:
        said = {
            "Nama Kepala Sekolah": full_name(head),
            "NIP Kepala Sekolah": head.number("nip").text,
            "Pangkat Kepala Sekolah": head.first("rank"),
        }
        letterhead = {name: value for name, value in said.items() if value}
    return Settings(school_year=year, semester=semester, main_school=school.npsn, letterhead=letterhead)


def longest_week(classes: Classes, structure: Sequence[StructureRow]) -> int:
    """Most JP that a class has a week; what no week can hold is for ``check`` to say."""
    totals = (sum(row.jp for row in structure if (row.curriculum, row.grade) == (rombel.curriculum, rombel.grade)) for rombel in classes.rombels)
    return min(max(totals, default=0), MOST_JJM)


# --- teachers --------------------------------------------------------------------------------------------------------------------------------------


def teacher_of(member: Member, npsn: str, found: Taught, answers: Answers, doubts: Doubts) -> Teacher:
    certificate = certificate_of(member, answers, doubts)
    position = position_of(member, certificate, found, doubts)
    if not member.is_home:
        doubts.check("home_unknown", member.rows[0].place, ("teachers", member.index, "home"), value=member.name, npsn=UNKNOWN_HOME)
    say_lost_digits(member, doubts)
    say_other_hours(member, found, doubts)
    return Teacher(
        member.code,
        full_name(member),
        npsn if member.is_home else UNKNOWN_HOME,
        position=position,
        nip=member.number("nip").text,
        nuptk=member.number("nuptk").text,
        rank=member.first("rank"),
        employment=member.first("employment"),
        certificate=certificate,
        may_teach=may_teach(member, found),
    )


def full_name(member: Member) -> str:
    """``Drs. Ahmad Fauzi, M.Pd`` where the list gives the titles apart; a name that has them already stays."""
    before, after = member.first("title_before"), member.first("title_after")
    name = member.name
    if before and not key(name).startswith(key(before)):
        name = f"{before} {name}"
    return f"{name}, {after}" if after and "," not in member.name else name


def position_of(member: Member, certificate: str | None, found: Taught, doubts: Doubts) -> Position:
    """Jabatan; files of 2026 say Guru of a guru BK too, who is known by certificate or by what he or she does."""
    position = member.position or Position.SUBJECT_TEACHER
    subjects = set(found.subjects_of.get(member.code, ()))
    guides = certificate == COUNSELLING or (certificate is None and subjects == {GUIDANCE})
    if position is Position.SUBJECT_TEACHER and guides and subjects <= {GUIDANCE}:
        doubts.check("counsellor_assumed", member.rows[0].place, ("teachers", member.index, "position"), value=member.name)
        return Position.COUNSELLOR
    return position


def may_teach(member: Member, found: Taught) -> tuple[str, ...]:
    """What the teacher teaches now, then what the list says under Mengajar."""
    stated = (find_subject(part) for part in member.first("teaches").replace(";", ",").split(","))
    subjects = [*found.subjects_of.get(member.code, ()), *(subject for subject in stated if subject)]
    return tuple(subject for subject in dict.fromkeys(subjects) if subject != GUIDANCE)


def say_lost_digits(member: Member, doubts: Doubts) -> None:
    for name in ("nuptk", "nip"):
        number = member.number(name)
        if number and not number.exact:
            doubts.check("digits_lost", member.rows[0].place, ("teachers", member.index, name), value=member.name, column=name.upper())


def say_other_hours(member: Member, found: Taught, doubts: Doubts) -> None:
    """Profil and Rekap count other hours: the rest may be taught elsewhere."""
    stated = next((row.jjm for row in member.rows if row.jjm is not None), None)
    here = found.jjm_of.get(member.code, 0)
    if stated is not None and found.rows and stated != here:
        doubts.check("other_hours", member.rows[0].place, ("teachers", member.index, "outside_jtm"), value=member.name, jjm=stated, here=here)


def without_numbers_twice(teachers: Sequence[Teacher], doubts: Doubts) -> tuple[Teacher, ...]:
    """A NIP or NUPTK that two people have is taken from the second: the workbook would be refused."""
    seen: dict[tuple[str, str], str] = {}
    kept = []
    for index, t in enumerate(teachers):
        for name in ("nip", "nuptk"):
            number = getattr(t, name)
            first = seen.setdefault((name, number), t.name) if number else t.name
            if first != t.name:
                doubts.check("number_twice", NOWHERE, ("teachers", index, name), value=t.name, other=first, column=name.upper())
                t = replace(t, nip="") if name == "nip" else replace(t, nuptk="")
        kept.append(t)
    return tuple(kept)


def say_what_is_missing(sources: Sources, doubts: Doubts) -> None:
    """What Dapodik does not hold, or these files do not."""
    if not any(row.tells_certificate for row in sources.people):
        doubts.check("no_certificates", NOWHERE, ("teachers", 0, "certificate"))
    if not sources.lessons:
        doubts.check("no_lessons", NOWHERE, None)
    if not any(facts.term for facts in sources.schools):
        doubts.check("no_term", NOWHERE, ("settings", 0, "school_year"))
    doubts.check("term_is_current", NOWHERE, ("settings", 0, "school_year"))
    doubts.check("bell_assumed", NOWHERE, ("slots", 0, "pattern"))
    doubts.check("age_not_read", NOWHERE, ("teachers", 0, "age"))
    for place in sources.unread:
        doubts.note("pupils_not_read", place)
