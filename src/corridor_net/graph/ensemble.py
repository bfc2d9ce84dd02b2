"""Many weightings at a time: customise a block of them side by side, sweep from both ends, answer pairs.

For each block of eight (float32: sixteen) weightings: (1) *customise*: the weight of each way between two ranks
is the least of its own arcs and of `x -> v -> y` over every eliminated v below both; (2) *sweep* up from each
origin over its ancestors, and, against the arcs, up from each destination over its; (3) *meet*: a pair's cost is
the least sum over the ancestors both have. Every loop is a row of additions and minima over neighbouring lanes:
no queue and no branch. A lane is never mixed with another, so the answer is the same, bit for bit, whatever the
threads and wherever a weighting stands in its block.

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
from corridor_net.graph.compiled import index, inlined, kernel
from corridor_net.graph.hierarchy import Hierarchy
from corridor_net.graph.lanes import (
    WIDTH,
    add,
    add_all,
    choose,
    choose_all,
    less,
    load,
    load_all,
    minimum,
    store,
    store_all,
    turn,
    zero_all,
)
from corridor_net.graph.parallel import run_chunks
from corridor_net.graph.plan import GROUP, Plan
from corridor_net.graph.weightings import Amounts, Weightings, fill_amounts

BLOCKS_A_CHUNK = 8
CHUNK_BYTES = 400_000
"""The most that the weights of a chunk may take, unless one block takes more: they stay in the second-level cache."""


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


def totals(plan: Plan, amounts: Amounts) -> NDArray[np.float64]:
    """Return least costs, and first, second and third amounts and marks added up along their routes.

    Shape (5, n_pairs, count), pairs by origin, then destination. Cost is inf and the rest 0 where there is no route.
    One thread, which lets others run beside it.
    """
    width = WIDTH["float64"]
    n_blocks = len(amounts.factors)
    found = np.empty((5, len(plan.origins) * len(plan.destinations), n_blocks * width))
    if found.size:
        raw, firsts, seconds, thirds = (np.empty(amounts.n_arcs * width) for _ in range(4))
        columns = np.empty((len(amounts.products.first) - 1) * width)
        kept = plan.room("float64", width)
        carried = tuple(tuple(np.empty(len(one)) for _ in range(4)) for one in kept)
        given = (raw, firsts, seconds, thirds, np.repeat(amounts.marks, width))
        steps = (plan.program, plan.forward, plan.backward, plan.meets)
        closed = np.full(width, inf)
        cost, *others = (one.reshape(-1) for one in found)
        work = (given, columns, closed, kept, carried, steps, width, cost, tuple(others))
        _solve_totals(amounts.lists, n_blocks, *work)
    return found[:, :, : amounts.count]


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
    raw = np.empty(weightings.n_arcs * span, cost.dtype)
    kept = plan.room(cost.dtype.name, width)
    closed = np.full(width, inf, cost.dtype)
    steps = (plan.program, plan.forward, plan.backward, plan.meets)
    answers = np.full(cost[0].size * width, inf, cost.dtype)
    flat = cost.reshape(len(cost), -1)
    if route is not None:
        marks = (np.repeat(arc_marks(weightings.n_arcs), width),)
        carried = tuple((np.empty(len(one), np.int64),) for one in kept)
        names = (np.zeros(len(answers), np.int64),)
        routes = route.reshape(len(route), -1)

    def work(chunk: int) -> None:
        start = chunk * span
        n_blocks = -(-min(span, weightings.count - start) // width)
        given = raw[: n_blocks * weightings.n_arcs * width]
        weightings.fill(start, width, given)
        if route is None:
            _solve(given, n_blocks, closed, kept, steps, width, answers, flat[start : start + span])
        else:
            found = (flat[start : start + span], routes[start : start + span])
            _solve_marked(given, n_blocks, closed, marks, kept, carried, steps, width, answers, names, *found)

    return work


@kernel
def _solve(raw, n_blocks, closed, kept, steps, width, answers, cost):
    """Answer all pairs in some blocks; `answers` holds those of one block, pair by pair; `cost` (weightings, pairs)."""
    weight, ahead, behind = kept
    program, forward, backward, meets = steps
    size = len(raw) // n_blocks
    for block in range(n_blocks):
        _customise(raw, block * size, closed, weight, program, width)
        for group in range(len(backward.first_row) - 1):
            _sweep(weight, backward, group, behind, backward.first_row[group] * GROUP * width, width)
        for group in range(len(forward.first_row) - 1):
            _sweep(weight, forward, group, ahead, 0, width)
            _meet(ahead, behind, group, forward, backward, meets, closed, width, answers)
        _read_out(answers, width, block, cost)


@kernel
def _read_out(answers, width, block, found):
    """Copy the answers of a block to their weightings, `found` (weightings, pairs)."""
    n_pairs = found.shape[1]
    lanes = min(width, len(found) - block * width)
    done = 0
    if lanes == width:
        done = n_pairs - n_pairs % width
        flat = found.reshape(-1)
        for pair in range(0, done, width):
            turn(answers, pair * width, width, flat, block * width * n_pairs + pair, n_pairs)
    for lane in range(lanes):
        row = found[block * width + lane]
        for pair in range(done, n_pairs):
            row[pair] = answers[pair * width + lane]


@kernel
def _customise(raw, at, closed, weight, program, width):
    """Fill `weight`, way by way, from the arcs' weights that stand from `at` on in `raw`."""
    first_own, own, first, left, right = program
    for way in range(len(first_own) - 1):
        least = load(closed, 0)
        for i in range(index(first_own[way]), index(first_own[way + 1])):
            least = minimum(load(raw, at + own[i] * width), least)
        for i in range(index(first[way]), index(first[way + 1])):
            least = minimum(add(load(weight, left[i] * width), load(weight, right[i] * width)), least)
        store(weight, way * width, least)


