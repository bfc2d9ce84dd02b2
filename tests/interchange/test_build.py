"""A first network between two cities: what it is made of, that all of it is rough, and that it runs as it comes."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
import shapely
from pyproj import Geod
from typer.testing import CliRunner

from corridor_net.cli.main import app
from corridor_net.errors import BadValue, UnknownName
from corridor_net.interchange.build import DETOUR, BuildPlan, build_network
from corridor_net.interchange.completing.gazetteer import country_shapes, find_city
from corridor_net.interchange.notes import Notes
from corridor_net.model import Model
from corridor_net.network.checks import check_network

GEOD = Geod(ellps="WGS84")
LAKE = shapely.box(31.6, -2.6, 34.9, 0.5)  # around Lake Victoria and its gulfs
OPEN_WATER = shapely.Point(33.0, -1.0).buffer(0.5)
PRICES = ("deflator", "exchange_rate", "source")


@pytest.fixture(scope="module")
def inland():
    return build_network("Nairobi", "Kampala", BuildPlan(places=25, ports=0))


def places(made):
    return made.tables["node"].set_index("node_id")[["x_coord", "y_coord"]].astype(float)


def test_what_comes_out_passes_the_checks_and_is_routed_as_the_shortest_way_of_its_links(inland):
    network = inland.network()
    check_network(network)
    graph = nx.Graph()
    for row in inland.tables["link"].itertuples():
        graph.add_edge(row.from_node_id, row.to_node_id, km=float(row.length_km))
    route = Model(network).route("Nairobi", "Kampala", by="co2")
    assert route.distance_km == pytest.approx(nx.shortest_path_length(graph, "nairobi-ke", "kampala-ug", "km"))


def test_a_leg_is_the_straight_line_times_the_detour_and_has_no_third_place_in_its_circle(inland):
    at = places(inland)
    legs = {(row.from_node_id, row.to_node_id): float(row.length_km) for row in inland.tables["link"].itertuples()}
    for (a, b), km in legs.items():
        straight = GEOD.inv(*at.loc[a], *at.loc[b])[2] / 1000
        assert km == pytest.approx(straight * DETOUR, abs=0.051)
    x = at["x_coord"].to_numpy() * np.cos(np.radians(at["y_coord"].mean()))
    point = dict(zip(at.index, np.c_[x, at["y_coord"]], strict=True))
    for a, b in itertools.combinations(at.index, 2):
        middle, radius = (point[a] + point[b]) / 2, np.linalg.norm(point[a] - point[b]) / 2
        free = all(np.linalg.norm(point[c] - middle) >= radius for c in at.index if c not in (a, b))
        joined, line = (a, b) in legs or (b, a) in legs, shapely.LineString([at.loc[a], at.loc[b]])
        assert joined == free or (free and line.intersects(LAKE)), (a, b)
        assert not (joined and line.intersects(OPEN_WATER)), (a, b)


def test_every_row_is_rough_and_every_gap_is_said(inland):
    for name, frame in inland.tables.items():
        if "grade" in frame and name not in PRICES and name in ("node", "link", "crossing", "terminal", "operation",
                                                                 "speed", "tariff", "cargo", "market"):  # fmt: skip
            assert set(frame["grade"]) == {"D"}, name
            assert frame["basis"].str.len().min() > 0, name
    told = " ".join(inland.warnings)
    for gap in ("no real ones", "no railway", "no sea", "open to lorries", "tolls"):
        assert gap in told


def test_a_border_takes_what_is_usual_in_both_countries(inland):
    operation = inland.tables["operation"].set_index(["operation_id", "component"])["value"]
    assert float(operation["border-KE-UG", "queue"]) == 2 * 16
    assert float(operation["border-UG-KE", "border_fee"]) == 2 * 130
    country = inland.tables["node"].set_index("node_id")["country"]
    links = inland.tables["link"]
    over = links[links["from_node_id"].map(country) != links["to_node_id"].map(country)]
    assert len(inland.tables["crossing"]) == 2 * len(over) > 0


def test_ships_sail_between_countries_along_the_sea():
    made = build_network("Mombasa", "Dar es Salaam", BuildPlan(places=20, ports=4, sailings=2))
    calls = made.tables["service_call"].groupby("service_id")["node_id"].agg(list)
    assert all({here[:2], there[:2]} == {"KE", "TZ"} for here, there, _ in calls)
    assert set(made.tables["service"]["sailings_per_week"]) == {"2"}
    lane = made.tables["sea_lane"].set_index("lane_id").loc["sea-KEMBA-TZDAR"]
    assert 1 <= float(lane["ratio"]) < 1.3
    network = made.network()
    check_network(network)
    assert Model(network).route("Mombasa", "Dar es Salaam", via="KEMBA").gateways == ("KEMBA",)


OSM = """<osm version="0.6"><node id="1" lat="-1.29" lon="36.82"/><node id="2" lat="-1.15" lon="36.95"/>
<node id="3" lat="-1.04" lon="37.07"/><node id="4" lat="-0.5" lon="36.0"/><node id="5" lat="-0.6" lon="36.0"/>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="trunk"/></way>
<way id="11"><nd ref="4"/><nd ref="5"/><tag k="highway" v="trunk"/></way></osm>"""


def test_roads_of_an_extract_take_the_place_of_straight_legs(tmp_path):
    path = tmp_path / "small.osm"
    path.write_text(OSM, encoding="utf-8")
    made = build_network("Nairobi", "Thika", BuildPlan(osm=path, ports=0))
    assert set(made.tables["node"]["country"]) == {"KE"}
    assert set(made.tables["link"]["grade"]) == {"D"}
    route = Model(made.network()).route("Nairobi", "Thika")
    ways = [leg.asset_id for leg in route.legs if leg.mode == "road"]
    assert ways == ["road-nairobi-ke-1", "10", "road-thika-ke-3"]
    with pytest.raises(BadValue, match="more than 80 km from the ways of small"):
        build_network("Kampala", "Jinja", BuildPlan(osm=path, window=(30, -3, 38, 2)))


def test_a_city_joins_no_street_that_leads_nowhere(tmp_path):
    """One-way streets are cut where an extract ends: the nearest node may be one that nothing leaves."""
    into = """<node id="6" lat="-1.285" lon="36.818"/><way id="12"><nd ref="1"/><nd ref="6"/>
