"""What the staff allows, by counting alone: hours and duties that nobody may take, and teachers for whom the minimum is out of reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from scheduler.counting.finding import Facts, Finding
from scheduler.counting.steps import largest_recognised, largest_sum
from scheduler.counting.units import most_units
from scheduler.domain.entities import Position
from scheduler.domain.rules import Part
from scheduler.policy.case import Case, DutyPost, Need, NeedKind
from scheduler.policy.schema import DutyKind
from scheduler.verify.recognition import Recognition, Tally, guidance_shortfall, recognise, recognise_principal, required_guidance


def staff_findings(staff: StaffCount) -> Iterator[Finding]:
    """Hard ones forbid already the division of work; notes say what no plan can reach."""
    for check in (personal_limits, pinned_duties, needs_without_teacher, duties_without_candidates, minimum_out_of_reach):
        yield from check(staff)


@dataclass(frozen=True)
class StaffCount:
    """The case with who may teach what and who may hold what, each looked up once."""

    case: Case

    @cached_property
    def eligible(self) -> Mapping[str, tuple[str, ...]]:
        """Teachers who may teach each need. Needs that differ only in their class and their Larang share one look-up: a district has thousands."""
        alike: dict[tuple[str, str, NeedKind], tuple[str, ...]] = {}
        found = {}
        for need in self.case.needs:
            if need.locked:
                found[need.id] = self.case.eligible(need)
                continue
            key = (need.school, need.subject, need.kind)
            if key not in alike:
                alike[key] = self.case.eligible(replace(need, forbidden=frozenset()))
            found[need.id] = tuple(code for code in alike[key] if code not in need.forbidden)
        return found

    @cached_property
    def may_have(self) -> Mapping[str, list[Need]]:
        """Needs that a teacher may teach, without those that are locked to another."""
        may_have: dict[str, list[Need]] = defaultdict(list)
        for need in self.case.needs:
            for code in self.eligible[need.id]:
                may_have[code].append(need)
        return may_have

    @cached_property
    def locked(self) -> Mapping[str, list[Need]]:
        """Needs that Kunci binds to a teacher who may teach them: every plan has them so."""
        return {code: [need for need in needs if need.locked == code] for code, needs in self.may_have.items()}

    @cached_property
    def candidates(self) -> tuple[tuple[DutyPost, tuple[str, ...]], ...]:
        """Every post with the teachers who may hold it: those at home there, and those who are named."""
        staff: dict[str, list[str]] = defaultdict(list)
        for teacher in self.case.instance.teachers:
            staff[teacher.home].append(teacher.code)
        return tuple(
            (post, tuple(code for code in dict.fromkeys((*staff[post.school], *(c for _, c in post.pinned))) if self.case.may_hold(code, post)))
            for post in self.case.duty_posts
        )

    @cached_property
    def posts_of(self) -> Mapping[str, list[DutyPost]]:
        """Posts that a teacher may hold."""
        posts: dict[str, list[DutyPost]] = defaultdict(list)
        for post, codes in self.candidates:
            for code in codes:
                posts[code].append(post)
        return posts

    @cached_property
    def tallies(self) -> dict[tuple[str, int | None], tuple[Tally, ...]]:
        """What ``best_tallies`` has worked out already."""
        return {}

    def most_guided(self, code: str) -> tuple[int, int]:
        """What a guru BK guides with every rombel that is not locked to another: everywhere, and at home."""
        needs = self.may_have.get(code, [])
        at_home = sum(self.case.guidance_weight(need) for need in needs if need.school == self.case.teachers[code].home)
        return sum(self.case.guidance_weight(need) for need in needs), at_home

    def name_facts(self, code: str) -> Facts:
        teacher = self.case.teachers[code]
        return {"teacher": code, "name": teacher.name, "certificate": teacher.certificate or ""}


def personal_limits(staff: StaffCount) -> Iterator[Finding]:
    """Locked JP above the teacher's most, and JP Min above what the teacher may teach at all, or between two steps of whole classes: impossible."""
    for code in staff.case.teachers:
        most, jp = staff.case.max_jp(code), sum(need.jp for need in staff.locked.get(code, ()))
        if jp > most:
            facts: Facts = {**staff.name_facts(code), "jp": jp, "limit": most}
            yield Finding("locked_hours_exceed_maximum", facts, hard=True, part=Part.WORKLOAD, excess=jp - most)
        wanted = staff.case.teachers[code].min_jp
        if wanted is None or code not in staff.case.active:
            continue
        allowed = min(most, sum(need.jp for need in staff.may_have.get(code, ())))
        if wanted > allowed:
            facts = {**staff.name_facts(code), "jp": wanted, "limit": allowed}
            yield Finding("minimum_jp_out_of_reach", facts, hard=True, part=Part.WORKLOAD, excess=wanted - allowed)
        elif wanted > (whole := largest_sum((need.jp for need in staff.may_have[code] if not need.locked), most, jp)) and jp <= most:
            facts = {**staff.name_facts(code), "jp": wanted, "limit": most, "whole": whole}
            yield Finding("minimum_jp_between_classes", facts, hard=True, part=Part.WORKLOAD, excess=wanted - whole)


