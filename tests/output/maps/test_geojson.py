"""GeoJSON of a run: RFC 7946 to the letter, opened by others, routes that do not jump, lines over the antimeridian."""

from __future__ import annotations

import itertools
import json
import math
from collections import defaultdict

import geopandas as gpd
import pyogrio
import pytest
from geojson_pydantic import FeatureCollection

from corridor_net.network.passable import passable_links, passages
from corridor_net.output.maps.geojson import collection, line_geometry

MAPS = ("routes.geojson", "network.geojson", "nodes.geojson", "access.geojson")
KINDS = {
    "routes.geojson": {"LineString", "MultiLineString"},
    "network.geojson": {"LineString", "MultiLineString"},
    "nodes.geojson": {"Point"},
    "access.geojson": {"Point"},
}


@pytest.fixture(scope="module")
def maps(result_texts):
    return {name: json.loads(result_texts[name]) for name in MAPS}


# GeoJSON


def positions(geometry):
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        return [coordinates]
    if kind in ("LineString", "MultiPoint"):
        return coordinates
    if kind in ("MultiLineString", "Polygon"):
        return list(itertools.chain.from_iterable(coordinates))
    return [point for part in coordinates for ring in part for point in ring]


def signed_area(ring):
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring)) / 2


def rfc7946(data):
    """Check a FeatureCollection against the rules of RFC 7946 that a type checker does not see."""
    assert data["type"] == "FeatureCollection"
    assert "crs" not in data
    assert data["features"]
    everywhere = []
    identifiers = []
    for feature in data["features"]:
        assert set(feature) <= {"type", "id", "geometry", "properties", "bbox"}
        assert feature["type"] == "Feature"
        assert "crs" not in feature
        identifiers.append(feature["id"])
        geometry = feature["geometry"]
        points = positions(geometry)
        assert points
        for point in points:
            assert len(point) == 2
            assert -180 <= point[0] <= 180
            assert -90 <= point[1] <= 90
        everywhere += points
        lines = {"LineString": [geometry["coordinates"]], "MultiLineString": geometry["coordinates"]}
        for line in lines.get(geometry["type"], []):
            assert len(line) >= 2
            for here, there in itertools.pairwise(line):
                assert here != there, feature["id"]
                assert abs(here[0] - there[0]) <= 180, feature["id"]
        if geometry["type"] == "Polygon":
            for number, ring in enumerate(geometry["coordinates"]):
                assert ring[0] == ring[-1]
                assert (signed_area(ring) > 0) is (number == 0), "right-hand rule"
    assert len(set(identifiers)) == len(identifiers)
    west, south, east, north = data["bbox"]
    assert (west, east) == (min(p[0] for p in everywhere), max(p[0] for p in everywhere))
    assert (south, north) == (min(p[1] for p in everywhere), max(p[1] for p in everywhere))


@pytest.mark.parametrize("name", MAPS)
def test_geojson_by_a_public_validator(result_texts, name):
    parsed = FeatureCollection.model_validate_json(result_texts[name])
    assert {feature.geometry.type for feature in parsed.features} <= KINDS[name]


@pytest.mark.parametrize("name", MAPS)
def test_rfc_7946_to_the_letter(maps, name):
    rfc7946(maps[name])


@pytest.mark.parametrize("name", MAPS)
def test_at_most_seven_decimals(result_texts, name):
    def seen(pairs):
        return dict(pairs)

    shown = []

    def number(text):
        shown.append(text)
        return float(text)

    data = json.loads(result_texts[name], parse_float=number, object_pairs_hook=seen)
    assert data["features"]
    for text in shown:
        assert "e" not in text.casefold()
        assert len(text.partition(".")[2]) <= 7, text


@pytest.mark.parametrize("name", MAPS)
def test_no_number_that_json_does_not_have(result_texts, name):
    def refuse(word):
        raise AssertionError(word)

    json.loads(result_texts[name], parse_constant=refuse)
    assert result_texts[name].endswith("}\n")


@pytest.mark.parametrize("name", MAPS)
def test_each_feature_is_a_line_so_that_a_change_is_seen_line_by_line(result_texts, maps, name):
    lines = result_texts[name].splitlines()
    first = lines.index('"features": [') + 1
    assert lines[-2:] == ["]", "}"]
    assert [json.loads(line.rstrip(",")) for line in lines[first:-2]] == maps[name]["features"]


@pytest.mark.parametrize("name", MAPS)
def test_simplestyle(maps, name):
    """The properties of simplestyle 1.1, each of its type, so that a map shows them as they are."""
    for feature in maps[name]["features"]:
        style = feature["properties"]
        assert isinstance(style["title"], str)
        assert style["title"]
        if feature["geometry"]["type"] == "Point":
            assert style["marker-size"] in ("small", "medium", "large")
            assert style["marker-color"].startswith("#")
            int(style["marker-color"][1:], 16)
        else:
            assert len(style["stroke"]) == 7
            int(style["stroke"][1:], 16)
            assert style["stroke-width"] > 0
            assert 0 <= style["stroke-opacity"] <= 1


@pytest.mark.parametrize("name", MAPS)
def test_properties_are_flat(maps, name):
    for feature in maps[name]["features"]:
        for key, value in feature["properties"].items():
            assert isinstance(value, (str, int, float)), (name, key)
            assert not isinstance(value, float) or math.isfinite(value)


