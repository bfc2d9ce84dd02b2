"""A graph as some ends need it: the same routes and least costs as in the whole graph."""

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.graph import Graph
from corridor_net.graph.ensembles.condensed import Condensed


@given(st.integers(0, 10**6), st.integers(2, 12), st.integers(0, 30))
def test_least_costs_stay_and_steps_are_walks(seed, n_nodes, n_arcs):
    rng = np.random.default_rng(seed)
    graph = Graph.from_arcs(n_nodes, rng.integers(0, n_nodes, n_arcs), rng.integers(0, n_nodes, n_arcs))
    origins, goals = rng.integers(0, n_nodes, 2).tolist(), rng.integers(0, n_nodes, 2).tolist()
    found = Condensed.of(graph, origins, goals)
    called = {}  # nodes by their numbers among the steps
    for tail, head, arcs in zip(found.graph.tail.tolist(), found.graph.head.tolist(), found.arcs, strict=True):
        met = [int(graph.tail[arcs[0]]), *graph.head[list(arcs)].tolist()]
        assert graph.tail[list(arcs)].tolist() == met[:-1]
        assert called.setdefault(tail, met[0]) == met[0]
        assert called.setdefault(head, met[-1]) == met[-1]
        assert len(set(met)) == len(met), "no step comes back"
    assert found.graph.n_arcs <= graph.n_arcs
    for weight in rng.integers(0, 9, (3, n_arcs)):
        costs = np.array([weight[list(arcs)].sum() for arcs in found.arcs])
        assert distances(found.graph, costs, *found.ends) == distances(graph, weight, origins, goals)


def distances(graph, weight, origins, goals):
    made = nx.MultiDiGraph()
    made.add_nodes_from(range(graph.n_nodes))
    made.add_weighted_edges_from(zip(graph.tail.tolist(), graph.head.tolist(), weight.tolist(), strict=True))
    found = {origin: nx.single_source_dijkstra_path_length(made, origin) for origin in origins}
    return [found[origin].get(goal) for origin in origins for goal in goals]


def test_a_line_is_one_step_each_way_and_what_leads_nowhere_is_left_out():
    """0 - 1 - 2 - 3 both ways, a spur from 1 to 4, and 5 that only leads in."""
    ends = [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2), (1, 4), (4, 1), (5, 1)]
    found = Condensed.of(Graph.from_arcs(6, *zip(*ends, strict=True)), [0], [3])
    assert found.ends == ((0,), (1,))
    assert dict(
        zip(found.arcs, zip(found.graph.tail.tolist(), found.graph.head.tolist(), strict=True), strict=True)
    ) == {
        (0, 2, 4): (0, 1),
        (5, 3, 1): (1, 0),
    }
