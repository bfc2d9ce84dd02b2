"""Other routes: equal to a listing of all routes, by each of the three rules."""

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph import Graph
from corridor_net.graph.beside import gates as gates_module
from corridor_net.graph.beside.gates import Gated, comes_back, least_without_return
from corridor_net.graph.extra import alternatives as module
from corridor_net.graph.extra.alternatives import alternatives
from corridor_net.graph.extra.compiled_overlap import LABELS, _OverlapSearch
from graph.oracles import as_networkx, check_path, weighted_graphs


@st.composite
def distinct_graphs(draw, max_nodes=6, max_arcs=16):
    """A multigraph whose routes all differ in cost: the rules say nothing of ties."""
    n_nodes = draw(st.integers(2, max_nodes))
    node = st.integers(0, n_nodes - 1)
    arcs = draw(st.lists(st.tuples(node, node), max_size=max_arcs))
    weight = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).uniform(1, 10, len(arcs))
    return Graph.from_arcs(n_nodes, [a for a, _ in arcs], [b for _, b in arcs]), weight


def simple_routes(graph, weight, source, target):
    """Every route without a repeated node, cheapest first."""
    found = []

    def walk(node, seen, arcs):
        if node == target:
            found.append(arcs)
            return
        for arc in range(graph.n_arcs):
            head = int(graph.head[arc])
            if graph.tail[arc] == node and head not in seen and weight[arc] < np.inf:
                walk(head, seen | {head}, [*arcs, arc])

    walk(source, {source}, [])
    return sorted(found, key=lambda arcs: weight[arcs].sum())


def overlap(weight, left, right):
    """The share of the cheaper route that two routes have in common."""
    return weight[np.intersect1d(left, right)].sum() / min(weight[left].sum(), weight[right].sum())


@pytest.mark.parametrize("compile_above", [10**9, -1])
def test_overlap_equals_brute_force(monkeypatch, compile_above):
    monkeypatch.setattr(module, "COMPILE_ABOVE", compile_above)

    @given(distinct_graphs(), st.sampled_from([0.0, 0.2, 0.5, 0.8]), st.sampled_from([1.0, 1.5, np.inf]))
    def check(case, bound, stretch):
        graph, weight = case
        routes = simple_routes(graph, weight, 0, graph.n_nodes - 1)
        if not routes:
            with pytest.raises(NoRoute):
                alternatives(graph, weight, 0, graph.n_nodes - 1, count=4)
            return
        expected = []
        for route in routes:
            near = weight[route].sum() <= stretch * weight[routes[0]].sum()
            apart = all(overlap(weight, route, old) <= bound * (1 + 1e-9) for old in expected)
            if near and apart and len(expected) < 4:
                expected.append(route)
        found = alternatives(graph, weight, 0, graph.n_nodes - 1, count=4, max_overlap=bound, max_stretch=stretch)
        assert [route.arcs.tolist() for route in found] == expected
        for route in found:
            check_path(graph, weight, route.arcs, 0, graph.n_nodes - 1, route.cost)

    check()


def test_compiled_and_plain_agree_where_labels_are_many(monkeypatch):
    """On a grid whose nodes get hundreds of labels, and several blocks of them."""
    node = np.arange(144).reshape(12, 12)
    tail, head = np.r_[node[:, :-1].ravel(), node[:-1].ravel()], np.r_[node[:, 1:].ravel(), node[1:].ravel()]
    graph = Graph.from_arcs(144, np.r_[tail, head], np.r_[head, tail])
    weight = np.random.default_rng(4).uniform(1, 3, graph.n_arcs)
    plain = alternatives(graph, weight, 0, 143, count=5, max_overlap=0.2)
    monkeypatch.setattr(module, "COMPILE_ABOVE", 0)
    found = alternatives(graph, weight, 0, 143, count=5, max_overlap=0.2)
    assert [route.arcs.tolist() for route in found] == [route.arcs.tolist() for route in plain]
    assert len(found) == 5
    monkeypatch.setattr(module, "MAX_LABELS", 1500)
    with pytest.raises(BadValue, match="labels"):
        alternatives(graph, weight, 0, 143, count=5, max_overlap=0.2)


def gate_sets(graph, weight, gates, target):
    """The cheapest walk for each set of gates: shortest paths on the product of nodes and sets."""
    names = sorted(set(gates) - {-1})
    product = nx.DiGraph()
    for size in range(len(names) + 1):
        for passed in itertools.combinations(names, size):
            for arc in range(graph.n_arcs):
                after = frozenset(passed) | ({gates[arc]} - {-1})
                ends = (int(graph.tail[arc]), frozenset(passed)), (int(graph.head[arc]), after)
                if weight[arc] < product.get_edge_data(*ends, {"weight": np.inf})["weight"]:
                    product.add_edge(*ends, weight=float(weight[arc]))
    start = (0, frozenset())
    product.add_node(start)
    lengths, paths = nx.single_source_dijkstra(product, start)
    ends = [(length, node, paths[node, passed]) for (node, passed), length in lengths.items() if node == target]
    return sorted((length, len({v for v, _ in path}) == len(path)) for length, _, path in ends)


