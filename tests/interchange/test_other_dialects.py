"""The formats as other authors write them: other headers, shapes in cells, layers, encodings, and what is missing."""

from __future__ import annotations

import gzip
import json
import pickle

import geopandas as gpd
import networkx as nx
import pandas as pd
import pytest
from shapely import to_wkb
from shapely.geometry import LineString, Point

import corridor_net as cn
from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from corridor_net.interchange.drawn.sea import import_lines
from corridor_net.interchange.listed.excel import read_excel
from corridor_net.interchange.listed.frames import NODE_NAMES, node_frame
from corridor_net.interchange.listed.graph_files import read_networkx
from corridor_net.interchange.listed.tables import read_tables
from corridor_net.interchange.listed.tntp import read_tntp
from corridor_net.interchange.mapping import with_our_names
from corridor_net.interchange.named import paths_for
from corridor_net.interchange.notes import Notes
from corridor_net.interchange.options import ImportOptions, NameMap
from corridor_net.interchange.shapes import shapes_of
from corridor_net.interchange.text_tables import text_frame
from corridor_net.interchange.timetables.gtfs_services import _along
from interchange.helpers import geodesic_km, haul, said
from interchange.timetables.test_timetables import feed

A, B, C = (20.0, 45.0), (20.5, 45.0), (21.0, 45.0)
ONE, TWO = LineString([A, B]), LineString([B, C])


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def layer(*lines, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(lines), crs="EPSG:4326")


@pytest.mark.parametrize("column", ["geometry", "the_geom", "Geometry WKT"])
def test_lines_stand_in_cells_of_a_table_under_any_name(tmp_path, column):
    path = write(tmp_path / "l.csv", f"id;{column};km\n1;{ONE.wkt};40,5\n2;{TWO.wkt};41,5\n")
    raw = import_lines([path], ImportOptions(), Notes())
    assert (raw.links["length"].tolist(), raw.length_unit) == ([40.5, 41.5], "km")
    assert raw.links["geometry"].tolist() == [ONE, TWO]
    with pytest.raises(CorridorError, match="corridor-net import lines"):
        import_network("tables", [path])


def test_shapes_of_postgis_and_geojson_are_those_of_wkt():
    hexadecimal = to_wkb(ONE, hex=True)
    shapes, crs = shapes_of([ONE.wkt, f"SRID=4326;{ONE.wkt}", hexadecimal, json.dumps(ONE.__geo_interface__), "x"])
    assert [shape == ONE for shape in shapes] == [True, True, True, True, False]
    assert crs == "EPSG:4326"


def test_nodes_and_ports_may_be_points_in_cells(tmp_path):
    write(tmp_path / "node.csv", "node_id,name,wkt\n1,A,POINT (20 45)\n2,B,POINT (20.5 45)\n")
    write(tmp_path / "link.csv", "link_id,from_node_id,to_node_id,directed\n1,1,2,0\n")
    made = cn.from_gmns(tmp_path)
    assert haul(made, "1", "2")[1] == pytest.approx(geodesic_km(A, B))
    assert list(made.to_gmns()["node"]["wkt"]) == ["POINT (20 45)", "POINT (20.5 45)"]
    ports = write(tmp_path / "p.csv", "locode;name;wkt\nXXAAA;A;POINT (20 45)\nYYCCC;C;POINT (21 45)\n")
    layer(ONE, TWO).to_file(tmp_path / "sea.geojson")
    sea = import_network("lines", [tmp_path / "sea.geojson"], ports=ports)
    assert float(sea.tables["sea_lane"]["length_km"].iloc[0]) == pytest.approx(geodesic_km(A, B, C))


def test_a_folder_of_shapefiles_gives_its_lines_and_says_what_is_no_line(tmp_path):
    layer(ONE).to_file(tmp_path / "rail.shp")
    layer(TWO).to_file(tmp_path / "road.shp")
    layer(Point(A)).to_file(tmp_path / "stops.shp")
    made = import_network("lines", [tmp_path])
    assert len(made.links) == 2
    assert said(made, "passed over: stops.shp")
    assert paths_for("lines", tmp_path, Notes(), layer="rail") == [tmp_path / "rail.shp"]


