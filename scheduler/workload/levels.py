"""The levels of the workload, one criterion each, as sums over the variables of one scope.

Names and order are those of ``domain.plan.WORKLOAD_LEVELS``. Each function returns an expression to be minimised; what a level has to measure
with variables of its own it defines itself, from below, so that only minimising makes it exact. ``wali_elsewhere`` is seen here as far as counts
can see it; its value is read when the classes are handed out (``workload.classes``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set

from scheduler.cp.builder import bounds, greatest_value, total
from scheduler.policy.case import Case
from scheduler.verify.levels import WALI_KELAS, partner_teachers
from scheduler.workload.scope import ClassGroup
from scheduler.workload.variables import Expression, Term, Variables


def uncovered_jp(variables: Variables) -> Expression:
    """1a: JP of required needs without a teacher."""
    free = ((group.key.jp, variables.uncovered(g)) for g, group in enumerate(variables.scope.groups) if group.key.required)
    return total(free, sum(need.jp for need, t in variables.scope.fixed if need.required and t is None))


def unfilled_duties(variables: Variables) -> Expression:
    """1b: units missing to the least number of every post."""
    missing = []
    for p, post in enumerate(variables.scope.posts):
        if post.minimum > len(post.pinned):
            lacking = variables.model.new_int_var(0, post.minimum - len(post.pinned), f"unfilled[{post.duty}, {post.school}]")
            variables.model.add(lacking >= post.minimum - total((1, variables.held(t, p)) for t in variables.scope.holders[p]))
            missing.append((1, lacking))
    return total(missing)


def below_minimum(variables: Variables) -> Expression:
    """2: counted teachers below the minimum; in one-school mode those who are not at home in a partner school of the file."""
    partners = partner_teachers(variables.case)
    return not_valid(variables, [t for t in variables.scope.counted if t not in partners])


def below_minimum_partners(variables: Variables) -> Expression:
    """2b, one-school mode: counted teachers of the partner schools below the minimum."""
    partners = partner_teachers(variables.case)
    return not_valid(variables, [t for t in variables.scope.counted if t in partners])


def not_valid(variables: Variables, teachers: Sequence[str]) -> Expression:
    return total(((-1, variables.meets_minimum[t]) for t in teachers), len(teachers))


def shortfall_jtm(variables: Variables) -> Expression:
    """3: JTM missing to the minimum of all counted teachers."""
    return total((1, variables.shortfall[t]) for t in variables.scope.counted)


def changes(variables: Variables) -> Expression:
    """3b: needs whose teacher differs from the former plan, and units of duties that a former holder has lost.

    Inside a group of interchangeable needs ``min(classes[t, g], former classes)`` needs can keep their teacher, "nobody" included.
    """
    former = variables.scope.former
    assert former is not None
    terms: list[Term] = []
    constant = sum(1 for need, t in variables.scope.fixed if need.id in former.teachers and former.teachers[need.id] != t)
    for g, group in enumerate(variables.scope.groups):
        before = Counter(former.teachers[need.id] for need in group.needs if need.id in former.teachers)
        constant += sum(before.values())
        terms += [(-1, kept) for t, most in before.items() for kept in kept_needs(variables, g, t, most, "kept")]
    held: dict[tuple[str, str, str], Expression] = {
        (post.school, post.duty, t): variables.held(t, p) for p, post in enumerate(variables.scope.posts) for t in variables.scope.holders[p]
    }
    for place, units in former.holdings.items():
        lost = variables.model.new_int_var(0, units, f"lost[{', '.join(place)}]")
        variables.model.add(lost >= units - held.get(place, total([])))
        terms.append((1, lost))
    return total(terms, constant)


def kept_needs(variables: Variables, g: int, t: str | None, most: int, name: str) -> Iterable[Expression]:
    """``min(classes[t, g], most)`` as a variable to be maximised (t None: needs that nobody teaches); nothing where it can only be 0."""
    taken = variables.uncovered(g) if t is None else total([(1, variables.classes[t, g])] if (t, g) in variables.classes else [])
    limit = min(most, greatest_value(taken))
    if limit > 0:
        kept = variables.model.new_int_var(0, limit, f"{name}[{t}, {variables.scope.groups[g].label}]")
        variables.model.add(kept <= taken)
        yield kept


def nonlinear_jp(variables: Variables) -> Expression:
    """4a: JP that certified teachers teach outside their certificate."""
    case = variables.case
    free = (
        (case.nonlinear_jp(t, variables.scope.groups[g].needs[0]), variables.classes[t, g])
        for t, g in variables.classes
        if case.nonlinear_jp(t, variables.scope.groups[g].needs[0])
    )
    return total(free, sum(case.nonlinear_jp(t, need) for need, t in variables.scope.fixed if t is not None))


def optional_duty_units(variables: Variables) -> Expression:
    """4b: units held above the least number of every post."""
    above = []
    for p, post in enumerate(variables.scope.posts):
        held = total((1, variables.held(t, p)) for t in variables.scope.holders[p])
        most = greatest_value(held) - post.minimum
        if most > 0:
            extra = variables.model.new_int_var(0, most, f"optional[{post.duty}, {post.school}]")
            variables.model.add(extra >= held - post.minimum)
            above.append((1, extra))
    return total(above)


def visits(variables: Variables) -> Expression:
    """5a: pairs of a teacher and a school that is not the home school."""
    return total((1, visit) for visit in variables.visits.values())


def travel(variables: Variables) -> Expression:
    """5b: minutes (else km) of those visits."""
    homes = variables.case.teachers
    return total((variables.case.travel_cost(homes[t].home, school), visit) for (t, school), visit in variables.visits.items())


def teachers_without_hours(variables: Variables) -> Expression:
    """6a: active guru mapel who teach nothing."""
    idle = []
    for t in variables.scope.teachers:
        if variables.is_guru_mapel_here(t):
            without_hours = variables.model.new_bool_var(f"without_hours[{t}]")
            variables.model.add(variables.jp(t) + without_hours >= 1)
            idle.append((1, without_hours))
    return total(idle)


def spread_jp(variables: Variables) -> Expression:
    """6b: largest minus smallest load of the guru mapel of each school."""
    staff: dict[str, list[str]] = defaultdict(list)
    for t in variables.scope.teachers:
        if variables.is_guru_mapel_here(t):
            staff[variables.case.teachers[t].home].append(t)
    spreads = []
    for school, members in staff.items():
        loads = {t: variables.jp(t) for t in members}
        top = max(greatest_value(load) for load in loads.values())
        largest = variables.model.new_int_var(0, top, f"largest_load[{school}]")
        smallest = variables.model.new_int_var(0, top, f"smallest_load[{school}]")
        spread = variables.model.new_int_var(0, top, f"spread[{school}]")
        for load in loads.values():
            variables.model.add(largest >= load)
            variables.model.add(smallest <= load)
        variables.model.add(spread >= largest - smallest)
        spreads.append((1, spread))
    return total(spreads)


def preparations(variables: Variables) -> Expression:
    """6c: lessons to prepare, one for each subject and grade of each teacher."""
    groups: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for t, g in variables.classes:
        key = variables.scope.groups[g].key
        if key.jp > 0:
            groups[t, key.subject, key.grade].append(g)
    certain = {(t, need.subject, need.grade) for need, t in variables.scope.fixed if t is not None and need.jp > 0}
    prepared = []
    for place, members in groups.items():
        if place not in certain:
            t, subject, grade = place
            prepares = variables.model.new_bool_var(f"prepares[{t}, {subject}, {grade}]")
            for g in members:
                variables.model.add(variables.classes[t, g] <= bounds(variables.classes[t, g])[1] * prepares)
            prepared.append((1, prepares))
    return total(prepared, len(certain))


def not_continued(variables: Variables) -> Expression:
    """6d: needs of last semester's teacher (who may still teach them) that somebody else teaches, or nobody."""
    case = variables.case
    constant = sum(1 for need, t in variables.scope.fixed if is_broken_off(case, need.former, t, need.id))
    terms: list[Term] = []
    for g, group in enumerate(variables.scope.groups):
        before = last_semester(case, group)
        constant += sum(before.values())
        terms += [(-1, kept) for t, most in before.items() for kept in kept_needs(variables, g, t, most, "continued")]
    return total(terms, constant)


