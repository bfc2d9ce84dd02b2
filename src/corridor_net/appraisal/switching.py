"""At what value of one input a project is worth just nothing: exactly, with the proof that no value is missed.

In investment and traffic the net present value is a straight line. In a figure of the network generalised costs are
piecewise straight, so that a project's worth is piecewise smooth, with leaps where routes change and fees and CO2e with
them: each piece is searched by intervals (Moore 1966), and each leap is looked at.
Where the bounds of the worth leave out 0 there is no root; where those of its slope do there is at most one, and it is
found by halving.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from corridor_net.errors import BadValue

from .years import Floats

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """Where a worth is 0, or changes sign. `proved`: it is monotone around it, so that this is the only one there.

    `jump`: routes change there, and with them fees and CO2e at once, so that the worth leaps over 0.
    """

    x: float
    proved: bool
    jump: bool = False


def straight(at_zero: float, at_one: float) -> float | None:
    """Return the multiple x at which `at_zero + x (at_one - at_zero)` is 0; None when none is 0 or more.

    >>> straight(-300.0, -100.0), straight(-300.0, -350.0)
    (1.5, None)
    """
    rise = at_one - at_zero
    if not rise:
        return None
    x = -at_zero / rise
    return x if x >= 0 else None


def switching_share(net_present_value: float, present_value_of_input: float) -> float:
    """Return by what share an input of this present value may change before the net present value is 0.

    `SV = NPV / PV`: the reciprocal of the sensitivity indicator of the Asian Development Bank.

    >>> round(switching_share(1.0, 13.34), 3)
    0.075
    """
    if not present_value_of_input:
        raise BadValue("an input of no present value cannot switch anything")
    return net_present_value / present_value_of_input


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthPiece:
    """The worth of a project between two values of a figure x, where all routes stay the same.

    By pair, `c0 + x c1`: user's cost before (`cost`) and after (`cost_then`), fees before and after. `co2` and
    `co2_then` are kg a box; `boxes` and `carbon` as in `benefits.worth`.
    """

    low: float
    high: float
    cost: tuple[Floats, Floats]
    cost_then: tuple[Floats, Floats]
    fee: tuple[Floats, Floats]
    fee_then: tuple[Floats, Floats]
    co2: Floats
    co2_then: Floats
    boxes: Floats
    carbon: Floats
    elasticity: float
    spent_usd: float

    def at(self, x: float) -> float:
        """Return the net present value at x, USD."""
        cost, then = _at(self.cost, x), _at(self.cost_then, x)
        share = self.elasticity * (cost - then) / cost
        boxes = self.boxes * ((1 + share / 2) * (cost - then) + (1 + share) * _at(self.fee_then, x) - _at(self.fee, x))
        carbon = self.carbon * (self.co2 - (1 + share) * self.co2_then) / 1000
        return float(boxes.sum() + carbon.sum()) - self.spent_usd

    def bounds(self, low: float, high: float) -> tuple[float, float]:
        """Return numbers that the net present value lies between, from low to high."""
        gain, share = self._gain(low, high), self._share(low, high)
        users = _times(_one_plus(_scaled(0.5, share)), gain)
        more = _over((self.fee_then[0] - self.fee[0], self.fee_then[1] - self.fee[1]), low, high)
        fees = _added(more, _times(share, _over(self.fee_then, low, high)))
        kg = _minus((self.co2, self.co2), _times(_one_plus(share), (self.co2_then, self.co2_then)))
        sums = _added(_scaled(self.boxes, _added(users, fees)), _scaled(self.carbon / 1000, kg))
        return float(sums[0].sum()) - self.spent_usd, float(sums[1].sum()) - self.spent_usd

    def slopes(self, low: float, high: float) -> tuple[float, float]:
        """Return numbers that the slope of the net present value lies between."""
        rise = self.cost[1] - self.cost_then[1]
        share, costs = self._share(low, high), _over(self.cost, low, high)
        turn = self.elasticity * (self.cost[1] * self.cost_then[0] - self.cost[0] * self.cost_then[1])
        spin = (turn / costs[1] ** 2, turn / costs[0] ** 2)
        spin = (np.minimum(*spin), np.maximum(*spin))
        gain = self._gain(low, high)
        users = _added(_scaled(rise, _one_plus(_scaled(0.5, share))), _scaled(0.5, _times(spin, gain)))
        then = _over(self.fee_then, low, high)
        fees = _added(_times(spin, then), _scaled(self.fee_then[1], _one_plus(share)))
        fees = (fees[0] - self.fee[1], fees[1] - self.fee[1])
        kg = _scaled(-self.carbon * self.co2_then / 1000, spin)
        sums = _added(_scaled(self.boxes, _added(users, fees)), kg)
        return float(sums[0].sum()), float(sums[1].sum())

    def _gain(self, low: float, high: float) -> tuple[Floats, Floats]:
        return _over((self.cost[0] - self.cost_then[0], self.cost[1] - self.cost_then[1]), low, high)

    def _share(self, low: float, high: float) -> tuple[Floats, Floats]:
        """Bound `e (1 - G1 / G0)`: a ratio of straight lines has no turn, so its ends bound it."""
        ends = [self.elasticity * (1 - _at(self.cost_then, x) / _at(self.cost, x)) for x in (low, high)]
        return np.minimum(*ends), np.maximum(*ends)

    def roots(self) -> list[Root]:
        """Return every x of the piece at which the net present value is 0, rising."""
        found, work = [], [(self.low, self.high)]
        while work:
            low, high = work.pop()
            least, most = self.bounds(low, high)
            if least > 0 or most < 0:
                continue
            flat, steep = self.slopes(low, high)
            if flat > 0 or steep < 0:
                at_low, at_high = self.at(low), self.at(high)
                if min(at_low, at_high) <= 0 <= max(at_low, at_high):
                    found.append(Root(x=self._halved(low, high, rising=flat > 0), proved=True))
            elif high - low <= TOLERANCE * max(1.0, high):
                found.append(Root(x=(low + high) / 2, proved=False))
            else:
                middle = (low + high) / 2
                work += [(middle, high), (low, middle)]
        return found

    def _halved(self, low: float, high: float, *, rising: bool) -> float:
        while high - low > TOLERANCE * max(1.0, high) / 2:
            middle = (low + high) / 2
            if (self.at(middle) >= 0) == rising:
                high = middle
            else:
                low = middle
        return (low + high) / 2


def roots_of(pieces: Iterable[WorthPiece]) -> list[Root]:
    """Return every x at which a worth is 0 or leaps over it, of its pieces in rising order."""
    found: list[Root] = []
    last: float | None = None
    for piece in pieces:
        here = piece.at(piece.low)
        if last is not None and last * here < 0:
            found.append(Root(x=piece.low, proved=True, jump=True))
        found += piece.roots()
        last = piece.at(piece.high)
    return found


def nearest(roots: list[Root], now: float) -> Root | None:
    """Return the root that is nearest to the present value, as a multiple of it."""
    return min(roots, key=lambda root: abs(root.x - now), default=None)


_Bounds = tuple[Floats, Floats]


def _at(line: tuple[Floats, Floats], x: float) -> Floats:
    return np.asarray(line[0] + x * line[1])


def _over(line: tuple[Floats, Floats], low: float, high: float) -> _Bounds:
    ends = _at(line, low), _at(line, high)
    return np.minimum(*ends), np.maximum(*ends)


def _one_plus(bounds: _Bounds) -> _Bounds:
    return bounds[0] + 1.0, bounds[1] + 1.0


def _added(a: _Bounds, b: _Bounds) -> _Bounds:
    return a[0] + b[0], a[1] + b[1]


def _minus(a: _Bounds, b: _Bounds) -> _Bounds:
    return a[0] - b[1], a[1] - b[0]


def _scaled(factor: float | Floats, bounds: _Bounds) -> _Bounds:
    ends = factor * bounds[0], factor * bounds[1]
    return np.minimum(*ends), np.maximum(*ends)


def _times(a: _Bounds, b: _Bounds) -> _Bounds:
    corners = [a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]]
    return np.minimum.reduce(corners), np.maximum.reduce(corners)
