"""Lorries in China: the line through what was paid for them, and the scenarios of other prices."""

import numpy as np
import pytest
from scipy import optimize

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


def _added(scenario):
    """USD that a scenario adds to Harbin - Niigata by Dalian, in 2019, at 6.9081 CNY a dollar; 934.9 km by lorry."""
    models = (cn.load(as_of="2019-07-01", scenarios=some) for some in ((), (scenario,)))
    before, after = (model.route("harbin", "niigata") for model in models)
    assert after.gateway == before.gateway == "dalian"
    return after.cost_usd - before.cost_usd


LINE = 1165 + 5.19 * 934.9


@pytest.mark.parametrize(
    ("scenario", "cny"),
    [
        ("lorry-market-prices", 2230 + 3.26 * 934.9),
        ("lorry-box-prices", 1518 + 4.95 * 934.9),
        ("lorry-rate-by-km", 6.9 * 934.9),
    ],
)
def test_what_it_adds_to_the_long_way_by_hand(scenario, cny):
    assert _added(scenario) == pytest.approx((cny - LINE) / 6.9081, abs=0.01)


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


# km, and CNY for 22 t or a 40-ft box, as docs/data.md has them; the smaller lorries by the tonne
PAID = {
    **{way: (BOX_KM[way], 6.7569 * usd) for way, usd in BOX_PRICES.items()},
    **{way: (KM[way], float(cny)) for way, cny in CNY.items()},
    "Tianjin - Changchun": (995, 6459),
    "a province": (550, 550 * 0.459 * 22),
    "Shaanxi - Xinjiang": (2544, 15000),
    "14 t, short": (144, 998 * 22 / 14),
    "14 t, longer": (241, 1262 * 22 / 14),
}


def _line(prices):
    """Return the fixed part and the rate whose relative errors are least, as the squares of their logarithms."""
    km, cny = np.array(list(prices.values())).T
    return optimize.least_squares(lambda line: np.log((line[0] + line[1] * km) / cny), [1000, 5]).x


def test_the_networks_rate_is_the_line_through_all_that_was_paid():
    network = cn.load(as_of="2019-07-01").network
    rows = {row.cargo_unit: row for row in network.active("tariff") if row.tariff_id == "road_cn"}
    fixed, per_km = _line(PAID)
    assert (rows["FEU"].fixed, rows["FEU"].per_km) == (pytest.approx(fixed, rel=0.01), pytest.approx(per_km, rel=0.01))
    assert rows["TEU"].fixed / rows["FEU"].fixed == pytest.approx(0.75, abs=0.001)
    low, high = np.quantile([cny / (fixed + per_km * km) for km, cny in PAID.values()], [0.1, 0.9])
    assert rows["FEU"].range_low <= low < high <= rows["FEU"].range_high


def test_each_price_is_told_better_by_a_line_through_the_others_than_by_a_rate_alone():
    """Leave one out: 22 % against 35 %, the square root of the mean of squared logarithms."""
    errors = {"line": [], "rate": []}
    for way, (km, cny) in PAID.items():
        others = {other: paid for other, paid in PAID.items() if other != way}
        fixed, per_km = _line(others)
        rate = np.exp(np.mean([np.log(paid / far) for far, paid in others.values()]))
        errors["line"].append(np.log((fixed + per_km * km) / cny))
        errors["rate"].append(np.log(rate * km / cny))
    line, rate = (np.sqrt(np.mean(np.square(some))) for some in errors.values())
    assert line < 0.75 * rate
