"""Drawing a figure alone is what re-solving with the figure changed in the tables gives.

For every kind of figure: an amount follows its figure, hours of travel go with one over the speed, a wait with one over
the sailings, CO2e with the length too; the spread of a part goes as the part. Draws are taken at given chances; what
`Factors` gives is what amounts are multiplied with, so one over the figure's own factor where they are divided by it.
"""

from __future__ import annotations

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.trips import trips
from corridor_net.costing import VALUE_OF_TIME, impedance
from corridor_net.uncertainty.batches.jobs import Job
from corridor_net.uncertainty.ensembles.ensemble import Ensemble
from corridor_net.uncertainty.factors.draws import Factors

from .networks import multiplied

CHANCES = np.array([0.02, 0.1, 0.5, 0.9, 0.98])
CO2_PRICE = 60.0
STUDY = f"""\
study: one
title: One figure at a time
baselines: [baseline-2019]
origins: [harbin, suifenhe, hunchun]
destinations: [niigata, tokyo, osaka]
co2_price_usd_per_t: {CO2_PRICE}
"""
RANGE = ("value", "value_low", "value_high")
SPEED = ("speed_kmh", "speed_kmh_low", "speed_kmh_high", "schedule_kmh")
KINDS = {
    "hours of an operation": lambda key: key.startswith("operation:") and key.endswith(":hours"),
    "cost of an operation": lambda key: key.startswith("operation:") and key.endswith(":cost"),
    "tariff": lambda key: key.startswith("tariff:"),
    "speed": lambda key: key.startswith("speed:"),
    "sailings per week": lambda key: key.endswith(":sailings_per_week"),
    "port stay": lambda key: key.endswith(":port_stay_hours"),
    "length on land": lambda key: key.startswith("link:"),
    "length at sea": lambda key: key.startswith("sea_lane:"),
    "emission factor": lambda key: key.startswith("emission_factor:"),
    "value of time": lambda key: key == VALUE_OF_TIME,
}
DIVIDED = ("speed", "sailings per week")
"""Kinds of figures by which amounts are divided."""
MOST = 12
"""Figures of a kind that are tried: those that come first along the best routes."""


def changed(network, key, factor):
    """Return the network with the figure of a key multiplied in its table."""
    table, name, *rest = key.split(":")
    if table == "operation":
        component, quantity = rest
        return multiplied(
            network,
            "operation",
            RANGE,
            factor,
            lambda row: (row.operation_id, row.component, row.quantity) == (name, component, quantity),
        )
    columns = {"tariff": ("fixed", "per_km"), "speed": SPEED, "emission_factor": ("value",)}.get(table, tuple(rest))
    column = {"sea_lane": "lane_id"}.get(table, f"{table}_id")
    return multiplied(network, table, columns, factor, lambda row: getattr(row, column) == name)


def resolved(network, key, factor, by="generalised", *, schedule=False):
    """Return the router of the network with one figure changed."""
    if key == VALUE_OF_TIME:
        value = impedance(network).cargo.value_of_time * factor
        return cn.Router(
            impedance(network, value_of_time_usd_per_hour=value),
            by=by,
            schedule=schedule,
            co2_price_usd_per_t=CO2_PRICE,
        )
    return cn.Router(impedance(changed(network, key, factor)), by=by, schedule=schedule, co2_price_usd_per_t=CO2_PRICE)


