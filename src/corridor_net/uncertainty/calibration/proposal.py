"""Where draws are taken so that enough of them meet the claims: half from the prior, half steered towards the claims.

Draws of the prior rarely meet many claims at once, and the weights then rest on a few. So every other draw is steered.
With levels `h(z) ~ h0 + J z` (secants over a standard deviation to either side of 0; `z` are the independent normal
scores behind the figures) and claims `y = h + e`, `e ~ N(0, R)`, the posterior would be `N(m, C)`, and a draw `z` of
the prior becomes one of it by

    z' = z + J' b,   b = (J J' + R)^-1 (y + e - h0 - J z)

(Matheron's rule; Oliver 1996). The model is not linear, so each draw counts by `prior / mixture`, the mixture being
half prior, half `N(m, C)`. That is exact for any J, and at most 2: a defensive mixture (Hesterberg 1995; Owen & Zhou
2000). Only `v = J z`, one number a claim, is needed for it:

    ln(N(m, C) / prior) = a'v - a'JJ'a / 2 - |R^-1/2 (v - JJ'a)|^2 / 2 + ln det(I + R^-1/2 J J' R^-1/2) / 2,
    a = (J J' + R)^-1 (y - h0)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from corridor_net.uncertainty.calibration.claims import Claims
from corridor_net.uncertainty.factors.distributions import Distribution
from corridor_net.uncertainty.factors.draws import Factors, Floats, normals


class Steered(Factors):
    """Draws whose normal scores are moved: that of a stream by `directions[stream] . steps[:, draw]`.

    `steps` is (n_claims, n_draws). With `picks` draw number n is draw `picks[n]` of the moved ones.
    """

    def __init__(
        self,
        distributions: Mapping[str, Distribution],
        seed: int = 1,
        *,
        directions: Mapping[str, Floats],
        steps: Floats,
        picks: NDArray[np.int64] | None = None,
    ) -> None:
        super().__init__(distributions, seed)
        self.directions, self.steps, self.picks = directions, steps, picks

    def scores(self, key: str, start: int, count: int) -> Floats:
        """Return the moved normal scores of one stream."""
        numbers = slice(start, start + count) if self.picks is None else self.picks[start : start + count]
        drawn = normals(key, self.seed, start, count)
        if self.picks is not None:
            drawn = normals(key, self.seed, 0, self.steps.shape[1])[numbers]
        direction = self.directions.get(key)
        return drawn if direction is None else drawn + direction @ self.steps[:, numbers]


class _Given(Factors):
    """Normal scores as they are given, 0 where none are."""

    def __init__(self, distributions: Mapping[str, Distribution], *, given: Mapping[str, Floats]) -> None:
        super().__init__(distributions)
        self.given = given

    def scores(self, key: str, start: int, count: int) -> Floats:
        """Return the given scores of a stream."""
        return self.given[key][start : start + count] if key in self.given else np.zeros(count)


@dataclass(frozen=True, eq=False, kw_only=True)
class Proposal:
    """Where the draws are: directions by stream, steps by draw, and ln(prior / mixture) of each draw."""

    directions: Mapping[str, Floats]
    steps: Floats
    log_ratio: Floats

    def factors(
        self, distributions: Mapping[str, Distribution], seed: int, picks: NDArray[np.int64] | None = None
    ) -> Factors:
        """Return the draws of some figures, those of no claim too."""
        return Steered(distributions, seed, directions=self.directions, steps=self.steps, picks=picks)


def slopes(claims: Claims, levels: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
    """Return `J` (n_claims, n_streams), secants from -1 to 1, and `h0` (n_claims,), levels at scores of 0."""
    streams = claims.streams
    count = 2 * len(streams) + 1
    given = {}
    for number, stream in enumerate(streams):
        column = np.zeros(count)
        column[2 * number + 1 : 2 * number + 3] = 1.0, -1.0
        given[stream] = column
    found = np.nan_to_num(levels(claims.drawn_by(partial(_Given, given=given)).values(0, count)))
    return (found[:, 1::2] - found[:, 2::2]) / 2, found[:, 0]


def proposal(
    claims: Claims,
    draws: int,
    levels: Callable[[Floats], Floats],
    wanted: Floats,
    variances: Floats,
) -> Proposal:
    """Return where to draw: `levels` are those of the model's values, `wanted` the claims' with their `variances`."""
    streams = claims.streams
    jacobian, start = slopes(claims, levels)
    gram = jacobian @ jacobian.T
    inverse = np.linalg.inv(gram + np.diag(variances))
    reached = np.zeros((len(wanted), draws))
    for number, stream in enumerate(streams):
        reached += jacobian[:, number, None] * normals(stream, claims.seed, 0, draws)
    noise = np.array([normals(f"steering {n}", claims.seed, 0, draws) for n in range(len(wanted))])
    target = wanted[:, None] + noise * np.sqrt(variances)[:, None] - start[:, None] - reached
    steps = np.where(np.arange(draws) % 2 == 1, inverse @ target, 0.0)
    reached += gram @ steps
    pull = inverse @ (wanted - start)
    middle = gram @ pull
    scaled = (reached - middle[:, None]) / np.sqrt(variances)[:, None]
    spread = np.linalg.slogdet(np.eye(len(wanted)) + gram / variances[:, None])[1]
    steered = pull @ reached - pull @ middle / 2 - (scaled**2).sum(axis=0) / 2 + spread / 2
    return Proposal(
        directions={stream: jacobian[:, number] for number, stream in enumerate(streams)},
        steps=steps,
        log_ratio=np.log(2) - np.logaddexp(0.0, steered),
    )
