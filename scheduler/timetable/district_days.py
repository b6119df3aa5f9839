"""On which days each shared teacher is at which school: fixed before the schools' weeks are built, so that these can be built apart.

Each day of a teacher belongs to one school at most, which leaves nothing to the clock and the way. Where that leaves no room, the schools are built
together instead (``district``), and a day may be shared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ortools.sat.python import cp_model

from scheduler.counting.teacher_days import TeacherDays, days_for, fullest
from scheduler.cp.run import run
from scheduler.domain.instance import DAYS
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Need
from scheduler.timetable.problem import WeekProblem

Days = Mapping[tuple[str, str], frozenset[str]]
"""Days by (teacher, school)."""

Presence = tuple[str, str, str]
"""(teacher, school, day)."""

SPARE_DAYS = 1
"""So many days more than needed make a school's week easy to build."""

LACKING_WEIGHT, THIN_WEIGHT, LOST_WEIGHT, UNHEEDED_WEIGHT, MISSING_WEIGHT = 1, 3, 100, 1000, 1000
"""What a spare day that lacks costs, a teacher too few for ease at a school on a day, a week that must be built again, a refusal that is not heeded,
and a needed day that is not there at all."""

EASY_MARGIN = 2
"""A school's day is easy where so many more teachers are there than classes."""


@dataclass(frozen=True)
class Staffing:
    """What the week's needs ask of teachers' days; ``week`` has all schools (or some that share nobody with others)."""

    week: WeekProblem

    @cached_property
    def hours(self) -> Mapping[tuple[str, str], Sequence[Need]]:
        """Needs by (teacher, school)."""
        found: dict[tuple[str, str], list[Need]] = defaultdict(list)
        for code, needs in self.week.taught.items():
            for need in needs:
                found[code, need.school].append(need)
        return found

    @cached_property
    def schools_of(self) -> Mapping[str, tuple[str, ...]]:
        """Schools of each teacher."""
        found: dict[str, list[str]] = defaultdict(list)
        for code, school in self.hours:
            found[code].append(school)
        return {code: tuple(schools) for code, schools in found.items()}

    @cached_property
    def shared(self) -> frozenset[str]:
        return frozenset(code for code, schools in self.schools_of.items() if len(schools) > 1)

    @cached_property
    def counted(self) -> TeacherDays:
        return TeacherDays(self.week.case, {need: bell for need, (_, bell) in self.week.needs.items()})

    def most_hours(self, code: str, school: str) -> dict[str, int]:
        """Most hours on each day that a teacher can give at a school: as much of the open periods as his lessons can fill."""
        needs = self.hours[code, school]
        lessons = [set(need.blocks) for need in needs for _ in range(self.counted.most_a_day(need))]
        return {day: fullest(free, lessons) for day, free in self.counted.open_hours(code, needs).items()}

    def fewest_days(self, code: str, school: str) -> int:
        """As many days as the hours need, and as the blocks of one class's subject, which has one a day."""
        needs, most = self.hours[code, school], self.most_hours(code, school)
        by_blocks = max((self.counted.days_of(need) for need in needs), default=0)
        return max(days_for(sum(need.jp for need in needs), most), min(len(most), by_blocks))

    def overfull(self) -> Iterator[tuple[tuple[str, str], ...]]:
        """(need, teacher) pairs of every teacher whose schools ask for more days than there are, where no day can be shared.

        A day can be shared only where the way between two schools is known. Small rather than smallest: the longest need of each school where these
        are too many already, else everything that the teacher has.
        """
        for code in sorted(self.shared):
            schools = self.schools_of[code]
            if len(self.counted.apart(schools)) < len(schools):
                continue
            open_days = min(len({day for school in schools for day in self.most_hours(code, school)}), self.counted.most_days(code))
            if sum(self.fewest_days(code, school) for school in schools) <= open_days:
                continue
            longest = [max(self.hours[code, school], key=self.counted.days_of) for school in schools]
            longest.sort(key=self.counted.days_of, reverse=True)
            counts = [count for count in range(2, len(schools) + 1) if sum(map(self.counted.days_of, longest[:count])) > open_days]
            needs = longest[: counts[0]] if counts else [need for school in schools for need in self.hours[code, school]]
            yield tuple(sorted((need.id, code) for need in needs))


@dataclass(frozen=True, slots=True)
class Refused:
    """Days that a group of schools lacked for a week: at least one of these (teacher, school, day) must be added.

    More days never make a week harder, so nothing is lost by it where the group was proved to have no week without them.
    """

    schools: frozenset[str]
    lacking: frozenset[Presence]


@dataclass(frozen=True, slots=True)
class FixedDays:
    """``without`` are the teachers for whom whole days are not enough, ``unheeded`` the refusals that no days would heed."""

    days: Days
    without: frozenset[str] = frozenset()
    unheeded: tuple[Refused, ...] = ()


