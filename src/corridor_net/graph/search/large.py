"""Searches of a large network under one weighting: compiled where numba is there, by scipy where it is not.

The answers are those of `dijkstra`, bit for bit, ties included.
"""

from __future__ import annotations

from math import inf
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.loops.compiler import can_compile
from corridor_net.graph.search.tree import Tree
from corridor_net.graph.topology import Graph

LARGE = 20_000
"""Arcs from which a search in plain Python takes longer than to load another."""

Floats = NDArray[np.float64]


class Searcher(Protocol):
    """Finds shortest routes from one node at a time."""

    def tree(self, source: int, target: int = -1) -> Tree:
        """Return the shortest routes to all nodes; with a target (-1: none), sure for it alone."""

    def way(self, source: int, target: int) -> tuple[float, NDArray[np.int32]]:
        """Return the distance and the arcs of the route to one node; inf and none where there is no way."""


def searcher(graph: Graph, weight: Floats) -> Searcher:
    """Return what searches a graph with checked weights the soonest."""
    if not can_compile():
        return Sparse(graph, weight)
    from corridor_net.graph.search.compiled_dijkstra import Compiled

    return Compiled.of(graph, weight)


class Sparse:
    """By scipy: distances first, then the arcs on shortest routes, and of these the routes with the fewest arcs."""

    def __init__(self, graph: Graph, weight: Floats) -> None:
        self.graph = graph
        order = np.lexsort((weight, graph.head, graph.tail))
        order = order[weight[order] < inf]
        tail, head = graph.tail[order], graph.head[order]
        least = np.ones(len(order), bool)  # of parallel arcs
        least[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        self.arcs = np.sort(order)
        self.weight = weight[self.arcs]
        self.matrix = _matrix(graph, weight[order[least]], tail[least], head[least])

    def way(self, source: int, target: int) -> tuple[float, NDArray[np.int32]]:
        """Return the distance and the arcs of the route to one node; inf and none where there is no way."""
        tree = self.tree(source)
        length = float(tree.distance[target])
        return length, tree.path(target) if length < inf else np.empty(0, np.int32)

    def tree(self, source: int, target: int = -1) -> Tree:  # noqa: ARG002 - finds all at once
        """Return the shortest routes to all nodes."""
        from scipy.sparse.csgraph import dijkstra

        size = self.graph.n_nodes
        distance = np.asarray(dijkstra(self.matrix, indices=source))
        tail, head = self.graph.tail[self.arcs], self.graph.head[self.arcs]
        tight = np.flatnonzero((distance[tail] + self.weight == distance[head]) & (distance[tail] < inf))
        tail, head = tail[tight], head[tight]
        fewest = _matrix(self.graph, np.ones(len(tight)), *np.divmod(np.unique(tail * np.int64(size) + head), size))
        steps = np.asarray(dijkstra(fewest, indices=source, unweighted=True))
        last = np.flatnonzero(steps[tail] + 1 == steps[head])[::-1]
        parent = np.full(size, -1, np.int32)
        parent[head[last]] = self.arcs[tight[last]]  # the smallest arc is written last
        parent[source] = -1
        return Tree(source=source, distance=distance, parent_arc=parent, graph=self.graph)


def _matrix(graph: Graph, values: Floats, tail: NDArray[Any], head: NDArray[Any]) -> Any:
    """Return arcs, sorted by their ends and none parallel to another, as a sparse matrix; zeros stay arcs."""
    from scipy.sparse import csr_array

    first = np.zeros(graph.n_nodes + 1, np.int32)
    np.cumsum(np.bincount(tail, minlength=graph.n_nodes), out=first[1:])
    return csr_array((values[: len(head)], head.astype(np.int32), first), shape=(graph.n_nodes, graph.n_nodes))
