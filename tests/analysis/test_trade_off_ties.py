"""Fronts hold no route that another beats, and none twice, where sums differ only by their rounding."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.trade_offs import TOLERANCE, trade_offs, unbeaten
from corridor_net.costing import impedance

AMOUNT = st.builds(lambda whole, noise: whole * (1 + noise * 1e-13), st.integers(1, 4).map(float), st.integers(-3, 3))
WAY = st.sampled_from([("dalian", ("a",)), ("dalian", ("b",)), ("vladivostok", ("a",))])


def beats(a, b):
    return all(x <= y * (1 + TOLERANCE) for x, y in zip(a, b, strict=True)) and any(
        x < y * (1 - TOLERANCE) for x, y in zip(a, b, strict=True)
    )


def equal(a, b):
    return all(abs(x - y) <= TOLERANCE * max(x, y) for x, y in zip(a, b, strict=True))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT, WAY), min_size=1, max_size=12))
def test_what_is_left_is_what_brute_force_leaves(drawn):
    rows = np.array([row[:3] for row in drawn])
    ways = [row[3] for row in drawn]
    kept = unbeaten(rows, rows, ways)
    assert len(set(kept)) == len(kept)
    for one, other in itertools.permutations(kept, 2):
        assert not beats(rows[one], rows[other])
        assert not (equal(rows[one], rows[other]) and ways[one] == ways[other])
    for out in set(range(len(rows))) - set(kept):
        assert any(beats(rows[n], rows[out]) or (equal(rows[n], rows[out]) and ways[n] == ways[out]) for n in kept)
    wanted = {(*np.round(rows[n], 6), ways[n]) for n in range(len(rows)) if not any(beats(o, rows[n]) for o in rows)}
    assert {(*np.round(rows[n], 6), ways[n]) for n in kept} == wanted


@pytest.mark.parametrize(
    ("day", "cargo"), [("2016-07-01", "dry_40"), ("2019-07-01", "dry_20"), ("2026-07-01", "dry_20")]
)
@pytest.mark.slow
def test_no_printed_route_beats_another_and_none_is_there_twice(day, cargo):
    """The far origins of the east have many ways that cost the same in another order of steps."""
    network = cn.load(as_of=day).network
    router = Router(impedance(network, cargo))
    looked = 0
    for origin in ("luobei", "raohe", "heihe", "hunchun"):
        for market in network.markets("market"):
            routes = [route.to_dict() for route in trade_offs(router, origin, market.node_id).routes]
            looked += len(routes)
            rows = np.array([[r["cost_usd"], r["timed_hours"], r["co2_kg"]] for r in routes])
            no_worse = (rows[:, None, :] <= rows[None, :, :]).all(axis=2)
            better = (rows[:, None, :] < rows[None, :, :]).any(axis=2)
            assert not (no_worse & better).any()
            ways = [(r["gateway"], *r["services"], *row) for r, row in zip(routes, rows.tolist(), strict=True)]
            assert len(set(ways)) == len(ways)
    assert looked > 500


def test_totals_are_those_of_the_arcs():
    router = Router(impedance(cn.load(as_of="2019-07-01").network))
    for route in trade_offs(router, "luobei", "niigata").routes:
        told = router.describe("luobei", "niigata", route.arcs)
        amounts = (told.cost_usd, told.hours, told.spread_hours, told.co2_kg)
        assert (route.cost_usd, route.hours, route.spread_hours, route.co2_kg) == pytest.approx(amounts)
        timed = told.hours + router.objective.reliability_ratio * told.spread_hours
        assert route.timed_hours == pytest.approx(timed)
        assert (route.gateway, route.services) == (told.gateway, told.services)
