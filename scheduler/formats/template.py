"""A workbook to fill in: the rombels asked for, the curriculum filled in, a full bell pattern, and sample rows marked CONTOH.

The samples make a whole instance, so the template can be read, and planned, before anything is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from string import ascii_uppercase
from typing import Final

from scheduler.domain.entities import (
    AssignmentKind,
    AssignmentRow,
    Availability,
    AvailabilityKind,
    Distance,
    DutySetting,
    Extracurricular,
    OpenHours,
    Position,
    Rombel,
    School,
    Slot,
    SlotKind,
    StructureRow,
    Teacher,
    WeekRule,
    WeekRuleKind,
)
from scheduler.domain.instance import DAYS, Instance, Settings
from scheduler.domain.problem import Problem
from scheduler.errors import InputError
from scheduler.formats.building import shipped_structure, subjects_used
from scheduler.formats.files import save_workbook
from scheduler.formats.sheet_texts import sheet_texts
from scheduler.formats.workbook_writer import workbook_of
from scheduler.policy.load import load_curriculum, load_linearity, load_policy
from scheduler.policy.schema import Curriculum, DutyHolding, Linearity, Policy

HOME: Final = "00000001"
PARTNER: Final = "00000002"

FIRST_BELL: Final = 7 * 60 + 15
LESSON_MINUTES: Final = 40
BREAK_MINUTES: Final = 15
PERIODS_BEFORE_BREAK: Final = 3
SCHOOL_DAYS: Final = 5
MOST_HOURS_A_DAY: Final = 10
"""The sample of Aturan Jadwal: mild enough to change no week."""

MOST_ROMBELS: Final = 33
"""Most rombels of one SMP (Permendikbud 17/2017 ps. 25-26, Permendikbudristek 47/2023 ps. 8): a template for more is a slip of the keys."""

SPARE_ROWS: Final = 40
"""Empty rows dressed for the user's own entries."""

SAMPLE_TABLES: Final = ("schools", "duties", "extracurriculars", "open_hours", "distances", "assignments", "availability", "week_rules")
"""Tables whose rows are samples and say so in Catatan; those of Guru say so in the teacher's own note."""


def write_template(
    path: str | Path,
    rombel_by_grade: Mapping[int, int],
    policy: str = Settings().policy,
    curriculum: str = "merdeka_smp_2025",
) -> None:
    """Write a template.

    Parameters
    ----------
    rombel_by_grade
        ``{7: 3, 8: 3, 9: 2}``: rombels 7A 7B 7C 8A …
    policy, curriculum
        ids of a ruleset and a curriculum, or paths of files

    Raises
    ------
    InputError
        the ruleset or curriculum is unknown, or has no hours for a grade
    """
    instance = sample_instance(rombel_by_grade, load_policy(policy), policy, load_curriculum(curriculum))
    remarks = dict.fromkeys(SAMPLE_TABLES, sheet_texts("id")["sample_mark"])
    save_workbook(workbook_of(instance, remarks, SPARE_ROWS), Path(path))


def sample_instance(rombel_by_grade: Mapping[int, int], policy: Policy, policy_id: str, curriculum: Curriculum) -> Instance:
    """The instance behind the template: a school with these rombels, one partner, a handful of teachers."""
    texts = sheet_texts("id")
    structure = structure_of(rombel_by_grade, curriculum)
    rombels = tuple(
        Rombel(HOME, f"{grade}{letters(i)}", grade, curriculum.id) for grade, count in sorted(rombel_by_grade.items()) for i in range(count)
    )
    periods = max(sum(row.jp for row in structure if row.grade == grade) for grade in rombel_by_grade)
    subjects = list(dict.fromkeys(row.subject for row in structure))
    teachers = sample_teachers(subjects, load_linearity(policy.linearity))
    bell = texts["sample_bell"]
    instance = Instance(
        settings=Settings(policy=policy_id, main_school=HOME),
        schools=(
            School(HOME, texts["sample_school"], curriculum.school_levels[0], bell=bell),
            School(PARTNER, texts["sample_partner"], curriculum.school_levels[0], partner=True),
        ),
        rombels=rombels,
        subjects=(),
        structure=structure,
        teachers=teachers,
        duties=sample_duties(policy, teachers[1]),
        extracurriculars=(Extracurricular(HOME, texts["sample_club"]),),
        open_hours=(OpenHours(PARTNER, subjects[-1], structure[-1].jp, row=1),),
        distances=(Distance(HOME, PARTNER, 5.0, 15, texts["sample_way"]),),
        assignments=(AssignmentRow(HOME, rombels[0].name, teachers[1].may_teach[0], teachers[1].code, AssignmentKind.FORMER),),
        slots=bell_pattern(bell, periods),
        availability=(Availability(teachers[1].code, DAYS[SCHOOL_DAYS - 1], None, AvailabilityKind.UNWANTED),),
        week_rules=(WeekRule(WeekRuleKind.DAY_HOURS, required=True, teacher=teachers[1].code, amount=MOST_HOURS_A_DAY),),
    )
    return replace(instance, subjects=subjects_used(instance, ()))


