"""One frozen class a table of the data package: what a row of it is once read. No logic but small derived facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from .periods import month_day, season_spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every row has: its source, grade and basis, and the line of the file it stands on."""

    source_id: str
    grade: str
    basis: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Row):
    """A row that holds from `valid_from` to `valid_to`, both included; None is open."""

    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the row holds on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


VEHICLE_MODES = {
    "train": "rail",
    "block_train": "rail",
    "truck": "road",
    "lorry": "road",
    "barge": "waterway",
    "river_vessel": "waterway",
}
"""Mode of a service by its vehicle; every other vehicle is a ship and goes by sea."""

LIKELY = 0.5
"""Probability from which a service of which nobody says whether it runs is taken as running."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document or a named basis."""

    source_id: str
    title: str
    publisher: str = ""
    year: str = ""
    url: str = ""
    citation_status: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Country(Row):
    """A country; `time_zone` where the whole of it keeps one."""

    country: str
    name: str
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node(Dated):
    """A place; its `time_zone` is that of its country when empty."""

    node_id: str
    name: str
    node_type: str
    country: str
    province: str = ""
    time_zone: str = ""
    x_coord: float
    y_coord: float
    unlocode: str = ""
    population: int | None = None
    population_year: str = ""
    ice_status: str = ""
    channel_depth_m: float | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeName(Row):
    """A name of a node in some language, or another code of it."""

    node_id: str
    language: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Dated):
    """A rail, road or waterway link."""

    link_id: str
    name: str
    from_node_id: str
    to_node_id: str
    directed: int = 0
    mode: str
    gauge_mm: str = ""
    length_km: float
    speed_id: str
    tariff_id: str
    emission_factor_id: str
    country: str
    corridor: str = ""
    capacity_mt_per_year: float | None = None
    end_reason: str = ""
    geometry_id: str = ""

    @property
    def states(self) -> tuple[str, ...]:
        """The states of cargo that can use the link: `rail_1435`, `rail_1520`, `road`, `waterway`."""
        if self.mode == "rail":
            return tuple(f"rail_{gauge}" for gauge in self.gauge_mm.split(";"))
        return (self.mode,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry(Row):
    """The drawing of a land link, WKT."""

    geometry_id: str
    geometry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeaLane(Row):
    """The sea lane between two ports, the same both ways."""

    lane_id: str
    from_node_id: str
    to_node_id: str
    length_km: float
    length_nmi: float
    geodesic_km: float
    ratio: float
    gates: str = ""
    detour_reason: str = ""
    geometry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing(Dated):
    """A border crossing in one direction; its opening hours are by the clock of the side `hours_at`, from or to."""

    crossing_id: str
    name: str
    link_id: str
    from_node_id: str
    to_node_id: str
    mode: str
    direction: str
    operation_id: str
    opening_hours: str
    hours_at: str = "from"
    capacity_per_day: float | None = None
    end_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal(Dated):
    """An operation offered at a node: cargo in `from_state` may become cargo in `to_state`."""

    terminal_id: str
    node_id: str
    from_state: str
    to_state: str
    operation_id: str
    end_reason: str = ""


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
class Service(Dated):
    """A scheduled service in a period, of ships or by its vehicle trains, lorries or barges.

    A service has as many rows as it has periods.

    `state` is open, unknown (nobody says whether it runs) or closed. A period of state unknown has the probability
    that it runs, and sails in the network from `LIKELY` up: answers say that it is not known.
    """

    service_id: str
    name: str
    operator: str = ""
    vehicle: str
    carries: str = "container"
    state: str = "open"
    probability_open: float | None = None
    sailings_per_week: float
    sailings_low: float | None = None
    sailings_high: float | None = None
    circular: int = 0
    speed_id: str
    port_stay_hours: float
    tariff_id: str
    emission_factor_id: str
    first_departure: str = ""
    end_reason: str = ""

    @property
    def mode(self) -> str:
        """The mode of its vehicle."""
        return VEHICLE_MODES.get(self.vehicle, "sea")

    @property
    def sails(self) -> bool:
        """Whether the network takes it as running: it is open, or not known and as likely as not."""
        return self.state == "open" or (self.state == "unknown" and (self.probability_open or 0.0) >= LIKELY)

    def holds_on(self, day: date) -> bool:
        """Whether the service sails on `day`: the row is of that day, and is not closed or unlikely."""
        return self.sails and Dated.holds_on(self, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCall(Row):
    """A call of a service, with its hours from the first departure where a timetable is known."""

    service_id: str
    call_sequence: int
    node_id: str
    arrival_hours: float | None = None
    departure_hours: float | None = None
    tariff_id: str = ""


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
class Season(Row):
    """A factor on hours, or a closure, in part of the year."""

    season_id: str
    applies_to: str
    target_id: str
    from_month_day: str
    to_month_day: str
    hours_factor: float
    closed: str

    def holds_on(self, day: date) -> bool:
        """Whether the season holds on `day`; it may run over the new year, and to 28 February is to its last day."""
        today = month_day(f"{day:%m-%d}")
        return any(start <= today <= end for start, end in season_spans(self.from_month_day, self.to_month_day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Market(Row):
    """The weight of an origin or of a market."""

    node_id: str
    role: str
    region: str
    population: int | None = None
    gdp: float | None = None
    trade_musd: float | None = None
    price_year: int | None = None


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
class CargoProfile(Row):
    """What is shipped, and what an hour of it is worth."""

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
class Deflator(Row):
    """Price index of the US dollar."""

    year: int
    usd_index: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Row):
    """A published end-to-end figure, and how the model is asked for it."""

    claim_id: str
    origin: str
    destination: str
    via: str = ""
    versus_via: str = ""
    metric: str
    value: float
    value_high: float | None = None
    bound: str = ""
    unit: str
    as_of: date
    basis_of_time: str
    cargo_id: str
    scope_from: str = "not_told"
    scope_to: str = "not_told"
    cargo_unit: str = "not_told"
    is_input: str = "no"
    comparable: str
    note: str = ""


ROW_TYPES: dict[str, type] = {
    "source": Source,
    "country": Country,
    "node": Node,
    "node_name": NodeName,
    "link": Link,
    "geometry": Geometry,
    "sea_lane": SeaLane,
    "crossing": Crossing,
    "terminal": Terminal,
    "operation": Operation,
    "service": Service,
    "service_call": ServiceCall,
    "speed": Speed,
    "tariff": Tariff,
    "season": Season,
    "market": Market,
    "traffic": Traffic,
    "trade": Trade,
    "cargo": CargoProfile,
    "emission_factor": EmissionFactor,
    "exchange_rate": ExchangeRate,
    "deflator": Deflator,
    "published": Published,
}
"""Table name (as in `Network`) to row class."""

ROW_ID: dict[str, tuple[str, ...]] = {
    "source": ("source_id",),
    "country": ("country",),
    "node": ("node_id",),
    "node_name": ("node_id", "language", "name"),
    "link": ("link_id",),
    "geometry": ("geometry_id",),
    "sea_lane": ("lane_id",),
    "crossing": ("crossing_id",),
    "terminal": ("terminal_id",),
    "operation": ("operation_id",),
    "service": ("service_id",),
    "service_call": ("service_id", "call_sequence"),
    "speed": ("speed_id",),
    "tariff": ("tariff_id",),
    "season": ("season_id",),
    "market": ("node_id", "role"),
    "traffic": ("traffic_id",),
    "trade": ("trade_id",),
    "cargo": ("cargo_id",),
    "emission_factor": ("emission_factor_id",),
    "exchange_rate": ("currency", "year"),
    "deflator": ("year",),
    "published": ("claim_id",),
}
"""The columns that name a row in messages; rows of one figure in several periods or units share their name."""


def row_id(table: str, row: Any) -> str:
    """Return the id of a row, its parts joined by ':'."""
    return ":".join(str(getattr(row, column)) for column in ROW_ID[table])
