"""What was taken for another thing, or lost without a word: layers, sheets, systems, encodings, angles, units, legs."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import to_wkb
from shapely.geometry import LineString

import corridor_net as cn
from corridor_net.errors import BadFile, BadValue, CorridorError
from corridor_net.interchange.cells import degrees_of
from corridor_net.interchange.doors import import_network
from corridor_net.interchange.drawn.lines import read_lines
from corridor_net.interchange.encodings import decoded, encoding_of
from corridor_net.interchange.listed.gmns import read_gmns
from corridor_net.interchange.listed.graph_files import read_networkx
from corridor_net.interchange.listed.tables import read_tables
from corridor_net.interchange.mapping import read_name_map
from corridor_net.interchange.notes import Notes
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.shapes import are_shapes, shapes_of
from corridor_net.interchange.text_tables import text_frame
from corridor_net.interchange.timetables.gtfs_places import refuse_exchanged
from corridor_net.interchange.timetables.gtfs_services import _along
from interchange.test_other_dialects import write

LINE = LineString([(20.0, 45.0), (20.5, 45.0)])
PLACES = pd.DataFrame({"id": ["a", "b"], "lon": [20.0, 20.5], "lat": [45, 45]})


def frame_of(line):
    return gpd.GeoDataFrame({"id": [1]}, geometry=[line], crs="EPSG:4326")


def test_a_leg_against_the_way_its_shape_is_drawn_is_the_part_between_its_stops():
    shape = LineString([(0, 0), (1, 0), (2, 0)])
    assert list(_along(shape, (2, 0), (1, 0)).coords) == [(2, 0), (1, 0)]
    assert list(_along(shape, (2, 0), (1.995, 0)).coords) == [(2, 0), (1.995, 0)]
    assert list(_along(shape, (1.004, 0), (0.996, 0)).coords) == [(1.004, 0), (1, 0), (0.996, 0)]
    assert _along(shape, (1, 0), (1, 0)) is None


def test_the_way_back_of_a_shape_there_and_back_has_the_length_of_the_way_there():
    shape = LineString([(0, 0), (1, 0), (2, 0), (1, 0), (0, 0)])
    legs = [((0, 0), (2, 0), 2), ((2, 0), (1, 0), 1), ((1, 0), (0, 0), 1), ((0, 0), (1, 0), 1)]
    assert [_along(shape, here, there).length for here, there, _ in legs] == pytest.approx([km for *_, km in legs])


@pytest.mark.parametrize("names", ["roads,rails", "roads, rails"])
def test_of_several_files_each_layer_that_is_named_is_read(tmp_path, names):
    for shift, path in enumerate((tmp_path / "a.gpkg", tmp_path / "b.gpkg")):
        for up, layer in enumerate(("roads", "rails")):
            frame_of(LineString([(shift, up), (shift + 1, up)])).to_file(path, layer=layer)
    read = read_lines([tmp_path / "a.gpkg", tmp_path / "b.gpkg"], ImportOptions(layer=names), Notes())
    assert read["file"].tolist() == ["a[roads]", "a[rails]", "b[roads]", "b[rails]"]
    assert sorted(read.geometry.bounds[["minx", "miny"]].to_numpy().tolist()) == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_files_of_a_folder_are_named_with_blanks_behind_the_commas(tmp_path):
    for name in ("roads", "rails", "paths"):
        frame_of(LINE).to_file(tmp_path / f"{name}.geojson")
    paths = [tmp_path / "rails.geojson", tmp_path / "roads.geojson"]
    assert read_lines(paths, ImportOptions(layer="roads, rails"), Notes())["file"].tolist() == ["rails", "roads"]


def test_two_sheets_of_links_are_refused_until_one_is_named(tmp_path):
    path = tmp_path / "b.xlsx"
    with pd.ExcelWriter(path) as book:
        PLACES.to_excel(book, sheet_name="Stations", index=False)
        for year in (2019, 2020):
            links = pd.DataFrame({"from": ["a"], "to": ["b"], "km": [year / 50]})
            links.to_excel(book, sheet_name=f"Tracks {year}", index=False)
    with pytest.raises(BadValue, match=r"several tables may be the links: .*Tracks 2019.*Tracks 2020") as caught:
        cn.from_excel(path)
    assert "--layer" in caught.value.hint
    raw = read_tables([path], ImportOptions(layer="Stations,Tracks 2020"), Notes())
    assert raw.links["length"].tolist() == [40.4]


def test_shapes_of_several_systems_in_one_column_are_refused():
    for cells in (["SRID=3857;POINT (0 0)", "POINT (1 1)"], ["SRID=32632;POINT (0 0)", "SRID=32633;POINT (0 0)"]):
        with pytest.raises(BadValue, match="of several coordinate systems"):
            shapes_of(cells)
    assert shapes_of(["SRID=3857;POINT (0 0)", "", "x", "SRID=3857;POINT (1 1)"])[1] == "EPSG:3857"


@pytest.mark.filterwarnings("error")
def test_hexadecimal_shapes_are_read_without_a_warning():
    assert shapes_of([to_wkb(LINE, hex=True)])[0].tolist() == [LINE]


def test_a_name_that_begins_as_a_shape_is_none():
    names = ["Point Reyes", "Linestring", "POINT", "SRID=4326;nothing"]
    shapes = ["POINT (1 2)", "point z(1 2 3)", "LINESTRING EMPTY", "MULTIPOINTZM((1 2 3 4))", "SRID=1;LINESTRING(0 0)"]
    assert [are_shapes([cell]) for cell in names] == [False] * 4
    assert [are_shapes([cell]) for cell in shapes] == [True] * 5


@pytest.mark.whole
@pytest.mark.parametrize("name", ["base64", "hex", "rot13", "zlib", "undefined", "utf\0-8"])
def test_what_is_no_encoding_of_texts_is_refused(name):
    with pytest.raises(BadValue, match="unknown encoding"):
        encoding_of(name)


def test_text_that_is_not_of_the_encoding_is_refused(tmp_path):
    with pytest.raises(BadFile, match="is not punycode"):
        decoded("имя-имя".encode(), tmp_path / "l.csv", Notes(encoding=encoding_of("punycode")))


def test_an_encoding_is_that_of_the_network_and_not_of_the_mapping_file(tmp_path):
    path = write(tmp_path / "m.csv", "kind,theirs,ours\ncolumn,Откуда,from_node_id\n")
    notes = Notes(encoding="cp1251")
    assert dict(read_name_map(path, notes).columns) == {"Откуда": "from_node_id"}
    assert notes.encoding == "cp1251"


def test_angles_keep_their_decimals_and_are_of_their_own_axis(tmp_path):
    path = write(tmp_path / "n.csv", "id;lat;lon\na;45°30'N;18°07'30\"E\nb;45,25°N;18,5°E\n")
    links = write(tmp_path / "l.csv", "from;to;km\na;b;50,5\n")
    raw = read_tables([path, links], ImportOptions(), Notes())
    assert raw.nodes["x_coord"].tolist() == pytest.approx([18.125, 18.5])
    assert raw.nodes["y_coord"].tolist() == pytest.approx([45.5, 45.25])
    for cell, letters in (("18.1N", "EW"), ("45°75'N", "NS"), ("45.5°30'", "NS"), ("45°30'60\"", "NS")):
        assert degrees_of(pd.Series([cell]), letters) is None
    with pytest.raises(CorridorError, match=r"'18.1N' is not a number"):
        cn.from_frames(PLACES.assign(lon=["18.1N", "18.2N"]), pd.DataFrame({"from": ["a"], "to": ["b"]}))


def test_stops_overseas_are_not_exchanged_where_the_time_zone_is_that_of_the_capital(tmp_path):
    mayotte = pd.DataFrame({"x_coord": [45.2, 45.3], "y_coord": [-12.8, -12.9]})
    zones = [pd.DataFrame({"agency_timezone": zones}) for zones in (["Europe/Paris"], ["Indian/Mayotte"])]
    for stops in (mayotte, mayotte.rename(columns={"x_coord": "y_coord", "y_coord": "x_coord"})):
        refuse_exchanged(stops, text_frame(zones[0], "agency"), tmp_path)
    refuse_exchanged(mayotte, text_frame(zones[1], "agency"), tmp_path)
    with pytest.raises(BadValue, match="look exchanged"):
        refuse_exchanged(stops, text_frame(zones[1], "agency"), tmp_path)


def test_columns_of_theirs_that_are_kept_beside_have_names_of_their_own():
    nodes = PLACES.assign(source_id="ME", their_source_id="YOU")
    made = cn.from_frames(nodes, pd.DataFrame({"from": ["a"], "to": ["b"]}))
    assert made.node_attributes.columns.is_unique
    assert np.unique(made.node_attributes[["their_source_id", "their_source_id_2"]]).tolist() == ["ME", "YOU"]


def test_what_a_port_with_exchanged_coordinates_is_told_is_one_sentence(tmp_path):
    frame_of(LINE).to_file(tmp_path / "sea.geojson")
    ports = write(tmp_path / "p.csv", "id,lon,lat\na,45,120\nb,45,20.5\n")
    with pytest.raises(BadValue, match="port 'a' has no place") as caught:
        import_network("lines", [tmp_path / "sea.geojson"], ports=ports)
    assert caught.value.hint.endswith("are the two exchanged? a mapping file (--mapping) says which is which")


@pytest.mark.parametrize("option", ["encoding", "layer"])
def test_what_is_said_of_files_is_refused_for_frames(option):
    with pytest.raises(BadValue, match=f"{option} has no effect on what is in memory"):
        cn.from_frames(PLACES, pd.DataFrame({"from": ["a"], "to": ["b"]}), **{option: "cp1251"})


def test_the_srid_of_nodes_of_gmns_is_their_system(tmp_path):
    write(tmp_path / "node.csv", "node_id,wkt\n1,SRID=3857;POINT (2226389.8 5621521.4)\n2,SRID=3857;POINT (0 0)\n")
    write(tmp_path / "link.csv", "link_id,from_node_id,to_node_id,directed\n1,1,2,0\n")
    assert read_gmns(tmp_path, ImportOptions(), Notes()).crs == "EPSG:3857"


def test_a_graph_that_is_none_is_told_in_words_for_people(tmp_path):
    reasons = {"[]": ": it is no object", '{"nodes": []}': ": it has neither edges nor links", '{"edges": 3}': ""}
    for data, why in reasons.items():
        with pytest.raises(BadFile, match=rf"^'g.json' is no graph{why} \[") as caught:
            read_networkx(write(tmp_path / "g.json", data), ImportOptions(), Notes())
        assert "GEXF" in caught.value.hint
