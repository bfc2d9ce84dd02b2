"""What searches large networks gives the answers of the plain search, bit for bit, ties and closed arcs included."""

import sys

import numpy as np
import pytest
from hypothesis import given

from corridor_net.errors import NoRoute
from corridor_net.graph import Graph, Weighted
from corridor_net.graph.search import large
from corridor_net.graph.search.compiled_dijkstra import Compiled
from corridor_net.graph.search.large import Sparse, searcher
from graph.oracles import networkx_distances, weighted_graphs


@pytest.mark.parametrize("made", [Compiled.of, Sparse], ids=["compiled", "scipy"])
def test_distances_and_last_arcs_are_those_of_the_plain_search(made):
    @given(weighted_graphs())
    def held(case):
        graph, weight = case
        found = made(graph, weight)
        for source in range(graph.n_nodes):
            plain = Weighted.of(graph, weight).one_to_all(source)
            tree = found.tree(source)
            assert np.array_equal(tree.distance, plain.distance)
            assert np.array_equal(tree.parent_arc, plain.parent_arc)

    held()


@given(weighted_graphs(exact=True))
def test_a_route_is_the_same_when_the_search_stops_at_its_end(case):
    graph, weight = case
    plain = Weighted.of(graph, weight)
    fast = Weighted.of(graph, weight)
    fast.__dict__["_searcher"] = Compiled.of(graph, weight)
    for target in range(graph.n_nodes):
        try:
            length, arcs = plain.shortest_path(0, target)
        except NoRoute:
            with pytest.raises(NoRoute):
                fast.shortest_path(0, target)
            continue
        again = fast.shortest_path(0, target)
        assert (again[0], again[1].tolist()) == (length, arcs.tolist())


@pytest.mark.parametrize("weights", [[0.0, 1.0, 2.0], [1.0, 2.0], [0.0, 1e-18, 1e3]], ids=["zeros", "ties", "lost"])
def test_routes_of_a_network_full_of_ties_are_those_of_networkx_and_the_rule(weights):
    """Zeros, and weights that are lost in rounding, leave the distance as it is; dead ends and unreached parts too."""
    random = np.random.default_rng(5)
    graph = Graph.from_arcs(330, random.integers(0, 300, 900), random.integers(0, 320, 900))
    weight = random.choice(weights, 900)
    fast, plain = Compiled.of(graph, weight), Weighted.of(graph, weight)
    for source in (0, 7, 310):
        tree, known = plain.one_to_all(source), networkx_distances(graph, weight, source)
        for target in range(0, graph.n_nodes, 3):
            length, arcs = fast.way(source, target)
            assert length == known[target]
            assert arcs.tolist() == (tree.path(target).tolist() if length < np.inf else [])


def test_a_large_network_is_searched_by_scipy_where_there_is_no_compiler(monkeypatch):
    import corridor_net as cn

    router = cn.load(as_of="2019-07-01").router
    plain = Weighted.of(router.graph, router.weight).one_to_all(0)
    assert isinstance(searcher(router.graph, router.weight), Compiled)
    monkeypatch.setattr(large, "LARGE", 0)
    monkeypatch.setitem(sys.modules, "numba", None)
    assert isinstance(searcher(router.graph, router.weight), Sparse)
    again = Weighted.of(router.graph, router.weight).one_to_all(0)
    assert np.array_equal(again.distance, plain.distance)
    assert np.array_equal(again.parent_arc, plain.parent_arc)