def test_layers_of_one_file_are_read_by_name_and_tables_by_what_they_hold(tmp_path):
    path = tmp_path / "net.gpkg"
    layer(ONE, a=["A"], b=["B"]).to_file(path, layer="rail")
    layer(Point(A), Point(B), id=["A", "B"]).to_file(path, layer="places")
    layer(Point(A), note=["x"]).to_file(path, layer="notes")
    raw = read_tables([path], ImportOptions(), notes := Notes())
    assert raw.nodes[["node_id", "x_coord"]].to_numpy().tolist() == [["A", 20.0], ["B", 20.5]]
    assert raw.links[["from_node_id", "to_node_id", "geometry"]].to_numpy().tolist() == [["A", "B", ONE]]
    assert any("passed over: net.gpkg[notes]" in text for text in notes.warnings)
    layer(TWO).to_file(path, layer="road")
    with pytest.raises(CorridorError, match="several parted by commas: rail, road"):
        import_network("lines", [path])
    assert len(import_lines([path], ImportOptions(layer="rail,road"), Notes()).links) == 2


def test_sheets_of_any_name_are_told_by_their_columns_and_may_have_commas_of_decimals(tmp_path):
    path = tmp_path / "b.xlsx"
    with pd.ExcelWriter(path) as book:
        places = pd.DataFrame({"id": [1, 2], "lon": ["20,0", "20,5"], "lat": [45, 45]})
        places.to_excel(book, sheet_name="Stations", index=False)
        pd.DataFrame({"from": [1], "to": [2], "km": ["40,5"]}).to_excel(book, sheet_name="Routes", index=False)
    raw = read_excel(path, ImportOptions(), Notes())
    assert (raw.links["length"].tolist(), raw.nodes["x_coord"].tolist()) == ([40.5], [20, 20.5])


def test_an_encoding_is_the_one_that_is_named(tmp_path):
    path = write(tmp_path / "l.csv", f"id;имя;wkt\n1;Москва;{ONE.wkt}\n", "koi8-r")
    made = import_network("lines", [path], encoding="koi8-r")
    assert made.link_attributes["имя"].tolist() == ["Москва"]
    with pytest.raises(CorridorError, match="is not utf-8"):
        import_network("lines", [path], encoding="utf8")
    with pytest.raises(CorridorError, match="did you mean 'koi8-r'"):
        import_network("lines", [path], encoding="kio8-r")


def test_places_may_be_written_with_degrees_minutes_and_letters():
    nodes = pd.DataFrame({"id": ["a", "b"], "lat": ["33°54'S", "34 12 00 S"], "lon": ["18.4E", "18.9 E"]})
    read = node_frame(with_our_names(text_frame(nodes, "nodes"), NameMap(), NODE_NAMES, Notes()), Notes())
    assert read[["x_coord", "y_coord"]].to_numpy().ravel().tolist() == pytest.approx([18.4, -33.9, 18.9, -34.2])


def test_links_alone_are_a_network_where_the_drawing_is_none():
    links = pd.DataFrame({"from": ["A", "B"], "to": ["B", "C"], "km": [100, 50]})
    assert haul(cn.from_frames(None, links, schematic=True), "A", "C")[1] == pytest.approx(150)
    with pytest.raises(CorridorError, match="--schematic to draw the network"):
        cn.from_frames(None, links)


def test_a_length_of_nought_between_places_apart_is_not_known():
    nodes = pd.DataFrame({"id": ["a", "b", "c"], "lon": [20, 20.5, 21], "lat": [45, 45, 45]})
    links = pd.DataFrame({"from": ["a", "b"], "to": ["b", "c"], "km": [0, 40]})
    made = cn.from_frames(nodes, links)
    assert haul(made, "a", "c")[1] == pytest.approx(geodesic_km(A, B) + 40)
    assert said(made, "taken as not said")


def test_one_link_that_is_too_short_is_not_taken_for_another_unit():
    nodes = pd.DataFrame({"id": ["a", "b", "c"], "lon": [20, 20.5, 21], "lat": [45, 45, 45]})
    links = pd.DataFrame({"from": ["a", "b", "a"], "to": ["b", "c", "c"], "km": [48, 47, 50]})
    assert said(cn.from_frames(nodes, links), "1 link is shorter than the straight line")


def test_sources_of_another_network_are_kept_beside():
    nodes = pd.DataFrame({"id": ["a", "b"], "lon": [20, 20.5], "lat": [45, 45], "source_id": ["ME", "ME"]})
    made = cn.from_frames(nodes, pd.DataFrame({"from": ["a"], "to": ["b"], "geometry_id": ["g"], "km": [40]}))
    assert set(made.tables["node"]["source_id"]) == {"GIVEN"}
    assert made.node_attributes["their_source_id"].tolist() == ["ME", "ME"]
    assert said(made, "kept beside: geometry_id")


