"""What is asked of the engines: weightings of the shipped network and of a made-up one not used in tuning."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.engines import Task
from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.network import Network

CENTS = 100


def shipped(count: int, seed: int = 11) -> Task:
    """Workload B: the shipped network of 2019, its origins and markets, `count` draws of all arcs' costs."""
    network = Network.from_folder().as_of("2019-07-01")
    router = Router(impedance(network))
    index = router.impedance.index
    origins = [index[m.node_id, "origin"] for m in network.markets("origin")][:25]
    goals = [index[m.node_id, "destination"] for m in network.markets("market")][:20]
    nodes = [network.nodes[node] for node, _ in router.impedance.states]
    # States of one place lie a little apart, so that an order by place can tell them from each other.
    shifts = np.random.default_rng(seed).normal(0, 1e-3, (2, len(nodes)))
    places = np.array([[n.x_coord for n in nodes], [n.y_coord for n in nodes]]) + shifts
    return _drawn("shipped network", router.graph, router.generalised, places, (origins, goals), count, seed)


def grid(count: int, side: int = 24, seed: int = 12) -> Task:
    """A grid with diagonals of `side` x `side` nodes, never used in tuning, asked the same."""
    from corridor_net.graph import Graph

    rng = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    pairs = [(number[:, :-1], number[:, 1:]), (number[:-1], number[1:]), (number[:-1, :-1], number[1:, 1:])]
    ends = np.concatenate([np.stack([a.ravel(), b.ravel()]) for a, b in pairs], axis=1)
    graph = Graph.from_arcs(side * side, np.r_[ends[0], ends[1]], np.r_[ends[1], ends[0]])
    places = rng.permutation(side * side)
    base = rng.uniform(10, 100, graph.n_arcs)
    ends = places[:25].tolist(), places[25:45].tolist()
    spots = np.stack([number.ravel() % side, number.ravel() // side]).astype(float)
    return _drawn(f"grid {side} x {side}", graph, base, spots, ends, count, seed)


def _drawn(
    name: str,
    graph: Any,
    base: np.ndarray,
    places: np.ndarray,
    ends: tuple[list[int], list[int]],
    count: int,
    seed: int,
) -> Task:
    rng = np.random.default_rng(seed)
    factors = np.exp(0.3 * rng.standard_normal((count, len(base))))
    weights = np.rint(base * factors * CENTS)
    tail, head = graph.tail, graph.head
    return Task(name, graph.n_nodes, tail, head, weights, np.array(ends[0]), np.array(ends[1]), places)
