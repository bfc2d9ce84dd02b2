"""One frozen class a table of the data package: what a row of it is once read. No logic but small derived facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from operator import attrgetter

from .codes import KINDS, CargoUnit, Code, Component, FigureName, Mode, NodeType, State, Vehicle
from .evidence import Party, Published, Source, Trade, Traffic
from .figures import CargoProfile, Deflator, EmissionFactor, ExchangeRate, Operation, Projection, Speed, Tariff
from .places import ClosedWater, Country, Crossing, Geometry, Link, Market, Node, NodeName, SeaLane, Terminal
from .row import Dated, Row, SomeRow, TableRow
from .services import LIKELY, Season, Service, ServiceCall

__all__ = [
    "KINDS",
    "LIKELY",
    "ROW_ID",
    "ROW_TYPES",
    "VOCABULARY",
    "CargoProfile",
    "CargoUnit",
    "ClosedWater",
    "Code",
    "Component",
    "Country",
    "Crossing",
    "Dated",
    "Deflator",
    "EmissionFactor",
    "ExchangeRate",
    "FigureName",
    "Geometry",
    "Link",
    "Market",
    "Mode",
    "Node",
    "NodeName",
    "NodeType",
    "Operation",
    "Party",
    "Projection",
    "Published",
    "Row",
    "SeaLane",
    "Season",
    "Service",
    "ServiceCall",
    "SomeRow",
    "Source",
    "Speed",
    "State",
    "TableRow",
    "Tariff",
    "Terminal",
    "Trade",
    "Traffic",
    "Vehicle",
    "row_id",
    "rows_named",
]

ROW_TYPES: dict[str, type[TableRow]] = {
    "mode": Mode,
    "vehicle": Vehicle,
    "component": Component,
    "node_type": NodeType,
    "state": State,
    "cargo_unit": CargoUnit,
    "source": Source,
    "country": Country,
    "node": Node,
    "node_name": NodeName,
    "link": Link,
    "geometry": Geometry,
    "sea_lane": SeaLane,
    "closed_water": ClosedWater,
    "crossing": Crossing,
    "terminal": Terminal,
    "operation": Operation,
    "service": Service,
    "service_call": ServiceCall,
    "speed": Speed,
    "tariff": Tariff,
    "figure_name": FigureName,
    "season": Season,
    "market": Market,
    "traffic": Traffic,
    "trade": Trade,
    "party": Party,
    "cargo": CargoProfile,
    "emission_factor": EmissionFactor,
    "exchange_rate": ExchangeRate,
    "deflator": Deflator,
    "projection": Projection,
    "published": Published,
}
"""Table name (as in `Network`) to row class."""
VOCABULARY: tuple[str, ...] = tuple(name for name, made in ROW_TYPES.items() if issubclass(made, Code))
"""Tables of codes: a package that lacks one, or a code of it, has the shipped ones."""

ROW_ID: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in VOCABULARY},
    "source": ("source_id",),
    "country": ("country",),
    "node": ("node_id",),
    "node_name": ("node_id", "language", "name"),
    "link": ("link_id",),
    "geometry": ("geometry_id",),
    "sea_lane": ("lane_id",),
    "closed_water": ("water_id",),
    "crossing": ("crossing_id",),
    "terminal": ("terminal_id",),
    "operation": ("operation_id",),
    "service": ("service_id",),
    "service_call": ("service_id", "call_sequence"),
    "speed": ("speed_id",),
    "tariff": ("tariff_id",),
    "figure_name": ("applies_to", "figure_id"),
    "season": ("season_id",),
    "market": ("node_id", "role"),
    "traffic": ("traffic_id",),
    "trade": ("trade_id",),
    "party": ("form", "name"),
    "cargo": ("cargo_id",),
    "emission_factor": ("emission_factor_id",),
    "exchange_rate": ("currency", "year"),
    "deflator": ("year",),
    "projection": ("projection_id",),
    "published": ("claim_id",),
}
"""The columns that name a row in messages; rows of one figure in several periods or units share their name."""


def rows_named(table: str, rows: Iterable[SomeRow], ids: Collection[str]) -> list[SomeRow]:
    """Return the rows that have one of some ids (`row_id`), in their order."""
    if not ids or len(ROW_ID[table]) > 1:
        return [row for row in rows if row_id(table, row) in ids] if ids else []
    value = attrgetter(*ROW_ID[table])
    return [row for row in rows if str(value(row)) in ids]


def row_id(table: str, row: TableRow) -> str:
    """Return the id of a row, its parts joined by ':'."""
    return ":".join(str(getattr(row, column)) for column in ROW_ID[table])
