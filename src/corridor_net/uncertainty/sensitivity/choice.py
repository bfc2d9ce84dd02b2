"""Which of two gateways is cheaper, how often, and which figure to look up next: from draws that are there already.

No draw is made for it. A figure's share of the variance is that of the means within classes of equal numbers of
draws, in order of the figure (given-data first-order indices: Plischke, Borgonovo & Smith 2013), less what classes of a
sample show by chance. Shares of several answers are weighted by their variances (Gamboa, Janon, Klein & Lagnoux 2014).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.breakeven import breakeven
from corridor_net.costing.cost_model import Columns
from corridor_net.errors import BadValue
from corridor_net.results import Result, measure
from corridor_net.uncertainty.ensembles.ensemble import Ensemble, Priced
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair
from corridor_net.uncertainty.factors.draws import Floats
from corridor_net.uncertainty.sensitivity.indices import Information
from corridor_net.uncertainty.sensitivity.one_at_a_time import label_and_grade
from corridor_net.uncertainty.sensitivity.pair_model import two_best

CLASSES = 16
LOOKED = 12
"""Figures whose worth is worked out: those of the largest shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFigure:
    """One figure: its share of the variance alone, and what knowing it before choosing saves on average, USD a box."""

    name: str
    what: str
    grade: str
    first: float = measure(digits=4)
    saves_usd: float = measure(digits=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayLead(Result):
    """Between the gateway that wins most often, `leader`, and the next, `second` (see `gap`).

    `leads`: in what share of draws the leader is the cheaper of the two. `figures`: the largest shares of the variance
    of their difference (of the answer, when there is one gateway only).
    """

    origin: str
    destination: str
    draws: int
    leader: str
    second: str | None
    leads: float = measure(digits=4)
    figures: tuple[LeadFigure, ...]

    @property
    def next_figure(self) -> LeadFigure | None:
        """The figure to look up next."""
        return to_look_up(self.figures, lambda one: one.first)

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        shown, following = Result.to_dict(self), self.next_figure
        figures = shown.pop("figures")
        return {**shown, "next": following.name if following else None, "figures": figures}


class _Figure(Protocol):
    """A figure whose worth is known: what knowing it before choosing saves."""

    @property
    def name(self) -> str: ...

    @property
    def saves_usd(self) -> float: ...


Figure = TypeVar("Figure", bound=_Figure)


def to_look_up(figures: Sequence[Figure], share: Callable[[Figure], float]) -> Figure | None:
    """Return the figure to look up next: the one worth most to know; where none saves anything, the largest share.

    None where there is none: what a group of figures shares cannot be looked up. `share` gives that of a figure.
    """
    singles = [one for one in figures if not one.name.startswith("group ")]
    return max(singles, key=lambda one: (round(one.saves_usd, 2), share(one)), default=None)


def first_order(answers: Floats, inputs: Floats, classes: int = CLASSES) -> Floats:
    """Return first-order indices, (n_inputs,), of given answers (n_answers, n) at given inputs (n_inputs, n).

    `S = sum_answers Var(mean within classes of the input) / sum_answers Var`, adjusted for chance:
    `(S - e) / (1 - e)`, `e = (classes - 1) / (n - 1)`; below 0 where chance shows more.

    Raises BadValue for fewer than two draws a class.

    >>> x = np.arange(1024.0)
    >>> first_order((3 * x)[None], np.array([x, x[::-1] % 7])).round(1).tolist()[0]
    1.0
    """
    n = answers.shape[1]
    if n < 2 * classes:
        raise BadValue(f"{n} draws in {classes} classes", hint=f"{2 * classes} or more")
    starts = np.linspace(0, n, classes, endpoint=False).astype(np.int64)
    sizes = np.diff(np.append(starts, n))
    centred = answers - answers.mean(axis=1, keepdims=True)
    whole = float((centred**2).sum())
    chance = (classes - 1) / (n - 1)
    found = np.zeros(len(inputs))
    for number, values in enumerate(inputs):
        if whole > 0:
            sums = np.add.reduceat(centred[:, np.argsort(values, kind="stable")], starts, axis=1)
            found[number] = (float((sums**2 / sizes).sum()) / whole - chance) / (1 - chance)
    return found


def gate_rows(ensemble: Ensemble, pair: Pair) -> list[NDArray[np.int64]]:
    """Return the rival routes of a pair by gateway, in the order of the routes."""
    rows = np.flatnonzero(ensemble.owner == ensemble.pairs.index(pair)).tolist()
    names = dict.fromkeys(ensemble.gateways[row] for row in rows)
    return [np.array([row for row in rows if ensemble.gateways[row] == name]) for name in names]


def gap(costs: Floats) -> tuple[Floats, int, int | None]:
    """Return what a choice hangs on, (n,), and the two gateways: the one that wins most often, and the next.

    Where no other ever wins, the next is the best of the others. `costs` (n_gateways, n) is that of the best route by
    each; of one gateway alone there is nothing to choose, and the gap is 0.
    """
    leader, second = two_best(costs)
    if second is None:
        return np.zeros(costs.shape[1]), leader, None
    wins = np.bincount(np.argmin(costs, axis=0), minlength=len(costs))
    wins[leader] = 0
    if wins.any():
        second = int(np.argmax(wins))
    return costs[second] - costs[leader], leader, second


def gaps_of(
    costs: Floats, gates: Sequence[Sequence[NDArray[np.int64]]], both: Sequence[tuple[int, int | None]]
) -> Floats:
    """Return the gaps between two gateways of each pair, (n_pairs, n), from the costs of all rivals (n_routes, n)."""
    found = np.zeros((len(gates), costs.shape[1]))
    for number, (rows, (leader, second)) in enumerate(zip(gates, both, strict=True)):
        if second is not None:
            found[number] = costs[rows[second]].min(axis=0) - costs[rows[leader]].min(axis=0)
    return found


def choice(priced: Priced, pair: Pair, factor: Columns, *, seed: int = 1) -> GatewayLead | None:
    """Return what the choice of a pair's gateway hangs on; None with too few draws to say.

    `factor` gives the factors the draws were priced with. Raises ValueError for a pair that was not priced.
    """
    n = priced.generalised.shape[1]
    if n < 2 * CLASSES:
        return None
    ensemble = priced.ensemble
    rows = gate_rows(ensemble, pair)
    gates = [ensemble.gateways[one[0]] for one in rows]
    costs = np.array([priced.generalised[one].min(axis=0) for one in rows])
    values, leader, second = gap(costs)
    names = ensemble.figures([pair])
    inputs = np.array([factor(name) for name in names])
    shares = first_order((costs[leader] if second is None else values)[None], inputs)
    informed = Information(costs, seed)
    words = breakeven(ensemble.router, *pair)
    found = []
    for k in np.argsort(-shares, kind="stable")[:LOOKED].tolist():
        what, grade = label_and_grade(words, names[k])
        saved = informed.of(inputs[k])
        found.append(LeadFigure(name=names[k], what=what, grade=grade, first=float(shares[k]), saves_usd=saved))
    leads = 1.0 if second is None else float(np.mean(costs[leader] < costs[second]))
    return GatewayLead(
        origin=pair[0],
        destination=pair[1],
        draws=n,
        leader=gates[leader],
        second=None if second is None else gates[second],
        leads=leads,
        figures=tuple(found),
    )
