"""Networks of traffic assignment: TNTP and MATSim, against networkx on the same file."""

from __future__ import annotations

import gzip
import re

import networkx as nx
import pytest

import corridor_net as cn
from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from interchange.helpers import grid, haul, said

HEAD = "<NUMBER OF ZONES> {zones}\n<NUMBER OF NODES> {nodes}\n<FIRST THRU NODE> {first}\n<NUMBER OF LINKS> {links}\n"
COLUMNS = "~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;\n"


def tntp(folder, rows, points, *, first=1, header="", links=None):
    nodes = len(points) or len({end for row in rows for end in row[:2]})
    head = HEAD.format(zones=first, nodes=nodes, first=first, links=len(rows) if links is None else links)
    text = head + header + "<END OF METADATA>\n\n\n" + COLUMNS
    text += "".join(f"\t{a}\t{b}\t900\t{km}\t{minutes}\t0.15\t4\t0\t{toll}\t1\t;\n" for a, b, km, minutes, toll in rows)
    (folder / "toy_net.tntp").write_text(text)
    if points:
        nodes = "Node\tX\tY\t;\n" + "".join(f"{n}\t{x}\t{y}\t;\n" for n, (x, y) in points.items())
        (folder / "toy_node.tntp").write_text(nodes)
    return folder / "toy_net.tntp"


def of_grid(folder, **options):
    """Write a grid as TNTP with a time of its own a link, both ways; return the file and the graph of minutes."""
    nodes, links = grid(4)
    number = {node: n + 1 for n, node in enumerate(nodes["node_id"])}
    points = {number[n]: (x, y) for n, x, y in nodes.itertuples(index=False)}
    rows, graph = [], nx.DiGraph()
    for k, (a, b, km) in enumerate(zip(links["from_node_id"], links["to_node_id"], links["length"], strict=True)):
        for u, v, minutes in ((number[a], number[b], km * (1 + k % 3)), (number[b], number[a], km * (1 + k % 5))):
            rows.append((u, v, km, round(minutes, 6), 0))
            graph.add_edge(str(u), str(v), minutes=round(minutes, 6), km=km)
    return tntp(folder, rows, points, **options), graph


def test_times_of_tntp_are_those_of_networkx(tmp_path):
    path, graph = of_grid(tmp_path)
    imported = import_network("tntp", [path])
    assert len(imported.links) == graph.number_of_edges()
    for a, b in (("1", "16"), ("16", "1"), ("3", "14")):
        hours, _ = haul(imported, a, b)
        assert hours == pytest.approx(nx.shortest_path_length(graph, a, b, "minutes") / 60)


def test_no_path_passes_the_nodes_before_the_first_through_node(tmp_path):
    path, graph = of_grid(tmp_path, first=4)
    imported = import_network("tntp", [path])
    for a, b in (("5", "16"), ("1", "16"), ("16", "2"), ("1", "3")):
        closed = {str(n) for n in range(1, 4)} - {a, b}
        allowed = nx.restricted_view(graph, closed, [])
        allowed = nx.restricted_view(allowed, [], [e for e in graph.edges if e[1] == a or e[0] == b])
        hours, _ = haul(imported, a, b)
        assert hours == pytest.approx(nx.shortest_path_length(allowed, a, b, "minutes") / 60)
        assert said(imported, "3 nodes before 4 are zones")


def test_a_header_without_its_mark_is_no_link_and_a_first_through_node_is_a_number(tmp_path):
    path, _ = of_grid(tmp_path, first=4)
    text = path.read_text()
    path.write_text(text.replace("~\tinit_node", "init_node"))
    assert len(import_network("tntp", [path]).links) == 48
    path.write_text(text.replace("<FIRST THRU NODE> 4", "<FIRST THRU NODE> four"))
    with pytest.raises(CorridorError, match="FIRST THRU NODE"):
        import_network("tntp", [path])


def test_units_of_the_original_header_are_used(tmp_path):
    header = "<ORIGINAL HEADER>~\tTail\tHead\tCapacity (veh/h)\tLength (ft)\tFree Flow Time (s)\tB\tPower\t;\n"
    rows = [("1", "2", 70000, 1200, 0), ("2", "1", 70000, 1200, 0)]
    path = tntp(tmp_path, rows, {1: (20.1, 45.2), 2: (20.3, 45.25)}, header=header)
    hours, km = haul(import_network("tntp", [path]), "1", "2")
    assert (hours, km) == (pytest.approx(1200 / 3600), pytest.approx(70000 * 0.0003048))


