"""Proofs of what counting finds impossible, and of what the slots of the week bound: each a few sums that anyone can follow.

The sums of who can be valid stand in ``counting.proofs``; these here are about classes, times, and the hours of one person. What they share is in
``finding_proof_sums``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from scheduler.counting.finding import Finding
from scheduler.counting.finding_proof_sums import FoundProofs
from scheduler.counting.finding_proofs_classes import class_blocks, class_hours, locked_blocks, long_lesson, room_hours
from scheduler.counting.finding_proofs_presence import of_all_classes, of_one_class, of_one_day
from scheduler.counting.finding_proofs_teachers import (
    locked_above_most,
    locked_days,
    locked_in_open_slots,
    pinned,
    two_at_once,
    wanted_above_all,
    wanted_between_classes,
    wanted_in_open_periods,
)
from scheduler.counting.week_count import WeekCount
from scheduler.domain.proof import Proof
from scheduler.policy.case import Case


def finding_proofs(case: Case, findings: Iterable[Finding]) -> tuple[Proof, ...]:
    """A proof of every hard finding that rests on a sum, and of the notes that bound the week; numbered in the order of the findings."""
    found = FoundProofs(WeekCount(case))
    built = (BUILDERS[finding.kind](found, finding) for finding in findings if finding.kind in BUILDERS)
    proofs = (proof for proof in built if proof is not None)
    return tuple(replace(proof, id=f"H{number:02}") for number, proof in enumerate(proofs, start=1))


BUILDERS: Mapping[str, Callable[[FoundProofs, Finding], Proof | None]] = {
    "class_hours_exceed_grid": class_hours,
    "lesson_longer_than_day": long_lesson,
    "class_blocks_exceed_days": class_blocks,
    "locked_blocks_exceed_open_periods": locked_blocks,
    "room_hours_exceed_rooms": room_hours,
    "locked_hours_exceed_open_slots": locked_in_open_slots,
    "locked_hours_exceed_maximum": locked_above_most,
    "minimum_jp_out_of_reach": wanted_above_all,
    "minimum_jp_exceeds_open_periods": wanted_in_open_periods,
    "minimum_jp_between_classes": wanted_between_classes,
    "locked_lessons_exceed_teacher_days": locked_days,
    "parallel_groups_one_teacher": two_at_once,
    "pinned_above_maximum": pinned,
    "pinned_too_often": pinned,
    "pinned_main_duties": pinned,
    "locked_lessons_without_teacher": of_all_classes,
    "too_few_teacher_hours": of_all_classes,
    "class_without_its_teachers": of_one_class,
    "too_few_teachers_present": of_one_day,
}
"""Findings that rest on a sum, and who builds the proof."""
