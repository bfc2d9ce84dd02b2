"""Make geodata/basemap.geojson: land, borders and coast of the region, for maps and for the tests of sea lanes.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/build_basemap.py package/countries-10m.json

From Natural Earth 1:10m (public domain), clipped to `WINDOW` and simplified by `TOLERANCE`; the notice is in
geodata/ATTRIBUTION.md. Edges that come from the clipping are part of the land but not of the coast.
Features are of `layer` land (one a country, with its ISO code), border and coast.
"""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path

import numpy as np
import pyogrio
import shapely

GEODATA = Path(__file__).parents[1] / "geodata"
WINDOW = (105.0, 27.0, 152.0, 57.0)
TOLERANCE = 0.012
"""Degrees; about 1 km."""
SMALLEST = 0.0015
"""Islands below this many square degrees (some 15 km2) are left out."""
ISO = {"China": "CN", "Japan": "JP", "Mongolia": "MN", "North Korea": "KP", "Russia": "RU", "South Korea": "KR"}


def main(countries_file: str) -> None:
    """Write the basemap."""
    frame = pyogrio.read_dataframe(countries_file, layer="countries")
    parts = shapely.make_valid(frame.geometry.to_numpy())
    clipped = shapely.clip_by_rect(parts, *WINDOW)
    kept = ~shapely.is_empty(clipped)
    names = [str(name) for name in frame["name"][kept]]
    shapes = shapely.coverage_simplify([polygons(shape) for shape in clipped[kept]], TOLERANCE)
    shapes = [without_specks(shapely.set_precision(shape, 0.001)) for shape in shapes]
    land = [
        feature("land", shape, country=ISO.get(name, ""))
        for name, shape in zip(names, shapes, strict=True)
        if not shape.is_empty
    ]
    frame_line = shapely.buffer(shapely.box(*WINDOW).exterior, 0.002)
    shared = shapely.union_all([a.boundary.intersection(b.boundary) for a, b in itertools.combinations(shapes, 2)])
    border = shapely.line_merge(lines(shared))
    whole = shapely.union_all(shapes)
    coast = shapely.line_merge(lines(whole.boundary.difference(frame_line)))
    features = [*land, feature("border", border), feature("coast", coast)]
    text = json.dumps({"type": "FeatureCollection", "bbox": WINDOW, "features": features}, separators=(",", ":"))
    (GEODATA / "basemap.geojson").write_text(text + "\n", encoding="utf-8")
    print(f"{len(text) / 1000:.0f} kB, {len(land)} countries", file=sys.stderr)


def polygons(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Return the polygons of what clipping left."""
    return shapely.MultiPolygon([p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"])


def lines(shape: shapely.Geometry) -> shapely.MultiLineString:
    """Return the lines of a mixed geometry."""
    parts = itertools.chain.from_iterable(shapely.get_parts(part) for part in shapely.get_parts(shape))
    return shapely.MultiLineString([part for part in parts if part.geom_type == "LineString"])


def without_specks(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Drop the islands too small to draw; keep rings right-handed."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area >= SMALLEST]
    return shapely.orient_polygons(shapely.MultiPolygon(parts), exterior_cw=False)


def feature(layer: str, shape: shapely.Geometry, **more: str) -> dict[str, object]:
    """Return a GeoJSON feature with coordinates of 3 decimals."""
    geometry = json.loads(shapely.to_geojson(shape))
    geometry["coordinates"] = rounded(geometry["coordinates"])
    return {"type": "Feature", "properties": {"layer": layer, **more}, "geometry": geometry}


def rounded(value: list | float) -> list | float:
    """Round nested coordinates."""
    return [rounded(item) for item in value] if isinstance(value, list) else float(np.round(value, 3))


if __name__ == "__main__":
    main(sys.argv[1])
