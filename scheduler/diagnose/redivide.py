"""Two schools of a district divided anew, everybody else as before: what a transfer is tried with.

Only the staff of the schools named, and who teaches there, is free; the small model looks for the most valid teachers, and the checker sees the
whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scheduler.cp.builder import total
from scheduler.cp.lexico import Budget
from scheduler.cp.run import run_once
from scheduler.domain.plan import Assignment, DutyHolding, PartnerAlone, Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case, DutyPost
from scheduler.verify.check import check
from scheduler.verify.levels import level_names
from scheduler.workload.classes import Counts, HandOut
from scheduler.workload.descent import divide
from scheduler.workload.levels import unfilled_duties
from scheduler.workload.model import PARAMETERS, built
from scheduler.workload.neighbourhoods import Part, freed
from scheduler.workload.partners import LEVELS_ALONE, of_one_school, read, schools_to_ask
from scheduler.workload.scope import Eligibility, Scope, grouped, teachers_of
from scheduler.workload.solve import with_counted_hours
from scheduler.workload.variables import Term

STEP_SECONDS = 10.0
STEP_WORK = 2.0
"""Most that the solve of two schools may take (the second is CP-SAT's deterministic time)."""


@dataclass(frozen=True, slots=True)
class Divided:
    """A district with its work divided and checked: who is valid, and how many JP and duties each school leaves open."""

    case: Case
    partners: Mapping[str, PartnerAlone]
    assignments: tuple[Assignment, ...]
    duties: tuple[DutyHolding, ...]
    valid: frozenset[str]
    open_jp: Counter[str]
    unfilled: int
    stands: bool
    plan: Plan


def better_within(start: Divided, schools: Collection[str], clock: Budget) -> Divided:
    """The same district with these schools divided anew, where that alone makes more teachers valid."""
    return redivided(start, start.case, schools, clock, 1) or start


def redivided(start: Divided, case: Case, schools: Collection[str], clock: Budget, gain: int) -> Divided | None:
    """The district of ``case`` with the staff of ``schools`` and their visitors divided anew, everybody else as in ``start``; then all is checked.

    None where nothing was found in time, fewer than ``gain`` more teachers are valid, a school leaves more JP or duties open, or the checker
    refuses it.
    """
    options = step_options(clock)
    partners = asked_again(case, start.partners, schools, options) if case is not start.case else dict(start.partners)
    teachers = concerned(case, start, schools)
    scope = scope_around(case, partners, teachers)
    counts = counts_of(scope, start, teachers)
    part = freed(scope, counts, teachers, start.valid)
    room = Room(open_jp_left(part, scope, counts, start), unfilled_in(part, scope, start))
    own = most_valid(part, room, len(start.valid.intersection(teachers)) + gain, options)
    if own is None:
        return None
    anew = HandOut(scope, part.merged(counts, own)).run()
    kept = {row.need: row.teacher for row in start.assignments if row.need not in anew.teacher_of}
    teacher_of = kept | anew.teacher_of
    assignments = tuple(Assignment(n.id, n.school, n.rombels, n.subject, n.jp, n.recognised_jp, teacher_of.get(n.id)) for n in case.needs)
    here = frozenset(scope.schools)
    duties = (*(duty for duty in start.duties if duty.school not in here), *duties_given(anew))
    after = divided(case, partners, assignments, with_counted_hours(case, assignments, duties))
    return after if after.stands and len(after.valid) >= len(start.valid) + gain else None


def scope_around(case: Case, partners: Mapping[str, PartnerAlone], teachers: Collection[str]) -> Scope:
    """The scope of the schools at which these teachers are at home or might teach."""
    homes = dict.fromkeys(case.teachers[t].home for t in case.teachers if t in teachers)
    schools = [npsn for npsn in case.schools if any(npsn == home or case.in_reach(home, npsn) for home in homes)]
    return scope_of(case, schools, {npsn: frozenset(partner.open_needs) for npsn, partner in partners.items()}, visitors=True)


def scope_of(case: Case, schools: Sequence[str], open_needs: Mapping[str, frozenset[str]], visitors: bool) -> Scope:
    """The scope of some schools; what is locked anywhere stays part of it."""
    here = frozenset(schools)
    fixed = tuple((need, need.locked if case.may_teach(need.locked, need) else None) for need in case.needs if need.locked)
    free = [need for need in case.needs if need.school in here and not need.locked]
    groups = grouped(case, free, Eligibility(case, open_needs, visitors), None, set())
    posts = tuple(post for post in case.duty_posts if post.school in here)
    return Scope(case, tuple(schools), teachers_of(case, fixed), groups, fixed, posts)


@dataclass(frozen=True, slots=True)
class Room:
    """Most that a part may leave undone: JP without a teacher by school, and units of duties that must be held."""

    open_jp: Mapping[str, int]
    unfilled: int


def open_jp_left(part: Part, scope: Scope, counts: Counts, start: Divided) -> dict[str, int]:
    """Most JP that the part may leave open at each school: what the school leaves open in ``start``, less what stays open beside the part."""
    taught = Counter(dict.fromkeys(range(len(scope.groups)), 0))
    for (_, g), count in counts.classes.items():
        taught[g] += count
    room = Counter({npsn: start.open_jp[npsn] for npsn in scope.schools})
    for g, group in enumerate(scope.groups):
        if group.key.required and g not in part.groups:
            room[group.key.school] -= group.key.jp * (group.size - taught[g])
    for need, t in scope.fixed:
        if need.required and t is None and need.school in room:
            room[need.school] -= need.jp
    return dict(room)


def unfilled_in(part: Part, scope: Scope, start: Divided) -> int:
    """Units missing in ``start`` to the least number of the part's posts."""
    held = Counter((duty.school, duty.duty) for duty in start.duties)
    return sum(max(0, scope.posts[p].minimum - held[scope.posts[p].school, scope.posts[p].duty]) for p in part.posts)


def most_valid(part: Part, room: Room, least: int, options: SolveOptions) -> Counts | None:
    """The part's division with the most valid teachers, at least ``least``; None where there is none, or none was found in time."""
    variables = built(part.scope)
    model = variables.model
    open_at: dict[str, list[Term]] = {}
    for g, group in enumerate(part.scope.groups):
        if group.key.required:
            open_at.setdefault(group.key.school, []).append((group.key.jp, variables.uncovered(g)))
    for npsn, terms in open_at.items():
        model.add(total(terms) <= room.open_jp.get(npsn, 0))
    model.add(unfilled_duties(variables) <= room.unfilled)
    valid = total((1, meets) for meets in variables.meets_minimum.values())
    model.add(valid >= least)
    model.maximize(valid)
    done = run_once(model, options, parameters=PARAMETERS)
    return Counts.read(variables, done.values) if done.found else None


def step_options(clock: Budget) -> SolveOptions:
    options = clock.part(1.0)
    seconds = STEP_SECONDS if options.seconds is None else min(STEP_SECONDS, options.seconds)
    work = STEP_WORK if options.deterministic_limit is None else min(STEP_WORK, options.deterministic_limit)
    return replace(options, seconds=seconds, deterministic_limit=work, workers=1)


def concerned(case: Case, start: Divided, schools: Collection[str]) -> frozenset[str]:
    """The staff of these schools, and who teaches there."""
    staff = {t for t, teacher in case.teachers.items() if teacher.home in schools}
    return frozenset(staff.union(row.teacher for row in start.assignments if row.school in schools and row.teacher is not None))


def counts_of(scope: Scope, start: Divided, teachers: Collection[str]) -> Counts:
    """What everybody but these teachers has, as counts of a scope: classes of each group, units of each post beside the pinned ones."""
    group_of = {need.id: g for g, group in enumerate(scope.groups) for need in group.needs}
    taught = Counter(
        (row.teacher, group_of[row.need])
        for row in start.assignments
        if row.need in group_of and row.teacher is not None and row.teacher not in teachers
    )
    held: dict[tuple[str, str], list[DutyHolding]] = {}
    for duty in start.duties:
        held.setdefault((duty.school, duty.duty), []).append(duty)
    units: Counter[tuple[str, int]] = Counter()
    beyond: Counter[tuple[str, int]] = Counter()
    for p, post in enumerate(scope.posts):
        for place, holder in enumerate(beside_pins(post, held.get((post.school, post.duty), []))):
            if holder not in teachers:
                units[holder, p] += 1
                beyond[holder, p] += place >= max(0, post.quota - len(post.pinned))
    return Counts(taught, units, beyond)


def beside_pins(post: DutyPost, held: Sequence[DutyHolding]) -> list[str]:
    """Holders of the units that the workbook has not given to them, in the order of the units."""
    pins = Counter(holder for _, holder in post.pinned)
    order = {unit: place for place, unit in enumerate(post.units)}
    free = []
    for duty in sorted(held, key=lambda duty: order.get(duty.unit, len(order))):
        if pins[duty.teacher] > 0:
            pins[duty.teacher] -= 1
        else:
            free.append(duty.teacher)
    return free


def asked_again(case: Case, partners: Mapping[str, PartnerAlone], schools: Collection[str], options: SolveOptions) -> dict[str, PartnerAlone]:
    """What each school reaches alone, newly for those whose staff has changed."""
    found = {npsn: partner for npsn, partner in partners.items() if npsn not in schools}
    asked = [npsn for npsn in schools_to_ask(case) if npsn in schools]
    names = [name for name in level_names(case, False) if name in LEVELS_ALONE]
    whole = scope_of(case, asked, {}, visitors=False)
    # What is locked or pinned elsewhere to the staff counts too.
    whole = replace(whole, posts=case.duty_posts)
    for npsn in whole.schools:
        scope = of_one_school(whole, npsn)
        found[npsn] = read(npsn, scope, divide(scope, names, options, by_priority=False))
    return found


def duties_given(handed_out: HandOut) -> Iterator[DutyHolding]:
    """Every held unit; counted hours are not known yet."""
    for post, held in zip(handed_out.scope.posts, handed_out.holders, strict=True):
        for unit, t in held.items():
            yield DutyHolding(post.school, post.duty, unit, t, post.rule.jtm, 0)


def divided(case: Case, partners: Mapping[str, PartnerAlone], assignments: tuple[Assignment, ...], duties: tuple[DutyHolding, ...]) -> Divided:
    """A division as the checker sees it."""
    status = PlanStatus(Status.FEASIBLE, Status.UNKNOWN)
    used = PolicyUsed(case.policy.id, dict(case.policy.overrides), case.law.linearity.id)
    plan = Plan(used, "", status, (), assignments, duties, partners=tuple(partners[n] for n in case.schools if n in partners))
    report = check(case, plan)
    open_jp: Counter[str] = Counter()
    required = {need.id for need in case.needs if need.required}
    for row in assignments:
        open_jp[row.school] += row.jp * (row.teacher is None and row.need in required)
    valid = frozenset(load.teacher for load in report.loads if load.counted and load.met)
    stands = not report.violations
    return Divided(case, partners, assignments, duties, valid, open_jp, report.levels["unfilled_duties"], stands, plan)


def keeps_its_needs(before: Divided, after: Divided) -> bool:
    """No school leaves more JP without a teacher, and no more duties stay unfilled."""
    return after.unfilled <= before.unfilled and all(after.open_jp[npsn] <= before.open_jp[npsn] for npsn in before.case.schools)
