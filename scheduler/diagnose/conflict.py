"""Why a division of work is impossible: the smallest sets of named rules and entities that cannot hold together.

The model is that of ``scheduler.workload`` with a switch for every rule about every entity. Two targets are made rules by asserting them:
``minimum_hours`` of a teacher (without this member nothing is asked of that teacher), ``needs_covered`` and ``duties_filled`` (no more is left open
than the best plan leaves). What is kept as a filter (pins, Kunci, certificates) stands in every test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace

from scheduler.cp.builder import total
from scheduler.cp.lexico import Budget
from scheduler.cp.run import OTHER_WAY, run, run_once
from scheduler.diagnose.members import Coverage, Key, member, place_of
from scheduler.diagnose.smallest import Smallest, all_smallest
from scheduler.domain.explanation import Basis, Conflict
from scheduler.domain.plan import PartnerAlone, Status
from scheduler.domain.rules import Part
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case
from scheduler.workload.components import connected
from scheduler.workload.descent import divide
from scheduler.workload.levels import shortfall_jtm, unfilled_duties
from scheduler.workload.model import PARAMETERS, built
from scheduler.workload.scope import Scope, joint_scope
from scheduler.workload.variables import Expression, Variables

TEST_SHARE = 0.5
"""Part of the time left that one test may take."""

COVERAGE = ("uncovered_jp", "unfilled_duties", "shortfall_jtm")
KEPT_BY = ("needs_covered", "duties_filled", "minimum_hours")
"""The levels that are held where they are, and the rule under whose name each is a member (``minimum_hours`` of nobody in particular)."""


def workload_conflicts(
    case: Case,
    partners: Sequence[PartnerAlone],
    wanted: Sequence[str],
    options: SolveOptions,
    most_uncovered: int | None = None,
    most_unfilled: int | None = None,
    most_shortfall: int | None = None,
    about: str = "",
) -> Iterator[Conflict]:
    """Why these teachers cannot all be valid: the first conflict at once, others as they are asked for.

    Yields nothing where they can, and nothing where the impossibility was not proved by two runs in time.

    Parameters
    ----------
    partners
        what each school asked alone leaves open to visitors, and the floor it keeps
    wanted
        counted teachers who shall be valid
    most_uncovered, most_unfilled
        JP and units that may stay open: what the best plan leaves; None = nothing is asked of coverage
    most_shortfall
        JTM that all counted teachers may miss together, where the file puts that before the number valid
    about
        one of the wanted: only the schools and teachers that share anything with this one are looked at
    """
    budget = Budget(options)
    parts = connected(joint_scope(case, partners))
    for part in parts:
        here = [t for t in wanted if t in part.counted]
        if here and (not about or about in here):
            coverage = Coverage(most_uncovered, most_unfilled, most_shortfall)
            if len(parts) > 1:
                coverage = coverage_of(part, coverage, budget)
            yield from conflicts_of(Switched(part, here, coverage, budget))


def no_plan_conflicts(case: Case, partners: Sequence[PartnerAlone], options: SolveOptions) -> Iterator[Conflict]:
    """Why there is no division of work at all: conflicts of the hard rules alone, nobody's minimum and no coverage asked for."""
    budget = Budget(options)
    for part in connected(joint_scope(case, partners)):
        yield from conflicts_of(Switched(part, (), Coverage(), budget))


def search_again(
    case: Case,
    partners: Sequence[PartnerAlone],
    teachers: Sequence[str],
    at_least: int,
    options: SolveOptions,
    most_uncovered: int | None = None,
    most_unfilled: int | None = None,
    most_shortfall: int | None = None,
) -> Status:
    """Whether at least so many of these teachers can be valid with the coverage kept, asked of another search than the first.

    One worker, another seed, no presolve, no symmetry, and a model without an objective. INFEASIBLE is a proof; OPTIMAL means only that it is
    possible; UNKNOWN that the limits ended first.
    """
    budget = Budget(options)
    asked = set(teachers)
    scope = joint_scope(case, partners)
    parts = [part for part in connected(scope) if asked.intersection(part.counted)]
    coverage = Coverage(most_uncovered, most_unfilled, most_shortfall)
    if len(parts) == 1 and len(parts[0].teachers) < len(scope.teachers):
        scope, coverage = parts[0], coverage_of(parts[0], coverage, budget)
    variables = built(scope)
    for level, most in zip(coverage_levels(variables), astuple(coverage), strict=True):
        if most is not None:
            variables.model.add(level <= most)
    valid = total((1, variables.meets_minimum[t]) for t in scope.counted if t in asked)
    variables.model.add(valid >= at_least)
    if budget.is_used_up(1.0):
        return Status.UNKNOWN
    again = replace(budget.part(1.0), workers=1, seed=options.seed + 1)
    return run_once(variables.model, again, parameters={**PARAMETERS, **OTHER_WAY}).status


# --- coverage ------------------------------------------------------------------------------------------------------------------------


def coverage_of(part: Scope, whole: Coverage, budget: Budget) -> Coverage:
    """What may stay open in one part of a file: what its own best plan leaves, for the file's best plan is the best of every part."""
    if whole == Coverage():
        return whole
    asked = [name for name, most in zip(COVERAGE, astuple(whole), strict=True) if most is not None]
    best = divide(part, asked, budget.part(TEST_SHARE), by_priority=False)
    own = {level.name: level.value for level in best.levels}
    return Coverage(*(None if most is None else own.get(name, most) for name, most in zip(COVERAGE, astuple(whole), strict=True)))


