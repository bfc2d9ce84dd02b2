"""Checks of lengths and lines: held against the straight line, the other lanes and the coast."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import Any

from corridor_net.errors import BadValue
from corridor_net.network.basemap import read_basemap
from corridor_net.network.earth import geodesic_km, line_km
from corridor_net.network.network import Network
from corridor_net.network.wkt import wkt_line

from .fault import Findings, found

MAX_RATIO = 1.25
PORT_DEGREES = 0.13
"""Within this of its ports a lane may touch land: ports lie on the shore."""
TOO_COARSE_KM = 8.0
"""Land a lane may cross at a stretch: a coast of 1:10m does not resolve narrow fairways and river mouths."""


LONG_RATIO, LONG_KM = 3.0, 30.0
"""A link longer than this many times the straight line, and this many km more, is taken for a slip."""
SHORT_KM = 0.1
"""By this much a link may be shorter than the straight line: coordinates are rounded."""


def straight_km(network: Network, row: Any) -> float:
    """Return the straight line between the two ends of a link or lane."""
    a, b = network.nodes[row.from_node_id], network.nodes[row.to_node_id]
    return geodesic_km(a.x_coord, a.y_coord, b.x_coord, b.y_coord)


def link_lengths(network: Network) -> Findings:
    """No link is shorter than the straight line between its ends, or longer than three times that and 30 km.

    Looks at nothing where the package says that its coordinates are `schematic`.
    """
    if network.package.schematic:
        return
    wrong, ratios = [], []
    for link in network.rows("link"):
        straight = straight_km(network, link)
        short = link.length_km < straight * 0.995 and straight - link.length_km > SHORT_KM
        if not short and link.length_km <= LONG_RATIO * straight + LONG_KM:
            yield None
            continue
        wrong.append((link, straight, short))
        ratios.append(link.length_km / straight if straight else inf)
    hint = _unit_guess(ratios) or "correct the length or the coordinates"
    for link, straight, short in wrong:
        text = (
            f"link '{link.link_id}' is {link.length_km} km long, the straight line {straight:.1f} km"
            if short
            else f"link '{link.link_id}' is {link.length_km} km long, longer than three times the straight line and "
            f"30 km: {straight:.1f} km"
        )
        yield found("link", link, "length_km", BadValue(text, hint=hint))


def _unit_guess(ratios: list[float]) -> str | None:
    """Return what unit many wrong lengths seem to be in, by their median share of the straight line."""
    if len(ratios) < 3:
        return None
    middle = sorted(ratios)[len(ratios) // 2]
    for low, high, guess in (
        (0.5, 0.95, "these look like miles: multiply by 1.609 (nautical miles by 1.852)"),
        (300, 5000, "these look like metres: divide by 1,000"),
        (0.0005, 0.003, "these look like thousands of km"),
    ):
        if low <= middle <= high:
            return guess
    return None


def lane_lengths(network: Network) -> Findings:
    """Every lane is 1 to 1.25 times the shortest line, or says why not, and none is shorter than that line.

    Looks at nothing where the package says that its coordinates are `schematic`.
    """
    if network.package.schematic:
        return
    for lane in network.rows("sea_lane"):
        straight = straight_km(network, lane)
        if lane.length_km < straight * 0.995:
            error = BadValue(f"lane '{lane.lane_id}' is {lane.length_km} km long, the straight line {straight:.1f} km")
            yield found("sea_lane", lane, "length_km", error)
        elif lane.ratio > MAX_RATIO and not lane.detour_reason:
            error = BadValue(f"lane '{lane.lane_id}' is {lane.ratio} times the shortest line and gives no reason")
            yield found("sea_lane", lane, "ratio", error)
        else:
            yield None


def lanes_at_sea(network: Network) -> Findings:
    """No lane crosses land, but near its ports and where the coast is too coarse for the fairway.

    Looks at nothing without a basemap in the folder, or where the coordinates are `schematic`.
    """
    basemap = Path(network.folder) / (network.package.basemap or "basemap.geojson")
    if network.package.schematic or not basemap.is_file() or not network.rows("sea_lane"):
        return
    import shapely

    land = shapely.union_all([one.shape for one in read_basemap(basemap).features if one.is_land])
    shapely.prepare(land)
    for lane in network.rows("sea_lane"):
        line = shapely.LineString(wkt_line(lane.geometry))
        ports = shapely.union_all([shapely.Point(line.coords[end]).buffer(PORT_DEGREES) for end in (0, -1)])
        between = line.difference(ports)
        over_km = _longest_km(between.intersection(land)) if land.intersects(between) else 0.0
        if over_km <= TOO_COARSE_KM:
            yield None
            continue
        error = BadValue(
            f"lane '{lane.lane_id}' crosses {over_km:.0f} km of land",
            hint="scripts/build_sea_lanes.py makes lanes clear of the coast",
        )
        yield found("sea_lane", lane, "geometry", error)


def _longest_km(geometry: Any) -> float:
    import shapely

    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"]
    return max((line_km(part.coords) for part in parts), default=0.0)
