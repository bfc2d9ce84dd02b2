"""Connected parts of a network, and the gaps between them with their coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from corridor_net.interchange.coordinates import Floats, straight_km
from corridor_net.interchange.notes import Notes, counted

Ints = NDArray[np.int64]
SHOWN = 20


def components(count: int, here: Ints, there: Ints) -> Ints:
    """Return for each of `count` nodes the smallest node it is joined with by links `here`-`there`.

    >>> components(4, np.array([0, 3]), np.array([1, 2])).tolist()
    [0, 0, 2, 2]
    """
    label = _labels(count, here, there, "weak")
    return np.unique(label, return_index=True)[1][label]


def two_way_part(count: int, here: Ints, there: Ints, one_way: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which nodes are of the largest part in which every node leads to every other.

    >>> two_way_part(4, np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([True, False, False])).tolist()
    [False, True, True, True]
    """
    label = _labels(count, np.r_[here, there[~one_way]], np.r_[there, here[~one_way]], "strong")
    return np.asarray(label == np.bincount(label).argmax())


def _labels(count: int, tail: Ints, head: Ints, connection: str) -> Ints:
    """Return the number of the part that each node is of."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    joined = coo_array((np.ones(len(tail), bool), (tail, head)), shape=(count, count))
    return np.asarray(connected_components(joined, connection=connection)[1], np.int64)


def describe_parts(ids: Sequence[Any], lon: Floats, lat: Floats, here: Ints, there: Ints, notes: Notes) -> int:
    """Note how many parts the network has, and the nearest gap of each to the largest; return their number."""
    linked = np.zeros(len(ids), bool)
    linked[here] = linked[there] = True
    label = components(len(ids), here, there)
    parts, size = np.unique(label[linked], return_counts=True)
    if not linked.all():
        notes.warn(f"{counted(int((~linked).sum()), 'node has', 'nodes have')} no link")
    if len(parts) < 2:
        return len(parts)
    main = parts[np.argmax(size)]
    notes.warn(
        f"the network has {len(parts):,} parts that do not meet; the largest has {size.max():,} of"
        f" {int(linked.sum()):,} nodes, and nothing leads from one part to another"
    )
    for text in _gaps(ids, lon, lat, label, linked, int(main)):
        notes.warn(text)
    return len(parts)


def _gaps(ids: Sequence[Any], lon: Floats, lat: Floats, label: Ints, linked: NDArray[Any], main: int) -> list[str]:
    inside, outside = np.flatnonzero(linked & (label == main)), np.flatnonzero(linked & (label != main))
    x, y, near_date_line = lon[inside], lat[inside], np.abs(lon[inside]) > 170
    x = np.concatenate((x, x[near_date_line] - 360 * np.sign(x[near_date_line])))
    y = np.concatenate((y, y[near_date_line]))
    inside = np.concatenate((inside, inside[near_date_line]))
    squeeze = np.cos(np.radians(np.clip(np.median(lat[outside]), -85, 85)))
    tree = shapely.STRtree(shapely.points(x * squeeze, y))
    found = tree.nearest(shapely.points(lon[outside] * squeeze, lat[outside]))
    other = inside[found]
    km = straight_km(lon[outside], lat[outside], lon[other], lat[other])
    order = np.lexsort((km, label[outside]))
    first = order[np.concatenate(([True], np.diff(label[outside][order]) != 0))]
    first = first[np.argsort(km[first], kind="stable")]
    texts = []
    for place in first[:SHOWN]:
        a, b, count = outside[place], other[place], int((linked & (label == label[outside[place]])).sum())
        far = f"{km[place] * 1000:.3g} m" if km[place] < 1 else f"{km[place]:.4g} km"
        texts.append(
            f"gap of {far}: {ids[a]} ({lon[a]:.5f} {lat[a]:.5f}), of a part of {count:,} nodes, to {ids[b]}"
            f" ({lon[b]:.5f} {lat[b]:.5f}) of the largest part"
        )
    if len(first) > SHOWN:
        texts.append(f"and {len(first) - SHOWN:,} more parts with their gaps")
    return texts