def fixed_days(
    staffing: Staffing, options: SolveOptions, refused: Sequence[Refused] = (), weeks: Sequence[Collection[Presence]] = ()
) -> FixedDays | None:
    """Days of every shared teacher at each school; None where none are found in the limits.

    Hard: a school a day. Sought: all needed days, and what refused weeks lacked; that ``weeks`` (who is where on which day) stay as they are; more
    teachers present than classes, and a day to spare at each school.
    """
    model = cp_model.CpModel()
    at: dict[Presence, cp_model.IntVar] = {}
    cost: list[cp_model.LinearExprT] = []
    missing: dict[str, list[cp_model.IntVar]] = defaultdict(list)
    teachers = sorted(staffing.shared)
    for code in teachers:
        for school in staffing.schools_of[code]:
            most, needed = staffing.most_hours(code, school), staffing.fewest_days(code, school)
            own = {day: model.new_bool_var(f"at[{code}, {school}, {day}]") for day in most}
            at |= {(code, school, day): is_there for day, is_there in own.items()}
            lack = model.new_int_var(0, 7, f"missing[{code}, {school}]")
            spare = model.new_int_var(0, 7, f"lacking[{code}, {school}]")
            model.add(sum(own.values()) + lack >= needed)
            model.add(sum(own.values()) + spare >= needed + SPARE_DAYS)
            jp = sum(need.jp for need in staffing.hours[code, school])
            short = model.new_int_var(0, jp, f"short[{code}, {school}]")
            model.add(sum(most[day] * own[day] for day in own) + short >= jp)
            missing[code] += [lack, short]
            cost += [MISSING_WEIGHT * lack, MISSING_WEIGHT * short, LACKING_WEIGHT * spare]
        for day in DAYS:
            model.add_at_most_one(at[key] for school in staffing.schools_of[code] if (key := (code, school, day)) in at)
        model.add(sum(is_there for key, is_there in at.items() if key[0] == code) <= staffing.counted.most_days(code))
    cost += thin_days(staffing, model, at)
    unheeded = [model.new_bool_var(f"unheeded[{number}]") for number in range(len(refused))]
    for refusal, is_unheeded in zip(refused, unheeded, strict=True):
        model.add_bool_or([is_unheeded, *(at[key] for key in sorted(refusal.lacking) if key in at)])
        cost.append(UNHEEDED_WEIGHT * is_unheeded)
    for number, week in enumerate(weeks):
        lost = model.new_bool_var(f"lost[{number}]")
        for key in sorted(week):
            if key in at:
                model.add_implication(~at[key], lost)
        cost.append(LOST_WEIGHT * lost)
    model.minimize(sum(cost))
    found = run(model, replace(options, workers=1))
    if not found.found:
        return None
    without = frozenset(code for code, lacks in missing.items() if any(found.values[lack.index] for lack in lacks))
    days = {
        (code, school): frozenset(day for day in DAYS if (key := (code, school, day)) in at and found.values[at[key].index])
        for code in teachers
        for school in staffing.schools_of[code]
        if code not in without
    }
    return FixedDays(days, without, tuple(each for each, is_unheeded in zip(refused, unheeded, strict=True) if found.values[is_unheeded.index]))


def thin_days(staffing: Staffing, model: cp_model.CpModel, at: Mapping[Presence, cp_model.IntVar]) -> list[cp_model.LinearExprT]:
    """Teachers too few for ease, and for the classes at all, at each school on each day that shared teachers decide.

    A class of which lessons have no teacher asks for nobody in them; so the number of classes is not a hard bound, only a dear one.
    """
    week = staffing.week
    cost: list[cp_model.LinearExprT] = []
    classes: dict[str, set[str]] = defaultdict(set)
    staff: dict[str, list[str]] = defaultdict(list)
    for need in week.needs:
        classes[need.school] |= set(need.rombels)
    for code, school in staffing.hours:
        staff[school].append(code)
    for school, rombels in classes.items():
        days = {day for need_bell in set(week.needs.values()) if need_bell[0] == school for day in week.slots[need_bell[1]]}
        for day in DAYS:
            visiting = [at[code, school, day] for code in staff[school] if (code, school, day) in at]
            if day not in days or not visiting:
                continue
            own = sum(code not in staffing.shared and day in staffing.most_hours(code, school) for code in staff[school])
            for wanted, weight in ((len(rombels), 10 * THIN_WEIGHT), (len(rombels) + EASY_MARGIN, THIN_WEIGHT)):
                if own < wanted:
                    thin = model.new_int_var(0, wanted, f"thin[{school}, {day}, {wanted}]")
                    model.add(sum(visiting) + own + thin >= wanted)
                    cost.append(weight * thin)
    return cost