def is_broken_off(case: Case, former: str, t: str | None, need_id: str) -> bool:
    """Whether a need could go on with its former teacher but does not."""
    return bool(former) and former != t and former in case.teachers and case.may_teach(former, case.need[need_id])


def last_semester(case: Case, group: ClassGroup) -> Counter[str]:
    """How many needs of the group each teacher had last semester and may still teach."""
    return Counter(n.former for n in group.needs if n.former in case.teachers and case.may_teach(n.former, n))


def wali_elsewhere(variables: Variables) -> Expression:
    """6e, a lower bound by counts: wali kelas who teach nothing that could be their rombel's."""
    scope, terms = variables.scope, list[Term]()
    for p, post in enumerate(scope.posts):
        if post.duty == WALI_KELAS:
            pinned_units = {unit: t for unit, t in post.pinned if unit}
            rombels = {rombel.name for rombel in scope.case.instance.rombels_of(post.school)}
            terms += [(1, strange) for unit, t in pinned_units.items() if unit in rombels for strange in strangers(variables, p, t, {unit}, 1)]
            if rombels >= set(post.units):
                free = [t for t in scope.holders[p] if t not in pinned_units.values()]
                terms += [(1, strange) for t in free for strange in strangers(variables, p, t, rombels, variables.held(t, p))]
    return total(terms)


