"""Compiled loops that tell which arcs of the graph an up arc stands for, and remember it.

Nothing is looked for twice: an up arc that was asked for once is a run of a list of arcs, and so is each of its parts.
Many routes share most of theirs, so that a route is a few runs to be copied.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.hierarchy.hierarchy import not_below
from corridor_net.graph.loops.compiled import index, kernel


class Unfolded(NamedTuple):
    """Of each way (twice an up arc, plus one where it leads down) the run of `arcs` it stands for, if known.

    `runs` (2 n_up, 2): where that begins, and its end, which is 0 where it is not known. `size`: how many
    arcs there are.
    """

    runs: NDArray[np.int32]
    arcs: NDArray[np.int32]
    size: int

    @classmethod
    def none(cls, n_up: int) -> Unfolded:
        """Return that nothing is known; its memory comes as it is used."""
        return cls(np.zeros((2 * n_up, 2), np.int32), np.empty(1024, np.int32), 0)


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
    if first[low] == first[low + 1]:
        return np.int64(-1), np.int64(-1)
    j = not_below(tails, first[high], first[high + 1], tails[first[low]])
    for i in range(index(first[low]), index(first[low + 1])):
        while j < first[high + 1] and tails[j] < tails[i]:
            j += 1
        if j < first[high + 1] and tails[j] == tails[i]:
            x = arcs[i]
            y = arcs[j]
            if (down[y] + up[x] if backward else down[x] + up[y]) == wanted:
                return x, y
    return np.int64(-1), np.int64(-1)


@kernel
def find_parts(way, arcs, lower, own, up, down):
    """Return the two ways that a way is made of, down to the middle and up from it; or -1 - (its own arc), and -1."""
    place, backward = way >> 1, way & 1
    low, high = arcs[1][place], arcs[0][place]
    wanted = down[place] if backward else up[place]
    first_own, own_arc, own_slot, weight = own
    arc = _own_arc(low, place, backward, first_own, own_arc, own_slot, weight)
    if arc >= 0 and weight[arc] == wanted:
        return np.int64(-1 - arc), np.int64(-1)
    x, y = _middle(low, high, wanted, backward, lower, up, down)
    # low -> middle -> high is down x, up y; high -> middle -> low is down y, up x.
    return (2 * y + 1, 2 * x) if backward else (2 * x + 1, 2 * y)


@kernel
def unfold(way, known, made_of):
    """Find out which arcs a way stands for; return what is known then."""
    runs, pool, size = known
    stack = np.empty(64, np.int64)
    stack[0] = way
    height = 1
    while height:
        height -= 1
        one = stack[height]
        if one < 0:  # all that it is made of is there
            runs[~one, 1] = size
            continue
        begin, end = runs[one]
        if size + end - begin + 1 > len(pool):
            pool = np.append(pool, np.empty(len(pool) + end - begin, np.int32))
        if end:
            pool[size : size + end - begin] = pool[begin:end]
            size += end - begin
            continue
        here, there = find_parts(one, *made_of)
        runs[one, 0] = size
        if here < 0:
            pool[size] = -1 - here
            size += 1
            runs[one, 1] = size
            continue
        if height + 3 > len(stack):
            stack = np.append(stack, np.empty_like(stack))
        stack[height], stack[height + 1], stack[height + 2] = ~one, there, here
        height += 3
    return Unfolded(runs, pool, size)


@kernel
def unfold_all(first, ways, known, made_of):
    """Return where the arcs of each of some routes begin, those arcs, and what is known then."""
    runs, pool, size = known
    for way in ways:
        if runs[way, 1] == 0:
            runs, pool, size = unfold(way, Unfolded(runs, pool, size), made_of)
    begins = np.zeros(len(first), np.int64)
    for k in range(len(first) - 1):
        begins[k + 1] = begins[k]
        for way in ways[first[k] : first[k + 1]]:
            begins[k + 1] += runs[way, 1] - runs[way, 0]
    arcs = np.empty(begins[-1], np.int32)
    at = 0
    for way in ways:
        for k in range(runs[way, 0], runs[way, 1]):
            arcs[at] = pool[k]
            at += 1
    return begins, arcs, Unfolded(runs, pool, size)
