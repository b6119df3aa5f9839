"""Who can cover what: hours that are demanded against people who have only so many, and the smallest set of demands that is missed."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

Supplier = TypeVar("Supplier", bound=Hashable)
Demand = TypeVar("Demand", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Lack(Generic[Demand]):
    """A smallest set of demands of which ``missing`` hours stay open whatever anybody does; demands in the order they were given."""

    demands: tuple[Demand, ...]
    missing: int


def lacks(supply: Mapping[Supplier, int], demand: Mapping[Demand, int], most: Mapping[tuple[Supplier, Demand], int]) -> tuple[Lack[Demand], ...]:
    """Sets of demands that all suppliers together cannot meet, none where everything can be met.

    With cap[k] = supply and most[k, s] = what k can give to s at most, a set S misses Σ demand[s] - Σ_k min(cap[k], Σ_{s in S} most[k, s]); the sets
    returned miss together as much as any set does (P. Hall 1935 in its form with amounts: Ford and Fulkerson 1956).

    Parameters
    ----------
    most
        only pairs that exist; a pair left out is 0
    """
    return Sharing(supply, demand, most).lacks()


class Sharing(Generic[Supplier, Demand]):
    """Hours given so far, improved by exchanges along shortest paths until no open demand can be met."""

    def __init__(self, supply: Mapping[Supplier, int], demand: Mapping[Demand, int], most: Mapping[tuple[Supplier, Demand], int]) -> None:
        self.left = dict(supply)
        self.open = dict(demand)
        self.most = most
        self.given: dict[tuple[Supplier, Demand], int] = defaultdict(int)
        self.suppliers: dict[Demand, list[Supplier]] = defaultdict(list)
        self.receivers: dict[Supplier, list[Demand]] = defaultdict(list)
        for supplier, wanted in most:
            self.suppliers[wanted].append(supplier)
            self.receivers[supplier].append(wanted)

    def lacks(self) -> tuple[Lack[Demand], ...]:
        sets: list[set[Demand]] = []
        for wanted in self.open:
            while self.open[wanted] > 0 and (path := self.path_to(wanted)) is not None:
                self.give_along(path)
        for wanted, hours in self.open.items():
            if hours > 0:
                reached = self.exchanging(wanted)[0]
                for other in [known for known in sets if known & reached]:
                    sets.remove(other)
                    reached |= other
                sets.append(reached)
        return tuple(Lack(tuple(d for d in self.open if d in found), sum(self.open[d] for d in found)) for found in sets)

    def path_to(self, wanted: Demand) -> list[tuple[Supplier, Demand]] | None:
        """A supplier with hours left, and whom each takes over from the one before so that ``wanted`` gets more; None where nobody can."""
        _, came_from, found = self.exchanging(wanted)
        if found is None:
            return None
        path = []
        supplier: Supplier | None = found
        while supplier is not None:
            demand, supplier_before = came_from[supplier]
            path.append((supplier, demand))
            supplier = supplier_before
        return path

    def exchanging(self, wanted: Demand) -> tuple[set[Demand], dict[Supplier, tuple[Demand, Supplier | None]], Supplier | None]:
        """Demands from which hours could be moved towards ``wanted``, how each supplier was come to, and the first with hours left."""
        reached = {wanted}
        queue: deque[tuple[Demand, Supplier | None]] = deque([(wanted, None)])
        came_from: dict[Supplier, tuple[Demand, Supplier | None]] = {}
        while queue:
            demand, before = queue.popleft()
            for supplier in self.suppliers[demand]:
                if supplier in came_from or self.given[supplier, demand] >= self.most[supplier, demand]:
                    continue
                came_from[supplier] = demand, before
                if self.left[supplier] > 0:
                    return reached, came_from, supplier
                for other in self.receivers[supplier]:
                    if other not in reached and self.given[supplier, other] > 0:
                        reached.add(other)
                        queue.append((other, supplier))
        return reached, came_from, None

    def give_along(self, path: list[tuple[Supplier, Demand]]) -> None:
        """The first supplier of the path has hours left; each further one gives up what the one before takes over, and gives it on."""
        first, last = path[0], path[-1]
        hours = min(self.left[first[0]], self.open[last[1]], *(self.most[pair] - self.given[pair] for pair in path))
        for (_, taken_over), (supplier, _) in pairwise(path):
            hours = min(hours, self.given[supplier, taken_over])
        self.left[first[0]] -= hours
        self.open[last[1]] -= hours
        for pair in path:
            self.given[pair] += hours
        for (_, taken_over), (supplier, _) in pairwise(path):
            self.given[supplier, taken_over] -= hours
