"""The names of all hard rules and targets, and how the models keep each.

One name carries the model, the checker, the sentence in both languages (``report/text/*/rules.toml``), the heading in docs/model.md and the
test file. ``tests/test_rule_twins.py`` holds the sets equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kept(StrEnum):
    """How a model keeps a rule."""

    POST = "post"
    """by a constraint"""
    FILTER = "filter"
    """illegal variables never exist"""
    TARGET = "target"
    """by an objective level: a breach is a Shortfall, the plan stands"""
    RECORD = "record"
    """by the checker alone: what a plan file says of itself must be what is recomputed from its decisions"""


class Part(StrEnum):
    WORKLOAD = "workload"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    part: Part
    kept: Kept


RULES: tuple[Rule, ...] = (
    Rule("one_teacher_per_need", Part.WORKLOAD, Kept.POST),
    Rule("qualified_teacher", Part.WORKLOAD, Kept.FILTER),
    Rule("active_teacher", Part.WORKLOAD, Kept.FILTER),
    Rule("max_jtm", Part.WORKLOAD, Kept.POST),
    Rule("min_jp_wanted", Part.WORKLOAD, Kept.POST),
    Rule("locked_assignment", Part.WORKLOAD, Kept.FILTER),
    Rule("forbidden_assignment", Part.WORKLOAD, Kept.FILTER),
    Rule("duty_holders", Part.WORKLOAD, Kept.POST),
    Rule("duty_at_home", Part.WORKLOAD, Kept.FILTER),
    Rule("duty_candidates", Part.WORKLOAD, Kept.FILTER),
    Rule("duty_pinned", Part.WORKLOAD, Kept.FILTER),
    Rule("duty_max_per_teacher", Part.WORKLOAD, Kept.POST),
    Rule("personal_duty", Part.WORKLOAD, Kept.FILTER),
    Rule("one_main_duty", Part.WORKLOAD, Kept.POST),
    Rule("partner_visit", Part.WORKLOAD, Kept.FILTER),
    Rule("partner_open_needs", Part.WORKLOAD, Kept.FILTER),
    Rule("partner_floor", Part.WORKLOAD, Kept.POST),
    Rule("needs_covered", Part.WORKLOAD, Kept.TARGET),
    Rule("duties_filled", Part.WORKLOAD, Kept.TARGET),
    Rule("minimum_hours", Part.WORKLOAD, Kept.TARGET),
    Rule("home_school_minimum", Part.WORKLOAD, Kept.TARGET),
    Rule("recorded_numbers", Part.WORKLOAD, Kept.RECORD),
    Rule("assign_times", Part.WEEK, Kept.POST),
    Rule("split_events", Part.WEEK, Kept.FILTER),
    Rule("avoid_clashes", Part.WEEK, Kept.POST),
    Rule("avoid_unavailable_times", Part.WEEK, Kept.FILTER),
    Rule("spread_events", Part.WEEK, Kept.POST),
    Rule("link_events", Part.WEEK, Kept.FILTER),
    Rule("one_change_of_school", Part.WEEK, Kept.POST),
    Rule("assign_resources", Part.WEEK, Kept.POST),
    Rule("week_rules", Part.WEEK, Kept.POST),
    Rule("limit_idle_times", Part.WEEK, Kept.TARGET),
    Rule("cluster_busy_times", Part.WEEK, Kept.TARGET),
    Rule("prefer_times", Part.WEEK, Kept.TARGET),
    Rule("week_wishes", Part.WEEK, Kept.TARGET),
)

RULE_NAMES: frozenset[str] = frozenset(rule.name for rule in RULES)
