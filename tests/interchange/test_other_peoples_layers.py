"""Layers as people elsewhere keep them: several files, no encoding, drawings of many points, sheets by other names."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
from shapely.geometry import LineString

import corridor_net as cn
from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from corridor_net.network.checks.lengths import Length, length_faults
from interchange.helpers import said

A, B, C = (20.1, 45.2), (20.3, 45.25), (20.6, 45.3)


def layer(path, *lines, crs=4326, encoding=None, **columns):
    shapes = gpd.GeoDataFrame(
        columns or {"n": range(len(lines))}, geometry=[LineString(one) for one in lines], crs=4326
    )
    shapes.to_crs(crs).to_file(path, **({"encoding": encoding} if encoding else {}))
    return path


def test_lines_of_several_files_in_several_systems_are_one_network(tmp_path):
    one = layer(tmp_path / "one.geojson", (A, B))
    two = layer(tmp_path / "two.gpkg", (B, C), crs=32634)
    made = import_network("lines", [one, two], snap_m=1).tables["link"]
    assert made["from_node_id"].tolist() == ["n1", "n2"]
    assert made["to_node_id"].tolist() == ["n2", "n3"]
    mapped = tmp_path / "map.csv"
    mapped.write_text("kind,theirs,ours\ncolumn,file,mode\nmode,one,rail\nmode,two,road\n", encoding="utf-8")
    of_folder = import_network("lines", [tmp_path], snap_m=1, mapping=mapped)
    assert of_folder.tables["link"]["mode"].tolist() == ["rail", "road"]
    assert said(of_folder, "all lines were read: one.geojson, two.gpkg")


def test_a_file_that_says_no_system_beside_one_that_does_is_refused(tmp_path):
    one, two = layer(tmp_path / "one.shp", (A, B), crs=32634), layer(tmp_path / "two.shp", (B, C), crs=32634)
    two.with_suffix(".prj").unlink()
    with pytest.raises(CorridorError, match=r"'two\.shp' says no coordinate system, and others do"):
        import_network("lines", [one, two])


def test_a_drawing_of_more_points_than_a_cell_holds_is_drawn_with_fewer_and_keeps_its_length(tmp_path):
    x = np.linspace(20, 21, 8_000)
    line = np.c_[x, 45 + 0.01 * np.sin(40 * x)]
    imported = cn.from_geodataframes(gpd.GeoDataFrame(geometry=[LineString(line)], crs=4326))
    imported.write(tmp_path / "made")
    assert said(imported, "1 drawing has too many points for a cell of 131,072 characters")
    link = cn.load(geodata=tmp_path / "made").network.rows("link")[0]
    whole = gpd.GeoSeries([LineString(line)], crs=4326).to_crs(32634).length.iloc[0] / 1000
    assert link.length_km == pytest.approx(whole, rel=1e-3)
    drawn = gpd.GeoSeries.from_wkt(imported.tables["geometry"]["geometry"])
    assert drawn.hausdorff_distance(LineString(line)).iloc[0] < 1e-4


def test_a_length_of_nothing_says_nothing_of_the_unit():
    nodes = {"a": (20.0, 45.0), "b": (20.02, 45.0), "c": (20.04, 45.0), "d": (20.06, 45.0)}
    imported = cn.from_networkx(graph_of(nodes))
    network = imported.network()
    lengths = [Length(link_id=f"{a}-{b}", from_node_id=a, to_node_id=b, length_km=0.001) for a, b in ("ab", "bc", "cd")]
    assert {fault.hint for fault in length_faults(network, lengths)} == {"correct the length or the coordinates"}


def graph_of(nodes):
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from((name, {"x": x, "y": y}) for name, (x, y) in nodes.items())
    graph.add_edges_from(zip(list(nodes)[:-1], list(nodes)[1:], strict=True))
    return graph


def test_coordinates_exchanged_in_a_file_that_says_its_system(tmp_path):
    turned = [tuple(point[::-1] for point in line) for line in ((A, B), (B, C))]
    path = layer(tmp_path / "turned.geojson", *turned, length_km=[16.7, 24.2])
    with pytest.raises(CorridorError, match="longitude and latitude look exchanged") as caught:
        import_network("lines", [path])
    assert "--swap-xy" in caught.value.hint
    assert import_network("lines", [path], swap_xy=True).tables["link"]["length_km"].tolist() == ["16.7", "24.2"]


def test_a_system_that_is_said_for_lines_without_one_is_used_once(tmp_path):
    said_by_file = layer(tmp_path / "told.shp", (A, B), (B, C), crs=32634)
    untold = layer(tmp_path / "untold.shp", (A, B), (B, C), crs=32634)
    untold.with_suffix(".prj").unlink()
    with pytest.raises(CorridorError, match="no coordinate system is said"):
        import_network("lines", [untold])
    made, told = (import_network("lines", [path], crs="EPSG:32634") for path in (untold, said_by_file))
    for name in ("node", "link", "geometry"):
        assert made.tables[name].drop(columns="basis").equals(told.tables[name].drop(columns="basis"))
    assert made.tables["node"]["x_coord"].astype(float).tolist() == pytest.approx([20.1, 20.3, 20.6])


@pytest.mark.parametrize(("encoding", "name"), [("GB18030", "滨绥铁路线"), ("cp1251", "Транссиб")])
def test_a_shapefile_without_the_name_of_its_encoding_is_told_by_its_letters(tmp_path, encoding, name):
    path = layer(tmp_path / "rail.shp", (A, B), encoding=encoding, name=[name])
    path.with_suffix(".cpg").unlink()
    imported = import_network("lines", [path])
    assert imported.tables["link"]["name"].tolist() == [name]
    assert said(imported, "rail.shp has no .cpg")


def untold(folder, encoding, name, columns):
    """Return a Shapefile without .cpg whose table has a column of more than 127 characters, and its parts."""
    path = layer(folder / "rail.shp", (A, B), encoding=encoding, name=[name], **columns)
    path.with_suffix(".cpg").unlink()
    return path


@pytest.mark.parametrize(
    ("encoding", "name"), [("GB18030", "滨绥铁路线"), ("UTF-8", "滨绥铁路线"), ("cp1251", "Транссиб")]
)
@pytest.mark.parametrize("packed", [False, True])
def test_what_a_table_says_of_its_columns_is_no_text(tmp_path, encoding, name, packed):
    path = untold(tmp_path, encoding, name, {"note": ["x" * 200]})
    if packed:
        with zipfile.ZipFile(tmp_path / "rail.zip", "w") as archive:
            for part in tmp_path.glob("rail.[!z]*"):
                archive.write(part, part.name)
        path = tmp_path / "rail.zip"
    imported = import_network("lines", [path])
    assert imported.tables["link"]["name"].tolist() == [name]
    assert said(imported, f"{path.name} has no .cpg")


def test_a_table_in_ascii_has_no_encoding_to_be_told(tmp_path):
    imported = import_network("lines", [untold(tmp_path, "cp1251", "Transsib", {"note": ["x" * 200]})])
    assert not said(imported, ".cpg")


def test_a_track_of_a_receiver_has_one_layer_with_lines(tmp_path):
    points = "".join(f'<trkpt lat="{y}" lon="{x}"/>' for x, y in (A, B))
    head = '<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    (tmp_path / "track.gpx").write_text(f"{head}{points}</trkseg></trk></gpx>", encoding="utf-8")
    assert len(import_network("lines", [tmp_path / "track.gpx"]).tables["link"]) == 1


@pytest.mark.parametrize("place", ["-,-", "511500,4833000", "51.15,"])
def test_a_port_without_a_place_is_refused_where_it_stands(tmp_path, place):
    sea = layer(tmp_path / "sea.geojson", ((51.1, 43.6), (50.0, 40.5)))
    ports = tmp_path / "ports.csv"
    ports.write_text(f"unlocode,lon,lat\nAZBAK,49.9,40.4\nKZAAU,{place}\n", encoding="utf-8")
    with pytest.raises(CorridorError, match="port 'KZAAU' has no place") as caught:
        import_network("lines", [sea], ports=ports)
    assert caught.value.place.line == 3
    ports.write_text("unlocode,lon,lat\nAZBAK,49.9,40.4\nKZAAU,-308.85,43.65\n", encoding="utf-8")
    at = import_network("lines", [sea], ports=ports).tables["node"]["x_coord"].astype(float)
    assert at.tolist() == pytest.approx([49.9, 51.15])


@pytest.mark.parametrize("names", [("Nodes", "edges"), ("节点", "路段"), ("Узлы", "Звенья")])
def test_sheets_are_known_by_other_names(tmp_path, names):
    book = openpyxl.Workbook()
    rows = [["id", "lon", "lat"], [1, *A], [2, *B]], [["from", "to", "length_km"], [1, 2, 17]]
    for name, cells in zip(names, rows, strict=True):
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    book.remove(book["Sheet"])
    book.save(tmp_path / "book.xlsx")
    assert cn.from_excel(tmp_path / "book.xlsx").tables["link"]["length_km"].tolist() == ["17"]


def test_what_is_left_out_is_told_where_nothing_is_left(tmp_path):
    graph = {"directed": False, "multigraph": False, "graph": {}, "nodes": [{"id": "a"}, {"id": "b"}], "arcs": []}
    (tmp_path / "graph.json").write_text(json.dumps(graph), encoding="utf-8")
    with pytest.raises(CorridorError, match="it has neither edges nor links"):
        import_network("networkx", [tmp_path / "graph.json"])
    shapes = gpd.GeoDataFrame({"mode": ["cycleway"]}, geometry=[LineString([A, B])], crs=4326)
    with pytest.raises(CorridorError, match="0 links") as caught:
        cn.from_geodataframes(shapes)
    assert "1 link that carries no freight was left out" in caught.value.hint
