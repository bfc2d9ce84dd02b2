"""Sets of upgrades that can be bought: their costs, what they include, and what each gains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from corridor_net.errors import BadValue, UnknownName, did_you_mean
from corridor_net.results import Result, measure
from corridor_net.scenario import Scenario

from .subsets import UpgradeSubsets
from .value_function import ValueFunction


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeSet(Result):
    """A set of upgrades with its cost and gain: USD, and USD of generalised cost a box.

    `upgrades` are those bought; `included` those they extend, which come with them. `dominated`: another set
    costs no more and gains no less. `boxes_to_repay` is cost / gain, None without a gain.
    """

    upgrades: tuple[str, ...]
    included: tuple[str, ...]
    cost_usd: float = measure("USD", 2)
    gain_usd_per_box: float = measure("USD", 6)
    dominated: bool = False

    @property
    def boxes_to_repay(self) -> float | None:
        """Boxes whose gain equals the cost, without interest."""
        return self.cost_usd / self.gain_usd_per_box if self.gain_usd_per_box > 1e-9 else None

    def to_dict(self) -> dict[str, Any]:
        """Return the set in the documented JSON shape."""
        boxes = self.boxes_to_repay
        return {**Result.to_dict(self), "boxes_to_repay": None if boxes is None else round(boxes)}


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
        A cost that is negative or not a number, that of a part above that of the whole, or no upgrade with a cost.
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
    _refuse_dearer_parts(kept, costs)
    left_out = tuple(name for name in names if name not in {u.name for u in kept})
    if not kept:
        raise BadValue(
            f"none of the upgrades has a cost: {', '.join(names) or 'there are none'}",
            hint="give costs with --cost name=USD",
        )
    return tuple(kept), {u.name: float(costs[u.name] or 0.0) for u in kept}, left_out


def _refuse_dearer_parts(upgrades: Sequence[Scenario], costs: Mapping[str, float | None]) -> None:
    """Raise BadValue for an upgrade that costs less than one it extends: it would pay money back."""
    for whole in upgrades:
        for name in whole.lineage:
            cost, part = costs[whole.name] or 0.0, costs.get(name) or 0.0
            if part > cost:
                raise BadValue(
                    f"'{name}' costs {part:,.0f} USD, more than '{whole.name}', which includes it, with {cost:,.0f}",
                    hint="the cost of an upgrade covers what it extends: give another with --cost name=USD",
                )


class Purchases:
    """The feasible sets, their costs and gains."""

    def __init__(
        self,
        subsets: UpgradeSubsets,
        costs: Mapping[str, float],
        origins: Sequence[str],
        destinations: Sequence[str],
        weights: str,
    ) -> None:
        if subsets.router.by != "generalised":
            raise BadValue(f"portfolios are valued by generalised cost, not by {subsets.router.by}")
        self.subsets, self.rules, self.n = subsets, subsets.rules, len(subsets.upgrades)
        self.cost = [costs[upgrade.name] for upgrade in subsets.upgrades]
        self.value_function = ValueFunction(subsets, origins, destinations, "generalised", weights)

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
        return sorted({whole for whole in map(self.rules.closed, masks) if self.rules.allowed(whole)})

    def choice(self, mask: int, gain: float) -> UpgradeSet:
        """Return a closed set with its cost and a gain, by name."""
        paid = self.subsets.names(self.bought(mask))
        held = dict.fromkeys(name for u in self.subsets.upgrades if u.name in paid for name in u.lineage)
        included = tuple(name for name in held if name not in paid)
        return UpgradeSet(upgrades=paid, included=included, cost_usd=self.price(mask), gain_usd_per_box=gain + 0.0)


def refuse_nothing(value: float, what: str) -> None:
    """Raise BadValue unless a value is above 0; `what` names it."""
    if not (isfinite(value) and value > 0):
        raise BadValue(f"{what} is {value:g}", hint="it must be a number above 0")
