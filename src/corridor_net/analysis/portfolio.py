"""Which upgrades to buy: the best set under a budget with its proof, near-best sets, the frontier, a schedule.

The gain is the fall of generalised cost a box, mean over origins (by trade unless said otherwise)
and destinations. Costs are the investment figures of the scenarios; one without a figure is left out, never
guessed. No printing.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue, NoRoute, UnknownName, did_you_mean
from corridor_net.graph import Weighted
from corridor_net.scenario import Scenario

from .attribution import Game
from .upgrades import Space

EXHAUSTIVE_TO = 14
"""Upgrades up to which every feasible set is valued; above, branch and bound."""

MOST_NODES = 20_000
"""Nodes of the branch and bound after which it stops and states its gap."""

MOST_YEARS = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """A set of upgrades with its cost and gain: USD, and USD of generalised cost a box.

    `upgrades` are those bought; `included` those they extend, which come with them. `dominated`: another set
    costs no more and gains no less. `boxes_to_repay` is cost / gain, None without a gain.
    """

    upgrades: tuple[str, ...]
    included: tuple[str, ...]
    cost_usd: float
    gain_usd_per_box: float
    dominated: bool = False

    @property
    def boxes_to_repay(self) -> float | None:
        """Boxes whose gain equals the cost, without interest."""
        return self.cost_usd / self.gain_usd_per_box if self.gain_usd_per_box > 1e-9 else None

    def to_dict(self) -> dict[str, Any]:
        """Return the set in the documented JSON shape."""
        boxes = self.boxes_to_repay
        return {
            "upgrades": list(self.upgrades),
            "included": list(self.included),
            "cost_usd": round(self.cost_usd, 2),
            "gain_usd_per_box": round(self.gain_usd_per_box, 6),
            "dominated": self.dominated,
            "boxes_to_repay": None if boxes is None else round(boxes),
        }


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The best set under a budget, all sets within `within` of its gain, and the frontier over every budget.

    `bound_usd_per_box` is what no set under the budget can exceed: equal to the best gain when `proved`.
    `looked_at` counts sets valued (`exhaustive`) or nodes of the search. `left_out` are upgrades without a
    cost, or that require one. `frontier_complete`: every feasible set was valued for it.
    """

    budget_usd: float
    weights: str
    as_of: str
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    upgrades: tuple[tuple[str, float], ...]
    left_out: tuple[str, ...]
    best: Choice
    bound_usd_per_box: float
    proved: bool
    exhaustive: bool
    looked_at: int
    within: float
    near: tuple[Choice, ...]
    frontier: tuple[Choice, ...]
    frontier_complete: bool
    boxes_per_year: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape of `portfolio --json`."""
        boxes = self.boxes_per_year
        return {
            "budget_usd": self.budget_usd,
            "weights": self.weights,
            "as_of": self.as_of,
            "origins": list(self.origins),
            "destinations": list(self.destinations),
            "upgrades": [{"name": name, "cost_usd": cost} for name, cost in self.upgrades],
            "left_out": list(self.left_out),
            "best": self.best.to_dict(),
            "gain_usd_per_year": None if boxes is None else round(boxes * self.best.gain_usd_per_box, 2),
            "bound_usd_per_box": round(self.bound_usd_per_box, 6),
            "proved": self.proved,
            "method": "exhaustive" if self.exhaustive else "branch and bound",
            "looked_at": self.looked_at,
            "within": self.within,
            "near": [choice.to_dict() for choice in self.near],
            "frontier": [choice.to_dict() for choice in self.frontier],
            "frontier_complete": self.frontier_complete,
        }


@dataclass(frozen=True, slots=True)
class Year:
    """One year of a schedule: what is paid for by its end, and what is gained in it from what stood before."""

    year: int
    finished: tuple[str, ...]
    spent_usd: float
    gain_usd_per_box: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """The best order over years: `total` is the sum of discounted yearly gains a box."""

    yearly_budget_usd: float
    discount: float
    years: tuple[Year, ...]
    total: float

    def to_dict(self) -> dict[str, Any]:
        """Return the schedule in the documented JSON shape."""
        return {
            "yearly_budget_usd": self.yearly_budget_usd,
            "discount": self.discount,
            "total_usd_per_box": round(self.total, 6),
            "years": [
                {
                    "year": year.year,
                    "finished": list(year.finished),
                    "spent_usd": round(year.spent_usd, 2),
                    "gain_usd_per_box": round(year.gain_usd_per_box, 6),
                }
                for year in self.years
            ],
        }


def priced(
    upgrades: Sequence[Scenario], given: Mapping[str, float] | None = None
) -> tuple[tuple[Scenario, ...], dict[str, float], tuple[str, ...]]:
    """Return the upgrades that have a cost, their costs (USD), and the names of those left out.

    `given` costs take the place of the scenarios' own. What requires an upgrade left out is left out too.

    Raises
    ------
    UnknownName
        A cost given for an upgrade that is not there.
    BadValue
        A cost that is negative or not a number, or no upgrade with a cost.
    """
    given, names = given or {}, [upgrade.name for upgrade in upgrades]
    for name, cost in given.items():
        if name not in names:
            raise UnknownName(
                f"a cost is given for '{name}', which is not among the upgrades",
                hint=did_you_mean(name, names, otherwise=f"upgrades: {', '.join(names)}"),
            )
        if not (isfinite(cost) and cost >= 0):
            raise BadValue(f"the cost of '{name}' is {cost}", hint="USD, 0 or more")
    costs = {u.name: given.get(u.name, u.investment_usd) for u in upgrades}
    kept = [u for u in upgrades if costs[u.name] is not None]
    while True:
        there = {name for u in kept for name in u.lineage}
        able = [u for u in kept if all(name in there for name in u.requires)]
        if len(able) == len(kept):
            break
        kept = able
    left_out = tuple(name for name in names if name not in {u.name for u in kept})
    if not kept:
        raise BadValue(
            f"none of the upgrades has a cost: {', '.join(names) or 'there are none'}",
            hint="give costs with --cost name=USD",
        )
    return tuple(kept), {u.name: float(costs[u.name] or 0.0) for u in kept}, left_out


class Task:
    """The feasible sets, their costs and gains."""

    def __init__(
        self,
        space: Space,
        costs: Mapping[str, float],
        origins: Sequence[str],
        destinations: Sequence[str],
        weights: str,
    ) -> None:
        if space.router.by != "generalised":
            raise BadValue(f"portfolios are valued by generalised cost, not by {space.router.by}")
        self.space, self.rules, self.n = space, space.rules, len(space.upgrades)
        self.cost = [costs[upgrade.name] for upgrade in space.upgrades]
        self.game = Game(space, origins, destinations, "generalised", weights)

    def closed(self, mask: int) -> int:
        """Return a set with what its members extend."""
        whole = mask
        for number, extended in enumerate(self.rules.extended):
            if mask >> number & 1:
                whole |= extended
        return whole

    def bought(self, mask: int) -> int:
        """Return the members that are not held by another member: these are paid for."""
        inner = 0
        for number, extended in enumerate(self.rules.extended):
            if mask >> number & 1:
                inner |= extended & ~(1 << number)
        return mask & ~inner

    def price(self, mask: int) -> float:
        """Return the cost of a closed set, USD: a member's figure covers what it extends."""
        paid = self.bought(mask)
        return sum(cost for number, cost in enumerate(self.cost) if paid >> number & 1)

    def feasible(self, masks: Iterable[int]) -> list[int]:
        """Return the distinct closed sets that can stand, in order."""
        return sorted({whole for whole in map(self.closed, masks) if self.rules.allowed(whole)})

    def choice(self, mask: int, gain: float) -> Choice:
        """Return a set with its cost, and with what comes with what is bought."""
        paid = self.space.names(self.bought(mask))
        held = dict.fromkeys(name for u in self.space.upgrades if u.name in paid for name in u.lineage)
        return Choice(paid, tuple(name for name in held if name not in paid), self.price(mask), gain + 0.0)


