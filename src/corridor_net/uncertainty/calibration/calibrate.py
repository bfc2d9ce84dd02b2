"""What published claims say about the figures: an ensemble weighted by how well each draw meets the claims.

Bayes by importance sampling: half of the draws come from the figures' own ranges (the prior), half are steered towards
the claims (`proposal`); a draw's weight is prior / proposal times the likelihoods of all claims. Each claim is also
predicted from all the others (leave-one-out), which says whether the claims teach anything that holds for a claim they
have not seen.

**Error model.** `ln(published) = ln(model) + e`, `e ~ N(0, s^2)`, `s^2 = sigma^2 + delta^2`: `sigma` is that of the
claim's grade (`ranges.JUDGED`, of a distance `LENGTH_SIGMA`), `delta` what the model leaves out, 0.15 for money and
time and 0.05 for distances (grade D). A claim of a difference has errors on both sides: `published = model + e x
scale`, `e ~ N(0, 2 s^2)`, `scale` the mean size of both sides. A published range is known to hold the value, no more:
its likelihood is the probability between its ends, that of 'more than' the probability above its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf, log

import numpy as np
from scipy.special import log_ndtr, logsumexp, ndtri

from corridor_net.analysis.validate import WITHIN, ClaimCheck
from corridor_net.costing.ranges import JUDGED
from corridor_net.errors import BadValue
from corridor_net.figure_keys import original_key
from corridor_net.network.checks.claims import DIFFERENCES
from corridor_net.network.rows import Published
from corridor_net.results import Result, measure
from corridor_net.uncertainty.calibration.claims import Claims
from corridor_net.uncertainty.calibration.proposal import Proposal, proposal
from corridor_net.uncertainty.factors.distributions import LENGTH_SIGMA, Distribution
from corridor_net.uncertainty.factors.draws import Factors, Floats, uniforms

DISCREPANCY = 0.15
"""Standard deviation of ln(published / model) at the right figures, of money and time: the model's own, grade D."""
DISCREPANCY_OF_DISTANCES = 0.05
"""The same for distances: another way through the same places, another end of a port."""
DRAWS = 20_000
BROADER = 2.0
"""The proposal's variances of errors over the claims' own: it must reach where a claim that is left out would lead."""
FEWEST = 100
"""Draws below which nothing can be said."""
FEWEST_EFFECTIVE = 30
"""Effective draws below which the scores decide nothing: each has a Monte Carlo error of some `1 / sqrt(30)` = 0.18."""
Span = tuple[float, float]
"""The ends of a range."""
HALF_LN_2PI = 0.5 * log(2 * np.pi)


@dataclass(frozen=True, slots=True)
class Error:
    """The error of one claim: standard deviation, and whether it is of the logarithm or of the value over `scale`."""

    sd: float
    scale: float | None = None

    @classmethod
    def of(cls, check: ClaimCheck, discrepancy: float = DISCREPANCY) -> Error:
        """Return the error model of a claim."""
        is_far = check.kind == "distance"
        sigma = (LENGTH_SIGMA if is_far else JUDGED)[check.grade]
        sd = (sigma**2 + (DISCREPANCY_OF_DISTANCES if is_far else discrepancy) ** 2) ** 0.5
        return cls(sd * 2**0.5, check.scale) if check.metric in DIFFERENCES else cls(sd)

    def level(self, value: Floats | float) -> Floats:
        """Return a value as it is compared: its logarithm, or the share of `scale`."""
        if self.scale is not None:
            return np.asarray(value) / self.scale
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(np.maximum(value, 0.0)))

    def value(self, level: Floats) -> Floats:
        """Return the value of a level."""
        return np.exp(level) if self.scale is None else level * self.scale

    def published(self, model: Floats, claim_id: str, seed: int) -> Floats:
        """Return what would be published in each draw of the model: its value with an error, the same for a claim."""
        noise = ndtri(uniforms(f"error of {claim_id}", seed, 0, len(model)))
        return self.value(self.level(model) + self.sd * noise)

    def log_likelihood(self, published: tuple[float, float], model: Floats) -> Floats:
        """Return ln of the likelihood of a published value or range at each value of the model, shape as `model`.

        >>> Error(1.0).log_likelihood((1.0, 1.0), np.array([1.0])).round(4).tolist()
        [-0.9189]
        """
        middle = self.level(model)
        low, high = ((float(self.level(end)) if abs(end) < inf else end) for end in published)
        if low == high:
            z = (low - middle) / self.sd
            return -0.5 * z * z - log(self.sd) - HALF_LN_2PI
        return _between((low - middle) / self.sd, (high - middle) / self.sd)