NET = "<NUMBER OF ZONES> 2\n<FIRST THRU NODE> 1\n<END OF METADATA>\n~ {head} ;\n1 3 10 12 900 ;\n3 2 20 24 900 ;\n"


@pytest.mark.parametrize(
    ("head", "units"),
    [
        ("tail head length fft cap", ("", "")),
        ("a b distance time capacity", ("", "")),
        ("Init node\tTerm node\tLength (ft)\tFree flow time (h)", ("ft", "h")),
    ],
)
def test_columns_and_units_of_tntp_stand_where_its_header_says(tmp_path, head, units):
    net = write(tmp_path / "x_net.tntp", NET.format(head=head))
    nodes = write(tmp_path / "n.csv", "Node,Lat,Lon\n1,45,20\n3,45,20.1\n2,45,20.3\n")
    raw = read_tntp([net, nodes], ImportOptions(), Notes())
    assert (raw.length_unit, raw.time_unit) == units
    assert (raw.links["length"].tolist(), raw.links["hours"].tolist()) == ([10, 20], [12, 24])


GRAPH = {
    "node_link": lambda graph: nx.node_link_data(graph, edges="links"),
    "from": lambda graph: nx.node_link_data(graph, edges="edges", source="from", target="to"),
    "adjacency": nx.adjacency_data,
    "cytoscape": nx.cytoscape_data,
}


def graph():
    made = nx.DiGraph()
    made.add_nodes_from([("a", {"x": 20.0, "y": 45.0}), ("b", {"x": 20.5, "y": 45.0})])
    made.add_edge("a", "b", length=41.0)
    return made


@pytest.mark.whole
@pytest.mark.parametrize("kind", GRAPH)
def test_each_json_of_networkx_is_read(tmp_path, kind):
    path = write(tmp_path / "g.json", json.dumps(GRAPH[kind](graph())))
    assert read_networkx(path, ImportOptions(), Notes()).links["length"].tolist() == [41]


def test_gml_gexf_and_packed_graphml_are_read_and_a_pickle_is_refused(tmp_path):
    nx.write_gml(graph(), tmp_path / "g.gml")
    nx.write_gexf(graph(), tmp_path / "g.gexf")
    nx.write_graphml(graph(), tmp_path / "g.graphml")
    (tmp_path / "g.graphml.gz").write_bytes(gzip.compress((tmp_path / "g.graphml").read_bytes()))
    for name in ("g.gml", "g.gexf", "g.graphml.gz"):
        raw = read_networkx(tmp_path / name, ImportOptions(), Notes())
        assert (raw.links["length"].tolist(), raw.nodes["x_coord"].tolist()) == ([41], [20, 20.5])
    (tmp_path / "g.pkl").write_bytes(pickle.dumps(graph()))
    with pytest.raises(CorridorError, match="is a pickle, which may run any code") as caught:
        import_network("networkx", [tmp_path / "g.pkl"])
    assert "write_graphml" in caught.value.hint


def test_stops_far_from_the_time_zone_of_their_agency_are_exchanged(tmp_path):
    folder = feed(tmp_path)
    stops = pd.read_csv(folder / "stops.txt")
    write(folder / "agency.txt", "agency_id,agency_name,agency_timezone\n1,A,Europe/Helsinki\n")
    stops.assign(stop_lat=24.9 + stops.index * 0.1, stop_lon=60.2).to_csv(folder / "stops.txt", index=False)
    with pytest.raises(CorridorError, match="longitude and latitude of the stops look exchanged"):
        import_network("gtfs", [folder])
    assert import_network("gtfs", [folder], swap_xy=True).tables["node"]["y_coord"].tolist()[0] == "60.2"


def test_the_last_leg_of_a_round_trip_goes_on_along_its_shape_and_a_shape_elsewhere_is_none():
    ring = LineString([(0, 0), (1, 0), (1, 1), (0, 0)])
    assert list(_along(ring, (1, 1), (0, 0)).coords) == [(1, 1), (0, 0)]
    assert list(_along(ring, (0, 0), (1, 1)).coords) == [(0, 0), (1, 0), (1, 1)]
    assert list(_along(ring, (1, 0), (0.5, 0)).coords) == [(1, 0), (0.5, 0)]
    assert _along(ring, (5, 5), (6, 6)) is None
