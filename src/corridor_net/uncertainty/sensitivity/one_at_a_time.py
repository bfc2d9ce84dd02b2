"""One figure at a time: what an answer does when a figure goes from its 10% value to its 90% value. No printing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor_net.analysis.breakeven import Breakeven, breakeven
from corridor_net.analysis.route import Route
from corridor_net.analysis.router import Router
from corridor_net.costing import VALUE_OF_TIME, CostModel
from corridor_net.errors import BadValue
from corridor_net.figure_keys import parts_of
from corridor_net.graph import Weighted
from corridor_net.uncertainty.ensembles.ensemble import Ensemble
from corridor_net.uncertainty.factors.draws import Factors, Floats

ENDS = (0.1, 0.9)
SEARCHED = 16
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


def one_at_a_time(router: Router, origin: str, destination: str, *, searched: int = SEARCHED) -> tuple[Swing, ...]:
    """Return the figures that move the answer of a pair, the widest first; all others stay at their values.

    The answer is the generalised cost of the best route. Every figure is first tried on the pair's rival routes (see
    `ensemble`); for the `searched` widest the whole network is then searched at both values, and these are
    returned: their swings are exact. Raises NoRoute and UnknownName as `Router.route`.
    """
    best = router.route(origin, destination)
    ensemble = Ensemble.of(router, [(best.origin, best.destination)])
    factors = Factors(ensemble.distributions)
    figures = ensemble.figures()
    ends = {figure: factors.at(figure, np.array(ENDS)) for figure in figures}
    place = {figure: 2 * number for number, figure in enumerate(figures)}
    count = 2 * len(figures)

    def factor(figure: str) -> Floats:
        made = np.ones(count)
        if figure in place:
            made[place[figure] : place[figure] + 2] = ends[figure]
        return made

    cost = ensemble.price(factor, count).won("generalised")[0]
    moved = np.abs(cost - best.generalised_cost_usd).reshape(-1, 2).max(axis=1)
    widest = sorted(zip(figures, moved.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))[:searched]
    pair, found = breakeven(router, best.origin, best.destination), []
    for figure in (figure for figure, change in widest if change > LEAST_USD):
        (low, here), (high, there) = (_answer(router, ensemble.model, best, figure, float(x)) for x in ends[figure])
        start, (what, grade) = best.generalised_cost_usd, label_and_grade(pair, figure)
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
    return tuple(sorted(found, key=lambda swing: (-swing.width_usd, swing.figure)))


def _answer(router: Router, model: CostModel, best: Route, figure: str, factor: float) -> tuple[float, str]:
    """Return the generalised cost and the gateway of the best route with what rests on one figure times `factor`."""
    measures = model.evaluate(lambda key: factor if key == figure else 1.0)
    time = factor if figure == VALUE_OF_TIME else 1.0
    generalised = router.objective.generalised(*measures, time_factor=time)
    weight = router.objective.weight(*measures, time_factor=time)
    ends = router.end_state(best.origin, "origin"), router.end_state(best.destination, "destination")
    arcs = Weighted.of(router.graph, weight).shortest_path(*ends)[1].tolist()
    return float(generalised[arcs].sum()), router.gateway(arcs) or "by land"


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
