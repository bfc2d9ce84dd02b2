"""Every sea lane: clear of land, as long as it says, near the published distances."""

import csv
from itertools import combinations
from pathlib import Path

import geopandas
import pytest
import shapely
from pyproj import Geod

GEODATA = Path(__file__).parents[2] / "geodata"
WGS84 = Geod(ellps="WGS84")
NM = 1.852

with (GEODATA / "sea_lane.csv").open(encoding="utf-8", newline="") as file:
    LANES = {row["lane_id"]: row for row in csv.DictReader(file)}
with (GEODATA / "node.csv").open(encoding="utf-8", newline="") as file:
    NODES = {row["node_id"]: row for row in csv.DictReader(file)}

BASEMAP = geopandas.read_file(GEODATA / "basemap.geojson")
LAND = shapely.union_all(BASEMAP[BASEMAP.layer == "land"].geometry.values)
# The 1:10m coast does not resolve the Kanmon fairway or the mouth of the Yalu, and ports lie on the shore.
KANMON = shapely.box(130.80, 33.88, 131.05, 34.02)
YALU = shapely.box(124.1, 39.75, 124.45, 40.15)
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
    near = shapely.union_all([shapely.Point(e).buffer(PORT_DEGREES) for e in ends] + [KANMON, YALU])
    over = line.intersection(LAND).difference(near)
    assert WGS84.geometry_length(over) / 1000 <= TOLERATED_KM


def test_one_lane_for_every_two_ports():
    ports = [key for key, node in NODES.items() if node["node_type"] == "seaport" or key == "nikolaevsk"]
    assert set(LANES) == {f"sea-{min(a, b)}-{max(a, b)}" for a, b in combinations(ports, 2)}


# Distances between ports in nautical miles, as published or measured on the chart in the open sea.
@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        ("vladivostok", "niigata", 447, 451),
        ("vladivostok", "sakaiminato", 455, 460),
        ("vladivostok", "otaru", 401, 416),
        ("busan", "niigata", 514, 514),
        ("sokcho", "zarubino", 289, 289),
        ("zarubino", "busan", 450, 480),
        ("dalian", "yokohama", 1165, 1195),
        ("dalian", "niigata", 2015 / NM, 2015 / NM),
    ],
)
def test_published_distances_within_three_per_cent(a, b, low, high):
    nautical = float(lane(a, b)["length_nmi"])
    assert low * 0.97 <= nautical <= high * 1.03


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
