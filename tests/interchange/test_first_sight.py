"""Networks as they are met in the wild: names that many share, countries by three letters, keys of OpenStreetMap."""

from __future__ import annotations

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import LineString

import corridor_net as cn
from corridor_net.analysis.joined import joined
from corridor_net.errors import BadFile, BadValue
from corridor_net.interchange.doors import import_network
from corridor_net.network.checks import check_network
from interchange.helpers import said

PLACES = [(20.1, 45.2), (20.3, 45.25), (20.6, 45.3)]


def frames(count=3, **columns):
    nodes = pd.DataFrame(
        {"id": [f"n{n}" for n in range(count)], "lon": [20 + n / 10 for n in range(count)], "lat": 45.0}
    )
    ids = nodes["id"].tolist()
    return nodes.assign(**columns), pd.DataFrame({"from": ids[:-1], "to": ids[1:], "length_km": 8.0})


def test_a_name_that_some_nodes_share_has_their_ids_and_one_of_many_is_none():
    made = cn.from_frames(*frames(3, name=["Kaya", "kaya", "Jinja"]))
    assert made.nodes["name"].tolist() == ["Kaya (n0)", "kaya (n1)", "Jinja"]
    check_network(made.network())
    many = cn.from_frames(*frames(30, name=["Kaya", *["road"] * 28, "Jinja"]), origins=("Kaya",), markets=("Jinja",))
    assert many.nodes["name"].tolist() == ["Kaya", *(f"n{n}" for n in range(1, 29)), "Jinja"]
    assert said(many, "names that more than 20 nodes have were left out: road")
    network = many.network()
    told = joined(cn.Model(network).route("Kaya", "Jinja").route, network)
    assert [leg.kind for leg in told.route.legs].count("haul") == 1


@pytest.mark.parametrize("names", [["KEN", "UGA", "CIV"], ["Kenya", "uganda", "COTE D'IVOIRE"], ["KE", "UG", "CI"]])
def test_countries_are_told_by_two_letters_by_three_or_by_name(names):
    made = cn.from_frames(*frames(3, country=names))
    assert made.nodes["country"].tolist() == ["KE", "UG", "CI"]
    with pytest.raises(BadValue, match="country = 'ATLANTIS'"):
        cn.from_frames(*frames(3, country=["KE", "Atlantis", "CI"]))


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("South Korea", "KR"),
        ("Republic of Korea", "KR"),
        ("DPRK", "KP"),
        ("Democratic People's Republic of Korea", "KP"),
        ("United Kingdom", "GB"),
        ("Great Britain", "GB"),
        ("Czechia", "CZ"),
        ("Türkiye", "TR"),
        ("Kosovo", "XK"),
        ("United States of America", "US"),
        ("Russian Federation", "RU"),
    ],
)
def test_names_that_the_time_zone_database_has_otherwise_are_known(name, letters):
    assert cn.from_frames(*frames(2, country=[name, name])).nodes["country"].tolist() == [letters] * 2


def test_keys_of_openstreetmap_say_the_modes_of_lines(tmp_path):
    lines = [LineString(PLACES[:2]), LineString(PLACES[1:]), LineString([PLACES[0], PLACES[2]]), LineString(PLACES)]
    keys = {
        "railway": ["rail", "", "", "platform"],
        "highway": ["", "trunk_link", "", ""],
        "route": ["", "", "ferry", ""],
    }
    gpd.GeoDataFrame(keys, geometry=lines, crs=4326).to_file(tmp_path / "l.geojson")
    made = import_network("lines", [tmp_path / "l.geojson"])
    assert sorted(made.links["mode"]) == ["rail", "road", "waterway"]
    assert said(made, "told by its keys of OpenStreetMap")
    assert set(import_network("lines", [tmp_path / "l.geojson"], mode="road").links["mode"]) == {"road"}


def test_links_with_a_gauge_are_railways_where_no_mode_is_said():
    nodes, links = frames()
    made = cn.from_frames(nodes, links.assign(gauge=["1000", ""]))
    assert made.links[["mode", "gauge_mm"]].to_numpy().tolist() == [["rail", "1000"], ["road", ""]]


