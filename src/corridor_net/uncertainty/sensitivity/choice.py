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

from corridor_net.analysis.breakeven import breakeven
from corridor_net.analysis.router import Router
from corridor_net.costing.cost_model import Columns
from corridor_net.errors import BadValue
from corridor_net.results import Result, measure
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair
from corridor_net.uncertainty.factors.draws import Floats
from corridor_net.uncertainty.sensitivity.indices import Information
from corridor_net.uncertainty.sensitivity.one_at_a_time import label_and_grade

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
    """Between the gateway that wins most often, `leader`, and the next, `second` (see `two_best`).

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


def two_best(costs: Floats) -> tuple[int, int | None]:
    """Return the gateway that wins most often, and the next; where no other ever wins, the best of the others.

    `costs` (n_gateways, n) is that of the best way by each; with one gateway alone there is no next.

    >>> two_best(np.array([[1.0, 1, 9], [2, 2, 2], [3, 3, 1]]))
    (0, 2)
    """
    wins = np.bincount(np.argmin(costs, axis=0), minlength=len(costs))
    leader = int(np.argmax(wins))
    if len(costs) == 1:
        return leader, None
    wins[leader] = -1
    if wins.max() == 0:
        rest = np.delete(np.arange(len(costs)), leader)
        wins[rest] = np.bincount(np.argmin(costs[rest], axis=0), minlength=len(rest))
    return leader, int(np.argmax(wins))


def gap(costs: Floats, leader: int, second: int | None) -> Floats:
    """Return what a choice hangs on, (n,): the second gateway's cost less the leader's; 0 where there is no choice."""
    return np.zeros(costs.shape[1]) if second is None else np.asarray(costs[second] - costs[leader])


@dataclass(frozen=True, eq=False, kw_only=True)
class Choice:
    """A pair of a router in some draws: what the best way by each gateway costs, (n_gateways, n), and what moves it.

    `factor` gives the factors of each of `figures`; `both` are the gateways it lies between.
    """

    router: Router
    pair: Pair
    gateways: Sequence[str]
    costs: Floats
    figures: Sequence[str]
    factor: Columns
    both: tuple[int, int | None]

    def lead(self, seed: int = 1) -> GatewayLead | None:
        """Return what the choice hangs on; None with too few draws to say."""
        n = self.costs.shape[1]
        if n < 2 * CLASSES:
            return None
        leader, second = self.both
        inputs = np.array([self.factor(name) for name in self.figures])
        answers = self.costs[leader] if second is None else gap(self.costs, leader, second)
        shares = first_order(answers[None], inputs)
        informed = Information(self.costs, seed)
        words = breakeven(self.router, *self.pair)
        found = []
        for k in np.argsort(-shares, kind="stable")[:LOOKED].tolist():
            what, grade = label_and_grade(words, self.figures[k])
            saved = informed.of(inputs[k])
            found.append(
                LeadFigure(name=self.figures[k], what=what, grade=grade, first=float(shares[k]), saves_usd=saved)
            )
        return GatewayLead(
            origin=self.pair[0],
            destination=self.pair[1],
            draws=n,
            leader=self.gateways[leader],
            second=None if second is None else self.gateways[second],
            leads=1.0 if second is None else float(np.mean(self.costs[leader] < self.costs[second])),
            figures=tuple(found),
        )