def structure_of(rombel_by_grade: Mapping[int, int], curriculum: Curriculum) -> tuple[StructureRow, ...]:
    rows: list[StructureRow] = []
    for grade in sorted(rombel_by_grade):
        of_grade = shipped_structure(curriculum, grade)
        if not of_grade:
            raise InputError([Problem("template_grade_without_hours", sheet="--rombel", facts={"curriculum": curriculum.id, "grade": grade})])
        rows += of_grade
    return tuple(rows)


def sample_teachers(subjects: list[str], linearity: Linearity) -> tuple[Teacher, ...]:
    """A principal, and one certified teacher for each of the first subjects that a certificate is linear to."""
    texts = sheet_texts("id")
    certificate = {row.subject: row.certificate for row in reversed(linearity.rows)}
    taught = [subject for subject in subjects if subject in certificate][:3]

    def teacher(number: int, **fields: object) -> Teacher:
        name = texts["sample_teacher"].format(number=f"{number:02d}")
        return Teacher(f"G{number:02d}", name, HOME, note=texts["sample_mark"], **fields)  # type: ignore[arg-type]

    staff = (teacher(i + 2, employment="PNS", certificate=certificate[s], may_teach=(s,)) for i, s in enumerate(taught))
    return (teacher(1, position=Position.PRINCIPAL, employment="PNS"), *staff)


def sample_duties(policy: Policy, holder: Teacher) -> tuple[DutySetting, ...]:
    """One pinned duty, to show how it is written."""
    assigned = next(duty for duty in policy.duties if duty.holding is DutyHolding.ASSIGNED)
    return (DutySetting(HOME, assigned.id, holders=(holder.code,)),)


def bell_pattern(name: str, periods: int) -> tuple[Slot, ...]:
    """A week with exactly so many lesson hours: ceremony first on the first day, the last day two hours shorter, a break after the third hour."""
    shorter, days = 2, SCHOOL_DAYS
    full = -(-(periods + shorter) // days)
    counts = [full] * (days - 1) + [full - shorter]
    for index in range(sum(counts) - periods):
        counts[index % (days - 1)] -= 1
    return tuple(slot for day, count in enumerate(counts) for slot in day_slots(name, DAYS[day], count, ceremony=day == 0))


def day_slots(pattern: str, day: str, count: int, ceremony: bool) -> list[Slot]:
    slots: list[Slot] = []
    clock = FIRST_BELL

    def add(kind: SlotKind, minutes: int, period: int = 0) -> None:
        nonlocal clock
        slots.append(Slot(pattern, day, period, kind, clock, clock + minutes, len(slots)))
        clock += minutes

    if ceremony:
        add(SlotKind.CEREMONY, LESSON_MINUTES)
    for period in range(1, count + 1):
        add(SlotKind.LESSON, LESSON_MINUTES, period)
        if period == PERIODS_BEFORE_BREAK:
            add(SlotKind.BREAK, BREAK_MINUTES)
    return slots


def letters(index: int) -> str:
    """A, B … Z, AA, AB …"""
    first, last = divmod(index, len(ascii_uppercase))
    return (letters(first - 1) if first else "") + ascii_uppercase[last]
