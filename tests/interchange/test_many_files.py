"""A network in several files: layers of links, points, terminals; what lines say of lengths and countries is kept."""

from __future__ import annotations

import geopandas
import networkx as nx
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely.geometry import LineString, MultiLineString, Point, box
from typer.testing import CliRunner

from corridor_net.cli.main import app
from corridor_net.errors import BadValue, FileFaults
from corridor_net.interchange.doors import from_geodataframes, import_network
from corridor_net.model import Model
from corridor_net.network.checks import check_network

MAP = "kind,theirs,ours\ncolumn,NUM,link_id\nmode,1,road\nmode,3,rail\n"
ROADS = [("r1", "a", "b", 1, (4.0, 50.0), (4.2, 50.0)), ("r2", "b", "c", 1, (4.2, 50.0), (4.4, 50.1))]
RAILS = [("t1", "b", "d", 3, (4.2, 50.0), (4.6, 50.0)), ("t2", "d", "c", 3, (4.6, 50.0), (4.4, 50.1))]


def layer(path, rows):
    columns = ["NUM", "NODE1", "NODE2", "MODE"]
    frame = geopandas.GeoDataFrame(
        [dict(zip(columns, row[:4], strict=True)) for row in rows], geometry=[LineString(row[4:]) for row in rows]
    )
    frame.set_crs("EPSG:4326").to_file(path)
    return path


@pytest.fixture
def layers(tmp_path):
    (tmp_path / "map.csv").write_text(MAP, encoding="utf-8")
    terminals = geopandas.GeoDataFrame({"NUM": ["b"], "RAIL": [1], "ROAD": [1]}, geometry=[Point(4.2, 50.0)])
    terminals.set_crs("EPSG:4326").to_file(tmp_path / "terminals.gpkg")
    return [layer(tmp_path / "roads.shp", ROADS), layer(tmp_path / "rails.shp", RAILS), tmp_path / "terminals.gpkg"]


def test_layers_of_links_and_points_of_terminals_make_one_network_as_networkx_has_it(layers):
    made = import_network("tables", layers, mapping=layers[0].parent / "map.csv", country="BE")
    links = made.tables["link"]
    assert dict(zip(links["link_id"], links["mode"], strict=True)) == {
        "r1": "road", "r2": "road", "t1": "rail", "t2": "rail"
    }  # fmt: skip
    network = made.network()
    check_network(network)
    graph = nx.Graph()
    for row in links.itertuples():
        graph.add_edge(row.from_node_id, row.to_node_id, km=float(row.length_km))
    route = Model(network).route("a", "d", by="co2")
    assert route.distance_km == pytest.approx(nx.shortest_path_length(graph, "a", "d", "km"))
    changes = made.tables["terminal"]
    assert set(changes["node_id"][changes["operation_id"] == "transfer"]) == {"b"}


def test_of_a_file_of_several_layers_or_sheets_all_or_those_named_are_read(layers, tmp_path):
    parts = {"roads": layers[0], "rails": layers[1], "stations": layers[2]}
    for name, path in parts.items():
        geopandas.read_file(path).to_file(tmp_path / "all.gpkg", layer=name, driver="GPKG")
    given = {"mapping": tmp_path / "map.csv", "country": "BE"}
    with pytest.raises(BadValue, match="no file has a layer 'rail'") as caught:
        import_network("tables", [tmp_path / "all.gpkg"], layer="roads,rail", **given)
    assert "rails" in caught.value.hint
    apart = import_network("tables", layers, **given)
    for wanted in ("roads, rails, stations", ""):
        made = import_network("tables", [tmp_path / "all.gpkg"], layer=wanted, **given)
        assert sorted(made.tables["link"]["length_km"]) == sorted(apart.tables["link"]["length_km"])
        assert set(made.tables["terminal"]["terminal_id"]) == set(apart.tables["terminal"]["terminal_id"])
    with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
        for name in ("roads", "rails"):
            geopandas.read_file(parts[name]).drop(columns="geometry").to_excel(book, sheet_name=name, index=False)
    points = tmp_path / "points.csv"
    points.write_text("id,lon,lat\na,4.0,50\nb,4.2,50\nc,4.4,50.1\nd,4.6,50\n", encoding="utf-8")
    for wanted in ("roads,rails", ""):
        sheets = import_network("tables", [tmp_path / "book.xlsx", points], layer=wanted, **given)
        assert sheets.links["link_id"].tolist() == ["r1", "r2", "t1", "t2"]


