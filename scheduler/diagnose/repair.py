"""Repairs: changes that make somebody valid, each solved and checked before it is shown, ranked by the price table, none dominated."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from scheduler.cp.lanes import in_lanes, one_at_a_time
from scheduler.cp.lexico import Budget
from scheduler.diagnose import candidates_duties, candidates_hours, candidates_school
from scheduler.diagnose.candidates import Candidate, Ground, Series, closed_to, edited_case, missing_alone
from scheduler.diagnose.prices import Prices, frozen
from scheduler.diagnose.reach import Reached, reached
from scheduler.domain.explanation import Edit, Repair
from scheduler.domain.plan import Status
from scheduler.domain.proof import Proof
from scheduler.domain.solving import Listener, Progress, SolveOptions, silent
from scheduler.policy.case import Case

KINDS: Final[tuple[Callable[[Ground, str], Iterator[Series]], ...]] = (
    candidates_duties.posts,
    candidates_hours.kokurikuler,
    candidates_hours.own_limit,
    candidates_duties.clubs,
    candidates_duties.candidates,
    candidates_hours.consent,
    candidates_hours.partner_hours,
    candidates_hours.unverified_linearity,
    candidates_hours.partner_classes,
    candidates_hours.outside_hours,
    candidates_duties.rooms,
    candidates_school.rombels,
    candidates_school.moves,
    candidates_school.lower_minimum,
)

FURTHER_AMOUNTS = 2
"""So often a change that was not enough is tried with a larger amount."""

LONGEST_TRY = 0.6
"""Part of the time that one change may take, so that a hard one leaves time for the others."""

TWO_STEPS = 3
"""So many pairs of duties and hours are tried for a teacher."""

ALTERNATIVES = 2
"""Further changes that are tried for each teacher after the first that helps, while there is time."""


@dataclass(frozen=True, slots=True)
class RepairSearch:
    """``repairs`` are ranked, none of them dominated; ``by_teacher`` is the cheapest change found for each teacher below, even if dominated (its
    ``number`` is 0 then). ``finished``: time did not cut the search short."""

    repairs: tuple[Repair, ...]
    by_teacher: Mapping[str, Repair]
    finished: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A change that was solved: what it costs and what it reaches."""

    candidate: Candidate
    price: int
    after: Reached


def repairs(case: Case, before: Reached, proofs: Sequence[Proof], options: SolveOptions, prices: Prices, listener: Listener = silent) -> RepairSearch:
    """Search for changes that make teachers valid who are below the minimum.

    For each of them (the Sekolah Utama's first) the cheapest change by the price table, in the least amount that works; then all of those together.

    Parameters
    ----------
    before
        what the case reaches as it is (``reach.reached``)
    proofs
        counting proofs of the case as it is. They say who cannot be helped without a change; what each change leaves possible is counted anew for
        its teacher before anything is solved
    options
        ``seconds`` and ``stop`` bound the search: what was not tried by then is not shown
    """
    if not before.found:
        return RepairSearch((), {}, True)
    search = Search(Ground(case, before), options, prices, one_at_a_time(listener))
    search.run()
    return search.outcome()


