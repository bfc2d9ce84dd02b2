"""Where break-even says that the best route changes, it changes when the figure is set so in the tables."""

from __future__ import annotations

import pytest

import corridor_net as cn
from corridor_net.analysis.breakeven import breakeven
from corridor_net.costing import impedance
from corridor_net.errors import BadValue

from .networks import multiplied

RANGE = ("value", "value_low", "value_high")
SPEED = ("speed_kmh", "speed_kmh_low", "speed_kmh_high", "schedule_kmh")
PAIRS = (("suifenhe", "osaka"), ("hunchun", "niigata"), ("harbin", "tokyo"))
NEAR = 1e-6
MOST = 8
KINDS = ("operation", "tariff", "speed", "sailings_per_week", "port_stay_hours", "value_of_time")


def with_figure(network, key, factor):
    """Return the network with one figure multiplied, its range with it."""
    table, name, *rest = key.split(":")
    columns = {"operation": RANGE, "tariff": ("fixed", "per_km"), "speed": SPEED}.get(table, tuple(rest))

    def chosen(row):
        if table == "operation":
            return [row.operation_id, row.component, row.quantity] == [name, *rest]
        return getattr(row, f"{table}_id") == name

    return multiplied(network, table, columns, factor, chosen)


def best(network, pair, key, factor, by, *, schedule):
    """Return the steps of the best route with one figure multiplied."""
    if key == "value_of_time":
        value = impedance(network).cargo.value_of_time * factor
        compiled = impedance(network, value_of_time_usd_per_hour=value)
    else:
        compiled = impedance(with_figure(network, key, factor))
    return [leg.key for leg in cn.Router(compiled, by=by, schedule=schedule).route(*pair).legs]


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
@pytest.mark.parametrize(
    "kind", ["operation", "tariff", "speed", "sailings_per_week", "port_stay_hours", "value_of_time"]
)
@pytest.mark.parametrize(("by", "schedule"), [("generalised", False), ("generalised", True)])
@pytest.mark.slow
def test_an_edge_of_a_band_is_where_the_route_changes(net2019, pair, kind, by, schedule):
    router = cn.Router(impedance(net2019), by=by, schedule=schedule)
    asked = breakeven(router, *pair)
    keys = [key for key in (*asked.figures, "value_of_time") if key.startswith(kind) or key.endswith(kind)]
    edges = 0
    for key in keys:
        try:
            told = asked.bands(key)
        except BadValue:
            continue
        for low, high in zip(told.bands[:-1], told.bands[1:], strict=True):
            if edges >= MOST or not 0.02 < low.high / told.now < 50:
                continue
            edges += 1
            for band, side in ((low, 1 - NEAR), (high, 1 + NEAR)):
                factor = low.high / told.now * side
                found = best(net2019, pair, key, factor, by, schedule=schedule)
                assert found == [leg.key for leg in band.route.legs], (key, told.now, low.high, side)
