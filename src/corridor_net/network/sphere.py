"""Distances on the globe. Nothing else."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0


def great_circle_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the great-circle distance in km on a sphere of 6,371 km.

    >>> round(great_circle_km(131.8883, 43.1089, 139.2333, 38.0167))
    839
    """
    a1, a2 = radians(lat1), radians(lat2)
    half = sin((a2 - a1) / 2) ** 2 + cos(a1) * cos(a2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))
