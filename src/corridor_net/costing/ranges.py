"""How ranges and grades are read as distributions of a factor around 1, and how years beyond the data widen them."""

from __future__ import annotations

from math import exp, inf, log

from corridor_net.network.rows import Projection

Z90 = 1.2815515655446004
"""The 90 % point of the standard normal: published ranges are read as 10 to 90 %."""
SIGMA = {"A": 0.05, "B": 0.15, "C": 0.25, "D": 0.40}
"""Standard deviation of ln(factor) by grade where a figure has no range. Grade D: our own judgement; 0.40 is
read as 'within a factor of 1.7 in eight cases of ten'."""
PROJECTED = "D"
"""The grade of every figure that is projected."""


def added_variance(rule: Projection, years: int) -> float:
    """Return what so many years beyond the data add to the variance of ln(factor): drift² x min(years, drift_years)."""
    return rule.drift**2 * min(years, inf if rule.drift_years is None else rule.drift_years)


def widened(value: float, ends: tuple[float | None, float | None], grade: str, added: float) -> tuple[float, float]:
    """Return the range of a figure whose variance of ln(factor) grows by `added`.

    Its own range is that of `ends`, both above 0, or that of its grade where there is none; one that reaches 0 has its
    ends moved apart by the 10-90 % factor of what is added.
    """
    low, high = ends
    if low is None or high is None:
        sigma = SIGMA[grade]
        low, high = value * exp(-Z90 * sigma), value * exp(Z90 * sigma)
    if low <= 0 or low == high or value == 0:
        factor = exp(Z90 * added**0.5) if low != high and value else 1.0
        return low / factor, high * factor
    down, up = (((log(end / value) / Z90) ** 2 + added) ** 0.5 for end in (low, high))
    return value * exp(-Z90 * down), value * exp(Z90 * up)
