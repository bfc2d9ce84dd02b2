"""Sectors: what carriage asks and leaves, by city and kind of goods, now and after upgrades."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

import corridor_net as cn
from corridor_net.analysis.access import left_share
from corridor_net.analysis.trade.sectors import Way, carried, storage_of, weights_of
from corridor_net.errors import BadValue, NoRoute, UnknownName
from corridor_net.questions import page_of, question
from corridor_net.render.words import Words

CITIES = ["harbin", "yanji", "mudanjiang"]


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of="2019-07-01")


@pytest.fixture(scope="module")
def found(model):
    return model.potential("primorye-2", "vladivostok-liner", origins=CITIES)


def test_the_example_of_the_page(model):
    router = model.router
    worth = replace(router, impedance=replace(router.impedance, cargo=replace(router.impedance.cargo, value_usd=1e4)))

    def box(usd, **by):
        ends = {"origin": "harbin", "gateway": "dalian", "services": (), "days": 1.0, "late_days": 1.0}
        return Way(**ends, cost_usd=by["cost"], generalised_cost_usd=usd, by=by)

    now = carried(worth, "baseline", [box(1000.0, cost=600.0, time=300.0, frequency=100.0)], {"harbin": 3.0}, 5.0)
    then = carried(worth, "upgrade", [box(800.0, cost=500.0, time=200.0, frequency=100.0)], {"harbin": 3.0}, 5.0)
    assert now.left == pytest.approx(0.6209, abs=5e-5)
    assert (now.keeper, now.parts["cost"], now.of_value) == ("cost", pytest.approx(0.06), pytest.approx(0.10))
    assert then.left == pytest.approx(0.6806, abs=5e-5)
    assert then.left / now.left - 1 == pytest.approx(0.096, abs=5e-4)
    assert 20 * (then.left / now.left - 1) == pytest.approx(1.9, abs=0.05)


def test_each_box_goes_as_route_sends_it(model, found):
    sectors = {one.cargo: one for one in found.sectors}
    for cargo in ("leek_40", "grain_20"):
        for under, network in (
            (sectors[cargo].now, model),
            (sectors[cargo].after[0], model.with_scenario("primorye-2")),
        ):
            for way in under.ways:
                route = network.route(way.origin, "niigata", cargo=cargo)
                assert way.cost_usd == pytest.approx(route.cost_usd)
                assert way.days == pytest.approx(route.days)
                assert way.generalised_cost_usd == pytest.approx(route.generalised_cost_usd)
                assert way.gateway == (route.gateway or "by land")


def test_what_asks_adds_up_to_all_and_sectors_stand_by_what_is_left(model, found):
    for one in found.sectors:
        for under in (one.now, *one.after):
            assert sum(under.parts.values()) == pytest.approx(under.of_value)
            for way in under.ways:
                assert sum(way.by.values()) == pytest.approx(way.generalised_cost_usd)
    left = [one.now.left for one in found.sectors]
    assert left == sorted(left, reverse=True)
    assert {one.cargo for one in found.sectors} == {row.cargo_id for row in model.network.rows("cargo")}


def test_with_a_co2_price_its_part_stands_beside(model):
    found = model.potential(goods=["board_40"], origins=["yanji"], co2_price=100.0)
    way = found.sectors[0].now.ways[0]
    assert way.by["CO2e"] > 0
    assert sum(way.by.values()) == pytest.approx(way.generalised_cost_usd)


def test_twice_the_sailings_halve_what_frequency_asks(model, tmp_path):
    path = tmp_path / "twice.yaml"
    one = model.potential(goods=["parts_40"], origins=["yanji"])
    services = one.sectors[0].now.ways[0].services
    scaled = "".join(
        f"  - scale: service\n    where: {{service_id: {name}}}\n    field: sailings_per_week\n    by: 2\n"
        for name in services
    )
    path.write_text(f"scenario: twice\ntitle: twice\nchanges:\n{scaled}", encoding="utf-8")
    found = model.potential(str(path), goods=["parts_40"], origins=["yanji"])
    before, after = found.sectors[0].now.ways[0], found.sectors[0].after[0].ways[0]
    assert after.services == before.services
    assert after.by["frequency"] == pytest.approx(before.by["frequency"] / 2)
    assert after.by["time"] == pytest.approx(before.by["time"])


def test_a_city_that_an_upgrade_cuts_off_has_nothing_left(model):
    router = model.router
    ends = {"gateway": "dalian", "services": (), "days": 1.0, "late_days": 1.0, "cost_usd": 1.0, "by": {"cost": 1.0}}
    ways = [Way(origin=name, generalised_cost_usd=1.0, **ends) for name in ("harbin", "yanji")]
    both = carried(router, "now", ways, {"harbin": 3.0, "yanji": 1.0})
    one = carried(router, "then", ways[:1], {"harbin": 3.0, "yanji": 1.0})
    assert one.left == pytest.approx(0.75 * both.left)
    assert one.of_value == pytest.approx(both.of_value)
    with pytest.raises(NoRoute):
        carried(router, "none", [], {"harbin": 3.0})


def test_cities_count_by_trade_people_or_alike(model):
    network = model.network
    shares = weights_of(network, ["harbin", "qiqihar"])
    markets = {market.node_id: market for market in network.markets("origin")}
    trade = {name: markets[name].trade_musd for name in shares}
    assert shares["harbin"] == pytest.approx(trade["harbin"] / sum(trade.values()))
    assert weights_of(network, ["harbin", "vladivostok"]) == {"harbin": 0.5, "vladivostok": 0.5}


def test_leeks_spoil_and_dry_goods_do_not(model, found):
    sectors = {one.cargo: one for one in found.sectors}
    leeks = sectors["leek_40"]
    assert leeks.keeps_days == (14.0, 30.0)
    assert leeks.spoils == (leeks.now.late_days > 14.0)
    assert sectors["dry_40"].keeps_days is None
    assert not sectors["garlic_40"].spoils
    row = replace(model.network.cargo("leek_40"), keeps_days_low=40.0)
    with pytest.raises(BadValue, match="keeps from 40 to 30 days"):
        storage_of(row)


def test_storage_lives_are_those_the_cost_of_a_day_rests_on(model):
    for name in ("onion_40", "garlic_40", "leek_40"):
        row = model.network.cargo(name)
        keeps = storage_of(row)
        assert keeps is not None
        assert keeps.middle == pytest.approx(100 / row.time_cost_pct_per_day, rel=0.05)


def test_trade_that_is_given_is_raised(model, tmp_path):
    table = tmp_path / "trade.csv"
    table.write_text("cargo,musd\nleek_40,20\n", encoding="utf-8")
    found = model.potential("primorye-2", goods=["leek_40", "board_40"], origins=CITIES, trade=str(table))
    leeks = next(one for one in found.sectors if one.cargo == "leek_40")
    best = max(leeks.after, key=lambda one: one.left)
    assert leeks.more_musd == pytest.approx(20 * (best.left / leeks.now.left - 1))
    assert any(column.heading == "more, million USD" for column in page_of(found).tables[0].columns)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("cargo,musd\nleeks,20\n", UnknownName, "unknown cargo 'leeks'"),
        ("cargo,musd\nleek_40,-1\n", BadValue, "musd is '-1'"),
        ("cargo,musd\nleek_40,much\n", BadValue, "musd is 'much'"),
        ("cargo,musd\nleek_40,1\nleek_40,2\n", BadValue, "stands twice"),
    ],
)
def test_a_fault_in_the_table_of_trade_has_its_place(model, tmp_path, text, error, words):
    table = tmp_path / "trade.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=words) as told:
        model.potential("primorye-2", goods=["leek_40"], origins=["yanji"], trade=str(table))
    assert "trade.csv:" in str(told.value)


def test_what_cannot_be_asked_is_refused(model):
    with pytest.raises(BadValue, match="trade elasticity"):
        model.potential("primorye-2", goods=["leek_40"], origins=["yanji"], theta=0.0)
    with pytest.raises(BadValue, match="takes no 'cargo'"):
        model.potential("primorye-2", cargo="dry_40")
    with pytest.raises(BadValue, match="worth nothing"):
        left_share(10.0, 0.0)
    with pytest.raises(UnknownName):
        model.potential("primorye-2", goods=["leeks"], origins=["yanji"])


def test_files_have_every_city_and_sector_and_the_page_names(model, found):
    drawn = question("potential").drawn(found, Words())
    rows = list(csv.DictReader(io.StringIO(drawn["cities.csv"])))
    assert len(rows) == len(found.sectors) * 3 * 3
    for row in rows:
        parts = sum(float(row[f"{name}_of_value"]) for name in ("cost", "time", "frequency", "certainty"))
        assert parts == pytest.approx(float(row["of_value"]), abs=3e-4)
    assert "<svg" in drawn["asked.svg"]
    texts = page_of(found).tables[0].texts(Words(names={"dalian": "Dalian"}))
    assert {"leeks", "onions", "sawn timber"} <= {row[0] for row in texts}
    assert not any(row[0].startswith("40-ft refrigerated") for row in texts)
