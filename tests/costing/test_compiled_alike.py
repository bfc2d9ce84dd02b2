"""A network compiled like another takes over what rests on the same rows: the outcome is that of compiling it alone."""

from dataclasses import replace

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.costing import impedance

AMOUNTS = ("money", "hours", "spread", "scheduled", "co2_kg", "distance_km")
CHANGED = ("primorye-1", "primorye-2", "rajin-khasan", "vladivostok-liner", "harbin-mudanjiang", "longjiang-belt")


def same(one, other):
    """Hold two compiled networks against each other, arc by arc with all parts."""
    assert tuple(one.states) == tuple(other.states)
    assert list(one.keys()) == list(other.keys())
    assert one.tail.tolist() == other.tail.tolist()
    assert one.head.tolist() == other.head.tolist()
    assert one.at_sea.tolist() == other.at_sea.tolist()
    assert one.arcs == other.arcs
    for name in AMOUNTS:
        assert np.array_equal(getattr(one.amounts, name), getattr(other.amounts, name)), name


@pytest.mark.parametrize("name", CHANGED, ids=CHANGED)
def test_a_scenario_compiled_like_its_baseline_is_compiled_alone(net2019, imp2019, name):
    network = cn.load_scenario(name).apply(net2019)
    like = impedance(network, like=imp2019)
    same(like, impedance(network))
    assert like.draft.services
    assert like.draft.like is None


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("tariff", "fixed", lambda row: row.fixed * 2 + 1),
        ("speed", "speed_kmh", lambda row: row.speed_kmh * 1.5),
        ("emission_factor", "value", lambda row: row.value * 3),
        ("sea_lane", "length_km", lambda row: row.length_km + 7),
        ("season", "from_month_day", lambda row: "06-01"),
        ("operation", "value", lambda row: row.value + 1),
        ("service_call", "departure_hours", lambda row: row.departure_hours and row.departure_hours + 1),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_figure_that_changes_everywhere_is_taken_over_nowhere(net2019, imp2019, table, column, value):
    network = net2019.with_rows(**{table: [replace(row, **{column: value(row)}) for row in net2019.rows(table)]})
    like, alone = impedance(network, like=imp2019), impedance(network)
    same(like, alone)
    assert like.arcs != imp2019.arcs


def test_another_day_or_cargo_takes_over_nothing(net2019, imp2019):
    for network, cargo in ((net2019.as_of("2019-01-15"), None), (net2019, "grain_20")):
        same(impedance(network, cargo, like=imp2019), impedance(network, cargo))
