"""What a plan file says of itself must be what is recomputed from its decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields

from scheduler.domain.plan import Level, Plan, TeacherLoad, Violation
from scheduler.policy.case import Need
from scheduler.verify.hours import counted_jtm
from scheduler.verify.levels import partner_teachers
from scheduler.verify.reading import Reading


def recorded_numbers(reading: Reading, loads: tuple[TeacherLoad, ...], levels: Mapping[str, int], replanned: bool) -> Iterator[Violation]:
    """Every recorded number equals the recomputed one, and a level is called proved exactly where its value equals its bound.

    A plan without any level, or without any teacher's load, has not recorded them yet: that is no breach. ``changes`` can be recomputed only
    beside the former plan.
    """
    yield from _policy(reading)
    yield from _copies(reading)
    yield from _duties(reading)
    yield from _partners(reading)
    if reading.plan.levels:
        yield from _levels(reading.plan, levels, replanned)
    if reading.plan.teachers:
        yield from _loads(reading.plan, loads)


def missing_records(plan: Plan) -> Iterator[Violation]:
    """A plan file with decisions says what they come to: without levels or without loads somebody took them out.

    Not one of the rules of ``check``, which also reads plans that are still being made.
    """
    if plan.assignments or plan.duties:
        yield from (_differs(part, "rows", 0, None) for part in ("levels", "teachers") if not getattr(plan, part))


def _differs(item: str, field: str, recorded: object, computed: object) -> Violation:
    facts: dict[str, str | int] = {"item": item, "field": field, "recorded": _shown(recorded), "computed": _shown(computed)}
    return Violation("recorded_numbers", (item,), facts)


def _shown(value: object) -> str | int:
    if value is None or value == ():
        return "-"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _policy(reading: Reading) -> Iterator[Violation]:
    used, policy = reading.plan.policy, reading.case.policy
    if used.id != policy.id:
        yield _differs("policy", "id", used.id, policy.id)
    stated, asked = dict(used.overrides), dict(policy.overrides)
    for key in sorted(stated.keys() | asked.keys()):
        if stated.get(key) != asked.get(key):
            yield _differs("policy", key, stated.get(key), asked.get(key))


def _copies(reading: Reading) -> Iterator[Violation]:
    """What assignments and lessons repeat of their need."""
    needs = reading.case.need
    for row in reading.plan.assignments:
        if row.need in needs:
            need = needs[row.need]
            yield from _same(row.need, row, need, ("school", "rombels", "subject", "jp", "recognised_jp"))
    for lesson in reading.plan.lessons:
        if lesson.need in needs:
            yield from _same(lesson.need, lesson, needs[lesson.need], ("school", "rombels", "subject"))
            teacher = reading.teacher_of.get(lesson.need)
            if lesson.teacher != teacher:
                yield _differs(lesson.need, "teacher", lesson.teacher, teacher)


def _same(item: str, copy: object, need: Need, names: tuple[str, ...]) -> Iterator[Violation]:
    for name in names:
        recorded, computed = getattr(copy, name), getattr(need, name)
        if recorded != computed:
            yield _differs(item, name, recorded, computed)


def _duties(reading: Reading) -> Iterator[Violation]:
    counted = counted_jtm(reading)
    for holding in reading.holdings:
        row, item = reading.plan.duties[holding.row], f"{holding.post.rule.name} {holding.unit}"
        if row.jtm != holding.post.rule.jtm:
            yield _differs(item, "jtm", row.jtm, holding.post.rule.jtm)
        if row.counted_jtm != counted[holding.row]:
            yield _differs(item, "counted_jtm", row.counted_jtm, counted[holding.row])


def _partners(reading: Reading) -> Iterator[Violation]:
    """Every other school with counted teachers has its record in one-school mode, and open needs are needs of the school they are recorded for."""
    case = reading.case
    recorded = [partner.school for partner in reading.plan.partners]
    for school in sorted({case.teachers[code].home for code in partner_teachers(case)}):
        if recorded.count(school) != 1:
            yield _differs(school, "partners", recorded.count(school), 1)
    for partner in reading.plan.partners:
        for need_id in partner.open_needs:
            school_of_need = case.need[need_id].school if need_id in case.need else None
            if school_of_need != partner.school:
                yield _differs(need_id, "open_needs", partner.school, school_of_need)


def _levels(plan: Plan, levels: Mapping[str, int], replanned: bool) -> Iterator[Violation]:
    names = [level.name for level in plan.levels]
    for name, value in levels.items():
        if names.count(name) != 1:
            yield _differs(name, "value", None if name not in names else "×2", value)
    for level in plan.levels:
        if level.name == "changes" and not replanned:
            yield from _proof(level)
        elif level.name not in levels:
            yield _differs(level.name, "value", level.value, None)
        elif level.value != levels[level.name]:
            yield _differs(level.name, "value", level.value, levels[level.name])
        else:
            yield from _proof(level)


def _proof(level: Level) -> Iterator[Violation]:
    """A bound is never above the value, and proved means that they are equal."""
    if level.bound is not None and level.bound > level.value:
        yield _differs(level.name, "bound", level.bound, level.value)
    elif level.proved != (level.value == level.bound):
        yield _differs(level.name, "proved", level.proved, level.value == level.bound)


def _loads(plan: Plan, loads: tuple[TeacherLoad, ...]) -> Iterator[Violation]:
    recorded = {load.teacher: load for load in plan.teachers}
    computed = {load.teacher: load for load in loads}
    for code in dict.fromkeys([*computed, *recorded]):
        if code not in recorded or code not in computed:
            yield _differs(code, "teacher", code if code in recorded else None, code if code in computed else None)
            continue
        for field in fields(TeacherLoad):
            stated, found = getattr(recorded[code], field.name), getattr(computed[code], field.name)
            if stated != found:
                yield _differs(code, field.name, stated, found)
    if len(recorded) != len(plan.teachers):
        yield _differs("teachers", "rows", len(plan.teachers), len(recorded))
