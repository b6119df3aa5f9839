"""Supply and demand before any solving: hours by subject, teachers by family of certificates, and duties, school by school."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.policy.case import Case, DutyPost, Need, NeedKind
from scheduler.policy.schema import DutyHolding, DutyKind


@dataclass(frozen=True, slots=True)
class SubjectSupply:
    """One subject at one school.

    ``classes`` and the JP are those of the required needs. ``linear`` are the school's own counted teachers whose certificate covers the subject,
    ``able`` its other teachers who may teach it. ``capacity_jp`` is what all of them may teach at most, in every subject together, so
    ``missing_jp`` is a lower limit of what stays open without visitors.
    """

    school: str
    subject: str
    classes: int
    jp: int
    recognised_jp: int
    linear: tuple[str, ...]
    able: tuple[str, ...]
    capacity_jp: int

    @property
    def missing_jp(self) -> int:
        return max(0, self.jp - self.capacity_jp)


@dataclass(frozen=True, slots=True)
class FamilySupply:
    """One family of certificates at one school: certified teachers against the computed need ΣJP / ``divisor_jtm`` (ps. 20 (1) b)."""

    school: str
    family: str
    jp: int
    divisor_jtm: int
    needed: int
    certified: tuple[str, ...]

    @property
    def surplus(self) -> int:
        """Certified teachers beyond the computed need; negative where some are lacking."""
        return len(self.certified) - self.needed


@dataclass(frozen=True, slots=True)
class DutySupply:
    """Duties that count at one school: TTU slots, and the JTM of all TTLE units that may be handed out."""

    school: str
    main_duty_slots: int
    small_duty_units: int
    small_duty_jtm: int


@dataclass(frozen=True, slots=True)
class Supply:
    subjects: tuple[SubjectSupply, ...]
    families: tuple[FamilySupply, ...]
    duties: tuple[DutySupply, ...]


def supply(case: Case) -> Supply:
    """Supply and demand of every school of the file that has rombels or staff of its own, in the order of the sheets."""
    return Supply(_subjects(case), _families(case), _duties(case))


def _subjects(case: Case) -> tuple[SubjectSupply, ...]:
    demanded: dict[tuple[str, str], list[Need]] = {}
    for need in case.needs:
        if need.kind is NeedKind.LESSON and need.required:
            demanded.setdefault((need.school, need.subject), []).append(need)
    return tuple(_subject(case, school, subject, needs) for (school, subject), needs in demanded.items())


def _subject(case: Case, school: str, subject: str, needs: list[Need]) -> SubjectSupply:
    able = [t.code for t in case.instance.teachers if t.home == school and any(case.may_teach(t.code, need) for need in needs)]
    linear = tuple(code for code in able if code in case.counted and case.is_linear(code, subject))
    return SubjectSupply(
        school=school,
        subject=subject,
        classes=len(needs),
        jp=sum(need.jp for need in needs),
        recognised_jp=sum(need.recognised_jp for need in needs),
        linear=linear,
        able=tuple(code for code in able if code not in linear),
        capacity_jp=sum(case.max_jp(code) for code in able),
    )


def _families(case: Case) -> tuple[FamilySupply, ...]:
    present = {(case.teachers[code].home, case.family_of(code)): None for code in case.teachers if code in case.counted}
    rows = []
    for school, family in present:
        if school not in case.schools or not family:
            continue
        jp, divisor, needed = case.computed_need(school, family)
        if jp > 0:
            rows.append(FamilySupply(school, family, jp, divisor, needed, case.certified_of_family(school, family)))
    order = {npsn: index for index, npsn in enumerate(case.schools)}
    return tuple(sorted(rows, key=lambda row: order[row.school]))


def _duties(case: Case) -> tuple[DutySupply, ...]:
    posts: dict[str, list[DutyPost]] = {}
    for post in case.duty_posts:
        posts.setdefault(post.school, []).append(post)
    return tuple(_duty(school, of_school) for school, of_school in posts.items())


def _duty(school: str, posts: list[DutyPost]) -> DutySupply:
    assigned = [post for post in posts if post.rule.holding is DutyHolding.ASSIGNED]
    small = [post for post in assigned if post.rule.kind is DutyKind.TTLE]
    return DutySupply(
        school=school,
        main_duty_slots=sum(counting_units(post) for post in assigned if post.rule.kind is DutyKind.TTU),
        small_duty_units=sum(counting_units(post) for post in small),
        small_duty_jtm=sum(counting_units(post) * post.rule.jtm for post in small),
    )


def counting_units(post: DutyPost) -> int:
    """Units of the post that may have a holder and are recognised."""
    return min(post.quota, post.maximum)
