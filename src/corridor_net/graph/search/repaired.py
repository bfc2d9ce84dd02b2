"""Shortest routes of a network that was changed a little, from those before the change: bit for bit as if searched.

What the last arc of a route made worse or took away, and all beyond it, is forgotten (Ramalingam and Reps 1996); from
what is left of a tree, and by what is new or has another weight, the search goes on by the rule of `dijkstra`.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from math import inf

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.search.dijkstra import Leaving, Weighted, search
from corridor_net.graph.search.tree import Trees
from corridor_net.graph.topology import Graph

Ints = NDArray[np.int64]


def repaired(trees: Trees, weight: NDArray[np.float64], after: Weighted, nodes: Ints, arcs: Ints) -> Trees:
    """Return the trees of a changed network; `weight` (n_arcs before): what arcs weighed before the change.

    `nodes` and `arcs`: the number that each of before has now, -1 where it is gone; arcs that are left lead from and to
    the same nodes and are in the same order, and every source is left.
    """
    graph, left = after.graph, np.flatnonzero(nodes >= 0)
    rows = np.arange(len(trees))[:, None]
    distance = np.full((len(trees), graph.n_nodes), inf)
    distance[:, nodes[left]] = trees.distance[:, left]
    parent = np.full(distance.shape, -1, np.int64)
    parent[:, nodes[left]] = np.append(arcs, -1)[trees.parent_arc[:, left]]
    changed = np.ones(graph.n_arcs, bool)
    kept = np.flatnonzero(arcs >= 0)
    changed[arcs[kept]] = after.weight[arcs[kept]] != weight[kept]
    sources = nodes[trees.sources]
    lost = np.where(parent < 0, distance < inf, np.append(changed, False)[parent])
    lost[rows[:, 0], sources] = False
    steps = _counted(graph, parent, lost)
    distance[lost], parent[lost], steps[lost] = inf, -1, 0
    asked = np.flatnonzero(changed | np.logical_or.reduce(lost, axis=0)[graph.head])
    tail, head = graph.tail[asked], graph.head[asked]
    reached = distance[:, tail] + after.weight[asked]
    met = (reached < inf) & (reached <= distance[:, head]) & (changed[asked] | lost[:, head])
    for row in np.flatnonzero(met.any(axis=1)).tolist():
        ready = {*tail[met[row]].tolist()}
        known = distance[row].tolist(), steps[row].tolist(), parent[row].tolist()
        if _mended(graph.leaving, after.weights, ready, *known):
            distance[row], _, parent[row] = known
        else:
            distance[row], parent[row] = search(graph.leaving, after.weights, int(sources[row]), -1)
    return Trees(graph=graph, sources=sources.astype(np.int32), distance=distance, parent_arc=parent.astype(np.int32))


def _counted(graph: Graph, parent: Ints, lost: NDArray[np.bool_]) -> Ints:
    """Return how many arcs lead to each node, and mark what lies beyond as `lost`: each look back is twice as far."""
    first = graph.n_nodes * np.arange(len(parent))[:, None]  # all trees in one row: looked up in half the time
    before = (np.where(parent >= 0, np.append(graph.tail, 0)[parent], np.arange(graph.n_nodes)) + first).ravel()
    steps, beyond = (parent >= 0).ravel().astype(np.int64), lost.ravel()
    while True:
        further = steps[before]
        beyond |= beyond[before]
        if not further.any():
            return steps.reshape(parent.shape)
        steps += further
        before = before[before]


def _mended(
    leaving: Leaving,
    weights: list[float],
    ready: set[int],
    distance: list[float],
    steps: list[int],
    parent: list[int],
) -> bool:
    """Go on from the nodes that something new leads away from; False where the tree is to be searched for anew.

    That is where a node came nearer by more arcs, and rounding leaves the one behind it as near as it was.
    """
    heap = [(distance[node], steps[node], node) for node in ready]
    heapify(heap)
    while heap:
        reached, used, node = heappop(heap)
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
            elif used == steps[head]:
                parent[head] = min(arc, parent[head])
            elif parent[head] == arc:
                return False
    return True