class Search:
    """Tries candidates teacher by teacher and keeps everything that was solved; several lanes share one record."""

    def __init__(self, ground: Ground, options: SolveOptions, prices: Prices, listener: Listener) -> None:
        self.ground, self.options, self.prices, self.listener = ground, options, prices, listener
        self.clock = Budget(options)
        self.lock = threading.Lock()
        self.record: dict[Key, Tried | None] = {}
        self.forgotten: set[Key] = set()
        self.queues: dict[str, Queue] = {}
        self.cut_short = False

    def run(self) -> None:
        """The Sekolah Utama's teachers first, and everything about them; then those of partner schools."""
        case = self.ground.case
        own = [code for code in self.ground.below if not case.main_school or case.teachers[code].home == case.main_school]
        self.each(self.first_for, own)
        self.each(self.two_steps, own)
        self.combine(own)
        self.each(self.alternatives, own)
        others = [code for code in self.ground.below if code not in own]
        if others:
            self.each(self.first_for, others)
            self.combine([*own, *others])

    def each(self, search: Callable[[Queue], None], codes: Sequence[str]) -> None:
        """One kind of search for each teacher, several side by side; nothing is even prepared when the time is over."""

        def one(code: str) -> None:
            if self.is_over:
                self.cut_short = True
                return
            if code not in self.queues:
                self.queues[code] = Queue.of(self, code)
            search(self.queues[code])

        in_lanes(one, codes, self.options)

    # --- one teacher -------------------------------------------------------------------------------------------------------------------

    def first_for(self, queue: Queue) -> None:
        """Try changes from the cheapest on until one makes the teacher valid and is proved, in its least amount."""
        while (step := queue.next()) is not None:
            tried = self.tried(step.candidate)
            if not helps(tried, queue.code):
                queue.more(step)
                continue
            self.reduce(step, queue)
            if tried is not None and tried.after.proved:
                return

    def two_steps(self, queue: Queue) -> None:
        """Duties and hours together, for a teacher whom neither helps alone (or only what is not sure)."""
        helping = (tried for tried in self.known if queue.code in tried.after.valid)
        if any(not tried.candidate.unverified for tried in helping):
            return
        duties = list(candidates_duties.posts(self.ground, queue.code))
        hours = [*candidates_school.rombels(self.ground, queue.code), *candidates_hours.partner_classes(self.ground, queue.code)]
        pairs = [both(some, more.candidates[0]) for some in duties for more in hours]
        for series in sorted(pairs, key=lambda pair: self.prices.of(pair.candidates[-1].edits))[:TWO_STEPS]:
            step = Step(series, len(series.candidates) - 1)
            if queue.could_help(step.candidate) and helps(self.tried(step.candidate), queue.code):
                self.reduce(step, queue)
                return

    def reduce(self, step: Step, queue: Queue) -> None:
        """Smaller amounts of what helped, as long as they help; a larger one that makes nobody else valid is forgotten."""
        larger = self.tried(step.candidate)
        while step.index > 0:
            step = replace(step, index=step.index - 1)
            smaller = self.tried(step.candidate) if queue.could_help(step.candidate) else None
            if larger is None or smaller is None or queue.code not in smaller.after.valid:
                return
            if smaller.after.valid >= larger.after.valid:
                with self.lock:
                    self.forgotten.add(key_of(larger.candidate.edits))
            larger = smaller

    def alternatives(self, queue: Queue) -> None:
        """A few more changes for the same teacher: one of them may help others too."""
        for _ in range(ALTERNATIVES):
            step = queue.next()
            if step is None:
                return
            if helps(self.tried(step.candidate), queue.code):
                self.reduce(step, queue)

    # --- several together ----------------------------------------------------------------------------------------------------------------

    def combine(self, codes: Sequence[str]) -> None:
        """The cheapest repairs of these teachers together, without those by which somebody loses, and without those that help nobody any more.

        Side by side two changes may get in each other's way (both take the same hours): what a teacher's own change no longer brings is left out.
        """
        best = self.cheapest()
        helping = [code for code in codes if code in best and best[code].after.valid >= self.ground.before.valid]
        larger: Tried | None = None
        while len(parts := list({key_of(best[code].candidate.edits): best[code].candidate for code in helping}.values())) > 1:
            together = self.tried(combination(parts))
            if together is None:
                return
            if larger is not None and together.after.valid >= larger.after.valid:
                with self.lock:
                    self.forgotten.add(key_of(larger.candidate.edits))
            still = [code for code in helping if code in together.after.valid]
            if len(still) == len(helping):
                return
            helping, larger = still, together

    def cheapest(self) -> dict[str, Tried]:
        """For each teacher below the cheapest change known that makes the teacher valid."""
        known = self.known
        found = {code: next((tried for tried in known if code in tried.after.valid), None) for code in self.ground.below}
        return {code: tried for code, tried in found.items() if tried is not None}

    @property
    def known(self) -> list[Tried]:
        """Every change that helps somebody and whose numbers are proved, the cheapest first: what time cut short is promised to nobody."""
        helping = (tried for key, tried in self.record.items() if tried is not None and tried.after.proved and key not in self.forgotten)
        return sorted(helping, key=order)

    # --- solving -------------------------------------------------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        left = self.clock.seconds_left
        return self.options.stop.is_set() or (left is not None and left <= 0)

    def tried(self, candidate: Candidate) -> Tried | None:
        """The change solved and checked; None where it brings nobody over the minimum, or costs a required lesson or duty."""
        key = key_of(candidate.edits)
        with self.lock:
            if key in self.record:
                return self.record[key]
        if self.is_over:
            self.cut_short = True
            return None
        after = reached(edited_case(self.ground.case, candidate.edits), self.one_try())
        self.cut_short |= not after.proved and after.status is not Status.INFEASIBLE  # that a change leaves no plan is an answer
        new_posts = sum(edit.kind == "rombel_more" for edit in candidate.edits)
        tried = Tried(candidate, self.prices.of(candidate.edits), after) if is_gain(self.ground.before, after, new_posts) else None
        with self.lock:
            self.record[key] = tried
            found = sum(known is not None for known in self.record.values())
        self.listener(Progress("repairs", best=found, seconds=self.clock.elapsed))
        return tried

    def one_try(self) -> SolveOptions:
        left, whole = self.clock.seconds_left, self.options.seconds
        return replace(self.options, workers=1, seconds=None if left is None or whole is None else min(left, LONGEST_TRY * whole))

    # --- the outcome ---------------------------------------------------------------------------------------------------------------------

    def outcome(self) -> RepairSearch:
        known = self.known
        shown = sorted(not_dominated(known), key=self.rank)
        numbers = {key_of(tried.candidate.edits): number for number, tried in enumerate(shown, start=1)}
        made = {key_of(tried.candidate.edits): self.repair(tried, numbers.get(key_of(tried.candidate.edits), 0)) for tried in known}
        return RepairSearch(
            repairs=tuple(made[key] for key in numbers),
            by_teacher={code: made[key_of(tried.candidate.edits)] for code, tried in self.cheapest().items()},
            finished=not self.cut_short,
        )

    def rank(self, tried: Tried) -> tuple[object, ...]:
        """Those that help the Sekolah Utama first, those by which nobody loses, those that need no confirmation; then by points for each teacher
        gained, points, kind and edits."""
        case, before = self.ground.case, self.ground.before
        gained = tried.after.valid - before.valid
        helps_main = not case.main_school or any(case.teachers[code].home == case.main_school for code in gained)
        loses = bool(before.valid - tried.after.valid)
        each = Fraction(tried.price, len(tried.after.valid) - len(before.valid))
        return (not helps_main, loses, tried.candidate.unverified, each, *order(tried))

    def repair(self, tried: Tried, number: int) -> Repair:
        before, after, case = self.ground.before, tried.after, self.ground.case
        in_order = [code for code in case.teachers if code in case.counted]
        return Repair(
            number=number,
            kind=tried.candidate.kind,
            edits=tried.candidate.edits,
            price=tried.price,
            becomes_valid=tuple(code for code in in_order if code in after.valid - before.valid),
            loses=tuple(code for code in in_order if code in before.valid - after.valid),
            valid_before=len(before.valid),
            valid_after=len(after.valid),
            shortfall_before=before.shortfall,
            shortfall_after=after.shortfall,
            uncovered_before=before.uncovered,
            uncovered_after=after.uncovered,
            proved=after.proved,
            unverified=tried.candidate.unverified,
            facts={name: value if isinstance(value, str) else round(value) for name, value in tried.candidate.facts.items()},
        )


