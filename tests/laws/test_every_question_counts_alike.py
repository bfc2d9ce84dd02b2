"""Whatever is asked, the generalised cost of a way is the router's: explain, gateways, criticality and the others."""

from __future__ import annotations

import pytest

import corridor_net as cn
from corridor_net.analysis.criticality import criticality
from corridor_net.analysis.loads.gateways import choice
from corridor_net.analysis.trips import trips
from corridor_net.analysis.upgrade_sets.attribution import attribution
from corridor_net.analysis.upgrade_sets.explain import explain
from corridor_net.analysis.upgrade_sets.portfolio import portfolio
from corridor_net.analysis.upgrade_sets.upgrades import build
from corridor_net.costing import impedance

CARGOES = ("dry_40", "reefer_40")
ORIGINS, GOALS = ("harbin", "hunchun", "jixi"), ("niigata", "tokyo")
UPGRADES = ("primorye-1", "primorye-2", "vladivostok-liner")


@pytest.fixture(scope="module", params=[(c, s) for c in CARGOES for s in (False, True)], ids=str)
def router(request, net2019):
    cargo, schedule = request.param
    return cn.Router(impedance(net2019, cargo), schedule=schedule, co2_price_usd_per_t=90.0)


def upgraded(router, *names):
    network = router.network
    for name in names:
        network = cn.load_scenario(name).apply(network)
    return cn.Router(
        impedance(network, router.impedance.cargo.cargo_id),
        by="generalised",
        schedule=router.schedule,
        co2_price_usd_per_t=90.0,
    )


def mean(router):
    found = trips(router, ORIGINS, GOALS)
    return sum(trip.generalised_cost_usd for trip in found.values()) / len(found)


@pytest.mark.parametrize("origin", ORIGINS)
def test_an_explanation_adds_up(router, origin):
    after = upgraded(router, "primorye-2")
    told = explain(router, after, origin, "niigata")
    change = after.route(origin, "niigata").generalised_cost_usd - router.route(origin, "niigata").generalised_cost_usd
    assert sum(leg.generalised_change_usd for leg in told.legs) == pytest.approx(change, abs=1e-6)
    assert sum(part.generalised_change_usd for part in told.components) == pytest.approx(change, abs=1e-6)


@pytest.mark.parametrize("origin", ORIGINS)
def test_options_cost_what_the_router_says(router, origin):
    options = choice(router, origin, "niigata").options
    for option in options:
        told = router.describe(origin, "niigata", option.arcs).generalised_cost_usd
        assert option.generalised_cost_usd == pytest.approx(told)
    least = router.route(origin, "niigata").generalised_cost_usd
    assert min(option.generalised_cost_usd for option in options) == pytest.approx(least)


def test_a_loss_is_what_re_solving_without_it_finds(router):
    before = trips(router, ORIGINS, GOALS)
    losses = criticality(router, dict.fromkeys(before, 1.0), ("service",))
    assert losses
    for loss in losses:
        network, name = router.network, loss.assets[0].name
        network = network.with_rows(service=[row for row in network.rows("service") if row.service_id != name])
        made = impedance(network, router.impedance.cargo.cargo_id)
        after = trips(
            cn.Router(made, by="generalised", schedule=router.schedule, co2_price_usd_per_t=90.0), ORIGINS, GOALS
        )
        more = sum(after[pair].generalised_cost_usd - trip.generalised_cost_usd for pair, trip in before.items())
        assert loss.extra_usd == pytest.approx(more / len(before), abs=1e-6), name


def test_the_joint_gain_is_that_of_the_routes(router):
    upgrades = [cn.load_scenario(name) for name in UPGRADES]
    subsets = build(router, upgrades)
    wanted = mean(router) - mean(upgraded(router, *UPGRADES))
    assert attribution(subsets, ORIGINS, GOALS, countries=False).joint == pytest.approx(wanted, abs=1e-6)
    costs = dict.fromkeys(UPGRADES, 1.0)
    best = portfolio(subsets, costs, 3.0, ORIGINS, GOALS, weights="equal").best
    assert best.gain_usd_per_box == pytest.approx(mean(router) - mean(upgraded(router, *best.upgrades)), abs=1e-6)
