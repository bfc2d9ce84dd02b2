"""Ways, sailings and lanes of OpenStreetMap, of timetables and of seas, against networkx on the same data."""

from __future__ import annotations

import itertools
import json

import networkx as nx
import pytest

import corridor_net as cn
from corridor_net.interchange.doors import from_geodataframes, import_network

from .helpers import geodesic_km, haul

AT = {n: (20 + 0.1 * (n % 4), 45 + 0.1 * (n // 4) + 0.01 * (n % 3)) for n in range(12)}
WAYS = [(0, 1, 2, 3), (4, 5, 6, 7), (8, 9, 10, 11), (0, 4, 8), (2, 6, 10), (7, 11)]


def drawn(points, ways):
    """Return the graph of lines through points, each leg as long as on the ellipsoid."""
    graph = nx.Graph()
    for way in ways:
        for a, b in itertools.pairwise(way):
            graph.add_edge(a, b, km=geodesic_km(points[a], points[b]))
    return graph


def test_lengths_of_ways_of_openstreetmap_are_those_of_networkx(tmp_path):
    pytest.importorskip("osmium")
    text = "".join(f'<node id="{n + 1}" lon="{x}" lat="{y}"/>' for n, (x, y) in AT.items())
    for number, way in enumerate(WAYS, start=10):
        refs = "".join(f'<nd ref="{n + 1}"/>' for n in way)
        text += f'<way id="{number}">{refs}<tag k="highway" v="trunk"/></way>'
    (tmp_path / "grid.osm").write_text(f'<osm version="0.6">{text}</osm>', encoding="utf-8")
    imported = import_network("osm", [tmp_path / "grid.osm"])
    graph = drawn(AT, WAYS)
    for a, b in ((0, 11), (3, 8), (4, 7), (0, 6)):
        km = haul(imported, str(a + 1), str(b + 1))[1]
        assert km == pytest.approx(nx.shortest_path_length(graph, a, b, "km"), rel=1e-5)


def test_sea_lanes_are_the_shortest_ways_of_networkx(tmp_path):
    shapes = [{"type": "LineString", "coordinates": [AT[n] for n in way]} for way in WAYS]
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (tmp_path / "sea.geojson").write_text(text, encoding="utf-8")
    ports = {"GRPIR": 0, "TRMER": 11, "ITBRI": 3}
    rows = "".join(f"{code},{AT[n][0]},{AT[n][1] + 0.005}\n" for code, n in ports.items())
    (tmp_path / "ports.csv").write_text(f"unlocode,lon,lat\n{rows}", encoding="utf-8")
    imported = import_network("lines", [tmp_path / "sea.geojson"], ports=tmp_path / "ports.csv")
    graph = drawn(AT, WAYS)
    lanes = imported.tables["sea_lane"]
    assert len(lanes) == 3
    for lane in lanes.itertuples():
        a, b = ports[lane.from_node_id], ports[lane.to_node_id]
        joins = sum(geodesic_km(AT[n], (AT[n][0], AT[n][1] + 0.005)) for n in (a, b))
        assert float(lane.length_km) == pytest.approx(nx.shortest_path_length(graph, a, b, "km") + joins, rel=1e-5)


def test_hours_of_a_timetable_are_those_of_networkx(tmp_path):
    hours = {("A", "B"): 5, ("B", "C"): 7, ("A", "D"): 4, ("D", "C"): 6}
    tables = {
        "stops": "stop_id,stop_name,stop_lat,stop_lon\n"
        + "".join(f"{stop},{stop},{45 + n},{20 + n % 2}\n" for n, stop in enumerate("ABCD")),
        "routes": "route_id,route_long_name,route_type\nR,north,4\nS,south,4\n",
        "trips": "route_id,service_id,trip_id\nR,wk,r\nS,wk,s\n",
        "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nr,08:00:00,08:00:00,A,1\n"
        "r,13:00:00,13:00:00,B,2\nr,20:00:00,20:00:00,C,3\ns,06:00:00,06:00:00,A,1\ns,10:00:00,10:00:00,D,2\n"
        "s,16:00:00,16:00:00,C,3\n",
        "calendar": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "wk,1,1,1,1,1,1,1,20260601,20260830\n",
    }
    for name, text in tables.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    model = cn.Model(import_network("gtfs", [tmp_path]).network())
    graph = nx.DiGraph()
    graph.add_weighted_edges_from((a, b, time) for (a, b), time in hours.items())
    for a, b in (("A", "C"), ("A", "B"), ("D", "C")):
        legs = model.route(a, b, by="time", schedule=True).legs
        assert sum(leg.hours for leg in legs if leg.kind == "sail") == pytest.approx(
            nx.dijkstra_path_length(graph, a, b)
        )


def test_frames_with_drawings_come_back_as_they_went():
    import geopandas
    from shapely.geometry import LineString

    frame = geopandas.GeoDataFrame(
        {"id": [str(n) for n in range(len(WAYS))]},
        geometry=[LineString([AT[n] for n in way]) for way in WAYS],
        crs="EPSG:4326",
    )
    imported = from_geodataframes(frame, nodes_at="ends")
    shapes = imported.network().to_geodataframes()["links"]
    went = {tuple(line.coords) for line in frame.geometry}
    assert {tuple(line.coords) for line in shapes.geometry} == went
