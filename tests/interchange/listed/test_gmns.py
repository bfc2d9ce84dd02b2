"""GMNS: as specified, as met, and back again as it came."""

from __future__ import annotations

import csv
import io
import json

import networkx as nx
import pandas as pd
import pytest
import shapely

import corridor_net as cn
from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from corridor_net.interchange.imported import Imported
from interchange.helpers import geodesic_km, grid, haul, said

NODES = (
    "node_id,name,x_coord,y_coord,node_type\n1,Northgate,20.10,45.20,\n2,Midway,20.30,45.25,\n3,South,20.55,45.10,\n"
)
LINKS = (
    "link_id,name,from_node_id,to_node_id,directed,geometry_id,length,facility_type,free_speed,allowed_uses,lanes\n"
    "10,,1,2,0,,17.2,rail,60,rail,\n11,,2,3,1,g1,26.4,road,50,truck,2\n12,,3,2,1,,26.9,road,50,truck,1\n"
    "13,,1,3,0,,38.5,path,5,walk;bike,\n"
)
GEOMETRY = 'geometry_id,geometry\ng1,"LINESTRING (20.3 45.25, 20.42 45.15, 20.55 45.1)"\n'
CONFIG = "dataset_name,short_length,long_length,speed,crs,geometry_field_format\ntoy,m,km,kph,EPSG:4326,wkt\n"


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "toy")


def write(path, nodes=NODES, links=LINKS, geometry=GEOMETRY, config=CONFIG, encoding="utf-8", **others):
    path.mkdir(parents=True)
    texts = {"node": nodes, "link": links, "geometry": geometry, "config": config, **others}
    for name, text in texts.items():
        if text:
            (path / f"{name}.csv").write_text(text, encoding=encoding, newline="")
    return path


def test_a_network_as_specified(folder):
    imported = cn.from_gmns(folder)
    links = imported.links.set_index("link_id")
    assert list(links.index) == ["10", "11", "12"]
    assert links.loc["10", ["mode", "directed", "length_km"]].tolist() == ["rail", "0", "17.2"]
    assert links.loc["11", ["mode", "directed", "length_km"]].tolist() == ["road", "1", "26.4"]
    drawn = imported.tables["geometry"].set_index("geometry_id")["geometry"]
    assert list(drawn.index) == ["11"]
    assert shapely.from_wkt(drawn["11"]).equals(shapely.from_wkt("LINESTRING (20.3 45.25, 20.42 45.15, 20.55 45.1)"))
    hours, km = haul(imported, "2", "3")
    assert (hours, km) == (pytest.approx(26.4 / 50), pytest.approx(26.4))
    assert said(imported, "1 link that carries no freight was left out: 13")


def test_what_leaves_comes_back_and_goes_again_as_it_came(folder, tmp_path):
    made = cn.from_gmns(folder).write(tmp_path / "package")
    tables = Imported.from_folder(made).to_gmns()
    for name, text in (("node", NODES), ("link", LINKS), ("geometry", GEOMETRY), ("config", CONFIG)):
        assert tables[name].to_csv(index=False, lineterminator="\n") == text, name


def test_what_the_package_changes_goes_out_changed(folder, tmp_path):
    made = cn.from_gmns(folder).write(tmp_path / "package")
    table = pd.read_csv(made / "link.csv", dtype=str, keep_default_na=False)
    table.loc[table["link_id"] == "11", "length_km"] = "30"
    table[table["link_id"] != "12"].to_csv(made / "link.csv", index=False)
    link = Imported.from_folder(made).to_gmns()["link"].set_index("link_id")
    assert list(link.index) == ["10", "11", "13"]
    assert link.loc["11", ["length", "free_speed", "lanes"]].tolist() == ["30", "50", "2"]