def strangers(variables: Variables, p: int, t: str, rombels: Set[str], held: Expression | int) -> Iterable[Expression]:
    """The units held by who takes no need of these rombels, as a variable; nothing where a locked need is among them."""
    school, groups, most = variables.scope.posts[p].school, variables.scope.groups, variables.most_units(t, p)
    if not any(need.school == school and not rombels.isdisjoint(need.rombels) for need in variables.fixed_needs[t]):
        own = [g for g in variables.groups_of[t] if groups[g].key.school == school]
        # One need over several rombels may be of them all: a single one taken is enough for every unit held.
        taken = [(most, variables.classes[t, g]) for g in own if any(not rombels.isdisjoint(need.rombels) for need in groups[g].needs)]
        strange = variables.model.new_int_var(0, most, f"strange[{t}, {', '.join(sorted(rombels)[:1])}, {school}]")
        variables.model.add(strange >= held - total(taken))
        yield strange


LEVELS: Mapping[str, Callable[[Variables], Expression]] = {
    level.__name__: level
    for level in (
        uncovered_jp,
        unfilled_duties,
        below_minimum,
        below_minimum_partners,
        shortfall_jtm,
        changes,
        nonlinear_jp,
        optional_duty_units,
        visits,
        travel,
        teachers_without_hours,
        spread_jp,
        preparations,
        not_continued,
        wali_elsewhere,
    )
}

MINOR_LEVELS: frozenset[str] = frozenset({"teachers_without_hours", "spread_jp", "preparations", "not_continued", "wali_elsewhere"})
"""Levels 6a to 6e: they get little time, and may end without a proof."""


def ends_the_choice(names: tuple[str, ...]) -> str:
    """The last level above the choice by Prioritas: level 3, or ``changes``, whichever comes last."""
    return max((name for name in ("below_minimum", "below_minimum_partners", "shortfall_jtm", "changes") if name in names), key=names.index)
