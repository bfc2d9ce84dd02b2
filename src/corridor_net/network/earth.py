"""Distances on the globe. Nothing else."""

from __future__ import annotations

from functools import cache
from math import asin, cos, radians, sin, sqrt
from typing import Any

RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""
SPHERE_OFF = 0.006
"""By no larger share is a line on the sphere longer or shorter than on the ellipsoid WGS 84."""


@cache
def geod() -> Any:
    """Return the ellipsoid WGS 84 of pyproj, which is imported when it is first asked."""
    import pyproj

    return pyproj.Geod(ellps="WGS84")


def geodesic_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the length in km of the shortest line between two places on the ellipsoid WGS 84 (Karney 2013).

    >>> round(geodesic_km(131.8883, 43.1089, 139.2333, 38.0167))
    840
    """
    return float(geod().inv(lon1, lat1, lon2, lat2)[2]) / 1000


def sphere_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the length in km of the shortest line on a sphere: within `SPHERE_OFF` of `geodesic_km`, and soon found.

    For what need not load pyproj.

    >>> round(sphere_km(131.8883, 43.1089, 139.2333, 38.0167))
    839
    """
    up, across = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    half = sin(up) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(across) ** 2
    return 2 * RADIUS_KM * asin(min(1.0, sqrt(half)))


def line_km(points: Any) -> float:
    """Return the length in km of a line of (longitude, latitude) on the ellipsoid WGS 84."""
    places = list(points)
    return float(geod().line_length([p[0] for p in places], [p[1] for p in places])) / 1000