@given(distinct_graphs(max_nodes=5, max_arcs=12), st.integers(0, 2**32 - 1))
def test_gates_equal_brute_force(case, seed):
    graph, weight = case
    target = graph.n_nodes - 1
    gates = np.random.default_rng(seed).integers(-1, 3, graph.n_arcs).tolist()
    expected = [length for length, simple in gate_sets(graph, weight, gates, target) if simple]
    if not simple_routes(graph, weight, 0, target):
        with pytest.raises(NoRoute):
            Gated.of(graph, weight, gates).alternatives(0, target, count=9)
        return
    found = Gated.of(graph, weight, gates).alternatives(0, target, count=9)
    assert np.allclose([route.cost for route in found], expected, rtol=1e-12)
    used = [frozenset(gates[arc] for arc in route.arcs) - {-1} for route in found]
    assert len(set(used)) == len(used)
    for route in found:
        check_path(graph, weight, route.arcs, 0, target, route.cost)


@given(weighted_graphs(max_nodes=7, max_arcs=20), st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_looking_near_the_best_first_gives_the_same_routes(case, seed, count):
    """Ties and all, whatever was asked before of the same weighted graph."""
    graph, weight = case
    gates = np.random.default_rng(seed).integers(-1, 3, graph.n_arcs)
    gated, far = gates_module.Gated.of(graph, weight, gates), {"count": count, "max_stretch": 3.0}
    for target in (graph.n_nodes - 1, graph.n_nodes - 2):
        if not simple_routes(graph, weight, 0, target):
            continue
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(gates_module, "FIRST_STRETCH", 3.0)
            at_once = Gated.of(graph, weight, gates).alternatives(0, target, **far)
        found = gated.alternatives(0, target, **far)
        assert [route.arcs.tolist() for route in found] == [route.arcs.tolist() for route in at_once]


def test_parallel_arcs_and_zero_cycles():
    graph = Graph.from_arcs(2, [0, 0, 1, 0], [1, 1, 0, 0])
    weight = [1.0, 1.0, 0.0, 0.0]
    assert sorted(r.arcs.tolist() for r in alternatives(graph, weight, 0, 1, count=9)) == [[0], [1]]
    assert [r.cost for r in Gated.of(graph, weight, [0, 1, -1, -1]).alternatives(0, 1, count=9)] == [1.0, 1.0]


def test_a_search_too_large_raises(monkeypatch):
    monkeypatch.setattr(module, "MAX_LABELS", 3)
    monkeypatch.setattr(gates_module, "MAX_GATE_SETS", 1)
    graph = Graph.from_arcs(4, [0, 1, 0, 2, 1], [1, 3, 2, 3, 3])
    with pytest.raises(BadValue, match="labels"):
        alternatives(graph, np.ones(5), 0, 3, count=2)
    with pytest.raises(BadValue, match="sets"):
        Gated.of(graph, np.ones(5), [1, 2, 3, 4, 5]).alternatives(0, 3, count=5)


def test_unfit_requests():
    graph = Graph.from_arcs(2, [0], [1])
    for wrong in (
        lambda: alternatives(graph, [1.0], 0, 1, count=0),
        lambda: alternatives(graph, [1.0], 0, 1, count=1, max_overlap=1.0),
        lambda: alternatives(graph, [1.0], 0, 1, count=1, max_overlap=np.nan),
        lambda: alternatives(graph, [1.0], 0, 1, count=1, max_stretch=0.9),
        lambda: alternatives(graph, [-1.0], 0, 1, count=1),
        lambda: alternatives(graph, [1.0], 0, 2, count=1),
        lambda: Gated.of(graph, [1.0], [0.5]).alternatives(0, 1, count=1),
        lambda: Gated.of(graph, [1.0], []).alternatives(0, 1, count=1),
    ):
        with pytest.raises(BadValue):
            wrong()


@given(weighted_graphs(max_nodes=7, max_arcs=18, exact=True), st.integers(0, 9999))
def test_the_cheapest_way_that_comes_back_to_no_place_is_that_of_enumeration(case, seed):
    graph, weight = case
    rng = np.random.default_rng(seed)
    places = rng.integers(-1, 4, graph.n_nodes).tolist()
    source, target = rng.integers(0, graph.n_nodes, 2).tolist()
    ways = [[]] if source == target else nx.all_simple_edge_paths(as_networkx(graph, weight), source, target)
    known = [
        sum(weight[arc] for *_, arc in way)
        for way in ways
        if not comes_back([places[source], *(places[head] for _, head, _ in way)])
    ]
    found = least_without_return(graph, weight, places, source, target)
    assert (found is None) == (not known)
    if found is not None:
        assert sum(weight[found]) == min(known)
        assert not comes_back([places[source], *(places[graph.head[arc]] for arc in found)])


def test_ways_looked_at_end_where_the_bound_says_so(monkeypatch):
    """Two arcs are met before the target is: with room for both the way is found, with room for one there is none."""
    line = Graph.from_arcs(3, [0, 1], [1, 2])
    for room, way in ((3, [0, 1]), (2, None)):
        monkeypatch.setattr(gates_module, "MAX_WAYS", room)
        assert least_without_return(line, [1.0, 1.0], [0, 1, 2], 0, 2) == way


def test_a_way_out_of_reach_of_the_target_takes_none_of_the_room(monkeypatch):
    monkeypatch.setattr(gates_module, "MAX_WAYS", 3)
    blind = Graph.from_arcs(6, [0, 0, 0, 0, 4], [1, 2, 3, 4, 5])
    assert least_without_return(blind, [1.0, 1.0, 1.0, 1.0, 1.0], range(6), 0, 5) == [3, 4]
    assert least_without_return(blind, [1.0, 1.0, 1.0, 1.0, np.inf], range(6), 0, 5) is None


@pytest.mark.parametrize("place", [0, 3])
def test_ways_that_leave_the_place_of_the_target_take_none_of_the_room_either(monkeypatch, place):
    """Node 4 stands in the place of the target, 5: to go on from it by 1, 2 or 3 would be to come back."""
    monkeypatch.setattr(gates_module, "MAX_WAYS", 3)
    around = Graph.from_arcs(6, [0, 4, 4, 4, 1, 2, 3, 4], [4, 1, 2, 3, 5, 5, 5, 5])
    places = [7, 4, 5, 6, place, place]
    assert least_without_return(around, [1.0, *[0.1] * 6, 5.0], places, 0, 5) == [0, 7]


@pytest.mark.parametrize(("stretch", "costs"), [(1.5, [2.0, 3.0]), (1.4, [2.0])])
def test_a_route_as_long_as_the_bound_is_still_found_and_a_longer_one_is_not(stretch, costs):
    graph = Graph.from_arcs(3, [0, 0, 1], [1, 1, 2])
    found = Gated.of(graph, [1.0, 2.0, 1.0], [3, 7, -1]).alternatives(0, 2, count=5, max_stretch=stretch)
    assert [route.cost for route in found] == costs


@given(weighted_graphs(max_nodes=7, max_arcs=18, exact=True), st.integers(0, 9999))
def test_alternatives_come_back_to_no_place_but_for_the_cheapest(case, seed):
    graph, weight = case
    rng = np.random.default_rng(seed)
    gates, places = rng.integers(-1, 3, graph.n_arcs), rng.integers(-1, 4, graph.n_nodes).tolist()
    ends = rng.integers(0, graph.n_nodes, 2).tolist()

    def routes(*more):
        return [r.arcs.tolist() for r in Gated.of(graph, weight, gates, *more).alternatives(*ends, count=50)]

    try:
        plain = routes()
    except NoRoute:
        return
    back = [comes_back([places[ends[0]], *(places[graph.head[arc]] for arc in arcs)]) for arcs in plain]
    assert routes(places) == [arcs for number, arcs in enumerate(plain) if number == 0 or not back[number]]


def test_room_for_labels_and_blocks_is_doubled_apart_and_what_was_there_is_kept():
    """Labels up to the most that are allowed, 3,000; blocks, with eight overlaps of each limit in each, without end."""
    search = _OverlapSearch((), np.ones((3, 2)), np.ones(2), np.ones(3))
    search.used[:] = 7.0
    assert search._grow(3000)
    assert (len(search.length), len(search.used)) == (2048, 4096)
    assert search._grow(3000)
    assert {name: getattr(search, name).shape for name in LABELS} == {
        "used": (6000,), "length": (3000,), "node_of": (3000,), "origin": (3000,), "arc_of": (3000,),
        "reach": (3000, 1), "heap": (3000,)}  # fmt: skip
    assert (set(search.used[:2048].tolist()), set(search.used[2048:].tolist())) == ({7}, {-1})
    assert not search._grow(3000)
    search.counts[2] = 256
    search.block[:], search.before[:] = 5.0, 3
    assert search._grow(3000)
    assert (search.block.shape, search.before.shape, len(search.length)) == ((512 * 2 * 8,), (512,), 3000)
    assert (set(search.block[:4096].tolist()), set(search.block[4096:].tolist())) == ({5}, {np.inf})
    assert (set(search.before[:256].tolist()), set(search.before[256:].tolist())) == ({3}, {-1})
