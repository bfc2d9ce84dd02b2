"""Compiled loops for many pairs: the ways up from as many ends as a vector holds, neighbours in the tree, side by side.

Neighbours share most of the way up, and of that most of the arcs. All starts of a chunk climb first and leave their
distances to the ranks above both ends of their pair; all ends climb after them and meet these.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.hierarchy.hierarchy import Hierarchy
from corridor_net.graph.hierarchy.pair_ways import trace
from corridor_net.graph.loops.compiled import index, inlined, kernel
from corridor_net.graph.loops.lanes import WIDTH, add, broadcast, load, minimum, store
from corridor_net.graph.loops.parallel import run_chunks, thread_count

PAIRS_A_CHUNK = 1024
FAR = 4
"""By how much the ranks between a start and the meeting may be fewer than those from there on."""
VECTORS = 2
"""Vectors of starts that climb together."""


def far_apart(hierarchy: Hierarchy, starts: NDArray[np.int32], ends: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return the pairs, by rank, for which it is worth to climb with others: the lowest rank above both is high up."""
    _, below, above = meetings(starts, ends, hierarchy.parent, hierarchy.lowest)
    far: NDArray[np.bool_] = below > above / FAR
    return far


def distances_together(
    hierarchy: Hierarchy,
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    searches: Any,
    dense: Any,
    threads: int | None,
) -> NDArray[Any]:
    """Return the distance of each pair, by rank, from the searches up and down and these as `gathered`."""
    found = np.empty(len(starts), searches[0][2].dtype)
    tree = (hierarchy.parent, hierarchy.lowest)

    def ask(part: NDArray[np.int64], spot: NDArray[np.int32], width: int) -> None:
        by_end, answers = np.argsort(ends[part], kind="stable"), found[part]
        _meet_side_by_side(starts[part], ends[part], by_end, tree, searches, dense, spot, width, answers, False)
        found[part] = answers

    _chunk_by_chunk(hierarchy, starts, found.dtype, ask, threads)
    return found


class PairsAsked(NamedTuple):
    """Pairs by rank, and which of them are asked for."""

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    wanted: NDArray[np.int64]


def ways_together(
    hierarchy: Hierarchy,
    asked: PairsAsked,
    searches: Any,
    dense: Any,
    both: tuple[NDArray[Any], NDArray[Any]],
    tell: Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], None],
    threads: int | None,
) -> None:
    """Tell of the pairs `asked` for, some at a time, which they are, and the up arcs of their routes as `ways_of_all`.

    `both`: the two ways of each up arc.
    """
    tree, lower, (starts, ends, wanted) = (hierarchy.parent, hierarchy.lowest), hierarchy.lower, asked

    def ask(part: NDArray[np.int64], spot: NDArray[np.int32], width: int) -> None:
        part = wanted[part]
        by_end = np.argsort(ends[part], kind="stable")
        given = (starts[part], ends[part], by_end, tree, searches, dense, spot, width)
        tell(part, *_ways_side_by_side(*given, lower, *both))

    _chunk_by_chunk(hierarchy, starts[wanted], both[0].dtype, ask, threads)


