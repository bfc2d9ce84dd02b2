"""The land side of the shipped data: tariffs by year, borders, block trains, ferries, people, trade, claims."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from datetime import date, timedelta

import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.validate import validate
from corridor_net.costing import impedance

FIRST, LAST = date(2009, 1, 1), date(2026, 12, 31)
LOCAL_LAND = ("rail_cn", "rail_ru_transit", "road_cn", "road_ru", "road_jp", "road_kr")
BY_YEAR = ("port_cn_out", "port_cn_in", "port_jp_out", "port_jp_in", "port_kr_out", "port_kr_in",
           "port_vladivostok_in", "port_zarubino_out")  # fmt: skip


@pytest.fixture(scope="module")
def model_2019():
    return cn.load(as_of="2019-07-01")


def tariff(network, tariff_id, unit, day):
    (row,) = [
        row
        for row in network.rows("tariff")
        if row.tariff_id == tariff_id and row.cargo_unit == unit and row.holds_on(day)
    ]
    return row


def test_every_land_tariff_holds_once_on_every_day(shipped):
    for tariff_id, unit in itertools.product(LOCAL_LAND, ("FEU", "TEU")):
        day = FIRST
        while day <= LAST:
            row = tariff(shipped, tariff_id, unit, day)
            assert row.valid_to is None or row.valid_to >= day
            day = LAST + timedelta(1) if row.valid_to is None else row.valid_to + timedelta(1)


def test_a_land_tariff_in_local_money_is_priced_in_its_own_period(shipped):
    for row in shipped.rows("tariff"):
        if row.tariff_id in LOCAL_LAND:
            first, last = row.valid_from or FIRST, row.valid_to or LAST
            assert first.year <= row.price_year <= last.year, (row.tariff_id, row.line)
            assert (last - first).days <= 600, (row.tariff_id, row.line)


def test_charges_in_local_money_are_priced_within_a_year_of_the_day(shipped):
    for year in range(2009, 2027):
        for row in shipped.rows("operation"):
            local = row.quantity == "cost" and row.currency != "USD"
            if row.operation_id in BY_YEAR and local and row.holds_on(date(year, 7, 1)):
                assert row.price_year == year, (row.operation_id, row.component, row.line)


def test_no_figure_of_the_land_side_stands_at_an_end_of_its_own_range(shipped):
    for row in shipped.rows("cargo"):
        assert row.time_cost_low < row.time_cost_pct_per_day < row.time_cost_high, row.cargo_id
    for row in shipped.rows("operation"):
        if row.value_low is not None and row.value:
            assert row.value_low < row.value < row.value_high, (row.operation_id, row.component, row.line)
    for row in shipped.rows("tariff"):
        if row.tariff_id in LOCAL_LAND:
            assert row.range_low < 1 < row.range_high, row.line
    for row in shipped.rows("speed"):
        if row.speed_kmh_low is not None:
            assert row.speed_kmh_low < row.speed_kmh < row.speed_kmh_high, row.speed_id


def test_china_railway_asks_what_was_published(shipped):
    fund, old_surcharge, surcharge = 1.122, 0.408, 0.238
    for day, fixed, per_km in (
        (date(2009, 7, 1), 429.8, 1.6374 + fund + old_surcharge),
        (date(2016, 7, 1), 680, 2.754 + fund + old_surcharge),
        (date(2017, 7, 1), 680, 2.754 + fund + surcharge),
        (date(2022, 7, 1), 532, 3.357 + fund + surcharge),
    ):
        row = tariff(shipped, "rail_cn", "FEU", day)
        assert (row.fixed, row.per_km) == pytest.approx((fixed, per_km))
    small = tariff(shipped, "rail_cn", "TEU", date(2016, 7, 1))
    assert 680 / small.fixed == pytest.approx(1.36)
    assert 2.754 / (small.per_km - 0.528 - 0.192) == pytest.approx(1.36)


def test_the_russian_price_list_rises_with_its_index(shipped):
    rates = [tariff(shipped, "rail_ru_transit", "FEU", date(year, 7, 1)) for year in range(2009, 2027)]
    assert all(a.per_km <= b.per_km for a, b in itertools.pairwise(rates))
    assert rates[5].per_km / rates[3].per_km == pytest.approx(3.159 / 2.952, rel=1e-3)
    assert {row.currency for row in rates} == {"RUB"}


def test_rouble_and_yuan_prices_do_not_follow_the_dollar(shipped):
    """The dollar rose by half against the rouble from 2013 to 2016; a lorry in Primorye became cheaper in dollars."""
    rate = {(row.currency, row.year): row.units_per_usd for row in shipped.rows("exchange_rate")}
    usd = {
        year: tariff(shipped, "road_ru", "FEU", date(year, 7, 1)).per_km / rate["RUB", year] for year in (2013, 2016)
    }
    assert usd[2016] < 0.75 * usd[2013]


def test_rates_and_index_have_published_sources(shipped):
    for row in shipped.rows("exchange_rate"):
        assert row.currency == "USD" or row.grade in "AB" or (row.currency, row.year) in {("RUB", 2024), ("RUB", 2026)}
    assert all(row.grade == "A" for row in shipped.rows("deflator") if row.year <= 2024)


def test_averages_of_other_borders_are_not_called_measured(shipped):
    """CAREC's averages stand at crossings that CAREC never measured; only Erenhot is one of its own."""
    for row in shipped.rows("operation"):
        if (
            row.source_id.startswith("CPMM")
            and row.operation_id.startswith("border_")
            and "erenhot" not in row.operation_id
        ):
            assert row.grade == "D", (row.operation_id, row.component)


