"""The best set of many upgrades under a budget, by best-first branch and bound."""

from __future__ import annotations

import heapq
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import NoRoute
from corridor_net.graph import Weighted

from .purchases import Purchases

MOST_NODES = 20_000
"""Nodes of the branch and bound after which it stops and states its gap."""


def branch_and_bound(task: Purchases, budget: float, within: float) -> tuple[dict[int, float], float, int]:
    """Return the gains of the sets met, an upper bound of what was not, and the number of nodes.

    A node is (sure, open): members decided for, and members still undecided that fit into the budget.
    """
    bounder = _Bounder(task)
    order = sorted(range(task.n), key=lambda number: -task.cost[number])
    gains: dict[int, float] = {}
    best, looked = -inf, 0

    def value(mask: int) -> None:
        nonlocal best
        if mask not in gains and task.rules.allowed(mask) and task.price(mask) <= budget * (1 + 1e-12):
            gains[mask] = bounder.gain(mask)
            best = max(best, gains[mask])

    value(0)
    waiting: list[tuple[float, int, int]] = []
    _push(waiting, bounder, task, budget, 0, task.rules.closed((1 << task.n) - 1))
    while waiting:
        bound, sure, undecided = heapq.heappop(waiting)
        if -bound < best - within * abs(best) - 1e-9:
            return gains, best, looked
        if looked >= MOST_NODES:
            return gains, max(best, -bound), looked
        looked += 1
        number = next((k for k in order if undecided >> k & 1), None)
        if number is None:
            continue
        wider = task.rules.closed(sure | 1 << number)
        value(wider)
        _push(waiting, bounder, task, budget, wider, undecided & ~wider)
        narrower = undecided & ~sum(1 << k for k, held in enumerate(task.rules.extended) if held >> number & 1)
        _push(waiting, bounder, task, budget, sure, narrower)
    return gains, best, looked


def _push(waiting: list[Any], bounder: _Bounder, task: Purchases, budget: float, sure: int, undecided: int) -> None:
    fitting = sum(1 << k for k in range(task.n) if undecided >> k & 1 and _fits(task, budget, sure, k))
    if fitting:
        heapq.heappush(waiting, (-bounder.bound(sure, fitting), sure, fitting))


def _fits(task: Purchases, budget: float, sure: int, number: int) -> bool:
    """Whether an affordable set may hold `sure` and the upgrade, by itself or inside one that extends some of them."""
    whole = task.rules.closed(sure | 1 << number)
    sets = [whole, *(task.rules.closed(whole | held) for held in task.rules.extended if held & whole)]
    return any(task.price(one) <= budget * (1 + 1e-12) for one in sets)


class _Bounder:
    """Values and upper bounds by one search a destination, on the origins that are reached whatever is built."""

    def __init__(self, task: Purchases) -> None:
        self.subsets, self.value_function = task.subsets, task.value_function
        self.start = [self.subsets.end_state(origin, "origin") for origin in self.value_function.origins]
        self.end = [
            self.subsets.end_state(destination, "destination") for destination in self.value_function.destinations
        ]
        worst = self.subsets.base[0].copy()
        for group in self.subsets.groups:
            worst[group.arcs] = np.max([table[0] for table in group.tables.values()], axis=0)
        reached = np.isfinite(self.costs(worst))
        self.value_function.reached = np.asarray(reached)
        weight = np.where(reached, self.value_function.weight, 0.0)
        if not weight.sum():
            raise NoRoute("no origin has a route in every subset of the upgrades")
        self.weight = weight / weight.sum()
        self.base = self.mean(self.subsets.base[0])

    def costs(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the mean over destinations of the least cost of each origin."""
        weighted = Weighted.of(self.subsets.graph.reversed(), weight)
        rows = [weighted.one_to_all(end).distance[self.start] for end in self.end]
        return np.asarray(np.mean(rows, axis=0))

    def mean(self, weight: NDArray[np.float64]) -> float:
        return float(np.where(self.weight > 0, self.costs(weight), 0.0) @ self.weight)

    def gain(self, mask: int) -> float:
        return self.base - self.mean(self.subsets.amounts(mask)[0])

    def bound(self, sure: int, undecided: int) -> float:
        """Return what no set between `sure` and `sure | undecided` can exceed."""
        weight = self.subsets.base[0].copy()
        for group in self.subsets.groups:
            must, may = sure & group.mask, (sure | undecided) & group.mask
            tables = [t[0] for m, t in group.tables.items() if m & must == must and m & ~may == 0]
            weight[group.arcs] = np.min(tables or [t[0] for t in group.tables.values()], axis=0)
        return self.base - self.mean(weight)
