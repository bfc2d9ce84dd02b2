"""Scrambled Sobol points: those of `scipy.stats.qmc.Sobol` bit for bit, without the wait for all of scipy.stats.

Direction numbers are those of Joe & Kuo (2008), of which scipy keeps a table. The digits of a point are scrambled by a
random lower triangular matrix and shifted by a random number (Matousek 1998).
"""

from __future__ import annotations

from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue

Whole = NDArray[np.int64]

BITS = 30
"""Binary digits of a point, the first the largest."""
_PLACES = np.arange(BITS)[::-1]


def sobol_points(n_inputs: int, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return `count` scrambled points in [0, 1), shape (count, n_inputs); raise BadValue for too many inputs."""
    numbers = _directions(n_inputs)
    rng = rng.spawn(1)[0]
    shift = _bits(rng, n_inputs, BITS) @ (1 << _PLACES[::-1])
    matrix = np.tril(_bits(rng, n_inputs, BITS, BITS), -1) + np.eye(BITS, dtype=np.int64)
    digits = numbers[:, None, :] >> _PLACES[:, None] & 1
    numbers = ((matrix @ digits & 1) << _PLACES[:, None]).sum(axis=1)
    place = np.arange(count)
    gray = place ^ place >> 1
    points = np.tile(shift, (count, 1))
    for digit in range(count.bit_length()):
        points[gray >> digit & 1 == 1] ^= numbers[:, digit]
    return points / 2.0**BITS


def _bits(rng: np.random.Generator, *shape: int) -> Whole:
    return rng.integers(2, size=shape, dtype=np.uint32).astype(np.int64)


def _directions(n_inputs: int) -> Whole:
    """Return the direction numbers of each input, (n_inputs, BITS): the first given, the others by its polynomial."""
    with np.load(str(files("scipy") / "stats" / "_sobol_direction_numbers.npz")) as table:
        polynomial, given = table["poly"][:n_inputs], table["vinit"][:n_inputs]
    if n_inputs > len(polynomial):
        raise BadValue(
            f"Sobol points of {n_inputs:,} figures", hint=f"{len(polynomial):,} at most: ask for random draws"
        )
    found = np.zeros((n_inputs, BITS), np.int64)
    found[:, : given.shape[1]] = given
    found[0] = 1
    degree = np.array([number.bit_length() - 1 for number in polynomial.tolist()])
    for digit in range(1, BITS):
        rows = np.flatnonzero((degree > 0) & (degree <= digit))
        found[rows, digit] = found[rows, digit - degree[rows]]
        for back in range(1, degree.max() + 1):
            some = rows[degree[rows] >= back]
            term = polynomial[some] >> degree[some] - back & 1
            found[some, digit] ^= term * found[some, digit - back] << back
    return found << _PLACES
