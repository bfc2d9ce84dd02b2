"""Weightings of one's own: `Dense` as rows, `Blocks` as a function that makes some, `Removals` as arcs taken out."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue
from corridor_net.graph.ensembles.weightings import Block, refuse_unfit, refuse_wide
from corridor_net.graph.loops.compiled import kernel
from corridor_net.graph.loops.lanes import WIDTH, turn
from corridor_net.graph.topology import HEAVIEST, HEAVIEST_NARROW, Graph, checked_weight, numbers


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """Weightings as rows, shape (count, n_arcs); each is checked when its block is filled, which reads it anyway."""

    rows: NDArray[np.float64]

    @classmethod
    def of(cls, graph: Graph, rows: ArrayLike) -> Dense:
        """Take `rows`, shape (count, n_arcs); `BadValue` for another shape or what is not a number."""
        values = numbers(rows, "weightings")
        if values.ndim != 2 or values.shape[1] != graph.n_arcs:
            raise BadValue(f"weightings need the shape (count, {graph.n_arcs}), not {values.shape}")
        return cls(values)

    @property
    def count(self) -> int:
        """The number of weightings."""
        return len(self.rows)

    @property
    def n_arcs(self) -> int:
        """The number of arcs."""
        return int(self.rows.shape[1])

    def fill(self, start: int, width: int, block: Block) -> None:
        """Write blocks of weightings; `BadValue` for NaN or negative values."""
        _fill_rows(self.rows, start, width, block)


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Weightings made when asked for: `make(start, stop)` returns rows start … stop - 1.

    Their shape is (stop - start, n_arcs). `make` must give the same rows whenever it is called,
    and may be called from several threads.
    """

    make: Callable[[int, int], NDArray[np.float64]]
    count: int
    n_arcs: int

    def fill(self, start: int, width: int, block: Block) -> None:
        """Write a block of weightings, checked."""
        stop = min(start + len(block) // max(self.n_arcs, 1), self.count)
        rows = np.ascontiguousarray(self.make(start, stop), np.float64)
        if rows.shape != (stop - start, self.n_arcs):
            raise BadValue(f"weightings {start} to {stop} came with the shape {rows.shape}")
        _fill_rows(rows, 0, width, block, number=start)


@dataclass(frozen=True, slots=True, eq=False)
class Removals:
    """One base weighting; in weighting k the arcs `removed[first[k]:first[k + 1]]` are absent."""

    base: NDArray[np.float64]
    first: NDArray[np.int64]
    removed: NDArray[np.int32]

    @classmethod
    def of(cls, graph: Graph, base: ArrayLike, sets: Sequence[Sequence[int]]) -> Removals:
        """Take the base and the sets of arcs to remove, a set a weighting; `BadValue` for an unknown arc."""
        values = checked_weight(graph, base)
        first = np.zeros(len(sets) + 1, np.int64)
        np.cumsum([len(arcs) for arcs in sets], out=first[1:])
        removed = np.array([arc for arcs in sets for arc in arcs], np.int64)
        if removed.size and not (removed.min() >= 0 and removed.max() < graph.n_arcs):
            raise BadValue(f"arcs to remove must be 0 to {graph.n_arcs - 1}")
        return cls(values, first, removed.astype(np.int32))

    @property
    def count(self) -> int:
        """The number of weightings."""
        return len(self.first) - 1

    @property
    def n_arcs(self) -> int:
        """The number of arcs."""
        return len(self.base)

    def fill(self, start: int, width: int, block: Block) -> None:
        """Write a block of weightings."""
        refuse_wide(block, self.base)
        wide = block.reshape(-1, self.n_arcs, width)
        wide[:] = self.base[:, None]
        for place in range(len(wide) * width):
            k = min(start + place, self.count - 1)
            wide[place // width, self.removed[self.first[k] : self.first[k + 1]], place % width] = inf


def _fill_rows(rows: NDArray[np.float64], start: int, width: int, block: Block, number: int = 0) -> None:
    """Write weightings that are rows, from row `start` on, into blocks; row 0 is weighting `number`."""
    dtype, n_arcs = block.dtype.name, rows.shape[1]
    part = rows[start : start + len(block) // max(n_arcs, 1)]
    most = HEAVIEST if dtype == "float64" else HEAVIEST_NARROW
    squares = width == WIDTH[dtype]
    if not _fill_checked(part.reshape(-1), n_arcs, width, squares, block, most):
        refuse_unfit(part, start + number, most)


@kernel
def _fill_checked(rows, n_arcs, width, squares, block, most):
    """Write blocks, as long as all weights are fit; past the end the last weighting is repeated.

    Full blocks are turned, as many arcs at a time as a vector holds, where the `width` is that of a vector.
    """
    count = len(rows) // max(n_arcs, 1)
    for number in range(len(block) // max(n_arcs * width, 1)):
        begin, end = number * width * n_arcs, (number + 1) * width * n_arcs
        if not _all_fit(rows, begin, min(end, len(rows)), most):
            return False
        done = n_arcs - n_arcs % width if squares and end <= len(rows) else 0
        for arc in range(0, done, width):
            turn(rows, begin + arc, n_arcs, block, begin + arc * width, width)
        for arc in range(done, n_arcs):
            for lane in range(width):
                k = min(number * width + lane, count - 1)
                block[begin + arc * width + lane] = rows[k * n_arcs + arc]
    return True


@kernel
def _all_fit(values, begin, end, most):
    """Whether all are numbers from 0 to `most`, or inf; without a branch, so that many are looked at together."""
    unfit = 0
    part = values[begin:end]  # the compiler knows that places in it are not negative, and takes eight at a time
    for place in range(len(part)):
        value = part[place]
        unfit += not (((value >= 0) & (value <= most)) | (value == inf))
    return unfit == 0
