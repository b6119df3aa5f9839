"""What a conflict of the division of work names: a rule about an entity, with the numbers of its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.cp.builder import Entity
from scheduler.domain.entities import Position
from scheduler.domain.explanation import Member
from scheduler.workload.scope import Scope

Key = tuple[str, Entity]
"""(rule, entities): one switch of the model."""

FIRST = ("minimum_hours", "home_school_minimum", "one_teacher_per_need")
LAST = ("needs_covered", "duties_filled")

Facts = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a better number of valid teachers may not worsen: JP of required needs and units of posts that stay open, and, where the file puts it
    first, the JTM that all counted teachers miss together. None = nothing is asked."""

    uncovered: int | None = None
    unfilled: int | None = None
    shortfall: int | None = None


def place_of(key: Key) -> int:
    """Where a member stands in a conflict: teachers and their minimum first, then the subjects, then other rules, coverage last."""
    rule = key[0]
    return FIRST.index(rule) if rule in FIRST else len(FIRST) + (LAST.index(rule) + 1 if rule in LAST else 0)


def member(scope: Scope, coverage: Coverage, key: Key) -> Member:
    """The member in the rule's own name, its numbers from the file and the ruleset."""
    rule, entities = key[0], dict(key[1])
    teacher, school = entities.get("teacher", ""), entities.get("school", "")
    case, policy = scope.case, scope.case.policy
    if rule == "one_teacher_per_need":
        return Member(rule, entities, subject_facts(scope, school, entities["subject"]))
    if rule in ("duty_holders", "duty_max_per_teacher"):
        return Member(rule, entities, duty_facts(scope, rule, entities))
    numbers: dict[str, dict[str, int | None]] = {
        "max_jtm": {"most": case.max_jp(teacher) if teacher else None},
        "min_jp_wanted": {"least": case.teachers[teacher].min_jp if teacher else None},
        "one_main_duty": {"most": policy.ttu_max_per_teacher},
        "partner_floor": {"least": scope.floors.get(school)},
        "home_school_minimum": {"least": policy.home_min_jtm},
        "minimum_hours": {"least": required(scope, teacher) if teacher else None, "together": None if teacher else coverage.shortfall},
        "needs_covered": {"jp": coverage.uncovered},
        "duties_filled": {"units": coverage.unfilled},
    }
    return Member(rule, entities, {name: value for name, value in numbers[rule].items() if value is not None})


def required(scope: Scope, t: str) -> int:
    """What the ruleset asks of the teacher: JTM, real JTM of a definitive principal, rombels (or pupils) of a guru BK."""
    policy = scope.case.policy
    if scope.case.is_counsellor(t):
        return policy.bk_min
    return policy.principal_min_real_jtm if scope.case.teachers[t].position is Position.PRINCIPAL else policy.min_jtm


def subject_facts(scope: Scope, school: str, subject: str) -> Facts:
    """Classes and JP of a subject at a school; what is locked to one teacher is not among them."""
    needs = [need for group in scope.groups for need in group.needs if (need.school, need.subject) == (school, subject)]
    return {"classes": len(needs), "jp": sum(need.jp for need in needs)}


def duty_facts(scope: Scope, rule: str, entities: Mapping[str, str]) -> Facts:
    post = next(post for post in scope.posts if post.duty == entities["duty"] and post.school == entities.get("school", post.school))
    return {"most": post.maximum if rule == "duty_holders" else post.rule.max_per_teacher or 0}