def test_miles_and_another_system_of_coordinates_go_out_as_they_came(tmp_path):
    nodes = "node_id,x_coord,y_coord\nA,500000,5000000\nB,510000,5000000\n"
    links = "link_id,from_node_id,to_node_id,directed,length,free_speed,geometry\n" + (
        'ab,A,B,1,6.5,40,"LINESTRING (500000 5000000, 505000 5000100, 510000 5000000)"\n'
    )
    config = "dataset_name,long_length,speed,crs\nzone34,mile,mph,32634\n"
    folder = write(tmp_path / "utm", nodes, links, "", config)
    imported = cn.from_gmns(folder)
    row = imported.links.iloc[0]
    assert float(row["length_km"]) == pytest.approx(6.5 * 1.609344)
    assert haul(imported, "A", "B")[0] == pytest.approx(6.5 / 40)
    assert float(imported.nodes["x_coord"][0]) == pytest.approx(21.0)
    back = Imported.from_folder(imported.write(tmp_path / "package")).to_gmns()
    assert back["node"].to_csv(index=False) == nodes
    assert back["link"].to_csv(index=False) == links
    assert back["config"].iloc[0].to_dict() == {
        "dataset_name": "zone34",
        "long_length": "mile",
        "speed": "mph",
        "crs": "32634",
        "geometry_field_format": "wkt",
    }


def test_our_own_export_comes_back_with_its_services(tmp_path):
    from corridor_net.output.exports import gmns, write_all

    exported = gmns(cn.Network.from_folder())
    write_all(tmp_path / "out", exported)
    imported = cn.from_gmns(tmp_path / "out")
    again = gmns(cn.Network.from_folder(imported.write(tmp_path / "package")))
    before, after = ({row.pop("node_id"): row for row in rows(texts["node.csv"])} for texts in (exported, again))
    assert any(row["zone_id"] for row in before.values())
    for row in (*before.values(), *after.values()):  # origins and markets are for the reader to name
        del row["zone_id"]
    assert after == before
    before, after = (drawn(texts) for texts in (exported, again))
    assert before.keys() == after.keys()
    for key, (row, line) in before.items():
        assert after[key][0] == row
        assert after[key][1].equals_exact(line, 0), key


def drawn(texts):
    """Links by id, each with its line from its first node to its second; one line may serve both directions."""
    shapes = {row["geometry_id"]: shapely.from_wkt(row["geometry"]) for row in rows(texts["geometry.csv"])}
    found = {}
    for row in rows(texts["link.csv"]):
        line = shapes[row.pop("geometry_id")]
        found[row["link_id"]] = row, line.reverse() if row.pop("dir_flag") == "-1" else line
    return found


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_byte_order_marks_cut_names_blanks_and_multilines(tmp_path):
    nodes = "node_id,name,x_coord,y_coord\n0, ,-71.05,42.36\n1, ,-71.06,42.37\n"
    links = (
        "link_id,parent_lin,name,from_node_,to_node_id,directed,geometry,length,facility_t,free_speed,allowed_us\n"
        '7, , ,0,1,1,"MULTILINESTRING ((-71.05 42.36, -71.06 42.37))",1.5, ,30,walk;bike;auto\n\n,,,,,,,,,,\n'
    )
    folder = write(tmp_path / "wild", nodes, links, "", "", encoding="utf-8-sig")
    imported = cn.from_gmns(folder)
    row = imported.links.iloc[0]
    assert row[["link_id", "from_node_id", "to_node_id", "directed", "mode"]].tolist() == ["7", "0", "1", "1", "road"]
    assert imported.tables["geometry"]["geometry"].tolist() == ["LINESTRING (-71.05 42.36, -71.06 42.37)"]
    assert said(imported, "cut to ten characters: parent_lin, from_node_, facility_t, allowed_us")


