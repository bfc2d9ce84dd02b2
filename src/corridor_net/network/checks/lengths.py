"""Checks of lengths and lines: held against the straight line, the other lanes and the coast."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from math import inf
from typing import Any

from corridor_net.errors import BadValue, CorridorError
from corridor_net.network.basemap import basemap_file, read_basemap
from corridor_net.network.closed_water import closed_shape
from corridor_net.network.earth import SPHERE_OFF, geodesic_km, line_km, sphere_km
from corridor_net.network.network import Network
from corridor_net.network.rows import ClosedWater, Link, Node, SeaLane, TableRow
from corridor_net.network.wkt import wkt_line

from .fault import Findings, Wanted, found, rows_of

MAX_RATIO = 1.25
PORT_DEGREES = 0.13
"""Within this of its ports a lane may touch land: ports lie on the shore."""
TOO_COARSE_KM = 8.0
"""Land a lane may cross at a stretch: a coast of 1:10m does not resolve narrow fairways and river mouths."""

EDGE_DEGREES = 0.01
"""By this much a lane may cut a closed water, whose edge bends between the points of a lane that runs along it."""
LONG_RATIO, LONG_KM = 3.0, 30.0
"""A link longer than this many times the straight line, and this many km more, is taken for a slip."""
SHORT_KM = 0.1
"""By this much a link may be shorter than the straight line: coordinates are rounded."""


SMALLEST_KM = 0.001
"""A length of no more, such as stands for none, says nothing of its unit."""
LOOKED_AT, MOST = 1000, 0.9
"""Links for which exchanged coordinates are tried, and the share of them that says more than a unit does."""
FITS = 1.45
"""At most this many straight lines is a link whose ends are in place."""


def straight_km(network: Network, row: Link | SeaLane | Length) -> float:
    """Return the straight line between the two ends of a link or lane."""
    a, b = network.nodes[row.from_node_id], network.nodes[row.to_node_id]
    return geodesic_km(a.x_coord, a.y_coord, b.x_coord, b.y_coord)


@dataclass(frozen=True, kw_only=True)
class Length(TableRow):
    """What is said of the length of a link, wherever it is said."""

    link_id: str
    from_node_id: str
    to_node_id: str
    length_km: float


def length_faults(network: Network, lengths: Iterable[Length]) -> list[CorridorError]:
    """Return what `link_lengths` finds of these lengths."""
    return [finding.error for finding in _link_lengths(network, lengths) if finding]


def link_lengths(network: Network, wanted: Wanted = None) -> Findings:
    """No link is shorter than the straight line between its ends, or longer than three times that and 30 km.

    Looks at nothing where the package says that its coordinates are `schematic`.
    """
    if wanted is not None and not any(_off(network, rows_of(network, "link", wanted))):
        return iter(())
    return _link_lengths(network, network.rows("link"))  # what is wrong with one is guessed from all


def _link_lengths(network: Network, links: Iterable[Link | Length]) -> Findings:
    if network.package.schematic:
        return
    wrong, ratios = [], []
    for off in _off(network, links):
        if off is None:
            yield None
            continue
        wrong.append(off)
        if off[0].length_km > SMALLEST_KM:
            ratios.append(off[0].length_km / off[1] if off[1] else inf)
    links = [link for link, _, _ in wrong]
    for (link, straight, short), hint in zip(wrong, _hints(network, links, _unit_guess(ratios)), strict=True):
        text = (
            f"link '{link.link_id}' is {link.length_km} km long, the straight line {straight:.1f} km"
            if short
            else f"link '{link.link_id}' is {link.length_km} km long, longer than three times the straight line and "
            f"30 km: {straight:.1f} km"
        )
        yield found("link", link, "length_km", BadValue(text, hint=hint))


def _off(network: Network, links: Iterable[Link | Length]) -> Iterator[tuple[Link | Length, float, bool] | None]:
    """Yield of each link the straight line and whether it is too short for it, None where its length may be."""
    for link in links:
        a, b = network.nodes[link.from_node_id], network.nodes[link.to_node_id]
        about = sphere_km(a.x_coord, a.y_coord, b.x_coord, b.y_coord)
        if (1 + SPHERE_OFF) * about <= link.length_km <= LONG_RATIO * (1 - SPHERE_OFF) * about + LONG_KM:
            yield None
            continue
        straight = straight_km(network, link)
        short = link.length_km < straight * 0.995 and straight - link.length_km > SHORT_KM
        good = not short and link.length_km <= LONG_RATIO * straight + LONG_KM
        yield None if good else (link, straight, short)


def _hints(network: Network, links: Sequence[Link | Length], unit: str | None) -> Iterator[str]:
    """Yield what may be wrong with each link: nodes with exchanged coordinates, else the unit of all, else either.

    Where a unit is a guess for all, nodes are named only if most links would fit with theirs exchanged.
    """
    exchanged = [_exchanged(network, link) for link in links[:LOOKED_AT]]
    often = sum(map(bool, exchanged)) > MOST * len(exchanged)
    for nodes in (*exchanged, *repeat((), len(links) - len(exchanged))):
        if nodes and (often or not unit):
            names = " and ".join(f"'{node.node_id}'" for node in nodes)
            yield f"longitude and latitude of {names} seem to be exchanged"
        else:
            yield unit or "correct the length or the coordinates"


def _exchanged(network: Network, link: Link | Length) -> Sequence[Node]:
    """Return the ends of a link that make its length fit the straight line if their coordinates are exchanged."""
    a, b = network.nodes[link.from_node_id], network.nodes[link.to_node_id]
    for nodes in ((a, b), (a,), (b,)):
        if all(abs(node.x_coord) <= 90 for node in nodes):
            ends = [(n.y_coord, n.x_coord) if n in nodes else (n.x_coord, n.y_coord) for n in (a, b)]
            straight = geodesic_km(*ends[0], *ends[1])
            if 0.995 * straight <= link.length_km <= FITS * straight:
                return nodes
    return ()


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
    basemap = basemap_file(network)
    if network.package.schematic or basemap is None or not network.rows("sea_lane"):
        return
    import shapely

    coasts, lanes = shapely.get_parts(read_basemap(basemap).land), network.rows("sea_lane")
    lines = [shapely.LineString(wkt_line(lane.geometry)) for lane in lanes]
    first, last = (shapely.buffer(shapely.get_point(lines, end), PORT_DEGREES) for end in (0, -1))
    near = shapely.STRtree(coasts)
    for lane, line in zip(lanes, shapely.difference(shapely.difference(lines, first), last), strict=True):
        crossed = coasts[near.query(line, predicate="intersects")]
        over_km = max((_longest_km(shapely.intersection(line, coast)) for coast in crossed), default=0.0)
        if over_km <= TOO_COARSE_KM:
            yield None
            continue
        error = BadValue(
            f"lane '{lane.lane_id}' crosses {over_km:.0f} km of land",
            hint="draw the lane round the land: more points in its geometry",
        )
        yield found("sea_lane", lane, "geometry", error)


def closed_waters(network: Network) -> Findings:
    """No lane between ports of other countries passes through the waters of table `closed_water`.

    Looks at nothing where the coordinates are `schematic`.
    """
    waters = network.rows("closed_water")
    if network.package.schematic or not waters:
        return
    import shapely

    shapes = [(water, closed_shape(water).buffer(-EDGE_DEGREES)) for water in waters]
    for lane in network.rows("sea_lane"):
        countries = {network.nodes[end].country for end in (lane.from_node_id, lane.to_node_id)}
        line = shapely.LineString(wkt_line(lane.geometry))
        inside = [
            (water, km)
            for water, shape in shapes
            if water.country not in countries and (km := _longest_km(line.intersection(shape)))
        ]
        yield found("sea_lane", lane, "geometry", _enters(lane, *inside[0])) if inside else None


def _enters(lane: SeaLane, water: ClosedWater, km: float) -> BadValue:
    return BadValue(
        f"lane '{lane.lane_id}' runs {km:.0f} km inside '{water.water_id}', closed to ships between other countries",
        hint="draw the lane round it, or correct the distance in closed_water",
    )


def _longest_km(geometry: Any) -> float:
    import shapely

    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"]
    return max((line_km(part.coords) for part in parts), default=0.0)
