"""networkx graphs come back as they went; workbooks and tables of others become packages."""

from __future__ import annotations

import itertools
import json

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from corridor_net.interchange.imported import Imported
from corridor_net.interchange.package import table_columns
from interchange.helpers import geodesic_km, grid, haul, said

CLASSES = (nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph)


def small(kind):
    graph = kind(name="toy", edition=3)
    graph.add_node(1, x=20.1, y=45.2, label="Nord", tags=["a", "b"], height=None)
    graph.add_node(("b", 2), x=20.3, y=45.25, box=(1, 2))
    graph.add_node("c", x=20.55, y=45.1)
    graph.add_edge(1, ("b", 2), length_km=17.2, lanes=2, toll=0.5, closed=False)
    graph.add_edge(("b", 2), "c", length_km=26.5, note={"by": "hand"})
    if graph.is_multigraph():
        graph.add_edge(1, ("b", 2), key="second", length_km=18.0)
    return graph


def same(a, b):
    assert type(a) is type(b)
    assert a.graph == b.graph
    assert list(a.nodes(data=True)) == list(b.nodes(data=True))
    edges = {"keys": True} if a.is_multigraph() else {}
    assert list(a.edges(data=True, **edges)) == list(b.edges(data=True, **edges))


@pytest.mark.parametrize("kind", CLASSES)
def test_a_graph_comes_back_as_it_went(kind, tmp_path):
    graph = small(kind)
    imported = cn.from_networkx(graph)
    same(imported.to_networkx(), graph)
    same(Imported.from_folder(imported.write(tmp_path / "package")).to_networkx(), graph)
    assert set(imported.links["directed"]) == {str(int(graph.is_directed()))}


SIGNS = st.characters(exclude_categories=("Cc", "Cs"))
"""What an id may hold: no control character, which no table holds either."""
names = st.one_of(
    st.integers(-5, 30), st.text(SIGNS, min_size=1, max_size=4), st.tuples(st.integers(0, 3), st.integers(0, 3))
)
values = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(), st.booleans(), st.none())


@settings(max_examples=25, deadline=None)
@given(
    kind=st.sampled_from(CLASSES),
    nodes=st.lists(names, min_size=2, max_size=6, unique_by=str),
    data=st.dictionaries(st.sampled_from(["lanes", "toll", "colour"]), values),
)
def test_any_names_and_attributes_come_back(kind, nodes, data):
    graph = kind()
    for number, node in enumerate(nodes):
        graph.add_node(node, lon=20 + number * 0.1, lat=45.0, **data)
    for a, b in itertools.pairwise(nodes):
        graph.add_edge(a, b, **data)
    if any(str(node).strip() == "" or str(node) != str(node).strip() for node in nodes):
        return
    imported = cn.from_networkx(graph, measured=True)
    same(imported.to_networkx(), graph)


def test_a_link_taken_out_of_the_package_is_out_of_the_graph(tmp_path):
    made = cn.from_networkx(small(nx.Graph)).write(tmp_path / "package")
    table = pd.read_csv(made / "link.csv", dtype=str, keep_default_na=False)
    table.iloc[1:].to_csv(made / "link.csv", index=False)
    assert list(Imported.from_folder(made).to_networkx().edges) == [(("b", 2), "c")]


@pytest.mark.parametrize("name", ["graph.json", "graph.graphml"])
def test_files_of_graphs_give_the_paths_of_networkx(tmp_path, name):
    nodes, links = grid(4)
    graph = nx.Graph()
    for node, x, y in nodes.itertuples(index=False):
        graph.add_node(node, x=x, y=y)
    for _, a, b, _, km in links.itertuples(index=False):
        graph.add_edge(a, b, length=km * 1000)
    if name.endswith("json"):
        (tmp_path / name).write_text(json.dumps(nx.node_link_data(graph, edges="edges")))
    else:
        nx.write_graphml(graph, tmp_path / name)
    imported = import_network("networkx", [tmp_path / name])
    assert said(imported, "lengths are in metres")
    for a, b in (("p0", "p15"), ("p3", "p12")):
        assert haul(imported, a, b)[1] == pytest.approx(nx.shortest_path_length(graph, a, b, "length") / 1000)


