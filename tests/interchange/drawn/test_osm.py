"""OpenStreetMap: ways split where they share nodes, gauges, directions of roads, extracts that are cut."""

from __future__ import annotations

import networkx as nx
import pytest

import corridor_net as cn
from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from interchange.helpers import geodesic_km, haul, said

POINTS = {
    1: (73.70, 43.60),
    2: (73.80, 43.62),
    3: (73.90, 43.70),
    4: (73.82, 43.55),
    5: (73.75, 43.66),
    6: (73.95, 43.6),
}


def write(path, ways, points=POINTS):
    text = '<osm version="0.6">' + "".join(f'<node id="{n}" lon="{x}" lat="{y}"/>' for n, (x, y) in points.items())
    for number, (refs, tags) in enumerate(ways, start=10):
        nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        text += f'<way id="{number}">{nodes}' + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()) + "</way>"
    path.write_text(text + "</osm>")
    return path


def test_railways_are_split_where_they_meet_and_keep_their_gauge(tmp_path):
    rail = {"railway": "rail", "gauge": "1520"}
    path = write(
        tmp_path / "toy.osm",
        [((1, 2, 3), rail), ((2, 4), {**rail, "gauge": "1435;1520"}), ((1, 5), {"highway": "track"})],
    )
    imported = import_network("osm", [path], tags="railway=rail", country="KZ")
    links = imported.links.set_index("link_id")
    assert list(links.index) == ["10-1", "10-2", "11"]
    assert links["gauge_mm"].tolist() == ["1520", "1520", "1435;1520"]
    assert set(links["country"]) == {"KZ"}
    assert float(links.loc["10-1", "length_km"]) == pytest.approx(geodesic_km(POINTS[1], POINTS[2]))
    assert haul(imported, "1", "4")[1] == pytest.approx(geodesic_km(POINTS[1], POINTS[2], POINTS[4]))


def test_roads_of_one_way_lead_one_way(tmp_path):
    ways = [
        ((1, 2), {"highway": "primary", "oneway": "yes"}),
        ((3, 2), {"highway": "primary", "oneway": "-1"}),
        ((3, 6), {"highway": "motorway"}),
        ((6, 4), {"highway": "primary", "oneway": "no"}),
        ((1, 4), {"highway": "service"}),
    ]
    imported = import_network("osm", [write(tmp_path / "roads.osm", ways)])
    graph = nx.DiGraph([("1", "2"), ("2", "3"), ("3", "6"), ("6", "4"), ("4", "6")])
    model = cn.Model(imported.network())
    for a in graph:
        for b in graph:
            if a != b:
                try:
                    model.route(a, b)
                    reached = True
                except cn.NoRoute:
                    reached = False
                assert reached == nx.has_path(graph, a, b), (a, b)


def test_ferries_are_waterways_and_said(tmp_path):
    ways = [((1, 2), {"route": "ferry"}), ((2, 3), {"highway": "trunk"})]
    imported = import_network("osm", [write(tmp_path / "ferry.osm", ways)])
    assert imported.links["mode"].tolist() == ["waterway", "road"]
    assert said(imported, "OpenStreetMap says nothing of sailings")
    assert any("cargo may change mode, or gauge, at the 1 node " in text for text in imported.assumptions)


def test_a_way_that_leaves_the_extract_is_cut_and_said(tmp_path):
    points = {n: at for n, at in POINTS.items() if n != 3}
    path = write(tmp_path / "cut.osm", [((1, 2, 3), {"railway": "rail"})], points)
    imported = import_network("osm", [path])
    assert imported.links[["from_node_id", "to_node_id"]].to_numpy().tolist() == [["1", "2"]]
    assert said(imported, "1 way goes beyond the extract; only its part")


