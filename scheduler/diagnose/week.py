"""Why a division of work has no week: the smallest sets of named rules and entities that cannot hold together.

A member is a class whose lessons must find room in its week, a teacher who can be in one lesson at a time, who is away at certain times, a kind of
room, the blocks of a subject, and so on. Every test builds the week anew without the members left out, and asks exact counting first, then two
searches of different parameters. What no member speaks of stands in every test: every hour is held, with its teacher, and parallel groups together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cached_property

from scheduler.cp.lexico import Budget
from scheduler.cp.run import Parameters, run, run_once
from scheduler.diagnose.members import Facts, Key
from scheduler.diagnose.smallest import all_smallest, smallest
from scheduler.domain.entities import WeekRule
from scheduler.domain.explanation import Basis, Conflict, Member
from scheduler.domain.plan import Assignment, Status
from scheduler.domain.rules import Part
from scheduler.domain.solving import SolveOptions
from scheduler.domain.timetabling import (
    AssignResources,
    AvoidClashes,
    AvoidUnavailableTimes,
    Constraint,
    DistributeSplitEvents,
    LimitPlaceChanges,
    PreferResources,
    SpreadEvents,
    TimetablingProblem,
)
from scheduler.engine.frame import Frame
from scheduler.engine.model import FIRST, whole_model
from scheduler.policy.case import Case
from scheduler.timetable.attendance import Attendance
from scheduler.timetable.conflict import TEST_WORK, limited
from scheduler.timetable.counting import counted_conflict
from scheduler.timetable.problem import TEACHER, WeekProblem, class_id
from scheduler.timetable.week_rules import RULE

LATER = (
    RULE,
    "split_events",
    "spread_events",
    "one_change_of_school",
    "assign_resources",
    "avoid_unavailable_times",
    "avoid_clashes",
    "assign_times",
)
"""The rules in the order in which they are rather left out of a conflict."""

ROOMS = "assign_resources"
"""The rule that keeps a room in one lesson at a time stands and falls with the choice of rooms."""

AT_ONCE: Parameters = {**FIRST, "num_workers": 1, "cp_model_presolve": False}
"""A week of few rules is found at once; presolve alone would take longer."""

AGAIN: Parameters = {"cp_model_presolve": True, "linearization_level": 1}
"""How the second search differs that must find the same impossible."""

CONFIRMING: Parameters = {"linearization_level": 2}
"""What is too much for a number of places shows in the linear relaxation, which the search for a week goes without."""

CONFIRMING_WORK = 2.0


def week_conflicts(case: Case, assignments: Sequence[Assignment], options: SolveOptions) -> Iterator[Conflict]:
    """Why no week can hold this division of work: the first conflict at once, others as they are asked for.

    Yields nothing where there is a week, and nothing where its impossibility was not proved in time.
    """
    relaxing = Relaxing(case, assignments, Budget(options))
    if not relaxing.problem.events:
        return
    nowhere = list(dict.fromkeys(relaxing.without_place()))
    bases = relaxing.searched(()) if nowhere else ()
    yield from (Conflict(f"K{number:02}", Part.WEEK, (relaxing.member(key),), True, bases) for number, key in enumerate(nowhere, start=1))
    if nowhere:
        return
    for number, found in enumerate(all_smallest(relaxing.stages(), relaxing.test, relaxing.limits, relaxing.guess), start=1):
        if not found.members:
            continue  # no rule that could be left out has a part in it: nothing that could be said
        members = tuple(relaxing.member(key) for key in sorted(found.members, key=lambda key: -LATER.index(key[0])))
        yield Conflict(f"K{number:02}", Part.WEEK, members, found.minimal, relaxing.bases(found.members))


class Relaxing:
    """A week's problem of which single rules about single entities can be left out."""

    def __init__(self, case: Case, assignments: Sequence[Assignment], budget: Budget) -> None:
        self.case, self.budget = case, budget
        self.stated = WeekProblem(case, assignments)
        self.problem = self.stated.build()
        self.common = tuple(constraint for constraint in self.problem.constraints if constraint.id != RULE)

    # --- members -----------------------------------------------------------------------------------------------------------------------

    @cached_property
    def classes(self) -> Mapping[str, Key]:
        """The member of each class, by its resource."""
        found = dict.fromkeys((need.school, rombel) for need in self.stated.needs for rombel in need.rombels)
        return {class_id(*rombel): ("assign_times", (("rombel", rombel[1]), ("school", rombel[0]))) for rombel in found}

    def resource_key(self, resource: str) -> Key:
        """The member that keeps a class or a teacher in one lesson at a time."""
        return self.classes.get(resource) or teacher_key("avoid_clashes", resource)

    def spread_key(self, events: Sequence[str]) -> Key:
        """The member of the subjects of one class (or of hours at a partner school) that stand once a day."""
        need = self.case.need[events[0]]
        return "spread_events", (("rombel", ", ".join(need.rombels) or need.id), ("school", need.school))

    @cached_property
    def blocks(self) -> Mapping[str, Key]:
        """The member of the blocks of each event: those of one subject at one school; parallel groups part only together, so never here."""
        own = [need for need in self.stated.needs if not need.parallel and max(need.blocks) > 1]
        return {need.id: ("split_events", (("school", need.school), ("subject", need.subject))) for need in own}

    @cached_property
    def rows(self) -> Mapping[Key, tuple[Constraint, ...]]:
        """The member of each row of Aturan Jadwal that is Wajib, with what it asks of this week."""
        own = self.stated.own_rules
        found = {row_key(row, rule): tuple(own.stated(row, rule)) for row, rule in own.rows if rule.required}
        return {key: constraints for key, constraints in found.items() if constraints}

    def keys_of(self, constraint: Constraint) -> Iterator[Key]:
        if isinstance(constraint, AvoidClashes) and constraint.id != ROOMS:
            yield from map(self.resource_key, constraint.resources)
        elif isinstance(constraint, AvoidUnavailableTimes) and constraint.required:
            yield from (teacher_key("avoid_unavailable_times", resource) for resource in constraint.resources)
        elif isinstance(constraint, LimitPlaceChanges):
            yield from (
                teacher_key("one_change_of_school", t) for t in constraint.resources if len({bell[0] for bell in self.stated.bells_of(t)}) > 1
            )
        elif isinstance(constraint, DistributeSplitEvents):
            yield from (self.blocks[event] for event in constraint.events if event in self.blocks)
        elif isinstance(constraint, SpreadEvents):
            yield from map(self.spread_key, constraint.event_groups)
        elif isinstance(constraint, PreferResources):
            yield room_key(constraint)

    def stages(self) -> list[list[Key]]:
        keys = [*self.rows, *dict.fromkeys(key for constraint in self.common for key in self.keys_of(constraint))]
        return [[key for key in keys if key[0] == rule] for rule in LATER]

    # --- tests -------------------------------------------------------------------------------------------------------------------------

    def only(self, kept: Sequence[Key]) -> TimetablingProblem:
        """The problem with these members alone."""
        on = frozenset(kept)
        parted = frozenset(event for event, key in self.blocks.items() if key not in on)
        rooms = {c.events for c in self.common if isinstance(c, PreferResources) and room_key(c) in on}
        constraints = [*single_hours(self.problem, parted), *(constraint for key in self.rows if key in on for constraint in self.rows[key])]
        for constraint in self.common:
            if isinstance(constraint, SpreadEvents):
                constraints += self.spread(constraint, on, parted)
            elif not isinstance(constraint, AssignResources | PreferResources) or constraint.events in rooms:
                constraints.append(self.lightened(constraint, on, parted))
        return replace(self.problem, constraints=tuple(constraints))

    def lightened(self, constraint: Constraint, on: Set[Key], parted: Set[str]) -> Constraint:
        """A constraint without the resources and events whose member is left out."""
        if isinstance(constraint, AvoidClashes) and constraint.id != ROOMS:
            return replace(constraint, resources=tuple(r for r in constraint.resources if self.resource_key(r) in on))
        if isinstance(constraint, AvoidUnavailableTimes) and constraint.required:
            return replace(constraint, resources=tuple(r for r in constraint.resources if teacher_key("avoid_unavailable_times", r) in on))
        if isinstance(constraint, LimitPlaceChanges):
            return replace(constraint, resources=tuple(r for r in constraint.resources if teacher_key("one_change_of_school", r) in on))
        if isinstance(constraint, DistributeSplitEvents):
            return replace(constraint, events=tuple(event for event in constraint.events if event not in parted))
        return constraint

    def spread(self, constraint: SpreadEvents, on: Set[Key], parted: Set[str]) -> Iterator[SpreadEvents]:
        """The groups that stay; where blocks are parted into single hours, as many hours a day as their blocks had."""
        for group in constraint.event_groups:
            if self.spread_key(group) in on:
                longest = max((max(self.case.need[event].blocks) for event in group if event in parted), default=1)
                yield replace(constraint, event_groups=(group,), maximum=constraint.maximum * longest)

    def counted(self, kept: Sequence[Key]) -> Status:
        """INFEASIBLE where exact counting shows it, else UNKNOWN."""
        return Status.UNKNOWN if counted_conflict(Attendance(self.only(kept)), TEACHER) is None else Status.INFEASIBLE

    def guess(self, stages: Sequence[Sequence[Key]]) -> Sequence[Key]:
        """What counting alone finds impossible, nothing in it superfluous to the count."""
        everything = [key for stage in stages for key in stage]
        return smallest(stages, self.counted).members if self.counted(everything) is Status.INFEASIBLE else ()

    def test(self, kept: Sequence[Key]) -> Status:
        """Whether a week keeps these members; INFEASIBLE by counting, or by two runs of different parameters."""
        left = self.limits()
        if left is None:
            return Status.UNKNOWN
        week = Attendance(self.only(kept))
        if counted_conflict(week, TEACHER) is not None:
            return Status.INFEASIBLE
        return run(whole_model(week.frame), limited(left, TEST_WORK), parameters=AT_ONCE, other_way=AGAIN).status

    def limits(self) -> SolveOptions | None:
        return None if self.budget.is_used_up(1.0) else self.budget.part(1.0)

    def bases(self, members: Sequence[Key]) -> tuple[Basis, ...]:
        """How the members were shown to be impossible together; what was counted is also searched, for a moment."""
        return self.searched(members) if self.counted(members) is Status.INFEASIBLE else (Basis.SEARCH, Basis.SECOND_SEARCH)

    def searched(self, members: Sequence[Key]) -> tuple[Basis, ...]:
        """The bases of what counting has shown: with a search beside it wherever that comes to the same end in time."""
        left = self.limits()
        if left is None:
            return (Basis.COUNTING,)
        found = run_once(whole_model(Frame(self.only(members))), limited(left, CONFIRMING_WORK), parameters=CONFIRMING)
        return (Basis.COUNTING, Basis.SEARCH) if found.status is Status.INFEASIBLE else (Basis.COUNTING,)

    def without_place(self) -> Iterator[Key]:
        """What has no place in any week, whatever rule is left out: parallel groups of which one teacher would be in two, or whose blocks are too
        long for every day; and a class with a subject of more lessons than its week has times."""
        week = Attendance(self.only(()))
        for bundle, counts in zip(week.frame.bundles, week.counts, strict=True):
            needs = [self.case.need[self.problem.events[event].id] for event in bundle.events]
            if not all(bundle.legal.values()):
                yield "link_events", (("needs", ", ".join(need.id for need in needs)), ("school", needs[0].school))
            elif any(count > len(bundle.legal[shape]) for shape, count in counts.items()):
                yield from (self.classes[class_id(need.school, rombel)] for need in needs for rombel in need.rombels)

    # --- members in words' reach -------------------------------------------------------------------------------------------------------

    def member(self, key: Key) -> Member:
        rule, entities = key[0], dict(key[1])
        if rule == RULE:
            return Member(rule, entities, row_facts(self.case.instance.week_rules[int(entities["row"]) - 1]))
        if rule == "assign_times":
            return Member(rule, entities, self.class_facts(entities["school"], entities["rombel"]))
        if "teacher" in entities:
            return Member(rule, entities, self.teacher_facts(rule, entities["teacher"]))
        if rule == "split_events":
            return Member(rule, entities, {"blocks": ", ".join(self.patterns(entities["school"], entities["subject"]))})
        return Member(rule, entities, {"count": len(entities["rooms"].split(", "))} if rule == "assign_resources" else {})

    def patterns(self, school: str, subject: str) -> Sequence[str]:
        """The block patterns of a subject at a school: ``2+2+1``."""
        own = [need.blocks for need in self.stated.needs if (need.school, need.subject) == (school, subject) and not need.parallel]
        return list(dict.fromkeys("+".join(map(str, blocks)) for blocks in own))

    def class_facts(self, school: str, rombel: str) -> Facts:
        """Hours of the class (parallel groups once), and the periods that its bell has for lessons."""
        own = [need for need in self.stated.needs if need.school == school and rombel in need.rombels]
        parallel = {need.parallel: max(other.jp for other in own if other.parallel == need.parallel) for need in own if need.parallel}
        bells = {self.stated.needs[need] for need in own}
        times = sum((time.place, time.bell) in bells for time in self.problem.times)
        return {"jp": sum(need.jp for need in own if not need.parallel) + sum(parallel.values()), "times": times}

    def teacher_facts(self, rule: str, code: str) -> Facts:
        """Hours given to the teacher (those of a Kunci too), the periods at which the teacher can come, and the days of those at which not."""
        needs, bells = self.stated.taught[code], set(self.stated.bells_of(code))
        closed = {
            time
            for constraint in self.common
            if isinstance(constraint, AvoidUnavailableTimes) and constraint.required and code in constraint.resources
            for time in constraint.times
        }
        own = [time for time in self.problem.times if (time.place, time.bell) in bells]
        if rule == "avoid_unavailable_times":
            away = dict.fromkeys(time.day for time in own if time.id in closed)
            return {"closed": sum(time.id in closed for time in own), "open": sum(time.id not in closed for time in own), "days": ", ".join(away)}
        return {"jp": sum(need.jp for need in needs), "locked": sum(need.jp for need in needs if need.locked == code)}


