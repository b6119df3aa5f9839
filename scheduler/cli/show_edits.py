"""What the commands print of a plan's workbook that was changed by hand, and the same as data for ``--json``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from scheduler.cli.show import opened_data, opened_lines, planned_data, planned_lines, problem_lines, violation_data
from scheduler.report.edits import EditWords, newly_short
from scheduler.report.text import Text

if TYPE_CHECKING:
    from scheduler.app.edits import Edited, EditsVerified
    from scheduler.app.keep import Clash, KeptPlan
    from scheduler.policy.case import Case


def words_of(text: Text, case: Case, edited: Edited) -> EditWords:
    return EditWords(case, text, edited.edits, edited.hour_places, edited.taught_places)


def edits_verified_lines(text: Text, verified: EditsVerified) -> Iterator[str]:
    """What was changed, what broke, who is worse off."""
    edited, case = verified.edited, verified.opened.case
    words = words_of(text, case, edited)
    yield from opened_lines(text, verified.opened)
    if not verified.same_instance:
        yield text.say("cli.other_instance", file=verified.opened.path)
    yield from read_lines(text, edited)
    yield from edit_lines(text, words)
    broken = verified.report.violations
    if broken:
        yield text.say("edits.broken_one" if len(broken) == 1 else "edits.broken", count=len(broken))
        yield from (f"  {words.violation(violation)}" for violation in broken)
    else:
        yield text.say("cli.verified")
    yield from worse_lines(text, words, verified)
    counted = [load for load in verified.report.loads if load.counted]
    yield text.say("cli.met", met=sum(load.met for load in counted), counted=len(counted))
    if edited.edits:
        yield text.say("edits.keep_hint", file=verified.opened.path, workbook=edited.path)


def read_lines(text: Text, edited: Edited) -> Iterator[str]:
    yield text.say("edits.read", file=edited.path)
    if edited.former is None:
        yield text.say("edits.without_plan")
    else:
        yield text.say("edits.with_plan", plan=edited.path.with_name("plan.json"))
    if edited.notes:
        yield text.say("cli.notes")
        yield from problem_lines(text, edited.notes)


def edit_lines(text: Text, words: EditWords) -> Iterator[str]:
    if not words.edits:
        yield text.say("edits.no_edits")
        return
    yield text.say("edits.edits", count=len(words.edits))
    yield from (f"  {words.edit(edit)}" for edit in words.edits)


def worse_lines(text: Text, words: EditWords, verified: EditsVerified) -> Iterator[str]:
    """Targets that are missed now, and teachers who reach the minimum now."""
    if verified.before is None:
        return
    worse = list(newly_short(verified.before.shortfalls, verified.report.shortfalls))
    if worse:
        yield text.say("edits.worse")
        yield from (f"  {words.violation(violation)}" for violation in worse)
    met = {load.teacher for load in verified.before.loads if load.met}
    better = [load.teacher for load in verified.report.loads if load.counted and load.met and load.teacher not in met]
    if better:
        yield text.say("edits.better")
        yield from (f"  {text.say('edits.now_met', teacher=words.spoken(teacher))}" for teacher in better)


def edits_verified_data(text: Text, verified: EditsVerified) -> Mapping[str, Any]:
    from dataclasses import asdict

    edited, words = verified.edited, words_of(text, verified.opened.case, verified.edited)
    before = verified.before.shortfalls if verified.before else verified.report.shortfalls
    copies = zip(edited.notes, problem_lines(text, edited.notes), strict=True)
    return {
        "exit_code": int(verified.exit),
        **opened_data(text, verified.opened),
        "same_instance": verified.same_instance,
        "former": None if edited.former is None else str(edited.path.with_name("plan.json")),
        "edits": edits_data(words),
        "copies": [{"place": note.place, "sentence": line.strip()} for note, line in copies],
        "violations": [{**violation_data(text, v), "cells": words.places(v), "sentence": words.violation(v)} for v in verified.report.violations],
        "worse": [{"rule": v.rule, "sentence": words.violation(v)} for v in newly_short(before, verified.report.shortfalls)],
        "levels": dict(verified.report.levels),
        "teachers": [asdict(load) for load in verified.report.loads],
    }


def edits_data(words: EditWords) -> list[Mapping[str, Any]]:
    from dataclasses import asdict

    return [{**asdict(edit), "sentence": words.edit(edit)} for edit in words.edits]


# --- plan --keep -------------------------------------------------------------------------------------------------------------------------------


def kept_lines(text: Text, kept: KeptPlan) -> Iterator[str]:
    """The edits, and the plan that keeps them; or which of them clash."""
    words = words_of(text, kept.planned.opened.case, kept.edited)
    if kept.clashes:
        yield from opened_lines(text, kept.planned.opened)
        yield from read_lines(text, kept.edited)
        for clash in kept.clashes:
            yield from clash_lines(text, words, clash)
        yield text.say("edits.nothing_written")
        return
    yield from read_lines(text, kept.edited)
    yield from edit_lines(text, words)
    if kept.planned.plan is not None:
        yield text.say("edits.kept", count=len(kept.edited.edits))
        counts = {"lessons": kept.lessons, "teachers": kept.teachers, "duties": kept.duties}
        yield text.say("edits.mended", **counts) if any(counts.values()) else text.say("edits.nothing_mended")
        yield ""
    yield from planned_lines(text, kept.planned, with_week=True)


def clash_lines(text: Text, words: EditWords, clash: Clash) -> Iterator[str]:
    key = "clash_edit" if len(clash.edits) == 1 else "clash_together" if clash.smallest else "clash_unknown"
    yield text.say(f"edits.{key}")
    yield from (f"  {words.edit(edit)}" for edit in clash.edits)
    if clash.reasons:
        yield "  " + text.say("edits.clash_why")
        yield from (f"    {words.violation(violation)}" for violation in clash.reasons)


def kept_data(text: Text, kept: KeptPlan) -> Mapping[str, Any]:
    words = words_of(text, kept.planned.opened.case, kept.edited)
    return {
        **planned_data(text, kept.planned),
        "edits": edits_data(words),
        "clashes": [
            {
                "edits": [words.edit(edit) for edit in clash.edits],
                "reasons": [words.violation(violation) for violation in clash.reasons],
                "smallest": clash.smallest,
            }
            for clash in kept.clashes
        ],
        "mended": {"lessons": kept.lessons, "teachers": kept.teachers, "duties": kept.duties},
    }
