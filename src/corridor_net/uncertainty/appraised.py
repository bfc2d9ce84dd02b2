"""The net present value of a project under draws: figures paired, and its own traffic and cost in doubt too."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from corridor_net.analysis.appraise import Case
from corridor_net.analysis.carriage import fees_by_arc
from corridor_net.appraisal.benefits import Carriage, worth
from corridor_net.errors import BadValue
from corridor_net.results import measure

from .draws import Factors, Floats, normals
from .ensemble import Ensemble, Priced, Spread

TRAFFIC_SIGMA = 0.30
"""Standard deviation of ln(traffic), grade D: within a third either way in eight cases of ten."""
COST_SIGMA = 0.25
"""Standard deviation of ln(cost), grade D: Nanning-Guangzhou came to 1.16, Laoyemiao-Jining to 0.96 of the estimate."""


@dataclass(frozen=True, kw_only=True)
class NpvDraws:
    """The net present value over draws, USD; `above_zero` is the share of draws in which it is above 0."""

    draws: int
    seed: int
    mean: float = measure("USD", 0)
    p10: float = measure("USD", 0)
    p50: float = measure("USD", 0)
    p90: float = measure("USD", 0)
    above_zero: float = measure("share", 4)
    values: Floats = field(repr=False, metadata={"hidden": True})


def npv_draws(case: Case, draws: int, seed: int = 1) -> NpvDraws:
    """Return the net present value of a case under draws.

    Figures are drawn alike without and with the project, and in each draw cargo takes the best of its rival routes.
    Traffic and cost of the project are drawn besides, all pairs alike. Raises BadValue for draws not above 0.
    """
    if draws <= 0:
        raise BadValue(f"{draws} draws", hint="1 or more")
    without = Ensemble.of(case.before, case.pairs)
    using = Ensemble.of(case.after, case.pairs, base=without)
    before, after = (_carriage(_priced(one, draws, seed)) for one in (without, using))
    boxes, carbon = case.weights(case.project, case.path)
    traffic = np.exp(TRAFFIC_SIGMA * normals("appraise:traffic", seed, 0, draws))
    cost = np.exp(COST_SIGMA * normals("appraise:cost", seed, 0, draws))
    gained = worth(before, after, np.outer(boxes, traffic), np.outer(carbon, traffic), case.elasticity)
    values = np.asarray(gained.total.sum(axis=0) - case.project.cost_usd * cost)
    spread = Spread.of(values)
    return NpvDraws(
        draws=draws,
        seed=seed,
        mean=spread.mean,
        p10=spread.p10,
        p50=spread.p50,
        p90=spread.p90,
        above_zero=float(np.mean(values > 0)),
        values=values,
    )


def _priced(ensemble: Ensemble, draws: int, seed: int) -> Priced:
    factors = Factors(ensemble.doubts, seed)
    return ensemble.price(partial(factors.factor, start=0, count=draws), draws)


def _carriage(priced: Priced) -> Carriage:
    """Return the carriage of the winners, (n_pairs, draws): fees as they stand, all else of the user in `money`."""
    router = priced.ensemble.router
    by_arc = fees_by_arc(router)
    of_route = np.array([float(by_arc[list(arcs)].sum()) for arcs in priced.ensemble.routes])
    fees, kg = of_route[priced.winner], priced.won("co2")
    user = priced.won("generalised") - router.co2_price_usd_per_t / 1000 * kg
    none = np.zeros_like(fees)
    return Carriage(money=user - fees, fees=fees, time=none, reliability=none, co2_kg=kg)
