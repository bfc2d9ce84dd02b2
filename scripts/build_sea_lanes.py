"""Make geodata/sea_lane.csv: the shortest way by sea between every two ports, clear of the coast.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/build_sea_lanes.py package/land-10m.json

Land (Natural Earth 1:10m, public domain) is widened by a safety distance: `OPEN_KM` at sea, `NEAR_KM` near
ports and in the straits of `NARROWS`, where ships do pass close to shore. Around what is left a shortest way
is a chain of straight tangents between convex corners: a visibility graph. It is built in the gnomonic plane,
where straight lines are great circles (exactly on the sphere, to metres on the ellipsoid); lengths are
geodesics on WGS 84. Needs the extra `fast`.
"""

from __future__ import annotations

import csv
import itertools
import sys
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pyproj import Geod, Transformer

from corridor_net.graph import Graph, Weighted

GEODATA = Path(__file__).parents[1] / "geodata"
WGS84 = Geod(ellps="WGS84")
PLANE = "+proj=gnom +lat_0=40 +lon_0=132 +datum=WGS84 +units=km"
TO_PLANE = Transformer.from_crs("EPSG:4326", PLANE, always_xy=True)
TO_GLOBE = Transformer.from_crs(PLANE, "EPSG:4326", always_xy=True)
WINDOW = (116.0, 27.0, 153.0, 56.0)
OPEN_KM, NEAR_KM, PORT_RADIUS_KM = 3.0, 0.3, 20.0
"""Distance kept from land at sea and near a port, and what counts as near."""
REASON_ABOVE = 1.25
STEP_KM = 150.0

NARROWS = {
    "Kanmon": (130.95, 33.94, 22),
    "Akashi": (135.02, 34.62, 20),
    "Bisan Seto": (133.8, 34.37, 40),
    "Kurushima": (132.98, 34.12, 40),
    "Tomogashima": (135.0, 34.28, 15),
    "Naruto": (134.65, 34.24, 8),
    "Nevelskoy": (141.6, 52.2, 30),
    "Amur mouth": (141.0, 53.0, 40),
}
"""Narrow waters: longitude, latitude, radius in km within which `NEAR_KM` is kept."""

DREDGED = {
    "Kanmon": [
        (130.80, 34.00),
        (130.87, 33.955),
        (130.905, 33.925),
        (130.935, 33.945),
        (130.962, 33.962),
        (131.03, 33.98),
    ],
}
"""Fairways narrower than the coastline resolves: they are open, 0.8 km either side of the line."""

GATES = {
    "Tsugaru Strait": [(140.45, 41.0), (140.45, 41.7)],
    "La Perouse (Soya) Strait": [(141.95, 45.4), (142.05, 46.1)],
    "Tatar Strait": [(140.2, 50.8), (142.3, 50.8)],
    "Korea Strait (west channel)": [(128.7, 35.15), (129.3, 34.4)],
    "Korea Strait (east channel)": [(129.3, 34.4), (130.3, 33.45)],
    "Nevelskoy Strait": [(141.5, 52.2), (141.75, 52.2)],
    "Kanmon Strait": [(130.96, 33.99), (130.96, 33.92)],
    "Jeju Strait": [(126.55, 33.4), (126.55, 34.5)],
    "Bohai Strait": [(121.2, 38.85), (120.9, 37.7)],
    "Osumi Strait": [(130.7, 31.1), (130.7, 30.45)],
    "Bungo Channel": [(131.9, 33.25), (132.3, 33.3)],
    "Kii Channel": [(134.7, 33.85), (135.1, 33.85)],
    "Akashi Strait": [(135.0, 34.68), (135.0, 34.57)],
    "Bisan Seto": [(133.8, 34.5), (133.8, 34.25)],
    "Kurushima Strait": [(132.99, 34.18), (132.99, 34.05)],
    "Uraga Channel": [(139.6, 35.25), (139.9, 35.2)],
}
"""Straits whose passing is told: a line from shore to shore."""


KOREAN_PORTS = ("busan", "donghae", "gwangyang", "incheon", "pohang", "sokcho", "ulsan")
INLAND_SEA_PORTS = ("kobe", "osaka")
INLAND_SEA = ("Bisan Seto", "Kurushima Strait")
"""Ships bound elsewhere go round by the ocean: the Inland Sea has pilots, speed limits and dense traffic."""

OUTSIDE = [(126.30, 34.60), (125.20, 34.69)]
"""From the mainland to Hongdo: ships pass outside it by the traffic separation scheme, not among the islands,
unless they sail between two Korean ports."""

LANDS = {
    "Honshu": (138.5, 36.3),
    "Hokkaido": (142.8, 43.5),
    "Kyushu": (130.9, 32.6),
    "Shikoku": (133.5, 33.7),
    "Sakhalin": (142.9, 49.5),
    "the mainland": (126.0, 45.0),
}
"""A point on each land that lanes go round, to name it."""


