"""Access to Japan of every origin: least cost and time, market access, markets within so many days."""

from __future__ import annotations

from dataclasses import dataclass

from .compare import Comparison, Run

THETA = 5.03
"""Trade elasticity of Reed and Trubetskoy (2019), Assessing the Value of Market Access …"""

WITHIN_DAYS = (5, 7, 10)


@dataclass(frozen=True, slots=True)
class Access:
    """Access of one origin in one run.

    `market_access` is `sum over markets of GDP x (1 + G / V) ** -theta` in trillion yen, with G the
    generalised cost and V the value of the load; markets without a route count nothing and are in `cut_off`.
    `within` is the GDP (trillion yen) and the number of markets reached within 5, 7 and 10 days.
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
    markets = [m for m in comparison.network.markets("market") if m.gdp_trillion_jpy]
    value = run.router.impedance.cargo.value_usd
    reached = [(m, run.trips[origin, m.node_id]) for m in markets if (origin, m.node_id) in run.trips]
    weight = sum(m.gdp_trillion_jpy or 0.0 for m, _ in reached)
    nearest = min(reached, key=lambda pair: (pair[1].generalised_cost_usd, pair[1].destination), default=None)
    return Access(
        run.baseline,
        run.scenario,
        origin,
        min((trip.cost_usd for _, trip in reached), default=None),
        min((trip.hours for _, trip in reached), default=None),
        nearest[1].destination if nearest else None,
        sum((m.gdp_trillion_jpy or 0.0) * t.cost_usd for m, t in reached) / weight if weight else None,
        sum((m.gdp_trillion_jpy or 0.0) * t.hours for m, t in reached) / weight if weight else None,
        sum((m.gdp_trillion_jpy or 0.0) * (1 + t.generalised_cost_usd / value) ** -THETA for m, t in reached),
        tuple(
            (
                days,
                sum(t.hours <= 24 * days for _, t in reached),
                sum((m.gdp_trillion_jpy or 0.0) for m, t in reached if t.hours <= 24 * days),
            )
            for days in WITHIN_DAYS
        ),
        tuple(m.node_id for m in markets if (origin, m.node_id) not in run.trips),
    )
