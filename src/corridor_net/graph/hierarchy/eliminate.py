"""Compiled loops that give a hierarchy its weights, front by front: customise from below, perfect from above.

A front is a square matrix of travel between its ranks and those above, row to column. *Customising* takes the
ranks of the front out one after the other, each time `m[i, j] = min(m[i, j], m[i, p] + m[p, j])`: Gaussian
elimination with (min, +) for (+, x). What is left is the update for the front above. *Perfecting* goes the
other way: the matrix above holds true distances, and so, from the last rank of the front to the first,
`d[p, j] = min over x of m[p, x] + d[x, j]`. An arc that is longer than the distance between its ends is never
needed (perfect customisation: Dibbelt, Strasser & Wagner 2016). Fronts with short rows are left to `triangles`.

Rows have a stride of their length and one vector more, so that whole vectors may be read and written past
the end of a row: what stands there is infinite and stays so.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from math import inf

from corridor_net.graph.loops.compiled import index, inlined, kernel
from corridor_net.graph.loops.lanes import add, broadcast, load, lowest, minimum, store

ROWS = 4
"""Rows of a front worked on together: each vector is fetched once for four sums, kept in registers."""


@kernel
def customise_fronts(low, high, fronts, first_up, up, down, updates, matrix, width):  # noqa: PLR0913 (one compiled loop over arrays; see below)
    """Customise the dense ones of the fronts `low` to `high - 1`, whose ways hold already what lies low below them.

    Fills their part of `up` and `down`, leaves their updates. One long loop: a call for each front, with its arrays
    counted as held and let go, would take longer than the work of most.
    """
    first, dense, _, _, place, _, _ = fronts
    for front in range(low, high):
        if not dense[index(front)]:
            continue
        start = first[front]
        inner = first[front + 1] - start
        size = first_up[start + 1] - first_up[start] + 1
        stride = size + width
        for i in range((size + ROWS) * stride):
            matrix[index(i)] = inf
        for i in range(inner):
            base = first_up[start + i] - i - 1
            for j in range(i + 1, size):
                matrix[index(i * stride + j)] = up[index(base + j)]
                matrix[index(j * stride + i)] = down[index(base + j)]
        _take_in(front, fronts, updates, matrix, stride)
        _eliminate(matrix, stride, size, inner, width)
        for i in range(inner):
            base = first_up[start + i] - i - 1
            for j in range(i + 1, size):
                up[index(base + j)] = matrix[index(i * stride + j)]
                down[index(base + j)] = matrix[index(j * stride + i)]
        at = place[front]
        for i in range(inner, size):
            for j in range(inner, size):
                updates[index(at)] = matrix[index(i * stride + j)]
                at += 1


@inlined
def _take_in(front, fronts, updates, matrix, stride):
    """Let the updates of the fronts below shorten the ways of a front."""
    _, _, first_child, child, place, first_spot, spot = fronts
    for k in range(index(first_child[front]), index(first_child[front + 1])):
        below = child[k]
        near = first_spot[below]
        reach = first_spot[below + 1] - near
        at = place[below]
        for i in range(reach):
            row = spot[index(near + i)] * stride
            for j in range(reach):
                to = index(row + spot[index(near + j)])
                matrix[to] = min(matrix[to], updates[index(at)])
                at += 1


@kernel
def _eliminate(matrix, stride, size, inner, width):  # noqa: C901 (three loops of one kernel, kept together for the compiler)
    """Take out the first `inner` ranks, as many at a time as a vector holds."""
    for begin in range(0, inner, width):
        end = min(begin + width, inner)
        for p in range(begin, end):
            row = p * stride
            for i in range(p + 1, end):
                to_p = matrix[i * stride + p]
                for j in range(p + 1, end):
                    at = i * stride + j
                    matrix[at] = min(matrix[at], to_p + matrix[row + j])
        if end == size:
            return
        for i in range(end, size):
            row = i * stride
            for p in range(begin, end - 1):
                for j in range(p + 1, end):
                    matrix[row + j] = min(matrix[row + j], matrix[row + p] + matrix[p * stride + j])
        for i in range(begin + 1, end):
            for j in range(end, size, width):
                best = load(matrix, i * stride + j)
                for p in range(begin, i):
                    best = minimum(add(broadcast(matrix, i * stride + p), load(matrix, p * stride + j)), best)
                store(matrix, i * stride + j, best)
        for i in range(end, size, ROWS):
            _update_rows(matrix, stride, size, i * stride, begin, end, width)


@inlined
def _update_rows(matrix, stride, size, one, begin, end, width):
    """Let four rows, of which the first begins at `one`, pass through the ranks `begin` to `end - 1`."""
    two = one + stride
    three = two + stride
    four = three + stride
    for j in range(end, size, width):
        a = load(matrix, one + j)
        b = load(matrix, two + j)
        c = load(matrix, three + j)
        d = load(matrix, four + j)
        for p in range(begin, end):
            onward = load(matrix, p * stride + j)
            a = minimum(add(broadcast(matrix, one + p), onward), a)
            b = minimum(add(broadcast(matrix, two + p), onward), b)
            c = minimum(add(broadcast(matrix, three + p), onward), c)
            d = minimum(add(broadcast(matrix, four + p), onward), d)
        store(matrix, one + j, a)
        store(matrix, two + j, b)
        store(matrix, three + j, c)
        store(matrix, four + j, d)


@kernel
def perfect_fronts(low, high, fronts, first_up, up, down, updates, matrix, row, width, least_up, least_down):  # noqa: PLR0913 (one compiled loop over arrays; see above)
    """Find the distances along the up arcs of the dense ones of the fronts `high - 1` down to `low`.

    `updates` holds, in the places of `customise_fronts`, the distances between the ranks above each front;
    those for the fronts below are left there.
    """
    first, dense, _, _, place, _, _ = fronts
    for front in range(high - 1, low - 1, -1):
        if not dense[index(front)]:
            continue
        start = first[front]
        inner = first[front + 1] - start
        size = first_up[start + 1] - first_up[start] + 1
        stride = size + width
        for i in range(size):
            for j in range(size, stride):
                matrix[i * stride + j] = inf
        at = place[front]
        for i in range(inner, size):
            for j in range(inner, size):
                matrix[index(i * stride + j)] = updates[index(at)]
                at += 1
            matrix[i * stride + i] = 0
        for p in range(inner - 1, -1, -1):
            base = first_up[start + p] - p - 1
            _perfect_rank(matrix, stride, size, p, base, up, down, row, width)
            for j in range(p + 1, size):
                least_up[index(base + j)] = matrix[index(p * stride + j)]
                least_down[index(base + j)] = matrix[index(j * stride + p)]
        _hand_down(front, fronts, matrix, stride, updates)


@inlined
def _hand_down(front, fronts, matrix, stride, updates):
    """Leave for the fronts below the distances between the ranks above each."""
    _, _, first_child, child, place, first_spot, spot = fronts
    for k in range(index(first_child[front]), index(first_child[front + 1])):
        below = child[k]
        near = first_spot[below]
        reach = first_spot[below + 1] - near
        at = place[below]
        for i in range(reach):
            for j in range(reach):
                updates[index(at)] = matrix[index(spot[index(near + i)] * stride + spot[index(near + j)])]
                at += 1


@inlined
def _perfect_rank(matrix, stride, size, p, base, up, down, row, width):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Fill row and column `p` of the distances, those beyond it being known: one look at each."""
    for j in range(p + 1, size + width):
        row[j] = inf
    for x in range(p + 1, size):
        there = x * stride
        out = broadcast(up, base + x)
        back = load(row, size)
        for j in range(p + 1, size, width):
            onward = load(matrix, there + j)
            store(row, j, minimum(add(out, onward), load(row, j)))
            back = minimum(add(onward, load(down, base + j)), back)
        matrix[there + p] = lowest(back)
    for j in range(p + 1, size):
        matrix[p * stride + j] = row[j]
    matrix[p * stride + p] = 0
