"""The hard rules of the week, one generator each, and its wishes.

Rules bear XHSTT's names. Like those of ``verify.workload`` they read any plan without raising. What stands at a time that does not exist, or is
no need of the week, is reported by ``assign_times`` and left out by the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, combinations, pairwise

from scheduler.domain.entities import AvailabilityKind
from scheduler.domain.plan import Plan, Violation
from scheduler.policy.case import Case, Need
from scheduler.verify.reading import Reading
from scheduler.verify.week import Placed, Week
from scheduler.verify.week_rules import week_rules, week_wishes

Generator = Callable[[Week], Iterator[Violation]]


def violations(case: Case, plan: Plan) -> Iterator[Violation]:
    """Every breach of a hard rule of the week, rule by rule."""
    week = Week(Reading(case, plan))
    return chain.from_iterable(rule(week) for rule in RULES)


def shortfalls(case: Case, plan: Plan) -> Iterator[Violation]:
    """Where the week falls short of its wishes: idle hours, scattered days, unwanted times."""
    week = Week(Reading(case, plan))
    return chain.from_iterable(target(week) for target in TARGETS)


def assign_times(week: Week) -> Iterator[Violation]:
    """Every need has exactly its JP in the week, at periods that exist: Σ length of the lessons of n at existing times = jp[n].

    All lesson needs are timetabled, without a teacher too, and open hours that are taught; nothing else is: any other lesson has 0 JP to fill.
    """
    # Lessons at times that do not exist are no hours; a surplus lesson of that kind still stands in the plan and must not.
    lessons = Counter(lesson.need for lesson in week.reading.plan.lessons)
    for need_id in chain(week.timetabled, (need_id for need_id in lessons if need_id not in week.timetabled)):
        jp = week.timetabled[need_id].jp if need_id in week.timetabled else 0
        placed = week.lessons_of.get(need_id, ())
        hours, nowhere = sum(p.lesson.length for p in placed), lessons[need_id] - len(placed)
        if hours != jp or nowhere:
            yield Violation("assign_times", (need_id,), {"need": need_id, "placed": hours, "jp": jp, "nowhere": nowhere})


def split_events(week: Week) -> Iterator[Violation]:
    """A need's JP stand in the blocks of its pattern (5 = 2+2+1), and no block runs over a break where the school does not want that."""
    may_straddle = week.reading.case.instance.settings.blocks_may_straddle_breaks
    for need in week.timetabled.values():
        placed = week.lessons_of[need.id]
        lengths = sorted((p.lesson.length for p in placed), reverse=True)
        broken = week.is_complete(need) and lengths != sorted(need.blocks, reverse=True)
        cut = not may_straddle and any(week.straddles(p) for p in placed)
        if broken or cut:
            facts = {"need": need.id, "lengths": _sum_of(lengths), "blocks": _sum_of(need.blocks)}
            yield Violation("split_events", (need.id,), facts)


def _sum_of(lengths: Sequence[int]) -> str:
    """``2+2+1``."""
    return "+".join(map(str, sorted(lengths, reverse=True)))


def avoid_clashes(week: Week) -> Iterator[Violation]:
    """Nobody and no room is in two places at once.

    Classes: at most one lesson at a time; parallel needs (religion groups) share theirs. Teachers: across all schools, by the clock with the way
    between two schools on top; where a clock or the way is not known, one school (and one bell pattern) a day. Rooms: at most one lesson at a time;
    two shifts without a clock are taken to follow each other.
    """
    for (_, rombel, _), lessons in week.by_rombel.items():
        for first, second in combinations(lessons, 2):
            if not _are_parallel(first.need, second.need) and clash(week, first, second):
                yield _clash(rombel, first, second)
    for (teacher, _), lessons in week.by_teacher.items():
        for first, second in combinations(lessons, 2):
            if clash(week, first, second):
                yield _clash(teacher, first, second)
    for (_, room, _), lessons in week.by_room.items():
        for first, second in combinations(lessons, 2):
            apart = first.pattern != second.pattern and _have_no_clock(first, second)
            if not apart and clash(week, first, second):
                yield _clash(room, first, second)


