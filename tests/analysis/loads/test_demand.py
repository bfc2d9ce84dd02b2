"""Goods by what their boxes are worth: the example of the page, and each one's own route."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

import corridor_net as cn
from corridor_net.errors import BadValue, UnknownName


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of="2019-07-01")


def test_the_example_of_the_page(shipped):
    onions, leeks = shipped.cargo("onion_40"), shipped.cargo("leek_40")
    assert round(45 * 24_000 / 87.7817) == onions.value_usd
    assert round(80 * 24_000 / 87.7817) == leeks.value_usd
    assert round(100 / (28 * 224) ** 0.5, 1) == onions.time_cost_pct_per_day
    assert round(100 / 21, 1) == leeks.time_cost_pct_per_day
    assert round(onions.value_usd * 0.013) == 160
    assert round(leeks.value_usd * 0.048, -1) == 1050


def test_every_good_is_the_route_of_its_own_profile(model):
    found = model.demand("yanji", "niigata", goods=["leek_40", "board_40", "dry_40"])
    assert sorted(good.cargo for good in found.goods) == ["board_40", "dry_40", "leek_40"]
    for good in found.goods:
        route = model.with_options(cargo=good.cargo).route("yanji", "niigata")
        assert good.cost_usd == route.cost_usd
        assert good.gateway == route.gateway
        assert good.generalised_cost_usd == pytest.approx(good.cost_usd + good.time_share * route.generalised_cost_usd)
        assert sum(good.shares.values()) == pytest.approx(1)
    shares = [good.time_share for good in found.goods]
    assert shares == sorted(shares, reverse=True)


def test_the_more_a_day_costs_the_sooner_and_surer_goods_arrive(model):
    """What the value of time is paid for, hours and spread at their ratio, never grows with it."""
    timed = []
    for hour in (0.5, 2, 8, 30, 100):
        asked = model.with_options(value_of_time=hour)
        route = asked.route("harbin", "niigata")
        timed.append(asked.router.objective.timed(route.hours, route.spread_hours))
    assert all(later <= sooner + 1e-9 for sooner, later in pairwise(timed))


def test_what_cannot_be_asked_is_named(model, cli):
    with pytest.raises(BadValue, match="for all goods alike"):
        model.with_options(value_of_time=5.0).demand("yanji", "niigata")
    with pytest.raises(UnknownName, match="leek_4"):
        model.demand("yanji", "niigata", goods=["leek_4"])
    done = cli("demand", "yanji", "niigata", "--as-of", "2019-07-01", "--good", "leek_40", "--json")
    assert [good["cargo"] for good in json.loads(done.out)["goods"]] == ["leek_40"]