def test_the_values_of_2022_hold_since_then(shipped):
    on = {(r.operation_id, r.component): r for r in shipped.rows("operation") if r.holds_on(date(2026, 7, 1))}
    assert on["border_road_heihe_out", "border_fee"].value == 208
    assert on["border_road_heihe_out", "queue"].value + on[
        "border_road_heihe_out", "procedures"
    ].value == pytest.approx(9.9)
    assert on["border_rail_manzhouli_out", "border_fee"].value == 215
    hours = on["border_rail_manzhouli_out", "queue"].value + on["border_rail_manzhouli_out", "procedures"].value
    assert hours + 8 == pytest.approx(40.6)


def test_kilometres_add_up_to_what_is_published(shipped):
    km = {row.link_id: row.length_km for row in shipped.rows("link")}

    def total(*links):
        return pytest.approx(sum(km[f"rail-{link}"] for link in links))

    assert total("kamyshovaya-hunchun", "makhalino-kamyshovaya", "makhalino-zarubino") == 80.5
    assert total("changchun-jilin", "jilin-yanji", "yanji-tumen") == 529
    assert total("mudanjiang-tumen", "mudanjiang-jiamusi") == 580.2
    assert total("harbin-changchun", "changchun-shenyang", "shenyang-dalian") == 949


def test_works_are_in_the_network_from_their_day(shipped):
    def speed(link_id, day):
        network = shipped.as_of(day)
        (link,) = [row for row in network.active("link") if row.link_id == link_id]
        (row,) = [row for row in network.active("speed") if row.speed_id == link.speed_id]
        return row.speed_kmh

    assert speed("rail-harbin-mudanjiang", date(2018, 12, 24)) < speed("rail-harbin-mudanjiang", date(2018, 12, 25))
    assert speed("rail-suifenhe-grodekovo", date(2025, 5, 27)) < speed("rail-suifenhe-grodekovo", date(2025, 5, 28))


def asset_ids(route):
    return [leg.asset_id for leg in route.legs]


def test_boxes_can_go_by_block_train_from_august_2015(model_2019):
    route = model_2019.route("harbin", "busan", via=["grodekovo_block"])
    assert "rail-suifenhe-grodekovo_block" in asset_ids(route)
    assert "grodekovo_block-rail_1435-rail_1520" in asset_ids(route), "the gauge is changed, not dodged"
    assert asset_ids(route).count("rail-suifenhe-grodekovo_block") == 1
    early = cn.load(as_of="2014-07-01")
    with pytest.raises(cn.NoRoute):
        early.route("harbin", "busan", via=["grodekovo_block"])


def test_russian_rail_is_not_boarded_past_the_gauge_change_in_china(shipped):
    countries = {key: node.country for key, node in shipped.nodes.items()}
    for row in shipped.rows("terminal"):
        if countries[row.node_id] == "CN" and row.to_state == "rail_1520":
            assert row.from_state == "rail_1435", row.terminal_id


def test_the_through_rate_changes_money_and_no_hour(model_2019):
    with_rate = model_2019.with_scenario("primorye-1-through-rate")
    legs = {leg.asset_id: leg for leg in model_2019.route("suifenhe", "vladivostok", via=["grodekovo_block"]).legs}
    after = {leg.asset_id: leg for leg in with_rate.route("suifenhe", "vladivostok", via=["grodekovo_block"]).legs}
    haul = "rail-grodekovo_block-vladivostok"
    assert after[haul].cost_usd == pytest.approx(0.85 * legs[haul].cost_usd)
    assert after[haul].hours == legs[haul].hours
    crossing = "suifenhe-block-rail-out"
    assert (after[crossing].cost_usd, after[crossing].hours) == (0, legs[crossing].hours)


