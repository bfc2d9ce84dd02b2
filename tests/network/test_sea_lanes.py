"""Every sea lane: clear of land, as long as it says, near the published distances."""

import csv
from itertools import combinations
from pathlib import Path

import geopandas
import numpy
import pytest
import shapely
from pyproj import Geod

GEODATA = Path(__file__).parents[2] / "geodata"
WGS84 = Geod(ellps="WGS84")
NM = 1.852


def rows_of(table):
    with (GEODATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LANES = {row["lane_id"]: row for row in rows_of("sea_lane")}
LINES = {key: shapely.from_wkt(row["geometry"]) for key, row in LANES.items()}
NODES = {row["node_id"]: row for row in rows_of("node")}

BASEMAP = geopandas.read_file(GEODATA / "basemap.geojson")
LAND = shapely.union_all(BASEMAP[BASEMAP.layer == "land"].geometry.values)
# Narrow waters that the 1:10m coast does not resolve, and lanes keep clear of a finer one; ports lie on the shore.
COARSE = shapely.union_all(
    [
        shapely.box(130.80, 33.88, 131.05, 34.02),  # Kanmon
        shapely.box(131.8, 33.5, 135.2, 34.75),  # the Inland Sea
        shapely.box(139.55, 35.0, 140.1, 35.75),  # Tokyo Bay
        shapely.box(140.9, 51.9, 142.0, 53.3),  # Nevelskoy and the mouth of the Amur
        shapely.box(140.2, 48.9, 140.6, 49.2),  # Vanino
        shapely.box(130.7, 42.4, 131.0, 42.7),  # Posyet
        shapely.box(121.4, 31.1, 122.1, 31.6),  # the mouth of the Yangtze
        shapely.box(121.6, 29.6, 122.6, 30.3),  # Zhoushan
    ]
)
PORT_DEGREES = 0.13
TOLERATED_KM = 0.6


def length_km(row):
    return float(row["length_km"])


def lane(a, b):
    return LANES.get(f"sea-{a}-{b}") or LANES[f"sea-{b}-{a}"]


@pytest.mark.parametrize("lane_id", LANES)
def test_lane_is_sound(lane_id):
    row = LANES[lane_id]
    line = shapely.from_wkt(row["geometry"])
    start, end = (NODES[row[key]] for key in ("from_node_id", "to_node_id"))
    ends = [(float(node["x_coord"]), float(node["y_coord"])) for node in (start, end)]
    assert [*line.coords[0], *line.coords[-1]] == pytest.approx([*ends[0], *ends[1]])
    assert length_km(row) == pytest.approx(WGS84.geometry_length(line) / 1000, abs=0.06)
    assert float(row["length_nmi"]) == pytest.approx(length_km(row) / NM, abs=0.09)
    direct = WGS84.inv(*ends[0], *ends[1])[2] / 1000
    assert float(row["geodesic_km"]) == pytest.approx(direct, abs=0.06)
    ratio = length_km(row) / direct
    assert length_km(row) >= direct - 0.06
    assert ratio <= 1.25 or "ships go round" in row["detour_reason"]
    assert bool(row["detour_reason"]) == (ratio > 1.25)
    near = shapely.union_all([shapely.Point(e).buffer(PORT_DEGREES) for e in ends] + [COARSE])
    over = line.intersection(LAND).difference(near)
    assert WGS84.geometry_length(over) / 1000 <= TOLERATED_KM


def test_one_lane_for_every_two_ports():
    ports = [key for key, node in NODES.items() if node["node_type"] == "seaport" or key == "nikolaevsk"]
    assert set(LANES) == {f"sea-{min(a, b)}-{max(a, b)}" for a, b in combinations(ports, 2)}


# Distances between ports in nautical miles, as published or measured on the chart in the open sea, and by how many
# per cent a lane may leave them. Elsewhere than in the Sea of Japan the offset is what docs/sea-lanes.md says it is.
@pytest.mark.parametrize(
    ("a", "b", "low", "high", "below", "above"),
    [
        ("vladivostok", "niigata", 447, 451, 3, 3),
        ("vladivostok", "sakaiminato", 455, 460, 3, 3),
        ("vladivostok", "otaru", 401, 416, 3, 3),
        ("vladivostok", "nakhodka", 120 / NM, 120 / NM, 3, 3),
        ("busan", "niigata", 514, 514, 3, 3),
        ("zarubino", "busan", 450, 480, 3, 3),
        ("sokcho", "vladivostok", 352, 352, 3, 3),
        ("dalian", "yokohama", 1165, 1195, 3, 3),
        ("dalian", "niigata", 2015 / NM, 2015 / NM, 4, 0),
        ("dandong", "incheon", 232, 232, 4, 0),
        ("dandong", "kobe", 844, 844, 0, 5),
    ],
)
def test_published_distances(a, b, low, high, below, above):
    nautical = float(lane(a, b)["length_nmi"])
    assert low * (1 - below / 100) <= nautical <= high * (1 + above / 100)


# Islands off the ports: longitude, latitude, and km from there within which there is land, by the gazetteers.
ISLANDS = {
    "Popov": (131.72, 42.95, 2.0),
    "Russky": (131.83, 43.0, 4.0),
    "Askold": (132.33, 42.77, 1.5),
    "Furugelm": (130.92, 42.47, 1.0),
    "Awashima": (139.25, 38.465, 1.5),
    "Sado": (138.4, 38.03, 10.0),
    "Hegura": (136.92, 37.85, 0.4),
    "Dogo (Oki)": (133.27, 36.25, 7.0),
    "Tsunoshima": (130.86, 34.355, 0.8),
    "Okushiri": (139.47, 42.15, 4.0),
    "Rishiri": (141.24, 45.18, 7.0),
    "Tsushima": (129.33, 34.4, 4.0),
    "Ulleung": (130.86, 37.5, 4.0),
    "Yeong (Busan)": (129.065, 35.08, 1.5),
    "Hong (Heuksan)": (125.19, 34.69, 0.7),
    "Gageo": (125.12, 34.07, 1.0),
    "Baengnyeong": (124.68, 37.96, 3.0),
    "Haiyang": (123.17, 39.05, 1.5),
    "Zhoushan": (122.1, 30.07, 3.0),
    "Awaji": (134.85, 34.38, 6.0),
}


@pytest.mark.parametrize("name", ISLANDS)
def test_no_lane_runs_over_an_island(name):
    lon, lat, km = ISLANDS[name]
    around = numpy.arange(0.0, 360.0, 15.0)
    x, y, _ = WGS84.fwd(
        numpy.full(len(around), lon), numpy.full(len(around), lat), around, numpy.full(len(around), km * 1000)
    )
    disc = shapely.Polygon(zip(x, y, strict=True))
    assert [key for key, line in LINES.items() if line.intersects(disc)] == []


def test_lanes_between_other_countries_keep_fifty_miles_off_the_dprk_in_the_sea_of_japan():
    """Measured anew: the distance of points of each lane from the baseline, south of the border with Russia at sea."""
    waters = {row["water_id"]: row for row in rows_of("closed_water")}
    water = waters["dprk-east"]
    (east, north), (west, south) = shapely.from_wkt(water["baseline"]).coords
    baseline = numpy.array(WGS84.npts(east, north, west, south, 100))
    # Well inside the borders at sea, so that only the distance counts.
    inside = shapely.Polygon([(130.6, 41.9), (132.4, 40.2), (132.4, 38.8), (128.6, 38.8)])
    for key, line in LINES.items():
        ends = [NODES[LANES[key][end]]["country"] for end in ("from_node_id", "to_node_id")]
        points = shapely.get_coordinates(shapely.segmentize(line, 0.02).intersection(inside))
        if "KP" in ends or not len(points):
            continue
        near = points[:: max(len(points) // 12, 1)]
        km = [
            WGS84.inv(*(numpy.full(len(baseline), v) for v in point), baseline[:, 0], baseline[:, 1])[2].min() / 1000
            for point in near
        ]
        assert min(km) >= float(water["distance_nmi"]) * NM - 0.6, key


def test_lanes_of_the_dprk_keep_their_way_in():
    assert float(lane("rajin", "busan")["ratio"]) < 1.03
    assert float(lane("chongjin", "niigata")["ratio"]) < 1.03


@pytest.mark.slow
def test_no_lane_touches_the_coast_of_gshhg_but_at_its_berths():
    """Held against GSHHG as another package has it (`pip install roaring-landmask`), point by point, each 100 m."""
    mask = pytest.importorskip("roaring_landmask").RoaringLandmask.new()
    for key, line in LINES.items():
        x, y = shapely.get_coordinates(shapely.segmentize(line, 0.001)).T
        for lon, lat in (line.coords[0], line.coords[-1]):
            away = WGS84.inv(numpy.full(len(x), lon), numpy.full(len(x), lat), x, y)[2] > 2_000
            x, y = x[away], y[away]
        assert not mask.contains_many(x.copy(), y.copy()).any(), key


# Press figures that cannot be: shorter than the shortest line on the globe between the two ports.
@pytest.mark.parametrize(
    ("a", "b", "published_km", "who"),
    [
        ("zarubino", "niigata", 404 * NM, "CINIC2010"),
        ("zarubino", "niigata", 820, "NIIG2016"),
        ("zarubino", "tsuruga", 460 * NM, "TSURU2012"),
    ],
)
def test_press_figures_below_the_great_circle_are_rejected(a, b, published_km, who):
    row = lane(a, b)
    assert published_km < float(row["geodesic_km"]) <= length_km(row), who


def test_lanes_obey_the_triangle_inequality_where_ships_may_pass_a_port():
    by_vladivostok = length_km(lane("rajin", "vladivostok")) + length_km(lane("vladivostok", "niigata"))
    assert length_km(lane("rajin", "niigata")) <= by_vladivostok


def test_the_ways_round_are_told():
    assert lane("vladivostok", "yokohama")["gates"].startswith(("Uraga", "Tsugaru"))
    assert "Tsugaru Strait" in lane("tomakomai", "vladivostok")["gates"]
    assert "Kanmon Strait" in lane("busan", "kobe")["gates"]
    assert not {"Kurushima Strait", "Bisan Seto"} & set(lane("dalian", "yokohama")["gates"].split("; "))


def test_basemap_names_its_layers_and_stays_small():
    assert set(BASEMAP.layer) == {"land", "border", "coast"}
    assert (GEODATA / "basemap.geojson").stat().st_size < 400_000
    assert BASEMAP.total_bounds.tolist() == pytest.approx([105, 27, 152, 57], abs=0.01)
    assert BASEMAP.geometry.is_valid.all()