def test_a_graph_without_positions_needs_a_word():
    graph = nx.path_graph(4)
    nx.set_edge_attributes(graph, 5.0, "length_km")
    with pytest.raises(CorridorError, match="4 of 4 nodes have no position"):
        cn.from_networkx(graph)
    assert haul(cn.from_networkx(graph, schematic=True), "0", "3")[1] == pytest.approx(15)


def test_lengths_of_a_graph_without_any_are_measured():
    graph = nx.Graph()
    graph.add_node("a", pos=(20, 45))
    graph.add_node("b", pos=(21, 45))
    graph.add_edge("a", "b")
    imported = cn.from_networkx(graph)
    assert float(imported.links["length_km"][0]) == pytest.approx(geodesic_km((20, 45), (21, 45)))
    assert said(imported, "1 length is the straight line between the nodes")


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "is no JSON"), ('{"nodes": []}', "is no graph"), ('{"nodes": [], "edges": []}', "the graph has no edges")],
)
def test_files_that_are_no_graph(tmp_path, text, message):
    (tmp_path / "graph.json").write_text(text)
    with pytest.raises(CorridorError, match=message):
        import_network("networkx", [tmp_path / "graph.json"])


# Excel


def workbook(path, **sheets):
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        for name, frame in sheets.items():
            frame.to_excel(writer, sheet_name=name, index=False)
    return path


def test_a_workbook_of_nodes_and_links(tmp_path):
    nodes, links = grid(3)
    nodes["node_id"] = range(9)
    numbers = {f"p{n}": n for n in range(9)}
    links = links.assign(from_node_id=links["from_node_id"].map(numbers), to_node_id=links["to_node_id"].map(numbers))
    links["valid_from"] = pd.Timestamp("2020-05-01")
    imported = cn.from_excel(workbook(tmp_path / "net.xlsx", Nodes=nodes, Links=links))
    assert imported.nodes["node_id"].tolist() == [str(n) for n in range(9)]
    assert imported.links["valid_from"].tolist() == ["2020-05-01"] * 12
    graph = nx.from_pandas_edgelist(links, "from_node_id", "to_node_id", "length")
    assert haul(imported, "0", "8")[1] == pytest.approx(nx.shortest_path_length(graph, 0, 8, "length"))


