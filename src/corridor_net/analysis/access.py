"""Access of every origin to the markets: least cost and time, market access, markets within so many days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue

from .compare import Comparison, Run

THETA = 5.03
"""Trade elasticity of Reed and Trubetskoy (2019), Assessing the Value of Market Access …"""

WITHIN_DAYS = (10, 12, 14)


Usd = TypeVar("Usd", float, NDArray[np.float64])


def left_share(generalised_usd: Usd, value_usd: float, theta: float = THETA) -> Usd:
    """Return the share of trade that carriage leaves: `(1 + G / V)^-theta`, 1 where it costs nothing.

    Raises BadValue for a value not above 0.

    >>> round(left_share(1000.0, 10000.0, 5.0), 4)
    0.6209
    """
    if not value_usd > 0:
        raise BadValue("a box that is worth nothing has no trade to lose", hint="give value_usd in table cargo")
    share: Usd = (1 + generalised_usd / value_usd) ** -theta
    return share


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Access of one origin in one run.

    `market_access` is `sum over markets of W x (1 + G / V) ** -theta`, with W the weight of a market
    (`Network.market_weights`, in `Network.market_unit`), G the generalised cost and V the value of the load; markets
    without a route count nothing and are in `cut_off`. `within` is the number of markets reached within 10, 12 and 14
    days, and their weight.
    """

    baseline: str
    scenario: str | None
    origin: str
    least_cost_usd: float | None
    least_hours: float | None
    nearest_market: str | None
    mean_cost_usd: float | None
    mean_hours: float | None
    market_access: float
    within: tuple[tuple[int, int, float], ...]
    cut_off: tuple[str, ...]


def access(comparison: Comparison) -> tuple[Access, ...]:
    """Return the access of every origin in every run, in the order of the runs and origins."""
    return tuple(_access(comparison, run, origin) for run in comparison.runs for origin in comparison.origins)


def _access(comparison: Comparison, run: Run, origin: str) -> Access:
    weights = comparison.network.market_weights
    value = run.router.impedance.cargo.value_usd
    reached = [(weight, run.trips[origin, m]) for m, weight in weights.items() if (origin, m) in run.trips]
    whole = sum(weight for weight, _ in reached)
    nearest = min(reached, key=lambda pair: (pair[1].generalised_cost_usd, pair[1].destination), default=None)
    return Access(
        baseline=run.baseline,
        scenario=run.scenario,
        origin=origin,
        least_cost_usd=min((trip.cost_usd for _, trip in reached), default=None),
        least_hours=min((trip.hours for _, trip in reached), default=None),
        nearest_market=nearest[1].destination if nearest else None,
        mean_cost_usd=sum(weight * t.cost_usd for weight, t in reached) / whole if whole else None,
        mean_hours=sum(weight * t.hours for weight, t in reached) / whole if whole else None,
        market_access=sum(weight * left_share(t.generalised_cost_usd, value) for weight, t in reached),
        within=tuple(
            (
                days,
                sum(t.hours <= 24 * days for _, t in reached),
                sum(weight for weight, t in reached if t.hours <= 24 * days),
            )
            for days in WITHIN_DAYS
        ),
        cut_off=tuple(m for m in weights if (origin, m) not in run.trips),
    )