# --- what to try next ------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One amount of one kind of change; ``grown`` is how often it was made larger."""

    series: Series
    index: int
    grown: int = 0

    @property
    def candidate(self) -> Candidate:
        return self.series.candidates[self.index]


@dataclass
class Queue:
    """The changes that could help one teacher, the cheapest first."""

    search: Search
    code: str
    heap: list[tuple[int, int, Step]] = field(default_factory=list)
    pushed: int = 0

    @staticmethod
    def of(search: Search, code: str) -> Queue:
        queue = Queue(search, code)
        for kind in KINDS:
            for series in kind(search.ground, code):
                queue.push(Step(series, series.start))
        return queue

    def push(self, step: Step) -> None:
        heapq.heappush(self.heap, (self.search.prices.of(step.candidate.edits), self.pushed, step))
        self.pushed += 1

    def next(self) -> Step | None:
        """The cheapest change that counting alone does not refuse."""
        while self.heap and not self.search.is_over:
            step = heapq.heappop(self.heap)[2]
            if self.could_help(step.candidate):
                return step
            self.larger(step)
        self.search.cut_short |= bool(self.heap)
        return None

    def more(self, step: Step) -> None:
        """Put back what was not enough, in a larger amount."""
        if step.grown < FURTHER_AMOUNTS:
            self.larger(replace(step, grown=step.grown + 1))

    def larger(self, step: Step) -> None:
        if step.index + 1 < len(step.series.candidates):
            self.push(replace(step, index=step.index + 1))

    def could_help(self, candidate: Candidate) -> bool:
        """Whether the teacher could be valid with it at all, with every hour and duty that the change leaves possible."""
        ground = self.search.ground
        case = edited_case(ground.case, candidate.edits)
        if self.code not in case.counted:
            return False
        return missing_alone(case, self.code, closed_to(ground, case.teachers[self.code])) == 0


