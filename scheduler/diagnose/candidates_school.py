"""Changes of the school itself, or of the law: rombels, a teacher's home, the minimum."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.diagnose.candidates import Candidate, Facts, Ground, Series
from scheduler.diagnose.candidates_hours import alone
from scheduler.domain.explanation import Edit
from scheduler.policy.case import NeedKind


def rombels(ground: Ground, code: str) -> Iterator[Series]:
    """One rombel more in a grade that the teacher's subjects are taught in, with new pupils where those there are do not fill it; one less only
    where lessons stay without a teacher."""
    instance, policy = ground.instance, ground.case.policy
    home = ground.case.teachers[code].home
    sizes: dict[int, list[int | None]] = {}
    for rombel in instance.rombels_of(home):
        sizes.setdefault(rombel.grade, []).append(rombel.students)
    for grade, students in sizes.items():
        known = [number for number in students if number is not None]
        total = sum(known) if len(known) == len(students) else None
        more, less = len(students) + 1, len(students) - 1
        if teaches_in(ground, code, home, grade):
            enough = total is None or total >= more * (policy.rombel_min_students or 0)
            facts: Facts = {"school": home, "grade": grade}
            yield alone("rombel_more", facts if enough else {**facts, "new_pupils": 1}, unverified=not enough)
        fits = policy.rombel_max_students is None or total is None or total <= less * policy.rombel_max_students
        if less > 0 and fits and ground.before.uncovered > 0:
            yield alone("rombel_less", {"school": home, "grade": grade})


def teaches_in(ground: Ground, code: str, npsn: str, grade: int) -> bool:
    """Whether a rombel more of the grade brings a class of the teacher's subjects (or one more to guide)."""
    needs = (need for need in ground.needs_at[npsn] if need.grade == grade and need.kind is not NeedKind.OPEN_HOURS)
    return any(ground.case.is_linear(code, need.subject) for need in needs)


def moves(ground: Ground, code: str) -> Iterator[Series]:
    """The teacher moved to another school of the file that has classes of the subject and is in reach."""
    case = ground.case
    home = case.teachers[code].home
    taught = {need.school for need in case.needs if need.kind is not NeedKind.OPEN_HOURS and case.is_linear(code, need.subject)}
    schools = [npsn for npsn in case.schools if npsn in taught and npsn != home and case.in_reach(home, npsn)]
    if home not in case.schools or leaves_a_gap(ground, code):
        return
    for npsn in ground.by_way(code, [npsn for npsn in schools if has_room(ground, code, npsn)]):
        yield alone("teacher_moved", {"teacher": code, "school": npsn, **ground.way(home, npsn)})


def leaves_a_gap(ground: Ground, code: str) -> bool:
    """Whether somebody's required lessons would have no teacher at the old school."""
    case, home = ground.case, ground.case.teachers[code].home
    left = {(need.subject, need.kind): need for need in ground.needs_at[home] if ground.teacher_of.get(need.id) == code}
    return any(need.required and not any(case.may_teach(other, need) for other in case.active if other != code) for need in left.values())


def has_room(ground: Ground, code: str, npsn: str) -> bool:
    """Whether the other school has hours for the teacher beside its own staff, as many as are taught now and missing to the minimum."""
    case = ground.case
    if case.is_counsellor(code):
        return True
    subjects = {need.subject for need in ground.needs_at[npsn] if case.is_linear(code, need.subject)}
    wanted = min(ground.before.load[code].linear_jtm, case.policy.ttu_min_real_jtm)
    return max((ground.slack(npsn, subject) for subject in subjects), default=0) >= wanted


def lower_minimum(ground: Ground, code: str) -> Iterator[Series]:
    """A lower minimum: by one hour, two, and so on down to 1."""
    now = ground.case.policy.min_jtm
    if now <= 1:
        return
    edits = [Edit("minimum", {"min_jtm": now - less, "jtm": less}) for less in range(1, now)]
    candidates = tuple(Candidate("minimum", (edit,), {**edit.facts, "now": now}, unverified=True) for edit in edits)
    yield Series(candidates, ground.start_of(code, [1] * len(candidates)))
