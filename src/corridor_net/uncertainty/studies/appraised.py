"""The net present value of a project under draws: figures paired, and its own traffic and cost in doubt too."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from corridor_net.analysis.loads.traffic import TRADE_SIGMA
from corridor_net.analysis.years.appraise import Case
from corridor_net.analysis.years.carriage import along, fees_by_arc
from corridor_net.appraisal.benefits import Carriage, worth_by_year
from corridor_net.appraisal.drawn_rates import RateRange, drawn_rates, rate_range
from corridor_net.appraisal.project import Project
from corridor_net.results import fields_of, measure
from corridor_net.uncertainty.ensembles.ensemble import Ensemble, Priced, priced
from corridor_net.uncertainty.ensembles.pair_doubt import Spread
from corridor_net.uncertainty.factors.draws import Floats, normals

COST_SIGMA = 0.25
"""Standard deviation of ln(cost), grade D: Nanning-Guangzhou came to 1.16, Laoyemiao-Jining to 0.96 of the estimate."""


@dataclass(frozen=True, kw_only=True)
class NpvDraws:
    """The net present value over draws, USD; `above_zero` is the share of draws in which it is above 0.

    `rates` are the internal rates of return of the same draws.
    """

    draws: int
    seed: int
    mean: float = measure("USD", 0)
    p10: float = measure("USD", 0)
    p50: float = measure("USD", 0)
    p90: float = measure("USD", 0)
    above_zero: float = measure("share", 4)
    rates: RateRange = measure("share a year", 6)
    values: Floats = field(repr=False, metadata={"hidden": True})


def npv_draws(case: Case, draws: int, seed: int = 1, *, both: tuple[Priced, Priced] | None = None) -> NpvDraws:
    """Return the net present value and the rates of return of a case under draws.

    Figures are drawn alike without and with the project, and in each draw cargo takes the best of its rival routes.
    Traffic and cost of the project are drawn besides, all pairs alike. `both` are the draws of the case's pairs without
    and with the project, where they were priced before. Raises BadValue for draws not above 0.
    """
    both = both or priced_both(case, draws, seed)
    traffic, cost = own_factors(draws, seed)
    flows = gains(case, both, case.project) * traffic[:, None] - np.outer(cost, case.project.costs)
    values = np.asarray(flows @ case.project.factors)
    return NpvDraws(
        draws=draws,
        seed=seed,
        **fields_of(Spread.of(values), "mean", "p10", "p50", "p90"),
        above_zero=float(np.mean(values > 0)),
        rates=rate_range(drawn_rates(flows)),
        values=values,
    )


def priced_both(case: Case, draws: int, seed: int) -> tuple[Priced, Priced]:
    """Return the draws of the case's pairs without and with the project, figures drawn alike."""
    without = Ensemble.of(case.before, case.pairs)
    using = Ensemble.of(case.after, case.pairs, base=without)
    return priced(without, draws=draws, seed=seed), priced(using, draws=draws, seed=seed)


def own_factors(draws: int, seed: int) -> tuple[Floats, Floats]:
    """Return what the project's traffic and its cost are multiplied by in each draw."""
    return (
        np.exp(TRADE_SIGMA * normals("appraise:traffic", seed, 0, draws)),
        np.exp(COST_SIGMA * normals("appraise:cost", seed, 0, draws)),
    )


def gains(case: Case, both: tuple[Priced, Priced], project: Project) -> Floats:
    """Return what is gained before the project's own costs, by draw and year, not discounted, USD, (draws, n_years)."""
    without, using = map(_carriage, both)
    return worth_by_year(without, using, case.boxes(project), case.prices(project, case.path), case.elasticity)


def _carriage(priced: Priced) -> Carriage:
    """Return the carriage of the winners, (n_pairs, draws): fees as they stand, all else of the user in `money`."""
    router = priced.ensemble.router
    of_route = along(fees_by_arc(router), priced.ensemble.routes)
    fees, kg = of_route[priced.winner], priced.won("co2")
    user = priced.won("generalised") - router.co2_price_usd_per_t / 1000 * kg
    none = np.zeros_like(fees)
    return Carriage(money=user - fees, fees=fees, time=none, reliability=none, co2_kg=kg)
