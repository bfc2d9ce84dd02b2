"""Rows of places and of what joins them: countries, nodes, links, lanes, closed waters, crossings, markets, …"""

from __future__ import annotations

from dataclasses import dataclass

from .row import Dated, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Country(Row):
    """A country; `short_name` in names of figures, `time_zone` where the whole of it keeps one."""

    country: str
    name: str
    short_name: str = ""
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
    """A link of one mode between two nodes; `gauge_mm` where its mode has gauges."""

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
        """The states of cargo that can use the link: its mode, with each gauge it has (`rail_1435`, `road`)."""
        if not self.gauge_mm:
            return (self.mode,)
        return tuple(f"{self.mode}_{gauge}" for gauge in self.gauge_mm.split(";"))


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
class ClosedWater(Row):
    """Water that lanes between ports of other countries keep out of.

    It is what lies within `distance_nmi` of the line `baseline` and inside the closed line `outline`; both WKT.
    """

    water_id: str
    name: str
    country: str
    distance_nmi: float
    baseline: str
    outline: str


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
class Market(Row):
    """The weight of an origin or of a market."""

    node_id: str
    role: str
    region: str
    population: int | None = None
    gdp: float | None = None
    trade_musd: float | None = None
    price_year: int | None = None
