"""Tables as people elsewhere keep them: headers in their language, units in names and cells, commas, encodings."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import pandas as pd
import pytest
from shapely.geometry import GeometryCollection, LineString, Point

import corridor_net as cn
from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from interchange.helpers import said

NODES = "node_id,name,x,y\n1,A,20.1,45.2\n2,B,20.3,45.25\n3,C,20.6,45.3\n"
A, B, C = (20.1, 45.2), (20.3, 45.25), (20.6, 45.3)


def read(folder, links, nodes=NODES, encoding="utf-8", **options):
    (folder / "nodes.csv").write_bytes(nodes.encode(encoding))
    (folder / "links.csv").write_bytes(links.encode(encoding))
    return import_network("tables", [folder / "nodes.csv", folder / "links.csv"], **options)


def figures(imported):
    """Return km and km/h of each link."""
    links, speeds = imported.tables["link"], imported.tables["speed"].set_index("speed_id")["speed_kmh"]
    return [(float(km), float(speeds[speed])) for km, speed in zip(links["length_km"], links["speed_id"], strict=True)]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("length_mi,speed_mph", "10.5,30"),
        ("Length (mi),Speed (mi/h)", "10.5,30"),
        ('"Distance, miles",Speed limit [mph]', "10.5,30"),
        ("dist_km,travel_time_min", "16.898112,21"),
        ("Length [km],time_h", "16.898112,0.35"),
        ("length_km,duration", "16.898112,0:21"),
        ("长度_公里,速度", "16.898112,48.28032"),
        ("длина (км),скорость (км/ч)", "16.898112,48.28032"),
        ("length,speed", "10.5 mi,30 mph"),
    ],
)
def test_units_in_names_and_in_cells_are_those_of_the_figures(tmp_path, header, cells):
    imported = read(tmp_path, f"from,to,{header}\n1,2,{cells}\n")
    assert figures(imported) == [pytest.approx((10.5 * 1.609344, 30 * 1.609344), rel=1e-9)]
    assert not said(imported, "not read")


@pytest.mark.parametrize(
    ("nodes", "links"),
    [
        ("编号,名称,经度,纬度", "起点,终点,里程_公里,方式\n1,2,17,铁路\n"),
        ("узел,название,долгота,широта", "откуда,куда,длина_км,вид_транспорта\n1,2,17,жд\n"),
        ("ノード,駅名,経度,緯度", "出発,到着,距離_km,輸送モード\n1,2,17,鉄道\n"),
        ("Knoten,Bezeichnung,Längengrad,Breitengrad", "von,nach,Länge (km),Verkehrsträger\n1,2,17,Schiene\n"),
    ],
)
def test_headers_in_other_languages_are_known(tmp_path, nodes, links):
    link = read(tmp_path, links, NODES.replace("node_id,name,x,y", nodes)).tables["link"]
    assert link[["from_node_id", "to_node_id", "mode", "length_km"]].to_numpy().tolist() == [["1", "2", "rail", "17"]]


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("gb18030", ("绥芬河", "牡丹江")),
        ("cp932", ("新潟", "さいたま")),
        ("euc_kr", ("부산", "대전")),
        ("cp1251", ("Гродеково", "Уссурийск")),
        ("cp1252", ("Genève", "Zürich")),
        ("cp1252", ("Estação da Luz", "Conceição")),
        ("cp1252", ("Pääjärvi", "Jyväskylä")),
        ("cp1251", ("Київ", "Львів")),
        ("koi8_r", ("Гродеково", "Уссурийск")),
        ("cp866", ("Гродеково", "Уссурийск")),
        ("cp1253", ("Αθήνα", "Θεσσαλονίκη")),
        ("cp1250", ("Plzeň", "České Budějovice")),
        ("cp1250", ("Łódź", "Gdańsk")),
        ("cp1254", ("İzmir", "Eskişehir")),
        ("euc_jp", ("新潟", "さいたま")),
        ("cp932", ("ﾆｲｶﾞﾀ", "ｻｶﾀ")),
        ("big5", ("高雄港", "基隆港")),
        ("utf-16-le", ("绥芬河", "Genève")),
    ],
)
def test_names_in_other_encodings_are_read_and_the_encoding_told(tmp_path, encoding, names):
    nodes = NODES.replace("1,A", f"1,{names[0]}").replace("2,B", f"2,{names[1]}")
    imported = read(tmp_path, "from,to,length_km\n1,2,17\n", nodes, encoding)
    assert imported.tables["node"]["name"].tolist() == [*names, "C"]
    assert encoding.startswith("utf") or said(imported, "nodes.csv is not UTF-8")


@pytest.mark.parametrize(("text", "km"), [("1.017,5", 1017.5), ("1 017,5", 1017.5), ("17,5", 17.5), ("-", None)])
@pytest.mark.parametrize("mark", [";", "\t"])
def test_commas_of_decimals_where_another_sign_parts_the_columns(tmp_path, mark, text, km):
    links = mark.join(("from", "to", "length_km")) + f"\n1{mark}2{mark}{text}\n2{mark}3{mark}26,25\n"
    made = figures(read(tmp_path, links))
    assert made[1][0] == 26.25
    assert made[0][0] == (km or pytest.approx(16.66, abs=0.01))


def test_a_comma_in_a_number_between_commas_is_refused_where_it_stands(tmp_path):
    with pytest.raises(CorridorError, match="length_km = '1,017' is not a number") as caught:
        read(tmp_path, 'from,to,length_km\n1,2,"1,017"\n')
    assert caught.value.place.line == 2


def test_one_way_flags_of_makers_of_road_maps(tmp_path):
    links = read(tmp_path, "from,to,oneway\n1,2,FT\n2,3,TF\n1,3,\n").tables["link"]
    ways = links[["from_node_id", "to_node_id", "directed"]].astype(str).to_numpy().tolist()
    assert ways == [["1", "2", "1"], ["3", "2", "1"], ["1", "3", "0"]]
    with pytest.raises(CorridorError, match="directed = 'N'"):
        read(tmp_path, "from,to,oneway\n1,2,FT\n2,3,N\n")


def test_a_link_for_each_way_that_may_be_used_both_ways_is_noticed(tmp_path):
    links = "from,to,length_km\n1,2,17\n2,1,17\n2,3,26\n"
    assert said(read(tmp_path, links), "1 pair of links goes there and back")
    assert not said(read(tmp_path, links, directed="yes"), "there and back")


def test_ends_by_name_and_ids_that_lost_their_zeros(tmp_path):
    by_name = read(tmp_path, "from,to,length_km\nA,B,17\nB,C,26\n")
    assert by_name.tables["link"]["to_node_id"].tolist() == ["2", "3"]
    assert said(by_name, "from_node_id holds names of nodes: 'A' is 1")
    with pytest.raises(CorridorError, match="'1' of link '1-2' is not among the nodes") as caught:
        read(tmp_path, "from,to,length_km\n1,2,17\n", NODES.replace("\n1,", "\n001,"))
    assert "'001' differs by zeros alone" in caught.value.hint


def test_points_in_a_table_of_nodes(tmp_path):
    nodes = "node_id,wkt\n1,POINT (20.1 45.2)\n2,POINT(20.3 45.25)\n"
    assert read(tmp_path, "from,to\n1,2\n", nodes).tables["node"]["x_coord"].tolist() == ["20.1", "20.3"]


def test_a_folder_of_tables_is_all_of_them_but_the_mapping_file(tmp_path):
    (tmp_path / "nodes.csv").write_text(NODES, encoding="utf-8")
    (tmp_path / "links.csv").write_text("a1,b1,length_km\n1,2,17\n", encoding="utf-8")
    mapping = tmp_path / "map.csv"
    mapping.write_text("kind,theirs,ours\ncolumn,a1,from_node_id\ncolumn,b1,to_node_id\n", encoding="utf-8")
    imported = import_network("tables", [tmp_path], mapping=mapping)
    assert imported.tables["link"]["length_km"].tolist() == ["17"]
    assert said(imported, "these tables were read: links.csv, nodes.csv")


def test_levels_of_an_index_are_columns_as_osmnx_has_them():
    nodes = pd.DataFrame({"osmid": [1, 2], "x": [20.1, 20.3], "y": [45.2, 45.25]}).set_index("osmid")
    links = pd.DataFrame({"u": [1], "v": [2], "key": [0], "length": [17_000.0]}).set_index(["u", "v", "key"])
    assert cn.from_frames(nodes, links).tables["link"]["length_km"].tolist() == ["17"]
    shapes = gpd.GeoDataFrame(links, geometry=[LineString([A, B])], crs=4326)
    points = gpd.GeoDataFrame(nodes, geometry=[Point(A), Point(B)], crs=4326).to_crs(3857)
    made = cn.from_geodataframes(shapes, points).tables
    assert made["link"]["length_km"].tolist() == ["17"]
    assert made["node"]["x_coord"].astype(float).tolist() == pytest.approx([20.1, 20.3])
    links.columns = pd.MultiIndex.from_product([["all"], links.columns])
    with pytest.raises(CorridorError, match="the columns of links have 2 levels"):
        cn.from_frames(nodes, links)


def test_lines_in_collections_of_collections_are_lines():
    shapes = [GeometryCollection([GeometryCollection([LineString([A, B]), Point(A)])]), LineString([B, C])]
    imported = cn.from_geodataframes(gpd.GeoDataFrame(geometry=shapes, crs=4326))
    assert len(imported.tables["link"]) == 2
    assert said(imported, "1 shape that is no line")


def test_units_in_attributes_of_a_graph_and_loops_that_come_back():
    graph = nx.DiGraph()
    graph.add_nodes_from([("a", {"x": 20.1, "y": 45.2}), ("b", {"x": 20.3, "y": 45.25})])
    graph.add_edge("a", "b", length_mi=10.5, time_min=21)
    graph.add_edge("b", "b", length_mi=0.5, time_min=1)
    imported = cn.from_networkx(graph)
    assert figures(imported) == [pytest.approx((10.5 * 1.609344, 30 * 1.609344))]
    again = imported.to_networkx()
    assert dict(again.edges) == dict(graph.edges)


def gmns(folder, links, nodes="node_id,x_coord,y_coord\n1,20.1,45.2\n2,20.3,45.25\n"):
    (folder / "node.csv").write_text(nodes, encoding="utf-8")
    (folder / "link.csv").write_text(links, encoding="utf-8")
    return cn.from_gmns(folder)


@pytest.mark.parametrize("prefix", ["", "vdf_"])
def test_units_in_names_of_gmns_are_read_and_go_back_as_they_came(tmp_path, prefix):
    links = f"link_id,from_node_id,to_node_id,directed,{prefix}length_mi,{prefix}free_speed_mph\n1,1,2,1,10.5,30\n"
    imported = gmns(tmp_path, links)
    assert figures(imported) == [pytest.approx((10.5 * 1.609344, 30 * 1.609344))]
    assert imported.to_gmns()["link"].iloc[0].tolist() == ["1", "1", "2", "1", "10.5", "30"]


def test_loops_of_gmns_come_back_and_other_flags_of_direction_are_refused(tmp_path):
    head = "link_id,from_node_id,to_node_id,dir_flag,length\n"
    imported = gmns(tmp_path, head + "1,1,2,1,17\n2,2,2,1,0.5\n")
    assert imported.tables["link"]["link_id"].tolist() == ["1"]
    assert imported.to_gmns()["link"]["link_id"].tolist() == ["1", "2"]
    with pytest.raises(CorridorError, match="dir_flag = '2'"):
        gmns(tmp_path, head + "1,1,2,2,17\n")


def test_ids_of_nodes_that_a_spreadsheet_made_decimals(tmp_path):
    nodes = "node_id,x_coord,y_coord\n1.0,20.1,45.2\n2.0,20.3,45.25\n"
    imported = gmns(tmp_path, "link_id,from_node_id,to_node_id,directed,length\n1,1,2,1,17\n", nodes)
    assert imported.tables["node"]["node_id"].tolist() == ["1", "2"]
