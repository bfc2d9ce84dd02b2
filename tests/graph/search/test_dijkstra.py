"""Plain Dijkstra and the topology's checks: equal to networkx, ties by the rule, faults by name."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph import Graph, Weighted
from corridor_net.graph.search.compiled_dijkstra import many_to_all
from corridor_net.graph.search.tree import Trees, ways
from graph.oracles import canonical_parents, check_path, networkx_distances, weighted_graphs


@given(weighted_graphs())
def test_equals_networkx_and_paths_add_up(case):
    graph, weight = case
    weighted = Weighted.of(graph, weight)
    for source, tree in enumerate(weighted.many(range(graph.n_nodes))):
        assert np.array_equal(tree.distance, networkx_distances(graph, weight, source))
        for target in range(graph.n_nodes):
            if tree.distance[target] == np.inf:
                with pytest.raises(NoRoute):
                    tree.path(target)
                with pytest.raises(NoRoute):
                    weighted.shortest_path(source, target)
                continue
            path = tree.path(target)
            check_path(graph, weight, path, source, target, tree.distance[target])
            length, direct = weighted.shortest_path(source, target)
            assert length == tree.distance[target]
            assert direct.tolist() == path.tolist()


@given(weighted_graphs())
def test_the_ways_of_many_trees_together_are_their_paths(case):
    graph, weight = case
    trees = Trees.joined(graph, [*Weighted.of(graph, weight).many(range(graph.n_nodes))])
    found = ways(trees, range(graph.n_nodes))
    for tree, rows in zip(trees, found.tolist(), strict=True):
        for target, row in enumerate(rows):
            path = tree.path(target).tolist() if tree.distance[target] < np.inf else []
            assert row == [-1] * (found.shape[2] - len(path)) + path


@given(weighted_graphs(exact=True))
def test_ties_follow_the_rule(case):
    graph, weight = case
    for source in range(graph.n_nodes):
        tree = Weighted.of(graph, weight).one_to_all(source)
        assert tree.parent_arc.tolist() == canonical_parents(graph, weight, source, tree.distance).tolist()


def test_a_search_that_knows_what_is_left_does_not_look_behind_itself():
    """A line of places both ways: from the middle to one end nothing beyond the first step back is reached."""
    n, source, target = 21, 10, 20
    ahead = np.arange(n - 1)
    graph = Graph.from_arcs(n, np.concatenate([ahead, ahead + 1]), np.concatenate([ahead + 1, ahead]))
    weight = np.ones(graph.n_arcs)
    tree = Weighted.of(graph, weight).towards(source, target, [float(target - node) for node in range(n)])
    assert tree.distance[target] == target - source
    assert np.isinf(tree.distance[: source - 1]).all()


@pytest.mark.parametrize("exact", [True, False])
@given(st.data())
def test_a_search_that_knows_what_is_left_with_more_open_gives_the_same_route(exact, data):
    graph, weight = data.draw(weighted_graphs(exact=exact))
    closed = np.where(data.draw(st.integers(0, 6)) == np.arange(graph.n_arcs) % 7, np.inf, weight)
    weighted = Weighted.of(graph, closed)
    for target in range(graph.n_nodes):
        to_go = Weighted.of(graph.reversed(), weight).one_to_all(target).distance.tolist()
        for source in range(graph.n_nodes):
            tree, whole = weighted.towards(source, target, to_go), weighted.one_to_all(source)
            assert tree.distance[target] == whole.distance[target]
            if whole.distance[target] < np.inf:
                assert tree.path(target).tolist() == whole.path(target).tolist()


@given(weighted_graphs())
def test_one_more_arc_never_lengthens(case):
    graph, weight = case
    more = Graph.from_arcs(graph.n_nodes, [*graph.tail, 0], [*graph.head, graph.n_nodes - 1])
    before = Weighted.of(graph, weight).one_to_all(0).distance
    after = Weighted.of(more, [*weight, 0.5]).one_to_all(0).distance
    assert (after <= before).all()


@given(weighted_graphs())
def test_compiled_equals_plain_bit_for_bit(case):
    graph, weight = case
    found = many_to_all(graph, weight, range(graph.n_nodes), threads=2)
    assert len(found) == graph.n_nodes
    for source in range(graph.n_nodes):
        tree = Weighted.of(graph, weight).one_to_all(source)
        assert found.distance[source].tobytes() == tree.distance.tobytes()
        assert found[source].parent_arc.tolist() == tree.parent_arc.tolist()


def test_compiled_on_a_network_full_of_ties():
    random = np.random.default_rng(3)
    graph = Graph.from_arcs(400, random.integers(0, 400, 1600), random.integers(0, 400, 1600))
    weight = random.integers(0, 3, 1600).astype(float)
    found = many_to_all(graph, weight, [0, 7, 7])
    for number, source in enumerate((0, 7, 7)):
        tree = Weighted.of(graph, weight).one_to_all(source)
        assert found.distance[number].tobytes() == tree.distance.tobytes()
        assert np.array_equal(found.parent_arc[number], tree.parent_arc)


def test_zero_cycle_goes_straight():
    graph = Graph.from_arcs(3, [0, 1, 0, 1], [1, 0, 0, 2])
    tree = Weighted.of(graph, [0.0, 0.0, 0.0, 0.0]).one_to_all(0)
    assert tree.path(2).tolist() == [0, 3]
    assert tree.path(0).tolist() == []


def test_arcs_by_tail_keep_their_order():
    graph = Graph.from_arcs(3, [2, 0, 2, 0], [0, 1, 1, 2])
    assert graph.first_out.tolist() == [0, 2, 2, 4]
    assert graph.out_arcs.tolist() == [1, 3, 0, 2]
    assert graph.reversed().tail.tolist() == graph.head.tolist()
    assert not graph.tail.flags.writeable


def test_empty_graph():
    assert Graph.from_arcs(0, [], []).n_arcs == 0
    assert Weighted.of(Graph.from_arcs(1, [], []), []).one_to_all(0).distance.tolist() == [0.0]


@pytest.mark.whole
@pytest.mark.parametrize(
    ("n_nodes", "tail", "head"),
    [
        (2, [0, 1], [1]),
        (2, [0], [2]),
        (2, [-1], [0]),
        (2, [0.5], [1]),
        (2, [True], [False]),
        (2, [[0]], [[1]]),
        (2, ["a"], ["b"]),
        (2, [[0], [1, 2]], [0]),
        (2**31, [], []),
        (-1, [], []),
        (2.0, [], []),
        (True, [], []),
        (2, [2**40], [0]),
    ],
)
def test_unfit_topology(n_nodes, tail, head):
    with pytest.raises(BadValue):
        Graph.from_arcs(n_nodes, tail, head)


@pytest.mark.whole
@pytest.mark.parametrize(
    "weight",
    [
        [1.0],
        [1.0, 2.0, 3.0],
        [np.nan, 1.0],
        [-1.0, 1.0],
        [-np.inf, 1.0],
        [1e300, 1.0],
        ["a", "b"],
        [[1.0, 2.0]],
        [None, 1.0],
        [1j, 1.0],
    ],
)
def test_unfit_weight(weight):
    with pytest.raises(BadValue):
        Weighted.of(Graph.from_arcs(2, [0, 1], [1, 0]), weight).one_to_all(0)


@pytest.mark.whole
@pytest.mark.parametrize("node", [-1, 2, 1.0, True, "0", None])
def test_unfit_node(node):
    graph = Graph.from_arcs(2, [0, 1], [1, 0])
    with pytest.raises(BadValue):
        Weighted.of(graph, [1.0, 1.0]).one_to_all(node)
    with pytest.raises(BadValue):
        Weighted.of(graph, [1.0, 1.0]).shortest_path(0, node)


def test_whole_numbers_are_weights_too():
    assert Weighted.of(Graph.from_arcs(2, [0], [1]), np.array([3], np.int64)).one_to_all(0).distance.tolist() == [
        0.0,
        3.0,
    ]


def test_import_wakes_no_compiler():
    heavy = {"numba", "scipy", "networkx", "pandas"}
    code = f"import sys, corridor_net.graph; print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
