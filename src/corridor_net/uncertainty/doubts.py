"""From figures to distributions: each figure's factor around 1, from its published range or its grade. No draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log
from typing import Any, Literal

from corridor_net.errors import BadValue, did_you_mean
from corridor_net.network import Network

Z90 = 1.2815515655446004
"""The 90 % point of the standard normal: published ranges are read as 10 to 90 %."""

SIGMA = {"A": 0.05, "B": 0.15, "C": 0.25, "D": 0.40}
"""Standard deviation of ln(factor) by grade where a figure has no range. Grade D: our own judgement; 0.40 is
read as 'within a factor of 1.7 in eight cases of ten'."""

LENGTH_SIGMA = {"A": 0.005, "B": 0.01, "C": 0.02, "D": 0.05}
"""The same for lengths, which are better known than prices (grade D)."""

SHARED = 0.3
"""Share of the variance of ln(factor) that a figure has in common with its group (grade D)."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """The distribution of a factor with which one figure is multiplied.

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

    def __post_init__(self) -> None:
        """Refuse what is no distribution."""
        if self.kind == "lognormal" and not (0 <= self.sigma < 10 and 0 <= self.sigma_up < 10):
            raise BadValue(f"the spread of {self.figure} is {self.sigma:g} and {self.sigma_up:g}")
        if self.kind == "triangular" and not 0 <= self.low <= 1 <= self.high:
            raise BadValue(
                f"the range of {self.figure} is {self.low:g} to {self.high:g} times its value",
                hint="low <= value <= high, and none below 0",
            )


def base_figure(figure: str) -> str:
    """Return the figure that a scenario's copy was made from, so that both get the same draws.

    >>> base_figure("operation:border_rail_suifenhe_out~suifenhe-faster~1:queue:hours")
    'operation:border_rail_suifenhe_out:queue:hours'
    """
    parts = figure.split(":")
    return ":".join(part.split("~")[0] for part in parts)


def from_range(figure: str, value: float, low: float | None, high: float | None, grade: str, group: str) -> Doubt:
    """Return the distribution of a figure: of its range when it has one, else of its grade.

    A range above 0 is the 10 to 90 % of a two-piece lognormal with the value as median:
    `sigma = ln(value / low) / 1.282` below it, `sigma_up = ln(high / value) / 1.282` above. One that
    reaches 0 is triangular between its ends with the value as mode. Raises BadValue for a range whose
    low is above its high, or that does not hold the value.
    """
    if low is not None and high is not None:
        if not low <= value <= high:
            raise BadValue(
                f"the range of {figure} is {low:g} to {high:g}, its value {value:g}", hint="low <= value <= high"
            )
        if low == high or value == 0:
            return Doubt(figure, "certain", group=group, basis="range of nothing")
        if low > 0:
            down, up = log(value / low) / Z90, log(high / value) / Z90
            return Doubt(figure, "lognormal", down, up, group=group, basis=f"range {low:g}-{high:g}")
        ends = {"low": low / value, "high": high / value}
        return Doubt(figure, "triangular", **ends, group=group, basis=f"range {low:g}-{high:g}")
    return Doubt(figure, "lognormal", SIGMA[grade], SIGMA[grade], group=group, basis=f"grade {grade}")


def doubts_of(network: Network, figures: Iterable[str]) -> dict[str, Doubt]:
    """Return the distribution of every figure by its key; copies made by scenarios share that of their original.

    Raises BadValue for a range that is none.
    """
    rows = {
        "operation": {f"{r.operation_id}:{r.component}:{r.quantity}": r for r in reversed(network.active("operation"))},
        "tariff": {r.tariff_id: r for r in network.active("tariff")},
        "speed": {r.speed_id: r for r in network.active("speed")},
        "link": {r.link_id: r for r in network.rows("link")},
        "sea_lane": {r.lane_id: r for r in network.rows("sea_lane")},
        "service": {r.service_id: r for r in network.active("service")},
        "crossing": {r.crossing_id: r for r in network.rows("crossing")},
        "emission_factor": {r.emission_factor_id: r for r in network.rows("emission_factor")},
    }
    return {figure: _doubt(figure, rows) for figure in dict.fromkeys(figures)}


def _doubt(figure: str, rows: Mapping[str, Mapping[str, Any]]) -> Doubt:
    table, _, rest = figure.partition(":")
    name = rest if table in ("operation", "tariff", "speed", "emission_factor") else rest.split(":")[0]
    row = rows.get(table, {}).get(name)
    group = _group(table, rest)
    if table in ("link", "sea_lane"):
        sigma = LENGTH_SIGMA[row.grade if row else "C"]
        return Doubt(figure, "lognormal", sigma, sigma, group=group, basis="a length")
    if row is None or table == "crossing":
        return Doubt(figure, "certain", basis="a timetable or opening hours, taken as they are")
    if table == "operation":
        return from_range(figure, row.value, row.value_low, row.value_high, row.grade, group)
    if table == "tariff":
        return from_range(figure, 1.0, row.range_low, row.range_high, row.grade, group)
    if table == "speed":
        return from_range(figure, row.speed_kmh, row.speed_kmh_low, row.speed_kmh_high, row.grade, group)
    if table == "emission_factor":
        return from_range(figure, row.value, row.value_low, row.value_high, row.grade, group)
    if figure.endswith("sailings_per_week"):
        return from_range(figure, row.sailings_per_week, row.sailings_low, row.sailings_high, row.grade, group)
    return Doubt(figure, "lognormal", SIGMA[row.grade], SIGMA[row.grade], group=group, basis=f"grade {row.grade}")


def _group(table: str, rest: str) -> str:
    if table == "tariff":
        return "sea rates" if rest.startswith(("sea", "back", "ropax", "charter")) else "land rates and fuel"
    if table == "speed":
        return "storms" if "ship" in rest or "ropax" in rest or "coaster" in rest else "running"
    if table == "operation" and rest.endswith(("queue:hours", "procedures:hours")) and rest.startswith("border"):
        return "border " + rest.split(":")[0].removeprefix("border_").rsplit("_", 1)[0]
    if table == "operation" and rest.endswith("dwell:hours"):
        return "ports"
    return ""


def checked_correlations(
    correlations: Mapping[tuple[str, str], float], known: Iterable[str]
) -> dict[tuple[str, str], float]:
    """Return correlations between figures as they are; raise BadValue for an unknown figure or one outside -1 to 1."""
    names = set(known)
    for pair, value in correlations.items():
        for name in pair:
            if name not in names:
                raise BadValue(f"unknown figure '{name}'", hint=did_you_mean(name, names))
        if pair[0] == pair[1] or not -1 < value < 1:
            raise BadValue(
                f"the correlation of {pair[0]} and {pair[1]} is {value:g}", hint="two figures, between -1 and 1"
            )
    return dict(correlations)
