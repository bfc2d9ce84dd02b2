"""Compiled loops of many-to-many: four vectors of sources side by side, over what lies above the targets."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.hierarchy.pair_groups import above_all
from corridor_net.graph.loops.compiled import index, kernel
from corridor_net.graph.loops.lanes import add, broadcast, load, minimum, store, turn


class Narrow(NamedTuple):
    """The arcs of the ranks that a matrix needs: targets and all above them, by number, ascending.

    Arcs `first[k]:first[k + 1]` lead to ancestors at depths `head`. All that stands above a rank has another depth, and
    ranks come in the order of a walk through the tree, so the distances of the path from the root are all that has to
    be kept. `depth` of each; `row` of those that are asked for, else -1; `twin` where the arcs lead to the next number
    and on to where the arcs of that lead.
    """

    first: NDArray[np.int64]
    head: NDArray[np.int32]
    weight: NDArray[Any]
    depth: NDArray[np.int32]
    row: NDArray[np.int32]
    twin: NDArray[np.bool_]


@kernel
def restrict(chosen, asked, parent, depth, first, head, weight):
    """Return `Narrow`; notes the depths of the chosen ranks in `depth`."""
    total = 0
    for k in range(len(chosen) - 1, -1, -1):
        above = parent[chosen[k]]
        depth[chosen[k]] = depth[above] + 1 if above >= 0 else 0
        total += first[chosen[k] + 1] - first[chosen[k]]
    narrow_first = np.zeros(len(chosen) + 1, np.int64)
    narrow_head = np.empty(total, np.int32)
    narrow_weight = np.empty(total, weight.dtype)
    at = 0
    row = np.full(len(chosen), -1, np.int32)
    number = 0
    for k in range(len(chosen)):
        for arc in range(index(first[chosen[k]]), index(first[chosen[k] + 1])):
            narrow_head[index(at)] = depth[index(head[arc])]
            narrow_weight[index(at)] = weight[arc]
            at += 1
        narrow_first[k + 1] = at
        if number < len(asked) and asked[number] == chosen[k]:
            row[k] = number
            number += 1
    twin = np.zeros(len(chosen), np.bool_)
    for k in range(len(chosen) - 1):
        start = narrow_first[k + 1]
        count = narrow_first[k + 2] - start
        same = parent[chosen[k]] == chosen[k + 1] and start - narrow_first[k] == count + 1
        same = same and narrow_head[narrow_first[k]] == depth[chosen[k + 1]]
        i = 0
        while same and i < count:
            same = narrow_head[start + i] == narrow_head[start - count + i]
            i += 1
        twin[k] = same
    return Narrow(narrow_first, narrow_head, narrow_weight, depth[chosen], row, twin)


@kernel
def answer_group(starts, sources, parent, climb, chosen, narrow, room, column, width, found):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Answer for some sources, four vectors at a time."""
    spot, reach, path, rows = room
    for begin in range(0, len(sources), 4 * width):
        members = sources[begin : begin + 4 * width]
        ranks = _climb_all(starts, members, parent, climb, spot, reach, width)
        _descend_all(chosen, narrow, spot, reach, path, rows, width)
        for rank in ranks:
            spot[rank] = 0
        _hand_out(members, column, rows, width, found)


@kernel
def _climb_all(starts, members, parent, climb, spot, reach, width):
    """Reach upwards from four vectors of sources, side by side, over all their ancestors, which are returned.

    `spot` of a rank, 0 before, becomes its row in `reach`. Row 0 is that of ranks above none of the sources.
    """
    first, head, weight = climb
    span = 4 * width
    ranks = above_all(starts, members, parent, spot)
    reach[: (len(ranks) + 1) * span] = inf
    for lane in range(len(members)):
        reach[spot[starts[members[lane]]] * span + lane] = 0
    for k in range(len(ranks)):
        at = (k + 1) * span
        a = load(reach, at)
        b = load(reach, at + width)
        c = load(reach, at + 2 * width)
        d = load(reach, at + 3 * width)
        for arc in range(index(first[ranks[k]]), index(first[ranks[k] + 1])):
            step = broadcast(weight, arc)
            to = np.int64(spot[index(head[arc])]) * span
            store(reach, to, minimum(add(a, step), load(reach, to)))
            store(reach, to + width, minimum(add(b, step), load(reach, to + width)))
            store(reach, to + 2 * width, minimum(add(c, step), load(reach, to + 2 * width)))
            store(reach, to + 3 * width, minimum(add(d, step), load(reach, to + 3 * width)))
    return ranks


