"""The second model and the product on networks made at random, with what the shipped tables do not use."""

from __future__ import annotations

from itertools import product as every

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.analysis.trips import trips
from corridor_net.costing import impedance
from second_model.model import Model, Wish

from .networks import BY, MEASURE, ends, odd, tables_of

LAW = settings(deadline=None, derandomize=True, max_examples=40)


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
