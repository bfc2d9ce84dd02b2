"""Internal rates of return of many drawn rows of flows at once, each where there is just one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor_net.errors import BadValue

from .years import Floats

HALVINGS = 70
"""Each halves the range of the logarithm of 1 + rate: after 70 it is as narrow as numbers are."""
WIDEST = 40.0
"""Rates are looked for where the logarithm of 1 + rate is within so much of 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRange:
    """Rates of return over draws; a point of None is below every rate, as no rate makes up for the costs there.

    `none`: share of draws in which there is no rate, `several`: in which there is more than one; these are left out.
    """

    p10: float | None
    p50: float | None
    p90: float | None
    none: float
    several: float


def drawn_rates(flows: Floats) -> Floats:
    """Return the rate of return of each row of flows, (n_rows, n_years): -inf where there is none, nan for several.

    A row whose signs change once has just one rate above -100% (Descartes); it is found by halving. A row without a
    change of sign has none. Of rows with more changes nothing is said.
    """
    flows = np.asarray(flows, float)
    changes = sign_changes(flows)
    found = np.where(changes == 0, -np.inf, np.nan)
    rows = flows[changes == 1]
    if not len(rows):
        return found
    positive = rows.sum(axis=1) > 0
    first = np.array([row[np.flatnonzero(row)[0]] for row in rows]) > 0
    low, high = np.where(positive != first, 0.0, -WIDEST), np.where(positive != first, WIDEST, 0.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        higher = (_scaled_value(rows, middle) > 0) != first
        low, high = np.where(higher, middle, low), np.where(higher, high, middle)
    found[changes == 1] = np.expm1((low + high) / 2)
    return found


def sign_changes(flows: Floats) -> Floats:
    """Return how often the sign changes along each row, zeros left out."""
    signs = np.sign(flows)
    for column in range(1, signs.shape[1]):
        signs[:, column] = np.where(signs[:, column] == 0, signs[:, column - 1], signs[:, column])
    return np.asarray(np.sum(signs[:, 1:] * signs[:, :-1] < 0, axis=1))


def rate_range(rates: Floats) -> RateRange:
    """Return the 10, 50 and 90% points of `drawn_rates`; raise BadValue without any draw."""
    if not rates.size:
        raise BadValue("no draws to measure")
    known = rates[~np.isnan(rates)]
    points: list[float | None] = [None, None, None]
    if known.size:
        told = np.percentile(known, (10, 50, 90), method="inverted_cdf")
        points = [float(one) if np.isfinite(one) else None for one in told]
    return RateRange(
        p10=points[0],
        p50=points[1],
        p90=points[2],
        none=float(np.mean(np.isneginf(rates))),
        several=float(np.mean(np.isnan(rates))),
    )


def _scaled_value(rows: Floats, log_rate: Floats) -> Floats:
    """Return the value of each row at its rate, times a number above 0 that keeps it within bounds."""
    years = np.arange(rows.shape[1])
    ages = np.where((log_rate > 0)[:, None], years[None, :], years[None, :] - years[-1])
    with np.errstate(under="ignore"):
        return np.asarray((rows * np.exp(-ages * log_rate[:, None])).sum(axis=1))
