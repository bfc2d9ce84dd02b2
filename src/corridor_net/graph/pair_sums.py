"""What is added up along the shortest routes of a whole matrix: amounts, and the first and last arcs with a mark.

A route goes up the tree of a hierarchy to a highest rank and down again. Routes of a matrix share most of their halves,
so each half is taken apart once, and a pair adds two of them up.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.graph.compiled import index, kernel
from corridor_net.graph.metric import Metric
from corridor_net.graph.pair_ways import clear, step, trace, unpack_ways
from corridor_net.graph.parallel import run_chunks
from corridor_net.graph.topology import checked_nodes

SOURCES_A_CHUNK = 16


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PairSums:
    """By pair (n_sources, n_targets): whether there is a route, and along it `sums` (…, n_amounts), `first`, `last`.

    `first` is the first arc of the route that has mark 1, `last` the last that has mark 2; -1 where there is none.
    """

    reached: NDArray[np.bool_]
    sums: NDArray[np.float64]
    first: NDArray[np.int32]
    last: NDArray[np.int32]


def pair_sums(
    metric: Metric, sources: ArrayLike, targets: ArrayLike, amounts: NDArray[np.float64], marks: NDArray[np.uint8]
) -> PairSums:
    """Add up `amounts` (n_arcs, n_amounts) along the route from each source to each target, and look for `marks`.

    The routes are those of `Metric.paths`. Sums are added up by halves. Raises BadValue for unfit nodes.
    """
    hierarchy = metric.hierarchy
    starts, ends = (hierarchy.rank[checked_nodes(hierarchy.graph, given, "nodes")] for given in (sources, targets))
    shape = (len(starts), len(ends))
    found = PairSums(
        reached=np.zeros(shape, np.bool_),
        sums=np.zeros((*shape, amounts.shape[1])),
        first=np.full(shape, -1, np.int32),
        last=np.full(shape, -1, np.int32),
    )
    if not found.reached.size:
        return found
    climb, descend = metric.searches
    fronts, lower = hierarchy.fronts, hierarchy.lower
    own = (fronts.first_own, fronts.own_arc, fronts.own_slot, metric.weight)
    ways = ((hierarchy.up_head, hierarchy.up_tail), lower, own, metric.up, metric.down, metric.parts)
    n_ranks, n_amounts = len(hierarchy.rank), amounts.shape[1]
    behind = _descents(ends, hierarchy.parent, descend, np.full(n_ranks, inf))
    halves = (np.full(len(behind[1]), -1, np.int64), np.zeros((len(behind[1]), n_amounts)))
    ends_of = np.full((len(behind[1]), 2), -1, np.int32)
    rows = [np.full(n_ranks, inf) for _ in range(2)]
    known, here = np.full(n_ranks, -1, np.int64), np.zeros((n_ranks, n_amounts))
    here_of = np.full((n_ranks, 2), -1, np.int32)

    def work(chunk: int) -> None:
        part = slice(chunk * SOURCES_A_CHUNK, (chunk + 1) * SOURCES_A_CHUNK)
        _answer(
            (chunk * SOURCES_A_CHUNK, starts[part], ends),
            (hierarchy.parent, climb, ways),
            behind,
            (*rows, known, here, here_of, *halves, ends_of),
            (amounts, marks),
            (found.reached[part], found.sums[part], found.first[part], found.last[part]),
        )

    run_chunks(-(-len(starts) // SOURCES_A_CHUNK), lambda: work, 1)  # one thread: halves are shared
    return found


@kernel
def _climb(rank, parent, search, row):
    """Fill the distances of all above a rank."""
    first, head, weight = search
    row[rank] = 0
    while rank >= 0:
        if row[rank] < inf:
            step(rank, first, head, weight, row)
        rank = parent[rank]


@kernel
def _descents(ends, parent, descend, row):
    """Return (first, rank, distance): of every target the ranks above it from which it is reached."""
    first = np.zeros(len(ends) + 1, np.int64)
    for j in range(len(ends)):
        rank = ends[j]
        count = 0
        while rank >= 0:
            count += 1
            rank = parent[rank]
        first[j + 1] = first[j] + count
    ranks = np.empty(first[-1], np.int32)
    distance = np.empty(first[-1])
    place = 0
    for j in range(len(ends)):
        _climb(ends[j], parent, descend, row)
        rank = ends[j]
        while rank >= 0:
            ranks[place] = rank
            distance[place] = row[rank]
            place += 1
            rank = parent[rank]
        clear(ends[j], parent, row)
    return first, ranks, distance


@kernel
def _add_half(start, top, backward, tree, row, given, sums, marked):
    """Add up one half of a route, between `start` and the rank `top` above it, whose distances are in `row`."""
    parent, ways = tree
    arcs, lower, own, up, down, parts = ways
    amounts, marks = given
    chain = trace(start, top, parent, row, lower, down if backward else up)
    stack = 2 * chain[::-1] + 1 if backward else 2 * chain
    sums[:] = 0
    marked[:] = -1
    for arc in unpack_ways(stack, arcs, lower, own, up, down, parts):
        for k in range(amounts.shape[1]):
            sums[k] += amounts[arc, k]
        if marks[arc] & 1 and marked[0] < 0:
            marked[0] = arc
        if marks[arc] & 2:
            marked[1] = arc


@kernel
def _answer(asked, tree, behind, room, given, found):
    """Answer some sources: the best rank above both ends of each pair, and the halves of its route added up."""
    number, starts, ends = asked
    parent, climb, ways = tree
    first, ranks, distance = behind
    forth, back, known, here, here_of, told, halves, halves_of = room
    reached, sums, firsts, lasts = found
    for i in range(len(starts)):
        _climb(starts[i], parent, climb, forth)
        for j in range(len(ends)):
            best = inf
            at = np.int64(-1)
            for k in range(index(first[j]), index(first[j + 1])):
                length = forth[ranks[k]] + distance[k]
                if length < best:
                    best = length
                    at = np.int64(k)
            if at < 0:
                continue
            top = ranks[at]
            if known[top] != number + i:
                known[top] = number + i
                _add_half(starts[i], top, False, (parent, ways), forth, given, here[top], here_of[top])
            if told[at] < 0:
                told[at] = 1
                for k in range(first[j], first[j + 1]):
                    back[ranks[k]] = distance[k]
                _add_half(ends[j], top, True, (parent, ways), back, given, halves[at], halves_of[at])
                clear(ends[j], parent, back)
            reached[i, j] = True
            for k in range(sums.shape[2]):
                sums[i, j, k] = here[top, k] + halves[at, k]
            firsts[i, j] = here_of[top, 0] if here_of[top, 0] >= 0 else halves_of[at, 0]
            lasts[i, j] = halves_of[at, 1] if halves_of[at, 1] >= 0 else here_of[top, 1]
        clear(starts[i], parent, forth)
