"""When a liner lives: boxes wait for sailings, and sailings wait for boxes. Arithmetic alone.

With `f` sailings a week a box waits half a headway, so its generalised cost by the line is `K + W / f`; the line's
share of each pair's boxes is a logit over generalised cost, `A` what all other ways together are worth. What the boxes
pay decides how many sailings can be kept up:

    boxes(f)  = sum over pairs of boxes / (1 + exp(mu (K + W / f - A)))
    carried   = min(boxes(f), room f)
    F(f)      = carried x (mean freight + subsidy) / (cost of a sailing - other income)

Equilibria are the `f` with `f = F(f)` up to what the ships can sail, and `f = 0`: without a sailing there is no box.
One is stable where F is less steep than the diagonal. Below the unstable one, the tipping point, the line starves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import Literal

import numpy as np

from corridor_net.errors import BadValue

from .years import Floats, checked_amount

GRID = 4000
"""Places looked at, evenly apart in the logarithm of sailings a week."""
FEWEST = 0.01
"""Sailings a week below which a line is taken for none: one in two years."""
TOLERANCE = 1e-12
MOST_SCALE = 1000.0
"""Of a logit, a USD: steeper than that it is the cheapest way alone, and its exponents are no numbers any more."""
MOST_UNEXPLAINED = 50_000.0
"""USD a box within which an unexplained cost is looked for."""


def checked_scale(scale_per_usd: float) -> float:
    """Return the scale of a logit; raise BadValue where it is not above 0, or no scale any more."""
    if not 0 < scale_per_usd <= MOST_SCALE:
        hint = f"above 0, {MOST_SCALE:g} at most; for example 0.002 a USD"
        raise BadValue(f"the logit scale is {scale_per_usd:g}", hint=hint)
    return scale_per_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipAccount:
    """What one sailing (a round of the ship) costs, USD: charter with crew, fuel at sea and in port, port dues."""

    days_at_sea: float
    days_in_port: float
    calls: int
    charter_usd_per_day: float
    fuel_t_per_day_at_sea: float
    fuel_t_per_day_in_port: float
    fuel_usd_per_t: float
    port_dues_usd_per_call: float
    crew_usd_per_day: float = 0.0

    def __post_init__(self) -> None:
        """Refuse negative amounts."""
        for name in self.__dataclass_fields__:
            checked_amount(getattr(self, name), name.replace("_", " "))

    @property
    def days(self) -> float:
        """How long a round takes."""
        return self.days_at_sea + self.days_in_port

    @property
    def parts(self) -> dict[str, float]:
        """The cost of a sailing by what it is for, USD."""
        tonnes = self.fuel_t_per_day_at_sea * self.days_at_sea + self.fuel_t_per_day_in_port * self.days_in_port
        return {
            "charter": self.charter_usd_per_day * self.days,
            "crew": self.crew_usd_per_day * self.days,
            "fuel": tonnes * self.fuel_usd_per_t,
            "port dues": self.port_dues_usd_per_call * self.calls,
        }

    @property
    def cost_usd(self) -> float:
        """The cost of a sailing, USD."""
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Equilibrium:
    """Sailings a week that pay for themselves, boxes each carries, and whether a small push dies away.

    `slope` is that of F there: below 1 a push dies away.
    """

    sailings_per_week: float
    boxes_per_sailing: float
    slope: float
    kind: Literal["none", "stable", "tipping", "all ships"]


@dataclass(frozen=True, kw_only=True)
class Liner:
    """A line and what it may carry; arrays by pair.

    `boxes_per_week` is what is shipped in all; `fixed_usd` generalised cost by the line without the wait, `wait_usd`
    that of the wait at one sailing a week, `other_usd` what the other ways together are worth (a logsum; inf: none),
    `freight_usd` what the ship earns by a box.
    """

    boxes_per_week: Floats
    fixed_usd: Floats
    wait_usd: Floats
    other_usd: Floats
    freight_usd: Floats
    scale_per_usd: float
    sailing_usd: float
    room_boxes: float
    most_sailings: float
    other_income_usd: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no line, and a demand that is none."""
        for name in ("sailing_usd", "room_boxes", "most_sailings", "other_income_usd"):
            checked_amount(getattr(self, name), name.replace("_", " "))
        checked_scale(self.scale_per_usd)
        if not self.boxes_per_week.sum() > 0 or self.boxes_per_week.min() < 0:
            raise BadValue("there is no demand: no box is shipped by any way", hint="give traffic above 0")
        if not self.room_boxes > 0 or not self.most_sailings > FEWEST:
            raise BadValue("the ship has no room, or cannot sail")

    @property
    def net_cost_usd(self) -> float:
        """What boxes must pay for a sailing, USD: its cost less what it earns without them."""
        return max(self.sailing_usd - self.other_income_usd, 0.0)

    def wanted(self, sailings: Floats | float) -> Floats:
        """Return boxes a week that would take the line at so many sailings a week; the shape of `sailings`."""
        return self._taken(sailings)[0]

    def mean_freight(self, sailings: Floats | float) -> Floats:
        """Return what the ship earns by a box, mean over those that would take it, USD; 0 where none would."""
        return self._taken(sailings)[1]

    def _taken(self, sailings: Floats | float) -> tuple[Floats, Floats]:
        boxes = self._by_pair(sailings)
        whole = np.asarray(boxes.sum(axis=-1))
        paid = (boxes * self.freight_usd).sum(axis=-1)
        return whole, np.asarray(np.divide(paid, whole, out=np.zeros_like(whole), where=whole > 0))

    def _by_pair(self, sailings: Floats | float) -> Floats:
        f = np.asarray(sailings, float)[..., None]
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            share = np.asarray(self.wait_usd / f)  # of the dearer cost at first; written on, for it may be large
            share += self.fixed_usd
            share -= self.other_usd
            share *= self.scale_per_usd
            np.exp(np.clip(share, -700, 700, out=share), out=share)
            share += 1
            np.divide(self.boxes_per_week, share, out=share)
        share[~((f > 0) & np.isfinite(self.fixed_usd))] = 0.0
        return share

    def carried(self, sailings: Floats | float) -> Floats:
        """Return boxes a week that the line carries: those wanted, as far as there is room."""
        f = np.asarray(sailings, float)
        return np.minimum(self.wanted(f), self.room_boxes * f)

    def per_sailing(self, sailings: float) -> float:
        """Return boxes a sailing; 0 without sailings."""
        return float(self.carried(sailings)) / sailings if sailings > 0 else 0.0

    def sustained(self, sailings: Floats | float, subsidy_usd: float = 0.0) -> Floats:
        """Return F: how many sailings a week the boxes of so many sailings pay for, at most what the ships can."""
        return self._paid_for(np.asarray(sailings, float), self._taken(sailings), subsidy_usd)

    def _paid_for(self, sailings: Floats, taken: tuple[Floats, Floats], subsidy_usd: float) -> Floats:
        wanted, freight = taken
        paid = np.minimum(wanted, self.room_boxes * sailings) * (freight + subsidy_usd)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.where(paid > 0, paid / self.net_cost_usd if self.net_cost_usd else inf, 0.0)
        return np.minimum(found, self.most_sailings)

    @cached_property
    def grid(self) -> Floats:
        """Sailings a week that are looked at."""
        return np.geomspace(FEWEST, self.most_sailings, GRID)

    @cached_property
    def _taken_at_grid(self) -> tuple[Floats, Floats]:
        return self._taken(self.grid)

    def curve(self, subsidy_usd: float = 0.0) -> Floats:
        """Return F at every place of the grid."""
        return self._paid_for(self.grid, self._taken_at_grid, subsidy_usd)

    def equilibria(self, subsidy_usd: float = 0.0) -> tuple[Equilibrium, ...]:
        """Return every fixed point `f = F(f)`, rising: 0, then those of a grid of 4,000 places, refined by halving."""

        def gap(f: float) -> float:
            return float(self.sustained(f, subsidy_usd)) - f

        nearest = np.array([self.least_subsidy[1]])  # two fixed points that nearly meet, meet there
        places, order = np.unique(np.append(self.grid, nearest), return_index=True)
        gaps = np.append(self.curve(subsidy_usd), self.sustained(nearest, subsidy_usd))[order] - places
        found = [Equilibrium(sailings_per_week=0.0, boxes_per_sailing=0.0, slope=0.0, kind="none")]
        for n in np.flatnonzero(np.sign(gaps[:-1]) * np.sign(gaps[1:]) < 0).tolist():
            f = _halved(gap, float(places[n]), float(places[n + 1]))
            found.append(self._equilibrium(f, subsidy_usd))
        if gaps[-1] >= 0:
            room = self.per_sailing(self.most_sailings)
            found.append(
                Equilibrium(sailings_per_week=self.most_sailings, boxes_per_sailing=room, slope=0.0, kind="all ships")
            )
        return tuple(found)

    def _equilibrium(self, f: float, subsidy_usd: float) -> Equilibrium:
        step = 1e-6 * f
        ends = self.sustained(np.array([f - step, f + step]), subsidy_usd)
        slope = float(ends[1] - ends[0]) / (2 * step)
        kind: Literal["stable", "tipping"] = "stable" if slope < 1 else "tipping"
        return Equilibrium(sailings_per_week=f, boxes_per_sailing=self.per_sailing(f), slope=slope, kind=kind)

    def subsidy_needed(self, sailings: float) -> float:
        """Return the subsidy a box, USD, at which so many sailings pay for themselves; below 0 where they earn more."""
        carried = float(self.carried(sailings))
        return self.net_cost_usd * sailings / carried - float(self.mean_freight(sailings)) if carried > 0 else inf

    def guarantee_needed(self, sailings: float, subsidy_usd: float = 0.0) -> float:
        """Return boxes a sailing that must be there besides those that come, for so many sailings to pay; 0 or more.

        inf where the ship has no room for them, or a box pays nothing.
        """
        paid = float(self.mean_freight(sailings)) + subsidy_usd
        if paid <= 0:
            return inf
        missing = max(self.net_cost_usd / paid - self.per_sailing(sailings), 0.0)
        return missing if missing + self.per_sailing(sailings) <= self.room_boxes * (1 + 1e-9) else inf

    def dearer(self, usd: float) -> Liner:
        """Return the line at so much more generalised cost a box than is known, USD: what shippers shun."""
        return replace(self, fixed_usd=self.fixed_usd + usd)

    def unexplained_usd(self, boxes_per_sailing: float, sailings: float) -> float | None:
        """Return how much dearer it must seem for so many boxes a sailing to come; None where no number does that.

        The wish for the line falls with its cost, so there is at most one such number; found by halving.
        """
        wanted = boxes_per_sailing * sailings
        low, high = -MOST_UNEXPLAINED, MOST_UNEXPLAINED
        if not float(self.dearer(high).wanted(sailings)) < wanted < float(self.dearer(low).wanted(sailings)):
            return None
        while high - low > 1e-6:
            middle = (low + high) / 2
            low, high = (middle, high) if float(self.dearer(middle).wanted(sailings)) > wanted else (low, middle)
        return (low + high) / 2

    @cached_property
    def least_subsidy(self) -> tuple[float, float]:
        """The least subsidy a box at which there is a living equilibrium at all, USD, and its sailings a week."""
        wanted, freight = self._taken_at_grid
        carried = np.minimum(wanted, self.room_boxes * self.grid)
        with np.errstate(divide="ignore", invalid="ignore"):
            needed = np.where(carried > 0, self.net_cost_usd * self.grid / carried - freight, inf)
        n = int(np.argmin(needed))
        low, high = float(self.grid[max(n - 1, 0)]), float(self.grid[min(n + 1, GRID - 1)])
        best = _least(self.subsidy_needed, low, high)
        known = min((best, float(self.grid[n])), key=self.subsidy_needed)
        return self.subsidy_needed(known), known


def _halved(gap: Callable[[float], float], low: float, high: float) -> float:
    rising = gap(high) > 0
    while high - low > TOLERANCE * high:
        middle = (low + high) / 2
        if (gap(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _least(value: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function with one low point between two places is lowest (golden section)."""
    ratio = (5**0.5 - 1) / 2
    while high - low > 1e-10 * high:
        first, second = high - ratio * (high - low), low + ratio * (high - low)
        if value(first) <= value(second):
            high = second
        else:
            low = first
    return (low + high) / 2


def logsum_usd(costs: Floats, sizes: Floats, scale_per_usd: float) -> float:
    """Return what several ways are worth together, USD: `-ln(sum PS exp(-mu G)) / mu`; inf for none.

    >>> round(logsum_usd(np.array([1000.0, 1000.0]), np.array([1.0, 1.0]), 0.002), 1)
    653.4
    """
    if not len(costs):
        return inf
    least = float(costs.min())
    return least - float(np.log((sizes * np.exp(-scale_per_usd * (costs - least))).sum())) / scale_per_usd
