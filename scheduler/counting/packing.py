"""Bounds used together: the best set about different teachers (none may be excluded twice), and the one that explains a teacher."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from scheduler.domain.proof import Proof


def most_valid(proofs: Iterable[Proof], codes: Collection[str]) -> tuple[int, tuple[str, ...]]:
    """The best upper limit of how many of these teachers can be valid, from proofs about different teachers, and the ids of those used.

    Whoever no proof speaks of counts as valid.
    """
    wanted = frozenset(codes)
    rows = [(proof.id, wanted.intersection(proof.teachers), proof.most_valid) for proof in proofs]
    gains = [(name, members, len(members) - most) for name, members, most in rows if most is not None and len(members) > most]
    gains.sort(key=lambda row: (-row[2], len(row[1])))
    excluded, used = best_packing(gains)
    return len(wanted) - excluded, used


def explaining(proofs: Iterable[Proof], code: str, valid: Collection[str]) -> Proof | None:
    """The smallest proof that is tight (as many of its teachers are valid as it says at most) and names this teacher, who is below; else None."""
    tight = [p for p in proofs if code in p.teachers and code not in valid and sum(t in valid for t in p.teachers) == p.most_valid]
    return min(tight, key=lambda proof: (len(proof.teachers), len(proof.parts), len(proof.numbers)), default=None)


MOST_STEPS = 20_000
"""Steps of the search for the best set of proofs in one connected part; what is found by then is a valid limit too."""


def best_packing(gains: Sequence[tuple[str, frozenset[str], int]]) -> tuple[int, tuple[str, ...]]:
    """The proofs about different teachers that exclude most together: each connected part by itself."""
    excluded, used = 0, list[str]()
    left = list(gains)
    while left:
        part, members = [left.pop(0)], set[str]()
        grown = True
        while grown:
            members = {t for _, who, _ in part for t in who}
            touching = [row for row in left if members & row[1]]
            grown = bool(touching)
            part += touching
            left = [row for row in left if not members & row[1]]
        more, names = packed(part)
        excluded += more
        used += names
    order = {name: place for place, (name, _, _) in enumerate(gains)}
    return excluded, tuple(sorted(used, key=order.__getitem__))


def packed(rows: Sequence[tuple[str, frozenset[str], int]]) -> tuple[int, list[str]]:
    best: tuple[int, list[str]] = (0, [])
    steps = 0

    def search(place: int, taken: frozenset[str], gained: int, names: list[str]) -> None:
        nonlocal best, steps
        steps += 1
        if gained > best[0]:
            best = gained, names
        if steps > MOST_STEPS:
            return
        open_rows = [index for index in range(place, len(rows)) if not rows[index][1] & taken]
        if gained + sum(rows[index][2] for index in open_rows) <= best[0]:
            return
        for index in open_rows:
            search(index + 1, taken | rows[index][1], gained + rows[index][2], [*names, rows[index][0]])

    search(0, frozenset(), 0, [])
    return best