@kernel
def _descend_all(chosen, narrow, spot, reach, path, rows, width):
    """Bring the distances of four vectors of sources down to the ranks asked for; twins with those they stand below."""
    first, head, weight, depth, row, twin = narrow
    span = 4 * width
    k = len(first) - 2
    while k >= 0:
        known = np.int64(spot[chosen[k]]) * span
        a = load(reach, known)
        b = load(reach, known + width)
        c = load(reach, known + 2 * width)
        d = load(reach, known + 3 * width)
        here = k
        if k == 0 or not twin[k - 1]:
            for arc in range(index(first[k]), index(first[k + 1])):
                step = broadcast(weight, arc)
                above = np.int64(head[arc]) * span
                a = minimum(add(load(path, above), step), a)
                b = minimum(add(load(path, above + width), step), b)
                c = minimum(add(load(path, above + 2 * width), step), c)
                d = minimum(add(load(path, above + 3 * width), step), d)
            k -= 1
        else:
            known = np.int64(spot[chosen[k - 1]]) * span
            e = load(reach, known)
            f = load(reach, known + width)
            g = load(reach, known + 2 * width)
            h = load(reach, known + 3 * width)
            back = first[k] - first[k - 1] - 1
            for arc in range(index(first[k]), index(first[k + 1])):
                step, other = broadcast(weight, arc), broadcast(weight, np.int64(arc) - back)
                above = np.int64(head[arc]) * span
                onward = load(path, above)
                a, e = minimum(add(onward, step), a), minimum(add(onward, other), e)
                onward = load(path, above + width)
                b, f = minimum(add(onward, step), b), minimum(add(onward, other), f)
                onward = load(path, above + 2 * width)
                c, g = minimum(add(onward, step), c), minimum(add(onward, other), g)
                onward = load(path, above + 3 * width)
                d, h = minimum(add(onward, step), d), minimum(add(onward, other), h)
            other = broadcast(weight, first[k - 1])
            e, f = minimum(add(a, other), e), minimum(add(b, other), f)
            g, h = minimum(add(c, other), g), minimum(add(d, other), h)
            at = np.int64(depth[k - 1]) * span
            store(path, at, e)
            store(path, at + width, f)
            store(path, at + 2 * width, g)
            store(path, at + 3 * width, h)
            if row[k - 1] >= 0:
                at = np.int64(row[k - 1]) * span
                store(rows, at, e)
                store(rows, at + width, f)
                store(rows, at + 2 * width, g)
                store(rows, at + 3 * width, h)
            k -= 2
        at = np.int64(depth[here]) * span
        store(path, at, a)
        store(path, at + width, b)
        store(path, at + 2 * width, c)
        store(path, at + 3 * width, d)
        if row[here] >= 0:
            at = np.int64(row[here]) * span
            store(rows, at, a)
            store(rows, at + width, b)
            store(rows, at + 2 * width, c)
            store(rows, at + 3 * width, d)


@kernel
def _hand_out(members, column, rows, width, found):
    """Copy the distances of four vectors of sources to their rows, a square of as many targets at a time."""
    square = np.empty(2 * width * width, found.dtype)
    n_targets = found.shape[1]
    flat = found.reshape(-1)
    span = 4 * width
    done = n_targets - n_targets % width
    for begin in range(0, len(members), width):
        lanes = min(width, len(members) - begin)
        for j in range(0, done, width):
            for row in range(width):
                store(square, row * width, load(rows, column[j + row] * span + begin))
            turn(square, 0, width, square, width * width, width)
            for lane in range(lanes):
                store(flat, members[begin + lane] * n_targets + j, load(square, (width + lane) * width))
        for lane in range(lanes):
            for j in range(done, n_targets):
                found[members[begin + lane], j] = rows[column[j] * span + begin + lane]
