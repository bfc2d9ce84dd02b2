"""A liner whose freight follows its filling: held to a dense scan, and to letting the price run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corridor_net.appraisal.filling import best_filled, most_covered, pays_at
from corridor_net.appraisal.liner import Liner

EXAMPLE = Liner(
    boxes_per_week=np.array([100.0]),
    fixed_usd=np.array([1000.0]),
    wait_usd=np.array([500.0]),
    other_usd=np.array([1500.0]),
    freight_usd=np.array([400.0]),
    scale_per_usd=0.002,
    sailing_usd=20000.0,
    room_boxes=200.0,
    most_sailings=3.0,
)


def boxes(line, f, change):
    cost = line.fixed_usd + change + line.wait_usd / f
    wanted = line.boxes_per_week / (1 + np.exp(line.scale_per_usd * (cost - line.other_usd)))
    return min(float(wanted.sum()), line.room_boxes * f)


def left(line, f, change):
    return boxes(line, f, change) * (400.0 + change) - line.net_cost_usd * f


def test_the_example_of_the_page():
    found = pays_at(EXAMPLE, 1.0)
    assert found.freight_usd == pytest.approx(400)
    assert found.boxes_per_sailing == pytest.approx(50)
    assert found.empties_usd == pytest.approx(1209.4, abs=0.05)
    assert left(EXAMPLE, 1.0, found.empties_usd - 400) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("f", [0.4, 0.7, 1.3, 2.0])
def test_the_least_freight_and_where_it_empties_are_those_of_a_dense_scan(f):
    places = np.linspace(-400, 4000, 40001)
    good = [change for change in places.tolist() if left(EXAMPLE, f, change) >= 0]
    found = pays_at(EXAMPLE, f)
    if not good:
        assert found is None
        return
    assert found.freight_usd - 400 == pytest.approx(good[0], abs=0.12)
    assert found.empties_usd - 400 == pytest.approx(good[-1], abs=0.12)
    assert found.profit_usd_per_week == pytest.approx(0, abs=0.01)


def test_a_freight_that_follows_the_filling_comes_to_rest_at_the_lower_one_and_runs_away_above_the_upper():
    found = pays_at(EXAMPLE, 1.0)

    def run(freight):
        for _ in range(2000):
            freight = min(EXAMPLE.net_cost_usd / boxes(EXAMPLE, 1.0, freight - 400), 1e5)
        return freight

    assert run(found.freight_usd * 1.3) == pytest.approx(found.freight_usd, rel=1e-6)
    assert run(found.empties_usd * 1.01) > 10 * found.empties_usd


def test_the_best_frequency_carries_most_at_its_least_freight():
    best = best_filled(EXAMPLE)
    most = best.boxes_per_sailing * best.sailings_per_week
    for f in np.linspace(0.2, 3.0, 60).tolist():
        one = pays_at(EXAMPLE, f)
        assert one is None or one.boxes_per_sailing * f <= most * 1.01


def test_a_ship_too_dear_pays_at_no_freight_and_aid_brings_it_back():
    dear = replace(EXAMPLE, sailing_usd=60000.0)
    assert best_filled(dear) is None
    nearest = most_covered(dear)
    assert nearest.profit_usd_per_week < 0
    places = np.linspace(0.05, 3, 120).tolist()
    most = max(1 + left(dear, f, change) / (60000 * f) for f in places for change in np.linspace(-400, 4000, 200))
    assert nearest.covered == pytest.approx(most, rel=0.01)
    assert best_filled(dear, subsidy_usd=2000.0) is not None
