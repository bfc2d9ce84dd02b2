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

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph.ensembles.amounts import Amounts
from corridor_net.graph.ensembles.block import solve_block
from corridor_net.graph.ensembles.block_carrying import solve_marked, solve_totals
from corridor_net.graph.ensembles.marks import arc_marks
from corridor_net.graph.ensembles.plan import Plan
from corridor_net.graph.ensembles.unpack import unpack
from corridor_net.graph.ensembles.weightings import Weightings
from corridor_net.graph.hierarchy.hierarchy import Hierarchy
from corridor_net.graph.loops.lanes import WIDTH
from corridor_net.graph.loops.parallel import run_chunks

BLOCKS_A_CHUNK = 8
CHUNK_BYTES = 400_000
"""The most that the weights of a chunk may take, unless one block takes more: they stay in the second-level cache."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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
        width = WIDTH["float64"]
        block = np.empty(self.weightings.n_arcs * width)
        self.weightings.fill(weighting // width * width, width, block)
        weight = np.ascontiguousarray(block[weighting % width :: width])
        return unpack(self.hierarchy, weight, int(self.origins[origin]), int(self.destinations[destination]))


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
    return PairCosts(
        hierarchy=hierarchy,
        weightings=weightings,
        origins=plan.origins,
        destinations=plan.destinations,
        cost=cost,
        route=route,
    )


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
        solve_totals(amounts.lists, n_blocks, *work)
    return found[:, :, : amounts.count]


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
            solve_block(given, n_blocks, closed, kept, steps, width, answers, flat[start : start + span])
        else:
            found = (flat[start : start + span], routes[start : start + span])
            solve_marked(given, n_blocks, closed, marks, kept, carried, steps, width, answers, names, *found)

    return work
