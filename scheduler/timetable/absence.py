"""Who takes over for a teacher who is absent for a day, with the least change: an exact small assignment.

Every lesson takes one of its offers or none. Two offers exclude each other where one person would be in two places, or where a class would have two
last lessons. The order in which changes count: a lesson with nobody; somebody sent over from another school; a swap; a lesson at the end of the day
that falls out; a colleague, one of the subject before others, who knows the class before others, at the school on the day, with a lesson next to it,
with few hours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from ortools.sat.python import cp_model

from scheduler.cp.run import run
from scheduler.domain.absence import Offer, OfferKind, Proposal
from scheduler.domain.entities import AvailabilityKind
from scheduler.domain.instance import DAYS
from scheduler.domain.plan import Plan, Status
from scheduler.domain.solving import SolveOptions
from scheduler.policy.case import Case, NeedKind, is_present
from scheduler.verify.reading import Reading
from scheduler.verify.timetable import clash
from scheduler.verify.week import Placed, Week

MOST_JP = 63
"""Hours of a week up to which a smaller load counts for a substitute."""

NEXT = MOST_JP + 1
THERE, KNOWS, LINEAR = 2 * NEXT, 4 * NEXT, 8 * NEXT
AT_THE_END, SWAP, OUTSIDE, NOBODY = 16 * NEXT, 32 * NEXT, 64 * NEXT, 10_000 * NEXT
"""Each weighs more than everything below it together."""

WORK = SolveOptions(workers=1, deterministic_limit=20.0)


def proposals(case: Case, plan: Plan, teacher: str, day: date) -> tuple[Proposal, ...]:
    """What to do with every lesson of the teacher on the weekday of a date, in the order of the day; empty where there is none."""
    absence = Absence(case, plan, teacher, day)
    offers = [tuple(sorted(absence.offers(placed), key=lambda offer: (offer.cost, offer.teacher))) for placed in absence.lessons]
    chosen = best_choice(absence, offers)
    return tuple(Proposal(p.lesson, of, choice) for p, of, choice in zip(absence.lessons, offers, chosen, strict=True))


class Absence:
    """The week as it is on the day, looked up."""

    def __init__(self, case: Case, plan: Plan, teacher: str, day: date) -> None:
        self.case, self.teacher, self.date = case, teacher, day
        self.day = DAYS[day.weekday()]
        self.week = Week(Reading(case, plan))
        self.today = [placed for placed in self.week.placed if placed.day == self.day]
        self.lessons = sorted((p for p in self.today if p.teacher == teacher), key=lambda p: (p.first, p.need.id))
        self.hours: Counter[str] = Counter()
        for placed in self.week.placed:
            self.hours.update({placed.teacher or "": placed.lesson.length})
        self.closed = {(r.teacher, r.period) for r in case.instance.availability if r.day == self.day and r.kind is AvailabilityKind.IMPOSSIBLE}

    def offers(self, placed: Placed) -> Iterator[Offer]:
        for code in self.case.teachers:
            if self.may_take(code, placed):
                yield self.substitute(code, placed)
        if placed.need.parallel or not placed.need.rombels or placed.need.kind is not NeedKind.LESSON:
            return
        last = self.last_of_class(placed)
        if last is placed:
            yield Offer(OfferKind.AT_THE_END, AT_THE_END)
        elif self.can_come_forward(last, placed):
            yield Offer(OfferKind.SWAP, SWAP, last.teacher or "", instead=last.lesson)

    # --- a colleague ---------------------------------------------------------------------------------------------------------------

    def may_take(self, code: str, placed: Placed) -> bool:
        """Whether a colleague is at work on the date, may teach the lesson, and has nothing else then."""
        colleague = self.case.teachers[code]
        allowed = code != self.teacher and self.case.may_teach(code, placed.need) and is_present(colleague, self.date)
        return allowed and self.is_free(code, placed)

    def is_free(self, code: str, at: Placed, leaving: Placed | None = None) -> bool:
        """Whether the teacher can be at this lesson's time and place, leaving out a lesson that is given up for it."""
        if self.case.teachers[code].mgmp_day == self.day or (code, None) in self.closed:
            return False
        if any((code, period) in self.closed for period in at.periods):
            return False
        return not any(clash(self.week, at, other) for other in self.today if other.teacher == code and other is not leaving)

    def substitute(self, code: str, placed: Placed) -> Offer:
        own = [p for p in self.today if p.teacher == code and p.school == placed.school]
        rombels = set(placed.need.rombels)
        knows = any(p.teacher == code and p.school == placed.school and rombels & set(p.need.rombels) for p in self.week.placed)
        adjacent = any(p.pattern == placed.pattern and (p.last + 1 == placed.first or placed.last + 1 == p.first) for p in own)
        linear, jp = self.case.is_linear(code, placed.need.subject), self.hours[code]
        cost = LINEAR * (not linear) + KNOWS * (not knows) + THERE * (not own) + NEXT * (not adjacent) + min(jp, MOST_JP)
        outside = not own and self.case.teachers[code].home != placed.school
        cost += OUTSIDE * outside
        return Offer(OfferKind.SUBSTITUTE, cost, code, linear, knows, bool(own), adjacent, outside, jp)

    # --- the end of the day --------------------------------------------------------------------------------------------------------

    def last_of_class(self, placed: Placed) -> Placed:
        """The last lesson of the class's day."""
        of_class = self.week.by_rombel[placed.school, placed.need.rombels[0], self.day]
        return max(of_class, key=lambda p: p.last)

    def can_come_forward(self, last: Placed, placed: Placed) -> bool:
        """Whether the class's last lesson, as long as this one and for the same pupils, can be held in its stead."""
        alike = last.need.rombels == placed.need.rombels and last.lesson.length == placed.lesson.length and not last.need.parallel
        if not alike or last.teacher is None or last.teacher == self.teacher:
            return False
        room_is_free = not any(
            p.lesson.room == last.lesson.room != "" and p.school == last.school and clash(self.week, p, placed) for p in self.today
        )
        return room_is_free and self.is_free(last.teacher, placed, leaving=last)