@kernel
def _sweep(weight, side, group, distance, at, width):
    """Write the distances of a group's four nodes at each of its ancestors, from `at` on."""
    starts, first_row, first, source, steps = side.start, side.first_row, side.first, side.source, side.step
    row = GROUP * width
    start = first_row[group]
    distance[at : at + (first_row[group + 1] - start) * row] = inf
    for member in range(GROUP):
        k = starts[group * GROUP + member]
        if k >= 0:
            distance[at + k * row + member * width : at + k * row + (member + 1) * width] = 0
    here = at
    for k in range(start, first_row[group + 1]):
        a = load(distance, here)
        b = load(distance, here + width)
        c = load(distance, here + 2 * width)
        d = load(distance, here + 3 * width)
        for i in range(index(first[k]), index(first[k + 1])):
            step = load(weight, steps[i] * width)
            below = at + source[i] * row
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
def _meet(ahead, behind, group, forward, backward, meets, closed, width, answers):
    """Find the least sums of a group of four origins and every destination, two at a time, over the rows they share."""
    members, ends, first_row = forward.members, backward.members, backward.first_row
    first, rows, others = meets.first, meets.ahead, meets.behind
    row = GROUP * width
    none = load(closed, 0)
    n_ends = (ends >= 0).sum()
    for j in range(0, len(ends), 2):
        if ends[j] < 0:
            continue
        tile = group * (len(first_row) - 1) + j // GROUP
        at = first_row[j // GROUP] * row + j % GROUP * width
        a, b, c, d = none, none, none, none
        e, f, g, h = none, none, none, none
        for k in range(index(first[tile]), index(first[tile + 1])):
            up, down = rows[k] * row, at + others[k] * row
            one, two = load(behind, down), load(behind, down + width)
            onward = load(ahead, up)
            a, e = minimum(add(onward, one), a), minimum(add(onward, two), e)
            onward = load(ahead, up + width)
            b, f = minimum(add(onward, one), b), minimum(add(onward, two), f)
            onward = load(ahead, up + 2 * width)
            c, g = minimum(add(onward, one), c), minimum(add(onward, two), g)
            onward = load(ahead, up + 3 * width)
            d, h = minimum(add(onward, one), d), minimum(add(onward, two), h)
        for half in range(2):
            end = ends[j + half]
            if end >= 0:
                origin = members[group * GROUP]
                store(answers, (origin * n_ends + end) * width, a)
                origin = members[group * GROUP + 1]
                if origin >= 0:
                    store(answers, (origin * n_ends + end) * width, b)
                origin = members[group * GROUP + 2]
                if origin >= 0:
                    store(answers, (origin * n_ends + end) * width, c)
                origin = members[group * GROUP + 3]
                if origin >= 0:
                    store(answers, (origin * n_ends + end) * width, d)
            a, b, c, d = e, f, g, h


@inlined
def _better(known, known_with, base, base_with, step, step_with):
    """Return the less of `known` and `base + step`, with what is carried along with it."""
    onward = add(base, step)
    won = less(onward, known)
    return choose(won, onward, known), choose_all(won, add_all(base_with, step_with), known_with)


@kernel
def _solve_marked(raw, n_blocks, closed, marks, kept, carried, steps, width, answers, names, cost, route):
    """`_solve`, carrying along the sum of the marks of the arcs that make up each weight."""
    size = len(raw) // n_blocks
    for block in range(n_blocks):
        _solve_carrying(raw, block * size, marks, closed, kept, carried, steps, width, answers, names)
        _read_out(answers, width, block, cost)
        _read_out(names[0], width, block, route)


@kernel
def _solve_totals(lists, n_blocks, given, columns, closed, kept, carried, steps, width, found, found_with):
    """Answer all pairs in some blocks of `Amounts`; `found` and each of `found_with` (pairs, n_blocks * width), flat.

    `given` is room for the weights of one block, its three amounts, and the marks, which are there already.
    """
    raw, firsts, seconds, thirds, marks = given
    n_pairs = len(found) // (n_blocks * width)
    answers = np.full(n_pairs * width, inf)
    first, second = np.zeros(n_pairs * width), np.zeros(n_pairs * width)
    third, fourth = np.zeros(n_pairs * width), np.zeros(n_pairs * width)
    names = (first, second, third, fourth)
    for block in range(n_blocks):
        fill_amounts(lists, block, columns, raw, firsts, seconds, thirds, width)
        _solve_carrying(raw, 0, (firsts, seconds, thirds, marks), closed, kept, carried, steps, width, answers, names)
        for pair in range(n_pairs):
            place = (pair * n_blocks + block) * width
            store(found, place, load(answers, pair * width))
            store_all(found_with, place, load_all(names, pair * width))


@kernel
def _solve_carrying(raw, at, given, closed, kept, carried, steps, width, answers, names):
    """Answer all pairs in one block, and add up along each answer what is `given` of every arc.

    `given`, `names` and each of `carried` are tuples of as many arrays; `given` stands for one block.
    """
    weight, ahead, behind = kept
    weight_with, ahead_with, behind_with = carried
    program, forward, backward, meets = steps
    _customise_carrying(raw, at, given, closed, weight, weight_with, program, width)
    for group in range(len(backward.first_row) - 1):
        place = backward.first_row[group] * GROUP * width
        _sweep_carrying(weight, weight_with, backward, group, behind, behind_with, place, width)
    both = (ahead, ahead_with, behind, behind_with)
    for group in range(len(forward.first_row) - 1):
        _sweep_carrying(weight, weight_with, forward, group, ahead, ahead_with, 0, width)
        _meet_carrying(both, group, forward, backward, meets, closed, width, answers, names)


@kernel
def _customise_carrying(raw, at, given, closed, weight, weight_with, program, width):
    """`_customise`, carrying along."""
    first_own, own, first, left, right = program
    for way in range(len(first_own) - 1):
        least, least_with = load(closed, 0), zero_all(given)
        for i in range(index(first_own[way]), index(first_own[way + 1])):
            known = load(raw, at + own[i] * width)
            won = less(known, least)
            least_with = choose_all(won, load_all(given, own[i] * width), least_with)
            least = choose(won, known, least)
        for i in range(index(first[way]), index(first[way + 1])):
            base, base_with = load(weight, left[i] * width), load_all(weight_with, left[i] * width)
            step, step_with = load(weight, right[i] * width), load_all(weight_with, right[i] * width)
            least, least_with = _better(least, least_with, base, base_with, step, step_with)
        store(weight, way * width, least)
        store_all(weight_with, way * width, least_with)


@kernel
def _sweep_carrying(weight, weight_with, side, group, distance, distance_with, at, width):
    """`_sweep`, carrying along."""
    starts, first_row, first, source, steps = side.start, side.first_row, side.first, side.source, side.step
    row = GROUP * width
    start = first_row[group]
    distance[at : at + (first_row[group + 1] - start) * row] = inf
    for member in range(GROUP):
        k = starts[group * GROUP + member]
        if k >= 0:
            distance[at + k * row + member * width : at + k * row + (member + 1) * width] = 0
    here = at
    nothing = zero_all(distance_with)
    for k in range(start, first_row[group + 1]):
        a, a_with = load(distance, here), nothing
        b, b_with = load(distance, here + width), nothing
        c, c_with = load(distance, here + 2 * width), nothing
        d, d_with = load(distance, here + 3 * width), nothing
        for i in range(index(first[k]), index(first[k + 1])):
            step, step_with = load(weight, steps[i] * width), load_all(weight_with, steps[i] * width)
            below = at + source[i] * row
            base, base_with = load(distance, below), load_all(distance_with, below)
            a, a_with = _better(a, a_with, base, base_with, step, step_with)
            base, base_with = load(distance, below + width), load_all(distance_with, below + width)
            b, b_with = _better(b, b_with, base, base_with, step, step_with)
            base, base_with = load(distance, below + 2 * width), load_all(distance_with, below + 2 * width)
            c, c_with = _better(c, c_with, base, base_with, step, step_with)
            base, base_with = load(distance, below + 3 * width), load_all(distance_with, below + 3 * width)
            d, d_with = _better(d, d_with, base, base_with, step, step_with)
        store(distance, here, a)
        store(distance, here + width, b)
        store(distance, here + 2 * width, c)
        store(distance, here + 3 * width, d)
        store_all(distance_with, here, a_with)
        store_all(distance_with, here + width, b_with)
        store_all(distance_with, here + 2 * width, c_with)
        store_all(distance_with, here + 3 * width, d_with)
        here += row


@kernel
def _meet_carrying(both, group, forward, backward, meets, closed, width, answers, names):
    """`_meet`, one destination at a time, carrying along; 0 where there is no route."""
    ahead, ahead_with, behind, behind_with = both
    members, ends, first_row = forward.members, backward.members, backward.first_row
    first, rows, others = meets.first, meets.ahead, meets.behind
    row = GROUP * width
    none, nothing = load(closed, 0), zero_all(names)
    n_ends = (ends >= 0).sum()
    for j in range(len(ends)):
        if ends[j] < 0:
            continue
        tile = group * (len(first_row) - 1) + j // GROUP
        at = first_row[j // GROUP] * row + j % GROUP * width
        a, a_with, b, b_with = none, nothing, none, nothing
        c, c_with, d, d_with = none, nothing, none, nothing
        for k in range(index(first[tile]), index(first[tile + 1])):
            up, down = rows[k] * row, at + others[k] * row
            step, step_with = load(behind, down), load_all(behind_with, down)
            base, base_with = load(ahead, up), load_all(ahead_with, up)
            a, a_with = _better(a, a_with, base, base_with, step, step_with)
            base, base_with = load(ahead, up + width), load_all(ahead_with, up + width)
            b, b_with = _better(b, b_with, base, base_with, step, step_with)
            base, base_with = load(ahead, up + 2 * width), load_all(ahead_with, up + 2 * width)
            c, c_with = _better(c, c_with, base, base_with, step, step_with)
            base, base_with = load(ahead, up + 3 * width), load_all(ahead_with, up + 3 * width)
            d, d_with = _better(d, d_with, base, base_with, step, step_with)
        place = (members[group * GROUP] * n_ends + ends[j]) * width
        store(answers, place, a)
        store_all(names, place, a_with)
        if members[group * GROUP + 1] >= 0:
            place = (members[group * GROUP + 1] * n_ends + ends[j]) * width
            store(answers, place, b)
            store_all(names, place, b_with)
        if members[group * GROUP + 2] >= 0:
            place = (members[group * GROUP + 2] * n_ends + ends[j]) * width
            store(answers, place, c)
            store_all(names, place, c_with)
        if members[group * GROUP + 3] >= 0:
            place = (members[group * GROUP + 3] * n_ends + ends[j]) * width
            store(answers, place, d)
            store_all(names, place, d_with)


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
        for i in range(index(first[arc]), index(first[arc + 1])):
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
            for arc in range(index(first_up[rank]), index(first_up[rank + 1])):
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
