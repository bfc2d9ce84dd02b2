"""The loops of `tally` and of `jobs`, compiled: they let other threads run, and look at each value once."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.loops.compiled import index, kernel
from corridor_net.uncertainty.tallies.bins import SHIFT


@kernel
def count_of(values, begin, first, counts, zeros):
    """`tally.count_of`."""
    n_rows, count = values.shape
    width = counts.shape[1]
    for row in range(begin // count, n_rows):
        bins, line = values[row].view(np.int64), counts[row]
        start = first[row]
        for k in range(max(begin - row * count, 0), count):
            place = bins[index(k)] >> SHIFT
            if place == 0:
                zeros[row] += 1
            elif 0 <= place - start < width:
                line[index(place - start)] += 1
            else:
                return row * count + k
    return values.size


def distinct(values: NDArray[np.float64]) -> list[NDArray[Any]]:
    """Return the distinct whole numbers of each row, (row, number, how often, first column), in order of column."""
    room = 16 * len(values)
    while True:
        found = (np.empty(room, np.int64), np.empty(room), np.zeros(room, np.int64), np.empty(room, np.int64))
        size = _distinct(values, *found)
        if size >= 0:
            return [one[:size] for one in found]
        room *= 8


@kernel
def _distinct(values, rows, numbers, times, firsts):
    """Fill what `distinct` returns, by a table of hashes for each row; return how many, -1 for want of room."""
    n_rows, count = values.shape
    slots = 16
    while slots < 2 * count:
        slots *= 2
    table = np.empty(slots, np.int32)
    size = 0
    for row in range(n_rows):
        table[:] = -1
        line = values[row]
        last = -1
        for k in range(count):
            value = line[k]
            if last < 0 or numbers[index(last)] != value:
                slot = (np.int64(value) * np.int64(0x9E3779B97F4A7C1) >> 20) & (slots - 1)
                last = table[index(slot)]
                while last >= 0 and numbers[index(last)] != value:
                    slot = (slot + 1) & (slots - 1)
                    last = table[index(slot)]
                if last < 0:
                    if size == len(rows):
                        return -1
                    last = size
                    size += 1
                    table[slot] = last
                    rows[last], numbers[last], firsts[last] = row, value, k
            times[index(last)] += 1
    return size
