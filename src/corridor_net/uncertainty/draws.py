"""Draws of factors, keyed by figure: adding a figure or a scenario shifts no other draw; any part can be drawn alone.

A counter-based generator (Philox: Salmon, Moraes, Dror & Shaw 2011) is keyed with a hash of seed and figure;
draw number n is its n-th output, whatever else is drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue

from .doubts import SHARED, Doubt, base_figure, checked_correlations

Floats = NDArray[np.float64]

STEP = 4
"""Philox makes four numbers at a time: chunks start at a multiple of this."""


def uniforms(key: str, seed: int, start: int, count: int) -> Floats:
    """Return draws `start` to `start + count - 1` of one stream, in the open interval (0, 1).

    Raises BadValue for a negative start or count.

    >>> bool((uniforms("a", 1, 0, 8)[4:] == uniforms("a", 1, 4, 4)).all())
    True
    """
    if start < 0 or count < 0:
        raise BadValue(f"draws {start} to {start + count}", hint="counts are 0 or more")
    hashed = hashlib.blake2b(f"{seed}:{key}".encode(), digest_size=16).digest()
    bits = np.random.Philox(key=np.frombuffer(hashed, "<u8"))
    skipped = start // STEP
    bits.advance(skipped)
    raw = bits.random_raw(count + start - skipped * STEP)[start - skipped * STEP :]
    return np.asarray(((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53)


def normals(key: str, seed: int, start: int, count: int) -> Floats:
    """Return standard normal draws of one stream, by the inverse of the distribution function."""
    return inverse_normal(uniforms(key, seed, start, count))


def inverse_normal(p: Floats) -> Floats:
    """Return the standard normal quantiles of probabilities, to about 1e-15 (Wichura 1988, AS 241, PPND16)."""
    q = p - 0.5
    r = 0.180625 - q * q
    middle = q * _ratio(r, _A, _B)
    tail = np.sqrt(-np.log(np.where(q < 0, p, 1 - p)))
    near, far = _ratio(tail - 1.6, _C, _D), _ratio(tail - 5.0, _E, _F)
    outer = np.where(tail <= 5.0, near, far)
    return np.asarray(np.where(np.abs(q) <= 0.425, middle, np.where(q < 0, -outer, outer)))


def _ratio(x: Floats, above: Sequence[float], below: Sequence[float]) -> Floats:
    return np.asarray(np.polyval(above[::-1], x) / np.polyval([*below[::-1], 1.0], x))


# Coefficients of AS 241: numerators and denominators for the middle, the near and the far tail.
_A = (
    *(3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125),
    *(45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727),
)
_B = (
    *(42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867),
    *(39307.89580009271061, 28729.085735721942674, 5226.495278852545925),
)
_C = (
    *(1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504),
    *(1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4),
)
_D = (
    *(2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459),
    *(0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9),
)
_E = (
    *(6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123),
    *(0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7),
)
_F = (
    *(0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4),
    *(1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15),
)


class Factors:
    """The factors of all figures of a study, a column at a time.

    `z = sqrt(0.3) z_group + sqrt(0.7) z_own` makes figures of a group move together; given correlations replace
    that by a Gaussian copula for the figures they name.
    """

    def __init__(
        self,
        doubts: Mapping[str, Doubt],
        seed: int = 1,
        correlations: Mapping[tuple[str, str], float] | None = None,
    ) -> None:
        """Check the correlations; raise BadValue for unknown figures or a matrix that is not positive definite."""
        self.doubts = dict(doubts)
        self.seed = seed
        self._mixed = _copula(checked_correlations(correlations or {}, self.doubts))

    def normal(self, figure: str, start: int, count: int) -> Floats:
        """Return the standard normal scores behind a figure's factor."""
        if figure in self._mixed:
            names, row = self._mixed[figure]
            total = np.zeros(count)
            for name, weight in zip(names, row, strict=True):
                total += weight * normals(base_figure(name), self.seed, start, count)
            return total
        own = normals(base_figure(figure), self.seed, start, count)
        group = self.doubts[figure].group
        if not group:
            return own
        common = normals(f"group {group}", self.seed, start, count)
        return np.asarray(SHARED**0.5 * common + (1 - SHARED) ** 0.5 * own)

    def factor(self, figure: str, start: int, count: int) -> Floats:
        """Return the factors of a figure in draws `start` to `start + count - 1`."""
        if self.doubts[figure].kind == "certain":
            return np.ones(count)
        return self.of_normal(figure, self.normal(figure, start, count))

    def of_normal(self, figure: str, z: Floats) -> Floats:
        """Return the factors of a figure at given standard normal scores, shape as `z`."""
        doubt = self.doubts[figure]
        if doubt.kind == "certain":
            return np.ones(z.shape)
        if doubt.kind == "lognormal":
            return _lognormal(z, doubt)
        return _triangular(_distribution(z), doubt.low, doubt.high)

    def at(self, figure: str, scores: Floats) -> Floats:
        """Return the factors at given probabilities in (0, 1), for designs that bring their own points."""
        doubt = self.doubts[figure]
        if doubt.kind == "certain":
            return np.ones(len(scores))
        if doubt.kind == "lognormal":
            return _lognormal(inverse_normal(scores), doubt)
        return _triangular(scores, doubt.low, doubt.high)


def _lognormal(z: Floats, doubt: Doubt) -> Floats:
    return np.asarray(np.exp(np.where(z < 0, doubt.sigma, doubt.sigma_up) * z))


def _distribution(z: Floats) -> Floats:
    """Return the standard normal distribution function."""
    from math import erf

    return np.array([0.5 * (1 + erf(value / 2**0.5)) for value in z.tolist()])


def _triangular(p: Floats, low: float, high: float) -> Floats:
    if high == low:
        return np.full(len(p), low)
    turn = (1 - low) / (high - low)
    rising = low + np.sqrt(np.maximum(p, 0) * (high - low) * (1 - low))
    falling = high - np.sqrt(np.maximum(1 - p, 0) * (high - low) * (high - 1))
    return np.asarray(np.where(p < turn, rising, falling))


def _copula(correlations: Mapping[tuple[str, str], float]) -> dict[str, tuple[list[str], list[float]]]:
    """Return for every named figure the independent scores it is mixed of (Cholesky rows)."""
    if not correlations:
        return {}
    names = sorted({name for pair in correlations for name in pair})
    place = {name: number for number, name in enumerate(names)}
    matrix = np.eye(len(names))
    for (a, b), value in correlations.items():
        matrix[place[a], place[b]] = matrix[place[b], place[a]] = value
    try:
        lower = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        raise BadValue(
            "the correlations contradict each other: their matrix is not positive definite",
            hint=f"figures: {', '.join(names)}",
        ) from None
    return {name: (names, lower[place[name]].tolist()) for name in names}
