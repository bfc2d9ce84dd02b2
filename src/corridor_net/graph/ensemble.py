"""Many weightings at a time: customise a block of them side by side, sweep from both ends, answer pairs.

For each block of eight (float32: sixteen) weightings: (1) *customise*: the weight of each way between two ranks
is the least of its own arcs and of `x -> v -> y` over every eliminated v below both; (2) *sweep* up from each
origin over its ancestors, and, against the arcs, up from each destination over its; (3) *meet*: a pair's cost is
the least sum over the ancestors both have. Every loop is a row of additions and minima over neighbouring lanes:
no queue and no branch. A lane is never mixed with another, so the answer is the same, bit for bit, whatever the
threads and wherever a weighting stands in its block.

What no weighting needs is left out beforehand (`Plan`): arcs on no walk from an origin to a destination, and ways
that no arc makes passable, such as the way back along a sailing.

A sum is added up by halves, not from the origin on: distances equal those of `dijkstra` up to rounding
(about 1e-15 relative for float64, 2e-7 for float32), and exactly when weights are whole multiples of a power
of two that leave room for the sum. Of routes that tie exactly, the one met first wins: own arcs by id, then
shortcuts by their lowest middle node; always the same, though not always the one `dijkstra` takes.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph.compiled import inlined, kernel
from corridor_net.graph.hierarchy import Hierarchy
from corridor_net.graph.lanes import WIDTH, add, choose, less, load, minimum, spread, store
from corridor_net.graph.parallel import run_chunks
from corridor_net.graph.topology import checked_nodes
from corridor_net.graph.weightings import Weightings

BLOCKS_A_CHUNK = 8
CHUNK_BYTES = 400_000
"""The most that the weights of a chunk may take, unless one block takes more: they stay in the second-level cache."""
GROUP = 4
"""Ends swept together: each weight is fetched once for four distances, which stay in registers."""


@dataclass(frozen=True, slots=True, eq=False)
class PairCosts:
    """The answers of `solve`: `cost` (count, n_origins, n_destinations), inf where there is no route.

    `route` (the same shape, int64) names the route of each: equal numbers, equal arcs; 0 where there is none
    and at the origin itself. None unless asked for.
    """

    hierarchy: Hierarchy
    weightings: Weightings
    origins: NDArray[np.int32]
    destinations: NDArray[np.int32]
    cost: NDArray[Any]
    route: NDArray[np.int64] | None

    def path(self, weighting: int, origin: int, destination: int) -> NDArray[np.int32]:
        """Return the arcs of one route; all three count within this result, not by node.

        Raises
        ------
        NoRoute
            The destination cannot be reached in this weighting.
        """
        if self.cost[weighting, origin, destination] == inf:
            raise NoRoute(f"weighting {weighting} has no route for origin {origin}, destination {destination}")
        block = np.empty(self.weightings.n_arcs * WIDTH["float64"])
        self.weightings.fill(weighting, WIDTH["float64"], block)
        weight = np.ascontiguousarray(block[:: WIDTH["float64"]])
        return unpack(self.hierarchy, weight, int(self.origins[origin]), int(self.destinations[destination]))

    def routes(self, origin: int, destination: int) -> list[tuple[int, int, NDArray[np.int32]]]:
        """Return the routes that win somewhere, most often first: (times, first weighting, arcs).

        Raises
        ------
        BadValue
            `solve` was not asked for routes.
        """
        if self.route is None:
            raise BadValue("solve(..., routes=True) is needed to know the routes")
        reached = np.flatnonzero(self.cost[:, origin, destination] < inf)
        _, first, times = np.unique(self.route[reached, origin, destination], return_index=True, return_counts=True)
        ranked = sorted(zip((-times).tolist(), reached[first].tolist(), strict=True))
        return [(-times, k, self.path(k, origin, destination)) for times, k in ranked]


def solve(
    hierarchy: Hierarchy,
    weightings: Weightings,
    origins: ArrayLike,
    destinations: ArrayLike | None = None,
    *,
    routes: bool = False,
    dtype: Literal["float64", "float32"] = "float64",
    threads: int | None = None,
) -> PairCosts:
    """Return the least cost from each origin to each destination (None: every node) in each weighting.

    Raises
    ------
    BadValue
        Unfit nodes or weights, or routes asked for together with float32.
    """
    if weightings.n_arcs != hierarchy.graph.n_arcs:
        raise BadValue(f"weightings of {weightings.n_arcs} arcs for a graph of {hierarchy.graph.n_arcs}")
    if dtype not in ("float64", "float32") or (routes and dtype != "float64"):
        raise BadValue("dtype is 'float64' or, without routes, 'float32'")
    plan = Plan.of(hierarchy, origins, destinations)
    width = WIDTH[dtype]
    span = width * max(1, min(BLOCKS_A_CHUNK, CHUNK_BYTES // max(64 * weightings.n_arcs, 1)))
    shape = (weightings.count, len(plan.origins), len(plan.destinations))
    cost = np.empty(shape, dtype)
    route = np.zeros(shape, np.int64) if routes else None
    if cost.size:
        n_chunks = -(-weightings.count // span)
        run_chunks(n_chunks, lambda: _worker(plan, weightings, cost, route, span), threads)
    return PairCosts(hierarchy, weightings, plan.origins, plan.destinations, cost, route)


class Program(NamedTuple):
    """How to customise, compiled for one plan; ways are numbered by their lower rank, those up before those down.

    Way s is the least of arcs `own[first_own[s]:first_own[s + 1]]` and, for i from `first[s]` to `first[s + 1]`, of
    ways `left[i]` and `right[i]` in turn, both numbered below it.
    """

    first_own: NDArray[np.int64]
    own: NDArray[np.int32]
    first: NDArray[np.int64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]


class Side(NamedTuple):
    """The sweeps from one end: nodes four at a time, neighbours in the tree together.

    `members` lists them group by group (-1 fills the last group), `start` the row of each. Rows of group g are its
    ancestors, ascending: `first_row[g]:first_row[g + 1]`. Row k improves by rows `source[first[k]:first[k + 1]]`,
    counted within the group, over ways `step`.
    """

    members: NDArray[np.int64]
    start: NDArray[np.int64]
    first_row: NDArray[np.int64]
    first: NDArray[np.int64]
    source: NDArray[np.int32]
    step: NDArray[np.int32]


class Meets(NamedTuple):
    """Ancestors that group f of origins and group b of destinations share, as rows of each; by f, then b."""

    first: NDArray[np.int64]
    ahead: NDArray[np.int32]
    behind: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What a set of origins and destinations needs of a hierarchy, and nothing else."""

    origins: NDArray[np.int32]
    destinations: NDArray[np.int32]
    program: Program
    forward: Side
    backward: Side
    meets: Meets

    @classmethod
    def of(cls, hierarchy: Hierarchy, origins: ArrayLike, destinations: ArrayLike | None) -> Plan:
        """Work out the plan; `BadValue` for unfit nodes."""
        graph = hierarchy.graph
        starts = checked_nodes(graph, origins, "origins")
        everything = np.arange(graph.n_nodes, dtype=np.int32)
        ends = everything if destinations is None else checked_nodes(graph, destinations, "destinations")
        useful = _reached(graph.n_nodes, graph.tail, graph.head, starts)[graph.tail]
        useful &= _reached(graph.n_nodes, graph.head, graph.tail, ends)[graph.head]
        tree = (hierarchy.first_up, hierarchy.up_head)
        arcs = np.flatnonzero(useful & (hierarchy.slot >= 0))
        place = (hierarchy.slot[arcs] >> 1) + (hierarchy.slot[arcs] & 1) * hierarchy.n_up
        opened = np.zeros(2 * hierarchy.n_up, np.bool_)
        opened[place] = True
        way, *shortcuts = _shortcuts(*tree, *hierarchy.lower[:2], opened)
        own = np.argsort(way[place], kind="stable")
        first_own = np.zeros(int(way.max(initial=-1)) + 2, np.int64)
        np.cumsum(np.bincount(way[place], minlength=len(first_own) - 1), out=first_own[1:])
        up, down = way[: hierarchy.n_up], way[hierarchy.n_up :]
        forward, ahead = _side(hierarchy, starts, up)
        backward, behind = _side(hierarchy, ends, down)
        meets = Meets(*_meets(forward.first_row, ahead, backward.first_row, behind))
        return cls(starts, ends, Program(first_own, arcs[own].astype(np.int32), *shortcuts), forward, backward, meets)


