"""The projection of a map, fitted to the places on it: conformal, on the ellipsoid WGS 84. No drawing.

A conformal map keeps every angle and has at each place one scale for all directions; how large it is there is known, so
that a scale bar can be true where it stands.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.render.words import Sentence, say

if TYPE_CHECKING:
    from corridor_net.network import Network

Line = Sequence[tuple[float, float]]
UNITS_PER_KM = 10
WIDEST, WIDEST_CONE = 120.0, 200.0
"""Degrees of longitude or latitude beyond which a map is one of the whole world, and of longitude of a cone beside."""
CAP = 40.0
"""Degrees of latitude beyond which, on one side, wider places are seen from above the pole."""
NEAR_EQUATOR, NEAR_POLE = 8.0, 75.0
"""Degrees of latitude between which all places must lie, on one side, for a cone."""
EDGE = 3.0
"""Degrees of what is drawn beyond the outermost places, at least; a quarter of their extent if that is more."""
BESIDE = 0.12
"""Share of the extent of the places that is drawn on each side of them."""
SLENDER = (1.6, 1.3)
"""What is drawn is at least so wide for the height of its places, and so high for their width, as screens are."""
GRID = 24
"""Places along each side of the grid on which the scale is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapProjection:
    """How places become units of 100 m on the map, x to the east and y to the south.

    `proj` is what pyproj makes it of, `words` what people read of it, `window` the west, south, east and north of what
    is drawn, in degrees; west and east may lie beyond 180. Where `schematic`, coordinates are a drawing: there is no
    scale, no north and no coast.
    """

    proj: str
    words: Sentence = field(compare=False)
    window: tuple[float, float, float, float]
    schematic: bool = False

    def project(self, points: Line | NDArray[np.float64]) -> NDArray[np.int64]:
        """Return places on the map, shape (n, 2), of points given as (longitude, latitude)."""
        degrees = np.asarray(points, float).reshape(-1, 2)
        x, y = _made(self.proj)(degrees[:, 0], degrees[:, 1])
        places = np.stack([np.asarray(x), -np.asarray(y)], axis=1) * UNITS_PER_KM / 1000
        return np.asarray(np.rint(places), np.int64) + 0

    def unproject(self, places: Any) -> NDArray[np.float64]:
        """Return (longitude, latitude) of places on the map, shape (n, 2)."""
        metres = np.asarray(places, float).reshape(-1, 2) * (1000 / UNITS_PER_KM)
        longitude, latitude = _made(self.proj)(metres[:, 0], -metres[:, 1], inverse=True)
        return np.stack([np.asarray(longitude), np.asarray(latitude)], axis=1)

    def scale(self, places: Any) -> NDArray[np.float64]:
        """Return how many km on the map a km on the ground is at places on the map, shape (n,)."""
        degrees = self.unproject(places)
        held = np.clip(degrees[:, 1], -89.0, 89.0)
        return np.asarray(_made(self.proj).get_factors(degrees[:, 0], held).meridional_scale, float)

    def covering(self, left: float, top: float, right: float, bottom: float) -> MapProjection:
        """Return the projection with its window widened until it covers a rectangle on the map.

        Parallels and meridians bend out of a rectangle, so its whole rim is looked at.
        """
        west, south, east, north = self.window
        middle = (west + east) / 2
        across, down = np.linspace(left, right, 41), np.linspace(top, bottom, 41)
        rim = [*((x, y) for x in across for y in (top, bottom)), *((x, y) for y in down for x in (left, right))]
        degrees = self.unproject(rim)
        degrees = degrees[np.isfinite(degrees).all(axis=1)]
        if east - west >= 360:  # round a pole: what is drawn is a disc
            low, high = degrees[:, 1].min(initial=south), degrees[:, 1].max(initial=north)
            return replace(self, window=(west, -90.0 if south == -90 else low, east, 90.0 if north == 90 else high))
        turned = (degrees[:, 0] - middle + 180) % 360 - 180
        half = min(max(float(np.abs(turned).max(initial=0.0)), (east - west) / 2), 179.0)
        low, high = degrees[:, 1].min(initial=south), degrees[:, 1].max(initial=north)
        ends = [max(float(low), -84.0), min(float(high), 84.0)]
        side = int(south + north >= 0)
        pole = (-90.0, 90.0)[side]
        x, y = self.project([(middle, 0.99 * pole)])[0].tolist()
        if left < x < right and top < y < bottom and "merc" not in self.proj:
            ends[side], half = pole, 180.0  # it lies inside, and nothing of it on the rim
        return replace(self, window=(middle - half, ends[0], middle + half, ends[1]))

    def scale_grid(self) -> dict[str, Any]:
        """Return the scale over the window, for faces that project nothing: first place, steps, rows of values."""
        west, south, east, north = self.window
        rim = _rim(west, south, east, north)
        corners = self.project(rim)
        low, high = corners.min(axis=0), corners.max(axis=0)
        step = np.maximum((high - low) / (GRID - 1), 1.0)
        x, y = (low[n] + step[n] * np.arange(GRID) for n in (0, 1))
        places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        values = np.nan_to_num(np.round(self.scale(places), 4), nan=1.0, posinf=1.0, neginf=1.0)
        first, steps = ([round(float(value), 1) for value in pair] for pair in (low, step))
        return {"from": first, "step": steps, "columns": GRID, "k": values.tolist()}


