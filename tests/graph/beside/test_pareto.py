"""PairFronts equal to a listing of all routes; bands and representatives by their rules."""

import itertools
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph import Graph, Weighted
from corridor_net.graph.beside.compiled_pareto import compiled
from corridor_net.graph.beside.pareto import _beaten, _unbeaten, pareto, plain, representatives, vot_bands
from corridor_net.graph.extra.pair_fronts import PairFronts
from graph.oracles import check_path, weighted_graphs


def all_routes(graph, costs, source, target):
    """The cost of every route without a repeated node, added up from the source on."""
    found = []

    def walk(node, seen, total):
        if node == target:
            found.append(total)
            return
        for arc in range(graph.n_arcs):
            head = int(graph.head[arc])
            if graph.tail[arc] == node and head not in seen and np.isfinite(costs[:, arc]).all():
                walk(head, seen | {head}, total + costs[:, arc])

    walk(source, {source}, np.zeros(len(costs)))
    return found


def best_of(totals):
    unique = sorted({tuple(total) for total in totals})
    return [
        list(t) for t in unique if not any(o != t and all(a <= b for a, b in zip(o, t, strict=True)) for o in unique)
    ]


@given(weighted_graphs(max_nodes=6, max_arcs=14, columns=(1, 3)))
def test_equals_brute_force(case):
    graph, costs = case
    target = graph.n_nodes - 1
    expected = best_of(all_routes(graph, costs, 0, target))
    if not expected:
        with pytest.raises(NoRoute):
            pareto(graph, costs, 0, target)
        return
    front = pareto(graph, costs, 0, target)
    assert front.cost.tolist() == expected
    for path, cost in zip(front.paths, front.cost, strict=True):
        for k in range(len(costs)):
            check_path(graph, costs[k], path, 0, target, cost[k])


@given(weighted_graphs(max_nodes=8, max_arcs=24, columns=(1, 3)))
def test_many_pairs_have_the_fronts_of_each_alone(case):
    graph, costs = case
    fronts = PairFronts.of(graph, costs)
    for source, target in itertools.product(range(graph.n_nodes), repeat=2):
        try:
            expected = pareto(graph, costs, source, target)
        except NoRoute:
            with pytest.raises(NoRoute):
                fronts.pareto(source, target)
            continue
        found = fronts.pareto(source, target)
        assert found.cost.tolist() == expected.cost.tolist()
        assert [p.tolist() for p in found.paths] == [p.tolist() for p in expected.paths]


@given(weighted_graphs(max_nodes=9, max_arcs=30, columns=(1, 3)), st.sampled_from([0.0, 0.2]))
def test_plain_and_compiled_search_are_one(case, epsilon):
    """The same costs, routes, order and labels made, ties included; with room for few labels both give up alike."""
    graph, costs = case
    cost = np.zeros((graph.n_arcs, 3))
    cost[:, : len(costs)] = costs.T
    cost[np.isinf(cost).any(axis=1)] = np.inf
    to_go = np.zeros((graph.n_nodes, 3))
    for k in range(len(costs)):
        to_go[:, k] = Weighted.of(graph.reversed(), cost[:, k]).one_to_all(graph.n_nodes - 1).distance
    asked = (graph, cost, to_go, (0, graph.n_nodes - 1), 1 + epsilon)
    if to_go[0, 0] == np.inf:
        return
    one, other = plain(*asked, 10_000), compiled(*asked, 10_000)
    assert one[0].tolist() == other[0].tolist()
    assert [path.tolist() for path in one[1]] == [path.tolist() for path in other[1]]
    assert one[2] == other[2]


def test_both_searches_end_at_the_same_label():
    graph, costs = ladder(12)
    cost, to_go = np.zeros((graph.n_arcs, 3)), np.zeros((graph.n_nodes, 3))
    cost[:, :2] = costs.T
    asked = (graph, cost, to_go, (0, 12), 1.0)
    needed = plain(*asked, 10**6)[2]
    for room, suffices in ((needed, True), (needed - 1, False)):
        assert (plain(*asked, room) is not None) is suffices
        assert (compiled(*asked, room) is not None) is suffices


def test_without_a_compiler_fronts_and_caps_are_the_same(monkeypatch):
    graph, costs = ladder(9)
    with_it = pareto(graph, costs, 0, 9)
    many = PairFronts.of(graph, costs).pareto(0, 9)
    monkeypatch.setitem(sys.modules, "numba", None)
    without = pareto(graph, costs, 0, 9)
    alone = PairFronts.of(graph, costs).pareto(0, 9)
    for front in (many, without, alone):
        assert front.cost.tolist() == with_it.cost.tolist()
        assert [path.tolist() for path in front.paths] == [path.tolist() for path in with_it.paths]
    large, dear = ladder(12)
    with pytest.raises(BadValue, match="more than 5000 labels"):
        pareto(large, dear, 0, 12, max_labels=5000)


def test_what_fronts_cannot_take_is_refused():
    graph = Graph.from_arcs(2, [0], [1])
    with pytest.raises(BadValue):
        PairFronts.of(graph, [[1.0, 2.0]])
    fronts = PairFronts.of(graph, [[1.0]])
    with pytest.raises(BadValue):
        fronts.pareto(0, 2)
    with pytest.raises(BadValue):
        fronts.pareto(0, 1, epsilon=-1)


