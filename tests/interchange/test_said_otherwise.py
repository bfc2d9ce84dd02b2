"""What people's files say in other words than ours: directions, gauges, days, countries; and what says two things."""

from __future__ import annotations

import json

import networkx as nx
import openpyxl
import pandas as pd
import pytest

import corridor_net as cn
from corridor_net.errors import CorridorError, DataFault
from corridor_net.interchange.doors import import_network
from corridor_net.interchange.listed.frames import directions
from corridor_net.interchange.notes import Notes
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.text_tables import TextTable

from .helpers import said

NODES = pd.DataFrame({"id": ["a", "b", "c"], "lon": [20.1, 20.3, 20.55], "lat": [45.2, 45.25, 45.1]})
LINKS = pd.DataFrame({"from": ["a", "b"], "to": ["b", "c"], "length_km": [17.2, 26.4]})
PLACES = [(20.0, 45.0), (20.2, 45.1), (20.4, 45.0), (20.6, 45.0)]


def write_lines(path, **columns):
    features = [
        {
            "type": "Feature",
            "properties": {"id": f"l{n}"} | {name: values[n] for name, values in columns.items()},
            "geometry": {"type": "LineString", "coordinates": PLACES[n : n + 2]},
        }
        for n in range(len(next(iter(columns.values()))))
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def reached(imported):
    links = imported.links
    graph = nx.DiGraph(list(zip(links["from_node_id"], links["to_node_id"], strict=True)))
    back = links[links["directed"] == "0"]
    graph.add_edges_from(zip(back["to_node_id"], back["from_node_id"], strict=True))
    return {(here, there) for here in graph for there in nx.descendants(graph, here)}


@pytest.mark.parametrize(("oneway", "both"), [(["yes", "-1", "no"], 2), (["F", "T", "B"], 2)])
def test_one_way_lines_lead_the_way_their_source_says(tmp_path, oneway, both):
    made = import_network("lines", [write_lines(tmp_path / "l.geojson", oneway=oneway)])
    n1, n2, n3, n4 = made.nodes["node_id"]
    assert reached(made) == {(n1, n2), (n3, n2), (n3, n4), (n4, n3), (n4, n2)}
    assert (made.links["directed"] == "1").sum() == both


def test_t_and_f_alone_may_mean_two_things_and_are_refused():
    notes = Notes()
    directions(TextTable(frame=pd.DataFrame({"directed": ["T", "F", "t"]}), path="x"), ImportOptions(), notes)
    assert len(notes.faults) == 2


def test_gauges_are_millimetres_however_they_are_written(tmp_path):
    made = cn.from_frames(NODES, LINKS.assign(mode="rail", gauge=["1435 mm", "1520/1435"]))
    assert made.links["gauge_mm"].tolist() == ["1435", "1520;1435"]
    path = write_lines(tmp_path / "l.geojson", mode=["rail"] * 2, gauge=["1,520", "4 ft 8 1/2 in"])
    assert import_network("lines", [path]).links["gauge_mm"].tolist() == ["1520", "1435"]
    with pytest.raises(CorridorError, match="gauge of link 'a-b' is '15 mm'"):
        cn.from_frames(NODES, LINKS.assign(mode="rail", gauge=["15 mm", "1520"]))


def test_a_name_that_several_gauges_have_is_asked_about(tmp_path):
    links = LINKS.assign(mode="rail", gauge=["broad", "standard"])
    with pytest.raises(CorridorError, match="is 'broad', which may be 1520, 1524, 1600, 1668, 1676 mm") as refused:
        cn.from_frames(NODES, links)
    assert refused.value.hint.endswith("gauge,broad,1520")
    (tmp_path / "map.csv").write_text("kind,theirs,ours\ngauge,broad,1676\n", encoding="utf-8")
    made = cn.from_frames(NODES, links, mapping=tmp_path / "map.csv")
    assert made.links["gauge_mm"].tolist() == ["1676", "1435"]
    (tmp_path / "map.csv").write_text("kind,theirs,ours\ngauge,broad,wide\n", encoding="utf-8")
    with pytest.raises(CorridorError, match="gauge = 'wide'"):
        cn.from_frames(NODES, links, mapping=tmp_path / "map.csv")


def test_lines_that_lie_on_each_other_are_noticed_and_faults_name_the_feature(tmp_path):
    path = write_lines(tmp_path / "l.geojson", maxspeed=["60", "40 mph"])
    with pytest.raises(CorridorError, match=r"l\.geojson \(feature 2\)"):
        import_network("lines", [path])
    collection = json.loads(path.read_text())
    collection["features"] = [collection["features"][0]] * 2
    path.write_text(json.dumps(collection))
    made = import_network("lines", [path])
    assert said(made, "1 link lies on another one")


def test_columns_of_the_package_hold_for_links_without_an_id():
    made = cn.from_frames(NODES, LINKS.assign(valid_from=pd.to_datetime(["2020-01-01", "2026-01-01"])))
    model = cn.Model(made.network())
    assert model.as_of("2026-07-01").route("a", "c").legs
    with pytest.raises(cn.NoRoute):
        model.as_of("2025-07-01").route("a", "c")


@pytest.mark.parametrize(
    "make",
    [
        lambda: cn.from_frames(NODES, pd.concat([LINKS, LINKS[["length_km"]] * 9], axis=1)),
        lambda: cn.from_frames(NODES, LINKS, tables={"speeds": pd.DataFrame({"a": [1]})}),
        lambda: cn.from_frames(NODES, LINKS, tables={"speed": pd.DataFrame({"mode": ["road"]})}),
        lambda: cn.from_frames(NODES.assign(country="Serbia"), LINKS),
        lambda: cn.from_frames(NODES.assign(name="a\x07"), LINKS),
        lambda: cn.from_frames(NODES, {"from": ["a"]}),
        lambda: cn.from_networkx({"a": 1}),
    ],
)
def test_what_says_two_things_or_nothing_is_refused_by_name(make):
    with pytest.raises(CorridorError):
        make()


def test_a_column_that_stands_twice_is_refused_in_every_table(tmp_path):
    (tmp_path / "node.csv").write_text("node_id,x_coord,y_coord\n1,20.1,45.2\n2,20.3,45.25\n")
    (tmp_path / "link.csv").write_text("link_id,from_node_id,to_node_id,length,length\n1,1,2,17.2,99\n")
    book = openpyxl.Workbook()
    book.active.title = "node"
    for row in (["node_id", "x_coord", "y_coord", "x_coord"], ["a", 20.1, 45.2, 20.3]):
        book.active.append(row)
    book.create_sheet("link").append(["link_id", "from_node_id", "to_node_id"])
    book.save(tmp_path / "two.xlsx")
    for kind, path, column in (("gmns", tmp_path, "length"), ("excel", tmp_path / "two.xlsx", "x_coord")):
        with pytest.raises(CorridorError, match=f"column '{column}' stands twice"):
            import_network(kind, [path])


def test_a_package_that_could_not_be_read_again_is_not_written(tmp_path):
    made = cn.from_frames(NODES, LINKS.assign(valid_from=["2020-13-01", ""]))
    with pytest.raises(DataFault, match=r"was not written[\s\S]*link\.csv:2"):
        made.write(tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_columns_that_no_model_reads_are_told():
    assert said(cn.from_frames(NODES, LINKS.assign(lanes=2)), "were not read, and are kept beside: lanes")


def test_a_column_of_directions_that_is_empty_says_nothing(tmp_path):
    (tmp_path / "node.csv").write_text("node_id,x_coord,y_coord\n1,20.1,45.2\n2,20.3,45.25\n")
    (tmp_path / "link.csv").write_text("link_id,from_node_id,to_node_id,dir_flag,length\n1,1,2,,17.2\n")
    assert said(import_network("gmns", [tmp_path]), "may be used both ways, as nothing is said")


def test_a_route_over_a_length_that_the_map_denies_says_so():
    model = cn.Model(cn.from_frames(NODES, LINKS.assign(length_km=[17.2, 1.0])).network())
    assert any("link 'b-c' is 1.0 km long, the straight line" in note for note in model.route("a", "c").assumptions)
    assert not any("km long" in note for note in model.route("a", "b").assumptions)