def _between(a: Floats, b: Floats) -> Floats:
    """Return ln(Phi(b) - Phi(a)) for a < b, without loss in the tails."""
    turned = a > 0
    low, high = np.where(turned, -b, a), np.where(turned, -a, b)
    upper, lower = log_ndtr(high), log_ndtr(low)
    return np.asarray(upper + np.log1p(-np.exp(np.minimum(lower - upper, -1e-300))))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPrediction(Result):
    """One claim predicted from all the others (`loo_`) and without any evidence (`prior_`).

    Intervals are the 10-90% of what would be published; `covered`: the published value or range lies in it. Scores are
    ln of the predictive density (of a published range: probability); `effective` the draws it rests on. `meets_prior`,
    `meets_posterior`: the share of draws within 25% of it.
    """

    claim: str
    origin: str
    destination: str
    published: float
    published_high: float | None
    unit: str
    prior_p10: float = measure(digits=4)
    prior_p90: float = measure(digits=4)
    prior_covered: bool
    prior_score: float = measure(digits=4)
    loo_p10: float = measure(digits=4)
    loo_p90: float = measure(digits=4)
    loo_covered: bool
    loo_score: float = measure(digits=4)
    effective: float = measure(digits=1)
    meets_prior: float = measure("1", 4)
    meets_posterior: float = measure("1", 4)
    row: Published = measure(hidden=True)


@dataclass(frozen=True, eq=False, kw_only=True)
class Posterior:
    """The weighted ensemble: ln of the likelihood by claim and draw, and the weights that follow from it."""

    claims: Claims
    errors: tuple[Error, ...]
    proposal: Proposal
    values: Floats
    log_likelihood: Floats

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return int(self.values.shape[1])

    @property
    def weights(self) -> Floats:
        """The weight of each draw, (draws,); they add up to 1."""
        return normalised(self._total)

    @property
    def _total(self) -> Floats:
        return np.asarray(self.proposal.log_ratio + self.log_likelihood.sum(axis=0))

    @property
    def prior_weights(self) -> Floats:
        """The weight of each draw without the claims, (draws,)."""
        return normalised(self.proposal.log_ratio)

    @property
    def effective(self) -> float:
        """The effective sample size of the weights, `1 / sum w^2` (Kong 1992)."""
        return effective(self.weights)

    def predicted(self) -> tuple[ClaimPrediction, ...]:
        """Return every claim predicted from all the others."""
        total, weights = self._total, self.weights
        everything = float(logsumexp(total))
        return tuple(self._predicted(row, total, everything, weights) for row in range(len(self.errors)))

    def left_out(self, rows: Sequence[int]) -> float:
        """Return the joint log score of some claims predicted from all the others."""
        total = self._total
        others = total - self.log_likelihood[list(rows)].sum(axis=0)
        return float(logsumexp(total) - logsumexp(others))

    def without(self, rows: Sequence[int]) -> float:
        """Return the joint log score of some claims without any evidence."""
        ratio = self.proposal.log_ratio
        return float(logsumexp(ratio + self.log_likelihood[list(rows)].sum(axis=0)) - logsumexp(ratio))

    def _predicted(self, row: int, total: Floats, everything: float, weights: Floats) -> ClaimPrediction:
        check, error, own = self.claims.checks[row], self.errors[row], self.log_likelihood[row]
        others = total - own
        apart = normalised(others)
        replicas = error.published(self.values[row], check.claim, self.claims.seed)
        low, high = quantiles(replicas, apart, (0.1, 0.9))
        prior_low, prior_high = quantiles(replicas, self.prior_weights, (0.1, 0.9))
        near = np.abs(_off(check, self.values[row])) <= WITHIN
        return ClaimPrediction(
            claim=check.claim,
            origin=check.origin,
            destination=check.destination,
            published=check.published,
            published_high=check.published_high,
            unit=check.unit,
            prior_p10=prior_low,
            prior_p90=prior_high,
            prior_covered=check.meets(prior_low, prior_high),
            prior_score=self.without([row]),
            loo_p10=low,
            loo_p90=high,
            loo_covered=check.meets(low, high),
            loo_score=everything - float(logsumexp(others)),
            effective=effective(apart),
            meets_prior=float(self.prior_weights @ near),
            meets_posterior=float(weights @ near),
            row=check.row,
        )


