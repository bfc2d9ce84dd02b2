"""A package of one's own: few tables, any ids, short links, any currency and gauge."""

from __future__ import annotations

import pytest

import corridor_net as cn
from corridor_net.network import Network
from corridor_net.network.checks import faults_of as check_faults
from corridor_net.network.reading.package import NEEDED
from corridor_net.network.rows import ROW_TYPES, VOCABULARY
from network.helpers import describe, described, only_fault

LAND = ("node_name", "geometry", "sea_lane", "crossing", "service", "service_call", "season", "market", "traffic",
        "published")  # fmt: skip


def by_land(**changes):
    """Return the changes that leave the tiny network its two roads of China alone."""
    return {
        **{table: (lambda rows: rows.clear()) for table in LAND},
        "link": lambda rows: rows.__setitem__(slice(1, 2), []),
        "terminal": lambda rows: rows.append(
            {"terminal_id": "b", "node_id": "bravo", "from_state": "road", "to_state": "destination",
             "operation_id": "load_road"}
        ),
        **changes,
    }  # fmt: skip


@pytest.mark.parametrize("described_too", [True, False])
def test_tables_a_land_network_has_no_rows_for_may_be_absent(tmp_path, write_tiny, described_too):
    data = write_tiny(tmp_path / "x", **by_land())
    for table in LAND:
        data.path(table).unlink()
    if not described_too:
        package = described(data)
        package["resources"] = [r for r in package["resources"] if r["name"].replace("-", "_") not in LAND]
        describe(data, package)
    model = cn.load(geodata=data.folder, as_of="2019-07-01")
    assert all(model.network.rows(table) == () for table in LAND)
    assert model.network.absent == (tuple(t for t in ROW_TYPES if t in LAND) if described_too else ())
    assert model.route("alfa", "bravo").distance_km == 300
    assert check_faults(model.network) == []


def test_tables_that_are_described_and_absent_are_said(tmp_path, write_tiny, cli, monkeypatch):
    data = write_tiny(tmp_path / "x")
    data.path("season").unlink()
    for command in (["route", "alfa", "delta"], ["check", "baseline-2019"]):
        done = cli(*command, "--geodata", data.folder, "--as-of", "2019-07-01")
        assert "note: season.csv is described in datapackage.json and is not there: taken as empty" in done.err
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    assert "примечание: season.csv" in cli("route", "alfa", "delta", "--geodata", data.folder).err


@pytest.mark.parametrize("table", NEEDED)
def test_what_nothing_can_be_asked_without_is_needed(small, table):
    small.path(table).unlink()
    assert f"the table '{table}.csv' is missing" in only_fault(small.folder).message


IDS = ["1001", "KZAAU", "Poti-1", "重庆", "Порт 7", "O'Hare", 'the "Old" Port', "a b  c", "a;b", "a,b", "北京/2", "-"]


@pytest.mark.parametrize("name", IDS)
def test_any_text_is_an_id(tmp_path, write_tiny, name, cli):
    def rename(rows):
        for row in rows:
            for column, cell in row.items():
                if cell == "alfa":
                    row[column] = name

    data = write_tiny(tmp_path / "x", **dict.fromkeys(("node", "node_name", "link", "terminal", "market"), rename))
    model = cn.load(geodata=data.folder, as_of="2019-07-01")
    assert model.network.node(name).node_id == name
    assert model.route(name, "delta").hours > 0
    assert check_faults(model.network) == []
    done = cli("route", "Альфа", "delta", "--geodata", data.folder, "--as-of", "2019-07-01", "--json")
    assert done.code == 0, done.err


def test_short_links_any_currency_and_any_gauge(tmp_path, write_tiny):
    def nodes(rows):
        rows[1].update(x_coord=126.0005, y_coord=45)

    def links(rows):
        rows[0].update(length_km=0.045)
        rows[1].update(length_km=270)
        rows[2].update(gauge_mm="1067;1676;762")

    def terminals(rows):
        for row in rows:
            for column in ("from_state", "to_state"):
                row[column] = row[column].replace("rail_1435", "rail_1067")

    def tariffs(rows):
        rows[0].update(currency="KZT", price_year=2018)

    def rates(rows):
        rows += [{"currency": "KZT", "year": 2018, "units_per_usd": 345}]

    changes = {"node": nodes, "link": links, "terminal": terminals, "tariff": tariffs, "exchange_rate": rates}
    net = Network.from_folder(write_tiny(tmp_path / "x", **changes).folder).as_of("2019-07-01")
    assert check_faults(net) == []
    model = cn.load(geodata=net.folder, as_of="2019-07-01")
    assert model.route("alfa", "delta", via=["golf"]).gateway == "golf"
    assert model.route("alfa", "delta", via=["bravo"]).hours > 0


def test_columns_and_tables_of_its_own_do_no_harm(small):
    package = described(small)
    package["resources"].append({"name": "bridges", "path": "bridges.csv", "schema": {"fields": [{"name": "a"}]}})
    node = next(r for r in package["resources"] if r["name"] == "node")
    node["schema"]["fields"] += [{"name": "colour", "type": "geopoint"}, {"name": "floors", "type": "integer"}]
    describe(small, package)
    lines = small.lines("node")
    small.path("node").write_text(
        "\n".join([lines[0] + ",colour,floors", *(line + ",red,3" for line in lines[1:])]) + "\n", encoding="utf-8"
    )
    net = Network.from_folder(small.folder)
    assert len(net.rows("node")) == 5
    tables = set(ROW_TYPES) - set(VOCABULARY)
    assert set(net.file_hashes) == {f"{table}.csv" for table in tables} | {"datapackage.json"}


def test_a_table_may_lie_in_a_folder_of_its_own(small):
    (small.folder / "tables").mkdir()
    small.path("node").rename(small.folder / "tables" / "places.csv")
    package = described(small)
    next(r for r in package["resources"] if r["name"] == "node")["path"] = "tables/places.csv"
    describe(small, package)
    net = Network.from_folder(small.folder)
    assert net.node("alfa").name == "Alfa"
    assert str(net.place("node", net.node("alfa"), "name")).endswith("tables/places.csv:2:6")


def test_an_export_keeps_the_days_and_the_customs_areas_of_its_package(small, tmp_path):
    from corridor_net.output.exports import export

    package = described(small)
    package.update(days=["2018-01-01", "2031-12-31"], day="2030-05-01", customsAreas={"union": ["RU", "CN"]})
    describe(small, package)
    before = Network.from_folder(small.folder)
    export(before, "csv", tmp_path / "out")
    after = Network.from_folder(tmp_path / "out")
    assert (after.days, after.day) == (before.days, before.day)
    assert after.package.customs_areas == {"union": {"CN", "RU"}}
    assert {table: after.rows(table) for table in after.tables} == {t: before.rows(t) for t in before.tables}
