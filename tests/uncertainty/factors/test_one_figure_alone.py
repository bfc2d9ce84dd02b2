"""Drawing one figure alone is the same as putting its value into the tables and searching again, for every kind."""

from dataclasses import replace

import numpy as np
import pytest

from corridor_net.analysis.router import Router
from corridor_net.costing import VALUE_OF_TIME, CostModel, impedance
from corridor_net.graph import Weighted
from corridor_net.uncertainty.factors.distributions import from_range
from corridor_net.uncertainty.factors.draws import Factors

COLUMNS = {
    "operation": ("operation_id", ("value", "value_low", "value_high")),
    "tariff": ("tariff_id", ("fixed", "per_km")),
    "speed": ("speed_id", ("speed_kmh", "speed_kmh_low", "speed_kmh_high", "schedule_kmh")),
    "link": ("link_id", ("length_km",)),
    "sea_lane": ("lane_id", ("length_km",)),
    "emission_factor": ("emission_factor_id", ("value", "value_low", "value_high")),
    "service": ("service_id", ()),
}
"""Which row a figure is in, and its columns: the ends of a range go along with the value."""


def with_figure(network, key, factor):
    """The network with one figure multiplied, row by row, by nothing but the table's own columns."""
    table, name, *rest = key.split(":")
    column, values = COLUMNS[table]
    values = values or (rest[0],)
    rows = []
    for row in network.rows(table):
        mine = getattr(row, column) == name and (table != "operation" or [row.component, row.quantity] == rest)
        if mine:
            row = replace(row, **{v: getattr(row, v) * factor for v in values if getattr(row, v) is not None})
        rows.append(row)
    return network.with_rows(**{table: rows})


def figures_of_every_kind(imp, origin, destination):
    """One figure of each kind, each on the way that is the answer."""
    route = Router(imp).route(origin, destination)
    used = [key for leg in route.legs for key in leg.figures]
    found = {}
    for key in used:
        table, *rest = key.split(":")
        found.setdefault((table, tuple(rest[1:]) if table in ("operation", "service") else ()), key)
    return [key for key in found.values() if key.split(":")[0] in COLUMNS]


@pytest.fixture(scope="module")
def imp(shipped):
    return impedance(shipped.as_of("2019-07-01"))


@pytest.mark.parametrize("by", ["generalised", "money", "time", "co2"])
@pytest.mark.parametrize("factor", [0.6, 1.7])
def test_a_figure_drawn_alone_gives_what_searching_again_gives(imp, by, factor):
    router = Router(imp, by=by, co2_price_usd_per_t=50)
    model = CostModel.from_impedance(imp)
    keys = figures_of_every_kind(imp, "mudanjiang", "niigata")
    assert {key.split(":")[0] for key in keys} >= {"operation", "tariff", "speed", "link", "sea_lane", "service"}
    keys += ["emission_factor:sea_container", "service:zarubino-niigata:sailings_per_week"]
    for key in [key for key in keys if key in imp.parameters]:
        parameter = imp.parameters[key]
        effect = 1 / factor if parameter.inverse else factor
        measures = model.evaluate(lambda figure, key=key, effect=effect: effect if figure == key else 1.0)
        again = impedance(with_figure(imp.network, key, factor))
        assert [arc.key for arc in again.arcs] == [arc.key for arc in imp.arcs]
        fresh = Router(again, by=by, co2_price_usd_per_t=50)
        for mine, theirs in zip(measures, fresh.measures, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9, err_msg=key)
        ends = router.end_state("mudanjiang", "origin"), router.end_state("niigata", "destination")
        drawn = Weighted.of(router.graph, router.objective.weight(*measures)).shortest_path(*ends)[0]
        route = fresh.route("mudanjiang", "niigata")
        assert drawn == pytest.approx(fresh.weight[list(route.arcs)].sum(), rel=1e-12), key


def test_a_value_of_time_drawn_alone_is_a_value_of_time_given(shipped):
    network = shipped.as_of("2019-07-01")
    base = impedance(network)
    for factor in (0.5, 3.0):
        given = Router(impedance(network, value_of_time_usd_per_hour=base.cargo.value_of_time * factor))
        drawn = Router(base).objective.generalised(*Router(base).measures, time_factor=factor)
        np.testing.assert_allclose(drawn, given.generalised, rtol=1e-12)


def test_a_speed_of_12_to_27_km_an_hour_gives_hours_between_what_these_give(imp):
    """1,000 km at 14 km/h, 12.5 to 27.4: 36.5 h, 71.4 h and 80 h at the 10, 50 and 90 % points."""
    key = "speed:rail_cn"
    parameter = replace(imp.parameters[key], value=14.0, low=12.5, high=27.4)
    factors = Factors({key: from_range(parameter)}).factor(key, 0, 100_000)
    assert np.percentile(1000 / 14 * factors, [10, 50, 90]) == pytest.approx([36.5, 71.43, 80.0], rel=0.01)


def test_what_is_divided_by_is_a_speed_or_a_frequency(imp):
    for key, parameter in imp.parameters.items():
        assert parameter.inverse == (key.startswith("speed:") or key.endswith(":sailings_per_week")), key
    assert VALUE_OF_TIME in imp.parameters
