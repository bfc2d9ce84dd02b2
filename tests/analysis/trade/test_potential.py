"""Access by its formulas, gains by the rule of half, and what is reached in time against networkx."""

import itertools
from dataclasses import replace
from math import exp, log

import networkx as nx
import pytest
from shapely.geometry import Point, shape

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.trade.potential import all_trips, band_of, checked_limits, gain, potential, reach
from corridor_net.analysis.trips import trips
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute, UnknownName
from corridor_net.output.maps.bands import bands_geojson


@pytest.fixture(scope="module")
def router():
    return Router(impedance(cn.load(as_of="2019-07-01").network))


@pytest.fixture(scope="module")
def found(router):
    return all_trips(router, ["harbin", "hunchun"])


def with_costs(found, origin, costs):
    """Trips of `origin` to as many markets as there are costs, at these generalised costs."""
    pairs = [pair for pair in found if pair[0] == origin][: len(costs)]
    return {pair: replace(found[pair], generalised_cost_usd=cost) for pair, cost in zip(pairs, costs, strict=True)}


def test_measures_follow_their_formulas(router, found):
    gdp = {m.node_id: m.gdp for m in router.network.markets("market") if m.gdp}
    value = router.impedance.cargo.value_usd
    cost = {m: found["harbin", m].generalised_cost_usd for m in gdp}
    p = potential(router, found, "harbin", theta=3.0, scale=0.001)
    assert p.markets == len(gdp)
    assert p.hansen == pytest.approx(1000 * sum(gdp[m] / cost[m] for m in gdp))
    assert p.logsum_usd == pytest.approx(log(sum(gdp[m] * exp(-0.001 * cost[m]) for m in gdp)) / 0.001)
    assert p.market_access == pytest.approx(sum(gdp[m] / (1 + cost[m] / value) ** 3 for m in gdp))
    assert sum(p.by_destination.values()) == pytest.approx(1)
    assert sum(spent.hours for spent in p.by_mode.values()) == pytest.approx(p.mean_hours)
    assert 0 <= p.within[10] <= p.within[12] <= p.within[14] <= sum(gdp.values())


def test_market_access_is_that_of_the_study(router, comparison):
    from corridor_net.analysis.access import access

    run = next(r for r in comparison.runs if r.baseline == "baseline-2019" and r.scenario is None)
    of_study = {a.origin: a.market_access for a in access(comparison) if a.baseline == run.baseline and not a.scenario}
    for origin in ("harbin", "suifenhe"):
        assert potential(run.router, run.trips, origin).market_access == pytest.approx(of_study[origin])


def test_the_example_of_the_page(router, found):
    """One market, 2,000 to 1,800 USD: fixed flows gain 200; with elasticity 1 flows grow by 2000/1800."""
    before, after = with_costs(found, "harbin", [2000.0]), with_costs(found, "harbin", [1800.0])
    assert gain(router, router, before, after, "harbin").gain_usd == pytest.approx(200.0)
    elastic = gain(router, router, before, after, "harbin", elasticity=1.0)
    assert elastic.gain_usd == pytest.approx((1 + 2000 / 1800) / 2 * 200)


def test_gains_have_the_sign_of_the_change_and_tell_what_no_mean_counts(router, found):
    before = with_costs(found, "harbin", [2000.0, 3000.0])
    dearer = with_costs(found, "harbin", [2100.0])
    g = gain(router, router, before, dearer, "harbin")
    assert g.gain_usd == pytest.approx(-100.0)
    assert len(g.lost) == 1
    assert g.gained == ()
    assert g.market_access_change < 0
    same = gain(router, router, found, found, "hunchun", elasticity=2.0)
    assert (same.gain_usd, same.market_access_change, same.gained, same.lost) == (0.0, 0.0, (), ())


