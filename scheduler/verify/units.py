"""Units of a duty as the checker counts them: those pinned to somebody are recognised first, up to the quota. Apart from ``counting.units``."""

from __future__ import annotations

from scheduler.domain.entities import Position
from scheduler.policy.case import Case, DutyPost
from scheduler.policy.schema import DutyKind


def recognised_holders(post: DutyPost) -> list[str]:
    return [holder for unit, holder in post.pinned if unit not in post.unrecognised]


def pins_of(post: DutyPost, t: str) -> int:
    return min(post.quota, recognised_holders(post).count(t))


def free_units(post: DutyPost) -> int:
    return max(0, min(post.quota - len(recognised_holders(post)), post.maximum - len(post.pinned)))


def free_for(post: DutyPost, t: str) -> int:
    """Free units that one teacher may have beside those pinned to him."""
    free, most = free_units(post), post.rule.max_per_teacher
    return free if most is None else min(free, max(0, most - pins_of(post, t)))


def most_units(post: DutyPost, t: str) -> int:
    return pins_of(post, t) + free_for(post, t)


def holds_main_duty(case: Case, t: str) -> bool:
    """Whether every plan gives the teacher a main duty that counts: a pin within the quota."""
    posts = [post for post in case.duty_posts if post.rule.kind is DutyKind.TTU]
    return any(pins_of(post, t) > 0 and len(recognised_holders(post)) <= post.quota for post in posts)


def may_take_main_duty(case: Case, t: str) -> bool:
    """Whether a main duty that is free may go to the teacher, who has none for certain."""
    if case.teachers[t].position is Position.PRINCIPAL or holds_main_duty(case, t):
        return False
    posts = [post for post in case.duty_posts if post.rule.kind is DutyKind.TTU]
    pins = sum(holder == t for post in posts for _, holder in post.pinned)
    return pins < case.policy.ttu_max_per_teacher or any(pins_of(post, t) > 0 for post in posts)
