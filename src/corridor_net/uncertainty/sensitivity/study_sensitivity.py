"""Which figures the choices of a whole study hang on: all origins to one destination, taken together. No printing.

The answer is a vector: for each pair the second gateway's cost less the leader's. Its indices are those of the pairs
weighted by their variances (Lamboni, Monod & Makowski 2011; Gamboa, Janon, Klein & Lagnoux 2014). All inputs are first
screened by given-data indices of plain draws; the largest then get total indices of their own, and all others one
together, so that what is left out is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from corridor_net.analysis.breakeven import Breakeven, breakeven
from corridor_net.analysis.compare import Comparison, Run
from corridor_net.costing import VALUE_OF_TIME
from corridor_net.errors import BadValue, did_you_mean
from corridor_net.results import Result, measure
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair
from corridor_net.uncertainty.factors.draws import Floats, inverse_normal
from corridor_net.uncertainty.sensitivity.choice import Choice, GatewayLead, first_order, gap, to_look_up
from corridor_net.uncertainty.sensitivity.gateway_model import GatewayModel, WayPrices
from corridor_net.uncertainty.sensitivity.indices import RESAMPLES, Information, sample
from corridor_net.uncertainty.sensitivity.one_at_a_time import label_and_grade

SCREENED = 4096
"""Plain draws for screening, for the chances of gateways and for the value of information."""
SAMPLES = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFigure:
    """One input: its share of the doubt about all choices, alone and with all its interactions (95% interval).

    `saves_usd`: what knowing it before choosing would save a box on average over the pairs, each counted once.
    """

    name: str
    what: str
    grade: str
    first: float = measure(digits=4)
    total: float = measure(digits=4)
    total_interval: tuple[float, float] = measure(digits=4)
    saves_usd: float = measure(digits=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySensitivity(Result):
    """What the choices of a study hang on. `choices`: every pair, the most in doubt first; `rest_total`: see above.

    In the first `searched` of the draws the whole network is searched (0: rival routes alone are looked at).
    """

    study: str
    run: str
    destination: str
    draws: int
    searched: int
    samples: int
    evaluations: int
    screened: int
    rest_total: float = measure(digits=4)
    figures: tuple[StudyFigure, ...]
    choices: tuple[GatewayLead, ...]

    @property
    def next_figure(self) -> StudyFigure | None:
        """The figure to look up next."""
        return to_look_up(self.figures, lambda one: one.total)

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        shown, following = Result.to_dict(self), self.next_figure
        ranked = {name: shown.pop(name) for name in ("figures", "choices")}
        return {**shown, "next": following.name if following else None, **ranked}


def _run(comparison: Comparison, scenario: str | None) -> Run:
    """Return the main baseline's run without a scenario, or with one; BadValue for one that the study does not have."""
    runs = {run.scenario: run for run in (comparison.main, *comparison.scenario_runs(comparison.main.baseline))}
    if scenario not in runs:
        known = [name for name in runs if name]
        hint = did_you_mean(scenario or "", known, otherwise=f"one of: {', '.join(known)}")
        raise BadValue(f"no scenario '{scenario}' in the study", hint=hint)
    return runs[scenario]


def study_sensitivity(
    comparison: Comparison,
    *,
    scenario: str | None = None,
    samples: int = SAMPLES,
    seed: int = 1,
    shown: int = 12,
) -> StudySensitivity:
    """Return what the choices of gateways to the study's focus hang on, over all origins, on its main baseline.

    `shown` figures, the largest by screening, get total indices of their own, by Saltelli's design (Jansen 1999) at
    `samples` Sobol points.

    Raises
    ------
    BadValue
        A scenario the study does not have; samples that are no power of two; no pair with two gateways to choose from.
    """
    run, goal = _run(comparison, scenario), comparison.focus
    pairs = [(origin, goal) for origin in comparison.trips_of(run) if origin != goal]
    model = _Model(run, pairs, seed)
    if not model.answers.any():
        raise BadValue(f"no origin of the study has two gateways to '{goal}' to choose from")
    screened = first_order(model.answers, model.scores)
    kept = np.argsort(-screened, kind="stable")[:shown].tolist()
    totals, intervals, evaluations = model.totals(kept, samples)
    costs = [Information(one.costs, seed) for one in model.choices.values()]
    figures = []
    for place, k in enumerate(kept):
        what, grade = model.label_and_grade(model.inputs[k])
        figures.append(
            StudyFigure(
                name=model.inputs[k],
                what=what,
                grade=grade,
                first=float(screened[k]),
                total=float(totals[place]),
                total_interval=(float(intervals[place, 0]), float(intervals[place, 1])),
                saves_usd=sum(one.of(model.scores[k]) for one in costs) / len(costs),
            )
        )
    choices = [one.lead(seed) for one in model.choices.values()]
    open_first = sorted((one for one in choices if one is not None), key=lambda one: abs(one.leads - 0.5))
    return StudySensitivity(
        study=comparison.study.name,
        run=run.name,
        destination=goal,
        draws=SCREENED,
        searched=model.model.searched,
        samples=samples,
        evaluations=evaluations,
        screened=len(model.inputs),
        rest_total=float(totals[-1]),
        figures=tuple(sorted(figures, key=lambda one: -one.total)),
        choices=tuple(open_first),
    )


