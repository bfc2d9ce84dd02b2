"""Rows that tell where figures come from, and what was counted or published to hold answers against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .row import Row, TableRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(TableRow):
    """A document or a named basis."""

    source_id: str
    title: str
    publisher: str = ""
    year: str = ""
    url: str = ""
    citation_status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic(Row):
    """Containers counted somewhere, to hold choices against; never an input."""

    traffic_id: str
    applies_to: str
    target_id: str
    from_day: date
    to_day: date
    teu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade(Row):
    """Foreign trade of a region in a period, as counted; never an input."""

    trade_id: str
    region: str
    partner: str
    commodity: str
    direction: str
    from_day: date
    to_day: date
    value_million: float | None = None
    currency: str = ""
    tonnes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(Row):
    """What files of trade statistics of a form call a country or a province; `any`: of all forms."""

    party: str
    form: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Row):
    """A published end-to-end figure, and how the model is asked for it."""

    claim_id: str
    origin: str
    destination: str
    via: str = ""
    versus_via: str = ""
    modes: str = ""
    scenario: str = ""
    metric: str
    value: float
    value_high: float | None = None
    bound: str = ""
    unit: str
    as_of: date
    basis_of_time: str
    cargo_id: str
    scope_from: str = ""
    scope_to: str = ""
    cargo_unit: str = "not_told"
    is_input: str = "no"
    comparable: str
    note: str = ""
