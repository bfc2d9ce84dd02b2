"""Rows of figures: operations, speeds, tariffs, cargo, emission factors, exchange rates, prices, and how they go on."""

from __future__ import annotations

from dataclasses import dataclass

from .row import Dated, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Dated):
    """One figure of an operation: so many hours or so much money for one component."""

    operation_id: str
    component: str
    quantity: str
    value: float
    value_low: float | None = None
    value_high: float | None = None
    cargo_unit: str = "any"
    currency: str = ""
    price_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed(Dated):
    """A commercial speed."""

    speed_id: str
    mode: str = ""
    speed_kmh: float
    speed_kmh_low: float | None = None
    speed_kmh_high: float | None = None
    schedule_kmh: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff(Dated):
    """Money per box and per box-kilometre; `surcharge` is part of `fixed`, `covers` is what a sea freight includes."""

    tariff_id: str
    mode: str
    cargo_unit: str
    fixed: float
    per_km: float
    surcharge: float | None = None
    currency: str
    price_year: int
    range_low: float | None = None
    range_high: float | None = None
    covers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoProfile(Row):
    """What is shipped, and what an hour of it is worth; `hs` are codes of the goods, with spaces between."""

    cargo_id: str
    name: str
    cargo_unit: str
    payload_t: float
    value_usd: float
    price_year: int
    time_cost_pct_per_day: float
    time_cost_low: float | None = None
    time_cost_high: float | None = None
    reliability_ratio: float
    may_charter: str
    freight_surcharge: float = 0.0
    keeps_days_low: float | None = None
    keeps_days_high: float | None = None
    packing: str = ""
    hs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionFactor(Row):
    """An emission factor, well to wheel."""

    emission_factor_id: str
    value: float
    value_low: float | None = None
    value_high: float | None = None
    unit: str
    scope: str
    wtt: float | None = None
    ttw: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRate(Row):
    """Units of a currency per US dollar, average of a year."""

    currency: str
    year: int
    units_per_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection(Row):
    """How figures of a table go on after the last day of the data, until the end of `until_year`.

    `change_pct_per_year`: of money in constant dollars. `drift`: what a year adds to the spread, as standard deviation
    of the logarithm after one year; variances add up, over `drift_years` at most (None: without end).
    """

    projection_id: str
    applies_to: str
    group: str = ""
    change_pct_per_year: float = 0.0
    drift: float
    drift_years: float | None = None
    until_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deflator(Row):
    """Price index of the US dollar."""

    year: int
    usd_index: float
