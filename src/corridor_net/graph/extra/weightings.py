"""Weightings of one's own, as rows."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue
from corridor_net.graph.ensembles.weightings import Block, refuse_unfit
from corridor_net.graph.loops.compiled import kernel
from corridor_net.graph.loops.lanes import WIDTH, turn
from corridor_net.graph.topology import HEAVIEST, HEAVIEST_NARROW, Graph, numbers


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
        dtype = block.dtype.name
        part = self.rows[start : start + len(block) // max(self.n_arcs, 1)]
        most = HEAVIEST if dtype == "float64" else HEAVIEST_NARROW
        if not _fill_checked(part.reshape(-1), self.n_arcs, width, width == WIDTH[dtype], block, most):
            refuse_unfit(part, start, most)


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