def test_gdal_opens_the_maps(folder, comparison, net2019):
    expected = {
        "nodes.geojson": len(net2019.active("node")),
        "access.geojson": len(comparison.runs) * len(comparison.origins),
        "network.geojson": len(passable_links(net2019)) + sum(way.kind == "service" for way in passages(net2019)),
        "routes.geojson": sum(
            (origin, "niigata") in run.trips for run in comparison.runs for origin in comparison.origins
        ),
    }
    fields = {
        "nodes.geojson": {"title", "node_id", "node_type", "country", "source_id", "grade", "marker-color"},
        "access.geojson": {"baseline", "scenario", "node_id", "least_cost_usd", "mean_hours", "market_access",
                           "markets_within_10_days", "markets_within_12_days", "markets_within_14_days"},
        "network.geojson": {"title", "mode", "from", "to", "directed", "length_km", "link_id", "service_id",
                            "source_id", "grade", "stroke"},
        "routes.geojson": {"title", "description", "baseline", "scenario", "origin", "destination", "gateway",
                           "cost_usd", "hours", "co2_kg", "generalised_cost_usd", "distance_km", "modes", "legs",
                           "stroke"},
    }  # fmt: skip
    for name, count in expected.items():
        info = pyogrio.read_info(folder / name)
        assert info["features"] == count, name
        assert set(info["fields"]) >= fields[name], name
        assert info["crs"] in ("EPSG:4326", "OGC:CRS84")


@pytest.mark.parametrize("name", MAPS)
def test_geopandas_reads_valid_shapes(folder, name):
    frame = gpd.read_file(folder / name)
    assert frame.geometry.is_valid.all()
    assert not frame.geometry.is_empty.any()
    west, south, east, north = frame.total_bounds
    # the network lies between Mongolia and the Kurils, the Yangtze and Yakutia
    assert west > 95
    assert east < 160
    assert south > 25
    assert north < 62


def test_routes_run_from_their_origin_to_their_destination(maps, shipped):
    for feature in maps["routes.geojson"]["features"]:
        line = positions(feature["geometry"])
        for name, point in ((feature["properties"]["origin"], line[0]), ("niigata", line[-1])):
            node = shipped.nodes[name]
            assert point == pytest.approx([node.x_coord, node.y_coord], abs=1e-4), feature["id"]


def test_routes_do_not_jump(maps, shipped):
    """Every step of a drawing is a step of a link or a lane: none longer than the longest of these."""
    from corridor_net.network.lines import link_lines
    from corridor_net.network.wkt import wkt_line

    drawn = [*link_lines(shipped).values(), *(wkt_line(lane.geometry) for lane in shipped.rows("sea_lane"))]
    steps = set()
    for line in drawn:
        for (x1, y1), (x2, y2) in itertools.pairwise([(round(x, 5), round(y, 5)) for x, y in line]):
            steps |= {(x1, y1, x2, y2), (x2, y2, x1, y1)}
    for feature in maps["routes.geojson"]["features"]:
        for (x1, y1), (x2, y2) in itertools.pairwise(positions(feature["geometry"])):
            assert (x1, y1, x2, y2) in steps, feature["id"]


def test_one_gateway_has_one_colour(maps):
    colours = defaultdict(set)
    for feature in maps["routes.geojson"]["features"]:
        colours[feature["properties"].get("gateway")].add(feature["properties"]["stroke"])
    assert all(len(found) == 1 for found in colours.values())
    assert len(set().union(*colours.values())) == len(colours)


def test_routes_say_what_the_table_says(maps, rows):
    table = {
        (r["baseline"], r["scenario"], r["origin"]): r for r in rows["comparison.csv"] if r["destination"] == "niigata"
    }
    for feature in maps["routes.geojson"]["features"]:
        p = feature["properties"]
        row = table[p["baseline"], p.get("scenario", ""), p["origin"]]
        for name in ("cost_usd", "hours", "co2_kg", "generalised_cost_usd", "distance_km"):
            assert float(row[name]) == pytest.approx(p[name], abs=0.011), feature["id"]
        assert row["gateway"] == p.get("gateway", "")


# the antimeridian and other awkward lines


def test_a_line_over_the_antimeridian_is_cut():
    found = line_geometry([(170.0, 50.0), (-170.0, 60.0)])
    assert found == {"type": "MultiLineString", "coordinates": [[[170.0, 50.0], [180.0, 55.0]],
                                                                [[-180.0, 55.0], [-170.0, 60.0]]]}  # fmt: skip


def test_over_and_back():
    found = line_geometry([(179.0, 10.0), (-179.0, 12.0), (-178.0, 12.0), (179.0, 15.0)])
    assert found["type"] == "MultiLineString"
    assert len(found["coordinates"]) == 3
    rfc7946(collection([{"type": "Feature", "id": "x", "geometry": found, "properties": {}}]))


@pytest.mark.parametrize(
    "line",
    [
        [(180.0, 10.0), (-179.0, 12.0)],
        [(179.0, 10.0), (180.0, 11.0), (-179.0, 12.0)],
        [(179.0, 10.0), (-180.0, 11.0), (-179.0, 12.0)],
        [(-180.0, 10.0), (179.0, 12.0)],
        [(130.0, 40.0), (130.0, 40.0), (131.0, 41.0)],
        [(130.0, 40.0), (130.000001, 40.0), (131.0, 41.0)],
    ],
)
def test_lines_on_the_edge(line):
    feature = {"type": "Feature", "id": "x", "geometry": line_geometry(line), "properties": {}}
    rfc7946(collection([feature]))


def test_a_plain_line_stays_as_it_is():
    assert line_geometry([(1.0, 2.0), (3.0, 4.0)]) == {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
