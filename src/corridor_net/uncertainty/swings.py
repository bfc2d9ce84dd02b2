"""One figure at a time: what an answer does when a figure goes from its 10 % value to its 90 % value. No printing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from corridor_net.analysis.breakeven import breakeven
from corridor_net.analysis.route import Router
from corridor_net.errors import BadValue, UnknownName

from .draws import Factors, Floats
from .ensemble import VALUE_OF_TIME, Ensemble

ENDS = (0.1, 0.9)


@dataclass(frozen=True, slots=True)
class Swing:
    """A figure, and the generalised cost of the best route (USD a box, change) at its 10 % and 90 % values.

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

    def as_json(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "figure": self.figure,
            "what": self.what,
            "grade": self.grade,
            "low_usd": round(self.low_usd, 2),
            "high_usd": round(self.high_usd, 2),
            "gateway_low": self.gateway_low,
            "gateway_high": self.gateway_high,
        }


def swings(router: Router, origin: str, destination: str) -> tuple[Swing, ...]:
    """Return every figure that moves the answer of a pair, the widest first; all others stay at their values.

    The answer is the generalised cost of the best of the pair's rival routes, so that a figure of a rival counts
    where it makes the rival win. Raises NoRoute and UnknownName as `Router.route`.
    """
    start, goal = router.network.node(origin).node_id, router.network.node(destination).node_id
    router.route(start, goal)
    ensemble = Ensemble.of(router, [(start, goal)])
    factors = Factors(ensemble.doubts)
    used = {figure for row in ensemble.parts.tuples for figure in row} | {VALUE_OF_TIME}
    figures = sorted(figure for figure in used if ensemble.doubts[figure].kind != "certain")
    place = {figure: number for number, figure in enumerate(figures)}
    count = 2 * len(figures) + 1

    def factor(figure: str) -> Floats:
        made = np.ones(count)
        if figure in place:
            made[2 * place[figure] : 2 * place[figure] + 2] = factors.at(figure, np.array(ENDS))
        return made

    priced = ensemble.price(factor, count)
    cost = priced.won("generalised")[0]
    gates = np.array(ensemble.gateways)[priced.winner[0]]
    pair = breakeven(router, start, goal)
    found = []
    for figure, number in place.items():
        low, high = (float(cost[2 * number + end] - cost[-1]) for end in (0, 1))
        if max(abs(low), abs(high)) > 0.005:
            what, grade = _told(pair, figure)
            here = (str(gates[2 * number]), str(gates[2 * number + 1]))
            found.append(Swing(figure, what, grade, low, high, *here))
    return tuple(sorted(found, key=lambda swing: (-swing.width_usd, swing.figure)))


def _told(pair: Any, figure: str) -> tuple[str, str]:
    """Return what a figure is in words, and its grade."""
    if figure == VALUE_OF_TIME:
        return "value of an hour", str(pair.router.network.cargo(pair.router.impedance.cargo.cargo_id).grade)
    try:
        known = pair.parameter(figure)
    except (BadValue, UnknownName):
        return figure.replace(":", " ").replace("_", " "), ""
    return known.what, getattr(known, "grade", "")
