"""Compiled loops for pairs one by one: two ways up the tree that meet, and the up arcs of the route."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from math import inf

import numpy as np

from corridor_net.graph.hierarchy.hierarchy import not_below
from corridor_net.graph.loops.compiled import index, inlined, kernel


@inlined
def step(rank, first, head, weight, row):
    """Reach from `rank` to all above it; a minimum each and no branch, so that nothing is guessed wrong."""
    here = row[rank]
    for arc in range(index(first[rank]), index(first[rank + 1])):
        above = index(head[arc])
        row[above] = min(row[above], here + weight[arc])


@kernel
def _meet(start, end, tree, climb, descend, forth, back):
    """Return the distance and the highest rank of the route; the rows keep the distances that were found."""
    parent, lowest = tree
    up_first, up_head, up_weight = climb
    down_first, down_head, down_weight = descend
    best = forth[start] + inf
    top = np.int32(-1)
    forth[start] = 0
    back[end] = 0
    u = start
    while u >= 0 and not (u >= end and lowest[u] <= end):
        if forth[u] < inf:
            step(u, up_first, up_head, up_weight, forth)
        u = parent[u]
    v = end
    while v != u and v >= 0:
        if back[v] < inf:
            step(v, down_first, down_head, down_weight, back)
        v = parent[v]
    while u >= 0:
        if forth[u] + back[u] < best:
            best = forth[u] + back[u]
            top = u
        if forth[u] < best:
            step(u, up_first, up_head, up_weight, forth)
        if back[u] < best:
            step(u, down_first, down_head, down_weight, back)
        u = parent[u]
    return best, top


@kernel
def clear(rank, parent, row):
    """Make the distances of a rank and of all above it inf again."""
    while rank >= 0:
        row[rank] = inf
        rank = parent[rank]


@kernel
def meet_all(starts, ends, tree, climb, descend, rows, found):
    """Find the distance of every pair; the rows are all inf before and after."""
    for k in range(len(starts)):
        found[k] = _meet(starts[k], ends[k], tree, climb, descend, rows[0], rows[1])[0]
        clear(starts[k], tree[0], rows[0])
        clear(ends[k], tree[0], rows[1])


@kernel
def ways_of_all(starts, ends, tree, climb, descend, rows, itself, lower, up, down):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Return (first, ways): of every pair the up arcs of its route; the rows are all inf before and after.

    A way is twice an up arc, plus one where it leads down. `itself` (n_nodes): every rank in its place.
    """
    first = np.zeros(len(starts) + 1, np.int64)
    ways = np.empty(32 * len(starts), np.int64)
    size = 0
    for k in range(len(starts)):
        top = _meet(starts[k], ends[k], tree, climb, descend, rows[0], rows[1])[1]
        if top >= 0:
            size, ways = trace(starts[k], top, rows[0], itself, 1, lower, up, 0, size, ways)
            ways[first[k] : size] = ways[first[k] : size][::-1].copy()
            size, ways = trace(ends[k], top, rows[1], itself, 1, lower, down, 1, size, ways)
        first[k + 1] = size
        clear(starts[k], tree[0], rows[0])
        clear(ends[k], tree[0], rows[1])
    return first, ways[:size]


@kernel
def trace(start, top, row, spot, span, lower, weight, backward, size, ways):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Append the ways by which `top` was reached from `start`, the last first; of ties that from the lowest rank.

    The distance of a rank stands in `row` at `spot[rank] * span`. Returns the new size, and the ways.
    """
    first, arcs, tails = lower
    rank = top
    while rank != start:
        if size == len(ways):
            ways = np.append(ways, np.empty(size + 1, np.int64))
        there = row[spot[rank] * span]
        k = not_below(tails, first[rank], first[rank + 1], start)  # none of those below it was reached
        while row[spot[tails[k]] * span] + weight[arcs[k]] != there:
            k += 1
        ways[size] = 2 * arcs[k] + backward
        size += 1
        rank = tails[k]
    return size, ways