def portfolio(
    space: Space,
    costs: Mapping[str, float],
    budget_usd: float,
    origins: Sequence[str],
    destinations: Sequence[str],
    *,
    weights: str = "trade",
    within: float = 0.05,
    boxes_per_year: float | None = None,
    left_out: Sequence[str] = (),
) -> Portfolio:
    """Return the set of upgrades of `space` with the largest gain whose `costs` (USD) fit into `budget_usd`.

    Ties go to the cheaper set, then to the smaller. `requires` and `conflicts` are honoured; a scenario's
    figure covers what it extends. Up to 14 upgrades every feasible set is valued. Above, best-first branch and
    bound: a node's bound takes every arc at its least weight over the sets still open within the budget, which
    is valid whether upgrades help, harm, or need each other; it stops after 20,000 nodes and states its bound.

    Raises
    ------
    BadValue
        A budget of nothing, or below the cheapest feasible set; `within` outside 0 to 1; negative boxes.
    NoRoute
        No origin reaches the destinations throughout.

    Examples
    --------
    >>> import corridor_net as cn
    >>> from corridor_net.analysis.route import Router
    >>> from corridor_net.analysis.upgrades import build
    >>> from corridor_net.costing import impedance
    >>> router = Router(impedance(cn.load(as_of="2019-07-01").network))
    >>> kept, costs, left_out = priced([cn.load_scenario(n) for n in ("primorye-1", "primorye-2", "vanino")])
    >>> left_out
    ('vanino',)
    >>> found = portfolio(build(router, kept), costs, 4e9, ["yanji", "suifenhe"], ["niigata"])
    >>> found.best.upgrades, found.proved
    (('primorye-2',), True)
    """
    _positive(budget_usd, "the budget")
    if not 0 <= within <= 1:
        raise BadValue(f"'within' is a share from 0 to 1, not {within}")
    if boxes_per_year is not None:
        _positive(boxes_per_year, "the number of boxes a year")
    task = Task(space, costs, origins, destinations, weights)
    singles = [mask for mask in task.feasible(1 << number for number in range(task.n)) if mask]
    exhaustive = task.n <= EXHAUSTIVE_TO
    least = min((task.price(mask) for mask in singles), default=inf)
    if exhaustive:
        masks = task.feasible(range(1 << task.n))
        least = min((task.price(mask) for mask in masks if mask), default=inf)
    if least > budget_usd and (exhaustive or singles):
        raise BadValue(
            f"a budget of {budget_usd:,.0f} USD buys nothing",
            hint=f"the cheapest upgrade costs {least:,.0f} USD" if least < inf else "no upgrade can stand alone",
        )
    if exhaustive:
        gains = dict(zip(masks, task.game.gains(masks).tolist(), strict=True))
        bound, looked = None, len(masks)
    else:
        gains, bound, looked = _branch_and_bound(task, budget_usd, within)
    affordable = [mask for mask in gains if task.price(mask) <= budget_usd * (1 + 1e-12)]
    best = max(affordable, key=lambda mask: (round(gains[mask], 9), -task.price(mask), -mask.bit_count(), -mask))
    top = gains[best]
    near = [
        task.choice(mask, gains[mask])
        for mask in affordable
        if mask and mask != best and gains[mask] >= top - within * abs(top) - 1e-9
    ]
    ranked = sorted(near, key=lambda c: (-round(c.gain_usd_per_box, 9), c.cost_usd, c.upgrades))
    everything = [task.choice(best, top), *ranked]
    limit = top if bound is None else max(top, bound)
    return Portfolio(
        budget_usd,
        weights,
        str(space.router.network.day),
        tuple(o for o, reached in zip(task.game.origins, task.game.reached.tolist(), strict=True) if reached),
        tuple(destinations),
        tuple((upgrade.name, costs[upgrade.name]) for upgrade in space.upgrades),
        tuple(left_out),
        everything[0],
        limit,
        limit <= top + 1e-9 * max(1.0, abs(top)),
        exhaustive,
        looked,
        within,
        tuple(_marked(choice, everything) for choice in ranked),
        _frontier([task.choice(mask, gain) for mask, gain in gains.items()]),
        exhaustive,
        boxes_per_year,
    )


