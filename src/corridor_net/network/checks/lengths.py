"""Checks of lengths and lines: held against the straight line, the other lanes and the coast."""

from __future__ import annotations

import importlib.util
import itertools
import json
from pathlib import Path
from typing import Any

from corridor_net.errors import BadValue
from corridor_net.network.network import Network
from corridor_net.network.sphere import great_circle_km

from .fault import Findings, found, ref

MAX_RATIO = 1.25
PORT_DEGREES = 0.13
"""Within this of its ports a lane may touch land: ports lie on the shore."""
TOO_COARSE_KM = 8.0
"""Land a lane may cross at a stretch: the 1:10m coast does not resolve the Kanmon fairway or the mouth of the Yalu."""


def straight_km(network: Network, row: Any) -> float:
    """Return the straight line between the two ends of a link or lane."""
    a, b = network.nodes[row.from_node_id], network.nodes[row.to_node_id]
    return great_circle_km(a.x_coord, a.y_coord, b.x_coord, b.y_coord)


def link_lengths(network: Network) -> Findings:
    """No link is shorter than the straight line between its ends."""
    for link in network.rows("link"):
        straight = straight_km(network, link)
        if link.length_km >= straight * 0.995:
            yield None
            continue
        error = BadValue(
            f"link '{link.link_id}' is {link.length_km} km long, the straight line {straight:.1f} km",
            hint="correct the length or the coordinates",
        )
        yield found(network, "link", link, "length_km", error)


def lane_lengths(network: Network) -> Findings:
    """Every lane is 1 to 1.25 times the shortest line, or says why not, and none is shorter than that line."""
    for lane in network.rows("sea_lane"):
        straight = straight_km(network, lane)
        if lane.length_km < straight * 0.995:
            error = BadValue(f"lane '{lane.lane_id}' is {lane.length_km} km long, the straight line {straight:.1f} km")
            yield found(network, "sea_lane", lane, "length_km", error)
        elif lane.ratio > MAX_RATIO and not lane.detour_reason:
            error = BadValue(f"lane '{lane.lane_id}' is {lane.ratio} times the shortest line and gives no reason")
            yield found(network, "sea_lane", lane, "ratio", error)
        else:
            yield None


def lane_pairs(network: Network) -> Findings:
    """No two lanes join the same ports."""
    first: dict[frozenset[str], Any] = {}
    for lane in network.rows("sea_lane"):
        other = first.setdefault(frozenset((lane.from_node_id, lane.to_node_id)), lane)
        if other is lane:
            yield None
            continue
        error = BadValue(f"lanes '{other.lane_id}' and '{lane.lane_id}' join the same ports")
        yield found(network, "sea_lane", lane, "lane_id", error, ref("sea_lane", other))


def lanes_at_sea(network: Network) -> Findings:
    """No lane crosses land, but near its ports and where the coast is too coarse for the fairway.

    Looks at nothing without basemap.geojson in the folder or without shapely (extra `geo`).
    """
    basemap = Path(network.folder) / "basemap.geojson"
    if not basemap.exists() or importlib.util.find_spec("shapely") is None:
        return
    import shapely

    collection = json.loads(basemap.read_text(encoding="utf-8"))
    shapes = [
        shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in collection["features"]
        if feature["properties"]["layer"] == "land"
    ]
    land = shapely.union_all(shapes)
    shapely.prepare(land)
    for lane in network.rows("sea_lane"):
        line = shapely.from_wkt(lane.geometry)
        over_km = 0.0
        if land.intersects(line):
            ends = shapely.union_all([shapely.Point(line.coords[end]).buffer(PORT_DEGREES) for end in (0, -1)])
            over_km = _longest_km(line.intersection(land).difference(ends))
        if over_km <= TOO_COARSE_KM:
            yield None
            continue
        error = BadValue(
            f"lane '{lane.lane_id}' crosses {over_km:.0f} km of land",
            hint="scripts/build_sea_lanes.py makes lanes clear of the coast",
        )
        yield found(network, "sea_lane", lane, "geometry", error)


def _longest_km(geometry: Any) -> float:
    import shapely

    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"]
    lengths = [sum(great_circle_km(*a, *b) for a, b in itertools.pairwise(part.coords)) for part in parts]
    return max(lengths, default=0.0)
