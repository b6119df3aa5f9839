"""The rule that Untis documents for giving lessons to teachers: one lesson at a time, no looking back. A yardstick, and a plan to begin with.

Hardest-to-staff subject first, its longest lesson, the qualified teacher who needs most hours. "Hardest to staff" is read as the smallest ratio of
the hours qualified teachers could still teach to the hours asked. Duties are then given one unit at a time to whom they help most: first the
duties that must be filled, then TTU, then the small ones. Teachers stay at their own school (and where a need is locked to them).

A district is never given less: its search begins with this plan wherever it has no better one (``workload.descent``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from scheduler.domain.plan import Assignment, DutyHolding, Plan, PlanStatus, PolicyUsed, Status
from scheduler.policy.case import Case, DutyPost, Need
from scheduler.policy.schema import DutyKind
from scheduler.workload.scope import Eligibility


@dataclass
class Greedy:
    """A plan on its way, one decision after the other."""

    case: Case
    teacher_of: dict[str, str | None] = field(default_factory=dict)
    duties: list[DutyHolding] = field(default_factory=list)
    jp: Counter[str] = field(default_factory=Counter)
    real: Counter[str] = field(default_factory=Counter)
    ttle: Counter[str] = field(default_factory=Counter)
    ttu: set[str] = field(default_factory=set)
    staff: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for t, teacher in self.case.teachers.items():
            self.staff[teacher.home].append(t)

    def run(self) -> Plan:
        self.give_lessons()
        self.give_duties()
        assignments = tuple(
            Assignment(n.id, n.school, n.rombels, n.subject, n.jp, n.recognised_jp, self.teacher_of.get(n.id)) for n in self.case.needs
        )
        status = PlanStatus(Status.FEASIBLE, Status.UNKNOWN)
        return Plan(PolicyUsed(self.case.policy.id), "", status, (), assignments, tuple(self.duties))

    # --- lessons -------------------------------------------------------------------------------------------------------------------------

    def give_lessons(self) -> None:
        eligibility = Eligibility(self.case, {}, visitors=False)
        eligible = {need.id: (need.locked,) if need.locked else eligibility.eligible(need) for need in self.case.needs}
        subjects: dict[tuple[str, str], list[Need]] = defaultdict(list)
        for need in self.case.needs:
            subjects[need.school, need.subject].append(need)
        for needs in sorted(subjects.values(), key=lambda needs: self.slack(needs, eligible)):
            for need in sorted(needs, key=lambda need: -need.jp):
                self.teach(need, eligible[need.id])

    def slack(self, needs: list[Need], eligible: dict[str, tuple[str, ...]]) -> float:
        teachers = {t for need in needs for t in eligible[need.id]}
        return sum(self.case.max_jp(t) for t in teachers) / max(1, sum(need.jp for need in needs))

    def teach(self, need: Need, eligible: tuple[str, ...]) -> None:
        able = [t for t in eligible if self.jp[t] + need.jp <= self.case.max_jp(t)]
        linear = [t for t in able if self.case.is_linear(t, need.subject)]
        chosen = min(linear or able, key=lambda t: (self.real[t] - self.case.policy.min_jtm * (t in self.case.counted), t), default=None)
        self.teacher_of[need.id] = chosen
        if chosen is not None:
            self.jp[chosen] += need.jp
            self.real[chosen] += need.recognised_jp * self.case.is_linear(chosen, need.subject)

    # --- duties --------------------------------------------------------------------------------------------------------------------------

    def give_duties(self) -> None:
        order = {DutyKind.TTU: 0, DutyKind.TEACHING: 1, DutyKind.SPECIAL: 1, DutyKind.TTLE: 2}
        for post in self.case.duty_posts:
            for pinned_unit, holder in post.pinned:
                self.hold(post, pinned_unit or post.units[0], holder)
        for post in sorted(self.case.duty_posts, key=lambda post: (post.minimum == 0, order[post.rule.kind])):
            held = Counter(duty.teacher for duty in self.duties if duty.duty == post.duty and duty.school == post.school)
            taken = {duty.unit for duty in self.duties if duty.duty == post.duty and duty.school == post.school}
            for unit in [unit for unit in post.units if unit not in taken][: max(0, min(post.maximum, post.quota) - len(taken))]:
                t = self.who_needs(post, held, must=len(taken) < post.minimum)
                if t is None:
                    break
                held[t] += 1
                taken.add(unit)
                self.hold(post, unit, t)

    def who_needs(self, post: DutyPost, held: Counter[str], must: bool) -> str | None:
        """The teacher who misses most and whom the unit would help; where it must be filled, else anybody."""
        most = post.rule.max_per_teacher or len(post.units)
        able = [t for t in self.staff[post.school] if held[t] < most and self.case.may_hold(t, post)]
        helped = [t for t in able if t in self.case.counted and self.missing(t) > 0 and self.helps(post, t)]
        chosen = max(helped, key=lambda t: (self.missing(t), t), default=None)
        return chosen or (next((t for t in able if t not in self.ttu), None) if must else None)

    def helps(self, post: DutyPost, t: str) -> bool:
        policy = self.case.policy
        if post.rule.kind is DutyKind.TTU:
            return t not in self.ttu and self.real[t] >= policy.ttu_min_real_jtm
        return t not in self.ttu and self.ttle[t] < policy.ttle_cap_jtm

    def missing(self, t: str) -> int:
        policy = self.case.policy
        if t in self.ttu:
            return 0
        wali = policy.guru_wali_jtm if self.case.is_guru_wali(t) else 0
        return policy.min_jtm - self.real[t] - wali - min(policy.ttle_cap_jtm, self.ttle[t])

    def hold(self, post: DutyPost, unit: str, t: str) -> None:
        self.duties.append(DutyHolding(post.school, post.duty, unit, t, post.rule.jtm, 0))
        if post.rule.kind is DutyKind.TTU:
            self.ttu.add(t)
        elif post.rule.kind is DutyKind.TTLE:
            self.ttle[t] += post.rule.jtm


def greedy_plan(case: Case) -> Plan:
    """The plan of the rule; it heeds the hard rules of hours and duties, but no JP Min and nothing the week has refused."""
    return Greedy(case).run()
