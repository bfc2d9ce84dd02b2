"""What is closed is closed in every format alike, and shortest paths of the graph of states are our routes."""

import csv
import io
import json
import random
from dataclasses import replace
from datetime import date

import geopandas
import networkx as nx
import pytest

import corridor_net as cn
from corridor_net.costing import impedance
from corridor_net.errors import BadValue
from corridor_net.network.passable import passable_links, passages
from corridor_net.output.exports import export, gmns
from corridor_net.output.maps.geojson import network_geojson

DAYS = ("2009-02-01", "2016-07-01", "2019-07-01", "2023-01-15", "2026-07-01")


def one_way(network):
    """The network with one border open in one direction alone, against the drawing of its link."""
    link = next(row for row in network.rows("link") if row.link_id == "road-kraskino-hunchun")
    closed = [
        replace(row, valid_to=date(2015, 1, 1))
        if row.link_id == link.link_id and row.from_node_id == "hunchun"
        else row
        for row in network.rows("crossing")
    ]
    return network.with_rows(crossing=closed)


@pytest.fixture(scope="module", params=[*DAYS, "one way"])
def network(request, shipped):
    return one_way(shipped.as_of("2019-07-01")) if request.param == "one way" else shipped.as_of(request.param)


@pytest.fixture(scope="module")
def model_ways(network):
    """What the compiled model lets a box do: (asset_id, from, to) of hauls and of sailings."""
    arcs = impedance(network).arcs
    return {(a.asset_id, a.from_node, a.to_node) for a in arcs if a.kind in ("haul", "sail")}


def test_what_is_passable_is_what_the_model_passes(network, model_ways):
    found = [
        (w.passage_id if w.kind == "link" else w.row.service_id, w.from_node_id, w.to_node_id)
        for w in passages(network)
    ]
    assert set(found) == model_ways


def test_networkx_has_the_same_ways(network, model_ways):
    edges = network.to_networkx().edges(keys=True, data=True)
    assert {(k.split(":")[0], u, v) for u, v, k, _ in edges} == model_ways
    assert all(data["length_km"] > 0 and data["kind"] in ("link", "service") for *_, data in edges)


def test_geojson_has_the_same_ways(network, model_ways, shipped):
    found = set()
    for feature in network_geojson(network)["features"]:
        p = feature["properties"]
        key = p.get("link_id") or p["service_id"]
        found.add((key, p["from"], p["to"]))
        if not p["directed"]:
            found.add((key, p["to"], p["from"]))
        points = feature["geometry"]["coordinates"]
        for name, point in ((p["from"], points[0]), (p["to"], points[-1])):
            node = shipped.nodes[name]
            assert point == pytest.approx([node.x_coord, node.y_coord], abs=0.3), feature["id"]
    assert found == model_ways


def test_gmns_has_the_same_ways_each_as_a_row(network, model_ways):
    texts = gmns(network)
    links = list(csv.DictReader(io.StringIO(texts["link.csv"])))
    assert {(r["link_id"].split(":")[0], r["from_node_id"], r["to_node_id"]) for r in links} == model_ways
    assert {(r["directed"], r["lanes"], r["allowed_uses"]) for r in links} == {("1", "1", "all")}
    assert len({r["link_id"] for r in links}) == len(links)
    nodes = list(csv.DictReader(io.StringIO(texts["node.csv"])))
    zones = {r["zone_id"]: r["node_id"] for r in nodes if r["zone_id"]}
    assert set(zones.values()) == {m.node_id for m in network.rows("market")}
    assert sorted(map(int, zones)) == list(range(1, len(zones) + 1))
    shapes = {r["geometry_id"]: r["geometry"] for r in csv.DictReader(io.StringIO(texts["geometry.csv"]))}
    assert {r["geometry_id"] for r in links} == set(shapes)
    at = {r["node_id"]: (float(r["x_coord"]), float(r["y_coord"])) for r in nodes}
    for row in links:
        points = shapes[row["geometry_id"]].removeprefix("LINESTRING (").rstrip(")").split(", ")
        start = points[0] if row["dir_flag"] == "1" else points[-1]
        assert [float(c) for c in start.split()] == pytest.approx(at[row["from_node_id"]], abs=0.3), row["link_id"]


def test_tables_for_maps_have_the_same_links(network, model_ways, tmp_path):
    links = {(w.passage_id, w.from_node_id, w.to_node_id) for w in passages(network) if w.kind == "link"}
    export(network, "gpkg", tmp_path)
    export(network, "geoparquet", tmp_path)
    frames = (
        network.to_geodataframes()["links"],
        geopandas.read_file(tmp_path / "network.gpkg", layer="links"),
        geopandas.read_parquet(tmp_path / "links.parquet"),
    )
    lanes = {network.lanes[u, v].lane_id for key, u, v in model_ways if (key, u, v) not in links}
    assert set(geopandas.read_parquet(tmp_path / "sea_lanes.parquet").lane_id) == lanes
    for frame in frames:
        found = set()
        for row in frame.itertuples():
            found.add((row.link_id, row.from_node_id, row.to_node_id))
            if not row.directed:
                found.add((row.link_id, row.to_node_id, row.from_node_id))
            start = network.nodes[row.from_node_id]
            assert row.geometry.coords[0] == pytest.approx((start.x_coord, start.y_coord), abs=0.3)
        assert found == links


