"""What was counted on corridors, as shares of the region's own trade, against the model."""

import json
from dataclasses import replace
from datetime import date
from math import exp

import pytest
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.analysis.loads import counts
from corridor_net.analysis.loads import gateways as g
from corridor_net.analysis.router import Router
from corridor_net.cli.main import app
from corridor_net.costing import impedance
from corridor_net.costing.money import origin_weights
from corridor_net.errors import BadValue


@pytest.fixture(scope="module")
def router():
    return Router(impedance(cn.load(as_of="2019-07-01").network))


def asked(*options):
    return json.loads(CliRunner().invoke(app, ["gateways", "--json", *options], catch_exceptions=False).stdout)


def test_unexplained_preference_brings_the_share_about():
    c = counts.unexplained_usd(0.6, 0.1, 0.002)
    odds = 0.6 / 0.4 * exp(-0.002 * c)
    assert odds / (1 + odds) == pytest.approx(0.1)


def test_own_trade_is_that_of_the_origins_in_boxes_of_the_cargo(router):
    network, prices = router.network, router.impedance.prices
    cargo, own = router.impedance.cargo, [m for m in network.markets("origin") if m.trade_musd]
    usd = [prices.usd(1e6 * m.trade_musd, "USD", m.price_year) * 1.02 ** (2019 - m.price_year) for m in own]
    assert counts.own_trade_teu(router, "niigata", 2019) == pytest.approx(sum(usd) / cargo.value_usd * cargo.teu)


def test_corridors_are_held_against_the_region_s_own_trade(router):
    """A share is the count over the trade, a third either way; the model's is of all cargo, not of what was counted."""
    choices = g.hinterlands(router, "niigata")
    weights = origin_weights(router.network)
    rows = {row.target: row for row in counts.against_observed(router, choices, weights, 2019, trade_teu=100_000)}
    assert rows.keys() == {"primorye-1", "primorye-2"}
    held, other = rows["primorye-1"], rows["primorye-2"]
    assert held.teu_a_year == pytest.approx(6000 * 365 / 334)
    assert held.observed_share == pytest.approx(held.teu_a_year / 100_000)
    assert held.observed_share_high == pytest.approx(held.observed_share * exp(0.3 * 1.2815515655446))
    assert held.observed_share_low * held.observed_share_high == pytest.approx(held.observed_share**2)
    by_suifenhe = sum(
        option.share * weights[made.origin]
        for made in choices
        for option in made.options
        if any("suifenhe" in crossing for crossing in option.crossings)
    )
    assert held.modelled_share == pytest.approx(by_suifenhe / sum(weights[made.origin] for made in choices), rel=0.05)
    assert held.modelled_share + other.modelled_share < 0.5
    assert other.unexplained_usd_low < other.unexplained_usd < other.unexplained_usd_high
    odds = other.modelled_share / (1 - other.modelled_share) * exp(-0.002 * other.unexplained_usd)
    assert odds / (1 + odds) == pytest.approx(other.observed_share)


def test_a_count_above_all_trade_leaves_nothing_to_explain(router):
    choices = g.hinterlands(router, "niigata", ["harbin"])
    for row in counts.against_observed(router, choices, {"harbin": 1.0}, 2019, trade_teu=10):
        assert row.observed_share > 1
        assert row.unexplained_usd is None
    with pytest.raises(BadValue, match="trade of the origins is 0"):
        counts.against_observed(router, choices, {"harbin": 1.0}, 2019, trade_teu=0)


def test_counts_are_held_against_the_network_of_their_own_period(router):
    """The middle day is taken unless one is given; a day outside the period is refused, never compared."""
    assert str(counts.day_of_counts(router.network, 2019)) == "2019-06-16"
    today = Router(impedance(cn.load(as_of="2026-07-01").network))
    choices = g.hinterlands(today, "niigata", ["harbin"])
    with pytest.raises(BadValue, match="as of 2026-07-01"):
        counts.against_observed(today, choices, {"harbin": 1.0}, 2019, trade_teu=1000)
    with pytest.raises(BadValue, match="1999"):
        counts.against_observed(router, choices, {"harbin": 1.0}, 1999, trade_teu=1000)
    plain = asked("--observed", "2019")
    assert plain["as_of"] == "2019-06-16"
    assert plain["observed_period"] == ["2019-01-01", "2019-11-30"]
    assert plain["observed"] == asked("--observed", "2019", "--as-of", "2019-06-16")["observed"]
    assert asked("--observed", "2017")["as_of"] == "2017-05-17"
    assert asked("--observed", "2019", "--scenario", "baseline-2019")["as_of"] == "2019-07-01"
    for outside in (["--as-of", "2026-07-01"], ["--scenario", "baseline-2026"]):
        with pytest.raises(BadValue, match="what was counted"):
            asked("--observed", "2019", *outside)


def test_ports_are_named_and_not_compared():
    """A port's count holds cargo of all origins; a year with counts of ports alone has nothing to hold against."""
    told = asked("--observed", "2019")
    assert told["counted_at_ports"] == {"dalian": 8_765_000}
    assert "dalian" not in {row["target"] for row in told["observed"]}
    with pytest.raises(BadValue, match="no traffic of a corridor was counted in 2020"):
        asked("--observed", "2020")


def test_counts_of_parts_of_a_year_are_one_rate(router):
    """Two half-years of one corridor are added, not the later taken for both."""
    rows = [row for row in router.network.rows("traffic") if row.target_id != "primorye-2"]
    year = next(r for r in router.network.rows("traffic") if r.target_id == "primorye-2" and r.from_day.year == 2019)
    halves = [
        replace(year, traffic_id="a", to_day=date(2019, 6, 30), teu=1_000),
        replace(year, traffic_id="b", from_day=date(2019, 7, 1), to_day=date(2019, 12, 31), teu=2_000),
    ]
    network = router.network.with_rows(traffic=[*rows, *halves])
    other = Router(replace(router.impedance, network=network))
    choices = g.hinterlands(other, "niigata", ["harbin"])
    held = counts.against_observed(other, choices, {"harbin": 1.0}, 2019, trade_teu=100_000)
    assert {row.target: row.teu_a_year for row in held}["primorye-2"] == pytest.approx(3_000)
