"""Plans made by hand for the tests of the rules: decisions in a few words, everything that is recorded of them made to agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from scheduler.domain.entities import DutySetting, Teacher
from scheduler.domain.plan import (
    Assignment,
    DutyHolding,
    Lesson,
    Level,
    PartnerAlone,
    Plan,
    PlanStatus,
    PolicyUsed,
    Status,
    Violation,
)
from scheduler.policy.case import Case
from scheduler.policy.load import load_policy
from scheduler.report.text import Text
from scheduler.verify.check import Report, check
from scheduler.verify.hours import counted_jtm
from scheduler.verify.reading import Reading
from tests import build

CURRENT = "permendikdasmen11_2025"

Held = tuple[str, str, str] | tuple[str, str, str, str]
"""(duty, unit, teacher), or (duty, unit, teacher, school)."""

Placed = tuple[str, str, int, int] | tuple[str, str, int, int, str]
"""(need, day, period, length), or with the room."""


EMPTY = Plan(PolicyUsed(""), "", PlanStatus(Status.FEASIBLE, Status.UNKNOWN), (), (), ())
"""A plan that says nothing."""


def small_case(
    jp: Mapping[str, int | tuple[int, int]],
    teachers: Sequence[Teacher],
    grades: Mapping[int, int] | None = None,
    duties: Sequence[DutySetting] = (),
    policy: str = CURRENT,
    **parts: Any,
) -> Case:
    """A case of one rombel (7A) unless ``grades`` says otherwise, where only the duties named in ``duties`` exist."""
    named = {(row.school, row.duty) for row in duties}
    schools = parts.get("schools", (build.school(),))
    off = [
        row
        for school in schools
        for row in build.no_duties((rule.id for rule in load_policy(policy).duties), school.npsn)
        if (row.school, row.duty) not in named
    ]
    return build.case(jp, teachers, grades or {7: 1}, policy, duties=(*duties, *off), **parts)


def plan(
    case: Case,
    teaching: Mapping[str, str | None],
    held: Iterable[Held] = (),
    lessons: Iterable[Placed] = (),
    partners: tuple[PartnerAlone, ...] = (),
) -> Plan:
    """A plan of these decisions; needs that are not named have no teacher. A plan with lessons has a week."""
    lessons = tuple(lessons)
    return recorded(
        case,
        Plan(
            policy=PolicyUsed(case.policy.id, dict(case.policy.overrides)),
            instance_sha256="",
            status=PlanStatus(Status.FEASIBLE, Status.FEASIBLE if lessons else Status.UNKNOWN),
            levels=(),
            assignments=tuple(assignment(case, need.id, teaching.get(need.id)) for need in case.needs),
            duties=tuple(holding(case, *row) for row in held),
            lessons=tuple(lesson(case, teaching, *row) for row in lessons),
            partners=partners,
        ),
    )


def assignment(case: Case, need_id: str, teacher: str | None) -> Assignment:
    need = case.need[need_id]
    return Assignment(need.id, need.school, need.rombels, need.subject, need.jp, need.recognised_jp, teacher)


def holding(case: Case, duty: str, unit: str, teacher: str, school: str = build.HOME) -> DutyHolding:
    rule = case.policy.duty(duty)
    return DutyHolding(school, duty, unit, teacher, rule.jtm if rule else 0, 0)


def lesson(case: Case, teaching: Mapping[str, str | None], need_id: str, day: str, period: int, length: int, room: str = "") -> Lesson:
    need = case.need[need_id]
    return Lesson(need.id, need.school, need.rombels, need.subject, teaching.get(need_id), day, period, length, room)


def recorded(case: Case, made: Plan, former: Plan | None = None) -> Plan:
    """The plan with the numbers that the checker recomputes from its decisions, every level proved."""
    counted = counted_jtm(Reading(case, made))
    made = replace(made, duties=tuple(replace(row, counted_jtm=counted.get(index, row.counted_jtm)) for index, row in enumerate(made.duties)))
    report = check(case, made, former)
    levels = tuple(Level(name, value, value, True) for name, value in report.levels.items())
    return replace(made, levels=levels, teachers=report.loads)


def reassigned(case: Case, made: Plan, need_id: str, teacher: str | None) -> Plan:
    """One step: a need gets another teacher (its lessons too)."""
    return recorded(
        case,
        replace(
            made,
            assignments=tuple(replace(row, teacher=teacher) if row.need == need_id else row for row in made.assignments),
            lessons=tuple(replace(row, teacher=teacher) if row.need == need_id else row for row in made.lessons),
        ),
    )


def with_duty(case: Case, made: Plan, duty: str, unit: str, teacher: str, school: str = build.HOME) -> Plan:
    """One step: one more unit of a duty is held."""
    return recorded(case, replace(made, duties=(*made.duties, holding(case, duty, unit, teacher, school))))


def with_lesson(case: Case, made: Plan, index: int, **changed: Any) -> Plan:
    """One step: a lesson is changed."""
    lessons = list(made.lessons)
    lessons[index] = replace(lessons[index], **changed)
    return recorded(case, replace(made, lessons=tuple(lessons)))


def assert_good(case: Case, made: Plan, former: Plan | None = None) -> Report:
    report = check(case, made, former)
    assert report.violations == ()
    return report


def assert_only(rule: str, case: Case, made: Plan, former: Plan | None = None) -> Violation:
    """The plan breaks this rule once and nothing else; the sentence can be said in both languages."""
    violations = check(case, made, former).violations
    assert [violation.rule for violation in violations] == [rule], violations
    assert all(Text(lang).say(f"rules.{rule}", **violations[0].facts) for lang in ("id", "en"))
    return violations[0]


def assert_falls_short(target: str, case: Case, made: Plan) -> Violation:
    """The plan stands, and misses this target once and no other."""
    shortfalls = assert_good(case, made).shortfalls
    assert [shortfall.rule for shortfall in shortfalls] == [target], shortfalls
    assert all(Text(lang).say(f"rules.{target}", **shortfalls[0].facts) for lang in ("id", "en"))
    return shortfalls[0]


def assert_reaches_all_targets(case: Case, made: Plan) -> None:
    assert assert_good(case, made).shortfalls == ()
