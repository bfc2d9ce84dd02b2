"""Shortest paths in plain Python, for small runs that should not wait for a compiler, and the tie-break rule.

The rule, the same for every engine of this package. The distance of a node is the least sum of weights over
all routes, added from the source on (rounding included: `((w1 + w2) + w3)`). An arc is tight when
`distance[tail] + weight == distance[head]` exactly. The route to a node is, among routes of tight arcs, the
one with the fewest arcs, and among these its last arc has the smallest id, and so on backwards. Rounded
addition never changes the order of two sums, so distances, tight arcs and routes do not depend on how the
search went; zero weights and zero-length cycles are no exception, because the fewest arcs never go round.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import NoRoute
from corridor_net.graph.loops.compiler import can_compile
from corridor_net.graph.search import large
from corridor_net.graph.search.large import Searcher, searcher
from corridor_net.graph.search.tree import Tree
from corridor_net.graph.topology import Graph, checked_node, checked_weight

Leaving = list[list[tuple[int, int]]]

COMPILED_FROM = 1_000_000
"""Sources times arcs for which it is worth to load the compiler, where it is there."""
LOADED_FROM = 2
"""Sources from which the compiled search is asked where it is loaded already."""


@dataclass(frozen=True, eq=False)
class Weighted:
    """A graph with one weighting: make it once, then search from many sources.

    A small graph is searched here, in plain Python; a large one by `large`, with the same answers.

    Examples
    --------
    >>> graph = Graph.from_arcs(3, [0, 1, 0], [1, 2, 2])
    >>> weighted = Weighted.of(graph, [1.0, 2.0, 4.0])
    >>> weighted.one_to_all(0).distance.tolist()
    [0.0, 1.0, 3.0]
    >>> weighted.one_to_all(0).path(2).tolist()
    [0, 1]
    """

    graph: Graph
    weight: NDArray[np.float64]

    @classmethod
    def of(cls, graph: Graph, weight: ArrayLike) -> Weighted:
        """Check `weight` (n_arcs, >= 0, inf = absent); `BadValue` if unfit."""
        return cls(graph, checked_weight(graph, weight))

    @cached_property
    def weights(self) -> list[float]:
        """The weights as a list, for searches in plain Python along `Graph.leaving`."""
        found: list[float] = self.weight.tolist()
        return found

    @cached_property
    def _searcher(self) -> Searcher | None:
        return searcher(self.graph, self.weight) if self.graph.n_arcs > large.LARGE else None

    def one_to_all(self, source: int) -> Tree:
        """Return the shortest routes from `source`; ties by the rule of this module."""
        start = checked_node(self.graph, source, "source")
        if self._searcher is not None:
            return self._searcher.tree(start)
        return self._tree(start, *search(self.graph.leaving, self.weights, start, -1))

    def shortest_path(self, source: int, target: int) -> tuple[float, NDArray[np.int32]]:
        """Return the distance and the arcs of the route, stopping at the target; may raise `NoRoute`."""
        start = checked_node(self.graph, source, "source")
        goal = checked_node(self.graph, target, "target")
        if self._searcher is not None:
            length, arcs = self._searcher.way(start, goal)
            if length == inf:
                raise NoRoute(f"no route from node {start} to node {goal}")
            return length, arcs
        tree = self._tree(start, *search(self.graph.leaving, self.weights, start, goal))
        return float(tree.distance[goal]), tree.path(goal)

    def towards(self, source: int, target: int, to_go: Sequence[float]) -> Tree:
        """Return a tree that holds the route to `target`, if there is one; ties by the rule of this module.

        `to_go` (n_nodes,): no more than what is left from each node to the target, as of the same network with more
        open. What lies far off the way is not looked at (A*: Hart, Nilsson & Raphael 1968).
        """
        if self._searcher is not None:
            return self._searcher.tree(source, target)
        return self._tree(source, *_search_towards(self.graph.leaving, self.weights, source, target, to_go))

    def _tree(self, source: int, distance: list[float], parent: list[int]) -> Tree:
        return Tree(source=source, distance=np.array(distance), parent_arc=np.array(parent, np.int32), graph=self.graph)

    def many(self, sources: Sequence[int]) -> Iterator[Tree]:
        """Yield the tree of each source in turn: compiled where that pays, with the same answers."""
        loaded = "corridor_net.graph.search.compiled_dijkstra" in sys.modules
        pays = len(sources) >= LOADED_FROM if loaded else len(sources) * self.graph.n_arcs >= COMPILED_FROM
        if self.graph.n_arcs <= large.LARGE and pays and can_compile():
            from corridor_net.graph.search.compiled_dijkstra import many_to_all

            found = many_to_all(self.graph, self.weight, list(sources), threads=1)
            yield from (found[number] for number in range(len(found)))
        else:
            yield from map(self.one_to_all, sources)


def search(leaving: Leaving, weights: list[float], source: int, target: int) -> tuple[list[float], list[int]]:
    """Settle nodes in order of (distance, arcs used); stop once `target` is settled (-1: never).

    An absent arc brings no node nearer: that needs no question.
    """
    size = len(leaving)
    distance = [inf] * size
    steps = [0] * size
    parent = [-1] * size
    distance[source] = 0.0
    heap = [(0.0, 0, source)]
    while heap:
        reached, used, node = heappop(heap)
        if node == target:
            break
        if reached > distance[node] or used > steps[node]:
            continue
        used += 1
        for head, arc in leaving[node]:
            candidate = reached + weights[arc]
            best = distance[head]
            if candidate > best:
                continue
            if candidate < best or used < steps[head]:
                distance[head] = candidate
                steps[head] = used
                parent[head] = arc
                heappush(heap, (candidate, used, head))
            elif used == steps[head] and arc < parent[head]:
                parent[head] = arc
    return distance, parent


WITHIN = 1e-9
"""Rounding of sums from either end is far below this share of them."""


def _search_towards(
    leaving: Leaving, weights: list[float], source: int, target: int, to_go: Sequence[float]
) -> tuple[list[float], list[int]]:
    """Do as `search` in order of distance and what is left, until all that may tie with the route is settled."""
    size = len(leaving)
    distance, steps, parent = [inf] * size, [0] * size, [-1] * size
    distance[source] = 0.0
    heap = [(to_go[source], 0, source)]
    most = inf
    while heap:
        least, used, node = heappop(heap)
        if least > most:
            break
        reached = distance[node]
        if used > steps[node] or least > reached + to_go[node]:
            continue
        if node == target:
            most = reached * (1 + WITHIN)
        used += 1
        for head, arc in leaving[node]:
            candidate = reached + weights[arc]
            best = distance[head]
            if candidate > best or to_go[head] == inf:
                continue
            if candidate < best or used < steps[head]:
                distance[head] = candidate
                steps[head] = used
                parent[head] = arc
                heappush(heap, (candidate + to_go[head], used, head))
            elif used == steps[head] and arc < parent[head]:
                parent[head] = arc
    return distance, parent
