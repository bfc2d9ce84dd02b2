"""What the tests of the doors share: asking an imported network, and a small grid with known lengths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyproj

import corridor_net as cn

GEOD = pyproj.Geod(ellps="WGS84")


def haul(imported, origin, destination, by="time"):
    """Return hours and km of the hauls of the best route, without what is done at its ends."""
    route = cn.Model(imported.network()).route(origin, destination, by=by)
    legs = [leg for leg in route.legs if leg.kind != "terminal"]
    return sum(leg.hours for leg in legs), sum(leg.distance_km for leg in legs)


def geodesic_km(*points):
    """Return the length of a line through points (longitude, latitude) on the ellipsoid."""
    lon, lat = zip(*points, strict=True)
    return GEOD.line_length(lon, lat) / 1000


def grid(side=4, *, detour=1.1, seed=1):
    """Return nodes and links of a square grid; each link is up to `detour` times as long as the straight line."""
    rng = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    lon, lat = 20 + (number // side).ravel() * 0.3, 45 + (number % side).ravel() * 0.2
    nodes = pd.DataFrame({"node_id": [f"p{n}" for n in number.ravel()], "x_coord": lon, "y_coord": lat})
    a = np.r_[number[:-1].ravel(), number[:, :-1].ravel()]
    b = np.r_[number[1:].ravel(), number[:, 1:].ravel()]
    straight = GEOD.inv(lon[a], lat[a], lon[b], lat[b])[2] / 1000
    km = np.round(straight * rng.uniform(min(1.01, detour), detour, len(a)), 4)
    ids = nodes["node_id"].to_numpy()
    links = pd.DataFrame({"link_id": [f"k{n}" for n in range(len(a))], "from_node_id": ids[a], "to_node_id": ids[b]})
    return nodes, links.assign(directed=0, length=km)


def said(imported, text):
    """Return whether an assumption or a warning holds `text`."""
    return any(text in line for line in (*imported.assumptions, *imported.warnings))
