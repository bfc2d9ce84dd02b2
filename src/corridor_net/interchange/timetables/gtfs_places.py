"""Whether the stops of a GTFS feed lie where the time zone of its agency is: there longitude and latitude are told."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from corridor_net.errors import BadValue, Place
from corridor_net.interchange.coordinates import straight_km
from corridor_net.interchange.text_tables import TextTable

FAR_KM, NEAR_KM = 2000.0, 500.0
"""Stops further from the places of all time zones of their agencies, and so near to all if exchanged, are exchanged.

A feed from overseas may name the time zone of the capital: its stops lie far from it either way.
"""


def refuse_exchanged(nodes: pd.DataFrame, agency: TextTable | None, path: Path) -> None:
    """Raise BadValue where the stops lie far from the time zone of each agency, and exchanged near all."""
    zones = [] if agency is None else [zone for zone in agency.text("agency_timezone") if zone in zone_places()]
    x, y = nodes["x_coord"].median(), nodes["y_coord"].median()
    if not zones or not (abs(x) <= 90 and abs(y) <= 90):
        return
    lon, lat = np.array([zone_places()[zone] for zone in zones]).T
    size = len(zones)
    km = [straight_km(np.full(size, a), np.full(size, b), lon, lat) for a, b in ((x, y), (y, x))]
    if km[0].min() > FAR_KM and km[1].max() < NEAR_KM:
        raise BadValue(
            f"longitude and latitude of the stops look exchanged: they lie {km[0][0]:,.0f} km from the time zone "
            f"{zones[0]} of the agency, exchanged {km[1][0]:,.0f} km",
            place=Place(f"{path}/stops.txt"),
            hint="--swap-xy exchanges them; --crs EPSG:4326 insists that stop_lon is the longitude",
        )


@cache
def zone_places() -> dict[str, tuple[float, float]]:
    """Return longitude and latitude of the city that names each time zone.

    >>> zone_places()["Asia/Tokyo"]
    (139.73, 35.65)
    """
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and line[0] != "#"]
    return {row[2]: _place(row[1]) for row in rows}


def _place(text: str) -> tuple[float, float]:
    """Return longitude and latitude of a place such as `+353916+1394441`, degrees and minutes, or with seconds."""
    found = []
    for sign, number in re.findall(r"([+-])(\d+)", text):
        width = 2 + (len(number) % 2)
        whole, minutes = int(number[:width]), int(number[width : width + 2])
        found.append((1 if sign == "+" else -1) * round(whole + minutes / 60, 2))
    return found[1], found[0]
