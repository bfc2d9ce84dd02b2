"""One figure at a time: what an answer does when a figure goes from its 10% value to its 90% value. No printing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corridor_net.analysis.breakeven import Breakeven, breakeven
from corridor_net.analysis.route import Route
from corridor_net.analysis.router import Router
from corridor_net.costing import VALUE_OF_TIME
from corridor_net.costing.cost_model import Columns
from corridor_net.errors import BadValue
from corridor_net.figure_keys import parts_of
from corridor_net.uncertainty.ensembles.ensemble import Ensemble
from corridor_net.uncertainty.ensembles.pair_uncertainty import BY_LAND
from corridor_net.uncertainty.ensembles.runs import SearchedRun
from corridor_net.uncertainty.ensembles.searched import can_search
from corridor_net.uncertainty.factors.draws import Factors, Floats

Ends = tuple[tuple[float, str], tuple[float, str]]
"""Cost and gateway at the low and the high value of a figure."""
ENDS = (0.1, 0.9)
SHOWN = 16
LEAST_USD = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """A figure, and the generalised cost of the best route (USD a box, change) at its 10% and 90% values.

    `gateway_low` and `gateway_high` are the gateways that win there.
    """

    figure: str
    what: str
    grade: str
    low_usd: float
    high_usd: float
    gateway_low: str
    gateway_high: str

    @property
    def width_usd(self) -> float:
        """How far the answer moves."""
        return abs(self.high_usd - self.low_usd)


def one_at_a_time(router: Router, origin: str, destination: str, *, shown: int = SHOWN) -> tuple[Swing, ...]:
    """Return the figures that move the answer of a pair, the `shown` widest first; all others stay at their values.

    The answer is the generalised cost of the best route, by a search of the whole network at both values of every
    figure; where it cannot be searched so often (`can_search`), of those that move the pair's rivals most. Raises
    NoRoute and UnknownName as `Router.route`.
    """
    best = router.route(origin, destination)
    pair, found = breakeven(router, best.origin, best.destination), []
    for figure, ends in sorted(
        _at_both_ends(router, best, shown), key=lambda one: (-abs(one[1][1][0] - one[1][0][0]), one[0])
    )[:shown]:
        (low, here), (high, there) = ends
        start = best.generalised_cost_usd
        if max(abs(low - start), abs(high - start)) > LEAST_USD:
            what, grade = label_and_grade(pair, figure)
            found.append(
                Swing(
                    figure=figure,
                    what=what,
                    grade=grade,
                    low_usd=low - start,
                    high_usd=high - start,
                    gateway_low=here,
                    gateway_high=there,
                )
            )
    return tuple(found)


def _at_both_ends(router: Router, best: Route, most: int) -> Iterator[tuple[str, Ends]]:
    """Yield every figure that any way of the pair rests on, and what comes of it at both ends.

    Of a network that is too large, `most` figures alone.
    """
    searched = SearchedRun.of(router, [(best.origin, best.destination)], compiled=False)
    factors = Factors(searched.distributions)
    if can_search(router):
        figures = [name for name in sorted(searched.figures) if searched.distributions[name].kind != "certain"]
    else:
        figures = _widest(router, best, factors)[:most]
    column = _columns(factors, figures)
    drawn = [column(name) for name in searched.distributions]
    found, values = searched.totals(drawn)
    costs = searched.measured(values, drawn)[0, 0]
    for number, figure in enumerate(figures):
        low, high = (
            (float(costs[draw]), router.gateway(searched.route(found, 0, draw)) or BY_LAND)
            for draw in (2 * number, 2 * number + 1)
        )
        yield figure, (low, high)


def _widest(router: Router, best: Route, factors: Factors) -> list[str]:
    """Return the figures of a pair's rivals, first those that move the cheapest of these most."""
    ensemble = Ensemble.of(router, [(best.origin, best.destination)])
    figures = ensemble.figures()
    cost = ensemble.price(_columns(factors, figures), 2 * len(figures)).won("generalised")[0]
    moved = np.abs(cost - best.generalised_cost_usd).reshape(-1, 2).max(axis=1)
    return [figures[number] for number in np.argsort(-moved, kind="stable")]


def _columns(factors: Factors, figures: Sequence[str]) -> Columns:
    """Return what gives the factors of any figure where some, each in its turn, go to both ends."""
    place, certain = {figure: 2 * number for number, figure in enumerate(figures)}, np.ones(2 * len(figures))

    def column(name: str) -> Floats:
        if name not in place:
            return certain
        made = certain.copy()
        made[place[name] : place[name] + 2] = factors.at(name, np.array(ENDS))
        return made

    return column


def label_and_grade(pair: Breakeven, name: str) -> tuple[str, str]:
    """Return what a figure, or what a group shares, is in words, and its grade."""
    if name == VALUE_OF_TIME:
        return "value of an hour", str(pair.router.network.cargo(pair.router.impedance.cargo.cargo_id).grade)
    if name.startswith("group "):
        return f"what is common to {name[6:].replace('_', ' ')}", ""
    try:
        known = pair.parameter(name) if pair.rests_on(name) else None
    except BadValue:
        known = None
    if known is None:
        return " ".join(parts_of(name)).replace("_", " "), ""
    return known.what, getattr(known, "grade", "")
