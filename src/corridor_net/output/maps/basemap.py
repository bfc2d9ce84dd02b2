"""The coast, land and borders under a map: the basemap of the package where it has one, else that of the world."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_net.network.basemap import basemap_file, read_basemap, world_file

from .projection import Line, MapProjection, dense, projection_of

if TYPE_CHECKING:
    from corridor_net.network import Network

LAYERS = ("land", "coast", "border")
AT_SEAM = 179.99
"""Longitude from which an edge lies on the seam of the world, not on a coast."""


def attribution(network: Network) -> str:
    """Return what must be said of the coast and borders on a map: what the basemap says of itself."""
    if network.package.schematic:
        return ""
    path = basemap_file(network)
    told = read_basemap(path or world_file()).attribution
    if told:
        return told
    return f"Coast and borders: {path.name} of the data package." if path else ""


def basemap(network: Network, projection: MapProjection | None = None) -> dict[str, Any]:
    """Return `frame` (the outline of what is drawn), `land`, `coast` and `border` as lists of lines in steps.

    What is drawn is the window of the projection: of the network's own where none is given.
    """
    seen, path = projection or projection_of(network), basemap_file(network)
    frame, layers = seen.window, _no_layers()
    if path and not seen.schematic:
        frame = read_basemap(path).window or frame
        layers = _of_package(path, path.stat().st_mtime_ns, projection_of(network))
    elif not seen.schematic:
        layers = _of_world(seen)
    return {"frame": steps(seen, dense(_outline(frame))), **layers}


def _no_layers() -> dict[str, list[list[int]]]:
    return {name: [] for name in LAYERS}


@lru_cache(maxsize=8)
def _of_package(path: Path, stamp: int, projection: MapProjection) -> dict[str, list[list[int]]]:  # noqa: ARG001 - a file that changed is read again
    return _in_steps(_of_file(path), projection)


@lru_cache(maxsize=8)
def _of_world(projection: MapProjection) -> dict[str, list[list[int]]]:
    return _in_steps(_within(projection.window), projection)


def _in_steps(layers: dict[str, list[Line]], projection: MapProjection) -> dict[str, list[list[int]]]:
    return {name: [steps(projection, dense(line)) for line in lines] for name, lines in layers.items()}


def steps(projection: MapProjection, points: Line) -> list[int]:
    """Return a line as its first place and the steps from place to place: x, y, dx, dy, …; doubles are left out."""
    import numpy as np

    places = projection.project(points)
    moves = np.diff(places, axis=0)
    moves = moves[moves.any(axis=1)]
    return [int(n) for n in np.concatenate([places[:1], moves]).ravel()]


def _outline(window: tuple[float, float, float, float]) -> list[tuple[float, float]]:
    west, south, east, north = window
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def _of_file(path: Path) -> dict[str, list[Line]]:
    """Return the lines of each layer of a file: what names no layer is land where it is an area, else coast."""
    found: dict[str, list[Line]] = {name: [] for name in LAYERS}
    for one in read_basemap(path).features:
        area = one.shape.geom_type.endswith("Polygon")
        found[one.layer if one.layer in LAYERS else "land" if area else "coast"] += _lines(one.shape)
    return found


def _lines(shape: Any) -> list[Line]:
    """Return the rings of areas and the parts of lines."""
    import shapely

    parts = shapely.get_parts(shape)
    rings = (
        ring
        for part in parts
        for ring in ((part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,))
        if not part.is_empty
    )
    return [list(ring.coords) for ring in rings if ring.geom_type.startswith("Line")]


def _within(window: tuple[float, float, float, float]) -> dict[str, list[Line]]:
    """Return the world's layers inside a window, which may lie across the antimeridian."""
    import shapely

    shapes = {one.layer: one.shape for one in read_basemap(world_file()).features}
    found: dict[str, list[Line]] = {name: [] for name in LAYERS}
    for turn in (-360.0, 0.0, 360.0):
        box = (window[0] - turn, window[1], window[2] - turn, window[3])
        for name, shape in (("land", shapes["land"]), ("border", shapes["border"])):
            found[name] += _moved(_lines(shapely.clip_by_rect(shape, *box)), turn)
        shore = shapely.clip_by_rect(shapely.boundary(shapes["land"]), *box)
        found["coast"] += _moved(_without_seam(_lines(shore)), turn)
    return found


def _moved(lines: Iterable[Line], turn: float) -> list[Line]:
    return [[(x + turn, y) for x, y in line] for line in lines]


def _without_seam(lines: Iterable[Line]) -> list[Line]:
    """Return lines cut where they run along the antimeridian, which is no coast."""
    found: list[Line] = []
    for line in lines:
        part: list[tuple[float, float]] = []
        for point in line:
            if part and abs(part[-1][0]) > AT_SEAM and abs(point[0]) > AT_SEAM:
                found += [part] if len(part) > 1 else []
                part = []
            part.append(point)
        found += [part] if len(part) > 1 else []
    return found
