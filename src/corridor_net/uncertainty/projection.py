"""How much less sure a figure is after the last year of the data: a stated rule, grade D. No draws.

Variances of ln(factor) grow with the years: `sigma'^2 = sigma^2 + tau^2 x min(years, most)`. The shipped series of
2009-2026 (1 July of each year, constant dollars) say how much: root mean squares of ln(value of y + k / value of y) are

    k, years                  1     2     3     4     5     6     8     10
    sea rates                 0.34  0.51  0.62  0.69  0.70  0.72  0.70  0.69    = 0.34 sqrt(min(k, 4)) within 0.07
    rail rates                0.10  0.16  0.18  0.20  0.22  0.24  0.25  0.31    = 0.10 sqrt(k) within 0.04
    road rates                0.08  0.13  0.16  0.19  0.22  0.23  0.26  0.32
    money of operations       0.08  0.11  0.12  0.13  0.14  0.14  0.16  0.19
    hours of operations       0.14  0.20  0.25  0.27  0.28  0.28  0.30  0.33
    sailings a week           0.14  0.20  0.24  0.28  0.31  0.34  0.37  0.39
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import exp, inf

from corridor_net.costing import Parameter

from .doubts import Z90, Doubt
from .draws import Factors

SEA_RATES = "sea rates"
"""The group of figures that move most."""
DRIFT = {SEA_RATES: (0.34, 4.0)}
"""By group: tau, and the years after which it goes no further."""
DRIFT_OF_OTHERS = (0.10, inf)
"""The same for every other figure that is not a length."""


def variance(parameter: Parameter, years: int) -> float:
    """Return what so many years beyond the data add to the variance of ln(factor).

    >>> from corridor_net.costing import Parameter
    >>> rate = Parameter(key="tariff:x", label="", unit="", value=1, grade="B", source_id="S", group="sea rates")
    >>> round(variance(rate, 2) ** 0.5, 3)
    0.481
    """
    if parameter.is_length or parameter.certain:
        return 0.0
    tau, most = DRIFT.get(parameter.group, DRIFT_OF_OTHERS)
    return tau**2 * min(years, most)


def widened(doubts: Mapping[str, Doubt], parameters: Mapping[str, Parameter], years: int) -> dict[str, Doubt]:
    """Return the distributions of figures so many years beyond the data; timetables, lengths and 0 stay as they are.

    A triangular one (of a range that reaches 0) has its ends moved apart by the same 10-90 % factor.
    """
    return {key: _widened(doubt, variance(parameters[key], years)) for key, doubt in doubts.items()}


def projected(doubts: Mapping[str, Doubt], parameters: Mapping[str, Parameter], years: int, seed: int = 1) -> Factors:
    """Return the draws of figures so many years beyond the data."""
    return Factors(widened(doubts, parameters, years), seed)


def _widened(doubt: Doubt, added: float) -> Doubt:
    if doubt.kind == "lognormal":
        down, up = ((sigma**2 + added) ** 0.5 for sigma in (doubt.sigma, doubt.sigma_up))
        return replace(doubt, sigma=down, sigma_up=up)
    if doubt.kind == "triangular":
        factor = exp(Z90 * added**0.5)
        return replace(doubt, low=doubt.low / factor, high=doubt.high * factor)
    return doubt
