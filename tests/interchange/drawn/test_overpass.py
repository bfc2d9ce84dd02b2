"""The JSON of Overpass: with the nodes, with the drawings, with neither; answers that were cut short."""

from __future__ import annotations

import gzip
import json

import networkx as nx
import pytest

from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from corridor_net.network.files.foreign import looks_like
from interchange.helpers import geodesic_km, haul, said

from .test_osm import POINTS, write

RAIL = {"railway": "rail", "gauge": "1520"}
WAYS = [((1, 2, 3), RAIL), ((2, 4), {**RAIL, "gauge": "standard"}), ((4, 6), {"highway": "trunk", "oneway": "-1"})]


def place(number):
    return {"lon": POINTS[number][0], "lat": POINTS[number][1]}


def way(number, refs, tags, form):
    made = {"type": "way", "id": number, "tags": tags}
    if form != "drawings":
        made["nodes"] = list(refs)
    return made if form == "nodes" else {**made, "geometry": [place(ref) for ref in refs]}


def store(path, form="nodes", ways=WAYS, more=(), **head):
    elements = [way(number, refs, tags, form) for number, (refs, tags) in enumerate(ways, start=10)]
    if form == "nodes":
        elements += [{"type": "node", "id": number, **place(number)} for number in POINTS]
    text = json.dumps({"version": 0.6, "generator": "Overpass API", **head, "elements": [*elements, *more]})
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("form", ["nodes", "both", "drawings"])
def test_json_with_nodes_or_with_drawings_is_what_the_xml_is(tmp_path, form):
    xml = import_network("osm", [write(tmp_path / "map.osm", WAYS)]).links
    made = import_network("osm", [store(tmp_path / "map.json", form)])
    same = ["link_id", "mode", "gauge_mm", "length_km", "directed"]
    assert made.links[same].equals(xml[same])
    assert said(made, "ways of which the file gives no nodes meet where") == (form == "drawings")
    graph = nx.DiGraph()
    for one, two, both in ((1, 2, True), (2, 3, True), (2, 4, True), (6, 4, False)):
        graph.add_edge(one, two, km=geodesic_km(POINTS[one], POINTS[two]))
        if both:
            graph.add_edge(two, one, km=geodesic_km(POINTS[one], POINTS[two]))
    links = made.links.set_index("link_id")
    start, end = links.loc["10-1", "from_node_id"], links.loc["11", "to_node_id"]
    assert haul(made, start, end)[1] == pytest.approx(nx.shortest_path_length(graph, 1, 4, "km"))


def test_a_packed_answer_that_holds_a_way_twice_is_read_once_each(tmp_path):
    twice = [{"type": "way", "id": 10, "nodes": [1, 2, 3]}, {"type": "count", "id": 0, "tags": {"ways": "3"}}]
    path = store(tmp_path / "map.json.gz", more=twice)
    assert import_network("osm", [path], tags="railway=rail").links["link_id"].tolist() == ["10-1", "10-2", "11"]


def test_a_ferry_drawn_in_its_route_alone_joins_the_roads_it_meets(tmp_path):
    member = {"type": "way", "ref": 50, "role": "", "geometry": [place(3), place(5)]}
    ferry = {"type": "relation", "id": 7, "members": [member], "tags": {"type": "route", "route": "ferry"}}
    links = import_network("osm", [store(tmp_path / "map.json", "both", more=[ferry])]).links.set_index("link_id")
    assert links.loc["50", "mode"] == "waterway"
    assert links.loc["50", "from_node_id"] == links.loc["10-2", "to_node_id"] == "3"


def test_a_part_of_a_way_beyond_the_window_is_left_out_and_said(tmp_path):
    cut = {"type": "way", "id": 60, "tags": RAIL, "nodes": [4, 5, 99], "geometry": [place(4), place(5), None]}
    made = import_network("osm", [store(tmp_path / "map.json", more=[cut])], tags="railway=rail")
    assert made.links["link_id"].tolist()[-1] == "60"
    assert said(made, "1 way goes beyond the extract; only its part")


