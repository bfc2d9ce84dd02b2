"""A study under draws: every run's spreads and chances, scenarios paired with their baseline, and when to stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_net.analysis.compare import Comparison, Run
from corridor_net.analysis.router import Router
from corridor_net.costing import VALUE_OF_TIME
from corridor_net.errors import BadValue
from corridor_net.results import Result, plain
from corridor_net.uncertainty.ensembles.by_gateway import by_gateway
from corridor_net.uncertainty.ensembles.ensemble import (
    DRAWS,
    Drawn,
    Ensemble,
    Make,
    better_share,
    distributions_of_router,
    drawn_alike,
)
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair, PairUncertainty, Summary
from corridor_net.uncertainty.ensembles.searched import (
    can_search,
    compiled_for,
    drawn,
    parts,
    route_uncertainty,
    searched_run,
)
from corridor_net.uncertainty.ensembles.shares import Shares
from corridor_net.uncertainty.factors.designs import REPLICATES, Designed, checked_sampler, half_width, keys_of
from corridor_net.uncertainty.factors.distributions import Distribution
from corridor_net.uncertainty.factors.draws import Factors, Floats, Streams
from corridor_net.uncertainty.sensitivity.choice import Choice, GatewayLead, two_best
from corridor_net.uncertainty.sensitivity.gateway_model import GatewayModel

if TYPE_CHECKING:
    from corridor_net.uncertainty.calibration.evidence import Evidence

BLOCK = 1000
"""Random draws between two looks at the precision; a multiple of four."""
FEWEST = 64
"""Draws at which convergence is first looked at."""
CHOOSING = 3
"""Scenarios that are drawn in the time of what the choice of the main pair hangs on."""
Told = list[dict[str, Any]]
"""What `RunUncertainty` says of runs, without the runs: these have their whole networks."""
Chosen = tuple[GatewayLead | None, Told]
Both = Callable[[Callable[[], Chosen], Callable[[], Told]], tuple[Chosen, Told]]
"""Returns what two functions return, as far as it can at once."""


@dataclass(frozen=True, eq=False, kw_only=True)
class RunUncertainty(Result):
    """One run under all draws; `against`: by pair, how often it is better than its baseline, equal and worse.

    `on_the_whole`: the same of the mean over the pairs that both have. Both are empty for a baseline.
    """

    run: Run
    pairs: tuple[PairUncertainty, ...]
    against: dict[Pair, Shares]
    gain_usd: Summary | None
    on_the_whole: Shares | None

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        against = [plain(self.against.get((pair.origin, pair.destination))) for pair in self.pairs]
        pairs = zip(self.pairs, against, strict=True)
        return {
            "baseline": self.run.baseline,
            "scenario": self.run.scenario,
            "gain_usd": plain(self.gain_usd),
            "on_the_whole": plain(self.on_the_whole),
            "pairs": [{**pair.to_dict(), "against_baseline": shares} for pair, shares in pairs],
        }


@dataclass(frozen=True, eq=False, kw_only=True)
class StudyUncertainty(Result):
    """A study under draws; `half_width`: 95% half-width of the main pair's mean generalised cost, share of it.

    `steps`: (draws, half-width) on the way there. `choice`: what the main pair's choice of a gateway hangs on. `exact`:
    whether the whole network was searched in every draw.
    """

    destination: str
    draws: int
    seed: int
    half_width: float
    sampler: str = "random"
    steps: tuple[tuple[int, float], ...] = ()
    choice: GatewayLead | None = None
    runs: tuple[RunUncertainty, ...]
    exact: bool = False

    def run(self, name: str) -> RunUncertainty:
        """Return a run by its name, `baseline` or `baseline/scenario`."""
        return next(found for found in self.runs if found.run.name == name)


def drawing(comparison: Comparison) -> Make:
    """Return what draws the figures of a study's networks, what they have in common alike."""
    evidence = evidence_of(comparison, DRAWS)
    return evidence.factors if evidence else drawn_alike()


