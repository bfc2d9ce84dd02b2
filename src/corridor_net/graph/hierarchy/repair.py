"""Compiled loops that repair the weights of up arcs after a few arcs have changed, from the lowest rank up."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from math import inf

import numpy as np

from corridor_net.graph.hierarchy.hierarchy import find_up
from corridor_net.graph.loops.compiled import index, kernel

LOWERED, UNSURE = 1, 2
"""Of an up arc under repair: a shorter way was found, or the way it stood for has become longer."""


@kernel
def repair(places, tree, lower, own, weight, old, new, most):
    """Work out again the up arcs in `places`, and of those above what depends on them.

    `old` and `new` are (up, down); `new` begins as `old`. A way that has become shorter only lowers what is above it;
    where the way that an arc stood for has become longer, all ways are looked at again. False when given up, after
    `most` looks.
    """
    first_up, up_head, up_tail = tree
    state = np.zeros(len(up_tail), np.uint8)
    ranks = np.zeros(len(first_up) - 1, np.bool_)
    for place in places:
        if place >= 0:
            state[place] = UNSURE
            ranks[up_tail[place]] = True
    for rank in range(len(ranks)):
        if not ranks[rank]:
            continue
        low, high = first_up[rank], first_up[rank + 1]
        for place in range(low, high):
            if state[place] == UNSURE:
                most -= _look_again(rank, place, up_head, lower, own, weight, new)
        for place in range(low, high):
            if state[place] and (new[0][place] != old[0][place] or new[1][place] != old[1][place]):
                _pass_on(place, low, high, first_up, up_head, old, new, state, ranks)
                most -= high - low
        if most < 0:
            return False
    return True


@kernel
def _look_again(rank, place, up_head, lower, own, weight, new):
    """Take the least of an up arc's own arcs and of all ways over a lower rank; return how many looks it took."""
    first, arcs, tails = lower
    first_own, own_arc, own_slot = own
    up, down = new
    high = up_head[place]
    there = weight.dtype.type(inf)
    back = weight.dtype.type(inf)
    for k in range(index(first_own[rank]), index(first_own[rank + 1])):
        if own_slot[k] == 2 * place:
            there = min(there, weight[own_arc[k]])
        elif own_slot[k] == 2 * place + 1:
            back = min(back, weight[own_arc[k]])
    i = first[rank]
    j = first[high]
    while i < first[rank + 1] and j < first[high + 1]:
        if tails[i] < tails[j]:
            i += 1
        elif tails[i] > tails[j]:
            j += 1
        else:
            there = min(there, down[arcs[i]] + up[arcs[j]])
            back = min(back, down[arcs[j]] + up[arcs[i]])
            i += 1
            j += 1
    up[place] = there
    down[place] = back
    return i - first[rank] + j - first[high]


@kernel
def _pass_on(place, low, high, first_up, up_head, old, new, state, ranks):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Tell the up arcs between the head of a changed one and the heads of its neighbours, `low` to `high - 1`."""
    old_up, old_down = old
    up, down = new
    head = up_head[place]
    near = first_up[head]
    from_end = np.int64(1)
    for other in range(low, high):
        if other == place:
            continue
        # The lower of the two heads is `mid`: from it by way of the rank to the higher one, and back.
        first, second = (place, other) if place < other else (other, place)
        mid = up_head[first]
        if mid == head:
            while up_head[near] != up_head[second]:
                near += 1
            above = near
        else:  # neighbouring ranks mostly have the same ranks above them
            above = first_up[mid + 1] - from_end
            if above < first_up[mid] or up_head[above] != head:
                above = find_up(first_up, up_head, mid, head)
                from_end = first_up[mid + 1] - above
        there, was_there = down[first] + up[second], old_down[first] + old_up[second]
        back, was_back = down[second] + up[first], old_down[second] + old_up[first]
        lowered = False
        if there < up[above]:
            up[above] = there
            lowered = True
        if back < down[above]:
            down[above] = back
            lowered = True
        unsure = (there > was_there and was_there == old_up[above]) or (back > was_back and was_back == old_down[above])
        if unsure:
            state[above] = UNSURE
            ranks[mid] = True
        elif lowered:
            state[above] = max(state[above], LOWERED)
            ranks[mid] = True
