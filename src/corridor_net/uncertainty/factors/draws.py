"""Draws of factors, keyed by figure: adding a figure or a scenario shifts no other draw; any part can be drawn alone.

A counter-based generator (Philox: Salmon, Moraes, Dror & Shaw 2011) is keyed with a hash of seed and figure;
draw number n is its n-th output, whatever else is drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from corridor_net.costing.cost_model import Columns
from corridor_net.errors import BadValue
from corridor_net.figure_keys import original_key
from corridor_net.graph.ensembles.plain import Kept
from corridor_net.uncertainty.factors.distributions import SHARED, Distribution, checked_correlations

Floats = NDArray[np.float64]

STEP = 4
"""Philox makes four numbers at a time: chunks start at a multiple of this."""
MIDDLE = 2.0**-54
"""Added to a draw: the middle of its step, of 2^53, so that it is never 0."""
SLICE = 16_384
"""Numbers worked on at a time, so that they stay in the cache."""


def uniforms(key: str, seed: int, start: int, count: int) -> Floats:
    """Return draws `start` to `start + count - 1` of one stream, in the open interval (0, 1).

    Raises BadValue for a negative start or count.

    >>> bool((uniforms("a", 1, 0, 8)[4:] == uniforms("a", 1, 4, 4)).all())
    True
    """
    if start < 0 or count < 0:
        raise BadValue(f"draws {start} to {start + count}", hint="counts are 0 or more")
    bits = np.random.Philox(key=_hashed(key, seed))
    skipped = start // STEP
    bits.advance(skipped)
    drawn = np.random.Generator(bits).random(count + start - skipped * STEP)[start - skipped * STEP :]
    drawn += MIDDLE
    return drawn


def first_uniforms(keys: Sequence[str], seed: int, count: int) -> Floats:
    """Return the first draws of many streams, (n_keys, count): by one generator, as making each takes as long as both.

    >>> bool((first_uniforms(["a", "b"], 1, 8)[1] == uniforms("b", 1, 0, 8)).all())
    True
    """
    bits = np.random.Philox(key=0)
    begun, generator = bits.state, np.random.Generator(bits)
    drawn = np.empty((len(keys), count))
    for key, row in zip(keys, drawn, strict=True):
        bits.state = {**begun, "state": {**begun["state"], "key": _hashed(key, seed)}}
        generator.random(out=row)
    drawn += MIDDLE
    return drawn


def _hashed(key: str, seed: int) -> NDArray[np.uint64]:
    return np.frombuffer(hashlib.blake2b(f"{seed}:{key}".encode(), digest_size=16).digest(), "<u8")


def normals(key: str, seed: int, start: int, count: int) -> Floats:
    """Return standard normal draws of one stream, by the inverse of the distribution function."""
    return inverse_normal(uniforms(key, seed, start, count))


def inverse_normal(p: Floats) -> Floats:
    """Return the standard normal quantiles of probabilities, to about 1e-15 (Wichura 1988, AS 241, PPND16)."""
    found = np.empty(len(p))
    for start in range(0, len(p), SLICE):
        found[start : start + SLICE] = _quantiles(p[start : start + SLICE])
    return found


def _quantiles(p: Floats) -> Floats:
    q = p - 0.5
    found = _ratio(0.180625 - q * q, _A, _B)
    found *= q
    outer = np.flatnonzero(np.abs(q) > 0.425)
    side, tail = q[outer], p[outer]
    tail = np.sqrt(-np.log(np.minimum(tail, 1 - tail)))
    far = np.flatnonzero(tail > 5.0)
    reach = _ratio(tail - 1.6, _C, _D)
    reach[far] = _ratio(tail[far] - 5.0, _E, _F)
    found[outer] = np.copysign(reach, side)
    return found


def _ratio(x: Floats, above: Sequence[float], below: Sequence[float]) -> Floats:
    top, bottom = _horner(x, above), _horner(x, (1.0, *below))
    top /= bottom
    return top


def _horner(x: Floats, coefficients: Sequence[float]) -> Floats:
    """Return the polynomial whose coefficients are given from the lowest power up."""
    total = np.full(len(x), coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total *= x
        total += coefficient
    return total


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
# Coefficients of Hart's 5666 for the tail of the distribution function, over exp(-x^2 / 2).
_G = (
    *(220.206867912376, 221.213596169931, 112.079291497871, 33.912866078383, 6.37396220353165),
    *(0.700383064443688, 0.0352624965998911),
)
_H = (
    *(440.413735824752, 793.826512519948, 637.333633378831, 296.564248779674, 86.7807322029461, 16.064177579207),
    *(1.75566716318264, 0.0883883476483184),
)


class Streams:
    """Scores and factors of the first `count` draws, each made once: for many networks under the same draws.

    More draws than `SLICE` are made again when they are asked for, so that long ensembles stay in memory.
    """

    def __init__(self, seed: int, count: int) -> None:
        self.seed, self.count = seed, count if count <= SLICE else 0
        self.kept = Kept()
        self._cached: dict[str, Floats] = {}
        self._factors: dict[Hashable, Floats] = {}

    def scores(self, key: str, start: int, count: int) -> Floats:
        """Return draws `start` to `start + count - 1` of a stream, to be written on."""
        if start + count > self.count:
            return normals(key, self.seed, start, count)
        if key not in self._cached:
            self._cached[key] = normals(key, self.seed, 0, self.count)
        return self._cached[key][start : start + count].copy()

    def ahead(self, keys: Iterable[str], start: int, count: int) -> None:
        """Draw the scores of many streams side by side, which is quicker, where they are kept."""
        fresh = [key for key in dict.fromkeys(keys) if key not in self._cached] if start + count <= self.count else []
        if fresh:
            drawn = inverse_normal(first_uniforms(fresh, self.seed, self.count).reshape(-1))
            self._cached.update(zip(fresh, drawn.reshape(len(fresh), -1), strict=True))

    def factors(self, key: Hashable, make: Callable[[int, int], Floats], start: int, count: int) -> Floats:
        """Return draws `start` to `start + count - 1` of factors that `make` draws, not to be written on."""
        if start + count > self.count:
            return make(start, count)
        if key not in self._factors:
            self._factors[key] = make(0, self.count)
            self._factors[key].flags.writeable = False
        whole = self._factors[key]
        return whole if count == self.count else whole[start : start + count]


class Factors:
    """What amounts that rest on each figure are multiplied with: the factors of a study, a column at a time.

    That is the figure's own factor, or one over it where amounts are divided by the figure (`Distribution.inverse`).
    Draws, groups and correlations are those of the figures themselves.

    `z = sqrt(0.3) z_group + sqrt(0.7) z_own` makes figures of a group move together; given correlations replace
    that by a Gaussian copula for the figures they name.
    """

    def __init__(
        self,
        distributions: Mapping[str, Distribution],
        seed: int = 1,
        correlations: Mapping[tuple[str, str], float] | None = None,
        streams: Streams | None = None,
    ) -> None:
        """Check the correlations; raise BadValue for unknown figures or a matrix that is not positive definite."""
        self.distributions = dict(distributions)
        self.seed = seed
        self._streams = streams or Streams(seed, 0)
        self._mixed = _copula(checked_correlations(correlations or {}, self.distributions))
        self._shared: tuple[tuple[int, int], dict[str, Floats]] = ((0, 0), {})

    @property
    def kept(self) -> Kept:
        """What searches under these draws keep for the next network under them."""
        return self._streams.kept

    def scores(self, key: str, start: int, count: int) -> Floats:
        """Return the normal scores of one stream."""
        return self._streams.scores(key, start, count)

    def normal(self, figure: str, start: int, count: int) -> Floats:
        """Return the standard normal scores behind a figure's factor."""
        if figure in self._mixed:
            names, row = self._mixed[figure]
            total = np.zeros(count)
            for name, weight in zip(names, row, strict=True):
                total += weight * self.scores(original_key(name), start, count)
            return total
        own = self.scores(original_key(figure), start, count)
        group = self.distributions[figure].group
        if not group:
            return own
        own *= (1 - SHARED) ** 0.5
        own += SHARED**0.5 * self._common(group, start, count)
        return own

    def _common(self, group: str, start: int, count: int) -> Floats:
        """Return the scores that a group has in common; those of the draws last looked at are kept."""
        if self._shared[0] != (start, count):
            self._shared = (start, count), {}
        kept = self._shared[1]
        if group not in kept:
            kept[group] = self.scores(f"group {group}", start, count)
        return kept[group]

    def factor(self, figure: str, start: int, count: int) -> Floats:
        """Return the factors of a figure in draws `start` to `start + count - 1`."""
        distribution = self.distributions[figure]
        if distribution.kind == "certain":
            return self._streams.factors("certain", lambda _, size: np.ones(size), start, count)

        def made(first: int, size: int) -> Floats:
            return self.of_normal(figure, self.normal(figure, first, size))

        if figure in self._mixed:
            return made(start, count)
        of = (
            distribution.kind,
            distribution.sigma,
            distribution.sigma_up,
            distribution.low,
            distribution.high,
            distribution.group,
            distribution.inverse,
        )
        return self._streams.factors((original_key(figure), of), made, start, count)

    def ahead(self, figures: Iterable[str], start: int, count: int) -> None:
        """Make ready to draw many figures."""
        drawn = [figure for figure in figures if self.distributions[figure].kind != "certain"]
        self._streams.ahead(map(original_key, drawn), start, count)

    def columns(self, count: int, start: int = 0) -> Columns:
        """Return what gives the factors of a figure in draws `start` to `start + count - 1`."""
        return partial(self.factor, start=start, count=count)

    def of_normal(self, figure: str, z: Floats) -> Floats:
        """Return the factors of a figure at given standard normal scores, shape as `z`."""
        distribution = self.distributions[figure]
        if distribution.kind == "certain":
            return np.ones(z.shape)
        if distribution.kind == "lognormal":
            return _lognormal(z, distribution)
        return _triangular(_distribution(z), distribution)

    def at(self, figure: str, scores: Floats) -> Floats:
        """Return the factors at given probabilities in (0, 1), for designs that bring their own points."""
        distribution = self.distributions[figure]
        if distribution.kind == "certain":
            return np.ones(len(scores))
        if distribution.kind == "lognormal":
            return _lognormal(inverse_normal(scores), distribution)
        return _triangular(scores, distribution)


