"""Numbers that name routes."""

import numpy as np
from numpy.typing import NDArray


def arc_marks(n_arcs: int) -> NDArray[np.int64]:
    """Return one well-mixed 64-bit number an arc (splitmix64); a route is named by their sum."""
    with np.errstate(over="ignore"):
        mixed = (np.arange(1, n_arcs + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return (mixed ^ (mixed >> np.uint64(31))).view(np.int64)