def clash(week: Week, first: Placed, second: Placed) -> bool:
    """Whether nobody can attend both of two lessons of one day."""
    if first.school == second.school and first.pattern == second.pattern:
        return first.first <= second.last and second.first <= first.last
    way = 0 if first.school == second.school else week.way(first.school, second.school)
    if way is None or first.start is None or first.end is None or second.start is None or second.end is None:
        return True
    return first.start < second.end + way and second.start < first.end + way


def _are_parallel(first: Need, second: Need) -> bool:
    return first.id != second.id and first.parallel == second.parallel != ""


def _have_no_clock(*lessons: Placed) -> bool:
    return any(placed.start is None or placed.end is None for placed in lessons)


def _clash(resource: str, first: Placed, second: Placed) -> Violation:
    facts: dict[str, str | int] = {"resource": resource, "first": first.need.id, "second": second.need.id, "day": first.day}
    periods = {"first_period": first.first, "second_period": second.first}
    return Violation("avoid_clashes", (resource, first.need.id, second.need.id), {**facts, **periods})


def avoid_unavailable_times(week: Week) -> Iterator[Violation]:
    """Nobody teaches when Ketersediaan says Tidak Bisa, nor at any school on the MGMP day of the subject (the whole day)."""
    for placed, period in week.periods_against(AvailabilityKind.IMPOSSIBLE):
        yield _unavailable(placed, period)
    teachers = week.reading.case.teachers
    for placed in week.placed:
        if placed.teacher is not None and teachers[placed.teacher].mgmp_day == placed.day:
            yield _unavailable(placed, placed.first)


def _unavailable(placed: Placed, period: int) -> Violation:
    teacher = placed.teacher or ""
    facts: dict[str, str | int] = {"teacher": teacher, "need": placed.need.id, "day": placed.day, "period": period}
    return Violation("avoid_unavailable_times", (teacher, placed.need.id), facts)


