"""Does each upgrade of a study pay: what `appraise` says of it by default, on the draws the study has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corridor_net.analysis.compare import Comparison, Run
from corridor_net.analysis.loads.demand import Freight
from corridor_net.analysis.loads.traffic import counted, market_streams
from corridor_net.analysis.years.appraise import Case
from corridor_net.appraisal.benefits import ELASTICITY
from corridor_net.appraisal.carbon import Path
from corridor_net.appraisal.project import CONSTRUCTION_YEARS, DISCOUNT, GROWTH, opened, spread_evenly
from corridor_net.appraisal.rates_of_return import rates_of_return
from corridor_net.errors import BadValue
from corridor_net.results import fields_of, measure
from corridor_net.scenario import Scenario
from corridor_net.uncertainty.ensembles.ensemble import Make
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair
from corridor_net.uncertainty.studies.appraised import DrawnCarriage, NpvDraws, carried, npv_draws

DRAWS = 1000
"""Draws of an appraisal, the same that `appraise` makes by default."""
PATH: Path = "low"
"""The price path of CO2e that `appraise` takes by default."""


@dataclass(frozen=True, kw_only=True)
class Paying:
    """An upgrade over years with all that `appraise` assumes by default; money in USD of `price_year`.

    `pays_from_teu` is the traffic of the opening year from which it pays (None: none would do), `opening_teu` what
    there is; `works_factor` what a dollar paid for works costs the economy; `rates_without_benefit` the rates of return
    if it gained nothing; `counted` the last count of its corridor: TEU, first day, last day.
    """

    scenario: str
    title: str
    price_year: int
    base_year: int
    opening: int
    last: int
    discount: float = measure("share a year", 6)
    investment_usd: float = measure("USD", 0)
    npv_usd: float = measure("USD", 0)
    works_factor: float = measure("", 4)
    rates_of_return: tuple[float, ...] = measure("share a year", 6)
    rates_without_benefit: tuple[float, ...] = measure("share a year", 6)
    draws: NpvDraws
    opening_teu: float = measure("TEU", 0)
    pays_from_teu: float | None = measure("TEU", 0)
    counted: tuple[float, str, str] | None


def paying(comparison: Comparison, make: Make) -> tuple[Paying, ...]:
    """Appraise every upgrade of a study whose investment is known, on its main baseline, to its focus.

    `make` draws as for the study (`study.drawing`). Traffic is that of table market; where it
    says nothing of trade, or least cost is not generalised cost, nothing is appraised.
    """
    found, without = [], dict[tuple[Pair, ...], DrawnCarriage]()
    for run, case in cases(comparison):
        pairs = tuple(case.pairs)
        if pairs not in without:
            without[pairs] = carried(case.before, pairs, DRAWS, make)
        using = carried(case.after, pairs, DRAWS, make, without[pairs])
        uncertainty = npv_draws(case, (without[pairs].carriage, using.carriage))
        found.append(_paying(run, _scenario(comparison, run), case, uncertainty))
    return tuple(found)


def cases(comparison: Comparison) -> Iterator[tuple[Run, Case]]:
    """Yield every upgrade of a study whose investment is known, on its main baseline, to its focus, as a case."""
    main = comparison.main
    runs = [run for run in comparison.scenario_runs(main.baseline) if (run.investment_usd or 0) > 0]
    if not runs or main.router.by != "generalised":
        return
    try:
        streams = market_streams(main.router, (comparison.focus,))
    except BadValue:
        return
    for run in runs:
        case = _case(comparison, run, streams)
        if case is not None:
            yield run, case


def _scenario(comparison: Comparison, run: Run) -> Scenario:
    return next(one for one in comparison.study.scenarios if one.name == run.scenario)


def _case(comparison: Comparison, run: Run, streams: Sequence[Freight]) -> Case | None:
    """Return the case of one upgrade; None where no origin has a route both without and with it."""
    main, goal = comparison.main, comparison.focus
    known: tuple[dict[Pair, tuple[int, ...]], dict[Pair, tuple[int, ...]]] = ({}, {})
    for side, one in enumerate((main, run)):
        known[side].update({pair: trip.arcs for pair, trip in one.trips.items() if pair[1] == goal})
    chosen = tuple(s for s in streams if all((s.origin, s.destination) in routes for routes in known))
    if not chosen:
        return None
    year = main.router.network.day.year
    spending = spread_evenly(float(run.investment_usd or 0), year, CONSTRUCTION_YEARS)
    return Case(
        before=main.router,
        after=run.router,
        streams=chosen,
        project=opened(spending, rate=DISCOUNT),
        growth=GROWTH,
        elasticity=ELASTICITY,
        path=PATH,
        known=known,
    )


def _paying(run: Run, scenario: Scenario, case: Case, uncertainty: NpvDraws) -> Paying:
    project = case.project
    return Paying(
        scenario=scenario.name,
        title=run.title,
        price_year=case.before.impedance.prices.year,
        **fields_of(project, "base_year", "opening", "last", "investment_usd"),
        **fields_of(case, "npv_usd", "rates_of_return", "opening_teu", "pays_from_teu"),
        discount=project.rate,
        works_factor=project.shadow.factor,
        rates_without_benefit=rates_of_return((-project.costs).tolist()),
        draws=uncertainty,
        counted=counted(case.after.network, scenario.lineage),
    )