def test_a_workbook_beside_the_tables_that_cannot_be_read_is_passed_over_unless_it_is_all_there_is(tmp_path):
    book = openpyxl.Workbook()
    for row in (("from", "to", "what"), ("a", "b", 1), ("b", "c", 2)):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "about.xlsx")
    with pytest.raises(BadFile, match="merged cells"):
        import_network("tables", [tmp_path])
    for name, frame in zip(("nodes", "links"), frames(), strict=True):
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    made = import_network("tables", [tmp_path])
    assert len(made.links) == 2
    assert said(made, "about.xlsx was passed over: merged cells")


def test_lines_that_do_not_meet_are_told_with_what_joins_them():
    lines = [LineString(PLACES[:2]), LineString([(20.3001, 45.25), PLACES[2]])]
    frame = gpd.GeoDataFrame({"n": [1, 2]}, geometry=lines, crs=4326)
    assert said(cn.from_geodataframes(frame), "--snap METRES joins ends that lie as far apart")
    joined = cn.from_geodataframes(frame, snap_m=10)
    assert len(joined.nodes) == 3
    assert not said(joined, "--snap METRES")


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_that_was_copied_in_part_is_refused_where_it_ends(tmp_path):
    nodes = written(tmp_path / "n.csv", "id,lon,lat\na,20.1,45.2\nb,20.3,45.25\nc,20.5,45.1\n")
    links = written(tmp_path / "l.csv", "from,to,length_km\na,b,17.2\nb,c")
    with pytest.raises(BadFile, match="the last row has 2 cells, the header 3") as refused:
        import_network("tables", [links, nodes])
    assert (refused.value.place.path, refused.value.place.line) == (str(links), 3)
    written(links, "from,to,length_km\na,b,17.2\nb,c,24")
    assert len(import_network("tables", [links, nodes]).links) == 2


def test_what_no_row_is_at_fault_for_is_told_with_the_file(tmp_path):
    links = written(tmp_path / "l.csv", "from,to,length_km\na,b,10.6\nb,c,14.9\n")
    nodes = written(tmp_path / "n.csv", "id,lon,lat\na,20.1,45.2\nb,20.3,45.25\nc,20.5,45.1\n")
    with pytest.raises(BadValue, match="say miles") as refused:
        import_network("tables", [links, nodes])
    assert str(refused.value.place) == f"{links}, {nodes}"
    with pytest.raises(BadFile, match="does not exist") as lost:
        import_network("tables", [tmp_path / "ll.csv"])
    assert lost.value.hint == "did you mean 'l.csv'?"


def test_nodes_at_one_place_and_nodes_at_nought_degrees_are_told():
    nodes, links = frames(9)
    lon, lat = nodes["lon"].to_numpy().copy(), [45.0] * 8 + [0.0]
    lon[[1, 8]] = [lon[0], 0.0]
    made = cn.from_frames(nodes.assign(lon=lon, lat=lat), links)
    assert said(made, "1 link joins two nodes at one place and is up to 8 km long: n0-n1")
    assert said(made, "1 node lies at 0 degrees north and east")
    near = cn.from_frames(nodes.assign(lon=[n / 14 for n in range(9)], lat=0.0), links)
    assert not said(near, "at 0 degrees north and east")


def test_degrees_of_a_single_line_said_to_be_metres_are_refused():
    line = gpd.GeoDataFrame({"n": [1]}, geometry=[LineString(PLACES[:2])], crs=32634)
    with pytest.raises(BadValue, match="said to be of EPSG:32634, in metre, but look like degrees"):
        cn.from_geodataframes(line)


def test_columns_of_the_rail_network_of_north_america_need_no_mapping(tmp_path):
    columns = {"FRAARCID": [7, 8], "FRFRANODE": [11, 12], "TOFRANODE": [12, 13], "MILES": [11.0, 15.5]}
    lines = [LineString(PLACES[:2]), LineString(PLACES[1:])]
    gpd.GeoDataFrame(columns, geometry=lines, crs=4326).to_file(tmp_path / "narn.geojson")
    named = import_network("tables", [tmp_path / "narn.geojson"], mode="rail")
    assert named.links[["link_id", "from_node_id", "to_node_id"]].to_numpy().tolist() == [
        ["7", "11", "12"],
        ["8", "12", "13"],
    ]
    drawn = import_network("lines", [tmp_path / "narn.geojson"], mode="rail")
    for made in (named, drawn):
        assert made.links["length_km"].astype(float).tolist() == pytest.approx([11.0 * 1.609344, 15.5 * 1.609344])
