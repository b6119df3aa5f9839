"""Small instances for tests, in a few words.

A school has the NPSN ``"1"`` unless said otherwise; a subject's id is taken from the registry; every lesson is one structure row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from scheduler.domain.entities import (
    AssignmentKind,
    AssignmentRow,
    Availability,
    DutySetting,
    Position,
    Rombel,
    School,
    Slot,
    SlotKind,
    StructureRow,
    Subject,
    Teacher,
)
from scheduler.domain.instance import DAYS, Instance, Settings
from scheduler.policy.case import GUIDANCE, Case
from scheduler.policy.load import load_law, load_subjects

HOME = "1"


def teacher(code: str, certificate: str | None = None, home: str = HOME, **fields: object) -> Teacher:
    """A teacher named like the code; keyword fields are those of ``Teacher``."""
    return replace(Teacher(code=code, name=f"Guru {code}", home=home, certificate=certificate), **fields)  # type: ignore[arg-type]


def counsellor(code: str, home: str = HOME, **fields: object) -> Teacher:
    return teacher(code, "bk", home, position=Position.COUNSELLOR, **fields)


def school(npsn: str = HOME, **fields: object) -> School:
    return replace(School(npsn=npsn, name=f"SMP {npsn}", kecamatan="Taman Rajo", bell="pagi"), **fields)  # type: ignore[arg-type]


def rombels(grades: Mapping[int, int], npsn: str = HOME, students: int | None = 25) -> tuple[Rombel, ...]:
    """``{7: 3, 8: 3, 9: 2}`` gives 7A 7B 7C 8A 8B 8C 9A 9B of curriculum ``k``."""
    return tuple(Rombel(npsn, f"{grade}{'ABCDEFGHIJKL'[i]}", grade, "k", students) for grade, count in grades.items() for i in range(count))


def structure(jp: Mapping[str, int | tuple[int, int]], grades: Iterable[int] = (7, 8, 9)) -> tuple[StructureRow, ...]:
    """``{"ipa": (4, 1)}`` = 4 intra + 1 kokurikuler in every grade; a plain number has no kokurikuler."""
    hours = {subject: value if isinstance(value, tuple) else (value, 0) for subject, value in jp.items()}
    return tuple(StructureRow("k", grade, subject, intra, koku) for grade in grades for subject, (intra, koku) in hours.items())


def week(periods: Sequence[int] = (8, 8, 8, 8, 8), pattern: str = "pagi") -> tuple[Slot, ...]:
    """A bell pattern of so many 40-minute periods a day from 07.15, without breaks."""
    return tuple(
        Slot(pattern, DAYS[day], period + 1, SlotKind.LESSON, 435 + 40 * period, 475 + 40 * period, period)
        for day, count in enumerate(periods)
        for period in range(count)
    )


def duty(duty_id: str, npsn: str = HOME, **fields: object) -> DutySetting:
    return replace(DutySetting(npsn, duty_id), **fields)  # type: ignore[arg-type]


def locked(code: str, rombel: str, subject: str, npsn: str = HOME) -> AssignmentRow:
    """A Kunci: the teacher of one class's subject."""
    return AssignmentRow(npsn, rombel, subject, code, AssignmentKind.LOCK)


def no_duties(policy_duties: Iterable[str], npsn: str = HOME) -> tuple[DutySetting, ...]:
    """Every named duty switched off."""
    return tuple(DutySetting(npsn, duty_id, minimum=0, maximum=0) for duty_id in policy_duties)


def registry_subjects(ids: Iterable[str]) -> tuple[Subject, ...]:
    known = load_subjects()
    return tuple(known[subject] for subject in dict.fromkeys([*ids, GUIDANCE]))


def case(
    jp: Mapping[str, int | tuple[int, int]],
    teachers: Sequence[Teacher],
    grades: Mapping[int, int] | None = None,
    policy: str = "permendikdasmen11_2025",
    overrides: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    duties: Sequence[DutySetting] = (),
    availability: Sequence[Availability] = (),
    **parts: object,
) -> Case:
    """A case of one school (8 rombel, 3+3+2, unless ``grades`` says otherwise); ``parts`` replace fields of the Instance."""
    chosen = replace(settings or Settings(), policy=policy, overrides=dict(overrides or {}))
    instance = Instance(
        settings=chosen,
        schools=(school(),),
        rombels=rombels(grades or {7: 3, 8: 3, 9: 2}),
        subjects=registry_subjects(jp),
        structure=structure(jp),
        teachers=tuple(teachers),
        duties=tuple(duties),
        availability=tuple(availability),
    )
    instance = replace(instance, **parts)  # type: ignore[arg-type]
    return Case(instance, load_law(instance.settings))


def small_case(jp: int = 4) -> Case:
    """Two classes, two teachers, ten periods: a plan in a moment. 2 × (4 + 4) = 16 JP unless ``jp`` of IPA are more."""
    return case({"ipa": jp, "ips": 4}, [teacher("A", "ipa"), teacher("B", "ips")], {7: 2}, slots=week((2, 2, 2, 2, 2)))
