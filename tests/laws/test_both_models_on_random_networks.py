"""The second model and the product on networks made at random, with what the shipped tables do not use."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from datetime import date
from itertools import product as every

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.analysis.trips import trips
from corridor_net.costing import impedance
from second_model.model import Model, Wish

from .networks import BY, MEASURE, ends, small, with_row

LAW = settings(deadline=None, derandomize=True, max_examples=40)


def tables_of(network):
    """Return the rows of a network as a file would have them."""

    def text(value):
        return "" if value is None else str(value) if isinstance(value, date) else value

    return {
        name: [{item.name: text(getattr(row, item.name)) for item in fields(row)} for row in rows]
        for name, rows in network.tables.items()
    }


def odd(seed):
    """Return a small network with one-way links, figures of one box, closed seasons, two tariffs and absent places."""
    dice, network = random.Random(seed), small(seed)  # noqa: S311
    links = [replace(row, directed=int(dice.random() < 0.15)) for row in network.rows("link")]
    figure = replace(dice.choice(network.rows("operation")), cargo_unit="FEU", value=17.0)
    figures = dice.sample([*network.rows("operation"), figure], len(network.rows("operation")) + 1)
    network = network.with_rows(link=links, operation=figures)
    if dice.random() < 0.4:
        target = dice.choice((("mode", "road"), ("node", "rport"), ("service", "line-c")))
        rows = [
            replace(r, closed="yes") if (r.applies_to, r.target_id) == target else r for r in network.rows("season")
        ]
        network = network.with_rows(season=rows)
    if dice.random() < 0.4:
        absent = dice.choice(("n1", "r1", "jport"))
        first = date(2019, 7, 2)
        rows = [replace(r, valid_from=first) if r.node_id == absent else r for r in network.rows("node")]
        network = network.with_rows(node=rows)
    if dice.random() < 0.3:
        other = dice.choice(network.rows("link"))
        dear = {"tariff_id": "other", "mode": other.mode, "cargo_unit": "FEU", "fixed": dice.uniform(0, 2000),
                "per_km": 0.5, "currency": "CNY", "price_year": 2018}  # fmt: skip
        network = with_row(network, "tariff", dear)
        network = network.with_rows(link=(*network.rows("link"), replace(other, link_id="new", tariff_id="other")))
    return network.as_of(dice.choice(("2019-07-01", "2019-01-15", "2020-02-29")))


@LAW
@given(seed=st.integers(0, 10_000))
def test_both_models_say_the_same_on_a_network_made_at_random(seed):
    network = odd(seed)
    places, _ = ends(network)
    compiled, mine = impedance(network, price_year=2019), Model(tables_of(network), network.day, "dry_40", 2019)
    for by, schedule in every(BY, (False, True)):
        wish = Wish(by, schedule, 70.0)
        found = trips(cn.Router(compiled, by=by, schedule=schedule, co2_price_usd_per_t=70.0), places, places)
        wanted = mine.best(wish, places, places)
        assert found.keys() == wanted.keys()
        for pair, trip in found.items():
            assert getattr(trip, MEASURE[by]) == pytest.approx(wanted[pair], abs=1e-6), (by, schedule, pair)