<tag k="highway" v="primary"/><tag k="oneway" v="yes"/></way></osm>"""
    path = tmp_path / "cut.osm"
    path.write_text(OSM.replace("</osm>", into), encoding="utf-8")
    made = build_network("Nairobi", "Thika", BuildPlan(osm=path, ports=0))
    for pair in (("Nairobi", "Thika"), ("Thika", "Nairobi")):
        assert Model(made.network()).route(*pair).legs[1].asset_id.endswith(("-1", "-3"))


@pytest.mark.parametrize(
    ("ends", "plan", "message"),
    [
        (("Nairobbi", "Kampala"), BuildPlan(), "unknown city 'Nairobbi'"),
        (("Nairobi", "Kampala"), BuildPlan(window=(36, -2, 38, 0)), "Kampala .* is outside the window"),
        (("Nairobi", "Kampala"), BuildPlan(window=(40, -2, 38, 0)), "window = 40"),
        (("Nairobi", "nairobi"), BuildPlan(), "the two cities are one"),
        (("Havana", "Nassau"), BuildPlan(ports=0), "nothing found here joins Havana and Nassau"),
        (("Nairobi", "Kampala"), BuildPlan(places=1), "2 to 300 places"),
    ],
)
def test_what_cannot_be_built_is_said(ends, plan, message):
    with pytest.raises((BadValue, UnknownName), match=message):
        build_network(*ends, plan)


def test_cities_go_by_any_language_and_a_name_of_several_is_told():
    notes = Notes()
    assert find_city("Найроби", notes).country == "KE"
    assert find_city("Tripoli,LB", notes).country == "LB"
    assert not notes.assumptions
    find_city("Tripoli", notes)
    assert "are called Tripoli: the largest was taken" in notes.assumptions[0]


def test_a_city_goes_by_the_name_that_was_asked_for_in_what_was_built():
    network = build_network("Cologne,DE", "Bonn", BuildPlan(places=3, ports=0)).network()
    assert network.node("Cologne").name == "Köln"
    assert [row.name for row in network.rows("node_name")] == ["Cologne"]


def test_the_country_of_a_point_is_that_of_most_cities_around_it():
    shapes, codes = country_shapes((28.0, -5.0, 42.0, 5.0))
    for lon, lat, code in ((36.8, -1.3, "KE"), (32.6, 0.3, "UG"), (35.7, -3.4, "TZ"), (30.1, -1.9, "RW")):
        assert set(codes[shapely.contains(shapes, shapely.Point(lon, lat))]) == {code}


def test_nothing_is_written_before_it_is_whole_and_inside_a_customs_area_borders_are_free(tmp_path):
    run = CliRunner()
    refused = run.invoke(app, ["build", "Havana", "Nassau", "--ports", "0", "--out", str(tmp_path / "no")])
    assert isinstance(refused.exception, BadValue)
    assert not (tmp_path / "no").exists()
    done = run.invoke(
        app, ["build", "Vienna", "Bratislava", "--places", "5", "--ports", "0", "--out", str(tmp_path / "ok")]
    )
    assert done.exit_code == 0, done.output
    assert "Vienna to Bratislava: " in done.output
    assert {"datapackage.json", "ASSUMPTIONS.md", "study.yaml"} <= {path.name for path in (tmp_path / "ok").iterdir()}
    assert len((tmp_path / "ok" / "crossing.csv").read_text(encoding="utf-8").splitlines()) == 1
