"""A whole matrix holds what single routes say, by whichever engine it was worked out."""

import sys

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis import pair_totals as totals
from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.graph.search import large

ORIGINS = ["harbin", "hunchun", "tongjiang", "niigata", "tokyo", "busan", "khabarovsk", "dalian"]
DESTINATIONS = ["niigata", "tokyo", "busan", "harbin", "vladivostok", "dalian"]


def engine(monkeypatch):
    monkeypatch.setattr(large, "LARGE", 0)
    monkeypatch.setattr(totals, "WORTH_ENGINE", 1)


def trees(monkeypatch):
    monkeypatch.setattr(large, "LARGE", 0)


def scipy(monkeypatch):
    monkeypatch.setattr(large, "LARGE", 0)
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(totals, "WORTH_ENGINE", 1)


@pytest.mark.parametrize("way", [engine, trees, scipy])
@pytest.mark.parametrize("options", [{}, {"by": "time", "schedule": True}, {"by": "money"}])
def test_every_pair_is_as_its_route(way, options, monkeypatch):
    plain = cn.load(as_of="2019-07-01", **options)
    routes = {(o, d): plain.router.route(o, d) for o in ORIGINS for d in DESTINATIONS if o != d}
    way(monkeypatch)
    found = cn.load(as_of="2019-07-01", **options).matrix(origins=ORIGINS, destinations=DESTINATIONS)
    assert len(found.pairs) == len(ORIGINS) * len(DESTINATIONS)
    for pair in found.pairs:
        if pair.origin == pair.destination:
            assert (pair.cost_usd, pair.gateway) == (None, None)
            continue
        route = routes[pair.origin, pair.destination]
        assert pair.gateway == route.gateway
        for name in totals.MEASURES:
            assert getattr(pair, name) == pytest.approx(getattr(route, name), rel=1e-12), (pair, name)


@pytest.mark.parametrize("way", [engine, trees, scipy])
def test_what_cannot_be_reached_or_sent_has_no_figures(way, monkeypatch):
    plain = cn.load(as_of="2012-07-01")
    nodes = [node.node_id for node in plain.network.rows("node")][::9]
    before = plain.matrix(origins=nodes, destinations=nodes)
    way(monkeypatch)
    after = cn.load(as_of="2012-07-01").matrix(origins=nodes, destinations=nodes)
    assert np.array_equal(np.isnan(before.array()), np.isnan(after.array()))
    assert 0 < np.isnan(before.array()).sum() < before.array().size
    assert np.nanmax(np.abs(before.array() / after.array() - 1)) < 1e-12
    assert [pair.gateway for pair in before.pairs] == [pair.gateway for pair in after.pairs]


@pytest.mark.parametrize("way", [None, scipy])
def test_a_small_matrix_by_hand(way, make_tiny, monkeypatch):
    """Out by Charlie or Golf, back to Alfa by Charlie at 655 USD and in 180.5 hours; nothing leaves from Bravo."""

    def terminals(rows):
        for node, start, end, work in (
            ("delta", "origin", "port_out", "port_golf"),
            ("charlie", "port_in", "road", "port_charlie"),
            ("alfa", "road", "destination", "load_road"),
            ("golf", "origin", "port_out", "load_road"),
        ):
            rows.append({"terminal_id": f"{node}-{start}-{end}", "node_id": node, "from_state": start,
                         "to_state": end, "operation_id": work})  # fmt: skip

    def turns(rows):
        rows.append({"service_id": "line-cd", "call_sequence": 3, "node_id": "charlie"})

    network = make_tiny(terminal=terminals, service=lambda rows: rows[0].update(circular=1), service_call=turns)
    if way:
        way(monkeypatch)
    router = Router(impedance(network))
    found = totals.pair_totals(router, ["alfa", "bravo", "delta", "golf"], ["alfa", "delta", "golf"])
    none = (None, None, None)
    assert found.gateways == ((None, "charlie", None), none, ("delta", None, None), (None, "golf", None))
    hours = 156.5 + 196 / 48
    assert found.sums[0, 1].tolist() == pytest.approx([846, hours, 780, 846 + 8.25 * hours, 1330])
    assert found.sums[2, 0].tolist() == pytest.approx([655, 180.5, 780, 655 + 8.25 * 180.5, 1330])
    assert found.sums[3, 1].tolist() == pytest.approx([750, 198, 210, 750 + 8.25 * 198, 2000])
    there = np.isfinite(found.sums).all(axis=2)
    assert np.argwhere(there).tolist() == [[0, 1], [2, 0], [3, 1]]
    assert np.isnan(found.sums[~there]).all()