def main_uncertainty(comparison: Comparison, make: Make | None = None) -> dict[Pair, PairUncertainty]:
    """Return how sure the main baseline's routes to the focus are; `make` is what draws (`drawing`)."""
    main = comparison.main
    routes = {(origin, comparison.focus): trip.arcs for origin, trip in comparison.trips_of(main).items()}
    return route_uncertainty(main.router, routes, make=make or drawing(comparison)) if routes else {}


def evidence_of(comparison: Comparison, draws: int, seed: int = 1) -> Evidence | None:
    """Return what a study with `evidence: published` draws from; None where it keeps to the figures' own ranges."""
    if comparison.study.file.evidence == "none":
        return None
    from corridor_net.uncertainty.calibration.evidence import published_evidence

    return published_evidence(comparison.network, draws=draws, seed=seed)


def study_uncertainty(  # noqa: PLR0913 (all but one by name)
    comparison: Comparison,
    *,
    destination: str | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    precision: float | None = None,
    exact: bool = False,
    sampler: str = "random",
    origin: str | None = None,
    correlations: Mapping[tuple[str, str], float] | None = None,
    progress: Callable[[str], None] | None = None,
    both: Both | None = None,
) -> StudyUncertainty:
    """Price every run of a comparison under the same draws.

    Pairs are all origins to `destination` (the study's focus); the main pair is that of `origin`, the first when left
    out. `sampler` is random (counter-based: a stream a figure), sobol or latin (see `designs`: eight replicates).
    With `precision`, draws stop as soon as the 95% half-width of the main pair's mean generalised cost, as a share of
    it, is below it, looked at every thousand draws (designs: at each doubling); `draws` is then the most.

    Scenario and baseline get the same factors, figure by figure, so a difference is not blurred by what they have in
    common. `exact` searches the whole network in every draw where that can be done: without the extra `fast` up to
    20,000 arcs. Otherwise the cheapest of each pair's rivals is taken.
    Runs without any route to the destination, and those whose baseline has none, are left out.

    A study with `evidence: published` draws from the figures' ranges as the published claims weigh them (`evidence`).

    `correlations` of figures (Gaussian copula) take the place of what groups have in common; those of figures that a
    run does not have are left out of it.

    `both` returns what two functions return; where compiled code does not use all processors already, scenarios are
    worked out by the two of them.

    Raises BadValue for draws or a precision not above 0, and for ranges of figures that are none.
    """
    exact = exact and can_search(comparison.main.router, compiled=True)
    _refuse_unfit(comparison, draws, precision, seed, correlations)
    goal = comparison.destination(destination)
    checked_sampler(sampler, draws)
    source = _source(comparison, draws, seed, sampler, correlations)
    drawing = _Drawing(comparison=comparison, goal=goal, source=source, exact=exact)
    found: list[RunUncertainty] = []
    steps: list[tuple[int, float]] = []
    count, chosen = draws, None
    for base in comparison.baselines:
        pairs = drawing.pairs(base)
        if not pairs:
            continue
        if progress:
            progress(base.name)
        before, main = None, None if found else (origin, goal) if origin and (origin, goal) in pairs else pairs[0]
        if main:
            if precision is None and sampler == "random":  # these are the draws of the answer
                before = drawing.of(base, draws)
            steps = _steps(_Main(base.router, main, source, draws, before, exact=exact), draws, precision)
            count = steps[-1][0]
        before = before or drawing.of(base, count)
        choice, told = drawing.beside(base, before, main, progress, both)
        chosen = chosen or choice
        found.append(RunUncertainty(run=base, pairs=before.summaries(), against={}, gain_usd=None, on_the_whole=None))
        found += [RunUncertainty(run=run, **one) for run, one in told]
    width = steps[-1][1] if steps else 0.0
    return StudyUncertainty(
        destination=goal,
        draws=count,
        seed=seed,
        half_width=width,
        sampler=sampler,
        steps=tuple(steps),
        choice=chosen,
        runs=tuple(found),
        exact=exact,
    )


