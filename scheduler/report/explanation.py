"""The dossier (penjelasan) as worded rows: what the principal's page, the teachers' pages, the proofs and the repairs say, for every output alike.

The page in the browser (``report.html``) and the workbook (``report.excel.explanation``) only give these rows a form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from openpyxl import Workbook

from scheduler.domain.explanation import Basis, Conflict, ExceptionCase, Explanation, Largest, Repair, TeacherCase, Threshold
from scheduler.domain.plan import Plan, PlanStatus, Status
from scheduler.domain.proof import Assumption, Number, Proof
from scheduler.domain.rules import Part
from scheduler.policy.case import Case
from scheduler.policy.schema import Confidence, NeedRounding, Source
from scheduler.report.conflicts import member_sentence
from scheduler.report.excel.booklet import Booklet, held_words
from scheduler.report.excel.law import curriculum_words, law_name, law_value
from scheduler.report.excel.loads import reasons_of, sum_of
from scheduler.report.excel.summary import linearity_words
from scheduler.report.explanation_rows import (
    BelowRow,
    ConflictView,
    ExceptionView,
    GroupRow,
    HeldLine,
    NeedLine,
    ProofView,
    RepairRow,
    SourceRow,
    StaffingLine,
    TaughtLine,
    TeacherPage,
    ThresholdRow,
    Tile,
    Verdict,
)
from scheduler.report.law import curriculum_rows, linearity_rows
from scheduler.report.loads import LoadRow, load_row
from scheduler.report.names import Names
from scheduler.report.proofs import proof_lines
from scheduler.report.repairs import repair_sentence
from scheduler.report.staffing import SchoolStaffing, Staffing, StaffingRow
from scheduler.report.tables import Tables
from scheduler.report.text import Text

Places = Callable[[str], str]
"""From a path of the instance (``structure[3].intra_jp``) to what people call it (``Struktur!D5``)."""

BEST_REPAIRS: Final = 3
"""How many repairs stand on the principal's page; all of them stand in their own part."""

MOST_PROOF_LINES: Final = 24
"""A proof of more lines would not leave a teacher's page on one sheet of paper."""

FEW_NAMES: Final = 4
"""More people than this are counted, not named, in the one sentence of the principal's page."""


STAFFING_HEADS: Final = (
    "number", "subject", "jp_a_class", "classes", "total_jp", "exactly", "needed", "certified", "count", "others", "taught", "duties", "duty_jtm",
    "collective", "left", "to_reduce", "to_add", "remark",
)  # fmt: skip


