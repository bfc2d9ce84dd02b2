"""Draws that fill the space more evenly than chance does: Owen-scrambled Sobol points, Latin hypercubes.

Both come as eight independent replicates side by side, so that what eight means differ by tells how well the mean
over all is known (randomised quasi-Monte Carlo: Owen 1997; L'Ecuyer & Lemieux 2002).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np

from corridor_net.errors import BadValue, did_you_mean
from corridor_net.figure_keys import original_key
from corridor_net.uncertainty.factors.distributions import Distribution
from corridor_net.uncertainty.factors.draws import Factors, Floats, inverse_normal
from corridor_net.uncertainty.factors.sobol import sobol_points

SAMPLERS = ("random", "sobol", "latin")
REPLICATES = 8
T_975 = 2.3646242515927853
"""97.5% point of Student's distribution with seven degrees of freedom."""
EDGE = 1e-9


def checked_sampler(sampler: str, draws: int) -> None:
    """Refuse an unknown sampler, and numbers of draws that its replicates cannot share (BadValue)."""
    if sampler not in SAMPLERS:
        hint = did_you_mean(sampler, SAMPLERS, otherwise=f"one of: {', '.join(SAMPLERS)}")
        raise BadValue(f"no sampler '{sampler}'", hint=hint)
    each, rest = divmod(draws, REPLICATES)
    if sampler == "latin" and rest:
        raise BadValue(f"{draws} draws by Latin hypercubes", hint=f"a multiple of {REPLICATES}")
    if sampler == "sobol" and (rest or each & (each - 1)):
        below = REPLICATES << max(each.bit_length() - 1, 0)
        raise BadValue(f"{draws} draws by Sobol points", hint=f"{below:,} or {2 * below:,}: eight times a power of two")


def keys_of(distributions: Iterable[Mapping[str, Distribution]]) -> tuple[str, ...]:
    """Return the streams behind some sets of doubts, sorted: figures that are not certain, and what groups share."""
    kept = [distribution for one in distributions for distribution in one.values() if distribution.kind != "certain"]
    names = {original_key(distribution.figure) for distribution in kept} | {
        f"group {distribution.group}" for distribution in kept if distribution.group
    }
    return tuple(sorted(names))


class Designed(Factors):
    """Factors at the points of a design of a fixed number of draws.

    A Latin hypercube is keyed by figure, as random draws are: another figure shifts nothing. Of Sobol points, figures
    take their dimensions in the order of `keys`: a figure more, and those sorted behind it get other points.
    """

    def __init__(
        self,
        distributions: Mapping[str, Distribution],
        seed: int,
        correlations: Mapping[tuple[str, str], float] | None,
        *,
        sampler: str,
        draws: int,
        keys: tuple[str, ...],
    ) -> None:
        """Make the points; raise BadValue as `checked_sampler` and `Factors`."""
        checked_sampler(sampler, draws)
        super().__init__(distributions, seed, correlations)
        self.draws = draws
        self._each = draws // REPLICATES
        self._points = _sobol(len(keys), self._each, seed) if sampler == "sobol" else None
        self._place = {key: number for number, key in enumerate(keys)}

    def scores(self, key: str, start: int, count: int) -> Floats:
        """Return normal scores of a stream at points `start` to `start + count - 1`."""
        if self._points is not None:
            points = self._points[:, self._place[key]] if key in self._place else np.full(self.draws, 0.5)
        else:
            points = _latin(key, self._each, self.seed)
        return inverse_normal(points[start : start + count])


@lru_cache(maxsize=1)
def _sobol(n_keys: int, each: int, seed: int) -> Floats:
    """Return points (8 * each, n_keys); the last are kept, for the next run of the study."""
    made = [sobol_points(n_keys, each, np.random.Generator(np.random.Philox([seed, r]))) for r in range(REPLICATES)]
    return np.asarray(np.clip(np.concatenate(made), EDGE, 1 - EDGE))


def _latin(key: str, each: int, seed: int) -> Floats:
    """Return the points of one stream, (8 * each,): each replicate has one in every stratum."""
    hashed = hashlib.blake2b(f"latin {seed}:{key}".encode(), digest_size=16).digest()
    rng = np.random.Generator(np.random.Philox(key=np.frombuffer(hashed, "<u8")))
    made = [(rng.permutation(each) + rng.random(each)) / each for _ in range(REPLICATES)]
    return np.clip(np.concatenate(made), EDGE, 1 - EDGE)


def half_width(values: Floats, sampler: str) -> float:
    """Return the 95% half-width of a mean, as a share of it: by all values, or by replicates of a design."""
    if sampler == "random":
        return float(1.96 * values.std() / len(values) ** 0.5 / values.mean())
    means = values.reshape(REPLICATES, -1).mean(axis=1)
    return float(T_975 * means.std(ddof=1) / REPLICATES**0.5 / means.mean())