@given(weighted_graphs(max_nodes=6, max_arcs=14, columns=(2, 3)), st.sampled_from([0.01, 0.3, 2.0]))
def test_epsilon_keeps_its_promise(case, epsilon):
    graph, costs = case
    target = graph.n_nodes - 1
    expected = best_of(all_routes(graph, costs, 0, target))
    if not expected:
        return
    found = pareto(graph, costs, 0, target, epsilon=epsilon).cost
    for cost in expected:
        assert (found <= np.array(cost) * (1 + epsilon) * (1 + 1e-12)).all(axis=1).any()
    assert {tuple(c) for c in found.tolist()} <= {tuple(t) for t in all_routes(graph, costs, 0, target)}


def ladder(steps):
    """Steps with two parallel arcs each, dear and quick or cheap and slow: 2^steps routes, none beaten."""
    tail = [step for step in range(steps) for _ in range(2)]
    graph = Graph.from_arcs(steps + 1, tail, [t + 1 for t in tail])
    money = [float(2**step) * side for step in range(steps) for side in (0, 1)]
    hours = [float(2**step) * (1 - side) for step in range(steps) for side in (0, 1)]
    return graph, np.array([money, hours])


def test_large_front_grows_and_the_cap_raises():
    graph, costs = ladder(12)
    assert len(pareto(graph, costs, 0, 12)) == 2**12
    with pytest.raises(BadValue, match="labels"):
        pareto(graph, costs, 0, 12, max_labels=5000)
    assert len(pareto(graph, costs, 0, 12, epsilon=0.1)) < 2**12 * 2 // 3


def test_zero_cycles_and_source_as_target():
    graph = Graph.from_arcs(2, [0, 1, 0], [1, 0, 0])
    front = pareto(graph, np.zeros((2, 3)), 0, 1)
    assert [path.tolist() for path in front.paths] == [[0]]
    assert [path.tolist() for path in pareto(graph, np.zeros((2, 3)), 0, 0).paths] == [[]]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=12))
def test_bands_name_the_cheapest_route(rows):
    money, hours = np.array(rows, float).T
    bands = vot_bands(money, hours)
    ends = sorted({0.0, *bands[np.isfinite(bands)].tolist()})
    middles = [(a + b) / 2 for a, b in itertools.pairwise(ends)] + [ends[-1] + 1]
    for value in middles:
        cost = money + value * hours
        winners = [r for r in range(len(rows)) if bands[r, 0] <= value < bands[r, 1]]
        assert len(winners) == 1
        assert cost[winners[0]] <= cost.min() + 1e-9


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=15))
def test_representatives_hold_the_best_of_each(rows):
    cost = np.array(rows, float)
    chosen = representatives(cost, 5)
    assert len(set(chosen.tolist())) == len(chosen) <= 5
    assert (cost[chosen].min(axis=0) == cost.min(axis=0)).all()
    assert len(representatives(cost, len(rows))) <= len({*rows})
    assert len(representatives(cost, 1)) == 1


def test_unfit_requests():
    graph = Graph.from_arcs(2, [0], [1])
    for wrong in (
        lambda: pareto(graph, [1.0], 0, 1),
        lambda: pareto(graph, np.ones((4, 1)), 0, 1),
        lambda: pareto(graph, [[np.nan]], 0, 1),
        lambda: pareto(graph, [[-1.0]], 0, 1),
        lambda: pareto(graph, [[1.0]], 0, 2),
        lambda: pareto(graph, [[1.0]], 0, 1, epsilon=-1),
        lambda: vot_bands([1.0], [1.0, 2.0]),
        lambda: vot_bands([np.inf], [1.0]),
        lambda: representatives([[1.0]], 0),
        lambda: representatives([[np.nan]], 1),
    ):
        with pytest.raises(BadValue):
            wrong()
    assert representatives(np.empty((0, 2)), 3).tolist() == []


def test_what_costs_as_much_in_every_criterion_beats_and_what_costs_more_in_one_does_not():
    same = (3.0, 4.0, 5.0)
    assert _beaten([same], same, 1.0)
    assert _beaten([(9.0, 9.0, 9.0), same], same, 1.0)
    for criterion in range(3):
        more = tuple(value + 0.5 * (number == criterion) for number, value in enumerate(same))
        assert not _beaten([more], same, 1.0)
        assert _beaten([more], same, 1.2)
        assert _beaten([same], more, 1.0)
    rows = np.array([[1.0, 5.0, 5.0], [1.0, 5.0, 5.0], [2.0, 4.0, 5.0], [2.0, 5.0, 5.0], [3.0, 4.0, 4.0]])
    assert _unbeaten(rows) == [True, False, True, False, True]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12))
def test_representatives_are_the_same_in_whatever_units_each_criterion_is(rows):
    cost = np.array(rows, float)
    for count in (3, 5):
        chosen = representatives(cost, count).tolist()
        for units in ((1024.0, 1.0, 1.0), (1.0, 1.0, 1 / 512), (1 / 64, 4096.0, 8.0)):
            assert representatives(cost * units, count).tolist() == chosen


def test_representatives_are_far_apart_as_a_share_of_each_range():
    """Between (0, 1000) and (100, 0): (50, 490) is 0.49 from the nearer end, (20, 800) 0.2."""
    assert representatives([[0.0, 1000.0], [100.0, 0.0], [20.0, 800.0], [50.0, 490.0]], 3).tolist() == [0, 1, 3]
    assert representatives([[0.0, 1000.0], [100.0, 0.0], [50.0, 490.0], [20.0, 800.0]], 3).tolist() == [0, 1, 2]
