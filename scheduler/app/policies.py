"""``policies``: the rulesets that are shipped."""

from __future__ import annotations

from scheduler.policy.load import load_policy, policy_ids
from scheduler.policy.schema import Policy


def all_policies() -> tuple[Policy, ...]:
    """Every shipped ruleset, in the order of their ids."""
    return tuple(load_policy(policy_id) for policy_id in policy_ids())