@dataclass(frozen=True)
class Dossier:
    """All parts of the dossier in one language, each computed once."""

    case: Case
    explanation: Explanation
    places: Places
    text: Text
    only_teacher: str = ""

    @cached_property
    def booklet(self) -> Booklet:
        """The words that all papers share (school, term, names, sums), and the workbook where one is written."""
        made = self.explanation
        status = PlanStatus(made.status, made.week_status)
        plan = Plan(made.policy, made.instance_sha256, status, made.levels, made.assignments, made.duties, made.loads, partners=made.partners)
        return Booklet(Workbook(), Tables(self.case, plan), self.text)

    @property
    def names(self) -> Names:
        return self.booklet.names

    def say(self, key: str, /, **facts: object) -> str:
        """A sentence of ``explain.toml``."""
        return self.text.say(f"explain.{key}", **facts)

    def people(self, codes: Iterable[str]) -> str:
        return self.text.joined(self.booklet.teacher(code) for code in codes) or self.booklet.say("dash")

    def family(self, family: str) -> str:
        """A field's name: that of its first certificate."""
        members = (c for c in self.case.law.certificates.values() if c.family == family)
        first = next(members, None)
        return first.name if first else family

    # --- the verdict -----------------------------------------------------------------------------------------------------------------

    @property
    def has_plan(self) -> bool:
        return self.explanation.status in (Status.OPTIMAL, Status.FEASIBLE) and self.explanation.largest is not None

    @property
    def status_words(self) -> str:
        """Why there is nothing to show of a plan, "" where there is a plan."""
        if self.explanation.status is Status.INFEASIBLE:
            return self.say("status_impossible")
        return "" if self.has_plan else self.say("status_unknown")

    @cached_property
    def verdict(self) -> tuple[str, ...]:
        """How many are valid, how many can be, and how sure that is."""
        largest = self.explanation.largest
        if not self.has_plan or largest is None:
            return (self.status_words,)
        whole, facts = len(largest.teachers), {"value": largest.value, "whole": len(largest.teachers), "jtm": self.case.policy.min_jtm}
        if not largest.teachers:
            return (self.say("verdict_nobody"),)
        found = verdict_of(largest)
        words = [self.say(f"verdict_{found.value}", **facts)]
        if found is Verdict.COUNTED:
            words.append(self.say("basis_counting", proof=largest.proof) if largest.proof else self.say("basis_counting_sum"))
            words += [self.say("basis_also_search")] if set(largest.bases) & {Basis.SEARCH, Basis.SECOND_SEARCH} else []
        if found is Verdict.SEARCHED:
            words.append(self.say("basis_search_twice"))
        if found is Verdict.SEARCHED and largest.conflict:
            words.append(self.say("basis_conflict", conflict=largest.conflict))
        if found is Verdict.OPEN and largest.most is not None and largest.most < whole:
            words.append(self.say("verdict_open_most", most=largest.most))
        return (" ".join(words), *self.own_share)

    @property
    def own_share(self) -> tuple[str, ...]:
        """How many of the Sekolah Utama's own teachers are valid, where the file has others' too."""
        counted = [load for load in self.explanation.loads if load.counted]
        own = [load for load in counted if load.home_school == self.case.main_school]
        if not own or len(own) == len(counted):
            return ()
        facts = {"value": sum(load.met for load in own), "whole": len(own)}
        return (self.say("verdict_own", school=self.names.school(self.case.main_school), **facts),)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Whether the division of work has a week, what time cut short, and whether only one teacher is explained."""
        week = self.explanation.week_status
        words = [self.say("week_impossible")] if week is Status.INFEASIBLE else []
        parts = [self.say(f"part_{part}") if self.text.has(f"explain.part_{part}") else part for part in self.explanation.unfinished]
        words += [self.say("unfinished", parts=self.text.joined(parts))] if parts else []
        words += [self.say("one_teacher", name=self.booklet.teacher(self.only_teacher))] if self.only_teacher in self.case.teachers else []
        return tuple(words)

    @cached_property
    def tiles(self) -> tuple[Tile, ...]:
        largest = self.explanation.largest
        if not self.has_plan or largest is None or not largest.teachers:
            return ()
        found, whole = verdict_of(largest), len(largest.teachers)
        below = [load for load in self.explanation.loads if load.counted and not load.met]
        excepted = sum(load.excepted is not None for load in below)
        most = self.booklet.say("dash") if largest.most is None else str(largest.most)
        valid = "tile_valid_all_schools" if self.own_share else "tile_valid"
        return (
            Tile(self.say("tile_of", value=largest.value, whole=whole), self.say(valid), "good" if largest.value else "bad"),
            Tile(most, self.say(f"tile_most_{found.value}"), "warn" if found is Verdict.OPEN else "plain"),
            Tile(str(excepted), self.say("tile_excepted"), "warn" if excepted else "plain"),
            Tile(str(len(below) - excepted), self.say("tile_below"), "bad" if len(below) > excepted else "plain"),
        )

    @cached_property
    def groups(self) -> tuple[GroupRow, ...]:
        """Fields of several teachers in which somebody stays below; of a teacher alone the reason says it all."""
        shown = (row for row in self.explanation.groups if 1 < len(row.teachers) > row.value)
        return tuple(self.group(row) for row in shown if not row.school or self.is_own(row.school))

    def group(self, row: Largest) -> GroupRow:
        school = self.names.school(row.school) if row.school else self.say("several_schools")
        family = self.family(row.family) if row.family else self.people(row.teachers)
        most = self.booklet.say("dash") if row.most is None else str(row.most)
        facts = {"proof": row.proof or self.booklet.say("dash")}
        return GroupRow(school, family, row.value, len(row.teachers), most, self.say(f"group_{verdict_of(row).value}", **facts))

    # --- who stays below ---------------------------------------------------------------------------------------------------------------

    @cached_property
    def below(self) -> tuple[BelowRow, ...]:
        """Teachers of the Sekolah Utama, or of every school where there is none."""
        return tuple(self.below_row(found) for found in self.explanation.teachers if self.is_own(found.load.home_school))

    @cached_property
    def below_elsewhere(self) -> str:
        """Partner schools and how many of their teachers stay below, in one sentence."""
        homes = [found.load.home_school for found in self.explanation.teachers if not self.is_own(found.load.home_school)]
        counts = (self.say("school_count", school=self.names.school(npsn), count=homes.count(npsn)) for npsn in dict.fromkeys(homes))
        return self.say("below_elsewhere", schools=self.text.joined(counts)) if homes else ""

    def is_own(self, npsn: str) -> bool:
        return self.case.main_school in ("", npsn)

    def below_row(self, found: TeacherCase) -> BelowRow:
        reached = self.say("tile_of", value=found.load.recognised_jtm, whole=found.load.required_jtm)
        school = self.names.school(found.load.home_school)
        return BelowRow(found.teacher, self.booklet.teacher(found.teacher), school, reached, self.reason(found), self.exception_words(found))

    def reason(self, found: TeacherCase) -> str:
        """Why this teacher stays below, in one sentence."""
        proof = self.proof_of.get(found.proof)
        if found.best_missing > 0 and found.best_jtm >= found.load.required_jtm:
            why = " ".join(self.remarks(load_row(self.names, found.teacher)))
            return self.say("reason_by_rule_proof" if proof else "reason_by_rule", why=why, proof=found.proof)
        if found.best_missing > 0:
            key = "reason_alone_proof" if proof else "reason_alone"
            return self.say(key, best=found.best_jtm, missing=found.best_missing, proof=found.proof)
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

    def exception_words(self, found: TeacherCase) -> str:
        """Whether an exception covers the teacher, and which."""
        shown = self.exception_of.get(found.teacher)
        if shown is not None and shown.article:
            return self.say("excepted_article", article=shown.article)
        return self.say("excepted_yes" if shown is not None or found.load.excepted else "excepted_no")

    @cached_property
    def exception_of(self) -> Mapping[str, ExceptionCase]:
        return {row.teacher: row for row in self.explanation.exceptions}

    # --- proofs and conflicts ------------------------------------------------------------------------------------------------------------

    @cached_property
    def proof_of(self) -> Mapping[str, Proof]:
        return {proof.id: proof for proof in self.explanation.proofs}

    @cached_property
    def proofs(self) -> tuple[ProofView, ...]:
        return tuple(self.proof(proof) for proof in self.explanation.proofs)

    def proof(self, proof: Proof, most_lines: int | None = None) -> ProofView:
        """The proof in words; one of more than ``most_lines`` without the proofs that it stands on, which have their place among all proofs."""
        unverified = any(premise.confidence == Confidence.C for premise in premises_of(proof))
        claim, *lines = proof_lines(self.text, self.case, proof, self.places)
        title = claim if proof.id in claim else self.say("proof_claim", id=proof.id, claim=claim)
        if most_lines is not None and len(lines) > most_lines:
            pointer = self.say("proof_pointer", id=proof.id, part=self.say("sheet_proofs"))
            lines = [pointer, *(line for line in lines if not line.startswith(" "))]
        return ProofView(proof.id, title, tuple(lines), unverified)

    @cached_property
    def conflicts(self) -> tuple[ConflictView, ...]:
        return tuple(self.conflict(conflict) for conflict in self.explanation.conflicts)

    def conflict(self, conflict: Conflict) -> ConflictView:
        """A conflict as a list of requirements. Without two bases it is not called impossible."""
        sure = len(set(conflict.bases)) > 1 or Basis.COUNTING in conflict.bases
        alone = len(conflict.members) == 1
        lead = self.say(f"conflict_{'alone' if alone else conflict.part.value}" if sure else "conflict_open")
        basis = self.say("conflict_counted" if Basis.COUNTING in conflict.bases else "conflict_searched") if sure else ""
        size = self.say("conflict_minimal" if conflict.minimal else "conflict_not_minimal")
        notes = (basis,) if alone else (size, basis)
        members = tuple(member_sentence(self.text, self.case, member) for member in conflict.members)
        return ConflictView(conflict.id, lead, members, tuple(note for note in notes if note))

    # --- repairs, thresholds, replacements -------------------------------------------------------------------------------------------------

    @cached_property
    def repairs(self) -> tuple[RepairRow, ...]:
        return tuple(self.repair(repair) for repair in self.explanation.repairs)

    @property
    def reasons_for_none(self) -> tuple[tuple[ConflictView, ...], tuple[ProofView, ...]]:
        """Why there is no plan, or no week: the conflicts, and the proofs where there is no conflict."""
        made = self.explanation
        if Status.INFEASIBLE not in (made.status, made.week_status):
            return (), ()
        conflicts = [conflict for conflict in made.conflicts if made.status is Status.INFEASIBLE or conflict.part is Part.WEEK]
        proofs = [proof for proof in made.proofs if proof.most_valid is None]
        return tuple(map(self.conflict, conflicts)), () if conflicts else tuple(map(self.proof, proofs))

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

    def change(self, before: int, after: int) -> str:
        return self.say("from_to", before=before, after=after)

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
        return tuple(self.say("replacement", teacher=self.booklet.teacher(row.teacher), instead=self.people(row.instead)) for row in rows)

    # --- what to do next -------------------------------------------------------------------------------------------------------------------

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The principal's checklist, as far as each point applies."""
        made = self.explanation
        if made.status is Status.INFEASIBLE:
            return (self.say("step_impossible"), self.say("step_again"))
        if not self.has_plan:
            return (self.say("step_longer"),)
        excepted = [row.teacher for row in made.exceptions]
        uncovered = [row for row in made.teachers if row.teacher not in excepted and not row.load.excepted]
        steps = [self.say("step_impossible")] if made.week_status is Status.INFEASIBLE else []
        steps += [self.say("step_data")] if made.teachers else []
        if made.repairs:
            steps.append(self.say("step_repair"))
        if excepted:
            own = [code for code in excepted if self.is_own(self.case.teachers[code].home)]
            steps.append(self.say("step_exception", names=self.people(own or excepted)))
        if uncovered and not made.repairs:
            steps.append(self.say("step_dinas", names=self.people(row.teacher for row in uncovered)))
        if made.replacements:
            steps.append(self.say("step_priority"))
        if self.has_unverified:
            steps.append(self.say("step_unverified", part=self.say("sheet_sources")))
        if made.unfinished:
            steps.append(self.say("step_longer"))
        return (*steps, self.say("step_sign")) if made.teachers else tuple(steps) or (self.say("step_nothing"),)

    # --- the teachers' pages -----------------------------------------------------------------------------------------------------------------

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
            status=self.booklet.say(f"standing_{row.standing.value}"),
            facts=self.facts(code),
            hours=self.hours(row),
            sums=sum_of(self.booklet, row),
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
            place=self.booklet.place_and_date,
            sign_principal=self.say("sign_principal", school=self.names.school(person.home)),
            principal=self.booklet.principal(person.home),
        )

    def remarks(self, row: LoadRow) -> tuple[str, ...]:
        """What is missing and what is not recognised; the exception has its own place."""
        return tuple(reasons_of(self.booklet, replace(row, load=replace(row.load, excepted=None))))

    def facts(self, code: str) -> tuple[tuple[str, str], ...]:
        """Who this is, as far as the workbook says it."""
        person = self.case.teachers[code]
        pairs = (
            ("fact_name", f"{person.name} ({code})"),
            ("fact_nip", person.nip),
            ("fact_nuptk", person.nuptk),
            ("fact_home", self.names.school(person.home)),
            ("fact_certificate", self.booklet.certificate(person)),
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
            rombels = ", ".join(rombel for rombel, _ in classes if rombel) or self.booklet.say("dash")
            lines.append(TaughtLine(self.booklet.subject(subject), self.names.school(school), rombels, sum(jp for _, jp in classes), linear))
        outside = self.case.teachers[code].outside_jtm
        if outside:
            lines.append(TaughtLine(self.booklet.say("outside_hours"), self.booklet.say("dash"), self.booklet.say("dash"), outside, ""))
        return tuple(lines)

    def held(self, code: str) -> tuple[HeldLine, ...]:
        return tuple(
            HeldLine(held_words(self.booklet, row.duty, row.unit, row.school), row.jtm, row.counted_jtm)
            for row in self.explanation.duties
            if row.teacher == code
        )

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
        return self.say("could_replace", teacher=self.booklet.teacher(found.teacher), names=self.people(found.could_replace))

    # --- exceptions and the analysis of need -------------------------------------------------------------------------------------------------

    @cached_property
    def exceptions(self) -> tuple[ExceptionView, ...]:
        return tuple(self.exception(row) for row in self.explanation.exceptions)

    def exception(self, row: ExceptionCase) -> ExceptionView:
        lines = tuple(NeedLine(self.booklet.subject(line.subject), line.classes, line.jp, line.total) for line in row.rows)
        load = self.names.loads.get(row.teacher)
        reason = self.text.say(f"reasons.{row.reason}", bk_exempt_below_rombel=self.case.policy.bk_exempt_below_rombel) if load else ""
        return ExceptionView(
            teacher=self.booklet.teacher(row.teacher),
            title=self.say("exception_title", article=row.article) if row.article else self.say("exception_title_practice"),
            reason=reason,
            rows=lines,
            total=row.total,
            division=self.division(row) if lines else "",
            certified=self.say("exception_certified", names=self.people(row.certified), count=len(row.certified)) if row.certified else "",
            mark=self.say("unverified") if row.confidence == Confidence.C else "",
        )

    def division(self, row: ExceptionCase) -> str:
        """Σ JP × rombel / 24 and its rounding, in words."""
        how = self.say(f"rounding_{self.case.policy.need_rounding.value}")
        exactly = self.quotient(row.total, row.divisor)
        words = self.say("exception_division", total=row.total, divisor=row.divisor, exactly=exactly, how=how, needed=row.needed)
        return f"{words} {self.say('case_by_case')}" if self.is_case_by_case(row.total, row.divisor, row.needed) else words

    @cached_property
    def staffing(self) -> tuple[SchoolStaffing, ...]:
        return Staffing(self.names).schools

    def quotient(self, total: int, divisor: int) -> str:
        """``total / divisor`` with two decimals, halves up, as on paper: 15 : 24 = 0,63."""
        return self.text.number((200 * total + divisor) // (2 * divisor) / 100, 2)

    @property
    def staffing_heads(self) -> tuple[str, ...]:
        return tuple(self.say(f"head_{key}") for key in STAFFING_HEADS)

    @property
    def staffing_note(self) -> str:
        policy = self.case.policy
        return self.say("staffing_note", divisor=policy.min_jtm, how=self.say(f"rounding_{policy.need_rounding.value}"))

    def staffing_line(self, row: StaffingRow) -> StaffingLine:
        held: dict[str, list[str]] = {}
        for duty in row.held:
            held.setdefault(duty.teacher, []).append(held_words(self.booklet, duty.duty, duty.unit, duty.school))
        duties = "; ".join(f"{code}: {', '.join(words)}" for code, words in held.items())
        difference = len(row.certified) - row.needed
        return StaffingLine(
            subject=self.text.joined(self.booklet.subject(subject) for subject in row.subjects),
            jp_a_class=self.jp_a_class(row),
            classes=row.classes,
            total_jp=row.total_jp,
            exactly=self.quotient(row.total_jp, row.divisor_jtm),
            needed=row.needed,
            certified="; ".join(self.say("person", code=code, name=self.booklet.teacher(code)) for code in row.certified),
            count=len(row.certified),
            others="; ".join(self.say("person", code=code, name=self.booklet.teacher(code)) for code in row.others),
            taught_jtm=row.taught_jtm,
            duties=duties,
            duty_jtm=row.duty_jtm,
            collective_jtm=row.collective_jtm,
            left_jtm=row.left_jtm,
            to_reduce=row.to_reduce,
            to_add=row.to_add,
            remark=self.need_remark(row, difference),
        )

    def need_remark(self, row: StaffingRow, difference: int) -> str:
        words = self.say("need_fits" if difference == 0 else "need_more" if difference > 0 else "need_less", count=abs(difference))
        return words + self.say("case_by_case_mark") if self.is_case_by_case(row.total_jp, row.divisor_jtm, row.needed) else words

    def is_case_by_case(self, total: int, divisor: int, needed: int) -> bool:
        """Whether the SKB 2011 leaves the rounding up to a second teacher to be judged from case to case."""
        return self.case.policy.need_rounding is NeedRounding.SKB2011 and needed > 1 and total < needed * divisor

    @property
    def case_by_case_note(self) -> str:
        rows = (row for school in self.staffing for row in school.rows)
        return self.say("case_by_case") if any(self.is_case_by_case(row.total_jp, row.divisor_jtm, row.needed) for row in rows) else ""

    def jp_a_class(self, row: StaffingRow) -> str:
        """``5`` where every grade has as many, else ``VII 5, VIII 4``; of several subjects each with its code."""
        words = []
        for subject, grades in row.jp_by_grade.items():
            values = set(grades.values())
            hours = str(values.pop()) if len(values) == 1 else ", ".join(self.say("grade_jp", grade=grade, jp=jp) for grade, jp in grades.items())
            words.append(hours if len(row.jp_by_grade) == 1 else f"{self.names.subjects[subject].short} {hours}")
        return "; ".join(words)

    # --- sources -------------------------------------------------------------------------------------------------------------------------------

    @cached_property
    def sources(self) -> tuple[tuple[str, tuple[SourceRow, ...]], ...]:
        """(title, rows): the ruleset's numbers, the duties, the linearity and the curriculum, as far as this explanation stands on them."""
        say = self.booklet.say
        law = [row for row in self.booklet.tables.law if row.used or row.source.overridden or (row.source.article, row.source.source) in self.cited]
        numbers = tuple(SourceRow(law_name(self.booklet, row), law_value(self.booklet, row), row.source) for row in law if row.duty is None)
        duties = tuple(SourceRow(law_name(self.booklet, row), law_value(self.booklet, row), row.source) for row in law if row.duty is not None)
        linear = tuple(SourceRow(linearity_words(self.booklet, row), say("linear"), row.source) for row in linearity_rows(self.names))
        groups = [(say("law_numbers"), numbers), (say("law_duties"), duties)]
        groups.append((say("law_linearity", title=self.case.law.linearity.title), linear))
        uses = curriculum_rows(self.case.instance)
        for curriculum in dict.fromkeys(use.curriculum for use in uses):
            rows = tuple(SourceRow(*curriculum_words(self.booklet, use), use.source) for use in uses if use.curriculum == curriculum)
            groups.append((say("law_curriculum", curriculum=curriculum), rows))
        return tuple((title, rows) for title, rows in groups if rows)

    @property
    def policy_words(self) -> str:
        policy = self.case.policy
        title = policy.title_en if self.text.lang == "en" and policy.title_en else policy.title
        return self.booklet.say("policy_used", title=title, id=policy.id, linearity=self.case.law.linearity.title)

    @cached_property
    def cited(self) -> frozenset[tuple[str, str]]:
        """(article, source) of everything that a proof names."""
        premises = [premise for proof in self.explanation.proofs for premise in premises_of(proof)]
        return frozenset((premise.article, premise.source) for premise in premises if premise.article)

    @cached_property
    def has_unverified(self) -> bool:
        in_sources = any(is_doubtful(row.source) for _, rows in self.sources for row in rows)
        return in_sources or any(repair.unverified for repair in self.explanation.repairs)

    def confidence(self, source: Source | None) -> str:
        """How sure a number is, in words."""
        if source is None:
            return self.booklet.say("confidence_own")
        return self.booklet.say("confidence_overridden" if source.overridden else f"confidence_{source.confidence.value.lower()}")


def verdict_of(largest: Largest) -> Verdict:
    if largest.value == len(largest.teachers):
        return Verdict.ALL
    if not largest.proved:
        return Verdict.OPEN
    return Verdict.COUNTED if Basis.COUNTING in largest.bases else Verdict.SEARCHED


def is_doubtful(source: Source | None) -> bool:
    """Whether a number is to be marked: unverified, or replaced by the school."""
    return source is not None and (source.overridden or source.confidence is Confidence.C)


def premises_of(proof: Proof) -> Iterator[Number | Assumption]:
    """Every number and assumption of the proof and of those it stands on."""
    yield from proof.numbers
    yield from proof.assumptions
    for part in proof.parts:
        yield from premises_of(part)
