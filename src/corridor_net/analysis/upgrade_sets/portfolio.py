"""Which upgrades to buy: the best set under a budget with its proof, near-best sets, the frontier, a schedule.

The gain is the fall of generalised cost a box, mean over origins (by trade unless said otherwise)
and destinations. Costs are the investment figures of the scenarios; one without a figure is left out, never
guessed. No printing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from corridor_net.errors import BadValue
from corridor_net.results import Result, measure

from .branch_and_bound import branch_and_bound
from .purchases import Purchases, UpgradeSet, refuse_nothing
from .subsets import UpgradeSubsets

EXHAUSTIVE_TO = 14
"""Upgrades up to which every feasible set is valued; above, branch and bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An upgrade that can be bought, with its cost."""

    name: str
    cost_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio(Result):
    """The best set under a budget, all sets within `within` of its gain, and the frontier over every budget.

    `bound_usd_per_box` is what no set under the budget can exceed: equal to the best gain when `proved`. `looked_at`
    counts sets valued (where the method is exhaustive) or nodes of the search. `left_out` are upgrades without a cost,
    or that require one, for those who had some. `frontier_complete`: every feasible set was valued for it.
    """

    budget_usd: float
    weights: str
    as_of: str
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    upgrades: tuple[Offered, ...]
    left_out: tuple[str, ...] = ()
    best: UpgradeSet
    gain_usd_per_year: float | None = measure("USD a year", 2)
    bound_usd_per_box: float = measure("USD", 6)
    proved: bool
    method: str
    looked_at: int
    within: float
    near: tuple[UpgradeSet, ...]
    frontier: tuple[UpgradeSet, ...]
    frontier_complete: bool
    boxes_per_year: float | None = measure(hidden=True)


def portfolio(
    subsets: UpgradeSubsets,
    costs: Mapping[str, float],
    budget_usd: float,
    origins: Sequence[str],
    destinations: Sequence[str],
    *,
    weights: str = "trade",
    within: float = 0.05,
    boxes_per_year: float | None = None,
) -> Portfolio:
    """Return the set of upgrades of `subsets` with the largest gain whose `costs` (USD) fit into `budget_usd`.

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
    >>> from corridor_net.analysis.upgrade_sets.purchases import priced
    >>> from corridor_net.analysis.router import Router
    >>> from corridor_net.analysis.upgrade_sets.upgrades import build
    >>> from corridor_net.costing import impedance
    >>> router = Router(impedance(cn.load(as_of="2019-07-01").network))
    >>> kept, costs, left_out = priced([cn.load_scenario(n) for n in ("primorye-1", "primorye-2", "vanino")])
    >>> left_out
    ('vanino',)
    >>> found = portfolio(build(router, kept), costs, 4e9, ["yanji", "suifenhe"], ["niigata"])
    >>> found.best.upgrades, found.proved
    (('primorye-2',), True)
    """
    refuse_nothing(budget_usd, "the budget")
    if not 0 <= within <= 1:
        raise BadValue(f"'within' is a share from 0 to 1, not {within}")
    if boxes_per_year is not None:
        refuse_nothing(boxes_per_year, "the number of boxes a year")
    task = Purchases(subsets, costs, origins, destinations, weights)
    exhaustive = task.n <= EXHAUSTIVE_TO
    masks = task.feasible(range(1 << task.n) if exhaustive else (1 << number for number in range(task.n)))
    least = min((task.price(mask) for mask in masks if mask), default=inf)
    if least > budget_usd and (exhaustive or least < inf):
        raise BadValue(
            f"a budget of {budget_usd:,.0f} USD buys nothing",
            hint=f"the cheapest upgrade costs {least:,.0f} USD" if least < inf else "no upgrade can stand alone",
        )
    if exhaustive:
        gains = dict(zip(masks, task.value_function.gains(masks).tolist(), strict=True))
        bound, looked = None, len(masks)
    else:
        gains, bound, looked = branch_and_bound(task, budget_usd, within)
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
        budget_usd=budget_usd,
        weights=weights,
        as_of=str(subsets.router.network.day),
        origins=task.value_function.counted,
        destinations=tuple(destinations),
        upgrades=tuple(Offered(name=upgrade.name, cost_usd=costs[upgrade.name]) for upgrade in subsets.upgrades),
        best=everything[0],
        gain_usd_per_year=None if boxes_per_year is None else boxes_per_year * everything[0].gain_usd_per_box,
        bound_usd_per_box=limit,
        proved=limit <= top + 1e-9 * max(1.0, abs(top)),
        method="exhaustive" if exhaustive else "branch and bound",
        looked_at=looked,
        within=within,
        near=tuple(_marked(choice, everything) for choice in ranked),
        frontier=_frontier([task.choice(mask, gain) for mask, gain in gains.items()]),
        frontier_complete=exhaustive,
        boxes_per_year=boxes_per_year,
    )


def _frontier(choices: list[UpgradeSet]) -> tuple[UpgradeSet, ...]:
    """Return the sets that gain more than every cheaper one, by rising cost, from the empty set on."""
    found: list[UpgradeSet] = []
    for choice in sorted(choices, key=lambda c: (c.cost_usd, -c.gain_usd_per_box, len(c.upgrades), c.upgrades)):
        if not found or choice.gain_usd_per_box > found[-1].gain_usd_per_box + 1e-9:
            found.append(choice)
    return tuple(found)


def _marked(choice: UpgradeSet, others: Sequence[UpgradeSet]) -> UpgradeSet:
    beaten = any(
        other.cost_usd <= choice.cost_usd
        and other.gain_usd_per_box >= choice.gain_usd_per_box - 1e-9
        and (other.cost_usd < choice.cost_usd or other.gain_usd_per_box > choice.gain_usd_per_box + 1e-9)
        for other in others
    )
    return replace(choice, dominated=beaten)
