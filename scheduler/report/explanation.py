"""The dossier (penjelasan) as worded rows: what the principal's page, the teachers' pages, the proofs and the repairs say, for every output alike.

The page in the browser (``report.html``) and the workbook (``report.excel.explanation``) only give these rows a form. Each part has its module
(``explanation_proofs``, ``_repairs``, ``_staffing``, ``_teachers``, ``_sources``); this one joins them and words the principal's page.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from scheduler.counting.proofs import most_valid
from scheduler.domain.explanation import Basis, Largest, TeacherCase
from scheduler.domain.plan import Status
from scheduler.report.explanation_rows import BelowRow, GroupRow, Tile, Verdict
from scheduler.report.explanation_sources import SourcesTold
from scheduler.report.explanation_teachers import TeachersTold


class Dossier(TeachersTold, SourcesTold):
    """All parts of the dossier in one language, each computed once; and the principal's page."""

    # --- the verdict ---------------------------------------------------------------------------------------------------------------------

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
            alone, together = self.say("basis_counting", proof=largest.proof), self.say("basis_counting_sum", sum=self.summed(largest))
            words.append(alone if largest.proof else together)
            words += [self.say("basis_also_search")] if set(largest.bases) & {Basis.SEARCH, Basis.SECOND_SEARCH} else []
        if found is Verdict.SEARCHED:
            words.append(self.say("basis_search_twice"))
        if found is Verdict.SEARCHED and largest.conflict:
            words.append(self.say("basis_conflict", conflict=largest.conflict))
        if found is Verdict.OPEN and largest.most is not None and largest.most < whole:
            words.append(self.say("verdict_open_most", most=largest.most))
        return (" ".join(words), *self.own_share)

    def summed(self, largest: Largest) -> str:
        """The proofs' claims put together: ``37 - 1 (B01) - 1 (B10) = 35``."""
        most, used = most_valid(self.explanation.proofs, largest.teachers)
        lost = {proof.id: len(proof.teachers) - (proof.most_valid or 0) for proof in self.explanation.proofs if proof.id in used}
        return f"{len(largest.teachers)} - {' - '.join(f'{lost[name]} ({name})' for name in used)} = {most}"

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
        words += [self.say("week_possible")] if week in (Status.OPTIMAL, Status.FEASIBLE) else []
        words += [self.say("reach_of_partners")] if self.own_share else []
        parts = [self.say(f"part_{part}") if self.text.has(f"explain.part_{part}") else part for part in self.explanation.unfinished]
        words += [self.say("unfinished", parts=self.text.joined(parts))] if parts else []
        words += [self.say("one_teacher", name=self.words.teacher(self.only_teacher))] if self.only_teacher in self.case.teachers else []
        return tuple(words)

    @cached_property
    def tiles(self) -> tuple[Tile, ...]:
        largest = self.explanation.largest
        if not self.has_plan or largest is None or not largest.teachers:
            return ()
        found, whole = verdict_of(largest), len(largest.teachers)
        below = [load for load in self.explanation.loads if load.counted and not load.met]
        excepted = sum(load.excepted is not None for load in below)
        most = self.words.say("dash") if largest.most is None else str(largest.most)
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
        rows = {replace(self.group(row), verdict=""): self.group(row) for row in shown if not row.school or self.is_own(row.school)}
        return tuple(rows.values())  # several proofs may say the same of a field; one of them is enough here

    def group(self, row: Largest) -> GroupRow:
        school = self.names.school(row.school) if row.school else self.say("several_schools")
        family = self.family(row.family) if row.family else self.people(row.teachers)
        most = self.words.say("dash") if row.most is None else str(row.most)
        facts = {"proof": row.proof or self.words.say("dash")}
        return GroupRow(school, family, row.value, len(row.teachers), most, self.say(f"group_{verdict_of(row).value}", **facts))

    def family(self, family: str) -> str:
        """A field's name: that of its first certificate."""
        members = (c for c in self.case.law.certificates.values() if c.family == family)
        first = next(members, None)
        return first.name if first else family

    # --- who stays below -----------------------------------------------------------------------------------------------------------------

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

    def below_row(self, found: TeacherCase) -> BelowRow:
        reached = self.say("tile_of", value=found.load.recognised_jtm, whole=found.load.required_jtm)
        school = self.names.school(found.load.home_school)
        return BelowRow(found.teacher, self.words.teacher(found.teacher), school, reached, self.reason(found), self.exception_words(found))

    def exception_words(self, found: TeacherCase) -> str:
        """Whether an exception covers the teacher, and which."""
        shown = self.exception_of.get(found.teacher)
        if shown is not None and shown.article:
            return self.say("excepted_article", article=shown.article)
        if not self.is_settled and not found.proof and not found.conflict:
            return self.say("excepted_unknown")
        return self.say("excepted_yes" if shown is not None or found.load.excepted else "excepted_no")

    @property
    def is_settled(self) -> bool:
        """Whether it is proved how many can be valid, so that the pages may be signed."""
        largest = self.explanation.largest
        return largest is not None and verdict_of(largest) is not Verdict.OPEN

    # --- what to do next -----------------------------------------------------------------------------------------------------------------

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
        if uncovered and not made.repairs and self.is_settled:
            steps.append(self.say("step_dinas", names=self.people(row.teacher for row in uncovered)))
        if made.replacements:
            steps.append(self.say("step_priority"))
        if self.has_unverified:
            steps.append(self.say("step_unverified", part=self.say("sheet_sources")))
        if made.unfinished:
            steps.append(self.say("step_longer"))
        return (*steps, *([self.say("step_sign")] if self.is_settled else [])) if made.teachers else tuple(steps) or (self.say("step_nothing"),)


def verdict_of(largest: Largest) -> Verdict:
    if largest.value == len(largest.teachers):
        return Verdict.ALL
    if not largest.proved:
        return Verdict.OPEN
    return Verdict.COUNTED if Basis.COUNTING in largest.bases else Verdict.SEARCHED
