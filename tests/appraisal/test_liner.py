"""A line against brute force: every equilibrium by a dense scan and by letting it run, every least aid by trying."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_net.appraisal.liner import FEWEST, Liner, ShipAccount, logsum_usd
from corridor_net.errors import BadValue

LAW = settings(deadline=None, derandomize=True, max_examples=20)


def line(**other):
    given_ = {
        "boxes_per_week": np.array([40.0, 20.0]),
        "fixed_usd": np.array([1000.0, 1200.0]),
        "wait_usd": np.array([300.0, 300.0]),
        "other_usd": np.array([1600.0, 1500.0]),
        "freight_usd": np.array([600.0, 600.0]),
        "scale_per_usd": 0.002,
        "sailing_usd": 12_000.0,
        "room_boxes": 50.0,
        "most_sailings": 2.0,
    }
    return Liner(**{**given_, **other})


def wanted_by_hand(made, f):
    total = 0.0
    for q, k, w, a in zip(made.boxes_per_week, made.fixed_usd, made.wait_usd, made.other_usd, strict=True):
        by_line, others = exp(-made.scale_per_usd * (k + w / f)), exp(-made.scale_per_usd * a)
        total += q * by_line / (by_line + others)
    return total


def sustained_by_hand(made, f, aid=0.0):
    wanted = wanted_by_hand(made, f)
    return min(min(wanted, made.room_boxes * f) * (made.freight_usd[0] + aid) / made.sailing_usd, made.most_sailings)


def test_the_example_of_the_page():
    """100 boxes a week, one pair: at one sailing a week the line costs as much as the other way, so half come."""
    made = line(
        boxes_per_week=np.array([100.0]),
        fixed_usd=np.array([1000.0]),
        wait_usd=np.array([500.0]),
        other_usd=np.array([1500.0]),
        freight_usd=np.array([400.0]),
        sailing_usd=20_000.0,
        room_boxes=60.0,
    )
    assert float(made.wanted(1.0)) == pytest.approx(50)
    assert float(made.sustained(1.0)) == pytest.approx(1.0)  # 50 x 400 pays for one sailing: an equilibrium
    found = [(one.kind, round(one.sailings_per_week, 3)) for one in made.equilibria()]
    assert found == [("none", 0.0), ("tipping", 0.443), ("stable", 1.0)]
    assert made.subsidy_needed(1.0) == pytest.approx(0, abs=1e-9)
    assert made.guarantee_needed(1.0) == pytest.approx(0, abs=1e-9)
    assert made.subsidy_needed(0.5) == pytest.approx(20_000 * 0.5 / min(100 / (1 + exp(1)), 30) - 400)


@given(st.floats(200, 2500), st.floats(50, 1500), st.floats(3_000, 60_000), st.floats(0, 500))
@LAW
def test_equilibria_are_those_of_a_dense_scan(fixed, wait, sailing, aid):
    made = line(fixed_usd=np.full(2, fixed), wait_usd=np.full(2, wait), sailing_usd=sailing)
    found = made.equilibria(aid)
    for one in found[1:]:
        f = one.sailings_per_week
        assert sustained_by_hand(made, f, aid) == pytest.approx(f, rel=1e-6)
    dense = np.linspace(FEWEST, made.most_sailings, 1000)
    gaps = np.array([sustained_by_hand(made, f, aid) - f for f in dense])
    for n in np.flatnonzero(gaps[:-1] * gaps[1:] < 0):
        assert any(dense[n] - 1e-6 <= one.sailings_per_week <= dense[n + 1] + 1e-6 for one in found)


@given(st.floats(400, 1800), st.floats(100, 900), st.floats(5_000, 40_000), st.floats(0.02, 2.0))
@LAW
def test_a_line_let_run_ends_at_a_stable_equilibrium_on_its_side_of_the_tipping_point(fixed, wait, sailing, start):
    made = line(fixed_usd=np.full(2, fixed), wait_usd=np.full(2, wait), sailing_usd=sailing)
    found = made.equilibria()
    if any(abs(one.slope - 1) < 0.05 for one in found):
        return  # nearly tangent: it runs too slowly to see
    f = start
    for _ in range(1500):
        f, before = float(made.sustained(f)), f
        if abs(f - before) < 1e-9:
            break
    if f < FEWEST:
        f = 0.0
    end = min(found, key=lambda one: abs(one.sailings_per_week - f))
    assert end.sailings_per_week == pytest.approx(f, abs=1e-3)
    assert end.kind != "tipping" or abs(start - end.sailings_per_week) < 1e-6
    for one in found:
        if one.kind == "tipping":
            assert (start < one.sailings_per_week) == (f < one.sailings_per_week)


@given(st.floats(400, 2200), st.floats(100, 900), st.floats(5_000, 60_000))
@LAW
def test_the_least_aid_is_the_least_that_makes_a_living_equilibrium(fixed, wait, sailing):
    made = line(fixed_usd=np.full(2, fixed), wait_usd=np.full(2, wait), sailing_usd=sailing)
    least, at = made.least_subsidy
    tried = [made.subsidy_needed(f) for f in np.linspace(FEWEST, made.most_sailings, 500)]
    assert least <= min(tried) + 1e-6
    assert made.subsidy_needed(at) == pytest.approx(least)
    if least > 1:
        assert len(made.equilibria(least + 0.5)) > 1
        assert len(made.equilibria(least - 0.5)) == 1


@given(st.floats(0.05, 2.0), st.floats(0, 400))
@LAW
def test_aid_and_guarantee_just_pay_for_a_sailing(f, aid):
    made = line()
    needed = made.subsidy_needed(f)
    assert float(made.carried(f)) * (600 + needed) == pytest.approx(made.sailing_usd * f)
    boxes = made.guarantee_needed(f, aid)
    if 0 < boxes < np.inf:
        assert (made.per_sailing(f) + boxes) * (600 + aid) == pytest.approx(made.sailing_usd)
    seen = made.unexplained_usd(float(made.wanted(f)) / f / 2, f)
    assert float(made.dearer(seen).wanted(f)) == pytest.approx(float(made.wanted(f)) / 2, rel=1e-5)


def test_several_ways_together_are_worth_more_than_the_best():
    ways, sizes = np.array([1000.0, 1100.0, 3000.0]), np.array([1.0, 0.5, 1.0])
    found = logsum_usd(ways, sizes, 0.002)
    by_hand = -np.log(sum(s * exp(-0.002 * g) for g, s in zip(ways, sizes, strict=True))) / 0.002
    assert found == pytest.approx(by_hand)
    assert found < 1000
    assert logsum_usd(np.array([]), np.array([]), 0.002) == np.inf


def test_a_ship_by_hand():
    ship = ShipAccount(
        days_at_sea=3,
        days_in_port=1,
        calls=2,
        charter_usd_per_day=4000,
        fuel_t_per_day_at_sea=10,
        fuel_t_per_day_in_port=2,
        fuel_usd_per_t=400,
        port_dues_usd_per_call=1500,
        crew_usd_per_day=100,
    )
    assert ship.parts == {"charter": 16_000, "crew": 400, "fuel": 12_800, "port dues": 3000}
    assert ship.cost_usd == 32_200


def test_a_line_without_demand_or_ship_is_named():
    for other, told in (
        ({"boxes_per_week": np.array([0.0, 0.0])}, "there is no demand"),
        ({"boxes_per_week": np.array([-1.0, 5.0])}, "there is no demand"),
        ({"room_boxes": 0.0}, "no room"),
        ({"scale_per_usd": 0.0}, "the logit scale is 0"),
        ({"sailing_usd": float("nan")}, "sailing usd is nan"),
    ):
        with pytest.raises(BadValue, match=told):
            line(**other)
