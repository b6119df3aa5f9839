"""A school's week as a problem: the evaluator of problems and the checker of plans say the same of random weeks of random tiny schools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from scheduler.domain.plan import Lesson
from scheduler.domain.timetabling import Meeting
from scheduler.timetable.problem import ROOM, WeekProblem
from scheduler.verify import timetable
from scheduler.verify.cost import MalformedTimetableError, evaluate
from scheduler.verify.levels import week_levels_of
from scheduler.verify.reading import Reading
from scheduler.verify.week import Week
from tests import timetable_weeks as weeks

SEEDS = range(24)
WEEKS = 40
RULE_OF = {"idle_hours": "limit_idle_times", "teacher_days": "cluster_busy_times", "unwanted_times": "prefer_times"}


def random_weeks(seed: int) -> Iterator[tuple[weeks.Case, dict[str, str | None], WeekProblem, list[tuple[Lesson, Meeting]]]]:
    """All blocks of all needs at random times of their own bells and in random rooms, in both forms."""
    case, teaching = weeks.random_case(seed)
    week, rng = WeekProblem(case, weeks.assignments(case, teaching)), Random(seed)
    times = {bell: [time for time in week.times if (time.place, time.bell) == bell] for bell in week.needs.values()}
    for _ in range(WEEKS):
        lessons = []
        for need, bell in week.needs.items():
            names = [room.name for room in case.instance.rooms if room.school == need.school and need.subject in room.subjects]
            for length in need.blocks:
                time, chosen = rng.choice(times[bell]), rng.randrange(max(1, len(names)))
                rooms = {ROOM: week.rooms_for(need)[chosen]} if names else {}
                name = names[chosen] if names else ""
                lesson = Lesson(need.id, need.school, need.rombels, need.subject, teaching.get(need.id), time.day, time.period, length, name)
                lessons.append((lesson, Meeting(need.id, time.id, length, rooms)))
        yield case, teaching, week, lessons


@pytest.mark.parametrize("seed", SEEDS)
def test_evaluator_breaks_nothing_where_the_checker_finds_nothing(seed: int) -> None:
    for case, teaching, week, lessons in random_weeks(seed):
        plan = weeks.plan_of(case, teaching, [lesson for lesson, _ in lessons])
        legal = not any(timetable.violations(case, plan))
        try:
            found = evaluate(week.build(), [meeting for _, meeting in lessons])
        except MalformedTimetableError:
            assert not legal
            continue
        assert (found.infeasibility == 0) == legal
        counted = Counter(dict.fromkeys(RULE_OF.values(), 0))
        for deviation in found.deviations:
            if not deviation.constraint.required:
                counted[deviation.constraint.id] += deviation.deviation
        if legal:
            levels = week_levels_of(Week(Reading(case, plan)))
            assert {level: counted[rule] for level, rule in RULE_OF.items()} == {level: levels[level] for level in RULE_OF}


def test_some_of_the_random_weeks_are_legal() -> None:
    """The comparison says something of both sides."""
    legal = [
        not any(timetable.violations(case, weeks.plan_of(case, teaching, [lesson for lesson, _ in lessons])))
        for seed in list(SEEDS)[:12]
        for case, teaching, _, lessons in random_weeks(seed)
    ]
    assert 0 < sum(legal) < len(legal)
