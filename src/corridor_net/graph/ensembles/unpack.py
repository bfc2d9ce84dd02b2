"""The arcs of one route of `ensemble`, found again under one weighting by the same choices."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import NoRoute
from corridor_net.graph.hierarchy.hierarchy import Hierarchy
from corridor_net.graph.loops.compiled import index, kernel


def unpack(hierarchy: Hierarchy, weight: NDArray[np.float64], origin: int, destination: int) -> NDArray[np.int32]:
    """Return the arcs of the route that `solve` finds under one weighting, by the same choices.

    Raises
    ------
    NoRoute
        The destination cannot be reached.
    """
    up_weight, choice = _customise_choices(weight, hierarchy.slot, *hierarchy.triangles)
    tree = (hierarchy.first_up, hierarchy.up_head, hierarchy.parent)
    start, end = hierarchy.rank[origin], hierarchy.rank[destination]
    slots = _slots_of_route(up_weight, tree, hierarchy.up_tail, start, end)
    if slots[0] == -2:
        raise NoRoute(f"no route from node {origin} to node {destination}")
    _, to_x, to_y = hierarchy.triangles
    arcs: NDArray[np.int32] = _arcs_of_slots(slots[1:], choice, hierarchy.n_up, to_x, to_y)
    return arcs


@kernel
def _customise_choices(weight, slot, first, to_x, to_y):
    """`customise` for one weighting; `choice` is -1 - arc for an own arc, the triangle for a shortcut."""
    n_up = len(first) - 1
    up_weight = np.full(2 * n_up, inf)
    choice = np.full(2 * n_up, -1, np.int64)
    for arc in range(len(slot)):
        place = (slot[arc] >> 1) + (slot[arc] & 1) * n_up
        if slot[arc] >= 0 and weight[arc] < up_weight[place]:
            up_weight[place] = weight[arc]
            choice[place] = -1 - arc
    for arc in range(n_up):
        for i in range(index(first[arc]), index(first[arc + 1])):
            vx = to_x[i]
            vy = to_y[i]
            onward = up_weight[n_up + vx] + up_weight[vy]
            if onward < up_weight[arc]:
                up_weight[arc] = onward
                choice[arc] = i
            onward = up_weight[n_up + vy] + up_weight[vx]
            if onward < up_weight[n_up + arc]:
                up_weight[n_up + arc] = onward
                choice[n_up + arc] = i
    return up_weight, choice


@kernel
def _slots_of_route(up_weight, tree, up_tail, start, end):
    """Return -1 and the weights' places along the route in travel order, or -2 alone when there is none."""
    first_up, up_head, parent = tree
    n_up = len(up_head)
    distance = np.full((2, len(parent)), inf)
    came = np.full((2, len(parent)), -1, np.int64)
    for side in range(2):  # from the start along the arcs, from the end against them
        rank = end if side else start
        distance[side, rank] = 0.0
        while rank >= 0:
            for arc in range(index(first_up[rank]), index(first_up[rank + 1])):
                onward = distance[side, rank] + up_weight[side * n_up + arc]
                if onward < distance[side, up_head[arc]]:
                    distance[side, up_head[arc]] = onward
                    came[side, up_head[arc]] = arc
            rank = parent[rank]
    least = inf
    top = -1
    rank = start
    while rank >= 0:
        if distance[0, rank] + distance[1, rank] < least:
            least = distance[0, rank] + distance[1, rank]
            top = rank
        rank = parent[rank]
    if top < 0:
        return np.full(1, -2, np.int64)
    up = np.empty(len(parent) + 1, np.int64)
    n = 0
    rank = top
    while rank != start:
        up[n] = came[0, rank]
        rank = up_tail[up[n]]
        n += 1
    up[n] = -1
    down = np.empty(len(parent), np.int64)
    m = 0
    rank = top
    while rank != end:
        down[m] = n_up + came[1, rank]
        rank = up_tail[came[1, rank]]
        m += 1
    return np.concatenate((up[: n + 1][::-1], down[:m]))


@kernel
def _arcs_of_slots(slots, choice, n_up, to_x, to_y):
    """Replace shortcuts by the two ways they stand for until only arcs are left."""
    stack = np.empty(len(slots) + 64, np.int64)
    height = len(slots)
    stack[:height] = slots[::-1]
    arcs = np.empty(64, np.int32)
    size = 0
    while height:
        height -= 1
        place = stack[height]
        taken = choice[place]
        if taken < 0:
            if size == len(arcs):
                arcs = np.append(arcs, np.empty_like(arcs))
            arcs[size] = -1 - taken
            size += 1
            continue
        if height + 2 > len(stack):
            stack = np.append(stack, np.empty_like(stack))
        vx = to_x[taken]
        vy = to_y[taken]
        stack[height] = vy if place < n_up else vx
        stack[height + 1] = (vx if place < n_up else vy) + n_up
        height += 2
    return arcs[:size].copy()
