"""What stands beside an answer is of a search of the whole network in every draw, not of some rival routes."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.costing import VALUE_OF_TIME
from corridor_net.graph import Weighted
from corridor_net.uncertainty.ensembles import ensemble, searched
from corridor_net.uncertainty.ensembles.pair_uncertainty import BY_LAND, QUANTITIES
from corridor_net.uncertainty.factors.draws import Factors
from corridor_net.uncertainty.studies.study import main_uncertainty

GOAL, DRAWS = "niigata", 60
OTHERS = [(None, "money"), ("primorye-2", "time"), (None, "co2")]
SCENARIOS = [None, "longjiang-belt", "vladivostok-liner", "primorye-2", "vanino"]


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    monkeypatch.setattr(ensemble, "DRAWS", DRAWS)
    monkeypatch.setattr(searched, "DRAWS", DRAWS)


def one_by_one(router, origin):
    """Every draw priced and searched by itself: how often each gateway is the best, and what it costs then."""
    model, cargo = router.cost_model, router.impedance.cargo
    factors = Factors(ensemble.distributions_of_router(router), 1)
    known = {name: factors.factor(name, 0, DRAWS) for name in factors.distributions}
    ends = router.end_state(origin, "origin"), router.end_state(GOAL, "destination")
    gates, costs = Counter(), []
    for draw in range(DRAWS):
        money, hours, spread, co2 = model.evaluate(lambda name, draw=draw: float(known[name][draw]))
        worth = cargo.value_of_time * known[VALUE_OF_TIME][draw]
        generalised = money + worth * (hours + cargo.reliability_ratio * spread)
        weight = {"generalised": generalised, "money": money, "time": hours, "co2": co2}[router.by]
        weight = weight + 1e-9 * generalised  # of ways alike the best
        _, arcs = Weighted.of(router.graph, weight).shortest_path(*ends)
        gates[router.gateway(arcs.tolist()) or BY_LAND] += 1
        costs.append([one[arcs].sum() for one in (generalised, hours, co2, money)])
    return {gate: times / DRAWS for gate, times in gates.items()}, costs


@pytest.mark.parametrize(("scenario", "by"), [*((name, "generalised") for name in SCENARIOS), *OTHERS])
def test_of_a_route(scenario, by):
    model = cn.load(as_of="2026-07-01", scenarios=[scenario] if scenario else (), by=by)
    uncertainty = model.route("yanji", GOAL).uncertainty
    gates, costs = one_by_one(model.router, "yanji")
    assert uncertainty.gateways == gates
    for quantity, values in zip(QUANTITIES, np.transpose(costs), strict=True):
        best = getattr(uncertainty.best, quantity)
        assert [best.p10, best.p50, best.p90] == pytest.approx(np.percentile(values, [10, 50, 90]))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_of_a_study(comparison, scenario):
    run = next(run for run in comparison.runs if (run.baseline, run.scenario) == ("baseline-2019", scenario))
    uncertainties = main_uncertainty(replace(comparison, runs=(replace(run, scenario=None),)))
    for origin in ("harbin", "hunchun"):
        assert uncertainties[origin, GOAL].gateways == one_by_one(run.router, origin)[0]
