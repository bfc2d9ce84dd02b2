"""Dijkstra, compiled, over many sources at a time: the answers of `dijkstra`, bit for bit, ties included."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.graph.compiled import index, inlined, kernel
from corridor_net.graph.parallel import run_chunks
from corridor_net.graph.topology import Graph, checked_nodes, checked_weight
from corridor_net.graph.tree import Tree

OpenArcs = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64], NDArray[np.int32]]


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Shortest routes from each of `sources`: `distance` and `parent_arc`, both (n_sources, n_nodes)."""

    graph: Graph
    sources: NDArray[np.int32]
    distance: NDArray[np.float64]
    parent_arc: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.sources)

    def __getitem__(self, number: int) -> Tree:
        return Tree(int(self.sources[number]), self.distance[number], self.parent_arc[number], self.graph)


def many_to_all(graph: Graph, weight: ArrayLike, sources: ArrayLike, *, threads: int | None = None) -> Trees:
    """Return the shortest routes from each source to all nodes; ties by the rule of `dijkstra`.

    Raises
    ------
    BadValue
        Unfit weights or sources.
    """
    starts = checked_nodes(graph, sources, "sources")
    links = open_arcs(graph, checked_weight(graph, weight))
    distance = np.empty((len(starts), graph.n_nodes))
    parent = np.empty((len(starts), graph.n_nodes), np.int32)

    def make_worker() -> Callable[[int], None]:
        heap, steps = _room(links, graph)

        def work(number: int) -> None:
            _search(links, starts[number], -1, distance[number], parent[number], steps, heap)

        return work

    run_chunks(len(starts), make_worker, threads)
    return Trees(graph, starts, distance, parent)


class Compiled:
    """A graph with one weighting, to be searched from one node at a time (`large.Searcher`)."""

    def __init__(self, graph: Graph, weight: NDArray[np.float64]) -> None:
        self.links, self.n_nodes = open_arcs(graph, weight), graph.n_nodes
        self.heap, self.steps = _room(self.links, graph)

    def search(self, source: int, target: int) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Return distances and last arcs; with a target (-1: none), sure for it alone."""
        distance, parent = np.empty(self.n_nodes), np.empty(self.n_nodes, np.int32)
        _search(self.links, source, target, distance, parent, self.steps, self.heap)
        return distance, parent


def _room(links: OpenArcs, graph: Graph) -> tuple[tuple[NDArray[Any], ...], NDArray[np.int32]]:
    """Return room for the heap and the arcs used of one search."""
    room = len(links[1]) + 2
    return (np.empty(room), np.empty(room, np.int32), np.empty(room, np.int32)), np.empty(graph.n_nodes, np.int32)


def backward(graph: Graph) -> Graph:
    """Return `graph.reversed()`, sooner: nothing is checked again and nothing sorted by comparison."""
    first, arcs = _by_end(graph.head, graph.n_nodes)
    return Graph(graph.n_nodes, graph.head, graph.tail, first, arcs)


@kernel
def _by_end(end, n_nodes):
    """List the arcs by one of their ends, in arc order: (first, arcs)."""
    first = np.zeros(n_nodes + 1, np.int64)
    for node in end:
        first[node + 1] += 1
    for node in range(n_nodes):
        first[node + 1] += first[node]
    place = first[:-1].copy()
    arcs = np.empty(len(end), np.int32)
    for arc in range(len(end)):
        arcs[place[end[arc]]] = arc
        place[end[arc]] += 1
    return first, arcs


def open_arcs(graph: Graph, weight: NDArray[np.float64]) -> OpenArcs:
    """Return the arcs that are not absent, by tail: (first, head, weight, arc)."""
    arcs = graph.out_arcs[weight[graph.out_arcs] < inf]
    first = np.zeros(graph.n_nodes + 1, np.int64)
    np.cumsum(np.bincount(graph.tail[arcs], minlength=graph.n_nodes), out=first[1:])
    return first, graph.head[arcs], weight[arcs], arcs


@inlined
def _sooner(distance, steps, other_distance, other_steps):
    return distance < other_distance or (distance == other_distance and steps < other_steps)


@kernel
def sift_down(heap, size, distance, steps, node):
    """Put an entry at the top of a four-way heap of `size` and let it sink."""
    keys, used, nodes = heap
    place = 0
    while True:
        child = 4 * place + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + 4, size)):
            if _sooner(keys[other], used[other], keys[best], used[best]):
                best = other
        if not _sooner(keys[best], used[best], distance, steps):
            break
        keys[place], used[place], nodes[place] = keys[best], used[best], nodes[best]
        place = best
    keys[place], used[place], nodes[place] = distance, steps, node


@kernel
def sift_up(heap, size, distance, steps, node):
    """Put an entry at the end of a four-way heap of `size` and let it rise."""
    keys, used, nodes = heap
    place = size
    while place > 0:
        above = (place - 1) >> 2
        if not _sooner(distance, steps, keys[above], used[above]):
            break
        keys[place], used[place], nodes[place] = keys[above], used[above], nodes[above]
        place = above
    keys[place], used[place], nodes[place] = distance, steps, node


@kernel
def _search(links, source, target, distance, parent, steps, heap):
    """Fill `distance` and `parent`, until `target` is settled; an entry is pushed at most once an open arc."""
    first, heads, weights, arcs = links
    distance[:] = inf
    parent[:] = -1
    steps[:] = 0
    distance[source] = 0.0
    heap[0][0] = 0.0
    heap[1][0] = 0
    heap[2][0] = source
    size = 1
    while size > 0:
        reached = heap[0][0]
        used = heap[1][0]
        node = heap[2][0]
        if node == target:
            break
        size -= 1
        if size > 0:
            sift_down(heap, size, heap[0][size], heap[1][size], heap[2][size])
        if reached > distance[node] or used > steps[node]:
            continue
        used += 1
        for place in range(index(first[node]), index(first[node + 1])):
            head = index(heads[place])
            candidate = reached + weights[place]
            if _sooner(candidate, used, distance[head], steps[head]):
                distance[head] = candidate
                steps[head] = used
                parent[head] = arcs[place]
                if first[head] < first[head + 1] or head == target:  # from elsewhere nothing leads on
                    sift_up(heap, size, candidate, used, head)
                    size += 1
            elif candidate == distance[head] and used == steps[head] and arcs[place] < parent[head]:
                parent[head] = arcs[place]
