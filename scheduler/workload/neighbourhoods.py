"""Part of a large scope as a small scope of its own: some teachers are freed, all others keep what they teach and hold.

What the freed teachers may take is what they have now and what nobody has: needs they teach or that are uncovered, units they hold or that are
free. Every level is a sum over teachers, needs and posts, so what the small scope gains the large one gains.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from scheduler.policy.case import DutyPost
from scheduler.workload.classes import Counts
from scheduler.workload.scope import ClassGroup, Scope, WeekCut

MOST_TEACHERS = 60
"""Teachers freed at once: a model of so many is solved in a second."""

Place = tuple[str, int]


@dataclass(frozen=True)
class Part:
    """A small scope, and which group and post of the large one each of its own is."""

    scope: Scope
    groups: tuple[int, ...]
    posts: tuple[int, ...]

    def inside(self, counts: Counts) -> Counts:
        """What the large scope's counts are here."""
        teachers = frozenset(self.scope.teachers)
        group_at = {g: place for place, g in enumerate(self.groups)}
        post_at = {p: place for place, p in enumerate(self.posts)}

        def moved(found: Mapping[Place, int], place_of: Mapping[int, int]) -> dict[Place, int]:
            return {(t, place_of[i]): count for (t, i), count in found.items() if t in teachers and i in place_of}

        return Counts(moved(counts.classes, group_at), moved(counts.units, post_at), moved(counts.beyond, post_at))

    def merged(self, counts: Counts, own: Counts) -> Counts:
        """The large scope's counts with this part's own in their place."""

        def moved(found: Mapping[Place, int], places: Sequence[int]) -> dict[Place, int]:
            return {(t, places[i]): count for (t, i), count in found.items()}

        return Counts(
            {**counts.classes, **moved(own.classes, self.groups)},
            {**counts.units, **moved(own.units, self.posts)},
            {**counts.beyond, **moved(own.beyond, self.posts)},
        )


def freed(scope: Scope, counts: Counts, teachers: Collection[str], valid: Collection[str]) -> Part:
    """The part in which only these teachers are free; ``valid`` are the teachers who meet their minimum now."""
    staff = tuple(t for t in scope.teachers if t in teachers)
    here = frozenset(staff)
    groups = {g: left for g, group in enumerate(scope.groups) if (left := without_others(group, g, counts, here)) is not None}
    posts = {
        p: without_other_holders(post, p, scope.holders[p], counts, here)
        for p, post in enumerate(scope.posts)
        if not here.isdisjoint(scope.holders[p])
    }
    kept = Counter(scope.case.teachers[t].home for t in scope.counted if t in valid and t not in here)
    small = replace(
        scope,
        schools=tuple(dict.fromkeys([*(group.key.school for group in groups.values()), *(post.school for post in posts.values())])),
        teachers=staff,
        groups=tuple(groups.values()),
        fixed=tuple((need, t) for need, t in scope.fixed if t in here),
        posts=tuple(posts.values()),
        floors={school: floor - kept[school] for school, floor in scope.floors.items() if floor > kept[school]},
        cuts=tuple(cuts_left(scope, counts, here)),
    )
    return Part(small, tuple(groups), tuple(posts))


def without_others(group: ClassGroup, g: int, counts: Counts, here: frozenset[str]) -> ClassGroup | None:
    """The needs of a group that these teachers have or could have; None where there are none."""
    eligible = tuple(t for t in group.key.eligible if t in here)
    size = group.size - sum(counts.classes.get((t, g), 0) for t in group.key.eligible if t not in here)
    return ClassGroup(replace(group.key, eligible=eligible), group.needs[:size]) if eligible and size > 0 else None


def without_other_holders(post: DutyPost, p: int, holders: Sequence[str], counts: Counts, here: frozenset[str]) -> DutyPost:
    """A post less the units in other hands. Pins come first in the quota, so that pins beyond it mean that it is full without them."""
    pins = sorted(range(len(post.pinned)), key=lambda row: post.pinned[row][0] in post.unrecognised)
    recognised = [pair for pair in post.pinned if pair[0] not in post.unrecognised][: post.quota]
    others = [t for t in holders if t not in here]
    units = sum(counts.units.get((t, p), 0) for t in others)
    beyond = sum(counts.beyond.get((t, p), 0) for t in others)
    held = units + sum(t not in here for _, t in post.pinned)
    counted = units - beyond + sum(t not in here for _, t in recognised)
    own = tuple(post.pinned[row] for row in pins if post.pinned[row][1] in here)
    most = max(post.quota - counted, sum(t in here for _, t in recognised))
    # Units of others beyond the quota count nothing as long as it is full: then what these teachers hold of it they keep.
    least = most if beyond else max(0, post.minimum - held)
    return replace(post, minimum=least, maximum=max(0, post.maximum - held), quota=most, pinned=own)


