"""How near the markets of the small network are, and what asks what of a box, worked by hand."""

from dataclasses import replace
from math import exp, log, sqrt

import pytest

from corridor_net.analysis.router import Router
from corridor_net.analysis.trade.potential import Spent, all_trips, gain, potential, reach
from corridor_net.analysis.trade.sectors import raised_most, ways_to
from corridor_net.costing import impedance

COST, HOURS = 846 + 8.25 * (156.5 + 196 / 48), 156.5 + 196 / 48


@pytest.fixture(scope="module")
def router(tiny):
    """Delta has a product of 4, Golf of 1.5."""
    markets = [*tiny.rows("market"), replace(tiny.rows("market")[1], node_id="golf", gdp=1.5)]
    return Router(impedance(tiny.with_rows(market=markets)))


@pytest.fixture(scope="module")
def found(router):
    """As if the box went to Golf by the same steps, at 1,500 USD and in exactly ten days."""
    (one,) = all_trips(router, ["alfa"]).values()
    golf = replace(one, destination="golf", generalised_cost_usd=1500.0, hours=240.0)
    return {("alfa", "delta"): one, ("alfa", "golf"): golf}


def test_potential_by_hand(router, found):
    near = potential(router, found, "alfa", theta=3.0, scale=0.001)
    assert near.hansen == pytest.approx(4000 / COST + 1500 / 1500)
    assert near.logsum_usd == pytest.approx(log(4 * exp(-COST / 1000) + 1.5 * exp(-1.5)) * 1000)
    parts = {"delta": 4 * (1 + COST / 33_000) ** -3, "golf": 1.5 * (1 + 1500 / 33_000) ** -3}
    assert near.market_access == pytest.approx(sum(parts.values()))
    assert near.by_destination == pytest.approx({name: part / sum(parts.values()) for name, part in parts.items()})
    assert near.mean_generalised_usd == pytest.approx((4 * COST + 1.5 * 1500) / 5.5)
    assert near.mean_hours == pytest.approx((4 * HOURS + 1.5 * 240) / 5.5)
    assert near.within == {10: 5.5, 12: 5.5, 14: 5.5}
    late = found | {("alfa", "golf"): replace(found["alfa", "golf"], hours=240.01)}
    assert potential(router, late, "alfa").within == {10: 4, 12: 5.5, 14: 5.5}


def test_hours_and_money_by_mode_by_hand(router, found):
    """The border is of the road that leads to it; ships take 42 hours of waiting and 40 of sailing."""
    told = {
        mode: spent
        for mode, spent in potential(router, found, "alfa").by_mode.items()
        if spent != Spent(hours=0, cost_usd=0)
    }
    assert told == {
        "road": Spent(hours=pytest.approx(5.5 + 8 + 196 / 48), cost_usd=pytest.approx(33 + 30 + 22)),
        "sea": Spent(hours=pytest.approx(82), cost_usd=pytest.approx(300)),
        "terminal": Spent(hours=pytest.approx(4 + 27 + 30), cost_usd=pytest.approx(61 + 100 + 300)),
    }


def test_what_a_change_is_worth_by_hand(router, found):
    """Delta comes 170.8125 USD nearer; to Golf there is no way before, and from it none after."""
    cheaper = {("alfa", "delta"): replace(found["alfa", "delta"], generalised_cost_usd=2000.0)}
    alone = {("alfa", "delta"): found["alfa", "delta"]}
    fixed, elastic = (gain(router, router, alone, cheaper, "alfa", elasticity=e, theta=2.0) for e in (0.0, 1.0))
    assert fixed.gain_usd == pytest.approx(COST - 2000)
    assert elastic.gain_usd == pytest.approx((1 + COST / 2000) / 2 * (COST - 2000))
    assert (fixed.markets, fixed.gained, fixed.lost) == (1, (), ())
    assert fixed.market_access_change == pytest.approx((1 + COST / 33_000) ** 2 / (1 + 2000 / 33_000) ** 2 - 1)
    more, less = gain(router, router, alone, found, "alfa"), gain(router, router, found, alone, "alfa")
    assert (more.gain_usd, more.gained, more.lost) == (0, ("golf",), ())
    assert (less.gain_usd, less.gained, less.lost) == (0, (), ("golf",))
    none = gain(router, router, {}, found, "alfa")
    assert (none.gain_usd, none.market_access_change, none.gained) == (None, None, ("delta", "golf"))


def test_what_is_reached_by_hand(router):
    hours = {"alfa": 0, "bravo": 9, "charlie": 9.5, "golf": 35, "delta": HOURS}
    assert reach(router, "alfa") == pytest.approx(hours)
    usd = {"alfa": 0, "bravo": 94, "charlie": 124, "golf": 50 + 110 + 1100 / 6, "delta": 846}
    assert reach(router, "alfa", "cost_usd") == pytest.approx(usd)


@pytest.mark.parametrize("schedule", [False, True])
def test_what_asks_what_of_a_box_by_hand(tiny, schedule):
    """An hour is 8.25 USD, one that is not sure 0.4 of it more; the ship of every 84 hours is waited for."""
    unsure = tiny.with_rows(cargo=[replace(row, reliability_ratio=0.4) for row in tiny.rows("cargo")])
    router = Router(impedance(unsure), co2_price_usd_per_t=50.0, schedule=schedule)
    (way,) = ways_to(router, ["golf", "alfa"], "delta")
    assert (way.origin, way.gateway, way.services) == ("alfa", "charlie", ("line-cd",))
    spread, ship = router.route("alfa", "delta").spread_hours, 84 / sqrt(12)
    assert way.by == pytest.approx({
        "cost": 846, "time": 8.25 * (49.4 if schedule else HOURS - 42),
        "frequency": 0 if schedule else 8.25 * (42 + 0.4 * ship),
        "certainty": 0 if schedule else 8.25 * 0.4 * (spread - ship), "CO2e": 39})  # fmt: skip
    assert way.generalised_cost_usd == pytest.approx(sum(way.by.values()))
    assert way.cost_usd == pytest.approx(846)
    assert way.days == pytest.approx((49.4 if schedule else HOURS) / 24)
    assert way.late_days == pytest.approx(49.4 / 24 if schedule else (HOURS + 2 * spread) / 24)
    assert ways_to(router, ["alfa"], "bravo") == []


def test_a_rise_of_half_a_thousandth_is_none():
    assert raised_most({"a": 0.02, "b": 0.1}) == ("b", 0.1)
    assert raised_most({"a": 6e-4, "b": -0.1}) == ("a", 6e-4)
    assert raised_most({"a": 5e-4}) == raised_most({}) == (None, 0.0)