def test_semicolons_and_decimal_commas(tmp_path):
    nodes, links = (NODES.replace(".", ",").replace(",", ";"), LINKS)
    nodes = "node_id;name;x_coord;y_coord\n1;N;20,10;45,20\n2;M;20,30;45,25\n"
    links = "link_id;from_node_id;to_node_id;directed;length\n10;1;2;0;17,2\n"
    imported = cn.from_gmns(write(tmp_path / "eu", nodes, links, "", ""))
    assert imported.links["length_km"].tolist() == ["17.2"]
    assert imported.nodes["x_coord"].tolist() == ["20.1", "20.3"]


def test_a_drawing_against_the_link_is_turned(tmp_path):
    links = (
        "link_id,from_node_id,to_node_id,dir_flag,geometry,length\n"
        'a,1,2,1,"LINESTRING (20.1 45.2, 20.3 45.25)",17.2\nb,2,1,-1,"LINESTRING (20.1 45.2, 20.3 45.25)",17.2\n'
        "c,2,3,0,,26.4\n"
    )
    imported = cn.from_gmns(write(tmp_path / "flags", links=links, geometry="", config=""))
    drawn = imported.tables["geometry"].set_index("geometry_id")["geometry"]
    assert drawn["b"] == "LINESTRING (20.3 45.25, 20.1 45.2)"
    assert imported.links["directed"].tolist() == ["1", "1", "0"]
    assert said(imported, "dir_flag")


def test_groups_of_uses_are_looked_up(tmp_path):
    groups = 'use_group,uses,description\nmotor,"car, truck",\nall,"motor, walk",\nslow,"walk, bike",\n'
    links = "link_id,from_node_id,to_node_id,directed,length,allowed_uses\na,1,2,0,17.2,ALL\nb,2,3,0,26.4,slow\n"
    imported = cn.from_gmns(write(tmp_path / "groups", links=links, geometry="", config="", use_group=groups))
    assert imported.links["link_id"].tolist() == ["a"]


def test_speeds_of_link_types_fill_those_that_are_empty(tmp_path):
    types = "link_type,free_speed\n1,80\n2,40\n"
    links = "link_id,from_node_id,to_node_id,directed,length,free_speed,link_type\na,1,2,0,17.2,,1\nb,2,3,0,26.4,55,2\n"
    imported = cn.from_gmns(write(tmp_path / "types", links=links, geometry="", config="", link_types=types))
    assert imported.links["speed_id"].tolist() == ["road_80", "road_55"]


def test_no_path_passes_a_centroid(tmp_path):
    nodes = "node_id,x_coord,y_coord,node_type\nz,20.2,45.2,centroid\na,20.1,45.2,\nb,20.3,45.2,\nc,20.2,45.3,\n"
    links = "link_id,from_node_id,to_node_id,directed,length\naz,a,z,0,7.9\nzb,z,b,0,7.9\nac,a,c,0,14\ncb,c,b,0,14\n"
    imported = cn.from_gmns(write(tmp_path / "zones", nodes, links, "", ""))
    assert haul(imported, "a", "b")[1] == pytest.approx(28)
    assert haul(imported, "a", "z")[1] == pytest.approx(7.9)
    assert haul(imported, "z", "b")[1] == pytest.approx(7.9)


def test_shortest_paths_equal_those_of_networkx(tmp_path):
    nodes, links = grid(5)
    folder = write(tmp_path / "grid", nodes.to_csv(index=False), links.to_csv(index=False), "", "")
    imported = cn.from_gmns(folder)
    graph = nx.from_pandas_edgelist(links, "from_node_id", "to_node_id", "length")
    model = cn.Model(imported.network())
    for origin, destination in (("p0", "p24"), ("p3", "p21"), ("p12", "p4")):
        route = model.route(origin, destination, by="time")
        km = sum(leg.distance_km for leg in route.legs if leg.kind != "terminal")
        assert km == pytest.approx(nx.shortest_path_length(graph, origin, destination, "length"))


