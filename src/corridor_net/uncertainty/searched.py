"""Which routes are best in at least one draw: the whole network searched under every draw. Needs the extra `fast`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

import numpy as np

from corridor_net.analysis.router import Router
from corridor_net.costing import QUANTITIES, VALUE_OF_TIME, CostModel
from corridor_net.errors import BadValue
from corridor_net.graph.amounts import Listed
from corridor_net.graph.ensemble import arc_marks, name_of, solve
from corridor_net.graph.hierarchy import Hierarchy
from corridor_net.graph.weightings import Linear

from .draws import Factors

Pair = tuple[str, str]
Route = tuple[int, ...]
SEARCHED, HELD = 1000, 2**25
"""Draws searched at a time, and numbers that their factors may be, so that they fit in memory."""


def best_in_draws(
    router: Router, known: Mapping[Pair, Iterable[Route]], factors: Factors, count: int
) -> dict[Pair, dict[Route, None]]:
    """Return by pair, after its `known` routes (arcs), those that are best in one of the first `count` draws.

    Raises BadValue where something else than generalised cost is least.
    """
    if router.by != "generalised":
        raise BadValue(f"cannot search by {router.by} in every draw", hint="leave --by at generalised")
    hierarchy, index = Hierarchy.build(router.graph), router.impedance.index
    model, parts = router.cost_model, _parts_by_arc(router.cost_model)
    most = max(1, min(SEARCHED, HELD // (len(QUANTITIES) * model.n_products)))
    origins = list(dict.fromkeys(o for o, _ in known))
    goals = list(dict.fromkeys(d for _, d in known))
    found: dict[Pair, dict[Route, None]] = {pair: dict.fromkeys(routes) for pair, routes in known.items()}
    marks = arc_marks(router.graph.n_arcs)
    money, hour, deviation, carbon = router.objective.prices
    for start in range(0, count, most):
        size = min(most, count - start)
        columns = model.columns(partial(factors.factor, start=start, count=size), size)
        time = factors.factor(VALUE_OF_TIME, start, size)
        drive = np.vstack([money * columns, hour * time * columns, deviation * time * columns, carbon * columns]).T
        solved = solve(
            hierarchy,
            Linear.of_lists(drive, parts.first, parts.number, parts.size),
            [index[o, "origin"] for o in origins],
            [index[d, "destination"] for d in goals],
            routes=True,
        )
        ends = {(origins.index(origin), goals.index(goal)): routes for (origin, goal), routes in found.items()}
        met = {pair: {name_of(arcs, marks) for arcs in routes} for pair, routes in ends.items()}
        for pair, wins in solved.routes(met).items():
            ends[pair].update((tuple(best.tolist()), None) for _, _, best in wins)
    return found


def _parts_by_arc(model: CostModel) -> Listed:
    """Return what each arc is made of: numbers of products, those of hours after those of money, and so on."""
    every, width = list(model.terms.values()), model.n_products
    order = np.argsort(np.concatenate([one.arc for one in every]), kind="stable")
    product = np.concatenate([place * width + one.product for place, one in enumerate(every)])[order]
    size = np.concatenate([one.amount for one in every])[order]
    return Listed.of(np.sum([one.first for one in every], axis=0), product, size, len(every) * width)
