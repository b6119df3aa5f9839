"""From a case to its Explanation: what the best plan reaches, why it is not more, and what would mend it.

Nothing is called impossible here on one word: a counting proof is re-checked by ``verify.proof``, a bound of the search by a second search with one
worker and other parameters. Where the second does not agree in time, the answer is "not proved".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from scheduler.counting.finding import Finding
from scheduler.counting.finding_proofs import finding_proofs
from scheduler.counting.proofs import explaining, most_valid, proofs_of
from scheduler.counting.staff import best_alone
from scheduler.counting.week import findings
from scheduler.cp.lexico import Budget
from scheduler.diagnose.candidates import Ground, OneTeacher, closed_to
from scheduler.diagnose.conflict import no_plan_conflicts, search_again, workload_conflicts
from scheduler.diagnose.exceptions import exception_cases
from scheduler.diagnose.prices import Prices, load_prices
from scheduler.diagnose.reach import Reached, reached
from scheduler.diagnose.repair import RepairSearch, repairs
from scheduler.diagnose.replacements import replacements
from scheduler.diagnose.second import confirmed
from scheduler.diagnose.thresholds import thresholds
from scheduler.diagnose.week import week_conflicts
from scheduler.domain.explanation import Basis, Conflict, Explanation, Largest, Replacement, TeacherCase
from scheduler.domain.plan import PartnerAlone, PolicyUsed, Status, TeacherLoad
from scheduler.domain.proof import Proof
from scheduler.domain.rules import Part
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent
from scheduler.formats.json import instance_sha256
from scheduler.policy.case import Case
from scheduler.timetable.solve import has_week
from scheduler.verify.proof import faults, premise_faults

LEVELS_BELOW = ("below_minimum", "below_minimum_partners")
REACH_SHARE, CONFLICT_SHARE, REPAIR_SHARE, REPLACEMENT_SHARE, THRESHOLD_SHARE, WEEK_SHARE = 0.4, 0.25, 0.65, 0.5, 0.8, 0.5
"""Parts of the time left, stage by stage: for the best plan, for each conflict, and for what follows it."""


def default_seconds(case: Case) -> float:
    """Time an explanation may take when the user says nothing: 25 s for up to 40 rombel, half a second more for each further one, at most 300 s."""
    return min(300.0, 25.0 + 0.5 * max(0, len(case.instance.rombels) - 40))


def explain(
    case: Case,
    options: SolveOptions,
    listener: Listener = silent,
    prices: Prices | None = None,
    conflicts: int = 1,
    only_teacher: str | None = None,
) -> Explanation:
    """Everything that can be said of who stays below the minimum.

    Parameters
    ----------
    options
        ``seconds`` bounds the whole; what was not finished is named in ``Explanation.unfinished``
    prices
        what a repair costs; the shipped table where None
    conflicts
        how many conflicts to look for where one is shown
    only_teacher
        explain this teacher alone (the repairs are those of all)

    Returns
    -------
    Explanation
        with ``status`` UNKNOWN nothing is claimed of the division of work; with INFEASIBLE its conflicts say why there is none
    """
    return Explaining(case, options, listener, prices or load_prices(None), conflicts, only_teacher).explanation()


@dataclass
class Explaining:
    """One explanation in the making: what is left of the time, and what has been found so far."""

    case: Case
    options: SolveOptions
    listener: Listener
    prices: Prices
    most_conflicts: int
    only_teacher: str | None
    conflicts: list[Conflict] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = Budget(self.options)

    def share(self, part: float) -> SolveOptions:
        """The options with a part of what is left of the limits."""
        return self.clock.part(part)

    def say(self, stage: str) -> None:
        self.listener(Progress(stage, seconds=self.clock.elapsed))

    # --- the whole ---------------------------------------------------------------------------------------------------------------------

    def explanation(self) -> Explanation:
        found = findings(self.case)
        self.proofs += self.rechecked(finding_proofs(self.case, found), ())
        empty = Explanation(PolicyUsed(self.case.policy.id, dict(self.case.policy.overrides), self.case.law.linearity.id), self.hash, Status.UNKNOWN)
        self.say("explain_reach")
        before = reached(self.case, self.share(REACH_SHARE), whole=True)
        if before.status is Status.INFEASIBLE:
            self.say("explain_conflicts")
            self.keep(no_plan_conflicts(self.case, before.plan.partners, self.share(1.0)))
            return self.with_lists(replace(empty, status=Status.INFEASIBLE))
        if before.status is Status.UNKNOWN:
            return self.with_lists(empty)
        self.say("explain_proofs")
        partners = before.plan.partners
        proofs = self.rechecked(proofs_of(self.case, partners), partners)
        self.proofs += proofs
        groups, reasons = self.groups_of(before, proofs)
        largest = self.largest(before, proofs)
        loads = tuple(self.load_of(before, load.teacher, reasons) for load in before.loads)
        search = self.search_repairs(before, proofs)
        exchanges, all_exchanges = replacements(self.case, before, self.share(REPLACEMENT_SHARE))
        self.note("replacements", all_exchanges)
        self.say("explain_thresholds")
        limits, own, all_limits = thresholds(self.case, before, self.share(THRESHOLD_SHARE))
        self.note("thresholds", all_limits)
        week = self.week_status(before, found)
        whole = replace(
            empty,
            status=before.status,
            levels=before.levels,
            largest=largest,
            groups=groups,
            teachers=tuple(self.teacher_case(before, code, reasons.get(code, ("", "")), search, exchanges, own) for code in self.below(before)),
            repairs=search.repairs,
            exceptions=exception_cases(self.case, loads),
            thresholds=limits,
            replacements=exchanges,
            loads=loads,
            assignments=before.plan.assignments,
            duties=before.plan.duties,
            partners=partners,
            week_status=week,
        )
        return self.with_lists(whole)

    def teacher_case(
        self,
        before: Reached,
        code: str,
        reason: tuple[str, str],
        search: RepairSearch,
        exchanges: Sequence[Replacement],
        own: Mapping[str, int | None],
    ) -> TeacherCase:
        """One teacher below the minimum; ``reason`` has the ids of the proof and of the conflict."""
        closed = closed_to(Ground(self.case, before), self.case.teachers[code])
        best = best_alone(OneTeacher(self.case, code, closed), code)
        return TeacherCase(
            teacher=code,
            load=self.load_of(before, code, {code: reason} if any(reason) else {}),
            best_jtm=best.recognised,
            best_missing=best.shortfall,
            proof=reason[0],
            conflict=reason[1],
            repair=next((repair.number for repair in search.repairs if code in repair.becomes_valid), None),
            smallest_change=search.by_teacher.get(code),
            own_threshold=own.get(code),
            could_replace=tuple(dict.fromkeys(peer for row in exchanges if row.teacher == code for peer in row.instead)),
        )

    def load_of(self, before: Reached, code: str, reasons: Mapping[str, tuple[str, str]]) -> TeacherLoad:
        """The load of a teacher. Nobody is called excepted of whom it is not known that nothing better is possible."""
        load = before.load[code]
        return load if before.proved or code in reasons else replace(load, excepted=None)

    @property
    def hash(self) -> str:
        return instance_sha256(self.case.instance)

    def with_lists(self, explanation: Explanation) -> Explanation:
        """The explanation with everything that was collected on the way."""
        return replace(explanation, proofs=tuple(self.proofs), conflicts=tuple(self.conflicts), unfinished=tuple(self.unfinished))

    def note(self, part: str, finished: bool) -> None:
        if not finished and part not in self.unfinished:
            self.unfinished.append(part)

    def below(self, before: Reached) -> tuple[str, ...]:
        """Counted teachers whom the plan leaves below the minimum and who are asked about, in the order of the sheet."""
        codes = [t for t in self.case.teachers if t in self.case.counted and t not in before.valid]
        return tuple(code for code in codes if self.only_teacher in (None, code))

    # --- how many, and why not more ------------------------------------------------------------------------------------------------------

    def rechecked(self, proofs: Iterable[Proof], partners: Sequence[PartnerAlone]) -> list[Proof]:
        """The proofs that the checker's own arithmetic confirms, and whose premises are the file's and the ruleset's; another one is not shown."""
        made = list(proofs)
        stand = [proof for proof in made if not faults(proof) and not premise_faults(self.case, partners, proof)]
        self.note("proofs", len(stand) == len(made))
        return stand

    def largest(self, before: Reached, proofs: Sequence[Proof]) -> Largest:
        """All counted teachers of the file: what the plan reaches, and the most there can be once lessons and duties are covered.

        In one-school mode the Sekolah Utama comes first; the most is then that of the main school and, this kept, of its partners.
        """
        counted = tuple(t for t in self.case.teachers if t in self.case.counted)
        value = len(before.valid)
        bounds = [level.bound for level in before.levels if level.name in LEVELS_BELOW]
        known = [bound for bound in bounds if bound is not None]
        most = len(counted) - sum(known) if len(known) == len(bounds) else None
        bases = []
        if most == value:
            bases.append(Basis.SEARCH)
        counting, used = most_valid(proofs, counted)
        if counting == value:
            bases.append(Basis.COUNTING)
        if most == value and len(bases) < 2 and self.found_again(before):
            bases.append(Basis.SECOND_SEARCH)
        proof = used[0] if counting == value and len(used) == 1 else ""
        proved = most == value and len(bases) > 1 and self.partners_known(before)
        return Largest("", "", counted, value, most, proved, tuple(bases), proof)

    def found_again(self, before: Reached) -> bool:
        """Whether a second search confirms every level that counts teachers below the minimum."""
        names = [level.name for level in before.levels if level.name in LEVELS_BELOW]
        return all(confirmed(self.case, before.plan.partners, before.levels, name, self.share(REACH_SHARE)) for name in names)

    def groups_of(self, before: Reached, proofs: Sequence[Proof]) -> tuple[tuple[Largest, ...], dict[str, tuple[str, str]]]:
        """For every teacher below the minimum a group of teachers that cannot all be valid, and the ids of the proof or the conflict that shows it.

        A counting proof that the plan reaches comes first. Where there is none, the valid teachers and this one are asked together, and the
        conflict names those of them who cannot be valid at once.
        """
        groups: dict[tuple[str, ...], Largest] = {}
        reasons: dict[str, tuple[str, str]] = {}
        for code in self.below(before):
            proof = explaining(proofs, code, before.valid)
            if proof is not None:
                reasons[code] = proof.id, ""
                if proof.teachers not in groups:
                    groups[proof.teachers] = self.counted_group(before, proof)
                continue
            self.say("explain_conflicts")
            wanted = [t for t in self.case.teachers if t in before.valid or t == code]
            found = self.keep(self.conflicts_of(before, wanted, code))
            if found:
                reasons[code] = "", found[0].id
                together = {member.entities.get("teacher") for member in found[0].members if member.rule == "minimum_hours"}
                teachers = tuple(t for t in wanted if t in together)
                if teachers not in groups:
                    groups[teachers] = self.searched_group(before, teachers, found[0])
        return tuple(groups.values()), reasons

    def counted_group(self, before: Reached, proof: Proof) -> Largest:
        """A group whose most is counted; a second search that finds one more impossible too makes it proved."""
        value = len(before.valid.intersection(proof.teachers))
        status = search_again(self.case, before.plan.partners, proof.teachers, value + 1, self.share(CONFLICT_SHARE))
        again = status is Status.INFEASIBLE
        bases = (Basis.COUNTING, Basis.SECOND_SEARCH) if again else (Basis.COUNTING,)
        proved = again and self.partners_known(before)
        return Largest(proof.school, proof.family, proof.teachers, value, proof.most_valid, proved, bases, proof.id)

    def searched_group(self, before: Reached, teachers: tuple[str, ...], conflict: Conflict) -> Largest:
        """A group of which a conflict says that not all can be valid."""
        value = len(before.valid.intersection(teachers))
        homes = {self.case.teachers[t].home for t in teachers}
        families = {self.case.family_of(t) for t in teachers}
        school, family = (next(iter(homes)) if len(homes) == 1 else ""), (next(iter(families)) if len(families) == 1 else "")
        proved = self.partners_known(before) and len(set(conflict.bases)) > 1
        return Largest(school, family, teachers, value, value, proved, conflict.bases, conflict=conflict.id)

    def partners_known(self, before: Reached) -> bool:
        """Whether every school's own optimum was known: what visitors may teach, and so every bound, rests on it."""
        known = all(partner.proved for partner in before.plan.partners)
        self.note("partners", known)
        return known

    def kept(self, before: Reached) -> tuple[int, int, int | None]:
        """What comes before the number valid: JP and units left open, and the missing JTM where the file puts them first."""
        return before.uncovered, before.unfilled, before.shortfall if self.case.instance.settings.shortfall_first else None

    def conflicts_of(self, before: Reached, wanted: Sequence[str], code: str) -> Iterator[Conflict]:
        share = self.share(CONFLICT_SHARE)
        return workload_conflicts(self.case, before.plan.partners, wanted, share, *self.kept(before), about=code)

    def keep(self, found: Iterable[Conflict]) -> list[Conflict]:
        """Take as many conflicts as were asked for, and number them; where there is none, time ended first."""
        taken = [replace(each, id=f"K{len(self.conflicts) + number:02}") for number, each in enumerate(islice(found, self.most_conflicts), start=1)]
        self.conflicts += taken
        self.note("conflicts", bool(taken))
        return taken

    # --- what would mend it, and the week ------------------------------------------------------------------------------------------------

    def search_repairs(self, before: Reached, proofs: Sequence[Proof]) -> RepairSearch:
        self.say("explain_repairs")
        search = repairs(self.case, before, proofs, self.share(REPAIR_SHARE), self.prices, self.listener)
        self.note("repairs", search.finished)
        return search

    def week_status(self, before: Reached, found: Sequence[Finding]) -> Status:
        """Whether this division of work has a week. That it has none is said only with a conflict that stands on two bases."""
        hard = any(finding.hard and finding.part is Part.WEEK for finding in found)
        if not self.case.instance.slots:
            return Status.UNKNOWN
        self.say("explain_week")
        assignments = before.plan.assignments
        status = Status.INFEASIBLE if hard else Status.UNKNOWN
        if not hard and not self.clock.is_used_up(1.0):
            status = has_week(self.case, assignments, self.share(WEEK_SHARE))
        if status is Status.INFEASIBLE:
            shown = self.keep(each for each in week_conflicts(self.case, assignments, self.share(1.0)) if len(set(each.bases)) > 1)
            status = Status.INFEASIBLE if shown else Status.UNKNOWN
        self.note("week", status is not Status.UNKNOWN)
        return status
