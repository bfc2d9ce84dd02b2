"""The net present value of a project under draws: figures paired, and its own traffic and cost in doubt too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from corridor_net.analysis.loads.traffic import TRADE_SIGMA
from corridor_net.analysis.router import Router
from corridor_net.analysis.years.appraise import Case
from corridor_net.analysis.years.carriage import along, fees_by_arc
from corridor_net.appraisal.benefits import Carriage, worth_by_year
from corridor_net.appraisal.drawn_rates import RateRange, drawn_rates, rate_range
from corridor_net.appraisal.project import Project
from corridor_net.results import fields_of, measure
from corridor_net.uncertainty.ensembles.ensemble import Ensemble, Make, drawn_alike, priced
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair, Summary
from corridor_net.uncertainty.ensembles.searched import best_values, can_search
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


class DrawnCarriage(NamedTuple):
    """What the best ways of some pairs cost in every draw, and the rivals they were found among, if they were."""

    carriage: Carriage
    choice_sets: Ensemble | None


def npv_draws(case: Case, both: tuple[Carriage, Carriage], seed: int = 1) -> NpvDraws:
    """Return the net present value and the rates of return of a case under draws.

    `both` is what its pairs cost in every draw without and with the project. Traffic and cost of the project are drawn
    besides, all pairs alike.
    """
    draws = both[0].money.shape[1]
    traffic, cost = own_factors(draws, seed)
    flows = gains(case, both, case.project) * traffic[:, None] - np.outer(cost, case.project.costs)
    values = np.asarray(flows @ case.project.factors)
    return NpvDraws(
        draws=draws,
        seed=seed,
        **fields_of(Summary.of(values), "mean", "p10", "p50", "p90"),
        above_zero=float(np.mean(values > 0)),
        rates=rate_range(drawn_rates(flows)),
        values=values,
    )


def carried_both(case: Case, draws: int, seed: int) -> tuple[Carriage, Carriage]:
    """Return what a case's pairs cost without and with the project, figures drawn alike.

    Raises BadValue for draws not above 0.
    """
    make = drawn_alike(draws, seed)
    without = carried(case.before, case.pairs, draws, make)
    return without.carriage, carried(case.after, case.pairs, draws, make, without).carriage


def carried(
    router: Router, pairs: Sequence[Pair], draws: int, make: Make, without: DrawnCarriage | None = None
) -> DrawnCarriage:
    """Return what the best ways of pairs cost in every draw, (n_pairs, draws).

    Fees are as they stand, all else of the user is in `money`. `without` is the same before a project: where a network
    is too large to be searched in every draw, its rivals are looked at too. Raises BadValue for draws not above 0.
    """
    fees = fees_by_arc(router)
    if can_search(router):
        generalised, kg, paid = best_values(router, pairs, make, draws, fees)
        choice_sets = None
    else:
        choice_sets = Ensemble.of(router, pairs, base=without.choice_sets if without else None)
        won = priced(choice_sets, draws=draws, make=make)
        generalised, kg, paid = won.won("generalised"), won.won("co2"), along(fees, choice_sets.routes)[won.winner]
    user = generalised - router.co2_price_usd_per_t / 1000 * kg
    none = np.zeros_like(paid)
    return DrawnCarriage(Carriage(money=user - paid, fees=paid, time=none, reliability=none, co2_kg=kg), choice_sets)


def own_factors(draws: int, seed: int) -> tuple[Floats, Floats]:
    """Return what the project's traffic and its cost are multiplied by in each draw."""
    return (
        np.exp(TRADE_SIGMA * normals("appraise:traffic", seed, 0, draws)),
        np.exp(COST_SIGMA * normals("appraise:cost", seed, 0, draws)),
    )


def gains(case: Case, both: tuple[Carriage, Carriage], project: Project) -> Floats:
    """Return what is gained before the project's own costs, by draw and year, not discounted, USD, (draws, n_years)."""
    return worth_by_year(*both, case.boxes(project), case.prices(project, case.path), case.elasticity)
