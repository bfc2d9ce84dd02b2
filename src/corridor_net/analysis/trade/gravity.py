"""Structural gravity by Poisson pseudo maximum likelihood: trade by pair, what its cost explains, and what it would be.

`X_ij = exp(a_i + b_j + beta ln c_ij)`: every origin and destination has a term of its own, which holds its size and all
that trade meets elsewhere (Anderson and van Wincoop 2003). Noughts stay in, and heteroskedasticity does no harm (Santos
Silva and Tenreyro 2006). Arrays in, arrays out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from corridor_net.errors import BadValue

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STEPS = 200
CLOSE = 1e-12
"""The deviance of two steps differs by a smaller share of it and of all trade: done."""
FOLDS = 5
Z80 = 1.2815515655446004
"""Standard deviations between the middle and the 10 and 90% points of a normal distribution."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Fit:
    """An estimate: `beta` and its standard error, robust to heteroskedasticity; what it gives each pair.

    `trade`, `expected`, `low`, `high` have shape (n_pairs,); `low` and `high` are the 10 and 90% points of what is
    expected. `explained` is the share of the deviance that origins and destinations alone leave.
    """

    beta: float
    standard_error: float
    trade: Floats
    expected: Floats
    low: Floats
    high: Floats
    explained: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Pairs:
    """Trade by pair: numbers of origins and destinations, and trade of 0 or more, each of shape (n_pairs,).

    Places that stand for several kinds of goods have a number for each.
    """

    origin: Ints
    destination: Ints
    trade: Floats

    @cached_property
    def design(self) -> Floats:
        """A column for each origin and each destination, but one destination of each group, (n_pairs, n_terms).

        A group is what trade joins: in one group the terms of origins and destinations are known but for a constant.
        """
        starts, start = np.unique(self.origin, return_inverse=True)
        goals, goal = np.unique(self.destination, return_inverse=True)
        count = len(starts) + len(goals)
        joined = csr_matrix((np.ones(len(start)), (start, goal + len(starts))), shape=(count, count))
        group = connected_components(joined, directed=False)[1][len(starts) :]
        kept = np.ones(len(goals), bool)
        kept[np.unique(group, return_index=True)[1]] = False
        origins = start[:, None] == np.arange(len(starts))
        destinations = goal[:, None] == np.flatnonzero(kept)
        return np.hstack([origins, destinations]).astype(float)

    def part(self, rows: Ints | NDArray[np.bool_]) -> Pairs:
        """Return some of the pairs."""
        return Pairs(origin=self.origin[rows], destination=self.destination[rows], trade=self.trade[rows])


def traders(pairs: Pairs) -> NDArray[np.bool_]:
    """Return which pairs can be looked at: those of origins and destinations that trade at all, shape (n_pairs,).

    One that trades nothing has a term of minus infinity and says nothing of cost.
    """
    kept = np.ones(len(pairs.trade), bool)
    while True:
        fresh = kept.copy()
        for ends in (pairs.origin, pairs.destination):
            for end in np.unique(ends[kept]):
                rows = kept & (ends == end)
                if not pairs.trade[rows].sum() > 0:
                    fresh &= ends != end
        if (fresh == kept).all():
            return kept
        kept = fresh


def fit(pairs: Pairs, cost: Floats) -> Fit:
    """Return the estimate of trade by `cost`, above 0, of each pair.

    Raises BadValue where there is too little to tell: fewer pairs than terms, or cost that origins and destinations
    alone explain.
    """
    terms = pairs.design
    if len(pairs.trade) <= terms.shape[1] + 1:
        raise BadValue(
            f"{len(pairs.trade)} pairs do not tell {terms.shape[1] + 1} terms apart",
            hint="give trade of more pairs: each origin with several destinations, and each destination with several",
        )
    design = np.hstack([terms, np.log(cost)[:, None]])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise BadValue(
            "cost does not vary beyond what origins and destinations explain",
            hint="give trade of more pairs, so that cost differs otherwise than by place",
        )
    found = _poisson(design, pairs.trade)
    plain = _poisson(terms, pairs.trade)
    expected = np.exp(design @ found)
    bread = np.linalg.inv(design.T @ (design * expected[:, None]))
    meat = design.T @ (design * ((pairs.trade - expected) ** 2)[:, None])
    covariance = bread @ meat @ bread
    spread = np.sqrt(np.einsum("ij,jk,ik->i", design, covariance, design).clip(min=0.0))
    left, whole = deviance(pairs.trade, expected), deviance(pairs.trade, np.exp(terms @ plain))
    return Fit(
        beta=float(found[-1]),
        standard_error=float(np.sqrt(covariance[-1, -1])),
        trade=pairs.trade,
        expected=expected,
        low=expected * np.exp(-Z80 * spread),
        high=expected * np.exp(Z80 * spread),
        explained=1 - left / whole if whole > 0 else 0.0,
    )


def deviance(trade: Floats, expected: Floats) -> float:
    """Return the Poisson deviance: `2 sum [x ln(x / m) - (x - m)]`."""
    some = trade > 0
    logs = np.zeros_like(trade)
    logs[some] = trade[some] * np.log(trade[some] / expected[some])
    return float(2 * (logs - (trade - expected)).sum())


def _poisson(design: Floats, trade: Floats) -> Floats:
    """Return the coefficients by iterated weighted least squares; raise BadValue where they do not settle."""
    expected = (trade + trade.mean()) / 2
    before = np.inf
    for _ in range(STEPS):
        linear = np.log(expected)
        working = linear + (trade - expected) / expected
        root = np.sqrt(expected)
        found = np.linalg.lstsq(design * root[:, None], working * root, rcond=None)[0]
        expected = np.exp(np.clip(design @ found, -700, 700))
        now = deviance(trade, expected)
        if abs(before - now) <= CLOSE * (abs(now) + trade.sum()):
            return np.asarray(found)
        before = now
    raise BadValue(
        "the estimate does not settle: some pairs with trade of 0 are explained without end",
        hint="leave out origins or destinations that trade with one place alone",
    )


def out_of_sample(pairs: Pairs, costs: Sequence[Floats]) -> list[float | None]:
    """Return, for each cost, the share of the deviance that it explains in pairs that were left out of the estimate.

    Every fifth pair is left out in turn, spread over places; origins and destinations alone are what it is held
    against. Pairs whose ends do not trade in what is left say nothing and are passed over; None where no pair can be
    told. The same pairs count for all costs.
    """
    sums = np.zeros(len(costs) + 1)
    for fold in range(FOLDS):
        out = (pairs.origin + pairs.destination) % FOLDS == fold
        kept = ~out
        inside = np.zeros(len(pairs.trade), bool)
        inside[np.flatnonzero(kept)[traders(pairs.part(kept))]] = True
        ends = [np.isin(of, of[inside]) for of in (pairs.origin, pairs.destination)]
        told = out & ends[0] & ends[1]
        if not told.any():
            continue
        both = inside | told
        chosen, own = pairs.part(both), inside[both]
        design = chosen.design
        try:
            for number, cost in enumerate((None, *costs)):
                columns = design if cost is None else np.hstack([design, np.log(cost[both])[:, None]])
                coefficients = _poisson(columns[own], chosen.trade[own])
                sums[number] += deviance(chosen.trade[~own], np.exp(columns[~own] @ coefficients))
        except BadValue:
            continue
    return [1 - float(left) / float(sums[0]) if sums[0] > 0 else None for left in sums[1:]]
