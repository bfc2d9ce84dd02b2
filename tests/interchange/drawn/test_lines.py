"""Lines of any format: where they meet, what is snapped, what is left apart; and seas with their ports."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely.geometry import LineString, MultiLineString, Point

import corridor_net as cn
from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from interchange.helpers import geodesic_km, grid, haul, said


def frame(*lines, crs="EPSG:4326", **columns):
    return gpd.GeoDataFrame(columns, geometry=list(lines), crs=crs)


def drawn_grid(side=4):
    """Return lines of the rows and of the columns of a grid, each drawn as one line, and the graph they form."""
    rows = [LineString([(20 + x * 0.3, 45 + y * 0.2) for x in range(side)]) for y in range(side)]
    columns = [LineString([(20 + x * 0.3, 45 + y * 0.2) for y in range(side)]) for x in range(side)]
    graph = nx.Graph()
    for line in rows + columns:
        for a, b in zip(line.coords, line.coords[1:], strict=False):
            graph.add_edge(a, b, km=geodesic_km(a, b))
    return rows + columns, graph


def test_lines_meet_at_ends_and_shared_corners():
    imported = cn.from_geodataframes(
        frame(
            LineString([(170, 50), (175, 52), (179, 53)]),
            LineString([(175, 48), (175, 52)]),
            MultiLineString([[(179, 53), (187.5, 54)], [(-172.5, 54), (-165, 55)]]),
            name=["a", "b", "c"],
        )
    )
    assert len(imported.links) == 5
    assert len(imported.nodes) == 6
    assert imported.nodes["x_coord"].astype(float).between(-180, 180).all()
    lengths = imported.links["length_km"].astype(float)
    assert lengths.sum() == pytest.approx(
        geodesic_km((170, 50), (175, 52), (179, 53), (-172.5, 54), (-165, 55)) + geodesic_km((175, 48), (175, 52))
    )
    assert said(imported, "the lines form 1 connected part; 2 if only their ends counted")
    assert said(imported, "1 line of several parts became 2 lines")


def test_with_ends_alone_they_are_apart_and_the_gap_is_told():
    lines = frame(LineString([(20, 45), (20.5, 45.1), (21, 45)]), LineString([(20.5, 44), (20.5, 45.1)]))
    imported = cn.from_geodataframes(lines, nodes_at="ends")
    assert len(imported.links) == 2
    assert said(imported, "the network has 2 parts that do not meet")
    assert said(imported, "(20.50000 45.10000)")


def test_routes_over_drawn_lines_are_those_of_networkx():
    lines, graph = drawn_grid()
    imported = cn.from_geodataframes(frame(*lines, mode=["road"] * len(lines)))
    assert (len(imported.nodes), len(imported.links)) == (16, 24)
    at = {(float(x), float(y)): n for n, x, y in imported.nodes[["node_id", "x_coord", "y_coord"]].to_numpy()}
    corners = sorted(graph)
    for a, b in ((corners[0], corners[-1]), (corners[3], corners[12])):
        assert haul(imported, at[a], at[b])[1] == pytest.approx(nx.shortest_path_length(graph, a, b, "km"))


def test_lines_that_cross_meet_only_when_asked():
    lines = frame(LineString([(20, 45), (21, 46)]), LineString([(20, 46), (21, 45)]))
    assert len(cn.from_geodataframes(lines).links) == 2
    crossed = cn.from_geodataframes(lines, nodes_at="crossings")
    assert len(crossed.links) == 4
    assert said(crossed, "lines have nodes where they cross, as asked")
    assert ("20.5", "45.5") in set(map(tuple, crossed.nodes[["x_coord", "y_coord"]].to_numpy()))


def test_a_bundle_of_crossings_equals_the_noding_of_shapely():
    rng = np.random.default_rng(7)
    lines = [LineString(rng.uniform((20, 45), (21, 46), (2, 2))) for _ in range(25)]
    expected = shapely.get_parts(shapely.node(shapely.union_all(lines)))
    imported = cn.from_geodataframes(frame(*lines), nodes_at="crossings")
    assert len(imported.links) == len(expected)
    total = sum(geodesic_km(*line.coords) for line in expected)
    assert imported.links["length_km"].astype(float).sum() == pytest.approx(total, rel=1e-5)


@pytest.mark.parametrize(("snap", "links", "parts"), [(0, 2, 2), (60, 2, 1), (5, 2, 2)])
def test_ends_that_nearly_meet_are_joined_within_the_stated_distance(snap, links, parts):
    gap = 50 / 1000 / 111.2
    lines = frame(LineString([(20, 45), (20.5, 45)]), LineString([(20.5, 45 + gap), (21, 45.2)]))
    imported = cn.from_geodataframes(lines, snap_m=snap)
    assert len(imported.links) == links
    assert said(imported, f"the lines form {parts} connected part")
    if parts == 2:
        assert said(imported, "gap of 50")


def test_an_end_near_the_middle_of_a_line_is_joined_there():
    lines = frame(LineString([(20, 45), (21, 45)]), LineString([(20.5, 45.0002), (20.5, 45.5)]))
    assert len(cn.from_geodataframes(lines).links) == 2
    joined = cn.from_geodataframes(lines, snap_m=30)
    assert len(joined.links) == 3
    assert said(joined, "the lines form 1 connected part")


def test_joining_works_over_the_line_of_180_degrees():
    lines = frame(LineString([(179, 50), (179.9999, 50)]), LineString([(-179.9999, 50), (-179, 50)]))
    assert said(cn.from_geodataframes(lines), "the lines form 2 connected parts")
    assert said(cn.from_geodataframes(lines), "gap of 14.3 m")
    assert said(cn.from_geodataframes(lines, snap_m=20), "the lines form 1 connected part")


def test_modes_gauges_and_speeds_come_from_columns(tmp_path):
    mapping = tmp_path / "names.csv"
    mapping.write_text("kind,theirs,ours\ncolumn,KIND,mode\nmode,1,road\nmode,2,rail_1520\nmode,9,skip\n")
    lines = [LineString([(20 + n, 45), (21 + n, 45)]) for n in range(3)]
    imported = cn.from_geodataframes(
        frame(*lines, KIND=[1, 2, 9], speed_kmh=[50, 40, 5], owner=["x", "y", "z"]), mapping=mapping
    )
    assert imported.links[["mode", "gauge_mm", "speed_id"]].to_numpy().tolist() == [
        ["road", "", "road_50"],
        ["rail", "1520", "rail_40"],
    ]
    assert imported.link_attributes["owner"].tolist() == ["x", "y"]
    mapping.write_text("kind,theirs,ours\ncolumn,KIND,mode\nmode,1,road\nmode,2,rail_1520\n")
    with pytest.raises(CorridorError, match="1 row has a mode that is not known: 9"):
        cn.from_geodataframes(frame(*lines, KIND=[1, 2, 9]), mapping=mapping)


def test_projected_lines_are_brought_to_degrees():
    lines = frame(LineString([(500000, 5000000), (510000, 5000000)]), crs="EPSG:32634")
    imported = cn.from_geodataframes(lines)
    assert float(imported.nodes["x_coord"][0]) == pytest.approx(21.0)
    assert float(imported.links["length_km"][0]) == pytest.approx(10.0, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "driver"),
    [
        ("l.geojson", "GeoJSON"),
        ("l.shp", "ESRI Shapefile"),
        ("l.gpkg", "GPKG"),
        ("l.fgb", "FlatGeobuf"),
        ("l.kml", "KML"),
    ],
)
def test_every_format_gives_the_same_network(tmp_path, name, driver):
    lines, _ = drawn_grid(3)
    table = frame(*lines, Name=[f"line {n}" for n in range(len(lines))])
    table.to_file(tmp_path / name, driver=driver)
    imported = import_network("lines", [tmp_path / name], mode="rail")
    straight = cn.from_geodataframes(table, mode="rail")
    assert sorted(imported.links["length_km"]) == sorted(straight.links["length_km"])
    places = [set(map(tuple, made.nodes[["x_coord", "y_coord"]].to_numpy())) for made in (imported, straight)]
    assert places[0] == places[1]


def test_a_file_with_several_layers_asks_which(tmp_path):
    lines, _ = drawn_grid(3)
    for layer in ("roads", "rails"):
        frame(*lines).to_file(tmp_path / "two.gpkg", layer=layer, driver="GPKG")
    with pytest.raises(CorridorError, match="several layers of lines") as caught:
        import_network("lines", [tmp_path / "two.gpkg"])
    assert "roads, rails" in str(caught.value)
    assert len(import_network("lines", [tmp_path / "two.gpkg"], layer="rails").links) == 12
    pyogrio.write_dataframe(pd.DataFrame({"style": ["x"]}), tmp_path / "one.gpkg", layer="layer_styles")
    frame(*lines).to_file(tmp_path / "one.gpkg", layer="roads", driver="GPKG")
    assert len(import_network("lines", [tmp_path / "one.gpkg"]).links) == 12


def test_links_and_nodes_of_our_own_frames_come_back():
    frames = cn.Network.from_folder().to_geodataframes()
    imported = cn.from_geodataframes(frames["links"], frames["nodes"])
    assert imported.links["link_id"].tolist() == frames["links"]["link_id"].tolist()
    assert imported.links["length_km"].astype(float).tolist() == frames["links"]["length_km"].tolist()
    assert imported.links["gauge_mm"].tolist() == frames["links"]["gauge_mm"].tolist()
    drawn = shapely.from_wkt(imported.tables["geometry"]["geometry"].to_numpy())
    assert shapely.equals_exact(drawn, frames["links"].geometry.to_numpy(), 0).all()


def test_a_closed_ring_and_what_is_no_line_are_left_out_and_said():
    lines = frame(
        LineString([(20, 45), (21, 45)]), LineString([(22, 45), (22.1, 45), (22.1, 45.1), (22, 45)]), Point(20, 45)
    )
    imported = cn.from_geodataframes(lines)
    assert imported.links["link_id"].tolist() == ["l1"]
    assert said(imported, "1 link leads from a node to itself")
    assert said(imported, "1 shape that is no line")


# seas


SEA = frame(
    LineString([(50.9, 43.6), (50.6, 42.0), (50.9, 40.3), (49.6, 39.9)]), LineString([(50.6, 42.0), (47.6, 42.9)])
)
PORTS = "unlocode,name,lon,lat\nKZAAU,Aktau,51.15,43.65\nAZALT,Alat,49.41,39.94\nRUMCX,Makhachkala,47.5,42.98\n"


@pytest.fixture
def sea(tmp_path):
    SEA.to_file(tmp_path / "sea.geojson", driver="GeoJSON")
    (tmp_path / "ports.csv").write_text(PORTS)
    return tmp_path


def test_lanes_are_the_shortest_ways_along_the_lines(sea):
    imported = import_network("lines", [sea / "sea.geojson"], ports=sea / "ports.csv")
    lanes = imported.tables["sea_lane"].set_index("lane_id")
    assert len(lanes) == 3
    aktau, alat = (51.15, 43.65), (49.41, 39.94)
    way = (aktau, (50.9, 43.6), (50.6, 42.0), (50.9, 40.3), (49.6, 39.9), alat)
    assert float(lanes.loc["sea-KZAAU-AZALT", "length_km"]) == pytest.approx(geodesic_km(*way))
    assert imported.nodes["country"].tolist() == ["KZ", "AZ", "RU"]
    hours, km = haul(imported, "Aktau", "Alat")
    assert (hours, km) == (pytest.approx(geodesic_km(*way) / 20.4), pytest.approx(geodesic_km(*way)))


def test_with_sailings_a_service_runs_on_each_lane(sea):
    imported = import_network("lines", [sea / "sea.geojson"], ports=sea / "ports.csv", sailings_per_week=2)
    route = cn.Model(imported.network()).route("KZAAU", "AZALT")
    wait = [leg.hours for leg in route.legs if leg.kind == "board"]
    assert wait == [pytest.approx(168 / 2 / 2)]


def test_ports_are_origins_and_markets_as_asked(sea):
    asked = {"origins": ("Aktau",), "markets": ("AZALT",)}
    imported = import_network("lines", [sea / "sea.geojson"], ports=sea / "ports.csv", **asked)
    assert imported.tables["market"][["node_id", "role"]].to_numpy().tolist() == [
        ["KZAAU", "origin"],
        ["AZALT", "market"],
    ]
    assert "study.yaml" in imported.files("sea")


def test_ports_of_one_code_are_told_apart_and_told(sea):
    (sea / "ports.csv").write_text(PORTS + "KZAAU,Aqtau,51.16,43.64\n")
    imported = import_network("lines", [sea / "sea.geojson"], ports=sea / "ports.csv", countries="world")
    assert imported.nodes["node_id"].tolist() == ["KZAAU", "AZALT", "RUMCX", "KZAAU-2"]
    assert said(imported, "1 port has the id of a port before it, and got a number behind it: KZAAU-2")


def test_lanes_through_the_ice_between_southern_ports_are_warned_of(sea):
    by_ice = LineString([(5, 60), (20, 73), (100, 78), (179, 70), (170, 60)])
    frame(by_ice).to_file(sea / "north.geojson", driver="GeoJSON")
    (sea / "ports.csv").write_text("unlocode,name,lon,lat\nNOBGO,Bergen,5.1,60.1\nRUTLK,Tilichiki,170,60.1\n")
    imported = import_network("lines", [sea / "north.geojson"], ports=sea / "ports.csv")
    assert said(imported, "1 sea lane between ports further south leads beyond 72° N, through ice: NOBGO - RUTLK")
    assert not said(import_network("lines", [sea / "sea.geojson"], ports=caspian(sea)), "through ice")


def caspian(folder):
    (folder / "caspian.csv").write_text(PORTS)
    return folder / "caspian.csv"


def test_ports_of_one_place_and_distances_that_are_none_are_refused(sea):
    (sea / "ports.csv").write_text(PORTS + "KZAAU,Aqtau,51.15,43.65\nKZZZZ,Aqtau harbour,51.15,43.65\n")
    with pytest.raises(CorridorError, match="port 'KZZZZ' lies where a port before it lies"):
        import_network("lines", [sea / "sea.geojson"], ports=sea / "ports.csv")
    for told in ({"join_km": float("nan")}, {"sailings_per_week": float("nan")}):
        with pytest.raises(CorridorError, match="0 or more"):
            import_network("lines", [sea / "sea.geojson"], ports=caspian(sea), **told)


def test_a_port_far_from_the_lines_is_refused(sea):
    (sea / "ports.csv").write_text(PORTS + "TRMER,Mersin,34.6,36.8\n")
    with pytest.raises(CorridorError, match=r"port 'TRMER' lies 1,\d\d\d km from the sea network") as caught:
        import_network("lines", [sea / "sea.geojson"], ports=sea / "ports.csv")
    assert "ports.csv:5" in str(caught.value)


def test_a_table_of_grid_links_as_frames_has_the_lengths_given():
    nodes, links = grid(3)
    imported = cn.from_frames(nodes, links.rename(columns={"length": "length_km"}))
    assert imported.links["length_km"].astype(float).tolist() == pytest.approx(links["length"].tolist())
    assert pd.Index(imported.links["link_id"]).is_unique


def test_a_day_that_is_none_is_refused_and_a_huge_length_stays_what_it_is(tmp_path):
    path = tmp_path / "days.geojson"
    lines = frame(LineString([(20, 45), (20.5, 45)]), opened=["2019-02-28"], length_km=["1e308"])
    lines.to_file(path, driver="GeoJSON")
    assert import_network("lines", [path], length_unit="km").links["length_km"].astype(float).tolist() == [1e308]
    path.write_text(path.read_text().replace("2019-02-28", "2019-02-30"))
    with pytest.raises(CorridorError, match=r"days\.geojson' cannot be read: .*day is out of range"):
        import_network("lines", [path])
