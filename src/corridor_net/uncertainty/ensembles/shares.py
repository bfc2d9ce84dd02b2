"""In what share of draws something is better, equal or worse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor_net.results import measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """In what share of draws one is better than another, equal to it (within 1e-9), and worse; they add up to 1."""

    better: float = measure(digits=4)
    equal: float = measure(digits=4)
    worse: float = measure(digits=4)

    @classmethod
    def from_gains(cls, gains: NDArray[np.float64], scale: NDArray[np.float64] | float) -> Shares:
        """Count gains (above 0 is better); what is within 1e-9 of `scale` is equal."""
        better, equal = (count / gains.size for count in better_and_equal(gains, scale))
        return cls(better=better, equal=equal, worse=max(0.0, 1.0 - better - equal))


def better_and_equal(gains: NDArray[np.float64], scale: NDArray[np.float64] | float) -> tuple[int, int]:
    """Return how many gains are above 0, and how many are 0: within 1e-9 of `scale`."""
    slack = 1e-9 * np.abs(scale)
    better = int(np.count_nonzero(gains > slack))
    return better, int(np.count_nonzero(gains >= -slack)) - better
