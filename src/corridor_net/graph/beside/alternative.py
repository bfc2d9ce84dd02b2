"""A route beside the best: what it is, how it is asked for, and the bounds it is searched with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue
from corridor_net.graph.search.dijkstra import Weighted
from corridor_net.graph.topology import Graph, checked_node


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """One route: its `arcs` in travel order and its `cost`, added up from the source on."""

    cost: float
    arcs: NDArray[np.int32]


def checked_request(graph: Graph, source: int, target: int, count: int, stretch: float) -> tuple[int, int, int]:
    """Return (source, target, count) as numbers that fit; `BadValue` for unfit ones."""
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise BadValue(f"count is a whole number of at least 1, not {count!r}")
    if not stretch >= 1:
        raise BadValue(f"max_stretch is at least 1, not {stretch!r}")
    return checked_node(graph, source, "source"), checked_node(graph, target, "target"), count


def route_of(values: NDArray[np.float64], arcs: NDArray[np.int32]) -> Alternative:
    """Return the route of these arcs, its cost added up from the source on."""
    cost = 0.0
    for weight in values[arcs].tolist():
        cost += weight
    return Alternative(cost, arcs)


def least_to_go(graph: Graph, values: NDArray[np.float64], goal: int) -> NDArray[np.float64]:
    """Return the least cost from every node to `goal`; inf where there is no way."""
    return Weighted.of(graph.reversed(), values).one_to_all(goal).distance