def schedule(
    space: Space,
    costs: Mapping[str, float],
    yearly_budget_usd: float,
    years: int,
    origins: Sequence[str],
    destinations: Sequence[str],
    *,
    weights: str = "trade",
    discount: float = 0.0,
) -> Schedule:
    """Return what to finish in which year so that the sum of yearly gains a box is largest; exact.

    Money not spent is kept, so what is finished by the end of year y may cost `y` yearly budgets in all. A set
    gains from the year after it is finished. `discount`: a year's gain counts `(1 + discount) ** -(year - 1)`.
    Backwards over years, `F_y(S) = gain(S) + max over S' holding S, cost(S') <= y b, of F_{y+1}(S') / (1 + r)`.

    Raises BadValue for a budget of nothing or one that never buys anything, fewer than 2 or more than 60 years,
    a discount below 0, or more than 14 upgrades.
    """
    _positive(yearly_budget_usd, "the yearly budget")
    if not 2 <= years <= MOST_YEARS:
        raise BadValue(f"a schedule over {years} years", hint=f"2 to {MOST_YEARS}; gains begin in the second")
    if not (isfinite(discount) and discount >= 0):
        raise BadValue(f"the discount is {discount}", hint="a share a year, 0 or more")
    task = Task(space, costs, origins, destinations, weights)
    if task.n > EXHAUSTIVE_TO:
        raise BadValue(f"a schedule of {task.n} upgrades", hint=f"{EXHAUSTIVE_TO} at most")
    masks = task.feasible(range(1 << task.n))
    gain, price = np.full(1 << task.n, -inf), np.full(1 << task.n, inf)
    gain[masks] = task.game.gains(masks)
    price[masks] = [task.price(mask) for mask in masks]
    if not (price[1:] <= yearly_budget_usd * (years - 1) * (1 + 1e-12)).any():
        raise BadValue(f"{yearly_budget_usd:,.0f} USD a year over {years} years buys nothing that would still gain")
    later, choices = np.zeros(1 << task.n), []
    for year in range(years, 0, -1):
        # what is finished by the end of this year; later[S] is the worth of the years that follow
        allowed = np.where(price <= yearly_budget_usd * year * (1 + 1e-12), later, -inf)
        value, target = _best_superset(allowed, price, task.n)
        choices.append(target)
        later = np.where(np.isfinite(gain), gain + value / (1 + discount), -inf) if year > 1 else value
    steps, current = [], 0
    for year, target in enumerate(reversed(choices), 1):
        chosen = int(target[current])
        finished = space.names(task.bought(chosen & ~current))
        spent = float(price[chosen] - price[current])
        steps.append(Year(year, finished, spent, float(gain[current]) + 0.0))
        current = chosen
    total = sum(step.gain_usd_per_box * (1 + discount) ** -(step.year - 1) for step in steps)
    return Schedule(yearly_budget_usd, discount, tuple(steps), total)


