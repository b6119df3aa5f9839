"""Repairs in words: what is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from scheduler.domain.explanation import Edit, Repair
from scheduler.policy.case import GUIDANCE, Case
from scheduler.report.text import Text

TOLD_TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    "partner_class": ("teacher", "school", "subject"),
    "partner_hours": ("teacher", "school", "subject"),
    "duty_post": ("school",),
    "extracurricular": ("school",),
}
"""Kinds of which several edits make one sentence where these facts are the same."""

MOST_TOLD_IN_BRIEF = 2
"""Where there is little room, more changes than these are only counted."""


def repair_sentence(text: Text, case: Case, repair: Repair, brief: bool = False) -> str:
    """What the repair changes: one sentence, or several numbered ones for several changes together; ``brief`` only counts many."""
    changes = [change_sentence(text, case, edits) for edits in changes_of(repair.edits)]
    if len(changes) == 1:
        return changes[0]
    if brief and len(changes) > MOST_TOLD_IN_BRIEF:
        return text.say("repairs.combination_in_brief", count=len(changes))
    parts = (text.say("repairs.part", number=number, change=change) for number, change in enumerate(changes, start=1))
    return text.say("repairs.combination", changes=" ".join(parts))


def changes_of(edits: Sequence[Edit]) -> list[list[Edit]]:
    """Edits that are told in one sentence, in the order of their first."""
    together: dict[tuple[object, ...], list[Edit]] = {}
    for place, edit in enumerate(edits):
        names = TOLD_TOGETHER.get(edit.kind)
        key = (edit.kind, place) if names is None else (edit.kind, *(edit.facts[name] for name in names))
        together.setdefault(key, []).append(edit)
    return list(together.values())


def change_sentence(text: Text, case: Case, edits: Sequence[Edit]) -> str:
    """One change, made by one edit or several alike."""
    first = edits[0]
    facts = {**named(text, case, first), "classes": len(edits), "clubs": len(edits), "way": way(text, case, first)}
    if first.kind in ("partner_class", "partner_hours"):
        facts["jp"] = sum(int(edit.facts["jp"]) for edit in edits)
        facts["rombels"] = ", ".join(str(edit.facts.get("rombel", "")) for edit in edits)
    if first.kind == "duty_post":
        facts["duties"] = text.joined(str(named(text, case, edit)["duty"]) for edit in edits)
    if first.kind == "minimum":
        facts["now"] = int(first.facts["min_jtm"]) + int(first.facts["jtm"])
    return text.say(f"repairs.{sentence_of(first)}", **facts)


def sentence_of(edit: Edit) -> str:
    """Key of the sentence: that of the kind, or of a special case of it."""
    if edit.kind == "partner_class" and edit.facts["subject"] == GUIDANCE:
        return "partner_class_guidance"
    return "rombel_more_new_pupils" if edit.kind == "rombel_more" and edit.facts.get("new_pupils") else edit.kind


def teachers(text: Text, case: Case, codes: Iterable[str]) -> str:
    return text.joined(text.say("repairs.teacher", name=case.teachers[code].name, code=code) for code in codes)


def named(text: Text, case: Case, edit: Edit) -> dict[str, object]:
    """The facts of an edit with names in the place of ids."""
    facts: dict[str, object] = dict(edit.facts)
    if "teacher" in facts:
        facts["teacher"] = teachers(text, case, (str(edit.facts["teacher"]),))
    if "school" in facts:
        npsn = str(edit.facts["school"])
        facts["school"] = case.schools[npsn].name if npsn in case.schools else npsn
    if "subject" in facts:
        subject = str(edit.facts["subject"])
        facts["subject"] = next((known.name for known in case.instance.subjects if known.id == subject), subject)
    if "duty" in facts:
        rule = case.policy.duty(str(edit.facts["duty"]))
        if rule is not None:
            facts["duty"] = rule.name_en if text.lang == "en" and rule.name_en else rule.name
    return facts


def way(text: Text, case: Case, edit: Edit) -> str:
    """Km and minutes of one way, as far as they are known."""
    if "teacher" not in edit.facts or "school" not in edit.facts:
        return ""
    home, npsn = case.teachers[str(edit.facts["teacher"])].home, str(edit.facts["school"])
    km, minutes = case.distance_km(home, npsn), case.travel_minutes(home, npsn)
    if km is None and minutes is None:
        return ""
    key = "way_km" if minutes is None else "way_minutes" if km is None else "way_km_minutes"
    return text.say(f"repairs.{key}", km="" if km is None else text.number(km), minutes=minutes)
