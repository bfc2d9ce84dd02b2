"""Shortest routes from one node to every node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import NoRoute
from corridor_net.graph.topology import Graph, checked_node


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Tree:
    """Shortest routes from `source` to every node.

    `distance` (n_nodes, float64) is inf where unreachable; `parent_arc` (n_nodes, int32) is the last arc of
    the route, -1 at the source and where unreachable. `graph` is the topology the arcs belong to.
    """

    source: int
    distance: NDArray[np.float64]
    parent_arc: NDArray[np.int32]
    graph: Graph

    def path(self, target: int) -> NDArray[np.int32]:
        """Return the arc ids from the source to `target`, in travel order; empty at the source itself.

        Raises
        ------
        NoRoute
            `target` cannot be reached.
        BadValue
            `target` is not a node.
        """
        node = checked_node(self.graph, target, "target")
        if self.distance[node] == inf:
            raise NoRoute(f"no route from node {self.source} to node {node}")
        arcs, last, before = [], self.parent_arc.item, self.graph.tail.item
        while node != self.source:
            arcs.append(arc := last(node))
            node = before(arc)
        return np.array(arcs[::-1], np.int32)

    def sums(self, amount: NDArray[np.float64]) -> list[float]:
        """Return what the routes to all nodes take of an amount by arc; inf where there is none."""
        total, parent, own = [inf] * self.graph.n_nodes, self.parent_arc.tolist(), amount.tolist()
        before = self.graph.tail[self.parent_arc].tolist() if self.graph.n_arcs else []
        total[self.source] = 0.0
        for node in np.flatnonzero(self.distance < inf).tolist():
            way = []
            while total[node] == inf:
                way.append(node)
                node = before[node]
            for one in reversed(way):
                total[one] = total[before[one]] + own[parent[one]]
        return total


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Trees:
    """Shortest routes from each of `sources`: `distance` and `parent_arc`, both (n_sources, n_nodes)."""

    graph: Graph
    sources: NDArray[np.int32]
    distance: NDArray[np.float64]
    parent_arc: NDArray[np.int32]

    @classmethod
    def joined(cls, graph: Graph, trees: Sequence[Tree]) -> Trees:
        """Take some trees of one graph together."""
        size = len(trees), graph.n_nodes
        return cls(
            graph=graph,
            sources=np.array([tree.source for tree in trees], np.int32),
            distance=np.array([tree.distance for tree in trees]).reshape(size),
            parent_arc=np.array([tree.parent_arc for tree in trees], np.int32).reshape(size),
        )

    def __len__(self) -> int:
        return len(self.sources)

    def __getitem__(self, number: int) -> Tree:
        return Tree(
            source=int(self.sources[number]),
            distance=self.distance[number],
            parent_arc=self.parent_arc[number],
            graph=self.graph,
        )


def ways(trees: Trees, targets: Sequence[int]) -> NDArray[np.int32]:
    """Return the arcs of the routes from the source of each tree to each target, shape (n_trees, n_targets, longest).

    In travel order, at the end of the last axis; before them, and where there is no route, -1.

    >>> graph = Graph.from_arcs(3, [0, 1], [1, 2])
    >>> arcs = np.array([-1, 0, 1], np.int32)
    >>> tree = Tree(source=0, distance=np.array([0.0, 1.0, 2.0]), parent_arc=arcs, graph=graph)
    >>> ways(Trees.joined(graph, [tree]), [0, 1, 2]).tolist()
    [[[-1, -1], [-1, 0], [0, 1]]]
    """
    own = np.arange(len(trees))[:, None]
    node = np.broadcast_to(np.asarray(targets, np.int64), (len(trees), len(targets)))
    steps: list[NDArray[np.int32]] = []
    while (arcs := trees.parent_arc[own, node]).max(initial=-1) >= 0:
        steps.append(arcs)
        node = np.where(arcs >= 0, trees.graph.tail[arcs], node)
    return np.stack(steps[::-1], axis=2) if steps else np.empty((*node.shape, 0), np.int32)
