"""The connected parts of the sharing graph, each solved apart.

Two schools belong together where a teacher may teach at both, where a duty of one is held from the other, or where the week has refused a
combination that spans them. Every level is a sum over schools and teachers, so the parts' values and bounds add up exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from scheduler.workload.scope import Former, Scope

Node = tuple[str, str]


@dataclass
class Parts:
    """Union-find over schools and teachers."""

    leader: dict[Node, Node] = field(default_factory=dict)

    def find(self, node: Node) -> Node:
        path = []
        while (above := self.leader.setdefault(node, node)) != node:
            path.append(node)
            node = above
        for passed in path:
            self.leader[passed] = node
        return node

    def join(self, nodes: Iterable[Node]) -> None:
        first: Node | None = None
        for node in nodes:
            root = self.find(node)
            if first is None:
                first = root
            self.leader[root] = first


def school_node(npsn: str) -> Node:
    return "school", npsn


def teacher_node(code: str) -> Node:
    return "teacher", code


def connected(scope: Scope) -> tuple[Scope, ...]:
    """The scope divided into parts that share nothing, in the order of their first school (or teacher)."""
    parts = Parts()
    for nodes in ties(scope):
        parts.join(nodes)
    nodes = [*map(school_node, scope.schools), *map(teacher_node, scope.teachers)]
    roots = list(dict.fromkeys(parts.find(node) for node in nodes))
    part_of = {node: roots.index(parts.find(node)) for node in nodes}
    return tuple(restricted(scope, part_of, index) for index in range(len(roots)))


def ties(scope: Scope) -> Iterator[list[Node]]:
    """Sets of schools and teachers that must be decided together."""
    homes = {t: scope.case.teachers[t].home for t in scope.teachers}
    for t, home in homes.items():
        if home in scope.case.schools:
            yield [school_node(home), teacher_node(t)]
    for group in scope.groups:
        yield [school_node(group.key.school), *map(teacher_node, group.key.eligible)]
    for need, fixed_teacher in scope.fixed:
        if fixed_teacher is not None:
            yield [school_node(need.school), teacher_node(fixed_teacher)]
    for post, holders in zip(scope.posts, scope.holders, strict=True):
        yield [school_node(post.school), *map(teacher_node, holders)]
    for cut in scope.cuts:
        known = [pair for pair in cut.pairs if pair[0] in scope.case.need and pair[1] in homes]
        yield [node for need, t in known for node in (school_node(scope.case.need[need].school), teacher_node(t))]


def restricted(scope: Scope, part_of: Mapping[Node, int], index: int) -> Scope:
    """What of a scope lies in one part. A former plan's duties of schools that are gone go with the first part."""
    schools = tuple(npsn for npsn in scope.schools if part_of[school_node(npsn)] == index)
    teachers = tuple(t for t in scope.teachers if part_of[teacher_node(t)] == index)
    here, staff = frozenset(schools), frozenset(teachers)
    former = scope.former
    if former is not None:
        known = scope.case.schools
        holdings = {place: units for place, units in former.holdings.items() if place[0] in here or (index == 0 and place[0] not in known)}
        former = Former(former.teachers, holdings)
    return replace(
        scope,
        schools=schools,
        teachers=teachers,
        groups=tuple(group for group in scope.groups if group.key.school in here),
        fixed=tuple((need, t) for need, t in scope.fixed if need.school in here),
        posts=tuple(post for post in scope.posts if post.school in here),
        floors={school: floor for school, floor in scope.floors.items() if school in here},
        cuts=tuple(cut for cut in scope.cuts if any(t in staff for _, t in cut.pairs)),
        former=former,
    )
