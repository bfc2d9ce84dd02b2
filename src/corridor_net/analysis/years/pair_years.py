"""One pair year by year: the answer of each year, and what moved it from the year before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from corridor_net.render.words import Sentence
from corridor_net.results import Result, measure

from .timeline import YearChange

NOTED = 0.02
"""A figure is an event where it moves the cost or the hours of its year by at least this share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairYear(Result):
    """One year: the answer on its day, with 10-90% ranges and how often its gateway is the best; or why there is none.

    `projected`: beyond the data, by the rules of table `projection`; the grade is D. `not_known`: services on the way
    of which nobody tells whether they run, with their probabilities.
    """

    year: int
    day: str
    projected: bool
    grade: str | None
    cost_usd: float | None = measure("USD", 2, default=None)
    cost_p10: float | None = measure("USD", 2, default=None)
    cost_p90: float | None = measure("USD", 2, default=None)
    hours: float | None = measure("h", 2, default=None)
    hours_p10: float | None = measure("h", 2, default=None)
    hours_p90: float | None = measure("h", 2, default=None)
    gateway: str | None = None
    gateway_wins: float | None = measure("1", 4, default=None)
    way: str = ""
    weak_cost: float | None = measure("1", 4, default=None)
    weak_hours: float | None = measure("1", 4, default=None)
    no_answer: str = ""
    not_known: tuple[tuple[str, float], ...] = measure(hidden=True, default=())


@dataclass(frozen=True, kw_only=True)
class Timeline(Result):
    """The years of a pair, and what moved the answer from each to the next (all of it; `events` are the large ones)."""

    QUESTION: ClassVar[str] = "timeline"
    ROWS: ClassVar[str] = "years"

    origin: str
    destination: str
    cargo: str
    scenario: str
    by: str
    price_year: int
    last_day_of_data: str
    years: tuple[PairYear, ...]
    changes: tuple[YearChange, ...]
    rule: Sentence = measure(hidden=True)
    names: Mapping[str, str] = measure(hidden=True)

    @property
    def events(self) -> tuple[YearChange, ...]:
        """Openings, closings, changes of way, and the figures that moved a year's cost or hours by 2% or more."""
        by_year = {one.year: one for one in self.years}
        small = ("figure", "beside")
        return tuple(one for one in self.changes if one.kind not in small or _is_large(one, by_year[one.year]))

    @property
    def numbered(self) -> tuple[tuple[int, tuple[YearChange, ...]], ...]:
        """The events by year."""
        years = dict.fromkeys(one.year for one in self.events)
        return tuple((year, tuple(one for one in self.events if one.year == year)) for year in years)


def _is_large(one: YearChange, year: PairYear) -> bool:
    cost, hours = year.cost_usd or 0.0, year.hours or 0.0
    return abs(one.cost_usd or 0.0) >= NOTED * cost or abs(one.hours or 0.0) >= NOTED * hours
