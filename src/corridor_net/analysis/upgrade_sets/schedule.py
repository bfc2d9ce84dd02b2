"""Which upgrades to finish in which year under a yearly budget; exact, backwards over years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from corridor_net.appraisal.years import MOST_GROWTH, checked_discount
from corridor_net.errors import BadValue
from corridor_net.results import Result, measure

from .portfolio import EXHAUSTIVE_TO
from .purchases import Purchases, refuse_nothing
from .subsets import UpgradeSubsets

MOST_YEARS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledYear:
    """One year of a schedule: what is paid for by its end, and what is gained in it from what stood before."""

    year: int
    finished: tuple[str, ...]
    spent_usd: float = measure("USD", 2)
    gain_usd_per_box: float = measure("USD", 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Result):
    """The best order over years: `total` is the sum of discounted yearly gains a box."""

    yearly_budget_usd: float
    discount: float
    growth: float = 0.0
    upkeep_a_box: float = measure(name="upkeep_share_a_year_and_box", default=0.0)
    total: float = measure("USD", 6, name="total_usd_per_box")
    years: tuple[ScheduledYear, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How years count: a discount, growth of traffic, and upkeep of what stands.

    Shares a year; upkeep as a share of the cost, divided by the boxes of the first year.
    """

    discount: float = 0.0
    growth: float = 0.0
    upkeep_a_box: float = 0.0

    def grown(self, years: int) -> list[float]:
        """Return boxes of each year to those of the first.

        Raises BadValue for a discount or an upkeep below 0, and for growth that explodes.
        """
        checked_discount(self.discount)
        if not -1 < self.growth < inf or (1 + self.growth) ** (years - 1) > MOST_GROWTH:
            hint = f"at most {MOST_GROWTH:g} times the boxes by the last year"
            raise BadValue(f"a growth of {self.growth:g} a year", hint=hint)
        if not 0 <= self.upkeep_a_box < inf:
            raise BadValue(f"the upkeep is {self.upkeep_a_box:g}", hint="a share of the cost a year, 0 or more")
        return [(1 + self.growth) ** year for year in range(years)]


STEADY = Course()
"""Every year counts alike."""


def schedule(
    subsets: UpgradeSubsets,
    costs: Mapping[str, float],
    yearly_budget_usd: float,
    years: int,
    origins: Sequence[str],
    destinations: Sequence[str],
    *,
    weights: str = "trade",
    course: Course = STEADY,
) -> Schedule:
    """Return what to finish in which year so that the sum of yearly gains a box is largest; exact.

    Money not spent is kept, so what is finished by the end of year y may cost `y` yearly budgets in all. A set
    gains from the year after it is finished. `discount`: a year's gain counts `(1 + discount) ** -(year - 1)`.
    Traffic grows, so a gain of year y counts `(1 + growth) ** (y - 1)` boxes of year 1; what stands
    costs its upkeep, in USD a box of year 1. Backwards over years,
    `F_y(S) = gain_y(S) + max over S' holding S, cost(S') <= y b, of F_{y+1}(S') / (1 + r)`.

    Raises BadValue for a budget of nothing or one that never buys anything, fewer than 2 or more than 60 years,
    a discount below 0, or more than 14 upgrades.
    """
    refuse_nothing(yearly_budget_usd, "the yearly budget")
    if not 2 <= years <= MOST_YEARS:
        raise BadValue(f"a schedule over {years} years", hint=f"2 to {MOST_YEARS}; gains begin in the second")
    factors, discount, upkeep = course.grown(years), course.discount, course.upkeep_a_box
    task = Purchases(subsets, costs, origins, destinations, weights)
    if task.n > EXHAUSTIVE_TO:
        raise BadValue(f"a schedule of {task.n} upgrades", hint=f"{EXHAUSTIVE_TO} at most")
    masks = task.feasible(range(1 << task.n))
    gain, price = np.full(1 << task.n, -inf), np.full(1 << task.n, inf)
    gain[masks] = task.value_function.gains(masks)
    price[masks] = [task.price(mask) for mask in masks]
    if not (price[1:] <= yearly_budget_usd * (years - 1) * (1 + 1e-12)).any():
        raise BadValue(f"{yearly_budget_usd:,.0f} USD a year over {years} years buys nothing that would still gain")
    later, choices = np.zeros(1 << task.n), []
    for year in range(years, 0, -1):
        # what is finished by the end of this year; later[S] is the worth of the years that follow
        allowed = np.where(price <= yearly_budget_usd * year * (1 + 1e-12), later, -inf)
        value, target = _best_superset(allowed, price, task.n)
        choices.append(target)
        stands = factors[year - 1] * gain - upkeep * np.where(np.isfinite(price), price, 0.0)
        later = np.where(np.isfinite(gain), stands + value / (1 + discount), -inf) if year > 1 else value
    steps, current = [], 0
    for year, target in enumerate(reversed(choices), 1):
        chosen = int(target[current])
        finished = subsets.names(task.bought(chosen & ~current))
        spent = float(price[chosen] - price[current])
        gained = factors[year - 1] * float(gain[current]) - upkeep * float(price[current])
        steps.append(ScheduledYear(year=year, finished=finished, spent_usd=spent, gain_usd_per_box=gained + 0.0))
        current = chosen
    total = sum(step.gain_usd_per_box * (1 + discount) ** -(step.year - 1) for step in steps)
    return Schedule(
        yearly_budget_usd=yearly_budget_usd,
        discount=discount,
        growth=course.growth,
        upkeep_a_box=upkeep,
        total=total,
        years=tuple(steps),
    )


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
