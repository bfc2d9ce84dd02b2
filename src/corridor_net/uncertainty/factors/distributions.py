"""From figures to distributions: each figure's factor around 1, from its published range or its grade. No draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log
from typing import Literal

from corridor_net.costing import Parameter
from corridor_net.costing.ranges import SIGMA, Z90
from corridor_net.errors import BadValue, did_you_mean

LENGTH_SIGMA = {"A": 0.005, "B": 0.01, "C": 0.02, "D": 0.05}
"""The same for lengths, which are better known than prices (grade D)."""

SHARED = 0.3
"""Share of the variance of ln(factor) that a figure has in common with its group (grade D)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """The distribution of a factor with which one figure is multiplied.

    `inverse`: amounts that rest on the figure are divided by it (a speed, sailings a week).

    `lognormal`: median 1, standard deviation of its logarithm `sigma` below and `sigma_up` above the median.
    `triangular`: `low`, mode 1, `high` (for ranges that reach
    0). `group`: what it moves with (fuel, a currency's rate, a border's bad week, storms), '' when alone.
    """

    figure: str
    kind: Literal["lognormal", "triangular", "certain"]
    sigma: float = 0.0
    sigma_up: float = 0.0
    low: float = 1.0
    high: float = 1.0
    group: str = ""
    basis: str = ""
    inverse: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no distribution."""
        if self.kind == "lognormal" and not (0 <= self.sigma < 10 and 0 <= self.sigma_up < 10):
            raise BadValue(f"the spread of {self.figure} is {self.sigma:g} and {self.sigma_up:g}")
        if self.kind == "triangular" and not 0 <= self.low <= 1 <= self.high:
            raise BadValue(
                f"the range of {self.figure} is {self.low:g} to {self.high:g} times its value",
                hint="low <= value <= high, and none below 0",
            )
        if self.inverse and self.kind == "triangular" and self.low <= 0:
            raise BadValue(f"the range of {self.figure} reaches 0", hint="nothing moves at 0: give a low end above it")


def from_range(parameter: Parameter) -> Distribution:
    """Return the distribution of a parameter: of its range when it has one, else of its grade.

    A range above 0 is the 10 to 90% of a two-piece lognormal with the value as median:
    `sigma = ln(value / low) / 1.282` below it, `sigma_up = ln(high / value) / 1.282` above. One that
    reaches 0 is triangular between its ends with the value as mode. Raises BadValue for a range whose
    low is above its high, or that does not hold the value.
    """
    figure, group, inverse = parameter.key, parameter.group, parameter.inverse
    if parameter.certain:
        return Distribution(
            figure=figure, kind="certain", basis="a timetable or opening hours, taken as they are", inverse=inverse
        )
    if parameter.is_length:
        sigma = LENGTH_SIGMA[parameter.grade]
        return Distribution(figure=figure, kind="lognormal", sigma=sigma, sigma_up=sigma, group=group, basis="a length")
    value, low, high = parameter.value, parameter.low, parameter.high
    if low is None or high is None:
        sigma = SIGMA[parameter.grade]
        return Distribution(
            figure=figure,
            kind="lognormal",
            sigma=sigma,
            sigma_up=sigma,
            group=group,
            basis=f"grade {parameter.grade}",
            inverse=inverse,
        )
    if not low <= value <= high:
        raise BadValue(
            f"the range of {figure} is {low:g} to {high:g}, its value {value:g}", hint="low <= value <= high"
        )
    if low == high or value == 0:
        return Distribution(figure=figure, kind="certain", group=group, basis="range of nothing", inverse=inverse)
    basis = f"range {low:g}-{high:g}"
    if low > 0:
        down, up = log(value / low) / Z90, log(high / value) / Z90
        return Distribution(
            figure=figure, kind="lognormal", sigma=down, sigma_up=up, group=group, basis=basis, inverse=inverse
        )
    ends = {"low": low / value, "high": high / value}
    return Distribution(figure=figure, kind="triangular", **ends, group=group, basis=basis, inverse=inverse)


def distributions_of(parameters: Mapping[str, Parameter], figures: Iterable[str]) -> dict[str, Distribution]:
    """Return the distribution of every figure by its key, from the parameters of a cargo on a day.

    Raises BadValue for a range that is none, KeyError for a figure that is no parameter.
    """
    return {figure: from_range(parameters[figure]) for figure in dict.fromkeys(figures)}


def checked_correlations(
    correlations: Mapping[tuple[str, str], float], known: Iterable[str]
) -> dict[tuple[str, str], float]:
    """Return correlations between figures as they are; raise BadValue for an unknown figure or one outside -1 to 1."""
    names = set(known)
    for pair, value in correlations.items():
        for name in pair:
            if name not in names:
                place = getattr(correlations, "places", {}).get(name)  # of a table that was read
                raise BadValue(f"unknown figure '{name}'", place=place, hint=did_you_mean(name, names))
        if pair[0] == pair[1] or not -1 < value < 1:
            raise BadValue(
                f"the correlation of {pair[0]} and {pair[1]} is {value:g}", hint="two figures, between -1 and 1"
            )
    return dict(correlations)