def test_a_ferry_needs_no_crane(shipped):
    """Boxes for the ferry at Zarubino wait hours less than boxes for a ship that lies at the quay without a crane."""
    hours = defaultdict(float)
    for row in shipped.rows("operation"):
        if row.component == "handling":
            hours[row.operation_id] += row.value
    assert hours["ferry_zarubino_out"] < hours["port_zarubino_out"] / 2
    route = cn.load(as_of="2010-07-01").route("hunchun", "sokcho", via=["zarubino"])
    assert "zarubino-road-ferry_out" in asset_ids(route)
    assert not any("port_out" in asset_id for asset_id in asset_ids(route))
    liner = cn.load(as_of="2012-07-01").route("hunchun", "niigata", via=["zarubino"])
    assert any(asset_id.startswith("zarubino-") and asset_id.endswith("-port_out") for asset_id in asset_ids(liner))


def test_people_are_those_of_a_census_and_say_so(shipped):
    people = {row.node_id: row.population for row in shipped.rows("market") if row.role == "origin"}
    assert people["hunchun"] == 239_359
    assert people["yanji"] == 686_136
    assert 31e6 < sum(n for node, n in people.items() if shipped.nodes[node].province == "Heilongjiang") < 32.5e6
    assert {node.population_year for node in shipped.nodes.values()} <= {"", "2020", "2022", "not stated"}
    trade = {row.node_id: row.trade_musd for row in shipped.rows("market") if row.role == "origin"}
    assert trade["harbin"] / 370 == pytest.approx(people["harbin"] / 31_518_812, rel=1e-3)


def test_markets_are_most_of_japan(shipped):
    markets = [row for row in shipped.rows("market") if row.role == "market"]
    assert {"mk_chiba", "mk_mito", "mk_shizuoka", "mk_gifu", "mk_tsu", "mk_okayama"} <= {row.node_id for row in markets}
    assert sum(row.gdp for row in markets) > 480


def test_trade_has_periods_and_a_value_or_a_weight(shipped):
    rows = shipped.rows("trade")
    assert {"Heilongjiang", "Jilin"} <= {row.region for row in rows}
    assert {"Japan", "Korea", "Russia", "World"} <= {row.partner for row in rows}
    for row in rows:
        assert row.from_day < row.to_day
        assert (row.value_million is None) == (row.currency == "")
        assert row.value_million is not None or row.tonnes is not None


def test_a_claim_that_is_an_input_scores_nothing(shipped):
    inputs = {row.claim_id for row in shipped.rows("published") if row.is_input == "yes"}
    assert {"E37", "E39", "E42", "E43", "E44", "E47", "E48"} <= inputs
    for check in validate(shipped):
        if check.claim in inputs:
            assert check.error is None
            assert "input" in check.remark


def test_a_claim_is_held_to_what_it_counts(make_tiny):
    """A time from departure to arrival leaves out what the terminals at both ends take, and nothing else."""

    def claims(rows):
        for name, scope in (("whole", {}), ("part", {"scope_from": "departure", "scope_to": "arrival"})):
            rows.append({"claim_id": name, "origin": "alfa", "destination": "delta", "metric": "time", "value": 1,
                         "unit": "d", "as_of": "2019-07-01", "basis_of_time": "realised", "cargo_id": "dry_40",
                         "comparable": "yes", "scope_from": "not_told", "scope_to": "not_told", **scope})  # fmt: skip

    network = make_tiny(published=claims)
    whole, part = validate(network)
    assert part.model < whole.model
    legs = Router(impedance(network.as_of(date(2019, 7, 1)), "dry_40")).route("alfa", "delta").legs
    moving = [number for number, leg in enumerate(legs) if leg.kind in ("haul", "crossing", "sail")]
    assert part.model * 24 == pytest.approx(sum(leg.hours for leg in legs[moving[0] : moving[-1] + 1]))
    assert whole.model * 24 == pytest.approx(sum(leg.hours for leg in legs))


def test_shares_by_grade_are_told_by_figure(model_2019):
    """A leg's cost is not of the grade of its hours."""
    route = model_2019.route("harbin", "niigata")
    leg = next(leg for leg in route.legs if leg.asset_id == "niigata-port_in-destination")
    assert leg.grade == "D"
    assert set(leg.by_grade["cost_usd"]) <= {"A", "B"}
    assert math.fsum(leg.by_grade["cost_usd"].values()) == pytest.approx(leg.cost_usd)
    assert route.grade_shares()["cost_usd"]["B"] > 0.25
