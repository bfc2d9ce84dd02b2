"""A study under draws: every run's spreads and chances, scenarios paired with their baseline, and when to stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np

from corridor_net.analysis.compare import Comparison, Run
from corridor_net.errors import BadValue

from .draws import Factors, Floats
from .ensemble import Ensemble, Pair, PairDoubt, Priced, RouteDoubt, Spread, better_share, route_doubts

BLOCK = 1000
"""Draws between two looks at the precision; a multiple of four."""


@dataclass(frozen=True, eq=False)
class RunDoubt:
    """One run under all draws. `better`: by pair, in what share of draws it beats its baseline; empty for one."""

    run: Run
    pairs: tuple[PairDoubt, ...]
    better: dict[Pair, float]
    gain_usd: Spread | None
    better_on_the_whole: float | None

    def as_json(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "baseline": self.run.baseline,
            "scenario": self.run.scenario,
            "gain_usd": self.gain_usd.as_json() if self.gain_usd else None,
            "better_on_the_whole": self.better_on_the_whole,
            "pairs": [{**p.as_json(), "better": self.better.get((p.origin, p.destination))} for p in self.pairs],
        }


@dataclass(frozen=True, eq=False)
class StudyDoubt:
    """A study under draws; `half_width`: 95 % half-width of the main pair's mean generalised cost, share of it."""

    destination: str
    draws: int
    seed: int
    half_width: float
    runs: tuple[RunDoubt, ...]

    def run(self, name: str) -> RunDoubt:
        """Return a run by its name, `baseline` or `baseline/scenario`."""
        return next(found for found in self.runs if found.run.name == name)

    def as_json(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "destination": self.destination,
            "draws": self.draws,
            "seed": self.seed,
            "half_width": self.half_width,
            "runs": [found.as_json() for found in self.runs],
        }


def main_doubts(comparison: Comparison) -> dict[Pair, RouteDoubt]:
    """Return how sure the main baseline's routes to the focus are."""
    main = comparison.runs[0]
    goal = comparison.focus
    routes = {(o, goal): main.trips[o, goal].arcs for o in comparison.origins if (o, goal) in main.trips}
    return route_doubts(main.router, routes) if routes else {}


def study_doubt(  # noqa: C901 - one check a line, then one loop
    comparison: Comparison,
    *,
    destination: str | None = None,
    draws: int = 200,
    seed: int = 1,
    precision: float | None = None,
    baselines: tuple[str, ...] | None = None,
    scenarios: tuple[str, ...] | None = None,
    exact: bool = False,
    correlations: Mapping[tuple[str, str], float] | None = None,
    progress: Callable[[str], None] | None = None,
) -> StudyDoubt:
    """Price every run of a comparison under the same draws.

    Pairs are all origins to `destination` (the study's focus). With `precision`, draws stop as soon as the 95 %
    half-width of the first pair's mean generalised cost, as a share of it, is below it, looked at every
    thousand draws; `draws` is then the most. Scenario and baseline get the same factors, figure by figure, so
    a difference is not blurred by what they have in common. `exact` searches the whole network in every draw
    (extra `fast`); otherwise the cheapest of each pair's rivals is taken. Runs without any route to the
    destination, and
    those whose baseline has none, are left out.

    `correlations` of figures (Gaussian copula) take the place of what groups have in common; those of figures that a
    run does not have are left out of it.

    Raises BadValue for draws or a precision not above 0, for ranges of figures that are none, or for `exact`
    without the extra.
    """
    if exact and find_spec("numba") is None:
        raise BadValue("searching every draw needs numba", hint="pip install 'corridor-net[fast]'")
    if draws <= 0:
        raise BadValue(f"{draws} draws", hint="1 or more")
    if precision is not None and not precision > 0:
        raise BadValue(f"a precision of {precision:g}", hint="a share above 0, for example 0.01")
    if correlations:
        Factors(Ensemble.of(comparison.runs[0].router, ()).doubts, seed, correlations)  # unknown figures are refused
    goal = comparison.network.node(destination).node_id if destination else comparison.focus
    if goal not in comparison.destinations:
        raise BadValue(f"the study does not go to '{goal}'", hint=f"destinations: {', '.join(comparison.destinations)}")
    found: list[RunDoubt] = []
    half_width, count = 0.0, draws
    names = dict.fromkeys(run.baseline for run in comparison.runs)
    for baseline in (name for name in names if baselines is None or name in baselines):
        wanted = (None, *scenarios) if scenarios is not None else None
        runs = [r for r in comparison.runs if r.baseline == baseline and (wanted is None or r.scenario in wanted)]
        base = Ensemble.of(runs[0].router, _pairs(runs[0], comparison, goal))
        if not base.pairs:
            continue
        if not found and precision is not None:
            count = _enough(base, draws, seed, precision)
        before = _price(base, count, seed, correlations, exact=exact)
        half_width = half_width or _half_width(before.won("generalised")[0])
        for run in runs:
            if progress:
                progress(run.name)
            if run is runs[0]:
                found.append(RunDoubt(run, before.summaries(), {}, None, None))
                continue
            ensemble = Ensemble.of(run.router, _pairs(run, comparison, goal), base=base)
            if ensemble.pairs:
                found.append(_against(run, before, _price(ensemble, count, seed, correlations, exact=exact)))
    return StudyDoubt(goal, count, seed, half_width, tuple(found))


def _pairs(run: Run, comparison: Comparison, goal: str) -> list[Pair]:
    return [(origin, goal) for origin in comparison.origins if (origin, goal) in run.trips]


def _price(
    ensemble: Ensemble, count: int, seed: int, correlations: Mapping[tuple[str, str], float] | None, *, exact: bool
) -> Priced:
    doubts = ensemble.doubts
    known = {pair: rho for pair, rho in (correlations or {}).items() if set(pair) <= set(doubts)}
    factors = Factors(doubts, seed, known)
    if exact:
        ensemble = ensemble.completed(factors, count)
    return ensemble.price(partial(factors.factor, start=0, count=count), count)


def _enough(ensemble: Ensemble, most: int, seed: int, precision: float) -> int:
    """Return the first thousand of draws at which the first pair's mean is known well enough, `most` at most."""
    single = Ensemble.of(ensemble.router, ensemble.pairs[:1])
    factors = Factors(single.doubts, seed)
    values: list[Floats] = []
    for start in range(0, most, BLOCK):
        count = min(BLOCK, most - start)
        priced = single.price(partial(factors.factor, start=start, count=count), count)
        values.append(priced.won("generalised")[0])
        if _half_width(np.concatenate(values)) < precision:
            return start + count
    return most


def _half_width(values: Floats) -> float:
    return float(1.96 * values.std() / len(values) ** 0.5 / values.mean())


def _against(run: Run, before: Priced, after: Priced) -> RunDoubt:
    """Pair a scenario with its baseline over the pairs that both have."""
    both = [pair for pair in after.ensemble.pairs if pair in before.ensemble.pairs]
    better = {pair: better_share(before, after, pair) for pair in both}
    old, new = before.won("generalised"), after.won("generalised")
    rows = [(before.ensemble.pairs.index(pair), after.ensemble.pairs.index(pair)) for pair in both]
    gains = np.mean([old[a] - new[b] for a, b in rows], axis=0) if rows else np.zeros(old.shape[1])
    level = np.abs(gains) <= 1e-9 * np.abs(old).mean()
    whole = float(np.mean(np.where(level, 0.5, gains > 0)))
    return RunDoubt(run, after.summaries(), better, Spread.of(gains), whole)
