"""A network compiled once for a kind of box says of each kind of goods what one compiled for it alone says."""

from __future__ import annotations

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.trade.boxed import Boxed
from corridor_net.costing import impedance

FEU = ["dry_40", "reefer_40", "parts_40", "timber_40", "onion_40", "board_40"]


@pytest.fixture(scope="module")
def network():
    return cn.load(as_of="2019-07-01").network


@pytest.mark.parametrize("goods", [FEU, ["dry_20", "grain_20"]], ids=["40 ft", "20 ft"])
@pytest.mark.parametrize("schedule", [False, True])
def test_sums_of_arcs_are_those_of_a_compilation_of_its_own(network, goods, schedule):
    boxed = Boxed.of(network, goods, 2019)
    for good in goods:
        alone = Router(
            impedance(network, good, price_year=2019), by="generalised", schedule=schedule, co2_price_usd_per_t=80.0
        )
        found = boxed.router(good, schedule=schedule, co2_price_usd_per_t=80.0, scenario="baseline")
        place = {arc.key: number for number, arc in enumerate(found.impedance.arcs)}
        same = [place[arc.key] for arc in alone.impedance.arcs]
        for mine, theirs in zip(found.measures, alone.measures, strict=True):
            assert mine[same] == pytest.approx(theirs, rel=1e-12, abs=1e-9)
        assert found.weight[same] == pytest.approx(alone.weight, rel=1e-12)
        others = np.setdiff1d(np.arange(len(place)), same)
        assert np.isinf(found.weight[others]).all()
        assert found.route("harbin", "niigata").generalised_cost_usd == pytest.approx(
            alone.route("harbin", "niigata").generalised_cost_usd
        )


def test_a_charge_by_value_goes_by_the_value_of_the_goods(network, monkeypatch):
    """No shipped charge goes by value: that of documents is made to."""
    known = type(network.vocabulary).components_where

    def where(self, column, value):
        return ("documents",) if (column, value) == ("per", "value") else known(self, column, value)

    monkeypatch.setattr(type(network.vocabulary), "components_where", where)
    boxed = Boxed.of(network, ["dry_40", "parts_40"], 2019)
    found = boxed.router("parts_40", schedule=False, co2_price_usd_per_t=0.0, scenario="baseline")
    alone = Router(impedance(network, "parts_40", price_year=2019))
    place = {arc.key: number for number, arc in enumerate(found.impedance.arcs)}
    assert boxed.by_value.any()
    assert found.money[[place[arc.key] for arc in alone.impedance.arcs]] == pytest.approx(alone.money)
