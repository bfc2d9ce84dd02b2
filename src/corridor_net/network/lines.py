"""Drawings: WKT read into points, and the line of every link and lane from its first node to its second."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from corridor_net.errors import BadValue

from .earth import geodesic_km
from .fields import on_the_globe

if TYPE_CHECKING:
    from .network import Network

Coordinates = tuple[tuple[float, float], ...]
MUST = "it must be a LINESTRING (longitude latitude, ...)"
_KIND = re.compile(r"\s*+([A-Za-z]{1,30})")


def read_line(text: str) -> Coordinates:
    """Return the points of a WKT LINESTRING as (longitude, latitude); heights are left out.

    Raises ValueError, which says what it must be: another kind of geometry, no WKT, no points, points off the globe.
    """
    kind = _KIND.match(text)
    if kind is None or kind[1].upper() != "LINESTRING":
        what = f"is a {kind[1].upper()}" if kind and kind[1].isupper() else "is no WKT"
        raise ValueError(f"{what}; {MUST}")
    import numpy as np
    import shapely

    try:
        with np.errstate(all="ignore"):
            line = shapely.from_wkt(text)
    except shapely.errors.GEOSException as error:
        said = str(error).removeprefix("ParseException: ").strip()
        raise ValueError(f"is no WKT: {said[:80]}; {MUST}") from None
    points = tuple((float(x), float(y)) for x, y in shapely.get_coordinates(line))
    if len(points) < 2:
        raise ValueError("is empty; a line has two points or more")
    on_the_globe(points)
    return points


def wkt_line(text: str) -> Coordinates:
    """Return the points of a WKT LINESTRING as (longitude, latitude); raise BadValue for anything else.

    >>> wkt_line("LINESTRING (1.2665E2 45.75, 129.6 44.5)")
    ((126.65, 45.75), (129.6, 44.5))
    """
    try:
        return read_line(text)
    except ValueError as error:
        raise BadValue(f"the geometry '{text[:40]}' {error}") from None


def ends_of(network: Network, row: Any) -> Coordinates:
    """Return the positions of the two nodes of a link or lane."""
    ends = network.nodes[row.from_node_id], network.nodes[row.to_node_id]
    return tuple((node.x_coord, node.y_coord) for node in ends)


def apart_km(line: Coordinates, ends: Coordinates) -> float:
    """Return how far the two ends of a line are from two positions, in km, the farther of the two."""
    return max(geodesic_km(*line[0], *ends[0]), geodesic_km(*line[-1], *ends[-1]))


def turned(line: Coordinates, ends: Coordinates) -> Coordinates:
    """Return the line as it runs from the first position to the second: turned round where it fits better so."""
    return line[::-1] if apart_km(line[::-1], ends) < apart_km(line, ends) else line


def drawings(network: Network) -> dict[str, Coordinates]:
    """Return every drawing of the network, by geometry id."""
    return {row.geometry_id: wkt_line(row.geometry) for row in network.rows("geometry")}


def link_lines(network: Network) -> dict[str, Coordinates]:
    """Return the drawing of every land link from its first node to its second, by link id.

    A link without a drawing is the straight line between its nodes.
    """
    drawn, lines = drawings(network), {}
    for link in network.rows("link"):
        ends = ends_of(network, link)
        lines[link.link_id] = turned(drawn[link.geometry_id], ends) if link.geometry_id in drawn else ends
    return lines


def lane_line(network: Network, lane: Any) -> Coordinates:
    """Return the drawing of a sea lane from its first port to its second."""
    return turned(wkt_line(lane.geometry), ends_of(network, lane))
