"""What a project is worth: present values, ratios, payback, first-year return. Money by year in, figures out."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

import numpy as np

from corridor_net.errors import BadValue

from .years import checked_rate, discount_factors


def present_value(flows: Sequence[float], rate: float) -> float:
    """Return what the flows of successive years are worth in the first of them: `sum c_t / (1 + rate)^t`.

    >>> round(present_value([-100.0, 60.0, 60.0], 0.10), 3)
    4.132
    """
    factors = discount_factors(range(len(flows)), 0, rate)
    return fsum((np.asarray(flows, float) * factors).tolist())


def benefit_cost_ratio(benefits: Sequence[float], costs: Sequence[float], rate: float) -> float | None:
    """Return the present value of benefits over that of costs; None without costs."""
    spent = present_value(costs, rate)
    return present_value(benefits, rate) / spent if spent > 0 else None


def payback_years(flows: Sequence[float], rate: float = 0.0) -> int | None:
    """Return after how many years the sum of (discounted) flows first is 0 or more; None when it never is.

    >>> payback_years([-100.0, 40.0, 40.0, 40.0]), payback_years([-100.0, 40.0, 40.0, 40.0], 0.10)
    (3, None)
    """
    sums = np.cumsum(np.asarray(flows, float) * discount_factors(range(len(flows)), 0, rate))
    paid = np.flatnonzero(sums >= -1e-9 * np.abs(flows).max(initial=0.0))
    return int(paid[0]) if len(paid) else None


def first_year_return(net_benefits: Sequence[float], costs: Sequence[float], opening: int, rate: float) -> float | None:
    """Return the net benefits of the opening year over what was spent before it, with interest to it.

    `b_T / sum_{t < T} c_t (1 + rate)^(T - t)`, `T` counted from the first year. Above the discount rate the project is
    not too early (where benefits grow). None without spending before the opening. Raises BadValue for an opening
    outside the years.
    """
    checked_rate(rate)
    if not 0 <= opening < len(net_benefits):
        raise BadValue(f"the opening, year {opening} of {len(net_benefits)}, is outside the years looked at")
    spent = fsum(cost * (1 + rate) ** (opening - year) for year, cost in enumerate(costs[:opening]))
    return net_benefits[opening] / spent if spent > 0 else None
