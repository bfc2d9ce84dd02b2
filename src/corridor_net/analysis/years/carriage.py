"""What a box costs on its best way, by what it is paid for, and how that moves with one figure of the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.breakeven import Breakeven
from corridor_net.analysis.router import Router
from corridor_net.appraisal.benefits import Carriage
from corridor_net.appraisal.switching import WorthPiece
from corridor_net.graph import Weighted

Pair = tuple[str, str]
Floats = NDArray[np.float64]
NARROWEST = 1e-11
"""Two values of a figure that are nearer than this, as a share, are taken for one."""
TIE = 1e-9
"""Two routes whose weights differ by a smaller share are equally good."""


def carriage(router: Router, routes: Sequence[Sequence[int]]) -> Carriage:
    """Return what each route (its arcs) costs a box, arrays of shape (n_routes,)."""
    time = router.impedance.cargo.value_of_time
    fees = fees_by_arc(router)

    return Carriage(
        money=along(router.money - fees, routes),
        fees=along(fees, routes),
        time=time * along(router.hours, routes),
        reliability=time * router.objective.reliability_ratio * along(router.spread_hours, routes),
        co2_kg=along(router.impedance.co2_kg, routes),
    )


def along(values: Floats, routes: Sequence[Sequence[int]]) -> Floats:
    """Return what values of arcs add up to along each route (its arcs), shape (n_routes,)."""
    return np.array([float(values[list(arcs)].sum()) for arcs in routes])


def _fees(router: Router) -> tuple[str, ...]:
    """Return the components of money that go to a state: what users save in them, others lose."""
    return router.network.vocabulary.components_where("public", "yes")


def fees_by_arc(router: Router) -> Floats:
    """Return what each arc asks in fees, USD, shape (n_arcs,)."""
    public = set(_fees(router))
    columns = [number for number, name in enumerate(router.impedance.components) if name in public]
    return np.asarray(router.impedance.money[:, columns].sum(axis=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A pair's route as straight lines of a figure's multiple x: user's cost and fees, each `c0 + x c1`; kg CO2e.

    `weight` is what is minimised: the user's cost, and the CO2 price where the choice has one.
    """

    weight: tuple[float, float]
    cost: tuple[float, float]
    fee: tuple[float, float]
    co2_kg: float

    def at(self, x: float) -> float:
        """Return what is minimised, USD."""
        return self.weight[0] + x * self.weight[1]

    def as_good_as(self, other: Line, x: float) -> bool:
        """Whether it is no dearer than another at x, but for what floating numbers leave open."""
        return self.at(x) <= other.at(x) + TIE * max(1.0, abs(other.at(x)))


