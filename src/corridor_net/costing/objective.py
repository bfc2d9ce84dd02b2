"""What is minimised: one formula and one list of names, for every search and every analysis. Nothing about routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corridor_net.errors import BadValue, did_you_mean

from .cargo import Cargo

MOST = 1e12
"""The largest price and amount that is taken: sums of larger ones are no numbers any more."""
MINIMISED = {"generalised": "generalised_cost_usd", "money": "cost_usd", "time": "hours", "co2": "co2_kg"}
"""What may be minimised, and the measure of a route that it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """Generalised cost in USD per box, or one measure alone.

    `G = money + value of time x (hours + reliability ratio x spread) + CO2 price x CO2`

    `spread` is the sum of the standard deviations (hours) of all that takes time on the way: delays are taken to come
    together, which never understates them and does not depend on how a line is cut into links. An hour of spread is
    worth `reliability_ratio` hours (value of reliability = ratio x value of time; de Jong and Bliemer 2015).

    >>> priced = Objective(value_of_time=8.0, reliability_ratio=0.5, co2_price_usd_per_t=100.0)
    >>> priced.generalised(1000.0, 200.0, 50.0, 500.0)
    2850.0
    >>> Objective(by="time", value_of_time=8.0).weight(1000.0, 200.0, 50.0, 500.0)
    200.0
    """

    by: str = "generalised"
    value_of_time: float
    reliability_ratio: float = 0.0
    co2_price_usd_per_t: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be minimised and prices that are none."""
        if self.by not in MINIMISED:
            raise BadValue(
                f"'{self.by}' cannot be minimised",
                hint=did_you_mean(self.by, MINIMISED, otherwise=f"one of: {', '.join(MINIMISED)}"),
            )
        for name in ("value_of_time", "reliability_ratio", "co2_price_usd_per_t"):
            if not 0 <= getattr(self, name) <= MOST:
                raise BadValue(f"{name} is {getattr(self, name):g}", hint=f"0 or more, {MOST:g} at most")

    @classmethod
    def for_cargo(cls, cargo: Cargo, *, by: str = "generalised", co2_price_usd_per_t: float = 0.0) -> Objective:
        """Return the objective at a cargo's value of time and reliability ratio."""
        return cls(
            by=by,
            value_of_time=cargo.value_of_time,
            reliability_ratio=cargo.reliability_ratio,
            co2_price_usd_per_t=co2_price_usd_per_t,
        )

    @property
    def prices(self) -> tuple[float, float, float, float]:
        """What a dollar, an hour, an hour of spread and a kg of CO2 weigh in generalised cost, USD."""
        return 1.0, self.value_of_time, self.value_of_time * self.reliability_ratio, self.co2_price_usd_per_t / 1000

    @property
    def slopes(self) -> tuple[float, float, float, float]:
        """What they weigh in what is minimised."""
        alone = {"money": (1.0, 0.0, 0.0, 0.0), "time": (0.0, 1.0, 0.0, 0.0), "co2": (0.0, 0.0, 0.0, 1.0)}
        return alone.get(self.by, self.prices)

    def timed(self, hours: Any, spread: Any) -> Any:
        """Return the hours that the value of time is paid for: hours and, at the reliability ratio, their spread."""
        return hours + self.reliability_ratio * spread

    def generalised(self, money: Any, hours: Any, spread: Any, co2: Any, *, time_factor: Any = 1.0) -> Any:
        """Return generalised cost in USD of USD, hours, hours and kg; numbers or arrays of one shape.

        `time_factor` multiplies the value of time, for draws of it.
        """
        carbon = self.co2_price_usd_per_t / 1000 * co2
        return money + self.value_of_time * time_factor * self.timed(hours, spread) + carbon

    def weight(self, money: Any, hours: Any, spread: Any, co2: Any, *, time_factor: Any = 1.0) -> Any:
        """Return what is minimised: generalised cost, or `money`, `hours` or `co2` as they are."""
        alone = {"money": money, "time": hours, "co2": co2}
        if self.by in alone:
            return alone[self.by]
        return self.generalised(money, hours, spread, co2, time_factor=time_factor)