@pytest.fixture(scope="module")
def comparison(shipped, tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "one.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return cn.compare(cn.load_study(path), shipped)


@pytest.fixture(scope="module")
def job(comparison):
    return Job.of(comparison, destinations=comparison.destinations, exact=True)


@pytest.fixture(scope="module")
def used(comparison):
    """Return the figures along the best routes and those by each gateway, in the order in which cargo meets them."""
    router, found = comparison.runs[0].router, {}
    for origin in comparison.origins:
        for goal in comparison.destinations:
            for via in ((), ("dalian",), ("vladivostok",)):
                for leg in router.route(origin, goal, via=via).legs:
                    found.update(dict.fromkeys(leg.figures))
    emitted = [key for key in Ensemble.of(router, []).model.figures if key.startswith("emission_factor:")]
    return [*found, *emitted, VALUE_OF_TIME]


def of_kind(kind, used, distributions):
    return [key for key in used if KINDS[kind](key) and key in distributions and distributions[key].kind != "certain"][
        :MOST
    ]


def drawn_at(key, kind, distributions):
    """Return what amounts are multiplied with at each of CHANCES, and the factor of the figure itself there."""
    multiplied_with = Factors(distributions).at(key, CHANCES)
    return multiplied_with, 1 / multiplied_with if kind in DIVIDED else multiplied_with


@pytest.mark.parametrize("kind", KINDS)
def test_figures_of_every_kind_are_drawn(job, used, kind):
    keys = of_kind(kind, used, job.runs[0].distributions)
    assert keys
    for key in keys:
        figure = drawn_at(key, kind, job.runs[0].distributions)[1]
        assert (np.diff(figure) >= 0).all(), key
        assert figure[0] < figure[-1], key


@pytest.mark.parametrize(("kind", "table"), [("speed", "speed"), ("hours of an operation", "operation")])
def test_the_ends_of_a_range_are_drawn_in_ten_and_ninety_of_a_hundred(comparison, job, used, kind, table):
    network = comparison.runs[0].router.network
    for key in of_kind(kind, used, job.runs[0].distributions):
        name, column = key.split(":")[1], "speed_kmh" if table == "speed" else "value"
        rows = [r for r in network.active(table) if getattr(r, f"{table}_id") == name]
        if table == "operation":
            rows = [r for r in rows if [r.component, r.quantity] == key.split(":")[2:]]
        (row,), figure = rows, drawn_at(key, kind, job.runs[0].distributions)[1]
        value, low, high = (getattr(row, f"{column}{end}") for end in ("", "_low", "_high"))
        if low:
            assert figure[[1, 3]] == pytest.approx([low / value, high / value], rel=1e-6), key


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_network_searched_with_one_figure_drawn(comparison, job, used, kind):
    run, network = job.runs[0], comparison.runs[0].router.network
    place = {key: row for row, key in enumerate(run.distributions)}
    for key in of_kind(kind, used, run.distributions):
        multiplied_with, figure = drawn_at(key, kind, run.distributions)
        factors = np.ones((len(place), len(CHANCES)))
        factors[place[key]] = multiplied_with
        drawn = run.price(factors)[0]
        for column, factor in enumerate(figure):
            router = resolved(network, key, factor)
            told = trips(router, comparison.origins, comparison.destinations)
            for row, pair in enumerate(run.pairs):
                assert drawn[0, row, column] == pytest.approx(told[pair].generalised_cost_usd, rel=1e-9), (key, factor)


@pytest.mark.parametrize(("by", "schedule"), [("generalised", False), ("generalised", True), ("time", False)])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.slow
def test_rivals_priced_with_one_figure_drawn(comparison, used, kind, by, schedule):
    """The best route of every changed network stands among the rivals, so the cheapest of them is the best."""
    network, pair = comparison.runs[0].router.network, ("suifenhe", "osaka")
    router = cn.Router(comparison.runs[0].router.impedance, by=by, schedule=schedule, co2_price_usd_per_t=CO2_PRICE)
    place = {arc.key: number for number, arc in enumerate(router.impedance.arcs)}
    distributions = Ensemble.of(router, []).distributions
    for key in of_kind(kind, used, distributions)[: MOST // 2]:
        multiplied_with, figure = drawn_at(key, kind, distributions)
        told = [resolved(network, key, factor, by, schedule=schedule).route(*pair) for factor in figure]
        ways = dict.fromkeys(tuple(place[leg.key] for leg in route.legs) for route in told)
        ensemble = Ensemble.with_routes(router, {pair: ways})
        other = np.ones(len(CHANCES))
        priced = ensemble.price(lambda name, key=key, its=multiplied_with: its if name == key else other, len(CHANCES))  # noqa: B023
        for name, total in (("hours", "hours"), ("money", "cost_usd"), ("co2", "co2_kg"),
                            ("generalised", "generalised_cost_usd")):  # fmt: skip
            wanted = [getattr(route, total) for route in told]
            assert priced.won(name)[0] == pytest.approx(wanted, rel=1e-9), (key, name)
