"""The engines that are timed: each answers a matrix of least costs for one weight vector, or many at once.

A peer that is not installed is left out and named. Weights are whole numbers below 2^31, so that every engine
adds them up exactly and answers can be compared to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np

Answer = np.ndarray
"""Least costs, shape (n_weightings, n_origins, n_destinations), inf where there is no route."""


@dataclass(frozen=True)
class Task:
    """One topology, many weightings, origins and destinations."""

    name: str
    n_nodes: int
    tail: np.ndarray
    head: np.ndarray
    weights: np.ndarray
    origins: np.ndarray
    destinations: np.ndarray
    places: np.ndarray
    """Longitude and latitude of the nodes, (2, n_nodes): some peers order by them."""


Engine = Callable[[Task, int], Answer]
"""Answers the first so many weightings of a task."""


def networkx_engine(task: Task, count: int) -> Answer:
    """networkx: a multigraph, one Dijkstra an origin."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(task.n_nodes))
    keys = [graph.add_edge(t, h) for t, h in zip(task.tail.tolist(), task.head.tolist(), strict=True)]
    found = np.full((count, len(task.origins), len(task.destinations)), np.inf)
    for k in range(count):
        for t, h, key, w in zip(task.tail.tolist(), task.head.tolist(), keys, task.weights[k].tolist(), strict=True):
            graph[t][h][key]["weight"] = w
        for i, origin in enumerate(task.origins.tolist()):
            distance = nx.single_source_dijkstra_path_length(graph, origin)
            found[k, i] = [distance.get(goal, np.inf) for goal in task.destinations.tolist()]
    return found


def scipy_engine(task: Task, count: int) -> Answer:
    """scipy.sparse.csgraph: the least of parallel arcs kept, one call a weighting."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    found = np.empty((count, len(task.origins), len(task.destinations)))
    order = np.lexsort((task.head, task.tail))
    tail, head = task.tail[order], task.head[order]
    first = np.flatnonzero(np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])])
    for k in range(count):
        least = np.minimum.reduceat(task.weights[k][order], first)
        graph = csr_matrix((least, (tail[first], head[first])), (task.n_nodes, task.n_nodes))
        found[k] = dijkstra(graph, indices=task.origins)[:, task.destinations]
    return found


def igraph_engine(task: Task, count: int) -> Answer:
    """igraph: one call of distances a weighting."""
    import igraph

    graph = igraph.Graph(task.n_nodes, np.stack([task.tail, task.head], axis=1).tolist(), directed=True)
    found = [
        graph.distances(task.origins.tolist(), task.destinations.tolist(), weights=task.weights[k].tolist())
        for k in range(count)
    ]
    return np.array(found)


def rustworkx_engine(task: Task, count: int) -> Answer:
    """rustworkx: one Dijkstra an origin."""
    import rustworkx as rx

    found = np.full((count, len(task.origins), len(task.destinations)), np.inf)
    for k in range(count):
        graph = rx.PyDiGraph(multigraph=True)
        graph.add_nodes_from(range(task.n_nodes))
        graph.add_edges_from(list(zip(task.tail.tolist(), task.head.tolist(), task.weights[k].tolist(), strict=True)))
        for i, origin in enumerate(task.origins.tolist()):
            distance = rx.dijkstra_shortest_path_lengths(graph, origin, float)
            lengths = dict(distance) | {origin: 0.0}
            found[k, i] = [lengths.get(goal, np.inf) for goal in task.destinations.tolist()]
    return found


def routingkit_engine(task: Task, count: int) -> Answer:
    """pyroutingkit: a C++ customisable contraction hierarchy; ordered once, customised and asked a weighting."""
    import pyroutingkit as rk

    places = task.places.astype(np.float32)
    topology = rk.CCHTopology()
    topology.build(task.tail.astype(np.uint32), task.head.astype(np.uint32), places[1], places[0], task.n_nodes)
    metric = rk.CCHMetric(topology)
    origins, goals = task.origins.astype(np.uint32), task.destinations.astype(np.uint32)
    found = np.empty((count, len(origins), len(goals)))
    for k in range(count):
        metric.customize(task.weights[k].astype(np.uint32))
        found[k] = metric.distances_many_to_many(origins, goals).reshape(len(origins), len(goals))
    found[found >= rk.INF_WEIGHT] = np.inf
    return found


def corridor_net_engine(task: Task, count: int, threads: int | None = 1, **options: Any) -> Answer:
    """This package: ordered once, all weightings side by side."""
    from corridor_net.graph import Graph
    from corridor_net.graph.ensembles.ensemble import solve
    from corridor_net.graph.extra.weightings import Dense
    from corridor_net.graph.hierarchy.hierarchy import Hierarchy

    graph = Graph.from_arcs(task.n_nodes, task.tail, task.head)
    weightings = Dense.of(graph, task.weights[:count])
    return solve(Hierarchy.build(graph), weightings, task.origins, task.destinations, threads=threads, **options).cost


PEERS: dict[str, tuple[str, Engine]] = {
    "networkx": ("networkx", networkx_engine),
    "rustworkx": ("rustworkx", rustworkx_engine),
    "igraph": ("igraph", igraph_engine),
    "scipy": ("scipy", scipy_engine),
    "pyroutingkit": ("pyroutingkit", routingkit_engine),
}


def installed() -> tuple[dict[str, tuple[str, Engine]], list[str]]:
    """Return the peers that are there, with their versions, and the names of those that are not."""
    there = {f"{name} {version(name)}": pair for name, pair in PEERS.items() if find_spec(pair[0])}
    return there, [name for name, pair in PEERS.items() if not find_spec(pair[0])]