def _numbers(gates: list[str], leader: str, second: str | None) -> tuple[int, int | None]:
    return gates.index(leader), None if second is None else gates.index(second)


class _Model:
    """The ways of all pairs, plain draws of them, and the design for total indices."""

    def __init__(self, run: Run, pairs: Sequence[Pair], seed: int) -> None:
        self.model, self.seed = GatewayModel.of(run.router, pairs, seed=seed), seed
        self.inputs, by_name = self.model.inputs, self.model.plain(SCREENED)
        self.scores = np.array(list(by_name.values()))
        factors = {figure: self.model.factor(figure, by_name) for figure in self.model.figures}
        both = self.model.two_best(by_name)
        gates = {pair: list(own) for pair, own in self.model.gates.items()}
        self.choices = {
            pair: Choice(
                router=run.router,
                pair=pair,
                gateways=gates[pair],
                costs=costs,
                figures=self.model.ensemble.figures([pair]),
                factor=factors.__getitem__,
                both=_numbers(gates[pair], *both[pair]),
            )
            for pair, costs in self.model.plain_costs(by_name).items()
        }
        self.answers = np.array([gap(one.costs, *one.both) for one in self.choices.values()])

    @cached_property
    def _words(self) -> dict[Pair, Breakeven]:
        return {}

    def label_and_grade(self, name: str) -> tuple[str, str]:
        """Return what an input is in words, and its grade, by the first pair that rests on it."""
        found = ("", "")
        for pair, one in self.choices.items():
            if name in self.model.figures and name not in one.figures:
                continue
            if pair not in self._words:
                self._words[pair] = breakeven(self.model.router, *pair)
            found = label_and_grade(self._words[pair], name)
            break
        return found

    def totals(self, kept: list[int], n: int) -> tuple[Floats, Floats, int]:
        """Return total indices and 95% intervals of the inputs kept, and last of all others together."""
        k = len(self.inputs)
        points = inverse_normal(sample("sobol", n, 2 * k, self.seed).ravel()).reshape(n, 2 * k).T
        first, other = (dict(zip(self.inputs, half, strict=True)) for half in (points[:k], points[k:]))
        base = self.model.prices(first)
        a, b = self._gaps(base), self._gaps(self.model.prices(other))
        names = [self.inputs[number] for number in kept]
        blocks = [*([name] for name in names), [name for name in self.inputs if name not in names]]
        moved = np.empty((len(blocks), n))
        for place, block in enumerate(blocks):
            mixed = {**first, **{name: other[name] for name in block}}
            moved[place] = ((a - self._gaps(self.model.moved(base, block, mixed))) ** 2).sum(axis=0)
        rng = np.random.Generator(np.random.Philox(self.seed))
        weight = np.concatenate([np.full((1, n), 1 / n), rng.multinomial(n, np.full(n, 1 / n), RESAMPLES) / n])
        middle = weight @ (a + b).T / 2
        variance = (weight @ (a**2 + b**2).T / 2 - middle**2).sum(axis=1, keepdims=True)
        indices = weight @ moved.T / (2 * variance)
        return indices[0], np.percentile(indices[1:], [2.5, 97.5], axis=0).T, n * (len(kept) + 3)

    def _gaps(self, prices: WayPrices) -> Floats:
        """Return the gap of each pair's two gateways, (n_pairs, n)."""
        found = np.zeros((len(self.choices), len(prices.factors[VALUE_OF_TIME])))
        for row, (pair, one) in zip(found, self.choices.items(), strict=True):
            leader, second = one.both
            if second is not None:
                costs = self.model.costs(prices, pair, [one.gateways[leader], one.gateways[second]])
                row[:] = costs[1] - costs[0]
        return found
