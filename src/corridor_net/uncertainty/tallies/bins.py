"""Narrow bins of values.

A bin is what numbers have in common whose bits agree but for the last 43: 512 bins an octave, each 0.1 to 0.2% wide.
Counts of the same bins add up, whoever made them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = NDArray[np.int32]
Bins = tuple[Ints, Ints]
"""Bins in rising order, and how often each."""
Stretch = tuple[int, Ints]
"""A bin, and how often it and each of those after it was met."""
PERCENTILES = (10, 50, 90)
"""The points of a distribution that are told, per cent."""
SHIFT = 43
"""Bits that do not matter."""


def bins_of(values: Floats) -> Ints:
    """Return the bin of each value, all of them 0 or above; 0 is the bin of nothing at all.

    >>> first, last = bins_of(np.array([1000.0, 2000.0])).tolist()
    >>> last - first
    512
    """
    return np.ascontiguousarray(values, np.float64).view(np.int64) >> SHIFT


def edges(bins: Ints) -> tuple[Floats, Floats]:
    """Return the least value of each bin, and of the next."""
    bins = bins.astype(np.int64)
    low, high = (bins << SHIFT).view(np.float64), ((bins + 1) << SHIFT).view(np.float64)
    return low, np.where(bins == 0, 0.0, high)