def pinned_duties(staff: StaffCount) -> Iterator[Finding]:
    """Holders the workbook names beyond what one teacher may hold (a TTU more than once, a duty too often), or beyond Maksimal."""
    main_duties: dict[str, list[str]] = defaultdict(list)
    for post in staff.case.duty_posts:
        facts: Facts = {"school": staff.case.schools[post.school].name, "duty": post.rule.name}
        held: dict[str, int] = defaultdict(int)
        for _, code in post.pinned:
            held[code] += 1
            if post.rule.kind is DutyKind.TTU:
                main_duties[code].append(post.rule.name)
        if len(post.pinned) > post.maximum:
            counted: Facts = {**facts, "holders": len(post.pinned), "limit": post.maximum}
            yield Finding("pinned_above_maximum", counted, hard=True, part=Part.WORKLOAD, excess=len(post.pinned) - post.maximum)
        limit = post.rule.max_per_teacher
        for code, units in held.items():
            if limit is not None and units > limit:
                counted = {**facts, **staff.name_facts(code), "units": units, "limit": limit}
                yield Finding("pinned_too_often", counted, hard=True, part=Part.WORKLOAD, excess=units - limit)
    most = staff.case.policy.ttu_max_per_teacher
    for code, names in main_duties.items():
        if len(names) > most:
            shown: Facts = {**staff.name_facts(code), "duties": ", ".join(names), "limit": most}
            yield Finding("pinned_main_duties", shown, hard=True, part=Part.WORKLOAD, excess=len(names) - most)


def needs_without_teacher(staff: StaffCount) -> Iterator[Finding]:
    """Required lessons that nobody in the file may teach, per school and subject; and Kunci to somebody who may not."""
    nobody: dict[tuple[str, str], list[Need]] = defaultdict(list)
    for need in staff.case.needs:
        if need.kind is not NeedKind.LESSON or not need.required or staff.eligible[need.id]:
            continue
        if need.locked:
            facts: Facts = {**staff.name_facts(need.locked), "need": need.id, "jp": need.jp}
            yield Finding("locked_teacher_not_available", facts, excess=need.jp)
        else:
            nobody[need.school, need.subject].append(need)
    for (school, subject), needs in nobody.items():
        jp = sum(need.jp for need in needs)
        shown: Facts = {"npsn": school, "school": staff.case.schools[school].name, "subject": staff.case.instance.subject(subject).name}
        yield Finding("nobody_may_teach", {**shown, "classes": len(needs), "jp": jp}, excess=jp)


def duties_without_candidates(staff: StaffCount) -> Iterator[Finding]:
    """Duties that must be held, with fewer candidates than holders."""
    for post, candidates in staff.candidates:
        limit = post.rule.max_per_teacher
        possible = sum(post.minimum if limit is None else limit for _ in candidates)
        if possible < post.minimum:
            facts: Facts = {"school": staff.case.schools[post.school].name, "duty": post.rule.name, "minimum": post.minimum}
            yield Finding("duty_without_candidates", {**facts, "candidates": len(candidates)}, excess=post.minimum - possible)


