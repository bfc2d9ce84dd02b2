"""Components sum to legs, legs to totals, in every objective, for every cargo; on paper as in Python."""

from __future__ import annotations

import json

import pytest

import corridor_net as cn
from corridor_net.costing import impedance

from .networks import BY

CARGOES = ("dry_40", "dry_20", "reefer_40", "parts_40", "grain_20", "timber_40")
PAIRS = (("harbin", "niigata"), ("hunchun", "mk_nagano"), ("heihe", "mk_sapporo"), ("niigata", "harbin"))


@pytest.fixture(scope="module", params=CARGOES)
def compiled(request, net2019):
    return impedance(net2019, request.param)


@pytest.mark.parametrize("schedule", [False, True])
@pytest.mark.parametrize("by", BY)
def test_sums_of_legs_are_the_totals(compiled, by, schedule):
    router = cn.Router(compiled, by=by, schedule=schedule, co2_price_usd_per_t=40.0)
    cargo = compiled.cargo
    ratio = compiled.network.cargo(cargo.cargo_id).reliability_ratio
    for pair in PAIRS:
        route = router.route(*pair)
        for total, name in (("cost_usd", "cost_usd"), ("hours", "hours"), ("co2_kg", "co2_kg"),
                            ("distance_km", "distance_km"), ("spread_hours", "spread_hours")):  # fmt: skip
            assert getattr(route, total) == pytest.approx(sum(getattr(leg, name) for leg in route.legs)), (pair, total)
        for name in ("cost_usd", "hours"):
            for leg in route.legs:
                parts = sum(amounts.get(name, 0.0) for amounts in leg.components.values())
                assert getattr(leg, name) == pytest.approx(parts)
            assert sum(route.component(name).values()) == pytest.approx(getattr(route, name))
        spread = 0.0 if schedule else ratio * cargo.value_of_time * route.spread_hours
        carbon = 40.0 / 1000 * route.co2_kg
        paid = route.cost_usd + cargo.value_of_time * route.hours + spread + carbon
        assert route.generalised_cost_usd == pytest.approx(paid)
        if schedule:
            assert route.spread_hours == 0


def test_sums_on_paper_are_within_the_rounding(cli):
    told = json.loads(cli("route", "hunchun", "mk_nagano", "--as-of", "2026-07-01", "--cargo", "dry_20", "--json").out)
    route = told["routes"][0]
    legs = route["legs"]
    for name in ("cost_usd", "hours", "co2_kg"):
        assert sum(leg[name] for leg in legs) == pytest.approx(route[name], abs=0.005 * (len(legs) + 1))
    for leg in legs:
        for name in ("cost_usd", "hours"):
            amounts = [parts[name] for parts in leg["components"].values() if name in parts]
            assert sum(amounts) == pytest.approx(leg[name], abs=0.005 * (len(amounts) + 1))
