"""Seaports far from any water of the map: a slip of coordinates, or a port on a river. No fault, so it is told."""

from __future__ import annotations

from typing import Any

import numpy as np

from .basemap import read_basemap, world_file
from .earth import geod
from .network import Network
from .rows import Node

FAR_KM = 100.0
"""From the coast or a lake of the map of the world, which has no rivers, and no lakes below some 5,000 km2."""
DEGREE_KM = 111.7
"""No degree of longitude or latitude is longer."""
STEP_DEGREES = 0.05
"""Points this far apart stand for a coast."""


def inland_ports(network: Network) -> list[str]:
    """Return a sentence for each seaport further inland than `FAR_KM` to which no link of a waterway or by air leads.

    Looks at nothing where the package says that its coordinates are `schematic`.
    """
    ports = [node for node in network.rows("node") if network.vocabulary.is_port(node.node_type)]
    if network.package.schematic or not ports:
        return []
    import shapely

    land = read_basemap(world_file()).land  # that of a package may end before a port, and show no lakes
    places = shapely.points([(port.x_coord, port.y_coord) for port in ports])
    apart = np.where(shapely.distance(land, places) > 0, 0, shapely.distance(land.boundary, places))
    ports = [port for port, degrees in zip(ports, apart, strict=True) if degrees > FAR_KM / DEGREE_KM]
    if not ports:
        return []
    coast = shapely.get_coordinates(shapely.segmentize(land.boundary, STEP_DEGREES))
    spared = {"waterway", *(mode for mode in network.vocabulary.modes if network.vocabulary.kind(mode) == "air")}
    links = [link for link in network.rows("link") if link.mode in spared]
    reached = {end for link in links for end in (link.from_node_id, link.to_node_id)}
    told = ((port, _nearest_km(port, coast)) for port in ports if port.node_id not in reached)
    return [
        f"'{port.node_id}' is a seaport and lies {km:,.0f} km from the nearest coast of the map: correct its"
        " coordinates, or make it a river_port if a river leads there"
        for port, km in told
        if km > FAR_KM
    ]


def _nearest_km(port: Node, coast: Any) -> float:
    lon, lat = [port.x_coord] * len(coast), [port.y_coord] * len(coast)
    return float(geod().inv(lon, lat, coast[:, 0], coast[:, 1])[2].min()) / 1000