def coverage_levels(variables: Variables) -> tuple[Expression, Expression, Expression]:
    """JP left without a teacher, units without a holder, JTM missing; groups with too many teachers do not make up for others."""
    scope, terms = variables.scope, []
    for g, group in enumerate(scope.groups):
        if group.key.required and group.key.jp:
            lacking = variables.model.new_int_var(0, group.size, f"lacking[{group.label}]")
            variables.model.add(lacking >= variables.uncovered(g))
            terms.append((group.key.jp, lacking))
    fixed = sum(need.jp for need, t in scope.fixed if need.required and t is None)
    return total(terms, fixed), unfilled_duties(variables), shortfall_jtm(variables)


# --- the model with its switches -------------------------------------------------------------------------------------------------------


class Switched:
    """The model of one part of the sharing graph with a switch for each rule and entity.

    ``wanted`` are the teachers whose ``minimum_hours`` is a member.
    """

    def __init__(self, scope: Scope, wanted: Sequence[str], coverage: Coverage, budget: Budget) -> None:
        self.scope, self.coverage, self.budget = scope, coverage, budget
        self.variables = built(scope, switches=True)
        builder, model = self.variables.builder, self.variables.model
        for t in wanted:
            with builder.rule("minimum_hours", teacher=t) as post:
                post(model.add(self.variables.meets_minimum[t] == 1))
        levels = coverage_levels(self.variables)
        for name, level, most in zip(KEPT_BY, levels, astuple(coverage), strict=True):
            if most is not None:
                with builder.rule(name) as post:
                    post(model.add(level <= most))
        self.switches = dict(builder.switches)
        self.possible: list[frozenset[Key]] = []

    def test(self, kept: Sequence[Key]) -> Status:
        """Whether these members can hold together; INFEASIBLE only after two runs of different parameters.

        What was found possible once is possible with fewer members too.
        """
        on = frozenset(kept)
        if any(on <= known for known in self.possible):
            return Status.OPTIMAL
        if self.budget.is_used_up(TEST_SHARE):
            return Status.UNKNOWN
        self.keep(kept)
        done = run(self.variables.model, self.budget.part(TEST_SHARE), parameters=PARAMETERS)
        self.budget.charge(done)
        if done.found:
            self.possible.append(on)
        return done.status

    def guess(self, stages: Sequence[Sequence[Key]]) -> Sequence[Key]:
        """What the search itself names as enough, as few stages of coverage in it as there can be."""
        for first in range(len(COVERAGE), -1, -1):
            core = self.core([key for stage in stages[first:] for key in stage])
            if core:
                return core
        return ()

    def core(self, kept: Sequence[Key]) -> Sequence[Key]:
        """Of these members those that one run names as impossible together; none where it finds them possible, or the limits ended."""
        if self.budget.is_used_up(TEST_SHARE):
            return ()
        self.keep(kept, assumed=True)
        model = self.variables.model
        model.add_assumptions([self.switches[key] for key in kept])
        done = run_once(model, self.budget.part(TEST_SHARE), parameters={**PARAMETERS, "num_workers": 1})
        model.clear_assumptions()
        self.budget.charge(done)
        named = set(done.core)
        return [key for key in kept if self.switches[key].index in named]

    def keep(self, kept: Sequence[Key], assumed: bool = False) -> None:
        """Turn on the switches of these members (or leave them to assumptions), and all others off."""
        on = set(kept)
        for key, switch in self.switches.items():
            most = int(key in on)
            domain = switch.proto.domain
            domain.clear()
            domain.extend([0 if assumed else most, most])

    def missing_alone(self, t: str) -> int | None:
        """What the teacher lacks at least, with nothing asked of anybody else; None where the limits ended first."""
        limits = self.limits()
        if limits is None:
            return None
        self.keep(())
        self.variables.model.minimize(self.variables.shortfall[t])
        found = run_once(self.variables.model, limits, parameters=PARAMETERS)
        self.variables.model.clear_objective()  # type: ignore[no-untyped-call]
        return found.objective if found.status is Status.OPTIMAL else None

    def limits(self) -> SolveOptions | None:
        return None if self.budget.is_used_up(TEST_SHARE) else self.budget.part(TEST_SHARE)

    def stages(self) -> list[list[Key]]:
        """The members in the order in which they are rather left out: coverage, teachers, and what speaks of single teachers before subjects."""
        of_nobody: Key = ("minimum_hours", ())
        order = ("duties_filled", "needs_covered", "minimum_hours")
        rest = [key for key in self.switches if key[0] not in order]
        stages = [[key for key in self.switches if key == of_nobody]]
        stages += [[key for key in self.switches if key[0] == name and key != of_nobody] for name in order]
        return [*stages, [key for key in rest if key[0] != "one_teacher_per_need"], [key for key in rest if key[0] == "one_teacher_per_need"]]


def conflicts_of(switched: Switched) -> Iterator[Conflict]:
    """The conflicts of one model; nothing where not even the rules' own filters can be kept, or nothing is proved."""
    for number, found in enumerate(all_smallest(switched.stages(), switched.test, switched.limits, switched.guess), start=1):
        if found.members:
            yield conflict(switched, found, number)


def conflict(switched: Switched, found: Smallest[Key], number: int) -> Conflict:
    """What was found, in the rules' names."""
    order = {t: index for index, t in enumerate(switched.scope.teachers)}
    keys = sorted(found.members, key=lambda key: (place_of(key), order.get(dict(key[1]).get("teacher", ""), -1)))
    members = tuple(member(switched.scope, switched.coverage, key) for key in keys)
    if [each.rule for each in members] == ["minimum_hours"] and "teacher" in members[0].entities:
        missing = switched.missing_alone(members[0].entities["teacher"])
        members = (replace(members[0], facts={**members[0].facts, "missing": missing}),) if missing else members
    return Conflict(f"K{number:02}", Part.WORKLOAD, members, found.minimal, (Basis.SEARCH, Basis.SECOND_SEARCH))
