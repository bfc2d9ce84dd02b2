"""Many weightings at a time: customise a block of them side by side, sweep up and down, answer pairs.

For each block of eight (float32: sixteen) weightings: (1) *customise*: the weight of an up arc (x, y) is the
least of its own arcs and of `x -> v -> y` over every eliminated v below both; (2) *sweep up* from each origin
over its ancestors, (3) *sweep down* to the ancestors of the destinations. Every loop is a row of additions
and minima over neighbouring lanes: no queue and no branch. A lane is never mixed with another, so the answer
is the same, bit for bit, whatever the threads and wherever a weighting stands in its block.

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
from typing import Any, Literal

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
GROUP = 4
"""Origins swept together: each weight is fetched once for four distances, which stay in registers."""


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
    shape = (weightings.count, len(plan.origins), len(plan.destinations))
    cost = np.empty(shape, dtype)
    route = np.zeros(shape, np.int64) if routes else None
    width = WIDTH[dtype]
    span = width * BLOCKS_A_CHUNK
    if cost.size:
        n_chunks = -(-weightings.count // span)
        run_chunks(n_chunks, lambda: _worker(plan, weightings, cost, route, span), threads)
    return PairCosts(hierarchy, weightings, plan.origins, plan.destinations, cost, route)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What a set of origins and destinations needs of a hierarchy.

    Origins are swept four at a time, neighbours in the tree together: `sequence` lists them group by group
    (-1 fills the last group), `up` the ancestors of group g as `up[first_up[g]:first_up[g + 1]]`. `down` are
    the ancestors of the destinations. `place` gives the position of a rank in the buffer of distances (-1:
    not needed), `head_place` that of the head of each up arc, `target` that of the destinations.
    """

    hierarchy: Hierarchy
    origins: NDArray[np.int32]
    destinations: NDArray[np.int32]
    sequence: NDArray[np.int64]
    first_up: NDArray[np.int64]
    up: NDArray[np.int32]
    down: NDArray[np.int32]
    place: NDArray[np.int32]
    head_place: NDArray[np.int32]
    target: NDArray[np.int32]
    size: int

    @classmethod
    def of(cls, hierarchy: Hierarchy, origins: ArrayLike, destinations: ArrayLike | None) -> Plan:
        """Work out the plan; `BadValue` for unfit nodes."""
        graph = hierarchy.graph
        starts = checked_nodes(graph, origins, "origins")
        everything = np.arange(graph.n_nodes, dtype=np.int32)
        ends = everything if destinations is None else checked_nodes(graph, destinations, "destinations")
        sequence = np.full(-(-len(starts) // GROUP) * GROUP, -1, np.int64)
        sequence[: len(starts)] = np.argsort(hierarchy.rank[starts], kind="stable")
        groups = [part[part >= 0] for part in sequence.reshape(-1, GROUP)]
        chains = [hierarchy.ancestors(starts[part]) for part in groups]
        down = hierarchy.ancestors(ends)
        used = np.unique(np.concatenate([*chains, down])).astype(np.int64)
        place = np.full(graph.n_nodes, -1, np.int32)
        place[used] = np.arange(len(used), dtype=np.int32)
        return cls(
            hierarchy,
            starts,
            ends,
            sequence,
            np.cumsum([0, *(len(chain) for chain in chains)]),
            np.concatenate([*chains, np.empty(0, np.int32)]),
            down,
            place,
            place[hierarchy.up_head],
            place[hierarchy.rank[ends]],
            len(used),
        )

    @property
    def sweep(self) -> tuple[NDArray[Any], ...]:
        """What the compiled sweeps need, in their order."""
        start = np.where(self.sequence >= 0, self.place[self.hierarchy.rank[self.origins[self.sequence]]], -1)
        return (
            self.hierarchy.first_up,
            self.head_place,
            self.place,
            self.sequence,
            start,
            self.first_up,
            self.up,
            self.down,
            self.target,
        )


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
    hierarchy = plan.hierarchy
    width = WIDTH[cost.dtype.name]
    raw = np.empty(weightings.n_arcs * width, cost.dtype)
    weight = np.empty(2 * hierarchy.n_up * width, cost.dtype)
    distance = np.empty(plan.size * GROUP * width, cost.dtype)
    mark = np.empty(len(weight), np.int64) if route is not None else np.empty(0, np.int64)
    sums = np.empty(len(distance), np.int64) if route is not None else mark
    marks = arc_marks(weightings.n_arcs) if route is not None else mark
    sweep = plan.sweep

    def work(chunk: int) -> None:
        for start in range(chunk * span, min((chunk + 1) * span, weightings.count), width):
            weightings.fill(start, width, raw)
            used = slice(start, min(start + width, weightings.count))
            if route is None:
                customise(raw, hierarchy.slot, weight, *hierarchy.triangles, width)
                _pairs(weight, sweep, distance, width, cost[used])
            else:
                _customise_marked(raw, marks, hierarchy.slot, weight, mark, *hierarchy.triangles, width)
                _pairs_marked(weight, mark, sweep, distance, sums, width, cost[used], route[used])

    return work


@kernel
def customise(raw, slot, weight, first, to_x, to_y, width):
    """Fill `weight` from the arcs' weights `raw`: all up arcs one way, then all the other way, row by row."""
    weight[:] = inf
    down = len(weight) // 2
    for arc in range(len(slot)):
        if slot[arc] >= 0:
            place = (slot[arc] >> 1) * width + (slot[arc] & 1) * down
            store(weight, place, minimum(load(raw, arc * width), load(weight, place)))
    for arc in range(len(first) - 1):
        if first[arc] == first[arc + 1]:
            continue
        xy = load(weight, arc * width)
        yx = load(weight, down + arc * width)
        for i in range(first[arc], first[arc + 1]):
            vx = to_x[i] * width
            vy = to_y[i] * width
            xy = minimum(add(load(weight, down + vx), load(weight, vy)), xy)
            yx = minimum(add(load(weight, down + vy), load(weight, vx)), yx)
        store(weight, arc * width, xy)
        store(weight, down + arc * width, yx)


@kernel
def _pairs(weight, sweep, distance, width, cost):
    first_up, head_place, place, sequence, start, first_chain, chain, down_ranks, target = sweep
    down = len(weight) // 2
    row = GROUP * width
    for group in range(len(first_chain) - 1):
        distance[:] = inf
        for member in range(GROUP):
            at = start[group * GROUP + member]
            if at >= 0:
                distance[at * row + member * width : at * row + (member + 1) * width] = 0
        for k in range(first_chain[group], first_chain[group + 1]):
            rank = chain[k]
            here = place[rank] * row
            a = load(distance, here)
            b = load(distance, here + width)
            c = load(distance, here + 2 * width)
            d = load(distance, here + 3 * width)
            for arc in range(first_up[rank], first_up[rank + 1]):
                step = load(weight, arc * width)
                there = head_place[arc] * row
                store(distance, there, minimum(add(a, step), load(distance, there)))
                there += width
                store(distance, there, minimum(add(b, step), load(distance, there)))
                there += width
                store(distance, there, minimum(add(c, step), load(distance, there)))
                there += width
                store(distance, there, minimum(add(d, step), load(distance, there)))
        for k in range(len(down_ranks) - 1, -1, -1):
            rank = down_ranks[k]
            here = place[rank] * row
            a = load(distance, here)
            b = load(distance, here + width)
            c = load(distance, here + 2 * width)
            d = load(distance, here + 3 * width)
            for arc in range(first_up[rank], first_up[rank + 1]):
                step = load(weight, down + arc * width)
                above = head_place[arc] * row
                a = minimum(add(load(distance, above), step), a)
                b = minimum(add(load(distance, above + width), step), b)
                c = minimum(add(load(distance, above + 2 * width), step), c)
                d = minimum(add(load(distance, above + 3 * width), step), d)
            store(distance, here, a)
            store(distance, here + width, b)
            store(distance, here + 2 * width, c)
            store(distance, here + 3 * width, d)
        for member in range(GROUP):
            i = sequence[group * GROUP + member]
            if i >= 0:
                _read_out(distance, target, GROUP, member, width, cost, i)


@kernel
def _read_out(distance, target, group, member, width, found, i):
    """Copy one origin's distances at the targets to `found[lane, i, target]`."""
    for lane in range(found.shape[0]):
        for j in range(len(target)):
            found[lane, i, j] = distance[(target[j] * group + member) * width + lane]


@inlined
def _better(known, known_sum, base, base_sum, step, step_sum):
    """Return the less of `known` and `base + step`, with the sum of marks that belongs to it."""
    onward = add(base, step)
    won = less(onward, known)
    return choose(won, onward, known), choose(won, add(base_sum, step_sum), known_sum)


@kernel
def _customise_marked(raw, marks, slot, weight, mark, first, to_x, to_y, width):
    """`customise`, carrying along the sum of the marks of the arcs that make up each weight."""
    weight[:] = inf
    mark[:] = 0
    down = len(weight) // 2
    for arc in range(len(slot)):
        if slot[arc] < 0:
            continue
        place = (slot[arc] >> 1) * width + (slot[arc] & 1) * down
        own, known = load(raw, arc * width), load(weight, place)
        better = less(own, known)
        store(weight, place, choose(better, own, known))
        store(mark, place, choose(better, spread(marks, arc), load(mark, place)))
    for arc in range(len(first) - 1):
        if first[arc] == first[arc + 1]:
            continue
        there = arc * width
        back = down + there
        xy, yx = load(weight, there), load(weight, back)
        xy_mark, yx_mark = load(mark, there), load(mark, back)
        for i in range(first[arc], first[arc + 1]):
            vx = to_x[i] * width
            vy = to_y[i] * width
            base, base_sum = load(weight, down + vx), load(mark, down + vx)
            xy, xy_mark = _better(xy, xy_mark, base, base_sum, load(weight, vy), load(mark, vy))
            base, base_sum = load(weight, down + vy), load(mark, down + vy)
            yx, yx_mark = _better(yx, yx_mark, base, base_sum, load(weight, vx), load(mark, vx))
        store(weight, there, xy)
        store(weight, back, yx)
        store(mark, there, xy_mark)
        store(mark, back, yx_mark)


@inlined
def _push(distance, sums, there, base, base_sum, step, step_sum):
    """Improve what stands at `there` by `base + step`."""
    least, least_sum = _better(load(distance, there), load(sums, there), base, base_sum, step, step_sum)
    store(distance, there, least)
    store(sums, there, least_sum)


@kernel
def _pairs_marked(weight, mark, sweep, distance, sums, width, cost, route):
    """`_pairs`, carrying the marks along."""
    first_up, head_place, place, sequence, start, first_chain, chain, down_ranks, target = sweep
    down = len(weight) // 2
    row = GROUP * width
    for group in range(len(first_chain) - 1):
        distance[:] = inf
        sums[:] = 0
        for member in range(GROUP):
            at = start[group * GROUP + member]
            if at >= 0:
                distance[at * row + member * width : at * row + (member + 1) * width] = 0
        for k in range(first_chain[group], first_chain[group + 1]):
            rank = chain[k]
            here = place[rank] * row
            a, a_sum = load(distance, here), load(sums, here)
            b, b_sum = load(distance, here + width), load(sums, here + width)
            c, c_sum = load(distance, here + 2 * width), load(sums, here + 2 * width)
            d, d_sum = load(distance, here + 3 * width), load(sums, here + 3 * width)
            for arc in range(first_up[rank], first_up[rank + 1]):
                step, step_sum = load(weight, arc * width), load(mark, arc * width)
                there = head_place[arc] * row
                _push(distance, sums, there, a, a_sum, step, step_sum)
                _push(distance, sums, there + width, b, b_sum, step, step_sum)
                _push(distance, sums, there + 2 * width, c, c_sum, step, step_sum)
                _push(distance, sums, there + 3 * width, d, d_sum, step, step_sum)
        for k in range(len(down_ranks) - 1, -1, -1):
            rank = down_ranks[k]
            here = place[rank] * row
            a, a_sum = load(distance, here), load(sums, here)
            b, b_sum = load(distance, here + width), load(sums, here + width)
            c, c_sum = load(distance, here + 2 * width), load(sums, here + 2 * width)
            d, d_sum = load(distance, here + 3 * width), load(sums, here + 3 * width)
            for arc in range(first_up[rank], first_up[rank + 1]):
                step, step_sum = load(weight, down + arc * width), load(mark, down + arc * width)
                up = head_place[arc] * row
                base, base_sum = load(distance, up), load(sums, up)
                a, a_sum = _better(a, a_sum, base, base_sum, step, step_sum)
                base, base_sum = load(distance, up + width), load(sums, up + width)
                b, b_sum = _better(b, b_sum, base, base_sum, step, step_sum)
                base, base_sum = load(distance, up + 2 * width), load(sums, up + 2 * width)
                c, c_sum = _better(c, c_sum, base, base_sum, step, step_sum)
                base, base_sum = load(distance, up + 3 * width), load(sums, up + 3 * width)
                d, d_sum = _better(d, d_sum, base, base_sum, step, step_sum)
            store(distance, here, a)
            store(distance, here + width, b)
            store(distance, here + 2 * width, c)
            store(distance, here + 3 * width, d)
            store(sums, here, a_sum)
            store(sums, here + width, b_sum)
            store(sums, here + 2 * width, c_sum)
            store(sums, here + 3 * width, d_sum)
        for member in range(GROUP):
            i = sequence[group * GROUP + member]
            if i >= 0:
                _read_out(distance, target, GROUP, member, width, cost, i)
                _read_out(sums, target, GROUP, member, width, route, i)


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
    distance = np.full(len(parent), inf)
    came = np.full(len(parent), -1, np.int64)
    distance[start] = 0.0
    rank = start
    while rank >= 0:
        for arc in range(first_up[rank], first_up[rank + 1]):
            onward = distance[rank] + up_weight[arc]
            if onward < distance[up_head[arc]]:
                distance[up_head[arc]] = onward
                came[up_head[arc]] = arc
        rank = parent[rank]
    chain = np.empty(len(parent), np.int64)
    size = 0
    rank = end
    while rank >= 0:
        chain[size] = rank
        size += 1
        rank = parent[rank]
    for k in range(size - 1, -1, -1):
        rank = chain[k]
        for arc in range(first_up[rank], first_up[rank + 1]):
            onward = distance[up_head[arc]] + up_weight[n_up + arc]
            if onward < distance[rank]:
                distance[rank] = onward
                came[rank] = n_up + arc
    if distance[end] == inf:
        return np.full(1, -2, np.int64)
    found = np.empty(2 * len(parent) + 1, np.int64)
    size = 0
    rank = end
    while rank != start:
        place = came[rank]
        found[size] = place
        size += 1
        rank = up_tail[place] if place < n_up else up_head[place - n_up]
    found[size] = -1
    return found[: size + 1][::-1].copy()


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
