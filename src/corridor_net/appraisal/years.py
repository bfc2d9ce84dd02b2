"""Years, rates and growth: what they may be, and amounts by year. No network here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue

Floats = NDArray[np.float64]

FIRST, LAST = 1950, 2200
"""Years that are looked at."""
MOST_GROWTH = 100.0
"""Traffic may grow to so many times what it was; more is taken for a mistake."""


def whole_year(value: Any, what: str) -> int:
    """Return a year; raise BadValue for one that is negative, fractional or far away.

    >>> whole_year(2030, "the opening year")
    2030
    """
    if not _whole(value, FIRST, LAST):
        raise BadValue(f"{what} is '{value}'", hint=f"a whole year from {FIRST} to {LAST}")
    return int(value)


def count_of_years(value: Any, what: str) -> int:
    """Return a number of years, 1 or more; raise BadValue for one that is negative or fractional."""
    if not _whole(value, 1, LAST - FIRST):
        raise BadValue(f"{what} is '{value}'", hint=f"a whole number of years from 1 to {LAST - FIRST}")
    return int(value)


def _whole(value: Any, least: int, most: int) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and float(value).is_integer() and least <= value <= most


def checked_rate(rate: float, what: str = "the discount rate") -> float:
    """Return a rate a year; raise BadValue unless it is above -1 and finite."""
    if not -1 < rate < inf:
        raise BadValue(f"{what} is {rate:g}", hint="a share a year above -1, for example 0.09")
    return rate


def checked_discount(rate: float) -> float:
    """Return a discount rate a year; raise BadValue for one below 0, without end, or meant in per cent."""
    if not 0 <= rate < inf:
        raise BadValue(f"the discount is {rate:g}", hint="a share a year, 0 or more")
    return checked_share(rate, "the discount")


def checked_share(value: float, what: str) -> float:
    """Return a share; raise BadValue for one above 1, which was meant in per cent."""
    if value > 1:
        raise BadValue(f"{what} is {value:g}, more than 100%", hint=f"a share: {value:g}% is {value / 100:g}")
    return value


def checked_amount(value: float, what: str) -> float:
    """Return an amount of 0 or more; raise BadValue otherwise."""
    if not 0 <= value < inf:
        raise BadValue(f"{what} is {value:g}", hint="0 or more")
    return value


def discount_factors(years: Sequence[int], base_year: int, rate: float) -> Floats:
    """Return `(1 + rate) ** -(year - base_year)`, shape (n_years,).

    >>> discount_factors([2020, 2025], 2020, 0.12).round(2).tolist()
    [1.0, 0.57]
    """
    ages = np.asarray(years, float) - base_year
    return np.asarray((1.0 + checked_rate(rate)) ** -ages)


def traffic_by_year(points: Mapping[int, float], growth: float, years: Sequence[int]) -> Floats:
    """Return traffic of each year: as given, straight between given years, at `growth` a year outside them.

    Raises BadValue for a growth that is not above -1, and for one that explodes: more than 100 times the traffic given.

    >>> traffic_by_year({2020: 100.0}, 0.10, [2019, 2020, 2022]).round(1).tolist()
    [90.9, 100.0, 121.0]
    """
    checked_rate(growth, "the growth of traffic")
    known = sorted(points)
    if not known:
        raise BadValue("traffic is given for no year")
    first, last = known[0], known[-1]
    ages = np.array([year - last if year > last else min(year - first, 0) for year in years], float)
    with np.errstate(over="ignore"):
        factor = (1.0 + growth) ** ages
    if factor.size and not factor.max() <= MOST_GROWTH:
        worst = int(np.argmax(factor))
        raise BadValue(
            f"a growth of {growth:.1%} a year makes traffic {factor[worst]:.3g} times as much by {years[worst]}",
            hint=f"at most {MOST_GROWTH:g} times: give traffic of later years, or a lower growth",
        )
    level = np.interp(np.asarray(years, float), known, [points[year] for year in known])
    return np.asarray(level * factor)