def _off(check: ClaimCheck, values: Floats) -> Floats:
    """Return (model - published) / published from the nearer end, 0 inside."""
    low, high = check.ends
    below = np.minimum(values - low, 0) / abs(low)
    return np.asarray(below if high == inf else below + np.maximum(values - high, 0) / abs(high))


def calibrate(
    checks: Sequence[ClaimCheck], *, draws: int = DRAWS, seed: int = 1, discrepancy: float = DISCREPANCY
) -> Posterior:
    """Weight an ensemble of draws by the claims; claims without an error of their own (inputs) take no part.

    Raises BadValue for too few draws, or where no claim can be compared.
    """
    if draws < FEWEST:
        raise BadValue(f"{draws} draws", hint=f"{FEWEST} or more")
    claims = Claims(checks, seed)
    if not claims.checks:
        raise BadValue("no published figures to hold the model against", hint="add rows to published.csv")
    errors = tuple(Error.of(check, discrepancy) for check in claims.checks)
    where = _proposal(claims, errors, draws)
    steered = claims.drawn_by(partial(where.factors, seed=seed))
    values = steered.values(0, draws)
    rows = [
        error.log_likelihood(check.ends, value)
        for check, error, value in zip(claims.checks, errors, values, strict=True)
    ]
    return Posterior(claims=steered, errors=errors, proposal=where, values=values, log_likelihood=np.array(rows))


def _proposal(claims: Claims, errors: Sequence[Error], draws: int) -> Proposal:
    """Steer towards the middle of each published range; 'more than' that the model meets steers nowhere."""
    wanted, variances = [], []
    for check, error in zip(claims.checks, errors, strict=True):
        low, high = check.ends
        model = check.model if check.model is not None else low
        ends = [float(error.level(end)) for end in (low, max(low, model) if high == inf else high)]
        wanted.append(sum(ends) / 2)
        idle = 1e6 if high == inf and model >= low else 0.0
        variances.append(error.sd**2 + (ends[1] - ends[0]) ** 2 / 12 + idle)

    def levels(values: Floats) -> Floats:
        return np.array([error.level(row) for error, row in zip(errors, values, strict=True)])

    return proposal(claims, draws, levels, np.array(wanted), BROADER * np.array(variances))


def spans(claims: Claims, draws: int) -> Iterator[tuple[Span, Span]]:
    """Yield, claim by claim, the 10 and 90% points of what the model says, and of what would be published by that."""
    for check, row in zip(claims.checks, claims.values(0, draws), strict=True):
        told = Error.of(check).published(row, check.claim, claims.seed)
        yield _span(row), _span(told)


def _span(values: Floats) -> Span:
    low, high = np.percentile(values, (10, 90))
    return float(low), float(high)


def normalised(logs: Floats) -> Floats:
    """Return weights that add up to 1 from their logarithms."""
    return np.asarray(np.exp(logs - logsumexp(logs)))


def effective(weights: Floats) -> float:
    """Return the effective sample size of weights that add up to 1."""
    return float(1 / (weights @ weights))