def _refuse_unfit(
    comparison: Comparison,
    draws: int,
    precision: float | None,
    seed: int,
    correlations: Mapping[tuple[str, str], float] | None,
) -> None:
    if draws <= 0:
        raise BadValue(f"{draws} draws", hint="1 or more")
    if precision is not None and not precision > 0:
        raise BadValue(f"a precision of {precision:g}", hint="a share above 0, for example 0.01")
    if correlations:
        Factors(distributions_of_router(comparison.main.router), seed, correlations)  # unknown figures are refused


def _source(
    comparison: Comparison,
    draws: int,
    seed: int,
    sampler: str,
    correlations: Mapping[tuple[str, str], float] | None,
) -> FactorSource:
    """Return where the factors of all runs come from."""
    evidence = evidence_of(comparison, draws, seed)
    if evidence is not None and (sampler != "random" or correlations):
        raise BadValue(
            "evidence: published has draws of its own", hint="leave out --sampler and --correlations, or set none"
        )
    keys = keys_of(distributions_of_router(run.router) for run in comparison.runs) if sampler == "sobol" else ()
    return FactorSource(
        seed=seed,
        sampler=sampler,
        correlations=dict(correlations or {}),
        keys=keys,
        evidence=evidence,
        streams=Streams(seed, draws),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorSource:
    """Where factors come from: the same for every run, so that what runs have in common is drawn alike."""

    seed: int
    sampler: str
    correlations: dict[tuple[str, str], float]
    keys: tuple[str, ...]
    evidence: Evidence | None = None
    streams: Streams | None = None

    def factors(self, distributions: Mapping[str, Distribution], draws: int) -> Factors:
        """Return the factors of figures; correlations of figures that are not among them are left out."""
        if self.evidence is not None:
            return self.evidence.factors(distributions)
        known = {pair: rho for pair, rho in self.correlations.items() if set(pair) <= set(distributions)}
        if self.sampler == "random":
            return Factors(distributions, self.seed, known, self.streams)
        return Designed(distributions, self.seed, known, sampler=self.sampler, draws=draws, keys=self.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    """What all runs of a study are drawn by."""

    comparison: Comparison
    goal: str
    source: FactorSource
    exact: bool

    def pairs(self, run: Run) -> list[Pair]:
        """Return the pairs of a run that have a route."""
        return [(origin, self.goal) for origin in self.comparison.trips_of(run, self.goal)]

    def of(self, run: Run, count: int, before: Drawn | None = None) -> Drawn:
        """Return a run in so many draws; `before` are those of its baseline, whose rivals are taken over."""
        pairs = self.pairs(run)
        if self.exact:
            routes = {pair: run.trips[pair].arcs for pair in pairs}
            return drawn(run.router, routes, lambda distributions: self.source.factors(distributions, count), count)
        ensemble = Ensemble.of(run.router, pairs, base=before.answers.ensemble if before else None)
        return ensemble.under(self.source.factors(ensemble.distributions, count), count).drawn

    def beside(
        self, base: Run, before: Drawn, main: Pair | None, progress: Callable[[str], None] | None, both: Both | None
    ) -> tuple[GatewayLead | None, list[tuple[Run, dict[str, Any]]]]:
        """Return what the choice of the main pair hangs on, if one is named, and the scenarios of a baseline."""
        runs, count = [r for r in self.comparison.scenario_runs(base.baseline) if self.pairs(r)], before.best.shape[2]

        def told(some: Sequence[Run]) -> Told:
            made = []
            for run in some:
                if progress:
                    progress(run.name)
                made.append(_against(before, self.of(run, count, before)))
            return made

        def here() -> Chosen:
            choice = _choice(base.router, main, self.source, count, exact=self.exact) if main else None
            return choice, told(runs[:own])

        own = len(runs)
        if both and not (self.exact and compiled_for(count, 1)):
            own = max(0, len(runs) - CHOOSING * bool(main)) // 2
        (choice, first), second = both(here, lambda: told(runs[own:])) if both and own < len(runs) else (here(), [])
        return choice, list(zip(runs, [*first, *second], strict=True))


def _choice(router: Router, pair: Pair, source: FactorSource, count: int, *, exact: bool) -> GatewayLead | None:
    """Return what the choice of a pair's gateway hangs on."""
    factors = source.factors(distributions_of_router(router), count)
    ensemble = by_gateway(router, [pair], factors, count) if exact else Ensemble.of(router, [pair])
    figures = ensemble.figures()
    model = GatewayModel(
        router=router, ensemble=ensemble, searched=count * exact, factors=factors, figures=figures, inputs=figures
    )
    drawn_once = {name: factors.factor(name, 0, count) for name in (*figures, VALUE_OF_TIME)}
    prices, names = model.priced(drawn_once), list(model.gates[pair])
    return Choice(
        router=router,
        pair=pair,
        gateways=names,
        costs=model.costs(prices, pair, names),
        both=two_best(model.costs(prices, pair, names, "least")),
        figures=figures,
        factor=prices.factors.__getitem__,
    ).lead(source.seed)


class _Main:
    """The main pair, whose mean generalised cost is to be known: the best way in each draw, as the study takes it.

    What is `known` already of the draws is taken from there.
    """

    def __init__(
        self, router: Router, pair: Pair, source: FactorSource, most: int, known: Drawn | None, *, exact: bool
    ) -> None:
        self.source, self._known = source, known.costs(pair) if known else None
        if known is None:
            self.distributions = distributions_of_router(router)
            self._priced = searched_run(router, [pair], most) if exact else Ensemble.of(router, [pair])

    def costs(self, start: int, end: int) -> Floats:
        """Return its generalised cost in draws `start` to `end - 1`; designs are those of `end` draws."""
        if self._known is not None:
            return self._known[start:end]
        factors = self.source.factors(self.distributions, end)
        if isinstance(self._priced, Ensemble):
            return np.asarray(self._priced.under(factors, end - start, start).won("generalised")[0])
        drawn = parts(self._priced, factors, end, start)
        return np.concatenate([self._priced.measured(self._priced.totals(one)[1], one)[0, 0] for one in drawn])


def _steps(main: _Main, most: int, precision: float | None) -> list[tuple[int, float]]:
    """Return how well a pair's mean is known after how many draws, up to `most` or to the precision."""
    sampler = main.source.sampler
    shared = 1 if sampler == "random" else REPLICATES
    doubled = [most >> k for k in range(12) if most >> k >= FEWEST and not (most >> k) % shared]
    sizes = sorted({most, *doubled})
    if precision is not None and sampler == "random":
        sizes = sorted({*range(BLOCK, most + 1, BLOCK), most})
    found: list[tuple[int, float]] = []
    values = np.zeros(0)
    for size in sizes:
        if sampler != "random":  # another size is another design
            values = np.zeros(0)
        values = np.concatenate([values, main.costs(len(values), size)])
        found.append((size, half_width(values, sampler)))
        if precision is not None and found[-1][1] < precision:
            break
    return found


def _against(before: Drawn, after: Drawn) -> dict[str, Any]:
    """Pair a scenario with its baseline over the pairs that both have."""
    both = [pair for pair in after.pairs if pair in before.pairs]
    gains = np.mean([before.costs(pair) - after.costs(pair) for pair in both] or np.zeros((1, 1)), axis=0)
    return {
        "pairs": after.summaries(),
        "against": {pair: better_share(before, after, pair) for pair in both},
        "gain_usd": Summary.of(gains),
        "on_the_whole": Shares.from_gains(gains, np.abs(before.best[0]).mean()),
    }
