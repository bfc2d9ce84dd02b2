"""The immutable `Network`: all tables, seen on a given day. Reading, dates, names; no prices, no search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from corridor_net.errors import BadValue, UnknownName, did_you_mean

from . import rows as r
from .read import hash_folder, read_tables, shipped_folder

if TYPE_CHECKING:
    import geopandas
    import networkx

FIRST_DAY = date(2009, 1, 1)
LAST_DAY = date(2026, 12, 31)


def parse_day(text: str | date) -> date:
    """Return the day of an ISO text, inside the span the data cover; raise BadValue otherwise.

    >>> parse_day("2016-07-01")
    datetime.date(2016, 7, 1)
    """
    if isinstance(text, datetime):
        day = text.date()
    elif isinstance(text, date):
        day = text
    else:
        try:
            day = date.fromisoformat(text)
        except (ValueError, TypeError):
            raise BadValue(f"'{text}' is not a date", hint="write it as YYYY-MM-DD, for example 2019-07-01") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadValue(f"the date {day} is outside the data", hint=f"the data cover {FIRST_DAY} to {LAST_DAY}")
    return day


@dataclass(frozen=True, eq=False)
class Network:
    """Places, links, crossings, terminals, services and their figures, as of one day.

    Every change gives a new network; nothing is shared that could be changed.

    >>> net = Network.from_folder().as_of("2019-07-01")
    >>> net.node("Харбин").node_id
    'harbin'
    """

    tables: Mapping[str, tuple[Any, ...]]
    day: date = date(2026, 7, 1)
    folder: str = ""
    file_hashes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_folder(cls, folder: str | Path | None = None) -> Network:
        """Read a data package; without a folder, the shipped one. Raises DataFault with every fault found."""
        path = Path(folder) if folder is not None else shipped_folder("geodata")
        tables = read_tables(path)
        return cls(MappingProxyType(tables), folder=str(path), file_hashes=MappingProxyType(hash_folder(path)))

    def as_of(self, day: str | date) -> Network:
        """Return the network as of a day; raise BadValue outside 2009-01-01 to 2026-12-31."""
        return self._copy(day=parse_day(day))

    def with_rows(self, **tables: Iterable[Any]) -> Network:
        """Return a network with the named tables put in place of its own."""
        merged = {**self.tables, **{name: tuple(rows) for name, rows in tables.items()}}
        return self._copy(tables=MappingProxyType(merged))

    def _copy(self, **changes: Any) -> Network:
        return replace(self, **changes)

    def rows(self, table: str) -> tuple[Any, ...]:
        """Return all rows of a table, of whatever date; raise UnknownName for a table that is not there."""
        try:
            return self.tables[table]
        except KeyError:
            raise UnknownName(
                f"unknown table '{table}'",
                hint=did_you_mean(table, self.tables, otherwise=f"tables: {', '.join(self.tables)}"),
            ) from None

    def active(self, table: str) -> tuple[Any, ...]:
        """Return the rows of a dated table that hold on the network's day."""
        return tuple(row for row in self.rows(table) if row.holds_on(self.day))

    @cached_property
    def nodes(self) -> Mapping[str, r.Node]:
        """Nodes by id."""
        return {node.node_id: node for node in self.tables["node"]}

    @cached_property
    def sources(self) -> Mapping[str, r.Source]:
        """Sources by id."""
        return {source.source_id: source for source in self.tables["source"]}

    @cached_property
    def lanes(self) -> Mapping[tuple[str, str], r.SeaLane]:
        """Sea lanes by pair of ports, both ways round."""
        lanes = {}
        for lane in self.tables["sea_lane"]:
            lanes[lane.from_node_id, lane.to_node_id] = lanes[lane.to_node_id, lane.from_node_id] = lane
        return lanes

    @cached_property
    def calls(self) -> Mapping[str, tuple[r.ServiceCall, ...]]:
        """Calls by service, in order."""
        found: dict[str, list[r.ServiceCall]] = {}
        for call in self.tables["service_call"]:
            found.setdefault(call.service_id, []).append(call)
        return {key: tuple(sorted(calls, key=lambda c: c.call_sequence)) for key, calls in found.items()}

    @cached_property
    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for row in self.tables["node_name"]:
            names.setdefault(row.name.casefold(), row.node_id)
        for node in self.nodes.values():
            for name in (node.name, node.unlocode):
                if name:
                    names.setdefault(name.casefold(), node.node_id)
        for node_id in self.nodes:
            names[node_id.casefold()] = node_id
            if node_id.startswith("mk_"):
                names.setdefault(node_id[3:], node_id)
        return names

    def node(self, name: str) -> r.Node:
        """Return a node by id, UN/LOCODE, or name in English, Chinese, Russian or Japanese.

        Raises UnknownName with the nearest spelling.
        """
        found = self._names.get(name.strip().casefold())
        if found is None:
            raise UnknownName(
                f"unknown node '{name}'",
                hint=did_you_mean(name, self._names, otherwise="'corridor-net export' writes the list of nodes"),
            )
        return self.nodes[found]

    def cargo(self, name: str) -> r.CargoProfile:
        """Return a cargo profile by id; raise UnknownName with the nearest spelling."""
        profiles = {profile.cargo_id: profile for profile in self.tables["cargo"]}
        if name not in profiles:
            raise UnknownName(
                f"unknown cargo '{name}'",
                hint=did_you_mean(name, profiles, otherwise=f"cargoes: {', '.join(profiles)}"),
            )
        return cast(r.CargoProfile, profiles[name])

    def markets(self, role: str) -> tuple[r.Market, ...]:
        """Return the origins (`role="origin"`) or the markets (`role="market"`)."""
        return tuple(market for market in self.tables["market"] if market.role == role)

    def to_networkx(self) -> networkx.MultiDiGraph:
        """Return the physical network of the day, what boxes can pass, as a networkx MultiDiGraph of places."""
        from .convert import to_networkx

        return to_networkx(self)

    def to_geodataframes(self) -> dict[str, geopandas.GeoDataFrame]:
        """Return GeoDataFrames `nodes`, `links` (what boxes can pass on the day) and `sea_lanes` in WGS 84."""
        from .convert import to_geodataframes

        return to_geodataframes(self)

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{len(self.active(name))} {plural}"
            for name, plural in (
                ("node", "nodes"),
                ("link", "links"),
                ("crossing", "crossings"),
                ("terminal", "terminals"),
                ("service", "services"),
            )
        )
        return f"<Network as of {self.day}: {counts}>"

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><th>{name}</th><td>{len(self.active(name))}</td><td>{len(self.rows(name))}</td></tr>"
            for name in ("node", "link", "crossing", "terminal", "service", "tariff", "operation")
        )
        head = f"<tr><th></th><th>as of {escape(str(self.day))}</th><th>at any time</th></tr>"
        return f"<p>Network as of {escape(str(self.day))}</p><table>{head}{rows}</table>"