@lru_cache(maxsize=32)
def _made(text: str) -> Any:
    import pyproj

    return pyproj.Proj(text)


def _rim(west: float, south: float, east: float, north: float) -> NDArray[np.float64]:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return dense(corners)


def dense(points: Line | NDArray[np.float64], degrees: float = 0.5) -> NDArray[np.float64]:
    """Return a line with corners in its longer edges, so that they follow parallels as the map bends them.

    >>> dense([(0, 0), (0, 0.8)]).tolist()
    [[0.0, 0.0], [0.0, 0.4], [0.0, 0.8]]
    """
    corners = np.asarray(points, float)
    edges = np.diff(corners, axis=0)
    parts = (np.abs(edges).max(axis=1, initial=0.0) // degrees).astype(np.int64) + 1
    edge = np.repeat(np.arange(len(parts)), parts)
    number = np.arange(len(edge)) - (np.cumsum(parts) - parts)[edge] + 1
    between = corners[edge] + edges[edge] * number[:, None] / parts[edge, None]
    return np.concatenate([corners[:1], between])


def projection_of(network: Network) -> MapProjection:
    """Return the projection of the maps of a network: fitted to all its nodes, of whatever day."""
    places = tuple((node.x_coord, node.y_coord) for node in network.rows("node"))
    return fitted(places, schematic=network.package.schematic)


@lru_cache(maxsize=32)
def fitted(places: tuple[tuple[float, float], ...], *, schematic: bool = False) -> MapProjection:
    """Return the conformal projection that suits these places.

    Lambert's cone, with standard parallels a sixth of the extent from either edge (Deetz & Adams 1945), for a band off
    the equator and the poles; the stereographic projection about the middle else, or about the pole for what lies round
    it; Mercator's for the whole world (Snyder 1987, Map projections: a working manual). Its middle is that of the
    shortest arc of longitudes with all places: it may lie on the antimeridian.

    >>> str(fitted(((126.65, 45.75), (139.23, 38.02))).words)
    'Lambert conformal conic, standard parallels 39.3°N and 44.5°N'
    """
    west, east = _arc([x for x, _ in places])
    south, north = (edge(y for _, y in places) for edge in (min, max)) if places else (0.0, 0.0)
    middle, height = (west + east) / 2, (south + north) / 2
    window = _window(west, south, east, north)
    if schematic:
        plane = f"+proj=stere +lat_0={height:.4f} +lon_0={_wrapped(middle):.4f} +ellps=WGS84"
        words = say("Schematic: places as the data draw them, not to scale")
        return MapProjection(proj=plane, words=words, window=window, schematic=True)
    one_side = south > NEAR_EQUATOR or north < -NEAR_EQUATOR
    band = one_side and max(-south, north) < NEAR_POLE and east - west <= WIDEST_CONE
    wide = east - west > WIDEST or north - south > WIDEST
    if wide and not band and (south > CAP or north < -CAP):
        return _polar(places, middle, (south, north))
    if wide and not band:
        text = f"+proj=merc +lon_0={_wrapped(middle):.4f} +ellps=WGS84"
        return _round(
            MapProjection(proj=text, words=say("Mercator: the scale grows towards the poles"), window=window), places
        )
    if band:
        first, second = south + (north - south) / 6, north - (north - south) / 6
        text = f"+proj=lcc +lat_1={first:.4f} +lat_2={second:.4f} +lat_0={height:.4f}"
        words = say(
            "Lambert conformal conic, standard parallels {first} and {second}",
            first=_named(first),
            second=_named(second),
        )
    else:
        text = f"+proj=stere +lat_0={height:.4f}"
        words = say("Stereographic about {north}, {east}", north=_named(height), east=_named(_wrapped(middle), "EW"))
    flat = MapProjection(proj=f"{text} +lon_0={_wrapped(middle):.4f} +ellps=WGS84", words=words, window=window)
    return _round(flat, places)


def _polar(places: Sequence[tuple[float, float]], middle: float, latitudes: tuple[float, float]) -> MapProjection:
    """Return the stereographic projection about the nearer pole, true to scale in the middle of the latitudes."""
    side = 1.0 if latitudes[0] > 0 else -1.0
    true = sum(latitudes) / 2
    text = f"+proj=stere +lat_0={90 * side:g} +lat_ts={true:.4f} +lon_0={_wrapped(middle):.4f} +ellps=WGS84"
    words = say("Stereographic about {north}, {east}", north=_named(90 * side), east=_named(_wrapped(middle), "EW"))
    south, north = (latitudes[0] - EDGE, 90.0) if side > 0 else (-90.0, latitudes[1] + EDGE)
    return _round(MapProjection(proj=text, words=words, window=(middle - 180, south, middle + 180, north)), places)


def _arc(longitudes: Sequence[float]) -> tuple[float, float]:
    """Return west and east of the shortest arc that holds all longitudes; east may lie beyond 180."""
    if not longitudes:
        return -1.0, 1.0
    turned = sorted({round(value % 360, 6) for value in longitudes})
    gaps = [(after - before, after) for before, after in itertools.pairwise([*turned, turned[0] + 360])]
    _, start = max(gaps, key=lambda gap: (gap[0], -gap[1]))
    start = round(start % 360, 6)
    west = start if start < 180 else start - 360
    return west, west + max(round((value - start) % 360, 6) % 360 for value in turned)


def _window(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    beside, above = max(EDGE, (east - west) / 4), max(EDGE, (north - south) / 4)
    wide = min(east - west + 2 * beside, 358.0)
    middle = (west + east) / 2
    return middle - wide / 2, max(south - above, -84.0), middle + wide / 2, min(north + above, 84.0)


def _round(flat: MapProjection, places: Sequence[tuple[float, float]]) -> MapProjection:
    """Return the projection with its window widened to what screens of any shape show round the places."""
    if not places:
        return flat
    on_map = flat.project(places).astype(float)
    low, high = on_map.min(axis=0), on_map.max(axis=0)
    size = high - low
    room = np.maximum(size * (1 + 2 * BESIDE), size + 2 * EDGE * 111 * UNITS_PER_KM)
    room = np.maximum(room, SLENDER * room[::-1])
    (left, top), (right, bottom) = (low + high - room) / 2, (low + high + room) / 2
    return flat.covering(left, top, right, bottom)


def _wrapped(longitude: float) -> float:
    return (longitude + 180) % 360 - 180


def _named(degrees: float, sides: str = "NS") -> Sentence:
    said = {"N": "{degrees:n1}°N", "S": "{degrees:n1}°S", "E": "{degrees:n1}°E", "W": "{degrees:n1}°W"}
    return say(said[sides[degrees < 0]], degrees=abs(degrees))
