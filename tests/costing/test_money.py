"""Prices, years and currencies; a figure that is missing is an error, never 0."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.costing import Cargo, Prices, impedance
from corridor_net.errors import BadValue, DataFault, UnknownName

LAW = settings(deadline=None, derandomize=True, max_examples=25)


@pytest.fixture(scope="module")
def compiled(tiny):
    return impedance(tiny)


def test_prices_by_hand(tiny):
    prices = Prices.of(tiny)
    assert prices.year == 2019
    assert prices.usd(700, "CNY", 2019) == pytest.approx(100)
    assert prices.usd(600, "CNY", 2018) == pytest.approx(110)  # 100 USD of 2018
    assert Prices.of(tiny, 2018).usd(700, "CNY", 2019) == pytest.approx(100 / 1.1)


def test_a_missing_rate_or_year_is_an_error(tiny):
    with pytest.raises(BadValue, match="JPY 2019"):
        Prices.of(tiny).usd(1, "JPY", 2019)
    with pytest.raises(BadValue, match="CNY 2017"):
        Prices.of(tiny).usd(1, "CNY", 2017)
    with pytest.raises(BadValue, match="no price index for 2016"):
        Prices.of(tiny.as_of("2016-07-01"))


@LAW
@given(st.floats(0, 1e6), st.sampled_from(["USD", "CNY", "JPY", "RUB", "KRW"]), st.integers(2009, 2025))
def test_prices_are_linear_and_keep_their_worth_over_years(shipped, value, currency, year):
    prices, later = Prices.of(shipped, 2019), Prices.of(shipped, 2024)
    usd = prices.usd(value, currency, year)
    assert prices.usd(2 * value, currency, year) == pytest.approx(2 * usd)
    assert later.usd(value, currency, year) == pytest.approx(later.usd(usd, "USD", 2019))


def test_value_of_time_by_hand(tiny):
    cargo = Cargo.of(tiny, "dry_40", Prices.of(tiny))
    assert cargo.value_usd == pytest.approx(33000)
    assert cargo.value_of_time == pytest.approx(8.25)
    assert cargo.reliability_ratio == 0
    assert (cargo.teu, cargo.payload_t) == (2, 20)


def test_freight_surcharge_raises_freight_and_haul_alone(make_tiny):
    base = impedance(make_tiny())
    dear = impedance(make_tiny(cargo=lambda rows: rows[0].update(freight_surcharge=0.35)))
    ratio = {"haul": 1.35, "freight": 1.35}
    for number, name in enumerate(base.components):
        assert dear.money[:, number] == pytest.approx(base.money[:, number] * ratio.get(name, 1.0))


def test_unknown_cargo(tiny):
    with pytest.raises(UnknownName, match="unknown cargo 'dry_4'") as caught:
        impedance(tiny, "dry_4")
    assert "dry_40" in caught.value.hint


def test_every_shipped_cargo_compiles(net2019):
    for profile in net2019.rows("cargo"):
        compiled = impedance(net2019, profile.cargo_id)
        assert np.isfinite(compiled.money).all()
        assert cn.Router(compiled).route("harbin", "niigata").cost_usd > 0


def test_only_cargo_that_may_charter_charters(net2019):
    assert not [a for a in impedance(net2019, "dry_40").arcs if a.kind == "charter"]
    assert [a for a in impedance(net2019, "grain_20").arcs if a.kind == "charter"]


# a missing figure is an error, never 0

MISSING = [
    ("speed", "road", "speed_id"),
    ("tariff", "road_ru", "tariff_id"),
    ("operation", "border", "operation_id"),
    ("operation", "import_delta", "operation_id"),
    ("speed", "ship", "speed_id"),
    ("tariff", "sea", "tariff_id"),
]


@pytest.mark.whole
@pytest.mark.parametrize(("table", "name", "column"), MISSING)
def test_a_missing_figure_is_an_error(tiny, table, name, column):
    net = tiny.with_rows(**{table: [r for r in tiny.rows(table) if getattr(r, column) != name]})
    with pytest.raises(DataFault, match=f"'{name}'") as caught:
        impedance(net)
    assert "never taken as 0" in caught.value.hint


def test_a_figure_that_ends_before_the_day_is_missing_too(make_tiny):
    with pytest.raises(DataFault, match="'road' of speeds"):
        impedance(make_tiny(speed=lambda rows: rows[0].update(valid_to="2019-06-30")))


def test_a_tariff_of_another_box_is_missing(make_tiny):
    with pytest.raises(DataFault, match="'road_cn' of tariffs"):
        impedance(make_tiny(tariff=lambda rows: rows[0].update(cargo_unit="TEU")))


def test_a_missing_lane_is_an_error(tiny):
    with pytest.raises(DataFault, match="goes from charlie to delta"):
        impedance(tiny.with_rows(sea_lane=tiny.rows("sea_lane")[1:]))


def test_an_exchange_rate_that_is_missing_is_an_error(tiny):
    net = tiny.with_rows(exchange_rate=[r for r in tiny.rows("exchange_rate") if r.currency != "CNY"])
    with pytest.raises(BadValue, match="CNY 2018"):
        impedance(net)


def test_the_home_tariff_that_is_missing_is_an_error_for_the_fixed_part(make_tiny):
    # the fixed part is paid where the cargo is put on the mode: it may not vanish with its tariff
    with pytest.raises(DataFault):
        impedance(make_tiny(tariff=lambda rows: rows[2].update(valid_to="2019-01-01")))
