"""Distances on the globe. Nothing else."""

from __future__ import annotations

from functools import cache
from typing import Any


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


def line_km(points: Any) -> float:
    """Return the length in km of a line of (longitude, latitude) on the ellipsoid WGS 84."""
    places = list(points)
    return float(geod().line_length([p[0] for p in places], [p[1] for p in places])) / 1000