# --- comparing -------------------------------------------------------------------------------------------------------------------------------

Key = frozenset[tuple[str, tuple[tuple[str, str | int | float], ...]]]


def key_of(edits: Sequence[Edit]) -> Key:
    return frozenset(map(frozen, edits))


def combination(parts: Sequence[Candidate]) -> Candidate:
    """Several changes as one; an edit that two of them share is made once."""
    edits = {frozen(edit): edit for part in parts for edit in part.edits}
    return Candidate("combination", tuple(edits.values()), {"changes": len(parts)}, any(part.unverified for part in parts))


def both(series: Series, other: Candidate) -> Series:
    """Each amount of one change together with another change."""
    return Series(tuple(combination([candidate, other]) for candidate in series.candidates))


def is_gain(before: Reached, after: Reached, new_posts: int) -> bool:
    """More valid teachers, and neither a required lesson nor a required duty more without somebody; the wali kelas of a new rombel, for whom a
    small staff may have nobody, apart."""
    is_covered = after.uncovered <= before.uncovered and after.unfilled <= before.unfilled + new_posts
    return after.found and len(after.valid) > len(before.valid) and is_covered


def order(tried: Tried) -> tuple[int, str, list[str]]:
    """By points, then kind and edits, so that nothing depends on what was solved first."""
    return (tried.price, tried.candidate.kind, sorted(map(repr, key_of(tried.candidate.edits))))


def helps(tried: Tried | None, code: str) -> bool:
    return tried is not None and code in tried.after.valid


def not_dominated(known: Sequence[Tried]) -> list[Tried]:
    """Those that no other is at least as good as, in points, in who is valid, and in what is missing; of equal ones the first."""
    kept: list[Tried] = []
    for place, tried in enumerate(known):
        rivals = ((other, other_place < place) for other_place, other in enumerate(known) if other is not tried)
        if not any(dominates(other, tried, is_earlier) for other, is_earlier in rivals):
            kept.append(tried)
    return kept


def dominates(one: Tried, other: Tried, is_earlier: bool) -> bool:
    if one.price > other.price or not one.after.valid >= other.after.valid or one.after.shortfall > other.after.shortfall:
        return False
    equal = (one.price, one.after.valid, one.after.shortfall) == (other.price, other.after.valid, other.after.shortfall)
    return is_earlier if equal else True
