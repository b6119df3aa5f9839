"""The exceptions that cover teachers below the minimum, with the computed need as the official form shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scheduler.domain.explanation import ExceptionCase, NeedRow
from scheduler.domain.plan import TeacherLoad
from scheduler.policy.case import Case, Need, NeedKind

SOURCE_OF: Final = {"exception_few_rombels": "bk_exempt_below_rombel"}
"""Numbers of the ruleset behind reasons that do not bear the number's own name."""


def exception_cases(case: Case, loads: Sequence[TeacherLoad]) -> tuple[ExceptionCase, ...]:
    """An ``ExceptionCase`` for every counted teacher below the minimum whom an exception covers, in the order of the loads.

    Σ JP × rombel of the subjects of the teacher's family at the home school, divided by the minimum and rounded as the ruleset says
    (11/2025 ps. 20 (1) b, SKB 5 Menteri 2011).
    """
    return tuple(exception_case(case, load, load.excepted) for load in loads if load.counted and not load.met and load.excepted)


def exception_case(case: Case, load: TeacherLoad, reason: str) -> ExceptionCase:
    home, family = load.home_school, case.family_of(load.teacher)
    total, divisor, needed = case.computed_need(home, family)
    source = case.policy.sources.get(SOURCE_OF.get(reason, reason))
    return ExceptionCase(
        teacher=load.teacher,
        reason=reason,
        family=family,
        rows=need_rows(case, home, family),
        total=total,
        divisor=divisor,
        needed=needed,
        certified=case.certified_of_family(home, family),
        article=source.article if source else "",
        confidence=str(source.confidence) if source else "",
    )


def need_rows(case: Case, npsn: str, family: str) -> tuple[NeedRow, ...]:
    """Classes × recognised JP of each subject of the family at the school: one row for each JP, in the order of the sheet."""
    subjects = case.family_subjects(family)
    rows: dict[tuple[str, int], list[Need]] = {}
    for need in case.needs:
        if need.school == npsn and need.kind is NeedKind.LESSON and need.subject in subjects:
            rows.setdefault((need.subject, need.recognised_jp), []).append(need)
    return tuple(NeedRow(subject, len(needs), jp, len(needs) * jp) for (subject, jp), needs in rows.items())
