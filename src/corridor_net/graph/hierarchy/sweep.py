"""Compiled loops of one-to-all: which up arcs are kept, the way up from a source, the sweep down over ranks."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from math import inf

from corridor_net.graph.loops.compiled import index, kernel


@kernel
def count_kept(first_up, weight, least, first, low, high):
    """Count the up arcs of the ranks `low` to `high - 1` that are no longer than the least way, after each rank."""
    for rank in range(low, high):
        count = 0
        for arc in range(index(first_up[rank]), index(first_up[rank + 1])):
            count += weight[arc] <= least[arc] and weight[arc] < inf
        first[rank + 1] = count


@kernel
def fill_kept(first_up, up_head, weight, least, first, head, values, low, high):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Copy heads and weights of those up arcs to where they begin by `first`."""
    at = first[low]
    for rank in range(low, high):
        for arc in range(index(first_up[rank]), index(first_up[rank + 1])):
            if weight[arc] <= least[arc] and weight[arc] < inf:
                head[index(at)] = up_head[arc]
                values[index(at)] = weight[arc]
                at += 1


@kernel
def climb_from(start, parent, first, head, weight, distance):
    """Reach upwards from `start` over its ancestors."""
    distance[start] = 0
    rank = start
    while rank >= 0:
        here = distance[rank]
        if here < inf:
            for arc in range(index(first[rank]), index(first[rank + 1])):
                above = index(head[arc])
                distance[above] = min(distance[above], here + weight[arc])
        rank = parent[rank]


@kernel
def sweep_down(low, high, first, head, weight, node_at, distance, found):
    """Bring distances down to the ranks `high - 1` to `low`, and put them in the places of their nodes."""
    for rank in range(high - 1, low - 1, -1):
        best = distance[rank]
        for arc in range(index(first[rank]), index(first[rank + 1])):
            best = min(best, distance[index(head[arc])] + weight[arc])
        distance[index(rank)] = best
        found[index(node_at[index(rank)])] = best