def cuts_left(scope: Scope, counts: Counts, here: frozenset[str]) -> Iterator[WeekCut]:
    """Cuts that are open still: everything they say of other teachers is so."""
    group_of = {group.key.own: g for g, group in enumerate(scope.groups) if group.key.own}
    fixed = {need.id: t for need, t in scope.fixed}
    for cut in scope.cuts:
        others = [pair for pair in cut.pairs if pair[1] not in here]
        true = [fixed.get(need) == t or (need in group_of and counts.classes.get((t, group_of[need]), 0) > 0) for need, t in others]
        if all(true) and len(others) < len(cut.pairs):
            yield WeekCut(tuple(pair for pair in cut.pairs if pair[1] in here))


# --- which teachers to free ----------------------------------------------------------------------------------------------------------------


class Choice:
    """Sets of teachers worth freeing together: a subject family, those of one family at schools that share, the staff of schools that share."""

    def __init__(self, scope: Scope, seed: int) -> None:
        self.scope, self.random = scope, Random(seed)
        self.home = {t: scope.case.teachers[t].home for t in scope.teachers}
        self.staff: dict[str, list[str]] = defaultdict(list)
        self.family: dict[tuple[str, str], list[str]] = defaultdict(list)
        for t in scope.teachers:
            self.staff[self.home[t]].append(t)
            if scope.case.teachers[t].certificate is not None:
                self.family[scope.case.family_of(t), self.home[t]].append(t)
        self.near = neighbours(scope)

    def round(self) -> Iterator[frozenset[str]]:
        """One pass over the scope, in an order of chance: every family around every school, and every school with its neighbours."""
        starts: list[tuple[str, str]] = [*self.family, *(("", school) for school in self.staff)]
        self.random.shuffle(starts)
        seen: set[frozenset[str]] = set()
        for family, school in starts:
            chosen = frozenset(self._around(family, school))
            if chosen and chosen not in seen:
                seen.add(chosen)
                yield chosen

    def families(self) -> Iterator[frozenset[str]]:
        """Each subject family with all its teachers, the small ones first."""
        members: dict[str, list[str]] = defaultdict(list)
        for (family, _), teachers in self.family.items():
            members[family] += teachers
        yield from map(frozenset, sorted(members.values(), key=len))

    def with_some_near(self, teachers: frozenset[str], most: int) -> frozenset[str]:
        """These teachers and, up to the most there may be, others of their subject family at schools that share with theirs."""
        near: dict[str, None] = {}
        for t in self.scope.teachers:
            if t in teachers and self.scope.case.teachers[t].certificate is not None:
                for school in (self.home[t], *self.near.get(self.home[t], ())):
                    near |= dict.fromkeys(self.family.get((self.scope.case.family_of(t), school), ()))
        others = [t for t in near if t not in teachers]
        self.random.shuffle(others)
        return teachers.union(others[: max(0, most - len(teachers))])

    def _around(self, family: str, school: str) -> list[str]:
        """The school's own first, then its neighbours', those who share most with it before the others, up to the most there may be."""
        weight = self.near.get(school, Counter())
        order = sorted(weight, key=lambda other: -weight[other] * self.random.random())
        if family:  # a family reaches further than its own neighbours' neighbours only where it is small
            order += [other for near in order for other in self.near.get(near, Counter())]
        chosen: dict[str, None] = {}
        for place in dict.fromkeys([school, *order]):
            more = self.family.get((family, place), []) if family else self.staff.get(place, [])
            if chosen and len(chosen) + len(more) > MOST_TEACHERS:
                break
            chosen |= dict.fromkeys(more)
        return list(chosen)


def neighbours(scope: Scope) -> dict[str, Counter[str]]:
    """For each school the others with which it could share, and in how many ways."""
    near: dict[str, Counter[str]] = defaultdict(Counter)
    for group in scope.groups:
        for t in group.key.eligible:
            home = scope.case.teachers[t].home
            if home != group.key.school:
                near[home][group.key.school] += 1
                near[group.key.school][home] += 1
    return near
