"""Compiled loops over single triangles: customise and perfect what lies low in a hierarchy, where rows are short.

A rank v below x and y, x below y, is a *triangle* of three up arcs: a = (v, x), b = (v, y) and c = (x, y). Where most
nodes have few neighbours nearly all of a hierarchy is low, and one list of triangles, gone through without a branch, is
several times sooner done than a million small matrices.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

import numpy as np

from corridor_net.graph.loops.compiled import index, kernel


@kernel
def own_ways(own_arc, own_slot, weight, ways):
    """Give the up arcs of these slots, in both rows of `ways` infinite before, the least of their own arcs."""
    flat = ways.reshape(-1)
    for k in range(len(own_slot)):
        place = index((own_slot[k] >> 1) + (own_slot[k] & 1) * ways.shape[1])
        flat[place] = min(flat[place], weight[index(own_arc[k])])


@kernel
def customise_triangles(low, high, triangles, up, down):
    """Let travel along c go by way of v, for the triangles `low` to `high - 1`, which stand by ascending v."""
    for k in range(index(low), index(high)):
        a, b, c = index(triangles[0, k]), index(triangles[1, k]), index(triangles[2, k])
        up[c] = min(up[c], down[a] + up[b])
        down[c] = min(down[c], down[b] + up[a])


@kernel
def perfect_triangles(low, high, triangles, up, down, least_up, least_down):
    """Let travel along a and b go by way of c, whose least are distances; from the highest v down."""
    for back in range(index(high - low)):
        k = index(high - 1) - back
        a, b, c = index(triangles[0, k]), index(triangles[1, k]), index(triangles[2, k])
        least_up[a] = min(least_up[a], up[b] + least_down[c])
        least_down[a] = min(least_down[a], least_up[c] + down[b])
        least_up[b] = min(least_up[b], up[a] + least_up[c])
        least_down[b] = min(least_down[b], least_down[c] + down[a])


@kernel
def list_triangles(first_up, up_head, low, end):
    """Return the triangles of the ranks that are `low`, by v: those with x before the end of v's task, and the others.

    `end` holds that end for each rank.
    """
    count = np.zeros(2, np.int64)
    for rank in range(len(low)):
        if low[rank]:
            for a in range(first_up[rank], first_up[rank + 1]):
                count[int(up_head[a] >= end[rank])] += first_up[rank + 1] - a - 1
    inner = np.empty((3, count[0]), np.int32)
    outer = np.empty((3, count[1]), np.int32)
    count[:] = 0
    for rank in range(len(low)):
        if not low[rank]:
            continue
        for a in range(first_up[rank], first_up[rank + 1]):
            beyond = int(up_head[a] >= end[rank])
            listed = outer if beyond else inner
            c = first_up[up_head[a]]
            for b in range(a + 1, first_up[rank + 1]):
                while up_head[c] != up_head[b]:
                    c += 1
                listed[0, count[beyond]] = a
                listed[1, count[beyond]] = b
                listed[2, count[beyond]] = c
                count[beyond] += 1
    return inner, outer
