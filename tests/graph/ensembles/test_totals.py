"""Amounts added up along winning routes: the costs of `solve`, and the sums over the arcs of each route."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_net.errors import BadValue
from corridor_net.graph import Graph
from corridor_net.graph.ensembles import plain
from corridor_net.graph.ensembles.amounts import Amounts, Listed
from corridor_net.graph.ensembles.ensemble import solve, totals
from corridor_net.graph.ensembles.plan import Plan
from corridor_net.graph.ensembles.unpack import unpack
from corridor_net.graph.hierarchy.hierarchy import Hierarchy

pytestmark = pytest.mark.filterwarnings("error")


def random_case(seed, n_nodes, n_arcs, count):
    rng = np.random.default_rng(seed)
    graph = Graph.from_arcs(n_nodes, rng.integers(0, n_nodes, n_arcs), rng.integers(0, n_nodes, n_arcs))
    n_factors, n_products = 5, 7
    products = [rng.integers(0, n_factors, rng.integers(1, 4)).tolist() for _ in range(n_products)]
    parts = [
        [
            [(int(rng.integers(0, n_products)), float(rng.uniform(0.1, 9))) for _ in range(rng.integers(0, 4))]
            for _ in range(n_arcs)
        ]
        for _ in range(4)
    ]
    factored = listed([[(factor, 1.0) for factor in product] for product in products])
    static = Amounts.of(n_factors, factored, [listed(one) for one in parts], rng.integers(0, 2**40, n_arcs))
    factors, rates = rng.uniform(0.5, 2, (n_factors, count)), rng.uniform(0.1, 3, (3, count))
    return graph, products, parts, static.at(factors, rates), factors, rates


def listed(lists):
    """Lists of (number, size) as arrays side by side."""
    numbers, sizes = ([pair[which] for one in lists for pair in one] for which in (0, 1))
    return np.cumsum([0, *map(len, lists)]), np.array(numbers, np.int64), np.array(sizes, float)


def dense(products, parts, factors):
    """Amounts by draw and arc, summed one by one."""
    made = [np.prod([factors[f] for f in product], axis=0) for product in products]
    columns = [sum((size * made[t] for t, size in arc), np.zeros(factors.shape[1])) for arc in parts]
    return np.array(columns).reshape(len(parts), factors.shape[1]).T


@given(st.integers(0, 10**6), st.integers(2, 14), st.integers(0, 45), st.integers(1, 21))
@settings(max_examples=60, deadline=None)
def test_totals_are_sums_over_the_arcs_of_the_best_route(seed, n_nodes, n_arcs, count):
    graph, products, parts, amounts, factors, rates = random_case(seed, n_nodes, n_arcs, count)
    own, first, second, third = (dense(products, one, factors) for one in parts)
    weights = own + rates[0][:, None] * first + rates[1][:, None] * second + rates[2][:, None] * third
    rng = np.random.default_rng(seed)
    origins, goals = rng.integers(0, n_nodes, 3), rng.integers(0, n_nodes, 2)
    hierarchy = Hierarchy.build(graph)
    found = totals(Plan.of(hierarchy, origins, goals), amounts)
    assert found.shape == (5, 6, count)
    costs = solve(hierarchy, amounts, origins, goals).cost
    np.testing.assert_array_equal(found[0].T.reshape(count, 3, 2), costs)
    block = np.empty(n_arcs * 8)
    for k in range(count):
        amounts.fill(k, 8, block)
        np.testing.assert_allclose(block[::8], weights[k], rtol=1e-12)
        for pair, (origin, goal) in enumerate((o, d) for o in origins for d in goals):
            if np.isinf(found[0, pair, k]):
                assert (found[1:, pair, k] == 0).all()
                continue
            arcs = unpack(hierarchy, np.ascontiguousarray(block[::8]), int(origin), int(goal))
            for place, by_arc in enumerate((weights[k], first[k], second[k], third[k])):
                np.testing.assert_allclose(found[place, pair, k], by_arc[arcs].sum(), rtol=1e-9, atol=1e-12)
            assert found[4, pair, k] == amounts.marks[arcs].sum()


@given(st.integers(0, 10**6), st.integers(2, 14), st.integers(0, 45), st.integers(1, 21), st.sampled_from([1, 200]))
@settings(max_examples=60, deadline=None)
def test_without_a_compiler_the_totals_are_the_same(seed, n_nodes, n_arcs, count, held):
    """The same costs, and of each draw a route that adds up to what is told; in one block of draws or in several."""
    graph, products, parts, amounts, factors, rates = random_case(seed, n_nodes, n_arcs, count)
    rng = np.random.default_rng(seed)
    ends = tuple(rng.integers(0, n_nodes, 3).tolist()), tuple(rng.integers(0, n_nodes, 2).tolist())
    lists = listed([[(factor, 1.0) for factor in product] for product in products]), [listed(one) for one in parts]
    search = plain.PlainSearch(graph=graph, ends=ends, products=lists[0], parts=lists[1], marks=amounts.marks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "HELD", held)
        found = search.best(factors, rates)
    expected = totals(Plan.of(Hierarchy.build(graph), *ends), amounts)
    np.testing.assert_allclose(found.values[0], expected[0], rtol=1e-12)
    money, *others = (dense(products, one, factors) for one in parts)
    for pair, (origin, goal) in enumerate((o, d) for o in ends[0] for d in ends[1]):
        for k in range(count):
            arcs = list(found.route(pair, k))
            met = [origin, *graph.head[arcs].tolist()]
            assert graph.tail[arcs].tolist() == met[:-1]
            assert len(set(met)) == len(met), "no route comes back"
            if np.isinf(found.values[0, pair, k]):
                assert not arcs
                continue
            assert met[-1] == goal
            sums = [one[k][arcs].sum() for one in others]
            np.testing.assert_allclose(found.values[1:4, pair, k], sums, rtol=1e-9, atol=1e-12)
            assert found.values[4, pair, k] == amounts.marks[arcs].sum()
            np.testing.assert_allclose(found.values[0, pair, k], money[k][arcs].sum() + rates[:, k] @ sums, rtol=1e-9)


def test_plain_weights_that_are_negative_are_refused():
    graph = Graph.from_arcs(2, [0], [1])
    lists = listed([[(0, 1.0)]])
    search = plain.PlainSearch(graph=graph, ends=((0,), (1,)), products=lists, parts=[lists] * 4, marks=np.zeros(1))
    for wrong in (-1.0, np.nan):
        with pytest.raises(BadValue, match="at least 0"):
            search.best(np.full((1, 2), wrong), np.ones((3, 2)))


def test_the_same_draw_gives_the_same_bits_wherever_it_stands():
    graph, _, _, amounts, factors, rates = random_case(4, 12, 40, 33)
    plan = Plan.of(Hierarchy.build(graph), [0, 1, 2], [3, 4])
    whole = totals(plan, amounts)
    for start, stop in ((0, 5), (5, 21), (21, 33)):
        part = totals(plan, amounts.at(factors[:, start:stop], rates[:, start:stop]))
        assert (part == whole[:, :, start:stop]).all()


@pytest.mark.whole
@pytest.mark.parametrize(
    ("factors", "rates"),
    [
        (np.ones((4, 3)), np.ones((3, 3))),
        (np.ones((5, 3)), np.ones((3, 4))),
        (np.full((5, 3), np.nan), np.ones((3, 3))),
        (np.full((5, 3), -1.0), np.ones((3, 3))),
        (np.ones((5, 3)), np.full((3, 3), np.inf)),
    ],
)
def test_unfit_factors_are_refused(factors, rates):
    *_, amounts, _, _ = random_case(1, 5, 9, 3)
    with pytest.raises(BadValue):
        amounts.at(factors, rates)


@pytest.mark.whole
@pytest.mark.parametrize("lists", [[[(7, 1.0)]], [[(-1, 1.0)]], [[(0, -1.0)]], [[(0, float("nan"))]]])
def test_unfit_parts_are_refused(lists):
    with pytest.raises(BadValue):
        Listed.of(*listed(lists), 7)


def test_lists_that_do_not_fit_are_refused():
    with pytest.raises(BadValue, match="one entry an arc"):
        Amounts.of(1, listed([[(0, 1.0)]]), [listed(one) for one in ([[]], [[]], [[]], [[], []])], [0.0])
    with pytest.raises(BadValue, match="needs a factor"):
        Amounts.of(1, listed([[]]), [listed([[]])] * 4, [0.0])


@given(st.integers(0, 10**6), st.integers(2, 14), st.integers(1, 45), st.integers(1, 21))
@settings(max_examples=60, deadline=None)
def test_what_is_kept_of_other_networks_changes_no_bit(seed, n_nodes, n_arcs, count):
    """Networks that differ in a few arcs, figures or rates, one after the other under draws that they share."""
    graph, products, parts, _, factors, rates = random_case(seed, n_nodes, n_arcs, count)
    rng = np.random.default_rng(seed)
    ends = tuple(rng.integers(0, n_nodes, 2).tolist()), tuple(rng.integers(0, n_nodes, 2).tolist())
    rows, kept = list(factors), plain.Kept()
    for number in range(4):
        changed = int(rng.integers(0, n_arcs))
        parts = [[*one[:changed], [(0, 1.0 + number)], *one[changed + 1 :]] for one in parts]
        if number == 2:  # a figure drawn anew
            rows = [rng.uniform(0.5, 2, count), *rows[1:]]
        if number == 3:
            rates = rates * 1.5
        search = plain.PlainSearch(
            graph=graph,
            ends=ends,
            products=listed([[(factor, 1.0) for factor in product] for product in products]),
            parts=[listed(one) for one in parts],
            marks=rng.integers(0, 2**40, n_arcs).astype(float),
        )
        found, alone = search.best(rows, rates, kept), search.best(np.array(rows), rates)
        np.testing.assert_array_equal(found.values, alone.values)
        for pair, k in itertools.product(range(4), range(count)):
            assert found.route(pair, k) == alone.route(pair, k)
        assert len(kept.weights[2]) <= n_arcs, "no more than the last network has"
