"""Units of a duty that the ruleset recognises: those pinned to somebody first, then the free ones up to the quota."""

from __future__ import annotations

from scheduler.policy.case import DutyPost


def counting_pins(post: DutyPost) -> tuple[str, ...]:
    """Holders of the pins whose unit the ruleset recognises."""
    return tuple(holder for unit, holder in post.pinned if unit not in post.unrecognised)


def pins_of(post: DutyPost, t: str) -> int:
    return min(post.quota, counting_pins(post).count(t))


def free_units(post: DutyPost) -> int:
    """Units that count and are not pinned: pinned ones are recognised first."""
    return max(0, min(post.quota - len(counting_pins(post)), post.maximum - len(post.pinned)))


def most_units(post: DutyPost, t: str) -> int:
    """Most units of the post that one teacher can hold and have recognised."""
    most = pins_of(post, t) + free_units(post)
    return most if post.rule.max_per_teacher is None else min(most, max(post.rule.max_per_teacher, pins_of(post, t)))