def test_countries_of_a_file_with_several_layers_of_polygons_are_asked_for(layers, tmp_path):
    land = geopandas.GeoDataFrame({"iso_a2": ["BE"]}, geometry=[box(3, 49, 6, 52)], crs="EPSG:4326")
    path, given = tmp_path / "land.gpkg", {"mapping": tmp_path / "map.csv"}
    land.to_file(path, layer="one", driver="GPKG")
    geopandas.read_file(layers[0]).to_file(path, layer="roads", driver="GPKG")
    assert set(import_network("tables", layers, countries=path, **given).nodes["country"]) == {"BE"}
    land.to_file(path, layer="two", driver="GPKG")
    with pytest.raises(BadValue, match="several layers of polygons"):
        import_network("tables", layers, countries=path, **given)


def test_a_fault_names_the_file_it_stands_in(tmp_path):
    (tmp_path / "one.csv").write_text("id,from,to,mode,length_km\n1,a,b,road,9\n", encoding="utf-8")
    (tmp_path / "two.csv").write_text("id,from,to,mode,length_km\n2,b,c,road,9\n3,c,d,road,much\n", encoding="utf-8")
    (tmp_path / "nodes.csv").write_text("id,lon,lat\na,4,50\nb,4.1,50\nc,4.2,50\nd,4.3,50\n", encoding="utf-8")
    with pytest.raises((BadValue, FileFaults)) as caught:
        import_network("tables", [tmp_path / name for name in ("one.csv", "two.csv", "nodes.csv")])
    fault = (getattr(caught.value, "faults", None) or [caught.value])[0]
    assert (fault.place.path.endswith("two.csv"), fault.place.line) == (True, 3)


def lines(**columns):
    shapes = [LineString([(4.0, 50.0), (4.2, 50.0), (4.4, 50.0)]), LineString([(4.2, 50.0), (4.2, 50.2)])]
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def km_of(made):
    return dict(zip(made.tables["link"]["link_id"], made.tables["link"]["length_km"].astype(float), strict=True))


def test_a_length_that_a_line_names_is_kept_and_shared_among_its_pieces():
    km = km_of(from_geodataframes(lines(id=["x", "y"], km=[32.0, 25.0])))
    assert km == pytest.approx({"x-1": 16.0, "x-2": 16.0, "y": 25.0}, rel=1e-6)
    metres = km_of(from_geodataframes(lines(id=["x", "y"], length=[32000.0, 25000.0]), length_unit="m"))
    assert metres == pytest.approx(km, rel=1e-6)


def test_the_length_of_a_line_of_several_parts_is_shared_among_them():
    parts = MultiLineString([[(4.0, 50.0), (4.2, 50.0)], [(4.4, 50.0), (4.6, 50.0)]])
    frame = geopandas.GeoDataFrame({"km": [30.0]}, geometry=[parts], crs="EPSG:4326")
    assert list(km_of(from_geodataframes(frame)).values()) == pytest.approx([15.0, 15.0], rel=1e-6)


def test_a_length_without_a_unit_is_passed_over_and_said_to_be():
    made = from_geodataframes(lines(id=["x", "y"], Shape_Length=[0.4, 0.2]))
    assert "the column of lengths says no unit and was passed over: --length-unit reads it" in made.warnings
    assert np.allclose(sorted(km_of(made).values()), [14.34, 14.34, 22.25], rtol=1e-3)


def test_a_node_is_of_the_country_that_all_links_at_it_name():
    made = from_geodataframes(lines(id=["x", "y"], country=["BE", "FR"]))
    country = dict(zip(made.tables["node"]["node_id"], made.tables["node"]["country"], strict=True))
    assert sorted(country.values()) == ["BE", "BE", "FR", "ZZ"]


def test_a_network_without_a_sea_and_with_a_link_of_no_length_is_exported_in_every_format(tmp_path):
    shapes = [LineString([(4.0, 50.0), (4.2, 50.0)]), LineString([(4.2, 50.0), (4.2, 50.0)])]
    frame = geopandas.GeoDataFrame({"from": ["a", "b"], "to": ["b", "c"]}, geometry=shapes, crs="EPSG:4326")
    at = geopandas.GeoDataFrame(
        {"id": ["a", "b", "c"]}, geometry=geopandas.points_from_xy([4.0, 4.2, 4.2], [50.0, 50.0, 50.0]), crs="EPSG:4326"
    )
    made = from_geodataframes(frame, at, country="BE", origins=("a",), markets=("c",))
    folder = made.write(tmp_path / "package")
    for kind in ("geojson", "gpkg", "gmns", "csv"):
        done = CliRunner().invoke(
            app, ["export", "--format", kind, "--geodata", str(folder), "--out", str(tmp_path / kind)]
        )
        assert done.exit_code == 0, done.exception
    assert {"routes", "legs", "links"} <= {name for name, _ in pyogrio.list_layers(tmp_path / "gpkg" / "network.gpkg")}
    drawn = geopandas.read_file(tmp_path / "geojson" / "network.geojson")
    assert sorted(shapely.length(drawn.geometry.to_numpy()).round(3)) == [0.0, 0.2]