def test_a_workbook_of_all_tables_is_the_package_itself(tmp_path):
    from corridor_net.network.reading.package import shipped_folder

    sheets = {
        name: pd.read_csv(shipped_folder("geodata") / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in table_columns()
        if name not in ("geometry", "sea_lane", "published", "traffic")
    }
    shapes = {
        name: pd.read_csv(shipped_folder("geodata") / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in ("geometry", "sea_lane")
    }
    imported = cn.from_excel(workbook(tmp_path / "net.xlsx", **sheets, **shapes))
    for name, frame in {**sheets, **shapes}.items():
        mine = imported.tables[name]
        if name == "source":
            assert set(frame["source_id"]) >= set(mine["source_id"])
            continue
        assert mine[list(frame.columns)].to_numpy().tolist() == frame.to_numpy().tolist(), name
    route = cn.Model(imported.network().as_of("2016-07-01")).route("harbin", "niigata")
    assert route.cost_usd == pytest.approx(cn.load(as_of="2016-07-01").route("harbin", "niigata").cost_usd)


def test_a_workbook_without_links_or_with_a_wrong_column(tmp_path):
    nodes, links = grid(3)
    with pytest.raises(CorridorError, match="has no sheet 'link'"):
        cn.from_excel(workbook(tmp_path / "a.xlsx", node=nodes))
    speed = pd.DataFrame({"speed_id": ["road"], "speed_kmhh": [50]})
    with pytest.raises(CorridorError, match=r"unknown column 'speed_kmhh' in the table 'speed'") as caught:
        cn.from_excel(workbook(tmp_path / "b.xlsx", node=nodes, link=links, speed=speed))
    assert "did you mean 'speed_kmh'" in str(caught.value)
    (tmp_path / "c.xlsx").write_text("no workbook")
    with pytest.raises(CorridorError, match="is no whole Excel workbook"):
        cn.from_excel(tmp_path / "c.xlsx")


# tables with a mapping file


MAPPING = """kind,theirs,ours
column,NUM,link_id
column,NODE1,from_node_id
column,NODE2,to_node_id
column,SPEED,speed_kmh
mode,1,road
mode,2,waterway
mode,3,rail_1520
"""
LINKS = """NUM,NODE1,NODE2,MODE,SPEED,geometry
1,100,101,3,60,"LINESTRING (4.40 50.85, 4.80 50.90)"
2,101,102,2,8,"LINESTRING (4.80 50.90, 5.40 50.95)"
3,100,102,1,70,"LINESTRING (4.40 50.85, 4.80 51.20, 5.40 50.95)"
"""


@pytest.fixture
def nodus(tmp_path):
    (tmp_path / "links.csv").write_text(LINKS)
    (tmp_path / "terminals.csv").write_text("NUM,NAME,RAIL,IWW,ROAD\n101,Inland hub,1,1,1\n102,Quay,0,0,0\n")
    (tmp_path / "names.csv").write_text(MAPPING)
    return tmp_path


def test_terminals_give_the_changes_of_mode(nodus):
    imported = import_network("tables", [nodus / "links.csv", nodus / "terminals.csv"], mapping=nodus / "names.csv")
    assert imported.links["mode"].tolist() == ["rail", "waterway", "road"]
    assert imported.links["gauge_mm"].tolist() == ["1520", "", ""]
    assert imported.nodes.set_index("node_id").loc["101", "name"] == "Inland hub"
    route = cn.Model(imported.network()).route("100", "102", by="co2")
    assert [(leg.kind, leg.mode) for leg in route.legs] == [
        ("terminal", "terminal"),
        ("haul", "rail"),
        ("terminal", "terminal"),
        ("haul", "waterway"),
        ("terminal", "terminal"),
    ]
    terminals = imported.tables["terminal"]
    assert set(terminals[terminals["operation_id"] == "transfer"]["node_id"]) == {"101"}


def test_without_terminals_cargo_changes_mode_wherever_modes_meet_and_is_told(nodus):
    alone = import_network("tables", [nodus / "links.csv"], mapping=nodus / "names.csv", transfers="none")
    assert "transfer" not in set(alone.tables["terminal"]["operation_id"])
    assert said(alone, "no change between them was made")
    shared = import_network("tables", [nodus / "links.csv"], mapping=nodus / "names.csv")
    assert any("cargo may change mode, or gauge, at the 3 nodes" in text for text in shared.assumptions)
    assert (shared.tables["terminal"]["operation_id"] == "transfer").sum() == 6


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (MAPPING.replace("column,NODE1", "column,NOD1"), "did you mean 'NODE1'"),
        (MAPPING.replace("1,road", "1,rode"), "unknown mode 'rode'"),
        (MAPPING.replace("mode,1", "mod,1"), "unknown kind 'mod'"),
        (MAPPING.replace("kind,theirs,ours", "kind,theirs,our"), "the mapping file lacks the column 'ours'"),
        (MAPPING.replace("kind,theirs,ours", "kind,theirs"), "the row has 3 cells, the header 2"),
        (MAPPING.replace("mode,1,road\n", ""), "1 row has a mode that is not known: 1"),
    ],
)
def test_faults_of_the_mapping_file(nodus, mapping, message):
    (nodus / "names.csv").write_text(mapping)
    with pytest.raises(CorridorError) as caught:
        import_network("tables", [nodus / "links.csv"], mapping=nodus / "names.csv")
    assert message in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_node_drawn_at_two_places_is_said(nodus):
    (nodus / "links.csv").write_text(LINKS.replace("4.80 50.90, 5.40", "4.90 50.90, 5.40"))
    imported = import_network("tables", [nodus / "links.csv"], mapping=nodus / "names.csv")
    apart = geodesic_km((4.80, 50.90), (4.90, 50.90))
    assert said(imported, f"1 node lies at two places, up to {apart:.3g} km apart: 101")