def test_tolls_lengths_and_times_of_nothing_are_said(tmp_path):
    rows = [("1", "2", 0, 0, 0), ("2", "1", 0, 3, 25)]
    imported = import_network("tntp", [tntp(tmp_path, rows, {1: (20.1, 45.2), 2: (20.1001, 45.2)})])
    assert said(imported, "1 link has a toll")
    assert said(imported, "2 links shorter than 1 m were given 1 m")
    assert said(imported, "1 link that takes no time was given")
    assert haul(imported, "2", "1")[0] == pytest.approx(3 / 60)
    assert haul(imported, "1", "2")[0] == pytest.approx(0, abs=1e-6)
    slow = tntp(tmp_path, [("1", "2", 5, 600, 0), ("2", "1", 5, 5, 0)], {1: (20.1, 45.2), 2: (20.15, 45.2)})
    with pytest.raises(CorridorError, match="link '1-2' is slower than 1 km/h"):
        import_network("tntp", [slow])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda text: text.replace("<NUMBER OF LINKS> 48", "<NUMBER OF LINKS> 50"),
            "the file says 50 links and has 48",
        ),
        (
            lambda text: re.sub("<NUMBER OF NODES> [0-9]+", "<NUMBER OF NODES> 2", text),
            "the file says 2 nodes and has",
        ),
        (lambda text: text.replace("\t1\t2\t900\t", "\t1\t2\t900\t-"), r"length = '-"),
        (lambda text: text.split("<END")[0], "is no TNTP network"),
    ],
)
def test_broken_files_say_where(tmp_path, change, message):
    path, _ = of_grid(tmp_path)
    path.write_text(change(path.read_text()))
    with pytest.raises(CorridorError) as caught:
        import_network("tntp", [path])
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_network_without_coordinates_needs_a_word(tmp_path):
    path = tntp(tmp_path, [("1", "2", 5, 5, 0), ("2", "3", 5, 5, 0)], {})
    with pytest.raises(CorridorError, match="has no coordinates"):
        import_network("tntp", [path])
    imported = import_network("tntp", [path], schematic=True)
    assert haul(imported, "1", "3")[1] == pytest.approx(10)


# MATSim


def matsim(folder, links, *, crs="EPSG:32634", packed=False):
    nodes, frame = grid(3)
    points = {n: (500000 + i % 3 * 20000, 5000000 + i // 3 * 20000) for i, n in enumerate(nodes["node_id"])}
    attribute = f'<attribute name="coordinateReferenceSystem" class="java.lang.String">{crs}</attribute>'
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE network SYSTEM "network_v2.dtd">\n<network name="toy">\n'
    text += f"<attributes>{attribute}</attributes>\n<nodes>\n"
    text += "".join(f'<node id="{n}" x="{x}" y="{y}"/>\n' for n, (x, y) in points.items()) + "</nodes>\n<links>\n"
    graph = nx.DiGraph()
    for k, (a, b) in enumerate(zip(frame["from_node_id"], frame["to_node_id"], strict=True)):
        for u, v, way in ((a, b, "f"), (b, a, "r")):
            metres, speed = 20500 + 300 * k, 10 + k % 4
            text += f'<link id="{k}{way}" from="{u}" to="{v}" length="{metres}" freespeed="{speed}" modes="car"/>\n'
            graph.add_edge(u, v, hours=metres / speed / 3600, km=metres / 1000)
    text += links + "</links>\n</network>\n"
    path = folder / ("network.xml.gz" if packed else "network.xml")
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    return path, graph


@pytest.mark.parametrize("packed", [False, True])
def test_times_of_matsim_are_those_of_networkx(tmp_path, packed):
    path, graph = matsim(tmp_path, "", packed=packed)
    imported = import_network("matsim", [path])
    for a, b in (("p0", "p8"), ("p6", "p2")):
        assert haul(imported, a, b)[0] == pytest.approx(nx.shortest_path_length(graph, a, b, "hours"))
    assert float(imported.nodes["x_coord"][0]) == pytest.approx(21.0)


def test_links_of_public_transport_are_left_out_and_rails_are_rails(tmp_path):
    more = '<link id="pt" from="p0" to="p8" length="9000" freespeed="20" modes="pt,bus"/>\n'
    more += '<link id="train" from="p0" to="p8" length="60000" freespeed="20" modes="train"/>\n'
    imported = import_network("matsim", [matsim(tmp_path, more)[0]])
    links = imported.links.set_index("link_id")
    assert "pt" not in links.index
    assert links.loc["train", "mode"] == "rail"
    assert said(imported, "1 link that carries no freight was left out: pt")


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda text: text.replace("</links>", ""), "is no whole XML file"),
        (lambda text: text.replace("<network", "<plans").replace("</network", "</plans"), "is no MATSim network"),
        (lambda text: text.replace('length="20500"', 'length="far"', 1), "length = 'far' is not a number"),
        (lambda text: text.replace('network_v2.dtd"', 'x" [<!ENTITY a "b">]', 1), "defines the entity 'a'"),
    ],
)
def test_broken_xml_says_where(tmp_path, break_it, message):
    path, _ = matsim(tmp_path, "")
    path.write_text(break_it(path.read_text()))
    with pytest.raises(CorridorError) as caught:
        import_network("matsim", [path])
    assert message in str(caught.value)
    assert caught.value.exit_code == 2


def test_the_made_up_system_of_matsim_examples_needs_a_word(tmp_path):
    path, _ = matsim(tmp_path, "", crs="Atlantis")
    with pytest.raises(CorridorError, match="no coordinate system is said"):
        import_network("matsim", [path])
    cn.Model(import_network("matsim", [path], schematic=True).network()).route("p0", "p8")
