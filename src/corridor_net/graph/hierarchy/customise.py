"""The weights of a hierarchy: of every up arc its two ways, and which of them shortest routes need; by threads.

What lies low goes triangle by triangle, what lies above front by front, level after level: customising from below,
perfecting from above.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.hierarchy.eliminate import customise_fronts, perfect_fronts
from corridor_net.graph.hierarchy.hierarchy import Hierarchy
from corridor_net.graph.hierarchy.sweep import count_kept, fill_kept
from corridor_net.graph.hierarchy.triangles import customise_triangles, own_ways, perfect_triangles
from corridor_net.graph.loops.lanes import WIDTH
from corridor_net.graph.loops.parallel import run_chunks

WORTH_THREADS = 500_000
"""Up arcs to look at from which several threads are begun, which takes some tenths of a millisecond."""

RANKS_A_CHUNK = 32_768

Search = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[Any]]
"""The arcs that matter, by lower rank: (first, higher rank, weight)."""


def customised(hierarchy: Hierarchy, values: NDArray[Any], threads: int | None) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the two ways of every up arc, up and down, from weights of the arcs that have been checked."""
    fronts, first, borrowed, dtype = hierarchy.fronts, hierarchy.fronts.first, hierarchy.scratch.borrowed, values.dtype
    width, n_up = WIDTH[dtype.name], hierarchy.n_up
    ways = hierarchy.scratch.array("ways", (2, n_up + width), dtype)
    ways[:] = inf
    up, down = ways

    def begin(low: int, high: int) -> None:
        own = slice(fronts.first_own[first[low]], fronts.first_own[first[high]])
        own_ways(fronts.own_arc[own], fronts.own_slot[own], values, ways)
        customise_triangles(*_within(hierarchy, fronts.inner, low, high), fronts.inner, up, down)

    def customise(low: int, high: int) -> None:
        with borrowed("front", fronts.room_of_largest(width), dtype) as matrix:
            customise_fronts(low, high, fronts.tree, hierarchy.first_up, up, down, updates, matrix, width)

    for level in levels(hierarchy):
        _run(level, begin, threads)
    customise_triangles(0, fronts.outer.shape[1], fronts.outer, up, down)
    with borrowed("updates", fronts.room, dtype) as updates:
        for level in levels(hierarchy):
            _run(level, customise, threads)
    return up, down


def needed(hierarchy: Hierarchy, up: NDArray[Any], down: NDArray[Any], threads: int | None) -> tuple[Search, Search]:
    """Return the arcs up and the arcs down that some shortest route needs: those as long as the distance they span."""
    fronts, borrowed, dtype, width = hierarchy.fronts, hierarchy.scratch.borrowed, up.dtype, WIDTH[up.dtype.name]

    def perfect(low: int, high: int) -> None:
        with (
            borrowed("front", fronts.room_of_largest(width), dtype) as matrix,
            borrowed("row", fronts.largest + 2 * width, dtype) as row,
        ):
            perfect_fronts(low, high, fronts.tree, hierarchy.first_up, up, down, updates, matrix, row, width, *least)

    def finish(low: int, high: int) -> None:
        for triangles in (fronts.outer, fronts.inner):
            perfect_triangles(*_within(hierarchy, triangles, low, high), triangles, up, down, *least)

    with (
        borrowed("updates", fronts.room, dtype) as updates,
        borrowed("least up", len(up), dtype) as least_up,
        borrowed("least down", len(up), dtype) as least_down,
    ):
        least = least_up, least_down
        least_up[: len(up)], least_down[: len(up)] = up, down
        for level in reversed(levels(hierarchy)):
            _run(level, perfect, threads)
        for level in levels(hierarchy):
            _run(level, finish, threads)
        return _compact(hierarchy, up, least_up, threads), _compact(hierarchy, down, least_down, threads)


def levels(hierarchy: Hierarchy) -> tuple[NDArray[np.int64], ...]:
    """Return the tasks of each level; of a small network one task of all fronts, since threads would not pay."""
    fronts = hierarchy.fronts
    if hierarchy.n_up > WORTH_THREADS:
        return fronts.levels
    return (np.array([[0, len(fronts.first) - 1]]),) if len(fronts.first) > 1 else ()


def _run(level: NDArray[np.int64], work: Callable[[int, int], None], threads: int | None) -> None:
    """Do the tasks of a level, each a run of fronts."""
    run_chunks(len(level), lambda: lambda task: work(*level[task]), threads)


def _within(hierarchy: Hierarchy, triangles: NDArray[np.int32], low: int, high: int) -> tuple[int, int]:
    """Return where the triangles below the fronts `low` to `high - 1` begin and end."""
    ends = hierarchy.first_up[hierarchy.fronts.first[[low, high]]]
    begin, end = np.searchsorted(triangles[0], ends.astype(np.int32))  # of another type all would be copied
    return begin, end


def _compact(hierarchy: Hierarchy, weight: NDArray[Any], least: NDArray[Any], threads: int | None) -> Search:
    n_ranks = len(hierarchy.rank)
    first = np.zeros(n_ranks + 1, np.int64)
    n_chunks = -(-n_ranks // RANKS_A_CHUNK)

    def count(chunk: int) -> None:
        count_kept(hierarchy.first_up, weight, least, first, *_span(chunk, n_ranks))

    run_chunks(n_chunks, lambda: count, threads)
    np.cumsum(first, out=first)
    head = np.empty(first[-1], np.int32)
    values = np.empty(first[-1], weight.dtype)

    def fill(chunk: int) -> None:
        low, high = _span(chunk, n_ranks)
        fill_kept(hierarchy.first_up, hierarchy.up_head, weight, least, first, head, values, low, high)

    run_chunks(n_chunks, lambda: fill, threads)
    return first, head, values


def _span(chunk: int, n_ranks: int) -> tuple[int, int]:
    return chunk * RANKS_A_CHUNK, min((chunk + 1) * RANKS_A_CHUNK, n_ranks)
