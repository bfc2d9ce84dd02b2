"""Coordinates: from any system to longitude and latitude, into range, and lengths on the ellipsoid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from corridor_net.errors import BadValue
from corridor_net.network.earth import geod

from .notes import Notes, agreeing, counted, some
from .options import ImportOptions
from .raw import Raw

Floats = NDArray[np.float64]
WGS84 = "EPSG:4326"
FAR_FROM_ORIGIN = 10.0
"""Degrees from 0 north and 0 east, of most nodes, from which one that lies there is none of theirs."""
SCHEMATIC_SHARE = 0.9
"""Of its length, what the straight line of the tightest link has on a schematic drawing."""
SCHEMATIC_DEGREES = 5.0
"""Largest extent of a schematic drawing."""
DEGREE_KM = 111.2
MERCATOR_M = 20_037_509.0
"""Half the width of the map that pages of the web show (EPSG:3857), in its metres."""


def find_crs(text: str) -> pyproj.CRS:
    """Return the coordinate system of a name, an EPSG number or a WKT; raise BadValue for one that is not known."""
    name = text.strip()
    try:
        return pyproj.CRS.from_user_input(f"EPSG:{name}" if name.isdigit() else name)
    except pyproj.exceptions.CRSError:
        raise BadValue(
            f"unknown coordinate system '{text}'",
            hint="--crs EPSG:nnnn with the number of the system, or --schematic to keep the coordinates as a drawing",
        ) from None


def into_range(lon: Floats) -> Floats:
    """Bring longitudes to -180..180; those that are in range stay as they are."""
    return np.where(np.abs(lon) > 180.0, (lon + 180.0) % 360.0 - 180.0, lon)


def line_km(lines: NDArray[Any]) -> Floats:
    """Return the length in km of each line along the ellipsoid WGS 84; NaN for None."""
    points, index = shapely.get_coordinates(lines, return_index=True)
    lengths = np.where(shapely.is_missing(lines), np.nan, 0.0)
    if len(points) > 1:
        same = index[1:] == index[:-1]
        steps = straight_km(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
        lengths += np.bincount(index[:-1][same], steps[same], minlength=len(lines))[: len(lines)]
    return np.asarray(lengths, float)


def straight_km(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Floats:
    """Return shortest lines on the ellipsoid WGS 84 in km."""
    return np.asarray(geod().inv(lon1, lat1, lon2, lat2)[2], float) / 1000.0


def ends_of(nodes: pd.DataFrame, links: pd.DataFrame) -> tuple[Floats, Floats, Floats, Floats]:
    """Return longitude and latitude of the first and of the last node of each link."""
    at = pd.Index(nodes["node_id"])
    here, there = at.get_indexer(links["from_node_id"]), at.get_indexer(links["to_node_id"])
    x, y = nodes["x_coord"].to_numpy(float), nodes["y_coord"].to_numpy(float)
    return x[here], y[here], x[there], y[there]


def to_degrees(raw: Raw, options: ImportOptions, notes: Notes) -> Raw:
    """Return the network in longitude and latitude; one that is placed, as it is.

    Raises BadValue when the coordinates cannot be degrees and no system is said, or cannot be of the system said.
    """
    if options.schematic:
        return _schematic(raw, notes)
    if raw.placed:
        return raw
    nodes = _swapped(raw.nodes, options)
    x, y = nodes["x_coord"].to_numpy(float), nodes["y_coord"].to_numpy(float)
    lost = ~(np.isfinite(x) & np.isfinite(y))
    if lost.any():
        raise BadValue(
            f"{counted(int(lost.sum()), 'node has', 'nodes have')} no coordinates: "
            f"{some(list(nodes['node_id'][lost]))}",
            place=raw.place("node", int(np.argmax(lost))),
            hint="give their coordinates, or --schematic to draw the network without any",
        )
    crs = options.crs or raw.crs
    lines = raw.links["geometry"].to_numpy(object)
    if options.swap_xy:
        lines = shapely.transform(lines, lambda points: points[:, ::-1]) if len(lines) else lines
    if crs:
        x, y, lines = _transformed(x, y, lines, find_crs(crs), crs, notes)
    else:
        _degrees_or_refuse(x, y, raw)
        notes.assume("coordinates are longitude and latitude in WGS 84, as no other system is said")
    lines = _in_range(lines, notes)
    _say_origin(nodes["node_id"], x, y, notes)
    return raw.but(
        nodes=nodes.assign(x_coord=into_range(x), y_coord=y), links=raw.links.assign(geometry=lines), crs=crs and WGS84
    )


def _say_origin(ids: pd.Series, x: Floats, y: Floats, notes: Notes) -> None:
    """Warn of nodes at 0 degrees both ways, far from most others: a place that is not known is often written so."""
    zero = (x == 0) & (y == 0)
    if zero.any() and not zero.all() and np.median(np.hypot(x[~zero], y[~zero])) > FAR_FROM_ORIGIN:
        count = int(zero.sum())
        notes.warn(
            f"{counted(count, 'node lies', 'nodes lie')} at 0 degrees north and east, as places that are not known do: "
            f"{some(list(ids[zero]))}"
        )


def _swapped(nodes: pd.DataFrame, options: ImportOptions) -> pd.DataFrame:
    if not options.swap_xy:
        return nodes
    return nodes.assign(x_coord=nodes["y_coord"], y_coord=nodes["x_coord"])


def _degrees_or_refuse(x: Floats, y: Floats, raw: Raw) -> None:
    """Raise BadValue when coordinates of no said system are not degrees; warn when they look exchanged."""
    if not len(x):
        return
    wrong = np.flatnonzero((np.abs(y) > 90) | (np.abs(x) > 360))
    if not len(wrong):
        return
    first = int(wrong[0])
    span = f"x from {x.min():g} to {x.max():g}, y from {y.min():g} to {y.max():g}"
    if (np.abs(x) <= 90).all() and (np.abs(y) <= 360).all():
        hint = "longitude and latitude look exchanged: --swap-xy exchanges them"
    else:
        web = max(np.abs(x).max(), np.abs(y).max()) <= MERCATOR_M and np.abs(x).max() > 1e4
        hint = "--crs EPSG:nnnn with the number of their system, or --schematic to keep them as a drawing only"
        if web:
            hint = (
                "--crs EPSG:nnnn with the number of their system, or --schematic to keep them as a drawing only;"
                " if they are of a map in the web, --crs EPSG:3857"
            )
    raise BadValue(
        f"the coordinates are not longitudes and latitudes ({span}), and no coordinate system is said;"
        f" {len(wrong):,} of {len(x):,} nodes, the first '{raw.nodes['node_id'].iloc[first]}'",
        place=raw.place("node", first),
        hint=hint,
    )


def _transformed(
    x: Floats, y: Floats, lines: NDArray[Any], crs: pyproj.CRS, name: str, notes: Notes
) -> tuple[Floats, Floats, NDArray[Any]]:
    if len(x) and crs.is_projected and (np.abs(x) <= 360).all() and (np.abs(y) <= 90).all() and np.ptp(x) > 0:
        raise BadValue(
            f"the coordinates are said to be of {name}, in {crs.axis_info[0].unit_name}, but look like degrees"
            f" (x from {x.min():g} to {x.max():g}, y from {y.min():g} to {y.max():g})",
            hint="--crs EPSG:4326 reads them as longitude and latitude",
        )
    if len(x) and crs.is_geographic and ((np.abs(x) > 360).any() or (np.abs(y) > 90).any()):
        raise BadValue(
            f"the coordinates are said to be of {name}, in degrees, but are not degrees"
            f" (x from {x.min():g} to {x.max():g}, y from {y.min():g} to {y.max():g})",
            hint="--swap-xy if longitude and latitude are exchanged, else --crs EPSG:nnnn with their system",
        )
    if crs.equals(pyproj.CRS.from_user_input(WGS84), ignore_axis_order=True):
        return x, y, lines
    change = pyproj.Transformer.from_crs(crs, WGS84, always_xy=True)
    lon, lat = change.transform(x, y)
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    if len(lon) and not (np.isfinite(lon) & np.isfinite(lat)).all():
        raise BadValue(f"coordinates lie outside the area of {name}", hint="is --crs the right system?")
    notes.assume(f"coordinates were brought from {name} to longitude and latitude")
    moved = shapely.transform(lines, lambda points: np.column_stack(change.transform(points[:, 0], points[:, 1])))
    return lon, lat, np.asarray(moved, object)


def _in_range(lines: NDArray[Any], notes: Notes) -> NDArray[Any]:
    if not len(lines):
        return lines
    points = shapely.get_coordinates(lines)
    if len(points) and (np.abs(points[:, 1]) > 90).any():
        raise BadValue("a drawing has latitudes beyond 90", hint="--swap-xy, or --crs with the system of the drawing")
    if len(points) and not (np.abs(points[:, 0]) <= 360).all():
        wrong = points[~(np.abs(points[:, 0]) <= 360), 0][0]
        hint = "correct it, or --crs with the system of the drawing"
        raise BadValue(f"a drawing has the longitude {wrong:g}, which is none", hint=hint)
    outside = int((np.abs(points[:, 0]) > 180).sum())
    if not outside:
        return lines
    notes.assume(
        f"{counted(outside, 'longitude', 'longitudes')} beyond 180 "
        f"{agreeing(outside, 'was', 'were')} brought into -180..180"
    )
    return np.asarray(shapely.transform(lines, lambda p: np.column_stack((into_range(p[:, 0]), p[:, 1]))), object)


def _schematic(raw: Raw, notes: Notes) -> Raw:
    """Draw the network small around 0 N 0 E, so that no link is shorter than its straight line on the map."""
    x, y = raw.nodes["x_coord"].to_numpy(float), raw.nodes["y_coord"].to_numpy(float)
    if not (len(x) and np.isfinite(x).all() and np.isfinite(y).all() and (np.ptp(x) > 0 or np.ptp(y) > 0)):
        angle = 2 * np.pi * np.arange(len(x)) / max(len(x), 1)
        x, y = np.cos(angle), np.sin(angle)
        notes.assume("coordinates are schematic: the nodes were put on a circle around 0 N 0 E")
    else:
        notes.assume("coordinates are schematic: the drawing of the source, made small and moved to 0 N 0 E")
    x, y = x - x.mean(), y - y.mean()
    scale = SCHEMATIC_DEGREES / max(np.ptp(x), np.ptp(y), 1e-12)
    nodes = raw.nodes.assign(x_coord=x * scale, y_coord=y * scale)
    empty = raw.links.assign(geometry=np.full(len(raw.links), None, object))
    return raw.but(nodes=nodes, links=empty, crs=WGS84)


def shrink_schematic(nodes: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return nodes of a schematic drawing, shrunk until every link of `length` km is longer than its straight line."""
    straight = straight_km(*ends_of(nodes, links))
    length = links["length"].to_numpy(float)
    good = (straight > 0) & (length > 0)
    if not good.any():
        return nodes
    factor = min(1.0, SCHEMATIC_SHARE * float((length[good] / straight[good]).min()))
    return nodes.assign(x_coord=nodes["x_coord"] * factor, y_coord=nodes["y_coord"] * factor)