def teacher_key(rule: str, code: str) -> Key:
    return rule, (("teacher", code),)


def room_key(constraint: PreferResources) -> Key:
    """Rooms of one kind, by their names (``room:NPSN/name``)."""
    school = constraint.resources[0].partition(":")[2].partition("/")[0]
    names = [room.partition("/")[2] for room in constraint.resources]
    return "assign_resources", (("rooms", ", ".join(names)), ("school", school))


def row_key(row: int, rule: WeekRule) -> Key:
    """A row by its number, with whom it names."""
    named = {"rombel": rule.rombel, "row": str(row), "school": rule.school, "subject": rule.subject, "teacher": rule.teacher}
    return RULE, tuple((entity, name) for entity, name in named.items() if name)


def row_facts(rule: WeekRule) -> Facts:
    """What the row asks for: its rule, its Angka, its day and hour; a blank Angka is 0."""
    facts: dict[str, str | int] = {"kind": str(rule.kind), "amount": rule.amount or 0}
    if rule.day:
        facts["day"] = rule.day
    if rule.period is not None:
        facts["period"] = rule.period
    return facts


def single_hours(problem: TimetablingProblem, events: Set[str]) -> Iterator[Constraint]:
    """The events in lessons of one period each."""
    for event in problem.events:
        if event.id in events:
            yield DistributeSplitEvents(id="split_events", events=(event.id,), length=1, minimum=event.duration, maximum=event.duration)