@dataclass(frozen=True, eq=False, kw_only=True)
class Moving:
    """One router with one figure, and its copies in a scenario (`keys`), at a variable multiple x of what it is.

    `limits` are those of any pair of the router: what its figures are, once for all that are moved.
    """

    limits: Breakeven
    pairs: tuple[Pair, ...]
    keys: tuple[str, ...]
    _known: dict[float, list[Line]] = field(default_factory=dict, repr=False)

    @property
    def router(self) -> Router:
        """What is searched."""
        return self.limits.router

    @cached_property
    def slope(self) -> Floats:
        """What each arc weighs of the figure at x = 1, USD; raises as `Breakeven.parameter`."""
        found = np.zeros(self.router.graph.n_arcs)
        for key in self.keys:
            parameter = self.limits.parameter(key)
            found += parameter.x_now * parameter.slope
        return found

    @cached_property
    def fixed(self) -> Floats:
        """What each arc weighs without it, USD."""
        return np.asarray(np.maximum(self.router.weight - self.slope, 0.0))

    @cached_property
    def _fees(self) -> tuple[Floats, Floats]:
        whole, moved = fees_by_arc(self.router), np.zeros(self.router.graph.n_arcs)
        public = _fees(self.router)
        for number in np.flatnonzero(self.slope).tolist():
            for part in self.router.impedance.arcs[number].parts:
                if part.component in public and part.quantity == "cost" and set(part.figures) & set(self.keys):
                    moved[number] += part.amount
        return whole - moved, moved

    def moved(self, ways: Sequence[Sequence[int]]) -> Floats:
        """Return what each route (its arcs) weighs of the figure at x = 1, USD, shape (n_routes,)."""
        return along(self.slope, ways)

    def at(self, x: float) -> list[Line]:
        """Return the best route of every pair at a value of x, as lines."""
        x = x if self.slope.any() else 1.0  # where no arc rests on the figure all values are one
        if x not in self._known:
            back = Weighted.of(self.router.graph.reversed(), self.fixed + x * self.slope)
            goals = dict.fromkeys(goal for _, goal in self.pairs)
            trees = {goal: back.one_to_all(self.router.end_state(goal, "destination")) for goal in goals}
            ways = [trees[goal].path(self.router.end_state(origin, "origin")) for origin, goal in self.pairs]
            self._known[x] = self._lines(ways)
        return self._known[x]

    @cached_property
    def _amounts(self) -> Floats:
        """What each arc takes of weight without the figure and with it, of fees likewise, and of CO2e, (n_arcs, 5)."""
        return np.column_stack((self.fixed, self.slope, *self._fees, self.router.impedance.co2_kg))

    def _lines(self, ways: Sequence[NDArray[np.int32]]) -> list[Line]:
        first = np.cumsum([0, *(len(way) for way in ways[:-1])])
        price = self.router.co2_price_usd_per_t / 1000
        return [
            Line(weight=(fixed, moved), cost=(fixed - price * kg, moved), fee=(fee, fee_moved), co2_kg=kg)
            for fixed, moved, fee, fee_moved, kg in np.add.reduceat(self._amounts[np.concatenate(ways)], first).tolist()
        ]


def pieces(movers: Sequence[Moving], low: float, high: float) -> Iterator[tuple[float, float, list[list[Line]]]]:
    """Yield (from, to, lines by mover and pair): intervals of x in which every pair keeps its route, rising; exact.

    The least weight of a pair is concave and piecewise straight: a route that is best at both ends of an interval is
    best within it. Where none is, the interval is cut where the two meet (Eisner and Severance 1976).
    """
    work = [(low, high)]
    while work:
        a, b = work.pop()
        lines, cut = [], None
        for mover in movers:
            kept, here = _kept(mover.at(a), mover.at(b), a, b)
            lines.append(kept)
            cut = cut if here is None else here
        if cut is None or b - a <= NARROWEST * max(1.0, b):
            yield a, b, lines
        else:
            cut = cut if a + (b - a) * NARROWEST < cut < b - (b - a) * NARROWEST else (a + b) / 2
            work += [(cut, b), (a, cut)]


def _kept(left: list[Line], right: list[Line], a: float, b: float) -> tuple[list[Line], float | None]:
    """Return each pair's route in the interval, and where to cut it when some pair's changes in between."""
    found, cut = [], None
    for one, other in zip(left, right, strict=True):
        if one.as_good_as(other, b):
            found.append(one)
        elif other.as_good_as(one, a):
            found.append(other)
        else:
            found.append(one)
            cut = (other.weight[0] - one.weight[0]) / (one.weight[1] - other.weight[1])
    return found, cut


def piece_of(low: float, high: float, lines: Sequence[Sequence[Line]], **known: Any) -> WorthPiece:
    """Return lines before and after as a piece of a project's worth; `known` are its other fields."""
    before, after = lines

    def pair(of: Sequence[Line], name: str) -> tuple[Floats, Floats]:
        both = np.array([getattr(line, name) for line in of])
        return both[:, 0], both[:, 1]

    return WorthPiece(
        low=low,
        high=high,
        cost=pair(before, "cost"),
        cost_then=pair(after, "cost"),
        fee=pair(before, "fee"),
        fee_then=pair(after, "fee"),
        co2=np.array([line.co2_kg for line in before]),
        co2_then=np.array([line.co2_kg for line in after]),
        **known,
    )
