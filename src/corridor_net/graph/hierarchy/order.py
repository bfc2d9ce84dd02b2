"""In which order to eliminate the nodes: chains first, then min-fill on small cores, dissection on large.

The order decides the size of the hierarchy and nothing of its answers. It depends on the topology alone,
neither on weights nor on directions.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.loops.compiled import kernel
from corridor_net.graph.loops.parallel import interruptible
from corridor_net.graph.topology import Graph

SMALL_CORE = 2500
"""Up to this many nodes left after the chains, min-fill orders them all (a matrix of n x n bytes)."""


def elimination_order(graph: Graph) -> NDArray[np.int32]:
    """Return the nodes in the order of their elimination, shape (n_nodes,).

    Nodes of degree two or less go first, as long as there are any (they add at most one arc each). What is
    left is ordered by min-fill (each time the node whose removal joins the fewest pairs of neighbours;
    Rose 1972) or, above 2,500 nodes, by nested dissection (George 1973): METIS where `pymetis` is installed
    (Karypis & Kumar 1998), else by the levels of a breadth-first search, which costs hierarchies some times
    larger.
    """
    first, neighbour = simple_neighbours(graph.n_nodes, graph.tail, graph.head)
    order = np.empty(graph.n_nodes, np.int32)
    degree = np.diff(first)
    done = _peel(first, neighbour, degree, order)
    if done == graph.n_nodes:
        return order
    core, core_first, core_neighbour = _core(first, neighbour, degree)
    if len(core) <= SMALL_CORE:
        inner = min_fill(adjacency_matrix(core_first, core_neighbour), len(core))
    else:
        inner = interruptible(lambda _: _dissection(core_first, core_neighbour))
    order[done:] = core[inner]
    return order


def _dissection(first: NDArray[np.int64], neighbour: NDArray[np.int32]) -> NDArray[np.int32]:
    try:
        import pymetis
    except ImportError:
        found: NDArray[np.int32] = dissect_by_levels(first, neighbour)
        return found
    lists = pymetis.CSRAdjacency(adj_starts=first.astype(np.int32), adjacent=neighbour)
    return np.array(pymetis.nested_dissection(adjacency=lists)[0], np.int32)


@kernel
def simple_neighbours(n_nodes, tail, head):
    """Return the undirected simple neighbourhood lists (first, neighbour), sorted, without loops."""
    first = np.zeros(n_nodes + 1, np.int64)
    for arc in range(len(tail)):
        if tail[arc] != head[arc]:
            first[tail[arc] + 1] += 1
            first[head[arc] + 1] += 1
    for node in range(n_nodes):
        first[node + 1] += first[node]
    place = first[:-1].copy()
    listed = np.empty(first[n_nodes], np.int32)
    for arc in range(len(tail)):
        u = tail[arc]
        v = head[arc]
        if u != v:
            listed[place[u]] = v
            place[u] += 1
            listed[place[v]] = u
            place[v] += 1
    kept = 0
    start = 0
    for node in range(n_nodes):
        end = first[node + 1]
        around = np.sort(listed[start:end])
        start = end
        last = -1
        for other in around:
            if other != last:
                listed[kept] = other
                kept += 1
                last = other
        first[node + 1] = kept
    return first, listed[:kept].copy()


@kernel
def _peel(first, neighbour, degree, order):
    """Eliminate nodes of degree <= 2 in rounds, no two neighbours in one round; return how many.

    The rounds keep a long chain shallow: half of it goes at a time. `neighbour` and `degree` are left as
    the lists of what remains; the degree of an eliminated node is -1.
    """
    n_nodes = len(degree)
    blocked = np.full(n_nodes, -1, np.int32)
    waiting = np.arange(n_nodes).astype(np.int32)
    queued = np.ones(n_nodes, np.uint8)
    done = 0
    turn = 0
    while len(waiting):
        later = np.empty(3 * len(waiting), np.int32)
        count = 0
        for node in waiting:
            queued[node] = 0
        for node in waiting:
            size = degree[node]
            if size < 0 or size > 2:
                continue
            if blocked[node] == turn:
                if not queued[node]:
                    queued[node] = 1
                    later[count] = node
                    count += 1
                continue
            order[done] = node
            done += 1
            start = first[node]
            for i in range(start, start + size):
                u = neighbour[i]
                other = neighbour[start + start + 1 - i] if size == 2 else np.int32(-1)
                _replace(neighbour, first, degree, u, node, other)
                blocked[u] = turn
                if degree[u] <= 2 and not queued[u]:
                    queued[u] = 1
                    later[count] = u
                    count += 1
            degree[node] = -1
        waiting = later[:count].copy()
        turn += 1
    return done


@kernel
def _replace(neighbour, first, degree, node, gone, new):
    """In the list of `node`, put `new` in the place of `gone`; drop it where `new` is -1 or known already."""
    start = first[node]
    end = start + degree[node]
    for i in range(start, end):
        if neighbour[i] == new:
            new = np.int32(-1)
    for i in range(start, end):
        if neighbour[i] == gone:
            if new >= 0:
                neighbour[i] = new
            else:
                neighbour[i] = neighbour[end - 1]
                degree[node] -= 1
            return


@kernel
def _core(first, neighbour, degree):
    """Return the nodes left, and their lists in their own numbering."""
    number = np.full(len(degree), -1, np.int32)
    left = 0
    total = 0
    for node in range(len(degree)):
        if degree[node] >= 0:
            number[node] = left
            left += 1
            total += degree[node]
    core = np.empty(left, np.int32)
    core_first = np.zeros(left + 1, np.int64)
    listed = np.empty(total, np.int32)
    total = 0
    for node in range(len(degree)):
        k = number[node]
        if k >= 0:
            core[k] = node
            for i in range(first[node], first[node] + degree[node]):
                listed[total] = number[neighbour[i]]
                total += 1
            core_first[k + 1] = total
    return core, core_first, listed


@kernel
def dissect_by_levels(first, neighbour):  # noqa: C901 (one compiled loop)
    """Order by nested dissection: cut each part along the thinnest middle level seen from its far end."""
    n_nodes = len(first) - 1
    part = np.zeros(n_nodes, np.int64)
    level = np.empty(n_nodes, np.int32)
    order = np.empty(n_nodes, np.int32)
    nodes = np.arange(n_nodes).astype(np.int32)
    queue = np.empty(n_nodes, np.int32)
    parts = [(0, n_nodes)]
    free = n_nodes
    number = 0
    while len(parts):
        low, high = parts.pop()
        number += 1
        for i in range(low, high):
            part[nodes[i]] = number
        start = nodes[low]
        size = 0
        for _ in range(3):
            number += 1
            size = _walk(first, neighbour, part, number, level, queue, start)
            start = queue[size - 1]
        rest = high - low - size
        kept = low
        for i in range(low, high):
            if part[nodes[i]] != number:
                nodes[kept] = nodes[i]
                kept += 1
        if rest:
            parts.append((low, kept))
        nodes[kept:high] = queue[:size]
        if size <= 24 or level[queue[size - 1]] < 3:
            for i in range(size):
                free -= 1
                order[free] = queue[size - 1 - i]
            continue
        begin, end = _thinnest(level, queue, size)
        for i in range(begin, end):
            free -= 1
            order[free] = queue[i]
        if begin:
            parts.append((kept, kept + begin))
        if end < size:
            parts.append((kept + end, high))
    return order


@kernel
def _walk(first, neighbour, part, number, level, queue, start):
    """Breadth first from `start` through its part, which becomes part `number`; return how many nodes."""
    old = part[start]
    part[start] = number
    level[start] = 0
    queue[0] = start
    size = 1
    done = 0
    while done < size:
        node = queue[done]
        done += 1
        for i in range(first[node], first[node + 1]):
            other = neighbour[i]
            if part[other] == old:
                part[other] = number
                level[other] = level[node] + 1
                queue[size] = other
                size += 1
    return size


@kernel
def _thinnest(level, queue, size):
    """Return where in the queue the smallest level between two and three fifths of the nodes begins and ends."""
    best_begin, best_end = -1, size + 1
    begin = 0
    for i in range(1, size + 1):
        if i == size or level[queue[i]] != level[queue[begin]]:
            middle = 5 * i > 2 * size and 5 * begin < 3 * size
            if middle and (best_begin < 0 or i - begin < best_end - best_begin):
                best_begin, best_end = begin, i
            begin = i
    return best_begin, best_end


@kernel
def adjacency_matrix(first, neighbour):
    """Return the neighbourhood lists as a square matrix of 0 and 1 (uint8)."""
    size = len(first) - 1
    matrix = np.zeros((size, size), np.uint8)
    for node in range(size):
        for i in range(first[node], first[node + 1]):
            matrix[node, neighbour[i]] = 1
    return matrix


@kernel
def _missing_pairs(matrix, node, around):
    """Count the pairs of neighbours of `node` that are not joined; `around` receives the neighbours."""
    size = 0
    for other in range(matrix.shape[0]):
        if matrix[node, other]:
            around[size] = other
            size += 1
    missing = 0
    for i in range(size):
        for j in range(i):
            if not matrix[around[i], around[j]]:
                missing += 1
    return size, missing


@kernel
def min_fill(matrix, n_inner):  # noqa: C901 (one compiled loop)
    """Order nodes 0 .. n_inner - 1 by min-fill; nodes beyond only count as neighbours.

    `matrix` is the symmetric adjacency, used up by the call. Ties: fewer neighbours, then the smaller id.
    """
    total = matrix.shape[0]
    around = np.empty(total, np.int32)
    spare = np.empty(total, np.int32)
    degree = np.zeros(n_inner, np.int64)
    missing = np.zeros(n_inner, np.int64)
    for node in range(n_inner):
        degree[node], missing[node] = _missing_pairs(matrix, node, spare)
    alive = np.ones(n_inner, np.uint8)
    touched = np.zeros(total, np.uint8)
    order = np.empty(n_inner, np.int32)
    for turn in range(n_inner):
        best = -1
        for node in range(n_inner):
            if alive[node] and (
                best < 0
                or missing[node] < missing[best]
                or (missing[node] == missing[best] and degree[node] < degree[best])
            ):
                best = node
        order[turn] = best
        alive[best] = 0
        size, _ = _missing_pairs(matrix, best, around)
        touched[:] = 0
        for i in range(size):
            u = around[i]
            matrix[u, best] = 0
            matrix[best, u] = 0
            touched[u] = 1
            for j in range(i):
                v = around[j]
                if not matrix[u, v]:
                    matrix[u, v] = 1
                    matrix[v, u] = 1
                    for w in range(n_inner):
                        if matrix[u, w] and matrix[v, w]:
                            touched[w] = 1
        for node in range(n_inner):
            if touched[node] and alive[node]:
                degree[node], missing[node] = _missing_pairs(matrix, node, spare)
    return order
