"""A liner whose freight follows its filling: the freight at which a frequency pays, and where boxes run away from it.

At f sailings a week and a freight of p a box, `carried(f, p)` boxes come; the line pays where

    carried(f, p) x (p + subsidy) = f x (cost of a sailing - other income)

A dearer freight drives boxes away, so there are two such freights or none: the lower one, from which a push dies away,
and an upper one, above which the line empties. Lines that others may enter come to the lower one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .liner import Liner
from .years import Floats

FREIGHTS = 240
"""Freights that are looked at for a frequency, evenly apart; roots are refined by halving."""
FREQUENCIES = 60
LOWEST = 0.05
"""Sailings a week that are looked at, evenly apart in their logarithm, from one in twenty weeks on."""
FURTHEST = 8.0
"""Multiples of 1 / scale above the present freight up to which freights are looked at: share e^-8 of boxes is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A frequency with its freight: mean USD a box, boxes a sailing, and what is left a week after all is paid.

    `covered` is what boxes pay of the cost of a sailing, a share; `empties_usd` the freight above which it empties.
    """

    sailings_per_week: float
    freight_usd: float
    boxes_per_sailing: float
    profit_usd_per_week: float
    covered: float
    empties_usd: float


def pays_at(liner: Liner, sailings: float, subsidy_usd: float = 0.0) -> Filled | None:
    """Return the least freight at which so many sailings a week pay, and where they empty; None where none does."""
    changes = _changes(liner, sailings)
    good = np.flatnonzero(_profits(liner, sailings, changes, subsidy_usd)[0] >= 0)
    if not len(good):
        return None

    def profit(change: float) -> float:
        return float(_profits(liner, sailings, np.array([change]), subsidy_usd)[0][0])

    first, last = int(good[0]), int(good[-1])
    low = changes[0] if first == 0 else _root(profit, float(changes[first - 1]), float(changes[first]))
    high = changes[-1] if last == len(changes) - 1 else _root(profit, float(changes[last + 1]), float(changes[last]))
    return _filled(liner, sailings, float(low), subsidy_usd, float(high))


def best_filled(liner: Liner, subsidy_usd: float = 0.0) -> Filled | None:
    """Return the frequency at whose least freight most boxes come; None where no frequency pays at any freight.

    Of the frequencies and freights that are looked at; the freight of the one found is refined.
    """
    most, at = -1.0, 0.0
    for f in _frequencies(liner):
        left, carried = _profits(liner, f, _changes(liner, f), subsidy_usd)
        good = np.flatnonzero(left >= 0)
        if len(good) and carried[good[0]] > most:
            most, at = float(carried[good[0]]), f
    return pays_at(liner, at, subsidy_usd) if most >= 0 else None


def most_covered(liner: Liner, subsidy_usd: float = 0.0) -> Filled:
    """Return the frequency and freight at which boxes pay for most of a sailing, of those that are looked at."""
    tried = []
    for f in _frequencies(liner):
        changes = _changes(liner, f)
        left = _profits(liner, f, changes, subsidy_usd)[0]
        best = int(np.argmax(left))
        tried.append((float(left[best]) / f, f, float(changes[best])))
    _, sailings, change = max(tried)
    return _filled(liner, sailings, change, subsidy_usd, np.inf)


def _frequencies(liner: Liner) -> list[float]:
    found: list[float] = np.geomspace(min(LOWEST, liner.most_sailings), liner.most_sailings, FREQUENCIES).tolist()
    return found


def _changes(liner: Liner, sailings: float) -> Floats:
    """Return changes of freight that are looked at, from no freight at all."""
    now = float(liner.mean_freight(sailings))
    return np.linspace(-now, FURTHEST / liner.scale_per_usd, FREIGHTS)


def _profits(liner: Liner, sailings: float, changes: Floats, subsidy_usd: float) -> tuple[Floats, Floats]:
    """Return what is left a week, and boxes carried a week, at each change of freight, shape (n_changes,)."""
    cost = liner.fixed_usd + liner.wait_usd / sailings + changes[:, None]
    with np.errstate(invalid="ignore", over="ignore"):
        share = 1 / (1 + np.exp(np.clip(liner.scale_per_usd * (cost - liner.other_usd), -700, 700)))
    boxes = liner.boxes_per_week * np.where(np.isfinite(liner.fixed_usd), share, 0.0)
    wanted = boxes.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        freight = np.where(wanted > 0, (boxes * liner.freight_usd).sum(axis=1) / wanted, 0.0)
    carried = np.minimum(wanted, liner.room_boxes * sailings)
    return carried * (freight + changes + subsidy_usd) - liner.net_cost_usd * sailings, carried


def _filled(liner: Liner, sailings: float, change: float, subsidy_usd: float, empties: float) -> Filled:
    left, carried = _profits(liner, sailings, np.array([change]), subsidy_usd)
    cost = liner.net_cost_usd * sailings
    return Filled(
        sailings_per_week=sailings,
        freight_usd=float(liner.dearer(change).mean_freight(sailings)) + change,
        boxes_per_sailing=float(carried[0]) / sailings,
        profit_usd_per_week=float(left[0]),
        covered=1 + float(left[0]) / cost if cost else np.inf,
        empties_usd=float(liner.mean_freight(sailings)) + empties,
    )


def _root(value: Callable[[float], float], below: float, above: float) -> float:
    """Return where a function turns from below 0 to 0 or more between two places, on the side where it is not below."""
    while abs(above - below) > 1e-9 * max(1.0, abs(above)):
        middle = (below + above) / 2
        if value(middle) >= 0:
            above = middle
        else:
            below = middle
    return above
