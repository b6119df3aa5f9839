"""The members of a conflict as sentences: each one requirement, in the words of a school."""

from __future__ import annotations

from scheduler.domain.entities import Position
from scheduler.domain.explanation import Member
from scheduler.policy.case import GUIDANCE, Case
from scheduler.report.text import Text


def member_sentence(text: Text, case: Case, member: Member) -> str:
    """What one member asks for: ``conflicts.<rule>``, or the variant of it that fits the member."""
    return text.say(f"conflicts.{variant(text, case, member)}", **{**member.entities, **names(text, case, member), **member.facts})


def variant(text: Text, case: Case, member: Member) -> str:
    """The sentence's key: the rule's name, with what sets this member apart where that has a sentence of its own."""
    key = f"{member.rule}_{mark(case, member)}"
    return key if text.has(f"conflicts.{key}") else member.rule


def mark(case: Case, member: Member) -> str:
    """What sets a member apart from others of its rule: who the teacher is, or that nothing at all may stay open."""
    if "missing" in member.facts:
        return "alone"
    if "together" in member.facts:
        return "together"
    if member.rule == "minimum_hours":
        code = member.entities["teacher"]
        if case.is_counsellor(code):
            return case.policy.bk_unit.value
        return "principal" if case.teachers[code].position is Position.PRINCIPAL else ""
    if member.entities.get("subject") == GUIDANCE:
        return "guidance"
    if member.facts.get("locked"):
        return "locked"
    return "all" if 0 in (member.facts.get("jp"), member.facts.get("units")) else ""


def names(text: Text, case: Case, member: Member) -> dict[str, str]:
    """Names instead of codes: of the teacher (beside the code), the school, the subject and the duty."""
    found = {}
    entities = member.entities
    if "teacher" in entities:
        found["name"] = case.teachers[entities["teacher"]].name
    if entities.get("school") in case.schools:
        found["school"] = case.schools[entities["school"]].name
    if "subject" in entities:
        found["subject"] = next((subject.name for subject in case.instance.subjects if subject.id == entities["subject"]), entities["subject"])
    if member.rule == "week_rules":
        found["says"] = row_says(text, member, found)
    rule = case.policy.duty(entities.get("duty", ""))
    if rule is not None:
        found["duty"] = rule.name_en if text.lang == "en" and rule.name_en else rule.name
    return found


def row_says(text: Text, member: Member, named: dict[str, str]) -> str:
    """What a row of Aturan Jadwal asks for, and of whom: its class or teacher, or all of them."""
    entities, kind = member.entities, member.facts["kind"]
    of = next((entity for entity in ("teacher", "rombel", "school") if entity in entities), "everywhere" if "subject" in entities else "everybody")
    facts = {**entities, **named, **member.facts}
    timed = "_hour" if "period" in member.facts else ""
    return text.say(f"conflicts.row_{kind}{timed}", who=text.say(f"conflicts.row_of_{of}", **facts), **facts)