def odd(**columns):
    return [{"type": "way", "id": 60, "tags": RAIL, "nodes": [1, 2], **columns}]


@pytest.mark.parametrize(
    ("more", "head", "message"),
    [
        ([], {"remark": 'runtime error: Query timed out in "query" at line 3'}, "Overpass stopped before the end"),
        (odd(geometry=[place(1)]), {}, "'map.json' is not as Overpass writes it: geometry of way 60"),
        (odd(geometry=[{"lon": 500, "lat": 4}, place(1)]), {}, "lon 500, lat 4 of way 60"),
        (odd(nodes=["a", "b"]), {}, "nodes of way 60"),
        (odd(tags=["rail"]), {}, "tags of way 60"),
        (odd(geometry=[{"lon": 20, "lat": True}, place(1)]), {}, "lon 20, lat True of way 60"),
        (odd(id="sixty"), {}, "id 'sixty' of way sixty"),
        (odd(tags={**RAIL, "gauge": "narrow"}), {}, "gauge of way 60 is 'narrow', which may be 600, 750"),
        (["way"], {}, "has no list of elements"),
    ],
)
def test_what_is_wrong_in_json_is_told_with_its_way(tmp_path, more, head, message):
    path = store(tmp_path / "map.json", more=more, **head)
    with pytest.raises(CorridorError, match=message) as refused:
        import_network("osm", [path])
    assert refused.value.hint
    assert str(refused.value.place).startswith(str(path))


@pytest.mark.parametrize("text", ["", "[]", "  \n"])
def test_what_is_no_answer_at_all_is_told_as_that_of_overpass(tmp_path, text):
    (tmp_path / "none.json").write_text(text, encoding="utf-8")
    with pytest.raises(CorridorError, match=r"'none\.json' (is no whole JSON|has no list of elements)"):
        import_network("osm", [tmp_path / "none.json"])


def test_a_number_as_a_tag_is_its_text(tmp_path):
    ways = [*WAYS, ((3, 5), {**RAIL, "maxspeed": 120, "gauge": 1520})]
    links = import_network("osm", [store(tmp_path / "map.json", ways=ways)]).links.set_index("link_id")
    assert links.loc["13", "gauge_mm"] == "1520"


def test_json_with_other_elements_is_no_openstreetmap(tmp_path):
    (tmp_path / "a.json").write_text('{"elements": [{"data": {"id": 1}}]}', encoding="utf-8")
    assert looks_like(tmp_path / "a.json") != "osm"
    assert looks_like(store(tmp_path / "map.json")) == "osm"


def test_ways_without_places_and_answers_that_are_cut_are_told(tmp_path):
    bare = store(tmp_path / "bare.json", more=())
    bare.write_text(json.dumps({"elements": [way(10, (1, 2), RAIL, "nodes")]}), encoding="utf-8")
    with pytest.raises(CorridorError, match="has ways and no places of their nodes") as refused:
        import_network("osm", [bare])
    assert "out geom" in refused.value.hint
    cut = store(tmp_path / "cut.json")
    cut.write_text(cut.read_text()[:-200], encoding="utf-8")
    with pytest.raises(CorridorError, match="is no whole JSON"):
        import_network("osm", [cut])
    xml = tmp_path / "cut.osm"
    xml.write_text(
        write(xml, WAYS).read_text().replace("</osm>", "<remark> runtime error: out of memory </remark></osm>")
    )
    with pytest.raises(CorridorError, match="Overpass stopped before the end: 'runtime error: out of memory'"):
        import_network("osm", [xml])


def test_json_of_overpass_is_told_from_that_of_graphs(tmp_path):
    path = store(tmp_path / "map.json")
    with pytest.raises(CorridorError, match="this looks like OpenStreetMap, not like a networkx graph"):
        import_network("networkx", [path])
