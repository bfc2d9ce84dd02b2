"""Drawings: the line of every link and lane from its first node to its second."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from corridor_net.network.rows import Link, SeaLane

from .earth import geodesic_km
from .wkt import Coordinates, wkt_line

if TYPE_CHECKING:
    from .network import Network


def ends_of(network: Network, row: Link | SeaLane) -> Coordinates:
    """Return the positions of the two nodes of a link or lane."""
    ends = network.nodes[row.from_node_id], network.nodes[row.to_node_id]
    return tuple((node.x_coord, node.y_coord) for node in ends)


def apart_km(line: Coordinates, ends: Coordinates) -> float:
    """Return how far the two ends of a line are from two positions, in km, the farther of the two."""
    return max(geodesic_km(*line[0], *ends[0]), geodesic_km(*line[-1], *ends[-1]))


def turned(line: Coordinates, ends: Coordinates) -> Coordinates:
    """Return the line as it runs from the first position to the second: turned round where it fits better so."""
    return line[::-1] if apart_km(line[::-1], ends) < apart_km(line, ends) else line


def link_lines(network: Network, links: Iterable[Link] | None = None) -> dict[str, Coordinates]:
    """Return the drawing of every land link, or of some, from its first node to its second, by link id.

    A link without a drawing is the straight line between its nodes.
    """
    drawn, lines = {row.geometry_id: row.geometry for row in network.rows("geometry")}, {}
    for link in network.rows("link") if links is None else links:
        ends = ends_of(network, link)
        lines[link.link_id] = turned(wkt_line(drawn[link.geometry_id]), ends) if link.geometry_id in drawn else ends
    return lines


def lane_line(network: Network, lane: SeaLane) -> Coordinates:
    """Return the drawing of a sea lane from its first port to its second."""
    return turned(wkt_line(lane.geometry), ends_of(network, lane))
