"""Routes held to independent oracles: networkx on the compiled arcs, and every order of the stops one by one."""

from __future__ import annotations

import heapq
import itertools
import math

import networkx as nx
import pytest

import corridor_net as cn
from corridor_net.costing import MINIMISED, impedance
from corridor_net.errors import NoRoute

from .route_helpers import PAIRS

DAYS = ("2009-01-01", "2016-07-01", "2019-07-01", "2026-07-01")


def weight_of(router, route):
    return float(router.weight[list(route.arcs)].sum())


# against networkx


@pytest.mark.parametrize("by", MINIMISED)
def test_every_pair_equals_networkx(routers, net2019, by):
    router = routers[by]
    compiled = router.impedance
    graph = nx.MultiDiGraph()
    for step, weight in zip(compiled.arcs, router.weight.tolist(), strict=True):
        graph.add_edge(compiled.states[step.tail], compiled.states[step.head], weight=weight)
    checked = 0
    for origin in net2019.markets("origin"):
        distance = nx.single_source_dijkstra_path_length(graph, (origin.node_id, "origin"))
        for market in net2019.markets("market"):
            expected = distance.get((market.node_id, "destination"))
            if expected is None:
                with pytest.raises(NoRoute):
                    router.route(origin.node_id, market.node_id)
                continue
            route = router.route(origin.node_id, market.node_id)
            assert weight_of(router, route) == pytest.approx(expected)
            checked += 1
    assert checked == len(net2019.markets("origin")) * len(net2019.markets("market"))


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("cargo", ["dry_20", "grain_20"])
def test_other_days_and_cargoes_equal_networkx(shipped, day, cargo):
    router = cn.Router(impedance(shipped.as_of(day), cargo))
    compiled = router.impedance
    graph = nx.MultiDiGraph()
    for step, weight in zip(compiled.arcs, router.weight.tolist(), strict=True):
        graph.add_edge(step.tail, step.head, weight=weight)
    for origin, goal in PAIRS:
        ends = (compiled.index[origin, "origin"], compiled.index[goal, "destination"])
        expected = nx.dijkstra_path_length(graph, *ends)
        assert router.route(origin, goal).generalised_cost_usd == pytest.approx(expected)


def test_the_measure_that_is_minimised_is_the_least(routers):
    """Each of the four ways of choosing is best in its own measure."""
    measure = {
        "generalised": lambda r: r.generalised_cost_usd,
        "money": lambda r: r.cost_usd,
        "time": lambda r: r.hours,
        "co2": lambda r: r.co2_kg,
    }
    for origin, goal in PAIRS:
        found = {by: router.route(origin, goal) for by, router in routers.items()}
        for by, value in measure.items():
            for route in found.values():
                assert value(found[by]) <= value(route) + 1e-6


def test_schedule_equals_networkx_too(imp2019):
    router = cn.Router(imp2019, by="time", schedule=True)
    graph = nx.MultiDiGraph()
    for step, hours in zip(imp2019.arcs, imp2019.total_hours(schedule=True).tolist(), strict=True):
        graph.add_edge(step.tail, step.head, weight=hours)
    for origin, goal in PAIRS:
        ends = (imp2019.index[origin, "origin"], imp2019.index[goal, "destination"])
        assert router.route(origin, goal).hours == pytest.approx(nx.dijkstra_path_length(graph, *ends))


# against every order of the stops


def reached_from(start, leaving):
    """Return the least weight to every state, by Dijkstra from states with weights."""
    distance, heap = dict(start), [(d, s) for s, d in start.items()]
    heapq.heapify(heap)
    while heap:
        reached, state = heapq.heappop(heap)
        if reached > distance[state]:
            continue
        for head, weight in leaving.get(state, ()):
            if reached + weight < distance.get(head, math.inf):
                distance[head] = reached + weight
                heapq.heappush(heap, (reached + weight, head))
    return distance


def brute(router, origin, goal, stops):
    """Return the least weight through all stops: Dijkstra leg by leg, for every order in which they may be passed."""
    compiled = router.impedance
    leaving: dict[int, list[tuple[int, float]]] = {}
    for number, step in enumerate(compiled.arcs):
        leaving.setdefault(step.tail, []).append((step.head, float(router.weight[number])))

    def at_port(step):
        name = compiled.states[step.head][1]
        seaport = compiled.network.nodes[step.to_node].node_type == "seaport"
        return not seaport or name in ("port_out", "port_in", "charter", "destination") or name.startswith("aboard:")

    best = math.inf
    for order in itertools.permutations([s for s in stops if s != origin]):
        distance = reached_from({compiled.index[origin, "origin"]: 0.0}, leaving)
        for stop in order:
            entered: dict[int, float] = {}
            for number, step in enumerate(compiled.arcs):
                if step.to_node == stop and step.tail in distance and at_port(step):
                    reached = distance[step.tail] + float(router.weight[number])
                    entered[step.head] = min(reached, entered.get(step.head, math.inf))
            distance = reached_from(entered, leaving)
        best = min(best, distance.get(compiled.index[goal, "destination"], math.inf))
    return best


@pytest.mark.parametrize(
    "stops",
    [
        ["vladivostok"],
        ["busan"],
        ["suifenhe", "vladivostok"],
        ["vladivostok", "suifenhe"],
        ["dalian", "busan"],
        ["busan", "vladivostok", "suifenhe"],
        ["changchun", "hunchun", "vostochny"],
        ["shenyang", "dalian", "kobe"],
        ["harbin"],
        ["niigata"],
        ["daqing", "jilin", "yingkou"],
    ],
)
@pytest.mark.parametrize("by", ["generalised", "time"])
def test_via_equals_every_order_of_the_stops(routers, stops, by):
    router = routers[by]
    expected = brute(router, "harbin", "niigata", stops)
    if expected == math.inf:
        with pytest.raises(NoRoute):
            router.route("harbin", "niigata", via=stops)
        return
    route = router.route("harbin", "niigata", via=stops)
    assert weight_of(router, route) == pytest.approx(expected)
    passed = {leg.from_node for leg in route.legs} | {leg.to_node for leg in route.legs}
    assert set(stops) <= passed


def test_via_in_any_order_and_any_language_is_one_route(routers):
    router = routers["generalised"]
    one = router.route("harbin", "niigata", via=["suifenhe", "vladivostok"])
    other = router.route("Харбин", "新潟", via=["RUVVO", "绥芬河", "vladivostok"])
    assert one == other


def test_via_never_lowers_the_minimum(routers, net2019):
    router = routers["generalised"]
    free = router.route("harbin", "niigata").generalised_cost_usd
    for name in ("dalian", "vladivostok", "hunchun", "tianjin"):
        assert router.route("harbin", "niigata", via=[name]).generalised_cost_usd >= free - 1e-6


def test_a_stop_on_the_way_costs_nothing(routers):
    router = routers["generalised"]
    free = router.route("harbin", "niigata")
    again = router.route("harbin", "niigata", via=[free.gateway])
    assert again.generalised_cost_usd == pytest.approx(free.generalised_cost_usd)


def test_a_lorry_that_drives_by_does_not_pass_a_port(routers):
    """A seaport named as a stop means its port."""
    route = routers["generalised"].route("harbin", "niigata", via=["vladivostok"])
    assert any(leg.from_node == "vladivostok" and leg.kind in ("board", "sail", "terminal") for leg in route.legs)
    assert route.gateway == "vladivostok"
