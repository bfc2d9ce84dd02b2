"""How loops are compiled here: `kernel`, numba's njit, code kept, interpreter let go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

try:
    from numba import njit
except ImportError as error:  # pragma: no cover - the extra is installed wherever the tests run
    raise ImportError(
        "this search is compiled and needs numba: pip install 'corridor-net[fast]'; "
        "corridor_net.graph.search.dijkstra does without"
    ) from error

kernel: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(
    cache=True, nogil=True, boundscheck=False, error_model="numpy"
)
inlined: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(
    cache=True, nogil=True, boundscheck=False, error_model="numpy", inline="always"
)
index = np.uint64
"""A place in an array, in the inner loops: with a sign, each access would first ask whether it counts from the end.

Never to be added to or multiplied with numbers that have a sign: that would make floats of both.
"""