def _best_superset(
    value: NDArray[np.float64], price: NDArray[np.float64], n: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return for each set the best value among the sets that hold it, and which; ties to the cheaper."""
    best, which = value.copy(), np.arange(len(value), dtype=np.int64)
    for bit in range(n):
        without = np.flatnonzero(np.arange(len(value)) >> bit & 1 == 0)
        wider = without | 1 << bit
        slack = 1e-9 * np.maximum(1.0, np.where(np.isfinite(best[without]), np.abs(best[without]), 1.0))
        cheaper = price[which[wider]] < price[which[without]]
        better = (best[wider] > best[without] + slack) | ((best[wider] >= best[without] - slack) & cheaper)
        better &= best[wider] > -inf
        best[without[better]], which[without[better]] = best[wider[better]], which[wider[better]]
    return best, which


def _branch_and_bound(task: Task, budget: float, within: float) -> tuple[dict[int, float], float, int]:
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
    _push(waiting, bounder, task, budget, 0, task.closed((1 << task.n) - 1))
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
        wider = task.closed(sure | 1 << number)
        value(wider)
        _push(waiting, bounder, task, budget, wider, undecided & ~wider)
        narrower = undecided & ~sum(1 << k for k, held in enumerate(task.rules.extended) if held >> number & 1)
        _push(waiting, bounder, task, budget, sure, narrower)
    return gains, best, looked


def _push(waiting: list[Any], bounder: _Bounder, task: Task, budget: float, sure: int, undecided: int) -> None:
    fitting = sum(1 << k for k in range(task.n) if undecided >> k & 1 and _fits(task, budget, sure, k))
    if fitting:
        heapq.heappush(waiting, (-bounder.bound(sure, fitting), sure, fitting))


def _fits(task: Task, budget: float, sure: int, number: int) -> bool:
    """Whether an affordable set may hold `sure` and the upgrade, by itself or inside one that extends some of them."""
    whole = task.closed(sure | 1 << number)
    sets = [whole, *(task.closed(whole | held) for held in task.rules.extended if held & whole)]
    return any(task.price(one) <= budget * (1 + 1e-12) for one in sets)


class _Bounder:
    """Values and upper bounds by one search a destination, on the origins that are reached whatever is built."""

    def __init__(self, task: Task) -> None:
        self.space, self.game = task.space, task.game
        self.backward = self.space.graph.reversed()
        self.start = [self.space.end_state(origin, "origin") for origin in self.game.origins]
        self.end = [self.space.end_state(destination, "destination") for destination in self.game.destinations]
        worst = self.space.base[0].copy()
        for group in self.space.groups:
            worst[group.arcs] = np.max([table[0] for table in group.tables.values()], axis=0)
        reached = np.isfinite(self.costs(worst))
        self.game.reached = np.asarray(reached)
        weight = np.where(reached, self.game.weight, 0.0)
        if not weight.sum():
            raise NoRoute("no origin has a route in every subset of the upgrades")
        self.weight = weight / weight.sum()
        self.base = self.mean(self.space.base[0])

    def costs(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the mean over destinations of the least cost of each origin."""
        weighted = Weighted.of(self.backward, weight)
        rows = [weighted.one_to_all(end).distance[self.start] for end in self.end]
        return np.asarray(np.mean(rows, axis=0))

    def mean(self, weight: NDArray[np.float64]) -> float:
        return float(np.where(self.weight > 0, self.costs(weight), 0.0) @ self.weight)

    def gain(self, mask: int) -> float:
        return self.base - self.mean(self.space.amounts(mask)[0])

    def bound(self, sure: int, undecided: int) -> float:
        """Return what no set between `sure` and `sure | undecided` can exceed."""
        weight = self.space.base[0].copy()
        for group in self.space.groups:
            must, may = sure & group.mask, (sure | undecided) & group.mask
            tables = [t[0] for m, t in group.tables.items() if m & must == must and m & ~may == 0]
            weight[group.arcs] = np.min(tables or [t[0] for t in group.tables.values()], axis=0)
        return self.base - self.mean(weight)


def _frontier(choices: list[Choice]) -> tuple[Choice, ...]:
    """Return the sets that gain more than every cheaper one, by rising cost, from the empty set on."""
    found: list[Choice] = []
    for choice in sorted(choices, key=lambda c: (c.cost_usd, -c.gain_usd_per_box, len(c.upgrades), c.upgrades)):
        if not found or choice.gain_usd_per_box > found[-1].gain_usd_per_box + 1e-9:
            found.append(choice)
    return tuple(found)


def _marked(choice: Choice, others: Sequence[Choice]) -> Choice:
    beaten = any(
        other.cost_usd <= choice.cost_usd
        and other.gain_usd_per_box >= choice.gain_usd_per_box - 1e-9
        and (other.cost_usd < choice.cost_usd or other.gain_usd_per_box > choice.gain_usd_per_box + 1e-9)
        for other in others
    )
    return Choice(choice.upgrades, choice.included, choice.cost_usd, choice.gain_usd_per_box, beaten)


def _positive(value: float, what: str) -> None:
    if not (isfinite(value) and value > 0):
        raise BadValue(f"{what} is {value:g}", hint="it must be a number above 0")