def _lognormal(z: Floats, distribution: Distribution) -> Floats:
    scaled = (
        z * distribution.sigma
        if distribution.sigma == distribution.sigma_up
        else np.where(z < 0, distribution.sigma, distribution.sigma_up) * z
    )
    if distribution.inverse:
        np.negative(scaled, out=scaled)
    return np.asarray(np.exp(scaled, out=scaled))


def _distribution(z: Floats) -> Floats:
    """Return the standard normal distribution function, to about 1e-14 within 7 of the middle (Hart 1968, 5666)."""
    size = np.minimum(np.abs(z), 7.0)
    beyond = np.exp(-size * size / 2) * (_horner(size, _G) / _horner(size, _H))
    return np.asarray(np.where(z > 0, 1 - beyond, beyond))


def _triangular(p: Floats, distribution: Distribution) -> Floats:
    low, high = distribution.low, distribution.high
    if high == low:
        return np.full(len(p), low)
    turn = (1 - low) / (high - low)
    rising = low + np.sqrt(np.maximum(p, 0) * (high - low) * (1 - low))
    falling = high - np.sqrt(np.maximum(1 - p, 0) * (high - low) * (high - 1))
    drawn = np.asarray(np.where(p < turn, rising, falling))
    return 1 / drawn if distribution.inverse else drawn


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
