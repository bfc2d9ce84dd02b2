"""A figure that falls, or a way more, never makes an answer dearer, longer or dirtier."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .networks import (
    COUNTRY,
    INLAND,
    PORTS,
    ends,
    least,
    link_row,
    multiplied,
    small,
    terminal_row,
    with_row,
    worse,
)

LAW = settings(deadline=None, derandomize=True, max_examples=25)
SEEDS, SHARES = st.integers(0, 10_000), st.floats(0.05, 1.0)

LOWERED = [
    ("operation", ("value", "value_low", "value_high")),
    ("operation", ("value_high",)),
    ("tariff", ("fixed", "per_km")),
    ("link", ("length_km",)),
    ("sea_lane", ("length_km",)),
    ("emission_factor", ("value",)),
    ("service", ("port_stay_hours",)),
    ("season", ("hours_factor",)),
    ("cargo", ("value_usd",)),
    ("cargo", ("time_cost_pct_per_day",)),
    ("cargo", ("reliability_ratio",)),
    ("cargo", ("payload_t",)),
    ("cargo", ("freight_surcharge",)),
]
RAISED = [
    ("speed", ("speed_kmh", "speed_kmh_low", "speed_kmh_high", "schedule_kmh")),
    ("speed", ("speed_kmh_low",)),
    ("service", ("sailings_per_week",)),
]


def named(value):
    return value if isinstance(value, str) else "/".join(value)


def fallen(network, table, columns, factor, seed):
    """Return the network with the figure of about half the rows multiplied; a range may not turn round."""
    dice = random.Random(seed)  # noqa: S311
    changed = multiplied(network, table, columns, factor, lambda row: dice.random() < 0.5)
    if columns == ("value_high",):
        rows = [replace(r, value_high=max(r.value, r.value_high or r.value)) for r in changed.rows("operation")]
        return changed.with_rows(operation=rows)
    if columns == ("speed_kmh_low",):
        rows = [
            replace(r, speed_kmh_low=min(r.speed_kmh, r.speed_kmh_low or r.speed_kmh)) for r in changed.rows("speed")
        ]
        return changed.with_rows(speed=rows)
    return changed


@pytest.mark.parametrize(("table", "columns"), LOWERED, ids=named)
@LAW
@given(seed=SEEDS, share=SHARES)
def test_a_figure_that_falls_raises_no_optimum(table, columns, seed, share):
    network = small(seed)
    places = ends(network)
    assert not worse(least(network, *places), least(fallen(network, table, columns, share, seed), *places))


@pytest.mark.parametrize(("table", "columns"), RAISED, ids=named)
@LAW
@given(seed=SEEDS, share=SHARES)
def test_more_speed_and_more_sailings_raise_no_optimum(table, columns, seed, share):
    network = small(seed)
    places = ends(network)
    assert not worse(least(network, *places), least(fallen(network, table, columns, 1 / share, seed), *places))


@pytest.mark.parametrize(("table", "columns"), [*LOWERED, *RAISED], ids=named)
@pytest.mark.parametrize("day", ["2019-02-01", "2026-07-01"])
def test_the_same_on_the_shipped_network(shipped, table, columns, day):
    network = shipped.as_of(day)
    factor = 0.6 if (table, columns) in LOWERED else 1 / 0.6
    cargo = "timber_40" if day.startswith("2019") else "reefer_40"
    before = least(network, *ends(network), cargo=cargo)
    assert not worse(before, least(fallen(network, table, columns, factor, 7), *ends(network), cargo=cargo))


@LAW
@given(seed=SEEDS, hours=st.integers(0, 10), more=st.integers(0, 4))
def test_longer_opening_hours_raise_no_optimum(seed, hours, more):
    network = small(seed)
    short, long = (f"{10 - min(m, 10):02}:00-{11 + hours + m:02}:00" for m in (0, min(more, 24 - 11 - hours - 1)))
    found = [
        least(
            network.with_rows(crossing=[replace(r, opening_hours=text) for r in network.rows("crossing")]),
            *ends(network),
        )
        for text in (short, long, "24h")
    ]
    assert not worse(found[0], found[1])
    assert not worse(found[1], found[2])


def new_rows(dice):
    """Return a way more of each kind. The link has the tariff that its country's links have."""
    here, there = dice.sample([name for name in (*INLAND, "cport") if COUNTRY[name[0]] == "CN"], 2)
    port, other = dice.sample(PORTS, 2)
    service = {
        "service_id": "new", "name": "new", "vehicle": "container_ship", "circular": dice.choice((0, 1)),
        "sailings_per_week": dice.uniform(0.2, 5), "speed_id": "ship", "port_stay_hours": 5, "tariff_id": "back",
        "emission_factor_id": "ship",
    }  # fmt: skip
    return {
        "link": [("link", link_row(dice, "new", here, there, dice.choice(("rail", "road"))))],
        "terminal": [("terminal", terminal_row(there, "origin", "waterway", "load")),
                     ("terminal", terminal_row(there, "waterway", "road", "lift"))],
        "service": [("service", service), *(
            ("service_call", {"service_id": "new", "call_sequence": number, "node_id": node})
            for number, node in enumerate((port, other, port), 1)
        )],
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["link", "terminal", "service"])
@LAW
@given(seed=SEEDS)
def test_a_way_more_raises_no_optimum(kind, seed):
    dice = random.Random(seed)  # noqa: S311
    network = small(seed)
    more = network
    for table, row in new_rows(dice)[kind]:
        more = with_row(more, table, row)
    assert not worse(least(network, *ends(network)), least(more, *ends(network)))


@LAW
@given(seed=SEEDS)
def test_a_way_less_lowers_no_optimum(seed):
    dice = random.Random(seed)  # noqa: S311
    network, table = small(seed), dice.choice(("terminal", "service"))
    rows = list(network.rows(table))
    rows.pop(dice.randrange(len(rows)))
    assert not worse(least(network.with_rows(**{table: rows}), *ends(network)), least(network, *ends(network)))
