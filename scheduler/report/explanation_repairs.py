"""Repairs, thresholds and replacements in words: what would help, for all and for one teacher."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from scheduler.domain.explanation import Repair, TeacherCase, Threshold
from scheduler.report.explanation_base import Told
from scheduler.report.explanation_rows import RepairRow, ThresholdRow
from scheduler.report.repairs import repair_sentence

BEST_REPAIRS: Final = 3
"""How many repairs stand on the principal's page; all of them stand in their own part."""


class RepairsTold(Told):
    """The part Perbaikan, and what of it concerns one teacher."""

    @cached_property
    def repairs(self) -> tuple[RepairRow, ...]:
        return tuple(self.repair(repair) for repair in self.explanation.repairs)

    @property
    def best_repairs(self) -> tuple[RepairRow, ...]:
        return tuple(self.repair(repair, brief=True) for repair in self.explanation.repairs[:BEST_REPAIRS])

    @property
    def no_repairs(self) -> str:
        return self.say("no_repairs_in_time" if "repairs" in self.explanation.unfinished else "no_repairs")

    def repair(self, repair: Repair, brief: bool = False) -> RepairRow:
        return RepairRow(
            number=repair.number,
            what=repair_sentence(self.text, self.case, repair, brief),
            price=repair.price,
            gains=self.people(repair.becomes_valid),
            loses=self.people(repair.loses),
            valid=self.change(repair.valid_before, repair.valid_after),
            shortfall=self.change(repair.shortfall_before, repair.shortfall_after),
            uncovered=self.change(repair.uncovered_before, repair.uncovered_after),
            proved=self.say("repair_proved" if repair.proved else "repair_not_proved"),
            mark=self.say("unverified") if repair.unverified else "",
        )

    @cached_property
    def thresholds(self) -> tuple[ThresholdRow, ...]:
        return tuple(self.threshold(row) for row in self.explanation.thresholds)

    def threshold(self, row: Threshold) -> ThresholdRow:
        jtm = self.say("threshold_none") if row.min_jtm is None else self.say("jtm", jtm=row.min_jtm)
        proved = self.say("proved" if row.proved else "not_proved")
        return ThresholdRow(self.threshold_who(row), jtm, proved)

    def threshold_who(self, row: Threshold) -> str:
        return self.say("threshold_all") if row.below == 0 else self.say("threshold_but", below=row.below)

    @property
    def threshold_line(self) -> str:
        """The thresholds in one sentence: for each minimum the fewest who stay below it, up to the ruleset's own."""
        fewest: dict[int, Threshold] = {}
        for row in self.explanation.thresholds:
            if row.min_jtm is not None:
                fewest.setdefault(row.min_jtm, row)
        rows = [row for jtm, row in fewest.items() if jtm <= self.case.policy.min_jtm]
        if all(row.min_jtm == self.case.policy.min_jtm for row in rows):
            return ""
        keys = ["threshold_part" if row.proved else "threshold_part_open" for row in rows]
        parts = [self.say(key, who=self.threshold_who(row), jtm=row.min_jtm) for key, row in zip(keys, rows, strict=True)]
        line = self.say("threshold_line", parts="; ".join(parts))
        return line if all(row.proved for row in rows) else f"{line} {self.say('threshold_open_note')}"

    @cached_property
    def replacements(self) -> tuple[str, ...]:
        """Who could be valid in place of whom."""
        rows = self.explanation.replacements
        return tuple(self.say("replacement", teacher=self.words.teacher(row.teacher), instead=self.people(row.instead)) for row in rows)

    # --- one teacher ---------------------------------------------------------------------------------------------------------------------

    def smallest_change(self, found: TeacherCase) -> str:
        """What is the least that makes this teacher valid."""
        change = self.change_of(found)
        if change is not None:
            return repair_sentence(self.text, self.case, change)
        return self.say("change_unfinished" if "repairs" in self.explanation.unfinished else "change_none")

    def change_effect(self, found: TeacherCase) -> str:
        change = self.change_of(found)
        if change is None:
            return ""
        ranked = any(repair.number == change.number and repair.kind == change.kind for repair in self.explanation.repairs)
        facts = {"number": change.number, "price": change.price, "valid": self.change(change.valid_before, change.valid_after)}
        words = [self.say("change_effect" if ranked else "change_effect_unranked", **facts)]
        if change.loses:
            words.append(self.say("change_loses", names=self.people(change.loses)))
        if change.unverified:
            words.append(self.say("change_unverified"))
        return " ".join(words)

    def change_of(self, found: TeacherCase) -> Repair | None:
        ranked = next((repair for repair in self.explanation.repairs if repair.number == found.repair), None)
        return found.smallest_change or ranked

    def own_threshold(self, found: TeacherCase) -> str:
        if found.own_threshold is None:
            return self.say("own_threshold_unfinished") if "thresholds" in self.explanation.unfinished else self.say("own_threshold_none")
        return self.say("own_threshold", jtm=found.own_threshold, minimum=self.case.policy.min_jtm)

    def could_replace(self, found: TeacherCase) -> str:
        if not found.could_replace:
            return ""
        return self.say("could_replace", teacher=self.words.teacher(found.teacher), names=self.people(found.could_replace))
