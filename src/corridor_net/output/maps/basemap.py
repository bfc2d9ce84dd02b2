"""The coast, land and borders under a map: the basemap of the package where it has one, else that of the world.

One that names its window ends there; beyond it the map goes on with the world.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.network.basemap import basemap_file, read_basemap, world_file

from .projection import Line, MapProjection, dense, projection_of

if TYPE_CHECKING:
    from corridor_net.network import Network

Drawn = NDArray[np.float64]
"""A line as its points, (n, 2): longitude, latitude."""
Window = tuple[float, float, float, float]
LAYERS = ("land", "coast", "border")
AT_SEAM = 179.99
"""Longitude from which an edge lies on the seam of the world, not on a coast."""


def attribution(network: Network) -> str:
    """Return what must be said of the coast and borders on a map: what the basemap says of itself."""
    if network.package.schematic:
        return ""
    path = basemap_file(network)
    world = read_basemap(world_file()).attribution
    if path is None:
        return world
    own = read_basemap(path)
    told = own.attribution or f"Coast and borders: {path.name} of the data package."
    return told if own.window is None or told == world else f"{told} {world}"


def basemap(network: Network, projection: MapProjection | None = None) -> dict[str, Any]:
    """Return `frame` (the outline of what is drawn), `land`, `coast` and `border` as lists of lines in steps.

    What is drawn is the window of the projection: of the network's own where none is given.
    """
    seen, path = projection or projection_of(network), basemap_file(network)
    if seen.schematic:
        layers: dict[str, list[list[int]]] = {name: [] for name in LAYERS}
    elif path is None:
        layers = _of_world(seen)
    else:
        layers = _of_package(path, path.stat().st_mtime_ns, projection_of(network))
        if ends := read_basemap(path).window:
            beyond = _beyond(seen, ends)
            layers = {name: layers[name] + beyond[name] for name in LAYERS}
    return {"frame": steps(seen, dense(_outline(seen.window))), **layers}


@lru_cache(maxsize=8)
def _of_package(path: Path, stamp: int, projection: MapProjection) -> dict[str, list[list[int]]]:  # noqa: ARG001 - a file that changed is read again
    return _in_steps(_of_file(path), projection)


@lru_cache(maxsize=8)
def _of_world(projection: MapProjection) -> dict[str, list[list[int]]]:
    return _in_steps(_within(projection.window), projection)


@lru_cache(maxsize=8)
def _beyond(projection: MapProjection, window: Window) -> dict[str, list[list[int]]]:
    """Return the world in the window of the projection, in the four strips round another window."""
    west, south, east, north = projection.window
    turn = 360.0 * round((west + east - window[0] - window[2]) / 720)
    left, low = min(max(window[0] + turn, west), east), min(max(window[1], south), north)
    right, high = max(min(window[2] + turn, east), left), max(min(window[3], north), low)
    strips = (
        (west, south, left, north),
        (right, south, east, north),
        (left, south, right, low),
        (left, high, right, north),
    )
    parts = [_within(strip) for strip in strips if strip[0] < strip[2] and strip[1] < strip[3]]
    return _in_steps({name: [line for part in parts for line in part[name]] for name in LAYERS}, projection)


def _in_steps(layers: dict[str, list[Drawn]], projection: MapProjection) -> dict[str, list[list[int]]]:
    """Return the lines of all layers in steps: all are projected together."""
    lines = {name: [dense(line) for line in some] for name, some in layers.items()}
    every = [line for some in lines.values() for line in some]
    if not every:
        return {name: [] for name in layers}
    parts = iter(np.split(projection.project(np.concatenate(every)), np.cumsum([len(line) for line in every])[:-1]))
    return {name: [_stepped(next(parts)) for _ in some] for name, some in lines.items()}


def steps(projection: MapProjection, points: Line | Drawn) -> list[int]:
    """Return a line as its first place and the steps from place to place: x, y, dx, dy, …; doubles are left out."""
    return _stepped(projection.project(points))


def _stepped(places: NDArray[np.int64]) -> list[int]:
    moves = np.diff(places, axis=0)
    moves = moves[moves.any(axis=1)]
    found: list[int] = np.concatenate([places[:1], moves]).ravel().tolist()
    return found


def _outline(window: Window) -> list[tuple[float, float]]:
    west, south, east, north = window
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def _of_file(path: Path) -> dict[str, list[Drawn]]:
    """Return the lines of each layer of a file: what names no layer is land where it is an area, else coast."""
    found: dict[str, list[Drawn]] = {name: [] for name in LAYERS}
    for one in read_basemap(path).features:
        area = one.shape.geom_type.endswith("Polygon")
        found[one.layer if one.layer in LAYERS else "land" if area else "coast"] += _lines(one.shape)
    return found


def _lines(shape: Any) -> list[Drawn]:
    """Return the rings of areas and the parts of lines."""
    import shapely

    parts = shapely.get_parts(shape)
    rings = (
        ring
        for part in parts
        for ring in ((part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,))
        if not part.is_empty
    )
    return [shapely.get_coordinates(ring) for ring in rings if ring.geom_type.startswith("Line")]


def _within(window: Window) -> dict[str, list[Drawn]]:
    """Return the world's layers inside a window, which may lie across the antimeridian."""
    import shapely

    shapes = {one.layer: one.shape for one in read_basemap(world_file()).features}
    found: dict[str, list[Drawn]] = {name: [] for name in LAYERS}
    for turn in (-360.0, 0.0, 360.0):
        box = (window[0] - turn, window[1], window[2] - turn, window[3])
        for name, shape in (("land", shapes["land"]), ("border", shapes["border"])):
            found[name] += _moved(_lines(shapely.clip_by_rect(shape, *box)), turn)
        shore = shapely.clip_by_rect(shapely.boundary(shapes["land"]), *box)
        found["coast"] += _moved(_without_seam(_lines(shore)), turn)
    return found


def _moved(lines: Iterable[Drawn], turn: float) -> list[Drawn]:
    return [line + np.array([turn, 0.0]) for line in lines]


def _without_seam(lines: Iterable[Drawn]) -> list[Drawn]:
    """Return lines cut where they run along the antimeridian, which is no coast."""
    found: list[Drawn] = []
    for line in lines:
        far = np.abs(line[:, 0]) > AT_SEAM
        cuts = np.flatnonzero(far[1:] & far[:-1]) + 1
        found += [part for part in np.split(line, cuts) if len(part) > 1]
    return found