def spread_events(week: Week) -> Iterator[Violation]:
    """A class has a subject once a day; where its blocks outnumber the days, at most ⌈blocks / days⌉ times.

    The parts of a split subject count together, parallel groups of one subject once. Lessons that start together are one time of the day.
    """
    for needs in _needs_by_subject(week).values():
        sets: dict[str, int] = {}
        for need in needs:
            key = need.parallel or need.id
            sets[key] = max(sets.get(key, 0), len(need.blocks))
        days = week.days_in[week.pattern_of(needs[0])]
        most = max(1, -(-sum(sets.values()) // days))
        starts = defaultdict(set)
        for placed in (p for need in needs for p in week.lessons_of[need.id]):
            starts[placed.day].add(placed.first)
        for day, found in starts.items():
            if len(found) > most:
                facts: dict[str, str | int] = {"need": needs[0].id, "subject": needs[0].subject, "day": day, "times": len(found), "most": most}
                yield Violation("spread_events", (needs[0].id,), facts)


def _needs_by_subject(week: Week) -> Mapping[tuple[str, ...], Sequence[Need]]:
    """Timetabled needs that are one subject to the same class or group; an open hour without a rombel stands alone."""
    found = defaultdict(list)
    for need in week.timetabled.values():
        key = (need.school, need.subject, *need.rombels) if need.rombels else (need.id,)
        found[key].append(need)
    return found


def link_events(week: Week) -> Iterator[Violation]:
    """Parallel needs start together: each lesson with one of the need that has most lessons, the longest with the longest.

    With the lengths of both sorted downwards, the pairs of lengths that start together are those at the same place. Needs whose hours are not
    complete are left to ``assign_times``.
    """
    sets = defaultdict(list)
    for need in week.timetabled.values():
        if need.parallel and week.is_complete(need):
            sets[need.parallel].append(need)
    for needs in sets.values():
        lead = max(needs, key=lambda need: len(week.lessons_of[need.id]))
        for need in needs:
            if need.id != lead.id and not _start_together(week.lessons_of[lead.id], week.lessons_of[need.id]):
                yield Violation("link_events", (lead.id, need.id), {"first": lead.id, "second": need.id})


def _start_together(lead: Sequence[Placed], other: Sequence[Placed]) -> bool:
    at = {(placed.day, placed.first): placed.lesson.length for placed in lead}
    starts = {(placed.day, placed.first): placed.lesson.length for placed in other}
    if len(starts) < len(other) or not starts.keys() <= at.keys():
        return False
    by_length = [sorted((placed.lesson.length for placed in lessons), reverse=True) for lessons in (lead, other)]
    return Counter((at[start], length) for start, length in starts.items()) == Counter(zip(*by_length, strict=False))


def one_change_of_school(week: Week) -> Iterator[Violation]:
    """A teacher changes school at most once a day. Where a clock is missing, ``avoid_clashes`` allows no change at all."""
    for (teacher, day), lessons in week.by_teacher.items():
        if len({placed.school for placed in lessons}) < 2 or _have_no_clock(*lessons):
            continue
        in_order = sorted(lessons, key=lambda placed: placed.start or 0)
        changes = sum(before.school != after.school for before, after in pairwise(in_order))
        if changes > 1:
            yield Violation("one_change_of_school", (teacher, day), {"teacher": teacher, "day": day, "changes": changes})


def assign_resources(week: Week) -> Iterator[Violation]:
    """A subject named in a Ruang's Mapel is taught in such a room of its school; any other lesson in no stated room or the rombel's own."""
    rooms = defaultdict(set)
    for room in week.reading.case.instance.rooms:
        for subject in room.subjects:
            rooms[room.school, subject].add(room.name)
    own = {(rombel.school, rombel.name): rombel.room for rombel in week.reading.case.instance.rombels}
    for placed in week.placed:
        need, room_name = placed.need, placed.lesson.room
        allowed = rooms.get((need.school, need.subject)) or {"", *(own.get((need.school, rombel), "") for rombel in need.rombels)}
        if room_name not in allowed:
            facts: dict[str, str | int] = {"need": need.id, "day": placed.day, "period": placed.first, "room": room_name or "-"}
            yield Violation("assign_resources", (need.id, room_name), {**facts, "allowed": ", ".join(sorted(name or "-" for name in allowed))})


# --- wishes --------------------------------------------------------------------------------------------------------------------------


def limit_idle_times(week: Week) -> Iterator[Violation]:
    """No free hours between a teacher's lessons (level ``idle_hours``)."""
    for (teacher, day), hours in week.idle_hours.items():
        yield Violation("limit_idle_times", (teacher, day), {"teacher": teacher, "day": day, "hours": hours})


def cluster_busy_times(week: Week) -> Iterator[Violation]:
    """A teacher comes on few days (level ``teacher_days``): not on more than the hours would fill of the longest days."""
    periods: dict[str, int] = defaultdict(int)
    patterns = defaultdict(set)
    for (teacher, _), lessons in week.by_teacher.items():
        for placed in lessons:
            periods[teacher] += placed.lesson.length
            patterns[teacher].add(placed.pattern)
    longest: dict[str, int] = defaultdict(int)
    for (pattern, _), slots in week.lesson_slots.items():
        longest[pattern] = max(longest[pattern], len(slots))
    for teacher, days in week.days_of.items():
        fewest = -(-periods[teacher] // max(longest[pattern] for pattern in patterns[teacher]))
        if len(days) > fewest:
            yield Violation("cluster_busy_times", (teacher,), {"teacher": teacher, "days": len(days), "fewest": fewest})


def prefer_times(week: Week) -> Iterator[Violation]:
    """Nobody teaches when Ketersediaan says Sebaiknya Tidak (level ``unwanted_times``, in periods)."""
    for placed, period in week.periods_against(AvailabilityKind.UNWANTED):
        facts: dict[str, str | int] = {"teacher": placed.teacher or "", "need": placed.need.id, "day": placed.day, "period": period}
        yield Violation("prefer_times", (placed.teacher or "", placed.need.id), facts)


RULES: tuple[Generator, ...] = (
    assign_times,
    split_events,
    avoid_clashes,
    avoid_unavailable_times,
    spread_events,
    link_events,
    one_change_of_school,
    assign_resources,
    week_rules,
)

TARGETS: tuple[Generator, ...] = (limit_idle_times, cluster_busy_times, prefer_times, week_wishes)
