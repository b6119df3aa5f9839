"""Weeks for tests: divisions of work in a few words, every week of a tiny case by exhaustive search, random tiny cases.

The search knows nothing of the solver: what may stand in a week is asked of ``scheduler.verify`` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from scheduler.domain.entities import Availability, AvailabilityKind, Distance, Group, OpenHours, Rombel, Room, Slot, SlotKind, WeekRule, WeekRuleKind
from scheduler.domain.instance import DAYS, Settings
from scheduler.domain.plan import Assignment, Lesson, Plan, PlanStatus, PolicyUsed, Status
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case, Need
from scheduler.timetable.solve import WeekOutcome, solve_week
from scheduler.verify import timetable
from scheduler.verify.levels import week_levels_of
from scheduler.verify.reading import Reading
from scheduler.verify.week import Week
from tests import build

OPTIONS = SolveOptions(workers=1, deterministic_limit=60.0)
"""One worker and a limit of work: the same week on every machine."""

PARTIAL_RULES = tuple(rule for rule in timetable.RULES if rule.__name__ not in ("assign_times", "link_events", "week_rules"))
"""Rules that a week which is not yet complete can only break, never mend, by further lessons."""


def assignments(case: Case, teaching: Mapping[str, str | None]) -> tuple[Assignment, ...]:
    """Every need with its teacher; needs that are not named have none."""
    return tuple(Assignment(n.id, n.school, n.rombels, n.subject, n.jp, n.recognised_jp, teaching.get(n.id)) for n in case.needs)


def plan_of(case: Case, teaching: Mapping[str, str | None], lessons: Sequence[Lesson]) -> Plan:
    return Plan(PolicyUsed(""), "", PlanStatus(Status.FEASIBLE, Status.FEASIBLE), (), assignments(case, teaching), (), lessons=tuple(lessons))


def solved(case: Case, teaching: Mapping[str, str | None], **fields: Any) -> WeekOutcome:
    """The week of a division of work; the checker must agree with it."""
    outcome = solve_week(case, assignments(case, teaching), replace(OPTIONS, **fields))
    if outcome.status in (Status.OPTIMAL, Status.FEASIBLE):
        assert_agrees(case, teaching, outcome)
    return outcome


def assert_agrees(case: Case, teaching: Mapping[str, str | None], outcome: WeekOutcome) -> None:
    """No rule is broken, and each level has the value that the checker finds."""
    plan = plan_of(case, teaching, outcome.lessons)
    assert list(timetable.violations(case, plan)) == []
    assert {level.name: level.value for level in outcome.levels} == week_levels_of(Week(Reading(case, plan)))


def levels(outcome: WeekOutcome) -> tuple[int, ...]:
    return tuple(level.value for level in outcome.levels)


# --- every week ------------------------------------------------------------------------------------------------------------------------


def best_levels(case: Case, teaching: Mapping[str, str | None]) -> tuple[int, ...] | None:
    """Levels of the best week; None where no week keeps the rules."""
    complete = (plan_of(case, teaching, lessons) for lessons in every_week(case, teaching))
    legal = (plan for plan in complete if not any(timetable.violations(case, plan)))
    return min((tuple(week_levels_of(Week(Reading(case, plan))).values()) for plan in legal), default=None)


def every_week(case: Case, teaching: Mapping[str, str | None]) -> Iterator[tuple[Lesson, ...]]:
    """Every way to place the blocks of all needs, cut short where a rule is broken already."""
    week = Week(Reading(case, plan_of(case, teaching, ())))
    blocks = [(need, length) for need in week.timetabled.values() for length in sorted(need.blocks, reverse=True)]
    yield from extended(case, teaching, blocks, ())


def extended(
    case: Case, teaching: Mapping[str, str | None], blocks: Sequence[tuple[Need, int]], lessons: tuple[Lesson, ...]
) -> Iterator[tuple[Lesson, ...]]:
    if not blocks:
        yield lessons
        return
    need, length = blocks[0]
    for lesson in placements(case, need, length, teaching.get(need.id)):
        last = lessons[-1] if lessons else None
        # Blocks of one need and length are alike: only one order of them is tried.
        alike = last is not None and (last.need, last.length) == (need.id, length)
        if alike and last is not None and (DAYS.index(last.day), last.period) >= (DAYS.index(lesson.day), lesson.period):
            continue
        longer = (*lessons, lesson)
        week = Week(Reading(case, plan_of(case, teaching, longer)))
        if len(week.placed) == len(longer) and not any(next(rule(week), None) for rule in PARTIAL_RULES):
            yield from extended(case, teaching, blocks[1:], longer)


def placements(case: Case, need: Need, length: int, teacher: str | None) -> Iterator[Lesson]:
    """The block at every day and period of any bell, in every room; what is not legal there is for the rules to say."""
    rooms = [room.name for room in case.instance.rooms if room.school == need.school and need.subject in room.subjects] or [""]
    for day, period in sorted({(slot.day, slot.period) for slot in case.instance.slots}, key=lambda at: (DAYS.index(at[0]), at[1])):
        for room in rooms:
            yield Lesson(need.id, need.school, need.rombels, need.subject, teacher, day, period, length, room)


# --- random tiny cases -----------------------------------------------------------------------------------------------------------------

SUBJECTS = ("ipa", "matematika", "pjok")


MOST_WAYS = 2_000_000
"""Larger cases take the exhaustive search minutes."""


def random_case(seed: int) -> tuple[Case, dict[str, str | None]]:
    """A tiny case with a division of work, of everything that the week knows: two schools, two shifts, breaks, rooms, groups, absences."""
    rng = Random(seed)
    while True:
        case, teaching = any_random_case(rng)
        places = len({(slot.day, slot.period) for slot in case.instance.slots}) * max(1, len(case.instance.rooms))
        if places ** sum(len(need.blocks) for need in case.needs) <= MOST_WAYS:
            return case, teaching


def any_random_case(rng: Random) -> tuple[Case, dict[str, str | None]]:
    two_schools, second_shift, with_groups = (rng.random() < chance for chance in (0.4, 0.25, 0.25))
    slots = random_bell(rng, "pagi", 420)
    if second_shift:
        slots += random_bell(rng, "siang", rng.choice((440, 480, 500)))
    rombels = tuple(Rombel(build.HOME, name, 7, "k", 25, bell="siang" if second_shift and name == "7B" else "") for name in ("7A", "7B"))
    subjects = list(SUBJECTS[: 2 if two_schools or with_groups else rng.choice((2, 3))])
    parts: dict[str, Any] = {"rombels": rombels, "slots": tuple(slots)}
    if with_groups:
        subjects = ["ipa", "pabp_islam", "pabp_kristen"]
        parts["groups"] = random_groups(rng)
    if two_schools:
        parts |= random_partner(rng)
    if rng.random() < 0.4:
        labs = [rng.choice((("ipa",), ("ipa", "pjok"))) for _ in range(rng.choice((1, 2)))]
        parts["rooms"] = tuple(Room(build.HOME, f"Lab {number}", subjects=subjects) for number, subjects in enumerate(labs, 1))
    teachers = [build.teacher(code, mgmp_day=rng.choice(("", "", "", "Senin"))) for code in ("A", "B", "C")[: rng.choice((2, 3))]]
    parts["availability"] = random_absences(rng, [teacher.code for teacher in teachers])
    settings = Settings(main_school=build.HOME, blocks_may_straddle_breaks=rng.random() < 0.5)
    case = build.case({s: rng.choice((1, 1, 2)) for s in subjects}, teachers, settings=settings, **parts)
    codes = [teacher.code for teacher in teachers]
    return case, {need.id: rng.choice((*codes, *codes, None)) for need in case.needs}


def random_bell(rng: Random, pattern: str, start: int) -> list[Slot]:
    """Two or three days of two or three periods, with a break or a ceremony between them, sometimes without a clock."""
    slots = []
    clock = rng.random() < 0.8
    for day in DAYS[: rng.choice((2, 2, 3))]:
        minute, pause = start, rng.choice((0, 1, 2))
        first = rng.choice((1, 1, 2))
        for number in range(rng.choice((2, 3))):
            if number == pause and pause:
                slots.append(Slot(pattern, day, 0, SlotKind.BREAK, minute, minute + 45, len(slots)))
                minute += 45
            times = (minute, minute + 40) if clock else (None, None)
            slots.append(Slot(pattern, day, first + number, SlotKind.LESSON, *times, order=len(slots)))
            minute += 40
    return slots


def random_groups(rng: Random) -> tuple[Group, ...]:
    islam, kristen = rng.choice(((2, 2), (3, 2), (1, 2), (1, 1)))
    return (
        Group("I", build.HOME, ("7A",), "pabp_islam", islam),
        Group("K", build.HOME, rng.choice((("7A",), ("7A", "7B"))), "pabp_kristen", kristen, parallel=rng.choice(("I", "I", ""))),
    )


def random_partner(rng: Random) -> dict[str, Any]:
    """A partner school with one or two open hours, with or without a known way."""
    way = (Distance(build.HOME, "2", minutes=rng.choice((0, 10, 40))),) if rng.random() < 0.7 else (Distance(build.HOME, "2", km=3.0),)
    hours = tuple(OpenHours("2", "ipa", rng.choice((1, 2)), rombel=rng.choice(("", "8A")), row=row) for row in range(1, rng.choice((2, 3))))
    schools = (build.school(), build.school("2", partner=True, bell=rng.choice(("pagi", "", "lain"))))
    return {"schools": schools, "distances": way, "open_hours": hours}


def random_absences(rng: Random, codes: Sequence[str]) -> tuple[Availability, ...]:
    kinds = tuple(AvailabilityKind)
    return tuple(
        Availability(rng.choice(codes), rng.choice(DAYS[:3]), rng.choice((None, 1, 2, 3)), rng.choice(kinds)) for _ in range(rng.choice((0, 1, 3)))
    )


FEW_WAYS = 20_000
"""Own rules are asked of whole weeks only, so that fewer can be tried."""


def is_small(case: Case, teaching: Mapping[str, str | None]) -> bool:
    """Whether every week can be tried in a moment, and there is a lesson to rule."""
    times = len({(slot.day, slot.period) for slot in case.instance.slots}) * max(1, len(case.instance.rooms))
    return any(need.jp and need.rombels for need in case.needs) and times ** sum(len(need.blocks) for need in case.needs) <= FEW_WAYS


def random_rule(rng: Random, case: Case, kind: WeekRuleKind, required: bool) -> WeekRule:
    """Any rule of the kind that Aturan Jadwal could hold."""
    need = rng.choice([need for need in case.needs if need.jp and need.rombels])
    slot = rng.choice(case.instance.slots)
    rule = WeekRule(kind, required)
    if kind in (WeekRuleKind.LAST_HOUR, WeekRuleKind.FIRST_HOURS):
        return replace(rule, subject=need.subject, amount=rng.choice((1, 1, 2)) if kind is WeekRuleKind.FIRST_HOURS else rng.choice((None, 1)))
    if kind is WeekRuleKind.FIXED:
        period = rng.choice((None, slot.period)) if slot.period else None
        return replace(rule, school=need.school, rombel=need.rombels[0], subject=need.subject, day=slot.day, period=period)
    if kind is WeekRuleKind.AT_ONCE:
        return replace(rule, subject=need.subject, amount=1)
    if kind in (WeekRuleKind.NO_FIRST_HOUR, WeekRuleKind.NO_LAST_HOUR):
        return replace(rule, teacher=rng.choice(list(case.teachers)))
    return replace(rule, teacher=rng.choice(("", *case.teachers)), amount=1 if kind is not WeekRuleKind.IDLE_HOURS else rng.choice((None, 1)))
