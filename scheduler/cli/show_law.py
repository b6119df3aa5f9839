"""What ``policies`` prints: the rulesets, and every number of one with article, source and how sure we are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from scheduler.cli.show import headings, table
from scheduler.domain.instance import Settings
from scheduler.policy.schema import Policy, RombelStep
from scheduler.report.law import LawPart, LawRow, policy_rows
from scheduler.report.text import Text


def policies_lines(text: Text, policies: Sequence[Policy]) -> Iterator[str]:
    default = Settings().policy
    rows = []
    for policy in policies:
        title = title_of(text, policy)
        rows.append((policy.id, text.say("cli.default_mark", title=title) if policy.id == default else title, policy.in_force))
    yield from table(headings(text, "id", "title", "in_force"), rows)
    yield ""
    yield text.say("cli.policies_hint")


def policies_data(policies: Sequence[Policy]) -> Mapping[str, Any]:
    return {"policies": [{"id": p.id, "title": p.title, "in_force": p.in_force, "default": p.id == Settings().policy} for p in policies]}


def title_of(text: Text, policy: Policy) -> str:
    return policy.title_en if text.lang == "en" and policy.title_en else policy.title


def policy_lines(text: Text, policy: Policy) -> Iterator[str]:
    yield f"{policy.id}: {title_of(text, policy)}"
    yield policy.in_force
    for basis in policy.legal_basis:
        yield f"  {basis}"
    yield ""
    rows = (
        (row_name(text, row), row_value(text, row), str(row.source.confidence), row.source.article, source_of(row)) for row in policy_rows(policy)
    )
    yield from table(headings(text, "key", "value", "confidence", "article", "source"), rows)
    yield ""
    yield text.say("cli.confidence_hint")


def row_name(text: Text, row: LawRow) -> str:
    """A number by the key that ``--set`` knows it by, a duty by its name."""
    if row.duty is None:
        return row.name
    key = "cli.duty_hours" if row.part is LawPart.DUTY_JTM else "cli.duty_holders"
    return text.say(key, duty=row.duty.name_en if text.lang == "en" and row.duty.name_en else row.duty.name)


def row_value(text: Text, row: LawRow) -> str:
    if row.part is LawPart.DUTY_HOLDERS and row.duty is not None and row.duty.by_rombel:
        return "; ".join(step_of(step) for step in row.duty.by_rombel)
    if row.value is None:
        return text.say("cli.no_rule")
    if isinstance(row.value, bool):
        return text.say("cli.yes" if row.value else "cli.no")
    return str(row.value)


def step_of(step: RombelStep) -> str:
    """``1-9: 1``, ``19+: 3``."""
    return f"{step.least}+: {step.count}" if step.most is None else f"{step.least}-{step.most}: {step.count}"


def source_of(row: LawRow) -> str:
    return ". ".join(part for part in (row.source.source, row.source.note) if part)


def policy_data(policy: Policy) -> Mapping[str, Any]:
    return asdict(policy)
