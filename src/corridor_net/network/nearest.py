"""The place that coordinates mean: the nearest node of the day, where one is near."""

from __future__ import annotations

from collections.abc import Mapping, Set
from numbers import Real
from typing import TYPE_CHECKING, Any

from corridor_net.errors import BadValue, UnknownName

from .earth import geodesic_km

if TYPE_CHECKING:
    from .network import Network
    from .rows import Node

NEAR_KM = 50.0
"""Coordinates farther from every node mean none of them."""


def coordinates(given: Any) -> tuple[float, float] | None:
    """Return longitude and latitude of a point (shapely's), or of two numbers; None for what is neither.

    >>> coordinates((126.65, 45.75)), coordinates("harbin"), coordinates(["harbin", "yanji"])
    ((126.65, 45.75), None, None)
    """
    if isinstance(given, str):
        return None
    if isinstance(kind := getattr(given, "geom_type", None), str) and kind == "Point" and not given.is_empty:
        return float(given.x), float(given.y)
    if not hasattr(given, "__len__") or isinstance(given, (Mapping, Set)) or len(given) != 2:
        return None  # an iterator is not looked into: what has been taken from it is gone
    x, y = given
    plain = all(isinstance(one, Real) and not isinstance(one, bool) for one in (x, y))
    return (float(x), float(y)) if plain else None


def node_at(network: Network, given: Any) -> Node:
    """Return the node of the day nearest to coordinates, degrees of longitude and latitude.

    Raises BadValue for what is no place, UnknownName where no node is within 50 km.
    """
    at = coordinates(given)
    if at is None:
        raise BadValue(
            f"{given!r} is no place",
            hint="a name, an id, a shapely Point, or (longitude, latitude); of several places ask 'routes' or 'matrix'",
        )
    x, y = at
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise BadValue(f"there is no place at longitude {x:g}, latitude {y:g}", hint="longitude first, in degrees")
    nodes = network.active("node")
    if not nodes:
        raise UnknownName("the network has no nodes on its day")
    away, best = min(((geodesic_km(x, y, node.x_coord, node.y_coord), node) for node in nodes), key=lambda two: two[0])
    if away > NEAR_KM:
        raise UnknownName(
            f"no node is within {NEAR_KM:g} km of longitude {x:g}, latitude {y:g}",
            hint=f"the nearest is '{best.node_id}', {away:,.0f} km away",
        )
    found: Node = best
    return found
