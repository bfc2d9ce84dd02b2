"""How ranges and grades are read as distributions of a factor around 1, and how years beyond the data widen them."""

from __future__ import annotations

from math import exp, inf, log

from corridor_net.network.rows import Projection

Z90 = 1.2815515655446004
"""The 90% point of the standard normal: published ranges are read as 10 to 90%."""
JUDGED = {"A": 0.05, "B": 0.15, "C": 0.25, "D": 0.40}
"""Standard deviation of ln(factor) by grade where a figure has no range, as we judged it."""
SIGMA = {**JUDGED, "D": 0.66}
"""The same as used: 0.40 of grade D times 1.65, since the judged range held 62% of what better sources said later, and
80% only when 1.65 times as wide (`scripts/held_ranges.py`). 0.66 is 'within a factor of 2.3 in eight cases of ten'."""
PROJECTED = "D"
"""The grade of every figure that is projected."""


def added_variance(rule: Projection, years: int) -> float:
    """Return what so many years beyond the data add to the variance of ln(factor): drift² x min(years, drift_years)."""
    return rule.drift**2 * min(years, inf if rule.drift_years is None else rule.drift_years)


def widened(value: float, ends: tuple[float | None, float | None], grade: str, added: float) -> tuple[float, float]:
    """Return the range of a figure whose variance of ln(factor) grows by `added`.

    Its own range is that of `ends`, both above 0, or that of its grade where there is none; one that reaches 0 has its
    ends moved apart by the 10-90% factor of what is added.
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
