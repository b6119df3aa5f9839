"""What ``policies`` prints: the rulesets, and every number of one with article, source and how sure we are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from scheduler.cli.show import headings, table
from scheduler.policy.describe import CurriculumSummary, NumberRow, PolicyDescription, PolicySummary
from scheduler.policy.schema import DutyHolding, DutyRule, Linearity, LinearityRow, OutsidePattern, Policy, RombelStep, Source
from scheduler.report.text import Text


def policies_lines(text: Text, policies: Sequence[PolicySummary]) -> Iterator[str]:
    rows = []
    for policy in policies:
        title = title_of(text, policy)
        rows.append((policy.id, text.say("cli.default_mark", title=title) if policy.default else title, policy.in_force, policy.unverified))
    yield from table(headings(text, "id", "title", "in_force", "unverified"), rows)
    yield ""
    yield text.say("cli.policies_hint")


def policies_data(policies: Sequence[PolicySummary]) -> Mapping[str, Any]:
    return {"policies": [asdict(policy) for policy in policies]}


def title_of(text: Text, titled: Policy | PolicySummary) -> str:
    return titled.title_en if text.lang == "en" and titled.title_en else titled.title


def policy_lines(text: Text, described: PolicyDescription) -> Iterator[str]:
    """The ruleset as a list: each number with its meaning, article and source below it."""
    policy = described.policy
    yield f"{policy.id}: {title_of(text, policy)}"
    yield policy.in_force
    yield from (f"  {basis}" for basis in policy.legal_basis)
    yield from section(text, "numbers", (line for row in described.numbers for line in number_lines(text, row)))
    derived = (f"  {row.value} = {row.formula}: {text.say(f'policy.{row.key}')}" for row in described.derived)
    yield from section(text, "derived", derived)
    yield from section(text, "duties", (line for duty in described.duties for line in duty_lines(text, duty)))
    if described.patterns:
        yield from section(text, "patterns", (line for pattern in described.patterns for line in pattern_lines(text, pattern)))
    yield from section(text, "linearity_title", linearity_lines(text, described.linearity))
    yield from section(text, "curricula", (line for curriculum in described.curricula for line in curriculum_lines(text, curriculum)))
    yield ""
    yield text.say("cli.confidence_hint")


def section(text: Text, key: str, lines: Iterator[str] | Sequence[str]) -> Iterator[str]:
    yield ""
    yield text.say(f"cli.law_{key}")
    yield from lines


def number_lines(text: Text, row: NumberRow) -> Iterator[str]:
    yield f"  {row.key} = {value_of(text, row)}  [{mark_of(text, row.source)}]"
    yield f"      {text.say(f'policy.{row.key}')}"
    if row.source.overridden:
        own, _, rest = row.source.note.partition("; ")
        yield "      " + text.say("cli.law_own_value", value=own)
        yield from source_lines(replace(row.source, note=rest))
    else:
        yield from source_lines(row.source)


def value_of(text: Text, row: NumberRow) -> str:
    if row.value is None:
        return text.say("cli.no_rule")
    if isinstance(row.value, bool):
        return text.say("cli.yes" if row.value else "cli.no")
    return str(row.value)


def mark_of(text: Text, source: Source) -> str:
    """The confidence; a number that the user replaced has none."""
    return text.say("cli.law_overridden") if source.overridden else str(source.confidence)


def source_lines(source: Source) -> Iterator[str]:
    yield from (f"      {part}" for part in (source.article, source.source, source.note) if part)


def duty_lines(text: Text, duty: DutyRule) -> Iterator[str]:
    name = duty.name_en if text.lang == "en" and duty.name_en else duty.name
    holders = "; ".join(step_of(step) for step in duty.by_rombel) if duty.by_rombel else str(duty.per_unit)
    facts = {"duty": name, "jtm": duty.jtm, "holders": holders, "unit": text.say(f"cli.unit_{duty.unit}")}
    key = "law_personal_duty" if duty.holding is DutyHolding.PERSONAL else "law_duty"
    yield f"  {duty.id}: {text.say(f'cli.{key}', **facts)}  [{duty.source.confidence}/{duty.holders_source.confidence}]"
    yield from source_lines(duty.source)
    if duty.holders_source != duty.source:
        yield from source_lines(duty.holders_source)


def step_of(step: RombelStep) -> str:
    """``1-9: 1``, ``19+: 3``."""
    return f"{step.least}+: {step.count}" if step.most is None else f"{step.least}-{step.most}: {step.count}"


def pattern_lines(text: Text, pattern: OutsidePattern) -> Iterator[str]:
    surplus = text.say("cli.law_no_surplus") if pattern.no_surplus else ""
    facts = {"home": pattern.home_min_jtm, "duties": pattern.ttle_min_jtm, "surplus": surplus}
    yield f"  {pattern.id}: {text.say('cli.law_pattern', **facts)}  [{pattern.source.confidence}]"
    yield from source_lines(pattern.source)


def linearity_lines(text: Text, linearity: Linearity) -> Iterator[str]:
    """Every certificate with the subjects it is linear to, each with its confidence; then the rows that are not used."""
    facts = {"title": linearity.title, "rows": len(linearity.rows), "off": len(linearity.switched_off)}
    yield f"  {linearity.id}: {text.say('cli.law_linearity', **facts)}"
    yield from (f"    {line}" for line in linear_subjects(linearity.rows))
    if linearity.switched_off:
        yield "  " + text.say("cli.law_switched_off")
        yield from (f"    {line}" for line in linear_subjects(linearity.switched_off))


def linear_subjects(rows: Sequence[LinearityRow]) -> Iterator[str]:
    from scheduler.policy.load import load_certificates, load_subjects

    certificates, subjects = load_certificates(), load_subjects()
    for certificate in dict.fromkeys(row.certificate for row in rows):
        names = (f"{subjects[row.subject].name} [{row.source.confidence}]" for row in rows if row.certificate == certificate)
        yield f"{certificates[certificate].name}: {', '.join(names)}"


def curriculum_lines(text: Text, curriculum: CurriculumSummary) -> Iterator[str]:
    """The id for --curriculum, the title, and obligatory JP a week in each grade."""
    title = curriculum.title_en if text.lang == "en" and curriculum.title_en else curriculum.title
    weekly = ", ".join(text.say("cli.law_weekly_jp", grade=grade, jp=jp) for grade, jp in curriculum.weekly_jp.items())
    yield f"  {curriculum.id}: {title} ({weekly})"


def policy_data(described: PolicyDescription) -> Mapping[str, Any]:
    return asdict(described)