def _side(hierarchy: Hierarchy, nodes: NDArray[np.int32], way: NDArray[np.int32]) -> tuple[Side, NDArray[np.int32]]:
    """Return the sweeps from some nodes over given ways (-1: closed), and the rank of each row."""
    members = np.full(-(-len(nodes) // GROUP) * GROUP, -1, np.int64)
    members[: len(nodes)] = np.argsort(hierarchy.rank[nodes], kind="stable")
    groups = [part[part >= 0] for part in members.reshape(-1, GROUP)]
    chains = [hierarchy.ancestors(nodes[part]) for part in groups]
    first_row = np.cumsum([0, *(len(chain) for chain in chains)])
    ranks = np.concatenate([*chains, np.empty(0, np.int32)]).astype(np.int32)
    start = np.full(len(members), -1, np.int64)
    for group, (part, chain) in enumerate(zip(groups, chains, strict=True)):
        start[group * GROUP : group * GROUP + len(part)] = np.searchsorted(chain, hierarchy.rank[nodes[part]])
    lists = _rows(first_row, ranks, hierarchy.first_up, hierarchy.up_head, way)
    return Side(members, start, first_row, *lists), ranks


def arc_marks(n_arcs: int) -> NDArray[np.int64]:
    """Return one well-mixed 64-bit number an arc (splitmix64); a route is named by their sum."""
    with np.errstate(over="ignore"):
        mixed = (np.arange(1, n_arcs + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return (mixed ^ (mixed >> np.uint64(31))).view(np.int64)


def _worker(
    plan: Plan, weightings: Weightings, cost: NDArray[Any], route: NDArray[np.int64] | None, span: int
) -> Callable[[int], None]:
    width = WIDTH[cost.dtype.name]
    n_ways, row = len(plan.program.first_own) - 1, GROUP * width
    raw = np.empty(weightings.n_arcs * span, cost.dtype)
    weight = np.empty(n_ways * width, cost.dtype)
    ahead = np.empty(int(np.diff(plan.forward.first_row).max(initial=0)) * row, cost.dtype)
    behind = np.empty(int(plan.backward.first_row[-1]) * row, cost.dtype)
    closed = np.full(width, inf, cost.dtype)
    steps = (plan.program, plan.forward, plan.backward, plan.meets)
    answers = np.full(cost[0].size * width, inf, cost.dtype)
    flat = cost.reshape(len(cost), -1)
    if route is not None:
        marks = arc_marks(weightings.n_arcs)
        sums = tuple(np.empty(len(kept), np.int64) for kept in (weight, ahead, behind))
        names = np.zeros(len(answers), np.int64)
        routes = route.reshape(len(route), -1)

    def work(chunk: int) -> None:
        start = chunk * span
        n_blocks = -(-min(span, weightings.count - start) // width)
        given = raw[: n_blocks * weightings.n_arcs * width]
        weightings.fill(start, width, given)
        kept = (weight, ahead, behind)
        if route is None:
            _solve(given, n_blocks, closed, kept, steps, width, answers, flat[start : start + span])
        else:
            found = (flat[start : start + span], routes[start : start + span])
            _solve_marked(given, n_blocks, closed, marks, kept, sums, steps, width, answers, names, *found)

    return work


@kernel
def _solve(raw, n_blocks, closed, kept, steps, width, answers, cost):
    """Answer all pairs in some blocks; `answers` holds those of one block, pair by pair; `cost` (weightings, pairs)."""
    weight, ahead, behind = kept
    program, forward, backward, meets = steps
    size = len(raw) // n_blocks
    n_ahead, n_behind = len(forward.first_row) - 1, len(backward.first_row) - 1
    n_ends = (backward.members >= 0).sum()
    for block in range(n_blocks):
        _customise(raw, block * size, closed, weight, program, width)
        for group in range(n_behind):
            _sweep(weight, backward, group, behind, backward.first_row[group] * GROUP * width, width)
        for group in range(n_ahead):
            _sweep(weight, forward, group, ahead, 0, width)
            for other in range(n_behind):
                tile = group * n_behind + other
                at = backward.first_row[other] * GROUP * width
                for half in range(0, GROUP, 2):
                    if backward.members[other * GROUP + half] >= 0:
                        _meet(
                            ahead,
                            behind,
                            at + half * width,
                            meets.ahead[meets.first[tile] : meets.first[tile + 1]],
                            meets.behind[meets.first[tile] : meets.first[tile + 1]],
                            closed,
                            width,
                            answers,
                            n_ends,
                            forward.members[group * GROUP : (group + 1) * GROUP],
                            backward.members[other * GROUP + half : other * GROUP + half + 2],
                        )
        _read_out(answers, width, block, cost)


@kernel
def _read_out(answers, width, block, found):
    """Copy the answers of a block to their weightings, `found` (weightings, pairs)."""
    for lane in range(min(width, len(found) - block * width)):
        row = found[block * width + lane]
        for pair in range(len(row)):
            row[pair] = answers[pair * width + lane]


@kernel
def _customise(raw, at, closed, weight, program, width):
    """Fill `weight`, way by way, from the arcs' weights that stand from `at` on in `raw`."""
    first_own, own, first, left, right = program
    for way in range(len(first_own) - 1):
        least = load(closed, 0)
        for i in range(first_own[way], first_own[way + 1]):
            least = minimum(load(raw, at + own[i] * width), least)
        for i in range(first[way], first[way + 1]):
            least = minimum(add(load(weight, left[i] * width), load(weight, right[i] * width)), least)
        store(weight, way * width, least)


@kernel
def _sweep(weight, side, group, distance, at, width):
    """Write the distances of a group's four nodes at each of its ancestors, from `at` on."""
    row = GROUP * width
    start = side.first_row[group]
    distance[at : at + (side.first_row[group + 1] - start) * row] = inf
    for member in range(GROUP):
        k = side.start[group * GROUP + member]
        if k >= 0:
            distance[at + k * row + member * width : at + k * row + (member + 1) * width] = 0
    here = at
    for k in range(start, side.first_row[group + 1]):
        a = load(distance, here)
        b = load(distance, here + width)
        c = load(distance, here + 2 * width)
        d = load(distance, here + 3 * width)
        for i in range(side.first[k], side.first[k + 1]):
            step = load(weight, side.step[i] * width)
            below = at + side.source[i] * row
            a = minimum(add(load(distance, below), step), a)
            b = minimum(add(load(distance, below + width), step), b)
            c = minimum(add(load(distance, below + 2 * width), step), c)
            d = minimum(add(load(distance, below + 3 * width), step), d)
        store(distance, here, a)
        store(distance, here + width, b)
        store(distance, here + 2 * width, c)
        store(distance, here + 3 * width, d)
        here += row


@kernel
def _meet(ahead, behind, at, rows, others, closed, width, answers, n_ends, origins, ends):
    """Find the least sums of four origins and two destinations over the rows they share."""
    row = GROUP * width
    none = load(closed, 0)
    a, b, c, d = none, none, none, none
    e, f, g, h = none, none, none, none
    for k in range(len(rows)):
        up = rows[k] * row
        down = at + others[k] * row
        first, second = load(behind, down), load(behind, down + width)
        onward = load(ahead, up)
        a, e = minimum(add(onward, first), a), minimum(add(onward, second), e)
        onward = load(ahead, up + width)
        b, f = minimum(add(onward, first), b), minimum(add(onward, second), f)
        onward = load(ahead, up + 2 * width)
        c, g = minimum(add(onward, first), c), minimum(add(onward, second), g)
        onward = load(ahead, up + 3 * width)
        d, h = minimum(add(onward, first), d), minimum(add(onward, second), h)
    for half in range(2):
        end = ends[half]
        if end >= 0:
            if origins[0] >= 0:
                store(answers, (origins[0] * n_ends + end) * width, a)
            if origins[1] >= 0:
                store(answers, (origins[1] * n_ends + end) * width, b)
            if origins[2] >= 0:
                store(answers, (origins[2] * n_ends + end) * width, c)
            if origins[3] >= 0:
                store(answers, (origins[3] * n_ends + end) * width, d)
        a, b, c, d = e, f, g, h


@kernel
def _reached(n_nodes, tail, head, starts):
    """Return which nodes a walk from one of `starts` reaches."""
    first = np.zeros(n_nodes + 1, np.int64)
    for arc in range(len(tail)):
        first[tail[arc] + 1] += 1
    for node in range(n_nodes):
        first[node + 1] += first[node]
    place = first[:-1].copy()
    onward = np.empty(len(tail), np.int32)
    for arc in range(len(tail)):
        onward[place[tail[arc]]] = head[arc]
        place[tail[arc]] += 1
    reached = np.zeros(n_nodes, np.bool_)
    waiting = np.empty(n_nodes, np.int32)
    size = 0
    for node in starts:
        if not reached[node]:
            reached[node] = True
            waiting[size] = node
            size += 1
    while size:
        size -= 1
        node = waiting[size]
        for i in range(first[node], first[node + 1]):
            if not reached[onward[i]]:
                reached[onward[i]] = True
                waiting[size] = onward[i]
                size += 1
    return reached


@kernel
def _open(first_up, up_head, tail, first_lower, lower, opened):
    """Mark as open, too, what shortcuts over open ways join."""
    n_up = len(up_head)
    for x in range(len(first_up) - 1):
        for i in range(first_lower[x], first_lower[x + 1]):
            vx = lower[i]
            xy = first_up[x]
            for vy in range(vx + 1, first_up[tail[vx] + 1]):
                while up_head[xy] != up_head[vy]:
                    xy += 1
                opened[xy] |= opened[n_up + vx] and opened[vy]
                opened[n_up + xy] |= opened[vx] and opened[n_up + vy]


@kernel
def _number(first_up, opened, way):
    """Number the open ways by lower rank, those up before those down; return how many there are."""
    n_up = len(opened) // 2
    count = 0
    for x in range(len(first_up) - 1):
        for side in range(2):
            for arc in range(side * n_up + first_up[x], side * n_up + first_up[x + 1]):
                if opened[arc]:
                    way[arc] = count
                    count += 1
    return count


@kernel
def _shortcuts(first_up, up_head, first_lower, lower, opened):
    """Return (way of each up arc there and back, -1 closed; first, left, right): see `Program`."""
    n_up = len(up_head)
    n_nodes = len(first_up) - 1
    tail = np.empty(n_up, np.int32)
    for v in range(n_nodes):
        tail[first_up[v] : first_up[v + 1]] = v
    _open(first_up, up_head, tail, first_lower, lower, opened)
    way = np.full(2 * n_up, -1, np.int32)
    count = _number(first_up, opened, way)
    first = np.zeros(count + 1, np.int64)
    place = np.empty(0, np.int64)
    left = np.empty(0, np.int32)
    right = np.empty(0, np.int32)
    for writing in range(2):
        for x in range(n_nodes):
            for i in range(first_lower[x], first_lower[x + 1]):
                vx = lower[i]
                xy = first_up[x]
                for vy in range(vx + 1, first_up[tail[vx] + 1]):
                    while up_head[xy] != up_head[vy]:
                        xy += 1
                    for side in range(2):  # from x by v up to y, and back
                        joint = way[(1 - side) * n_up + vx]
                        onward = way[side * n_up + vy]
                        if joint < 0 or onward < 0:
                            continue
                        target = way[side * n_up + xy]
                        if writing:
                            left[place[target]] = joint
                            right[place[target]] = onward
                            place[target] += 1
                        else:
                            first[target + 1] += 1
        if not writing:
            for target in range(count):
                first[target + 1] += first[target]
            place = first[:-1].copy()
            left = np.empty(first[-1], np.int32)
            right = np.empty(first[-1], np.int32)
    return way, first, left, right


@kernel
def _rows(first_row, ranks, first_up, up_head, way):
    """Return (first, source, step) of `Side`: for every row the rows below it and the open ways from them."""
    first = np.zeros(len(ranks) + 1, np.int64)
    source = np.empty(0, np.int32)
    step = np.empty(0, np.int32)
    place = np.empty(0, np.int64)
    for writing in range(2):
        for group in range(len(first_row) - 1):
            start = first_row[group]
            for k in range(start, first_row[group + 1]):
                above = k
                for arc in range(first_up[ranks[k]], first_up[ranks[k] + 1]):
                    if way[arc] < 0:
                        continue
                    while ranks[above] != up_head[arc]:
                        above += 1
                    if writing:
                        source[place[above]] = k - start
                        step[place[above]] = way[arc]
                        place[above] += 1
                    else:
                        first[above + 1] += 1
        if not writing:
            for k in range(len(ranks)):
                first[k + 1] += first[k]
            place = first[:-1].copy()
            source = np.empty(first[-1], np.int32)
            step = np.empty(first[-1], np.int32)
    return first, source, step


@kernel
def _meets(first_ahead, ahead, first_behind, behind):
    """Return `Meets`: the rows that stand for one rank in both, ascending."""
    n_ahead = len(first_ahead) - 1
    n_behind = len(first_behind) - 1
    first = np.zeros(n_ahead * n_behind + 1, np.int64)
    rows = np.empty(0, np.int32)
    others = np.empty(0, np.int32)
    for writing in range(2):
        count = 0
        for f in range(n_ahead):
            for b in range(n_behind):
                j = first_behind[b]
                for i in range(first_ahead[f], first_ahead[f + 1]):
                    while j < first_behind[b + 1] and behind[j] < ahead[i]:
                        j += 1
                    if j < first_behind[b + 1] and behind[j] == ahead[i]:
                        if writing:
                            rows[count] = i - first_ahead[f]
                            others[count] = j - first_behind[b]
                        count += 1
                first[f * n_behind + b + 1] = count
        if not writing:
            rows = np.empty(count, np.int32)
            others = np.empty(count, np.int32)
    return first, rows, others


@inlined
def _better(known, known_sum, base, base_sum, step, step_sum):
    """Return the less of `known` and `base + step`, with the sum of marks that belongs to it."""
    onward = add(base, step)
    won = less(onward, known)
    return choose(won, onward, known), choose(won, add(base_sum, step_sum), known_sum)


@kernel
def _solve_marked(raw, n_blocks, closed, marks, kept, sums, steps, width, answers, names, cost, route):
    """`_solve`, carrying along the sum of the marks of the arcs that make up each weight."""
    weight, ahead, behind = kept
    mark, ahead_sum, behind_sum = sums
    program, forward, backward, meets = steps
    size = len(raw) // n_blocks
    n_behind = len(backward.first_row) - 1
    n_ends = (backward.members >= 0).sum()
    for block in range(n_blocks):
        names[:] = 0
        _customise_marked(raw, block * size, closed, marks, weight, mark, program, width)
        for group in range(n_behind):
            at = backward.first_row[group] * GROUP * width
            _sweep_marked(weight, mark, backward, group, behind, behind_sum, at, width)
        for group in range(len(forward.first_row) - 1):
            _sweep_marked(weight, mark, forward, group, ahead, ahead_sum, 0, width)
            for j in range(len(backward.members)):
                if backward.members[j] < 0:
                    continue
                tile = group * n_behind + j // GROUP
                at = backward.first_row[j // GROUP] * GROUP * width + j % GROUP * width
                rows = meets.ahead[meets.first[tile] : meets.first[tile + 1]]
                others = meets.behind[meets.first[tile] : meets.first[tile + 1]]
                for member in range(GROUP):
                    i = forward.members[group * GROUP + member]
                    if i >= 0:
                        answer = (i * n_ends + backward.members[j]) * width
                        ends = (ahead, ahead_sum, member * width, behind, behind_sum, at)
                        _meet_marked(ends, rows, others, closed, width, answers, names, answer)
        _read_out(answers, width, block, cost)
        _read_out(names, width, block, route)


@kernel
def _customise_marked(raw, at, closed, marks, weight, mark, program, width):
    """`_customise` with marks."""
    first_own, own, first, left, right = program
    for way in range(len(first_own) - 1):
        least, least_mark = load(closed, 0), spread(marks, 0)
        for i in range(first_own[way], first_own[way + 1]):
            known = load(raw, at + own[i] * width)
            won = less(known, least)
            least, least_mark = choose(won, known, least), choose(won, spread(marks, own[i]), least_mark)
        for i in range(first[way], first[way + 1]):
            base, base_mark = load(weight, left[i] * width), load(mark, left[i] * width)
            step, step_mark = load(weight, right[i] * width), load(mark, right[i] * width)
            least, least_mark = _better(least, least_mark, base, base_mark, step, step_mark)
        store(weight, way * width, least)
        store(mark, way * width, least_mark)


@kernel
def _sweep_marked(weight, mark, side, group, distance, sums, at, width):
    """`_sweep` with marks."""
    row = GROUP * width
    start = side.first_row[group]
    distance[at : at + (side.first_row[group + 1] - start) * row] = inf
    sums[at : at + (side.first_row[group + 1] - start) * row] = 0
    for member in range(GROUP):
        k = side.start[group * GROUP + member]
        if k >= 0:
            distance[at + k * row + member * width : at + k * row + (member + 1) * width] = 0
    here = at
    for k in range(start, side.first_row[group + 1]):
        a, a_sum = load(distance, here), load(sums, here)
        b, b_sum = load(distance, here + width), load(sums, here + width)
        c, c_sum = load(distance, here + 2 * width), load(sums, here + 2 * width)
        d, d_sum = load(distance, here + 3 * width), load(sums, here + 3 * width)
        for i in range(side.first[k], side.first[k + 1]):
            step, step_sum = load(weight, side.step[i] * width), load(mark, side.step[i] * width)
            below = at + side.source[i] * row
            base, base_sum = load(distance, below), load(sums, below)
            a, a_sum = _better(a, a_sum, base, base_sum, step, step_sum)
            base, base_sum = load(distance, below + width), load(sums, below + width)
            b, b_sum = _better(b, b_sum, base, base_sum, step, step_sum)
            base, base_sum = load(distance, below + 2 * width), load(sums, below + 2 * width)
            c, c_sum = _better(c, c_sum, base, base_sum, step, step_sum)
            base, base_sum = load(distance, below + 3 * width), load(sums, below + 3 * width)
            d, d_sum = _better(d, d_sum, base, base_sum, step, step_sum)
        store(distance, here, a)
        store(distance, here + width, b)
        store(distance, here + 2 * width, c)
        store(distance, here + 3 * width, d)
        store(sums, here, a_sum)
        store(sums, here + width, b_sum)
        store(sums, here + 2 * width, c_sum)
        store(sums, here + 3 * width, d_sum)
        here += row


@kernel
def _meet_marked(ends, rows, others, closed, width, answers, names, answer):
    """Find the least sum of one pair, and its mark; 0 where there is none."""
    ahead, ahead_sum, up, behind, behind_sum, down = ends
    row = GROUP * width
    least, least_sum = load(closed, 0), load(names, answer)
    for k in range(len(rows)):
        there, back = up + rows[k] * row, down + others[k] * row
        base, base_sum = load(ahead, there), load(ahead_sum, there)
        least, least_sum = _better(least, least_sum, base, base_sum, load(behind, back), load(behind_sum, back))
    store(answers, answer, least)
    store(names, answer, least_sum)


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
        for i in range(first[arc], first[arc + 1]):
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
            for arc in range(first_up[rank], first_up[rank + 1]):
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
