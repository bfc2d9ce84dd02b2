"""Access by its formulas, gains by the rule of half, and what is reached in time against networkx."""

from dataclasses import replace
from math import exp, log

import networkx as nx
import pytest
from shapely.geometry import Point, shape

import corridor_net as cn
from corridor_net.analysis.potential import all_trips, band_of, checked_limits, gain, potential, reach
from corridor_net.analysis.route import Router
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute, UnknownName
from corridor_net.output.bands import bands_geojson


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
    gdp = {m.node_id: m.gdp_trillion_jpy for m in router.network.markets("market") if m.gdp_trillion_jpy}
    value = router.impedance.cargo.value_usd
    cost = {m: found["harbin", m].generalised_cost_usd for m in gdp}
    p = potential(router, found, "harbin", theta=3.0, scale=0.001)
    assert p.markets == len(gdp)
    assert p.hansen == pytest.approx(1000 * sum(gdp[m] / cost[m] for m in gdp))
    assert p.logsum_usd == pytest.approx(log(sum(gdp[m] * exp(-0.001 * cost[m]) for m in gdp)) / 0.001)
    assert p.market_access == pytest.approx(sum(gdp[m] / (1 + cost[m] / value) ** 3 for m in gdp))
    assert sum(p.by_destination.values()) == pytest.approx(1)
    assert sum(hours for hours, _ in p.by_mode.values()) == pytest.approx(p.mean_hours)
    assert 0 <= p.within[5] <= p.within[7] <= p.within[10] <= sum(gdp.values())


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
def test_reach_equals_networkx(router, quantity):
    weight = router.hours if quantity == "hours" else router.money
    graph = nx.MultiDiGraph()
    for arc, w in zip(router.impedance.arcs, weight.tolist(), strict=True):
        graph.add_edge(arc.tail, arc.head, weight=w)
    source = router.end_state("harbin", "origin")
    distance = nx.single_source_dijkstra_path_length(graph, source)
    expected = {"harbin": 0.0}
    for state, value in distance.items():
        node = router.impedance.states[state][0]
        expected[node] = min(expected.get(node, value), value)
    assert reach(router, "harbin", quantity) == pytest.approx(expected)


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
        if node in linked and f["properties"]["band"] is not None and node != "dekastri":
            assert shapes[f["properties"]["band"]].buffer(0.02).contains(Point(f["geometry"]["coordinates"])), node


def a_place_without_terminal(router):
    return next(n for n in router.network.nodes if (n, "origin") not in router.impedance.index)


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
