"""Sets of upgrades under futures that may or may not come: expected gain, the worst cases, and regret. No printing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isfinite

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue, NoRoute
from corridor_net.results import Result, measure

from .portfolio import EXHAUSTIVE_TO
from .purchases import Purchases, UpgradeSet
from .subsets import UpgradeSubsets

WORST = 0.2
"""The share of the weight that counts as the worst cases."""
RULES = ("expected", "worst", "regret")
"""By what a set may be the best: its mean, its mean over the worst cases, its largest regret."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderFutures:
    """A set of upgrades: its gain in each future, USD a box, and what these come to.

    `expected`: mean by weight. `worst`: mean over the worst cases (CVaR). `regret`: the most that another set which can
    be bought gains more in some future. `best_by` names the rules by which no set is better.
    """

    expected: float = measure("USD a box", 6)
    worst: float = measure("USD a box", 6)
    regret: float = measure("USD a box", 6)
    gains: dict[str, float] = measure("USD a box", 6)
    best_by: tuple[str, ...]
    choice: UpgradeSet = measure(name="set")


@dataclass(frozen=True, kw_only=True)
class Futures(Result):
    """All sets that can be bought, under all futures; weights add up to 1. The largest expected gain first."""

    ROWS = "sets"

    weights: dict[str, float] = measure("share", 6)
    worst_share: float = measure("share")
    sets: tuple[UnderFutures, ...]

    def best(self, rule: str) -> UnderFutures:
        """Return the best set by a rule."""
        return next(one for one in self.sets if rule in one.best_by)


def tail_mean(values: Sequence[float], weights: Sequence[float], share: float) -> float:
    """Return the mean over the worst `share` of the weight (CVaR; Rockafellar and Uryasev 2000, of gains).

    >>> tail_mean([100.0, 0.0], [0.5, 0.5], 0.2), tail_mean([100.0, 0.0], [0.9, 0.1], 0.2)
    (0.0, 50.0)
    """
    left, parts = share, []
    for value, weight in sorted(zip(values, weights, strict=True)):
        taken = min(weight, left)
        parts.append(value * taken)
        left -= taken
    return fsum(parts) / (share - max(left, 0.0))


def checked_weights(given: Mapping[str, float]) -> dict[str, float]:
    """Return weights that add up to 1; raise BadValue for one that is below 0 or not a number, or none above 0."""
    for name, weight in given.items():
        if not (isfinite(weight) and weight >= 0):
            raise BadValue(f"the weight of '{name}' is {weight}", hint="0 or more, for example 0.3")
    whole = fsum(given.values())
    if not whole > 0:
        raise BadValue("all futures have the weight 0", hint="give one at least a weight above 0")
    return {name: weight / whole for name, weight in given.items()}


def regrets(gains: Floats) -> Floats:
    """Return the largest regret of each set, gains (n_sets, n_futures): `max over futures (best - own)`."""
    return np.asarray((gains.max(axis=0) - gains).max(axis=1))


def under_futures(
    by_future: Mapping[str, UpgradeSubsets],
    weights: Mapping[str, float],
    costs: Mapping[str, float],
    budget_usd: float,
    origins: Sequence[str],
    destinations: Sequence[str],
    *,
    counted: str = "trade",
    worst_share: float = WORST,
) -> Futures:
    """Return every set of upgrades within the budget under every future.

    `by_future` has the same upgrades on the network of each future. Raises BadValue for more than 14 upgrades, weights
    that are none, and a share of worst cases outside 0 to 1; NoRoute where no origin has a route in every future.
    """
    if not 0 < worst_share <= 1:
        raise BadValue(f"the share of worst cases is {worst_share:g}", hint="above 0, at most 1")
    shares = checked_weights(weights)
    tasks = {name: Purchases(subsets, costs, origins, destinations, counted) for name, subsets in by_future.items()}
    first = next(iter(tasks.values()))
    if first.n > EXHAUSTIVE_TO:
        raise BadValue(
            f"{first.n} upgrades under futures", hint=f"at most {EXHAUSTIVE_TO}: every set is valued; name fewer"
        )
    masks = [mask for mask in first.feasible(range(1 << first.n)) if first.price(mask) <= budget_usd * (1 + 1e-12)]
    _reached_by_all(tasks, masks)
    table = np.array([task.value_function.gains(masks) for task in tasks.values()], float).T
    probability = np.array([shares[name] for name in tasks])
    expected, regret = table @ probability, regrets(table)
    worst = np.array([tail_mean(row.tolist(), probability.tolist(), worst_share) for row in table])
    price = [first.price(mask) for mask in masks]

    def best(values: Floats) -> int:
        order = [(round(float(v), 9), -price[n], -masks[n].bit_count(), -n) for n, v in enumerate(values)]
        return -max(order)[-1]

    winners = {rule: best(of) for rule, of in zip(RULES, (expected, worst, -regret), strict=True)}
    found = [
        UnderFutures(
            choice=first.choice(mask, float(expected[number])),
            gains=dict(zip(tasks, table[number].tolist(), strict=True)),
            expected=float(expected[number]),
            worst=float(worst[number]),
            regret=float(regret[number]),
            best_by=tuple(rule for rule in RULES if winners[rule] == number),
        )
        for number, mask in enumerate(masks)
    ]
    found.sort(key=lambda one: (-round(one.expected, 9), one.choice.cost_usd, one.choice.upgrades))
    return Futures(weights=shares, worst_share=worst_share, sets=tuple(found))


def _reached_by_all(tasks: Mapping[str, Purchases], masks: Sequence[int]) -> None:
    """Let only origins count that have a route in every future with every set, so that gains can be compared."""
    for task in tasks.values():
        task.value_function.prepare(masks)
    common = np.logical_and.reduce([task.value_function.reached for task in tasks.values()])
    if not common.any():
        raise NoRoute("no origin has a route in every future")
    for task in tasks.values():
        task.value_function.reached = common