def _chunk_by_chunk(
    hierarchy: Hierarchy,
    starts: NDArray[np.int32],
    dtype: Any,
    ask: Callable[[NDArray[np.int64], NDArray[np.int32], int], None],
    threads: int | None,
) -> None:
    """Let all pairs be asked, neighbours together, with a place for each rank and the width of a vector."""
    order = np.argsort(starts, kind="stable")
    size = max(1, min(PAIRS_A_CHUNK, -(-len(order) // thread_count(threads))))

    def work(chunk: int) -> None:
        with hierarchy.scratch.borrowed("spot", len(hierarchy.rank), np.int32, 0) as spot:
            ask(order[chunk * size : (chunk + 1) * size], spot, WIDTH[dtype.name])

    run_chunks(-(-len(order) // size), lambda: work, threads)


@kernel
def above_all(starts, members, parent, spot):
    """Return the ranks above ascending starts, ascending; `spot` of each, 0 before, becomes its place, from 1 on."""
    count = 0
    for member in members:
        rank = starts[member]
        while rank >= 0 and spot[rank] == 0:
            spot[rank] = -1
            count += 1
            rank = parent[rank]
    ranks = np.empty(count, np.int32)
    for member in members[::-1]:  # what is above a start alone is below all that is above later ones
        rank = starts[member]
        begin = count
        while rank >= 0 and spot[rank] == -1:
            begin -= 1
            rank = parent[rank]
        rank = starts[member]
        for k in range(begin, count):
            ranks[k] = rank
            spot[rank] = k + 1
            rank = parent[rank]
        count = begin
    return ranks


class Gathered(NamedTuple):
    """The arcs of a search that begin in dense fronts, by the rank they lead to.

    `front` of each rank: its dense front by number, else -1. To each of those belong the ranks `first_rank[front]` to
    `end_rank[front] - 1` and those above, which `above` lists from `first_above[front]` on; `first_entry` numbers both.
    Arcs `first[e]:first[e + 1]` of a rank begin at `tail`.
    """

    front: NDArray[np.int32]
    first_rank: NDArray[np.int64]
    end_rank: NDArray[np.int64]
    first_entry: NDArray[np.int64]
    first_above: NDArray[np.int64]
    above: NDArray[np.int32]
    first: NDArray[np.int64]
    tail: NDArray[np.int32]
    weight: NDArray[Any]


def gathered(hierarchy: Hierarchy, search: Any) -> Gathered:
    """Return `Gathered` for a search, that is (first, head, weight)."""
    fronts, first_up, up_head = hierarchy.fronts, hierarchy.first_up, hierarchy.up_head
    first_rank, end_rank = fronts.first[:-1][fronts.dense], fronts.first[1:][fronts.dense]
    ranks = end_rank - first_rank
    first_entry = np.append(0, np.cumsum(ranks + first_up[end_rank] - first_up[end_rank - 1]))
    front = np.full(len(first_up) - 1, -1, np.int32)
    front[np.repeat(fronts.dense, np.diff(fronts.first))] = np.repeat(np.arange(len(ranks), dtype=np.int32), ranks)
    shape = (front, first_rank, end_rank, first_entry, first_up[end_rank - 1], up_head)
    first = np.zeros(first_entry[-1] + 1, np.int64)
    arcs = search[0][end_rank] - search[0][first_rank]
    tail, weight = np.empty(arcs.sum(), np.int32), np.empty(arcs.sum(), search[2].dtype)
    found = Gathered(*shape, first, tail, weight)
    _gather(found, np.empty(len(front), np.int64), *search)
    return found


@kernel
def _gather(found, entry_of, search_first, head, weight):
    """Count the arcs of each entry, then write them."""
    first = found.first
    for writing in range(2):
        for front in range(len(found.first_rank)):
            entry = found.first_entry[front]
            start, end = found.first_rank[front], found.end_rank[front]
            for rank in range(start, end):
                entry_of[index(rank)] = entry
                entry += 1
            for k in range(found.first_entry[front + 1] - entry):
                entry_of[index(found.above[index(found.first_above[front] + k)])] = entry + k
            for rank in range(start, end):
                for arc in range(index(search_first[rank]), index(search_first[rank + 1])):
                    place = index(entry_of[index(head[arc])])
                    if writing:
                        found.tail[index(first[place])] = rank
                        found.weight[index(first[place])] = weight[arc]
                    first[place] += 1
        # By the counts where each begins; after writing each has come to where the next begins.
        before = 0
        for entry in range(len(first)):
            here = first[index(entry)]
            first[index(entry)] = before
            before = here if writing else before + here


@kernel
def climb_side_by_side(starts, members, parent, search, dense, spot, width):
    """Reach upwards from some starts; return their ancestors and, by `spot`, the distances of each."""
    first, head, weight = search
    ranks = above_all(starts, members, parent, spot)
    span = VECTORS * width
    reach = np.full((len(ranks) + 1) * span, weight.dtype.type(inf))
    for lane in range(len(members)):
        reach[spot[starts[members[lane]]] * span + lane] = 0
    k = 0
    while k < len(ranks):
        rank = ranks[k]
        front = dense.front[rank]
        if front >= 0:
            _climb_front(front, np.int64(rank), dense, spot, reach, width)
            k += dense.end_rank[front] - rank
            continue
        one, two = load(reach, (k + 1) * span), load(reach, (k + 1) * span + width)
        for arc in range(index(first[rank]), index(first[rank + 1])):
            to = np.int64(spot[index(head[arc])]) * span
            step = broadcast(weight, arc)
            store(reach, to, minimum(add(one, step), load(reach, to)))
            store(reach, to + width, minimum(add(two, step), load(reach, to + width)))
        k += 1
    return ranks, reach


@kernel
def _climb_front(front, begin, dense, spot, reach, width):
    """Reach from the ranks of a dense front, `begin` and on, to one another and to those above: no store an arc."""
    span = VECTORS * width
    first, tail, weight = dense.first, dense.tail, dense.weight
    start = dense.first_rank[front]
    inner = dense.end_rank[front] - start
    entry = dense.first_entry[front]
    beyond = dense.first_above[front] - inner
    shift = spot[begin] - begin
    for i in range(begin - start + 1, dense.first_entry[front + 1] - entry):
        rank = start + i if i < inner else np.int64(dense.above[beyond + i])
        to = np.int64(spot[index(rank)]) * span
        one, two = load(reach, to), load(reach, to + width)
        low = index(first[entry + i])
        while low < index(first[entry + i + 1]) and tail[low] < begin:
            low += index(1)
        for arc in range(low, index(first[entry + i + 1])):
            here = (shift + tail[arc]) * span
            step = broadcast(weight, arc)
            one = minimum(add(load(reach, here), step), one)
            two = minimum(add(load(reach, here + width), step), two)
        store(reach, to, one)
        store(reach, to + width, two)


@kernel
def meetings(starts, ends, parent, lowest):
    """Return for each pair the lowest rank above both ends, or -1, and how many ranks lead to it, and on from it."""
    meeting = np.empty(len(starts), np.int32)
    below, above = np.zeros(len(starts), np.int64), np.zeros(len(starts), np.int64)
    for k in range(len(starts)):
        rank = starts[k]
        while rank >= 0 and not (rank >= ends[k] and lowest[rank] <= ends[k]):
            below[k] += 1
            rank = parent[rank]
        meeting[k] = rank
        while rank >= 0:
            above[k] += 1
            rank = parent[rank]
    return meeting, below, above


@kernel
def _meet_side_by_side(starts, ends, by_end, tree, searches, dense, spot, width, found, traced):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Find the distance of every pair; starts ascend, and `by_end` are the pairs by ascending end.

    Returns the highest rank of each route and, where routes are `traced`, the climbs of starts and of ends.
    """
    parent, lowest = tree
    meeting, _, above = meetings(starts, ends, parent, lowest)
    by_start = np.arange(len(starts))
    span = VECTORS * width
    first = np.zeros(len(starts) + 1, np.int64)
    first[1:] = np.cumsum(above)
    forth = np.empty(first[-1], found.dtype)
    top = np.full(len(starts), np.int32(-1))
    up, down = [], []
    for begin in range(0, len(starts), span):
        members = by_start[begin : begin + span]
        ranks, reach = climb_side_by_side(starts, members, parent, searches[0], dense[0], spot, width)
        for lane in range(len(members)):
            at = first[members[lane]]
            rank = meeting[members[lane]]
            while rank >= 0:
                forth[at] = reach[spot[rank] * span + lane]
                at += 1
                rank = parent[rank]
        _put_aside(up, ranks, reach, spot, traced)
    for begin in range(0, len(starts), span):
        members = by_end[begin : begin + span]
        ranks, reach = climb_side_by_side(ends, members, parent, searches[1], dense[1], spot, width)
        for lane in range(len(members)):
            at = first[members[lane]]
            rank = meeting[members[lane]]
            best = forth.dtype.type(inf)
            while rank >= 0:
                length = forth[at] + reach[spot[rank] * span + lane]
                if length < best:
                    best = length
                    top[members[lane]] = rank
                at += 1
                rank = parent[rank]
            found[members[lane]] = best
        _put_aside(down, ranks, reach, spot, traced)
    return top, up, down


@inlined
def _put_aside(climbs, ranks, reach, spot, traced):
    """Make the places of some ranks free, and keep their distances where routes are traced."""
    for rank in ranks:
        spot[rank] = 0
    if traced:
        climbs.append((ranks, reach))


@kernel
def _trace_side_by_side(nodes, members, top, climbs, lower, weight, backward, spot, span):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Return (begin, end, ways): of every pair the ways from its node to the highest rank, the last first."""
    begin, end = np.zeros(len(nodes), np.int64), np.zeros(len(nodes), np.int64)
    ways = np.empty(16 * len(nodes), np.int64)
    size = 0
    for group, (ranks, reach) in enumerate(climbs):
        for k in range(len(ranks)):
            spot[ranks[k]] = k + 1
        for lane in range(min(span, len(nodes) - group * span)):
            pair = members[group * span + lane]
            begin[pair] = size
            if top[pair] >= 0:
                size, ways = trace(
                    nodes[pair], top[pair], reach[lane:], spot, span, lower, weight, backward, size, ways
                )
            end[pair] = size
        for rank in ranks:
            spot[rank] = 0
    return begin, end, ways


@kernel
def _ways_side_by_side(starts, ends, by_end, tree, searches, dense, spot, width, lower, up, down):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Return (first, ways): of every pair the up arcs of its route, as `ways_of_all`."""
    span = VECTORS * width
    found = np.empty(len(starts), up.dtype)
    top, forth, back = _meet_side_by_side(starts, ends, by_end, tree, searches, dense, spot, width, found, True)
    there = _trace_side_by_side(starts, np.arange(len(starts)), top, forth, lower, up, 0, spot, span)
    behind = _trace_side_by_side(ends, by_end, top, back, lower, down, 1, spot, span)
    first = np.zeros(len(starts) + 1, np.int64)
    first[1:] = np.cumsum(there[1] - there[0] + behind[1] - behind[0])
    ways = np.empty(first[-1], np.int64)
    for k in range(len(starts)):
        half = there[2][there[0][k] : there[1][k]]
        ways[first[k] : first[k] + len(half)] = half[::-1]
        ways[first[k] + len(half) : first[k + 1]] = behind[2][behind[0][k] : behind[1][k]]
    return first, ways