@pytest.mark.parametrize(
    ("tags", "message"),
    [("railway", "is no tag"), ("building=yes", "is no tag"), ("railway=tram", "has no way with railway=tram")],
)
def test_wrong_tags_are_named(tmp_path, tags, message):
    path = write(tmp_path / "toy.osm", [((1, 2), {"railway": "rail"})])
    with pytest.raises(CorridorError, match=message):
        import_network("osm", [path], tags=tags)


def test_packed_files_give_the_same(tmp_path):
    import osmium

    path = write(tmp_path / "toy.osm", [((1, 2, 3), {"railway": "rail"}), ((2, 4), {"railway": "rail"})])
    with osmium.SimpleWriter(str(tmp_path / "toy.osm.pbf")) as writer:
        for thing in osmium.FileProcessor(str(path)):
            writer.add(thing)
    plain, packed = (import_network("osm", [tmp_path / name]) for name in ("toy.osm", "toy.osm.pbf"))
    assert plain.links.drop(columns="basis").equals(packed.links.drop(columns="basis"))


def test_a_broken_file_is_refused(tmp_path):
    (tmp_path / "bad.osm").write_text('<osm version="0.6"><node id="1"')
    with pytest.raises(CorridorError, match="cannot be read as OpenStreetMap"):
        import_network("osm", [tmp_path / "bad.osm"])


def test_a_coordinate_that_is_no_number_is_told_and_a_way_that_was_deleted_is_left_out(tmp_path):
    nodes = (
        '<node id="1" lat="43.6" lon="73.7"/><node id="2" lat="43.7" lon="73.8"/><node id="3" lat="43.8" lon="73.8"/>'
    )
    way = '<way id="{}"{}><nd ref="{}"/><nd ref="{}"/><tag k="railway" v="rail"/><tag k="gauge" v="1520"/></way>'
    path = tmp_path / "toy.osm"
    ways = way.format(10, "", 1, 2) + way.format(11, ' visible="false"', 2, 3)
    path.write_text(f'<osm version="0.6">{nodes}{ways}</osm>', encoding="utf-8")
    assert import_network("osm", [path]).tables["link"]["link_id"].tolist() == ["10"]
    path.write_text(f'<osm version="0.6">{nodes.replace("43.6", "far")}{ways}</osm>', encoding="utf-8")
    with pytest.raises(CorridorError, match="cannot be read as OpenStreetMap: wrong format for coordinate"):
        import_network("osm", [path])


def test_a_ferry_that_only_its_route_names_is_taken_and_a_gap_in_a_way_stays_a_gap(tmp_path):
    pytest.importorskip("osmium")
    places = ((1, 20.0), (2, 20.1), (3, 20.2), (4, 20.3), (6, 20.5), (7, 20.6))
    nodes = "".join(f'<node id="{n}" lat="45" lon="{lon}"/>' for n, lon in places)

    def way(number, refs, tags):
        inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        return f'<way id="{number}">{inside}{"".join(f"<tag k={k!r} v={v!r}/>" for k, v in tags.items())}</way>'

    ways = way(10, (1, 2), {"highway": "primary"}) + way(11, (2, 3), {}) + way(12, (3, 4), {"highway": "service"})
    ways += way(13, (3, 4, 5, 6, 7), {"railway": "rail", "gauge": "1.067"})
    members = "".join(f'<member type="way" ref="{n}" role=""/>' for n in (10, 11, 12))
    relation = f'<relation id="1">{members}<tag k="type" v="route"/><tag k="route" v="ferry"/></relation>'
    path = tmp_path / "map.osm"
    path.write_text(f'<osm version="0.6">{nodes}{ways}{relation}</osm>')
    links = import_network("osm", [path]).links
    ends = {(a, b, mode) for a, b, mode in zip(links["from_node_id"], links["to_node_id"], links["mode"], strict=True)}
    assert ends == {("1", "2", "road"), ("2", "3", "waterway"), ("3", "4", "rail"), ("6", "7", "rail")}
    assert set(links["gauge_mm"]) == {"", "1067"}
