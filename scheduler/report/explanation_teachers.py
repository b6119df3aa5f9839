"""The teachers' pages in words: what each has, why it is not enough, and what would help."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Final

from scheduler.domain.explanation import TeacherCase
from scheduler.report.explanation_proofs import ProofsTold
from scheduler.report.explanation_repairs import RepairsTold
from scheduler.report.explanation_rows import HeldLine, TaughtLine, TeacherPage
from scheduler.report.explanation_staffing import StaffingTold
from scheduler.report.loads import LoadRow, load_row
from scheduler.report.words import held_words, reasons_of, sum_of

MOST_PROOF_LINES: Final = 24
"""A proof of more lines would not leave a teacher's page on one sheet of paper."""

FEW_NAMES: Final = 4
"""More people than this are counted, not named, in the one sentence of the principal's page."""


class TeachersTold(ProofsTold, RepairsTold, StaffingTold):
    """The part Guru."""

    @cached_property
    def teachers(self) -> tuple[TeacherPage, ...]:
        """A page for everybody below the minimum, or for the one teacher who is asked about."""
        below = {found.teacher: found for found in self.explanation.teachers}
        codes = (self.only_teacher,) if self.only_teacher else below
        return tuple(self.teacher(code, below.get(code)) for code in codes if code in self.names.loads)

    def teacher(self, code: str, found: TeacherCase | None) -> TeacherPage:
        row, person = load_row(self.names, code), self.case.teachers[code]
        proof = self.proof_of.get(found.proof) if found else None
        conflict = next((c for c in self.explanation.conflicts if found and c.id == found.conflict), None)
        exception = self.exception_of.get(code)
        return TeacherPage(
            code=code,
            name=person.name,
            standing=row.standing,
            status=self.words.say(f"standing_{row.standing.value}"),
            facts=self.facts(code),
            hours=self.hours(row),
            sums=sum_of(self.words, row),
            remarks=self.remarks(row),
            taught=self.taught(code),
            held=self.held(code),
            why=self.reason(found) if found else self.say("reason_met"),
            proof=self.proof(proof, MOST_PROOF_LINES) if proof else None,
            conflict=self.conflict(conflict) if conflict else None,
            change=self.smallest_change(found) if found else "",
            change_effect=self.change_effect(found) if found else "",
            threshold=self.own_threshold(found) if found else "",
            replacement=self.could_replace(found) if found else "",
            exception=self.exception(exception) if exception else None,
            home=person.home,
            is_below=found is not None,
            place=self.words.place_and_date,
            sign_principal=self.say("sign_principal", school=self.names.school(person.home)),
            principal=self.words.principal(person.home),
        )

    def reason(self, found: TeacherCase) -> str:
        """Why this teacher stays below, in one sentence."""
        proof = self.proof_of.get(found.proof)
        if found.best_missing > 0 and found.best_jtm >= found.load.required_jtm:
            why = " ".join(self.remarks(load_row(self.names, found.teacher)))
            return self.say("reason_by_rule_proof" if proof else "reason_by_rule", why=why, proof=found.proof)
        if found.best_missing > 0:
            key = "reason_alone_proof" if proof else "reason_alone"
            return self.say(key, missing=found.best_missing, proof=found.proof)
        if proof is not None and len(proof.teachers) == 1:
            return self.say("reason_single", proof=proof.id)
        if proof is not None and proof.most_valid is not None:
            facts = {"most": proof.most_valid, "count": len(proof.teachers), "names": self.people(proof.teachers), "proof": proof.id}
            return self.say("reason_together" if len(proof.teachers) <= FEW_NAMES else "reason_together_many", **facts)
        if found.conflict:
            return self.say("reason_conflict", conflict=found.conflict)
        if found.could_replace:
            return self.say("reason_priority", names=self.people(found.could_replace))
        return self.say("reason_open")

    def remarks(self, row: LoadRow) -> tuple[str, ...]:
        """What is missing and what is not recognised; the exception has its own place."""
        return tuple(reasons_of(self.words, replace(row, load=replace(row.load, excepted=None))))

    def facts(self, code: str) -> tuple[tuple[str, str], ...]:
        """Who this is, as far as the workbook says it."""
        person = self.case.teachers[code]
        pairs = (
            ("fact_name", f"{person.name} ({code})"),
            ("fact_nip", person.nip),
            ("fact_nuptk", person.nuptk),
            ("fact_home", self.names.school(person.home)),
            ("fact_certificate", self.words.certificate(person)),
        )
        return tuple((self.say(key), value) for key, value in pairs if value)

    def hours(self, row: LoadRow) -> tuple[tuple[str, int], ...]:
        """The hours in the words of Info GTK."""
        values = (
            ("curriculum", row.curriculum_jp),
            ("dapodik", row.dapodik_jp),
            ("admitted", row.admitted_jp),
            ("linear", row.linear_jtm),
            ("main_duty", row.main_duty_jtm),
            ("other_duty", row.other_duty_jtm),
            ("guru_wali", row.guru_wali_jtm),
            ("recognised", row.recognised_jtm),
            ("required", row.required_jtm),
            ("missing", row.load.shortfall),
        )
        return tuple((self.say(f"hours_{key}"), value) for key, value in values)

    def taught(self, code: str) -> tuple[TaughtLine, ...]:
        """What the plan gives the teacher to teach, subject by subject and school by school."""
        found: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for row in self.explanation.assignments:
            if row.teacher == code:
                found.setdefault((row.subject, row.school), []).append(("+".join(row.rombels), row.jp))
        lines = []
        for (subject, school), classes in found.items():
            linear = self.say("linear" if self.case.is_linear(code, subject) else "not_linear")
            rombels = ", ".join(rombel for rombel, _ in classes if rombel) or self.words.say("dash")
            lines.append(TaughtLine(self.words.subject(subject), self.names.school(school), rombels, sum(jp for _, jp in classes), linear))
        outside = self.case.teachers[code].outside_jtm
        if outside:
            lines.append(TaughtLine(self.words.say("outside_hours"), self.words.say("dash"), self.words.say("dash"), outside, ""))
        return tuple(lines)

    def held(self, code: str) -> tuple[HeldLine, ...]:
        return tuple(
            HeldLine(held_words(self.words, row.duty, row.unit, row.school), row.jtm, row.counted_jtm)
            for row in self.explanation.duties
            if row.teacher == code
        )
