"""What is added up along the shortest routes of a whole matrix: amounts, and the first and last arcs with a mark.

A route goes up the tree of a hierarchy to a highest rank and down again. Routes of a matrix share most of their halves,
so each half is added up once, of up arcs that are each added up once, and a pair adds two halves up.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.graph.hierarchy.metric import Metric
from corridor_net.graph.hierarchy.pair_ways import clear, step
from corridor_net.graph.hierarchy.unfolded import find_parts
from corridor_net.graph.loops.compiled import kernel
from corridor_net.graph.topology import checked_nodes


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
    n_ranks = len(hierarchy.rank)
    behind = _descents(ends, hierarchy.parent, descend, np.full(n_ranks, inf))
    told = np.full(2 * hierarchy.n_up, -1, np.int32)
    row = np.full(n_ranks, inf)
    _answer(
        starts,
        hierarchy.parent,
        climb,
        ways,
        behind,
        (row, told),
        (amounts, marks),
        (found.reached, found.sums, found.first, found.last),
    )
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
def _path_up(rank, parent, row):
    """Return the ranks from one to the root above it, and their distances in a row."""
    size = 0
    above = rank
    while above >= 0:
        size += 1
        above = parent[above]
    ranks = np.empty(size, np.int32)
    distance = np.empty(size)
    for k in range(size):
        ranks[k] = rank
        distance[k] = row[rank]
        rank = parent[rank]
    return ranks, distance


@kernel
def _descents(ends, parent, descend, row):
    """Return (first, rank, distance): of every target the ranks above it and how far it is from each."""
    first = np.zeros(len(ends) + 1, np.int64)
    ranks = np.empty(0, np.int32)
    distance = np.empty(0)
    for j in range(len(ends)):
        _climb(ends[j], parent, descend, row)
        some, away = _path_up(ends[j], parent, row)
        clear(ends[j], parent, row)
        first[j + 1] = first[j] + len(some)
        if first[j + 1] > len(ranks):
            room = 2 * first[j + 1]
            ranks, distance = np.append(ranks, np.empty(room, np.int32)), np.append(distance, np.empty(room))
        ranks[first[j] : first[j + 1]] = some
        distance[first[j] : first[j + 1]] = away
    return first, ranks[: first[-1]], distance[: first[-1]]


@kernel
def _shared(ranks, others):
    """Return how many ranks two ways up to a root have in common: the last of both."""
    low = 0
    high = min(len(ranks), len(others))
    while low < high:
        middle = (low + high + 1) // 2
        if ranks[len(ranks) - middle] == others[len(others) - middle]:
            low = middle
        else:
            high = middle - 1
    return low


@kernel
def _roomy(book):
    """Return the book with room for one more line."""
    count, sums, marked = book
    if count < len(sums):
        return book
    return count, np.concatenate((sums, np.empty_like(sums))), np.concatenate((marked, np.empty_like(marked)))


@kernel
def _join(here, there, sums, marked, to):
    """Add up two ways, one travelled after the other."""
    for k in range(sums.shape[1]):
        sums[to, k] = sums[here, k] + sums[there, k]
    marked[to, 0] = marked[here, 0] if marked[here, 0] >= 0 else marked[there, 0]
    marked[to, 1] = marked[there, 1] if marked[there, 1] >= 0 else marked[here, 1]


@kernel
def _of_up_arc(asked, ways, given, told, book):
    """Add up what an up arc (twice its place, plus one where it leads down) stands for; return the book of all told.

    A line of the book has the sums of one, and its first and last mark; `told` has the line of each, or -1.
    """
    arcs, lower, own, up, down, parts = ways
    amounts, marks = given
    count, sums, marked = book
    stack = np.empty(64, np.int64)
    stack[0] = asked
    height = 1
    while height:
        one = stack[height - 1]
        if parts[one, 0] == 0:
            parts[one] = find_parts(one, arcs, lower, own, up, down)
        here, there = parts[one]  # travelled one after the other; or an own arc
        if here > 0 and (told[here] < 0 or told[there] < 0):
            if height + 2 > len(stack):
                stack = np.append(stack, np.empty_like(stack))
            stack[height] = there if told[here] >= 0 else here
            height += 1
            continue
        count, sums, marked = _roomy((count, sums, marked))
        if here < 0:
            arc = -1 - here
            sums[count] = amounts[arc]
            marked[count, 0] = arc if marks[arc] & 1 else -1
            marked[count, 1] = arc if marks[arc] & 2 else -1
        else:
            _join(told[here], told[there], sums, marked, count)
        told[one] = count
        count += 1
        height -= 1
    return count, sums, marked


@kernel
def _half(at, backward, path, weight, ways, given, told, book):
    """Add up the way between the first rank of a path and the one `at`; return the book of all told.

    `lines` has the line of each rank of the path, or -1. Of ties the way by the lowest rank is taken.
    """
    ranks, distance, lines = path
    first, arcs, tails = ways[1]
    stack = np.empty((16, 2), np.int64)
    height = 0
    while lines[at] < 0:
        i = 0
        k = first[ranks[at]]
        while not (tails[k] == ranks[i] and distance[i] + weight[arcs[k]] == distance[at]):
            if tails[k] < ranks[i]:  # both lists ascend, and the rank came from one that is in both
                k += 1
            elif tails[k] > ranks[i]:
                i += 1
            else:
                k += 1
        if height == len(stack):
            stack = np.concatenate((stack, np.empty_like(stack)))
        stack[height, 0] = at
        stack[height, 1] = 2 * np.int64(arcs[k]) + backward
        height += 1
        at = i
    while height:
        height -= 1
        onward = stack[height, 1]
        if told[onward] < 0:
            book = _of_up_arc(onward, ways, given, told, book)
        count, sums, marked = _roomy(book)
        here, there = (told[onward], lines[at]) if backward else (lines[at], told[onward])
        _join(here, there, sums, marked, count)
        at = stack[height, 0]
        lines[at] = count
        book = count + 1, sums, marked
    return book


@kernel
def _answer(starts, parent, climb, ways, behind, room, given, found):
    """Answer all pairs: the best rank above both ends of each, and the halves of its route added up."""
    row, told = room
    reached, all_sums, firsts, lasts = found
    ends, all_ranks, all_distances = behind
    book = (
        1,
        np.zeros((1024, all_sums.shape[2])),
        np.full((1024, 2), -1, np.int32),
    )  # line 0: nothing, a route of no arc
    end_lines = np.full(len(all_ranks), -1, np.int32)
    end_lines[ends[:-1]] = 0
    for i in range(len(starts)):
        _climb(starts[i], parent, climb, row)
        ranks, distance = _path_up(starts[i], parent, row)
        clear(starts[i], parent, row)
        lines = np.full(len(ranks), -1, np.int32)
        lines[0] = 0
        for j in range(len(ends) - 1):
            part = slice(ends[j], ends[j + 1])
            others, away, other_lines = all_ranks[part], all_distances[part], end_lines[part]
            best = inf
            at = 0
            shared = _shared(ranks, others)
            mine, theirs = distance[len(ranks) - shared :], away[len(others) - shared :]
            for k in range(shared):
                length = mine[k] + theirs[k]
                if length < best:
                    best = length
                    at = k
            if best == inf:
                continue
            here, there = at + len(ranks) - shared, at + len(others) - shared
            if lines[here] < 0:
                book = _half(here, 0, (ranks, distance, lines), ways[3], ways, given, told, book)
            if other_lines[there] < 0:
                book = _half(there, 1, (others, away, other_lines), ways[4], ways, given, told, book)
            one, two = lines[here], other_lines[there]
            sums, marked = book[1], book[2]
            reached[i, j] = True
            for k in range(all_sums.shape[2]):
                all_sums[i, j, k] = sums[one, k] + sums[two, k]
            firsts[i, j] = marked[one, 0] if marked[one, 0] >= 0 else marked[two, 0]
            lasts[i, j] = marked[two, 1] if marked[two, 1] >= 0 else marked[one, 1]
