"""From drawn lines to nodes and links: where lines get nodes, by a stated rule, and the pieces between them.

All in flat arrays of vertices: no object a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from corridor_net.interchange.completing.parts import Ints, components
from corridor_net.interchange.coordinates import DEGREE_KM, Floats, straight_km
from corridor_net.interchange.notes import Notes, agreeing, counted

DIGITS = 7
"""Decimals of a degree in which vertices are the same: about 1 cm."""


@dataclass(frozen=True, kw_only=True)
class Noded:
    """Nodes, and links as pieces of lines: `parent` is the line of each link, `at` the vertex of each node."""

    lon: Floats
    lat: Floats
    here: Ints
    there: Ints
    parent: Ints
    lines: NDArray[Any]
    at: Ints
    parts_of_ends: int


def node_lines(lines: NDArray[Any], rule: str, snap_m: float, notes: Notes) -> Noded:
    """Split lines where they have nodes: at their ends, at shared corners (`corners`), where they cross (`crossings`).

    Ends within `snap_m` metres of another end, corner or line are joined with it. Lines are longitude and latitude.
    """
    if rule == "crossings":
        lines = with_crossings(lines, notes)
    if snap_m > 0:
        lines = snapped(lines, snap_m, notes)
    points, owner = shapely.get_coordinates(lines, return_index=True)
    vertex, first = _same_vertices(points)
    return split(points, owner, vertex, first, only_ends=rule == "ends")


def split(points: Floats, owner: Ints, vertex: Ints, first: Ints, *, only_ends: bool = False) -> Noded:
    """Split lines, given as vertices with their line and a number that vertices of one place share.

    `first` is where each number stands first. Nodes are the ends, and vertices that stand more than once unless
    `only_ends`.
    """
    is_end = np.zeros(len(points), bool)
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    stops = np.r_[starts[1:], len(points)] - 1
    is_end[starts] = is_end[stops] = True
    shared = np.bincount(vertex, minlength=len(first)) > 1
    cut = is_end if only_ends else is_end | shared[vertex]
    return _pieces(points, owner, vertex, first, cut, starts, stops)


def _same_vertices(points: Floats) -> tuple[Ints, Ints]:
    """Return a number for each vertex, the same for the same place, and where each number stands first."""
    keys = np.round(points, DIGITS)
    keys[:, 0] = np.where(keys[:, 0] == -180.0, 180.0, keys[:, 0]) + 0.0
    _, first, vertex = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank[vertex.ravel()], first[order]


def _pieces(
    points: Floats, owner: Ints, vertex: Ints, first: Ints, cut: NDArray[Any], starts: Ints, stops: Ints
) -> Noded:
    places = np.flatnonzero(cut)
    begin, end = places[:-1], places[1:]
    inside = owner[begin] == owner[end]
    begin, end = begin[inside], end[inside]
    used = np.unique(np.concatenate((vertex[begin], vertex[end])))
    number = np.full(len(first), -1)
    number[used] = np.arange(len(used))
    lengths = end - begin + 1
    flat = np.repeat(begin - np.r_[0, np.cumsum(lengths)[:-1]], lengths) + np.arange(lengths.sum())
    made = shapely.linestrings(points[flat], indices=np.repeat(np.arange(len(begin)), lengths))
    ends = components(len(first), vertex[starts], vertex[stops])
    parts = len(np.unique(ends[np.concatenate((vertex[starts], vertex[stops]))]))
    return Noded(
        lon=points[first[used], 0],
        lat=points[first[used], 1],
        here=number[vertex[begin]],
        there=number[vertex[end]],
        parent=owner[begin],
        lines=np.asarray(made, object),
        at=first[used],
        parts_of_ends=parts,
    )


def with_crossings(lines: NDArray[Any], notes: Notes) -> NDArray[Any]:
    """Put a corner on both lines wherever two lines cross, or touch without a common corner."""
    tree = shapely.STRtree(lines)
    a, b = tree.query(lines, predicate="intersects")
    a, b = a[a < b], b[a < b]
    if not len(a):
        return lines
    met = shapely.intersection(lines[a], lines[b])
    points, pair = shapely.get_coordinates(met, return_index=True)
    extra_line = np.concatenate((a[pair], b[pair]))
    extra = np.concatenate((points, points))
    before = len(shapely.get_coordinates(lines))
    lines = inserted(lines, extra_line, extra)
    made = len(shapely.get_coordinates(lines)) - before
    notes.assume(
        f"lines have nodes where they cross, as asked: {counted(made, 'corner was', 'corners were')} put there"
    )
    return lines


def inserted(lines: NDArray[Any], which: Ints, points: Floats) -> NDArray[Any]:
    """Return lines with points put in as corners, `which` line each; a point that is a corner already is left out."""
    at = shapely.line_locate_point(lines[which], shapely.points(points))
    old, owner = shapely.get_coordinates(lines, return_index=True)
    step = np.hypot(*np.diff(old, axis=0, prepend=old[:1]).T)
    step[np.r_[True, owner[1:] != owner[:-1]]] = 0.0
    total = np.cumsum(step)
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    along = total - np.repeat(total[starts], np.diff(np.r_[starts, len(old)]))
    xy = np.concatenate((old, points))
    line = np.concatenate((owner, which))
    place = np.concatenate((along, at))
    fresh = np.concatenate((np.zeros(len(old)), np.ones(len(points))))
    order = np.lexsort((fresh, place, line))
    xy, line, fresh = xy[order], line[order], fresh[order]
    keys = np.round(xy, DIGITS)
    same = np.zeros(len(xy), bool)
    same[1:] = (line[1:] == line[:-1]) & (keys[1:] == keys[:-1]).all(axis=1)
    beside_old = np.zeros(len(xy), bool)
    beside_old[:-1] = same[1:] & (fresh[:-1] == 1) & (fresh[1:] == 0)
    keep = ~((same & (fresh == 1)) | beside_old)
    return np.asarray(shapely.linestrings(xy[keep], indices=line[keep]), object)


def snapped(lines: NDArray[Any], snap_m: float, notes: Notes) -> NDArray[Any]:
    """Join ends that do not meet: with the nearest end or corner, else the nearest line, within `snap_m` metres."""
    lines = _onto_lines(lines, snap_m)
    points, owner = shapely.get_coordinates(lines, return_index=True)
    vertex, first = _same_vertices(points)
    is_end = np.r_[True, owner[1:] != owner[:-1]] | np.r_[owner[1:] != owner[:-1], True]
    ends = np.unique(vertex[is_end])
    lon, lat = points[first, 0], points[first, 1]
    a, b = near_pairs(lon[ends], lat[ends], lon, lat, snap_m)
    a = ends[a]
    label = components(len(first), a, b)
    moved = int((label[ends] != ends).sum())
    if moved:
        notes.assume(
            f"{counted(moved, 'end', 'ends')} of {agreeing(moved, 'a line was', 'lines were')} "
            f"moved by at most {snap_m:g} m{agreeing(moved, '', ' each')} to where another line "
            "ends or bends"
        )
    out = points[first[label[vertex]]]
    steps = np.r_[True, (out[1:] != out[:-1]).any(axis=1) | (owner[1:] != owner[:-1])]
    counts = np.bincount(owner[steps], minlength=len(lines))
    whole = counts[owner] > 1
    if not whole.all():
        gone = len(np.unique(owner[~whole]))
        notes.warn(f"{counted(gone, 'line', 'lines')} shorter than {snap_m:g} m vanished when ends were joined")
    keep = steps & whole
    kept = shapely.linestrings(out[keep], indices=np.unique(owner[keep], return_inverse=True)[1])
    made = np.full(len(lines), None, object)
    made[np.unique(owner[keep])] = kept
    return made


def _onto_lines(lines: NDArray[Any], snap_m: float) -> NDArray[Any]:
    """Give a line a corner at each end of another line that lies within reach of it, and move that end there."""
    firsts, lasts = (shapely.get_point(lines, end) for end in (0, -1))
    ends = np.concatenate((firsts, lasts))
    owner = np.tile(np.arange(len(lines)), 2)
    xy = shapely.get_coordinates(ends)
    reach = _reach(xy[:, 1], snap_m)
    boxes = shapely.box(xy[:, 0] - reach[0], xy[:, 1] - reach[1], xy[:, 0] + reach[0], xy[:, 1] + reach[1])
    end, line = shapely.STRtree(lines).query(boxes, predicate="intersects")
    other = owner[end] != line
    end, line = end[other], line[other]
    near = shapely.line_interpolate_point(lines[line], shapely.line_locate_point(lines[line], ends[end]))
    near_xy = shapely.get_coordinates(near)
    km = straight_km(xy[end, 0], xy[end, 1], near_xy[:, 0], near_xy[:, 1])
    corner = _nearest_corner_km(lines, line, xy[end])
    good = (km * 1000 <= snap_m) & (corner * 1000 > snap_m)
    if not good.any():
        return lines
    return inserted(lines, line[good], near_xy[good])


def _nearest_corner_km(lines: NDArray[Any], which: Ints, points: Floats) -> Floats:
    """Return the distance of each point to the nearest corner of its line."""
    corners, index = shapely.get_coordinates(lines[which], return_index=True)
    km = straight_km(points[index, 0], points[index, 1], corners[:, 0], corners[:, 1])
    found = np.full(len(which), np.inf)
    np.minimum.at(found, index, km)
    return found


def _reach(lat: Floats, metres: float) -> tuple[Floats, Floats]:
    """Return how many degrees of longitude and latitude a distance is."""
    degrees = metres / 1000 / DEGREE_KM * 1.01
    return degrees / np.maximum(np.cos(np.radians(lat)), 0.01), np.full(len(lat), degrees)


def near_pairs(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats, metres: float) -> tuple[Ints, Ints]:
    """Return the pairs of points of two sets that lie within a distance, also over the line of 180 degrees."""
    dx, dy = _reach(lat1, metres)
    shifts = (0.0, 360.0, -360.0) if len(lon1) and np.abs(lon1).max() > 179 else (0.0,)
    tree = shapely.STRtree(shapely.points(lon2, lat2))
    found = [tree.query(shapely.box(lon1 - dx + shift, lat1 - dy, lon1 + dx + shift, lat1 + dy)) for shift in shifts]
    a, b = np.concatenate(found, axis=1)
    good = straight_km(lon1[a], lat1[a], lon2[b], lat2[b]) * 1000 <= metres
    return a[good], b[good]
