"""Changes that bring duties: rooms that have a head, posts that were switched off, candidates, ekskul."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice

from scheduler.diagnose.candidates import Candidate, Ground, Series
from scheduler.diagnose.candidates_hours import alone
from scheduler.domain.entities import School
from scheduler.domain.explanation import Edit
from scheduler.formats.sheets import BY_TABLE
from scheduler.policy.schema import DutyHolding, DutyKind, DutyRule, DutyUnitKind

MOST_CLUBS = 3


def rooms(ground: Ground, code: str) -> Iterator[Series]:
    """A library or one laboratory more, where the ruleset would recognise a head for it."""
    school = ground.case.schools.get(ground.case.teachers[code].home)
    if school is None:
        return
    for rule in rules_of(ground, school):
        if rule.unit is DutyUnitKind.LABORATORY and recognises_more(ground, school, replace(school, laboratories=school.laboratories + 1), rule):
            yield alone("laboratory", {"school": school.npsn})
        if rule.unit is DutyUnitKind.LIBRARY and recognises_more(ground, school, replace(school, has_library=True), rule):
            yield alone("library", {"school": school.npsn})


def rules_of(ground: Ground, school: School) -> list[DutyRule]:
    """Duties of the ruleset that this school may hand out."""
    rules = (rule for rule in ground.case.policy.duties if rule.holding is DutyHolding.ASSIGNED)
    return [rule for rule in rules if not rule.school_levels or school.level in rule.school_levels]


def recognises_more(ground: Ground, school: School, changed: School, rule: DutyRule) -> bool:
    return len(ground.case.duty_units(changed, rule)) > len(ground.case.duty_units(school, rule))


def posts(ground: Ground, code: str) -> Iterator[Series]:
    """Duties with a Maksimal below what the ruleset recognises, back to it: of each kind the one of most hours, then two, and so on."""
    school = ground.case.schools.get(ground.case.teachers[code].home)
    if school is None:
        return
    by_kind: dict[DutyKind, list[tuple[DutyRule, Edit]]] = {}
    for rule in rules_of(ground, school):
        edit = post_edit(ground, school, rule, code)
        if edit is not None:
            by_kind.setdefault(rule.kind, []).append((rule, edit))
    for kind, found in by_kind.items():
        if kind is DutyKind.TTLE and has_enough(ground, code):
            continue
        ordered = sorted(found, key=lambda pair: -pair[0].jtm)
        edits = tuple(edit for _, edit in ordered)
        firsts = [(edits[:most], ordered[0][0]) for most in range(1, len(edits) + 1)]
        series = tuple(Candidate("duty_post", some, {"school": school.npsn, "duty": rule.id, "posts": len(some)}) for some, rule in firsts)
        yield Series(series, ground.start_of(code, [rule.jtm for rule, _ in ordered]))


def has_enough(ground: Ground, code: str) -> bool:
    """Whether more small duties could not help: the teacher has as many as count, or the school has some that nobody needs."""
    case, home = ground.case, ground.case.teachers[code].home
    if case.is_counsellor(code):
        return False
    if ground.before.load[code].duty_jtm >= case.policy.ttle_cap_jtm:
        return True
    held = Counter((holding.school, holding.duty) for holding in ground.before.plan.duties)
    small = (post for post in case.duty_posts if post.school == home and post.rule.kind is DutyKind.TTLE and case.may_hold(code, post))
    return any(held[home, post.duty] < min(post.maximum, post.quota) for post in small)


def post_edit(ground: Ground, school: School, rule: DutyRule, code: str) -> Edit | None:
    rows = [row for row in ground.instance.duties if (row.school, row.duty) == (school.npsn, rule.id)]
    stated = [row.maximum for row in rows if row.maximum is not None]
    candidates = {candidate for row in rows for candidate in row.candidates}
    quota = len(ground.case.duty_units(school, rule))
    if not stated or stated[0] >= quota or (candidates and code not in candidates):
        return None
    return Edit("duty_post", {"school": school.npsn, "duty": rule.id, "maximum": quota})


def candidates(ground: Ground, code: str) -> Iterator[Series]:
    """Duties that only named candidates may hold, open to the whole staff."""
    home = ground.case.teachers[code].home
    for post in ground.case.duty_posts:
        if post.school == home and post.candidates and code not in post.candidates and post.quota > len(post.pinned):
            yield alone("duty_candidates", {"school": home, "duty": post.duty}, unverified=True)


def clubs(ground: Ground, code: str) -> Iterator[Series]:
    """One ekskul more, two, three: each is a unit of the duty of its pembina."""
    school = ground.case.schools.get(ground.case.teachers[code].home)
    if school is None or has_enough(ground, code):
        return
    rule = next((rule for rule in rules_of(ground, school) if rule.unit is DutyUnitKind.EKSKUL), None)
    if rule is None:
        return
    taken = {club.name.casefold() for club in ground.instance.extracurriculars if club.school == school.npsn}
    numbered = (f"{BY_TABLE['extracurriculars'].name} {number}" for number in count(len(taken) + 1))
    names = islice((name for name in numbered if name.casefold() not in taken), MOST_CLUBS)
    edits = tuple(Edit("extracurricular", {"school": school.npsn, "name": name}) for name in names)
    series = tuple(Candidate("extracurricular", edits[:more], {"school": school.npsn, "clubs": more}) for more in range(1, len(edits) + 1))
    yield Series(series, ground.start_of(code, [rule.jtm] * len(edits)))
