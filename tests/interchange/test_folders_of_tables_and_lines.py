"""Folders of tables and of lines in which there is more than a network, or less than the first file says."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import LineString

from corridor_net.errors import BadFile, BadValue
from corridor_net.interchange.doors import import_network
from interchange.helpers import said

NODES = "id,lon,lat\na,20.1,45.2\nb,20.3,45.25\nc,26.5,45.1\n"
LINKS = "from,to,length_km\na,b,17.2\nb,c,500\n"
DEMAND = "from,to,tonnes\na,c,900\n"
POINTS = [(20.1, 45.2), (20.3, 45.25), (20.6, 45.3)]


def folder(path, **texts):
    for name, text in texts.items():
        stem, _, end = name.partition("__")
        (path / f"{stem}.{end or 'csv'}").write_text(text, encoding="utf-8")
    return path


def test_demand_and_other_tables_beside_a_network_become_no_links_and_no_nodes(tmp_path):
    readme = "Roads, by hand.\nSee the tables, both of them, for more.\n"
    notes = "Roads by hand.\nNothing else.\n"
    of_links = "link,lanes\n1,2\n"
    path = folder(
        tmp_path, nodes=NODES, links=LINKS, demand=DEMAND, lanes=of_links, README__txt=readme, NOTES__txt=notes
    )
    made = import_network("tables", [path])
    assert made.links[["from_node_id", "to_node_id"]].to_numpy().tolist() == [["a", "b"], ["b", "c"]]
    assert made.nodes["node_id"].tolist() == ["a", "b", "c"]
    assert said(made, "neither links nor nodes were passed over: demand.csv, lanes.csv")
    by_name = import_network("tables", [path], layer="links,nodes")
    assert by_name.links["length_km"].tolist() == made.links["length_km"].tolist()


@pytest.mark.parametrize("links", [LINKS, "from,to,lanes\na,b,2\n"])
def test_of_several_tables_that_may_be_the_links_one_is_to_be_named(tmp_path, links):
    demand = "from,to,distance,tonnes\na,c,520,900\n" if links == LINKS else DEMAND
    path = folder(tmp_path, nodes=NODES, links=links, demand=demand)
    with pytest.raises(BadValue, match=r"several tables may be the links: demand\.csv: from, to.*links\.csv: from, to"):
        import_network("tables", [path])
    assert len(import_network("tables", [path], layer="links,nodes").links) == links.count("\n") - 1


def test_tables_of_the_same_columns_are_links_together(tmp_path):
    path = folder(tmp_path, nodes=NODES, east="from,to,length_km\na,b,17.2\n", west="from,to,length_km\nb,c,500\n")
    assert sorted(import_network("tables", [path]).links["length_km"]) == ["17.2", "500"]


def test_the_two_files_of_gmns_are_told_to_be_gmns(tmp_path):
    path = folder(tmp_path, node=NODES, link=LINKS)
    with pytest.raises(BadFile, match="this looks like GMNS") as refused:
        import_network("tables", [path])
    assert refused.value.hint == f"corridor-net import gmns {path}"


def lines(points, name="geometry", **columns):
    return gpd.GeoDataFrame({**columns, name: [LineString(points)]}, geometry=name, crs="EPSG:4326")


def test_all_files_of_lines_in_a_folder_are_read_whatever_their_drawings_are_called(tmp_path):
    lines(POINTS[:2], "shape", n=[1]).to_parquet(tmp_path / "a.parquet")
    lines(POINTS[1:], n=[2]).to_file(tmp_path / "c.geojson")
    made = import_network("lines", [tmp_path])
    assert len(made.links) == 2
    assert said(made, "all lines were read: a.parquet, c.geojson")
    assert made.link_attributes["file"].tolist() == ["a", "c"]


def test_a_column_of_the_lines_that_is_called_file_stays(tmp_path):
    for name, points in (("a", POINTS[:2]), ("c", POINTS[1:])):
        lines(points, file=[f"sheet {name}"]).to_file(tmp_path / f"{name}.geojson")
    made = import_network("lines", [tmp_path])
    assert made.link_attributes["file"].tolist() == ["sheet a", "sheet c"]
    assert made.link_attributes["source_file"].tolist() == ["a", "c"]
    assert said(made, "'source_file' says of which file each is")


def variants(path, *names, rows=(("a,b,17.2", "b,c,500"), ("a,b,15", "b,c,480", "a,c,510"))):
    """Write tables of links, all with the nodes they name, into a folder."""
    texts = {name: "from,to,length_km\n" + "\n".join(lines) + "\n" for name, lines in zip(names, rows, strict=True)}
    return folder(path, nodes=NODES, **texts)


def test_two_years_of_one_network_are_asked_about_and_read_where_they_are_named(tmp_path):
    path = variants(tmp_path, "y2020", "y2030")
    with pytest.raises(BadValue, match="y2020 and y2030 hold the same links, 2 of 2: two years or variants") as refused:
        import_network("tables", [path])
    assert refused.value.hint == "--layer y2020,nodes leaves y2030 out, --layer y2020,y2030,nodes reads all"
    assert len(import_network("tables", [path], layer="y2020,nodes").links) == 2
    assert len(import_network("tables", [path], layer="y2020,y2030,nodes").links) == 5
    both = [path / name for name in ("y2020.csv", "y2030.csv", "nodes.csv")]
    assert len(import_network("tables", both).links) == 5


def test_ways_there_and_ways_back_in_two_files_are_no_variants(tmp_path):
    path = variants(tmp_path, "there", "back", rows=(("a,b,17.2", "b,c,500"), ("b,a,17.2", "c,b,500")))
    assert len(import_network("tables", [path], directed="yes").links) == 4


def test_regions_that_share_a_link_and_a_node_share_them_once(tmp_path):
    shared = ("a,b,17.2", "b,c,500", "a,c,510"), ("a,c,510", "c,d,90", "b,d,400")
    path = folder(variants(tmp_path, "east", "west", rows=shared), places="id,lon,lat\nc,26.5,45.1\nd,27.5,45.2\n")
    made = import_network("tables", [path])
    assert sorted(made.links["length_km"]) == ["17.2", "400", "500", "510", "90"]
    assert sorted(made.nodes["node_id"]) == ["a", "b", "c", "d"]
    assert said(made, "1 link has the same ends and mode in east and in west")
    assert said(made, "rows of east.csv, west.csv that stand alike in two of them were read once: 1")
    assert said(made, "rows of nodes.csv, places.csv that stand alike in two of them were read once: 1")


def test_ids_that_two_regions_have_are_told_with_both_places(tmp_path):
    texts = {name: f"id,from,to,length_km\n7,{ends},90\n" for name, ends in (("east", "a,b"), ("west", "b,c"))}
    with pytest.raises(BadValue, match=r"'7' stands already in east\.csv on line 2") as refused:
        import_network("tables", [folder(tmp_path, nodes=NODES, **texts)])
    assert (refused.value.place.path, refused.value.place.line) == (str(tmp_path / "west.csv"), 2)


@pytest.mark.parametrize("modes", [None, ("road", "rail")])
def test_two_drawings_of_one_network_are_asked_about_unless_their_modes_differ(tmp_path, modes):
    for number, name in enumerate(("a", "b")):
        columns = {"mode": [modes[number]]} if modes else {"n": [number]}
        lines([*POINTS[:2], (20.7, 45.2 + number), POINTS[2]], **columns).to_file(tmp_path / f"{name}.geojson")
    if modes:
        assert set(import_network("lines", [tmp_path]).links["mode"]) == {"road", "rail"}
        return
    with pytest.raises(BadValue, match="a and b hold the same links, 1 of 1") as refused:
        import_network("lines", [tmp_path])
    assert refused.value.hint == "--layer a leaves b out, --layer a,b reads all"
    assert len(import_network("lines", [tmp_path], layer="a").links) == 1