def test_closed_borders_rivers_and_passenger_ships_are_not_there(shipped):
    now = shipped.as_of("2026-07-01")
    assert "road-hunchun-wonjong" not in passable_links(now)
    assert "rail-khasan-tumangang" not in passable_links(now)
    assert not [w for w in passages(now) if w.row.name.startswith("Nanao")]
    winter = shipped.as_of("2026-01-15")
    assert any(w.mode == "waterway" for w in passages(now))
    assert not any(w.mode == "waterway" for w in passages(winter))
    (way,) = passable_links(one_way(shipped.as_of("2019-07-01")))["road-kraskino-hunchun"]
    assert (way.from_node_id, way.to_node_id) == ("kraskino", "hunchun")


def test_nothing_ends_at_a_node_that_is_not_there(shipped):
    nodes = [replace(n, valid_to=date(2018, 12, 31)) if n.node_id == "dalian" else n for n in shipped.rows("node")]
    after = shipped.with_rows(node=nodes).as_of("2019-07-01")
    assert not [w for w in passages(after) if "dalian" in (w.from_node_id, w.to_node_id)]


# the graph of states


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of="2019-07-01", scenarios=["primorye-2"])


@pytest.mark.parametrize(
    ("by", "weight"),
    [("generalised", "generalised_cost_usd"), ("money", "cost_usd"), ("time", "hours"), ("co2", "co2_kg")],
)
@pytest.mark.parametrize("cargo", ["dry_40", "reefer_40"])
def test_shortest_paths_are_our_routes(model, by, weight, cargo):
    graph = model.to_networkx(cargo=cargo)
    chosen = random.Random(1)  # noqa: S311 - a choice of pairs to look at
    origins = chosen.sample([m.node_id for m in model.network.markets("origin")], 5)
    markets = chosen.sample([m.node_id for m in model.network.markets("market")], 5)
    for origin in origins:
        for market in markets:
            route = model.route(origin, market, by=by, cargo=cargo)
            least, path = nx.single_source_dijkstra(graph, origin, market, weight=weight)
            assert least == pytest.approx(getattr(route, weight), rel=1e-9)
            assert [path[0], path[-1]] == [origin, market]
            assert all(isinstance(state, tuple) for state in path[1:-1])


def test_any_place_can_be_where_journeys_end_and_none_is_passed_as_delivered(model):
    graph = model.to_networkx(destinations=["Harbin", "vladivostok"])
    for ends in (("niigata", "harbin"), ("mudanjiang", "vladivostok")):
        assert nx.shortest_path_length(graph, *ends, weight="hours") == pytest.approx(
            model.route(*ends, by="time").hours
        )
    assert not graph.in_degree("niigata")
    assert not graph.out_degree("harbin")


def test_the_graph_of_places_says_that_it_has_no_hours_where_networkx_would_count_links(model):
    graph = model.network.to_networkx()
    with pytest.raises(BadValue, match="edges carry no 'hours'"):
        nx.shortest_path(graph, "harbin", "vladivostok", weight="hours")
    shortest = min(edge["length_km"] for edge in graph["harbin"]["mudanjiang"].values())
    assert nx.shortest_path_length(graph, "harbin", "mudanjiang", weight="length_km") == shortest
    nx.set_edge_attributes(graph, 1.0, "hours")
    assert nx.shortest_path_length(graph, "harbin", "mudanjiang", weight="hours") == 1


def test_the_legs_of_a_route_are_edges_of_the_graph(model):
    graph, route = model.to_networkx(), model.route("hunchun", "niigata")
    edges = {key: data for *_, key, data in graph.edges(keys=True, data=True)}
    for name in ("cost_usd", "hours", "co2_kg", "distance_km"):
        assert sum(edges[leg.key][name] for leg in route.legs) == pytest.approx(getattr(route, name))
    assert graph.graph["day"] == "2019-07-01"
    assert graph.graph["cargo"] == "dry_40"
    assert (graph.graph["scenario"], graph.graph["schedule"]) == ("primorye-2", False)
    assert graph.nodes["hunchun", "origin"]["name"] == "Hunchun"


def test_the_timetable_alone(model):
    graph = model.to_networkx(schedule=True)
    route = model.route("harbin", "tokyo", by="time", schedule=True)
    least = nx.shortest_path_length(graph, ("harbin", "origin"), ("tokyo", "destination"), weight="hours")
    assert least == pytest.approx(route.hours)


# routes as layers


def test_routes_have_their_legs_and_modes(result_texts, comparison):
    features = json.loads(result_texts["routes.geojson"])["features"]
    assert len(features) == sum((o, comparison.focus) in r.trips for r in comparison.runs for o in comparison.origins)
    for feature in features[::7]:
        p = feature["properties"]
        legs = json.loads(p["legs"])
        for name, digits in (("cost_usd", 2), ("hours", 2), ("co2_kg", 2), ("distance_km", 1)):
            assert round(sum(leg[name] for leg in legs), digits) == p[name]
        assert (legs[0]["from"], legs[-1]["to"]) == (p["origin"], p["destination"])
        moved = [leg["mode"] for leg in legs if leg["distance_km"]]
        assert set(p["modes"].split(";")) == set(moved)
        assert p["modes"].split(";")[0] == moved[0]
