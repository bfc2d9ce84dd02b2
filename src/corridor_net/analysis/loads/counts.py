"""What was counted on corridors against what the model sends there, as shares of the region's own trade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log
from typing import Any

import numpy as np

from corridor_net.analysis.router import Router
from corridor_net.appraisal.project import GROWTH
from corridor_net.errors import BadValue
from corridor_net.network import Network
from corridor_net.results import Result, measure

from .gateways import SCALE_PER_USD, GatewayChoice
from .traffic import DAYS_A_YEAR, TRADE_SIGMA, market_streams

COUNTED = "corridor"
"""Counts of table traffic that choices are held against; those of ports, services and lanes hold all origins' cargo."""
EIGHT_IN_TEN = 1.2815515655446004
"""The 90% point of the standard normal distribution."""


def unexplained_usd(modelled: float, observed: float, scale_per_usd: float) -> float:
    """Return the preference, USD a box, that would bring a modelled share to an observed one in a binary choice.

    `c = (logit(modelled) - logit(observed)) / mu`: positive when the model sends more than went there.

    >>> round(unexplained_usd(0.5, 0.5, 0.002))
    0
    """
    for share in (modelled, observed):
        if not 0 < share < 1:
            raise BadValue(f"the share {share:g} is not between 0 and 1")
    return (log(modelled / (1 - modelled)) - log(observed / (1 - observed))) / scale_per_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed(Result):
    """What was counted on a corridor against what the model says; `unexplained_usd` is what would make them agree.

    `observed_share` is the count over what the origins trade overseas, `low` and `high` as that trade is in doubt; a
    count of cargo for all countries makes it an upper bound, and so what is unexplained, if above 0, a lower one.
    """

    target: str
    teu_a_year: float = measure("TEU a year")
    observed_share: float
    observed_share_low: float
    observed_share_high: float
    modelled_share: float
    unexplained_usd: float | None = measure("USD")
    unexplained_usd_low: float | None = measure("USD")
    unexplained_usd_high: float | None = measure("USD")


def counted_period(network: Network, year: int) -> tuple[date, date]:
    """Return the first and the last day of the counts of corridors that lie within a year.

    Raises BadValue where nothing was counted that year.
    """
    rows = _counts(network, year)
    return min(row.from_day for row in rows), max(row.to_day for row in rows)


def day_of_counts(network: Network, year: int) -> date:
    """Return the middle day of the counts of a year; raise BadValue as `counted_period`."""
    first, last = counted_period(network, year)
    return first + (last - first) / 2


def counts_of_ports(network: Network, year: int) -> dict[str, float]:
    """Return what ports counted in a year, TEU: of all origins, so that no share can be made of it."""
    rows = [row for row in network.rows("traffic") if row.applies_to == "node"]
    return {row.target_id: row.teu for row in rows if row.from_day.year == row.to_day.year == year}


def own_trade_teu(router: Router, destination: str, year: int) -> float:
    """Return what the origins trade overseas in a year, TEU, by table market; raise as `market_streams`."""
    boxes = [one.by_year([year], GROWTH) for one in market_streams(router, (destination,))]
    return float(np.sum(boxes)) * router.impedance.cargo.teu


def against_observed(
    router: Router,
    choices: Sequence[GatewayChoice],
    weights: Mapping[str, float],
    year: int,
    *,
    trade_teu: float,
    scale_per_usd: float = SCALE_PER_USD,
) -> tuple[Observed, ...]:
    """Hold choices against the counts of corridors for a year, as shares of the origins' own trade, TEU a year.

    A corridor is passed where a route has one of its crossings. Raises BadValue where nothing was counted that year,
    the network's day lies outside what was counted, or there is no trade.
    """
    rows = _counts(router.network, year)
    first, last = counted_period(router.network, year)
    if not first <= router.network.day <= last:
        raise BadValue(
            f"the network is as of {router.network.day}, what was counted is of {first} to {last}",
            hint=f"compare as of a day of that period, for example --as-of {day_of_counts(router.network, year)}",
        )
    if not trade_teu > 0:
        raise BadValue(f"the trade of the origins is {trade_teu:g} TEU a year", hint="a count is held against it")
    days, teu_of = dict[str, int](), dict[str, float]()
    for row in rows:
        days[row.target_id] = days.get(row.target_id, 0) + (row.to_day - row.from_day).days + 1
        teu_of[row.target_id] = teu_of.get(row.target_id, 0.0) + row.teu
    modelled = _modelled(router.network, choices, weights)
    found = []
    for target, teu in teu_of.items():
        rate, model = teu * DAYS_A_YEAR / days[target], modelled.get(target, 0.0)
        shares = [rate / (trade_teu * exp(sign * EIGHT_IN_TEN * TRADE_SIGMA)) for sign in (1, 0, -1)]
        gaps = [_gap(model, share, scale_per_usd) for share in shares]
        found.append(
            Observed(
                target=target,
                teu_a_year=rate,
                observed_share_low=shares[0],
                observed_share=shares[1],
                observed_share_high=shares[2],
                modelled_share=model,
                unexplained_usd_low=gaps[2],
                unexplained_usd=gaps[1],
                unexplained_usd_high=gaps[0],
            )
        )
    return tuple(sorted(found, key=lambda one: -one.teu_a_year))


def _counts(network: Network, year: int) -> list[Any]:
    counts = [row for row in network.rows("traffic") if row.applies_to == COUNTED]
    rows = [row for row in counts if row.from_day.year == row.to_day.year == year]
    if not rows:
        known = sorted({row.from_day.year for row in counts if row.from_day.year == row.to_day.year})
        raise BadValue(
            f"no traffic of a corridor was counted in {year}", hint=f"years: {', '.join(map(str, known)) or 'none'}"
        )
    return rows


def _gap(modelled: float, observed: float, scale_per_usd: float) -> float | None:
    if not (0 < modelled < 1 and 0 < observed < 1):
        return None
    return unexplained_usd(modelled, observed, scale_per_usd)


def _modelled(network: Network, choices: Sequence[GatewayChoice], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the share of the cargo of all origins that passes each corridor."""
    corridor = {link.link_id: link.corridor for link in network.rows("link")}
    of_crossing = {c.crossing_id: corridor.get(c.link_id, "") for c in network.rows("crossing")}
    total = sum(weights.get(made.origin, 0.0) for made in choices)
    found: dict[str, float] = {}
    for made in choices:
        for option in made.options:
            for target in {of_crossing.get(crossing, "") for crossing in option.crossings}:
                found[target] = found.get(target, 0.0) + option.share * weights.get(made.origin, 0.0) / total
    return found