@pytest.mark.parametrize("quantity", ["hours", "cost_usd"])
@pytest.mark.parametrize("schedule", [False, True])
@pytest.mark.parametrize("by", ["generalised", "time"])
def test_reach_is_what_the_route_says(router, quantity, schedule, by):
    """One definition: every origin to every place where boxes are received, as `route` and the tables have it."""
    asked = Router(router.impedance, by=by, schedule=schedule)
    received = [node for node, name in router.impedance.states if name == "destination"]
    for origin in [m.node_id for m in router.network.markets("origin")]:
        amounts = reach(asked, origin, quantity)
        assert amounts[origin] == 0
        found = trips(asked, [origin], received)
        assert {m.node_id for m in router.network.markets("market")} <= {goal for _, goal in found}
        for (_, goal), trip in found.items():
            assert amounts[goal] == pytest.approx(getattr(trip, quantity), rel=1e-9), (origin, goal)
    assert reach(asked, "harbin", quantity)["niigata"] == pytest.approx(
        getattr(asked.route("harbin", "niigata"), quantity)
    )


def test_places_that_receive_nothing_count_to_the_best_state_there(router):
    graph = nx.MultiDiGraph()
    for number, arc in enumerate(router.impedance.arcs):
        graph.add_edge(arc.tail, arc.head, key=number, weight=float(router.weight[number]))
    source = router.end_state("harbin", "origin")
    distance = nx.single_source_dijkstra_path_length(graph, source)
    amounts = reach(router, "harbin")
    received = {node for node, name in router.impedance.states if name == "destination"}
    passed = [node for node in amounts if node not in received | {"harbin"}]
    assert passed
    for node in passed:
        states = [s for s, (name, _) in enumerate(router.impedance.states) if name == node and s in distance]
        nearest = min(states, key=lambda s: distance[s])
        path = nx.dijkstra_path(graph, source, nearest)
        steps = itertools.pairwise(path)
        hours = sum(router.hours[min(graph[a][b], key=lambda k: graph[a][b][k]["weight"])] for a, b in steps)
        assert amounts[node] == pytest.approx(hours), node


def test_bands_lie_in_one_another_and_hold_their_nodes(router):
    limits = (24.0, 72.0, 168.0)
    reached = reach(router, "harbin")
    features = bands_geojson(router.network, reached, limits, "hours")["features"]
    shapes = {f["properties"]["band"]: shape(f["geometry"]) for f in features if f["geometry"]["type"] != "Point"}
    assert shapes[24.0].within(shapes[72.0].buffer(0.05))
    assert shapes[72.0].within(shapes[168.0].buffer(0.05))
    linked = {end for link in router.network.active("link") for end in (link.from_node_id, link.to_node_id)}
    for f in features:
        node = f["properties"].get("node_id")
        if node in linked and f["properties"].get("band") is not None and node != "dekastri":
            assert shapes[f["properties"]["band"]].buffer(0.02).contains(Point(f["geometry"]["coordinates"])), node


def a_place_without_terminal(router):
    return next(n for n in router.network.nodes if (n, "origin") not in router.impedance.index)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda r, f: potential(r, f, "harbin", theta=0), BadValue),
        (lambda r, f: potential(r, f, "harbin", scale=-1), BadValue),
        (lambda r, f: potential(r, {}, "harbin"), BadValue),
        (lambda r, f: gain(r, r, f, f, "harbin", elasticity=-1), BadValue),
        (lambda r, f: reach(r, "harbin", "kilograms"), BadValue),
        (lambda r, f: reach(r, "atlantis"), UnknownName),
        (lambda r, f: reach(r, a_place_without_terminal(r)), NoRoute),
        (lambda r, f: checked_limits([]), BadValue),
        (lambda r, f: checked_limits([24, -1]), BadValue),
    ],
)
def test_bad_input_is_told(router, found, wrong, error):
    with pytest.raises(error):
        wrong(router, found)


def test_bands():
    assert [band_of(v, (24, 48)) for v in (0, 24, 24.1, 49)] == [24, 24, 48, None]


def test_a_place_that_cannot_be_reached_is_not_among_those_that_are(tiny):
    """Without the railway to Golf its quay stays, and nothing comes there."""
    router = Router(impedance(tiny.with_rows(link=[row for row in tiny.rows("link") if row.link_id != "rail-ag"])))
    assert ("golf", "port_out") in router.impedance.states
    assert set(reach(router, "alfa")) == {"alfa", "bravo", "charlie", "delta"}
    assert set(reach(Router(impedance(tiny)), "alfa")) == {"alfa", "bravo", "charlie", "delta", "golf"}
