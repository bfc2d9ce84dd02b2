"""Scores of draws that are kept: every question draws the same figures with the same seed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from corridor_net.uncertainty.factors.distributions import Distribution
from corridor_net.uncertainty.factors.draws import Factors

Scores = dict[tuple[str, int, int, int], NDArray[np.float64]]
MOST = 4_000
"""Streams kept: some more than the shipped network has figures."""


class CachedFactors(Factors):
    """The factors of figures, whose normal scores are looked up in `cached` before they are drawn."""

    def __init__(self, distributions: Mapping[str, Distribution], cached: Scores) -> None:
        super().__init__(distributions)
        self._cached = cached

    def scores(self, key: str, start: int, count: int) -> NDArray[np.float64]:
        """Return the normal scores of one stream, to be written to by whoever asked."""
        about = (key, self.seed, start, count)
        found = self._cached.get(about)
        if found is None:
            found = super().scores(key, start, count)
            if len(self._cached) < MOST:
                self._cached[about] = found
        return found.copy()
