"""One weighting on a hierarchy: equal to networkx; the same bytes after repairs and whatever the threads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph import Graph, Weighted
from corridor_net.graph.ensembles.ensemble import solve
from corridor_net.graph.extra.weightings import Dense
from corridor_net.graph.hierarchy import customise as customise_module
from corridor_net.graph.hierarchy import fronts as fronts_module
from corridor_net.graph.hierarchy import metric as metric_module
from corridor_net.graph.hierarchy import pair_groups
from corridor_net.graph.hierarchy.hierarchy import Hierarchy
from corridor_net.graph.hierarchy.metric import Metric
from corridor_net.graph.hierarchy.order import dissect_by_levels, elimination_order, simple_neighbours
from graph.oracles import check_path, networkx_distances, weighted_graphs


def close(found, expected, relative=1e-12):
    return np.array_equal(np.isinf(found), np.isinf(expected)) and np.allclose(
        found[np.isfinite(found)], expected[np.isfinite(expected)], rtol=relative, atol=relative**8
    )


def all_answers(metric):
    nodes = np.arange(metric.hierarchy.graph.n_nodes)
    matrix = metric.many_to_many(nodes, nodes)
    rows = np.array([metric.one_to_all(node) for node in nodes])
    starts, ends = np.repeat(nodes, len(nodes)), np.tile(nodes, len(nodes))
    return matrix, rows, metric.pairs(starts, ends).reshape(matrix.shape), metric.paths(starts, ends)


@given(weighted_graphs(), st.sampled_from([fronts_module.LONG, 2, 0]))
def test_equals_networkx_with_short_rows_as_triangles_or_as_matrices(case, long):
    graph, weight = case
    n = graph.n_nodes
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fronts_module, "LONG", long)
        metric = Metric.of(Hierarchy.build(graph), weight, threads=2)
        alone = metric.pairs(np.repeat(range(n), n), np.tile(range(n), n)).reshape(n, n)
        patch.setattr(metric_module, "TOGETHER", 1)
        patch.setattr(pair_groups, "FAR", n + 1)
        together = metric.pairs(np.repeat(range(n), n), np.tile(range(n), n)).reshape(n, n)
        routes_together = metric.paths(np.repeat(range(n), n), np.tile(range(n), n))
    assert together.tobytes() == alone.tobytes()
    matrix, rows, pairs, paths = all_answers(metric)
    assert [path.tolist() for path in routes_together] == [path.tolist() for path in paths]
    once = metric.many_to_many(range(n), range(n), once=True)
    rough = Metric.of(metric.hierarchy, weight, dtype="float32").many_to_many(range(n), range(n))
    for source in range(n):
        expected = networkx_distances(graph, weight, source)
        for found in (matrix[source], rows[source], pairs[source], once[source]):
            assert close(found, expected)
        assert close(rough[source], expected, 1e-5)
        for target in range(n):
            path = paths[source * n + target]
            if expected[target] < np.inf:
                check_path(graph, weight, path, source, target, None)
                assert close(np.array([weight[path].sum()]), expected[[target]])
                assert metric.path(source, target).tolist() == path.tolist()
            else:
                assert len(path) == 0
                with pytest.raises(NoRoute):
                    metric.path(source, target)


def test_a_metric_keeps_its_numbers_when_others_come_and_go():
    graph, weight = grid(20, 5)
    hierarchy = Hierarchy.build(graph)
    kept = Metric.of(hierarchy, weight)
    part, before = Metric.of(hierarchy, weight).up[3:], kept.up.copy()
    for _ in range(4):
        assert not np.array_equal(kept.changed([0], [1.0]).changed([1, 2], [2.0, 3.0]).weight, kept.weight)
        assert not np.array_equal(Metric.of(hierarchy, weight + 1).up, before)
    assert np.array_equal(kept.weight, weight)
    assert np.array_equal(kept.up, before)
    assert np.array_equal(part, before[3:])


@given(weighted_graphs(columns=(2, 2), max_arcs=24), st.integers(0, 2**32 - 1), st.sampled_from([10**9, 2, 0]))
def test_repaired_equals_customised_anew(case, seed, looks):
    graph, (before, after) = case
    random = np.random.default_rng(seed)
    hierarchy = Hierarchy.build(graph)
    arcs = random.permutation(graph.n_arcs)[: random.integers(0, graph.n_arcs + 1)]
    weight = before.copy()
    weight[arcs] = after[arcs]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metric_module, "REPAIRED", 1)  # small networks, too, and however many arcs
        patch.setattr(metric_module, "LOOKS", looks)
        repaired = Metric.of(hierarchy, before).changed(arcs, after[arcs])
    anew = Metric.of(hierarchy, weight)
    assert repaired.up.tobytes() == anew.up.tobytes()
    assert repaired.down.tobytes() == anew.down.tobytes()
    assert repaired.weight.tobytes() == anew.weight.tobytes()


def test_a_change_of_a_larger_network_is_repaired_or_given_up_with_the_same_answer(monkeypatch):
    graph, weight = grid(60, 8)
    hierarchy = Hierarchy.build(graph)
    random = np.random.default_rng(9)
    metric = Metric.of(hierarchy, weight)
    given_up = []
    repair = metric_module.repair
    monkeypatch.setattr(metric_module, "REPAIRED", 1)

    def heard(*asked):
        given_up.append(not repair(*asked))
        return not given_up[-1]

    monkeypatch.setattr(metric_module, "repair", heard)
    for size in (1, 10, 100, 2000):
        arcs = random.permutation(graph.n_arcs)[:size]
        now = weight.copy()
        now[arcs] = random.integers(1, 1000, size)
        changed, anew = metric.changed(arcs, now[arcs]), Metric.of(hierarchy, now)
        assert changed.up.tobytes() == anew.up.tobytes()
        assert changed.down.tobytes() == anew.down.tobytes()
    assert not given_up[0]
    assert given_up[-1]


def test_one_task_or_many_give_the_same_bytes(monkeypatch):
    graph, weight = grid(60, 8)
    hierarchy = Hierarchy.build(graph)
    one = Metric.of(hierarchy, weight)
    monkeypatch.setattr(customise_module, "WORTH_THREADS", 0)
    monkeypatch.setattr(metric_module, "WORTH_THREADS", 0)
    many = Metric.of(hierarchy, weight, threads=2)
    assert len(customise_module.levels(hierarchy)) > 1
    assert one.up.tobytes() == many.up.tobytes()
    assert one.down.tobytes() == many.down.tobytes()
    for mine, other in zip(one.searches, many.searches, strict=True):
        assert [part.tobytes() for part in mine] == [part.tobytes() for part in other]
    assert one.one_to_all(7).tobytes() == many.one_to_all(7).tobytes()
    nodes = range(0, 3600, 7)
    assert one.many_to_many(nodes, nodes).tobytes() == many.many_to_many(nodes, nodes).tobytes()


def test_a_matrix_goes_where_it_is_told_to():
    graph, weight = grid(20, 5)
    metric = Metric.of(Hierarchy.build(graph), weight)
    out = np.empty((70, 71))
    nodes = np.random.default_rng(1).integers(0, graph.n_nodes, 141)
    found = metric.many_to_many(nodes[:70], nodes[70:], out=out)
    assert found is out
    assert np.array_equal(out, [metric.one_to_all(node)[nodes[70:]] for node in nodes[:70]])
    for wrong in (out[:, :70], out.T, out.astype("float32"), out[:69]):
        with pytest.raises(BadValue, match="C order"):
            metric.many_to_many(nodes[:70], nodes[70:], out=wrong)


def grid(side, seed):
    random = np.random.default_rng(seed)
    node = np.arange(side * side).reshape(side, side)
    tail = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    head = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    kept = random.random(len(tail)) < 0.9
    graph = Graph.from_arcs(side * side, np.r_[tail[kept], head[kept]], np.r_[head[kept], tail[kept]])
    return graph, random.integers(1, 1000, graph.n_arcs).astype(float)


def test_a_larger_network_agrees_with_plain_dijkstra_and_with_the_ensemble(monkeypatch):
    graph, weight = grid(70, 3)
    hierarchy = Hierarchy.build(graph)
    one = Metric.of(hierarchy, weight, threads=1)
    two = Metric.of(hierarchy, weight, threads=2)
    nodes = np.random.default_rng(4).integers(0, graph.n_nodes, 100)
    weighted = Weighted.of(graph, weight)
    matrix = two.many_to_many(nodes, nodes)
    assert np.array_equal(matrix, one.many_to_many(nodes, nodes))
    assert np.array_equal(matrix, one.many_to_many(nodes, nodes, once=True))
    assert np.array_equal(matrix, solve(hierarchy, Dense.of(graph, weight[None]), nodes, nodes).cost[0])
    starts, ends = np.tile(nodes, 6), np.roll(np.tile(nodes, 6), 7)
    found = two.pairs(starts, ends)  # most of them together, some one by one
    assert "dense_searches" in two.__dict__
    assert np.array_equal(found, [two.pairs([a], [b])[0] for a, b in zip(starts, ends, strict=True)])
    routes = two.paths(starts, ends)
    assert [path.tolist() for path in routes] == [one.path(a, b).tolist() for a, b in zip(starts, ends, strict=True)]
    assert [weight[path].sum() for path in routes] == found.tolist()
    with monkeypatch.context() as patch:
        patch.setattr(metric_module, "KNOWN", 0)  # what shortcuts stand for is found out anew each time
        forgetful = Metric.of(hierarchy, weight, threads=1)
        for _ in range(2):
            assert all(map(np.array_equal, forgetful.paths(starts, ends), routes))
    for k in (0, 7, 99):
        assert np.array_equal(one.one_to_all(nodes[k]), weighted.one_to_all(nodes[k]).distance)
        assert np.array_equal(two.one_to_all(nodes[k])[nodes], matrix[k])
    assert np.array_equal(two.pairs(nodes, nodes[::-1]), matrix[np.arange(100), np.arange(99, -1, -1)])
    for source, target, path in zip(nodes, nodes[::-1], two.paths(nodes, nodes[::-1]), strict=True):
        if two.pairs([source], [target])[0] < np.inf:
            check_path(graph, weight, path, source, target, two.pairs([source], [target])[0])
    changed = np.array([5, 900, 17000]) % graph.n_arcs
    repaired = two.changed(changed, [1.0, 5000.0, np.inf])
    weight[changed] = [1.0, 5000.0, np.inf]
    anew = Metric.of(hierarchy, weight)
    assert repaired.up.tobytes() == anew.up.tobytes()
    assert np.array_equal(repaired.one_to_all(0), anew.one_to_all(0))


@given(weighted_graphs(max_nodes=40, max_arcs=60))
def test_dissection_orders_every_node_once(case):
    graph, _ = case
    lists = simple_neighbours(graph.n_nodes, graph.tail, graph.head)
    assert sorted(dissect_by_levels(*lists).tolist()) == list(range(graph.n_nodes))


def test_large_cores_are_dissected():
    graph, _ = grid(80, 5)
    lists = simple_neighbours(graph.n_nodes, graph.tail, graph.head)
    for order in (elimination_order(graph), dissect_by_levels(*lists)):
        above = np.diff(Hierarchy.build(graph, order).first_up)
        assert (above * (above - 1) // 2).sum() < 2_500_000  # lower triangles: what customising one weighting costs


def test_degenerate_topologies():
    for size in (0, 1, 5):
        graph = Graph.from_arcs(size, [], [])
        metric = Metric.of(Hierarchy.build(graph), [])
        for node in range(size):
            assert metric.one_to_all(node)[node] == 0
            assert metric.path(node, node).tolist() == []
        assert metric.many_to_many([], []).shape == (0, 0)
    many = Graph.from_arcs(5000, [0], [4999])
    assert Metric.of(Hierarchy.build(many), [2.0]).one_to_all(0)[4999] == 2.0


def test_unfit_requests():
    graph = Graph.from_arcs(2, [0], [1])
    hierarchy = Hierarchy.build(graph)
    metric = Metric.of(hierarchy, [1.0])
    for wrong in (
        lambda: Metric.of(hierarchy, [-1.0]),
        lambda: Metric.of(hierarchy, [np.nan]),
        lambda: Metric.of(hierarchy, []),
        lambda: Metric.of(hierarchy, [1e39], dtype="float32"),
        lambda: Metric.of(hierarchy, [1.0], dtype="int32"),
        lambda: metric.one_to_all(2),
        lambda: metric.many_to_many([0], [9]),
        lambda: metric.pairs([0, 1], [1]),
        lambda: metric.path(0, -1),
        lambda: metric.changed([1], [1.0]),
        lambda: metric.changed([0], [1.0, 2.0]),
        lambda: metric.changed([0], [-1.0]),
        lambda: metric.changed([0.5], [1.0]),
    ):
        with pytest.raises(BadValue):
            wrong()