def test_lengths_that_are_not_given_are_measured_and_said(tmp_path):
    line = "LINESTRING (20.1 45.2, 20.2 45.3, 20.3 45.25)"
    links = f'link_id,from_node_id,to_node_id,directed,geometry\na,1,2,0,"{line}"\nb,2,3,0,\n'
    imported = cn.from_gmns(write(tmp_path / "bare", links=links, geometry="", config=""))
    lengths = imported.links["length_km"].astype(float).tolist()
    assert lengths[0] == pytest.approx(geodesic_km((20.1, 45.2), (20.2, 45.3), (20.3, 45.25)))
    assert lengths[1] == pytest.approx(geodesic_km((20.3, 45.25), (20.55, 45.1)))
    assert imported.links["grade"].tolist() == ["C", "D"]
    assert said(imported, "1 length was measured along the drawing")
    assert said(imported, "1 length is the straight line")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nodes": NODES.replace("3,South", "2,South")}, "node_id '2' stands already on line 3"),
        ({"links": LINKS.replace("12,,3,2", "11,,3,2")}, "link_id '11' stands already on line 3"),
        ({"links": LINKS.replace("12,,3,2", "12,,9,2")}, "from_node_id '9' of link '12' is not among the nodes"),
        ({"links": LINKS.replace("26.9", "long")}, "length = 'long' is not a number"),
        ({"links": LINKS.replace("directed", "d")}, None),
        ({"nodes": NODES.replace("x_coord", "easting")}, "has no column x_coord"),
        ({"geometry": GEOMETRY.replace("LINESTRING", "LINE")}, "the geometry is not one line"),
        ({"config": CONFIG.replace("EPSG:4326", "EPSG:99")}, "unknown coordinate system 'EPSG:99'"),
        ({"config": CONFIG.replace(",km,", ",furlong,")}, "unknown unit of length 'furlong'"),
    ],
)
def test_faults_have_their_place(tmp_path, change, message):
    folder = write(tmp_path / "bad", **change)
    if message is None:
        assert said(cn.from_gmns(folder), "may be used both ways")
        return
    with pytest.raises(CorridorError) as caught:
        cn.from_gmns(folder)
    assert message in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_million_faults_are_the_first_twenty_and_a_count(tmp_path):
    count = 200_000
    links = "link_id,from_node_id,to_node_id,directed,length\n" + "".join(f"k{n},1,x{n},0,5\n" for n in range(count))
    with pytest.raises(CorridorError) as caught:
        cn.from_gmns(write(tmp_path / "many", links=links, geometry="", config=""))
    text = str(caught.value)
    assert text.count("is not among the nodes") == 21
    assert f"and {count - 21:,} more like this" in text


def test_the_package_holds_for_frictionless_and_says_its_origin(folder, tmp_path):
    from frictionless import validate

    made = cn.from_gmns(folder).write(tmp_path / "package")
    limit = csv.field_size_limit()
    try:
        report = validate(str(made / "datapackage.json"))
    finally:
        csv.field_size_limit(limit)  # frictionless raises it for the whole process
    assert report.valid, report.flatten(["taskPosition", "rowNumber", "fieldName", "message"])[:5]
    assert json.loads((made / "datapackage.json").read_text())["origin"]["format"] == "gmns"


def test_a_folder_that_is_none(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorridorError, match="is empty"):
        import_network("gmns", [tmp_path / "empty"])


def test_cells_too_many_are_refused_and_empty_ones_passed_over(tmp_path):
    longer = LINKS.replace("26.9,road,50,truck,1\n", "26.9,road,50,truck,1,,\n")
    assert len(cn.from_gmns(write(tmp_path / "tail", links=longer)).links) == 3
    with pytest.raises(CorridorError, match="the row has 13 cells, the header 11") as caught:
        cn.from_gmns(write(tmp_path / "more", links=LINKS.replace("walk;bike,\n", "walk;bike,2,x,y\n")))
    assert "link.csv:5" in str(caught.value)
