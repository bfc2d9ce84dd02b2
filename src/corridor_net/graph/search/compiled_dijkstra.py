"""Dijkstra, compiled: the answers of `dijkstra`, bit for bit, ties included.

Nodes are numbered anew, breadth first, so that what a search meets together lies together in memory; nodes that no
arc leaves come last, and a search for another node does not look at them. Beside the distance of a node stands its
*tie*: the arcs used times 2^32, plus the last arc. The least tie that comes with the least distance is that of the
rule. The heap is ordered by distance alone. That finds the least tie too, but where an arc leaves the distance as it is
(weight 0, or one lost in rounding): then the arcs used are counted afterwards, along what is tight.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.graph.loops.compiled import index, kernel
from corridor_net.graph.loops.parallel import run_chunks
from corridor_net.graph.search.tree import Tree, Trees
from corridor_net.graph.topology import Graph, checked_nodes, checked_weight

LAST_ARC = 2**32 - 1
"""The bits of a tie that hold its last arc."""


def many_to_all(graph: Graph, weight: ArrayLike, sources: ArrayLike, *, threads: int | None = None) -> Trees:
    """Return the shortest routes from each source to all nodes; ties by the rule of `dijkstra`.

    Raises
    ------
    BadValue
        Unfit weights or sources.
    """
    starts = checked_nodes(graph, sources, "sources")
    arranged = _Arranged.of(graph, checked_weight(graph, weight))
    distance = np.empty((len(starts), graph.n_nodes))
    parent = np.empty((len(starts), graph.n_nodes), np.int32)

    def make_worker() -> Callable[[int], None]:
        search = Compiled(graph, arranged)
        return lambda row: search.fill(int(starts[row]), -1, distance[row], parent[row])

    run_chunks(len(starts), make_worker, threads)
    return Trees(graph=graph, sources=starts, distance=distance, parent_arc=parent)


class _Arranged(NamedTuple):
    """Open arcs in the order of the nodes as numbered here; those numbered below `live` are entered and left."""

    first: NDArray[np.int64]
    head: NDArray[np.int32]
    weight: NDArray[np.float64]
    arc: NDArray[np.int32]
    number: NDArray[np.int32]
    live: int

    @classmethod
    def of(cls, graph: Graph, weight: NDArray[np.float64]) -> _Arranged:
        return cls(*_arrange(graph.first_out, graph.out_arcs, graph.head, weight))


class Compiled:
    """A graph with one weighting, to be searched from one node at a time (`large.Searcher`)."""

    def __init__(self, graph: Graph, arranged: _Arranged) -> None:
        self.graph, self.arranged = graph, arranged
        room = max(len(arranged.head), graph.n_nodes) + 2
        self.distance, self.tie = np.empty(graph.n_nodes), np.empty(graph.n_nodes, np.int64)
        self.heap = np.empty(room), np.empty(room, np.int32)

    @classmethod
    def of(cls, graph: Graph, weight: NDArray[np.float64]) -> Compiled:
        """Make one of checked weights."""
        return cls(graph, _Arranged.of(graph, weight))

    def fill(self, source: int, target: int, distance: NDArray[np.float64], parent: NDArray[np.int32]) -> None:
        """Write distances and last arcs of `Tree`; with a target (-1: none), sure for it alone."""
        _search(self.arranged, source, target, self.distance, self.tie, self.heap)
        _tell(self.arranged, source, self.distance, self.tie, distance, parent)

    def tree(self, source: int, target: int = -1) -> Tree:
        """Return the shortest routes from `source`; with a target, sure for it alone."""
        distance, parent = np.empty(self.graph.n_nodes), np.empty(self.graph.n_nodes, np.int32)
        self.fill(source, target, distance, parent)
        return Tree(source=source, distance=distance, parent_arc=parent, graph=self.graph)

    def way(self, source: int, target: int) -> tuple[float, NDArray[np.int32]]:
        """Return the distance and the arcs of the route to one node; inf and none where there is no way."""
        _search(self.arranged, source, target, self.distance, self.tie, self.heap)
        arcs = _follow(self.arranged, target, self.distance, self.tie, self.graph.tail)
        return float(self.distance[self.arranged.number[target]]), arcs


@kernel
def _arrange(first_out, out_arcs, arc_head, weight):  # noqa: C901 (one compiled loop)
    """Number the nodes and list the open arcs by them (`_Arranged`)."""
    n_nodes = len(first_out) - 1
    entered, left = np.zeros(n_nodes, np.bool_), np.zeros(n_nodes, np.bool_)
    for node in range(n_nodes):
        for place in range(first_out[node], first_out[node + 1]):
            if weight[out_arcs[place]] < inf:
                left[node] = True
                entered[arc_head[out_arcs[place]]] = True
    number, order = np.full(n_nodes, -1, np.int32), np.empty(n_nodes, np.int32)
    size = done = 0
    for start in range(n_nodes):
        if number[start] < 0 and entered[start] and left[start]:
            number[start] = size
            order[size] = start
            size += 1
        while done < size:
            for place in range(first_out[order[done]], first_out[order[done] + 1]):
                head = arc_head[out_arcs[place]]
                if number[head] < 0 and left[head] and weight[out_arcs[place]] < inf:
                    number[head] = size
                    order[size] = head
                    size += 1
            done += 1
    live = size
    for node in range(n_nodes):
        if number[node] < 0:
            number[node] = size
            order[size] = node
            size += 1
    first = np.zeros(n_nodes + 1, np.int64)
    heads, weights, arcs = np.empty(len(weight), np.int32), np.empty(len(weight)), np.empty(len(weight), np.int32)
    end = 0
    for at in range(n_nodes):
        for place in range(first_out[order[at]], first_out[order[at] + 1]):
            arc = out_arcs[place]
            if weight[arc] < inf:
                heads[end], weights[end], arcs[end] = number[arc_head[arc]], weight[arc], arc
                end += 1
        first[at + 1] = end
    return first, heads[:end], weights[:end], arcs[:end], number, live


@kernel
def _sink(heap, size, distance, node):
    """Put an entry at the top of a four-way heap of `size` and let it sink."""
    keys, nodes = heap
    place = 0
    while True:
        child = 4 * place + 1
        if child >= size:
            break
        best = child
        least = keys[child]
        for other in range(child + 1, min(child + 4, size)):
            if keys[other] < least:
                best = other
                least = keys[other]
        if least >= distance:
            break
        keys[place], nodes[place] = least, nodes[best]
        place = best
    keys[place], nodes[place] = distance, node


@kernel
def _rise(heap, size, distance, node):
    """Put an entry at the end of a four-way heap of `size` and let it rise."""
    keys, nodes = heap
    place = size
    while place > 0:
        above = (place - 1) >> 2
        if keys[above] <= distance:
            break
        keys[place], nodes[place] = keys[above], nodes[above]
        place = above
    keys[place], nodes[place] = distance, node


@kernel
def _search(arranged, source, target, distance, tie, heap):  # noqa: C901 (one compiled loop)
    """Fill `distance` and `tie`, until all that is as near as `target` is settled (-1: all is)."""
    first, heads, weights, arcs, number, live = arranged
    keys, nodes = heap
    start, goal = number[source], number[target] if target >= 0 else -1
    distance[:] = inf
    distance[start] = 0.0
    tie[start] = 0
    keys[0], nodes[0] = 0.0, start
    size = 1
    most = inf
    level = False
    while size > 0:
        reached, node = keys[0], nodes[0]
        if node == goal:
            most = reached
        if reached > most:
            break
        size -= 1
        if size > 0:
            _sink(heap, size, keys[size], nodes[size])
        if reached > distance[node]:
            continue
        used = ((tie[node] >> 32) + 1) << 32
        for place in range(index(first[node]), index(first[node + 1])):
            leads_on = heads[place] < live or heads[place] == goal
            if not leads_on and target >= 0:
                continue
            head = index(heads[place])
            candidate = reached + weights[place]
            if candidate < distance[head]:
                distance[head] = candidate
                tie[head] = used | arcs[place]
                level = level or candidate == reached
                if leads_on:
                    _rise(heap, size, candidate, heads[place])
                    size += 1
            elif candidate == distance[head] and used | arcs[place] < tie[head]:
                tie[head] = used | arcs[place]
                level = level or candidate == reached
    if level:
        _count_arcs(arranged, start, goal, distance, tie, nodes)


@kernel
def _count_arcs(arranged, start, goal, distance, tie, queue):
    """Fill `tie` again, breadth first along tight arcs."""
    first, heads, weights, arcs, _, live = arranged
    unknown = np.int64(2**63 - 1)
    tie[:] = unknown
    tie[start] = 0
    queue[0] = start
    size, done = 1, 0
    while done < size:
        node = queue[done]
        done += 1
        used = ((tie[node] >> 32) + 1) << 32
        for place in range(index(first[node]), index(first[node + 1])):
            head = index(heads[place])
            if (goal < 0 or heads[place] < live or heads[place] == goal) and (
                distance[node] + weights[place] == distance[head]
            ):
                if tie[head] == unknown:
                    queue[size] = heads[place]
                    size += 1
                tie[head] = min(tie[head], used | arcs[place])


@kernel
def _tell(arranged, source, distance, tie, distances, parents):
    """Write distances and last arcs of all nodes in their own order."""
    for node in range(len(distances)):
        at = index(arranged.number[node])
        distances[node] = distance[at]
        parents[node] = tie[at] & LAST_ARC if distance[at] < inf and node != source else -1


@kernel
def _follow(arranged, target, distance, tie, tail):
    """Return the arcs of the route to `target`."""
    at = arranged.number[target]
    size = tie[at] >> 32 if distance[at] < inf else 0
    arcs = np.empty(size, np.int32)
    node = target
    while size > 0:
        size -= 1
        arcs[size] = tie[arranged.number[node]] & LAST_ARC
        node = tail[arcs[size]]
    return arcs