def quantiles(values: Floats, weights: Floats, points: Sequence[float]) -> tuple[float, ...]:
    """Return weighted quantiles: the least value below or at which the wanted weight lies.

    >>> quantiles(np.array([3.0, 1.0, 2.0]), np.array([0.1, 0.6, 0.3]), (0.5, 0.95))
    (1.0, 3.0)
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    places = np.searchsorted(reached, np.array(points) * reached[-1])
    return tuple(float(values[order[place]]) for place in places.clip(max=len(values) - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A figure under the prior and under the weights: 10, 50 and 90% points in its unit, on the day of its last claim.

    `shift`: of its median, in standard deviations of the prior; `narrowing`: 1 - the ratio of the 10-90% widths (both
    in normal scores).
    """

    key: str
    check: ClaimCheck
    value: float
    prior: tuple[float, float, float]
    posterior: tuple[float, float, float]
    shift: float
    narrowing: float


POINTS = (0.1, 0.5, 0.9)
NORMAL = tuple(float(z) for z in ndtri(np.array(POINTS)))
SHIFTED, NARROWED = 0.3, 0.15
"""A figure has moved when its median shifts by so many standard deviations, or its range narrows by this share."""


def moved(posterior: Posterior) -> tuple[Moved, ...]:
    """Return the figures that the claims move, the most moved first.

    What chance alone would show is left out: a shift within two standard errors of a median, `2 x 1.2533 / sqrt(n)`, or
    a narrowing within `2 / sqrt(n)`, at n effective draws.
    """
    weights, noise = posterior.weights, posterior.effective**-0.5
    found = []
    for key, check in posterior.claims.figures.items():
        factors = posterior.claims.factors(check)
        figure = next(f for _, named in check.terms for f in named if original_key(f) == key)
        points = quantiles(factors.normal(figure, 0, posterior.draws), weights, POINTS)
        shift, narrowing = points[1], 1 - (points[2] - points[0]) / (NORMAL[2] - NORMAL[0])
        if abs(shift) >= max(SHIFTED, 2.5066 * noise) or narrowing >= max(NARROWED, 2 * noise):
            distribution, value = factors.distributions[figure], _value_of(check, figure)
            ends = [tuple(own_value(distribution, value, factors, z) for z in each) for each in (NORMAL, points)]
            found.append(
                Moved(
                    key=figure,
                    check=check,
                    value=value,
                    prior=(ends[0][0], ends[0][1], ends[0][2]),
                    posterior=(ends[1][0], ends[1][1], ends[1][2]),
                    shift=shift,
                    narrowing=narrowing,
                )
            )
    return tuple(sorted(found, key=lambda one: (-max(abs(one.shift), one.narrowing), one.key)))


def _value_of(check: ClaimCheck, figure: str) -> float:
    return check.compiled.parameters[figure].value if check.compiled is not None else 1.0


def own_value(distribution: Distribution, value: float, factors: Factors, z: float) -> float:
    """Return the value of a figure at a normal score."""
    factor = float(factors.of_normal(distribution.figure, np.array([z]))[0])
    return value / factor if distribution.inverse else value * factor


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the evidence predicts claims it has not seen better than the figures' own ranges do.

    `gain`: sum over the claims of the leave-one-out score less the score without evidence; `error`: its standard error,
    `sqrt(n) x` standard deviation of the differences (Vehtari, Gelman & Gabry 2017). `gain_by_source`: all claims of
    one source left out together, for these are not independent. `effective`: the draws that the scores rest on.
    """

    gain: float
    error: float
    gain_by_source: float
    effective: float

    @property
    def evidence(self) -> str:
        """`published` where enough draws count and the gain is more than two standard errors above 0, else `none`."""
        return "published" if self.effective >= FEWEST_EFFECTIVE and self.gain > 2 * self.error else "none"


def verdict(posterior: Posterior, predicted: Sequence[ClaimPrediction]) -> Verdict:
    """Return the verdict on the evidence; with one claim there is nothing to predict it from, and no gain."""
    gains = np.array([one.loo_score - one.prior_score for one in predicted])
    error = float(gains.std(ddof=1) * len(gains) ** 0.5) if len(gains) > 1 else inf
    rows: dict[str, list[int]] = {}
    for row, check in enumerate(posterior.claims.checks):
        rows.setdefault(check.source_id, []).append(row)
    by_source = sum(posterior.left_out(own) - posterior.without(own) for own in rows.values())
    return Verdict(gain=float(gains.sum()), error=error, gain_by_source=by_source, effective=posterior.effective)
