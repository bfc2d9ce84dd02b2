"""Shapley values and pair interactions of a game that is given by the value of each of its subsets."""

from __future__ import annotations

import itertools
from math import factorial

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue


def shapley(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Shapley value of each player of a game given by `values[mask]`, shape (2^n,); values[0] is none.

    `phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S))`.

    >>> shapley(np.array([0.0, 1.0, 0.0, 5.0])).tolist()
    [3.0, 2.0]
    """
    n, masks, sizes = _players(values)
    factor = np.array([factorial(k) * factorial(n - k - 1) / factorial(n) for k in range(n)])
    found = np.zeros(n)
    for i in range(n):
        without = masks[masks >> i & 1 == 0]
        found[i] = (factor[sizes[without]] * (values[without | 1 << i] - values[without])).sum()
    return found


def interactions(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the pair interaction index of Grabisch & Roubens (1999), shape (n, n), symmetric, diagonal 0.

    `I_ij = sum over S without i, j of |S|! (n - |S| - 2)! / (n - 1)! (v(S + ij) - v(S + i) - v(S + j) + v(S))`.

    >>> interactions(np.array([0.0, 1.0, 0.0, 5.0])).tolist()
    [[0.0, 4.0], [4.0, 0.0]]
    """
    n, masks, sizes = _players(values)
    factor = np.array([factorial(k) * factorial(n - k - 2) / factorial(n - 1) for k in range(n - 1)])
    found = np.zeros((n, n))
    for i, j in itertools.combinations(range(n), 2):
        a, b = 1 << i, 1 << j
        without = masks[masks & (a | b) == 0]
        gain = values[without | a | b] - values[without | a] - values[without | b] + values[without]
        found[i, j] = found[j, i] = (factor[sizes[without]] * gain).sum()
    return found


def _players(values: NDArray[np.float64]) -> tuple[int, NDArray[np.int64], NDArray[np.int64]]:
    n = len(values).bit_length() - 1
    if len(values) != 1 << n:
        raise BadValue(f"a game needs the value of each of its 2^n subsets, not {len(values)}")
    masks = np.arange(len(values), dtype=np.int64)
    sizes = np.zeros(len(values), np.int64)
    for i in range(n):
        sizes += masks >> i & 1
    return n, masks, sizes
