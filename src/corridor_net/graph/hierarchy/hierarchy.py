"""The hierarchy of a topology: nodes in elimination order, and the arcs that elimination adds. No weights.

Eliminating a node joins its remaining neighbours. The arcs that exist at any time, each from a lower to a
higher rank, are the *up arcs*; each stands for travel both ways. A shortest distance is then a way up and a
way down (customizable contraction hierarchies: Dibbelt, Strasser & Wagner 2016, J. Exp. Algorithmics 21).
Made once for each topology and reused by every weighting: `ensemble` solves many weightings at a
time on small networks, `metric` one weighting on large ones.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue
from corridor_net.graph.hierarchy.order import elimination_order, simple_neighbours
from corridor_net.graph.loops.compiled import kernel
from corridor_net.graph.loops.scratch import Scratch
from corridor_net.graph.topology import Graph, checked_nodes

if TYPE_CHECKING:
    from corridor_net.graph.hierarchy.fronts import Fronts


@dataclass(frozen=True, eq=False, kw_only=True)
class Hierarchy:
    """The eliminated topology.

    `rank` (n_nodes): the place of a node in the order. All else counts by rank. `first_up` (n_nodes + 1) and
    `up_head` (n_up): the up arcs of rank r lead to `up_head[first_up[r]:first_up[r + 1]]`, ascending.
    `parent` (n_nodes): the lowest rank above, -1 at a root. `slot` (n_arcs): twice the up arc of each arc of
    the graph, plus one when the arc leads down; -1 for a loop.

    Examples
    --------
    >>> ring = Graph.from_arcs(4, [0, 1, 2, 3], [1, 2, 3, 0])
    >>> Hierarchy.build(ring).n_up
    5
    """

    graph: Graph
    rank: NDArray[np.int32]
    parent: NDArray[np.int32]
    first_up: NDArray[np.int64]
    up_head: NDArray[np.int32]
    slot: NDArray[np.int64]

    @classmethod
    def build(cls, graph: Graph, order: ArrayLike | None = None) -> Hierarchy:
        """Eliminate the nodes of `graph` in `order` (each node once), or in one found by `order`.

        Raises
        ------
        BadValue
            `order` does not name each node once.
        """
        chosen = elimination_order(graph) if order is None else _checked_order(graph, order)
        rank = np.empty(graph.n_nodes, np.int32)
        rank[chosen] = np.arange(graph.n_nodes, dtype=np.int32)
        _, _, parent = _eliminate(*simple_neighbours(graph.n_nodes, rank[graph.tail], rank[graph.head]))
        rank = _postorder(parent)[rank]
        tail, head = rank[graph.tail], rank[graph.head]
        first_up, up_head, parent = _eliminate(*simple_neighbours(graph.n_nodes, tail, head))
        return cls(
            graph=graph,
            rank=rank,
            parent=parent,
            first_up=first_up,
            up_head=up_head,
            slot=_slots(tail, head, first_up, up_head),
        )

    @property
    def n_up(self) -> int:
        """The number of up arcs."""
        return len(self.up_head)

    @cached_property
    def node_at(self) -> NDArray[np.int32]:
        """The node of each rank."""
        nodes = np.empty(len(self.rank), np.int32)
        nodes[self.rank] = np.arange(len(self.rank), dtype=np.int32)
        return nodes

    @cached_property
    def up_tail(self) -> NDArray[np.int32]:
        """The lower rank of each up arc."""
        return np.repeat(np.arange(len(self.rank), dtype=np.int32), np.diff(self.first_up))

    @cached_property
    def lower(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
        """The up arcs that end at each rank, by ascending tail, and those tails: (first, arcs, tails)."""
        arcs = np.argsort(self.up_head, kind="stable")
        first = np.zeros(len(self.rank) + 1, np.int64)
        np.cumsum(np.bincount(self.up_head, minlength=len(self.rank)), out=first[1:])
        return first, arcs, self.up_tail[arcs]

    @cached_property
    def lowest(self) -> NDArray[np.int32]:
        """The lowest rank that each rank stands above in the tree of parents; all between are below it too."""
        found: NDArray[np.int32] = _lowest(self.parent)
        return found

    @cached_property
    def triangles(self) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
        """For each up arc (x, y) the pairs of up arcs (v, x), (v, y) below it: (first, to_x, to_y)."""
        found: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]
        found = _triangles(self.first_up, self.up_head)
        return found

    @cached_property
    def scratch(self) -> Scratch:
        """Work arrays that the searches of all metrics of this hierarchy use in turn."""
        return Scratch()

    @cached_property
    def fronts(self) -> Fronts:
        """The runs of ranks that `metric` works on as dense blocks."""
        from corridor_net.graph.hierarchy.fronts import Fronts

        lower_rank = np.minimum(self.rank[self.graph.tail], self.rank[self.graph.head])
        return Fronts.of(self.parent, self.first_up, self.up_head, self.slot, lower_rank)

    def ancestors(self, nodes: ArrayLike) -> NDArray[np.int32]:
        """Return the ranks of `nodes` and of all above them in the tree of parents, ascending."""
        ranks = self.rank[checked_nodes(self.graph, nodes, "nodes")]
        above: NDArray[np.int32] = _ancestors(self.parent, ranks)
        return above


def _checked_order(graph: Graph, order: ArrayLike) -> NDArray[np.int32]:
    chosen = checked_nodes(graph, order, "order")
    if len(chosen) != graph.n_nodes or len(np.unique(chosen)) != graph.n_nodes:
        raise BadValue(f"order must name each of the {graph.n_nodes} nodes once")
    return chosen


@kernel
def _eliminate(first, neighbour):
    """Return (first_up, up_head, parent): up neighbours are its own and those of its children in the tree."""
    n_nodes = len(first) - 1
    seen = np.full(n_nodes, -1, np.int32)
    parent = np.full(n_nodes, -1, np.int32)
    child = np.full(n_nodes, -1, np.int32)
    sibling = np.full(n_nodes, -1, np.int32)
    first_up = np.zeros(n_nodes + 1, np.int64)
    up_head = np.empty(max(16, 2 * len(neighbour)), np.int32)
    count = 0
    for node in range(n_nodes):
        need = first[node + 1] - first[node]
        below = child[node]
        while below >= 0:
            need += first_up[below + 1] - first_up[below]
            below = sibling[below]
        if count + need > len(up_head):
            grown = np.empty(2 * len(up_head) + need, np.int32)
            grown[:count] = up_head[:count]
            up_head = grown
        start = count
        seen[node] = node
        for i in range(first[node], first[node + 1]):
            other = neighbour[i]
            if other > node and seen[other] != node:
                seen[other] = node
                up_head[count] = other
                count += 1
        below = child[node]
        while below >= 0:
            for i in range(first_up[below], first_up[below + 1]):
                other = up_head[i]
                if other > node and seen[other] != node:
                    seen[other] = node
                    up_head[count] = other
                    count += 1
            below = sibling[below]
        up_head[start:count] = np.sort(up_head[start:count])
        first_up[node + 1] = count
        if count > start:
            above = up_head[start]
            parent[node] = above
            sibling[node] = child[above]
            child[above] = node
    return first_up, up_head[:count].copy(), parent


@kernel
def _postorder(parent):
    """Return the new rank of each rank: subtrees contiguous, children before parents, order else kept."""
    n_nodes = len(parent)
    size = np.ones(n_nodes, np.int32)
    for node in range(n_nodes):
        if parent[node] >= 0:
            size[parent[node]] += size[node]
    place = np.empty(n_nodes, np.int32)
    free = np.empty(n_nodes, np.int32)
    start = 0
    for node in range(n_nodes):
        if parent[node] < 0:
            free[node] = start
            place[node] = start + size[node] - 1
            start += size[node]
    for node in range(n_nodes - 1, -1, -1):
        if parent[node] < 0:
            continue
        above = parent[node]
        # Children are met from the highest down, so each takes the end of what its parent has left.
        end = free[above] + size[above] - 1
        free[node] = end - size[node]
        place[node] = end - 1
        size[above] -= size[node]
    return place


@kernel
def not_below(ranks, begin, end, rank):
    """Return the first place from `begin` on at which ascending ranks are no longer below `rank`, or `end`."""
    while begin < end:
        middle = (begin + end) >> 1
        if ranks[middle] < rank:
            begin = middle + 1
        else:
            end = middle
    return begin


@kernel
def find_up(first_up, up_head, low, high):
    """Return the up arc from rank `low` to rank `high`, or -1."""
    place = not_below(up_head, first_up[low], first_up[low + 1], high)
    return place if place < first_up[low + 1] and up_head[place] == high else np.int64(-1)


@kernel
def _slots(tail, head, first_up, up_head):
    slot = np.full(len(tail), -1, np.int64)
    for arc in range(len(tail)):
        if tail[arc] < head[arc]:
            slot[arc] = 2 * find_up(first_up, up_head, tail[arc], head[arc])
        elif tail[arc] > head[arc]:
            slot[arc] = 2 * find_up(first_up, up_head, head[arc], tail[arc]) + 1
    return slot


@kernel
def _triangles(first_up, up_head):
    n_up = len(up_head)
    first = np.zeros(n_up + 1, np.int64)
    place = np.empty(0, np.int64)
    to_x = np.empty(0, np.int32)
    to_y = np.empty(0, np.int32)
    for writing in range(2):
        for node in range(len(first_up) - 1):
            for a in range(first_up[node], first_up[node + 1]):
                upper = first_up[up_head[a]]
                for b in range(a + 1, first_up[node + 1]):
                    while up_head[upper] != up_head[b]:
                        upper += 1
                    if writing:
                        to_x[place[upper]] = a
                        to_y[place[upper]] = b
                        place[upper] += 1
                    else:
                        first[upper + 1] += 1
        if not writing:
            for arc in range(n_up):
                first[arc + 1] += first[arc]
            place = first[:-1].copy()
            to_x = np.empty(first[n_up], np.int32)
            to_y = np.empty(first[n_up], np.int32)
    return first, to_x, to_y


@kernel
def _lowest(parent):
    lowest = np.arange(len(parent)).astype(np.int32)
    for rank in range(len(parent)):
        if parent[rank] >= 0:
            lowest[parent[rank]] = min(lowest[parent[rank]], lowest[rank])
    return lowest


@kernel
def _ancestors(parent, ranks):
    marked = np.zeros(len(parent), np.uint8)
    for rank in ranks:
        node = rank
        while node >= 0 and not marked[node]:
            marked[node] = 1
            node = parent[node]
    return np.flatnonzero(marked).astype(np.int32)
