"""The hard rules of the division of work, one function each, under the names of ``domain.rules``.

Every function takes the builder and the variables and posts the rule for all entities of the scope. None depends on being called before or after
another. Rules that are kept as a filter have no function here: their variables do not exist (``workload.scope``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain

from scheduler.counting.teacher_days import TeacherDays
from scheduler.cp.builder import Builder, Post, bounds, total
from scheduler.domain.instance import DAYS
from scheduler.policy.case import Need
from scheduler.policy.schema import DutyKind
from scheduler.workload.variables import Expression, Variables


def one_teacher_per_need(builder: Builder, variables: Variables) -> None:
    """A need has at most one teacher: one class's subject is not divided, and co-teaching does not count twice.

    ``sum(classes[t, g] for t) <= size of g``. Source: the validation rules of 2013-2019 on a subject with two teachers in a rombel (B+).
    """
    for g, group in enumerate(variables.scope.groups):
        with builder.rule("one_teacher_per_need", school=group.key.school, subject=group.key.subject) as post:
            post(builder.model.add(variables.uncovered(g) >= 0))


def max_jtm(builder: Builder, variables: Variables) -> None:
    """Nobody teaches more than the ruleset's most hours a week (or JP Maks), partner schools included.

    ``jp[t] <= max_jp(t)``. Source: 11/2025 ps. 8 (40 JTM); a smaller JP Maks of the workbook, and what the week can hold, bind likewise.
    """
    for t in variables.scope.teachers:
        most = min(variables.case.max_jp(t), variables.scope.capacity.get(t, variables.case.max_jp(t)))
        with builder.rule("max_jtm", teacher=t) as post:
            post(builder.model.add(variables.jp(t) <= most))


def min_jp_wanted(builder: Builder, variables: Variables) -> None:
    """Who has a JP Min in the workbook teaches at least so much: ``jp[t] >= min_jp(t)``."""
    for t in variables.scope.teachers:
        least = variables.case.teachers[t].min_jp
        if least and t in variables.case.active:
            with builder.rule("min_jp_wanted", teacher=t) as post:
                post(builder.model.add(variables.jp(t) >= least))


def duty_holders(builder: Builder, variables: Variables) -> None:
    """A post has at most its greatest number of holders, and units beyond the quota count only after the quota is full.

    ``sum(held[t, p]) <= maximum``; ``counted = min(held, quota)``; two pins never share a unit. Source: the numbers of holders of the duty
    table; holders above them count 0.
    """
    for p, duty_post in enumerate(variables.scope.posts):
        named = [unit for unit, _ in duty_post.pinned if unit]
        with builder.rule("duty_holders", duty=duty_post.duty, school=duty_post.school) as post:
            post(builder.model.add(total((1, variables.held(t, p)) for t in variables.scope.holders[p]) <= duty_post.maximum))
            if len(set(named)) < len(named):
                post(builder.model.add_bool_or([]))
            if duty_post.maximum > duty_post.quota:
                units_beyond_quota(builder, variables, p, post)


def units_beyond_quota(builder: Builder, variables: Variables, p: int, post: Post) -> None:
    """Define ``beyond``: units count until the quota is full, and none is beyond it before."""
    duty_post, holders = variables.scope.posts[p], variables.scope.holders[p]
    beyond = [(t, variables.beyond[t, p]) for t in holders if (t, p) in variables.beyond]
    counted = total((1, variables.counted_units(t, p)) for t in holders)
    post(builder.model.add(counted <= duty_post.quota))
    for t, units in beyond:
        builder.model.add(units <= variables.units[t, p])
    quota_full = builder.model.new_bool_var(f"quota_full[{duty_post.duty}, {duty_post.school}]")
    builder.model.add(counted >= duty_post.quota).only_enforce_if(quota_full)
    post(builder.model.add(total((1, units) for _, units in beyond) == 0).only_enforce_if(~quota_full))


def duty_max_per_teacher(builder: Builder, variables: Variables) -> None:
    """Nobody holds more units of a duty than the regulation counts for one teacher (wali kelas 1, koordinator projek 3 rombel)."""
    for t in variables.scope.teachers:
        places: dict[str, list[int]] = defaultdict(list)
        for p in variables.posts_of[t]:
            places[variables.scope.posts[p].duty].append(p)
        for duty, posts in places.items():
            most = variables.scope.posts[posts[0]].rule.max_per_teacher
            if most is not None:
                with builder.rule("duty_max_per_teacher", teacher=t, duty=duty) as post:
                    post(builder.model.add(total((1, variables.held(t, p)) for p in posts) <= most))


def one_main_duty(builder: Builder, variables: Variables) -> None:
    """A teacher holds at most one tugas tambahan utama: ``sum of TTU units <= ttu_max_per_teacher``. Source: 11/2025 ps. 15."""
    for t in variables.scope.teachers:
        posts = variables.ttu_posts(t)
        if posts:
            with builder.rule("one_main_duty", teacher=t) as post:
                held = total((1, variables.held(t, p)) for p in posts)
                post(builder.model.add(held <= variables.case.policy.ttu_max_per_teacher))


def partner_floor(builder: Builder, variables: Variables) -> None:
    """A partner school keeps the number of valid teachers that it reaches alone: ``sum(meets_minimum[t]) >= valid_alone``."""
    for school, floor in variables.scope.floors.items():
        if floor > 0:
            staff = [t for t in variables.scope.counted if variables.case.teachers[t].home == school]
            with builder.rule("partner_floor", school=school) as post:
                post(builder.model.add(total((1, variables.meets_minimum[t]) for t in staff) >= floor))


POSTED: Mapping[str, Callable[[Builder, Variables], None]] = {
    rule.__name__: rule for rule in (one_teacher_per_need, max_jtm, min_jp_wanted, duty_holders, duty_max_per_teacher, one_main_duty, partner_floor)
}
"""The rules of the workload that are kept by a constraint, by name."""


def main_duty_known(builder: Builder, variables: Variables) -> None:
    """Define ``has_ttu``: at least one recognised unit of a TTU is held."""
    for t, has_ttu in variables.has_ttu.items():
        units = variables.duty_units(t, DutyKind.TTU)
        most = sum(variables.most_units(t, p) for p in variables.ttu_posts(t))
        builder.model.add(units >= has_ttu)
        builder.model.add(units <= most * has_ttu)


def visits_known(builder: Builder, variables: Variables) -> None:
    """Define ``visits``: a teacher who takes a need at another school goes there."""
    for (t, school), visit in variables.visits.items():
        if any(need.school == school for need in variables.fixed_needs[t]):
            builder.model.add(visit == 1)
        for g in variables.groups_of[t]:
            if variables.scope.groups[g].key.school == school:
                most = bounds(variables.classes[t, g])[1]
                builder.model.add(variables.classes[t, g] <= most * visit)


def weekly_cuts(builder: Builder, variables: Variables) -> None:
    """What the week has refused: not all of these (need, teacher) together; and what counting shows that no week can hold."""
    if variables.scope.days is not None:
        for t in variables.scope.teachers:
            hours_of_days(builder, variables, variables.scope.days, t)
    group_of = {group.key.own: g for g, group in enumerate(variables.scope.groups) if group.key.own}
    fixed = {need.id: t for need, t in variables.scope.fixed}
    for cut in variables.scope.cuts:
        taken = sum(1 for need, t in cut.pairs if fixed.get(need) == t)
        free = [variables.classes[t, group_of[need]] for need, t in cut.pairs if need in group_of and (t, group_of[need]) in variables.classes]
        if taken + len(free) == len(cut.pairs):
            builder.model.add(total((1, claim) for claim in free) <= len(free) - 1)


def hours_of_days(builder: Builder, variables: Variables, days: TeacherDays, t: str) -> None:
    """Who teaches at schools between which no way is known needs a day for each of them at a time, and all of these must be in the week.

    ``on[k, d]``: days of kind d (the same open hours everywhere) on which t is at one of the schools k, k = schools with known ways between them;
    ``sum(on[k, d] for k) <= days of kind d``. A class's subject of b lessons takes ``ceil(b / most a day)`` days. Hours take no more than the days
    hold, and those in lessons of L hours no more than ``L * floor(n / L)`` of a day of n hours. A necessary condition of the week (verify:
    ``avoid_clashes``, ``one_change_of_school``, ``spread_events``), posted where a week is asked for.
    """
    model, needs = builder.model, possible_needs(variables, t)
    groups = days.apart(sorted({need.school for need in needs}))
    open_hours = [days.open_hours(t, [need for need in needs if need.school in schools]) for schools in groups]
    kinds = Counter(tuple(hours.get(day, 0) for hours in open_hours) for day in DAYS if any(day in hours for hours in open_hours))
    on = [
        {kind: model.new_int_var(0, count, f"on[{t}, {min(schools)}, {kind[k]}]") for kind, count in kinds.items() if kind[k]}
        for k, schools in enumerate(groups)
    ]
    for kind, count in kinds.items():
        model.add(total((1, own[kind]) for own in on if kind in own) <= count)
    model.add(total((1, there) for own in on for there in own.values()) <= days.most_days(t))
    for k, (schools, own) in enumerate(zip(groups, on, strict=True)):
        taught: dict[int, list[tuple[int, Expression]]] = defaultdict(list)
        fewest: dict[int, list[tuple[Expression, int]]] = defaultdict(list)
        for same, takes, most_taken in lessons_at(variables, days, t, schools):
            for length in {1, *chain.from_iterable(need.blocks for need in same)}:
                taught[length].append((min(hours_in(need, length) for need in same), takes))
            fewest[min(map(days.days_of, same))].append((takes, most_taken))
        for length, hours in taught.items():
            if length == 1 or any(kind[k] % length for kind in own):
                model.add(total(hours) <= total((length * (kind[k] // length), there) for kind, there in own.items()))
        for count, lessons in fewest.items():
            any_taken = model.new_bool_var(f"taken[{t}, {min(schools)}, {count}]")
            model.add(total((1, there) for there in own.values()) >= count * any_taken)
            for takes, most_taken in lessons:
                model.add(takes <= most_taken * any_taken)


def possible_needs(variables: Variables, t: str) -> list[Need]:
    """Everything of the week that the teacher has or could take."""
    free = [need for g in variables.groups_of[t] for need in variables.scope.groups[g].needs]
    days = variables.scope.days
    return [need for need in (*variables.fixed_needs[t], *free) if days is not None and need in days.bells]


def lessons_at(variables: Variables, days: TeacherDays, t: str, schools: Collection[str]) -> Iterator[tuple[Sequence[Need], Expression, int]]:
    """(needs alike, how many of them are taken, the most that can be) of what the teacher may teach there; the easiest need speaks for all."""
    for need in variables.fixed_needs[t]:
        if need.school in schools and need in days.bells:
            yield (need,), total([], 1), 1
    for g in variables.groups_of[t]:
        group = variables.scope.groups[g]
        if group.key.school in schools and all(need in days.bells for need in group.needs):
            taken = variables.classes[t, g]
            yield group.needs, taken, bounds(taken)[1]


def hours_in(need: Need, length: int) -> int:
    """Hours of a need in lessons of one length; all of them for 1, which every length is made of."""
    return need.jp if length == 1 else length * need.blocks.count(length)
