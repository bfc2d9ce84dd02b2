"""Counting values into narrow bins, so that memory does not grow with the draws; and measuring what was counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.loops.compiler import can_compile
from corridor_net.uncertainty.tallies.bins import PERCENTILES, Bins, Counts, Floats, Ints, Stretch, bins_of, edges

MARGIN = 128
"""Bins of room on either side when a row needs more; and a quarter of what there was, so that it is seldom needed."""

FEW = 2**20
"""Values up to which distinct ones are found sooner than the compiler is loaded."""


class Tally:
    """Counts of several rows of values, each row with bins of its own."""

    def __init__(self, n_rows: int) -> None:
        """Begin with nothing counted."""
        self.zeros = np.zeros(n_rows, np.int64)
        self.first = np.full(n_rows, -1, np.int64)
        self.counts: Counts = np.zeros((n_rows, 0), np.int32)

    def add(self, values: Floats) -> None:
        """Count values, (n_rows, count), all of them 0 or above and finite."""
        count = _counter()
        reached = count(values, 0, self.first, self.counts, self.zeros)
        while reached < values.size:
            self._widen(values)
            reached = count(values, reached, self.first, self.counts, self.zeros)

    def _widen(self, values: Floats) -> None:
        """Make room for the bins of values."""
        bins = bins_of(values)
        most = bins.max(axis=1, initial=1)
        least = np.where(bins > 0, bins, most[:, None]).min(axis=1)
        known, margin = self.first >= 0, MARGIN + self.counts.shape[1] // 4
        first = np.where(known, np.minimum(self.first, least - margin), least - margin)
        most = np.maximum(most + margin, self.first + self.counts.shape[1])
        wide = np.zeros((len(first), int((most - first).max()) + 1), np.int32)
        for row in np.flatnonzero(known).tolist():
            shift = int(self.first[row] - first[row])
            wide[row, shift : shift + self.counts.shape[1]] = self.counts[row]
        self.first, self.counts = first, wide

    def rows(self) -> Iterator[list[Stretch]]:
        """Yield what was counted of each row: of nothing, and from the first bin met to the last."""
        for zeros, first, counts in zip(self.zeros.tolist(), self.first.tolist(), self.counts, strict=True):
            found: list[Stretch] = [(0, np.array([zeros]))] if zeros else []
            place = np.flatnonzero(counts)
            if len(place):
                found.append((first + int(place[0]), counts[place[0] : place[-1] + 1].astype(np.int64)))
            yield found


class Total:
    """A sum of stretches, wherever they begin."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self.zeros, self.first = 0, -1
        self.counts = np.zeros(0, np.int64)

    def add(self, first: int, counts: Ints) -> None:
        """Add a stretch."""
        if first == 0:
            self.zeros += int(counts[0])
            return
        if not len(self.counts):
            self.first = first
        low, high = min(self.first, first), max(self.first + len(self.counts), first + len(counts))
        if high - low > len(self.counts):
            wide = np.zeros(high - low, np.int64)
            wide[self.first - low :][: len(self.counts)] = self.counts
            self.first, self.counts = low, wide
        self.counts[first - low :][: len(counts)] += counts

    def bins(self) -> Bins:
        """Return the bins met, and how often each."""
        place = np.flatnonzero(self.counts)
        bins, counts = place + self.first, self.counts[place]
        if self.zeros:
            return np.append(0, bins), np.append(self.zeros, counts)
        return bins, counts


def _counter() -> Callable[[Floats, int, Ints, Counts, Ints], int]:
    """Return the loop that counts: compiled where numba is there, else the same with numpy."""
    if not can_compile():
        return count_of
    from corridor_net.uncertainty.tallies import compiled_tally

    return compiled_tally.count_of


def count_of(values: Floats, begin: int, first: Ints, counts: Counts, zeros: Ints) -> int:
    """Add values, row by row from number `begin` on, to the counts of their rows or to the zeros.

    The first bin of a row is `first`. Returns how many have been counted: all, or as far as there was room.
    """
    width = counts.shape[1]
    places = bins_of(values) - first[:, None]
    filled = places > -first[:, None]
    if begin or ((places < 0) | (places >= width))[filled].any() or not width:
        if begin:
            raise ValueError("all or nothing is counted")
        return 0
    zeros += (~filled).sum(axis=1)
    places += width * np.arange(len(first))[:, None]
    counts += np.bincount(places[filled], minlength=counts.size).reshape(counts.shape).astype(counts.dtype)
    return values.size


def distinct(values: Floats) -> list[NDArray[Any]]:
    """Return the distinct whole numbers of each row: row, number, how often, first column; by row, then column."""
    if values.size > FEW and can_compile():
        from corridor_net.uncertainty.tallies import compiled_tally

        return compiled_tally.distinct(values)
    rows = []
    for row, line in enumerate(values):
        numbers, first, times = np.unique(line, return_index=True, return_counts=True)
        order = np.argsort(first)
        rows.append((np.full(len(order), row), numbers[order], times[order], first[order]))
    return [np.concatenate(column) for column in zip(*rows, strict=True)]


def percentiles(bins: Ints, counts: Ints) -> dict[str, float]:
    """Return mean and percentiles of counted bins; within a bin values are taken as spread evenly."""
    low, high = edges(bins)
    draws = int(counts.sum())
    reached = np.cumsum(counts)
    told = {"mean": float(((low + high) / 2 * counts).sum()) / draws}
    for percent in PERCENTILES:
        wanted = percent / 100 * draws
        place = int(np.searchsorted(reached, wanted))
        share = (wanted - (reached[place] - counts[place])) / counts[place]
        told[f"p{percent}"] = float(low[place] + share * (high[place] - low[place]))
    return {name: round(value, 2) for name, value in told.items()}