def best_choice(absence: Absence, offers: Sequence[Sequence[Offer]]) -> list[Offer | None]:
    """One offer or none for every lesson, at the least cost together."""
    model = cp_model.CpModel()
    taken = [[model.new_bool_var(f"takes[{lesson}, {number}]") for number in range(len(of))] for lesson, of in enumerate(offers)]
    nobody = [model.new_bool_var(f"nobody[{lesson}]") for lesson in range(len(offers))]
    for lesson, literals in enumerate(taken):
        model.add_exactly_one([*literals, nobody[lesson]])
    for first, second in combinations(range(len(offers)), 2):
        for i, one in enumerate(offers[first]):
            for j, other in enumerate(offers[second]):
                if exclude(absence, (absence.lessons[first], one), (absence.lessons[second], other)):
                    model.add_at_most_one([taken[first][i], taken[second][j]])
    costs = [offer.cost * literal for of, literals in zip(offers, taken, strict=True) for offer, literal in zip(of, literals, strict=True)]
    model.minimize(sum(costs) + sum(NOBODY * p.lesson.length * literal for p, literal in zip(absence.lessons, nobody, strict=True)))
    found = run(model, WORK)
    if found.status not in (Status.OPTIMAL, Status.FEASIBLE):
        return [None] * len(offers)
    return [next((o for o, x in zip(of, xs, strict=True) if found.values[x.index]), None) for of, xs in zip(offers, taken, strict=True)]


def exclude(absence: Absence, first: tuple[Placed, Offer], second: tuple[Placed, Offer]) -> bool:
    """Whether two offers cannot both be taken."""
    (here, one), (there, other) = first, second
    if one.teacher and one.teacher == other.teacher and clash(absence.week, here, there):
        return True
    if OfferKind.SUBSTITUTE in (one.kind, other.kind):
        return False
    if here.school == there.school and set(here.need.rombels) & set(there.need.rombels):
        return True
    # Two lessons that come forward may want one room at one time.
    rooms = [offer.instead.room for offer in (one, other) if offer.instead is not None]
    return len(rooms) == 2 and rooms[0] == rooms[1] != "" and clash(absence.week, here, there)
