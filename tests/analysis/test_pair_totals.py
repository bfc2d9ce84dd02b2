"""A whole matrix holds what single routes say, by whichever engine it was worked out."""

import sys

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis import pair_totals as totals
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
