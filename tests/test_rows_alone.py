"""A component, a mode and a country come by rows of tables alone: no line of code knows their names."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3

import pytest

import corridor_net as cn
from corridor_net.analysis.emissions import emissions
from corridor_net.analysis.time_cost_distance import profile
from corridor_net.costing import impedance
from corridor_net.network import Network
from corridor_net.network.checks import check_network
from corridor_net.output.exports import FORMATS
from more_rows import AIR, FLIGHT, PREMIUM, STEPPE, append, insure, more

DAY = "2019-07-01"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, geodata):
    return more(shutil.copytree(geodata, tmp_path_factory.mktemp("more") / "geodata"))


@pytest.fixture(scope="module")
def net(folder):
    return Network.from_folder(folder)


@pytest.fixture(scope="module")
def model(folder):
    return cn.load(geodata=folder, as_of=DAY)


@pytest.fixture(scope="module")
def results(folder, tmp_path_factory):
    """What `run` writes for Harbin by time: every route takes the aircraft."""
    out = tmp_path_factory.mktemp("run")
    model = cn.load(geodata=folder)
    chosen = {"scenarios": ("vanino",), "origins": ("harbin",), "destinations": ("niigata",)}
    found = model.study("longjiang-japan", baselines=("baseline-2019",), by="time", **chosen)
    found.write(out)
    return found, out


def test_a_component_costs_its_share_of_the_value_of_the_cargo(model, shipped):
    before = cn.load(as_of=DAY).route("harbin", "niigata")
    after = model.route("harbin", "niigata", by="generalised")
    assert [leg.key for leg in before.legs] == [leg.key for leg in after.legs]
    value = after.router.impedance.cargo.value_usd
    assert after.cost_usd - before.cost_usd == pytest.approx(PREMIUM / 100 * value)
    assert after.legs[0].components["insurance"]["cost_usd"] == pytest.approx(PREMIUM / 100 * value)
    assert "insurance" not in shipped.vocabulary.components


def test_a_share_of_the_value_is_a_parameter_with_its_range(net):
    known = impedance(net.as_of(DAY)).parameters["operation:rail_load_cn:insurance:cost"]
    assert (known.value, known.low, known.high, known.unit) == (PREMIUM, 0.2, 0.8, "% of value")
    assert known.label.startswith("cargo insurance cost")


def test_a_share_of_the_value_has_no_currency(tmp_path, geodata):
    folder = shutil.copytree(geodata, tmp_path / "geodata")
    insure(folder)
    row = {"operation_id": "rail_load_cn", "component": "insurance", "quantity": "hours", "value": 1}
    append(folder, "operation", {**row, "cargo_unit": "any"})
    premium = {**row, "operation_id": "road_load", "quantity": "cost", "currency": "USD", "price_year": 2019}
    append(folder, "operation", {**premium, "cargo_unit": "TEU"})
    with pytest.raises(cn.errors.DataFault, match="per cent of the value of the cargo, and has a currency"):
        check_network(Network.from_folder(folder), "currencies")


def test_a_scenario_changes_a_share_of_the_value(model, tmp_path):
    path = tmp_path / "safer.yaml"
    path.write_text(
        "scenario: safer\ntitle: Safer\nchanges:\n"
        "  - {set: terminal, where: {terminal_id: harbin-origin-road}, component: insurance, field: cost,"
        " value: 0.1, was: 0.4}\n",
        encoding="utf-8",
    )
    safer = cn.load(geodata=model.base.folder, as_of=DAY, scenarios=[path])
    was, now = (one.route("harbin", "niigata") for one in (model, safer))
    assert [leg.key for leg in was.legs] == [leg.key for leg in now.legs]
    assert was.cost_usd - now.cost_usd == pytest.approx(0.3 / 100 * now.router.impedance.cargo.value_usd)


def test_a_mode_is_flown_from_its_airport(model):
    route = model.route("harbin", "niigata", by="time")
    flight = next(leg for leg in route.legs if leg.asset_id == FLIGHT and leg.kind == "haul")
    assert flight.mode == "air"
    assert flight.hours == pytest.approx(1420 / 650)
    assert route.gateway == "hrb_air"
    assert "hrb_air" in {r.gateway for r in model.gateways("niigata", value_of_time=500.0).origins[0].options}


def test_a_flight_is_no_way_by_land(model):
    route = model.route("harbin", "niigata", by="time").route
    indicators = profile(route, 16.8).indicators
    assert indicators.land_km == pytest.approx(37 + 13)
    assert not indicators.borders


def test_a_flight_emits_by_its_factor(model):
    router = cn.load(geodata=model.base.folder, as_of=DAY, by="time").router
    found = emissions(router, router.route("harbin", "niigata"))
    payload = router.impedance.cargo.payload_t
    assert found.by_mode_kg["air"] == pytest.approx(560 * payload * 1420 / 1000)


def test_a_country_has_a_border_and_money_of_its_own(model):
    route = model.route("harbin", "almaty")
    assert route.crossings == (f"{STEPPE}-out",)
    assert route.legs[-2].components["border_fee"]["cost_usd"] == pytest.approx(13600 / 136 * 103.98 / 79.1)


def test_the_checks_find_nothing(cli, folder):
    done = cli("check", "--geodata", folder)
    assert done.code == 0, done.all
    assert "no fault" in done.out
    assert "look at" not in done.all, "an airport may lie far from the sea"


def test_the_package_is_a_data_package(folder):
    import frictionless

    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["path", "type", "message"])[:5]


def test_a_route_is_printed_with_labels(cli, folder):
    done = cli("route", "harbin", "niigata", "--geodata", folder, "--as-of", DAY, "--by", "time", "--plain")
    assert done.code == 0
    assert "air freight" in done.out
    assert "Taiping airport" in done.out
    assert "by land" not in done.out
    bare = {line.split("  ")[0] for line in done.out.splitlines()}
    assert "air" not in bare


def test_the_sources_of_a_route_name_the_component(cli, folder):
    asked = ("sources", "harbin", "niigata", "--geodata", folder, "--as-of", DAY)
    done = cli(*asked, "--json")
    assert done.code == 0, done.all
    assert "cargo insurance cost" in done.out
    assert "0.4% of value" in cli(*asked, "--show", 80).out


@pytest.mark.parametrize(
    ("arguments", "label"),
    [
        (("access", "harbin"), "air freight"),
        (("emissions", "harbin", "niigata", "--by", "time"), "air freight"),
        (("tcd", "harbin", "niigata", "--by", "time"), "air freight"),
        (("breakeven", "harbin", "niigata"), "USD"),
        (("explain", "harbin", "niigata", "-s", "suifenhe-faster"), "Harbin"),
        (("pareto", "harbin", "niigata"), "Taiping airport"),
        (("criticality", "niigata", "--top", 3), "Niigata"),
    ],
)
def test_every_question_counts_the_rows(cli, folder, arguments, label):
    done = cli(*arguments, "--geodata", folder, "--as-of", DAY)
    assert done.code == 0, done.all
    assert label in done.out


def test_uncertainty_draws_them(folder, cli):
    done = cli("uncertainty", "--geodata", folder, "--draws", 40, "--rivals", "--from", "harbin", "--json")
    assert done.code == 0, done.all
    found = cn.load(geodata=folder, as_of=DAY).sensitivity("harbin", "niigata", answer="usd", samples=16)
    assert "cargo insurance" in str(found.to_dict())


def test_a_run_writes_them_by_name(results):
    _, out = results
    head, *rows = csv.reader((out / "legs.csv").read_text(encoding="utf-8").splitlines())
    legs = [dict(zip(head, row, strict=True)) for row in rows]
    assert any(leg["mode"] == "air" and leg["asset_id"] == FLIGHT for leg in legs)
    assert any(leg["insurance_usd"] for leg in legs)
    assert "cargo insurance" in (out / "charts" / "cost.svg").read_text(encoding="utf-8")
    network = json.loads((out / "network.geojson").read_text(encoding="utf-8"))
    flight = next(f for f in network["features"] if f["id"] == FLIGHT)
    assert flight["properties"]["stroke"] == AIR["colour"]
    assert "air freight" in flight["properties"]["title"]


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_takes_them(cli, folder, tmp_path, kind):
    done = cli("export", "--geodata", folder, "--format", kind, "--out", tmp_path, "--as-of", DAY)
    assert done.code == 0, done.all
    if kind == "gpkg":
        with sqlite3.connect(tmp_path / "network.gpkg") as file:
            styles = dict(file.execute("select styleName, styleQML from layer_styles").fetchall())
        assert 'value="air"' in styles["links"]
        assert 'label="air freight"' in styles["links"]
    elif kind == "geoparquet":
        import geopandas as gpd

        assert "air" in set(gpd.read_parquet(tmp_path / "links.parquet")["mode"])
    else:
        texts = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()]
        assert any(FLIGHT in text for text in texts)
    if kind == "csv":
        again = cn.load(geodata=tmp_path, as_of=DAY).route("harbin", "niigata", by="time")
        assert again.gateway == "hrb_air"
        assert "insurance" in again.legs[0].components
