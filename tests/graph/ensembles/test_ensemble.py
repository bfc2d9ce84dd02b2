"""Many weightings at a time: equal to networkx, whatever the threads, the block and how they are written."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph import Graph, Weighted
from corridor_net.graph.ensembles.ensemble import arc_marks, solve
from corridor_net.graph.ensembles.weightings import Choices
from corridor_net.graph.extra.weightings import Dense
from corridor_net.graph.hierarchy.hierarchy import Hierarchy
from graph.oracles import check_path, networkx_distances, weighted_graphs


def close(found, expected, relative=1e-12):
    return np.array_equal(np.isinf(found), np.isinf(expected)) and np.allclose(
        found[np.isfinite(found)], expected[np.isfinite(expected)], rtol=relative, atol=relative**8
    )


@given(weighted_graphs(columns=(1, 20)))
def test_equals_networkx(case):
    graph, rows = case
    hierarchy = Hierarchy.build(graph)
    everything = np.arange(graph.n_nodes)
    plain = solve(hierarchy, Dense.of(graph, rows), everything, threads=1)
    named = solve(hierarchy, Dense.of(graph, rows), everything, routes=True, threads=2)
    rough = solve(hierarchy, Dense.of(graph, rows), everything, dtype="float32")
    assert np.array_equal(plain.cost, named.cost)
    for k in range(len(rows)):
        for source in everything:
            expected = networkx_distances(graph, rows[k], source)
            assert close(plain.cost[k, source], expected)
            assert close(rough.cost[k, source], expected, 1e-5)
            for target in np.flatnonzero(expected < np.inf):
                path = named.path(k, source, target)
                total = rows[k][path].sum()
                check_path(graph, rows[k], path, source, target, None)
                assert close(np.array([total]), expected[[target]])


@given(weighted_graphs(columns=(1, 3)), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_distances(case, random):
    graph, rows = case
    order = list(range(graph.n_nodes))
    random.shuffle(order)
    everything = np.arange(graph.n_nodes)
    chosen = solve(Hierarchy.build(graph, order), Dense.of(graph, rows), everything)
    found = solve(Hierarchy.build(graph), Dense.of(graph, rows), everything)
    assert close(chosen.cost, found.cost)


@given(weighted_graphs(columns=(9, 30), max_nodes=7))
def test_one_weighting_at_a_time_gives_the_same_bytes(case):
    graph, rows = case
    hierarchy = Hierarchy.build(graph)
    everything = np.arange(graph.n_nodes)
    together = solve(hierarchy, Dense.of(graph, rows), everything, routes=True, threads=2)
    for k in range(len(rows)):
        alone = solve(hierarchy, Dense.of(graph, rows[k : k + 1]), everything, routes=True, threads=1)
        assert alone.cost.tobytes() == together.cost[k].tobytes()
        assert alone.route.tobytes() == together.route[k].tobytes()


@given(weighted_graphs(max_arcs=16), st.integers(0, 2**32 - 1))
def test_options_of_groups_of_arcs(case, seed):
    graph, base = case
    random = np.random.default_rng(seed)
    arcs = random.permutation(graph.n_arcs)
    groups = [arcs[: len(arcs) // 2], arcs[len(arcs) // 2 : len(arcs) - 1]]
    weights = [random.choice([0.0, 1.0, 5.0, np.inf], size=(2, len(g))) for g in groups]
    choice = random.integers(0, 3, (10, 2))
    weightings = Choices.of(graph, base, list(zip(groups, weights, strict=True)), choice)
    rows = np.tile(base, (10, 1))
    for k in range(10):
        for g in range(2):
            if choice[k, g]:
                rows[k, groups[g]] = weights[g][choice[k, g] - 1]
    hierarchy = Hierarchy.build(graph)
    found = solve(hierarchy, weightings, [0]).cost
    assert np.array_equal(found, solve(hierarchy, Dense.of(graph, rows), [0]).cost)


class Broken:
    """Weightings that cannot be filled."""

    count, n_arcs = 100, 1

    def __init__(self, error):
        self.error = error

    def fill(self, start, width, block):
        raise self.error


@pytest.mark.parametrize("error", [KeyboardInterrupt, BadValue("no weight")])
def test_errors_come_out_of_threads(error):
    with pytest.raises(type(error) if isinstance(error, Exception) else error):
        solve(Hierarchy.build(Graph.from_arcs(2, [0], [1])), Broken(error), [0], [1], threads=2)


def test_the_marks_of_arcs_are_the_published_numbers_of_splitmix64():
    """The first outputs of the generator begun with 0 (Steele, Lea & Flood 2014; reference code of Vigna)."""
    published = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert arc_marks(3).view(np.uint64).tolist() == published


def test_a_route_is_named_by_the_marks_of_its_arcs():
    graph = Graph.from_arcs(3, [0, 1, 0], [1, 2, 2])
    rows = np.array([[1.0, 1.0, 3.0], [1.0, 1.0, 1.0], [1.0, 2.0, 9.0], [np.inf, 1.0, np.inf]])
    result = solve(Hierarchy.build(graph), Dense.of(graph, rows), [0], [2], routes=True)
    paths = [result.path(k, 0, 0).tolist() for k in range(3)]
    assert paths == [[0, 1], [2], [0, 1]]
    assert result.route[:, 0, 0].tolist() == [*(int(arc_marks(3)[path].sum()) for path in paths), 0]
    with pytest.raises(NoRoute):
        result.path(3, 0, 0)


def test_many_weightings_on_a_larger_network_agree_with_plain_dijkstra():
    random = np.random.default_rng(5)
    graph = Graph.from_arcs(300, random.integers(0, 300, 900), random.integers(0, 300, 900))
    rows = random.integers(0, 1000, (40, 900)).astype(float)
    result = solve(Hierarchy.build(graph), Dense.of(graph, rows), range(0, 300, 7), range(300))
    for k in (0, 7, 8, 39):
        weighted = Weighted.of(graph, rows[k])
        for i, origin in enumerate(range(0, 300, 7)):
            assert np.array_equal(result.cost[k, i], weighted.one_to_all(origin).distance)


@pytest.mark.parametrize("rows", [[[np.nan]], [[-1.0]], [1.0], [[1.0, 2.0]], [[1e300]]])
def test_unfit_rows(rows):
    graph = Graph.from_arcs(2, [0], [1])
    with pytest.raises(BadValue):
        solve(Hierarchy.build(graph), Dense.of(graph, rows), [0])


def test_unfit_requests():
    graph = Graph.from_arcs(2, [0], [1])
    other = Dense.of(Graph.from_arcs(2, [0, 0], [1, 1]), [[1.0, 2.0]])
    hierarchy = Hierarchy.build(graph)
    rows = Dense.of(graph, [[1.0]])
    for wrong in (
        lambda: solve(hierarchy, other, [0]),
        lambda: solve(hierarchy, rows, [2]),
        lambda: solve(hierarchy, rows, [0], [-1]),
        lambda: solve(hierarchy, rows, [0], routes=True, dtype="float32"),
        lambda: solve(hierarchy, rows, [0], dtype="int32"),
        lambda: solve(hierarchy, rows, [0], threads=0),
        lambda: Hierarchy.build(graph, [0, 0]),
        lambda: Choices.of(graph, [1.0], [([0], [[2.0]])], [[2]]),
        lambda: Choices.of(graph, [1.0], [([0], [[2.0]]), ([0], [[3.0]])], [[0, 0]]),
        lambda: Choices.of(graph, [1.0], [([0], [[2.0, 3.0]])], [[0]]),
        lambda: Choices.of(graph, [1.0], [([0], [[-2.0]])], [[0]]),
    ):
        with pytest.raises(BadValue):
            wrong()


def test_nothing_asked_nothing_answered():
    graph = Graph.from_arcs(2, [0], [1])
    hierarchy = Hierarchy.build(graph)
    assert solve(hierarchy, Dense.of(graph, np.empty((0, 1))), [0], [1]).cost.shape == (0, 1, 1)
    assert solve(hierarchy, Dense.of(graph, [[1.0]]), [], [1]).cost.shape == (1, 0, 1)
