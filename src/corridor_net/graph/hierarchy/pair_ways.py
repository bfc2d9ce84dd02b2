"""Compiled loops for pairs: two ways up the tree that meet, and the arcs that the up arcs of a route stand for."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from math import inf

import numpy as np

from corridor_net.graph.loops.compiled import index, inlined, kernel

UNKNOWN = -(2**31)
"""What the parts of an up arc hold before a path has asked."""


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
def path_of(start, end, tree, climb, descend, rows, arcs, lower, own, up, down, parts):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Return the arcs of the route of one pair, none where there is no route."""
    forth, back = rows[0], rows[1]
    top = _meet(start, end, tree, climb, descend, forth, back)[1]
    ways = np.empty(0, np.int64)
    if top >= 0:  # twice the up arc, plus one when it leads down
        there = trace(start, top, tree[0], forth, lower, up)
        behind = trace(end, top, tree[0], back, lower, down)
        ways = np.concatenate((2 * there[::-1], 2 * behind + 1))
    clear(start, tree[0], forth)
    clear(end, tree[0], back)
    return unpack_ways(ways, arcs, lower, own, up, down, parts)


@kernel
def trace(start, top, parent, row, lower, weight):
    """Return the up arcs by which `top` was reached from `start`, the last first; of ties the lowest tail."""
    first, arcs, tails = lower
    chain = np.empty(64, np.int32)
    size = 0
    rank = start
    while rank != top:
        if row[rank] < inf:
            if size == len(chain):
                chain = np.append(chain, np.empty_like(chain))
            chain[size] = rank
            size += 1
        rank = parent[rank]
    found = np.empty(size, np.int64)
    count = 0
    while rank != start:
        i = 0
        k = first[rank]
        while True:  # both lists ascend, and the rank came from one that is in both
            if tails[k] < chain[i]:
                k += 1
            elif tails[k] > chain[i]:
                i += 1
            elif row[chain[i]] + weight[arcs[k]] == row[rank]:
                break
            else:
                k += 1
        found[count] = arcs[k]
        count += 1
        rank = chain[i]
    return found[:count]


@kernel
def _own_arc(low, place, backward, first_own, own_arc, own_slot, weight):
    """Return the first of the lightest own arcs of an up arc in one direction, or -1."""
    best = -1
    for k in range(index(first_own[low]), index(first_own[low + 1])):
        arc = own_arc[k]
        if own_slot[k] == 2 * place + backward and (best < 0 or weight[arc] < weight[best]):
            best = arc
    return best


@kernel
def _middle(low, high, wanted, backward, lower, up, down):
    """Return the up arcs from the lowest middle rank to `low` and to `high` whose sum is `wanted`."""
    first, arcs, tails = lower
    j = first[high]
    for i in range(index(first[low]), index(first[low + 1])):
        while tails[j] < tails[i]:
            j += 1
            if j == first[high + 1]:
                return np.int64(-1), np.int64(-1)
        if tails[j] == tails[i]:
            x = arcs[i]
            y = arcs[j]
            if (down[y] + up[x] if backward else down[x] + up[y]) == wanted:
                return x, y
    return np.int64(-1), np.int64(-1)


@kernel
def find_parts(place, backward, arcs, lower, own, up, down, parts):
    """Fill `parts` for one direction of an up arc."""
    low, high = arcs[1][place], arcs[0][place]
    wanted = down[place] if backward else up[place]
    first_own, own_arc, own_slot, weight = own
    arc = _own_arc(low, place, backward, first_own, own_arc, own_slot, weight)
    if arc >= 0 and weight[arc] == wanted:
        parts[place, backward, 0] = -1 - arc
        return
    x, y = _middle(low, high, wanted, backward, lower, up, down)
    # low -> middle -> high is down x, up y; high -> middle -> low is down y, up x.
    parts[place, backward, 0], parts[place, backward, 1] = (y, x) if backward else (x, y)


@kernel
def unpack_ways(ways, arcs, lower, own, up, down, parts):
    """Return the arcs that the up and down arcs of a way stand for, and remember in `parts` what was found out.

    All are taken apart once, then what they are made of, and so on: one does not wait for another to come from memory.
    """
    todo = len(ways)
    while todo:
        todo = 0
        size = 0
        within = np.empty(2 * len(ways), np.int64)
        for way in ways:
            if way < 0:
                within[size] = way
                size += 1
                continue
            place, backward = way >> 1, way & 1
            if parts[place, backward, 0] == UNKNOWN:
                find_parts(place, backward, arcs, lower, own, up, down, parts)
            part = np.int64(parts[place, backward, 0])
            more = part >= 0  # first down to the middle, then up from it; else an own arc. No branch: see `step`
            within[size] = 2 * part + 1 if more else part
            within[size + 1] = 2 * np.int64(parts[place, backward, 1])
            size += 1 + more
            todo += more
        ways = within[:size]
    return (-1 - ways).astype(np.int32)
