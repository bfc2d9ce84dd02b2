"""The scenario of published lorry prices: the line through them, and what it does to a long way and a short one."""

import numpy as np
import pytest

import corridor_net as cn

KM = {"Harbin - Jilin": 250, "Tianjin - Shenyang": 690, "Hohhot - Harbin": 1660}
CNY = {"Harbin - Jilin": 3267, "Tianjin - Shenyang": 4158, "Hohhot - Harbin": 7741}


def test_the_rate_is_the_line_through_the_published_prices():
    per_km, fixed = np.polyfit(list(KM.values()), list(CNY.values()), 1)
    scenario = cn.load_scenario("lorry-market-prices")
    made = scenario.apply(cn.load(as_of="2019-07-01").network)
    row = next(row for row in made.active("tariff") if (row.tariff_id, row.cargo_unit) == ("road_cn", "FEU"))
    assert (row.fixed, row.per_km) == (pytest.approx(fixed, rel=0.01), pytest.approx(per_km, rel=0.01))
    assert all(f"{price:,}" in scenario.why for price in CNY.values())


def test_it_makes_the_long_way_cheaper_by_hand():
    """Harbin to Dalian has 961 km: 2,230 + 3,132.86 CNY in place of 6,630.90, at 6.9081 CNY a dollar."""
    before, after = (cn.load(as_of="2019-07-01", scenarios=some).route("harbin", "niigata") for some in
                     ((), ("lorry-market-prices",)))  # fmt: skip
    assert after.gateway == before.gateway == "dalian"
    assert after.cost_usd - before.cost_usd == pytest.approx((2230 + 3132.86 - 6630.9) / 6.9081, abs=0.01)


BOX_KM = {"Yiwu - Shanghai": 300, "Chongqing - Shenzhen": 1587, "Chongqing - Shanghai": 1728}
BOX_PRICES = {"Yiwu - Shanghai": 3000 / 6.7569, "Chongqing - Shenzhen": 1392, "Chongqing - Shanghai": 1486}


def test_the_rate_of_boxes_is_the_line_through_their_published_prices():
    """USD of 2017, at 6.7569 CNY; the price from Yiwu is told in CNY."""
    per_km, fixed = np.polyfit(list(BOX_KM.values()), 6.7569 * np.array(list(BOX_PRICES.values())), 1)
    scenario = cn.load_scenario("lorry-box-prices")
    made = scenario.apply(cn.load(as_of="2019-07-01").network)
    row = next(row for row in made.active("tariff") if (row.tariff_id, row.cargo_unit) == ("road_cn", "FEU"))
    assert (row.fixed, row.per_km) == (pytest.approx(fixed, rel=0.01), pytest.approx(per_km, rel=0.01))
    assert all(price in scenario.why for price in ("3,000 CNY", "1,392 USD", "1,486 USD"))


def test_a_box_pays_no_lorry_for_the_first_kilometres_by_hand():
    """Harbin to Dalian has 961 km: 1,518 + 4,756.95 CNY in place of 6,630.90 and 412 for the first kilometres."""
    before, after = (cn.load(as_of="2019-07-01", scenarios=some).route("harbin", "niigata") for some in
                     ((), ("lorry-box-prices",)))  # fmt: skip
    assert after.gateway == before.gateway == "dalian"
    assert after.cost_usd - before.cost_usd == pytest.approx((1518 + 4756.95 - 6630.9 - 412) / 6.9081, abs=0.1)
