"""A project by year: what is spent, when it opens, what it costs to run, what is left; checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from corridor_net.errors import BadValue

from .shadow import AT_MARKET, SHADOW, ShadowPrices
from .years import Floats, checked_amount, checked_discount, checked_share, count_of_years, discount_factors, whole_year

OPERATION_SHARE = 0.02
"""Operation and maintenance a year as a share of the investment, grade D: our estimate for ports and railways."""
DISCOUNT = 0.09
"""Discount rate a year, grade D: the least return that the Asian Development Bank asks for."""
GROWTH = 0.02
"""Growth of traffic a year where nothing is said, grade D: our estimate."""
CONSTRUCTION_YEARS = 3
OPEN_YEARS = 25
"""Years of traffic that are looked at."""
LIFE_YEARS = 40
"""Years that what is built serves, grade D: between quay walls (50) and cranes or track (25)."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """Money by year of one project, USD of one year, without inflation.

    `spending` by year, in market prices; all other amounts are what that costs the economy, by `shadow`. `opening` is
    the first year with traffic, `last` the last year looked at. Operation costs `operation_share` of the investment in
    each open year; what is left of `life_years` at the end of `last` counts as its share of the investment, in a
    straight line. Amounts are worth what they are worth in `base_year`, at `rate`.

    Raises BadValue for negative spending, years that are none, an opening before the first spending, and a project
    that never opens.
    """

    spending: Mapping[int, float]
    opening: int
    last: int
    rate: float
    operation_share: float = OPERATION_SHARE
    life_years: int = LIFE_YEARS
    shadow: ShadowPrices = AT_MARKET

    def __post_init__(self) -> None:
        """Check what was given."""
        checked_discount(self.rate)
        share = checked_amount(self.operation_share, "the share of operation and maintenance")
        checked_share(share, "the share of operation and maintenance")
        count_of_years(self.life_years, "the life of what is built")
        for year, usd in self.spending.items():
            whole_year(year, "a year of spending")
            checked_amount(usd, f"the spending of {year}")
        if not sum(self.spending.values()) > 0:
            raise BadValue("nothing is spent", hint="give the investment, for example --investment 1e9")
        whole_year(self.opening, "the opening year")
        whole_year(self.last, "the last year")
        if self.opening > self.last:
            raise BadValue(
                f"the project never opens: {self.opening} is after {self.last}, the last year looked at",
                hint="give an earlier --opening or a later --until",
            )
        if self.opening < self.base_year:
            raise BadValue(
                f"the project opens in {self.opening}, before anything is spent ({self.base_year})",
                hint="give an earlier --start or a later --opening",
            )

    @property
    def base_year(self) -> int:
        """The first year with spending: amounts are discounted to it."""
        return min(year for year, usd in self.spending.items() if usd > 0)

    @property
    def investment_usd(self) -> float:
        """All that is paid, not discounted."""
        return float(sum(self.spending.values()))

    @property
    def _worth_usd(self) -> float:
        """What all that is paid costs the economy, not discounted."""
        return self.investment_usd * self.shadow.factor

    @property
    def at_market(self) -> Project:
        """The project at what is paid for it."""
        return replace(self, shadow=AT_MARKET)

    @cached_property
    def years(self) -> range:
        """Every year looked at."""
        return range(self.base_year, max(self.last, *self.spending) + 1)

    @cached_property
    def open_years(self) -> Floats:
        """1 in each year with traffic, else 0, shape (n_years,)."""
        return np.array([float(self.opening <= year <= self.last) for year in self.years])

    @cached_property
    def factors(self) -> Floats:
        """Discount factors, shape (n_years,)."""
        return discount_factors(self.years, self.base_year, self.rate)

    @cached_property
    def spent(self) -> Floats:
        """Investment by year, USD, shape (n_years,)."""
        return np.array([float(self.spending.get(year, 0.0)) for year in self.years]) * self.shadow.factor

    @cached_property
    def operation(self) -> Floats:
        """Operation and maintenance by year, USD, shape (n_years,)."""
        return self.operation_share * self._worth_usd * self.open_years

    @cached_property
    def residual(self) -> Floats:
        """What is left in the last year, USD, shape (n_years,)."""
        left = max(0.0, 1.0 - (self.last - self.opening + 1) / self.life_years)
        return np.where(np.array(self.years) == self.last, left * self._worth_usd, 0.0)

    @property
    def costs(self) -> Floats:
        """Investment and operation less what is left, by year, USD."""
        return self.spent + self.operation - self.residual

    @property
    def cost_usd(self) -> float:
        """The present value of `costs`."""
        return float(self.costs @ self.factors)

    def later(self, years: int) -> Project:
        """Return the project so many years later, open for as many years."""
        moved = {year + years: usd for year, usd in self.spending.items()}
        return replace(self, spending=moved, opening=self.opening + years, last=self.last + years)


def opened(spending: Mapping[int, float], *, rate: float = DISCOUNT) -> Project:
    """Return a project that opens the year after the last spending and is looked at as long as is usual.

    Its costs are at the usual shadow prices.
    """
    first = max(spending) + 1
    return Project(spending=spending, opening=first, last=first + OPEN_YEARS - 1, rate=rate, shadow=SHADOW)


def spread_evenly(investment_usd: float, start: int, years: int) -> dict[int, float]:
    """Return an investment in equal parts over years."""
    count = count_of_years(years, "the time of construction")
    return {whole_year(start, "the first year") + n: investment_usd / count for n in range(count)}
