"""How sure the answer of one pair is: its ranges over the draws, and how often each gateway wins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue
from corridor_net.results import Result, measure
from corridor_net.uncertainty.factors.draws import Floats
from corridor_net.uncertainty.tallies.bins import PERCENTILES

BY_LAND = "by land"
"""The gateway of a route without a leg by sea."""
QUANTITIES = ("generalised_cost_usd", "hours", "co2_kg", "cost_usd")
"""What is drawn of a way, in this order."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A quantity over the draws: mean and the 10, 50 and 90% points."""

    mean: float = measure(digits=2)
    p10: float = measure(digits=2)
    p50: float = measure(digits=2)
    p90: float = measure(digits=2)

    @classmethod
    def of(cls, values: Floats) -> Summary:
        """Measure values; raise BadValue when there are none."""
        return cls.of_rows(values[None])[0]

    @classmethod
    def of_rows(cls, values: Floats) -> list[Summary]:
        """Measure each row of values; raise BadValue when there are none."""
        if not values.size:
            raise BadValue("no draws to measure")
        points = np.percentile(values, PERCENTILES, axis=1).T.tolist()
        means = values.mean(axis=1).tolist()
        return [cls(mean=mean, p10=p10, p50=p50, p90=p90) for mean, (p10, p50, p90) in zip(means, points, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """The measures of a way over the draws, per box."""

    cost_usd: Summary
    hours: Summary
    co2_kg: Summary
    generalised_cost_usd: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class PairUncertainty(Result):
    """One pair under all draws.

    `route`: the ranges of the route that is the answer, whether it stays the best or not; this is what stands beside
    an answer everywhere. `best`: those of the way that is best in each draw (see `searched`).
    `gateway` is that of the answer; `gateways` says how often each gateway is the best, the most frequent first, and
    `regions` the same with the ports of one province together.
    """

    origin: str
    destination: str
    gateway: str
    route: Ranges
    best: Ranges
    gateways: dict[str, float] = measure(digits=4)
    regions: dict[str, float] = measure(digits=4)
    region: str
    draws: int

    @property
    def gateway_wins(self) -> float:
        """In what share of draws the gateway of the answer is the best."""
        return self.gateways.get(self.gateway, 0.0)

    @property
    def region_wins(self) -> float:
        """In what share of draws a gateway of the answer's province is the best."""
        return self.regions.get(self.region, 0.0)

    @property
    def otherwise(self) -> tuple[str, float] | None:
        """The other gateway that is most often the best, and how often; None where there is none."""
        return next(((name, share) for name, share in self.gateways.items() if name != self.gateway), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        shown = Result.to_dict(self)
        return {
            **{name: shown[name] for name in ("origin", "destination", "gateway")},
            **shown["route"],
            "best": shown["best"],
            "gateway_wins": round(self.gateway_wins, 4),
            "region": self.region,
            "region_wins": round(self.region_wins, 4),
            **{name: shown[name] for name in ("gateways", "regions", "draws")},
        }


def ranges_of(quantities: Iterable[Floats]) -> list[Ranges]:
    """Return the ranges of every pair from those of `QUANTITIES`, each (n_pairs, count)."""
    spreads = zip(*map(Summary.of_rows, quantities), strict=True)
    return [Ranges(**dict(zip(QUANTITIES, row, strict=True))) for row in spreads]


def chances(names: Sequence[str], times: NDArray[np.int64]) -> dict[str, float]:
    """Return the share of each name that was met, the most frequent first; a name may stand there several times."""
    counted: Counter[str] = Counter()
    for name, count in zip(names, times.tolist(), strict=True):
        counted[name] += count
    listed = sorted((-count, name) for name, count in counted.items() if count)
    return {name: -count / int(times.sum()) for count, name in listed}


def counts_by(
    rows: NDArray[np.int64], gate: NDArray[np.int64], times: Any, shape: tuple[int, int]
) -> NDArray[np.int64]:
    """Add up `times` by row and gate."""
    place = rows * shape[1] + gate
    weight = np.broadcast_to(times, place.shape).ravel()
    return np.bincount(place.ravel(), weight, minlength=shape[0] * shape[1]).astype(np.int64).reshape(shape)
