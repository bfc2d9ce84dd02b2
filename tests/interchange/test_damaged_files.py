"""Networks of others that are damaged: read, or refused with the file that is meant, never a traceback."""

import json

import pytest

from corridor_net.errors import BadFile, CorridorError
from corridor_net.interchange.doors import import_network

NODE = "node_id,name,x_coord,y_coord\n1,One,20.1,46.2\n2,Two,20.6,45.6\n"
LINK = "link_id,from_node_id,to_node_id,directed,length\nx,1,2,0,90\n"


def gmns(folder, node=NODE, link=LINK):
    folder.mkdir(exist_ok=True)
    (folder / "node.csv").write_bytes(node.encode())
    (folder / "link.csv").write_bytes(link.encode())
    return import_network("gmns", [folder], country="CN", length_unit="km")


@pytest.mark.parametrize(
    "row",
    ["x\ry,1,2,0,90,\n", 'x,1,2,0,90\ny,1,2,0,91,"never closed\n', f"x,1,2,0,90\ny,1,2,0,91,{'a' * 200_000}\n"],
)
def test_a_table_that_is_broken_in_a_row_too_wide(tmp_path, row):
    head = LINK.partition("\n")[0]
    with pytest.raises(CorridorError) as caught:
        gmns(tmp_path / "g", link=f"{head}\n{row}")
    assert "link.csv" in str(caught.value)


@pytest.mark.parametrize("graph", [[], [[]], "x", 3, None, True])
def test_a_graph_whose_attributes_are_none(tmp_path, graph):
    data = {
        "directed": False,
        "multigraph": False,
        "graph": graph,
        "nodes": [{"id": "a", "x": 20.1, "y": 46.2}, {"id": "b", "x": 20.6, "y": 45.6}],
        "edges": [{"source": "a", "target": "b", "length_km": 90}],
    }
    path = tmp_path / "x.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(BadFile, match="is no graph"):
        import_network("networkx", [path], country="CN")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"features": ' + "[" * 100_000])
def test_points_of_a_network_that_are_nested_too_deep(tmp_path, text):
    net = tmp_path / "x_net.tntp"
    net.write_text(
        "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 2\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 1\n<END OF METADATA>\n"
        "~ init term capacity length fftime b power speed toll type ;\n1 2 900 6 6 0.15 4 0 0 1 ;\n"
    )
    points = tmp_path / "x_nodes.geojson"
    points.write_text(text)
    with pytest.raises(CorridorError):
        import_network("tntp", [net, points], country="CN")


@pytest.mark.parametrize("length", ["9" * 400, "1e400", "inf", "-1", "nan", "six"])
def test_a_length_of_a_tntp_link_that_is_no_number(tmp_path, length):
    net = tmp_path / "x_net.tntp"
    net.write_text(
        "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 2\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 1\n<END OF METADATA>\n"
        f"~ init term capacity length fftime b power speed toll type ;\n1 2 900 {length} 6 0.15 4 0 0 1 ;\n"
    )
    with pytest.raises(CorridorError, match="length = "):
        import_network("tntp", [net], country="CN", schematic=True)


HALF = "\\ud800"
"""Half a character, as JSON can write it and no file can hold it."""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"target": "b"', f'"target": "{HALF}"'),
        ('"id": "a"', f'"id": "{HALF}"'),
        ('"id": "a"', f'"name": "a{HALF}", "id": "a"'),
        ('"length_km"', f'"name": "{HALF}", "length_km"'),
        ('"length_km"', f'"mode": "{HALF}", "length_km"'),
        ('"length_km": 90', f'"length_km": "{HALF}"'),
    ],
)
def test_half_a_character_in_a_graph_is_refused_wherever_it_stands(tmp_path, old, new):
    assert old in GRAPH
    path = tmp_path / "x.json"
    path.write_text(GRAPH.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CorridorError):
        import_network("networkx", [path])


@pytest.mark.parametrize("pos", ["5", "[1]", '"ab"', "{}", "null", "[[], {}]", "[1e999, 2]", "[1" + "0" * 400 + ", 2]"])
def test_a_position_that_is_none_is_no_position(tmp_path, pos):
    path = tmp_path / "x.json"
    path.write_text(GRAPH.replace('"x": 20, "y": 46', f'"pos": {pos}', 1), encoding="utf-8")
    with pytest.raises(CorridorError):
        import_network("networkx", [path])


def test_two_nodes_that_are_written_alike_are_named(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(GRAPH.replace('"id": "a"', '"id": 7', 1).replace('"id": "b"', '"id": "7"', 1), encoding="utf-8")
    with pytest.raises(CorridorError, match="two nodes are written '7'"):
        import_network("networkx", [path])


GRAPH = """{"directed": false, "multigraph": false, "graph": {}, "nodes": [{"id": "a", "x": 20, "y": 46},
 {"id": "b", "x": 21, "y": 45}], "edges": [{"source": "a", "target": "b", "length_km": 90}]}"""
