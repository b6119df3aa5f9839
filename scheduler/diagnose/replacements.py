"""Who could be valid in whose place: teachers below the minimum only because Prioritas decided so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from scheduler.cp.builder import total
from scheduler.cp.lanes import in_lanes
from scheduler.cp.lexico import Budget
from scheduler.cp.run import run_once
from scheduler.diagnose.candidates import missing_alone
from scheduler.diagnose.reach import Reached
from scheduler.domain.explanation import Replacement
from scheduler.domain.plan import DutyHolding, Plan, Status
from scheduler.domain.solving import SolveOptions
from scheduler.errors import CheckerDisagreementError
from scheduler.policy.case import Case
from scheduler.verify.check import check
from scheduler.verify.levels import level_names, partner_teachers
from scheduler.workload.classes import hand_out
from scheduler.workload.components import connected
from scheduler.workload.levels import LEVELS, ends_the_choice
from scheduler.workload.model import PARAMETERS, built
from scheduler.workload.scope import Scope, joint_scope


def replacements(case: Case, before: Reached, options: SolveOptions) -> tuple[tuple[Replacement, ...], bool]:
    """For every counted teacher below the minimum: whether another plan that is as good down to ``shortfall_jtm`` has this teacher valid, and
    who is not valid then. Where the answer is no, or none was found in time, nothing is said.

    Returns
    -------
    the replacements in the order of Prioritas, and whether time did not cut the search short
    """
    if not before.found:
        return (), True
    clock = Budget(options)
    scopes = connected(joint_scope(case, before.plan.partners))
    asked = [code for code in case.by_priority if code in case.counted and code not in before.valid and could_be_valid(case, code)]

    def ask(code: str) -> Answer:
        left = clock.seconds_left
        if options.stop.is_set() or (left is not None and left <= 0):
            return Answer(Status.UNKNOWN)
        scope = next(scope for scope in scopes if code in scope.teachers)
        return in_place_of(scope, before, code, replace(options, workers=1, seconds=left))

    answers = in_lanes(ask, asked, options)
    found = tuple(Replacement(code, answer.instead) for code, answer in zip(asked, answers, strict=True) if answer.instead)
    return found, not any(answer.status is Status.UNKNOWN for answer in answers)


@dataclass(frozen=True, slots=True)
class Answer:
    status: Status
    instead: tuple[str, ...] = ()


def could_be_valid(case: Case, code: str) -> bool:
    """Whether counting leaves it open that the teacher is valid in some plan."""
    return missing_alone(case, code, frozenset()) == 0


def in_place_of(scope: Scope, before: Reached, code: str, options: SolveOptions) -> Answer:
    """A division of one part of the work with this teacher valid and no level worse; as many others as possible stay valid."""
    variables = built(scope)
    model = variables.builder.model
    for name, value in levels_of(scope, before).items():
        model.add(LEVELS[name](variables) <= value)
    model.add(variables.meets_minimum[code] == 1)
    kept = [variables.meets_minimum[other] for other in scope.counted if other in before.valid]
    model.maximize(total((1, claim) for claim in kept))
    done = run_once(model, options, parameters=PARAMETERS)
    if not done.found:
        return Answer(done.status)
    handed_out = hand_out(variables, done.values)
    plan = merged(scope, before.plan, handed_out.teacher_of, handed_out.holders)
    valid = checked(scope.case, before, plan, code)
    return Answer(done.status, tuple(other for other in scope.case.by_priority if other in before.valid - valid))


def levels_of(scope: Scope, before: Reached) -> dict[str, int]:
    """What the levels down to the choice by Prioritas come to in one part of the work, by the plan at hand."""
    case, plan = scope.case, before.plan
    teacher_of = {row.need: row.teacher for row in plan.assignments}
    held = Counter((holding.school, holding.duty) for holding in plan.duties)
    needs = [need for group in scope.groups for need in group.needs] + [need for need, _ in scope.fixed]
    below = [code for code in scope.counted if code not in before.valid]
    partners = partner_teachers(case)
    values = {
        "uncovered_jp": sum(need.jp for need in needs if need.required and teacher_of.get(need.id) is None),
        "unfilled_duties": sum(max(0, post.minimum - held[post.school, post.duty]) for post in scope.posts),
        "below_minimum": sum(code not in partners for code in below),
        "below_minimum_partners": sum(code in partners for code in below),
        "shortfall_jtm": sum(before.load[code].shortfall for code in scope.counted),
    }
    names = level_names(case, False)
    return {name: values[name] for name in names[: names.index(ends_the_choice(names)) + 1]}


def merged(scope: Scope, plan: Plan, teacher_of: Mapping[str, str | None], holders: Iterable[Mapping[str, str]]) -> Plan:
    """The plan with the work of one part divided anew."""
    places = {(post.school, post.duty) for post in scope.posts}
    kept = [holding for holding in plan.duties if (holding.school, holding.duty) not in places]
    anew = [
        DutyHolding(post.school, post.duty, unit, code, post.rule.jtm, 0)
        for post, held in zip(scope.posts, holders, strict=True)
        for unit, code in held.items()
    ]
    assignments = tuple(replace(row, teacher=teacher_of[row.need]) if row.need in teacher_of else row for row in plan.assignments)
    return replace(plan, assignments=assignments, duties=(*kept, *anew), teachers=())


def checked(case: Case, before: Reached, plan: Plan, code: str) -> frozenset[str]:
    """Who is valid in the other plan, by the checker.

    Raises
    ------
    CheckerDisagreementError
        the checker refuses the plan, or finds it worse than the one at hand, or the teacher not valid
    """
    report = check(case, plan)
    messages = [f"{violation.rule}: {', '.join(violation.entities)}" for violation in report.violations if violation.rule != "recorded_numbers"]
    for level in before.levels:
        if report.levels[level.name] > level.value:
            messages.append(f"{level.name}: {level.value}, in place of another {report.levels[level.name]}")
    valid = frozenset(load.teacher for load in report.loads if load.counted and load.met)
    if code not in valid:
        messages.append(f"minimum_hours: {code}")
    if messages:
        raise CheckerDisagreementError(messages)
    return valid
