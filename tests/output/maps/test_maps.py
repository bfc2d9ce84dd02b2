"""Maps of any region: the projection fits the nodes, the scale bar is true where it stands, the coast lies there."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from corridor_net.network.basemap import read_basemap, world_file
from corridor_net.network.earth import geodesic_km
from corridor_net.output.maps.basemap import _outline, attribution, basemap
from corridor_net.output.maps.map_data import ground, line_path
from corridor_net.output.maps.print_map import Mark, _scale_bar, _View, map_svg
from corridor_net.output.maps.projection import UNITS_PER_KM, dense, fitted, projection_of
from corridor_net.render.words import Words


def moved(network, move):
    """Return the network with its nodes elsewhere, drawn straight, on the map of the world."""
    nodes = [replace(row, **dict(zip(("x_coord", "y_coord"), move(row.x_coord, row.y_coord), strict=True)))
             for row in network.rows("node")]  # fmt: skip
    package = replace(network.package, basemap="nowhere.geojson")
    return replace(network.with_rows(node=nodes, geometry=()), package=package)


def distances(network):
    nodes = network.rows("node")[:40]
    places = projection_of(network).project([(n.x_coord, n.y_coord) for n in nodes]).astype(float)
    return np.array([np.hypot(*(a - b)) for a, b in itertools.combinations(places, 2)])


def test_moving_the_network_to_the_southern_hemisphere_changes_no_distance_on_the_map(shipped):
    north = distances(shipped)
    assert distances(moved(shipped, lambda x, y: (x, -y))) == pytest.approx(north, abs=2)


def test_moving_the_network_over_the_antimeridian_changes_no_distance_on_the_map(shipped):
    beyond = moved(shipped, lambda x, y: ((x + 45 + 180) % 360 - 180, y))
    assert {-1.0, 1.0} == {float(np.sign(n.x_coord)) for n in beyond.rows("node")}
    assert distances(beyond) == pytest.approx(distances(shipped), abs=2)


REGIONS = {
    "a cone": [(126.65, 45.75), (139.23, 38.02), (129.0, 35.1)],
    "a cone of the south": [(18.4, -33.9), (31.0, -29.9), (28.0, -26.2)],
    "the middle at the equator": [(103.8, 1.3), (106.8, -6.1), (121.0, 14.6)],
    "the high north": [(18.9, 69.6), (56.0, 78.0), (-20.0, 81.0)],
    "the antimeridian": [(178.4, -18.1), (-171.8, -13.8), (174.8, -36.8)],
    "the north of a continent": [(33.1, 69.0), (88.2, 69.3), (129.0, 71.6), (177.5, 64.7)],
    "a continent from coast to coast": [(-9.1, 38.7), (37.6, 55.7), (135.1, 48.5)],
    "round the pole": [(19.0, 69.6), (129.0, 71.6), (-148.5, 70.2), (-94.2, 58.8), (-21.9, 64.1)],
    "round the south pole": [(0.0, -70.0), (166.7, -77.8), (-60.0, -62.0)],
    "the world": [(-74.0, 40.7), (151.2, -33.9), (121.5, 31.2), (4.5, 51.9)],
}


@pytest.mark.parametrize("region", REGIONS)
def test_a_kilometre_on_the_map_is_one_on_the_ground_times_the_scale_that_is_told(region):
    map_of = fitted(tuple(REGIONS[region]))
    for lon, lat in REGIONS[region]:
        here = map_of.project([(lon, lat)])
        told = map_of.scale(here)[0]
        for lon2, lat2 in ((lon + 0.2 / np.cos(np.radians(lat)), lat), (lon, lat + 0.2)):
            there = map_of.project([(lon2, lat2)])
            on_map = np.hypot(*(there - here)[0]) / UNITS_PER_KM
            assert on_map == pytest.approx(told * geodesic_km(lon, lat, lon2, lat2), rel=0.02)


@pytest.mark.parametrize("region", [name for name in REGIONS if name != "the world"])
def test_scale_stays_near_one_over_a_region(region):
    map_of = fitted(tuple(REGIONS[region]))
    assert np.all(np.abs(map_of.scale(map_of.project(REGIONS[region])) - 1) < 0.05)


def test_the_shipped_region_is_drawn_within_two_per_cent(shipped):
    map_of = projection_of(shipped)
    places = map_of.project([(n.x_coord, n.y_coord) for n in shipped.rows("node")])
    assert np.all(np.abs(map_of.scale(places) - 1) < 0.02)


def test_faces_find_the_scale_between_the_places_of_the_grid(shipped):
    map_of = projection_of(shipped)
    grid = map_of.scale_grid()
    k = np.array(grid["k"]).reshape(grid["columns"], -1)
    x, y = (grid["from"][n] + 7.5 * grid["step"][n] for n in (0, 1))
    assert k[7:9, 7:9].mean() == pytest.approx(map_of.scale([(x, y)])[0], abs=2e-4)


def test_where_a_pole_lies_on_the_map_nothing_is_left_white_round_it():
    from shapely.geometry import Point, Polygon

    for name, side in (("the north of a continent", 90), ("round the pole", 90), ("round the south pole", -90)):
        map_of = fitted(tuple(REGIONS[name]))
        outline = map_of.project(dense(_outline(map_of.window))).astype(float)
        beside = map_of.project([(lon, 0.97 * side) for lon in range(-180, 180, 30)])
        assert all(Polygon(outline).buffer(20).contains(Point(place)) for place in beside.tolist()), name


def drawn(network):
    marks = [Mark(node_id=n.node_id, colour="#000", radius=4, words=n.name) for n in network.rows("node")[:12]]
    return map_svg(network, "a map", marks, (), (), ())


@pytest.mark.parametrize("region", [*REGIONS])
def test_the_scale_bar_is_true_where_it_stands(region):
    map_of = fitted(tuple(REGIONS[region]))
    view = _View.round(map_of.project(REGIONS[region]).tolist(), 950.0, 654.0)
    bar, words = _scale_bar(view, map_of, Words())
    y, long = (float(n) for n in re.search(r"M14 ([\d.]+)v6h([\d.]+)v", bar).groups())
    km = float(re.search(r">([\d.,]+) km<", words)[1].replace(",", ""))
    assert 20 < long <= 180
    (a, b), (c, d) = map_of.unproject([view.back(14, y + 6), view.back(14 + long, y + 6)])
    assert geodesic_km(a, b, c, d) == pytest.approx(km, rel=0.03)


def test_a_map_elsewhere_has_the_coast_of_the_world_there(shipped):
    pacific = ground(moved(shipped, lambda x, y: ((x + 45 + 180) % 360 - 180, -y)))
    assert pacific["land"]
    assert pacific["coast"]
    assert "Natural Earth" in pacific["credit"]
    low, high = (f(np.array(line_path(pacific["frame"])), axis=0) for f in (np.min, np.max))
    for line in (*pacific["land"], *pacific["coast"]):
        places = np.array(line_path(line))
        assert (places >= low - 20).all()
        assert (places <= high + 20).all()


def test_the_seam_of_the_world_is_no_coast(shipped):
    fiji = moved(shipped, lambda x, y: ((x + 50 + 180) % 360 - 180, y + 20))
    map_of = projection_of(fiji)
    for line in basemap(fiji)["coast"]:
        degrees = map_of.unproject(line_path(line))
        along = (np.abs(np.abs(degrees[:, 0]) - 180) < 0.01).sum()
        assert along < 2 or np.ptp(degrees[:, 1]) < 1


LAND = [(25.7, 66.5), (86.6, 67.5), (129.2, 66.8), (-175.0, 67.0), (177.5, 66.0), (-68.5, 70.5), (0.0, -80.0)]
"""Rovaniemi, Igarka, Batagay, Chukotka on both sides of the antimeridian, Baffin Island, Antarctica."""
SEA = [(40.0, 71.0), (5.0, 67.0), (-170.0, 60.0), (-30.0, -16.52), (-120.0, -16.52), (80.0, -16.52), (-160.0, 71.5)]
"""The Barents, Norwegian and Bering Seas, then three oceans at the latitude of Fiji, the Chukchi Sea."""


def test_the_world_has_land_and_sea_where_they_are():
    import shapely

    land = read_basemap(world_file()).land
    assert shapely.contains_xy(land, *zip(*LAND, strict=True)).all()
    assert not shapely.contains_xy(land, *zip(*SEA, strict=True)).any()


EDGES = {
    "Egypt": [(29.9, 31.2), (25.5, 29.2), (32.9, 24.1), (33.8, 27.2)],
    "Chile": [(-70.3, -18.5), (-70.6, -33.4), (-72.9, -41.5)],
    "Africa": [(31.2, 30.0), (36.8, -1.3), (18.4, -33.9), (-17.4, 14.7)],
    "Fiji": [(177.45, -17.6), (-178.8, -18.2)],
    "Svalbard": [(11.9, 78.9), (16.7, 77.9)],
    "from south to north": [(20.0, 45.0), (20.2, 60.0)],
    "the north of a continent": REGIONS["the north of a continent"],
    "round the pole": REGIONS["round the pole"],
    "a kilometre": [(100.5, 13.7), (100.509, 13.7)],
}


@pytest.mark.parametrize("high", [0.6, 1.5])
@pytest.mark.parametrize("name", EDGES)
def test_a_screen_of_any_shape_round_the_places_is_full_of_map(name, high):
    map_of = fitted(tuple(EDGES[name]))
    places = map_of.project(EDGES[name]).astype(float)
    low, high_ = places.min(axis=0), places.max(axis=0)
    size = np.maximum(high_ - low, 1.0)
    wide = max(size[0], size[1] / high)
    for left, top in itertools.product((-1, 0, 1), repeat=2):
        corner = (low + high_) / 2 + np.array([left * wide, top * wide * high]) * 0.55
        (lon, lat), (west, south, east, north) = map_of.unproject([corner])[0], map_of.window
        assert south <= lat <= north
        assert (lon - west) % 360 <= east - west


def test_a_package_is_drawn_on_its_own_basemap_with_its_own_words(tiny, tmp_path):
    area = {"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]]}
    mine = {"type": "FeatureCollection", "attribution": "Coast: my survey.",
            "features": [{"type": "Feature", "properties": None, "geometry": area}]}  # fmt: skip
    (tmp_path / "mine.geojson").write_text(json.dumps(mine), encoding="utf-8")
    own = replace(tiny, folder=str(tmp_path), package=replace(tiny.package, basemap="mine.geojson"))
    assert len(basemap(own)["land"]) == 1
    assert attribution(own) == "Coast: my survey."
    assert "Natural Earth" not in drawn(own)


def test_beyond_the_window_of_a_basemap_the_map_goes_on_with_the_world(shipped, tmp_path):
    cut = {"type": "FeatureCollection", "attribution": "Coast: my survey.", "bbox": [125, 35, 135, 50], "features": []}
    (tmp_path / "cut.geojson").write_text(json.dumps(cut), encoding="utf-8")
    own = replace(shipped, folder=str(tmp_path), package=replace(shipped.package, basemap="cut.geojson"))
    land = basemap(own)["land"]
    degrees = [projection_of(own).unproject(line_path(ring)) for ring in land]
    low, high = (f([f(ring, axis=0) for ring in degrees], axis=0) for f in (np.min, np.max))
    assert (low < (125, 35)).all()
    assert (high > (135, 50)).all()
    inside = [((ring > (125.1, 35.1)) & (ring < (134.9, 49.9))).all(axis=1).any() for ring in degrees]
    assert not any(inside)
    assert attribution(own).startswith("Coast: my survey. Coast and borders: made with Natural Earth")


def test_a_schematic_package_has_no_coast_and_no_scale(tiny):
    plan = replace(tiny, package=replace(tiny.package, schematic=True))
    told = ground(plan)
    assert (told["land"], told["coast"], told["scale"], told["credit"]) == ([], [], None, "")
    svg = drawn(plan)
    assert 'class="bar"' not in svg
    assert "not to scale" in " ".join(re.sub("<[^>]+>", " ", svg).split())


def test_the_world_is_shipped_small(shipped):
    path = world_file()
    assert path.stat().st_size < 750_000
    assert {f["properties"]["layer"] for f in json.loads(path.read_text(encoding="utf-8"))["features"]} == {
        "land", "border"}  # fmt: skip