def minimum_out_of_reach(staff: StaffCount) -> Iterator[Finding]:
    """Counted teachers who stay below the minimum in every plan: even alone on all hours they may have, with the best duties."""
    case = staff.case
    for code in (code for code in case.teachers if code in case.counted):
        best = best_alone(staff, code)
        if best.shortfall == 0:
            continue
        if case.is_counsellor(code):
            guided, at_home = staff.most_guided(code)
            wanted = min(required_guidance(case.policy, tally) for tally in best_tallies(staff, code))
            if guided >= wanted:
                guided, wanted = at_home, case.policy.bk_home_min or 0
            yield Finding("guidance_out_of_reach", {**staff.name_facts(code), "most": guided, "minimum": wanted}, excess=wanted - guided)
            continue
        facts: Facts = {**staff.name_facts(code), "real": best.real, "most": best.recognised, "missing": best.shortfall}
        home = best_tallies(staff, code)[0].at_home
        least = case.policy.home_min_jtm or 0
        if best.recognised >= case.policy.min_jtm and home < least:
            yield Finding("home_hours_out_of_reach", {**facts, "home": home, "minimum": least}, excess=best.shortfall)
        else:
            yield Finding("minimum_out_of_reach", facts, excess=best.shortfall)


def best_alone(staff: StaffCount, code: str, most_jp: int | None = None) -> Recognition:
    """The most that is recognised of a teacher in any plan, and what is missing to the minimum even then.

    Of a guru BK only ``recognised`` and ``shortfall`` are filled: what is missing in JTM, and the minimum less this.

    Parameters
    ----------
    most_jp
        most JP the teacher teaches; JP Maks and the ruleset's most where None
    """
    return min(recognitions(staff, code, most_jp), key=lambda recognition: recognition.shortfall)


def recognitions(staff: StaffCount, code: str, most_jp: int | None = None) -> tuple[Recognition, ...]:
    """What is recognised of each of ``best_tallies``: without a TTU, and with one where one may be held."""
    case, policy = staff.case, staff.case.policy
    tallies = best_tallies(staff, code, most_jp)
    position = case.teachers[code].position
    if position is Position.COUNSELLOR:
        missing = [guidance_shortfall(policy, tally, *staff.most_guided(code)) for tally in tallies]
        return tuple(Recognition(0, 0, 0, 0, max(0, policy.min_jtm - short), short) for short in missing)
    if position is Position.PRINCIPAL:
        return (recognise_principal(policy, tallies[0], surplus=False),)
    return tuple(recognise(policy, tally, case.is_guru_wali(code), surplus=False) for tally in tallies)


def best_tallies(staff: StaffCount, code: str, most_jp: int | None = None) -> tuple[Tally, ...]:
    """The most a teacher could have in any plan: without a TTU, and with one where one may be held.

    All linear hours that are not locked to another, in whole classes, home before outside, within the 40; every duty the teacher may hold.
    """
    key = (code, most_jp)
    if key not in staff.tallies:
        staff.tallies[key] = tallies_within(staff, code, staff.case.max_jp(code) if most_jp is None else min(most_jp, staff.case.max_jp(code)))
    return staff.tallies[key]


def tallies_within(staff: StaffCount, code: str, most: int) -> tuple[Tally, ...]:
    """The same for at most so many JP."""
    case, teacher = staff.case, staff.case.teachers[code]
    linear = [need for need in staff.may_have.get(code, []) if case.is_linear(code, need.subject)]
    # Locked lessons outside the certificate take their hours whatever the plan.
    most = max(0, most - sum(need.jp for need in staff.locked.get(code, ()) if not case.is_linear(code, need.subject)))
    real = largest_recognised(((need.jp, need.recognised_jp) for need in linear), most)
    home = largest_recognised(((need.jp, need.recognised_jp) for need in linear if need.school == teacher.home), most)
    home_in_file = teacher.home in case.schools
    posts = [post for post in staff.posts_of.get(code, ()) if most_units(post, code) > 0]
    jtm = {kind: sum(post.rule.jtm * most_units(post, code) for post in posts if post.rule.kind is kind) for kind in DutyKind}
    without = Tally(
        home=home + (0 if home_in_file else teacher.outside_jtm),
        outside=real - home + (teacher.outside_jtm if home_in_file else 0),
        teaching_duties=jtm[DutyKind.TEACHING],
        special_duties=jtm[DutyKind.SPECIAL],
        other_duties=jtm[DutyKind.TTLE],
        other_units=sum(most_units(post, code) for post in posts if post.rule.kind is DutyKind.TTLE),
    )
    main = max((post.rule.jtm for post in posts if post.rule.kind is DutyKind.TTU), default=0)
    return (without, replace(without, main_duties=main, main_units=1, special_duties=0)) if main else (without,)