def main(land_file: str) -> None:
    """Build all lanes and write the table."""
    ports = read_ports()
    land = plane(shapely.union_all(pyogrio.read_dataframe(land_file).geometry.clip_by_rect(*WINDOW).values))
    obstacles = widened(land, ports)
    berths = np.array([TO_PLANE.transform(*xy) for xy in ports.values()])
    piers = [approach(obstacles, berth) for berth in berths]
    points, graph, lengths = visibility(obstacles, np.array([pier[-1] for pier in piers]))
    gates = {name: shapely.LineString(line) for name, line in GATES.items()}
    ways = {"coastal": Weighted.of(graph, lengths)}
    lengths = closed(lengths, points, graph, [shapely.LineString(OUTSIDE)])
    ways["to the Inland Sea"] = Weighted.of(graph, lengths)
    ways["open sea"] = Weighted.of(graph, closed(lengths, points, graph, [gates[name] for name in INLAND_SEA]))
    lands = {
        name: part
        for part in shapely.get_parts(land)
        for name, xy in LANDS.items()
        if part.contains(plane(shapely.Point(xy)))
    }
    rows = []
    names = list(ports)
    for i, start in enumerate(names):
        print(f"{start} ({i + 1} of {len(names)})", file=sys.stderr)
        trees = {rule: weighted.one_to_all(i) for rule, weighted in ways.items()}
        for j in range(i + 1, len(names)):
            arcs = trees[rule_of(start, names[j])].path(j)
            inner = points[[i, *graph.head[arcs]]]
            line = [
                ports[start],
                *to_globe(piers[i][1:-1]),
                *to_globe(inner),
                *to_globe(piers[j][-2:0:-1]),
                ports[names[j]],
            ]
            rows.append(row(start, names[j], tidy(line), gates, lands))
    with (GEODATA / "sea_lane.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def rule_of(start: str, end: str) -> str:
    """Return which waters ships between two ports use."""
    ends = {start, end}
    if ends <= set(KOREAN_PORTS):
        return "coastal"
    return "to the Inland Sea" if ends & set(INLAND_SEA_PORTS) else "open sea"


def read_ports() -> dict[str, tuple[float, float]]:
    """Return longitude and latitude of every seaport, and of the river port that sees sea ships, by id."""
    with (GEODATA / "node.csv").open(encoding="utf-8", newline="") as file:
        nodes = [n for n in csv.DictReader(file) if n["node_type"] == "seaport" or n["node_id"] == "nikolaevsk"]
    return {n["node_id"]: (float(n["x_coord"]), float(n["y_coord"])) for n in sorted(nodes, key=lambda n: n["node_id"])}


def plane(geometry: shapely.Geometry) -> shapely.Geometry:
    """Project to the gnomonic plane, km; long edges are straight there anyhow."""
    return shapely.make_valid(shapely.transform(geometry, lambda xy: np.column_stack(TO_PLANE.transform(*xy.T))))


def to_globe(points: list | np.ndarray) -> list[tuple[float, float]]:
    """Project back to longitude and latitude."""
    return [TO_GLOBE.transform(x, y) for x, y in points]


def widened(land: shapely.Geometry, ports: dict[str, tuple[float, float]]) -> list[shapely.Polygon]:
    """Return what ships keep out of: land and its safety distance, in simple shapes without holes."""
    near = [shapely.Point(*TO_PLANE.transform(*xy)).buffer(PORT_RADIUS_KM) for xy in ports.values()]
    near += [shapely.Point(*TO_PLANE.transform(x, y)).buffer(r) for x, y, r in NARROWS.values()]
    close = shapely.union_all(near)
    fairways = shapely.union_all(
        [shapely.LineString([TO_PLANE.transform(*xy) for xy in line]).buffer(0.8) for line in DREDGED.values()]
    )
    far_shore = shapely.buffer(land, OPEN_KM, quad_segs=3).simplify(1.0).difference(close)
    near_shore = shapely.buffer(land.intersection(close.buffer(1)), NEAR_KM, quad_segs=2).simplify(0.1)
    whole = shapely.union_all([far_shore, near_shore, land.simplify(0.3)]).difference(fairways).buffer(0)
    shapes = [shapely.Polygon(p.exterior) for p in shapely.get_parts(whole) if p.area > 0.05]
    return list(shapely.get_parts(shapely.union_all(shapes)))


def approach(obstacles: list[shapely.Polygon], berth: np.ndarray) -> np.ndarray:
    """Return the way from a berth to open water: itself, or itself and the nearest point clear of obstacles."""
    point = shapely.Point(berth)
    inside = [shape for shape in obstacles if shape.contains(point)]
    if not inside:
        return np.array([berth, berth])
    shore = shapely.shortest_line(point, shapely.union_all([shape.exterior for shape in inside]))
    clear = np.asarray(shore.coords)[1]
    out = clear + (clear - berth) / max(np.hypot(*(clear - berth)), 1e-9) * 0.08
    return np.array([berth, out])


def visibility(obstacles: list[shapely.Polygon], ports: np.ndarray) -> tuple[np.ndarray, Graph, np.ndarray]:
    """Return points (ports first), the graph of the lines that can be sailed, and their geodesic lengths in km."""
    corner, before, after = [], [], []
    for shape in obstacles:
        ring = np.asarray(shapely.orient_polygons(shape, exterior_cw=False).exterior.coords)[:-1]
        a, b = np.roll(ring, 1, 0), np.roll(ring, -1, 0)
        convex = cross(ring - a, b - ring) > 1e-9
        corner.append(ring[convex])
        before.append(a[convex])
        after.append(b[convex])
    points = np.vstack([ports, *corner])
    before, after = np.vstack([ports, *before]), np.vstack([ports, *after])
    first, second = np.triu_indices(len(points), 1)
    tangent = touches(points, before, after, first, second) & touches(points, before, after, second, first)
    first, second = first[tangent], second[tangent]
    keep_out = shapely.STRtree([shape.buffer(-0.02) for shape in obstacles])
    seen = np.ones(len(first), bool)
    for start in range(0, len(first), 100_000):
        part = slice(start, start + 100_000)
        lines = shapely.linestrings(np.stack([points[first[part]], points[second[part]]], axis=1))
        seen[start + np.unique(keep_out.query(lines, predicate="intersects")[0])] = False
    first, second = first[seen], second[seen]
    print(f"{len(points)} corners, {len(first)} lines", file=sys.stderr)
    lon, lat = TO_GLOBE.transform(points[:, 0], points[:, 1])
    km = WGS84.inv(lon[first], lat[first], lon[second], lat[second])[2] / 1000
    graph = Graph.from_arcs(len(points), np.r_[first, second], np.r_[second, first])
    return points, graph, np.r_[km, km]


def closed(lengths: np.ndarray, points: np.ndarray, graph: Graph, barriers: list[shapely.LineString]) -> np.ndarray:
    """Return the lengths with the lines across a barrier absent."""
    lines = shapely.linestrings(np.stack([points[graph.tail], points[graph.head]], axis=1))
    across = shapely.intersects(lines, shapely.union_all([plane(barrier) for barrier in barriers]))
    return np.where(across, np.inf, lengths)


def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the z component of the cross product of rows."""
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


def touches(points: np.ndarray, before: np.ndarray, after: np.ndarray, at: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether the line at-other leaves both neighbours of the corner `at` on one side, as a taut rope does."""
    along = points[other] - points[at]
    sides = cross(along, before[at] - points[at]) * cross(along, after[at] - points[at])
    return sides >= -1e-9


def tidy(line: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Add points so that none is `STEP_KM` from the next, round to 4 decimals (11 m), drop what repeats.

    Between points that far apart, the straight line of a map is within 0.3 km of the geodesic.
    """
    dense = [line[0]]
    for (x, y), (u, v) in itertools.pairwise(line):
        between = int(WGS84.inv(x, y, u, v)[2] / 1000 // STEP_KM)
        dense += [*WGS84.npts(x, y, u, v, between), (u, v)] if between else [(u, v)]
    return [point for point, _ in itertools.groupby((round(x, 4), round(y, 4)) for x, y in dense)]


def in_the_way(line: list[tuple[float, float]], lands: dict[str, shapely.Polygon]) -> list[str]:
    """Return the lands that the straight line between the ends crosses for more than 2 km, in its order."""
    direct = plane(shapely.LineString([line[0], line[-1]]))
    crossed = [
        (direct.project(cut.centroid), name)
        for name, part in lands.items()
        if (cut := direct.intersection(part)).length > 2
    ]
    return [name for _, name in sorted(crossed)]


def row(
    start: str,
    end: str,
    line: list[tuple[float, float]],
    gates: dict[str, shapely.LineString],
    lands: dict[str, shapely.Polygon],
) -> dict[str, object]:
    """Return one row of the table; lengths are those of the rounded line."""
    lon, lat = zip(*line, strict=True)
    km = WGS84.line_length(lon, lat) / 1000
    direct = WGS84.inv(lon[0], lat[0], lon[-1], lat[-1])[2] / 1000
    way = shapely.LineString(line)
    passed = sorted(
        (way.project(way.intersection(g).representative_point()), n) for n, g in gates.items() if way.intersects(g)
    )
    passed_names = [name for _, name in passed]
    ratio = km / direct
    crossed = in_the_way(line, lands) or ["smaller land"]
    reason = f"the straight line crosses {', '.join(crossed)}; ships go round" + (
        f" by {', '.join(passed_names)}" if passed_names else ""
    )
    return {
        "lane_id": f"sea-{start}-{end}",
        "from_node_id": start,
        "to_node_id": end,
        "length_km": f"{km:.1f}",
        "length_nmi": f"{km / 1.852:.1f}",
        "geodesic_km": f"{direct:.1f}",
        "ratio": f"{ratio:.3f}",
        "gates": "; ".join(passed_names),
        "detour_reason": reason if ratio > REASON_ABOVE else "",
        "source_id": "NE10M",
        "grade": "C",
        "basis": "shortest way clear of the coast (scripts/build_sea_lanes.py); geodesic length on WGS 84",
        "geometry": f"LINESTRING ({', '.join(f'{x:.4f} {y:.4f}' for x, y in line)})",
    }


if __name__ == "__main__":
    main(sys.argv[1])
