"""Compiled loops for many pairs: the ways up from as many ends as a vector holds, neighbours in the tree, side by side.

Neighbours share most of the way up, and of that most of the arcs. All starts of a chunk climb first and leave their
distances to the ranks above both ends of their pair; all ends climb after them and meet these.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.hierarchy.hierarchy import Hierarchy
from corridor_net.graph.loops.compiled import index, kernel
from corridor_net.graph.loops.lanes import WIDTH, add, load, minimum, spread, store
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
    order = np.argsort(starts, kind="stable")
    size = min(PAIRS_A_CHUNK, -(-len(order) // thread_count(threads)))
    tree, width = (hierarchy.parent, hierarchy.lowest), WIDTH[found.dtype.name]

    def ask(chunk: int) -> None:
        part = order[chunk * size : (chunk + 1) * size]
        by_end, answers = np.argsort(ends[part], kind="stable"), found[part]
        with hierarchy.scratch.lent("spot", len(hierarchy.rank), np.int32, 0) as spot:
            _meet_side_by_side(starts[part], ends[part], by_end, tree, searches, dense, spot, width, answers)
        found[part] = answers

    run_chunks(-(-len(order) // size), lambda: ask, threads)
    return found


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
            step = spread(weight, arc)
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
            step = spread(weight, arc)
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
def _meet_side_by_side(starts, ends, by_end, tree, searches, dense, spot, width, found):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Find the distance of every pair; starts ascend, and `by_end` are the pairs by ascending end."""
    parent, lowest = tree
    meeting, _, above = meetings(starts, ends, parent, lowest)
    by_start = np.arange(len(starts))
    span = VECTORS * width
    first = np.zeros(len(starts) + 1, np.int64)
    first[1:] = np.cumsum(above)
    forth = np.empty(first[-1], found.dtype)
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
        for rank in ranks:
            spot[rank] = 0
    for begin in range(0, len(starts), span):
        members = by_end[begin : begin + span]
        ranks, reach = climb_side_by_side(ends, members, parent, searches[1], dense[1], spot, width)
        for lane in range(len(members)):
            at = first[members[lane]]
            rank = meeting[members[lane]]
            best = forth.dtype.type(inf)
            while rank >= 0:
                best = min(best, forth[at] + reach[spot[rank] * span + lane])
                at += 1
                rank = parent[rank]
            found[members[lane]] = best
        for rank in ranks:
            spot[rank] = 0
