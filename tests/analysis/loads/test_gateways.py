"""Choices against enumeration of all routes, and against what was counted."""

from math import exp, log

import networkx as nx
import numpy as np
import pytest
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.analysis.loads import gateways as g
from corridor_net.analysis.router import Router
from corridor_net.cli.main import app
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute


@pytest.fixture(scope="module")
def router():
    return Router(impedance(cn.load(as_of="2019-07-01").network))


@pytest.fixture(scope="module")
def small(tiny):
    return Router(impedance(tiny))


def listed(router, origin, destination):
    """Every set of crossings and ports of loading, with its cheapest route, by listing all simple routes."""
    graph = nx.MultiDiGraph()
    for number, arc in enumerate(router.impedance.arcs):
        graph.add_edge(arc.tail, arc.head, key=number)
    ends = router.end_state(origin, "origin"), router.end_state(destination, "destination")
    best = {}
    for path in nx.all_simple_edge_paths(graph, *ends):
        arcs = [key for _, _, key in path]
        steps = [router.impedance.arcs[arc] for arc in arcs]
        gates = frozenset(
            (s.kind == "crossing", s.asset_id if s.kind == "crossing" else s.from_node)
            for s in steps
            if s.kind in ("crossing", "board", "charter")
        )
        cost = float(router.generalised[arcs].sum())
        if cost < best.get(gates, (float("inf"),))[0]:
            best[gates] = (cost, arcs)
    lowest = min(cost for cost, _ in best.values())
    return sorted((cost, arcs) for cost, arcs in best.values() if cost <= g.STRETCH * lowest)[: g.ROUTES]


def test_shares_equal_enumeration(small, monkeypatch):
    monkeypatch.setattr(g, "STRETCH", 3.0)
    routes = listed(small, "alfa", "delta")
    assert len(routes) >= 2
    uses = np.zeros(small.graph.n_arcs)
    for _, arcs in routes:
        uses[arcs] += 1
    mu = 0.001
    utilities = [-mu * cost + log(sum(small.generalised[a] / cost / uses[a] for a in arcs)) for cost, arcs in routes]
    total = sum(exp(u) for u in utilities)
    expected = {small.gateway(arcs): exp(u) / total for u, (_, arcs) in zip(utilities, routes, strict=True)}
    made = g.choice(small, "alfa", "delta", scale_per_usd=mu)
    assert made.gateways == pytest.approx(expected)


def test_the_example_of_the_page(monkeypatch, small):
    """Two routes with nothing in common, 500 USD apart, scale 0.002: e to 1."""
    options = [
        g.Option(gateway="a", crossings=(), generalised_cost_usd=2000.0, path_size=1.0, share=0.0, arcs=(0,)),
        g.Option(gateway="b", crossings=(), generalised_cost_usd=2500.0, path_size=1.0, share=0.0, arcs=(1,)),
    ]
    monkeypatch.setattr(g, "_options", lambda *_: options)
    made = g.choice(small, "alfa", "delta")
    assert made.gateways == pytest.approx({"a": 0.7311, "b": 0.2689}, abs=1e-4)
    assert not made.contested
    even = g.choice(small, "alfa", "delta", preference_usd={"a": 500.0})
    assert even.gateways == pytest.approx({"a": 0.5, "b": 0.5})
    assert even.contested


@pytest.mark.parametrize("origin", ["harbin", "suifenhe", "hunchun"])
def test_laws_of_choice(router, origin):
    made = g.choice(router, origin, "niigata")
    assert sum(o.share for o in made.options) == pytest.approx(1)
    assert all(0 < o.path_size <= 1 + 1e-9 for o in made.options)
    best = router.route(origin, "niigata")
    assert min(o.generalised_cost_usd for o in made.options) == pytest.approx(best.generalised_cost_usd)
    sharp = g.choice(router, origin, "niigata", scale_per_usd=5.0)
    assert sharp.gateways[best.gateway] > 0.99
    shunned = g.choice(router, origin, "niigata", preference_usd={best.gateway: 5000.0})
    assert shunned.gateways[best.gateway] < 0.01


def test_bad_input_is_told(router):
    with pytest.raises(BadValue, match="scale"):
        g.choice(router, "harbin", "niigata", scale_per_usd=0.0)
    harbin = g.hinterlands(router, "niigata", ["harbin"])
    for weights in ({"harbin": 0.0}, {"harbin": 1.0, "yanji": -1.0}):
        with pytest.raises(BadValue, match="weights"):
            g.market_shares(harbin, weights)
    assert g.market_shares(harbin, {"harbin": 2.0, "yanji": 0.0}) == pytest.approx(harbin[0].gateways)
    with pytest.raises(NoRoute):
        g.hinterlands(
            router, "niigata", [next(n for n in router.network.nodes if (n, "origin") not in router.impedance.index)]
        )
    for option in ("niigata", "niigata=x"):
        with pytest.raises(BadValue, match="preference"):
            CliRunner().invoke(app, ["gateways", "--prefer", option], catch_exceptions=False)
