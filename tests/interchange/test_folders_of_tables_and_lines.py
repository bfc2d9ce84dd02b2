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
